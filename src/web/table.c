/* Sorting, filtering and exporting the rows of a page: see web/table.h. */
#include "web/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *text_of(const column_t *column, const void *row)
{
    const char *text;
    memcpy(&text, (const char *)row + column->text_at, sizeof text);
    return text ? text : "";
}

static void add_query(text_t *out, char join, const char *name, const char *value)
{
    text_add_char(out, join);
    text_add(out, name);
    text_add_char(out, '=');
    for (const unsigned char *c = (const unsigned char *)value; *c; c++) {
        bool safe = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-';
        if (safe)
            text_add_char(out, (char)*c);
        else
            text_addf(out, "%%%02X", *c);
    }
}

/* The address of this table with another order or format. */
static const char *address(const table_t *t, const request_t *request, const char *sort, const char *format)
{
    text_t out;
    char join = '?';
    text_init(&out, WEB_URL_MAX);
    text_add(&out, t->path);
    for (int i = 0; i < t->kept_count; i++, join = '&') add_query(&out, join, t->kept[i].name, t->kept[i].value);
    if (t->filter[0]) add_query(&out, join, "q", t->filter), join = '&';
    if (sort) add_query(&out, join, "sort", sort), join = '&';
    if (format) add_query(&out, join, "format", format);
    const char *copy = out.failed || !out.data ? t->path : arena_text(request->arena, out.data, out.length);
    text_free(&out);
    return copy ? copy : t->path;
}

static const char *down_key(arena_t *arena, const char *key)
{
    char sort[40] = "-";
    strncat(sort, key, sizeof sort - 2);
    const char *copy = arena_text(arena, sort, strlen(sort));
    return copy ? copy : key;
}

void table_init(table_t *t, const request_t *request, const column_t *columns, int count, const char *kept)
{
    const char *q = request_query(request, "q"), *sort = request_query(request, "sort"), *now = NULL;
    *t = (table_t){
        .columns = columns, .column_count = count < TABLE_COLUMNS_MAX ? count : TABLE_COLUMNS_MAX, .sort = -1};
    t->path = request->path;
    t->filter = q && strlen(q) <= TABLE_FILTER_MAX ? q : "";
    const char *value = kept ? request_query(request, kept) : NULL;
    if (value && value[0]) {
        t->kept[0].name = kept;
        t->kept[t->kept_count++].value = value;
    }
    t->down = sort && sort[0] == '-';
    for (int i = 0; sort && i < t->column_count; i++)
        if (strcmp(sort + t->down, columns[i].key) == 0) t->sort = i;
    for (int i = 0; i < t->column_count; i++) {
        bool here = t->sort == i;
        const char *key = here && !t->down ? down_key(request->arena, columns[i].key) : columns[i].key;
        if (here) now = sort;
        t->heads[i].aria = here ? (t->down ? "descending" : "ascending") : NULL;
        t->heads[i].href = here && t->down ? address(t, request, NULL, NULL) : address(t, request, key, NULL);
    }
    t->csv_href = address(t, request, now, "csv");
}

typedef struct {
    const char *text;
    double number;
    int at;
    bool down;
} place_t;

/* Numbers by size, what has none last; words without regard to case; equal ones keep their order. */
static int by_place(const void *left, const void *right)
{
    const place_t *a = left, *b = right;
    int order;
    if (isnan(a->number) && isnan(b->number))
        order = strcasecmp(a->text, b->text);
    else if (isnan(a->number) || isnan(b->number))
        return isnan(a->number) ? 1 : -1;
    else
        order = (a->number > b->number) - (a->number < b->number);
    if (a->down) order = -order;
    return order ? order : a->at - b->at;
}

static bool fits(const table_t *t, const void *row)
{
    if (!t->filter[0]) return true;
    for (int i = 0; i < t->column_count; i++)
        if (strcasestr(text_of(&t->columns[i], row), t->filter)) return true;
    return false;
}

int table_arrange(table_t *t, const request_t *request, void *rows, int count, size_t size)
{
    char *bytes = rows;
    t->all = count;
    t->count = 0;
    for (int i = 0; i < count; i++) {
        if (!fits(t, bytes + (size_t)i * size)) continue;
        if (t->count < i) memcpy(bytes + (size_t)t->count * size, bytes + (size_t)i * size, size);
        t->count++;
    }
    if (t->sort < 0 || t->count < 2) return t->count;
    const column_t *column = &t->columns[t->sort];
    place_t *places = arena_array(request->arena, (size_t)t->count, sizeof *places);
    char *copy = arena_array(request->arena, (size_t)t->count, size);
    if (!places || !copy) return t->count; /* the page's own order */
    for (int i = 0; i < t->count; i++) {
        const char *row = bytes + (size_t)i * size;
        places[i] = (place_t){.text = text_of(column, row), .number = NAN, .at = i, .down = t->down};
        if (column->number_at) memcpy(&places[i].number, row + column->number_at, sizeof places[i].number);
    }
    qsort(places, (size_t)t->count, sizeof *places, by_place);
    for (int i = 0; i < t->count; i++) memcpy(copy + (size_t)i * size, bytes + (size_t)places[i].at * size, size);
    memcpy(bytes, copy, (size_t)t->count * size);
    return t->count;
}

bool table_csv(const table_t *t, const request_t *request, response_t *response, const void *rows, size_t size,
               const char *file_name)
{
    const char *format = request_query(request, "format");
    if (!format || strcmp(format, "csv") != 0) return false;
    text_t *out = response_body(response, "text/csv; charset=utf-8");
    for (int i = 0; i < t->column_count; i++) {
        if (i) text_add_char(out, ',');
        text_add_csv(out, t->columns[i].label);
    }
    text_add(out, "\r\n");
    for (int r = 0; r < t->count; r++) {
        for (int i = 0; i < t->column_count; i++) {
            if (i) text_add_char(out, ',');
            text_add_csv(out, text_of(&t->columns[i], (const char *)rows + (size_t)r * size));
        }
        text_add(out, "\r\n");
    }
    response_download(response, file_name);
    return true;
}
