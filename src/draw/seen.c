/* What was seen beside what was true: two series with shapes and lines of their own, named where they end. */
#include "base/exact.h"
#include "draw/shift.h"
#include "paint.h"

#include <stdio.h>

enum { SEEN_LEFT = 56, SEEN_RIGHT = 66, SEEN_TOP = 34, SEEN_BOTTOM = 24 };

typedef struct {
    double left, right, top, bottom, low, high;
} seen_frame_t;

static bool seen_check(const void *input, err_t *err)
{
    const seen_chart_t *c = input;
    if (!shift_time_check(c->length_s, c->clock_s, err)) return false;
    if (c->point_count < 0 || c->point_count > SEEN_MAX_POINTS || (c->point_count && !c->points))
        return err_set(err, ERR_INPUT, "The chart has at most %d points, not %d.", SEEN_MAX_POINTS, c->point_count);
    return true;
}

static void seen_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = SEEN_WIDTH;
    *height = SEEN_HEIGHT;
}

static void seen_widen(seen_frame_t *f, double value)
{
    if (!number_fits(value)) return;
    if (value < f->low) f->low = value;
    if (value > f->high) f->high = value;
}

static seen_frame_t seen_frame(const pen_t *pen, const seen_chart_t *c)
{
    seen_frame_t f = {SEEN_LEFT, pen->width - SEEN_RIGHT, SEEN_TOP, pen->height - SEEN_BOTTOM, 1e300, -1e300};
    if (f.right < f.left + 20) f.right = f.left + 20;
    for (int i = 0; i < c->point_count; i++) {
        seen_widen(&f, c->points[i].seen);
        seen_widen(&f, c->points[i].truth);
    }
    seen_widen(&f, c->low);
    seen_widen(&f, c->high);
    if (f.low > f.high) f.low = 0, f.high = 1;
    double pad = (f.high - f.low) * 0.08;
    if (!(pad > 0)) pad = f.high > 0 ? f.high * 0.1 : 1;
    f.low -= pad;
    f.high += pad;
    return f;
}

static double seen_y(const seen_frame_t *f, double value)
{
    return f->bottom - (f->bottom - f->top) * (value - f->low) / (f->high - f->low);
}

static double seen_x(const seen_chart_t *c, const seen_frame_t *f, int32_t at_s)
{
    int32_t t = at_s < 0 ? 0 : at_s > c->length_s ? c->length_s : at_s;
    return f->left + (f->right - f->left) * (double)t / c->length_s;
}

static void seen_grid(pen_t *pen, const seen_chart_t *c, const seen_frame_t *f)
{
    bool has_low = number_fits(c->low), has_high = number_fits(c->high);
    if (has_low || has_high) {
        double top = has_high ? seen_y(f, c->high) : f->top, bottom = has_low ? seen_y(f, c->low) : f->bottom;
        pen_rgb(pen, draw_color(pen->scheme, INK_RULE), 0.5);
        pen_box(pen, f->left, top, f->right - f->left, bottom - top);
        cairo_fill(pen->cr);
    }
    pen_time_axis(pen, f->left, f->right, f->top, f->bottom, c->length_s, c->clock_s);
    double step = pen_step(f->high - f->low, 5);
    for (double v = exact_floor(f->low / step + 1) * step; v <= f->high; v += step) {
        char number[40];
        pen_fixed(number, v, step < 0.1 ? 2 : step < 1 ? 1 : 0);
        pen_text(pen, f->left - 8, seen_y(f, v) + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0},
                 number);
        pen_ink(pen, INK_RULE);
        pen_line(pen, f->left, seen_y(f, v), f->right, seen_y(f, v), 1, DASH_NONE);
    }
    pen_ink(pen, INK_TEXT_3);
    if (has_low) pen_line(pen, f->left, seen_y(f, c->low), f->right, seen_y(f, c->low), 1, DASH_LONG);
    if (has_high) pen_line(pen, f->left, seen_y(f, c->high), f->right, seen_y(f, c->high), 1, DASH_LONG);
    if (has_low && has_high && seen_y(f, c->low) - seen_y(f, c->high) > 14)
        pen_text(pen, f->left + 5, seen_y(f, c->high) + 13, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, 0},
                 "interval");
}

/* One series; returns where it ended, NAN when it is empty. */
static double seen_series(pen_t *pen, const seen_chart_t *c, const seen_frame_t *f, bool truth)
{
    double end = (double)__builtin_nan("");
    for (int i = 0; i < c->point_count; i++) {
        double v = truth ? c->points[i].truth : c->points[i].seen;
        if (!number_fits(v)) continue;
        (end == end ? cairo_line_to : cairo_move_to)(pen->cr, seen_x(c, f, c->points[i].at_s), seen_y(f, v));
        end = seen_y(f, v);
    }
    draw_ink_t ink = truth ? INK_WARN : INK_BRAND;
    pen_ink(pen, ink);
    pen_stroke(pen, 1.6, truth ? DASH_LONG : DASH_NONE);
    for (int i = 0; i < c->point_count; i++) {
        double v = truth ? c->points[i].truth : c->points[i].seen;
        if (!number_fits(v)) continue;
        double x = seen_x(c, f, c->points[i].at_s), y = seen_y(f, v);
        pen_ink(pen, ink);
        if (truth)
            pen_diamond(pen, x, y, 5, ink, INK_SHEET);
        else
            pen_dot(pen, x, y, 3.6);
    }
    return end;
}

static void seen_key(pen_t *pen, const seen_frame_t *f)
{
    double x = f->right - 96, y = 18;
    pen_ink(pen, INK_BRAND);
    pen_line(pen, x - 8, y - 4, x + 8, y - 4, 1.6, DASH_NONE);
    pen_dot(pen, x, y - 4, 3.6);
    pen_text(pen, x + 13, y, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0}, "seen");
    x += 62;
    pen_ink(pen, INK_WARN);
    pen_line(pen, x - 10, y - 4, x + 10, y - 4, 1.6, DASH_SHORT);
    pen_diamond(pen, x, y - 4, 5, INK_WARN, INK_SHEET);
    pen_text(pen, x + 14, y, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0}, "true");
}

static void seen_paint(pen_t *pen, const void *input)
{
    const seen_chart_t *c = input;
    seen_frame_t f = seen_frame(pen, c);
    double room = f.right - 120 - f.left;
    double x = f.left;
    if (room > 20) {
        double width = pen_text(pen, x, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, room}, c->title);
        x += width > 0 ? width + 10 : 0;
        if (f.right - 120 - x > 20)
            pen_text(pen, x, 18, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, f.right - 120 - x}, c->unit);
    }
    seen_grid(pen, c, &f);
    double truth = seen_series(pen, c, &f, true), seen = seen_series(pen, c, &f, false);
    /* Names at the ends, kept apart. */
    double apart = truth - seen;
    if (apart > -13 && apart < 13) {
        double push = (13 - (apart < 0 ? -apart : apart)) / 2;
        truth += apart < 0 ? -push : push;
        seen -= apart < 0 ? -push : push;
    }
    pen_type_t type = {TYPE_SMALL, TYPE_STRONG, INK_BRAND, AT_LEFT, 0};
    int32_t last_seen = 0, last_truth = 0;
    for (int i = 0; i < c->point_count; i++) {
        if (number_fits(c->points[i].seen)) last_seen = c->points[i].at_s;
        if (number_fits(c->points[i].truth)) last_truth = c->points[i].at_s;
    }
    if (seen == seen) pen_text(pen, seen_x(c, &f, last_seen) + 10, seen + 4, type, "seen");
    type.ink = INK_WARN;
    if (truth == truth) pen_text(pen, seen_x(c, &f, last_truth) + 10, truth + 4, type, "true");
    seen_key(pen, &f);
    if (c->has_cursor) {
        pen_ink(pen, INK_TEXT);
        pen_line(pen, seen_x(c, &f, c->cursor_s), f.top, seen_x(c, &f, c->cursor_s), f.bottom, 1.6, DASH_NONE);
    }
}

static void seen_describe(text_t *out, const void *input)
{
    const seen_chart_t *c = input;
    text_add(out, "Seen and true values");
    if (c->title) text_addf(out, ", %s", c->title);
    int last_seen = -1, last_truth = -1, n = 0, m = 0;
    for (int i = 0; i < c->point_count; i++) {
        if (number_fits(c->points[i].seen)) last_seen = i, n++;
        if (number_fits(c->points[i].truth)) last_truth = i, m++;
    }
    char value[40];
    const char *unit = c->unit ? c->unit : "";
    text_addf(out, ": %d seen", n);
    if (last_seen >= 0) {
        pen_fixed(value, c->points[last_seen].seen, c->decimals);
        text_addf(out, ", last %s %s", value, unit);
    }
    text_addf(out, "; %d true", m);
    if (last_truth >= 0) {
        pen_fixed(value, c->points[last_truth].truth, c->decimals);
        text_addf(out, ", last %s %s", value, unit);
    }
    text_add_char(out, '.');
}

const picture_way_t seen_way = {seen_check, seen_size, seen_paint, seen_describe, false};
