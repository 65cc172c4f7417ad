/* The table `batch`: what was appended lately, in the order it came; see sqlite_private.h. */
#include "pack.h"
#include "sqlite_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool damaged(err_t *err)
{
    return err_set(err, ERR_IO, "The database is damaged (a batch of events is not whole). Restore a backup.");
}

static bool no_memory(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory to sort the newest events.");
}

/* ---- one batch at a time ---- */

bool sqlite_recent_each(sqlite3 *db, sqlite_recent_fn fn, void *context, err_t *err)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "SELECT events FROM batch ORDER BY id", -1, &statement, NULL) != SQLITE_OK)
        return sqlite_fail(db, err, "be read");
    int code = SQLITE_ROW;
    bool ok = true;
    while (ok && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const unsigned char *bytes = sqlite3_column_blob(statement, 0);
        size_t length = (size_t)sqlite3_column_bytes(statement, 0), at = 0;
        while (ok && at < length) {
            store_event_t event;
            int64_t stream;
            ok = unpack_event(bytes, length, &at, &stream, &event) ? fn(context, stream, &event) : damaged(err);
        }
    }
    sqlite3_finalize(statement);
    return ok && (code == SQLITE_DONE || sqlite_fail(db, err, "be read"));
}

/* ---- all of it, sorted ---- */

typedef struct {
    int64_t stream, seq;
    size_t at; /* where it begins in `bytes` */
} place_t;

typedef struct {
    unsigned char *bytes; /* the rows one after another: events one after another */
    size_t length;
    place_t *places; /* by stream and number */
    size_t count;
} recent_t;

static void drop(recent_t *recent)
{
    free(recent->bytes);
    free(recent->places);
}

static bool load_bytes(sqlite3 *db, recent_t *recent, err_t *err)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "SELECT events FROM batch ORDER BY id", -1, &statement, NULL) != SQLITE_OK)
        return sqlite_fail(db, err, "be read");
    size_t room = 0;
    int code = SQLITE_ROW;
    bool ok = true;
    while (ok && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const void *events = sqlite3_column_blob(statement, 0);
        size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        if (length > room - recent->length) {
            room = 2 * (room + length);
            unsigned char *more = realloc(recent->bytes, room);
            ok = more || no_memory(err);
            if (more) recent->bytes = more;
        }
        if (ok && length) memcpy(recent->bytes + recent->length, events, length);
        if (ok) recent->length += length;
    }
    sqlite3_finalize(statement);
    return ok && (code == SQLITE_DONE || sqlite_fail(db, err, "be read"));
}

static int by_stream(const void *a, const void *b)
{
    const place_t *x = a, *y = b;
    if (x->stream != y->stream) return x->stream < y->stream ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static bool load(sqlite3 *db, recent_t *recent, err_t *err)
{
    store_event_t event;
    int64_t stream;
    *recent = (recent_t){0};
    if (!load_bytes(db, recent, err)) return false;
    for (size_t at = 0; at < recent->length; recent->count++)
        if (!unpack_event(recent->bytes, recent->length, &at, &stream, &event)) return damaged(err);
    if (recent->count == 0) return true;
    recent->places = calloc(recent->count, sizeof *recent->places);
    if (!recent->places) return no_memory(err);
    for (size_t i = 0, at = 0; i < recent->count; i++) {
        place_t *place = &recent->places[i];
        place->at = at;
        unpack_event(recent->bytes, recent->length, &at, &place->stream, &event);
        place->seq = event.seq;
    }
    qsort(recent->places, recent->count, sizeof *recent->places, by_stream);
    return true;
}

/* ---- folding ---- */

static bool add_event(sqlite_t *s, int64_t stream, const store_event_t *event)
{
    sqlite3_stmt *statement = s->statements[EVENT_ADD];
    sqlite3_bind_int64(statement, 1, stream);
    sqlite3_bind_int64(statement, 2, event->seq);
    sqlite3_bind_int64(statement, 3, event->at_ms);
    sqlite3_bind_text(statement, 4, event->kind, -1, SQLITE_STATIC);
    if (event->request[0])
        sqlite3_bind_text(statement, 5, event->request, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, 5);
    sqlite3_bind_blob64(statement, 6, event->payload, event->length, SQLITE_STATIC);
    return sqlite_step(s, EVENT_ADD);
}

static bool set_last(sqlite_t *s, int64_t stream, int64_t last)
{
    sqlite3_bind_int64(s->statements[LAST_SET], 1, stream);
    sqlite3_bind_int64(s->statements[LAST_SET], 2, last);
    return sqlite_step(s, LAST_SET);
}

static bool move_all(sqlite_t *s, const recent_t *recent, err_t *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < recent->count; i++) {
        const place_t *place = &recent->places[i];
        bool newest = i + 1 == recent->count || place[1].stream != place->stream;
        size_t at = place->at;
        int64_t stream;
        store_event_t event;
        ok = unpack_event(recent->bytes, recent->length, &at, &stream, &event) && add_event(s, stream, &event) &&
             (!newest || set_last(s, stream, event.seq));
    }
    return (ok && sqlite_step(s, BATCH_CLEAR)) || sqlite_fail(s->db, err, "save");
}

bool sqlite_fold(sqlite_t *s, err_t *err)
{
    recent_t recent;
    s->stale = true;
    bool ok = load(s->db, &recent, err) && move_all(s, &recent, err);
    drop(&recent);
    if (!ok) return false;
    memo_clear(s->memo);
    s->recent = 0;
    s->recent_bytes = 0;
    s->stale = false;
    return true;
}

/* ---- checking ---- */

/* Of each stream they must continue where `event` ends. */
bool sqlite_recent_check(sqlite3 *db, err_t *err)
{
    recent_t recent;
    sqlite3_stmt *statement = NULL;
    bool ok = load(db, &recent, err);
    if (ok && sqlite3_prepare_v2(db, "SELECT last FROM stream WHERE id = ?1", -1, &statement, NULL) != SQLITE_OK)
        ok = sqlite_fail(db, err, "be checked");
    for (size_t i = 0; ok && i < recent.count; i++) {
        const place_t *place = &recent.places[i];
        int64_t before = -1;
        if (i > 0 && place[-1].stream == place->stream) {
            before = place[-1].seq;
        } else {
            sqlite3_bind_int64(statement, 1, place->stream);
            if (sqlite3_step(statement) == SQLITE_ROW) before = sqlite3_column_int64(statement, 0);
            sqlite3_reset(statement);
        }
        ok = place->seq == before + 1 ||
             err_set(err, ERR_IO, "The database is damaged: a stream has a gap. Restore a backup.");
    }
    sqlite3_finalize(statement);
    drop(&recent);
    return ok;
}

/* ---- data of an older Titer ---- */

/* pack_event(stream, seq, at_ms, kind, request, payload): the row of format 2 as a batch of one. */
static void pack_row(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    unsigned char *bytes = malloc(PACK_EVENT_MAX);
    const char *kind = (const char *)sqlite3_value_text(values[3]),
               *request = (const char *)sqlite3_value_text(values[4]);
    store_event_t event = {.seq = sqlite3_value_int64(values[1]),
                           .at_ms = sqlite3_value_int64(values[2]),
                           .kind = kind ? kind : "",
                           .request = request ? request : "",
                           .payload = sqlite3_value_blob(values[5]),
                           .length = (size_t)sqlite3_value_bytes(values[5])};
    if (!bytes) {
        sqlite3_result_error_nomem(context);
    } else if (strlen(event.kind) > STORE_KIND_MAX || strlen(event.request) > STORE_REQUEST_MAX ||
               event.length > STORE_PAYLOAD_MAX) {
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
    } else {
        size_t length = pack_event(bytes, sqlite3_value_int64(values[0]), &event);
        sqlite3_result_blob64(context, bytes, length, SQLITE_TRANSIENT);
    }
    free(bytes);
}

bool sqlite_recent_teach(sqlite3 *db)
{
    return sqlite3_create_function(db, "pack_event", 6, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, pack_row, NULL,
                                   NULL) == SQLITE_OK;
}
