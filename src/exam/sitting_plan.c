/* The next item of an adaptive sitting: the bank's items that the form admits as a calibrated bank for cat.h, with the
 * form's outline as its blueprint. What was given and answered is played again, then the next item is chosen. */
#include "exam/cat.h"
#include "exam/sitting.h"

#include "base/exact.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN_BYTES = 64 * 1024 * 1024, CHOOSE_BYTES = 8 * 1024 * 1024, RANDOM_OF = 5 };

struct sitting_plan {
    const bank_t *from;
    arena_t *arena;
    items_t items;
    blueprint_t blueprint;
    cat_bank_t *bank;
    int *in_bank; /* [items.count] index into the bank */
    int *in_plan; /* [bank_count] -1: not in this form */
};

static bool no_memory(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for an adaptive form.");
}

/* Sets stand together in the bank. */
static void fill_sets(sitting_plan_t *plan, const bank_t *bank, int *set)
{
    const char *last = NULL;
    for (size_t i = 0; i < plan->items.count; i++) {
        const char *own = bank_item(bank, (size_t)plan->in_bank[i])->set;
        bool same = own && last && strcmp(own, last) == 0;
        set[i] = !own ? -1 : same ? plan->blueprint.sets - 1 : plan->blueprint.sets++;
        last = own;
    }
}

/* Enemies of enemies are one group, whose items exclude one another. */
static bool fill_groups(sitting_plan_t *plan, const bank_t *bank, int *group, err_t *err)
{
    int n = (int)plan->items.count;
    int *first = calloc((size_t)n + 1, sizeof *first); /* of the group that the item belongs to */
    if (!first) return no_memory(err);
    for (int i = 0; i < n; i++) {
        const item_t *item = bank_item(bank, (size_t)plan->in_bank[i]);
        first[i] = i;
        for (int k = 0; k < i; k++) {
            if (!items_are_enemies(item, bank_item(bank, (size_t)plan->in_bank[k]))) continue;
            int low = first[k] < first[i] ? first[k] : first[i], high = first[k] < first[i] ? first[i] : first[k];
            for (int m = 0; m <= i; m++)
                if (first[m] == high) first[m] = low;
        }
    }
    for (int i = 0; i < n; i++) group[i] = -1;
    for (int i = 0; i < n; i++) {
        if (first[i] == i) continue;
        if (group[first[i]] < 0) group[first[i]] = plan->blueprint.groups++;
        group[i] = group[first[i]];
    }
    free(first);
    return true;
}

static bool fill(sitting_plan_t *plan, const bank_t *bank, const exam_form_t *form, bool drafts, err_t *err)
{
    size_t n = bank_count(bank);
    irt_item_t *models = arena_array(plan->arena, n + 1, sizeof *models);
    int *area = arena_array(plan->arena, n + 1, sizeof *area);
    int *set = arena_array(plan->arena, n + 1, sizeof *set), *group = arena_array(plan->arena, n + 1, sizeof *group);
    plan->in_bank = arena_array(plan->arena, n + 1, sizeof(int));
    plan->in_plan = arena_array(plan->arena, n + 1, sizeof(int));
    if (!models || !area || !set || !group || !plan->in_bank || !plan->in_plan) return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const item_t *item = bank_item(bank, i);
        plan->in_plan[i] = -1;
        if (!form_admits(form, bank, item, drafts)) continue;
        size_t at = plan->items.count++;
        models[at] = sitting_model(item);
        area[at] = form_area(form, bank, item);
        plan->in_bank[at] = (int)i;
        plan->in_plan[i] = (int)at;
    }
    plan->items.items = models;
    plan->items.file = "the item bank";
    blueprint_t *b = &plan->blueprint;
    *b = (blueprint_t){.file = form->id,
                       .areas = form->share_count,
                       .items = plan->items.count,
                       .area_of = area,
                       .set_of = set,
                       .group_of = group};
    for (int a = 0; a < form->share_count; a++)
        b->area[a] = (area_t){form->shares[a].area, form->shares[a].low, form->shares[a].high};
    fill_sets(plan, bank, set);
    return fill_groups(plan, bank, group, err);
}

bool sitting_plan(sitting_plan_t **out, const bank_t *bank, const exam_form_t *form, bool drafts, err_t *err)
{
    sitting_plan_t *plan = calloc(1, sizeof *plan);
    *out = NULL;
    if (plan) plan->arena = arena_new(PLAN_BYTES);
    if (!plan || !plan->arena) {
        sitting_plan_free(plan);
        return no_memory(err);
    }
    cat_design_t design = cat_defaults();
    design.select = CAT_RANDOMESQUE;
    design.randomesque = RANDOM_OF;
    design.length_max = form->items;
    design.ability = ability_defaults();
    design.whole_sets = true;
    plan->from = bank;
    if (!fill(plan, bank, form, drafts, err) ||
        !cat_bank(&plan->bank, plan->arena, &plan->items, &plan->blueprint, &design, err)) {
        sitting_plan_free(plan);
        return false;
    }
    *out = plan;
    return true;
}

void sitting_plan_free(sitting_plan_t *plan)
{
    if (!plan) return;
    arena_free(plan->arena);
    free(plan);
}

const cat_bank_t *sitting_plan_cat(const sitting_plan_t *plan)
{
    return plan->bank;
}

int sitting_plan_item(const sitting_plan_t *plan, int at)
{
    return plan->in_bank[at];
}

static int place(const sitting_plan_t *plan, const sitting_entry_t *entry)
{
    char base[SITTING_ITEM_ID];
    sitting_base(entry->id, base);
    for (size_t i = 0; i < bank_count(plan->from); i++)
        if (strcmp(bank_item(plan->from, i)->id, base) == 0) return plan->in_plan[i]; /* in whatever version */
    return -1;
}

/* A set is used up as a whole, unless it was begun. */
static void join_sets(const sitting_plan_t *plan, bool *usable)
{
    const int *set = plan->blueprint.set_of;
    for (int first = 0, end; first < (int)plan->items.count; first = end) {
        bool all = true;
        for (end = first + 1; end < (int)plan->items.count && set[first] >= 0 && set[end] == set[first];) end++;
        for (int i = first; i < end; i++) all = all && usable[i];
        for (int i = first; i < end; i++) usable[i] = all;
    }
}

/* What was given so far, played again; false when the items still usable cannot complete the outline. */
static bool replay(const sitting_plan_t *plan, const sitting_t *s, const bool *usable, cat_sitting_t *cat, err_t *err)
{
    if (!cat_begin(cat, s->seed, 0, usable, NULL, err)) return false;
    for (int i = 0; i < s->count; i++) {
        int at = place(plan, &s->entry[i]);
        if (at < 0) continue; /* it has left the bank */
        if (!cat_give(cat, at, err)) return false;
        cat_answer(cat, sitting_right(&s->entry[i]));
    }
    return true;
}

bool sitting_choose(const sitting_plan_t *plan, const sitting_t *s, const bool *stale, int *next, err_t *err)
{
    arena_t *arena = arena_new(CHOOSE_BYTES);
    cat_sitting_t *cat;
    bool *usable = arena ? arena_array(arena, plan->items.count + 1, sizeof *usable) : NULL;
    bool ok = usable ? cat_sitting(&cat, arena, plan->bank, err) : no_memory(err);
    if (ok) {
        for (size_t i = 0; i < plan->items.count; i++) usable[i] = !stale || !stale[plan->in_bank[i]];
        join_sets(plan, usable);
        for (int i = 0; i < s->count; i++) {
            int at = place(plan, &s->entry[i]), set = at < 0 ? -1 : plan->blueprint.set_of[at];
            if (at >= 0) usable[at] = true;
            for (size_t k = 0; set >= 0 && k < plan->items.count; k++)
                if (plan->blueprint.set_of[k] == set) usable[k] = true;
        }
        err_t fresh;
        ok = replay(plan, s, usable, cat, &fresh) || replay(plan, s, NULL, cat, err);
    }
    if (ok) {
        int at = cat_next(cat);
        *next = at < 0 ? -1 : plan->in_bank[at];
    }
    arena_free(arena);
    return ok;
}
