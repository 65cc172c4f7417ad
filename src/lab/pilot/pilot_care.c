/* What each autopilot does about checklists, logs, lots, alarms and downtime. The careful one reads before it
 * writes, follows the manual and the telephone, checks before it returns a line, and tells the wards; the one
 * that accepts everything signs everything; the others leave it all alone. */
#include "pilot_care.h"

#include "lab/content.h"
#include "lab/month.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    pilot_care_t *care;
    const shift_t *shift;
    pilot_try_fn act;
    void *context;
} at_t;

static bool try_it(at_t *p, const action_t *action)
{
    int32_t *refused = &p->care->refused_s[action->kind];
    if (*refused != 0 && shift_now_s(p->shift) < *refused) return false;
    if (p->act(p->context, action)) return true;
    *refused = shift_now_s(p->shift) + 60;
    return false;
}

static action_t on_line(action_kind_t kind, int line)
{
    action_t action = action_make(kind);
    action.line = line;
    return action;
}

/* ---- checklists and logs ---- */

static void write_entry(char *text, size_t size, int step, double value, int decimals)
{
    char number[32];
    size_t used = strlen(text);
    text_fixed(number, value, decimals);
    snprintf(text + used, size - used, "%s%d=%s", used ? ";" : "", step, number);
}

static bool sign(at_t *p, int line, care_list_t list, const care_sheet_view_t *sheet, bool look)
{
    care_reading_view_t panel[CARE_READINGS_MAX];
    int shown = look ? care_panel(p->shift, line, panel, CARE_READINGS_MAX) : 0;
    bool out = false;
    action_t action = on_line(ACT_SIGN_LIST, line);
    action.number = (int32_t)list;
    for (int i = 0; i < sheet->count; i++) {
        const care_step_view_t *step = &sheet->steps[i];
        double value = step->kind == CARE_CHOICE ? 0 : 1;
        int reading = care_step_reading(p->shift, line, list, i);
        if (step->kind == CARE_VALUE && reading >= 0 && reading < shown) {
            value = panel[reading].value;
            out = out || value < panel[reading].low || value > panel[reading].high;
        } else if (step->kind == CARE_VALUE) { /* what always stands there */
            value = step->low == step->low && step->high == step->high ? (step->low + step->high) / 2
                    : step->low == step->low                           ? step->low + 1
                                                                       : 0;
        }
        write_entry(action.text, sizeof action.text, i, value, step->kind == CARE_VALUE ? step->decimals : 0);
    }
    action.code = out ? 0 : 1;
    return try_it(p, &action);
}

static bool care_sheets(at_t *p, bool look)
{
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int list = 0; list < CARE_LISTS; list++) {
            care_sheet_view_t sheet;
            if (!care_sheet(p->shift, line, (care_list_t)list, &sheet) || !sheet.due || sheet.signed_before ||
                sheet.signed_s != INT32_MIN)
                continue;
            if (look && !p->care->panel[line]) {
                action_t panel = on_line(ACT_LOOK_PANEL, line);
                p->care->panel[line] = true;
                if (try_it(p, &panel)) return true;
            }
            if (sign(p, line, (care_list_t)list, &sheet, look)) return true;
        }
    return false;
}

/* A reading out of its limits: the maintenance that the procedure names for it. */
static bool mend(at_t *p)
{
    static const struct {
        const char *name;
        maintenance_t task;
    } tasks[] = {{"Water resistivity", MAINTAIN_WATER},
                 {"Reaction bath", MAINTAIN_TEMPERATURE},
                 {"Lamp hours", MAINTAIN_LAMP},
                 {"ISE slope (sodium)", MAINTAIN_ELECTRODE},
                 {"Cuvettes that failed their blank", MAINTAIN_CUVETTES}};
    for (int line = 0; line < SHIFT_LINES; line++) {
        care_reading_view_t panel[CARE_READINGS_MAX];
        care_alarm_view_t alarm;
        bool alarmed = care_alarm(p->shift, line, &alarm) && alarm.state != ALARM_RETURNED;
        int shown = p->care->mended[line] || alarmed ? 0 : care_panel(p->shift, line, panel, CARE_READINGS_MAX);
        for (int i = 0; i < shown; i++) {
            if (!(panel[i].value < panel[i].low || panel[i].value > panel[i].high)) continue;
            for (size_t k = 0; k < sizeof tasks / sizeof *tasks; k++) {
                if (strcmp(panel[i].name, tasks[k].name) != 0) continue;
                action_t action = on_line(ACT_MAINTAIN, line);
                action.code = (int32_t)tasks[k].task;
                p->care->mended[line] = true;
                if (try_it(p, &action)) return true;
            }
        }
    }
    return false;
}

/* What is out of its limits, now or in the memory, is dealt with before the entry clears the memory. */
static bool deal_with(at_t *p, int unit, const care_unit_view_t *v)
{
    bool now_out = v->now > v->high || v->now < v->low, done = false;
    action_t action = action_make(ACT_UNIT_DO);
    action.code = unit;
    if (now_out || strncmp(v->seen, "Closed", 6) != 0) {
        action.number = strncmp(v->seen, "The door", 8) == 0 ? UNIT_CLOSE_DOOR : UNIT_MOVE_STOCK;
        done = try_it(p, &action);
    }
    if (!now_out && !(v->most > v->high) && !(v->least < v->low)) return done;
    action.number = UNIT_QUARANTINE;
    return try_it(p, &action) || done;
}

static bool unit_step(at_t *p, int unit, const care_unit_view_t *v, bool look)
{
    action_t action = action_make(ACT_LOOK_UNIT);
    action.code = unit;
    if (look && !v->looked) return try_it(p, &action);
    if (look && !p->care->unit_done[unit]) {
        p->care->unit_done[unit] = true;
        if (deal_with(p, unit, v)) return true;
    }
    action.kind = ACT_LOG_UNIT;
    double second = v->humidity ? v->humidity_now : v->most;
    action.value = look ? v->now : (v->low + v->high) / 2;
    action.number = (int32_t)exact_floor((look ? second : action.value) * 10 + 0.5);
    strcpy(action.text, "AP");
    return try_it(p, &action);
}

static bool care_units(at_t *p, bool look)
{
    for (int unit = 0; unit < care_unit_count(p->shift); unit++) {
        care_unit_view_t v;
        if (!care_unit(p->shift, unit, &v) || !v.log_due) continue;
        if (unit_step(p, unit, &v, look)) return true;
    }
    return false;
}

/* ---- specimens for comparisons ---- */

static void choose_specimens(const at_t *p, int line, int analyte, action_t *action)
{
    line_view_t about;
    if (!shift_line(p->shift, line, &about)) return;
    for (int32_t i = shift_specimen_count(p->shift) - 1; i >= 0 && action->count < CARE_COMPARE_MIN + 1; i--) {
        int32_t s = shift_arrived_specimen(p->shift, i), results[64];
        int32_t n = shift_specimen_results(p->shift, s, results, 64);
        bool good = false;
        for (int32_t r = 0; r < n && !good; r++) {
            result_view_t v;
            good = shift_result(p->shift, results[r], &v) && (analyte < 0 || v.analyte == analyte) &&
                   v.below_or_above == 0 && lab_analyte(shift_lab(p->shift), v.analyte)->bench == about.bench;
        }
        if (good) action->list[action->count++] = s;
    }
}

/* ---- lots ---- */

static bool care_lots_step(at_t *p, bool careful)
{
    care_crossover_view_t list[SHIFT_LINES * 4];
    int n = care_crossovers(p->shift, list, SHIFT_LINES * 4);
    for (int i = 0; i < n; i++) {
        action_t action = on_line(ACT_COMPARE_LOT, list[i].line);
        action.analyte = list[i].analyte;
        if (list[i].state == LOT_CHANGED && careful) {
            choose_specimens(p, list[i].line, list[i].analyte, &action);
            if (action.count >= CARE_COMPARE_MIN && try_it(p, &action)) return true;
        }
        if (list[i].state == LOT_COMPARED || (list[i].state == LOT_CHANGED && !careful)) {
            action.kind = ACT_JUDGE_LOT;
            action.count = 0;
            action.code = !careful || exact_abs(list[i].difference_pct) <= list[i].allowed_pct;
            if (!try_it(p, &action)) continue;
            if (careful && action.code == 0) { /* the old lot is on board again: its controls */
                action_t qc = on_line(ACT_RUN_QC, list[i].line);
                qc.analyte = list[i].analyte;
                try_it(p, &qc);
            }
            return true;
        }
    }
    return false;
}

/* ---- alarms and downtime ---- */

static bool tell_all(at_t *p, int line, const care_downtime_view_t *down)
{
    int what = line < 0 ? SHIFT_LINES : line;
    if (!down->declared[what]) {
        action_t begin = on_line(ACT_DOWNTIME, line);
        if (try_it(p, &begin)) return true;
    }
    if (down->told_s[what][WARD_ED] != INT32_MIN) return false;
    action_t tell = on_line(ACT_TELL, line);
    tell.code = WARD_GROUPS;
    strcpy(tell.text, "STAT only for now; results by telephone");
    return try_it(p, &tell);
}

static bool move_waiting(at_t *p, int line)
{
    action_t action = action_make(ACT_MOVE_LINE);
    care_alarm_view_t other;
    int to = line_other(line);
    if (to < 0 || (care_alarm(p->shift, to, &other) && other.stops && other.state != ALARM_RETURNED)) return false;
    for (int32_t i = 0; i < shift_specimen_count(p->shift) && action.count < SHIFT_BATCH_MAX; i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.state == SPECIMEN_QUEUED && v.line == line)
            action.list[action.count++] = s;
    }
    return action.count > 0 && try_it(p, &action);
}

static bool on_paper(const at_t *p, int32_t specimen)
{
    care_paper_view_t v;
    for (int i = 0; care_paper(p->shift, i, &v); i++)
        if (v.specimen == specimen) return true;
    return false;
}

/* No other line takes them: STAT tubes are sent out. */
static bool send_stat(at_t *p, int line)
{
    action_t action = action_make(ACT_BACKUP);
    action.code = 1;
    for (int32_t i = 0; i < shift_specimen_count(p->shift) && action.count < SHIFT_BATCH_MAX; i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.state == SPECIMEN_QUEUED && v.line == line &&
            v.priority == PRIORITY_STAT && !on_paper(p, s))
            action.list[action.count++] = s;
    }
    return action.count > 0 && try_it(p, &action);
}

/* What is back on paper is typed, and read against the paper. */
static bool care_papers(at_t *p)
{
    care_paper_view_t v;
    for (int i = 0; care_paper(p->shift, i, &v); i++) {
        if (v.analyte < 0 || v.checked_s != INT32_MIN || v.value != v.value) continue;
        action_t action = action_make(v.entered_s == INT32_MIN ? ACT_ENTER : ACT_CHECK_ENTRY);
        action.number = i;
        action.code = 1;
        action.value = v.entered_s == INT32_MIN ? v.value : 0;
        if (try_it(p, &action)) return true;
    }
    return false;
}

static bool repair(at_t *p, const care_alarm_view_t *v)
{
    int32_t now = shift_now_s(p->shift);
    action_t action = on_line(ACT_SERVICE, v->line);
    if (v->service_s == INT32_MIN && try_it(p, &action)) return true;
    if (v->busy_until_s != INT32_MIN && v->busy_until_s > now) return false;
    action.kind = ACT_ALARM_STEP;
    for (action.code = 1; action.code < v->step_count; action.code++)
        if (v->steps[action.code].tried == 0 && try_it(p, &action)) return true;
    return false;
}

static bool check(at_t *p, const care_alarm_view_t *v)
{
    bool all = true;
    for (int k = 0; k < VERIFY_KINDS; k++) {
        if (!v->wanted[k] || v->done_s[k] != INT32_MIN) continue;
        all = false;
        if (k == VERIFY_CONTROLS) {
            action_t qc = on_line(ACT_RUN_QC, v->line);
            if (p->care->controls[v->line] ||
                (v->wanted[VERIFY_CALIBRATION] && v->done_s[VERIFY_CALIBRATION] == INT32_MIN))
                continue;
            p->care->controls[v->line] = try_it(p, &qc);
            if (p->care->controls[v->line]) return true;
            continue;
        }
        action_t action = on_line(ACT_CHECK_LINE, v->line);
        action.code = k;
        if (k == VERIFY_PATIENTS) choose_specimens(p, v->line, -1, &action);
        if ((k != VERIFY_PATIENTS || action.count >= CARE_COMPARE_MIN) && try_it(p, &action)) return true;
    }
    action_t back = on_line(ACT_RETURN_LINE, v->line);
    return all && try_it(p, &back);
}

static bool care_alarms(at_t *p)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        care_alarm_view_t v;
        care_downtime_view_t down;
        if (!care_alarm(p->shift, line, &v) || v.state == ALARM_RETURNED) continue;
        care_downtime(p->shift, &down);
        if (v.stops && (tell_all(p, line, &down) || move_waiting(p, line) || send_stat(p, line))) return true;
        if (v.state == ALARM_ACTIVE ? repair(p, &v) : check(p, &v)) return true;
    }
    return false;
}

static bool care_lis(at_t *p)
{
    care_downtime_view_t down;
    if (!care_lis_down(p->shift)) return false;
    care_downtime(p->shift, &down);
    if (tell_all(p, -1, &down)) return true;
    action_t action = action_make(ACT_PAPER);
    for (int32_t i = 0; i < shift_specimen_count(p->shift) && action.count < SHIFT_BATCH_MAX; i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.priority == PRIORITY_STAT && v.held > 0 && !on_paper(p, s))
            action.list[action.count++] = s;
    }
    return action.count > 0 && try_it(p, &action);
}

/* ---- the month of controls ---- */

/* One review that is due: by the numbers of the procedure, or signed as it lies. */
static bool month_step(at_t *p, bool look)
{
    month_due_t due;
    month_t month;
    if (month_due(p->shift, &due, 1) == 0 || !month_of(p->shift, due.line, due.analyte, &month)) return false;
    action_t action = on_line(ACT_REVIEW_QC, due.line);
    month_advice_t advice = look ? month_advice(&month) : (month_advice_t){.decision = REVIEW_KEEP};
    action.analyte = due.analyte;
    action.code = (int32_t)advice.decision;
    action.number = (int32_t)advice.levels;
    for (int l = 0; l < month.levels; l++) {
        if (!(advice.levels >> l & 1)) continue;
        action.mean[l] = month.level[l].mean;
        action.sd[l] = month.level[l].sd;
    }
    strcpy(action.text, !look                           ? "AP: in order"
                        : advice.few                    ? "AP: too few runs for limits, looked at again"
                        : advice.moves                  ? "AP: last third apart from the first, cause to be found"
                        : advice.scatters               ? "AP: more beyond 2 SD than chance, cause to be found"
                        : advice.decision == REVIEW_SET ? "AP: stable, limits from the accepted runs"
                                                        : "AP: stable, limits fit");
    return try_it(p, &action);
}

bool pilot_care_step(pilot_care_t *care, const shift_t *shift, pilot_t pilot, pilot_try_fn act, void *context)
{
    at_t p = {.care = care, .shift = shift, .act = act, .context = context};
    bool on = care_on(shift);
    if (pilot == PILOT_ACCEPT_ALL)
        return (on && (care_lots_step(&p, false) || care_sheets(&p, false) || care_units(&p, false))) ||
               month_step(&p, false);
    if (pilot != PILOT_CAREFUL) return false;
    return (care_alarmed(shift) && care_alarms(&p)) || care_lis(&p) || care_papers(&p) ||
           (on && (care_lots_step(&p, true) || care_sheets(&p, true) || mend(&p) || care_units(&p, true))) ||
           month_step(&p, true);
}
