/* The tables behind the patients; patient.c tells the model. Immutable after loading. */
#ifndef TITER_LAB_PATIENT_MODEL_H
#define TITER_LAB_PATIENT_MODEL_H

#include "lab_private.h"
#include "normal.h"
#include "patient.h"

enum {
    LAB_VISIBLE_ANALYTES = LAB_MAX_ANALYTES - 2, /* the last slots of the arrays are hidden variables */
    SLOT_OSMOL_GAP = LAB_MAX_ANALYTES - 1,       /* measured minus calculated osmolality of the baseline */
    COPULA_MAX = 40,
    KNOTS = 7,
    MAX_CONDITIONS = 128,
    MAX_EFFECTS = 48, /* of one condition */
    MAX_BANDS = 20,
};

/* Two populations share the model: healthy reference people, and everyone. */
enum { POPULATION_HEALTHY, POPULATION_GENERAL, POPULATION_COUNT };

typedef enum { SCALE_ZERO, SCALE_NORMAL, SCALE_LOGNORMAL, SCALE_MIRRORED } scale_t;

/* A value as a function of a standard normal score: piecewise linear (in the logarithm for
 * log-normal scales) between the scores of KNOTS percentiles. A plain normal has equal pieces. */
typedef struct {
    struct {
        double at, slope;
    } piece[KNOTS - 1];
    double low, high; /* what a living body can show */
    scale_t scale;
    double between, within; /* weights of the two scores; their squares sum to 1 */
} margin_t;

typedef enum { OP_SET, OP_SETLN, OP_MUL, OP_ADD } op_t;

typedef struct {
    int16_t analyte;
    int16_t link; /* effect of the same condition whose score it shares, or -1 */
    uint8_t op;
    double value; /* logarithm of it for setln and mul */
    double spread;
    double link_r, own_r;
} effect_t;

typedef struct {
    const char *id, *name, *group;
    bool state; /* a trait that may go with any health, such as prediabetes */
    int group_index;
    double weight[SETTING_COUNT]; /* per 1000 */
    int age_low, age_high;
    double outside_age, sex_weight[2];
    int effect_count, first_mul, first_add;
    effect_t effects[MAX_EFFECTS]; /* sorted: set and setln, mul, add */
    analyte_set_t touches;
} condition_t;

/* Walker's alias table over conditions: one uniform number, one pick. */
typedef struct {
    int count;
    double rate; /* expected number a patient */
    float keep[MAX_CONDITIONS];
    uint8_t self[MAX_CONDITIONS], other[MAX_CONDITIONS];
} pick_table_t;

typedef struct {
    pick_table_t disease, state;
    double sick, extra, state_chance; /* P(any disease), chance of each further one, chance of each state slot */
} stratum_t;

typedef struct {
    int age_low, age_high;
    double upto; /* cumulative share */
} age_band_t;

typedef struct {
    int band_count;
    age_band_t bands[MAX_BANDS];
    double female;
    double healthy_weight;
    stratum_t *strata; /* [2 * band_count] by sex, band */
} setting_model_t;

/* Indices of the analytes that identities and physiology name; -1 would be a loading error. */
typedef struct {
    int sodium, potassium, chloride, co2, anion_gap, bun, creatinine, glucose, calcium, ica, total_protein, albumin,
        globulin, bili_total, bili_direct, iron, tibc, transferrin, tsat, ph_art, pco2_art, hco3_calc, base_excess,
        osmolality, cholesterol, hdl, ldl_calc, ldl_direct, triglycerides, crp, hscrp, ethanol, egfr, spe_alb, spe_a1,
        spe_a2, spe_beta, spe_gamma, u_creatinine, u_protein, u_pcr;
} named_t;

/* Scores side by side, one vector register; and what says of each in which piece of its margin it lies. */
typedef float four_t __attribute__((vector_size(16)));
typedef int32_t four_int_t __attribute__((vector_size(16)));

/* The weights of margin_t by slot, as they meet the scores. */
typedef struct {
    float between[SCORE_SLOTS], within[SCORE_SLOTS];
} weights_t;

typedef struct patient_model {
    named_t at;
    margin_t margins[POPULATION_COUNT][2][LAB_MAX_ANALYTES];
    weights_t weights[POPULATION_COUNT][2];
    uint8_t slot[LAB_MAX_ANALYTES];    /* place of an analyte's scores; only of those that are drawn */
    int joined;                        /* slots below are those of the copula's rows */
    double globulin_mean, globulin_sd; /* of healthy people */
    double cvi[LAB_MAX_ANALYTES];      /* as a fraction, for values set by a condition */
    int copula_count;
    int16_t copula_row[LAB_MAX_ANALYTES]; /* row in the copula, or -1: independent */
    int16_t copula_analyte[COPULA_MAX];
    double factor[POPULATION_COUNT][COPULA_MAX][COPULA_MAX];             /* Cholesky, lower, by row */
    four_t bands[POPULATION_COUNT][COPULA_MAX / SCORE_BAND][COPULA_MAX]; /* the same: by band of rows, by column */
    analyte_set_t drawn;                                                 /* variables with a score of their own */
    analyte_set_t calculated; /* no condition may name these: they follow from others */
    patient_plan_t all;
    analyte_set_t depends[LAB_MAX_ANALYTES]; /* closure: everything a value depends on */
    int condition_count, group_count;
    condition_t conditions[MAX_CONDITIONS];
    setting_model_t settings[SETTING_COUNT];
    float normal[NORMAL_TABLE]; /* quantiles of the standard normal at equal steps; lab->normal */
    double age_factor[PATIENT_AGE_HIGH + 1];
} patient_model_t;

/* Standard normal scores for the private models of other benches: those numbers of a stream of the patient whose bits
 * (below 28) are `asked`, between persons, and within the person, smooth in the hour. */
void patient_scores(const lab_t *lab, const patient_t *patient, uint64_t which, double hour, uint32_t asked,
                    float *between, float *within);

bool patient_model_load(lab_t *lab, const source_t *content, err_t *err);
bool patient_conditions_load(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err);
/* 1, or less where a condition is rare at that age; 0 where it does not occur in that sex. */
double condition_fit(const condition_t *condition, int sex, int age);

#endif
