/* Standard normals by a table of quantiles: what patients, analyzers and controls are drawn with. */
#ifndef TITER_LAB_NORMAL_H
#define TITER_LAB_NORMAL_H

#include "base/rng.h"
#include "lab_private.h"

enum { NORMAL_TABLE = 4096 };

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15ULL; /* from one number of a stream to the next (SplitMix64) */

/* A standard normal from one mixed number: half the sum of four that are looked up, 12 bits each, in a table of
 * quantiles. No logarithm, no division; normal far into the tails. */
static inline float normal_of(const float *table, uint64_t bits)
{
    float a = table[bits & (NORMAL_TABLE - 1)], b = table[(bits >> 16) & (NORMAL_TABLE - 1)];
    float c = table[(bits >> 32) & (NORMAL_TABLE - 1)], d = table[(bits >> 48) & (NORMAL_TABLE - 1)];
    return 0.5f * ((a + b) + (c + d));
}

/* The next of a generator. */
static inline double normal_next(const lab_t *lab, rng_t *rng)
{
    return (double)normal_of(lab->normal, rng_u64(rng));
}

#endif
