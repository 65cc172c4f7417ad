/* Fields to count in. See field.h. A cell is told by its form alone: outline, number and form of its nuclei, granules;
 * ink only makes it pleasant. */
#include "draw/field.h"
#include "base/exact.h"
#include "paint.h"

#include <math.h>
#include <string.h>

enum { FIELD_TOP = 26, FIELD_PAD = 6, FIELD_KEY_ROW = 34, FIELD_KEY_COLUMN = 180 };

static const struct {
    const char *name, *looks;
    double radius; /* share of the width */
} SHAPES[CELL_SHAPES] = {
    {"red cell", "ring with a pale center", 0.018},
    {"reticulocyte", "ring with dark strands", 0.0185},
    {"nucleated red cell", "plain cell with a small round dark nucleus", 0.022},
    {"neutrophil", "nucleus of three lobes", 0.03},
    {"hypersegmented neutrophil", "nucleus of six lobes", 0.031},
    {"band", "nucleus bent like a horseshoe", 0.03},
    {"lymphocyte", "round nucleus that fills the cell", 0.023},
    {"monocyte", "large cell, notched nucleus", 0.036},
    {"eosinophil", "nucleus of two lobes among open granules", 0.031},
    {"basophil", "dark granules over the whole cell", 0.029},
    {"platelet", "small dotted disc", 0.009},
    {"fragment", "helmet with two horns", 0.017},
    {"spherocyte", "small, round and full, no pale center", 0.0145},
    {"cell", "round cell", 0.0105},
};

const char *draw_cell_name(cell_shape_t shape)
{
    return (unsigned)shape < CELL_SHAPES ? SHAPES[shape].name : "";
}

const char *draw_cell_looks(cell_shape_t shape)
{
    return (unsigned)shape < CELL_SHAPES ? SHAPES[shape].looks : "";
}

double draw_cell_radius(cell_shape_t shape)
{
    return (unsigned)shape < CELL_SHAPES ? SHAPES[shape].radius : 0;
}

static bool field_check(const void *input, err_t *err)
{
    const field_t *f = input;
    if (f->cell_count < 0 || f->cell_count > FIELD_MAX_CELLS || (f->cell_count && !f->cells))
        return err_set(err, ERR_INPUT, "A field holds at most %d cells, not %d.", FIELD_MAX_CELLS, f->cell_count);
    for (int i = 0; i < f->cell_count; i++) {
        const field_cell_t *c = &f->cells[i];
        if (!(c->x >= 0 && c->x <= 1 && c->y >= 0 && c->y <= 1) || !number_fits(c->turn) ||
            (unsigned)c->shape >= CELL_SHAPES)
            return err_set(err, ERR_INPUT, "Cell %d of the field needs a place within it and a shape.", i + 1);
    }
    return true;
}

static unsigned field_shapes(const field_t *f)
{
    unsigned there = 0;
    for (int i = 0; i < f->cell_count; i++) there |= 1u << f->cells[i].shape;
    return there;
}

static int field_columns(double width)
{
    int columns = (int)(width / FIELD_KEY_COLUMN);
    return columns < 1 ? 1 : columns;
}

static double field_key_height(const field_t *f, double width)
{
    int count = f->key ? __builtin_popcount(field_shapes(f)) : 0, columns = field_columns(width);
    return count ? (count + columns - 1) / columns * FIELD_KEY_ROW + FIELD_PAD : 0;
}

static void field_size(const void *input, double *width, double *height)
{
    const field_t *f = input;
    if (*width <= 0) *width = f->chamber ? FIELD_CHAMBER_SIDE : FIELD_WIDTH;
    double tall = f->chamber ? *width : *width * FIELD_HEIGHT / FIELD_WIDTH;
    *height = (f->title ? FIELD_TOP : 0) + tall + field_key_height(f, *width);
}

/* ---- one cell ---- */

static void disc(cairo_t *cr, double x, double y, double r)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, r, 0, PEN_TAU);
}

/* Lobes of radius `size` on a circle of radius `far`, from the middle of an arc of `turns`. */
static void lobes(cairo_t *cr, int count, double far, double size, double turns)
{
    for (int i = 0; i < count; i++) {
        double at = PEN_TAU * turns * (i - (count - 1) / 2.0) / count;
        disc(cr, far * sin(at), -far * cos(at), size);
    }
}

static void outline(pen_t *pen, double r, double line)
{
    disc(pen->cr, 0, 0, r);
    pen_ink(pen, INK_SHEET);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_TEXT_2);
    pen_stroke(pen, line, DASH_NONE);
}

static void nucleus(pen_t *pen)
{
    pen_ink(pen, INK_BRAND);
    cairo_fill(pen->cr);
}

static void red_cell(pen_t *pen, double r)
{
    disc(pen->cr, 0, 0, r);
    pen_ink(pen, INK_CRIT_SOFT);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_CRIT);
    pen_stroke(pen, r * 0.14, DASH_NONE);
    disc(pen->cr, 0, 0, r * 0.36);
    pen_ink(pen, INK_SHEET);
    cairo_fill(pen->cr);
}

/* Three short strands, one path. */
static void strands(pen_t *pen, double r)
{
    static const double at[3][4] = {{-0.55, -0.25, 0.1, -0.5}, {-0.3, 0.35, 0.3, 0.15}, {0.3, -0.15, 0.5, 0.4}};
    for (int i = 0; i < 3; i++) {
        cairo_move_to(pen->cr, at[i][0] * r, at[i][1] * r);
        cairo_curve_to(pen->cr, at[i][0] * r + r * 0.2, at[i][1] * r - r * 0.3, at[i][2] * r - r * 0.2,
                       at[i][3] * r + r * 0.3, at[i][2] * r, at[i][3] * r);
    }
    pen_ink(pen, INK_TEXT);
    pen_stroke(pen, r * 0.22, DASH_NONE);
}

/* A thick bent line: the nucleus of a band. */
static void horseshoe(pen_t *pen, double r)
{
    cairo_arc(pen->cr, 0, 0, r * 0.5, PEN_TAU * 0.08, PEN_TAU * 0.42 + PEN_TAU * 0.5);
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
    pen_ink(pen, INK_BRAND);
    pen_stroke(pen, r * 0.34, DASH_NONE);
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_BUTT);
}

static void notched(pen_t *pen, double r)
{
    cairo_arc(pen->cr, 0, 0, r * 0.66, PEN_TAU * 0.06, PEN_TAU * 0.94);
    cairo_curve_to(pen->cr, r * 0.05, -r * 0.2, r * 0.05, r * 0.2, r * 0.66 * cos(PEN_TAU * 0.06),
                   r * 0.66 * sin(PEN_TAU * 0.06));
    cairo_close_path(pen->cr);
    nucleus(pen);
}

static void granules(pen_t *pen, double r, int count, double size, bool open)
{
    for (int i = 0; i < count; i++) { /* sunflower: even and without chance */
        double far = r * 0.84 * sqrt((i + 0.5) / count), at = PEN_TAU * 0.381966 * i;
        disc(pen->cr, far * cos(at), far * sin(at), size);
    }
    pen_ink(pen, open ? INK_WARN : INK_TEXT);
    if (open)
        pen_stroke(pen, r * 0.07, DASH_NONE);
    else
        cairo_fill(pen->cr);
}

static void helmet(pen_t *pen, double r)
{
    cairo_arc(pen->cr, 0, 0, r, PEN_TAU * 0.5, PEN_TAU);
    cairo_line_to(pen->cr, r * 0.95, r * 0.55);
    cairo_line_to(pen->cr, r * 0.45, r * 0.05);
    cairo_line_to(pen->cr, -r * 0.45, r * 0.05);
    cairo_line_to(pen->cr, -r * 0.95, r * 0.55);
    cairo_close_path(pen->cr);
    pen_ink(pen, INK_CRIT_SOFT);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_CRIT);
    pen_stroke(pen, r * 0.14, DASH_NONE);
}

static void sphere(pen_t *pen, double r)
{
    disc(pen->cr, 0, 0, r);
    pen_ink(pen, INK_CRIT);
    cairo_fill(pen->cr);
}

static void white_cell(pen_t *pen, cell_shape_t shape, double r)
{
    outline(pen, r, r * 0.07);
    switch (shape) {
    case CELL_NEUTROPHIL:
        lobes(pen->cr, 3, r * 0.45, r * 0.29, 1);
        nucleus(pen);
        break;
    case CELL_HYPER:
        lobes(pen->cr, 6, r * 0.58, r * 0.2, 1);
        nucleus(pen);
        break;
    case CELL_BAND:
        horseshoe(pen, r);
        break;
    case CELL_LYMPHOCYTE:
        disc(pen->cr, 0, 0, r * 0.8);
        nucleus(pen);
        break;
    case CELL_MONOCYTE:
        notched(pen, r);
        break;
    case CELL_EOSINOPHIL:
        granules(pen, r, 20, r * 0.11, true);
        lobes(pen->cr, 2, r * 0.42, r * 0.33, 1);
        nucleus(pen);
        break;
    default:
        granules(pen, r, 24, r * 0.13, false);
        break;
    }
}

static void draw_cell(pen_t *pen, cell_shape_t shape, double x, double y, double turn, double r)
{
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x, y);
    cairo_rotate(pen->cr, PEN_TAU * turn);
    cairo_new_path(pen->cr);
    switch (shape) {
    case CELL_RED:
        red_cell(pen, r);
        break;
    case CELL_RETICULOCYTE:
        red_cell(pen, r);
        strands(pen, r);
        break;
    case CELL_NUCLEATED:
        disc(pen->cr, 0, 0, r);
        pen_ink(pen, INK_CRIT_SOFT);
        cairo_fill_preserve(pen->cr);
        pen_ink(pen, INK_CRIT);
        pen_stroke(pen, r * 0.14, DASH_NONE);
        disc(pen->cr, 0, 0, r * 0.45);
        nucleus(pen);
        break;
    case CELL_PLATELET:
        outline(pen, r, r * 0.12);
        granules(pen, r, 5, r * 0.2, false);
        break;
    case CELL_FRAGMENT:
        helmet(pen, r);
        break;
    case CELL_SPHERE:
        sphere(pen, r);
        break;
    case CELL_BODY:
        outline(pen, r, r * 0.3);
        break;
    default:
        white_cell(pen, shape, r);
        break;
    }
    cairo_restore(pen->cr);
}

/* ---- the field ---- */

/* Lines of the large square: three at its border (the middle one counts), one between small squares. */
static void chamber_lines(pen_t *pen, double left, double top, double side)
{
    double from = side * FIELD_CHAMBER_MARGIN, to = side - from, step = (to - from) / FIELD_SQUARES;
    pen_ink(pen, INK_TEXT_3);
    for (int i = 0; i <= FIELD_SQUARES; i++) {
        double at = from + step * i;
        bool border = i == 0 || i == FIELD_SQUARES;
        for (int k = border ? -1 : 0; k <= (border ? 1 : 0); k++) {
            double line = at + 3.2 * k, width = border && k == 0 ? 1.6 : 0.8;
            pen_line(pen, left + line, top, left + line, top + side, width, DASH_NONE);
            pen_line(pen, left, top + line, left + side, top + line, width, DASH_NONE);
        }
    }
}

static void field_key(pen_t *pen, const field_t *f, double top)
{
    int columns = field_columns(pen->width), placed = 0;
    double wide = pen->width / columns;
    unsigned there = field_shapes(f);
    for (int shape = 0; shape < CELL_SHAPES; shape++) {
        if (!(there & 1u << shape)) continue;
        double x = wide * (placed % columns), y = top + FIELD_KEY_ROW * (placed / columns) + FIELD_KEY_ROW / 2.0;
        draw_cell(pen, (cell_shape_t)shape, x + 18, y, 0, 12);
        pen_text(pen, x + 36, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT, AT_LEFT, wide - 40},
                 SHAPES[shape].name);
        placed++;
    }
}

static void field_paint(pen_t *pen, const void *input)
{
    const field_t *f = input;
    double top = f->title ? FIELD_TOP : 0, key = field_key_height(f, pen->width), tall = pen->height - top - key;
    if (f->title)
        pen_text(pen, FIELD_PAD, 17, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 12},
                 f->title);
    if (f->chamber) {
        chamber_lines(pen, 0, top, pen->width);
    } else {
        pen_round_box(pen, 1, top + 1, pen->width - 2, tall - 2, 8);
        pen_ink(pen, INK_RULE_STRONG);
        pen_stroke(pen, 1, DASH_NONE);
    }
    for (int i = 0; i < f->cell_count; i++) {
        const field_cell_t *c = &f->cells[i];
        draw_cell(pen, c->shape, c->x * pen->width, top + c->y * tall, c->turn,
                  draw_cell_radius(c->shape) * pen->width);
    }
    if (key > 0) field_key(pen, f, top + tall + FIELD_PAD);
}

static void field_describe(text_t *out, const void *input)
{
    const field_t *f = input;
    if (f->chamber) {
        text_addf(
            out,
            "%s%sThe large square of a counting chamber, of %d rows of %d small squares, bordered by triple lines, "
            "with round cells in it and on its borders.",
            f->title ? f->title : "", f->title ? ": " : "", FIELD_SQUARES, FIELD_SQUARES);
        return;
    }
    unsigned there = field_shapes(f);
    text_addf(out, "%s%sA field of cells. In it lie:", f->title ? f->title : "", f->title ? ": " : "");
    const char *before = " ";
    for (int shape = 0; shape < CELL_SHAPES; shape++) {
        if (!(there & 1u << shape)) continue;
        text_addf(out, "%s%s (%s)", before, SHAPES[shape].name, SHAPES[shape].looks);
        before = ", ";
    }
    text_add_char(out, '.');
}

const picture_way_t field_way = {field_check, field_size, field_paint, field_describe, false};
