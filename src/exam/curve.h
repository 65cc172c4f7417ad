/* Response curves in the parameters of calibration, where likelihoods are closest to quadratic.
 *
 *   rasch, 2pl, pcm, gpcm   log P(k) = k a theta + d_k - log sum, d_0 = 0
 *   grm                     P(X >= k) = s(a theta + d_k), d_1 > d_2 > ...
 *   3pl                     P = c + (1 - c) s(a theta + d_1), psi = logit c
 *
 * Parameter 0 is a, parameters 1 .. K-1 are the d's, and psi of 3pl is parameter 2. From and to items of model.h:
 * 2pl, grm b_k = -d_k / a; gpcm b_k = (d_(k-1) - d_k) / a. */
#ifndef TITER_EXAM_CURVE_H
#define TITER_EXAM_CURVE_H

#include "exam/model.h"

typedef enum { CURVE_DIVIDE, CURVE_GRADED, CURVE_GUESS } curve_kind_t;
enum { CURVE_PARAMETERS_MAX = IRT_CATEGORIES_MAX };

typedef struct {
    curve_kind_t kind;
    int categories, parameters;
    double at[CURVE_PARAMETERS_MAX];
} curve_t;

/* One curve at one ability: P(k), log P(k) and its gradient. */
typedef struct {
    double p[IRT_CATEGORIES_MAX], log_p[IRT_CATEGORIES_MAX];
    double score[IRT_CATEGORIES_MAX][CURVE_PARAMETERS_MAX];
} curve_point_t;

curve_t curve_from_item(const irt_item_t *item);
/* Sets a, b and c; id and model stay as they are. */
void curve_to_item(const curve_t *curve, irt_item_t *item);
/* row[m] = d b_k / d parameter m. */
void curve_difficulty_gradient(const curve_t *curve, int k, double *row);
/* May it be evaluated: finite, and a graded item's thresholds in order? */
bool curve_is_proper(const curve_t *curve);
void curve_log(const curve_t *curve, double theta, double *log_p);
void curve_point(const curve_t *curve, double theta, curve_point_t *point);
/* info -= sum over k of counts[k] times the matrix of second derivatives of log P(k); rows of CURVE_PARAMETERS_MAX. */
void curve_curvature(const curve_t *curve, double theta, const double *counts,
                     double info[CURVE_PARAMETERS_MAX][CURVE_PARAMETERS_MAX]);

#endif
