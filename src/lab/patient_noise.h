/* Random numbers of a patient that do not depend on the order of asking: streams of one key, and noise that is a
 * smooth function of the hour. Shared by the files that write a patient's blood. */
#ifndef TITER_LAB_PATIENT_NOISE_H
#define TITER_LAB_PATIENT_NOISE_H

#include "normal.h"
#include "patient_model.h"

enum { STREAM_SETPOINT = 1, STREAM_WITHIN = 2, STREAM_CONDITION = 3, STREAM_CELLS = 4096, STREAM_CELLS_WITHIN = 4097 };

/* The start of one of a patient's streams; its n-th number is at start + n * GOLDEN (SplitMix64). */
static inline uint64_t stream_of(uint64_t key, uint64_t which)
{
    return rng_mix(key + which * 0xd1342543de82ef95ULL);
}

/* The n-th of a stream. */
static inline float normal_at(const patient_model_t *model, uint64_t stream, uint64_t n)
{
    return normal_of(model->normal, rng_mix(stream + (n + 1) * GOLDEN));
}

/* Four corners of two lattices and their weights at an hour. */
typedef struct {
    uint64_t corner[4];
    float weight[4];
} moment_t;

static inline moment_t moment_at(uint64_t key, uint64_t which, double hour)
{
    const double PERIOD_H[2] = {8.0, 96.0}, SHARE[2] = {0.3, 0.7};
    uint64_t stream = stream_of(key, which);
    moment_t moment;
    for (int scale = 0; scale < 2; scale++) {
        double t = hour / PERIOD_H[scale] + 1048576.37, cell = exact_floor(t), s = t - cell;
        s = s * s * (3.0 - 2.0 * s);
        double norm = exact_sqrt(SHARE[scale] / ((1 - s) * (1 - s) + s * s));
        for (int side = 0; side < 2; side++) {
            moment.weight[2 * scale + side] = (float)((side ? s : 1 - s) * norm);
            moment.corner[2 * scale + side] = rng_mix(stream + ((uint64_t)cell + (uint64_t)side) * 2 + (uint64_t)scale);
        }
    }
    return moment;
}

/* Scores within the person, four at a time: of each mixed number 12 bits of each 16 look up a normal quantile. */
static inline four_t moment_four(const moment_t *moment, const float *table, int band)
{
    four_t corner[4];
    for (int c = 0; c < 4; c++) {
        uint64_t h = rng_mix(moment->corner[c] + (uint64_t)(band + 1) * GOLDEN);
        float w = moment->weight[c];
        corner[c] = (four_t){w, w, w, w} *
                    (four_t){table[h & (NORMAL_TABLE - 1)], table[(h >> 16) & (NORMAL_TABLE - 1)],
                             table[(h >> 32) & (NORMAL_TABLE - 1)], table[(h >> 48) & (NORMAL_TABLE - 1)]};
    }
    return (corner[0] + corner[1]) + (corner[2] + corner[3]);
}

#endif
