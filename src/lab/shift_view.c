/* Sight: copies of what the trainee may see, and nothing else. With shift_look.c, care_view.c and
 * reaction_view.c the only file that turns the private state into public views. */
#include "content_private.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int32_t shift_now_s(const shift_t *shift)
{
    return shift->now_s;
}

int32_t shift_length_s(const shift_t *shift)
{
    return shift->length_s;
}

int32_t shift_clock_s(const shift_t *shift, int32_t at_s)
{
    int32_t second = (shift->scenario->view.start_clock_s + at_s) % 86400;
    return second < 0 ? second + 86400 : second;
}

shift_mode_t shift_mode(const shift_t *shift)
{
    return shift->mode;
}

uint64_t shift_seed(const shift_t *shift)
{
    return shift->seed;
}

const scenario_t *shift_scenario(const shift_t *shift)
{
    return shift->scenario;
}

const lab_t *shift_lab(const shift_t *shift)
{
    return shift->lab;
}

bool shift_over(const shift_t *shift)
{
    return shift->over;
}

int32_t shift_notice_count(const shift_t *shift)
{
    return shift->notice_count;
}

const notice_t *shift_notice(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->notice_count ? &shift->notices[index] : NULL;
}

/* ---- specimens ---- */

int32_t shift_specimen_count(const shift_t *shift)
{
    return shift->arrived;
}

int32_t shift_arrived_specimen(const shift_t *shift, int32_t order)
{
    return order >= 0 && order < shift->arrived ? shift->by_arrival[order] : -1;
}

/* `digits` decimal digits of a number, with leading zeros (views are made by the million: no printf). */
static char *put_digits(char *out, uint32_t number, int digits)
{
    for (int i = digits; i-- > 0; number /= 10) out[i] = (char)('0' + number % 10);
    return out + digits;
}

/* As much of `text` as fits before `end`. */
static char *put_text(char *out, const char *end, const char *text)
{
    while (out < end && *text) *out++ = *text++;
    return out;
}

static void view_person(const shift_t *shift, int32_t index, person_view_t *view)
{
    const person_t *person = &shift->persons[index];
    view->family = person->family;
    view->given = person->given;
    view->mrn[0] = 'T';
    view->mrn[1] = '9';
    *put_digits(view->mrn + 2, (uint32_t)person->mrn, 7) = '\0';
    char *birth = put_digits(view->birth, (uint32_t)person->birth_year, 4);
    *birth++ = '-';
    birth = put_digits(birth, (uint32_t)person->birth_month, 2);
    *birth++ = '-';
    *put_digits(birth, (uint32_t)person->birth_day, 2) = '\0';
    view->age_y = person->model.age_y;
    view->sex = person->model.sex == SEX_MALE ? 'M' : 'F';
}

static void view_label(const shift_t *shift, const specimen_t *specimen, specimen_view_t *view)
{
    const lab_content_t *content = lab_content(shift->lab);
    view->tube = content->tubes[specimen->tube].id;
    view->fill_fraction = (double)specimen->fill;
    if (specimen->label_person < 0 && !specimen->relabeled) return; /* nothing is written on it */
    person_view_t label = view->order;
    if (specimen->label_person != specimen->order_person && !specimen->relabeled)
        view_person(shift, specimen->label_person, &label);
    char *end = view->label_name + sizeof view->label_name - 1, *name = put_text(view->label_name, end, label.family);
    name = put_text(name, end, ", ");
    *put_text(name, end, label.given) = '\0';
    memcpy(view->label_mrn, label.mrn, sizeof view->label_mrn);
    memcpy(view->label_birth, label.birth, sizeof view->label_birth);
}

bool shift_specimen_facts(const shift_t *shift, int32_t index, specimen_view_t *view)
{
    if (index < 0 || index >= shift->specimen_count || shift->specimens[index].state == SPECIMEN_COMING) return false;
    const specimen_t *s = &shift->specimens[index];
    const lab_content_t *content = lab_content(shift->lab);
    *view = (specimen_view_t){.index = index,
                              .location = content->places[s->location].name,
                              .ordered_tube = content->tubes[s->tube_ordered].id,
                              .priority = (priority_t)s->priority,
                              .collected_s = s->time_missing ? NEVER : s->collected_s,
                              .arrived_s = s->arrive_s,
                              .received_s = s->received_s,
                              .spun_s = s->spun_s,
                              .loaded_s = s->loaded_s,
                              .due_s = s->due_s,
                              .collected_how = s->line_draw ? "line draw" : "venipuncture",
                              .state = (specimen_state_t)s->state,
                              .line = s->line,
                              .rack = s->place > 0 ? s->rack : 0,
                              .position = s->place,
                              .bench = (bench_t)s->bench,
                              .inspected = s->inspected_s != NEVER,
                              .looked_after_spin = s->looked_s != NEVER && s->spun_s != NEVER,
                              .fill_fraction = NAN,
                              .look = s->seen,
                              .h_index = (double)s->h_index,
                              .i_index = (double)s->i_index,
                              .l_index = (double)s->l_index,
                              .reject_code = s->reject_code,
                              .accept_code = s->accept_code,
                              .recollect_of = s->recollect_of,
                              .late = s->late_noted,
                              .unread_s = tray_readable(s) ? NEVER : s->unread_s,
                              .relabeled = s->relabeled,
                              .spin_program = s->spin_program,
                              .spin_minutes = s->spin_minutes,
                              .store = s->store,
                              .store_rack = s->store < 0 ? -1 : s->store_at / STORE_PLACES + 1,
                              .store_place = s->store < 0 ? -1 : s->store_at % STORE_PLACES + 1,
                              .stored_s = s->stored_s,
                              .parent = s->parent};
    memcpy(view->tests, s->tests, sizeof view->tests);
    memcpy(view->accession, "26-", 3);
    *put_digits(view->accession + 3, (uint32_t)s->number, 4) = '\0';
    view->held = s->in_state[RESULT_HELD];
    view->released = s->in_state[RESULT_RELEASED];
    view->pending = s->in_state[RESULT_PENDING];
    return true;
}

bool shift_specimen(const shift_t *shift, int32_t index, specimen_view_t *view)
{
    if (!shift_specimen_facts(shift, index, view)) return false;
    const specimen_t *s = &shift->specimens[index];
    view_person(shift, s->order_person, &view->order);
    if (view->inspected) view_label(shift, s, view);
    return true;
}

specimen_state_t shift_specimen_state(const shift_t *shift, int32_t index)
{
    if (index < 0 || index >= shift->specimen_count) return SPECIMEN_COMING;
    return (specimen_state_t)shift->specimens[index].state;
}

bench_t shift_specimen_bench(const shift_t *shift, int32_t index)
{
    if (index < 0 || index >= shift->specimen_count) return BENCH_CHEMISTRY;
    return (bench_t)shift->specimens[index].bench;
}

uint32_t shift_specimen_look(const shift_t *shift, int32_t index)
{
    if (index < 0 || index >= shift->specimen_count) return 0;
    return shift->specimens[index].seen;
}

bool shift_same_patient(const shift_t *shift, int32_t index, int32_t other)
{
    if (index < 0 || index >= shift->specimen_count || other < 0 || other >= shift->specimen_count) return false;
    return shift->specimens[index].order_person == shift->specimens[other].order_person;
}

void shift_specimen_panels(const shift_t *shift, int32_t index, text_t *out)
{
    if (index < 0 || index >= shift->specimen_count) return;
    const specimen_t *s = &shift->specimens[index];
    const lab_content_t *content = lab_content(shift->lab);
    for (int a = s->panel_count == 0 ? tests_next(s->tests, 0) : -1, n = 0; a >= 0; a = tests_next(s->tests, a + 1)) {
        if (n++) text_add(out, ", ");
        text_add(out, lab_analyte(shift->lab, a)->name);
    }
    if (s->parent >= 0 && s->test_count == 0) text_add(out, "none, to be kept");
    for (int i = 0; i < s->panel_count; i++) {
        if (i) text_add(out, ", ");
        text_add(out, content->panels[s->panels[i]].name);
    }
}

int32_t shift_find_accession(const shift_t *shift, const char *accession)
{
    const char *digits = strrchr(accession, '-');
    digits = digits ? digits + 1 : accession;
    int64_t number;
    if (!text_to_int(digits, strlen(digits), &number) || number < 1001 || number >= 1001 + shift->arrived) return -1;
    return shift->by_arrival[number - 1001];
}

/* ---- results ---- */

int32_t shift_result_count(const shift_t *shift)
{
    return shift->result_count;
}

static void result_text(const analyte_t *analyte, double value, int sign, char out[16])
{
    char number[32];
    if (value != value) {
        memcpy(out, "---", 4);
        return;
    }
    size_t length = text_fixed(number, value, analyte->decimals), at = 0;
    if (sign) {
        out[at++] = sign < 0 ? '<' : '>';
        out[at++] = ' ';
    }
    if (length > 15 - at) length = 15 - at;
    memcpy(out + at, number, length);
    out[at + length] = '\0';
}

int shift_result_analyte(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->result_count ? shift->results[index].analyte : -1;
}

static double prior_of(const shift_t *shift, const result_t *r)
{
    const specimen_t *s = &shift->specimens[r->specimen];
    return shift->persons[s->order_person].priors && s->values >= 0 ? specimen_prior(shift, s)[r->slot] : NAN;
}

void shift_result_value(const shift_t *shift, int32_t index, double *value, double *prior)
{
    bool found = index >= 0 && index < shift->result_count;
    *value = found ? shift->results[index].value : NAN;
    *prior = found ? prior_of(shift, &shift->results[index]) : NAN;
}

result_state_t shift_result_state(const shift_t *shift, int32_t index)
{
    bool found = index >= 0 && index < shift->result_count;
    return found ? (result_state_t)shift->results[index].state : RESULT_PENDING;
}

int32_t shift_result_rerun_of(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->result_count ? shift->results[index].rerun_of : -1;
}

uint32_t shift_result_hold(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->result_count ? shift->results[index].hold : 0;
}

uint32_t shift_result_flags(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->result_count ? shift->results[index].flags : 0;
}

bool shift_result_critical(const shift_t *shift, int32_t index)
{
    return index >= 0 && index < shift->result_count && shift->results[index].critical;
}

bool shift_result_facts(const shift_t *shift, int32_t index, result_view_t *view)
{
    if (index < 0 || index >= shift->result_count) return false;
    const result_t *r = &shift->results[index];
    const specimen_t *s = &shift->specimens[r->specimen];
    const assay_t *assay = &shift->assays[r->line][r->analyte];
    *view = (result_view_t){.index = index,
                            .specimen = r->specimen,
                            .analyte = r->analyte,
                            .line = r->line,
                            .value = r->value,
                            .below_or_above = r->sign,
                            .raw = r->raw,
                            .dilution = r->dilution,
                            .measured_s = r->measured_s,
                            .released_s = r->released_s,
                            .state = (result_state_t)r->state,
                            .by_autoverification = r->automatic,
                            .hold = r->hold,
                            .flags = r->flags,
                            .mark = r->mark,
                            .critical = r->critical,
                            .prior = prior_of(shift, r),
                            .prior_hours = NAN,
                            .comment = r->comment,
                            .rerun_of = r->rerun_of,
                            .replaced_by = r->replaced_by,
                            .amended = r->amended,
                            .old_value = r->amended ? r->old_value : NAN,
                            .corrected = r->corrected,
                            .correction = r->correction,
                            .withdrawn = r->withdrawn,
                            .repeat_due_s = r->repeat_due_s,
                            .called = r->called,
                            .qc_state = assay->used ? assay->qc_state : QC_NONE};
    const person_t *person = &shift->persons[s->order_person];
    if (person->priors && s->values >= 0)
        view->prior_hours = (double)person->prior_hours[0] + (double)s->collected_s / 3600.0;
    return true;
}

bool shift_result(const shift_t *shift, int32_t index, result_view_t *view)
{
    if (!shift_result_facts(shift, index, view)) return false;
    result_text(analyte_at(shift->lab, view->analyte), view->value, view->below_or_above, view->text);
    return true;
}

int32_t shift_specimen_result(const shift_t *shift, int32_t specimen, int analyte)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return -1;
    const specimen_t *s = &shift->specimens[specimen];
    int slot = s->first_result < 0 || analyte < 0 ? -1 : specimen_slot(s, analyte);
    if (slot < 0) return -1;
    if (s->values >= 0) return specimen_newest_by_slot(shift, s)[slot];
    int32_t newest = -1; /* no room was left for its values */
    for (int32_t r = s->first_result; r >= 0; r = shift->results[r].next)
        if (shift->results[r].analyte == analyte) newest = r;
    return newest;
}

void shift_specimen_value(const shift_t *shift, int32_t specimen, int analyte, double *value, double *prior)
{
    shift_result_value(shift, shift_specimen_result(shift, specimen, analyte), value, prior);
}

int32_t shift_specimen_results(const shift_t *shift, int32_t specimen, int32_t *results, int32_t max)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return 0;
    int32_t n = 0;
    for (int32_t r = shift->specimens[specimen].first_result; r >= 0 && n < max; r = shift->results[r].next)
        results[n++] = r;
    return n;
}

int32_t shift_specimen_held(const shift_t *shift, int32_t specimen, int32_t *results, int32_t max)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return 0;
    int32_t n = 0, held = shift->specimens[specimen].in_state[RESULT_HELD];
    if (max > held) max = held;
    for (int32_t r = shift->specimens[specimen].first_result; r >= 0 && n < max; r = shift->results[r].next)
        if (shift->results[r].state == RESULT_HELD) results[n++] = r;
    return n;
}

bool shift_specimen_critical(const shift_t *shift, int32_t specimen)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return false;
    const specimen_t *s = &shift->specimens[specimen];
    int32_t left = s->in_state[RESULT_HELD];
    for (int32_t r = s->first_result; r >= 0 && left > 0; r = shift->results[r].next) {
        if (shift->results[r].state != RESULT_HELD) continue;
        if (shift->results[r].critical) return true;
        left--;
    }
    return false;
}

int32_t shift_held(const shift_t *shift, int32_t *results, int32_t max)
{
    int32_t n = 0;
    for (int32_t r = 0; r < shift->result_count && n < max; r++)
        if (shift->results[r].state == RESULT_HELD) results[n++] = r;
    return n;
}

/* Earlier results are what the laboratory reported then, not what was true. */
int shift_priors(const shift_t *shift, int32_t specimen, int analyte, double *values, double *hours, int max)
{
    if (specimen < 0 || specimen >= shift->specimen_count || analyte < 0) return 0;
    const specimen_t *s = &shift->specimens[specimen];
    const person_t *person = &shift->persons[s->order_person];
    if (!tests_has(s->tests, analyte)) return 0;
    int n = 0;
    for (int i = 0; i < person->priors && n < max; i++) {
        double hour = -(double)person->prior_hours[i];
        double value;
        if (i == 0 && s->values >= 0) {
            value = specimen_prior(shift, s)[specimen_slot(s, analyte)];
        } else {
            value = world_prior(shift, s->order_person, analyte, i);
        }
        if (value != value) continue;
        values[n] = value;
        hours[n++] = (double)shift->now_s / 3600.0 - hour;
    }
    return n;
}

/* ---- analyzers ---- */

bool shift_line(const shift_t *shift, int line, line_view_t *view)
{
    if (line < 0 || line >= SHIFT_LINES || !shift->lines[line].used) return false;
    const line_t *l = &shift->lines[line];
    bool busy = l->busy_until_s > shift->now_s;
    *view = (line_view_t){.name = line_name(line),
                          .bench = line_bench(line),
                          .queued = l->queued,
                          .running = l->running,
                          .rack_room = deck_room(shift, line, false),
                          .stat_room = deck_room(shift, line, true),
                          .free_s = l->busy_until_s,
                          .start_up_s = l->start_up_s,
                          .last_qc_s = l->last_qc_s,
                          .water_mohm_cm = NAN,
                          .bath_c = NAN};
    if (care_stopped(shift, line))
        view->state = LINE_STOPPED;
    else
        view->state = busy                      ? LINE_BUSY
                      : l->running || l->queued ? LINE_RUNNING
                      : l->start_up_s == NEVER  ? LINE_START_UP_DUE
                                                : LINE_READY;
    rng_t rng = rng_at(shift->seed, DRAW_START_UP, (uint64_t)line, 0);
    view->lamp_hours = 120 + (int32_t)rng_below(&rng, 500);
    start_up_readings_t readings = line_start_up(shift, line, &rng);
    view->lamp_hours += readings.extra_lamp_hours;
    if (l->start_up_s != NEVER) {
        view->water_mohm_cm = readings.water_mohm_cm;
        view->bath_c = readings.bath_c;
    }
    return true;
}

/* NULL where there are no controls. */
static const assay_t *controlled(const shift_t *shift, int line, int analyte)
{
    if (line < 0 || line >= SHIFT_LINES || analyte < 0 || analyte >= LAB_MAX_ANALYTES) return NULL;
    const assay_t *a = &shift->assays[line][analyte];
    return a->used ? a : NULL;
}

bool shift_assay(const shift_t *shift, int line, int analyte, assay_view_t *view)
{
    const assay_t *a = controlled(shift, line, analyte);
    if (!a) return false;
    *view = (assay_view_t){.lot = a->lot,
                           .lot_since_s = a->lot_since_s,
                           .tests_left = a->tests_left,
                           .expires_s = a->expires_s,
                           .calibrated_s = a->calibrated_s,
                           .calibration_factor_change_pct = (double)a->factor_change_pct,
                           .next_lot = a->next_lot};
    snprintf(view->lot_name, sizeof view->lot_name, "R%d", a->lot);
    snprintf(view->next_lot_name, sizeof view->next_lot_name, "R%d", a->next_lot);
    snprintf(view->calibrator_lot, sizeof view->calibrator_lot, "C%d", a->calibrator_lot);
    snprintf(view->calibrator_lot_wanted, sizeof view->calibrator_lot_wanted, "C%d", a->calibrator_wanted);
    return true;
}

/* ---- quality control ---- */

int shift_qc_points(const shift_t *shift, int line, int analyte)
{
    const assay_t *a = controlled(shift, line, analyte);
    return a ? a->point_count : 0;
}

qc_state_t shift_qc_state(const shift_t *shift, int line, int analyte)
{
    const assay_t *a = controlled(shift, line, analyte);
    return a ? (qc_state_t)a->qc_state : QC_NONE;
}

bool shift_qc(const shift_t *shift, int line, int analyte, qc_view_t *view)
{
    const assay_t *a = controlled(shift, line, analyte);
    if (!a) return false;
    *view = (qc_view_t){.levels = a->levels, .state = (qc_state_t)a->qc_state, .points = a->point_count};
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        view->mean[l] = a->mean[l];
        view->sd[l] = a->sd[l];
    }
    view->lot[0] = 'Q';
    *put_digits(view->lot + 1, (uint32_t)shift->control_lot, 4) = '\0';
    return true;
}

bool shift_qc_point(const shift_t *shift, int line, int analyte, int point, qc_point_view_t *view)
{
    const assay_t *a = controlled(shift, line, analyte);
    if (!a || point < 0 || point >= a->point_count) return false;
    const qc_point_t *p = qc_point(shift, line, analyte, point);
    *view = (qc_point_view_t){.run = p->run,
                              .at_s = p->at_s,
                              .marks = p->marks,
                              .decision = (qc_decision_t)p->decision,
                              .decided_s = p->decided_s,
                              .rule = p->rule,
                              .cause = p->cause,
                              .corrective = p->corrective,
                              .error_type = (error_type_t)p->error_type};
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        view->z[l] = (double)p->z[l];
        double mean = a->mean[l], sd = a->sd[l];
        if (a->own_limits) month_limits(shift, line, analyte, l, p->at_s, &mean, &sd);
        view->value[l] = mean + sd * (double)p->z[l];
    }
    return true;
}

int shift_qc_runs(const shift_t *shift, int line, int32_t *runs, int32_t *times_s, int max)
{
    if (line < 0 || line >= SHIFT_LINES) return 0;
    const line_t *l = &shift->lines[line];
    int n = l->runs < max ? l->runs : max;
    for (int i = 0; i < n; i++) {
        runs[i] = l->runs_at[l->runs - n + i];
        times_s[i] = l->runs_at_s[l->runs - n + i];
    }
    return n;
}

double shift_moving_average_z(const shift_t *shift, int line, int analyte)
{
    const assay_t *a = controlled(shift, line, analyte);
    return a && a->averaged > 20 ? a->ewma : NAN;
}

/* ---- phone and record ---- */

int32_t shift_call_count(const shift_t *shift)
{
    return shift->call_count;
}

bool shift_call(const shift_t *shift, int32_t index, call_view_t *view)
{
    if (index < 0 || index >= shift->call_count) return false;
    const call_t *c = &shift->calls[index];
    if (c->incoming && (c->at_s > shift->now_s || (c->state == CALL_LOST && c->ended_s == NEVER))) return false;
    const lab_content_t *content = lab_content(shift->lab);
    *view = (call_view_t){.index = index,
                          .incoming = c->incoming,
                          .at_s = c->at_s,
                          .ended_s = c->ended_s,
                          .state = (call_state_t)c->state,
                          .specimen = -1,
                          .result = c->result,
                          .rung = c->rung,
                          .identifiers_asked = c->identifiers_asked,
                          .last_reply = c->last_reply,
                          .read_back_decision = (read_back_t)c->read_back,
                          .place = "",
                          .person = "",
                          .role = "",
                          .line = "",
                          .kind = ""};
    if (c->specimen >= 0) view->place = content->places[shift->specimens[c->specimen].location].name;
    if (c->incoming) {
        const script_t *script = &content->scripts[c->script];
        view->role = script->role;
        if (c->specimen < 0 || !c->identifiers_asked) view->place = script->place;
        if (c->state == CALL_TALKING || c->state == CALL_DONE) {
            view->line = script->opening;
            view->kind = script->kind;
            if (c->identifiers_asked) {
                if (script->gives >= 2) view->specimen = c->specimen;
                view->line = script->identifiers;
            }
            if (c->last_reply > REPLY_ASK_IDENTIFIERS && script->reply[c->last_reply])
                view->line = script->reply[c->last_reply];
        }
        return true;
    }
    view->specimen = c->specimen;
    view->role = ladder_word(c->rung);
    view->person = c->state == CALL_NO_ANSWER ? "" : content->family[c->person_name];
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 5000u + (uint64_t)index, 0);
    said_kind_t said = c->state == CALL_NO_ANSWER            ? SAID_NOBODY
                       : c->state == CALL_READ_BACK          ? SAID_READ_BACK
                       : c->read_back == READ_BACK_CORRECTED ? SAID_CORRECTED
                                                             : SAID_THANKS;
    if (content->said_count[said])
        view->line = content->said[said][rng_below(&rng, (uint32_t)content->said_count[said])];
    if (c->state == CALL_READ_BACK || c->state == CALL_DONE)
        memcpy(view->read_back, c->read_back_text, sizeof view->read_back);
    return true;
}

bool shift_log(const shift_t *shift, int32_t index, log_view_t *view)
{
    if (index < 0 || index >= shift->log_count) return false;
    const log_entry_t *e = &shift->log[index];
    *view = (log_view_t){.at_s = e->at_s,
                         .kind = (action_kind_t)e->kind,
                         .specimen = e->specimen,
                         .result = e->result,
                         .line = e->line,
                         .analyte = e->analyte,
                         .call = e->call,
                         .code = e->code,
                         .text = e->text < 0 ? "" : shift->texts + e->text};
    return true;
}
