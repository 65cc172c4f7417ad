/* ISI or MNPT of another lot in the computer: what the bench shows as entered gives every INR that it printed, the
 * papers of the lot give the right one, and after the cure both say the same. */
#include "base/content.h"
#include "base/exact.h"
#include "check.h"
#include "lab/bench.h"
#include "lab/coag.h"
#include "lab/debrief.h"
#include "shift_private.h"

enum { SEEDS = 40, CG_1 = 4, HOUR_S = 3600 };

typedef struct {
    int compared, moved;
} tally_t;

/* Pairs of PT and INR of one run, calculated again by hand. */
static void pairs(const shift_t *shift, tally_t *tally)
{
    const lab_t *lab = shift->lab;
    int pt = lab_analyte_find(lab, "PT"), inr = lab_analyte_find(lab, "INR");
    double box_isi, box_mnpt;
    shift_inr_box(shift, &box_isi, &box_mnpt);
    for (int32_t i = 0; i < shift->result_count; i++) {
        const result_t *r = &shift->results[i];
        if (r->analyte != inr || r->raw != r->raw || r->sign != 0 || r->corrected) continue;
        for (int32_t k = 0; k < shift->result_count; k++) {
            const result_t *t = &shift->results[k];
            if (t->specimen != r->specimen || t->analyte != pt || t->measured_s != r->measured_s || t->run != r->run)
                continue;
            if (t->raw != t->raw || t->sign != 0) continue;
            double isi, mnpt;
            clot_entered(shift, r->line, r->measured_s, &isi, &mnpt);
            double by_hand = exact_pow(t->raw / mnpt, isi), right = exact_pow(t->raw / box_mnpt, box_isi);
            CHECK(exact_abs(by_hand - r->raw) < 1e-9, "PT %.2f printed as INR %.4f, by hand %.4f (ISI %.2f, MNPT %.1f)",
                  t->raw, r->raw, by_hand, isi, mnpt);
            tally->compared++;
            tally->moved += exact_abs(right - r->raw) > 0.05 * right;
        }
    }
}

static void isi(const lab_t *lab)
{
    tally_t all = {0};
    err_t err = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        shift_t *shift;
        double entered, mnpt, box, box_mnpt;
        if (!shift_start(&shift, lab, scenario_find(lab, "new-box"), seed, MODE_ASSESS, &err)) return;
        shift_inr_lot(shift, &entered, &mnpt);
        shift_inr_box(shift, &box, &box_mnpt);
        CHECK(entered == box && mnpt == box_mnpt, "before the new box");
        pilot_run(shift, PILOT_ACCEPT_ALL, 2 * HOUR_S, NULL, NULL, &err);
        shift_inr_lot(shift, &entered, &mnpt);
        CHECK(entered >= 1.15 && entered <= 1.26 && mnpt == box_mnpt, "ISI %.2f, MNPT %.1f", entered, mnpt);
        pairs(shift, &all);
        shift->line_faults[0].cured_s = shift_now_s(shift);
        shift_inr_lot(shift, &entered, &mnpt);
        CHECK(entered == box, "after the cure %.2f", entered);
        shift_free(shift);
    }
    CHECK(all.compared > 300 && all.moved > 50, "%d pairs, %d moved", all.compared, all.moved);
    printf("%d pairs of PT and INR, %d moved by more than 5 %%\n", all.compared, all.moved);
}

/* The same shift with the MNPT instead: every INR moves by one percentage. */
static void mnpt(const lab_t *lab)
{
    err_t err = {0};
    tally_t all = {0};
    int kind = analyzer_fault_find(lab, "mnpt_not_updated");
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        shift_t *shift;
        double isi_in, in, box_isi, box;
        if (!shift_start(&shift, lab, scenario_find(lab, "new-box"), seed, MODE_ASSESS, &err)) return;
        shift->line_faults[0].fault.kind = (int16_t)kind;
        shift->line_faults[0].isi = false;
        shift->line_faults[0].mnpt = true;
        pilot_run(shift, PILOT_ACCEPT_ALL, 2 * HOUR_S, NULL, NULL, &err);
        shift_inr_lot(shift, &isi_in, &in);
        shift_inr_box(shift, &box_isi, &box);
        CHECK(isi_in == box_isi && box / in > 1.05 && box / in < 1.13, "ISI %.2f, MNPT %.1f of %.1f", isi_in, in, box);
        pairs(shift, &all);
        shift_free(shift);
    }
    CHECK(all.compared > 300 && all.moved > all.compared / 2, "%d pairs, %d moved", all.compared, all.moved);
}

int main(void)
{
    lab_t *lab;
    err_t err = {0};
    if (!lab_open(&lab, content_source(), &err)) {
        printf("FAIL: %s\n", err.text);
        return 1;
    }
    isi(lab);
    mnpt(lab);
    lab_close(lab);
    printf("%d failures\n", failures);
    return failures != 0;
}
