/* The record as a stream and its fold; see app/record.h.
 *   entry     {"id","section","fields":{key: text}}
 *   correct   {"id","fields":{...}}                 all fields anew
 *   withdraw  {"id"}
 *   none      {"section","none":bool}
 *   attach    {"id","document","name","type","bytes","sha256"}     detach {"document"}
 *   import    {"part","of","entries":[{"id","section","fields"}],"none":[section]}
 * An import may need several events; the fold does nothing before its last part, and forgets parts that another kind of
 * event follows: a kill in between leaves nothing of it. */
#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- small things ---- */

bool record_stream(char name[64], const char *owner, err_t *err)
{
    if (!app_id_is_well_formed(owner)) return err_set(err, ERR_NOT_FOUND, "There is no such record.");
    snprintf(name, 64, "record/%s", owner);
    return true;
}

void record_fields_json(text_t *out, const record_section_t *section, const char *const *values)
{
    bool first = true;
    text_add_char(out, '{');
    for (int i = 0; i < section->count; i++) {
        if (!values[i] || !values[i][0]) continue;
        if (!first) text_add_char(out, ',');
        first = false;
        text_add_json(out, section->fields[i].key);
        text_add_char(out, ':');
        text_add_json(out, values[i]);
    }
    text_add_char(out, '}');
}

const char *record_trim(arena_t *arena, const char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t n = strlen(text);
    while (n > 0 && strchr(blanks, text[n - 1])) n--;
    return n == 0 ? "" : arena_text(arena, text, n);
}

bool record_fields_read(const json_t *object, int section, const char *path, arena_t *arena, const char **values,
                        err_t *err)
{
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < APP_RECORD_FIELDS; i++) values[i] = "";
    if (!json_is_object(object)) return err_set(err, ERR_INPUT, "%s: here stands an object with the fields.", path);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        int field = record_field_find(s, key);
        if (field < 0) return err_set(err, ERR_INPUT, "%s.%.40s: %s has no such field.", path, key, s->title);
        if (!json_is_string(value)) return err_set(err, ERR_INPUT, "%s.%s: a text in quotes stands here.", path, key);
        values[field] = record_trim(arena, json_string_value(value));
        if (!values[field]) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    }
    return true;
}

/* ---- the fold ---- */

typedef struct {
    app_entries_t *record;
    arena_t *arena;
    record_request_t *request;
    json_t *parts[16]; /* of an import whose last part has not come */
    int part_count;
    bool failed; /* memory, or more than the limits */
} fold_t;

enum { PARTS_MAX = 16 };

static app_entry_t *find_entry(const app_entries_t *record, const char *id)
{
    for (int i = 0; id && i < record->count; i++)
        if (strcmp(record->entries[i].id, id) == 0) return &record->entries[i];
    return NULL;
}

static app_entry_step_t *add_step(fold_t *f, app_entry_t *entry, entry_event_t what, int64_t at_ms)
{
    int n = entry->step_count;
    if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) { /* room doubles: 4, 8, 16 ... */
        app_entry_step_t *more = arena_array(f->arena, n == 0 ? 4 : (size_t)n * 2, sizeof *more);
        if (!more) return NULL;
        if (n > 0) memcpy(more, entry->steps, (size_t)n * sizeof *more);
        entry->steps = more;
    }
    entry->steps[n] = (app_entry_step_t){.what = what, .at_ms = at_ms};
    return &entry->steps[entry->step_count++];
}

/* The fields of an entry, now; texts that stay the same stay where they are. */
static bool set_fields(fold_t *f, app_entry_t *entry, const json_t *fields, entry_event_t what,
                       const store_event_t *event)
{
    const char *values[APP_RECORD_FIELDS];
    if (!record_fields_read(fields, entry->section, "", f->arena, values, NULL)) return false;
    app_entry_step_t *step = add_step(f, entry, what, event->at_ms);
    if (!step) return false;
    for (int i = 0; i < APP_RECORD_FIELDS; i++) {
        if (!entry->values[i] || strcmp(entry->values[i], values[i]) != 0) entry->values[i] = values[i];
        step->values[i] = entry->values[i];
    }
    entry->seq = event->seq;
    entry->changed_ms = event->at_ms;
    entry->corrections += what == ENTRY_CORRECTED;
    return true;
}

static bool take_entry(fold_t *f, const json_t *object, const store_event_t *event)
{
    app_entries_t *record = f->record;
    const char *id = json_string_value(json_object_get(object, "id"));
    const char *section = json_string_value(json_object_get(object, "section"));
    int s = section ? app_record_section_find(section) : -1;
    app_entry_t *entry = find_entry(record, id);
    if (entry) return set_fields(f, entry, json_object_get(object, "fields"), ENTRY_CORRECTED, event);
    if (!id || strlen(id) >= APP_ID_MAX || s < 0 || record->count == APP_RECORD_ENTRIES) return false;
    entry = &record->entries[record->count];
    *entry = (app_entry_t){.section = s, .entered_ms = event->at_ms};
    memcpy(entry->id, id, strlen(id) + 1);
    if (!set_fields(f, entry, json_object_get(object, "fields"), ENTRY_ENTERED, event)) return false;
    record->count++;
    record->none[s] = false;
    return true;
}

static const char *known_type(const char *type)
{
    static const char *const types[] = {"application/pdf", "image/png",  "image/jpeg",
                                        "image/webp",      "image/heic", "image/heif"};
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0) return types[i];
    return NULL;
}

static bool take_document(fold_t *f, const json_t *object, const store_event_t *event)
{
    app_entries_t *record = f->record;
    app_entry_t *entry = find_entry(record, json_string_value(json_object_get(object, "id")));
    const char *id = json_string_value(json_object_get(object, "document"));
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *hash = json_string_value(json_object_get(object, "sha256"));
    const char *type = known_type(json_string_value(json_object_get(object, "type")));
    if (!entry || !id || !app_id_is_well_formed(id) || !name || strlen(name) > APP_DOCUMENT_NAME || !hash ||
        strlen(hash) != APP_HASH_TEXT - 1 || !type || record->document_count == APP_DOCUMENTS)
        return false;
    app_document_t *d = &record->documents[record->document_count++];
    *d = (app_document_t){.type = type,
                          .bytes = (size_t)json_integer_value(json_object_get(object, "bytes")),
                          .entry = (int)(entry - record->entries),
                          .at_ms = event->at_ms};
    memcpy(d->id, id, strlen(id) + 1);
    memcpy(d->name, name, strlen(name) + 1);
    memcpy(d->hash, hash, APP_HASH_TEXT);
    app_entry_step_t *step = add_step(f, entry, ENTRY_ATTACHED, event->at_ms);
    const char *shown = arena_text(f->arena, name, strlen(name));
    if (!step || !shown) return false;
    step->document = shown;
    entry->documents++;
    record->document_bytes += d->bytes;
    return true;
}

static bool drop_document(fold_t *f, const json_t *object, const store_event_t *event)
{
    app_entries_t *record = f->record;
    const char *id = json_string_value(json_object_get(object, "document"));
    for (int i = 0; id && i < record->document_count; i++) {
        app_document_t *d = &record->documents[i];
        if (strcmp(d->id, id) != 0) continue;
        app_entry_t *entry = &record->entries[d->entry];
        app_entry_step_t *step = add_step(f, entry, ENTRY_DETACHED, event->at_ms);
        const char *shown = arena_text(f->arena, d->name, strlen(d->name));
        if (!step || !shown) return false;
        step->document = shown;
        entry->documents--;
        record->document_bytes -= d->bytes;
        memmove(d, d + 1, (size_t)(--record->document_count - i) * sizeof *d);
        return true;
    }
    return true;
}

static void forget_parts(fold_t *f)
{
    while (f->part_count > 0) json_decref(f->parts[--f->part_count]);
}

static bool take_none(fold_t *f, const char *key, bool none)
{
    int section = key ? app_record_section_find(key) : -1;
    if (section >= 0) f->record->none[section] = none;
    return section >= 0;
}

static bool take_import(fold_t *f, json_t *object, const store_event_t *event)
{
    int64_t part = json_integer_value(json_object_get(object, "part"));
    int64_t of = json_integer_value(json_object_get(object, "of"));
    if (part == 1) forget_parts(f);
    if (part != f->part_count + 1 || of < part || of > PARTS_MAX) return true; /* its beginning is not there */
    f->parts[f->part_count++] = json_incref(object);
    if (part < of) return true;
    bool ok = true;
    for (int i = 0; i < f->part_count; i++) {
        size_t k;
        json_t *item;
        json_array_foreach(json_object_get(f->parts[i], "entries"), k, item) ok = ok && take_entry(f, item, event);
        json_array_foreach(json_object_get(f->parts[i], "none"), k, item) ok =
            ok && take_none(f, json_string_value(item), true);
    }
    forget_parts(f);
    return ok;
}

static bool take_kind(fold_t *f, json_t *object, const store_event_t *event)
{
    app_entry_t *entry = find_entry(f->record, json_string_value(json_object_get(object, "id")));
    if (strcmp(event->kind, "import") == 0) return take_import(f, object, event);
    forget_parts(f);
    if (strcmp(event->kind, "entry") == 0) return take_entry(f, object, event);
    if (strcmp(event->kind, "attach") == 0) return take_document(f, object, event);
    if (strcmp(event->kind, "detach") == 0) return drop_document(f, object, event);
    if (strcmp(event->kind, "none") == 0)
        return take_none(f, json_string_value(json_object_get(object, "section")),
                         json_is_true(json_object_get(object, "none")));
    bool withdraw = strcmp(event->kind, "withdraw") == 0;
    if (!entry || (!withdraw && strcmp(event->kind, "correct") != 0)) return false;
    if (!withdraw) return set_fields(f, entry, json_object_get(object, "fields"), ENTRY_CORRECTED, event);
    entry->withdrawn = true;
    entry->changed_ms = event->at_ms;
    return add_step(f, entry, ENTRY_WITHDRAWN, event->at_ms) != NULL;
}

static void note_request(fold_t *f, const json_t *object, const store_event_t *event)
{
    record_request_t *r = f->request;
    if (!r || !r->request || !r->request[0] || strcmp(event->request, r->request) != 0) return;
    const char *id = json_string_value(json_object_get(object, "document"));
    if (!id) id = json_string_value(json_object_get(object, "id"));
    r->known = true;
    snprintf(r->id, sizeof r->id, "%s", id ? id : "");
}

static bool take_event(void *context, const store_event_t *event)
{
    fold_t *f = context;
    json_t *object = json_loadb(event->payload, event->length, JSON_REJECT_DUPLICATES, NULL);
    f->failed = !object || !take_kind(f, object, event);
    if (object) note_request(f, object, event);
    f->record->seq = event->seq;
    f->record->changed_ms = event->at_ms;
    json_decref(object);
    return !f->failed;
}

bool record_fold(app_t *app, const char *owner, arena_t *arena, app_entries_t *record, record_request_t *request,
                 err_t *err)
{
    char name[64];
    *record = (app_entries_t){0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!record_stream(name, owner, err)) return false;
    record->entries = arena_array(arena, APP_RECORD_ENTRIES, sizeof *record->entries);
    record->documents = arena_array(arena, APP_DOCUMENTS, sizeof *record->documents);
    if (!record->entries || !record->documents)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    fold_t fold = {.record = record, .arena = arena, .request = request};
    bool ok = store_read(app->store, name, 1, take_event, &fold, err);
    forget_parts(&fold);
    return fold.failed ? err_set(err, ERR_IO,
                                 "The record cannot be read: entry %lld of its stream is damaged or does not fit into "
                                 "memory. Restore a backup.",
                                 (long long)record->seq)
                       : ok;
}

bool app_record_entries(app_t *app, const char *owner, arena_t *arena, app_entries_t *record, err_t *err)
{
    return record_fold(app, owner, arena, record, NULL, err);
}

const app_entry_t *app_record_find(const app_entries_t *record, const char *id, err_t *err)
{
    const app_entry_t *entry = find_entry(record, id);
    if (!entry) err_set(err, ERR_NOT_FOUND, "There is no such entry in the record.");
    return entry;
}

/* ---- writing ---- */

bool record_append(app_t *app, const char *owner, const app_entries_t *record, const char *kind, const text_t *payload,
                   const char *request, err_t *err)
{
    char name[64];
    if (!record_stream(name, owner, err)) return false;
    if (record->seq >= APP_RECORD_EVENTS)
        return err_set(err, ERR_LIMIT,
                       "This record was changed %d times and takes no more. Export it, delete it and import it again.",
                       APP_RECORD_EVENTS);
    if (payload->failed || payload->length > STORE_PAYLOAD_MAX)
        return err_set(err, ERR_LIMIT, "This is too long to be saved: shorten the texts.");
    return store_append(app->store, name, record->seq, kind, app_now_ms(app), payload->data, payload->length, request,
                        NULL, err);
}

static bool section_has_room(const app_entries_t *record, int section, err_t *err)
{
    int count = 0;
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < record->count; i++)
        count += record->entries[i].section == section && !record->entries[i].withdrawn;
    if (s->single && count > 0)
        return err_set(err, ERR_STATE, "This stands in the record already: correct that entry.");
    return (count < APP_RECORD_SECTION_MAX && record->count < APP_RECORD_ENTRIES) ||
           err_set(err, ERR_LIMIT, "There are %d entries under %s: no more fit. Put several into one.", count,
                   s->title);
}

/* One writing use case: what to append, from the record as it is. Tried again when somebody else appended meanwhile. */
typedef struct {
    app_t *app;
    const char *owner, *request;
    const char *id; /* of the entry; NULL: `section` is meant */
    int section;
    int64_t seq;
    bool none;
    const char *const *values;
    char *made;
    record_wrong_t *wrong;
    arena_t *arena;
} writing_t;

typedef bool (*prepare_fn)(writing_t *w, const app_entries_t *record, text_t *payload, err_t *err);

static bool write_once(writing_t *w, const char *kind, prepare_fn prepare, err_t *err)
{
    app_entries_t record;
    record_request_t request = {.request = w->request};
    text_t payload;
    arena_reset(w->arena);
    if (!record_fold(w->app, w->owner, w->arena, &record, &request, err)) return false;
    if (request.known) {
        if (w->made) memcpy(w->made, request.id, APP_ID_MAX);
        return true;
    }
    text_init(&payload, STORE_PAYLOAD_MAX + 1);
    bool ok =
        prepare(w, &record, &payload, err) && record_append(w->app, w->owner, &record, kind, &payload, w->request, err);
    text_free(&payload);
    return ok;
}

enum { RECORD_MEMORY = 16 * 1024 * 1024 };

static bool write_event(writing_t *w, const char *kind, prepare_fn prepare, err_t *err)
{
    w->arena = arena_new(RECORD_MEMORY);
    if (!w->arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    err_t why = {0};
    bool ok = false;
    for (int i = 0; i < RECORD_TRIES && !ok; i++) {
        why = (err_t){0};
        ok = write_once(w, kind, prepare, &why);
        /* ERR_STATE tells that the entry itself was changed: no repeat would help */
        if (!ok && why.code != ERR_CONFLICT) break;
    }
    arena_free(w->arena);
    if (!ok && err) *err = why;
    return ok;
}

/* Checks the typed values and writes them. */
static bool put_values(writing_t *w, int section, text_t *payload, err_t *err)
{
    const char *values[APP_RECORD_FIELDS] = {0};
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < s->count; i++) {
        values[i] = record_trim(w->arena, w->values[i] ? w->values[i] : "");
        if (!values[i]) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    }
    if (!record_check_all(w->app, section, values, w->wrong)) {
        *err = w->wrong->err;
        return false;
    }
    text_add(payload, ",\"fields\":");
    record_fields_json(payload, s, values);
    text_add_char(payload, '}');
    return true;
}

static bool prepare_entry(writing_t *w, const app_entries_t *record, text_t *payload, err_t *err)
{
    if (!section_has_room(record, w->section, err)) return false;
    app_make_id(w->app, w->made);
    text_addf(payload, "{\"id\":\"%s\",\"section\":\"%s\"", w->made, app_record_section(w->section)->key);
    return put_values(w, w->section, payload, err);
}

static const app_entry_t *standing_entry(const app_entries_t *record, const char *id, err_t *err)
{
    const app_entry_t *entry = app_record_find(record, id, err);
    if (entry && entry->withdrawn) {
        err_set(err, ERR_STATE, "This entry was withdrawn. Enter it anew.");
        return NULL;
    }
    return entry;
}

static bool prepare_correction(writing_t *w, const app_entries_t *record, text_t *payload, err_t *err)
{
    const app_entry_t *entry = standing_entry(record, w->id, err);
    if (!entry) return false;
    if (entry->seq != w->seq)
        return err_set(err, ERR_STATE, "This entry was changed in another window in the meantime. Look at it again.");
    text_addf(payload, "{\"id\":\"%s\"", entry->id);
    return put_values(w, entry->section, payload, err);
}

static bool prepare_withdrawal(writing_t *w, const app_entries_t *record, text_t *payload, err_t *err)
{
    const app_entry_t *entry = standing_entry(record, w->id, err);
    if (!entry) return false;
    if (entry->documents > 0)
        return err_set(err, ERR_STATE, "Documents are attached to this entry: remove them first.");
    text_addf(payload, "{\"id\":\"%s\"}", entry->id);
    return true;
}

static bool prepare_none(writing_t *w, const app_entries_t *record, text_t *payload, err_t *err)
{
    const record_section_t *s = app_record_section(w->section);
    for (int i = 0; w->none && i < record->count; i++)
        if (record->entries[i].section == w->section && !record->entries[i].withdrawn)
            return err_set(err, ERR_STATE, "There are entries under %s. Withdraw them first.", s->title);
    text_addf(payload, "{\"section\":\"%s\",\"none\":%s}", s->key, w->none ? "true" : "false");
    return true;
}

bool app_record_enter(app_t *app, const char *owner, int section, const char *const *values, const char *request,
                      char id[APP_ID_MAX], record_wrong_t *wrong)
{
    *wrong = (record_wrong_t){.field = -1};
    writing_t w = {.app = app,
                   .owner = owner,
                   .request = request,
                   .section = section,
                   .values = values,
                   .made = id,
                   .wrong = wrong};
    return write_event(&w, "entry", prepare_entry, &wrong->err);
}

bool app_record_correct(app_t *app, const char *owner, const char *id, int64_t seq, const char *const *values,
                        const char *request, record_wrong_t *wrong)
{
    *wrong = (record_wrong_t){.field = -1};
    writing_t w = {
        .app = app, .owner = owner, .request = request, .id = id, .seq = seq, .values = values, .wrong = wrong};
    return write_event(&w, "correct", prepare_correction, &wrong->err);
}

bool app_record_withdraw(app_t *app, const char *owner, const char *id, const char *request, err_t *err)
{
    writing_t w = {.app = app, .owner = owner, .request = request, .id = id};
    return write_event(&w, "withdraw", prepare_withdrawal, err);
}

bool app_record_none(app_t *app, const char *owner, int section, bool none, const char *request, err_t *err)
{
    writing_t w = {.app = app, .owner = owner, .request = request, .section = section, .none = none};
    return write_event(&w, "none", prepare_none, err);
}
