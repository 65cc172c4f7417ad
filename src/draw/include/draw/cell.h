/* What a counter of particles shows: the histogram of their volumes and the scattergram of their light.
 *
 * The histogram draws the counts it is given, joined by a smooth curve (monotone cubic, Fritsch and Carlson 1980) and
 * filled; it neither smooths nor fits. Its height is relative: each curve to its own peak, as counters print it. The
 * scattergram is a square of 256 channels each way; each class has a mark of its own, and where points lie dense the
 * marks are larger and full, where they lie alone smaller and paler. */
#ifndef TITER_DRAW_CELL_H
#define TITER_DRAW_CELL_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HISTOGRAM_MIN_BINS = 4,
    HISTOGRAM_MAX_BINS = 1024,
    HISTOGRAM_MAX_LINES = 6,
    HISTOGRAM_WIDTH = 480,
    HISTOGRAM_HEIGHT = 280,
    HISTOGRAM_SMALL_WIDTH = 224, /* three side by side */
    HISTOGRAM_SMALL_HEIGHT = 168,
    SCATTER_MAX_POINTS = 4000,
    SCATTER_MAX_CLASSES = 10,
    SCATTER_MAX_GATES = 8,
    SCATTER_MAX_CORNERS = 12,
    SCATTER_CHANNELS = 256,
    SCATTER_WIDTH = 410,
    SCATTER_SMALL_WIDTH = 218,
    SCATTER_NOT_TOLD = 255, /* the class of a point that belongs to none */
};

/* A line across the volumes: where a counter tells one kind from another. */
typedef struct {
    double at;         /* fL */
    const char *words; /* "lower line"; NULL or "": none */
} histogram_line_t;

typedef struct {
    const char *title; /* "RBC" */
    const char *axis;  /* "cell volume, fL"; NULL: that */
    const float *bins; /* counts of 0 or more */
    int bin_count;
    double first, last;         /* volume of the first and the last bin */
    const float *reference;     /* as many bins: drawn behind, pale and dashed; NULL: none */
    const char *reference_name; /* "normal specimen" */
    int line_count;
    histogram_line_t lines[HISTOGRAM_MAX_LINES];
    bool small;
} histogram_t;

bool draw_histogram(text_t *out, const histogram_t *histogram, draw_look_t look, err_t *err);
/* Peaks (of at least 5 % prominence) and where, smaller bumps, share beyond each line and height at it, whether
 * the curve is at the base line at both ends. */
void draw_histogram_describe(text_t *out, const histogram_t *histogram);
/* Where the volumes `from`..`to` lie, over the height of the plot. */
bool draw_histogram_place(const histogram_t *histogram, draw_look_t look, double from, double to, draw_box_t *box);

typedef enum {
    SCATTER_DOT,
    SCATTER_DASH,
    SCATTER_TICK,
    SCATTER_PLUS,
    SCATTER_CROSS,
    SCATTER_TRIANGLE,
    SCATTER_RING,
    SCATTER_MARKS
} scatter_mark_t;

typedef struct {
    uint8_t x, y;
    uint8_t class_index; /* or SCATTER_NOT_TOLD */
} scatter_point_t;

typedef struct {
    const char *name; /* "lymphocytes" */
    scatter_mark_t mark;
    draw_ink_t ink; /* one of the inks for words */
} scatter_class_t;

typedef struct {
    const char *name; /* or NULL */
    int corner_count;
    uint8_t x[SCATTER_MAX_CORNERS], y[SCATTER_MAX_CORNERS];
} scatter_gate_t;

typedef struct {
    const char *title;  /* "WDF" */
    const char *x_axis; /* "side scatter (granularity)" */
    const char *y_axis; /* "side fluorescence (nucleic acid)" */
    const scatter_point_t *points;
    int point_count;
    int class_count; /* 0: one mark for all */
    scatter_class_t classes[SCATTER_MAX_CLASSES];
    int gate_count;
    scatter_gate_t gates[SCATTER_MAX_GATES];
    bool labels; /* each class named where it lies */
    bool small;
} scatter_t;

bool draw_scatter(text_t *out, const scatter_t *scatter, draw_look_t look, err_t *err);
/* How many points; of each class its share and its middle; without classes the dense places. */
void draw_scatter_describe(text_t *out, const scatter_t *scatter);
/* Where the channels left..right across and low..high up lie. */
bool draw_scatter_place(const scatter_t *scatter, draw_look_t look, double left, double low, double right, double high,
                        draw_box_t *box);

#endif
