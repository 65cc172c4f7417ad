/* The plan: cards, drills and dated re-tries that were kept in debriefs, soonest first. A card shows its question, then
 * on asking what happened; the answer moves it on. A drill or re-try is done by being begun. */
#include "home.h"

#include "app/app.h"
#include "home_view.h"
#include "page_words.h"

#include "plan.html.h"

#include <string.h>

static plan_row_t row_of(arena_t *arena, const app_plan_t *line, int64_t now_ms)
{
    static const char *const kinds[PLAN_KINDS] = {"Review card", "Drill", "Re-try"};
    return (plan_row_t){
        .shift = words(arena, "%s", line->shift),
        .number = line->number,
        .kind = kinds[line->kind],
        .title = words(arena, "%s", line->title),
        .text = words(arena, "%s", line->text),
        .answer = words(arena, "%s", line->answer),
        .due = words_day(arena, line->due_ms),
        .scenario_id = words(arena, "%s", line->scenario_id),
        .mode = mode_title(line->mode),
        .record = line->answers > 0 ? words(arena, "known %d of %d times", line->known, line->answers) : NULL,
        .card = line->kind == PLAN_CARD,
        /* a day, not a minute: what is due today is due from its morning */
        .is_due = line->due_ms <= now_ms || strcmp(words_day(arena, line->due_ms), words_day(arena, now_ms)) == 0,
    };
}

static bool list(app_t *app, arena_t *arena, int64_t now_ms, plan_row_t **rows, int *count, int *due, err_t *err)
{
    app_plan_t *lines = arena_array(arena, APP_PLAN_MAX, sizeof *lines);
    *rows = arena_array(arena, APP_PLAN_MAX, sizeof **rows);
    *due = 0;
    if (lines == NULL || *rows == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_plan_list(app, false, lines, APP_PLAN_MAX, count, err)) return false;
    for (int i = 0; i < *count; i++) {
        (*rows)[i] = row_of(arena, &lines[i], now_ms);
        *due += (*rows)[i].is_due;
    }
    return true;
}

bool plan_due(home_t *page, app_t *app, arena_t *arena, int64_t now_ms, err_t *err)
{
    if (!list(app, arena, now_ms, &page->due, &page->plan_count, &page->due_all, err)) return false;
    page->due_count = page->due_all < PLAN_DUE_SHOWN ? page->due_all : PLAN_DUE_SHOWN; /* soonest first */
    return true;
}

static void plan(web_t *web, const request_t *request, response_t *response)
{
    plan_page_t page = {0};
    err_t err;
    frame_init(&page.frame, request, "Plan");
    if (!list(web_app(web), request->arena, request->now_ms, &page.rows, &page.count, &page.due_count, &err))
        response_failed(response, &err);
    else
        plan_page(response_html(response), &page);
}

/* Begins the drill or re-try of a line: the shift is made first, so that a failure leaves the line. */
static void begin(app_t *app, const request_t *request, response_t *response, const char *shift, int64_t number)
{
    plan_row_t *rows;
    int count, due;
    err_t err;
    char id[APP_ID_MAX];
    if (!list(app, request->arena, request->now_ms, &rows, &count, &due, &err)) {
        response_failed(response, &err);
        return;
    }
    for (int i = 0; i < count; i++) {
        if (rows[i].card || rows[i].number != number || strcmp(rows[i].shift, shift) != 0) continue;
        int mode = 0;
        while (mode < MODE_COUNT && strcmp(mode_title((shift_mode_t)mode), rows[i].mode) != 0) mode++;
        if (!app_shift_create(app, rows[i].scenario_id, 0, (shift_mode_t)mode, id, &err) ||
            !app_plan_answer(app, shift, number, true, true, &err))
            response_failed(response, &err);
        else
            response_redirect(response, "/shift/%s/briefing", id);
        return;
    }
    response_error(response, 404, "This line of the plan is not there, or is done already. The plan shows what is.");
}

static void answer(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *shift = request_route(request, "id"), *number = request_route(request, "number"),
               *what = request_form(request, "answer");
    int64_t n = 0;
    err_t err;
    if (!text_to_int(number, strlen(number), &n) || what == NULL) {
        response_error(response, 422, "Choose what became of it: known, again, laid aside, or begun.");
        return;
    }
    if (strcmp(what, "begin") == 0) {
        begin(app, request, response, shift, n);
        return;
    }
    bool known = strcmp(what, "known") == 0, aside = strcmp(what, "aside") == 0;
    if (!known && !aside && strcmp(what, "again") != 0)
        response_error(response, 422, "Choose what became of it: known, again, laid aside, or begun.");
    else if (!app_plan_answer(app, shift, n, known, aside, &err))
        response_failed(response, &err);
    else
        response_redirect(response, "/plan");
}

static const web_route_t routes[] = {{"GET", "/plan", plan}, {"POST", "/plan/:id/:number", answer}};

const web_route_t *plan_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
