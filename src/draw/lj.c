/* The Levey–Jennings chart. A panel a level over one axis of runs; the vertical scale is in standard deviations
 * of the target, −3.6 to +3.6, and a point beyond it stands at the edge as an arrow with its number.
 * Lines differ in style as well as color: mean solid, 1 SD dotted, 2 SD dashed, 3 SD solid and heavy. */
#include "draw/lj.h"
#include "base/exact.h"
#include "lj_private.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum {
    LJ_LEFT = 58,
    LJ_RIGHT = 62,
    LJ_HEAD = 24,
    LJ_AXIS = 36,
    LJ_KEY = 22,
    LJ_FLAG = 15,
    LJ_FLAG_ROWS = 3,
    LJ_PAD = 8
};
static const double LJ_SPAN = 3.6;

static const struct {
    uint32_t bit;
    const char *letter, *words;
} lj_marks[LJ_MARK_KINDS] = {
    {LJ_MARK_LOT, "L", "L new lot"},
    {LJ_MARK_CALIBRATION, "C", "C calibrated"},
    {LJ_MARK_MAINTENANCE, "M", "M maintenance"},
    {LJ_MARK_NEW_VIAL, "V", "V new vial"},
    {LJ_MARK_CONTROL, "K", "K new control lot"},
    {LJ_MARK_LIMITS, "N", "N new limits"},
};

/* ---- what both kinds of chart ask ---- */

bool lj_check(const void *input, err_t *err)
{
    const lj_chart_t *chart = input;
    if (chart->level_count < 1 || chart->level_count > LJ_MAX_LEVELS)
        return err_set(err, ERR_INPUT, "A control chart has 1 to %d levels, not %d.", LJ_MAX_LEVELS,
                       chart->level_count);
    if (chart->point_count < 0 || chart->point_count > LJ_MAX_POINTS || (chart->point_count && !chart->points))
        return err_set(err, ERR_INPUT, "A control chart has at most %d runs, not %d.", LJ_MAX_POINTS,
                       chart->point_count);
    if (chart->focus < 0 || chart->focus > chart->point_count)
        return err_set(err, ERR_INPUT, "The chart has no run at place %d.", chart->focus);
    for (int l = 0; l < chart->level_count; l++)
        if (!number_fits(chart->levels[l].mean) || !number_fits(chart->levels[l].sd) || chart->levels[l].sd < 0)
            return err_set(err, ERR_INPUT, "Level %d needs a mean and a standard deviation of 0 or more.", l + 1);
    return true;
}

bool lj_any_judged(const lj_point_t *points, int count, int levels)
{
    for (int i = 0; i < count; i++)
        for (int l = 0; l < levels; l++)
            if (points[i].judged[l] != LJ_NOT_JUDGED) return true;
    return false;
}

int lj_last(const lj_point_t *points, int count, int level)
{
    for (int i = count - 1; i >= 0; i--)
        if (number_fits(points[i].z[level])) return i;
    return -1;
}

void lj_symbol(pen_t *pen, lj_judged_t judged, double x, double y, double r)
{
    switch (judged) {
    case LJ_IN_CONTROL:
        pen_ink(pen, INK_BRAND);
        pen_dot(pen, x, y, r);
        break;
    case LJ_WARNING:
        pen_triangle(pen, x, y, r * 1.7, INK_WARN);
        break;
    case LJ_REJECT:
        pen_square_x(pen, x, y, r * 1.35, INK_CRIT);
        break;
    default:
        pen_ring(pen, x, y, r * 0.88, INK_BRAND, INK_SHEET);
        break;
    }
}

double lj_key(pen_t *pen, double x, double y, bool vertical)
{
    static const struct {
        lj_judged_t judged;
        const char *words;
    } rows[] = {
        {LJ_IN_CONTROL, "in control"}, {LJ_WARNING, "warning"}, {LJ_REJECT, "reject"}, {LJ_NOT_JUDGED, "not judged"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lj_symbol(pen, rows[i].judged, x + 5, y - 4, 3.2);
        double width =
            pen_text(pen, x + 14, y, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, 0}, rows[i].words);
        if (vertical)
            y += 17;
        else
            x += width + 30;
    }
    return x;
}

/* ---- geometry ---- */

typedef struct {
    double left, right, flags; /* flags: height above the first panel for the words at marks */
    double top[LJ_MAX_LEVELS], bottom[LJ_MAX_LEVELS], axis;
    double step;
    bool key;
} lj_frame_t;

/* Height for the words at marks: a row a mark, at most three. */
static double lj_flag_height(const lj_chart_t *chart)
{
    int rows = 0;
    for (int i = 0; i < chart->point_count && rows < LJ_FLAG_ROWS; i++)
        rows += (chart->points[i].marks & LJ_MARK_ALL) != 0;
    return rows * LJ_FLAG;
}

static lj_frame_t lj_frame(const lj_chart_t *chart, double width, double height)
{
    lj_frame_t f = {.left = LJ_LEFT, .right = width - LJ_RIGHT};
    if (width < 420) f.right = width - 20; /* no room for values on a phone */
    if (f.right < f.left + 20) f.right = f.left + 20;
    f.key = lj_any_judged(chart->points, chart->point_count, chart->level_count);
    f.flags = lj_flag_height(chart);
    double above = LJ_PAD + (chart->title ? LJ_HEAD : 0) + f.flags;
    double below = LJ_AXIS + (f.key ? LJ_KEY : 0);
    double each = (height - above - below) / chart->level_count;
    if (each < LJ_HEAD + 30) each = LJ_HEAD + 30;
    for (int l = 0; l < chart->level_count; l++) {
        f.top[l] = above + each * l + LJ_HEAD;
        f.bottom[l] = above + each * (l + 1) - 4;
    }
    f.axis = f.bottom[chart->level_count - 1];
    f.step = (f.right - f.left) / (chart->point_count > 1 ? chart->point_count : 1);
    return f;
}

static double lj_x(const lj_frame_t *f, int point)
{
    return f->left + f->step * (point + 0.5);
}

static double lj_y(const lj_frame_t *f, int level, double z)
{
    if (z > LJ_SPAN) z = LJ_SPAN;
    if (z < -LJ_SPAN) z = -LJ_SPAN;
    double middle = (f->top[level] + f->bottom[level]) / 2, half = (f->bottom[level] - f->top[level]) / 2;
    return middle - z / LJ_SPAN * half;
}

static void lj_size(const void *input, double *width, double *height)
{
    const lj_chart_t *chart = input;
    if (*width <= 0) *width = LJ_WIDTH;
    *height = LJ_PAD + (chart->title ? LJ_HEAD : 0) + lj_flag_height(chart) + chart->level_count * LJ_LEVEL_HEIGHT +
              LJ_AXIS + (lj_any_judged(chart->points, chart->point_count, chart->level_count) ? LJ_KEY : 0);
}

/* ---- drawing ---- */

static void lj_lines(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f, int level)
{
    static const char *const words[7] = {"\u22123 SD", "\u22122 SD", "\u22121 SD", "mean", "+1 SD", "+2 SD", "+3 SD"};
    static const struct {
        draw_ink_t ink;
        double width;
        pen_dash_t dash;
    } style[4] = {{INK_TEXT_3, 1.2, DASH_NONE},
                  {INK_RULE_STRONG, 1, DASH_DOTS},
                  {INK_WARN, 1.1, DASH_LONG},
                  {INK_CRIT, 1.6, DASH_NONE}};
    const lj_level_t *l = &chart->levels[level];
    bool tight = f->bottom[level] - f->top[level] < 90;
    for (int sd = -3; sd <= 3; sd++) {
        int k = sd < 0 ? -sd : sd;
        double y = lj_y(f, level, sd);
        pen_ink(pen, style[k].ink);
        pen_line(pen, f->left, y, f->right, y, style[k].width, style[k].dash);
        if (tight && k == 1) continue;
        pen_text(pen, f->left - 8, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_RIGHT, 0}, words[sd + 3]);
        if (l->sd > 0 && f->right < pen->width - 40) {
            char value[40];
            pen_fixed(value, l->mean + sd * l->sd, l->decimals);
            pen_text(pen, f->right + 8, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, LJ_RIGHT - 8},
                     value);
        }
    }
}

static void lj_level_title(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f, int level)
{
    const lj_level_t *l = &chart->levels[level];
    double y = f->top[level] - 7;
    pen_type_t small = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, 0};
    double x = f->left + pen_text(pen, f->left, y, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, 0}, l->name);
    if (!(l->sd > 0)) return;
    char mean[40], sd[40], words[160];
    pen_fixed(mean, l->mean, l->decimals);
    pen_fixed(sd, l->sd, l->decimals);
    snprintf(words, sizeof words, "mean %s   SD %s %.60s", mean, sd, chart->unit ? chart->unit : "");
    small.room = f->right - x - 12;
    if (small.room < 20) return;
    double width = pen_text_width(pen, small, words);
    pen_fill_box(pen, INK_SHEET, x + 9, y - 11, width + 6, 15); /* lines of marks pass behind the words */
    pen_text(pen, x + 12, y, small, words);
}

/* A point off the scale: an arrow at the edge and its number. */
static void lj_beyond(pen_t *pen, double x, double y, double z)
{
    double up = z > 0 ? -1 : 1;
    pen_ink(pen, INK_TEXT);
    cairo_move_to(pen->cr, x - 4, y + up * 8);
    cairo_line_to(pen->cr, x, y + up * 13);
    cairo_line_to(pen->cr, x + 4, y + up * 8);
    pen_stroke(pen, 1.5, DASH_NONE);
    char number[40];
    pen_signed(number, z, 1);
    pen_text(pen, x - 8, y + (z > 0 ? -1 : 9), (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_RIGHT, 0}, number);
}

/* All dots of one kind in one stroke; most points are such, and it keeps the file small. */
static void lj_round(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f, int level, lj_judged_t judged,
                     draw_ink_t ink, double r)
{
    bool any = false;
    for (int i = 0; i < chart->point_count; i++) {
        double z = chart->points[i].z[level];
        if (chart->points[i].judged[level] != judged || !number_fits(z)) continue;
        pen_add_dot(pen, lj_x(f, i), lj_y(f, level, z));
        any = true;
    }
    pen_ink(pen, ink);
    if (any) pen_stroke_dots(pen, r);
}

static void lj_points(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f, int level)
{
    bool on = false;
    for (int i = 0; i < chart->point_count; i++) {
        double z = chart->points[i].z[level];
        if (!number_fits(z)) {
            on = false;
            continue;
        }
        (on ? cairo_line_to : cairo_move_to)(pen->cr, lj_x(f, i), lj_y(f, level, z));
        on = true;
    }
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, 1.3, DASH_NONE);
    double r = f->step < 9 ? 2.4 : 3.2;
    lj_round(pen, chart, f, level, LJ_NOT_JUDGED, INK_BRAND, r * 0.88 + 0.75);
    lj_round(pen, chart, f, level, LJ_NOT_JUDGED, INK_SHEET, r * 0.88 - 0.75);
    lj_round(pen, chart, f, level, LJ_IN_CONTROL, INK_BRAND, r);
    for (int i = 0; i < chart->point_count; i++) {
        double z = chart->points[i].z[level], x = lj_x(f, i), y = lj_y(f, level, z);
        if (!number_fits(z)) continue;
        if (chart->points[i].judged[level] >= LJ_WARNING) lj_symbol(pen, chart->points[i].judged[level], x, y, r);
        if (z > LJ_SPAN || z < -LJ_SPAN) lj_beyond(pen, x, y, z);
    }
}

static void lj_mark_words(char words[120], uint32_t marks, bool letters)
{
    words[0] = '\0';
    for (int k = 0; k < LJ_MARK_KINDS; k++) {
        if (!(marks & lj_marks[k].bit)) continue;
        if (words[0] && !letters) strcat(words, ", ");
        strcat(words, letters ? lj_marks[k].letter : lj_marks[k].words);
    }
}

/* Words at the marks above the first panel, in the lowest of three rows where they do not run into others;
 * letters alone where there is no room (the letters are those of the words beside). First all lines, then all
 * words, so that no line strikes a word through. */
static void lj_flags(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f, bool text)
{
    int rows = (int)(f->flags / LJ_FLAG);
    double taken[LJ_FLAG_ROWS];
    for (int r = 0; r < LJ_FLAG_ROWS; r++) taken[r] = pen->width + 7; /* words may end at the edge */
    /* From the right, so that the newest mark has its words. */
    for (int i = chart->point_count - 1; i >= 0; i--) {
        uint32_t marks = chart->points[i].marks & LJ_MARK_ALL;
        if (!marks) continue;
        double x = lj_x(f, i);
        char words[120];
        pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_INFO, AT_LEFT, 0};
        int row = -1;
        double start = 0, width = 0;
        for (int letters = 0; letters < 2 && row < 0; letters++) {
            lj_mark_words(words, marks, letters);
            width = pen_text_width(pen, type, words);
            start = x + 5 + width > pen->width ? x - 5 - width : x + 5;
            for (int r = 0; r < rows && row < 0; r++)
                if ((start > x ? start : x) + width + 6 < taken[r] || start + width + 6 < taken[r]) row = r;
        }
        double line = f->top[0] - LJ_HEAD - 2;
        if (row >= 0) {
            taken[row] = start - 6 < x - 6 ? start - 6 : x - 6;
            for (int r = 0; r < row; r++) /* its line passes through the rows below */
                if (x - 4 < taken[r]) taken[r] = x - 4;
            line -= LJ_FLAG * row;
            if (text) pen_fill_box(pen, INK_SHEET, start - 2, line - 10, width + 4, 13);
            if (text) pen_text(pen, start, line, type, words);
        }
        pen_ink(pen, INK_INFO);
        for (int l = 0; !text && l < chart->level_count; l++)
            pen_line(pen, x, l ? f->top[l] : line - 9, x, f->bottom[l], 1, DASH_SHORT);
    }
}

static void lj_axis(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f)
{
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0};
    double y = f->axis + 15;
    bool times = false;
    for (int i = 0; i < chart->point_count; i++) times = times || (chart->points[i].time && *chart->points[i].time);
    pen_text(pen, f->left - 8, y, type, "run");
    if (times) pen_text(pen, f->left - 8, y + 14, type, "time");
    type.align = AT_MIDDLE;
    int every = 1;
    while (f->step * every < (times ? 40 : 26)) every++;
    int last = chart->point_count - 1;
    for (int i = last; i >= 0; i -= every) { /* counted from the newest, which always has its number */
        char run[16];
        snprintf(run, sizeof run, "%d", (int)chart->points[i].run);
        pen_text(pen, lj_x(f, i), y, type, run);
        pen_text(pen, lj_x(f, i), y + 14, type, chart->points[i].time);
    }
}

static void lj_focus(pen_t *pen, const lj_chart_t *chart, const lj_frame_t *f)
{
    if (!chart->focus) return;
    int i = chart->focus - 1;
    const lj_point_t *p = &chart->points[i];
    for (int l = 0; l < chart->level_count; l++) {
        if (!number_fits(p->z[l])) continue;
        double x = lj_x(f, i), y = lj_y(f, l, p->z[l]);
        cairo_new_sub_path(pen->cr);
        cairo_arc(pen->cr, x, y, 8, 0, PEN_TAU);
        pen_ink(pen, INK_INFO);
        pen_stroke(pen, 2, DASH_NONE);
        char z[40], words[120];
        pen_signed(z, p->z[l], 1);
        snprintf(words, sizeof words, "run %d  %.20s  z %s", (int)p->run, p->time ? p->time : "", z);
        pen_type_t type = {TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, 0};
        double width = pen_text_width(pen, type, words);
        double left = x + 14 + width > pen->width ? x - 14 - width : x + 14;
        double base = p->z[l] > 2.4 ? y + 17 : y - 9;
        pen_fill_box(pen, INK_SHEET, left - 3, base - 11, width + 6, 15);
        pen_text(pen, left, base, type, words);
    }
}

static void lj_paint(pen_t *pen, const void *input)
{
    const lj_chart_t *chart = input;
    lj_frame_t f = lj_frame(chart, pen->width, pen->height);
    if (chart->title)
        pen_text(pen, f.left, 18, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, f.right - f.left},
                 chart->title);
    lj_flags(pen, chart, &f, false);
    lj_flags(pen, chart, &f, true);
    for (int l = 0; l < chart->level_count; l++) {
        lj_level_title(pen, chart, &f, l);
        lj_lines(pen, chart, &f, l);
        lj_points(pen, chart, &f, l);
    }
    lj_axis(pen, chart, &f);
    lj_focus(pen, chart, &f);
    if (f.key) lj_key(pen, f.left, f.axis + LJ_AXIS + 14, false);
}

bool draw_lj_place(const lj_chart_t *chart, draw_look_t look, int level, int point, draw_box_t *box)
{
    double width, height;
    picture_t picture = {.kind = PICTURE_LJ, .lj = chart};
    if (!picture_fit(&picture, look, &width, &height, NULL)) return false;
    if (level < 0 || level >= chart->level_count || point < 0 || point >= chart->point_count) return false;
    if (!number_fits(chart->points[point].z[level])) return false;
    lj_frame_t f = lj_frame(chart, width, height);
    double half = f.step / 2 > 12 ? 12 : f.step / 2;
    *box = (draw_box_t){lj_x(&f, point) - half, lj_y(&f, level, chart->points[point].z[level]) - 12, 2 * half, 24};
    return true;
}

/* ---- words ---- */

void lj_describe_marks(text_t *out, const lj_point_t *points, int count)
{
    const char *before = "; marks: ";
    for (int i = 0; i < count; i++) {
        if (!(points[i].marks & LJ_MARK_ALL)) continue;
        char words[120];
        lj_mark_words(words, points[i].marks, false);
        text_addf(out, "%s%s at run %d", before, words, (int)points[i].run);
        before = ", ";
    }
}

void lj_describe_judged(text_t *out, const lj_point_t *points, int count, int levels)
{
    int found[4] = {0};
    for (int i = 0; i < count; i++)
        for (int l = 0; l < levels; l++)
            if (number_fits(points[i].z[l])) found[points[i].judged[l] & 3]++;
    if (!(found[LJ_IN_CONTROL] + found[LJ_WARNING] + found[LJ_REJECT])) return;
    text_addf(out, "; judged in control %d, warning %d, reject %d, not judged %d", found[LJ_IN_CONTROL],
              found[LJ_WARNING], found[LJ_REJECT], found[LJ_NOT_JUDGED]);
}

static void lj_describe(text_t *out, const void *input)
{
    const lj_chart_t *chart = input;
    text_add(out, "Levey\u2013Jennings chart");
    if (chart->title) text_addf(out, ", %s,", chart->title);
    text_addf(out, " of %d runs", chart->point_count);
    for (int l = 0; l < chart->level_count; l++) {
        text_addf(out, "%s%s: ", l ? "; " : ", ", chart->levels[l].name ? chart->levels[l].name : "control");
        int last = lj_last(chart->points, chart->point_count, l);
        if (last < 0) {
            text_add(out, "no values");
            continue;
        }
        char z[40];
        pen_signed(z, chart->points[last].z[l], 1);
        text_addf(out, "last value %s SD", z);
    }
    text_add(out, "; lines at mean and 1, 2, 3 SD");
    lj_describe_marks(out, chart->points, chart->point_count);
    lj_describe_judged(out, chart->points, chart->point_count, chart->level_count);
    text_add_char(out, '.');
}

const picture_way_t lj_way = {lj_check, lj_size, lj_paint, lj_describe, false};
