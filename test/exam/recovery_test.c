/* Parameters that are known come back: over repeated samples the 95 % intervals hold them 95 times in a hundred. */
#include "exam/calibrate.h"
#include "exam_test.h"
#include "simulate.h"

enum { ITEMS_MOST = 15 };

typedef struct {
    irt_model_t model;
    int categories, samples;
    size_t items, persons;
    double missing, sd;
} setting_t;

typedef struct {
    int intervals, held;
    double z, z2; /* sums of (estimate - truth) / SE */
} tally_t;

static void count(tally_t *tally, double found, double se, double truth)
{
    double z = (found - truth) / se;
    assert_true(se > 0 && se < 10);
    tally->intervals++;
    tally->held += exact_abs(z) < 1.959964;
    tally->z += z;
    tally->z2 += z * z;
}

static void sample(const setting_t *s, const irt_item_t *items, uint64_t seed, tally_t *tally)
{
    arena_t *arena = arena_new((size_t)64 << 20);
    calibration_t c;
    err_t err = {0};
    responses_t r = simulate(arena, items, s->items, s->persons, 0, s->sd, s->missing, seed);
    calibrate_options_t options = calibrate_defaults(s->model);
    options.nodes = 41;
    if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
    assert_true(c.converged);
    for (size_t i = 0; i < s->items; i++) {
        const calibrated_item_t *item = &c.items[i];
        if (s->model != IRT_RASCH) count(tally, item->item.a, item->se_a, items[i].a);
        for (int k = 0; k < s->categories - 1; k++) count(tally, item->item.b[k], item->se_b[k], items[i].b[k]);
    }
    if (c.groups[0].sd_free) count(tally, c.groups[0].sd * c.groups[0].sd, c.groups[0].se_variance, s->sd * s->sd);
    arena_free(arena);
}

static void coverage(void **state)
{
    (void)state;
    static const setting_t settings[] = {
        {IRT_2PL, 2, 80, 15, 600, 0, 1},
        {IRT_2PL, 2, 40, 12, 800, 0.25, 1},
        {IRT_GRM, 4, 50, 8, 600, 0, 1},
        {IRT_RASCH, 2, 150, 10, 300, 0.1, 1.3},
    };
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        const setting_t *s = &settings[k];
        irt_item_t items[ITEMS_MOST];
        tally_t tally = {0};
        for (size_t i = 0; i < s->items; i++) {
            items[i] = simulate_item(s->model, s->categories, 100 + k, i);
            for (int b = 0; b < s->categories - 1; b++) items[i].b[b] *= 0.7; /* no category is rare */
        }
        for (int n = 0; n < s->samples; n++) sample(s, items, 1000 * (k + 1) + (uint64_t)n, &tally);
        double share = (double)tally.held / tally.intervals, mean = tally.z / tally.intervals;
        double spread = tally.z2 / tally.intervals;
        print_message("%s, missing %.2f: %.4f of %d intervals hold the truth; z has mean %.3f, mean square %.3f\n",
                      irt_model_name(s->model), s->missing, share, tally.intervals, mean, spread);
        /* the intervals of one sample move together: twice the binomial error of their number, and some */
        near("share of intervals", share, 0.95, 0.015);
        near("mean z", mean, 0, 0.1);
        near("mean square z", spread, 1, 0.12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(coverage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
