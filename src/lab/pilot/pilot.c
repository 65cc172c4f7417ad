/* Autopilots. They read notices in order and act; what they know is what shift.h shows. The careful
 * one follows the laboratory's procedures (content/lab/sop): inspect, decide, judge controls by the
 * multirules, mend what they point to, repeat, call criticals up the ladder with read-back. */
#include "pilot_private.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[PILOT_COUNT] = {"careful", "accept-all", "reject-all", "call-everything"};

int pilot_from_word(const char *word)
{
    for (int i = 0; i < PILOT_COUNT; i++)
        if (strcmp(word, words[i]) == 0) return i;
    return -1;
}

const char *pilot_word(pilot_t pilot)
{
    return pilot >= 0 && pilot < PILOT_COUNT ? words[pilot] : "";
}

bool pilot_done(const pilot_state_t *p)
{
    return p->failed || shift_over(p->shift) || shift_now_s(p->shift) >= p->until_s;
}

/* Tries an action; a refusal is no failure (the world may have moved on). */
bool pilot_try(pilot_state_t *p, const action_t *action)
{
    if (pilot_done(p)) return false;
    int32_t at = shift_now_s(p->shift);
    err_t refused;
    if (!shift_act(p->shift, action, &refused)) return false;
    if (p->record) p->record(p->context, at, action);
    return true;
}

/* What goes first: the telephone, criticals, controls, the queue, then the hatch. */
static int rank_of(const pilot_state_t *p, const todo_t *todo)
{
    static const int rank[] = {
        [TODO_PHONE] = 0, [TODO_CRITICAL] = 1, [TODO_QC] = 2,   [TODO_FIX] = 3,    [TODO_REVIEW] = 4,
        [TODO_TRAY] = 5,  [TODO_LOAD] = 6,     [TODO_SPIN] = 7, [TODO_UNREAD] = 5, [TODO_ORDER] = 5};
    return todo->urgent && p->pilot == PILOT_CAREFUL ? rank[TODO_CRITICAL] : rank[todo->kind];
}

/* At the end of the line of its rank. */
void pilot_push(pilot_state_t *p, todo_t todo)
{
    int at = p->unused_todo;
    if (at >= 0)
        p->unused_todo = p->todo[at].next;
    else if (p->todos_made < TODO_MAX)
        at = p->todos_made++;
    else
        return;
    int **end = &p->todo_end[rank_of(p, &todo)];
    todo.next = -1;
    p->todo[at] = todo;
    **end = at;
    *end = &p->todo[at].next;
}

/* ---- reception ---- */

static bool same_draw(const pilot_state_t *p, const specimen_view_t *a, const specimen_view_t *b)
{
    return a->index != b->index && a->collected_s == b->collected_s && shift_same_patient(p->shift, a->index, b->index);
}

void pilot_reject(pilot_state_t *p, int32_t specimen, int reason)
{
    action_t action = pilot_on_specimen(ACT_REJECT, specimen);
    action.specimen = -1;
    action.code = reason < 0 ? 0 : reason;
    if (!pilot_try(p, &action) || p->pilot != PILOT_CAREFUL || reason != p->reject_infused) return;
    p->infused[p->infused_count++] = specimen;
    specimen_view_t v, other; /* the citrate tube of that draw carries the infusion too */
    if (!shift_specimen_facts(p->shift, specimen, &v)) return;
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (!shift_specimen_facts(p->shift, s, &other) || other.bench != BENCH_COAGULATION || !same_draw(p, &v, &other))
            continue;
        if (other.state == SPECIMEN_RESULTED || other.state == SPECIMEN_DONE) pilot_reject(p, s, reason);
    }
}

bool pilot_draw_infused(const pilot_state_t *p, const specimen_view_t *v)
{
    for (int i = 0; i < p->infused_count; i++) {
        specimen_view_t other;
        int32_t s = p->infused[i];
        if (s != v->index && shift_specimen_facts(p->shift, s, &other) && same_draw(p, v, &other)) return true;
    }
    return false;
}

static void do_tray(pilot_state_t *p, const todo_t *todo)
{
    specimen_view_t v;
    int comment = 0;
    if (shift_specimen_state(p->shift, todo->specimen) != SPECIMEN_TRAY) return;
    if (p->pilot == PILOT_REJECT_ALL) {
        pilot_reject(p, todo->specimen, p->reject_other);
        return;
    }
    if (p->pilot == PILOT_CAREFUL) {
        action_t inspect = pilot_on_specimen(ACT_INSPECT, todo->specimen);
        inspect.count = 0;
        if (!pilot_try(p, &inspect) || !shift_specimen(p->shift, todo->specimen, &v)) return;
        int reason = pilot_reception_reason(p, &v);
        if (reason < 0) reason = pilot_unfit_reason(p, &v);
        if (reason >= 0) {
            pilot_reject(p, todo->specimen, reason);
            return;
        }
        comment = pilot_ask_time(p, &v);
    }
    action_t accept = pilot_on_specimen(ACT_ACCEPT, todo->specimen);
    accept.specimen = -1;
    accept.code = comment;
    pilot_try(p, &accept);
}

/* ---- quality control ---- */

/* Corrective action, new lot or calibration starts the look-back anew. */
static bool starts_anew(const qc_point_view_t *point)
{
    return point->marks & QC_MARKS_ANEW;
}

/* What the multirule says of the newest point. The histories are kept, so each point is judged once. */
static int judge_newest(pilot_state_t *p, int line, int analyte, int points, const qc_point_view_t *newest,
                        qc_verdict_t *verdict)
{
    static const uint8_t levels[SHIFT_QC_LEVELS] = {1, 2, 3};
    qc_history_t *history = &p->history[line][analyte];
    qc_point_view_t back[LOOK_BACK_RUNS]; /* newest first */
    qc_view_t qc;
    int n = 1;
    if (!shift_qc(p->shift, line, analyte, &qc)) return -1;
    back[0] = *newest;
    if (!p->primed[line][analyte]) {
        qc_history_init(history);
        p->primed[line][analyte] = true;
        while (n < LOOK_BACK_RUNS && n < points && !starts_anew(&back[n - 1]) &&
               shift_qc_point(p->shift, line, analyte, points - 1 - n, &back[n]))
            n++;
    }
    while (n-- > 0) {
        if (starts_anew(&back[n])) qc_history_init(history);
        qc_judge_run(&p->rules, history, back[n].z, levels, qc.levels, verdict);
    }
    return (int)verdict->verdict;
}

static action_t judge_action(int line, int analyte, int32_t run, qc_decision_t decision, bool systematic)
{
    action_t action = action_make(ACT_JUDGE_QC);
    action.line = line;
    action.analyte = analyte;
    action.run = run;
    action.verdict = decision;
    action.error_type = decision == VERDICT_REJECT ? (systematic ? ERROR_SYSTEMATIC : ERROR_RANDOM) : ERROR_NOT_SAID;
    action.cause = action.corrective = action.rule = decision == VERDICT_REJECT ? 0 : -1;
    return action;
}

static void careful_reject(pilot_state_t *p, int line, int analyte, int32_t run, const double *z)
{
    trouble_t *t = &p->trouble[line][analyte];
    bool systematic = (z[0] > 0) == (z[1] > 0);
    action_t action = judge_action(line, analyte, run, VERDICT_REJECT, systematic);
    pilot_try(p, &action);
    if (t->stage == 0) {
        t->stage = 1;
        t->rejected_run = run;
        t->look_back_due = true;
        t->level_pattern = (int8_t)(systematic ? (z[0] > 0 ? 1 : -1) : 2);
    }
    pilot_push(p, (todo_t){.kind = TODO_FIX, .line = line, .analyte = analyte});
}

static void careful_qc(pilot_state_t *p, const todo_t *todo)
{
    int first = todo->analyte < 0 ? 0 : todo->analyte;
    int count = todo->analyte < 0 ? lab_analyte_count(shift_lab(p->shift)) : first + 1;
    for (int a = first; a < count; a++) {
        qc_point_view_t last;
        int points = shift_qc_points(p->shift, todo->line, a);
        if (points == 0) continue;
        if (pilot_done(p)) break;
        if (!shift_qc_point(p->shift, todo->line, a, points - 1, &last) || last.run != todo->run ||
            last.decision != VERDICT_NONE)
            continue;
        qc_verdict_t verdict;
        int judged = judge_newest(p, todo->line, a, points, &last, &verdict);
        trouble_t *t = &p->trouble[todo->line][a];
        if (judged == QC_VERDICT_REJECT) {
            careful_reject(p, todo->line, a, todo->run, last.z);
        } else if (judged == QC_VERDICT_WARN) {
            action_t action = judge_action(todo->line, a, todo->run, VERDICT_WARNING, false);
            pilot_try(p, &action);
        }
        if (judged != QC_VERDICT_REJECT && t->stage > 0 && !pilot_line_is_counter(p, todo->line)) {
            t->stage = 0;
            if (t->look_back_due)
                pilot_push(p, (todo_t){.kind = TODO_FIX, .line = todo->line, .analyte = a, .tries = 1});
        }
    }
    action_t rest = action_make(ACT_ACCEPT_QC_RUN);
    rest.line = todo->line;
    rest.run = todo->run;
    pilot_try(p, &rest);
    if (pilot_line_is_counter(p, todo->line)) pilot_counter_judged(p, todo->line);
}

static void naive_qc(pilot_state_t *p, const todo_t *todo)
{
    if (p->pilot != PILOT_REJECT_ALL) {
        action_t action = action_make(ACT_ACCEPT_QC_RUN);
        action.line = todo->line;
        action.run = todo->run;
        pilot_try(p, &action);
        return;
    }
    int count = lab_analyte_count(shift_lab(p->shift));
    for (int a = 0; a < count && !pilot_done(p); a++) {
        action_t action = judge_action(todo->line, a, todo->run, VERDICT_REJECT, true);
        pilot_try(p, &action);
    }
}

/* A repeat of a result that has gone out: amended when it changed beyond the allowable error. */
bool pilot_settle_repeat(pilot_state_t *p, int32_t old_index, int32_t fresh_index)
{
    result_view_t old, fresh;
    if (!shift_result_facts(p->shift, old_index, &old) || !shift_result_facts(p->shift, fresh_index, &fresh))
        return false;
    const analyte_t *about = lab_analyte(shift_lab(p->shift), fresh.analyte);
    double change = exact_abs(fresh.value - old.value), allowed = 0;
    if (about->tea_abs == about->tea_abs) allowed = about->tea_abs;
    if (about->tea_pct == about->tea_pct && about->tea_pct / 100 * fresh.value > allowed)
        allowed = about->tea_pct / 100 * fresh.value;
    if (!(allowed > 0)) allowed = 0.04 * fresh.value; /* no published limit: as for hemoglobin */
    if (!(change > 0.75 * allowed) || old.amended || (fresh.hold & HOLD_QC)) return false;
    action_t amend = pilot_on_result(ACT_AMEND, old_index);
    amend.count = 0;
    amend.value = fresh.value;
    amend.code = p->amend_qc;
    strcpy(amend.text, "Ward told by telephone; corrected report sent");
    pilot_try(p, &amend);
    return true;
}

/* One step of the corrective sequence for a rejected test: fresh control, then calibration with the
 * lot that the insert asks for, then new reagent, then the part that the pattern points to, then service. */
static void do_fix(pilot_state_t *p, const todo_t *todo)
{
    trouble_t *t = &p->trouble[todo->line][todo->analyte];
    if (pilot_line_is_counter(p, todo->line)) {
        pilot_counter_fix(p, todo->line);
        return;
    }
    if (todo->tries == 1) { /* in control again: repeat the patients since the last good run */
        t->look_back_due = false;
        action_t back = action_make(ACT_LOOK_BACK);
        back.line = todo->line;
        back.analyte = todo->analyte;
        pilot_try(p, &back);
        return;
    }
    assay_view_t assay;
    if (!shift_assay(p->shift, todo->line, todo->analyte, &assay)) return;
    action_t action = action_make(ACT_CALIBRATE);
    action.line = todo->line;
    action.analyte = todo->analyte;
    action_t qc = action_make(ACT_RUN_QC);
    qc.line = todo->line;
    qc.analyte = todo->analyte;
    bool repaired = true;
    bool ion = todo->analyte == p->sodium || todo->analyte == p->potassium || todo->analyte == p->chloride;
    switch (t->stage) {
    case 1:
        qc.code = 1;
        break;
    case 2:
        action.code = atoi(assay.calibrator_lot_wanted + 1);
        repaired = pilot_try(p, &action);
        break;
    case 3:
        action.kind = ion ? ACT_MAINTAIN : ACT_REAGENT;
        action.code = ion ? (int)MAINTAIN_ELECTRODE : 0;
        repaired = pilot_try(p, &action);
        break;
    case 4:
        action.kind = ACT_MAINTAIN;
        action.code = ion ? MAINTAIN_REFERENCE : MAINTAIN_LAMP;
        repaired = pilot_try(p, &action);
        break;
    case 5:
        action.kind = ACT_MAINTAIN;
        action.code = MAINTAIN_SERVICE;
        repaired = pilot_try(p, &action);
        break;
    default:
        return;
    }
    if (!repaired) return;
    t->stage++;
    pilot_try(p, &qc);
}

/* ---- verification ---- */

static bool was_repeated(const pilot_state_t *p, int32_t result)
{
    return (p->reruns[result >> 3] >> (result & 7)) & 1;
}

void pilot_call_critical(pilot_state_t *p, int32_t specimen, int32_t result, int tries)
{
    static const int rungs[CALL_TRIES] = {0, 0, 1, 1, 2, 2, 3, 3};
    static const int wait_s[CALL_TRIES] = {120, 300, 180, 300, 180, 300, 300, 300};
    result_view_t told;
    if (tries > 0 && shift_result_facts(p->shift, result, &told) && told.called) return; /* with another of the tube */
    action_t call = action_make(ACT_CALL);
    call.specimen = specimen;
    call.result = result;
    call.number = rungs[tries];
    if (!pilot_try(p, &call)) return;
    int32_t index = shift_call_count(p->shift) - 1;
    call_view_t view;
    while (index >= 0 && (!shift_call(p->shift, index, &view) || view.incoming)) index--;
    if (index < 0) return;
    if (view.state == CALL_NO_ANSWER) {
        if (tries + 1 < CALL_TRIES)
            pilot_push(p, (todo_t){.kind = TODO_CRITICAL,
                                   .specimen = specimen,
                                   .result = result,
                                   .tries = tries + 1,
                                   .not_before_s = shift_now_s(p->shift) + wait_s[tries]});
        return;
    }
    result_view_t r;
    bool right = true;
    if (result >= 0 && shift_result(p->shift, result, &r)) {
        const char *number = r.text;
        while (*number == '<' || *number == '>' || *number == ' ') number++;
        right = strstr(view.read_back, number) != NULL;
    }
    action_t back = action_make(ACT_READ_BACK);
    back.call = index;
    back.code = right || p->pilot != PILOT_CAREFUL ? READ_BACK_RIGHT : READ_BACK_CORRECTED;
    pilot_try(p, &back);
}

void pilot_verify(pilot_state_t *p, int32_t result)
{
    action_t verify = pilot_on_result(ACT_VERIFY, result);
    result_view_t v;
    bool down = care_lis_down(p->shift);
    if ((!pilot_try(p, &verify) && !down) || !shift_result_facts(p->shift, result, &v)) return;
    /* with the LIS down a critical result is called from the analyzer's own list */
    if ((p->pilot == PILOT_CAREFUL && v.critical && !v.called) || p->pilot == PILOT_CALL_EVERYTHING)
        pilot_call_critical(p, v.specimen, result, 0);
}

void pilot_call_criticals(pilot_state_t *p, int32_t specimen)
{
    int32_t results[REVIEW_MAX];
    int32_t n = shift_specimen_held(p->shift, specimen, results, REVIEW_MAX);
    for (int32_t i = 0; i < n; i++) {
        result_view_t v;
        if (!shift_result_critical(p->shift, results[i]) || (shift_result_hold(p->shift, results[i]) & HOLD_QC))
            continue;
        if (!shift_result_facts(p->shift, results[i], &v) || v.called) continue;
        pilot_call_critical(p, specimen, results[i], 0);
        return; /* one call tells all of the tube */
    }
}

typedef struct {
    int32_t held[REVIEW_MAX]; /* held results, oldest first */
    uint32_t hold;            /* all reasons together */
    int deltas, count;
} gathered_t;

static void gather(pilot_state_t *p, int32_t specimen, gathered_t *review)
{
    review->count = shift_specimen_held(p->shift, specimen, review->held, REVIEW_MAX);
    review->hold = 0;
    review->deltas = 0;
    for (int32_t i = 0; i < review->count; i++) {
        uint32_t hold = shift_result_hold(p->shift, review->held[i]);
        review->hold |= hold;
        review->deltas += (hold & HOLD_DELTA) != 0;
    }
}

/* The whole tube is not to be believed: additive, infusion, another patient, or too old. */
static int tube_reason(const pilot_state_t *p, const gathered_t *review, const specimen_view_t *v)
{
    int32_t results[REVIEW_MAX], newest[LAB_MAX_ANALYTES + 1], *of = newest + 1; /* of[-1]: not in the catalog */
    const int tests[] = {p->potassium, p->calcium, p->chloride, p->albumin, p->total_protein, p->glucose, p->sodium};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) of[tests[i]] = -1;
    int32_t n = shift_specimen_results(p->shift, v->index, results, REVIEW_MAX);
    for (int32_t i = 0; i < n; i++) of[shift_result_analyte(p->shift, results[i])] = results[i];
    double k, ca, cl, alb, tp, glu, na;
    double k_before, ca_before, cl_before, alb_before, tp_before, glu_before, na_before;
    shift_result_value(p->shift, of[p->potassium], &k, &k_before);
    shift_result_value(p->shift, of[p->calcium], &ca, &ca_before);
    shift_result_value(p->shift, of[p->chloride], &cl, &cl_before);
    shift_result_value(p->shift, of[p->albumin], &alb, &alb_before);
    shift_result_value(p->shift, of[p->total_protein], &tp, &tp_before);
    shift_result_value(p->shift, of[p->glucose], &glu, &glu_before);
    shift_result_value(p->shift, of[p->sodium], &na, &na_before);
    bool ca_low = ca < 7.8 || ca < 0.92 * ca_before;
    if ((k > 6.0 || k > k_before + 1.0) && ca_low && !(v->h_index > 100)) return p->reject_contaminated;
    int fell = (tp < 0.86 * tp_before) + (alb < 0.86 * alb_before) + (ca < 0.86 * ca_before) + (k < 0.86 * k_before);
    if (fell >= 2 && (cl > 108 || glu > glu_before + 150 || fell >= 3)) return p->reject_infused;
    if (glu > 600 && na < na_before - 5 && glu > 3 * glu_before) return p->reject_infused;
    if (ca < 6.5 && alb > 3.4 && k > 5.5) return p->reject_contaminated;
    if (review->deltas >= 2 && !(v->h_index > 60) && (review->hold & HOLD_CONSISTENCY)) return p->reject_label;
    return -1;
}

static bool old_for_glucose(const specimen_view_t *v)
{
    return v->collected_s != INT32_MIN && v->spun_s != INT32_MIN && v->spun_s - v->collected_s > 2 * 3600;
}

void pilot_cancel(pilot_state_t *p, int32_t result, const char *reason)
{
    action_t cancel = pilot_on_result(ACT_CANCEL, result);
    int code = lab_code_find(shift_lab(p->shift), CODE_CANCEL_REASON, reason);
    cancel.code = code < 0 ? p->cancel_other : code;
    pilot_try(p, &cancel);
}

/* One held result of a tube that is to be believed as a whole. */
void pilot_review_result(pilot_state_t *p, const specimen_view_t *s, int32_t index)
{
    result_view_t v;
    if (!shift_result_facts(p->shift, index, &v) || v.state != RESULT_HELD) return;
    if (v.repeat_due_s != INT32_MIN) return; /* its repeat is on the way */
    if (v.rerun_of >= 0 && shift_result_state(p->shift, v.rerun_of) == RESULT_RELEASED) {
        if (!pilot_settle_repeat(p, v.rerun_of, index)) pilot_cancel(p, index, "duplicate");
        return;
    }
    const analyte_t *about = lab_analyte(shift_lab(p->shift), v.analyte);
    if (v.hold & HOLD_QC) { /* the other line, if that one is in control */
        qc_state_t other = shift_qc_state(p->shift, line_other(v.line), v.analyte);
        if (other == QC_ACCEPTED || other == QC_NOT_REVIEWED) {
            action_t rerun = pilot_on_result(ACT_RERUN, index);
            rerun.line = line_other(v.line);
            pilot_try(p, &rerun);
        }
        return; /* otherwise it waits until the controls are in */
    }
    if (v.hold & HOLD_HEMOLYSIS) {
        pilot_cancel(p, index, "hemolyzed");
        return;
    }
    if (v.hold & HOLD_LIPEMIA) return; /* the clearing step repeats it */
    bool depleted = v.flags & FLAG_DEPLETION;
    if (depleted || (v.hold & HOLD_RANGE)) {
        if ((depleted || v.below_or_above > 0) && v.dilution == 1) {
            action_t dilute = pilot_on_result(ACT_DILUTE, index);
            dilute.count = 0;
            dilute.number = depleted ? 10 : 5;
            if (pilot_try(p, &dilute)) return;
        }
        pilot_verify(p, index);
        return;
    }
    if (v.analyte == p->glucose && old_for_glucose(s)) {
        pilot_cancel(p, index, "too_old");
        return;
    }
    bool repeat = (v.hold & (HOLD_FLAG | HOLD_IMPLAUSIBLE | HOLD_DELTA)) && !about->derived && v.rerun_of < 0 &&
                  !was_repeated(p, index);
    if (repeat) {
        p->reruns[index >> 3] = (uint8_t)(p->reruns[index >> 3] | (1u << (index & 7)));
        action_t rerun = pilot_on_result(ACT_RERUN, index);
        if (pilot_try(p, &rerun)) return;
    }
    if ((v.hold & HOLD_FLAG) && v.rerun_of >= 0) {
        pilot_cancel(p, index, "instrument_flag");
        return;
    }
    pilot_verify(p, index);
}

static void careful_review(pilot_state_t *p, int32_t specimen)
{
    action_t open = pilot_on_specimen(ACT_OPEN_RESULT, specimen);
    open.count = 0;
    pilot_try(p, &open);
    specimen_view_t v;
    if (!shift_specimen_facts(p->shift, specimen, &v) || v.held == 0) return;
    if (v.bench == BENCH_HEMATOLOGY) {
        pilot_review_count(p, &v);
        return;
    }
    if (v.bench == BENCH_COAGULATION) {
        pilot_review_clot(p, &v);
        return;
    }
    gathered_t review;
    gather(p, specimen, &review);
    int reason = tube_reason(p, &review, &v);
    /* a second tube that says the same is the patient */
    if (reason == p->reject_contaminated && v.recollect_of >= 0) reason = -1;
    if (reason >= 0) {
        pilot_reject(p, specimen, reason);
        return;
    }
    if ((review.hold & HOLD_LIPEMIA) && v.l_index > 0) {
        action_t blank = pilot_on_specimen(ACT_BLANK, specimen);
        blank.count = 0;
        pilot_try(p, &blank);
    }
    for (int i = 0; i < review.count && !pilot_done(p); i++) pilot_review_result(p, &v, review.held[i]);
}

static void do_review(pilot_state_t *p, const todo_t *todo)
{
    if (p->pilot == PILOT_CAREFUL) {
        careful_review(p, todo->specimen);
        return;
    }
    if (p->pilot == PILOT_REJECT_ALL) {
        pilot_reject(p, todo->specimen, p->reject_other);
        return;
    }
    int32_t results[REVIEW_MAX];
    int32_t n = shift_specimen_results(p->shift, todo->specimen, results, REVIEW_MAX);
    for (int32_t i = 0; i < n && !pilot_done(p); i++) {
        result_view_t v;
        if (shift_result_facts(p->shift, results[i], &v) && v.state == RESULT_HELD) pilot_verify(p, results[i]);
    }
}

/* ---- telephone ---- */

/* What the binder allows: results only after two identifiers, labels and advice never. */
static reply_t careful_reply(const call_view_t *call)
{
    static const struct {
        const char *kind;
        reply_t reply;
    } replies[] = {{"ask_result", REPLY_PROMISE},
                   {"add_on", REPLY_REFUSE},
                   {"fix_name", REPLY_REFUSE},
                   {"advice", REPLY_PASS_ON},
                   {"angry", REPLY_PROMISE},
                   {"wrong_number", REPLY_PASS_ON},
                   {"critical_callback", REPLY_GIVE_RESULT},
                   {"courier", REPLY_PROMISE},
                   {"exemption", REPLY_REFUSE},
                   {"bargain", REPLY_REFUSE},
                   {"how_to", REPLY_DO_IT},
                   {"outside_call", REPLY_PASS_ON}};
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        if (strcmp(call->kind, replies[i].kind) == 0) return replies[i].reply;
    return REPLY_PASS_ON;
}

static void do_phone(pilot_state_t *p, const todo_t *todo)
{
    action_t action = action_make(ACT_ANSWER);
    action.call = todo->call;
    if (!pilot_try(p, &action)) return;
    action.kind = ACT_REPLY;
    if (p->pilot == PILOT_CAREFUL) {
        action.code = REPLY_ASK_IDENTIFIERS;
        pilot_try(p, &action);
    }
    call_view_t call;
    action.code = REPLY_GIVE_RESULT;
    if (p->pilot == PILOT_REJECT_ALL) action.code = REPLY_REFUSE;
    if (p->pilot == PILOT_CAREFUL && shift_call(p->shift, todo->call, &call))
        action.code = (int32_t)careful_reply(&call);
    pilot_try(p, &action);
}

/* ---- the loop ---- */

static void review_all(pilot_state_t *p)
{
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.held > 0)
            pilot_push(p, (todo_t){.kind = TODO_REVIEW, .specimen = s, .urgent = shift_specimen_critical(p->shift, s)});
    }
}

static void hear(pilot_state_t *p)
{
    for (; p->seen_notices < shift_notice_count(p->shift); p->seen_notices++) {
        const notice_t *n = shift_notice(p->shift, p->seen_notices);
        switch (n->kind) {
        case NOTICE_ARRIVED:
            pilot_push(p, (todo_t){.kind = TODO_TRAY, .specimen = n->specimen});
            break;
        case NOTICE_SPUN:
            if (p->manual) pilot_push(p, (todo_t){.kind = TODO_LOAD});
            break;
        case NOTICE_ORDER:
            pilot_push(p, (todo_t){.kind = TODO_ORDER, .specimen = n->specimen, .analyte = n->analyte});
            break;
        case NOTICE_UNREAD:
            pilot_push(p, (todo_t){.kind = TODO_UNREAD, .specimen = n->specimen});
            break;
        case NOTICE_STUDY:
        case NOTICE_HELD:
            pilot_push(p, (todo_t){.kind = TODO_REVIEW,
                                   .specimen = n->specimen,
                                   .urgent = shift_specimen_critical(p->shift, n->specimen)});
            break;
        case NOTICE_QC:
            pilot_push(p, (todo_t){.kind = TODO_QC, .line = n->line, .analyte = n->analyte, .run = n->run});
            break;
        case NOTICE_RING:
            pilot_push(p, (todo_t){.kind = TODO_PHONE, .call = n->call});
            break;
        case NOTICE_AVERAGE:
            if (p->pilot == PILOT_CAREFUL)
                pilot_push(p, (todo_t){.kind = TODO_QC, .line = n->line, .analyte = n->analyte, .run = -1});
            break;
        case NOTICE_ALARM: /* what was held while the LIS was down is reviewed when it is back */
            if (n->code == CARE_NOTICE_LIS) review_all(p);
            break;
        default:
            break;
        }
    }
}

static void average_alarm(pilot_state_t *p, const todo_t *todo)
{
    bool counter = pilot_line_is_counter(p, todo->line);
    if (p->trouble[todo->line][todo->analyte].stage > 0 || (counter && p->counter.waits)) return;
    action_t qc = action_make(ACT_RUN_QC);
    qc.line = todo->line;
    qc.analyte = counter ? -1 : todo->analyte; /* the averages are of indices, which have no controls of their own */
    pilot_try(p, &qc);
}

static void work(pilot_state_t *p, const todo_t *todo)
{
    switch (todo->kind) {
    case TODO_TRAY:
        do_tray(p, todo);
        break;
    case TODO_SPIN:
        pilot_spin(p);
        break;
    case TODO_LOAD:
        pilot_load(p);
        break;
    case TODO_REVIEW:
        do_review(p, todo);
        break;
    case TODO_QC:
        if (todo->run < 0)
            average_alarm(p, todo);
        else if (p->pilot == PILOT_CAREFUL)
            careful_qc(p, todo);
        else
            naive_qc(p, todo);
        break;
    case TODO_PHONE:
        do_phone(p, todo);
        break;
    case TODO_CRITICAL:
        pilot_call_critical(p, todo->specimen, todo->result, todo->tries);
        break;
    case TODO_FIX:
        do_fix(p, todo);
        break;
    case TODO_ORDER:
        pilot_order(p, todo->specimen, todo->analyte);
        break;
    case TODO_UNREAD:
        pilot_unread(p, todo->specimen);
        break;
    }
}

int pilot_code(const pilot_state_t *p, code_kind_t kind, const char *word)
{
    int found = lab_code_find(shift_lab(p->shift), kind, word);
    return found < 0 ? 0 : found;
}

/* The link to what to do first, NULL: nothing now. Among equals who came first is first. */
static int *next_todo(pilot_state_t *p)
{
    for (int rank = 0; rank < TODO_RANKS; rank++)
        for (int *link = &p->first_todo[rank]; *link >= 0; link = &p->todo[*link].next)
            if (p->todo[*link].not_before_s <= shift_now_s(p->shift)) return link;
    return NULL;
}

static todo_t take_todo(pilot_state_t *p, int *link)
{
    int at = *link;
    *link = p->todo[at].next;
    if (*link < 0) p->todo_end[rank_of(p, &p->todo[at])] = link;
    p->todo[at].next = p->unused_todo;
    p->unused_todo = at;
    return p->todo[at];
}

static int32_t soonest_todo(const pilot_state_t *p)
{
    int32_t soonest = p->until_s;
    for (int rank = 0; rank < TODO_RANKS; rank++)
        for (int at = p->first_todo[rank]; at >= 0; at = p->todo[at].next)
            if (p->todo[at].not_before_s < soonest) soonest = p->todo[at].not_before_s;
    return soonest;
}

/* Nothing to do: fill the centrifuge, load what is spun, or wait for the next thing to happen. */
static void idle(pilot_state_t *p)
{
    if (p->manual) { /* with the automation track, tubes go by themselves */
        int32_t before = shift_action_count(p->shift);
        pilot_load(p);
        pilot_spin(p);
        if (shift_action_count(p->shift) != before) return;
    }
    int32_t at = shift_next_notice_s(p->shift), todo = soonest_todo(p), now = shift_now_s(p->shift);
    if (todo < at) at = todo;
    if (at <= now) at = now + 1;
    if (p->pilot == PILOT_CAREFUL && now + 2 * STEP_S >= shift_length_s(p->shift)) {
        if (p->manual) pilot_store(p);
        action_t note = action_make(ACT_HAND_OVER);
        strcpy(note.text, "Pending: see the worklist. Controls judged, rejected tests and calls as logged.");
        pilot_try(p, &note);
        return;
    }
    if (at > shift_length_s(p->shift) - 2 * STEP_S && now < shift_length_s(p->shift) - 2 * STEP_S)
        at = shift_length_s(p->shift) - 2 * STEP_S;
    /* a tube that still clots becomes ready without a notice */
    if (p->manual && at > now + STEP_S) at = now + STEP_S;
    shift_advance(p->shift, at < p->until_s ? at : p->until_s);
}

static void learn_codes(pilot_state_t *p)
{
    const lab_t *lab = shift_lab(p->shift);
    const struct {
        int *analyte;
        const char *id;
    } tests[] = {{&p->potassium, "potassium"},
                 {&p->sodium, "sodium"},
                 {&p->chloride, "chloride"},
                 {&p->calcium, "calcium"},
                 {&p->albumin, "albumin"},
                 {&p->total_protein, "total_protein"},
                 {&p->glucose, "glucose"},
                 {&p->wbc, "WBC"},
                 {&p->hgb, "HGB"},
                 {&p->hct, "HCT"},
                 {&p->plt, "PLT"},
                 {&p->mcv, "MCV"},
                 {&p->mch, "MCH"},
                 {&p->mchc, "MCHC"},
                 {&p->rdw_cv, "RDWCV"},
                 {&p->nrbc, "NRBCP"},
                 {&p->aptt, "APTT"},
                 {&p->inr, "INR"},
                 {&p->fib, "FIB"},
                 {&p->anti_xa, "ANTIXA_UFH"}};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) *tests[i].analyte = lab_analyte_find(lab, tests[i].id);
    p->reject_hemolyzed = pilot_code(p, CODE_REJECT_REASON, "hemolyzed");
    p->reject_contaminated = pilot_code(p, CODE_REJECT_REASON, "contaminated_additive");
    p->reject_infused = pilot_code(p, CODE_REJECT_REASON, "contaminated_iv");
    p->reject_label = pilot_code(p, CODE_REJECT_REASON, "label_mismatch");
    p->reject_unlabeled = pilot_code(p, CODE_REJECT_REASON, "unlabeled");
    p->reject_tube = pilot_code(p, CODE_REJECT_REASON, "wrong_tube");
    p->reject_other = pilot_code(p, CODE_REJECT_REASON, "insufficient");
    p->cancel_other = pilot_code(p, CODE_CANCEL_REASON, "duplicate");
    p->amend_qc = pilot_code(p, CODE_AMEND_REASON, "qc_look_back");
    err_t ignored;
    qc_rules_parse("1-3s,2-2s,R-4s,4-1s,10-x", &p->rules, &ignored);
}

static bool try_care(void *context, const action_t *action)
{
    return pilot_try(context, action);
}

bool pilot_run(shift_t *shift, pilot_t pilot, int32_t until_s, pilot_record_fn record, void *context, err_t *err)
{
    pilot_state_t *p = malloc(sizeof *p);
    if (!p) return err_set(err, ERR_MEMORY, "There is not enough memory for the autopilot.");
    memset(p, 0, offsetof(pilot_state_t, infused)); /* the rest is written before it is read */
    for (int rank = 0; rank < TODO_RANKS; rank++) {
        p->first_todo[rank] = -1;
        p->todo_end[rank] = &p->first_todo[rank];
    }
    p->unused_todo = -1;
    p->shift = shift;
    p->pilot = pilot;
    p->record = record;
    p->context = context;
    p->err = err;
    p->until_s = until_s < shift_length_s(shift) ? until_s : shift_length_s(shift);
    learn_codes(p);
    p->manual = scenario_is_manual(shift_scenario(shift));
    for (int line = 0; pilot == PILOT_CAREFUL && line < SHIFT_LINES; line++) {
        action_t start = action_make(ACT_START_UP);
        start.line = line;
        pilot_try(p, &start);
    }
    while (!pilot_done(p)) {
        hear(p);
        int *next = next_todo(p);
        /* the telephone, criticals and controls go before lists, logs and lots */
        bool pressing = next && rank_of(p, &p->todo[*next]) <= rank_of(p, &(todo_t){.kind = TODO_QC});
        if (!pressing && pilot_care_step(&p->care, p->shift, p->pilot, try_care, p)) continue;
        if (next) {
            todo_t todo = take_todo(p, next);
            work(p, &todo);
            continue;
        }
        idle(p);
    }
    free(p);
    return true;
}
