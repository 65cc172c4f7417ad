/* What the files of the evaluation share: possibilities, and the work that is measured in full-time years. */
#ifndef TITER_ROAD_LEAF_H
#define TITER_ROAD_LEAF_H

#include "road/evaluate.h"

/* Whether something holds for everything that the record may mean, and for anything of it. */
typedef struct {
    bool must, can; /* must implies can */
} possible_t;

/* An amount that is only known between two bounds; `most` -1: none. */
typedef struct {
    int64_t least, most;
} range_t;

typedef struct {
    const record_t *record;
    const goal_t *goal;
    when_t day;
} asked_t;

static const possible_t POSSIBLE_NO = {false, false}, POSSIBLE_MAYBE = {false, true}, POSSIBLE_YES = {true, true};

static inline possible_t possible_of(bool holds)
{
    return holds ? POSSIBLE_YES : POSSIBLE_NO;
}
static inline possible_t possible_and(possible_t a, possible_t b)
{
    return (possible_t){a.must && b.must, a.can && b.can};
}
static inline possible_t possible_or(possible_t a, possible_t b)
{
    return (possible_t){a.must || b.must, a.can || b.can};
}
static inline possible_t possible_tri(tri_t tri)
{
    return tri == TRI_UNKNOWN ? POSSIBLE_MAYBE : possible_of(tri == TRI_YES);
}
/* Is the word one of the list? Unknown word: maybe. */
static inline possible_t possible_in(const char *word, const tokens_t *list)
{
    return word == NULL ? POSSIBLE_MAYBE : possible_of(tokens_have(list, word));
}
static inline possible_t possible_reach(range_t have, int64_t need)
{
    return (possible_t){have.least >= need, have.most < 0 || have.most >= need};
}

/* Did it happen within `years` before the application (0: at any time before)? */
possible_t possible_within(when_t when, when_t day, int64_t years);
/* Work of the condition's settings and laboratories within `years`, in thousandths of full-time years cut down, and
 * whether it reaches the condition with all its areas. */
possible_t experience_within(const asked_t *asked, const leaf_t *leaf, int64_t years, range_t *fte);
/* The same of clock hours. */
range_t work_hours_within(const asked_t *asked, const leaf_t *leaf);

#endif
