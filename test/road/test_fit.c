/* The stage Fit: scoring against the published key, correlations against the values of the table, and the makers of the
 * three work samples over thousands of seeds. */
#include "road/fit.h"

#include "base/content.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 5000 };

static fit_facts_t facts;
static arena_t *arena;

static int begin(void **state)
{
    (void)state;
    err_t err;
    arena = arena_new((size_t)4 << 20);
    if (!arena) return 1;
    if (fit_facts_read(&facts, arena, content_source(), &err)) return 0;
    fprintf(stderr, "%s\n", err.text);
    return 1;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- interests ---- */

/* Each answer adds its own points to its own area and to no other. The areas of the published order: two items each of
 * R, I, A, S, E, C in every block of twelve. */
static void the_key(void **state)
{
    (void)state;
    for (int item = 0; item < FIT_ITEMS; item++)
        for (int answer = 0; answer <= FIT_ANSWER_MAX; answer++) {
            char answers[FIT_ITEMS + 1];
            fit_profile_t p;
            memset(answers, '0', FIT_ITEMS);
            answers[FIT_ITEMS] = '\0';
            answers[item] = (char)('0' + answer);
            fit_profile(&facts, answers, &p);
            for (int s = 0; s < FIT_SCALES; s++)
                assert_int_equal(p.score[s], s == item % FIT_BLOCK_ITEMS / 2 ? answer : 0);
            assert_int_equal(p.answered, FIT_ITEMS);
        }
}

static void bounds_and_shapes(void **state)
{
    (void)state;
    char answers[FIT_ITEMS + 1] = {0};
    fit_profile_t p;
    fit_match_t matches[FIT_ROWS_MAX];
    memset(answers, '4', FIT_ITEMS);
    fit_profile(&facts, answers, &p);
    for (int s = 0; s < FIT_SCALES; s++) assert_int_equal(p.score[s], FIT_SCALE_MAX);
    assert_int_equal(p.shape, FIT_SHAPE_FLAT);
    assert_int_equal(fit_matches(&facts, &p, matches), 0);
    answers[0] = '3';
    fit_profile(&facts, answers, &p);
    assert_int_equal(p.shape, FIT_SHAPE_NARROW);
    assert_true(fit_matches(&facts, &p, matches) == facts.occupation_count);
    answers[7] = '-';
    fit_profile(&facts, answers, &p);
    assert_int_equal(p.answered, FIT_ITEMS - 1);
    assert_int_equal(p.shape, FIT_SHAPE_OPEN);
    assert_int_equal(fit_matches(&facts, &p, matches), 0);
    fit_profile(&facts, "", &p);
    assert_int_equal(p.answered, 0);
}

/* Every occupation's own r with the technician, to the three decimals of the table. */
static void correlations_of_the_table(void **state)
{
    (void)state;
    assert_string_equal(facts.occupations[0].soc, "29-2012.00");
    assert_int_equal(facts.occupation_count, 15);
    for (int i = 0; i < facts.occupation_count; i++) {
        double r = fit_correlation(facts.occupations[0].interest, facts.occupations[i].interest);
        if (fabs(r - facts.occupations[i].r_technician) > 0.0005 + 1e-9)
            fail_msg("%s: r is %.5f, the table says %.3f", facts.occupations[i].title, r,
                     facts.occupations[i].r_technician);
    }
}

static void properties_of_r(void **state)
{
    (void)state;
    double flat[FIT_SCALES] = {3, 3, 3, 3, 3, 3}, a[FIT_SCALES] = {1, 2, 3, 4, 5, 6}, b[FIT_SCALES];
    assert_true(isnan(fit_correlation(flat, a)));
    for (int i = 0; i < FIT_SCALES; i++) b[i] = 40 - 2 * a[i];
    assert_true(fabs(fit_correlation(a, a) - 1) < 1e-12);
    assert_true(fabs(fit_correlation(a, b) + 1) < 1e-12);
    for (int i = 0; i < FIT_SCALES; i++) b[i] = 7 * a[i] + 3; /* shape alone counts */
    assert_true(fabs(fit_correlation(facts.occupations[1].interest, a) -
                     fit_correlation(facts.occupations[1].interest, b)) < 1e-12);
}

static void matches_are_in_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        char answers[FIT_ITEMS + 1] = {0};
        fit_profile_t p;
        fit_match_t m[FIT_ROWS_MAX];
        for (unsigned i = 0, x = seed * 2654435761U; i < FIT_ITEMS; i++, x = x * 1664525U + 1013904223U)
            answers[i] = (char)('0' + (x >> 24) % 5);
        fit_profile(&facts, answers, &p);
        int n = fit_matches(&facts, &p, m);
        for (int i = 0; i < n; i++) {
            assert_true(m[i].r_low <= m[i].r && m[i].r <= m[i].r_high);
            assert_true(m[i].r_low >= -1 && m[i].r_high <= 1);
            assert_true(i == 0 || m[i - 1].r >= m[i].r);
        }
    }
}

/* ---- label pairs ---- */

static int fields_that_differ(const fit_pair_t *p)
{
    int count = 0;
    for (int f = 0; f < FIT_FIELDS; f++) count += strcmp(p->label[f], p->order[f]) != 0;
    return count;
}

static void pairs_of_many_seeds(void **state)
{
    (void)state;
    int kinds[FIT_FIELDS] = {0}, places[FIT_PAIRS] = {0};
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        fit_pair_t pairs[FIT_PAIRS];
        int even = 0, rare = 0;
        fit_labels_make(&facts, seed, pairs);
        for (int i = 0; i < FIT_PAIRS; i++) {
            const fit_pair_t *p = &pairs[i];
            bool differs = p->differs != FIT_AGREE;
            assert_int_equal(fields_that_differ(p), differs);
            if (differs) assert_string_not_equal(p->label[p->differs], p->order[p->differs]);
            for (int f = 0; f < FIT_FIELDS; f++) {
                assert_true(p->label[f][0] && p->order[f][0]);
                if (f != FIT_FIELD_CAP) assert_int_equal(strlen(p->label[f]), strlen(p->order[f]));
            }
            even += differs && i < FIT_PAIRS_EVEN;
            rare += differs && i >= FIT_PAIRS_EVEN;
            if (differs) kinds[p->differs]++, places[i]++;
        }
        assert_int_equal(even, FIT_PAIRS_EVEN / 2);
        assert_int_equal(rare, FIT_RARE_DIFFER);
    }
    for (int f = 0; f < FIT_FIELDS; f++)
        assert_in_range(kinds[f], SEEDS * 14 / 4 * 95 / 100, SEEDS * 14 / 4 * 105 / 100);
    for (int i = 0; i < FIT_PAIRS; i++) /* no place tells anything: half of the even ones, a 25th of the rare ones */
        assert_in_range(places[i], i < FIT_PAIRS_EVEN ? SEEDS * 46 / 100 : SEEDS * 30 / 1000,
                        i < FIT_PAIRS_EVEN ? SEEDS * 54 / 100 : SEEDS * 50 / 1000);
}

static void attempt_of(fit_attempt_t *a, int elapsed)
{
    *a = (fit_attempt_t){.seed = 7, .elapsed_s = elapsed, .extra = 100};
}

static void scores_of_pairs(void **state)
{
    (void)state;
    fit_pair_t pairs[FIT_PAIRS];
    fit_attempt_t a;
    fit_labels_score_t s;
    fit_labels_make(&facts, 7, pairs);
    attempt_of(&a, 180);
    for (int i = 0; i < FIT_PAIRS; i++) a.answers[i] = pairs[i].differs != FIT_AGREE ? 'd' : 's';
    fit_labels_score(pairs, &a, &s);
    assert_int_equal(s.net, FIT_PAIRS);
    assert_int_equal(s.all.hits, 14);
    assert_int_equal(s.all.missed + s.all.false_alarms, 0);
    assert_true(fabs(s.per_min - FIT_PAIRS / 3.0) < 1e-9);
    assert_false(s.late);
    /* all "same" misses every one; all "differs" has every false alarm: neither is worth anything by d' */
    memset(a.answers, 's', FIT_PAIRS);
    fit_labels_score(pairs, &a, &s);
    assert_int_equal(s.all.missed, 14);
    assert_int_equal(s.net, FIT_PAIRS - 28);
    assert_true(s.criterion > 1 && fabs(s.d_prime) < 1);
    memset(a.answers, 'd', FIT_PAIRS);
    fit_labels_score(pairs, &a, &s);
    assert_int_equal(s.all.false_alarms, 60);
    assert_int_equal(s.net, 14 - 60);
    assert_true(s.criterion < -1);
    memset(a.answers, '-', FIT_PAIRS);
    a.elapsed_s = 186;
    fit_labels_score(pairs, &a, &s);
    assert_int_equal(s.answered, 0);
    assert_true(s.late && isnan(s.d_prime));
    a.extra = 150;
    fit_labels_score(pairs, &a, &s);
    assert_false(s.late);
}

/* d' by hand: 10 of 14 hits, 6 of 60 false alarms; (10.5/15 = 0.7, 6.5/61): z 0.52440 and -1.24505. */
static void d_prime_by_hand(void **state)
{
    (void)state;
    fit_pair_t pairs[FIT_PAIRS];
    fit_attempt_t a;
    fit_labels_score_t s;
    int hits = 0, alarms = 0;
    fit_labels_make(&facts, 11, pairs);
    attempt_of(&a, 100);
    for (int i = 0; i < FIT_PAIRS; i++) {
        bool differs = pairs[i].differs != FIT_AGREE;
        a.answers[i] = (differs ? hits++ < 10 : alarms++ < 6) ? 'd' : 's';
    }
    fit_labels_score(pairs, &a, &s);
    assert_true(fabs(s.d_prime - (0.52440 + 1.24505)) < 2e-4);
    assert_true(fabs(s.criterion - (1.24505 - 0.52440) / 2) < 2e-4);
}

/* ---- columns ---- */

static void columns_of_many_seeds(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        fit_column_t columns[FIT_COLUMNS];
        int none = 0;
        fit_odd_make(&facts, seed, columns);
        for (int i = 0; i < FIT_COLUMNS; i++) {
            const fit_column_t *c = &columns[i];
            double low = INFINITY, high = -INFINITY;
            none += c->odd == FIT_NONE;
            for (int row = 0; row < FIT_COLUMN_ROWS; row++) {
                assert_true(c->number[row] > 0);
                if (row == c->odd) continue;
                low = fmin(low, c->number[row]), high = fmax(high, c->number[row]);
            }
            /* without the odd one the column is quiet: within its spread and the rounding of the values */
            double step = pow(10, -c->test->decimals);
            assert_true(high - low <= 2 * c->test->spread * high / (1 - c->test->spread) + step + 1e-9);
            if (c->odd == FIT_NONE) continue;
            double off = c->number[c->odd] > high ? c->number[c->odd] - high : low - c->number[c->odd];
            if (!(off >= 3 * (high - low) && off >= 0.2 * low))
                fail_msg("seed %u, column %d (%s): the odd one is not odd enough", seed, i, c->test->name);
        }
        assert_int_equal(none, FIT_COLUMNS_NONE);
    }
}

static void scores_of_columns(void **state)
{
    (void)state;
    fit_column_t columns[FIT_COLUMNS];
    fit_attempt_t a;
    fit_odd_score_t s;
    fit_odd_make(&facts, 7, columns);
    attempt_of(&a, 60);
    for (int i = 0; i < FIT_COLUMNS; i++)
        a.answers[i] = columns[i].odd == FIT_NONE ? 'n' : (char)('0' + columns[i].odd);
    fit_odd_score(columns, &a, &s);
    assert_int_equal(s.net, FIT_COLUMNS);
    assert_true(fabs(s.per_min - FIT_COLUMNS) < 1e-9);
    memset(a.answers, 'n', FIT_COLUMNS);
    fit_odd_score(columns, &a, &s);
    assert_int_equal(s.missed, FIT_COLUMNS - FIT_COLUMNS_NONE);
    assert_int_equal(s.right, FIT_COLUMNS_NONE);
    for (int i = 0; i < FIT_COLUMNS; i++) a.answers[i] = columns[i].odd == 3 ? '4' : '3';
    fit_odd_score(columns, &a, &s);
    assert_int_equal(s.false_alarms, FIT_COLUMNS_NONE);
    assert_int_equal(s.wrong_row, FIT_COLUMNS - FIT_COLUMNS_NONE);
    assert_int_equal(s.right, 0);
}

/* ---- the procedure: worked again from what the page shows, by other means ---- */

static int minute_of(const char *clock)
{
    return atoi(clock) * 60 + atoi(clock + 3);
}

static void procedures_of_many_seeds(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        fit_procedure_t p;
        int urgent = 0, urgent_at = -1, first = 0, most = -1, a, b, minutes, caps = 0;
        char cap[24], text[32];
        fit_procedure_make(seed, &p);
        assert_int_equal(strlen(p.rack), 3);
        assert_int_equal(sscanf(p.step[1], "Count the tubes with a %23[a-z ] cap", cap), 1);
        if (strlen(cap) > 4 && strcmp(cap + strlen(cap) - 4, " cap") == 0) cap[strlen(cap) - 4] = '\0';
        cap[strcspn(cap, "\n")] = '\0';
        char *tail = strstr(cap, " cap");
        if (tail) *tail = '\0';
        for (int i = 0; i < FIT_TUBES; i++) {
            bool stat = strcmp(p.tubes[i].priority, "STAT") == 0;
            if (stat) urgent++, urgent_at = i;
            if (minute_of(p.tubes[i].time) < minute_of(p.tubes[first].time)) first = i;
            if (!stat && (most < 0 || atof(p.tubes[i].volume) > atof(p.tubes[most].volume))) most = i;
            caps += strcmp(p.tubes[i].cap, cap) == 0;
            for (int k = 0; k < i; k++) {
                assert_string_not_equal(p.tubes[i].time, p.tubes[k].time);
                assert_string_not_equal(p.tubes[i].volume, p.tubes[k].volume);
                assert_string_not_equal(p.tubes[i].accession, p.tubes[k].accession);
            }
        }
        assert_int_equal(urgent, 1);
        snprintf(text, sizeof text, "26%s", p.tubes[urgent_at].accession + 3);
        assert_string_equal(p.key[0], text);
        assert_int_equal(atoi(p.key[1]), caps);
        assert_int_equal(atoi(p.key[2]), first + 1);
        assert_int_equal(atoi(p.key[3]), most + 1);
        assert_int_equal(sscanf(p.step[4], "Add the volumes in positions %d and %d", &a, &b), 2);
        assert_int_not_equal(a, b);
        assert_true(fabs(atof(p.key[4]) - atof(p.tubes[a - 1].volume) - atof(p.tubes[b - 1].volume)) < 1e-9);
        assert_int_equal(sscanf(p.step[5], "The tube in position %d spins for %d minutes", &b, &minutes), 2);
        assert_int_equal(minute_of(p.key[5]), minute_of(p.tubes[b - 1].time) + minutes);
        assert_true(minute_of(p.key[5]) < 24 * 60);
        assert_true(p.key[6][0] == p.rack[2] && p.key[6][1] == p.rack[1] && p.key[6][2] == p.rack[0]);
        assert_string_equal(p.key[7], caps % 2 ? "A" : "B");
        snprintf(text, sizeof text, "%s%d", p.tubes[a - 1].accession + 5, a);
        assert_string_equal(p.key[8], text);
        assert_string_equal(p.key[9], atof(p.tubes[first].volume) < 2.95 ? "HOLD" : "GO");
    }
}

static void scores_of_procedures(void **state)
{
    (void)state;
    fit_procedure_t p;
    fit_attempt_t a, back;
    fit_procedure_score_t s;
    text_t text;
    fit_procedure_make(7, &p);
    attempt_of(&a, 200);
    for (int i = 0; i < FIT_STEPS; i++) {
        char padded[64];
        snprintf(padded, sizeof padded, "  %s ", p.key[i]);
        fit_procedure_entry(&a, i, padded);
    }
    fit_procedure_score(&p, &a, &s);
    assert_int_equal(s.right, FIT_STEPS);
    text_init(&text, 1024);
    fit_attempt_write(&text, &a);
    assert_true(fit_attempt_read(FIT_PROCEDURE, text.data, &back));
    assert_string_equal(back.answers, a.answers);
    text_free(&text);
    attempt_of(&a, 200);
    for (int i = 0; i < FIT_STEPS; i++)
        fit_procedure_entry(&a, i,
                            i == 7   ? "a~b\xc3\xa4"
                            : i == 8 ? ""
                            : i == 9 ? "much too long for an entry"
                                     : p.key[i]);
    fit_procedure_score(&p, &a, &s);
    assert_int_equal(s.right, 7);
    assert_int_equal(s.wrong, 2);
    assert_int_equal(s.answered, 9);
    char said[FIT_ENTRY_MAX + 1];
    fit_procedure_said(&a, 7, said);
    assert_string_equal(said, "a?b??");
    fit_procedure_said(&a, 9, said);
    assert_string_equal(said, "much too long fo");
}

static void attempts_as_text(void **state)
{
    (void)state;
    fit_attempt_t a;
    assert_true(fit_attempt_read(FIT_ODD, NULL, &a) && a.seed == 0);
    assert_true(fit_attempt_read(FIT_ODD, "", &a) && a.seed == 0);
    assert_true(fit_attempt_read(FIT_ODD, "12.61.150.0123456789nn----", &a));
    assert_int_equal(a.extra, 150);
    static const char *const bad[] = {"12",
                                      "12.61.150.",
                                      "0.61.100.0123456789nn----",
                                      "12.61.110.0123456789nn----",
                                      "12.-1.100.0123456789nn----",
                                      "12.61.100.0123456789nn---x",
                                      "1e3.61.100.0123456789nn----",
                                      "12.61.100.0123456789nn-----",
                                      "99999999999.61.100.0123456789nn----"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(fit_attempt_read(FIT_ODD, bad[i], &a));
    assert_false(fit_attempt_read(FIT_PROCEDURE, "12.61.100.a~b~c", &a));
    assert_false(fit_attempt_read(FIT_PROCEDURE, "12.61.100.~~~~~~~~~12345678901234567", &a));
    assert_true(fit_attempt_read(FIT_PROCEDURE, "12.61.100.~~~~~~~~~1234567890123456", &a));
    for (int sample = 0; sample < FIT_SAMPLES; sample++)
        assert_int_equal(fit_sample_limit_s((fit_sample_t)sample, 200),
                         2 * fit_sample_limit_s((fit_sample_t)sample, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key),
        cmocka_unit_test(bounds_and_shapes),
        cmocka_unit_test(correlations_of_the_table),
        cmocka_unit_test(properties_of_r),
        cmocka_unit_test(matches_are_in_order),
        cmocka_unit_test(pairs_of_many_seeds),
        cmocka_unit_test(scores_of_pairs),
        cmocka_unit_test(d_prime_by_hand),
        cmocka_unit_test(columns_of_many_seeds),
        cmocka_unit_test(scores_of_columns),
        cmocka_unit_test(procedures_of_many_seeds),
        cmocka_unit_test(scores_of_procedures),
        cmocka_unit_test(attempts_as_text),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
