/* Power of control rules against the published and computed table (qc_power.csv) and against closed
 * forms; and the fast judging inside the simulation against qc_judge_run, trial by trial.
 *
 * Rows of more than one run without "[all branches]" count look-back in time order only, so the full
 * rules must reach at least their power; all other rows must agree within sampling error. */
#include "lab/qc.h"
#include "qc_test.h"

enum { PORTABLE_COUNT = 3358, COLUMNS = 14, TRIALS = 20000, TRIALS_TABLE = 1000000 };

static const double SHIFT[COLUMNS] = {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 0, 0, 0, 0, 0};
static const double RATIO[COLUMNS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 2, 2.5, 3, 4};

static uint64_t trials(void)
{
    const char *asked = getenv("TITER_TEST_TRIALS");
    return asked ? strtoull(asked, NULL, 10) : TRIALS;
}

/* "1-3s/2-2s/R-4s/4-1s(R4s range)" and "... [all branches]" as the table writes them. */
static void rules_of_row(const char *row, qc_rules_t *rules)
{
    char text[128];
    snprintf(text, sizeof text, "%s", row);
    char *tag = strstr(text, " [all branches]");
    if (tag) *tag = 0;
    char *range = strstr(text, "(R4s range)");
    if (range) *range = 0;
    *rules = (qc_rules_t){0};
    err_t err = {0};
    if (!qc_rules_parse(text, rules, &err)) fail_msg("%s", err.text);
    if (range) rules->set = (rules->set & ~(1u << QC_RULE_R_4S)) | 1u << QC_RULE_R_4S_RANGE;
}

static void set_controls(qc_power_t *power, int n)
{
    power->levels = n == 6 ? 3 : n == 4 ? 2 : n;
    power->replicates = n / power->levels;
}

static void check_cell(const char *row, int column, const qc_power_t *power, double expected, bool at_least)
{
    qc_power_result_t result;
    err_t err = {0};
    if (!qc_power(power, &result, &err)) fail_msg("%s", err.text);
    double p = expected < 0.0005 ? 0.0005 : expected > 0.9995 ? 0.9995 : expected;
    double sd = exact_sqrt(p * (1 - p) * (1.0 / (double)power->trials + 1.0 / TRIALS_TABLE));
    double off = result.p_reject - expected, allowed = 4.5 * sd + 0.00006;
    if ((!at_least && off > allowed) || off < -allowed)
        fail_msg("%s N=%d R=%d column %d: p_reject %.5f, table %.4f, allowed +-%.5f", row,
                 power->levels * power->replicates, power->runs, column, result.p_reject, expected, allowed);
}

static void table(void **state)
{
    (void)state;
    size_t length;
    char *bytes = test_read("qc_power.csv", &length);
    arena_t *arena = arena_new(1u << 20);
    csv_t csv;
    err_t err = {0};
    if (!csv_read(&csv, arena, "qc_power.csv", (const unsigned char *)bytes, length, &err)) fail_msg("%s", err.text);
    assert_true(csv.rows >= 41);
    for (size_t row = 0; row < csv.rows; row++) {
        int64_t n = 0, runs = 0;
        assert_true(csv_int(&csv, row, 1, &n, &err) && csv_int(&csv, row, 2, &runs, &err));
        const char *name = csv_text(&csv, row, 0);
        qc_power_t power = {.runs = (int)runs, .trials = trials(), .seed = 11 + row};
        rules_of_row(name, &power.rules);
        set_controls(&power, (int)n);
        bool at_least = runs > 1 && !strstr(name, "[all branches]");
        for (int c = 0; c < COLUMNS; c++) {
            double expected;
            assert_true(csv_double(&csv, row, 3 + c, &expected, &err));
            power.shift_sd = SHIFT[c];
            power.sd_ratio = RATIO[c];
            check_cell(name, c, &power, expected, at_least);
        }
    }
    arena_free(arena);
    free(bytes);
}

static double upper(double z)
{
    return exact_normal_cdf(-z);
}

static void closed_forms(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        double k;
    } single[] = {{"1-2s", 2}, {"1-2.5s", 2.5}, {"1-3s", 3}, {"1-3.5s", 3.5}};
    for (size_t i = 0; i < 4; i++)
        for (int n = 1; n <= 6; n++)
            for (int d = 0; d <= 3; d++) {
                qc_power_t power = {.levels = n,
                                    .replicates = 1,
                                    .runs = 1,
                                    .shift_sd = d,
                                    .sd_ratio = 1.3,
                                    .trials = trials(),
                                    .seed = 5};
                assert_true(qc_rules_parse(single[i].rule, &power.rules, NULL));
                double inside = exact_normal_cdf((single[i].k - d) / 1.3) - exact_normal_cdf((-single[i].k - d) / 1.3);
                check_cell(single[i].rule, d, &power, 1 - exact_pow(inside, n), false);
            }
    for (int d = 0; d <= 4; d++) {
        qc_power_t power = {
            .levels = 2, .replicates = 1, .runs = 1, .shift_sd = d, .sd_ratio = 1, .trials = trials(), .seed = 6};
        assert_true(qc_rules_parse("2-2s", &power.rules, NULL));
        check_cell("2-2s", d, &power, upper(2 - d) * upper(2 - d) + upper(2 + d) * upper(2 + d), false);
        assert_true(qc_rules_parse("R-4s", &power.rules, NULL));
        check_cell("R-4s", d, &power, 2 * upper(2 - d) * upper(2 + d), false);
    }
}

/* The same draws through qc_judge_run as normals, keeping rejected runs in the history as the
 * simulation does, must give the same count. */
static void same_as_judging(void **state)
{
    (void)state;
    static const char *const sets[] = {"1-2s", "1-3s/2-2s/R-4s/4-1s/8-x", "R-4s-range/3-1s/7-T/6-x/9-x",
                                       "7-T",  "2of3-2s/10-x/12-x",       "1-2.5s/1-3.5s/2-2s"};
    for (unsigned s = 0; s < sizeof sets / sizeof *sets; s++)
        for (int mode = 0; mode < 2; mode++) {
            qc_power_t power = {.levels = 1 + (int)s % 3,
                                .replicates = 2,
                                .runs = 1 + 3 * (int)s,
                                .shift_sd = 0.4 * s,
                                .sd_ratio = 1.2,
                                .trials = 3000,
                                .seed = 77 + s};
            power.rules.mode = mode ? QC_MODE_MANUAL : QC_MODE_COMPUTER;
            assert_true(qc_rules_parse(sets[s], &power.rules, NULL));
            qc_power_result_t result;
            assert_true(qc_power(&power, &result, NULL));
            rng_t rng = rng_at(power.seed, 0x71637077, 0, 0);
            uint64_t rejected = 0;
            for (uint64_t t = 0; t < power.trials; t++) {
                qc_history_t history;
                qc_history_init(&history);
                qc_verdict_t verdict = {0};
                for (int r = 0; r < power.runs; r++) {
                    double z[6];
                    uint8_t level[6];
                    int n = power.levels * power.replicates;
                    for (int i = 0; i < n; i++) {
                        z[i] = power.shift_sd + power.sd_ratio * rng_normal(&rng);
                        level[i] = (uint8_t)(1 + i % power.levels);
                    }
                    qc_rules_t none = {0};
                    qc_judge_run(r + 1 < power.runs ? &none : &power.rules, &history, z, level, n, &verdict);
                }
                rejected += s == 0 ? verdict.verdict != QC_VERDICT_ACCEPT : verdict.verdict == QC_VERDICT_REJECT;
            }
            assert_int_equal(rejected, result.rejected);
        }
}

static void portable(void **state)
{
    (void)state;
    qc_power_t power = {
        .levels = 2, .replicates = 1, .runs = 5, .shift_sd = 1, .sd_ratio = 1, .trials = 10000, .seed = 42};
    assert_true(qc_rules_parse("1-3s,2-2s,R-4s,4-1s,10-x", &power.rules, NULL));
    qc_power_result_t a, b;
    assert_true(qc_power(&power, &a, NULL) && qc_power(&power, &b, NULL));
    assert_int_equal(a.rejected, b.rejected);
    assert_int_equal(a.rejected, PORTABLE_COUNT);
    assert_int_equal(a.controls, 100000);
}

static void refusals(void **state)
{
    (void)state;
    const qc_power_t good = {.rules = {.set = 4}, .levels = 2, .replicates = 1, .runs = 1, .sd_ratio = 1, .trials = 10};
    qc_power_result_t result;
    err_t err = {0};
    assert_true(qc_power(&good, &result, &err));
    for (int i = 0; i < 9; i++) {
        qc_power_t p = good;
        switch (i) {
        case 0:
            p.rules.set = 0;
            break;
        case 1:
            p.levels = 0;
            break;
        case 2:
            p.levels = 7;
            break;
        case 3:
            p.replicates = 4;
            break;
        case 4:
            p.runs = 0;
            break;
        case 5:
            p.runs = 101;
            break;
        case 6:
            p.sd_ratio = 0;
            break;
        case 7:
            p.shift_sd = (double)__builtin_nan("");
            break;
        default:
            p.trials = 0;
            break;
        }
        err = (err_t){0};
        assert_false(qc_power(&p, &result, &err));
        assert_true(err.text[0] != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(table), cmocka_unit_test(closed_forms),
                                       cmocka_unit_test(same_as_judging), cmocka_unit_test(portable),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
