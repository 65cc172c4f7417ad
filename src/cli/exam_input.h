/* Tables of items and responses from files, for the commands of measurement. */
#ifndef TITER_CLI_EXAM_INPUT_H
#define TITER_CLI_EXAM_INPUT_H

#include "args.h"
#include "exam/items.h"

enum {
    EXAM_TABLE_BYTES_MAX = 16 * 1024 * 1024,
    EXAM_OUTPUT_MAX = 256 * 1024 * 1024,
    EXAM_ARENA_MAX = 1024 * 1024 * 1024
};

/* The name of a file in messages; "-" is standard input. */
const char *exam_shown(const char *path);
/* A file, copied to the arena: at most `limit` bytes. */
bool exam_bytes(cli_t *cli, arena_t *arena, const char *path, size_t limit, const unsigned char **bytes, size_t *length,
                err_t *err);
/* --items; `path` may be NULL, which is refused with a sentence. */
bool exam_items(cli_t *cli, arena_t *arena, const char *path, items_t *items, err_t *err);
/* A table of responses; `path` NULL is standard input. */
bool exam_responses(cli_t *cli, arena_t *arena, const char *path, responses_t *responses, err_t *err);
/* Writes the answer of a command; an ERR_LIMIT where it did not fit, an ERR_IO where it could not be written. */
bool exam_write(cli_t *cli, const text_t *out, err_t *err);
/* A number within [low, high]; `text` NULL leaves *value. */
bool exam_number(const char *name, const char *text, double low, double high, double *value, err_t *err);

#endif
