/* The path finder: from what a person has to a goal, by programs, courses, work, exams and licenses.
 *
 * Goals are the certificates, licenses and federal floors of the rules (rules.h), and work in a state:
 * "technician@FL", "technologist@OH", "phlebotomist@CA". What may be done is content/road/steps.json; when it may be
 * done is asked of the same rules that judge a record: the plan's record of that day is made and evaluated.
 *
 * Taken for granted, and told with every plan: what the record does not say is not there; who tells nothing of school
 * has a high school diploma and is 18; exams are passed at the first attempt. */
#ifndef TITER_ROAD_PLAN_H
#define TITER_ROAD_PLAN_H

#include "road/evaluate.h"
#include "road/license.h"
#include "road/path.h"

enum { PLAN_GOAL_ID_MAX = 40, PLAN_REASONS_MAX = 8, PLAN_TEXT_LIMIT = 256 * 1024 };

typedef struct plans plans_t;

/* Reads road/steps.json; `rules` and `licenses` stay in use. The error names the file and the path in it. */
bool plans_load(plans_t **plans, arena_t *arena, const source_t *content, const rules_t *rules,
                const licenses_t *licenses, err_t *err);

/* Every goal there is a way of asking for, work in a state included. */
typedef struct {
    char id[PLAN_GOAL_ID_MAX];
    const char *title; /* "MLT(ASCP), Medical Laboratory Technician", "work as a technician in Florida" */
} plan_goal_t;
size_t plan_goal_count(const plans_t *plans);
/* False when the arena is full. */
bool plan_goal(const plans_t *plans, size_t index, arena_t *arena, plan_goal_t *goal);

typedef struct {
    path_best_t best;
    int hours_week_max; /* of study; 0: any */
    bool military;      /* military training may be part of it */
    int32_t today;
} plan_wish_t;

typedef struct {
    const char *id, *title;
    const char *kind;           /* program, degree, credit, military, work, exam, license */
    int32_t start, end;         /* days, at its longest */
    int32_t start_low, end_low; /* as early as may be */
    int hours_week;             /* of study */
    path_lane_t lane;           /* what it occupies */
    bool cost_known;
    int cost_low, cost_high;               /* US dollars */
    const char *reasons[PLAN_REASONS_MAX]; /* what it is needed for */
    int reason_count;
    const char *by;                             /* exam, license: the route that is met then; else NULL */
    const char *doubt;                          /* what is not wholly known, or NULL */
    const char *const *assumes, *const *source; /* each ended by NULL */
    const char *as_of, *confidence;
} plan_step_t;

typedef struct {
    const char *goal, *title;
    path_best_t best;
    bool found, already; /* already: the record meets the goal today */
    const char *note;    /* why there is none, or what to keep in mind; NULL */
    plan_step_t step[PATH_PLAN_MAX];
    int count;
    int32_t today, end, end_low;
    int cost_low, cost_high, unknown_costs, hours_week, doubts;
    int sets; /* looked at */
} plan_t;

/* ERR_NOT_FOUND for a goal that is none. */
bool plan_find(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish, arena_t *arena,
               plan_t *plan, err_t *err);

/* "time", "cost", "effort" and back. */
const char *plan_best_word(path_best_t best);
bool plan_best_read(const char *word, path_best_t *best);
/* What is taken for granted with every plan, ended by NULL. */
const char *const *plan_taken_for_granted(void);
/* For a terminal, and as a JSON object. */
void plan_text(const plan_t *plan, text_t *out);
void plan_json(const plan_t *plan, text_t *out);
/* As a calendar file: of each step when it begins at the earliest and by when it is done at the latest, and the goal.
 * `stamp_ms`: when the file is made, milliseconds from 1970. */
void plan_calendar(const plan_t *plan, int64_t stamp_ms, text_t *out);

#endif
