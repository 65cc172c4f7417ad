/* The care page of a running shift: checklists, logs, stores, alarms, downtime. Sight only. */
#include "desk_care_view.h"

#include "desk_care.html.h"
#include "draw/clot.h"
#include "lab/bench.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LOG_DAYS = 4, LOG_ROWS = CARE_LOGS_MAX, LOTS_MAX = 400, SPECIMENS_SHOWN = 60 };

static const char *at_words(const desk_t *d, int32_t at_s)
{
    return at_s == INT32_MIN ? "–" : words_clock(d->arena, d->shift, at_s);
}

static const char *number(const desk_t *d, double value, int decimals)
{
    return value == value ? words_fixed(d->arena, value, decimals) : "–";
}

static const char *limits(const desk_t *d, double low, double high, int decimals)
{
    bool from = low == low, to = high == high;
    if (from && to && low == high) return number(d, low, decimals);
    if (to && low == 0) from = false; /* nothing reads below zero */
    if (from && to) return words(d->arena, "%s to %s", number(d, low, decimals), number(d, high, decimals));
    if (from) return words(d->arena, "%s or more", number(d, low, decimals));
    return to ? words(d->arena, "%s or less", number(d, high, decimals)) : "";
}

/* ---- checklists ---- */

static void fill_sheet(const desk_t *d, int line, int list, care_sheet_card_t *card)
{
    care_sheet_view_t v;
    arena_t *a = d->arena;
    if (!care_sheet(d->shift, line, (care_list_t)list, &v)) return;
    *card = (care_sheet_card_t){.name = v.name,
                                .sop = v.sop,
                                .sop_href = words(a, "/shift/%s/sops/%s", d->id, v.sop),
                                .line = line,
                                .list = list,
                                .count = v.count,
                                .is_signed = v.signed_s != INT32_MIN,
                                .to_sign = v.due && !v.signed_before && v.signed_s == INT32_MIN};
    card->state = v.signed_before   ? "signed by the shift before"
                  : card->is_signed ? words(a, "signed %s as %s", at_words(d, v.signed_s),
                                            v.acceptable ? "acceptable" : "not acceptable")
                  : v.due           ? "due, not signed"
                                    : "not due today";
    for (int i = 0; i < v.count; i++) {
        const care_step_view_t *s = &v.steps[i];
        care_step_row_t *row = &card->steps[i];
        *row = (care_step_row_t){.name = s->text,
                                 .field = words(a, "step_%d", i),
                                 .unit = s->unit,
                                 .limits = limits(d, s->low, s->high, s->decimals),
                                 .written = s->written[0] ? words(a, "%s", s->written) : "blank",
                                 .value = s->kind == CARE_VALUE,
                                 .choice = s->kind == CARE_CHOICE,
                                 .tick = s->kind == CARE_TICK,
                                 .choice_count = s->choice_count};
        for (int c = 0; c < s->choice_count; c++) row->choices[c] = (choice_t){words(a, "%d", c), s->choices[c]};
        if (s->kind == CARE_TICK && s->written[0]) row->written = "done";
        for (int c = 0; s->kind == CARE_CHOICE && c < s->choice_count; c++)
            if (strcmp(s->written, row->choices[c].value) == 0) row->written = s->choices[c];
    }
}

static void fill_lists(care_page_t *page)
{
    const desk_t *d = page->d;
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_view_t about;
        care_reading_view_t readings[CARE_READINGS_MAX];
        if (!shift_line(d->shift, line, &about)) continue;
        care_line_card_t *card = &page->lines[page->line_count++];
        *card = (care_line_card_t){.name = about.name, .line = line, .sheet_count = CARE_LISTS};
        for (int list = 0; list < CARE_LISTS; list++) fill_sheet(d, line, list, &card->sheets[list]);
        card->reading_count = care_panel(d->shift, line, readings, CARE_READINGS_MAX);
        for (int i = 0; i < card->reading_count; i++)
            card->readings[i] = (care_reading_row_t){
                readings[i].name, number(d, readings[i].value, readings[i].decimals), readings[i].unit,
                limits(d, readings[i].low, readings[i].high, readings[i].decimals)};
    }
}

/* ---- the chart of a log: three days before, and today ---- */

static void fill_days(const desk_t *d, const char *days[LOG_DAYS])
{
    static const char *const names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    text_t date;
    int today = 0;
    text_init(&date, 100);
    care_date(d->shift, &date);
    for (int i = 0; i < 7; i++)
        if (date.data && strncmp(date.data, names[i], strlen(names[i])) == 0) today = i;
    for (int i = 0; i < LOG_DAYS; i++) days[i] = names[(today + 7 - (LOG_DAYS - 1 - i)) % 7];
    text_free(&date);
}

/* Built from the written entries alone. */
static void fill_chart(const desk_t *d, int unit, const care_unit_view_t *v, log_chart_t *chart, log_point_t *points)
{
    care_log_view_t log[LOG_ROWS];
    scenario_view_t scenario;
    const char **days = arena_array(d->arena, LOG_DAYS, sizeof *days);
    int n = care_log(d->shift, unit, log, LOG_ROWS);
    scenario_view(shift_scenario(d->shift), &scenario);
    if (days) fill_days(d, days);
    *chart = (log_chart_t){.title = v->name,
                           .unit = "°C",
                           .decimals = 1,
                           .day_count = LOG_DAYS,
                           .days = days,
                           .low = v->low,
                           .high = v->high,
                           .gap_hours = 14,
                           .points = points};
    for (int i = 0; i < n; i++) {
        double hour = 24.0 * (LOG_DAYS - 1) + (double)(scenario.start_clock_s + log[i].at_s) / 3600;
        if (hour < 0 || hour > 24.0 * LOG_DAYS) continue;
        if (log[i].action >= 0) {
            if (chart->mark_count < LOG_MAX_MARKS)
                chart->marks[chart->mark_count++] = (log_mark_t){hour, unit_action_word((unit_action_t)log[i].action)};
        } else if (chart->point_count < LOG_MAX_POINTS) {
            points[chart->point_count++] = (log_point_t){hour, log[i].value};
        }
    }
}

/* ---- logs ---- */

static void fill_unit(const desk_t *d, int unit, care_unit_card_t *card)
{
    care_unit_view_t v;
    care_log_view_t log[LOG_ROWS];
    arena_t *a = d->arena;
    if (!care_unit(d->shift, unit, &v)) return;
    *card = (care_unit_card_t){.name = v.name,
                               .holds = v.holds,
                               .unit = unit,
                               .limits = words(a, "%s °C", limits(d, v.low, v.high, 0)),
                               .now = v.looked ? words(a, "%s °C", number(d, v.now, 1)) : "",
                               .seen = v.seen,
                               .looked = v.looked,
                               .quarantined = v.quarantined,
                               .second_label = v.humidity ? "Humidity, %" : "Highest in the memory, °C",
                               .state = v.log_due ? "entry due" : "entry written"};
    if (v.humidity) {
        card->limits = words(a, "%s, humidity %s %%", card->limits, limits(d, v.humidity_low, v.humidity_high, 0));
        card->extremes = words(a, "humidity %s %%", number(d, v.humidity_now, 0));
    } else {
        card->extremes =
            words(a, "since the last entry: lowest %s, highest %s °C", number(d, v.least, 1), number(d, v.most, 1));
    }
    log_chart_t chart;
    log_point_t points[LOG_ROWS];
    text_t said;
    fill_chart(d, unit, &v, &chart, points);
    text_init(&said, 8000);
    draw_log_chart_describe(&said, &chart);
    card->chart = words(a, "/shift/%s/care/chart/%d", d->id, unit + 1);
    card->chart_text = words(a, "%s", said.data ? said.data : "");
    text_free(&said);
    int n = care_log(d->shift, unit, log, LOG_ROWS);
    card->rows = arena_array(a, (size_t)n + 1, sizeof *card->rows);
    for (int i = 0; card->rows && i < n; i++) {
        int32_t hours = log[i].at_s < 0 ? -log[i].at_s / 3600 : 0;
        card->rows[card->row_count++] = (care_log_row_t){
            .when = hours > 0 ? words(a, "%s, %d h before", at_words(d, log[i].at_s), (int)hours)
                              : at_words(d, log[i].at_s),
            .value = log[i].action < 0 ? number(d, log[i].value, 1) : unit_action_word((unit_action_t)log[i].action),
            .second = log[i].action < 0 ? number(d, log[i].second, v.humidity ? 0 : 1) : "",
            .initials = words(a, "%s", log[i].initials)};
    }
}

static void fill_logs(care_page_t *page)
{
    const desk_t *d = page->d;
    page->unit_count = care_unit_count(d->shift);
    for (int unit = 0; unit < page->unit_count; unit++) fill_unit(d, unit, &page->units[unit]);
    for (int i = 0; i < UNIT_ACTIONS; i++)
        page->unit_actions[i] = (choice_t){words(d->arena, "%d", i), unit_action_word((unit_action_t)i)};
}

/* ---- specimens to choose from ---- */

static void fill_specimens(care_page_t *page)
{
    const desk_t *d = page->d;
    page->waiting = arena_array(d->arena, SPECIMENS_SHOWN, sizeof *page->waiting);
    page->measured = arena_array(d->arena, SPECIMENS_SHOWN, sizeof *page->measured);
    for (int32_t i = shift_specimen_count(d->shift) - 1; page->waiting && page->measured && i >= 0; i--) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(d->shift, i);
        if (!shift_specimen(d->shift, s, &v)) continue;
        if ((v.state == SPECIMEN_QUEUED || v.state == SPECIMEN_SPUN) && page->waiting_count < SPECIMENS_SHOWN) {
            specimen_row_t *row = &page->waiting[page->waiting_count++];
            desk_specimen_row(d, s, row);
            char place[SPECIMEN_PLACE_MAX];
            specimen_place(&v, place);
            if (v.state == SPECIMEN_QUEUED) row->state = words(d->arena, "waits at %s", place);
        }
        if (v.held + v.released > 0 && page->measured_count < SPECIMENS_SHOWN)
            desk_specimen_row(d, s, &page->measured[page->measured_count++]);
    }
}

/* ---- stores ---- */

static const char *difference(const desk_t *d, const care_crossover_view_t *c)
{
    if (!(c->mean_old == c->mean_old)) return "";
    int decimals = lab_analyte(d->lab, c->analyte)->decimals + 1;
    return words(d->arena, "%d specimens: mean of old lot %s, of new lot %s, difference %s %%, allowed ± %s %%",
                 c->specimens, number(d, c->mean_old, decimals), number(d, c->mean_new, decimals),
                 number(d, c->difference_pct, 1), number(d, c->allowed_pct, 1));
}

/* Of a thromboplastin: what its papers say. */
static const char *lot_papers(const desk_t *d, int analyte)
{
    double isi, mnpt;
    const char *id = lab_analyte(d->lab, analyte)->id;
    if (strcmp(id, "PT") != 0 && strcmp(id, "INR") != 0) return "";
    shift_inr_box(d->shift, &isi, &mnpt);
    return words(d->arena, "insert: ISI %.2f; mean normal PT with it %.1f s", isi, mnpt);
}

static void fill_stores(care_page_t *page)
{
    static const char *const states[] = {"no comparison yet", "comparison runs", "compared, not decided", "in use",
                                         "refused, old lot on board"};
    const desk_t *d = page->d;
    care_crossover_view_t list[16];
    page->crossover_count = care_crossovers(d->shift, list, 16);
    for (int i = 0; i < page->crossover_count; i++) {
        const care_crossover_view_t *c = &list[i];
        const analyte_t *about = lab_analyte(d->lab, c->analyte);
        bool open = c->state != LOT_ACCEPTED && c->state != LOT_REFUSED;
        page->crossovers[i] =
            (care_crossover_row_t){.title = words(d->arena, "%s on %s: lot %s, before it %s, since %s", about->name,
                                                  line_name(c->line), c->new_lot, c->old_lot, at_words(d, c->at_s)),
                                   .test = about->id,
                                   .state = states[c->state],
                                   .result = difference(d, c),
                                   .line = c->line,
                                   .to_compare = open && c->state != LOT_COMPARING,
                                   .to_judge = open};
    }
    page->lots = arena_array(d->arena, LOTS_MAX, sizeof *page->lots);
    for (int line = 0; page->lots && line < SHIFT_LINES; line++)
        for (int a = 0; a < lab_analyte_count(d->lab); a++) {
            care_lot_view_t lots[CARE_LOTS];
            int n = care_lots(d->shift, line, a, lots, CARE_LOTS);
            for (int i = 0; i < n && page->lot_count < LOTS_MAX; i++) {
                int days = (int)lots[i].expires_day;
                page->lots[page->lot_count++] = (care_lot_row_t){
                    .test = lab_analyte(d->lab, a)->name,
                    .id = lab_analyte(d->lab, a)->id,
                    .lot = words(d->arena, "%s", lots[i].name),
                    .papers = lots[i].on_board ? lot_papers(d, a) : "",
                    .unit = lots[i].unit,
                    .expires = days < 0 ? words(d->arena, "%d days ago", -days) : words(d->arena, "in %d days", days),
                    .line = line,
                    .code = lots[i].lot,
                    .on_board = lots[i].on_board};
            }
        }
}

/* ---- alarms ---- */

static void fill_alarm(const desk_t *d, const care_alarm_view_t *v, care_alarm_card_t *card)
{
    static const char *const states[] = {"", "on", "gone, not checked", "closed"};
    arena_t *a = d->arena;
    bool busy = v->busy_until_s != INT32_MIN && v->busy_until_s > shift_now_s(d->shift);
    *card = (care_alarm_card_t){
        .name = line_name(v->line),
        .code = v->code,
        .message = v->message,
        .manual = v->manual,
        .state =
            busy ? words(a, "%s, busy until %s", states[v->state], at_words(d, v->busy_until_s)) : states[v->state],
        .line = v->line,
        .active = v->state == ALARM_ACTIVE,
        .cleared = v->state == ALARM_CLEARED,
        .returned = v->state == ALARM_RETURNED,
        .stopped = v->stops && v->state != ALARM_RETURNED,
        .busy = busy,
        .called = v->service_s != INT32_MIN,
        .advice = v->advice,
        .compare = v->compare_pct == v->compare_pct
                       ? words(a, "Patient comparison: largest mean difference %s %% of what is allowed",
                               number(d, v->compare_pct, 0))
                       : ""};
    card->times = words(a, "since %s; service called %s; engineer expected %s; gone %s; returned %s",
                        at_words(d, v->at_s), at_words(d, v->service_s), at_words(d, v->engineer_s),
                        at_words(d, v->cleared_s), at_words(d, v->returned_s));
    for (int i = 0; i < v->step_count; i++)
        card->steps[card->step_count++] =
            (care_option_t){.text = v->steps[i].text,
                            .detail = words(a, "%d min%s", v->steps[i].minutes, v->steps[i].tried ? ", tried" : ""),
                            .number = i};
    for (int k = 0; k < VERIFY_KINDS; k++)
        card->checks[card->check_count++] = (care_option_t){
            .text = care_verify_word(k),
            .name = v->wanted[k] ? "asked by the procedure" : "not asked",
            .detail = v->done_s[k] == INT32_MIN ? "not done" : words(a, "done %s", at_words(d, v->done_s[k])),
            .number = k};
}

static void fill_alarms(care_page_t *page)
{
    const desk_t *d = page->d;
    for (int line = 0; line < SHIFT_LINES; line++) {
        care_alarm_view_t v;
        if (care_alarm(d->shift, line, &v)) fill_alarm(d, &v, &page->alarms[page->alarm_count++]);
    }
}

/* ---- downtime ---- */

static const char *told_words(const desk_t *d, const care_downtime_view_t *v, int what)
{
    text_t text;
    text_init(&text, 600);
    for (int g = 0; g < WARD_GROUPS; g++)
        if (v->told_s[what][g] != INT32_MIN)
            text_addf(&text, "%s%s %s", text.length ? ", " : "", ward_group_word((ward_group_t)g),
                      at_words(d, v->told_s[what][g]));
    const char *copy = words(d->arena, "%s", text.length ? text.data : "nobody yet");
    text_free(&text);
    return copy;
}

/* A value of a paper as it stands there, and in SI units behind it when asked for. */
static const char *paper_value(const desk_t *d, const analyte_t *about, double value)
{
    const char *si = d->frame.si ? words_si(d->arena, about, value, 0) : NULL;
    return words(d->arena, si ? "%s (%s)" : "%s", number(d, value, about->decimals), si);
}

static void fill_papers(care_page_t *page, int count)
{
    static const char *const ways[] = {"reported by telephone and paper", "backup method", "sent out"};
    const desk_t *d = page->d;
    page->papers = arena_array(d->arena, (size_t)count + 1, sizeof *page->papers);
    for (int i = 0; page->papers && i < count; i++) {
        care_paper_view_t v;
        specimen_view_t s;
        if (!care_paper(d->shift, i, &v) || !shift_specimen(d->shift, v.specimen, &s)) continue;
        bool one = v.analyte >= 0, back = v.value == v.value;
        const analyte_t *about = one ? lab_analyte(d->lab, v.analyte) : NULL;
        care_paper_row_t *row = &page->papers[page->paper_count++];
        *row = (care_paper_row_t){.number = i,
                                  .accession = words(d->arena, "%s", s.accession),
                                  .name = words(d->arena, "%s, %s", s.order.family, s.order.given),
                                  .test = one ? about->name : "what is measured",
                                  .unit = one ? words_unit(d->arena, about->unit) : "",
                                  .how = ways[v.kind],
                                  .when = at_words(d, v.at_s),
                                  .value = one && back ? paper_value(d, about, v.value)
                                           : one       ? "not back"
                                                       : "",
                                  .entered = one && v.entered == v.entered ? number(d, v.entered, about->decimals) : "",
                                  .state = !one ? "reported"
                                           : v.checked_s != INT32_MIN
                                               ? words(d->arena, "checked %s, out", at_words(d, v.checked_s))
                                           : v.entered_s != INT32_MIN ? "entered, not checked"
                                           : back                     ? "to be entered"
                                                  : words(d->arena, "expected %s", at_words(d, v.ready_s)),
                                  .to_enter = one && back && v.entered_s == INT32_MIN && v.checked_s == INT32_MIN,
                                  .to_check = one && v.entered_s != INT32_MIN && v.checked_s == INT32_MIN};
    }
}

static void fill_downtime(care_page_t *page)
{
    const desk_t *d = page->d;
    care_downtime_view_t v;
    care_downtime(d->shift, &v);
    page->lis_down = v.lis_down;
    for (int what = 0; what <= SHIFT_LINES; what++) {
        line_view_t line;
        care_alarm_view_t alarm;
        bool lis = what == SHIFT_LINES;
        if (!lis && !shift_line(d->shift, what, &line)) continue;
        if (lis && v.lis_since_s == INT32_MIN) continue;
        bool stopped = lis ? v.lis_down : line.state == LINE_STOPPED;
        bool out = !lis && care_alarm(d->shift, what, &alarm) && alarm.out_of_use;
        page->downs[page->down_count++] = (care_down_row_t){
            .name = lis ? "LIS" : line.name,
            .line = lis ? -1 : what,
            .down = stopped,
            .out = out || (!lis && v.declared[what]),
            .declared = v.declared[what],
            .state = v.declared[what] ? words(d->arena, "log begun %s", at_words(d, v.declared_s[what]))
                     : stopped        ? "down, no log begun"
                     : lis            ? "answers"
                                      : "no downtime",
            .told = told_words(d, &v, what)};
    }
    for (int g = 0; g <= WARD_GROUPS; g++)
        page->groups[g] =
            (choice_t){words(d->arena, "%d", g), g == WARD_GROUPS ? "all of them" : ward_group_word((ward_group_t)g)};
    fill_papers(page, v.papers);
}

/* ---- pages ---- */

typedef enum { VIEW_LISTS, VIEW_LOGS, VIEW_STORES, VIEW_ALARMS, VIEW_DOWNTIME, VIEWS } care_view_t;

static void get_view(web_t *web, const request_t *request, response_t *response, care_view_t view)
{
    static const struct {
        const char *label, *path;
    } views[VIEWS] = {{"Checklists", "care"},
                      {"Temperatures", "care/logs"},
                      {"Stores", "care/stores"},
                      {"Alarms", "care/alarms"},
                      {"Downtime", "care/downtime"}};
    static const char *const hints[VIEWS] = {
        "Open the readings page first; then write what stands there, and compare it with the limits before you sign.",
        "The display shows two things: what is now, and what has been since the last entry.",
        "Before a bottle goes on board: its date, where it stood, and whether its lot was compared.",
        "While you mend: who waits for results? When it is mended: what would show that it measures right?",
        "In this order: the log, those who must know, STAT, the rest. What is on paper is not yet in the LIS."};
    desk_t d;
    if (!desk_open(web, request, response, TAB_CARE, views[view].label, &d)) return;
    care_page_t *page = arena_alloc(d.arena, sizeof *page);
    text_t date;
    text_init(&date, 100);
    care_date(d.shift, &date);
    if (page) {
        page->d = &d;
        page->date = words(d.arena, "%s", date.data ? date.data : "");
        page->on = care_on(d.shift);
        page->hint = d.hint ? hints[view] : NULL;
        for (int i = 0; i < VIEWS; i++)
            page->views[i] = (frame_tab_t){.label = views[i].label,
                                           .href = words(d.arena, "/shift/%s/%s", d.id, views[i].path),
                                           .count = -1,
                                           .current = i == (int)view};
        fill_specimens(page);
        fill_lists(page);
        fill_logs(page);
        fill_stores(page);
        fill_alarms(page);
        fill_downtime(page);
        static void (*const write[VIEWS])(text_t *, care_page_t *) = {care_lists_page, care_logs_page, care_stores_page,
                                                                      care_alarms_page, care_downtime_page};
        write[view](response_html(response), page);
    }
    text_free(&date);
    desk_close(web, &d);
}

static void get_lists(web_t *web, const request_t *request, response_t *response)
{
    get_view(web, request, response, VIEW_LISTS);
}

static void get_logs(web_t *web, const request_t *request, response_t *response)
{
    get_view(web, request, response, VIEW_LOGS);
}

static void get_stores(web_t *web, const request_t *request, response_t *response)
{
    get_view(web, request, response, VIEW_STORES);
}

static void get_alarms(web_t *web, const request_t *request, response_t *response)
{
    get_view(web, request, response, VIEW_ALARMS);
}

static void get_downtime(web_t *web, const request_t *request, response_t *response)
{
    get_view(web, request, response, VIEW_DOWNTIME);
}

static void get_chart(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    care_unit_view_t v;
    err_t err = {0};
    int64_t unit = 0;
    const char *word = request_route(request, "unit");
    if (!desk_open(web, request, response, TAB_CARE, "Chart", &d)) return;
    if (!word || !text_to_int(word, strlen(word), &unit) || unit < 1 || unit > CARE_UNITS_MAX ||
        !care_unit(d.shift, (int)unit - 1, &v)) {
        response_error(response, 404, "There is no such unit.");
    } else {
        log_chart_t chart;
        log_point_t points[LOG_ROWS];
        fill_chart(&d, (int)unit - 1, &v, &chart, points);
        if (!draw_log_chart(response_body(response, "image/svg+xml"), &chart, desk_look(request), &err))
            response_failed(response, &err);
    }
    desk_close(web, &d);
}

/* ---- forms ---- */

static bool form_second(const request_t *request, action_t *action, err_t *err)
{
    const char *second = request_form(request, "second");
    double value = 0;
    if (!second || !second[0]) return err_set(err, ERR_INPUT, "Write both readings, such as 4.6 and 5.1.");
    if (!text_to_double(second, strlen(second), &value) || fabs(value) > 1000)
        return err_set(err, ERR_INPUT, "The second reading is a number, such as 5.1; found \"%.30s\".", second);
    action->number = (int32_t)floor(value * 10 + 0.5);
    return true;
}

bool desk_care_form(const request_t *request, action_t *action, err_t *err)
{
    if (action->kind == ACT_LOG_UNIT) return form_second(request, action, err);
    if (action->kind != ACT_SIGN_LIST) return true;
    size_t used = 0;
    for (int i = 0; i < CARE_STEPS_MAX; i++) {
        char field[16];
        snprintf(field, sizeof field, "step_%d", i);
        const char *text = request_form(request, field);
        if (!text || !text[0]) continue;
        if (strlen(text) > 15 || strchr(text, ';'))
            return err_set(err, ERR_INPUT, "An entry of a checklist has at most 15 characters and no semicolon.");
        int n = snprintf(action->text + used, sizeof action->text - used, "%s%d=%s", used ? ";" : "", i, text);
        used += (size_t)n;
    }
    return true;
}

const web_route_t *desk_care_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/care", get_lists},
                                         {"GET", "/shift/:id/care/logs", get_logs},
                                         {"GET", "/shift/:id/care/stores", get_stores},
                                         {"GET", "/shift/:id/care/alarms", get_alarms},
                                         {"GET", "/shift/:id/care/downtime", get_downtime},
                                         {"GET", "/shift/:id/care/chart/:unit", get_chart}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
