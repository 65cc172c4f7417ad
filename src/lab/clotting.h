/* Truth: what clots, and how, in a patient's plasma. A clotting condition (conditions.csv of coagulation) is
 * chosen with the patient; the plasma at an hour follows from it, from the person's own healthy levels and from
 * noise that is a smooth function of the hour. Model and sources: clotting.c; seconds: clotting_model.c. */
#ifndef TITER_LAB_CLOTTING_H
#define TITER_LAB_CLOTTING_H

#include "base/base.h"
#include "lab/coag.h"
#include "patient.h"

/* What the bench measures, in the order of the factors where they are factors. */
typedef enum {
    COAG_PT,
    COAG_INR,
    COAG_APTT,
    COAG_TT,
    COAG_FIB,
    COAG_DDIMER,
    COAG_ANTIXA_UFH,
    COAG_ANTIXA_LMWH,
    COAG_AT,
    COAG_PC,
    COAG_PS,
    COAG_F2,
    COAG_F5,
    COAG_F7,
    COAG_F8,
    COAG_F9,
    COAG_F10,
    COAG_F11,
    COAG_F12,
    COAG_VWFAG,
    COAG_VWFACT,
    COAG_DRVVT,
    COAG_REPT,
    COAG_TESTS
} coag_test_t;

/* The factor that a test assays, or -1. */
static inline int coag_test_factor(coag_test_t test)
{
    return test >= COAG_F2 && test <= COAG_F12 ? (int)test - COAG_F2 + FACTOR_2 : -1;
}

/* Reads the conditions; called once after the patient model. */
bool clotting_load(lab_t *lab, const source_t *content, err_t *err);

int clotting_count(const lab_t *lab);
const char *clotting_id(const lab_t *lab, int index);
const char *clotting_name(const lab_t *lab, int index);
/* Index, or -1: for patient_request_t.clotting (index + 1). */
int clotting_find(const lab_t *lab, const char *id);

/* Platelets (10^9/L) that typically go with a condition; -1, none: 250. */
double clotting_platelets(const lab_t *lab, int condition);

/* Analyte <-> test; -1 where there is none. */
int coag_analyte(const lab_t *lab, coag_test_t test);
int coag_test_of(const lab_t *lab, int analyte);
/* All of them. */
const analyte_set_t *coag_analytes(const lab_t *lab);

/* Sets patient->clotting: as requested; else what goes with the patient's cells (chosen before) and conditions; else
 * drawn by setting. */
void clotting_choose(const lab_t *lab, const patient_request_t *request, patient_t *patient);
/* The patient's plasma at an hour. Same arguments, same plasma. */
void clotting_at(const lab_t *lab, const patient_t *patient, double hour, clotting_t *plasma);
/* The same; single factors, von Willebrand factor and inhibitors are worked out only for those tests that `need` (NULL:
 * all) has. */
void clotting_at_some(const lab_t *lab, const patient_t *patient, double hour, const analyte_set_t *need,
                      clotting_t *plasma);
/* The plasma that a row of the table describes, in a person of typical levels. */
void clotting_of(const lab_t *lab, int condition, clotting_t *plasma);
/* True values, in the units of the catalog; [LAB_MAX_ANALYTES]. Times are cut where an instrument stops. */
void clotting_values(const lab_t *lab, const clotting_t *plasma, double *values);
/* The same; what takes a power is left out where `need` (NULL: all) has it not. */
void clotting_values_some(const lab_t *lab, const clotting_t *plasma, const analyte_set_t *need, double *values);
/* The same of a patient at an hour. */
void clotting_patient_values(const lab_t *lab, const patient_t *patient, double hour, const analyte_set_t *need,
                             double *values);

#endif
