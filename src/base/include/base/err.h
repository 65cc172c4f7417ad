/* Errors as values: a code and one sentence that the reader can act on.
 *
 * A function that can fail returns bool (true = done) and takes an `err_t *` last.
 * `return err_set(err, ERR_INPUT, "...")` is the idiom: err_set always returns false.
 * `err` may be NULL where the caller does not care for the sentence. */
#ifndef TITER_BASE_ERR_H
#define TITER_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ERR_NONE = 0,
    ERR_INPUT,     /* what was given is wrong: say what and how to mend it */
    ERR_NOT_FOUND, /* no such thing */
    ERR_CONFLICT,  /* somebody else was first (expected sequence number) */
    ERR_STATE,     /* right request, wrong moment */
    ERR_LIMIT,     /* a named limit was reached */
    ERR_DENIED,    /* not allowed */
    ERR_IO,        /* disk, socket, database */
    ERR_MEMORY,    /* out of memory */
} err_code;

enum { ERR_TEXT_MAX = 400 };

typedef struct {
    err_code code;
    char text[ERR_TEXT_MAX];
} err_t;

/* Fills `err` (when not NULL) and returns false. */
bool err_set(err_t *err, err_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The short name of a code: "input", "not found", ... */
const char *err_name(err_code code);

#endif
