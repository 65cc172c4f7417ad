/* Clotting tests in a shift: a citrate tube on the coagulation analyzer, what it prints, and the studies that tell a
 * deficiency from an inhibitor. Plasma: clotting.c; analyzer and tube: coagulometer.c. */
#include "shift_private.h"

#include <math.h>

static const double LONG_APTT_S = 40, HIGH_HCT_PCT = 55; /* CO-003, CO-006 */

void clot_start(shift_t *shift)
{
    coagulometer_init(shift->lab, COAG_OPTICAL, &shift->coagulometer);
}

static double hematocrit_of(const shift_t *shift, const person_t *person, double hour)
{
    cells_t cells;
    cells_red_at(shift->lab, &person->model, hour, &cells);
    bool of_count =
        person->forced_analyte >= 0 && lab_analyte(shift->lab, person->forced_analyte)->bench == BENCH_HEMATOLOGY;
    if (of_count) cells_force(shift->lab, &cells, person->forced_analyte, person->forced_value);
    return cells.hct / 100;
}

void clot_specimen(const shift_t *shift, int32_t index, int32_t at_s, coag_treatment_t treatment, coag_specimen_t *out)
{
    const specimen_t *specimen = &shift->specimens[index];
    const person_t *person = &shift->persons[specimen->blood_person];
    double hour = (double)specimen->collected_s / 3600.0;
    clotting_t plasma;
    const blood_kept_t *kept = blood_kept(shift, index);
    if (kept->specimen == index + 1) {
        plasma = kept->plasma;
    } else {
        analyte_set_t tests;
        memcpy(tests.bits, specimen->tests, sizeof tests.bits);
        clotting_at_some(shift->lab, &person->model, hour, &tests, &plasma);
    }
    coag_tube_t tube = coag_tube();
    tube.hematocrit = hematocrit_of(shift, person, hour);
    tube.hours = (double)(at_s - specimen->collected_s) / 3600.0;
    int32_t spun = specimen->spun_s == NEVER ? at_s : specimen->spun_s;
    tube.on_cells_h = (double)(spun - specimen->collected_s) / 3600.0;
    for (int i = 0; i < specimen->fault_count; i++) coag_tube_add(shift->lab, &specimen->faults[i], &tube);
    if (specimen->citrate_adjusted && treatment == COAG_PLAIN) treatment = COAG_ADJUSTED_CITRATE;
    coag_specimen(&plasma, &tube, treatment, out);
}

static uint32_t result_flags(uint32_t coag)
{
    uint32_t flags = 0;
    if (coag & COAG_CLOT_IN_TUBE) flags |= FLAG_CLOT;
    if (coag &
        (COAG_SLOW_ONSET | COAG_CURVE_ABNORMAL | COAG_LIPEMIC | COAG_ICTERIC | COAG_HEMOLYZED | COAG_NOT_PARALLEL))
        flags |= FLAG_CURVE;
    return flags;
}

/* A fault says what it does to an INR of 1 and of 2.5: the MNPT follows from the first, the ISI from the second, as
 * somebody would have typed them (two decimals, one decimal). */
void clot_entered(const shift_t *shift, int line, int32_t at_s, double *isi, double *mnpt_s)
{
    const double high = 2.5;
    int inr = coag_analyte(shift->lab, COAG_INR);
    *isi = shift->coagulometer.isi_true;
    *mnpt_s = shift->coagulometer.mnpt_true;
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        bool lasts = at_s >= fault->onset_s && (fault->cured_s == NEVER || at_s < fault->cured_s);
        if (fault->line != line || !lasts || inr < 0 || !(fault->isi || fault->mnpt)) continue;
        analyzer_effect_t effect;
        analyzer_fault_effect(shift->lab, &fault->fault, inr, (double)(at_s - fault->onset_s) / 3600.0, &effect);
        if (fault->isi)
            *isi = exact_round(*isi * exact_log(high * effect.patient_mul + effect.patient_add) / exact_log(high), 2);
        if (fault->mnpt) *mnpt_s = exact_round(*mnpt_s / (effect.patient_mul + effect.patient_add), 1);
    }
}

static void report(shift_t *shift, result_t *result, const coag_result_t *read, int line)
{
    const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
    double x = read->value;
    analyzer_effect_t effect;
    line_effect_measured(shift, line, result->analyte, shift->now_s, &effect);
    if (effect.affects && x == x) {
        x = x * effect.patient_mul + effect.patient_add;
        result->flags |= effect.flags;
    }
    result->flags |= result_flags(read->flags);
    if (x != x && (read->flags & COAG_NO_CLOT) && analyte->amr_high == analyte->amr_high) {
        result->raw = x;
        result->value = analyte->amr_high;
        result->sign = 1;
        return;
    }
    if (x != x) result->flags |= FLAG_VOTE_OUT;
    result_report(shift, result, x);
    if (read->flags & COAG_ABOVE) result->sign = 1;
    if (read->flags & COAG_BELOW) result->sign = -1;
}

void clot_run(shift_t *shift, int32_t index, int line, coag_method_t method, coag_treatment_t treatment, int analyte)
{
    specimen_t *specimen = &shift->specimens[index];
    world_prepare(shift, index);
    coag_specimen_t cup;
    specimen->counted_s = shift->now_s;
    clot_specimen(shift, index, shift->now_s, treatment, &cup);
    coag_test_t tests[COAG_TESTS];
    coag_result_t results[COAG_TESTS];
    int analytes[COAG_TESTS], count = 0;
    for (int t = 0; t < COAG_TESTS; t++) {
        int a = coag_analyte(shift->lab, (coag_test_t)t);
        bool pair =
            analyte >= 0 && coag_test_of(shift->lab, analyte) <= COAG_INR && t <= COAG_INR; /* PT is run for INR */
        if (a < 0 || !tests_has(specimen->tests, a) || (analyte >= 0 && a != analyte && !pair)) continue;
        analytes[count] = a;
        tests[count++] = (coag_test_t)t;
    }
    shift->coagulometer.method = method;
    clot_entered(shift, line, shift->now_s, &shift->coagulometer.isi_used, &shift->coagulometer.mnpt_used);
    rng_t rng =
        rng_at(shift->seed, DRAW_MEASURE, (uint64_t)index * LAB_MAX_ANALYTES + LAB_MAX_ANALYTES - 1, specimen->runs++);
    coag_run(&shift->coagulometer, &cup, tests, count, &rng, results);
    shift->coagulometer.method = COAG_OPTICAL;
    for (int i = 0; i < count; i++) {
        int32_t old = shift_specimen_result(shift, index, analytes[i]);
        int32_t at = result_add(shift, index, analytes[i], line, old);
        if (at < 0) return;
        report(shift, &shift->results[at], &results[i], line);
        if (old >= 0 && shift->results[old].state == RESULT_HELD)
            result_become(shift, &shift->results[old], RESULT_REPLACED);
    }
}

/* Rules of procedures CO-003 and CO-006 that wait for a person: an aPTT that is long and was not before, and any
 * clotting test of a patient whose count of the same hours shows a high hematocrit. */
void clot_holds(shift_t *shift, int32_t index, int32_t first)
{
    const specimen_t *specimen = &shift->specimens[index];
    int aptt = coag_analyte(shift->lab, COAG_APTT), hct = cells_analyte(shift->lab, HEMA_HCT);
    bool thick = false;
    bool asked = hct >= 0 && (shift->scenario->benches & (1u << BENCH_HEMATOLOGY)) && !specimen->citrate_adjusted;
    for (int32_t i = asked ? shift->persons[specimen->order_person].first_tube : -1; i >= 0;
         i = shift->specimens[i].next_tube) {
        if (shift->specimens[i].bench != BENCH_HEMATOLOGY) continue;
        int32_t r = shift_specimen_result(shift, i, hct);
        thick = thick || (r >= 0 && shift->results[r].value > HIGH_HCT_PCT);
    }
    for (int32_t i = first; i < shift->result_count; i++) {
        result_t *result = &shift->results[i];
        if (thick) result->hold |= HOLD_SPECIMEN;
        if (result->analyte != aptt || !(result->value > LONG_APTT_S)) continue;
        bool before = shift->persons[specimen->order_person].priors > 0 && specimen->values >= 0 &&
                      specimen_prior(shift, specimen)[result->slot] > LONG_APTT_S;
        if (!before) result->hold |= HOLD_REVIEW;
    }
}

static coag_treatment_t study_treatment(treatment_t treatment)
{
    switch (treatment) {
    case TREAT_HEPARINASE:
        return COAG_HEPARINASE;
    case TREAT_MIX:
        return COAG_MIXED;
    case TREAT_MIX_INCUBATED:
        return COAG_MIXED_INCUBATED;
    case TREAT_MIX_CONTROL:
        return COAG_INCUBATED_CONTROL;
    case TREAT_ADSORB:
        return COAG_ADSORBED;
    default:
        return COAG_PLAIN;
    }
}

void clot_study(shift_t *shift, int32_t index, int analyte, treatment_t treatment)
{
    int test = coag_test_of(shift->lab, analyte);
    if (shift->study_count == STUDIES_MAX || test < 0) return;
    coag_specimen_t cup;
    clot_specimen(shift, index, shift->now_s, study_treatment(treatment), &cup);
    coag_test_t tests[1] = {(coag_test_t)test};
    coag_result_t result;
    rng_t rng = rng_at(shift->seed, DRAW_STUDY, (uint64_t)index, (uint64_t)shift->study_count);
    coag_run(&shift->coagulometer, &cup, tests, 1, &rng, &result);
    const analyte_t *about = lab_analyte(shift->lab, analyte);
    study_t *study = &shift->studies[shift->study_count++];
    *study = (study_t){.specimen = index,
                       .at_s = shift->now_s,
                       .analyte = (int16_t)analyte,
                       .treatment = (uint8_t)treatment,
                       .value = result.value == result.value ? exact_round(result.value, about->decimals) : NAN,
                       .flags = result.flags};
    if (result.value != result.value && (result.flags & COAG_NO_CLOT)) study->sign = 1;
}
