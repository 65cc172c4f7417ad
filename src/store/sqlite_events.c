/* Writing and reading events and projections; see sqlite.c for opening. */
#include "sqlite_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct store_rows {
    sqlite_t *s;
    bool failed;
};

static bool step_done(sqlite_t *s, statement_t which)
{
    sqlite3_stmt *statement = s->statements[which];
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}

void store_put(store_rows_t *rows, const char *table, const char *key, const char *value)
{
    statement_t which = value ? ROW_PUT : ROW_DELETE;
    sqlite3_stmt *statement = rows->s->statements[which];
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, key, -1, SQLITE_TRANSIENT);
    if (value) sqlite3_bind_text(statement, 3, value, -1, SQLITE_TRANSIENT);
    rows->failed = !step_done(rows->s, which) || rows->failed;
}

static bool project(sqlite_t *s, const store_event_t *event)
{
    if (!s->options.project) return true;
    store_rows_t rows = {.s = s};
    s->options.project(s->options.context, event, &rows);
    return !rows.failed;
}

/* id and last number of a stream; *id 0 when there is none. */
static bool find_stream(sqlite_t *s, const char *name, int64_t *id, int64_t *last)
{
    sqlite3_stmt *statement = s->statements[STREAM_FIND];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    *id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    *last = code == SQLITE_ROW ? sqlite3_column_int64(statement, 1) : 0;
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static int64_t find_request(sqlite_t *s, int64_t stream, const char *request)
{
    if (stream == 0 || !request[0]) return 0;
    sqlite3_stmt *statement = s->statements[REQUEST_FIND];
    sqlite3_bind_int64(statement, 1, stream);
    sqlite3_bind_text(statement, 2, request, -1, SQLITE_STATIC);
    int64_t seq = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return seq;
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
    sqlite3_bind_blob64(statement, 6, event->payload ? event->payload : "", event->length, SQLITE_STATIC);
    if (!step_done(s, EVENT_ADD)) return false;
    statement = s->statements[STREAM_LAST];
    sqlite3_bind_int64(statement, 1, stream);
    sqlite3_bind_int64(statement, 2, event->seq);
    return step_done(s, STREAM_LAST);
}

/* One write inside the transaction. false: the database itself failed. A refusal is in write->err. */
static bool write_one(sqlite_t *s, write_t *write)
{
    int64_t stream, last;
    store_event_t *event = &write->event;
    if (!find_stream(s, event->stream, &stream, &last)) return false;
    int64_t seen = find_request(s, stream, event->request);
    if (seen > 0) {
        event->seq = seen;
        write->ok = true;
        return true;
    }
    if (last != write->expected) {
        err_set(&write->err, ERR_CONFLICT,
                "Somebody else wrote first (event %lld is the last, %lld was expected). Look again and repeat.",
                (long long)last, (long long)write->expected);
        return true;
    }
    if (last >= STORE_STREAM_EVENTS_MAX) {
        err_set(&write->err, ERR_LIMIT, "This record is full (%d entries).", STORE_STREAM_EVENTS_MAX);
        return true;
    }
    event->seq = last + 1;
    if (stream == 0 && !add_stream(s, event->stream, &stream)) return false;
    if (!add_event(s, stream, event) || !project(s, event)) return false;
    write->ok = true;
    return true;
}

static void commit(backend_t *base, write_t **writes, int count)
{
    sqlite_t *s = (sqlite_t *)base;
    if (!s->db) { /* opened for reading */
        for (int i = 0; i < count; i++) err_set(&writes[i]->err, ERR_STATE, "The data is open for reading only.");
        return;
    }
    bool ok = step_done(s, BEGIN);
    for (int i = 0; ok && i < count; i++) ok = write_one(s, writes[i]);
    ok = ok && step_done(s, COMMIT);
    if (ok) return;
    err_t failure;
    sqlite_fail(s->db, &failure, "save");
    if (!sqlite3_get_autocommit(s->db)) step_done(s, ROLLBACK);
    for (int i = 0; i < count; i++) {
        writes[i]->ok = false;
        writes[i]->err = failure;
    }
}

/* ---- reading ---- */

static bool prepare(sqlite_t *s, const char *sql, sqlite3_stmt **statement, err_t *err)
{
    return sqlite3_prepare_v2(s->reader, sql, -1, statement, NULL) == SQLITE_OK ||
           sqlite_fail(s->reader, err, "be read");
}

static bool read_events(sqlite_t *s, sqlite3_stmt *statement, store_event_fn fn, void *context, err_t *err)
{
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        store_event_t event = {.stream = (const char *)sqlite3_column_text(statement, 0),
                               .seq = sqlite3_column_int64(statement, 1),
                               .at_ms = sqlite3_column_int64(statement, 2),
                               .kind = (const char *)sqlite3_column_text(statement, 3),
                               .request = sqlite3_column_type(statement, 4) == SQLITE_NULL
                                              ? ""
                                              : (const char *)sqlite3_column_text(statement, 4),
                               .payload = sqlite3_column_blob(statement, 5),
                               .length = (size_t)sqlite3_column_bytes(statement, 5)};
        if (!event.payload) event.payload = "";
        if (!fn(context, &event)) {
            sqlite3_finalize(statement);
            return false;
        }
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || sqlite_fail(s->reader, err, "be read");
}

static bool read_stream(backend_t *base, const char *stream, int64_t from, store_event_fn fn, void *context, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    if (!prepare(s,
                 "SELECT s.name, e.seq, e.at_ms, e.kind, e.request, e.payload FROM stream s JOIN event e ON e.stream = "
                 "s.id WHERE s.name = ?1 AND e.seq >= ?2 ORDER BY e.seq",
                 &statement, err))
        return false;
    sqlite3_bind_text(statement, 1, stream, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 2, from);
    return read_events(s, statement, fn, context, err);
}

static bool last_of(backend_t *base, const char *stream, int64_t *seq, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    if (!prepare(s, "SELECT last FROM stream WHERE name = ?1", &statement, err)) return false;
    sqlite3_bind_text(statement, 1, stream, -1, SQLITE_TRANSIENT);
    int code = sqlite3_step(statement);
    *seq = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE || sqlite_fail(s->reader, err, "be read");
}

static bool read_rows(backend_t *base, const char *table, const char *prefix, store_row_fn fn, void *context,
                      err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    if (!prepare(s,
                 "SELECT key, value FROM projection WHERE name = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2 "
                 "ORDER BY key",
                 &statement, err))
        return false;
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, prefix, -1, SQLITE_TRANSIENT);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        if (!fn(context, (const char *)sqlite3_column_text(statement, 0),
                (const char *)sqlite3_column_text(statement, 1)))
            break;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE || sqlite_fail(s->reader, err, "be read");
}

/* ---- upkeep ---- */

typedef struct {
    sqlite_t *s;
    err_t *err;
} projecting_t;

static bool project_again(void *context, const store_event_t *event)
{
    projecting_t *p = context;
    return project(p->s, event) || sqlite_fail(p->s->db, p->err, "be rebuilt");
}

static bool rebuild(backend_t *base, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    projecting_t p = {s, err};
    if (!s->db) return err_set(err, ERR_STATE, "The data is open for reading only.");
    if (!step_done(s, BEGIN)) return sqlite_fail(s->db, err, "be rebuilt");
    bool ok = sqlite3_exec(s->db, "DELETE FROM projection", NULL, NULL, NULL) == SQLITE_OK ||
              sqlite_fail(s->db, err, "be rebuilt");
    ok = ok &&
         prepare(s,
                 "SELECT s.name, e.seq, e.at_ms, e.kind, e.request, e.payload FROM stream s JOIN event e ON e.stream = "
                 "s.id ORDER BY s.id, e.seq",
                 &statement, err) &&
         read_events(s, statement, project_again, &p, err);
    if (ok && step_done(s, COMMIT)) return true;
    if (ok) sqlite_fail(s->db, err, "be rebuilt");
    if (!sqlite3_get_autocommit(s->db)) step_done(s, ROLLBACK);
    return false;
}

static bool check(backend_t *base, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    if (!prepare(s,
                 "SELECT (SELECT * FROM pragma_integrity_check(1)), (SELECT count(*) FROM stream t WHERE t.last != "
                 "(SELECT count(*) FROM event e WHERE e.stream = t.id))",
                 &statement, err))
        return false;
    bool row = sqlite3_step(statement) == SQLITE_ROW;
    bool sound = row && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0,
         whole = row && sqlite3_column_int64(statement, 1) == 0;
    sqlite3_finalize(statement);
    if (!row) return sqlite_fail(s->reader, err, "be checked");
    return (sound && whole) || err_set(err, ERR_IO, "The database is damaged: %s. Restore a backup.",
                                       sound ? "a stream has a gap" : "its pages do not fit together");
}

static bool backup(backend_t *base, const char *file, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    char partial[4300];
    sqlite3 *copy = NULL;
    if (access(file, F_OK) == 0)
        return err_set(err, ERR_STATE, "%s exists already. Give a new name: a backup never replaces a file.", file);
    if (snprintf(partial, sizeof partial, "%s.partial", file) >= (int)sizeof partial)
        return err_set(err, ERR_INPUT, "That file name is too long.");
    unlink(partial);
    if (sqlite3_open(partial, &copy) != SQLITE_OK) {
        sqlite3_close(copy);
        return err_set(err, ERR_IO, "%s cannot be written. Is its folder there, and may you write in it?", file);
    }
    sqlite3_backup *job = sqlite3_backup_init(copy, "main", s->reader, "main");
    bool ok = job && sqlite3_backup_step(job, -1) == SQLITE_DONE;
    if (job) ok = sqlite3_backup_finish(job) == SQLITE_OK && ok;
    /* one file by itself: out of WAL mode, and flushed */
    ok = ok && sqlite3_exec(copy, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA user_version=1", NULL,
                            NULL, NULL) == SQLITE_OK;
    if (!ok) sqlite_fail(copy, err, "be copied");
    sqlite3_close(copy);
    if (ok && (chmod(partial, 0600) != 0 || rename(partial, file) != 0))
        ok = err_set(err, ERR_IO, "%s cannot be written.", file);
    if (!ok) unlink(partial);
    return ok;
}

static void close_all(backend_t *base)
{
    sqlite_t *s = (sqlite_t *)base;
    for (int i = 0; i < STATEMENT_COUNT; i++) sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->reader);
    sqlite3_close(s->db);
    if (s->lock >= 0) close(s->lock);
    free(s);
}

void sqlite_methods(sqlite_t *s)
{
    s->base = (backend_t){.commit = commit,
                          .read = read_stream,
                          .last = last_of,
                          .rows = read_rows,
                          .rebuild = rebuild,
                          .check = check,
                          .backup = backup,
                          .close = close_all};
}
