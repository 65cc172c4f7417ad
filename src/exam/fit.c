/* What calibration maximizes: log-likelihood plus log-prior, its gradient (that of the expected complete-data
 * log-likelihood, by Fisher's identity) and the information that the complete data would have. */
#include "base/exact.h"
#include "fit_private.h"
#include "parallel.h"

#include <assert.h>
#include <string.h>

static const double LOG_SQRT_2PI = 0.91893853320467274178;

double fit_get(const fit_t *fit, size_t parameter)
{
    const parameter_t *at = &fit->free[parameter];
    if (at->owner >= 0) return fit->curves[at->owner].at[at->local];
    return at->local == 0 ? fit->mean[-1 - at->owner] : fit->log_sd[-1 - at->owner];
}

void fit_set(fit_t *fit, size_t parameter, double value)
{
    const parameter_t *at = &fit->free[parameter];
    if (at->owner >= 0)
        fit->curves[at->owner].at[at->local] = value;
    else if (at->local == 0)
        fit->mean[-1 - at->owner] = value;
    else
        fit->log_sd[-1 - at->owner] = value;
}

void fit_bounds(const fit_t *fit, size_t parameter, double *low, double *high)
{
    const parameter_t *at = &fit->free[parameter];
    const curve_t *curve = at->owner >= 0 ? &fit->curves[at->owner] : NULL;
    if (!curve && at->local == 0) { /* the mean of a group must be among the nodes */
        *low = -fit->options->range;
        *high = fit->options->range;
    } else if (!curve) { /* log sd: below three quarters of a step the nodes do not show a normal density */
        *low = exact_log(0.75 * (fit->e.theta[1] - fit->e.theta[0]));
        *high = 3;
    } else if (curve->kind == CURVE_GUESS && at->local == 2) { /* logit c: 0.0001 to 0.9 */
        *low = -9.21;
        *high = 2.19;
    } else if (at->local == 0) {
        *low = fit->options->slope.sd > 0 ? IRT_SLOPE_MIN : -20;
        *high = 20;
    } else {
        *low = -100;
        *high = 100;
    }
}

static double normal_log(const prior_t *prior, double x)
{
    double z = (x - prior->mean) / prior->sd;
    return -z * z / 2 - exact_log(prior->sd) - LOG_SQRT_2PI;
}

/* A normal prior on one difficulty b = L / a with L linear in the d's: its curvature in (a, d) has a second part. */
static double difficulty_prior(const prior_t *prior, const curve_t *curve, int k, bool exact, double *gradient,
                               double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    const double a = curve->at[0], tight = 1 / (prior->sd * prior->sd);
    double row[CURVE_PARAMETERS_MAX];
    curve_difficulty_gradient(curve, k, row);
    double b = -row[0] * a, off = (b - prior->mean) * tight;
    for (int m = 0; m < curve->parameters; m++) {
        gradient[m] -= off * row[m];
        for (int n = 0; n < curve->parameters; n++) info[m][n] += tight * row[m] * row[n];
    }
    for (int m = 1; exact && m < curve->parameters; m++) {
        info[0][m] -= off * row[m] / a;
        info[m][0] -= off * row[m] / a;
    }
    if (exact) info[0][0] += off * 2 * b / (a * a);
    return normal_log(prior, b);
}

double fit_item_prior(const fit_t *fit, size_t item, bool exact, double *gradient,
                      double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX])
{
    const calibrate_options_t *options = fit->options;
    const curve_t *curve = &fit->curves[item];
    const prior_t *difficulty = options->difficulty_of ? &options->difficulty_of[item] : &options->difficulty;
    double density = 0;
    bool slope_free = false, guess_free = false, any = fit->item_first[item] < fit->item_first[item + 1];
    for (size_t p = fit->item_first[item]; p < fit->item_first[item + 1]; p++) {
        slope_free = slope_free || fit->free[p].local == 0;
        guess_free = guess_free || (curve->kind == CURVE_GUESS && fit->free[p].local == 2);
    }
    if (slope_free && options->slope.sd > 0) {
        const double a = curve->at[0], tight = 1 / (options->slope.sd * options->slope.sd);
        const double off = (exact_log(a) - options->slope.mean) * tight;
        density += normal_log(&options->slope, exact_log(a));
        gradient[0] -= off / a;
        info[0][0] += (tight - (exact ? off : 0.0)) / (a * a);
    }
    if (guess_free && options->guess.sd > 0) {
        const double tight = 1 / (options->guess.sd * options->guess.sd);
        density += normal_log(&options->guess, curve->at[2]);
        gradient[2] -= (curve->at[2] - options->guess.mean) * tight;
        info[2][2] += tight;
    }
    for (int k = 1; any && difficulty->sd > 0 && k < curve->categories; k++)
        density += difficulty_prior(difficulty, curve, k, exact, gradient, info);
    return density;
}

/* ---- items ---- */

typedef struct {
    fit_t *fit;
    double *prior; /* [items] log density */
} items_job_t;

static void item_gradient(void *context, size_t item, int thread)
{
    (void)thread;
    const items_job_t *job = context;
    fit_t *fit = job->fit;
    const estep_t *e = &fit->e;
    const curve_t *curve = &fit->curves[item];
    const size_t first = fit->item_first[item], count = fit->item_first[item + 1] - first;
    double r[(IRT_CATEGORIES_MAX + 1) * (CALIBRATE_NODES_MAX + KERNEL_LANE)];
    double gradient[CURVE_PARAMETERS_MAX] = {0}, info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX] = {{0}};
    job->prior[item] = 0;
    if (count == 0) return;
    estep_item_counts(e, e->count, item, r);
    for (size_t q = 0; q < e->nodes; q++) {
        curve_point_t point;
        double n = 0;
        for (int k = 0; k < curve->categories; k++) n += r[(size_t)k * e->width + q];
        if (!(n > 0)) continue;
        curve_point(curve, e->theta[q], &point);
        for (int k = 0; k < curve->categories; k++) {
            const double *score = point.score[k], seen = r[(size_t)k * e->width + q];
            const double expected = n * point.p[k];
            for (int m = 0; m < curve->parameters; m++) {
                gradient[m] += seen * score[m];
                for (int j = 0; j <= m; j++) info[m][j] += expected * score[m] * score[j];
            }
        }
    }
    for (int m = 0; m < curve->parameters; m++)
        for (int j = 0; j < m; j++) info[j][m] = info[m][j];
    job->prior[item] = fit_item_prior(fit, item, false, gradient, info);
    for (size_t i = 0; i < count; i++) {
        int m = fit->free[first + i].local;
        fit->gradient[first + i] = gradient[m];
        for (size_t j = 0; j < count; j++) fit->block[item][i * count + j] = info[m][fit->free[first + j].local];
    }
}

/* ---- groups ---- */

/* Of log A_q = -z^2/2 - log sd + constant, z = (X_q - mean) / sd. */
void fit_group_scores(const fit_t *fit, int group, double *by_mean, double *by_log_sd)
{
    const double sd = exact_exp(fit->log_sd[group]);
    for (size_t q = 0; q < fit->e.nodes; q++) {
        double z = (fit->e.theta[q] - fit->mean[group]) / sd;
        by_mean[q] = z / sd;
        by_log_sd[q] = z * z - 1;
    }
}

void fit_group_curvature(const fit_t *fit, int group, double info[2][2])
{
    const double *count = fit->e.group_count + (size_t)group * fit->e.width;
    const double sd = exact_exp(fit->log_sd[group]);
    memset(info, 0, 4 * sizeof info[0][0]);
    for (size_t q = 0; q < fit->e.nodes; q++) {
        double z = (fit->e.theta[q] - fit->mean[group]) / sd;
        info[0][0] += count[q] / (sd * sd);
        info[0][1] += count[q] * 2 * z / sd;
        info[1][1] += count[q] * 2 * z * z;
    }
    info[1][0] = info[0][1];
}

static void group_gradient(fit_t *fit, int group)
{
    const estep_t *e = &fit->e;
    const size_t first = fit->group_first[group], count = fit->group_first[group + 1] - first;
    const double *persons = e->group_count + (size_t)group * e->width, sd = exact_exp(fit->log_sd[group]);
    double score[2][CALIBRATE_NODES_MAX], n = 0, *block = fit->block[fit->data->items + (size_t)group];
    fit_group_scores(fit, group, score[0], score[1]);
    for (size_t q = 0; q < e->nodes; q++) n += persons[q];
    memset(block, 0, count * count * sizeof *block);
    for (size_t i = 0; i < count; i++) {
        const int local = fit->free[first + i].local;
        fit->gradient[first + i] = 0;
        for (size_t q = 0; q < e->nodes; q++) fit->gradient[first + i] += persons[q] * score[local][q];
        block[i * count + i] = local == 0 ? n / (sd * sd) : 2 * n;
    }
}

bool fit_evaluate(fit_t *fit)
{
    const size_t items = fit->data->items;
    for (size_t i = 0; i < items; i++)
        if (!curve_is_proper(&fit->curves[i])) return false;
    for (int g = 0; g < fit->data->groups; g++)
        fit->log_mass[g] = estep_set_prior(&fit->e, g, fit->mean[g], exact_exp(fit->log_sd[g]));
    fit->log_likelihood = estep_run(&fit->e, fit->curves);
    items_job_t job = {fit, fit->item_prior};
    parallel_run(fit->e.threads, items, item_gradient, &job);
    fit->log_prior = 0;
    for (size_t i = 0; i < items; i++) fit->log_prior += job.prior[i];
    for (int g = 0; g < fit->data->groups; g++) group_gradient(fit, g);
    return true;
}

/* ---- symmetric matrices ---- */

bool cholesky(double *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = m + i * n;
        for (size_t j = 0; j <= i; j++) {
            const double *other = m + j * n;
            double sum[4] = {0};
            size_t k = 0;
            for (; k + 4 <= j; k += 4)
                for (size_t l = 0; l < 4; l++) sum[l] += row[k + l] * other[k + l];
            for (; k < j; k++) sum[0] += row[k] * other[k];
            double left = row[j] - ((sum[0] + sum[1]) + (sum[2] + sum[3]));
            if (j < i) {
                row[j] = left / other[j];
            } else {
                if (!(left > 0)) return false;
                row[i] = exact_sqrt(left);
            }
        }
    }
    return true;
}

void cholesky_solve(const double *l, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= l[i * n + i];
        for (size_t k = 0; k < i; k++) x[k] -= l[i * n + k] * x[i];
    }
}
