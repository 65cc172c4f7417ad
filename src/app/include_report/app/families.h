/* The laboratory as computed exam items need it: the room exam declares what it asks (exam/family.h), the room lab
 * knows how to answer, and this joins them. */
#ifndef TITER_APP_FAMILIES_H
#define TITER_APP_FAMILIES_H

#include "exam/family.h"
#include "lab/calc.h"
#include "lab/catalog.h"

typedef struct {
    const lab_t *lab;
    const calc_t *calc;
} app_laboratory_t;

/* Fills `source`; `laboratory` must live as long as it is used. */
void app_family_source(app_laboratory_t *laboratory, family_source_t *source);

#endif
