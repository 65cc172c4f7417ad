/* Autoverification: the rule chain of CLSI AUTO10/AUTO15 as the laboratory's SOP states it
 * (quality control, instrument flags, serum indices, measuring range, absurd limits, critical
 * limits, delta, consistency). A result that breaks none goes out by itself; the others wait for
 * a person with the reasons why. Limits are data: analytes.csv, hil_limits.csv, absurd_limits.csv. */
#include "fault_tables.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>

enum { AVERAGE_WARM_UP = 20, GLUCOSE_ON_CELLS_S = 2 * 3600 };

/* What the rules ask of a specimen, the same for each of its results. */
typedef struct {
    const specimen_t *specimen;
    const fault_tables_t *limits;
    int sex;
    const double *prior; /* by slot; NULL: none */
    double prior_h;      /* hours since */
    int waited;          /* the analyte that suffered on the cells, -1 */
    bool parts_closed;   /* what a counter calculates from has no accepted controls */
} asked_t;

/* What a counter calculates is as good as what it comes from: indices and classes wait with their parts. */
static bool parts_closed(const shift_t *shift, int line)
{
    static const hema_t parts[] = {HEMA_WBC, HEMA_RBC, HEMA_HGB, HEMA_MCV};
    if (line < 0 || line_bench(line) != BENCH_HEMATOLOGY) return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int a = cells_analyte(shift->lab, parts[i]);
        const assay_t *part = a < 0 ? NULL : &shift->assays[line][a];
        if (part && part->used && (part->qc_state == QC_REJECTED || part->qc_state == QC_OVERDUE)) return true;
    }
    return false;
}

static asked_t asked_of(const shift_t *shift, const specimen_t *specimen, int line)
{
    const person_t *person = &shift->persons[specimen->order_person];
    asked_t asked = {.specimen = specimen, .limits = fault_tables(shift->lab), .sex = person->model.sex, .waited = -1};
    if (person->priors) {
        asked.prior = specimen_prior(shift, specimen);
        asked.prior_h = (double)person->prior_hours[0] + (double)specimen->collected_s / 3600.0;
    }
    /* glucose falls 5 to 7 % an hour on the cells: over two hours unspun a person looks (stability facts) */
    bool cells = lab_tube(shift->lab, specimen->tube)->clot_min > 0;
    if (cells && specimen->spun_s - specimen->collected_s > GLUCOSE_ON_CELLS_S)
        asked.waited = lab_roles(shift->lab)->glucose;
    asked.parts_closed = parts_closed(shift, line);
    return asked;
}

static char mark_of(const analyte_t *analyte, int sex, double value)
{
    if (value < analyte->ri_low[sex]) return 'L'; /* comparisons with NAN are false: no interval, no mark */
    if (value > analyte->ri_high[sex]) return 'H';
    return ' ';
}

static bool delta_fails(const analyte_t *analyte, double value, double prior, double hours)
{
    if (prior != prior || analyte->delta == DELTA_NONE || hours > analyte->delta_window_h) return false;
    double change = exact_abs(value - prior);
    if (analyte->delta == DELTA_ABS) return change > analyte->delta_limit;
    return prior > 0 && change > analyte->delta_limit / 100 * prior;
}

static uint32_t single_holds(const shift_t *shift, const asked_t *asked, result_t *result)
{
    const specimen_t *specimen = asked->specimen;
    const analyte_t *analyte = analyte_at(shift->lab, result->analyte);
    const assay_t *assay = &shift->assays[result->line][result->analyte];
    double value = result->value;
    uint32_t hold = 0;
    if (assay->used && (assay->qc_state == QC_REJECTED || assay->qc_state == QC_OVERDUE)) hold |= HOLD_QC;
    if (result->flags) hold |= HOLD_FLAG;
    if (result->sign) hold |= HOLD_RANGE;
    const fault_tables_t *limits = asked->limits;
    if ((double)specimen->h_index > limits->hil[0][result->analyte]) hold |= HOLD_HEMOLYSIS;
    if ((double)specimen->i_index > limits->hil[1][result->analyte]) hold |= HOLD_ICTERUS;
    if ((double)specimen->l_index > limits->hil[2][result->analyte]) hold |= HOLD_LIPEMIA;
    if (value < limits->absurd_low[result->analyte] || value > limits->absurd_high[result->analyte])
        hold |= HOLD_IMPLAUSIBLE;
    if (value <= analyte->critical_low || value >= analyte->critical_high) {
        result->critical = true;
        hold |= HOLD_CRITICAL;
    }
    result->mark = mark_of(analyte, asked->sex, value);
    if (asked->prior && delta_fails(analyte, value, asked->prior[result->slot], asked->prior_h)) {
        result->delta_failed = true;
        hold |= HOLD_DELTA;
    }
    if (asked->parts_closed && !assay->used) hold |= HOLD_QC;
    if (specimen->time_missing || result->analyte == asked->waited) hold |= HOLD_SPECIMEN;
    return hold;
}

/* ---- rules between tests ---- */

typedef struct {
    shift_t *shift;
    int32_t newest[LAB_MAX_ANALYTES]; /* result index by analyte, -1 */
} set_t;

static double value_of(const set_t *set, int analyte)
{
    return analyte < 0 || set->newest[analyte] < 0 ? NAN : set->shift->results[set->newest[analyte]].value;
}

static void hold_these(set_t *set, const int *analytes, int count)
{
    for (int i = 0; i < count; i++)
        if (analytes[i] >= 0 && set->newest[analytes[i]] >= 0)
            set->shift->results[set->newest[analytes[i]]].hold |= HOLD_CONSISTENCY;
}

#define HOLD_ALL(...)                                                                                                  \
    hold_these(set, (const int[]){__VA_ARGS__}, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

/* Section 4 of the autoverification facts. Comparisons with a missing test are false. */
static void consistency_holds(set_t *set)
{
    const lab_roles_t *r = lab_roles(set->shift->lab);
#define V(role) value_of(set, r->role)
    if (V(albumin) >= V(total_protein) || V(total_protein) - V(albumin) < 0.8)
        HOLD_ALL(r->albumin, r->total_protein, r->globulin);
    if (V(bili_direct) > V(bili_total) + 0.1) HOLD_ALL(r->bili_direct, r->bili_total);
    if (V(anion_gap) < 2 || V(anion_gap) > 30) HOLD_ALL(r->sodium, r->chloride, r->co2, r->anion_gap);
    if (V(potassium) > 6.0 && (V(calcium) < 7.5 || V(alp) < 30 || V(magnesium) < 1.2))
        HOLD_ALL(r->potassium, r->calcium, r->alp, r->magnesium);
    if (V(chloride) > 115 && V(sodium) <= 150 && V(calcium) < 8.0)
        HOLD_ALL(r->chloride, r->sodium, r->co2, r->potassium, r->calcium);
    if (V(glucose) > 600 && V(sodium) < 132) HOLD_ALL(r->glucose, r->sodium);
    if (V(bun) / V(creatinine) > 40 || V(bun) / V(creatinine) < 4) HOLD_ALL(r->bun, r->creatinine);
    if (V(ast) / V(alt) > 10 || V(ast) / V(alt) < 0.1) HOLD_ALL(r->ast, r->alt);
    if (V(triglycerides) > 400) HOLD_ALL(r->ldl_calc, r->triglycerides);
#undef V
}

/* Two or more stable analytes that moved together by 15 % against the last result: dilution or a
 * short sample (autoverification facts, section 4); two or more that fail their delta on clear
 * serum: another person's blood. Both hold the whole specimen. */
static void pattern_holds(shift_t *shift, const specimen_t *specimen, int32_t first)
{
    const person_t *person = &shift->persons[specimen->order_person];
    if (!person->priors || specimen->values < 0) return;
    const lab_roles_t *r = lab_roles(shift->lab);
    const double *prior = specimen_prior(shift, specimen);
    int fell = 0, moved = 0;
    for (int32_t i = first; i < shift->result_count; i++) {
        const result_t *result = &shift->results[i];
        double before = prior[result->slot];
        if (before != before || before <= 0) continue;
        fell += tests_has(r->dilution_marks, result->analyte) && result->value < 0.85 * before;
        moved += tests_has(r->identity_marks, result->analyte) && result->delta_failed;
    }
    if (fell < 2 && moved < 2) return;
    for (int32_t i = first; i < shift->result_count; i++) shift->results[i].hold |= HOLD_CONSISTENCY;
}

/* Patient moving average (qc.md section 6): results outside the interval widened by its own width on
 * both sides are left out; the first AVERAGE_WARM_UP of the shift set the target and its SD; after
 * that an EWMA with lambda = 2/(N+1), N = 40, alarms beyond 3.5 of its steady SD. */
static void average_patient(shift_t *shift, const result_t *result)
{
    assay_t *assay = &shift->assays[result->line][result->analyte];
    const analyte_t *analyte = analyte_at(shift->lab, result->analyte);
    double low = analyte->ri_low[SEX_FEMALE], high = analyte->ri_high[SEX_MALE], width = high - low;
    if (!assay->used || result->sign || !(width > 0)) return;
    if (result->value < low - width || result->value > high + width) return;
    assay->averaged++;
    double step = result->value - assay->average_target;
    if (assay->averaged <= AVERAGE_WARM_UP) { /* Welford's running mean and sum of squares */
        assay->average_target += step / assay->averaged;
        assay->average_squares += step * (result->value - assay->average_target);
        return;
    }
    const double lambda = 2.0 / 41.0;
    if (assay->averaged == AVERAGE_WARM_UP + 1) { /* the warm-up is over: its SD stands */
        double sd = exact_sqrt(assay->average_squares / (AVERAGE_WARM_UP - 1));
        assay->average_gain = sd > 0 ? lambda / sd : 0;
    }
    if (!(assay->average_gain > 0)) return;
    assay->ewma = (1 - lambda) * assay->ewma + assay->average_gain * step;
    /* the target is itself the mean of AVERAGE_WARM_UP results: its variance adds to the EWMA's */
    double limit = 3.5 * exact_sqrt(lambda / (2 - lambda) + 1.0 / AVERAGE_WARM_UP);
    bool alarm = exact_abs(assay->ewma) > limit;
    if (alarm && !assay->average_alarm)
        notice_push(shift, NOTICE_AVERAGE, -1, result->line, result->analyte, -1, -1, 0);
    assay->average_alarm = alarm;
}

void result_release(shift_t *shift, int32_t index, bool automatic)
{
    result_t *result = &shift->results[index];
    result_become(shift, result, RESULT_RELEASED);
    result->released_s = shift->now_s;
    result->automatic = automatic;
    /* results of the same test that were waiting are settled by this one */
    for (int32_t i = result->rerun_of; i >= 0; i = shift->results[i].rerun_of)
        if (shift->results[i].state == RESULT_HELD || shift->results[i].state == RESULT_PENDING)
            result_become(shift, &shift->results[i], RESULT_REPLACED);
}

void specimen_settle(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->state != SPECIMEN_RESULTED && specimen->state != SPECIMEN_DONE) return;
    const int16_t *in_state = specimen->in_state;
    bool open = specimen->resulted_s == NEVER || in_state[RESULT_PENDING] > 0 || in_state[RESULT_HELD] > 0;
    specimen->state = open ? SPECIMEN_RESULTED : SPECIMEN_DONE;
}

void verify_specimen(shift_t *shift, int32_t index, int32_t first)
{
    specimen_t *specimen = &shift->specimens[index];
    const asked_t asked = asked_of(
        shift, specimen, first < shift->result_count ? shift->results[first].line : -1); /* one run, one line */
    for (int32_t i = first; i < shift->result_count; i++)
        shift->results[i].hold = single_holds(shift, &asked, &shift->results[i]);
    if (specimen->bench == BENCH_CHEMISTRY) {
        set_t set;
        set.shift = shift;
        specimen_newest(shift, specimen, set.newest);
        consistency_holds(&set);
        pattern_holds(shift, specimen, first);
    } else if (specimen->bench == BENCH_HEMATOLOGY) {
        count_holds(shift, index, first);
    } else {
        clot_holds(shift, index, first);
    }
    bool held = false, down = care_lis_down(shift);
    for (int32_t i = first; i < shift->result_count; i++) {
        result_t *result = &shift->results[i];
        average_patient(shift, result);
        if (result->state == RESULT_REPLACED) continue;
        /* a rerun is always looked at by a person */
        if (result->run > 0 && !analyte_at(shift->lab, result->analyte)->derived) result->hold |= HOLD_MANUAL;
        if (down) result->hold |= HOLD_MANUAL; /* the rules do not run meanwhile */
        if (result->hold) {
            result_become(shift, result, RESULT_HELD);
            held = true;
        } else {
            result_release(shift, i, true);
        }
    }
    specimen_settle(shift, index);
    notice_push(shift, held ? NOTICE_HELD : NOTICE_RELEASED, index, -1, -1, -1, -1, 0);
}

const char *hold_word(int bit)
{
    static const char *const words[HOLD_COUNT] = {
        "critical",        "delta",          "hemolysis index",       "icterus index", "lipemia index",
        "measuring range", "implausible",    "consistency",           "analyzer flag", "QC not accepted",
        "specimen",        "moving average", "rerun or held by hand", "review rule"};
    return bit >= 0 && bit < HOLD_COUNT ? words[bit] : "";
}
