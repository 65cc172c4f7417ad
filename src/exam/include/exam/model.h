/* Response models: how the chance of each answer to an item depends on ability.
 *
 *   rasch  P = s(theta - b)                    2pl  P = s(a(theta - b))
 *   3pl    P = c + (1 - c) s(a(theta - b))     s(z) = 1 / (1 + e^-z)
 *   pcm    (Masters 1982), gpcm (Muraki 1992): P(k) proportional to exp sum_{v=1..k} a(theta - b_v); pcm has a = 1
 *   grm    (Samejima 1969): P(X >= k) = s(a(theta - b_k)), b ascending
 *
 * Logistic metric, D = 1: parameters fitted with D = 1.7 convert by a = 1.7 a'. Responses are 0 .. categories-1.
 * Nothing here subtracts two numbers that are nearly equal: every probability and every logarithm keeps its
 * digits for any finite theta, and with the mathematics of base/exact.h its bits on any machine. */
#ifndef TITER_EXAM_MODEL_H
#define TITER_EXAM_MODEL_H

#include "base/err.h"

#include <stdbool.h>

enum { IRT_CATEGORIES_MAX = 16, IRT_ID_MAX = 63 };

/* What item parameters may be; beyond these no calibration means anything. */
#define IRT_SLOPE_MIN 0.001
#define IRT_SLOPE_MAX 50.0
#define IRT_LOCATION_MAX 50.0
#define IRT_GUESS_MAX 0.9

typedef enum { IRT_RASCH, IRT_2PL, IRT_3PL, IRT_PCM, IRT_GPCM, IRT_GRM, IRT_MODELS } irt_model_t;

typedef struct {
    char id[IRT_ID_MAX + 1];
    irt_model_t model;
    int categories;                   /* 2 for rasch, 2pl and 3pl */
    double a;                         /* slope; 1 for rasch and pcm */
    double b[IRT_CATEGORIES_MAX - 1]; /* difficulty, or categories-1 thresholds */
    double c;                         /* lower asymptote; 0 but for 3pl */
} irt_item_t;

/* All categories of one item at one ability. */
typedef struct {
    int categories;
    double p[IRT_CATEGORIES_MAX];  /* probability */
    double l1[IRT_CATEGORIES_MAX]; /* d log p / d theta;   dp/dtheta = p l1 */
    double l2[IRT_CATEGORIES_MAX]; /* d2 log p / d theta2; d2p/dtheta2 = p (l2 + l1^2) */
} irt_point_t;

/* "rasch", "2pl", "3pl", "pcm", "gpcm", "grm"; letter case does not matter when reading. */
const char *irt_model_name(irt_model_t model);
bool irt_model_from_name(const char *name, irt_model_t *model);
/* May the model have more than two categories? */
bool irt_model_is_polytomous(irt_model_t model);

/* Says which parameter is out of its domain, without naming the item. */
bool irt_item_check(const irt_item_t *item, err_t *err);

/* 1 / (1 + e^-z) and its logarithm, for any z. */
double irt_logistic(double z);
double irt_log_logistic(double z);

/* p[0 .. categories-1]; they sum to 1. */
void irt_probabilities(const irt_item_t *item, double theta, double *p);
/* log P(X = response); finite for any finite theta. */
double irt_log_probability(const irt_item_t *item, double theta, int response);
/* The same for all categories: log_p[0 .. categories-1]. */
void irt_log_probabilities(const irt_item_t *item, double theta, double *log_p);
void irt_point(const irt_item_t *item, double theta, irt_point_t *point);

/* Expected score sum k p_k. */
double irt_expected(const irt_item_t *item, double theta);
/* Fisher information sum p_k l1_k^2. */
double irt_information(const irt_item_t *item, double theta);
/* Where the information is largest: for rasch, 2pl and 3pl in closed form (Birnbaum 1968), otherwise by search. */
double irt_most_informative_theta(const irt_item_t *item);

#endif
