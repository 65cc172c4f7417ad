/* What hands do with a tube before the analyzer and after: spin it, label it, store it, pour off, add a test. */
#include "content_private.h"
#include "roles.h"
#include "shift_private.h"

#include <string.h>

enum {
    REFLEX_S = 480,      /* a test added to a tube that has been run: blood and plasma beside the analyzer */
    ADDED_S = 660,       /* ... serum that goes on again: 10 min of photometry */
    ADDED_SLOW_S = 1140, /* ... 18 min of immunoassay */
    IMBALANCE_S = 120    /* run-up, alarm, run-down: local policy of the synthetic laboratory */
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
    line_track(shift, index);
}

/* A tube that was run stands in its rack until the rack comes out. */
static bool need_off_deck(const specimen_t *specimen, err_t *err)
{
    return specimen->place == 0 ||
           err_set(err, ERR_STATE, "The tube stands on %s until the tests of its rack are done.",
                   line_name(specimen->line));
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
    deck_give_back(shift, line, index);
    specimen->state = SPECIMEN_SPUN;
    specimen->line = -1;
    specimen->loaded_s = NEVER;
    specimen->unread_s = shift->now_s;
    notice_push(shift, NOTICE_UNREAD, index, line, -1, -1, -1, 0);
    return true;
}

/* Two cups of two people without a label, side by side: from now on nobody knows which is whose. */
static void label_aliquot(shift_t *shift, specimen_t *cup)
{
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        specimen_t *other = &shift->specimens[i];
        if (other->parent < 0 || other->relabeled || other->order_person == cup->order_person) continue;
        if (other->state != SPECIMEN_REJECTED) cup->mixed_up = other->mixed_up = true;
    }
}

/* The printer prints what the order says, whatever the tube is. Whose blood it is was decided at the bedside. */
static bool label(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen = need_specimen(shift, action->specimen, err);
    if (!specimen || !need_out(specimen, err)) return false;
    if (specimen->state == SPECIMEN_REJECTED) return err_set(err, ERR_STATE, "The specimen was rejected.");
    if (specimen->state == SPECIMEN_QUEUED || specimen->state == SPECIMEN_RUNNING ||
        specimen->state == SPECIMEN_SPINNING)
        return err_set(err, ERR_STATE, "The tube is in a machine now. Wait until it comes out.");
    if (!need_off_deck(specimen, err)) return false;
    if (specimen->parent >= 0 && !specimen->relabeled) label_aliquot(shift, specimen);
    bool compared = specimen->compared_s != NEVER && specimen->compared_s >= specimen->unread_s;
    specimen->label_unchecked = specimen->label_unchecked || !compared;
    specimen->relabeled = true;
    specimen->relabeled_s = shift->now_s;
    specimen->cues_before &= ~(uint32_t)(LOOK_LABEL_CROOKED | LOOK_NO_LABEL);
    specimen->seen &= ~(uint32_t)(LOOK_LABEL_CROOKED | LOOK_NO_LABEL);
    return true;
}

/* ---- aliquots ---- */

static bool can_pour(const specimen_t *specimen, err_t *err)
{
    if (!need_out(specimen, err) || !need_off_deck(specimen, err)) return false;
    if (specimen->parent >= 0) return err_set(err, ERR_STATE, "That is an aliquot already. Pour from the first tube.");
    if (specimen->bench == BENCH_HEMATOLOGY || specimen->spun_s == NEVER)
        return err_set(err, ERR_STATE, "Only serum or plasma is poured off: spin the tube first.");
    if (specimen->short_spin)
        return err_set(err, ERR_STATE, "There is no clear layer to pour from. Spin the tube for its full time.");
    bool idle =
        specimen->state == SPECIMEN_SPUN || specimen->state == SPECIMEN_RESULTED || specimen->state == SPECIMEN_DONE;
    return idle || err_set(err, ERR_STATE, "The tube is in a machine now, or was rejected.");
}

static bool aliquot(shift_t *shift, const action_t *action, err_t *err)
{
    specimen_t *specimen = need_specimen(shift, action->specimen, err);
    if (!specimen || !can_pour(specimen, err)) return false;
    uint64_t tests[ANALYTE_WORDS] = {0};
    for (int32_t i = 0; i < action->count; i++) {
        int32_t a = action->list[i];
        if (a < 0 || a >= lab_analyte_count(shift->lab) || !tests_has(specimen->tests, a) || !tests_has(shift->menu, a))
            return err_set(err, ERR_INPUT, "That test is not measured from this tube.");
        tests_add(tests, a);
    }
    if (action->count > 0 && specimen->prepared)
        return err_set(err, ERR_STATE,
                       "The tube has been sampled for its tests. An aliquot of it is kept, or takes "
                       "tests that are added.");
    int parted = world_parted(shift, action->specimen, tests);
    if (parted >= 0)
        return err_set(err, ERR_STATE, "%s is calculated from tests that would be parted. Keep them in one tube.",
                       lab_analyte(shift->lab, parted)->name);
    if (action->count > 0 && memcmp(tests, specimen->tests, sizeof tests) == 0)
        return err_set(err, ERR_STATE, "Leave at least one test on the first tube.");
    if (world_aliquot(shift, action->specimen, tests) < 0)
        return err_set(err, ERR_LIMIT, "This shift has no room for another specimen.");
    return true;
}

/* ---- the store ---- */

bool need_out(const specimen_t *specimen, err_t *err)
{
    return specimen->store < 0 ||
           err_set(err, ERR_STATE, "The tube is in the store (%s, rack %d, place %d). Take it out first.",
                   storage_name((storage_t)specimen->store), specimen->store_at / STORE_PLACES + 1,
                   specimen->store_at % STORE_PLACES + 1);
}

static int free_places(const shift_t *shift, int store)
{
    int taken = 0;
    for (int rack = 0; rack < STORE_RACKS; rack++) taken += tests_bits(shift->stored[store][rack]);
    return STORE_RACKS * STORE_PLACES - taken;
}

static void put_into(shift_t *shift, int32_t index, storage_t store)
{
    specimen_t *specimen = &shift->specimens[index];
    for (int at = 0; at < STORE_RACKS * STORE_PLACES; at++) {
        uint64_t *rack = &shift->stored[store][at / STORE_PLACES], bit = 1ULL << (at % STORE_PLACES);
        if (*rack & bit) continue;
        *rack |= bit;
        specimen->store = specimen->kept = (int8_t)store;
        specimen->store_at = (int16_t)at;
        specimen->stored_s = shift->now_s;
        return;
    }
}

void tray_take_out(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->store < 0) return;
    uint64_t bit = 1ULL << (specimen->store_at % STORE_PLACES);
    shift->stored[specimen->store][specimen->store_at / STORE_PLACES] &= ~bit;
    specimen->store = -1;
}

static bool can_store(const specimen_t *specimen, err_t *err)
{
    if (specimen->store >= 0) return err_set(err, ERR_STATE, "That tube is in the store already.");
    if (!need_off_deck(specimen, err)) return false;
    bool idle = specimen->state == SPECIMEN_RESULTED || specimen->state == SPECIMEN_DONE ||
                specimen->state == SPECIMEN_REJECTED;
    return idle || err_set(err, ERR_STATE, "Only tubes that have been run, or were rejected, go into the store.");
}

/* An aliquot was ordered: it stands at -20 °C. */
static void settle_aliquot_order(shift_t *shift, add_on_t *order)
{
    if (order->state != ADD_ON_OPEN || order->analyte >= 0) return;
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *cup = &shift->specimens[i];
        if (cup->parent != order->specimen || cup->store != STORE_FROZEN) continue;
        order->state = ADD_ON_ADDED;
        order->decided_s = shift->now_s;
    }
}

static bool store(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    if (action->code < 0 || action->code >= STORE_COUNT)
        return err_set(err, ERR_INPUT, "Choose where the tubes are stored.");
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen || !can_store(specimen, err)) return false;
    }
    if (free_places(shift, action->code) < action->count)
        return err_set(err, ERR_LIMIT, "The store at %s has %d free places. Choose fewer tubes, or another store.",
                       storage_name((storage_t)action->code), free_places(shift, action->code));
    for (int32_t i = 0; i < action->count; i++)
        if (shift->specimens[action->list[i]].store < 0) put_into(shift, action->list[i], (storage_t)action->code);
    for (int i = 0; i < shift->add_on_count; i++) settle_aliquot_order(shift, &shift->add_ons[i]);
    return true;
}

static bool take_out(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_list(action, err)) return false;
    for (int32_t i = 0; i < action->count; i++) {
        const specimen_t *specimen = need_specimen(shift, action->list[i], err);
        if (!specimen) return false;
        if (specimen->store < 0) return err_set(err, ERR_STATE, "That tube is not in the store.");
    }
    for (int32_t i = 0; i < action->count; i++) tray_take_out(shift, action->list[i]);
    return true;
}

/* It came within half an hour of its draw, was spun, worked and stored cold. */
void tray_from_before(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    specimen->arrive_s = specimen->collected_s + 1800;
    specimen->received_s = specimen->arrive_s + 120;
    if (lab_tube(shift->lab, specimen->tube)->spin && specimen->bench != BENCH_HEMATOLOGY) {
        specimen->spin_s = specimen->received_s + 60;
        specimen->spun_s = specimen->spin_s + 600;
    }
    specimen->resulted_s = specimen->received_s + 1800;
    specimen->due_s = specimen->arrive_s + 4 * 3600;
    specimen->state = SPECIMEN_DONE;
    put_into(shift, index, STORE_COLD);
    specimen->stored_s = specimen->resulted_s + 600;
}

/* ---- one more test ---- */

bool tray_plan_order(shift_t *shift, int32_t specimen, int analyte, int32_t at_s, int plant)
{
    if (shift->add_on_count == ADD_ONS_MAX) return false;
    int at = shift->add_on_count++;
    shift->add_ons[at] = (add_on_t){.specimen = specimen,
                                    .at_s = at_s,
                                    .decided_s = NEVER,
                                    .analyte = (int16_t)analyte,
                                    .plant = (int16_t)plant,
                                    .state = ADD_ON_TO_COME};
    return event_push(shift, at_s, EVENT_ORDER, -1, at, 0);
}

void tray_on_order(shift_t *shift, int32_t at)
{
    add_on_t *order = &shift->add_ons[at];
    order->state = ADD_ON_OPEN;
    notice_push(shift, NOTICE_ORDER, order->specimen, -1, order->analyte, -1, -1, 0);
}

static add_on_t *open_order(shift_t *shift, int32_t specimen, int analyte)
{
    for (int i = 0; i < shift->add_on_count; i++) {
        add_on_t *order = &shift->add_ons[i];
        if (order->specimen == specimen && order->analyte == analyte && order->state == ADD_ON_OPEN) return order;
    }
    return NULL;
}

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
    if (specimen->state == SPECIMEN_REJECTED) return err_set(err, ERR_STATE, "The specimen was rejected.");
    if (!need_out(specimen, err)) return false;
    if (specimen->parent >= 0 && !specimen->relabeled)
        return err_set(err, ERR_STATE, "The aliquot has no label: no analyzer will read it.");
    bool ran = specimen->state == SPECIMEN_RESULTED || specimen->state == SPECIMEN_DONE;
    int32_t takes = REFLEX_S;
    if (specimen->bench == BENCH_CHEMISTRY)
        takes = tests_has(lab_roles(shift->lab)->immunoassay, action->analyte) ? ADDED_SLOW_S : ADDED_S;
    if (!world_add_test(shift, action->specimen, action->analyte) ||
        (ran && !event_push(shift, shift->now_s + takes, EVENT_REFLEX, line_for(shift, (bench_t)specimen->bench),
                            action->specimen, action->analyte)))
        return err_set(err, ERR_LIMIT, "This shift has no room for another test.");
    add_on_t *order = open_order(shift, action->specimen, action->analyte);
    if (!order) return true;
    order->state = ADD_ON_ADDED;
    order->decided_s = shift->now_s;
    return true;
}

static bool decline(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_specimen(shift, action->specimen, err)) return false;
    if (action->analyte < 0) return err_set(err, ERR_INPUT, "Say which test is refused.");
    add_on_t *order = open_order(shift, action->specimen, action->analyte);
    if (!order) return err_set(err, ERR_STATE, "No such test waits to be added to that tube.");
    int32_t fresh = world_another_tube(shift, action->specimen);
    if (fresh < 0) return err_set(err, ERR_LIMIT, "This shift has no room for another specimen.");
    world_only_test(shift, fresh, action->analyte);
    order->state = ADD_ON_DECLINED;
    order->decided_s = shift->now_s;
    return true;
}

bool tray_act(shift_t *shift, const action_t *action, err_t *err)
{
    switch (action->kind) {
    case ACT_SPIN:
        return spin(shift, action, err);
    case ACT_LABEL:
        return label(shift, action, err);
    case ACT_ALIQUOT:
        return aliquot(shift, action, err);
    case ACT_STORE:
        return store(shift, action, err);
    case ACT_TAKE_OUT:
        return take_out(shift, action, err);
    case ACT_ADD_ON:
        return add_on(shift, action, err);
    case ACT_DECLINE:
        return decline(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The tray does not know that action.");
    }
}
