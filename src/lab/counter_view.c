/* The pictures of a count: histograms and the white cell scattergram, drawn from the densities of the scene. A bin or a
 * point costs nothing until somebody looks; the same specimen and run give the same picture. */
#include "cells_model.h"
#include "counter_model.h"

#include <string.h>

enum { DOMAIN_DOTS = 0x43444f54, DOMAIN_BINS = 0x4342494e };

static double bell(double z)
{
    return z > -8 && z < 8 ? exact_exp(-0.5 * z * z) * 0.3989422804014327 : 0;
}

/* ---- densities over volume, per fL ---- */

/* With the jagged tail of clumps, its teeth by bin. */
static double platelet_density(const counter_scene_t *scene, double volume, uint64_t seed)
{
    double density = counter_platelet_density(scene, volume);
    if (!(scene->clumps > 0) || volume < 18) return density;
    rng_t rng = rng_at(seed, DOMAIN_BINS, 1, (uint64_t)(volume * 8));
    return density + 0.02 * scene->clumps / (1 + scene->clumps) * rng_uniform(&rng);
}

/* Three humps after lysis (analyzer.md section 2): lymphocytes, the cells between, granulocytes; nuclei, clumps and
 * unlysed red cells in the valley on the left. */
static double white_density(const counter_scene_t *scene, double volume)
{
    double share[CLUSTERS];
    counter_clusters(scene, share);
    double lymph =
        share[CLUSTER_LYMPH] + share[CLUSTER_CLONE] + 0.5 * share[CLUSTER_VARIANT] + share[CLUSTER_NRBC] * 0.1;
    double middle = share[CLUSTER_MONO] + share[CLUSTER_EOS] + share[CLUSTER_BASO] + share[CLUSTER_BLAST] +
                    0.5 * share[CLUSTER_VARIANT] + share[CLUSTER_PLASMA] + 0.4 * share[CLUSTER_IG];
    double large = share[CLUSTER_NEUT] + share[CLUSTER_BAND] + share[CLUSTER_AGED] + 0.6 * share[CLUSTER_IG];
    double low = share[CLUSTER_NRBC] + share[CLUSTER_CLUMP] + share[CLUSTER_UNLYSED] + share[CLUSTER_DEBRIS];
    return lymph * bell((volume - 68) / 11) / 11 + middle * bell((volume - 120) / 22) / 22 +
           large * bell((volume - 255) / 42) / 42 + low * bell((volume - 38) / 8) / 8;
}

void counter_histogram(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                       uint64_t run, count_curve_t curve, float bins[COUNT_BINS])
{
    static const double EVENTS[COUNT_CURVES] = {40000, 12000, 10000};
    counter_scene_t scene;
    counter_scene(lab, tube, mode, state, &scene);
    double low = count_curve_low(curve), step = (count_curve_high(curve) - low) / COUNT_BINS, sum = 0,
           events = EVENTS[curve];
    double values[COUNT_BINS];
    if (curve == CURVE_PLT && scene.x[CHANNEL_PLT] < 200) events *= scene.x[CHANNEL_PLT] / 200;
    if (curve == CURVE_WBC && scene.x[CHANNEL_WBC] < 7) events *= scene.x[CHANNEL_WBC] / 7;
    if (events < 50) events = 50;
    for (int i = 0; i < COUNT_BINS; i++) {
        double volume = low + (i + 0.5) * step, density;
        density = curve == CURVE_RBC   ? counter_red_density(&scene, volume)
                  : curve == CURVE_PLT ? platelet_density(&scene, volume, tube->seed)
                                       : white_density(&scene, volume);
        rng_t rng = rng_at(tube->seed, DOMAIN_BINS, run * COUNT_CURVES + (uint64_t)curve + 2, (uint64_t)i);
        double expected = density * step * events, z = rng_normal(&rng);
        double seen = expected + exact_sqrt(expected) * z;
        values[i] = seen > 0 ? seen : 0;
        sum += values[i];
    }
    for (int i = 0; i < COUNT_BINS; i++) bins[i] = sum > 0 ? (float)(values[i] / (sum * step)) : 0;
}

/* ---- the scattergram ---- */

/* Where the instrument puts a point: by its place alone. */
static count_cluster_t placed(double x, double y)
{
    if (x < 42 && y < 45) return DOT_DEBRIS;
    if (y > 126 && x < 120) return DOT_BLAST;
    if (x > 172 && y < 95) return DOT_EOS;
    if (y > 96 && x >= 135) return DOT_IG;
    if (x >= 112) return DOT_NEUT;
    if (y > 92 || x > 88) return DOT_MONO;
    return DOT_LYMPH;
}

static uint8_t channel_of(double v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

int counter_scatter(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                    uint64_t run, int most, count_dot_t *dots)
{
    counter_scene_t scene;
    double share[CLUSTERS], sum = 0;
    counter_scene(lab, tube, mode, state, &scene);
    counter_clusters(&scene, share);
    for (int c = 0; c < CLUSTERS; c++) sum += share[c];
    double events = counter_model(lab)->figure.events * scene.x[CHANNEL_WBC] / 7;
    int count = events < most ? (int)events : most;
    for (int i = 0; i < count; i++) {
        rng_t rng = rng_at(tube->seed, DOMAIN_DOTS, run, (uint64_t)i);
        double u = rng_uniform(&rng) * sum;
        int c = 0;
        while (c + 1 < CLUSTERS && u >= share[c]) u -= share[c++];
        const cluster_shape_t *shape = &COUNT_CLUSTERS[c];
        double zx = rng_normal(&rng), zy = rng_normal(&rng);
        double x = shape->x + shape->sx * zx, y = shape->y + shape->sy * zy;
        dots[i] = (count_dot_t){channel_of(x), channel_of(y), (uint8_t)placed(x, y)};
    }
    return count;
}
