/* The signal of a clotting plasma over time with the moment the clot was detected, and a mixing study in bars. See
 * clot.h. */
#include "draw/clot.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>

/* ---- clot curve ---- */

enum { CLOT_LEFT = 46, CLOT_RIGHT = 16, CLOT_TOP = 40, CLOT_KEY_ROW = 17, CLOT_BOTTOM = 38 };

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
    if (!number_fits(c->limit_s) || c->limit_s <= 0 || !number_fits(c->end_s) || c->end_s < 0 || clot_end(c) < 1 ||
        !number_fits(c->full) || c->full < 0)
        return err_set(err, ERR_INPUT,
                       "A clot curve needs a limit above 0 s, an axis of at least 1 s and a full scale of 0 or more.");
    return true;
}

static void clot_size(const void *input, double *width, double *height)
{
    const clot_curve_t *c = input;
    if (*width <= 0) *width = c->small ? CLOT_SMALL_WIDTH : CLOT_WIDTH;
    *height = c->small ? CLOT_SMALL_HEIGHT : CLOT_HEIGHT;
}

static clot_frame_t clot_frame(double width, double height, const clot_curve_t *c, double top)
{
    clot_frame_t f = {CLOT_LEFT, width - CLOT_RIGHT, top, height - CLOT_BOTTOM, clot_end(c), 1e300, -1e300};
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
    if (c->full > 0) {
        f.low = f.low < 0 ? f.low : 0;
        f.high = f.high > c->full ? f.high : c->full;
        return f;
    }
    double pad = (f.high - f.low) * 0.08, least = 0.2 * (exact_abs(f.high) + 1); /* noise is not stretched */
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
    const curve_point_t *p = run->points;
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

/* What was found, one run beside the other, or below it where the picture is narrow; returns where the rows end. */
static double clot_key(pen_t *pen, const clot_curve_t *c)
{
    double x = 8, y = CLOT_TOP + CLOT_KEY_ROW - 5;
    for (int r = 0; r < c->run_count; r++) {
        char words[160];
        clot_words(words, c, &c->runs[r]);
        pen_type_t type = {c->small ? TYPE_SMALL : TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, 0};
        double width = 32 + pen_text_width(pen, type, words);
        if (x > 8 && x + width > pen->width - 8) x = 8, y += CLOT_KEY_ROW;
        pen_ink(pen, r ? INK_WARN : INK_BRAND);
        pen_line(pen, x, y - 4, x + 26, y - 4, 1.8, r ? DASH_LONG : DASH_NONE);
        if (c->runs[r].clot_s == c->runs[r].clot_s) clot_mark(pen, x + 13, y - 4, r == 1);
        type.room = pen->width - x - 40 > 20 ? pen->width - x - 40 : 20;
        pen_text(pen, x + 32, y, type, words);
        x += width + 24;
    }
    return y + 12;
}

bool draw_clot_curve_place(const clot_curve_t *c, draw_look_t look, double from, double to, draw_box_t *box)
{
    double width, height;
    const picture_t picture = {.kind = PICTURE_CLOT, .any = c};
    if (!picture_fit(&picture, look, &width, &height, NULL)) return false;
    if (!(from >= 0 && from < to && to <= clot_end(c))) return false;
    clot_frame_t f = clot_frame(width, height, c, CLOT_TOP + CLOT_KEY_ROW * c->run_count);
    double left = clot_x(&f, from);
    *box = (draw_box_t){left, f.top, clot_x(&f, to) - left, f.bottom - f.top};
    return true;
}

static void clot_paint(pen_t *pen, const void *input)
{
    const clot_curve_t *c = input;
    clot_frame_t f = clot_frame(pen->width, pen->height, c, clot_key(pen, c));
    pen_text(pen, 8, 16, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->title);
    char words[DRAW_MAX_TEXT + 8];
    snprintf(words, sizeof words, "\u2191 %.280s", c->signal ? c->signal : "optical signal");
    pen_text(pen, 8, 33, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, pen->width - 16}, words);
    pen_up_axis(pen, f.left, f.right, f.top, f.bottom, f.low, f.high);
    pen_across_axis(pen, f.left, f.right, f.bottom, f.bottom, 0, f.end);
    if (c->limit_s <= f.end) {
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, clot_x(&f, c->limit_s), f.top, clot_x(&f, c->limit_s), f.bottom, 1, DASH_LONG);
    }
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    for (int r = c->run_count - 1; r >= 0; r--) clot_draw_run(pen, c, &f, r);
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

enum { MIX_RIGHT = 72, MIX_RIGHT_NONE = 132, MIX_TOP = 44, MIX_ROW = 32, MIX_AXIS = 40, MIX_LINE = 17, MIX_BAR = 16 };

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
    snprintf(out, 80, row->no_clot ? "no clot in %s s" : "%s s", seconds);
}

static void mixing_bar(pen_t *pen, const mixing_row_t *row, double left, double scale, double middle)
{
    double bar = middle - MIX_BAR / 2.0, width = row->seconds * scale;
    if (!(width == width)) return;
    if (row->mixed)
        mixing_hatch(pen, left, bar, width, MIX_BAR);
    else
        pen_fill_box(pen, INK_BRAND, left, bar, width, MIX_BAR);
}

/* The name of a row at its left, in two lines of smaller type where it is long, and its value behind the bar. */
static void mixing_words(pen_t *pen, const mixing_row_t *row, double left, double scale, double middle)
{
    pen_type_t name = {TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_RIGHT, left - 18 > 10 ? left - 18 : 10};
    pen_type_t small = name;
    small.size = TYPE_SMALL;
    double tall = pen_text_width(pen, (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_LEFT, 0}, row->name) > name.room
                      ? pen_paragraph(pen, 8, 0, small, row->name, false)
                      : 0;
    if (tall > 0 && tall < MIX_ROW)
        pen_paragraph(pen, 8, middle - tall / 2, small, row->name, true);
    else
        pen_text(pen, left - 10, middle + 4, name, row->name);
    bool done = row->seconds == row->seconds;
    char value[80], words[90];
    mixing_value(value, row);
    snprintf(words, sizeof words, "%s%s", done && row->no_clot ? "\u2192 " : "", value);
    double x = left + (done ? row->seconds * scale : 0) + 6;
    pen_type_t type = {TYPE_BASE, done ? TYPE_STRONG : TYPE_TEXT, done ? INK_TEXT : INK_TEXT_3, AT_LEFT, 0};
    pen_rgb(pen, draw_color(pen->scheme, INK_SHEET), 0.85);
    pen_box(pen, x - 3, middle - 9, pen_text_width(pen, type, words) + 6, 18);
    cairo_fill(pen->cr);
    type.room = pen->width - x - 2 > 10 ? pen->width - x - 2 : 10;
    pen_text(pen, x, middle + 5, type, words);
}

typedef struct {
    double left, right, bottom, end;
} mixing_frame_t;

static mixing_frame_t mixing_frame(pen_t *pen, const mixing_t *m)
{
    mixing_frame_t f = {0, pen->width - MIX_RIGHT, MIX_TOP + MIX_ROW * (double)m->row_count, 10};
    for (int i = 0; i < m->row_count; i++) {
        const mixing_row_t *row = &m->rows[i];
        double width = pen_text_width(pen, (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_LEFT, 0}, row->name) + 20;
        if (width > f.left) f.left = width;
        if (row->seconds > f.end) f.end = row->seconds;
        if (row->no_clot && row->seconds == row->seconds) f.right = pen->width - MIX_RIGHT_NONE;
    }
    if (f.left > pen->width * 0.4) f.left = pen->width * 0.4;
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (number_fits(m->low) && m->high > f.end) f.end = m->high;
    double step = pen_step(f.end, 8);
    f.end = -exact_floor(-f.end / step + 1e-9) * step;
    return f;
}

static void mixing_band_words(pen_t *pen, const mixing_t *m, double middle)
{
    char low[40], high[40], words[120];
    pen_fixed(low, m->low, 1);
    pen_fixed(high, m->high, 1);
    snprintf(words, sizeof words, "reference interval %s to %s s", low, high);
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, 0};
    double half = pen_text_width(pen, type, words) / 2;
    if (middle + half > pen->width - 6) middle = pen->width - 6 - half;
    if (middle < half + 6) middle = half + 6;
    pen_text(pen, middle, MIX_TOP - 10, type, words);
}

static void mixing_paint(pen_t *pen, const void *input)
{
    const mixing_t *m = input;
    mixing_frame_t f = mixing_frame(pen, m);
    double scale = (f.right - f.left) / f.end, from = f.left + m->low * scale, to = f.left + m->high * scale;
    bool band = number_fits(m->low);
    pen_text(pen, 8, 17, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, m->title);
    pen_across_axis(pen, f.left, f.right, MIX_TOP, f.bottom, 0, f.end);
    if (band) {
        pen_rgb(pen, draw_color(pen->scheme, INK_TEXT_3), 0.18);
        pen_box(pen, from, MIX_TOP - 6, to - from, f.bottom - MIX_TOP + 6);
        cairo_fill(pen->cr);
        mixing_band_words(pen, m, (from + to) / 2);
    }
    for (int i = 0; i < m->row_count; i++) mixing_bar(pen, &m->rows[i], f.left, scale, MIX_TOP + MIX_ROW * (i + 0.5));
    for (int i = 0; band && i < 2; i++) { /* over the bars */
        pen_ink(pen, INK_TEXT_2);
        pen_line(pen, i ? to : from, MIX_TOP - 6, i ? to : from, f.bottom, 1.1, DASH_LONG);
    }
    for (int i = 0; i < m->row_count; i++) mixing_words(pen, &m->rows[i], f.left, scale, MIX_TOP + MIX_ROW * (i + 0.5));
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, MIX_TOP, f.left, f.bottom, 1, DASH_NONE);
    pen_text(pen, f.right, f.bottom + 31, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f.right - 8},
             "seconds \u2192");
    for (int i = 0; i < m->word_count; i++)
        pen_text(pen, 8, f.bottom + MIX_AXIS + MIX_LINE * (i + 1.0) - 5,
                 (pen_type_t){TYPE_BASE, TYPE_TEXT, INK_TEXT, AT_LEFT, pen->width - 16}, m->words[i]);
}

static void mixing_describe(text_t *out, const void *input)
{
    const mixing_t *m = input;
    text_add(out, m->title && *m->title ? m->title : "Mixing study");
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
