/* The path finder: every goal there is from three records, each for the quickest, cheapest and easiest plan; the
 * slowest answer and the median. 200 ms are asked of one answer. Processor time. Usage: bench_path */
#include "base/content.h"
#include "road/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWERS_MAX = 4096 };

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

int main(void)
{
    static double ms[ANSWERS_MAX];
    arena_t *arena = arena_new((size_t)64 << 20), *scratch = arena_new((size_t)16 << 20);
    rules_t rules;
    licenses_t licenses;
    plans_t *plans;
    err_t err = {0};
    size_t count = 0;
    char slowest[80] = "";
    plan_wish_t wish = {0};
    if (!arena || !scratch || !rules_load(&rules, arena, content_source(), &err) ||
        !licenses_load(&licenses, arena, content_source(), &err) ||
        !plans_load(&plans, arena, content_source(), &rules, &licenses, &err) || !day_make(2026, 11, 27, &wish.today)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t r = 0; r < sizeof records / sizeof *records; r++)
        for (size_t g = 0; g < plan_goal_count(plans); g++)
            for (wish.best = 0; wish.best < PATH_BESTS && count < ANSWERS_MAX; wish.best++) {
                plan_goal_t goal;
                record_t record;
                plan_t plan;
                arena_reset(scratch);
                if (!plan_goal(plans, g, scratch, &goal) ||
                    !record_read(&record, scratch, records[r], strlen(records[r]), &err)) {
                    fprintf(stderr, "%s\n", err.text);
                    return 1;
                }
                double begun = now_ms();
                if (!plan_find(plans, &record, goal.id, &wish, scratch, &plan, &err)) {
                    fprintf(stderr, "%s from record %zu: %s\n", goal.id, r, err.text);
                    return 1;
                }
                ms[count] = now_ms() - begun;
                bool slower = true;
                for (size_t i = 0; i < count; i++) slower = slower && ms[i] < ms[count];
                if (slower)
                    snprintf(slowest, sizeof slowest, "%s, %s, record %zu, %d sets", goal.id, plan_best_word(wish.best),
                             r, plan.sets);
                count++;
            }
    qsort(ms, count, sizeof *ms, compare);
    printf("path finder: %zu answers, median %.1f ms, 99 of 100 under %.0f ms, slowest %.0f ms (%s)\n", count,
           ms[count / 2], ms[count * 99 / 100], ms[count - 1], slowest);
    arena_free(arena);
    arena_free(scratch);
    return 0;
}
