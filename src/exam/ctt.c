/* See exam/ctt.h. */
#include "exam/ctt.h"

#include "base/exact.h"

#include <math.h>

/* Sums of two variables. */
typedef struct {
    double n, x, y, xx, yy, xy;
} sums_t;

static void add(sums_t *s, double x, double y)
{
    s->n++;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->yy += y * y;
    s->xy += x * y;
}

/* Scores are whole numbers, so that these differences are exact. */
static double variance_x(const sums_t *s)
{
    return (s->xx - s->x * s->x / s->n) / (s->n - 1);
}

static double correlation(const sums_t *s)
{
    const double x = s->n * s->xx - s->x * s->x, y = s->n * s->yy - s->y * s->y;
    return x > 0 && y > 0 ? (s->n * s->xy - s->x * s->y) / exact_sqrt(x * y) : (double)NAN;
}

typedef struct {
    const responses_t *responses;
    const int *key;
    const bool *counts;  /* [persons] */
    const double *total; /* [persons] */
} sitting_t;

static double score(const sitting_t *s, size_t person, size_t item)
{
    const int answer = s->responses->answers[person * s->responses->items + item];
    if (answer < 0) return 0;
    return s->key ? answer == s->key[item] : answer;
}

static void describe_options(const sitting_t *s, size_t item, double persons, ctt_item_t *out)
{
    for (int k = 0; k < out->options; k++) {
        sums_t sums = {0};
        double rest_of_choosers = 0;
        ctt_option_t *option = &out->option[k];
        for (size_t p = 0; p < s->responses->persons; p++) {
            if (!s->counts[p]) continue;
            const double chosen = s->responses->answers[p * s->responses->items + item] == k;
            const double rest = s->total[p] - score(s, p, item);
            add(&sums, chosen, rest);
            rest_of_choosers += chosen * rest;
        }
        option->n = (size_t)sums.x;
        option->share = sums.x / persons;
        option->mean_rest = sums.x > 0 ? rest_of_choosers / sums.x : (double)NAN;
        option->rest = correlation(&sums);
    }
}

/* Answers the variance of the item; `without` receives that of the total without it. */
static double describe_item(const sitting_t *s, size_t item, ctt_item_t *out, double *without)
{
    sums_t with_total = {0}, with_rest = {0};
    double highest = 1;
    for (size_t p = 0; p < s->responses->persons; p++) {
        const int answer = s->responses->answers[p * s->responses->items + item];
        if (!s->counts[p]) continue;
        const double x = score(s, p, item);
        if (answer >= out->options) out->options = answer + 1;
        if (x > highest) highest = x;
        add(&with_total, x, s->total[p]);
        add(&with_rest, s->total[p] - x, x);
    }
    out->p = with_total.x / with_total.n / highest;
    out->sd = exact_sqrt(variance_x(&with_total));
    out->item_total = correlation(&with_total);
    out->item_rest = correlation(&with_rest);
    *without = variance_x(&with_rest);
    describe_options(s, item, with_total.n, out);
    return variance_x(&with_total);
}

static double alpha(double items, double sum_of_variances, double variance)
{
    return items > 1 && variance > 0 ? items / (items - 1) * (1 - sum_of_variances / variance) : (double)NAN;
}

bool ctt(ctt_t *result, arena_t *arena, const responses_t *responses, const int *key, bool missing_wrong, err_t *err)
{
    const size_t persons = responses->persons, items = responses->items;
    bool *counts = arena_array(arena, persons, sizeof *counts);
    double *total = arena_array(arena, persons, sizeof *total), *own = arena_array(arena, items, sizeof *own);
    double *without = arena_array(arena, items, sizeof *without), of_items = 0;
    sitting_t s = {responses, key, counts, total};
    sums_t sums = {0};
    *result = (ctt_t){.items = arena_array(arena, items, sizeof *result->items)};
    if (!counts || !total || !own || !without || !result->items)
        return err_set(err, ERR_MEMORY, "the responses do not fit into memory");
    for (size_t p = 0; p < persons; p++) {
        counts[p] = true;
        for (size_t i = 0; i < items; i++) {
            if (responses->answers[p * items + i] < 0 && !missing_wrong) counts[p] = false;
            total[p] += score(&s, p, i);
        }
        if (counts[p]) add(&sums, total[p], 0);
    }
    result->persons = (size_t)sums.n;
    result->left_out = persons - result->persons;
    if (result->persons < 2)
        return err_set(err, ERR_INPUT,
                       "%s: %zu persons answered every item, at least 2 are needed; missing answers may count as wrong",
                       responses->file, result->persons);
    for (size_t i = 0; i < items; i++) {
        result->items[i].key = key ? key[i] : -1;
        own[i] = describe_item(&s, i, &result->items[i], &without[i]);
        of_items += own[i];
    }
    const double variance = variance_x(&sums);
    result->mean = sums.x / sums.n;
    result->sd = exact_sqrt(variance);
    result->alpha = alpha((double)items, of_items, variance);
    result->sem = result->sd * exact_sqrt(result->alpha < 1 ? 1 - result->alpha : 0);
    for (size_t i = 0; i < items; i++)
        result->items[i].alpha_without = alpha((double)items - 1, of_items - own[i], without[i]);
    return true;
}
