/* The care of analyzers as it is seen: copies of what stands on displays, sheets, shelves and paper. An alarm's
 * cause, a temperature that nobody looked at, a reading whose page was not opened: none of them is here. */
#include "debrief_private.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>

bool care_on(const shift_t *shift)
{
    return shift->scenario->care;
}

bool care_sheet(const shift_t *shift, int line, care_list_t list, care_sheet_view_t *view)
{
    static const char *const names[CARE_LISTS] = {"daily", "weekly", "monthly"};
    if (line < 0 || line >= SHIFT_LINES || !shift->lines[line].used || list < 0 || list >= CARE_LISTS) return false;
    const care_sheet_t *sheet = &shift->care.sheets[line][list];
    const care_tables_t *care = care_tables(shift->lab);
    const care_list_def_t *def = &care->lists[line_bench(line)][list];
    *view = (care_sheet_view_t){.name = names[list],
                                .sop = def->sop,
                                .due = sheet->due,
                                .signed_before = sheet->before,
                                .signed_s = sheet->signed_s,
                                .acceptable = sheet->acceptable,
                                .count = def->count};
    for (int i = 0; i < def->count; i++) {
        const care_step_t *step = &def->steps[i];
        care_step_view_t *v = &view->steps[i];
        *v = (care_step_view_t){.text = step->text,
                                .kind = step->kind,
                                .unit = "",
                                .low = NAN,
                                .high = NAN,
                                .choice_count = step->choice_count,
                                .written = sheet->written[i]};
        for (int c = 0; c < step->choice_count; c++) v->choices[c] = step->choices[c];
        if (step->reading < 0) continue;
        const care_reading_t *reading = &care->readings[step->reading];
        v->unit = reading->unit;
        v->low = reading->low;
        v->high = reading->high;
        v->decimals = reading->decimals;
    }
    return true;
}

int care_panel(const shift_t *shift, int line, care_reading_view_t *readings, int max)
{
    const care_tables_t *care = care_tables(shift->lab);
    int n = 0;
    if (line < 0 || line >= SHIFT_LINES || !shift->lines[line].used || shift->care.panel_s[line] == NEVER) return 0;
    for (int i = 0; i < care->reading_count && n < max; i++) {
        const care_reading_t *r = &care->readings[i];
        if (r->bench != line_bench(line)) continue;
        readings[n++] = (care_reading_view_t){.name = r->name,
                                              .unit = r->unit,
                                              .value = care_reading_now(shift, line, i),
                                              .low = r->low,
                                              .high = r->high,
                                              .decimals = r->decimals};
    }
    return n;
}

int care_step_reading(const shift_t *shift, int line, care_list_t list, int step)
{
    const care_tables_t *care = care_tables(shift->lab);
    if (line < 0 || line >= SHIFT_LINES || step < 0 || step >= care->lists[line_bench(line)][list].count) return -1;
    int wanted = care->lists[line_bench(line)][list].steps[step].reading, n = 0;
    for (int i = 0; i < care->reading_count; i++) {
        if (care->readings[i].bench != line_bench(line)) continue;
        if (i == wanted) return n;
        n++;
    }
    return -1;
}

/* ---- units ---- */

const char *unit_action_word(unit_action_t action)
{
    static const char *const words[UNIT_ACTIONS] = {"Close the door", "Move the stock, call facilities",
                                                    "Mark the stock: not for use", "Discard the stock",
                                                    "Turn the thermostat"};
    return action >= 0 && action < UNIT_ACTIONS ? words[action] : "";
}

int care_unit_count(const shift_t *shift)
{
    return care_tables(shift->lab)->unit_count;
}

static const char *seen_at(const shift_t *shift, int unit, int32_t at_s)
{
    const plant_t *plant = care_excursion(shift, unit, at_s);
    if (!plant) return "Closed and quiet.";
    return plant->cause == 0 ? "The door stands open by a hand's breadth: a carton is in its way."
                             : "The compressor hums without pause, and the back wall is wet.";
}

bool care_unit(const shift_t *shift, int unit, care_unit_view_t *view)
{
    if (unit < 0 || unit >= care_unit_count(shift)) return false;
    const care_unit_t *about = &care_tables(shift->lab)->units[unit];
    int32_t looked = shift->care.unit_looked_s[unit];
    *view = (care_unit_view_t){.name = about->name,
                               .holds = about->holds,
                               .low = about->low,
                               .high = about->high,
                               .humidity = about->humidity_low == about->humidity_low,
                               .humidity_low = about->humidity_low,
                               .humidity_high = about->humidity_high,
                               .looked = looked != NEVER,
                               .now = NAN,
                               .least = NAN,
                               .most = NAN,
                               .humidity_now = NAN,
                               .seen = "",
                               .log_due = shift->scenario->care,
                               .quarantined = shift->care.quarantined[unit]};
    for (int i = 0; i < shift->care.log_count; i++) {
        const care_log_t *entry = &shift->care.log[i];
        if (entry->unit == unit && entry->action < 0 && entry->at_s >= 0) view->log_due = false;
    }
    if (!view->looked) return true;
    view->now = care_unit_now(shift, unit, looked);
    care_unit_extremes(shift, unit, shift->care.memory_cleared_s[unit], looked, &view->least, &view->most);
    view->seen = seen_at(shift, unit, looked);
    if (view->humidity) view->humidity_now = care_humidity(shift, unit);
    return true;
}

/* The second number of an earlier shift's entry: the humidity, or the highest since the entry before. */
static double second_before(const shift_t *shift, int unit, int32_t from_s, int32_t at_s)
{
    const care_unit_t *about = &care_tables(shift->lab)->units[unit];
    double least, most;
    if (about->humidity_low == about->humidity_low) return care_humidity(shift, unit);
    care_unit_extremes(shift, unit, from_s, at_s, &least, &most);
    return most;
}

int care_log(const shift_t *shift, int unit, care_log_view_t *entries, int max)
{
    int n = 0;
    int32_t before_s = CARE_LOG_BEGINS_S;
    for (int i = 0; i < shift->care.log_count && n < max; i++) {
        const care_log_t *entry = &shift->care.log[i];
        if (entry->unit != unit) continue;
        entries[n++] = (care_log_view_t){.at_s = entry->at_s,
                                         .unit = unit,
                                         .value = entry->value,
                                         .second = entry->at_s < 0 ? second_before(shift, unit, before_s, entry->at_s)
                                                                   : entry->second,
                                         .initials = entry->initials,
                                         .action = entry->action};
        before_s = entry->at_s;
    }
    return n;
}

/* ---- stores ---- */

int care_lots(const shift_t *shift, int line, int analyte, care_lot_view_t *lots, int max)
{
    assay_view_t assay;
    int n = 0;
    if (!shift_assay(shift, line, analyte, &assay)) return 0;
    const int all[CARE_LOTS] = {assay.lot, assay.next_lot};
    for (int i = 0; i < CARE_LOTS && n < max; i++) {
        if (i > 0 && all[i] == all[0]) continue;
        care_lot_view_t *lot = &lots[n++];
        *lot = (care_lot_view_t){
            .lot = all[i], .expires_day = care_lot_expires_day(shift, line, analyte, all[i]), .on_board = i == 0};
        int unit = care_lot_unit(shift, line, analyte, all[i]);
        if (unit < care_unit_count(shift)) lot->unit = care_tables(shift->lab)->units[unit].name;
        snprintf(lot->name, sizeof lot->name, "R%d", all[i]);
    }
    return n;
}

int care_crossovers(const shift_t *shift, care_crossover_view_t *list, int max)
{
    int n = 0;
    for (int i = 0; i < shift->care.crossover_count && n < max; i++) {
        const crossover_t *c = &shift->care.crossovers[i];
        care_crossover_view_t *v = &list[n++];
        bool shown = c->compared_s != NEVER;
        *v = (care_crossover_view_t){.line = c->line,
                                     .analyte = c->analyte,
                                     .at_s = c->at_s,
                                     .state = (lot_state_t)c->state,
                                     .specimens = c->specimens,
                                     .mean_old = shown ? c->mean_old : NAN,
                                     .mean_new = shown ? c->mean_new : NAN,
                                     .difference_pct = NAN,
                                     .allowed_pct = NAN};
        snprintf(v->old_lot, sizeof v->old_lot, "R%d", c->old_lot);
        snprintf(v->new_lot, sizeof v->new_lot, "R%d", c->new_lot);
        if (!shown || !(c->mean_old > 0)) continue;
        v->difference_pct = 100 * (c->mean_new - c->mean_old) / c->mean_old;
        v->allowed_pct = 100 * debrief_allowed(lab_analyte(shift->lab, c->analyte), c->mean_old) / 3 / c->mean_old;
    }
    return n;
}

/* ---- alarms ---- */

const char *care_verify_word(int kind)
{
    static const char *const words[VERIFY_KINDS] = {"Function check", "Calibration", "Controls, judged",
                                                    "Patient comparison"};
    return kind >= 0 && kind < VERIFY_KINDS ? words[kind] : "";
}

bool care_alarmed(const shift_t *shift)
{
    bool any = false;
    for (int line = 0; line < SHIFT_LINES; line++) any = any || shift->care.alarms[line].alarm >= 0;
    return any;
}

bool care_alarm(const shift_t *shift, int line, care_alarm_view_t *view)
{
    if (line < 0 || line >= SHIFT_LINES || shift->care.alarms[line].alarm < 0) return false;
    const line_alarm_t *alarm = &shift->care.alarms[line];
    const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
    *view = (care_alarm_view_t){.line = line,
                                .code = about->code,
                                .message = about->message,
                                .manual = about->manual,
                                .stops = about->stops,
                                .out_of_use = alarm->out_of_use,
                                .at_s = alarm->at_s,
                                .busy_until_s = alarm->busy_until_s,
                                .cleared_s = alarm->cleared_s,
                                .returned_s = alarm->returned_s,
                                .service_s = alarm->service_s,
                                .engineer_s = NEVER,
                                .advice = "",
                                .step_count = about->step_count,
                                .compare_pct = NAN};
    view->state = alarm->returned_s != NEVER  ? ALARM_RETURNED
                  : alarm->cleared_s != NEVER ? ALARM_CLEARED
                                              : ALARM_ACTIVE;
    if (alarm->service_s != NEVER && shift->now_s >= alarm->service_s + about->answer_min * 60) {
        view->advice = about->causes[alarm->cause].advice;
        view->engineer_s = alarm->engineer_s;
    }
    for (int i = 0; i < about->step_count; i++)
        view->steps[i] = (care_alarm_step_t){
            .text = about->steps[i].text, .minutes = about->steps[i].minutes, .tried = alarm->tried[i]};
    for (int i = 0; i < VERIFY_KINDS; i++) {
        view->wanted[i] = about->wanted[i];
        view->done_s[i] = alarm->done_s[i];
    }
    if (alarm->cleared_s != NEVER && alarm->returned_s == NEVER)
        view->done_s[VERIFY_CONTROLS] = care_controls_judged(shift, line, alarm->cleared_s);
    if (alarm->done_s[VERIFY_PATIENTS] != NEVER) view->compare_pct = alarm->compare_pct;
    return true;
}

/* ---- downtime ---- */

const char *ward_group_word(ward_group_t group)
{
    static const char *const words[WARD_GROUPS] = {"Emergency Department", "Intensive care", "Operating rooms",
                                                   "Floors", "Clinics"};
    return group >= 0 && group < WARD_GROUPS ? words[group] : "all";
}

void care_downtime(const shift_t *shift, care_downtime_view_t *view)
{
    const care_state_t *care = &shift->care;
    *view = (care_downtime_view_t){.lis_down = care_lis_down(shift),
                                   .lis_since_s = care->lis_down_s,
                                   .lis_back_s = care->lis_back_s,
                                   .papers = care->paper_count};
    for (int i = 0; i <= SHIFT_LINES; i++) {
        view->declared[i] = care->declared_s[i] != NEVER;
        view->declared_s[i] = care->declared_s[i];
        for (int g = 0; g < WARD_GROUPS; g++) view->told_s[i][g] = care->told_s[i][g];
    }
}

bool care_paper(const shift_t *shift, int index, care_paper_view_t *view)
{
    if (index < 0 || index >= shift->care.paper_count) return false;
    const paper_t *paper = &shift->care.papers[index];
    *view = (care_paper_view_t){.index = index,
                                .kind = (paper_kind_t)paper->kind,
                                .specimen = paper->specimen,
                                .at_s = paper->at_s,
                                .ready_s = paper->ready_s,
                                .analyte = paper->analyte,
                                .value = paper->ready_s <= shift->now_s ? paper->value : NAN,
                                .entered = paper->entered,
                                .entered_s = paper->entered_s,
                                .checked_s = paper->checked_s};
    return true;
}
