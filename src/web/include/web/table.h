/* Tables that sort by column head, filter by typing, keep both in the address and come as CSV.
 *
 * The page gives rows (structs), and one row of data for each column: its key in the address, its head,
 * where in the struct its words are and, when words do not sort as meant, where its number is.
 * Without `sort` the order is the page's own. All of it works as plain links and a plain form. */
#ifndef TITER_WEB_TABLE_H
#define TITER_WEB_TABLE_H

#include "web/web.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 16, TABLE_FILTER_MAX = 80, TABLE_KEPT_MAX = 6 };

typedef struct {
    const char *key, *label; /* "due", "Due in min" */
    size_t text_at;          /* offset of a const char * in the row */
    size_t number_at;        /* offset of a double that sorts in its place, or 0 */
    bool right, least;       /* a number; the column that phones drop first */
} column_t;

#define COLUMN(row, key, label, field)                                                                                 \
    {                                                                                                                  \
        key, label, offsetof(row, field), 0, false, false                                                              \
    }
#define COLUMN_BY(row, key, label, field, number)                                                                      \
    {                                                                                                                  \
        key, label, offsetof(row, field), offsetof(row, number), true, false                                           \
    }
#define COLUMN_LEAST(row, key, label, field)                                                                           \
    {                                                                                                                  \
        key, label, offsetof(row, field), 0, false, true                                                               \
    }

typedef struct {
    const column_t *columns;
    int column_count;
    const char *path, *filter; /* filter: "" when there is none */
    struct {
        const char *name, *value;
    } kept[TABLE_KEPT_MAX]; /* what else stays in the address: "show=all" */
    int kept_count;
    int sort; /* a column, or -1 */
    bool down;
    int count, all; /* rows shown, rows there are */
    struct {
        const char *href, *aria; /* of the head; aria: "ascending", "descending", NULL */
    } heads[TABLE_COLUMNS_MAX];
    const char *csv_href;
} table_t;

/* Reads ?q=, ?sort=key or ?sort=-key; `kept` names one more parameter that stays, or NULL. */
void table_init(table_t *table, const request_t *request, const column_t *columns, int count, const char *kept);
/* Filters and sorts rows of `size` bytes in place; returns how many are left. */
int table_arrange(table_t *table, const request_t *request, void *rows, int count, size_t size);
/* ?format=csv: answers with the arranged rows as a file of that name, and true. */
bool table_csv(const table_t *table, const request_t *request, response_t *response, const void *rows, size_t size,
               const char *file_name);

#endif
