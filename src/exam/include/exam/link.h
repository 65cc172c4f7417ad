/* Linking: two calibrations of common items differ by where each put 0 and 1. theta_to = slope theta_from + shift, so
 * that a_to = a / slope, b_to = slope b + shift, c as it is.
 *
 *   mean-sigma     (Marco 1977) slope = SD(b_to) / SD(b_from), shift from the means; rasch and pcm: slope 1
 *   mean-mean      (Loyd and Hoover 1980) slope = mean(a_from) / mean(a_to)
 *   haebara        (1980) least squares between the response curves, item by item, category by category
 *   stocking-lord  (1983) least squares between the test's expected scores
 * The last two weigh abilities on the scale `to` by N(0,1) at 61 nodes on -6 .. 6.
 *
 * Drift: an item's displacement is the mean of its b's after linking less those of `to`; its robust z is
 * (d - median) / (0.74 (upper less lower quartile)) over the common items. */
#ifndef TITER_EXAM_LINK_H
#define TITER_EXAM_LINK_H

#include "base/arena.h"
#include "exam/items.h"

typedef enum { LINK_MEAN_SIGMA, LINK_MEAN_MEAN, LINK_HAEBARA, LINK_STOCKING_LORD, LINK_METHODS } link_method_t;

const char *link_method_name(link_method_t method);
bool link_method_from_name(const char *name, link_method_t *method);

/* An item with |robust z| above `z` and |displacement| above `logits` has drifted. */
typedef struct {
    double z;      /* 1.645 */
    double logits; /* 0.3 */
    bool drop;     /* drifted items leave the link, the worst first, until none is left */
} link_drift_t;

typedef struct {
    size_t from, to; /* places in the two banks */
    double displacement, robust_z;
    bool drifted, dropped;
} link_item_t;

typedef struct {
    double slope, shift;
    link_item_t *items; /* [count] the common ones, in the order of `from` */
    size_t count, used;
} link_t;

/* Items are common when they have the same id; their models and numbers of categories must agree. */
bool link_scales(link_t *link, arena_t *arena, const items_t *from, const items_t *to, link_method_t method,
                 const link_drift_t *drift, err_t *err);
/* The item on the scale `to`. */
irt_item_t link_item(const link_t *link, const irt_item_t *item);

#endif
