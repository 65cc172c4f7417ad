/* Differential item functioning: is an item harder for one group than for another of the same ability?
 *
 * Mantel and Haenszel (1959), as Holland and Thayer (1988) use it: persons are matched by their total score, the
 * studied item among it; alpha is the common odds ratio reference : focal, delta = -2.35 ln alpha on the scale of the
 * Educational Testing Service, below 0 where the item is harder for the focal group. The variance of ln alpha is that
 * of Robins, Breslow and Greenland (1986), which Phillips and Holland (1987) found too. Chi-square has the correction
 * for continuity.
 *
 * Class A: |delta| < 1, or not different from 0 at .05. C: |delta| >= 1.5 and greater than 1 at .05, one-sided. Else B
 * (Dorans and Holland 1993, p. 41; the National Assessment of Educational Progress has the same rule).
 * Standardized difference (Dorans and Kulick 1986): focal less reference share right, weighted by focal persons.
 *
 * Items with more than two categories, scored 0, 1, 2 ..: chi-square is Mantel's (1963) with 1 degree of freedom,
 * without correction, as Zwick, Donoghue and Grima (1993) use it; `general` is the generalized Mantel-Haenszel
 * statistic (Somes 1986), which takes the categories as unordered and also sees differences that do not shift the mean.
 * Standardized is the difference of the mean scores (Dorans and Schmitt 1991), `size` that in standard deviations of
 * the item over all persons (Zwick, Thayer and Mazzeo 1997, GRE Board Report 93-10P). They get no class: for the
 * letters no published limits were found. `large` is the one limit that is published: |size| of .25 or more, as the
 * technical documentation of the National Assessment of Educational Progress counts such items (The Standardization
 * Method; writing 2011), here together with p below .05. */
#ifndef TITER_EXAM_DIF_H
#define TITER_EXAM_DIF_H

#include "base/arena.h"
#include "exam/items.h"

typedef struct {
    int categories; /* 2, or more: the highest answer of the table and those below it */
    bool known;     /* false: no score at which both groups are and different answers occur */
    bool purged;    /* not in the matching score of the other items */
    double chi_square, p, standardized;
    double alpha, delta, se_delta;   /* of two categories only */
    double general, general_p, size; /* of more only */
    int general_df;
    char class; /* of two categories only: 'A', 'B', 'C' */
    bool large; /* class C; of more categories: significant and |size| >= .25 */
    int strata; /* scores that count */
} dif_item_t;

typedef struct {
    dif_item_t *items;                 /* [columns] */
    size_t reference, focal, left_out; /* persons; left out are those who miss an answer */
} dif_t;

/* group_of[person] is 0 for the reference, 1 for the focal group. `purify`: items of class B or C, and large ones of
 * more categories, leave the matching score of the others, once. */
bool dif_mantel_haenszel(dif_t *dif, arena_t *arena, const responses_t *responses, const int *group_of, bool purify,
                         err_t *err);

#endif
