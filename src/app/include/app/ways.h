/* Ways to a goal from the stored record: the quickest, the cheapest and the easiest plan (road/plan.h), each as a
 * picture and on paper. Nothing here is stored. */
#ifndef TITER_APP_WAYS_H
#define TITER_APP_WAYS_H

#include "app/app.h"
#include "draw/course.h"
#include "road/plan.h"

typedef struct {
    plan_t plan[PATH_BESTS]; /* by path_best_t */
    int same[PATH_BESTS];    /* the first plan with the same steps on the same days: itself when it is the first */
} ways_t;

/* The best plan by `wish`. Texts are in the arena. A search that did not end is no error: the plan is not found and
 * its note says so. ERR_NOT_FOUND for a goal that is none. */
bool app_way(app_t *app, const char *goal, const plan_wish_t *wish, arena_t *arena, plan_t *plan, err_t *err);
/* The same from another record, as it would be. */
bool app_way_from(app_t *app, const record_t *record, const char *goal, const plan_wish_t *wish, arena_t *arena,
                  plan_t *plan, err_t *err);
/* All three; `wish->best` is not asked. */
bool app_ways(app_t *app, const char *goal, const plan_wish_t *wish, arena_t *arena, ways_t *ways, err_t *err);

/* "the quickest", "the cheapest", "the easiest to combine". */
const char *way_best_says(path_best_t best);
/* "2027-05-27 to 2027-11-27"; one day when both are the same. */
const char *way_days(arena_t *arena, int32_t low, int32_t high);
/* "$500 to $4,600", "price not read". */
const char *way_cost(arena_t *arena, bool known, int low, int high);

/* "14 to 30": months from its beginning. */
const char *way_months(arena_t *arena, const plan_t *plan);

/* The picture of a plan that has steps. */
bool way_chart(const plan_t *plan, arena_t *arena, course_chart_t *chart, err_t *err);
/* A plan as PDF, whether it was found or not. */
bool way_paper(const plan_t *plan, bool a4, text_t *out, err_t *err);

#endif
