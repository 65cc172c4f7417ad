/* Tables from CSV (RFC 4180, UTF-8, first row names the columns). Messages name file and line. */
#ifndef TITER_BASE_CSV_H
#define TITER_BASE_CSV_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_MAX_COLUMNS = 64, CSV_MAX_ROWS = 1000000, CSV_MAX_BYTES = 64 * 1024 * 1024 };

typedef struct {
    const char *file; /* as named in messages */
    int header_line;
    size_t columns, rows;
    const char **names;  /* [columns] */
    const char **fields; /* [rows * columns], zero-terminated */
    const int *lines;    /* [rows] line on which the row starts */
} csv_t;

/* Reads a whole table into `arena`. Refuses: no header, a column named twice, a row with another
 * number of fields, an unclosed quote, a zero byte, bytes that are not UTF-8, more than the limits. */
bool csv_read(csv_t *table, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err);
/* Column index, or -1. */
int csv_column(const csv_t *table, const char *name);
/* Column index; sets err naming the file when it is missing. */
bool csv_need(const csv_t *table, const char *name, int *column, err_t *err);
const char *csv_text(const csv_t *table, size_t row, int column);
/* Strict numbers; the error names file, line, column and what was found. */
bool csv_double(const csv_t *table, size_t row, int column, double *value, err_t *err);
bool csv_int(const csv_t *table, size_t row, int column, int64_t *value, err_t *err);
/* As csv_double, but an empty field gives `otherwise`. */
bool csv_double_or(const csv_t *table, size_t row, int column, double otherwise, double *value, err_t *err);
/* Fills err with "file:line: message" and returns false. */
bool csv_fail(const csv_t *table, size_t row, err_t *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* One field after another, for tables that are wider or longer than csv_t holds. */
typedef struct {
    const char *file; /* as named in messages */
    const unsigned char *bytes;
    size_t at, length;
    int line; /* of the next field */
} csv_cursor_t;

/* Refuses what csv_read refuses of a whole file: no bytes, too many, a zero byte, not UTF-8. Skips a byte order mark.
 */
bool csv_begin(csv_cursor_t *cursor, const char *file, const unsigned char *bytes, size_t length, err_t *err);
/* A table from where the cursor stands to the cursor's length: for files of several tables. */
bool csv_read_rest(csv_t *table, arena_t *arena, csv_cursor_t *cursor, err_t *err);
/* Passes empty lines; is there another row? */
bool csv_more(csv_cursor_t *cursor);
/* The next field, copied to `arena`; *end: it was the last of its row. */
bool csv_field(csv_cursor_t *cursor, arena_t *arena, const char **field, bool *end, err_t *err);
/* The same without a copy, for numbers: the bytes between commas or quotes, not zero-terminated. */
bool csv_plain(csv_cursor_t *cursor, const char **bytes, size_t *length, bool *end, err_t *err);

#endif
