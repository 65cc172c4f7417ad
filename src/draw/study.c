/* What a design does; see draw/study.h. Six panels in two columns; the last row is as high as the blueprint is long. */
#include "draw/study.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>

enum {
    STUDY_TOP = 56,
    STUDY_GAP = 24,
    PANEL_HEIGHT = 212,
    PANEL_LEFT = 48,
    PANEL_TOP = 46,
    PANEL_BOTTOM = 36,
    AREA_ROW = 19,
    AREA_NAME = 146,
    EXPOSURE_PLACES = 240 /* of the falling line, however many items there are */
};

typedef struct {
    double left, right, top, bottom; /* of the plot within its axes */
    double x_low, x_high, y_low, y_high;
} panel_t;

static bool bands_fit(const study_chart_t *c)
{
    for (int i = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        if (!number_fits(b->at) || (i && !(b->at > b[-1].at))) return false;
        if (b->people && !(number_fits(b->bias) && number_fits(b->rmse) && number_fits(b->se))) return false;
        if (b->people && (b->rmse < 0 || b->se < 0)) return false;
    }
    return true;
}

static bool shares_fall(const study_chart_t *c)
{
    for (int i = 0; i < c->item_count; i++)
        if (!(c->exposure[i] >= 0 && c->exposure[i] <= 1) || (i && c->exposure[i] > c->exposure[i - 1])) return false;
    return c->bound >= 0 && c->bound <= 1;
}

static bool areas_fit(const study_chart_t *c)
{
    for (int i = 0; i < c->area_count; i++) {
        const study_chart_area_t *a = &c->areas[i];
        if (a->low < 0 || a->high < a->low || a->high > STUDY_CHART_ITEMS_MAX || a->least < 0 || a->most < a->least ||
            a->most > STUDY_CHART_ITEMS_MAX || !(a->mean >= a->least - 0.001 && a->mean <= a->most + 0.001))
            return false;
    }
    return true;
}

static bool steps_fit(const study_chart_t *c)
{
    for (int i = 0; i < c->step_count; i++)
        if (!number_fits(c->steps[i].at) || (i && !(c->steps[i].at > c->steps[i - 1].at)) ||
            c->steps[i].right > c->steps[i].people)
            return false;
    return true;
}

static bool study_check(const void *input, err_t *err)
{
    const study_chart_t *c = input;
    if (c->band_count < 2 || c->band_count > STUDY_CHART_BANDS_MAX || !c->bands || !bands_fit(c))
        return err_set(err, ERR_INPUT, "A study shows 2 to %d bands of rising ability with finite numbers.",
                       STUDY_CHART_BANDS_MAX);
    if (c->item_count < 1 || c->item_count > STUDY_CHART_ITEMS_MAX || !c->exposure || !shares_fall(c))
        return err_set(err, ERR_INPUT, "A study shows 1 to %d items by falling exposure from 1 to 0.",
                       STUDY_CHART_ITEMS_MAX);
    if (c->area_count < 0 || c->area_count > STUDY_CHART_AREAS_MAX || (c->area_count && !c->areas) || !areas_fit(c))
        return err_set(err, ERR_INPUT, "A study shows up to %d areas, each with its items from least to most.",
                       STUDY_CHART_AREAS_MAX);
    if (c->step_count == 1 || c->step_count < 0 || c->step_count > STUDY_CHART_STEPS_MAX ||
        (c->step_count && !c->steps) || !steps_fit(c))
        return err_set(err, ERR_INPUT, "A study shows decisions at 2 to %d rising distances from the mark, or none.",
                       STUDY_CHART_STEPS_MAX);
    return true;
}

static double last_height(const study_chart_t *c)
{
    double rows = PANEL_TOP + PANEL_BOTTOM + (double)c->area_count * AREA_ROW;
    return rows > PANEL_HEIGHT ? rows : PANEL_HEIGHT;
}

static void study_size(const void *input, double *width, double *height)
{
    if (*width <= 0) *width = STUDY_CHART_WIDTH;
    *height = STUDY_TOP + 2 * (PANEL_HEIGHT + STUDY_GAP) + last_height(input) + 12;
}

/* ---- a panel ---- */

static double at_x(const panel_t *p, double v)
{
    return p->left + (p->right - p->left) * (v - p->x_low) / (p->x_high - p->x_low);
}

static double at_y(const panel_t *p, double v)
{
    return p->bottom - (p->bottom - p->top) * (v - p->y_low) / (p->y_high - p->y_low);
}

/* The place of panel `n` of six with its title; its scales are the caller's. */
static panel_t panel_begin(pen_t *pen, const study_chart_t *c, int n, const char *title)
{
    const double wide = (pen->width - 32 - STUDY_GAP) / 2, x = 16 + (n % 2) * (wide + STUDY_GAP);
    const double y = STUDY_TOP + (double)(n / 2) * (PANEL_HEIGHT + STUDY_GAP);
    const double high = n / 2 == 2 ? last_height(c) : PANEL_HEIGHT;
    pen_text(pen, x, y + 14, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, wide}, title);
    return (panel_t){.left = x + PANEL_LEFT,
                     .right = x + wide - 8,
                     .top = y + PANEL_TOP,
                     .bottom = y + high - PANEL_BOTTOM,
                     .x_high = 1,
                     .y_high = 1};
}

static void panel_axes(pen_t *pen, const panel_t *p, const char *across)
{
    pen_up_axis(pen, p->left, p->right, p->top, p->bottom, p->y_low, p->y_high);
    pen_across_axis(pen, p->left, p->right, p->bottom, p->bottom, p->x_low, p->x_high);
    pen_ink(pen, INK_RULE_STRONG);
    pen_line(pen, p->left, p->bottom, p->right, p->bottom, 1, DASH_NONE);
    pen_text(pen, p->right, p->bottom + 30,
             (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, p->right - p->left}, across);
}

static void panel_none(pen_t *pen, const panel_t *p, const char *words)
{
    pen_paragraph(pen, p->left - PANEL_LEFT, p->top,
                  (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, p->right - p->left + PANEL_LEFT}, words,
                  true);
}

/* The line of legend under a title: a full dot with a full line, or an open square with a dashed one. */
static double legend(pen_t *pen, const panel_t *p, double x, bool second, const char *words)
{
    const double y = p->top - 16;
    pen_ink(pen, second ? INK_TEXT_2 : INK_TEXT);
    pen_line(pen, x, y, x + 24, y, 1.5, second ? DASH_SHORT : DASH_NONE);
    if (second)
        pen_fill_box(pen, INK_SHEET, x + 8.5, y - 3.5, 7, 7);
    else
        pen_dot(pen, x + 12, y, 3.4);
    if (second) {
        pen_box(pen, x + 8.5, y - 3.5, 7, 7);
        pen_ink(pen, INK_TEXT_2);
        pen_stroke(pen, 1.3, DASH_NONE);
    }
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, p->right - x - 30};
    return x + 30 + pen_text(pen, x + 30, y + 4, type, words) + 16;
}

typedef struct {
    double x[STUDY_CHART_STEPS_MAX], y[STUDY_CHART_STEPS_MAX];
    int count;
} series_t;

static void series_add(series_t *s, const panel_t *p, double x, double y)
{
    s->x[s->count] = at_x(p, x);
    s->y[s->count++] = at_y(p, y);
}

static void series_draw(pen_t *pen, const series_t *s, bool second)
{
    for (int i = 0; i < s->count; i++) (i ? cairo_line_to : cairo_move_to)(pen->cr, s->x[i], s->y[i]);
    pen_ink(pen, second ? INK_TEXT_2 : INK_TEXT);
    pen_stroke(pen, 1.5, second ? DASH_SHORT : DASH_NONE);
    for (int i = 0; i < s->count; i++) {
        pen_ink(pen, INK_TEXT);
        if (!second) {
            pen_dot(pen, s->x[i], s->y[i], 3.4);
            continue;
        }
        pen_fill_box(pen, INK_SHEET, s->x[i] - 3.5, s->y[i] - 3.5, 7, 7);
        pen_box(pen, s->x[i] - 3.5, s->y[i] - 3.5, 7, 7);
        pen_ink(pen, INK_TEXT_2);
        pen_stroke(pen, 1.3, DASH_NONE);
    }
}

/* ---- the six ---- */

static double spread(const study_chart_band_t *b)
{
    const double square = b->rmse * b->rmse - b->bias * b->bias;
    return square > 0 ? exact_sqrt(square) : 0;
}

/* Half a 95 % interval of the bias, from the spread of the errors. */
static double bias_half(const study_chart_band_t *b)
{
    return 1.96 * spread(b) / exact_sqrt(b->people);
}

static void ability_scale(panel_t *p, const study_chart_t *c)
{
    const double edge = (c->bands[c->band_count - 1].at - c->bands[0].at) * 0.06;
    p->x_low = c->bands[0].at - edge;
    p->x_high = c->bands[c->band_count - 1].at + edge;
}

/* A scale that ends at a step of its axis. */
static double round_up(double value)
{
    const double step = pen_step(value, 4);
    return value > 0 ? -exact_floor(-value / step) * step : 1;
}

static void paint_bias(pen_t *pen, const study_chart_t *c)
{
    panel_t p = panel_begin(pen, c, 0, "Bias by ability");
    series_t line = {.count = 0};
    double most = 0.02;
    for (int i = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        const double reach = b->people ? exact_abs(b->bias) + bias_half(b) : 0;
        if (reach > most) most = reach;
    }
    ability_scale(&p, c);
    p.y_high = round_up(most);
    p.y_low = -p.y_high;
    panel_axes(pen, &p, "true ability, logits \u2192");
    pen_ink(pen, INK_TEXT_2);
    pen_line(pen, p.left, at_y(&p, 0), p.right, at_y(&p, 0), 1, DASH_LONG);
    for (int i = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        if (!b->people) continue;
        const double x = at_x(&p, b->at), top = at_y(&p, b->bias + bias_half(b)),
                     low = at_y(&p, b->bias - bias_half(b));
        pen_ink(pen, INK_TEXT);
        pen_line(pen, x, top, x, low, 1, DASH_NONE);
        pen_line(pen, x - 3, top, x + 3, top, 1, DASH_NONE);
        pen_line(pen, x - 3, low, x + 3, low, 1, DASH_NONE);
        series_add(&line, &p, b->at, b->bias);
    }
    series_draw(pen, &line, false);
    legend(pen, &p, p.left - PANEL_LEFT, false, "estimate less truth, with its 95 % interval");
}

/* RMSE alone, or the spread of the errors and the error that the tests state. */
static void paint_errors(pen_t *pen, const study_chart_t *c, bool stated)
{
    panel_t p = panel_begin(pen, c, stated ? 2 : 1, stated ? "Standard error: true and stated" : "RMSE by ability");
    series_t line = {.count = 0}, other = {.count = 0};
    double most = 0.02;
    for (int i = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        if (b->people && b->rmse > most) most = b->rmse;
        if (b->people && stated && b->se > most) most = b->se;
    }
    ability_scale(&p, c);
    p.y_high = round_up(most);
    panel_axes(pen, &p, "true ability, logits \u2192");
    for (int i = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        if (!b->people) continue;
        series_add(&line, &p, b->at, stated ? spread(b) : b->rmse);
        if (stated) series_add(&other, &p, b->at, b->se);
    }
    if (stated) series_draw(pen, &other, true);
    series_draw(pen, &line, false);
    const double x = legend(pen, &p, p.left - PANEL_LEFT, false,
                            stated ? "SD of the errors" : "root mean square of estimate less truth");
    if (stated) legend(pen, &p, x, true, "mean that tests state");
}

static void paint_exposure(pen_t *pen, const study_chart_t *c)
{
    panel_t p = panel_begin(pen, c, 3, "Exposure of the items");
    const double most = c->exposure[0] > c->bound ? c->exposure[0] : c->bound;
    const int places = c->item_count < EXPOSURE_PLACES ? c->item_count : EXPOSURE_PLACES;
    p.x_high = c->item_count;
    p.y_high = round_up(most);
    panel_axes(pen, &p, "items, the most used first \u2192");
    cairo_move_to(pen->cr, p.left, p.bottom);
    for (int i = 0; i < places; i++) {
        const int item = (int)((double)i * c->item_count / places);
        const double y = at_y(&p, c->exposure[item]);
        cairo_line_to(pen->cr, at_x(&p, (double)c->item_count * i / places), y);
        cairo_line_to(pen->cr, at_x(&p, (double)c->item_count * (i + 1) / places), y);
    }
    cairo_line_to(pen->cr, p.right, p.bottom);
    cairo_close_path(pen->cr);
    pen_ink(pen, INK_BRAND_SOFT);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_TEXT);
    pen_stroke(pen, 1.3, DASH_NONE);
    const double y = p.top - 16, x = p.left - PANEL_LEFT;
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, p.right - x - 30};
    if (!(c->bound > 0)) {
        pen_text(pen, x, y + 4, type, "share of the tests that had the item; no bound was asked for");
        return;
    }
    char words[100], bound[40];
    pen_fixed(bound, c->bound, 3);
    snprintf(words, sizeof words, "bound %s, on the share of tests with the item", bound);
    pen_ink(pen, INK_CRIT);
    pen_line(pen, x, y, x + 24, y, 1.5, DASH_LONG);
    pen_line(pen, p.left, at_y(&p, c->bound), p.right, at_y(&p, c->bound), 1.5, DASH_LONG);
    pen_text(pen, x + 30, y + 4, type, words);
}

static void paint_area(pen_t *pen, const panel_t *p, const study_chart_area_t *a, double y)
{
    const double low = at_x(p, a->low), high = at_x(p, a->high);
    const bool off = a->least < a->low || a->most > a->high;
    pen_text(pen, p->left - 8, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT, AT_RIGHT, AREA_NAME - 10}, a->name);
    pen_box(pen, low - 4, y - 6, high - low + 8, 12);
    pen_ink(pen, INK_OK_SOFT);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_TEXT_3);
    pen_stroke(pen, 1, DASH_NONE);
    pen_ink(pen, INK_TEXT);
    pen_line(pen, at_x(p, a->least), y, at_x(p, a->most), y, 1.5, DASH_NONE);
    if (off)
        pen_square_x(pen, at_x(p, a->mean), y, 4.2, INK_CRIT);
    else
        pen_dot(pen, at_x(p, a->mean), y, 3);
}

static void paint_areas(pen_t *pen, const study_chart_t *c)
{
    panel_t p = panel_begin(pen, c, 4, "Items by area, against the blueprint");
    const double x = p.left - PANEL_LEFT;
    int most = 1;
    if (!c->area_count) {
        panel_none(pen, &p, "The design has no blueprint.");
        return;
    }
    for (int i = 0; i < c->area_count; i++) {
        if (c->areas[i].high > most) most = c->areas[i].high;
        if (c->areas[i].most > most) most = c->areas[i].most;
    }
    p.left = x + AREA_NAME;
    p.bottom = p.top + (double)c->area_count * AREA_ROW;
    p.x_high = round_up(most * 1.02);
    pen_across_axis(pen, p.left, p.right, p.top, p.bottom, 0, p.x_high);
    for (int i = 0; i < c->area_count; i++) paint_area(pen, &p, &c->areas[i], p.top + (i + 0.5) * AREA_ROW);
    pen_text(pen, x, p.top - 12, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, p.right - x},
             "box: asked; line: least to most; dot: mean; \u00d7: outside");
}

static void paint_decisions(pen_t *pen, const study_chart_t *c)
{
    panel_t p = panel_begin(pen, c, 5, "Right decisions around the mark");
    series_t line = {.count = 0};
    if (!c->step_count) {
        panel_none(pen, &p, "The design has no pass mark.");
        return;
    }
    const double edge = (c->steps[c->step_count - 1].at - c->steps[0].at) * 0.05;
    p.bottom = p.top + PANEL_HEIGHT - PANEL_TOP - PANEL_BOTTOM;
    p.x_low = c->steps[0].at - edge;
    p.x_high = c->steps[c->step_count - 1].at + edge;
    p.y_high = 100;
    panel_axes(pen, &p, "true ability less the mark, logits \u2192");
    pen_ink(pen, INK_TEXT_2);
    pen_line(pen, at_x(&p, 0), p.top, at_x(&p, 0), p.bottom, 1, DASH_LONG);
    for (int i = 0; i < c->step_count; i++)
        if (c->steps[i].people) series_add(&line, &p, c->steps[i].at, 100.0 * c->steps[i].right / c->steps[i].people);
    series_draw(pen, &line, false);
    legend(pen, &p, p.left - PANEL_LEFT, false, "% judged rightly; dashed: the mark");
}

static void study_paint(pen_t *pen, const void *input)
{
    const study_chart_t *c = input;
    const double room = pen->width - 32;
    pen_text(pen, 16, 22, (pen_type_t){TYPE_LARGE, TYPE_STRONG, INK_TEXT, AT_LEFT, room}, c->title);
    pen_text(pen, 16, 41, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, room}, c->note);
    paint_bias(pen, c);
    paint_errors(pen, c, false);
    paint_errors(pen, c, true);
    paint_exposure(pen, c);
    paint_areas(pen, c);
    paint_decisions(pen, c);
}

static void study_describe(text_t *out, const void *input)
{
    const study_chart_t *c = input;
    char at[40], bias[40], rmse[40], se[40];
    text_add(out, "By true ability: ");
    for (int i = 0, n = 0; i < c->band_count; i++) {
        const study_chart_band_t *b = &c->bands[i];
        if (!b->people) continue;
        pen_signed(at, b->at, 2);
        pen_signed(bias, b->bias, 2);
        pen_fixed(rmse, b->rmse, 2);
        pen_fixed(se, b->se, 2);
        text_addf(out, "%s%s bias %s, RMSE %s, stated error %s", n++ ? "; " : "", at, bias, rmse, se);
    }
    pen_fixed(at, c->exposure[0], 3);
    text_addf(out, ". Greatest exposure of %d items: %s", c->item_count, at);
    pen_fixed(at, c->bound, 3);
    if (c->bound > 0) text_addf(out, ", bound %s", at);
    int off = 0;
    for (int i = 0; i < c->area_count; i++)
        off += c->areas[i].least < c->areas[i].low || c->areas[i].most > c->areas[i].high;
    if (c->area_count) text_addf(out, ". Areas with tests outside the blueprint: %d of %d", off, c->area_count);
    double people = 0, right = 0;
    for (int i = 0; i < c->step_count; i++) {
        people += c->steps[i].people;
        right += c->steps[i].right;
    }
    pen_fixed(at, people > 0 ? 100 * right / people : 0, 1);
    if (c->step_count) text_addf(out, ". Right decisions: %s %%", at);
    text_add_char(out, '.');
}

const picture_way_t study_way = {study_check, study_size, study_paint, study_describe, false};
