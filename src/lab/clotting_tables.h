/* The clotting conditions as they lie in memory. Shared by clotting.c and clotting_load.c only. */
#ifndef TITER_LAB_CLOTTING_TABLES_H
#define TITER_LAB_CLOTTING_TABLES_H

#include "clotting.h"
#include "lab_private.h"

enum { CLOTTING_SLOT = 6 /* of lab->ext */, CLOTTING_MAX = 96, IMPLIED_MAX = 256, CLOTTING_WITH_MAX = 256 };

typedef struct {
    const char *id, *name;
    clotting_t plasma;            /* of a typical person */
    double spread;                /* of its severity between patients */
    double platelets;             /* that typically go with it, 10^9/L */
    double weight[SETTING_COUNT]; /* relative */
    bool thrombin_drug;           /* tt multiplier is a drug's, not the fibrinogen's */
} clotting_condition_t;

/* A condition of the patient brings a condition of clotting with a chance. */
typedef struct {
    int16_t with, clotting;
    bool cells; /* `with` is a condition of the cells, else of chemistry */
    double chance;
} implied_t;

typedef struct clotting_tables {
    int count, normal, implied_count;
    int16_t analyte[COAG_TESTS];
    int8_t test[LAB_MAX_ANALYTES]; /* -1 */
    analyte_set_t analytes;        /* all of `analyte` */
    clotting_condition_t conditions[CLOTTING_MAX];
    double upto[SETTING_COUNT][CLOTTING_MAX]; /* cumulative shares */
    implied_t implied[IMPLIED_MAX];
    bool implies[2][CLOTTING_WITH_MAX]; /* by implied_t.cells and .with: there is a row */
    /* Healthy people: center and spread (of the logarithm where log is set) and the part within the person. */
    struct {
        double center, spread, between, within;
        bool log;
    } healthy[2][COAG_TESTS];
} clotting_tables_t;

static inline const clotting_tables_t *clotting_tables(const lab_t *lab)
{
    return lab->ext[CLOTTING_SLOT];
}

#endif
