/* What a sitting says, how surely, and what to do next. Pure: from the sitting, after its end.
 *
 * The measure is an EAP under the Rasch model with the bank's difficulties (ability.h); all answers of one sitting
 * count, items that were voided do not, and an item without an answer counts as wrong. It stands on a scale of this
 * program, mean 500 and 100 a logit, where 500 is the ability at which half of the bank's middle items are answered:
 * not the scale of any examination. Difficulties are authors' estimates; the error of their mean, sqrt(sum sd^2) /
 * items, is added to the error of the estimate in quadrature and widens the interval. */
#ifndef TITER_EXAM_REPORT_H
#define TITER_EXAM_REPORT_H

#include "exam/sitting.h"

enum {
    REPORT_OBJECTIVES_MAX = 10,
    REPORT_LEAST = 10, /* items of an area below which it is to be read lightly */
    REPORT_SURE_LEAST = 10,
};

typedef struct {
    const char *area; /* of the form's outline */
    int items, right;
    double credit;   /* sum */
    double expected; /* sum of the model's chances at the measure */
    int64_t spent_ms;
    bool lightly;
} report_area_t;

typedef struct {
    const char *objective, *words, *lesson;
    int items, wrong;
    double worth; /* share of the outline that rests on it, percent, times the share missed: how they are ordered */
} report_objective_t;

typedef struct {
    int items, answered, right, voided, unanswered;
    double credit; /* sum over the items that count */
    ability_t ability;
    double se;               /* with the uncertainty of the difficulties */
    double score, low, high; /* 500 + 100 theta; 95 % interval */
    report_area_t areas[FORM_AREAS_MAX];
    int area_count;
    int64_t used_ms, median_ms;
    int quick_wrong; /* wrong in less than half of the median time */
    /* Sure of: what was said of answers, and how many were right. */
    int said[SURES], said_right[SURES];
    bool overconfident; /* enough said, and "sure" was right clearly less often than nine in ten */
    /* Wrong although the measure gives at least 0.7: a slip; wrong with less than 0.5: a gap. */
    int slips, gaps;
    int changed; /* items whose answer was changed */
    report_objective_t objectives[REPORT_OBJECTIVES_MAX];
    int objective_count;
} report_t;

bool report_make(const sitting_t *sitting, report_t *report, err_t *err);

typedef enum { COMPARE_SAME, COMPARE_BETTER, COMPARE_WORSE } compare_t;
/* Is the difference of two measures beyond their errors (1.96 standard errors of the difference)? */
compare_t report_compare(double score, double se, double earlier, double earlier_se);

/* Chance that an entry is answered right at this ability. */
double report_chance(const sitting_entry_t *entry, double theta);

#endif
