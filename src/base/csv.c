/* CSV in two passes: count rows and bytes, then cut the fields. See csv.h. */
#include "base/csv.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_utf8(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        unsigned char c = s[i];
        size_t more = c < 0x80                ? 0
                      : c >= 0xc2 && c < 0xe0 ? 1
                      : c >= 0xe0 && c < 0xf0 ? 2
                      : c >= 0xf0 && c < 0xf5 ? 3
                                              : 9;
        if (more == 9 || n - i <= more) return false;
        for (size_t k = 1; k <= more; k++)
            if ((s[i + k] & 0xc0) != 0x80) return false;
        if ((c == 0xe0 && s[i + 1] < 0xa0) || (c == 0xed && s[i + 1] > 0x9f) || (c == 0xf0 && s[i + 1] < 0x90) ||
            (c == 0xf4 && s[i + 1] > 0x8f))
            return false;
        i += more + 1;
    }
    return true;
}

typedef struct {
    const char *file;
    const unsigned char *bytes;
    size_t at, length;
    int line;
    arena_t *arena;
    err_t *err;
} cursor_t;

static bool fail_at(cursor_t *in, int line, const char *what)
{
    return err_set(in->err, ERR_INPUT, "%s:%d: %s", in->file, line, what);
}

/* A row ends at a line feed, at a carriage return before one, or with the file. */
static bool at_row_end(const cursor_t *in)
{
    if (in->at >= in->length || in->bytes[in->at] == '\n') return true;
    return in->bytes[in->at] == '\r' && (in->at + 1 == in->length || in->bytes[in->at + 1] == '\n');
}

/* One field; *end: 0 a comma follows, 1 the row ends. */
static bool read_field(cursor_t *in, const char **field, bool *end)
{
    const unsigned char *b = in->bytes;
    size_t start = in->at, length = 0;
    int line = in->line;
    char *out = NULL;
    if (start < in->length && b[start] == '"') {
        size_t i = start + 1;
        for (;; i++) { /* find the closing quote */
            if (i >= in->length) return fail_at(in, line, "a quote is opened here and never closed");
            if (b[i] == '\n') in->line++;
            if (b[i] != '"') continue;
            if (i + 1 < in->length && b[i + 1] == '"')
                i++;
            else
                break;
        }
        out = arena_alloc(in->arena, i - start + 1);
        if (!out) return fail_at(in, line, "the table is too large for memory");
        for (size_t k = start + 1; k < i; k++) {
            out[length++] = (char)b[k];
            if (b[k] == '"') k++;
        }
        in->at = i + 1;
        if (!at_row_end(in) && b[in->at] != ',')
            return fail_at(in, in->line, "after a closing quote there must be a comma or the end of the line");
    } else {
        while (!at_row_end(in) && b[in->at] != ',') {
            if (b[in->at] == '"') return fail_at(in, line, "a quote stands inside an unquoted field");
            in->at++;
        }
        out = arena_text(in->arena, (const char *)b + start, in->at - start);
        if (!out) return fail_at(in, line, "the table is too large for memory");
    }
    *field = out;
    *end = true;
    if (in->at < in->length && b[in->at] == ',') {
        in->at++;
        *end = false;
        return true;
    }
    if (in->at < in->length && b[in->at] == '\r') in->at++;
    if (in->at < in->length && b[in->at] == '\n') {
        in->at++;
        in->line++;
    }
    return true;
}

static size_t count_lines(const unsigned char *bytes, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++) lines += bytes[i] == '\n';
    return lines;
}

static bool read_header(cursor_t *in, csv_t *table)
{
    const char *names[CSV_MAX_COLUMNS];
    bool end = false;
    while (!end) {
        if (table->columns == CSV_MAX_COLUMNS) return fail_at(in, 1, "the table has too many columns");
        if (!read_field(in, &names[table->columns], &end)) return false;
        if (!names[table->columns][0]) return fail_at(in, 1, "the first row must name every column");
        for (size_t i = 0; i < table->columns; i++)
            if (strcmp(names[i], names[table->columns]) == 0)
                return err_set(in->err, ERR_INPUT, "%s:1: the column \"%s\" is named twice", in->file, names[i]);
        table->columns++;
    }
    table->names = arena_array(in->arena, table->columns, sizeof *table->names);
    if (!table->names) return fail_at(in, 1, "the table is too large for memory");
    memcpy(table->names, names, table->columns * sizeof *names);
    return true;
}

bool csv_read(csv_t *table, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    *table = (csv_t){.file = file};
    cursor_t in = {.file = file, .bytes = bytes, .length = length, .line = 1, .arena = arena, .err = err};
    if (length > CSV_MAX_BYTES) return fail_at(&in, 1, "the file is larger than 64 MB");
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) in.at = 3;
    if (in.at == length) return fail_at(&in, 1, "the file is empty; the first row must name the columns");
    if (memchr(bytes, 0, length)) return fail_at(&in, 1, "the file has a zero byte: it is not text");
    if (!is_utf8(bytes, length)) return fail_at(&in, 1, "the file is not UTF-8 text");
    if (!read_header(&in, table)) return false;
    size_t most = count_lines(bytes, length);
    const char **fields = arena_array(arena, most * table->columns, sizeof *fields);
    int *lines = arena_array(arena, most, sizeof *lines);
    if (!fields || !lines) return fail_at(&in, 1, "the table is too large for memory");
    while (in.at < length) {
        if (bytes[in.at] == '\n' ||
            (bytes[in.at] == '\r' && in.at + 1 < length && bytes[in.at + 1] == '\n')) { /* empty line */
            in.at += bytes[in.at] == '\r' ? 2 : 1;
            in.line++;
            continue;
        }
        if (table->rows == CSV_MAX_ROWS) return fail_at(&in, in.line, "the table has too many rows");
        int line = in.line;
        size_t column = 0;
        bool end = false;
        while (!end) {
            const char *field;
            if (!read_field(&in, &field, &end)) return false;
            if (column < table->columns) fields[table->rows * table->columns + column] = field;
            column++;
        }
        if (column != table->columns)
            return err_set(err, ERR_INPUT, "%s:%d: this row has %zu fields, the header names %zu", file, line, column,
                           table->columns);
        lines[table->rows++] = line;
    }
    table->fields = fields;
    table->lines = lines;
    return true;
}

int csv_column(const csv_t *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->names[i], name) == 0) return (int)i;
    return -1;
}

bool csv_need(const csv_t *table, const char *name, int *column, err_t *err)
{
    *column = csv_column(table, name);
    return *column >= 0 || err_set(err, ERR_INPUT, "%s:1: the column \"%s\" is missing", table->file, name);
}

const char *csv_text(const csv_t *table, size_t row, int column)
{
    return table->fields[row * table->columns + (size_t)column];
}

bool csv_fail(const csv_t *table, size_t row, err_t *err, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return err_set(err, ERR_INPUT, "%s:%d: %s", table->file, row < table->rows ? table->lines[row] : 0, text);
}

bool csv_double(const csv_t *table, size_t row, int column, double *value, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (text_to_double(text, strlen(text), value)) return true;
    return csv_fail(table, row, err, "column %s needs a number, found \"%.60s\"", table->names[column], text);
}

bool csv_int(const csv_t *table, size_t row, int column, int64_t *value, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (text_to_int(text, strlen(text), value)) return true;
    return csv_fail(table, row, err, "column %s needs a whole number, found \"%.60s\"", table->names[column], text);
}

bool csv_double_or(const csv_t *table, size_t row, int column, double otherwise, double *value, err_t *err)
{
    if (csv_text(table, row, column)[0]) return csv_double(table, row, column, value, err);
    *value = otherwise;
    return true;
}
