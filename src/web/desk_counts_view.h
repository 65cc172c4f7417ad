/* What the pages of the hematology and the coagulation bench show. */
#ifndef TITER_WEB_DESK_COUNTS_VIEW_H
#define TITER_WEB_DESK_COUNTS_VIEW_H

#include "desk_view.h"

enum { BULL_SHOWN = 3, BULL_LIMIT_PCT = 3 };

typedef struct {
    const char *name, *value, *state, *kind;
} average_row_t;

typedef struct {
    desk_t *d;
    queue_page_t review;
    const char *title, *path;
    line_card_t lines[SHIFT_LINES];
    specimen_row_t *rows;
    int line_count, count;
    bool hematology, next_after; /* next_after: the next one came after the open one */
    average_row_t averages[BULL_SHOWN];
    const char *pools, *lot; /* coagulation */
} counts_page_t;

#endif
