/* The trend of scores; see trend.h. The scale is always 0 to 100, so that two charts can be laid side by side. */
#include "draw/trend.h"
#include "paint.h"

#include <stdio.h>

enum { TREND_LEFT = 38, TREND_RIGHT = 14, TREND_TOP = 28, TREND_BOTTOM = 26, TREND_LABEL_ROOM = 28 };

static bool trend_check(const void *input, err_t *err)
{
    const trend_chart_t *c = input;
    if (c->count < 1 || c->count > TREND_MAX_SHIFTS || !c->points)
        return err_set(err, ERR_INPUT, "A trend shows 1 to %d shifts, not %d.", TREND_MAX_SHIFTS, c->count);
    for (int i = 0; i < c->count; i++) {
        double score = c->points[i].score, own = c->points[i].own;
        if (!(score >= 0 && score <= 100) || own < 0 || own > 100)
            return err_set(err, ERR_INPUT, "Shift %d of the trend needs a score from 0 to 100.", i + 1);
    }
    return true;
}

static void trend_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = TREND_WIDTH;
    *height = TREND_HEIGHT;
}

static double trend_x(const pen_t *pen, const trend_chart_t *c, int i)
{
    double room = pen->width - TREND_LEFT - TREND_RIGHT;
    return c->count == 1 ? TREND_LEFT + room / 2 : TREND_LEFT + 8 + (room - 16) * i / (c->count - 1);
}

static double trend_y(const pen_t *pen, double value)
{
    double bottom = pen->height - TREND_BOTTOM;
    return bottom - (bottom - TREND_TOP) * value / 100;
}

static void trend_axes(pen_t *pen, const trend_chart_t *c)
{
    char label[32];
    for (int value = 0; value <= 100; value += 25) {
        double y = trend_y(pen, value);
        pen_ink(pen, INK_RULE);
        pen_line(pen, TREND_LEFT, y, pen->width - TREND_RIGHT, y, 1, DASH_NONE);
        snprintf(label, sizeof label, "%d", value);
        pen_text(pen, TREND_LEFT - 6, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 30}, label);
    }
    double gap = c->count > 1 ? trend_x(pen, c, 1) - trend_x(pen, c, 0) : TREND_LABEL_ROOM;
    int every = gap >= TREND_LABEL_ROOM ? 1 : (int)(TREND_LABEL_ROOM / gap) + 1;
    for (int i = 0; i < c->count; i += every) {
        snprintf(label, sizeof label, "%d", i + 1);
        pen_text(pen, trend_x(pen, c, i), pen->height - 8,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, TREND_LABEL_ROOM}, label);
    }
}

static void trend_square(pen_t *pen, double x, double y)
{
    pen_ink(pen, INK_TEXT_2);
    pen_box(pen, x - 3.5, y - 3.5, 7, 7);
    pen_stroke(pen, 1.3, DASH_NONE);
}

static void trend_paint(pen_t *pen, const void *input)
{
    const trend_chart_t *c = input;
    trend_axes(pen, c);
    for (int i = 0; i < c->count; i++)
        (i ? cairo_line_to : cairo_move_to)(pen->cr, trend_x(pen, c, i), trend_y(pen, c->points[i].score));
    pen_ink(pen, INK_TEXT);
    pen_stroke(pen, 1.5, DASH_NONE);
    for (int i = 0; i < c->count; i++) {
        double own = c->points[i].own;
        if (own >= 0) trend_square(pen, trend_x(pen, c, i), trend_y(pen, own));
        pen_ink(pen, INK_TEXT);
        pen_dot(pen, trend_x(pen, c, i), trend_y(pen, c->points[i].score), 3.4);
    }
    double x = TREND_LEFT + 4, y = 14;
    pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 200};
    pen_ink(pen, INK_TEXT);
    pen_dot(pen, x, y - 4, 3.4);
    pen_text(pen, x + 9, y, words, "score");
    trend_square(pen, x + 64, y - 4);
    pen_text(pen, x + 74, y, words, "own rating");
    pen_text(pen, pen->width - TREND_RIGHT, y, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 260},
             "shifts in order, oldest first");
}

static void trend_describe(text_t *out, const void *input)
{
    const trend_chart_t *c = input;
    text_addf(out, "Scores of %d shift%s, oldest first: ", c->count, c->count == 1 ? "" : "s");
    for (int i = 0; i < c->count; i++) {
        char value[40];
        pen_fixed(value, c->points[i].score, 0);
        text_addf(out, "%s%s", i ? ", " : "", value);
        if (!(c->points[i].own >= 0)) continue;
        pen_fixed(value, c->points[i].own, 0);
        text_addf(out, " (own rating %s)", value);
    }
    text_add(out, ".");
}

const picture_way_t trend_way = {trend_check, trend_size, trend_paint, trend_describe, false};
