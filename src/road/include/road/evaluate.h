/* A record against the rules: four-valued, exact, and honest about what is not known.
 *
 * A condition is met, missing, needs review, or cannot be told. What is unknown or half-known stands for the set of
 * what it may be: a condition is met when it holds for all of the set, missing when for none. That is judged condition
 * by condition; with an application date that is itself half-known the windows are the widest and the narrowest of it,
 * so "cannot tell" is then said rather too often than too rarely.
 *
 * How outcomes fold, the worst and the best that may be true being carried through the tree (all_of takes the least of
 * its parts, any_of the most):
 *   fails      at best a condition is missing
 *   possible   a condition cannot be told, or all is met and the text of the route was not read completely
 *   review     only disputed conditions fail, or work older than ten years counts and the window was not read
 *   qualifies  met whatever the unknown may be; people are told "appears to meet; the board decides"
 * A closed route and one whose text was not read never match: they fail, with their status beside.
 *
 * Windows are inclusive and counted back from the application date. Nothing is rounded: hours are thousandths, a
 * quarter hour is two thirds. A full-time-equivalent year is 365 days of full time (g.fte: 35 hours a week, or what the
 * condition says); simultaneous jobs together are at most full time; jobs are clipped to the window first. What has no
 * date has happened at an unknown time; what is dated after the application has not happened yet. */
#ifndef TITER_ROAD_EVALUATE_H
#define TITER_ROAD_EVALUATE_H

#include "road/rules.h"

enum { FTE_YEAR_DAYS = 365, UNREAD_WINDOW_YEARS = 10 };

typedef enum { VALUE_MISSING, VALUE_REVIEW, VALUE_MET } value_t;
typedef struct {
    value_t worst, best; /* worst <= best */
} verdict_t;

typedef enum { FINDING_MISSING, FINDING_CANNOT_TELL, FINDING_REVIEW, FINDING_MET } finding_t;
typedef enum { OUTCOME_FAILS, OUTCOME_REVIEW, OUTCOME_POSSIBLE, OUTCOME_QUALIFIES } outcome_t;

/* How far: thousandths, cut and never rounded up; `most` -1: no upper bound is known. */
typedef struct {
    bool measured;
    int64_t least, most, need;
} measure_t;

typedef struct {
    const leaf_t *leaf;
    verdict_t verdict; /* as its place in the tree takes it: disputed conditions are softened */
    measure_t measure;
    bool stands; /* it is among what stands between the person and the route */
} leaf_result_t;

typedef struct {
    const goal_t *goal;
    const route_t *route;
    outcome_t outcome;
    leaf_result_t *leaves; /* [route->leaves] */
    bool canada;           /* needs review for g.canada3: a Canadian degree and no CMA-accredited program known */
} route_result_t;

/* One route of a goal on `today`, which stands for an application date that the record does not have. False only when
 * the arena is full. */
bool evaluate_route(const record_t *record, const goal_t *goal, const route_t *route, int32_t today, arena_t *arena,
                    route_result_t *result, err_t *err);
/* Every route of `goal`, or of all goals when it is NULL, in the order of the rules; *results lives in `arena`. */
bool evaluate_all(const rules_t *rules, const record_t *record, const goal_t *goal, int32_t today, arena_t *arena,
                  route_result_t **results, size_t *count, err_t *err);

finding_t verdict_finding(verdict_t verdict);
/* A part of the route's tree. */
verdict_t node_verdict(const node_t *node, const route_result_t *result);
/* Of an any_of that is not met: which alternative is closest to done (fewest missing, then farthest along). */
size_t node_closest(const node_t *node, const route_result_t *result);
/* One condition by itself, as no tree softens it. */
verdict_t leaf_evaluate(const record_t *record, const goal_t *goal, const leaf_t *leaf, when_t day, measure_t *measure);

/* "qualifies", "possible", "review", "fails"; "met", "missing", "needs review", "cannot tell". */
const char *outcome_word(outcome_t outcome);
const char *finding_word(finding_t finding);
/* For people: "appears to meet; the board decides", ... */
const char *outcome_says(const route_result_t *result);
/* "59 of 60 semester hours", "at least 1.4 of 2 FTE years, perhaps more"; nothing for what has no amount. */
void how_far(const leaf_t *leaf, const measure_t *measure, text_t *out);
/* What usually proves a condition of that kind; a body's own list of documents comes first. */
const char *leaf_proof(leaf_kind_t kind);
/* One route's result as a JSON object (the fields are in man titer). */
void route_result_json(const route_result_t *result, text_t *out);

#endif
