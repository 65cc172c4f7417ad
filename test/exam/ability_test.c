/* Ability estimates against mirt's: 4 data sets, 12 calibrations, 4 estimators (ability_items.csv, ability_scores.csv;
 * see README.md). And what no table can hold: patterns without a finite maximum, steep and flat items, several modes.
 */
#include "exam/ability.h"
#include "exam_test.h"

enum { ITEMS_A_BANK = 8 };

/* Stated: 0.002 (eap, map, SE) and 0.005 (wle). */
static const double TOLERANCE = 0.0005;

/* The items of one calibration. */
static size_t bank_of(const csv_t *table, const char *bank, irt_item_t *items)
{
    size_t n = 0;
    err_t err = {0};
    for (size_t row = 0; row < table->rows; row++) {
        if (strcmp(csv_text(table, row, 0), bank) != 0) continue;
        assert_true(n < ITEMS_A_BANK);
        irt_item_t *item = &items[n++];
        *item = (irt_item_t){.categories = 1};
        assert_true(irt_model_from_name(csv_text(table, row, 2), &item->model));
        assert_true(csv_double(table, row, 3, &item->a, &err));
        for (int k = 0; k < 3; k++)
            if (csv_text(table, row, 4 + k)[0]) {
                assert_true(csv_double(table, row, 4 + k, &item->b[k], &err));
                item->categories++;
            }
        assert_true(csv_double_or(table, row, 7, 0, &item->c, &err));
        if (!irt_item_check(item, &err)) fail_msg("%s: %s", bank, err.text);
    }
    return n;
}

static size_t answers_of(const irt_item_t *items, size_t n, const char *pattern, irt_answer_t *answers)
{
    assert_int_equal(strlen(pattern), n + 1);
    for (size_t i = 0; i < n; i++) answers[i] = (irt_answer_t){&items[i], pattern[i + 1] - '0'};
    return n;
}

static void reference(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    csv_t items_csv = test_table("ability_items.csv", arena), scores = test_table("ability_scores.csv", arena);
    int checked = 0;
    for (size_t row = 0; row < scores.rows; row++) {
        irt_item_t items[ITEMS_A_BANK];
        irt_answer_t answers[ITEMS_A_BANK];
        const char *bank = csv_text(&scores, row, 0), *pattern = csv_text(&scores, row, 1);
        ability_options_t options = ability_defaults();
        double theta = 0, se = 0;
        err_t err = {0};
        assert_true(ability_method_from_name(csv_text(&scores, row, 2), &options.method));
        assert_true(csv_double(&scores, row, 3, &options.sd, &err));
        size_t n = answers_of(items, bank_of(&items_csv, bank, items), pattern, answers);
        ability_t found = ability_estimate(answers, n, &options);
        char what[128];
        snprintf(what, sizeof what, "%s %s %s", bank, pattern, csv_text(&scores, row, 2));
        if (!csv_text(&scores, row, 4)[0]) { /* mirt says infinite */
            if (found.state != ABILITY_LOWEST && found.state != ABILITY_HIGHEST) fail_msg("%s is not finite", what);
            near(what, found.theta, found.state == ABILITY_LOWEST ? -6 : 6, 0);
            continue;
        }
        assert_true(csv_double(&scores, row, 4, &theta, &err) && csv_double(&scores, row, 5, &se, &err));
        near(what, found.theta, theta, TOLERANCE);
        near(what, found.se, se, TOLERANCE);
        assert_int_equal(found.state, ABILITY_FOUND);
        checked++;
    }
    assert_int_equal(checked, 297);
    arena_free(arena);
}

static irt_item_t item_2pl(double a, double b)
{
    return (irt_item_t){.model = IRT_2PL, .categories = 2, .a = a, .b = {b}};
}

/* Whatever is answered to whatever items, an estimate is finite and the states say the rest; a table of the items in
 * advance changes nothing. */
static void any_pattern(void **state)
{
    (void)state;
    enum { PEOPLE = 2000, N = 12 };
    for (uint64_t person = 0; person < PEOPLE; person++) {
        irt_item_t items[N];
        irt_answer_t answers[N];
        rng_t rng = rng_at(5, 1, person, 0);
        size_t n = rng_below(&rng, N + 1);
        for (size_t i = 0; i < n; i++) {
            irt_item_t *item = &items[i];
            *item = (irt_item_t){.model = (irt_model_t)rng_below(&rng, IRT_MODELS), .a = 1, .categories = 2};
            if (irt_model_is_polytomous(item->model)) item->categories = 2 + (int)rng_below(&rng, 5);
            double spread = rng_uniform(&rng) < 0.1 ? 20 : 2;
            for (int k = 0; k < item->categories - 1; k++) item->b[k] = spread * rng_normal(&rng);
            for (int k = 1; k < item->categories - 1 && item->model == IRT_GRM; k++)
                if (item->b[k] <= item->b[k - 1]) item->b[k] = item->b[k - 1] + 0.001 + rng_uniform(&rng);
            double u = rng_uniform(&rng);
            if (item->model != IRT_RASCH && item->model != IRT_PCM)
                item->a = u < 0.1 ? 50 * u + 0.001 : u < 0.2 ? 50 : 2 * u;
            if (item->model == IRT_3PL) item->c = 0.3 * rng_uniform(&rng);
            answers[i] = (irt_answer_t){item, (int)rng_below(&rng, (uint32_t)item->categories)};
        }
        ability_scan_t scan;
        arena_t *arena = arena_new(1 << 20);
        assert_true(ability_scan(&scan, arena, items, n, NULL));
        for (int m = 0; m < ABILITY_METHODS; m++) {
            ability_options_t options = ability_defaults();
            options.method = (ability_method_t)m;
            ability_t found = ability_estimate(answers, n, &options);
            ability_t scanned = ability_estimate_scanned(&scan, answers, n, &options);
            assert_int_equal(scanned.state, found.state);
            near("theta by a table", scanned.theta, found.theta, 1e-10);
            if (found.se < 1e6) near("SE by a table", scanned.se, found.se, 1e-10);
            assert_true(exact_abs(found.theta) <= ABILITY_SEARCH);
            assert_true(found.se > 0);
            if (m == ABILITY_EAP || m == ABILITY_MAP) assert_int_equal(found.state, ABILITY_FOUND);
            if (n == 0 && (m == ABILITY_MLE || m == ABILITY_WLE)) assert_int_equal(found.state, ABILITY_UNKNOWN);
        }
        arena_free(arena);
    }
}

/* With two modes of a 3pl likelihood, mle takes the higher one: checked against a fine scan of the likelihood. */
static void several_modes(void **state)
{
    (void)state;
    irt_item_t items[6];
    irt_answer_t answers[6];
    for (int i = 0; i < 6; i++) {
        items[i] = item_2pl(2.5, -1.5 + i * 0.8);
        items[i].model = IRT_3PL;
        items[i].c = 0.25;
    }
    ability_options_t options = ability_defaults();
    options.method = ABILITY_MLE;
    for (int pattern = 0; pattern < 64; pattern++) {
        double best = -1e9, at = 0, floor = 0;
        for (int i = 0; i < 6; i++) {
            answers[i] = (irt_answer_t){&items[i], pattern >> i & 1};
            floor += exact_log(answers[i].response ? 0.25 : 0.75);
        }
        for (double theta = -8; theta <= 8; theta += 1.0 / 256) {
            double sum = 0;
            for (int i = 0; i < 6; i++) sum += irt_log_probability(&items[i], theta, answers[i].response);
            if (sum > best) {
                best = sum;
                at = theta;
            }
        }
        ability_t found = ability_estimate(answers, 6, &options);
        if (pattern == 63)
            assert_int_equal(found.state, ABILITY_HIGHEST);
        else if (best <= floor + 1e-6)
            assert_int_equal(found.state, ABILITY_LOWEST);
        else
            near("mode", found.theta, at, 1.0 / 128);
    }
}

/* The table gives what the answers give, and the chance above a mark agrees with the normal it nearly is. */
static void grid_and_mark(void **state)
{
    (void)state;
    enum { N = 200 };
    irt_item_t items[N];
    irt_answer_t answers[N];
    arena_t *arena = arena_new(1 << 22);
    ability_options_t options = ability_defaults();
    ability_grid_t grid;
    err_t err = {0};
    double posterior[ABILITY_NODES_MAX], weight[ABILITY_NODES_MAX];
    rng_t rng = rng_at(9, 1, 0, 0);
    options.nodes = 241;
    for (int i = 0; i < N; i++) {
        items[i] = item_2pl(0.5 + rng_uniform(&rng), -2 + 4.0 * i / N);
        answers[i] = (irt_answer_t){&items[i], rng_chance(&rng, irt_logistic(items[i].a * (0.4 - items[i].b[0])))};
    }
    assert_true(ability_grid(&grid, arena, items, N, &options, &err));
    memcpy(posterior, grid.prior, (size_t)grid.nodes * sizeof(double));
    for (size_t i = 0; i < N; i++)
        for (int q = 0; q < grid.nodes; q++) posterior[q] += ability_row(&grid, i, answers[i].response)[q];
    ability_t table = ability_eap(&grid, posterior, weight), direct = ability_estimate(answers, N, &options);
    near("eap", table.theta, direct.theta, 1e-12);
    near("its SE", table.se, direct.se, 1e-12);
    for (double mark = -1; mark < 2; mark += 0.05)
        near("above", ability_above(&grid, weight, mark), 1 - exact_normal_cdf((mark - table.theta) / table.se), 0.01);
    near("above all", ability_above(&grid, weight, -7), 1, 1e-12);
    near("above none", ability_above(&grid, weight, 7), 0, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reference), cmocka_unit_test(any_pattern),
                                       cmocka_unit_test(several_modes), cmocka_unit_test(grid_and_mark)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
