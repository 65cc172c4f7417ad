/* Chemistry lines, telephone, binder and hand-over of a running shift. */
#include "desk_view.h"

#include "desk_bench.html.h"

#include <limits.h>
#include <string.h>

enum { SOPS_SHOWN = 100, CRITICALS_SHOWN = 60 };

/* ---- chemistry ---- */

static void fill_assay(const desk_t *d, int line, int analyte, assay_row_t *row)
{
    assay_view_t v;
    qc_view_t qc;
    arena_t *a = d->arena;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    if (!shift_assay(d->shift, line, analyte, &v) || !shift_qc(d->shift, line, analyte, &qc)) return;
    *row = (assay_row_t){.test = about->name,
                         .id = about->id,
                         .lot = words(a, "%s", v.lot_name),
                         .since = words(a, "since %d h", (int)(shift_now_s(d->shift) - v.lot_since_s) / 3600),
                         .left = words(a, "%d", v.tests_left),
                         .expires = v.expires_s == INT_MIN || v.expires_s < shift_now_s(d->shift)
                                        ? "past"
                                        : words(a, "%d h more", (int)(v.expires_s - shift_now_s(d->shift)) / 3600),
                         .next = words(a, "%s", v.next_lot_name),
                         .calibrated = words(a, "%d h ago", (int)(shift_now_s(d->shift) - v.calibrated_s) / 3600),
                         .calibrator = words(a, "%s", v.calibrator_lot),
                         .wanted = words(a, "%s", v.calibrator_lot_wanted),
                         .change = words(a, "%s %%", words_fixed(a, v.calibration_factor_change_pct, 1)),
                         .state = qc_state_word((int)qc.state),
                         .state_kind = qc.state == QC_ACCEPTED ? "ok" : "warn",
                         .href = words(a, "/shift/%s/qc/%d/%s", d->id, line + 1, about->id)};
}

/* What can be done to the analyzer: a counter has neither electrodes nor a water bath. */
static void fill_tasks(const desk_t *d, bench_t bench, line_card_t *card)
{
    static const char *const tasks[MAINTAIN_COUNT] = {"clean the probe",          "prime the lines",
                                                      "replace an electrode",     "replace the reference electrode",
                                                      "replace the lamp",         "wash or replace cuvettes",
                                                      "service the water system", "set the bath temperature",
                                                      "replace syringe seals",    "call service"};
    for (int i = 0; i < MAINTAIN_COUNT; i++) {
        bool wet = i == MAINTAIN_ELECTRODE || i == MAINTAIN_REFERENCE || i == MAINTAIN_WATER;
        if (wet && bench != BENCH_CHEMISTRY) continue;
        card->maintenance[card->maintenance_count++] = (choice_t){words(d->arena, "%d", i), tasks[i]};
    }
}

void desk_line_card(const desk_t *d, int line, line_card_t *card)
{
    static const char *const states[] = {"ready", "running", "busy", "stopped", "start-up due"};
    line_view_t v;
    arena_t *a = d->arena;
    if (!shift_line(d->shift, line, &v)) return;
    *card = (line_card_t){
        .name = v.name,
        .state = v.state == LINE_BUSY ? words(a, "busy until %s", words_clock(a, d->shift, v.free_s)) : states[v.state],
        .line = line,
        .queue = words(a, "%d waiting, %d running", v.queued, v.running),
        .start_up_due = v.start_up_s == INT_MIN,
        .start_up =
            v.start_up_s == INT_MIN ? "not done today" : words(a, "done %s", words_clock(a, d->shift, v.start_up_s)),
        .last_qc = v.last_qc_s == INT_MIN ? "no controls this shift"
                                          : words(a, "last controls %s", words_clock(a, d->shift, v.last_qc_s)),
        .lamp = words(a, "%d h", (int)v.lamp_hours)};
    card->readings = v.start_up_s == INT_MIN ? "after the start-up"
                                             : words(a, "water %s MΩ·cm, bath %s °C",
                                                     words_fixed(a, v.water_mohm_cm, 1), words_fixed(a, v.bath_c, 2));
    if (v.bench != BENCH_CHEMISTRY) card->readings = NULL; /* water and bath are of chemistry */
    fill_tasks(d, v.bench, card);
    desk_deck_fill(d, line, &card->deck);
    int n = lab_analyte_count(d->lab);
    card->assays = arena_array(a, (size_t)n, sizeof *card->assays);
    for (int i = 0; card->assays && i < n; i++) {
        assay_view_t assay;
        if (shift_assay(d->shift, line, i, &assay)) fill_assay(d, line, i, &card->assays[card->assay_count++]);
    }
}

static void get_chemistry(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_CHEMISTRY, "Chemistry", &d)) return;
    chemistry_t page = {.d = &d};
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_view_t v;
        if (shift_line(d.shift, line, &v) && v.bench == BENCH_CHEMISTRY)
            desk_line_card(&d, line, &page.lines[page.line_count++]);
    }
    chemistry_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- telephone ---- */

static void fill_call(const desk_t *d, const call_view_t *v, call_row_t *row)
{
    static const char *const states[] = {"ringing",      "on the line", "nobody answered",
                                         "reading back", "done",        "they gave up"};
    static const char *const read_backs[] = {"taken as right", "corrected", "not waited for"};
    arena_t *a = d->arena;
    specimen_view_t s;
    bool about = v->specimen >= 0 && shift_specimen(d->shift, v->specimen, &s);
    *row = (call_row_t){.index = v->index,
                        .when = words_clock(a, d->shift, v->at_s),
                        .at_s = v->at_s,
                        .state = states[v->state],
                        .said = v->line,
                        .what = "",
                        .value = "",
                        .read_back_word = "",
                        .who = v->incoming
                                   ? words(a, "%s, %s", v->role, v->place)
                                   : words(a, "%s of %s%s%s", v->role, v->place, v->person[0] ? ": " : "", v->person),
                        .ringing = v->state == CALL_RINGING,
                        .talking = v->state == CALL_TALKING,
                        .read_back = v->state == CALL_READ_BACK};
    if (about) row->what = words(a, "%s, %s, %s", s.accession, s.order.family, s.order.given);
    result_view_t r;
    if (v->result >= 0 && !v->incoming && shift_result(d->shift, v->result, &r))
        row->value = words(a, "%s %s", lab_analyte(d->lab, r.analyte)->name, desk_value(d, &r));
    if (v->read_back[0] && v->state == CALL_DONE)
        row->read_back_word = words(a, "“%s”: %s", words_readable(a, v->read_back), read_backs[v->read_back_decision]);
    if (v->state != CALL_READ_BACK && v->state != CALL_DONE) return;
    if (v->read_back[0] && v->state == CALL_READ_BACK) {
        const char *mark = strstr(v->line, "%s");
        const char *read_back = words_readable(a, v->read_back);
        row->said = mark ? words(a, "%.*s%s%s", (int)(mark - v->line), v->line, read_back, mark + 2) : read_back;
    }
}

/* Every try to call about this result, with its time: "06:58 charge nurse: no answer; 07:14 covering physician: done".
 */
static const char *tried_words(const desk_t *d, int32_t result)
{
    static const char *const ends[] = {"ringing", "on the line", "no answer", "reading back", "done", "no answer"};
    const char *tries = "";
    call_view_t v;
    for (int i = 0; i < shift_call_count(d->shift); i++)
        if (shift_call(d->shift, i, &v) && !v.incoming && v.result == result)
            tries = words(d->arena, "%s%s%s %s: %s", tries, tries[0] ? "; " : "",
                          words_clock(d->arena, d->shift, v.at_s), v.role, ends[v.state]);
    return tries[0] ? tries : "not yet";
}

static const column_t log_columns[] = {
    {"at", "Time", offsetof(call_row_t, when), offsetof(call_row_t, at_s), false, false},
    COLUMN(call_row_t, "who", "Who", who),
    COLUMN(call_row_t, "about", "About", what),
    COLUMN(call_row_t, "result", "Result", value),
    COLUMN(call_row_t, "read-back", "Read-back", read_back_word),
    COLUMN(call_row_t, "state", "State", state),
};

static void fill_criticals(phone_page_t *p, const char *about)
{
    const desk_t *d = p->d;
    arena_t *a = d->arena;
    int32_t only = about ? shift_find_accession(d->shift, about) : -1;
    p->criticals = arena_array(a, CRITICALS_SHOWN, sizeof *p->criticals);
    if (!p->criticals) return;
    if (only >= 0) p->about = about;
    for (int32_t i = shift_result_count(d->shift) - 1; i >= 0 && p->critical_count < CRITICALS_SHOWN; i--) {
        result_view_t v;
        specimen_view_t s;
        if (!shift_result(d->shift, i, &v) || (v.state != RESULT_HELD && v.state != RESULT_RELEASED) || v.called)
            continue;
        if (only >= 0 ? v.specimen != only : !v.critical) continue;
        if (!shift_specimen(d->shift, v.specimen, &s)) continue;
        critical_row_t *row = &p->criticals[p->critical_count++];
        desk_result_row(d, &v, s.order.sex, &row->result);
        row->specimen = v.specimen;
        row->accession = words(a, "%s", s.accession);
        row->href = words(a, "/shift/%s/specimen/%s", d->id, s.accession);
        row->patient = words(a, "%s, %s · %s", s.order.family, s.order.given, s.order.mrn);
        row->place = s.location;
        row->collected = words_clock(a, d->shift, s.collected_s);
        row->tried = tried_words(d, v.index);
    }
}

static void get_phone(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_PHONE, "Phone", &d)) return;
    phone_page_t page = {.d = &d};
    int n = shift_call_count(d.shift);
    page.calls = arena_array(d.arena, (size_t)n + 1, sizeof *page.calls);
    for (int i = n - 1; page.calls && i >= 0; i--) {
        call_view_t v;
        if (shift_call(d.shift, i, &v)) fill_call(&d, &v, &page.calls[page.call_count++]);
    }
    page.log = arena_array(d.arena, (size_t)n + 1, sizeof *page.log);
    if (page.log) memcpy(page.log, page.calls, (size_t)page.call_count * sizeof *page.log);
    table_init(&page.table, request, log_columns, (int)(sizeof log_columns / sizeof *log_columns), "about");
    page.log_count = page.log ? table_arrange(&page.table, request, page.log, page.call_count, sizeof *page.log) : 0;
    for (int i = 0; i < 4; i++) page.ladder[i] = (choice_t){words(d.arena, "%d", i), ladder_word(i)};
    fill_criticals(&page, request_query(request, "about"));
    desk_key(&d, "a", "Answer");
    desk_key(&d, "1 … 7", "What you say on the line");
    if (!table_csv(&page.table, request, response, page.log, sizeof *page.log, "call-log.csv"))
        phone_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- binder ---- */

static void get_sops(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_SOPS, "Procedures", &d)) return;
    const char *q = request_query(request, "q"), *id = request_route(request, "sop");
    sops_page_t page = {.d = &d, .query = q ? q : ""};
    int found[SOPS_SHOWN];
    int n = q && q[0] ? lab_sop_search(d.lab, q, found, SOPS_SHOWN) : 0;
    if (!(q && q[0]))
        for (; n < lab_sop_count(d.lab) && n < SOPS_SHOWN; n++) found[n] = n;
    page.rows = arena_array(d.arena, (size_t)n + 1, sizeof *page.rows);
    for (int i = 0; page.rows && i < n; i++) {
        const sop_t *sop = lab_sop(d.lab, found[i]);
        page.rows[page.count++] = (sop_row_t){sop->id, sop->title, words(d.arena, "/shift/%s/sops/%s", d.id, sop->id)};
    }
    page.open = id && desk_sop(&d, id, &page.sop);
    if (id && !page.open)
        response_error(response, 404, "There is no procedure of that number in the binder.");
    else
        sops_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- hand-over ---- */

static void get_handover(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_HANDOVER, "Hand-over", &d)) return;
    handover_t page = {.d = &d};
    int n = shift_specimen_count(d.shift), open_calls = 0, rejected = 0, unread = 0;
    page.pending = arena_array(d.arena, (size_t)n + 1, sizeof *page.pending);
    for (int i = 0; page.pending && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d.shift, i);
        if (shift_specimen(d.shift, at, &v) && v.state != SPECIMEN_DONE && v.state != SPECIMEN_REJECTED)
            desk_specimen_row(&d, at, &page.pending[page.pending_count++]);
    }
    for (int i = 0; i < shift_call_count(d.shift); i++) {
        call_view_t v;
        open_calls +=
            shift_call(d.shift, i, &v) && v.state != CALL_DONE && v.state != CALL_LOST && v.state != CALL_NO_ANSWER;
    }
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = 0; a < lab_analyte_count(d.lab); a++) {
            qc_view_t v;
            if (!shift_qc(d.shift, line, a, &v)) continue;
            rejected += v.state == QC_REJECTED;
            unread += v.state == QC_NOT_REVIEWED || v.state == QC_OVERDUE;
        }
    page.qc = words(d.arena, "%d tests rejected, %d not reviewed", rejected, unread);
    page.care = words(d.arena, "%d lists and logs not signed", d.care_open);
    page.calls = words(d.arena, "%d not finished", open_calls);
    handover_page(response_html(response), &page);
    desk_close(web, &d);
}

const web_route_t *desk_bench_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/chemistry", get_chemistry},
                                         {"GET", "/shift/:id/phone", get_phone},
                                         {"GET", "/shift/:id/sops", get_sops},
                                         {"GET", "/shift/:id/sops/:sop", get_sops},
                                         {"GET", "/shift/:id/handover", get_handover}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
