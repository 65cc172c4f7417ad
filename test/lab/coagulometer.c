/* The coagulation analyzer: each interference by its signature and by what undoes it, over many patients; mixing
 * studies against the conditions' own column; lots, methods, dilutions, ranges; imprecision and sameness. */
#include "fault_test.h"

#include "coagulometer.h"

#include <math.h>

enum { SEEDS = 2000 };

typedef struct {
    double v[COAG_TESTS];
    uint32_t flags[COAG_TESTS];
    coag_result_t result[COAG_TESTS];
} print_t;

static void plasma_of(const fixture_t *bench, const char *condition, uint64_t seed, clotting_t *plasma)
{
    patient_request_t request = patient_any();
    patient_t patient;
    request.healthy = condition == NULL;
    request.only_forced = true;
    if (condition != NULL) request.clotting = (int16_t)(clotting_find(bench->lab, condition) + 1);
    patient_draw(bench->lab, SETTING_INPATIENT, &request, 11, seed, &patient);
    clotting_at(bench->lab, &patient, 0, plasma);
}

static print_t run(const fixture_t *bench, const clotting_t *plasma, const char *fault, double severity,
                   coag_treatment_t treatment, coag_method_t method)
{
    print_t print;
    coagulometer_t machine;
    coag_specimen_t specimen;
    coag_tube_t tube = coag_tube();
    coag_test_t tests[COAG_TESTS];
    if (fault != NULL) {
        specimen_fault_t f = {.kind = (int16_t)fault_find(bench->lab, fault), .fluid = -1, .severity = (float)severity};
        CHECK(f.kind >= 0, "no fault %s", fault);
        coag_tube_add(bench->lab, &f, &tube);
    }
    coagulometer_init(bench->lab, method, &machine);
    for (int t = COAG_F2; t <= COAG_VWFACT; t++) machine.high[t] = 1e6; /* compared beyond the range */
    coag_specimen(plasma, &tube, treatment, &specimen);
    for (int t = 0; t < COAG_TESTS; t++) tests[t] = (coag_test_t)t;
    coag_run(&machine, &specimen, tests, COAG_TESTS, NULL, print.result);
    for (int t = 0; t < COAG_TESTS; t++) {
        print.v[t] = print.result[t].value;
        print.flags[t] = print.result[t].flags;
    }
    return print;
}

static void ratio(const print_t *a, const print_t *b, coag_test_t test, double low, double high, const char *what)
{
    double r = b->v[test] / a->v[test];
    CHECK(r >= low - 1e-6 && r <= high + 1e-6, "%s: test %d changes to %.4f of before, not %.3f to %.3f", what, test, r,
          low, high);
}

/* Each row of the interference table on healthy blood: signature, then resolution. */
static void interferences(const fixture_t *bench)
{
    for (uint64_t n = 0; n < SEEDS; n++) {
        clotting_t plasma;
        plasma_of(bench, NULL, n, &plasma);
        print_t good = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        print_t bad = run(bench, &plasma, "UNDERFILL_COAG", 0.4, COAG_PLAIN, COAG_OPTICAL); /* f = 0.6 */
        ratio(&good, &bad, COAG_APTT, 1.36, 1.36, "short fill");
        ratio(&good, &bad, COAG_PT, 1.15, 1.15, "short fill");
        ratio(&good, &bad, COAG_FIB, 0.85, 0.99, "short fill");
        print_t again = run(bench, &plasma, "UNDERFILL_COAG", 0.4, COAG_ADJUSTED_CITRATE, COAG_OPTICAL);
        ratio(&good, &again, COAG_APTT, 1, 1, "a full tube");
        bad = run(bench, &plasma, "UNDERFILL_COAG", 0.1, COAG_PLAIN, COAG_OPTICAL); /* 90 %: allowed */
        ratio(&good, &bad, COAG_APTT, 1, 1, "nine tenths full");

        bad = run(bench, &plasma, "HIGH_HCT", 0.65, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_PT, 1.10, 1.20, "high hematocrit");
        ratio(&good, &bad, COAG_APTT, 1.10, 1.30, "high hematocrit");
        again = run(bench, &plasma, "HIGH_HCT", 0.65, COAG_ADJUSTED_CITRATE, COAG_OPTICAL);
        ratio(&good, &again, COAG_APTT, 1, 1, "adjusted citrate");

        bad = run(bench, &plasma, "HEP_CONTAM", 0.21, COAG_PLAIN, COAG_OPTICAL);
        CHECK(bad.v[COAG_TT] / plasma.own_tt > 95, "thrombin time %.0f with 0.21 IU/mL heparin", bad.v[COAG_TT]);
        ratio(&good, &bad, COAG_APTT, exp(1.6 * 0.21) - 1e-6, exp(1.6 * 0.21) + 1e-6, "heparin");
        bad = run(bench, &plasma, "HEP_CONTAM", 1.5, COAG_PLAIN, COAG_OPTICAL);
        CHECK(bad.v[COAG_APTT] > 150 && bad.v[COAG_TT] >= 150, "1.5 IU/mL heparin: aPTT %.0f", bad.v[COAG_APTT]);
        ratio(&good, &bad, COAG_REPT, 1, 1, "reptilase with heparin");
        ratio(&good, &bad, COAG_FIB, 1, 1, "fibrinogen with heparin");
        ratio(&good, &bad, COAG_PT, 1.3, 1.4, "PT with 1.5 IU/mL heparin");
        again = run(bench, &plasma, "HEP_CONTAM", 1.5, COAG_HEPARINASE, COAG_OPTICAL);
        ratio(&good, &again, COAG_APTT, 1, 1, "heparinase");
        ratio(&good, &again, COAG_TT, 1, 1, "heparinase");
        again = run(bench, &plasma, "HEP_CONTAM", 1.5, COAG_MIXED, COAG_OPTICAL);
        CHECK(again.v[COAG_APTT] > 60, "the mix corrects heparin");

        bad = run(bench, &plasma, "SERUM_COAG", 1, COAG_PLAIN, COAG_OPTICAL);
        CHECK((bad.flags[COAG_PT] & bad.flags[COAG_APTT] & bad.flags[COAG_TT] & COAG_NO_CLOT) &&
                  (bad.flags[COAG_PT] & COAG_CLOT_IN_TUBE) && bad.v[COAG_FIB] <= 30,
              "serum clots");
        ratio(&good, &bad, COAG_F7, 1.3, 1.5, "factor VII in serum");
        ratio(&good, &bad, COAG_F8, 0.1, 0.3, "factor VIII in serum");

        double e = 0.05 + 0.95 * (double)n / SEEDS;
        bad = run(bench, &plasma, "EDTA_COAG", e, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_APTT, 1.5, 4, "EDTA");
        ratio(&good, &bad, COAG_F5, 0.1, 0.5, "EDTA");
        ratio(&good, &bad, COAG_F8, 0.1, 0.5, "EDTA");
        ratio(&good, &bad, COAG_F9, 1, 1, "EDTA");
        ratio(&good, &bad, COAG_F7, 1, 1, "EDTA");

        bad = run(bench, &plasma, "AGED_COAG", 12, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_APTT, 1.08, 1.08, "12 h");
        ratio(&good, &bad, COAG_F8, exp(-0.24), exp(-0.24), "12 h");
        ratio(&good, &bad, COAG_PT, 1, 1, "12 h");
        bad = run(bench, &plasma, "AGED_COAG", 4, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_APTT, 1, 1, "4 h");

        bad = run(bench, &plasma, "COLD_ACT", 1, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_F8, 0.6, 0.6, "cold");
        ratio(&good, &bad, COAG_VWFAG, 0.6, 0.6, "cold");
        ratio(&good, &bad, COAG_VWFACT, 0.6, 0.6, "cold");
        ratio(&good, &bad, COAG_F9, 1, 1, "cold");

        bad = run(bench, &plasma, "LIP_COAG", 1500, COAG_PLAIN, COAG_OPTICAL);
        again = run(bench, &plasma, "LIP_COAG", 1500, COAG_PLAIN, COAG_MECHANICAL);
        CHECK(isnan(bad.v[COAG_PT]) && (bad.flags[COAG_PT] & COAG_LIPEMIC), "light reads through milk");
        ratio(&good, &again, COAG_PT, 1, 1, "mechanical detection");
        CHECK(isnan(again.v[COAG_DDIMER]), "a turbidity assay reads through milk");
        again = run(bench, &plasma, "LIP_COAG", 1500, COAG_ULTRACENTRIFUGED, COAG_OPTICAL);
        ratio(&good, &again, COAG_APTT, 1, 1, "ultracentrifuge");

        bad = run(bench, &plasma, "HEMOLYSIS_COAG", 300, COAG_PLAIN, COAG_OPTICAL);
        again = run(bench, &plasma, "HEMOLYSIS_COAG", 300, COAG_PLAIN, COAG_MECHANICAL);
        CHECK(isnan(bad.v[COAG_APTT]) && (bad.flags[COAG_APTT] & (COAG_HEMOLYZED | COAG_CURVE_ABNORMAL)), "red");
        CHECK(isfinite(again.v[COAG_APTT]), "mechanical detection fails in red plasma");

        bad = run(bench, &plasma, "DOAC", 1, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_PT, 1.5, 1.5, "rivaroxaban");
        ratio(&good, &bad, COAG_APTT, 1.3, 1.3, "rivaroxaban");
        ratio(&good, &bad, COAG_TT, 1, 1, "rivaroxaban");
        CHECK(bad.flags[COAG_ANTIXA_UFH] & COAG_ABOVE, "anti-Xa %.2f", bad.v[COAG_ANTIXA_UFH]);
        CHECK(bad.v[COAG_F10] < good.v[COAG_F10] && bad.v[COAG_DRVVT] > 1.15 * good.v[COAG_DRVVT], "rivaroxaban");
        again = run(bench, &plasma, "DOAC", 1, COAG_ADSORBED, COAG_OPTICAL);
        ratio(&good, &again, COAG_PT, 1, 1, "adsorbent");

        bad = run(bench, &plasma, "iv_contam", 0.3, COAG_PLAIN, COAG_OPTICAL);
        ratio(&good, &bad, COAG_FIB, 0.7, 0.7, "infusion");
        ratio(&good, &bad, COAG_F9, 0.7, 0.7, "infusion");
        CHECK(bad.v[COAG_PT] > good.v[COAG_PT] && bad.v[COAG_APTT] > good.v[COAG_APTT], "dilution shortens");

        plasma_of(bench, "LA", n, &plasma);
        good = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        bad = run(bench, &plasma, "PPP_FAIL", 80, COAG_PLAIN, COAG_OPTICAL);
        again = run(bench, &plasma, "PPP_FAIL", 80, COAG_DOUBLE_SPUN, COAG_OPTICAL);
        CHECK(bad.v[COAG_APTT] < good.v[COAG_APTT] && bad.v[COAG_DRVVT] < good.v[COAG_DRVVT], "platelets left");
        ratio(&good, &again, COAG_APTT, 1, 1, "double spin");

        plasma_of(bench, "HEP_THER", n, &plasma);
        good = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        bad = run(bench, &plasma, "AGED_COAG", 4, COAG_PLAIN, COAG_OPTICAL);
        CHECK(bad.v[COAG_ANTIXA_UFH] < 0.8 * good.v[COAG_ANTIXA_UFH], "heparin keeps on the cells");
    }
}

/* What mixing does, by the conditions' own words. */
static void mixing(const fixture_t *bench)
{
    static const struct {
        const char *condition;
        mix_verdict_t verdict;
        double share;
    } studies[] = {{"HA_SEV", MIX_CORRECTS, 0.99},
                   {"HA_MOD", MIX_CORRECTS, 0.99},
                   {"HB_SEV", MIX_CORRECTS, 0.99},
                   {"F11", MIX_CORRECTS, 0.99},
                   {"F12", MIX_CORRECTS, 0.99},
                   {"F10", MIX_CORRECTS, 0.98},
                   {"F5", MIX_CORRECTS, 0.98},
                   {"VWD3", MIX_CORRECTS, 0.98},
                   {"VITK_SEV", MIX_CORRECTS, 0.98},
                   {"LA", MIX_NOT_CORRECTED, 0.9},
                   {"HEP_CONT", MIX_NOT_CORRECTED, 0.98},
                   {"HEP_THER", MIX_NOT_CORRECTED, 0.85},
                   {"HA_INH", MIX_TIME_DEPENDENT, 0.85}};
    clot_reagents_t reagents = clot_reagents();
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++) {
        int right = 0;
        for (uint64_t n = 0; n < SEEDS; n++) {
            clotting_t plasma;
            mix_study_t study;
            plasma_of(bench, studies[i].condition, n, &plasma);
            clot_mix_study(&plasma, &reagents, MIX_BY_APTT, 0.5, &study);
            right += study.verdict == studies[i].verdict;
            CHECK(study.verdict == clot_mix_verdict(&study), "two verdicts");
            /* the instrument gives the same seconds for the same cups */
            if (n < 20) {
                static const coag_treatment_t CUPS[4] = {COAG_PLAIN, COAG_MIXED, COAG_MIXED_INCUBATED,
                                                         COAG_INCUBATED_CONTROL};
                double wanted[4] = {study.patient, study.immediate, study.incubated, study.control};
                for (int c = 0; c < 4; c++) {
                    print_t print = run(bench, &plasma, NULL, 0, CUPS[c], COAG_OPTICAL);
                    CHECK(fabs(print.v[COAG_APTT] - wanted[c]) < 1e-9, "%s: cup %d", studies[i].condition, c);
                }
            }
        }
        CHECK(right >= studies[i].share * SEEDS, "%s: \"%s\" in %d of %d", studies[i].condition,
              clot_mix_words(studies[i].verdict), right, SEEDS);
    }
    clotting_t pool = clot_normal_pool();
    mix_study_t study;
    clot_mix_study(&pool, &reagents, MIX_BY_APTT, 0.5, &study);
    CHECK(study.verdict == MIX_NOT_PROLONGED && fabs(study.rosner) < 1e-9, "the pool with itself");
    clotting_t seven = clot_normal_pool();
    seven.factor[FACTOR_7] = 0.05;
    clot_mix_study(&seven, &reagents, MIX_BY_PT, 0.5, &study);
    CHECK(study.verdict == MIX_CORRECTS && fabs(study.patient - 20.1) < 0.1, "factor VII by PT");
    clot_mix_study(&seven, &reagents, MIX_BY_APTT, 0.5, &study);
    CHECK(study.verdict == MIX_NOT_PROLONGED, "factor VII by aPTT");
    /* 0.7 becomes 0.595 in a 1:1 mix; a weak one shows better in 4:1 */
    clotting_t lupus = clot_normal_pool();
    lupus.lupus = 0.7;
    CHECK(fabs(clot_mix(&lupus, 0.5, 0).lupus - 0.595) < 1e-9, "lupus in a mix");
    lupus.lupus = 0.22;
    mix_study_t four;
    clot_mix_study(&lupus, &reagents, MIX_BY_APTT, 0.5, &study);
    clot_mix_study(&lupus, &reagents, MIX_BY_APTT, 0.8, &four);
    CHECK(four.rosner > study.rosner && four.verdict == MIX_NOT_CORRECTED, "4:1 is more sensitive");
}

static void assays(const fixture_t *bench)
{
    int rising = 0;
    for (uint64_t n = 0; n < SEEDS; n++) {
        clotting_t plasma;
        plasma_of(bench, n % 2 ? "HB_MILD" : "HA_MILD", n, &plasma);
        print_t print = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        for (int t = COAG_F2; t <= COAG_F12; t++) {
            int f = coag_test_factor((coag_test_t)t);
            double truth = 100 * plasma.factor[f] * plasma.level[f];
            for (int d = 0; d < 3; d++)
                CHECK(fabs(print.result[t].dilution[d] - truth) < 1e-6 * truth + 1e-9, "dilution %d of %s", d,
                      factor_name((factor_t)f));
            CHECK(!(print.flags[t] & COAG_NOT_PARALLEL), "a deficiency is not parallel");
        }
        plasma_of(bench, "LA", n, &plasma);
        print = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        const double *d = print.result[COAG_F8].dilution;
        CHECK(d[0] < d[1] && d[1] < d[2], "lupus: factor VIII %.1f %.1f %.1f", d[0], d[1], d[2]);
        rising += (print.flags[COAG_F8] & COAG_NOT_PARALLEL) != 0;
    }
    CHECK(rising > 0.7 * SEEDS, "lupus is flagged as not parallel in %d", rising);
}

static void lots(const fixture_t *bench)
{
    coagulometer_t machine;
    coag_specimen_t specimen;
    coag_tube_t tube = coag_tube();
    const coag_test_t both[2] = {COAG_PT, COAG_INR};
    coag_result_t r[2];
    coagulometer_init(bench->lab, COAG_OPTICAL, &machine);
    int compared = 0;
    for (uint64_t n = 0; n < SEEDS; n++) {
        clotting_t plasma;
        plasma_of(bench, "WARF_THER", n, &plasma);
        coag_specimen(&plasma, &tube, COAG_PLAIN, &specimen);
        machine.isi_true = machine.isi_used = 1;
        machine.mnpt_true = machine.mnpt_used = 12;
        coag_run(&machine, &specimen, both, 2, NULL, r);
        double inr = r[1].value, seconds = r[0].value;
        if ((r[1].flags & COAG_ABOVE) || inr < 1.6) continue; /* near 1 the two reagents cross */
        compared++;
        CHECK(fabs(inr - seconds / 12) < 1e-9, "INR is not of the printed PT");
        machine.isi_true = machine.isi_used = 1.8; /* another reagent, the computer told */
        machine.mnpt_true = machine.mnpt_used = 13;
        coag_run(&machine, &specimen, both, 2, NULL, r);
        CHECK(fabs(r[1].value - inr) < 1e-9 && r[0].value < seconds, "the same INR by another reagent");
        machine.isi_used = 1; /* not told */
        machine.mnpt_used = 12;
        coag_run(&machine, &specimen, both, 2, NULL, r);
        CHECK(r[1].value < inr, "a sensitivity index that was not updated");
        machine.isi_used = 1.8;
        machine.mnpt_used = 13 * 1.1; /* a mean normal time that is too long */
        coag_run(&machine, &specimen, both, 2, NULL, r);
        CHECK(fabs(r[1].value / inr - pow(1 / 1.1, 1.8)) < 1e-6 || (r[1].flags & COAG_BELOW), "MNPT not updated");
    }
    CHECK(compared > SEEDS / 2, "%d compared", compared);
}

static void ranges(const fixture_t *bench)
{
    clotting_t plasma = clot_normal_pool();
    static const struct {
        double fibrinogen;
        bool diluted;
        uint32_t flag;
    } cases[] = {{300, false, 0}, {400, false, 0},          {401, true, 0},         {79, true, 0},
                 {80, false, 0},  {1200, true, COAG_ABOVE}, {10, true, COAG_BELOW}, {60, true, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plasma.fibrinogen = cases[i].fibrinogen;
        print_t print = run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL);
        CHECK(!!(print.flags[COAG_FIB] & COAG_REDILUTED) == cases[i].diluted &&
                  (print.flags[COAG_FIB] & (COAG_ABOVE | COAG_BELOW)) == cases[i].flag,
              "fibrinogen %.0f: flags %x", cases[i].fibrinogen, print.flags[COAG_FIB]);
    }
    plasma.fibrinogen = 60;
    CHECK(run(bench, &plasma, NULL, 0, COAG_PLAIN, COAG_OPTICAL).flags[COAG_PT] & COAG_SLOW_ONSET, "60 mg/dL");
    CHECK(run(bench, &plasma, "short_sample", 0.5, COAG_PLAIN, COAG_OPTICAL).flags[COAG_PT] & COAG_CLOT_IN_TUBE,
          "low sample");
    for (uint32_t bit = 0; bit < COAG_FLAGS; bit++)
        CHECK(strcmp(coag_flag_words(1u << bit), "?") != 0, "flag %u has no words", bit);
    CHECK(coag_tube_effect("tourniquet") == TUBE_NOTHING, "a tourniquet does not touch clotting");
    clot_point_t points[50];
    coag_specimen_t specimen;
    coagulometer_t machine;
    coag_tube_t tube = coag_tube();
    plasma = clot_normal_pool();
    coagulometer_init(bench->lab, COAG_OPTICAL, &machine);
    coag_specimen(&plasma, &tube, COAG_PLAIN, &specimen);
    coag_curve(&machine, &specimen, COAG_APTT, 60, points, 50);
    CHECK(points[0].signal < 0.01 && points[49].signal > 0.72 && points[49].signal <= 0.75, "the curve of the pool");
    for (int i = 1; i < 50; i++) CHECK(points[i].signal >= points[i - 1].signal, "the curve falls");
    specimen.plasma.fibrinogen = 10;
    coag_curve(&machine, &specimen, COAG_APTT, 60, points, 50);
    CHECK(points[49].signal == points[0].signal, "a curve without a clot rises");
}

/* Imprecision is the one stated, twice that in hemolysis; the draws do not depend on the plasma. */
static void imprecision(const fixture_t *bench)
{
    coagulometer_t machine;
    const coag_test_t tests[4] = {COAG_PT, COAG_INR, COAG_APTT, COAG_FIB};
    coagulometer_init(bench->lab, COAG_MECHANICAL, &machine);
    for (int red = 0; red < 2; red++) {
        clotting_t plasma = clot_normal_pool(), sick = clot_normal_pool();
        coag_tube_t tube = coag_tube();
        coag_specimen_t specimen, other;
        double sum = 0, squares = 0;
        sick.fibrinogen = 150;
        sick.factor[FACTOR_7] = 0.2;
        if (red) tube.free_hemoglobin = 100;
        coag_specimen(&plasma, &tube, COAG_PLAIN, &specimen);
        coag_specimen(&sick, &tube, COAG_PLAIN, &other);
        for (uint64_t n = 0; n < 20000; n++) {
            coag_result_t a[4], b[4], c[4];
            rng_t one = rng_at(2, 3, n, 0), two = one, three = one;
            coag_run(&machine, &specimen, tests, 4, &one, a);
            coag_run(&machine, &specimen, tests, 4, &two, b);
            coag_run(&machine, &other, tests, 4, &three, c);
            CHECK(one.state == three.state, "the draws depend on the plasma");
            CHECK(memcmp(a, b, sizeof a) == 0, "the same draw, another result");
            double x = a[2].value / 30 - 1;
            sum += x;
            squares += x * x;
        }
        double mean = sum / 20000, cv = sqrt(squares / 20000 - mean * mean);
        CHECK(fabs(mean) < 0.002 && fabs(cv / (machine.cv[COAG_APTT] * (red ? 2 : 1)) - 1) < 0.04, "mean %.4f cv %.4f",
              mean, cv);
    }
}

int main(void)
{
    static fixture_t bench;
    bench_open(&bench);
    interferences(&bench);
    mixing(&bench);
    assays(&bench);
    lots(&bench);
    ranges(&bench);
    imprecision(&bench);
    bench_close(&bench);
    printf("%d failures\n", failures);
    return failures != 0;
}
