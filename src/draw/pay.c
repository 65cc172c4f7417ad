/* Pay by place; see pay.h. The scale begins at zero, so that lengths may be compared. */
#include "draw/pay.h"
#include "paint.h"

#include <math.h>
#include <stdio.h>

enum { PAY_LEFT = 150, PAY_RIGHT = 70, PAY_TOP = 34, PAY_BOTTOM = 30, PAY_NARROW = 480, PAY_LEFT_NARROW = 104 };
static const double PAY_MOST = 1000000;

static bool pay_check(const void *input, err_t *err)
{
    const pay_chart_t *c = input;
    if (c->count < 1 || c->count > PAY_MAX_ROWS || !c->rows)
        return err_set(err, ERR_INPUT, "A chart of pay shows 1 to %d places, not %d.", PAY_MAX_ROWS, c->count);
    for (int i = 0; i < c->count; i++) {
        const pay_row_t *r = &c->rows[i];
        const double values[] = {r->p10, r->p25, r->median, r->p75, r->p90};
        for (int k = 0; k < 5; k++)
            if ((k == 2 && isnan(values[k])) || values[k] < 0 || values[k] > PAY_MOST)
                return err_set(err, ERR_INPUT, "Place %d needs a median, and dollars from 0 to 1,000,000.", i + 1);
    }
    return true;
}

static void pay_size(const void *input, double *width, double *height)
{
    const pay_chart_t *c = input;
    if (*width <= 0) *width = PAY_WIDTH;
    *height = PAY_TOP + PAY_BOTTOM + PAY_ROW_HEIGHT * c->count;
}

typedef struct {
    pen_t *pen;
    double left, right, high; /* dollars at the right end */
} scale_t;

static double pay_x(const scale_t *s, double dollars)
{
    return s->left + (s->right - s->left) * dollars / s->high;
}

static scale_t pay_scale(pen_t *pen, const pay_chart_t *c)
{
    double most = isnan(c->reference) ? 1 : c->reference;
    for (int i = 0; i < c->count; i++) {
        if (c->rows[i].median > most) most = c->rows[i].median;
        if (c->rows[i].p90 > most) most = c->rows[i].p90;
    }
    double step = pen_step(most, 6);
    return (scale_t){pen, pen->width < PAY_NARROW ? PAY_LEFT_NARROW : PAY_LEFT, pen->width - PAY_RIGHT,
                     step * ceil(most / step)};
}

static void pay_axis(const scale_t *s)
{
    double bottom = s->pen->height - PAY_BOTTOM, step = pen_step(s->high, s->pen->width < PAY_NARROW ? 3 : 6);
    for (double v = 0; v <= s->high; v += step) {
        char label[40];
        snprintf(label, sizeof label, "$%.0fk", v / 1000);
        pen_ink(s->pen, INK_RULE);
        pen_line(s->pen, pay_x(s, v), PAY_TOP - 6, pay_x(s, v), bottom, 1, DASH_NONE);
        pen_text(s->pen, pay_x(s, v), bottom + 16, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0},
                 label);
    }
}

static void pay_row(const scale_t *s, const pay_row_t *r, double y)
{
    pen_t *pen = s->pen;
    char label[40];
    if (r->marked) pen_fill_box(pen, INK_BRAND_SOFT, 0, y - PAY_ROW_HEIGHT / 2.0, pen->width, PAY_ROW_HEIGHT);
    pen_face_t face = r->marked ? TYPE_STRONG : TYPE_TEXT;
    pen_text(pen, s->left - 10, y + 4, (pen_type_t){12, face, INK_TEXT, AT_RIGHT, s->left - 14}, r->name);
    pen_ink(pen, INK_RULE_STRONG);
    if (!isnan(r->p10) && !isnan(r->p90)) pen_line(pen, pay_x(s, r->p10), y, pay_x(s, r->p90), y, 1.5, DASH_NONE);
    pen_ink(pen, INK_TEXT_3);
    if (!isnan(r->p25) && !isnan(r->p75)) pen_line(pen, pay_x(s, r->p25), y, pay_x(s, r->p75), y, 6, DASH_NONE);
    pen_ring(pen, pay_x(s, r->median), y, 5, r->marked ? INK_BRAND : INK_TEXT, r->marked ? INK_BRAND : INK_SHEET);
    snprintf(label, sizeof label, "$%d,%03d", (int)r->median / 1000, (int)r->median % 1000);
    pen_text(pen, pen->width - 8, y + 4, (pen_type_t){TYPE_SMALL, face, INK_TEXT_2, AT_RIGHT, PAY_RIGHT - 10}, label);
}

static void pay_key(const scale_t *s, const pay_chart_t *c)
{
    pen_t *pen = s->pen;
    pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    double x = 8, y = 14;
    pen_ink(pen, INK_RULE_STRONG);
    pen_line(pen, x, y - 4, x + 34, y - 4, 1.5, DASH_NONE);
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, x + 8, y - 4, x + 26, y - 4, 6, DASH_NONE);
    pen_ring(pen, x + 17, y - 4, 4, INK_TEXT, INK_SHEET);
    x += 42 +
         pen_text(pen, x + 42, y, words,
                  pen->width < PAY_NARROW ? "10–90 %, half, median" : "10th to 90th percentile, middle half, median");
    if (isnan(c->reference)) return;
    char label[120];
    snprintf(label, sizeof label, "%s", c->reference_name ? c->reference_name : "reference");
    pen_ink(pen, INK_INFO);
    pen_line(pen, x + 16, y - 4, x + 36, y - 4, 1.5, DASH_LONG);
    pen_text(pen, x + 42, y, words, label);
}

static void pay_paint(pen_t *pen, const void *input)
{
    const pay_chart_t *c = input;
    scale_t s = pay_scale(pen, c);
    pay_axis(&s);
    for (int i = 0; i < c->count; i++) pay_row(&s, &c->rows[i], PAY_TOP + PAY_ROW_HEIGHT * (i + 0.5));
    if (!isnan(c->reference)) {
        pen_ink(pen, INK_INFO);
        pen_line(pen, pay_x(&s, c->reference), PAY_TOP - 6, pay_x(&s, c->reference), pen->height - PAY_BOTTOM, 1.5,
                 DASH_LONG);
    }
    pay_key(&s, c);
}

static void pay_describe(text_t *out, const void *input)
{
    const pay_chart_t *c = input;
    const pay_row_t *low = &c->rows[0], *high = &c->rows[0], *marked = NULL;
    for (int i = 0; i < c->count; i++) {
        if (c->rows[i].median < low->median) low = &c->rows[i];
        if (c->rows[i].median > high->median) high = &c->rows[i];
        if (c->rows[i].marked) marked = &c->rows[i];
    }
    text_addf(out, "Pay a year in %d place%s: medians from $%.0f (%s) to $%.0f (%s)", c->count,
              c->count == 1 ? "" : "s", low->median, low->name, high->median, high->name);
    if (marked) text_addf(out, "; %s $%.0f", marked->name, marked->median);
    if (!isnan(c->reference)) text_addf(out, "; %s $%.0f", c->reference_name, c->reference);
    text_add(out, ".");
}

const picture_way_t pay_way = {pay_check, pay_size, pay_paint, pay_describe, false};
