/* Which analyte plays which part: the few tests that rules and formulas of the shift know by name.
 * Looked up once at load (content/lab/modules.csv says which module measures what). */
#ifndef TITER_LAB_ROLES_H
#define TITER_LAB_ROLES_H

#include "lab/catalog.h"

typedef struct {
    int sodium, potassium, chloride, co2, bun, creatinine, glucose, calcium, magnesium, phosphorus, total_protein,
        albumin, ast, alt, alp, ggt, bili_total, bili_direct, ldh, ck, cholesterol, hdl, triglycerides, iron, tibc;
    int anion_gap, globulin, egfr, ldl_calc, tsat;
    uint64_t derived[ANALYTE_WORDS], ise[ANALYTE_WORDS], immunoassay[ANALYTE_WORDS];
    uint64_t dilution_marks[ANALYTE_WORDS]; /* fall together when a tube is diluted or short */
    uint64_t
        identity_marks[ANALYTE_WORDS]; /* stable in a person: fail their delta together in another person's blood */
    int fault_delay, fault_short, fault_old;     /* specimen faults */
    int line_water, line_temperature, line_lamp; /* analyzer faults with a start-up reading */
} lab_roles_t;

/* ext slot 2 of lab_t. */
const lab_roles_t *lab_roles(const lab_t *lab);
bool roles_load(lab_t *lab, const source_t *content, err_t *err);

/* CKD-EPI 2021 creatinine equation (Inker 2021), mL/min/1.73 m2; creatinine in mg/dL. */
double roles_egfr(double creatinine_mg_dl, int age_y, bool male);

/* What an analyzer fault leaves in the books for all to see: a new lot, a calibration, the wrong calibrator. */
typedef struct {
    bool new_lot, calibration, wrong_lot;
    bool isi, mnpt; /* what the computer multiplies the INR with is not that of the lot in use */
} fault_marks_t;
fault_marks_t roles_fault_marks(const lab_t *lab, int analyzer_fault_kind);

#endif
