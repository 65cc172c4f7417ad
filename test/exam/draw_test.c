/* Forms of the real bank with its families and cases, drawn and simulated many times: the outline is met, a case comes
 * whole and in its order, enemies never come together, nothing comes twice. Time is printed. */
#include "app/families.h"
#include "base/content.h"
#include "base/rng.h"
#include "exam/sitting.h"
#include "lab/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SITTINGS = 2000, REPLAYED = 4, ARENA = 16 * 1024 * 1024, DOMAIN = 1 };

static int failures;

#define FAIL(...)                                                                                                      \
    do {                                                                                                               \
        failures++;                                                                                                    \
        printf("FAIL: ");                                                                                              \
        printf(__VA_ARGS__);                                                                                           \
        printf("\n");                                                                                                  \
    } while (0)

typedef struct {
    lab_t *lab;
    calc_t *calc;
    app_laboratory_t laboratory;
    family_source_t source;
    bank_t *content, *bank;
    families_t *families;
    exam_forms_t forms;
    arena_t *arena;
} world_t;

static void open_world(world_t *w)
{
    const source_t *content = content_source();
    err_t err = {0};
    w->arena = arena_new(ARENA);
    bool ok = w->arena && lab_open(&w->lab, content, &err) && calc_open(&w->calc, content, &err);
    w->laboratory = (app_laboratory_t){w->lab, w->calc};
    app_family_source(&w->laboratory, &w->source);
    ok = ok && bank_open(&w->content, content, &err) && bank_read_content(w->content, content, &err) &&
         families_open(&w->families, content, w->content, &w->source, &err) && bank_fork(&w->bank, w->content, &err) &&
         families_join(w->families, w->bank, &err) && forms_read(&w->forms, w->bank, content, w->arena, &err);
    if (ok) return;
    printf("FAIL: %s\n", err.text);
    exit(1);
}

static void close_world(world_t *w)
{
    families_close(w->families);
    bank_close(w->bank);
    bank_close(w->content);
    calc_close(w->calc);
    lab_close(w->lab);
    arena_free(w->arena);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* How many items of its set the bank has, and the place of this one among them. */
static int set_size(const bank_t *bank, const char *set, const item_t *item, int *place)
{
    int size = 0;
    for (size_t i = 0; i < bank_count(bank); i++) {
        const item_t *other = bank_item(bank, i);
        if (!other->set || strcmp(other->set, set) != 0) continue;
        if (other == item) *place = size;
        size++;
    }
    return size;
}

typedef struct {
    int cases, families, cut; /* over all sittings; cut: cases that were not given whole */
    int kin;                  /* items given that have a family for an enemy, or a family that has enemies */
} seen_t;

/* Whether its enemies could have come: a family is on one of the two sides. */
static bool has_kin(const world_t *w, const item_t *item)
{
    bool kin = item->computed && item->enemies > 0;
    for (int i = 0; i < item->enemies; i++) {
        const item_t *enemy = bank_find(w->bank, item->enemy[i]);
        if (!enemy) FAIL("%s: its enemy %s is not in the bank", item->id, item->enemy[i]);
        kin = kin || (enemy && enemy->computed);
    }
    return kin;
}

/* Cases whole, in order and without anything between. */
static void judge_cases(const world_t *w, const char *form, uint64_t seed, const int *order, int count, seen_t *seen)
{
    for (int i = 0; i < count;) {
        const item_t *item = bank_item(w->bank, (size_t)order[i]);
        int place = 0, size = item->set ? set_size(w->bank, item->set, item, &place) : 1, here = 1;
        if (place != 0) FAIL("%s, seed %llu: %s does not begin its case", form, (unsigned long long)seed, item->id);
        while (item->set && here < size && i + here < count && order[i + here] == order[i] + here) here++;
        seen->cases += item->set != NULL;
        seen->cut += here < size;
        i += here;
    }
}

static void judge(const world_t *w, const exam_form_t *form, uint64_t seed, const int *order, int count, seen_t *seen)
{
    int area[FORM_AREAS_MAX] = {0};
    if (count != form->items) FAIL("%s, seed %llu: %d items", form->id, (unsigned long long)seed, count);
    for (int i = 0; i < count; i++) {
        const item_t *item = bank_item(w->bank, (size_t)order[i]);
        seen->families += item->computed;
        seen->kin += has_kin(w, item);
        area[form_area(form, w->bank, item)]++;
        for (int k = 0; k < i; k++) {
            const item_t *other = bank_item(w->bank, (size_t)order[k]);
            if (order[k] == order[i]) FAIL("%s, seed %llu: %s twice", form->id, (unsigned long long)seed, item->id);
            if (strcmp(item->id, other->id) == 0)
                FAIL("%s, seed %llu: two of %s", form->id, (unsigned long long)seed, item->id);
            if (items_are_enemies(item, other))
                FAIL("%s, seed %llu: %s with %s", form->id, (unsigned long long)seed, item->id, other->id);
        }
    }
    /* published shares of fixed forms are rounded to a tenth: whole numbers lie within one item of them */
    for (int a = 0; a < form->share_count; a++) {
        double low = form->shares[a].low * count / 100, high = form->shares[a].high * count / 100;
        if (area[a] < low - 1 || area[a] > high + 1 ||
            (form->shares[a].high - form->shares[a].low >= 5 && (area[a] < low - 1e-9 || area[a] > high + 1e-9)))
            FAIL("%s, seed %llu: %d items of %s, wanted %.1f to %.1f", form->id, (unsigned long long)seed, area[a],
                 form->shares[a].area, low, high);
    }
    judge_cases(w, form->id, seed, order, count, seen);
}

static void print(const exam_form_t *form, int sittings, const seen_t *seen, double took)
{
    printf("%s: %d sittings, %.2f families and %.3f cases, %.2f with a family for an enemy, %d cases cut, %.2f ms a "
           "sitting\n",
           form->id, sittings, (double)seen->families / sittings, (double)seen->cases / sittings,
           (double)seen->kin / sittings, seen->cut, 1000 * took / sittings);
    if (seen->families == 0) FAIL("%s gives no computed item", form->id);
    if (seen->cases == 0) FAIL("%s gives no case", form->id);
    if (seen->kin == 0) FAIL("%s gives no item whose enemy is a family", form->id);
}

static void draw_fixed(const world_t *w, const exam_form_t *form)
{
    int order[FORM_ITEMS_MAX], count;
    seen_t seen = {0};
    double took = 0;
    err_t err;
    for (uint64_t seed = 1; seed <= SITTINGS; seed++) {
        double from = seconds();
        if (!form_draw(form, w->bank, seed, NULL, false, order, &count, &err)) FAIL("%s: %s", form->id, err.text);
        took += seconds() - from;
        judge(w, form, seed, order, count, &seen);
    }
    if (seen.cut > 0) FAIL("%s: %d cases were cut", form->id, seen.cut);
    print(form, SITTINGS, &seen, took);
}

/* The same test as a sitting plays it: one choice after another, each folded from the beginning. */
static void compare_sitting(const world_t *w, const exam_form_t *form, const sitting_plan_t *plan, uint64_t seed,
                            const int *order, const bool *right)
{
    sitting_t *s = calloc(1, sizeof *s);
    err_t err = {0};
    int next = -1;
    if (!s || !sitting_begin(s, w->bank, form, seed, 1, 0, 0, &err)) abort();
    for (int i = 0; i < form->items; i++) {
        if (!sitting_choose(plan, s, NULL, &next, &err) || next != order[i]) {
            FAIL("%s, seed %llu: the sitting gives another item %d (%s)", form->id, (unsigned long long)seed, i + 1,
                 err.text);
            break;
        }
        const item_t *item = bank_item(w->bank, (size_t)next);
        if (!sitting_give(s, item->id, item->version, &err)) abort();
        s->entry[s->count - 1].answered = true;
        s->entry[s->count - 1].credit = right[i];
    }
    free(s);
}

static void play_adaptive(const world_t *w, const exam_form_t *form)
{
    sitting_plan_t *plan;
    cat_sitting_t *cat;
    arena_t *arena = arena_new(ARENA);
    seen_t seen = {0};
    double took = 0;
    err_t err = {0};
    if (!arena || !sitting_plan(&plan, w->bank, form, false, &err) ||
        !cat_sitting(&cat, arena, sitting_plan_cat(plan), &err)) {
        FAIL("%s: %s", form->id, err.text);
        arena_free(arena);
        return;
    }
    for (uint64_t seed = 1; seed <= SITTINGS; seed++) {
        int order[FORM_ITEMS_MAX], count = 0, at;
        bool right[FORM_ITEMS_MAX];
        rng_t rng = rng_at(seed, DOMAIN, 0, 0);
        double theta = -2 + 4 * rng_uniform(&rng), from = seconds();
        if (!cat_begin(cat, seed, 0, NULL, NULL, &err)) FAIL("%s: %s", form->id, err.text);
        while ((at = cat_next(cat)) >= 0 && count < FORM_ITEMS_MAX) {
            order[count] = sitting_plan_item(plan, at);
            double chance = irt_logistic(theta - bank_item(w->bank, (size_t)order[count])->difficulty);
            right[count] = rng_uniform(&rng) < chance;
            cat_answer(cat, right[count++]);
        }
        took += seconds() - from;
        judge(w, form, seed, order, count, &seen);
        if (seed <= REPLAYED) compare_sitting(w, form, plan, seed, order, right);
    }
    print(form, SITTINGS, &seen, took);
    /* a case may be cut where the outline leaves no other way; it must be next to never */
    if (seen.cut * 1000 > seen.cases) FAIL("%s: %d of %d cases were cut", form->id, seen.cut, seen.cases);
    sitting_plan_free(plan);
    arena_free(arena);
}

int main(void)
{
    world_t w = {0};
    open_world(&w);
    for (int i = 0; i < w.forms.count; i++)
        (w.forms.forms[i].kind == FORM_ADAPTIVE ? play_adaptive : draw_fixed)(&w, &w.forms.forms[i]);
    close_world(&w);
    printf(failures ? "%d failures\n" : "every form keeps its outline, cases and enemies\n", failures);
    return failures > 0;
}
