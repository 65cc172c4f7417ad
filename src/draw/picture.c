/* Any picture by its kind: check, size, draw, describe. The named functions are these with the kind filled in. */
#include "draw/picture.h"
#include "paint.h"

static const picture_way_t *const ways[PICTURE_KINDS] = {
    [PICTURE_LJ] = &lj_way,
    [PICTURE_YOUDEN] = &youden_way,
    [PICTURE_LJ_OVERVIEW] = &overview_way,
    [PICTURE_SPARK] = &spark_way,
    [PICTURE_TUBE] = &tube_way,
    [PICTURE_TIMELINE] = &timeline_way,
    [PICTURE_SEEN] = &seen_way,
    [PICTURE_TURNAROUND] = &turnaround_way,
    [PICTURE_QUEUE] = &queue_way,
    [PICTURE_DETECT] = &detect_way,
    [PICTURE_ROC] = &roc_way,
    [PICTURE_HISTOGRAM] = &histogram_way,
    [PICTURE_SCATTER] = &scatter_way,
    [PICTURE_CLOT] = &clot_way,
    [PICTURE_MIXING] = &mixing_way,
    [PICTURE_PARALLEL] = &parallel_way,
    [PICTURE_LOG] = &log_way,
    [PICTURE_TREND] = &trend_way,
    [PICTURE_BARS] = &bars_way,
    [PICTURE_FIELD] = &field_way,
    [PICTURE_MAP] = &map_way,
    [PICTURE_PAY] = &pay_way,
    [PICTURE_NEED] = &need_way,
    [PICTURE_STUDY] = &study_way,
    [PICTURE_COURSE] = &course_way,
    [PICTURE_MOVES] = &moves_way,
    [PICTURE_ROTOR] = &rotor_way,
    [PICTURE_RACKS] = &racks_way,
    [PICTURE_REACTION] = &reaction_way,
    [PICTURE_STANDARDS] = &standards_way,
};

const picture_way_t *picture_way(const picture_t *picture, err_t *err)
{
    if ((unsigned)picture->kind >= PICTURE_KINDS || !picture->any) {
        err_set(err, ERR_INPUT, "No such picture (kind %d).", (int)picture->kind);
        return NULL;
    }
    const picture_way_t *way = ways[picture->kind];
    return way->check(picture->any, err) ? way : NULL;
}

bool picture_fit(const picture_t *picture, draw_look_t look, double *width, double *height, err_t *err)
{
    const picture_way_t *way = picture_way(picture, err);
    if (!way) return false;
    *width = number_fits(look.width) && look.width > 0 ? look.width : 0;
    way->size(picture->any, width, height);
    if (number_fits(look.height) && look.height > 0) *height = look.height;
    if (*width < DRAW_MIN_SIDE || *height < DRAW_MIN_SIDE || *width > DRAW_MAX_SIDE || *height > DRAW_MAX_SIDE)
        return err_set(err, ERR_INPUT, "A picture is %d to %d pixels wide and high, not %.0f by %.0f.", DRAW_MIN_SIDE,
                       DRAW_MAX_SIDE, *width, *height);
    return true;
}

bool draw_picture(text_t *out, const picture_t *picture, draw_look_t look, err_t *err)
{
    if ((unsigned)look.format > DRAW_PDF) return err_set(err, ERR_INPUT, "No such format: use SVG, PNG or PDF.");
    if ((unsigned)look.scheme >= DRAW_SCHEMES)
        return err_set(err, ERR_INPUT, "No such scheme: use light, dark or paper.");
    double width, height;
    if (!picture_fit(picture, look, &width, &height, err)) return false;
    const picture_way_t *way = ways[picture->kind];
    canvas_t canvas;
    if (!canvas_begin(&canvas, look.format, look.scheme, width, height, look.clear || way->clear, NULL, err))
        return false;
    way->paint(&canvas.pen, picture->any);
    return canvas_end(&canvas, out, err);
}

void draw_picture_describe(text_t *out, const picture_t *picture)
{
    const picture_way_t *way = picture_way(picture, NULL);
    if (way) way->describe(out, picture->any);
}

bool draw_picture_size(const picture_t *picture, double *width, double *height, err_t *err)
{
    return picture_fit(picture, (draw_look_t){0}, width, height, err);
}

const char *draw_media_type(draw_format_t format)
{
    static const char *const types[] = {"image/svg+xml", "image/png", "application/pdf"};
    return (unsigned)format <= DRAW_PDF ? types[format] : "application/octet-stream";
}

/* ---- the named functions ---- */

#define NAMED(function, type, picture_kind)                                                                            \
    bool function(text_t *out, const type *input, draw_look_t look, err_t *err)                                        \
    {                                                                                                                  \
        return draw_picture(out, &(picture_t){.kind = (picture_kind), .any = input}, look, err);                       \
    }                                                                                                                  \
    void function##_describe(text_t *out, const type *input)                                                           \
    {                                                                                                                  \
        draw_picture_describe(out, &(picture_t){.kind = (picture_kind), .any = input});                                \
    }

NAMED(draw_lj, lj_chart_t, PICTURE_LJ)
NAMED(draw_youden, lj_chart_t, PICTURE_YOUDEN)
NAMED(draw_lj_overview, lj_overview_t, PICTURE_LJ_OVERVIEW)
NAMED(draw_spark, spark_t, PICTURE_SPARK)
NAMED(draw_tube, tube_picture_t, PICTURE_TUBE)
NAMED(draw_timeline, timeline_chart_t, PICTURE_TIMELINE)
NAMED(draw_seen, seen_chart_t, PICTURE_SEEN)
NAMED(draw_turnaround, turnaround_chart_t, PICTURE_TURNAROUND)
NAMED(draw_queue, queue_chart_t, PICTURE_QUEUE)
NAMED(draw_detect, detect_chart_t, PICTURE_DETECT)
NAMED(draw_roc, roc_chart_t, PICTURE_ROC)
NAMED(draw_histogram, histogram_t, PICTURE_HISTOGRAM)
NAMED(draw_scatter, scatter_t, PICTURE_SCATTER)
NAMED(draw_clot_curve, clot_curve_t, PICTURE_CLOT)
NAMED(draw_mixing, mixing_t, PICTURE_MIXING)
NAMED(draw_parallelism, parallelism_t, PICTURE_PARALLEL)
NAMED(draw_log_chart, log_chart_t, PICTURE_LOG)
NAMED(draw_trend, trend_chart_t, PICTURE_TREND)
NAMED(draw_bars, bars_chart_t, PICTURE_BARS)
NAMED(draw_field, field_t, PICTURE_FIELD)
NAMED(draw_us_map, us_map_t, PICTURE_MAP)
NAMED(draw_pay, pay_chart_t, PICTURE_PAY)
NAMED(draw_need, need_chart_t, PICTURE_NEED)
NAMED(draw_study, study_chart_t, PICTURE_STUDY)
NAMED(draw_course, course_chart_t, PICTURE_COURSE)
NAMED(draw_moves, moves_chart_t, PICTURE_MOVES)
NAMED(draw_rotor, rotor_picture_t, PICTURE_ROTOR)
NAMED(draw_racks, racks_picture_t, PICTURE_RACKS)
NAMED(draw_reaction, reaction_chart_t, PICTURE_REACTION)
NAMED(draw_standards, standards_chart_t, PICTURE_STANDARDS)
