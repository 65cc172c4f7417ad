/* The path finder: every goal there is from three records, as they are, beside work and with military training, each
 * for the quickest, cheapest and easiest plan, alone and the three as a page has them; the slowest and the median. 200
 * ms are asked of either. Also how many searches could have gone on to longer plans than there are: none proves that no
 * goal needs one. Processor time. Usage: bench_path */
#include "base/content.h"
#include "road/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWERS_MAX = 8192 };

static const char *const records[] = {
    "{}",
    "{\"degree\":{\"level\":\"bachelor\",\"field\":\"biology\",\"accredited\":true,\"awarded\":\"2020\"},\"semester_"
    "hours\":"
    "{\"any\":120,\"biology\":30,\"chemistry\":20}}",
    "{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}],\"degree\":{\"level\":\"associate\",\"field\":"
    "\"medical_laboratory_technology\",\"accredited\":true},\"jobs\":[{\"setting\":\"clinical_lab\",\"areas\":"
    "[\"chemistry\",\"hematology\"],\"start\":\"2025-01\",\"end\":\"present\",\"hours_per_week\":40,\"lab\":\"us\"}]}"};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    double one[ANSWERS_MAX], page[ANSWERS_MAX];
    size_t count, pages, cut;
    int longest;
    char slowest[100];
} times_t;

static bool find_three(const plans_t *plans, size_t r, const char *goal, plan_wish_t wish, arena_t *arena, times_t *t,
                       err_t *err)
{
    double sum = 0;
    for (wish.best = 0; wish.best < PATH_BESTS && t->count < ANSWERS_MAX; wish.best++) {
        record_t record;
        plan_t plan;
        arena_reset(arena);
        if (!record_read(&record, arena, records[r], strlen(records[r]), err)) return false;
        double begun = now_ms();
        if (!plan_find(plans, &record, goal, &wish, arena, &plan, err)) return false;
        double ms = now_ms() - begun;
        bool slower = true;
        for (size_t i = 0; i < t->count; i++) slower = slower && t->one[i] < ms;
        if (slower)
            snprintf(t->slowest, sizeof t->slowest, "%s, %s, record %zu, %d h a week%s, %d sets", goal,
                     plan_best_word(wish.best), r, wish.hours_week_max, wish.military ? ", military" : "", plan.sets);
        t->cut += plan.cut > 0;
        t->longest = plan.count > t->longest ? plan.count : t->longest;
        t->one[t->count++] = ms;
        sum += ms;
    }
    t->page[t->pages++] = sum;
    return true;
}

static void print(const char *what, double *ms, size_t count, const char *more)
{
    qsort(ms, count, sizeof *ms, compare);
    printf("%s: %zu, median %.1f ms, 99 of 100 under %.0f ms, slowest %.0f ms%s\n", what, count, ms[count / 2],
           ms[count * 99 / 100], ms[count - 1], more);
}

int main(void)
{
    static const plan_wish_t wishes[] = {{0}, {.hours_week_max = PLAN_HOURS_WHILE_WORKING}, {.military = true}};
    static times_t t;
    arena_t *arena = arena_new((size_t)64 << 20), *scratch = arena_new((size_t)16 << 20), *names = arena_new(1 << 20);
    rules_t rules;
    licenses_t licenses;
    plans_t *plans;
    err_t err = {0};
    int32_t today = 0;
    bool ok = arena && scratch && names && rules_load(&rules, arena, content_source(), &err) &&
              licenses_load(&licenses, arena, content_source(), &err) &&
              plans_load(&plans, arena, content_source(), &rules, &licenses, &err) && day_make(2026, 11, 27, &today);
    for (size_t r = 0; ok && r < sizeof records / sizeof *records; r++)
        for (size_t g = 0; ok && g < plan_goal_count(plans); g++)
            for (size_t w = 0; ok && w < sizeof wishes / sizeof *wishes; w++) {
                plan_goal_t goal;
                plan_wish_t wish = wishes[w];
                wish.today = today;
                arena_reset(names);
                ok = plan_goal(plans, g, names, &goal) && find_three(plans, r, goal.id, wish, scratch, &t, &err);
            }
    if (!ok) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    char slowest[120];
    snprintf(slowest, sizeof slowest, " (%s)", t.slowest);
    print("path finder, answers", t.one, t.count, slowest);
    print("all three of a page", t.page, t.pages, "");
    printf("longest plan: %d of at most %d steps; searches that could have gone on beyond: %zu\n", t.longest,
           PATH_PLAN_MAX, t.cut);
    arena_free(arena);
    arena_free(scratch);
    arena_free(names);
    return 0;
}
