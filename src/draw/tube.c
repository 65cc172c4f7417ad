/* The specimen tube. Proportions are those of a 13 × 100 mm evacuated tube with a safety cap. The colors of the
 * things themselves (caps, blood, serum, paper label) are the same in every scheme; only the words follow it. */
#include "draw/tube.h"
#include "base/exact.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    uint32_t rgb;
} caps[] = {
    /* Two words before one, so that "light blue" is not "blue". */
    {"light blue", 0x8fc3e8}, {"light green", 0x9bd3a5}, {"royal blue", 0x1f3f9e}, {"navy", 0x1f3f9e},
    {"mint", 0x9bd3a5},       {"lavender", 0xa48bd0},    {"purple", 0x8a6cc0},     {"gold", 0xe6b422},
    {"red", 0xc4262e},        {"green", 0x2f8f4e},       {"gray", 0x8d9499},       {"grey", 0x8d9499},
    {"pink", 0xeb9bb5},       {"orange", 0xec8a2b},      {"yellow", 0xf3dc4a},     {"pearl", 0xece9e2},
    {"white", 0xf4f4f2},      {"black", 0x2b2b2b},       {"tan", 0xc9a877},        {"blue", 0x3f7fc4},
};

bool draw_cap_color(const char *cap, uint32_t *color)
{
    *color = 0xe4e7e5;
    for (size_t i = 0; cap && i < sizeof caps / sizeof *caps; i++) {
        if (strncasecmp(cap, caps[i].word, strlen(caps[i].word)) != 0) continue;
        *color = caps[i].rgb;
        return true;
    }
    return false;
}

static bool tube_check(const void *input, err_t *err)
{
    const tube_picture_t *t = input;
    if (!(t->fill >= 0 && t->fill <= 1.2))
        return err_set(err, ERR_INPUT, "The fill of a tube is a fraction from 0 to 1.2 of its nominal volume.");
    if (!(t->cells >= 0 && t->cells <= 0.9))
        return err_set(err, ERR_INPUT, "The cells of a tube are a fraction from 0 to 0.9 of what is in it.");
    if ((unsigned)t->label > TUBE_LABEL_CROOKED) return err_set(err, ERR_INPUT, "No such kind of label.");
    return true;
}

static void tube_size(const void *input, double *width, double *height)
{
    const tube_picture_t *t = input;
    double w = t->small ? TUBE_SMALL_WIDTH : TUBE_WIDTH, h = t->small ? TUBE_SMALL_HEIGHT : TUBE_HEIGHT;
    if (*width <= 0) *width = w;
    *height = h * *width / w;
}

/* ---- the body, in units of its own ---- */

typedef struct {
    double left, right, top, bottom; /* of the glass inside */
    double nominal;                  /* height of the line */
    double surface, gel_top, cells_top;
} glass_t;

static glass_t glass_of(const tube_picture_t *t, double left, double right, double top, double bottom, double nominal)
{
    glass_t g = {left, right, top, bottom, nominal, 0, 0, 0};
    double gel = t->gel ? (bottom - nominal) * 0.09 : 0;
    double tall = (bottom - gel - nominal) * t->fill;
    g.surface = bottom - gel - tall;
    g.cells_top = bottom - tall * (t->cells > 0 ? t->cells : 0.45);
    g.gel_top = t->spun ? g.cells_top - gel : bottom - gel;
    return g;
}

static void glass_path(pen_t *pen, const glass_t *g)
{
    double r = (g->right - g->left) / 2;
    cairo_move_to(pen->cr, g->left, g->top);
    cairo_line_to(pen->cr, g->left, g->bottom - r);
    cairo_arc_negative(pen->cr, g->left + r, g->bottom - r, r, PEN_TAU / 2, 0);
    cairo_line_to(pen->cr, g->right, g->top);
    cairo_close_path(pen->cr);
}

static uint32_t mix(uint32_t a, uint32_t b, double share)
{
    uint32_t out = 0;
    for (int i = 0; i < 3; i++) {
        double x = (a >> (8 * i)) & 0xff, y = (b >> (8 * i)) & 0xff;
        out |= (uint32_t)(x + (y - x) * share + 0.5) << (8 * i);
    }
    return out;
}

static uint32_t serum_color(uint32_t bits)
{
    uint32_t c = bits & TUBE_SERUM_ICTERIC ? 0xc7920f : 0xead98a;
    if (bits & TUBE_SERUM_PINK) c = mix(c, 0xe0715f, 0.6);
    if (bits & TUBE_SERUM_RED) c = mix(c, 0xb31d1a, 0.85);
    if (bits & TUBE_SERUM_MILKY) c = mix(c, 0xf7f2e6, 0.72);
    return c;
}

static void glass_layer(pen_t *pen, const glass_t *g, double from, double to, uint32_t rgb)
{
    pen_rgb(pen, rgb, 1);
    pen_box(pen, g->left, from, g->right - g->left, to - from);
    cairo_fill(pen->cr);
}

static void tube_fibrin(pen_t *pen, const glass_t *g)
{
    double w = g->right - g->left, top = g->surface + 6, tall = g->gel_top - g->surface - 10;
    if (tall < 8) return;
    for (int i = 0; i < 3; i++) {
        double x = g->left + w * (0.1 + 0.22 * i);
        cairo_move_to(pen->cr, x, top);
        cairo_curve_to(pen->cr, x + w * 0.2, top + tall * 0.3, x - w * 0.15, top + tall * 0.6, x + w * 0.12,
                       top + tall * (0.8 + 0.06 * i));
    }
    pen_rgb(pen, 0xfdf8ea, 0.95);
    pen_stroke(pen, w > 30 ? 2.2 : 1, DASH_NONE);
}

static void tube_clot(pen_t *pen, const glass_t *g)
{
    double w = g->right - g->left, x = g->left, y = g->surface + w * 0.1;
    cairo_move_to(pen->cr, x + w * 0.08, y + w * 0.12);
    cairo_curve_to(pen->cr, x + w * 0.15, y - w * 0.05, x + w * 0.5, y + w * 0.08, x + w * 0.62, y);
    cairo_curve_to(pen->cr, x + w * 0.9, y + w * 0.02, x + w * 0.88, y + w * 0.35, x + w * 0.6, y + w * 0.38);
    cairo_curve_to(pen->cr, x + w * 0.4, y + w * 0.55, x + w * 0.02, y + w * 0.5, x + w * 0.08, y + w * 0.12);
    pen_rgb(pen, 0x35060c, 1);
    cairo_fill_preserve(pen->cr);
    pen_rgb(pen, 0xb5505a, 1);
    pen_stroke(pen, w > 30 ? 1.8 : 0.8, DASH_NONE);
}

static void tube_inside(pen_t *pen, const tube_picture_t *t, const glass_t *g)
{
    cairo_save(pen->cr);
    glass_path(pen, g);
    cairo_clip(pen->cr);
    glass_layer(pen, g, g->top, g->bottom, 0xf1f4f3);
    if (t->fill > 0) {
        if (t->spun) {
            glass_layer(pen, g, g->surface, g->bottom, serum_color(t->serum));
            glass_layer(pen, g, g->cells_top, g->bottom, 0x5c0f18);
            if (!t->gel) glass_layer(pen, g, g->cells_top - (g->bottom - g->top) * 0.008, g->cells_top, 0xe9dcc8);
        } else {
            glass_layer(pen, g, g->surface, g->bottom, 0x7d1522);
        }
    }
    if (t->gel) {
        double gel_bottom = t->spun && t->fill > 0 ? g->cells_top : g->bottom;
        double gel_top = t->spun && t->fill > 0 ? g->gel_top : g->bottom - (g->bottom - g->nominal) * 0.09;
        glass_layer(pen, g, gel_top, gel_bottom, 0xd9d6c4);
        pen_rgb(pen, 0x9c9983, 1);
        pen_line(pen, g->left, gel_top, g->right, gel_top, 1, DASH_NONE);
        pen_line(pen, g->left, gel_bottom, g->right, gel_bottom, 1, DASH_NONE);
    }
    if (t->fill > 0) {
        /* The meniscus. */
        pen_rgb(pen, t->spun ? mix(serum_color(t->serum), 0x3a2a00, 0.35) : 0x45070f, 1);
        pen_line(pen, g->left, g->surface, g->right, g->surface, 1.4, DASH_NONE);
        if (t->clot && !t->spun) tube_clot(pen, g);
        if (t->fibrin && t->spun) tube_fibrin(pen, g);
    }
    cairo_restore(pen->cr);
    glass_path(pen, g);
    pen_rgb(pen, 0x7d8a86, 1);
    pen_stroke(pen, g->right - g->left > 30 ? 1.8 : 1.2, DASH_NONE);
}

static void tube_cap(pen_t *pen, const tube_picture_t *t, double x, double y, double width, double height)
{
    uint32_t rgb;
    draw_cap_color(t->cap, &rgb);
    pen_round_box(pen, x, y, width, height, width * 0.1);
    pen_rgb(pen, rgb, 1);
    cairo_fill_preserve(pen->cr);
    pen_rgb(pen, mix(rgb, 0x000000, 0.45), 1);
    pen_stroke(pen, width > 40 ? 1.6 : 1, DASH_NONE);
    pen_rgb(pen, mix(rgb, 0x000000, 0.22), 1);
    for (int i = 1; i < 8; i++) {
        double rib = x + width * i / 8;
        pen_line(pen, rib, y + height * 0.3, rib, y + height * 0.86, width > 40 ? 1.4 : 0.7, DASH_NONE);
    }
}

static void tube_leak(pen_t *pen, const glass_t *g, double cap_bottom)
{
    static const double drops[3][3] = {{0.3, 0.06, 0.05}, {0.86, 0.1, 0.045}, {0.13, 0.42, 0.05}};
    double w = g->right - g->left;
    pen_rgb(pen, 0x7d1522, 1);
    pen_line(pen, g->left + w * 0.12, cap_bottom, g->left + w * 0.12, cap_bottom + w * 1.36, w * 0.045, DASH_NONE);
    for (int i = 0; i < 3; i++) {
        double r = w * drops[i][2] * 1.5, x = g->left + w * drops[i][0], y = cap_bottom + w * (0.1 + drops[i][1] * 3.2);
        cairo_move_to(pen->cr, x, y - r * 1.9);
        cairo_curve_to(pen->cr, x + r * 1.5, y, x + r, y + r, x, y + r);
        cairo_curve_to(pen->cr, x - r, y + r, x - r * 1.5, y, x, y - r * 1.9);
        cairo_fill(pen->cr);
    }
}

/* ---- the label ---- */

/* Bars from the digits and letters of the accession: two bars of 1 to 4 units a character. A likeness, not a code. */
static void tube_bars(pen_t *pen, const char *text, double x, double y, double width, double height)
{
    size_t n = text ? strlen(text) : 0;
    if (!n) return;
    if (n > 14) n = 14;
    double unit = width / ((double)n * 11.0);
    cairo_new_path(pen->cr);
    for (size_t i = 0; i < n; i++) {
        unsigned c = (unsigned char)text[i];
        double at = x + (double)i * 11.0 * unit;
        pen_box(pen, at, y, unit * (1 + (c & 3)), height);
        pen_box(pen, at + unit * 6, y, unit * (1 + ((c >> 2) & 3)), height);
    }
    pen_rgb(pen, 0x111111, 1);
    cairo_fill(pen->cr);
}

/* Printed along the tube and read with the cap to the left, as labels are stuck on. Text is in real ink, not in the
 * scheme's. */
static void tube_label(pen_t *pen, const tube_picture_t *t, double x, double y, double width, double height)
{
    draw_scheme_t scheme = pen->scheme;
    pen->scheme = DRAW_PAPER;
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x + width / 2, y + height / 2);
    cairo_rotate(pen->cr, PEN_TAU / 4 + (t->label == TUBE_LABEL_CROOKED ? 0.16 : 0));
    cairo_translate(pen->cr, -height / 2, -width / 2);
    pen_round_box(pen, 0, 0, height, width, 2);
    pen_rgb(pen, 0xfdfdfb, 1);
    cairo_fill_preserve(pen->cr);
    pen_rgb(pen, 0x9aa39f, 1);
    pen_stroke(pen, 1, DASH_NONE);
    if (!t->small) {
        double room = height - 14;
        char line[160];
        pen_fit(pen, 7, 14, (pen_type_t){12, TYPE_STRONG, INK_TEXT, AT_LEFT, room}, t->name, 7);
        bool both = t->id && *t->id && t->birth && *t->birth;
        snprintf(line, sizeof line, "%.60s%s%.60s", t->id ? t->id : "", both ? "   " : "", t->birth ? t->birth : "");
        pen_fit(pen, 7, 28, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT, AT_LEFT, room}, line, 7);
        tube_bars(pen, t->accession, 7, 34, room, width - 34 - 17);
        pen_text(pen, 7, width - 5, (pen_type_t){TYPE_SMALL, TYPE_MONO, INK_TEXT, AT_LEFT, room}, t->accession);
    } else {
        pen_rgb(pen, 0x555555, 1);
        pen_line(pen, 4, width * 0.35, height - 8, width * 0.35, 1, DASH_NONE);
        pen_line(pen, 4, width * 0.65, height - 18, width * 0.65, 1, DASH_NONE);
    }
    cairo_restore(pen->cr);
    pen->scheme = scheme;
}

/* ---- the two sizes ---- */

static void tube_small(pen_t *pen, const tube_picture_t *t)
{
    cairo_scale(pen->cr, pen->width / TUBE_SMALL_WIDTH, pen->width / TUBE_SMALL_WIDTH);
    glass_t g = glass_of(t, 8, 28, 20, 108, 38);
    tube_inside(pen, t, &g);
    if (t->label != TUBE_LABEL_NONE) tube_label(pen, t, 14.5, 54, 14, 38);
    pen_ink(pen, INK_TEXT);
    pen_line(pen, 28, g.nominal, 33, g.nominal, 1.4, DASH_NONE);
    if (t->leak) tube_leak(pen, &g, 22);
    tube_cap(pen, t, 5, 3, 26, 20);
}

static void tube_words(pen_t *pen, const tube_picture_t *t, const glass_t *g)
{
    double x = 146, y = 12, room = TUBE_WIDTH - x - 2;
    char cap[80];
    snprintf(cap, sizeof cap, "%.70s", t->cap ? t->cap : "");
    if (cap[0] >= 'a' && cap[0] <= 'z') cap[0] = (char)(cap[0] - 'a' + 'A');
    pen_type_t type = {TYPE_BASE, TYPE_STRONG, INK_TEXT, AT_LEFT, room};
    y += pen_paragraph(pen, x, y, type, cap, true) + 2;
    type = (pen_type_t){12, TYPE_TEXT, INK_TEXT_2, AT_LEFT, room};
    y += pen_paragraph(pen, x, y, type, t->additive, true);
    pen_ink(pen, INK_TEXT);
    pen_line(pen, g->right - 12, g->nominal, g->right + 10, g->nominal, 1.6, DASH_NONE);
    double line = g->nominal + 4 < y + 12 ? y + 12 : g->nominal + 4;
    pen_text(pen, g->right + 14, line, (pen_type_t){12, TYPE_TEXT, INK_TEXT, AT_LEFT, room}, t->volume);
    pen_text(pen, x, TUBE_HEIGHT - 12, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_2, AT_LEFT, room}, t->expiry);
}

static void tube_paint(pen_t *pen, const void *input)
{
    const tube_picture_t *t = input;
    cairo_save(pen->cr);
    if (t->small) {
        tube_small(pen, t);
    } else {
        cairo_scale(pen->cr, pen->width / TUBE_WIDTH, pen->width / TUBE_WIDTH);
        glass_t g = glass_of(t, 36, 124, 54, 320, 104);
        tube_inside(pen, t, &g);
        if (t->label != TUBE_LABEL_NONE) tube_label(pen, t, 58, 132, 68, 168);
        if (t->leak) tube_leak(pen, &g, 62);
        tube_cap(pen, t, 30, 8, 100, 54);
        tube_words(pen, t, &g);
    }
    cairo_restore(pen->cr);
}

/* ---- words: what an eye would tell, not what it means ---- */

static void tube_describe(text_t *out, const void *input)
{
    const tube_picture_t *t = input;
    text_addf(out, "Tube with %s cap", t->cap && *t->cap ? t->cap : "clear");
    if (t->additive && *t->additive) text_addf(out, ", %s", t->additive);
    char percent[40];
    pen_fixed(percent, t->fill * 100, 0);
    if (t->fill > 0)
        text_addf(out, "; filled to %s %% of the line", percent);
    else
        text_add(out, "; empty");
    if (t->fill > 0 && !t->spun) text_add(out, t->clot ? "; blood, not spun, with a clot" : "; blood, not spun");
    if (t->fill > 0 && t->spun) {
        static const char *const words[4] = {"pink", "red", "cloudy white", "dark yellow"};
        text_addf(out, "; spun, cells below%s, above them ", t->gel ? " the gel" : "");
        int said = 0;
        for (int i = 0; i < 4; i++)
            if (t->serum & (1u << i)) text_addf(out, "%s%s", said++ ? " and " : "", words[i]);
        if (!said) text_add(out, "straw-colored");
        if (t->fibrin) text_add(out, " with strands");
    }
    if (t->leak) text_add(out, "; blood on the outside");
    if (t->label == TUBE_LABEL_NONE)
        text_add(out, "; no label");
    else
        text_addf(out, "; label %s", t->label == TUBE_LABEL_CROOKED ? "crooked" : "straight");
    const char *const lines[] = {t->name, t->id, t->birth, t->accession};
    const char *before = ": ";
    for (int i = 0; i < 4 && t->label != TUBE_LABEL_NONE && !t->small; i++) {
        if (!lines[i] || !*lines[i]) continue;
        text_addf(out, "%s%.100s", before, lines[i]);
        before = ", ";
    }
    if (t->expiry && *t->expiry && !t->small) text_addf(out, "; %.60s", t->expiry);
    text_add_char(out, '.');
}

const picture_way_t tube_way = {tube_check, tube_size, tube_paint, tube_describe, true};
