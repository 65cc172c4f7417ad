/* Signal detection (Green and Swets 1966): hits and false alarms kept apart. A 2 × 2 picture with
 * bars, and one point on the plane of the receiver operating characteristic. */
#ifndef TITER_DRAW_DETECT_H
#define TITER_DRAW_DETECT_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { DETECT_MAX_ROWS = 16, DETECT_WIDTH = 560, DETECT_ROW_HEIGHT = 40, DETECT_TABLE_HEIGHT = 200, ROC_SIDE = 260 };

typedef struct {
    const char *name; /* "Specimen acceptance" */
    int hits, misses, false_alarms, correct_passes;
} detect_counts_t;

/* One row: the 2 × 2 table with areas as bars. More rows: two bars a row (caught of bad, stopped of good). */
typedef struct {
    const char *title;
    const char *bad, *good;       /* what the two kinds are called: "With a fault", "Without" */
    const char *stopped, *passed; /* what can be done: "Stopped", "Let pass" */
    int minimum;                  /* fewer observations than this of a kind: "too few to say" */
    int row_count;
    detect_counts_t rows[DETECT_MAX_ROWS];
} detect_chart_t;

bool draw_detect(text_t *out, const detect_chart_t *chart, draw_look_t look, err_t *err);
void draw_detect_describe(text_t *out, const detect_chart_t *chart);

/* You (dot) and, if given, the one beside you (ring), on the ROC plane with curves of d' 0, 1, 2, 3.
 * Rates are corrected as hits + 0.5 of n + 1 (Hautus 1995), like d'. */
typedef struct {
    detect_counts_t you;
    bool has_other;
    detect_counts_t other;
    const char *other_name; /* "careful run, same seed" */
} roc_chart_t;

bool draw_roc(text_t *out, const roc_chart_t *chart, draw_look_t look, err_t *err);
void draw_roc_describe(text_t *out, const roc_chart_t *chart);

#endif
