/* The blood counter: from the cells in a tube to what the instrument prints.
 *
 * Input is the blood, the plasma around it, the faults of the specimen, its age and the instrument's state; output a
 * value or a mark per analyte, and flags. The counter knows nothing else: flags follow from the densities that it
 * would draw as histograms and scattergrams. Model and sources: counter.c, counter_flags.c. */
#ifndef TITER_LAB_COUNTER_H
#define TITER_LAB_COUNTER_H

#include "cells.h"
#include "fault.h"
#include "lab/hematology.h"
#include "lab/review.h"

/* What the counter measures by itself; everything else it calculates. */
typedef enum {
    CHANNEL_WBC,
    CHANNEL_RBC,
    CHANNEL_HGB,
    CHANNEL_MCV,
    CHANNEL_RDW,
    CHANNEL_PLT,
    CHANNEL_MPV,
    CHANNEL_NRBC,
    CHANNEL_NEUT,
    CHANNEL_LYMPH,
    CHANNEL_MONO,
    CHANNEL_EOS,
    CHANNEL_BASO,
    CHANNEL_IG,
    CHANNEL_RET,
    CHANNEL_IRF,
    CHANNEL_RETHE,
    CHANNEL_IPF,
    CHANNEL_COUNT
} channel_t;

/* What is in the plasma of the blood, before the faults of the specimen. */
typedef struct {
    double glucose, sodium, triglycerides, bilirubin; /* mg/dL, mmol/L, mg/dL, mg/dL; NAN: normal */
    double free_hemoglobin;                           /* mg/dL, in the patient (in vivo hemolysis) */
} plasma_t;

/* From the true values of the patient; absent (0, NAN) analytes count as normal. */
plasma_t counter_plasma(const lab_t *lab, const double *values);

typedef struct {
    const cells_t *cells;
    plasma_t plasma;
    const specimen_fault_t *faults; /* chemistry kinds that matter to counts, and those of hematology */
    int fault_count;
    double age_h;  /* hours since collection */
    bool cold;     /* kept at 4 C */
    uint64_t seed; /* of the specimen: coefficients that differ between specimens */
} count_tube_t;

typedef struct {
    double gain[CHANNEL_COUNT], offset[CHANNEL_COUNT]; /* measured = x gain + offset */
    double imprecision;                                /* times the usual SD; 0: a noiseless instrument */
    double background[CHANNEL_COUNT];                  /* what an empty run reads: WBC, RBC, HGB, PLT */
    double carryover;                                  /* fraction of the sample before */
    double before[CHANNEL_COUNT];                      /* what the sample before had in it (0: a rinse) */
    double aperture;                                   /* 0 free to 1: partly blocked */
    double nrbc_counted;                               /* fraction of nucleated red cells counted as white, 0: none */
    uint64_t system;                                   /* system flags raised by the instrument itself */
} counter_state_t;

/* A needle that is not rinsed leaves so much of a sample in the next; a good one less than 1 %. */
enum { COUNT_CARRY_OVER_PCT = 3 };
/* The test that prints a channel, by catalog index; -1: none. */
int counter_channel_analyte(const lab_t *lab, channel_t channel);

/* A clean, calibrated instrument. */
counter_state_t counter_clean(void);

typedef enum { MARK_NONE, MARK_DOUBT, MARK_CORRECTED, MARK_OVER, MARK_UNDER, MARK_VOTE_OUT, MARK_NOT_MEASURED } mark_t;

typedef struct {
    double value[HEMA_COUNT]; /* as printed; NAN where there is none */
    uint8_t mark[HEMA_COUNT]; /* mark_t */
    uint64_t flags;           /* bit per flag, see lab/hematology.h */
    double raw[CHANNEL_COUNT];
} count_t;

/* Runs the tube once. `run` counts the runs of one specimen: another run, other noise. */
void counter_run(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                 uint64_t run, count_t *out);
/* The printed values by catalog index; the analytes without a value become NAN, the others of the bench are written. */
void counter_values(const lab_t *lab, const count_t *count, double *values);

/* The sample after this one is reached by its carry-over (a rinse: counter_clean's zeros again). */
void counter_follow(counter_state_t *state, const count_t *count);
/* Writes values, vote-outs and flags into a case for the review rules; the rest of the case is the caller's. */
void counter_case(const lab_t *lab, const count_t *count, review_case_t *out);

/* Histograms: density per bin, area 1. Scattergram: points of `count` events. Both as functions of the specimen's and
 * the run's seed alone, computed when somebody looks. */
void counter_histogram(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                       uint64_t run, count_curve_t curve, float bins[COUNT_BINS]);
int counter_scatter(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                    uint64_t run, int most, count_dot_t *dots);

/* Reads content/lab/hematology/ (interferences, their effects, the counter's figures); after fault_load. */
bool counter_load(lab_t *lab, const source_t *content, err_t *err);

/* What takes an interference away: bit per counter_mode_t; 0: nothing but a new specimen. By fault kind. */
uint32_t counter_resolutions(const lab_t *lab, int fault_kind);
/* The reach of a flag: the analytes that it casts doubt on. */
void counter_flag_reach(const lab_t *lab, int flag, analyte_set_t *out);
/* The trait as an interference of the same id: its fault kind, or -1. */
int counter_trait_fault(const lab_t *lab, trait_t trait);

#endif
