/* What the pages of the month of controls show. Plain text only. */
#ifndef TITER_WEB_DESK_MONTH_VIEW_H
#define TITER_WEB_DESK_MONTH_VIEW_H

#include "desk_view.h"

#include "lab/month.h"

/* A level of a test in the list of a line. */
typedef struct {
    const char *test, *href, *level, *state;
    bool first, due; /* first: of its test */
    const char *runs, *apart, *mean, *sd, *cv, *assigned_mean, *assigned_sd, *off, *ratio, *warnings;
    double test_order, level_n, runs_n, apart_n, mean_n, sd_n, cv_n, off_n, ratio_n, warnings_n;
} month_row_t;

typedef struct {
    const char *name, *href;
    bool current;
} month_line_t;

typedef struct {
    desk_t *d;
    month_line_t lines[SHIFT_LINES];
    int line_count, due; /* due: on every line */
    const char *line, *show_due, *show_all;
    bool only_due;
    month_row_t *rows;
    int count;
    table_t table;
} month_list_t;

typedef struct {
    const char *level, *mean, *sd, *cv, *assigned_mean, *assigned_sd, *off, *ratio, *warnings, *beyond, *first, *last;
    const char *mean_field, *sd_field, *mean_typed, *sd_typed; /* of the form */
} month_level_row_t;

typedef struct {
    const char *run, *when, *marks, *decision, *cause;
    struct {
        const char *value, *z;
    } level[SHIFT_QC_LEVELS];
} month_point_row_t;

typedef struct {
    const char *when, *decision, *limits, *who, *remark, *points;
} month_signed_row_t;

typedef struct {
    desk_t *d;
    const char *title, *test, *list, *facts, *unit, *counts, *chart, *chart_text, *hint, *letter, *a4, *sop, *next;
    const char *initials, *remark; /* as typed */
    int line, levels, decision;    /* decision: as typed, -1 */
    bool due;
    month_level_row_t level[SHIFT_QC_LEVELS];
    month_point_row_t *points; /* newest first */
    int point_count;
    month_signed_row_t *signed_rows;
    int signed_count;
} month_page_t;

#endif
