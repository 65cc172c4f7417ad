/* The input deck of an analyzer: racks of RACK_PLACES places and a STAT port of STAT_PLACES.
 *
 * The needle serves the STAT port first, in the order in which its places were filled, then the racks in the order in
 * which they went in, place after place. It never goes back: a place that it has gone by takes no tube until its rack
 * comes out, and it leaves a rack when nothing waits in it and something waits in a later one. A rack comes out when
 * the tests of all its tubes are done; a place of the STAT port is free again when the tests of its own tube are.
 * Nobody has to name a place: the next free one is in the rack that went in last, else in an empty rack. */
#include "shift_private.h"

#include <assert.h>
#include <stdio.h>

static_assert(DECK_RACKS <= 32, "a bit for each rack must fit");
static_assert(RACK_PLACES <= 8, "a bit for each place of a rack must fit");

static specimen_t *tube_at(shift_t *shift, int32_t tube)
{
    assert(tube > 0 && tube <= shift->specimen_count);
    return &shift->specimens[tube - 1];
}

static bool rack_is_in(const deck_t *deck, int rack)
{
    return deck->racks_in & (1u << rack);
}

/* The first place from `from` on that can take a tube, or -1. */
static int rack_free(const rack_t *rack, int from)
{
    for (int p = from > rack->passed ? from : rack->passed; p < RACK_PLACES; p++)
        if (rack->tube[p] == 0) return p;
    return -1;
}

static int rack_room(const rack_t *rack, int from)
{
    int room = 0;
    for (int p = rack_free(rack, from); p >= 0; p = rack_free(rack, p + 1)) room++;
    return room;
}

int deck_room(const shift_t *shift, int line, bool stat)
{
    const deck_t *deck = &shift->lines[line].deck;
    if (stat) return STAT_PLACES - deck->stat_tubes;
    int room = (DECK_RACKS - deck->order_count) * RACK_PLACES;
    for (int i = deck->needle; i < deck->order_count; i++) room += rack_room(&deck->racks[deck->order[i]], 0);
    return room;
}

/* ---- in ---- */

static void put_stat(shift_t *shift, deck_t *deck, int32_t index, int place)
{
    deck->stat[place] = index + 1;
    deck->stat_tubes++;
    deck->stat_order[deck->stat_waiting++] = (int8_t)place;
    shift->specimens[index].rack = 0;
    shift->specimens[index].place = (int8_t)(place + 1);
}

static void put_rack(shift_t *shift, deck_t *deck, int32_t index, int r, int place)
{
    rack_t *rack = &deck->racks[r];
    if (!rack_is_in(deck, r)) {
        deck->racks_in |= 1u << r;
        deck->order[deck->order_count++] = (int8_t)r;
    }
    rack->tube[place] = index + 1;
    rack->waiting++;
    rack->undone++;
    shift->specimens[index].rack = (int8_t)(r + 1);
    shift->specimens[index].place = (int8_t)(place + 1);
}

static bool put_stat_next(shift_t *shift, deck_t *deck, int32_t index)
{
    for (int p = 0; p < STAT_PLACES; p++)
        if (deck->stat[p] == 0) {
            put_stat(shift, deck, index, p);
            return true;
        }
    return false;
}

static bool put_rack_next(shift_t *shift, deck_t *deck, int32_t index)
{
    int r = deck->order_count ? deck->order[deck->order_count - 1] : -1;
    int place = r < 0 ? -1 : rack_free(&deck->racks[r], 0);
    for (int i = 0; place < 0 && i < DECK_RACKS; i++)
        if (!rack_is_in(deck, i)) {
            r = i;
            place = 0;
        }
    for (int i = 0; place < 0 && i < deck->order_count; i++) { /* gaps that tubes taken out have left */
        r = deck->order[i];
        place = rack_free(&deck->racks[r], 0);
    }
    if (place < 0) return false;
    put_rack(shift, deck, index, r, place);
    return true;
}

bool deck_put(shift_t *shift, int line, int32_t index, bool stat)
{
    deck_t *deck = &shift->lines[line].deck;
    return (stat && put_stat_next(shift, deck, index)) || put_rack_next(shift, deck, index);
}

void deck_put_at(shift_t *shift, int line, int32_t index, int rack, int place)
{
    deck_t *deck = &shift->lines[line].deck;
    if (rack == 0) {
        assert(deck->stat[place] == 0);
        put_stat(shift, deck, index, place);
    } else {
        int at = rack_free(&deck->racks[rack - 1], place);
        assert(at >= 0);
        put_rack(shift, deck, index, rack - 1, at);
    }
}

/* ---- under the needle ---- */

int32_t deck_sample(shift_t *shift, int line)
{
    deck_t *deck = &shift->lines[line].deck;
    if (deck->stat_waiting > 0) {
        int place = deck->stat_order[0];
        deck->stat_waiting--;
        for (int i = 0; i < deck->stat_waiting; i++) deck->stat_order[i] = deck->stat_order[i + 1];
        return deck->stat[place] - 1;
    }
    for (; deck->needle < deck->order_count; deck->needle++) {
        rack_t *rack = &deck->racks[deck->order[deck->needle]];
        for (int p = rack->passed; rack->waiting > 0 && p < RACK_PLACES; p++) {
            if (rack->tube[p] == 0) continue;
            rack->passed = (int8_t)(p + 1);
            rack->waiting--;
            return rack->tube[p] - 1;
        }
        rack->passed = RACK_PLACES;
    }
    assert(false); /* one waits: see shift_private.h */
    return -1;
}

/* ---- out ---- */

static void rack_out(shift_t *shift, deck_t *deck, int r)
{
    rack_t *rack = &deck->racks[r];
    for (int p = 0; p < RACK_PLACES; p++)
        if (rack->tube[p]) tube_at(shift, rack->tube[p])->place = 0;
    *rack = (rack_t){0};
    deck->racks_in &= ~(1u << r);
    int at = 0;
    while (deck->order[at] != r) at++;
    deck->order_count--;
    if (at < deck->needle) deck->needle--;
    for (; at < deck->order_count; at++) deck->order[at] = deck->order[at + 1];
}

void deck_done(shift_t *shift, int line, int32_t index)
{
    deck_t *deck = &shift->lines[line].deck;
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->place == 0) return;
    int place = specimen->place - 1;
    if (specimen->rack == 0) {
        deck->stat[place] = 0;
        deck->stat_tubes--;
        specimen->place = 0;
        return;
    }
    rack_t *rack = &deck->racks[specimen->rack - 1];
    rack->done |= (uint8_t)(1u << place);
    if (--rack->undone == 0) rack_out(shift, deck, specimen->rack - 1);
}

void deck_leave(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    assert(specimen->state == SPECIMEN_QUEUED && specimen->place > 0);
    deck_t *deck = &shift->lines[specimen->line].deck;
    int place = specimen->place - 1;
    shift->lines[specimen->line].queued--;
    specimen->place = 0;
    if (specimen->rack == 0) {
        int at = 0;
        while (deck->stat_order[at] != place) at++;
        deck->stat_waiting--;
        for (; at < deck->stat_waiting; at++) deck->stat_order[at] = deck->stat_order[at + 1];
        deck->stat[place] = 0;
        deck->stat_tubes--;
        return;
    }
    rack_t *rack = &deck->racks[specimen->rack - 1];
    rack->tube[place] = 0;
    rack->waiting--;
    if (--rack->undone == 0) rack_out(shift, deck, specimen->rack - 1);
}

void deck_give_back(shift_t *shift, int line, int32_t index)
{
    deck_t *deck = &shift->lines[line].deck;
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->rack == 0) {
        deck_done(shift, line, index);
        return;
    }
    rack_t *rack = &deck->racks[specimen->rack - 1];
    rack->tube[specimen->place - 1] = 0;
    specimen->place = 0;
    if (--rack->undone == 0) rack_out(shift, deck, specimen->rack - 1);
}

/* ---- what a trainee asks for ---- */

static bool fits_stat(const shift_t *shift, const action_t *action, int tubes, err_t *err)
{
    const char *name = line_name(action->line);
    const deck_t *deck = &shift->lines[action->line].deck;
    if (action->position < 0 || action->position > STAT_PLACES)
        return err_set(err, ERR_INPUT, "The STAT port of %s has places 1 to %d.", name, STAT_PLACES);
    if (action->position > 0 && tubes > 1)
        return err_set(err, ERR_INPUT, "One place of the STAT port takes one tube. Leave the place open for more.");
    if (action->position > 0 && deck->stat[action->position - 1])
        return err_set(err, ERR_STATE, "Place %d of the STAT port of %s is taken.", (int)action->position, name);
    int room = deck_room(shift, action->line, true);
    if (tubes <= room) return true;
    int other = line_other(action->line);
    const char *or_there = other >= 0 && shift->lines[other].used ? ", load it on the other line" : "";
    if (room == 0)
        return err_set(err, ERR_STATE,
                       "The STAT port of %s is full (%d tubes). Put the tube into a rack%s, or wait until a STAT tube "
                       "is done.",
                       name, STAT_PLACES, or_there);
    return err_set(err, ERR_STATE, "The STAT port of %s has room for %d more. Load %d there and the rest into racks.",
                   name, room, room);
}

static bool fits_rack(const shift_t *shift, const action_t *action, int tubes, err_t *err)
{
    const char *name = line_name(action->line);
    const rack_t *rack = &shift->lines[action->line].deck.racks[action->rack - 1];
    int place = action->position - 1;
    if (place >= 0 && place < rack->passed)
        return err_set(err, ERR_STATE,
                       "The needle has gone by place %d of rack %d on %s. Take a later place or another rack.",
                       (int)action->position, (int)action->rack, name);
    if (place >= 0 && rack->tube[place])
        return err_set(err, ERR_STATE, "Place %d of rack %d on %s is taken.", (int)action->position, (int)action->rack,
                       name);
    int room = rack_room(rack, place);
    return tubes <= room ||
           err_set(err, ERR_STATE, "Rack %d on %s has room for %d more%s. Take another rack for the rest.",
                   (int)action->rack, name, room, place > 0 ? " from that place on" : "");
}

bool deck_fits(const shift_t *shift, const action_t *action, int tubes, err_t *err)
{
    const char *name = line_name(action->line);
    if (action->rack < 0 || action->rack > DECK_RACKS)
        return err_set(err, ERR_INPUT, "%s has racks 1 to %d.", name, DECK_RACKS);
    if (action->code == 1) {
        if (action->rack > 0) return err_set(err, ERR_INPUT, "Choose the STAT port or a rack, not both.");
        return fits_stat(shift, action, tubes, err);
    }
    if (action->position < 0 || action->position > RACK_PLACES)
        return err_set(err, ERR_INPUT, "A rack has places 1 to %d.", RACK_PLACES);
    if (action->position > 0 && action->rack == 0) return err_set(err, ERR_INPUT, "Say in which rack that place is.");
    if (action->rack > 0) return fits_rack(shift, action, tubes, err);
    int room = deck_room(shift, action->line, false);
    return tubes <= room ||
           err_set(err, ERR_STATE, "The deck of %s has %d places free. Load fewer, or wait until a rack comes out.",
                   name, room);
}

/* ---- sight ---- */

static place_state_t place_state(const shift_t *shift, int line, int32_t tube, bool done)
{
    const deck_t *deck = &shift->lines[line].deck;
    if (tube == 0) return PLACE_FREE;
    if (shift->specimens[tube - 1].state == SPECIMEN_QUEUED) return PLACE_WAITING;
    if (done) return PLACE_DONE;
    return tube == deck->sampled && shift->now_s < deck->sampled_until_s ? PLACE_SAMPLING : PLACE_TESTING;
}

static void view_place(const shift_t *shift, int line, int32_t tube, bool done, place_view_t *view)
{
    view->specimen = tube - 1;
    view->state = place_state(shift, line, tube, done);
    view->tube = tube ? lab_tube(shift->lab, shift->specimens[tube - 1].tube)->id : NULL;
}

bool shift_rack(const shift_t *shift, int line, int rack, rack_view_t *view)
{
    if (line < 0 || line >= SHIFT_LINES || !shift->lines[line].used || rack < 0 || rack > DECK_RACKS) return false;
    const deck_t *deck = &shift->lines[line].deck;
    *view = (rack_view_t){.rack = rack, .places = rack ? RACK_PLACES : STAT_PLACES};
    if (rack == 0) {
        for (int p = 0; p < STAT_PLACES; p++) {
            view_place(shift, line, deck->stat[p], false, &view->place[p]);
            view->tubes += deck->stat[p] != 0;
        }
        return true;
    }
    const rack_t *at = &deck->racks[rack - 1];
    for (int p = 0; p < RACK_PLACES; p++) {
        view_place(shift, line, at->tube[p], at->done & (1u << p), &view->place[p]);
        if (at->tube[p] == 0 && p < at->passed) view->place[p].state = PLACE_PASSED;
        view->tubes += at->tube[p] != 0;
    }
    for (int i = 0; i < deck->order_count; i++)
        if (deck->order[i] == rack - 1) view->turn = i + 1;
    return true;
}

void specimen_place(const specimen_view_t *view, char text[SPECIMEN_PLACE_MAX])
{
    text[0] = '\0';
    if (view->line < 0) return;
    if (view->position == 0)
        snprintf(text, SPECIMEN_PLACE_MAX, "%s", line_name(view->line));
    else if (view->rack == 0)
        snprintf(text, SPECIMEN_PLACE_MAX, "%s, STAT %d", line_name(view->line), view->position);
    else
        snprintf(text, SPECIMEN_PLACE_MAX, "%s, rack %d-%d", line_name(view->line), view->rack, view->position);
}

const char *place_word(place_state_t state)
{
    static const char *const place_words[] = {"free", "gone by", "waiting", "being sampled", "tests running", "done"};
    return place_words[state];
}

uint64_t deck_hash(const shift_t *shift, uint64_t hash)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        const deck_t *deck = &shift->lines[line].deck;
        hash = hash_u64(hash, deck->racks_in);
        hash = hash_u64(hash, (uint64_t)deck->needle);
        for (int i = 0; i < deck->order_count; i++) {
            const rack_t *rack = &deck->racks[deck->order[i]];
            hash = hash_u64(hash, (uint64_t)deck->order[i] * 16 + (uint64_t)rack->passed);
            hash = hash_u64(hash, rack->done);
            for (int p = 0; p < RACK_PLACES; p++) hash = hash_u64(hash, (uint64_t)rack->tube[p]);
        }
        for (int i = 0; i < deck->stat_waiting; i++) hash = hash_u64(hash, (uint64_t)deck->stat_order[i]);
        for (int p = 0; p < STAT_PLACES; p++) hash = hash_u64(hash, (uint64_t)deck->stat[p]);
    }
    return hash;
}
