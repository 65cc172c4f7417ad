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

/* ---- items that have priors of their own ---- */

enum { PROVISIONAL = 40, FIRST = 10, ROUTE = 15, AUTHORS = 3 };

/* How authors err: their stated SD times `spread`, and all of them together by `shift` logits. */
typedef struct {
    const char *name;
    double spread, shift;
    int persons, samples;
} authors_t;

/* Ten items for all, then the harder or the easier fifteen, by what was answered: so adaptive tests leave items out. */
static responses_t routed(arena_t *arena, const irt_item_t *items, int persons, uint64_t seed)
{
    int8_t *answers = arena_array(arena, (size_t)persons, PROVISIONAL);
    responses_t r = simulate(arena, items, PROVISIONAL, (size_t)persons, 0.6, 1.1, 0, seed);
    memcpy(answers, r.answers, (size_t)persons * PROVISIONAL);
    for (int p = 0; p < persons; p++) {
        int8_t *row = answers + (size_t)p * PROVISIONAL;
        int right = 0;
        for (int i = 0; i < FIRST; i++) right += row[i];
        memset(row + FIRST + (right > FIRST / 2 ? 0 : ROUTE), RESPONSE_MISSING, ROUTE);
    }
    r.answers = answers;
    return r;
}

/* `centered` counts errors less what all items of a sample share, for authors who are off together. */
static void provisional_sample(const authors_t *authors, uint64_t seed, tally_t *all, tally_t *centered, double *bias)
{
    arena_t *arena = arena_new((size_t)64 << 20);
    irt_item_t items[PROVISIONAL];
    prior_t priors[PROVISIONAL];
    calibration_t c;
    err_t err = {0};
    double shared = 0;
    for (int i = 0; i < PROVISIONAL; i++) {
        rng_t rng = rng_at(seed, 3, (uint64_t)i, 0);
        items[i] = simulate_item(IRT_RASCH, 2, seed, (size_t)i);
        if (i >= FIRST) items[i].b[0] = exact_abs(items[i].b[0]) * (i < FIRST + ROUTE ? -1 : 1);
        priors[i] = (prior_t){items[i].b[0], 0.8 + 0.2 * (i % 3)};
        items[i].b[0] += authors->spread * priors[i].sd * rng_normal(&rng) - authors->shift;
    }
    responses_t r = routed(arena, items, authors->persons, seed);
    calibrate_options_t options = calibrate_defaults(IRT_RASCH);
    options.nodes = 41;
    options.difficulty_of = priors;
    if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
    assert_true(c.converged && c.groups[0].mean_free && c.groups[0].sd_free);
    for (int i = 0; i < PROVISIONAL; i++) shared += (c.items[i].item.b[0] - items[i].b[0]) / PROVISIONAL;
    for (int i = 0; i < PROVISIONAL; i++) {
        count(all, c.items[i].item.b[0], c.items[i].se_b[0], items[i].b[0]);
        count(centered, c.items[i].item.b[0] - shared, c.items[i].se_b[0], items[i].b[0]);
    }
    *bias += shared / authors->samples;
    if (authors->shift < 0.1) count(all, c.groups[0].mean, c.groups[0].se_mean, 0.6);
    arena_free(arena);
}

static void own_priors(void **state)
{
    (void)state;
    static const authors_t authors[AUTHORS] = {
        {"authors as sure as they say", 1, 0, 400, 80},
        {"authors all half a logit off", 1, 0.5, 400, 25},
        {"authors twice as far off as they say", 2, 0, 600, 25},
    };
    for (int k = 0; k < AUTHORS; k++) {
        tally_t all = {0}, centered = {0};
        double bias = 0;
        for (int n = 0; n < authors[k].samples; n++)
            provisional_sample(&authors[k], 7000 + 1000 * (uint64_t)k + (uint64_t)n, &all, &centered, &bias);
        const double held = (double)all.held / all.intervals, apart = (double)centered.held / centered.intervals;
        print_message("%s: bias %.3f, %.4f of %d intervals hold the truth, %.4f but for what all share; mean square z "
                      "%.3f\n",
                      authors[k].name, bias, held, all.intervals, apart, all.z2 / all.intervals);
        near("bias", bias, authors[k].shift, k == 2 ? 0.2 : 0.08); /* three errors of a mean of so many samples */
        if (k == 0) near("share of intervals", held, 0.95, 0.02);
        if (k == 0) near("mean square z", all.z2 / all.intervals, 1, 0.15);
        assert_true(apart > (k == 2 ? 0.90 : 0.94));
    }
}

/* Answers that are all alike, which the model alone refuses: the prior moves by what they say, and keeps it finite. */
static void alike_with_prior(void **state)
{
    (void)state;
    enum { N = 300 };
    arena_t *arena = arena_new((size_t)64 << 20);
    irt_item_t items[FIRST];
    prior_t priors[FIRST];
    calibration_t c;
    err_t err = {0};
    for (size_t i = 0; i < FIRST; i++) {
        items[i] = simulate_item(IRT_RASCH, 2, 31, i);
        priors[i] = (prior_t){items[i].b[0], 1};
    }
    responses_t r = simulate(arena, items, FIRST, N, 0, 1, 0, 32);
    int8_t *answers = arena_array(arena, N, FIRST);
    memcpy(answers, r.answers, (size_t)N * FIRST);
    for (size_t p = 0; p < N; p++) {
        answers[p * FIRST] = 1;
        answers[p * FIRST + 1] = 0;
    }
    r.answers = answers;
    calibrate_options_t options = calibrate_defaults(IRT_RASCH);
    assert_false(calibrate(&c, arena, &r, &options, &err));
    options.difficulty_of = priors;
    if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
    assert_true(c.converged && c.items[0].item.b[0] < priors[0].mean - 1.5 && c.items[0].se_b[0] > 0.4);
    assert_true(c.items[1].item.b[0] > priors[1].mean + 1.5 && c.items[1].se_b[0] > 0.4);
    assert_true(c.items[2].se_b[0] < c.items[0].se_b[0] - 0.1);
    priors[4].sd = 0;
    assert_false(calibrate(&c, arena, &r, &options, &err));
    assert_non_null(strstr(err.text, "needs an SD above 0"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(coverage), cmocka_unit_test(own_priors),
                                       cmocka_unit_test(alike_with_prior)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
