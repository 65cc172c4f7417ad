/* Differential functioning of items with ordered categories; see exam/dif.h. */
#ifndef TITER_EXAM_DIF_ORDERED_H
#define TITER_EXAM_DIF_ORDERED_H

#include "exam/dif.h"

/* One score: persons by [group][category]. */
typedef struct {
    double n[2][IRT_CATEGORIES_MAX];
} ordered_stratum_t;

/* Fills all of `item` but `purged`; item->categories is set. */
void dif_judge_ordered(const ordered_stratum_t *strata, size_t count, dif_item_t *item);

#endif
