/* Random numbers that are the same everywhere and do not depend on the order of asking.
 *
 * A stream is named by (seed, domain, a, b): the same name gives the same numbers, whatever
 * else was drawn before. That is what lets a trainee act without disturbing the world.
 * The generator is SplitMix64 (Steele, Lea, Flood 2014) started at a mixed name.
 * Normals are drawn by inversion (Wichura AS 241), so one normal costs exactly one number. */
#ifndef TITER_BASE_RNG_H
#define TITER_BASE_RNG_H

#include "base/exact.h"

#include <stdint.h>

typedef struct {
    uint64_t state;
} rng_t;

static inline uint64_t rng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static inline rng_t rng_at(uint64_t seed, uint32_t domain, uint64_t a, uint64_t b)
{
    uint64_t h = rng_mix(seed + 0x9e3779b97f4a7c15ULL * ((uint64_t)domain + 1));
    h = rng_mix(h ^ (a * 0xd1342543de82ef95ULL + 0x2545f4914f6cdd1dULL));
    h = rng_mix(h ^ (b * 0xaf251af3b0f025b5ULL + 0x632be59bd9b4e019ULL));
    return (rng_t){h};
}

static inline uint64_t rng_u64(rng_t *rng)
{
    rng->state += 0x9e3779b97f4a7c15ULL;
    return rng_mix(rng->state);
}

/* Uniform on the open interval (0, 1), 53 bits. */
static inline double rng_uniform(rng_t *rng)
{
    return ((double)(rng_u64(rng) >> 11) + 0.5) * (1.0 / 9007199254740992.0);
}

/* Uniform integer in [0, n), n > 0, n < 2^32 (multiply-shift; bias below 2^-32). */
static inline uint32_t rng_below(rng_t *rng, uint32_t n)
{
    return (uint32_t)(((rng_u64(rng) >> 32) * (uint64_t)n) >> 32);
}

/* Tail of the normal quantile, |p - 1/2| > 0.425; in exact.c. */
double exact_normal_quantile_tail(double q, double p);

/* Standard normal. The central 85 % takes AS 241's first rational function, inline. */
static inline double rng_normal(rng_t *rng)
{
    double p = rng_uniform(rng), q = p - 0.5;
    if (q > 0.425 || q < -0.425) return exact_normal_quantile_tail(q, p);
    double r = 0.180625 - q * q;
    double n = 2.5090809287301226727e+3;
    n = n * r + 3.3430575583588128105e+4;
    n = n * r + 6.7265770927008700853e+4;
    n = n * r + 4.5921953931549871457e+4;
    n = n * r + 1.3731693765509461125e+4;
    n = n * r + 1.9715909503065514427e+3;
    n = n * r + 1.3314166789178437745e+2;
    n = n * r + 3.3871328727963666080e+0;
    double d = 5.2264952788528545610e+3;
    d = d * r + 2.8729085735721942674e+4;
    d = d * r + 3.9307895800092710610e+4;
    d = d * r + 2.1213794301586595867e+4;
    d = d * r + 5.3941960214247511077e+3;
    d = d * r + 6.8718700749205790830e+2;
    d = d * r + 4.2313330701600911252e+1;
    d = d * r + 1.0;
    return q * n / d;
}

/* True with probability p. */
static inline int rng_chance(rng_t *rng, double p)
{
    return rng_uniform(rng) < p;
}

/* Exponential with the given mean. */
static inline double rng_exponential(rng_t *rng, double mean)
{
    return -mean * exact_log(rng_uniform(rng));
}

/* Gamma(shape, scale) (Marsaglia and Tsang 2000), shape > 0. */
double rng_gamma(rng_t *rng, double shape, double scale);
/* Beta(a, b) as a ratio of gammas. */
double rng_beta(rng_t *rng, double a, double b);
/* Poisson (inversion below mean 30, else a sum of two halves). */
uint32_t rng_poisson(rng_t *rng, double mean);
/* n trials over k weights: counts[k] sums to n. */
void rng_multinomial(rng_t *rng, uint32_t n, const double *weights, uint32_t *counts, uint32_t k);

#endif
