/* Deleting streams so that their bytes are gone from the files.
 *
 * A DELETE alone leaves them: in free pages, in the unused part of pages that are in use, in copies that were made when
 * `batch` was folded, and in the WAL. So after the transaction VACUUM writes every page anew, and a checkpoint moves
 * that into the database and empties the WAL. The file `titer.erasing` stands in the data folder from before the
 * transaction until then: who is killed in between finds it at the next opening and ends the work. */
#include "sqlite_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void flush_folder_of(const char *file)
{
    char dir[sizeof((sqlite_t *)0)->mark];
    snprintf(dir, sizeof dir, "%s", file);
    char *slash = strrchr(dir, '/');
    if (slash) *slash = '\0';
    sqlite_flush_folder(dir);
}

static bool set_mark(const sqlite_t *s, err_t *err)
{
    int fd = open(s->mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(err, ERR_IO, "%s cannot be made: %s. Nothing was deleted.", s->mark, strerror(errno));
    close(fd);
    flush_folder_of(s->mark);
    return true;
}

/* ---- the transaction ---- */

static bool find(sqlite_t *s, const char *name, int64_t *id)
{
    sqlite3_stmt *statement = s->statements[STREAM_FIND];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    int code = sqlite3_step(statement);
    *id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool unproject_event(void *context, int64_t stream, const store_event_t *event)
{
    (void)stream;
    return sqlite_unproject(context, event);
}

static bool unproject(sqlite_t *s, const char *name, int64_t id)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(s->db, "SELECT events, ?2 FROM run WHERE stream = ?1 ORDER BY first", -1, &statement,
                           NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_text(statement, 2, name, -1, SQLITE_TRANSIENT);
    bool ok = sqlite_unpack(statement, unproject_event, s, NULL);
    sqlite3_finalize(statement);
    return ok;
}

static bool delete_where(sqlite_t *s, statement_t which, int64_t id)
{
    sqlite3_bind_int64(s->statements[which], 1, id);
    return sqlite_step(s, which);
}

static bool erase_one(sqlite_t *s, const char *name)
{
    int64_t id;
    if (!find(s, name, &id)) return false;
    return id == 0 || (unproject(s, name, id) && delete_where(s, ERASE_RUNS, id) &&
                       delete_where(s, ERASE_REQUESTS, id) && delete_where(s, ERASE_STREAM, id));
}

/* ---- the files ---- */

/* Every page anew, the WAL empty, the mark gone. */
static bool scrub(sqlite_t *s)
{
    int left = -1, moved = -1;
    bool ok = sqlite3_exec(s->db, "VACUUM", NULL, NULL, NULL) == SQLITE_OK;
    s->stale = true;
    ok = ok && sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, &left, &moved) == SQLITE_OK;
    if (!ok || left != 0 || (unlink(s->mark) != 0 && errno != ENOENT)) return false;
    flush_folder_of(s->mark);
    return true;
}

bool sqlite_erase(backend_t *base, const char *const *streams, int count, err_t *err)
{
    sqlite_t *s = (sqlite_t *)base;
    if (!s->db) return err_set(err, ERR_INPUT, "The data is open for reading only: nothing was deleted.");
    if (!set_mark(s, err)) return false;
    err_t failure = {0};
    bool ok = sqlite_begin(s) && sqlite_fold(s, &failure); /* so that they are in one table */
    for (int i = 0; ok && i < count; i++) ok = erase_one(s, streams[i]);
    if (!sqlite_end(s, ok)) {
        if (failure.code == ERR_NONE) sqlite_fail(s->db, &failure, "delete");
        if (err) *err = failure;
        sqlite_undo(s);
        return false;
    }
    return scrub(s) ||
           err_set(err, ERR_STATE,
                   "It is deleted and no page shows it, but traces may be left in unused parts of the "
                   "database file: the disk is full or another program reads it. Make room, then start Titer "
                   "again; it removes them then.");
}

void sqlite_erase_resume(sqlite_t *s)
{
    if (access(s->mark, F_OK) == 0) scrub(s);
}
