/* The two chemistry lines: a deck of racks with a STAT port, a sampling probe, photometry ten minutes later
 * and immunoassay eighteen; what they measure is
 *     reported = round( dilution * ( tube/dilution * (1 + bias) * fault + sd(x) * noise ) )
 * with sd(x) drawn as a straight line through the two control levels' SDs (the usual
 * characteristic function, held at half the lower SD), bias one sign per line and test, and faults
 * by the effects of content/lab/analytic.csv. Serum indices cost one measurement of their own. */
#include "normal.h"
#include "reaction_private.h"
#include "roles.h"
#include "shift_private.h"

#include <assert.h>
#include <math.h>

enum {
    PHOTOMETRY_S = 600,
    IMMUNOASSAY_S = 1080,
    SAMPLE_S = 14,
    SAMPLE_TEST_S = 2,
    COUNT_S = 40,       /* a counter takes 90 tubes an hour */
    CLOT_SAMPLE_S = 45, /* a coagulation analyzer, 80 */
    CLOT_S = 420,
    BATCH_CHEMISTRY = 0,
    BATCH_IMMUNO = 1,
    REAGENT_TESTS = 800,
    REAGENT_LIFE_S = 14 * 86400,
    TRACK_ROUND_S = 60, /* until the track offers a tube again that found no place */
    STREAM_EACH = 64,
};

static const struct {
    const char *name;
    bench_t bench;
} line_table[SHIFT_LINES] = {
    {"AN-1", BENCH_CHEMISTRY}, {"AN-2", BENCH_CHEMISTRY}, {"HM-1", BENCH_HEMATOLOGY}, {"CG-1", BENCH_COAGULATION}};

const char *line_name(int line)
{
    return line >= 0 && line < SHIFT_LINES ? line_table[line].name : "";
}

bench_t line_bench(int line)
{
    assert(line >= 0 && line < SHIFT_LINES);
    return line_table[line].bench;
}

int line_other(int line)
{
    for (int other = 0; other < SHIFT_LINES; other++)
        if (line >= 0 && line < SHIFT_LINES && other != line && line_table[other].bench == line_table[line].bench)
            return other;
    return -1;
}

int line_for(const shift_t *shift, bench_t bench)
{
    int best = -1;
    for (int line = 0; line < SHIFT_LINES; line++)
        if (line_table[line].bench == bench && !shift->care.alarms[line].out_of_use &&
            (best < 0 || shift->lines[line].queued < shift->lines[best].queued))
            best = line;
    for (int line = 0; best < 0 && line < SHIFT_LINES; line++)
        if (line_table[line].bench == bench) best = line; /* all are out of use: tubes wait there */
    return best;
}

static bool is_immuno(const shift_t *shift, int analyte)
{
    return tests_has(lab_roles(shift->lab)->immunoassay, analyte);
}

void line_mask_faults(shift_t *shift)
{
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int w = 0; w < ANALYTE_WORDS; w++) shift->lines[line].fault_mask[w] = 0;
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        for (int w = 0; w < ANALYTE_WORDS; w++) shift->lines[fault->line].fault_mask[w] |= fault->affects[w];
    }
}

static void fault_reach(shift_t *shift, line_fault_t *fault)
{
    const uint64_t *tests = shift->lines[fault->line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        analyzer_effect_t effect;
        analyzer_fault_effect(shift->lab, &fault->fault, a, 1e6, &effect);
        if (effect.affects) tests_add(fault->affects, a);
    }
}

static void add_effects(const shift_t *shift, int line, int analyte, int32_t at_s, bool entered, analyzer_effect_t *sum)
{
    *sum = (analyzer_effect_t){.patient_mul = 1, .sd_mul = 1};
    if (!tests_has(shift->lines[line].fault_mask, analyte)) return;
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        if (fault->line != line || at_s < fault->onset_s || !tests_has(fault->affects, analyte)) continue;
        if (fault->cured_s != NEVER && at_s >= fault->cured_s) continue;
        if (!entered && (fault->isi || fault->mnpt)) continue;
        analyzer_effect_t effect;
        analyzer_fault_effect(shift->lab, &fault->fault, analyte, (double)(at_s - fault->onset_s) / 3600.0, &effect);
        if (!effect.affects) continue;
        sum->affects = true;
        sum->patient_mul *= effect.patient_mul;
        sum->patient_add += effect.patient_add;
        for (int l = 0; l < SHIFT_QC_LEVELS; l++) sum->qc_z[l] += effect.qc_z[l];
        sum->sd_mul *= effect.sd_mul;
        if (effect.spike_prob > sum->spike_prob) {
            sum->spike_prob = effect.spike_prob;
            sum->spike_z = effect.spike_z;
        }
        sum->flags |= effect.flags;
    }
}

void line_effect(const shift_t *shift, int line, int analyte, int32_t at_s, analyzer_effect_t *sum)
{
    add_effects(shift, line, analyte, at_s, true, sum);
}

void line_effect_measured(const shift_t *shift, int line, int analyte, int32_t at_s, analyzer_effect_t *sum)
{
    add_effects(shift, line, analyte, at_s, false, sum);
}

static void assay_start(shift_t *shift, int line, int a)
{
    const analyte_t *analyte = analyte_at(shift->lab, a);
    assay_t *assay = &shift->assays[line][a];
    rng_t rng = rng_at(shift->seed, DRAW_LINE, (uint64_t)line, (uint64_t)a);
    *assay = (assay_t){.used = true};
    assay->levels = (int8_t)analyte_qc_levels(analyte);
    assay->lot = (int16_t)(2100 + rng_below(&rng, 800));
    assay->next_lot = (int16_t)(assay->lot + 1 + (int)rng_below(&rng, 60));
    assay->calibrator_lot = assay->calibrator_wanted = (int16_t)(300 + rng_below(&rng, 600));
    assay->lot_since_s = -(int32_t)(86400 * (2 + rng_below(&rng, 20)));
    assay->calibrated_s = -(int32_t)(3600 * (4 + rng_below(&rng, 60)));
    assay->factor_change_pct = (float)(1.2 * rng_normal(&rng));
    assay->tests_left = 150 + (int32_t)rng_below(&rng, 600);
    assay->expires_s = (int32_t)(86400 * (2 + rng_below(&rng, 20)));
    /* one sign per line and test; half the typical bias, since the method was calibrated */
    float bias_pct = (float)(0.5 * (analyte->bias_pct == analyte->bias_pct ? analyte->bias_pct : 0) *
                             (rng_chance(&rng, 0.5) ? 1 : -1));
    assay->bias = 1 + (double)bias_pct / 100;
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        assay->mean[l] = analyte->qc_target[l];
        assay->sd[l] = analyte->qc_sd[l];
    }
    assay->last_accepted_s = assay->last_run_s = NEVER;
}

void line_fault_reach(shift_t *shift, int fault)
{
    fault_reach(shift, &shift->line_faults[fault]);
    line_mask_faults(shift);
}

void line_start(shift_t *shift)
{
    uint64_t ordered[ANALYTE_WORDS] = {0}; /* the menu: what some panel orders */
    for (int p = 0; p < lab_panel_count(shift->lab); p++)
        for (int w = 0; w < ANALYTE_WORDS; w++) ordered[w] |= lab_panel(shift->lab, p)->tests[w];
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_t *state = &shift->lines[line];
        state->used = shift->scenario->benches & (1u << line_bench(line));
        for (int a = tests_next(ordered, 0); state->used && a >= 0; a = tests_next(ordered, a + 1)) {
            const analyte_t *analyte = analyte_at(shift->lab, a);
            if (analyte->bench != line_bench(line) || !analyte->measured || analyte->derived ||
                analyte_qc_levels(analyte) == 0)
                continue;
            tests_add(state->tests, a);
            tests_add(shift->menu, a);
        }
        state->start_up_s = state->last_qc_s = NEVER;
        state->next_run = 1;
        for (int a = tests_next(state->tests, 0); a >= 0; a = tests_next(state->tests, a + 1))
            assay_start(shift, line, a);
    }
    for (int i = 0; i < shift->line_fault_count; i++) {
        line_fault_t *fault = &shift->line_faults[i];
        fault_reach(shift, fault);
        fault_marks_t marks = roles_fault_marks(shift->lab, fault->fault.kind);
        fault->isi = marks.isi;
        fault->mnpt = marks.mnpt;
        for (int a = tests_next(fault->affects, 0); a >= 0; a = tests_next(fault->affects, a + 1)) {
            assay_t *assay = &shift->assays[fault->line][a];
            if (marks.new_lot) assay->lot_since_s = fault->onset_s;
            if (marks.calibration) assay->calibrated_s = fault->onset_s;
            if (marks.wrong_lot) assay->calibrator_lot = (int16_t)(assay->calibrator_wanted + 7);
            if (marks.calibration) assay->factor_change_pct = marks.wrong_lot ? 11.4f : 6.8f;
        }
        if (fault->onset_s > 0) event_push(shift, fault->onset_s, EVENT_ONSET, fault->line, i, 0);
    }
    line_mask_faults(shift);
    count_start(shift);
    clot_start(shift);
}

/* ---- the queue ---- */

static void line_arm(shift_t *shift, int line)
{
    line_t *state = &shift->lines[line];
    if (state->pump_armed || state->queued == 0 || care_stopped(shift, line)) return;
    int32_t at = shift->now_s;
    if (state->free_s > at) at = state->free_s;
    if (state->busy_until_s > at) at = state->busy_until_s;
    state->pump_armed = event_push(shift, at, EVENT_SAMPLE, line, 0, 0);
}

void line_resume(shift_t *shift, int line)
{
    line_arm(shift, line);
}

/* Of a tube that stands in the deck. */
static void line_loaded(shift_t *shift, int line, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    shift->lines[line].queued++;
    specimen->stat_position = specimen->rack == 0;
    specimen->stat_in_rack =
        specimen->rack > 0 && specimen->priority == PRIORITY_STAT && deck_room(shift, line, true) > 0;
    specimen->state = SPECIMEN_QUEUED;
    specimen->line = (int8_t)line;
    specimen->loaded_s = shift->now_s;
    line_arm(shift, line);
}

bool line_enqueue(shift_t *shift, int line, int32_t index, bool stat)
{
    if (!deck_put(shift, line, index, stat)) return false;
    line_loaded(shift, line, index);
    return true;
}

void line_enqueue_at(shift_t *shift, int line, int32_t index, int rack, int place)
{
    deck_put_at(shift, line, index, rack, place);
    line_loaded(shift, line, index);
}

void line_track(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    int line = line_for(shift, (bench_t)specimen->bench);
    if (line_enqueue(shift, line, index, specimen->priority == PRIORITY_STAT)) return;
    specimen->state = SPECIMEN_SPUN;
    event_push(shift, shift->now_s + TRACK_ROUND_S, EVENT_TRACK, line, index, 0);
}

void line_on_sample(shift_t *shift, int line)
{
    line_t *state = &shift->lines[line];
    state->pump_armed = false;
    if (state->queued == 0 || care_stopped(shift, line)) return;
    if (state->busy_until_s > shift->now_s) {
        line_arm(shift, line);
        return;
    }
    int32_t index = deck_sample(shift, line);
    state->queued--;
    if (tray_unread(shift, line, index)) {
        state->free_s = shift->now_s + SAMPLE_S;
        line_arm(shift, line);
        return;
    }
    state->deck.sampled = index + 1;
    specimen_t *specimen = &shift->specimens[index];
    specimen->state = SPECIMEN_RUNNING;
    specimen->sampled_s = shift->now_s;
    state->running++;
    if (line_bench(line) != BENCH_CHEMISTRY) {
        bool count = line_bench(line) == BENCH_HEMATOLOGY;
        state->free_s = state->deck.sampled_until_s = shift->now_s + (count ? COUNT_S : CLOT_SAMPLE_S);
        event_push(shift, shift->now_s + (count ? 2 * COUNT_S : CLOT_S), EVENT_RESULT, line, index, 1);
        line_arm(shift, line);
        return;
    }
    int32_t probe = SAMPLE_S + SAMPLE_TEST_S * specimen->test_count;
    state->free_s = state->deck.sampled_until_s = shift->now_s + probe;
    bool chemistry = false, immuno = false;
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        uint64_t slow = lab_roles(shift->lab)->immunoassay[w];
        immuno = immuno || (specimen->tests[w] & slow);
        chemistry = chemistry || (specimen->tests[w] & ~slow);
    }
    if (chemistry) event_push(shift, shift->now_s + probe + PHOTOMETRY_S, EVENT_RESULT, line, index, immuno ? 2 : 3);
    if (immuno) event_push(shift, shift->now_s + probe + IMMUNOASSAY_S, EVENT_RESULT, line, index, chemistry ? 5 : 7);
    line_arm(shift, line);
}

/* ---- measuring ---- */

/* A short or clotted aspiration is sensed about half of the time. */
static uint32_t aspiration_flags(const shift_t *shift, const specimen_t *specimen, rng_t *rng)
{
    int short_sample = lab_roles(shift->lab)->fault_short;
    for (int i = 0; i < specimen->fault_count; i++)
        if (specimen->faults[i].kind == short_sample && rng_chance(rng, 0.5)) return FLAG_SHORT;
    return 0;
}

int32_t result_add_at(shift_t *shift, int32_t index, int a, int slot, int line, int32_t rerun_of)
{
    specimen_t *specimen = &shift->specimens[index];
    if (slot < 0 || shift->result_count == SHIFT_MAX_RESULTS) return -1;
    const assay_t *assay = &shift->assays[line][a];
    int32_t at = shift->result_count++;
    result_t *result = &shift->results[at];
    /* member by member, in the order of the struct: a whole struct is cleared first, which costs as much again */
    result->value = result->raw = result->old_value = 0;
    result->released_s = result->amended_s = result->decided_s = result->repeat_due_s = NEVER;
    result->next = result->replaced_by = -1;
    result->hold = result->flags = 0;
    result->dilution = 1;
    result->correction = result->comment = -1;
    result->sign = 0;
    result->state = RESULT_PENDING;
    result->automatic = result->critical = result->amended = result->called = result->delta_failed = false;
    result->corrected = result->withdrawn = false;
    result->mark = ' ';
    result->line = (int8_t)line;
    result->run = rerun_of < 0 ? 0 : (uint16_t)(shift->results[rerun_of].run + 1);
    result->analyte = (int16_t)a;
    result->slot = (int16_t)slot;
    result->specimen = index;
    result->measured_s = shift->now_s;
    result->rerun_of = rerun_of;
    result->qc_run = assay->newest_run ? assay->newest_run : -1;
    if (specimen->last_result < 0)
        specimen->first_result = at;
    else
        shift->results[specimen->last_result].next = at;
    specimen->last_result = at;
    specimen->in_state[RESULT_PENDING]++;
    if (specimen->values >= 0) specimen_newest_by_slot(shift, specimen)[slot] = at;
    if (rerun_of >= 0) shift->results[rerun_of].replaced_by = at;
    return at;
}

int32_t result_add(shift_t *shift, int32_t index, int a, int line, int32_t rerun_of)
{
    return result_add_at(shift, index, a, specimen_slot(&shift->specimens[index], a), line, rerun_of);
}

static inline void report(const analyte_t *analyte, result_t *result, double x)
{
    result->raw = x;
    if (x > analyte->amr_high) { /* comparisons with NAN are false: no limit, or no number */
        result->sign = 1;
        x = analyte->amr_high;
        result->flags |= FLAG_LINEARITY;
    } else if (x < analyte->amr_low) {
        result->sign = -1;
        x = analyte->amr_low;
    }
    result->value = exact_round(x * result->dilution, analyte->decimals);
}

void result_report(const shift_t *shift, result_t *result, double x)
{
    report(analyte_at(shift->lab, result->analyte), result, x);
}

/* The random numbers of one run of a tube: STREAM_EACH of them for each test, the noise first. */
static uint64_t measure_stream(const shift_t *shift, int32_t index, uint16_t run)
{
    return rng_at(shift->seed, DRAW_MEASURE, (uint64_t)index * LAB_MAX_ANALYTES, run).state;
}

rng_t line_noise(const shift_t *shift, int32_t specimen, uint16_t run, int analyte)
{
    return (rng_t){measure_stream(shift, specimen, run) + (uint64_t)analyte * STREAM_EACH * GOLDEN};
}

/* Of a specimen that is prepared. */
static int32_t measure(shift_t *shift, uint64_t stream, int32_t index, int a, int slot, int line, int dilution,
                       int32_t rerun_of)
{
    if (shift->result_count == SHIFT_MAX_RESULTS) return -1;
    specimen_t *specimen = &shift->specimens[index];
    const analyte_t *analyte = analyte_at(shift->lab, a);
    assay_t *assay = &shift->assays[line][a];
    rng_t rng = {stream + (uint64_t)a * STREAM_EACH * GOLDEN};
    double noise = normal_next(shift->lab, &rng);

    double in_tube = specimen_tube(shift, specimen)[slot];
    if (specimen->cleared) in_tube = in_tube + 0.95 * (specimen_truth(shift, specimen)[slot] - in_tube);
    double x = dilution == 1 ? in_tube : in_tube / dilution, sd_mul = 1;
    x *= assay->bias;
    uint32_t flags = 0;
    analyzer_effect_t effect;
    if (tests_has(shift->lines[line].fault_mask, a)) {
        line_effect(shift, line, a, shift->now_s, &effect);
        if (effect.affects) {
            x = x * effect.patient_mul + effect.patient_add;
            sd_mul = effect.sd_mul;
            flags = effect.flags;
            if (effect.spike_prob > 0 && rng_chance(&rng, effect.spike_prob)) x += effect.spike_z * line_sd(analyte, x);
        }
    }
    if (x > reactions(shift->lab)->turns[a]) x = reaction_turned(shift->lab, a, x, &flags);
    if (specimen->fault_count) flags |= aspiration_flags(shift, specimen, &rng);
    x += line_sd(analyte, x) * sd_mul * noise;
    if (x < 0) x = 0;

    int32_t at = result_add_at(shift, index, a, slot, line, rerun_of);
    result_t *result = &shift->results[at];
    result->dilution = (int16_t)dilution;
    result->flags = flags;
    report(analyte, result, x);
    if (assay->used) assay->tests_left--;
    return at;
}

int32_t line_measure(shift_t *shift, int32_t index, int a, int line, int dilution, int32_t rerun_of)
{
    const specimen_t *specimen = &shift->specimens[index];
    int slot = specimen_slot(specimen, a);
    if (slot < 0) return -1;
    world_prepare(shift, index);
    if (specimen->values < 0) return -1;
    uint16_t run = rerun_of < 0 ? 0 : (uint16_t)(shift->results[rerun_of].run + 1);
    return measure(shift, measure_stream(shift, index, run), index, a, slot, line, dilution, rerun_of);
}

/* All tests of one batch; bits as for line_on_result. */
static void measure_batch(shift_t *shift, int32_t index, int line, int32_t batch)
{
    const specimen_t *specimen = &shift->specimens[index];
    const uint64_t *immuno = lab_roles(shift->lab)->immunoassay;
    if (shift->result_count == SHIFT_MAX_RESULTS) return;
    world_prepare(shift, index);
    if (specimen->values < 0) return;
    uint64_t stream = measure_stream(shift, index, 0);
    int slot = 0;
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        uint64_t wanted = shift->menu[w];
        if ((batch >> 1) != 3) wanted &= batch & 4 ? immuno[w] : ~immuno[w];
        for (uint64_t left = specimen->tests[w]; left != 0; left &= left - 1, slot++)
            if (left & -left & wanted) measure(shift, stream, index, 64 * w + __builtin_ctzll(left), slot, line, 1, -1);
    }
}

static double value_of(const shift_t *shift, const int32_t *newest, int analyte)
{
    return analyte < 0 || newest[analyte] < 0 ? NAN : shift->results[newest[analyte]].value;
}

/* What the LIS computes from reported values: anion gap, globulin, eGFR, LDL by Friedewald, TSAT, osmolality. */
static double derived_value(const shift_t *shift, const specimen_t *specimen, const int32_t *newest, int analyte)
{
    const lab_roles_t *roles = lab_roles(shift->lab);
#define VALUE(role) value_of(shift, newest, roles->role)
    if (analyte == roles->anion_gap) return VALUE(sodium) - VALUE(chloride) - VALUE(co2);
    if (analyte == roles->globulin) return VALUE(total_protein) - VALUE(albumin);
    if (analyte == roles->tsat) return 100 * VALUE(iron) / VALUE(tibc);
    if (analyte == roles->ldl_calc) {
        double tg = VALUE(triglycerides);
        return tg > 400 ? NAN : VALUE(cholesterol) - VALUE(hdl) - tg / 5; /* Friedewald 1972: not above 400 mg/dL */
    }
    if (analyte == roles->egfr) {
        const person_t *person = &shift->persons[specimen->order_person];
        return roles_egfr(VALUE(creatinine), person->model.age_y, person->model.sex == SEX_MALE);
    }
#undef VALUE
    return NAN;
}

void line_derive(shift_t *shift, int32_t index, int line)
{
    specimen_t *specimen = &shift->specimens[index];
    const lab_roles_t *roles = lab_roles(shift->lab);
    uint64_t todo[ANALYTE_WORDS];
    for (int w = 0; w < ANALYTE_WORDS; w++) todo[w] = specimen->tests[w] & roles->derived[w];
    if (tests_next(todo, 0) < 0) return;
    int32_t newest[LAB_MAX_ANALYTES];
    specimen_newest(shift, specimen, newest);
    for (int a = tests_next(todo, 0); a >= 0; a = tests_next(todo, a + 1)) {
        double value = derived_value(shift, specimen, newest, a);
        if (value != value || shift->result_count == SHIFT_MAX_RESULTS) continue;
        value = exact_round(value, analyte_at(shift->lab, a)->decimals);
        int32_t old = newest[a];
        if (old >= 0 && shift->results[old].value == value) continue;
        int32_t at = result_add(shift, index, a, line, old);
        shift->results[at].raw = shift->results[at].value = value;
        if (old >= 0 && (shift->results[old].state == RESULT_HELD || shift->results[old].state == RESULT_PENDING))
            result_become(shift, &shift->results[old], RESULT_REPLACED);
    }
}

static void measure_indices(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    rng_t rng = rng_at(shift->seed, DRAW_INDEX, (uint64_t)index, 0);
    /* one draw a statement: C leaves the order of operands open, and the order of draws must not be */
    double noise_h = normal_next(shift->lab, &rng), noise_i = normal_next(shift->lab, &rng),
           noise_l = normal_next(shift->lab, &rng);
    double ground_h = 2 * rng_uniform(&rng), ground_l = 5 * rng_uniform(&rng);
    double h = (double)specimen->hil.hemolysis_mg_dl * (1 + 0.05 * noise_h) + ground_h;
    double i = (double)specimen->hil.icterus_mg_dl * (1 + 0.05 * noise_i);
    double l = (double)specimen->hil.lipemia_mg_dl * (1 + 0.05 * noise_l) + ground_l;
    specimen->h_index = (float)exact_round(h < 0 ? 0 : h, 0);
    specimen->i_index = (float)exact_round(i < 0 ? 0 : i, 1);
    specimen->l_index = (float)exact_round(specimen->cleared ? l * 0.02 : l < 0 ? 0 : l, 0);
}

void line_on_result(shift_t *shift, int32_t index, int line, int32_t batch)
{
    /* bit 0: photometry done and last; bit 1: photometry; bit 2: immunoassay */
    specimen_t *specimen = &shift->specimens[index];
    if (batch & 1) deck_done(shift, line, index);
    if (specimen->state == SPECIMEN_REJECTED) { /* sent back while the slower tests were still running: no results */
        shift->lines[line].running -= batch & 1;
        return;
    }
    int32_t first = shift->result_count;
    bench_t bench = line_bench(line);
    if (bench == BENCH_HEMATOLOGY)
        count_run(shift, index, line, specimen->citrate_blood ? COUNTER_CITRATE : COUNTER_NORMAL);
    if (bench == BENCH_COAGULATION) clot_run(shift, index, line, COAG_OPTICAL, COAG_PLAIN, -1);
    if (bench == BENCH_CHEMISTRY) measure_batch(shift, index, line, batch);
    if (bench == BENCH_CHEMISTRY && specimen->h_index != specimen->h_index && specimen->values >= 0)
        measure_indices(shift, index);
    if (bench == BENCH_CHEMISTRY) line_derive(shift, index, line);
    if (batch & 1) {
        shift->lines[line].running--;
        specimen->resulted_s = shift->now_s;
    }
    specimen->state = SPECIMEN_RESULTED;
    verify_specimen(shift, index, first);
}

/* ---- repeats ---- */

bool line_repeat(shift_t *shift, int32_t index, int line, int dilution, int32_t ready_s)
{
    result_t *result = &shift->results[index];
    line_t *state = &shift->lines[line];
    int32_t at = shift->now_s + ready_s;
    if (state->busy_until_s > at) at = state->busy_until_s;
    if (state->free_s > at) at = state->free_s;
    state->free_s = at + SAMPLE_TEST_S;
    switch (line_bench(line)) {
    case BENCH_HEMATOLOGY:
        at += 2 * COUNT_S;
        break;
    case BENCH_COAGULATION:
        at += CLOT_S;
        break;
    default:
        at += SAMPLE_S + (is_immuno(shift, result->analyte) ? IMMUNOASSAY_S : PHOTOMETRY_S);
    }
    if (!event_push(shift, at, EVENT_REPEAT, line, index, dilution)) return false;
    result->repeat_due_s = at;
    return true;
}

void line_on_repeat(shift_t *shift, int32_t index, int line, int dilution)
{
    result_t *old = &shift->results[index];
    specimen_t *specimen = &shift->specimens[old->specimen];
    old->repeat_due_s = NEVER;
    if (old->replaced_by >= 0 || old->state == RESULT_CANCELLED || specimen->state == SPECIMEN_REJECTED) return;
    if (specimen->blanked && !specimen->cleared) {
        specimen->cleared = true;
        specimen->l_index = (float)exact_round((double)specimen->l_index * 0.02, 0);
    }
    int32_t first = shift->result_count;
    switch (line_bench(line)) {
    case BENCH_HEMATOLOGY: /* the whole count is run again */
        count_run(shift, old->specimen, line, dilution > 1 ? COUNTER_DILUTED : COUNTER_NORMAL);
        break;
    case BENCH_COAGULATION:
        clot_run(shift, old->specimen, line, COAG_OPTICAL, COAG_PLAIN, old->analyte);
        break;
    default:
        if (line_measure(shift, old->specimen, old->analyte, line, dilution, index) < 0) return;
        if (old->state == RESULT_HELD) result_become(shift, old, RESULT_REPLACED);
        line_derive(shift, old->specimen, line);
    }
    verify_specimen(shift, old->specimen, first);
}

/* What the daily start-up reads. Water below 10 MOhm cm, a bath away from 37.0 +/- 0.1 C and a lamp
 * beyond 1000 hours are the books' clues to three of the faults (analytic.csv). */
start_up_readings_t line_start_up(const shift_t *shift, int line, rng_t *rng)
{
    start_up_readings_t readings = {0};
    readings.water_mohm_cm = 15 + 3 * rng_uniform(rng);
    readings.bath_c = 37.0 + 0.04 * rng_normal(rng);
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        if (fault->line != line || shift->now_s < fault->onset_s || fault->cured_s != NEVER) continue;
        const lab_roles_t *roles = lab_roles(shift->lab);
        if (fault->fault.kind == roles->line_water) readings.water_mohm_cm = 4 + 3 * rng_uniform(rng);
        if (fault->fault.kind == roles->line_temperature) readings.bath_c += 0.5 + 0.4 * rng_uniform(rng);
        if (fault->fault.kind == roles->line_lamp) readings.extra_lamp_hours = 900;
    }
    readings.water_mohm_cm = exact_round(readings.water_mohm_cm, 1);
    readings.bath_c = exact_round(readings.bath_c, 2);
    return readings;
}
