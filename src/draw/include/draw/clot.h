/* Pictures of a clotting bench: the signal of a clotting plasma over time, a mixing study, the lines of a factor assay
 * over its dilutions, and the log of a refrigerator. */
#ifndef TITER_DRAW_CLOT_H
#define TITER_DRAW_CLOT_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum {
    CLOT_MAX_POINTS = 1000,
    CLOT_MAX_RUNS = 2,
    CLOT_WIDTH = 560,
    CLOT_HEIGHT = 300,
    CLOT_SMALL_WIDTH = 280,
    CLOT_SMALL_HEIGHT = 210,
    MIXING_MAX_ROWS = 8,
    MIXING_MAX_WORDS = 4,
    MIXING_WIDTH = 560,
    PARALLEL_MAX_LINES = 4,
    PARALLEL_MAX_POINTS = 8,
    PARALLEL_WIDTH = 480,
    PARALLEL_HEIGHT = 320,
    LOG_MAX_POINTS = 1000,
    LOG_MAX_MARKS = 9,
    LOG_MAX_DAYS = 92,
    LOG_WIDTH = 720,
    LOG_HEIGHT = 240,
};

typedef struct {
    double second, signal;
} curve_point_t;

/* One run. The first is a full line with a ring where the clot was detected, the second dashed with a diamond. */
typedef struct {
    const char *name;            /* "run 1" */
    const curve_point_t *points; /* in order of time */
    int point_count;
    double clot_s;   /* NAN: no clot detected */
    double baseline; /* signal before the clot; NAN: not drawn */
} clot_run_t;

typedef struct {
    const char *title;  /* "aPTT, 26-1042" */
    const char *signal; /* "light transmitted, %"; NULL: "optical signal" */
    double limit_s;     /* how long the analyzer waits for a clot */
    double end_s;       /* end of the axis; 0: the last point */
    double full;        /* the signal runs from 0 to this; 0: as far as its points go */
    int run_count;
    clot_run_t runs[CLOT_MAX_RUNS];
    bool small;
} clot_curve_t;

bool draw_clot_curve(text_t *out, const clot_curve_t *curve, draw_look_t look, err_t *err);
void draw_clot_curve_describe(text_t *out, const clot_curve_t *curve);
/* Where the seconds `from`..`to` lie, over the height of the plot. */
bool draw_clot_curve_place(const clot_curve_t *curve, draw_look_t look, double from, double to, draw_box_t *box);

typedef struct {
    const char *name; /* "1:1 mix, incubated" */
    double seconds;   /* NAN: not done */
    bool no_clot;     /* `seconds` is then how long was waited */
    bool mixed;       /* bars of mixes are hatched, of one plasma full */
} mixing_row_t;

typedef struct {
    const char *title;
    double low, high; /* reference interval in seconds; NAN: none */
    int row_count;
    mixing_row_t rows[MIXING_MAX_ROWS];
    int word_count;
    const char *words[MIXING_MAX_WORDS]; /* lines below: "Index of circulating anticoagulant 8.4" */
} mixing_t;

bool draw_mixing(text_t *out, const mixing_t *mixing, draw_look_t look, err_t *err);
void draw_mixing_describe(text_t *out, const mixing_t *mixing);

typedef struct {
    double dilution; /* 10 for 1:10 */
    double value;    /* above 0 */
} parallel_point_t;

typedef struct {
    const char *name; /* "reference plasma" */
    int point_count;
    parallel_point_t points[PARALLEL_MAX_POINTS]; /* in order of dilution */
} parallel_line_t;

/* Both scales are logarithmic. Lines differ in dash and mark and are named where they end. */
typedef struct {
    const char *title;
    const char *y_axis; /* "activity, %" */
    int decimals;
    int line_count;
    parallel_line_t lines[PARALLEL_MAX_LINES];
} parallelism_t;

bool draw_parallelism(text_t *out, const parallelism_t *chart, draw_look_t look, err_t *err);
/* The values of each line by dilution and the slope of its least-squares line; it does not judge them. */
void draw_parallelism_describe(text_t *out, const parallelism_t *chart);

typedef struct {
    double hour; /* since the first midnight */
    double value;
} log_point_t;

typedef struct {
    double hour;
    const char *words; /* "door found ajar": numbered on the chart, written below it */
} log_mark_t;

typedef struct {
    const char *title; /* "Reagent refrigerator R-2" */
    const char *unit;  /* "°C" */
    int decimals;
    int day_count;
    const char *const *days;   /* day_count names, or NULL: 1, 2, ... */
    double low, high;          /* allowed */
    double gap_hours;          /* longer than this without an entry: a gap */
    const log_point_t *points; /* in order of time */
    int point_count;
    int mark_count;
    log_mark_t marks[LOG_MAX_MARKS];
} log_chart_t;

bool draw_log_chart(text_t *out, const log_chart_t *chart, draw_look_t look, err_t *err);
void draw_log_chart_describe(text_t *out, const log_chart_t *chart);

#endif
