/* The debrief: what was decided, on what was visible then, and what it cost.
 *
 * A released result is wrong when it differs from what was true in the patient of the order (at the
 * time of collection) by more than the allowable total error (analytes.csv, CLIA 2025), or when it
 * puts the patient on the wrong side of a critical limit. It counts against the trainee only where a
 * cue could be seen before the decision: a label, the look of the tube, an index, a delta, a pattern,
 * controls that broke a rule. Wrong results without a cue are shown and not counted.
 * Points are lost by part, each with a cap, so that no single habit hides the others
 * (content/lab/score.csv). d' and bias are log-linear (Hautus 1995). */
#include "lab/debrief.h"

#include "content_private.h"
#include "debrief_private.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CRITICAL_S = 30 * 60, AMEND_GRACE_S = 60 * 60, ON_CELLS_S = 2 * 3600 };

/* ---- harm of one result ---- */

double debrief_allowed(const analyte_t *analyte, double truth)
{
    double allowed = analyte->tea_abs == analyte->tea_abs ? analyte->tea_abs : 0;
    if (analyte->tea_pct == analyte->tea_pct && analyte->tea_pct / 100 * truth > allowed)
        allowed = analyte->tea_pct / 100 * truth;
    if (allowed > 0) return allowed;
    /* without a published limit: three times the analytic SD, below the low control that of the low control */
    double low = analyte->qc_target[0];
    return 3 * line_sd(analyte, truth < low ? low : truth);
}

static bool is_critical(const analyte_t *analyte, double value)
{
    return value <= analyte->critical_low || value >= analyte->critical_high;
}

static harm_t harm_of(const analyte_t *analyte, double reported, int sign, double truth)
{
    if (truth != truth || reported != reported) return HARM_NONE;
    if (sign > 0 && truth >= reported) return HARM_NONE; /* "> 750" is right for 900 */
    if (sign < 0 && truth <= reported) return HARM_NONE;
    double ratio = exact_abs(reported - truth) / debrief_allowed(analyte, truth);
    bool side = is_critical(analyte, reported) != is_critical(analyte, truth);
    if (ratio <= 1.25) return HARM_NONE; /* a quarter more than the limit is within the noise of a good line */
    if (side && ratio > 1.5) return HARM_SEVERE;
    if (ratio > 5) return HARM_SEVERE;
    return ratio > 2 ? HARM_MODERATE : HARM_MINOR;
}

static double truth_of(const shift_t *shift, const result_t *result)
{
    const specimen_t *specimen = &shift->specimens[result->specimen];
    if (specimen->values < 0) return NAN;
    const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
    if (analyte->derived || !(debrief_allowed(analyte, 1) > 0)) return NAN; /* its parts are judged */
    return specimen_truth(shift, specimen)[result->slot];
}

/* ---- cues ---- */

/* Since when the controls of (line, analyte) broke the laboratory's multirule while the fault lasted; NEVER when they
 * did not. */
static int32_t qc_showed(const shift_t *shift, int line, int analyte, int32_t onset_s)
{
    const assay_t *assay = &shift->assays[line][analyte];
    qc_history_t history;
    qc_history_init(&history);
    static const uint8_t levels[SHIFT_QC_LEVELS] = {1, 2, 3};
    for (int i = 0; i < assay->point_count; i++) {
        const qc_point_t *p = qc_point(shift, line, analyte, i);
        if (p->marks & QC_MARKS_ANEW) qc_history_init(&history);
        double z[SHIFT_QC_LEVELS] = {(double)p->z[0], (double)p->z[1], (double)p->z[2]};
        qc_verdict_t verdict;
        qc_judge_run(&shift->rules, &history, z, levels, SHIFT_QC_LEVELS, &verdict);
        if (p->run > 0 && p->at_s >= onset_s && verdict.verdict == QC_VERDICT_REJECT) return p->at_s;
    }
    return NEVER;
}

static const line_fault_t *line_fault_at(const shift_t *shift, const result_t *result)
{
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        bool lasted = fault->cured_s == NEVER || result->measured_s < fault->cured_s;
        if (fault->line == result->line && tests_has(fault->affects, result->analyte) &&
            result->measured_s >= fault->onset_s && lasted)
            return fault;
    }
    return NULL;
}

typedef struct {
    int32_t at_s; /* NEVER: none */
    const char *what;
} cue_t;

static void cue_take(cue_t *cue, int32_t at_s, const char *what)
{
    if (at_s == NEVER || (cue->at_s != NEVER && cue->at_s <= at_s)) return;
    *cue = (cue_t){at_s, what};
}

/* The first thing that could have told that this result is not the patient's. */
static cue_t cue_of(const shift_t *shift, const result_t *result)
{
    const specimen_t *specimen = &shift->specimens[result->specimen];
    cue_t cue = {NEVER, ""};
    bool other = specimen->blood_person != specimen->order_person;
    if (specimen->label_person != specimen->order_person && specimen->parent < 0)
        cue_take(&cue, specimen->arrive_s, "the label did not match the order");
    if (care_entry_slip(shift, (int32_t)(result - shift->results)))
        cue_take(&cue, result->measured_s, "the paper of the backup method");
    if (specimen->fault_count && specimen->cues_before) cue_take(&cue, specimen->arrive_s, "the look of the tube");
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        const result_t *same = &shift->results[r];
        if (same->measured_s > result->measured_s) continue;
        bool count = specimen->bench == BENCH_HEMATOLOGY; /* one run, one picture: any sign concerns all of it */
        if (!specimen->fault_count && !other && !count && same->analyte != result->analyte) continue;
        if (same->analyte == result->analyte && (same->hold & (HOLD_HEMOLYSIS | HOLD_ICTERUS | HOLD_LIPEMIA)))
            cue_take(&cue, same->measured_s, "the serum index was over the limit");
        /* a change that a repeat confirmed has been followed up as the procedure asks: no cue is left in it */
        bool confirmed = same->analyte == result->analyte && result->run > 0;
        if ((same->hold & HOLD_DELTA) && !confirmed)
            cue_take(&cue, same->measured_s, "the change against the last result");
        if (same->hold & (HOLD_CONSISTENCY | HOLD_IMPLAUSIBLE))
            cue_take(&cue, same->measured_s, "results that do not fit together");
        if (same->hold & HOLD_FLAG) cue_take(&cue, same->measured_s, "the analyzer's flag");
        if (specimen->bench == BENCH_COAGULATION && (same->hold & HOLD_SPECIMEN))
            cue_take(&cue, same->measured_s, "the hematocrit of the same patient");
        if (same->hold & HOLD_REVIEW) cue_take(&cue, same->measured_s, "a rule that asks for review");
    }
    for (int i = 0; i < specimen->fault_count; i++)
        if (specimen->faults[i].kind == lab_roles(shift->lab)->fault_delay && !specimen->time_missing &&
            specimen->arrive_s - specimen->collected_s > ON_CELLS_S)
            cue_take(&cue, specimen->arrive_s, "hours between collection and arrival");
    const line_fault_t *fault = line_fault_at(shift, result);
    if (fault) {
        int32_t shown = qc_showed(shift, result->line, result->analyte, fault->onset_s);
        int32_t due = shown == NEVER ? NEVER : shown + 20 * 60; /* time to look at a run */
        if (due != NEVER && due < result->released_s)
            cue_take(&cue, shown, "the controls broke a rule");
        else if (shown != NEVER && shift->ended_s - shown > AMEND_GRACE_S)
            cue_take(&cue, shown, "the controls broke a rule: a look-back would have found it");
    }
    return cue;
}

/* ---- findings ---- */

finding_t *debrief_finding(debrief_t *d, finding_kind_t kind, int32_t at_s)
{
    if (d->finding_count == DEBRIEF_FINDINGS) return NULL;
    finding_t *f = &d->findings[d->finding_count++];
    *f = (finding_t){.kind = kind,
                     .at_s = at_s,
                     .visible_s = NEVER,
                     .specimen = -1,
                     .result = -1,
                     .line = -1,
                     .analyte = -1,
                     .run = 0,
                     .call = -1,
                     .seen = NAN,
                     .truth = NAN};
    return f;
}

void debrief_accession(const shift_t *shift, int32_t specimen, char out[12])
{
    specimen_view_t view;
    out[0] = '\0';
    if (shift_specimen(shift, specimen, &view)) memcpy(out, view.accession, 12);
}

/* The worst of a specimen's results of one kind. */
typedef struct {
    harm_t harm;
    int32_t result;
    cue_t cue;
} worst_t;

static void keep_worst(worst_t *worst, harm_t harm, int32_t result, cue_t cue)
{
    if (harm > worst->harm) *worst = (worst_t){harm, result, cue};
}

/* A finding about a result, with the accession for its sentence; NULL when there are too many. */
static finding_t *result_finding(work_t *w, finding_kind_t kind, const worst_t *worst, char name[12])
{
    const result_t *result = &w->shift->results[worst->result];
    finding_t *f = debrief_finding(w->debrief, kind, kind == FINDING_CAUGHT ? result->measured_s : result->released_s);
    if (!f) return NULL;
    f->specimen = result->specimen;
    f->result = worst->result;
    f->analyte = result->analyte;
    f->seen = result->value;
    f->truth = truth_of(w->shift, result);
    debrief_accession(w->shift, result->specimen, name);
    return f;
}

static void tell_missed(work_t *w, const worst_t *worst)
{
    char name[12], value[32], truth[32];
    finding_t *f = result_finding(w, FINDING_HARMFUL_RELEASE, worst, name);
    if (!f) return;
    const analyte_t *analyte = lab_analyte(w->shift->lab, f->analyte);
    f->harm = worst->harm;
    f->visible_s = worst->cue.at_s;
    f->points = w->weights.harm[worst->harm];
    text_fixed(value, f->seen, analyte->decimals);
    text_fixed(truth, f->truth, analyte->decimals);
    snprintf(f->text, sizeof f->text, "%s: %s %s %s went out; the patient's own was %s. The cue was %s.", name,
             analyte->name, value, analyte->unit, truth, worst->cue.what);
}

static void tell_stopped(work_t *w, const worst_t *worst)
{
    char name[12];
    const result_t *result = &w->shift->results[worst->result];
    finding_t *f = result_finding(w, FINDING_CAUGHT, worst, name);
    if (!f) return;
    f->harm = worst->harm;
    if (result->amended) f->seen = result->old_value;
    snprintf(f->text, sizeof f->text, "%s: a wrong %s did not reach the ward, or was put right.", name,
             lab_analyte(w->shift->lab, f->analyte)->name);
}

static void tell_unknowable(work_t *w, const worst_t *worst)
{
    char name[12];
    finding_t *f = result_finding(w, FINDING_UNKNOWABLE, worst, name);
    if (!f) return;
    snprintf(f->text, sizeof f->text, "%s: %s was off, and nothing that could be seen said so. Not counted.", name,
             lab_analyte(w->shift->lab, f->analyte)->name);
}

/* A wrong result that stayed out: what a fault of the analyzer did is one decision there, the rest is the tube's. */
static void judge_release(work_t *w, int32_t r, harm_t harm, bool by_line, worst_t *missed, worst_t *unknowable)
{
    const result_t *result = &w->shift->results[r];
    cue_t cue = cue_of(w->shift, result);
    if (cue.at_s == NEVER) {
        keep_worst(unknowable, harm, r, cue);
        return;
    }
    w->debrief->harmful_releases++;
    w->debrief->bench[w->shift->specimens[result->specimen].bench].harmful++;
    w->debrief->harmful_by_severity[harm]++;
    if (!by_line) {
        keep_worst(missed, harm, r, cue);
        return;
    }
    w->line_harm[result->line][result->analyte] += harm == HARM_SEVERE ? 3 : harm == HARM_MODERATE ? 2 : 1;
    w->line_results[result->line][result->analyte]++;
}

/* Wrong results of one specimen count once, at the worst of them: a tube is one decision. */
static void judge_specimen(work_t *w, int32_t index)
{
    const shift_t *shift = w->shift;
    const specimen_t *specimen = &shift->specimens[index];
    bench_tally_t *bench = &w->debrief->bench[specimen->bench];
    worst_t missed = {HARM_NONE, -1, {NEVER, ""}}, stopped = missed, unknowable = missed;
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        const result_t *result = &shift->results[r];
        double truth = truth_of(shift, result);
        const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
        if (result->state == RESULT_RELEASED) {
            w->debrief->released++;
            bench->released++;
            w->debrief->amended += result->amended;
        }
        if (truth != truth) continue;
        harm_t harm = harm_of(analyte, result->amended ? result->old_value : result->value, result->sign, truth);
        if (harm == HARM_NONE) continue;
        bool withdrawn = result->withdrawn && specimen->decided_s - result->released_s <= AMEND_GRACE_S;
        bool mended = withdrawn || (result->amended && harm_of(analyte, result->value, 0, truth) == HARM_NONE);
        bool by_line = line_fault_at(shift, result) != NULL;
        if (result->state == RESULT_RELEASED && !mended)
            judge_release(w, r, harm, by_line, &missed, &unknowable);
        else if (!by_line)
            keep_worst(&stopped, harm, r, stopped.cue);
    }
    if (missed.harm > HARM_NONE) {
        w->debrief->misses++;
        bench->misses++;
        tell_missed(w, &missed);
    } else if (stopped.harm > HARM_NONE) {
        w->debrief->hits++;
        bench->hits++;
        tell_stopped(w, &stopped);
    } else if (unknowable.harm > HARM_NONE) {
        tell_unknowable(w, &unknowable);
    } else if (specimen->state == SPECIMEN_DONE && specimen->first_result >= 0) {
        w->debrief->correct_passes++;
        bench->correct_passes++;
    }
}

/* What the analyzer printed first of the tube was not the patient's, or nothing but a new tube helps. */
static bool reads_wrong(const shift_t *shift, const specimen_t *specimen)
{
    for (int i = 0; i < specimen->fault_count; i++)
        if (specimen->bench == BENCH_COAGULATION || counter_resolutions(shift->lab, specimen->faults[i].kind) == 0)
            return true;
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        const result_t *result = &shift->results[r];
        const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
        if (result->run > 0) continue;
        if (harm_of(analyte, result->raw, result->sign, truth_of(shift, result)) > HARM_NONE) return true;
    }
    return false;
}

/* Would the tube have given a wrong result, or was its identity in doubt? */
static bool is_bad_specimen(const work_t *w, int32_t index)
{
    const shift_t *shift = w->shift;
    const specimen_t *specimen = &shift->specimens[index];
    if (specimen->blood_person != specimen->order_person ||
        (specimen->label_person != specimen->order_person && specimen->parent < 0))
        return true;
    if (specimen->cues_before & (LOOK_NO_LABEL | LOOK_LEAK | LOOK_EXPIRED_TUBE | LOOK_CLOT)) return true;
    const plant_t *plant = specimen->plant < 0 ? NULL : &shift->scenario->plants[specimen->plant];
    /* what can be helped at the bench is no reason to draw again */
    bool mended = plant && (plant->expect_count > 0 || fault_of_label(shift->lab, &plant->fault));
    if (plant && plant->kind == PLANT_SPECIMEN && !mended) return true;
    if (specimen->values < 0) return specimen->fault_count > 0 && specimen->cues_before != 0;
    if (specimen->bench != BENCH_CHEMISTRY) return reads_wrong(shift, specimen);
    const double *truth = specimen_truth(shift, specimen), *tube = specimen_tube(shift, specimen);
    int slot = 0;
    for (int a = tests_next(specimen->tests, 0); a >= 0; a = tests_next(specimen->tests, a + 1), slot++) {
        const analyte_t *about = lab_analyte(shift->lab, a);
        if (about->derived || !(debrief_allowed(about, truth[slot]) > 0)) continue;
        if (harm_of(lab_analyte(shift->lab, a), tube[slot], 0, truth[slot]) > HARM_NONE) return true;
    }
    return false;
}

static void judge_rejection(work_t *w, int32_t index)
{
    debrief_t *d = w->debrief;
    const specimen_t *specimen = &w->shift->specimens[index];
    if (specimen->state != SPECIMEN_REJECTED) return;
    bool right = is_bad_specimen(w, index) && !debrief_only_time(w->shift, index);
    char name[12];
    debrief_accession(w->shift, index, name);
    finding_t *f = debrief_finding(d, right ? FINDING_RIGHT_REJECTION : FINDING_WRONG_REJECTION, specimen->decided_s);
    if (right)
        d->rejected_right++;
    else
        d->rejected_wrong++;
    bool hit = right && specimen->first_result < 0; /* with results it is judged by them */
    d->hits += hit;
    d->false_alarms += !right;
    d->bench[specimen->bench].hits += hit;
    d->bench[specimen->bench].false_alarms += !right;
    if (!f) return;
    f->specimen = index;
    f->points = right ? 0 : w->weights.wrong_rejection;
    const code_t *reason = lab_code(w->shift->lab, CODE_REJECT_REASON, specimen->reject_code);
    snprintf(f->text, sizeof f->text,
             right ? "%s was rejected (%s), rightly."
                   : "%s was rejected (%s), but the specimen was good: a patient was drawn twice.",
             name, reason ? reason->text : "no reason");
}

/* ---- what the blood of a planted patient asked for ---- */

/* `expected`: a treatment, or from TREAT_COUNT on a test to be added. */
static bool was_done(const shift_t *shift, int plant, int expected)
{
    int test = expected - TREAT_COUNT;
    for (int32_t i = 0; i < shift->log_count; i++) {
        const log_entry_t *entry = &shift->log[i];
        bool this_one = test < 0 ? entry->kind == ACT_TREAT && entry->code == expected
                                 : entry->kind == ACT_ADD_ON && entry->analyte == test;
        int32_t s = this_one ? entry->specimen : -1;
        /* a count freed of nucleated red cells by the formula is as good as one run without them */
        if (expected == TREAT_NRBC && entry->kind == ACT_CORRECT && entry->result >= 0 &&
            entry->code == lab_code_find(shift->lab, CODE_CORRECTION, "nrbc"))
            s = shift->results[entry->result].specimen;
        while (s >= 0 && shift->specimens[s].plant != plant) s = shift->specimens[s].recollect_of;
        if (s >= 0) return true;
    }
    return false;
}

/* Something about the specimen said that more was to be done. */
static bool asked_for_more(const shift_t *shift, const specimen_t *specimen)
{
    const uint32_t asks =
        HOLD_DELTA | HOLD_CONSISTENCY | HOLD_IMPLAUSIBLE | HOLD_FLAG | HOLD_REVIEW | HOLD_RANGE | HOLD_SPECIMEN;
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next)
        if (shift->results[r].hold & asks) return true;
    return false;
}

static void judge_workups(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        int32_t specimen = -1;
        for (int32_t s = 0; s < shift->specimen_count && specimen < 0; s++)
            if (shift->specimens[s].plant == i && shift->specimens[s].first_result >= 0) specimen = s;
        if (specimen < 0 || !asked_for_more(shift, &shift->specimens[specimen])) continue;
        char name[12];
        debrief_accession(shift, specimen, name);
        for (int k = 0; k < plant->expect_count; k++) {
            bool done = was_done(shift, i, plant->expects[k]);
            int added = plant->expects[k] - TREAT_COUNT;
            finding_t *f =
                debrief_finding(w->debrief, done ? FINDING_WORKUP_DONE : FINDING_WORKUP_MISSED, shift->ended_s);
            if (!f) return;
            f->specimen = specimen;
            f->visible_s = shift->results[shift->specimens[specimen].first_result].measured_s;
            f->harm = done ? HARM_NONE : HARM_MODERATE;
            f->points = done ? 0 : w->weights.workup;
            snprintf(f->text, sizeof f->text,
                     done ? "%s asked for more, and it was done: %s%s." : "%s asked for more: %s%s. It was not done.",
                     name, added < 0 ? "" : "add ",
                     added < 0 ? treatment_words((treatment_t)plant->expects[k])
                               : lab_analyte(shift->lab, added)->name);
        }
    }
}

/* ---- proficiency specimens ---- */

/* Repeated though nothing held it: what no patient's specimen gets (42 CFR 493.801(b)). */
static bool repeated_for_nothing(const shift_t *shift, int32_t specimen)
{
    for (int32_t r = shift->specimens[specimen].first_result; r >= 0; r = shift->results[r].next)
        if (shift->results[r].hold & ~(uint32_t)HOLD_MANUAL) return false;
    for (int32_t i = 0; i < shift->log_count; i++) {
        const log_entry_t *entry = &shift->log[i];
        bool repeat = entry->kind == ACT_RERUN || entry->kind == ACT_DILUTE;
        if (entry->kind == ACT_TREAT && entry->specimen == specimen) return true;
        if (repeat && entry->result >= 0 && shift->results[entry->result].specimen == specimen) return true;
    }
    return false;
}

/* The graded test furthest from its target in allowable errors; -1 when none was reported. */
static int32_t furthest_off(const shift_t *shift, int32_t specimen, double *off)
{
    int32_t worst = -1;
    *off = 0;
    for (int32_t r = shift->specimens[specimen].first_result; r >= 0; r = shift->results[r].next) {
        const result_t *result = &shift->results[r];
        double target = truth_of(shift, result);
        if (result->state != RESULT_RELEASED || target != target || result->value != result->value) continue;
        const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
        if (analyte->tea_abs != analyte->tea_abs && analyte->tea_pct != analyte->tea_pct) continue; /* not graded */
        double ratio = exact_abs(result->value - target) / debrief_allowed(analyte, target);
        if (worst >= 0 && ratio <= *off) continue;
        worst = r;
        *off = ratio;
    }
    return worst;
}

static void judge_surveys(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int32_t s = 0; s < shift->specimen_count; s++) {
        const specimen_t *specimen = &shift->specimens[s];
        if (specimen->plant < 0 || shift->scenario->plants[specimen->plant].kind != PLANT_PROFICIENCY ||
            specimen->state == SPECIMEN_COMING)
            continue;
        double off;
        int32_t worst = furthest_off(shift, s, &off);
        bool apart = repeated_for_nothing(shift, s), waits = shift->ended_s < specimen->due_s && worst < 0;
        if (waits && !apart && specimen->state != SPECIMEN_REJECTED) continue;
        bool failed = worst < 0 || off > 1 || apart;
        char name[12];
        debrief_accession(shift, s, name);
        finding_t *f = debrief_finding(w->debrief, failed ? FINDING_SURVEY_FAILED : FINDING_SURVEY_PASSED,
                                       worst < 0 ? shift->ended_s : shift->results[worst].released_s);
        if (!f) return;
        f->specimen = s;
        f->result = worst;
        f->harm = failed ? HARM_MODERATE : HARM_NONE;
        f->points = failed ? w->weights.survey : 0;
        const analyte_t *analyte = worst < 0 ? NULL : lab_analyte(shift->lab, shift->results[worst].analyte);
        if (analyte) {
            f->analyte = shift->results[worst].analyte;
            f->seen = shift->results[worst].value;
            f->truth = truth_of(shift, &shift->results[worst]);
        }
        if (worst < 0)
            snprintf(f->text, sizeof f->text, "%s was a proficiency specimen, and no result of it went out.", name);
        else if (off > 1)
            snprintf(f->text, sizeof f->text,
                     "%s was a proficiency specimen: %s was off its target by more than is allowed.", name,
                     analyte->name);
        else
            snprintf(f->text, sizeof f->text,
                     apart ? "%s was a proficiency specimen: repeated though nothing asked for it, unlike a patient's."
                           : "%s was a proficiency specimen: on target, and treated like a patient's.",
                     name);
    }
}

/* ---- criticals ---- */

static bool called_in_time(const shift_t *shift, int32_t specimen, int32_t result, int32_t since_s)
{
    bool tried_ladder = false;
    for (int32_t i = 0; i < shift->call_count; i++) {
        const call_t *call = &shift->calls[i];
        if (call->incoming || call->specimen != specimen || call->at_s > since_s + CRITICAL_S) continue;
        /* one call tells all criticals of the tube that were there when it was made */
        if (call->result >= 0 && call->result != result &&
            shift->results[call->result].analyte != shift->results[result].analyte &&
            !(shift->results[call->result].critical && shift->results[result].measured_s <= call->at_s))
            continue;
        if (call->state == CALL_DONE && call->read_back == READ_BACK_SKIPPED) continue;
        if (call->state == CALL_DONE && !(call->wrong_read_back && call->read_back == READ_BACK_RIGHT)) return true;
        tried_ladder = tried_ladder || call->rung >= 1;
    }
    return false;
}

static void judge_critical(work_t *w, int32_t r)
{
    const shift_t *shift = w->shift;
    const result_t *result = &shift->results[r];
    const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
    double truth = truth_of(shift, result);
    if (!result->critical || result->replaced_by >= 0 || result->state == RESULT_CANCELLED || truth != truth) return;
    if (harm_of(analyte, result->value, result->sign, truth) > HARM_NONE) return; /* spurious: judged as such */
    if (shift->specimens[result->specimen].state == SPECIMEN_REJECTED) return;
    int32_t since = result->measured_s;
    /* since the first of its runs that was critical: before, nobody could know */
    for (int32_t first = r; first >= 0; first = shift->results[first].rerun_of)
        if (shift->results[first].critical &&
            (first == r ||
             !(shift->results[first].hold & HOLD_QC))) /* what the controls had closed was not to be called */
            since = shift->results[first].measured_s;
    bool called = called_in_time(shift, result->specimen, r, since);
    int32_t due = since + CRITICAL_S < shift->ended_s ? since + CRITICAL_S : shift->ended_s;
    if (!called && due < since + CRITICAL_S) return; /* the half hour was not over */
    w->debrief->criticals_due++;
    w->debrief->criticals_called_in_time += called;
    finding_t *f = debrief_finding(w->debrief, called ? FINDING_CRITICAL_CALLED : FINDING_CRITICAL_LATE, due);
    if (!f) return;
    char name[12];
    debrief_accession(shift, result->specimen, name);
    f->specimen = result->specimen;
    f->result = r;
    f->analyte = result->analyte;
    f->visible_s = since;
    f->seen = result->value;
    f->truth = truth;
    f->harm = called ? HARM_NONE : HARM_SEVERE;
    f->points = called ? 0 : w->weights.critical;
    char value[32];
    text_fixed(value, result->value, analyte->decimals);
    snprintf(f->text, sizeof f->text,
             called ? "%s: critical %s %s %s was called and read back within 30 minutes."
                    : "%s: critical %s %s %s was not called with a right read-back within 30 minutes.",
             name, analyte->name, value, analyte->unit);
}

/* ---- quality control ---- */

static int32_t first_rejection(const shift_t *shift, const line_fault_t *fault, int analyte)
{
    const assay_t *assay = &shift->assays[fault->line][analyte];
    for (int i = 0; i < assay->point_count; i++)
        if (qc_point_facts(shift, fault->line, analyte, i)->run > 0 && assay->points[i].at_s >= fault->onset_s &&
            assay->points[i].decision == VERDICT_REJECT)
            return assay->points[i].decided_s;
    return NEVER;
}

static void judge_line_fault(work_t *w, const line_fault_t *fault)
{
    const shift_t *shift = w->shift;
    debrief_t *d = w->debrief;
    if (fault->plant < 0 || fault->onset_s > shift->ended_s) return;
    int32_t shown = NEVER, caught = NEVER;
    int shown_analyte = -1;
    double harm = 0;
    int results = 0;
    for (int a = tests_next(fault->affects, 0); a >= 0; a = tests_next(fault->affects, a + 1)) {
        int32_t at = qc_showed(shift, fault->line, a, fault->onset_s);
        if (at != NEVER && (shown == NEVER || at < shown)) shown = at, shown_analyte = a;
        int32_t rejected = first_rejection(shift, fault, a);
        if (rejected != NEVER && (caught == NEVER || rejected < caught)) caught = rejected;
        harm += w->line_harm[fault->line][a];
        results += w->line_results[fault->line][a];
    }
    d->qc_faults += shown != NEVER;
    d->qc_detected += shown != NEVER && caught != NEVER;
    planted_t *planted = w->planted_of[fault->plant];
    if (planted && shift->scenario->plants[fault->plant].kind == PLANT_ANALYZER) {
        planted->caught = caught != NEVER;
        planted->caught_s = caught;
        if (shown != NEVER) {
            char clock[6];
            text_clock(clock, shift_clock_s(shift, shown));
            snprintf(planted->cue, sizeof planted->cue, "%s controls broke a rule at %s",
                     lab_analyte(shift->lab, shown_analyte)->name, clock);
        }
    }
    if (shown == NEVER) return;
    finding_t *f =
        debrief_finding(d, caught != NEVER ? FINDING_QC_CAUGHT : FINDING_QC_MISSED, caught != NEVER ? caught : shown);
    if (!f) return;
    f->line = fault->line;
    f->analyte = shown_analyte;
    f->visible_s = shown;
    double late = caught == NEVER ? w->weights.qc_missed : 0;
    double wrong = harm * w->weights.qc_harm;
    f->points = late + (wrong > w->weights.qc_harm_cap ? w->weights.qc_harm_cap : wrong);
    f->harm = results > 0 ? HARM_MODERATE : HARM_NONE;
    snprintf(f->text, sizeof f->text,
             caught != NEVER ? "%s %s: the fault was found at the controls; %d wrong results stayed out."
                             : "%s %s: the controls broke a rule and patients went on; %d wrong results stayed out.",
             line_name(fault->line), lab_analyte(shift->lab, shown_analyte)->name, results);
}

/* A rejected run is a false alarm when no fault touched the test and no rule was broken. */
static void judge_rejected_runs(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = tests_next(shift->lines[line].tests, 0); a >= 0; a = tests_next(shift->lines[line].tests, a + 1)) {
            const assay_t *assay = &shift->assays[line][a];
            qc_history_t history;
            qc_history_init(&history);
            for (int i = 0; i < assay->point_count; i++) {
                const qc_point_t *p = qc_point(shift, line, a, i);
                if (p->marks & QC_MARKS_ANEW) qc_history_init(&history);
                static const uint8_t levels[SHIFT_QC_LEVELS] = {1, 2, 3};
                double z[SHIFT_QC_LEVELS] = {(double)p->z[0], (double)p->z[1], (double)p->z[2]};
                qc_verdict_t verdict;
                qc_judge_run(&shift->rules, &history, z, levels, SHIFT_QC_LEVELS, &verdict);
                if (p->run <= 0) continue;
                w->debrief->qc_runs++;
                bool fault = false; /* a level that the test does not have is NAN: comparisons are false */
                for (int l = 0; l < SHIFT_QC_LEVELS; l++)
                    fault = fault || p->truth_z[l] > 0.5f || p->truth_z[l] < -0.5f;
                if (p->decision == VERDICT_REJECT && !fault && verdict.verdict != QC_VERDICT_REJECT) {
                    w->debrief->qc_false_rejections++;
                    w->false_rejections++;
                }
                if (p->decision == VERDICT_REJECT && p->cause < 0) w->blank_records++;
            }
        }
    if (w->false_rejections == 0) return;
    finding_t *f = debrief_finding(w->debrief, FINDING_QC_FALSE_ALARM, 0);
    if (!f) return;
    f->points = w->false_rejections * w->weights.false_rejection;
    snprintf(f->text, sizeof f->text,
             "%d control results were rejected though no rule was broken and nothing was wrong.", w->false_rejections);
}

/* ---- what was planted ---- */

static void list_planted(work_t *w)
{
    const scenario_t *scenario = w->shift->scenario;
    static const char *const words[] = {"",
                                        "swapped blood of two patients",
                                        "label that does not match",
                                        "critical patient",
                                        "",
                                        "blood that asks for more",
                                        "proficiency specimen",
                                        "test added to a stored tube",
                                        "refrigerator out of its limits",
                                        "breakdown",
                                        "LIS down",
                                        "new reagent lot",
                                        "month of controls to review"};
    for (int i = 0; i < scenario->plant_count && w->debrief->planted_count < DEBRIEF_PLANTS; i++) {
        const plant_t *plant = &scenario->plants[i];
        planted_t *p = &w->debrief->planted[w->debrief->planted_count++];
        *p = (planted_t){.what = words[plant->kind], .at_s = plant->at_s, .caught_s = NEVER};
        w->planted_of[i] = p;
        if (plant->kind >= PLANT_REFRIGERATOR) {
            const char *where = plant->kind == PLANT_REFRIGERATOR ? care_tables(w->shift->lab)->units[plant->unit].name
                                : plant->kind == PLANT_LIS_DOWN   ? "LIS"
                                                                  : line_name(plant->line);
            bool month = plant->kind == PLANT_MONTH;
            snprintf(p->where, sizeof p->where, "%s%s%s", where, month ? " " : "",
                     month ? lab_analyte(w->shift->lab, plant->analyte)->name : "");
            p->caught = plant->kind == PLANT_LIS_DOWN;
            continue;
        }
        if (plant->kind == PLANT_SPECIMEN) p->what = fault_id(w->shift->lab, plant->fault.kind);
        if (plant->kind == PLANT_ANALYZER) {
            p->what = analyzer_fault_id(w->shift->lab, plant->analyzer.kind);
            const char *test = plant->analyte < 0 ? "" : lab_analyte(w->shift->lab, plant->analyte)->name;
            snprintf(p->where, sizeof p->where, "%s %s", line_name(plant->line), test);
            continue;
        }
        for (int32_t s = 0; s < w->shift->specimen_count; s++) {
            if (w->shift->specimens[s].plant != i || w->shift->specimens[s].state == SPECIMEN_COMING) continue;
            char name[12];
            debrief_accession(w->shift, s, name);
            size_t used = strlen(p->where);
            snprintf(p->where + used, sizeof p->where - used, "%s%s", used ? ", " : "", name);
        }
    }
}

static void close_planted(work_t *w)
{
    for (int i = 0; i < w->shift->scenario->plant_count; i++) {
        planted_t *p = w->planted_of[i];
        const plant_t *plant = &w->shift->scenario->plants[i];
        bool tube = plant->kind != PLANT_ANALYZER && plant->kind < PLANT_REFRIGERATOR;
        if (p) p->came = tube ? p->where[0] != '\0' : plant->at_s <= w->shift->ended_s;
        if (!p || plant->kind == PLANT_ANALYZER || plant->kind >= PLANT_REFRIGERATOR) continue;
        p->caught = true;
        for (int k = 0; k < w->debrief->finding_count; k++) {
            const finding_t *f = &w->debrief->findings[k];
            if (f->specimen < 0 || w->shift->specimens[f->specimen].plant != i) continue;
            if (f->kind == FINDING_HARMFUL_RELEASE || f->kind == FINDING_CRITICAL_LATE ||
                f->kind == FINDING_UNKNOWABLE || f->kind == FINDING_WORKUP_MISSED || f->kind == FINDING_SURVEY_FAILED ||
                f->kind == FINDING_TUBE_LABEL || f->kind == FINDING_TUBE_ADD_ON || f->kind == FINDING_UNFIT_TAKEN)
                p->caught = false;
            if (f->kind == FINDING_CAUGHT || f->kind == FINDING_RIGHT_REJECTION || f->kind == FINDING_CRITICAL_CALLED ||
                f->kind == FINDING_WORKUP_DONE || f->kind == FINDING_SURVEY_PASSED || f->kind == FINDING_TUBE_DONE ||
                f->kind == FINDING_UNFIT_SETTLED)
                p->caught_s = f->at_s;
        }
    }
}

/* ---- putting it together ---- */

static double lost_by(const debrief_t *d, uint64_t kinds, double cap)
{
    double sum = 0;
    for (int i = 0; i < d->finding_count; i++)
        if (kinds & (1ULL << d->findings[i].kind)) sum += d->findings[i].points;
    return sum > cap ? cap : sum;
}

#define KIND(k) (1ULL << (k))

static void score(work_t *w)
{
    debrief_t *d = w->debrief;
    const weights_t *c = &w->weights;
    d->lost.safety = lost_by(d,
                             KIND(FINDING_HARMFUL_RELEASE) | KIND(FINDING_WORKUP_MISSED) | KIND(FINDING_SURVEY_FAILED) |
                                 KIND(FINDING_TUBE_SPIN) | KIND(FINDING_TUBE_LABEL) | KIND(FINDING_TUBE_ADD_ON) |
                                 KIND(FINDING_TUBE_ALIQUOT) | KIND(FINDING_UNFIT_TAKEN),
                             c->safety_cap);
    d->lost.quality_control =
        lost_by(d,
                KIND(FINDING_QC_MISSED) | KIND(FINDING_QC_CAUGHT) | KIND(FINDING_QC_FALSE_ALARM) |
                    KIND(FINDING_REVIEW_WRONG) | KIND(FINDING_REVIEW_MISSED) | KIND(FINDING_REVIEW_NEEDLESS),
                c->qc_cap);
    d->lost.criticals = lost_by(d, KIND(FINDING_CRITICAL_LATE), c->critical_cap);
    d->lost.over_reaction = lost_by(d, KIND(FINDING_WRONG_REJECTION) | KIND(FINDING_NEEDLESS_CALL), c->over_cap);
    d->lost.records =
        lost_by(d, KIND(FINDING_BLANK_RECORD) | KIND(FINDING_PHONE) | KIND(FINDING_TUBE_UNSTORED), c->record_cap);
    double late = w->timed + w->late > 0 ? (double)w->late / (double)(w->timed + w->late) : 0;
    /* work left undone is late work: nothing released is the worst of turnarounds */
    double worked = d->specimens > 0 ? (double)w->finished / d->specimens : 1;
    d->lost.turnaround = c->turnaround_cap * (late > 1 - worked ? late : 1 - worked);
    for (int k = FINDING_CARE_UNSIGNED; k <= FINDING_CARE_FALSE; k++) d->lost.care += lost_by(d, KIND(k), c->care_cap);
    if (d->lost.care > c->care_cap) d->lost.care = c->care_cap;
    d->score = 100 - d->lost.care - d->lost.safety - d->lost.quality_control - d->lost.criticals -
               d->lost.over_reaction - d->lost.records - d->lost.turnaround;
    if (d->score < 0) d->score = 0;
}

static void detect(debrief_t *d)
{
    d->d_prime = d->bias = NAN;
    int signals = d->hits + d->misses, noises = d->false_alarms + d->correct_passes;
    if (signals == 0 || noises < DEBRIEF_MINIMUM_OBSERVATIONS) return;
    double hit = (d->hits + 0.5) / (signals + 1.0), alarm = (d->false_alarms + 0.5) / (noises + 1.0);
    double zh = exact_normal_quantile(hit), zf = exact_normal_quantile(alarm);
    d->d_prime = zh - zf;
    d->bias = -0.5 * (zh + zf);
}

static int by_cost(const void *a, const void *b)
{
    const finding_t *x = a, *y = b;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    if (x->at_s != y->at_s) return x->at_s < y->at_s ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return x->specimen < y->specimen ? -1 : x->specimen > y->specimen;
}

bool debrief_make(const shift_t *shift, debrief_t **out, err_t *err)
{
    *out = NULL;
    if (!shift->over)
        return err_set(err, ERR_STATE, "The debrief opens when the shift is handed over or its time is up.");
    debrief_t *d = calloc(1, sizeof *d);
    work_t *w = calloc(1, sizeof *w);
    if (d) d->findings = calloc(DEBRIEF_FINDINGS, sizeof *d->findings);
    if (!d || !w || !d->findings) {
        debrief_free(d);
        free(w);
        return err_set(err, ERR_MEMORY, "There is not enough memory for the debrief.");
    }
    w->shift = shift;
    w->debrief = d;
    w->weights = *score_weights(shift->lab);
    d->drill = shift->scenario->drill;
    d->actions = shift->log_count;
    d->results = shift->result_count;
    list_planted(w);
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        if (shift->specimens[i].state == SPECIMEN_COMING) continue;
        d->specimens++;
        w->finished += shift->specimens[i].state == SPECIMEN_DONE || shift->ended_s < shift->specimens[i].due_s ||
                       (shift->specimens[i].state == SPECIMEN_REJECTED && is_bad_specimen(w, i));
        judge_specimen(w, i);
        judge_rejection(w, i);
    }
    for (int32_t r = 0; r < shift->result_count; r++) judge_critical(w, r);
    judge_workups(w);
    debrief_unfit(w);
    judge_surveys(w);
    tray_judge(w);
    debrief_calls(w);
    for (int i = 0; i < shift->line_fault_count; i++) judge_line_fault(w, &shift->line_faults[i]);
    judge_rejected_runs(w);
    debrief_turnaround(w);
    care_judge(w);
    month_judge(w);
    debrief_records(w);
    close_planted(w);
    score(w);
    detect(d);
    debrief_competencies(w);
    qsort(d->findings, (size_t)d->finding_count, sizeof *d->findings, by_cost);
    free(w);
    *out = d;
    return true;
}

void debrief_free(debrief_t *debrief)
{
    if (!debrief) return;
    free(debrief->findings);
    free(debrief);
}
