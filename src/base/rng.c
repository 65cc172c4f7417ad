/* Distributions that are not hot; see rng.h. */
#include "base/rng.h"

#include <assert.h>

double rng_gamma(rng_t *rng, double shape, double scale)
{
    assert(shape > 0);
    if (shape < 1.0) { /* boost: gamma(a) = gamma(a + 1) * u^(1/a) */
        double u = rng_uniform(rng);
        return rng_gamma(rng, shape + 1.0, scale) * exact_pow(u, 1.0 / shape);
    }
    double d = shape - 1.0 / 3.0, c = 1.0 / exact_sqrt(9.0 * d);
    for (;;) {
        double x = rng_normal(rng), v = 1.0 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        double u = rng_uniform(rng);
        if (exact_log(u) < 0.5 * x * x + d - d * v + d * exact_log(v)) return d * v * scale;
    }
}

double rng_beta(rng_t *rng, double a, double b)
{
    double x = rng_gamma(rng, a, 1.0), y = rng_gamma(rng, b, 1.0);
    return x / (x + y);
}

uint32_t rng_poisson(rng_t *rng, double mean)
{
    if (!(mean > 0)) return 0;
    if (mean > 1e6) mean = 1e6;
    if (mean > 30.0) return rng_poisson(rng, mean / 2) + rng_poisson(rng, mean - mean / 2);
    double p = exact_exp(-mean), sum = p, u = rng_uniform(rng);
    uint32_t k = 0;
    while (u > sum && k < 1000) {
        k++;
        p *= mean / (double)k;
        sum += p;
    }
    return k;
}

void rng_multinomial(rng_t *rng, uint32_t n, const double *weights, uint32_t *counts, uint32_t k)
{
    double total = 0;
    for (uint32_t i = 0; i < k; i++) {
        total += weights[i];
        counts[i] = 0;
    }
    if (k == 0) return;
    for (uint32_t trial = 0; trial < n; trial++) {
        double u = rng_uniform(rng) * total;
        uint32_t i = 0;
        while (i + 1 < k && u >= weights[i]) u -= weights[i++];
        counts[i]++;
    }
}
