/* A spark line: two to six results of one person in order, over the reference interval. The last
 * one is marked; time runs to scale when hours are given. */
#ifndef TITER_DRAW_SPARK_H
#define TITER_DRAW_SPARK_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { SPARK_MIN_RESULTS = 2, SPARK_MAX_RESULTS = 6, SPARK_WIDTH = 96, SPARK_HEIGHT = 28 };

typedef struct {
    double values[SPARK_MAX_RESULTS]; /* oldest first */
    double hours[SPARK_MAX_RESULTS];  /* when, ascending; all 0: evenly spaced */
    int count;
    double low, high; /* interval; NAN: that side is open */
    const char *unit;
    int decimals;
    bool numbers; /* write the last value beside it */
} spark_t;

bool draw_spark(text_t *out, const spark_t *spark, draw_look_t look, err_t *err);
/* "5 results: 4.1, 4.0, 3.9, 4.1, 7.9 mmol/L; interval 3.5 to 5.1". */
void draw_spark_describe(text_t *out, const spark_t *spark);

#endif
