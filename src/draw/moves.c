/* Values before and after, with intervals; see moves.h. */
#include "draw/moves.h"
#include "paint.h"

#include <math.h>
#include <stdio.h>

enum { MOVES_LEFT = 96, MOVES_RIGHT = 16, MOVES_TOP = 30, MOVES_BOTTOM = 42 };
static const double MOVES_MOST = 100; /* of a value or half an interval */

static bool moves_check(const void *input, err_t *err)
{
    const moves_chart_t *c = input;
    if (c->count < 1 || c->count > MOVES_MAX_ROWS || !c->rows)
        return err_set(err, ERR_INPUT, "A chart of changes shows 1 to %d rows, not %d.", MOVES_MAX_ROWS, c->count);
    for (int i = 0; i < c->count; i++) {
        const move_row_t *r = &c->rows[i];
        if (!(fabs(r->before) <= MOVES_MOST && fabs(r->after) <= MOVES_MOST && r->before_half >= 0 &&
              r->before_half <= MOVES_MOST && r->after_half >= 0 && r->after_half <= MOVES_MOST))
            return err_set(err, ERR_INPUT, "Row %d needs values within %.0f of zero and intervals from 0.", i + 1,
                           MOVES_MOST);
    }
    return true;
}

static void moves_size(const void *input, double *width, double *height)
{
    const moves_chart_t *c = input;
    if (*width <= 0) *width = MOVES_WIDTH;
    *height = MOVES_TOP + MOVES_BOTTOM + MOVES_ROW_HEIGHT * c->count;
}

typedef struct {
    double left, right, low, high;
} scale_t;

static double moves_x(const scale_t *s, double value)
{
    return s->left + (s->right - s->left) * (value - s->low) / (s->high - s->low);
}

static scale_t moves_scale(const pen_t *pen, const moves_chart_t *c)
{
    scale_t s = {MOVES_LEFT, pen->width - MOVES_RIGHT, INFINITY, -INFINITY};
    for (int i = 0; i < c->count; i++) {
        const move_row_t *r = &c->rows[i];
        s.low = fmin(s.low, fmin(r->before - r->before_half, r->after - r->after_half));
        s.high = fmax(s.high, fmax(r->before + r->before_half, r->after + r->after_half));
    }
    if (!(s.high - s.low > 1)) s.high = s.low + 1;
    const double step = pen_step(s.high - s.low, 8);
    s.low = step * floor(s.low / step);
    s.high = step * ceil(s.high / step);
    return s;
}

static void moves_mark(pen_t *pen, const scale_t *s, double value, double half, double y, bool after)
{
    const double x = moves_x(s, value);
    pen_ink(pen, after ? INK_BRAND : INK_TEXT_3);
    pen_line(pen, moves_x(s, value - half), y, moves_x(s, value + half), y, after ? 2.5 : 1.5,
             after ? DASH_NONE : DASH_SHORT);
    pen_ring(pen, x, y, 4.5, after ? INK_BRAND : INK_TEXT_2, after ? INK_BRAND : INK_SHEET);
}

static void moves_key(pen_t *pen)
{
    const pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    const scale_t own = {8, 42, 0, 1};
    moves_mark(pen, &own, 0.5, 0.5, 12, false);
    const double x = 50 + pen_text(pen, 50, 16, words, "before, 95 % interval") + 18;
    const scale_t next = {x, x + 34, 0, 1};
    moves_mark(pen, &next, 0.5, 0.5, 12, true);
    pen_text(pen, x + 42, 16, words, "after");
}

static void moves_paint(pen_t *pen, const void *input)
{
    const moves_chart_t *c = input;
    const scale_t s = moves_scale(pen, c);
    const double bottom = pen->height - MOVES_BOTTOM;
    pen_across_axis(pen, s.left, s.right, MOVES_TOP - 4, bottom, s.low, s.high);
    if (c->unit)
        pen_text(pen, (s.left + s.right) / 2, pen->height - 6,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, s.right - s.left}, c->unit);
    for (int i = 0; i < c->count; i++) {
        const move_row_t *r = &c->rows[i];
        const double y = MOVES_TOP + MOVES_ROW_HEIGHT * (i + 0.5);
        pen_text(pen, s.left - 10, y + 4, (pen_type_t){12, TYPE_TEXT, INK_TEXT, AT_RIGHT, s.left - 14}, r->name);
        moves_mark(pen, &s, r->before, r->before_half, y - 4, false);
        moves_mark(pen, &s, r->after, r->after_half, y + 5, true);
    }
    moves_key(pen);
}

static void moves_describe(text_t *out, const void *input)
{
    const moves_chart_t *c = input;
    const move_row_t *most = &c->rows[0];
    int up = 0, down = 0;
    for (int i = 0; i < c->count; i++) {
        const move_row_t *r = &c->rows[i];
        up += r->after > r->before;
        down += r->after < r->before;
        if (fabs(r->after - r->before) > fabs(most->after - most->before)) most = r;
    }
    char before[40], after[40];
    pen_signed(before, most->before, 2);
    pen_signed(after, most->after, 2);
    text_addf(out, "%d values before and after, %d up, %d down; the largest change is %s, %s to %s.", c->count, up,
              down, most->name, before, after);
}

const picture_way_t moves_way = {moves_check, moves_size, moves_paint, moves_describe, false};
