/* See statistics.h. */
#include "statistics.h"

#include "base/exact.h"

#include <assert.h>
#include <stdlib.h>

double normal_beyond(double z)
{
    return 2 * exact_normal_cdf(-exact_abs(z));
}

/* Abramowitz and Stegun 26.4.4 and 26.4.5: finite sums for whole degrees of freedom. */
double chi_square_above(double x, int df)
{
    assert(df >= 1);
    if (!(x > 0)) return 1;
    const double root = exact_sqrt(x);
    double sum = 0, term;
    if (df % 2 == 0) {
        term = exact_exp(-x / 2);
        for (int k = 1; k <= df / 2; k++) {
            sum += term;
            term *= x / 2 / k;
        }
        return sum < 1 ? sum : 1;
    }
    term = 2 * 0.39894228040143267794 * exact_exp(-x / 2) * root;
    for (int k = 1; k <= (df - 1) / 2; k++) {
        sum += term;
        term *= x / (2 * k + 1);
    }
    sum += normal_beyond(root);
    return sum < 1 ? sum : 1;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double quantile(double *x, size_t n, double p)
{
    assert(n > 0 && p >= 0 && p <= 1);
    qsort(x, n, sizeof *x, ascending);
    double at = p * (double)(n - 1);
    size_t low = (size_t)at;
    return low + 1 < n ? x[low] + (at - (double)low) * (x[low + 1] - x[low]) : x[n - 1];
}
