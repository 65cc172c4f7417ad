/* Faults as transformations: what goes wrong with a tube or with an analyzer, as numbers.
 *
 * A specimen fault takes the true values of the blood to those in the tube; an analyzer fault
 * bends what is measured of patients and controls alike, unless it touches the controls only.
 * Kinds, coefficients and scopes are content (preanalytic.csv, preanalytic_faults.csv, hematology/interferences.csv,
 * iv_fluids.csv, scopes.csv, analytic.csv, hil_limits.csv, absurd_limits.csv); the code knows only
 * the kinds of model. ext slot 0 of lab_t. */
#ifndef TITER_LAB_FAULT_PRIVATE_H
#define TITER_LAB_FAULT_PRIVATE_H

#include "base/base.h"
#include "lab/catalog.h"
#include "lab/fault.h"

/* Reads the fault tables; called once after the catalog. */
bool fault_load(lab_t *lab, const source_t *content, err_t *err);

/* ---- specimens ---- */

/* `fluid` counts only for faults by infusion (lab_fluid_find); -1: 0.9 % saline.
 * `severity` is in the unit of the fault (mg/dL free Hb, fraction, hours, 0/1); 0: no fault. */
typedef struct {
    int16_t kind, fluid;
    float severity;
} specimen_fault_t;

/* By the id of preanalytic_faults.csv ("edta_contam") or an alias ("hemolysis"); -1 when unknown. */
int fault_find(const lab_t *lab, const char *id);
const char *fault_id(const lab_t *lab, int kind);
/* By the id of iv_fluids.csv ("ns", "d5w"); -1 when unknown. */
int fault_fluid_find(const lab_t *lab, const char *id);
/* The tube that is in the hand when the fault is of this severity ("edta" at 1.0), or NULL: as ordered. */
const char *fault_tube(const lab_t *lab, const specimen_fault_t *fault);

/* In the patient -> in the tube, in place. `other`: the other patient's values where blood is exchanged
 * (NULL: nothing happens then). `rng` gives the spread of coefficients between patients; its draws do
 * not depend on the values. Derived analytes are not recomputed. Values touched never fall below 0. */
void fault_apply_specimen(const lab_t *lab, const specimen_fault_t *fault, rng_t *rng, const double *other,
                          double *values);
/* Only what is true of the patient as well (lipids of a lipemic, bilirubin of an icteric, protein of a
 * myeloma patient): for the truth beside the tube. fault_apply_specimen does it too. */
void fault_apply_truth(const lab_t *lab, const specimen_fault_t *fault, double *values);

/* What the serum is like: free hemoglobin, bilirubin, Intralipid equivalent. */
typedef struct {
    float hemolysis_mg_dl, icterus_mg_dl, lipemia_mg_dl;
} hil_t;

/* `values`: true values of the patient; bilirubin or triglycerides that are not given (0 or NAN) count as normal. */
void fault_hil(const lab_t *lab, const specimen_fault_t *faults, int count, const double *values, rng_t *rng,
               hil_t *out);

/* What can be seen, as LOOK_ bits of lab/shift.h. */
typedef struct {
    uint32_t before_spin, after_spin;
} fault_cues_t;

void fault_cues(const lab_t *lab, const specimen_fault_t *fault, fault_cues_t *cues);
/* Its label alone cannot be read; nothing is wrong with the blood. */
bool fault_of_label(const lab_t *lab, const specimen_fault_t *fault);

/* ---- analyzers ---- */

/* `analyte` -1: all of the fault's scope (a fault of one assay then touches nothing: see
 * analyzer_fault_one_assay). `severity` 1: the middle of the range in analytic.csv; negative: the other
 * way, where the sign is free. `growth_h` 0: a step. */
typedef struct {
    int16_t kind, analyte;
    float severity, growth_h;
} analyzer_fault_t;

/* measured = value * mul + add, in the analyte's unit. A fault that is seen by patients and controls
 * alike has patient_ == qc_, and qc_z[level] = (qc_mul * target + qc_add - target) / SD of that control. */
typedef struct {
    double patient_mul, patient_add;
    double qc_mul, qc_add;      /* in the unit of the analyte */
    double qc_z[3];             /* systematic shift of the controls L1, L2, L3 in their SD */
    double sd_mul;              /* imprecision times this */
    double spike_prob, spike_z; /* now and then one reading is off by spike_z SD */
    bool affects;
    uint32_t flags; /* FLAG_ bits of lab/shift.h on every result */
} analyzer_effect_t;

typedef enum {
    REPAIR_NONE,
    REPAIR_CALIBRATE,
    REPAIR_RECALIBRATE_RIGHT_LOT,
    REPAIR_NEW_REAGENT,
    REPAIR_NEW_QC_VIAL,
    REPAIR_REPLACE_ELECTRODE,
    REPAIR_REPLACE_REFERENCE,
    REPAIR_REPLACE_LAMP,
    REPAIR_CLEAN_PROBE,
    REPAIR_PRIME,
    REPAIR_FIX_WATER,
    REPAIR_CUVETTES,
    REPAIR_TEMPERATURE,
    REPAIR_SYRINGE,
    REPAIR_RETARGET_QC,
    REPAIR_LIS,
    REPAIR_SERVICE,
    REPAIR_COUNT
} repair_t;

int analyzer_fault_find(const lab_t *lab, const char *id);
const char *analyzer_fault_id(const lab_t *lab, int kind);
/* True when the fault is of one assay, so that a plant must name it. */
bool analyzer_fault_one_assay(const lab_t *lab, int kind);
/* Is the analyte one that this kind of fault can touch? */
bool analyzer_fault_in_scope(const lab_t *lab, int kind, int analyte);
/* Usual growth in hours (0: a step), for plants that do not say. */
double analyzer_fault_growth_h(const lab_t *lab, int kind);
/* The effect on one analyte `hours` after onset (before it: none). */
void analyzer_fault_effect(const lab_t *lab, const analyzer_fault_t *fault, int analyte, double hours,
                           analyzer_effect_t *out);
bool analyzer_fault_cured_by(const lab_t *lab, int kind, repair_t repair);
/* REPAIR_ by its word in analytic.csv ("calibrate"), or -1. */
int repair_find(const char *word);

/* ---- limits of autoverification ---- */

/* Highest serum index at which the result may go out: index 'H', 'I' or 'L', mg/dL. */
double hil_limit(const lab_t *lab, int analyte, char index);
/* Outside these no living patient's serum is; minus and plus infinity where there is no limit. */
double absurd_low(const lab_t *lab, int analyte);
double absurd_high(const lab_t *lab, int analyte);

#endif
