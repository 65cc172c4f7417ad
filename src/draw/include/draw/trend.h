/* The trend of scores over shifts, oldest first: what was counted as dots on a line, what the person had said of
 * themselves as open squares. Its table twin is the page's own table. */
#ifndef TITER_DRAW_TREND_H
#define TITER_DRAW_TREND_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { TREND_MAX_SHIFTS = 60, TREND_WIDTH = 720, TREND_HEIGHT = 190 };

typedef struct {
    double score, own; /* 0..100; own: NAN when not said */
} trend_point_t;

typedef struct {
    const trend_point_t *points;
    int count; /* 1..TREND_MAX_SHIFTS */
} trend_chart_t;

bool draw_trend(text_t *out, const trend_chart_t *chart, draw_look_t look, err_t *err);
void draw_trend_describe(text_t *out, const trend_chart_t *chart);

#endif
