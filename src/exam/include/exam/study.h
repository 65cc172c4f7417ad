/* What a design of adaptive tests does, by simulation: sittings of drawn people whose abilities are known.
 * Answers of person p to item i are the same numbers whatever else is in the test, so designs can be compared. */
#ifndef TITER_EXAM_STUDY_H
#define TITER_EXAM_STUDY_H

#include "exam/cat.h"

enum { STUDY_PEOPLE_MAX = 10000000, STUDY_BANDS = 8, STUDY_DECILES = 11, STUDY_STEPS = 14 };

typedef struct {
    uint32_t people;
    uint64_t seed;
    double mean, sd; /* abilities are normal; sd 0: everybody has the mean */
} study_plan_t;

/* Of the people whose true ability lies in [low, high). */
typedef struct {
    double low, high;
    uint32_t people;
    double bias, rmse; /* estimate minus truth */
    double se;         /* root of the mean squared standard error that the sittings state */
    double mean_length;
} study_band_t;

/* Of the people whose true ability less the mark lies in [low, high): how many were judged rightly. */
typedef struct {
    double low, high;
    uint32_t people, right;
} study_step_t;

typedef struct {
    uint32_t people;
    double mean_length;
    int shortest, longest;
    double bias, rmse, correlation; /* of estimates and truth */
    double se;                      /* as in a band; infinite estimates are left out here */
    uint32_t unbounded;             /* estimates without a finite maximum (mle) */
    study_band_t bands[STUDY_BANDS];
    uint32_t stops[CAT_STOP_ITEMS + 1]; /* by reason */
    /* use of the bank: an item's exposure is the share of the sittings in which it was given */
    double exposure_max, exposure_mean, exposure_sd, unused_share;
    uint32_t exposure_deciles[STUDY_DECILES]; /* items unused; above 0 to 0.1; ... above 0.9 to 1 */
    const uint32_t *given;                    /* [items of the bank] tests that had the item */
    double overlap;                           /* mean share of items that two tests have in common */
    uint32_t yielded;                         /* cat_use_t */
    /* content: items of each area; tests with an area outside its quotas, and the largest distance */
    double area_mean[AREAS_MAX];
    int area_least[AREAS_MAX], area_most[AREAS_MAX];
    uint32_t quota_violations;
    int quota_distance;
    /* decisions, where the design has a mark */
    uint32_t decided;                             /* sittings that the rule ended */
    uint32_t right, false_pass, false_fail, able; /* able: truly above the mark */
    study_step_t steps[STUDY_STEPS];              /* a quarter of a logit each around the mark, the outer two open */
} study_t;

/* Called after each sitting, for tests of properties that are not in the summary; NULL: nothing. */
typedef void study_watch_t(void *context, const cat_view_t *view, double truth);

/* Plays the sittings in the order of their numbers. `use` counts on from what it holds; NULL: no exposure control. */
bool study_run(study_t *study, arena_t *arena, const cat_bank_t *bank, const study_plan_t *plan, cat_use_t *use,
               study_watch_t *watch, void *context, err_t *err);

/* Finds Sympson and Hetter's parameters for this bank, design and population, by at most `rounds` simulations of
 * plan->people sittings each, until no item is given in a share above r_max + 0.01. The parameters stay in `use`, whose
 * counts are forgotten; *reached is the greatest exposure of the last round. */
bool study_tune(cat_use_t *use, arena_t *arena, const cat_bank_t *bank, const study_plan_t *plan, int rounds,
                double *reached, err_t *err);

#endif
