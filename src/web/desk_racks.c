/* The deck of an analyzer; see desk_racks.h. What is shown is what one sees who stands before it: caps, labels, places.
 */
#include "desk_racks.h"

#include "base/hash.h"
#include "desk_view.h"
#include "draw/picture.h"

#include <limits.h>
#include <string.h>

enum { PICTURE_NARROW = 340, CACHE_S = 3600, DECK_ROWS = DECK_RACKS * RACK_PLACES + STAT_PLACES };

/* "gold" of "gold or red/gray tiger". */
static const char *cap_word(const desk_t *d, const char *tube_id)
{
    const char *color = lab_tube(d->lab, lab_tube_find(d->lab, tube_id))->color;
    const char *or_else = strstr(color, " or ");
    size_t length = strcspn(color, "/("), shorter = or_else ? (size_t)(or_else - color) : length;
    return words(d->arena, "%.*s", (int)(shorter < length ? shorter : length), color);
}

/* The STAT port (turn 0), then the racks that are in as they went in; false when there are no more. */
static bool rack_in_turn(const desk_t *d, int line, int turn, rack_view_t *rack)
{
    if (turn == 0) return shift_rack(d->shift, line, 0, rack);
    for (int r = 1; shift_rack(d->shift, line, r, rack); r++)
        if (rack->turn == turn) return true;
    return false;
}

/* ---- the picture ---- */

static bool waits_in(const rack_view_t *rack)
{
    for (int p = 0; p < rack->places; p++)
        if (rack->place[p].state == PLACE_WAITING || rack->place[p].state == PLACE_SAMPLING) return true;
    return false;
}

static void take_rack(const desk_t *d, const rack_view_t *rack, racks_rack_t *drawn)
{
    static const racks_state_t states[] = {
        [PLACE_FREE] = RACKS_FREE,         [PLACE_PASSED] = RACKS_PASSED,   [PLACE_WAITING] = RACKS_WAITING,
        [PLACE_SAMPLING] = RACKS_SAMPLING, [PLACE_TESTING] = RACKS_TESTING, [PLACE_DONE] = RACKS_DONE};
    *drawn = (racks_rack_t){.number = rack->rack, .places = rack->places};
    for (int p = 0; p < rack->places; p++) {
        specimen_view_t v;
        drawn->place[p].state = states[rack->place[p].state];
        if (rack->place[p].specimen < 0 || !shift_specimen(d->shift, rack->place[p].specimen, &v)) continue;
        drawn->place[p].cap = cap_word(d, rack->place[p].tube);
        drawn->place[p].accession = words(d->arena, "%s", v.accession);
        drawn->place[p].stat = v.priority == PRIORITY_STAT;
    }
}

static bool take_deck(const desk_t *d, int line, racks_picture_t *picture)
{
    racks_rack_t *racks = arena_array(d->arena, DECK_RACKS + 1, sizeof *racks);
    rack_view_t rack;
    bool needle = false;
    *picture = (racks_picture_t){.name = line_name(line), .racks = racks};
    for (int turn = 0; racks && rack_in_turn(d, line, turn, &rack); turn++) {
        take_rack(d, &rack, &racks[picture->count]);
        racks[picture->count++].needle = turn > 0 && !needle && waits_in(&rack);
        needle = needle || (turn > 0 && waits_in(&rack));
    }
    return picture->count > 0;
}

/* What the picture is drawn from, as a number for its address. */
static int version_of(const desk_t *d, int line)
{
    rack_view_t rack;
    uint64_t hash = HASH_START;
    for (int turn = 0; rack_in_turn(d, line, turn, &rack); turn++) {
        hash = hash_u64(hash, (uint64_t)rack.rack);
        for (int p = 0; p < rack.places; p++)
            hash = hash_u64(hash, (uint64_t)(rack.place[p].specimen + 1) * 8 + (uint64_t)rack.place[p].state);
    }
    return (int)(hash >> 34) + 1;
}

/* ---- the part of the page ---- */

static void fill_rows(const desk_t *d, int line, deck_part_t *part)
{
    rack_view_t rack;
    part->rows = arena_array(d->arena, DECK_ROWS, sizeof *part->rows);
    for (int turn = 0; part->rows && rack_in_turn(d, line, turn, &rack); turn++)
        for (int p = 0; p < rack.places; p++) {
            const place_view_t *place = &rack.place[p];
            specimen_view_t v;
            specimen_row_t row;
            if (place->specimen < 0 || !shift_specimen(d->shift, place->specimen, &v)) continue;
            desk_specimen_row(d, place->specimen, &row);
            part->waiting += place->state == PLACE_WAITING;
            part->rows[part->row_count++] =
                (deck_row_t){.index = place->specimen,
                             .place = rack.rack ? words(d->arena, "rack %d-%d", rack.rack, p + 1)
                                                : words(d->arena, "STAT %d", p + 1),
                             .accession = row.accession,
                             .href = row.href,
                             .name = row.name,
                             .priority = row.priority,
                             .stat = row.stat,
                             .cap = cap_word(d, place->tube),
                             .state = place_word(place->state),
                             .since = words_clock(d->arena, d->shift, v.loaded_s),
                             .waits = place->state == PLACE_WAITING};
        }
}

static void fill_ready(const desk_t *d, bench_t bench, deck_part_t *part)
{
    int n = shift_specimen_count(d->shift);
    part->ready = arena_array(d->arena, (size_t)n + 1, sizeof *part->ready);
    for (int i = 0; part->ready && i < n; i++) {
        int32_t at = shift_arrived_specimen(d->shift, i);
        if (shift_specimen_state(d->shift, at) == SPECIMEN_SPUN && shift_specimen_bench(d->shift, at) == bench)
            desk_specimen_row(d, at, &part->ready[part->ready_count++]);
    }
    if (part->ready_count == 0)
        part->none =
            scenario_is_manual(shift_scenario(d->shift))
                ? "No tube is ready to load. Tubes come by way of the reception."
                : "No tube is in hand. The track loads what was received; what is taken out of a rack waits here.";
}

static void fill_choices(const desk_t *d, int line, deck_part_t *part)
{
    rack_view_t rack;
    for (int r = 1; shift_rack(d->shift, line, r, &rack); r++) {
        int room = 0;
        for (int p = 0; p < rack.places; p++) room += rack.place[p].state == PLACE_FREE;
        if (room == 0) continue;
        const char *text =
            rack.turn ? words(d->arena, "rack %d, %d free", r, room) : words(d->arena, "rack %d, empty", r);
        part->racks[part->rack_count++] = (choice_t){words(d->arena, "%d", r), text};
    }
    for (int p = 0; p < RACK_PLACES_MAX; p++)
        part->places[p] =
            (choice_t){words(d->arena, "%d", p + 1), words(d->arena, p < RACK_PLACES ? "%d" : "%d, STAT port", p + 1)};
}

void desk_deck_fill(const desk_t *d, int line, deck_part_t *part)
{
    line_view_t v, other;
    racks_picture_t picture;
    double width = 0, height = 0;
    *part = (deck_part_t){.line = line, .line_name = line_name(line)};
    if (!shift_line(d->shift, line, &v) || !take_deck(d, line, &picture)) return;
    part->room = words(d->arena, "%d of %d places of the racks free, %d of %d of the STAT port", v.rack_room,
                       DECK_RACKS * RACK_PLACES, v.stat_room, STAT_PLACES);
    if (shift_line(d->shift, line_other(line), &other)) part->other = other.name;
    fill_rows(d, line, part);
    fill_ready(d, v.bench, part);
    fill_choices(d, line, part);
    part->picture = words(d->arena, "/shift/%s/deck/%d?v=%d", d->id, line + 1, version_of(d, line));
    if (draw_picture_size(&(picture_t){.kind = PICTURE_RACKS, .racks = &picture}, &width, &height, NULL)) {
        part->width = (int)width;
        part->height = (int)(height + 0.5);
    }
    text_t says;
    text_init(&says, 16 * 1024);
    draw_racks_describe(&says, &picture);
    part->alt = words(d->arena, "%s", says.data ? says.data : "");
    text_free(&says);
}

/* ---- route ---- */

static void get_deck(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    err_t err = {0};
    racks_picture_t picture;
    int64_t number;
    const char *route = request_route(request, "line");
    if (!desk_open(web, request, response, TAB_CHEMISTRY, "Deck", &d)) return;
    int line =
        text_to_int(route, strlen(route), &number) && number >= 1 && number <= SHIFT_LINES ? (int)number - 1 : -1;
    if (line < 0 || !take_deck(&d, line, &picture)) {
        response_error(response, 404, "There is no such analyzer on this shift.");
    } else {
        draw_look_t look = desk_look(request);
        look.width = (double)request_query_int(request, "width", PICTURE_NARROW, RACKS_WIDTH, RACKS_WIDTH);
        bool same = request_query_int(request, "v", 1, INT_MAX, 0) == version_of(&d, line);
        text_t *out = response_body(response, "image/svg+xml");
        if (!draw_racks(out, &picture, look, &err))
            response_failed(response, &err);
        else if (same)
            response_cache(response, CACHE_S);
    }
    desk_close(web, &d);
}

const web_route_t *desk_rack_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/deck/:line", get_deck}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
