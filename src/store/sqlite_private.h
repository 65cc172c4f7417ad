/* The SQLite backend's own state. */
#ifndef TITER_STORE_SQLITE_PRIVATE_H
#define TITER_STORE_SQLITE_PRIVATE_H

#include "backend.h"
#include "memo.h"

#include <sqlite3.h>

enum {
    STORE_APPLICATION_ID = 0x54495452, /* "TITR" */
    STORE_SCHEMA = 3,                  /* 1 and 2 had a row for each event */
    RECENT_MAX = 16384,                /* events in `batch`, and their bytes, before they are folded */
    RECENT_BYTES_MAX = 4 * 1024 * 1024,
    BATCH_BYTES_MAX = 128 * 1024, /* of a row of it, and of `run` */
};

/* Events are first written to `batch` in the order they come, all of a commit as one row (pack.h), and folded from
 * there into `run`, thousands at a time: events of one stream that follow each other are a row, again packed. In `run`
 * each of 64 streams would change a page of its own, and a page is what is written to the WAL and flushed; in `batch`
 * all of them change one or two. What is in `run` has its requests in `request`. */

typedef enum {
    BEGIN,
    COMMIT,
    ROLLBACK,
    STREAM_FIND,
    STREAM_ADD,
    BATCH_ADD,
    BATCH_CLEAR,
    RUN_ADD,
    LAST_SET,
    REQUEST_ADD,
    REQUEST_FIND,
    ROW_PUT,
    ROW_DELETE,
    ERASE_RUNS,
    ERASE_REQUESTS,
    ERASE_STREAM,
    STATEMENT_COUNT
} statement_t;

typedef struct {
    backend_t base; /* first: a backend_t * is a sqlite_t * */
    sqlite3 *db, *reader;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    store_options_t options;
    int lock;
    char mark[4300]; /* the file that says that erased bytes may be left (sqlite_erase.c) */
    /* the writer's */
    memo_t *memo;
    unsigned char *batch; /* events that are to become a row, BATCH_BYTES_MAX at most */
    size_t batch_bytes;
    int64_t recent_bytes; /* of what is in `batch` */
    int recent;
    unsigned version; /* of the database, as this connection left it */
    bool stale;       /* memo and counts say nothing: fold first */
} sqlite_t;

/* A sentence for what the database said last; always false. */
bool sqlite_fail(sqlite3 *db, err_t *err, const char *doing);
/* Runs a statement that gives no rows. */
bool sqlite_step(sqlite_t *s, statement_t which);
/* The rows of the event's projection, inside the transaction. */
bool sqlite_project(sqlite_t *s, const store_event_t *event);
/* A transaction of the writer. sqlite_end commits when `ok`; when it returns false, ask sqlite_fail, then sqlite_undo.
 */
bool sqlite_begin(sqlite_t *s);
bool sqlite_end(sqlite_t *s, bool ok);
void sqlite_undo(sqlite_t *s);
/* Moves what is in `batch` to `run`, inside the transaction. */
bool sqlite_fold(sqlite_t *s, err_t *err);
/* Each event of the rows that a statement gives: packed events and, if it has a second column, the name of their stream
 * (else NULL). fn returns false to stop, with its error set; the statement is reset. */
typedef bool (*sqlite_event_fn)(void *context, int64_t stream, const store_event_t *event);
bool sqlite_unpack(sqlite3_stmt *statement, sqlite_event_fn fn, void *context, err_t *err);
/* Whether all of `batch`, or of `run` and `request`, is well-formed and without gaps. */
bool sqlite_check_recent(sqlite3 *db, err_t *err);
bool sqlite_check_runs(sqlite3 *db, err_t *err);
/* Teaches SQL the function pack_event, for data of formats 1 and 2. */
bool sqlite_teach_packing(sqlite3 *db);
/* The rows of the event's projection are taken away. */
bool sqlite_unproject(sqlite_t *s, const store_event_t *event);
bool sqlite_erase(backend_t *backend, const char *const *streams, int count, err_t *err);
/* What a kill left of an erasure is cleaned; only tried. */
void sqlite_erase_resume(sqlite_t *s);
/* Makes what was done to the names in a folder durable. */
void sqlite_flush_folder(const char *dir);
void sqlite_commit(backend_t *backend, write_t **writes, int count);
void sqlite_methods(sqlite_t *s);

#endif
