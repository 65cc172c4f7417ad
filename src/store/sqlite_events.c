/* Reading events and projections, and upkeep; sqlite_write.c writes, sqlite.c opens. */
#include "sqlite_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static bool prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement, err_t *err)
{
    return sqlite3_prepare_v2(db, sql, -1, statement, NULL) == SQLITE_OK || sqlite_fail(db, err, "be read");
}

/* What is read in several statements is of one moment. */
static bool hold_still(sqlite_t *s, err_t *err)
{
    return sqlite3_exec(s->reader, "BEGIN", NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(s->reader, err, "be read");
}

static bool let_go(sqlite_t *s, bool ok)
{
    sqlite3_exec(s->reader, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* *id is 0 when there is no such stream. */
static bool find_stream(sqlite_t *s, const char *name, int64_t *id, int64_t *last, err_t *err)
{
    sqlite3_stmt *statement;
    if (!prepare(s->reader, "SELECT id, last FROM stream WHERE name = ?1", &statement, err)) return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    int code = sqlite3_step(statement);
    *id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    *last = code == SQLITE_ROW ? sqlite3_column_int64(statement, 1) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE || sqlite_fail(s->reader, err, "be read");
}

static bool each_in_batch(sqlite_t *s, sqlite_event_fn fn, void *context, err_t *err)
{
    sqlite3_stmt *statement;
    if (!prepare(s->reader, "SELECT events FROM batch ORDER BY id", &statement, err)) return false;
    bool ok = sqlite_unpack(statement, fn, context, err);
    sqlite3_finalize(statement);
    return ok;
}

typedef struct {
    const char *name;
    int64_t id, from, last;
    store_event_fn fn;
    void *context;
} reading_t;

/* Gives those of the stream on. */
static bool pass_on(void *context, int64_t stream, const store_event_t *event)
{
    reading_t *r = context;
    if (stream != r->id || event->seq < r->from) return true;
    store_event_t named = *event;
    named.stream = r->name;
    return r->fn(r->context, &named);
}

static bool read_all(sqlite_t *s, reading_t *r, err_t *err)
{
    sqlite3_stmt *statement;
    if (!find_stream(s, r->name, &r->id, &r->last, err)) return false;
    if (r->id == 0) return true;
    if (!prepare(s->reader,
                 "SELECT events FROM run WHERE stream = ?1 AND first >= coalesce((SELECT max(first) FROM run WHERE "
                 "stream = ?1 AND first <= ?2), 0) ORDER BY first",
                 &statement, err))
        return false;
    sqlite3_bind_int64(statement, 1, r->id);
    sqlite3_bind_int64(statement, 2, r->from);
    bool ok = sqlite_unpack(statement, pass_on, r, err);
    sqlite3_finalize(statement);
    return ok && each_in_batch(s, pass_on, r, err); /* a stream's events there come after its others */
}

static bool read_stream(backend_t *base, const char *stream, int64_t from, store_event_fn fn, void *context, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    reading_t r = {.name = stream, .from = from, .fn = fn, .context = context};
    return hold_still(s, err) && let_go(s, read_all(s, &r, err));
}

static bool see_last(void *context, int64_t stream, const store_event_t *event)
{
    reading_t *r = context;
    if (stream == r->id) r->last = event->seq;
    return true;
}

static bool last_of(backend_t *base, const char *stream, int64_t *seq, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    reading_t r = {.name = stream};
    if (!hold_still(s, err)) return false;
    bool ok =
        let_go(s, find_stream(s, stream, &r.id, &r.last, err) && (r.id == 0 || each_in_batch(s, see_last, &r, err)));
    *seq = ok ? r.last : 0;
    return ok;
}

static bool read_rows(backend_t *base, const char *table, const char *prefix, store_row_fn fn, void *context,
                      err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement;
    if (!prepare(s->reader,
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

static bool project_again(void *context, int64_t stream, const store_event_t *event)
{
    (void)stream;
    projecting_t *p = context;
    return sqlite_project(p->s, event) || sqlite_fail(p->s->db, p->err, "be rebuilt");
}

static bool rebuild(backend_t *base, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    sqlite3_stmt *statement = NULL;
    projecting_t p = {s, err};
    if (!s->db) return err_set(err, ERR_STATE, "The data is open for reading only.");
    if (!sqlite_begin(s)) return sqlite_fail(s->db, err, "be rebuilt");
    bool ok = sqlite_fold(s, err) && (sqlite3_exec(s->db, "DELETE FROM projection", NULL, NULL, NULL) == SQLITE_OK ||
                                      sqlite_fail(s->db, err, "be rebuilt"));
    ok = ok &&
         prepare(s->db, "SELECT r.events, s.name FROM stream s JOIN run r ON r.stream = s.id ORDER BY s.id, r.first",
                 &statement, err) &&
         sqlite_unpack(statement, project_again, &p, err);
    sqlite3_finalize(statement);
    if (sqlite_end(s, ok)) return true;
    if (ok) sqlite_fail(s->db, err, "be rebuilt");
    sqlite_undo(s);
    return false;
}

static bool check_pages(sqlite_t *s, err_t *err)
{
    sqlite3_stmt *statement;
    if (!prepare(s->reader, "PRAGMA integrity_check(1)", &statement, err)) return false;
    bool row = sqlite3_step(statement) == SQLITE_ROW;
    bool sound = row && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    if (!row) return sqlite_fail(s->reader, err, "be checked");
    return sound || err_set(err, ERR_IO, "The database is damaged: its pages do not fit together. Restore a backup.");
}

static bool check(backend_t *base, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    return hold_still(s, err) &&
           let_go(s, check_pages(s, err) && sqlite_check_runs(s->reader, err) && sqlite_check_recent(s->reader, err));
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
    ok = ok && sqlite3_exec(copy, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL", NULL, NULL, NULL) == SQLITE_OK;
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
    free(s->memo);
    free(s->batch);
    free(s);
}

void sqlite_methods(sqlite_t *s)
{
    s->base = (backend_t){.commit = sqlite_commit,
                          .read = read_stream,
                          .last = last_of,
                          .rows = read_rows,
                          .erase = sqlite_erase,
                          .rebuild = rebuild,
                          .check = check,
                          .backup = backup,
                          .close = close_all};
}
