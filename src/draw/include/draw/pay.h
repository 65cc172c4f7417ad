/* Pay by place: one row a place, a hairline from the 10th to the 90th percentile, a bar over the middle half, a dot at
 * the median; one place stands out and a dashed line carries its (or the country's) median down the picture. Its table
 * twin is the page's own table. */
#ifndef TITER_DRAW_PAY_H
#define TITER_DRAW_PAY_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { PAY_MAX_ROWS = 64, PAY_WIDTH = 720, PAY_ROW_HEIGHT = 20 };

typedef struct {
    const char *name;
    double p10, p25, median, p75, p90; /* dollars a year; NAN: not given, except the median */
    bool marked;                       /* stands out */
} pay_row_t;

typedef struct {
    const pay_row_t *rows; /* in the order to be drawn */
    int count;             /* 1..PAY_MAX_ROWS */
    double reference;      /* a median to compare with, or NAN */
    const char *reference_name;
} pay_chart_t;

bool draw_pay(text_t *out, const pay_chart_t *chart, draw_look_t look, err_t *err);
void draw_pay_describe(text_t *out, const pay_chart_t *chart);

#endif
