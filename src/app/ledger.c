/* The stream "ledger/me" (see app/ledger.h):
 *   held, activity  an entry as ledger_read takes it, with its id     correct  the same, in place of the one before
 *   drop {"id"}     strike {"id","why"}     verify {"id","by"} */
#include "app/ledger.h"
#include "app/record.h"
#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MS_PER_DAY = 86400000 };
static const char STREAM[] = "ledger/me";

typedef struct {
    json_t *held, *activities; /* arrays of objects */
    json_t *marks;             /* id: [corrections, entered, changed] */
    int64_t seq;
} fold_t;

static json_t *find(const json_t *list, const char *id, size_t *index)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *other = json_string_value(json_object_get(json_array_get(list, i), "id"));
        if (!other || strcmp(other, id) != 0) continue;
        *index = i;
        return json_array_get(list, i);
    }
    return NULL;
}

static void mark(fold_t *f, const char *id, int64_t at_ms)
{
    json_t *m = json_object_get(f->marks, id);
    if (!m) {
        json_object_set_new(f->marks, id, json_pack("[i,I,I]", 0, (json_int_t)at_ms, (json_int_t)at_ms));
        return;
    }
    json_array_set_new(m, 0, json_integer(json_integer_value(json_array_get(m, 0)) + 1));
    json_array_set_new(m, 2, json_integer(at_ms));
}

static bool take_event(void *context, const store_event_t *event)
{
    fold_t *f = context;
    size_t at = 0;
    json_t *object = json_loadb(event->payload, event->length, 0, NULL);
    const char *id = json_string_value(json_object_get(object, "id"));
    f->seq = event->seq;
    if (!id) {
        json_decref(object);
        return true;
    }
    bool is_held = find(f->held, id, &at) != NULL, is_activity = !is_held && find(f->activities, id, &at) != NULL;
    json_t *list = is_held ? f->held : f->activities;
    if (strcmp(event->kind, "held") == 0)
        json_array_append(f->held, object);
    else if (strcmp(event->kind, "activity") == 0)
        json_array_append(f->activities, object);
    else if (strcmp(event->kind, "correct") == 0 && (is_held || is_activity))
        json_array_set(list, at, object);
    else if ((strcmp(event->kind, "drop") == 0 && is_held) || (strcmp(event->kind, "strike") == 0 && is_activity))
        json_array_remove(list, at);
    else if (strcmp(event->kind, "verify") == 0 && is_activity)
        json_object_set(json_array_get(list, at), "verified_by", json_object_get(object, "by"));
    if (strcmp(event->kind, "verify") != 0) mark(f, id, event->at_ms);
    json_decref(object);
    return true;
}

static void fold_free(fold_t *f)
{
    json_decref(f->held);
    json_decref(f->activities);
    json_decref(f->marks);
}

static bool fold(app_t *app, fold_t *f, err_t *err)
{
    *f = (fold_t){json_array(), json_array(), json_object(), 0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    return store_read(app->store, STREAM, 1, take_event, f, err);
}

static char *fold_text(const fold_t *f)
{
    json_t *root = json_pack("{s:O,s:O}", "held", f->held, "activities", f->activities);
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    return text;
}

static bool fold_entries(const fold_t *f, arena_t *arena, app_ledger_t *out)
{
    int count = out->ledger.activity_count;
    app_ledger_mark_t *entries = arena_array(arena, (size_t)count + 1, sizeof *entries);
    if (!entries) return false;
    for (int i = 0; i < count; i++) {
        const json_t *m = json_object_get(f->marks, out->ledger.activities[i].id);
        entries[i] =
            (app_ledger_mark_t){(int)json_integer_value(json_array_get(m, 0)), json_integer_value(json_array_get(m, 1)),
                                json_integer_value(json_array_get(m, 2))};
    }
    out->entries = entries;
    return true;
}

bool app_ledger(app_t *app, arena_t *arena, app_ledger_t *out, err_t *err)
{
    fold_t f;
    *out = (app_ledger_t){.today = (int32_t)(app_now_ms(app) / MS_PER_DAY)};
    char *text = NULL;
    bool ok = ce_load(&out->ce, arena, app->options.content, err) && fold(app, &f, err);
    if (!ok) return false;
    text = fold_text(&f);
    ok = text ? ledger_read(&out->ledger, arena, &out->ce, text, strlen(text), err)
              : err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
    if (ok && !fold_entries(&f, arena, out))
        ok = err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
    free(text);
    fold_free(&f);
    return ok && ce_check(&out->results, arena, &out->ce, &out->ledger, out->today, err) &&
           ce_plan(&out->plan, arena, &out->ce, &out->ledger, out->results, out->today, err);
}

bool app_ledger_export(app_t *app, text_t *out, err_t *err)
{
    fold_t f;
    if (!fold(app, &f, err)) return false;
    char *text = fold_text(&f);
    text_add(out, text ? text : "");
    text_add_char(out, '\n');
    bool ok = text && !out->failed;
    free(text);
    fold_free(&f);
    return ok || err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
}

/* ---- in again ---- */

static bool append(app_t *app, const char *kind, const text_t *payload, const char *request, err_t *err)
{
    int64_t last = 0;
    if (payload->failed) return err_set(err, ERR_LIMIT, "The entry is too long.");
    return store_last(app->store, STREAM, &last, err) &&
           store_append(app->store, STREAM, last, kind, app_now_ms(app), payload->data, payload->length, request, NULL,
                        err);
}

/* The ids of its proofs as they are here. One that was removed where the file was written stays as it is named. */
static void rename_documents(json_t *entry, const app_renamed_t *names)
{
    json_t *list = json_object_get(entry, "documents");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i)), *here = NULL;
        for (int n = 0; id && n < names->count && !here; n++)
            if (strcmp(names->from[n], id) == 0) here = names->to[n];
        if (here) json_array_set_new(list, i, json_string(here));
    }
}

static bool take_list(app_t *app, const json_t *list, const json_t *here, const char *kind, const app_renamed_t *names,
                      bool save, app_ledger_import_t *done, err_t *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        const char *id = json_string_value(json_object_get(entry, "id"));
        size_t at;
        if (!id || !app_id_is_well_formed(id))
            return err_set(err, ERR_INPUT, "The ledger's entry %zu of %s has no well-formed id.", i + 1, kind);
        rename_documents(entry, names);
        const json_t *old = find(here, id, &at);
        *(!old ? &done->added : json_equal(old, entry) ? &done->same : &done->corrected) += 1;
        if (!save || (old && json_equal(old, entry))) continue;
        text_t payload;
        char *text = json_dumps(entry, JSON_COMPACT);
        text_init(&payload, APP_JSON_MAX);
        text_add(&payload, text ? text : "");
        payload.failed = payload.failed || !text;
        free(text);
        bool ok = append(app, old ? "correct" : kind, &payload, "", err);
        text_free(&payload);
        if (!ok) return false;
    }
    return true;
}

/* Is it a ledger, and is there room for it? */
static bool check_whole(app_t *app, const char *json, size_t length, err_t *err)
{
    enum { ARENA = 16 * 1024 * 1024 };
    ce_t ce;
    ledger_t ledger;
    arena_t *arena = arena_new(ARENA);
    bool ok =
        arena ? ce_load(&ce, arena, app->options.content, err) && ledger_read(&ledger, arena, &ce, json, length, err)
              : err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
    arena_free(arena);
    return ok;
}

bool app_ledger_import(app_t *app, const char *json, size_t length, const app_renamed_t *names, bool save,
                       app_ledger_import_t *done, err_t *err)
{
    fold_t f;
    *done = (app_ledger_import_t){0};
    if (!check_whole(app, json, length, err) || !fold(app, &f, err)) return false;
    json_t *file = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *held = json_object_get(file, "held"), *activities = json_object_get(file, "activities");
    bool ok = take_list(app, held, f.held, "held", names, save, done, err);
    int held_added = done->added;
    ok = ok && take_list(app, activities, f.activities, "activity", names, save, done, err);
    if (ok && (json_array_size(f.held) + (size_t)held_added > CE_HELD_MAX ||
               json_array_size(f.activities) + (size_t)(done->added - held_added) > CE_ACTIVITIES_MAX))
        ok = err_set(err, ERR_LIMIT, "The ledger has no room for that: at most %d obligations and %d activities.",
                     CE_HELD_MAX, CE_ACTIVITIES_MAX);
    json_decref(file);
    fold_free(&f);
    return ok;
}

/* ---- entering ---- */

static void pair(text_t *out, const char *key, const char *value)
{
    if (!value || value[0] == '\0') return;
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, value);
}

static void list(text_t *out, const char *key, const char *const *values, int count)
{
    if (count == 0) return;
    text_addf(out, ",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        if (i) text_add_char(out, ',');
        text_add_json(out, values[i]);
    }
    text_add_char(out, ']');
}

/* The entry, once it is read as ledger_read would read it; its kind of list is "held" or "activities". */
static bool check_entry(app_t *app, const char *list_name, const text_t *entry, err_t *err)
{
    enum { ARENA = 4 * 1024 * 1024 };
    arena_t *arena = arena_new(ARENA);
    text_t whole;
    ce_t ce;
    ledger_t ledger;
    text_init(&whole, APP_JSON_MAX);
    text_addf(&whole, "{\"%s\":[", list_name);
    text_add(&whole, entry->data ? entry->data : "");
    text_add(&whole, "]}");
    bool ok = arena && !entry->failed && !whole.failed
                  ? ce_load(&ce, arena, app->options.content, err) &&
                        ledger_read(&ledger, arena, &ce, whole.data, whole.length, err)
                  : err_set(err, ERR_LIMIT, "The entry is too long.");
    text_free(&whole);
    arena_free(arena);
    if (!ok && err) { /* "held[0].deadline: ..." says more than a form needs */
        char *place = strstr(err->text, "[0]");
        if (place && (place[3] == '.' || place[3] == ':')) memmove(err->text, place + 4, strlen(place + 4) + 1);
        char *start = err->text;
        while (*start == ' ') start++;
        memmove(err->text, start, strlen(start) + 1);
    }
    return ok;
}

static bool exists(app_t *app, const char *id, bool held, err_t *err)
{
    fold_t f;
    size_t at;
    if (!fold(app, &f, err)) return false;
    bool found = find(held ? f.held : f.activities, id, &at) != NULL;
    fold_free(&f);
    return found || err_set(err, ERR_NOT_FOUND, "The ledger has no such entry.");
}

static bool room(app_t *app, bool held, err_t *err)
{
    fold_t f;
    if (!fold(app, &f, err)) return false;
    size_t count = json_array_size(held ? f.held : f.activities), most = held ? CE_HELD_MAX : CE_ACTIVITIES_MAX;
    fold_free(&f);
    return count < most || err_set(err, ERR_LIMIT, "The ledger is full: it has %zu of these.", most);
}

static bool save(app_t *app, const char *id, bool held, text_t *rest, const char *request, char made[APP_ID_MAX],
                 err_t *err)
{
    text_t entry;
    bool fresh = id[0] == '\0';
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (fresh ? !room(app, held, err) : !exists(app, id, held, err)) return false;
    if (fresh)
        app_make_id(app, made);
    else
        snprintf(made, APP_ID_MAX, "%s", id);
    text_init(&entry, APP_JSON_MAX);
    text_add(&entry, "{\"id\":");
    text_add_json(&entry, made);
    text_add(&entry, rest->data ? rest->data : "");
    text_add_char(&entry, '}');
    entry.failed = entry.failed || rest->failed;
    bool ok = check_entry(app, held ? "held" : "activities", &entry, err) && append(app,
                                                                                    !fresh ? "correct"
                                                                                    : held ? "held"
                                                                                           : "activity",
                                                                                    &entry, request, err);
    text_free(&entry);
    return ok;
}

bool app_ledger_hold(app_t *app, const char *id, const app_held_t *h, const char *request, char made[APP_ID_MAX],
                     err_t *err)
{
    text_t rest;
    if (!h->rule[0]) return err_set(err, ERR_INPUT, "Choose the body or state and what you hold.");
    text_init(&rest, APP_JSON_MAX);
    pair(&rest, "rule", h->rule);
    pair(&rest, "start", h->start);
    pair(&rest, "deadline", h->deadline);
    pair(&rest, "number", h->number);
    if (h->first) text_add(&rest, ",\"first\":true");
    list(&rest, "license_categories", h->topics, h->topic_count);
    bool ok = save(app, id, true, &rest, request, made, err);
    text_free(&rest);
    return ok;
}

/* Proofs are documents that the record has now, each once. */
static bool check_documents(app_t *app, const app_activity_t *a, err_t *err)
{
    enum { ARENA = 16 * 1024 * 1024 };
    app_entries_t record;
    if (a->document_count == 0) return true;
    if (a->document_count > CE_DOCUMENTS_MAX)
        return err_set(err, ERR_LIMIT, "An activity has at most %d documents as proof.", CE_DOCUMENTS_MAX);
    arena_t *arena = arena_new(ARENA);
    bool ok = arena ? app_record_entries(app, APP_RECORD_ME, arena, &record, err)
                    : err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
    for (int i = 0; ok && i < a->document_count; i++) {
        int here = 0, before = 0;
        for (int d = 0; d < record.document_count; d++) here += strcmp(record.documents[d].id, a->documents[i]) == 0;
        for (int k = 0; k < i; k++) before += strcmp(a->documents[k], a->documents[i]) == 0;
        if (!here || before)
            ok = err_set(err, ERR_INPUT,
                         before ? "A document was chosen twice as proof of one activity."
                                : "A document that was chosen is not in your record any more.");
    }
    arena_free(arena);
    return ok;
}

/* The entry of the record to which proofs of activities are attached; made when it is not there. */
static bool proofs_entry(app_t *app, const app_entries_t *record, char id[APP_ID_MAX], err_t *err)
{
    static const char *const values[APP_RECORD_FIELDS] = {"Continuing education"};
    int section = app_record_section_find("papers");
    record_wrong_t wrong;
    for (int i = 0; i < record->count; i++) {
        const app_entry_t *e = &record->entries[i];
        if (e->section != section || e->withdrawn || strcmp(e->values[0], values[0]) != 0) continue;
        memcpy(id, e->id, APP_ID_MAX);
        return true;
    }
    if (app_record_enter(app, APP_RECORD_ME, section, values, "", id, &wrong)) return true;
    if (err) *err = wrong.err;
    return false;
}

bool app_ledger_document(app_t *app, const char *name, const char *bytes, size_t length, const char *request,
                         char id[APP_ID_MAX], err_t *err)
{
    enum { ARENA = 16 * 1024 * 1024 };
    app_entries_t record;
    char entry[APP_ID_MAX];
    arena_t *arena = arena_new(ARENA);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this document.");
    bool ok = app_record_entries(app, APP_RECORD_ME, arena, &record, err) &&
              document_check(&record, bytes, length, err) && proofs_entry(app, &record, entry, err) &&
              app_document_add(app, APP_RECORD_ME, entry, name, bytes, length, request, id, err);
    arena_free(arena);
    return ok;
}

bool app_ledger_enter(app_t *app, const char *id, const app_activity_t *a, const char *request, char made[APP_ID_MAX],
                      err_t *err)
{
    text_t rest;
    if (!check_documents(app, a, err)) return false;
    text_init(&rest, APP_JSON_MAX);
    pair(&rest, "date", a->date);
    pair(&rest, "title", a->title);
    pair(&rest, "provider", a->provider);
    pair(&rest, "kind", a->kind);
    pair(&rest, "hours", a->hours);
    pair(&rest, "semester_hours", a->semester_hours);
    pair(&rest, "quarter_hours", a->quarter_hours);
    pair(&rest, "proof", a->proof);
    list(&rest, "categories", a->topics, a->topic_count);
    list(&rest, "documents", a->documents, a->document_count);
    bool ok = save(app, id, false, &rest, request, made, err);
    text_free(&rest);
    return ok;
}

/* {"id":...,"key":value} */
static bool say(app_t *app, const char *kind, const char *id, const char *key, const char *value, err_t *err)
{
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"id\":");
    text_add_json(&payload, id);
    pair(&payload, key, value);
    text_add_char(&payload, '}');
    bool ok = append(app, kind, &payload, "", err);
    text_free(&payload);
    return ok;
}

bool app_ledger_drop(app_t *app, const char *id, err_t *err)
{
    return exists(app, id, true, err) && say(app, "drop", id, "why", "", err);
}

bool app_ledger_strike(app_t *app, const char *id, const char *why, err_t *err)
{
    if (!why[0]) return err_set(err, ERR_INPUT, "Say why it is struck out: the entry stays on record with the reason.");
    if (strlen(why) > CE_TEXT_MAX) return err_set(err, ERR_LIMIT, "A reason has at most %d bytes.", CE_TEXT_MAX);
    return exists(app, id, false, err) && say(app, "strike", id, "why", why, err);
}

bool app_ledger_verify(app_t *app, const char *id, const char *by, err_t *err)
{
    fold_t f;
    size_t at;
    if (!by[0]) return err_set(err, ERR_INPUT, "Write the name of the person who compared it with its proof.");
    if (strlen(by) > APP_NAME_MAX) return err_set(err, ERR_LIMIT, "A name has at most %d bytes.", APP_NAME_MAX);
    if (!fold(app, &f, err)) return false;
    const json_t *entry = find(f.activities, id, &at);
    const char *proof = json_string_value(json_object_get(entry, "proof"));
    bool proven = (proof && proof[0]) || json_array_size(json_object_get(entry, "documents")) > 0,
         found = entry != NULL;
    fold_free(&f);
    if (!found) return err_set(err, ERR_NOT_FOUND, "The ledger has no such entry.");
    if (!proven)
        return err_set(
            err, ERR_STATE,
            "There is no proof to compare it with: correct the entry and say what proves it, or choose a document.");
    return say(app, "verify", id, "by", by, err);
}
