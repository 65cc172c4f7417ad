/* The rotor of a centrifuge; see rotor.h. */
#include "draw/rotor.h"
#include "paint.h"

static bool rotor_check(const void *input, err_t *err)
{
    const rotor_picture_t *r = input;
    if (r->count < 2 || r->count > ROTOR_MOST_PLACES || r->count % 2 != 0)
        return err_set(err, ERR_INPUT, "A rotor is drawn with 2 to %d places, two by two; not %d.", ROTOR_MOST_PLACES,
                       r->count);
    for (int i = 0; i < r->count; i++)
        if ((unsigned)r->place[i] > ROTOR_BALANCE) return err_set(err, ERR_INPUT, "No such thing in a place.");
    return true;
}

static void rotor_size(const void *input, double *width, double *height)
{
    (void)input;
    if (*width <= 0) *width = ROTOR_SIDE;
    *height = *width;
}

/* The second of a pair stands opposite the first. */
static double rotor_turn(const rotor_picture_t *r, int place)
{
    return (place / 2 + (place % 2) * (r->count / 2)) / (double)r->count;
}

static void rotor_tube(pen_t *pen, const rotor_picture_t *r, int i, double x, double y, double size)
{
    uint32_t rgb;
    if (r->place[i] == ROTOR_EMPTY) {
        pen_ring(pen, x, y, size * 0.55, INK_RULE_STRONG, INK_PAPER);
    } else if (r->place[i] == ROTOR_BALANCE) {
        pen_square_x(pen, x, y, size * 0.75, INK_TEXT_2);
    } else {
        draw_cap_color(r->cap[i], &rgb);
        cairo_new_path(pen->cr);
        cairo_arc(pen->cr, x, y, size, 0, PEN_TAU);
        pen_rgb(pen, rgb, 1);
        cairo_fill_preserve(pen->cr);
        pen_ink(pen, INK_TEXT);
        pen_stroke(pen, 1.5, DASH_NONE);
    }
}

static void rotor_paint(pen_t *pen, const void *input)
{
    const rotor_picture_t *r = input;
    cairo_save(pen->cr);
    cairo_scale(pen->cr, pen->width / ROTOR_SIDE, pen->width / ROTOR_SIDE);
    double middle = ROTOR_SIDE / 2.0, ring = middle - 22;
    pen_ring(pen, middle, middle, middle - 4, INK_RULE_STRONG, INK_SHEET);
    pen_ring(pen, middle, middle, ring - 22, INK_RULE, INK_PAPER);
    double size = PEN_TAU * ring / r->count * 0.36;
    if (size > 13) size = 13;
    for (int i = 0; i < r->count; i++) {
        cairo_save(pen->cr);
        cairo_translate(pen->cr, middle, middle);
        cairo_rotate(pen->cr, PEN_TAU * rotor_turn(r, i));
        rotor_tube(pen, r, i, 0, -ring, size);
        cairo_restore(pen->cr);
    }
    pen_type_t words = {TYPE_TITLE, TYPE_STRONG, INK_TEXT, AT_MIDDLE, 2 * ring - 70};
    pen_text(pen, middle, middle + 2, words, r->display);
    words = (pen_type_t){12, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, 2 * ring - 70};
    pen_text(pen, middle, middle + 22, words, r->below);
    cairo_restore(pen->cr);
}

static void rotor_describe(text_t *out, const void *input)
{
    const rotor_picture_t *r = input;
    int tubes = 0, balance = 0;
    for (int i = 0; i < r->count; i++) {
        tubes += r->place[i] == ROTOR_TUBE;
        balance += r->place[i] == ROTOR_BALANCE;
    }
    text_addf(out, "Rotor of %d places: %d %s", r->count, tubes, tubes == 1 ? "tube" : "tubes");
    if (balance) text_addf(out, ", %d balance %s", balance, balance == 1 ? "tube" : "tubes");
    if (r->display && *r->display) text_addf(out, "; the display says %.80s", r->display);
    if (r->below && *r->below) text_addf(out, ", %.80s", r->below);
    text_add_char(out, '.');
}

const picture_way_t rotor_way = {rotor_check, rotor_size, rotor_paint, rotor_describe, false};
