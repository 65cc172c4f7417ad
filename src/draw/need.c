/* Needed and done; see need.h. */
#include "draw/need.h"
#include "paint.h"

#include <stdio.h>

enum {
    NEED_LEFT = 14,
    NEED_RIGHT = 14,
    NEED_TOP = 34,
    NEED_BOTTOM = 8,
    NEED_BAR = 12,
    NEED_INDENT = 24,
    NEED_RULE = 5
};
static const double NEED_MOST = 100000;

static bool need_check(const void *input, err_t *err)
{
    const need_chart_t *c = input;
    if (c->count < 1 || c->count > NEED_MAX_ROWS || !c->rows)
        return err_set(err, ERR_INPUT, "A chart of needs has 1 to %d rows, not %d.", NEED_MAX_ROWS, c->count);
    for (int i = 0; i < c->count; i++) {
        const double values[] = {c->rows[i].need, c->rows[i].verified, c->rows[i].declared, c->rows[i].possible};
        for (int k = 0; k < 4; k++)
            if (!(values[k] >= 0 && values[k] <= NEED_MOST))
                return err_set(err, ERR_INPUT, "Row %d of the needs has an amount outside 0 to 100,000.", i + 1);
    }
    return true;
}

static void need_size(const void *input, double *width, double *height)
{
    const need_chart_t *c = input;
    if (*width <= 0) *width = NEED_WIDTH;
    *height = NEED_TOP + NEED_BOTTOM + NEED_ROW_HEIGHT * c->count;
}

static void solid(pen_t *pen, double x, double y, double width, double height)
{
    if (width > 0) pen_fill_box(pen, INK_BRAND, x, y, width, height);
}

static void ruled(pen_t *pen, double x, double y, double width, double height)
{
    if (width <= 0) return;
    pen_fill_box(pen, INK_BRAND_SOFT, x, y, width, height);
    pen_ink(pen, INK_BRAND);
    for (double at = x + NEED_RULE / 2.0; at < x + width; at += NEED_RULE)
        pen_line(pen, at, y, at, y + height, 1.2, DASH_NONE);
    pen_box(pen, x, y, width, height);
    pen_stroke(pen, 1, DASH_NONE);
}

static void open_box(pen_t *pen, double x, double y, double width, double height)
{
    if (width <= 0) return;
    pen_ink(pen, INK_TEXT_2);
    pen_box(pen, x, y, width, height);
    pen_stroke(pen, 1.2, DASH_SHORT);
}

/* The part of [0, need] from `from` on that `amount` fills, in pixels. */
static double span(const need_row_t *r, double from, double amount, double width)
{
    double left = r->need - from;
    if (left <= 0) return 0;
    return (amount < left ? amount : left) / r->need * width;
}

static void need_row(pen_t *pen, const need_row_t *r, double top)
{
    double x = NEED_LEFT + (r->part ? NEED_INDENT : 0), width = pen->width - NEED_RIGHT - x;
    double height = r->part ? NEED_BAR - 4 : NEED_BAR, y = top + 18;
    double said = pen_text_width(pen, (pen_type_t){12, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, 0}, r->said);
    if (said > width * 0.6) said = width * 0.6;
    pen_text(pen, x, top + 12,
             (pen_type_t){12, r->part ? TYPE_TEXT : TYPE_STRONG, INK_TEXT, AT_LEFT, width - said - 12}, r->name);
    pen_text(pen, pen->width - NEED_RIGHT, top + 12, (pen_type_t){12, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, said + 2},
             r->said);
    if (r->need <= 0) return;
    pen_ink(pen, INK_RULE_STRONG);
    pen_box(pen, x, y, width, height);
    pen_stroke(pen, 1, DASH_NONE);
    double verified = span(r, 0, r->verified, width), declared = span(r, r->verified, r->declared, width);
    solid(pen, x, y, verified, height);
    ruled(pen, x + verified, y, declared, height);
    open_box(pen, x + verified + declared, y, span(r, r->verified + r->declared, r->possible, width), height);
}

static void need_key(pen_t *pen)
{
    pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    double x = NEED_LEFT, y = 9;
    solid(pen, x, y, 22, 10);
    x += 28 + pen_text(pen, x + 28, y + 9, words, "verified") + 14;
    ruled(pen, x, y, 22, 10);
    x += 28 + pen_text(pen, x + 28, y + 9, words, "declared") + 14;
    open_box(pen, x, y, 22, 10);
    pen_text(pen, x + 28, y + 9, words, "may count");
}

static void need_paint(pen_t *pen, const void *input)
{
    const need_chart_t *c = input;
    need_key(pen);
    for (int i = 0; i < c->count; i++) need_row(pen, &c->rows[i], NEED_TOP + NEED_ROW_HEIGHT * i);
}

static void need_describe(text_t *out, const void *input)
{
    const need_chart_t *c = input;
    text_add(out, "Needed and done: ");
    for (int i = 0; i < c->count; i++) {
        const need_row_t *r = &c->rows[i];
        text_addf(out, "%s%s, ", i ? "; " : "", r->name);
        text_add_fixed(out, r->verified, 2);
        text_add(out, " verified and ");
        text_add_fixed(out, r->declared, 2);
        text_add(out, " declared of ");
        text_add_fixed(out, r->need, 2);
    }
    text_add(out, ".");
}

const picture_way_t need_way = {need_check, need_size, need_paint, need_describe, false};
