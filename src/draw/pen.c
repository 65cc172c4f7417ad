/* The pen and the canvas: cairo for shapes, pango for text. Pango keeps its fonts in a cache of its own, one a
 * thread; nothing else outlives a picture. Hinting is off, so that letters lie at the same place in every format. */
#include "pen.h"
#include "base/exact.h"
#include "paint.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <stdio.h>
#include <string.h>

static const char pen_family[] = "Inter, DejaVu Sans, sans-serif";
static const char pen_family_mono[] = "JetBrains Mono, DejaVu Sans Mono, monospace";

/* ---- canvas ---- */

static cairo_status_t canvas_take(void *closure, const unsigned char *bytes, unsigned length)
{
    text_t *raw = closure;
    text_add_n(raw, (const char *)bytes, length);
    return raw->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void pen_start(pen_t *pen, cairo_surface_t *surface)
{
    pen->cr = cairo_create(surface);
    cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    PangoFontMap *fonts = pango_cairo_font_map_get_default(); /* pango's, one a thread */
    PangoContext *context = pango_font_map_create_context(fonts);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72.0); /* a "point" of pango is a pixel of ours */
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en-us"));
    pen->layout = pango_layout_new(context);
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1")); /* figures of one width, always */
    pango_layout_set_attributes(pen->layout, list);
    pango_attr_list_unref(list);
    g_object_unref(context);
    cairo_font_options_destroy(options);
}

/* The date of a PDF file: that of the paper when it begins YYYY-MM-DD, else a fixed one; never the clock. */
static void canvas_date(cairo_surface_t *surface, const char *date)
{
    char stamp[24] = "2000-01-01T00:00:00Z";
    bool iso = date && strlen(date) >= 10;
    for (int i = 0; iso && i < 10; i++) iso = i == 4 || i == 7 ? date[i] == '-' : date[i] >= '0' && date[i] <= '9';
    if (iso) memcpy(stamp, date, 10);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);
}

bool canvas_begin(canvas_t *canvas, draw_format_t format, draw_scheme_t scheme, double width, double height, bool clear,
                  const char *date, err_t *err)
{
    *canvas = (canvas_t){.format = format};
    text_init(&canvas->raw, DRAW_BYTES_LIMIT);
    double scale = 1.0;
    if (format == DRAW_SVG) {
        canvas->surface = cairo_svg_surface_create_for_stream(canvas_take, &canvas->raw, width, height);
        cairo_svg_surface_set_document_unit(canvas->surface, CAIRO_SVG_UNIT_PX);
    } else if (format == DRAW_PNG) {
        scale = DRAW_PNG_SCALE;
        canvas->surface = cairo_image_surface_create(clear ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24,
                                                     (int)(width * scale + 0.5), (int)(height * scale + 0.5));
    } else {
        scale = 0.75; /* 72 points an inch, 96 pixels an inch */
        canvas->surface = cairo_pdf_surface_create_for_stream(canvas_take, &canvas->raw, width * scale, height * scale);
        canvas_date(canvas->surface, date);
    }
    if (cairo_surface_status(canvas->surface) != CAIRO_STATUS_SUCCESS) {
        err_set(err, ERR_MEMORY, "No memory for a picture of %d by %d pixels.", (int)width, (int)height);
        cairo_surface_destroy(canvas->surface);
        text_free(&canvas->raw);
        return false;
    }
    pen_t *pen = &canvas->pen;
    pen->scheme = scheme;
    pen->width = width;
    pen->height = height;
    pen_start(pen, canvas->surface);
    cairo_scale(pen->cr, scale, scale);
    if (!clear) pen_fill_box(pen, INK_SHEET, 0, 0, width, height);
    return true;
}

bool canvas_end(canvas_t *canvas, text_t *out, err_t *err)
{
    cairo_status_t status = cairo_status(canvas->pen.cr);
    g_object_unref(canvas->pen.layout);
    cairo_destroy(canvas->pen.cr);
    if (status == CAIRO_STATUS_SUCCESS && canvas->format == DRAW_PNG)
        status = cairo_surface_write_to_png_stream(canvas->surface, canvas_take, &canvas->raw);
    cairo_surface_finish(canvas->surface);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(canvas->surface);
    cairo_surface_destroy(canvas->surface);
    bool done = status == CAIRO_STATUS_SUCCESS && !canvas->raw.failed && canvas->raw.length > 0;
    if (!done) {
        err_set(err, canvas->raw.failed ? ERR_LIMIT : ERR_MEMORY, "The picture could not be written: %s.",
                cairo_status_to_string(status));
    } else {
        if (canvas->format == DRAW_SVG)
            svg_tidy(out, canvas->raw.data, canvas->raw.length);
        else
            text_add_n(out, canvas->raw.data, canvas->raw.length);
        if (out->failed)
            done = err_set(err, ERR_LIMIT, "The picture is larger than the buffer may grow (%zu bytes).", out->limit);
    }
    text_free(&canvas->raw);
    return done;
}

/* ---- color, lines, boxes ---- */

void pen_rgb(pen_t *pen, uint32_t rgb, double alpha)
{
    cairo_set_source_rgba(pen->cr, ((rgb >> 16) & 0xff) / 255.0, ((rgb >> 8) & 0xff) / 255.0, (rgb & 0xff) / 255.0,
                          alpha);
}

void pen_ink(pen_t *pen, draw_ink_t ink)
{
    pen_rgb(pen, draw_color(pen->scheme, ink), 1.0);
}

void pen_stroke(pen_t *pen, double width, pen_dash_t dash)
{
    static const double pattern[][2] = {{0, 0}, {7, 4}, {4, 3}, {1.5, 3}};
    cairo_set_line_width(pen->cr, width);
    cairo_set_dash(pen->cr, pattern[dash], dash == DASH_NONE ? 0 : 2, 0);
    cairo_stroke(pen->cr);
    cairo_set_dash(pen->cr, NULL, 0, 0);
}

void pen_line(pen_t *pen, double x1, double y1, double x2, double y2, double width, pen_dash_t dash)
{
    cairo_move_to(pen->cr, x1, y1);
    cairo_line_to(pen->cr, x2, y2);
    pen_stroke(pen, width, dash);
}

void pen_box(pen_t *pen, double x, double y, double width, double height)
{
    cairo_rectangle(pen->cr, x, y, width > 0 ? width : 0, height > 0 ? height : 0);
}

void pen_round_box(pen_t *pen, double x, double y, double width, double height, double radius)
{
    double most = (width < height ? width : height) / 2;
    double r = radius < most ? radius : most;
    if (r <= 0) {
        pen_box(pen, x, y, width, height);
        return;
    }
    cairo_new_sub_path(pen->cr);
    cairo_arc(pen->cr, x + width - r, y + r, r, -PEN_TAU / 4, 0);
    cairo_arc(pen->cr, x + width - r, y + height - r, r, 0, PEN_TAU / 4);
    cairo_arc(pen->cr, x + r, y + height - r, r, PEN_TAU / 4, PEN_TAU / 2);
    cairo_arc(pen->cr, x + r, y + r, r, PEN_TAU / 2, 3 * PEN_TAU / 4);
    cairo_close_path(pen->cr);
}

void pen_fill_box(pen_t *pen, draw_ink_t ink, double x, double y, double width, double height)
{
    pen_ink(pen, ink);
    pen_box(pen, x, y, width, height);
    cairo_fill(pen->cr);
}

/* ---- marks ---- */

/* A dot is a stroke of no length with round ends: a tenth of the bytes of a circle of four curves. */
void pen_add_dot(pen_t *pen, double x, double y)
{
    cairo_move_to(pen->cr, x, y);
    cairo_line_to(pen->cr, x, y);
}

void pen_stroke_dots(pen_t *pen, double r)
{
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
    pen_stroke(pen, 2 * r, DASH_NONE);
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_BUTT);
}

void pen_dot(pen_t *pen, double x, double y, double r)
{
    pen_add_dot(pen, x, y);
    pen_stroke_dots(pen, r);
}

static void pen_outline(pen_t *pen, draw_ink_t ink, draw_ink_t inside)
{
    pen_ink(pen, inside);
    cairo_fill_preserve(pen->cr);
    pen_ink(pen, ink);
    pen_stroke(pen, 1.5, DASH_NONE);
}

void pen_ring(pen_t *pen, double x, double y, double r, draw_ink_t ink, draw_ink_t inside)
{
    pen_ink(pen, ink);
    pen_dot(pen, x, y, r + 0.75);
    pen_ink(pen, inside);
    pen_dot(pen, x, y, r - 0.75);
}

void pen_diamond(pen_t *pen, double x, double y, double r, draw_ink_t ink, draw_ink_t inside)
{
    cairo_move_to(pen->cr, x, y - r);
    cairo_line_to(pen->cr, x + r, y);
    cairo_line_to(pen->cr, x, y + r);
    cairo_line_to(pen->cr, x - r, y);
    cairo_close_path(pen->cr);
    pen_outline(pen, ink, inside);
}

void pen_triangle(pen_t *pen, double x, double y, double r, draw_ink_t ink)
{
    cairo_move_to(pen->cr, x, y - r);
    cairo_line_to(pen->cr, x + r, y + 0.8 * r);
    cairo_line_to(pen->cr, x - r, y + 0.8 * r);
    cairo_close_path(pen->cr);
    pen_ink(pen, ink);
    cairo_fill(pen->cr);
}

void pen_square_x(pen_t *pen, double x, double y, double r, draw_ink_t ink)
{
    pen_box(pen, x - r, y - r, 2 * r, 2 * r);
    pen_outline(pen, ink, INK_SHEET);
    double d = r * 0.62;
    cairo_move_to(pen->cr, x - d, y - d);
    cairo_line_to(pen->cr, x + d, y + d);
    cairo_move_to(pen->cr, x - d, y + d);
    cairo_line_to(pen->cr, x + d, y - d);
    pen_stroke(pen, 1.5, DASH_NONE);
}

draw_ink_t tone_ink(draw_tone_t tone)
{
    static const draw_ink_t inks[TONE_COUNT] = {INK_TEXT_2, INK_OK, INK_WARN, INK_CRIT, INK_INFO};
    return inks[(unsigned)tone < TONE_COUNT ? tone : TONE_PLAIN];
}

draw_ink_t tone_soft(draw_tone_t tone)
{
    static const draw_ink_t inks[TONE_COUNT] = {INK_RULE, INK_OK_SOFT, INK_WARN_SOFT, INK_CRIT_SOFT, INK_INFO_SOFT};
    return inks[(unsigned)tone < TONE_COUNT ? tone : TONE_PLAIN];
}

/* Adds the outline of one mark to the path. */
static void tone_path(pen_t *pen, draw_tone_t tone, pen_point_t p, double r)
{
    cairo_t *cr = pen->cr;
    if (tone == TONE_CRIT) {
        pen_box(pen, p.x - r, p.y - r, 2 * r, 2 * r);
        return;
    }
    if (tone != TONE_WARN && tone != TONE_INFO) {
        pen_add_dot(pen, p.x, p.y);
        return;
    }
    cairo_move_to(cr, p.x, p.y - r);
    cairo_line_to(cr, p.x + r, tone == TONE_WARN ? p.y + 0.8 * r : p.y);
    if (tone == TONE_INFO) cairo_line_to(cr, p.x, p.y + r);
    cairo_line_to(cr, p.x - r, tone == TONE_WARN ? p.y + 0.8 * r : p.y);
    cairo_close_path(cr);
}

static void tone_paths(pen_t *pen, draw_tone_t tone, const pen_point_t *points, int count, double r)
{
    for (int i = 0; i < count; i++) tone_path(pen, tone, points[i], r);
}

void pen_tones(pen_t *pen, draw_tone_t tone, const pen_point_t *points, int count, double r)
{
    static const double share[TONE_COUNT] = {0.8, 1, 1.1, 0.92, 1.05}; /* of r, so that all look alike large */
    if (!count) return;
    r *= share[tone];
    draw_ink_t ink = tone_ink(tone);
    tone_paths(pen, tone, points, count, r);
    pen_ink(pen, ink);
    switch (tone) {
    case TONE_WARN:
        cairo_fill(pen->cr);
        return;
    case TONE_OK:
        pen_stroke_dots(pen, r + 0.75);
        tone_paths(pen, tone, points, count, r);
        pen_ink(pen, INK_SHEET);
        pen_stroke_dots(pen, r - 0.75);
        break;
    case TONE_CRIT:
    case TONE_INFO:
        pen_outline(pen, ink, INK_SHEET);
        break;
    default:
        pen_stroke_dots(pen, r);
        return;
    }
    if (tone == TONE_INFO) return;
    for (int i = 0; i < count; i++) {
        double x = points[i].x, y = points[i].y, d = r * (tone == TONE_OK ? 0.5 : 0.62);
        if (tone == TONE_OK) {
            cairo_move_to(pen->cr, x - d, y);
            cairo_line_to(pen->cr, x - d * 0.25, y + d * 0.7);
            cairo_line_to(pen->cr, x + d, y - d * 0.75);
        } else {
            cairo_move_to(pen->cr, x - d, y - d);
            cairo_line_to(pen->cr, x + d, y + d);
            cairo_move_to(pen->cr, x - d, y + d);
            cairo_line_to(pen->cr, x + d, y - d);
        }
    }
    pen_ink(pen, ink);
    pen_stroke(pen, r < 3.5 ? 1 : 1.5, DASH_NONE);
}

void pen_tone(pen_t *pen, draw_tone_t tone, double x, double y, double r)
{
    pen_point_t point = {x, y};
    pen_tones(pen, (unsigned)tone < TONE_COUNT ? tone : TONE_PLAIN, &point, 1, r);
}

/* ---- text ---- */

static void pen_set(pen_t *pen, pen_type_t type, const char *text, bool wrap)
{
    size_t length = strlen(text), most = wrap ? 16000 : DRAW_MAX_TEXT;
    if (length > most) length = most;
    char *valid = g_utf8_make_valid(text, (gssize)length);
    if (!wrap) {
        for (char *c = valid; *c; c++)
            if ((unsigned char)*c < 32) *c = ' ';
    }
    pango_layout_set_text(pen->layout, valid, -1);
    g_free(valid);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, type.face == TYPE_MONO ? pen_family_mono : pen_family);
    pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
    pango_font_description_set_weight(font, type.face == TYPE_STRONG ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(pen->layout, type.room > 0 ? (int)(type.room * PANGO_SCALE) : -1);
    pango_layout_set_ellipsize(pen->layout, !wrap && type.room > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_wrap(pen->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(pen->layout, !wrap);
    pango_layout_set_line_spacing(pen->layout, wrap ? 1.2f : 0.0f);
}

static double pen_set_width(pen_t *pen)
{
    PangoRectangle logical;
    pango_layout_get_extents(pen->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

double pen_text_width(pen_t *pen, pen_type_t type, const char *text)
{
    if (!text || !*text) return 0;
    pen_set(pen, type, text, false);
    return pen_set_width(pen);
}

double pen_text(pen_t *pen, double x, double y, pen_type_t type, const char *text)
{
    if (!text || !*text) return 0;
    pen_set(pen, type, text, false);
    double width = pen_set_width(pen);
    if (type.align == AT_MIDDLE) x -= width / 2;
    if (type.align == AT_RIGHT) x -= width;
    pen_ink(pen, type.ink);
    cairo_move_to(pen->cr, x, y - (double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE);
    pango_cairo_show_layout(pen->cr, pen->layout);
    cairo_new_path(pen->cr);
    return width;
}

double pen_fit(pen_t *pen, double x, double y, pen_type_t type, const char *text, double smallest)
{
    double room = type.room;
    type.room = 0;
    while (type.size > smallest && pen_text_width(pen, type, text) > room) type.size -= 0.5;
    type.room = room;
    return pen_text(pen, x, y, type, text);
}

double pen_paragraph(pen_t *pen, double x, double y, pen_type_t type, const char *text, bool draw)
{
    if (!text || !*text) return 0;
    pen_set(pen, type, text, true);
    pango_layout_set_alignment(pen->layout, type.align == AT_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    PangoRectangle logical;
    pango_layout_get_extents(pen->layout, NULL, &logical);
    if (draw) {
        pen_ink(pen, type.ink);
        cairo_move_to(pen->cr, x, y);
        pango_cairo_show_layout(pen->cr, pen->layout);
        cairo_new_path(pen->cr);
    }
    pango_layout_set_alignment(pen->layout, PANGO_ALIGN_LEFT);
    return (double)logical.height / PANGO_SCALE;
}

/* ---- numbers and axes ---- */

bool number_fits(double value)
{
    return value == value && value > -1e9 && value < 1e9;
}

void pen_fixed(char out[40], double value, int decimals)
{
    char plain[36]; /* text_fixed writes at most 32; the true minus takes three bytes */
    if (decimals < 0) decimals = 0;
    if (decimals > 9) decimals = 9;
    text_fixed(plain, value, decimals);
    bool minus = plain[0] == '-';
    snprintf(out, 40, "%s%.34s", minus ? "\u2212" : "", plain + minus);
}

void pen_signed(char out[40], double value, int decimals)
{
    char plain[40];
    pen_fixed(plain, value, decimals);
    bool zero = strspn(plain, "0.") == strlen(plain);
    snprintf(out, 40, "%s%.36s", value > 0 && !zero ? "+" : "", plain);
}

double pen_step(double span, int most)
{
    if (!(span > 0)) return 1;
    double step = 1;
    while (span / step > most) step *= 10;
    while (span / (step / 10) <= most) step /= 10;
    if (span / (step / 5) <= most) return step / 5;
    if (span / (step / 2) <= most) return step / 2;
    return step;
}

int32_t pen_time_step(int32_t length_s, double width)
{
    static const int32_t minutes[] = {1, 5, 10, 15, 30, 60, 120, 240, 480, 1440};
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++)
        if ((double)length_s / 60.0 / minutes[i] * 52.0 <= width) return minutes[i] * 60;
    return 2880 * 60;
}

void pen_time_axis(pen_t *pen, double left, double right, double top, double bottom, int32_t length_s, int32_t clock_s)
{
    int32_t step = pen_time_step(length_s, right - left);
    int32_t first = (step - clock_s % step) % step; /* whole hours of the clock, not of the shift */
    for (int64_t t = first; t <= length_s; t += step) {
        double x = left + (right - left) * (double)t / length_s;
        char clock[8];
        text_clock(clock, ((int64_t)clock_s + t) % 86400);
        pen_ink(pen, INK_RULE);
        pen_line(pen, x, top, x, bottom, 1, DASH_NONE);
        pen_text(pen, x, bottom + 15, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, clock);
    }
}

enum { AXIS_ROOM_ACROSS = 46, AXIS_ROOM_UP = 34 };

/* The first whole step at or above `low`. */
static double axis_first(double low, double step)
{
    return -exact_floor(-(low / step) + 1e-9) * step;
}

static int axis_decimals(double step)
{
    int decimals = 0;
    while (decimals < 6 && step < 0.999) step *= 10, decimals++;
    return decimals;
}

void pen_across_axis(pen_t *pen, double left, double right, double top, double bottom, double low, double high)
{
    double span = high - low, step = pen_step(span, (int)((right - left) / AXIS_ROOM_ACROSS) + 1);
    double first = axis_first(low, step);
    for (int i = 0; first + i * step <= high + step * 1e-6; i++) {
        double v = first + i * step, x = left + (right - left) * (v - low) / span;
        char number[40];
        pen_fixed(number, v, axis_decimals(step));
        pen_ink(pen, INK_RULE);
        if (top < bottom) pen_line(pen, x, top, x, bottom, 1, DASH_NONE);
        pen_ink(pen, INK_TEXT_3);
        pen_line(pen, x, bottom, x, bottom + 4, 1, DASH_NONE);
        pen_text(pen, x, bottom + 15, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_MIDDLE, 0}, number);
    }
}

void pen_up_axis(pen_t *pen, double left, double right, double top, double bottom, double low, double high)
{
    double span = high - low, step = pen_step(span, (int)((bottom - top) / AXIS_ROOM_UP) + 1);
    double first = axis_first(low, step);
    for (int i = 0; first + i * step <= high + step * 1e-6; i++) {
        double v = first + i * step, y = bottom - (bottom - top) * (v - low) / span;
        char number[40];
        pen_fixed(number, v, axis_decimals(step));
        pen_ink(pen, INK_RULE);
        pen_line(pen, left, y, right, y, 1, DASH_NONE);
        pen_text(pen, left - 7, y + 4, (pen_type_t){TYPE_SMALL, TYPE_TEXT, INK_TEXT_3, AT_RIGHT, 0}, number);
    }
}
