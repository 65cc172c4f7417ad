/* What a database must do for the store. One backend, one connection to write and one to read;
 * the store calls `commit` from one thread at a time and the readers under their own lock. */
#ifndef TITER_STORE_BACKEND_H
#define TITER_STORE_BACKEND_H

#include "store/store.h"

typedef struct {
    store_event_t event; /* seq is filled in */
    int64_t expected;
    bool ok;
    err_t err;
} write_t;

typedef struct backend backend_t;

struct backend {
    /* Writes all that may be written in one durable transaction; each write tells its own result. */
    void (*commit)(backend_t *backend, write_t **writes, int count);
    bool (*read)(backend_t *backend, const char *stream, int64_t from, store_event_fn fn, void *context, err_t *err);
    bool (*last)(backend_t *backend, const char *stream, int64_t *seq, err_t *err);
    bool (*rows)(backend_t *backend, const char *table, const char *prefix, store_row_fn fn, void *context, err_t *err);
    /* See store_erase; the names are well-formed. */
    bool (*erase)(backend_t *backend, const char *const *streams, int count, err_t *err);
    bool (*rebuild)(backend_t *backend, err_t *err);
    bool (*check)(backend_t *backend, err_t *err);
    bool (*backup)(backend_t *backend, const char *file, err_t *err);
    void (*close)(backend_t *backend);
};

bool sqlite_open(backend_t **backend, const char *dir, const store_options_t *options, err_t *err);
bool sqlite_restore(const char *file, const char *dir, bool replace, char *aside, size_t aside_size, err_t *err);

#endif
