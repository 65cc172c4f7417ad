/* One sitting: begin, next, answer, review. See cat.h. */
#include "cat_private.h"

#include <assert.h>
#include <string.h>

static const char *const SELECTIONS[CAT_SELECTIONS] = {"mfi", "kl", "stratified", "progressive", "randomesque"};
static const char *const RULES[CAT_RULES] = {"none", "interval", "sprt", "posterior"};

enum { STRATA_MAX = 20, RANDOMESQUE_MAX = 64 };

cat_design_t cat_defaults(void)
{
    return (cat_design_t){.select = CAT_MFI,
                          .randomesque = 5,
                          .strata = 4,
                          .acceleration = 1,
                          .content_weight = 1,
                          .ability = ability_defaults(),
                          .length_min = 1,
                          .rule = CAT_RULE_NONE,
                          .confidence = 0.95,
                          .delta = 0.3,
                          .alpha = 0.05,
                          .beta = 0.05};
}

static int find_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

const char *cat_select_name(cat_select_t select)
{
    assert((unsigned)select < CAT_SELECTIONS);
    return SELECTIONS[select];
}

bool cat_select_from_name(const char *name, cat_select_t *select)
{
    int found = find_name(SELECTIONS, CAT_SELECTIONS, name);
    if (found >= 0) *select = (cat_select_t)found;
    return found >= 0;
}

const char *cat_rule_name(cat_rule_t rule)
{
    assert((unsigned)rule < CAT_RULES);
    return RULES[rule];
}

bool cat_rule_from_name(const char *name, cat_rule_t *rule)
{
    int found = find_name(RULES, CAT_RULES, name);
    if (found >= 0) *rule = (cat_rule_t)found;
    return found >= 0;
}

bool cat_design_check(const cat_design_t *design, err_t *err)
{
    if (!ability_options_check(&design->ability, err)) return false;
    if (design->randomesque < 1 || design->randomesque > RANDOMESQUE_MAX)
        return err_set(err, ERR_INPUT, "randomesque draws among 1 to %d items", RANDOMESQUE_MAX);
    if (design->strata < 1 || design->strata > STRATA_MAX)
        return err_set(err, ERR_INPUT, "there are 1 to %d strata", STRATA_MAX);
    if (!(design->acceleration > 0 && design->acceleration <= 100) ||
        !(design->content_weight >= 0 && design->content_weight <= 1000))
        return err_set(err, ERR_INPUT, "the acceleration is above 0 and the content weight is not below 0");
    if (!(exact_abs(design->start) <= IRT_LOCATION_MAX))
        return err_set(err, ERR_INPUT, "the start lies within 50 logits of 0");
    if (design->length_max < 0 || design->length_max > TEST_LENGTH_MAX || design->length_min < 1)
        return err_set(err, ERR_INPUT, "a test has 1 to %d items", TEST_LENGTH_MAX);
    if (!(design->stop_se >= 0 && design->stop_se < 100))
        return err_set(err, ERR_INPUT, "the standard error to stop at is above 0; 0.3 is usual");
    if ((design->rule != CAT_RULE_NONE || design->at_cut) && !design->has_cut)
        return err_set(err, ERR_INPUT, "a decision needs the pass mark, in logits");
    if (design->has_cut && !(exact_abs(design->cut) <= IRT_LOCATION_MAX))
        return err_set(err, ERR_INPUT, "the pass mark lies within 50 logits of 0");
    if (!(design->confidence > 0.5 && design->confidence < 1))
        return err_set(err, ERR_INPUT, "the confidence lies between 0.5 and 1; 0.95 is usual");
    if (!(design->delta > 0 && design->delta <= 5) || !(design->alpha > 0 && design->alpha < 0.5) ||
        !(design->beta > 0 && design->beta < 0.5))
        return err_set(err, ERR_INPUT, "sprt needs a half width above 0 and error rates between 0 and 0.5");
    return true;
}

bool cat_sitting(cat_sitting_t **out, arena_t *arena, const cat_bank_t *bank, err_t *err)
{
    size_t length = (size_t)bank->length, items = bank->items->count, nodes = (size_t)bank->grid.nodes;
    cat_sitting_t *sitting = arena_alloc(arena, sizeof *sitting);
    if (!sitting) return err_set(err, ERR_MEMORY, "the sitting does not fit into memory");
    *sitting = (cat_sitting_t){.bank = bank, .waiting = -1};
    sitting->closed = arena_array(arena, items, sizeof(int));
    sitting->index = arena_array(arena, items, sizeof(double));
    sitting->steps = arena_array(arena, length + 1, sizeof *sitting->steps);
    sitting->answers = arena_array(arena, length + 1, sizeof *sitting->answers);
    sitting->posterior = arena_array(arena, nodes, sizeof(double));
    sitting->weight = arena_array(arena, nodes, sizeof(double));
    *out = sitting;
    if (!sitting->closed || !sitting->index || !sitting->steps || !sitting->answers || !sitting->posterior ||
        !sitting->weight)
        return err_set(err, ERR_MEMORY, "the sitting does not fit into memory");
    return content_make(&sitting->content, arena, &bank->units, err);
}

/* How many items a test can have of what is usable: the length of the design, or fewer where there is no blueprint. */
static int possible_length(const cat_sitting_t *sitting, const bool *usable)
{
    const cat_bank_t *bank = sitting->bank;
    int there = 0;
    if (bank->blueprint->file || !usable) return bank->length;
    for (size_t i = 0; i < bank->items->count; i++) there += usable[i];
    return there < bank->length ? there : bank->length;
}

static bool refuse(const cat_sitting_t *sitting, err_t *err)
{
    return err_set(err, ERR_STATE, "the items that may be given do not make a test of %d that meets the blueprint",
                   sitting->bank->length);
}

bool cat_begin(cat_sitting_t *sitting, uint64_t seed, uint64_t person, const bool *usable, cat_use_t *use, err_t *err)
{
    const cat_bank_t *bank = sitting->bank;
    int length = possible_length(sitting, usable);
    sitting->use = use;
    sitting->seed = seed;
    sitting->person = person;
    sitting->count = 0;
    sitting->waiting = -1;
    sitting->closed_count = 0;
    sitting->ratio = 0;
    sitting->stop = CAT_RUNNING;
    sitting->decision = CAT_UNDECIDED;
    sitting->ability = (ability_t){bank->design.start, (double)__builtin_inf(), ABILITY_UNKNOWN};
    memcpy(sitting->posterior, bank->grid.prior, (size_t)bank->grid.nodes * sizeof(double));
    content_begin(&sitting->content, usable, length, &bank->quotas);
    if (!content_feasible(&sitting->content)) return refuse(sitting, err);
    if (use) cat_restrict(sitting);
    return true;
}

int cat_next(cat_sitting_t *sitting)
{
    if (sitting->stop != CAT_RUNNING) return -1;
    if (sitting->waiting < 0) sitting->waiting = cat_choose(sitting);
    if (sitting->waiting < 0) {
        sitting->stop = CAT_STOP_ITEMS;
        sitting->decision = cat_decide(sitting);
    }
    return sitting->waiting;
}

void cat_answer(cat_sitting_t *sitting, int response)
{
    int item = sitting->waiting;
    assert(item >= 0 && response >= 0 && response < sitting->bank->items->items[item].categories);
    sitting->waiting = -1;
    content_give(&sitting->content, item);
    if (sitting->use) sitting->use->administered[item]++;
    sitting->answers[sitting->count] = (irt_answer_t){&sitting->bank->items->items[item], response};
    sitting->steps[sitting->count++] = (cat_step_t){.item = item, .response = response};
    cat_judge(sitting);
    sitting->steps[sitting->count - 1].theta = sitting->ability.theta;
    sitting->steps[sitting->count - 1].se = sitting->ability.se;
}

bool cat_revise(cat_sitting_t *sitting, int step, int response, err_t *err)
{
    if (sitting->stop == CAT_RUNNING)
        return err_set(err, ERR_STATE, "answers are reviewed after the last item; finish the test first");
    if (step < 0 || step >= sitting->count)
        return err_set(err, ERR_INPUT, "there is no item %d in a test of %d", step + 1, sitting->count);
    if (response < 0 || response >= sitting->answers[step].item->categories)
        return err_set(err, ERR_INPUT, "the item %s has the responses 0 to %d", sitting->answers[step].item->id,
                       sitting->answers[step].item->categories - 1);
    sitting->answers[step].response = response;
    sitting->steps[step].response = response;
    cat_rescore(sitting);
    sitting->decision = cat_decide(sitting);
    return true;
}

cat_view_t cat_view(const cat_sitting_t *sitting)
{
    return (cat_view_t){sitting->steps, sitting->count, sitting->ability, sitting->stop, sitting->decision};
}
