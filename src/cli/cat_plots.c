/* titer cat simulate --plots: see cat_plots.h. Printed as often as not, so it has the inks of paper. */
#include "cat_plots.h"
#include "draw/study.h"
#include "exam_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool format_of(const char *path, draw_format_t *format)
{
    static const char *const endings[] = {[DRAW_SVG] = ".svg", [DRAW_PNG] = ".png", [DRAW_PDF] = ".pdf"};
    const size_t length = strlen(path);
    for (int f = DRAW_SVG; f <= DRAW_PDF; f++)
        if (length > 4 && strcmp(path + length - 4, endings[f]) == 0) {
            *format = (draw_format_t)f;
            return true;
        }
    return false;
}

bool cat_plots_check(const char *path, err_t *err)
{
    draw_format_t format;
    return !path || format_of(path, &format) ||
           err_set(err, ERR_INPUT, "--plots names a file that ends in .svg, .pdf or .png; found \"%.80s\"", path);
}

/* The middle of a range; an open one is taken as far beyond its end as its neighbor reaches to its middle. */
static double middle(double low, double high, double half)
{
    return low < -1e6 ? high - half : high > 1e6 ? low + half : (low + high) / 2;
}

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Shares of the tests in which the items were, the greatest first. */
static const double *exposure_of(arena_t *arena, const cat_setup_t *setup, const study_t *study, err_t *err)
{
    double *share = arena_array(arena, setup->items.count, sizeof *share);
    if (!share) {
        err_set(err, ERR_MEMORY, "the exposures do not fit into memory");
        return NULL;
    }
    for (size_t i = 0; i < setup->items.count; i++) share[i] = (double)study->given[i] / study->people;
    qsort(share, setup->items.count, sizeof *share, falling);
    return share;
}

static int bands_of(const study_t *study, study_chart_band_t *bands)
{
    for (int b = 0; b < STUDY_BANDS; b++) {
        const study_band_t *band = &study->bands[b];
        bands[b] =
            (study_chart_band_t){middle(band->low, band->high, 0.25), band->people, band->bias, band->rmse, band->se};
    }
    return STUDY_BANDS;
}

static int areas_of(const cat_setup_t *setup, const study_t *study, study_chart_area_t *areas)
{
    const quotas_t *quotas = cat_quotas(setup->bank);
    if (!setup->blueprint.file) return 0;
    for (int a = 0; a < setup->blueprint.areas; a++)
        areas[a] = (study_chart_area_t){setup->blueprint.area[a].name, quotas->low[a],       quotas->high[a],
                                        study->area_mean[a],           study->area_least[a], study->area_most[a]};
    return setup->blueprint.areas;
}

static int steps_of(const cat_setup_t *setup, const study_t *study, study_chart_step_t *steps)
{
    if (!setup->design.has_cut) return 0;
    for (int s = 0; s < STUDY_STEPS; s++) {
        const study_step_t *step = &study->steps[s];
        steps[s] = (study_chart_step_t){middle(step->low, step->high, 0.125), step->people, step->right};
    }
    return STUDY_STEPS;
}

static void note(char *out, size_t size, const cat_setup_t *setup, const study_t *study)
{
    char length[32];
    text_fixed(length, study->mean_length, 1);
    snprintf(out, size, "%u people, seed %lld, %zu items, mean length %s; selection %s, estimates %s", study->people,
             (long long)setup->seed, setup->items.count, length, cat_select_name(setup->design.select),
             ability_method_name(setup->design.ability.method));
}

bool cat_plots(const char *path, arena_t *arena, const cat_setup_t *setup, const study_t *study, double bound,
               err_t *err)
{
    study_chart_band_t bands[STUDY_BANDS];
    study_chart_area_t areas[AREAS_MAX];
    study_chart_step_t steps[STUDY_STEPS];
    char words[200];
    draw_look_t look = {.format = DRAW_SVG, .scheme = DRAW_PAPER};
    text_t picture;
    const double *exposure = exposure_of(arena, setup, study, err);
    if (!exposure || !cat_plots_check(path, err)) return false;
    format_of(path, &look.format);
    note(words, sizeof words, setup, study);
    const study_chart_t chart = {.title = "What this design of adaptive tests does",
                                 .note = words,
                                 .bands = bands,
                                 .band_count = bands_of(study, bands),
                                 .exposure = exposure,
                                 .item_count = (int)setup->items.count,
                                 .bound = bound < 1 ? bound : 0,
                                 .areas = areas,
                                 .area_count = areas_of(setup, study, areas),
                                 .steps = steps,
                                 .step_count = steps_of(setup, study, steps)};
    text_init(&picture, DRAW_BYTES_LIMIT);
    bool good = draw_study(&picture, &chart, look, err) && exam_save(path, &picture, err);
    text_free(&picture);
    return good;
}
