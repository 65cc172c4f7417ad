/* What a chemistry analyzer recorded of one test: absorbance against time with what was added and what was read, or the
 * signal of a sample on the line or curve of its standards. */
#ifndef TITER_DRAW_REACTION_H
#define TITER_DRAW_REACTION_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum {
    REACTION_MAX_READINGS = 400,
    REACTION_MAX_ADDED = 3,
    REACTION_WIDTH = 560,
    REACTION_HEIGHT = 320,
    STANDARDS_MAX_POINTS = 100,
};

typedef struct {
    double second;
    const char *words; /* "second reagent" */
} reaction_added_t;

typedef struct {
    const char *title;
    const char *signal;       /* "absorbance, 340 less 700 nm" */
    const double *absorbance; /* one every step_s, from 0 */
    int count;
    double step_s;
    double from_s, to_s; /* read; shaded */
    int added_count;
    reaction_added_t added[REACTION_MAX_ADDED]; /* in order of time */
} reaction_chart_t;

bool draw_reaction(text_t *out, const reaction_chart_t *chart, draw_look_t look, err_t *err);
/* What was added when, and the absorbance there, at both ends of the reading and at the end. Nothing is judged. */
void draw_reaction_describe(text_t *out, const reaction_chart_t *chart);

typedef struct {
    double x, y;
} standard_point_t;

/* The scale of concentrations is logarithmic; that of signals where log_signal says so. */
typedef struct {
    const char *title;
    const char *x_axis, *y_axis; /* "mmol/L", "potential, mV" */
    bool log_signal;
    int x_decimals, y_decimals;
    const standard_point_t *standards; /* rings, in order of x */
    int standard_count;
    const standard_point_t *line; /* through them, in order of x */
    int line_count;
    double sample_x, sample_y; /* x NAN: its signal lies beyond the line, drawn as a level */
} standards_chart_t;

bool draw_standards(text_t *out, const standards_chart_t *chart, draw_look_t look, err_t *err);
void draw_standards_describe(text_t *out, const standards_chart_t *chart);

#endif
