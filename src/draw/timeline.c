/* The shift as swim-lanes. In each lane marks take the first row where they do not run into the ones before;
 * a lane of many rows has thinner ones, and when all are full marks overlap in the emptiest, so a busy night stays
 * a picture and does not grow without end.
 * The cursor is a line with the time in words, and what lies after it is paler. */
#include "base/exact.h"
#include "draw/shift.h"
#include "paint.h"

#include <string.h>

enum {
    LANE_ROWS = 16,
    LANE_WIDE_ROWS = 4,
    LANE_ROW = 17,
    LANE_THIN_ROW = 7,
    LANE_PAD = 5,
    TIMELINE_LEFT = 92,
    TIMELINE_TOP = 26,
    TIMELINE_AXIS = 22,
    TIMELINE_HEAD = 24
};

typedef struct {
    double left, right, top, bottom;
    double lane[TIMELINE_MAX_LANES + 1]; /* tops */
    int rows[TIMELINE_MAX_LANES];
    double row[TIMELINE_MAX_LANES]; /* height of a row */
} timeline_frame_t;

bool shift_time_check(int32_t length_s, int32_t clock_s, err_t *err)
{
    if (length_s < 60 || length_s > 7 * 86400)
        return err_set(err, ERR_INPUT, "A shift lasts a minute to a week, not %d seconds.", (int)length_s);
    if (clock_s < 0 || clock_s >= 86400)
        return err_set(err, ERR_INPUT, "The clock at the start is a second of the day, not %d.", (int)clock_s);
    return true;
}

static bool timeline_check(const void *input, err_t *err)
{
    const timeline_chart_t *c = input;
    if (!shift_time_check(c->length_s, c->clock_s, err)) return false;
    if (c->lane_count < 1 || c->lane_count > TIMELINE_MAX_LANES)
        return err_set(err, ERR_INPUT, "A timeline has 1 to %d lanes, not %d.", TIMELINE_MAX_LANES, c->lane_count);
    if (c->event_count < 0 || c->event_count > TIMELINE_MAX_EVENTS || (c->event_count && !c->events))
        return err_set(err, ERR_INPUT, "A timeline has at most %d events, not %d.", TIMELINE_MAX_EVENTS,
                       c->event_count);
    for (int i = 0; i < c->event_count; i++)
        if (c->events[i].lane < 0 || c->events[i].lane >= c->lane_count)
            return err_set(err, ERR_INPUT, "Event %d of the timeline is in lane %d of %d.", i + 1,
                           c->events[i].lane + 1, c->lane_count);
    for (int i = 0; i < c->event_count; i++)
        if ((unsigned)c->events[i].tone >= TONE_COUNT)
            return err_set(err, ERR_INPUT, "Event %d of the timeline has no known tone.", i + 1);
    return true;
}

static double timeline_x(const timeline_chart_t *c, const timeline_frame_t *f, int32_t at_s)
{
    int32_t t = at_s < 0 ? 0 : at_s > c->length_s ? c->length_s : at_s;
    return f->left + (f->right - f->left) * (double)t / c->length_s;
}

/* How far right a mark reaches without its label. */
static double event_end(const timeline_chart_t *c, const timeline_frame_t *f, const timeline_event_t *e)
{
    double x = timeline_x(c, f, e->at_s) + 6;
    double until = e->until_s > e->at_s ? timeline_x(c, f, e->until_s) : x;
    return until > x ? until : x;
}

/* Gives every event a row of its lane; `rows` may be NULL when only the heights are wanted. */
static void timeline_stack(const timeline_chart_t *c, timeline_frame_t *f, unsigned char *rows)
{
    double taken[TIMELINE_MAX_LANES][LANE_ROWS];
    for (int l = 0; l < TIMELINE_MAX_LANES; l++) {
        f->rows[l] = 1;
        for (int r = 0; r < LANE_ROWS; r++) taken[l][r] = -1e9;
    }
    for (int i = 0; i < c->event_count; i++) {
        const timeline_event_t *e = &c->events[i];
        double x = timeline_x(c, f, e->at_s) - 6;
        int row = 0;
        for (int r = 1; r < LANE_ROWS && taken[e->lane][row] > x; r++)
            if (taken[e->lane][r] <= x || taken[e->lane][r] < taken[e->lane][row]) row = r;
        double end = event_end(c, f, e);
        if (end > taken[e->lane][row]) taken[e->lane][row] = end;
        if (row + 1 > f->rows[e->lane]) f->rows[e->lane] = row + 1;
        if (rows) rows[i] = (unsigned char)row;
    }
}

static timeline_frame_t timeline_frame(const timeline_chart_t *c, double width, unsigned char *rows)
{
    timeline_frame_t f = {.left = TIMELINE_LEFT, .right = width - 24};
    if (f.right < f.left + 20) f.right = f.left + 20;
    timeline_stack(c, &f, rows);
    f.top = TIMELINE_TOP + (c->title ? TIMELINE_HEAD : 0);
    f.lane[0] = f.top;
    for (int l = 0; l < c->lane_count; l++) {
        f.row[l] = f.rows[l] > LANE_WIDE_ROWS ? LANE_THIN_ROW : LANE_ROW;
        f.lane[l + 1] = f.lane[l] + f.rows[l] * f.row[l] + 2 * LANE_PAD;
    }
    f.bottom = f.lane[c->lane_count];
    return f;
}

static void timeline_size(const void *input, double *width, double *height)
{
    const timeline_chart_t *c = input;
    if (*width <= 0) *width = TIMELINE_WIDTH;
    *height = timeline_frame(c, *width, NULL).bottom + TIMELINE_AXIS;
}

/* All bars of a tone, then all marks of it: few strokes, small files. */
static void timeline_tone(pen_t *pen, const timeline_chart_t *c, const timeline_frame_t *f, const unsigned char *rows,
                          draw_tone_t tone)
{
    pen_point_t wide[TIMELINE_MAX_EVENTS], thin[TIMELINE_MAX_EVENTS];
    int wide_count = 0, thin_count = 0;
    bool bars = false;
    for (int i = 0; i < c->event_count; i++) {
        const timeline_event_t *e = &c->events[i];
        if (e->tone != tone) continue;
        double x = timeline_x(c, f, e->at_s), tall = f->row[e->lane], bar = tall < LANE_ROW ? 5 : 8;
        double y = f->lane[e->lane] + LANE_PAD + tall * (rows[i] + 0.5);
        if (e->until_s > e->at_s) {
            double end = timeline_x(c, f, e->until_s);
            pen_box(pen, x, y - bar / 2, end - x > 2 ? end - x : 2, bar);
            bars = true;
            if (tone == TONE_PLAIN) continue;
        }
        if (tall < LANE_ROW)
            thin[thin_count++] = (pen_point_t){x, y};
        else
            wide[wide_count++] = (pen_point_t){x, y};
    }
    if (bars) {
        pen_ink(pen, tone_soft(tone));
        cairo_fill_preserve(pen->cr);
        pen_ink(pen, tone_ink(tone));
        pen_stroke(pen, 1, DASH_NONE);
    }
    pen_tones(pen, tone, thin, thin_count, 3);
    pen_tones(pen, tone, wide, wide_count, 5);
}

/* Labels go to the right of their marks where the row is free until the next mark. */
static void timeline_labels(pen_t *pen, const timeline_chart_t *c, const timeline_frame_t *f, const unsigned char *rows)
{
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0};
    double next[TIMELINE_MAX_LANES][LANE_ROWS];
    for (int l = 0; l < TIMELINE_MAX_LANES; l++)
        for (int r = 0; r < LANE_ROWS; r++) next[l][r] = f->right + 8;
    for (int i = c->event_count - 1; i >= 0; i--) {
        const timeline_event_t *e = &c->events[i];
        double x = timeline_x(c, f, e->at_s), start = event_end(c, f, e) + 3;
        double *limit = &next[e->lane][rows[i]];
        if (e->label && *limit - start > 24 && f->row[e->lane] >= LANE_ROW) {
            double width = pen_text_width(pen, type, e->label);
            double y = f->lane[e->lane] + LANE_PAD + LANE_ROW * (rows[i] + 0.5);
            if (start + width + 4 <= *limit) pen_text(pen, start, y + 4, type, e->label);
        }
        if (x - 6 < *limit) *limit = x - 6;
    }
}

static void timeline_cursor(pen_t *pen, const timeline_chart_t *c, const timeline_frame_t *f)
{
    double x = timeline_x(c, f, c->cursor_s);
    pen_rgb(pen, draw_color(pen->scheme, INK_SHEET), 0.55);
    pen_box(pen, x, f->top, f->right + 12 - x, f->bottom - f->top);
    cairo_fill(pen->cr);
    char clock[8];
    int32_t t = c->cursor_s < 0 ? 0 : c->cursor_s > c->length_s ? c->length_s : c->cursor_s;
    text_clock(clock, ((int64_t)c->clock_s + t) % 86400);
    pen_ink(pen, INK_TEXT);
    pen_line(pen, x, f->top - 4, x, f->bottom, 1.6, DASH_NONE);
    pen_round_box(pen, x - 23, f->top - 22, 46, 18, 3);
    pen_ink(pen, INK_TEXT);
    cairo_fill(pen->cr);
    pen_text(pen, x, f->top - 9, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_SHEET, AT_MIDDLE, 0}, clock);
}

static void timeline_paint(pen_t *pen, const void *input)
{
    const timeline_chart_t *c = input;
    unsigned char rows[TIMELINE_MAX_EVENTS];
    timeline_frame_t f = timeline_frame(c, pen->width, rows);
    if (c->title)
        pen_text(pen, 8, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 16}, c->title);
    pen_time_axis(pen, f.left, f.right, f.top, f.bottom, c->length_s, c->clock_s);
    for (int l = 0; l <= c->lane_count; l++) {
        pen_ink(pen, INK_RULE_STRONG);
        pen_line(pen, 8, f.lane[l], f.right + 8, f.lane[l], 1, DASH_NONE);
        if (l < c->lane_count)
            pen_text(pen, 8, f.lane[l] + LANE_PAD + 13,
                     (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, TIMELINE_LEFT - 20}, c->lanes[l]);
    }
    for (int tone = 0; tone < TONE_COUNT; tone++) timeline_tone(pen, c, &f, rows, (draw_tone_t)tone);
    timeline_labels(pen, c, &f, rows);
    if (c->has_cursor) timeline_cursor(pen, c, &f);
}

int32_t draw_timeline_second(const timeline_chart_t *chart, draw_look_t look, double x)
{
    double width, height;
    picture_t picture = {.kind = PICTURE_TIMELINE, .timeline = chart};
    if (!picture_fit(&picture, look, &width, &height, NULL)) return 0;
    timeline_frame_t f = timeline_frame(chart, width, NULL);
    if (!(x > f.left)) return 0;
    if (x >= f.right) return chart->length_s;
    return (int32_t)((x - f.left) / (f.right - f.left) * chart->length_s + 0.5);
}

static void timeline_describe(text_t *out, const void *input)
{
    const timeline_chart_t *c = input;
    char from[8], to[8];
    text_clock(from, c->clock_s);
    text_clock(to, ((int64_t)c->clock_s + c->length_s) % 86400);
    text_addf(out, "Timeline from %s to %s", from, to);
    for (int l = 0; l < c->lane_count; l++) {
        int count = 0;
        for (int i = 0; i < c->event_count; i++) count += c->events[i].lane == l;
        text_addf(out, "%s%s %d", l ? ", " : ": ", c->lanes[l] ? c->lanes[l] : "lane", count);
    }
    if (c->has_cursor) {
        char at[8];
        int32_t t = c->cursor_s < 0 ? 0 : c->cursor_s > c->length_s ? c->length_s : c->cursor_s;
        text_clock(at, ((int64_t)c->clock_s + t) % 86400);
        text_addf(out, "; cursor at %s", at);
    }
    text_add_char(out, '.');
}

const picture_way_t timeline_way = {timeline_check, timeline_size, timeline_paint, timeline_describe, false};
