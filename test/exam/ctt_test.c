/* Classical statistics, worked by hand. */
#include "exam/ctt.h"
#include "exam_test.h"

#include <math.h>

/* Five persons, four items:
 *
 *        i1 i2 i3 i4  total      mean 2.4, sum of squares of deviations 5.2, variance 1.3, SD 1.140175
 *   P1    1  1  1  1   4         variances of items: i1 .2, i2 .3, i3 .3, i4 .3; sum 1.1
 *   P2    1  1  1  0   3         alpha = 4/3 (1 - 1.1/1.3) = .205128
 *   P3    1  1  0  0   2         SEM = 1.140175 sqrt(.794872) = 1.016530
 *   P4    1  0  0  1   2
 *   P5    0  0  1  0   1         (i3: P1, P2, P5)
 *
 * i1 with total: n sum xy - sum x sum y = 5*11 - 4*12 = 7; variances n sum xx - ()^2: 5*4-16 = 4, 5*34-144 = 26;
 *   r = 7/sqrt(104) = .686406. i1 with rest 3,2,1,1,1: 5*7 - 4*8 = 3; 5*16-64 = 16; r = 3/sqrt(64) = .375.
 * Without i1: three items, rest variance .8, item variances .9: alpha = 3/2 (1 - .9/.8) = -.1875. */
static void by_hand(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    const int8_t answers[24] = {1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, -1, 1, 1};
    const char *names[] = {"i1", "i2", "i3", "i4"};
    const int lines[6] = {2, 3, 4, 5, 6, 7};
    responses_t r = {"hand", 6, 4, names, answers, lines};
    ctt_t c;
    err_t err = {0};
    assert_true(ctt(&c, arena, &r, NULL, false, &err));
    assert_int_equal(c.persons, 5);
    assert_int_equal(c.left_out, 1);
    near("mean", c.mean, 2.4, 1e-12);
    near("SD", c.sd, 1.1401754, 1e-6);
    near("alpha", c.alpha, 0.205128205, 1e-9);
    near("SEM", c.sem, 1.016530, 1e-6);
    near("p", c.items[0].p, 0.8, 1e-12);
    near("SD of i1", c.items[0].sd, sqrt(0.2), 1e-12);
    near("item-total", c.items[0].item_total, 7 / sqrt(104), 1e-12);
    near("item-rest", c.items[0].item_rest, 0.375, 1e-12);
    near("alpha without", c.items[0].alpha_without, -0.1875, 1e-12);
    assert_true(ctt(&c, arena, &r, NULL, true, &err));
    assert_int_equal(c.persons, 6);
    near("mean, missing wrong", c.mean, 2.5, 1e-12);
    arena_free(arena);
}

/* One item of three options with key 2, one of two with key 0. Scores: P1 1+1, P2 1+0, P3 0+1, P4 0+0, P5 0+0. Option 1
 * of the first draws P3 and P4: their rest scores are 1 and 0. */
static void options(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    const int8_t answers[10] = {2, 0, 2, 1, 1, 0, 1, 1, 0, 1};
    const char *names[] = {"i1", "i2"};
    const int lines[5] = {2, 3, 4, 5, 6}, key[2] = {2, 0};
    responses_t r = {"hand", 5, 2, names, answers, lines};
    ctt_t c;
    err_t err = {0};
    assert_true(ctt(&c, arena, &r, key, false, &err));
    near("mean", c.mean, 0.8, 1e-12);
    assert_int_equal(c.items[0].options, 3);
    assert_int_equal(c.items[0].option[1].n, 2);
    near("share", c.items[0].option[1].share, 0.4, 1e-12);
    near("mean rest", c.items[0].option[1].mean_rest, 0.5, 1e-12);
    /* chosen 0,0,1,1,0 with rest 1,0,1,0,0: 5*1 - 2*2 = 1 over sqrt((5*2-4)(5*2-4)) = 6 */
    near("option-rest", c.items[0].option[1].rest, 1.0 / 6, 1e-12);
    near("item-rest is that of the key", c.items[0].item_rest, c.items[0].option[2].rest, 1e-12);
    arena_free(arena);
}

/* An item that all get right has no correlation; one person is too few. */
static void nothing_to_say(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    const int8_t answers[6] = {1, 0, 1, 1, 1, 0};
    const char *names[] = {"i1", "i2"};
    const int lines[3] = {2, 3, 4};
    responses_t r = {"hand", 3, 2, names, answers, lines};
    ctt_t c;
    err_t err = {0};
    assert_true(ctt(&c, arena, &r, NULL, false, &err));
    assert_true(isnan(c.items[0].item_rest) && isnan(c.items[0].option[0].mean_rest));
    r.persons = 1;
    assert_false(ctt(&c, arena, &r, NULL, false, &err));
    assert_non_null(strstr(err.text, "at least 2"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(options),
                                       cmocka_unit_test(nothing_to_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
