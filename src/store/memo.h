/* What the writer knows without asking the database: the last number of each stream that was written lately, and the
 * requests among the events that are not folded yet (sqlite_private.h). Forgotten as a whole when they are folded. */
#ifndef TITER_STORE_MEMO_H
#define TITER_STORE_MEMO_H

#include "store/store.h"

enum {
    MEMO_MAX = 32768,          /* entries: a slot holds their number in 16 bits */
    MEMO_SLOTS = 2 * MEMO_MAX, /* a power of two */
};

/* A stream: owner 0, its name, its id and last number. A request: its stream's id, the request and the number. */
typedef struct {
    int64_t owner, id, last;
    char text[STORE_NAME_MAX + 1];
} memo_entry_t;

typedef struct {
    int count;
    uint16_t slots[MEMO_SLOTS]; /* 1 + the place in `entries`; 0 is free */
    memo_entry_t entries[MEMO_MAX];
} memo_t;

void memo_clear(memo_t *memo);
/* NULL when it is not there. */
memo_entry_t *memo_find(memo_t *memo, int64_t owner, const char *text);
/* For what is not there yet; `count` must be below MEMO_MAX and the text at most STORE_NAME_MAX bytes. */
memo_entry_t *memo_add(memo_t *memo, int64_t owner, const char *text, int64_t id, int64_t last);

#endif
