/* See curve.h. With S = s(z), z = a theta + d:
 *
 *   divide   d log P(k) / d a = theta (k - E), / d d_j = [k = j] - P(j); the matrix of second derivatives is
 *            minus the covariance of those, whatever the answer
 *   graded   u_k = S'(z_k) / P(k) and v_k = S'(z_(k+1)) / P(k) are d log P(k) / d z_k and minus d log P(k) / d z_(k+1);
 *            written as ratios of tails they lose no digits
 *   guess    with w = (1-c) S' / P and y = c (1-c)(1-S) / P: d log P / d z = w, / d psi = y */
#include "curve.h"

#include "base/exact.h"

#include <assert.h>
#include <string.h>

/* A lower asymptote below this is none; its logit must be finite. */
static const double GUESS_NONE = 1e-9, LOGIT_NONE = -20.0;

static curve_kind_t kind_of(irt_model_t model)
{
    return model == IRT_GRM ? CURVE_GRADED : model == IRT_3PL ? CURVE_GUESS : CURVE_DIVIDE;
}

curve_t curve_from_item(const irt_item_t *item)
{
    curve_t curve = {.kind = kind_of(item->model), .categories = item->categories};
    curve.parameters = curve.kind == CURVE_GUESS ? 3 : item->categories;
    curve.at[0] = item->a;
    for (int k = 1; k < item->categories; k++)
        curve.at[k] = (curve.kind == CURVE_DIVIDE ? curve.at[k - 1] * (k > 1) : 0.0) - item->a * item->b[k - 1];
    if (curve.kind == CURVE_GUESS)
        curve.at[2] = item->c > GUESS_NONE ? exact_log(item->c / (1.0 - item->c)) : LOGIT_NONE;
    return curve;
}

void curve_to_item(const curve_t *curve, irt_item_t *item)
{
    item->categories = curve->categories;
    item->a = curve->at[0];
    for (int k = 1; k < curve->categories; k++) {
        double before = curve->kind == CURVE_DIVIDE && k > 1 ? curve->at[k - 1] : 0.0;
        item->b[k - 1] = (before - curve->at[k]) / curve->at[0];
    }
    item->c = curve->kind == CURVE_GUESS ? irt_logistic(curve->at[2]) : 0.0;
}

void curve_difficulty_gradient(const curve_t *curve, int k, double *row)
{
    assert(k >= 1 && k < curve->categories);
    const double a = curve->at[0];
    bool steps = curve->kind == CURVE_DIVIDE && k > 1;
    memset(row, 0, (size_t)curve->parameters * sizeof *row);
    row[0] = -((steps ? curve->at[k - 1] : 0.0) - curve->at[k]) / (a * a);
    row[k] = -1.0 / a;
    if (steps) row[k - 1] = 1.0 / a;
}

bool curve_is_proper(const curve_t *curve)
{
    for (int m = 0; m < curve->parameters; m++)
        if (!(exact_abs(curve->at[m]) < 1e4)) return false;
    if (curve->kind == CURVE_GRADED)
        for (int k = 2; k < curve->categories; k++)
            if (!(curve->at[k] < curve->at[k - 1])) return false;
    return true;
}

/* ---- divide by total ---- */

/* Logarithms, and e^(log P - most) with their sum. */
static double divide_parts(const curve_t *curve, double theta, double *log_p, double *part)
{
    double most = 0, total = 0;
    log_p[0] = 0;
    for (int k = 1; k < curve->categories; k++) {
        log_p[k] = k * curve->at[0] * theta + curve->at[k];
        if (log_p[k] > most) most = log_p[k];
    }
    for (int k = 0; k < curve->categories; k++) {
        part[k] = exact_exp(log_p[k] - most);
        total += part[k];
    }
    const double norm = most + exact_log(total);
    for (int k = 0; k < curve->categories; k++) log_p[k] -= norm;
    return total;
}

static void divide_point(const curve_t *curve, double theta, curve_point_t *point)
{
    double expected = 0;
    const double total = divide_parts(curve, theta, point->log_p, point->p);
    for (int k = 0; k < curve->categories; k++) {
        point->p[k] /= total;
        expected += k * point->p[k];
    }
    for (int k = 0; k < curve->categories; k++) {
        point->score[k][0] = theta * (k - expected);
        for (int m = 1; m < curve->parameters; m++) point->score[k][m] = (k == m) - point->p[m];
    }
}

static void divide_curvature(const curve_t *curve, double theta, const double *counts,
                             double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    curve_point_t point;
    double n = 0;
    divide_point(curve, theta, &point);
    for (int k = 0; k < curve->categories; k++) n += counts[k];
    for (int k = 0; k < curve->categories; k++) {
        double weight = n * point.p[k];
        for (int i = 0; i < curve->parameters; i++)
            for (int j = 0; j < curve->parameters; j++) info[i][j] += weight * point.score[k][i] * point.score[k][j];
    }
}

/* ---- graded ---- */

static void both_tails(double z, double *up, double *down)
{
    double e = exact_exp(z >= 0 ? -z : z), small = e / (1.0 + e), large = 1.0 / (1.0 + e);
    *up = z >= 0 ? large : small;
    *down = z >= 0 ? small : large;
}

/* u_k and v_k of the head of this file; up[k] = s(z_k), down[k] = s(-z_k), with z_0 = infinity, z_K = -infinity. */
static void graded_parts(const curve_t *curve, double theta, double *p, double *u, double *v, double *up, double *down)
{
    const int last = curve->categories - 1;
    up[0] = 1;
    down[0] = 0;
    for (int k = 1; k <= last; k++) both_tails(curve->at[0] * theta + curve->at[k], &up[k], &down[k]);
    up[last + 1] = 0;
    down[last + 1] = 1;
    for (int k = 0; k <= last; k++) {
        double gap = k > 0 && k < last ? -exact_expm1(curve->at[k + 1] - curve->at[k]) : 1.0;
        p[k] = up[k] * down[k + 1] * gap;
        u[k] = k > 0 && down[k + 1] > 0 ? down[k] / (down[k + 1] * gap) : 0.0;
        v[k] = k < last && up[k] > 0 ? up[k + 1] / (up[k] * gap) : 0.0;
    }
}

static void graded_point(const curve_t *curve, double theta, curve_point_t *point)
{
    double u[IRT_CATEGORIES_MAX], v[IRT_CATEGORIES_MAX], up[IRT_CATEGORIES_MAX + 1], down[IRT_CATEGORIES_MAX + 1];
    graded_parts(curve, theta, point->p, u, v, up, down);
    for (int k = 0; k < curve->categories; k++) {
        point->log_p[k] = exact_log(point->p[k] > 1e-300 ? point->p[k] : 1e-300);
        memset(point->score[k], 0, sizeof point->score[k]);
        point->score[k][0] = theta * (u[k] - v[k]);
        if (k > 0) point->score[k][k] = u[k];
        if (k < curve->categories - 1) point->score[k][k + 1] = -v[k];
    }
}

/* Adds weight (hzz) where z depends on a by theta and on d_k by 1. */
static void chain(double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX], int k, int j, double theta, double weight)
{
    info[0][0] += weight * theta * theta;
    info[0][j] += weight * theta;
    info[k][0] += weight * theta;
    info[k][j] += weight;
}

static void graded_curvature(const curve_t *curve, double theta, const double *counts,
                             double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    double u[IRT_CATEGORIES_MAX], v[IRT_CATEGORIES_MAX], up[IRT_CATEGORIES_MAX + 1], down[IRT_CATEGORIES_MAX + 1];
    double p[IRT_CATEGORIES_MAX];
    graded_parts(curve, theta, p, u, v, up, down);
    for (int k = 0; k < curve->categories; k++) {
        const double n = counts[k];
        bool below = k > 0, above = k < curve->categories - 1;
        if (below) chain(info, k, k, theta, -n * (u[k] * (down[k] - up[k]) - u[k] * u[k]));
        if (above) chain(info, k + 1, k + 1, theta, -n * (-v[k] * (down[k + 1] - up[k + 1]) - v[k] * v[k]));
        if (!below || !above) continue;
        chain(info, k, k + 1, theta, -n * u[k] * v[k]);
        chain(info, k + 1, k, theta, -n * u[k] * v[k]);
    }
}

/* ---- guess ---- */

static void guess_parts(const curve_t *curve, double theta, double *c, double *up, double *down, double *p)
{
    both_tails(curve->at[0] * theta + curve->at[1], up, down);
    *c = irt_logistic(curve->at[2]);
    *p = *c + (1.0 - *c) * *up;
}

static void guess_point(const curve_t *curve, double theta, curve_point_t *point)
{
    double c, up, down, p;
    guess_parts(curve, theta, &c, &up, &down, &p);
    const double miss = (1.0 - c) * down, w = miss * up / p, y = miss * c / p;
    point->p[0] = miss;
    point->p[1] = p;
    point->log_p[0] = exact_log(miss > 1e-300 ? miss : 1e-300);
    point->log_p[1] = exact_log(p > 1e-300 ? p : 1e-300);
    const double slopes[2][3] = {{-up * theta, -up, -c}, {w * theta, w, y}};
    for (int k = 0; k < 2; k++) memcpy(point->score[k], slopes[k], sizeof slopes[k]);
}

static void guess_curvature(const curve_t *curve, double theta, const double *counts,
                            double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    double c, up, down, p;
    guess_parts(curve, theta, &c, &up, &down, &p);
    const double miss = (1.0 - c) * down, w = miss * up / p, y = miss * c / p;
    const double zz = counts[0] * up * down - counts[1] * (w * (down - up) - w * w);
    const double zy = -counts[1] * (-c * w - w * y);
    const double yy = counts[0] * c * (1.0 - c) - counts[1] * ((1.0 - 2.0 * c) * y - y * y);
    chain(info, 1, 1, theta, zz);
    info[0][2] += theta * zy;
    info[2][0] += theta * zy;
    info[1][2] += zy;
    info[2][1] += zy;
    info[2][2] += yy;
}

/* ---- any ---- */

void curve_point(const curve_t *curve, double theta, curve_point_t *point)
{
    if (curve->kind == CURVE_DIVIDE)
        divide_point(curve, theta, point);
    else if (curve->kind == CURVE_GRADED)
        graded_point(curve, theta, point);
    else
        guess_point(curve, theta, point);
}

void curve_log(const curve_t *curve, double theta, double *log_p)
{
    curve_point_t point;
    if (curve->kind == CURVE_DIVIDE) {
        divide_parts(curve, theta, log_p, point.p);
    } else {
        curve_point(curve, theta, &point);
        memcpy(log_p, point.log_p, (size_t)curve->categories * sizeof *log_p);
    }
}

void curve_curvature(const curve_t *curve, double theta, const double *counts,
                     double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    if (curve->kind == CURVE_DIVIDE)
        divide_curvature(curve, theta, counts, info);
    else if (curve->kind == CURVE_GRADED)
        graded_curvature(curve, theta, counts, info);
    else
        guess_curvature(curve, theta, counts, info);
}
