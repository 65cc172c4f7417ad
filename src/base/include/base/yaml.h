/* Authored content from YAML, as a tree that remembers its lines, so that every complaint can
 * name file and line. Reads by libyaml's event interface; no anchors, aliases, tags or
 * multiple documents (they are refused with a sentence). */
#ifndef TITER_BASE_YAML_H
#define TITER_BASE_YAML_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { YAML_MAX_BYTES = 1024 * 1024, YAML_MAX_DEPTH = 16, YAML_MAX_NODES = 50000 };

typedef enum { YAML_SCALAR, YAML_LIST, YAML_MAP } yaml_kind;

typedef struct yaml_item {
    yaml_kind kind;
    int line;                       /* 1-based */
    const char *key;                /* in a map: the key; otherwise NULL */
    const char *text;               /* scalar: its text */
    struct yaml_item *first, *next; /* children of a list or map, in order */
    size_t count;                   /* number of children */
    bool used;                      /* set by the getters; yaml_unused finds keys nobody asked for */
} yaml_item_t;

typedef struct {
    const char *file;
    yaml_item_t *root;
} yaml_t;

bool yaml_read(yaml_t *yaml, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err);
/* The child of a map by key, or NULL. Marks it used. */
yaml_item_t *yaml_get(yaml_item_t *map, const char *key);
bool yaml_fail(const yaml_t *yaml, const yaml_item_t *at, err_t *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Required typed getters; the error says what the key needs and gives an example of it. */
bool yaml_text(const yaml_t *yaml, yaml_item_t *map, const char *key, const char **value, err_t *err);
bool yaml_int(const yaml_t *yaml, yaml_item_t *map, const char *key, int64_t low, int64_t high, int64_t *value,
              err_t *err);
bool yaml_double(const yaml_t *yaml, yaml_item_t *map, const char *key, double low, double high, double *value,
                 err_t *err);
/* Optional: leave *value as it is when the key is absent. */
bool yaml_text_or(const yaml_t *yaml, yaml_item_t *map, const char *key, const char **value, err_t *err);
bool yaml_int_or(const yaml_t *yaml, yaml_item_t *map, const char *key, int64_t low, int64_t high, int64_t *value,
                 err_t *err);
bool yaml_double_or(const yaml_t *yaml, yaml_item_t *map, const char *key, double low, double high, double *value,
                    err_t *err);
/* The index of the scalar's text in `names` (ended by NULL); the error lists the names and the nearest one. */
bool yaml_choice(const yaml_t *yaml, yaml_item_t *map, const char *key, const char *const *names, int *value,
                 err_t *err);
/* False, with err, when any key below `node` was never asked for ("unknown key ..., did you mean ...?"). */
bool yaml_no_unused(const yaml_t *yaml, const yaml_item_t *node, err_t *err);

#endif
