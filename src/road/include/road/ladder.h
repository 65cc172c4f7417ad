/* The career ladder: rungs with what they usually ask (content/road/ladder.csv), and each rung's certificates held
 * against a record (evaluate.h). */
#ifndef TITER_ROAD_LADDER_H
#define TITER_ROAD_LADDER_H

#include "road/evaluate.h"
#include "road/outlook.h"

enum { LADDER_RUNGS_MAX = 24, LADDER_GOALS_MAX = 8 };

typedef struct {
    const char *id, *title, *usual, *work;
    const char *goals[LADDER_GOALS_MAX]; /* ids of goals of the rules */
    int goal_count;
    fact_source_t source;
} rung_t;

typedef struct {
    const rung_t *rungs; /* lowest first */
    int count;
} ladder_t;

/* Refuses a goal that the rules do not have. */
bool ladder_load(ladder_t *ladder, arena_t *arena, const source_t *content, const rules_t *rules, err_t *err);

/* The route of a goal that comes closest: the best outcome, and of these the one with the fewest conditions in the way.
 * *best is NULL when the goal has no open route. */
bool ladder_step(const rules_t *rules, const record_t *record, const char *goal, int32_t today, arena_t *arena,
                 const route_result_t **best, err_t *err);

#endif
