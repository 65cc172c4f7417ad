/* What hands do with a tube between its arrival and the analyzer, and after: spin it, label it, add a test. */
#include "content_private.h"
#include "roles.h"
#include "shift_private.h"

#include <stdio.h>

enum {
    REFLEX_S = 480,   /* a test added to a tube that has been run */
    IMBALANCE_S = 120 /* run-up, alarm, run-down: local policy of the synthetic laboratory */
};

/* ---- the centrifuge ---- */

/* Spun before it clotted: fibrin, and about one aspiration in two goes wrong. */
static void spun_unclotted(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    specimen->cues_after |= LOOK_FIBRIN;
    rng_t rng = rng_at(shift->seed, DRAW_SPIN, (uint64_t)index, 0);
    specimen_fault_t fault = {.kind = (int16_t)lab_roles(shift->lab)->fault_short,
                              .fluid = -1,
                              .severity = (float)(0.1 + 0.4 * rng_uniform(&rng))};
    if (fault.kind >= 0 && rng_chance(&rng, 0.5)) specimen_add_fault(shift, specimen, fault);
}

/* A spin begins that will be finished. Less time or force than the tube needs leaves cells in what stands above them:
 * how many is not known, so that it is a thing to be seen, and the blood goes on waiting on its cells. */
static void spin_tube(shift_t *shift, int32_t index, int32_t start_s, int g, int minutes)
{
    specimen_t *specimen = &shift->specimens[index];
    const tube_t *tube = lab_tube(shift->lab, specimen->tube);
    const spin_program_t *needs = lab_spin_program(shift->lab, lab_tube_program(shift->lab, specimen->tube));
    bool first = specimen->spun_s == NEVER;
    specimen->spin_s = start_s;
    specimen->state = SPECIMEN_SPINNING;
    if (first && tube->clot_min > 0 && start_s < specimen->collected_s + tube->clot_min * 60)
        spun_unclotted(shift, index);
    specimen->short_spin = needs && (minutes < needs->minutes || g < needs->g);
    specimen->seen &= ~(uint32_t)LOOK_NOT_PACKED;
    specimen->cues_after &= ~(uint32_t)LOOK_NOT_PACKED;
    if (specimen->short_spin) specimen->cues_after |= LOOK_NOT_PACKED;
    event_push(shift, start_s + minutes * 60, EVENT_SPUN, -1, index, SPUN_WELL);
}

void tray_track_spin(shift_t *shift, int32_t index, int32_t start_s)
{
    const spin_program_t *program =
        lab_spin_program(shift->lab, lab_tube_program(shift->lab, shift->specimens[index].tube));
    spin_tube(shift, index, start_s, program->g, program->minutes);
}

void tray_on_spun(shift_t *shift, int32_t index, int32_t how)
{
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->state != SPECIMEN_SPINNING) return;
    specimen->centrifuge = -1;
    if (how == SPUN_OUT_OF_BALANCE) {
        specimen->state = specimen->spun_s == NEVER ? SPECIMEN_RECEIVED : SPECIMEN_SPUN;
        notice_push(shift, NOTICE_SPUN, index, -1, -1, -1, -1, SPUN_OUT_OF_BALANCE);
        return;
    }
    specimen->state = SPECIMEN_SPUN;
    specimen->spun_s = shift->now_s;
    notice_push(shift, NOTICE_SPUN, index, -1, -1, -1, -1, SPUN_WELL);
    if (!shift->scenario->track) return;
    line_enqueue(shift, line_for(shift, (bench_t)specimen->bench), index, specimen->priority == PRIORITY_STAT);
}

static int free_centrifuge(const shift_t *shift)
{
    for (int i = 0; i < CENTRIFUGES; i++)
        if (shift->centrifuges[i].until_s <= shift->now_s) return i;
    return -1;
}

static bool all_run(const shift_t *shift, err_t *err)
{
    int32_t soonest = shift->centrifuges[0].until_s;
    for (int i = 1; i < CENTRIFUGES; i++)
        if (shift->centrifuges[i].until_s < soonest) soonest = shift->centrifuges[i].until_s;
    char clock[6];
    text_clock(clock, shift_clock_s(shift, soonest));
    return err_set(err, ERR_STATE, "Both centrifuges are running. The next one stops at %s.", clock);
}

/* The program that the tubes need: of several the one with the most force, which is enough for all. */
static int program_for(const shift_t *shift, const action_t *action)
{
    int most = -1;
    for (int32_t i = 0; i < action->count; i++) {
        int program = lab_tube_program(shift->lab, shift->specimens[action->list[i]].tube);
        const spin_program_t *one = lab_spin_program(shift->lab, program);
        if (one && (most < 0 || one->g > lab_spin_program(shift->lab, most)->g)) most = program;
    }
    return most;
}

static bool can_spin(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    if (action->count > CENTRIFUGE_PLACES)
        return err_set(err, ERR_LIMIT, "A centrifuge holds %d tubes. Spin the rest in the next run.",
                       CENTRIFUGE_PLACES);
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        bool again = specimen->state == SPECIMEN_SPUN && specimen->short_spin;
        if (specimen->state != SPECIMEN_RECEIVED && !again)
            return err_set(
                err, ERR_STATE,
                "Only received tubes that were not spun yet, or not for their full time, go into a centrifuge.");
    }
    if (action->code < -1 || action->code >= lab_spin_program_count(shift->lab))
        return err_set(err, ERR_INPUT, "Choose the program of the centrifuge.");
    if (action->number < 0 || action->number > SPIN_MINUTES_MAX)
        return err_set(err, ERR_INPUT, "A spin takes 1 to %d minutes.", SPIN_MINUTES_MAX);
    if (action->run < 0 || action->run >= BALANCE_COUNT)
        return err_set(err, ERR_INPUT, "Say how the rotor is balanced.");
    return free_centrifuge(shift) >= 0 || all_run(shift, err);
}

static bool spin(shift_t *shift, const action_t *action, err_t *err)
{
    if (!can_spin(shift, action, err)) return false;
    int which = free_centrifuge(shift), program = action->code < 0 ? program_for(shift, action) : action->code,
        count = 0;
    const spin_program_t *with = lab_spin_program(shift->lab, program);
    if (!with) return err_set(err, ERR_STATE, "None of these tubes is spun.");
    int minutes = action->number ? action->number : with->minutes;
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = &shift->specimens[action->list[i]];
        if (specimen->state == SPECIMEN_SPINNING) continue; /* named twice */
        specimen->state = SPECIMEN_SPINNING;
        specimen->centrifuge = (int8_t)which;
        specimen->spin_program = (int8_t)program;
        specimen->spin_minutes = (int8_t)minutes;
        count++;
    }
    bool odd = count % 2 != 0, stops = odd && action->run == BALANCE_NONE;
    for (int32_t i = 0; i < action->count; i++) {
        specimen_t *specimen = &shift->specimens[action->list[i]];
        bool twice = false;
        for (int32_t k = 0; k < i; k++) twice = twice || action->list[k] == action->list[i];
        if (twice) continue;
        if (stops) {
            specimen->spin_program = -1;
            event_push(shift, shift->now_s + IMBALANCE_S, EVENT_SPUN, -1, action->list[i], SPUN_OUT_OF_BALANCE);
        } else {
            spin_tube(shift, action->list[i], shift->now_s, with->g, minutes);
        }
    }
    shift->centrifuges[which] = (centrifuge_t){.started_s = shift->now_s,
                                               .until_s = shift->now_s + (stops ? IMBALANCE_S : minutes * 60),
                                               .program = (int8_t)program,
                                               .minutes = (int8_t)minutes,
                                               .count = (int8_t)count,
                                               .balance_tube = odd && !stops};
    return true;
}

/* ---- labels ---- */

bool tray_unread(shift_t *shift, int line, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    if (tray_readable(specimen)) return false;
    specimen->state = SPECIMEN_SPUN;
    specimen->line = -1;
    specimen->loaded_s = NEVER;
    specimen->unread_s = shift->now_s;
    notice_push(shift, NOTICE_UNREAD, index, line, -1, -1, -1, 0);
    return true;
}

/* The printer prints what the order says, whatever the tube is. Whose blood it is was decided at the bedside. */
static bool label(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen = need_specimen(shift, action->specimen, err);
    if (!specimen) return false;
    if (specimen->state == SPECIMEN_REJECTED) return err_set(err, ERR_STATE, "The specimen was rejected.");
    if (specimen->state == SPECIMEN_QUEUED || specimen->state == SPECIMEN_RUNNING ||
        specimen->state == SPECIMEN_SPINNING)
        return err_set(err, ERR_STATE, "The tube is in a machine now. Wait until it comes out.");
    bool compared = specimen->compared_s != NEVER && specimen->compared_s >= specimen->unread_s;
    specimen->label_unchecked = specimen->label_unchecked || !compared;
    specimen->relabeled = true;
    specimen->relabeled_s = shift->now_s;
    specimen->cues_before &= ~(uint32_t)(LOOK_LABEL_CROOKED | LOOK_NO_LABEL);
    specimen->seen &= ~(uint32_t)(LOOK_LABEL_CROOKED | LOOK_NO_LABEL);
    return true;
}

/* ---- one more test ---- */

static bool add_on(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen = need_specimen(shift, action->specimen, err);
    if (!specimen) return false;
    if (action->analyte < 0 || action->analyte >= lab_analyte_count(shift->lab) ||
        !tests_has(shift->menu, action->analyte) ||
        (int)lab_analyte(shift->lab, action->analyte)->bench != specimen->bench)
        return err_set(err, ERR_INPUT, "That test is not run from this tube.");
    if (tests_has(specimen->tests, action->analyte))
        return err_set(err, ERR_STATE, "That test is on the order already.");
    if (specimen->prepared && specimen->bench == BENCH_CHEMISTRY)
        return err_set(err, ERR_STATE,
                       "The tube has been sampled. Order the test on a new specimen or on the next draw.");
    if (specimen->state == SPECIMEN_REJECTED) return err_set(err, ERR_STATE, "The specimen was rejected.");
    bool ran = specimen->first_result >= 0; /* whole blood and plasma are still there: the test follows at once */
    if (!world_add_test(shift, action->specimen, action->analyte) ||
        (ran && !event_push(shift, shift->now_s + REFLEX_S, EVENT_REFLEX, line_for(shift, (bench_t)specimen->bench),
                            action->specimen, action->analyte)))
        return err_set(err, ERR_LIMIT, "This shift has no room for another test.");
    return true;
}

bool tray_act(shift_t *shift, const action_t *action, err_t *err)
{
    switch (action->kind) {
    case ACT_SPIN:
        return spin(shift, action, err);
    case ACT_LABEL:
        return label(shift, action, err);
    case ACT_ADD_ON:
        return add_on(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The tray does not know that action.");
    }
}
