/* Truth: what a coagulation analyzer prints of a tube.
 *
 *   coag_tube_t tube = coag_tube();                    // a good tube
 *   coag_tube_add(lab, &fault, &tube);                 // each specimen fault
 *   coag_specimen(&plasma, &tube, COAG_PLAIN, &specimen);
 *   coag_run(&machine, &specimen, tests, count, &rng, results);
 *
 * Models and sources: coagulometer.c. */
#ifndef TITER_LAB_COAGULOMETER_H
#define TITER_LAB_COAGULOMETER_H

#include "clotting.h"
#include "fault.h"

/* ---- the tube ---- */

/* Which part of coag_tube_t a kind of specimen fault moves; fault tables keep it with the kind. */
typedef enum {
    TUBE_NOTHING,
    TUBE_FILL,
    TUBE_HEMATOCRIT,
    TUBE_CLOT,
    TUBE_EDTA,
    TUBE_HEPARIN,
    TUBE_FLUSH, /* heparinized flush from a line: dilution and heparin */
    TUBE_HEMOLYSIS,
    TUBE_LIPEMIA,
    TUBE_ICTERUS,
    TUBE_PLATELETS,
    TUBE_AGE,
    TUBE_COLD,
    TUBE_DRUG,
    TUBE_DILUTION,
    TUBE_SHORT
} tube_effect_t;

/* By the id of a fault kind: "UNDERFILL_COAG", "iv_contam". */
tube_effect_t coag_tube_effect(const char *fault_id);

typedef struct {
    double fill;                                      /* of the nominal volume */
    double hematocrit;                                /* fraction */
    double clotted;                                   /* share */
    double edta;                                      /* share of EDTA blood */
    double heparin;                                   /* added, IU/mL */
    double dilution;                                  /* share of infusion */
    double free_hemoglobin, triglycerides, bilirubin; /* mg/dL */
    double platelets;                                 /* left in the plasma, 10^9/L */
    double hours;                                     /* since collection */
    double on_cells_h;                                /* of these, before the spin */
    double xa_drug;                                   /* share of the rivaroxaban peak */
    bool cold, short_sample;
} coag_tube_t;

coag_tube_t coag_tube(void);
/* Adds one fault; kinds that do not touch clotting change nothing. */
void coag_tube_add(const lab_t *lab, const specimen_fault_t *fault, coag_tube_t *tube);

/* ---- what is done with it ---- */

typedef enum {
    COAG_PLAIN,
    COAG_HEPARINASE,        /* heparin neutralized */
    COAG_MIXED,             /* 1:1 with the normal pool, at once */
    COAG_MIXED_INCUBATED,   /* ... 2 h at 37 C together */
    COAG_INCUBATED_CONTROL, /* 2 h at 37 C apart, then mixed */
    COAG_ADJUSTED_CITRATE,  /* collected again with citrate for the hematocrit, filled to the line */
    COAG_DOUBLE_SPUN,       /* platelets removed */
    COAG_ULTRACENTRIFUGED,  /* fat removed */
    COAG_ADSORBED,          /* direct anticoagulant removed */
    COAG_TREATMENTS
} coag_treatment_t;

/* The plasma in the cup, and what the tube does to the tests beyond it. */
typedef struct {
    clotting_t plasma;
    double pt_mul, aptt_mul; /* excess citrate, age, EDTA */
    double quantity;         /* of what is measured as an amount: plasma diluted by citrate */
    double factor_8_mul;     /* of the assay: age */
    double noise;            /* imprecision times this */
    double free_hemoglobin, triglycerides, bilirubin;
    bool clot, short_sample;
} coag_specimen_t;

void coag_specimen(const clotting_t *plasma, const coag_tube_t *tube, coag_treatment_t treatment,
                   coag_specimen_t *specimen);

/* ---- the analyzer ---- */

typedef enum { COAG_OPTICAL, COAG_MECHANICAL } coag_method_t;

typedef struct {
    coag_method_t method;
    clot_reagents_t reagents;
    double isi_true, isi_used;                /* of the thromboplastin lot; as the computer has it */
    double mnpt_true, mnpt_used;              /* seconds */
    double gain[COAG_TESTS];                  /* reading times this: 1 */
    double cv[COAG_TESTS];                    /* imprecision as a fraction */
    double low[COAG_TESTS], high[COAG_TESTS]; /* measuring range */
} coagulometer_t;

/* In order: ISI 1, MNPT 12 s, imprecision and ranges of the catalog. */
void coagulometer_init(const lab_t *lab, coag_method_t method, coagulometer_t *machine);

enum {
    COAG_NO_CLOT = 1 << 0,
    COAG_SLOW_ONSET = 1 << 1,
    COAG_CURVE_ABNORMAL = 1 << 2,
    COAG_LIPEMIC = 1 << 3,
    COAG_ICTERIC = 1 << 4,
    COAG_HEMOLYZED = 1 << 5,
    COAG_CLOT_IN_TUBE = 1 << 6, /* or low sample: the needle cannot tell */
    COAG_ABOVE = 1 << 7,        /* print ">" */
    COAG_BELOW = 1 << 8,        /* print "<" */
    COAG_REDILUTED = 1 << 9,
    COAG_NOT_PARALLEL = 1 << 10,
    COAG_FLAGS = 11
};
/* "no clot", ... of one bit. */
const char *coag_flag_words(uint32_t flag);

typedef struct {
    double value; /* NAN: no result */
    uint32_t flags;
    double dilution[3]; /* factor assays: what 1:10, 1:20 and 1:40 read, in % */
} coag_result_t;

/* Results of `count` tests in the order asked. `rng` NULL: without imprecision; else one normal a test, whatever
 * the values (PT and INR share theirs). */
void coag_run(const coagulometer_t *machine, const coag_specimen_t *specimen, const coag_test_t *tests, int count,
              rng_t *rng, coag_result_t *results);

/* The optical curve of a test of clotting time on this specimen (PT, aPTT, TT, REPT); infinite seconds: flat. */
void coag_curve(const coagulometer_t *machine, const coag_specimen_t *specimen, coag_test_t test, double last,
                clot_point_t *points, int count);

/* For `titer lab fault`: what a drawn patient's tube reads with one fault (NULL: with none), without imprecision,
 * into `values` (NAN: no result). A fault that does not touch clotting changes nothing. */
void coagulometer_show(const lab_t *lab, const patient_t *patient, const specimen_fault_t *fault, double *values);

#endif
