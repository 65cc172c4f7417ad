/* The spark line. The scale holds the results and the interval; the interval is a soft band with edges. */
#include "draw/spark.h"
#include "base/exact.h"
#include "paint.h"

enum { SPARK_PAD = 5 };

static bool spark_check(const void *input, err_t *err)
{
    const spark_t *s = input;
    if (s->count < SPARK_MIN_RESULTS || s->count > SPARK_MAX_RESULTS)
        return err_set(err, ERR_INPUT, "A spark line has %d to %d results, not %d.", SPARK_MIN_RESULTS,
                       SPARK_MAX_RESULTS, s->count);
    for (int i = 0; i < s->count; i++)
        if (!number_fits(s->values[i]) || !number_fits(s->hours[i]) || (i && s->hours[i] < s->hours[i - 1]))
            return err_set(err, ERR_INPUT, "Result %d of the spark line needs a number and a time in order.", i + 1);
    return true;
}

static void spark_size(const void *input, double *width, double *height)
{
    const spark_t *s = input;
    if (*width <= 0) *width = SPARK_WIDTH + (s->numbers ? 44 : 0);
    *height = SPARK_HEIGHT;
}

static void spark_paint(pen_t *pen, const void *input)
{
    const spark_t *s = input;
    double right = pen->width - SPARK_PAD - (s->numbers ? 44 : 0), left = SPARK_PAD;
    double low = s->values[0], high = s->values[0];
    for (int i = 1; i < s->count; i++) {
        if (s->values[i] < low) low = s->values[i];
        if (s->values[i] > high) high = s->values[i];
    }
    bool has_low = number_fits(s->low), has_high = number_fits(s->high);
    if (has_low && s->low < low) low = s->low;
    if (has_high && s->high > high) high = s->high;
    double span = high > low ? high - low : 1, room = pen->height - 2 * SPARK_PAD;
    double middle = (low + high) / 2;
    if (!(high > low)) low = middle - 0.5;
#define SPARK_Y(v) (SPARK_PAD + room * (1 - ((v)-low) / span))
    if (has_low || has_high) {
        double top = has_high ? SPARK_Y(s->high) : 0, bottom = has_low ? SPARK_Y(s->low) : pen->height;
        pen_rgb(pen, draw_color(pen->scheme, INK_RULE_STRONG), 0.28);
        pen_box(pen, 0, top, right + SPARK_PAD, bottom - top);
        cairo_fill(pen->cr);
        pen_ink(pen, INK_RULE_STRONG);
        if (has_high) pen_line(pen, 0, top, right + SPARK_PAD, top, 0.8, DASH_NONE);
        if (has_low) pen_line(pen, 0, bottom, right + SPARK_PAD, bottom, 0.8, DASH_NONE);
    }
    double first = s->hours[0], hours = s->hours[s->count - 1] - first;
    double xs[SPARK_MAX_RESULTS];
    for (int i = 0; i < s->count; i++) {
        double share = hours > 0 ? (s->hours[i] - first) / hours : (double)i / (s->count - 1);
        xs[i] = left + (right - left) * share;
        (i ? cairo_line_to : cairo_move_to)(pen->cr, xs[i], SPARK_Y(s->values[i]));
    }
    pen_ink(pen, INK_TEXT_2);
    pen_stroke(pen, 1.4, DASH_NONE);
    for (int i = 0; i < s->count; i++) pen_dot(pen, xs[i], SPARK_Y(s->values[i]), i == s->count - 1 ? 3.2 : 1.7);
    if (s->numbers) {
        char last[40];
        pen_fixed(last, s->values[s->count - 1], s->decimals);
        pen_text(pen, pen->width - 2, pen->height / 2 + 5, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_RIGHT, 42},
                 last);
    }
#undef SPARK_Y
}

static void spark_describe(text_t *out, const void *input)
{
    const spark_t *s = input;
    text_addf(out, "%d results: ", s->count);
    for (int i = 0; i < s->count; i++) {
        char value[40];
        pen_fixed(value, s->values[i], s->decimals);
        text_addf(out, "%s%s", i ? ", " : "", value);
    }
    if (s->unit && *s->unit) text_addf(out, " %s", s->unit);
    char low[40], high[40];
    pen_fixed(low, s->low, s->decimals);
    pen_fixed(high, s->high, s->decimals);
    bool has_low = number_fits(s->low), has_high = number_fits(s->high);
    if (has_low && has_high)
        text_addf(out, "; interval %s to %s", low, high);
    else if (has_low)
        text_addf(out, "; interval %s and above", low);
    else if (has_high)
        text_addf(out, "; interval up to %s", high);
    text_add_char(out, '.');
}

const picture_way_t spark_way = {spark_check, spark_size, spark_paint, spark_describe, true};
