/* The telephone. Outgoing: a critical result is called up the ladder (nurse, covering physician,
 * department head, medical director); somebody answers or not, reads back, sometimes wrongly.
 * Incoming: planned by the scenario and by chance; the caller waits a minute and a half, then gives
 * up. All lines are content (content/lab/phone.yaml). */
#include "content_private.h"
#include "shift_private.h"

#include <stdio.h>

enum { RING_S = 90, LADDER = 4, REASON_S = 15 * 60 };

const char *ladder_word(int rung)
{
    static const char *const words[LADDER] = {"charge nurse", "covering physician", "department head",
                                              "medical director"};
    return rung >= 0 && rung < LADDER ? words[rung] : "";
}

static call_t *need_call(shift_t *shift, int32_t index, err_t *err)
{
    if (index < 0 || index >= shift->call_count || shift->calls[index].state == CALL_DONE) {
        err_set(err, ERR_NOT_FOUND, "That call is over.");
        return NULL;
    }
    return &shift->calls[index];
}

static int32_t call_new(shift_t *shift)
{
    if (shift->call_count == SHIFT_MAX_CALLS) return -1;
    call_t *call = &shift->calls[shift->call_count];
    *call =
        (call_t){.at_s = shift->now_s, .ended_s = NEVER, .specimen = -1, .result = -1, .script = -1, .last_reply = -1};
    return shift->call_count++;
}

/* ---- incoming ---- */

static void plan_ring(shift_t *shift, int32_t at_s, int script, int about_plant)
{
    int32_t index = call_new(shift);
    if (index < 0) return;
    call_t *call = &shift->calls[index];
    call->incoming = true;
    call->state = CALL_LOST; /* not rung yet: shown only after it rings */
    call->at_s = at_s;
    call->script = (int16_t)script;
    for (int32_t i = 0; about_plant >= 0 && i < shift->specimen_count; i++)
        if (shift->specimens[i].plant == about_plant && call->specimen < 0) call->specimen = i;
    event_push(shift, at_s, EVENT_RING, -1, index, 0);
}

void phone_plan(shift_t *shift)
{
    const lab_content_t *content = lab_content(shift->lab);
    const scenario_t *scenario = shift->scenario;
    for (int i = 0; i < scenario->call_count; i++)
        plan_ring(shift, scenario->calls[i].at_s, scenario->calls[i].script, scenario->calls[i].about);
    int may[SCRIPTS_MAX], count = 0;
    for (int i = 0; i < content->script_count; i++) {
        int bench = content->scripts[i].bench;
        if (bench < 0 || (scenario->benches >> bench) & 1u) may[count++] = i;
    }
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 0, 0);
    uint32_t more = scenario->random_calls > 0 && count > 0 ? rng_poisson(&rng, scenario->random_calls) : 0;
    for (uint32_t i = 0; i < more; i++) {
        int32_t at = (int32_t)(rng_uniform(&rng) * 0.9 * shift->length_s) + 120;
        plan_ring(shift, at, may[rng_below(&rng, (uint32_t)count)], -1);
    }
}

static bool makes_sense(const shift_t *shift, int32_t index, int needs)
{
    const specimen_t *specimen = &shift->specimens[index];
    if (needs == NEEDS_REJECTION) return specimen->state == SPECIMEN_REJECTED;
    if (needs == NEEDS_RELEASED_RESULT) return specimen->in_state[RESULT_RELEASED] > 0;
    for (int i = 0; i < shift->call_count && needs == NEEDS_CRITICAL_CALL; i++) {
        const call_t *call = &shift->calls[i];
        if (!call->incoming && call->specimen == index && call->result >= 0) return true;
    }
    return needs == NEEDS_NOTHING;
}

/* Of the specimens that are here and with which the call makes sense, one; -1 when there is none. */
static int32_t talk_about(const shift_t *shift, int32_t index, int needs)
{
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 1, (uint64_t)index);
    int32_t fit = 0, of_these;
    for (int32_t i = 0; i < shift->arrived; i++) fit += makes_sense(shift, shift->by_arrival[i], needs);
    if (fit == 0) return -1;
    of_these = (int32_t)rng_below(&rng, (uint32_t)fit);
    for (int32_t i = 0;; i++)
        if (makes_sense(shift, shift->by_arrival[i], needs) && of_these-- == 0) return shift->by_arrival[i];
}

/* A call whose reason has not come about waits for it: nobody complains of a rejection that was not made. */
void phone_on_ring(shift_t *shift, int32_t index)
{
    call_t *call = &shift->calls[index];
    const script_t *script = &lab_content(shift->lab)->scripts[call->script];
    if (call->specimen < 0 && script->about_result) call->specimen = talk_about(shift, index, script->needs);
    bool reason =
        call->specimen < 0 ? script->needs == NEEDS_NOTHING : makes_sense(shift, call->specimen, script->needs);
    if (!reason) {
        call->at_s = shift->now_s + REASON_S;
        event_push(shift, call->at_s, EVENT_RING, -1, index, 0);
        return;
    }
    call->state = CALL_RINGING;
    call->at_s = shift->now_s;
    notice_push(shift, NOTICE_RING, -1, -1, -1, -1, index, 0);
    event_push(shift, shift->now_s + RING_S, EVENT_CALL_LOST, -1, index, 0);
}

void phone_on_lost(shift_t *shift, int32_t index)
{
    call_t *call = &shift->calls[index];
    if (call->state != CALL_RINGING) return;
    call->state = CALL_LOST;
    call->ended_s = shift->now_s;
    notice_push(shift, NOTICE_CALL_LOST, -1, -1, -1, -1, index, 0);
}

bool phone_answer(shift_t *shift, const action_t *action, err_t *err)
{
    call_t *call = need_call(shift, action->call, err);
    if (!call) return false;
    if (call->state != CALL_RINGING) return err_set(err, ERR_STATE, "The telephone is not ringing any more.");
    call->state = CALL_TALKING;
    return true;
}

bool phone_reply(shift_t *shift, const action_t *action, err_t *err)
{
    call_t *call = need_call(shift, action->call, err);
    if (!call) return false;
    if (!call->incoming || call->state != CALL_TALKING)
        return err_set(err, ERR_STATE, "Nobody is waiting for a reply on that call.");
    if (action->code < 0 || action->code >= REPLY_COUNT) return err_set(err, ERR_INPUT, "Choose what to reply.");
    const script_t *script = &lab_content(shift->lab)->scripts[call->script];
    call->last_reply = (int16_t)action->code;
    if (action->code == REPLY_ASK_IDENTIFIERS) {
        call->identifiers_asked = true;
        return true;
    }
    if (action->code == REPLY_LOOK_UP) return true;
    bool identified = call->identifiers_asked && script->gives >= 2;
    call->given_without_identifiers =
        script->about_result && !identified && (action->code == REPLY_GIVE_RESULT || action->code == REPLY_DO_IT);
    call->in_scope = script->in_scope[action->code] && !call->given_without_identifiers;
    call->state = CALL_DONE;
    call->ended_s = shift->now_s;
    return true;
}

/* ---- outgoing ---- */

static bool somebody_answers(shift_t *shift, const specimen_t *specimen, int32_t index, int attempt)
{
    if (specimen->plant >= 0) {
        const plant_t *plant = &shift->scenario->plants[specimen->plant];
        if (plant->kind == PLANT_CRITICAL && plant->unanswered > 0) return attempt >= plant->unanswered;
    }
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 2000u + (uint64_t)index, (uint64_t)attempt);
    return rng_chance(&rng, shift->scenario->answer_probability);
}

/* What the other side reads back. A slip changes the leading digit or moves the point, as slips do. */
static void read_back(shift_t *shift, call_t *call, int32_t index)
{
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 4000u + (uint64_t)index, 0);
    call->wrong_read_back = rng_chance(&rng, shift->scenario->misread_probability) && call->result >= 0;
    if (call->result < 0) {
        snprintf(call->read_back_text, sizeof call->read_back_text, "%s", "the message, repeated");
        return;
    }
    const result_t *result = &shift->results[call->result];
    const analyte_t *analyte = lab_analyte(shift->lab, result->analyte);
    double value = result->value;
    if (call->wrong_read_back) {
        double step = 1;
        for (int i = 0; i < analyte->decimals; i++) step /= 10;
        double first = step;
        while (first * 10 <= value) first *= 10;
        value = value >= 2 * first ? value - first : value + first;
    }
    char number[32];
    text_fixed(number, value, analyte->decimals);
    snprintf(call->read_back_text, sizeof call->read_back_text, "%s %s %s", analyte->name, number, analyte->unit);
}

bool phone_call(shift_t *shift, const action_t *action, err_t *err)
{
    if (action->specimen < 0 || action->specimen >= shift->specimen_count ||
        shift->specimens[action->specimen].state == SPECIMEN_COMING)
        return err_set(err, ERR_NOT_FOUND, "Say about which specimen you call.");
    if (action->number < 0 || action->number >= LADDER)
        return err_set(err, ERR_INPUT,
                       "Choose whom to call: charge nurse, covering physician, department head or medical director.");
    if (action->result >= 0 &&
        (action->result >= shift->result_count || shift->results[action->result].specimen != action->specimen))
        return err_set(err, ERR_INPUT, "That result does not belong to this specimen.");
    int attempt = 0;
    for (int32_t i = 0; i < shift->call_count; i++)
        if (!shift->calls[i].incoming && shift->calls[i].specimen == action->specimen) attempt++;
    int32_t index = call_new(shift);
    if (index < 0) return err_set(err, ERR_LIMIT, "The call log of this shift is full (%d calls).", SHIFT_MAX_CALLS);
    call_t *call = &shift->calls[index];
    call->specimen = action->specimen;
    call->result = action->result;
    call->rung = (int16_t)action->number;
    call->attempt = (int16_t)attempt;
    rng_t rng = rng_at(shift->seed, DRAW_PHONE, 3000u + (uint64_t)index, 0);
    call->person_name = (int16_t)rng_below(&rng, (uint32_t)lab_content(shift->lab)->family_count);
    if (!somebody_answers(shift, &shift->specimens[action->specimen], action->specimen, attempt)) {
        call->state = CALL_NO_ANSWER;
        call->ended_s = shift->now_s;
        return true;
    }
    call->state = CALL_READ_BACK;
    read_back(shift, call, index);
    return true;
}

bool phone_read_back(shift_t *shift, const action_t *action, err_t *err)
{
    call_t *call = need_call(shift, action->call, err);
    if (!call) return false;
    if (call->incoming || call->state != CALL_READ_BACK)
        return err_set(err, ERR_STATE, "Nobody is reading back on that call.");
    if (action->code < READ_BACK_RIGHT || action->code > READ_BACK_SKIPPED)
        return err_set(err, ERR_INPUT, "Say whether the read-back was right, was corrected, or was not asked for.");
    call->read_back = (uint8_t)action->code;
    call->state = CALL_DONE;
    call->ended_s = shift->now_s;
    if (call->result < 0 || action->code == READ_BACK_SKIPPED) return true;
    shift->results[call->result].called = true;
    /* one call tells all criticals of the tube that were there when it was made */
    for (int32_t r = shift->specimens[call->specimen].first_result; r >= 0; r = shift->results[r].next)
        if (shift->results[r].critical && shift->results[r].measured_s <= call->at_s) shift->results[r].called = true;
    return true;
}
