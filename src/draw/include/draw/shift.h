/* Pictures of a shift: its timeline in lanes with a cursor at a minute, what was seen beside what was
 * true of one quantity, turnaround against targets, and the load of an analyzer. Times are
 * seconds since the start of the shift; clock_s is the second of the day at its start. */
#ifndef TITER_DRAW_SHIFT_H
#define TITER_DRAW_SHIFT_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TIMELINE_MAX_LANES = 8,
    TIMELINE_MAX_EVENTS = 1200,
    TIMELINE_WIDTH = 900,
    SEEN_MAX_POINTS = 200,
    SEEN_WIDTH = 700,
    SEEN_HEIGHT = 240,
    TURNAROUND_MAX_GROUPS = 4,
    TURNAROUND_MAX_DOTS = 600,
    TURNAROUND_WIDTH = 700,
    QUEUE_MAX_POINTS = 600,
    QUEUE_WIDTH = 700,
    QUEUE_HEIGHT = 120,
};

typedef struct {
    int32_t at_s, until_s; /* until_s <= at_s: a moment, else a bar */
    int lane;
    draw_tone_t tone;
    const char *label; /* drawn beside the mark where there is room; NULL: none */
} timeline_event_t;

typedef struct {
    const char *title; /* or NULL */
    int32_t length_s, clock_s;
    bool has_cursor;
    int32_t cursor_s;
    int lane_count;
    const char *lanes[TIMELINE_MAX_LANES]; /* "Specimens", "QC", "Calls", "Decisions" */
    const timeline_event_t *events;        /* in order of at_s */
    int event_count;
} timeline_chart_t;

bool draw_timeline(text_t *out, const timeline_chart_t *chart, draw_look_t look, err_t *err);
void draw_timeline_describe(text_t *out, const timeline_chart_t *chart);
/* The second of the shift at a pixel from the left of the picture (for a click on it), kept inside the shift. */
int32_t draw_timeline_second(const timeline_chart_t *chart, draw_look_t look, double x);

/* Dots joined by a line: seen. Open diamonds on a dashed line: true. */
typedef struct {
    int32_t at_s;
    double seen, truth; /* NAN: none */
} seen_point_t;

typedef struct {
    const char *title; /* "Potassium, 26-1042" */
    const char *unit;
    int decimals;
    int32_t length_s, clock_s;
    bool has_cursor;
    int32_t cursor_s;
    double low, high; /* interval as a band; NAN: none */
    const seen_point_t *points;
    int point_count;
} seen_chart_t;

bool draw_seen(text_t *out, const seen_chart_t *chart, draw_look_t look, err_t *err);
void draw_seen_describe(text_t *out, const seen_chart_t *chart);

typedef struct {
    const char *name; /* "STAT" */
    double target_min;
    const double *minutes; /* one a specimen */
    int count;
} turnaround_group_t;

/* A row a priority: a dot a specimen, filled within the target, open and crossed beyond. */
typedef struct {
    const char *title;
    int group_count;
    turnaround_group_t groups[TURNAROUND_MAX_GROUPS];
} turnaround_chart_t;

bool draw_turnaround(text_t *out, const turnaround_chart_t *chart, draw_look_t look, err_t *err);
void draw_turnaround_describe(text_t *out, const turnaround_chart_t *chart);

typedef struct {
    int32_t at_s;
    int waiting, running;
} queue_point_t;

/* Tubes waiting (step line) and on the analyzer (filled steps) over time. */
typedef struct {
    const char *title; /* "AN-1" */
    int32_t length_s, clock_s;
    const queue_point_t *points; /* in order of at_s */
    int point_count;
} queue_chart_t;

bool draw_queue(text_t *out, const queue_chart_t *chart, draw_look_t look, err_t *err);
void draw_queue_describe(text_t *out, const queue_chart_t *chart);

#endif
