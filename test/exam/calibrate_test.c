/* Calibration against mirt and ltm (calibrate_*.csv; see README.md), against derivatives by differences, and what it
 * must refuse. */
#include "exam/calibrate.h"
#include "exam_test.h"
#include "fit_private.h"
#include "simulate.h"

#include <math.h>

enum { ITEMS_MOST = 8 };

/* The answers of one data set, written out from its patterns. */
static responses_t data_of(arena_t *arena, const char *name)
{
    csv_t table = test_table("calibrate_patterns.csv", arena);
    static const char *const numbered[] = {"I1", "I2", "I3", "I4", "I5"};
    static const char *const science[] = {"Comfort", "Work", "Future", "Benefit"};
    responses_t r = {.file = name};
    int8_t *answers = arena_array(arena, 2000, ITEMS_MOST);
    r.names = strcmp(name, "Science") == 0 ? (const char **)(uintptr_t)science : (const char **)(uintptr_t)numbered;
    r.lines = arena_array(arena, 2000, sizeof *r.lines);
    for (size_t row = 0; row < table.rows; row++) {
        const char *pattern = csv_text(&table, row, 1);
        int64_t count;
        err_t err;
        if (strcmp(csv_text(&table, row, 0), name) != 0) continue;
        r.items = strlen(pattern) - 1;
        assert_true(csv_int(&table, row, 2, &count, &err));
        for (; count > 0; count--, r.persons++)
            for (size_t i = 0; i < r.items; i++) answers[r.persons * r.items + i] = (int8_t)(pattern[i + 1] - '0');
    }
    r.answers = answers;
    return r;
}

/* A relative tolerance where the table has a value. */
static void close_to(const csv_t *table, size_t row, int column, double found, double tolerance, const char *what)
{
    double expected;
    err_t err;
    if (!csv_text(table, row, column)[0]) return;
    assert_true(csv_double(table, row, column, &expected, &err));
    near(what, found, expected, tolerance * exact_abs(expected));
}

static int check_items(arena_t *arena, const char *data, const char *model, const calibration_t *c, bool edge)
{
    csv_t table = test_table("calibrate_items.csv", arena);
    const double tight = edge ? 0.002 : 0.0002; /* asked: 0.003 slopes, 0.005 intercepts, 2 % of errors */
    int checked = 0;
    for (size_t row = 0; row < table.rows; row++) {
        if (strcmp(csv_text(&table, row, 0), data) != 0 || strcmp(csv_text(&table, row, 1), model) != 0) continue;
        const calibrated_item_t *item = &c->items[checked++];
        char what[100];
        snprintf(what, sizeof what, "%s %s %s", data, model, item->item.id);
        assert_string_equal(csv_text(&table, row, 2), item->item.id);
        close_to(&table, row, 3, item->item.a, tight, what);
        for (int k = 0; k < item->item.categories - 1; k++) close_to(&table, row, 4 + k, item->item.b[k], tight, what);
        close_to(&table, row, 7, item->item.c, tight, what);
        if (edge) continue;
        close_to(&table, row, 8, item->se_a, 0.002, what);
        close_to(&table, row, 9, item->se_b[0], 0.002, what);
        close_to(&table, row, 10, item->se_c, 0.002, what);
    }
    return checked;
}

static void reference(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)64 << 20);
    csv_t runs = test_table("calibrate_runs.csv", arena);
    int items = 0;
    for (size_t row = 0; row < runs.rows; row++) {
        const char *name = csv_text(&runs, row, 0), *model_name = csv_text(&runs, row, 1);
        const bool edge = strcmp(name, "Abortion") == 0; /* slopes above 4, variance 7: the nodes hardly reach */
        double value;
        irt_model_t model;
        calibration_t c;
        err_t err = {0};
        assert_true(irt_model_from_name(model_name, &model));
        responses_t r = data_of(arena, name);
        calibrate_options_t options = calibrate_defaults(model);
        options.tolerance = 1e-6;
        if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
        assert_true(c.converged);
        assert_true(csv_double(&runs, row, 2, &value, &err));
        near("log-likelihood", c.log_likelihood, value, 0.001);
        assert_true(csv_double(&runs, row, 3, &value, &err));
        near("log-prior", c.log_prior, value, 0.001);
        close_to(&runs, row, 4, c.groups[0].sd * c.groups[0].sd, 0.0005, "variance");
        if (!edge) close_to(&runs, row, 5, c.groups[0].se_variance, 0.0005, "error of the variance");
        assert_true((c.end_share > 1e-4) == (edge && model == IRT_RASCH));
        items += check_items(arena, name, model_name, &c, edge);
    }
    assert_int_equal(items, 54);
    arena_free(arena);
}

/* A calibration of everything at once: two groups, missing answers, an anchored item and priors. */
static void mixed_setting(arena_t *arena, irt_model_t model, int categories, double missing, responses_t *r,
                          calibrate_options_t *options)
{
    enum { ITEMS = 6, PERSONS = 150 };
    irt_item_t *items = arena_array(arena, ITEMS, sizeof *items);
    calibrate_fix_t *fix = arena_array(arena, ITEMS, sizeof *fix);
    int *group = arena_array(arena, PERSONS, sizeof *group);
    for (size_t i = 0; i < ITEMS; i++) items[i] = simulate_item(model, categories, 5, i);
    *r = simulate(arena, items, ITEMS, PERSONS, 0.2, 1.1, missing, 17);
    for (size_t p = 0; p < PERSONS; p++) group[p] = p % 3 == 0;
    fix[2] = CALIBRATE_FIX_ALL;
    *options = calibrate_defaults(model);
    options->start = items;
    options->fix = fix;
    options->group_of = group;
    options->groups = 2;
    options->slope = (prior_t){0.1, 0.6};
    options->difficulty = (prior_t){0.3, 1.5};
    prior_t *own = arena_array(arena, ITEMS, sizeof *own);
    for (size_t i = 0; i < ITEMS; i++) own[i] = (prior_t){0.2 * (double)i - 0.5, 0.7 + 0.1 * (double)i};
    if (missing > 0) options->difficulty_of = own;
    options->nodes = 31;
}

/* The gradient against differences of the objective, the information against differences of the gradient. */
static void derivatives(void **state)
{
    (void)state;
    static const struct {
        irt_model_t model;
        int categories;
        double missing;
    } settings[] = {{IRT_RASCH, 2, 0}, {IRT_2PL, 2, 0},  {IRT_2PL, 2, 0.3},  {IRT_3PL, 2, 0.2},
                    {IRT_PCM, 3, 0.2}, {IRT_GPCM, 3, 0}, {IRT_GPCM, 4, 0.3}, {IRT_GRM, 4, 0.2}};
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        arena_t *arena = arena_new((size_t)64 << 20);
        responses_t r;
        calibrate_options_t options;
        pack_t data;
        fit_t fit;
        err_t err = {0};
        mixed_setting(arena, settings[k].model, settings[k].categories, settings[k].missing, &r, &options);
        if (!fit_begin(&fit, &data, arena, &r, &options, &err)) fail_msg("%s", err.text);
        const size_t n = fit.parameters;
        double *information = arena_array(arena, n * n, sizeof *information), *up = arena_array(arena, n, sizeof *up);
        const double step = 1e-4;
        for (size_t i = 0; i < n; i++) fit_set(&fit, i, fit_get(&fit, i) + 0.02 * (double)(i % 3)); /* not the start */
        assert_true(fit_evaluate(&fit));
        double *gradient = arena_array(arena, n, sizeof *gradient);
        memcpy(gradient, fit.gradient, n * sizeof *gradient);
        assert_true(information_observed(&fit, information, &err));
        for (size_t i = 0; i < n; i++) {
            const double at = fit_get(&fit, i);
            fit_set(&fit, i, at + step);
            assert_true(fit_evaluate(&fit));
            double high = fit.log_likelihood + fit.log_prior;
            memcpy(up, fit.gradient, n * sizeof *up);
            fit_set(&fit, i, at - step);
            assert_true(fit_evaluate(&fit));
            near("gradient", gradient[i], (high - fit.log_likelihood - fit.log_prior) / (2 * step), 2e-4);
            for (size_t j = 0; j < n; j++)
                near("information", information[i * n + j], -(up[j] - fit.gradient[j]) / (2 * step), 2e-3);
            fit_set(&fit, i, at);
        }
        arena_free(arena);
    }
}

/* The log-likelihood of packed answers against a sum over persons written out. */
static void likelihood(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)64 << 20);
    irt_item_t items[9];
    err_t err = {0};
    double expected = 0;
    for (size_t i = 0; i < 9; i++) items[i] = simulate_item(i % 2 ? IRT_2PL : IRT_GRM, i % 2 ? 2 : 5, 3, i);
    responses_t r = simulate(arena, items, 9, 200, 0, 1, 0.15, 4);
    calibrate_fix_t fix[9];
    for (size_t i = 0; i < 9; i++) fix[i] = CALIBRATE_FIX_ALL;
    calibrate_options_t options = calibrate_defaults(IRT_GRM);
    options.start = items;
    options.fix = fix;
    pack_t data;
    fit_t fit;
    if (!fit_begin(&fit, &data, arena, &r, &options, &err)) fail_msg("%s", err.text);
    assert_int_equal(fit.parameters, 2); /* mean and SD, as every item is anchored */
    assert_true(fit_evaluate(&fit));
    for (size_t p = 0; p < r.persons; p++) {
        double sum = 0, weights = 0;
        for (int q = 0; q < 61; q++) {
            double theta = -6 + 0.2 * q, term = exact_exp(-theta * theta / 2);
            weights += term;
            for (size_t i = 0; i < 9; i++)
                if (r.answers[p * 9 + i] >= 0)
                    term *= exact_exp(irt_log_probability(&items[i], theta, r.answers[p * 9 + i]));
            sum += term;
        }
        expected += exact_log(sum / weights);
    }
    near("log-likelihood", fit.log_likelihood, expected, 1e-6);
    arena_free(arena);
}

static void same_for_any_threads(void **state)
{
    (void)state;
    static const irt_model_t models[] = {IRT_2PL, IRT_GRM};
    for (int m = 0; m < 2; m++) {
        arena_t *arena = arena_new((size_t)256 << 20);
        irt_item_t items[40];
        calibration_t one, two;
        err_t err = {0};
        for (size_t i = 0; i < 40; i++) items[i] = simulate_item(models[m], m ? 3 : 2, 8, i);
        responses_t r = simulate(arena, items, 40, 800, 0, 1, m ? 0.1 : 0, 9);
        calibrate_options_t options = calibrate_defaults(models[m]);
        if (!calibrate(&one, arena, &r, &options, &err)) fail_msg("%s", err.text);
        options.threads = 2;
        if (!calibrate(&two, arena, &r, &options, &err)) fail_msg("%s", err.text);
        assert_true(one.converged);
        assert_memory_equal(&one.log_likelihood, &two.log_likelihood, sizeof one.log_likelihood);
        assert_int_equal(one.iterations, two.iterations);
        for (size_t i = 0; i < 40; i++) {
            assert_memory_equal(one.items[i].item.b, two.items[i].item.b, sizeof one.items[i].item.b);
            assert_memory_equal(&one.items[i].se_a, &two.items[i].se_a, sizeof one.items[i].se_a);
        }
        arena_free(arena);
    }
}

static void refuse(responses_t *r, const calibrate_options_t *options, const char *words)
{
    arena_t *arena = arena_new((size_t)64 << 20);
    calibration_t c;
    err_t err = {0};
    assert_false(calibrate(&c, arena, r, options, &err));
    if (!strstr(err.text, words)) fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    arena_free(arena);
}

static void refusals(void **state)
{
    (void)state;
    const char *names[] = {"one", "two", "three"};
    int lines[4] = {2, 3, 4, 5};
    int8_t answers[12] = {0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1}, alike[12], gap[12], none[12];
    responses_t r = {"r.csv", 4, 3, names, answers, lines};
    calibrate_options_t options = calibrate_defaults(IRT_2PL);
    for (size_t i = 0; i < 12; i++) {
        alike[i] = i % 3 ? answers[i] : 1;
        gap[i] = (int8_t)(i % 3 ? answers[i] : 2 * answers[i]);
        none[i] = i % 3 ? answers[i] : RESPONSE_MISSING;
    }
    r.answers = alike;
    refuse(&r, &options, "everybody answered item one with 1");
    r.answers = gap;
    refuse(&r, &options, "answers above 1");
    options.model = IRT_GRM;
    refuse(&r, &options, "nobody answered item one with 1");
    r.answers = none;
    refuse(&r, &options, "nobody answered item one;");
    r.answers = answers;
    options.nodes = 3;
    refuse(&r, &options, "quadrature points");
    options.nodes = 61;
    options.tolerance = 1;
    refuse(&r, &options, "tolerance");
    options.tolerance = 1e-4;
    r.items = 2;
    refuse(&r, &options, "at least 3 items; there are 2");
}

/* A perfect scale has no finite slopes: they stop at the bound, without errors, and are counted. */
static void without_a_maximum(void **state)
{
    (void)state;
    enum { ITEMS = 6, EACH = 20 };
    arena_t *arena = arena_new((size_t)64 << 20);
    int8_t answers[(ITEMS + 1) * EACH * ITEMS];
    const char *names[] = {"a", "b", "c", "d", "e", "f"};
    int lines[(ITEMS + 1) * EACH] = {0};
    calibration_t c;
    err_t err = {0};
    for (size_t p = 0; p < (ITEMS + 1) * EACH; p++)
        for (size_t i = 0; i < ITEMS; i++) answers[p * ITEMS + i] = p / EACH > i;
    responses_t r = {"scale", (ITEMS + 1) * EACH, ITEMS, names, answers, lines};
    calibrate_options_t options = calibrate_defaults(IRT_2PL);
    if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
    assert_true(c.at_bound > 0);
    for (size_t i = 0; i < ITEMS; i++) {
        assert_true(c.items[i].item.a > 3);
        if (c.items[i].item.a >= 20) assert_true(isnan(c.items[i].se_a));
    }
    arena_free(arena);
}

/* Anchors put new items and the group on the old scale; a second group finds its own mean and SD. */
static void anchors_and_groups(void **state)
{
    (void)state;
    enum { ITEMS = 30, PERSONS = 3000 };
    arena_t *arena = arena_new((size_t)256 << 20);
    irt_item_t items[ITEMS];
    calibrate_fix_t fix[ITEMS] = {0};
    err_t err = {0};
    calibration_t c;
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = simulate_item(IRT_2PL, 2, 21, i);
        fix[i] = i < 20 ? CALIBRATE_FIX_ALL : CALIBRATE_FREE;
    }
    responses_t low = simulate(arena, items, ITEMS, PERSONS, -0.5, 0.8, 0.2, 22);
    responses_t high = simulate(arena, items, ITEMS, PERSONS, 0.7, 1.2, 0.2, 23);
    int8_t *both = arena_array(arena, 2 * PERSONS, ITEMS);
    int *group = arena_array(arena, 2 * PERSONS, sizeof *group);
    memcpy(both, low.answers, (size_t)PERSONS * ITEMS);
    memcpy(both + PERSONS * ITEMS, high.answers, (size_t)PERSONS * ITEMS);
    for (size_t p = PERSONS; p < 2 * PERSONS; p++) group[p] = 1;
    low.answers = both;
    low.persons = 2 * PERSONS;
    calibrate_options_t options = calibrate_defaults(IRT_2PL);
    options.start = items;
    options.fix = fix;
    options.group_of = group;
    options.groups = 2;
    options.threads = 2;
    if (!calibrate(&c, arena, &low, &options, &err)) fail_msg("%s", err.text);
    assert_true(c.converged);
    const double mean[2] = {-0.5, 0.7}, sd[2] = {0.8, 1.2};
    for (int g = 0; g < 2; g++) {
        assert_int_equal(c.groups[g].persons, PERSONS);
        near("mean of a group", c.groups[g].mean, mean[g], 3.5 * c.groups[g].se_mean);
        near("variance of a group", c.groups[g].sd * c.groups[g].sd, sd[g] * sd[g], 3.5 * c.groups[g].se_variance);
        assert_true(c.groups[g].se_mean > 0.01 && c.groups[g].se_mean < 0.05);
    }
    for (size_t i = 0; i < ITEMS; i++) {
        assert_true(c.items[i].fixed == (i < 20));
        near("slope", c.items[i].item.a, items[i].a, i < 20 ? 0 : 3.5 * c.items[i].se_a);
        near("difficulty", c.items[i].item.b[0], items[i].b[0], i < 20 ? 0 : 3.5 * c.items[i].se_b[0]);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference),          cmocka_unit_test(derivatives),
        cmocka_unit_test(likelihood),         cmocka_unit_test(same_for_any_threads),
        cmocka_unit_test(refusals),           cmocka_unit_test(without_a_maximum),
        cmocka_unit_test(anchors_and_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
