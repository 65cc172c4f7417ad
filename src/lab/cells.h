/* Truth of hematology: the cells that circulate in a patient.
 *
 * A patient has at most one condition of the cells (content/lab/hematology/conditions.csv), chosen so that the
 * count agrees with the chemistry; cells_at gives the cells of any hour. Model and sources: cells.c. */
#ifndef TITER_LAB_CELLS_H
#define TITER_LAB_CELLS_H

#include "base/base.h"
#include "patient.h"

/* What a white cell is when somebody looks at it on a film. */
typedef enum {
    CELL_SEG,
    CELL_BAND,
    CELL_META,
    CELL_MYELO,
    CELL_PROMY,
    CELL_BLAST,
    CELL_LYMPH,
    CELL_VLYMPH, /* reactive (variant) lymphocyte */
    CELL_PROLYMPH,
    CELL_PLASMA,
    CELL_MONO,
    CELL_EOS,
    CELL_BASO,
    CELL_OTHER, /* abnormal lymphoid cell: hairy, Sezary, large granular */
    CELL_KINDS
} cell_kind_t;

/* What is peculiar about the blood and misleads a counter; sizes in the unit of the interference of that id. */
typedef enum {
    TRAIT_COLD_AGG,   /* fraction of red cells agglutinated at room temperature */
    TRAIT_EDTA_CLUMP, /* fraction of platelets lost to clumps in the end */
    TRAIT_SATELLITE,  /* fraction of platelets around neutrophils */
    TRAIT_GIANT_PLT,  /* fraction of platelets above the platelet window */
    TRAIT_SMALL_RBC,  /* fraction of red cells (fragments, microcytes) in the platelet window */
    TRAIT_CRYO,       /* precipitate counted as white cells, 10^3/uL */
    TRAIT_PARAPROT,   /* turbidity counted as hemoglobin, g/dL */
    TRAIT_LYSE_RES,   /* unlysed red cells counted as white cells, 10^3/uL */
    TRAIT_SMUDGE,     /* fraction of lymphocytes that break on a film */
    TRAIT_COUNT
} trait_t;

/* The analytes of hematology that have a place in this model. */
typedef enum {
    HEMA_WBC,
    HEMA_RBC,
    HEMA_HGB,
    HEMA_HCT,
    HEMA_MCV,
    HEMA_MCH,
    HEMA_MCHC,
    HEMA_RDWCV,
    HEMA_RDWSD,
    HEMA_PLT,
    HEMA_MPV,
    HEMA_NRBCP,
    HEMA_NEUTA,
    HEMA_NEUTP,
    HEMA_LYMPHA,
    HEMA_LYMPHP,
    HEMA_MONOA,
    HEMA_MONOP,
    HEMA_EOSA,
    HEMA_EOSP,
    HEMA_BASOA,
    HEMA_BASOP,
    HEMA_IGP,
    HEMA_IGA,
    HEMA_RETP,
    HEMA_RETA,
    HEMA_IRF,
    HEMA_RETHE,
    HEMA_IPF,
    HEMA_ESR,
    HEMA_COUNT
} hema_t;

/* One of two red cell populations. */
typedef struct {
    double share, mean, sd; /* shares sum to 1; fL */
} red_population_t;

typedef struct {
    double hgb, mcv, mchc, rdw_cv;     /* drawn: g/dL, fL, g/dL, % */
    double rbc, hct, mch, rdw_sd;      /* follow: 10^6/uL, %, pg, fL */
    double wbc, plt, mpv;              /* 10^3/uL without nucleated red cells; 10^3/uL; fL */
    double nrbc;                       /* per 100 white cells */
    double retp, irf, rethe, ipf, esr; /* %, % of reticulocytes, pg, % of platelets, mm/h */
    double pct[CELL_KINDS];            /* differential; sums to 100 */
    double clone;                      /* share of lymphocytes that are one small dense clone */
    bool blasts_as_lymph;              /* where a five-part counter puts the blasts: else with monocytes */
    int populations;                   /* of red cells: 1 or 2 */
    red_population_t red[2];
    double trait[TRAIT_COUNT];
} cells_t;

/* Reads content/lab/hematology/; called once after the patient model. */
bool cells_load(lab_t *lab, const source_t *content, err_t *err);

/* Sets patient->cells: what the request forces, else what goes with the conditions of the chemistry, else drawn by
 * setting, sex and age; -1: healthy blood. A function of the patient's key. */
void cells_choose(const lab_t *lab, const patient_request_t *request, patient_t *patient);

/* The patient's blood at `hour`; any hour in any order. */
void cells_at(const lab_t *lab, const patient_t *patient, double hour, cells_t *out);
/* Only its red cells: hemoglobin, MCV, MCHC, RDW, and what follows from them. */
void cells_red_at(const lab_t *lab, const patient_t *patient, double hour, cells_t *out);
/* Only one of the traits, which are the same at any hour. */
double cells_trait(const lab_t *lab, const patient_t *patient, trait_t trait);
/* Writes every analyte of hematology into `values`; the others are left as they are. */
void cells_values(const lab_t *lab, const cells_t *cells, double *values /* [LAB_MAX_ANALYTES] */);
/* By hema_t. */
void cells_numbers(const cells_t *cells, double out[HEMA_COUNT]);
/* What follows from the drawn quantities: red cell count, hematocrit, MCH, RDW-SD. Exactly. */
void cells_derive(const lab_t *lab, cells_t *cells);

/* Shares of the classes of a five-part differential: neutrophils, lymphocytes, monocytes, eosinophils, basophils. */
enum { PART_NEUT, PART_LYMPH, PART_MONO, PART_EOS, PART_BASO, PARTS };
void cells_five_part(const cells_t *cells, double out[PARTS]);

/* Makes one number what a scenario asks (WBC, HGB or PLT; others are left), and what follows from it. */
void cells_force(const lab_t *lab, cells_t *cells, int analyte, double value);

/* Index into the catalog, or -1. */
int cells_analyte(const lab_t *lab, hema_t which);
/* All that cells_values writes. */
const analyte_set_t *cells_analytes(const lab_t *lab);
const char *cells_hema_id(hema_t which);

int cells_condition_count(const lab_t *lab);
const char *cells_condition_id(const lab_t *lab, int index);
const char *cells_condition_name(const lab_t *lab, int index);
/* Index (what patient_t.cells holds), or -1. */
int cells_condition_find(const lab_t *lab, const char *id);
/* The chemistry condition that goes with it most often, or -1: for requests that force both. */
int cells_condition_chemistry(const lab_t *lab, int index);
/* 1, or less where the condition is rare in that sex; 0 where it does not occur at that age or in that sex. */
double cells_condition_fit(const lab_t *lab, int index, int sex, int age);

const char *cell_kind_id(cell_kind_t kind); /* "seg", "band", ... as in conditions.csv */
const char *trait_id(trait_t trait);        /* "COLD_AGG", ... */

#endif
