/* The month of a test's controls, as it is reviewed and signed: what the accepted runs of the present control lot come
 * to beside the limits that are assigned, what was signed, and since when new limits hold. Sight only, like
 * lab/shift.h; the action is ACT_REVIEW_QC of that header. Limits of judgement are those of procedure CH-029. */
#ifndef TITER_LAB_MONTH_H
#define TITER_LAB_MONTH_H

#include "lab/shift.h"

enum {
    MONTH_POINTS_MIN = 20,   /* accepted runs for a mean and SD of one's own (CLSI C24) */
    MONTH_REVIEWS_MAX = 64,  /* signed in one shift */
    MONTH_INITIALS_MAX = 8,  /* letters and dots */
    MONTH_SCATTER_LEAST = 6, /* values beyond 2 SD, of CH-029 as the numbers below */
    MONTH_ANY_SENSE_SD = 20  /* a new mean lies within so many of the assigned SD from the assigned mean */
};
/* CH-029: when the mean has left its place, the SD is far too wide, the month moves, or scatters too much. */
static const double MONTH_OFF_SD = 0.75, MONTH_WIDE_RATIO = 0.6, MONTH_MOVES_SD = 1.15, MONTH_LEVEL_MOVES_SD = 1.6,
                    MONTH_SCATTER = 0.125;

typedef enum { REVIEW_KEEP, REVIEW_SET, REVIEW_INVESTIGATE, REVIEW_DECISIONS } review_decision_t;
/* "keep the limits". */
const char *review_decision_word(review_decision_t decision);

/* One level, in the unit of the test. What cannot be computed is NAN. */
typedef struct {
    double mean, sd, cv_pct; /* of the accepted runs; from two on */
    double assigned_mean, assigned_sd;
    double off_sd, sd_ratio;      /* (mean - assigned) / assigned SD; SD / assigned SD */
    double first_mean, last_mean; /* of the first and the last third of the accepted runs; from six on */
    double all_mean, all_sd;      /* with the rejected runs: what must not be used */
    int warnings;                 /* accepted runs beyond 2 SD, by the limits of their time */
    int beyond;                   /* the same with rejected runs that have no assignable cause */
} month_level_t;

typedef struct {
    int levels;
    bool due;        /* this shift is to sign it */
    int32_t due_s;   /* since when; INT32_MIN: not due */
    int32_t since_s; /* the first run of the present control lot among those that are kept */
    bool lot_began;  /* the present control lot began in this month, with that run */
    int runs;        /* of the present control lot */
    int accepted;    /* in control or warning, without an assignable cause */
    int rejected;    /* kept apart: rejected, or with an assignable cause */
    int caused;      /* of those, with a cause that was found */
    int not_judged;  /* kept apart as well */
    int reviews;     /* signed in this shift */
    month_level_t level[SHIFT_QC_LEVELS];
} month_t;

/* False when the test has no controls on that line. */
bool month_of(const shift_t *shift, int line, int analyte, month_t *month);

/* What the procedure says of these numbers: a decision, and for REVIEW_SET the levels as bits (1 << level). */
typedef struct {
    review_decision_t decision;
    uint32_t levels;
    bool few, moves, scatters; /* why */
} month_advice_t;
month_advice_t month_advice(const month_t *month);

/* Tests whose review this shift is to sign and has not: how many there are, at most `max` of them listed. */
typedef struct {
    int line, analyte;
    int32_t due_s;
} month_due_t;
int month_due(const shift_t *shift, month_due_t *list, int max);

typedef struct {
    int line, analyte;
    review_decision_t decision;
    uint32_t levels;                                           /* of REVIEW_SET: bits 1 << level */
    double mean[SHIFT_QC_LEVELS], sd[SHIFT_QC_LEVELS];         /* as signed; NAN where unchanged */
    double old_mean[SHIFT_QC_LEVELS], old_sd[SHIFT_QC_LEVELS]; /* before */
    int points;                                                /* accepted runs when it was signed */
    int32_t at_s;
    char initials[MONTH_INITIALS_MAX + 1];
    const char *remark; /* "" when there is none */
} month_review_t;

int month_review_count(const shift_t *shift);
bool month_review(const shift_t *shift, int index, month_review_t *review);

/* The day of a moment of the shift or before it: "2026-11-03". */
void month_day(const shift_t *shift, int32_t at_s, char day[11]);

#endif
