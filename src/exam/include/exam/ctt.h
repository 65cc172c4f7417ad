/* Classical statistics of a test: difficulty and discrimination of items, what each option attracts, reliability.
 *
 * Persons who miss an answer are left out, or (missing_wrong) get 0 for it. Variances divide by n - 1.
 *   p           mean score of the item divided by its highest score
 *   item_total  correlation of item and total score (of right-wrong items the point-biserial); item_rest without the
 * item alpha       Cronbach (1951); alpha_without it if the item were dropped; SEM = SD sqrt(1 - alpha) */
#ifndef TITER_EXAM_CTT_H
#define TITER_EXAM_CTT_H

#include "base/arena.h"
#include "exam/items.h"

/* One option (category) of an item. */
typedef struct {
    size_t n;
    double share;
    double mean_rest; /* mean score on the other items of those who chose it; NaN when nobody did */
    double rest;      /* correlation of choosing it with the score on the other items; NaN when all or nobody did */
} ctt_option_t;

typedef struct {
    int options;                                        /* highest answer + 1 */
    int key;                                            /* the right option, or -1 where answers are scores already */
    double p, sd, item_total, item_rest, alpha_without; /* NaN where they do not exist */
    ctt_option_t option[IRT_CATEGORIES_MAX];
} ctt_item_t;

typedef struct {
    ctt_item_t *items; /* [columns] */
    size_t persons, left_out;
    double mean, sd, alpha, sem;
} ctt_t;

/* key[column] is the right option, then an item scores 1 or 0; NULL when answers are scores. */
bool ctt(ctt_t *result, arena_t *arena, const responses_t *responses, const int *key, bool missing_wrong, err_t *err);

#endif
