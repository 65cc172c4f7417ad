/* Pre-analytic faults as often as they happen in life: content/lab/natural_faults.csv gives, by
 * setting, the share of specimens and the usual severity of each. */
#ifndef TITER_LAB_NATURAL_H
#define TITER_LAB_NATURAL_H

#include "fault.h"
#include "lab/catalog.h"

typedef struct {
    specimen_fault_t fault;
    bool every_tube; /* of the same draw as well */
} natural_fault_t;

/* ext slot 3 of lab_t. */
bool natural_load(lab_t *lab, const source_t *content, err_t *err);
/* Draws the natural faults of one specimen of that bench, at most `max`; returns how many. `scale` multiplies the
 * rates. */
int fault_draw_natural(const lab_t *lab, bench_t bench, setting_t setting, double scale, rng_t *rng,
                       natural_fault_t *drawn, int max);

#endif
