/* Turnaround by priority against targets, and the load of an analyzer over time. */
#include "base/exact.h"
#include "draw/shift.h"
#include "paint.h"

#include <stdio.h>

/* ---- turnaround ---- */

enum { TURN_LEFT = 84, TURN_RIGHT = 130, TURN_ROW = 52, TURN_TOP = 32, TURN_BOTTOM = 38, TURN_LANES = 5 };

static bool turnaround_check(const void *input, err_t *err)
{
    const turnaround_chart_t *c = input;
    if (c->group_count < 1 || c->group_count > TURNAROUND_MAX_GROUPS)
        return err_set(err, ERR_INPUT, "Turnaround has 1 to %d priorities, not %d.", TURNAROUND_MAX_GROUPS,
                       c->group_count);
    for (int g = 0; g < c->group_count; g++) {
        const turnaround_group_t *group = &c->groups[g];
        if (group->count < 0 || group->count > TURNAROUND_MAX_DOTS || (group->count && !group->minutes))
            return err_set(err, ERR_INPUT, "A priority has at most %d specimens, not %d.", TURNAROUND_MAX_DOTS,
                           group->count);
        if (!number_fits(group->target_min) || group->target_min <= 0)
            return err_set(err, ERR_INPUT, "Priority %d needs a target in minutes.", g + 1);
    }
    return true;
}

static void turnaround_size(const void *input, double *width, double *height)
{
    const turnaround_chart_t *c = input;
    if (*width <= 0) *width = TURNAROUND_WIDTH;
    *height = TURN_TOP + TURN_BOTTOM + c->group_count * TURN_ROW;
}

/* The end of the scale: whole steps that hold twice every target and what took up to 2.5 times its own; the rest stands
 * at the edge with an arrow. */
static double turnaround_end(const turnaround_chart_t *c)
{
    double end = 0;
    for (int g = 0; g < c->group_count; g++) {
        const turnaround_group_t *group = &c->groups[g];
        if (group->target_min * 2 > end) end = group->target_min * 2;
        for (int i = 0; i < group->count; i++)
            if (number_fits(group->minutes[i]) && group->minutes[i] > end &&
                group->minutes[i] <= group->target_min * 2.5)
                end = group->minutes[i];
    }
    double step = pen_step(end, 8);
    return (exact_floor(end / step) + 1) * step;
}

static int within(const turnaround_group_t *group)
{
    int n = 0;
    for (int i = 0; i < group->count; i++) n += group->minutes[i] <= group->target_min;
    return n;
}

static void turnaround_cross(pen_t *pen, double x, double y)
{
    cairo_move_to(pen->cr, x - 3, y - 3);
    cairo_line_to(pen->cr, x + 3, y + 3);
    cairo_move_to(pen->cr, x - 3, y + 3);
    cairo_line_to(pen->cr, x + 3, y - 3);
}

static void turnaround_row(pen_t *pen, const turnaround_group_t *group, double left, double right, double top,
                           double end)
{
    double scale = (right - left) / end, target = left + group->target_min * scale, middle = top + TURN_ROW / 2.0;
    int beyond = 0;
    pen_text(pen, 8, middle + 4, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, TURN_LEFT - 16}, group->name);
    pen_ink(pen, INK_TEXT_2);
    pen_line(pen, target, top + 3, target, top + TURN_ROW - 3, 1.6, DASH_LONG);
    for (int late = 0; late < 2; late++) {
        for (int i = 0; i < group->count; i++) {
            double minutes = group->minutes[i], at = minutes > end ? end : minutes;
            if (!number_fits(minutes) || minutes < 0 || (minutes > group->target_min) != late) continue;
            double x = left + at * scale;
            double y = middle + (double)(i * 2 % TURN_LANES - TURN_LANES / 2) * 7; /* spread in order of coming */
            if (late)
                turnaround_cross(pen, x, y);
            else
                pen_add_dot(pen, x, y);
            if (minutes > end) beyond++;
        }
        pen_ink(pen, late ? INK_CRIT : INK_BRAND);
        if (late)
            pen_stroke(pen, 1.4, DASH_NONE);
        else
            pen_stroke_dots(pen, 2.8);
    }
    if (beyond)
        pen_text(pen, right + 5, middle + 4, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_CRIT, AT_LEFT, 0}, "\u2192");
    char words[80], target_words[40];
    snprintf(words, sizeof words, "%d of %d in time", within(group), group->count);
    pen_fixed(target_words, group->target_min, 0);
    pen_text(pen, right + 24, middle - 2, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - right - 26},
             words);
    snprintf(words, sizeof words, "target %s min", target_words);
    pen_text(pen, right + 24, middle + 13,
             (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, pen->width - right - 26}, words);
    pen_ink(pen, INK_RULE);
    pen_line(pen, 8, top + TURN_ROW, pen->width - 8, top + TURN_ROW, 1, DASH_NONE);
}

static void turnaround_paint(pen_t *pen, const void *input)
{
    const turnaround_chart_t *c = input;
    double left = TURN_LEFT, right = pen->width - TURN_RIGHT, bottom = TURN_TOP + c->group_count * TURN_ROW;
    if (right < left + 20) right = left + 20;
    double end = turnaround_end(c), step = pen_step(end, (int)((right - left) / 44) + 1);
    pen_text(pen, 8, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16},
             c->title ? c->title : "");
    for (double v = 0; v <= end + step / 1000; v += step) {
        char number[40];
        double x = left + (right - left) * v / end;
        pen_fixed(number, v, 0);
        pen_ink(pen, INK_RULE);
        pen_line(pen, x, TURN_TOP, x, bottom, 1, DASH_NONE);
        pen_text(pen, x, bottom + 15, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, number);
    }
    pen_type_t small = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, pen->width - left - 130};
    double x = left + pen_text(pen, left, bottom + 30, small, "minutes to result; dashed line: target") + 18;
    pen_ink(pen, INK_BRAND);
    pen_dot(pen, x, bottom + 26, 2.8);
    x += 8 + pen_text(pen, x + 8, bottom + 30, small, "in time") + 16;
    turnaround_cross(pen, x, bottom + 26);
    pen_ink(pen, INK_CRIT);
    pen_stroke(pen, 1.4, DASH_NONE);
    pen_text(pen, x + 8, bottom + 30, small, "late");
    for (int g = 0; g < c->group_count; g++)
        turnaround_row(pen, &c->groups[g], left, right, TURN_TOP + (double)g * TURN_ROW, end);
}

static void turnaround_describe(text_t *out, const void *input)
{
    const turnaround_chart_t *c = input;
    text_add(out, "Minutes to result by priority");
    for (int g = 0; g < c->group_count; g++) {
        char target[40];
        pen_fixed(target, c->groups[g].target_min, 0);
        text_addf(out, "%s%s %d of %d within %s minutes", g ? "; " : ": ",
                  c->groups[g].name ? c->groups[g].name : "priority", within(&c->groups[g]), c->groups[g].count,
                  target);
    }
    text_add_char(out, '.');
}

const picture_way_t turnaround_way = {turnaround_check, turnaround_size, turnaround_paint, turnaround_describe, false};

/* ---- analyzer load ---- */

enum { LOAD_LEFT = 48, LOAD_RIGHT = 24, LOAD_TOP = 28, LOAD_BOTTOM = 22 };

static bool queue_check(const void *input, err_t *err)
{
    const queue_chart_t *c = input;
    if (!shift_time_check(c->length_s, c->clock_s, err)) return false;
    if (c->point_count < 0 || c->point_count > QUEUE_MAX_POINTS || (c->point_count && !c->points))
        return err_set(err, ERR_INPUT, "The chart has at most %d points, not %d.", QUEUE_MAX_POINTS, c->point_count);
    for (int i = 0; i < c->point_count; i++)
        if (c->points[i].waiting < 0 || c->points[i].running < 0 || c->points[i].at_s < (i ? c->points[i - 1].at_s : 0))
            return err_set(err, ERR_INPUT, "Point %d of the load needs counts of 0 or more and a time in order.",
                           i + 1);
    return true;
}

static void queue_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = QUEUE_WIDTH;
    *height = QUEUE_HEIGHT;
}

static void queue_steps(pen_t *pen, const queue_chart_t *c, double left, double right, double bottom, double per_tube,
                        bool waiting)
{
    double scale = (right - left) / c->length_s;
    cairo_move_to(pen->cr, left, bottom);
    double y = bottom;
    for (int i = 0; i < c->point_count; i++) {
        int32_t t = c->points[i].at_s > c->length_s ? c->length_s : c->points[i].at_s;
        cairo_line_to(pen->cr, left + t * scale, y);
        y = bottom - per_tube * (waiting ? c->points[i].waiting : c->points[i].running);
        cairo_line_to(pen->cr, left + t * scale, y);
    }
    cairo_line_to(pen->cr, right, y);
    if (waiting) {
        pen_ink(pen, INK_WARN);
        pen_stroke(pen, 1.6, DASH_NONE);
    } else {
        cairo_line_to(pen->cr, right, bottom);
        cairo_close_path(pen->cr);
        pen_rgb(pen, draw_color(pen->scheme, INK_BRAND), 0.35);
        cairo_fill(pen->cr);
    }
}

static void queue_paint(pen_t *pen, const void *input)
{
    const queue_chart_t *c = input;
    double left = LOAD_LEFT, right = pen->width - LOAD_RIGHT, bottom = pen->height - LOAD_BOTTOM;
    if (right < left + 20) right = left + 20;
    int most = 4;
    for (int i = 0; i < c->point_count; i++) {
        if (c->points[i].waiting > most) most = c->points[i].waiting;
        if (c->points[i].running > most) most = c->points[i].running;
    }
    double step = pen_step(most, 4), per_tube = (bottom - LOAD_TOP) / most;
    if (step < 1) step = 1;
    pen_time_axis(pen, left, right, LOAD_TOP, bottom, c->length_s, c->clock_s);
    for (double v = 0; v <= most; v += step) {
        char number[40];
        pen_fixed(number, v, 0);
        pen_ink(pen, INK_RULE);
        pen_line(pen, left, bottom - v * per_tube, right, bottom - v * per_tube, 1, DASH_NONE);
        pen_text(pen, left - 8, bottom - v * per_tube + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0},
                 number);
    }
    queue_steps(pen, c, left, right, bottom, per_tube, false);
    queue_steps(pen, c, left, right, bottom, per_tube, true);
    double x =
        left + pen_text(pen, left, 16, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, right - left - 190}, c->title);
    x = x + 16 > right - 180 ? x + 16 : right - 180;
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    pen_ink(pen, INK_WARN);
    pen_line(pen, x, 12, x + 16, 12, 1.6, DASH_NONE);
    x += 21 + pen_text(pen, x + 21, 16, type, "waiting") + 14;
    pen_rgb(pen, draw_color(pen->scheme, INK_BRAND), 0.35);
    pen_box(pen, x, 7, 16, 10);
    cairo_fill(pen->cr);
    pen_text(pen, x + 21, 16, type, "on analyzer");
}

static void queue_describe(text_t *out, const void *input)
{
    const queue_chart_t *c = input;
    int waiting = 0, running = 0;
    for (int i = 0; i < c->point_count; i++) {
        if (c->points[i].waiting > waiting) waiting = c->points[i].waiting;
        if (c->points[i].running > running) running = c->points[i].running;
    }
    text_addf(out, "Load%s%s over time: at most %d tubes waiting and %d on the analyzer.", c->title ? " of " : "",
              c->title ? c->title : "", waiting, running);
}

const picture_way_t queue_way = {queue_check, queue_size, queue_paint, queue_describe, false};
