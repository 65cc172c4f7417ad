/* Simulated sittings for the tests of calibration and fit. */
#ifndef TITER_EXAM_SIMULATE_H
#define TITER_EXAM_SIMULATE_H

#include "base/base.h"
#include "exam/items.h"

#include <stdio.h>

enum { SIMULATE_ITEMS = 1, SIMULATE_PERSONS = 2 };

/* Items with slopes around 1.1, difficulties N(0,1), thresholds 0.8 or more apart, c from 0.1 to 0.3. */
static inline irt_item_t simulate_item(irt_model_t model, int categories, uint64_t seed, size_t at)
{
    irt_item_t item = {.model = model, .categories = categories, .a = 1};
    rng_t rng = rng_at(seed, SIMULATE_ITEMS, at, 0);
    snprintf(item.id, sizeof item.id, "i%zu", at + 1);
    double slope = exact_exp(0.1 + 0.25 * rng_normal(&rng)), b = rng_normal(&rng);
    if (model != IRT_RASCH && model != IRT_PCM) item.a = slope;
    for (int k = 0; k < categories - 1; k++) {
        item.b[k] = b - 0.4 * (categories - 2) + 0.8 * k;
        b += 0.3 * rng_uniform(&rng);
    }
    if (model == IRT_3PL) item.c = 0.1 + 0.2 * rng_uniform(&rng);
    return item;
}

static inline int8_t simulate_answer(const irt_item_t *item, double theta, rng_t *rng)
{
    double p[IRT_CATEGORIES_MAX], u = rng_uniform(rng);
    int k = 0;
    irt_probabilities(item, theta, p);
    while (k < item->categories - 1 && u >= p[k]) u -= p[k++];
    return (int8_t)k;
}

/* Answers of persons with theta ~ N(mean, sd); `missing` is the share left out at random. Names are the items' ids. */
static inline responses_t simulate(arena_t *arena, const irt_item_t *items, size_t count, size_t persons, double mean,
                                   double sd, double missing, uint64_t seed)
{
    int8_t *answers = arena_array(arena, persons, count);
    const char **names = arena_array(arena, count, sizeof *names);
    int *lines = arena_array(arena, persons, sizeof *lines);
    for (size_t i = 0; i < count; i++) names[i] = items[i].id;
    for (size_t p = 0; p < persons; p++) {
        rng_t rng = rng_at(seed, SIMULATE_PERSONS, p, 0);
        double z = rng_normal(&rng);
        for (size_t i = 0; i < count; i++) {
            answers[p * count + i] = simulate_answer(&items[i], mean + sd * z, &rng);
            if (missing > 0 && rng_uniform(&rng) < missing) answers[p * count + i] = RESPONSE_MISSING;
        }
    }
    return (responses_t){"simulated", persons, count, names, answers, lines};
}

#endif
