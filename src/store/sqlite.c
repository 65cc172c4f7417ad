/* The embedded backend: SQLite in WAL mode with synchronous=FULL, so that a transaction that
 * returned is on the disk. The file is examined with plain reads before SQLite may touch it: what is
 * damaged, foreign or newer is refused and left byte for byte as it was. A lock file keeps a second
 * server away. */
#include "sqlite_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { URI_MAX = 3 * 4300 };

/* Of every format, and what formats 1 and 2 do not have. */
static const char SCHEMA[] =
    "CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL) STRICT;"
    "CREATE TABLE projection (name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, key)) "
    "STRICT, WITHOUT ROWID;";
static const char SCHEMA_3[] =
    "CREATE TABLE batch (id INTEGER PRIMARY KEY, events BLOB NOT NULL) STRICT;"
    "CREATE TABLE run (stream INTEGER NOT NULL, first INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (stream, "
    "first)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE request (stream INTEGER NOT NULL, request TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (stream, "
    "request)) STRICT, WITHOUT ROWID;";

/* What an older format has in the place of these tables. */
#define OLD_PACKED "pack_event(stream, seq, at_ms, kind, request, payload) AS events FROM main."
#define OLD_BATCH "SELECT id, " OLD_PACKED "recent"
#define OLD_RUN "SELECT stream, seq AS first, " OLD_PACKED "event"
#define OLD_REQUEST "SELECT stream, request, seq FROM main.event WHERE request IS NOT NULL"

static const char *const SQL[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [STREAM_FIND] = "SELECT id, last FROM stream WHERE name = ?1",
    [STREAM_ADD] = "INSERT INTO stream (name, last) VALUES (?1, 0) RETURNING id",
    [BATCH_ADD] = "INSERT INTO batch (events) VALUES (?1)",
    [BATCH_CLEAR] = "DELETE FROM batch",
    [RUN_ADD] = "INSERT INTO run (stream, first, events) VALUES (?1, ?2, ?3)",
    [LAST_SET] = "UPDATE stream SET last = max(last, ?2) WHERE id = ?1",
    [REQUEST_ADD] = "INSERT INTO request (stream, request, seq) VALUES (?1, ?2, ?3)",
    [REQUEST_FIND] = "SELECT seq FROM request WHERE stream = ?1 AND request = ?2",
    [ROW_PUT] = "INSERT OR REPLACE INTO projection (name, key, value) VALUES (?1, ?2, ?3)",
    [ERASE_RUNS] = "DELETE FROM run WHERE stream = ?1",
    [ERASE_REQUESTS] = "DELETE FROM request WHERE stream = ?1",
    [ERASE_STREAM] = "DELETE FROM stream WHERE id = ?1",
    [ROW_DELETE] = "DELETE FROM projection WHERE name = ?1 AND key = ?2",
};

bool sqlite_fail(sqlite3 *db, err_t *err, const char *doing)
{
    int code = sqlite3_extended_errcode(db);
    switch (code & 0xff) {
    case SQLITE_FULL:
        return err_set(err, ERR_IO, "The disk is full: nothing was saved. Make room and try again.");
    case SQLITE_READONLY:
        return err_set(err, ERR_IO, "The data folder cannot be written: nothing was saved. Check its permissions.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_IO, "Another program holds the database: nothing was saved. Close it and try again.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(err, ERR_IO, "The database is damaged (%s). Stop the server and restore a backup.",
                       sqlite3_errmsg(db));
    case SQLITE_IOERR:
        return err_set(err, ERR_IO, "The disk did not take the data (%s): nothing was saved.", sqlite3_errmsg(db));
    default:
        return err_set(err, ERR_IO, "The database could not %s: %s.", doing, sqlite3_errmsg(db));
    }
}

/* ---- before opening ---- */

/* Big-endian 32 bits of a database header (https://www.sqlite.org/fileformat.html). */
static uint32_t header_u32(const unsigned char *header, int at)
{
    return (uint32_t)header[at] << 24 | (uint32_t)header[at + 1] << 16 | (uint32_t)header[at + 2] << 8 | header[at + 3];
}

static bool examine(const char *file, bool *exists, err_t *err)
{
    unsigned char header[100];
    *exists = false;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return true;
    if (fd < 0) return err_set(err, ERR_IO, "%s cannot be read: %s.", file, strerror(errno));
    ssize_t n = read(fd, header, sizeof header);
    close(fd);
    *exists = true;
    if (n == 0) { /* made and never written: begin anew */
        *exists = false;
        return true;
    }
    if (n < (ssize_t)sizeof header || memcmp(header, "SQLite format 3", 16) != 0)
        return err_set(err, ERR_INPUT,
                       "%s is not a Titer database, or its beginning is damaged. It was left as it is; move it away or "
                       "restore a backup.",
                       file);
    if (header_u32(header, 68) != STORE_APPLICATION_ID)
        return err_set(err, ERR_INPUT,
                       "%s belongs to another program. It was left as it is; choose another data folder.", file);
    if (header_u32(header, 60) > STORE_SCHEMA)
        return err_set(
            err, ERR_INPUT,
            "%s was written by a newer Titer (format %u, this one reads %d). It was left as it is; update Titer.", file,
            header_u32(header, 60), STORE_SCHEMA);
    return true;
}

/* Makes the folder and its parents. */
static bool make_folder(const char *dir, err_t *err)
{
    char path[4096];
    if (strlen(dir) >= sizeof path - 32) return err_set(err, ERR_INPUT, "The name of the data folder is too long.");
    for (size_t i = 0;; i++) {
        path[i] = dir[i];
        if (i > 0 && (dir[i] == '/' || dir[i] == '\0')) {
            path[i] = '\0';
            if (mkdir(path, 0700) != 0 && errno != EEXIST)
                return err_set(err, ERR_IO, "The data folder %s cannot be made: %s.", path, strerror(errno));
            path[i] = dir[i];
        }
        if (dir[i] == '\0') return true;
    }
}

static bool take_lock(const char *dir, int *fd, err_t *err)
{
    char path[4200], owner[64] = "";
    snprintf(path, sizeof path, "%s/titer.lock", dir);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0)
        return err_set(err, ERR_IO, "The data folder %s cannot be written: %s. Check its permissions.", dir,
                       strerror(errno));
    if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = read(*fd, owner, sizeof owner - 1);
        owner[n > 0 ? n : 0] = '\0';
        close(*fd);
        *fd = -1;
        return err_set(
            err, ERR_STATE,
            "The data in %s is in use by another Titer (process %s). Stop it first, or use another folder with --data.",
            dir, owner[0] ? owner : "unknown");
    }
    int length = snprintf(owner, sizeof owner, "%ld", (long)getpid());
    if (ftruncate(*fd, 0) != 0 || pwrite(*fd, owner, (size_t)length, 0) != length)
        return err_set(err, ERR_IO, "The data folder %s cannot be written: %s.", dir, strerror(errno));
    return true;
}

/* ---- opening ---- */

static bool run(sqlite3 *db, const char *sql, err_t *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(db, err, "be prepared");
}

static bool text_is_ok(sqlite3 *db, const char *pragma, err_t *err)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, pragma, -1, &statement, NULL) != SQLITE_OK) return sqlite_fail(db, err, "be checked");
    bool ok =
        sqlite3_step(statement) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    if (!ok) {
        const unsigned char *what = sqlite3_column_text(statement, 0);
        err_set(err, ERR_IO,
                "The database is damaged (%.200s). It was left as it is; restore a backup with `titer restore FILE`.",
                what ? (const char *)what : sqlite3_errmsg(db));
    }
    sqlite3_finalize(statement);
    return ok;
}

/* A crash, or a server that runs, leaves the last events in a WAL file beside the database. */
static bool has_wal(const char *file)
{
    char wal[4300];
    struct stat pending;
    snprintf(wal, sizeof wal, "%s-wal", file);
    return stat(wal, &pending) == 0 && pending.st_size > 0;
}

/* The name as SQLite's URI, in which these three have a meaning. */
static void uri_of(const char *file, char *uri, size_t size)
{
    size_t n = (size_t)snprintf(uri, size, "file:");
    for (; *file && n + 32 < size; file++)
        n += (size_t)snprintf(uri + n, size - n, strchr("?#%", *file) ? "%%%02x" : "%c", (unsigned)*file);
    snprintf(uri + n, size - n, "?immutable=1");
}

/* Looks at an existing file without writing: no WAL file may appear beside a file that is refused. */
static bool check_quietly(const char *file, err_t *err)
{
    char uri[URI_MAX];
    sqlite3 *db = NULL;
    if (has_wal(file)) return true; /* SQLite must see it: the check runs after opening */
    uri_of(file, uri, sizeof uri);
    bool ok = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK
                  ? text_is_ok(db, "PRAGMA quick_check(1)", err)
                  : sqlite_fail(db, err, "be opened");
    sqlite3_close(db);
    return ok;
}

void sqlite_flush_folder(const char *dir)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    fsync(folder);
    close(folder);
}

/* A new database is made beside its name and moved there when it is whole, so that a crash leaves either
 * none or all of it. */
static bool make_database(const char *dir, const char *file, err_t *err)
{
    char fresh[4300], sql[160];
    sqlite3 *db = NULL;
    snprintf(fresh, sizeof fresh, "%s.new", file);
    unlink(fresh);
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", STORE_APPLICATION_ID, STORE_SCHEMA);
    bool ok = sqlite3_open(fresh, &db) == SQLITE_OK || sqlite_fail(db, err, "be made");
    ok = ok && run(db, "PRAGMA synchronous=FULL; PRAGMA journal_mode=MEMORY; BEGIN", err) && run(db, SCHEMA, err) &&
         run(db, SCHEMA_3, err) && run(db, sql, err) && run(db, "COMMIT", err);
    sqlite3_close(db);
    ok = ok && ((chmod(fresh, 0600) == 0 && rename(fresh, file) == 0) ||
                err_set(err, ERR_IO, "%s cannot be made: %s.", file, strerror(errno)));
    if (ok) sqlite_flush_folder(dir);
    return ok;
}

static bool schema_of(sqlite3 *db, int *schema, err_t *err)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) != SQLITE_OK)
        return sqlite_fail(db, err, "be read");
    bool ok = sqlite3_step(statement) == SQLITE_ROW;
    *schema = ok ? sqlite3_column_int(statement, 0) : 0;
    sqlite3_finalize(statement);
    return ok || sqlite_fail(db, err, "be read");
}

static bool teach(sqlite3 *db, err_t *err)
{
    return sqlite_teach_packing(db) || sqlite_fail(db, err, "be prepared");
}

/* An older Titer's data is read as if it had the tables of this one. */
static bool views_of_older(sqlite3 *db, err_t *err)
{
    int schema;
    if (!schema_of(db, &schema, err)) return false;
    if (schema > 2) return true;
    return teach(db, err) &&
           run(db, "CREATE TEMP VIEW run AS " OLD_RUN "; CREATE TEMP VIEW request AS " OLD_REQUEST, err) &&
           run(db,
               schema == 2 ? "CREATE TEMP VIEW batch AS " OLD_BATCH
                           : "CREATE TEMP VIEW batch AS SELECT 0 AS id, x'' AS events WHERE false",
               err);
}

/* For reading only: no lock, no migration, nothing made; also from a medium that cannot be written. */
static bool open_to_read(sqlite_t *s, const char *dir, const char *file, bool exists, err_t *err)
{
    char uri[URI_MAX];
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (!exists) return err_set(err, ERR_NOT_FOUND, "There is no data in %s yet. `titer serve` makes it.", file);
    /* SQLite keeps a WAL's index beside the file, where it may not be able to */
    bool alone = access(dir, W_OK) != 0 && !has_wal(file);
    uri_of(file, uri, sizeof uri);
    if (sqlite3_open_v2(alone ? uri : file, &s->reader, alone ? flags | SQLITE_OPEN_URI : flags, NULL) != SQLITE_OK)
        return sqlite_fail(s->reader, err, "be opened");
    sqlite3_busy_timeout(s->reader, STORE_LOCK_WAIT_MS);
    return views_of_older(s->reader, err);
}

/* Data of an older Titer becomes what this one would have written. */
static bool migrate(sqlite3 *db, err_t *err)
{
    int schema;
    if (!schema_of(db, &schema, err)) return false;
    if (schema > 2) return true;
    return teach(db, err) && run(db, "BEGIN IMMEDIATE", err) && run(db, SCHEMA_3, err) &&
           (schema < 2 || run(db, "INSERT INTO batch " OLD_BATCH "; DROP TABLE recent", err)) &&
           run(db,
               "INSERT INTO request " OLD_REQUEST "; INSERT INTO run " OLD_RUN "; DROP TABLE event; "
               "PRAGMA user_version=3; COMMIT",
               err);
}

static bool settle(sqlite_t *s, const store_options_t *options, err_t *err)
{
    char sql[160];
    int wait_ms = options->lock_wait_ms > 0 ? options->lock_wait_ms : STORE_LOCK_WAIT_MS;
    sqlite3_busy_timeout(s->db, wait_ms);
    sqlite3_busy_timeout(s->reader, wait_ms);
    if (!run(s->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-4000",
             err))
        return false;
    if (options->page_limit > 0) {
        snprintf(sql, sizeof sql, "PRAGMA max_page_count=%lld", (long long)options->page_limit);
        if (!run(s->db, sql, err)) return false;
    }
    if (!text_is_ok(s->reader, "PRAGMA quick_check(1)", err) || !migrate(s->db, err) ||
        !sqlite_check_recent(s->reader, err))
        return false;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(s->db, SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[i], NULL) != SQLITE_OK)
            return sqlite_fail(s->db, err, "be prepared");
    s->memo = calloc(1, sizeof *s->memo);
    s->batch = malloc(BATCH_BYTES_MAX);
    s->stale = true;
    return (s->memo && s->batch) || err_set(err, ERR_MEMORY, "There is not enough memory to open the data.");
}

bool sqlite_open(backend_t **out, const char *dir, const store_options_t *options, err_t *err)
{
    char file[4200];
    bool exists;
    *out = NULL;
    if (!options->read_only && !make_folder(dir, err)) return false;
    snprintf(file, sizeof file, "%s/titer.db", dir);
    sqlite_t *s = calloc(1, sizeof *s);
    if (!s) return err_set(err, ERR_MEMORY, "There is not enough memory to open the data.");
    s->lock = -1;
    snprintf(s->mark, sizeof s->mark, "%s/titer.erasing", dir);
    s->options = *options;
    sqlite_methods(s);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool ok = (options->read_only || take_lock(dir, &s->lock, err)) && examine(file, &exists, err) &&
              (!exists || check_quietly(file, err));
    if (options->read_only) {
        ok = ok && open_to_read(s, dir, file, exists, err);
        if (ok)
            *out = &s->base;
        else
            s->base.close(&s->base);
        return ok;
    }
    if (ok && !exists && has_wal(file))
        ok = err_set(err, ERR_INPUT,
                     "%s is missing, but a part of it is there (%s-wal). Put it back or restore a backup; to begin "
                     "anew, move that part away.",
                     file, file);
    if (ok && !exists) ok = make_database(dir, file, err);
    if (ok && (sqlite3_open_v2(file, &s->db, flags, NULL) != SQLITE_OK ||
               sqlite3_open_v2(file, &s->reader, flags, NULL) != SQLITE_OK))
        ok = sqlite_fail(s->db, err, "be opened");
    if (ok && sqlite3_db_readonly(s->db, "main") == 1)
        ok = err_set(err, ERR_IO, "%s cannot be written. Check its permissions.", file);
    ok = ok && settle(s, options, err);
    if (!ok) {
        /* what is refused stays as it was: closing must not fold a WAL into it */
        if (s->db) sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        if (s->reader) sqlite3_db_config(s->reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        s->base.close(&s->base);
        return false;
    }
    sqlite_erase_resume(s);
    *out = &s->base;
    return true;
}

/* ---- restore ---- */

static bool copy_file(const char *from, const char *to, err_t *err)
{
    char buffer[65536];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    if (in < 0) return err_set(err, ERR_IO, "%s cannot be read: %s.", from, strerror(errno));
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = out >= 0;
    ssize_t n = 0;
    while (ok && (n = read(in, buffer, sizeof buffer)) > 0) ok = write(out, buffer, (size_t)n) == n;
    ok = ok && n == 0 && fsync(out) == 0;
    if (!ok) err_set(err, ERR_IO, "%s cannot be written: %s.", to, strerror(errno));
    close(in);
    if (out >= 0) close(out);
    if (!ok && out >= 0) unlink(to);
    return ok;
}

/* Moves the data that is there, with its WAL, to a free name: a WAL left behind would be read into
 * whatever stands in its place. */
static bool move_aside(const char *target, char *aside, size_t aside_size, err_t *err)
{
    char wal[4300], wal_aside[4500], shm[4300];
    sqlite3 *old = NULL;
    int number = 1;
    if (sqlite3_open_v2(target, &old, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        sqlite3_db_config(old, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        /* folded into one file when it is sound, else kept as it is */
        if (text_is_ok(old, "PRAGMA quick_check(1)", NULL))
            sqlite3_exec(old, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    }
    sqlite3_close(old);
    do snprintf(aside, aside_size, "%s.before-restore-%d", target, number++);
    while (access(aside, F_OK) == 0 && number < 10000);
    snprintf(wal, sizeof wal, "%s-wal", target);
    snprintf(wal_aside, sizeof wal_aside, "%s-wal", aside);
    snprintf(shm, sizeof shm, "%s-shm", target);
    unlink(shm);
    if (!has_wal(target)) unlink(wal);
    if ((rename(wal, wal_aside) != 0 && errno != ENOENT) || (rename(target, aside) != 0 && errno != ENOENT))
        return err_set(err, ERR_IO, "%s cannot be moved aside: %s.", target, strerror(errno));
    return true;
}

bool sqlite_restore(const char *file, const char *dir, bool replace, char *aside, size_t aside_size, err_t *err)
{
    char target[4200], fresh[4300];
    bool backup_exists, target_exists;
    int lock;
    if (aside_size) aside[0] = '\0';
    if (!examine(file, &backup_exists, err)) return false;
    if (!backup_exists) return err_set(err, ERR_NOT_FOUND, "There is no backup %s, or it is empty.", file);
    if (has_wal(file))
        return err_set(err, ERR_STATE,
                       "%s is a server's own database with a part of it in %s-wal, not a backup. Make one with `titer "
                       "backup FILE --data DIR`.",
                       file, file);
    if (!check_quietly(file, err) || !make_folder(dir, err) || !take_lock(dir, &lock, err)) return false;
    snprintf(target, sizeof target, "%s/titer.db", dir);
    snprintf(fresh, sizeof fresh, "%s.restoring", target);
    unlink(fresh);
    target_exists = access(target, F_OK) == 0 || has_wal(target);
    bool ok = !target_exists || replace ||
              err_set(err, ERR_STATE,
                      "%s exists already. Say --replace to move it aside and put the backup in its place.", target);
    ok = ok && copy_file(file, fresh, err);
    if (ok && target_exists) ok = move_aside(target, aside, aside_size, err);
    ok = ok && (rename(fresh, target) == 0 ||
                err_set(err, ERR_IO, "%s cannot be put in place: %s.", target, strerror(errno)));
    sqlite_flush_folder(dir);
    close(lock);
    return ok;
}
