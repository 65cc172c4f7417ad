/* See exam_input.h. */
#include "exam_input.h"

#include <string.h>

const char *exam_shown(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool exam_bytes(cli_t *cli, arena_t *arena, const char *path, size_t limit, const unsigned char **bytes, size_t *length,
                err_t *err)
{
    text_t text;
    if (!args_file(cli, path, limit, &text, err)) return false;
    *length = text.length;
    *bytes = (const unsigned char *)arena_text(arena, text.data ? text.data : "", text.length);
    text_free(&text);
    return *bytes || err_set(err, ERR_MEMORY, "%s does not fit into memory", exam_shown(path));
}

bool exam_items(cli_t *cli, arena_t *arena, const char *path, items_t *items, err_t *err)
{
    const unsigned char *bytes;
    size_t length;
    if (!path) return err_set(err, ERR_INPUT, "name the table of items with --items items.csv");
    return exam_bytes(cli, arena, path, EXAM_TABLE_BYTES_MAX, &bytes, &length, err) &&
           items_read(items, arena, exam_shown(path), bytes, length, err);
}

bool exam_responses(cli_t *cli, arena_t *arena, const char *path, responses_t *responses, err_t *err)
{
    const unsigned char *bytes;
    size_t length;
    if (!path) path = "-";
    return exam_bytes(cli, arena, path, CSV_MAX_BYTES, &bytes, &length, err) &&
           responses_read(responses, arena, exam_shown(path), bytes, length, err);
}

bool exam_write(cli_t *cli, const text_t *out, err_t *err)
{
    if (out->failed)
        return err_set(err, ERR_LIMIT, "the answer does not fit into memory; ask for fewer persons at a time");
    if (fwrite(out->data, 1, out->length, cli->out) == out->length && fflush(cli->out) == 0) return true;
    return err_set(err, ERR_IO, "the answer could not be written; is the disk full?");
}

bool exam_number(const char *name, const char *text, double low, double high, double *value, err_t *err)
{
    double number;
    char from[32], to[32];
    if (!text) return true;
    if (text_to_double(text, strlen(text), &number) && number >= low && number <= high) {
        *value = number;
        return true;
    }
    text_fixed(from, low, 3);
    text_fixed(to, high, 3);
    return err_set(err, ERR_INPUT, "%s is a number from %s to %s; found \"%.40s\"", name, from, to, text);
}
