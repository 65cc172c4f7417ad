/* Pictures of the clotting bench, and a specimen tube. */
#include "pictures_private.h"

#include <math.h>
#include <string.h>

enum { CLOT_POINTS = 240, CURVE_ROWS = 13 };

/* ---- clot curve ---- */

/* The signal of one run: a logistic from base to top about `middle`, as steep as `width` seconds; then what disturbs
 * it: "drift: run | from s | per s", "spike: run | at s | height | for s". */
static bool disturb(making_t *m, int run, int runs, double second, double *signal)
{
    static const char *const kinds[] = {"drift", "spike"};
    for (int k = 0; k < 2; k++) {
        int at = -1, of;
        double from, by, wide = 1;
        for (const data_line_t *l; (l = making_next(m, kinds[k], &at));) {
            if (!making_int(m, l, 0, 1, runs, &of) || !making_number(m, l, 1, 0, 1000, &from) ||
                !making_number(m, l, 2, -200, 200, &by) || (l->count == 4 && !making_number(m, l, 3, 0.2, 60, &wide)))
                return false;
            if (of != run) continue;
            if (k == 0 && second > from) *signal += by * (second - from);
            if (k == 1) *signal += by * exact_exp(-(second - from) * (second - from) / (2 * wide * wide));
        }
    }
    return true;
}

static bool fill_run(making_t *m, const clot_curve_t *c, clot_run_t *run, const data_line_t *l, int number, int runs)
{
    double base, top, middle, width, noise;
    run->name = l->field[0];
    run->clot_s = NAN;
    if (!making_number(m, l, 1, 0, 1000, &base) || !making_number(m, l, 2, 0, 1000, &top) ||
        !making_number(m, l, 3, 0, 2000, &middle) || !making_number(m, l, 4, 0.1, 200, &width) ||
        (l->count == 6 && !making_number(m, l, 5, 0, 1000, &run->clot_s)) ||
        !making_number_or(m, "noise", 0, 20, 0.3, &noise))
        return false;
    curve_point_t *points = arena_array(m->arena, CLOT_POINTS + 1, sizeof *points);
    if (!points) return making_memory(m);
    for (int i = 0; i <= CLOT_POINTS; i++) {
        double s = c->end_s * i / CLOT_POINTS;
        double signal =
            base + (top - base) / (1 + exact_exp(-(s - middle) / width)) + noise * (2 * rng_uniform(&m->rng) - 1);
        if (!disturb(m, number, runs, s, &signal)) return false;
        points[i] = (curve_point_t){s, exact_round(signal, 2)};
    }
    run->points = points;
    run->point_count = CLOT_POINTS + 1;
    run->baseline = NAN;
    return true;
}

static bool clot_words(making_t *m, const clot_curve_t *c)
{
    const char *heads[CLOT_MAX_RUNS + 1] = {"Second"};
    for (int r = 0; r < c->run_count; r++) heads[r + 1] = making_text(m, "Signal, %s", c->runs[r].name);
    exhibit_table_t *t = making_table(m, "The signal in steps of time", c->run_count + 1, CURVE_ROWS, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < CURVE_ROWS; i++) {
        int at = i * CLOT_POINTS / (CURVE_ROWS - 1);
        const char **row = t->cell + i * t->columns;
        row[0] = making_fixed(m, c->runs[0].points[at].second, 1);
        for (int r = 0; r < c->run_count; r++) row[r + 1] = making_fixed(m, c->runs[r].points[at].signal, 1);
    }
    return true;
}

bool make_clot(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"signal", 1, 1}, {"limit", 1, 1}, {"end", 1, 1},
                                      {"full", 1, 1},  {"noise", 1, 1},  {"run", 5, 6},   {"drift", 3, 3},
                                      {"spike", 3, 4}, {"region", 3, 3}, {NULL, 0, 0}};
    clot_curve_t *c = arena_alloc(m->arena, sizeof *c);
    int at = -1, runs = 0;
    if (!c) return making_memory(m);
    if (!making_keys(m, "a clot curve", keys)) return false;
    *c = (clot_curve_t){.title = making_words(m, "title", NULL), .signal = making_words(m, "signal", NULL)};
    if (!making_number_or(m, "limit", 10, 1000, 200, &c->limit_s) ||
        !making_number_or(m, "end", 10, 1000, 60, &c->end_s) || !making_number_or(m, "full", 0, 1000, 0, &c->full))
        return false;
    while (making_next(m, "run", &at)) runs++;
    if (runs < 1 || runs > CLOT_MAX_RUNS) return making_fail(m, NULL, "a clot curve has 1 or 2 lines \"run\"");
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "run", &at)); c->run_count++) {
        if (!fill_run(m, c, &c->runs[c->run_count], l, c->run_count + 1, runs)) return false;
        if (isnan(c->runs[c->run_count].clot_s) && c->end_s < c->limit_s)
            return making_fail(m, l,
                               "no clot is seen only when all of the wait is drawn: give the run a time, or let "
                               "end and limit be the same");
    }
    m->picture = (picture_t){.kind = PICTURE_CLOT, .clot = c};
    return making_regions(m, 2) && clot_words(m, c);
}

/* ---- mixing study ---- */

bool make_mixing(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"interval", 2, 2}, {"row", 2, 3}, {"note", 1, 1}, {NULL, 0, 0}};
    mixing_t *x = arena_alloc(m->arena, sizeof *x);
    const data_line_t *interval = making_only(m, "interval");
    int at = -1;
    if (!x) return making_memory(m);
    if (!making_keys(m, "a mixing study", keys)) return false;
    *x = (mixing_t){.title = making_words(m, "title", NULL), .low = NAN, .high = NAN};
    if (interval &&
        (!making_number(m, interval, 0, 0, 1000, &x->low) || !making_number(m, interval, 1, x->low, 1000, &x->high)))
        return false;
    for (const data_line_t *l; (l = making_next(m, "row", &at));) {
        if (x->row_count == MIXING_MAX_ROWS)
            return making_fail(m, l, "a mixing study has at most %d rows", MIXING_MAX_ROWS);
        mixing_row_t *row = &x->rows[x->row_count++];
        row->name = l->field[0];
        row->mixed = l->count == 3 && strcmp(l->field[2], "mix") == 0;
        if (l->count == 3 && !row->mixed) return making_fail(m, l, "the third field of row is mix, or is left out");
        if (!making_number(m, l, 1, 1, 1000, &row->seconds)) return false;
    }
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "note", &at)) && x->word_count < MIXING_MAX_WORDS;)
        x->words[x->word_count++] = l->field[0];
    m->picture = (picture_t){.kind = PICTURE_MIXING, .mixing = x};
    return true; /* its description has every number */
}

/* ---- a factor assay over its dilutions ---- */

bool make_parallel(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1}, {"axis", 1, 1}, {"line", 4, DATA_FIELDS_MAX}, {NULL, 0, 0}};
    parallelism_t *p = arena_alloc(m->arena, sizeof *p);
    int at = -1;
    if (!p) return making_memory(m);
    if (!making_keys(m, "an assay over dilutions", keys)) return false;
    *p = (parallelism_t){
        .title = making_words(m, "title", NULL), .y_axis = making_words(m, "axis", "activity, %"), .decimals = 1};
    for (const data_line_t *l;
         (l = making_next(m, "line", &at));) { /* name | first dilution | value | at twice it ... */
        if (p->line_count == PARALLEL_MAX_LINES)
            return making_fail(m, l, "an assay has at most %d lines", PARALLEL_MAX_LINES);
        parallel_line_t *line = &p->lines[p->line_count++];
        double dilution;
        line->name = l->field[0];
        if (!making_number(m, l, 1, 1, 1000, &dilution)) return false;
        for (int i = 2; i < l->count; i++, dilution *= 2) {
            parallel_point_t *point = &line->points[line->point_count++];
            point->dilution = dilution;
            if (!making_number(m, l, i, 1e-3, 1e6, &point->value)) return false;
        }
    }
    m->picture = (picture_t){.kind = PICTURE_PARALLEL, .parallel = p};
    return true; /* its description has every number */
}

/* ---- a tube ---- */

static bool tube_flags(making_t *m, tube_picture_t *t)
{
    static const char *const words[] = {"gel",     "spun",          "clot",           "fibrin",
                                        "leak",    "hemolyzed",     "very hemolyzed", "lipemic",
                                        "icteric", "crooked label", "no label"};
    int at = -1;
    for (const data_line_t *l; (l = making_next(m, "with", &at));)
        for (int i = 0; i < l->count; i++) {
            size_t k = 0;
            while (k < sizeof words / sizeof *words && strcmp(words[k], l->field[i]) != 0) k++;
            switch (k) {
            case 0:
                t->gel = true;
                break;
            case 1:
                t->spun = true;
                break;
            case 2:
                t->clot = true;
                break;
            case 3:
                t->fibrin = true;
                break;
            case 4:
                t->leak = true;
                break;
            case 5:
                t->serum |= TUBE_SERUM_PINK;
                break;
            case 6:
                t->serum |= TUBE_SERUM_RED;
                break;
            case 7:
                t->serum |= TUBE_SERUM_MILKY;
                break;
            case 8:
                t->serum |= TUBE_SERUM_ICTERIC;
                break;
            case 9:
                t->label = TUBE_LABEL_CROOKED;
                break;
            case 10:
                t->label = TUBE_LABEL_NONE;
                break;
            default:
                return making_fail(m, l,
                                   "a tube may be with gel, spun, clot, fibrin, leak, hemolyzed, very hemolyzed, "
                                   "lipemic, icteric, crooked label, no label; found \"%.40s\"",
                                   l->field[i]);
            }
        }
    return true;
}

bool make_tube(making_t *m)
{
    static const data_key_t keys[] = {{"cap", 1, 1},   {"additive", 1, 1},           {"volume", 1, 1}, {"fill", 1, 1},
                                      {"cells", 1, 1}, {"with", 1, DATA_FIELDS_MAX}, {"name", 1, 1},   {"id", 1, 1},
                                      {"birth", 1, 1}, {"accession", 1, 1},          {"expiry", 1, 1}, {NULL, 0, 0}};
    tube_picture_t *t = arena_alloc(m->arena, sizeof *t);
    if (!t) return making_memory(m);
    if (!making_keys(m, "a tube", keys)) return false;
    *t = (tube_picture_t){.cap = making_words(m, "cap", "red"),
                          .additive = making_words(m, "additive", ""),
                          .volume = making_words(m, "volume", NULL),
                          .label = TUBE_LABEL_STRAIGHT,
                          .name = making_words(m, "name", NULL),
                          .id = making_words(m, "id", NULL),
                          .birth = making_words(m, "birth", NULL),
                          .accession = making_words(m, "accession", NULL),
                          .expiry = making_words(m, "expiry", NULL)};
    if (!making_number_or(m, "fill", 0, 1.2, 1, &t->fill) || !making_number_or(m, "cells", 0, 0.9, 0.45, &t->cells) ||
        !tube_flags(m, t))
        return false;
    m->picture = (picture_t){.kind = PICTURE_TUBE, .tube = t};
    return true; /* its description says what is to be seen */
}
