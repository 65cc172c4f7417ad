/* CSV in two passes: count rows and bytes, then cut the fields. See csv.h. */
#include "base/csv.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool fail_at(const csv_cursor_t *in, int line, const char *what, err_t *err)
{
    return err_set(err, ERR_INPUT, "%s:%d: %s", in->file, line, what);
}

/* A row ends at a line feed, at a carriage return before one, or with the file. */
static bool at_row_end(const csv_cursor_t *in)
{
    if (in->at >= in->length || in->bytes[in->at] == '\n') return true;
    return in->bytes[in->at] == '\r' && (in->at + 1 == in->length || in->bytes[in->at + 1] == '\n');
}

/* Where a field stands between its quotes or commas; moves behind it, up to the comma or the end of the row. */
static bool cut_field(csv_cursor_t *in, size_t *from, size_t *length, bool *quoted, err_t *err)
{
    const unsigned char *b = in->bytes;
    int line = in->line;
    *quoted = in->at < in->length && b[in->at] == '"';
    if (!*quoted) {
        *from = in->at;
        while (!at_row_end(in) && b[in->at] != ',') {
            if (b[in->at] == '"') return fail_at(in, line, "a quote stands inside an unquoted field", err);
            in->at++;
        }
        *length = in->at - *from;
        return true;
    }
    size_t i = *from = in->at + 1;
    for (;; i++) { /* find the closing quote */
        if (i >= in->length) return fail_at(in, line, "a quote is opened here and never closed", err);
        if (b[i] == '\n') in->line++;
        if (b[i] != '"') continue;
        if (i + 1 < in->length && b[i + 1] == '"')
            i++;
        else
            break;
    }
    *length = i - *from;
    in->at = i + 1;
    return at_row_end(in) || b[in->at] == ',' ||
           fail_at(in, in->line, "after a closing quote there must be a comma or the end of the line", err);
}

/* Over the comma (false) or the end of the row (true). */
static bool pass_end(csv_cursor_t *in)
{
    if (in->at < in->length && in->bytes[in->at] == ',') {
        in->at++;
        return false;
    }
    if (in->at < in->length && in->bytes[in->at] == '\r') in->at++;
    if (in->at < in->length && in->bytes[in->at] == '\n') {
        in->at++;
        in->line++;
    }
    return true;
}

static char *copy_field(const csv_cursor_t *in, size_t from, size_t length, bool quoted, arena_t *arena)
{
    const char *bytes = (const char *)in->bytes + from;
    if (!quoted) return arena_text(arena, bytes, length);
    char *out = arena_alloc(arena, length + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < length; i++) {
        out[n++] = bytes[i];
        if (bytes[i] == '"') i++; /* written twice */
    }
    return out;
}

bool csv_begin(csv_cursor_t *in, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    *in = (csv_cursor_t){.file = file, .bytes = bytes, .length = length, .line = 1};
    if (length > CSV_MAX_BYTES) return fail_at(in, 1, "the file is larger than 64 MB", err);
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) in->at = 3;
    if (in->at == length) return fail_at(in, 1, "the file is empty; the first row must name the columns", err);
    if (memchr(bytes, 0, length)) return fail_at(in, 1, "the file has a zero byte: it is not text", err);
    return text_is_utf8((const char *)bytes, length) || fail_at(in, 1, "the file is not UTF-8 text", err);
}

bool csv_more(csv_cursor_t *in)
{
    while (in->at < in->length && at_row_end(in)) pass_end(in);
    return in->at < in->length;
}

bool csv_field(csv_cursor_t *in, arena_t *arena, const char **field, bool *end, err_t *err)
{
    size_t from = 0, length = 0;
    bool quoted = false;
    if (!cut_field(in, &from, &length, &quoted, err)) return false;
    *field = copy_field(in, from, length, quoted, arena);
    *end = pass_end(in);
    return *field || fail_at(in, in->line, "the table is too large for memory", err);
}

bool csv_plain(csv_cursor_t *in, const char **bytes, size_t *length, bool *end, err_t *err)
{
    size_t from = 0;
    bool quoted = false;
    *length = 0;
    if (!cut_field(in, &from, length, &quoted, err)) return false;
    *bytes = (const char *)in->bytes + from;
    *end = pass_end(in);
    return true;
}

static size_t count_lines(const unsigned char *bytes, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++) lines += bytes[i] == '\n';
    return lines;
}

static bool read_header(csv_cursor_t *in, csv_t *table, arena_t *arena, err_t *err)
{
    const char *names[CSV_MAX_COLUMNS];
    bool end = false;
    while (!end) {
        int line = in->line;
        if (table->columns == CSV_MAX_COLUMNS) return fail_at(in, line, "the table has too many columns", err);
        if (!csv_field(in, arena, &names[table->columns], &end, err)) return false;
        if (!names[table->columns][0]) return fail_at(in, line, "the first row must name every column", err);
        for (size_t i = 0; i < table->columns; i++)
            if (strcmp(names[i], names[table->columns]) == 0)
                return err_set(err, ERR_INPUT, "%s:%d: the column \"%s\" is named twice", in->file, line, names[i]);
        table->columns++;
    }
    table->names = arena_array(arena, table->columns, sizeof *table->names);
    if (!table->names) return fail_at(in, in->line, "the table is too large for memory", err);
    memcpy(table->names, names, table->columns * sizeof *names);
    return true;
}

bool csv_read(csv_t *table, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    csv_cursor_t in;
    return csv_begin(&in, file, bytes, length, err) && csv_read_rest(table, arena, &in, err);
}

bool csv_read_rest(csv_t *table, arena_t *arena, csv_cursor_t *in, err_t *err)
{
    *table = (csv_t){.file = in->file, .header_line = in->line};
    size_t most = count_lines(in->bytes + in->at, in->length - in->at);
    if (!read_header(in, table, arena, err)) return false;
    const char **fields = arena_array(arena, most * table->columns, sizeof *fields);
    int *lines = arena_array(arena, most, sizeof *lines);
    if (!fields || !lines) return fail_at(in, in->line, "the table is too large for memory", err);
    while (csv_more(in)) {
        if (table->rows == CSV_MAX_ROWS) return fail_at(in, in->line, "the table has too many rows", err);
        int line = in->line;
        size_t column = 0;
        bool end = false;
        while (!end) {
            const char *field;
            if (!csv_field(in, arena, &field, &end, err)) return false;
            if (column < table->columns) fields[table->rows * table->columns + column] = field;
            column++;
        }
        if (column != table->columns)
            return err_set(err, ERR_INPUT, "%s:%d: this row has %zu fields, the header names %zu", in->file, line,
                           column, table->columns);
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
    return *column >= 0 ||
           err_set(err, ERR_INPUT, "%s:%d: the column \"%s\" is missing", table->file, table->header_line, name);
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
