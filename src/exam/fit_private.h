/* The state of a calibration, shared by calibrate.c (what is maximized), ascent.c (how) and information.c (standard
 * errors). */
#ifndef TITER_EXAM_FIT_PRIVATE_H
#define TITER_EXAM_FIT_PRIVATE_H

#include "estep.h"
#include "exam/calibrate.h"

/* Where a free parameter stands. */
typedef struct {
    int owner; /* item, or -1 - group */
    int local; /* parameter of the curve; for a group 0 the mean, 1 log sd */
} parameter_t;

typedef struct {
    const calibrate_options_t *options;
    const pack_t *data;
    estep_t e;
    curve_t *curves;       /* [items] */
    double *mean, *log_sd; /* [groups] */
    parameter_t *free;     /* [parameters] those of an owner stand together */
    size_t parameters;
    size_t *item_first;  /* [items + 1] into free */
    size_t *group_first; /* [groups + 1] into free, after the items */
    /* of the last fit_evaluate: */
    double log_likelihood, log_prior;
    double *log_mass;   /* [groups] log sum of the weights of the nodes */
    double *gradient;   /* [parameters] of log-likelihood plus log-prior */
    double *item_prior; /* [items] log density of the priors */
    double **block; /* [items + groups] expected information of complete data plus prior, free x free of the owner */
} fit_t;

/* Reads the answers, decides what is free and sets starting values; memory from `work`. `data` is filled and kept. */
bool fit_begin(fit_t *fit, pack_t *data, arena_t *work, const responses_t *r, const calibrate_options_t *options,
               err_t *err);
double fit_get(const fit_t *fit, size_t parameter);
void fit_set(fit_t *fit, size_t parameter, double value);
/* Bounds beyond which a parameter means nothing. */
void fit_bounds(const fit_t *fit, size_t parameter, double *low, double *high);
/* Log-likelihood, log-prior, gradient and blocks at the parameters as they are; false when a curve is not proper. */
bool fit_evaluate(fit_t *fit);
/* Log density of the priors of one item; adds its gradient and minus its second derivatives, by parameter of the curve.
 * `exact` false leaves out what could make those indefinite. */
double fit_item_prior(const fit_t *fit, size_t item, bool exact, double *gradient,
                      double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX]);
/* Score of log A_q of a group in (mean, log sd) at each node, and minus the second derivatives summed over counts. */
void fit_group_scores(const fit_t *fit, int group, double *by_mean, double *by_log_sd);
void fit_group_curvature(const fit_t *fit, int group, double info[2][2]);

/* Row m, column n of the lower triangle of a symmetric matrix in place: L with M = L L'. False when M is not positive
 * definite. */
bool cholesky(double *m, size_t n);
/* x <- M^-1 x. */
void cholesky_solve(const double *l, size_t n, double *x);

/* Climbs to the maximum. *information is the observed information there (parameters x parameters, malloc'ed, NULL when
 * there are too many or none could be had). */
bool ascend(fit_t *fit, int *iterations, bool *converged, double **information, err_t *err);
/* Observed information at the last evaluation. */
bool information_observed(fit_t *fit, double *information, err_t *err);
/* Takes the covariances of patterns off the lower triangle of `information`, node by node: of all patterns, or only of
 * those that miss an answer. Needs the tables of the last evaluation. */
bool information_by_nodes(fit_t *fit, double *information, bool incomplete_only, err_t *err);

#endif
