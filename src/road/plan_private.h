/* What the path finder works with: options, which are the steps that a plan may hold, each with its length, pace and
 * what it adds to a record. */
#ifndef TITER_ROAD_PLAN_PRIVATE_H
#define TITER_ROAD_PLAN_PRIVATE_H

#include "road/plan.h"

enum {
    PLAN_LEAVES_MAX = 4096,
    PLAN_WORK_LENGTHS_MAX = 8,
    PLAN_ADDED_MAX = 2 * PATH_STEPS_MAX,
    PLAN_SUBJECTS_MAX = 48,
    PLAN_LICENSE_LEVELS = 3
};

typedef enum { OPTION_STEP, OPTION_EXAM, OPTION_LICENSE } option_kind_t;

typedef struct {
    option_kind_t kind;
    const char *title, *kind_word;
    const route_t *route; /* of a step: what it asks; its notes are its assumptions */
    const goal_t *goal;   /* of an exam or license: one of its routes must be met */
    bool lenient;         /* "possible" and "needs review" are enough: a doubt */
    bool military;        /* only for who wants it */
    bool reach;           /* semester hours are a level to reach, not to add */
    int months;           /* what a month of it adds counts so often; 0: added once */
    const record_t *adds;
} option_t;

/* Which options may change a condition: made once for every condition that there is. */
typedef struct {
    const leaf_t *leaf;
    path_set_t options, civilian; /* civilian: without military training */
} touch_t;

struct plans {
    const rules_t *rules;
    const licenses_t *licenses;
    rules_t own; /* STEPS, WORK-..., licenses whose text is not wholly known */
    option_t *options;
    path_step_t *steps; /* [count], beside the options */
    int count;
    const char *const *application_notes;
    int answer_low, answer_high; /* months from an application to its answer */
    touch_t *touches;            /* [2 * PLAN_LEAVES_MAX], by the address of the condition */
    int leaves;
    const char *subjects[PLAN_SUBJECTS_MAX]; /* of semester hours that any rule asks for */
    int subject_count;
};

/* A record that grows: the applicant's, in which nothing is unknown that a plan must count on, and what a plan adds. */
typedef struct sim sim_t;
sim_t *sim_new(const plans_t *plans, const record_t *base, int32_t today, arena_t *arena);
/* The record at month `now`, when exactly `done` is finished; valid until the next call. */
const record_t *sim_record(sim_t *sim, const path_placed_t *done, int count, int now);
int32_t sim_day(const sim_t *sim, int month);

touch_t *plans_touch(const plans_t *plans, const leaf_t *leaf);

/* May what the option adds change whether the condition is met? */
bool option_touches(const option_t *option, const leaf_t *leaf);

#endif
