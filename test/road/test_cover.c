/* The covering program against one that tries everything, and at the size of a working life. */
#include "base/rng.h"
#include "road/cover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CASES = 20000, MOST_OF_ONE = 7 };

static bool meets(const cover_t *c, const int32_t x[])
{
    for (int r = 0; r < c->rows; r++) {
        int64_t sum = 0;
        for (int k = 0; k < c->columns; k++) sum += (int64_t)c->gives[k][r] * x[k];
        if (sum < c->need[r]) return false;
    }
    return true;
}

static int64_t price(const cover_t *c, const int32_t x[])
{
    int64_t sum = 0;
    for (int k = 0; k < c->columns; k++) sum += (int64_t)c->cost[k] * x[k];
    return sum;
}

/* Every selection of up to MOST_OF_ONE of each; -1: none meets the needs. */
static int64_t try_everything(const cover_t *c)
{
    int32_t x[COVER_COLUMNS_MAX] = {0};
    int64_t best = -1;
    for (;;) {
        if (meets(c, x) && (best < 0 || price(c, x) < best)) best = price(c, x);
        int k = 0;
        while (k < c->columns && x[k] == MOST_OF_ONE) x[k++] = 0;
        if (k == c->columns) return best;
        x[k]++;
    }
}

static void as_good_as_trying_everything(void **state)
{
    (void)state;
    int infeasible = 0, costly = 0;
    for (uint64_t i = 0; i < CASES; i++) {
        static cover_t c;
        cover_answer_t answer;
        rng_t rng = rng_at(1, 1, i, 0);
        memset(&c, 0, sizeof c);
        c.rows = 1 + (int)rng_below(&rng, 4);
        c.columns = 1 + (int)rng_below(&rng, 4);
        /* needs up to MOST_OF_ONE and an hour giving at least 1: no column is ever wanted more often */
        for (int r = 0; r < c.rows; r++) c.need[r] = (int32_t)rng_below(&rng, MOST_OF_ONE + 1);
        for (int k = 0; k < c.columns; k++) {
            c.cost[k] = 1 + (int32_t)rng_below(&rng, 5);
            for (int r = 0; r < c.rows; r++) c.gives[k][r] = (int32_t)rng_below(&rng, 4);
        }
        int64_t best = try_everything(&c);
        bool found = cover_solve(&c, &answer);
        assert_int_equal(found, best >= 0);
        if (!found) {
            infeasible++;
            continue;
        }
        assert_true(answer.proved);
        assert_true(meets(&c, answer.x));
        assert_int_equal(price(&c, answer.x), answer.cost);
        if (answer.cost != best) fail_msg("case %d: %d, but %d is enough", (int)i, (int)answer.cost, (int)best);
        costly += best > 8;
    }
    assert_true(infeasible > 500 && infeasible < CASES / 2 && costly > 1000); /* the cases are not trivial */
}

/* Eight obligations with windows of their own, totals and topics: the size that a ledger may reach. */
static void proves_what_people_have(void **state)
{
    (void)state;
    enum { OBLIGATIONS = 8, SLOTS = 10, TOPICS = 4 };
    int most = 0;
    for (uint64_t i = 0; i < 200; i++) {
        static cover_t c;
        cover_answer_t answer;
        rng_t rng = rng_at(2, 1, i, 0);
        memset(&c, 0, sizeof c);
        c.columns = SLOTS * (TOPICS + 1);
        for (int o = 0; o < OBLIGATIONS; o++) {
            int from = (int)rng_below(&rng, SLOTS), to = from + (int)rng_below(&rng, (uint32_t)(SLOTS - from));
            int total = c.rows++, topic = (int)rng_below(&rng, TOPICS), special = c.rows++;
            c.need[total] = 100 * (int32_t)(4 + rng_below(&rng, 33));
            c.need[special] = 100 * (int32_t)rng_below(&rng, 4);
            for (int s = from; s <= to; s++)
                for (int t = 0; t <= TOPICS; t++) {
                    c.gives[s * (TOPICS + 1) + t][total] = 100;
                    if (t == topic) c.gives[s * (TOPICS + 1) + t][special] = 100;
                }
        }
        for (int k = 0; k < c.columns; k++) c.cost[k] = k % (TOPICS + 1) == TOPICS ? 1000 : 1001;
        assert_true(cover_solve(&c, &answer));
        assert_true(meets(&c, answer.x));
        assert_true(answer.proved);
        if (answer.nodes > most) most = answer.nodes;
    }
    print_message("at most %d nodes\n", most);
}

static void what_cannot_be_met(void **state)
{
    (void)state;
    static cover_t c;
    cover_answer_t answer;
    memset(&c, 0, sizeof c);
    assert_true(cover_solve(&c, &answer));
    assert_int_equal(answer.cost, 0);
    c.rows = 1;
    c.need[0] = 1;
    assert_false(cover_solve(&c, &answer));
    c.columns = 1;
    c.cost[0] = 1;
    assert_false(cover_solve(&c, &answer));
    c.gives[0][0] = 1;
    assert_true(cover_solve(&c, &answer));
    assert_int_equal(answer.x[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_good_as_trying_everything),
                                       cmocka_unit_test(proves_what_people_have), cmocka_unit_test(what_cannot_be_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
