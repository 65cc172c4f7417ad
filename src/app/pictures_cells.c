/* Pictures of cells: histograms, scattergrams, and fields to count in. */
#include "pictures_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 128, HISTOGRAM_ROWS = 14, PLACE_TRIES = 4000, FIELD_BANDS = 8 };

/* ---- histogram ---- */

static double bell(double x, double mean, double sd)
{
    double z = (x - mean) / sd;
    return exact_exp(-z * z / 2) / sd;
}

/* "peak: mean | SD | share", and "debris: scale fL | share": what falls off from the left end. */
static bool volumes(making_t *m, const histogram_t *h, float *bins)
{
    int at = -1;
    double mean, sd, share;
    for (const data_line_t *l; (l = making_next(m, "peak", &at));) {
        if (!making_number(m, l, 0, h->first - 50, h->last + 50, &mean) || !making_number(m, l, 1, 0.2, 200, &sd) ||
            !making_number(m, l, 2, 0, 100, &share))
            return false;
        for (int i = 0; i < BINS; i++)
            bins[i] += (float)(share * bell(h->first + (h->last - h->first) * i / (BINS - 1), mean, sd));
    }
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "debris", &at));) {
        if (!making_number(m, l, 0, 0.2, 200, &mean) || !making_number(m, l, 1, 0, 100, &share)) return false;
        for (int i = 0; i < BINS; i++)
            bins[i] += (float)(share / mean * exact_exp(-(h->last - h->first) * i / (BINS - 1) / mean));
    }
    float most = 0;
    for (int i = 0; i < BINS; i++) most = bins[i] > most ? bins[i] : most;
    for (int i = 0; i < BINS && most > 0; i++) {
        double grain = 1 + 0.02 * (2 * rng_uniform(&m->rng) - 1); /* of counting */
        bins[i] = (float)exact_round((double)bins[i] / (double)most * 1000 * grain, 0);
    }
    return most > 0 || making_fail(m, NULL, "a histogram needs a line \"peak: 88 | 13 | 100\" (mean, SD, share)");
}

static bool histogram_words(making_t *m, const histogram_t *h)
{
    static const char *const heads[] = {"Volume", "Height, % of the peak"};
    exhibit_table_t *t = making_table(m, "The curve in steps", 2, HISTOGRAM_ROWS, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < HISTOGRAM_ROWS; i++) {
        int at = i * (BINS - 1) / (HISTOGRAM_ROWS - 1);
        t->cell[2 * i] = making_fixed(m, h->first + (h->last - h->first) * at / (BINS - 1), h->last - h->first < 60);
        t->cell[2 * i + 1] = making_fixed(m, (double)h->bins[at] / 10, 0);
    }
    return true;
}

bool make_histogram(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"axis", 1, 1},   {"range", 2, 2},
                                      {"peak", 3, 3},  {"debris", 2, 2}, {"normal", 2, 2},
                                      {"line", 1, 2},  {"region", 3, 3}, {NULL, 0, 0}};
    histogram_t *h = arena_alloc(m->arena, sizeof *h);
    float *bins = arena_array(m->arena, BINS, sizeof *bins), *normal = arena_array(m->arena, BINS, sizeof *normal);
    const data_line_t *range = making_only(m, "range"), *reference = making_only(m, "normal");
    double mean, sd;
    int at = -1;
    if (!h || !bins || !normal) return making_memory(m);
    if (!making_keys(m, "a histogram", keys)) return false;
    if (!range) return making_fail(m, NULL, "a histogram needs a line \"range: 0 | 250\"");
    *h = (histogram_t){.title = making_words(m, "title", NULL),
                       .axis = making_words(m, "axis", NULL),
                       .bins = bins,
                       .bin_count = BINS};
    if (!making_number(m, range, 0, 0, 1000, &h->first) || !making_number(m, range, 1, h->first + 5, 1000, &h->last) ||
        !volumes(m, h, bins))
        return false;
    if (reference) {
        if (!making_number(m, reference, 0, 0, 1000, &mean) || !making_number(m, reference, 1, 0.5, 200, &sd))
            return false;
        for (int i = 0; i < BINS; i++)
            normal[i] = (float)(1000 * sd * bell(h->first + (h->last - h->first) * i / (BINS - 1), mean, sd));
        h->reference = normal;
        h->reference_name = "normal specimen";
    }
    for (const data_line_t *l; (l = making_next(m, "line", &at)) && h->line_count < HISTOGRAM_MAX_LINES;) {
        histogram_line_t *line = &h->lines[h->line_count++];
        line->words = l->count == 2 ? l->field[1] : NULL;
        if (!making_number(m, l, 0, h->first, h->last, &line->at)) return false;
    }
    m->picture = (picture_t){.kind = PICTURE_HISTOGRAM, .histogram = h};
    return making_regions(m, 2) && histogram_words(m, h);
}

/* ---- scattergram ---- */

static uint8_t channel(double value)
{
    double rounded = exact_round(value, 0);
    return (uint8_t)(rounded < 0 ? 0 : rounded > 255 ? 255 : rounded);
}

/* "cluster: name | x | y | spread x | spread y | events". Named clusters have marks of their own; with "names: no" all
 * events look the same. */
static bool fill_cluster(making_t *m, scatter_t *s, scatter_point_t *points, const data_line_t *l)
{
    static const draw_ink_t inks[] = {INK_BRAND, INK_INFO, INK_WARN, INK_OK, INK_CRIT, INK_TEXT, INK_TEXT_2};
    double at[4];
    int events;
    for (int i = 0; i < 4; i++)
        if (!making_number(m, l, i + 1, i < 2 ? 0 : 0.5, i < 2 ? 255 : 80, &at[i])) return false;
    if (!making_int(m, l, 5, 1, SCATTER_MAX_POINTS - s->point_count, &events)) return false;
    if (s->class_count == SCATTER_MAX_CLASSES)
        return making_fail(m, l, "a scattergram has at most %d clusters", SCATTER_MAX_CLASSES);
    int c = s->class_count++;
    s->classes[c] = (scatter_class_t){l->field[0], (scatter_mark_t)(c % SCATTER_MARKS),
                                      inks[(size_t)c % (sizeof inks / sizeof *inks)]};
    for (int i = 0; i < events; i++) {
        double x = at[0] + at[2] * rng_normal(&m->rng), y = at[1] + at[3] * rng_normal(&m->rng);
        points[s->point_count++] = (scatter_point_t){channel(x), channel(y), (uint8_t)c};
    }
    return true;
}

bool make_scatter(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1},   {"x", 1, 1},      {"y", 1, 1}, {"names", 1, 1},
                                      {"cluster", 6, 6}, {"region", 5, 5}, {NULL, 0, 0}};
    scatter_t *s = arena_alloc(m->arena, sizeof *s);
    scatter_point_t *points = arena_array(m->arena, SCATTER_MAX_POINTS, sizeof *points);
    int at = -1;
    if (!s || !points) return making_memory(m);
    if (!making_keys(m, "a scattergram", keys)) return false;
    *s = (scatter_t){.title = making_words(m, "title", NULL),
                     .x_axis = making_words(m, "x", "side scatter (granularity)"),
                     .y_axis = making_words(m, "y", "fluorescence (nucleic acid)"),
                     .points = points,
                     .labels = true};
    for (const data_line_t *l; (l = making_next(m, "cluster", &at));)
        if (!fill_cluster(m, s, points, l)) return false;
    if (strcmp(making_words(m, "names", "yes"), "no") == 0) {
        s->class_count = 0;
        for (int i = 0; i < s->point_count; i++) points[i].class_index = SCATTER_NOT_TOLD;
    }
    m->picture = (picture_t){.kind = PICTURE_SCATTER, .scatter = s};
    return making_regions(m, 4); /* its description has shares and middles */
}

/* ---- fields ---- */

static int shape_of(const char *name)
{
    int shape = 0;
    while (shape < CELL_SHAPES && strcmp(draw_cell_name((cell_shape_t)shape), name) != 0) shape++;
    return shape;
}

/* Cells neither overlap nor touch: whoever counts carefully gets one number. */
static bool free_at(const field_t *f, int count, double x, double y, double radius, double tall)
{
    for (int i = 0; i < count; i++) {
        const field_cell_t *c = &f->cells[i];
        double dx = c->x - x, dy = (c->y - y) * tall, apart = draw_cell_radius(c->shape) + radius + 0.006;
        if (dx * dx + dy * dy < apart * apart) return false;
    }
    return true;
}

static bool lay(making_t *m, field_t *f, field_cell_t *cells, cell_shape_t shape, double tall)
{
    double radius = draw_cell_radius(shape), edge = radius + 0.01;
    for (int try = 0; try < PLACE_TRIES; try++) {
        double across = rng_uniform(&m->rng), down = rng_uniform(&m->rng);
        double x = edge + (1 - 2 * edge) * across, y = (edge + (tall - 2 * edge) * down) / tall;
        if (!free_at(f, f->cell_count, x, y, radius, tall)) continue;
        double turn = rng_uniform(&m->rng);
        cells[f->cell_count++] = (field_cell_t){x, y, turn, shape};
        return true;
    }
    return making_fail(m, NULL, "so many cells do not fit into the field; take fewer");
}

static int by_place(const void *a, const void *b)
{
    const field_cell_t *x = a, *y = b;
    int band = (int)(x->y * FIELD_BANDS), other = (int)(y->y * FIELD_BANDS);
    if (band != other) return band - other;
    return x->x < y->x ? -1 : x->x > y->x;
}

/* The field read aloud, band by band from the top, each from the left: whoever cannot see it counts by listening. */
static void film_words(making_t *m, const field_t *f)
{
    field_cell_t sorted[FIELD_MAX_CELLS];
    memcpy(sorted, f->cells, (size_t)f->cell_count * sizeof *sorted);
    qsort(sorted, (size_t)f->cell_count, sizeof *sorted, by_place);
    for (int band = 0, i = 0; band < FIELD_BANDS; band++) {
        text_t row;
        text_init(&row, 8000);
        for (; i < f->cell_count && (int)(sorted[i].y * FIELD_BANDS) <= band; i++)
            text_addf(&row, "%s%s", row.length ? ", " : "", draw_cell_looks(sorted[i].shape));
        const char *kept = row.data ? arena_text(m->arena, row.data, row.length) : "empty";
        making_line(m, making_text(m, "Row %d from the top", band + 1), kept ? kept : "", false);
        text_free(&row);
    }
}

/* "cell: reticulocyte | 12" for each kind. They are laid one kind after another, so that every one finds its place. */
bool make_film(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"cell", 2, 2}, {NULL, 0, 0}};
    field_t *f = arena_alloc(m->arena, sizeof *f);
    field_cell_t *cells = arena_array(m->arena, FIELD_MAX_CELLS, sizeof *cells);
    int at = -1, count;
    double tall = (double)FIELD_HEIGHT / FIELD_WIDTH;
    if (!f || !cells) return making_memory(m);
    if (!making_keys(m, "a film", keys)) return false;
    *f = (field_t){.title = making_words(m, "title", NULL), .key = true, .cells = cells};
    for (const data_line_t *l; (l = making_next(m, "cell", &at));) {
        int shape = shape_of(l->field[0]);
        if (shape == CELL_SHAPES) return making_fail(m, l, "no cell is drawn for \"%.40s\"", l->field[0]);
        if (!making_int(m, l, 1, 0, FIELD_MAX_CELLS - f->cell_count, &count)) return false;
        for (int i = 0; i < count; i++)
            if (!lay(m, f, cells, (cell_shape_t)shape, tall)) return false;
    }
    m->picture = (picture_t){.kind = PICTURE_FIELD, .field = f};
    film_words(m, f);
    return true;
}

/* ---- the chamber ---- */

/* The large square. */
static const double CHAMBER_FROM = FIELD_CHAMBER_MARGIN, CHAMBER_TO = 1 - FIELD_CHAMBER_MARGIN;

/* Which line of the border a cell lies on: 't', 'l', 'b', 'r'; 'i' inside, 'o' outside. */
static char chamber_place(const field_cell_t *c)
{
    double r = draw_cell_radius(CELL_BODY),
           d[4] = {c->y - CHAMBER_FROM, c->x - CHAMBER_FROM, c->y - CHAMBER_TO, c->x - CHAMBER_TO};
    if (d[0] < -r || d[1] < -r || d[2] > r || d[3] > r) return 'o';
    if (exact_abs(d[2]) <= r) return 'b';
    if (exact_abs(d[3]) <= r) return 'r';
    if (exact_abs(d[0]) <= r) return 't';
    return exact_abs(d[1]) <= r ? 'l' : 'i';
}

/* A free spot inside (clear of the border), outside, or on a line of the border, away from its corners. */
static bool lay_body(making_t *m, field_t *f, field_cell_t *cells, char place)
{
    double r = draw_cell_radius(CELL_BODY), clear = CHAMBER_FROM + 3 * r, wide = 1 - 2 * clear;
    for (int try = 0; try < PLACE_TRIES; try++) {
        double u = rng_uniform(&m->rng), v = rng_uniform(&m->rng);
        double x = clear + wide * u, y = clear + wide * v;
        if (place == 't') y = CHAMBER_FROM;
        if (place == 'b') y = CHAMBER_TO;
        if (place == 'l') x = CHAMBER_FROM;
        if (place == 'r') x = CHAMBER_TO;
        if (place == 'o') y = v < 0.5 ? 0.03 : 0.97;
        if (!free_at(f, f->cell_count, x, y, r, 1)) continue;
        cells[f->cell_count++] = (field_cell_t){x, y, 0, CELL_BODY};
        return true;
    }
    return making_fail(m, NULL, "so many cells do not fit into the chamber; take fewer");
}

static void chamber_words(making_t *m, const field_t *f)
{
    static const struct {
        char place;
        const char *words;
    } lines[] = {{'t', "the top border line"},
                 {'l', "the left border line"},
                 {'b', "the bottom border line"},
                 {'r', "the right border line"},
                 {'o', "outside of the large square"}};
    double step = (CHAMBER_TO - CHAMBER_FROM) / FIELD_SQUARES;
    for (int row = 0; row < FIELD_SQUARES; row++) {
        int in[FIELD_SQUARES] = {0};
        for (int i = 0; i < f->cell_count; i++) {
            if (chamber_place(&f->cells[i]) != 'i') continue;
            if ((int)((f->cells[i].y - CHAMBER_FROM) / step) == row) in[(int)((f->cells[i].x - CHAMBER_FROM) / step)]++;
        }
        making_line(m, making_text(m, "Small squares of row %d, cells within the large square", row + 1),
                    making_text(m, "%d, %d, %d, %d", in[0], in[1], in[2], in[3]), false);
    }
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        int on = 0;
        for (int i = 0; i < f->cell_count; i++) on += chamber_place(&f->cells[i]) == lines[k].place;
        making_line(m, making_text(m, "Cells on %s", lines[k].words), making_text(m, "%d", on), false);
    }
}

/* "inside: 40", "on: left | 3", "outside: 4". */
bool make_chamber(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"inside", 1, 1}, {"on", 2, 2}, {"outside", 1, 1}, {NULL, 0, 0}};
    static const char *const sides[] = {"top", "left", "bottom", "right"};
    field_t *f = arena_alloc(m->arena, sizeof *f);
    field_cell_t *cells = arena_array(m->arena, FIELD_MAX_CELLS, sizeof *cells);
    const data_line_t *inside = making_only(m, "inside"), *outside = making_only(m, "outside");
    int count, at = -1;
    if (!f || !cells) return making_memory(m);
    if (!making_keys(m, "a chamber", keys)) return false;
    *f = (field_t){.title = making_words(m, "title", NULL), .chamber = true, .cells = cells};
    for (const data_line_t *l; (l = making_next(m, "on", &at));) {
        int side = 0;
        while (side < 4 && strcmp(sides[side], l->field[0]) != 0) side++;
        if (side == 4) return making_fail(m, l, "a side is top, left, bottom or right; found \"%.40s\"", l->field[0]);
        if (!making_int(m, l, 1, 0, 12, &count)) return false;
        for (int i = 0; i < count; i++)
            if (!lay_body(m, f, cells, sides[side][0])) return false;
    }
    if (!inside) return making_fail(m, NULL, "a chamber needs a line \"inside: 40\"");
    if (!making_int(m, inside, 0, 0, 140, &count)) return false;
    for (int i = 0; i < count; i++)
        if (!lay_body(m, f, cells, 'i')) return false;
    if (outside && !making_int(m, outside, 0, 0, 12, &count)) return false;
    for (int i = 0; outside && i < count; i++)
        if (!lay_body(m, f, cells, 'o')) return false;
    m->picture = (picture_t){.kind = PICTURE_FIELD, .field = f};
    chamber_words(m, f);
    return true;
}

/* ---- counting ---- */

/* By where the cells lie: with the rule that cells on the top and left border lines count and those on the bottom and
 * right ones do not. */
static bool count_chamber(making_t *m, const field_t *f, const char *what, int *count)
{
    bool rule = strcmp(what, "by the border rule") == 0, upper = strcmp(what, "on the lines that count") == 0;
    if (!rule && !upper)
        return making_fail(
            m, NULL, "of a chamber count \"by the border rule\" or \"on the lines that count\"; found \"%.40s\"", what);
    for (int i = 0; i < f->cell_count; i++) {
        char place = chamber_place(&f->cells[i]);
        *count += place == 't' || place == 'l' || (rule && place == 'i');
    }
    return true;
}

bool count_field(making_t *m, const char *what, int *count)
{
    *count = 0;
    if (m->picture.kind != PICTURE_FIELD) return making_fail(m, NULL, "only a film or a chamber can be counted in");
    const field_t *f = m->picture.field;
    if (f->chamber) return count_chamber(m, f, what, count);
    for (const char *from = what; *from;) { /* "neutrophil + band" */
        size_t length = strcspn(from, "+"), name = length;
        while (name && from[name - 1] == ' ') name--;
        int shape = shape_of(making_text(m, "%.*s", (int)name, from));
        if (shape == CELL_SHAPES) return making_fail(m, NULL, "no cell is drawn for \"%.*s\"", (int)name, from);
        for (int i = 0; i < f->cell_count; i++) *count += f->cells[i].shape == (cell_shape_t)shape;
        from += length + (from[length] == '+');
        from += strspn(from, " ");
    }
    return true;
}
