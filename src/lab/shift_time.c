/* Time: what is to come, by slices of it, and the fold over it. Events at the same second happen in the order in
 * which they were planned, so advance(a); advance(b) is advance(b). */
#include "shift_private.h"

#include <assert.h>
#include <stddef.h>

enum {
    SHIFT_ARENA_LIMIT = 32 * 1024 * 1024,
    RECEIVE_DELAY_S = 150,
    QC_WAITS_S = 900,
};

static int32_t event_at(const event_t *event)
{
    return (int32_t)(event->key >> 32);
}

static void events_start(shift_t *shift)
{
    while (shift->length_s >> shift->slice_bits >= EVENT_SLICES) shift->slice_bits++;
    shift->unused_event = -1;
}

bool event_push(shift_t *shift, int32_t at_s, event_kind_t kind, int line, int32_t a, int32_t b)
{
    if (at_s > shift->length_s) return true; /* after the end: it never happens */
    int32_t index = shift->unused_event;
    if (index >= 0)
        shift->unused_event = shift->events[index].next;
    else if (shift->events_made < EVENTS_MAX)
        index = shift->events_made++;
    else
        return false;
    int32_t slice = at_s < 0 ? 0 : at_s >> shift->slice_bits, *link = &shift->slice[slice];
    uint64_t bit = 1ULL << (slice & 63);
    if (!(shift->slices[slice >> 6] & bit)) *link = -1;
    int64_t key = (int64_t)at_s * (1LL << 32) + shift->event_order++;
    while (*link >= 0 && shift->events[*link].key < key) link = &shift->events[*link].next; /* a slice has few */
    shift->events[index] =
        (event_t){.key = key, .kind = (int16_t)kind, .line = (int16_t)line, .a = a, .b = b, .next = *link};
    *link = index;
    if (slice < shift->first_slice) shift->first_slice = slice;
    shift->slices[slice >> 6] |= bit;
    shift->event_count++;
    return true;
}

/* The first slice at or after `from` that has events, or -1. */
static int32_t slice_next(const shift_t *shift, int32_t from)
{
    int32_t word = from >> 6;
    uint64_t bits = shift->slices[word] & ~0ULL << (from & 63);
    while (!bits && ++word < EVENT_SLICES / 64) bits = shift->slices[word];
    return bits ? word * 64 + __builtin_ctzll(bits) : -1;
}

/* Takes out the first event, if it is due at `to_s`. */
static bool event_take(shift_t *shift, int32_t to_s, event_t *event)
{
    int32_t slice = slice_next(shift, shift->first_slice);
    if (slice < 0) return false;
    shift->first_slice = slice;
    int32_t index = shift->slice[slice];
    if (event_at(&shift->events[index]) > to_s) return false;
    *event = shift->events[index];
    shift->slice[slice] = event->next;
    shift->events[index].next = shift->unused_event;
    shift->unused_event = index;
    shift->event_count--;
    if (event->next < 0) shift->slices[slice >> 6] &= ~(1ULL << (slice & 63));
    return true;
}

void notice_push(shift_t *shift, notice_kind_t kind, int32_t specimen, int line, int analyte, int32_t run, int32_t call,
                 int code)
{
    if (shift->notice_count == SHIFT_NOTICES_MAX) return;
    shift->notices[shift->notice_count++] = (notice_t){.at_s = shift->now_s,
                                                       .kind = kind,
                                                       .specimen = specimen,
                                                       .line = line,
                                                       .analyte = analyte,
                                                       .run = run,
                                                       .call = call,
                                                       .code = code};
}

static void on_arrive(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    specimen->state = SPECIMEN_TRAY;
    specimen->number = (int16_t)(1001 + shift->arrived);
    shift->by_arrival[shift->arrived++] = index;
    if (specimen->from_before) {
        tray_from_before(shift, index);
        return;
    }
    notice_push(shift, NOTICE_ARRIVED, index, -1, -1, -1, -1, 0);
    event_push(shift, specimen->due_s, EVENT_LATE, -1, index, 0);
    if (shift->scenario->assistant) event_push(shift, shift->now_s + RECEIVE_DELAY_S, EVENT_AUTO_RECEIVE, -1, index, 0);
}

static void on_late(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->state == SPECIMEN_DONE || specimen->state == SPECIMEN_REJECTED) return;
    specimen->late_noted = true;
    notice_push(shift, NOTICE_LATE, index, -1, -1, -1, -1, 0);
}

static void happen(shift_t *shift, const event_t *event)
{
    switch ((event_kind_t)event->kind) {
    case EVENT_ARRIVE:
        on_arrive(shift, event->a);
        break;
    case EVENT_AUTO_RECEIVE:
        if (shift->specimens[event->a].state == SPECIMEN_TRAY) reception_receive(shift, event->a, false);
        break;
    case EVENT_SPUN:
        tray_on_spun(shift, event->a, event->b);
        break;
    case EVENT_SAMPLE:
        line_on_sample(shift, event->line);
        break;
    case EVENT_RESULT:
        line_on_result(shift, event->a, event->line, event->b);
        break;
    case EVENT_REPEAT:
        line_on_repeat(shift, event->a, event->line, event->b);
        break;
    case EVENT_TREAT:
        treat_on_event(shift, event->a, event->line, event->b);
        break;
    case EVENT_REFLEX:
        treat_on_reflex(shift, event->a, event->line, event->b);
        break;
    case EVENT_QC_START:
        if (care_alarm_on(shift, event->line)) { /* controls wait for the repair */
            event_push(shift, shift->now_s + QC_WAITS_S, EVENT_QC_START, event->line, event->a, 0);
            break;
        }
        qc_on_start(shift, event->line, event->a, false);
        break;
    case EVENT_QC_RESULT:
        qc_on_result(shift, event->line, event->a, event->b);
        break;
    case EVENT_QC_OVERDUE:
        qc_on_overdue(shift, event->line, event->a);
        break;
    case EVENT_RING:
        phone_on_ring(shift, event->a);
        break;
    case EVENT_CALL_LOST:
        phone_on_lost(shift, event->a);
        break;
    case EVENT_LATE:
        on_late(shift, event->a);
        break;
    case EVENT_ONSET:
        line_mask_faults(shift);
        break;
    case EVENT_ORDER:
        tray_on_order(shift, event->a);
        break;
    case EVENT_TRACK:
        if (shift->specimens[event->a].state == SPECIMEN_SPUN && !shift->specimens[event->a].unloaded)
            line_track(shift, event->a);
        break;
    case EVENT_CARE:
        care_on_event(shift, event->line, event->a, event->b);
        break;
    case EVENT_DONE:
        notice_push(shift, NOTICE_DONE, -1, event->line, event->a, -1, -1, event->b);
        break;
    }
}

void shift_advance(shift_t *shift, int32_t to_s)
{
    if (shift->over) return;
    if (to_s > shift->length_s) to_s = shift->length_s;
    event_t event;
    while (event_take(shift, to_s, &event)) {
        if (event_at(&event) > shift->now_s) shift->now_s = event_at(&event);
        happen(shift, &event);
    }
    if (to_s > shift->now_s) shift->now_s = to_s;
    if (shift->now_s >= shift->length_s) {
        shift->over = true;
        shift->ended_s = shift->now_s;
    }
}

static bool is_noticed(const shift_t *shift, const event_t *event)
{
    switch ((event_kind_t)event->kind) {
    case EVENT_ARRIVE:
    case EVENT_SPUN:
    case EVENT_RESULT:
    case EVENT_REPEAT:
    case EVENT_TREAT:
    case EVENT_REFLEX:
    case EVENT_QC_RESULT:
    case EVENT_RING:
    case EVENT_CALL_LOST:
    case EVENT_DONE:
    case EVENT_CARE:
    case EVENT_ORDER:
        return true;
    case EVENT_LATE:
        return shift->specimens[event->a].state != SPECIMEN_DONE &&
               shift->specimens[event->a].state != SPECIMEN_REJECTED;
    default:
        return false;
    }
}

int32_t shift_next_notice_s(const shift_t *shift)
{
    for (int32_t slice = slice_next(shift, shift->first_slice); slice >= 0;
         slice = slice + 1 < EVENT_SLICES ? slice_next(shift, slice + 1) : -1)
        for (int32_t i = shift->slice[slice]; i >= 0; i = shift->events[i].next)
            if (is_noticed(shift, &shift->events[i])) return event_at(&shift->events[i]);
    return shift->length_s;
}

static bool shift_room(shift_t *shift)
{
    arena_t *arena = shift->arena;
    shift->persons = arena_array(arena, PERSONS_MAX, sizeof *shift->persons);
    shift->specimens = arena_array(arena, SHIFT_MAX_SPECIMENS, sizeof *shift->specimens);
    shift->by_arrival = arena_array(arena, SHIFT_MAX_SPECIMENS, sizeof *shift->by_arrival);
    shift->values = arena_array(arena, (size_t)SHIFT_VALUES_MAX * 3, sizeof *shift->values);
    shift->newest = arena_array(arena, SHIFT_VALUES_MAX, sizeof *shift->newest);
    shift->results = arena_array(arena, SHIFT_MAX_RESULTS, sizeof *shift->results);
    shift->calls = arena_array(arena, SHIFT_MAX_CALLS, sizeof *shift->calls);
    shift->notices = arena_array(arena, SHIFT_NOTICES_MAX, sizeof *shift->notices);
    shift->studies = arena_array(arena, STUDIES_MAX, sizeof *shift->studies);
    shift->log = arena_array(arena, SHIFT_MAX_ACTIONS, sizeof *shift->log);
    shift->texts = arena_array(arena, SHIFT_TEXTS_MAX, 1);
    shift->events = arena_array(arena, EVENTS_MAX, sizeof *shift->events);
    shift->points = arena_array(arena, (size_t)SHIFT_LINES * LAB_MAX_ANALYTES * SHIFT_QC_POINTS, sizeof *shift->points);
    shift->unmade = arena_array(arena, (size_t)SHIFT_LINES * LAB_MAX_ANALYTES, sizeof *shift->unmade);
    shift->plans = arena_array(arena, PLANS_KEPT, sizeof *shift->plans);
    shift->bloods = arena_array(arena, BLOODS_KEPT, sizeof *shift->bloods);
    return shift->persons && shift->specimens && shift->by_arrival && shift->values && shift->newest &&
           shift->results && shift->calls && shift->notices && shift->studies && shift->log && shift->texts &&
           shift->events && shift->points && shift->unmade && shift->plans && shift->bloods;
}

bool shift_restart(shift_t *shift, const scenario_t *scenario, uint64_t seed, shift_mode_t mode, err_t *err)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        const uint64_t *tests = shift->lines[line].tests; /* of the shift before */
        for (int a = tests_next(tests, 0); a >= 0; a = tests_next(tests, a + 1))
            shift->assays[line][a] = (assay_t){.used = false};
    }
    memset((char *)shift + offsetof(shift_t, scenario), 0, sizeof *shift - offsetof(shift_t, scenario));
    for (int i = 0; i < BLOODS_KEPT; i++) shift->bloods[i].specimen = 0;
    shift->scenario = scenario;
    shift->seed = seed;
    shift->mode = mode;
    shift->length_s = scenario->view.length_s;
    events_start(shift);
    err_t ignored;
    qc_rules_parse("1-3s,2-2s,R-4s,4-1s,10-x", &shift->rules, &ignored);
    if (!world_make(shift, err)) return false;
    line_start(shift);
    care_start(shift);
    qc_history(shift);
    phone_plan(shift);
    shift_advance(shift, 0);
    return true;
}

bool shift_start(shift_t **out, const lab_t *lab, const scenario_t *scenario, uint64_t seed, shift_mode_t mode,
                 err_t *err)
{
    *out = NULL;
    arena_t *arena = arena_new(SHIFT_ARENA_LIMIT);
    shift_t *shift = arena ? arena_alloc(arena, sizeof *shift) : NULL;
    if (shift) {
        shift->arena = arena;
        shift->lab = lab;
    }
    if (!shift || !shift_room(shift)) {
        arena_free(arena);
        return err_set(err, ERR_MEMORY, "There is not enough memory to start a shift.");
    }
    if (!shift_restart(shift, scenario, seed, mode, err)) {
        arena_free(arena);
        return false;
    }
    *out = shift;
    return true;
}

void shift_keep(shift_t *shift, scenario_t *scenario)
{
    assert(!shift->own && shift->scenario == scenario);
    shift->own = scenario;
}

void shift_free(shift_t *shift)
{
    if (!shift) return;
    scenario_free(shift->own);
    arena_free(shift->arena);
}

/* ---- a name for the state ---- */

static uint64_t hash_double(uint64_t hash, double value)
{
    uint64_t bits;
    if (value != value) return hash_u64(hash, 0x7ff8dead); /* any NaN is the same */
    memcpy(&bits, &value, sizeof bits);
    return hash_u64(hash, bits);
}

static uint64_t hash_i(uint64_t hash, int64_t value)
{
    return hash_u64(hash, (uint64_t)value);
}

uint64_t shift_hash(const shift_t *shift)
{
    uint64_t hash = hash_i(HASH_START, shift->now_s);
    hash = hash_i(hash, shift->over);
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *s = &shift->specimens[i];
        hash = hash_i(hash, s->state);
        hash = hash_i(hash, s->arrive_s);
        hash = hash_i(hash, s->collected_s);
        hash = hash_i(hash, s->order_person * 1000003LL + s->blood_person);
        for (int w = 0; w < ANALYTE_WORDS; w++) hash = hash_u64(hash, s->tests[w]);
        hash = hash_i(hash, s->relabeled_s * 2LL + s->short_spin);
        if (s->store >= 0) hash = hash_i(hash, s->store * 1000LL + s->store_at);
        for (int j = 0; s->values >= 0 && j < s->test_count; j++) {
            hash = hash_double(hash, specimen_truth(shift, s)[j]);
            hash = hash_double(hash, specimen_tube(shift, s)[j]);
        }
    }
    for (int32_t i = 0; i < shift->result_count; i++) {
        const result_t *r = &shift->results[i];
        hash = hash_double(hash, r->value);
        hash = hash_i(hash, r->state);
        hash = hash_i(hash, r->hold);
        hash = hash_i(hash, r->measured_s);
        hash = hash_i(hash, r->released_s);
    }
    for (int line = 0; line < SHIFT_LINES; line++)
        for (int a = tests_next(shift->lines[line].tests, 0); a >= 0; a = tests_next(shift->lines[line].tests, a + 1)) {
            const assay_t *assay = &shift->assays[line][a];
            hash = hash_i(hash, assay->qc_state);
            for (int p = 0; p < assay->point_count; p++)
                for (int l = 0; l < assay->levels; l++)
                    hash = hash_double(hash, (double)qc_point(shift, line, a, p)->z[l]);
        }
    for (int32_t i = 0; i < shift->call_count; i++)
        hash = hash_i(hash, shift->calls[i].state * 16 + shift->calls[i].read_back);
    for (int32_t i = 0; i < shift->log_count; i++) hash = hash_i(hash, shift->log[i].at_s * 64LL + shift->log[i].kind);
    for (int i = 0; i < shift->month_count; i++) {
        const month_signed_t *r = &shift->months[i];
        hash = hash_i(hash, r->at_s * 64LL + r->decision * 8LL + r->levels);
        for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
            hash = hash_double(hash, r->mean[l]);
            hash = hash_double(hash, r->sd[l]);
        }
    }
    return care_hash(shift, deck_hash(shift, hash));
}
