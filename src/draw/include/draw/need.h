/* What is needed and what is done, one bar a requirement: the verified part is solid, the declared part ruled, what may
 * count is an open box with a dashed edge, and the rest of the way is empty. Every bar is as long as its own need. Its
 * table twin is the page's own table. */
#ifndef TITER_DRAW_NEED_H
#define TITER_DRAW_NEED_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

enum { NEED_MAX_ROWS = 40, NEED_WIDTH = 720, NEED_ROW_HEIGHT = 40 };

typedef struct {
    const char *name, *said;                   /* said: right of the name, "22.5 missing by 2027-05-31" */
    double need, verified, declared, possible; /* possible: beyond what is sure; need 0: no bar */
    bool part;                                 /* a part of the row above: drawn smaller */
} need_row_t;

typedef struct {
    const need_row_t *rows;
    int count;
} need_chart_t;

bool draw_need(text_t *out, const need_chart_t *chart, draw_look_t look, err_t *err);
void draw_need_describe(text_t *out, const need_chart_t *chart);

#endif
