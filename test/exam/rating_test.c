/* Difficulties followed online: one update against worked numbers, and banks of drawn items that are answered by
 * drawn people: the mean comes to the truth, the SD is true, the intervals cover. */
#include "exam/model.h"
#include "exam/rating.h"
#include "exam_test.h"

static void worked(void **state)
{
    (void)state;
    /* Glickman's own example (1999, r = 1500, RD = 200 against 1400 RD 30, 1550 RD 100, 1700 RD 300; won, lost, lost:
     * 1464, 151.4), in his scale: q = ln 10 / 400 logits a point. He updates once for all three; one after another
     * comes close. */
    const double q = 2.302585092994046 / 400;
    rating_t player = {1500 * q, 200 * q};
    const rating_t others[] = {{1400 * q, 30 * q}, {1550 * q, 100 * q}, {1700 * q, 300 * q}};
    for (int i = 0; i < 3; i++) player = rating_of_person(player, others[i], i == 0);
    near("rating", player.mean / q, 1464, 8);
    near("its deviation", player.sd / q, 151.4, 1.5);
    /* g = 0.9955, E = 0.639 of his first game alone: 1/d^2 = q^2 g^2 E (1 - E) */
    rating_t first = rating_of_person((rating_t){1500 * q, 200 * q}, others[0], true);
    double precision = 1 / (200 * q * 200 * q) + 0.9955 * 0.9955 * 0.639 * 0.361;
    near("first game", first.mean, 1500 * q + 0.9955 * (1 - 0.639) / precision, 0.001);
    near("first deviation", first.sd, 1 / exact_sqrt(precision), 0.0005);
    /* an item is the person's opponent: a right answer is its loss */
    rating_t item = rating_of_item((rating_t){0.5, 1}, (rating_t){0, 0.4}, true);
    rating_t mirror = rating_of_person((rating_t){0.5, 1}, (rating_t){0, 0.4}, false);
    near("mirror", item.mean, mirror.mean, 1e-15);
    near("mirror SD", item.sd, mirror.sd, 1e-15);
    assert_true(item.mean < 0.5 && item.sd < 1);
}

/* Items with an author's guess of SD 1, answered by people whose ability is known with SD `person_sd`. */
static void covered(double person_sd, int answers, double rmse_most)
{
    enum { ITEMS = 1000 };
    int inside = 0;
    double square = 0, stated = 0, bias = 0, extreme = 0;
    for (uint64_t i = 0; i < ITEMS; i++) {
        rng_t rng = rng_at(31, 1, i, (uint64_t)answers);
        double guess = rng_normal(&rng), truth = guess + rng_normal(&rng);
        rating_t item = {guess, 1};
        for (int n = 0; n < answers; n++) {
            double estimate = rng_normal(&rng), ability = estimate + person_sd * rng_normal(&rng);
            bool right = rng_chance(&rng, irt_logistic(ability - truth));
            rating_t next = rating_of_item(item, (rating_t){estimate, person_sd}, right);
            assert_true(next.sd < item.sd);
            item = next;
        }
        double off = item.mean - truth;
        inside += exact_abs(off) < 1.959964 * item.sd;
        extreme += exact_abs(off) > 4 * item.sd;
        square += off * off / ITEMS;
        stated += item.sd * item.sd / ITEMS;
        bias += off / ITEMS;
    }
    /* 1,000 intervals of 95 %: 3.5 SE are 2.4 % */
    if (inside < 926 || inside > 974)
        fail_msg("SD %.1f, %d answers: %d of 1000 are covered", person_sd, answers, inside);
    assert_true(extreme <= 2);
    near("true and stated error", exact_sqrt(square) / exact_sqrt(stated), 1, 0.1);
    near("bias", bias, 0, 0.12 * exact_sqrt(stated) + 0.01);
    if (exact_sqrt(square) > rmse_most) fail_msg("%d answers: rmse %.3f", answers, exact_sqrt(square));
}

static void converges(void **state)
{
    (void)state;
    for (int known = 0; known < 3; known++) {
        double person_sd = known * 0.4;
        covered(person_sd, 20, 0.55);
        covered(person_sd, 100, 0.30);
        covered(person_sd, 1000, 0.10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worked), cmocka_unit_test(converges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
