/* Taking in a file that record_file.c wrote. First the whole file is read and checked, and compared with what is there;
 * then it is appended, in events that count only together (record.c). */
#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_BYTES = 100, IMPORT_EVENT_BYTES = 60 * 1024, IMPORT_PARTS = 16 };

typedef struct {
    const app_t *app;
    const app_entries_t *record;
    arena_t *arena;
    app_import_t *plan;
    err_t *err;
} importing_t;

/* ---- reading the file ---- */

static bool known_keys(const json_t *object, const char *path, const char *const *keys, err_t *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        bool known = false;
        for (int i = 0; keys[i]; i++) known = known || strcmp(keys[i], key) == 0;
        if (!known) return err_set(err, ERR_INPUT, "%s%.40s: a record file has no such key.", path, key);
    }
    return true;
}

static bool plan_id(importing_t *in, const json_t *object, const char *path, app_import_entry_t *entry)
{
    const json_t *id = json_object_get(object, "id");
    const char *text = json_string_value(id);
    if (!text || !app_id_is_well_formed(text))
        return err_set(in->err, ERR_INPUT, "%s.id: up to %d small letters and digits stand here.", path,
                       APP_ID_MAX - 1);
    for (const app_import_entry_t *before = in->plan->entries; before < entry; before++)
        if (strcmp(before->id, text) == 0)
            return err_set(in->err, ERR_INPUT, "%s.id: \"%s\" is there twice.", path, text);
    memcpy(entry->id, text, strlen(text) + 1);
    return true;
}

static bool same_values(const app_entry_t *a, const app_import_entry_t *b)
{
    for (int i = 0; i < app_record_section(a->section)->count; i++)
        if (strcmp(a->values[i], b->values[i]) != 0) return false;
    return true;
}

/* New, a correction of what is here, or the same. */
static bool compare(importing_t *in, const char *path, app_import_entry_t *entry)
{
    const app_entry_t *here = app_record_find(in->record, entry->id, NULL);
    if (!here) {
        entry->what = IMPORT_NEW;
        in->plan->added++;
        return true;
    }
    if (here->section != entry->section)
        return err_set(in->err, ERR_INPUT, "%s.section: the entry \"%s\" stands under %s here.", path, entry->id,
                       app_record_section(here->section)->title);
    if (here->withdrawn)
        return err_set(in->err, ERR_STATE,
                       "%s: the entry \"%s\" was withdrawn here. Take it out of the file, or change "
                       "its id to add it anew.",
                       path, entry->id);
    entry->what = same_values(here, entry) ? IMPORT_SAME : IMPORT_CORRECTION;
    *(entry->what == IMPORT_SAME ? &in->plan->same : &in->plan->corrected) += 1;
    return true;
}

static bool plan_documents(importing_t *in, const json_t *list, const char *path, const char *entry)
{
    if (list && !json_is_array(list)) return err_set(in->err, ERR_INPUT, "%s.documents: a list stands here.", path);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(one, "name"));
        const char *hash = json_string_value(json_object_get(one, "sha256"));
        if (!name || !hash || strlen(hash) != APP_HASH_TEXT - 1)
            return err_set(in->err, ERR_INPUT, "%s.documents[%zu]: a document has a name and its sha256.", path, i);
        if (in->plan->documents == APP_DOCUMENTS)
            return err_set(in->err, ERR_LIMIT, "%s.documents: a record holds %d documents.", path, APP_DOCUMENTS);
        name = arena_text(in->arena, name, strlen(name)), hash = arena_text(in->arena, hash, strlen(hash));
        if (!name || !hash) return err_set(in->err, ERR_MEMORY, "There is not enough memory for this file.");
        const json_t *bytes = json_object_get(one, "bytes");
        const char *id = json_string_value(json_object_get(one, "id"));
        if (id && !(id = arena_text(in->arena, id, strlen(id))))
            return err_set(in->err, ERR_MEMORY, "There is not enough memory for this file.");
        in->plan->files[in->plan->documents].id = id;
        in->plan->files[in->plan->documents].bytes = json_is_integer(bytes) ? json_integer_value(bytes) : -1;
        in->plan->files[in->plan->documents].entry = entry;
        in->plan->files[in->plan->documents].name = name;
        in->plan->files[in->plan->documents++].hash = hash;
    }
    return true;
}

static bool plan_entry(importing_t *in, const json_t *object, size_t index)
{
    static const char *const keys[] = {"id", "section", "fields", "history", "documents", NULL};
    char path[PATH_MAX_BYTES], deep[PATH_MAX_BYTES + 8];
    record_wrong_t wrong;
    app_import_entry_t *entry = &in->plan->entries[in->plan->count];
    snprintf(path, sizeof path, "entries[%zu]", index);
    snprintf(deep, sizeof deep, "%s.fields", path);
    if (!json_is_object(object)) return err_set(in->err, ERR_INPUT, "%s: an object stands here.", path);
    char dotted[PATH_MAX_BYTES + 8];
    snprintf(dotted, sizeof dotted, "%s.", path);
    if (!known_keys(object, dotted, keys, in->err) || !plan_id(in, object, path, entry)) return false;
    const char *section = json_string_value(json_object_get(object, "section"));
    entry->section = section ? app_record_section_find(section) : -1;
    if (entry->section < 0)
        return err_set(in->err, ERR_INPUT, "%s.section: a record has no section \"%.40s\".", path,
                       section ? section : "");
    if (!record_fields_read(json_object_get(object, "fields"), entry->section, deep, in->arena, entry->values, in->err))
        return false;
    if (!record_check_all(in->app, entry->section, entry->values, &wrong)) {
        const record_section_t *s = app_record_section(entry->section);
        return err_set(in->err, wrong.err.code, "%s%s%s: %.280s", deep, wrong.field >= 0 ? "." : "",
                       wrong.field >= 0 ? s->fields[wrong.field].key : "", wrong.err.text);
    }
    if (!plan_documents(in, json_object_get(object, "documents"), path, entry->id) || !compare(in, path, entry))
        return false;
    in->plan->count++;
    return true;
}

static bool plan_none(importing_t *in, const json_t *list)
{
    if (list && !json_is_array(list)) return err_set(in->err, ERR_INPUT, "none: a list of sections stands here.");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *key = json_string_value(json_array_get(list, i));
        int section = key ? app_record_section_find(key) : -1;
        if (section < 0)
            return err_set(in->err, ERR_INPUT, "none[%zu]: a record has no section \"%.40s\".", i, key ? key : "");
        in->plan->none[section] = true;
    }
    return true;
}

/* Does it fit together with what is here? */
static bool check_rooms(importing_t *in)
{
    int total = in->record->count + in->plan->added;
    if (total > APP_RECORD_ENTRIES)
        return err_set(in->err, ERR_LIMIT, "A record holds %d entries; this would make %d.", APP_RECORD_ENTRIES, total);
    for (int s = 0; s < app_record_section_count(); s++) {
        int standing = 0;
        const record_section_t *section = app_record_section(s);
        for (int i = 0; i < in->record->count; i++)
            standing += in->record->entries[i].section == s && !in->record->entries[i].withdrawn;
        int most = section->single ? 1 : APP_RECORD_SECTION_MAX, coming = 0;
        for (int i = 0; i < in->plan->count; i++)
            coming += in->plan->entries[i].section == s && in->plan->entries[i].what == IMPORT_NEW;
        if (standing + coming > most)
            return err_set(in->err, ERR_LIMIT, "Under %s there is room for %d; this would make %d.", section->title,
                           most, standing + coming);
        /* who has entries has not none */
        if (standing + coming > 0) in->plan->none[s] = false;
        if (in->record->none[s]) in->plan->none[s] = false; /* said already */
        in->plan->none_count += in->plan->none[s];
    }
    return true;
}

static bool plan_file(importing_t *in, const json_t *file)
{
    static const char *const keys[] = {"titer_record", "exported", "none", "entries", "withdrawn", "applicant", NULL};
    if (!json_is_object(file) || json_integer_value(json_object_get(file, "titer_record")) != 1)
        return err_set(in->err, ERR_INPUT,
                       "This is not a record file of Titer: it has no \"titer_record\": 1. Give one made by Export.");
    if (!known_keys(file, "", keys, in->err)) return false;
    const json_t *entries = json_object_get(file, "entries");
    if (!json_is_array(entries)) return err_set(in->err, ERR_INPUT, "entries: a list stands here.");
    size_t count = json_array_size(entries);
    if (count > APP_RECORD_ENTRIES)
        return err_set(in->err, ERR_LIMIT, "entries: a record holds %d, the file has %zu.", APP_RECORD_ENTRIES, count);
    in->plan->entries = arena_array(in->arena, count + 1, sizeof *in->plan->entries);
    if (!in->plan->entries) return err_set(in->err, ERR_MEMORY, "There is not enough memory for this file.");
    for (size_t i = 0; i < count; i++)
        if (!plan_entry(in, json_array_get(entries, i), i)) return false;
    return plan_none(in, json_object_get(file, "none")) && check_rooms(in);
}

static bool plan_bytes(const app_t *app, const app_entries_t *record, const char *bytes, size_t length, arena_t *arena,
                       app_import_t *plan, err_t *err)
{
    json_error_t problem;
    *plan = (app_import_t){0};
    if (length > APP_RECORD_FILE)
        return err_set(err, ERR_LIMIT, "A record file has at most %d KB.", APP_RECORD_FILE / 1024);
    json_t *file = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &problem);
    if (!file)
        return err_set(err, ERR_INPUT, "The file is not JSON: line %d, column %d: %.120s.", problem.line,
                       problem.column, problem.text);
    importing_t in = {.app = app, .record = record, .arena = arena, .plan = plan, .err = err};
    bool ok = plan_file(&in, file);
    json_decref(file);
    return ok;
}

bool app_record_import_plan(app_t *app, const char *owner, const char *json, size_t length, arena_t *arena,
                            app_import_t *plan, err_t *err)
{
    app_entries_t record;
    return app_record_entries(app, owner, arena, &record, err) &&
           plan_bytes(app, &record, json, length, arena, plan, err);
}

/* ---- appending ---- */

static void write_import_entry(text_t *out, const app_import_entry_t *entry)
{
    const record_section_t *section = app_record_section(entry->section);
    text_addf(out, "{\"id\":\"%s\",\"section\":\"%s\",\"fields\":", entry->id, section->key);
    record_fields_json(out, section, entry->values);
    text_add_char(out, '}');
}

/* The lists of the parts: each is full when the next entry would not fit. */
static bool write_parts(const app_import_t *plan, text_t *lists, int *parts, err_t *err)
{
    text_t one;
    text_init(&one, IMPORT_EVENT_BYTES);
    *parts = 1;
    for (int i = 0; i < plan->count; i++) {
        if (plan->entries[i].what == IMPORT_SAME) continue;
        text_clear(&one);
        write_import_entry(&one, &plan->entries[i]);
        text_t *to = &lists[*parts - 1];
        if (to->length + one.length + 1 > IMPORT_EVENT_BYTES) {
            if (*parts == IMPORT_PARTS) {
                text_free(&one);
                return err_set(err, ERR_LIMIT, "The file is too large to be taken in at once.");
            }
            to = &lists[(*parts)++];
        }
        if (to->length > 0) text_add_char(to, ',');
        text_add_n(to, one.data, one.length);
    }
    bool ok = !one.failed;
    text_free(&one);
    return ok || err_set(err, ERR_LIMIT, "An entry of the file is too large.");
}

static void write_part(text_t *out, const app_import_t *plan, const text_t *list, int part, int of)
{
    text_addf(out, "{\"part\":%d,\"of\":%d,\"entries\":[", part, of);
    if (list->length > 0) text_add_n(out, list->data, list->length);
    text_add(out, "],\"none\":[");
    bool first = true;
    for (int s = 0; part == of && s < app_record_section_count(); s++) {
        if (!plan->none[s]) continue;
        text_addf(out, "%s\"%s\"", first ? "" : ",", app_record_section(s)->key);
        first = false;
    }
    text_add(out, "]}");
}

static bool append_parts(app_t *app, const char *owner, app_entries_t *record, const app_import_t *plan, err_t *err)
{
    text_t lists[IMPORT_PARTS], payload;
    int parts;
    for (int i = 0; i < IMPORT_PARTS; i++) text_init(&lists[i], STORE_PAYLOAD_MAX);
    text_init(&payload, STORE_PAYLOAD_MAX);
    bool ok = write_parts(plan, lists, &parts, err);
    for (int i = 1; ok && i <= parts; i++) {
        text_clear(&payload);
        write_part(&payload, plan, &lists[i - 1], i, parts);
        ok = record_append(app, owner, record, "import", &payload, "", err);
        record->seq++;
    }
    for (int i = 0; i < IMPORT_PARTS; i++) text_free(&lists[i]);
    text_free(&payload);
    return ok;
}

bool app_record_import(app_t *app, const char *owner, const char *json, size_t length, arena_t *arena,
                       app_import_t *plan, err_t *err)
{
    app_entries_t record;
    if (!app_record_entries(app, owner, arena, &record, err) ||
        !plan_bytes(app, &record, json, length, arena, plan, err))
        return false;
    if (plan->added + plan->corrected + plan->none_count == 0) return true; /* all of it is here */
    return append_parts(app, owner, &record, plan, err);
}

/* ---- documents ---- */

const app_document_t *record_has_document(const app_entries_t *record, const char *entry, const char *hash)
{
    for (int i = 0; i < record->document_count; i++)
        if (strcmp(record->documents[i].hash, hash) == 0 &&
            strcmp(record->entries[record->documents[i].entry].id, entry) == 0)
            return &record->documents[i];
    return NULL;
}

bool app_record_import_document(app_t *app, const char *owner, const app_import_t *plan, const char *bytes,
                                size_t length, int *attached, err_t *err)
{
    enum { ARENA = 16 * 1024 * 1024 };
    app_entries_t record;
    char hash[APP_HASH_TEXT], id[APP_ID_MAX];
    *attached = 0;
    document_hash(hash, bytes, length);
    arena_t *arena = arena_new(ARENA);
    bool ok = arena ? app_record_entries(app, owner, arena, &record, err)
                    : err_set(err, ERR_MEMORY, "There is not enough memory for this document.");
    for (int i = 0; ok && i < plan->documents; i++) {
        if (strcmp(plan->files[i].hash, hash) != 0 || record_has_document(&record, plan->files[i].entry, hash))
            continue;
        ok = app_document_add(app, owner, plan->files[i].entry, plan->files[i].name, bytes, length, "", id, err);
        *attached += ok;
    }
    arena_free(arena);
    return ok;
}
