/* The verification queue and the timeline of one specimen. */
#include "desk_view.h"

#include "desk_queue.html.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { RESULTS_SHOWN = 160, MOMENTS_MAX = 60, PRIORS = 4 };

/* "v r h" of a result: why it waits, in words. */
static const char *why_words(const desk_t *d, uint32_t hold)
{
    text_t text;
    text_init(&text, 300);
    for (int bit = 0; bit < HOLD_COUNT; bit++) {
        if (!(hold & (1u << bit))) continue;
        if (text.length) text_add(&text, ", ");
        text_add(&text, hold_word(bit));
    }
    const char *copy = words(d->arena, "%s", text.data ? text.data : "");
    text_free(&text);
    return copy;
}

/* Earlier results and this one as a small line, oldest first, with the numbers as its name. */
static void fill_trend(const desk_t *d, const result_view_t *v, const analyte_t *about, result_row_t *row)
{
    double values[PRIORS + 1], hours[PRIORS], low, high;
    int n = shift_priors(d->shift, v->specimen, v->analyte, values, hours, PRIORS);
    if (n == 0) return;
    double series[PRIORS + 1];
    for (int i = 0; i < n; i++) series[i] = values[n - 1 - i];
    series[n++] = v->value;
    low = high = series[0];
    for (int i = 1; i < n; i++) {
        if (series[i] < low) low = series[i];
        if (series[i] > high) high = series[i];
    }
    text_t name, points;
    text_init(&name, 300);
    text_init(&points, 300);
    for (int i = 0; i < n; i++) {
        double x = 2 + 86.0 * i / (n - 1), y = high > low ? 15 - 12 * (series[i] - low) / (high - low) : 9;
        text_add_fixed(&name, series[i], about->decimals);
        text_add_fixed(&points, x, 1);
        text_add_char(&points, ',');
        text_add_fixed(&points, y, 1);
        if (i + 1 < n) text_add_char(&name, ' '), text_add_char(&points, ' ');
    }
    row->trend = words(d->arena, "%s", name.data);
    row->trend_points = words(d->arena, "%s", points.data);
    text_free(&name);
    text_free(&points);
}

void desk_result_row(const desk_t *d, const result_view_t *v, char sex, result_row_t *row)
{
    static const char *const states[] = {"pending", "held", "released", "canceled", "repeated"};
    const analyte_t *about = lab_analyte(d->lab, v->analyte);
    bool delta = v->hold & HOLD_DELTA;
    *row = (result_row_t){.index = v->index,
                          .test = about->name,
                          .value = words(d->arena, "%s", v->text),
                          .unit = words_unit(d->arena, about->unit),
                          .interval = desk_interval(d, about, sex),
                          .qc = qc_state_word(v->qc_state),
                          .why = why_words(d, v->hold),
                          .qc_kind = v->qc_state == QC_ACCEPTED ? "ok"
                                     : v->qc_state == QC_NONE   ? "plain"
                                                                : "warn",
                          .critical = v->critical,
                          .held = v->state == RESULT_HELD,
                          .released = v->state == RESULT_RELEASED,
                          .amended = v->amended,
                          .state = states[v->state]};
    row->mark = words(d->arena, "%s%s%s",
                      v->critical      ? "!!"
                      : v->mark == 'H' ? "H"
                      : v->mark == 'L' ? "L"
                                       : "",
                      delta ? " Δ" : "", v->dilution > 1 ? words(d->arena, " 1:%d", v->dilution) : "");
    row->prior = v->prior == v->prior ? words_fixed(d->arena, v->prior, about->decimals) : "";
    row->old = v->amended ? words_fixed(d->arena, v->old_value, about->decimals) : "";
    if (v->prior == v->prior && v->prior_hours == v->prior_hours)
        row->ago = v->prior_hours < 48 ? words(d->arena, "%.0f h", v->prior_hours)
                                       : words(d->arena, "%.0f d", v->prior_hours / 24);
    if (v->dilution > 1 && v->raw == v->raw) row->raw = words_fixed(d->arena, v->raw, about->decimals);
    if (v->comment >= 0) row->comment = lab_code(d->lab, CODE_RESULT_COMMENT, v->comment)->text;
    row->when = words_clock(d->arena, d->shift, v->measured_s);
    if (v->state == RESULT_RELEASED && v->by_autoverification) row->state = "auto";
    if (v->withdrawn) row->state = "withdrawn";
    if (v->called) row->state = words(d->arena, "%s, called", row->state);
    fill_trend(d, v, about, row);
}

static void fill_results(queue_page_t *p, const specimen_view_t *s, bool newest_only)
{
    int32_t indexes[RESULTS_SHOWN];
    int32_t n = shift_specimen_results(p->d->shift, s->index, indexes, RESULTS_SHOWN);
    uint32_t hold = 0;
    p->results = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->results);
    for (int32_t i = 0; p->results && i < n; i++) {
        result_view_t v;
        if (!shift_result(p->d->shift, indexes[i], &v) ||
            (newest_only && (v.state == RESULT_REPLACED || v.replaced_by >= 0) && v.state != RESULT_RELEASED))
            continue;
        desk_result_row(p->d, &v, s->order.sex, &p->results[p->result_count++]);
        if (v.state == RESULT_HELD) hold |= v.hold;
        p->released_count += v.state == RESULT_RELEASED;
    }
    p->reasons = arena_array(p->d->arena, HOLD_COUNT, sizeof *p->reasons);
    for (int bit = 0; p->reasons && bit < HOLD_COUNT; bit++)
        if (hold & (1u << bit))
            p->reasons[p->reason_count++] = (frame_chip_t){bit == 0 ? "crit" : "warn", hold_word(bit), NULL};
}

static void moment(queue_page_t *p, int32_t at_s, const char *text)
{
    if (at_s == INT_MIN || p->moment_count == MOMENTS_MAX) return;
    p->moments[p->moment_count++] = (moment_t){words_clock(p->d->arena, p->d->shift, at_s), text};
}

static void fill_moments(queue_page_t *p, const specimen_view_t *s)
{
    arena_t *a = p->d->arena;
    p->moments = arena_array(a, MOMENTS_MAX, sizeof *p->moments);
    if (!p->moments) return;
    moment(p, s->collected_s, words(a, "collected, %s", s->collected_how));
    moment(p, s->arrived_s, "arrived");
    moment(p, s->received_s, "received");
    moment(p, s->spun_s, "spun");
    moment(p, s->loaded_s, s->line >= 0 ? words(a, "on %s", line_name(s->line)) : "loaded");
    for (int32_t i = 0; i < shift_action_count(p->d->shift); i++) {
        log_view_t log;
        if (shift_log(p->d->shift, i, &log) && log.specimen == s->index && log.kind != ACT_OPEN_RESULT)
            moment(p, log.at_s, action_said(log.kind));
    }
}

static const char *index_words(const desk_t *d, const specimen_view_t *s)
{
    if (s->h_index != s->h_index) return "not measured yet";
    return words(d->arena, "H %s · I %s · L %s mg/dL", words_fixed(d->arena, s->h_index, 0),
                 words_fixed(d->arena, s->i_index, 1), words_fixed(d->arena, s->l_index, 0));
}

static const char *look_words(const desk_t *d, const specimen_view_t *s)
{
    static const char *const looks[] = {"fill below the line",
                                        "clot",
                                        "leaking",
                                        "label crooked",
                                        "no label",
                                        "pink serum",
                                        "red serum",
                                        "milky serum",
                                        "yellow serum",
                                        "fibrin",
                                        "tube past its date",
                                        "no collection time",
                                        "little sample"};
    text_t text;
    text_init(&text, 400);
    for (size_t bit = 0; bit < sizeof looks / sizeof *looks; bit++)
        if (s->look & (1u << bit)) text_addf(&text, "%s%s", text.length ? ", " : "", looks[bit]);
    const char *seen =
        s->looked_after_spin || s->inspected ? (text.length ? text.data : "nothing remarkable") : "not looked at";
    const char *copy = words(d->arena, "%s", seen);
    text_free(&text);
    return copy;
}

static void fill_specimen(queue_page_t *p, int32_t index, bool newest_only)
{
    specimen_view_t s;
    arena_t *a = p->d->arena;
    if (!shift_specimen(p->d->shift, index, &s)) return;
    p->open = true;
    desk_specimen_row(p->d, index, &p->at);
    p->facts = words(a, "%s · %s · %s", p->at.who, p->at.location, p->at.tube);
    p->times = words(a, "drawn %s · received %s · on line %s", words_clock(a, p->d->shift, s.collected_s),
                     words_clock(a, p->d->shift, s.received_s), words_clock(a, p->d->shift, s.loaded_s));
    p->container = words(a, "%s; seen: %s", p->at.tube, look_words(p->d, &s));
    p->collected = words(a, "%s, %s", words_clock(a, p->d->shift, s.collected_s), s.collected_how);
    p->indices = index_words(p->d, &s);
    p->clotting = s.collected_s == INT_MIN || s.spun_s == INT_MIN
                      ? "not spun yet"
                      : words(a, "%d min from collection to the end of the spin", (int)(s.spun_s - s.collected_s) / 60);
    fill_results(p, &s, newest_only);
    fill_moments(p, &s);
    desk_bench_part(p->d, index, &p->bench);
}

static void get_queue(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_VERIFICATION, "Verification", &d)) return;
    queue_page_t page = {.d = &d};
    const char *accession = request_route(request, "accession");
    int32_t open = accession ? shift_find_accession(d.shift, accession) : -1;
    int n = shift_specimen_count(d.shift);
    page.held = arena_array(d.arena, (size_t)n + 1, sizeof *page.held);
    for (int i = 0; page.held && i < n; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d.shift, i);
        if (!shift_specimen(d.shift, at, &v) || v.held == 0) continue;
        desk_specimen_row(&d, at, &page.held[page.held_count]);
        page.held[page.held_count++].current = at == open;
        if (at != open && !page.next) page.next = words(d.arena, "/shift/%s/verification/%s", d.id, v.accession);
    }
    if (open >= 0) fill_specimen(&page, open, true);
    desk_drawer_fill(&d, request);
    page.cancels = desk_codes(&d, CODE_CANCEL_REASON, &page.cancel_count);
    page.comments = desk_codes(&d, CODE_RESULT_COMMENT, &page.comment_count);
    page.amends = desk_codes(&d, CODE_AMEND_REASON, &page.amend_count);
    page.rejects = desk_codes(&d, CODE_REJECT_REASON, &page.reject_count);
    if (d.hint && page.reason_count > 0)
        page.hint = "Hint: compare with the earlier results, the indices and the other tests of the same draw before "
                    "you decide; CH-017 in the binder goes through each reason.";
    static const char *const keys[][2] = {{"v", "Verify the ticked"},
                                          {"r", "Rerun the ticked"},
                                          {"h", "Hold"},
                                          {"d", "Dilute"},
                                          {"c", "Call"},
                                          {"m", "Comment"},
                                          {"x", "Cancel"},
                                          {"q", "Reject the specimen"},
                                          {"o", "Look at the tube"},
                                          {"t", "Timeline of the specimen"},
                                          {"n", "Next"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) desk_key(&d, keys[i][0], keys[i][1]);
    queue_page(response_html(response), &page);
    desk_close(web, &d);
}

/* The tests that can be added on: those the chemistry lines measure. */
static void fill_tests(queue_page_t *p)
{
    p->tests = arena_array(p->d->arena, LAB_MAX_ANALYTES, sizeof *p->tests);
    for (int a = 0; p->tests && a < lab_analyte_count(p->d->lab); a++) {
        assay_view_t assay;
        const analyte_t *about = lab_analyte(p->d->lab, a);
        if (shift_assay(p->d->shift, 0, a, &assay)) p->tests[p->test_count++] = (choice_t){about->id, about->name};
    }
}

static void get_specimen(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_WORKLIST, "Specimen", &d)) return;
    queue_page_t page = {.d = &d};
    int32_t at = shift_find_accession(d.shift, request_route(request, "accession"));
    if (at < 0) {
        response_error(response, 404, "There is no specimen of that number in the laboratory.");
    } else {
        fill_specimen(&page, at, false);
        fill_tests(&page);
        desk_key(&d, "o", "Look at the tube");
        desk_key(&d, "c", "Call");
        specimen_page(response_html(response), &page);
    }
    desk_close(web, &d);
}

const web_route_t *desk_queue_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/verification", get_queue},
                                         {"GET", "/shift/:id/verification/:accession", get_queue},
                                         {"GET", "/shift/:id/specimen/:accession", get_specimen}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
