/* One person's ability from answers to items whose parameters are known.
 *
 *   mle  maximum of the likelihood; infinite where the likelihood rises without end
 *   map  maximum of likelihood times a normal prior (Bayes modal)
 *   eap  mean of the posterior over equally spaced nodes (Bock and Mislevy 1982); SE is the posterior SD
 *   wle  maximum of likelihood times sqrt(T), T the test information (Warm 1989); finite for every pattern
 *
 * Warm's weight is sqrt(T) for rasch, 2pl, pcm and gpcm. For 3pl and grm his bias correction has no such closed form;
 * sqrt(T) is taken there too, as mirt does.
 *
 * SE of mle, map and wle: 1/sqrt(-second derivative of the logarithm of what is maximized). That of wle is a little
 * smaller than Warm's asymptotic 1/sqrt(T). */
#ifndef TITER_EXAM_ABILITY_H
#define TITER_EXAM_ABILITY_H

#include "base/arena.h"
#include "exam/model.h"

#include <stddef.h>
#include <stdint.h>

typedef enum { ABILITY_EAP, ABILITY_MAP, ABILITY_WLE, ABILITY_MLE, ABILITY_METHODS } ability_method_t;

enum { ABILITY_NODES_MIN = 3, ABILITY_NODES_MAX = 1001 };

/* Estimates by maximum are sought within this many logits of 0. */
#define ABILITY_SEARCH 60.0

typedef struct {
    ability_method_t method;
    int nodes;       /* of eap, equally spaced on [-range, range], their prior weights made to sum to 1 */
    double range;    /* and where an infinite mle is put */
    double mean, sd; /* of the normal prior of eap and map */
} ability_options_t;

/* eap, 61 nodes on [-6, 6], prior N(0, 1): what the reference values use. */
static inline ability_options_t ability_defaults(void)
{
    return (ability_options_t){.method = ABILITY_EAP, .nodes = 61, .range = 6, .mean = 0, .sd = 1};
}

typedef enum {
    ABILITY_FOUND,
    ABILITY_LOWEST,  /* minus infinity (mle), or below the search; theta is -range, there is no SE */
    ABILITY_HIGHEST, /* plus infinity (mle), or above the search; theta is range, there is no SE */
    ABILITY_UNKNOWN, /* mle and wle without any answer; theta is the prior mean, there is no SE */
} ability_state_t;

typedef struct {
    double theta;
    double se; /* infinity where there is none, or where the answers leave a flat likelihood */
    ability_state_t state;
} ability_t;

/* An answer: response is a category of the item. */
typedef struct {
    const irt_item_t *item;
    int response;
} irt_answer_t;

/* "eap", "map", "wle", "mle". */
const char *ability_method_name(ability_method_t method);
bool ability_method_from_name(const char *name, ability_method_t *method);
/* Nodes 3..1001, range above 0 up to 50, sd above 0. */
bool ability_options_check(const ability_options_t *options, err_t *err);

/* Needs checked items and options. Never fails: what cannot be estimated is said in `state`. */
ability_t ability_estimate(const irt_answer_t *answers, size_t count, const ability_options_t *options);

/* What the items of a bank give to the search for modes (wle, and 3pl), computed once: of many people, most of the work
 * of a wle becomes a sum of table rows. Estimates are the same within 1e-10. */
typedef struct {
    const irt_item_t *items; /* [count] must stay where they are */
    size_t count;
    int categories; /* of the item with most */
    double *table;  /* [count][2 + categories][nodes of the search] */
} ability_scan_t;

bool ability_scan(ability_scan_t *scan, arena_t *arena, const irt_item_t *items, size_t count, err_t *err);
/* As ability_estimate; the answers point to items of the scan. */
ability_t ability_estimate_scanned(const ability_scan_t *scan, const irt_answer_t *answers, size_t count,
                                   const ability_options_t *options);

/* Log-probabilities of a bank at the nodes, computed once: makes eap of many people a sum of table rows. */
typedef struct {
    int nodes, categories; /* categories: of the item with most */
    double first, step;    /* node q is first + q step */
    size_t items;
    double *theta; /* [nodes] */
    double *prior; /* [nodes] logarithm of the prior weight */
    double *log_p; /* [items][categories][nodes] */
} ability_grid_t;

/* Nodes and prior of the options, and the table of the items. */
bool ability_grid(ability_grid_t *grid, arena_t *arena, const irt_item_t *items, size_t count,
                  const ability_options_t *options, err_t *err);
/* log P(item = response) at every node. */
static inline const double *ability_row(const ability_grid_t *grid, size_t item, int response)
{
    return grid->log_p + (item * (size_t)grid->categories + (size_t)response) * (size_t)grid->nodes;
}
/* Mean and SD of the posterior whose logarithm, up to a constant, stands at the nodes (prior included);
 * `weight` [nodes] receives the posterior weights. */
ability_t ability_eap(const ability_grid_t *grid, const double *log_posterior, double *weight);
/* Posterior probability that ability is above `mark`; the weight of a node is spread evenly over the step around it. */
double ability_above(const ability_grid_t *grid, const double *weight, double mark);

#endif
