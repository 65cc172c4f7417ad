/* Mathematics with the same bits everywhere.
 *
 * The C library's exp and log differ between versions and machines. These use only
 * + - * / and sqrt, which IEEE 754 rounds exactly, in a fixed order; the build turns off
 * contraction to fused multiply-add (-ffp-contract=off). Accuracy: a few units in the last place.
 * The hot ones are inline. */
#ifndef TITER_BASE_EXACT_H
#define TITER_BASE_EXACT_H

#include <stdint.h>
#include <string.h>

/* e^x; 0 below -745, infinity above 709.78. Range reduction x = k ln2 + r, |r| <= ln2/2,
 * degree-13 Taylor polynomial in Horner form (truncation error below 2^-57). */
static inline double exact_exp(double x)
{
    if (x != x) return x;
    if (x > 709.78) return (double)__builtin_inf();
    if (x < -745.0) return 0.0;
    double t = x * 1.4426950408889634074;
    int k = (int)(t + (t < 0 ? -0.5 : 0.5));
    double kd = (double)k;
    double r = (x - kd * 6.93147180369123816490e-01) - kd * 1.90821492927058770002e-10;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    int half = k / 2; /* two steps, so that subnormal results are reached without overflow */
    uint64_t b1 = (uint64_t)(1023 + half) << 52, b2 = (uint64_t)(1023 + (k - half)) << 52;
    double s1, s2;
    memcpy(&s1, &b1, sizeof s1);
    memcpy(&s2, &b2, sizeof s2);
    return p * s1 * s2;
}

/* Natural logarithm; NaN below 0, -infinity at 0. x = 2^k m, m in [sqrt(1/2), sqrt 2),
 * log m = 2 atanh((m-1)/(m+1)) by its odd series to the 21st power. */
static inline double exact_log(double x)
{
    if (x != x || x < 0.0) return (double)__builtin_nan("");
    if (x == 0.0) return -(double)__builtin_inf();
    if (x > 1.7976931348623157e308) return x;
    int k = 0;
    if (x < 2.2250738585072014e-308) {
        x *= 18014398509481984.0;
        k = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    k += (int)(bits >> 52) - 1023;
    bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.41421356237309504880) {
        m *= 0.5;
        k += 1;
    }
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    double kd = (double)k;
    return kd * 6.93147180369123816490e-01 + (2.0 * s + (2.0 * s * z * p + kd * 1.90821492927058770002e-10));
}

static inline double exact_sqrt(double x)
{
    return __builtin_sqrt(x); /* IEEE 754 demands the exactly rounded root */
}

/* log(1 + x) for x > -1 and e^x - 1, both without losing the digits of a small x
 * (Kahan's correction of the rounding of 1 + x and of e^x). */
static inline double exact_log1p(double x)
{
    double u = 1.0 + x;
    return u == 1.0 ? x : exact_log(u) * (x / (u - 1.0));
}

static inline double exact_expm1(double x)
{
    double u = exact_exp(x);
    if (u == 1.0) return x;
    if (u - 1.0 == -1.0 || u > 1e300) return u - 1.0;
    return (u - 1.0) * (x / exact_log(u));
}

/* x^y for x > 0 by exp(y log x); 0 for x == 0 and y > 0. */
static inline double exact_pow(double x, double y)
{
    if (x == 0.0) return y > 0.0 ? 0.0 : (double)__builtin_inf();
    return exact_exp(y * exact_log(x));
}

static inline double exact_abs(double x)
{
    return __builtin_fabs(x);
}

/* Largest integer not above x, for |x| < 2^62. */
static inline double exact_floor(double x)
{
    double t = (double)(int64_t)x;
    return t > x ? t - 1.0 : t;
}

/* The base-10 logarithm. */
double exact_log10(double x);
/* The standard normal distribution function (Cody's rational approximations to erfc). */
double exact_normal_cdf(double z);
/* Its inverse, 0 < p < 1 (Wichura, Algorithm AS 241, PPND16). */
double exact_normal_quantile(double p);
/* Rounds half away from zero to `decimals` (0..9). */
static inline double exact_round(double x, int decimals)
{
    static const double powers[10] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double scale = powers[decimals < 0 ? 0 : decimals > 9 ? 9 : decimals];
    double scaled = exact_abs(x) * scale + 0.5;
    if (!(scaled < 9e15)) return x;
    double rounded = exact_floor(scaled) / scale;
    return x < 0 ? -rounded : rounded;
}

#endif
