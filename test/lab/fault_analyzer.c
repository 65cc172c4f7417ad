/* Analyzer faults against worked numbers (fault_analyzer.cases), and properties of every fault on every
 * analyte: patients and controls agree unless the fault is of the one or the other alone, growth is
 * linear and ends, severity 0 and the time before onset do nothing, repairs cure what they should. */
#include "fault_test.h"

static void test_cases(fixture_t *bench, const char *path)
{
    size_t length;
    char *text = (char *)read_whole(bench->arena, path, &length), *rest = text;
    int cases = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char name[64], id[64];
        double severity, z1, z2, before, after, tolerance;
        if (line[0] == '#') continue;
        if (sscanf(line, "%63s %63s %lf %lf %lf %lf %lf %lf", name, id, &severity, &z1, &z2, &before, &after,
                   &tolerance) != 8) {
            CHECK(false, "not a case: %s", line);
            continue;
        }
        int kind = analyzer_fault_find(bench->lab, name), a = analyte(bench, id);
        CHECK(kind >= 0, "no fault %s", name);
        if (kind < 0) continue;
        analyzer_fault_t fault = {.kind = (int16_t)kind, .analyte = (int16_t)a, .severity = (float)severity};
        analyzer_effect_t effect;
        analyzer_fault_effect(bench->lab, &fault, a, 1, &effect);
        double now = before * effect.patient_mul + effect.patient_add;
        CHECK(exact_abs(now - after) <= tolerance + 1e-9, "%s: patient %g", line, now);
        CHECK(exact_abs(effect.qc_z[0] - z1) <= 0.01 && exact_abs(effect.qc_z[1] - z2) <= 0.01, "%s: z %g %g", line,
              effect.qc_z[0], effect.qc_z[1]);
        cases++;
    }
    CHECK(cases >= 25, "only %d cases", cases);
}

/* The controls' shift in SD is the line at their targets; patients lie on the same line. */
static void check_agreement(const fixture_t *bench, int kind, int a, const analyzer_effect_t *effect)
{
    const analyte_t *about = lab_analyte(bench->lab, a);
    const char *id = analyzer_fault_id(bench->lab, kind);
    for (int level = 0; level < 2; level++) {
        double target = about->qc_target[level], sd = target * about->qc_cv_pct[level] / 100;
        if (!(sd > 0)) continue;
        double z = (target * effect->qc_mul + effect->qc_add - target) / sd;
        CHECK(exact_abs(z - effect->qc_z[level]) < 1e-6 * (1 + exact_abs(z)), "%s %s L%d: %g and %g", id, about->id,
              level + 1, z, effect->qc_z[level]);
    }
    bool same = effect->patient_mul == effect->qc_mul && effect->patient_add == effect->qc_add;
    bool controls_only = effect->patient_mul == 1 && effect->patient_add == 0;
    bool patients_only = effect->qc_mul == 1 && effect->qc_add == 0;
    CHECK(same || controls_only || patients_only, "%s %s: patients and controls disagree", id, about->id);
}

static void test_every_fault(const fixture_t *bench)
{
    int count = fault_tables(bench->lab)->analyzer_count;
    CHECK(count >= 26, "only %d analyzer faults", count);
    for (int kind = 0; kind < count; kind++) {
        bool any = false;
        for (int a = 0; a < lab_analyte_count(bench->lab); a++) {
            analyzer_effect_t effect, half, none;
            analyzer_fault_t fault = {.kind = (int16_t)kind, .analyte = (int16_t)a, .severity = 1, .growth_h = 10};
            analyzer_fault_effect(bench->lab, &fault, a, 10, &effect);
            CHECK(effect.affects == analyzer_fault_in_scope(bench->lab, kind, a), "scope of %s",
                  analyzer_fault_id(bench->lab, kind));
            if (!effect.affects) continue;
            any = true;
            check_agreement(bench, kind, a, &effect);
            CHECK(effect.sd_mul >= 1 && effect.spike_prob >= 0 && effect.spike_prob <= 1, "scatter and jumps");
            analyzer_fault_effect(bench->lab, &fault, a, 5, &half);
            CHECK(exact_abs(half.qc_z[0] - effect.qc_z[0] / 2) < 1e-9 &&
                      exact_abs(half.patient_add - effect.patient_add / 2) < 1e-9,
                  "half grown is half");
            analyzer_fault_effect(bench->lab, &fault, a, 1e6, &half);
            CHECK(half.qc_z[1] == effect.qc_z[1] && half.patient_mul == effect.patient_mul, "growth ends");
            analyzer_fault_effect(bench->lab, &fault, a, -0.01, &none);
            CHECK(!none.affects, "nothing before onset");
            fault.severity = 0;
            analyzer_fault_effect(bench->lab, &fault, a, 20, &none);
            CHECK(!none.affects && none.patient_mul == 1 && none.sd_mul == 1, "nothing at severity 0");
            fault.severity = -20;
            analyzer_fault_effect(bench->lab, &fault, a, 20, &none);
            CHECK(none.patient_mul >= 0 && none.patient_mul - none.patient_mul == 0, "a factor is never below 0");
        }
        CHECK(any, "%s touches no analyte", analyzer_fault_id(bench->lab, kind));
    }
}

static void test_scope(const fixture_t *bench)
{
    analyzer_effect_t effect;
    analyzer_fault_t fault = {
        .kind = (int16_t)analyzer_fault_find(bench->lab, "ise_dilution"), .analyte = -1, .severity = 1};
    analyzer_fault_effect(bench->lab, &fault, analyte(bench, "chloride"), 0, &effect);
    CHECK(effect.affects, "a fault of a module touches all of it");
    fault.analyte = (int16_t)analyte(bench, "sodium");
    analyzer_fault_effect(bench->lab, &fault, analyte(bench, "chloride"), 0, &effect);
    CHECK(!effect.affects, "one that is named alone, only that one");
    fault =
        (analyzer_fault_t){.kind = (int16_t)analyzer_fault_find(bench->lab, "electrode"), .analyte = -1, .severity = 1};
    analyzer_fault_effect(bench->lab, &fault, analyte(bench, "sodium"), 0, &effect);
    CHECK(!effect.affects && analyzer_fault_one_assay(bench->lab, fault.kind), "a fault of one assay needs its name");
}

static void test_cures(const fixture_t *bench)
{
    static const struct {
        const char *fault;
        repair_t repair;
        bool cured;
    } rows[] = {{"cal_shift", REPAIR_CALIBRATE, true},
                {"wrong_calibrator_value", REPAIR_CALIBRATE, false},
                {"wrong_calibrator_value", REPAIR_RECALIBRATE_RIGHT_LOT, true},
                {"electrode_drift", REPAIR_REPLACE_ELECTRODE, true},
                {"electrode_drift", REPAIR_CALIBRATE, false},
                {"reagent_deterioration", REPAIR_NEW_REAGENT, true},
                {"reagent_deterioration", REPAIR_CALIBRATE, false},
                {"lamp_aging", REPAIR_REPLACE_LAMP, true},
                {"qc_material", REPAIR_NEW_QC_VIAL, true},
                {"qc_material", REPAIR_CALIBRATE, false},
                {"water_quality", REPAIR_FIX_WATER, true},
                {"clot_detect_fail", REPAIR_CLEAN_PROBE, true},
                {"pipette_wear", REPAIR_SYRINGE, true},
                {"temperature", REPAIR_TEMPERATURE, true},
                {"cuvette_dirty", REPAIR_CUVETTES, true},
                {"normal_random", REPAIR_SERVICE, false},
                {"cal_shift", REPAIR_NONE, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(analyzer_fault_cured_by(bench->lab, analyzer_fault_find(bench->lab, rows[i].fault), rows[i].repair) ==
                  rows[i].cured,
              "%s and repair %d", rows[i].fault, (int)rows[i].repair);
    CHECK(repair_find("prime") == REPAIR_PRIME && repair_find("service") == REPAIR_SERVICE && repair_find("x") < 0 &&
              repair_find("") < 0,
          "words of repairs");
}

/* A table that is wrong is refused with file, line and remedy. */
static void test_refusals(fixture_t *bench)
{
    static const struct {
        const char *path, *from, *to, *said;
    } rows[] = {{"lab/preanalytic.csv", "edta_contam,calcium", "edta_contam,calcum", "calcium"},
                {"lab/preanalytic.csv", ",water_displacement,", ",water,", "model is"},
                {"lab/preanalytic.csv", "0.032:0.54", "0.001:0.54", "points must rise"},
                {"lab/preanalytic.csv", "iv_contam,*serum", "iv_contam,*sera", "no scope"},
                {"lab/preanalytic_faults.csv", "pink:40:200", "blue:40:200", "cues_after_spin"},
                {"lab/analytic.csv", ",ions,", ",eons,", "no scope"},
                {"lab/analytic.csv", ",proportional,", ",proportionate,", "shape is"},
                {"lab/analytic.csv", "replace_lamp", "replace_lump", "unknown repair"},
                {"lab/scopes.csv", "@photometry", "@fotometry", "module"},
                {"lab/iv_fluids.csv", "ns,0.9 % saline", "nn,0.9 % saline", "needs the fluid"},
                {"lab/hil_limits.csv", "potassium,H,100", "potassium,X,100", "H, I or L"},
                {"lab/absurd_limits.csv", "sodium,100,180", "sodium,180,100", "upside down"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        source_file_t files[TEST_FILES];
        memcpy(files, bench->files, sizeof files);
        for (size_t i = 0; i < bench->source.count; i++) {
            if (strcmp(files[i].path, rows[r].path) != 0) continue;
            const char *text = (const char *)files[i].bytes, *at = strstr(text, rows[r].from);
            CHECK(at != NULL, "%s has no \"%s\"", rows[r].path, rows[r].from);
            if (at == NULL) return;
            size_t head = (size_t)(at - text), tail = head + strlen(rows[r].from), new_length = strlen(rows[r].to);
            char *changed = arena_alloc(bench->arena, files[i].length + new_length + 1);
            memcpy(changed, text, head);
            memcpy(changed + head, rows[r].to, new_length);
            memcpy(changed + head + new_length, text + tail, files[i].length - tail);
            files[i].bytes = (const unsigned char *)changed;
            files[i].length = files[i].length - strlen(rows[r].from) + new_length;
        }
        source_t source = {files, bench->source.count};
        lab_t *lab = NULL;
        err_t err = {0};
        bool loaded = lab_load(&lab, &source, &err) && fault_load(lab, &source, &err);
        CHECK(!loaded && strstr(err.text, rows[r].said) != NULL && strstr(err.text, rows[r].path) != NULL, "%s: \"%s\"",
              rows[r].to, err.text);
        lab_free(lab);
    }
}

int main(int argc, char **argv)
{
    fixture_t bench;
    if (argc != 2) return fprintf(stderr, "usage: fault_analyzer CASES\n"), 2;
    bench_open(&bench);
    test_cases(&bench, argv[1]);
    test_every_fault(&bench);
    test_scope(&bench);
    test_cures(&bench);
    test_refusals(&bench);
    bench_close(&bench);
    printf("%d failures\n", failures);
    return failures != 0;
}
