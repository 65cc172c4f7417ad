/* See exam/calibrate.h. This file reads the answers, decides what is free, starts, and reports; fit.c says what is
 * maximized, ascent.c how. */
#include "exam/calibrate.h"

#include "base/exact.h"
#include "fit_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t WORK_BYTES_MAX = (size_t)8 << 30;

calibrate_options_t calibrate_defaults(irt_model_t model)
{
    calibrate_options_t options = {
        .model = model, .nodes = 61, .range = 6, .tolerance = 1e-4, .threads = 1, .groups = 1};
    if (model == IRT_3PL) options.guess = (prior_t){-1.4, 0.5}; /* four or five options; c is hardly in the data */
    return options;
}

static bool check_prior(const prior_t *prior, const char *name, err_t *err)
{
    if (prior->sd >= 0 && prior->sd <= 100 && prior->mean >= -100 && prior->mean <= 100) return true;
    return err_set(err, ERR_INPUT, "the prior of %s needs a mean from -100 to 100 and an SD from 0 (none) to 100",
                   name);
}

static bool check_options(const calibrate_options_t *o, size_t items, err_t *err)
{
    for (size_t i = 0; o->difficulty_of && i < items; i++)
        if (!check_prior(&o->difficulty_of[i], "the b of an item", err))
            return false;
        else if (!(o->difficulty_of[i].sd > 0))
            return err_set(err, ERR_INPUT, "the prior of b of each item needs an SD above 0");
    if (o->nodes < CALIBRATE_NODES_MIN || o->nodes > CALIBRATE_NODES_MAX)
        return err_set(err, ERR_INPUT, "%d quadrature points; give %d to %d", o->nodes, (int)CALIBRATE_NODES_MIN,
                       (int)CALIBRATE_NODES_MAX);
    if (!(o->range >= 1 && o->range <= 20)) return err_set(err, ERR_INPUT, "the range of the nodes is 1 to 20");
    if (!(o->tolerance >= 1e-9 && o->tolerance <= 0.1)) return err_set(err, ERR_INPUT, "the tolerance is 1e-9 to 0.1");
    if (o->threads < 1 || o->threads > CALIBRATE_THREADS_MAX)
        return err_set(err, ERR_INPUT, "the threads are 1 to %d", (int)CALIBRATE_THREADS_MAX);
    if (o->groups < 1 || o->groups > CALIBRATE_GROUPS_MAX)
        return err_set(err, ERR_LIMIT, "%d groups; at most %d", o->groups, (int)CALIBRATE_GROUPS_MAX);
    return check_prior(&o->guess, "logit c", err) && check_prior(&o->slope, "ln a", err) &&
           check_prior(&o->difficulty, "b", err);
}

/* Below these numbers of items the likelihood is flat along a line. */
static bool check_size(const responses_t *r, const calibrate_options_t *options, err_t *err)
{
    const size_t least = options->model == IRT_RASCH || options->model == IRT_PCM ? 2 : 3;
    for (size_t i = 0; i < r->items; i++)
        if (strlen(r->names[i]) > IRT_ID_MAX)
            return err_set(err, ERR_INPUT, "%s:1: the item name \"%.70s\" is longer than %d bytes", r->file,
                           r->names[i], IRT_ID_MAX);
    return r->items >= least || err_set(err, ERR_INPUT, "%s: %s needs at least %zu items; there are %zu", r->file,
                                        irt_model_name(options->model), least, r->items);
}

static calibrate_fix_t fix_of(const calibrate_options_t *options, size_t item)
{
    return options->fix ? options->fix[item] : CALIBRATE_FREE;
}

/* ---- what was answered ---- */

typedef struct {
    size_t n[IRT_CATEGORIES_MAX];
    size_t answered;
    int categories;
} tally_t;

/* A prior says of an item what answers that are all alike do not. */
static bool may_be_alike(const calibrate_options_t *options)
{
    return options->difficulty_of && !irt_model_is_polytomous(options->model);
}

static bool check_tally(const responses_t *r, const calibrate_options_t *options, size_t item, const tally_t *tally,
                        err_t *err)
{
    const char *name = r->names[item];
    if (fix_of(options, item) == CALIBRATE_FIX_ALL) return true;
    if (tally->answered == 0)
        return err_set(err, ERR_INPUT, "%s: nobody answered item %.63s; take its column out", r->file, name);
    if (!irt_model_is_polytomous(options->model) && tally->categories > 2)
        return err_set(err, ERR_INPUT, "%s: item %.63s has answers above 1; %s is for right (1) and wrong (0)", r->file,
                       name, irt_model_name(options->model));
    for (int k = 0; k < tally->categories && !may_be_alike(options); k++)
        if (tally->n[k] == tally->answered)
            return err_set(err, ERR_INPUT,
                           "%s: everybody answered item %.63s with %d, which says nothing of its difficulty; take its "
                           "column out, or anchor the item",
                           r->file, name, k);
    for (int k = 0; k < tally->categories && !may_be_alike(options); k++)
        if (tally->n[k] == 0)
            return err_set(err, ERR_INPUT,
                           "%s: nobody answered item %.63s with %d; number the categories that occur from 0", r->file,
                           name, k);
    return true;
}

static bool tally_items(const responses_t *r, const calibrate_options_t *options, tally_t *tallies, int *categories,
                        err_t *err)
{
    for (size_t p = 0; p < r->persons; p++)
        for (size_t i = 0; i < r->items; i++) {
            int answer = r->answers[p * r->items + i];
            if (answer < 0) continue;
            tallies[i].n[answer]++;
            tallies[i].answered++;
            if (answer >= tallies[i].categories) tallies[i].categories = answer + 1;
        }
    for (size_t i = 0; i < r->items; i++) {
        if (!check_tally(r, options, i, &tallies[i], err)) return false;
        if (may_be_alike(options)) tallies[i].categories = 2;
        categories[i] = tallies[i].categories;
        if (fix_of(options, i) != CALIBRATE_FIX_ALL) continue;
        categories[i] = options->start[i].categories;
        if (tallies[i].categories > categories[i])
            return err_set(err, ERR_INPUT, "%s: item %.63s has the response %d; the anchored item has 0 to %d", r->file,
                           r->names[i], tallies[i].categories - 1, categories[i] - 1);
    }
    return true;
}

/* ---- where the climb starts ---- */

static double logit(double p)
{
    return exact_log(p / (1 - p));
}

/* Slope 1, and intercepts that give the observed shares: 1.2 times the logits, for the normal ability they blur. */
static curve_t first_guess(const calibrate_options_t *options, size_t item, const tally_t *tally)
{
    irt_item_t shape = {.model = options->model, .categories = tally->categories, .a = 1, .c = 0.2};
    bool given = fix_of(options, item) != CALIBRATE_FREE;
    if (fix_of(options, item) == CALIBRATE_FIX_ALL) return curve_from_item(&options->start[item]);
    curve_t curve = curve_from_item(&shape);
    double below = (double)tally->n[0], all = (double)tally->answered;
    if (may_be_alike(options)) below = below < 0.5 ? 0.5 : below > all - 0.5 ? all - 0.5 : below;
    if (curve.kind == CURVE_GUESS) {
        curve.at[2] = given                   ? curve_from_item(&options->start[item]).at[2]
                      : options->guess.sd > 0 ? options->guess.mean
                                              : -1.4;
        double c = irt_logistic(curve.at[2]), right = ((double)tally->n[1] / all - c) / (1 - c);
        curve.at[1] = 1.2 * logit(right < 0.05 ? 0.05 : right > 0.99 ? 0.99 : right);
        return curve;
    }
    for (int k = 1; k < curve.categories; k++) {
        if (curve.kind == CURVE_GRADED || curve.categories == 2)
            curve.at[k] = -1.2 * logit(below / all);
        else
            curve.at[k] = exact_log((double)tally->n[k] / (double)tally->n[0]);
        below += (double)tally->n[k];
    }
    return curve;
}

static void free_item(fit_t *fit, size_t item)
{
    const calibrate_options_t *options = fit->options;
    const curve_t *curve = &fit->curves[item];
    fit->item_first[item] = fit->parameters;
    if (fix_of(options, item) == CALIBRATE_FIX_ALL) return;
    bool unit = options->model == IRT_RASCH || options->model == IRT_PCM;
    for (int m = unit; m < curve->parameters; m++) {
        if (curve->kind == CURVE_GUESS && m == 2 && fix_of(options, item) == CALIBRATE_FIX_GUESS) continue;
        fit->free[fit->parameters++] = (parameter_t){(int)item, m};
    }
}

static void free_groups(fit_t *fit)
{
    const calibrate_options_t *options = fit->options;
    bool anchored = false, placed = options->difficulty_of;
    for (size_t i = 0; i < fit->data->items; i++) anchored = anchored || fix_of(options, i) == CALIBRATE_FIX_ALL;
    bool unit = options->model == IRT_RASCH || options->model == IRT_PCM;
    for (int g = 0; g < options->groups; g++) {
        fit->group_first[g] = fit->parameters;
        if (g > 0 || anchored || placed) fit->free[fit->parameters++] = (parameter_t){-1 - g, 0};
        if (g > 0 || anchored || unit) fit->free[fit->parameters++] = (parameter_t){-1 - g, 1};
    }
    fit->group_first[options->groups] = fit->parameters;
}

static bool allocate(fit_t *fit, arena_t *arena, const int *categories)
{
    const size_t items = fit->data->items, groups = (size_t)fit->data->groups;
    size_t most = 2 * groups;
    for (size_t i = 0; i < items; i++) most += (size_t)(categories[i] < 3 ? 3 : categories[i]);
    fit->curves = arena_array(arena, items, sizeof *fit->curves);
    fit->mean = arena_array(arena, groups, sizeof *fit->mean);
    fit->log_sd = arena_array(arena, groups, sizeof *fit->log_sd);
    fit->free = arena_array(arena, most, sizeof *fit->free);
    fit->item_first = arena_array(arena, items + 1, sizeof *fit->item_first);
    fit->group_first = arena_array(arena, groups + 1, sizeof *fit->group_first);
    fit->log_mass = arena_array(arena, groups, sizeof *fit->log_mass);
    fit->gradient = arena_array(arena, most, sizeof *fit->gradient);
    fit->item_prior = arena_array(arena, items, sizeof *fit->item_prior);
    fit->block = arena_array(arena, items + groups, sizeof *fit->block);
    bool good = fit->curves && fit->mean && fit->log_sd && fit->free && fit->item_first && fit->group_first &&
                fit->log_mass && fit->gradient && fit->item_prior && fit->block;
    for (size_t k = 0; k < items + groups && good; k++) {
        size_t side = k >= items ? 2 : (size_t)(categories[k] < 3 ? 3 : categories[k]);
        fit->block[k] = arena_array(arena, side, side * sizeof *fit->block[k]);
        good = fit->block[k];
    }
    return good;
}

/* ---- what is reported ---- */

/* Variance of a function whose gradient in the curve's parameters is `row`, by the delta method. */
static double variance_of(const fit_t *fit, size_t item, const double *covariance, const double *row)
{
    const size_t n = fit->parameters;
    double sum = 0;
    for (size_t a = fit->item_first[item]; a < fit->item_first[item + 1]; a++)
        for (size_t b = fit->item_first[item]; b < fit->item_first[item + 1]; b++)
            sum += row[fit->free[a].local] * row[fit->free[b].local] * covariance[a * n + b];
    return sum;
}

static double error_of(const fit_t *fit, size_t item, const double *covariance, const double *row)
{
    double variance = covariance ? variance_of(fit, item, covariance, row) : 0;
    return variance >= 0 ? exact_sqrt(variance) : (double)NAN;
}

static void report_item(const fit_t *fit, const responses_t *r, size_t item, const double *covariance,
                        calibrated_item_t *out)
{
    const curve_t *curve = &fit->curves[item];
    const char *name = r->names[item];
    bool fixed = fix_of(fit->options, item) == CALIBRATE_FIX_ALL;
    *out = (calibrated_item_t){.fixed = fixed};
    out->item.model = fixed ? fit->options->start[item].model : fit->options->model;
    memcpy(out->item.id, name, strlen(name) + 1);
    curve_to_item(curve, &out->item);
    if (fixed) {
        out->item = fit->options->start[item];
        return;
    }
    double row[CURVE_PARAMETERS_MAX] = {1};
    out->se_a = error_of(fit, item, covariance, row);
    for (int k = 1; k < curve->categories; k++) {
        curve_difficulty_gradient(curve, k, row);
        out->se_b[k - 1] = error_of(fit, item, covariance, row);
    }
    if (curve->kind != CURVE_GUESS) return;
    const double c = out->item.c, by_psi[CURVE_PARAMETERS_MAX] = {0, 0, c * (1 - c)};
    out->se_c = error_of(fit, item, covariance, by_psi);
}

static void report_group(const fit_t *fit, int group, const double *covariance, calibrated_group_t *out)
{
    const size_t n = fit->parameters;
    *out = (calibrated_group_t){.mean = fit->mean[group], .sd = exact_exp(fit->log_sd[group])};
    for (size_t s = fit->data->begin[group]; s < fit->data->begin[group + 1]; s++)
        out->persons += (size_t)fit->data->weight[s];
    for (size_t m = fit->group_first[group]; m < fit->group_first[group + 1]; m++) {
        double variance = covariance ? covariance[m * n + m] : 0;
        double se = variance >= 0 ? exact_sqrt(variance) : (double)NAN;
        if (fit->free[m].local == 0) {
            out->mean_free = true;
            out->se_mean = se;
        } else { /* of the variance exp(2 log sd) */
            out->sd_free = true;
            out->se_variance = 2 * out->sd * out->sd * se;
        }
    }
}

/* L^-1 in place of L, row by row: row i is (e_i - sum over k < i of L_ik row k) / L_ii. */
static bool invert_factor(double *l, size_t n)
{
    double *row = malloc((n + 1) * sizeof *row);
    for (size_t i = 0; i < n && row; i++) {
        double *mine = l + i * n;
        memset(row, 0, n * sizeof *row);
        for (size_t k = 0; k < i; k++) {
            const double *before = l + k * n, scale = mine[k];
            for (size_t j = 0; j <= k; j++) row[j] -= scale * before[j];
        }
        row[i] = 1;
        for (size_t j = 0; j <= i; j++) row[j] /= mine[i];
        memcpy(mine, row, (i + 1) * sizeof *row);
    }
    const bool good = row;
    free(row);
    return good;
}

static bool at_bound(const fit_t *fit, size_t parameter)
{
    double low, high, at = fit_get(fit, parameter);
    fit_bounds(fit, parameter, &low, &high);
    return at <= low || at >= high;
}

/* Inverts the information in place. A parameter at its bound has no error; without an inverse none has: NaN. */
static void invert(const fit_t *fit, double *m)
{
    const size_t n = fit->parameters;
    double *factor = calloc(n * n + 1, sizeof *factor);
    bool *out = calloc(n + 1, sizeof *out);
    for (size_t i = 0; i < n && out; i++) out[i] = at_bound(fit, i);
    for (size_t i = 0; i < n && out && factor; i++)
        for (size_t k = 0; k < n; k++) factor[i * n + k] = out[i] || out[k] ? (double)(i == k) : m[i * n + k];
    bool good = out && factor && cholesky(factor, n);
    good = good && invert_factor(factor, n);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = 0;
            for (size_t k = a; k < n && good && fit->free[a].owner == fit->free[b].owner; k++)
                sum += factor[k * n + a] * factor[k * n + b];
            m[a * n + b] = m[b * n + a] = good && !out[a] && !out[b] ? sum : (double)NAN;
        }
    free(out);
    free(factor);
}

static bool report(const fit_t *fit, arena_t *arena, const responses_t *r, double *information, calibration_t *result,
                   err_t *err)
{
    double ends = 0, lost = 0;
    result->items = arena_array(arena, r->items, sizeof *result->items);
    result->groups = arena_array(arena, (size_t)fit->data->groups, sizeof *result->groups);
    if (!result->items || !result->groups) return err_set(err, ERR_MEMORY, "the result does not fit into memory");
    if (information) invert(fit, information);
    for (size_t i = 0; i < r->items; i++) report_item(fit, r, i, information, &result->items[i]);
    for (int g = 0; g < fit->data->groups; g++) {
        const double *count = fit->e.group_count + (size_t)g * fit->e.width;
        report_group(fit, g, information, &result->groups[g]);
        lost += (double)result->groups[g].persons * fit->log_mass[g];
        ends += count[0] + count[fit->e.nodes - 1];
    }
    for (size_t i = 0; i < fit->parameters; i++) result->at_bound += at_bound(fit, i);
    result->errors = information;
    result->count = r->items;
    result->group_count = fit->data->groups;
    result->persons = r->persons;
    result->patterns = fit->data->patterns;
    result->parameters = fit->parameters;
    result->log_likelihood = fit->log_likelihood - lost; /* with weights that sum to 1 */
    result->log_prior = fit->log_prior;
    result->end_share = ends / (double)r->persons;
    return true;
}

bool fit_begin(fit_t *fit, pack_t *data, arena_t *work, const responses_t *r, const calibrate_options_t *options,
               err_t *err)
{
    tally_t *tallies = arena_array(work, r->items, sizeof *tallies);
    int *categories = arena_array(work, r->items, sizeof *categories);
    *fit = (fit_t){.options = options, .data = data};
    if (!tallies || !categories) return err_set(err, ERR_MEMORY, "the responses do not fit into memory");
    if (!tally_items(r, options, tallies, categories, err) ||
        !pack_make(data, work, r->answers, r->persons, r->items, categories, options->group_of, options->groups, err) ||
        !estep_make(&fit->e, work, data, options->nodes, options->range, options->threads, err))
        return false;
    if (!allocate(fit, work, categories)) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (size_t i = 0; i < r->items; i++) {
        fit->curves[i] = first_guess(options, i, &tallies[i]);
        free_item(fit, i);
    }
    fit->item_first[r->items] = fit->parameters;
    free_groups(fit);
    return true;
}

static bool calibrate_in(calibration_t *result, arena_t *arena, arena_t *work, const responses_t *r,
                         const calibrate_options_t *options, err_t *err)
{
    pack_t data;
    fit_t fit;
    double *information = NULL;
    bool good = fit_begin(&fit, &data, work, r, options, err) &&
                ascend(&fit, &result->iterations, &result->converged, &information, err) &&
                report(&fit, arena, r, information, result, err);
    free(information);
    return good;
}

bool calibrate(calibration_t *result, arena_t *arena, const responses_t *responses, const calibrate_options_t *options,
               err_t *err)
{
    *result = (calibration_t){0};
    if (!check_options(options, responses->items, err) || !check_size(responses, options, err)) return false;
    arena_t *work = arena_new(WORK_BYTES_MAX);
    bool good =
        work ? calibrate_in(result, arena, work, responses, options, err) : err_set(err, ERR_MEMORY, "out of memory");
    arena_free(work);
    return good;
}
