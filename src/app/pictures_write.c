/* What the writer of a picture asks: which keys a kind knows, and which numbers a part of the picture stands for. */
#include "pictures_private.h"

#include "base/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char KEYS_FILE[] = "items/picture_keys.csv";
static const double LEAST_SHARE = 0.02; /* of an axis, when somebody points without drawing a box */

bool app_picture_keys(const source_t *content, const char *draw, arena_t *arena, picture_key_t *list, int *count,
                      err_t *err)
{
    const source_file_t *file = source_find(content, KEYS_FILE);
    const char *kind = strncmp(draw, "bench-", 6) == 0 ? "bench" : draw;
    csv_t table;
    int c[3];
    *count = 0;
    if (!file) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content", KEYS_FILE);
    if (!csv_read(&table, arena, KEYS_FILE, file->bytes, file->length, err) || !csv_need(&table, "draw", &c[0], err) ||
        !csv_need(&table, "key", &c[1], err) || !csv_need(&table, "fields", &c[2], err))
        return false;
    for (size_t row = 0; row < table.rows && *count < PICTURE_KEYS_MAX; row++)
        if (strcmp(csv_text(&table, row, c[0]), kind) == 0)
            list[(*count)++] = (picture_key_t){csv_text(&table, row, c[1]), csv_text(&table, row, c[2])};
    return true;
}

/* ---- places ---- */

/* The data without its places, which may be half written. */
static const char *without_regions(arena_t *arena, const char *data)
{
    size_t n = 0;
    char *out = arena_alloc(arena, strlen(data) + 1);
    while (out && *data) {
        size_t length = strcspn(data, "\n"), whole = length + (data[length] == '\n');
        if (strncmp(data + strspn(data, " "), "region", 6) != 0) {
            memcpy(out + n, data, whole);
            n += whole;
        }
        data += whole;
    }
    if (out) out[n] = '\0';
    return out ? out : "";
}

/* The value at a pixel of an axis that runs evenly from `first` at `start` over `length` pixels to `last`. */
static double value_at(double pixel, double start, double length, double first, double last)
{
    double value = first + (pixel - start) / length * (last - first);
    double low = first < last ? first : last, high = first < last ? last : first;
    return value < low ? low : value > high ? high : value;
}

/* Whole numbers in order, apart by at least a fiftieth of the axis. */
static void range_at(double a, double b, double first, double last, double *from, double *to)
{
    double least = (last - first) * LEAST_SHARE, middle = (a + b) / 2, half = fabs(b - a) / 2;
    if (half < least / 2) half = least / 2;
    if (middle - half < first) middle = first + half;
    if (middle + half > last) middle = last - half;
    *from = ceil(middle - half - 0.5);
    *to = floor(middle + half + 0.5);
    if (*from < first) *from += 1;
    if (*to > last) *to -= 1;
    if (*to <= *from) *to = *from + 1;
}

/* One axis from left to right. */
static bool across(const making_t *m, double first, double last, const double p[4], text_t *out)
{
    draw_box_t box;
    double from, to;
    if (!making_box(m, (const double[4]){first, last}, &box) || box.width <= 0)
        return err_set(m->err, ERR_INPUT, "the picture has no axis to point at");
    range_at(value_at(p[0], box.x, box.width, first, last), value_at(p[2], box.x, box.width, first, last), first, last,
             &from, &to);
    text_addf(out, "%.0f | %.0f", from, to);
    return true;
}

static bool square(const making_t *m, const double p[4], text_t *out)
{
    const double last = SCATTER_CHANNELS - 1;
    double x[2], y[2];
    draw_box_t box;
    if (!making_box(m, (const double[4]){0, 0, last, last}, &box) || box.width <= 0 || box.height <= 0)
        return err_set(m->err, ERR_INPUT, "the picture has no axes to point at");
    range_at(value_at(p[0], box.x, box.width, 0, last), value_at(p[2], box.x, box.width, 0, last), 0, last, &x[0],
             &x[1]);
    range_at(value_at(p[1], box.y, box.height, last, 0), value_at(p[3], box.y, box.height, last, 0), 0, last, &y[0],
             &y[1]);
    text_addf(out, "%.0f | %.0f | %.0f | %.0f", x[0], y[0], x[1], y[1]);
    return true;
}

/* The point of a control chart that lies nearest. */
static bool nearest(const making_t *m, const double p[4], text_t *out)
{
    const lj_chart_t *chart = m->picture.lj;
    double best = INFINITY, x = (p[0] + p[2]) / 2, y = (p[1] + p[3]) / 2;
    int run = 0, level = 0;
    for (int i = 0; i < chart->point_count; i++)
        for (int k = 0; k < chart->level_count; k++) {
            draw_box_t box;
            if (!making_box(m, (const double[4]){chart->points[i].run, k + 1}, &box)) continue;
            double far = hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
            if (far >= best) continue;
            best = far;
            run = (int)chart->points[i].run;
            level = k + 1;
        }
    if (level == 0) return err_set(m->err, ERR_INPUT, "the chart has no points");
    text_addf(out, "%d | %d", run, level);
    return true;
}

static bool place_of(const making_t *m, const double p[4], text_t *out)
{
    const clot_curve_t *clot = m->picture.kind == PICTURE_CLOT ? m->picture.clot : NULL;
    switch (m->picture.kind) {
    case PICTURE_LJ:
        return nearest(m, p, out);
    case PICTURE_HISTOGRAM:
        return across(m, m->picture.histogram->first, m->picture.histogram->last, p, out);
    case PICTURE_CLOT:
        return across(m, 0, clot->end_s, p, out);
    case PICTURE_SCATTER:
        return square(m, p, out);
    default:
        return err_set(m->err, ERR_INPUT,
                       "this kind of picture has no places; choose lj, histogram, scatter or "
                       "clot-curve");
    }
}

bool app_picture_place(const lab_t *lab, const item_picture_t *picture, const double point[4], text_t *numbers,
                       err_t *err)
{
    making_t *m = making_new(lab, err);
    if (!m) return false;
    item_picture_t bare = *picture;
    bare.data = without_regions(m->arena, picture->data);
    bool ok = making_make(m, &bare) && place_of(m, point, numbers);
    making_free(m);
    return ok;
}
