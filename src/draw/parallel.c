/* A factor assay over its dilutions: values against dilution, both scales logarithmic, one line a plasma. See clot.h.
 */
#include "base/exact.h"
#include "draw/clot.h"
#include "paint.h"

#include <stdio.h>

enum { PARALLEL_LEFT = 52, PARALLEL_TOP = 46, PARALLEL_BOTTOM = 38 };

typedef struct {
    double left, right, top, bottom;
    double x_low, x_high, y_low, y_high; /* natural logarithms */
} parallel_frame_t;

static bool parallel_check(const void *input, err_t *err)
{
    const parallelism_t *c = input;
    if (c->line_count < 1 || c->line_count > PARALLEL_MAX_LINES)
        return err_set(err, ERR_INPUT, "A picture of parallelism has 1 to %d lines, not %d.", PARALLEL_MAX_LINES,
                       c->line_count);
    double low = 1e300, high = 0;
    for (int k = 0; k < c->line_count; k++) {
        const parallel_line_t *line = &c->lines[k];
        if (line->point_count < 1 || line->point_count > PARALLEL_MAX_POINTS)
            return err_set(err, ERR_INPUT, "Line %d has 1 to %d dilutions, not %d.", k + 1, PARALLEL_MAX_POINTS,
                           line->point_count);
        for (int i = 0; i < line->point_count; i++) {
            const parallel_point_t *p = &line->points[i];
            if (!number_fits(p->dilution) || !number_fits(p->value) || p->dilution < 1 || p->value < 1e-6 ||
                (i && p->dilution <= line->points[i - 1].dilution))
                return err_set(err, ERR_INPUT,
                               "Point %d of line %d needs a dilution above the one before and a value above 0.", i + 1,
                               k + 1);
            if (p->dilution < low) low = p->dilution;
            if (p->dilution > high) high = p->dilution;
        }
    }
    if (high < low * 1.01) return err_set(err, ERR_INPUT, "A picture of parallelism needs at least two dilutions.");
    return true;
}

static void parallel_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = PARALLEL_WIDTH;
    *height = PARALLEL_HEIGHT;
}

static parallel_frame_t parallel_frame(pen_t *pen, const parallelism_t *c)
{
    double names = 0;
    for (int k = 0; k < c->line_count; k++) {
        pen_type_t type = {TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, 0};
        double width = pen_text_width(pen, type, c->lines[k].name) + 30;
        if (width > names) names = width;
    }
    if (names > pen->width * 0.4) names = pen->width * 0.4;
    parallel_frame_t f = {.left = PARALLEL_LEFT,
                          .right = pen->width - names,
                          .top = PARALLEL_TOP,
                          .bottom = pen->height - PARALLEL_BOTTOM,
                          .x_low = 1e300,
                          .x_high = -1e300,
                          .y_low = 1e300,
                          .y_high = -1e300};
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (f.bottom < f.top + 10) f.bottom = f.top + 10;
    for (int k = 0; k < c->line_count; k++)
        for (int i = 0; i < c->lines[k].point_count; i++) {
            double x = exact_log(c->lines[k].points[i].dilution), y = exact_log(c->lines[k].points[i].value);
            if (x < f.x_low) f.x_low = x;
            if (x > f.x_high) f.x_high = x;
            if (y < f.y_low) f.y_low = y;
            if (y > f.y_high) f.y_high = y;
        }
    double pad = (f.y_high - f.y_low) * 0.1;
    if (pad < 0.2) pad = 0.2; /* a fifth each way: noise is not stretched to the whole height */
    f.y_low -= pad;
    f.y_high += pad;
    f.x_low -= 0.12;
    f.x_high += 0.12;
    return f;
}

static double parallel_x(const parallel_frame_t *f, double dilution)
{
    return f->left + (f->right - f->left) * (exact_log(dilution) - f->x_low) / (f->x_high - f->x_low);
}

static double parallel_y(const parallel_frame_t *f, double value)
{
    return f->bottom - (f->bottom - f->top) * (exact_log(value) - f->y_low) / (f->y_high - f->y_low);
}

/* 1, 2, 5 of each power of ten; where they lie apart, also the rest. */
static void parallel_up_axis(pen_t *pen, const parallel_frame_t *f)
{
    double power = 1e-7, last = 1e300;
    bool many = f->y_high - f->y_low < 1.2;
    for (int p = -7; p <= 9; p++, power *= 10) {
        for (int i = 1; i <= 9; i++) {
            double value = power * i, y = parallel_y(f, value);
            if (y > f->bottom + 0.5 || y < f->top - 0.5 || (!many && i != 1 && i != 2 && i != 5)) continue;
            pen_ink(pen, INK_RULE);
            pen_line(pen, f->left, y, f->right, y, 1, DASH_NONE);
            if (last - y < 13) continue;
            char number[40];
            pen_fixed(number, value, p < 0 ? -p : 0);
            pen_text(pen, f->left - 7, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0}, number);
            last = y;
        }
    }
}

/* The dilutions there are, each once. */
static void parallel_across_axis(pen_t *pen, const parallelism_t *c, const parallel_frame_t *f)
{
    double at[PARALLEL_MAX_LINES * PARALLEL_MAX_POINTS];
    int count = 0;
    for (int k = 0; k < c->line_count; k++)
        for (int i = 0; i < c->lines[k].point_count; i++) {
            double dilution = c->lines[k].points[i].dilution, x = parallel_x(f, dilution);
            bool free = true;
            for (int a = 0; a < count; a++) free = free && exact_abs(at[a] - x) >= 1;
            if (!free) continue;
            pen_ink(pen, INK_RULE);
            pen_line(pen, x, f->top, x, f->bottom, 1, DASH_NONE);
            bool room = true;
            for (int a = 0; a < count; a++) room = room && exact_abs(at[a] - x) >= 34;
            at[count++] = x;
            if (!room) continue;
            char number[40], words[48];
            pen_fixed(number, dilution, dilution == exact_floor(dilution) ? 0 : 1);
            snprintf(words, sizeof words, "1:%s", number);
            pen_text(pen, x, f->bottom + 15, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, words);
        }
}

static const draw_ink_t PARALLEL_INKS[PARALLEL_MAX_LINES] = {INK_TEXT_2, INK_BRAND, INK_WARN, INK_INFO};
static const pen_dash_t PARALLEL_DASHES[PARALLEL_MAX_LINES] = {DASH_LONG, DASH_NONE, DASH_SHORT, DASH_DOTS};

static void parallel_mark(pen_t *pen, int k, double x, double y)
{
    draw_ink_t ink = PARALLEL_INKS[k];
    pen_ink(pen, ink);
    switch (k) {
    case 0:
        pen_ring(pen, x, y, 4.2, ink, INK_SHEET);
        break;
    case 1:
        pen_dot(pen, x, y, 4.6);
        break;
    case 2:
        pen_triangle(pen, x, y, 5.6, ink);
        break;
    default:
        pen_diamond(pen, x, y, 5, ink, INK_SHEET);
        break;
    }
}

static void parallel_paint(pen_t *pen, const void *input)
{
    const parallelism_t *c = input;
    parallel_frame_t f = parallel_frame(pen, c);
    char words[DRAW_MAX_TEXT + 30];
    pen_text(pen, 8, 16, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->title);
    snprintf(words, sizeof words, "\u2191 %.280s, log scale", c->y_axis ? c->y_axis : "value");
    pen_text(pen, 8, 34, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, pen->width - 16}, words);
    parallel_up_axis(pen, &f);
    parallel_across_axis(pen, c, &f);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    double name_y[PARALLEL_MAX_LINES];
    for (int k = 0; k < c->line_count; k++) {
        const parallel_line_t *line = &c->lines[k];
        for (int i = 0; i < line->point_count; i++)
            (i ? cairo_line_to : cairo_move_to)(pen->cr, parallel_x(&f, line->points[i].dilution),
                                                parallel_y(&f, line->points[i].value));
        pen_ink(pen, PARALLEL_INKS[k]);
        pen_stroke(pen, 1.7, PARALLEL_DASHES[k]);
        for (int i = 0; i < line->point_count; i++)
            parallel_mark(pen, k, parallel_x(&f, line->points[i].dilution), parallel_y(&f, line->points[i].value));
        double y = parallel_y(&f, line->points[line->point_count - 1].value);
        for (int i = 0; i < k; i++)
            if (exact_abs(y - name_y[i]) < 14) y = name_y[i] + 15, i = -1; /* always down, so that it ends */
        name_y[k] = y;
        parallel_mark(pen, k, f.right + 12, y);
        pen_text(pen, f.right + 21, y + 4,
                 (pen_type_t){TYPE_SMALL, TYPE_STRONG, PARALLEL_INKS[k], AT_LEFT, pen->width - f.right - 24},
                 line->name);
    }
    pen_text(pen, f.right, f.bottom + 31, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f.right - 8},
             "dilution, log scale \u2192");
}

/* Least-squares slope of log value over log dilution: the change in value, as a factor, at a doubled dilution. */
static double parallel_factor(const parallel_line_t *line)
{
    double n = line->point_count, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < line->point_count; i++) {
        double x = exact_log(line->points[i].dilution), y = exact_log(line->points[i].value);
        sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    double under = sxx - sx * sx / n;
    return under > 1e-12 ? exact_pow(2, (sxy - sx * sy / n) / under) : 1;
}

static void parallel_describe(text_t *out, const void *input)
{
    const parallelism_t *c = input;
    text_addf(out, "%s%s%s against dilution, both scales logarithmic", c->title ? c->title : "", c->title ? ": " : "",
              c->y_axis ? c->y_axis : "value");
    for (int k = 0; k < c->line_count; k++) {
        const parallel_line_t *line = &c->lines[k];
        text_addf(out, "; %s", line->name ? line->name : "line");
        for (int i = 0; i < line->point_count; i++) {
            char dilution[40], value[40];
            double d = line->points[i].dilution;
            pen_fixed(dilution, d, d == exact_floor(d) ? 0 : 1);
            pen_fixed(value, line->points[i].value, c->decimals);
            text_addf(out, "%s %s at 1:%s", i ? "," : "", value, dilution);
        }
        char factor[40];
        pen_fixed(factor, parallel_factor(line), 2);
        if (line->point_count > 1) text_addf(out, " (times %s for each doubling)", factor);
    }
    text_add_char(out, '.');
}

const picture_way_t parallel_way = {parallel_check, parallel_size, parallel_paint, parallel_describe, false};
