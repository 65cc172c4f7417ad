/* Pre-analytic faults against worked numbers (fault_specimen.cases), and properties over patients and
 * severities: nothing at severity 0, never below 0, never infinite, monotone where biology is, the
 * other patient's blood exactly, and draws that do not depend on the values. */
#include "fault_test.h"

#include "patient.h"

#include "lab/shift.h"

enum { PATIENTS = 500, DRAWS = 2000 };

static double after_one(const fixture_t *bench, int kind, double severity, int fluid, int a, double before,
                        uint64_t seed)
{
    double values[LAB_MAX_ANALYTES];
    for (int i = 0; i < LAB_MAX_ANALYTES; i++) values[i] = 100;
    values[a] = before;
    rng_t rng = rng_at(seed, 1, 2, 3);
    specimen_fault_t fault = {.kind = (int16_t)kind, .fluid = (int16_t)fluid, .severity = (float)severity};
    fault_apply_specimen(bench->lab, &fault, &rng, NULL, values);
    return values[a];
}

static void test_cases(fixture_t *bench, const char *path)
{
    size_t length;
    char *text = (char *)read_whole(bench->arena, path, &length), *rest = text;
    int cases = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char fault[64], fluid[64], id[64];
        double severity, before, expected, tolerance, sum = 0;
        if (line[0] == '#') continue;
        if (sscanf(line, "%63s %lf %63s %63s %lf %lf %lf", fault, &severity, fluid, id, &before, &expected,
                   &tolerance) != 7) {
            CHECK(false, "not a case: %s", line);
            continue;
        }
        int kind = fault_find(bench->lab, fault);
        int bag = strcmp(fluid, "-") == 0 ? -1 : fault_fluid_find(bench->lab, fluid);
        CHECK(kind >= 0, "no fault %s", fault);
        CHECK(bag >= 0 || fluid[0] == '-', "no fluid %s", fluid);
        if (kind < 0) continue;
        for (uint64_t seed = 0; seed < DRAWS; seed++)
            sum += after_one(bench, kind, severity, bag, analyte(bench, id), before, seed);
        double mean = sum / DRAWS;
        CHECK(exact_abs(mean - expected) <= tolerance + 1e-6 * exact_abs(expected), "%s: mean %g", line, mean);
        cases++;
    }
    CHECK(cases > 80, "only %d cases", cases);
}

/* Every fault, at many severities, on many patients. */
static void test_properties(const fixture_t *bench)
{
    int count = fault_tables(bench->lab)->kind_count;
    CHECK(count >= 30, "only %d faults", count);
    patient_t patient;
    double before[LAB_MAX_ANALYTES], other[LAB_MAX_ANALYTES], values[LAB_MAX_ANALYTES];
    for (uint64_t p = 0; p < PATIENTS; p++) {
        patient_draw(bench->lab, SETTING_INPATIENT, NULL, 11, 2 * p, &patient);
        memset(before, 0, sizeof before);
        memset(other, 0, sizeof other);
        patient_values(bench->lab, &patient, 0, before);
        patient_draw(bench->lab, SETTING_INPATIENT, NULL, 11, 2 * p + 1, &patient);
        patient_values(bench->lab, &patient, 0, other);
        for (int kind = 0; kind < count; kind++) {
            fault_view_t view;
            lab_fault(bench->lab, kind, &view);
            rng_t rng = rng_at(p, 1, (uint64_t)kind, 0);
            double severity = view.high * rng_uniform(&rng);
            specimen_fault_t fault = {.kind = (int16_t)kind, .fluid = (int16_t)(p % 18), .severity = 0};
            memcpy(values, before, sizeof values);
            fault_apply_specimen(bench->lab, &fault, &rng, other, values);
            CHECK(memcmp(values, before, sizeof values) == 0, "%s changes something at severity 0", view.id);
            fault.severity = (float)severity;
            fault_apply_specimen(bench->lab, &fault, &rng, other, values);
            for (int a = 0; a < lab_analyte_count(bench->lab); a++) {
                bool finite = values[a] - values[a] == 0 || values[a] == before[a] || before[a] != before[a] ||
                              other[a] != other[a];
                CHECK(finite, "%s at %g makes %s %g", view.id, severity, lab_analyte(bench->lab, a)->id, values[a]);
                CHECK(!(values[a] < 0) || values[a] == before[a] || values[a] == other[a], "%s at %g makes %s %g",
                      view.id, severity, lab_analyte(bench->lab, a)->id, values[a]);
            }
        }
    }
}

static void test_other_blood(const fixture_t *bench)
{
    static const char *const ids[] = {"wbit", "mislabel_swap", "swap"};
    double values[LAB_MAX_ANALYTES], other[LAB_MAX_ANALYTES];
    for (size_t f = 0; f < sizeof ids / sizeof *ids; f++) {
        for (int i = 0; i < LAB_MAX_ANALYTES; i++) values[i] = i, other[i] = 1000.25 + i;
        rng_t rng = rng_at(1, 1, 1, 1);
        specimen_fault_t fault = {.kind = (int16_t)fault_find(bench->lab, ids[f]), .fluid = -1, .severity = 1};
        fault_apply_specimen(bench->lab, &fault, &rng, NULL, values);
        CHECK(values[5] == 5, "%s without another patient changes nothing", ids[f]);
        fault_apply_specimen(bench->lab, &fault, &rng, other, values);
        CHECK(memcmp(values, other, sizeof values) == 0, "%s is the other patient's blood, all of it", ids[f]);
    }
}

/* With one seed, a worse fault moves further, in the direction said. */
static void test_monotone(const fixture_t *bench)
{
    static const struct {
        const char *fault, *analyte;
        int sign;
        double before, from, to;
    } rows[] = {
        {"edta_contam", "potassium", 1, 4, 0.001, 1},     {"edta_contam", "calcium", -1, 9.5, 0.001, 1},
        {"edta_contam", "alp", -1, 80, 0.001, 1},         {"edta_contam", "magnesium", -1, 2, 0.001, 1},
        {"haemolysis", "potassium", 1, 4, 1, 1500},       {"haemolysis", "ldh", 1, 150, 1, 1500},
        {"delayed_sep", "glucose", -1, 95, 0.1, 48},      {"delayed_sep", "lactate", 1, 1, 0.1, 48},
        {"cold_unseparated", "potassium", 1, 4, 0.1, 24}, {"iv_contam", "potassium", -1, 4, 0.01, 1},
        {"iv_contam", "chloride", 1, 104, 0.01, 1},       {"lipaemia", "sodium", -1, 140, 10, 9000},
        {"short_sample", "alt", -1, 40, 0.01, 0.8},       {"light_exposure", "bili_total", -1, 8, 1, 240},
        {"citrate_contam", "sodium", 1, 140, 0.01, 1},    {"fluoride_oxalate_contam", "calcium", -1, 9.5, 0.01, 1}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int kind = fault_find(bench->lab, rows[r].fault), a = analyte(bench, rows[r].analyte);
        for (uint64_t seed = 0; seed < 20; seed++) {
            double last = rows[r].before;
            for (int step = 0; step <= 40; step++) {
                double severity = rows[r].from + (rows[r].to - rows[r].from) * step / 40;
                double now = after_one(bench, kind, severity, -1, a, rows[r].before, seed);
                CHECK((now - last) * rows[r].sign > 0, "%s at %g: %s goes from %g to %g", rows[r].fault, severity,
                      rows[r].analyte, last, now);
                last = now;
            }
        }
    }
}

/* Glucose on the cells: about 5.5 % the first hour, ever slower. */
static void test_glycolysis(const fixture_t *bench)
{
    int kind = fault_find(bench->lab, "delayed_sep"), a = analyte(bench, "glucose");
    double last_loss = 100;
    static const double hours[] = {0, 2, 4, 8, 12, 24, 48};
    for (int i = 1; i < 7; i++) {
        double loss =
            (after_one(bench, kind, hours[i - 1], -1, a, 100, 4) - after_one(bench, kind, hours[i], -1, a, 100, 4)) /
            (hours[i] - hours[i - 1]);
        CHECK(loss > 0 && loss < last_loss, "loss per hour until %g h is %g after %g", hours[i], loss, last_loss);
        last_loss = loss;
    }
}

/* Spread between patients: hemolysis potassium has a CV of 15-20 % and stays within 0.20-0.51. */
static void test_spread(const fixture_t *bench)
{
    int kind = fault_find(bench->lab, "haemolysis"), a = analyte(bench, "potassium");
    double sum = 0, squares = 0, least = 9, most = 0;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        double rise = after_one(bench, kind, 100, -1, a, 4, seed) - 4;
        sum += rise, squares += rise * rise;
        least = rise < least ? rise : least, most = rise > most ? rise : most;
    }
    double mean = sum / DRAWS, cv = exact_sqrt(squares / DRAWS - mean * mean) / mean;
    CHECK(cv > 0.15 && cv < 0.20, "CV %g", cv);
    CHECK(least >= 0.20 - 1e-9 && most <= 0.51 + 1e-9, "range %g to %g", least, most);
}

/* The numbers drawn do not depend on the values, so that adding a test cannot move another. */
static void test_draws(const fixture_t *bench)
{
    for (int kind = 0; kind < fault_tables(bench->lab)->kind_count; kind++) {
        double a[LAB_MAX_ANALYTES] = {0}, b[LAB_MAX_ANALYTES];
        for (int i = 0; i < LAB_MAX_ANALYTES; i++) b[i] = 50 + i;
        rng_t one = rng_at(1, 2, 3, 4), two = one;
        specimen_fault_t fault = {.kind = (int16_t)kind, .fluid = -1, .severity = 1};
        fault_apply_specimen(bench->lab, &fault, &one, NULL, a);
        fault_apply_specimen(bench->lab, &fault, &two, NULL, b);
        CHECK(one.state == two.state, "%s draws by value", fault_id(bench->lab, kind));
    }
}

static void test_eye_and_indices(const fixture_t *bench)
{
    double values[LAB_MAX_ANALYTES] = {0};
    fault_cues_t cues;
    hil_t hil;
    specimen_fault_t fault = {.kind = (int16_t)fault_find(bench->lab, "hemolysis"), .fluid = -1, .severity = 10};
    fault_cues(bench->lab, &fault, &cues);
    CHECK(cues.after_spin == 0, "10 mg/dL is not visible");
    fault.severity = 100;
    fault_cues(bench->lab, &fault, &cues);
    CHECK(cues.after_spin == LOOK_PINK && cues.before_spin == 0, "100 mg/dL is pink, and only after the spin");
    fault.severity = 400;
    fault_cues(bench->lab, &fault, &cues);
    CHECK(cues.after_spin == LOOK_RED, "400 mg/dL is red");
    for (uint64_t seed = 0; seed < 2000; seed++) {
        rng_t rng = rng_at(seed, 5, 0, 0);
        fault_hil(bench->lab, &fault, 1, values, &rng, &hil);
        CHECK(hil.hemolysis_mg_dl > 400 && hil.hemolysis_mg_dl < 460, "hemolysis index %g",
              (double)hil.hemolysis_mg_dl);
        fault_hil(bench->lab, NULL, 0, values, &rng, &hil);
        CHECK(hil.hemolysis_mg_dl < 50 && hil.icterus_mg_dl < 1 && hil.lipemia_mg_dl < 20, "a clear serum: %g %g %g",
              (double)hil.hemolysis_mg_dl, (double)hil.icterus_mg_dl, (double)hil.lipemia_mg_dl);
    }
    rng_t rng = rng_at(1, 5, 0, 0);
    specimen_fault_t milk = {.kind = (int16_t)fault_find(bench->lab, "lipemia"), .fluid = -1, .severity = 2000};
    fault_hil(bench->lab, &milk, 1, values, &rng, &hil);
    CHECK(hil.lipemia_mg_dl > 1000 && hil.lipemia_mg_dl < 3000, "lipemia index %g", (double)hil.lipemia_mg_dl);
    specimen_fault_t bag = {.kind = (int16_t)fault_find(bench->lab, "iv_contam"),
                            .fluid = (int16_t)fault_fluid_find(bench->lab, "lipid20"),
                            .severity = 0.1f};
    fault_hil(bench->lab, &bag, 1, values, &rng, &hil);
    CHECK(hil.lipemia_mg_dl > 1200, "lipid emulsion is seen: %g", (double)hil.lipemia_mg_dl);
    specimen_fault_t tube = {.kind = (int16_t)fault_find(bench->lab, "edta_contam"), .fluid = -1, .severity = 0.05f};
    CHECK(fault_tube(bench->lab, &tube) == NULL, "a trace of EDTA is in the ordered tube");
    tube.severity = 1;
    CHECK(fault_tube(bench->lab, &tube) != NULL && strcmp(fault_tube(bench->lab, &tube), "edta") == 0, "full EDTA");
}

/* What is truly in the patient is the same with and without the tube. */
static void test_truth(const fixture_t *bench)
{
    double values[LAB_MAX_ANALYTES], tube[LAB_MAX_ANALYTES];
    int fat = analyte(bench, "triglycerides"), sodium = analyte(bench, "sodium");
    for (int i = 0; i < LAB_MAX_ANALYTES; i++) values[i] = tube[i] = 140;
    specimen_fault_t fault = {.kind = (int16_t)fault_find(bench->lab, "lipemia"), .fluid = -1, .severity = 1500};
    rng_t rng = rng_at(1, 1, 1, 1);
    fault_apply_truth(bench->lab, &fault, values);
    fault_apply_specimen(bench->lab, &fault, &rng, NULL, tube);
    CHECK(values[fat] == 1500 && tube[fat] == 1500, "triglycerides are true: %g %g", values[fat], tube[fat]);
    CHECK(values[sodium] == 140 && tube[sodium] < 138, "sodium is not: %g %g", values[sodium], tube[sodium]);
}

static void test_limits(const fixture_t *bench)
{
    CHECK(hil_limit(bench->lab, analyte(bench, "potassium"), 'H') == 100, "K at H 100");
    CHECK(hil_limit(bench->lab, analyte(bench, "ldh"), 'H') == 20, "LDH at H 20");
    CHECK(hil_limit(bench->lab, analyte(bench, "sodium"), 'H') == 900, "Na at H 900");
    CHECK(hil_limit(bench->lab, analyte(bench, "alt"), 'L') == 200, "ALT at L 200");
    CHECK(hil_limit(bench->lab, analyte(bench, "ggt"), 'L') == 750 &&
              hil_limit(bench->lab, analyte(bench, "ggt"), 'I') == 60,
          "the others as the star row says");
    CHECK(absurd_low(bench->lab, analyte(bench, "potassium")) == 1.5 &&
              absurd_high(bench->lab, analyte(bench, "potassium")) == 9.5,
          "potassium 1.5 to 9.5");
    CHECK(absurd_low(bench->lab, analyte(bench, "bun")) < -1e300 &&
              absurd_high(bench->lab, analyte(bench, "bun")) == 250,
          "urea nitrogen has no low end");
    CHECK(absurd_high(bench->lab, analyte(bench, "ferritin")) > 1e300, "ferritin has no limit");
}

static void test_show(const fixture_t *bench)
{
    fault_row_t rows[LAB_MAX_ANALYTES];
    int count = 0;
    err_t err = {0};
    fault_show_t show = {.fault = lab_fault_find(bench->lab, "iv_contam"),
                         .fluid = lab_fluid_find(bench->lab, "d5w"),
                         .analyte = -1,
                         .severity = 0.1,
                         .seed = 3};
    CHECK(fault_show(bench->lab, &show, rows, &count, &err), "%s", err.text);
    CHECK(count > 80, "%d rows", count);
    for (int i = 0; i < count; i++) {
        if (rows[i].analyte == analyte(bench, "glucose"))
            CHECK(exact_abs(rows[i].after - (0.9 * rows[i].before + 454.5)) < 1e-4, "glucose %g", rows[i].after);
    }
    show.severity = 7;
    CHECK(!fault_show(bench->lab, &show, rows, &count, &err) && strstr(err.text, "0.2") != NULL,
          "a fraction above 1 is refused with the range: %s", err.text);
    CHECK(strcmp(lab_analyte_nearest(bench->lab, "hgb"), "HGB") == 0, "the same name in other letters is nearest");
    CHECK(strcmp(lab_fault_nearest(bench->lab, "edta_contamination"), "edta_contam") == 0, "nearest name");
}

/* The ratio after to before of one test when the fault is shown at that severity. */
static double shown_ratio(const fixture_t *bench, const char *fault, double severity, const char *test)
{
    fault_row_t rows[LAB_MAX_ANALYTES];
    int count = 0;
    err_t err = {0};
    fault_show_t show = {
        .fault = lab_fault_find(bench->lab, fault), .fluid = -1, .analyte = -1, .severity = severity, .seed = 3};
    CHECK(show.fault >= 0, "there is no %s", fault);
    CHECK(fault_show(bench->lab, &show, rows, &count, &err), "%s: %s", fault, err.text);
    for (int i = 0; i < count; i++)
        if (rows[i].analyte == analyte(bench, test)) return rows[i].after / rows[i].before;
    CHECK(false, "%s does not show %s", fault, test);
    return 0;
}

/* Interferences of counts, of the tube and of the counter, by the names of the facts. */
static void test_counts(const fixture_t *bench)
{
    static const struct {
        const char *fault, *test;
        double severity, low, high;
    } cases[] = {
        {"CAPILLARY", "PLT", 1, 0.7, 0.9},   {"CAPILLARY", "WBC", 1, 1.05, 1.15}, {"CAPILLARY", "HGB", 1, 1, 1},
        {"TPN_LIPID", "RBC", 0.1, 0.9, 0.9}, {"TPN_LIPID", "MCHC", 0.1, 1.05, 2}, {"BACT_FUNGI", "PLT", 60, 1.05, 5},
        {"BACT_FUNGI", "WBC", 60, 1, 1},     {"OVERFILL", "HGB", 1, 0.3, 1.8},    {"MPV_UNREL", "MPV", 24, 1.05, 1.25},
        {"CARRYOVER", "WBC", 1, 1.001, 1.2}, {"CARRYOVER", "MCV", 1, 0.97, 1.03}, {"APERTURE", "PLT", 1, 0.84, 1.16},
        {"APERTURE", "HGB", 1, 1, 1},        {"cal_shift", "WBC", 1, 1.02, 1.2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double ratio = shown_ratio(bench, cases[i].fault, cases[i].severity, cases[i].test);
        CHECK(ratio > cases[i].low - 1e-6 && ratio < cases[i].high + 1e-6, "%s: %s x %g", cases[i].fault, cases[i].test,
              ratio);
    }
    CHECK(exact_abs(shown_ratio(bench, "APERTURE", 1, "RBC") - 1) > 1e-3, "a blocked aperture moves a count");
}

int main(int argc, char **argv)
{
    fixture_t bench;
    if (argc != 2) return fprintf(stderr, "usage: fault_specimen CASES\n"), 2;
    bench_open(&bench);
    test_cases(&bench, argv[1]);
    test_properties(&bench);
    test_other_blood(&bench);
    test_monotone(&bench);
    test_glycolysis(&bench);
    test_spread(&bench);
    test_draws(&bench);
    test_eye_and_indices(&bench);
    test_truth(&bench);
    test_limits(&bench);
    test_show(&bench);
    test_counts(&bench);
    bench_close(&bench);
    printf("%d failures\n", failures);
    return failures != 0;
}
