/* The search for the best plan against every possible plan of small made-up problems: facts that steps give, needs that
 * ask for facts, some only if they are fresh, hours that add up, steps that ask for each other. */
#include "base/rng.h"
#include "road/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FACTS = 5, STEPS = 7, WAYS = 2, PROBLEMS = 4000 };

/* One of the ways must hold: all its facts there, none older than `window` months, and so many hours in all. */
typedef struct {
    int ways;
    struct {
        unsigned facts;
        int window; /* 0: any age */
        int hours;
    } way[WAYS];
} need_t;

typedef struct {
    path_step_t step[STEPS];
    unsigned gives[STEPS];
    int hours[STEPS];
    need_t need[STEPS], goal;
    int count;
} made_t;

/* Helpers of a way that is not met: of one fact that it lacks, or of its hours; with `every`, of all it may ask. */
static void add_helpers(const made_t *m, unsigned facts, bool hours, path_set_t *helpful)
{
    for (int s = 0; s < m->count; s++)
        if ((m->gives[s] & facts) || (hours && m->hours[s] > 0)) path_set_add(helpful, s);
}

static bool need_met(const made_t *m, const path_placed_t *done, int count, const need_t *need, int now, bool every,
                     path_set_t *helpful)
{
    path_set_t may = {0};
    bool good = need->ways == 0;
    for (int w = 0; w < need->ways; w++) {
        unsigned have = 0;
        int hours = 0;
        for (int i = 0; i < count; i++) {
            if (need->way[w].window > 0 && done[i].end < now - need->way[w].window) continue;
            have |= m->gives[done[i].step];
            hours += m->hours[done[i].step];
        }
        unsigned lacks = need->way[w].facts & ~have, one = lacks & (0u - lacks);
        good = good || (lacks == 0 && hours >= need->way[w].hours);
        add_helpers(m, every ? need->way[w].facts : one, every || lacks == 0, &may);
    }
    for (int s = 0; helpful && (!good || every) && s < m->count; s++)
        if (path_set_has(&may, s)) path_set_add(helpful, s);
    return good;
}

static bool met(void *context, const path_placed_t *done, int count, int need, int now, bool every, path_set_t *helpful)
{
    const made_t *m = context;
    return need_met(m, done, count, need == PATH_GOAL ? &m->goal : &m->need[need], now, every, helpful);
}

static need_t draw_need(rng_t *rng, int most_ways)
{
    need_t need = {.ways = (int)rng_below(rng, (uint32_t)most_ways + 1)};
    for (int w = 0; w < need.ways; w++) {
        need.way[w].facts = 1u << rng_below(rng, FACTS) | (rng_below(rng, 2) ? 1u << rng_below(rng, FACTS) : 0);
        need.way[w].window = rng_below(rng, 4) == 0 ? 6 + (int)rng_below(rng, 30) : 0;
        need.way[w].hours = rng_below(rng, 4) == 0 ? 1 + (int)rng_below(rng, 4) : 0;
    }
    return need;
}

static made_t draw_problem(uint64_t seed)
{
    rng_t rng = rng_at(seed, 9501, 0, 0);
    made_t m = {.count = 3 + (int)rng_below(&rng, STEPS - 2)};
    for (int s = 0; s < m.count; s++) {
        int low = 1 + (int)rng_below(&rng, 12), cost = 100 * (int)rng_below(&rng, 5);
        m.step[s] = (path_step_t){.base = rng_below(&rng, 5) == 0 && s > 0 ? m.step[s - 1].base : s,
                                  .lane = (path_lane_t)rng_below(&rng, PATH_LANES),
                                  .months_low = low,
                                  .months_high = low + (int)rng_below(&rng, 8),
                                  .cost_known = rng_below(&rng, 4) != 0,
                                  .cost_low = cost,
                                  .cost_high = cost + 50 * (int)rng_below(&rng, 3),
                                  .doubtful = rng_below(&rng, 6) == 0};
        m.step[s].hours_week = m.step[s].lane == PATH_STUDY ? 5 * (int)rng_below(&rng, 9) : 0;
        m.gives[s] = 1u << rng_below(&rng, FACTS) | (rng_below(&rng, 3) == 0 ? 1u << rng_below(&rng, FACTS) : 0);
        m.hours[s] = rng_below(&rng, 3) == 0 ? (int)rng_below(&rng, 4) : 0;
        m.need[s] = draw_need(&rng, WAYS);
    }
    m.goal = draw_need(&rng, WAYS);
    if (m.goal.ways == 0) m.goal = (need_t){.ways = 1, .way = {{.facts = 3}}};
    return m;
}

/* ---- every plan there is ---- */

typedef struct {
    const made_t *m;
    path_best_t best;
    path_placed_t placed[STEPS];
    int count;
    bool found;
    path_value_t value;
    int hours_max, cost_max, months_max; /* 0: no limit */
} every_t;

static int free_at(const every_t *e, path_lane_t lane)
{
    int free = 0;
    for (int i = 0; lane != PATH_WAIT && i < e->count; i++)
        if (e->m->step[e->placed[i].step].lane == lane && e->placed[i].end > free) free = e->placed[i].end;
    return free;
}

static bool holds(const every_t *e, int need, int month)
{
    path_placed_t done[STEPS];
    int n = 0;
    for (int i = 0; i < e->count; i++)
        if (e->placed[i].end <= month) done[n++] = e->placed[i];
    return met((void *)(uintptr_t)e->m, done, n, need, month, false, NULL);
}

static void try_all(every_t *e)
{
    int end = 0;
    path_value_t value = {.steps = e->count};
    for (int i = 0; i < e->count; i++) {
        const path_step_t *step = &e->m->step[e->placed[i].step];
        if (e->placed[i].end > end) end = e->placed[i].end;
        value.doubts += step->doubtful;
        value.unknown_costs += !step->cost_known;
        if (step->cost_known) value.cost_high += step->cost_high;
        if (step->hours_week > value.hours_week) value.hours_week = step->hours_week;
    }
    value.months = end;
    if ((e->hours_max > 0 && value.hours_week > e->hours_max) || (e->cost_max > 0 && value.cost_high > e->cost_max) ||
        (e->months_max > 0 && end > e->months_max))
        return; /* what follows asks no less */
    if (holds(e, PATH_GOAL, end) && (!e->found || path_compare(&value, &e->value, e->best) < 0)) {
        e->found = true;
        e->value = value;
    }
    for (int s = 0; s < e->m->count; s++) {
        bool taken = false;
        for (int i = 0; i < e->count; i++) taken = taken || e->m->step[e->placed[i].step].base == e->m->step[s].base;
        int start = free_at(e, e->m->step[s].lane);
        while (!taken && start <= end && !holds(e, s, start)) start++; /* month by month */
        if (taken || !holds(e, s, start)) continue;
        e->placed[e->count++] = (path_placed_t){.step = s, .start = start, .end = start + e->m->step[s].months_high};
        try_all(e);
        e->count--;
    }
}

static void the_best_plan_is_the_best_of_all(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)64 << 20);
    int found = 0, longest = 0;
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        made_t m = draw_problem(seed);
        for (path_best_t best = 0; best < PATH_BESTS; best++) {
            /* every other problem with what one has: hours a week, money, time */
            every_t every = {.m = &m, .best = best};
            if (seed % 2 == 1) {
                every.hours_max = seed % 4 == 1 ? 15 : 0;
                every.cost_max = seed % 3 == 1 ? 20 + (int)(seed % 50) : 0;
                every.months_max = seed % 5 == 1 ? 6 + (int)(seed % 30) : 0;
            }
            path_plan_t plan;
            path_problem_t problem = {.steps = m.step,
                                      .count = m.count,
                                      .met = met,
                                      .context = &m,
                                      .hours_week_max = every.hours_max,
                                      .cost_max = every.cost_max,
                                      .months_max = every.months_max};
            try_all(&every);
            arena_reset(arena);
            assert_true(path_search(&problem, best, arena, &plan, NULL));
            if (plan.found != every.found || (plan.found && path_compare(&plan.value, &every.value, best) != 0))
                fail_msg("seed %d, best %d: found %d in %d months for %d, of all plans %d in %d for %d", (int)seed,
                         (int)best, plan.found, plan.value.months, plan.value.cost_high, every.found,
                         every.value.months, every.value.cost_high);
            assert_int_equal(plan.cut, 0); /* there are fewer steps than a plan may have */
            found += plan.found;
            if (plan.count > longest) longest = plan.count;
        }
    }
    assert_true(found > PROBLEMS / 2); /* with limits a good part has none */
    assert_true(longest >= 4);
    arena_free(arena);
}

static void a_plan_can_be_followed(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)64 << 20);
    for (uint64_t seed = 0; seed < PROBLEMS / 4; seed++) {
        made_t m = draw_problem(seed);
        path_plan_t plan;
        path_problem_t problem = {.steps = m.step, .count = m.count, .met = met, .context = &m};
        arena_reset(arena);
        assert_true(path_search(&problem, PATH_BEST_TIME, arena, &plan, NULL));
        for (int i = 0; i < plan.count; i++) {
            const path_placed_t *now = &plan.placed[i];
            path_placed_t done[PATH_PLAN_MAX];
            int n = 0;
            for (int k = 0; k < plan.count; k++)
                if (plan.placed[k].end <= now->start) done[n++] = plan.placed[k];
            assert_true(met(&m, done, n, now->step, now->start, false, NULL));
            assert_true(now->start_low <= now->start && now->end_low <= now->end && now->end_low <= plan.months_low);
            assert_int_equal(now->end - now->start, m.step[now->step].months_high);
        }
        assert_true(plan.months_low <= plan.value.months);
    }
    arena_free(arena);
}

static void hours_a_week_can_be_limited(void **state)
{
    (void)state;
    made_t m = {.count = 2, .goal = {.ways = 1, .way = {{.facts = 1}}}};
    m.step[0] = (path_step_t){.base = 0, .months_low = 6, .months_high = 6, .hours_week = 40, .cost_known = true};
    m.step[1] = (path_step_t){.base = 0, .months_low = 12, .months_high = 12, .hours_week = 20, .cost_known = true};
    m.gives[0] = m.gives[1] = 1;
    path_problem_t problem = {.steps = m.step, .count = 2, .met = met, .context = &m};
    arena_t *arena = arena_new((size_t)64 << 20);
    path_plan_t plan;
    assert_true(path_search(&problem, PATH_BEST_TIME, arena, &plan, NULL));
    assert_int_equal(plan.value.months, 6);
    assert_true(path_search(&problem, PATH_BEST_EFFORT, arena, &plan, NULL));
    assert_int_equal(plan.value.hours_week, 20);
    problem.hours_week_max = 25;
    assert_true(path_search(&problem, PATH_BEST_TIME, arena, &plan, NULL));
    assert_int_equal(plan.value.months, 12);
    problem.hours_week_max = 10;
    assert_true(path_search(&problem, PATH_BEST_TIME, arena, &plan, NULL));
    assert_false(plan.found);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_best_plan_is_the_best_of_all),
                                       cmocka_unit_test(a_plan_can_be_followed),
                                       cmocka_unit_test(hours_a_week_can_be_limited)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
