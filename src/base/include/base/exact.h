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

/* 2^(j/128). */
extern const double EXACT_EXP2[128];
/* c, 1/c and log c of the middles c of 128 intervals that fill [0.6875, 1.375); the two beside 1 have c = 1. */
typedef struct {
    double center, inverse, log;
} exact_log_t;
extern const exact_log_t EXACT_LOG[128];

/* e^x where the result is subnormal, infinite, 0 or NAN, or nearly. */
double exact_exp_far(double x);

/* e^x; 0 below -745, infinity above 709.78. Range reduction x = (128 n + j) ln2 / 128 + r, |r| <= ln2 / 256: e^x is
 * 2^n 2^(j/128) e^r, with the Taylor polynomial of degree 5 (truncation error below 2^-60), as in Tang (1989). */
static inline double exact_exp(double x)
{
    const double TO_INTEGER = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to an integer, in the low bits */
    if (!(x > -708.0 && x < 708.0)) return exact_exp_far(x);
    double shifted = x * 184.6649652337873 + TO_INTEGER, k = shifted - TO_INTEGER;
    uint64_t bits, scale;
    memcpy(&bits, &shifted, sizeof bits);
    double r = (x - k * 5.41521234663378e-03) - k * 1.4907929134926466e-12, r2 = r * r;
    double p = r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0)));
    uint64_t j = bits & 127;
    memcpy(&scale, &EXACT_EXP2[j], sizeof scale);
    scale += (bits - j) << 45; /* times 2^n */
    double s;
    memcpy(&s, &scale, sizeof s);
    return s + s * p;
}

/* Natural logarithm; NaN below 0, -infinity at 0. x = 2^k m, m in [0.6875, 1.375), log m = log c + log(1 + (m - c) / c)
 * with c from the table and the series to the 8th power (|m - c| / c <= 2^-7: truncation error below 2^-58 of it). */
static inline double exact_log(double x)
{
    if (x != x || x < 0.0) return (double)__builtin_nan("");
    if (x == 0.0) return -(double)__builtin_inf();
    if (x > 1.7976931348623157e308) return x;
    const uint64_t LEAST = 0x3fe6000000000000ULL, EXPONENT = 0xfff0000000000000ULL;
    int k = 0;
    if (x < 2.2250738585072014e-308) {
        x *= 18014398509481984.0;
        k = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t above = bits - LEAST;
    k += (int)((above >> 52) ^ 0x800) - 0x800; /* the twelve bits have a sign */
    const exact_log_t *at = &EXACT_LOG[above >> 45 & 127];
    bits -= above & EXPONENT;
    double m;
    memcpy(&m, &bits, sizeof m);
    double r = (m - at->center) * at->inverse, r2 = r * r, r4 = r2 * r2;
    double p = (-0.5 + r * (1.0 / 3.0)) + r2 * (-0.25 + r * 0.2) + r4 * ((-1.0 / 6.0 + r * (1.0 / 7.0)) + r2 * -0.125);
    double kd = (double)k;
    return (kd * 6.93147180369123816490e-01 + at->log) + (r + (r2 * p + kd * 1.90821492927058770002e-10));
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
