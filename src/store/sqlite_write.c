/* Writing: batches of events, one transaction each; see sqlite_private.h for the two tables of events. */
#include "pack.h"
#include "sqlite_private.h"

#include <assert.h>

struct store_rows {
    sqlite_t *s;
    bool away; /* rows are not put but deleted */
    bool failed;
};

bool sqlite_step(sqlite_t *s, statement_t which)
{
    sqlite3_stmt *statement = s->statements[which];
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}

void store_put(store_rows_t *rows, const char *table, const char *key, const char *value)
{
    statement_t which = value && !rows->away ? ROW_PUT : ROW_DELETE;
    sqlite3_stmt *statement = rows->s->statements[which];
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, key, -1, SQLITE_TRANSIENT);
    if (which == ROW_PUT) sqlite3_bind_text(statement, 3, value, -1, SQLITE_TRANSIENT);
    rows->failed = !sqlite_step(rows->s, which) || rows->failed;
}

static bool project(sqlite_t *s, const store_event_t *event, bool away)
{
    if (!s->options.project) return true;
    store_rows_t rows = {.s = s, .away = away};
    s->options.project(s->options.context, event, &rows);
    return !rows.failed;
}

bool sqlite_project(sqlite_t *s, const store_event_t *event)
{
    return project(s, event, false);
}

bool sqlite_unproject(sqlite_t *s, const store_event_t *event)
{
    return project(s, event, true);
}

/* Changes with each transaction, of this connection or another program's. */
static unsigned version_of(sqlite_t *s)
{
    unsigned version = 0;
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

bool sqlite_begin(sqlite_t *s)
{
    if (!sqlite_step(s, BEGIN)) return false;
    if (version_of(s) != s->version) s->stale = true; /* another program wrote */
    return true;
}

bool sqlite_end(sqlite_t *s, bool ok)
{
    if (ok && sqlite_step(s, COMMIT)) {
        s->version = version_of(s);
        return true;
    }
    s->stale = true;
    return false;
}

void sqlite_undo(sqlite_t *s)
{
    if (!sqlite3_get_autocommit(s->db)) sqlite_step(s, ROLLBACK);
}

static bool has_room(const sqlite_t *s, int count)
{
    return s->recent + count <= RECENT_MAX && s->recent_bytes < RECENT_BYTES_MAX &&
           s->memo->count + 2 * count <= MEMO_MAX;
}

/* ---- appending ---- */

/* id and last number of a stream; id 0 when there is none. NULL: the database failed. A stream that the memo does not
 * know has nothing in `batch`. */
static memo_entry_t *find_stream(sqlite_t *s, const char *name)
{
    memo_entry_t *known = memo_find(s->memo, 0, name);
    if (known) return known;
    sqlite3_stmt *statement = s->statements[STREAM_FIND];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    int64_t id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    int64_t last = code == SQLITE_ROW ? sqlite3_column_int64(statement, 1) : 0;
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? memo_add(s->memo, 0, name, id, last) : NULL;
}

/* The number of the event that the request made; 0 when it is new. */
static bool find_request(sqlite_t *s, int64_t stream, const char *request, int64_t *seq)
{
    *seq = 0;
    if (stream == 0 || !request[0]) return true;
    const memo_entry_t *known = memo_find(s->memo, stream, request);
    if (known) {
        *seq = known->last;
        return true;
    }
    sqlite3_stmt *statement = s->statements[REQUEST_FIND];
    sqlite3_bind_int64(statement, 1, stream);
    sqlite3_bind_text(statement, 2, request, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *seq = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool add_stream(sqlite_t *s, const char *name, int64_t *id)
{
    sqlite3_stmt *statement = s->statements[STREAM_ADD];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(statement) == SQLITE_ROW;
    *id = ok ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return ok;
}

/* The events that were collected become a row. */
static bool put_batch(sqlite_t *s)
{
    if (s->batch_bytes == 0) return true;
    sqlite3_bind_blob64(s->statements[BATCH_ADD], 1, s->batch, s->batch_bytes, SQLITE_STATIC);
    s->recent_bytes += (int64_t)s->batch_bytes;
    s->batch_bytes = 0;
    return sqlite_step(s, BATCH_ADD);
}

static bool add_event(sqlite_t *s, int64_t stream, const store_event_t *event)
{
    if (s->batch_bytes + pack_size(event) > BATCH_BYTES_MAX && !put_batch(s)) return false;
    s->batch_bytes += pack_event(s->batch + s->batch_bytes, stream, event);
    s->recent++;
    return true;
}

/* One write inside the transaction. false: the database itself failed. A refusal is in write->err. */
static bool write_one(sqlite_t *s, write_t *write)
{
    int64_t seen;
    store_event_t *event = &write->event;
    memo_entry_t *stream = find_stream(s, event->stream);
    if (!stream || !find_request(s, stream->id, event->request, &seen)) return false;
    if (seen > 0) {
        event->seq = seen;
        write->ok = true;
        return true;
    }
    if (stream->last != write->expected) {
        err_set(&write->err, ERR_CONFLICT,
                "Somebody else wrote first (event %lld is the last, %lld was expected). Look again and repeat.",
                (long long)stream->last, (long long)write->expected);
        return true;
    }
    if (stream->last >= STORE_STREAM_EVENTS_MAX) {
        err_set(&write->err, ERR_LIMIT, "This record is full (%d entries).", STORE_STREAM_EVENTS_MAX);
        return true;
    }
    event->seq = stream->last + 1;
    if (stream->id == 0 && !add_stream(s, event->stream, &stream->id)) return false;
    if (!add_event(s, stream->id, event) || !sqlite_project(s, event)) return false;
    stream->last = event->seq;
    if (event->request[0]) memo_add(s->memo, stream->id, event->request, stream->id, event->seq);
    write->ok = true;
    return true;
}

void sqlite_commit(backend_t *base, write_t **writes, int count)
{
    sqlite_t *s = (sqlite_t *)base;
    assert(count <= RECENT_MAX);
    if (!s->db) { /* opened for reading */
        for (int i = 0; i < count; i++) err_set(&writes[i]->err, ERR_STATE, "The data is open for reading only.");
        return;
    }
    err_t failure = {0};
    bool ok = sqlite_begin(s);
    s->batch_bytes = 0; /* a commit that failed may have left some */
    if (ok && (s->stale || !has_room(s, count))) ok = sqlite_fold(s, &failure);
    for (int i = 0; ok && i < count; i++) ok = write_one(s, writes[i]);
    if (sqlite_end(s, ok && put_batch(s))) return;
    if (failure.code == ERR_NONE) sqlite_fail(s->db, &failure, "save");
    sqlite_undo(s);
    for (int i = 0; i < count; i++) {
        writes[i]->ok = false;
        writes[i]->err = failure;
    }
}
