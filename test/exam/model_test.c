/* Response models against values computed with 60 digits (model.csv; see README.md), closed forms, and properties that
 * must hold for any item and any ability. */
#include "exam_test.h"

static irt_item_t row_item(const csv_t *table, size_t row)
{
    irt_item_t item = {.categories = 1};
    err_t err = {0};
    assert_true(irt_model_from_name(csv_text(table, row, 0), &item.model));
    assert_true(csv_double(table, row, 1, &item.a, &err) && csv_double(table, row, 3, &item.c, &err));
    for (const char *at = csv_text(table, row, 2); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        assert_true(text_to_double(at, length, &item.b[item.categories++ - 1]));
        at += length;
    }
    if (!irt_item_check(&item, &err)) fail_msg("row %zu: %s", row, err.text);
    return item;
}

/* Within some units in the last place of the value, or next to nothing. */
static void close_to(const char *what, size_t row, double found, double expected, double relative)
{
    char name[64];
    snprintf(name, sizeof name, "row %zu, %s", row + 2, what);
    near(name, found, expected, relative * exact_abs(expected) + 1e-60);
}

static void sixty_digits(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    csv_t table = test_table("model.csv", arena);
    assert_true(table.rows > 200);
    for (size_t row = 0; row < table.rows; row++) {
        irt_item_t item = row_item(&table, row);
        double theta = 0, log_p = 0, l1 = 0, l2 = 0, information = 0;
        int64_t k = 0;
        err_t err = {0};
        irt_point_t point;
        assert_true(csv_double(&table, row, 4, &theta, &err) && csv_int(&table, row, 5, &k, &err) &&
                    csv_double(&table, row, 6, &log_p, &err) && csv_double(&table, row, 7, &l1, &err) &&
                    csv_double(&table, row, 8, &l2, &err));
        irt_point(&item, theta, &point);
        /* a theta - b loses digits before anything is computed: 60 logits away, 1e-14 of a logarithm */
        close_to("log p", row, irt_log_probability(&item, theta, (int)k), log_p, 4e-14);
        close_to("p", row, point.p[k], exact_exp(log_p), 1e-12);
        close_to("l1", row, point.l1[k], l1, 1e-11);
        close_to("l2", row, point.l2[k], l2, 1e-9);
        if (!csv_text(&table, row, 9)[0]) continue;
        assert_true(csv_double(&table, row, 9, &information, &err));
        close_to("information", row, irt_information(&item, theta), information, 1e-11);
    }
    arena_free(arena);
}

static irt_item_t any_item(rng_t *rng)
{
    irt_item_t item = {.model = (irt_model_t)rng_below(rng, IRT_MODELS), .categories = 2, .a = 1};
    if (irt_model_is_polytomous(item.model)) item.categories += (int)rng_below(rng, IRT_CATEGORIES_MAX - 1);
    for (int k = 0; k < item.categories - 1; k++) item.b[k] = 3 * rng_normal(rng);
    for (int k = 1; k < item.categories - 1 && item.model == IRT_GRM; k++)
        item.b[k] = item.b[k - 1] + 1e-6 + rng_uniform(rng);
    if (item.model != IRT_RASCH && item.model != IRT_PCM) item.a = exact_exp(0.8 * rng_normal(rng));
    if (item.model == IRT_3PL) item.c = 0.4 * rng_uniform(rng);
    return item;
}

/* For any item at any ability, near or absurd: probabilities sum to 1, their logarithms are theirs and finite, sum of
 * p l1 is 0, the information is not negative, and the derivatives are those of log p. */
static void properties(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        rng_t rng = rng_at(3, 1, i, 0);
        irt_item_t item = any_item(&rng);
        double reach = i % 4 == 0 ? 1000 : 4, theta = reach * (2 * rng_uniform(&rng) - 1), sum = 0, slope = 0;
        err_t err = {0};
        irt_point_t point;
        double log_p[IRT_CATEGORIES_MAX], below[IRT_CATEGORIES_MAX], above[IRT_CATEGORIES_MAX];
        if (!irt_item_check(&item, &err)) fail_msg("%s", err.text);
        irt_point(&item, theta, &point);
        irt_log_probabilities(&item, theta, log_p);
        for (int k = 0; k < item.categories; k++) {
            assert_true(point.p[k] >= 0 && point.p[k] <= 1 && log_p[k] <= 0 && log_p[k] >= -690);
            if (log_p[k] > -680) near("p and log p", exact_exp(log_p[k]), point.p[k], 1e-11 * point.p[k]);
            sum += point.p[k];
            slope += point.p[k] * point.l1[k];
        }
        near("sum of p", sum, 1, 1e-11);
        near("sum of p l1", slope, 0, 1e-9 * item.a * item.categories);
        assert_true(irt_information(&item, theta) >= 0);
        if (reach > 100) continue;
        const double h = 1e-5;
        irt_log_probabilities(&item, theta - h, below);
        irt_log_probabilities(&item, theta + h, above);
        for (int k = 0; k < item.categories; k++) {
            if (log_p[k] < -600) continue; /* near the floor of the logarithms there is no slope */
            double scale = item.a * item.a * item.categories * item.categories;
            near("l1", point.l1[k], (above[k] - below[k]) / (2 * h), 1e-6 * (1 + scale * item.a));
            near("l2", point.l2[k], (above[k] - 2 * log_p[k] + below[k]) / (h * h), 1e-3 * (1 + scale * scale));
        }
    }
}

/* Birnbaum's maximum of 3pl; a search for the others finds no better place. */
static void most_informative(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 3000; i++) {
        rng_t rng = rng_at(4, 1, i, 0);
        irt_item_t item = any_item(&rng);
        double best = irt_most_informative_theta(&item), most = irt_information(&item, best), c = item.c;
        if (!irt_model_is_polytomous(item.model))
            near("largest information", most,
                 item.a * item.a * (1 - 20 * c - 8 * c * c + exact_pow(1 + 8 * c, 1.5)) / (8 * (1 - c) * (1 - c)),
                 1e-9 * (1 + item.a * item.a));
        else if (item.categories <= 4)
            for (double theta = -12; theta < 12; theta += 0.01)
                if (irt_information(&item, theta) > most * (1 + 1e-6) + 1e-12)
                    fail_msg("%s: %.6f at %.2f, but %.6f at %.6f", irt_model_name(item.model),
                             irt_information(&item, theta), theta, most, best);
    }
}

static void refused(void **state)
{
    (void)state;
    const struct {
        irt_item_t item;
        const char *words;
    } cases[] = {
        {{.model = IRT_2PL, .categories = 2, .a = 0}, "slope a"},
        {{.model = IRT_2PL, .categories = 2, .a = (double)__builtin_nan("")}, "slope a"},
        {{.model = IRT_RASCH, .categories = 2, .a = 1.5}, "slope 1"},
        {{.model = IRT_PCM, .categories = 3, .a = 2}, "gpcm"},
        {{.model = IRT_2PL, .categories = 3, .a = 1}, "no other"},
        {{.model = IRT_GRM, .categories = 1, .a = 1}, "thresholds"},
        {{.model = IRT_GRM, .categories = 3, .a = 1, .b = {1, 1}}, "ascend"},
        {{.model = IRT_RASCH, .categories = 2, .a = 1, .b = {51}}, "b1"},
        {{.model = IRT_2PL, .categories = 2, .a = 1, .c = 0.2}, "only 3pl"},
        {{.model = IRT_3PL, .categories = 2, .a = 1, .c = 0.95}, "asymptote"},
        {{.model = IRT_3PL, .categories = 2, .a = 1, .c = -0.1}, "asymptote"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err_t err = {0};
        assert_false(irt_item_check(&cases[i].item, &err));
        if (!strstr(err.text, cases[i].words)) fail_msg("\"%s\" does not speak of %s", err.text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sixty_digits), cmocka_unit_test(properties),
                                       cmocka_unit_test(most_informative), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
