/* Bull's average of the red cell indices: the worked check of a vendor's manual, its way to a shift, what three
 * averages together point at. */
#include "check.h"

#include "base/exact.h"
#include "base/rng.h"
#include "lab/qc.h"

#include <stdio.h>
#include <string.h>

/* M 90, batch 92 84 84 95 88: signed roots 1.41 -2.45 -2.45 +2.24 -1.41, sum -2.66, / 5 = -0.53, squared 0.28: 89.72.
 */
static void worked_check(void)
{
    const double batch[] = {92, 84, 84, 95, 88};
    double next = qc_bull_next(90, batch, 5);
    CHECK(exact_round(next, 2) == 89.72, "the worked check gives %.4f", next);
    const double same[] = {90, 90, 90};
    CHECK(qc_bull_next(90, same, 3) == 90, "a batch on the average leaves it");
    const double up[] = {94, 94, 94, 94};
    CHECK(qc_bull_next(90, up, 4) == 94, "a batch that agrees moves the average to itself: %g",
          qc_bull_next(90, up, 4));
    const double wild[] = {90, 90, 90, 90, 190};
    CHECK(exact_round(qc_bull_next(90, wild, 5), 6) == 94, "one wild value counts as its root: (10 / 5)^2 = 4, not 20");
}

static int batches_until(double shift_pct, uint64_t seed)
{
    qc_bull_plan_t plan = {.target = 89.5, .limit_pct = 3, .batch = 20};
    qc_bull_t bull;
    qc_bull_init(&plan, &bull);
    for (int i = 0; i < 4000; i++) {
        rng_t rng = rng_at(seed, 1, (uint64_t)i, 0);
        if (!qc_bull_add(&plan, &bull, 89.5 * (1 + shift_pct / 100) + 5.2 * rng_normal(&rng))) continue;
        if (qc_bull_signal(&plan, &bull) == QC_AVERAGE_HIGH) return (int)bull.batches;
    }
    return 0;
}

static void detection(void)
{
    int late = 0, false_signals = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        int found = batches_until(6, seed);
        late += found == 0 || found > 6;
        false_signals += batches_until(0, seed) != 0;
    }
    CHECK(late <= 4, "a shift of 6 %% is late in %d of 200", late);
    CHECK(false_signals <= 10, "false signals in %d of 200 runs of 200 batches", false_signals);
}

static void bookkeeping(void)
{
    qc_bull_plan_t plan = {.target = 33.5, .limit_pct = 3, .batch = 20};
    qc_bull_t bull;
    err_t err = {0};
    CHECK(qc_bull_check(&plan, &err), "%s", err.text);
    qc_bull_init(&plan, &bull);
    CHECK(qc_bull_signal(&plan, &bull) == QC_AVERAGE_NOT_YET, "no batch, no signal");
    for (int i = 0; i < 19; i++) CHECK(!qc_bull_add(&plan, &bull, 33), "19 patients are no batch");
    CHECK(!qc_bull_add(&plan, &bull, (double)__builtin_nan("")), "one without a result is left out");
    CHECK(qc_bull_add(&plan, &bull, 33) && bull.batches == 1 && bull.average == 33, "the twentieth completes it");
    CHECK(qc_bull_signal(&plan, &bull) == QC_AVERAGE_IN, "1.5 %% is within");
    plan.batch = 1;
    CHECK(!qc_bull_check(&plan, &err) && strstr(err.text, "20 is usual") != NULL, "%s", err.text);
}

#define U QC_AVERAGE_HIGH
#define D QC_AVERAGE_LOW
#define I QC_AVERAGE_IN

static void causes(void)
{
    static const struct {
        qc_average_signal_t mcv, mch, mchc;
        qc_bull_cause_t cause;
    } rows[] = {{I, U, U, QC_BULL_HGB_HIGH_OR_RBC_LOW},
                {I, D, D, QC_BULL_HGB_LOW_OR_RBC_HIGH},
                {U, I, D, QC_BULL_SIZE_HIGH},
                {D, I, U, QC_BULL_SIZE_LOW},
                {I, I, I, QC_BULL_NONE},
                {U, U, U, QC_BULL_MIXED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(qc_bull_cause(rows[i].mcv, rows[i].mch, rows[i].mchc) == rows[i].cause, "row %zu", i);
}

int main(void)
{
    worked_check();
    detection();
    bookkeeping();
    causes();
    printf("%d failures\n", failures);
    return failures != 0;
}
