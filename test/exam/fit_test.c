/* Fit of items and persons against mirt (fit_items.csv, fit_persons.csv), and what they do when the model is true. */
#include "exam/calibrate.h"
#include "exam/model_fit.h"
#include "exam_test.h"
#include "simulate.h"
#include "statistics.h"

enum { ITEMS_MOST = 24 };

/* Persons and items of one calibration of calibrate_*.csv; answers are one row a pattern. */
typedef struct {
    responses_t responses;
    items_t items;
    const int *item_of;
    double variance;
} known_t;

static known_t known_of(arena_t *arena, const char *data, const char *model, bool every_person)
{
    csv_t patterns = test_table("calibrate_patterns.csv", arena), table = test_table("calibrate_items.csv", arena);
    csv_t runs = test_table("calibrate_runs.csv", arena);
    known_t k = {.variance = 1};
    irt_item_t *items = arena_array(arena, ITEMS_MOST, sizeof *items);
    int8_t *answers = arena_array(arena, 2000, ITEMS_MOST);
    int *item_of = arena_array(arena, ITEMS_MOST, sizeof *item_of);
    const char **names = arena_array(arena, ITEMS_MOST, sizeof *names);
    size_t n = 0, persons = 0;
    err_t err;
    for (size_t row = 0; row < table.rows; row++) {
        if (strcmp(csv_text(&table, row, 0), data) != 0 || strcmp(csv_text(&table, row, 1), model) != 0) continue;
        irt_item_t *item = &items[n];
        assert_true(irt_model_from_name(model, &item->model));
        snprintf(item->id, sizeof item->id, "%s", csv_text(&table, row, 2));
        assert_true(csv_double(&table, row, 3, &item->a, &err) && csv_double_or(&table, row, 7, 0, &item->c, &err));
        item->categories = 1;
        for (int b = 0; b < 3 && csv_text(&table, row, 4 + b)[0]; b++, item->categories++)
            assert_true(csv_double(&table, row, 4 + b, &item->b[b], &err));
        names[n] = item->id;
        item_of[n] = (int)n;
        n++;
    }
    for (size_t row = 0; row < patterns.rows; row++) {
        int64_t times;
        if (strcmp(csv_text(&patterns, row, 0), data) != 0) continue;
        assert_true(csv_int(&patterns, row, 2, &times, &err));
        for (; times > 0; times = every_person ? times - 1 : 0, persons++)
            for (size_t i = 0; i < n; i++)
                answers[persons * n + i] = (int8_t)(csv_text(&patterns, row, 1)[i + 1] - '0');
    }
    for (size_t row = 0; row < runs.rows; row++)
        if (strcmp(csv_text(&runs, row, 0), data) == 0 && strcmp(csv_text(&runs, row, 1), model) == 0)
            assert_true(csv_double(&runs, row, 4, &k.variance, &err));
    k.responses = (responses_t){data, persons, n, names, answers, arena_array(arena, persons, sizeof(int))};
    k.items = (items_t){.file = data, .items = items, .count = n};
    k.item_of = item_of;
    return k;
}

static model_fit_t fit_of(arena_t *arena, const known_t *k, int nodes)
{
    ability_options_t options = ability_defaults();
    options.nodes = nodes;
    model_fit_t fit;
    err_t err = {0};
    options.sd = exact_sqrt(k->variance);
    if (!model_fit(&fit, arena, &k->responses, &k->items, k->item_of, NULL, &options, &err)) fail_msg("%s", err.text);
    return fit;
}

static double cell(const csv_t *table, size_t row, int column)
{
    double value;
    err_t err;
    if (!csv_double(table, row, column, &value, &err)) fail_msg("%s", err.text);
    return value;
}

/* Mean squares of one item by the formulas, at the abilities of `fit`. mirt lets no variance of an answer below
 * sqrt(1e-5) and no deviation q above 1.4142; the definitions (Wright and Masters 1982) have no such bounds. Its
 * abilities for residuals come from 121 nodes, those for S-X2 and for scores from 61. All of this shows in Abortion
 * only, where slopes are above 4 and the variance is 7. */
enum { NODES_OF_RESIDUALS = 121 };

typedef struct {
    double variance_least, q_most;
} bounds_t;

static const bounds_t OF_MIRT = {0.0031622776601683795, 1.4142}, NO_BOUNDS = {0, 1e9};

static item_fit_t mean_squares(const known_t *k, const model_fit_t *fit, size_t at, bounds_t bounds)
{
    const irt_item_t *item = &k->items.items[at];
    const double n = (double)k->responses.persons;
    double z2 = 0, raw2 = 0, ws = 0, outer = 0, inner = 0;
    for (size_t person = 0; person < k->responses.persons; person++) {
        double p[IRT_CATEGORIES_MAX], mean = 0, w = 0, fourth = 0;
        const int answer = k->responses.answers[person * k->responses.items + at];
        irt_probabilities(item, fit->persons[person].ability.theta, p);
        for (int z = 0; z < item->categories; z++) mean += z * p[z];
        for (int z = 0; z < item->categories; z++) {
            w += (z - mean) * (z - mean) * p[z];
            fourth += (z - mean) * (z - mean) * (z - mean) * (z - mean) * p[z];
        }
        if (w < bounds.variance_least) w = bounds.variance_least;
        z2 += (answer - mean) * (answer - mean) / w;
        raw2 += (answer - mean) * (answer - mean);
        ws += w;
        outer += fourth / (w * w);
        inner += fourth - w * w;
    }
    item_fit_t f = {.outfit = z2 / n, .infit = raw2 / ws};
    double q_out = exact_sqrt(outer / (n * n) - 1 / n), q_in = exact_sqrt(inner) / ws;
    if (q_out > bounds.q_most) q_out = bounds.q_most;
    if (q_in > bounds.q_most) q_in = bounds.q_most;
    f.outfit_z = (exact_pow(f.outfit, 1.0 / 3) - 1) * (3 / q_out) + q_out / 3;
    f.infit_z = (exact_pow(f.infit, 1.0 / 3) - 1) * (3 / q_in) + q_in / 3;
    return f;
}

static void items_as_mirt(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)512 << 20);
    csv_t table = test_table("fit_items.csv", arena);
    size_t at = 0, rows = 0;
    for (size_t row = 0; row < table.rows; row++, at++) {
        const char *data = csv_text(&table, row, 0), *model = csv_text(&table, row, 1),
                   *name = csv_text(&table, row, 2);
        known_t k = known_of(arena, data, model, true);
        if (row == 0 || strcmp(csv_text(&table, row - 1, 1), model) != 0 ||
            strcmp(csv_text(&table, row - 1, 0), data) != 0)
            at = 0;
        const model_fit_t fit = fit_of(arena, &k, 61), residuals = fit_of(arena, &k, NODES_OF_RESIDUALS);
        const item_fit_t *f = &fit.items[at], plain = mean_squares(&k, &fit, at, NO_BOUNDS),
                         bounded = mean_squares(&k, &residuals, at, OF_MIRT);
        assert_string_equal(k.responses.names[at], name);
        near("outfit", f->outfit, plain.outfit, 1e-9);
        near("outfit z", f->outfit_z, plain.outfit_z, 1e-7);
        near("infit", f->infit, plain.infit, 1e-9);
        near("infit z", f->infit_z, plain.infit_z, 1e-7);
        near("outfit of mirt", bounded.outfit, cell(&table, row, 3), 0.00002);
        near("outfit z of mirt", bounded.outfit_z, cell(&table, row, 4), 0.0002);
        near("infit of mirt", bounded.infit, cell(&table, row, 5), 0.00002);
        near("infit z of mirt", bounded.infit_z, cell(&table, row, 6), 0.0002);
        assert_int_equal(f->s_x2_df, (int)cell(&table, row, 8));
        near("S-X2", f->s_x2, cell(&table, row, 7), 0.002);
        if (f->has_score_fit) near("p of S-X2", f->s_x2_p, cell(&table, row, 9), 0.0005);
        rows++;
    }
    assert_int_equal(rows, table.rows);
    arena_free(arena);
}

static void persons_as_mirt(void **state)
{
    (void)state;
    arena_t *arena = arena_new((size_t)512 << 20);
    csv_t table = test_table("fit_persons.csv", arena);
    for (size_t row = 0; row < table.rows; row++) {
        known_t k = known_of(arena, csv_text(&table, row, 0), csv_text(&table, row, 1), false);
        model_fit_t fit = fit_of(arena, &k, 61);
        const char *pattern = csv_text(&table, row, 2) + 1;
        size_t p = 0, same = 0;
        for (; p < k.responses.persons; p++) {
            for (same = 0; same < k.responses.items; same++)
                if (k.responses.answers[p * k.responses.items + same] != pattern[same] - '0') break;
            if (same == k.responses.items) break;
        }
        assert_true(p < k.responses.persons);
        const double scale = strcmp(csv_text(&table, row, 0), "Abortion") == 0 ? 20 : 1;
        near("outfit", fit.persons[p].outfit, cell(&table, row, 3), 0.001 * scale);
        near("infit", fit.persons[p].infit, cell(&table, row, 4), 0.001 * scale);
        near("lz", fit.persons[p].lz, cell(&table, row, 5), 0.001 * scale);
    }
    arena_free(arena);
}

/* Fitted to answers that the model made, S-X2 rejects at its level. */
static void score_fit_when_true(void **state)
{
    (void)state;
    enum { ITEMS = 12, PERSONS = 1000, SAMPLES = 25 };
    int rejected = 0, tests = 0;
    double x2 = 0, df = 0;
    for (uint64_t n = 0; n < SAMPLES; n++) {
        arena_t *arena = arena_new((size_t)256 << 20);
        irt_item_t truth[ITEMS], fitted[ITEMS];
        int item_of[ITEMS];
        calibration_t c;
        err_t err = {0};
        for (size_t i = 0; i < ITEMS; i++) {
            truth[i] = simulate_item(IRT_2PL, 2, 300, i);
            item_of[i] = (int)i;
        }
        responses_t r = simulate(arena, truth, ITEMS, PERSONS, 0, 1, 0, 5000 + n);
        calibrate_options_t options = calibrate_defaults(IRT_2PL);
        if (!calibrate(&c, arena, &r, &options, &err)) fail_msg("%s", err.text);
        for (size_t i = 0; i < ITEMS; i++) fitted[i] = c.items[i].item;
        known_t k = {r, {.file = "fitted", .items = fitted, .count = ITEMS}, item_of, 1};
        model_fit_t fit = fit_of(arena, &k, 61);
        assert_int_equal(fit.complete, PERSONS);
        for (size_t i = 0; i < ITEMS; i++) {
            rejected += fit.items[i].s_x2_p < 0.05;
            tests++;
            x2 += fit.items[i].s_x2;
            df += fit.items[i].s_x2_df;
        }
        arena_free(arena);
    }
    print_message("S-X2 rejects %d of %d, X2/df %.3f\n", rejected, tests, x2 / df);
    near("rejected by S-X2", (double)rejected / tests, 0.05, 0.025);
    near("S-X2 per degree of freedom", x2 / df, 1, 0.06);
}

/* In a test long enough for abilities, mean squares stay at 1 and lz flags no more than its level. */
static void residuals_when_true(void **state)
{
    (void)state;
    enum { ITEMS = 60, PERSONS = 1000 };
    arena_t *arena = arena_new((size_t)256 << 20);
    irt_item_t items[ITEMS];
    int item_of[ITEMS], known[ITEMS] = {0}, beyond = 0, flagged = 0;
    double infit = 0, outfit = 0;
    ability_options_t options = ability_defaults();
    model_fit_t fit;
    err_t err = {0};
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = simulate_item(i % 3 ? IRT_2PL : IRT_GPCM, i % 3 ? 2 : 3, 350, i);
        item_of[i] = (int)i;
    }
    responses_t r = simulate(arena, items, ITEMS, PERSONS, 0, 1, 0.1, 5900);
    items_t bank = {.file = "bank", .items = items, .count = ITEMS};
    options.method = ABILITY_WLE;
    if (!model_fit(&fit, arena, &r, &bank, item_of, known, &options, &err)) fail_msg("%s", err.text);
    for (size_t i = 0; i < ITEMS; i++) {
        infit += fit.items[i].infit / ITEMS;
        outfit += fit.items[i].outfit / ITEMS;
        beyond += exact_abs(fit.items[i].infit_z) > 1.96;
        near("infit of an item", fit.items[i].infit, 1, 0.15);
    }
    for (size_t p = 0; p < PERSONS; p++) flagged += fit.persons[p].lz < -1.645;
    print_message("infit %.3f, outfit %.3f, %d of %d beyond 1.96; lz flags %d of %d\n", infit, outfit, beyond, ITEMS,
                  flagged, PERSONS);
    near("mean infit", infit, 1, 0.03);
    near("mean outfit", outfit, 1, 0.05);
    assert_true(beyond <= 8);
    assert_true(flagged > 15 && flagged < 65);
    arena_free(arena);
}

/* A bent item is found, and guessing persons are flagged. */
static void when_it_is_not(void **state)
{
    (void)state;
    enum { ITEMS = 20, PERSONS = 1500, GUESSERS = 100 };
    arena_t *arena = arena_new((size_t)256 << 20);
    irt_item_t items[ITEMS];
    int item_of[ITEMS], known[ITEMS] = {0}, caught = 0;
    model_fit_t fit;
    err_t err = {0};
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = simulate_item(IRT_2PL, 2, 400, i);
        items[i].a = 1.5;
        item_of[i] = (int)i;
    }
    responses_t r = simulate(arena, items, ITEMS, PERSONS, 0, 1, 0, 6000);
    int8_t *answers = arena_array(arena, PERSONS, ITEMS);
    memcpy(answers, r.answers, (size_t)PERSONS * ITEMS);
    for (size_t p = 0; p < PERSONS; p++) {
        rng_t rng = rng_at(7, 9, p, 0);
        answers[p * ITEMS] = (int8_t)rng_chance(&rng, 0.5); /* item 1 has nothing to do with ability */
        for (size_t i = 1; p < GUESSERS && i < ITEMS; i++) answers[p * ITEMS + i] = (int8_t)rng_chance(&rng, 0.5);
    }
    r.answers = answers;
    items_t bank = {.file = "bank", .items = items, .count = ITEMS};
    ability_options_t options = ability_defaults();
    if (!model_fit(&fit, arena, &r, &bank, item_of, known, &options, &err)) fail_msg("%s", err.text);
    assert_true(fit.items[0].s_x2_p < 1e-6 && fit.items[0].infit > 1.2 && fit.items[0].outfit > 1.2);
    for (size_t p = 0; p < GUESSERS; p++) caught += fit.persons[p].lz < -1.645;
    assert_true(caught > GUESSERS / 2);
    arena_free(arena);
}

/* Chi-square: tables of Abramowitz and Stegun 26.8. */
static void tails(void **state)
{
    (void)state;
    near("1 df", chi_square_above(3.841459, 1), 0.05, 1e-6);
    near("2 df", chi_square_above(9.21034, 2), 0.01, 1e-6);
    near("5 df", chi_square_above(11.0705, 5), 0.05, 1e-6);
    near("30 df", chi_square_above(43.7730, 30), 0.05, 1e-6);
    near("99 df", chi_square_above(134.642, 99), 0.01, 1e-5);
    near("z", normal_beyond(-1.959964), 0.05, 1e-6);
    double x[] = {4, 1, 3, 2};
    near("median", quantile(x, 4, 0.5), 2.5, 0);
    near("upper quartile", quantile(x, 4, 0.75), 3.25, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_as_mirt),       cmocka_unit_test(persons_as_mirt), cmocka_unit_test(score_fit_when_true),
        cmocka_unit_test(residuals_when_true), cmocka_unit_test(when_it_is_not),  cmocka_unit_test(tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
