/* The part of model_fit.c that goes by total scores. */
#ifndef TITER_EXAM_SCORE_FIT_H
#define TITER_EXAM_SCORE_FIT_H

#include "exam/model_fit.h"

/* S-X2 of every column; see exam/model_fit.h. */
bool score_fit(model_fit_t *fit, const responses_t *responses, const items_t *items, const int *item_of,
               const int *free_parameters, const ability_options_t *options, err_t *err);

#endif
