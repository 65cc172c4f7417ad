/* Any picture of this room by one name: what the paper helper lays out and a route can serve. */
#ifndef TITER_DRAW_PICTURE_H
#define TITER_DRAW_PICTURE_H

#include "draw/bars.h"
#include "draw/cell.h"
#include "draw/clot.h"
#include "draw/course.h"
#include "draw/detect.h"
#include "draw/field.h"
#include "draw/lj.h"
#include "draw/map.h"
#include "draw/moves.h"
#include "draw/need.h"
#include "draw/pay.h"
#include "draw/racks.h"
#include "draw/reaction.h"
#include "draw/rotor.h"
#include "draw/shift.h"
#include "draw/spark.h"
#include "draw/study.h"
#include "draw/trend.h"
#include "draw/tube.h"

typedef enum {
    PICTURE_LJ,
    PICTURE_YOUDEN,
    PICTURE_LJ_OVERVIEW,
    PICTURE_SPARK,
    PICTURE_TUBE,
    PICTURE_TIMELINE,
    PICTURE_SEEN,
    PICTURE_TURNAROUND,
    PICTURE_QUEUE,
    PICTURE_DETECT,
    PICTURE_ROC,
    PICTURE_HISTOGRAM,
    PICTURE_SCATTER,
    PICTURE_CLOT,
    PICTURE_MIXING,
    PICTURE_PARALLEL,
    PICTURE_LOG,
    PICTURE_TREND,
    PICTURE_BARS,
    PICTURE_FIELD,
    PICTURE_MAP,
    PICTURE_PAY,
    PICTURE_NEED,
    PICTURE_STUDY,
    PICTURE_COURSE,
    PICTURE_MOVES,
    PICTURE_ROTOR,
    PICTURE_RACKS,
    PICTURE_REACTION,
    PICTURE_STANDARDS,
    PICTURE_KINDS,
} picture_kind_t;

typedef struct {
    picture_kind_t kind;
    union { /* by kind; PICTURE_YOUDEN takes `lj` */
        const void *any;
        const lj_chart_t *lj;
        const lj_overview_t *overview;
        const spark_t *spark;
        const tube_picture_t *tube;
        const timeline_chart_t *timeline;
        const seen_chart_t *seen;
        const turnaround_chart_t *turnaround;
        const queue_chart_t *queue;
        const detect_chart_t *detect;
        const roc_chart_t *roc;
        const histogram_t *histogram;
        const scatter_t *scatter;
        const clot_curve_t *clot;
        const mixing_t *mixing;
        const parallelism_t *parallel;
        const log_chart_t *log;
        const trend_chart_t *trend;
        const bars_chart_t *bars;
        const field_t *field;
        const us_map_t *map;
        const pay_chart_t *pay;
        const need_chart_t *need;
        const study_chart_t *study;
        const course_chart_t *course;
        const moves_chart_t *moves;
        const rotor_picture_t *rotor;
        const racks_picture_t *racks;
        const reaction_chart_t *reaction;
        const standards_chart_t *standards;
    };
} picture_t;

bool draw_picture(text_t *out, const picture_t *picture, draw_look_t look, err_t *err);
void draw_picture_describe(text_t *out, const picture_t *picture);
/* The size it has when the look names none: width and height for <img>. False when the picture is not valid. */
bool draw_picture_size(const picture_t *picture, double *width, double *height, err_t *err);
/* "image/svg+xml", "image/png", "application/pdf". */
const char *draw_media_type(draw_format_t format);

#endif
