/* Blood counts in a shift: a tube on the counter, what it prints, and why a person has to look. Whose cells they are
 * is cells.c, what the counter makes of them is counter.c, which counts need review is review.c. */
#include "lab/review.h"
#include "roles.h"
#include "shift_private.h"

#include <assert.h>
#include <math.h>

enum { BULL_BATCH = 20 };
static const double COUNT_CARRY_OVER = COUNT_CARRY_OVER_PCT / 100.0;

static const struct {
    hema_t test;
    channel_t channel;
} channels[] = {{HEMA_WBC, CHANNEL_WBC}, {HEMA_RBC, CHANNEL_RBC}, {HEMA_HGB, CHANNEL_HGB},  {HEMA_MCV, CHANNEL_MCV},
                {HEMA_PLT, CHANNEL_PLT}, {HEMA_MPV, CHANNEL_MPV}, {HEMA_RETP, CHANNEL_RET}, {HEMA_NRBCP, CHANNEL_NRBC}};
enum { CHANNELS = sizeof channels / sizeof *channels };

static double hours_old(const specimen_t *specimen, int32_t at_s)
{
    return (double)(at_s - specimen->collected_s) / 3600.0;
}

void count_tube(const shift_t *shift, int32_t index, int32_t at_s, cells_t *cells, count_tube_t *tube)
{
    const specimen_t *specimen = &shift->specimens[index];
    const person_t *person = &shift->persons[specimen->blood_person];
    const blood_kept_t *kept = blood_kept(shift, index);
    if (kept->specimen == index + 1)
        *cells = kept->cells;
    else
        cells_at(shift->lab, &person->model, (double)specimen->collected_s / 3600.0, cells);
    if (person->forced_analyte >= 0) cells_force(shift->lab, cells, person->forced_analyte, person->forced_value);
    *tube = (count_tube_t){.cells = cells,
                           .plasma = specimen->plasma,
                           .faults = specimen->faults,
                           .fault_count = specimen->fault_count,
                           .age_h = hours_old(specimen, at_s),
                           .seed = rng_mix(shift->seed + (uint64_t)index)};
}

/* Faults of the line bend the channels by which the affected tests are measured. */
void count_state(const shift_t *shift, int line, int32_t at_s, counter_state_t *state)
{
    *state = counter_clean();
    state->nrbc_counted = 1; /* HM-1 counts nuclei of red cells as white cells unless it is run in its nRBC mode */
    for (int i = 0; i < CHANNELS; i++) {
        int a = cells_analyte(shift->lab, channels[i].test);
        if (a < 0 || !tests_has(shift->lines[line].fault_mask, a)) continue;
        analyzer_effect_t effect;
        line_effect(shift, line, a, at_s, &effect);
        if (!effect.affects) continue;
        state->gain[channels[i].channel] *= effect.patient_mul;
        state->offset[channels[i].channel] += effect.patient_add;
        if (effect.flags & FLAG_APERTURE) { /* what it does to a count is in the counter; to controls, their SD */
            state->aperture = 1;
            continue;
        }
        if (effect.sd_mul > state->imprecision) state->imprecision = effect.sd_mul;
        if (effect.flags & FLAG_CARRY_OVER) {
            state->carryover = COUNT_CARRY_OVER;
            for (int c = 0; c < CHANNEL_COUNT; c++) state->before[c] = shift->count_before[c];
        }
    }
}

/* Controls run from the low level to the high one, the first of them after the last patient: what each keeps of the
 * material before it, in SD. */
double count_control_carry_over(const shift_t *shift, int analyte, int level)
{
    const analyte_t *about = lab_analyte(shift->lab, analyte); /* of the method, whatever limits are assigned */
    static const hema_t adds[] = {HEMA_WBC, HEMA_RBC, HEMA_HGB, HEMA_PLT}; /* sizes and shares of controls hardly mix */
    bool adds_up = false;
    for (size_t i = 0; i < sizeof adds / sizeof *adds; i++) adds_up |= analyte == cells_analyte(shift->lab, adds[i]);
    if (!adds_up || !(about->qc_sd[level] > 0)) return 0;
    if (level > 0) return COUNT_CARRY_OVER * about->qc_target[level - 1] / about->qc_sd[level];
    for (int i = 0; i < CHANNELS; i++)
        if (analyte == cells_analyte(shift->lab, channels[i].test))
            return COUNT_CARRY_OVER * shift->count_before[channels[i].channel] / about->qc_sd[0];
    return 0;
}

/* What the counter's flags say of its tests, one set for each word of the LIS. */
typedef struct {
    analyte_set_t short_sample, linearity, counter;
} flagged_t;

static flagged_t flagged_by(const shift_t *shift, uint64_t flags)
{
    flagged_t flagged = {0};
    for (uint64_t left = flags; left != 0; left &= left - 1) {
        int flag = __builtin_ctzll(left);
        if (count_flag_class(flag) == FLAG_DEFINITIVE) continue;
        analyte_set_t reach;
        counter_flag_reach(shift->lab, flag, &reach);
        analyte_set_join(flag == CF_SHORT_SAMPLE ? &flagged.short_sample
                         : flag == CF_OVER_RANGE ? &flagged.linearity
                                                 : &flagged.counter,
                         &reach);
    }
    return flagged;
}

static uint32_t flags_of(const flagged_t *flagged, int a)
{
    return (analyte_set_has(&flagged->short_sample, a) ? FLAG_SHORT : 0u) |
           (analyte_set_has(&flagged->linearity, a) ? FLAG_LINEARITY : 0u) |
           (analyte_set_has(&flagged->counter, a) ? FLAG_COUNTER : 0u);
}

/* A rerun that takes an interference away reports what it is made for; the rest stands as it was counted. */
static bool reported_by(counter_mode_t mode, hema_t h)
{
    static const hema_t white[] = {HEMA_WBC,  HEMA_NEUTA, HEMA_NEUTP, HEMA_LYMPHA, HEMA_LYMPHP, HEMA_MONOA, HEMA_MONOP,
                                   HEMA_EOSA, HEMA_EOSP,  HEMA_BASOA, HEMA_BASOP,  HEMA_IGP,    HEMA_IGA,   HEMA_NRBCP};
    static const hema_t platelets[] = {HEMA_PLT, HEMA_MPV, HEMA_IPF}, hemoglobin[] = {HEMA_HGB, HEMA_MCH, HEMA_MCHC},
                        size[] = {HEMA_HCT, HEMA_MCV, HEMA_MCHC, HEMA_RDWCV, HEMA_RDWSD},
                        packed[] = {HEMA_HCT, HEMA_MCV, HEMA_MCHC};
    static const struct {
        const hema_t *tests;
        size_t count;
    } rows[COUNTER_MODES] = {
        [COUNTER_NRBC] = {white, sizeof white / sizeof *white},
        [COUNTER_EXTENDED_LYSE] = {white, sizeof white / sizeof *white},
        [COUNTER_OPTICAL_PLT] = {platelets, sizeof platelets / sizeof *platelets},
        [COUNTER_PLASMA_REPLACED] = {hemoglobin, sizeof hemoglobin / sizeof *hemoglobin},
        [COUNTER_REST] = {size, sizeof size / sizeof *size},
        [COUNTER_SPUN_HCT] = {packed, sizeof packed / sizeof *packed},
    };
    if (!rows[mode].tests) return true; /* the whole count again */
    for (size_t i = 0; i < rows[mode].count; i++)
        if (rows[mode].tests[i] == h) return true;
    return false;
}

/* Flags of what a partial rerun reports are new; the others stand. */
static uint64_t flags_after(const shift_t *shift, const specimen_t *specimen, const count_t *count, counter_mode_t mode)
{
    uint64_t flags = count->flags;
    if (specimen->runs <= 1) return flags;
    analyte_set_t all = {{0}}, reported = {{0}};
    for (int h = 0; h < HEMA_COUNT; h++) {
        int a = cells_analyte(shift->lab, (hema_t)h);
        if (a < 0) continue;
        analyte_set_add(&all, a);
        if (reported_by(mode, (hema_t)h)) analyte_set_add(&reported, a);
    }
    for (int f = 0; f < CF_COUNT; f++) {
        analyte_set_t reach;
        uint64_t reaches = 0, touched = 0;
        counter_flag_reach(shift->lab, f, &reach);
        for (int w = 0; w < ANALYTE_WORDS; w++) {
            reaches |= reach.bits[w] & all.bits[w];
            touched |= reach.bits[w] & reported.bits[w];
        }
        if (reaches == 0 || touched != 0) continue;
        flags = (flags & ~count_flag_bit(f)) | (specimen->count_flags & count_flag_bit(f));
    }
    return flags;
}

void count_run(shift_t *shift, int32_t index, int line, counter_mode_t mode)
{
    specimen_t *specimen = &shift->specimens[index];
    world_prepare(shift, index);
    cells_t cells;
    count_tube_t tube;
    counter_state_t state;
    count_t count;
    specimen->counted_s = shift->now_s;
    count_tube(shift, index, shift->now_s, &cells, &tube);
    count_state(shift, line, shift->now_s, &state);
    counter_run(shift->lab, &tube, mode, &state, specimen->runs++, &count);
    specimen->count_flags = flags_after(shift, specimen, &count, mode);
    specimen->count_mode = (int8_t)mode;
    for (int c = 0; c < CHANNEL_COUNT; c++) shift->count_before[c] = count.raw[c];
    bool again = specimen->first_result >= 0;
    const flagged_t flagged = flagged_by(shift, count.flags);
    for (int h = 0; h < HEMA_COUNT; h++) {
        int a = cells_analyte(shift->lab, (hema_t)h), slot = a < 0 ? -1 : specimen_slot(specimen, a);
        if (slot < 0 || !reported_by(mode, (hema_t)h)) continue;
        int32_t old = again ? shift_specimen_result(shift, index, a) : -1;
        int32_t at = result_add_at(shift, index, a, slot, line, old);
        if (at < 0) return;
        result_t *result = &shift->results[at];
        double x = count.value[h];
        result->flags = flags_of(&flagged, a);
        if (x != x) result->flags |= FLAG_VOTE_OUT;
        result_report(shift, result, x);
        if (count.mark[h] == MARK_OVER) result->sign = 1;
        if (old >= 0 && shift->results[old].state == RESULT_HELD)
            result_become(shift, &shift->results[old], RESULT_REPLACED);
    }
}

/* ---- patients as controls: Bull's averages ---- */

/* Targets: the house's own mean of 100,000 drawn patients of its mix of settings (outpatient 3, ED 3, inpatient 6,
 * ICU 2); limits of 3 % are the customary ones. */
static const struct {
    hema_t test;
    qc_bull_plan_t plan;
} bull_table[BULL_TESTS] = {
    {HEMA_MCV, {89.5, 3, BULL_BATCH}}, {HEMA_MCH, {29.8, 3, BULL_BATCH}}, {HEMA_MCHC, {33.3, 3, BULL_BATCH}}};

const qc_bull_plan_t *count_bull_plan(int which)
{
    return &bull_table[which].plan;
}

void count_start(shift_t *shift)
{
    for (int i = 0; i < BULL_TESTS; i++) qc_bull_init(&bull_table[i].plan, &shift->bull[i]);
}

/* A test's result among those from `first` on; NULL: none. */
static const result_t *run_result(const shift_t *shift, int32_t index, int32_t first, hema_t test)
{
    int32_t at = shift_specimen_result(shift, index, cells_analyte(shift->lab, test));
    return at < first ? NULL : &shift->results[at];
}

static void bull_add(shift_t *shift, int32_t index, int32_t first)
{
    for (int i = 0; i < BULL_TESTS; i++) {
        const qc_bull_plan_t *plan = &bull_table[i].plan;
        const result_t *result = run_result(shift, index, first, bull_table[i].test);
        if (!result || result->run > 0 || (result->flags & (FLAG_VOTE_OUT | FLAG_COUNTER))) continue;
        bool before = qc_bull_signal(plan, &shift->bull[i]) >= QC_AVERAGE_HIGH;
        if (!qc_bull_add(plan, &shift->bull[i], result->value)) continue;
        if (qc_bull_signal(plan, &shift->bull[i]) >= QC_AVERAGE_HIGH && !before)
            notice_push(shift, NOTICE_AVERAGE, -1, result->line, result->analyte, -1, -1, 0);
    }
}

/* ---- why it is held ---- */

const review_t *lab_review(const lab_t *lab)
{
    return lab->review;
}

/* White cells, hemoglobin and platelets that fell together by an eighth or more: dilution. */
static bool fell_together(const shift_t *shift, int32_t index, int32_t first)
{
    static const hema_t counts[] = {HEMA_WBC, HEMA_HGB, HEMA_PLT};
    const double *prior = specimen_prior(shift, &shift->specimens[index]);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const result_t *r = run_result(shift, index, first, counts[i]);
        if (!r || !(prior[r->slot] > 0) || !(r->value < 0.875 * prior[r->slot])) return false;
    }
    return true;
}

void count_holds(shift_t *shift, int32_t index, int32_t first)
{
    specimen_t *specimen = &shift->specimens[index];
    const person_t *person = &shift->persons[specimen->order_person];
    review_case_t what;
    review_case_clear(&what);
    what.sex = person->model.sex;
    what.age = person->model.age_y;
    what.age_h = hours_old(specimen, shift->now_s);
    what.first = person->priors == 0;
    what.confirmed = false;
    what.flags = specimen->count_flags;
    bool known = person->priors > 0 && specimen->values >= 0;
    if (known) what.since_h = (double)person->prior_hours[0] + (double)specimen->collected_s / 3600.0;
    int moved = 0;
    for (int32_t i = first; i < shift->result_count; i++) {
        const result_t *r = &shift->results[i];
        what.value[r->analyte] = r->value;
        if (known) what.previous[r->analyte] = specimen_prior(shift, specimen)[r->slot];
        if (r->value != r->value) tests_add(what.no_value, r->analyte);
        moved += r->delta_failed && tests_has(lab_roles(shift->lab)->identity_marks, r->analyte);
    }
    bull_add(shift, index, first);
    specimen->review = review_hits(lab_review(shift->lab), &what);
    uint32_t hold = specimen->review ? HOLD_REVIEW : 0;
    if (moved >= 2 || (known && fell_together(shift, index, first))) hold |= HOLD_CONSISTENCY;
    for (int32_t i = first; i < shift->result_count; i++) shift->results[i].hold |= hold;
}
