/* The careful autopilot at the hematology and coagulation benches, by the procedures HE-001 to HE-006 and CO-001 to
 * CO-007: look at the tube, think of dilution and identity, take the interference away, look at a film, then release.
 */
#include "pilot_private.h"

#include <math.h>
#include <string.h>

enum { PATIENT_TUBES = 8, OLD_COUNT_S = 24 * 3600, OLD_APTT_S = 4 * 3600, OLD_PT_S = 24 * 3600 };

static const double LONG_APTT_S = 40, ROSNER_CORRECTS = 12;

/* ---- what the numbers of one specimen are ---- */

typedef struct {
    int32_t held[64];
    int count;
    uint32_t hold, flags;
    bool replaced; /* some of it is a repeat of what has gone out */
} held_t;

static void held_of(const pilot_state_t *p, int32_t specimen, held_t *held)
{
    int32_t results[256];
    int32_t n = shift_specimen_results(p->shift, specimen, results, 256);
    memset(held, 0, sizeof *held);
    for (int32_t i = 0; i < n; i++) {
        result_view_t v;
        if (!shift_result_facts(p->shift, results[i], &v) || v.state != RESULT_HELD) continue;
        if (held->count < 64) held->held[held->count++] = results[i];
        held->hold |= v.hold;
        held->flags |= v.flags;
    }
}

/* The newest value of a test, and the earlier result of the patient. NAN where there is none. */
static double value_of(const pilot_state_t *p, int32_t specimen, const char *id, double *prior)
{
    int a = lab_analyte_find(shift_lab(p->shift), id);
    int32_t r = a < 0 ? -1 : shift_specimen_result(p->shift, specimen, a);
    result_view_t v;
    if (prior) *prior = NAN;
    if (r < 0 || !shift_result_facts(p->shift, r, &v)) return NAN;
    if (prior) *prior = v.prior;
    return v.value;
}

static bool tried(const pilot_state_t *p, int32_t specimen, treatment_t treatment)
{
    return (p->treated[specimen] >> treatment) & 1;
}

/* Once for each treatment; true when it was begun. */
static bool treat(pilot_state_t *p, int32_t specimen, treatment_t treatment, const char *test)
{
    if (tried(p, specimen, treatment)) return false;
    p->treated[specimen] |= 1u << treatment;
    action_t action = pilot_on_specimen(ACT_TREAT, specimen);
    action.count = 0;
    action.code = (int32_t)treatment;
    action.analyte = test ? lab_analyte_find(shift_lab(p->shift), test) : -1;
    return pilot_try(p, &action);
}

/* The tube in the hand: a clot, a fill below the line. -1: it looks right. */
static int tube_looks_wrong(pilot_state_t *p, const specimen_view_t *v)
{
    specimen_view_t now;
    if (!v->looked_after_spin && !v->inspected) {
        action_t look = pilot_on_specimen(ACT_LOOK_TUBE, v->index);
        look.count = 0;
        pilot_try(p, &look);
    }
    if (!shift_specimen(p->shift, v->index, &now)) return -1;
    if (now.look & (LOOK_CLOT | LOOK_FIBRIN)) return pilot_code(p, CODE_REJECT_REASON, "clotted");
    if (now.look & LOOK_FILL_LOW) return pilot_code(p, CODE_REJECT_REASON, "insufficient");
    if (now.look & (LOOK_PINK | LOOK_RED)) return pilot_code(p, CODE_REJECT_REASON, "hemolyzed");
    return -1;
}

static void release_all(pilot_state_t *p, const specimen_view_t *v)
{
    held_t held;
    held_of(p, v->index, &held);
    for (int i = 0; i < held.count && !pilot_done(p); i++) {
        result_view_t r;
        if (!shift_result_facts(p->shift, held.held[i], &r) || r.state != RESULT_HELD) continue;
        if (r.hold & HOLD_QC) continue; /* waits for its controls */
        if (r.value != r.value || (r.flags & FLAG_VOTE_OUT))
            pilot_cancel(p, held.held[i], "instrument_flag");
        else
            pilot_verify(p, held.held[i]);
    }
}

static void cancel_test(pilot_state_t *p, int32_t specimen, const char *id)
{
    int a = lab_analyte_find(shift_lab(p->shift), id);
    int32_t r = a < 0 ? -1 : shift_specimen_result(p->shift, specimen, a);
    result_view_t v;
    if (r >= 0 && shift_result_facts(p->shift, r, &v) && v.state == RESULT_HELD) pilot_cancel(p, r, "instrument_flag");
}

/* ---- hematology ---- */

/* White cells, hemoglobin and platelets fell together, or cells swelled in sugar water: an infusion. */
static bool looks_diluted(const pilot_state_t *p, int32_t s)
{
    double wbc0, hgb0, plt0, wbc = value_of(p, s, "WBC", &wbc0), hgb = value_of(p, s, "HGB", &hgb0),
                             plt = value_of(p, s, "PLT", &plt0);
    return wbc < 0.88 * wbc0 && hgb < 0.88 * hgb0 && plt < 0.88 * plt0;
}

/* Cell size, stable in a person for weeks, moved with others: another patient's blood. */
static bool looks_like_another(const pilot_state_t *p, int32_t s)
{
    static const struct {
        const char *id;
        double abs, part;
    } marks[] = {{"MCV", 4, 0}, {"MCH", 2, 0}, {"RDWCV", 1.5, 0}, {"HGB", 2, 0}, {"PLT", 0, 0.5}, {"WBC", 0, 0.6}};
    int moved = 0;
    double mcv0, mcv = value_of(p, s, "MCV", &mcv0);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        double before, now = value_of(p, s, marks[i].id, &before);
        double change = exact_abs(now - before);
        moved += marks[i].abs > 0 ? change > marks[i].abs : change > marks[i].part * before;
    }
    return moved >= 3 || (moved >= 2 && exact_abs(mcv - mcv0) > 4);
}

static bool has_flag(const count_view_t *count, count_flag_t flag)
{
    return (count->flags & count_flag_bit((int)flag)) != 0;
}

/* Takes one interference after another away. True: something was begun, and its answer is to come. */
static bool resolve_count(pilot_state_t *p, const specimen_view_t *v, const count_view_t *count, const held_t *held)
{
    int32_t s = v->index;
    double mchc = value_of(p, s, "MCHC", NULL), mcv = value_of(p, s, "MCV", NULL), wbc = value_of(p, s, "WBC", NULL);
    bool vote = (held->flags & FLAG_VOTE_OUT) || has_flag(count, CF_SHORT_SAMPLE) || has_flag(count, CF_FLOW);
    bool moved = (held->hold & (HOLD_DELTA | HOLD_CONSISTENCY)) != 0;
    if ((vote || moved) && treat(p, s, TREAT_REMIX, NULL)) return true;
    if ((mchc > 37 || has_flag(count, CF_RBC_AGGLUT)) && treat(p, s, TREAT_WARM, NULL)) return true;
    if ((mchc > 36.5 || has_flag(count, CF_HGB_INTERF)) && treat(p, s, TREAT_PLASMA, NULL)) return true;
    if (mchc < 30.5 && mcv > 96 && treat(p, s, TREAT_REST, NULL)) return true;
    if ((has_flag(count, CF_OVER_RANGE) || wbc > 100) && treat(p, s, TREAT_DILUTE_BLOOD, NULL)) return true;
    if ((has_flag(count, CF_NRBC) || has_flag(count, CF_NRBC_PRESENT)) && treat(p, s, TREAT_NRBC, NULL)) return true;
    if (has_flag(count, CF_LYSE_RESIST) && treat(p, s, TREAT_LYSE, NULL)) return true;
    bool small = has_flag(count, CF_GIANT_PLT) || has_flag(count, CF_RBC_FRAG);
    if (small && treat(p, s, TREAT_OPTICAL_PLT, NULL)) return true;
    double before, plt = value_of(p, s, "PLT", &before);
    bool film = count->review != 0 || has_flag(count, CF_PLT_CLUMPS) || has_flag(count, CF_PLT_ABN_DIST) ||
                plt < 0.6 * before || (plt < 100 && before != before);
    return film && treat(p, s, TREAT_FILM, NULL);
}

/* What the film said of the platelets: clumped ones are asked for in citrate. */
static void settle_platelets(pilot_state_t *p, const specimen_view_t *v)
{
    text_t film;
    text_init(&film, 2048);
    bool clumps = shift_film(p->shift, v->index, &film) && film.data &&
                  (strstr(film.data, "clumps at") || strstr(film.data, "satellitism"));
    text_free(&film);
    if (!clumps || strcmp(v->ordered_tube, "citrate") == 0) return;
    cancel_test(p, v->index, "PLT");
    cancel_test(p, v->index, "MPV");
    treat(p, v->index, TREAT_CITRATE_TUBE, NULL);
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
    if (value_of(p, v->index, "MCHC", NULL) > 38) { /* nothing helped: what depends on it is not reported */
        cancel_test(p, v->index, "MCH");
        cancel_test(p, v->index, "MCHC");
    }
    release_all(p, v);
}

/* ---- coagulation ---- */

/* The hematocrit that the counter found in the same patient, NAN when there is none. */
static double hematocrit_of(const pilot_state_t *p, const specimen_view_t *v)
{
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        specimen_view_t other;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (!shift_specimen(p->shift, s, &other) || other.bench != BENCH_HEMATOLOGY ||
            strcmp(other.order.mrn, v->order.mrn) != 0)
            continue;
        double hct = value_of(p, s, "HCT", NULL);
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
    double before, aptt = value_of(p, s, "APTT", &before), inr = value_of(p, s, "INR", NULL);
    bool unclotted = aptt != aptt;
    bool long_aptt = (aptt > LONG_APTT_S || unclotted) && !(before > LONG_APTT_S);
    if (!long_aptt || lab_analyte_find(shift_lab(p->shift), "APTT") < 0) return false;
    if (!studied(p, s, TREAT_HEPARINASE)) return treat(p, s, TREAT_HEPARINASE, "APTT");
    double neutral = study_of(p, s, TREAT_HEPARINASE);
    /* shorter by more than imprecision makes it: heparin */
    if ((neutral < LONG_APTT_S && !(neutral > 0.85 * aptt)) || inr > 1.4) return false;
    if (!studied(p, s, TREAT_MIX) && treat(p, s, TREAT_MIX, "APTT")) {
        treat(p, s, TREAT_MIX_INCUBATED, "APTT"); /* two hours: begun beside it, read when it is ready */
        return true;
    }
    double mixed = study_of(p, s, TREAT_MIX), pool, high;
    bool corrects = shift_normal_pool(p->shift, lab_analyte_find(shift_lab(p->shift), "APTT"), &pool, &high) &&
                    100 * (mixed - pool) / neutral < ROSNER_CORRECTS;
    return corrects && add_factors(p, v);
}

/* Heparin that is gone after neutralizing, in a tube from a line, in a patient who was not on it: the line's. */
static bool line_heparin(const pilot_state_t *p, const specimen_view_t *v)
{
    double before, aptt = value_of(p, v->index, "APTT", &before), xa = value_of(p, v->index, "ANTIXA_UFH", NULL);
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
        treat(p, v->index, TREAT_CITRATE_VOLUME, NULL);
        for (int i = 0; i < held.count; i++) pilot_cancel(p, held.held[i], "instrument_flag");
        return;
    }
    double fib = value_of(p, v->index, "FIB", NULL), aptt = value_of(p, v->index, "APTT", NULL);
    if (reason < 0 && fib < 30 && aptt != aptt) reason = pilot_code(p, CODE_REJECT_REASON, "clotted");
    if (reason >= 0) {
        pilot_reject(p, v->index, reason);
        return;
    }
    if (v->collected_s != INT32_MIN && v->arrived_s - v->collected_s > OLD_APTT_S) cancel_test(p, v->index, "APTT");
    if ((held.flags & FLAG_CURVE) && treat(p, v->index, TREAT_MECHANICAL, NULL)) return;
    pilot_call_criticals(p, v->index);
    if (work_up(p, v)) return;
    if (v->recollect_of < 0 && line_heparin(p, v)) {
        pilot_reject(p, v->index, p->reject_contaminated);
        return;
    }
    release_all(p, v);
}
