/* The signal of a clotting plasma over time with the moment the clot was detected, and a mixing study in bars. See
 * clot.h. */
#include "draw/clot.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>

/* ---- clot curve ---- */

enum { CLOT_LEFT = 46, CLOT_RIGHT = 16, CLOT_TOP = 46, CLOT_TOP_SMALL = 38, CLOT_BOTTOM = 38 };

typedef struct {
    double left, right, top, bottom, end, low, high;
} clot_frame_t;

static bool clot_check_run(const clot_run_t *run, int number, err_t *err)
{
    if (run->point_count < 2 || run->point_count > CLOT_MAX_POINTS || !run->points)
        return err_set(err, ERR_INPUT, "Run %d of a clot curve has 2 to %d points, not %d.", number, CLOT_MAX_POINTS,
                       run->points ? run->point_count : 0);
    for (int i = 0; i < run->point_count; i++)
        if (!number_fits(run->points[i].second) || !number_fits(run->points[i].signal) ||
            run->points[i].second < (i ? run->points[i - 1].second : 0))
            return err_set(err, ERR_INPUT, "Point %d of run %d needs a signal and a second in order.", i + 1, number);
    if (run->clot_s == run->clot_s && !(number_fits(run->clot_s) && run->clot_s >= 0))
        return err_set(err, ERR_INPUT, "The clotting time of run %d is 0 s or more.", number);
    return true;
}

/* The end of the axis. */
static double clot_end(const clot_curve_t *c)
{
    if (c->end_s > 0) return c->end_s;
    double end = 0;
    for (int r = 0; r < c->run_count; r++) {
        double last = c->runs[r].points[c->runs[r].point_count - 1].second;
        if (last > end) end = last;
    }
    return end;
}

static bool clot_check(const void *input, err_t *err)
{
    const clot_curve_t *c = input;
    if (c->run_count < 1 || c->run_count > CLOT_MAX_RUNS)
        return err_set(err, ERR_INPUT, "A clot curve has 1 to %d runs, not %d.", CLOT_MAX_RUNS, c->run_count);
    for (int r = 0; r < c->run_count; r++)
        if (!clot_check_run(&c->runs[r], r + 1, err)) return false;
    if (!number_fits(c->limit_s) || c->limit_s <= 0 || !number_fits(c->end_s) || c->end_s < 0 || clot_end(c) < 1)
        return err_set(err, ERR_INPUT, "A clot curve needs a limit above 0 s and an axis of at least 1 s.");
    return true;
}

static void clot_size(const void *input, double *width, double *height)
{
    const clot_curve_t *c = input;
    if (*width <= 0) *width = c->small ? CLOT_SMALL_WIDTH : CLOT_WIDTH;
    *height = c->small ? CLOT_SMALL_HEIGHT : CLOT_HEIGHT;
}

static clot_frame_t clot_frame(const pen_t *pen, const clot_curve_t *c)
{
    clot_frame_t f = {CLOT_LEFT,
                      pen->width - CLOT_RIGHT,
                      c->small ? CLOT_TOP_SMALL : CLOT_TOP,
                      pen->height - CLOT_BOTTOM,
                      clot_end(c),
                      1e300,
                      -1e300};
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (f.bottom < f.top + 10) f.bottom = f.top + 10;
    for (int r = 0; r < c->run_count; r++) {
        const clot_run_t *run = &c->runs[r];
        for (int i = 0; i < run->point_count; i++) {
            if (run->points[i].signal < f.low) f.low = run->points[i].signal;
            if (run->points[i].signal > f.high) f.high = run->points[i].signal;
        }
        if (!number_fits(run->baseline)) continue;
        if (run->baseline < f.low) f.low = run->baseline;
        if (run->baseline > f.high) f.high = run->baseline;
    }
    double pad = (f.high - f.low) * 0.08, least = 0.02 * (exact_abs(f.high) + 1);
    if (pad < least) pad = least;
    f.low -= pad;
    f.high += pad;
    return f;
}

static double clot_x(const clot_frame_t *f, double second)
{
    if (second > f->end) second = f->end;
    return f->left + (f->right - f->left) * second / f->end;
}

static double clot_y(const clot_frame_t *f, double signal)
{
    return f->bottom - (f->bottom - f->top) * (signal - f->low) / (f->high - f->low);
}

/* The signal of a run at a second, between its points. */
static double clot_signal(const clot_run_t *run, double second)
{
    const clot_point_t *p = run->points;
    for (int i = 1; i < run->point_count; i++) {
        if (p[i].second < second) continue;
        double span = p[i].second - p[i - 1].second, share = span > 0 ? (second - p[i - 1].second) / span : 1;
        return p[i - 1].signal + (p[i].signal - p[i - 1].signal) * (share < 0 ? 0 : share);
    }
    return p[run->point_count - 1].signal;
}

static void clot_mark(pen_t *pen, double x, double y, bool second)
{
    if (second)
        pen_diamond(pen, x, y, 5.5, INK_WARN, INK_SHEET);
    else
        pen_ring(pen, x, y, 4.5, INK_BRAND, INK_SHEET);
}

static void clot_draw_run(pen_t *pen, const clot_curve_t *c, const clot_frame_t *f, int r)
{
    const clot_run_t *run = &c->runs[r];
    if (number_fits(run->baseline)) {
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, f->left, clot_y(f, run->baseline), f->right, clot_y(f, run->baseline), 1, DASH_DOTS);
    }
    for (int i = 0; i < run->point_count; i++) {
        double second = run->points[i].second;
        if (second > f->end) break;
        (i ? cairo_line_to : cairo_move_to)(pen->cr, clot_x(f, second), clot_y(f, run->points[i].signal));
    }
    pen_ink(pen, r ? INK_WARN : INK_BRAND);
    pen_stroke(pen, 1.8, r ? DASH_LONG : DASH_NONE);
    if (run->clot_s == run->clot_s && run->clot_s <= f->end) {
        double x = clot_x(f, run->clot_s), y = clot_y(f, clot_signal(run, run->clot_s));
        pen_ink(pen, r ? INK_WARN : INK_BRAND);
        pen_line(pen, x, y, x, f->bottom, 1.1, DASH_SHORT);
        clot_mark(pen, x, y, r == 1);
    }
}

/* "run 1: clot at 32.4 s", "no clot detected within 200 s". */
static void clot_words(char out[160], const clot_curve_t *c, const clot_run_t *run)
{
    char seconds[40];
    bool found = run->clot_s == run->clot_s;
    pen_fixed(seconds, found ? run->clot_s : c->limit_s, found ? 1 : 0);
    bool named = run->name && *run->name;
    snprintf(out, 160, "%.80s%s%s %s s", named ? run->name : "", named ? ": " : "",
             found ? "clot at" : "no clot detected within", seconds);
}

/* What was found, one line a run, at the side of the plot where the curves leave room. */
static void clot_key(pen_t *pen, const clot_curve_t *c, const clot_frame_t *f)
{
    double width = 0, line = c->small ? 15 : 18;
    char words[CLOT_MAX_RUNS][160];
    pen_type_t type = {c->small ? TYPE_SMALL : TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, 0};
    for (int r = 0; r < c->run_count; r++) {
        clot_words(words[r], c, &c->runs[r]);
        double wide = pen_text_width(pen, type, words[r]);
        if (wide > width) width = wide;
    }
    double most = f->right - f->left - 54;
    type.room = width > most ? (most > 20 ? most : 20) : 0;
    if (width > most) width = most;
    double height = line * c->run_count + 8, x = f->right - width - 48, y = f->bottom - height - 6;
    int covered[2] = {0, 0}; /* points of curves under the box, below and above */
    for (int r = 0; r < c->run_count; r++)
        for (int i = 0; i < c->runs[r].point_count; i++) {
            double px = clot_x(f, c->runs[r].points[i].second), py = clot_y(f, c->runs[r].points[i].signal);
            covered[0] += px > x - 6 && py > y - 6;
            covered[1] += px > x - 6 && py < f->top + height + 12;
        }
    if (covered[1] < covered[0]) y = f->top + 6;
    pen_rgb(pen, draw_color(pen->scheme, INK_SHEET), 0.9);
    pen_box(pen, x, y, width + 42, height);
    cairo_fill(pen->cr);
    for (int r = 0; r < c->run_count; r++) {
        double at = y + line * (r + 1) - 1;
        pen_ink(pen, r ? INK_WARN : INK_BRAND);
        pen_line(pen, x + 6, at - 4, x + 30, at - 4, 1.8, r ? DASH_LONG : DASH_NONE);
        if (c->runs[r].clot_s == c->runs[r].clot_s) clot_mark(pen, x + 18, at - 4, r == 1);
        pen_text(pen, x + 36, at, type, words[r]);
    }
}

static void clot_paint(pen_t *pen, const void *input)
{
    const clot_curve_t *c = input;
    clot_frame_t f = clot_frame(pen, c);
    pen_text(pen, 8, 16, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->title);
    char words[DRAW_MAX_TEXT + 8];
    snprintf(words, sizeof words, "\u2191 %.280s", c->signal ? c->signal : "optical signal");
    pen_text(pen, 8, c->small ? 31 : 34, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, pen->width - 16},
             words);
    pen_up_axis(pen, f.left, f.right, f.top, f.bottom, f.low, f.high);
    pen_across_axis(pen, f.left, f.right, f.bottom, f.bottom, 0, f.end);
    if (c->limit_s <= f.end) {
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, clot_x(&f, c->limit_s), f.top, clot_x(&f, c->limit_s), f.bottom, 1, DASH_LONG);
    }
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    for (int r = c->run_count - 1; r >= 0; r--) clot_draw_run(pen, c, &f, r);
    clot_key(pen, c, &f);
    pen_text(pen, f.right, f.bottom + 31, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f.right - f.left},
             "seconds \u2192");
}

static void clot_describe(text_t *out, const void *input)
{
    const clot_curve_t *c = input;
    char words[160], end[40];
    pen_fixed(end, clot_end(c), 0);
    text_addf(out, "Clot curve%s%s, %s over %s seconds", c->title ? ", " : "", c->title ? c->title : "",
              c->signal ? c->signal : "optical signal", end);
    for (int r = 0; r < c->run_count; r++) {
        const clot_run_t *run = &c->runs[r];
        char from[40], to[40];
        clot_words(words, c, run);
        pen_fixed(from, run->points[0].signal, 1);
        pen_fixed(to, run->points[run->point_count - 1].signal, 1);
        text_addf(out, "; %s, signal %s at the start and %s at the end", words, from, to);
    }
    text_add_char(out, '.');
}

const picture_way_t clot_way = {clot_check, clot_size, clot_paint, clot_describe, false};

/* ---- mixing study ---- */

enum { MIX_LEFT = 176, MIX_RIGHT = 86, MIX_TOP = 44, MIX_ROW = 32, MIX_AXIS = 40, MIX_LINE = 17, MIX_BAR = 16 };

static bool mixing_check(const void *input, err_t *err)
{
    const mixing_t *m = input;
    if (m->row_count < 1 || m->row_count > MIXING_MAX_ROWS)
        return err_set(err, ERR_INPUT, "A mixing study has 1 to %d rows, not %d.", MIXING_MAX_ROWS, m->row_count);
    for (int i = 0; i < m->row_count; i++) {
        double s = m->rows[i].seconds;
        if (s == s && !(number_fits(s) && s >= 0))
            return err_set(err, ERR_INPUT, "Row %d of the mixing study needs 0 s or more.", i + 1);
    }
    if (m->word_count < 0 || m->word_count > MIXING_MAX_WORDS)
        return err_set(err, ERR_INPUT, "A mixing study has at most %d lines of words, not %d.", MIXING_MAX_WORDS,
                       m->word_count);
    bool low = number_fits(m->low), high = number_fits(m->high);
    if (low != high || (low && !(m->low >= 0 && m->low < m->high)))
        return err_set(err, ERR_INPUT, "The interval of a mixing study goes from a lower to a higher number.");
    return true;
}

static void mixing_size(const void *input, double *width, double *height)
{
    const mixing_t *m = input;
    if (*width <= 0) *width = MIXING_WIDTH;
    *height = MIX_TOP + MIX_ROW * m->row_count + MIX_AXIS + MIX_LINE * m->word_count + (m->word_count ? 4 : 0);
}

static void mixing_hatch(pen_t *pen, double x, double y, double width, double height)
{
    cairo_save(pen->cr);
    pen_box(pen, x, y, width, height);
    cairo_clip(pen->cr);
    for (double at = x - height; at < x + width; at += 6) {
        cairo_move_to(pen->cr, at, y + height);
        cairo_line_to(pen->cr, at + height, y);
    }
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1, DASH_NONE);
    cairo_restore(pen->cr);
    pen_box(pen, x, y, width, height);
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.2, DASH_NONE);
}

static void mixing_value(char out[80], const mixing_row_t *row)
{
    char seconds[40];
    if (!(row->seconds == row->seconds)) {
        snprintf(out, 80, "not done");
        return;
    }
    pen_fixed(seconds, row->seconds, row->no_clot ? 0 : 1);
    snprintf(out, 80, row->no_clot ? "no clot, %s s" : "%s s", seconds);
}

static void mixing_row(pen_t *pen, const mixing_row_t *row, double left, double right, double top, double end)
{
    double middle = top + MIX_ROW / 2.0, bar = middle - MIX_BAR / 2.0;
    pen_text(pen, left - 10, middle + 4, (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_RIGHT, left - 18}, row->name);
    char words[80];
    mixing_value(words, row);
    bool done = row->seconds == row->seconds;
    double width = done ? (right - left) * row->seconds / end : 0;
    if (done && row->mixed)
        mixing_hatch(pen, left, bar, width, MIX_BAR);
    else if (done)
        pen_fill_box(pen, INK_BRAND, left, bar, width, MIX_BAR);
    if (done && row->no_clot)
        pen_text(pen, left + width + 3, middle + 5, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, 0},
                 "\u2192");
    pen_type_t type = {TYPE_BASE, done ? TYPE_STRONG : TYPE_TEXT, done ? INK_TEXT : INK_TEXT_3, AT_LEFT,
                       pen->width - left - width - 8};
    if (type.room < 10) type.room = 10;
    pen_text(pen, left + width + (row->no_clot && done ? 19 : 7), middle + 5, type, words);
}

static void mixing_paint(pen_t *pen, const void *input)
{
    const mixing_t *m = input;
    double left = pen->width < 420 ? pen->width * 0.36 : MIX_LEFT, right = pen->width - MIX_RIGHT;
    if (right < left + 10) right = left + 10;
    double bottom = MIX_TOP + MIX_ROW * (double)m->row_count, end = 10;
    bool band = number_fits(m->low);
    if (band && m->high > end) end = m->high;
    for (int i = 0; i < m->row_count; i++)
        if (m->rows[i].seconds > end) end = m->rows[i].seconds;
    pen_text(pen, 8, 17, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, m->title);
    pen_across_axis(pen, left, right, MIX_TOP, bottom, 0, end);
    if (band) {
        double from = left + (right - left) * m->low / end, to = left + (right - left) * m->high / end;
        char low[40], high[40], words[120];
        pen_rgb(pen, draw_color(pen->scheme, INK_TEXT_3), 0.18);
        pen_box(pen, from, MIX_TOP - 6, to - from, bottom - MIX_TOP + 6);
        cairo_fill(pen->cr);
        pen_fixed(low, m->low, 1);
        pen_fixed(high, m->high, 1);
        snprintf(words, sizeof words, "reference interval %s to %s s", low, high);
        double half = pen_text_width(pen, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0}, words) / 2;
        double at = (from + to) / 2;
        if (at + half > pen->width - 6) at = pen->width - 6 - half;
        if (at < half + 6) at = half + 6;
        pen_text(pen, at, MIX_TOP - 10, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, pen->width - 12},
                 words);
    }
    for (int i = 0; i < m->row_count; i++)
        mixing_row(pen, &m->rows[i], left, right, MIX_TOP + MIX_ROW * (double)i, end);
    if (band) /* the edges lie over the bars */
        for (int i = 0; i < 2; i++) {
            double x = left + (right - left) * (i ? m->high : m->low) / end;
            pen_ink(pen, INK_TEXT_2);
            pen_line(pen, x, MIX_TOP - 6, x, bottom, 1.1, DASH_LONG);
        }
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, left, MIX_TOP, left, bottom, 1, DASH_NONE);
    pen_text(pen, right, bottom + 31, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, right - 8},
             "seconds \u2192");
    for (int i = 0; i < m->word_count; i++)
        pen_text(pen, 8, bottom + MIX_AXIS + MIX_LINE * (i + 1.0) - 5,
                 (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_LEFT, pen->width - 16}, m->words[i]);
}

static void mixing_describe(text_t *out, const void *input)
{
    const mixing_t *m = input;
    text_addf(out, "Mixing study%s%s", m->title ? ", " : "", m->title ? m->title : "");
    for (int i = 0; i < m->row_count; i++) {
        char words[80];
        mixing_value(words, &m->rows[i]);
        text_addf(out, "%s%s %s", i ? "; " : ": ", m->rows[i].name ? m->rows[i].name : "row", words);
    }
    if (number_fits(m->low)) {
        char low[40], high[40];
        pen_fixed(low, m->low, 1);
        pen_fixed(high, m->high, 1);
        text_addf(out, "; reference interval %s to %s s", low, high);
    }
    for (int i = 0; i < m->word_count; i++)
        if (m->words[i]) text_addf(out, "; %s", m->words[i]);
    text_add_char(out, '.');
}

const picture_way_t mixing_way = {mixing_check, mixing_size, mixing_paint, mixing_describe, false};
