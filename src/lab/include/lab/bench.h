/* What the hematology and coagulation benches show of a specimen, beside its results: flags, rules, histograms,
 * studies, clot curves, the words of a film. Sight only. */
#ifndef TITER_LAB_BENCH_H
#define TITER_LAB_BENCH_H

#include "lab/coag.h"
#include "lab/hematology.h"
#include "lab/review.h"
#include "lab/shift.h"

/* ---- hematology ---- */

typedef struct {
    uint64_t flags;      /* bits of count_flag_t, of the last count */
    uint64_t review;     /* rules that the last count broke: see review_rule */
    counter_mode_t mode; /* how it was run */
    int runs;
} count_view_t;

/* False before the specimen has been counted. */
bool shift_count(const shift_t *shift, int32_t specimen, count_view_t *view);
/* The laboratory's review rules. */
const review_t *lab_review(const lab_t *lab);
/* Density per bin of the last count; false before it. */
bool shift_count_curve(const shift_t *shift, int32_t specimen, count_curve_t curve, float bins[COUNT_BINS]);
/* Points of the white cell scattergram; returns how many. */
int shift_count_dots(const shift_t *shift, int32_t specimen, int most, count_dot_t *dots);
/* What the colleague saw on the film, in words; false before it was read. */
bool shift_film(const shift_t *shift, int32_t specimen, text_t *out);
/* Of these words only: platelets in clumps, or around neutrophils. */
bool shift_film_clumps(const shift_t *shift, int32_t specimen);
/* Bull's patient averages of the last full batch, as a percentage of the target; NAN before. MCV, MCH, MCHC. */
double shift_bull_pct(const shift_t *shift, int which);

/* ---- coagulation ---- */

typedef struct {
    int32_t at_s;
    int analyte;
    treatment_t treatment;
    double value; /* NAN: no clot within the limit */
    int below_or_above;
    char text[16];
} study_view_t;

/* What the computer multiplies the INR with: ISI of the thromboplastin lot and mean normal PT, seconds, as entered. */
void shift_inr_lot(const shift_t *shift, double *isi, double *mnpt_s);
/* The same as the papers of the lot in use have them: ISI of the insert, mean normal PT as found with that lot. */
void shift_inr_box(const shift_t *shift, double *isi, double *mnpt_s);
/* Studies of a specimen, oldest first; returns how many. */
int shift_studies(const shift_t *shift, int32_t specimen, study_view_t *views, int max);
/* Mean and upper limit of the normal pool for a clotting time, seconds; false where there is none. */
bool shift_normal_pool(const shift_t *shift, int analyte, double *mean_s, double *high_s);
/* The curve of a clotting test of the specimen as it was run first; false before. */
bool shift_clot_curve(const shift_t *shift, int32_t specimen, int analyte, clot_point_t *points, int count);

/* ---- treatments ---- */

bench_t treatment_bench(treatment_t treatment);
const char *treatment_word(treatment_t treatment);  /* "warm" */
const char *treatment_words(treatment_t treatment); /* "Warm to 37 °C and rerun" */
int treatment_minutes(treatment_t treatment);
/* The treatment is of one test, which has to be named. */
bool treatment_of_test(treatment_t treatment);
/* One is running on the specimen until then; INT32_MIN: none. */
int32_t shift_treated_until_s(const shift_t *shift, int32_t specimen);

#endif
