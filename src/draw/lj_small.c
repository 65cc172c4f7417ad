/* The two-level plot (Youden) and the overview of many tests. */
#include "base/exact.h"
#include "draw/lj.h"
#include "lj_private.h"
#include "paint.h"

#include <stdio.h>

/* ---- two levels against each other ---- */

enum { YOUDEN_LEFT = 58, YOUDEN_BOTTOM = 44, YOUDEN_TOP = 34, YOUDEN_KEY = 112 };
static const double YOUDEN_SPAN = 4.0;

static bool youden_check(const void *input, err_t *err)
{
    const lj_chart_t *chart = input;
    if (!lj_check(chart, err)) return false;
    if (chart->level_count < 2) return err_set(err, ERR_INPUT, "A two-level plot needs two levels of control.");
    return true;
}

static void youden_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = YOUDEN_SIDE + YOUDEN_KEY;
    *height = *width - YOUDEN_KEY > 200 ? *width - YOUDEN_KEY : *width;
}

typedef struct {
    double left, top, side;
} square_t;

static double youden_at(double z)
{
    if (z > YOUDEN_SPAN) z = YOUDEN_SPAN;
    if (z < -YOUDEN_SPAN) z = -YOUDEN_SPAN;
    return (z / YOUDEN_SPAN + 1) / 2;
}

static void youden_grid(pen_t *pen, const lj_chart_t *chart, square_t s)
{
    static const int boxes[] = {3, 2, 1};
    static const draw_ink_t inks[] = {INK_CRIT, INK_WARN, INK_RULE_STRONG};
    static const pen_dash_t dashes[] = {DASH_NONE, DASH_LONG, DASH_DOTS};
    for (int i = 0; i < 3; i++) {
        double a = youden_at(-boxes[i]) * s.side, size = s.side - 2 * a;
        pen_box(pen, s.left + a, s.top + a, size, size);
        pen_ink(pen, inks[i]);
        pen_stroke(pen, i ? 1.1 : 1.6, dashes[i]);
        char words[16];
        snprintf(words, sizeof words, "%d SD", boxes[i]);
        pen_text(pen, s.left + a + 4, s.top + a + 13, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_LEFT, 0},
                 words);
    }
    pen_ink(pen, INK_TEXT_3);
    pen_line(pen, s.left, s.top + s.side / 2, s.left + s.side, s.top + s.side / 2, 1, DASH_NONE);
    pen_line(pen, s.left + s.side / 2, s.top, s.left + s.side / 2, s.top + s.side, 1, DASH_NONE);
    pen_ink(pen, INK_RULE_STRONG);
    pen_line(pen, s.left, s.top + s.side, s.left + s.side, s.top, 1, DASH_SHORT);
    for (int z = -3; z <= 3; z++) {
        char words[24];
        snprintf(words, sizeof words, z ? "%s%d" : "mean", z < 0 ? "\u2212" : "+", z < 0 ? -z : z);
        double at = youden_at(z) * s.side;
        pen_text(pen, s.left + at, s.top + s.side + 15, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0},
                 words);
        pen_text(pen, s.left - 8, s.top + s.side - at + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0},
                 words);
    }
    char name[120];
    snprintf(name, sizeof name, "%.80s, SD \u2192", chart->levels[0].name ? chart->levels[0].name : "first level");
    pen_text(pen, s.left + s.side, s.top + s.side + 32, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_RIGHT, s.side},
             name);
    snprintf(name, sizeof name, "\u2191 %.80s, SD", chart->levels[1].name ? chart->levels[1].name : "second level");
    pen_text(pen, s.left, s.top - 10, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, s.side}, name);
}

static void youden_paint(pen_t *pen, const void *input)
{
    const lj_chart_t *chart = input;
    bool judged = lj_any_judged(chart->points, chart->point_count, 2);
    square_t s = {YOUDEN_LEFT, YOUDEN_TOP, pen->height - YOUDEN_TOP - YOUDEN_BOTTOM};
    double room = pen->width - YOUDEN_LEFT - 12;
    if (room - s.side > YOUDEN_KEY && judged) room -= YOUDEN_KEY;
    if (s.side > room) s.side = room;
    if (s.side < 20) s.side = 20;
    youden_grid(pen, chart, s);
    int last = -1;
    for (int i = 0; i < chart->point_count; i++) {
        const lj_point_t *p = &chart->points[i];
        if (!number_fits(p->z[0]) || !number_fits(p->z[1])) continue;
        lj_judged_t worst = p->judged[0] > p->judged[1] ? p->judged[0] : p->judged[1];
        lj_symbol(pen, worst, s.left + youden_at(p->z[0]) * s.side, s.top + (1 - youden_at(p->z[1])) * s.side, 3.2);
        last = i;
    }
    if (last >= 0) {
        const lj_point_t *p = &chart->points[last];
        double x = s.left + youden_at(p->z[0]) * s.side, y = s.top + (1 - youden_at(p->z[1])) * s.side;
        pen_ink(pen, INK_INFO);
        cairo_new_sub_path(pen->cr);
        cairo_arc(pen->cr, x, y, 8, 0, PEN_TAU);
        pen_stroke(pen, 1.5, DASH_NONE);
        char words[40];
        snprintf(words, sizeof words, "run %d", (int)p->run);
        double width = pen_text_width(pen, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, 0}, words);
        double left = x + 12 + width > s.left + s.side ? x - 12 - width : x + 12;
        pen_fill_box(pen, INK_SHEET, left - 2, y - 7, width + 4, 15);
        pen_text(pen, left, y + 4, (pen_type_t){TYPE_SMALL, TYPE_STRONG, INK_TEXT, AT_LEFT, 0}, words);
    }
    if (judged && s.left + s.side + YOUDEN_KEY <= pen->width + 12) lj_key(pen, s.left + s.side + 22, s.top + 12, true);
}

static void youden_describe(text_t *out, const void *input)
{
    const lj_chart_t *chart = input;
    int both = 0, last = -1;
    for (int i = 0; i < chart->point_count; i++)
        if (number_fits(chart->points[i].z[0]) && number_fits(chart->points[i].z[1])) both++, last = i;
    text_addf(out, "Two-level plot of %d runs, %s across and %s up", both,
              chart->levels[0].name ? chart->levels[0].name : "first level",
              chart->levels[1].name ? chart->levels[1].name : "second level");
    if (last >= 0) {
        char a[40], b[40];
        pen_signed(a, chart->points[last].z[0], 1);
        pen_signed(b, chart->points[last].z[1], 1);
        text_addf(out, "; last run %d at %s and %s SD", (int)chart->points[last].run, a, b);
    }
    text_add(out, "; squares at 1, 2, 3 SD");
    lj_describe_judged(out, chart->points, chart->point_count, 2);
    text_add_char(out, '.');
}

const picture_way_t youden_way = {youden_check, youden_size, youden_paint, youden_describe, false};

/* ---- overview ---- */

enum { CELL_GAP = 12, CELL_HEAD = 22, OVERVIEW_PAD = 4 };
static const double CELL_SPAN = 3.4;

static bool overview_check(const void *input, err_t *err)
{
    const lj_overview_t *o = input;
    if (o->cell_count < 0 || o->cell_count > LJ_MAX_CELLS || (o->cell_count && !o->cells))
        return err_set(err, ERR_INPUT, "An overview has at most %d tests, not %d.", LJ_MAX_CELLS, o->cell_count);
    if (o->columns < 0 || o->columns > LJ_MAX_CELLS)
        return err_set(err, ERR_INPUT, "An overview has 0 (automatic) to %d columns.", LJ_MAX_CELLS);
    for (int i = 0; i < o->cell_count; i++) {
        const lj_cell_t *c = &o->cells[i];
        if (c->level_count < 1 || c->level_count > LJ_MAX_LEVELS || c->point_count < 0 ||
            c->point_count > LJ_MAX_POINTS || (c->point_count && !c->points))
            return err_set(err, ERR_INPUT, "Test %d of the overview needs 1 to %d levels and at most %d runs.", i + 1,
                           LJ_MAX_LEVELS, LJ_MAX_POINTS);
    }
    return true;
}

static int overview_columns(const lj_overview_t *o, double width)
{
    int columns = o->columns ? o->columns : (int)((width + CELL_GAP) / (LJ_CELL_WIDTH + CELL_GAP));
    return columns < 1 ? 1 : columns;
}

static void overview_size(const void *input, double *width, double *height)
{
    const lj_overview_t *o = input;
    if (*width <= 0) *width = (o->columns ? o->columns : 4) * (LJ_CELL_WIDTH + CELL_GAP) - CELL_GAP + 2 * OVERVIEW_PAD;
    int columns = overview_columns(o, *width - 2 * OVERVIEW_PAD), rows = (o->cell_count + columns - 1) / columns;
    *height = (rows < 1 ? 1 : rows) * (LJ_CELL_HEIGHT + CELL_GAP) - CELL_GAP + 2 * OVERVIEW_PAD;
}

static draw_box_t overview_box(const lj_overview_t *o, double width, int cell)
{
    int columns = overview_columns(o, width - 2 * OVERVIEW_PAD);
    double each = (width - 2 * OVERVIEW_PAD + CELL_GAP) / columns;
    return (draw_box_t){OVERVIEW_PAD + (cell % columns) * each,
                        OVERVIEW_PAD + (double)(cell / columns) * (LJ_CELL_HEIGHT + CELL_GAP), each - CELL_GAP,
                        LJ_CELL_HEIGHT};
}

static void cell_level(pen_t *pen, const lj_cell_t *c, draw_box_t plot, int level)
{
    static const pen_dash_t dashes[LJ_MAX_LEVELS] = {DASH_NONE, DASH_SHORT, DASH_DOTS};
    static const draw_ink_t inks[LJ_MAX_LEVELS] = {INK_BRAND, INK_INFO, INK_TEXT_2};
    double step = plot.width / (c->point_count > 1 ? c->point_count : 1);
    bool on = false;
    int newest = lj_last(c->points, c->point_count, level);
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < c->point_count; i++) {
            double z = c->points[i].z[level];
            if (!number_fits(z)) {
                on = false;
                continue;
            }
            double edge = z > CELL_SPAN ? CELL_SPAN : z < -CELL_SPAN ? -CELL_SPAN : z;
            double x = plot.x + step * (i + 0.5), y = plot.y + plot.height / 2 - edge / CELL_SPAN * plot.height / 2;
            if (!pass)
                (on ? cairo_line_to : cairo_move_to)(pen->cr, x, y);
            else if (i == newest || c->points[i].judged[level] >= LJ_WARNING)
                lj_symbol(pen, c->points[i].judged[level], x, y, 2.6);
            on = true;
        }
        if (!pass) {
            pen_ink(pen, inks[level]);
            pen_stroke(pen, 1.2, dashes[level]);
        }
    }
}

static void overview_cell(pen_t *pen, const lj_cell_t *c, draw_box_t box)
{
    double room = box.width;
    if (c->state) {
        pen_type_t type = {TYPE_SMALL, TYPE_TEXT, tone_ink(c->tone), AT_RIGHT, box.width * 0.6};
        double width = pen_text(pen, box.x + box.width, box.y + 12, type, c->state);
        if (c->tone != TONE_PLAIN) pen_tone(pen, c->tone, box.x + box.width - width - 9, box.y + 8, 4.5);
        room -= width + (c->tone != TONE_PLAIN ? 22 : 8);
    }
    pen_text(pen, box.x, box.y + 12, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, room > 20 ? room : 20}, c->name);
    draw_box_t plot = {box.x, box.y + CELL_HEAD, box.width, box.height - CELL_HEAD};
    for (int sd = -3; sd <= 3; sd++) {
        int k = sd < 0 ? -sd : sd;
        if (k == 1) continue;
        double y = plot.y + plot.height / 2 - sd / CELL_SPAN * plot.height / 2;
        pen_ink(pen, k == 3 ? INK_CRIT : k == 2 ? INK_WARN : INK_RULE_STRONG);
        pen_line(pen, plot.x, y, plot.x + plot.width, y, k == 3 ? 1.1 : 0.8, k == 2 ? DASH_LONG : DASH_NONE);
    }
    for (int l = 0; l < c->level_count; l++) cell_level(pen, c, plot, l);
    if (!c->point_count)
        pen_text(pen, plot.x + plot.width / 2, plot.y + plot.height / 2 - 3,
                 (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, "no runs yet");
}

static void overview_paint(pen_t *pen, const void *input)
{
    const lj_overview_t *o = input;
    for (int i = 0; i < o->cell_count; i++) overview_cell(pen, &o->cells[i], overview_box(o, pen->width, i));
}

bool draw_lj_overview_place(const lj_overview_t *overview, draw_look_t look, int cell, draw_box_t *box)
{
    double width, height;
    picture_t picture = {.kind = PICTURE_LJ_OVERVIEW, .overview = overview};
    if (!picture_fit(&picture, look, &width, &height, NULL) || cell < 0 || cell >= overview->cell_count) return false;
    *box = overview_box(overview, width, cell);
    return true;
}

static void overview_describe(text_t *out, const void *input)
{
    const lj_overview_t *o = input;
    text_addf(out, "Small control charts of %d tests with lines at mean, 2 and 3 SD", o->cell_count);
    for (int i = 0; i < o->cell_count; i++) {
        const lj_cell_t *c = &o->cells[i];
        text_addf(out, "; %s", c->name ? c->name : "unnamed");
        if (c->state) text_addf(out, " (%s)", c->state);
        const char *before = " last ";
        for (int l = 0; l < c->level_count; l++) {
            int last = lj_last(c->points, c->point_count, l);
            char z[40];
            if (last < 0) continue;
            pen_signed(z, c->points[last].z[l], 1);
            text_addf(out, "%s%s", before, z);
            before = ", ";
        }
        text_add(out, before[0] == ',' ? " SD" : " no runs");
    }
    text_add_char(out, '.');
}

const picture_way_t overview_way = {overview_check, overview_size, overview_paint, overview_describe, false};
