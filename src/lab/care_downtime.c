/* Downtime: a line or the LIS is down. The log on paper, who was told, specimens run by the backup method or
 * sent out, and their results typed into the LIS afterward, each checked against the paper by a second
 * person before it goes out. A slip of the typist is stopped by that check, or by nothing. */
#include "roles.h"
#include "shift_private.h"

#include <math.h>

enum { BACKUP_S = 900, BACKUP_EACH_S = 180, SEND_OUT_S = 5400 };

bool care_lis_down(const shift_t *shift)
{
    return shift->care.lis_down_s != NEVER && shift->care.lis_back_s == NEVER;
}

static bool need_what(const shift_t *shift, const action_t *action, int *what, err_t *err)
{
    *what = action->line < 0 ? SHIFT_LINES : action->line;
    return action->line < 0 || need_line(shift, action, err);
}

static bool begin(shift_t *shift, const action_t *action, err_t *err)
{
    int what;
    if (!need_what(shift, action, &what, err)) return false;
    if (what == SHIFT_LINES && shift->care.lis_down_s == NEVER)
        return err_set(err, ERR_STATE, "The LIS answers: there is no downtime to log.");
    if (shift->care.declared_s[what] != NEVER) return err_set(err, ERR_STATE, "That downtime log is open already.");
    shift->care.declared_s[what] = shift->now_s;
    if (what < SHIFT_LINES) shift->care.alarms[what].out_of_use = true;
    return true;
}

static bool tell(shift_t *shift, const action_t *action, err_t *err)
{
    int what;
    if (!need_what(shift, action, &what, err)) return false;
    if (action->code < 0 || action->code > WARD_GROUPS) return err_set(err, ERR_INPUT, "Choose whom you tell.");
    for (int g = 0; g < WARD_GROUPS; g++)
        if ((action->code == WARD_GROUPS || action->code == g) && shift->care.told_s[what][g] == NEVER)
            shift->care.told_s[what][g] = shift->now_s;
    return true;
}

/* ---- specimens that go another way ---- */

/* What the gas analyzer of this laboratory measures (CH-023). */
static bool backup_runs(const shift_t *shift, int analyte)
{
    const lab_roles_t *roles = lab_roles(shift->lab);
    return analyte == roles->sodium || analyte == roles->potassium || analyte == roles->chloride ||
           analyte == roles->glucose;
}

static bool add_papers(shift_t *shift, int32_t index, paper_kind_t kind, int32_t ready_s, err_t *err)
{
    specimen_t *specimen = &shift->specimens[index];
    int rows = 0;
    world_prepare(shift, index);
    const double *tube = specimen_tube(shift, specimen);
    for (int a = tests_next(specimen->tests, 0); tube && a >= 0; a = tests_next(specimen->tests, a + 1)) {
        const analyte_t *analyte = lab_analyte(shift->lab, a);
        if (!tests_has(shift->menu, a) || (kind == PAPER_BACKUP && !backup_runs(shift, a))) continue;
        if (shift->care.paper_count == CARE_PAPER_MAX)
            return err_set(err, ERR_LIMIT, "The downtime log holds %d rows.", CARE_PAPER_MAX);
        rng_t rng = rng_at(shift->seed, DRAW_CARE, 7000 + (uint64_t)index, (uint64_t)a);
        double x = tube[specimen_slot(specimen, a)];
        x += line_sd(analyte, x) * rng_normal(&rng);
        shift->care.papers[shift->care.paper_count++] =
            (paper_t){.kind = (uint8_t)kind,
                      .specimen = index,
                      .at_s = shift->now_s,
                      .ready_s = ready_s,
                      .entered_s = NEVER,
                      .checked_s = NEVER,
                      .analyte = (int16_t)a,
                      .value = exact_round(x < 0 ? 0 : x, analyte->decimals),
                      .entered = NAN,
                      .result = -1};
        rows++;
    }
    return rows > 0 ||
           err_set(err, ERR_STATE,
                   "The backup method here runs sodium, potassium, chloride and glucose. Send out the rest.");
}

static bool backup(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->count < 1) return err_set(err, ERR_INPUT, "Choose at least one specimen.");
    bool out = action->code == 1;
    for (int32_t i = 0; i < action->count; i++) {
        int32_t index = action->list[i];
        if (index < 0 || index >= shift->specimen_count)
            return err_set(err, ERR_NOT_FOUND, "There is no such specimen.");
        const specimen_t *s = &shift->specimens[index];
        if (s->state != SPECIMEN_SPUN && s->state != SPECIMEN_QUEUED)
            return err_set(err, ERR_STATE, "Only tubes that are ready or wait in a queue can go another way.");
        for (int32_t k = 0; k < i; k++)
            if (action->list[k] == index) return err_set(err, ERR_INPUT, "Name each specimen once.");
        for (int k = 0; k < shift->care.paper_count; k++)
            if (shift->care.papers[k].specimen == index)
                return err_set(err, ERR_STATE, "That specimen is on the downtime log already.");
    }
    for (int32_t i = 0; i < action->count; i++) {
        int32_t index = action->list[i], ready = shift->now_s + (out ? SEND_OUT_S : BACKUP_S + i * BACKUP_EACH_S);
        if (!add_papers(shift, index, out ? PAPER_SENT_OUT : PAPER_BACKUP, ready, err)) return i > 0;
        if (out) {
            if (shift->specimens[index].state == SPECIMEN_QUEUED) deck_leave(shift, index);
            shift->specimens[index].state = SPECIMEN_RUNNING;
        }
        event_push(shift, ready, EVENT_CARE, -1, CARE_EVENT_PAPER, shift->care.paper_count - 1);
    }
    return true;
}

static bool report(shift_t *shift, const action_t *action, err_t *err)
{
    if (!care_lis_down(shift)) return err_set(err, ERR_STATE, "The LIS answers: verify the results there.");
    if (action->count < 1) return err_set(err, ERR_INPUT, "Choose at least one specimen.");
    for (int32_t i = 0; i < action->count; i++) {
        int32_t index = action->list[i];
        if (index < 0 || index >= shift->specimen_count || shift->specimens[index].first_result < 0)
            return err_set(err, ERR_STATE, "Nothing is measured of that specimen yet.");
    }
    for (int32_t i = 0; i < action->count; i++) {
        if (shift->care.paper_count == CARE_PAPER_MAX)
            return err_set(err, ERR_LIMIT, "The downtime log holds %d rows.", CARE_PAPER_MAX);
        shift->care.papers[shift->care.paper_count++] = (paper_t){.kind = PAPER_REPORT,
                                                                  .specimen = action->list[i],
                                                                  .at_s = shift->now_s,
                                                                  .ready_s = shift->now_s,
                                                                  .entered_s = NEVER,
                                                                  .checked_s = NEVER,
                                                                  .analyte = -1,
                                                                  .value = NAN,
                                                                  .entered = NAN,
                                                                  .result = -1};
    }
    return true;
}

/* ---- back in the LIS ---- */

static paper_t *need_paper(shift_t *shift, const action_t *action, err_t *err)
{
    paper_t *paper =
        action->number >= 0 && action->number < shift->care.paper_count ? &shift->care.papers[action->number] : NULL;
    if (!paper || paper->kind == PAPER_REPORT) {
        err_set(err, ERR_NOT_FOUND, "There is no such row to enter in the downtime log.");
        return NULL;
    }
    if (care_lis_down(shift)) {
        err_set(err, ERR_STATE, "The LIS does not answer. Enter it when it is back.");
        return NULL;
    }
    return paper;
}

static int32_t released_already(const shift_t *shift, const paper_t *paper)
{
    int32_t r = shift_specimen_result(shift, paper->specimen, paper->analyte);
    return r >= 0 && shift->results[r].state == RESULT_RELEASED ? r : -1;
}

static bool enter(shift_t *shift, const action_t *action, err_t *err)
{
    paper_t *paper = need_paper(shift, action, err);
    if (!paper) return false;
    if (paper->ready_s > shift->now_s) return err_set(err, ERR_STATE, "That result is not back yet.");
    if (paper->checked_s != NEVER) return err_set(err, ERR_STATE, "That entry is checked and out. Amend the result.");
    if (!(action->value >= 0) || action->value > 1e7)
        return err_set(err, ERR_INPUT, "Type the result as a number, such as 4.2.");
    paper->entered = action->value;
    paper->entered_s = shift->now_s;
    return true;
}

static int32_t release_entry(shift_t *shift, const paper_t *paper)
{
    if (shift->result_count == SHIFT_MAX_RESULTS) return -1;
    specimen_t *specimen = &shift->specimens[paper->specimen];
    const analyte_t *analyte = lab_analyte(shift->lab, paper->analyte);
    int32_t at = shift->result_count++;
    double value = exact_round(paper->entered, analyte->decimals);
    int line = specimen->line >= 0 ? specimen->line : line_for(shift, (bench_t)specimen->bench);
    shift->results[at] = (result_t){.specimen = paper->specimen,
                                    .next = -1,
                                    .analyte = paper->analyte,
                                    .line = (int8_t)line,
                                    .raw = value,
                                    .value = value,
                                    .dilution = 1,
                                    .mark = ' ',
                                    .critical = value <= analyte->critical_low || value >= analyte->critical_high,
                                    .measured_s = shift->now_s,
                                    .released_s = NEVER,
                                    .amended_s = NEVER,
                                    .decided_s = shift->now_s,
                                    .repeat_due_s = NEVER,
                                    .rerun_of = -1,
                                    .replaced_by = -1,
                                    .comment = -1,
                                    .qc_run = -1};
    if (specimen->last_result < 0)
        specimen->first_result = at;
    else
        shift->results[specimen->last_result].next = at;
    specimen->last_result = at;
    result_release(shift, at, false);
    return at;
}

static void close_sent_out(shift_t *shift, int32_t index)
{
    for (int i = 0; i < shift->care.paper_count; i++) {
        const paper_t *paper = &shift->care.papers[i];
        if (paper->specimen == index && (paper->kind != PAPER_SENT_OUT || paper->checked_s == NEVER)) return;
    }
    shift->specimens[index].resulted_s = shift->now_s;
    shift->specimens[index].state = SPECIMEN_RESULTED;
    specimen_settle(shift, index);
}

static bool check_entry(shift_t *shift, const action_t *action, err_t *err)
{
    paper_t *paper = need_paper(shift, action, err);
    if (!paper) return false;
    if (paper->entered_s == NEVER) return err_set(err, ERR_STATE, "Nothing is entered for that row yet.");
    if (paper->checked_s != NEVER) return err_set(err, ERR_STATE, "That row is checked.");
    if (action->code != 1) { /* struck out: to be entered again, or left */
        paper->entered = NAN;
        paper->entered_s = NEVER;
        return true;
    }
    paper->checked_s = shift->now_s;
    paper->agreed = true;
    paper->doubled = released_already(shift, paper) >= 0;
    paper->result = release_entry(shift, paper);
    close_sent_out(shift, paper->specimen);
    return true;
}

bool care_entry_slip(const shift_t *shift, int32_t result)
{
    for (int i = 0; i < shift->care.paper_count; i++) {
        const paper_t *paper = &shift->care.papers[i];
        if (paper->result == result) return exact_abs(paper->entered - paper->value) > 1e-6;
    }
    return false;
}

bool care_downtime_act(shift_t *shift, const action_t *action, err_t *err)
{
    switch (action->kind) {
    case ACT_DOWNTIME:
        return begin(shift, action, err);
    case ACT_TELL:
        return tell(shift, action, err);
    case ACT_BACKUP:
        return backup(shift, action, err);
    case ACT_PAPER:
        return report(shift, action, err);
    case ACT_ENTER:
        return enter(shift, action, err);
    default:
        return check_entry(shift, action, err);
    }
}
