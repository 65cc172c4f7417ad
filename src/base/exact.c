/* The parts of exact.h that are not hot. */
#include "base/exact.h"

#include "base/rng.h"

/* In two steps, so that subnormal results are reached without overflow on the way. */
double exact_exp_far(double x)
{
    if (x != x) return x;
    if (x > 709.78) return (double)__builtin_inf();
    if (x < -745.0) return 0.0;
    double half = exact_exp(0.5 * x);
    return half * half;
}

double exact_log10(double x)
{
    return exact_log(x) * 0.43429448190325182765;
}

/* Wichura (1988), Algorithm AS 241, PPND16: the tails. */
double exact_normal_quantile_tail(double q, double p)
{
    double r = q < 0 ? p : 1.0 - p;
    if (!(r > 0)) return q < 0 ? -(double)__builtin_inf() : (double)__builtin_inf();
    r = exact_sqrt(-exact_log(r));
    double n, d;
    if (r <= 5.0) {
        r -= 1.6;
        n = 7.74545014278341407640e-4;
        n = n * r + 2.27238449892691845833e-2;
        n = n * r + 2.41780725177450611770e-1;
        n = n * r + 1.27045825245236838258e0;
        n = n * r + 3.64784832476320460504e0;
        n = n * r + 5.76949722146069140550e0;
        n = n * r + 4.63033784615654529590e0;
        n = n * r + 1.42343711074968357734e0;
        d = 1.05075007164441684324e-9;
        d = d * r + 5.47593808499534494600e-4;
        d = d * r + 1.51986665636164571966e-2;
        d = d * r + 1.48103976427480074590e-1;
        d = d * r + 6.89767334985100004550e-1;
        d = d * r + 1.67638483018380384940e0;
        d = d * r + 2.05319162663775882187e0;
        d = d * r + 1.0;
    } else {
        r -= 5.0;
        n = 2.01033439929228813265e-7;
        n = n * r + 2.71155556874348757815e-5;
        n = n * r + 1.24266094738807843860e-3;
        n = n * r + 2.65321895265761230930e-2;
        n = n * r + 2.96560571828504891230e-1;
        n = n * r + 1.78482653991729133580e0;
        n = n * r + 5.46378491116411436990e0;
        n = n * r + 6.65790464350110377720e0;
        d = 2.04426310338993978564e-15;
        d = d * r + 1.42151175831644588870e-7;
        d = d * r + 1.84631831751005468180e-5;
        d = d * r + 7.86869131145613259100e-4;
        d = d * r + 1.48753612908506148525e-2;
        d = d * r + 1.36929880922735805310e-1;
        d = d * r + 5.99832206555887937690e-1;
        d = d * r + 1.0;
    }
    return q < 0 ? -n / d : n / d;
}

double exact_normal_quantile(double p)
{
    double q = p - 0.5;
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

/* erfc(x) for x >= 0.46875 (Cody 1969, the rational forms for the middle and the far range). */
static double erfc_cody(double x)
{
    static const double c[9] = {5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
                                2.98635138197400131e2,  8.81952221241769090e2, 1.71204761263407058e3,
                                2.05107837782607147e3,  1.23033935479799725e3, 2.15311535474403846e-8};
    static const double d[8] = {1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
                                1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
                                3.43936767414372164e3, 1.23033935480374942e3};
    static const double p[6] = {3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
                                1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2};
    static const double q[5] = {2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1,
                                6.05183413124413191e-2, 2.33520497626869185e-3};
    double result;
    if (x <= 4.0) {
        double n = c[8] * x, m = x;
        for (int i = 0; i < 7; i++) {
            n = (n + c[i]) * x;
            m = (m + d[i]) * x;
        }
        result = (n + c[7]) / (m + d[7]);
    } else {
        double y = 1.0 / (x * x), n = p[5] * y, m = y;
        for (int i = 0; i < 4; i++) {
            n = (n + p[i]) * y;
            m = (m + q[i]) * y;
        }
        result = y * (n + p[4]) / (m + q[4]);
        result = (5.6418958354775628695e-1 - result) / x;
    }
    double t = exact_floor(x * 16.0) / 16.0, rest = (x - t) * (x + t);
    return exact_exp(-t * t) * exact_exp(-rest) * result;
}

double exact_normal_cdf(double z)
{
    if (z != z) return z;
    double x = z * 0.70710678118654752440, y = exact_abs(x);
    if (y < 0.46875) { /* erf by its own rational form */
        static const double a[5] = {3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
                                    3.20937758913846947e3, 1.85777706184603153e-1};
        static const double b[4] = {2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
                                    2.84423683343917062e3};
        double s = y * y, n = a[4] * s, m = s;
        for (int i = 0; i < 3; i++) {
            n = (n + a[i]) * s;
            m = (m + b[i]) * s;
        }
        return 0.5 + 0.5 * x * (n + a[3]) / (m + b[3]);
    }
    if (y > 26.5) return z < 0 ? 0.0 : 1.0;
    double upper = 0.5 * erfc_cody(y);
    return z < 0 ? upper : 1.0 - upper;
}
