/* The fold over a rotation's events. An event that cannot be read is counted and passed over: the file was written
 * by others then, and the rest of the record is worth showing. Hashes are BLAKE2b of 256 bits (libsodium). */
#include "rotation_private.h"

#include <assert.h>
#include <math.h>
#include <sodium.h>
#include <string.h>

/* ---- hashes ---- */

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_int(crypto_generichash_state *state, int64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void hash_end(crypto_generichash_state *state, char text[ROTATION_HASH_TEXT])
{
    unsigned char bytes[crypto_generichash_BYTES];
    crypto_generichash_final(state, bytes, sizeof bytes);
    sodium_bin2hex(text, ROTATION_HASH_TEXT, bytes, sizeof bytes);
}

static void hash_begin(crypto_generichash_state *state, const char *purpose)
{
    crypto_generichash_init(state, NULL, 0, crypto_generichash_BYTES);
    hash_text(state, purpose);
}

void rotation_seal(const rotation_event_t *event, char seal[ROTATION_HASH_TEXT])
{
    crypto_generichash_state state;
    hash_begin(&state, "rotation version");
    hash_int(&state, event->seq);
    hash_int(&state, event->at_ms);
    hash_text(&state, event->kind);
    crypto_generichash_update(&state, (const unsigned char *)event->payload, event->length);
    hash_end(&state, seal);
}

void rotation_link(const char *before, const char *seal, int64_t at_ms, const char *payload, size_t length,
                   char link[ROTATION_HASH_TEXT])
{
    crypto_generichash_state state;
    hash_begin(&state, "rotation signature");
    hash_text(&state, before);
    hash_text(&state, seal);
    hash_int(&state, at_ms);
    crypto_generichash_update(&state, (const unsigned char *)payload, length);
    hash_end(&state, link);
}

void rotation_token_hash(const char *token, char hash[ROTATION_HASH_TEXT])
{
    crypto_generichash_state state;
    hash_begin(&state, "rotation token");
    hash_text(&state, token);
    hash_end(&state, hash);
}

/* ---- a new state ---- */

static bool make(arena_t *arena, void **array, size_t count, size_t size)
{
    *array = arena_array(arena, count, size);
    return *array != NULL;
}

rotation_t *rotation_new(arena_t *arena, const rotation_rules_t *rules)
{
    rotation_t *r = arena_alloc(arena, sizeof *r);
    if (r == NULL) return NULL;
    r->arena = arena;
    r->rules = rules;
    r->program = "mlt";
    r->requirement = r->name = "";
    for (int i = 0; i < DEPARTMENTS_MAX; i++) r->own_hours[i] = NAN;
    memset(r->head, '0', ROTATION_HASH_TEXT - 1);
    bool ok = make(arena, (void **)&r->asks, ROTATION_ASKS_MAX, sizeof *r->asks) &&
              make(arena, (void **)&r->notes, ROTATION_NOTES_MAX, sizeof *r->notes) &&
              make(arena, (void **)&r->signatures, ROTATION_SIGNATURES_MAX, sizeof *r->signatures) &&
              make(arena, (void **)&r->skills, ROTATION_SKILLS_MAX, sizeof *r->skills) &&
              make(arena, (void **)&r->evaluations, ROTATION_EVALUATIONS_MAX, sizeof *r->evaluations) &&
              make(arena, (void **)&r->entries, ROTATION_ENTRIES_MAX, sizeof *r->entries) &&
              make(arena, (void **)&r->pins, ROTATION_PINS_MAX, sizeof *r->pins) &&
              make(arena, (void **)&r->sites, ROTATION_SITES_MAX, sizeof *r->sites) &&
              make(arena, (void **)&r->slots, ROTATION_SLOTS_MAX, sizeof *r->slots) &&
              make(arena, (void **)&r->placed, ROTATION_PLACED_MAX, sizeof *r->placed) &&
              make(arena, (void **)&r->views, ROTATION_VIEWS_MAX * 2, sizeof *r->views);
    return ok ? r : NULL;
}

/* ---- reading payloads ---- */

const char *fold_text(const fold_t *f, const char *key)
{
    const char *text = json_string_value(json_object_get(f->json, key));
    if (text == NULL) return "";
    const char *copy = arena_text(f->r->arena, text, strlen(text));
    return copy != NULL ? copy : "";
}

int fold_int(const fold_t *f, const char *key, int least, int most, bool *ok)
{
    const json_t *value = json_object_get(f->json, key);
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < least || n > most) return *ok = false, least;
    return (int)n;
}

static void fold_behaviors(const fold_t *f, const char *key, signed char to[BEHAVIORS_MAX])
{
    const char *id;
    json_t *value;
    memset(to, RATING_NONE, BEHAVIORS_MAX);
    json_object_foreach(json_object_get(f->json, key), id, value)
    {
        int b = rotation_behavior(f->r->rules, id);
        json_int_t n = json_integer_value(value);
        if (b >= 0 && json_is_integer(value) && n >= 0 && n <= RATING_TEACH) to[b] = (signed char)n;
    }
}

/* ---- what the learner enters ---- */

static void begin_item(const fold_t *f, rotation_item_t *item, item_kind_t kind)
{
    item->kind = kind;
    item->seq = f->event->seq;
    item->at_ms = f->event->at_ms;
    item->site = fold_text(f, "site");
    item->department = fold_text(f, "department");
    item->versions++;
    item->signature = -1;
    rotation_seal(f->event, item->seal);
    if (item->versions > 1) return;
    item->id = fold_text(f, "id");
    item->first_ms = f->event->at_ms;
    item->earlier = -1;
}

static bool new_id(const fold_t *f)
{
    const char *id = json_string_value(json_object_get(f->json, "id"));
    return id != NULL && id[0] != '\0' && strlen(id) <= ROTATION_ID_MAX && rotation_item(f->r, id) == NULL;
}

static void fold_work(const fold_t *f, rotation_entry_t *e)
{
    const char *id;
    json_t *value;
    e->work_count = 0;
    e->hands_on = false;
    json_object_foreach(json_object_get(f->json, "work"), id, value)
    {
        json_int_t n = json_integer_value(value);
        int p = rotation_procedure(f->r->rules, id);
        const char *kept = p >= 0 ? f->r->rules->procedures[p].id : arena_text(f->r->arena, id, strlen(id));
        if (kept == NULL || n < 1 || n > ROTATION_COUNT_MAX || e->work_count == ROTATION_WORK_MAX) continue;
        e->work[e->work_count++] = (rotation_count_t){kept, (int)n};
        e->hands_on = true;
    }
}

enum { DAY_MIN = 24 * 60, DAY_MS = 24 * 3600 * 1000 };

static void fill_entry(const fold_t *f, rotation_entry_t *e, bool *ok)
{
    e->day = fold_int(f, "day", -25567, 84005, ok);
    e->in_min = fold_int(f, "in", 0, DAY_MIN - 1, ok);
    e->out_min = fold_int(f, "out", 0, DAY_MIN - 1, ok);
    e->breaks_min = fold_int(f, "breaks", 0, ROTATION_DAY_MINUTES_MAX, ok);
    int span = e->out_min - e->in_min;
    e->minutes = span + (span <= 0 ? DAY_MIN : 0) - e->breaks_min;
    *ok = *ok && e->minutes >= 0;
    e->reflection = fold_text(f, "reflection");
    e->reason = fold_text(f, "reason");
    fold_work(f, e);
}

static bool fold_entry(fold_t *f)
{
    bool ok = true;
    rotation_entry_t e = {0};
    fill_entry(f, &e, &ok);
    if (!ok || !new_id(f)) return false;
    begin_item(f, &e.item, ITEM_ENTRY);
    e.late = f->event->at_ms / DAY_MS > (int64_t)e.day + ROTATION_LATE_DAYS;
    f->r->entries[f->r->entry_count++] = e;
    return true;
}

/* A new version; what was signed of the old one stays as it is. */
static bool fold_correct(fold_t *f)
{
    rotation_item_t *item = rotation_item(f->r, fold_text(f, "entry"));
    if (item == NULL || item->kind != ITEM_ENTRY) return false;
    rotation_entry_t *e = (rotation_entry_t *)(void *)item, old = *e;
    bool ok = true;
    fill_entry(f, e, &ok);
    if (!ok) return *e = old, false;
    if (item->signature >= 0) item->earlier = item->signature;
    begin_item(f, item, ITEM_ENTRY);
    return true;
}

static bool fold_skill(fold_t *f)
{
    bool ok = true;
    rotation_skill_t s = {.self = fold_int(f, "self", RATING_OBSERVED, RATING_TEACH, &ok)};
    if (!ok || !new_id(f)) return false;
    begin_item(f, &s.item, ITEM_SKILL);
    s.competency = fold_text(f, "competency");
    s.comment = fold_text(f, "comment");
    f->r->skills[f->r->skill_count++] = s;
    return true;
}

static bool fold_evaluation(fold_t *f)
{
    rotation_evaluation_t e = {0};
    if (!new_id(f)) return false;
    begin_item(f, &e.item, ITEM_EVALUATION);
    e.final = strcmp(fold_text(f, "kind"), "final") == 0;
    e.comment = fold_text(f, "comment");
    fold_behaviors(f, "self", e.self);
    f->r->evaluations[f->r->evaluation_count++] = e;
    return true;
}

/* ---- asking for a signature, and giving it ---- */

static bool fold_ask(fold_t *f)
{
    rotation_ask_t a = {.what = fold_text(f, "what"),
                        .token = fold_text(f, "token"),
                        .version = json_integer_value(json_object_get(f->json, "version")),
                        .at_ms = f->event->at_ms,
                        .expires_ms = json_integer_value(json_object_get(f->json, "expires")),
                        .paper = json_is_true(json_object_get(f->json, "paper"))};
    if (rotation_item(f->r, a.what) == NULL || strlen(a.token) != ROTATION_HASH_TEXT - 1) return false;
    f->r->asks[f->r->ask_count++] = a;
    return true;
}

static bool chain_holds(const rotation_t *r, const rotation_event_t *event, const rotation_item_t *item,
                        const rotation_signature_t *s)
{
    static const char end[] = ",\"link\":\"";
    char link[ROTATION_HASH_TEXT];
    size_t tail = sizeof end - 1 + (ROTATION_HASH_TEXT - 1) + 2; /* the link, a quote, a brace */
    if (event->length < tail || memcmp(event->payload + event->length - tail, end, sizeof end - 1) != 0) return false;
    if (item->seq != s->version) return false;
    rotation_link(r->head, item->seal, event->at_ms, event->payload, event->length - tail, link);
    return strcmp(link, s->link) == 0;
}

/* A token is good once, for a signature or for giving back. */
static void use_token(const fold_t *f)
{
    const char *token = json_string_value(json_object_get(f->json, "token"));
    for (int i = 0; token != NULL && i < f->r->ask_count; i++)
        if (strcmp(f->r->asks[i].token, token) == 0) f->r->asks[i].used = true;
}

static bool fold_sign(fold_t *f)
{
    static const char *const methods[SIGN_METHODS] = {"link", "pin", "paper"};
    rotation_t *r = f->r;
    bool ok = true;
    rotation_item_t *item = rotation_item(r, fold_text(f, "what"));
    rotation_signature_t s = {.seq = f->event->seq, .at_ms = f->event->at_ms, .rating = RATING_NONE};
    const char *method = fold_text(f, "method"), *link = fold_text(f, "link");
    while (s.method < SIGN_METHODS && strcmp(methods[s.method], method) != 0) s.method++;
    if (item == NULL || s.method == SIGN_METHODS || strlen(link) != ROTATION_HASH_TEXT - 1) return false;
    if (item->kind == ITEM_SKILL) s.rating = fold_int(f, "rating", RATING_REMEDIATION, RATING_TEACH, &ok);
    if (!ok) return false;
    s.kind = item->kind;
    s.what = item->id;
    s.version = json_integer_value(json_object_get(f->json, "version"));
    s.name = fold_text(f, "name");
    s.role = fold_text(f, "role");
    s.comment = fold_text(f, "comment");
    memcpy(s.link, link, ROTATION_HASH_TEXT);
    fold_behaviors(f, "behaviors", s.behaviors);
    s.sound = chain_holds(r, f->event, item, &s);
    r->unsound += !s.sound;
    memcpy(r->head, s.link, ROTATION_HASH_TEXT);
    use_token(f);
    if (item->signature < 0) item->signature = r->signature_count;
    r->signatures[r->signature_count++] = s;
    return true;
}

static bool fold_note(fold_t *f)
{
    rotation_note_t n = {fold_text(f, "what"), fold_text(f, "name"), fold_text(f, "text"), f->event->at_ms};
    if (rotation_item(f->r, n.what) == NULL) return false;
    use_token(f);
    f->r->notes[f->r->note_count++] = n;
    return true;
}

static bool fold_pin(fold_t *f)
{
    rotation_pin_t p = {.id = fold_text(f, "id"),
                        .name = fold_text(f, "name"),
                        .role = fold_text(f, "role"),
                        .hash = fold_text(f, "hash"),
                        .at_ms = f->event->at_ms};
    if (p.id[0] == '\0') return false;
    f->r->pins[f->r->pin_count++] = p;
    return true;
}

static bool fold_pin_off(fold_t *f)
{
    const char *id = fold_text(f, "id");
    for (int i = 0; i < f->r->pin_count; i++)
        if (strcmp(f->r->pins[i].id, id) == 0) return f->r->pins[i].off = true;
    return false;
}

/* ---- what the learner aims at ---- */

static bool fold_program(fold_t *f)
{
    const char *program = fold_text(f, "program");
    if (rotation_program_title(program) == NULL) return false;
    f->r->program = program;
    f->r->requirement = fold_text(f, "requirement");
    f->r->name = fold_text(f, "name");
    return true;
}

static bool fold_require(fold_t *f)
{
    int d = rotation_department(f->r->rules, fold_text(f, "department"));
    double hours = json_number_value(json_object_get(f->json, "hours"));
    if (d < 0 || !(hours >= 0 && hours <= 5000)) return false;
    f->r->own_hours[d] = hours > 0 ? hours : (double)NAN;
    return true;
}

/* ---- one event ---- */

typedef struct {
    const char *kind;
    bool places;
    bool (*fold)(fold_t *f);
    size_t count_at; /* offset of the count that grows, 0: none */
    int most;
} kind_t;

#define GROWS(field, max) offsetof(rotation_t, field), max

static const kind_t kinds[] = {
    {"program", false, fold_program, 0, 0},
    {"require", false, fold_require, 0, 0},
    {"entry", false, fold_entry, GROWS(entry_count, ROTATION_ENTRIES_MAX)},
    {"correct", false, fold_correct, 0, 0},
    {"skill", false, fold_skill, GROWS(skill_count, ROTATION_SKILLS_MAX)},
    {"evaluation", false, fold_evaluation, GROWS(evaluation_count, ROTATION_EVALUATIONS_MAX)},
    {"ask", false, fold_ask, GROWS(ask_count, ROTATION_ASKS_MAX)},
    {"sign", false, fold_sign, GROWS(signature_count, ROTATION_SIGNATURES_MAX)},
    {"note", false, fold_note, GROWS(note_count, ROTATION_NOTES_MAX)},
    {"pin", false, fold_pin, GROWS(pin_count, ROTATION_PINS_MAX)},
    {"pin-off", false, fold_pin_off, 0, 0},
    {"site", true, fold_site, GROWS(site_count, ROTATION_SITES_MAX)},
    {"slot", true, fold_slot, GROWS(slot_count, ROTATION_SLOTS_MAX)},
    {"place", true, fold_place, GROWS(placed_count, ROTATION_PLACED_MAX)},
    {"unplace", true, fold_unplace, 0, 0},
    {"site-view", true, fold_view, GROWS(view_count, ROTATION_VIEWS_MAX)},
};

bool rotation_room(const rotation_t *r, const char *kind, err_t *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) != 0 || kinds[i].count_at == 0) continue;
        const int *count = (const int *)(const void *)((const char *)r + kinds[i].count_at);
        if (*count >= kinds[i].most)
            return err_set(err, ERR_LIMIT, "A rotation holds at most %d records of this kind (%s).", kinds[i].most,
                           kind);
    }
    return true;
}

bool rotation_apply(rotation_t *r, const rotation_event_t *event, err_t *err)
{
    bool understood = false;
    if (!rotation_room(r, event->kind, err)) return false;
    fold_t f = {r, event, json_loadb(event->payload, event->length, JSON_REJECT_DUPLICATES, NULL)};
    for (size_t i = 0; f.json != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].places == event->places && strcmp(kinds[i].kind, event->kind) == 0) understood = kinds[i].fold(&f);
    json_decref(f.json);
    r->unread += !understood;
    *(event->places ? &r->places_seq : &r->seq) = event->seq;
    return true;
}
