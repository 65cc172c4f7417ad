/* Recorded reactions: every curve reads back to the number that was reported, each fault and each kind of serum shows
 * the sign that the tables say, and the laws far above the measuring range agree with the published figures. */
#include "lab/reaction.h"

#include "base/content.h"
#include "base/exact.h"
#include "check.h"
#include "fault.h"
#include "lab/lab.h"
#include "lab/pilot.h"
#include "reaction.h"
#include "shift_private.h"

#include <stdlib.h>
#include <string.h>

enum { SEEDS = 12, HOURS = 3, HOUR_S = 3600 };

/* ---- the number that is read back ---- */

typedef struct {
    int kinds[REACTION_KINDS], tests[LAB_MAX_ANALYTES], compared;
} tally_t;

/* The analyzer's arithmetic once more, from the figures of the view alone. */
static double by_hand(const shift_t *shift, const result_t *r, const reaction_view_t *view)
{
    double x;
    const reaction_method_t *m = view->method;
    if (m->kind == REACTION_ISE) {
        double decades = (view->read - view->signal[0]) / view->slope_mv;
        x = view->standard[0] * exact_exp(decades * 2.302585092994046);
    } else if (m->kind == REACTION_IMMUNOASSAY) { /* between what is below and above on the curve, by halves */
        double low = 0, high = analyte_at(shift->lab, r->analyte)->amr_high * 1.01;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            bool above = reaction_signal(shift->lab, r->analyte, middle) > view->read;
            if (above != m->falls)
                high = middle;
            else
                low = middle;
        }
        x = (low + high) / 2;
    } else {
        x = reaction_read(m, view->absorbance) * view->factor;
    }
    return x * r->dilution;
}

static void read_back(const shift_t *shift, tally_t *tally)
{
    for (int32_t i = 0; i < shift->result_count; i++) {
        const result_t *r = &shift->results[i];
        const analyte_t *about = analyte_at(shift->lab, r->analyte);
        reaction_view_t view, again;
        if (about->bench != BENCH_CHEMISTRY || !shift_reaction(shift, i, &view)) continue;
        CHECK(shift_reaction(shift, i, &again) && memcmp(&view, &again, sizeof view) == 0, "%s twice", about->id);
        CHECK((view.number == view.number) == (r->sign == 0), "%s %g with sign %d", about->id, view.number, r->sign);
        for (int k = 0; view.method->main_nm && k < REACTION_POINTS; k++)
            CHECK(view.absorbance[k] > -0.05 && view.absorbance[k] < 4.5, "%s: %g A", about->id, view.absorbance[k]);
        if (r->sign != 0 || r->corrected || r->amended) continue;
        double x = exact_round(by_hand(shift, r, &view), about->decimals);
        double unit = exact_round(view.number, about->decimals);
        CHECK(exact_abs(x - r->value) < 1e-6 * (1 + r->value),
              "%s of seed %llu reads %.6g from the curve, reported %.6g", about->id, (unsigned long long)shift->seed, x,
              r->value);
        CHECK(exact_abs(unit - r->value) < 1e-6 * (1 + r->value), "%s: number %.6g, reported %.6g", about->id, unit,
              r->value);
        tally->kinds[view.method->kind]++;
        tally->tests[r->analyte]++;
        tally->compared++;
    }
}

static void numbers(const lab_t *lab)
{
    static const char *const scenarios[] = {"morning-run", "couriers-box", "long-night", "ordinary-sunday"};
    tally_t tally = {0};
    err_t err = {0};
    int tests = 0;
    for (size_t s = 0; s < sizeof scenarios / sizeof *scenarios; s++)
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            shift_t *shift;
            const scenario_t *scenario = scenario_find(lab, scenarios[s]);
            if (!scenario) continue;
            if (!shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err)) return;
            pilot_run(shift, PILOT_CAREFUL, HOURS * HOUR_S, NULL, NULL, &err);
            read_back(shift, &tally);
            shift_free(shift);
        }
    for (int a = 0; a < LAB_MAX_ANALYTES; a++) tests += tally.tests[a] > 0;
    for (int k = REACTION_ENDPOINT; k <= REACTION_IMMUNOASSAY; k++)
        CHECK(tally.kinds[k] > 50, "%s: only %d curves", reaction_kind_words((reaction_kind_t)k), tally.kinds[k]);
    CHECK(tests > 30, "only %d tests", tests);
    printf("%d curves of %d tests read back\n", tally.compared, tests);
}

int main(void)
{
    lab_t *lab;
    err_t err = {0};
    if (!lab_open(&lab, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    numbers(lab);
    lab_close(lab);
    return failures != 0;
}
