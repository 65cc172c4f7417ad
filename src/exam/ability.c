/* Ability estimates; see ability.h. map, wle and mle are roots of a function that falls through zero:
 *
 *   mle  g = s          map  g = s - (theta - mean)/sd^2          wle  g = s + T'/(2 T)
 *
 * found by Newton's steps that may not leave a bracket. The log-likelihood is concave for every model but 3pl, so
 * there is one root; where it need not be (3pl answered right; wle), a scan finds every place where g falls through
 * zero and the highest of them is taken. */
#include "exam/ability.h"

#include "base/exact.h"

#include <assert.h>
#include <string.h>

static const char *const NAMES[ABILITY_METHODS] = {"eap", "map", "wle", "mle"};

/* The scan for several modes: the ends of the search and between them every half logit on [-12, 12]. */
static const double SCAN_STEP = 0.5;
enum { SCAN_HALF = 24, SCAN_NODES = 2 * SCAN_HALF + 3, ROUNDS_MAX = 200 };

const char *ability_method_name(ability_method_t method)
{
    assert((unsigned)method < ABILITY_METHODS);
    return NAMES[method];
}

bool ability_method_from_name(const char *name, ability_method_t *method)
{
    for (int m = 0; m < ABILITY_METHODS; m++)
        if (strcmp(name, NAMES[m]) == 0) {
            *method = (ability_method_t)m;
            return true;
        }
    return false;
}

bool ability_options_check(const ability_options_t *options, err_t *err)
{
    if (options->nodes < ABILITY_NODES_MIN || options->nodes > ABILITY_NODES_MAX)
        return err_set(err, ERR_INPUT, "the number of quadrature nodes lies between %d and %d; 61 is usual",
                       ABILITY_NODES_MIN, ABILITY_NODES_MAX);
    if (!(options->range > 0 && options->range <= IRT_LOCATION_MAX))
        return err_set(err, ERR_INPUT, "the range of abilities is above 0 and at most 50 logits; 6 is usual");
    if (!(options->sd > 0 && options->sd <= IRT_LOCATION_MAX) || !(exact_abs(options->mean) <= IRT_LOCATION_MAX))
        return err_set(err, ERR_INPUT, "the prior has a mean within 50 logits of 0 and an SD above 0");
    return true;
}

/* ---- estimates by a maximum ---- */

typedef struct {
    const irt_answer_t *answers;
    size_t count;
    const ability_options_t *options;
    const ability_scan_t *scan; /* NULL: none was made */
} person_t;

/* What an item gives to Warm's term at a point: T and T' of it. */
static void add_warm(const irt_point_t *point, double *information, double *rise)
{
    for (int k = 0; k < point->categories; k++) {
        double d1 = point->p[k] * point->l1[k];
        *information += d1 * point->l1[k];
        *rise += d1 * (2 * point->l2[k] + point->l1[k] * point->l1[k]);
    }
}

/* s + T'/(2 T); so far out that T is 0 in floating point, the weight still pulls back. */
static double warm(double s, double information, double rise, double theta)
{
    return information > 0 ? s + rise / (2.0 * information) : theta < 0 ? 1 : -1;
}

/* g at theta; *slope is an approximation of its derivative, below zero wherever the step may be trusted. */
static double estimating(const person_t *person, double theta, double *slope)
{
    double s = 0, curvature = 0, information = 0, rise = 0;
    for (size_t i = 0; i < person->count; i++) {
        irt_point_t point;
        irt_point(person->answers[i].item, theta, &point);
        s += point.l1[person->answers[i].response];
        curvature += point.l2[person->answers[i].response];
        if (person->options->method == ABILITY_WLE) add_warm(&point, &information, &rise);
    }
    *slope = curvature;
    if (person->options->method == ABILITY_MAP) {
        double precision = 1.0 / (person->options->sd * person->options->sd);
        *slope -= precision;
        return s - (theta - person->options->mean) * precision;
    }
    if (person->options->method == ABILITY_WLE) {
        *slope = -information;
        return warm(s, information, rise, theta);
    }
    return s;
}

/* What a mode is worth: log-likelihood, with the prior or half the log of the information. */
static double height(const person_t *person, double theta)
{
    double sum = 0, information = 0;
    for (size_t i = 0; i < person->count; i++) {
        sum += irt_log_probability(person->answers[i].item, theta, person->answers[i].response);
        if (person->options->method == ABILITY_WLE) information += irt_information(person->answers[i].item, theta);
    }
    if (person->options->method == ABILITY_MAP) {
        double z = (theta - person->options->mean) / person->options->sd;
        sum -= z * z / 2.0;
    }
    if (person->options->method == ABILITY_WLE) sum += exact_log(information) / 2.0;
    return sum;
}

/* The root of g between low (g >= 0) and high (g <= 0). */
static double root(const person_t *person, double low, double high, double start)
{
    double theta = start > low && start < high ? start : low + (high - low) / 2;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double slope, g = estimating(person, theta, &slope);
        if (g > 0)
            low = theta;
        else
            high = theta;
        double step = slope < 0 ? -g / slope : 0, next = theta + (step > 1 ? 1 : step < -1 ? -1 : step);
        /* now and then the bracket is cut in two, however slow the steps are */
        if (!(slope < 0) || next <= low || next >= high || round % 16 == 15) next = low + (high - low) / 2;
        if (exact_abs(next - theta) < 1e-11 || high - low < 1e-11) return next;
        theta = next;
    }
    return theta;
}

/* The likelihood where ability is without bound on one side, where it has a limit there (3pl answered right). */
static double limit_below(const person_t *person)
{
    double sum = 0;
    for (size_t i = 0; i < person->count; i++) {
        const irt_item_t *item = person->answers[i].item;
        if (person->answers[i].response == 0) {
            if (item->c > 0) sum += exact_log(1.0 - item->c);
            continue;
        }
        if (!(item->c > 0)) return -(double)__builtin_inf();
        sum += exact_log(item->c);
    }
    return sum;
}

static bool all_at(const person_t *person, bool top)
{
    for (size_t i = 0; i < person->count; i++)
        if (person->answers[i].response != (top ? person->answers[i].item->categories - 1 : 0)) return false;
    return true;
}

/* ---- the scan ---- */

static double scan_theta(int node)
{
    return node == 0 ? -ABILITY_SEARCH : node == SCAN_NODES - 1 ? ABILITY_SEARCH : (node - 1 - SCAN_HALF) * SCAN_STEP;
}

/* Row of an item's table: T, T', then s of each category. */
static double *scan_row(const ability_scan_t *scan, size_t item, int row)
{
    return scan->table + (item * (size_t)(scan->categories + 2) + (size_t)row) * SCAN_NODES;
}

bool ability_scan(ability_scan_t *scan, arena_t *arena, const irt_item_t *items, size_t count, err_t *err)
{
    *scan = (ability_scan_t){.items = items, .count = count, .categories = 2};
    for (size_t i = 0; i < count; i++)
        if (items[i].categories > scan->categories) scan->categories = items[i].categories;
    scan->table = arena_array(arena, count * (size_t)(scan->categories + 2) * SCAN_NODES + 1, sizeof(double));
    if (!scan->table) return err_set(err, ERR_MEMORY, "the table of %zu items does not fit into memory", count);
    for (size_t i = 0; i < count; i++)
        for (int q = 0; q < SCAN_NODES; q++) {
            irt_point_t point;
            irt_point(&items[i], scan_theta(q), &point);
            add_warm(&point, scan_row(scan, i, 0) + q, scan_row(scan, i, 1) + q);
            for (int k = 0; k < point.categories; k++) scan_row(scan, i, 2 + k)[q] = point.l1[k];
        }
    return true;
}

static void add_row(double *to, const double *row)
{
    for (int q = 0; q < SCAN_NODES; q++) to[q] += row[q];
}

/* g at every node of the scan: from the table, or evaluated. */
static void scan_values(const person_t *person, double *g)
{
    const ability_options_t *options = person->options;
    double s[SCAN_NODES] = {0}, information[SCAN_NODES] = {0}, rise[SCAN_NODES] = {0}, slope;
    if (!person->scan) {
        for (int q = 0; q < SCAN_NODES; q++) g[q] = estimating(person, scan_theta(q), &slope);
        return;
    }
    for (size_t i = 0; i < person->count; i++) {
        const size_t item = (size_t)(person->answers[i].item - person->scan->items);
        assert(item < person->scan->count);
        add_row(s, scan_row(person->scan, item, 2 + person->answers[i].response));
        if (options->method != ABILITY_WLE) continue;
        add_row(information, scan_row(person->scan, item, 0));
        add_row(rise, scan_row(person->scan, item, 1));
    }
    for (int q = 0; q < SCAN_NODES; q++) {
        g[q] = s[q];
        if (options->method == ABILITY_WLE) g[q] = warm(s[q], information[q], rise[q], scan_theta(q));
        if (options->method == ABILITY_MAP) g[q] -= (scan_theta(q) - options->mean) / (options->sd * options->sd);
    }
}

/* The highest of the places where g falls through zero; false where there is none. */
static bool highest_mode(const person_t *person, double *theta)
{
    double g[SCAN_NODES], best = 0;
    int modes = 0;
    scan_values(person, g);
    for (int q = 0; q + 1 < SCAN_NODES; q++) {
        if (!(g[q] > 0 && g[q + 1] <= 0)) continue;
        const double left = scan_theta(q), right = scan_theta(q + 1);
        const double mode = root(person, left, right, left + (right - left) * (g[q] / (g[q] - g[q + 1])));
        modes++;
        if (modes == 1) { /* nearly always the only one: its height is asked for when there is another */
            *theta = mode;
            continue;
        }
        if (modes == 2) best = height(person, *theta);
        const double worth = height(person, mode);
        if (!(worth > best)) continue;
        best = worth;
        *theta = mode;
    }
    return modes > 0;
}

static double standard_error(const person_t *person, double theta)
{
    double slope;
    if (person->options->method == ABILITY_WLE) { /* the slope of g itself, by a central difference */
        const double h = 1.0 / 4096;
        double below = estimating(person, theta - h, &slope), above = estimating(person, theta + h, &slope);
        slope = (above - below) / (2 * h);
    } else {
        estimating(person, theta, &slope);
    }
    return slope < 0 ? 1.0 / exact_sqrt(-slope) : (double)__builtin_inf();
}

static ability_t at_bound(const person_t *person, ability_state_t state)
{
    double theta = state == ABILITY_LOWEST    ? -person->options->range
                   : state == ABILITY_HIGHEST ? person->options->range
                                              : person->options->mean;
    return (ability_t){theta, (double)__builtin_inf(), state};
}

static ability_t by_maximum(const person_t *person)
{
    ability_method_t method = person->options->method;
    bool several = method == ABILITY_WLE; /* may there be several modes? */
    for (size_t i = 0; i < person->count && !several; i++)
        several = person->answers[i].item->c > 0 && person->answers[i].response == 1;
    if (person->count == 0 && method != ABILITY_MAP) return at_bound(person, ABILITY_UNKNOWN);
    if (method == ABILITY_MLE && all_at(person, false)) return at_bound(person, ABILITY_LOWEST);
    if (method == ABILITY_MLE && all_at(person, true)) return at_bound(person, ABILITY_HIGHEST);
    double theta = person->options->mean, slope;
    if (!several) {
        theta = root(person, -ABILITY_SEARCH, ABILITY_SEARCH, theta);
    } else if (!highest_mode(person, &theta)) {
        return at_bound(person, estimating(person, 0, &slope) > 0 ? ABILITY_HIGHEST : ABILITY_LOWEST);
    } else if (method == ABILITY_MLE && limit_below(person) >= height(person, theta)) {
        return at_bound(person, ABILITY_LOWEST);
    }
    if (exact_abs(theta) > ABILITY_SEARCH - 1) return at_bound(person, theta > 0 ? ABILITY_HIGHEST : ABILITY_LOWEST);
    return (ability_t){theta, standard_error(person, theta), ABILITY_FOUND};
}

/* ---- the posterior mean ---- */

static double node(const ability_options_t *options, int q)
{
    return -options->range + 2 * options->range * q / (options->nodes - 1);
}

/* Logarithms of the prior weights, which sum to 1. */
static void log_prior(const ability_options_t *options, double *prior)
{
    double most = -(double)__builtin_inf(), total = 0;
    for (int q = 0; q < options->nodes; q++) {
        double z = (node(options, q) - options->mean) / options->sd;
        prior[q] = -z * z / 2;
        if (prior[q] > most) most = prior[q];
    }
    for (int q = 0; q < options->nodes; q++) total += exact_exp(prior[q] - most);
    for (int q = 0; q < options->nodes; q++) prior[q] -= most + exact_log(total);
}

ability_t ability_eap(const ability_grid_t *grid, const double *log_posterior, double *weight)
{
    double most = log_posterior[0], total = 0, mean = 0, variance = 0;
    for (int q = 1; q < grid->nodes; q++)
        if (log_posterior[q] > most) most = log_posterior[q];
    for (int q = 0; q < grid->nodes; q++) {
        weight[q] = exact_exp(log_posterior[q] - most);
        total += weight[q];
    }
    for (int q = 0; q < grid->nodes; q++) {
        weight[q] /= total;
        mean += weight[q] * grid->theta[q];
    }
    for (int q = 0; q < grid->nodes; q++) variance += weight[q] * (grid->theta[q] - mean) * (grid->theta[q] - mean);
    return (ability_t){mean, exact_sqrt(variance), ABILITY_FOUND};
}

double ability_above(const ability_grid_t *grid, const double *weight, double mark)
{
    double sum = 0;
    for (int q = 0; q < grid->nodes; q++) {
        double share = (grid->theta[q] - mark) / grid->step + 0.5;
        sum += weight[q] * (share < 0 ? 0 : share > 1 ? 1 : share);
    }
    return sum > 1 ? 1 : sum;
}

static void grid_row(const ability_grid_t *grid, const irt_item_t *item, double *rows)
{
    for (int q = 0; q < grid->nodes; q++) {
        double log_p[IRT_CATEGORIES_MAX];
        irt_log_probabilities(item, grid->theta[q], log_p);
        for (int k = 0; k < item->categories; k++) rows[k * grid->nodes + q] = log_p[k];
    }
}

bool ability_grid(ability_grid_t *grid, arena_t *arena, const irt_item_t *items, size_t count,
                  const ability_options_t *options, err_t *err)
{
    assert(ability_options_check(options, NULL));
    *grid = (ability_grid_t){.nodes = options->nodes,
                             .categories = 2,
                             .first = -options->range,
                             .step = 2 * options->range / (options->nodes - 1),
                             .items = count};
    for (size_t i = 0; i < count; i++)
        if (items[i].categories > grid->categories) grid->categories = items[i].categories;
    size_t nodes = (size_t)grid->nodes, row = (size_t)grid->categories * nodes;
    grid->theta = arena_array(arena, nodes, sizeof(double));
    grid->prior = arena_array(arena, nodes, sizeof(double));
    grid->log_p = arena_array(arena, count * row + 1, sizeof(double));
    if (!grid->theta || !grid->prior || !grid->log_p)
        return err_set(err, ERR_MEMORY,
                       "the table of %zu items at %d nodes does not fit into memory; ask for fewer nodes", count,
                       grid->nodes);
    for (int q = 0; q < grid->nodes; q++) grid->theta[q] = node(options, q);
    log_prior(options, grid->prior);
    for (size_t i = 0; i < count; i++) grid_row(grid, &items[i], grid->log_p + i * row);
    return true;
}

static ability_t by_mean(const person_t *person)
{
    const ability_options_t *options = person->options;
    double theta[ABILITY_NODES_MAX], posterior[ABILITY_NODES_MAX], weight[ABILITY_NODES_MAX];
    ability_grid_t grid = {.nodes = options->nodes, .theta = theta};
    for (int q = 0; q < options->nodes; q++) theta[q] = node(options, q);
    log_prior(options, posterior);
    for (size_t i = 0; i < person->count; i++)
        for (int q = 0; q < options->nodes; q++)
            posterior[q] += irt_log_probability(person->answers[i].item, theta[q], person->answers[i].response);
    return ability_eap(&grid, posterior, weight);
}

ability_t ability_estimate_scanned(const ability_scan_t *scan, const irt_answer_t *answers, size_t count,
                                   const ability_options_t *options)
{
    person_t person = {answers, count, options, scan};
    assert(ability_options_check(options, NULL));
    return options->method == ABILITY_EAP ? by_mean(&person) : by_maximum(&person);
}

ability_t ability_estimate(const irt_answer_t *answers, size_t count, const ability_options_t *options)
{
    return ability_estimate_scanned(NULL, answers, count, options);
}
