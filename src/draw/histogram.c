/* The histogram of volumes: a filled curve through the counts, each curve scaled to its own peak. See cell.h. Peaks are
 * found by prominence, what a summit stands above the higher of the two saddles beside it. */
#include "base/exact.h"
#include "draw/cell.h"
#include "paint.h"

#include <stdio.h>

enum { HIST_SIDE = 14, HIST_SIDE_SMALL = 14, HIST_TOP = 56, HIST_TOP_SMALL = 26, HIST_BOTTOM = 38, HIST_PEAKS = 6 };
static const double HIST_CURVE_ABOVE = 3.0; /* bins closer than this many pixels are joined by straight lines */
static const double HIST_PEAK = 0.05, HIST_BUMP = 0.015, HIST_BASE = 0.02; /* shares of the highest count */

typedef struct {
    double left, right, top, bottom;
} hist_frame_t;

static bool hist_counts(const float *bins, int count, double *most, err_t *err)
{
    *most = 0;
    for (int i = 0; i < count; i++) {
        if (!number_fits((double)bins[i]) || bins[i] < 0)
            return err_set(err, ERR_INPUT, "Bin %d of the histogram needs a count of 0 or more.", i + 1);
        if ((double)bins[i] > *most) *most = (double)bins[i];
    }
    return true;
}

static bool hist_check(const void *input, err_t *err)
{
    const histogram_t *h = input;
    if (h->bin_count < HISTOGRAM_MIN_BINS || h->bin_count > HISTOGRAM_MAX_BINS || !h->bins)
        return err_set(err, ERR_INPUT, "A histogram has %d to %d bins, not %d.", HISTOGRAM_MIN_BINS, HISTOGRAM_MAX_BINS,
                       h->bins ? h->bin_count : 0);
    if (!number_fits(h->first) || !number_fits(h->last) || h->last - h->first < 1e-3)
        return err_set(err, ERR_INPUT, "The last volume of a histogram lies above its first.");
    if (h->line_count < 0 || h->line_count > HISTOGRAM_MAX_LINES)
        return err_set(err, ERR_INPUT, "A histogram has at most %d lines, not %d.", HISTOGRAM_MAX_LINES, h->line_count);
    for (int i = 0; i < h->line_count; i++)
        if (!(h->lines[i].at >= h->first && h->lines[i].at <= h->last))
            return err_set(err, ERR_INPUT, "Line %d lies outside the histogram.", i + 1);
    double most;
    return hist_counts(h->bins, h->bin_count, &most, err) &&
           (!h->reference || hist_counts(h->reference, h->bin_count, &most, err));
}

static void hist_size(const void *input, double *width, double *height)
{
    const histogram_t *h = input;
    if (*width <= 0) *width = h->small ? HISTOGRAM_SMALL_WIDTH : HISTOGRAM_WIDTH;
    *height = h->small ? HISTOGRAM_SMALL_HEIGHT : HISTOGRAM_HEIGHT;
}

static double hist_x(const histogram_t *h, const hist_frame_t *f, double volume)
{
    return f->left + (f->right - f->left) * (volume - h->first) / (h->last - h->first);
}

/* The slope at a bin that lets the cubic overshoot nowhere: none at a summit, else the harmonic mean. */
static double hist_slope(const float *bins, int count, int i)
{
    if (i == 0 || i == count - 1) return 0;
    double before = (double)bins[i] - (double)bins[i - 1], after = (double)bins[i + 1] - (double)bins[i];
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
}

/* Adds the curve to the path, from its first bin to its last. */
static void hist_path(pen_t *pen, const hist_frame_t *f, const float *bins, int count)
{
    double most = 0, step = (f->right - f->left) / (count - 1);
    hist_counts(bins, count, &most, NULL);
    double scale = most > 0 ? (f->bottom - f->top) / most : 0;
    cairo_move_to(pen->cr, f->left, f->bottom - (double)bins[0] * scale);
    for (int i = 1; i < count; i++) {
        double x = f->left + step * i, y = f->bottom - (double)bins[i] * scale;
        if (step < HIST_CURVE_ABOVE) {
            cairo_line_to(pen->cr, x, y);
            continue;
        }
        double leave = hist_slope(bins, count, i - 1) * scale / 3, arrive = hist_slope(bins, count, i) * scale / 3;
        cairo_curve_to(pen->cr, x - step * 2 / 3, f->bottom - (double)bins[i - 1] * scale - leave, x - step / 3,
                       y + arrive, x, y);
    }
}

static void hist_lines(pen_t *pen, const histogram_t *h, const hist_frame_t *f)
{
    double free[2] = {-1e9, -1e9}; /* where the words in each of two rows end */
    for (int i = 0; i < h->line_count; i++) {
        double x = hist_x(h, f, h->lines[i].at), from = f->top - (h->small ? 2 : 14);
        pen_ink(pen, INK_TEXT_2);
        pen_line(pen, x, from, x, f->bottom, 1.2, DASH_LONG);
        const char *words = h->lines[i].words;
        if (h->small || !words || !*words) continue;
        pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
        double width = pen_text_width(pen, type, words), at = x + 4;
        if (at + width > f->right) at = x - 4 - width;
        for (int row = 0; row < 2; row++) {
            if (at < free[row] + 8 || at < f->left) continue;
            pen_text(pen, at, f->top - 4 - 13 * row, type, words);
            free[row] = at + width;
            break;
        }
    }
}

static void hist_key(pen_t *pen, const histogram_t *h, const hist_frame_t *f, double left)
{
    const char *name = h->reference_name ? h->reference_name : "reference";
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, f->right - left - 24};
    if (type.room < 30) return;
    double width = pen_text(pen, f->right, 18, type, name);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f->right - width - 24, 14, f->right - width - 5, 14, 1.2, DASH_SHORT);
}

static hist_frame_t hist_frame(const histogram_t *h, double width, double height)
{
    double side = h->small ? HIST_SIDE_SMALL : HIST_SIDE;
    hist_frame_t f = {side, width - side, h->small ? HIST_TOP_SMALL : HIST_TOP, height - HIST_BOTTOM};
    if (f.right < f.left + 10) f.right = f.left + 10;
    if (f.bottom < f.top + 10) f.bottom = f.top + 10;
    return f;
}

bool draw_histogram_place(const histogram_t *h, draw_look_t look, double from, double to, draw_box_t *box)
{
    double width, height;
    const picture_t picture = {.kind = PICTURE_HISTOGRAM, .any = h};
    if (!picture_fit(&picture, look, &width, &height, NULL)) return false;
    if (!(from >= h->first && from < to && to <= h->last)) return false;
    hist_frame_t f = hist_frame(h, width, height);
    double left = hist_x(h, &f, from);
    *box = (draw_box_t){left, f.top, hist_x(h, &f, to) - left, f.bottom - f.top};
    return true;
}

static void hist_paint(pen_t *pen, const void *input)
{
    const histogram_t *h = input;
    hist_frame_t f = hist_frame(h, pen->width, pen->height);
    double title =
        pen_text(pen, f.left, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, f.right - f.left}, h->title);
    pen_across_axis(pen, f.left, f.right, f.bottom, f.bottom, h->first, h->last);
    hist_path(pen, &f, h->bins, h->bin_count);
    cairo_line_to(pen->cr, f.right, f.bottom);
    cairo_line_to(pen->cr, f.left, f.bottom);
    cairo_close_path(pen->cr);
    pen_rgb(pen, draw_color(pen->scheme, INK_BRAND), 0.22);
    cairo_fill(pen->cr);
    if (h->reference) {
        hist_path(pen, &f, h->reference, h->bin_count);
        pen_ink(pen, INK_TEXT_3);
        pen_stroke(pen, 1.2, DASH_SHORT);
        hist_key(pen, h, &f, f.left + title + 12);
    }
    hist_path(pen, &f, h->bins, h->bin_count);
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.6, DASH_NONE);
    hist_lines(pen, h, &f);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, f.left, f.bottom, f.right, f.bottom, 1, DASH_NONE);
    pen_text(pen, (f.left + f.right) / 2, f.bottom + 31,
             (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, f.right - f.left},
             h->axis ? h->axis : "cell volume, fL");
}

/* ---- words ---- */

/* What bin i stands above the higher of the lowest points between it and a higher bin to each side (an end of the
 * histogram counts as the base line); 0 when it is no summit. Of a level summit the first bin counts. */
static double hist_prominence(const float *bins, int count, int i)
{
    double own = (double)bins[i], saddle = 0;
    if ((i > 0 && bins[i - 1] >= bins[i]) || own <= 0) return 0;
    for (int side = -1; side <= 1; side += 2) {
        double lowest = own;
        int k = i + side;
        for (; k >= 0 && k < count; k += side) {
            if ((double)bins[k] < lowest) lowest = (double)bins[k];
            if ((double)bins[k] > own || (side < 0 && bins[k] == bins[i])) break;
        }
        bool higher = k >= 0 && k < count;
        if (higher && lowest > saddle) saddle = lowest;
    }
    return own - saddle;
}

static double hist_volume(const histogram_t *h, int i)
{
    return h->first + (h->last - h->first) * i / (h->bin_count - 1);
}

static int hist_decimals(const histogram_t *h)
{
    return h->last - h->first < 100 ? 1 : 0;
}

static void hist_describe_peaks(text_t *out, const histogram_t *h, double most)
{
    int peaks = 0, bumps = 0;
    double at[HIST_PEAKS], tall[HIST_PEAKS];
    for (int i = 0; i < h->bin_count; i++) {
        double share = hist_prominence(h->bins, h->bin_count, i) / most;
        if (share >= HIST_PEAK) {
            if (peaks < HIST_PEAKS) at[peaks] = hist_volume(h, i), tall[peaks] = (double)h->bins[i] / most;
            peaks++;
        } else if (share >= HIST_BUMP) {
            bumps++;
        }
    }
    text_addf(out, "%d %s", peaks, peaks == 1 ? "peak" : "peaks");
    for (int i = 0; i < peaks && i < HIST_PEAKS; i++) {
        char volume[40], percent[40];
        pen_fixed(volume, at[i], hist_decimals(h));
        pen_fixed(percent, tall[i] * 100, 0);
        text_addf(out, "%s%s fL", i ? ", " : " at ", volume);
        if (tall[i] < 1) text_addf(out, " (%s %% as high)", percent);
    }
    if (bumps) text_addf(out, "; %d smaller %s", bumps, bumps == 1 ? "bump" : "bumps");
}

static void hist_describe_line(text_t *out, const histogram_t *h, const histogram_line_t *line, double most,
                               double total)
{
    double above = 0, place = (line->at - h->first) / (h->last - h->first) * (h->bin_count - 1);
    for (int i = 0; i < h->bin_count; i++)
        if (i > place) above += (double)h->bins[i];
    int nearest = (int)(place + 0.5);
    char volume[40], below_words[40], above_words[40], height[40];
    pen_fixed(volume, line->at, hist_decimals(h));
    pen_fixed(below_words, (total - above) / total * 100, 1);
    pen_fixed(above_words, above / total * 100, 1);
    pen_fixed(height, (double)h->bins[nearest] / most * 100, 0);
    bool named = line->words && *line->words;
    text_addf(out, "; %s at %s fL: %s %% of events below, %s %% above, the curve there at %s %% of its peak",
              named ? line->words : "line", volume, below_words, above_words, height);
}

static void hist_describe_end(text_t *out, const histogram_t *h, bool right, double most)
{
    double share = (double)h->bins[right ? h->bin_count - 1 : 0] / most;
    char volume[40], percent[40];
    pen_fixed(volume, right ? h->last : h->first, hist_decimals(h));
    pen_fixed(percent, share * 100, 0);
    text_addf(out, "; at %s fL ", volume);
    if (share <= HIST_BASE)
        text_add(out, "on the base line");
    else
        text_addf(out, "not on the base line, %s %% of its peak", percent);
}

static void hist_describe(text_t *out, const void *input)
{
    const histogram_t *h = input;
    double most, total = 0;
    hist_counts(h->bins, h->bin_count, &most, NULL);
    for (int i = 0; i < h->bin_count; i++) total += (double)h->bins[i];
    text_addf(out, "Histogram of volumes%s%s: ", h->title ? ", " : "", h->title ? h->title : "");
    if (!(most > 0)) {
        text_add(out, "no events.");
        return;
    }
    hist_describe_peaks(out, h, most);
    for (int i = 0; i < h->line_count; i++) hist_describe_line(out, h, &h->lines[i], most, total);
    hist_describe_end(out, h, false, most);
    hist_describe_end(out, h, true, most);
    if (h->reference) text_addf(out, "; behind it, dashed: %s", h->reference_name ? h->reference_name : "reference");
    text_add_char(out, '.');
}

const picture_way_t histogram_way = {hist_check, hist_size, hist_paint, hist_describe, false};
