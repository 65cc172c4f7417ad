/* The search for the best plan: which steps, in which order, lead to a goal.
 *
 * A step takes time on a lane (study, work, or waiting for an answer, which occupies nobody), hours of study a week and
 * money. It may begin when what it asks for is met by what is finished. A plan is a set of steps; it is judged at its
 * longest and dearest, so that it still holds when everything drags.
 *
 * Method: best-first search over sets, from the goal backward. Whatever is not met yet names the steps that could
 * change it (`helpful`); any plan that contains this set contains one of them, so only those are tried and no plan is
 * lost. A set that meets everything if all of it had just been finished is placed in time exactly (all orders, each
 * step as early as it can be), and grows further by what might bring it forward. Since no part of a judgment falls when
 * a step is added, the first whole plan to come out of the queue is the best (Hart, Nilsson and Raphael 1968, with the
 * judgment of the unfinished set as lower bound). */
#ifndef TITER_ROAD_PATH_H
#define TITER_ROAD_PATH_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PATH_STEPS_MAX = 256, /* that a plan may choose from */
    PATH_PLAN_MAX = 8,    /* steps of one plan */
    PATH_QUEUE_MAX = 60000,
    PATH_MONTHS_MAX = 12 * 25,
    PATH_GOAL = -1, /* as a `need`: the goal itself */
};

typedef enum { PATH_STUDY, PATH_WORK, PATH_WAIT, PATH_LANES } path_lane_t;
typedef enum { PATH_BEST_TIME, PATH_BEST_COST, PATH_BEST_EFFORT, PATH_BESTS } path_best_t;

typedef struct {
    int base; /* of steps with the same base (lengths, paces of one thing) a plan has at most one */
    path_lane_t lane;
    int months_low, months_high; /* 1..PATH_MONTHS_MAX */
    int hours_week;              /* of study; 0 on the other lanes */
    bool cost_known;
    int cost_low, cost_high; /* US dollars */
    bool doubtful;           /* rests on a rule whose text is not wholly known */
} path_step_t;

typedef struct {
    uint64_t bits[PATH_STEPS_MAX / 64];
} path_set_t;

static inline bool path_set_has(const path_set_t *set, int i)
{
    return set->bits[i / 64] >> (i % 64) & 1;
}

static inline void path_set_add(path_set_t *set, int i)
{
    set->bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline int path_set_size(const path_set_t *set)
{
    int count = 0;
    for (size_t i = 0; i < sizeof set->bits / sizeof *set->bits; i++)
        for (uint64_t rest = set->bits[i]; rest != 0; rest &= rest - 1) count++;
    return count;
}

/* A step of a plan and when it is done, in months from today. */
typedef struct {
    int step;
    int start, end;         /* at its longest */
    int start_low, end_low; /* as early as may be */
} path_placed_t;

typedef struct {
    const path_step_t *steps;
    int count;
    /* Is `need` (a step, or PATH_GOAL) met at month `now` when exactly `done` is finished? When not, adds to
     * `helpful` (may be NULL) steps of which any set that would meet it has one; with `every`, all steps that could
     * change any condition of it, met or not. */
    bool (*met)(void *context, const path_placed_t *done, int done_count, int need, int now, bool every,
                path_set_t *helpful);
    void *context;
    int hours_week_max; /* of study; 0: no limit */
    int cost_max;       /* US dollars, of known prices at their dearest; 0: no limit */
    int months_max;     /* until the goal, at the longest; 0: PATH_MONTHS_MAX */
} path_problem_t;

/* How a plan is judged; every part grows, or stays, when a step is added. */
typedef struct {
    int doubts;        /* steps that rest on a doubtful rule */
    int months;        /* until the goal, at the longest */
    int unknown_costs; /* steps whose price is not known */
    int cost_high;
    int hours_week; /* the greatest number of hours of study in a week */
    int steps;
} path_value_t;

typedef struct {
    bool found;
    path_placed_t placed[PATH_PLAN_MAX]; /* by start */
    int count;
    path_value_t value;
    int months_low, cost_low;
    int sets; /* looked at, for the curious */
    int cut;  /* of them, those that could only have grown beyond PATH_PLAN_MAX steps: 0 proves that no longer plan is
               * better */
} path_plan_t;

/* -1, 0, 1 as in strcmp: is `a` better, by what `best` asks for first? Few doubts always come first, and an unknown
 * price is never taken for a low one; of equal plans the one with fewer steps is better. */
int path_compare(const path_value_t *a, const path_value_t *b, path_best_t best);

/* The best plan; `found` false when there is none of at most PATH_PLAN_MAX steps. A goal that is met already has a plan
 * of no steps. ERR_LIMIT when PATH_QUEUE_MAX sets were not enough. */
bool path_search(const path_problem_t *problem, path_best_t best, arena_t *arena, path_plan_t *plan, err_t *err);

#endif
