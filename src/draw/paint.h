/* What each kind of picture gives to picture.c: a check of its input, its size (width 0 in: its own;
 * the height follows the width), its drawing and its description. */
#ifndef TITER_DRAW_PAINT_H
#define TITER_DRAW_PAINT_H

#include "draw/picture.h"
#include "pen.h"

typedef struct {
    bool (*check)(const void *input, err_t *err);
    void (*size)(const void *input, double *width, double *height);
    void (*paint)(pen_t *pen, const void *input); /* fills pen->width by pen->height from the origin */
    void (*describe)(text_t *out, const void *input);
    bool clear; /* has no ground of its own */
} picture_way_t;

extern const picture_way_t lj_way, youden_way, overview_way, spark_way, tube_way, timeline_way, seen_way,
    turnaround_way, queue_way, detect_way, roc_way, histogram_way, scatter_way, clot_way, mixing_way, parallel_way,
    log_way, trend_way, bars_way, field_way, map_way, pay_way, need_way, study_way, course_way, moves_way, racks_way,
    reaction_way, standards_way, rotor_way;

/* Valid input of a picture, or NULL with err. */
const picture_way_t *picture_way(const picture_t *picture, err_t *err);
/* The size of a picture in a look. */
bool picture_fit(const picture_t *picture, draw_look_t look, double *width, double *height, err_t *err);

/* A surface that ends in `out`. `begin` starts it and `end` finishes it and reports what went wrong. */
typedef struct {
    pen_t pen;
    text_t raw; /* what cairo wrote */
    cairo_surface_t *surface;
    draw_format_t format;
} canvas_t;

bool canvas_begin(canvas_t *canvas, draw_format_t format, draw_scheme_t scheme, double width, double height, bool clear,
                  const char *date, err_t *err);
bool canvas_end(canvas_t *canvas, text_t *out, err_t *err);
/* cairo's SVG to smaller SVG with presentation attributes and stable ids. */
void svg_tidy(text_t *out, const char *svg, size_t length);

/* A shift of sensible length and a start that is a second of the day. */
bool shift_time_check(int32_t length_s, int32_t clock_s, err_t *err);
/* Finite and not absurd. */
bool number_fits(double value);

#endif
