/* Truth: who the patients are and what is really in their blood.
 *
 * A patient is a key (a random number), a sex, an age, up to three conditions and, for each
 * analyte, a set-point; the value at an hour is the set-point moved by within-subject noise that is
 * a function of the hour, so any hour can be asked in any order. Model and sources: patient.c. */
#ifndef TITER_LAB_PATIENT_H
#define TITER_LAB_PATIENT_H

#include "lab/catalog.h"

#include <stdint.h>

enum {
    PATIENT_MAX_CONDITIONS = 4,
    PATIENT_AGE_LOW = 18,
    PATIENT_AGE_HIGH = 100,
    SCORE_BAND = 4,                              /* scores that are drawn and joined side by side */
    SCORE_SLOTS = LAB_MAX_ANALYTES + SCORE_BAND, /* the joined ones first, in whole bands */
};

typedef struct {
    uint64_t bits[ANALYTE_WORDS];
} analyte_set_t;

static inline void analyte_set_add(analyte_set_t *set, int analyte)
{
    set->bits[analyte >> 6] |= (uint64_t)1 << (analyte & 63);
}

static inline bool analyte_set_has(const analyte_set_t *set, int analyte)
{
    return (set->bits[analyte >> 6] >> (analyte & 63)) & 1;
}

static inline void analyte_set_join(analyte_set_t *set, const analyte_set_t *other)
{
    for (int w = 0; w < ANALYTE_WORDS; w++) set->bits[w] |= other->bits[w];
}

typedef struct {
    bool healthy;          /* no condition, healthy reference population */
    int sex;               /* SEX_FEMALE, SEX_MALE, or -1: drawn */
    int age_low, age_high; /* 0, 0: drawn from the setting */
    int forced_count;      /* conditions that the patient must have (by index) ... */
    int16_t forced[PATIENT_MAX_CONDITIONS];
    bool only_forced; /* ... and no other */
    /* Conditions of the cells (cells.h) and of clotting (clotting.h) that the patient must have: index + 1;
     * 0: whatever goes with the others, or drawn. */
    int16_t cells, clotting;
} patient_request_t;

/* A request that asks for nothing (sex -1, the rest 0). */
static inline patient_request_t patient_any(void)
{
    return (patient_request_t){.sex = -1};
}

typedef struct {
    uint8_t sex, setting, n_conditions, age_y;
    bool healthy;
    int16_t condition[PATIENT_MAX_CONDITIONS];
    int16_t cells, clotting; /* index of the condition, -1: none; set where the plan asks for such analytes */
    uint64_t key;
    analyte_set_t settled;       /* analytes whose set-points are filled in */
    float setpoint[SCORE_SLOTS]; /* correlated standard-normal scores between persons, by slot of the model */
} patient_t;

/* What must be computed to answer for a set of analytes. */
typedef struct {
    analyte_set_t need; /* what was asked and everything that it depends on */
    int value_count, own_count;
    uint8_t values[LAB_MAX_ANALYTES]; /* needed variables that are drawn */
    uint8_t own[LAB_MAX_ANALYTES];    /* slots of those whose scores are independent, ascending */
    int drawn_bands;                  /* so many bands of joined scores enter ... */
    uint32_t bands;                   /* ... and these are needed */
    bool cells, clotting;             /* analytes of hematology, of coagulation are wanted */
} patient_plan_t;

void patient_plan(const lab_t *lab, const analyte_set_t *wanted, patient_plan_t *plan);

/* Patient `index` of the stream `seed`. Same arguments, same patient. `request` may be NULL. */
void patient_draw(const lab_t *lab, setting_t setting, const patient_request_t *request, uint64_t seed, uint64_t index,
                  patient_t *out);
/* The same patient with only the set-points that `plan` needs (cheaper). */
void patient_draw_some(const lab_t *lab, setting_t setting, const patient_request_t *request, uint64_t seed,
                       uint64_t index, const patient_plan_t *plan, patient_t *out);

/* True values of all analytes at `hour` (relative to the start of the shift; may be negative). */
void patient_values(const lab_t *lab, const patient_t *patient, double hour, double *values /* [LAB_MAX_ANALYTES] */);
/* Only those that `plan` needs; the others in `values` are left as they are. The numbers are the
 * same, bit for bit, as those of patient_values. */
void patient_values_some(const lab_t *lab, const patient_t *patient, double hour, const patient_plan_t *plan,
                         double *values);
/* The same at two moments, which share what does not move: cheaper than twice one. */
void patient_values_twice(const lab_t *lab, const patient_t *patient, const double hour[2], const patient_plan_t *plan,
                          double *const values[2]);

#endif
