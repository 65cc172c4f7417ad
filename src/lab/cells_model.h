/* The tables behind the cells; cells.c tells the model. Immutable after loading. */
#ifndef TITER_LAB_CELLS_MODEL_H
#define TITER_LAB_CELLS_MODEL_H

#include "cells.h"
#include "lab_private.h"

enum { CELLS_MAX_CONDITIONS = 160, CELLS_MAX_TIES = 8, CELLS_MAX_CHEMISTRY = 128 };

/* Scores of the standard normal, between persons and within one, in this order. */
enum {
    SCORE_HGB,
    SCORE_MCV,
    SCORE_MCHC,
    SCORE_RDW,
    SCORE_WBC,
    SCORE_PLT,
    SCORE_MPV,
    SCORE_RETP,
    SCORE_IRF,
    SCORE_RETHE,
    SCORE_IPF,
    SCORE_ESR,
    SCORE_NRBC,
    SCORE_CLASS,                            /* one for each class of the differential */
    SCORE_TRAIT = SCORE_CLASS + CELL_KINDS, /* one for each trait */
    SCORE_COUNT = SCORE_TRAIT + TRAIT_COUNT
};

/* center and spread (in logarithms where the quantity is log-normal), and how the spread divides. */
typedef struct {
    double center, between, within;
} draw_t;

typedef struct {
    int16_t chemistry; /* condition of the chemistry */
    double chance;     /* that its patients have this condition of the cells */
} tie_t;

typedef struct {
    const char *id, *name;
    double weight[SETTING_COUNT], sex_weight[2];
    int age_low, age_high;
    bool normal, alone;
    int tie_count;
    tie_t ties[CELLS_MAX_TIES];
    draw_t hgb, mcv, mchc, rdw, wbc, plt, mpv, retp, nrbc; /* rdw, wbc, plt, retp, nrbc in logarithms */
    double nrbc_median;                                    /* 0: none */
    draw_t classes[CELL_KINDS];
    uint32_t present; /* bit per class that occurs */
    int largest;      /* the class that takes the remainder */
    double small_share, clone;
    bool blasts_as_lymph;
    draw_t trait[TRAIT_COUNT];
    uint32_t traits;                           /* bit per trait that occurs */
    double esr_median, ipf_median, rethe_mean; /* 0: as in health */
} cells_condition_t;

/* The same tie from the other side. */
typedef struct {
    int16_t cells; /* condition of the cells */
    double chance;
} tied_t;

typedef struct cells_model {
    int count, normal[2];
    cells_condition_t conditions[CELLS_MAX_CONDITIONS];
    double total[SETTING_COUNT]; /* of the weights */
    /* By condition of the chemistry c, in the order of the table: tied[first_tied[c]] up to tied[first_tied[c + 1]]. */
    int16_t first_tied[CELLS_MAX_CHEMISTRY + 1];
    tied_t tied[CELLS_MAX_CONDITIONS * CELLS_MAX_TIES];
    /* Those that occur without a trace in chemistry, and no less than the chance of any of them times `total`. */
    int alone_count;
    int16_t alone[CELLS_MAX_CONDITIONS];
    double alone_most[SETTING_COUNT];
    double factor[4][4]; /* Cholesky of the four red cell scores */
    double r_wbc_lymph, own_wbc_lymph;
    double mpv_exponent, rdw_sd_factor, population_cv;
    draw_t ig, irf[2], rethe, ipf, esr_spread;
    double irf_exponent, rethe_per_mch, ret_median[2], esr_median[2][2]; /* by sex; young, old */
    int16_t analyte[HEMA_COUNT];
    analyte_set_t analytes; /* all of these */
} cells_model_t;

#endif
