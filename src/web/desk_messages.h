/* What the page of messages shows. */
#ifndef TITER_WEB_DESK_MESSAGES_H
#define TITER_WEB_DESK_MESSAGES_H

#include "desk.h"
#include "web/table.h"

typedef struct {
    const char *when, *text, *href, *about;
    double at_s;
} message_t;

typedef struct {
    desk_t *d;
    message_t *rows; /* newest first */
    int count;
    table_t table;
} messages_t;

#endif
