/* Alarms: a line stops for a hidden cause, steps of its manual take time and may help or not, service answers
 * on the telephone and an engineer comes hours later. A repaired line runs patients again when the trainee
 * returns it: what was checked before that is the trainee's decision. A repair may leave something wrong behind
 * (`leaves` of the plant), which calibration or the controls would show. */
#include "debrief_private.h"
#include "shift_private.h"

#include <math.h>

enum { FUNCTION_S = 600, CALIBRATE_ALL_S = 1500, PATIENTS_S = 900 };

bool care_stopped(const shift_t *shift, int line)
{
    const line_alarm_t *alarm = &shift->care.alarms[line];
    return alarm->alarm >= 0 && care_tables(shift->lab)->alarms[alarm->alarm].stops && alarm->returned_s == NEVER;
}

bool care_alarm_on(const shift_t *shift, int line)
{
    return care_stopped(shift, line) && shift->care.alarms[line].cleared_s == NEVER;
}

static void break_down(shift_t *shift, int line, int32_t plant_index)
{
    const plant_t *plant = &shift->scenario->plants[plant_index];
    bool out_of_use = shift->care.alarms[line].out_of_use;
    line_alarm_t *alarm = &shift->care.alarms[line];
    *alarm = (line_alarm_t){.alarm = (int16_t)plant->alarm,
                            .cause = (int16_t)plant->cause,
                            .plant = (int16_t)plant_index,
                            .at_s = shift->now_s,
                            .busy_until_s = NEVER,
                            .fixed_s = NEVER,
                            .cleared_s = NEVER,
                            .returned_s = NEVER,
                            .service_s = NEVER,
                            .engineer_s = NEVER,
                            .answered_s = NEVER,
                            .compare_pct = NAN,
                            .out_of_use = out_of_use};
    for (int i = 0; i < VERIFY_KINDS; i++) alarm->done_s[i] = NEVER;
    notice_push(shift, NOTICE_ALARM, -1, line, -1, -1, -1, CARE_NOTICE + CARE_EVENT_BREAK);
}

static void repaired(shift_t *shift, int line)
{
    line_alarm_t *alarm = &shift->care.alarms[line];
    const plant_t *plant = &shift->scenario->plants[alarm->plant];
    alarm->fixed_s = alarm->cleared_s = shift->now_s;
    if (!care_tables(shift->lab)->alarms[alarm->alarm].stops) alarm->returned_s = shift->now_s;
    if (plant->analyzer.kind >= 0) care_add_fault(shift, &plant->analyzer, line, shift->now_s, alarm->plant);
    const uint64_t *tests = shift->lines[line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1))
        shift->assays[line][a].next_marks |= QC_MARK_MAINTENANCE;
}

static void step_done(shift_t *shift, int line, int32_t step)
{
    line_alarm_t *alarm = &shift->care.alarms[line];
    if (alarm->alarm < 0 || alarm->fixed_s != NEVER) return;
    const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
    if (step < about->step_count) alarm->tried[step]++;
    if (about->causes[alarm->cause].cures & (1u << step)) repaired(shift, line);
    notice_push(shift, NOTICE_ALARM, -1, line, -1, -1, -1, CARE_NOTICE + CARE_EVENT_STEP);
}

/* Calibrating everything cures what calibrating one test would. */
static void calibrated(shift_t *shift, int line)
{
    for (int i = 0; i < shift->line_fault_count; i++) {
        line_fault_t *fault = &shift->line_faults[i];
        if (fault->line == line && fault->cured_s == NEVER && fault->onset_s <= shift->now_s &&
            analyzer_fault_cured_by(shift->lab, fault->fault.kind, REPAIR_CALIBRATE))
            fault->cured_s = shift->now_s;
    }
    const uint64_t *tests = shift->lines[line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        shift->assays[line][a].calibrated_s = shift->now_s;
        shift->assays[line][a].next_marks |= QC_MARK_CALIBRATION;
    }
}

void care_on_event(shift_t *shift, int line, int32_t what, int32_t about)
{
    switch ((care_event_t)what) {
    case CARE_EVENT_BREAK:
        break_down(shift, line, about);
        break;
    case CARE_EVENT_STEP:
        step_done(shift, line, about);
        break;
    case CARE_EVENT_SERVICE:
        notice_push(shift, NOTICE_ALARM, -1, line, -1, -1, -1, CARE_NOTICE + what);
        break;
    case CARE_EVENT_VERIFIED:
        shift->care.alarms[line].done_s[about] = shift->now_s;
        if (about == VERIFY_CALIBRATION) calibrated(shift, line);
        notice_push(shift, NOTICE_ALARM, -1, line, -1, -1, -1, CARE_NOTICE + what);
        break;
    case CARE_EVENT_LIS:
        if (about)
            shift->care.lis_down_s = shift->now_s;
        else
            shift->care.lis_back_s = shift->now_s;
        notice_push(shift, NOTICE_ALARM, -1, -1, -1, -1, -1, CARE_NOTICE + what);
        break;
    case CARE_EVENT_LOT:
    case CARE_EVENT_COMPARED:
        care_stock_event(shift, line, what, about);
        break;
    case CARE_EVENT_PAPER:
        notice_push(shift, NOTICE_ALARM, -1, -1, -1, -1, -1, CARE_NOTICE + what);
        break;
    }
}

/* ---- actions ---- */

static bool busy(const shift_t *shift, const line_alarm_t *alarm, err_t *err)
{
    if (alarm->busy_until_s == NEVER || alarm->busy_until_s <= shift->now_s) return false;
    err_set(err, ERR_STATE, "Something is being done to the analyzer. Wait until it is finished.");
    return true;
}

static void occupy(shift_t *shift, int line, int32_t seconds)
{
    shift->care.alarms[line].busy_until_s = shift->now_s + seconds;
    if (shift->lines[line].busy_until_s < shift->now_s + seconds)
        shift->lines[line].busy_until_s = shift->now_s + seconds;
}

static bool alarm_step(shift_t *shift, const action_t *action, line_alarm_t *alarm, err_t *err)
{
    const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
    if (action->code < 0 || action->code >= about->step_count)
        return err_set(err, ERR_INPUT, "Choose one of the steps of the manual.");
    if (alarm->cleared_s != NEVER) return err_set(err, ERR_STATE, "The alarm is gone already.");
    if (busy(shift, alarm, err)) return false;
    int32_t seconds = about->steps[action->code].minutes * 60;
    occupy(shift, action->line, seconds);
    return event_push(shift, shift->now_s + seconds, EVENT_CARE, action->line, CARE_EVENT_STEP, action->code);
}

static bool service(shift_t *shift, const action_t *action, line_alarm_t *alarm, err_t *err)
{
    const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
    if (alarm->cleared_s != NEVER) return err_set(err, ERR_STATE, "The alarm is gone already.");
    if (alarm->service_s != NEVER) return err_set(err, ERR_STATE, "Service has been called.");
    alarm->service_s = shift->now_s;
    event_push(shift, shift->now_s + about->answer_min * 60, EVENT_CARE, action->line, CARE_EVENT_SERVICE, 0);
    if (!(about->causes[alarm->cause].cures & (1u << CARE_ENGINEER))) return true;
    alarm->engineer_s = shift->now_s + about->engineer_min * 60;
    return event_push(shift, alarm->engineer_s, EVENT_CARE, action->line, CARE_EVENT_STEP, CARE_ENGINEER);
}

/* The largest mean difference of the tests, in percent of what is allowed, between what the specimens gave
 * before and what this line gives now. */
static double compare_patients(const shift_t *shift, const action_t *action)
{
    double worst = 0;
    const uint64_t *tests = shift->lines[action->line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        double before = 0, now = 0;
        int n = 0;
        for (int32_t i = 0; i < action->count; i++) {
            int32_t result = shift_specimen_result(shift, action->list[i], a);
            double again = care_remeasure(shift, action->list[i], a, action->line, true);
            if (result < 0 || again != again || shift->results[result].sign) continue;
            before += shift->results[result].value;
            now += again;
            n++;
        }
        if (n == 0 || !(before > 0)) continue;
        double allowed = debrief_allowed(lab_analyte(shift->lab, a), before / n);
        double part = 100 * exact_abs(now - before) / n / allowed;
        if (part > worst) worst = part;
    }
    return exact_round(worst, 0);
}

static bool check_line(shift_t *shift, const action_t *action, line_alarm_t *alarm, err_t *err)
{
    static const int32_t seconds[VERIFY_KINDS] = {FUNCTION_S, CALIBRATE_ALL_S, 0, PATIENTS_S};
    if (alarm->cleared_s == NEVER)
        return err_set(err, ERR_STATE, "The alarm is still on: there is nothing to check yet.");
    if (action->code == VERIFY_CONTROLS)
        return err_set(err, ERR_INPUT, "Run the controls at the bench and judge them on the QC board.");
    if (action->code < 0 || action->code >= VERIFY_KINDS)
        return err_set(err, ERR_INPUT, "Choose the check: function, calibration or patient comparison.");
    if (busy(shift, alarm, err)) return false;
    if (action->code == VERIFY_PATIENTS) {
        if (!care_compare_list(shift, action, err)) return false;
        alarm->compare_pct = compare_patients(shift, action);
    }
    occupy(shift, action->line, seconds[action->code]);
    return event_push(shift, shift->now_s + seconds[action->code], EVENT_CARE, action->line, CARE_EVENT_VERIFIED,
                      action->code);
}

static bool return_line(shift_t *shift, const action_t *action, line_alarm_t *alarm, err_t *err)
{
    if (care_alarm_on(shift, action->line))
        return err_set(err, ERR_STATE, "The alarm comes back at once: the cause is still there.");
    if (alarm->alarm >= 0 && busy(shift, alarm, err)) return false;
    if (!care_stopped(shift, action->line) && !alarm->out_of_use)
        return err_set(err, ERR_STATE, "The analyzer is in use.");
    if (alarm->alarm >= 0 && alarm->returned_s == NEVER) {
        alarm->returned_s = shift->now_s;
        alarm->done_s[VERIFY_CONTROLS] = care_controls_judged(shift, action->line, alarm->cleared_s);
    }
    alarm->out_of_use = false;
    line_resume(shift, action->line);
    return true;
}

bool care_alarm_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    line_alarm_t *alarm = &shift->care.alarms[action->line];
    if (action->kind == ACT_RETURN_LINE) return return_line(shift, action, alarm, err);
    if (alarm->alarm < 0) return err_set(err, ERR_STATE, "%s has no alarm.", line_name(action->line));
    bool done = action->kind == ACT_ALARM_STEP ? alarm_step(shift, action, alarm, err)
                : action->kind == ACT_SERVICE  ? service(shift, action, alarm, err)
                                               : check_line(shift, action, alarm, err);
    if (done && alarm->answered_s == NEVER) alarm->answered_s = shift->now_s;
    return done;
}

/* When every test of the line had controls judged after `since_s`; NEVER while one has not. */
int32_t care_controls_judged(const shift_t *shift, int line, int32_t since_s)
{
    int32_t last = since_s;
    const uint64_t *tests = shift->lines[line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1)) {
        const assay_t *assay = &shift->assays[line][a];
        int32_t judged = NEVER;
        for (int i = assay->point_count - 1; i >= 0 && judged == NEVER; i--)
            if (qc_point_facts(shift, line, a, i)->at_s > since_s && assay->points[i].decision != VERDICT_NONE)
                judged = assay->points[i].decided_s;
        if (judged == NEVER) return NEVER;
        if (judged > last) last = judged;
    }
    return last;
}
