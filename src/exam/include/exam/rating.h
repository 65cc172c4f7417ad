/* The difficulty of a new item, followed as people answer: a mean and an SD in logits, as the author estimated them,
 * moved by each answer. Glickman's (1999) update with q = 1, which is one step of the extended Kalman filter for the
 * Rasch model:
 *
 *   g = 1 / sqrt(1 + 3 s^2 / pi^2), s the SD of the person's ability
 *   E = s(g (person - item)),  1/d^2 = g^2 E (1 - E)
 *   v' = 1 / (1/v + 1/d^2),    item' = item - v' g (response - E)
 *
 * What this cannot do: hold the scale when persons and items all move (anchor some items), or learn slopes. */
#ifndef TITER_EXAM_RATING_H
#define TITER_EXAM_RATING_H

#include <stdbool.h>

typedef struct {
    double mean, sd; /* logits; sd above 0 for an item, 0 or more for a person */
} rating_t;

/* The item after one answer (right or wrong) of the person, both as they were known before it. */
rating_t rating_of_item(rating_t item, rating_t person, bool right);
/* The person after the same answer. */
rating_t rating_of_person(rating_t person, rating_t item, bool right);

#endif
