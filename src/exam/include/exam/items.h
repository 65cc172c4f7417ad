/* Item parameters and responses as tables.
 *
 * Items:      id,model,a,b1[,b2,...][,c]    a may be empty for rasch and pcm, c for all but 3pl; b's that an item does
 *             not have are empty. An item with k thresholds has k + 1 categories. Columns area, set and enemies are
 * kept (blueprint.h); others are left alone. Responses:  the header names items, each row is one person: whole numbers
 * from 0, empty where there is no answer.
 *
 * Messages name file, line and remedy. */
#ifndef TITER_EXAM_ITEMS_H
#define TITER_EXAM_ITEMS_H

#include "base/arena.h"
#include "base/text.h"
#include "exam/model.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ITEMS_MAX = 20000,           /* items of a bank */
    RESPONSES_ITEMS_MAX = 20000, /* columns of a table of responses */
    RESPONSES_PERSONS_MAX = 1000000,
    RESPONSE_MISSING = -1,
};

typedef struct {
    const char *file; /* as named in messages */
    irt_item_t *items;
    size_t count;
    const char **area, **set, **enemies; /* [count] texts of columns of these names; NULL where there is no column */
} items_t;

/* Reads a bank into `arena`; every item has passed irt_item_check and no id comes twice. */
bool items_read(items_t *items, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                err_t *err);
/* Writes what items_read reads, with nine decimals. */
void items_write(const irt_item_t *items, size_t count, text_t *out);
/* The item's place, or -1. Takes as many steps as there are items. */
int items_find(const items_t *items, const char *id);

typedef struct {
    const char *file;
    size_t persons, items;
    const char **names;    /* [items] of the header */
    const int8_t *answers; /* [persons * items], RESPONSE_MISSING where empty; below IRT_CATEGORIES_MAX */
    const int *lines;      /* [persons] */
} responses_t;

/* Reads a table of responses into `arena`. Each answer is a category that some model could have (0 to 15). */
bool responses_read(responses_t *responses, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                    err_t *err);
/* Joins both: item_of[column] is the item's place in the bank. Refuses a column without an item and an answer that its
 * item does not have. */
bool responses_match(const responses_t *responses, const items_t *items, arena_t *arena, const int **item_of,
                     err_t *err);

#endif
