/* The calculator on the screen of the exam room: one line of arithmetic. */
#ifndef TITER_EXAM_CALCULATOR_H
#define TITER_EXAM_CALCULATOR_H

#include "base/err.h"

#include <stdbool.h>

enum { CALCULATOR_MAX = 120, CALCULATOR_DEPTH = 20 };

/* + - * / ^ and parentheses, numbers as people write them, sqrt(), ln(), log() (of 10), exp(); also × ÷ −. Refuses what
 * it cannot read and what has no value, with a sentence. */
bool calculator(const char *text, double *value, err_t *err);

#endif
