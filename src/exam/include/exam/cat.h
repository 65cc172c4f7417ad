/* Adaptive tests: which item next, when to stop, what it says. A sitting is a pure function of bank, design, seed,
 * person and answers:
 *
 *   cat_bank(...)                         tables that are computed once
 *   cat_begin(sitting, ...);
 *   while ((item = cat_next(sitting)) >= 0) cat_answer(sitting, response);
 *   cat_revise(sitting, step, response);  review at the end: ability from the final answers, the items stay
 *
 * Content: an item may be given only if the test can still be completed within the quotas of the blueprint, with one
 * item of each group of enemies and the items that are left. So the quotas hold at the end of every test. Among the
 * items that may be given, areas that are behind their share get a bonus. With `whole_sets` a set begins with its first
 * item, and only where there is room for all of it; only where nothing else may be given it is cut.
 *
 * Selection (n items given, theta the present estimate):
 *   mfi          largest Fisher information at theta
 *   kl           largest integral of Kullback-Leibler information over theta +- 3/sqrt(n) (Chang & Ying 1996)
 *   stratified   items in strata of rising slope, blocked by difficulty (Chang, Qian & Ying 2001); within the stratum
 *                of the stage, the item most informative nearest to theta
 *   progressive  (1 - w) R + w I, R uniform below the largest information, w = (n/L)^t (Revuelta & Ponsoda 1998)
 *   randomesque  at random among the k most informative (Kingsbury & Zara 1989)
 *
 * Exposure (across sittings, in the order in which they begin):
 *   restricted       an item given in a share r_max of the sittings so far is not used in the next
 *   sympson-hetter   a selected item is given with a probability found by simulation beforehand, else set aside
 * Both yield where the blueprint could not be met otherwise; how often is counted. */
#ifndef TITER_EXAM_CAT_H
#define TITER_EXAM_CAT_H

#include "exam/ability.h"
#include "exam/blueprint.h"

typedef enum {
    CAT_MFI,
    CAT_KL,
    CAT_STRATIFIED,
    CAT_PROGRESSIVE,
    CAT_RANDOMESQUE,
    CAT_SELECTIONS,
} cat_select_t;

typedef enum {
    CAT_RULE_NONE,
    CAT_RULE_INTERVAL,  /* |theta - cut| > z SE, z the normal quantile of the confidence (one-sided; NCLEX) */
    CAT_RULE_SPRT,      /* Wald's test of cut - delta against cut + delta (Reckase 1983) */
    CAT_RULE_POSTERIOR, /* posterior probability of being above the cut, or below, reaches the confidence */
    CAT_RULES,
} cat_rule_t;

typedef enum { CAT_EXPOSURE_NONE, CAT_EXPOSURE_RESTRICTED, CAT_EXPOSURE_SYMPSON_HETTER } cat_exposure_t;

typedef struct {
    cat_select_t select;
    int randomesque;     /* k */
    int strata;          /* of stratified */
    double acceleration; /* t of progressive */
    bool whole_sets;     /* a set is given whole and in the order of the bank, or not at all where there is a choice */
    double content_weight; /* bonus of an area that is one item behind, in largest informations (logits: stratified) */
    ability_options_t ability;
    double start;         /* theta before the first answer */
    int length_min;       /* no early stop before */
    int length_max;       /* 0: as many items as there are */
    double stop_se;       /* stop when SE is at most this; 0: no such rule */
    bool has_cut, at_cut; /* a pass mark; select at the mark instead of at theta (for sprt) */
    double cut;
    cat_rule_t rule;           /* needs a cut */
    double confidence;         /* of interval and posterior */
    double delta, alpha, beta; /* of sprt: half width, P(pass | below), P(fail | above) */
} cat_design_t;

/* mfi, eap, start 0, no early stop. */
cat_design_t cat_defaults(void);
bool cat_design_check(const cat_design_t *design, err_t *err);
const char *cat_select_name(cat_select_t select);
bool cat_select_from_name(const char *name, cat_select_t *select);
const char *cat_rule_name(cat_rule_t rule);
bool cat_rule_from_name(const char *name, cat_rule_t *rule);

typedef struct cat_bank cat_bank_t;

/* Precomputes what `design` needs of the bank; items and blueprint must outlive it. Refuses a bank from which no test
 * of the design's length meets the blueprint, and says what is short. */
bool cat_bank(cat_bank_t **bank, arena_t *arena, const items_t *items, const blueprint_t *blueprint,
              const cat_design_t *design, err_t *err);
/* The quotas of the full length, and that length. */
const quotas_t *cat_quotas(const cat_bank_t *bank);
int cat_length(const cat_bank_t *bank);

/* What sittings did to items so far. */
typedef struct {
    cat_exposure_t method;
    double r_max;
    uint32_t
        planned; /* restricted: sittings that are planned, 0 if unknown: no item is given more than r_max times that */
    uint32_t sittings;      /* begun */
    uint32_t yielded;       /* times that the limit had to yield: sittings (restricted), items (sympson-hetter) */
    uint32_t *administered; /* [items] */
    uint32_t *selected;     /* [items] sympson-hetter: selected, given or not */
    double *parameter;      /* [items] sympson-hetter: chance of giving a selected item */
} cat_use_t;

bool cat_use(cat_use_t *use, arena_t *arena, const cat_bank_t *bank, cat_exposure_t method, double r_max, err_t *err);
/* Forgets the counts and keeps the parameters. */
void cat_use_reset(cat_use_t *use, const cat_bank_t *bank);

typedef enum {
    CAT_RUNNING,
    CAT_STOP_LENGTH,   /* the longest length */
    CAT_STOP_SE,       /* the standard error is small enough */
    CAT_STOP_DECISION, /* the rule has decided */
    CAT_STOP_ITEMS,    /* no item is left */
} cat_stop_t;

typedef enum { CAT_UNDECIDED, CAT_PASS, CAT_FAIL } cat_decision_t;

const char *cat_stop_name(cat_stop_t stop);
const char *cat_decision_name(cat_decision_t decision); /* "pass", "fail", "" */

typedef struct {
    int item, response;
    double theta, se; /* after this answer; se infinity where there is none */
} cat_step_t;

/* Read as you like; change through the functions. */
typedef struct {
    const cat_step_t *steps;
    int count;
    ability_t ability; /* from the answers so far */
    cat_stop_t stop;
    cat_decision_t decision; /* when stopped and the design has a cut */
    double above;            /* then: the posterior probability of being above it */
} cat_view_t;

typedef struct cat_sitting cat_sitting_t;

/* Memory for one sitting after another. */
bool cat_sitting(cat_sitting_t **sitting, arena_t *arena, const cat_bank_t *bank, err_t *err);
/* Begins. `person` names the stream of random choices within `seed`. `usable` [items], or NULL for all, says which
 * items may be given; `use` may be NULL. Refuses when the usable items cannot meet the blueprint at this length. */
bool cat_begin(cat_sitting_t *sitting, uint64_t seed, uint64_t person, const bool *usable, cat_use_t *use, err_t *err);
/* Which items [items] may still be given: right after cat_begin, what `usable` and the limit of exposure left. Keep it
 * with the sitting; given as `usable`, it begins the same sitting again whatever was used since. */
void cat_usable(const cat_sitting_t *sitting, bool *usable);
/* The next item's place in the bank, the same one until it is answered; -1 when the test is over. */
int cat_next(cat_sitting_t *sitting);
/* Names the item instead of choosing it: for a sitting that is played again from what was given. Refuses an item that
 * was given already, or that is not usable. */
bool cat_give(cat_sitting_t *sitting, int item, err_t *err);
/* Answers the item that cat_next or cat_give named. */
void cat_answer(cat_sitting_t *sitting, int response);
/* After the end: another response to the item of step `step` (0 ..). Ability and decision are those of the final
 * answers; what was shown after earlier steps stays as it was. Refuses while the test runs. */
bool cat_revise(cat_sitting_t *sitting, int step, int response, err_t *err);
cat_view_t cat_view(const cat_sitting_t *sitting);

#endif
