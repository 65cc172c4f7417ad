/* What a design of adaptive tests does, one page of six small plots: bias and RMSE by true ability, the spread of the
 * errors beside the standard error that the tests state, use of the items, content against the blueprint, and right
 * decisions around the mark. Two series in one plot differ by mark and line, not by color. */
#ifndef TITER_DRAW_STUDY_H
#define TITER_DRAW_STUDY_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum {
    STUDY_CHART_BANDS_MAX = 16,
    STUDY_CHART_AREAS_MAX = 64,
    STUDY_CHART_STEPS_MAX = 24,
    STUDY_CHART_ITEMS_MAX = 20000,
    STUDY_CHART_WIDTH = 760
};

/* People of about one ability; nobody: nothing is drawn there. */
typedef struct {
    double at; /* logits */
    unsigned people;
    double bias, rmse, se; /* se: the mean standard error that their tests state */
} study_chart_band_t;

/* Items of an area in a test: what the blueprint asks for, and what was. */
typedef struct {
    const char *name;
    int low, high;
    double mean;
    int least, most;
} study_chart_area_t;

/* People of about one distance from the mark, and how many of them were judged rightly. */
typedef struct {
    double at; /* logits from the mark, ascending */
    unsigned people, right;
} study_chart_step_t;

typedef struct {
    const char *title, *note;        /* NULL: none */
    const study_chart_band_t *bands; /* ascending in `at` */
    int band_count;                  /* 1..STUDY_CHART_BANDS_MAX */
    const double *exposure;          /* share of the tests that had the item; falling */
    int item_count;                  /* 1..STUDY_CHART_ITEMS_MAX */
    double bound;                    /* of exposure; 0: none */
    const study_chart_area_t *areas;
    int area_count; /* 0: no blueprint */
    const study_chart_step_t *steps;
    int step_count; /* 0: no mark */
} study_chart_t;

bool draw_study(text_t *out, const study_chart_t *chart, draw_look_t look, err_t *err);
void draw_study_describe(text_t *out, const study_chart_t *chart);

#endif
