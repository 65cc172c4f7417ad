/* The career ladder: each rung with its work and what it usually asks, and for its certificates the route that comes
 * closest to the person's record, condition by condition. */
#include "work.h"

#include "app/record.h"
#include "app/ways.h"
#include "app/work.h"
#include "page_words.h"
#include "work_view.h"

#include "work_ladder.html.h"

#include <string.h>

enum { MS_PER_DAY = 86400000 };

static const char *tone_of(const route_result_t *r)
{
    return r->outcome == OUTCOME_QUALIFIES ? "ok" : r->outcome == OUTCOME_FAILS ? "plain" : "info";
}

static bool holds(const record_t *record, const char *goal)
{
    for (size_t i = 0; i < record->certificates.count; i++) {
        const certificate_t *c = &record->certificates.items[i];
        if (c->id && strcmp(c->id, goal) == 0 && c->status && strcmp(c->status, "valid") == 0) return true;
    }
    return false;
}

static bool fill_step(ladder_step_t *step, arena_t *a, const route_result_t *r, const char *goal)
{
    *step =
        (ladder_step_t){.goal = goal, .says = "no route of it was read", .tone = "plain", .summary = "", .source = ""};
    if (!r) return true;
    step->route = r->route->id;
    step->says = outcome_says(r);
    step->tone = tone_of(r);
    step->summary = r->route->summary ? r->route->summary : "";
    step->source =
        words(a, "%s (as of %s, confidence %s)", r->route->source && r->route->source[0] ? r->route->source[0] : "",
              r->route->as_of, r->route->confidence);
    step->conditions = arena_array(a, r->route->leaves + 1, sizeof *step->conditions);
    if (!step->conditions) return false;
    for (size_t i = 0; i < r->route->leaves; i++) {
        text_t far;
        const leaf_result_t *l = &r->leaves[i];
        text_init(&far, 1000);
        how_far(l->leaf, &l->measure, &far);
        step->conditions[step->condition_count].says = l->leaf->says;
        step->conditions[step->condition_count].finding = finding_word(verdict_finding(l->verdict));
        step->conditions[step->condition_count++].far = words(a, "%s", far.data ? far.data : "");
        text_free(&far);
    }
    return true;
}

/* A rung's certificates against the record; the rung says what the best of them says. */
static bool fill_steps(ladder_row_t *row, arena_t *a, const app_ladder_t *l, const rung_t *r, int32_t today, err_t *err)
{
    const route_result_t *best = NULL;
    row->steps = arena_array(a, LADDER_GOALS_MAX, sizeof *row->steps);
    if (!row->steps) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int g = 0; g < r->goal_count; g++) {
        const route_result_t *closest;
        if (!ladder_step(&l->rules, &l->record, r->goals[g], today, a, &closest, err)) return false;
        if (!fill_step(&row->steps[row->step_count++], a, closest, r->goals[g]))
            return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
        if (closest && (!best || closest->outcome > best->outcome)) best = closest;
        if (!holds(&l->record, r->goals[g])) continue;
        row->place = words(a, "You hold %s", r->goals[g]);
        row->steps[g].says = "you hold it", row->steps[g].tone = "ok";
    }
    if (best && !row->place)
        row->says = words(a, "%s: %s", best->goal->id, outcome_says(best)), row->tone = tone_of(best);
    return true;
}

/* The first rung with certificates above the highest that is held. */
static void mark_next(ladder_page_t *page)
{
    int held = -1;
    for (int i = 0; i < page->rung_count; i++)
        if (page->rungs[i].place) held = i;
    for (int i = held + 1; held >= 0 && i < page->rung_count; i++)
        if (page->rungs[i].step_count > 0) {
            page->rungs[i].place = "The next step";
            return;
        }
}

static bool holds_any(const record_t *record, const rung_t *r)
{
    for (int g = 0; g < r->goal_count; g++)
        if (holds(record, r->goals[g])) return true;
    return false;
}

/* The quickest plan to the first of a rung's certificates. */
static bool fill_way(app_t *app, ladder_row_t *row, arena_t *a, const rung_t *r, int32_t today, err_t *err)
{
    plan_t plan;
    plan_wish_t wish = {.today = today};
    if (r->goal_count == 0) return true;
    if (!app_way(app, r->goals[0], &wish, a, &plan, err)) return false;
    row->plan_href = words(a, "/road/find?goal=%s", r->goals[0]);
    if (!plan.found)
        row->plan = plan.note ? plan.note : "no plan was found";
    else
        row->plan =
            words(a, "%s months, %s%s, %s", way_months(a, &plan), way_cost(a, true, plan.cost_low, plan.cost_high),
                  plan.unknown_costs > 0 ? " and prices that were not read" : "",
                  plan.hours_week > 0 ? words(a, "at most %d h of study a week", plan.hours_week) : "no study");
    return true;
}

static bool fill(app_t *app, ladder_page_t *page, arena_t *a, const app_ladder_t *l, int32_t today, err_t *err)
{
    page->rungs = arena_array(a, (size_t)l->ladder.count + 1, sizeof *page->rungs);
    if (!page->rungs) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < l->ladder.count; i++) {
        const rung_t *r = &l->ladder.rungs[i];
        ladder_row_t *row = &page->rungs[page->rung_count++];
        *row = (ladder_row_t){
            .title = r->title,
            .usual = r->usual,
            .work = r->work,
            .source = words(a, "%s (as of %s, confidence %s)", r->source.text, r->source.as_of, r->source.confidence)};
        if (!fill_steps(row, a, l, r, today, err)) return false;
        if (!holds_any(&l->record, r) && !fill_way(app, row, a, r, today, err)) return false;
    }
    mark_next(page);
    return true;
}

static void ladder(web_t *web, const request_t *request, response_t *response)
{
    ladder_page_t page = {0};
    app_ladder_t l;
    err_t err;
    frame_init(&page.frame, request, "Career ladder");
    page.frame.main_class = "wide";
    if (app_ladder(web_app(web), request->arena, &l, &err) &&
        fill(web_app(web), &page, request->arena, &l, (int32_t)(request->now_ms / MS_PER_DAY), &err))
        ladder_page(response_html(response), &page);
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {{"GET", "/ladder", ladder}};

const web_route_t *work_ladder_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
