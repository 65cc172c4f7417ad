/* The reviews of controls, judged after the shift: each signature by the numbers that stood there when it was given
 * (month_advice, procedure CH-029), and by whether the runs came from a stable process. What could not be seen in the
 * numbers is not counted. Limits that are wrong cost later: how often 1-3s would then find a shift of 3 SD is
 *     P = 1 - [Phi((mean + 3 s - x) / sd) - Phi((mean - 3 s - x) / sd)],  x = true mean +/- 3 sd,
 * for the direction that is found less often (1-ks in closed form). */
#include "debrief_private.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>

static const double LATER_SHIFT_SD = 3, MEAN_APART = 0.34, SD_LEAST = 0.75, SD_MOST = 1.35;

static bool same_test(const month_signed_t *r, int line, int analyte)
{
    return r->line == line && r->analyte == analyte;
}

/* Of a hundred runs with a shift of `shift_sd`, in the direction that is found less often, how many 1-3s rejects. */
static double rejected_of_100(const shift_t *shift, int analyte, int level, double mean, double sd, double shift_sd)
{
    const analyte_t *about = lab_analyte(shift->lab, analyte);
    double least = 1, s = about->qc_sd[level];
    for (int way = -1; way <= 1; way += 2) {
        double x = about->qc_target[level] + way * shift_sd * s;
        double p = 1 - exact_normal_cdf((mean + 3 * sd - x) / s) + exact_normal_cdf((mean - 3 * sd - x) / s);
        if (p < least) least = p;
    }
    return 100 * least;
}

/* What such limits cost: faults that are found less often, or sound runs that are rejected. */
static void cost_words(char out[120], const shift_t *shift, int analyte, int level, double mean, double sd)
{
    double found = rejected_of_100(shift, analyte, level, mean, sd, LATER_SHIFT_SD);
    if (found < 45)
        snprintf(out, 120, "1-3s finds a shift of 3 SD in %.0f of 100 runs, with right limits in 50", found);
    else
        snprintf(out, 120, "1-3s rejects %.1f of 100 sound runs of that level, with right limits 0.3",
                 rejected_of_100(shift, analyte, level, mean, sd, 0));
}

static finding_t *say(work_t *w, finding_kind_t kind, int line, int analyte, int32_t at_s, double points)
{
    finding_t *f = debrief_finding(w->debrief, kind, at_s);
    w->reviews_judged++;
    w->reviews_right += kind == FINDING_REVIEW_DONE;
    if (!f) return NULL;
    f->line = line;
    f->analyte = analyte;
    f->points = points;
    f->harm = kind == FINDING_REVIEW_MISSED ? HARM_MINOR : HARM_NONE;
    f->visible_s = 0;
    return f;
}

/* ---- limits that were set ---- */

typedef struct {
    int level;
    const char *why; /* NULL: right */
} wrong_t;

/* The first level whose new limits are not those of its accepted runs. */
static wrong_t wrong_values(const month_signed_t *r)
{
    for (int l = 0; l < r->seen.levels; l++) {
        if (!(r->levels >> l & 1)) continue;
        const month_level_t *v = &r->seen.level[l];
        bool mean = exact_abs(r->mean[l] - v->mean) <= MEAN_APART * v->sd;
        double ratio = r->sd[l] / v->sd;
        if (mean && ratio >= SD_LEAST && ratio <= SD_MOST) continue;
        bool all = r->seen.rejected > 0 && exact_abs(r->mean[l] - v->all_mean) <= 0.1 * v->all_sd &&
                   exact_abs(r->sd[l] / v->all_sd - 1) <= 0.1;
        return (wrong_t){l, all               ? "the rejected runs were taken in"
                            : !mean           ? "that is not the mean of the accepted runs"
                            : ratio > SD_MOST ? "the SD is wider than the accepted runs scatter"
                                              : "the SD is narrower than the accepted runs scatter"};
    }
    return (wrong_t){-1, NULL};
}

static int first_level(const month_signed_t *r)
{
    int l = 0;
    while (l < SHIFT_QC_LEVELS - 1 && !(r->levels >> l & 1)) l++;
    return l;
}

static bool unstable(const month_signed_t *r)
{
    return exact_abs(r->truth_moved) > MONTH_TRULY_MOVED || r->truth_scatter > MONTH_TRULY_SCATTERS;
}

/* What was wrong with setting limits at all; NULL: nothing that could be seen. */
static const char *why_not(const month_signed_t *r, const month_advice_t *advice)
{
    if (unstable(r) && advice->moves) return "the month moves: the new mean hides it";
    if (unstable(r) && advice->scatters) return "the month scatters: the new SD hides it";
    return advice->few ? "too few" : NULL;
}

/* False when these limits should not have been signed. */
static bool judge_limits(work_t *w, const month_signed_t *r)
{
    month_advice_t advice = month_advice(&r->seen);
    wrong_t wrong = wrong_values(r);
    const char *why = why_not(r, &advice);
    const char *test = lab_analyte(w->shift->lab, r->analyte)->name;
    if (!why && !wrong.why) return true;
    int level = why ? first_level(r) : wrong.level;
    finding_t *f = say(w, FINDING_REVIEW_WRONG, r->line, r->analyte, r->at_s, w->weights.review_wrong);
    if (!f) return false;
    char cost[120];
    cost_words(cost, w->shift, r->analyte, level, r->mean[level], r->sd[level]);
    f->harm = HARM_MODERATE;
    snprintf(f->text, sizeof f->text, "%s %s level %d: limits signed from %d accepted runs: %s. %s.",
             line_name(r->line), test, level + 1, r->seen.accepted, why ? why : wrong.why, cost);
    return false;
}

/* ---- what was left as it was ---- */

/* The levels that the numbers call off and no signature put right. */
static int left_off(const shift_t *shift, const month_signed_t *last, const month_advice_t *advice)
{
    for (int l = 0; l < last->seen.levels; l++) {
        bool set = false;
        for (int i = 0; i < shift->month_count; i++)
            set =
                set || (same_test(&shift->months[i], last->line, last->analyte) && (shift->months[i].levels >> l & 1));
        if ((advice->levels >> l & 1) && !set) return l;
    }
    return -1;
}

static void judge_last(work_t *w, const month_signed_t *r, bool limits_right, planted_t *planted)
{
    const shift_t *shift = w->shift;
    month_advice_t advice = month_advice(&r->seen);
    bool visible = advice.decision == REVIEW_INVESTIGATE;
    int off = left_off(shift, r, &advice);
    const char *test = lab_analyte(shift->lab, r->analyte)->name, *line = line_name(r->line);
    bool right = limits_right;
    if (r->decision == REVIEW_KEEP && unstable(r) && visible) {
        right = false;
        SAY(say(w, FINDING_REVIEW_MISSED, r->line, r->analyte, r->at_s, w->weights.review_missed),
            "%s %s: signed as in order, though %s. Its cause is not looked for.", line, test,
            advice.moves ? "the last third of the month lies apart from the first"
                         : "more values lie beyond 2 SD than chance brings");
    } else if (off >= 0) {
        const month_level_t *v = &r->seen.level[off];
        right = false;
        char cost[120];
        cost_words(cost, shift, r->analyte, off, v->assigned_mean, v->assigned_sd);
        SAY(say(w, FINDING_REVIEW_MISSED, r->line, r->analyte, r->at_s, w->weights.review_missed),
            "%s %s level %d: the limits stay, though %d accepted runs stand %+.1f SD from the mean with %.1f times the "
            "SD. "
            "%s.",
            line, test, off + 1, r->seen.accepted, v->off_sd, v->sd_ratio, cost);
    } else if (r->decision == REVIEW_INVESTIGATE && !unstable(r) && !visible && !advice.few) {
        right = false;
        SAY(say(w, FINDING_REVIEW_NEEDLESS, r->line, r->analyte, r->at_s, w->weights.review_needless),
            "%s %s: set apart for a cause, but the month was stable and its limits fit.", line, test);
    }
    if (planted) {
        planted->caught = right;
        planted->caught_s = right ? r->at_s : NEVER;
    }
    if (right)
        SAY(say(w, FINDING_REVIEW_DONE, r->line, r->analyte, r->at_s, 0),
            "%s %s: the month was reviewed as it was: %s.", line, test,
            review_decision_word((review_decision_t)r->decision));
}

static void judge_test(work_t *w, int line, int analyte, planted_t *planted)
{
    const month_signed_t *last = NULL;
    bool right = true;
    for (int i = 0; i < w->shift->month_count; i++) {
        const month_signed_t *r = &w->shift->months[i];
        if (!same_test(r, line, analyte)) continue;
        last = r;
        if (r->decision == REVIEW_SET) right = judge_limits(w, r) && right;
    }
    if (last) {
        judge_last(w, last, right, planted);
        return;
    }
    SAY(say(w, FINDING_REVIEW_MISSED, line, analyte, w->shift->ended_s, w->weights.review_unsigned),
        "%s %s: the month of its controls was to be reviewed, and nobody signed it.", line_name(line),
        lab_analyte(w->shift->lab, analyte)->name);
}

void month_judge(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind != PLANT_MONTH || plant->at_s > shift->ended_s) continue;
        planted_t *planted = w->planted_of[i];
        if (planted) snprintf(planted->cue, sizeof planted->cue, "the numbers and the chart of its month");
        judge_test(w, plant->line, plant->analyte, planted);
    }
    /* signed though nobody had asked for it */
    for (int i = 0; i < shift->month_count; i++) {
        const month_signed_t *r = &shift->months[i];
        bool before = month_plant(shift, r->line, r->analyte) != NULL;
        for (int k = 0; k < i; k++) before = before || same_test(&shift->months[k], r->line, r->analyte);
        if (!before) judge_test(w, r->line, r->analyte, NULL);
    }
}
