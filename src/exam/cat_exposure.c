/* Exposure control: counts of use, the restriction of items that were used too often, and the search for the
 * parameters of Sympson and Hetter. */
#include "cat_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool cat_use(cat_use_t *use, arena_t *arena, const cat_bank_t *bank, cat_exposure_t method, double r_max, err_t *err)
{
    size_t items = bank->items->count;
    double least = (double)bank->length / (double)items;
    *use = (cat_use_t){.method = method, .r_max = r_max};
    if (method != CAT_EXPOSURE_NONE && !(r_max > 0 && r_max <= 1))
        return err_set(err, ERR_INPUT, "the greatest exposure is a share above 0 and at most 1, such as 0.25");
    if (method != CAT_EXPOSURE_NONE && r_max < least)
        return err_set(
            err, ERR_INPUT,
            "%d items a test from a bank of %zu are used in a share of %.3f on average; no exposure below that can "
            "be kept",
            bank->length, items, least);
    use->administered = arena_array(arena, items, sizeof(uint32_t));
    use->selected = arena_array(arena, items, sizeof(uint32_t));
    use->parameter = arena_array(arena, items, sizeof(double));
    if (!use->administered || !use->selected || !use->parameter)
        return err_set(err, ERR_MEMORY, "the counts of use do not fit into memory");
    for (size_t i = 0; i < items; i++) use->parameter[i] = 1;
    return true;
}

void cat_use_reset(cat_use_t *use, const cat_bank_t *bank)
{
    use->sittings = use->yielded = 0;
    memset(use->administered, 0, bank->items->count * sizeof(uint32_t));
    memset(use->selected, 0, bank->items->count * sizeof(uint32_t));
}

/* Would one more use break the limit? (Facts of the sittings so far; and of all that are planned.) */
static bool used_up(const cat_use_t *use, int item)
{
    double given = use->administered[item];
    if (use->planned > 0 && given + 1 > use->r_max * use->planned + 1e-9) return true;
    return use->sittings > 0 && given >= use->r_max * use->sittings;
}

void cat_restrict(cat_sitting_t *sitting)
{
    cat_use_t *use = sitting->use;
    content_t *content = &sitting->content;
    int items = (int)sitting->bank->items->count;
    bool feasible = true;
    if (use->method == CAT_EXPOSURE_RESTRICTED) {
        for (int i = 0; i < items; i++)
            if (content->open[i] && used_up(use, i)) {
                content_close(content, i);
                sitting->closed[sitting->closed_count++] = i;
            }
        feasible = content_feasible(content);
    }
    if (!feasible) use->yielded++;
    for (uint32_t most = 0; !feasible;) { /* the least used come back first */
        uint32_t next = UINT32_MAX;
        for (int k = 0; k < sitting->closed_count; k++) {
            uint32_t given = use->administered[sitting->closed[k]];
            if (given == most) content_reopen(content, sitting->closed[k]);
            if (given > most && given < next) next = given;
        }
        feasible = content_feasible(content);
        assert(feasible || next < UINT32_MAX);
        most = next;
    }
    use->sittings++;
}
