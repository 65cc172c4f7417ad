/* One action: refused, or done and written into the record. Every accepted action takes the time
 * of the trainee's own hands, and the world moves on meanwhile. */
#include "shift_private.h"

#include <stddef.h>
#include <string.h>

typedef struct {
    const char *word;
    int32_t seconds, seconds_each; /* once, and for each member of a list */
    bool (*act)(shift_t *, const action_t *, err_t *);
} verb_t;

static bool look_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->kind == ACT_OPEN_SOP)
        return lab_sop_find(shift->lab, action->text) ||
               err_set(err, ERR_NOT_FOUND, "There is no procedure \"%.40s\" in the binder.", action->text);
    if (action->kind == ACT_OPEN_RESULT) {
        if (action->specimen < 0 || action->specimen >= shift->specimen_count ||
            shift->specimens[action->specimen].state == SPECIMEN_COMING)
            return err_set(err, ERR_NOT_FOUND, "There is no such specimen in the laboratory.");
        shift->specimens[action->specimen].opened_s = shift->now_s;
        return true;
    }
    if (action->kind == ACT_NOTE && !action->text[0]) return err_set(err, ERR_INPUT, "The note is empty.");
    return true;
}

static const verb_t verbs[ACT_COUNT] = {
    [ACT_NONE] = {"none", 0, 0, NULL},
    [ACT_INSPECT] = {"inspect", 12, 0, reception_act},
    [ACT_ACCEPT] = {"accept", 2, 5, reception_act},
    [ACT_REJECT] = {"reject", 60, 10, reception_act},
    [ACT_HOLD] = {"hold", 90, 0, reception_act},
    [ACT_SPIN] = {"spin", 40, 3, tray_act},
    [ACT_LOAD] = {"load", 15, 3, reception_act},
    [ACT_UNLOAD] = {"unload", 10, 4, reception_act},
    [ACT_ADD_ON] = {"add-on", 30, 0, tray_act},
    [ACT_LABEL] = {"label", 30, 0, tray_act},
    [ACT_ALIQUOT] = {"aliquot", 60, 5, tray_act},
    [ACT_STORE] = {"store", 20, 2, tray_act},
    [ACT_TAKE_OUT] = {"take-out", 20, 5, tray_act},
    [ACT_DECLINE] = {"decline", 60, 0, tray_act},
    [ACT_LOOK_TUBE] = {"look-tube", 20, 0, bench_act},
    [ACT_START_UP] = {"start-up", 300, 0, bench_act},
    [ACT_RUN_QC] = {"run-qc", 60, 0, bench_act},
    [ACT_CALIBRATE] = {"calibrate", 120, 0, bench_act},
    [ACT_REAGENT] = {"reagent", 90, 0, bench_act},
    [ACT_MAINTAIN] = {"maintain", 180, 0, bench_act},
    [ACT_RERUN] = {"rerun", 15, 3, bench_act},
    [ACT_DILUTE] = {"dilute", 60, 0, bench_act},
    [ACT_BLANK] = {"blank", 240, 0, bench_act},
    [ACT_MOVE_LINE] = {"move-line", 10, 4, queue_act},
    [ACT_TREAT] = {"treat", 60, 0, treat_act},
    [ACT_JUDGE_QC] = {"judge-qc", 25, 0, board_act},
    [ACT_ACCEPT_QC_RUN] = {"accept-qc-run", 60, 0, board_act},
    [ACT_LOOK_BACK] = {"look-back", 180, 0, board_act},
    [ACT_REVIEW_QC] = {"review-qc", 150, 0, board_act},
    [ACT_VERIFY] = {"verify", 6, 2, queue_act},
    [ACT_HOLD_RESULT] = {"hold-result", 5, 1, queue_act},
    [ACT_CANCEL] = {"cancel", 20, 2, queue_act},
    [ACT_COMMENT] = {"comment", 8, 1, queue_act},
    [ACT_CORRECT] = {"correct", 40, 0, queue_act},
    [ACT_AMEND] = {"amend", 60, 0, queue_act},
    [ACT_CALL] = {"call", 60, 0, phone_call},
    [ACT_READ_BACK] = {"read-back", 30, 0, phone_read_back},
    [ACT_ANSWER] = {"answer", 10, 0, phone_answer},
    [ACT_REPLY] = {"reply", 30, 0, phone_reply},
    [ACT_LOOK_PANEL] = {"look-panel", 30, 0, care_act},
    [ACT_SIGN_LIST] = {"sign-list", 180, 0, care_act},
    [ACT_LOOK_UNIT] = {"look-unit", 20, 0, care_act},
    [ACT_LOG_UNIT] = {"log-unit", 20, 0, care_act},
    [ACT_UNIT_DO] = {"unit-do", 120, 0, care_act},
    [ACT_COMPARE_LOT] = {"compare-lot", 120, 10, care_stock_act},
    [ACT_JUDGE_LOT] = {"judge-lot", 60, 0, care_stock_act},
    [ACT_ALARM_STEP] = {"alarm-step", 60, 0, care_alarm_act},
    [ACT_SERVICE] = {"service", 120, 0, care_alarm_act},
    [ACT_CHECK_LINE] = {"check-line", 90, 5, care_alarm_act},
    [ACT_RETURN_LINE] = {"return-line", 30, 0, care_alarm_act},
    [ACT_DOWNTIME] = {"downtime", 40, 0, care_downtime_act},
    [ACT_TELL] = {"tell", 60, 0, care_downtime_act},
    [ACT_BACKUP] = {"backup", 30, 20, care_downtime_act},
    [ACT_PAPER] = {"paper", 20, 30, care_downtime_act},
    [ACT_ENTER] = {"enter", 15, 0, care_downtime_act},
    [ACT_CHECK_ENTRY] = {"check-entry", 10, 0, care_downtime_act},
    [ACT_OPEN_SOP] = {"open-sop", 40, 0, look_act},
    [ACT_OPEN_RESULT] = {"open-result", 4, 0, look_act},
    [ACT_NOTE] = {"note", 20, 0, look_act},
    [ACT_HAND_OVER] = {"hand-over", 60, 0, look_act},
};

/* All but the list and the text, which are long and which most actions do not have; member by member, for a struct that
 * is cleared as a whole is copied to where it is wanted. */
_Static_assert(offsetof(action_t, list) == 128, "a member that is new is given its start in action_make");

action_t action_make(action_kind_t kind)
{
    action_t action;
    action.kind = kind;
    action.specimen = action.line = action.analyte = action.call = action.result = action.code = -1;
    action.rule = action.cause = action.corrective = -1;
    action.run = action.number = action.rack = action.position = action.count = 0;
    action.value = 0;
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) action.mean[l] = action.sd[l] = 0;
    action.verdict = VERDICT_NONE;
    action.error_type = ERROR_NOT_SAID;
    action.text[0] = '\0';
    return action;
}

const char *action_word(action_kind_t kind)
{
    return kind > ACT_NONE && kind < ACT_COUNT ? verbs[kind].word : "";
}

int action_from_word(const char *word)
{
    for (int i = ACT_NONE + 1; i < ACT_COUNT; i++)
        if (strcmp(verbs[i].word, word) == 0) return i;
    return -1;
}

int32_t shift_action_seconds(const action_t *action)
{
    if (action->kind <= ACT_NONE || action->kind >= ACT_COUNT) return 0;
    return verbs[action->kind].seconds + verbs[action->kind].seconds_each * action->count;
}

static int32_t keep_text(shift_t *shift, const char *text)
{
    size_t length = strnlen(text, SHIFT_TEXT_MAX);
    if (length == 0 || shift->text_used + (int32_t)length + 1 > SHIFT_TEXTS_MAX) return -1;
    int32_t at = shift->text_used;
    memcpy(shift->texts + at, text, length);
    shift->texts[at + (int32_t)length] = '\0';
    shift->text_used += (int32_t)length + 1;
    return at;
}

bool shift_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (shift->over) return err_set(err, ERR_STATE, "This shift is over. Its debrief is open.");
    if (action->kind <= ACT_NONE || action->kind >= ACT_COUNT)
        return err_set(err, ERR_INPUT, "That is not something a technician can do here.");
    if (shift->log_count == SHIFT_MAX_ACTIONS)
        return err_set(err, ERR_LIMIT, "This shift has reached its limit of %d actions. Hand over to close it.",
                       SHIFT_MAX_ACTIONS);
    if (action->kind == ACT_NOTE && shift->text_used > SHIFT_TEXTS_MAX - 2 * SHIFT_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "The notebook of this shift is full.");
    if (!verbs[action->kind].act(shift, action, err)) return false;
    shift->log[shift->log_count++] = (log_entry_t){.at_s = shift->now_s,
                                                   .kind = (int16_t)action->kind,
                                                   .text = keep_text(shift, action->text),
                                                   .specimen = action->specimen >= 0 ? action->specimen : -1,
                                                   .result = action->result,
                                                   .call = action->call,
                                                   .line = (int16_t)action->line,
                                                   .analyte = (int16_t)action->analyte,
                                                   .code = (int16_t)action->code};
    log_entry_t *entry = &shift->log[shift->log_count - 1];
    bool of_results = action->kind == ACT_RERUN || action->kind == ACT_VERIFY || action->kind == ACT_CANCEL ||
                      action->kind == ACT_COMMENT || action->kind == ACT_HOLD_RESULT,
         of_tests = action->kind == ACT_ALIQUOT;
    if (action->count > 0 && of_results) entry->result = action->list[0];
    if (action->count > 0 && !of_results && !of_tests) entry->specimen = action->list[0];
    if (entry->specimen < 0 && entry->result >= 0) entry->specimen = shift->results[entry->result].specimen;
    if (action->kind == ACT_HAND_OVER) {
        shift->handed_over = shift->over = true;
        shift->ended_s = shift->now_s;
        return true;
    }
    shift_advance(shift, shift->now_s + shift_action_seconds(action));
    return true;
}

int32_t shift_action_count(const shift_t *shift)
{
    return shift->log_count;
}
