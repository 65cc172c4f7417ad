/* Does the model describe the answers? Residuals of items and persons, and observed against expected shares of each
 * total score.
 *
 * Infit and outfit (Wright and Masters 1982): with z = (x - E) / sqrt W at the person's estimated ability,
 *   outfit = mean z^2, infit = sum W z^2 / sum W,
 * and standardized by Wilson and Hilferty. They depend on the estimator of ability, which the caller names, and lie a
 * little below 1 (by about one over the number of items) because abilities were found from the same answers; estimates
 * that are not finite (all right or all wrong, by mle) are left out. S-X2 (Orlando and Thissen 2000; Kang and Chen 2008
 * for more than two categories): persons with complete answers only; expected shares of score r by the recursion of
 * Lord and Wingersky; cells below 1 are merged as mirt merges them. lz (Drasgow, Levine and Williams 1985):
 * standardized log-likelihood of a person's answers. At an estimated ability its variance is below 1, so that the
 * normal limits flag too few. */
#ifndef TITER_EXAM_MODEL_FIT_H
#define TITER_EXAM_MODEL_FIT_H

#include "exam/ability.h"
#include "exam/items.h"

typedef struct {
    size_t persons; /* with an answer and an ability */
    double outfit, outfit_z, infit, infit_z;
    bool has_score_fit; /* there were complete persons, cells enough and at most 2000 scores */
    double s_x2, s_x2_p;
    int s_x2_df;
} item_fit_t;

typedef struct {
    ability_t ability;
    size_t answers; /* 0 where nothing can be said: no answer, or no finite ability */
    double outfit, infit, lz;
} person_fit_t;

typedef struct {
    item_fit_t *items;     /* [columns of the responses] */
    person_fit_t *persons; /* [persons] */
    size_t complete;       /* persons without a missing answer */
} model_fit_t;

/* item_of[column] is the item of a column of responses (responses_match). `free_parameters` of each item go off the
 * degrees of freedom of S-X2: NULL when the items were fitted to these responses (each has its own: b's, a, c), else
 * zeros for items known beforehand. The options name the estimator of ability and its prior. */
bool model_fit(model_fit_t *fit, arena_t *arena, const responses_t *responses, const items_t *items, const int *item_of,
               const int *free_parameters, const ability_options_t *options, err_t *err);
/* Infit and outfit of items, each answer against the chances that the person's other answers give it: the posterior
 * without it, over the nodes and under the prior of the options. Their expectation is 1 however few items a person
 * answered, so they suit sittings of a bank. `fits` has [columns]; S-X2 is not in it. */
bool model_fit_left_out(item_fit_t *fits, arena_t *arena, const responses_t *responses, const items_t *items,
                        const int *item_of, const ability_options_t *options, err_t *err);
/* How many parameters calibration spends on the item: b's, c, and a slope; rasch and pcm have the variance of ability
 * in place of a slope, which is counted as one, as mirt does. */
int model_fit_parameters(const irt_item_t *item);

#endif
