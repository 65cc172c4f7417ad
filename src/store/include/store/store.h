/* store: event streams. A stream is a name and numbered events 1, 2, 3 ...; it only grows.
 *
 * An append names the number that it expects to be last; when somebody else was first it is refused
 * (ERR_CONFLICT) and changes nothing. It returns true only when the event is durable. A request id
 * that the stream has seen makes a repeated append harmless.
 *
 * Many writers share one flush (group commit): an appender that finds nobody committing commits for
 * everyone who is waiting; one writer alone pays for no thread but its own.
 *
 * Projections are tables computed from events, written in the same transaction; store_rebuild drops
 * them and computes them again. Nothing is ordered by the wall clock.
 *
 * The database behind it is a backend (backend.h). SQLite is the embedded one. */
#ifndef TITER_STORE_STORE_H
#define TITER_STORE_STORE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STORE_NAME_MAX = 80, /* bytes of a stream name: letters, digits, '/', '-', '_', '.' */
    STORE_KIND_MAX = 24,
    STORE_PAYLOAD_MAX = 64 * 1024,
    STORE_REQUEST_MAX = 48,
    STORE_STREAM_EVENTS_MAX = 1000000,
    STORE_ERASE_MAX = 256,     /* streams at once */
    STORE_LOCK_WAIT_MS = 5000, /* how long to wait for another program's lock on the database */
};

typedef struct store store_t;

typedef struct {
    int64_t seq, at_ms;
    const char *stream, *kind, *payload, *request;
    size_t length;
} store_event_t;

/* Return false to stop reading. */
typedef bool (*store_event_fn)(void *context, const store_event_t *event);

/* A projection: event in, rows out through `put` (value NULL deletes). Pure: no clock, no reading. A row belongs to the
 * stream whose events put it: it goes when the stream is erased. */
typedef struct store_rows store_rows_t;
void store_put(store_rows_t *rows, const char *table, const char *key, const char *value);
typedef void (*store_project_fn)(void *context, const store_event_t *event, store_rows_t *rows);

typedef struct {
    store_project_fn project; /* may be NULL */
    void *context;
    int64_t page_limit; /* 0: none; tests set it to fill the disk early */
    int lock_wait_ms;   /* 0: STORE_LOCK_WAIT_MS */
    bool read_only;     /* only reading, also while a server has the data open; nothing is made */
} store_options_t;

/* Opens or makes DIR/titer.db. Refuses a damaged, foreign or newer file and leaves it as it was; refuses
 * when another server has it open. */
bool store_open(store_t **store, const char *dir, const store_options_t *options, err_t *err);
void store_close(store_t *store);

/* seq (may be NULL): the number of the event; of the first one when `request` was seen before. */
bool store_append(store_t *store, const char *stream, int64_t expected, const char *kind, int64_t at_ms,
                  const char *payload, size_t length, const char *request, int64_t *seq, err_t *err);
bool store_read(store_t *store, const char *stream, int64_t from, store_event_fn fn, void *context, err_t *err);
/* 0 when the stream does not exist. */
bool store_last(store_t *store, const char *stream, int64_t *seq, err_t *err);
/* Waits until anything was appended after `position` or the time is up; gives the newest position. */
int64_t store_follow(store_t *store, int64_t position, int timeout_ms);

typedef bool (*store_row_fn)(void *context, const char *key, const char *value);
/* Rows of a projection whose key begins with `prefix`, in order of the key. */
bool store_rows(store_t *store, const char *table, const char *prefix, store_row_fn fn, void *context, err_t *err);

/* Deletes streams for good, with the rows of their projections: all of them or none. True only when it is durable and
 * no byte of their payloads is left in the files of the data folder. A stream that is not there is fine; a later append
 * begins it anew at 1. False with ERR_STATE: they are gone, but their bytes may still be in unused places of the file;
 * the next call or the next opening for writing cleans those. Backups and what the file system keeps of freed blocks
 * are not reached. Costs a rewrite of the whole database, while appenders wait. */
bool store_erase(store_t *store, const char *const *streams, int count, err_t *err);

bool store_rebuild(store_t *store, err_t *err);
/* A full check of the database, slow. */
bool store_check(store_t *store, err_t *err);
/* A copy of everything, while serving. The file must not exist. */
bool store_backup(store_t *store, const char *file, err_t *err);
/* The same from a folder that a server may have open. */
bool store_backup_from(const char *dir, const char *file, err_t *err);
/* Puts a backup into DIR. When DIR has data already, `replace` must be set: the old file is moved aside and named in
 * `aside`. */
bool store_restore(const char *file, const char *dir, bool replace, char *aside, size_t aside_size, err_t *err);

#endif
