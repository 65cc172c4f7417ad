/* How calibration climbs. Each step is that of EM with one Newton step of its M-step (the complete-data information
 * times the gradient; Lange 1995), bent by what the steps before have shown of the curvature (L-BFGS; Nocedal 1980):
 * EM alone needs hundreds of cycles where tests are long, because then the answers say almost everything about ability
 * and the location and the scale of all items creep together. When the steps are small, the observed information gives
 * one true Newton step; the climb ends when that is below the tolerance. */
#include "base/exact.h"
#include "fit_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 12, HALVINGS = 12, NEWTON_MAX = 6 };

typedef struct {
    fit_t *fit;
    size_t n;
    double *x, *g, *step, *trial_x, *trial_g, *scratch;
    double *s[MEMORY], *y[MEMORY], rho[MEMORY];
    int stored;
    bool *frozen; /* at a bound, and the gradient points outward */
    int evaluations;
} climb_t;

static double objective(const fit_t *fit)
{
    return fit->log_likelihood + fit->log_prior;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static double largest(const double *a, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = exact_abs(a[i]) > most ? exact_abs(a[i]) : most;
    return most;
}

static void freeze(climb_t *c)
{
    for (size_t i = 0; i < c->n; i++) {
        double low, high;
        fit_bounds(c->fit, i, &low, &high);
        c->frozen[i] = (c->x[i] <= low && c->g[i] < 0) || (c->x[i] >= high && c->g[i] > 0);
    }
}

/* v <- D^-1 v, owner by owner; frozen parameters do not move. */
static void precondition(const climb_t *c, double *v)
{
    const fit_t *fit = c->fit;
    for (size_t first = 0; first < c->n;) {
        double m[CURVE_PARAMETERS_MAX * CURVE_PARAMETERS_MAX];
        const int owner = fit->free[first].owner;
        size_t count = 1;
        while (first + count < c->n && fit->free[first + count].owner == owner) count++;
        const double *block = fit->block[owner >= 0 ? (size_t)owner : fit->data->items + (size_t)(-1 - owner)];
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < count; j++) {
                bool out = c->frozen[first + i] || c->frozen[first + j];
                m[i * count + j] = out ? (double)(i == j) : block[i * count + j];
            }
            m[i * count + i] = m[i * count + i] * (1 + 1e-9) + 1e-9;
            if (c->frozen[first + i]) v[first + i] = 0;
        }
        if (cholesky(m, count)) {
            cholesky_solve(m, count, v + first);
        } else {
            for (size_t i = 0; i < count; i++) v[first + i] /= block[i * count + i] + 1e-9;
        }
        first += count;
    }
}

/* step <- the L-BFGS direction, by the recursion of Nocedal (1980). */
static void direct(climb_t *c)
{
    double alpha[MEMORY];
    memcpy(c->step, c->g, c->n * sizeof *c->step);
    for (size_t i = 0; i < c->n; i++)
        if (c->frozen[i]) c->step[i] = 0;
    for (int k = c->stored - 1; k >= 0; k--) {
        alpha[k] = c->rho[k] * dot(c->s[k], c->step, c->n);
        for (size_t i = 0; i < c->n; i++) c->step[i] -= alpha[k] * c->y[k][i];
    }
    precondition(c, c->step);
    for (int k = 0; k < c->stored; k++) {
        double beta = c->rho[k] * dot(c->y[k], c->step, c->n);
        for (size_t i = 0; i < c->n; i++) c->step[i] += (alpha[k] - beta) * c->s[k][i];
    }
    for (size_t i = 0; i < c->n; i++)
        if (c->frozen[i]) c->step[i] = 0;
    if (dot(c->step, c->g, c->n) > 0) return;
    c->stored = 0; /* not uphill: forget, and take the step of EM */
    memcpy(c->step, c->g, c->n * sizeof *c->step);
    precondition(c, c->step);
}

static void remember(climb_t *c)
{
    if (c->stored == MEMORY) {
        double *s = c->s[0], *y = c->y[0];
        for (int k = 1; k < MEMORY; k++) {
            c->s[k - 1] = c->s[k];
            c->y[k - 1] = c->y[k];
            c->rho[k - 1] = c->rho[k];
        }
        c->s[MEMORY - 1] = s;
        c->y[MEMORY - 1] = y;
        c->stored--;
    }
    double *s = c->s[c->stored], *y = c->y[c->stored];
    for (size_t i = 0; i < c->n; i++) { /* of minus the objective, which is to be convex */
        s[i] = c->trial_x[i] - c->x[i];
        y[i] = c->g[i] - c->trial_g[i];
    }
    double curved = dot(s, y, c->n);
    if (curved > 1e-12 * dot(s, s, c->n)) c->rho[c->stored++] = 1 / curved;
}

static bool try_at(climb_t *c, double length)
{
    for (size_t i = 0; i < c->n; i++) {
        double low, high, to = c->x[i] + length * c->step[i];
        fit_bounds(c->fit, i, &low, &high);
        c->trial_x[i] = to < low ? low : to > high ? high : to;
        fit_set(c->fit, i, c->trial_x[i]);
    }
    c->evaluations++;
    if (!fit_evaluate(c->fit)) return false;
    memcpy(c->trial_g, c->fit->gradient, c->n * sizeof *c->trial_g);
    return true;
}

/* Goes along the step, halving it until the objective has risen; false when it cannot. The fit is then where it was. */
static bool climb(climb_t *c, double longest)
{
    const double before = objective(c->fit), slope = dot(c->g, c->step, c->n), most = largest(c->step, c->n);
    const double noise = 1e-9 + 1e-12 * exact_abs(before);
    double length = most > longest ? longest / most : 1;
    for (int i = 0; i < HALVINGS && c->evaluations < CALIBRATE_ITERATIONS_MAX; i++, length /= 2) {
        if (!try_at(c, length) || objective(c->fit) < before + 1e-4 * length * slope - noise) continue;
        remember(c);
        memcpy(c->x, c->trial_x, c->n * sizeof *c->x);
        memcpy(c->g, c->trial_g, c->n * sizeof *c->g);
        return true;
    }
    for (size_t i = 0; i < c->n; i++) fit_set(c->fit, i, c->x[i]);
    fit_evaluate(c->fit);
    return false;
}

/* step <- J^-1 g by the observed information; false when it is not positive definite. `information` keeps J. */
static bool newton(climb_t *c, double *information, double *factor, err_t *err, bool *failed)
{
    const size_t n = c->n;
    *failed = !information_observed(c->fit, information, err);
    if (*failed) return false;
    memcpy(factor, information, n * n * sizeof *factor);
    for (size_t i = 0; i < n; i++) {
        if (!c->frozen[i]) continue;
        for (size_t j = 0; j < n; j++) factor[i * n + j] = factor[j * n + i] = 0;
        factor[i * n + i] = 1;
    }
    for (size_t i = 0; i < n; i++) c->step[i] = c->frozen[i] ? 0 : c->g[i];
    if (!cholesky(factor, n)) return false;
    cholesky_solve(factor, n, c->step);
    return true;
}

/* The last stretch: Newton steps until one is below the tolerance; it is taken too. */
static bool finish(climb_t *c, double *information, double *factor, bool *converged, err_t *err)
{
    const double tolerance = c->fit->options->tolerance;
    bool failed;
    for (int i = 0; i < NEWTON_MAX; i++) {
        freeze(c);
        if (!newton(c, information, factor, err, &failed)) return !failed; /* a saddle or a ridge: not converged */
        double size = largest(c->step, c->n);
        bool moved = climb(c, 0.5);
        *converged = size < tolerance;
        if (*converged || !moved) return true;
    }
    return true;
}

static bool run(climb_t *c, double *information, double *factor, bool *converged, err_t *err)
{
    const double tolerance = c->fit->options->tolerance;
    for (size_t i = 0; i < c->n; i++) c->x[i] = fit_get(c->fit, i);
    c->evaluations = 1;
    bool proper = fit_evaluate(c->fit);
    assert(proper); /* starting values are */
    (void)proper;
    memcpy(c->g, c->fit->gradient, c->n * sizeof *c->g);
    bool stuck = false;
    while (c->evaluations < CALIBRATE_ITERATIONS_MAX && !stuck) {
        freeze(c);
        direct(c);
        if (largest(c->step, c->n) < tolerance && c->stored > 1) break;
        if (climb(c, 1.0)) continue;
        stuck = c->stored == 0;
        c->stored = 0;
    }
    freeze(c);
    direct(c);
    *converged = largest(c->step, c->n) < tolerance;
    return !information || finish(c, information, factor, converged, err);
}

static bool allocate(climb_t *c)
{
    const size_t rows = 6 + 2 * MEMORY;
    double *all = calloc(rows * c->n + 1, sizeof *all);
    c->frozen = calloc(c->n + 1, sizeof *c->frozen);
    c->scratch = all;
    if (!all || !c->frozen) return false;
    double **names[] = {&c->x, &c->g, &c->step, &c->trial_x, &c->trial_g};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) *names[i] = all + i * c->n;
    for (size_t k = 0; k < MEMORY; k++) {
        c->s[k] = all + (6 + 2 * k) * c->n;
        c->y[k] = all + (7 + 2 * k) * c->n;
    }
    return true;
}

bool ascend(fit_t *fit, int *iterations, bool *converged, double **information, err_t *err)
{
    climb_t c = {.fit = fit, .n = fit->parameters};
    double *j = NULL, *factor = NULL;
    *converged = false;
    bool good = allocate(&c);
    if (good && c.n <= CALIBRATE_ERRORS_MAX) {
        j = calloc(c.n * c.n + 1, sizeof *j);
        factor = calloc(c.n * c.n + 1, sizeof *factor);
        good = j && factor;
    }
    if (!good) err_set(err, ERR_MEMORY, "the calibration does not fit into memory");
    good = good && run(&c, j, factor, converged, err);
    free(c.scratch);
    free(c.frozen);
    free(factor);
    *iterations = c.evaluations;
    *information = good ? j : NULL;
    if (!good) free(j);
    return good;
}
