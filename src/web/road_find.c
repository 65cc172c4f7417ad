/* /road/find: the quickest, the cheapest and the easiest way from the record to a goal, by the address alone: each as a
 * picture, a table, a calendar file and a paper. Nothing here is stored. */
#include "road.h"

#include "calendar_answer.h"
#include "draw/picture.h"
#include "road_find_view.h"
#include "road_parts.h"

#include "road_find.html.h"

#include <stdio.h>
#include <string.h>

enum { HOURS_WEEK_MAX = 100, DAYS_BACK = 366, DAYS_AHEAD = 3660, ALT_MAX = 8000, QUERY_MAX = 200 };
enum { BUDGET_MAX = 1000000, ANSWER_MONTHS_MAX = 24, ASSUMED_MAX = 6 };

/* What was asked; `asked` false: nothing was. */
typedef struct {
    char goal[PLAN_GOAL_ID_MAX];
    plan_wish_t wish;
    const char *query; /* the same again, for the files of a plan: "goal=...&..." */
    bool asked;
} asked_t;

static const struct {
    const char *value, *text;
} levels[FIND_LEVELS] = {
    {"technician", "technician"}, {"technologist", "technologist"}, {"phlebotomist", "phlebotomist"}};

static const char *typed(const request_t *request, const char *name)
{
    const char *value = request_query(request, name);
    return value != NULL && strlen(value) < RECORD_TOKEN_MAX ? value : "";
}

static int level_of(const char *goal)
{
    for (int i = 0; i < FIND_LEVELS; i++)
        if (strcmp(levels[i].value, goal) == 0) return i;
    return -1;
}

static const license_t *work_state(const licenses_t *licenses, const char *code)
{
    const license_t *state = code[0] ? licenses_find(licenses, code) : NULL;
    return state != NULL && strcmp(state->kind, "federal") != 0 ? state : NULL;
}

/* ---- reading the address ---- */

static void read_goal(const app_t *app, const request_t *request, find_page_t *page, asked_t *asked)
{
    const char *goal = typed(request, "goal"), *state = typed(request, "state");
    int level = level_of(goal);
    asked->asked = request_query(request, "goal") != NULL;
    if (!asked->asked) return;
    if (level < 0 && rules_goal(app_rules(app), goal) == NULL) {
        page->wrong_goal = "Choose a goal of the list.";
    } else if (level < 0) {
        snprintf(asked->goal, sizeof asked->goal, "%s", goal);
    } else {
        const license_t *in = work_state(app_licenses(app), state);
        if (in == NULL)
            page->wrong_state = "Choose the state in which you want to work.";
        else
            snprintf(asked->goal, sizeof asked->goal, "%s@%s", goal, in->code);
    }
}

/* A whole number that was typed: 0 when nothing was, `wrong` when it is none between the two. */
static int whole(const char *text, int low, int high, bool *wrong)
{
    int64_t value = 0;
    if (text[0] == '\0') return 0;
    if (!text_to_int(text, strlen(text), &value) || value < low || value > high) return *wrong = true, 0;
    return (int)value;
}

static void read_start(find_page_t *page, int32_t today, asked_t *asked)
{
    when_t day;
    if (page->start[0] == '\0') return;
    if (!when_read(page->start, &day, NULL) || !when_is_day(day) || day.first < today - DAYS_BACK ||
        day.first > today + DAYS_AHEAD)
        page->wrong_start = "The plan begins on a day such as 2027-01-15, at most a year ago and ten years ahead.";
    else
        asked->wish.today = day.first;
}

/* One of the two alone is both. */
static void read_answer(find_page_t *page, asked_t *asked)
{
    bool wrong = false;
    int low = whole(page->answer_low, 1, ANSWER_MONTHS_MAX, &wrong);
    int high = whole(page->answer_high, 1, ANSWER_MONTHS_MAX, &wrong);
    low = low > 0 ? low : high, high = high > 0 ? high : low;
    if (wrong || low > high)
        page->wrong_answer = "Months to an answer are whole numbers from 1 to 24, the shorter first.";
    else
        asked->wish.answer_low = low, asked->wish.answer_high = high;
}

static void read_wish(const app_t *app, const request_t *request, find_page_t *page, asked_t *asked)
{
    int32_t today = app_today(app);
    bool hours = false, budget = false, years = false;
    page->hours = typed(request, "hours");
    page->start = typed(request, "start");
    page->budget = typed(request, "budget");
    page->years = typed(request, "years");
    page->answer_low = typed(request, "answer_low");
    page->answer_high = typed(request, "answer_high");
    page->military = strcmp(typed(request, "military"), "1") == 0;
    page->working = strcmp(typed(request, "working"), "1") == 0;
    asked->wish = (plan_wish_t){.military = page->military, .today = today};
    asked->wish.hours_week_max = whole(page->hours, 1, HOURS_WEEK_MAX, &hours);
    asked->wish.cost_max = whole(page->budget, 1, BUDGET_MAX, &budget);
    asked->wish.months_max = 12 * whole(page->years, 1, PATH_MONTHS_MAX / 12, &years);
    if (page->working && asked->wish.hours_week_max == 0) asked->wish.hours_week_max = PLAN_HOURS_WHILE_WORKING;
    if (hours)
        page->wrong_hours = "Hours of study a week are a whole number from 1 to 100; leave it empty when any will do.";
    if (budget) page->wrong_budget = "Money is whole US dollars from 1 to 1000000, such as 8000.";
    if (years) page->wrong_years = "Years are a whole number from 1 to 25; leave it empty when any will do.";
    read_answer(page, asked);
    read_start(page, today, asked);
}

static const char *more_query(arena_t *arena, const char *query, const char *name, int value)
{
    return value > 0 ? words(arena, "%s&%s=%d", query, name, value) : query;
}

static const char *make_query(arena_t *arena, const find_page_t *page, const asked_t *asked)
{
    char start[WHEN_TEXT_MAX] = "", first[QUERY_MAX];
    const char *at = strchr(asked->goal, '@');
    const plan_wish_t *w = &asked->wish;
    if (page->start[0]) when_write(when_day(w->today), start);
    snprintf(first, sizeof first, "goal=%.*s%s%s", at ? (int)(at - asked->goal) : PLAN_GOAL_ID_MAX, asked->goal,
             at ? "&state=" : "", at ? at + 1 : "");
    const char *query = more_query(arena, words(arena, "%s", first), "hours", w->hours_week_max);
    query = more_query(arena, query, "budget", w->cost_max);
    query = more_query(arena, query, "years", w->months_max / 12);
    query = more_query(arena, query, "answer_low", w->answer_low);
    query = more_query(arena, query, "answer_high", w->answer_high);
    query = more_query(arena, query, "military", page->military);
    return words(arena, "%s%s%s", query, start[0] ? "&start=" : "", start);
}

/* Every sentence about what is wrong. */
static const char *wrong_words(arena_t *arena, const find_page_t *page)
{
    const char *const all[] = {page->wrong_goal,   page->wrong_state, page->wrong_hours, page->wrong_start,
                               page->wrong_budget, page->wrong_years, page->wrong_answer};
    const char *text = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] != NULL) text = words(arena, "%s%s%s", text, text[0] ? " " : "", all[i]);
    return text;
}

/* False when something in it is wrong; the page then says what. */
static bool read_asked(const app_t *app, const request_t *request, find_page_t *page, asked_t *asked)
{
    *asked = (asked_t){0};
    read_goal(app, request, page, asked);
    read_wish(app, request, page, asked);
    if (wrong_words(request->arena, page)[0]) return false;
    if (asked->asked) asked->query = make_query(request->arena, page, asked);
    return true;
}

/* ---- the form ---- */

static bool fill_form(const app_t *app, const request_t *request, find_page_t *page, err_t *err)
{
    const plans_t *plans = app_plans(app);
    const licenses_t *licenses = app_licenses(app);
    size_t goals = app_rules(app)->count;
    const char *goal = typed(request, "goal");
    const license_t *state = work_state(licenses, typed(request, "state"));
    int low, high;
    plan_answer_months(plans, &low, &high);
    page->ours_hours = words(request->arena, "%d", PLAN_HOURS_WHILE_WORKING);
    page->ours_low = words(request->arena, "%d", low);
    page->ours_high = words(request->arena, "%d", high);
    page->goals = arena_array(request->arena, goals, sizeof *page->goals);
    page->states = arena_array(request->arena, licenses->count + 1, sizeof *page->states);
    if (page->goals == NULL || page->states == NULL)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (size_t i = 0; i < goals; i++) {
        plan_goal_t one;
        if (!plan_goal(plans, i, request->arena, &one))
            return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
        page->goals[page->goal_count++] =
            (road_choice_t){app_rules(app)->goals[i].id, one.title, strcmp(one.id, goal) == 0};
    }
    for (int i = 0; i < FIND_LEVELS; i++)
        page->levels[i] = (road_choice_t){levels[i].value, levels[i].text, strcmp(levels[i].value, goal) == 0};
    page->states[page->state_count++] = (road_choice_t){"", "–", state == NULL};
    for (size_t i = 0; i < licenses->count; i++) {
        const license_t *l = &licenses->items[i];
        if (strcmp(l->kind, "federal") != 0)
            page->states[page->state_count++] = (road_choice_t){l->code, l->jurisdiction, l == state};
    }
    return true;
}

/* ---- the answer ---- */

static find_step_t step_of(const app_t *app, arena_t *a, const plan_step_t *s, int number)
{
    static const char *const lanes[PATH_LANES] = {"study", "work", "waiting"};
    const goal_t *goal;
    return (find_step_t){.number = number,
                         .title = s->title,
                         .lane = lanes[s->lane],
                         .begins_low = road_day(a, s->start_low),
                         .begins = s->start_low == s->start ? NULL : road_day(a, s->start),
                         .done_low = road_day(a, s->end_low),
                         .done = s->end_low == s->end ? NULL : road_day(a, s->end),
                         .cost = way_cost(a, s->cost_known, s->cost_low, s->cost_high),
                         .hours = s->hours_week > 0 ? words(a, "%d h of study a week", s->hours_week) : "",
                         .reasons = s->reasons,
                         .reason_count = s->reason_count,
                         .by = s->by,
                         .by_known = s->by != NULL && road_find_route(app_rules(app), s->by, &goal) != NULL,
                         .doubt = s->doubt,
                         .assumes = s->assumes,
                         .source = s->source,
                         .as_of = s->as_of,
                         .confidence = s->confidence};
}

/* "The quickest and the cheapest". */
static const char *heading_of(arena_t *a, const ways_t *ways, int first)
{
    const char *text = "";
    int left = 0;
    for (int b = first; b < PATH_BESTS; b++) left += ways->same[b] == first;
    bool all = left == PATH_BESTS;
    for (int b = first; b < PATH_BESTS; b++) {
        if (ways->same[b] != first) continue;
        const char *join = text[0] == '\0' ? "" : left == 1 ? " and " : ", ";
        text = words(a, "%s%s%s", text, join, way_best_says((path_best_t)b));
        left--;
    }
    return words(a, "T%s%s", text + 1, all ? ": one plan" : "");
}

static bool fill_chart(arena_t *a, const plan_t *plan, const asked_t *asked, find_plan_t *to, err_t *err)
{
    course_chart_t chart;
    double width, height;
    text_t alt;
    if (!way_chart(plan, a, &chart, err)) return false;
    picture_t picture = {.kind = PICTURE_COURSE, .course = &chart};
    if (!draw_picture_size(&picture, &width, &height, err)) return false;
    to->chart_width = (int)width, to->chart_height = (int)height;
    to->chart_href = words(a, "/road/find/course.svg?%s&best=%s", asked->query, to->best);
    text_init(&alt, ALT_MAX);
    draw_course_describe(&alt, &chart);
    to->chart_alt = words(a, "%s", alt.data ? alt.data : "");
    text_free(&alt);
    return true;
}

static bool fill_plan(const app_t *app, arena_t *a, const ways_t *ways, int best, const asked_t *asked, find_plan_t *to,
                      err_t *err)
{
    const plan_t *plan = &ways->plan[best];
    *to = (find_plan_t){.heading = heading_of(a, ways, best),
                        .best = plan_best_word((path_best_t)best),
                        .done = way_days(a, plan->end_low, plan->end),
                        .cost = way_cost(a, true, plan->cost_low, plan->cost_high),
                        .hours = plan->hours_week > 0 ? words(a, "at most %d", plan->hours_week) : "none",
                        .note = plan->note,
                        .unread = plan->unknown_costs,
                        .doubts = plan->doubts,
                        .count = plan->count};
    to->id = words(a, "plan-%s", to->best);
    to->calendar_href = words(a, "/road/find/plan.ics?%s&best=%s", asked->query, to->best);
    to->paper_href = words(a, "/road/find/plan.pdf?%s&best=%s", asked->query, to->best);
    to->steps = arena_array(a, PATH_PLAN_MAX, sizeof *to->steps);
    if (to->steps == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < plan->count; i++) to->steps[i] = step_of(app, a, &plan->step[i], i + 1);
    return fill_chart(a, plan, asked, to, err);
}

/* What was asked, or is this program's own assumption, each in a sentence. */
static bool fill_assumed(arena_t *a, const asked_t *asked, find_page_t *page)
{
    const char **list = arena_array(a, ASSUMED_MAX + 1, sizeof *list);
    const plan_wish_t *w = &asked->wish;
    int n = 0;
    if (list == NULL) return false;
    list[n++] = w->answer_high > 0
                    ? words(a, "An exam or a license takes %d to %d months from application to answer: you said so.",
                            w->answer_low, w->answer_high)
                    : words(a,
                            "An exam or a license takes %s to %s months from application to answer: our assumption, no "
                            "body's figure was read.",
                            page->ours_low, page->ours_high);
    list[n++] = "The hours of study a week of a program are our assumption where its page says so (20 at half pace, 40 "
                "at full); you set the most you have.";
    if (w->hours_week_max > 0)
        list[n++] =
            words(a,
                  page->working && page->hours[0] == '\0'
                      ? "You work meanwhile: at most %d hours of study a week. That figure is ours; give your own."
                      : "At most %d hours of study a week: you said so.",
                  w->hours_week_max);
    if (w->cost_max > 0)
        list[n++] = words(a, "At most %s, each step at its dearest; prices that were not read are not in it.",
                          way_cost(a, true, w->cost_max, w->cost_max));
    if (w->months_max > 0) list[n++] = words(a, "Done within %d years, each step at its longest.", w->months_max / 12);
    page->assumed = list;
    return n <= ASSUMED_MAX;
}

static bool fill_answer(app_t *app, arena_t *a, const asked_t *asked, ways_t *ways, find_page_t *page, err_t *err)
{
    if (!app_ways(app, asked->goal, &asked->wish, a, ways, err)) return false;
    page->asked = true;
    const char *title = ways->plan[0].title;
    page->title = title[0] == 'w' ? words(a, "W%s", title + 1) : title; /* "work as a technician in Florida" */
    page->begins = road_day(a, asked->wish.today);
    page->taken = plan_taken_for_granted();
    if (!fill_assumed(a, asked, page)) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    page->already = ways->plan[0].already;
    page->note = ways->plan[0].note;
    for (int b = 0; b < PATH_BESTS && !page->already; b++) {
        if (ways->same[b] != b || !ways->plan[b].found) continue;
        if (!fill_plan(app, a, ways, b, asked, &page->plans[page->count++], err)) return false;
    }
    return true;
}

static void find_page(web_t *web, const request_t *request, response_t *response)
{
    find_page_t page = {0};
    asked_t asked;
    err_t err;
    app_t *app = web_app(web);
    frame_init(&page.frame, request, "Plan your way");
    page.frame.main_class = "wide";
    ways_t *ways = arena_alloc(request->arena, sizeof *ways);
    if (!fill_form(app, request, &page, &err)) {
        response_failed(response, &err);
        return;
    }
    if (!read_asked(app, request, &page, &asked)) {
        page.frame.notice_kind = "crit";
        page.frame.notice = wrong_words(request->arena, &page);
        response_status(response, 422);
    } else if (asked.asked && (ways == NULL || !fill_answer(app, request->arena, &asked, ways, &page, &err))) {
        if (ways == NULL) err_set(&err, ERR_MEMORY, "There is not enough memory for this page.");
        response_failed(response, &err);
        return;
    }
    find_page_show(response_html(response), &page);
}

/* ---- files of one plan ---- */

/* The plan that the address asks for, or false when the answer was given. */
static bool one_plan(web_t *web, const request_t *request, response_t *response, plan_t *plan)
{
    find_page_t page = {0};
    asked_t asked;
    err_t err = {0};
    const char *best = request_query(request, "best");
    bool ok = read_asked(web_app(web), request, &page, &asked) && asked.asked &&
              plan_best_read(best ? best : "time", &asked.wish.best);
    if (!ok)
        err_set(&err, ERR_INPUT, "This address names no plan. Choose a goal on the page of the path finder first.");
    if (ok && app_way(web_app(web), asked.goal, &asked.wish, request->arena, plan, &err)) return true;
    response_failed(response, &err);
    return false;
}

static void course_svg(web_t *web, const request_t *request, response_t *response)
{
    plan_t plan;
    course_chart_t chart;
    err_t err;
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG,
                        .scheme = scheme != NULL && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    if (!one_plan(web, request, response, &plan)) return;
    if (!way_chart(&plan, request->arena, &chart, &err) ||
        !draw_course(response_body(response, draw_media_type(DRAW_SVG)), &chart, look, &err))
        response_failed(response, &err);
}

static const char *file_name(arena_t *arena, const plan_t *plan, const char *end)
{
    char name[PLAN_GOAL_ID_MAX];
    snprintf(name, sizeof name, "%s", plan->goal);
    for (char *c = name; *c; c++)
        if (*c == '@') *c = '-';
    return words(arena, "plan-%s-%s.%s", name, plan_best_word(plan->best), end);
}

static void plan_ics(web_t *web, const request_t *request, response_t *response)
{
    plan_t plan;
    if (!one_plan(web, request, response, &plan)) return;
    plan_calendar(&plan, request->now_ms, calendar_body(response));
    calendar_answer(response, file_name(request->arena, &plan, "ics"),
                    "No plan leads there, so there is nothing to put into a calendar.");
}

static void plan_pdf(web_t *web, const request_t *request, response_t *response)
{
    plan_t plan;
    err_t err;
    const char *size = request_query(request, "size");
    if (!one_plan(web, request, response, &plan)) return;
    if (!way_paper(&plan, size != NULL && strcmp(size, "a4") == 0, response_body(response, "application/pdf"), &err))
        response_failed(response, &err);
    else
        response_download(response, file_name(request->arena, &plan, "pdf"));
}

static const web_route_t routes[] = {
    {"GET", "/road/find", find_page},
    {"GET", "/road/find/course.svg", course_svg},
    {"GET", "/road/find/plan.ics", plan_ics},
    {"GET", "/road/find/plan.pdf", plan_pdf},
};

const web_route_t *road_find_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
