/* What the pages of pay and outlook show. */
#ifndef TITER_WEB_WORK_VIEW_H
#define TITER_WEB_WORK_VIEW_H

#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *code, *place, *median, *middle, *range, *jobs, *license, *cost, *href;
    double median_number, jobs_number;
    bool marked;
} outlook_row_t;

typedef struct {
    const char *period, *median, *range, *jobs, *source;
} outlook_year_t;

typedef struct {
    const char *cycle, *growth, *openings, *note, *source;
} outlook_cycle_t;

typedef struct {
    const char *title, *median, *growth, *openings, *education;
} outlook_other_t;

typedef struct {
    const char *claim, *right, *source;
} outlook_claim_t;

typedef struct {
    frame_t frame;
    const char *job, *title, *soc, *note;
    const char *state, *state_name;                         /* "" none chosen */
    const char *license, *cost, *license_source, *per_year; /* of that state */
    outlook_row_t *rows;
    int count;
    table_t table;
    outlook_year_t *years, *state_years;
    int year_count, state_year_count;
    outlook_cycle_t *cycles;
    int cycle_count;
    outlook_other_t *others;
    int other_count;
    outlook_claim_t *claims;
    int claim_count;
    const char *chart_href, *chart_alt, *others_href, *others_alt;
    int chart_width, chart_height, others_width, others_height;
    const char *headline;
    struct {
        const char *code, *name;
    } * places;
    int place_count;
} outlook_page_t;

/* ---- applications ---- */

enum { APPLY_STATES = 7 };

typedef struct {
    const char *id, *employer, *title, *place, *pay, *state, *tone, *deadline, *next, *history, *href;
} apply_row_t;

typedef struct {
    frame_t frame;
    apply_row_t *rows;
    int count, open;
    table_t table;
} apply_page_t;

typedef struct {
    const char *word, *title;
    bool chosen;
} apply_state_t;

typedef struct {
    frame_t frame;
    const char *id, *employer, *title, *place, *pay, *notes, *deadline, *next_day, *next, *history;
    apply_state_t states[APPLY_STATES];
} apply_form_t;

/* ---- interviews ---- */

typedef struct {
    const char *id, *ask, *kind;
} interview_row_t;

typedef struct {
    const char *title;
    const interview_row_t *asks;
    int count;
} interview_group_t;

typedef struct {
    frame_t frame;
    interview_row_t *asks;
    interview_group_t *themes;
    int theme_count, count;
    const char *source;
} interview_list_t;

typedef struct {
    const char *name, *unit, *value, *mark, *interval, *before; /* before: "" until an answer was given */
} interview_value_t;

typedef struct {
    frame_t frame;
    const char *id, *theme, *kind, *ask, *weak, *said, *seed, *other_seed, *next_id;
    const char *const *shows;
    int show_count;
    bool answered, drawn;
    const char *truth; /* of a chart or case, once answered; NULL */
    const char *chart_href, *chart_alt, *chart_name;
    int chart_width, chart_height;
    struct {
        const char *run, *z[2];
    } * runs;
    int run_count;
    interview_value_t *values;
    int value_count;
} interview_page_t;

/* ---- the stage's own page ---- */

typedef struct {
    frame_t frame;
    const char *open, *missing; /* applications that are open; obligations with something missing */
} work_page_t;

/* ---- skills and résumé ---- */

enum { RESUME_SECTIONS_SHOWN = 4 };

typedef struct {
    const char *name, *instrument, *shifts, *assessed, *observed, *right, *last, *href;
} skill_row_t;

typedef struct {
    frame_t frame;
    skill_row_t *benches, *competences;
    int bench_count, competence_count, shifts, minimum;
    const char *chart_href, *chart_alt; /* NULL: nothing done yet */
    int chart_width, chart_height;
} skills_page_t;

typedef struct {
    const char *key, *title, *place, *from, *to, *details; /* key: "education-0" */
    const char *when;                                      /* from and to, for reading */
} resume_row_t;

/* An entry of the record, to be shown or left out. */
typedef struct {
    const char *id, *title, *rest;
    bool shown;
} resume_choice_t;

typedef struct {
    const char *word, *title, *title_label, *place_label;
    bool show;
    resume_row_t *rows; /* of the form: what was typed, and empty ones; of the page to print: what is shown */
    int count;
    resume_choice_t *choices;
    int choice_count;
} resume_part_t;

typedef struct {
    frame_t frame;
    const char *name, *label, *email, *phone, *city, *region, *summary, *hours;
    resume_part_t parts[RESUME_SECTIONS_SHOWN];
    struct {
        const char *name, *level, *evidence;
    } * skills;
    int skill_count;
    bool show_skills, show_hours;
    int more; /* entries of the record for which there is no room */
} resume_page_t;

/* ---- the ladder ---- */

typedef struct {
    const char *goal, *says, *tone, *summary, *source;
    const char *route; /* id of the route that comes closest; NULL */
    struct {
        const char *says, *finding, *far;
    } * conditions;
    int condition_count;
} ladder_step_t;

typedef struct {
    const char *title, *usual, *work, *source;
    const char *says, *tone;      /* the best of its steps; NULL: one is held, or none is asked */
    const char *place;            /* "You hold it", "The next step"; NULL */
    const char *plan, *plan_href; /* the quickest plan to its first certificate; NULL: none is asked, or one is held */
    ladder_step_t *steps;
    int step_count;
} ladder_row_t;

typedef struct {
    frame_t frame;
    ladder_row_t *rungs;
    int rung_count;
} ladder_page_t;

#endif
