/* Everything of a person as one ZIP, and in again:
 *   record.json, ledger.json        as the exports write them
 *   record.csv                      to read; passed over by an import
 *   documents/NN-name               the bytes of each document, in the order of record.json
 *
 * An archive is read twice. The first time nothing is changed: every file is unpacked, each document is compared with
 * the size and hash that record.json names, and record and ledger are checked as their own imports check them. Only
 * then it is taken in. */
#include "app/ledger.h"
#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/zip.h"

enum { FILES_MAX = APP_DOCUMENTS + 8, MEMORY = 16 * 1024 * 1024, BESIDE = 4 * 1024 * 1024 };

static const char FOLDER[] = "documents/";
static const char *const beside[] = {"record.json", "ledger.json", "record.csv"};

/* ---- out ---- */

static bool add_text(zip_writer_t *zip, app_t *app, const char *owner, int which, int64_t now_ms, err_t *err)
{
    text_t text;
    text_init(&text, BESIDE);
    bool ok = which == 0   ? app_record_json(app, owner, &text, err)
              : which == 1 ? app_ledger_export(app, &text, err)
                           : app_record_csv(app, owner, &text, err);
    ok = ok && zip_add(zip, beside[which], text.data ? text.data : "", text.length, now_ms, err);
    text_free(&text);
    return ok;
}

static bool add_document(zip_writer_t *zip, app_t *app, const char *owner, const char *id, int number, err_t *err)
{
    app_document_t document;
    char name[ZIP_NAME_MAX];
    text_t bytes;
    text_init(&bytes, APP_DOCUMENT_BYTES);
    bool ok = app_document_read(app, owner, id, &document, &bytes, err);
    if (ok) {
        snprintf(name, sizeof name, "%s%02d-%s", FOLDER, number, document.name);
        for (char *c = name + strlen(FOLDER); *c; c++)
            if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c)) *c = '-';
        ok = zip_add(zip, name, bytes.data, bytes.length, document.at_ms, err);
    }
    text_free(&bytes);
    return ok;
}

bool app_record_pack(app_t *app, const char *owner, text_t *out, err_t *err)
{
    app_entries_t record;
    arena_t *arena = arena_new(MEMORY);
    zip_writer_t *zip = zip_open(out);
    bool ok = arena && zip ? app_record_entries(app, owner, arena, &record, err)
                           : err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
    for (int i = 0; ok && i < (int)(sizeof beside / sizeof *beside); i++)
        ok = add_text(zip, app, owner, i, app_now_ms(app), err);
    for (int i = 0; ok && i < record.document_count; i++)
        ok = add_document(zip, app, owner, record.documents[i].id, i + 1, err);
    ok = zip_close(zip, ok ? err : NULL) && ok;
    arena_free(arena);
    return ok;
}

/* ---- in ---- */

typedef struct {
    char hash[APP_HASH_TEXT];
    size_t bytes;
    const char *type; /* NULL: no document */
    char name[ZIP_NAME_MAX + 1];
} packed_t;

typedef struct {
    app_t *app;
    const char *owner;
    const app_import_t *plan;
    text_t record, ledger;
    packed_t files[FILES_MAX];
    int count, attached;
} unpacking_t;

static bool look(void *context, const char *name, const char *bytes, size_t length, err_t *err)
{
    unpacking_t *u = context;
    if (strcmp(name, "record.json") == 0 || strcmp(name, "ledger.json") == 0) {
        text_t *to = name[0] == 'r' ? &u->record : &u->ledger;
        text_add_n(to, bytes, length);
        return !to->failed || err_set(err, ERR_LIMIT, "\"%s\" in the ZIP is too large.", name);
    }
    if (strcmp(name, "record.csv") == 0) return true;
    if (strncmp(name, FOLDER, strlen(FOLDER)) != 0)
        return err_set(err, ERR_INPUT, "The ZIP holds \"%.120s\", which no export writes. Nothing was taken in.", name);
    packed_t *f = &u->files[u->count++];
    document_hash(f->hash, bytes, length);
    f->bytes = length;
    f->type = app_document_type(bytes, length);
    snprintf(f->name, sizeof f->name, "%s", name);
    return true;
}

/* Every document that the record names is there, as it names it, and no other. */
static bool check_documents(const unpacking_t *u, const app_import_t *plan, const app_entries_t *here, err_t *err)
{
    int coming = 0;
    size_t bytes = 0;
    for (int i = 0; i < plan->documents; i++) {
        const packed_t *found = NULL;
        for (int k = 0; k < u->count && !found; k++)
            if (strcmp(u->files[k].hash, plan->files[i].hash) == 0) found = &u->files[k];
        if (!found)
            return err_set(
                err, ERR_INPUT,
                "The record names a document \"%.120s\" whose bytes are not in the ZIP, or were changed: none "
                "has its hash. Export it again.",
                plan->files[i].name);
        if (plan->files[i].bytes >= 0 && (size_t)plan->files[i].bytes != found->bytes)
            return err_set(err, ERR_INPUT, "The document \"%.120s\" has %zu bytes; the record says %lld.",
                           plan->files[i].name, found->bytes, (long long)plan->files[i].bytes);
        if (!record_has_document(here, plan->files[i].entry, found->hash)) coming++, bytes += found->bytes;
    }
    for (int k = 0; k < u->count; k++) {
        bool named = false;
        for (int i = 0; i < plan->documents && !named; i++) named = strcmp(u->files[k].hash, plan->files[i].hash) == 0;
        if (!named)
            return err_set(err, ERR_INPUT, "\"%.120s\" in the ZIP is not what the record names: it has another hash.",
                           u->files[k].name);
        if (!u->files[k].type)
            return err_set(err, ERR_INPUT, "\"%.120s\" in the ZIP is neither a PDF nor a picture.", u->files[k].name);
    }
    if (here->document_count + coming > APP_DOCUMENTS || here->document_bytes + bytes > APP_DOCUMENTS_BYTES)
        return err_set(err, ERR_LIMIT, "Together with what is here that would be more than %d documents or 100 MB.",
                       APP_DOCUMENTS);
    return true;
}

static bool attach(void *context, const char *name, const char *bytes, size_t length, err_t *err)
{
    unpacking_t *u = context;
    int attached = 0;
    if (strncmp(name, FOLDER, strlen(FOLDER)) != 0) return true;
    bool ok = app_record_import_document(u->app, u->owner, u->plan, bytes, length, &attached, err);
    u->attached += attached;
    return ok;
}

/* What the documents of the archive are called here: pairs of ids for the ledger. */
static bool renamed(app_t *app, const char *owner, const app_import_t *plan, bool save, arena_t *arena,
                    app_renamed_t *to, err_t *err)
{
    app_entries_t here;
    if (!app_record_entries(app, owner, arena, &here, err)) return false;
    for (int i = 0; i < plan->documents; i++) {
        if (!plan->files[i].id) continue;
        const app_document_t *d = record_has_document(&here, plan->files[i].entry, plan->files[i].hash);
        to->from[to->count] = plan->files[i].id;
        to->to[to->count] = d ? d->id : save ? NULL : plan->files[i].id;
        if (to->to[to->count]) to->count++;
    }
    return true;
}

static bool unpack(unpacking_t *u, const char *bytes, size_t length, bool save, arena_t *arena, app_unpacked_t *out,
                   err_t *err)
{
    static const zip_limits_t limits = {FILES_MAX, APP_DOCUMENT_BYTES, APP_DOCUMENTS_BYTES + 2 * (size_t)BESIDE};
    app_entries_t here;
    app_renamed_t names = {.count = 0};
    if (!zip_read(bytes, length, limits, look, u, err)) return false;
    if (!u->record.data)
        return err_set(err, ERR_INPUT, "The ZIP has no record.json. Give one that Export (ZIP) wrote.");
    if (!app_record_entries(u->app, u->owner, arena, &here, err) ||
        !app_record_import_plan(u->app, u->owner, u->record.data, u->record.length, arena, &out->record, err) ||
        !check_documents(u, &out->record, &here, err) ||
        !renamed(u->app, u->owner, &out->record, false, arena, &names, err))
        return false;
    u->plan = &out->record;
    if (u->ledger.data &&
        !app_ledger_import(u->app, u->ledger.data, u->ledger.length, &names, false, &out->ledger, err))
        return false;
    if (!save) return true;
    names.count = 0;
    bool ok = app_record_import(u->app, u->owner, u->record.data, u->record.length, arena, &out->record, err) &&
              zip_read(bytes, length, limits, attach, u, err) &&
              renamed(u->app, u->owner, &out->record, true, arena, &names, err) &&
              (!u->ledger.data ||
               app_ledger_import(u->app, u->ledger.data, u->ledger.length, &names, true, &out->ledger, err));
    out->attached = u->attached;
    return ok;
}

bool app_record_unpack(app_t *app, const char *owner, const char *bytes, size_t length, bool save, arena_t *arena,
                       app_unpacked_t *out, err_t *err)
{
    unpacking_t *u = calloc(1, sizeof *u);
    *out = (app_unpacked_t){.attached = 0};
    if (!u) return err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
    u->app = app;
    u->owner = owner;
    text_init(&u->record, APP_RECORD_FILE);
    text_init(&u->ledger, CE_JSON_MAX);
    bool ok = unpack(u, bytes, length, save, arena, out, err);
    text_free(&u->record);
    text_free(&u->ledger);
    free(u);
    return ok;
}

bool app_is_archive(const char *bytes, size_t length)
{
    return length >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0;
}
