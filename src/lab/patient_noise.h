/* Random numbers of a patient that do not depend on the order of asking: streams of one key, and noise that is a
 * smooth function of the hour. Shared by the files that write a patient's blood. */
#ifndef TITER_LAB_PATIENT_NOISE_H
#define TITER_LAB_PATIENT_NOISE_H

#include "patient_model.h"

enum { STREAM_SETPOINT = 1, STREAM_WITHIN = 2, STREAM_CONDITION = 3, STREAM_CELLS = 4096, STREAM_CELLS_WITHIN = 4097 };

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15ULL;

/* The start of one of a patient's streams; its n-th number is at start + n * GOLDEN (SplitMix64). */
static inline uint64_t stream_of(uint64_t key, uint64_t which)
{
    return rng_mix(key + which * 0xd1342543de82ef95ULL);
}

/* The n-th standard normal of a stream: half the sum of four normals that are looked up, 12 bits
 * each, in a table of quantiles. One mixed number, no logarithm; normal far into the tails. */
static inline double normal_at(const patient_model_t *model, uint64_t stream, uint64_t n)
{
    const float *table = model->normal;
    uint64_t bits = rng_mix(stream + (n + 1) * GOLDEN);
    double a = (double)table[bits & (NORMAL_TABLE - 1)], b = (double)table[(bits >> 16) & (NORMAL_TABLE - 1)];
    double c = (double)table[(bits >> 32) & (NORMAL_TABLE - 1)], d = (double)table[(bits >> 48) & (NORMAL_TABLE - 1)];
    return 0.5 * ((a + b) + (c + d));
}

/* Four corners of two lattices and their weights at an hour. */
typedef struct {
    uint64_t corner[4];
    double weight[4];
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
            moment.weight[2 * scale + side] = (side ? s : 1 - s) * norm;
            moment.corner[2 * scale + side] = rng_mix(stream + ((uint64_t)cell + (uint64_t)side) * 2 + (uint64_t)scale);
        }
    }
    return moment;
}

#endif
