/* Up to eight bars on one scale from zero, each with its name before it and its number in words behind it. */
#ifndef TITER_DRAW_BARS_H
#define TITER_DRAW_BARS_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

enum { BARS_MAX = 8, BARS_WIDTH = 640, BARS_ROW = 34 };

typedef struct {
    const char *name, *brief; /* brief: a few words under the name; or NULL */
    int value;
} bar_t;

typedef struct {
    const bar_t *bars;
    int count; /* 1..BARS_MAX */
    int most;  /* end of the scale, above 0; values are 0..most */
} bars_chart_t;

bool draw_bars(text_t *out, const bars_chart_t *chart, draw_look_t look, err_t *err);
void draw_bars_describe(text_t *out, const bars_chart_t *chart);

#endif
