/* The tables of packed events: `batch`, what was appended lately in the order it came, and `run`, where it goes; see
 * sqlite_private.h. */
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

bool sqlite_unpack(sqlite3_stmt *statement, sqlite_event_fn fn, void *context, err_t *err)
{
    int code = SQLITE_ROW;
    bool ok = true, named = sqlite3_column_count(statement) > 1;
    while (ok && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const unsigned char *bytes = sqlite3_column_blob(statement, 0);
        size_t length = (size_t)sqlite3_column_bytes(statement, 0), at = 0;
        const char *name = named ? (const char *)sqlite3_column_text(statement, 1) : NULL;
        while (ok && at < length) {
            store_event_t event;
            int64_t stream;
            if (!unpack_event(bytes, length, &at, &stream, &event)) {
                ok = damaged(err);
            } else {
                event.stream = name;
                ok = fn(context, stream, &event);
            }
        }
    }
    if (ok && code != SQLITE_DONE) ok = sqlite_fail(sqlite3_db_handle(statement), err, "be read");
    sqlite3_reset(statement);
    return ok;
}

/* ---- all of `batch`, sorted ---- */

typedef struct {
    int64_t stream, seq;
    size_t at, end; /* in `bytes` */
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
        place->end = at;
    }
    qsort(recent->places, recent->count, sizeof *recent->places, by_stream);
    return true;
}

/* ---- folding ---- */

static bool add_request(sqlite_t *s, int64_t stream, const store_event_t *event)
{
    sqlite3_stmt *statement = s->statements[REQUEST_ADD];
    sqlite3_bind_int64(statement, 1, stream);
    sqlite3_bind_text(statement, 2, event->request, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, event->seq);
    return sqlite_step(s, REQUEST_ADD);
}

static bool set_last(sqlite_t *s, const place_t *place)
{
    sqlite3_bind_int64(s->statements[LAST_SET], 1, place->stream);
    sqlite3_bind_int64(s->statements[LAST_SET], 2, place->seq);
    return sqlite_step(s, LAST_SET);
}

/* A run that begins with the event at `place`, of as many as belong to its stream and fit into a row: puts it into
 * `run`, the requests of its events into `request`, and gives their number; 0: the database failed. */
static size_t move_run(sqlite_t *s, const recent_t *recent, const place_t *place)
{
    sqlite3_stmt *statement = s->statements[RUN_ADD];
    const place_t *end = recent->places + recent->count, *next = place;
    size_t used = 0;
    for (; next < end && next->stream == place->stream; next++) {
        size_t at = next->at, length = next->end - next->at;
        int64_t stream;
        store_event_t event;
        if (used + length > BATCH_BYTES_MAX) break;
        if (!unpack_event(recent->bytes, recent->length, &at, &stream, &event)) return 0;
        if (event.request[0] && !add_request(s, stream, &event)) return 0;
        memcpy(s->batch + used, recent->bytes + next->at, length);
        used += length;
    }
    sqlite3_bind_int64(statement, 1, place->stream);
    sqlite3_bind_int64(statement, 2, place->seq);
    sqlite3_bind_blob64(statement, 3, s->batch, used, SQLITE_STATIC);
    return sqlite_step(s, RUN_ADD) && set_last(s, next - 1) ? (size_t)(next - place) : 0;
}

static bool move_all(sqlite_t *s, const recent_t *recent, err_t *err)
{
    bool ok = true;
    for (size_t i = 0, moved; ok && i < recent->count; i += moved) {
        moved = move_run(s, recent, &recent->places[i]);
        ok = moved > 0;
    }
    return (ok && sqlite_step(s, BATCH_CLEAR)) || sqlite_fail(s->db, err, "save");
}

bool sqlite_fold(sqlite_t *s, err_t *err)
{
    recent_t recent;
    s->stale = true;
    assert(s->batch_bytes == 0); /* the room is needed for runs */
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

static bool gap(err_t *err)
{
    return err_set(err, ERR_IO, "The database is damaged: a stream has a gap. Restore a backup.");
}

/* Of each stream they must continue where `run` ends. */
bool sqlite_check_recent(sqlite3 *db, err_t *err)
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
        ok = place->seq == before + 1 || gap(err);
    }
    sqlite3_finalize(statement);
    drop(&recent);
    return ok;
}

typedef struct {
    int64_t stream, seq, requests;
    err_t *err;
} counting_t;

static bool count_up(void *context, int64_t stream, const store_event_t *event)
{
    counting_t *c = context;
    c->requests += event->request[0] != '\0';
    return (stream == c->stream && event->seq == ++c->seq) || gap(c->err);
}

/* The runs of each stream make it whole, and their requests are those in `request`. */
static bool check_runs(sqlite3_stmt *streams, sqlite3_stmt *runs, sqlite3_stmt *requests, err_t *err)
{
    counting_t c = {.err = err};
    int code = SQLITE_ROW;
    bool ok = true;
    while (ok && (code = sqlite3_step(streams)) == SQLITE_ROW) {
        c.stream = sqlite3_column_int64(streams, 0);
        c.seq = 0;
        sqlite3_bind_int64(runs, 1, c.stream);
        ok = sqlite_unpack(runs, count_up, &c, err) && (c.seq == sqlite3_column_int64(streams, 1) || gap(err));
    }
    if (!ok) return false;
    ok = code == SQLITE_DONE && sqlite3_step(requests) == SQLITE_ROW;
    if (!ok) return sqlite_fail(sqlite3_db_handle(streams), err, "be checked");
    return sqlite3_column_int64(requests, 0) == c.requests || gap(err);
}

bool sqlite_check_runs(sqlite3 *db, err_t *err)
{
    sqlite3_stmt *streams = NULL, *runs = NULL, *requests = NULL;
    bool ok = sqlite3_prepare_v2(db, "SELECT id, last FROM stream", -1, &streams, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "SELECT events FROM run WHERE stream = ?1 ORDER BY first", -1, &runs, NULL) ==
                  SQLITE_OK &&
              sqlite3_prepare_v2(db, "SELECT count(*) FROM request", -1, &requests, NULL) == SQLITE_OK;
    ok = ok ? check_runs(streams, runs, requests, err) : sqlite_fail(db, err, "be checked");
    sqlite3_finalize(streams);
    sqlite3_finalize(runs);
    sqlite3_finalize(requests);
    return ok;
}

/* ---- data of an older Titer ---- */

/* pack_event(stream, seq, at_ms, kind, request, payload): an event that had a row of its own. */
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

bool sqlite_teach_packing(sqlite3 *db)
{
    return sqlite3_create_function(db, "pack_event", 6, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, pack_row, NULL,
                                   NULL) == SQLITE_OK;
}
