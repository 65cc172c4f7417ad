/* Bars; see bars.h. The order is the caller's: it says something. */
#include "draw/bars.h"
#include "paint.h"

#include <stdio.h>

enum { BARS_NAME = 178, BARS_NUMBER = 64, BARS_TOP = 6, BARS_BOTTOM = 24, BARS_THICK = 16 };

static bool bars_check(const void *input, err_t *err)
{
    const bars_chart_t *c = input;
    if (c->count < 1 || c->count > BARS_MAX || !c->bars || c->most < 1)
        return err_set(err, ERR_INPUT, "A chart has 1 to %d bars, not %d.", BARS_MAX, c->count);
    for (int i = 0; i < c->count; i++)
        if (!c->bars[i].name || c->bars[i].value < 0 || c->bars[i].value > c->most)
            return err_set(err, ERR_INPUT, "Bar %d needs a name and a value from 0 to %d.", i + 1, c->most);
    return true;
}

static void bars_size(const void *input, double *width, double *height)
{
    const bars_chart_t *c = input;
    if (*width <= 0) *width = BARS_WIDTH;
    *height = BARS_TOP + BARS_ROW * c->count + BARS_BOTTOM;
}

static void bars_axis(pen_t *pen, const bars_chart_t *c, double left, double right)
{
    char label[32];
    double bottom = pen->height - BARS_BOTTOM;
    for (int quarter = 0; quarter <= 4; quarter++) {
        double x = left + (right - left) * quarter / 4;
        pen_ink(pen, INK_RULE);
        pen_line(pen, x, BARS_TOP, x, bottom, 1, DASH_NONE);
        snprintf(label, sizeof label, "%g", c->most * quarter / 4.0);
        pen_text(pen, x, pen->height - 8, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 40}, label);
    }
}

static void bars_paint(pen_t *pen, const void *input)
{
    const bars_chart_t *c = input;
    bool narrow = pen->width < 480; /* no room for what the names mean */
    double left = narrow ? BARS_NAME * 0.66 : BARS_NAME, right = pen->width - BARS_NUMBER;
    char number[32];
    bars_axis(pen, c, left, right);
    for (int i = 0; i < c->count; i++) {
        const bar_t *b = &c->bars[i];
        const char *brief = narrow ? NULL : b->brief;
        double top = BARS_TOP + BARS_ROW * i, length = (right - left) * b->value / c->most;
        pen_text(pen, 0, top + (brief ? 14 : 21), (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, left - 8},
                 b->name);
        pen_text(pen, 0, top + 28, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, left - 8}, brief);
        pen_fill_box(pen, INK_TEXT_2, left, top + (BARS_ROW - BARS_THICK) / 2.0, length, BARS_THICK);
        snprintf(number, sizeof number, "%d", b->value);
        pen_text(pen, left + length + 6, top + 21, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, 56}, number);
    }
}

static void bars_describe(text_t *out, const void *input)
{
    const bars_chart_t *c = input;
    text_addf(out, "Bars from 0 to %d: ", c->most);
    for (int i = 0; i < c->count; i++) text_addf(out, "%s%s %d", i ? ", " : "", c->bars[i].name, c->bars[i].value);
    text_add(out, ".");
}

const picture_way_t bars_way = {bars_check, bars_size, bars_paint, bars_describe, false};
