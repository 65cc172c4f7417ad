/* Calibration: item parameters from answers, by marginal maximum likelihood (Bock and Aitkin 1981), or its Bayesian
 * mode when there are priors (Mislevy 1986).
 *
 * Identification: ability has mean 0 and SD 1 in the first group; rasch and pcm (slope 1) let the SD of the first
 * group free instead; with anchored items the mean and SD of every group are free (Kim 2006). Further groups always
 * have their own mean and SD. With a prior for each item the mean of every group is free, too: the priors hold the
 * scale. Ability is integrated over equally spaced nodes whose weights follow each group's normal density and sum to 1.
 *
 * Standard errors come from the observed information of the marginal likelihood (Louis 1982), which has the priors'
 * share in it, and reach b and c by the delta method. Results do not depend on the number of threads; they may differ
 * between machines in the last digits. */
#ifndef TITER_EXAM_CALIBRATE_H
#define TITER_EXAM_CALIBRATE_H

#include "base/arena.h"
#include "exam/items.h"

enum {
    CALIBRATE_NODES_MIN = 5,
    CALIBRATE_NODES_MAX = 401,
    CALIBRATE_GROUPS_MAX = 64,
    CALIBRATE_THREADS_MAX = 64,
    CALIBRATE_ITERATIONS_MAX = 500,
    CALIBRATE_ERRORS_MAX = 4000, /* free parameters up to which standard errors are computed */
};

/* A normal prior; sd 0 is none. */
typedef struct {
    double mean, sd;
} prior_t;

typedef enum { CALIBRATE_FREE, CALIBRATE_FIX_GUESS, CALIBRATE_FIX_ALL } calibrate_fix_t;

typedef struct {
    irt_model_t model;
    int nodes;        /* 61 */
    double range;     /* 6: the nodes span -range .. range */
    double tolerance; /* 1e-4: converged when the Newton step of every parameter (a; intercepts, i.e. a b; logit c) is
                         smaller */
    int threads;
    prior_t guess;                /* on logit c of 3pl */
    prior_t slope;                /* on ln a of items with a free slope */
    prior_t difficulty;           /* on every b */
    const prior_t *difficulty_of; /* [items] or NULL; each with an SD, in the place of `difficulty` */
    const irt_item_t *start;      /* [items] or NULL; read where `fix` says so */
    const calibrate_fix_t *fix;   /* [items] or NULL */
    const int *group_of;          /* [persons] below `groups`, or NULL */
    int groups;                   /* 1 when there is one */
} calibrate_options_t;

/* The usual options: 61 nodes on -6 .. 6, tolerance 1e-4, one thread, one group, and for 3pl logit c ~ N(-1.4, 0.5). */
calibrate_options_t calibrate_defaults(irt_model_t model);

typedef struct {
    irt_item_t item;
    bool fixed;                                      /* all of it was given */
    double se_a, se_b[IRT_CATEGORIES_MAX - 1], se_c; /* 0 where not estimated, NaN where the information gives none */
} calibrated_item_t;

typedef struct {
    size_t persons;
    double mean, sd;
    bool mean_free, sd_free;
    double se_mean, se_variance;
} calibrated_group_t;

typedef struct {
    calibrated_item_t *items; /* [count] */
    size_t count;
    calibrated_group_t *groups; /* [group_count] */
    int group_count;
    size_t persons, patterns, parameters;
    size_t
        at_bound; /* parameters at the end of what they may be: the answers do not determine them, they have no error */
    double log_likelihood, log_prior; /* the prior's density is not in the likelihood */
    int iterations;                   /* evaluations of the likelihood */
    bool converged;
    bool errors;      /* were standard errors computed? */
    double end_share; /* persons whose posterior lies at the two end nodes, as a share: above 1e-4 the range is too
                         short */
} calibration_t;

/* Fits the items of `responses` (in its order, with its names). Refuses fewer than two items (three where slopes are
 * free), an item that everybody answered alike (unless it is of two categories and has its own prior), a category that
 * nobody gave, and more than the limits; says so when it has not converged through `converged`. Memory of the result is
 * from `arena`; much more is used meanwhile. */
bool calibrate(calibration_t *result, arena_t *arena, const responses_t *responses, const calibrate_options_t *options,
               err_t *err);

#endif
