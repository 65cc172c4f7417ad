/* What changes, one row a thing: a ring with its interval as it was, a dot with its interval as it would be. Its table
 * twin is the page's own table. */
#ifndef TITER_DRAW_MOVES_H
#define TITER_DRAW_MOVES_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { MOVES_MAX_ROWS = 40, MOVES_WIDTH = 720, MOVES_ROW_HEIGHT = 24 };

typedef struct {
    const char *name;
    double before, before_half, after, after_half; /* value and half of its interval, from 0 */
} move_row_t;

typedef struct {
    const move_row_t *rows; /* in the order to be drawn */
    int count;              /* 1..MOVES_MAX_ROWS */
    const char *unit;       /* below the axis */
} moves_chart_t;

bool draw_moves(text_t *out, const moves_chart_t *chart, draw_look_t look, err_t *err);
void draw_moves_describe(text_t *out, const moves_chart_t *chart);

#endif
