/* How fast adaptive tests run without a face: 1,000 sittings of 100 items from a bank of 1,000, with a blueprint of
 * eight areas and no item in more than a quarter of the tests, CPU time of one core, tables of the bank included. */
#include "base/rng.h"
#include "exam/study.h"

#include <stdio.h>
#include <time.h>

enum { ITEMS = 1000, PEOPLE = 1000, LENGTH = 100, ARENA_MAX = 256 * 1024 * 1024 };

static const char BLUEPRINT[] =
    "area,percent_min,percent_max\nchemistry,20,25\nhematology,20,25\nhemostasis,5,10\n"
    "urinalysis,5,10\nbloodbank,15,20\nmicrobiology,15,20\nimmunology,5,10\noperations,5,10\n";

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool draw_bank(items_t *items, arena_t *arena)
{
    static const char *const areas[] = {"chemistry",    "hematology", "bloodbank",  "microbiology", "chemistry",
                                        "hematology",   "bloodbank",  "hemostasis", "chemistry",    "hematology",
                                        "microbiology", "urinalysis", "immunology", "operations"};
    *items = (items_t){.file = "drawn", .count = ITEMS};
    items->items = arena_array(arena, ITEMS, sizeof *items->items);
    items->area = arena_array(arena, ITEMS, sizeof *items->area);
    if (!items->items || !items->area) return false;
    for (size_t i = 0; i < ITEMS; i++) {
        rng_t rng = rng_at(1, 1, i, 0);
        irt_item_t *item = &items->items[i];
        *item = (irt_item_t){.model = IRT_2PL, .categories = 2};
        snprintf(item->id, sizeof item->id, "q%zu", i);
        item->a = exact_exp(0.3 * rng_normal(&rng));
        item->b[0] = 1.2 * rng_normal(&rng);
        items->area[i] = areas[i % (sizeof areas / sizeof *areas)];
    }
    return true;
}

static bool bench(arena_t *arena, cat_select_t select, err_t *err)
{
    items_t items;
    blueprint_t blueprint;
    cat_bank_t *bank;
    cat_use_t use;
    study_t study;
    cat_design_t design = cat_defaults();
    study_plan_t plan = {.people = select == CAT_KL ? PEOPLE / 10 : PEOPLE, .seed = 1, .sd = 1};
    design.select = select;
    design.length_max = LENGTH;
    if (!draw_bank(&items, arena)) return err_set(err, ERR_MEMORY, "out of memory");
    double start = cpu_s();
    if (!blueprint_read(&blueprint, arena, "blueprint", (const unsigned char *)BLUEPRINT, sizeof BLUEPRINT - 1, &items,
                        err) ||
        !cat_bank(&bank, arena, &items, &blueprint, &design, err) ||
        !cat_use(&use, arena, bank, CAT_EXPOSURE_RESTRICTED, 0.25, err))
        return false;
    use.planned = plan.people;
    if (!study_run(&study, arena, bank, &plan, &use, NULL, NULL, err)) return false;
    double spent = cpu_s() - start;
    printf("adaptive tests, %s: %u of %d items from a bank of %d in %.2f s; rmse %.3f, greatest exposure %.3f, "
           "%u outside the blueprint\n",
           cat_select_name(select), plan.people, LENGTH, ITEMS, spent, study.rmse, study.exposure_max,
           study.quota_violations);
    return true;
}

int main(void)
{
    err_t err = {0};
    for (int select = 0; select < CAT_SELECTIONS; select++) {
        arena_t *arena = arena_new(ARENA_MAX);
        bool good = arena && bench(arena, (cat_select_t)select, &err);
        arena_free(arena);
        if (good) continue;
        fprintf(stderr, "bench_exam: %s\n", err.text);
        return 1;
    }
    return 0;
}
