/* Tables of persons for outcome measures: whatever is read adds up. Numerators never exceed what is counted, the years
 * sum to the pooled figure, and each person's part sums to the year's. */
#include "base/content.h"
#include "road/outcomes.h"

#include <assert.h>

static void check(const outcome_rule_t *rule, const cohort_t *cohort, int32_t today)
{
    outcome_rate_t o;
    if (!outcome_compute(rule, cohort, today, &o, NULL)) return; /* too many years */
    int numerator = 0, denominator = 0;
    for (int y = 0; y < o.year_count; y++) {
        assert(y == 0 || o.years[y].year > o.years[y - 1].year);
        assert(o.years[y].numerator >= 0 && o.years[y].numerator <= cohort->count);
        assert(o.years[y].numerator <= o.years[y].denominator);
        if (y < o.from) continue;
        numerator += o.years[y].numerator;
        denominator += o.years[y].denominator;
    }
    assert(numerator == o.numerator && denominator == o.denominator && o.year_count - o.from <= rule->years);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    outcome_rules_t rules;
    cohort_t cohort;
    err_t err;
    if (arena && outcome_rules_read(&rules, arena, content_source(), &err) &&
        cohort_read(&cohort, arena, "fuzz.csv", data, size, &err))
        for (int i = 0; i < rules.count; i++) check(&rules.rules[i], &cohort, 20000);
    arena_free(arena);
    return 0;
}
