/* The catalog: what the laboratory can measure. One row an analyte: its names and codes, its
 * reference and critical limits, how much it varies in a person and between persons, and how well
 * the laboratory measures it. Read from content/lab/analytes.csv; `lab_load` also reads the model
 * of the patients. Everything loaded is immutable: one lab_t may be shared by every thread. */
#ifndef TITER_LAB_CATALOG_H
#define TITER_LAB_CATALOG_H

#include "base/err.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct lab lab_t;

/* Sets of analytes are bit sets: bit i % 64 of word i / 64. */
enum { LAB_MAX_ANALYTES = 192, ANALYTE_WORDS = LAB_MAX_ANALYTES / 64 };

/* Index of every [2] by sex. */
enum { SEX_FEMALE = 0, SEX_MALE = 1 };

/* Where the patient is. `community` is the general adult population. */
typedef enum {
    SETTING_COMMUNITY,
    SETTING_OUTPATIENT,
    SETTING_ED,
    SETTING_INPATIENT,
    SETTING_ICU,
    SETTING_COUNT
} setting_t;

/* Where in the laboratory a test is done. */
typedef enum { BENCH_CHEMISTRY, BENCH_HEMATOLOGY, BENCH_COAGULATION, BENCH_COUNT } bench_t;

/* Control materials have two or three levels. */
enum { ANALYTE_QC_LEVELS = 3 };

typedef enum { DELTA_NONE, DELTA_ABS, DELTA_PCT } delta_kind;

/* A number that the row does not give is NAN. */
typedef struct {
    const char *id, *name, *panel, *loinc, *unit, *si_unit;
    double si_factor;             /* SI = conventional * factor; 0 = affine (hba1c): use analyte_si */
    double ri_low[2], ri_high[2]; /* by sex */
    double critical_low, critical_high;
    double amr_low, amr_high;
    double cvi_pct, cvg_pct;                                           /* within and between persons */
    double qc_target[ANALYTE_QC_LEVELS], qc_cv_pct[ANALYTE_QC_LEVELS]; /* by control level; NAN: there is none */
    double qc_sd[ANALYTE_QC_LEVELS];                                   /* follows from them ... */
    double sd_base, sd_slope, sd_least; /* ... and the analytic SD at x: base + slope x, at least `least` */
    double bias_pct;                    /* typical bias of one instrument */
    double tea_pct, tea_abs;            /* total allowable error: the greater of the two */
    delta_kind delta;
    double delta_limit, delta_window_h;
    int decimals;
    const char *tube, *specimen, *method, *source, *confidence;
    bench_t bench;
    bool derived;  /* computed from others, never drawn and never measured by itself */
    bool measured; /* an analyzer of its bench runs it (not blood gas, urine by strip, a calculation) */
} analyte_t;

/* Reads content/lab/. On failure *lab is NULL and err names file, line and remedy. */
bool lab_load(lab_t **lab, const source_t *content, err_t *err);
void lab_free(lab_t *lab);

int lab_analyte_count(const lab_t *lab);
const analyte_t *lab_analyte(const lab_t *lab, int index);
/* Index, or -1. */
int lab_analyte_find(const lab_t *lab, const char *id);
/* The id that looks most like `id` (edit distance), for "did you mean". */
const char *lab_analyte_nearest(const lab_t *lab, const char *id);

/* "chemistry", "hematology", "coagulation". */
const char *bench_name(bench_t bench);
/* A value in the test's SI unit. HbA1c by the IFCC-NGSP master equation, NGSP = 0.09148 IFCC + 2.152 (Weykamp et al.,
 * Clin Chem 2008;54:240-8). NAN for NAN and where the table gives no factor. */
double analyte_si(const analyte_t *analyte, double value);
/* How many control levels the test has: 0, 2 or 3. */
int analyte_qc_levels(const analyte_t *analyte);

/* "community", "outpatient", "ed", "inpatient", "icu". */
const char *setting_name(setting_t setting);
bool setting_find(const char *name, setting_t *setting);

/* The conditions patients may have: "dka", "ckd3". */
int lab_condition_count(const lab_t *lab);
const char *lab_condition_id(const lab_t *lab, int index);
const char *lab_condition_name(const lab_t *lab, int index);
/* Index, or -1. */
int lab_condition_find(const lab_t *lab, const char *id);

#endif
