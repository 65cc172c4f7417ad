/* The verification queue and the timeline of one specimen. */
#include "desk_view.h"

#include "desk_queue.html.h"
#include "lab/bench.h"
#include "lab/reaction.h"
#include "lab/tray.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { RESULTS_SHOWN = 160, MOMENTS_MAX = 60, PRIORS = 4, COMPANIONS = 8 };

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

/* The same row in SI units, below the conventional numbers; nothing where the unit is the same. */
static void fill_si(const desk_t *d, const result_view_t *v, const analyte_t *about, char sex, result_row_t *row)
{
    int s = sex == 'M' ? SEX_MALE : SEX_FEMALE;
    if (!words_has_si(about)) return;
    if (!(v->flags & FLAG_VOTE_OUT)) row->si = words_si(d->arena, about, v->value, v->below_or_above);
    row->si_prior = words_si_number(d->arena, about, v->prior);
    const char *low = words_si_number(d->arena, about, about->ri_low[s]),
               *high = words_si_number(d->arena, about, about->ri_high[s]);
    if (low && high)
        row->si_interval = words(d->arena, "%s–%s", low, high);
    else if (low || high)
        row->si_interval = words(d->arena, "%s %s", low ? "from" : "to", low ? low : high);
}

const char *desk_value(const desk_t *d, const result_view_t *v)
{
    const analyte_t *about = lab_analyte(d->lab, v->analyte);
    const char *unit = words_unit(d->arena, about->unit),
               *si = d->frame.si && !(v->flags & FLAG_VOTE_OUT) ? words_si(d->arena, about, v->value, v->below_or_above)
                                                                : NULL;
    return words(d->arena, si ? "%s %s (%s)" : "%s %s", v->text, unit, si);
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
    row->amount = desk_value(d, v);
    row->when = words_clock(d->arena, d->shift, v->measured_s);
    const reaction_method_t *method = lab_reaction(d->lab, v->analyte);
    if (method && method->kind != REACTION_CALCULATED)
        row->curve = words(d->arena, "/shift/%s/reaction/%d", d->id, (int)v->index);
    if (v->state == RESULT_RELEASED && v->by_autoverification) row->state = "auto";
    if (v->withdrawn) row->state = "withdrawn";
    if (v->called) row->state = words(d->arena, "%s, called", row->state);
    if (d->frame.si) fill_si(d, v, about, sex, row);
    fill_trend(d, v, about, row);
}

/* A count is read in groups, as a counter prints it. */
static const char *const count_groups[] = {"White cells",  "Red cells",     "Platelets",
                                           "Differential", "Reticulocytes", "Others"};
enum { COUNT_GROUPS = sizeof count_groups / sizeof *count_groups };

static int group_of(const analyte_t *about)
{
    bool cbc = strcmp(about->panel, "CBC") == 0;
    if (about->bench != BENCH_HEMATOLOGY) return 0;
    if (cbc && (strcmp(about->id, "WBC") == 0 || strcmp(about->id, "NRBCP") == 0)) return 0;
    if (strcmp(about->panel, "PLATELET") == 0 || strcmp(about->id, "PLT") == 0 || strcmp(about->id, "MPV") == 0)
        return 2;
    if (cbc) return 1;
    return strcmp(about->panel, "DIFF") == 0 ? 3 : strcmp(about->panel, "RETIC") == 0 ? 4 : 5;
}

static void fill_results(queue_page_t *p, const specimen_view_t *s, bool newest_only)
{
    int32_t indexes[RESULTS_SHOWN];
    int32_t n = shift_specimen_results(p->d->shift, s->index, indexes, RESULTS_SHOWN);
    uint32_t hold = 0, common = UINT32_MAX;
    p->results = arena_array(p->d->arena, (size_t)n + 1, sizeof *p->results);
    for (int group = 0, headed = -1; p->results && group < COUNT_GROUPS; group++)
        for (int32_t i = 0; i < n; i++) {
            result_view_t v;
            if (!shift_result(p->d->shift, indexes[i], &v) || group_of(lab_analyte(p->d->lab, v.analyte)) != group ||
                (newest_only && (v.state == RESULT_REPLACED || v.replaced_by >= 0) && v.state != RESULT_RELEASED))
                continue;
            result_row_t *row = &p->results[p->result_count++];
            desk_result_row(p->d, &v, s->order.sex, row);
            if (s->bench == BENCH_HEMATOLOGY && headed != group) row->group = count_groups[headed = group];
            if (v.state == RESULT_HELD) hold |= v.hold, common &= v.hold;
            row->hold = v.hold;
            p->released_count += v.state == RESULT_RELEASED;
        }
    /* What concerns the whole count is told once, below it. */
    for (int i = 0; s->bench == BENCH_HEMATOLOGY && hold && i < p->result_count; i++)
        p->results[i].why = why_words(p->d, p->results[i].hold & ~common);
    p->reasons = arena_array(p->d->arena, HOLD_COUNT, sizeof *p->reasons);
    for (int bit = 0; p->reasons && bit < HOLD_COUNT; bit++)
        if (hold & (1u << bit))
            p->reasons[p->reason_count++] = (frame_chip_t){bit == 0 ? "crit" : "warn", hold_word(bit), NULL};
}

/* In the order of time; what happened in the same second, as it is told. */
static void moment(queue_page_t *p, int32_t *times, int32_t at_s, const char *text)
{
    if (at_s == INT_MIN || p->moment_count == MOMENTS_MAX) return;
    int at = p->moment_count++;
    for (; at > 0 && times[at - 1] > at_s; at--) times[at] = times[at - 1], p->moments[at] = p->moments[at - 1];
    times[at] = at_s;
    p->moments[at] = (moment_t){words_clock(p->d->arena, p->d->shift, at_s), text};
}

static void fill_moments(queue_page_t *p, const specimen_view_t *s)
{
    arena_t *a = p->d->arena;
    p->moments = arena_array(a, MOMENTS_MAX, sizeof *p->moments);
    int32_t times[MOMENTS_MAX];
    if (!p->moments) return;
    moment(p, times, s->collected_s, words(a, "collected, %s", s->collected_how));
    moment(p, times, s->arrived_s, "arrived");
    moment(p, times, s->received_s, "received");
    moment(p, times, s->spun_s, "spun");
    char place[SPECIMEN_PLACE_MAX];
    specimen_place(s, place);
    moment(p, times, s->loaded_s, place[0] ? words(a, "on %s", place) : "loaded");
    moment(p, times, s->unread_s, "barcode not read");
    if (s->store >= 0)
        moment(p, times, s->stored_s,
               words(a, "stored, %s, rack %d, place %d", storage_name((storage_t)s->store), s->store_rack,
                     s->store_place));
    for (int32_t i = 0; i < shift_action_count(p->d->shift); i++) {
        log_view_t log;
        if (!shift_log(p->d->shift, i, &log) || log.specimen != s->index || log.kind == ACT_OPEN_RESULT) continue;
        if (log.kind == ACT_STORE && s->store >= 0) continue;
        bool treated = log.kind == ACT_TREAT && log.code >= 0 && log.code < TREAT_COUNT;
        const char *of =
            treated && log.analyte >= 0 ? words(a, " (%s)", lab_analyte(p->d->lab, log.analyte)->name) : "";
        moment(p, times, log.at_s,
               treated ? words(a, "%s%s", treatment_words((treatment_t)log.code), of) : action_said(log.kind));
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
                                        "little sample",
                                        "no clear layer"};
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

choice_t *desk_companions(const desk_t *d, const specimen_view_t *s, int *count)
{
    choice_t *list = arena_array(d->arena, COMPANIONS, sizeof *list);
    *count = 0;
    for (int i = 0; list && i < shift_specimen_count(d->shift) && *count < COMPANIONS; i++) {
        specimen_view_t v;
        int32_t at = shift_arrived_specimen(d->shift, i);
        if (at == s->index || !shift_specimen(d->shift, at, &v) || v.collected_s != s->collected_s ||
            strcmp(v.order.mrn, s->order.mrn) != 0)
            continue;
        bool tray = v.state == SPECIMEN_TRAY || v.state == SPECIMEN_ON_HOLD;
        list[(*count)++] =
            (choice_t){words(d->arena, "/shift/%s/%s/%s", d->id, tray ? "reception" : "specimen", v.accession),
                       words(d->arena, "%s, %s", v.accession, bench_name(v.bench))};
    }
    return list;
}

/* What a citrate tube is read with: how full it is, and the newest hematocrit of the same patient. */
static const char *blood_words(const desk_t *d, const specimen_view_t *s)
{
    int hct = lab_analyte_find(d->lab, "HCT");
    const char *hematocrit = "no hematocrit of this patient";
    for (int i = 0; hct >= 0 && i < shift_specimen_count(d->shift); i++) {
        specimen_view_t other;
        result_view_t v;
        int32_t at = shift_arrived_specimen(d->shift, i);
        if (!shift_specimen(d->shift, at, &other) || strcmp(other.order.mrn, s->order.mrn) != 0) continue;
        int32_t measured = shift_specimen_result(d->shift, at, hct);
        if (measured >= 0 && shift_result(d->shift, measured, &v))
            hematocrit = words(d->arena, "hematocrit %s %% in %s", v.text, other.accession);
    }
    if (!s->inspected || s->fill_fraction != s->fill_fraction)
        return words(d->arena, "fill not looked at; %s", hematocrit);
    return words(d->arena, "filled to %d %%; %s", (int)(s->fill_fraction * 100 + 0.5), hematocrit);
}

void desk_open_specimen(queue_page_t *p, int32_t index, bool newest_only)
{
    specimen_view_t s;
    arena_t *a = p->d->arena;
    if (!shift_specimen(p->d->shift, index, &s)) return;
    p->open = true;
    desk_specimen_row(p->d, index, &p->at);
    p->facts = words(a, "%s · %s · %s", p->at.who, p->at.location, p->at.tube);
    p->times = words(a, "drawn %s · received %s · on line %s", words_clock(a, p->d->shift, s.collected_s),
                     words_clock(a, p->d->shift, s.received_s), words_clock(a, p->d->shift, s.loaded_s));
    char place[SPECIMEN_PLACE_MAX];
    specimen_place(&s, place);
    if (s.position > 0) p->place = words(a, "%s", place);
    p->in_rack = s.state == SPECIMEN_QUEUED;
    const char *bench = desk_bench_path(p->d->shift, s.bench);
    if (bench && s.bench != BENCH_CHEMISTRY) {
        p->bench_href = words(a, "/shift/%s/%s/%s", p->d->id, bench, p->at.accession);
        p->bench_title = bench;
    }
    p->plasma = s.bench != BENCH_HEMATOLOGY;
    p->container = words(a, "%s; seen: %s", p->at.tube, look_words(p->d, &s));
    p->collected = words(a, "%s, %s", words_clock(a, p->d->shift, s.collected_s), s.collected_how);
    p->indices = index_words(p->d, &s);
    p->clotting = s.collected_s == INT_MIN || s.spun_s == INT_MIN
                      ? "not spun yet"
                      : words(a, "%d min from collection to the end of the spin", (int)(s.spun_s - s.collected_s) / 60);
    fill_results(p, &s, newest_only);
    fill_moments(p, &s);
    p->companions = desk_companions(p->d, &s, &p->companion_count);
    if (s.bench == BENCH_COAGULATION) p->blood = blood_words(p->d, &s);
    desk_bench_part(p->d, index, &p->bench);
}

void desk_review_fill(queue_page_t *p, int32_t index, const request_t *request)
{
    desk_t *d = p->d;
    if (index >= 0) desk_open_specimen(p, index, true);
    p->tick_all = text_equal(request_query(request, "tick"), "all");
    p->tick_href = words(d->arena, "%s%s", d->here, p->tick_all ? "" : "?tick=all");
    for (int i = 0; i < p->result_count; i++) p->held_results += p->results[i].held;
    desk_drawer_fill(d, request);
    p->cancels = desk_codes(d, CODE_CANCEL_REASON, &p->cancel_count);
    p->comments = desk_codes(d, CODE_RESULT_COMMENT, &p->comment_count);
    p->amends = desk_codes(d, CODE_AMEND_REASON, &p->amend_count);
    p->rejects = desk_codes(d, CODE_REJECT_REASON, &p->reject_count);
    if (d->hint && p->reason_count > 0)
        p->hint = "Hint: compare with the earlier results, the indices and the other tests of the same draw before "
                  "you decide; CH-017 in the binder goes through each reason.";
    static const char *const keys[][2] = {{"v", "Verify the ticked"},
                                          {"r", "Rerun the ticked"},
                                          {"h", "Hold"},
                                          {"d", "Dilute"},
                                          {"a", "Tick all, or none"},
                                          {"c", "Call"},
                                          {"m", "Comment"},
                                          {"x", "Cancel"},
                                          {"q", "Reject the specimen"},
                                          {"o", "Look at the tube"},
                                          {"t", "Timeline of the specimen"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) desk_key(d, keys[i][0], keys[i][1]);
    if (p->bench.shown) desk_key(d, "1 … 0", "Do with the tube");
    if (p->bench_href) desk_key(d, "b", "At its bench");
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
    desk_review_fill(&page, open, request);
    desk_key(&d, "n", "Next");
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
        if (about->bench == BENCH_CHEMISTRY && shift_assay(p->d->shift, 0, a, &assay))
            p->tests[p->test_count++] = (choice_t){about->id, about->name};
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
        desk_open_specimen(&page, at, false);
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
