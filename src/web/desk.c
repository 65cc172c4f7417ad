/* The frame of a running shift, its one form handler, its clock and its event stream; see desk.h. */
#include "desk_view.h"

#include "base/hash.h"
#include "lab/care.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const priority_words[] = {"RTN", "URG", "STAT"};

const char *state_word(specimen_state_t state)
{
    static const char *const state_words[] = {"coming",   "in the tray", "put aside",     "rejected",
                                              "received", "spinning",    "ready to load", "in the queue",
                                              "running",  "to review",   "reported"};
    return state_words[state];
}

const char *qc_state_word(int state)
{
    static const char *const qc_words[] = {"no controls", "not reviewed", "accepted", "rejected", "overdue"};
    return qc_words[state];
}

/* ---- what the frame shows ---- */

typedef struct {
    int tray, queue, stat, late, ringing, talking, qc_open, overdue, specimens, alarms, care;
} counts_t;

/* Alarms that are on; lists and logs that are due and blank. */
static void count_care(const shift_t *shift, counts_t *c)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        care_alarm_view_t alarm;
        c->alarms += care_alarm(shift, line, &alarm) && alarm.state != ALARM_RETURNED;
        for (int list = 0; list < CARE_LISTS && care_on(shift); list++) {
            care_sheet_view_t sheet;
            c->care += care_sheet(shift, line, (care_list_t)list, &sheet) && sheet.due && !sheet.signed_before &&
                       sheet.signed_s == INT32_MIN;
        }
    }
    for (int unit = 0; unit < care_unit_count(shift); unit++) {
        care_unit_view_t v;
        c->care += care_unit(shift, unit, &v) && v.log_due;
    }
    care_downtime_view_t down;
    care_downtime(shift, &down);
    c->alarms += down.lis_down;
}

static void count_all(const shift_t *shift, counts_t *c)
{
    memset(c, 0, sizeof *c);
    for (int32_t i = 0; i < shift_specimen_count(shift); i++) {
        specimen_view_t v;
        if (!shift_specimen(shift, shift_arrived_specimen(shift, i), &v)) continue;
        bool open = v.state != SPECIMEN_DONE && v.state != SPECIMEN_REJECTED;
        c->specimens += open;
        c->tray += v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
        c->queue += v.held > 0;
        c->stat += open && v.priority == PRIORITY_STAT;
        c->late += open && v.late;
    }
    for (int32_t i = 0; i < shift_call_count(shift); i++) {
        call_view_t v;
        if (!shift_call(shift, i, &v)) continue;
        c->ringing += v.state == CALL_RINGING;
        c->talking += v.state == CALL_TALKING || v.state == CALL_READ_BACK;
    }
    count_care(shift, c);
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = 0; a < lab_analyte_count(shift_lab(shift)); a++) {
            qc_view_t v;
            if (!shift_qc(shift, line, a, &v)) continue;
            c->qc_open += v.state == QC_NOT_REVIEWED;
            c->overdue += v.state == QC_OVERDUE || v.state == QC_REJECTED;
        }
}

static void alert(desk_t *d, const char *kind, const char *text, const char *href)
{
    if (d->frame_shift.alert_count < DESK_ALERTS)
        d->alerts[d->frame_shift.alert_count++] = (frame_chip_t){kind, text, href};
}

static void fill_alerts(desk_t *d, const counts_t *c)
{
    arena_t *a = d->arena;
    if (c->stat) alert(d, "crit", words(a, "STAT %d", c->stat), words(a, "/shift/%s/worklist?show=stat", d->id));
    if (c->late) alert(d, "warn", words(a, "LATE %d", c->late), words(a, "/shift/%s/worklist?show=late", d->id));
    if (c->ringing) alert(d, "info", words(a, "☏ ringing %d", c->ringing), words(a, "/shift/%s/phone", d->id));
    if (c->talking) alert(d, "info", words(a, "☏ on the line %d", c->talking), words(a, "/shift/%s/phone", d->id));
    if (c->qc_open) alert(d, "warn", "▲ QC to review", words(a, "/shift/%s/qc", d->id));
    if (c->alarms) alert(d, "crit", words(a, "■ ALARM %d", c->alarms), words(a, "/shift/%s/care/alarms", d->id));
    if (c->overdue) alert(d, "warn", words(a, "■ tests closed %d", c->overdue), words(a, "/shift/%s/qc", d->id));
}

static void fill_messages(desk_t *d)
{
    int unread = desk_unread(d);
    alert(d, unread ? "info" : "plain", unread ? words(d->arena, "Messages %d", unread) : "Messages",
          words(d->arena, "/shift/%s/messages", d->id));
}

bool desk_bench_used(const shift_t *shift, bench_t bench)
{
    line_view_t v;
    for (int line = 0; line < SHIFT_LINES; line++)
        if (shift_line(shift, line, &v) && v.bench == bench) return true;
    return false;
}

const char *desk_bench_path(const shift_t *shift, bench_t bench)
{
    static const char *const paths[BENCH_COUNT] = {"chemistry", "hematology", "coagulation"};
    return desk_bench_used(shift, bench) ? paths[bench] : NULL;
}

static void fill_tabs(desk_t *d, const counts_t *c, desk_tab_t current)
{
    static const struct {
        const char *label, *path;
    } tabs[DESK_TABS] = {{"Worklist", "worklist"},
                         {"Reception", "reception"},
                         {"Chemistry", "chemistry"},
                         {"Hematology", "hematology"},
                         {"Coagulation", "coagulation"},
                         {"QC board", "qc"},
                         {"Verification", "verification"},
                         {"Phone", "phone"},
                         {"Care", "care"},
                         {"SOPs", "sops"},
                         {"Hand-over", "handover"}};
    const int counts[DESK_TABS] = {c->specimens, c->tray, -1, -1, -1, c->qc_open, c->queue, c->ringing + c->talking,
                                   c->care,      -1,      -1};
    d->care_open = c->care;
    d->frame_shift.tabs = d->tabs;
    for (int i = 0; i < DESK_TABS; i++) {
        bool bench = i >= TAB_CHEMISTRY && i <= TAB_COAGULATION;
        if (bench && !desk_bench_used(d->shift, (bench_t)(i - TAB_CHEMISTRY))) continue;
        d->tabs[d->frame_shift.tab_count++] =
            (frame_tab_t){.label = tabs[i].label,
                          .href = words(d->arena, "/shift/%s/%s", d->id, tabs[i].path),
                          .count = counts[i],
                          .current = i == (int)current};
    }
}

static const char *speed_word(arena_t *arena, double speed)
{
    return speed <= 0 ? "paused" : words(arena, "%.3g×", speed);
}

static const char *saved_words(const desk_t *d)
{
    log_view_t last;
    int32_t n = shift_action_count(d->shift);
    if (n == 0 || !shift_log(d->shift, n - 1, &last)) return "Saved · nothing done yet";
    specimen_view_t about;
    bool named = last.specimen >= 0 && shift_specimen(d->shift, last.specimen, &about);
    return words(d->arena, "Saved %s · %s%s%s", words_clock(d->arena, d->shift, last.at_s), action_said(last.kind),
                 named ? " " : "", named ? about.accession : "");
}

bool desk_open(web_t *web, const request_t *request, response_t *response, desk_tab_t tab, const char *title, desk_t *d)
{
    err_t err = {0};
    counts_t counts;
    memset(d, 0, sizeof *d);
    d->request = request;
    d->arena = request->arena;
    d->id = request_route(request, "id");
    if (!app_visit(web_app(web), d->id, &d->visit, &err)) {
        response_failed(response, &err);
        return false;
    }
    d->shift = d->visit.shift;
    d->lab = shift_lab(d->shift);
    d->calc = app_calc(web_app(web));
    if (shift_over(d->shift)) {
        app_leave(web_app(web), &d->visit);
        response_redirect(response, "/shift/%s/debrief", d->id);
        return false;
    }
    count_all(d->shift, &counts);
    frame_init(&d->frame, request, title);
    d->frame.shift = &d->frame_shift;
    d->frame.main_class = "work";
    d->frame.where = words(d->arena, "%s · %s", mode_title(d->visit.summary.mode), d->visit.summary.title);
    d->frame.saved = saved_words(d);
    d->frame.keys = d->keys;
    d->frame_shift.clock = words_clock(d->arena, d->shift, shift_now_s(d->shift));
    d->frame_shift.speed = speed_word(d->arena, d->visit.speed);
    d->frame_shift.scan_action = words(d->arena, "/shift/%s/find", d->id);
    d->frame_shift.events = words(d->arena, "/shift/%s/events", d->id);
    d->frame_shift.pace_action = words(d->arena, "/shift/%s/clock", d->id);
    d->frame_shift.pace = d->visit.speed > 0 ? (int)(d->visit.speed + 0.5) : 0;
    d->frame_shift.alerts = d->alerts;
    d->act = words(d->arena, "/shift/%s/act", d->id);
    d->back = words(d->arena, "%s%s%s", request->path, request->query_text[0] ? "?" : "", request->query_text);
    d->frame_shift.back = d->back;
    d->here = request->path;
    d->frame_shift.steady = d->visit.summary.mode == MODE_ASSESS;
    shift_mode_t mode = d->visit.summary.mode;
    bool asked = mode == MODE_PRACTICE && text_equal(d->visit.hint_page, d->here);
    d->hint = mode == MODE_COACH || asked;
    d->hint_action = mode == MODE_PRACTICE && !asked ? words(d->arena, "/shift/%s/hint", d->id) : NULL;
    const char *coach = mode == MODE_COACH ? request_query(request, "coach") : NULL;
    if (coach && coach[0]) {
        d->frame.notice = coach;
        d->frame.notice_kind = "info";
    }
    const char *said = request_query(request, "said");
    if (said && said[0]) {
        d->frame.notice = said;
        d->frame.notice_kind = "crit";
    }
    fill_tabs(d, &counts, tab);
    fill_alerts(d, &counts);
    fill_messages(d);
    return true;
}

void desk_close(web_t *web, desk_t *d)
{
    app_leave(web_app(web), &d->visit);
}

void desk_key(desk_t *d, const char *keys, const char *does)
{
    if (d->frame.key_count < DESK_KEYS) d->keys[d->frame.key_count++] = (frame_key_t){keys, does};
}

/* ---- rows ---- */

const char *desk_tests(const desk_t *d, int32_t specimen)
{
    text_t text;
    text_init(&text, 400);
    shift_specimen_panels(d->shift, specimen, &text);
    const char *copy = words(d->arena, "%s", text.data ? text.data : "");
    text_free(&text);
    return copy;
}

static const char *due_words(const desk_t *d, const specimen_view_t *v)
{
    int32_t left = (v->due_s - shift_now_s(d->shift)) / 60;
    if (v->state == SPECIMEN_DONE || v->state == SPECIMEN_REJECTED) return "";
    return left < 0 ? words(d->arena, "−%02d", (int)-left) : words(d->arena, "%d", (int)left);
}

void desk_specimen_row(const desk_t *d, int32_t specimen, specimen_row_t *row)
{
    specimen_view_t v;
    *row = (specimen_row_t){.index = specimen};
    if (!shift_specimen(d->shift, specimen, &v)) return;
    const tube_t *tube = lab_tube(d->lab, lab_tube_find(d->lab, v.ordered_tube));
    row->accession = words(d->arena, "%s", v.accession);
    row->href = words(d->arena, "/shift/%s/specimen/%s", d->id, v.accession);
    row->name = words(d->arena, "%s, %s", v.order.family, v.order.given);
    row->who = words(d->arena, "%c %d", v.order.sex, v.order.age_y);
    row->priority = priority_words[v.priority];
    row->stat = v.priority == PRIORITY_STAT;
    row->location = v.location;
    row->tube = tube ? words(d->arena, "%s, %s", tube->name, tube->color) : v.ordered_tube;
    row->bench = bench_name(v.bench);
    row->tests = desk_tests(d, specimen);
    row->received = words_clock(d->arena, d->shift, v.received_s);
    row->priority_rank = PRIORITY_STAT - (double)v.priority;
    row->due = due_words(d, &v);
    row->due_min = row->due[0] ? (v.due_s - shift_now_s(d->shift)) / 60.0 : NAN;
    row->late = v.late && v.state != SPECIMEN_DONE && v.state != SPECIMEN_REJECTED;
    row->state = v.held ? words(d->arena, "%d to review", v.held) : state_word(v.state);
    if (v.unread_s != INT32_MIN && !v.held) row->state = "barcode not read";
    if (v.state == SPECIMEN_QUEUED || v.state == SPECIMEN_RUNNING) {
        char place[SPECIMEN_PLACE_MAX];
        specimen_place(&v, place);
        row->state = words(d->arena, "%s%s%s", row->state, place[0] ? ", " : "", place);
    }
    row->waiting = v.held > 0;
    row->flags = v.recollect_of >= 0 ? "new draw" : v.parent >= 0 ? "aliquot" : v.relabeled ? "fresh label" : "";
}

const char *desk_interval(const desk_t *d, const analyte_t *a, char sex)
{
    int s = sex == 'M' ? SEX_MALE : SEX_FEMALE;
    bool low = a->ri_low[s] == a->ri_low[s], high = a->ri_high[s] == a->ri_high[s];
    char from[32], to[32];
    if (low) text_fixed(from, a->ri_low[s], a->decimals);
    if (high) text_fixed(to, a->ri_high[s], a->decimals);
    if (low && high) return words(d->arena, "%s–%s", from, to);
    if (low) return words(d->arena, "from %s", from);
    return high ? words(d->arena, "to %s", to) : "";
}

choice_t *desk_codes(const desk_t *d, code_kind_t kind, int *count)
{
    *count = lab_code_count(d->lab, kind);
    choice_t *choices = arena_array(d->arena, (size_t)*count + 1, sizeof *choices);
    if (!choices) *count = 0;
    for (int i = 0; i < *count; i++)
        choices[i] = (choice_t){lab_code(d->lab, kind, i)->code, lab_code(d->lab, kind, i)->text};
    return choices;
}

draw_look_t desk_look(const request_t *request)
{
    bool dark = text_equal(request_query(request, "scheme"), "dark");
    return (draw_look_t){.format = DRAW_SVG, .scheme = dark ? DRAW_DARK : DRAW_LIGHT};
}

/* ---- one form handler for every action ---- */

static int32_t field(const request_t *request, const char *name, int32_t absent)
{
    return (int32_t)request_form_int(request, name, INT_MIN / 2, INT_MAX / 2, absent);
}

static int code_index(const lab_t *lab, action_kind_t kind, const char *word)
{
    static const struct {
        action_kind_t act;
        code_kind_t codes;
    } kinds[] = {{ACT_ACCEPT, CODE_ACCEPT_COMMENT},  {ACT_REJECT, CODE_REJECT_REASON}, {ACT_CANCEL, CODE_CANCEL_REASON},
                 {ACT_COMMENT, CODE_RESULT_COMMENT}, {ACT_AMEND, CODE_AMEND_REASON},   {ACT_CORRECT, CODE_CORRECTION}};
    int64_t number;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].act == kind) return lab_code_find(lab, kinds[i].codes, word);
    if (kind == ACT_CALIBRATE && (*word == 'C' || *word == 'c')) word++; /* as the label prints it */
    return text_to_int(word, strlen(word), &number) && number >= 0 && number < 1000000 ? (int)number : -1;
}

static int32_t coded(const lab_t *lab, const request_t *request, const char *name, code_kind_t kind)
{
    const char *word = request_form(request, name);
    return word && word[0] ? lab_code_find(lab, kind, word) : -1;
}

static bool read_form(const lab_t *lab, const request_t *request, action_t *action, err_t *err)
{
    const char *word = request_form(request, "kind"), *text = request_form(request, "text"),
               *code = request_form(request, "code");
    const char *test = request_form(request, "test"), *value = request_form(request, "value");
    int kind = word ? action_from_word(word) : -1;
    if (kind < 0) return err_set(err, ERR_INPUT, "Choose what to do.");
    *action = action_make((action_kind_t)kind);
    action->specimen = field(request, "specimen", -1);
    action->line = field(request, "line", -1);
    action->run = field(request, "run", 0);
    action->call = field(request, "call", -1);
    action->result = field(request, "result", -1);
    action->number = field(request, "number", 0);
    action->rack = field(request, "rack", 0);
    action->position = field(request, "position", 0);
    action->analyte = test && test[0] ? lab_analyte_find(lab, test) : -1;
    if (!code || !code[0])
        code = request_form(request, words(request->arena, "%s-code", word)); /* several verbs, one form */
    if (code && code[0]) action->code = code_index(lab, action->kind, code);
    action->verdict = (qc_decision_t)field(request, "verdict", 0);
    action->error_type = (error_type_t)field(request, "error_type", 0);
    action->rule = coded(lab, request, "rule", CODE_QC_RULE);
    action->cause = coded(lab, request, "cause", CODE_QC_CAUSE);
    action->corrective = coded(lab, request, "corrective", CODE_QC_ACTION);
    if (value && value[0] && !text_to_double(value, strlen(value), &action->value))
        return err_set(err, ERR_INPUT, "The value is a number, such as 4.2; found \"%.30s\".", value);
    if (text && strlen(text) > SHIFT_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "The text is longer than %d bytes.", SHIFT_TEXT_MAX);
    if (text) memcpy(action->text, text, strlen(text) + 1);
    if (!desk_care_form(request, action, err) || !desk_month_form(request, action, err) ||
        !desk_tray_form(request, action, err))
        return false;
    for (size_t i = 0; i < request->form.count; i++) {
        int64_t number;
        const char *item = request->form.items[i].value;
        if (strcmp(request->form.items[i].name, "list") != 0) continue;
        if (action->count == SHIFT_BATCH_MAX) return err_set(err, ERR_LIMIT, "At most %d at once.", SHIFT_BATCH_MAX);
        if (!text_to_int(item, strlen(item), &number) || number < 0 || number > SHIFT_MAX_RESULTS)
            return err_set(err, ERR_INPUT, "Choose from the list.");
        action->list[action->count++] = (int32_t)number;
    }
    if (action->kind == ACT_DILUTE && action->result < 0 && action->count > 0) {
        if (action->count > 1)
            return err_set(err, ERR_INPUT, "Dilute one at a time: each result has its own factor. Tick one.");
        action->result = action->list[0];
        action->count = 0;
    }
    return true;
}

/* `back` must lead into this shift. */
static const char *back_path(const request_t *request, const char *id)
{
    const char *back = request_form(request, "back");
    const char *prefix = words(request->arena, "/shift/%s/", id);
    if (!back || strncmp(back, prefix, strlen(prefix)) != 0) return words(request->arena, "/shift/%s/worklist", id);
    size_t n = strlen(back);
    const char *sop = request_form(request, "text"); /* "...?sop=": opened beside the work */
    bool beside = n > 5 && strcmp(back + n - 5, "?sop=") == 0 && sop &&
                  strspn(sop, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789") == strlen(sop);
    return beside ? words(request->arena, "%s%s", back, sop) : back;
}

static void add_encoded(text_t *out, const char *name, const char *value)
{
    text_addf(out, "&%s=", name);
    for (const unsigned char *c = (const unsigned char *)value; *c; c++) {
        bool safe = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (safe)
            text_add_char(out, (char)*c);
        else
            text_addf(out, "%%%02X", *c);
    }
}

/* What the coach said of an action before this one goes. */
static const char *without_coach(const request_t *request, const char *back)
{
    const char *coach = strstr(back, "coach=");
    if (!coach || coach == back || (coach[-1] != '?' && coach[-1] != '&')) return back;
    return words(request->arena, "%.*s", (int)(coach - back - 1), back);
}

/* Back to the page, with what the coach asks about the action. */
static void go_back_coached(const request_t *request, response_t *response, const char *back, const char *coach)
{
    text_t query;
    back = without_coach(request, back);
    text_init(&query, WEB_URL_MAX - 64);
    text_addf(&query, "%s%s", back, strchr(back, '?') ? "" : "?done=1");
    add_encoded(&query, "coach", coach);
    response_redirect(response, "%s", query.failed ? back : query.data);
    text_free(&query);
}

/* The sentence rides along in the address, and what was typed with it, so that both survive a reload
 * and need no session. */
static void go_back(const request_t *request, response_t *response, const char *back, const err_t *err)
{
    static const char *const typed[] = {"kind",   "text", "value",  "initials", "remark", "decision",
                                        "mean_1", "sd_1", "mean_2", "sd_2",     "mean_3", "sd_3"};
    text_t query;
    if (!err) {
        response_redirect(response, "%s", without_coach(request, back));
        return;
    }
    text_init(&query, WEB_URL_MAX - 64);
    text_add_n(&query, back, strcspn(back, "?"));
    text_add(&query, "?refused=1");
    add_encoded(&query, "said", err->text);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        const char *value = request_form(request, typed[i]);
        if (value && value[0]) add_encoded(&query, typed[i], value);
    }
    response_redirect(response, "%s", query.failed ? back : query.data);
    text_free(&query);
}

const char *desk_typed(const desk_t *d, const char *kind, const char *name)
{
    const char *typed = d->request ? request_query(d->request, name) : NULL;
    return typed && text_equal(request_query(d->request, "kind"), kind) ? typed : "";
}

/* In Coach: what the action about to be done makes one ask, on what can be seen now. */
static const char *coached(app_t *app, const request_t *request, const char *id, const action_t *action)
{
    app_visit_t visit;
    if (!app_peek(app, id, &visit, NULL)) return NULL;
    bool coach = visit.summary.mode == MODE_COACH && !shift_over(visit.shift);
    const char *text = coach ? desk_coach(request->arena, visit.shift, action) : NULL;
    app_leave(app, &visit);
    return text;
}

static void post_act(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id"), *ticket = request_form(request, "request");
    app_t *app = web_app(web);
    action_t action;
    err_t err = {0};
    const char *coach = NULL;
    bool ok = read_form(app_lab(app), request, &action, &err);
    if (ok) coach = coached(app, request, id, &action);
    ok = ok && app_act(app, id, &action, ticket ? ticket : "", &err);
    if (!ok && (err.code == ERR_NOT_FOUND || err.code == ERR_IO || err.code == ERR_CONFLICT) &&
        !request_form(request, "back")) {
        response_failed(response, &err);
        return;
    }
    if (ok) web_wake(web, hash_bytes(HASH_START, id, strlen(id)));
    if (ok && action.kind == ACT_HAND_OVER)
        response_redirect(response, "/shift/%s/debrief", id);
    else if (!ok && err.code == ERR_IO)
        response_failed(response, &err);
    else if (!ok && request->enhanced)
        response_error(response, 422, "%s", err.text); /* the page stays as it is, ticks and text with it */
    else if (ok && coach)
        go_back_coached(request, response, back_path(request, id), coach);
    else
        go_back(request, response, back_path(request, id), ok ? NULL : &err);
}

static void post_hint(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id"), *back = back_path(request, id);
    const char *page = words(request->arena, "%.*s", (int)strcspn(back, "?"), back);
    err_t err = {0};
    bool ok = app_hint(web_app(web), id, page, &err);
    if (!ok && (err.code == ERR_NOT_FOUND || err.code == ERR_IO))
        response_failed(response, &err);
    else
        go_back(request, response, back, ok ? NULL : &err);
}

static void post_clock(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id"), *ticket = request_form(request, "request"),
               *speed = request_form(request, "speed");
    app_t *app = web_app(web);
    err_t err = {0};
    double value = 0;
    bool ok;
    if (request_form(request, "skip"))
        ok = app_skip(app, id, ticket ? ticket : "", &err);
    else
        ok = (speed && text_to_double(speed, strlen(speed), &value))
                 ? app_set_speed(app, id, value, ticket ? ticket : "", &err)
                 : err_set(&err, ERR_INPUT, "Choose a speed.");
    if (ok) web_wake(web, hash_bytes(HASH_START, id, strlen(id)));
    if (!ok && (err.code == ERR_NOT_FOUND || err.code == ERR_IO))
        response_failed(response, &err);
    else
        go_back(request, response, back_path(request, id), ok ? NULL : &err);
}

/* ---- the event stream ---- */

typedef struct {
    web_t *web;
    char id[APP_ID_MAX];
    int32_t notices;
    int64_t seq;
    uint64_t decks; /* how many tubes wait and run on each line */
    double speed;
    char clock[8];
} pulse_t;

static uint64_t decks_of(const shift_t *shift)
{
    uint64_t hash = HASH_START;
    line_view_t v;
    for (int line = 0; line < SHIFT_LINES; line++)
        if (shift_line(shift, line, &v)) hash = hash_u64(hash_u64(hash, (uint64_t)v.queued), (uint64_t)v.running);
    return hash;
}

static void say_notices(const shift_t *shift, pulse_t *p, text_t *out)
{
    for (; p->notices < shift_notice_count(shift); p->notices++) {
        const notice_t *n = shift_notice(shift, p->notices);
        specimen_view_t v;
        const char *text = NULL;
        bool urgent = false;
        char sentence[160];
        if (n->kind == NOTICE_ARRIVED && shift_specimen(shift, n->specimen, &v)) {
            urgent = v.priority == PRIORITY_STAT;
            snprintf(sentence, sizeof sentence, "%s specimen %s has arrived", urgent ? "STAT" : "A", v.accession);
            text = sentence;
        }
        if (n->kind == NOTICE_ORDER && shift_specimen(shift, n->specimen, &v)) {
            snprintf(sentence, sizeof sentence, "One more test is ordered on %s", v.accession);
            text = sentence;
        }
        if (n->kind == NOTICE_UNREAD && shift_specimen(shift, n->specimen, &v)) {
            snprintf(sentence, sizeof sentence, "The barcode of %s was not read", v.accession);
            text = sentence;
        }
        if (!text && n->kind != NOTICE_CALL_LOST && n->kind != NOTICE_STUDY) text = desk_notice_words(n);
        urgent = urgent || (n->kind == NOTICE_ALARM && n->code == CARE_NOTICE_ALARM);
        if (!text || p->notices < shift_notice_count(shift) - 3) continue; /* after a skip only the newest are spoken */
        char data[240];
        snprintf(data, sizeof data, "{\"text\":\"%s\",\"urgent\":%s}", text, urgent ? "true" : "false");
        sse_event(out, "say", data);
    }
}

static bool pulse(void *state, text_t *out)
{
    pulse_t *p = state;
    app_visit_t visit;
    char clock[8], data[120];
    if (!app_visit(web_app(p->web), p->id, &visit, NULL)) return false;
    uint64_t decks = decks_of(visit.shift);
    bool over = shift_over(visit.shift), fresh = p->notices != shift_notice_count(visit.shift) || p->seq != visit.seq ||
                                                 p->speed != visit.speed || p->decks != decks;
    text_clock(clock, shift_clock_s(visit.shift, shift_now_s(visit.shift)));
    if (strcmp(clock, p->clock) != 0 || p->speed != visit.speed) {
        snprintf(data, sizeof data,
                 visit.speed > 0 ? "{\"time\":\"%s\",\"speed\":\"%.3g×\"}" : "{\"time\":\"%s\",\"speed\":\"paused\"}",
                 clock, visit.speed);
        sse_event(out, "clock", data);
        memcpy(p->clock, clock, sizeof p->clock);
    }
    say_notices(visit.shift, p, out);
    p->seq = visit.seq;
    p->speed = visit.speed;
    p->decks = decks;
    app_leave(web_app(p->web), &visit);
    if (over) {
        snprintf(data, sizeof data, "{\"url\":\"/shift/%s/debrief\"}", p->id);
        sse_event(out, "go", data);
        return false;
    }
    if (fresh) sse_event(out, "refresh", "{}");
    return true;
}

static void get_events(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    app_visit_t visit;
    err_t err = {0};
    pulse_t *p = calloc(1, sizeof *p);
    if (!p || !app_visit(web_app(web), id, &visit, &err)) {
        free(p);
        response_failed(response, &err);
        return;
    }
    *p = (pulse_t){.web = web,
                   .notices = shift_notice_count(visit.shift),
                   .seq = visit.seq,
                   .speed = visit.speed,
                   .decks = decks_of(visit.shift)};
    memcpy(p->id, visit.summary.id, sizeof p->id);
    app_leave(web_app(web), &visit);
    stream_t stream = {.fill = pulse,
                       .close = free,
                       .state = p,
                       .period_ms = 1000,
                       .topic = hash_bytes(HASH_START, p->id, strlen(p->id))};
    response_stream(response, &stream);
}

/* ---- scan box ---- */

static void get_find(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    const char *q = request_query(request, "q");
    if (!desk_open(web, request, response, TAB_WORKLIST, "Find", &d)) return;
    int32_t found = q ? shift_find_accession(d.shift, q) : -1;
    specimen_view_t v;
    if (found >= 0 && shift_specimen(d.shift, found, &v)) {
        bool tray = v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
        const char *page = tray || v.unread_s != INT32_MIN ? "reception" : v.held ? "verification" : "specimen";
        response_redirect(response, "/shift/%s/%s/%s", d.id, page, v.accession);
    } else {
        text_t address;
        text_init(&address, 600);
        text_addf(&address, "/shift/%s/worklist?q=", d.id);
        for (const unsigned char *c = (const unsigned char *)(q ? q : ""); *c; c++) text_addf(&address, "%%%02X", *c);
        response_redirect(response, "%s", address.failed ? "/" : address.data);
        text_free(&address);
    }
    desk_close(web, &d);
}

static void get_shift(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    response_redirect(response, "/shift/%s/worklist", request_route(request, "id"));
}

const web_route_t *desk_routes(size_t *count)
{
    static const web_route_t routes[] = {
        {"GET", "/shift/:id", get_shift},         {"POST", "/shift/:id/act", post_act},
        {"POST", "/shift/:id/clock", post_clock}, {"POST", "/shift/:id/hint", post_hint},
        {"GET", "/shift/:id/events", get_events}, {"GET", "/shift/:id/find", get_find}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
