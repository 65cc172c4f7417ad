/* Steps of a plan in lanes; see course.h. */
#include "draw/course.h"
#include "paint.h"

enum {
    COURSE_SIDE = 22,
    COURSE_KEY = 26,
    COURSE_LANE_HEAD = 22,
    COURSE_ROW = 36,
    COURSE_BAR = 12,
    COURSE_AXIS = 24,
    COURSE_RULE = 5
};

static bool course_check(const void *input, err_t *err)
{
    const course_chart_t *c = input;
    if (c->count < 1 || c->count > COURSE_MAX_ROWS || !c->rows)
        return err_set(err, ERR_INPUT, "A plan is drawn with 1 to %d steps, not %d.", COURSE_MAX_ROWS, c->count);
    if (c->lane_count < 1 || c->lane_count > COURSE_MAX_LANES || c->tick_count < 0 || c->tick_count > COURSE_MAX_TICKS)
        return err_set(err, ERR_INPUT, "A plan is drawn on 1 to %d lanes, with at most %d days named.",
                       COURSE_MAX_LANES, COURSE_MAX_TICKS);
    if (c->first >= c->last) return err_set(err, ERR_INPUT, "The plan's picture has no days to reach over.");
    for (int i = 0; i < c->count; i++) {
        const course_row_t *r = &c->rows[i];
        if (r->lane < 0 || r->lane >= c->lane_count || r->start < c->first || r->start > r->end_low ||
            r->end_low > r->end || r->end > c->last)
            return err_set(err, ERR_INPUT, "Step %d of the plan's picture has no such lane or days.", i + 1);
    }
    return true;
}

static int lane_rows(const course_chart_t *c, int lane)
{
    int rows = 0;
    for (int i = 0; i < c->count; i++) rows += c->rows[i].lane == lane;
    return rows;
}

static void course_size(const void *input, double *width, double *height)
{
    const course_chart_t *c = input;
    if (*width <= 0) *width = COURSE_WIDTH;
    *height = COURSE_KEY + COURSE_AXIS + COURSE_ROW * c->count;
    for (int l = 0; l < c->lane_count; l++)
        if (lane_rows(c, l) > 0) *height += COURSE_LANE_HEAD;
}

static double course_x(const pen_t *pen, const course_chart_t *c, int32_t day)
{
    return COURSE_SIDE + (pen->width - 2 * COURSE_SIDE) * ((double)day - c->first) / ((double)c->last - c->first);
}

static void ruled(pen_t *pen, double x, double y, double width)
{
    if (width <= 0) return;
    pen_fill_box(pen, INK_BRAND_SOFT, x, y, width, COURSE_BAR);
    pen_ink(pen, INK_BRAND);
    for (double at = x + COURSE_RULE / 2.0; at < x + width; at += COURSE_RULE)
        pen_line(pen, at, y, at, y + COURSE_BAR, 1, DASH_NONE);
    pen_box(pen, x, y, width, COURSE_BAR);
    pen_stroke(pen, 1, DASH_NONE);
}

static void course_key(pen_t *pen)
{
    pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    double x = 8, y = 5;
    pen_fill_box(pen, INK_BRAND, x, y, 22, COURSE_BAR);
    x += 28 + pen_text(pen, x + 28, y + 10, words, "until the earliest end") + 14;
    ruled(pen, x, y, 22);
    pen_text(pen, x + 28, y + 10, words, "until the latest");
}

static void course_axis(pen_t *pen, const course_chart_t *c)
{
    double bottom = pen->height - COURSE_AXIS;
    pen_type_t words = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0};
    for (int i = 0; i < c->tick_count; i++) {
        double x = course_x(pen, c, c->ticks[i].day), half = pen_text_width(pen, words, c->ticks[i].label) / 2;
        pen_ink(pen, INK_RULE);
        pen_line(pen, x, COURSE_KEY, x, bottom, 1, DASH_NONE);
        double at = x - half < 2 ? half + 2 : x + half > pen->width - 2 ? pen->width - 2 - half : x;
        pen_text(pen, at, bottom + 16, words, c->ticks[i].label);
    }
}

static void course_row(pen_t *pen, const course_chart_t *c, const course_row_t *r, double top)
{
    double start = course_x(pen, c, r->start), low = course_x(pen, c, r->end_low), end = course_x(pen, c, r->end);
    double y = top + 18, room = pen->width - 16;
    pen_type_t said = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, room * 0.5};
    double taken = pen_text_width(pen, said, r->said);
    if (taken > room * 0.5) taken = room * 0.5;
    pen_text(pen, 8, top + 12, (pen_type_t){12, TYPE_TEXT, INK_TEXT, AT_LEFT, room - taken - 8}, r->name);
    pen_text(pen, pen->width - 8, top + 12, said, r->said);
    pen_fill_box(pen, INK_BRAND, start, y, low - start > 2 ? low - start : 2, COURSE_BAR);
    ruled(pen, low, y, end - low);
    pen_ink(pen, INK_TEXT);
    pen_line(pen, low, y - 2, low, y + COURSE_BAR + 2, 1.5, DASH_NONE);
    pen_line(pen, end, y - 2, end, y + COURSE_BAR + 2, 1.5, DASH_NONE);
}

static void course_paint(pen_t *pen, const void *input)
{
    const course_chart_t *c = input;
    double y = COURSE_KEY;
    course_key(pen);
    course_axis(pen, c);
    for (int l = 0; l < c->lane_count; l++) {
        if (lane_rows(c, l) == 0) continue;
        pen_ink(pen, INK_RULE_STRONG);
        pen_line(pen, 8, y, pen->width - 8, y, 1, DASH_NONE);
        pen_text(pen, 8, y + 15, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->lanes[l]);
        y += COURSE_LANE_HEAD;
        for (int i = 0; i < c->count; i++) {
            if (c->rows[i].lane != l) continue;
            course_row(pen, c, &c->rows[i], y);
            y += COURSE_ROW;
        }
    }
}

static void course_describe(text_t *out, const void *input)
{
    const course_chart_t *c = input;
    text_addf(out, "%d %s in time", c->count, c->count == 1 ? "step" : "steps");
    for (int l = 0; l < c->lane_count; l++) {
        bool first = true;
        for (int i = 0; i < c->count; i++) {
            const course_row_t *r = &c->rows[i];
            if (r->lane != l) continue;
            text_addf(out, "%s%s%s%s, done %s", first ? ". " : "; ", first ? c->lanes[l] : "", first ? ": " : "",
                      r->name, r->said ? r->said : "");
            first = false;
        }
    }
    text_add_char(out, '.');
}

const picture_way_t course_way = {course_check, course_size, course_paint, course_describe, false};
