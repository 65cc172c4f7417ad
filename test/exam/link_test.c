/* Linking finds a known change of scale, by every method and model, and the item that drifted. */
#include "exam/calibrate.h"
#include "exam/link.h"
#include "exam_test.h"
#include "simulate.h"

enum { ITEMS = 20 };

/* `from` is `to` seen from the scale theta_from = (theta_to - shift) / slope. */
static void seen_from(const irt_item_t *to, irt_item_t *from, double slope, double shift)
{
    for (size_t i = 0; i < ITEMS; i++) {
        from[i] = to[i];
        from[i].a = to[i].a * slope;
        for (int k = 0; k < to[i].categories - 1; k++) from[i].b[k] = (to[i].b[k] - shift) / slope;
    }
}

static void known_change(void **state)
{
    (void)state;
    static const irt_model_t models[] = {IRT_2PL, IRT_3PL, IRT_GPCM, IRT_GRM, IRT_RASCH};
    const link_drift_t drift = {1.645, 0.3, false};
    for (size_t m = 0; m < 5; m++)
        for (int method = 0; method < LINK_METHODS; method++) {
            arena_t *arena = arena_new(1 << 20);
            irt_item_t to[ITEMS], from[ITEMS];
            link_t link;
            err_t err = {0};
            const double slope = models[m] == IRT_RASCH ? 1 : 1.3, shift = -0.7;
            for (size_t i = 0; i < ITEMS; i++) to[i] = simulate_item(models[m], m < 2 || m == 4 ? 2 : 4, 900, i);
            seen_from(to, from, slope, shift);
            items_t bank = {.file = "to", .items = to, .count = ITEMS},
                    new = {.file = "from", .items = from, .count = ITEMS};
            if (!link_scales(&link, arena, &new, &bank, (link_method_t)method, &drift, &err)) fail_msg("%s", err.text);
            near(link_method_name((link_method_t)method), link.slope, slope, 1e-7);
            near(link_method_name((link_method_t)method), link.shift, shift, 1e-7);
            irt_item_t back = link_item(&link, &from[3]);
            near("a", back.a, to[3].a, 1e-6);
            near("b", back.b[0], to[3].b[0], 1e-6);
            for (size_t i = 0; i < ITEMS; i++) assert_false(link.items[i].drifted);
            arena_free(arena);
        }
}

static void drifted(void **state)
{
    (void)state;
    for (int method = 0; method < LINK_METHODS; method++) {
        arena_t *arena = arena_new(1 << 20);
        irt_item_t to[ITEMS], from[ITEMS];
        link_drift_t drift = {1.645, 0.3, true};
        link_t link;
        err_t err = {0};
        for (size_t i = 0; i < ITEMS; i++) to[i] = simulate_item(IRT_2PL, 2, 901, i);
        seen_from(to, from, 0.9, 0.4);
        for (size_t i = 0; i < ITEMS; i++) { /* errors of calibration, and one item that is out */
            rng_t rng = rng_at(1, 2, i, 0);
            from[i].b[0] += 0.05 * rng_normal(&rng);
        }
        from[7].b[0] += 1.2;
        items_t bank = {.file = "to", .items = to, .count = ITEMS},
                new = {.file = "from", .items = from, .count = ITEMS};
        if (!link_scales(&link, arena, &new, &bank, (link_method_t)method, &drift, &err)) fail_msg("%s", err.text);
        assert_int_equal(link.count, ITEMS);
        assert_int_equal(link.used, ITEMS - 1);
        assert_true(link.items[7].dropped && link.items[7].drifted && link.items[7].robust_z > 5);
        near("displacement", link.items[7].displacement, 1.2 * 0.9, 0.15);
        near("slope", link.slope, 0.9, 0.05);
        near("shift", link.shift, 0.4, 0.05);
        drift.drop = false;
        assert_true(link_scales(&link, arena, &new, &bank, (link_method_t)method, &drift, &err));
        assert_int_equal(link.used, ITEMS);
        arena_free(arena);
    }
}

/* Two calibrations of the same items on groups of other ability, linked: the groups' difference comes back. */
static void two_calibrations(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)256 << 20);
    irt_item_t items[ITEMS], fitted[2][ITEMS];
    const link_drift_t drift = {1.645, 0.3, false};
    items_t banks[2];
    link_t link;
    err_t err = {0};
    for (size_t i = 0; i < ITEMS; i++) items[i] = simulate_item(IRT_2PL, 2, 902, i);
    for (uint64_t g = 0; g < 2; g++) {
        calibration_t c;
        responses_t r = simulate(arena, items, ITEMS, 4000, g ? 0 : 0.8, g ? 1 : 1.25, 0, 77 + g);
        calibrate_options_t options = calibrate_defaults(IRT_2PL);
        if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
        for (size_t i = 0; i < ITEMS; i++) fitted[g][i] = c.items[i].item;
        banks[g] = (items_t){.file = "fitted", .items = fitted[g], .count = ITEMS};
    }
    for (int method = LINK_HAEBARA; method < LINK_METHODS; method++) {
        if (!link_scales(&link, arena, &banks[0], &banks[1], (link_method_t)method, &drift, &err))
            fail_msg("%s", err.text);
        near("SD of the abler group", link.slope, 1.25, 0.08);
        near("mean of the abler group", link.shift, 0.8, 0.08);
    }
    arena_free(arena);
}

static void refusals(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    irt_item_t a[2] = {simulate_item(IRT_2PL, 2, 1, 0), simulate_item(IRT_2PL, 2, 1, 1)};
    irt_item_t b[2] = {simulate_item(IRT_2PL, 2, 1, 0), simulate_item(IRT_2PL, 2, 1, 5)};
    items_t one = {.file = "one", .items = a, .count = 2}, two = {.file = "two", .items = b, .count = 2};
    const link_drift_t drift = {1.645, 0.3, false};
    link_t link;
    err_t err = {0};
    assert_false(link_scales(&link, arena, &one, &two, LINK_HAEBARA, &drift, &err));
    assert_non_null(strstr(err.text, "1 items in common"));
    b[0].model = IRT_RASCH;
    assert_false(link_scales(&link, arena, &one, &two, LINK_HAEBARA, &drift, &err));
    assert_non_null(strstr(err.text, "item i1 is 2pl"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_change), cmocka_unit_test(drifted),
                                       cmocka_unit_test(two_calibrations), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
