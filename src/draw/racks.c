/* Racks from the front; see racks.h. A rack is a box with a place every CELL pixels: the tube stands in it up to its
 * label, which carries the accession; below it the shape and letter of its state, and the number of the place. */
#include "draw/racks.h"
#include "base/exact.h"
#include "draw/tube.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum {
    CELL = 52,
    RACK_PAD = 8,
    RACK_GAP = 14,
    TITLE_TALL = 24,
    NEEDLE_TALL = 16,
    TUBE_TALL = 50, /* above the face of the rack */
    FACE_TALL = 56, /* label, state, number */
    LEGEND_LINE = 20,
};

static const struct {
    const char *letter, *words;
} states[RACKS_STATES] = {
    [RACKS_FREE] = {"", "free"},
    [RACKS_PASSED] = {"", "gone by"},
    [RACKS_WAITING] = {"W", "waiting"},
    [RACKS_SAMPLING] = {"S", "being sampled"},
    [RACKS_TESTING] = {"T", "tests running"},
    [RACKS_DONE] = {"D", "done"},
};

static bool racks_check(const void *input, err_t *err)
{
    const racks_picture_t *p = input;
    if (p->count < 1 || p->count > RACKS_MAX || !p->racks)
        return err_set(err, ERR_INPUT, "A deck shows 1 to %d racks, not %d.", RACKS_MAX, p->count);
    for (int i = 0; i < p->count; i++) {
        const racks_rack_t *rack = &p->racks[i];
        if (rack->places < 1 || rack->places > RACKS_PLACES_MAX)
            return err_set(err, ERR_INPUT, "A rack has 1 to %d places, not %d.", RACKS_PLACES_MAX, rack->places);
        for (int k = 0; k < rack->places; k++)
            if ((unsigned)rack->place[k].state >= RACKS_STATES)
                return err_set(err, ERR_INPUT, "No such state of a place.");
    }
    return true;
}

/* ---- where the racks lie ---- */

typedef struct {
    double x, y;
    int across, rows; /* places side by side, and rows of them */
} spot_t;

static int places_across(double width, int places)
{
    int most = (int)((width - 2 * RACK_PAD - 2) / CELL);
    if (most < 1) most = 1;
    int rows = (places + most - 1) / most;
    return (places + rows - 1) / rows;
}

static bool has_tube(const racks_place_t *place)
{
    return place->state != RACKS_FREE && place->state != RACKS_PASSED;
}

/* Racks side by side are equally tall; the STAT port, alone in its line, needs no room for tubes that are not there. */
static double row_tall(const racks_rack_t *rack, const spot_t *spot, int row)
{
    bool tubes = rack->number > 0;
    for (int k = row * spot->across; k < (row + 1) * spot->across && k < rack->places; k++)
        tubes = tubes || has_tube(&rack->place[k]);
    return tubes ? NEEDLE_TALL + TUBE_TALL + FACE_TALL : FACE_TALL + 10;
}

static double rack_wide(int across)
{
    return across * CELL + 2 * RACK_PAD;
}

/* Racks from left to right, a new line where there is no room; the STAT port has a line of its own. Returns the height.
 */
static double lay_out(const racks_picture_t *p, double width, spot_t spots[RACKS_MAX])
{
    double x = 1, y = 4, line = 0;
    for (int i = 0; i < p->count; i++) {
        int across = places_across(width, p->racks[i].places);
        int rows = (p->racks[i].places + across - 1) / across;
        double wide = rack_wide(across), tall = TITLE_TALL + RACK_GAP;
        spots[i] = (spot_t){.across = across, .rows = rows};
        for (int row = 0; row < rows; row++) tall += row_tall(&p->racks[i], &spots[i], row);
        bool alone = p->racks[i].number == 0 || (i > 0 && p->racks[i - 1].number == 0);
        if (i > 0 && (alone || x + wide > width - 1)) {
            x = 1;
            y += line;
            line = 0;
        }
        spots[i].x = x;
        spots[i].y = y;
        x += wide + RACK_GAP;
        if (tall > line) line = tall;
    }
    return y + line;
}

static bool any_tube(const racks_picture_t *p)
{
    for (int i = 0; i < p->count; i++)
        for (int k = 0; k < p->racks[i].places; k++)
            if (has_tube(&p->racks[i].place[k])) return true;
    return false;
}

static int legend_columns(double width)
{
    return width >= 700 ? 6 : width >= 430 ? 3 : 2;
}

static void racks_size(const void *input, double *width, double *height)
{
    spot_t spots[RACKS_MAX];
    if (*width <= 0) *width = RACKS_WIDTH;
    int columns = legend_columns(*width);
    *height = lay_out(input, *width, spots);
    if (any_tube(input)) *height += 8 + LEGEND_LINE * ((6 + columns - 1) / columns);
}

/* ---- marks ---- */

/* The shape of a state; the letter is written beside it. */
static void state_mark(pen_t *pen, racks_state_t state, double x, double y)
{
    enum { R = 5 };
    pen_ink(pen, INK_TEXT);
    if (state == RACKS_WAITING) pen_ring(pen, x, y, R, INK_TEXT, INK_SHEET);
    if (state == RACKS_SAMPLING) pen_diamond(pen, x, y, R + 1.5, INK_BRAND, INK_BRAND);
    if (state == RACKS_TESTING) {
        pen_ring(pen, x, y, R, INK_TEXT, INK_SHEET);
        cairo_move_to(pen->cr, x, y - R);
        cairo_arc(pen->cr, x, y, R, -PEN_TAU / 4, PEN_TAU / 4);
        cairo_close_path(pen->cr);
        pen_ink(pen, INK_TEXT);
        cairo_fill(pen->cr);
    }
    if (state == RACKS_DONE) {
        cairo_move_to(pen->cr, x - R, y);
        cairo_line_to(pen->cr, x - 1.5, y + R - 1);
        cairo_line_to(pen->cr, x + R, y - R + 1);
        pen_ink(pen, INK_OK);
        pen_stroke(pen, 2.4, DASH_NONE);
    }
    if (state == RACKS_PASSED) {
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, x - R, y, x + R, y, 2, DASH_NONE);
    }
}

static void needle(pen_t *pen, double x, double top, double tip)
{
    pen_ink(pen, INK_BRAND);
    pen_box(pen, x - 6, top, 12, 7);
    cairo_fill(pen->cr);
    pen_line(pen, x, top + 6, x, tip, 2.2, DASH_NONE);
}

/* The cap and the glass down to the face of the rack; the colors of things are the same in every scheme. */
static void tube(pen_t *pen, const racks_place_t *place, double x, double top)
{
    enum { CAP_WIDE = 26, CAP_TALL = 17, GLASS_WIDE = 19 };
    uint32_t cap;
    draw_cap_color(place->cap, &cap);
    pen_box(pen, x - GLASS_WIDE / 2.0, top + CAP_TALL - 2, GLASS_WIDE, TUBE_TALL - CAP_TALL + 2);
    pen_rgb(pen, 0xf1f4f3, 1);
    cairo_fill_preserve(pen->cr);
    pen_rgb(pen, 0x6f7c78, 1);
    pen_stroke(pen, 1.2, DASH_NONE);
    pen_round_box(pen, x - CAP_WIDE / 2.0, top, CAP_WIDE, CAP_TALL, 3);
    pen_rgb(pen, cap, 1);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, INK_TEXT_2);
    pen_stroke(pen, 1.4, DASH_NONE);
}

/* The label hangs over the face of the rack; a STAT order has a heavy frame and its word. */
static void label(pen_t *pen, const racks_place_t *place, double x, double top)
{
    enum { WIDE = CELL - 4, TALL = 17 };
    pen_round_box(pen, x - WIDE / 2.0, top, WIDE, TALL, 2);
    pen_ink(pen, place->stat ? INK_CRIT_SOFT : INK_SHEET);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, place->stat ? INK_CRIT : INK_RULE_STRONG);
    pen_stroke(pen, place->stat ? 2 : 1, DASH_NONE);
    pen_fit(pen, x, top + 12.5, (pen_type_t){TYPE_SMALL, TYPE_MONO, INK_TEXT, AT_MIDDLE, WIDE - 3}, place->accession,
            8);
    if (!place->stat) return;
    /* its word on a flag of paper: the tube behind it is the same in every scheme */
    draw_scheme_t scheme = pen->scheme;
    if (scheme == DRAW_DARK) pen->scheme = DRAW_LIGHT;
    pen_round_box(pen, x - 15, top - 15, 30, 12, 2);
    pen_ink(pen, INK_CRIT);
    cairo_fill(pen->cr);
    pen_text(pen, x, top - 5.5, (pen_type_t){9, TYPE_STRONG, INK_SHEET, AT_MIDDLE, 30}, "STAT");
    pen->scheme = scheme;
}

static void place_paint(pen_t *pen, const racks_rack_t *rack, int k, double x, double face)
{
    const racks_place_t *place = &rack->place[k];
    double tube_top = face - TUBE_TALL;
    char number[12];
    snprintf(number, sizeof number, "%d", k + 1);
    if (!has_tube(place)) {
        cairo_new_path(pen->cr);
        cairo_save(pen->cr);
        cairo_translate(pen->cr, x, face + 9);
        cairo_scale(pen->cr, 12, 5);
        cairo_arc(pen->cr, 0, 0, 1, 0, PEN_TAU);
        cairo_restore(pen->cr);
        pen_ink(pen, INK_TEXT_3);
        pen_stroke(pen, 1.2, place->state == RACKS_FREE ? DASH_NONE : DASH_SHORT);
        state_mark(pen, place->state, x, face + 31);
    } else {
        tube(pen, place, x, tube_top);
        label(pen, place, x, face - 1);
        state_mark(pen, place->state, x - 7, face + 28);
        pen_text(pen, x + 3, face + 32, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, 16},
                 states[place->state].letter);
        if (place->state == RACKS_SAMPLING) needle(pen, x, tube_top - NEEDLE_TALL - 2, tube_top + 2);
    }
    pen_text(pen, x, face + 50, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_MIDDLE, CELL}, number);
}

static void rack_paint(pen_t *pen, const racks_rack_t *rack, const spot_t *spot)
{
    char title[60];
    bool port = rack->number == 0;
    double wide = rack_wide(spot->across);
    if (port)
        snprintf(title, sizeof title, "STAT port, sampled first");
    else
        snprintf(title, sizeof title, rack->needle ? "Rack %d, at the needle" : "Rack %d", rack->number);
    pen_text(pen, spot->x, spot->y + 15, (pen_type_t){TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, pen->width - 2},
             title);
    double bottom = spot->y + TITLE_TALL;
    for (int row = 0; row < spot->rows; row++) {
        bottom += row_tall(rack, spot, row);
        double face = bottom - FACE_TALL;
        int first = row * spot->across, last = first + spot->across;
        if (last > rack->places) last = rack->places;
        pen_round_box(pen, spot->x, face - 6, wide, FACE_TALL + 6, 5);
        pen_ink(pen, port ? INK_INFO_SOFT : INK_PAPER);
        cairo_fill_preserve(pen->cr);
        pen_ink(pen, port ? INK_INFO : INK_RULE_STRONG);
        pen_stroke(pen, port ? 2 : 1.4, DASH_NONE);
        for (int k = first; k < last; k++)
            place_paint(pen, rack, k, spot->x + RACK_PAD + CELL * (k - first + 0.5), face);
    }
}

static void legend(pen_t *pen, double y)
{
    static const racks_state_t shown[] = {RACKS_WAITING, RACKS_SAMPLING, RACKS_TESTING, RACKS_DONE, RACKS_PASSED};
    int columns = legend_columns(pen->width);
    double wide = (pen->width - 4) / columns;
    char words[48];
    for (int i = 0; i < 6; i++) {
        double x = 8 + wide * (i % columns), line = y + LEGEND_LINE * (i / columns) + 12;
        if (i < 5) {
            state_mark(pen, shown[i], x, line - 4);
            const char *letter = states[shown[i]].letter;
            snprintf(words, sizeof words, "%s%s%s", letter, letter[0] ? " " : "", states[shown[i]].words);
        } else {
            pen_box(pen, x - 5, line - 9, 11, 10);
            pen_ink(pen, INK_CRIT);
            pen_stroke(pen, 2, DASH_NONE);
            snprintf(words, sizeof words, "STAT order");
        }
        pen_text(pen, x + 12, line, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, wide - 18}, words);
    }
}

static void racks_paint(pen_t *pen, const void *input)
{
    const racks_picture_t *p = input;
    spot_t spots[RACKS_MAX];
    double bottom = lay_out(p, pen->width, spots);
    for (int i = 0; i < p->count; i++) rack_paint(pen, &p->racks[i], &spots[i]);
    if (any_tube(p)) legend(pen, bottom);
}

/* ---- words ---- */

static void racks_describe(text_t *out, const void *input)
{
    const racks_picture_t *p = input;
    text_addf(out, "Deck of %.60s.", p->name ? p->name : "an analyzer");
    for (int i = 0; i < p->count; i++) {
        const racks_rack_t *rack = &p->racks[i];
        int told = 0;
        if (rack->number == 0)
            text_add(out, " STAT port:");
        else
            text_addf(out, " Rack %d%s:", rack->number, rack->needle ? ", at the needle" : "");
        for (int k = 0; k < rack->places; k++) {
            const racks_place_t *place = &rack->place[k];
            if (!has_tube(place)) continue;
            text_addf(out, "%s place %d %.20s%s, %.40s cap, %s", told++ ? ";" : "", k + 1,
                      place->accession ? place->accession : "without a label", place->stat ? " STAT" : "",
                      place->cap && *place->cap ? place->cap : "clear", states[place->state].words);
        }
        text_add(out, told ? "." : " empty.");
    }
}

const picture_way_t racks_way = {racks_check, racks_size, racks_paint, racks_describe, false};
