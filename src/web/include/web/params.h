/* Readers of what strangers send: form bodies and query strings (application/x-www-form-urlencoded,
 * WHATWG URL standard section 5), paths, cookies, Accept-Encoding. Pure functions over bytes;
 * the results live in the arena. Each is fuzzed.
 *
 * Stricter than browsers need: a bad percent-escape, a zero byte or bad UTF-8 is refused, not mended. */
#ifndef TITER_WEB_PARAMS_H
#define TITER_WEB_PARAMS_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *name, *value; /* decoded, zero-terminated, valid UTF-8 */
} param_t;

typedef struct {
    param_t *items;
    size_t count;
} params_t;

/* "a=1&b=two+words" with at most `max` pairs; order and repeats are kept. ERR_LIMIT beyond it. */
bool params_parse(params_t *params, arena_t *arena, const char *bytes, size_t length, size_t max, err_t *err);
/* "a=1; b=2" of a Cookie header; malformed parts are skipped, as RFC 6265 advises. */
bool params_cookies(params_t *params, arena_t *arena, const char *header, size_t max, err_t *err);
/* The first value of that name, or NULL. */
const char *params_get(const params_t *params, const char *name);
/* The n-th value of that name (0 = first), or NULL: for checkboxes that share a name. */
const char *params_nth(const params_t *params, const char *name, size_t n);

/* Decodes a path: starts with '/', no control characters raw or escaped, valid UTF-8. NULL and `err` otherwise. */
char *path_decode(arena_t *arena, const char *raw, size_t length, err_t *err);
/* Splits a raw path into decoded parts: "/shift/a%2Fb" is "shift", "a/b". *count is at most `max`;
 * more parts than that are counted but not stored. */
bool path_split(arena_t *arena, const char *raw, size_t length, const char **parts, size_t max, size_t *count,
                err_t *err);

/* True when an Accept-Encoding value allows that coding by name with a weight above zero. */
bool accepts_encoding(const char *header, const char *coding);

#endif
