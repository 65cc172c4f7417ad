/* Quality control on the lines: two levels of every test, history of earlier shifts, runs of this
 * one, and the state that the LIS gates on. A control reads
 *     z = systematic part (analyzer faults) + sd_mul * noise
 * in SD of the laboratory's own mean. What to think of it is the trainee's decision. */
#include "normal.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>

enum {
    HISTORY_RUNS = 24,
    HISTORY_STEP_S = 8 * 3600,
    NEWEST_BEFORE_S = 7 * 3600, /* the last run before the shift */
    QC_RUN_S = 540,
    QC_REVIEW_S = 45 * 60,
    QC_BETWEEN_S = 8 * 3600 + 1800
};

_Static_assert(HISTORY_RUNS < 32 && MONTH_RUNS < 32, "a bit for each point of earlier shifts");

/* z by the limits of the point's time, of a z in SD of the method. */
static double by_own_limits(const shift_t *shift, int line, int a, const plant_t *month, const qc_point_t *point, int l,
                            double z)
{
    const analyte_t *analyte = lab_analyte(shift->lab, a);
    double mean, sd, spoiled;
    if (month && month_spoiled(shift, month, point->run, &spoiled)) z += spoiled;
    month_limits(shift, line, a, l, point->at_s, &mean, &sd);
    return (analyte->qc_target[l] + analyte->qc_sd[l] * z - mean) / sd;
}

/* The values of a point that a fault of the analyzer, a planted month or limits of one's own bear on. */
static void point_bend(const shift_t *shift, int line, int a, qc_point_t *point, rng_t *rng)
{
    const assay_t *assay = &shift->assays[line][a];
    analyzer_effect_t effect;
    line_effect(shift, line, a, point->at_s, &effect);
    const plant_t *month = assay->own_limits ? month_plant(shift, line, a) : NULL;
    bool carried = (effect.flags & FLAG_CARRY_OVER) && line_bench(line) == BENCH_HEMATOLOGY;
    for (int l = 0; l < assay->levels; l++) {
        if (carried) effect.qc_z[l] += count_control_carry_over(shift, a, l);
        double noise = effect.sd_mul;
        if (month) effect.qc_z[l] += month_moves(shift, month, l, point->at_s);
        if (month) noise *= month_scatters(month, l);
        double z = effect.qc_z[l] + noise * normal_next(shift->lab, rng);
        if (effect.spike_prob > 0 && rng_chance(rng, effect.spike_prob)) z += effect.spike_z;
        if (assay->own_limits) z = by_own_limits(shift, line, a, month, point, l, z);
        point->z[l] = (float)z;
        point->truth_z[l] = (float)effect.qc_z[l];
    }
}

static void point_draw(const shift_t *shift, int line, int a, qc_point_t *point, uint32_t domain, uint64_t number)
{
    rng_t rng = rng_at(shift->seed, domain, (uint64_t)line * LAB_MAX_ANALYTES + (uint64_t)a, number);
    const assay_t *assay = &shift->assays[line][a];
    for (int l = assay->levels; l < SHIFT_QC_LEVELS; l++) point->z[l] = point->truth_z[l] = NAN;
    point->drawn = true;
    if (assay->own_limits || tests_has(shift->lines[line].fault_mask, a)) {
        point_bend(shift, line, a, point, &rng);
        return;
    }
    for (int l = 0; l < assay->levels; l++) { /* mostly: noise alone */
        point->z[l] = (float)normal_next(shift->lab, &rng);
        point->truth_z[l] = 0;
    }
}

int32_t qc_history_at(const shift_t *shift, int index)
{
    return -(shift->history_runs - index - 1) * shift->history_step_s - NEWEST_BEFORE_S;
}

/* Points of earlier shifts are made when somebody asks for one. */
qc_point_t *qc_point_facts(const shift_t *shift, int line, int a, int index)
{
    const assay_t *assay = &shift->assays[line][a];
    qc_point_t *point = &assay->points[index];
    uint32_t *unmade = &shift->unmade[line * LAB_MAX_ANALYTES + a];
    if (index >= shift->history_runs || !(*unmade >> index & 1)) return point;
    *unmade &= ~(1u << index);
    int run = shift->history_runs - index;
    int32_t at_s = qc_history_at(shift, index), before_s = at_s - shift->history_step_s;
    bool lot = assay->first_lot_since_s < at_s && assay->first_lot_since_s >= before_s;
    bool calibrated = assay->first_calibrated_s < at_s && assay->first_calibrated_s >= before_s;
    *point = (qc_point_t){.run = -run,
                          .at_s = at_s,
                          .decision = VERDICT_IN_CONTROL,
                          .rule = -1,
                          .cause = -1,
                          .corrective = -1,
                          .decided_s = at_s + 1800,
                          .marks = (uint16_t)((lot ? QC_MARK_LOT : 0) | (calibrated ? QC_MARK_CALIBRATION : 0))};
    return point;
}

const qc_point_t *qc_point(const shift_t *shift, int line, int a, int index)
{
    qc_point_t *point = qc_point_facts(shift, line, a, index);
    if (!point->drawn) point_draw(shift, line, a, point, DRAW_QC_HISTORY, (uint64_t)-point->run);
    return point;
}

static void point_add(shift_t *shift, int line, int a, const qc_point_t *point)
{
    assay_t *assay = &shift->assays[line][a];
    if (assay->point_count == SHIFT_QC_POINTS) {
        for (int i = 0; i < shift->history_runs; i++) qc_point_facts(shift, line, a, i);
        for (int i = 1; i < SHIFT_QC_POINTS; i++) assay->points[i - 1] = assay->points[i];
        assay->point_count--;
    }
    assay->points[assay->point_count++] = *point;
    assay->newest_run = point->run;
}

static void assay_history(shift_t *shift, int line, int a)
{
    assay_t *assay = &shift->assays[line][a];
    assay->point_count = (int16_t)shift->history_runs;
    assay->newest_run = -1;
    assay->first_lot_since_s = assay->lot_since_s;
    assay->first_calibrated_s = assay->calibrated_s;
    shift->unmade[line * LAB_MAX_ANALYTES + a] = (1u << shift->history_runs) - 1;
    month_history(shift, line, a);
    /* what a fault does to them may change with the state of the analyzer: drawn now */
    if (tests_has(shift->lines[line].fault_mask, a))
        for (int i = 0; i < shift->history_runs; i++) qc_point(shift, line, a, i);
    assay->qc_state = QC_ACCEPTED;
    assay->last_accepted_s = assay->last_run_s = -NEWEST_BEFORE_S;
    if (assay->lot_since_s > assay->last_run_s) assay->next_marks |= QC_MARK_LOT;
    if (assay->calibrated_s > assay->last_run_s) assay->next_marks |= QC_MARK_CALIBRATION;
}

void qc_history(shift_t *shift)
{
    qc_point_t *all = shift->points;
    shift->month_planned = month_planned(shift->scenario);
    shift->history_runs = shift->month_planned ? MONTH_RUNS : HISTORY_RUNS;
    shift->history_step_s = shift->month_planned ? MONTH_STEP_S : HISTORY_STEP_S;
    rng_t rng = rng_at(shift->seed, DRAW_LINE, 77, 0);
    shift->control_lot = (int16_t)(4000 + rng_below(&rng, 900));
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = tests_next(shift->lines[line].tests, 0); a >= 0; a = tests_next(shift->lines[line].tests, a + 1)) {
            shift->assays[line][a].points = all;
            all += SHIFT_QC_POINTS;
            assay_history(shift, line, a);
        }
    for (int i = 0; i < shift->scenario->qc_times; i++)
        for (int line = 0; line < SHIFT_LINES; line++)
            if (shift->lines[line].used)
                event_push(shift, shift->scenario->qc_at_s[i] + line * 120, EVENT_QC_START, line, -1, 0);
}

void qc_on_start(shift_t *shift, int line, int analyte, bool fresh_vial)
{
    line_t *state = &shift->lines[line];
    int32_t at = shift->now_s > state->busy_until_s ? shift->now_s : state->busy_until_s;
    int32_t run = state->next_run++;
    if (fresh_vial)
        for (int a = tests_next(state->tests, 0); a >= 0; a = tests_next(state->tests, a + 1))
            if (analyte < 0 || a == analyte) shift->assays[line][a].next_marks |= QC_MARK_NEW_VIAL;
    /* the probe is busy with the controls for a while */
    int32_t probe = analyte < 0 ? 240 : 30;
    if (state->free_s < at + probe) state->free_s = at + probe;
    event_push(shift, at + QC_RUN_S, EVENT_QC_RESULT, line, run, analyte);
}

void qc_on_result(shift_t *shift, int line, int32_t run, int analyte)
{
    line_t *state = &shift->lines[line];
    for (int a = tests_next(state->tests, 0); a >= 0; a = tests_next(state->tests, a + 1)) {
        if (analyte >= 0 && a != analyte) continue;
        assay_t *assay = &shift->assays[line][a];
        qc_point_t point = {.run = run,
                            .at_s = shift->now_s,
                            .rule = -1,
                            .cause = -1,
                            .corrective = -1,
                            .decided_s = NEVER,
                            .marks = assay->next_marks};
        point_draw(shift, line, a, &point, DRAW_QC, (uint64_t)run);
        assay->next_marks = 0;
        point_add(shift, line, a, &point);
        assay->last_run_s = shift->now_s;
        /* a rejected test stays closed until a later run is accepted */
        if (assay->qc_state != QC_REJECTED) assay->qc_state = QC_NOT_REVIEWED;
    }
    state->last_qc_s = shift->now_s;
    if (state->runs < (int)(sizeof state->runs_at / sizeof *state->runs_at)) {
        state->runs_at_s[state->runs] = shift->now_s;
        state->runs_at[state->runs++] = run;
    }
    event_push(shift, shift->now_s + QC_REVIEW_S, EVENT_QC_OVERDUE, line, run, 0);
    notice_push(shift, NOTICE_QC, -1, line, analyte, run, -1, 0);
}

/* Not reviewed in time: the LIS closes the tests of that run. */
void qc_on_overdue(shift_t *shift, int line, int32_t run)
{
    bool any = false;
    const uint64_t *tests = shift->lines[line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        assay_t *assay = &shift->assays[line][a];
        if (assay->newest_run != run || assay->qc_state != QC_NOT_REVIEWED) continue;
        assay->qc_state = QC_OVERDUE;
        any = true;
    }
    if (any) notice_push(shift, NOTICE_ALARM, -1, line, -1, run, -1, 1);
}

/* ---- the board's actions ---- */

static bool need_assay(shift_t *shift, const action_t *action, assay_t **assay, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    if (action->analyte < 0 || action->analyte >= lab_analyte_count(shift->lab) ||
        !tests_has(shift->lines[action->line].tests, action->analyte))
        return err_set(err, ERR_INPUT, "That test has no controls on this line.");
    *assay = &shift->assays[action->line][action->analyte];
    return true;
}

static void decide(shift_t *shift, assay_t *assay, qc_point_t *point, const action_t *action, qc_decision_t verdict)
{
    point->decision = (uint8_t)verdict;
    point->decided_s = shift->now_s;
    point->rule = (int16_t)action->rule;
    point->cause = (int16_t)action->cause;
    point->corrective = (int16_t)action->corrective;
    point->error_type = (uint8_t)action->error_type;
    bool newest = point == &assay->points[assay->point_count - 1];
    if (!newest) return;
    assay->qc_state = verdict == VERDICT_REJECT ? QC_REJECTED : QC_ACCEPTED;
    if (verdict != VERDICT_REJECT) assay->last_accepted_s = point->at_s;
}

static bool judge(shift_t *shift, const action_t *action, err_t *err)
{
    assay_t *assay = NULL;
    if (!need_assay(shift, action, &assay, err)) return false;
    if (action->verdict < VERDICT_IN_CONTROL || action->verdict > VERDICT_REJECT)
        return err_set(err, ERR_INPUT, "Choose a verdict: in control, warning or reject.");
    for (int i = assay->point_count - 1; i >= 0; i--) {
        qc_point_t *point = qc_point_facts(shift, action->line, action->analyte, i);
        if (point->run != action->run) continue;
        if (point->run < 0) return err_set(err, ERR_STATE, "That run belongs to an earlier shift and is signed.");
        if (point->decision != VERDICT_NONE)
            return err_set(err, ERR_STATE, "That run is judged already. Run the controls again if you have doubts.");
        decide(shift, assay, point, action, action->verdict);
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "There is no such control run for this test.");
}

static bool accept_run(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    bool found = false;
    const uint64_t *tests = shift->lines[action->line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        assay_t *assay = &shift->assays[action->line][a];
        if (assay->newest_run != action->run) continue;
        qc_point_t *last = qc_point_facts(shift, action->line, a, assay->point_count - 1);
        found = true;
        if (last->decision == VERDICT_NONE) decide(shift, assay, last, action, VERDICT_IN_CONTROL);
    }
    return found || err_set(err, ERR_NOT_FOUND, "There is no such control run on this line.");
}

/* Repeats, on the line that is in control now, what was released since the last good QC. */
static bool look_back(shift_t *shift, const action_t *action, err_t *err)
{
    assay_t *assay = NULL;
    if (!need_assay(shift, action, &assay, err)) return false;
    int line = action->line;
    if (assay->qc_state != QC_ACCEPTED && line_other(line) >= 0) line = line_other(line);
    if (shift->assays[line][action->analyte].qc_state != QC_ACCEPTED)
        return err_set(err, ERR_STATE, "Repeat the patients once a line is in control for this test; neither is now.");
    int32_t found[SHIFT_BATCH_MAX];
    int32_t n = shift_since_good_qc(shift, action->line, action->analyte, found, SHIFT_BATCH_MAX);
    if (n == 0)
        return err_set(err, ERR_STATE, "No result of this test was released on this line since its last good QC.");
    for (int32_t i = 0; i < n; i++) {
        if (shift->results[found[i]].repeat_due_s != NEVER) continue;
        tray_take_out(shift, shift->results[found[i]].specimen); /* fetched for it */
        line_repeat(shift, found[i], line, 1, 0);
    }
    return true;
}

int32_t shift_since_good_qc(const shift_t *shift, int line, int analyte, int32_t *results, int32_t max)
{
    if (line < 0 || line >= SHIFT_LINES || analyte < 0 || analyte >= LAB_MAX_ANALYTES) return 0;
    const assay_t *assay = &shift->assays[line][analyte];
    if (!assay->used) return 0;
    /* the last accepted run before the newest rejected one */
    int32_t since = assay->last_accepted_s;
    int rejected = -1;
    for (int i = assay->point_count - 1; i >= 0 && rejected < 0; i--)
        if (qc_point_facts(shift, line, analyte, i)->decision == VERDICT_REJECT) rejected = i;
    int32_t until = INT32_MAX;
    if (rejected >= 0) {
        since = NEVER;
        for (int i = rejected - 1; i >= 0 && since == NEVER; i--)
            if (qc_point_facts(shift, line, analyte, i)->decision == VERDICT_IN_CONTROL ||
                assay->points[i].decision == VERDICT_WARNING)
                since = assay->points[i].at_s;
        until = assay->points[rejected].decided_s;
    }
    int32_t n = 0;
    for (int32_t i = 0; i < shift->result_count && n < max; i++) {
        const result_t *r = &shift->results[i];
        if (r->line == line && r->analyte == analyte && r->state == RESULT_RELEASED && r->measured_s >= since &&
            r->measured_s <= until && r->replaced_by < 0)
            results[n++] = i;
    }
    return n;
}

bool board_act(shift_t *shift, const action_t *action, err_t *err)
{
    switch (action->kind) {
    case ACT_JUDGE_QC:
        return judge(shift, action, err);
    case ACT_ACCEPT_QC_RUN:
        return accept_run(shift, action, err);
    case ACT_LOOK_BACK:
        return look_back(shift, action, err);
    case ACT_REVIEW_QC:
        return month_act(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The QC board does not know that action.");
    }
}
