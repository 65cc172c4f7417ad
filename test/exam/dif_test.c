/* Mantel and Haenszel: a table worked by hand, planted differences found, and none where there is none. */
#include "exam/dif.h"
#include "exam_test.h"
#include "simulate.h"

/* Appends `times` persons of a group with answers to two items. */
static void add(int8_t *answers, int *group, size_t *n, int times, int of, int first, int second)
{
    for (int i = 0; i < times; i++) {
        answers[*n * 2] = (int8_t)first;
        answers[*n * 2 + 1] = (int8_t)second;
        group[(*n)++] = of;
    }
}

/* Two items, so that only score 1 counts. There: reference 30 right 20 wrong on item one, focal 15 right 35 wrong.
 * alpha = (30 * 35 / 100) / (20 * 15 / 100) = 3.5; delta = -2.35 ln 3.5 = -2.944; E(A) = 50 * 45 / 100 = 22.5,
 * V = 50 * 50 * 45 * 55 / (100^2 * 99) = 6.25; chi-square = (7.5 - 0.5)^2 / 6.25 = 7.84; in one stratum
 * var ln alpha = 1/30 + 1/20 + 1/15 + 1/35 = 0.178571. Class C as (2.944 - 1) / (2.35 * 0.42258) = 1.958.
 * Standardized: score 0 and 2 have no difference; 50 focal persons at score 1 differ by .3 - .6, 10 have 0 or 2. */
static void by_hand(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    int8_t answers[400];
    int group[200], lines[200] = {0};
    const char *names[] = {"one", "two"};
    size_t n = 0;
    dif_t dif;
    err_t err = {0};
    add(answers, group, &n, 30, 0, 1, 0);
    add(answers, group, &n, 20, 0, 0, 1);
    add(answers, group, &n, 15, 1, 1, 0);
    add(answers, group, &n, 35, 1, 0, 1);
    add(answers, group, &n, 10, 0, 1, 1);
    add(answers, group, &n, 5, 1, 1, 1);
    add(answers, group, &n, 5, 1, 0, 0);
    add(answers, group, &n, 3, 1, 0, RESPONSE_MISSING);
    responses_t r = {"hand", n, 2, names, answers, lines};
    if (!dif_mantel_haenszel(&dif, arena, &r, group, false, &err)) fail_msg("%s", err.text);
    const dif_item_t *one = &dif.items[0];
    assert_int_equal(dif.reference, 60);
    assert_int_equal(dif.focal, 60);
    assert_int_equal(dif.left_out, 3);
    assert_int_equal(one->strata, 1);
    near("alpha", one->alpha, 3.5, 1e-12);
    near("delta", one->delta, -2.943993, 1e-6);
    near("chi-square", one->chi_square, 7.84, 1e-9);
    near("p", one->p, 0.005110, 1e-6);
    near("SE", one->se_delta, 2.35 * 0.42257713, 1e-6);
    near("standardized", one->standardized, 50 * -0.3 / 55, 1e-9); /* score 0 has no reference person */
    assert_int_equal(one->class, 'C');
    near("the other item", dif.items[1].alpha, 1 / 3.5, 1e-12);
    for (size_t p = 0; p < n; p++) group[p] = 0;
    assert_false(dif_mantel_haenszel(&dif, arena, &r, group, false, &err));
    assert_non_null(strstr(err.text, "each group needs persons"));
    arena_free(arena);
}

enum { ITEMS = 25, PERSONS = 800 };

/* Two groups of PERSONS; the focal group is less able by half a logit, and item 4 is harder for it by `extra` logits.
 */
static responses_t two_groups(arena_t *arena, double extra, int *group, irt_item_t *items, uint64_t seed)
{
    for (size_t i = 0; i < ITEMS; i++) items[i] = simulate_item(IRT_RASCH, 2, 500, i);
    items[3].b[0] = 0;
    responses_t r = simulate(arena, items, ITEMS, PERSONS, 0, 1, 0, seed);
    items[3].b[0] = extra;
    responses_t focal = simulate(arena, items, ITEMS, PERSONS, -0.5, 1, 0, seed + 1);
    int8_t *answers = arena_array(arena, 2 * PERSONS, ITEMS);
    memcpy(answers, r.answers, (size_t)PERSONS * ITEMS);
    memcpy(answers + PERSONS * ITEMS, focal.answers, (size_t)PERSONS * ITEMS);
    for (size_t p = 0; p < 2 * PERSONS; p++) group[p] = p >= PERSONS;
    r.answers = answers;
    r.persons = 2 * PERSONS;
    return r;
}

static void planted_and_not(void **state)
{
    (void)state;
    enum { SAMPLES = 24 };
    int found = 0, large = 0, false_alarms = 0, tests = 0;
    double delta = 0;
    for (uint64_t n = 0; n < SAMPLES; n++) {
        arena_t *arena = arena_new((size_t)64 << 20);
        irt_item_t items[ITEMS];
        int group[2 * PERSONS];
        dif_t dif;
        err_t err = {0};
        responses_t r = two_groups(arena, 0.9, group, items, 700 + 2 * n);
        if (!dif_mantel_haenszel(&dif, arena, &r, group, true, &err)) fail_msg("%s", err.text);
        found += dif.items[3].p < 0.05 && dif.items[3].class != 'A';
        large += dif.items[3].class == 'C';
        delta += dif.items[3].delta / SAMPLES;
        for (size_t i = 0; i < ITEMS; i++) {
            if (i == 3) continue;
            tests++;
            false_alarms += dif.items[i].p < 0.05;
            assert_true(dif.items[i].class != 'C');
        }
        arena_free(arena);
    }
    print_message("planted found %d of %d, class C %d, mean delta %.3f; false alarms %d of %d\n", found, (int)SAMPLES,
                  large, delta, false_alarms, tests);
    assert_int_equal(found, SAMPLES);
    assert_true(large > SAMPLES / 2);
    near("delta of 0.9 logits", delta, -2.35 * 0.9, 0.25);
    near("false alarms", (double)false_alarms / tests, 0.045,
         0.025); /* the correction for continuity is conservative */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(planted_and_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
