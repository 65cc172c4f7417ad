/* Recorded reactions: every curve reads back to the number that was reported, each fault and each kind of serum shows
 * the sign that the tables say, and the laws far above the measuring range agree with the published figures. */
#include "lab/reaction.h"

#include "base/exact.h"
#include "fault.h"
#include "lab/lab.h"
#include "lab/pilot.h"
#include "patient_content.h"
#include "reaction_private.h"
#include "shift_private.h"

enum { SEEDS = 12, HOURS = 3, HOUR_S = 3600 };

/* ---- the number that is read back ---- */

typedef struct {
    int kinds[REACTION_KINDS], tests[LAB_MAX_ANALYTES], compared, depleted;
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
        tally->depleted += (r->flags & FLAG_DEPLETION) != 0;
        CHECK(!((r->flags & FLAG_DEPLETION) && r->state == RESULT_RELEASED), "%s of seed %llu went out depleted",
              about->id, (unsigned long long)shift->seed);
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
    printf("%d curves of %d tests read back, %d flagged as depleted and none of them released\n", tally.compared, tests,
           tally.depleted);
}

/* ---- signs ---- */

static int32_t result_of(const shift_t *shift, const char *id, int32_t from)
{
    int a = lab_analyte_find(shift->lab, id);
    for (int32_t i = from; i < shift->result_count; i++) {
        const result_t *r = &shift->results[i];
        const specimen_t *s = &shift->specimens[r->specimen];
        bool plain = s->hil.lipemia_mg_dl < 60 && s->fault_count == 0;
        if (r->analyte == a && r->sign == 0 && r->run == 0 && plain) return i;
    }
    CHECK(false, "no result of %s", id);
    return 0;
}

/* SD of the readings before the start: nothing happens there. */
static double roughness(const reaction_view_t *view)
{
    double sum = 0, squares = 0;
    int n = view->method->start_s / REACTION_STEP_S;
    for (int i = 0; i < n; i++) sum += view->absorbance[i], squares += view->absorbance[i] * view->absorbance[i];
    return exact_sqrt((squares - sum * sum / n) / (n - 1));
}

static void same_number(const char *what, const reaction_view_t *a, const reaction_view_t *b)
{
    CHECK(exact_abs(a->number - b->number) < 1e-6 * (1 + a->number), "%s: %g and %g", what, a->number, b->number);
}

/* The curve of one result as it is, and with a fault of its line since before it was measured. */
static int32_t with_fault(shift_t *shift, const char *test, const char *fault, reaction_view_t *plain,
                          reaction_view_t *spoilt)
{
    int32_t i = result_of(shift, test, 0);
    const result_t *r = &shift->results[i];
    int kind = analyzer_fault_find(shift->lab, fault);
    shift->line_fault_count = 0;
    CHECK(kind >= 0 && shift_reaction(shift, i, plain), "%s of %s", fault, test);
    analyzer_fault_t planted = {(int16_t)kind, analyzer_fault_one_assay(shift->lab, kind) ? r->analyte : (int16_t)-1, 1,
                                0};
    care_add_fault(shift, &planted, r->line, r->measured_s - HOUR_S, -1);
    line_mask_faults(shift);
    CHECK(shift_reaction(shift, i, spoilt), "%s of %s", fault, test);
    return i;
}

static void fault_signs(shift_t *shift)
{
    reaction_view_t a, b;
    with_fault(shift, "ast", "lamp_ageing", &a, &b);
    CHECK(roughness(&b) > 3 * roughness(&a), "lamp: %g after %g", roughness(&b), roughness(&a));
    same_number("lamp", &a, &b);
    with_fault(shift, "albumin", "lamp_ageing", &a, &b);
    CHECK(roughness(&b) > 1.2 * roughness(&a), "lamp far from 340 nm: %g after %g", roughness(&b), roughness(&a));
    with_fault(shift, "ast", "reagent_deterioration", &a, &b);
    CHECK(b.absorbance[0] < a.absorbance[0] - 0.1, "old NADH starts lower: %g after %g", b.absorbance[0],
          a.absorbance[0]);
    same_number("reagent", &a, &b);
    with_fault(shift, "albumin", "reagent_deterioration", &a, &b);
    CHECK(b.absorbance[0] > a.absorbance[0] + 0.03, "an old color reagent starts higher");
    with_fault(shift, "calcium", "water_quality", &a, &b);
    CHECK(b.absorbance[0] > a.absorbance[0] + 0.015, "bad water raises the blank");
    same_number("water", &a, &b);
    with_fault(shift, "glucose", "cal_shift", &a, &b);
    CHECK(exact_abs(b.factor / a.factor - 1) > 0.01, "a calibration fault is in the factor: %g, %g", a.factor,
          b.factor);
    CHECK(exact_abs(b.absorbance[0] - a.absorbance[0]) < 1e-9, "and not in the blank");
    same_number("calibration", &a, &b);
    int32_t i = with_fault(shift, "glucose", "lis_unit", &a, &b);
    CHECK(exact_abs(b.number - a.number) > 1 && exact_abs(a.number - shift->results[i].raw) < 1e-6,
          "the computer's fault is in neither: the analyzer has %g, reported %g", b.number, shift->results[i].value);
    with_fault(shift, "sodium", "electrode_drift", &a, &b);
    CHECK(b.slope_mv < 0.995 * a.slope_mv && b.slope_mv > 0, "a worn electrode: %g after %g mV", b.slope_mv,
          a.slope_mv);
    same_number("electrode", &a, &b);
    with_fault(shift, "chloride", "electrode_drift", &a, &b);
    CHECK(a.slope_mv < 0 && b.slope_mv > a.slope_mv, "an anion's slope is negative, and flatter");
    with_fault(shift, "sodium", "reference_electrode", &a, &b);
    CHECK(exact_abs(b.signal[0] - a.signal[0]) > 2 && b.signal[1] - b.signal[0] - (a.signal[1] - a.signal[0]) < 1e-9,
          "the reference moves all alike");
    same_number("reference", &a, &b);
    with_fault(shift, "ast", "temperature", &a, &b);
    CHECK(memcmp(a.absorbance, b.absorbance, sizeof a.absorbance) == 0, "a warm bath is not to be seen");
    shift->line_fault_count = 0;
    line_mask_faults(shift);
}

/* How far the readings jump within the window, beyond noise. */
static double step_most(const reaction_view_t *view)
{
    double most = 0;
    for (int i = 1; i < view->method->start_s / REACTION_STEP_S; i++) {
        double d = exact_abs(view->absorbance[i] - view->absorbance[i - 1]);
        if (d > most) most = d;
    }
    for (int i = view->method->from_s / REACTION_STEP_S + 1; i < REACTION_POINTS - 1; i++) {
        double d = exact_abs(view->absorbance[i + 1] - 2 * view->absorbance[i] + view->absorbance[i - 1]);
        if (d > most) most = d;
    }
    return most;
}

/* A bubble meets one reading in eight: that one jumps, the others are smooth, and all say what was reported. */
static void bubbles(shift_t *shift)
{
    int seen = 0, jumps = 0;
    reaction_view_t a, b;
    for (int32_t i = 0; i < shift->result_count && seen < 400; i++) {
        const result_t *r = &shift->results[i];
        const reaction_method_t *m = lab_reaction(shift->lab, r->analyte);
        if (!m || m->kind != REACTION_ENDPOINT || r->sign != 0 || r->run > 0) continue;
        shift->line_fault_count = 0;
        line_mask_faults(shift);
        if (!shift_reaction(shift, i, &a)) continue;
        analyzer_fault_t bubble = {(int16_t)analyzer_fault_find(shift->lab, "bubble"), r->analyte, 1, 0};
        care_add_fault(shift, &bubble, r->line, r->measured_s - HOUR_S, -1);
        line_mask_faults(shift);
        CHECK(shift_reaction(shift, i, &b), "bubble");
        same_number("bubble", &a, &b);
        CHECK(step_most(&a) < 0.02, "smooth without: %g", step_most(&a));
        seen++;
        jumps += step_most(&b) > 0.05;
    }
    CHECK(seen > 200 && jumps > 0.07 * seen && jumps < 0.18 * seen, "%d of %d readings jump, expected 12 %%", jumps,
          seen);
    shift->line_fault_count = 0;
    line_mask_faults(shift);
}

/* How much higher the curve starts when the serum has that index. */
static double lift_of(shift_t *shift, const char *test, char index, float size)
{
    int32_t i = result_of(shift, test, 0);
    specimen_t *s = &shift->specimens[shift->results[i].specimen];
    hil_t own = s->hil;
    reaction_view_t a, b;
    s->hil = (hil_t){0, 0, 0};
    shift_reaction(shift, i, &a);
    *(index == 'H' ? &s->hil.hemolysis_mg_dl : index == 'I' ? &s->hil.icterus_mg_dl : &s->hil.lipemia_mg_dl) = size;
    shift_reaction(shift, i, &b);
    s->hil = own;
    same_number(test, &a, &b);
    return b.absorbance[0] - a.absorbance[0];
}

/* Against its share of the cuvette: a wavelength's own. */
static double lift_per_part(shift_t *shift, const char *test, char index, float size)
{
    return lift_of(shift, test, index, size) / reactions(shift->lab)->of[lab_analyte_find(shift->lab, test)].part;
}

static void serum_signs(shift_t *shift)
{
    CHECK(lift_of(shift, "ast", 'L', 300) > 0.2, "lipemia raises the start at 340 nm: %g",
          lift_of(shift, "ast", 'L', 300));
    CHECK(lift_per_part(shift, "ast", 'L', 30) > 2 * lift_per_part(shift, "calcium", 'L', 30),
          "and more than at 660 nm");
    CHECK(lift_per_part(shift, "alp", 'H', 200) > 5 * lift_per_part(shift, "albumin", 'H', 200),
          "hemoglobin at 410 nm, and hardly at 628 nm");
    CHECK(lift_of(shift, "total_protein", 'H', 500) > 0.05, "hemoglobin at 546 nm");
    CHECK(lift_per_part(shift, "alp", 'I', 20) > 1, "bilirubin at 410 nm");
    CHECK(exact_abs(lift_of(shift, "albumin", 'I', 20)) < 0.001, "and not at 628 nm");
    specimen_t *s = &shift->specimens[shift->results[result_of(shift, "total_protein", 0)].specimen];
    double whole = lift_of(shift, "total_protein", 'H', 500);
    int32_t i = result_of(shift, "total_protein", 0);
    reaction_view_t full, half;
    s->hil.hemolysis_mg_dl = 500;
    shift_reaction(shift, i, &full);
    s->faults[0] = (specimen_fault_t){(int16_t)fault_find(shift->lab, "short_sample"), -1, 0.5f};
    s->fault_count = 1;
    shift_reaction(shift, i, &half);
    CHECK(exact_abs(full.absorbance[0] - half.absorbance[0] - whole / 2) < 0.01,
          "half of the serum, half of its color: %g of %g", full.absorbance[0] - half.absorbance[0], whole);
    same_number("short sample", &full, &half);
}

static void signs(const lab_t *lab)
{
    shift_t *shift;
    err_t err = {0};
    if (!shift_start(&shift, lab, scenario_find(lab, "ordinary-sunday"), 3, MODE_ASSESS, &err)) return;
    pilot_run(shift, PILOT_CAREFUL, 6 * HOUR_S, NULL, NULL, &err);
    fault_signs(shift);
    bubbles(shift);
    serum_signs(shift);
    shift_free(shift);
}

/* ---- laws ---- */

static double seen(const lab_t *lab, const char *id, double x, uint32_t *flags)
{
    int a = lab_analyte_find(lab, id);
    *flags = 0;
    return x > reactions(lab)->turns[a] ? reaction_turned(lab, a, x, flags) : x;
}

static void laws(const lab_t *lab)
{
    uint32_t flags;
    /* interference facts, row hook: hCG above 1e6 reads below 200000; prolactin above 10000 reads 30 to 200 */
    CHECK(seen(lab, "hcg", 819000, &flags) > 10000, "a published serum of 819,000 printed above the range");
    double hooked = seen(lab, "hcg", 1811700, &flags);
    CHECK(hooked > 100 && hooked < 10000 && flags == 0, "one of 1,811,700 came back within it (778): %g", hooked);
    for (double x = 11000; x < 60000; x *= 1.5) {
        double reads = seen(lab, "prolactin", x, &flags);
        CHECK(reads >= 30 && reads <= 200 && flags == 0, "prolactin %g reads %g", x, reads);
        CHECK(seen(lab, "prolactin", x / 100, &flags) == x / 100, "and right at 1:100");
    }
    CHECK(seen(lab, "hcg", 4e6, &flags) < seen(lab, "hcg", 2e6, &flags), "the more, the less");
    /* the same from the composition of the reagents: mmol/L of coenzyme against U/L of serum, in the first minute */
    double ast = 1.4e3 * 0.2 / 1.1 / (0.1 / 1.1), alt = 1.3e3 / 5 * (1.0 / 1.05) / (0.05 / 1.05);
    CHECK(seen(lab, "ast", ast * 0.999, &flags) == ast * 0.999 && flags == 0, "AST %g is not spent", ast);
    CHECK(seen(lab, "ast", ast * 1.001, &flags) == 0 && flags == FLAG_DEPLETION, "AST above %g is", ast);
    CHECK(seen(lab, "alt", alt * 0.999, &flags) > 0 && flags == 0, "ALT %g is not spent", alt);
    CHECK(seen(lab, "alt", alt * 1.001, &flags) == 0 && flags == FLAG_DEPLETION, "ALT above %g is", alt);
    for (int a = 0; a < lab_analyte_count(lab); a++)
        if (analyte_at(lab, a)->amr_high > 0)
            CHECK(reactions(lab)->turns[a] >= 2 * analyte_at(lab, a)->amr_high, "%s turns within twice its range",
                  analyte_at(lab, a)->id);
}

/* A tube with that much in it, measured at a dilution; the result. */
static const result_t *measured(shift_t *shift, const char *id, double in_tube, int dilution, reaction_view_t *view)
{
    int32_t i = result_of(shift, id, 0);
    const result_t *old = &shift->results[i];
    specimen_t *s = &shift->specimens[old->specimen];
    shift->values[3 * s->values + s->test_count + old->slot] = in_tube;
    int32_t at = line_measure(shift, old->specimen, old->analyte, old->line, dilution, i);
    CHECK(at >= 0 && shift_reaction(shift, at, view), "%s measured", id);
    verify_specimen(shift, shift->results[at].specimen, at);
    return &shift->results[at];
}

static void whole_laws(const lab_t *lab)
{
    shift_t *shift;
    err_t err = {0};
    reaction_view_t view;
    if (!shift_start(&shift, lab, scenario_find(lab, "ordinary-sunday"), 3, MODE_ASSESS, &err)) return;
    pilot_run(shift, PILOT_CAREFUL, 6 * HOUR_S, NULL, NULL, &err);
    const result_t *r = measured(shift, "ast", 20000, 1, &view);
    int from = view.method->from_s / REACTION_STEP_S, start = view.method->start_s / REACTION_STEP_S;
    CHECK(r->value <= 10 && (r->flags & FLAG_DEPLETION) && (r->hold & HOLD_FLAG), "AST 20000 prints %g, flagged",
          r->value);
    CHECK(view.absorbance[start] - view.absorbance[from] > 1.3 &&
              exact_abs(view.absorbance[from] - view.absorbance[REACTION_POINTS - 1]) < 0.03,
          "all is used up before the window: %g, %g", view.absorbance[start], view.absorbance[from]);
    r = measured(shift, "ast", 1500, 1, &view);
    CHECK(r->sign == 1 && (r->flags & FLAG_LINEARITY), "AST 1500 prints above the range");
    CHECK(view.absorbance[from] - view.absorbance[REACTION_POINTS - 1] > 0.3 && view.number != view.number,
          "and its curve bends within the window");
    r = measured(shift, "ast", 20000, 100, &view);
    CHECK(r->sign == 0 && r->flags == 0 && exact_abs(r->value / 20000 - 1) < 0.15, "1:100 settles it: %g", r->value);
    CHECK(exact_abs(exact_round(view.number, 0) - r->value) < 1e-6, "its curve says so: %g", view.number);
    r = measured(shift, "ferritin", 200000, 1, &view);
    double undiluted = r->value;
    CHECK(r->sign == 0 && r->flags == 0 && exact_abs(undiluted / 500 - 1) < 0.3,
          "ferritin 200000 reads %g, nothing odd", undiluted);
    r = measured(shift, "ferritin", 200000, 10, &view);
    CHECK(r->value > 10 * undiluted, "and more when diluted: %g", r->value);
    shift_free(shift);
}

/* An instructor plants a very high enzyme and a very high ferritin: the one is flagged and diluted, the other goes out
 * by itself, low and unnoticed, and reads higher when somebody dilutes it. */
static void planted(const lab_t *lab)
{
    static const char text[] = "id: high-values\norder: 900\ntitle: \"High values\"\nsummary: \"A short turn.\"\n"
                               "level: core\nmode: practice\nrole: \"Technician\"\nstaffing: \"You.\"\n"
                               "start: \"09:00\"\nminutes: 120\nprevalence: drill\nbriefing:\n  - \"A short turn.\"\n"
                               "sops: [CH-016]\nobjectives:\n  - \"Release what is right\"\nreception: assistant\n"
                               "handling: track\nspecimens: 2\npending: 1\nbackground: 0\n"
                               "settings: {outpatient: 1, ed: 1, inpatient: 1, icu: 1}\nqc_at: [\"0:00\"]\nplanted:\n"
                               "  - kind: critical\n    at: \"0:01\"\n    analyte: ast\n    value: 6000\n"
                               "  - kind: critical\n    at: \"0:02\"\n    analyte: ferritin\n    value: 90000\n";
    err_t err = {0};
    scenario_t *scenario = NULL;
    if (!scenario_read(lab, "high-values.yaml", (const unsigned char *)text, sizeof text - 1, &scenario, &err)) {
        CHECK(false, "%s", err.text);
        return;
    }
    int ast = lab_analyte_find(lab, "ast"), ferritin = lab_analyte_find(lab, "ferritin"), settled = 0, unnoticed = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        shift_t *shift;
        if (!shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err)) break;
        pilot_run(shift, PILOT_CAREFUL, 2 * HOUR_S, NULL, NULL, &err);
        for (int32_t i = 0; i < shift->result_count; i++) {
            const result_t *r = &shift->results[i];
            const specimen_t *s = &shift->specimens[r->specimen];
            double truth = s->values < 0 ? 0 : specimen_truth(shift, s)[r->slot];
            if (r->analyte == ast && truth == 6000 && r->state == RESULT_RELEASED)
                settled += r->dilution == 10 && exact_abs(r->value / 6000 - 1) < 0.15;
            if (r->analyte == ferritin && truth == 90000)
                unnoticed += r->state == RESULT_RELEASED && r->automatic && r->value < 1400 && r->flags == 0;
        }
        shift_free(shift);
    }
    CHECK(settled >= SEEDS - 1, "AST 6000 was settled by dilution on %d of %d seeds", settled, (int)SEEDS);
    CHECK(unnoticed >= SEEDS - 1, "ferritin 90000 went out unnoticed on %d of %d seeds", unnoticed, (int)SEEDS);
    scenario_free(scenario);
}

/* ---- content that an author got wrong ---- */

static void bad_content(void)
{
    static const struct {
        const char *file, *old, *new_text, *says;
    } cases[] = {
        {"lab/reactions.csv", "\nsodium,ise,", "\nnatrium,ise,", "lab/reactions.csv:2: there is no chemistry test"},
        {"lab/reactions.csv", "\npotassium,ise,", "\nsodium,ise,", "has a row already"},
        {"lab/reactions.csv", "\nast,rate,", "\nast,pace,", "kind is endpoint, two-point"},
        {"lab/reactions.csv", "\nast,rate,down,", "\nast,rate,away,", "direction is up or down"},
        {"lab/reactions.csv", "\nast,rate,down,340,", "\nast,rate,down,,", "give main_nm"},
        {"lab/reactions.csv", "\nast,rate,down,340,", "\nast,rate,down,34,", "main_nm is a number from 300 to 800"},
        {"lab/reactions.csv", "340,700,300,360,540,0.4009", "340,700,300,365,540,0.4009", "from_s is a multiple of 10"},
        {"lab/reactions.csv", "340,700,300,360,540,0.4009", "340,700,300,540,360,0.4009", "is read after it"},
        {"lab/reactions.csv", "0.4009,1.6036", "0.4009,1.1", "raise reagent_a or lower top_a"},
        {"lab/reactions.csv", ",2800,,", ",800,,", "twice 700 at least"},
        {"lab/reactions.csv", ",120,160,", ",160,120,", "cal_low below cal_high"},
        {"lab/reactions.csv", "\nalbumin,endpoint,", "\nalbumin,calculated,", ""},
        {"lab/reactions.csv", "\nglucose,", "\nica,", "glucose is measured and has no row"},
        {"lab/spectra.csv", "\n405,", "\n305,", "rising order"},
    };
    content_t good, bad;
    content_open(&good);
    unsigned char *room = arena_alloc(good.arena, TEST_FILE_MAX);
    for (size_t c = 0; room && c < sizeof cases / sizeof *cases; c++) {
        bad = good;
        bad.source.files = bad.files;
        for (size_t i = 0; i < good.source.count; i++) {
            if (strcmp(good.files[i].path, cases[c].file) != 0) continue;
            const char *text = (const char *)good.files[i].bytes, *at = strstr(text, cases[c].old);
            CHECK(at != NULL, "%s has no \"%s\"", cases[c].file, cases[c].old);
            if (!at) continue;
            int n = snprintf((char *)room, TEST_FILE_MAX, "%.*s%s%s", (int)(at - text), text, cases[c].new_text,
                             at + strlen(cases[c].old));
            bad.files[i].bytes = room;
            bad.files[i].length = (size_t)n;
        }
        lab_t *lab = NULL;
        err_t err = {0};
        bool loaded = lab_open(&lab, &bad.source, &err);
        CHECK(loaded == (cases[c].says[0] == '\0'), "case %zu: %s", c, loaded ? "was accepted" : err.text);
        CHECK(loaded || strstr(err.text, cases[c].says), "case %zu says \"%s\"", c, err.text);
        lab_close(lab);
    }
    content_close(&good);
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
    signs(lab);
    laws(lab);
    whole_laws(lab);
    planted(lab);
    bad_content();
    lab_close(lab);
    return failures != 0;
}
