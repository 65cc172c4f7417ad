/* What the files of the adaptive test share. */
#ifndef TITER_EXAM_CAT_PRIVATE_H
#define TITER_EXAM_CAT_PRIVATE_H

#include "base/exact.h"
#include "base/rng.h"
#include "exam/cat.h"

#include <assert.h>

/* Streams of random numbers below a seed (rng.h). */
enum { CAT_DOMAIN_SELECT = 0x43415401, CAT_DOMAIN_PERSON, CAT_DOMAIN_RESPONSE, CAT_DOMAIN_TUNE };

/* ---- cat_content.c: what may still be given ---- */

/* Items that exclude one another are one unit, and every other item is a unit of its own. A unit whose items lie in
 * several areas is a bridge: it can fill a place in any of them, but only one. */
typedef struct {
    const blueprint_t *blueprint;
    int units, bridges;
    int *unit_of;     /* [items] */
    int *home;        /* [units] the area of all its items, or -1 - bridge */
    int *first, *own; /* items of unit u: own[first[u]] .. own[first[u + 1] - 1] */
} units_t;

bool units_make(units_t *units, arena_t *arena, const blueprint_t *blueprint, err_t *err);

typedef struct {
    const units_t *units;
    quotas_t quotas;
    int length, given;
    int count[AREAS_MAX];  /* given, by area */
    int single[AREAS_MAX]; /* units that lie in this area alone and still have an open item */
    bool *open;            /* [items] not given, not excluded */
    int *open_in;          /* [units] how many of its items are open */
    int *bridge_open;      /* [bridges * areas] the same by area */
    int *taken;            /* [bridges] work space of the matching */
    int seen[AREAS_MAX], round;
} content_t;

bool content_make(content_t *content, arena_t *arena, const units_t *units, err_t *err);
/* Everything open but what `usable` forbids (NULL: nothing). */
void content_begin(content_t *content, const bool *usable, int length, const quotas_t *quotas);
/* Can the test be completed? */
bool content_feasible(content_t *content);
/* Could it, after giving `item`? */
bool content_admits(content_t *content, int item);
/* Could it, after giving some item that lies in this area and is no bridge? */
bool content_admits_area(content_t *content, int area);
/* Could it, after giving so many of them? */
bool content_admits_many(content_t *content, int area, int count);
void content_close(content_t *content, int item); /* the item is out, its enemies are not */
void content_reopen(content_t *content, int item);
void content_give(content_t *content, int item); /* given: its enemies are out */
/* Do the items given so far meet the quotas of a test that ends now? */
bool content_may_stop(const content_t *content);

/* ---- cat_bank.c ---- */

/* Bound of an item's information over one cell of theta; per cell, sorted from the largest down. */
typedef struct {
    float bound;
    uint16_t item;
} ranked_t;

static_assert(ITEMS_MAX <= 65535, "ranked_t holds an item in 16 bits");

/* Cells of a tenth of a logit on [-6, 6], and one beyond on each side. */
enum { CAT_CELLS = 122 };

/* Kullback-Leibler: log p and its integral from the left end, at nodes of a tenth of a logit on [-10, 10]. */
enum { CAT_KL_NODES = 201, CAT_KL_HALF = 10 };

struct cat_bank {
    const items_t *items;
    const blueprint_t *blueprint;
    cat_design_t design;
    int length;
    quotas_t quotas;
    double share[AREAS_MAX]; /* of a test, summing to 1 */
    units_t units;
    ability_grid_t grid;
    const ranked_t *ranked; /* [CAT_CELLS][items] */
    double *kl;             /* [items][categories][CAT_KL_NODES][2], or NULL */
    double *peak;           /* [items] most informative theta, for stratified, or NULL */
    uint8_t *stratum;       /* [items] or NULL */
};

int cat_cell(double theta);

/* ---- cat_sitting.c, cat_select.c, cat_stop.c ---- */

struct cat_sitting {
    const cat_bank_t *bank;
    cat_use_t *use;
    uint64_t seed, person;
    content_t content;
    int *closed; /* [items] closed by exposure control when the sitting began */
    int closed_count;
    double *index;         /* [items] work space of kl */
    cat_step_t *steps;     /* [length] */
    irt_answer_t *answers; /* [length] */
    double *posterior;     /* [nodes] logarithm, with the prior */
    double *weight;        /* [nodes] */
    int count, waiting;    /* waiting: the item named by cat_next, -1 none */
    ability_t ability;     /* theta is where the next item is sought */
    double ratio;          /* log likelihood ratio of sprt */
    cat_stop_t stop;
    cat_decision_t decision;
    double above; /* when decided */
};

/* cat_exposure.c: closes what has been used too often, as far as the blueprint allows, and counts the sitting. */
void cat_restrict(cat_sitting_t *sitting);
/* The best item that may be given; -1 when there is none. */
int cat_choose(cat_sitting_t *sitting);
/* After each answer: the ability, and whether to stop. */
void cat_judge(cat_sitting_t *sitting);
/* Pass or fail of a test that is over, and the posterior probability of being above the mark. */
void cat_decide(cat_sitting_t *sitting);
/* Ability and likelihood ratio from all answers anew. */
void cat_rescore(cat_sitting_t *sitting);

#endif
