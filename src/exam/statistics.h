/* Tails of distributions, and order statistics. */
#ifndef TITER_EXAM_STATISTICS_H
#define TITER_EXAM_STATISTICS_H

#include <stddef.h>

/* P(X > x) of a chi-square variable with df >= 1 degrees of freedom. */
double chi_square_above(double x, int df);
/* P(|Z| > |z|) of a standard normal variable. */
double normal_beyond(double z);
/* Sorts x in place and answers its p-quantile, 0 <= p <= 1, by linear interpolation between order statistics. */
double quantile(double *x, size_t n, double p);

#endif
