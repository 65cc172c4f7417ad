/* A written log over days: entries joined by a line, the allowed band, gaps where nobody wrote, numbered marks. See
 * clot.h. */
#include "base/exact.h"
#include "draw/clot.h"
#include "paint.h"

#include <stdio.h>

enum {
    LOG_LEFT = 46,
    LOG_RIGHT = 14,
    LOG_TOP = 74,
    LOG_BOTTOM = 36,
    LOG_NOTE = 17,
    LOG_REST = 6,
    LOG_MARK = 16,
    LOG_DAY_ROOM = 40
};

typedef struct {
    double left, right, top, bottom, hours, low, high;
} log_frame_t;

static bool log_check(const void *input, err_t *err)
{
    const log_chart_t *c = input;
    if (c->day_count < 1 || c->day_count > LOG_MAX_DAYS)
        return err_set(err, ERR_INPUT, "A log covers 1 to %d days, not %d.", LOG_MAX_DAYS, c->day_count);
    if (c->point_count < 0 || c->point_count > LOG_MAX_POINTS || (c->point_count && !c->points))
        return err_set(err, ERR_INPUT, "A log has at most %d entries, not %d.", LOG_MAX_POINTS, c->point_count);
    if (c->mark_count < 0 || c->mark_count > LOG_MAX_MARKS)
        return err_set(err, ERR_INPUT, "A log has at most %d marks, not %d.", LOG_MAX_MARKS, c->mark_count);
    if (!number_fits(c->low) || !number_fits(c->high) || !(c->high - c->low > 1e-3))
        return err_set(err, ERR_INPUT, "A log needs an allowed band from a lower to a higher number.");
    if (!number_fits(c->gap_hours) || c->gap_hours <= 0)
        return err_set(err, ERR_INPUT, "A log needs the hours after which a missing entry is a gap.");
    double hours = 24.0 * c->day_count;
    for (int i = 0; i < c->point_count; i++)
        if (!number_fits(c->points[i].value) || !(c->points[i].hour >= 0 && c->points[i].hour <= hours) ||
            (i && c->points[i].hour < c->points[i - 1].hour))
            return err_set(err, ERR_INPUT, "Entry %d of the log needs a number and an hour in order.", i + 1);
    for (int i = 0; i < c->mark_count; i++)
        if (!(c->marks[i].hour >= 0 && c->marks[i].hour <= hours))
            return err_set(err, ERR_INPUT, "Mark %d lies outside the days of the log.", i + 1);
    return true;
}

static void log_size(const void *input, double *width, double *height)
{
    const log_chart_t *c = input;
    if (*width <= 0) *width = LOG_WIDTH;
    *height = LOG_HEIGHT + LOG_NOTE * c->mark_count + (c->mark_count ? LOG_REST : 0);
}

static log_frame_t log_frame(const pen_t *pen, const log_chart_t *c)
{
    log_frame_t f = {LOG_LEFT,
                     pen->width - LOG_RIGHT,
                     LOG_TOP,
                     pen->height - LOG_BOTTOM - LOG_NOTE * (double)c->mark_count - (c->mark_count ? LOG_REST : 0),
                     24.0 * c->day_count,
                     c->low,
                     c->high};
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (f.bottom < f.top + 10) f.bottom = f.top + 10;
    for (int i = 0; i < c->point_count; i++) {
        if (c->points[i].value < f.low) f.low = c->points[i].value;
        if (c->points[i].value > f.high) f.high = c->points[i].value;
    }
    double pad = (f.high - f.low) * 0.1;
    f.low -= pad;
    f.high += pad;
    return f;
}

static double log_x(const log_frame_t *f, double hour)
{
    return f->left + (f->right - f->left) * hour / f->hours;
}

static double log_y(const log_frame_t *f, double value)
{
    return f->bottom - (f->bottom - f->top) * (value - f->low) / (f->high - f->low);
}

/* A name below the middle of each day, or of every second, fifth, ... where they are narrow. */
static void log_days(pen_t *pen, const log_chart_t *c, const log_frame_t *f)
{
    double step = pen_step(c->day_count, (int)((f->right - f->left) / LOG_DAY_ROOM) + 1);
    int every = step < 1 ? 1 : (int)step;
    for (int d = 0; d < c->day_count; d++) {
        double x = log_x(f, 24.0 * d);
        if (d % every) continue;
        char number[16];
        snprintf(number, sizeof number, "%d", d + 1);
        pen_ink(pen, INK_RULE);
        pen_line(pen, x, f->top, x, f->bottom + 4, 1, DASH_NONE);
        pen_text(
            pen, log_x(f, 24.0 * d + 12), f->bottom + 15,
            (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, (f->right - f->left) / c->day_count * every - 2},
            c->days && c->days[d] ? c->days[d] : number);
    }
}

static void log_band(pen_t *pen, const log_chart_t *c, const log_frame_t *f)
{
    double top = log_y(f, c->high), bottom = log_y(f, c->low);
    pen_rgb(pen, draw_color(pen->scheme, INK_OK), 0.1);
    pen_box(pen, f->left, top, f->right - f->left, bottom - top);
    cairo_fill(pen->cr);
    pen_ink(pen, INK_OK);
    pen_line(pen, f->left, top, f->right, top, 1.1, DASH_LONG);
    pen_line(pen, f->left, bottom, f->right, bottom, 1.1, DASH_LONG);
}

/* A gap is hatched; its words stand in it where there is room. */
static void log_gap(pen_t *pen, const log_frame_t *f, double from, double to)
{
    double left = log_x(f, from), right = log_x(f, to), tall = f->bottom - f->top;
    cairo_save(pen->cr);
    pen_box(pen, left, f->top, right - left, tall);
    cairo_clip(pen->cr);
    for (double x = left - tall; x < right; x += 9) {
        cairo_move_to(pen->cr, x, f->bottom);
        cairo_line_to(pen->cr, x + tall, f->top);
    }
    pen_ink(pen, INK_RULE_STRONG);
    pen_stroke(pen, 0.8, DASH_NONE);
    cairo_restore(pen->cr);
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, 0};
    const char *words = "no entry";
    double width = pen_text_width(pen, type, words), middle = (left + right) / 2, y = (f->top + f->bottom) / 2;
    if (width + 10 > right - left) return;
    pen_fill_box(pen, INK_SHEET, middle - width / 2 - 4, y - 11, width + 8, 16);
    pen_text(pen, middle, y + 1, type, words);
}

/* Calls for each gap, before, between and after the entries; without `pen` only counts. */
static int log_gaps(pen_t *pen, const log_chart_t *c, const log_frame_t *f, double *hours)
{
    int gaps = 0;
    double before = 0;
    *hours = 0;
    for (int i = 0; i <= c->point_count; i++) {
        double now = i < c->point_count ? c->points[i].hour : 24.0 * c->day_count;
        if (now - before > c->gap_hours) {
            gaps++;
            *hours += now - before;
            if (pen) log_gap(pen, f, before, now);
        }
        before = now;
    }
    return gaps;
}

static void log_entries(pen_t *pen, const log_chart_t *c, const log_frame_t *f)
{
    for (int i = 0; i < c->point_count; i++) {
        bool joined = i && c->points[i].hour - c->points[i - 1].hour <= c->gap_hours;
        (joined ? cairo_line_to : cairo_move_to)(pen->cr, log_x(f, c->points[i].hour), log_y(f, c->points[i].value));
    }
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.5, DASH_NONE);
    if (!c->point_count) return;
    double r = (f->right - f->left) / c->point_count < 7 ? 1.6 : 2.8;
    for (int i = 0; i < c->point_count; i++)
        pen_add_dot(pen, log_x(f, c->points[i].hour), log_y(f, c->points[i].value));
    pen_stroke_dots(pen, r);
}

/* A number in a ring above the plot and the words beside the same number below it. Rings stand in two rows, and beside
 * their line where both are taken. */
static void log_marks(pen_t *pen, const log_chart_t *c, const log_frame_t *f)
{
    double taken[2] = {-1e9, -1e9}; /* the right end of each row */
    for (int i = 0; i < c->mark_count; i++) {
        char number[16];
        double line = log_x(f, c->marks[i].hour), note = f->bottom + LOG_BOTTOM + LOG_NOTE * (i + 1.0) - 5;
        int row = line >= taken[0] ? 0 : line >= taken[1] ? 1 : taken[0] <= taken[1] ? 0 : 1;
        double x = line >= taken[row] ? line : taken[row], y = f->top - 10 - LOG_MARK * (double)row;
        taken[row] = x + LOG_MARK;
        snprintf(number, sizeof number, "%d", i + 1);
        pen_ink(pen, INK_TEXT_2);
        pen_line(pen, line, y, line, f->bottom, 1, DASH_DOTS);
        for (int k = 0; k < 2; k++) {
            double cx = k ? 16 : x, cy = k ? note - 4 : y;
            pen_ring(pen, cx, cy, 7.2, INK_TEXT_2, INK_SHEET);
            pen_text(pen, cx, cy + 4, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_MIDDLE, 0}, number);
        }
        pen_text(pen, 30, note, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT, AT_LEFT, pen->width - 38},
                 c->marks[i].words);
    }
}

static void log_paint(pen_t *pen, const void *input)
{
    const log_chart_t *c = input;
    log_frame_t f = log_frame(pen, c);
    char words[DRAW_MAX_TEXT + 120], low[40], high[40];
    double hours;
    pen_text(pen, 8, 16, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->title);
    pen_fixed(low, c->low, c->decimals);
    pen_fixed(high, c->high, c->decimals);
    snprintf(words, sizeof words, "\u2191 %.60s; dashed: allowed %s to %s%s", c->unit ? c->unit : "value", low, high,
             log_gaps(NULL, c, NULL, &hours) ? "; hatched: no entry" : "");
    pen_text(pen, 8, 33, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, pen->width - 16}, words);
    pen_up_axis(pen, f.left, f.right, f.top, f.bottom, f.low, f.high);
    log_days(pen, c, &f);
    log_band(pen, c, &f);
    log_gaps(pen, c, &f, &hours);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    log_marks(pen, c, &f);
    log_entries(pen, c, &f);
    pen_text(pen, f.right, f.bottom + 30, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f.right - 8},
             "day \u2192");
}

/* The day of an hour, from 1; the last midnight belongs to the last day. */
static int log_day(const log_chart_t *c, double hour)
{
    int day = (int)(hour / 24) + 1;
    return day > c->day_count ? c->day_count : day;
}

static void log_describe(text_t *out, const void *input)
{
    const log_chart_t *c = input;
    char low[40], high[40], least[40], most[40], gap_words[40];
    int below = 0, above = 0;
    double smallest = 1e300, largest = -1e300, hours;
    for (int i = 0; i < c->point_count; i++) {
        double v = c->points[i].value;
        below += v < c->low;
        above += v > c->high;
        if (v < smallest) smallest = v;
        if (v > largest) largest = v;
    }
    const char *unit = c->unit ? c->unit : "";
    pen_fixed(low, c->low, c->decimals);
    pen_fixed(high, c->high, c->decimals);
    text_addf(out, "Log over %d %s%s%s: %d %s", c->day_count, c->day_count == 1 ? "day" : "days", c->title ? ", " : "",
              c->title ? c->title : "", c->point_count, c->point_count == 1 ? "entry" : "entries");
    if (c->point_count) {
        pen_fixed(least, smallest, c->decimals);
        pen_fixed(most, largest, c->decimals);
        text_addf(out, " from %s to %s %s; allowed %s to %s; %d below, %d above", least, most, unit, low, high, below,
                  above);
    }
    int gaps = log_gaps(NULL, c, NULL, &hours);
    pen_fixed(gap_words, hours, 0);
    if (gaps) text_addf(out, "; %d %s, %s hours in all", gaps, gaps == 1 ? "gap" : "gaps", gap_words);
    for (int i = 0; i < c->mark_count; i++)
        text_addf(out, "; day %d: %s", log_day(c, c->marks[i].hour), c->marks[i].words ? c->marks[i].words : "");
    text_add_char(out, '.');
}

const picture_way_t log_way = {log_check, log_size, log_paint, log_describe, false};
