/* What the pages of the road show. Words only; findings carry a letter and a word, never color alone. */
#ifndef TITER_WEB_ROAD_VIEW_H
#define TITER_WEB_ROAD_VIEW_H

#include "app/road.h"
#include "web/frame.h"
#include "web/table.h"

enum { ROAD_COMPARED_MAX = 4, ROAD_DEPTH_CLASSES = 4 };

/* One line of a route's tree: a condition, or the head of a group. */
typedef struct {
    int depth;           /* 0.. */
    bool group;          /* "one of these", "all of these" */
    const char *finding; /* "met", "missing", ... */
    const char *chip;    /* of the frame's chips */
    const char *mark;    /* "✓", "✗", "?", "!" */
    const char *says, *far_of, *id, *proof;
} condition_row_t;

typedef struct {
    const char *id, *goal, *summary, *outcome, *chip, *mark,
        *before; /* `before`: the outcome without the what-if, or NULL */
    const char *source, *as_of, *confidence, *review_by, *body, *left; /* `left`: "2 missing, 1 cannot tell" */
    const char *const *notes;
    int note_count;
    condition_row_t *conditions;
    int count;
    bool incomplete, open, chosen;
    const char *time, *hours, *fee, *exam; /* compared */
    const char *fee_note;
} route_row_t;

typedef struct {
    const char *id, *title, *kind, *body;
    const char *const *notes;
    int note_count;
    route_row_t *routes;
    int count, met;
    bool shown;     /* its details stand open */
    bool part_read; /* of a license whose text was read in part: its routes have no page */
} goal_row_t;

typedef struct {
    const char *value, *text;
    bool chosen;
} road_choice_t;

typedef struct {
    const char *subject, *hours, *degree, *field, *program, *accreditor, *setting, *months, *week, *apply, *goal,
        *credits;
    road_choice_t *subjects[WHAT_IF_HOURS], *degrees, *fields, *programs, *accreditors, *settings, *goals;
    int subject_count, degree_count, field_count, program_count, accreditor_count, setting_count, goal_count;
    const char *hours_of[WHAT_IF_HOURS];
    bool asks;
} what_if_view_t;

typedef struct {
    frame_t frame;
    goal_row_t *goals;
    int count;
    const char *counted_from, *read;
    bool known_date, empty;
    what_if_view_t what;
    const char *query; /* of the what-if, "" or "&hours=...", for links */
    int changed;
} road_page_t;

typedef struct {
    frame_t frame;
    route_row_t *routes;
    int count;
    const char *query, *week, *credits, *apply;
    road_choice_t *kept; /* what else was asked: name and value */
    int kept_count;
} compare_page_t;

typedef struct {
    const char *says, *day, *far_of, *finding, *chip, *mark, *proof;
    bool until;
} step_row_t;

typedef struct {
    frame_t frame;
    route_row_t route;
    step_row_t *steps;
    int count;
    const char *earliest, *query, *week, *credits;
    int undated;
} steps_page_t;

typedef struct {
    const char *code, *name, *personnel, *phlebotomy, *agency, *exams, *renewal, *as_of, *confidence, *personnel_chip,
        *phlebotomy_chip, *personnel_mark, *phlebotomy_mark;
} license_row_t;

typedef struct {
    frame_t frame;
    license_row_t *rows;
    int count;
    table_t table;
    const char *alt, *level, *need, *map_href;
    road_choice_t levels[2], needs[5];
} licenses_page_t;

typedef struct {
    const char *heading, *text, *href; /* href: NULL where the text leads nowhere */
} fact_row_t;

typedef struct {
    frame_t frame;
    license_row_t row;
    fact_row_t *facts;
    int fact_count;
    goal_row_t *goals;
    int goal_count;
    fact_row_t *sources;
    int source_count;
    const char *review_by, *note, *agency_url, *agencies_url, *agencies_title, *whom, *by_when, *by_when_phlebotomy;
    bool federal, required;
    const char *const *proofs;
    int proof_count;
} license_page_t;

#endif
