/* Judging of runs (qc_rules.cases), reading of rule names, sigma metric and patient averages. */
#include "lab/qc.h"
#include "qc_test.h"

enum { RUNS_MAX = 16 };

typedef struct {
    double z[QC_CONTROLS_MAX];
    uint8_t level[QC_CONTROLS_MAX];
    int n;
} case_run_t;

static int split(char *text, char separator, char *parts[], int most)
{
    int n = 0;
    while (text && n < most) {
        char *end = strchr(text, separator);
        if (end) *end++ = 0;
        while (*text == ' ') text++;
        size_t length = strlen(text);
        while (length && text[length - 1] == ' ') text[--length] = 0;
        parts[n++] = text;
        text = end;
    }
    assert_null(text);
    return n;
}

static void read_run(char *text, case_run_t *run)
{
    run->n = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        char *colon = strchr(word, ':');
        assert_true(run->n < QC_CONTROLS_MAX);
        run->level[run->n] = (uint8_t)(colon ? atoi(word) : run->n + 1);
        run->z[run->n++] = *word == '_' ? (double)__builtin_nan("") : strtod(colon ? colon + 1 : word, NULL);
    }
}

static void describe(const qc_verdict_t *verdict, char *out, size_t size)
{
    static const char *const words[] = {"accept", "warn", "reject"};
    int n = snprintf(out, size, "%s", words[verdict->verdict]);
    for (int i = 0; i < verdict->count; i++)
        n += snprintf(out + n, size - (size_t)n, " %s", qc_rule_name((qc_rule_t)verdict->rules[i]));
}

static int judge_line(int line, char *text)
{
    char *parts[3], *runs[RUNS_MAX], *expected[RUNS_MAX], got[200];
    assert_int_equal(split(text, '|', parts, 3), 3);
    qc_rules_t rules = {0};
    char *manual = strstr(parts[0], " manual");
    if (manual) *manual = 0;
    rules.mode = manual ? QC_MODE_MANUAL : QC_MODE_COMPUTER;
    err_t err = {0};
    if (!qc_rules_parse(parts[0], &rules, &err)) fail_msg("line %d: %s", line, err.text);
    int n = split(parts[1], ';', runs, RUNS_MAX), wrong = 0;
    if (split(parts[2], ';', expected, RUNS_MAX) != n) fail_msg("line %d: as many verdicts as runs", line);
    qc_history_t history;
    qc_history_init(&history);
    for (int i = 0; i < n; i++) {
        case_run_t run;
        qc_verdict_t verdict;
        read_run(runs[i], &run);
        qc_judge_run(&rules, &history, run.z, run.level, run.n, &verdict);
        describe(&verdict, got, sizeof got);
        if (strcmp(got, expected[i]) == 0) continue;
        print_error("line %d run %d: %s, expected %s\n", line, i + 1, got, expected[i]);
        wrong++;
    }
    return wrong;
}

static void cases(void **state)
{
    (void)state;
    size_t length;
    char *text = test_read("qc_rules.cases", &length), *next;
    int line = 0, done = 0, wrong = 0;
    for (char *at = text; at && *at; at = next) {
        next = strchr(at, '\n');
        if (next) *next++ = 0;
        line++;
        if (!*at || *at == '#') continue;
        wrong += judge_line(line, at);
        done++;
    }
    free(text);
    assert_int_equal(wrong, 0);
    assert_true(done >= 60);
    assert_true(sizeof(qc_history_t) < 512);
}

static void names(void **state)
{
    (void)state;
    static const char *const good[] = {"1-3s,2-2s,R-4s", "1-3s/2-2s/R-4s", "13s,22s,r4s", "1_3s, 2-2S, R-4s(2s/2s)"};
    static const char *const bad[] = {
        "", ",", "1-3s,", "1-3s,,2-2s", "1-5s", "1-3s 2-2s", "averyveryverylongnamethatisnorule", "("};
    for (size_t i = 0; i < 4; i++) {
        qc_rules_t rules = {0};
        assert_true(qc_rules_parse(good[i], &rules, NULL));
        assert_int_equal(rules.set, 1u << QC_RULE_1_3S | 1u << QC_RULE_2_2S | 1u << QC_RULE_R_4S);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        qc_rules_t rules = {.set = 7};
        err_t err = {0};
        assert_false(qc_rules_parse(bad[i], &rules, &err));
        assert_int_equal(rules.set, 7);
        assert_non_null(strstr(err.text, "the rules are 1-2s,1-2.5s"));
    }
    qc_rules_t range = {0};
    assert_true(qc_rules_parse("R-4s(range)", &range, NULL));
    assert_int_equal(range.set, 1u << QC_RULE_R_4S_RANGE);
    for (int rule = 0; rule < QC_RULE_COUNT; rule++) {
        qc_rules_t one = {0};
        char text[QC_RULES_TEXT_MAX];
        assert_true(qc_rules_parse(qc_rule_name((qc_rule_t)rule), &one, NULL));
        assert_int_equal(one.set, 1u << rule);
        qc_rules_text(&one, text);
        assert_string_equal(text, qc_rule_name((qc_rule_t)rule));
    }
    assert_true(qc_rule_is_systematic(QC_RULE_2_2S) && !qc_rule_is_systematic(QC_RULE_1_3S));
}

static void sigma_metric(void **state)
{
    (void)state;
    static const struct {
        double sigma, per_million;
    } defects[] = {{6, 3.4}, {5, 233}, {4, 6210}, {3, 66807}, {2, 308538}};
    qc_sigma_t s;
    err_t err = {0};
    for (size_t i = 0; i < 5; i++) {
        assert_true(qc_sigma(defects[i].sigma, 0, 1, &s, &err));
        assert_true(exact_abs(s.defects_per_million - defects[i].per_million) < 0.6);
    }
    assert_true(qc_sigma(10, -1, 1.5, &s, &err));
    assert_true(exact_abs(s.sigma - 6) < 1e-12 && exact_abs(s.dse_crit_sd - 4.35) < 1e-12);
    assert_true(exact_abs(s.quality_goal_index - 1 / 2.25) < 1e-12);
    assert_false(qc_sigma(10, 0, 0, &s, &err));
    assert_false(qc_sigma(0, 0, 1, &s, &err));
    assert_int_equal(qc_problem(0.79), QC_PROBLEM_IMPRECISION);
    assert_int_equal(qc_problem(1.0), QC_PROBLEM_BOTH);
    assert_int_equal(qc_problem(1.21), QC_PROBLEM_INACCURACY);
    static const struct {
        double sigma;
        int levels, controls, runs;
        const char *rules;
    } choices[] = {{6, 2, 2, 1, "1-3s"},
                   {5.9, 2, 2, 1, "1-3s/2-2s/R-4s"},
                   {4, 2, 4, 1, "1-3s/2-2s/R-4s/4-1s"},
                   {3.9, 2, 4, 2, "1-3s/2-2s/R-4s/4-1s/8-x"},
                   {7, 3, 3, 1, "1-3s"},
                   {5, 3, 3, 1, "1-3s/2of3-2s/R-4s"},
                   {4.5, 3, 3, 1, "1-3s/2of3-2s/R-4s/3-1s"},
                   {-1, 3, 6, 1, "1-3s/2of3-2s/R-4s/3-1s/6-x"}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        qc_choice_t choice;
        qc_rules_t rules;
        assert_true(qc_choose(choices[i].sigma, choices[i].levels, &choice, &err));
        assert_string_equal(choice.rules, choices[i].rules);
        assert_int_equal(choice.controls, choices[i].controls);
        assert_int_equal(choice.runs, choices[i].runs);
        assert_true(qc_rules_parse(choice.rules, &rules, &err));
    }
    qc_choice_t none;
    assert_false(qc_choose(5, 1, &none, &err));
}

/* A steady bench: few signals. A shift of one patient SD: a signal soon, on the right side. */
static void patient_average(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        qc_average_plan_t plan = {.kind = kind ? QC_AVERAGE_EWMA : QC_AVERAGE_WINDOW,
                                  .window = 50,
                                  .low = 130,
                                  .high = 150,
                                  .target = 140,
                                  .sd = 3,
                                  .limit_sd = 3.5};
        err_t err = {0};
        assert_true(qc_average_check(&plan, &err));
        qc_average_t a;
        rng_t rng = rng_at(8, 1, 0, 0);
        int false_signals = 0, seen_after = -1;
        qc_average_init(&plan, &a);
        for (int i = 0; i < 2000; i++) {
            qc_average_signal_t signal = qc_average_add(&plan, &a, 140 + 3 * rng_normal(&rng));
            if (i < 49) assert_int_equal(signal, QC_AVERAGE_NOT_YET);
            false_signals += signal == QC_AVERAGE_HIGH || signal == QC_AVERAGE_LOW;
        }
        assert_true(false_signals < 20);
        for (int i = 0; i < 200 && seen_after < 0; i++)
            if (qc_average_add(&plan, &a, 137 + 3 * rng_normal(&rng)) == QC_AVERAGE_LOW) seen_after = i;
        assert_true(seen_after >= 3 && seen_after < 60);
    }
}

static void patient_truncation(void **state)
{
    (void)state;
    qc_average_plan_t plan = {
        .kind = QC_AVERAGE_WINDOW, .window = 3, .low = 3, .high = 5.5, .target = 4, .sd = 0.5, .limit_sd = 3};
    qc_average_t a;
    static const double values[] = {4, 9, 4.3, 2, 4.6, 5.0};
    qc_average_init(&plan, &a);
    for (int i = 0; i < 6; i++) qc_average_add(&plan, &a, values[i]);
    assert_int_equal(a.used, 4);
    assert_int_equal(a.left_out, 2);
    assert_true(exact_abs(a.average - (4.3 + 4.6 + 5.0) / 3) < 1e-12);
    plan.outside = QC_OUTSIDE_PULLED_IN;
    qc_average_init(&plan, &a);
    for (int i = 0; i < 4; i++) qc_average_add(&plan, &a, values[i]);
    assert_int_equal(a.used, 4);
    assert_true(exact_abs(a.average - (5.5 + 4.3 + 3) / 3) < 1e-12);
    plan.kind = QC_AVERAGE_EWMA;
    qc_average_init(&plan, &a);
    qc_average_add(&plan, &a, 5);
    assert_true(exact_abs(a.average - 4.5) < 1e-12); /* lambda = 2 / (3 + 1) */
    err_t err = {0};
    for (int i = 0; i < 5; i++) {
        qc_average_plan_t bad = plan;
        if (i == 0) bad.window = 1;
        if (i == 1) bad.window = 101;
        if (i == 2) bad.low = 6;
        if (i == 3) bad.target = 2;
        if (i == 4) bad.sd = 0;
        assert_false(qc_average_check(&bad, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(names), cmocka_unit_test(sigma_metric),
                                       cmocka_unit_test(patient_average), cmocka_unit_test(patient_truncation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
