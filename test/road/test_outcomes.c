/* Outcome measures: the worked example of pooled counts, each rate's own denominator, what is still open, and the
 * messages of the cohort's reader. */
#include "road/outcomes.h"

#include "base/content.h"
#include "base/text.h"
#include "road/when.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "id,cohort,final_half,graduated,exam,passed,placement,enrolled,reentered,left,placed_on\n"

static arena_t *arena;
static outcome_rules_t rules;

static int begin(void **state)
{
    (void)state;
    err_t err = {0};
    arena = arena_new(8 * 1024 * 1024);
    return arena != NULL && outcome_rules_read(&rules, arena, content_source(), &err) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const outcome_rule_t *rule(const char *accreditor, outcome_measure_t measure)
{
    for (int i = 0; i < rules.count; i++)
        if (strcmp(rules.rules[i].accreditor, accreditor) == 0 && rules.rules[i].measure == measure)
            return &rules.rules[i];
    fail_msg("there is no rule for %s of %s", outcome_measure_word(measure), accreditor);
    return NULL;
}

static cohort_t read(const char *csv)
{
    cohort_t cohort;
    err_t err = {0};
    if (!cohort_read(&cohort, arena, "cohort.csv", (const unsigned char *)csv, strlen(csv), &err))
        fail_msg("%s", err.text);
    return cohort;
}

static int32_t on(int y, int m, int d)
{
    int32_t day;
    assert_true(day_make(y, m, d, &day));
    return day;
}

/* 1/1, 5/10, 5/10: 11/21 = 52.4 %, and not the mean of 100, 50 and 50. */
static void pooled_not_averaged(void **state)
{
    (void)state;
    text_t csv;
    text_init(&csv, 100000);
    text_add(&csv, HEAD);
    static const int passed[] = {1, 5, 5}, took[] = {1, 10, 10};
    for (int y = 0; y < 3; y++)
        for (int i = 0; i < took[y]; i++)
            text_addf(&csv, "P%d-%02d,%d,%d-01-10,%d-05-20,%d-06-10,%s,placed,,,,\n", y, i, 2022 + y, 2022 + y,
                      2022 + y, 2022 + y,
                      i < passed[y] ? (y == 0   ? "2022-06-10"
                                       : y == 1 ? "2023-06-10"
                                                : "2024-06-10")
                                    : "");
    /* an older year is not among the three latest */
    text_add(&csv, "OLD-1,2019,2019-01-10,2019-05-20,2019-06-10,,not-placed,,,,\n");
    cohort_t cohort = read(csv.data);
    outcome_rate_t o;
    assert_true(outcome_compute(rule("naacls", OUTCOME_CERTIFICATION), &cohort, on(2026, 11, 27), &o, NULL));
    assert_int_equal(o.numerator, 11);
    assert_int_equal(o.denominator, 21);
    assert_int_equal(o.open, 0);
    double rate = outcome_rate(o.numerator, o.denominator);
    assert_true(fabs(rate - 52.38) < 0.01);
    double mean = 0;
    for (int y = o.from; y < o.year_count; y++) mean += outcome_rate(o.years[y].numerator, o.years[y].denominator) / 3;
    assert_true(fabs(mean - 66.67) < 0.01);
    assert_int_equal(o.years[o.from].year, 2022);
    text_free(&csv);
}

static const char MIXED[] = HEAD
    /* passed in time, placed */
    "A,2024,2024-01-10,2024-05-20,2024-07-01,2024-07-01,placed,2023-08-20,,,2024-08-01\n"
    /* second attempt in time, related */
    "B,2024,2024-01-10,2024-05-20,2024-07-01,2025-05-20,related,2023-08-20,,,2025-05-20\n"
    /* passed after the year, studying */
    "C,2024,2024-01-10,2024-05-20,2024-07-01,2025-05-21,studying,2023-08-20,,,\n"
    /* first taken after the year, placed after the year */
    "D,2024,2024-01-10,2024-05-20,2025-06-01,2025-06-01,placed,2023-08-20,,,2025-06-02\n"
    /* never took it, no reply */
    "E,2024,2024-01-10,2024-05-20,,,no-reply,2023-08-20,,,\n"
    /* not seeking, unavailable, seeking in vain */
    "F,2024,2024-01-10,2024-05-20,2024-07-01,,not-seeking,2023-08-20,,,\n"
    "G,2024,2024-01-10,2024-05-20,,,unavailable,2023-08-20,,,\n"
    "H,2024,2024-01-10,2024-05-20,2024-07-01,,not-placed,2023-08-20,,,\n"
    /* left in the final half; left before it; still enrolled; left, came back, graduated */
    "I,2024,2024-01-10,,,,,2023-08-20,,2024-03-01,\n"
    "J,2024,,,,,,2023-08-20,,2023-11-01,\n"
    "K,2024,2024-01-10,,,,,2022-08-20,,,\n"
    "L,2024,2024-01-10,2024-05-20,2024-07-01,2024-07-01,placed,2022-08-20,2023-09-01,2023-03-01,2024-07-02\n";

static void compute(const char *accreditor, outcome_measure_t measure, int numerator, int denominator, int open)
{
    cohort_t cohort = read(MIXED);
    outcome_rate_t o;
    assert_true(outcome_compute(rule(accreditor, measure), &cohort, on(2026, 11, 27), &o, NULL));
    if (o.numerator != numerator || o.denominator != denominator || o.open != open)
        fail_msg("%s %s: %d/%d, %d open", accreditor, outcome_measure_word(measure), o.numerator, o.denominator,
                 o.open);
    int listed[2] = {0};
    for (int i = 0; i < cohort.count; i++) {
        outcome_person_t p = outcome_of(rule(accreditor, measure), &cohort.persons[i], 2024, on(2026, 11, 27));
        listed[0] += p.counted == COUNTED_ABOVE;
        listed[1] += p.times;
        assert_true(p.why[0] != '\0');
    }
    assert_int_equal(listed[0], numerator); /* the list behind the figure adds up to it */
    assert_int_equal(listed[1], denominator);
}

static void each_its_own_denominator(void **state)
{
    (void)state;
    compute("naacls", OUTCOME_CERTIFICATION, 3, 6, 0); /* A B L of A B C F H L: D took it late, E and G never */
    compute("naacls", OUTCOME_GRADUATION, 9, 11, 1);   /* not J; I left, K still there */
    compute("naacls", OUTCOME_ATTRITION, 1, 11, 1);
    compute("naacls", OUTCOME_PLACEMENT, 4, 6, 0);  /* A B C L of A B C D H L */
    compute("abhes", OUTCOME_PLACEMENT, 4, 7, 0);   /* A B D L of A B D E F H L: C and G are unavailable */
    compute("abhes", OUTCOME_RETENTION, 10, 12, 0); /* all but I and J */
}

/* The newest cohort must be shown while its year is open: as provisional. */
static void what_is_still_open(void **state)
{
    (void)state;
    cohort_t cohort = read(
        HEAD "A,2026,2026-01-10,2026-05-20,,,,,,,\nB,2026,2026-01-10,2026-05-20,2026-07-01,2026-07-01,placed,,,,\n");
    outcome_rate_t o;
    assert_true(outcome_compute(rule("naacls", OUTCOME_CERTIFICATION), &cohort, on(2026, 11, 27), &o, NULL));
    assert_true(o.numerator == 1 && o.denominator == 1 && o.open == 1);
    assert_true(outcome_compute(rule("naacls", OUTCOME_CERTIFICATION), &cohort, on(2027, 5, 20), &o, NULL));
    assert_int_equal(o.open, 0);
    assert_true(isnan(outcome_rate(0, 0)));
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *words;
    } cases[] = {
        {"", "cohort.csv"},
        {"id,cohort\n1,2024\n", "final_half"},
        {HEAD, "no person"},
        {HEAD "A,2024,2024-01,,,,,,,,\n", "cohort.csv:2: final_half is a day"},
        {HEAD "A,24,,,,,,,,,\n", "cohort is a year"},
        {HEAD "Ann Smith,2024,,,,,,,,,\n", "never a name"},
        {HEAD "A,2024,,,,,,,,,\nA,2024,,,,,,,,,\n", "cohort.csv:3: the id \"A\" is there twice"},
        {HEAD "A,2024,2024-01-10,2024-05-20,,2024-07-01,,,,,\n", "no day in \"exam\""},
        {HEAD "A,2024,,2024-05-20,,,,,,,\n", "fill in \"final_half\""},
        {HEAD "A,2024,2024-01-10,2024-05-20,,,fine,,,,\n", "placement is placed"},
        {HEAD "A,2024,2024-01-10,,,,placed,,,,\n", "of graduates"},
        {HEAD "A,2024,2024-01-10,2024-05-20,,,placed,,,2024-05-21,\n", "keep one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cohort_t cohort;
        err_t err = {0};
        assert_false(
            cohort_read(&cohort, arena, "cohort.csv", (const unsigned char *)cases[i].csv, strlen(cases[i].csv), &err));
        if (strstr(err.text, cases[i].words) == NULL) fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pooled_not_averaged),
                                       cmocka_unit_test(each_its_own_denominator), cmocka_unit_test(what_is_still_open),
                                       cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, begin, end);
}
