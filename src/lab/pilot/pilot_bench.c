/* The careful autopilot at the hematology and coagulation benches, by the procedures HE-001 to HE-009 and CO-001 to
 * CO-007: look at the tube, think of dilution and identity, take the interference away, look at a film, then release.
 */
#include "pilot_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OLD_COUNT_S = 24 * 3600, OLD_SIZE_S = 12 * 3600, OLD_APTT_S = 4 * 3600, OLD_PT_S = 24 * 3600 };

static const double LONG_APTT_S = 40, ROSNER_CORRECTS = 12;

/* ---- what the numbers of one specimen are ---- */

typedef struct {
    int32_t held[64];
    int count;
    uint32_t hold, flags;
} held_t;

static void held_of(const pilot_state_t *p, int32_t specimen, held_t *held)
{
    int32_t results[256];
    int32_t n = shift_specimen_held(p->shift, specimen, results, 256);
    memset(held, 0, sizeof *held);
    for (int32_t i = 0; i < n; i++) {
        if (held->count < 64) held->held[held->count++] = results[i];
        held->hold |= shift_result_hold(p->shift, results[i]);
        held->flags |= shift_result_flags(p->shift, results[i]);
    }
}

/* The newest value of a test, and the earlier result of the patient. NAN where there is none. */
static double value_of(const pilot_state_t *p, int32_t specimen, int analyte, double *prior)
{
    double value, before;
    shift_specimen_value(p->shift, specimen, analyte, &value, prior ? prior : &before);
    return value;
}

static bool tried(const pilot_state_t *p, int32_t specimen, treatment_t treatment)
{
    return (p->treated[specimen] >> treatment) & 1;
}

/* Once for each treatment, of one test or (-1) of the tube; true when it was begun. */
static bool treat(pilot_state_t *p, int32_t specimen, treatment_t treatment, int test)
{
    if (tried(p, specimen, treatment)) return false;
    p->treated[specimen] |= 1u << treatment;
    action_t action = pilot_on_specimen(ACT_TREAT, specimen);
    action.count = 0;
    action.code = (int32_t)treatment;
    action.analyte = test;
    return pilot_try(p, &action);
}

/* The tube in the hand: a clot, a fill below the line. -1: it looks right. */
static int tube_looks_wrong(pilot_state_t *p, const specimen_view_t *v)
{
    if (!v->looked_after_spin && !v->inspected) {
        action_t look = pilot_on_specimen(ACT_LOOK_TUBE, v->index);
        look.count = 0;
        pilot_try(p, &look);
    }
    uint32_t look = shift_specimen_look(p->shift, v->index);
    if (look & (LOOK_CLOT | LOOK_FIBRIN)) return pilot_code(p, CODE_REJECT_REASON, "clotted");
    if (look & LOOK_FILL_LOW) return pilot_code(p, CODE_REJECT_REASON, "insufficient");
    if (look & (LOOK_PINK | LOOK_RED)) return pilot_code(p, CODE_REJECT_REASON, "hemolyzed");
    return -1;
}

/* What belongs together is decided at one stroke; a critical result alone, for it is called. */
static void release_all(pilot_state_t *p, const specimen_view_t *v)
{
    held_t held;
    held_of(p, v->index, &held);
    action_t verify = action_make(ACT_VERIFY), doubt = action_make(ACT_CANCEL), repeat = doubt;
    doubt.code = pilot_code(p, CODE_CANCEL_REASON, "instrument_flag");
    repeat.code = p->cancel_other;
    int32_t critical[64];
    int criticals = 0;
    bool amended = false; /* one at a time: each is told on the telephone, and other things may be pressing */
    for (int i = 0; i < held.count && !pilot_done(p); i++) {
        int32_t at = held.held[i], old = shift_result_rerun_of(p->shift, at);
        double value, prior;
        if (shift_result_state(p->shift, at) != RESULT_HELD) continue;
        shift_result_value(p->shift, at, &value, &prior);
        if (old >= 0 && shift_result_state(p->shift, old) == RESULT_RELEASED) {
            if (amended) continue;
            amended = pilot_settle_repeat(p, old, at);
            if (!amended) repeat.list[repeat.count++] = at;
        } else if (value != value || (shift_result_flags(p->shift, at) & FLAG_VOTE_OUT)) {
            doubt.list[doubt.count++] = at;
        } else if (shift_result_critical(p->shift, at)) {
            critical[criticals++] = at;
        } else {
            verify.list[verify.count++] = at;
        }
    }
    for (int i = 0; i < criticals; i++) pilot_verify(p, critical[i]);
    if (doubt.count) pilot_try(p, &doubt);
    if (repeat.count) pilot_try(p, &repeat);
    if (verify.count) pilot_try(p, &verify);
    if (amended) pilot_push(p, (todo_t){.kind = TODO_REVIEW, .specimen = v->index});
}
_Static_assert(SHIFT_BATCH_MAX >= 64, "a specimen's results fit a list");

static void cancel_test(pilot_state_t *p, int32_t specimen, const char *id, const char *reason)
{
    int a = lab_analyte_find(shift_lab(p->shift), id);
    int32_t r = a < 0 ? -1 : shift_specimen_result(p->shift, specimen, a);
    result_view_t v;
    if (r >= 0 && shift_result_facts(p->shift, r, &v) && v.state == RESULT_HELD) pilot_cancel(p, r, reason);
}

/* ---- the counter's controls ---- */

bool pilot_line_is_counter(const pilot_state_t *p, int line)
{
    line_view_t view;
    return shift_line(p->shift, line, &view) && view.bench == BENCH_HEMATOLOGY;
}

static int in_trouble(const pilot_state_t *p, int line)
{
    int n = 0;
    for (int a = 0; a < lab_analyte_count(shift_lab(p->shift)); a++) n += p->trouble[line][a].stage > 0;
    return n;
}

static void calibrate_rejected(pilot_state_t *p, int line)
{
    for (int a = 0; a < lab_analyte_count(shift_lab(p->shift)); a++) {
        assay_view_t assay;
        if (p->trouble[line][a].stage == 0 || !shift_assay(p->shift, line, a, &assay)) continue;
        action_t action = action_make(ACT_CALIBRATE);
        action.line = line;
        action.analyte = a;
        action.code = atoi(assay.calibrator_lot_wanted + 1);
        pilot_try(p, &action);
    }
}

void pilot_counter_fix(pilot_state_t *p, int line)
{
    typedef enum { VIAL, NEEDLE, CALIBRATE, LAMP, SERVICE, STEPS } step_t;
    /* several tests at once: what they share; one alone: its channel */
    static const step_t several[STEPS] = {VIAL, NEEDLE, CALIBRATE, LAMP, SERVICE};
    static const step_t alone[STEPS] = {VIAL, CALIBRATE, LAMP, NEEDLE, SERVICE};
    if (p->counter.waits || p->counter.stage == STEPS) return;
    step_t step = (in_trouble(p, line) > 1 ? several : alone)[p->counter.stage++];
    action_t qc = action_make(ACT_RUN_QC), mend = action_make(ACT_MAINTAIN);
    qc.line = mend.line = line;
    qc.code = step == VIAL;
    mend.code = step == NEEDLE ? MAINTAIN_CLEAN_PROBE : step == LAMP ? MAINTAIN_LAMP : MAINTAIN_SERVICE;
    if (step == CALIBRATE)
        calibrate_rejected(p, line);
    else if (step != VIAL)
        pilot_try(p, &mend);
    p->counter.waits = pilot_try(p, &qc);
}

void pilot_counter_judged(pilot_state_t *p, int line)
{
    bool good = true;
    int tests = lab_analyte_count(shift_lab(p->shift));
    for (int a = 0; a < tests; a++) good = good && shift_qc_state(p->shift, line, a) != QC_REJECTED;
    p->counter.waits = false;
    if (!good) {
        pilot_counter_fix(p, line);
        return;
    }
    p->counter.stage = 0;
    for (int a = 0; a < tests; a++) {
        trouble_t *t = &p->trouble[line][a];
        if (t->stage == 0) continue;
        *t = (trouble_t){0};
        action_t back = action_make(ACT_LOOK_BACK);
        back.line = line;
        back.analyte = a;
        pilot_try(p, &back);
    }
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        int32_t s = shift_arrived_specimen(p->shift, i), held;
        if (shift_specimen_bench(p->shift, s) == BENCH_HEMATOLOGY && shift_specimen_held(p->shift, s, &held, 1) > 0)
            pilot_push(p, (todo_t){.kind = TODO_REVIEW, .specimen = s});
    }
}

/* Held because the controls were out: repeated when they are in; until then a critical value is called as what it is.
 * True: it waits. */
static bool waits_for_controls(pilot_state_t *p, const specimen_view_t *v, const held_t *held)
{
    if (!(held->hold & HOLD_QC)) return false;
    for (int i = 0; i < held->count; i++) {
        result_view_t r;
        if (!(shift_result_hold(p->shift, held->held[i]) & HOLD_QC)) continue;
        if (!shift_result_facts(p->shift, held->held[i], &r)) continue;
        if (r.repeat_due_s != INT32_MIN) return true;
        if (shift_qc_state(p->shift, r.line, r.analyte) == QC_ACCEPTED) {
            action_t rerun = pilot_on_result(ACT_RERUN, held->held[i]);
            return pilot_try(p, &rerun);
        }
    }
    for (int i = 0; i < held->count; i++) {
        result_view_t r;
        if (shift_result_critical(p->shift, held->held[i]) && shift_result_facts(p->shift, held->held[i], &r) &&
            !r.called && r.rerun_of < 0)
            pilot_call_critical(p, v->index, held->held[i], 0);
    }
    return true;
}

/* ---- hematology ---- */

/* White cells, hemoglobin and platelets fell together, or cells swelled in sugar water: an infusion. */
static bool looks_diluted(const pilot_state_t *p, int32_t s)
{
    double wbc0, hgb0, plt0, wbc = value_of(p, s, p->wbc, &wbc0), hgb = value_of(p, s, p->hgb, &hgb0),
                             plt = value_of(p, s, p->plt, &plt0);
    return wbc < 0.88 * wbc0 && hgb < 0.88 * hgb0 && plt < 0.88 * plt0;
}

/* Cell size, stable in a person for weeks, moved with others: another patient's blood. */
static bool looks_like_another(const pilot_state_t *p, int32_t s)
{
    const struct {
        int analyte;
        double abs, part;
    } marks[] = {{p->mcv, 4, 0}, {p->mch, 2, 0},   {p->rdw_cv, 1.5, 0},
                 {p->hgb, 2, 0}, {p->plt, 0, 0.5}, {p->wbc, 0, 0.6}};
    int moved = 0;
    double mcv0, mcv = value_of(p, s, p->mcv, &mcv0);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        double before, now = value_of(p, s, marks[i].analyte, &before);
        double change = exact_abs(now - before);
        moved += marks[i].abs > 0 ? change > marks[i].abs : change > marks[i].part * before;
    }
    return moved >= 3 || (moved >= 2 && exact_abs(mcv - mcv0) > 4);
}

static bool has_flag(const count_view_t *count, count_flag_t flag)
{
    return (count->flags & count_flag_bit((int)flag)) != 0;
}

/* A critical count that no later step bears on goes out and is called while the rest is done. */
static void release_critical(pilot_state_t *p, const specimen_view_t *v, bool clumps, const held_t *held)
{
    if (!(held->hold & HOLD_CRITICAL)) return;
    double before, mchc = value_of(p, v->index, p->mchc, NULL), plt = value_of(p, v->index, p->plt, &before);
    double mcv_before, mcv = value_of(p, v->index, p->mcv, &mcv_before);
    bool color = mchc < 36.5 && !(mchc < 30.5 && mcv > 96) && !(mchc < 31.5 && mcv > mcv_before + 4);
    bool platelets = !clumps && !(plt < 0.6 * before) && (plt > 50 || tried(p, v->index, TREAT_OPTICAL_PLT));
    for (int i = 0; i < held->count && !pilot_done(p); i++) {
        result_view_t r;
        if (!shift_result_critical(p->shift, held->held[i]) || !shift_result_facts(p->shift, held->held[i], &r) ||
            r.state != RESULT_HELD || r.value != r.value)
            continue;
        bool sure = r.analyte == p->hgb || r.analyte == p->hct ? color
                    : r.analyte == p->wbc                      ? !clumps
                                                               : r.analyte == p->plt && platelets;
        if (sure) pilot_verify(p, held->held[i]);
    }
}

/* White cells as counted hold the nuclei of red cells, unless the run left them out: by the formula. */
static void correct_nrbc(pilot_state_t *p, const specimen_view_t *v)
{
    int32_t r = p->wbc < 0 ? -1 : shift_specimen_result(p->shift, v->index, p->wbc);
    double nrbc = value_of(p, v->index, p->nrbc, NULL);
    result_view_t wbc;
    bool left_out = tried(p, v->index, TREAT_NRBC) && !tried(p, v->index, TREAT_LYSE);
    if (!(nrbc >= 1) || left_out || r < 0 || !shift_result_facts(p->shift, r, &wbc) || wbc.corrected ||
        wbc.state != RESULT_HELD || wbc.value != wbc.value)
        return;
    action_t correct = pilot_on_result(ACT_CORRECT, r);
    correct.code = pilot_code(p, CODE_CORRECTION, "nrbc");
    correct.value = wbc.value * 100 / (100 + nrbc);
    pilot_try(p, &correct);
}

/* Takes one interference after another away. True: something was begun, and its answer is to come. */
static bool resolve_count(pilot_state_t *p, const specimen_view_t *v, const count_view_t *count, const held_t *held)
{
    int32_t s = v->index;
    double before, mcv_before, mchc = value_of(p, s, p->mchc, NULL), mcv = value_of(p, s, p->mcv, &mcv_before),
                               plt = value_of(p, s, p->plt, &before), wbc = value_of(p, s, p->wbc, NULL);
    bool vote = (held->flags & FLAG_VOTE_OUT) || has_flag(count, CF_SHORT_SAMPLE) || has_flag(count, CF_FLOW);
    bool moved = (held->hold & (HOLD_DELTA | HOLD_CONSISTENCY)) != 0, clumps = has_flag(count, CF_PLT_CLUMPS);
    if ((vote || moved) && treat(p, s, TREAT_REMIX, -1)) return true;
    /* crowds of white cells bend all the rest: first of all */
    if ((has_flag(count, CF_OVER_RANGE) || wbc > 50) && treat(p, s, TREAT_DILUTE_BLOOD, -1)) return true;
    bool small = has_flag(count, CF_GIANT_PLT) || has_flag(count, CF_RBC_FRAG) || plt < 50 ||
                 (has_flag(count, CF_PLT_ABN_DIST) && !clumps);
    if (small && treat(p, s, TREAT_OPTICAL_PLT, -1)) return true;
    if (has_flag(count, CF_LYSE_RESIST) && treat(p, s, TREAT_LYSE, -1)) return true;
    bool nrbc = has_flag(count, CF_NRBC) || has_flag(count, CF_NRBC_PRESENT);
    if (nrbc && !tried(p, s, TREAT_LYSE) && treat(p, s, TREAT_NRBC, -1)) return true;
    correct_nrbc(p, v);
    release_critical(p, v, clumps, held);
    /* what was diluted is not measured undiluted again */
    bool diluted = tried(p, s, TREAT_DILUTE_BLOOD);
    if ((mchc > 37 || has_flag(count, CF_RBC_AGGLUT)) && !diluted && treat(p, s, TREAT_WARM, -1)) return true;
    if ((mchc > 36.5 || has_flag(count, CF_HGB_INTERF)) && !diluted && treat(p, s, TREAT_PLASMA, -1)) return true;
    bool swollen = (mchc < 30.5 && mcv > 96) || (mchc < 31.5 && mcv > mcv_before + 4);
    if (swollen && !diluted && treat(p, s, TREAT_REST, -1)) return true;
    bool film = count->review != 0 || has_flag(count, CF_PLT_CLUMPS) || has_flag(count, CF_PLT_ABN_DIST) ||
                plt < 0.6 * before || (plt < 100 && before != before);
    return film && treat(p, s, TREAT_FILM, -1);
}

/* What the film said of the platelets: clumped ones are asked for in citrate. */
static void settle_platelets(pilot_state_t *p, const specimen_view_t *v)
{
    if (!shift_film_clumps(p->shift, v->index) || strcmp(v->ordered_tube, "citrate") == 0) return;
    static const char *const doubtful[] = {"PLT",   "MPV",  "WBC",   "NEUTA", "LYMPHA",
                                           "MONOA", "EOSA", "BASOA", "IGA"}; /* clumps are counted as white cells */
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++)
        cancel_test(p, v->index, doubtful[i], "instrument_flag");
    treat(p, v->index, TREAT_CITRATE_TUBE, -1);
}

void pilot_review_count(pilot_state_t *p, const specimen_view_t *v)
{
    count_view_t count;
    held_t held;
    if (!shift_count(p->shift, v->index, &count)) return;
    held_of(p, v->index, &held);
    if (held.count == 0 || shift_treated_until_s(p->shift, v->index) != INT32_MIN) return;
    bool doubt = (held.flags & (FLAG_VOTE_OUT | FLAG_COUNTER | FLAG_SHORT)) ||
                 (held.hold & (HOLD_DELTA | HOLD_CONSISTENCY | HOLD_REVIEW));
    if (waits_for_controls(p, v, &held)) return;
    int reason = doubt ? tube_looks_wrong(p, v) : -1;
    if (reason >= 0) {
        pilot_reject(p, v->index, reason);
        return;
    }
    if (v->collected_s != INT32_MIN && v->arrived_s - v->collected_s > OLD_COUNT_S) {
        pilot_reject(p, v->index, pilot_code(p, CODE_REJECT_REASON, "too_old"));
        return;
    }
    if (looks_diluted(p, v->index)) {
        pilot_reject(p, v->index, pilot_code(p, CODE_REJECT_REASON, "contaminated_iv"));
        return;
    }
    if (resolve_count(p, v, &count, &held)) return;
    if (looks_like_another(p, v->index)) {
        pilot_reject(p, v->index, p->reject_label);
        return;
    }
    settle_platelets(p, v);
    correct_nrbc(p, v);
    if (v->collected_s != INT32_MIN && v->arrived_s - v->collected_s > OLD_SIZE_S) { /* cells swell in the tube */
        static const char *const sizes[] = {"MCV", "HCT", "MCHC", "RDWCV", "RDWSD", "MPV"};
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) cancel_test(p, v->index, sizes[i], "too_old");
    }
    if (value_of(p, v->index, p->mchc, NULL) > 38) { /* nothing helped: what depends on it is not reported */
        cancel_test(p, v->index, "MCH", "not_measurable");
        cancel_test(p, v->index, "MCHC", "not_measurable");
    }
    release_all(p, v);
}

/* ---- coagulation ---- */

/* The hematocrit that the counter found in the same patient, NAN when there is none. */
static double hematocrit_of(const pilot_state_t *p, const specimen_view_t *v)
{
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_bench(p->shift, s) != BENCH_HEMATOLOGY || !shift_same_patient(p->shift, s, v->index))
            continue;
        double hct = value_of(p, s, p->hct, NULL);
        if (hct == hct) return hct;
    }
    return NAN;
}

static double study_of(const pilot_state_t *p, int32_t specimen, treatment_t treatment)
{
    study_view_t studies[16];
    int n = shift_studies(p->shift, specimen, studies, 16);
    for (int i = n - 1; i >= 0; i--)
        if (studies[i].treatment == treatment) return studies[i].value;
    return NAN;
}

static bool studied(const pilot_state_t *p, int32_t specimen, treatment_t treatment)
{
    study_view_t studies[16];
    int n = shift_studies(p->shift, specimen, studies, 16);
    for (int i = 0; i < n; i++)
        if (studies[i].treatment == treatment) return true;
    return false;
}

/* The mix corrects: a factor is missing, and the plasma that is there tells which. */
static bool add_factors(pilot_state_t *p, const specimen_view_t *v)
{
    static const char *const factors[] = {"F8", "F9", "F11"};
    if (tried(p, v->index, TREAT_COUNT)) return false;
    p->treated[v->index] |= 1u << TREAT_COUNT;
    bool added = false;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        action_t action = pilot_on_specimen(ACT_ADD_ON, v->index);
        action.analyte = lab_analyte_find(shift_lab(p->shift), factors[i]);
        action.count = 0;
        added = pilot_try(p, &action) || added;
    }
    return added;
}

/* A long aPTT by itself asks for its cause: heparin first, then deficiency or inhibitor. True: the answer is to come.
 */
static bool work_up(pilot_state_t *p, const specimen_view_t *v)
{
    int32_t s = v->index;
    double before, aptt = value_of(p, s, p->aptt, &before), inr = value_of(p, s, p->inr, NULL);
    bool unclotted = aptt != aptt;
    bool long_aptt = (aptt > LONG_APTT_S || unclotted) && !(before > LONG_APTT_S);
    if (!long_aptt || p->aptt < 0) return false;
    if (!studied(p, s, TREAT_HEPARINASE)) return treat(p, s, TREAT_HEPARINASE, p->aptt);
    double neutral = study_of(p, s, TREAT_HEPARINASE);
    /* shorter by more than imprecision makes it: heparin */
    if ((neutral < LONG_APTT_S && !(neutral > 0.85 * aptt)) || inr > 1.4) return false;
    if (!studied(p, s, TREAT_MIX) && treat(p, s, TREAT_MIX, p->aptt)) {
        treat(p, s, TREAT_MIX_INCUBATED, p->aptt); /* two hours: begun beside it, read when it is ready */
        return true;
    }
    double mixed = study_of(p, s, TREAT_MIX), pool, high;
    bool corrects =
        shift_normal_pool(p->shift, p->aptt, &pool, &high) && 100 * (mixed - pool) / neutral < ROSNER_CORRECTS;
    return corrects && add_factors(p, v);
}

/* Heparin that is gone after neutralizing, in a tube from a line, in a patient who was not on it: the line's. */
static bool line_heparin(const pilot_state_t *p, const specimen_view_t *v)
{
    double before, aptt = value_of(p, v->index, p->aptt, &before), xa = value_of(p, v->index, p->anti_xa, NULL);
    if (strcmp(v->collected_how, "line draw") != 0 || !(study_of(p, v->index, TREAT_HEPARINASE) < LONG_APTT_S))
        return false;
    bool monitored = xa == xa; /* a heparin level was ordered: the patient is on it */
    return before == before || (!monitored && !(aptt < 100));
}

void pilot_review_clot(pilot_state_t *p, const specimen_view_t *v)
{
    held_t held;
    held_of(p, v->index, &held);
    if (held.count == 0 || shift_treated_until_s(p->shift, v->index) != INT32_MIN) return;
    int reason = tube_looks_wrong(p, v);
    if (reason < 0 && (held.flags & FLAG_CLOT)) reason = pilot_code(p, CODE_REJECT_REASON, "clotted");
    if (reason < 0 && v->collected_s != INT32_MIN && v->arrived_s - v->collected_s > OLD_PT_S)
        reason = pilot_code(p, CODE_REJECT_REASON, "too_old");
    if (reason < 0 && pilot_draw_infused(p, v)) reason = p->reject_infused;
    if (reason < 0 && hematocrit_of(p, v) > 55 && !tried(p, v->index, TREAT_CITRATE_VOLUME) && v->recollect_of < 0) {
        treat(p, v->index, TREAT_CITRATE_VOLUME, -1);
        for (int i = 0; i < held.count; i++) pilot_cancel(p, held.held[i], "instrument_flag");
        return;
    }
    double fib = value_of(p, v->index, p->fib, NULL), aptt = value_of(p, v->index, p->aptt, NULL);
    if (reason < 0 && fib < 30 && aptt != aptt) reason = pilot_code(p, CODE_REJECT_REASON, "clotted");
    if (reason >= 0) {
        pilot_reject(p, v->index, reason);
        return;
    }
    if (v->collected_s != INT32_MIN && v->arrived_s - v->collected_s > OLD_APTT_S)
        cancel_test(p, v->index, "APTT", "too_old");
    if ((held.flags & FLAG_CURVE) && treat(p, v->index, TREAT_MECHANICAL, -1)) return;
    pilot_call_criticals(p, v->index);
    if (work_up(p, v)) return;
    if (v->recollect_of < 0 && line_heparin(p, v)) {
        pilot_reject(p, v->index, p->reject_contaminated);
        return;
    }
    release_all(p, v);
}
