/* What is left to do on one route, with the days that can be computed: how long work and credit take at the person's
 * own pace, and until when what is met stays met. Nothing else has a date; a length that nobody stated stays unknown.
 */
#ifndef TITER_ROAD_STEPS_H
#define TITER_ROAD_STEPS_H

#include "road/evaluate.h"

enum { STEP_DAY_UNKNOWN = DAY_LAST, PACE_HOURS_MAX = 60, PACE_CREDITS_MAX = 30 };

typedef struct {
    int hours_per_week;   /* of work, 1..PACE_HOURS_MAX */
    int credits_per_term; /* semester hours in half a year, 1..PACE_CREDITS_MAX */
} pace_t;

typedef struct {
    const leaf_t *leaf;
    finding_t finding;
    bool until;      /* met today; `day` is the last day of application on which it still is */
    int32_t day;     /* else the earliest day on which it can be met; STEP_DAY_UNKNOWN */
    char far_of[96]; /* how_far, or "" */
} step_t;

typedef struct {
    step_t *items;
    size_t count;
    int32_t earliest; /* day on which all dated steps can be done, doing them side by side */
    size_t undated;   /* steps that must be done and whose time is not known */
} steps_t;

/* Of an any_of that is not met only the alternative closest to done is taken. */
bool steps_make(const record_t *record, const route_result_t *result, int32_t today, pace_t pace, arena_t *arena,
                steps_t *steps, err_t *err);
/* The dated steps as a calendar file; `stamp_ms`: when it is made. */
void steps_calendar(const steps_t *steps, const route_result_t *result, int64_t stamp_ms, text_t *out);

#endif
