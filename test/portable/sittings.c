/* See sittings.h. A hash holds every item, answer, ability and standard error of every sitting to the last bit. */
#include "sittings.h"

#include "base/base.h"
#include "exam/rating.h"
#include "exam/study.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS = 120, PEOPLE = 60, ARENA_MAX = 64 * 1024 * 1024 };

static const char BLUEPRINT[] = "area,percent_min,percent_max\na,30,40\nb,20,30\nc,30,50\n";

static uint64_t add_double(uint64_t hash, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return hash_u64(hash, bits);
}

static void add_sitting(void *context, const cat_view_t *view, double truth)
{
    uint64_t *hash = context;
    *hash = add_double(*hash, truth);
    for (int i = 0; i < view->count; i++) {
        const cat_step_t *step = &view->steps[i];
        *hash = hash_u64(hash_u64(*hash, (uint64_t)step->item), (uint64_t)step->response);
        *hash = add_double(add_double(*hash, step->theta), step->se);
    }
    *hash = hash_u64(hash_u64(*hash, (uint64_t)view->stop), (uint64_t)view->decision);
}

static bool draw_items(items_t *items, arena_t *arena)
{
    static const char *const areas[] = {"a", "b", "c"}, *const enemies[] = {"", "", "", "x", "y"};
    *items = (items_t){.file = "drawn", .count = ITEMS};
    items->items = arena_array(arena, ITEMS, sizeof *items->items);
    items->area = arena_array(arena, ITEMS, sizeof *items->area);
    items->enemies = arena_array(arena, ITEMS, sizeof *items->enemies);
    if (!items->items || !items->area || !items->enemies) return false;
    for (size_t i = 0; i < ITEMS; i++) {
        rng_t rng = rng_at(1, 1, i, 0);
        irt_item_t *item = &items->items[i];
        *item = (irt_item_t){.model = (irt_model_t)(i % IRT_MODELS), .categories = 2, .a = 1};
        snprintf(item->id, sizeof item->id, "q%zu", i);
        if (irt_model_is_polytomous(item->model)) item->categories = 4;
        if (item->model != IRT_RASCH && item->model != IRT_PCM) item->a = exact_exp(0.3 * rng_normal(&rng));
        if (item->model == IRT_3PL) item->c = 0.2;
        for (int k = 0; k < item->categories - 1; k++)
            item->b[k] = (item->model == IRT_GRM ? k : 0) + rng_uniform(&rng);
        items->area[i] = areas[i % 3];
        items->enemies[i] = enemies[i % 5];
    }
    return true;
}

static bool run_design(arena_t *arena, const cat_design_t *design, cat_exposure_t exposure, uint64_t *hash, err_t *err)
{
    items_t items;
    blueprint_t blueprint;
    cat_bank_t *bank;
    cat_use_t use;
    study_t study;
    study_plan_t plan = {.people = PEOPLE, .seed = 7, .sd = 1};
    double reached;
    if (!draw_items(&items, arena)) return err_set(err, ERR_MEMORY, "out of memory");
    if (!blueprint_read(&blueprint, arena, "blueprint", (const unsigned char *)BLUEPRINT, sizeof BLUEPRINT - 1, &items,
                        err) ||
        !cat_bank(&bank, arena, &items, &blueprint, design, err) || !cat_use(&use, arena, bank, exposure, 0.5, err))
        return false;
    if (exposure == CAT_EXPOSURE_SYMPSON_HETTER && !study_tune(&use, arena, bank, &plan, 3, &reached, err))
        return false;
    return study_run(&study, arena, bank, &plan, &use, add_sitting, hash, err);
}

bool print_sittings(void)
{
    for (int select = 0; select < CAT_SELECTIONS; select++)
        for (int method = 0; method < ABILITY_METHODS; method++) {
            uint64_t hash = HASH_START;
            err_t err = {0};
            cat_design_t design = cat_defaults();
            design.select = (cat_select_t)select;
            design.ability.method = (ability_method_t)method;
            design.length_max = 20;
            design.has_cut = true;
            design.rule = (cat_rule_t)(method % CAT_RULES);
            cat_exposure_t exposure = select % 2 ? CAT_EXPOSURE_SYMPSON_HETTER : CAT_EXPOSURE_RESTRICTED;
            arena_t *arena = arena_new(ARENA_MAX);
            bool good = arena && run_design(arena, &design, exposure, &hash, &err);
            arena_free(arena);
            if (!good) {
                fprintf(stderr, "%s\n", err.text);
                return false;
            }
            printf("%s %s %016" PRIx64 "\n", cat_select_name(design.select), ability_method_name(design.ability.method),
                   hash);
        }
    rating_t item = {0.3, 1};
    for (int i = 0; i < 100; i++) item = rating_of_item(item, (rating_t){i / 50.0 - 1, 0.4}, i % 3 > 0);
    printf("rating %016" PRIx64 "\n", add_double(add_double(HASH_START, item.mean), item.sd));
    return true;
}
