/* The care of analyzers, judged after the shift. A signature is compared with what the readings page showed
 * and whether it had been opened; an entry with the display; a line's return to patients with what its
 * procedure asks; a typed result with its paper. Every part says what could be seen and when. */
#include "debrief_private.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>

enum {
    ANSWER_S = 20 * 60,  /* an alarm is looked after, a downtime log begun, the wards told */
    CORRECT_S = 60 * 60, /* after the entry that showed it */
    LOT_S = 60 * 60,     /* from the new lot on board to its decision */
    STAT_S = 30 * 60,
    SHORT_S = 20 * 60, /* a stop below this needs no downtime log */
};

static finding_t *say(work_t *w, finding_kind_t kind, int32_t at_s, int32_t visible_s, int line, double points)
{
    finding_t *f = debrief_finding(w->debrief, kind, at_s);
    w->care_seen++;
    if (kind == FINDING_CARE_DONE) w->care_right++;
    if (!f) return NULL;
    f->visible_s = visible_s;
    f->line = line;
    f->points = points;
    return f;
}

/* ---- checklists ---- */

static void judge_signed(work_t *w, int line, const care_sheet_t *sheet, const care_list_def_t *def, const char *name)
{
    const care_tables_t *care = care_tables(w->shift->lab);
    int invented = 0, blank = 0, out = 0, out_step = 0, wrong_step = 0;
    for (int i = 0; i < def->count; i++) {
        blank += sheet->written[i][0] == '\0';
        if (def->steps[i].kind != CARE_VALUE) continue;
        const care_reading_t *reading = &care->readings[def->steps[i].reading];
        double is = care_reading_now(w->shift, line, def->steps[i].reading);
        double panel = sheet->panel[i] == sheet->panel[i] ? sheet->panel[i] : is;
        double step = 1;
        for (int d = 0; d < reading->decimals; d++) step /= 10;
        if (sheet->value[i] == sheet->value[i] &&
            (sheet->seen_s == NEVER || exact_abs(sheet->value[i] - panel) > 0.75 * step)) {
            invented++;
            wrong_step = i;
        }
        if (panel < reading->low || panel > reading->high) {
            out++;
            out_step = i;
        }
    }
    w->blank_records += blank < 4 ? blank : 4;
    if (invented > 0)
        SAY(say(w, FINDING_CARE_INVENTED, sheet->signed_s, sheet->seen_s, line, w->weights.care_invented),
            sheet->seen_s == NEVER
                ? "%s, %s list: signed with %d values before anybody had opened the readings page (%s)."
                : "%s, %s list: %d of the values signed are not what the readings page showed (%s).",
            line_name(line), name, invented, def->steps[wrong_step].text);
    if (out > 0 && sheet->acceptable)
        SAY(say(w, FINDING_CARE_OUT_OF_RANGE, sheet->signed_s, sheet->seen_s, line, w->weights.care_out_of_range),
            "%s, %s list: signed as acceptable while the readings page showed \"%s\" outside its limits.",
            line_name(line), name, def->steps[out_step].text);
    if (out == 0 && !sheet->acceptable)
        SAY(say(w, FINDING_CARE_FALSE, sheet->signed_s, sheet->seen_s, line, w->weights.care_false),
            "%s, %s list: signed as not acceptable, but every reading stood inside its limits.", line_name(line), name);
    if (invented == 0 && (out > 0) != sheet->acceptable && blank == 0)
        SAY(say(w, FINDING_CARE_DONE, sheet->signed_s, sheet->seen_s, line, 0),
            "%s, %s list: done and signed as it was.", line_name(line), name);
}

static void judge_sheets(work_t *w)
{
    static const char *const names[CARE_LISTS] = {"daily", "weekly", "monthly"};
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int list = 0; list < CARE_LISTS; list++) {
            const care_sheet_t *sheet = &w->shift->care.sheets[line][list];
            if (sheet->signed_s != NEVER)
                judge_signed(w, line, sheet, &care_tables(w->shift->lab)->lists[line_bench(line)][list], names[list]);
            else if (sheet->due && !sheet->before)
                SAY(say(w, FINDING_CARE_UNSIGNED, w->shift->ended_s, 0, line, w->weights.care_unsigned),
                    "%s: the %s checklist was due and nobody signed it.", line_name(line), names[list]);
        }
}

/* ---- temperature logs ---- */

static bool acted(const shift_t *shift, int unit, int32_t from_s, uint32_t actions)
{
    for (int i = 0; i < shift->care.log_count; i++) {
        const care_log_t *entry = &shift->care.log[i];
        if (entry->unit == unit && entry->action >= 0 && (actions & (1u << entry->action)) &&
            entry->at_s >= from_s - CORRECT_S && entry->at_s <= from_s + CORRECT_S)
            return true;
    }
    return false;
}

/* What an excursion asks: the cause ended while it lasts, and the stock marked or thrown away. */
static bool corrected(const shift_t *shift, int unit, const plant_t *plant, int32_t shown_s)
{
    int index = (int)(plant - shift->scenario->plants);
    int32_t end = shift->care.excursion_end_s[index], natural = plant->at_s + plant->duration_s;
    bool lasted = natural > shown_s && plant->at_s <= shown_s;
    bool ended = !lasted || (end != NEVER && end <= shown_s + CORRECT_S);
    return ended && acted(shift, unit, shown_s, 1u << UNIT_QUARANTINE | 1u << UNIT_DISCARD);
}

static const plant_t *excursion_of(const shift_t *shift, int unit)
{
    for (int i = 0; i < shift->scenario->plant_count; i++)
        if (shift->scenario->plants[i].kind == PLANT_REFRIGERATOR && shift->scenario->plants[i].unit == unit)
            return &shift->scenario->plants[i];
    return NULL;
}

static void judge_excursion(work_t *w, int unit, int32_t shown_s)
{
    const plant_t *plant = excursion_of(w->shift, unit);
    const care_unit_t *about = &care_tables(w->shift->lab)->units[unit];
    planted_t *planted = plant ? w->planted_of[plant - w->shift->scenario->plants] : NULL;
    char peak[32];
    if (!plant || plant->at_s > w->shift->ended_s) return;
    text_fixed(peak, plant->value, 1);
    int32_t from = plant->at_s > 0 ? plant->at_s : 0, seen = shown_s != NEVER ? shown_s : from;
    bool good = corrected(w->shift, unit, plant, seen);
    if (planted) {
        planted->caught = good;
        planted->caught_s = good ? seen : NEVER;
        snprintf(planted->cue, sizeof planted->cue, "the display of %s and the extremes in its memory", about->name);
    }
    if (good)
        SAY(say(w, FINDING_CARE_DONE, seen, from, -1, 0), "%s had reached %s °C: found, ended, and the stock marked.",
            about->name, peak);
    else
        SAY(say(w, FINDING_CARE_EXCURSION, seen, from, -1, w->weights.care_excursion),
            "%s had reached %s °C. Its cause was not ended or its stock not marked within an hour.", about->name, peak);
}

static void judge_units(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int unit = 0; unit < care_tables(shift->lab)->unit_count; unit++) {
        const care_unit_t *about = &care_tables(shift->lab)->units[unit];
        int entries = 0, invented = 0, needless = 0;
        int32_t first = NEVER, shown = NEVER;
        for (int i = 0; i < shift->care.log_count; i++) {
            const care_log_t *entry = &shift->care.log[i];
            if (entry->unit != unit || entry->at_s < 0) continue;
            if (entry->action >= 0) {
                needless +=
                    (entry->action == UNIT_DISCARD || entry->action == UNIT_QUARANTINE) && !excursion_of(shift, unit);
                continue;
            }
            entries++;
            if (first == NEVER) first = entry->at_s;
            bool humid = about->humidity_low == about->humidity_low;
            double second = humid ? care_humidity(shift, unit) : entry->was_most;
            invented += entry->looked_s == NEVER || exact_abs(entry->value - entry->was) > 0.25 ||
                        exact_abs(entry->second - second) > (humid ? 1.5 : 0.25);
            if (shown == NEVER && (entry->was_most > about->high || entry->was < about->low)) shown = entry->at_s;
        }
        if (entries == 0 && shift->scenario->care)
            SAY(say(w, FINDING_CARE_UNSIGNED, shift->ended_s, 0, -1, w->weights.care_unsigned),
                "%s: no temperature was written in this shift.", about->name);
        if (invented > 0)
            SAY(say(w, FINDING_CARE_INVENTED, first, 0, -1, w->weights.care_invented),
                "%s: what was written is not what the display and its memory showed.", about->name);
        if (needless > 0)
            SAY(say(w, FINDING_CARE_FALSE, shift->ended_s, NEVER, -1, w->weights.care_false),
                "%s: stock was marked or thrown away that had never been out of its limits.", about->name);
        if (entries > 0 && invented == 0)
            SAY(say(w, FINDING_CARE_DONE, first, NEVER, -1, 0), "%s: read and written.", about->name);
        judge_excursion(w, unit, shown);
    }
}

/* ---- stores ---- */

static int released_between(const shift_t *shift, int line, int analyte, int32_t from_s, int32_t to_s)
{
    int n = 0;
    for (int32_t r = 0; r < shift->result_count; r++) {
        const result_t *result = &shift->results[r];
        n += result->line == line && (analyte < 0 || result->analyte == analyte) && result->measured_s >= from_s &&
             (to_s == NEVER || result->measured_s < to_s) && result->state == RESULT_RELEASED;
    }
    return n;
}

static void judge_stock(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int i = 0; i < shift->care.load_count; i++) {
        const care_load_t *load = &shift->care.loads[i];
        if (!load->expired && !load->warm) continue;
        SAY(say(w, FINDING_CARE_STOCK, load->at_s, 0, load->line, w->weights.care_stock),
            load->expired ? "%s %s: a bottle of lot R%d went on board after its expiry date."
                          : "%s %s: a bottle of lot R%d went on board that had stood warm.",
            line_name(load->line), lab_analyte(shift->lab, load->analyte)->name, load->lot);
    }
    for (int i = 0; i < shift->care.crossover_count && shift->scenario->care; i++) {
        const crossover_t *c = &shift->care.crossovers[i];
        if (c->at_s + LOT_S > shift->ended_s) continue;
        int32_t done =
            c->judged_s != NEVER && (c->state == LOT_REFUSED || c->compared_s != NEVER) ? c->judged_s : NEVER;
        int n = released_between(shift, c->line, c->analyte, c->at_s + LOT_S, done);
        double allowed = c->mean_old > 0 ? debrief_allowed(lab_analyte(shift->lab, c->analyte), c->mean_old) / 3 : NAN;
        bool moved = exact_abs(c->mean_new - c->mean_old) > allowed;
        planted_t *planted = c->plant >= 0 ? w->planted_of[c->plant] : NULL;
        bool wrong = c->state == LOT_ACCEPTED && moved;
        if (planted) {
            planted->caught = done != NEVER && !wrong;
            planted->caught_s = done;
            snprintf(planted->cue, sizeof planted->cue, "the message of the new lot; the comparison");
        }
        const char *test = lab_analyte(shift->lab, c->analyte)->name;
        if (wrong)
            SAY(say(w, FINDING_CARE_STOCK, c->judged_s, c->compared_s, c->line, w->weights.care_stock),
                "%s %s: the new lot was taken into use though the patients had moved by more than a third of the "
                "allowable error.",
                line_name(c->line), test);
        else if (done != NEVER && n == 0)
            SAY(say(w, FINDING_CARE_DONE, done, c->at_s, c->line, 0), "%s %s: lot R%d was compared and decided.",
                line_name(c->line), test, c->new_lot);
        else if (n > 0)
            SAY(say(w, FINDING_CARE_STOCK, c->at_s + LOT_S, c->at_s, c->line, w->weights.care_stock),
                "%s %s: %d results went out on lot R%d with no comparison an hour after it came into use.",
                line_name(c->line), test, n, c->new_lot);
    }
}

/* ---- alarms ---- */

static int checks_missing(const line_alarm_t *alarm, const care_alarm_t *about)
{
    int missing = 0;
    for (int k = 0; k < VERIFY_KINDS; k++)
        missing += about->wanted[k] && (alarm->done_s[k] == NEVER || alarm->done_s[k] > alarm->returned_s);
    return missing;
}

static void judge_alarm(work_t *w, int line)
{
    const shift_t *shift = w->shift;
    const line_alarm_t *alarm = &shift->care.alarms[line];
    if (alarm->alarm < 0) return;
    const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
    planted_t *planted = w->planted_of[alarm->plant];
    bool late = alarm->answered_s == NEVER ? shift->ended_s > alarm->at_s + ANSWER_S
                                           : alarm->answered_s > alarm->at_s + ANSWER_S;
    if (late)
        SAY(say(w, FINDING_CARE_ALARM, alarm->at_s + ANSWER_S, alarm->at_s, line, w->weights.care_alarm), "%s, %s: %s.",
            line_name(line), about->code,
            alarm->answered_s == NEVER ? "nobody did anything about the alarm"
                                       : "the alarm was looked after only when twenty minutes were over");
    else if (alarm->answered_s != NEVER)
        SAY(say(w, FINDING_CARE_DONE, alarm->answered_s, alarm->at_s, line, 0), "%s, %s: looked after in time.",
            line_name(line), about->code);
    if (planted) {
        planted->caught = !late;
        planted->caught_s = alarm->answered_s;
        snprintf(planted->cue, sizeof planted->cue, "the alarm");
    }
    if (alarm->returned_s == NEVER || !about->stops) return;
    int missing = checks_missing(alarm, about);
    int n = released_between(shift, line, -1, alarm->returned_s, NEVER);
    if (missing > 0 && n > 0)
        SAY(say(w, FINDING_CARE_UNVERIFIED, alarm->returned_s, alarm->cleared_s, line, w->weights.care_unverified),
            "%s ran patients again with %d of its checks after repair not done; %d results went out.", line_name(line),
            missing, n);
    else if (missing == 0)
        SAY(say(w, FINDING_CARE_DONE, alarm->returned_s, alarm->cleared_s, line, 0),
            "%s went back to patients after all its checks.", line_name(line));
}

/* ---- downtime ---- */

static void judge_down(work_t *w, int what, int32_t from_s, int32_t to_s, const char *name)
{
    const shift_t *shift = w->shift;
    int32_t end = to_s == NEVER || to_s > shift->ended_s ? shift->ended_s : to_s;
    if (end - from_s <= SHORT_S) return;
    int32_t declared = shift->care.declared_s[what], told = NEVER;
    for (int g = WARD_ED; g <= WARD_ICU; g++) {
        if (shift->care.told_s[what][g] == NEVER) {
            told = NEVER;
            break;
        }
        if (shift->care.told_s[what][g] > told) told = shift->care.told_s[what][g];
    }
    int line = what < SHIFT_LINES ? what : -1;
    if (declared == NEVER || declared > from_s + ANSWER_S)
        SAY(say(w, FINDING_CARE_DOWNTIME, from_s + ANSWER_S, from_s, line, w->weights.care_downtime),
            "%s was down for %d minutes: no downtime log was begun within twenty.", name, (int)(end - from_s) / 60);
    else
        SAY(say(w, FINDING_CARE_DONE, declared, from_s, line, 0), "%s: the downtime log was begun in time.", name);
    if (told == NEVER || told > from_s + ANSWER_S)
        SAY(say(w, FINDING_CARE_DOWNTIME, from_s + ANSWER_S, from_s, line, w->weights.care_downtime),
            "%s was down: emergency department and intensive care were not told within twenty minutes.", name);
    else
        SAY(say(w, FINDING_CARE_DONE, told, from_s, line, 0), "%s: the wards were told in time.", name);
}

/* STAT tubes that stood in the queue of a stopped line, and STAT results that nobody reported on paper. */
static void judge_triage(work_t *w)
{
    const shift_t *shift = w->shift;
    int waited = 0, unreported = 0;
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *s = &shift->specimens[i];
        if (s->priority != PRIORITY_STAT || s->state == SPECIMEN_COMING) continue;
        if (s->state == SPECIMEN_QUEUED && care_stopped(shift, s->line) && s->loaded_s + STAT_S < shift->ended_s)
            waited++;
        int32_t down = shift->care.lis_down_s, back = shift->care.lis_back_s;
        if (down == NEVER || s->first_result < 0) continue;
        int32_t at = shift->results[s->first_result].measured_s;
        if (at < down || at + STAT_S > (back == NEVER ? shift->ended_s : back)) continue;
        bool reported = false;
        for (int p = 0; p < shift->care.paper_count; p++)
            reported = reported || (shift->care.papers[p].kind == PAPER_REPORT && shift->care.papers[p].specimen == i &&
                                    shift->care.papers[p].at_s <= at + STAT_S);
        unreported += !reported;
    }
    if (waited > 0)
        SAY(say(w, FINDING_CARE_DOWNTIME, shift->ended_s, NEVER, -1, w->weights.care_downtime * waited),
            "%d STAT tubes were left waiting at an analyzer that stood still.", waited);
    if (unreported > 0)
        SAY(say(w, FINDING_CARE_DOWNTIME, shift->ended_s, shift->care.lis_down_s, -1,
                w->weights.care_downtime * unreported),
            "%d STAT specimens were measured while the LIS was down and not reported on paper in half an hour.",
            unreported);
}

static void judge_entries(work_t *w)
{
    const shift_t *shift = w->shift;
    int left = 0;
    for (int i = 0; i < shift->care.paper_count; i++) {
        const paper_t *paper = &shift->care.papers[i];
        if (paper->kind == PAPER_REPORT || paper->ready_s + CORRECT_S > shift->ended_s) continue;
        const char *test = lab_analyte(shift->lab, paper->analyte)->name;
        bool slip = paper->agreed && exact_abs(paper->entered - paper->value) > 1e-6;
        bool there = shift_specimen_result(shift, paper->specimen, paper->analyte) >= 0;
        left += paper->checked_s == NEVER && !there;
        if (slip)
            SAY(say(w, FINDING_CARE_ENTRY, paper->checked_s, paper->ready_s, -1, w->weights.care_entry),
                "%s was typed as %g; the paper says %g. The second check let it pass.", test, paper->entered,
                paper->value);
        if (paper->doubled)
            SAY(say(w, FINDING_CARE_ENTRY, paper->checked_s, paper->ready_s, -1, w->weights.care_entry / 2),
                "%s was entered although the analyzer's own result was out already: two results for one specimen.",
                test);
        if (paper->agreed && !slip && !paper->doubled)
            SAY(say(w, FINDING_CARE_DONE, paper->checked_s, paper->ready_s, -1, 0), "%s was entered as the paper says.",
                test);
    }
    if (left > 0)
        SAY(say(w, FINDING_CARE_ENTRY, shift->ended_s, NEVER, -1, w->weights.care_entry),
            "%d results of the downtime log were never entered.", left);
}

void care_judge(work_t *w)
{
    const shift_t *shift = w->shift;
    judge_sheets(w);
    judge_units(w);
    judge_stock(w);
    for (int line = 0; line < SHIFT_LINES; line++) {
        const line_alarm_t *alarm = &shift->care.alarms[line];
        judge_alarm(w, line);
        if (alarm->alarm >= 0 && care_tables(shift->lab)->alarms[alarm->alarm].stops)
            judge_down(w, line, alarm->at_s, alarm->returned_s, line_name(line));
    }
    if (shift->care.lis_down_s != NEVER)
        judge_down(w, SHIFT_LINES, shift->care.lis_down_s, shift->care.lis_back_s, "The LIS");
    judge_triage(w);
    judge_entries(w);
}
