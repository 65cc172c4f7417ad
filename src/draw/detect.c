/* Hits and false alarms. The bars are parts of all that were bad, or good: their lengths can be compared between
 * people and shifts, which counts cannot. On the ROC plane d' = z(hits) - z(false alarms). */
#include "draw/detect.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>

enum { DETECT_LEFT = 170, DETECT_TOP = 30, DETECT_MAX_COUNT = 1000000 };

static bool counts_fit(const detect_counts_t *c)
{
    const int all[] = {c->hits, c->misses, c->false_alarms, c->correct_passes};
    for (int i = 0; i < 4; i++)
        if (all[i] < 0 || all[i] > DETECT_MAX_COUNT) return false;
    return true;
}

static bool detect_check(const void *input, err_t *err)
{
    const detect_chart_t *c = input;
    if (c->row_count < 1 || c->row_count > DETECT_MAX_ROWS)
        return err_set(err, ERR_INPUT, "The picture of hits has 1 to %d rows, not %d.", DETECT_MAX_ROWS, c->row_count);
    for (int i = 0; i < c->row_count; i++)
        if (!counts_fit(&c->rows[i])) return err_set(err, ERR_INPUT, "Row %d has a count below zero.", i + 1);
    return true;
}

static void detect_size(const void *input, double *width, double *height)
{
    const detect_chart_t *c = input;
    if (*width <= 0) *width = DETECT_WIDTH;
    *height = c->row_count == 1 ? DETECT_TABLE_HEIGHT : DETECT_TOP + 26 + c->row_count * DETECT_ROW_HEIGHT;
}

/* One side of the 2 × 2 table: of all `bad` (or `good`) which part was stopped. */
static void detect_half(pen_t *pen, const detect_chart_t *c, double x, double width, int stopped, int passed, bool bad)
{
    const char *name = bad ? (c->bad ? c->bad : "With a fault") : (c->good ? c->good : "Without a fault");
    char words[120];
    snprintf(words, sizeof words, "%.80s: %d", name, stopped + passed);
    pen_text(pen, x, DETECT_TOP + 16, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, width}, words);
    double top = DETECT_TOP + 26, height = pen->height - top - 12;
    double share = stopped + passed ? (double)stopped / (stopped + passed) : 0.5;
    double split = height * share;
    /* The numbers need a line each, whatever their part. */
    if (split < 42) split = 42;
    if (split > height - 42) split = height - 42;
    const struct {
        double y, h;
        int n;
        const char *does, *called;
        bool right;
    } cells[2] = {
        {top, split - 2, stopped, c->stopped ? c->stopped : "stopped", bad ? "hits" : "false alarms", bad},
        {top + split, height - split, passed, c->passed ? c->passed : "let pass", bad ? "misses" : "correct passes",
         !bad},
    };
    for (int i = 0; i < 2; i++) {
        draw_ink_t ink = cells[i].right ? INK_OK : INK_CRIT;
        pen_round_box(pen, x, cells[i].y, width, cells[i].h, 4);
        pen_ink(pen, cells[i].right ? INK_OK_SOFT : INK_CRIT_SOFT);
        cairo_fill_preserve(pen->cr);
        pen_ink(pen, ink);
        pen_stroke(pen, 1.2, cells[i].right ? DASH_NONE : DASH_SHORT);
        double middle = cells[i].y + cells[i].h / 2;
        snprintf(words, sizeof words, "%d", cells[i].n);
        double at =
            x + 14 +
            pen_text(pen, x + 14, middle + 7, (pen_type_t){TYPE_TITLE, TYPE_STRONG, INK_TEXT, AT_LEFT, 0}, words);
        snprintf(words, sizeof words, "%s %.60s", cells[i].right ? "\u2713" : "\u00d7", cells[i].does);
        pen_text(pen, at + 12, middle - 2, (pen_type_t){12, TYPE_STRONG, ink, AT_LEFT, x + width - at - 18}, words);
        pen_text(pen, at + 12, middle + 13,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, x + width - at - 18}, cells[i].called);
    }
}

/* A bar of a part: full when more is better, outlined when more is worse. */
static void detect_bar(pen_t *pen, double x, double y, double width, int part, int all, int minimum, bool good)
{
    char words[60];
    pen_fill_box(pen, INK_RULE, x, y + 9, width, 1);
    if (all < minimum || all == 0) {
        snprintf(words, sizeof words, all ? "too few to say (%d)" : "none", all);
        pen_text(pen, x, y + 5, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, width}, words);
        return;
    }
    pen_box(pen, x, y + 4, width * part / all, 11);
    pen_ink(pen, good ? INK_BRAND : INK_CRIT_SOFT);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, good ? INK_BRAND : INK_CRIT);
    if (part) pen_stroke(pen, 1.2, DASH_NONE);
    cairo_new_path(pen->cr);
    snprintf(words, sizeof words, "%d of %d", part, all);
    pen_text(pen, x, y - 1, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, width}, words);
}

static void detect_rows(pen_t *pen, const detect_chart_t *c)
{
    double half = (pen->width - DETECT_LEFT - 8 - 24) / 2;
    if (half < 20) half = 20;
    double x1 = DETECT_LEFT, x2 = DETECT_LEFT + half + 24;
    char words[120];
    pen_type_t head = {TYPE_SMALL, TYPE_STRONG, INK_TEXT_2, AT_LEFT, half};
    snprintf(words, sizeof words, "\u2713 hits: %.80s", c->bad ? c->bad : "with a fault");
    pen_text(pen, x1, DETECT_TOP + 12, head, words);
    snprintf(words, sizeof words, "\u00d7 false alarms: %.80s", c->good ? c->good : "without");
    pen_text(pen, x2, DETECT_TOP + 12, head, words);
    for (int i = 0; i < c->row_count; i++) {
        const detect_counts_t *r = &c->rows[i];
        double y = DETECT_TOP + 36 + (double)i * DETECT_ROW_HEIGHT;
        pen_text(pen, 8, y + 13, (pen_type_t){12, TYPE_TEXT, INK_TEXT, AT_LEFT, DETECT_LEFT - 20}, r->name);
        detect_bar(pen, x1, y, half, r->hits, r->hits + r->misses, c->minimum, true);
        detect_bar(pen, x2, y, half, r->false_alarms, r->false_alarms + r->correct_passes, c->minimum, false);
    }
}

static void detect_paint(pen_t *pen, const void *input)
{
    const detect_chart_t *c = input;
    const char *title = c->title ? c->title : c->row_count == 1 ? c->rows[0].name : NULL;
    pen_text(pen, 8, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, title);
    if (c->row_count > 1) {
        detect_rows(pen, c);
        return;
    }
    const detect_counts_t *r = &c->rows[0];
    double half = (pen->width - 16 - 16) / 2;
    detect_half(pen, c, 8, half, r->hits, r->misses, true);
    detect_half(pen, c, 8 + half + 16, half, r->false_alarms, r->correct_passes, false);
}

static void detect_describe(text_t *out, const void *input)
{
    const detect_chart_t *c = input;
    text_add(out, "Hits and false alarms");
    for (int i = 0; i < c->row_count; i++) {
        const detect_counts_t *r = &c->rows[i];
        text_addf(out, "%s%s%sstopped %d of %d %s and %d of %d %s", i ? "; " : ": ", r->name ? r->name : "",
                  r->name ? " " : "", r->hits, r->hits + r->misses, c->bad ? c->bad : "with a fault", r->false_alarms,
                  r->false_alarms + r->correct_passes, c->good ? c->good : "without");
    }
    text_add_char(out, '.');
}

const picture_way_t detect_way = {detect_check, detect_size, detect_paint, detect_describe, false};

/* ---- the ROC plane ---- */

enum { ROC_LEFT = 46, ROC_TOP = 28, ROC_BOTTOM = 40, ROC_CURVE_STEPS = 40 };

static bool roc_check(const void *input, err_t *err)
{
    const roc_chart_t *c = input;
    if (!counts_fit(&c->you) || (c->has_other && !counts_fit(&c->other)))
        return err_set(err, ERR_INPUT, "The picture needs counts of 0 or more.");
    return true;
}

static void roc_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = ROC_SIDE;
    *height = *width + 8;
}

static void roc_rates(const detect_counts_t *c, double *hits, double *alarms)
{
    *hits = (c->hits + 0.5) / (c->hits + c->misses + 1.0);
    *alarms = (c->false_alarms + 0.5) / (c->false_alarms + c->correct_passes + 1.0);
}

static void roc_curves(pen_t *pen, double side)
{
    pen_box(pen, ROC_LEFT, ROC_TOP, side, side);
    pen_ink(pen, INK_RULE_STRONG);
    pen_stroke(pen, 1, DASH_NONE);
    for (int d = 0; d <= 3; d++) {
        cairo_move_to(pen->cr, ROC_LEFT, ROC_TOP + side);
        for (int i = 1; i < ROC_CURVE_STEPS; i++) {
            /* Even steps of the criterion, so that the steep start is as smooth as the rest. */
            double z = -3.2 + 6.4 * i / ROC_CURVE_STEPS;
            cairo_line_to(pen->cr, ROC_LEFT + side * exact_normal_cdf(z - d / 2.0),
                          ROC_TOP + side * (1 - exact_normal_cdf(z + d / 2.0)));
        }
        cairo_line_to(pen->cr, ROC_LEFT + side, ROC_TOP);
        pen_ink(pen, INK_RULE_STRONG);
        pen_stroke(pen, 1, d ? DASH_DOTS : DASH_LONG);
        char words[16];
        snprintf(words, sizeof words, "d\u2032 %d", d);
        /* Named on the falling diagonal, where the criterion is neutral. */
        double x = ROC_LEFT + side * exact_normal_cdf(-d / 2.0), y = ROC_TOP + side * (1 - exact_normal_cdf(d / 2.0));
        pen_text(pen, x + 5, y + 12, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, 0}, words);
    }
    for (int i = 0; i <= 4; i++) {
        char words[16];
        snprintf(words, sizeof words, "%d", i * 25);
        pen_text(pen, ROC_LEFT + side * i / 4, ROC_TOP + side + 15,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, words);
        pen_text(pen, ROC_LEFT - 6, ROC_TOP + side - side * i / 4 + 4,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0}, words);
    }
    pen_text(pen, ROC_LEFT + side, ROC_TOP + side + 31, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_RIGHT, side},
             "false alarms, % \u2192");
    pen_text(pen, 8, 16, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, side}, "\u2191 hits, %");
}

static void roc_point(pen_t *pen, double side, const detect_counts_t *c, const char *name, bool you)
{
    double hits, alarms;
    roc_rates(c, &hits, &alarms);
    double x = ROC_LEFT + side * alarms, y = ROC_TOP + side * (1 - hits);
    if (you) {
        pen_ink(pen, INK_BRAND);
        pen_dot(pen, x, y, 5.5);
    } else {
        pen_ring(pen, x, y, 5, INK_TEXT_2, INK_SHEET);
    }
    /* Named in the lower right corner, where a point seldom is. */
    double line = ROC_TOP + side - (you ? 28 : 12), text = ROC_LEFT + side - 8;
    double width =
        pen_text(pen, text, line, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT, AT_RIGHT, side * 0.75}, name);
    if (you) {
        pen_ink(pen, INK_BRAND);
        pen_dot(pen, text - width - 11, line - 4, 4.5);
    } else {
        pen_ring(pen, text - width - 11, line - 4, 4, INK_TEXT_2, INK_SHEET);
    }
}

static void roc_paint(pen_t *pen, const void *input)
{
    const roc_chart_t *c = input;
    double side = pen->width - ROC_LEFT - 14, tall = pen->height - ROC_TOP - ROC_BOTTOM;
    if (side > tall) side = tall;
    if (side < 20) side = 20;
    roc_curves(pen, side);
    if (c->has_other) roc_point(pen, side, &c->other, c->other_name ? c->other_name : "other", false);
    roc_point(pen, side, &c->you, "you", true);
}

static void roc_describe(text_t *out, const void *input)
{
    const roc_chart_t *c = input;
    for (int i = 0; i < (c->has_other ? 2 : 1); i++) {
        double hits, alarms;
        roc_rates(i ? &c->other : &c->you, &hits, &alarms);
        char h[40], a[40], d[40];
        pen_fixed(h, hits * 100, 0);
        pen_fixed(a, alarms * 100, 0);
        pen_fixed(d, exact_normal_quantile(hits) - exact_normal_quantile(alarms), 1);
        text_addf(out, "%s%s: hits %s %%, false alarms %s %%, d\u2032 %s", i ? "; " : "",
                  i ? (c->other_name ? c->other_name : "other") : "Hits against false alarms, you", h, a, d);
    }
    text_add_char(out, '.');
}

const picture_way_t roc_way = {roc_check, roc_size, roc_paint, roc_describe, false};
