/* The least-cost way to meet needs that share their means: a small covering integer program,
 *     minimize   cost · x     subject to   for every row r: sum over columns c of gives[c][r] * x[c] >= need[r],
 *     x whole and not negative,
 * solved exactly by branch and bound. Rows are obligations, columns are kinds of hours. */
#ifndef TITER_ROAD_COVER_H
#define TITER_ROAD_COVER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    COVER_ROWS_MAX = 48,
    COVER_COLUMNS_MAX = 192,
    COVER_VALUE_MAX = 1000000, /* of a need, of what an hour gives, of a cost */
    COVER_NODES_MAX = 400000,  /* looked at before the search gives up proving */
};

typedef struct {
    int rows, columns;
    int32_t need[COVER_ROWS_MAX];                     /* <= 0: met */
    int32_t gives[COVER_COLUMNS_MAX][COVER_ROWS_MAX]; /* >= 0 */
    int32_t cost[COVER_COLUMNS_MAX];                  /* >= 1 */
} cover_t;

typedef struct {
    int32_t x[COVER_COLUMNS_MAX];
    int64_t cost;
    bool proved; /* no cheaper way exists; false: the search reached COVER_NODES_MAX */
    int nodes;
} cover_answer_t;

/* False when a need has no column that gives to it. */
bool cover_solve(const cover_t *cover, cover_answer_t *answer);

#endif
