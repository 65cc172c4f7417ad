/* Blueprints over a bank of six items: what is read must lead to a whole test, whatever the areas and enemies, or to a
 * refusal of the bank. */
#include "exam/cat.h"

#include <assert.h>
#include <stdio.h>

enum { ITEMS = 6 };

static void sit(arena_t *arena, const items_t *items, const blueprint_t *blueprint, int length)
{
    cat_design_t design = cat_defaults();
    cat_bank_t *bank;
    cat_sitting_t *sitting;
    err_t err;
    design.length_max = length;
    if (!cat_bank(&bank, arena, items, blueprint, &design, &err) || !cat_sitting(&sitting, arena, bank, &err) ||
        !cat_begin(sitting, 1, 1, NULL, NULL, &err))
        return;
    for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting)) cat_answer(sitting, item % 2);
    cat_view_t view = cat_view(sitting);
    int count[AREAS_MAX] = {0};
    assert(view.count == length);
    for (int i = 0; i < length; i++) count[blueprint->area_of[view.steps[i].item]]++;
    for (int a = 0; a < blueprint->areas; a++)
        assert(count[a] >= cat_quotas(bank)->low[a] && count[a] <= cat_quotas(bank)->high[a]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(32 * 1024 * 1024);
    irt_item_t item[ITEMS];
    items_t items = {.file = "bank.csv", .items = item, .count = ITEMS};
    blueprint_t blueprint;
    err_t err;
    for (int i = 0; i < ITEMS; i++) {
        item[i] = (irt_item_t){.model = IRT_RASCH, .categories = 2, .a = 1, .b = {i - 2.5}};
        snprintf(item[i].id, sizeof item[i].id, "q%d", i);
    }
    if (arena && blueprint_read(&blueprint, arena, "fuzz.csv", data, size, &items, &err))
        for (int length = 1; length <= ITEMS; length++) sit(arena, &items, &blueprint, length);
    arena_free(arena);
    return 0;
}
