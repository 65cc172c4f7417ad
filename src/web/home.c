/* The pages around a shift: home with what can be continued and what can be started, the briefing,
 * the exports, and about. Nothing here sees truth: what is shown of a shift is its
 * summary and its own record. */
#include "home.h"

#include "app/app.h"
#include "home_view.h"
#include "page_words.h"

#include "about.html.h"
#include "briefing.html.h"
#include "home.html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const first_scenario = "morning-run";

/* ---- summaries ---- */

shift_card_t shift_card(arena_t *arena, const shift_summary_t *s)
{
    bool scored = s->over && !isnan(s->score);
    shift_card_t card = {
        .id = words(arena, "%s", s->id),
        .title = words(arena, "%s", s->title),
        .scenario_id = words(arena, "%s", s->scenario_id),
        .mode = mode_title(s->mode),
        .minutes = words(arena, "%d of %d min", s->at_s > 0 ? s->at_s / 60 : 0, s->length_s / 60),
        .started = words_date(arena, s->started_ms),
        .saved = words_date(arena, s->saved_ms),
        .score = scored ? words_fixed(arena, s->score, 0) : NULL,
        .seed = words(arena, "%" PRIu64, s->seed),
        .score_number = scored ? s->score : NAN,
        .action_number = s->actions,
        .actions_text = words(arena, "%d", s->actions),
        .actions = s->actions,
        .over = s->over,
        .scored = scored,
    };
    bool begun = s->at_s > 0 || s->actions > 0;
    card.state = scored ? "debrief read" : s->over ? "over, debrief waiting" : begun ? "open" : "not begun";
    card.verb = s->over ? "Debrief" : begun ? "Continue" : "Begin";
    card.href = words(arena, "/shift/%s/%s", s->id, s->over ? "debrief" : begun ? "worklist" : "briefing");
    return card;
}

static bool list_shifts(app_t *app, arena_t *arena, shift_card_t **cards, int *count, err_t *err)
{
    shift_summary_t *list = arena_array(arena, APP_LIST_MAX, sizeof *list);
    *cards = arena_array(arena, APP_LIST_MAX, sizeof **cards);
    *count = 0;
    if (list == NULL || *cards == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_shift_list(app, list, APP_LIST_MAX, count, err)) return false;
    for (int i = 0; i < *count; i++) (*cards)[i] = shift_card(arena, &list[i]);
    return true;
}

/* ---- home ---- */

static const char *level_word(const char *level)
{
    if (level == NULL) return "";
    if (strcmp(level, "first") == 0) return "A first one";
    if (strcmp(level, "core") == 0) return "Core";
    if (strcmp(level, "hard") == 0) return "Hard";
    return level;
}

/* The bench of a shift at one bench, else BENCH_COUNT. */
static int group_of(uint32_t benches)
{
    for (int b = 0; b < BENCH_COUNT; b++)
        if (benches == 1u << b) return b;
    return BENCH_COUNT;
}

/* Authored scenarios that can be played; title and summary are made to be read by a trainee. */
static bool list_own(home_t *page, app_t *app, arena_t *arena, err_t *err)
{
    app_scenario_t *list = arena_array(arena, APP_LIST_MAX, sizeof *list);
    page->own = arena_array(arena, APP_LIST_MAX, sizeof *page->own);
    int count;
    if (list == NULL || page->own == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_scenario_list(app, list, APP_LIST_MAX, &count, err)) return false;
    for (int i = 0; i < count; i++)
        if (list[i].version > 0)
            page->own[page->own_count++] = (scenario_card_t){
                .id = words(arena, "%s", list[i].id),
                .title = words(arena, "%s", list[i].title),
                .summary = words(arena, "%s", list[i].summary),
                .level = level_word(words(arena, "%s", list[i].level)),
                .length = words_length(arena, list[i].length_s),
                .load = words(arena, "About %d specimens", list[i].specimens),
                .mode = list[i].mode,
            };
    return true;
}

static bool fill_home(home_t *page, app_t *app, arena_t *arena, int64_t now_ms, err_t *err)
{
    const lab_t *lab = app_lab(app);
    shift_card_t *cards;
    int count;
    if (!list_shifts(app, arena, &cards, &count, err)) return false;
    page->open = cards; /* kept in place: those that wait for somebody */
    for (int i = 0; i < count; i++) {
        if (cards[i].scored)
            page->past_count++;
        else
            cards[page->open_count++] = cards[i];
    }
    static const scenario_group_t groups[SCENARIO_GROUPS] = {
        {.id = "chemistry", .title = "Chemistry"},
        {.id = "hematology", .title = "Hematology"},
        {.id = "coagulation", .title = "Coagulation"},
        {.id = "house", .title = "Several benches, and the whole laboratory"}};
    memcpy(page->groups, groups, sizeof groups);
    int scenarios = scenario_count(lab);
    page->scenarios = arena_array(arena, (size_t)scenarios + 1, sizeof *page->scenarios);
    if (page->scenarios == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < scenarios; i++) {
        scenario_view_t view;
        scenario_view(scenario_get(lab, i), &view);
        page->scenarios[page->scenario_count++] = (scenario_card_t){
            .id = view.id,
            .title = view.title,
            .summary = view.summary,
            .level = level_word(view.level),
            .length = words_length(arena, view.length_s),
            .load = words(arena, "About %d specimens", view.specimens),
            .mode = view.mode,
            .group = group_of(view.benches),
        };
        page->groups[group_of(view.benches)].count++;
    }
    if (!list_own(page, app, arena, err) || !plan_due(page, app, arena, now_ms, err)) return false;
    if (scenario_find(lab, first_scenario) != NULL)
        page->first_id = first_scenario;
    else if (page->scenario_count > 0)
        page->first_id = page->scenarios[0].id;
    return true;
}

static void home(web_t *web, const request_t *request, response_t *response)
{
    home_t page = {0};
    err_t err;
    frame_init(&page.frame, request, "Home");
    if (!fill_home(&page, web_app(web), request->arena, request->now_ms, &err)) {
        response_failed(response, &err);
        return;
    }
    home_page(response_html(response), &page);
}

/* The home page again with what was typed and why it was refused. */
static void home_refused(web_t *web, const request_t *request, response_t *response, const char *why)
{
    home_t page = {0};
    err_t err;
    frame_init(&page.frame, request, "Home");
    page.frame.here = "/";
    if (!fill_home(&page, web_app(web), request->arena, request->now_ms, &err)) {
        response_failed(response, &err);
        return;
    }
    page.frame.notice_kind = "crit";
    page.frame.notice = why;
    const char *scenario = request_form(request, "scenario"), *seed = request_form(request, "seed");
    int mode = shift_mode_from_word(request_form(request, "mode"));
    for (int i = 0; scenario != NULL && i < page.scenario_count + page.own_count; i++) {
        scenario_card_t *card = i < page.scenario_count ? &page.scenarios[i] : &page.own[i - page.scenario_count];
        if (strcmp(card->id, scenario) != 0) continue;
        if (mode >= 0) card->mode = (shift_mode_t)mode;
        card->typed_seed = seed;
        card->open = true;
    }
    response_status(response, 422);
    home_page(response_html(response), &page);
}

static void create(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *scenario = request_form(request, "scenario"), *seed_text = request_form(request, "seed");
    int mode = shift_mode_from_word(request_form(request, "mode"));
    int64_t seed = 0;
    if (mode < 0) {
        home_refused(web, request, response, "Choose a mode: Coach, Practice or Assess.");
        return;
    }
    if (seed_text != NULL && seed_text[0] != '\0' && (!text_to_int(seed_text, strlen(seed_text), &seed) || seed < 1)) {
        home_refused(web, request, response, "The seed is a whole number from 1 up, or empty.");
        return;
    }
    char id[APP_ID_MAX];
    err_t err;
    if (!app_shift_create(app, scenario != NULL ? scenario : "", (uint64_t)seed, (shift_mode_t)mode, id, &err)) {
        if (err.code == ERR_NOT_FOUND)
            home_refused(web, request, response, "There is no such shift. Choose one of the list.");
        else
            response_failed(response, &err);
        return;
    }
    response_redirect(response, "/shift/%s/briefing", id);
}

/* ---- briefing ---- */

static const char *mode_rules(shift_mode_t mode)
{
    switch (mode) {
    case MODE_COACH:
        return "Hints stand beside the work and feedback comes at once. Good for the first time at a bench.";
    case MODE_ASSESS:
        return "No hint and no feedback until the end, and no pause. Work as you would on a real shift.";
    default:
        return "A hint comes only when you ask for it. Feedback comes after the shift, in the debrief.";
    }
}

static void fill_briefing(briefing_t *page, const request_t *request, app_t *app, const app_visit_t *visit)
{
    arena_t *arena = request->arena;
    scenario_view_t view;
    scenario_view(shift_scenario(visit->shift), &view);
    shift_mode_t mode = shift_mode(visit->shift);
    page->id = words(arena, "%s", visit->summary.id);
    page->title = view.title;
    page->role = view.role;
    page->staffing = view.staffing;
    page->starts = words_clock(arena, visit->shift, 0);
    page->length = words_length(arena, shift_length_s(visit->shift));
    page->load = words(arena, "About %d specimens", view.specimens);
    page->mode = mode_title(mode);
    page->mode_rules = mode_rules(mode);
    page->assess = mode == MODE_ASSESS;
    page->over = shift_over(visit->shift);
    page->begun = visit->speed > 0 || shift_now_s(visit->shift) > 0 || shift_action_count(visit->shift) > 0;
    page->now = words_clock(arena, visit->shift, shift_now_s(visit->shift));
    page->frame.where = words(arena, "%s · %s", page->mode, page->title);
    for (int i = 0; i < view.briefing_count; i++) page->briefing[page->briefing_count++] = view.briefing[i];
    for (int i = 0; i < view.sop_count; i++) {
        const sop_t *sop = lab_sop_find(app_lab(app), view.sops[i]);
        if (sop != NULL) page->sops[page->sop_count++] = (sop_link_t){sop->id, sop->title};
    }
}

static void briefing(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    briefing_t page = {0};
    app_visit_t visit;
    err_t err;
    frame_init(&page.frame, request, "Briefing");
    if (!app_peek(app, request_route(request, "id"), &visit, &err)) {
        response_failed(response, &err);
        return;
    }
    fill_briefing(&page, request, app, &visit);
    briefing_page(response_html(response), &page); /* within the visit: the words are the shift's own */
    app_leave(app, &visit);
}

/* ---- exports ---- */

/* The trainee's own record, one action a line. */
static void log_csv(text_t *out, const shift_t *shift)
{
    text_add(out, "second,clock,action,accession,test,line,call,text\r\n");
    log_view_t row;
    for (int32_t i = 0; shift_log(shift, i, &row); i++) {
        char clock[8];
        text_clock(clock, shift_clock_s(shift, row.at_s));
        text_addf(out, "%d,%s,", row.at_s, clock);
        text_add_csv(out, action_word(row.kind));
        specimen_view_t specimen;
        text_add_char(out, ',');
        if (row.specimen >= 0 && shift_specimen(shift, row.specimen, &specimen)) text_add_csv(out, specimen.accession);
        text_add_char(out, ',');
        if (row.analyte >= 0) text_add_csv(out, lab_analyte(shift_lab(shift), row.analyte)->id);
        text_add_char(out, ',');
        if (row.line >= 0) text_add(out, line_name(row.line));
        text_add_char(out, ',');
        if (row.call >= 0) text_add_int(out, row.call + 1);
        text_add_char(out, ',');
        if (row.text != NULL) text_add_csv(out, row.text);
        text_add(out, "\r\n");
    }
}

static void export(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *id = request_route(request, "id"), *format = request_query(request, "format");
    app_visit_t visit;
    err_t err;
    if (!app_peek(app, id, &visit, &err)) {
        response_failed(response, &err);
        return;
    }
    id = words(request->arena, "%s", visit.summary.id);
    if (format != NULL && strcmp(format, "csv") == 0) {
        log_csv(response_body(response, "text/csv; charset=utf-8"), visit.shift);
        app_leave(app, &visit);
        response_download(response, words(request->arena, "shift-%s.csv", id));
        return;
    }
    app_leave(app, &visit);
    if (!app_shift_export(app, id, false, response_body(response, "application/x-ndjson"), &err)) {
        response_failed(response, &err);
        return;
    }
    response_download(response, words(request->arena, "shift-%s.jsonl", id));
}

static void about(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    about_t page = {0};
    frame_init(&page.frame, request, "About");
    about_page(response_html(response), &page);
}

static const web_route_t routes[] = {
    {"GET", "/", home},
    {"POST", "/shifts", create},
    {"GET", "/shift/:id/briefing", briefing},
    {"GET", "/shift/:id/export", export},
    {"GET", "/about", about},
};

const web_route_t *home_routes(size_t *count)
{
    *count = sizeof routes / sizeof routes[0];
    return routes;
}
