/* What the pages of items' export and import show. Instructor's side. */
#ifndef TITER_WEB_ITEMS_WIRE_VIEW_H
#define TITER_WEB_ITEMS_WIRE_VIEW_H

#include "items_view.h"

enum { ITEMS_WIRE_FIELDS = 10, ITEMS_LOST_SHOWN = 200, ITEMS_ROWS_SHOWN = 1000 };

typedef struct {
    frame_t frame;
    item_field_t fields[ITEMS_WIRE_FIELDS];
    int field_count;
    const char *file_href;           /* of the file that is chosen; NULL: nothing is chosen yet */
    const char *file_name, *summary; /* "24 items as GIFT" */
    const char **lost;               /* what the format has no place for */
    int lost_count, lost_more;
} items_export_t;

typedef struct {
    int line;
    const char *what, *outcome, *chip, *href; /* href: of the item that it is, or NULL */
    const char *const *say;
    int count;
} items_import_row_t;

typedef struct {
    frame_t frame;
    const char *text, *wrong; /* wrong: a sentence about the whole file, or NULL */
    item_field_t format, author, known;
    item_field_t facts[ITEMS_WIRE_FIELDS];
    int fact_count, kilobytes, bytes;
    bool looked; /* there is a preview */
    const char *summary, *note;
    int keep; /* how many would be kept */
    items_import_row_t *rows;
    int row_count, row_more;
} items_import_t;

#endif
