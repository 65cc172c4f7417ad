/* Absorbance against time, and a signal on the line of its standards. See reaction.h. */
#include "draw/reaction.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>

enum { LEFT = 58, RIGHT = 14, TOP = 66, BOTTOM = 40, HEAD_ROW = 14 };

typedef struct {
    double left, right, top, bottom, x_low, x_high, y_low, y_high;
} frame_box_t;

static double place_x(const frame_box_t *f, double x)
{
    return f->left + (f->right - f->left) * (x - f->x_low) / (f->x_high - f->x_low);
}

static double place_y(const frame_box_t *f, double y)
{
    return f->bottom - (f->bottom - f->top) * (y - f->y_low) / (f->y_high - f->y_low);
}

static frame_box_t frame_box(double width, double height)
{
    frame_box_t f = {LEFT, width - RIGHT, TOP, height - BOTTOM, 0, 1, 0, 1};
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (f.bottom < f.top + 10) f.bottom = f.top + 10;
    return f;
}

static void heads(pen_t *pen, const char *title, const char *up)
{
    char words[DRAW_MAX_TEXT + 8];
    pen_text(pen, 8, 17, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, title);
    snprintf(words, sizeof words, "\u2191 %.280s", up ? up : "");
    pen_text(pen, 8, 34, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, pen->width - 16}, words);
}

static void across_words(pen_t *pen, const frame_box_t *f, const char *words)
{
    char arrow[DRAW_MAX_TEXT + 8];
    snprintf(arrow, sizeof arrow, "%.280s \u2192", words ? words : "");
    pen_text(pen, f->right, f->bottom + 32,
             (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f->right - f->left}, arrow);
}

/* ---- absorbance against time ---- */

static double reaction_end(const reaction_chart_t *c)
{
    return (c->count - 1) * c->step_s;
}

static bool reaction_check(const void *input, err_t *err)
{
    const reaction_chart_t *c = input;
    if (!c->absorbance || c->count < 2 || c->count > REACTION_MAX_READINGS || !(c->step_s > 0) ||
        !number_fits(c->step_s))
        return err_set(err, ERR_INPUT, "A reaction has 2 to %d readings at a step above 0 s, not %d.",
                       REACTION_MAX_READINGS, c->count);
    for (int i = 0; i < c->count; i++)
        if (!number_fits(c->absorbance[i]))
            return err_set(err, ERR_INPUT, "Reading %d of the reaction is no number.", i + 1);
    if (!(c->from_s >= 0 && c->from_s < c->to_s && c->to_s <= reaction_end(c)))
        return err_set(err, ERR_INPUT, "A reaction is read from one second to a later one, within its readings.");
    if (c->added_count < 0 || c->added_count > REACTION_MAX_ADDED)
        return err_set(err, ERR_INPUT, "At most %d additions are drawn, not %d.", REACTION_MAX_ADDED, c->added_count);
    for (int i = 0; i < c->added_count; i++)
        if (!(c->added[i].second >= (i ? c->added[i - 1].second : 0) && c->added[i].second <= reaction_end(c)))
            return err_set(err, ERR_INPUT, "Additions stand in order of time, within the readings.");
    return true;
}

static void reaction_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = REACTION_WIDTH;
    *height = REACTION_HEIGHT;
}

static frame_box_t reaction_frame(const pen_t *pen, const reaction_chart_t *c)
{
    frame_box_t f = frame_box(pen->width, pen->height);
    double low = c->absorbance[0], high = low;
    for (int i = 1; i < c->count; i++) {
        if (c->absorbance[i] < low) low = c->absorbance[i];
        if (c->absorbance[i] > high) high = c->absorbance[i];
    }
    double span = high - low < 0.08 ? 0.08 : high - low; /* noise is not stretched to the whole height */
    f.y_low = (low + high - span) / 2 - 0.08 * span;
    f.y_high = (low + high + span) / 2 + 0.08 * span;
    f.x_high = reaction_end(c);
    return f;
}

static void reaction_window(pen_t *pen, const reaction_chart_t *c, const frame_box_t *f)
{
    double from = place_x(f, c->from_s), to = place_x(f, c->to_s);
    pen_rgb(pen, draw_color(pen->scheme, INK_INFO), 0.14);
    pen_box(pen, from, f->top, to - from, f->bottom - f->top);
    cairo_fill(pen->cr);
    pen_ink(pen, INK_INFO);
    pen_line(pen, from, f->top, from, f->bottom, 1, DASH_NONE);
    pen_line(pen, to, f->top, to, f->bottom, 1, DASH_NONE);
    pen_type_t type = {TYPE_SMALL, TYPE_STRONG, INK_INFO, AT_MIDDLE, 0};
    double half = pen_text_width(pen, type, "read") / 2, middle = (from + to) / 2;
    if (middle + half > pen->width - 4) middle = pen->width - 4 - half;
    pen_text(pen, middle, f->top - 4, type, "read");
}

/* Their words stand in the row above that of the window. */
static void reaction_additions(pen_t *pen, const reaction_chart_t *c, const frame_box_t *f)
{
    for (int i = 0; i < c->added_count; i++) {
        double x = place_x(f, c->added[i].second), next = pen->width;
        if (i + 1 < c->added_count) next = place_x(f, c->added[i + 1].second);
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, x, f->top - HEAD_ROW - 10, x, f->bottom, 1, DASH_SHORT);
        pen_fit(pen, x + 4, f->top - HEAD_ROW - 2,
                (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, next - x - 8}, c->added[i].words, 8);
    }
}

static void reaction_paint(pen_t *pen, const void *input)
{
    const reaction_chart_t *c = input;
    frame_box_t f = reaction_frame(pen, c);
    heads(pen, c->title, c->signal);
    reaction_window(pen, c, &f);
    pen_up_axis(pen, f.left, f.right, f.top, f.bottom, f.y_low, f.y_high);
    pen_across_axis(pen, f.left, f.right, f.bottom, f.bottom, 0, f.x_high);
    reaction_additions(pen, c, &f);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    for (int i = 0; i < c->count; i++)
        (i ? cairo_line_to : cairo_move_to)(pen->cr, place_x(&f, i * c->step_s), place_y(&f, c->absorbance[i]));
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.4, DASH_NONE);
    for (int i = 0; i < c->count; i++) pen_add_dot(pen, place_x(&f, i * c->step_s), place_y(&f, c->absorbance[i]));
    pen_ink(pen, INK_BRAND);
    pen_stroke_dots(pen, 1.6);
    across_words(pen, &f, "seconds");
}

static double reading_at(const reaction_chart_t *c, double second)
{
    int i = (int)(second / c->step_s + 0.5);
    return c->absorbance[i < c->count ? i : c->count - 1];
}

static void tell_reading(text_t *out, const reaction_chart_t *c, double second, const char *what)
{
    char at[40], value[40];
    pen_fixed(at, second, 0);
    pen_fixed(value, reading_at(c, second), 3);
    text_addf(out, "; %s at %s s %s", what, at, value);
}

static void reaction_describe(text_t *out, const void *input)
{
    const reaction_chart_t *c = input;
    char end[40];
    pen_fixed(end, reaction_end(c), 0);
    text_addf(out, "Reaction curve%s%s, %s over %s seconds", c->title ? ", " : "", c->title ? c->title : "",
              c->signal ? c->signal : "absorbance", end);
    for (int i = 0; i < c->added_count; i++)
        tell_reading(out, c, c->added[i].second, c->added[i].words ? c->added[i].words : "addition");
    tell_reading(out, c, c->from_s, "reading begins");
    tell_reading(out, c, c->to_s, "reading ends");
    text_add_char(out, '.');
}

const picture_way_t reaction_way = {reaction_check, reaction_size, reaction_paint, reaction_describe, false};

/* ---- a signal on the line of its standards ---- */

static bool points_fit(const standard_point_t *points, int count, int least, bool log_signal)
{
    if (!points || count < least || count > STANDARDS_MAX_POINTS) return false;
    for (int i = 0; i < count; i++)
        if (!number_fits(points[i].x) || !number_fits(points[i].y) || !(points[i].x > 0) ||
            (log_signal && !(points[i].y > 0)) || (i && !(points[i].x > points[i - 1].x)))
            return false;
    return true;
}

static bool standards_check(const void *input, err_t *err)
{
    const standards_chart_t *c = input;
    if (!points_fit(c->standards, c->standard_count, 2, c->log_signal) ||
        !points_fit(c->line, c->line_count, 2, c->log_signal))
        return err_set(err, ERR_INPUT,
                       "Standards and their line are 2 to %d points, of rising concentration above 0, with a signal.",
                       STANDARDS_MAX_POINTS);
    if (!number_fits(c->sample_y) || (c->log_signal && !(c->sample_y > 0)) ||
        (c->sample_x == c->sample_x && !(number_fits(c->sample_x) && c->sample_x > 0)))
        return err_set(err, ERR_INPUT, "The sample needs a signal, and a concentration above 0 or none.");
    return true;
}

static double of_signal(const standards_chart_t *c, double y)
{
    return c->log_signal ? exact_log(y) : y;
}

static void stretch(double *low, double *high, double value)
{
    if (value < *low) *low = value;
    if (value > *high) *high = value;
}

static frame_box_t standards_frame(const pen_t *pen, const standards_chart_t *c)
{
    frame_box_t f = frame_box(pen->width, pen->height);
    f.top = TOP - HEAD_ROW;
    f.x_low = f.y_low = 1e300;
    f.x_high = f.y_high = -1e300;
    for (int i = 0; i < c->line_count; i++) {
        stretch(&f.x_low, &f.x_high, exact_log(c->line[i].x));
        stretch(&f.y_low, &f.y_high, of_signal(c, c->line[i].y));
    }
    if (c->sample_x == c->sample_x) stretch(&f.x_low, &f.x_high, exact_log(c->sample_x));
    stretch(&f.y_low, &f.y_high, of_signal(c, c->sample_y));
    double wide = 0.06 * (f.x_high - f.x_low) + 0.01, tall = 0.1 * (f.y_high - f.y_low) + 0.01;
    f.x_low -= wide, f.x_high += wide, f.y_low -= tall, f.y_high += tall;
    return f;
}

/* A number on a logarithmic scale; returns where its words end, or `last` where they have no room. */
static double log_tick(pen_t *pen, const frame_box_t *f, bool up, double value, int decimals, double last)
{
    double v = exact_log(value);
    char number[40];
    if (v < (up ? f->y_low : f->x_low) || v > (up ? f->y_high : f->x_high)) return last;
    pen_fixed(number, value, decimals);
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, up ? AT_RIGHT : AT_MIDDLE, 0};
    double at = up ? place_y(f, v) : place_x(f, v), half = pen_text_width(pen, type, number) / 2;
    pen_ink(pen, up ? INK_RULE : INK_TEXT_3);
    if (up)
        pen_line(pen, f->left, at, f->right, at, 1, DASH_NONE);
    else
        pen_line(pen, at, f->bottom, at, f->bottom + 4, 1, DASH_NONE);
    if (up ? last - at < 14 : at - half < last + 8) return last;
    pen_text(pen, up ? f->left - 7 : at, up ? at + 4 : f->bottom + 15, type, number);
    return up ? at : at + half;
}

/* Over more than a decade 1, 2, 5 of each power of ten; over less, even steps. */
static void log_ticks(pen_t *pen, const frame_box_t *f, bool up)
{
    static const double parts[] = {1, 2, 5};
    enum { STEPS = 8 };
    double low = up ? f->y_low : f->x_low, high = up ? f->y_high : f->x_high, last = up ? 1e300 : -1e300;
    if (high - low < 2.302585092994046) {
        double least = exact_exp(low), step = pen_step(exact_exp(high) - least, STEPS);
        int decimals = 0;
        for (double unit = step; unit < 0.999 && decimals < 6; unit *= 10) decimals++;
        for (int i = 0; i < STEPS; i++)
            last = log_tick(pen, f, up, (exact_floor(least / step) + 1 + i) * step, decimals, last);
        return;
    }
    double power = 1e-6;
    for (int p = -6; p <= 9; p++, power *= 10)
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            last = log_tick(pen, f, up, power * parts[i], p < 0 ? -p : 0, last);
}

static void standards_sample(pen_t *pen, const standards_chart_t *c, const frame_box_t *f)
{
    double y = place_y(f, of_signal(c, c->sample_y)), x = f->right;
    bool on = c->sample_x == c->sample_x;
    if (on) x = place_x(f, exact_log(c->sample_x));
    pen_ink(pen, INK_WARN);
    pen_line(pen, f->left, y, x, y, 1.2, DASH_LONG);
    if (on) pen_line(pen, x, y, x, f->bottom, 1.2, DASH_LONG);
    if (on) pen_diamond(pen, x, y, 5.5, INK_WARN, INK_SHEET);
    pen_text(pen, f->left + 6, y - 6 < f->top + 8 ? y + 14 : y - 6,
             (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_WARN, AT_LEFT, 0}, "sample");
}

static void standards_paint(pen_t *pen, const void *input)
{
    const standards_chart_t *c = input;
    frame_box_t f = standards_frame(pen, c);
    heads(pen, c->title, c->y_axis);
    if (c->log_signal)
        log_ticks(pen, &f, true);
    else
        pen_up_axis(pen, f.left, f.right, f.top, f.bottom, f.y_low, f.y_high);
    log_ticks(pen, &f, false);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    for (int i = 0; i < c->line_count; i++)
        (i ? cairo_line_to : cairo_move_to)(pen->cr, place_x(&f, exact_log(c->line[i].x)),
                                            place_y(&f, of_signal(c, c->line[i].y)));
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.6, DASH_NONE);
    for (int i = 0; i < c->standard_count; i++)
        pen_ring(pen, place_x(&f, exact_log(c->standards[i].x)), place_y(&f, of_signal(c, c->standards[i].y)), 4.5,
                 INK_BRAND, INK_SHEET);
    standards_sample(pen, c, &f);
    across_words(pen, &f, c->x_axis);
}

static void standards_describe(text_t *out, const void *input)
{
    const standards_chart_t *c = input;
    char x[40], y[40];
    text_addf(out, "Standards%s%s, %s against %s", c->title ? ", " : "", c->title ? c->title : "",
              c->y_axis ? c->y_axis : "signal", c->x_axis ? c->x_axis : "concentration");
    for (int i = 0; i < c->standard_count; i++) {
        pen_fixed(x, c->standards[i].x, c->x_decimals);
        pen_fixed(y, c->standards[i].y, c->y_decimals);
        text_addf(out, "; standard %s gives %s", x, y);
    }
    pen_fixed(y, c->sample_y, c->y_decimals);
    text_addf(out, "; the sample gives %s", y);
    if (c->sample_x == c->sample_x) {
        pen_fixed(x, c->sample_x, c->x_decimals);
        text_addf(out, ", which is %s", x);
    } else {
        text_add(out, ", beyond the standards");
    }
    text_add_char(out, '.');
}

const picture_way_t standards_way = {standards_check, reaction_size, standards_paint, standards_describe, false};
