/* /road: every way to every goal against the record, "what if" by the address alone, up to four compared, and of one
 * the checklist with its calendar. Nothing here is stored. */
#include "road.h"

#include "calendar_answer.h"

#include "road_parts.h"

#include "road.html.h"

#include <stdio.h>
#include <string.h>

enum { CHOICES_MAX = 80 };

/* ---- the form ---- */

typedef struct {
    arena_t *arena;
    road_choice_t *items;
    int count;
    const char *chosen;
} choices_t;

static bool choices_begin(choices_t *c, arena_t *arena, const char *chosen, const char *none)
{
    *c = (choices_t){arena, arena_array(arena, CHOICES_MAX, sizeof *c->items), 0, chosen};
    if (c->items == NULL) return false;
    c->items[c->count++] = (road_choice_t){"", none, chosen == NULL};
    return true;
}

/* A token for reading: "blood_banking" is "blood banking". */
static const char *spoken(arena_t *arena, const char *token)
{
    char text[RECORD_TOKEN_MAX];
    snprintf(text, sizeof text, "%s", token);
    for (char *c = text; *c; c++)
        if (*c == '_') *c = ' ';
    return words(arena, "%s", text);
}

static void choice(choices_t *c, const char *token)
{
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->items[i].value, token) == 0) return;
    if (c->count == CHOICES_MAX || strcmp(token, "*") == 0) return;
    c->items[c->count++] =
        (road_choice_t){token, spoken(c->arena, token), c->chosen != NULL && strcmp(c->chosen, token) == 0};
}

typedef struct {
    leaf_kind_t kind;
    bool second; /* the list `labs`, else `any`; with no list, `word` */
} token_place_t;

static void collect(choices_t *c, const node_t *node, token_place_t place)
{
    for (size_t i = 0; i < node->count; i++) collect(c, &node->children[i], place);
    if (node->kind != NODE_LEAF || node->leaf->kind != place.kind) return;
    const tokens_t *list = place.second ? &node->leaf->labs : &node->leaf->any;
    for (size_t i = 0; i < list->count; i++) choice(c, list->items[i]);
    if (!list->known && node->leaf->word != NULL && !place.second) choice(c, node->leaf->word);
}

static bool collected(road_request_t *road, const char *chosen, token_place_t place, road_choice_t **items, int *count)
{
    choices_t c = {0};
    const rules_t *rules = app_rules(road->app);
    if (!choices_begin(&c, road->arena, chosen, "–")) return false;
    for (size_t g = 0; g < rules->count; g++)
        for (size_t i = 0; i < rules->goals[g].count; i++)
            if (rules->goals[g].routes[i].requires != NULL) collect(&c, rules->goals[g].routes[i].requires, place);
    *items = c.items;
    *count = c.count;
    return true;
}

static bool fill_what(road_request_t *road, const request_t *request, const char *goal, what_if_view_t *v, err_t *err)
{
    choices_t c = {0};
    const rules_t *rules = app_rules(road->app);
    arena_t *a = road->arena;
    bool ok = true;
    v->asks = what_if_asks(&road->what);
    for (int i = 0; i < WHAT_IF_HOURS; i++) {
        ok = ok && collected(road, road->what.hours[i].subject, (token_place_t){LEAF_SEMESTER_HOURS, false},
                             &v->subjects[i], &v->subject_count);
        char hours[AMOUNT_TEXT_MAX] = "";
        if (road->what.hours[i].milli > 0) amount_write(road->what.hours[i].milli, hours);
        v->hours_of[i] = words(a, "%s", hours);
    }
    ok = ok && choices_begin(&c, a, road->what.degree, "–");
    for (level_t l = LEVEL_HIGH_SCHOOL; ok && l <= LEVEL_DOCTORAL; l++) choice(&c, level_word(l));
    v->degrees = c.items, v->degree_count = c.count;
    ok =
        ok && collected(road, road->what.field, (token_place_t){LEAF_DEGREE, false}, &v->fields, &v->field_count) &&
        collected(road, road->what.program, (token_place_t){LEAF_PROGRAM, false}, &v->programs, &v->program_count) &&
        collected(road, road->what.accreditor, (token_place_t){LEAF_PROGRAM, true}, &v->accreditors,
                  &v->accreditor_count) &&
        collected(road, road->what.setting, (token_place_t){LEAF_EXPERIENCE, false}, &v->settings, &v->setting_count) &&
        choices_begin(&c, a, goal, "all goals");
    for (size_t g = 0; ok && g < rules->count; g++) choice(&c, rules->goals[g].id);
    for (int i = 1; ok && i < c.count; i++) c.items[i].text = c.items[i].value;
    v->goals = c.items, v->goal_count = c.count;
    v->months = road->what.months > 0 ? words(a, "%d", (int)road->what.months) : "";
    v->week = words(a, "%d", road->pace.hours_per_week);
    v->credits = words(a, "%d", road->pace.credits_per_term);
    const char *apply = request_query(request, "apply");
    v->apply = when_is_unknown(road->what.apply) || apply == NULL ? "" : apply;
    return ok || err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
}

/* ---- all routes ---- */

static bool fill_road(road_page_t *page, road_request_t *road, const request_t *request, err_t *err)
{
    const rules_t *rules = app_rules(road->app);
    const char *goal = request_query(request, "goal");
    if (goal != NULL && rules_goal(rules, goal) == NULL) goal = NULL;
    page->goals = arena_array(road->arena, rules->count + 1, sizeof *page->goals);
    if (page->goals == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (size_t g = 0; g < rules->count; g++) {
        if (goal != NULL && strcmp(goal, rules->goals[g].id) != 0) continue;
        goal_row_t *row = &page->goals[page->count++];
        if (!road_goal_row(road, &rules->goals[g], row, err)) return false;
        row->shown = goal != NULL;
        for (int i = 0; i < row->count; i++) page->changed += row->routes[i].before != NULL;
    }
    char from[WHEN_TEXT_MAX];
    page->known_date = !when_is_unknown(road->record.application_date);
    when_write(page->known_date ? road->record.application_date : when_day(road->today), from);
    page->counted_from = words(road->arena, "%s", from);
    page->read = road_day(road->arena, rules->read);
    page->query = road_query(request, road->arena);
    const record_t *r = &road->plain;
    page->empty = !r->degree.known && !r->jobs.known && !r->programs.known && !r->semester_hours.known &&
                  !r->certificates.known && r->degree.count + r->programs.count == 0;
    return fill_what(road, request, goal, &page->what, err);
}

static void road_all(web_t *web, const request_t *request, response_t *response)
{
    road_page_t page = {0};
    road_request_t road;
    err_t err;
    frame_init(&page.frame, request, "Routes");
    page.frame.main_class = "wide";
    if (!road_begin(&road, web, request, &err) || !fill_road(&page, &road, request, &err))
        response_failed(response, &err);
    else
        road_page(response_html(response), &page);
}

/* ---- one route, and four ---- */

static void compare(web_t *web, const request_t *request, response_t *response)
{
    compare_page_t page = {0};
    road_request_t road;
    err_t err = {0};
    frame_init(&page.frame, request, "Routes compared");
    page.frame.main_class = "wide";
    bool ok = road_begin(&road, web, request, &err);
    page.routes = arena_array(request->arena, ROAD_COMPARED_MAX, sizeof *page.routes);
    ok = ok && (page.routes != NULL || err_set(&err, ERR_MEMORY, "There is not enough memory for this page."));
    for (size_t n = 0; ok && page.count < ROAD_COMPARED_MAX; n++) {
        const char *id = params_nth(&request->query, "route", n);
        const goal_t *goal;
        if (id == NULL) break;
        const route_t *route = road_find_route(app_rules(road.app), id, &goal);
        if (route != NULL) ok = road_route_row(&road, goal, route, &page.routes[page.count++], &err);
    }
    if (!ok) {
        response_failed(response, &err);
        return;
    }
    page.query = road_query(request, request->arena);
    page.week = words(request->arena, "%d", road.pace.hours_per_week);
    page.credits = words(request->arena, "%d", road.pace.credits_per_term);
    page.apply = when_is_unknown(road.what.apply) ? "" : request_query(request, "apply");
    page.kept = road_kept_fields(request, request->arena, &page.kept_count);
    if (page.count == 0) {
        page.frame.notice_kind = "warn";
        page.frame.notice = "Tick up to four routes on the page before, then compare them.";
    }
    compare_page(response_html(response), &page);
}

static bool make_steps(road_request_t *road, web_t *web, const request_t *request, route_result_t *result,
                       steps_t *steps, err_t *err)
{
    const goal_t *goal;
    if (!road_begin(road, web, request, err)) return false;
    const route_t *route = road_find_route(app_rules(road->app), request_route(request, "id"), &goal);
    if (route == NULL) return err_set(err, ERR_NOT_FOUND, "There is no such route.");
    return evaluate_route(&road->record, goal, route, road->today, road->arena, result, err) &&
           steps_make(&road->record, result, road->today, road->pace, road->arena, steps, err);
}

static bool fill_steps(steps_page_t *page, road_request_t *road, const route_result_t *result, const steps_t *steps,
                       err_t *err)
{
    static const char *const chips[] = {"crit", "info", "warn", "ok"}, *const marks[] = {"✗", "?", "!", "✓"};
    if (!road_route_row(road, result->goal, result->route, &page->route, err)) return false;
    page->steps = arena_array(road->arena, steps->count + 1, sizeof *page->steps);
    if (page->steps == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (size_t i = 0; i < steps->count; i++) {
        const step_t *s = &steps->items[i];
        page->steps[page->count++] = (step_row_t){
            .says = s->leaf->says,
            .day = s->day == STEP_DAY_UNKNOWN ? "unknown" : road_day(road->arena, s->day),
            .far_of = words(road->arena, "%s", s->far_of),
            .finding = finding_word(s->finding),
            .chip = chips[s->finding],
            .mark = marks[s->finding],
            .until = s->until,
            .proof = leaf_proof(s->leaf->kind),
        };
    }
    page->undated = (int)steps->undated;
    page->earliest = road_day(road->arena, steps->earliest);
    page->week = words(road->arena, "%d", road->pace.hours_per_week);
    page->credits = words(road->arena, "%d", road->pace.credits_per_term);
    return true;
}

static void checklist(web_t *web, const request_t *request, response_t *response)
{
    steps_page_t page = {0};
    road_request_t road;
    route_result_t result;
    steps_t steps;
    err_t err;
    frame_init(&page.frame, request, "Checklist");
    page.frame.main_class = "wide";
    if (!make_steps(&road, web, request, &result, &steps, &err) || !fill_steps(&page, &road, &result, &steps, &err)) {
        response_failed(response, &err);
        return;
    }
    page.query = road_query(request, request->arena);
    steps_page(response_html(response), &page);
}

static void calendar(web_t *web, const request_t *request, response_t *response)
{
    road_request_t road;
    route_result_t result;
    steps_t steps;
    err_t err;
    if (!make_steps(&road, web, request, &result, &steps, &err)) {
        response_failed(response, &err);
        return;
    }
    steps_calendar(&steps, &result, request->now_ms, calendar_body(response));
    calendar_answer(response, words(request->arena, "%s.ics", result.route->id),
                    "No step of this route has a day that can be computed: there is nothing to put into a calendar.");
}

static const web_route_t routes[] = {
    {"GET", "/road", road_all},
    {"GET", "/road/compare", compare},
    {"GET", "/road/route/:id", checklist},
    {"GET", "/road/route/:id/calendar.ics", calendar},
};

const web_route_t *road_plan_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
