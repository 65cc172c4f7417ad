/* The SQLite backend's own state. */
#ifndef TITER_STORE_SQLITE_PRIVATE_H
#define TITER_STORE_SQLITE_PRIVATE_H

#include "backend.h"

#include <sqlite3.h>

enum { STORE_APPLICATION_ID = 0x54495452 /* "TITR" */, STORE_SCHEMA = 1 };

typedef enum {
    BEGIN,
    COMMIT,
    ROLLBACK,
    STREAM_FIND,
    STREAM_ADD,
    STREAM_LAST,
    EVENT_ADD,
    REQUEST_FIND,
    ROW_PUT,
    ROW_DELETE,
    STATEMENT_COUNT
} statement_t;

typedef struct {
    backend_t base; /* first: a backend_t * is a sqlite_t * */
    sqlite3 *db, *reader;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    store_options_t options;
    int lock;
} sqlite_t;

bool sqlite_fail(sqlite3 *db, err_t *err, const char *doing);
void sqlite_methods(sqlite_t *s);

#endif
