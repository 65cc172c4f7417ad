/* The steps of a plan over the days, one bar a step, on lanes: solid until the day on which it may be done at the
 * earliest, ruled until the latest, with an upright at each. Its table twin is the page's own table. */
#ifndef TITER_DRAW_COURSE_H
#define TITER_DRAW_COURSE_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

enum { COURSE_MAX_ROWS = 24, COURSE_MAX_LANES = 4, COURSE_MAX_TICKS = 16, COURSE_WIDTH = 380 };

typedef struct {
    const char *name, *said;     /* said: right of the name, "2027-05-27 to 2027-11-27" */
    int lane;                    /* 0..lane_count - 1 */
    int32_t start, end_low, end; /* days, start <= end_low <= end */
} course_row_t;

typedef struct {
    int32_t day;
    const char *label; /* "2027" */
} course_tick_t;

typedef struct {
    const char *lanes[COURSE_MAX_LANES]; /* lanes without a row are left out */
    int lane_count;
    const course_row_t *rows;
    int count;
    int32_t first, last; /* the days that the picture reaches over, first < last */
    course_tick_t ticks[COURSE_MAX_TICKS];
    int tick_count;
} course_chart_t;

bool draw_course(text_t *out, const course_chart_t *chart, draw_look_t look, err_t *err);
void draw_course_describe(text_t *out, const course_chart_t *chart);

#endif
