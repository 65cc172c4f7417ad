/* Faults, one at a time, for people who want to see what each does: the list of what can go wrong
 * with a specimen or an analyzer, and a demonstration on one drawn patient, before and after. */
#ifndef TITER_LAB_FAULT_H
#define TITER_LAB_FAULT_H

#include "base/err.h"
#include "lab/catalog.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *id, *name;
    bool analyzer;               /* false: of the specimen */
    const char *severity, *unit; /* "free hemoglobin", "mg/dL" */
    double low, high, usual;     /* range of severity, and the one used when none is given */
    bool by_fluid;               /* needs an infusion fluid (0.9 % saline when none is named) */
    bool one_assay;              /* analyzer fault of one assay */
    const char *clue;            /* what tells it from others; "" where the table has none */
} fault_view_t;

typedef struct {
    const char *id, *name;
} fluid_view_t;

/* Specimen faults first, then analyzer faults. */
int lab_fault_count(const lab_t *lab);
bool lab_fault(const lab_t *lab, int index, fault_view_t *view);
/* By id or alias, either spelling; -1 when unknown. */
int lab_fault_find(const lab_t *lab, const char *id);
/* The id that looks most like `id`. */
const char *lab_fault_nearest(const lab_t *lab, const char *id);

int lab_fluid_count(const lab_t *lab);
bool lab_fluid(const lab_t *lab, int index, fluid_view_t *view);
int lab_fluid_find(const lab_t *lab, const char *id);

enum { FAULT_QC_LEVELS = 3 };

typedef struct {
    int analyte;
    double before, after;
    bool controlled;              /* qc_z is meaningful (analyzer faults, tests with controls) */
    double qc_z[FAULT_QC_LEVELS]; /* shift of each control in its SD */
    double sd_mul;                /* imprecision times this; 1 for specimen faults */
    double outlier_prob;          /* one measurement in so many is off ... */
    double outlier_sd;            /* ... by so many SD; only sporadic faults */
} fault_row_t;

typedef struct {
    int fault;   /* index in the list */
    int fluid;   /* -1: the usual */
    int analyte; /* analyzer faults: this test only; -1: all of the scope */
    double severity;
    uint64_t seed;
} fault_show_t;

/* Draws one outpatient (and another for exchanged blood), applies the fault, and lists every measured
 * analyte (with anion gap and globulin) in catalog order: at most LAB_MAX_ANALYTES rows.
 * Refuses a severity outside the fault's range (0 is always allowed: it changes nothing). */
bool fault_show(const lab_t *lab, const fault_show_t *show, fault_row_t rows[LAB_MAX_ANALYTES], int *count, err_t *err);

#endif
