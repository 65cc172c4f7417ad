/* The observed information of the marginal likelihood (Louis 1982):
 *   J = sum_s f_s { E_s[-d2 l_s] - Cov_s[d l_s] },
 * l_s the complete-data log-likelihood of pattern s and E_s, Cov_s under its posterior.
 *
 * For divide-by-total curves the score in a is theta (x - E) and in d_k it is [x = k] - P_k: the answer enters only by
 * x theta. For patterns without a missing answer everything then comes from a few sums over patterns,
 *   C = sum (diag h - h h'),  W_i(q) = sum x_i h(q) (theta_q - mean),  and  sum x_i x_j Var(theta),
 * with f_n(q) the part of the score that does not know the answer:
 *   Cov(m, n) = f_m' C f_n + [m slope of i] W_i f_n + [n slope of j] f_m W_j + [both] sum x_i x_j Var(theta).
 * That costs about as much as two more E-steps. Other patterns are taken node by node. */
#include "base/exact.h"
#include "fit_private.h"
#include "parallel.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    fit_t *fit;
    double *j; /* [n][n]: the lower triangle is filled, then mirrored */
    size_t n;
    double *f;   /* [n][width] scores without the answer */
    bool divide; /* every free curve divides by total */
    /* of one group's complete patterns: */
    size_t first, end;
    double *c;      /* [width][width] */
    double *cf;     /* [n][width] C f */
    double **count; /* [packs] tables as in estep_t, of h (theta - mean) */
    double *w;      /* [items][width] W */
    double *spread; /* [patterns] f_s Var(theta) */
    double *slopes; /* [n][n] at the slopes of items i and j: sum x_i x_j Var(theta), i >= j */
    int group;
} louis_t;

/* ---- complete-data part ---- */

static void item_curvature(void *context, size_t item, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const fit_t *fit = job->fit;
    const estep_t *e = &fit->e;
    const size_t first = fit->item_first[item], count = fit->item_first[item + 1] - first;
    double r[(IRT_CATEGORIES_MAX + 1) * (CALIBRATE_NODES_MAX + KERNEL_LANE)], gradient[CURVE_PARAMETERS_MAX] = {0};
    double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX] = {{0}};
    if (count == 0) return;
    estep_item_counts(e, e->count, item, r);
    for (size_t q = 0; q < e->nodes; q++) {
        double seen[IRT_CATEGORIES_MAX];
        for (int k = 0; k < fit->curves[item].categories; k++) seen[k] = r[(size_t)k * e->width + q];
        curve_curvature(&fit->curves[item], e->theta[q], seen, info);
    }
    fit_item_prior(fit, item, true, gradient, info);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k <= i; k++)
            job->j[(first + i) * job->n + first + k] = info[fit->free[first + i].local][fit->free[first + k].local];
}

static void complete_data(louis_t *job)
{
    fit_t *fit = job->fit;
    memset(job->j, 0, job->n * job->n * sizeof *job->j);
    parallel_run(fit->e.threads, fit->data->items, item_curvature, job);
    for (int g = 0; g < fit->data->groups; g++) {
        double info[2][2];
        fit_group_curvature(fit, g, info);
        for (size_t i = fit->group_first[g]; i < fit->group_first[g + 1]; i++)
            for (size_t k = fit->group_first[g]; k <= i; k++)
                job->j[i * job->n + k] = info[fit->free[i].local][fit->free[k].local];
    }
}

/* ---- complete patterns of divide-by-total curves ---- */

static void item_functions(void *context, size_t item, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const fit_t *fit = job->fit;
    const estep_t *e = &fit->e;
    for (size_t q = 0; q < e->nodes; q++) {
        curve_point_t point;
        if (fit->item_first[item] == fit->item_first[item + 1]) break;
        curve_point(&fit->curves[item], e->theta[q], &point);
        for (size_t m = fit->item_first[item]; m < fit->item_first[item + 1]; m++)
            job->f[m * e->width + q] = point.score[0][fit->free[m].local]; /* x = 0: -theta E and -P_k */
    }
}

static void group_functions(const louis_t *job)
{
    const fit_t *fit = job->fit;
    const size_t width = fit->e.width;
    double score[2][CALIBRATE_NODES_MAX];
    for (int g = 0; g < fit->data->groups; g++) {
        fit_group_scores(fit, g, score[0], score[1]);
        for (size_t m = fit->group_first[g]; m < fit->group_first[g + 1]; m++)
            memcpy(job->f + m * width, score[fit->free[m].local], fit->e.nodes * sizeof *job->f);
    }
}

/* Row q of C: minus sum h(q) h(r) / f, r <= q; the diagonal gets sum h(q) besides. */
static void products(void *context, size_t task, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const estep_t *e = &job->fit->e;
    const size_t count = job->end - job->first;
    for (size_t row = 0; row < count; row++) {
        const kernel_window_t *window = &e->windows[row];
        if (task < window->first || task >= window->last) continue;
        const double *h = e->h + row * e->width, weight = job->fit->data->weight[job->first + row];
        for (size_t q = task * KERNEL_LANE; q < (task + 1) * KERNEL_LANE; q++) {
            double *restrict to = job->c + q * e->width;
            const double scale = -h[q] / weight;
            for (size_t r = window->first * KERNEL_LANE; r < window->last * KERNEL_LANE; r++) to[r] += scale * h[r];
            to[q] += h[q];
        }
    }
}

/* h <- h (theta - mean), and Var(theta), for the patterns at hand. */
static void center(void *context, size_t task, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const estep_t *e = &job->fit->e;
    enum { ROWS = 256 };
    size_t last = job->end - job->first < (task + 1) * ROWS ? job->end - job->first : (task + 1) * ROWS;
    for (size_t row = task * ROWS; row < last; row++) {
        double *h = e->h + row * e->width, weight = job->fit->data->weight[job->first + row], mean = 0, square = 0;
        const size_t from = e->windows[row].first * KERNEL_LANE, to = e->windows[row].last * KERNEL_LANE;
        for (size_t q = from; q < to; q++) mean += h[q] * e->theta[q];
        mean /= weight;
        for (size_t q = from; q < to; q++) {
            square += h[q] * (e->theta[q] - mean) * (e->theta[q] - mean);
            h[q] *= e->theta[q] - mean;
        }
        job->spread[job->first + row] = square;
    }
}

static bool slope_is_free(const fit_t *fit, size_t item)
{
    return fit->item_first[item] < fit->item_first[item + 1] && fit->free[fit->item_first[item]].local == 0;
}

static bool pack_has_slope(const fit_t *fit, size_t pack)
{
    bool any = false;
    for (size_t i = fit->data->first[pack]; i < fit->data->first[pack + 1]; i++) any = any || slope_is_free(fit, i);
    return any;
}

static void item_weights(void *context, size_t item, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const estep_t *e = &job->fit->e;
    double r[(IRT_CATEGORIES_MAX + 1) * (CALIBRATE_NODES_MAX + KERNEL_LANE)], *w = job->w + item * e->width;
    memset(w, 0, e->width * sizeof *w);
    if (!slope_is_free(job->fit, item)) return;
    estep_item_counts(e, job->count, item, r);
    for (int k = 1; k < e->data->item[item].categories; k++)
        for (size_t q = 0; q < e->nodes; q++) w[q] += k * r[(size_t)k * e->width + q];
}

/* score[code] of an item: what it has in that code of its pack. */
static void item_scores(const pack_t *data, size_t item, double *score)
{
    const packed_item_t *at = &data->item[item];
    for (size_t c = 0; c < data->codes_of[at->pack]; c++) score[c] = (double)(c / at->radix % (size_t)at->options);
}

/* sum over patterns of Var(theta) x_i x_j, for the items of one pack and those of the packs before: first by pairs of
 * codes, then by pairs of items. */
static void pack_slopes(void *context, size_t pack, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const fit_t *fit = job->fit;
    const pack_t *data = fit->data;
    double pair[PACK_CODES_MAX][PACK_CODES_MAX];
    const uint8_t *mine = data->codes + pack * data->patterns;
    for (size_t other = 0; other <= pack && pack_has_slope(fit, pack); other++) {
        if (!pack_has_slope(fit, other)) continue;
        const uint8_t *theirs = data->codes + other * data->patterns;
        memset(pair, 0, sizeof pair);
        for (size_t s = job->first; s < job->end; s++) pair[mine[s]][theirs[s]] += job->spread[s];
        for (size_t j = data->first[other]; j < data->first[other + 1]; j++) {
            double score[PACK_CODES_MAX] = {0}, by_code[PACK_CODES_MAX] = {0};
            if (!slope_is_free(fit, j)) continue;
            item_scores(data, j, score);
            for (size_t c = 0; c < data->codes_of[pack]; c++) {
                double part[4] = {0};
                for (size_t d = 0; d < PACK_CODES_MAX; d += 4)
                    for (size_t i = 0; i < 4; i++) part[i] += pair[c][d + i] * score[d + i];
                by_code[c] = (part[0] + part[1]) + (part[2] + part[3]);
            }
            for (size_t i = data->first[pack]; i < data->first[pack + 1]; i++) {
                double sum = 0;
                if (!slope_is_free(fit, i)) continue;
                item_scores(data, i, score);
                for (size_t c = 0; c < data->codes_of[pack]; c++) sum += by_code[c] * score[c];
                job->slopes[fit->item_first[i] * job->n + fit->item_first[j]] = sum;
            }
        }
    }
}

static void times_c(void *context, size_t m, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const size_t width = job->fit->e.width;
    double *restrict to = job->cf + m * width;
    const double *f = job->f + m * width;
    memset(to, 0, width * sizeof *to);
    for (size_t q = 0; q < width; q++) {
        const double *row = job->c + q * width;
        for (size_t r = 0; r < width; r++) to[r] += f[q] * row[r];
    }
}

/* Does the parameter speak of the group at hand? Items do; of the groups, only itself. */
static bool concerns(const louis_t *job, size_t m)
{
    int owner = job->fit->free[m].owner;
    return owner >= 0 || -1 - owner == job->group;
}

static void row_of_j(void *context, size_t m, int thread)
{
    (void)thread;
    const louis_t *job = context;
    const fit_t *fit = job->fit;
    const size_t width = fit->e.width, nodes = fit->e.nodes;
    const parameter_t *mine = &fit->free[m];
    const bool slope = mine->owner >= 0 && mine->local == 0;
    double row[CALIBRATE_NODES_MAX + KERNEL_LANE] = {0};
    if (!concerns(job, m)) return;
    for (size_t q = 0; q < nodes; q++) /* C f_m + W_i, against every f_n */
        row[q] = job->cf[m * width + q] + (slope ? job->w[(size_t)mine->owner * width + q] : 0.0);
    for (size_t n = 0; n <= m; n++) {
        if (!concerns(job, n)) continue;
        const parameter_t *other = &fit->free[n];
        const double *f = job->f + n * width;
        double sum[4] = {0};
        for (size_t q = 0; q < width; q += 4)
            for (size_t i = 0; i < 4; i++) sum[i] += row[q + i] * f[q + i];
        double covariance = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        if (other->owner >= 0 && other->local == 0) {
            const double *w = job->w + (size_t)other->owner * width, *fm = job->f + m * width;
            for (size_t q = 0; q < nodes; q++) covariance += fm[q] * w[q];
            if (slope) covariance += job->slopes[m * job->n + n];
        }
        job->j[m * job->n + n] -= covariance;
    }
}

static void whole_patterns(louis_t *job, int group)
{
    fit_t *fit = job->fit;
    estep_t *e = &fit->e;
    const size_t begin = fit->data->begin[group], end = fit->data->whole[group];
    if (begin == end) return;
    job->group = group;
    memset(job->c, 0, e->width * e->width * sizeof *job->c);
    estep_clear(e, job->count);
    for (size_t first = begin; first < end; first += ESTEP_CHUNK) {
        job->first = first;
        job->end = end - first < ESTEP_CHUNK ? end : first + ESTEP_CHUNK;
        estep_posteriors(e, first, job->end - first);
        parallel_run(e->threads, e->lanes, products, job);
        parallel_run(e->threads, (job->end - first + 255) / 256, center, job);
        estep_count(e, first, job->end - first, job->count);
    }
    job->first = begin;
    job->end = end;
    parallel_run(e->threads, fit->data->items, item_weights, job);
    parallel_run(e->threads, fit->data->packs, pack_slopes, job);
    parallel_run(e->threads, job->n, times_c, job);
    parallel_run(e->threads, job->n, row_of_j, job);
}

bool information_observed(fit_t *fit, double *information, err_t *err)
{
    const size_t n = fit->parameters, width = fit->e.width, items = fit->data->items;
    louis_t job = {.fit = fit, .j = information, .n = n, .divide = true};
    size_t codes = 0;
    for (size_t k = 0; k < fit->data->packs; k++) codes += fit->data->codes_of[k];
    for (size_t m = 0; m < n; m++)
        if (fit->free[m].owner >= 0 && fit->curves[fit->free[m].owner].kind != CURVE_DIVIDE) job.divide = false;
    complete_data(&job);
    double *all = calloc((2 * n + items + width + codes) * width + fit->data->patterns + n * n, sizeof *all);
    job.count = calloc(fit->data->packs, sizeof *job.count);
    bool good = (all && job.count) || err_set(err, ERR_MEMORY, "the information matrix does not fit into memory");
    if (good) {
        job.f = all;
        job.cf = job.f + n * width;
        job.w = job.cf + n * width;
        job.c = job.w + items * width;
        double *page = job.c + width * width;
        for (size_t k = 0; k < fit->data->packs; page += fit->data->codes_of[k++] * width) job.count[k] = page;
        job.spread = page;
        job.slopes = job.spread + fit->data->patterns;
        parallel_run(fit->e.threads, items, item_functions, &job);
        group_functions(&job);
        for (int g = 0; g < fit->data->groups && job.divide; g++) whole_patterns(&job, g);
        good = information_by_nodes(fit, information, job.divide, err);
    }
    free(all);
    free(job.count);
    for (size_t m = 0; m < n; m++)
        for (size_t k = 0; k < m; k++) information[k * n + m] = information[m * n + k];
    return good;
}
