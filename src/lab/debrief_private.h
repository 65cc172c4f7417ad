/* Working state of the debrief and the weights of the score. */
#ifndef TITER_LAB_DEBRIEF_PRIVATE_H
#define TITER_LAB_DEBRIEF_PRIVATE_H

#include "lab/debrief.h"
#include "scenario_private.h"

#include <stdio.h>

/* content/lab/score.csv: points lost, and the most that each part can cost. */
typedef struct {
    double harm[4]; /* by harm_t */
    double wrong_rejection, critical, needless_call, phone, workup, survey, qc_missed, qc_harm, qc_harm_cap,
        false_rejection, blank_record;
    double care_unsigned, care_invented, care_out_of_range, care_excursion, care_stock, care_alarm, care_unverified,
        care_downtime, care_entry, care_false, care_cap;
    double tube_spin, tube_label, tube_unread, tube_add_on, tube_order, tube_aliquot, tube_unstored;
    double review_wrong, review_missed, review_unsigned, review_needless;
    double safety_cap, qc_cap, critical_cap, over_cap, record_cap, turnaround_cap;
} weights_t;

typedef struct {
    const shift_t *shift;
    debrief_t *debrief;
    weights_t weights;
    double line_harm[SHIFT_LINES][LAB_MAX_ANALYTES];
    int line_results[SHIFT_LINES][LAB_MAX_ANALYTES];
    planted_t *planted_of[SCENARIO_PLANTS_MAX];
    int late, timed, finished, blank_records, false_rejections;
    int care_seen, care_right;
    int reviews_judged, reviews_right;
} work_t;

/* ext slot 4 of lab_t. */
const weights_t *score_weights(const lab_t *lab);
bool score_load(lab_t *lab, const source_t *content, err_t *err);
/* care_judge.c */
void care_judge(work_t *w);
/* month_judge.c */
void month_judge(work_t *w);
finding_t *debrief_finding(debrief_t *d, finding_kind_t kind, int32_t at_s);
/* tray_judge.c */
void tray_judge(work_t *w);
void debrief_accession(const shift_t *shift, int32_t specimen, char out[12]);
/* debrief_work.c */
void debrief_unfit(work_t *w);
bool debrief_only_time(const shift_t *shift, int32_t index);
void debrief_calls(work_t *w);
void debrief_turnaround(work_t *w);
void debrief_records(work_t *w);
void debrief_competencies(work_t *w);
double debrief_allowed(const analyte_t *analyte, double truth);

/* The sentence of a finding, when there was room for it. */
#define SAY(f, ...)                                                                                                    \
    do {                                                                                                               \
        finding_t *said = (f);                                                                                         \
        if (said) snprintf(said->text, sizeof said->text, __VA_ARGS__);                                                \
    } while (0)

#endif
