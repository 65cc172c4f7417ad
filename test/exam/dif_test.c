/* Mantel and Haenszel, and Mantel for ordered categories: tables worked by hand, all deals of the answers counted,
 * planted differences found, and none where there is none. */
#include "exam/dif.h"
#include "exam_test.h"
#include "simulate.h"

/* Appends `times` persons of a group with answers to two items. */
static void add(int8_t *answers, int *group, size_t *n, int times, int of, int first, int second)
{
    for (int i = 0; i < times; i++) {
        answers[*n * 2] = (int8_t)first;
        answers[*n * 2 + 1] = (int8_t)second;
        group[(*n)++] = of;
    }
}

/* Two items, so that only score 1 counts. There: reference 30 right 20 wrong on item one, focal 15 right 35 wrong.
 * alpha = (30 * 35 / 100) / (20 * 15 / 100) = 3.5; delta = -2.35 ln 3.5 = -2.944; E(A) = 50 * 45 / 100 = 22.5,
 * V = 50 * 50 * 45 * 55 / (100^2 * 99) = 6.25; chi-square = (7.5 - 0.5)^2 / 6.25 = 7.84; in one stratum
 * var ln alpha = 1/30 + 1/20 + 1/15 + 1/35 = 0.178571. Class C as (2.944 - 1) / (2.35 * 0.42258) = 1.958.
 * Standardized: score 0 and 2 have no difference; 50 focal persons at score 1 differ by .3 - .6, 10 have 0 or 2. */
static void by_hand(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    int8_t answers[400];
    int group[200], lines[200] = {0};
    const char *names[] = {"one", "two"};
    size_t n = 0;
    dif_t dif;
    err_t err = {0};
    add(answers, group, &n, 30, 0, 1, 0);
    add(answers, group, &n, 20, 0, 0, 1);
    add(answers, group, &n, 15, 1, 1, 0);
    add(answers, group, &n, 35, 1, 0, 1);
    add(answers, group, &n, 10, 0, 1, 1);
    add(answers, group, &n, 5, 1, 1, 1);
    add(answers, group, &n, 5, 1, 0, 0);
    add(answers, group, &n, 3, 1, 0, RESPONSE_MISSING);
    responses_t r = {"hand", n, 2, names, answers, lines};
    if (!dif_mantel_haenszel(&dif, arena, &r, group, false, &err)) fail_msg("%s", err.text);
    const dif_item_t *one = &dif.items[0];
    assert_int_equal(dif.reference, 60);
    assert_int_equal(dif.focal, 60);
    assert_int_equal(dif.left_out, 3);
    assert_int_equal(one->strata, 1);
    near("alpha", one->alpha, 3.5, 1e-12);
    near("delta", one->delta, -2.943993, 1e-6);
    near("chi-square", one->chi_square, 7.84, 1e-9);
    near("p", one->p, 0.005110, 1e-6);
    near("SE", one->se_delta, 2.35 * 0.42257713, 1e-6);
    near("standardized", one->standardized, 50 * -0.3 / 55, 1e-9); /* score 0 has no reference person */
    assert_int_equal(one->class, 'C');
    near("the other item", dif.items[1].alpha, 1 / 3.5, 1e-12);
    for (size_t p = 0; p < n; p++) group[p] = 0;
    assert_false(dif_mantel_haenszel(&dif, arena, &r, group, false, &err));
    assert_non_null(strstr(err.text, "each group needs persons"));
    arena_free(arena);
}

/* ---- items with more categories, against all ways to deal the answers of a score to its persons ---- */

enum { FEW = 84, THREE = 3, LEVELS = 4 };

/* Of one item over all scores: the focal counts less their means, and the covariances, by counting. */
typedef struct {
    double off[LEVELS], covariance[LEVELS][LEVELS];
} dealt_t;

/* Every choice of the focal persons among the N of a score is equally likely: 2^N sets are looked at. */
static void deal_score(const int *answer, int n, int focal, const double *seen, dealt_t *sums)
{
    double ways = 0, mean[LEVELS] = {0}, both[LEVELS][LEVELS] = {{0}};
    for (unsigned set = 0; set < 1u << n; set++) {
        double count[LEVELS] = {0};
        int members = 0;
        for (int i = 0; i < n; i++)
            if (set >> i & 1) {
                members++;
                count[answer[i]]++;
            }
        if (members != focal) continue;
        ways++;
        for (int j = 0; j < LEVELS; j++) {
            mean[j] += count[j];
            for (int k = 0; k < LEVELS; k++) both[j][k] += count[j] * count[k];
        }
    }
    for (int j = 0; j < LEVELS; j++) {
        sums->off[j] += seen[j] - mean[j] / ways;
        for (int k = 0; k < LEVELS; k++)
            sums->covariance[j][k] += both[j][k] / ways - mean[j] * mean[k] / (ways * ways);
    }
}

/* x' C^-1 x of the first three levels by Cramer's rule. */
static double quadratic(const dealt_t *d)
{
    const double(*c)[LEVELS] = d->covariance, *x = d->off;
    const double a = c[1][1] * c[2][2] - c[1][2] * c[1][2], b = c[0][2] * c[1][2] - c[0][1] * c[2][2],
                 e = c[0][1] * c[1][2] - c[0][2] * c[1][1], f = c[0][0] * c[2][2] - c[0][2] * c[0][2],
                 g = c[0][1] * c[0][2] - c[0][0] * c[1][2], h = c[0][0] * c[1][1] - c[0][1] * c[0][1];
    const double det = c[0][0] * a + c[0][1] * b + c[0][2] * e;
    return (x[0] * (a * x[0] + b * x[1] + e * x[2]) + x[1] * (b * x[0] + f * x[1] + g * x[2]) +
            x[2] * (e * x[0] + g * x[1] + h * x[2])) /
           det;
}

static dealt_t deal_item(const int8_t *answers, const int *group, int item)
{
    dealt_t sums = {{0}, {{0}}};
    for (int score = 0; score <= THREE * (LEVELS - 1); score++) {
        int answer[FEW], n = 0, focal = 0;
        double seen[LEVELS] = {0};
        for (int p = 0; p < FEW; p++) {
            const int8_t *row = answers + p * THREE;
            if (row[0] + row[1] + row[2] != score) continue;
            answer[n++] = row[item];
            focal += group[p];
            seen[row[item]] += group[p];
        }
        assert_true(n <= 20);
        if (focal > 0 && focal < n) deal_score(answer, n, focal, seen, &sums);
    }
    return sums;
}

static void ordered_as_counted(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    irt_item_t items[THREE];
    int group[FEW], lines[FEW] = {0};
    const char *names[] = {"one", "two", "three"};
    dif_t dif;
    err_t err = {0};
    for (int i = 0; i < THREE; i++)
        items[i] = (irt_item_t){.model = IRT_PCM, .categories = LEVELS, .a = 1, .b = {-1.2, 0.2 * i, 1}};
    responses_t r = simulate(arena, items, THREE, FEW, 0, 1.2, 0, 41);
    for (int p = 0; p < FEW; p++) group[p] = p % 5 < 2;
    r = (responses_t){"few", FEW, THREE, names, r.answers, lines};
    if (!dif_mantel_haenszel(&dif, arena, &r, group, false, &err)) fail_msg("%s", err.text);
    for (int i = 0; i < THREE; i++) {
        const dealt_t d = deal_item(r.answers, group, i);
        const double off = d.off[1] + 2 * d.off[2] + 3 * d.off[3];
        double variance = 0;
        for (int j = 0; j < LEVELS; j++)
            for (int k = 0; k < LEVELS; k++) variance += j * k * d.covariance[j][k];
        assert_true(dif.items[i].known);
        assert_int_equal(dif.items[i].categories, LEVELS);
        assert_int_equal(dif.items[i].general_df, LEVELS - 1);
        near("Mantel", dif.items[i].chi_square, off * off / variance, 1e-9);
        near("generalized", dif.items[i].general, quadratic(&d), 1e-9);
        assert_true(dif.items[i].general >= dif.items[i].chi_square); /* it looks in every direction */
    }
    arena_free(arena);
}

/* One score, worked by hand: answers 0, 1, 2 of 6 reference persons 1 2 3, of 4 focal 2 1 1, a second item making all
 * scores 2. Means 8/6 and 3/4, difference -7/12. N = 10, sum 11, sum of squares 19: E = 4.4, V = 6*4*(190-121)/900
 * = 1.84, chi-square = 1.4^2/1.84 = 1.065217. SD^2 = (19 - 12.1)/9 = 0.766667. */
static void ordered_by_hand(void **state)
{
    (void)state;
    static const int8_t first[] = {0, 1, 1, 2, 2, 2, 0, 0, 1, 2};
    arena_t *arena = arena_new(1 << 20);
    int8_t answers[20];
    int group[10], lines[10] = {0};
    const char *names[] = {"one", "two"};
    dif_t dif;
    err_t err = {0};
    for (int p = 0; p < 10; p++) {
        answers[2 * p] = first[p];
        answers[2 * p + 1] = (int8_t)(2 - first[p]);
        group[p] = p >= 6;
    }
    responses_t r = {"hand", 10, 2, names, answers, lines};
    if (!dif_mantel_haenszel(&dif, arena, &r, group, false, &err)) fail_msg("%s", err.text);
    const dif_item_t *one = &dif.items[0];
    assert_true(one->known && one->strata == 1 && one->class == 0 && !one->large); /* size -.67, but p is .3 */
    near("Mantel", one->chi_square, 1.06521739, 1e-8);
    near("standardized", one->standardized, -7.0 / 12, 1e-12);
    near("in SDs", one->size, -7.0 / 12 / exact_sqrt(6.9 / 9), 1e-12);
    near("the other item", dif.items[1].standardized, 7.0 / 12, 1e-12);
    arena_free(arena);
}

/* A shift of 0.8 logits of one item of four levels is found; the others keep their level. */
static void ordered_planted(void **state)
{
    (void)state;
    enum { N = 600, MANY = 15, SAMPLES = 12 };
    int found = 0, alarms = 0, general_alarms = 0;
    for (uint64_t n = 0; n < SAMPLES; n++) {
        arena_t *arena = arena_new((size_t)64 << 20);
        irt_item_t items[MANY];
        int group[2 * N];
        dif_t dif;
        err_t err = {0};
        for (size_t i = 0; i < MANY; i++) {
            items[i] = simulate_item(IRT_PCM, LEVELS, 520, i);
            items[i].a = 1;
        }
        responses_t r = simulate(arena, items, MANY, N, 0, 1, 0, 900 + 2 * n);
        for (int k = 0; k < LEVELS - 1; k++) items[5].b[k] += 0.8;
        responses_t focal = simulate(arena, items, MANY, N, -0.4, 1, 0, 901 + 2 * n);
        int8_t *answers = arena_array(arena, 2 * N, MANY);
        memcpy(answers, r.answers, (size_t)N * MANY);
        memcpy(answers + N * MANY, focal.answers, (size_t)N * MANY);
        for (size_t p = 0; p < 2 * N; p++) group[p] = p >= N;
        r.answers = answers;
        r.persons = 2 * N;
        if (!dif_mantel_haenszel(&dif, arena, &r, group, true, &err)) fail_msg("%s", err.text);
        found += dif.items[5].large && dif.items[5].standardized < 0 && dif.items[5].general_p < 0.05;
        for (size_t i = 0; i < MANY; i++) {
            alarms += i != 5 && dif.items[i].p < 0.05;
            general_alarms += i != 5 && dif.items[i].general_p < 0.05;
            assert_true(i == 5 || (!dif.items[i].large && dif.items[i].class == 0));
        }
        arena_free(arena);
    }
    print_message("ordered: found %d of %d; false alarms %d and %d of %d\n", found, (int)SAMPLES, alarms,
                  general_alarms, SAMPLES * (MANY - 1));
    assert_int_equal(found, SAMPLES);
    near("false alarms of Mantel", (double)alarms / (SAMPLES * (MANY - 1)), 0.05, 0.045);
    near("false alarms, generalized", (double)general_alarms / (SAMPLES * (MANY - 1)), 0.05, 0.045);
}

enum { ITEMS = 25, PERSONS = 800 };

/* Two groups of PERSONS; the focal group is less able by half a logit, and item 4 is harder for it by `extra` logits.
 */
static responses_t two_groups(arena_t *arena, double extra, int *group, irt_item_t *items, uint64_t seed)
{
    for (size_t i = 0; i < ITEMS; i++) items[i] = simulate_item(IRT_RASCH, 2, 500, i);
    items[3].b[0] = 0;
    responses_t r = simulate(arena, items, ITEMS, PERSONS, 0, 1, 0, seed);
    items[3].b[0] = extra;
    responses_t focal = simulate(arena, items, ITEMS, PERSONS, -0.5, 1, 0, seed + 1);
    int8_t *answers = arena_array(arena, 2 * PERSONS, ITEMS);
    memcpy(answers, r.answers, (size_t)PERSONS * ITEMS);
    memcpy(answers + PERSONS * ITEMS, focal.answers, (size_t)PERSONS * ITEMS);
    for (size_t p = 0; p < 2 * PERSONS; p++) group[p] = p >= PERSONS;
    r.answers = answers;
    r.persons = 2 * PERSONS;
    return r;
}

static void planted_and_not(void **state)
{
    (void)state;
    enum { SAMPLES = 24 };
    int found = 0, large = 0, false_alarms = 0, tests = 0;
    double delta = 0;
    for (uint64_t n = 0; n < SAMPLES; n++) {
        arena_t *arena = arena_new((size_t)64 << 20);
        irt_item_t items[ITEMS];
        int group[2 * PERSONS];
        dif_t dif;
        err_t err = {0};
        responses_t r = two_groups(arena, 0.9, group, items, 700 + 2 * n);
        if (!dif_mantel_haenszel(&dif, arena, &r, group, true, &err)) fail_msg("%s", err.text);
        found += dif.items[3].p < 0.05 && dif.items[3].class != 'A';
        large += dif.items[3].class == 'C';
        assert_true(dif.items[3].large == (dif.items[3].class == 'C'));
        delta += dif.items[3].delta / SAMPLES;
        for (size_t i = 0; i < ITEMS; i++) {
            if (i == 3) continue;
            tests++;
            false_alarms += dif.items[i].p < 0.05;
            assert_true(dif.items[i].class != 'C');
        }
        arena_free(arena);
    }
    print_message("planted found %d of %d, class C %d, mean delta %.3f; false alarms %d of %d\n", found, (int)SAMPLES,
                  large, delta, false_alarms, tests);
    assert_int_equal(found, SAMPLES);
    assert_true(large > SAMPLES / 2);
    near("delta of 0.9 logits", delta, -2.35 * 0.9, 0.25);
    near("false alarms", (double)false_alarms / tests, 0.045,
         0.025); /* the correction for continuity is conservative */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(ordered_by_hand),
                                       cmocka_unit_test(ordered_as_counted), cmocka_unit_test(ordered_planted),
                                       cmocka_unit_test(planted_and_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
