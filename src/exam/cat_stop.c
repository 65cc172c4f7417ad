/* Ability after each answer, when to stop, and what it says about the pass mark. */
#include "cat_private.h"

#include <assert.h>
#include <string.h>

static const char *const STOPS[] = {"running", "length", "se", "decision", "items"};
static const char *const DECISIONS[] = {"", "pass", "fail"};

const char *cat_stop_name(cat_stop_t stop)
{
    assert((size_t)stop < sizeof STOPS / sizeof *STOPS);
    return STOPS[stop];
}

const char *cat_decision_name(cat_decision_t decision)
{
    assert((size_t)decision < sizeof DECISIONS / sizeof *DECISIONS);
    return DECISIONS[decision];
}

/* What one answer adds to the posterior and to the likelihood ratio of sprt. */
static void take_in(cat_sitting_t *sitting, const irt_answer_t *answer)
{
    const cat_bank_t *bank = sitting->bank;
    const double *row = ability_row(&bank->grid, (size_t)(answer->item - bank->items->items), answer->response);
    for (int q = 0; q < bank->grid.nodes; q++) sitting->posterior[q] += row[q];
    if (bank->design.rule == CAT_RULE_SPRT)
        sitting->ratio += irt_log_probability(answer->item, bank->design.cut + bank->design.delta, answer->response) -
                          irt_log_probability(answer->item, bank->design.cut - bank->design.delta, answer->response);
}

/* While all answers are the highest, or all the lowest, mle is infinite. Until it is finite, theta moves halfway to the
 * hardest or easiest location of the bank (Dodd 1990). */
static double halfway(const cat_sitting_t *sitting, double from, bool up)
{
    const items_t *items = sitting->bank->items;
    double end = items->items[0].b[0];
    for (size_t i = 0; i < items->count; i++)
        for (int k = 0; k < items->items[i].categories - 1; k++) {
            double b = items->items[i].b[k];
            if (up ? b > end : b < end) end = b;
        }
    return from + (end - from) / 2;
}

static void estimate(cat_sitting_t *sitting)
{
    const cat_bank_t *bank = sitting->bank;
    double before = sitting->ability.theta;
    if (bank->design.ability.method == ABILITY_EAP) {
        sitting->ability = ability_eap(&bank->grid, sitting->posterior, sitting->weight);
        return;
    }
    sitting->ability = ability_estimate(sitting->answers, (size_t)sitting->count, &bank->design.ability);
    if (sitting->ability.state != ABILITY_FOUND)
        sitting->ability.theta = halfway(sitting, before, sitting->ability.state == ABILITY_HIGHEST);
}

/* What the rule says now. */
static cat_decision_t rule_says(cat_sitting_t *sitting)
{
    const cat_design_t *design = &sitting->bank->design;
    if (design->rule == CAT_RULE_INTERVAL) {
        double off = sitting->ability.theta - design->cut,
               width = exact_normal_quantile(design->confidence) * sitting->ability.se;
        return off > width ? CAT_PASS : off < -width ? CAT_FAIL : CAT_UNDECIDED;
    }
    if (design->rule == CAT_RULE_SPRT) {
        if (sitting->ratio >= exact_log((1 - design->beta) / design->alpha)) return CAT_PASS;
        if (sitting->ratio <= exact_log(design->beta / (1 - design->alpha))) return CAT_FAIL;
        return CAT_UNDECIDED;
    }
    if (design->rule == CAT_RULE_POSTERIOR) {
        ability_eap(&sitting->bank->grid, sitting->posterior, sitting->weight);
        double above = ability_above(&sitting->bank->grid, sitting->weight, design->cut);
        return above >= design->confidence ? CAT_PASS : 1 - above >= design->confidence ? CAT_FAIL : CAT_UNDECIDED;
    }
    return CAT_UNDECIDED;
}

/* A rule that has not decided leaves it to the estimate (sprt: to the likelihood ratio); at the mark it is a fail. */
cat_decision_t cat_decide(const cat_sitting_t *sitting)
{
    const cat_design_t *design = &sitting->bank->design;
    if (!design->has_cut || sitting->count == 0) return CAT_UNDECIDED;
    double off = design->rule == CAT_RULE_SPRT ? sitting->ratio : sitting->ability.theta - design->cut;
    return off > 0 ? CAT_PASS : CAT_FAIL;
}

void cat_judge(cat_sitting_t *sitting)
{
    const cat_design_t *design = &sitting->bank->design;
    take_in(sitting, &sitting->answers[sitting->count - 1]);
    estimate(sitting);
    bool long_enough = sitting->count >= design->length_min;
    if (long_enough && rule_says(sitting) != CAT_UNDECIDED && content_may_stop(&sitting->content))
        sitting->stop = CAT_STOP_DECISION;
    else if (long_enough && sitting->ability.se <= design->stop_se && content_may_stop(&sitting->content))
        sitting->stop = CAT_STOP_SE;
    else if (sitting->count >= sitting->content.length)
        sitting->stop = CAT_STOP_LENGTH;
    if (sitting->stop == CAT_RUNNING) return;
    /* the last word on an infinite estimate is the bound, not the way there */
    if (sitting->ability.state != ABILITY_FOUND)
        sitting->ability = ability_estimate(sitting->answers, (size_t)sitting->count, &design->ability);
    sitting->decision = cat_decide(sitting);
}

void cat_rescore(cat_sitting_t *sitting)
{
    sitting->ratio = 0;
    memcpy(sitting->posterior, sitting->bank->grid.prior, (size_t)sitting->bank->grid.nodes * sizeof(double));
    for (int i = 0; i < sitting->count; i++) take_in(sitting, &sitting->answers[i]);
    sitting->ability = ability_estimate(sitting->answers, (size_t)sitting->count, &sitting->bank->design.ability);
}
