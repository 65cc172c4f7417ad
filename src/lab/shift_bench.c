/* Actions at reception, at the chemistry bench and in the verification queue. Each asks only what
 * the real task asks, and is refused only where a real system would refuse it. */
#include "content_private.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>

enum { CLEAR_S = 900 /* high-speed spin of a lipemic serum */, BOTTLE_TESTS = 800 };

specimen_t *need_specimen(shift_t *shift, int32_t index, err_t *err)
{
    if (index < 0 || index >= shift->specimen_count || shift->specimens[index].state == SPECIMEN_COMING) {
        err_set(err, ERR_NOT_FOUND, "There is no such specimen in the laboratory.");
        return NULL;
    }
    return &shift->specimens[index];
}

static result_t *need_result(shift_t *shift, int32_t index, err_t *err)
{
    if (index < 0 || index >= shift->result_count) {
        err_set(err, ERR_NOT_FOUND, "There is no such result.");
        return NULL;
    }
    return &shift->results[index];
}

bool need_list(const action_t *action, err_t *err)
{
    if (action->count < 1 || action->count > SHIFT_BATCH_MAX)
        return err_set(err, ERR_INPUT, "Choose at least one and at most %d.", SHIFT_BATCH_MAX);
    return true;
}

bool need_line(const shift_t *shift, const action_t *action, err_t *err)
{
    if (!(action->line >= 0 && action->line < SHIFT_LINES && shift->lines[action->line].used))
        return err_set(err, ERR_INPUT, "Say which analyzer, such as AN-1.");
    bool works = action->kind >= ACT_START_UP && action->kind <= ACT_MAINTAIN;
    return !works || !care_alarm_on(shift, action->line) ||
           err_set(err, ERR_STATE, "%s has stopped with an alarm. See its care page.", line_name(action->line));
}

/* ---- reception ---- */

void reception_receive(shift_t *shift, int32_t index, bool by_trainee)
{
    specimen_t *specimen = &shift->specimens[index];
    specimen->received_s = shift->now_s;
    specimen->state = SPECIMEN_RECEIVED;
    if (by_trainee) {
        specimen->touched = true;
        specimen->decided_s = shift->now_s;
    }
    const tube_t *tube = lab_tube(shift->lab, specimen->tube);
    bool spins = tube->spin && specimen->bench != BENCH_HEMATOLOGY; /* cells are counted in whole blood */
    if (!shift->scenario->track) {
        if (!spins) specimen->state = SPECIMEN_SPUN;
        return;
    }
    if (!spins) {
        line_track(shift, index);
        return;
    }
    int32_t start = shift->now_s + 120, clotted = specimen->collected_s + tube->clot_min * 60;
    tray_track_spin(shift, index, start > clotted ? start : clotted);
}

static bool accept(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        if (specimen->state != SPECIMEN_TRAY && specimen->state != SPECIMEN_ON_HOLD)
            return err_set(err, ERR_STATE, "That specimen has been received already.");
    }
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = &shift->specimens[action->list[i]];
        if (specimen->state != SPECIMEN_TRAY && specimen->state != SPECIMEN_ON_HOLD) continue; /* named twice */
        specimen->accept_code = (int16_t)action->code;
        reception_receive(shift, action->list[i], true);
    }
    return true;
}

/* What still waits is canceled; what has gone out is withdrawn: the value stays on record, and the ward is told. */
static void close_results(shift_t *shift, specimen_t *specimen)
{
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        result_t *result = &shift->results[r];
        if (result->state == RESULT_RELEASED) result->withdrawn = true;
        if (result->state != RESULT_HELD && result->state != RESULT_PENDING) continue;
        result_become(shift, result, RESULT_CANCELLED);
        result->decided_s = shift->now_s;
    }
}

static bool reject(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    if (action->code < 0 || action->code >= lab_code_count(shift->lab, CODE_REJECT_REASON))
        return err_set(err, ERR_INPUT, "Choose the reason for the rejection: the ward has to be told why.");
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        if (specimen->state == SPECIMEN_REJECTED)
            return err_set(err, ERR_STATE, "That specimen has been rejected already.");
        if (specimen->state == SPECIMEN_QUEUED || specimen->state == SPECIMEN_RUNNING ||
            specimen->state == SPECIMEN_SPINNING)
            return err_set(err, ERR_STATE, "The tube is in a machine now. Wait until it comes out.");
    }
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = &shift->specimens[action->list[i]];
        if (specimen->state == SPECIMEN_REJECTED) continue;
        specimen->state = SPECIMEN_REJECTED;
        specimen->reject_code = (int16_t)action->code;
        specimen->decided_s = shift->now_s;
        specimen->touched = true;
        close_results(shift, specimen);
        world_recollect(shift, action->list[i]);
    }
    return true;
}

/* Named further up in the list as well. */
static bool named_before(const action_t *action, int32_t at)
{
    for (int32_t i = 0; i < at; i++)
        if (action->list[i] == action->list[at]) return true;
    return false;
}

static bool need_loadable(shift_t *shift, const action_t *action, int32_t index, err_t *err)
{
    const specimen_t *specimen = need_specimen(shift, index, err);
    if (!specimen) return false;
    bool stat = action->code == 1, waits = specimen->state == SPECIMEN_QUEUED;
    if (waits && stat && specimen->rack == 0)
        return err_set(err, ERR_STATE, "26-%04d is in a STAT port already.", specimen->number);
    if (specimen->state != SPECIMEN_SPUN && !(waits && stat))
        return err_set(err, ERR_STATE, "Only tubes that are ready (spun, where they have to be) can be loaded.");
    return specimen->bench == (int)line_bench(action->line) ||
           err_set(err, ERR_STATE, "%s does not run the tests of that tube.", line_name(action->line));
}

static bool load(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err) || !need_line(shift, action, err)) return false;
    int tubes = 0;
    for (int32_t i = 0; i < action->count; i++) {
        if (!need_loadable(shift, action, action->list[i], err)) return false;
        tubes += !named_before(action, i);
    }
    if (!deck_fits(shift, action, tubes, err)) return false;
    bool stat = action->code == 1;
    for (int32_t i = 0; i < action->count; i++) {
        if (named_before(action, i)) continue;
        if (shift->specimens[action->list[i]].state == SPECIMEN_QUEUED) deck_leave(shift, action->list[i]);
        if (stat ? action->position > 0 : action->rack > 0)
            line_enqueue_at(shift, action->line, action->list[i], action->rack, action->position - 1);
        else
            line_enqueue(shift, action->line, action->list[i], stat);
    }
    return true;
}

static bool unload(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        if (specimen->state != SPECIMEN_QUEUED && specimen->place > 0)
            return err_set(err, ERR_STATE, "26-%04d has been sampled: it stays in its place until its tests are done.",
                           specimen->number);
        if (specimen->state != SPECIMEN_QUEUED)
            return err_set(err, ERR_STATE, "26-%04d stands in no rack.", specimen->number);
    }
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = &shift->specimens[action->list[i]];
        if (specimen->state != SPECIMEN_QUEUED) continue; /* named twice */
        deck_leave(shift, action->list[i]);
        specimen->state = SPECIMEN_SPUN;
        specimen->line = -1;
        specimen->loaded_s = NEVER;
        specimen->stat_position = false;
        specimen->unloaded = true;
    }
    return true;
}

bool reception_act(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen;
    switch (action->kind) {
    case ACT_INSPECT:
        specimen = need_specimen(shift, action->specimen, err);
        if (!specimen || !need_out(specimen, err)) return false;
        if (specimen->inspected_s == NEVER) specimen->inspected_s = shift->now_s;
        specimen->compared_s = shift->now_s;
        specimen->seen |= specimen->cues_before;
        return true;
    case ACT_ACCEPT:
        return accept(shift, action, err);
    case ACT_REJECT:
        return reject(shift, action, err);
    case ACT_HOLD:
        specimen = need_specimen(shift, action->specimen, err);
        if (!specimen) return false;
        if (specimen->state != SPECIMEN_TRAY)
            return err_set(err, ERR_STATE, "Only a specimen in the tray can be put aside.");
        specimen->state = SPECIMEN_ON_HOLD;
        specimen->time_missing = false; /* the ward was called, and knows it */
        specimen->touched = true;
        return true;
    case ACT_LOAD:
        return load(shift, action, err);
    case ACT_UNLOAD:
        return unload(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "Reception does not know that action.");
    }
}

/* ---- the chemistry bench ---- */

static void cure(shift_t *shift, int line, int analyte, repair_t repair, int32_t at_s)
{
    for (int i = 0; i < shift->line_fault_count; i++) {
        line_fault_t *fault = &shift->line_faults[i];
        if (fault->line != line || fault->cured_s != NEVER || shift->now_s < fault->onset_s) continue;
        if (analyte >= 0 && !tests_has(fault->affects, analyte)) continue;
        if (analyzer_fault_cured_by(shift->lab, fault->fault.kind, repair)) fault->cured_s = at_s;
    }
}

static void line_busy(shift_t *shift, int line, int32_t seconds, int analyte, int code)
{
    line_t *state = &shift->lines[line];
    int32_t start = state->busy_until_s > shift->now_s ? state->busy_until_s : shift->now_s;
    state->busy_until_s = start + seconds;
    event_push(shift, state->busy_until_s, EVENT_DONE, line, analyte, code);
}

static bool calibrate(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    if (action->analyte < 0 || !tests_has(shift->lines[action->line].tests, action->analyte))
        return err_set(err, ERR_INPUT, "Say which test to calibrate.");
    assay_t *assay = &shift->assays[action->line][action->analyte];
    bool right = action->code == assay->calibrator_wanted;
    if (!right && action->code != assay->calibrator_lot)
        return err_set(err, ERR_INPUT, "Scan the calibrator: lot C%d is on the bench, the insert asks for C%d.",
                       assay->calibrator_lot, assay->calibrator_wanted);
    line_busy(shift, action->line, 900, action->analyte, ACT_CALIBRATE);
    assay->calibrator_lot = (int16_t)action->code;
    assay->calibrated_s = shift->now_s;
    rng_t rng = rng_at(shift->seed, DRAW_LINE, 1000u + (uint64_t)action->analyte, (uint64_t)shift->log_count);
    assay->factor_change_pct = (float)(1.2 * rng_normal(&rng));
    assay->next_marks |= QC_MARK_CALIBRATION;
    if (right) {
        cure(shift, action->line, action->analyte, REPAIR_CALIBRATE, shift->now_s);
        cure(shift, action->line, action->analyte, REPAIR_RECALIBRATE_RIGHT_LOT, shift->now_s);
    }
    return true;
}

static bool reagent(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    if (action->analyte < 0 || !tests_has(shift->lines[action->line].tests, action->analyte))
        return err_set(err, ERR_INPUT, "Say for which test to load a new bottle.");
    assay_t *assay = &shift->assays[action->line][action->analyte];
    if (!care_load_bottle(shift, action, err)) return false;
    assay->lot_since_s = shift->now_s;
    assay->tests_left = BOTTLE_TESTS;
    assay->expires_s = shift->now_s + 14 * 86400;
    assay->next_marks |= QC_MARK_LOT;
    line_busy(shift, action->line, 300, action->analyte, ACT_REAGENT);
    cure(shift, action->line, action->analyte, REPAIR_NEW_REAGENT, shift->now_s);
    care_bottle_on_board(shift, action->line, action->analyte);
    return true;
}

static bool maintain(shift_t *shift, const action_t *action, err_t *err)
{
    static const repair_t repairs[MAINTAIN_COUNT] = {
        REPAIR_CLEAN_PROBE, REPAIR_PRIME,     REPAIR_REPLACE_ELECTRODE, REPAIR_REPLACE_REFERENCE, REPAIR_REPLACE_LAMP,
        REPAIR_CUVETTES,    REPAIR_FIX_WATER, REPAIR_TEMPERATURE,       REPAIR_SYRINGE,           REPAIR_SERVICE};
    static const int32_t minutes[MAINTAIN_COUNT] = {10, 5, 20, 15, 30, 20, 30, 20, 25, 60};
    if (!need_line(shift, action, err)) return false;
    if (action->code < 0 || action->code >= MAINTAIN_COUNT)
        return err_set(err, ERR_INPUT, "Choose what to do to the line.");
    line_busy(shift, action->line, minutes[action->code] * 60, -1, ACT_MAINTAIN);
    cure(shift, action->line, -1, repairs[action->code], shift->now_s);
    const uint64_t *tests = shift->lines[action->line].tests;
    for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1))
        shift->assays[action->line][a].next_marks |= QC_MARK_MAINTENANCE;
    return true;
}

static bool rerun_one(shift_t *shift, int32_t index, int line, int dilution, err_t *err)
{
    result_t *result = need_result(shift, index, err);
    if (!result) return false;
    if (tests_has(lab_roles(shift->lab)->derived, result->analyte))
        return err_set(err, ERR_STATE, "That result is calculated. Rerun the tests that it comes from.");
    if (result->replaced_by >= 0)
        return err_set(err, ERR_STATE, "That result has been repeated already; see the newer one.");
    if (result->state == RESULT_CANCELLED) return err_set(err, ERR_STATE, "That result was canceled.");
    if (result->repeat_due_s != NEVER) return err_set(err, ERR_STATE, "A repeat of that result is running.");
    if (line >= 0 && (line >= SHIFT_LINES || line_bench(line) != line_bench(result->line)))
        return err_set(err, ERR_INPUT, "%s does not run that test.", line_name(line));
    if (shift->specimens[result->specimen].state == SPECIMEN_REJECTED)
        return err_set(err, ERR_STATE, "The specimen was rejected.");
    if (!need_out(&shift->specimens[result->specimen], err)) return false;
    if (care_stopped(shift, line < 0 ? result->line : line))
        return err_set(err, ERR_STATE, "That analyzer has stopped with an alarm. Repeat on the other one.");
    if (shift->result_count + shift->event_count >= SHIFT_MAX_RESULTS ||
        !line_repeat(shift, index, line < 0 ? result->line : line, dilution, 0))
        return err_set(err, ERR_LIMIT, "This shift has reached its limit of %d results.", SHIFT_MAX_RESULTS);
    return true;
}

static bool rerun(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    for (int32_t i = 0; i < action->count; i++)
        if (!rerun_one(shift, action->list[i], action->line, 1, err)) return i > 0;
    return true;
}

static bool blank(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen = need_specimen(shift, action->specimen, err);
    if (!specimen) return false;
    if (specimen->first_result < 0)
        return err_set(err, ERR_STATE, "Measure the specimen first: the L index says whether it needs clearing.");
    if (!need_out(specimen, err)) return false;
    if (specimen->blanked) return err_set(err, ERR_STATE, "This specimen has been cleared already.");
    if (!(specimen->l_index > 0)) return err_set(err, ERR_STATE, "The serum is not lipemic.");
    specimen->blanked = true;
    /* triglycerides and other lipids are reported from the native serum */
    const lab_roles_t *roles = lab_roles(shift->lab);
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next) {
        const result_t *old = &shift->results[r];
        bool lipid =
            old->analyte == roles->triglycerides || old->analyte == roles->cholesterol || old->analyte == roles->hdl;
        if (old->state != RESULT_HELD || tests_has(roles->derived, old->analyte) || lipid || old->repeat_due_s != NEVER)
            continue;
        line_repeat(shift, r, old->line, 1, CLEAR_S);
    }
    return true;
}

bool bench_act(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen;
    switch (action->kind) {
    case ACT_LOOK_TUBE:
        specimen = need_specimen(shift, action->specimen, err);
        if (!specimen || !need_out(specimen, err)) return false;
        specimen->looked_s = shift->now_s;
        specimen->seen |= specimen->cues_before | (specimen->spun_s == NEVER ? 0 : specimen->cues_after);
        return true;
    case ACT_START_UP:
        if (!need_line(shift, action, err)) return false;
        if (shift->lines[action->line].start_up_s != NEVER)
            return err_set(err, ERR_STATE, "The daily start-up of this line is done.");
        shift->lines[action->line].start_up_s = shift->now_s;
        return true;
    case ACT_RUN_QC:
        if (!need_line(shift, action, err)) return false;
        if (action->analyte >= 0 && !tests_has(shift->lines[action->line].tests, action->analyte))
            return err_set(err, ERR_INPUT, "That test has no controls on this line.");
        if (action->code == 1) cure(shift, action->line, -1, REPAIR_NEW_QC_VIAL, shift->now_s);
        qc_on_start(shift, action->line, action->analyte, action->code == 1);
        return true;
    case ACT_CALIBRATE:
        return calibrate(shift, action, err);
    case ACT_REAGENT:
        return reagent(shift, action, err);
    case ACT_MAINTAIN:
        return maintain(shift, action, err);
    case ACT_RERUN:
        return rerun(shift, action, err);
    case ACT_DILUTE:
        if (action->number < 2 || action->number > 100)
            return err_set(err, ERR_INPUT, "Give a dilution factor from 2 to 100 (5 means 1 part in 5).");
        return rerun_one(shift, action->result, action->line, action->number, err);
    case ACT_BLANK:
        return blank(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The bench does not know that action.");
    }
}

/* ---- the verification queue ---- */

static bool held_list(shift_t *shift, const action_t *action, const char *verb, err_t *err)
{
    if (!need_list(action, err)) return false;
    int criticals = 0;
    for (int32_t i = 0; i < action->count; i++) {
        const result_t *result = need_result(shift, action->list[i], err);
        if (!result) return false;
        if (result->state == RESULT_RELEASED)
            return err_set(err, ERR_STATE,
                           "That result has gone out. Amend it instead: the old value stays on record.");
        if (result->state != RESULT_HELD)
            return err_set(err, ERR_STATE, "Only results that wait for review can be %s.", verb);
        criticals += result->critical;
    }
    if (action->kind == ACT_VERIFY && criticals > 0 && action->count > 1)
        return err_set(err, ERR_STATE, "A critical result is verified by itself, never in a batch.");
    return true;
}

static bool verify(shift_t *shift, const action_t *action, err_t *err)
{
    if (!held_list(shift, action, "verified", err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        result_t *result = &shift->results[action->list[i]];
        if (result->value != result->value)
            return err_set(err, ERR_STATE,
                           "The instrument gave no number. Rerun it, correct it by a formula, or cancel it.");
    }
    for (int32_t i = 0; i < action->count; i++) {
        result_t *result = &shift->results[action->list[i]];
        if (result->state != RESULT_HELD) continue; /* named twice */
        result->decided_s = shift->now_s;
        shift->specimens[result->specimen].touched = true;
        result_release(shift, action->list[i], false);
        specimen_settle(shift, result->specimen);
    }
    return true;
}

static bool cancel(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->code < 0 || action->code >= lab_code_count(shift->lab, CODE_CANCEL_REASON))
        return err_set(err, ERR_INPUT, "Choose the reason for the cancellation.");
    if (!held_list(shift, action, "canceled", err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        result_t *result = &shift->results[action->list[i]];
        if (result->state != RESULT_HELD) continue;
        result_become(shift, result, RESULT_CANCELLED);
        result->decided_s = shift->now_s;
        result->comment = (int16_t)action->code;
        shift->specimens[result->specimen].touched = true;
        specimen_settle(shift, result->specimen);
    }
    return true;
}

static bool comment(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->code < 0 || action->code >= lab_code_count(shift->lab, CODE_RESULT_COMMENT))
        return err_set(err, ERR_INPUT, "Choose a coded comment.");
    if (!need_list(action, err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        result_t *result = need_result(shift, action->list[i], err);
        if (!result) return false;
        result->comment = (int16_t)action->code;
    }
    return true;
}

static bool amend(shift_t *shift, const action_t *action, err_t *err)
{
    result_t *result = need_result(shift, action->result, err);
    if (!result) return false;
    if (result->state != RESULT_RELEASED)
        return err_set(err, ERR_STATE, "Only a result that has gone out is amended; this one still waits.");
    if (action->code < 0 || action->code >= lab_code_count(shift->lab, CODE_AMEND_REASON))
        return err_set(err, ERR_INPUT, "Choose the reason for the amendment.");
    if (!(action->value >= 0) || action->value > 1e7)
        return err_set(err, ERR_INPUT, "Give the corrected value as a number.");
    if (!action->text[0]) return err_set(err, ERR_INPUT, "Write who was told of the amended result.");
    if (!result->amended) result->old_value = result->value;
    result->amended = true;
    result->amended_s = shift->now_s;
    result->value = exact_round(action->value, lab_analyte(shift->lab, result->analyte)->decimals);
    result->sign = 0;
    /* the repeat that led to it is settled */
    if (result->replaced_by >= 0 && shift->results[result->replaced_by].state == RESULT_HELD)
        result_become(shift, &shift->results[result->replaced_by], RESULT_REPLACED);
    specimen_settle(shift, result->specimen);
    return true;
}

/* The number is corrected by a formula before it goes out; what the analyzer gave stays as the raw value. */
static bool correct(shift_t *shift, const action_t *action, err_t *err)
{
    result_t *result = need_result(shift, action->result, err);
    if (!result) return false;
    if (result->state != RESULT_HELD)
        return err_set(err, ERR_STATE,
                       "Only a result that waits for review is corrected; one that has gone out is amended.");
    if (action->code < 0 || action->code >= lab_code_count(shift->lab, CODE_CORRECTION))
        return err_set(err, ERR_INPUT, "Choose the formula of the correction.");
    if (!(action->value >= 0) || action->value > 1e7)
        return err_set(err, ERR_INPUT, "Give the corrected value as a number.");
    result->corrected = true;
    result->correction = (int16_t)action->code;
    result->value = exact_round(action->value, lab_analyte(shift->lab, result->analyte)->decimals);
    result->sign = 0;
    result->flags &= ~(uint32_t)FLAG_VOTE_OUT;
    return true;
}

static bool hold_result(shift_t *shift, const action_t *action, err_t *err)
{
    if (!held_list(shift, action, "held", err)) return false;
    for (int32_t i = 0; i < action->count; i++) shift->results[action->list[i]].hold |= HOLD_MANUAL;
    return true;
}

static bool move_line(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    int room[SHIFT_LINES];
    for (int line = 0; line < SHIFT_LINES; line++) room[line] = deck_room(shift, line, false);
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        if (specimen->state != SPECIMEN_QUEUED)
            return err_set(err, ERR_STATE, "Only tubes that wait in a line's queue can be moved.");
        int other = line_other(specimen->line);
        if (other >= 0 && shift->care.alarms[other].out_of_use)
            return err_set(err, ERR_STATE, "%s is out of use.", line_name(other));
        if (other < 0) return err_set(err, ERR_STATE, "There is only one analyzer for this tube.");
        if (!named_before(action, i) && room[other]-- == 0)
            return err_set(err, ERR_STATE, "The deck of %s is full. Move fewer tubes, or wait until a rack comes out.",
                           line_name(other));
    }
    for (int32_t i = 0; i < action->count; i++) {
        if (named_before(action, i)) continue;
        specimen_t *specimen = &shift->specimens[action->list[i]];
        int other = line_other(specimen->line);
        deck_leave(shift, action->list[i]);
        line_enqueue(shift, other, action->list[i], specimen->stat_position);
    }
    return true;
}

bool queue_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (care_lis_down(shift) && action->kind != ACT_MOVE_LINE)
        return err_set(err, ERR_STATE, "The LIS does not answer. Report on paper; verify when it is back.");
    switch (action->kind) {
    case ACT_VERIFY:
        return verify(shift, action, err);
    case ACT_HOLD_RESULT:
        return hold_result(shift, action, err);
    case ACT_CANCEL:
        return cancel(shift, action, err);
    case ACT_COMMENT:
        return comment(shift, action, err);
    case ACT_AMEND:
        return amend(shift, action, err);
    case ACT_CORRECT:
        return correct(shift, action, err);
    case ACT_MOVE_LINE:
        return move_line(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The verification queue does not know that action.");
    }
}
