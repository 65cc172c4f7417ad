/* See exam/model_fit.h. W is the variance of an answer, C its fourth central moment. */
#include "exam/model_fit.h"

#include "base/exact.h"
#include "score_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int model_fit_parameters(const irt_item_t *item)
{
    return item->categories + (item->model == IRT_3PL);
}

/* Sums over answers, of an item or of a person. */
typedef struct {
    size_t n;
    double z2, wz2, w, outer, inner; /* sum z^2, W z^2, W, C/W^2 - 1, C - W^2 */
} residuals_t;

/* Log-likelihood of a person's answers with its mean and variance. */
typedef struct {
    double seen, mean, variance;
} likelihood_t;

static void add_residual(const double *p, int categories, int answer, residuals_t *r)
{
    double expected = 0, w = 0, c = 0;
    for (int k = 0; k < categories; k++) expected += k * p[k];
    for (int k = 0; k < categories; k++) {
        double off2 = (k - expected) * (k - expected);
        w += off2 * p[k];
        c += off2 * off2 * p[k];
    }
    if (!(w > 1e-12)) w = 1e-12; /* an answer that could hardly be another */
    const double raw = (answer - expected) * (answer - expected);
    r->n++;
    r->z2 += raw / w;
    r->wz2 += raw;
    r->w += w;
    r->outer += c / (w * w) - 1;
    r->inner += c - w * w;
}

static void add_answer(const irt_item_t *item, double theta, int answer, residuals_t *of_item, residuals_t *of_person,
                       likelihood_t *likelihood)
{
    double log_p[IRT_CATEGORIES_MAX], p[IRT_CATEGORIES_MAX], mean = 0, square = 0;
    irt_log_probabilities(item, theta, log_p);
    for (int k = 0; k < item->categories; k++) {
        p[k] = exact_exp(log_p[k]);
        mean += p[k] * log_p[k];
        square += p[k] * log_p[k] * log_p[k];
    }
    add_residual(p, item->categories, answer, of_item);
    add_residual(p, item->categories, answer, of_person);
    likelihood->seen += log_p[answer];
    likelihood->mean += mean;
    likelihood->variance += square - mean * mean;
}

/* (MSQ^(1/3) - 1) (3/q) + q/3, q the SD of the mean square (Wright and Masters 1982, p. 101). */
static double standardize(double mean_square, double q)
{
    return q > 0 ? (exact_pow(mean_square, 1.0 / 3.0) - 1) * (3 / q) + q / 3 : 0;
}

static void finish_item(const residuals_t *r, item_fit_t *fit)
{
    *fit = (item_fit_t){.persons = r->n};
    if (r->n == 0) return;
    const double n = (double)r->n;
    fit->outfit = r->z2 / n;
    fit->infit = r->wz2 / r->w;
    fit->outfit_z = standardize(fit->outfit, exact_sqrt(r->outer > 0 ? r->outer : 0) / n);
    fit->infit_z = standardize(fit->infit, exact_sqrt(r->inner > 0 ? r->inner : 0) / r->w);
}

typedef struct {
    const responses_t *responses;
    const items_t *items;
    const int *item_of;
    const ability_options_t *options;
    ability_grid_t grid; /* eap */
    ability_scan_t scan; /* the others */
    irt_answer_t *answers;
    double *posterior, *weight;
} estimator_t;

static bool open_estimator(estimator_t *e, arena_t *arena, err_t *err)
{
    e->answers = arena_array(arena, e->responses->items, sizeof *e->answers);
    e->posterior = arena_array(arena, ABILITY_NODES_MAX, sizeof *e->posterior);
    e->weight = arena_array(arena, ABILITY_NODES_MAX, sizeof *e->weight);
    if (!e->answers || !e->posterior || !e->weight) return err_set(err, ERR_MEMORY, "out of memory");
    if (e->options->method != ABILITY_EAP) return ability_scan(&e->scan, arena, e->items->items, e->items->count, err);
    return ability_grid(&e->grid, arena, e->items->items, e->items->count, e->options, err);
}

static ability_t estimate(const estimator_t *e, const int8_t *given)
{
    size_t count = 0;
    const bool eap = e->options->method == ABILITY_EAP;
    if (eap) memcpy(e->posterior, e->grid.prior, (size_t)e->grid.nodes * sizeof *e->posterior);
    for (size_t i = 0; i < e->responses->items; i++) {
        if (given[i] == RESPONSE_MISSING) continue;
        e->answers[count++] = (irt_answer_t){&e->items->items[e->item_of[i]], given[i]};
        if (!eap) continue;
        const double *row = ability_row(&e->grid, (size_t)e->item_of[i], given[i]);
        for (int q = 0; q < e->grid.nodes; q++) e->posterior[q] += row[q];
    }
    return eap ? ability_eap(&e->grid, e->posterior, e->weight)
               : ability_estimate_scanned(&e->scan, e->answers, count, e->options);
}

static void fit_person(const estimator_t *e, const int8_t *given, residuals_t *items, person_fit_t *fit)
{
    residuals_t mine = {0};
    likelihood_t likelihood = {0};
    *fit = (person_fit_t){.ability = estimate(e, given)};
    if (fit->ability.state != ABILITY_FOUND) return;
    for (size_t i = 0; i < e->responses->items; i++)
        if (given[i] != RESPONSE_MISSING)
            add_answer(&e->items->items[e->item_of[i]], fit->ability.theta, given[i], &items[i], &mine, &likelihood);
    fit->answers = mine.n;
    if (mine.n == 0) return;
    fit->outfit = mine.z2 / (double)mine.n;
    fit->infit = mine.wz2 / mine.w;
    fit->lz = likelihood.variance > 0 ? (likelihood.seen - likelihood.mean) / exact_sqrt(likelihood.variance) : 0;
}

bool model_fit(model_fit_t *fit, arena_t *arena, const responses_t *responses, const items_t *items, const int *item_of,
               const int *free_parameters, const ability_options_t *options, err_t *err)
{
    estimator_t estimator = {.responses = responses, .items = items, .item_of = item_of, .options = options};
    residuals_t *residuals = arena_array(arena, responses->items, sizeof *residuals);
    *fit = (model_fit_t){.items = arena_array(arena, responses->items, sizeof *fit->items),
                         .persons = arena_array(arena, responses->persons, sizeof *fit->persons)};
    if (!residuals || !fit->items || !fit->persons) return err_set(err, ERR_MEMORY, "the fit does not fit into memory");
    if (!open_estimator(&estimator, arena, err)) return false;
    for (size_t p = 0; p < responses->persons; p++)
        fit_person(&estimator, responses->answers + p * responses->items, residuals, &fit->persons[p]);
    for (size_t i = 0; i < responses->items; i++) finish_item(&residuals[i], &fit->items[i]);
    return score_fit(fit, responses, items, item_of, free_parameters, options, err);
}

/* ---- each answer against the others ---- */

static void leave_each_out(const ability_grid_t *grid, const responses_t *responses, const items_t *items,
                           const int *item_of, const int8_t *given, double *log_posterior, residuals_t *residuals)
{
    const int nodes = grid->nodes;
    double most = -1e300;
    memcpy(log_posterior, grid->prior, (size_t)nodes * sizeof *log_posterior);
    for (size_t i = 0; i < responses->items; i++)
        for (int q = 0; given[i] != RESPONSE_MISSING && q < nodes; q++)
            log_posterior[q] += ability_row(grid, (size_t)item_of[i], given[i])[q];
    for (int q = 0; q < nodes; q++) most = log_posterior[q] > most ? log_posterior[q] : most;
    for (size_t i = 0; i < responses->items; i++) {
        if (given[i] == RESPONSE_MISSING) continue;
        const int categories = items->items[item_of[i]].categories;
        const double *own = ability_row(grid, (size_t)item_of[i], given[i]);
        double p[IRT_CATEGORIES_MAX] = {0}, total = 0;
        for (int q = 0; q < nodes; q++) {
            for (int k = 0; k < categories; k++)
                p[k] += exact_exp(log_posterior[q] - most - own[q] + ability_row(grid, (size_t)item_of[i], k)[q]);
        }
        for (int k = 0; k < categories; k++) total += p[k];
        for (int k = 0; k < categories; k++) p[k] /= total;
        add_residual(p, categories, given[i], &residuals[i]);
    }
}

bool model_fit_left_out(item_fit_t *fits, arena_t *arena, const responses_t *responses, const items_t *items,
                        const int *item_of, const ability_options_t *options, err_t *err)
{
    ability_grid_t grid;
    residuals_t *residuals = arena_array(arena, responses->items, sizeof *residuals);
    double *log_posterior = arena_array(arena, ABILITY_NODES_MAX, sizeof *log_posterior);
    if (!residuals || !log_posterior) return err_set(err, ERR_MEMORY, "the fit does not fit into memory");
    if (!ability_grid(&grid, arena, items->items, items->count, options, err)) return false;
    for (size_t p = 0; p < responses->persons; p++)
        leave_each_out(&grid, responses, items, item_of, responses->answers + p * responses->items, log_posterior,
                       residuals);
    for (size_t i = 0; i < responses->items; i++) finish_item(&residuals[i], &fits[i]);
    return true;
}
