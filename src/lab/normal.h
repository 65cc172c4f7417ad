/* Standard normals by a table of quantiles: what patients, analyzers and controls are drawn with. */
#ifndef TITER_LAB_NORMAL_H
#define TITER_LAB_NORMAL_H

#include "base/rng.h"
#include "lab_private.h"

enum { NORMAL_TABLE = 4096 };

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15ULL; /* from one number of a stream to the next (SplitMix64) */

/* A standard normal from 32 bits: the sum of two that are looked up, 12 bits each, in a table of quantiles, over the
 * root of 2. No logarithm, no division. Beyond 3 SD there are 1 % too few, beyond 3.5 4 %; none beyond 5.2. */
static inline float normal_of(const float *table, uint64_t bits)
{
    return 0.70710678f * (table[bits & (NORMAL_TABLE - 1)] + table[(bits >> 16) & (NORMAL_TABLE - 1)]);
}

/* The next of a generator. */
static inline double normal_next(const lab_t *lab, rng_t *rng)
{
    return (double)normal_of(lab->normal, rng_u64(rng));
}

#endif
