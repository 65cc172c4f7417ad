/* Documents of a record: streams "document/<id>".
 *   begin  {"owner","name","type","bytes","sha256"}     chunk  bytes as they are, at most STORE_PAYLOAD_MAX
 *
 * A document counts when the record's `attach` event names it, and that comes last. What was cut off before (or between
 * `detach` and the erasing) is a stream that no record names; the projection "document" lists the streams, and opening
 * the data erases those. */
#include "record_private.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(crypto_hash_sha256_BYTES * 2 + 1 == APP_HASH_TEXT, "a hash in hexadecimal");

enum { SWEEP_MEMORY = 16 * 1024 * 1024, SWEEP_MAX = STORE_ERASE_MAX };

static void stream_of(char name[64], const char *id)
{
    snprintf(name, 64, "document/%s", id);
}

/* ---- what a file is ---- */

static bool begins(const char *bytes, size_t length, size_t at, const char *magic, size_t n)
{
    return length >= at + n && memcmp(bytes + at, magic, n) == 0;
}

/* The first bytes, as the formats' own specifications give them (ISO 32000 7.5.2, PNG 5.2, JFIF/Exif SOI and marker,
 * RIFF container of WebP; ISO 14496-12 4.3 file type box, whose brands for pictures stand in ISO 23008-12 B). */
const char *app_document_type(const char *bytes, size_t length)
{
    if (begins(bytes, length, 0, "%PDF-", 5)) return "application/pdf";
    if (begins(bytes, length, 0, "\x89PNG\r\n\x1a\n", 8)) return "image/png";
    if (begins(bytes, length, 0, "\xff\xd8\xff", 3)) return "image/jpeg";
    if (begins(bytes, length, 0, "RIFF", 4) && begins(bytes, length, 8, "WEBP", 4)) return "image/webp";
    if (begins(bytes, length, 4, "ftypheic", 8) || begins(bytes, length, 4, "ftypheix", 8)) return "image/heic";
    if (begins(bytes, length, 4, "ftypmif1", 8)) return "image/heif";
    return NULL;
}

bool app_document_shows(const app_document_t *document)
{
    return strncmp(document->type, "image/", 6) == 0 && strncmp(document->type, "image/hei", 9) != 0;
}

void document_hash(char out[APP_HASH_TEXT], const char *bytes, size_t length)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)bytes, length);
    sodium_bin2hex(out, APP_HASH_TEXT, hash, sizeof hash);
}

/* ---- streams that no record names ---- */

void documents_project(const store_event_t *event, store_rows_t *rows)
{
    if (strcmp(event->kind, "begin") != 0) return;
    json_t *object = json_loadb(event->payload, event->length, 0, NULL);
    const char *owner = json_string_value(json_object_get(object, "owner"));
    store_put(rows, "document", event->stream + strlen("document/"), owner ? owner : "");
    json_decref(object);
}

typedef struct {
    char ids[SWEEP_MAX][APP_ID_MAX], owners[SWEEP_MAX][APP_ID_MAX];
    int count;
} sweep_t;

static bool take_row(void *context, const char *key, const char *value)
{
    sweep_t *sweep = context;
    if (strlen(key) >= APP_ID_MAX || strlen(value) >= APP_ID_MAX) return true;
    snprintf(sweep->ids[sweep->count], APP_ID_MAX, "%s", key);
    snprintf(sweep->owners[sweep->count++], APP_ID_MAX, "%s", value);
    return sweep->count < SWEEP_MAX;
}

static bool names_document(const app_entries_t *record, const char *id)
{
    for (int i = 0; i < record->document_count; i++)
        if (strcmp(record->documents[i].id, id) == 0) return true;
    return false;
}

static bool erase_unnamed(app_t *app, const sweep_t *sweep, const char *owner, arena_t *arena, err_t *err)
{
    app_entries_t record;
    char names[SWEEP_MAX][64];
    const char *streams[SWEEP_MAX];
    int count = 0;
    arena_reset(arena);
    if (!record_fold(app, owner, arena, &record, NULL, NULL)) return true; /* its page will say so */
    for (int i = 0; i < sweep->count; i++) {
        if (strcmp(sweep->owners[i], owner) != 0 || names_document(&record, sweep->ids[i])) continue;
        stream_of(names[count], sweep->ids[i]);
        streams[count] = names[count];
        count++;
    }
    return count == 0 || store_erase(app->store, streams, count, err);
}

bool documents_sweep(app_t *app, err_t *err)
{
    sweep_t *sweep = calloc(1, sizeof *sweep);
    arena_t *arena = arena_new(SWEEP_MEMORY);
    bool ok = sweep && arena;
    if (!ok) err_set(err, ERR_MEMORY, "There is not enough memory to start.");
    ok = ok && store_rows(app->store, "document", "", take_row, sweep, err);
    for (int i = 0; ok && i < sweep->count; i++) {
        bool seen = false;
        for (int k = 0; k < i && !seen; k++) seen = strcmp(sweep->owners[k], sweep->owners[i]) == 0;
        err_t why; /* a disk that is full now must not keep the program from opening */
        if (!seen) erase_unnamed(app, sweep, sweep->owners[i], arena, &why);
    }
    arena_free(arena);
    free(sweep);
    return ok;
}

/* ---- adding ---- */

bool document_check(const app_entries_t *record, const char *bytes, size_t length, err_t *err)
{
    if (length == 0) return err_set(err, ERR_INPUT, "Choose a file first: none was sent, or it is empty.");
    if (length > APP_DOCUMENT_BYTES)
        return err_set(err, ERR_LIMIT, "A document may have 10 MB; this one has %zu MB. Make it smaller.",
                       length / 1048576 + 1);
    if (!app_document_type(bytes, length))
        return err_set(
            err, ERR_INPUT,
            "This file is neither a PDF nor a picture (PNG, JPEG, WebP, HEIC), whatever its name says. Save or scan "
            "it as one of these.");
    if (record->document_count >= APP_DOCUMENTS)
        return err_set(err, ERR_LIMIT, "A record holds %d documents. Remove one first.", APP_DOCUMENTS);
    return record->document_bytes + length <= APP_DOCUMENTS_BYTES ||
           err_set(err, ERR_LIMIT, "All documents together may have 100 MB. Remove one first.");
}

/* A name that can be shown and saved: without control characters, not too long, cut between letters. */
static void clean_name(char out[APP_DOCUMENT_NAME + 1], const char *name)
{
    size_t n = 0;
    for (const unsigned char *c = (const unsigned char *)name; *c && n < APP_DOCUMENT_NAME; c++)
        if (*c >= ' ' && *c != 0x7f && *c != '/' && *c != '\\') out[n++] = (char)*c;
    /* a letter of several bytes that was cut */
    size_t from = n;
    while (from > 0 && ((unsigned char)out[from - 1] & 0xc0) == 0x80) from--;
    if (from > 0 && (unsigned char)out[from - 1] >= 0xc0) {
        unsigned char lead = (unsigned char)out[from - 1];
        size_t needs = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (n - from < needs) n = from - 1;
    }
    out[n] = '\0';
    if (n == 0) snprintf(out, APP_DOCUMENT_NAME + 1, "document");
}

static void write_about(text_t *out, const app_document_t *d)
{
    text_add(out, "\"name\":");
    text_add_json(out, d->name);
    text_addf(out, ",\"type\":\"%s\",\"bytes\":%zu,\"sha256\":\"%s\"}", d->type, d->bytes, d->hash);
}

static bool write_stream(app_t *app, const char *owner, const app_document_t *d, const char *bytes, err_t *err)
{
    char name[64];
    text_t begin;
    int64_t seq = 0;
    stream_of(name, d->id);
    text_init(&begin, APP_JSON_MAX);
    text_addf(&begin, "{\"owner\":\"%s\",", owner);
    write_about(&begin, d);
    bool ok = !begin.failed &&
              store_append(app->store, name, 0, "begin", app_now_ms(app), begin.data, begin.length, "", &seq, err);
    text_free(&begin);
    for (size_t at = 0; ok && at < d->bytes; at += STORE_PAYLOAD_MAX) {
        size_t n = d->bytes - at < STORE_PAYLOAD_MAX ? d->bytes - at : STORE_PAYLOAD_MAX;
        ok = store_append(app->store, name, seq, "chunk", app_now_ms(app), bytes + at, n, "", &seq, err);
    }
    return ok;
}

/* The record names it from here on. */
static bool attach(app_t *app, const char *owner, const char *entry, const app_document_t *d, const char *request,
                   arena_t *arena, err_t *err)
{
    err_t why = {0};
    bool ok = false;
    for (int i = 0; i < RECORD_TRIES && !ok; i++) {
        app_entries_t record;
        text_t payload;
        arena_reset(arena);
        why = (err_t){0};
        if (!record_fold(app, owner, arena, &record, NULL, &why)) break;
        const app_entry_t *to = app_record_find(&record, entry, &why);
        if (!to || to->withdrawn) {
            if (to) err_set(&why, ERR_STATE, "This entry was withdrawn in the meantime.");
            break;
        }
        text_init(&payload, APP_JSON_MAX);
        text_addf(&payload, "{\"id\":\"%s\",\"document\":\"%s\",", entry, d->id);
        write_about(&payload, d);
        ok = record_append(app, owner, &record, "attach", &payload, request, &why);
        text_free(&payload);
        if (!ok && why.code != ERR_CONFLICT) break;
    }
    if (!ok && err) *err = why;
    return ok;
}

static bool add(app_t *app, const char *owner, const char *entry, const char *name, const char *bytes, size_t length,
                const char *request, arena_t *arena, char id[APP_ID_MAX], err_t *err)
{
    app_entries_t record;
    record_request_t seen = {.request = request};
    if (!record_fold(app, owner, arena, &record, &seen, err)) return false;
    if (seen.known) {
        memcpy(id, seen.id, APP_ID_MAX);
        return true;
    }
    const app_entry_t *to = app_record_find(&record, entry, err);
    if (!to || !document_check(&record, bytes, length, err)) return false;
    if (to->withdrawn) return err_set(err, ERR_STATE, "This entry was withdrawn. Attach it to one that stands.");
    app_document_t d = {.type = app_document_type(bytes, length), .bytes = length};
    app_make_id(app, d.id);
    clean_name(d.name, name);
    document_hash(d.hash, bytes, length);
    bool ok = write_stream(app, owner, &d, bytes, err) && attach(app, owner, entry, &d, request, arena, err);
    if (ok) {
        memcpy(id, d.id, APP_ID_MAX);
    } else { /* nothing is left of it */
        char stream[64];
        const char *streams[] = {stream};
        stream_of(stream, d.id);
        store_erase(app->store, streams, 1, NULL);
    }
    return ok;
}

bool app_document_add(app_t *app, const char *owner, const char *entry, const char *name, const char *bytes,
                      size_t length, const char *request, char id[APP_ID_MAX], err_t *err)
{
    arena_t *arena = arena_new(SWEEP_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this document.");
    bool ok = add(app, owner, entry, name, bytes, length, request, arena, id, err);
    arena_free(arena);
    return ok;
}

/* ---- reading ---- */

static const app_document_t *find_document(const app_entries_t *record, const char *id, err_t *err)
{
    for (int i = 0; i < record->document_count; i++)
        if (strcmp(record->documents[i].id, id) == 0) return &record->documents[i];
    err_set(err, ERR_NOT_FOUND, "There is no such document. It may have been removed.");
    return NULL;
}

static bool take_chunk(void *context, const store_event_t *event)
{
    text_t *out = context;
    if (strcmp(event->kind, "chunk") == 0) text_add_n(out, event->payload, event->length);
    return !out->failed;
}

static bool read_one(app_t *app, const char *owner, const char *id, arena_t *arena, app_document_t *document,
                     text_t *bytes, err_t *err)
{
    app_entries_t record;
    char stream[64], hash[APP_HASH_TEXT];
    if (!record_fold(app, owner, arena, &record, NULL, err)) return false;
    const app_document_t *found = find_document(&record, id, err);
    if (!found) return false;
    *document = *found;
    stream_of(stream, id);
    size_t before = bytes->length;
    if (!store_read(app->store, stream, 1, take_chunk, bytes, err))
        return bytes->failed ? err_set(err, ERR_MEMORY, "There is not enough memory for this document.") : false;
    size_t length = bytes->length - before;
    document_hash(hash, length > 0 ? bytes->data + before : "", length);
    if (length == document->bytes && strcmp(hash, document->hash) == 0) return true;
    return err_set(
        err, ERR_IO,
        "The document \"%.120s\" is not what was stored: its bytes do not fit its hash. Restore a backup, or "
        "remove it and attach it again.",
        document->name);
}

bool app_document_read(app_t *app, const char *owner, const char *id, app_document_t *document, text_t *bytes,
                       err_t *err)
{
    arena_t *arena = arena_new(SWEEP_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this document.");
    bool ok = read_one(app, owner, id, arena, document, bytes, err);
    arena_free(arena);
    if (!ok) text_clear(bytes);
    return ok;
}

/* ---- away ---- */

static bool detach(app_t *app, const char *owner, const char *id, const char *request, arena_t *arena, err_t *err)
{
    app_entries_t record;
    record_request_t seen = {.request = request};
    text_t payload;
    if (!record_fold(app, owner, arena, &record, &seen, err)) return false;
    if (seen.known) return true;
    if (!find_document(&record, id, err)) return false;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"document\":\"%s\"}", id);
    bool ok = record_append(app, owner, &record, "detach", &payload, request, err);
    text_free(&payload);
    return ok;
}

bool app_document_remove(app_t *app, const char *owner, const char *id, const char *request, err_t *err)
{
    char stream[64];
    const char *streams[] = {stream};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such document.");
    arena_t *arena = arena_new(SWEEP_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    bool ok = detach(app, owner, id, request, arena, err);
    arena_free(arena);
    stream_of(stream, id);
    return ok && store_erase(app->store, streams, 1, err);
}

/* ---- the whole record ---- */

bool app_record_erase(app_t *app, const char *owner, err_t *err)
{
    app_entries_t record;
    static const char *const others[] = {"ledger", "applications", "resume", "fit"};
    enum { OTHERS = sizeof others / sizeof *others };
    char names[APP_DOCUMENTS + 1 + OTHERS][64];
    const char *streams[APP_DOCUMENTS + 1 + OTHERS];
    int count = 0;
    arena_t *arena = arena_new(SWEEP_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    err_t why = {0};
    if (!app->store) {
        arena_free(arena);
        return err_set(err, ERR_STATE, "No data folder is open.");
    }
    bool ok = record_stream(names[count], owner, err);
    if (ok) streams[count] = names[count], count++;
    for (int i = 0; ok && i < OTHERS; i++) {
        snprintf(names[count], sizeof names[count], "%s/%s", others[i], owner);
        streams[count] = names[count];
        count++;
    }
    /* also a record that cannot be read any more can be deleted; its documents are swept when no record names them */
    if (ok && record_fold(app, owner, arena, &record, NULL, &why)) {
        for (int i = 0; i < record.document_count; i++) {
            stream_of(names[count], record.documents[i].id);
            streams[count] = names[count];
            count++;
        }
    }
    arena_free(arena);
    return ok && store_erase(app->store, streams, count, err);
}
