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

/* Licenses of which only a part was read, as far as it was: no route of theirs is complete. */
const rules_t *plan_part_read(const plans_t *plans);

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
    int hours_week_max;          /* of study; 0: any */
    int cost_max;                /* US dollars, of known prices at their dearest; 0: any */
    int months_max;              /* until the goal, at the longest; 0: any */
    int answer_low, answer_high; /* months from an application to its answer; 0: this program's assumption */
    bool military;               /* military training may be part of it */
    int32_t today;
} plan_wish_t;

/* Who works meanwhile studies at most so many hours a week: this program's assumption. */
enum { PLAN_HOURS_WHILE_WORKING = 20 };
/* This program's assumption of the months from an application to its answer. */
void plan_answer_months(const plans_t *plans, int *low, int *high);

/* What a search found, as plain data: kept, it is told again without searching. */
typedef struct {
    path_plan_t path;
    bool lenient, none, limit; /* none: nothing to search for; limit: the search came to its limit */
} plan_found_t;

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
    int cut;  /* 0 proves that no plan of more than PATH_PLAN_MAX steps is better */
} plan_t;

/* ERR_NOT_FOUND for a goal that is none. plan_search and plan_tell are its two halves: what was found for a record, a
 * goal and a wish may be told for the same three alone. */
bool plan_search(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish,
                 arena_t *arena, plan_found_t *found, err_t *err);
bool plan_tell(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish,
               const plan_found_t *found, arena_t *arena, plan_t *plan, err_t *err);
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
