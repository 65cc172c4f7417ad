/* The scattergram. Points are put in order of class, density and place: those of one class and density are one path,
 * equal ones are drawn once, and neighbors follow one another, which keeps the file small. Density is the number of
 * points (of all classes) in the 3 x 3 cells around, cells being 4 x 4 channels. See cell.h. */
#include "base/exact.h"
#include "draw/cell.h"
#include "paint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCATTER_LEFT = 20,
    SCATTER_RIGHT = 6,
    SCATTER_TOP = 40,
    SCATTER_FOOT = 24,
    SCATTER_KEY_ROW = 17,
    SCATTER_KEY_COLUMN = 122,
    SCATTER_CELL = 4,
    SCATTER_CELLS = SCATTER_CHANNELS / SCATTER_CELL,
    SCATTER_DEPTHS = 3,
    SCATTER_PLACES = 6,
    SCATTER_PLACE_CELL = 8,
    SCATTER_PLACE_CELLS = SCATTER_CHANNELS / SCATTER_PLACE_CELL,
};
/* Points around from which a place is middling or dense, as shares of all points. */
static const double SCATTER_MIDDLING = 0.004, SCATTER_DENSE = 0.014;
static const double SCATTER_ALPHA[SCATTER_DEPTHS] = {0.62, 0.82, 1.0};
static const double SCATTER_SIZE[SCATTER_DEPTHS] = {0.82, 0.92, 1.0};

typedef struct {
    double left, top, side, scale; /* of marks */
} scatter_frame_t;

static bool scatter_check_classes(const scatter_t *s, err_t *err)
{
    if (s->class_count < 0 || s->class_count > SCATTER_MAX_CLASSES)
        return err_set(err, ERR_INPUT, "A scattergram has at most %d classes, not %d.", SCATTER_MAX_CLASSES,
                       s->class_count);
    for (int i = 0; i < s->class_count; i++) {
        static const bool for_words[INK_COUNT] = {
            [INK_TEXT] = true, [INK_TEXT_2] = true, [INK_TEXT_3] = true, [INK_BRAND] = true,
            [INK_OK] = true,   [INK_WARN] = true,   [INK_CRIT] = true,   [INK_INFO] = true};
        const scatter_class_t *c = &s->classes[i];
        if ((unsigned)c->mark >= SCATTER_MARKS || (unsigned)c->ink >= INK_COUNT || !for_words[c->ink])
            return err_set(err, ERR_INPUT, "Class %d of the scattergram needs a mark and an ink that words have.",
                           i + 1);
    }
    return true;
}

static bool scatter_check(const void *input, err_t *err)
{
    const scatter_t *s = input;
    if (s->point_count < 0 || s->point_count > SCATTER_MAX_POINTS || (s->point_count && !s->points))
        return err_set(err, ERR_INPUT, "A scattergram has at most %d points, not %d.", SCATTER_MAX_POINTS,
                       s->point_count);
    if (!scatter_check_classes(s, err)) return false;
    if (s->gate_count < 0 || s->gate_count > SCATTER_MAX_GATES)
        return err_set(err, ERR_INPUT, "A scattergram has at most %d gates, not %d.", SCATTER_MAX_GATES, s->gate_count);
    for (int i = 0; i < s->gate_count; i++)
        if (s->gates[i].corner_count < 3 || s->gates[i].corner_count > SCATTER_MAX_CORNERS)
            return err_set(err, ERR_INPUT, "Gate %d needs 3 to %d corners, not %d.", i + 1, SCATTER_MAX_CORNERS,
                           s->gates[i].corner_count);
    for (int i = 0; i < s->point_count; i++) {
        int c = s->points[i].class_index;
        if (s->class_count && c >= s->class_count && c != SCATTER_NOT_TOLD)
            return err_set(err, ERR_INPUT, "Point %d is of class %d, and there are %d.", i + 1, c, s->class_count);
    }
    return true;
}

static int scatter_columns(const scatter_t *s, double width)
{
    int columns = (int)((width - SCATTER_LEFT) / SCATTER_KEY_COLUMN);
    if (columns > s->class_count) columns = s->class_count;
    return columns < 1 ? 1 : columns;
}

static double scatter_key_height(const scatter_t *s, double width)
{
    int columns = scatter_columns(s, width);
    return s->class_count ? (s->class_count + columns - 1) / columns * SCATTER_KEY_ROW + 5 : 0;
}

static void scatter_size(const void *input, double *width, double *height)
{
    const scatter_t *s = input;
    if (*width <= 0) *width = s->small ? SCATTER_SMALL_WIDTH : SCATTER_WIDTH;
    *height = SCATTER_TOP + (*width - SCATTER_LEFT - SCATTER_RIGHT) + SCATTER_FOOT + scatter_key_height(s, *width);
    if (*height < DRAW_MIN_SIDE) *height = DRAW_MIN_SIDE;
}

/* ---- marks ---- */

/* Adds one mark to the path, its corners at whole tenths of a pixel, which keeps the file small. */
static void scatter_mark_path(pen_t *pen, scatter_mark_t mark, double x, double y, double r)
{
    cairo_t *cr = pen->cr;
    double d = exact_round(2 * r, 1), e = exact_round(1.5 * r, 1);
    switch (mark) {
    case SCATTER_DASH:
        cairo_move_to(cr, x - d, y);
        cairo_line_to(cr, x + d, y);
        break;
    case SCATTER_TICK:
        cairo_move_to(cr, x, y - d);
        cairo_line_to(cr, x, y + d);
        break;
    case SCATTER_PLUS:
        cairo_move_to(cr, x - d, y);
        cairo_line_to(cr, x + d, y);
        cairo_move_to(cr, x, y - d);
        cairo_line_to(cr, x, y + d);
        break;
    case SCATTER_CROSS:
        cairo_move_to(cr, x - e, y - e);
        cairo_line_to(cr, x + e, y + e);
        cairo_move_to(cr, x - e, y + e);
        cairo_line_to(cr, x + e, y - e);
        break;
    case SCATTER_TRIANGLE:
        cairo_move_to(cr, x, y - d);
        cairo_line_to(cr, x + d, y + e);
        cairo_line_to(cr, x - d, y + e);
        cairo_close_path(cr);
        break;
    case SCATTER_RING: /* eight corners are round enough at this size */
        for (int i = 0; i < 8; i++) {
            static const int side[8] = {2, 1, 0, -1, -2, -1, 0, 1};
            double dx = side[i], dy = side[(i + 6) % 8];
            (i ? cairo_line_to : cairo_move_to)(cr, x + (i % 2 ? e * dx : d * dx / 2),
                                                y + (i % 2 ? e * dy : d * dy / 2));
        }
        cairo_close_path(cr);
        break;
    default:
        pen_add_dot(pen, x, y);
        break;
    }
}

/* Draws the marks on the path. */
static void scatter_mark_stroke(pen_t *pen, scatter_mark_t mark, double r)
{
    if (mark == SCATTER_DOT)
        pen_stroke_dots(pen, r);
    else
        pen_stroke(pen, r * 0.95, DASH_NONE);
}

/* ---- points ---- */

/* A point to draw: in order of class, depth, y and x. */
static uint32_t scatter_key(int class_index, int depth, int x, int y)
{
    return (uint32_t)class_index << 24 | (uint32_t)depth << 16 | (uint32_t)y << 8 | (uint32_t)x;
}

static int scatter_compare(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void scatter_order(const scatter_t *s, uint32_t order[SCATTER_MAX_POINTS])
{
    uint16_t cells[SCATTER_CELLS + 2][SCATTER_CELLS + 2] = {{0}}; /* with an empty rim */
    for (int i = 0; i < s->point_count; i++)
        cells[s->points[i].y / SCATTER_CELL + 1][s->points[i].x / SCATTER_CELL + 1]++;
    for (int i = 0; i < s->point_count; i++) {
        const scatter_point_t *p = &s->points[i];
        int around = 0;
        for (int dy = 0; dy < 3; dy++)
            for (int dx = 0; dx < 3; dx++) around += cells[p->y / SCATTER_CELL + dy][p->x / SCATTER_CELL + dx];
        double share = (double)around / s->point_count;
        int depth = s->point_count < 300        ? 2
                    : around < 4                ? 0
                    : share >= SCATTER_DENSE    ? 2
                    : share >= SCATTER_MIDDLING ? 1
                                                : 0;
        int class_index = s->class_count ? p->class_index : SCATTER_NOT_TOLD;
        order[i] = scatter_key(class_index, depth, p->x, p->y);
    }
    qsort(order, (size_t)s->point_count, sizeof *order, scatter_compare);
}

static double scatter_x(const scatter_frame_t *f, double x)
{
    return exact_floor((f->left + 4 + (f->side - 8) * x / 255) * 2 + 0.5) / 2;
}

static double scatter_y(const scatter_frame_t *f, double y)
{
    return exact_floor((f->top + f->side - 4 - (f->side - 8) * y / 255) * 2 + 0.5) / 2;
}

static void scatter_points(pen_t *pen, const scatter_t *s, const scatter_frame_t *f)
{
    uint32_t order[SCATTER_MAX_POINTS];
    scatter_order(s, order);
    for (int i = 0; i < s->point_count;) {
        uint32_t group = order[i] >> 16, before = UINT32_MAX;
        int depth = (int)(group & 0xff), c = (int)(group >> 8);
        scatter_class_t plain = {NULL, SCATTER_DOT, INK_TEXT_2};
        const scatter_class_t *kind = c == SCATTER_NOT_TOLD ? &plain : &s->classes[c];
        double r = f->scale * SCATTER_SIZE[depth];
        for (; i < s->point_count && order[i] >> 16 == group; i++) {
            if (order[i] == before) continue;
            before = order[i];
            scatter_mark_path(pen, kind->mark, scatter_x(f, order[i] & 0xff), scatter_y(f, order[i] >> 8 & 0xff), r);
        }
        pen_rgb(pen, draw_color(pen->scheme, kind->ink), SCATTER_ALPHA[depth]);
        scatter_mark_stroke(pen, kind->mark, r);
    }
}

/* ---- classes ---- */

typedef struct {
    int count;
    int x, y; /* medians */
    int top;  /* 98 % lie below */
} scatter_middle_t;

/* The value that `percent` of them do not exceed. */
static int scatter_quantile(const int counts[SCATTER_CHANNELS], int total, int percent)
{
    int sum = 0;
    for (int v = 0; v < SCATTER_CHANNELS; v++) {
        sum += counts[v];
        if (sum * 100 >= total * percent) return v;
    }
    return 0;
}

static scatter_middle_t scatter_middle(const scatter_t *s, int class_index)
{
    scatter_middle_t middle = {0};
    int x[SCATTER_CHANNELS] = {0}, y[SCATTER_CHANNELS] = {0};
    for (int i = 0; i < s->point_count; i++) {
        const scatter_point_t *p = &s->points[i];
        if ((s->class_count ? p->class_index : SCATTER_NOT_TOLD) != class_index) continue;
        x[p->x]++;
        y[p->y]++;
        middle.count++;
    }
    middle.x = scatter_quantile(x, middle.count, 50);
    middle.y = scatter_quantile(y, middle.count, 50);
    middle.top = scatter_quantile(y, middle.count, 98);
    return middle;
}

/* Words on a ground of their own, kept inside the square. */
static void scatter_label(pen_t *pen, const scatter_frame_t *f, double x, double y, draw_ink_t ink, const char *words)
{
    pen_type_t type = {TYPE_SMALL, TYPE_STRONG, ink, AT_LEFT, f->side - 8};
    double width = pen_text_width(pen, type, words), left = x - width / 2;
    if (left < f->left + 4) left = f->left + 4;
    if (left + width > f->left + f->side - 4) left = f->left + f->side - 4 - width;
    if (y < f->top + 14) y = f->top + 14;
    if (y > f->top + f->side - 5) y = f->top + f->side - 5;
    pen_rgb(pen, draw_color(pen->scheme, INK_SHEET), 0.88);
    pen_round_box(pen, left - 3, y - 11, width + 6, 15, 2);
    cairo_fill(pen->cr);
    pen_text(pen, left, y, type, words);
}

/* The name of each class above its points, moved up where another name stands. */
static void scatter_labels(pen_t *pen, const scatter_t *s, const scatter_frame_t *f)
{
    double xs[SCATTER_MAX_CLASSES], ys[SCATTER_MAX_CLASSES];
    int placed = 0;
    for (int c = 0; c < s->class_count; c++) {
        scatter_middle_t m = scatter_middle(s, c);
        const char *name = s->classes[c].name;
        if (!m.count || !name || !*name) continue;
        double x = scatter_x(f, m.x), y = scatter_y(f, m.top) - 5;
        for (int i = 0; i < placed; i++) {
            double dx = x - xs[i], dy = y - ys[i];
            if (dx > -76 && dx < 76 && dy > -15 && dy < 15) y = ys[i] - 16, i = -1;
        }
        xs[placed] = x;
        ys[placed++] = y;
        scatter_label(pen, f, x, y, s->classes[c].ink, name);
    }
}

static void scatter_key_rows(pen_t *pen, const scatter_t *s, const scatter_frame_t *f)
{
    int columns = scatter_columns(s, pen->width);
    double wide = (pen->width - SCATTER_LEFT) / columns;
    for (int c = 0; c < s->class_count; c++) {
        double x = f->left + wide * (c % columns),
               y = f->top + f->side + SCATTER_FOOT + 13 + SCATTER_KEY_ROW * (double)(c / columns);
        for (int i = 0; i < 3; i++) /* three marks, as they lie in the picture */
            scatter_mark_path(pen, s->classes[c].mark, x + 4 + 6.5 * i, y - 4 + (i == 1 ? -2.5 : 2), 1.5);
        pen_ink(pen, s->classes[c].ink);
        scatter_mark_stroke(pen, s->classes[c].mark, 1.5);
        pen_text(pen, x + 26, y, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, wide - 32},
                 s->classes[c].name);
    }
}

static void scatter_gates(pen_t *pen, const scatter_t *s, const scatter_frame_t *f)
{
    for (int g = 0; g < s->gate_count; g++) {
        const scatter_gate_t *gate = &s->gates[g];
        int top = 0;
        for (int i = 0; i < gate->corner_count; i++) {
            (i ? cairo_line_to : cairo_move_to)(pen->cr, scatter_x(f, gate->x[i]), scatter_y(f, gate->y[i]));
            if (gate->y[i] > gate->y[top]) top = i;
        }
        cairo_close_path(pen->cr);
        pen_ink(pen, INK_TEXT_2);
        pen_stroke(pen, 1.2, DASH_SHORT);
        if (gate->name && *gate->name && !s->small)
            scatter_label(pen, f, scatter_x(f, gate->x[top]), scatter_y(f, gate->y[top]) - 6, INK_TEXT_2, gate->name);
    }
}

static scatter_frame_t scatter_frame(const scatter_t *s, double width, double height)
{
    scatter_frame_t f = {SCATTER_LEFT, SCATTER_TOP, width - SCATTER_LEFT - SCATTER_RIGHT, 1};
    double tall = height - SCATTER_TOP - SCATTER_FOOT - scatter_key_height(s, width);
    if (f.side > tall) f.side = tall;
    if (f.side < 12) f.side = 12;
    return f;
}

bool draw_scatter_place(const scatter_t *s, draw_look_t look, double left, double low, double right, double high,
                        draw_box_t *box)
{
    double width, height;
    const picture_t picture = {.kind = PICTURE_SCATTER, .any = s};
    if (!picture_fit(&picture, look, &width, &height, NULL)) return false;
    if (!(left >= 0 && left < right && right < SCATTER_CHANNELS && low >= 0 && low < high && high < SCATTER_CHANNELS))
        return false;
    scatter_frame_t f = scatter_frame(s, width, height);
    double x = scatter_x(&f, left), top = scatter_y(&f, high);
    *box = (draw_box_t){x, top, scatter_x(&f, right) - x, scatter_y(&f, low) - top};
    return true;
}

static void scatter_paint(pen_t *pen, const void *input)
{
    const scatter_t *s = input;
    scatter_frame_t f = scatter_frame(s, pen->width, pen->height);
    f.scale = (f.side < 240 ? 0.85 : 1.15) * (s->point_count < 300 ? 1.5 : s->point_count < 1000 ? 1.2 : 1);
    double room = pen->width - 8;
    pen_text(pen, f.left, 16, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, room}, s->title);
    char words[DRAW_MAX_TEXT + 8];
    pen_type_t type = {TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, f.side + 12};
    snprintf(words, sizeof words, "\u2191 %.280s", s->y_axis ? s->y_axis : "");
    pen_text(pen, f.left - 12, 33, type, words);
    snprintf(words, sizeof words, "%.280s \u2192", s->x_axis ? s->x_axis : "");
    type.align = AT_RIGHT;
    pen_text(pen, f.left + f.side, f.top + f.side + 16, type, words);
    for (int i = 1; i < 4; i++) {
        double at = f.side * i / 4;
        pen_ink(pen, INK_RULE);
        pen_line(pen, f.left + at, f.top, f.left + at, f.top + f.side, 0.6, DASH_NONE);
        pen_line(pen, f.left, f.top + at, f.left + f.side, f.top + at, 0.6, DASH_NONE);
    }
    scatter_points(pen, s, &f);
    scatter_gates(pen, s, &f);
    pen_box(pen, f.left, f.top, f.side, f.side);
    pen_ink(pen, INK_TEXT_3);
    pen_stroke(pen, 1, DASH_NONE);
    if (s->labels) scatter_labels(pen, s, &f);
    scatter_key_rows(pen, s, &f);
}

/* ---- words ---- */

static void scatter_describe_class(text_t *out, const scatter_t *s, int class_index, const char *name)
{
    scatter_middle_t m = scatter_middle(s, class_index);
    if (!m.count && class_index == SCATTER_NOT_TOLD) return;
    char percent[40];
    pen_fixed(percent, s->point_count ? 100.0 * m.count / s->point_count : 0, 1);
    text_addf(out, "; %s %d (%s %%)", name ? name : "class without a name", m.count, percent);
    if (m.count) text_addf(out, ", middle at %d across, %d up", m.x, m.y);
}

/* The places where points lie denser than anywhere within three cells of 8 channels. */
static void scatter_describe_places(text_t *out, const scatter_t *s)
{
    int cells[SCATTER_PLACE_CELLS][SCATTER_PLACE_CELLS] = {{0}}, around[SCATTER_PLACE_CELLS][SCATTER_PLACE_CELLS];
    enum { N = SCATTER_PLACE_CELLS, REACH = 3 };
    for (int i = 0; i < s->point_count; i++)
        cells[s->points[i].y / SCATTER_PLACE_CELL][s->points[i].x / SCATTER_PLACE_CELL]++;
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++) {
            around[y][x] = 0;
            for (int v = y ? y - 1 : 0; v <= y + 1 && v < N; v++)
                for (int u = x ? x - 1 : 0; u <= x + 1 && u < N; u++) around[y][x] += cells[v][u];
        }
    int found = 0;
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++) {
            bool summit = around[y][x] * 50 >= s->point_count && around[y][x] >= 4; /* 2 % of them */
            for (int v = y - REACH; summit && v <= y + REACH; v++)
                for (int u = x - REACH; summit && u <= x + REACH; u++) {
                    if (v < 0 || u < 0 || v >= N || u >= N || (u == x && v == y)) continue;
                    bool later = v > y || (v == y && u > x);
                    summit = later ? around[v][u] <= around[y][x] : around[v][u] < around[y][x];
                }
            if (!summit || found == SCATTER_PLACES) continue;
            text_addf(out, "%s%d across, %d up", found ? "; " : "; densest around ", x * SCATTER_PLACE_CELL + 4,
                      y * SCATTER_PLACE_CELL + 4);
            found++;
        }
    if (!found && s->point_count) text_add(out, "; spread without a dense place");
}

static void scatter_describe(text_t *out, const void *input)
{
    const scatter_t *s = input;
    text_addf(out, "Scattergram%s%s of %d events, %s across, %s up, each 0 to 255", s->title ? ", " : "",
              s->title ? s->title : "", s->point_count, s->x_axis ? s->x_axis : "first signal",
              s->y_axis ? s->y_axis : "second signal");
    for (int c = 0; c < s->class_count; c++) scatter_describe_class(out, s, c, s->classes[c].name);
    if (s->class_count)
        scatter_describe_class(out, s, SCATTER_NOT_TOLD, "without a class");
    else
        scatter_describe_places(out, s);
    text_add_char(out, '.');
}

const picture_way_t scatter_way = {scatter_check, scatter_size, scatter_paint, scatter_describe, false};
