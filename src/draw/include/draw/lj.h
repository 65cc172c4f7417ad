/* Control charts: Levey–Jennings (Levey and Jennings 1950: results in order, in standard deviations
 * from the mean), the two-level plot (Youden 1959: level against level, so that a shift of both
 * lies on the diagonal and a slip of one off it) and an overview of many tests as small charts. */
#ifndef TITER_DRAW_LJ_H
#define TITER_DRAW_LJ_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LJ_MAX_LEVELS = 3,
    LJ_MAX_POINTS = 64,
    LJ_MAX_CELLS = 48,
    LJ_WIDTH = 700,
    LJ_LEVEL_HEIGHT = 176,
    YOUDEN_SIDE = 360,
    LJ_CELL_WIDTH = 168,
    LJ_CELL_HEIGHT = 76,
};

enum {
    LJ_MARK_LOT = 1,
    LJ_MARK_CALIBRATION = 2,
    LJ_MARK_MAINTENANCE = 4,
    LJ_MARK_NEW_VIAL = 8,
    LJ_MARK_CONTROL = 16, /* a new lot of the control */
    LJ_MARK_LIMITS = 32   /* new mean and SD: the axis is in the SD of the new ones from here on */
};

/* What somebody decided. Left LJ_NOT_JUDGED, a point says nothing of itself. */
typedef enum { LJ_NOT_JUDGED, LJ_IN_CONTROL, LJ_WARNING, LJ_REJECT } lj_judged_t;

typedef struct {
    int32_t run;             /* number under the axis */
    const char *time;        /* "06:12", "" or NULL */
    double z[LJ_MAX_LEVELS]; /* SD from the mean; NAN: not measured */
    uint32_t marks;          /* LJ_MARK_ bits */
    lj_judged_t judged[LJ_MAX_LEVELS];
} lj_point_t;

typedef struct {
    const char *name; /* "level 2" */
    double mean, sd;  /* for the values on the right axis; sd 0: no values */
    int decimals;
} lj_level_t;

typedef struct {
    const char *title; /* "Potassium · AN-1", or NULL: the page has it */
    const char *unit;
    int level_count;
    lj_level_t levels[LJ_MAX_LEVELS];
    const lj_point_t *points; /* oldest first */
    int point_count;
    int focus; /* a point to ring and label: its index + 1; 0: none */
} lj_chart_t;

bool draw_lj(text_t *out, const lj_chart_t *chart, draw_look_t look, err_t *err);
void draw_lj_describe(text_t *out, const lj_chart_t *chart);
/* Where a point is drawn, with a margin fit for a finger; false when it is not. */
bool draw_lj_place(const lj_chart_t *chart, draw_look_t look, int level, int point, draw_box_t *box);

/* Levels 0 and 1 of the same chart against each other. */
bool draw_youden(text_t *out, const lj_chart_t *chart, draw_look_t look, err_t *err);
void draw_youden_describe(text_t *out, const lj_chart_t *chart);

/* One small chart a test; levels share the scale (1 solid line, 2 dashed, 3 dotted). Warnings and
 * rejections have their shapes; of the rest only the newest point is marked. */
typedef struct {
    const char *name;  /* "Potassium" */
    const char *state; /* words under the name: "not reviewed", "✓ 22:40"; NULL: none */
    draw_tone_t tone;  /* of the state */
    int level_count;
    const lj_point_t *points;
    int point_count;
} lj_cell_t;

typedef struct {
    const lj_cell_t *cells;
    int cell_count;
    int columns; /* 0: as many as the width holds */
} lj_overview_t;

bool draw_lj_overview(text_t *out, const lj_overview_t *overview, draw_look_t look, err_t *err);
void draw_lj_overview_describe(text_t *out, const lj_overview_t *overview);
/* Where a cell is, for an image map. */
bool draw_lj_overview_place(const lj_overview_t *overview, draw_look_t look, int cell, draw_box_t *box);

#endif
