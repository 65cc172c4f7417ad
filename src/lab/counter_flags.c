/* The densities that a counter draws, and the flags that it reads off them.
 *
 * Red cells are a mixture of normals in volume; platelets log-normal, with what intrudes from the right; white cells a
 * mixture of two-dimensional normals over side scatter and fluorescence (analyzer.md sections 2 and 3). A flag asks for
 * a feature of a density: the share beyond a discriminator, the height of a foot, a valley, the share in a gate. All in
 * closed form; the shares of a cluster in a gate are fixed numbers. A feature is seen through a finite number of
 * events, so it carries counting noise. Histograms and scattergrams are drawn from the same densities, when somebody
 * looks. */
#include "cells_model.h"
#include "counter_model.h"
#include "normal.h"

#include <string.h>

enum { DOMAIN_FLAGS = 0x43464c47 };

const cluster_shape_t COUNT_CLUSTERS[CLUSTERS] = {
    [CLUSTER_DEBRIS] = {12, 18, 8, 10},    [CLUSTER_LYMPH] = {60, 75, 10, 10},  [CLUSTER_MONO] = {95, 110, 15, 15},
    [CLUSTER_NEUT] = {145, 70, 20, 12},    [CLUSTER_EOS] = {190, 60, 14, 12},   [CLUSTER_BASO] = {70, 60, 8, 8},
    [CLUSTER_NRBC] = {35, 30, 6, 6},       [CLUSTER_IG] = {165, 110, 22, 16},   [CLUSTER_BAND] = {148, 85, 22, 14},
    [CLUSTER_VARIANT] = {75, 115, 16, 20}, [CLUSTER_BLAST] = {70, 140, 25, 30}, [CLUSTER_CLONE] = {52, 68, 7, 8},
    [CLUSTER_PLASMA] = {90, 190, 15, 20},  [CLUSTER_CLUMP] = {30, 90, 6, 30},   [CLUSTER_AGED] = {120, 65, 22, 13},
    [CLUSTER_UNLYSED] = {32, 34, 8, 9}};

/* ---- gates ---- */

typedef struct {
    double x0, x1, y0, y1;
} gate_box_t;

/* Boxes of side scatter and fluorescence; the share of a cluster in a box is the product of two normal integrals. */
static const gate_box_t BOXES[GATES] = {
    [GATE_BLAST] = {40, 120, 126, 255}, [GATE_IG] = {150, 255, 96, 255},   [GATE_LEFT] = {125, 190, 86, 255},
    [GATE_VARIANT] = {45, 85, 96, 135}, [GATE_CORE] = {0, 53, 45, 68},     [GATE_CLUMP] = {18, 34, 45, 160},
    [GATE_LOW] = {20, 42, 20, 44},      [GATE_TROUGH] = {108, 118, 40, 95}};

#define BETWEEN(mean, sd, low, high)                                                                                   \
    (exact_normal_cdf(((high) - (mean)) / (sd)) - exact_normal_cdf(((low) - (mean)) / (sd)))

static double counter_gate_share(cluster_t cluster, gate_t gate)
{
    const cluster_shape_t *c = &COUNT_CLUSTERS[cluster];
    const gate_box_t *b = &BOXES[gate];
    return BETWEEN(c->x, c->sx, b->x0, b->x1) * BETWEEN(c->y, c->sy, b->y0, b->y1);
}

void counter_clusters(const counter_scene_t *scene, double share[CLUSTERS])
{
    const double *p = scene->pct;
    double wbc = scene->x[CHANNEL_WBC], junk = scene->clumps + scene->unlysed + scene->nuclei;
    double white = wbc > junk && wbc > 0 ? (wbc - junk) / wbc : 0.05, nuclei = scene->x[CHANNEL_NRBC] / 100;
    double fresh = 1 - scene->aged, per = white / 100, lymph = p[CELL_LYMPH] + p[CELL_PROLYMPH];
    double bands = p[CELL_BAND] * per, neutrophils = p[CELL_SEG] * per;
    memset(share, 0, sizeof *share * CLUSTERS);
    share[CLUSTER_LYMPH] = lymph * (1 - scene->clone) * per;
    share[CLUSTER_CLONE] = (lymph * scene->clone + p[CELL_OTHER]) * per;
    share[CLUSTER_MONO] = p[CELL_MONO] * per;
    share[CLUSTER_NEUT] = neutrophils * fresh;
    share[CLUSTER_BAND] = bands * fresh;
    share[CLUSTER_AGED] = (neutrophils + bands) * scene->aged;
    share[CLUSTER_EOS] = p[CELL_EOS] * per;
    share[CLUSTER_BASO] = p[CELL_BASO] * per;
    share[CLUSTER_IG] = (p[CELL_META] + p[CELL_MYELO] + p[CELL_PROMY]) * per;
    share[CLUSTER_VARIANT] = p[CELL_VLYMPH] * per;
    share[CLUSTER_BLAST] = p[CELL_BLAST] * per;
    share[CLUSTER_PLASMA] = p[CELL_PLASMA] * per;
    double low = wbc > 0 ? 1 / wbc : 0;
    share[CLUSTER_CLUMP] = scene->clumps * low;
    share[CLUSTER_NRBC] = nuclei;
    share[CLUSTER_UNLYSED] = scene->unlysed * low;
    share[CLUSTER_DEBRIS] = 0.02;
}

/* ---- features ---- */

static double bell(double z)
{
    return z > -8 && z < 8 ? exact_exp(-0.5 * z * z) * 0.3989422804014327 : 0;
}

double counter_red_density(const counter_scene_t *scene, double volume)
{
    double sum = 0;
    for (int i = 0; i < scene->red_parts; i++) {
        const part_t *part = &scene->red[i];
        sum += part->weight / part->sd * bell((volume - part->mean) / part->sd);
    }
    return sum;
}

/* Platelets, the red cell fragments that reach into their window, and the giant ones above it. */
double counter_platelet_density(const counter_scene_t *scene, double volume)
{
    if (volume < 0.5) return 0;
    double plt = scene->x[CHANNEL_PLT] > 1 ? scene->x[CHANNEL_PLT] : 1, share = scene->small / plt;
    double z = (exact_log(volume) - scene->plt_mu) / scene->plt_sigma;
    double giants = scene->giant / (1 - 0.9 * scene->giant); /* over those that are counted, nearly g / (1 - g) */
    return (1 - share) * bell(z) / (volume * scene->plt_sigma) + share * bell((volume - 26) / 8) / 8 +
           giants * bell((volume - 30) / 10) / 10;
}

static double red_below(const counter_scene_t *scene, double volume)
{
    double sum = 0;
    for (int i = 0; i < scene->red_parts; i++) {
        double z = (volume - scene->red[i].mean) / scene->red[i].sd;
        if (z > -5) sum += scene->red[i].weight * (z > 5 ? 1 : exact_normal_cdf(z));
    }
    return sum;
}

/* Two humps: how deep the valley is between them, over the lower hump; 1 where there is but one. */
static double valley(const counter_scene_t *scene, int populations)
{
    if (populations < 2) return 1;
    double a = scene->red[0].mean, b = scene->red[1].mean;
    double low = counter_red_density(scene, a), other = counter_red_density(scene, b),
           between = counter_red_density(scene, (a + b) / 2);
    return between / (low < other ? low : other);
}

/* Height of the platelet curve at `volume` over the peak of a curve without intruders. */
static double platelet_foot(const counter_scene_t *scene, double volume)
{
    double sigma = scene->plt_sigma, mode = exact_exp(scene->plt_mu - sigma * sigma);
    return counter_platelet_density(scene, volume) / (bell(sigma) / (mode * sigma));
}

static double platelets_above(const counter_scene_t *scene, double volume)
{
    double own = 1 - exact_normal_cdf((exact_log(volume) - scene->plt_mu) / scene->plt_sigma);
    return own + scene->giant * (1 - own);
}

typedef struct {
    const lab_t *lab;
    const counter_model_t *model;
    const counter_scene_t *scene;
    rng_t rng;
    double events;
} seen_t;

/* A share as it is seen through a finite number of events. */
static double through_events(seen_t *seen, double share, double events)
{
    double z = normal_next(seen->lab, &seen->rng), variance = share > 0 ? share / events : 0;
    return share + z * exact_sqrt(variance);
}

static uint64_t raise(bool condition, int flag)
{
    return condition ? count_flag_bit(flag) : 0;
}

static uint64_t red_flags(seen_t *seen, const count_tube_t *tube)
{
    const counter_scene_t *scene = seen->scene;
    enum { RED_EVENTS = 5000 };
    double beyond = red_below(scene, 2.3 * scene->red_mode) - red_below(scene, 1.55 * scene->red_mode);
    beyond = through_events(seen, beyond, RED_EVENTS);
    double small = through_events(seen, red_below(scene, 40), RED_EVENTS);
    bool wide = scene->x[CHANNEL_RDW] > seen->model->figure.red_width;
    return raise(beyond > seen->model->figure.red_beyond && !wide, CF_RBC_AGGLUT) |
           raise(beyond > 3 * seen->model->figure.red_beyond, CF_RBC_AGGLUT) |
           raise(small > seen->model->figure.red_small, CF_RBC_FRAG) |
           raise(valley(scene, tube->cells->populations) < seen->model->figure.red_valley, CF_DIMORPHIC) |
           raise(wide, CF_RBC_ABN_DIST);
}

static uint64_t platelet_flags(seen_t *seen)
{
    const counter_scene_t *scene = seen->scene;
    double events = 10 * scene->x[CHANNEL_PLT] + 50;
    double foot = through_events(seen, platelet_foot(scene, 30), events);
    double large = through_events(seen, platelets_above(scene, 20), events);
    return raise(foot > seen->model->figure.plt_foot, CF_PLT_ABN_DIST) |
           raise(large > seen->model->figure.plt_giant, CF_GIANT_PLT);
}

static uint64_t white_flags(seen_t *seen, const double gate[GATES], double granulocytes)
{
    const counter_scene_t *scene = seen->scene;
    const counter_model_t *model = seen->model;
    double f[GATES], wbc = scene->x[CHANNEL_WBC];
    for (int g = 0; g < GATES; g++) f[g] = through_events(seen, gate[g], seen->events);
    double nuclei = through_events(seen, scene->x[CHANNEL_NRBC] / 100, seen->events);
    double left = granulocytes > 0.3 ? f[GATE_LEFT] / granulocytes : 0;
    return raise(f[GATE_BLAST] > model->figure.blasts && f[GATE_BLAST] * wbc > model->figure.blasts_count, CF_BLASTS) |
           raise(f[GATE_IG] > model->figure.ig, CF_IMM_GRAN) | raise(left > model->figure.left, CF_LEFT_SHIFT) |
           raise(f[GATE_VARIANT] > model->figure.variant && f[GATE_BLAST] < 0.3, CF_ATYPICAL_LYMPH) |
           raise(f[GATE_CORE] > model->figure.clone, CF_ABN_LYMPH) | raise(nuclei > model->figure.nrbc, CF_NRBC) |
           raise(f[GATE_CLUMP] > model->figure.clumps, CF_PLT_CLUMPS) |
           raise(f[GATE_LOW] > model->figure.low_white && nuclei < model->figure.nrbc, CF_LYSE_RESIST) |
           raise(f[GATE_TROUGH] > model->figure.trough || f[GATE_BLAST] > model->figure.odd ||
                     f[GATE_CORE] > model->figure.odd,
                 CF_WBC_ABN_SCATTER);
}

uint64_t counter_pattern_flags(const lab_t *lab, const counter_scene_t *scene, const count_tube_t *tube, uint64_t run)
{
    const counter_model_t *model = counter_model(lab);
    seen_t seen = {lab, model, scene, rng_at(tube->seed, DOMAIN_FLAGS, run, 0), 0};
    double share[CLUSTERS], gate[GATES] = {0}, wbc = scene->x[CHANNEL_WBC];
    seen.events = model->figure.events * (wbc < 7 ? wbc / 7 : 1) + 20;
    counter_clusters(scene, share);
    for (int c = 0; c < CLUSTERS; c++) {
        if (!(share[c] > 0)) continue;
        for (int g = 0; g < GATES; g++) gate[g] += share[c] * model->gate[c][g];
    }
    double granulocytes = share[CLUSTER_NEUT] + share[CLUSTER_BAND] + share[CLUSTER_IG];
    double turbid = scene->turbidity + 0.08 * normal_next(lab, &seen.rng);
    return white_flags(&seen, gate, granulocytes) | red_flags(&seen, tube) | platelet_flags(&seen) |
           raise(turbid > model->figure.turbidity, CF_HGB_INTERF);
}

void counter_fill_gates(counter_model_t *model)
{
    for (int c = 0; c < CLUSTERS; c++)
        for (int g = 0; g < GATES; g++) model->gate[c][g] = counter_gate_share((cluster_t)c, (gate_t)g);
}
