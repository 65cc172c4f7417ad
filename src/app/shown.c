/* Computed items as they were shown. A sitting's events name a computed item by family and seed; its "shown" events
 * hold what that was, so that a review, a voided item and an export show what was seen also when the family's file has
 * changed or is gone. A sitting from before there were such events is computed from the family as it is. */
#include "sitting_private.h"

#include <stdlib.h>
#include <string.h>

/* One item is at most ITEM_STEM_MAX + ITEM_PARTS_MAX * (ITEM_OPTION_MAX + ITEM_WHY_MAX) + ITEM_DATA_MAX and its values
 * (family_make sees to it), so two always fit into one payload of the store. */
enum { SHOWN_ITEM_MAX = 40 * 1024, SHOWN_PACK = 20 * 1024, SHOWN_PAYLOAD_MAX = 62 * 1024 };

/* ---- out ---- */

static void put(text_t *out, const char *key, const char *text)
{
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, text ? text : "");
}

static void put_number(text_t *out, const char *key, double value)
{
    text_addf(out, ",\"%s\":", key);
    text_add_fixed(out, value, 9);
}

static void put_parts(text_t *out, const item_t *item)
{
    text_add(out, ",\"parts\":[");
    for (int i = 0; i < item->parts; i++) {
        const item_part_t *part = &item->part[i];
        text_addf(out, "%s{\"key\":%s", i ? "," : "", part->key ? "true" : "false");
        put(out, "text", part->text);
        put(out, "why", part->why);
        if (part->value < 0 || part->value > 0) put_number(out, "value", part->value);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void put_values(text_t *out, const family_item_t *made)
{
    bool first = true;
    text_add(out, ",\"values\":{");
    for (int i = 0; i < made->values; i++) {
        double value = made->value[i];
        if (!(value - value == 0)) continue; /* JSON has no infinity */
        text_add(out, first ? "" : ",");
        text_add_json(out, made->name[i]);
        text_add_char(out, ':');
        text_add_fixed(out, value, 9);
        first = false;
    }
    text_add_char(out, '}');
}

static void put_item(text_t *out, const family_item_t *made)
{
    const item_t *item = &made->item;
    text_add(out, "{\"id\":");
    text_add_json(out, item->id);
    put(out, "type", item_type_word(item->type));
    put(out, "lesson", item->lesson);
    put(out, "area", item->area);
    put(out, "subarea", item->subarea);
    put(out, "objective", item->objective);
    put(out, "level", item_level_word(item->level));
    text_addf(out, ",\"programs\":%u,\"version\":%d", item->programs, item->version);
    put(out, "source", item->source);
    put(out, "as_of", item->as_of);
    put(out, "stem", item->stem);
    put(out, "why", item->why);
    if (item->picture.draw) {
        put(out, "draw", item->picture.draw);
        text_addf(out, ",\"seed\":\"%llu\"", (unsigned long long)item->picture.seed);
        put(out, "data", item->picture.data);
    }
    if (item_is_number(item->type)) {
        put_number(out, "value", item->value);
        put_number(out, "tolerance", item->tolerance);
        put(out, "unit", item->unit);
        text_addf(out, ",\"decimals\":%d", item->decimals);
    }
    put_parts(out, item);
    put_values(out, made);
    text_add_char(out, '}');
}

static bool flush(seat_t *seat, text_t *payload, int *items, err_t *err)
{
    text_add_char(payload, ']');
    *items = 0;
    return seat_append(seat, "shown", payload, app_now_ms(seat->app), "", err);
}

/* Adds the item of entry n to the payload, which is begun when it is empty. */
static bool add_entry(seat_t *seat, const sitting_entry_t *entry, arena_t *arena, text_t *payload, int *items,
                      err_t *err)
{
    family_item_t *made = arena_alloc(arena, sizeof *made);
    if (!made) return err_set(err, ERR_MEMORY, "There is not enough memory for a computed item.");
    if (!sitting_compute(&seat->s, entry->id, arena, made, err)) return false;
    if (*items == 0) {
        text_init(payload, SHOWN_PAYLOAD_MAX);
        text_add(payload, "{\"d\":");
        text_add_json(payload, seat->device);
        text_add(payload, ",\"items\":[");
    }
    text_add(payload, (*items)++ ? "," : "");
    put_item(payload, made);
    return true;
}

bool seat_show(seat_t *seat, err_t *err)
{
    sitting_t *s = &seat->s;
    arena_t *arena = NULL;
    text_t payload;
    int items = 0;
    bool ok = true;
    if (seat->ended) return true; /* what was seen then, nobody knows now */
    for (int i = 0; ok && i < s->count; i++) {
        sitting_entry_t *entry = &s->entry[i];
        if (!entry->item || entry->kept || !strchr(entry->id, '@')) continue;
        if (!arena) arena = arena_new(SHOWN_ITEM_MAX * 4);
        if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for a computed item.");
        arena_reset(arena);
        ok = add_entry(seat, entry, arena, &payload, &items, err);
        entry->kept = ok;
        if (ok && payload.length > SHOWN_PACK) ok = flush(seat, &payload, &items, err);
    }
    if (ok && items > 0) ok = flush(seat, &payload, &items, err);
    if (items > 0) text_free(&payload);
    arena_free(arena);
    return ok;
}

/* ---- in ---- */

static const char *text_of(arena_t *arena, const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    const char *copy = text ? arena_text(arena, text, strlen(text)) : NULL;
    return copy ? copy : "";
}

static double number_of(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

static int word_of(const char *word, int count, const char *(*name)(int))
{
    for (int i = 0; i < count; i++)
        if (strcmp(name(i), word) == 0) return i;
    return 0;
}

static const char *type_name(int i)
{
    return item_type_word((item_type_t)i);
}

static const char *level_name(int i)
{
    return item_level_word((item_level_t)i);
}

static const item_t *read_item(arena_t *arena, const json_t *row)
{
    item_t *item = arena_alloc(arena, sizeof *item);
    size_t i;
    json_t *part;
    if (!item) return NULL;
    *item = (item_t){.id = text_of(arena, row, "id"),
                     .file = "",
                     .type = (item_type_t)word_of(text_of(arena, row, "type"), ITEM_TYPES, type_name),
                     .programs = (unsigned)json_integer_value(json_object_get(row, "programs")),
                     .lesson = text_of(arena, row, "lesson"),
                     .area = text_of(arena, row, "area"),
                     .subarea = text_of(arena, row, "subarea"),
                     .objective = text_of(arena, row, "objective"),
                     .level = (item_level_t)word_of(text_of(arena, row, "level"), ITEM_LEVELS, level_name),
                     .state = STATE_IN_USE,
                     .version = (int)json_integer_value(json_object_get(row, "version")),
                     .source = text_of(arena, row, "source"),
                     .as_of = text_of(arena, row, "as_of"),
                     .stem = text_of(arena, row, "stem"),
                     .why = text_of(arena, row, "why"),
                     .computed = true,
                     .picture = {.data = text_of(arena, row, "data")},
                     .value = number_of(row, "value"),
                     .tolerance = number_of(row, "tolerance"),
                     .unit = text_of(arena, row, "unit"),
                     .decimals = (int)number_of(row, "decimals"),
                     .counts = "",
                     .times = 1};
    if (json_object_get(row, "draw")) item->picture.draw = text_of(arena, row, "draw");
    const char *seed = text_of(arena, row, "seed");
    item->picture.seed = strtoull(seed, NULL, 10);
    json_array_foreach(json_object_get(row, "parts"), i, part)
    {
        if (item->parts == ITEM_PARTS_MAX) break;
        item->part[item->parts++] = (item_part_t){.text = text_of(arena, part, "text"),
                                                  .right = "",
                                                  .why = text_of(arena, part, "why"),
                                                  .key = json_is_true(json_object_get(part, "key")),
                                                  .value = number_of(part, "value")};
    }
    return item;
}

/* Whether a candidate's page can do with it: damaged events are as if they were not there. */
static bool is_whole(const item_t *item)
{
    int keys = 0;
    for (int i = 0; i < item->parts; i++) keys += item->part[i].key;
    if (item->decimals < 0 || item->decimals > ITEM_DECIMALS_MAX) return false;
    return item->id[0] && item->stem[0] && (item_has_one_key(item->type) ? keys == 1 : item_is_number(item->type));
}

bool seat_take_shown(void *context, const store_event_t *event)
{
    seat_t *seat = context;
    size_t i;
    json_t *one, *row = strcmp(event->kind, "shown") == 0 ? json_loadb(event->payload, event->length, 0, NULL) : NULL;
    json_array_foreach(json_object_get(row, "items"), i, one)
    {
        if (seat->shown_count == SEAT_SHOWN_MAX) break;
        const item_t *item = read_item(seat->variants, one);
        if (item && is_whole(item)) seat->shown[seat->shown_count++] = item;
    }
    json_decref(row);
    return true;
}
