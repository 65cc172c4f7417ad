/* The month of controls: what is planted in it, the numbers of the accepted runs, the signature and the limits that it
 * sets. Mean and SD are those of a sample (n - 1); C24: limits of one's own from 20 points or more on. */
#include "shift_private.h"

#include <math.h>

enum { LIMIT_DECIMALS = 6 }; /* as an event keeps them */
static const double NEWEST_MOST_SD = 2.9;

/* ---- what is planted ---- */

const plant_t *month_plant(const shift_t *shift, int line, int analyte)
{
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind == PLANT_MONTH && plant->line == line && plant->analyte == analyte) return plant;
    }
    return NULL;
}

bool month_planned(const scenario_t *scenario)
{
    for (int i = 0; i < scenario->plant_count; i++)
        if (scenario->plants[i].kind == PLANT_MONTH) return true;
    return false;
}

static bool of_level(const plant_t *plant, int level)
{
    return plant->level == 0 || plant->level == level + 1;
}

static int32_t newest_before(const shift_t *shift)
{
    return qc_history_at(shift, shift->history_runs - 1);
}

/* The first run of the present control lot. */
static int32_t lot_began(const shift_t *shift, const plant_t *plant)
{
    int runs = plant && plant->points > 0 ? plant->points : shift->history_runs;
    return qc_history_at(shift, shift->history_runs - runs);
}

double month_moves(const shift_t *shift, const plant_t *plant, int level, int32_t at_s)
{
    if (!of_level(plant, level) || (plant->state != MONTH_DRIFT && plant->state != MONTH_STEP)) return 0;
    int32_t from = lot_began(shift, plant), until = newest_before(shift);
    double part = until > from ? (double)(at_s - from) / (double)(until - from) : 1;
    if (part > 1) part = 1; /* it stays where it has come to */
    if (part < 0) return 0; /* of the lot before */
    if (plant->state == MONTH_STEP) return part * 3 > 2 ? plant->value : 0;
    return plant->value * (part - 0.25); /* the limits were right when a quarter of the way was done */
}

double month_scatters(const plant_t *plant, int level)
{
    return of_level(plant, level) && plant->state == MONTH_IMPRECISE ? plant->value : 1;
}

/* A run that went wrong and was rejected with its cause: one in each equal part of the lot's runs but the newest. */
bool month_spoiled(const shift_t *shift, const plant_t *plant, int32_t run, double *by)
{
    int runs = plant->points > 0 ? plant->points : shift->history_runs, at = runs + run;
    int each = plant->rejected > 0 ? (runs - 1) / plant->rejected : 0;
    if (run >= 0 || at < 0 || each == 0 || at / each >= plant->rejected) return false;
    rng_t rng = rng_at(shift->seed, DRAW_MONTH, (uint64_t)plant->line * LAB_MAX_ANALYTES + (uint64_t)plant->analyte,
                       (uint64_t)(at / each));
    bool here = (int)rng_below(&rng, (uint32_t)each) == at % each;
    *by = rng_chance(&rng, 0.5) ? 5.5 : -5.5;
    return here;
}

void month_limits(const shift_t *shift, int line, int a, int level, int32_t at_s, double *mean, double *sd)
{
    const analyte_t *analyte = lab_analyte(shift->lab, a);
    *mean = analyte->qc_target[level];
    *sd = analyte->qc_sd[level];
    if (!shift->assays[line][a].own_limits) return;
    const plant_t *plant = month_plant(shift, line, a);
    if (plant && at_s >= lot_began(shift, plant) && of_level(plant, level)) {
        if (plant->state == MONTH_MEAN_OFF) *mean -= plant->value * *sd;
        if (plant->state == MONTH_SD_WIDE) *sd *= plant->value;
    }
    for (int i = 0; i < shift->month_count; i++) {
        const month_signed_t *r = &shift->months[i];
        if (r->line != line || r->analyte != a || !(r->levels >> level & 1) || r->at_s >= at_s) continue;
        *mean = r->mean[level];
        *sd = r->sd[level];
    }
}

static void limits_now(shift_t *shift, int line, int a)
{
    assay_t *assay = &shift->assays[line][a];
    for (int l = 0; l < assay->levels; l++) month_limits(shift, line, a, l, INT32_MAX, &assay->mean[l], &assay->sd[l]);
}

/* The points of the month, judged by the shifts before: beyond 3 SD rejected, beyond 2 SD a warning. */
void month_history(shift_t *shift, int line, int a)
{
    const plant_t *plant = month_plant(shift, line, a);
    assay_t *assay = &shift->assays[line][a];
    if (!plant) return;
    assay->own_limits = true;
    limits_now(shift, line, a);
    for (int i = 0; i < shift->history_runs; i++) {
        qc_point_t *point = qc_point_facts(shift, line, a, i);
        qc_point(shift, line, a, i);
        double far = 0, by;
        for (int l = 0; l < assay->levels; l++) far = fmax(far, exact_abs((double)point->z[l]));
        bool caused = month_spoiled(shift, plant, point->run, &by);
        if (i == shift->history_runs - 1 && far > 3) { /* the test is open: its newest run was accepted */
            for (int l = 0; l < assay->levels; l++) point->z[l] *= (float)(NEWEST_MOST_SD / far);
            far = NEWEST_MOST_SD;
        }
        point->decision = far > 3 || caused ? VERDICT_REJECT : far > 2 ? VERDICT_WARNING : VERDICT_IN_CONTROL;
        if (caused) {
            point->cause = (int16_t)lab_code_find(shift->lab, CODE_QC_CAUSE, "control_vial");
            point->corrective = (int16_t)lab_code_find(shift->lab, CODE_QC_ACTION, "fresh_vial");
        }
        if (plant->points > 0 && i == shift->history_runs - plant->points) point->marks |= QC_MARK_CONTROL;
    }
}

/* ---- the numbers ---- */

/* "Chance" and "not found yet" name no cause. */
static bool has_cause(const shift_t *shift, const qc_point_t *point)
{
    return point->cause >= 0 && point->cause != lab_code_find(shift->lab, CODE_QC_CAUSE, "chance") &&
           point->cause != lab_code_find(shift->lab, CODE_QC_CAUSE, "unknown");
}

static bool is_accepted(const shift_t *shift, const qc_point_t *point)
{
    return (point->decision == VERDICT_IN_CONTROL || point->decision == VERDICT_WARNING) && !has_cause(shift, point);
}

static double value_of(const shift_t *shift, int line, int a, int level, const qc_point_t *point)
{
    double mean, sd;
    month_limits(shift, line, a, level, point->at_s, &mean, &sd);
    return mean + sd * (double)point->z[level];
}

typedef struct {
    int n;
    double sum, squares; /* about the first value, so that nothing is lost */
    double origin;
} sums_t;

static void sums_add(sums_t *s, double x)
{
    if (s->n == 0) s->origin = x;
    s->n++;
    s->sum += x - s->origin;
    s->squares += (x - s->origin) * (x - s->origin);
}

static double sums_mean(const sums_t *s)
{
    return s->n > 0 ? s->origin + s->sum / s->n : NAN;
}

static double sums_sd(const sums_t *s)
{
    double rest = s->n > 1 ? (s->squares - s->sum * s->sum / s->n) / (s->n - 1) : NAN;
    return rest > 0 ? sqrt(rest) : rest != rest ? NAN : 0;
}

static void level_of(const shift_t *shift, int line, int a, int level, const month_t *month, month_level_t *out)
{
    const assay_t *assay = &shift->assays[line][a];
    sums_t accepted = {0}, all = {0}, first = {0}, last = {0};
    int third = month->accepted / 3;
    for (int i = 0; i < assay->point_count; i++) {
        const qc_point_t *point = qc_point(shift, line, a, i);
        if (point->at_s < month->since_s || point->decision == VERDICT_NONE) continue;
        double x = value_of(shift, line, a, level, point);
        bool far = point->z[level] > 2 || point->z[level] < -2;
        sums_add(&all, x);
        out->beyond += far && !has_cause(shift, point);
        if (!is_accepted(shift, point)) continue;
        if (accepted.n < third) sums_add(&first, x);
        if (accepted.n >= month->accepted - third) sums_add(&last, x);
        sums_add(&accepted, x);
        out->warnings += far;
    }
    out->mean = accepted.n > 1 ? sums_mean(&accepted) : NAN;
    out->sd = sums_sd(&accepted);
    out->cv_pct = out->mean > 0 ? 100 * out->sd / out->mean : NAN;
    out->assigned_mean = assay->mean[level];
    out->assigned_sd = assay->sd[level];
    out->off_sd = (out->mean - out->assigned_mean) / out->assigned_sd;
    out->sd_ratio = out->sd / out->assigned_sd;
    out->first_mean = third > 1 ? sums_mean(&first) : NAN;
    out->last_mean = third > 1 ? sums_mean(&last) : NAN;
    out->all_mean = all.n > 1 ? sums_mean(&all) : NAN;
    out->all_sd = sums_sd(&all);
}

bool month_of(const shift_t *shift, int line, int analyte, month_t *month)
{
    *month = (month_t){.due_s = NEVER};
    if (line < 0 || line >= SHIFT_LINES || analyte < 0 || analyte >= LAB_MAX_ANALYTES ||
        !shift->assays[line][analyte].used)
        return false;
    const assay_t *assay = &shift->assays[line][analyte];
    const plant_t *plant = assay->own_limits ? month_plant(shift, line, analyte) : NULL;
    month->levels = assay->levels;
    month->lot_began = plant && plant->points > 0;
    month->since_s = lot_began(shift, plant);
    if (plant && plant->at_s <= shift->now_s) month->due_s = plant->at_s > 0 ? plant->at_s : 0;
    for (int i = 0; i < shift->month_count; i++)
        month->reviews += shift->months[i].line == line && shift->months[i].analyte == analyte;
    month->due = month->due_s != NEVER && month->reviews == 0;
    for (int i = 0; i < assay->point_count; i++) {
        const qc_point_t *point = qc_point_facts(shift, line, analyte, i);
        if (point->at_s < month->since_s) continue;
        bool judged = point->decision != VERDICT_NONE;
        month->runs++;
        month->not_judged += !judged;
        month->accepted += is_accepted(shift, point);
        month->rejected += judged && !is_accepted(shift, point);
        month->caused += judged && has_cause(shift, point);
    }
    for (int l = 0; l < assay->levels; l++) level_of(shift, line, analyte, l, month, &month->level[l]);
    return true;
}

month_advice_t month_advice(const month_t *month)
{
    month_advice_t advice = {.decision = REVIEW_KEEP, .few = month->accepted < MONTH_POINTS_MIN};
    int judged = month->accepted + month->rejected - month->caused, values = 0, beyond = 0;
    double moved = 0;
    for (int l = 0; l < month->levels; l++) {
        const month_level_t *v = &month->level[l];
        double by = (v->last_mean - v->first_mean) / fmin(v->sd, v->assigned_sd);
        double off =
            exact_abs(v->off_sd) / fmax(1, v->sd_ratio); /* in the greater SD: scatter moves a mean by chance */
        moved += by / month->levels;
        advice.moves = advice.moves || exact_abs(by) > MONTH_LEVEL_MOVES_SD;
        if (off > MONTH_OFF_SD || v->sd_ratio < MONTH_WIDE_RATIO) {
            advice.levels |= 1u << l;
            continue; /* beyond limits that are wrong: no scatter */
        }
        values += judged;
        beyond += v->beyond;
    }
    advice.moves = !advice.few && (advice.moves || exact_abs(moved) > MONTH_MOVES_SD);
    advice.scatters = judged >= MONTH_POINTS_MIN && beyond >= MONTH_SCATTER_LEAST && beyond > MONTH_SCATTER * values;
    if (advice.moves || advice.scatters)
        advice.decision = REVIEW_INVESTIGATE;
    else if (advice.levels && !advice.few)
        advice.decision = REVIEW_SET;
    if (advice.decision != REVIEW_SET) advice.levels = 0;
    return advice;
}

int month_due(const shift_t *shift, month_due_t *list, int max)
{
    int open = 0;
    for (int i = 0; shift->month_planned && i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind != PLANT_MONTH || plant->at_s > shift->now_s) continue;
        bool done = false;
        for (int k = 0; k < shift->month_count; k++)
            done = done || (shift->months[k].line == plant->line && shift->months[k].analyte == plant->analyte);
        if (done) continue;
        if (open < max) list[open] = (month_due_t){plant->line, plant->analyte, plant->at_s > 0 ? plant->at_s : 0};
        open++;
    }
    return open;
}

/* ---- the signature ---- */

const char *review_decision_word(review_decision_t decision)
{
    static const char *const words[REVIEW_DECISIONS] = {"keep the limits", "set new mean and SD",
                                                        "investigate, change nothing"};
    return decision >= 0 && decision < REVIEW_DECISIONS ? words[decision] : "";
}

/* "AB: remark": initials of letters and dots before the colon. */
static bool read_initials(const char *text, char out[MONTH_INITIALS_MAX + 1], err_t *err)
{
    size_t n = 0;
    while (n < MONTH_INITIALS_MAX &&
           ((text[n] >= 'A' && text[n] <= 'Z') || (text[n] >= 'a' && text[n] <= 'z') || text[n] == '.'))
        n++;
    if (n == 0 || (text[n] != ':' && text[n] != '\0'))
        return err_set(err, ERR_INPUT, "Sign with your initials, one to %d letters, such as AB.", MONTH_INITIALS_MAX);
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

static bool read_limits(const action_t *action, const month_t *month, month_signed_t *r, err_t *err)
{
    uint32_t known = (1u << month->levels) - 1, levels = (uint32_t)action->number;
    if (levels == 0 || (levels & ~known))
        return err_set(err, ERR_INPUT, "Enter a new mean and a new SD for at least one of the %d levels.",
                       month->levels);
    for (int l = 0; l < month->levels; l++) {
        if (!(levels >> l & 1)) continue;
        const month_level_t *v = &month->level[l];
        double mean = action->mean[l], sd = action->sd[l];
        if (!(exact_round(sd, LIMIT_DECIMALS) > 0) || !isfinite(sd))
            return err_set(err, ERR_INPUT, "Level %d: an SD is more than 0.", l + 1);
        if (!isfinite(mean) || exact_abs(mean - v->assigned_mean) > MONTH_ANY_SENSE_SD * v->assigned_sd ||
            sd > MONTH_ANY_SENSE_SD * v->assigned_sd)
            return err_set(err, ERR_INPUT,
                           "Level %d: mean %g with SD %g lies far from anything this control has read (mean %g, SD %g "
                           "are assigned). Check decimal point and level.",
                           l + 1, mean, sd, v->assigned_mean, v->assigned_sd);
        r->mean[l] = exact_round(mean, LIMIT_DECIMALS);
        r->sd[l] = exact_round(sd, LIMIT_DECIMALS);
    }
    r->levels = (uint8_t)levels;
    return true;
}

/* What was true of the accepted runs: how far they moved, how much wider they scatter than the method does. */
static void keep_truth(const shift_t *shift, month_signed_t *r)
{
    const assay_t *assay = &shift->assays[r->line][r->analyte];
    const plant_t *plant = assay->own_limits ? month_plant(shift, r->line, r->analyte) : NULL;
    int third = r->seen.accepted / 3;
    for (int l = 0; l < assay->levels; l++) {
        sums_t first = {0}, last = {0};
        int n = 0;
        for (int i = 0; i < assay->point_count; i++) {
            const qc_point_t *point = qc_point(shift, r->line, r->analyte, i);
            if (point->at_s < r->seen.since_s || !is_accepted(shift, point)) continue;
            if (n < third) sums_add(&first, (double)point->truth_z[l]);
            if (n >= r->seen.accepted - third) sums_add(&last, (double)point->truth_z[l]);
            n++;
        }
        double moved = third > 0 ? sums_mean(&last) - sums_mean(&first) : 0;
        if (exact_abs(moved) > exact_abs(r->truth_moved)) r->truth_moved = moved;
        if (plant) r->truth_scatter = fmax(r->truth_scatter, month_scatters(plant, l));
    }
}

bool month_act(shift_t *shift, const action_t *action, err_t *err)
{
    month_signed_t r = {.line = (int16_t)action->line,
                        .analyte = (int16_t)action->analyte,
                        .decision = (uint8_t)action->code,
                        .at_s = shift->now_s,
                        .truth_scatter = 1};
    if (!need_line(shift, action, err)) return false;
    if (!month_of(shift, action->line, action->analyte, &r.seen))
        return err_set(err, ERR_INPUT, "That test has no controls on this line.");
    if (action->code < 0 || action->code >= REVIEW_DECISIONS)
        return err_set(err, ERR_INPUT,
                       "Decide: keep the limits, set new mean and SD, or investigate and change nothing.");
    if (!read_initials(action->text, r.initials, err)) return false;
    if (shift->month_count == MONTH_REVIEWS_MAX)
        return err_set(err, ERR_LIMIT, "At most %d reviews are signed in one shift.", MONTH_REVIEWS_MAX);
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) r.mean[l] = r.sd[l] = NAN;
    if (action->code == REVIEW_SET && !read_limits(action, &r.seen, &r, err)) return false;
    keep_truth(shift, &r);
    r.log = shift->log_count; /* the entry that follows */
    shift->months[shift->month_count++] = r;
    if (action->code != REVIEW_SET) return true;
    assay_t *assay = &shift->assays[action->line][action->analyte];
    if (!assay->own_limits) /* the z of earlier points are by the limits of their time: all are drawn now */
        for (int i = 0; i < assay->point_count; i++) qc_point(shift, action->line, action->analyte, i);
    assay->own_limits = true;
    assay->next_marks |= QC_MARK_LIMITS;
    limits_now(shift, action->line, action->analyte);
    return true;
}

int month_review_count(const shift_t *shift)
{
    return shift->month_count;
}

bool month_review(const shift_t *shift, int index, month_review_t *view)
{
    if (index < 0 || index >= shift->month_count) return false;
    const month_signed_t *r = &shift->months[index];
    *view = (month_review_t){.line = r->line,
                             .analyte = r->analyte,
                             .decision = (review_decision_t)r->decision,
                             .levels = r->levels,
                             .points = r->seen.accepted,
                             .at_s = r->at_s,
                             .remark = ""};
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        view->mean[l] = r->mean[l];
        view->sd[l] = r->sd[l];
        view->old_mean[l] = l < r->seen.levels ? r->seen.level[l].assigned_mean : NAN;
        view->old_sd[l] = l < r->seen.levels ? r->seen.level[l].assigned_sd : NAN;
    }
    memcpy(view->initials, r->initials, sizeof view->initials);
    int32_t text = r->log < shift->log_count ? shift->log[r->log].text : -1;
    const char *colon = text >= 0 ? strchr(shift->texts + text, ':') : NULL;
    if (colon) view->remark = colon + 1 + strspn(colon + 1, " ");
    return true;
}

/* ---- days ---- */

/* Number of a day of the Gregorian calendar, and back: years begin in March, so that a leap day is the
 * last of its year. */
static int32_t day_number(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static void day_text(char out[11], int32_t number)
{
    int y = (int)(((int64_t)number * 400 + 399) / 146097); /* at most one too many */
    while (day_number(y, 3, 1) > number) y--;
    int32_t of_year = number - day_number(y, 3, 1);
    int m = (5 * of_year + 2) / 153, day = of_year - (153 * m + 2) / 5 + 1;
    int month = m < 10 ? m + 3 : m - 9, year = m < 10 ? y : y + 1;
    for (int i = 3; i >= 0; i--, year /= 10) out[i] = (char)('0' + year % 10);
    out[4] = out[7] = '-';
    out[5] = (char)('0' + month / 10);
    out[6] = (char)('0' + month % 10);
    out[8] = (char)('0' + day / 10);
    out[9] = (char)('0' + day % 10);
    out[10] = '\0';
}

void month_day(const shift_t *shift, int32_t at_s, char day[11])
{
    const scenario_t *s = shift->scenario;
    int64_t seconds = (int64_t)s->view.start_clock_s + at_s;
    int64_t days = seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400);
    day_text(day, day_number(s->year, s->month, s->day) + (int32_t)days);
}
