/* The pen: what every picture is drawn with. It knows the palette, the type and the marks, so that
 * pictures do not speak of colors or fonts. */
#ifndef TITER_DRAW_PEN_H
#define TITER_DRAW_PEN_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

typedef enum { TYPE_TEXT, TYPE_STRONG, TYPE_MONO } pen_face_t;
typedef enum { AT_LEFT, AT_MIDDLE, AT_RIGHT } pen_align_t;
typedef enum { DASH_NONE, DASH_LONG, DASH_SHORT, DASH_DOTS } pen_dash_t;

enum { TYPE_SMALL = 11, TYPE_BASE = 13, TYPE_LARGE = 15, TYPE_TITLE = 20 };

static const double PEN_TAU = 6.28318530717958647692;

typedef struct {
    cairo_t *cr;
    PangoLayout *layout;
    draw_scheme_t scheme;
    double width, height; /* of the picture being drawn */
} pen_t;

typedef struct {
    double size;
    pen_face_t face;
    draw_ink_t ink;
    pen_align_t align;
    double room; /* cut with an ellipsis beyond this width; 0: no limit */
} pen_type_t;

void pen_ink(pen_t *pen, draw_ink_t ink);
void pen_rgb(pen_t *pen, uint32_t rgb, double alpha);
void pen_line(pen_t *pen, double x1, double y1, double x2, double y2, double width, pen_dash_t dash);
/* Strokes what is on the path. */
void pen_stroke(pen_t *pen, double width, pen_dash_t dash);
void pen_box(pen_t *pen, double x, double y, double width, double height);
void pen_round_box(pen_t *pen, double x, double y, double width, double height, double radius);
void pen_fill_box(pen_t *pen, draw_ink_t ink, double x, double y, double width, double height);

/* Marks around (x, y). */
void pen_dot(pen_t *pen, double x, double y, double r);
/* Many dots of one kind: add each, then stroke them all. */
void pen_add_dot(pen_t *pen, double x, double y);
void pen_stroke_dots(pen_t *pen, double r);
void pen_ring(pen_t *pen, double x, double y, double r, draw_ink_t ink, draw_ink_t inside);
void pen_diamond(pen_t *pen, double x, double y, double r, draw_ink_t ink, draw_ink_t inside);
void pen_triangle(pen_t *pen, double x, double y, double r, draw_ink_t ink);
void pen_square_x(pen_t *pen, double x, double y, double r, draw_ink_t ink);
typedef struct {
    double x, y;
} pen_point_t;
/* The mark of a tone at many places, in few strokes. */
void pen_tones(pen_t *pen, draw_tone_t tone, const pen_point_t *points, int count, double r);
void pen_tone(pen_t *pen, draw_tone_t tone, double x, double y, double r);
draw_ink_t tone_ink(draw_tone_t tone);
draw_ink_t tone_soft(draw_tone_t tone);

/* Writes on the baseline y; returns the width it took. NULL and "" take none. */
double pen_text(pen_t *pen, double x, double y, pen_type_t type, const char *text);
double pen_text_width(pen_t *pen, pen_type_t type, const char *text);
/* As pen_text, but in smaller type, down to `smallest`, before it is cut. */
double pen_fit(pen_t *pen, double x, double y, pen_type_t type, const char *text, double smallest);
/* A paragraph from the top y in lines of type.room; returns its height; `draw` false only measures. */
double pen_paragraph(pen_t *pen, double x, double y, pen_type_t type, const char *text, bool draw);

/* Axis helpers. */
/* A step of 1, 2 or 5 times a power of ten that makes at most `most` steps of `span`. */
double pen_step(double span, int most);
/* Numbers and hairlines of an axis from `low` to `high` (more than `low`), across below a plot and up to its left. */
void pen_across_axis(pen_t *pen, double left, double right, double top, double bottom, double low, double high);
void pen_up_axis(pen_t *pen, double left, double right, double top, double bottom, double low, double high);
/* A step of whole minutes (5 .. 240) for a time axis of `length_s` in `width` pixels. */
int32_t pen_time_step(int32_t length_s, double width);
/* Hours and hairlines of a time axis. */
void pen_time_axis(pen_t *pen, double left, double right, double top, double bottom, int32_t length_s, int32_t clock_s);
/* Text of a number with sign: "+1.2", "−0.4" (with the true minus), "0.0". */
void pen_signed(char out[40], double value, int decimals);
void pen_fixed(char out[40], double value, int decimals);

#endif
