/* Answers as calibration reads them. Neighboring items are packed: the answers of, say, six right-wrong items are one
 * code of 64, so that one row of a table of sums stands for six rows of a table of logarithms. A missing answer is one
 * more option of an item. Persons who answered alike are one pattern with a weight. */
#ifndef TITER_EXAM_PACK_H
#define TITER_EXAM_PACK_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACK_CODES_MAX = 64, PACK_GROUPS_MAX = 64 };

typedef struct {
    size_t pack, radix; /* option = code / radix % options */
    int categories, options;
} packed_item_t;

typedef struct {
    size_t persons, items, packs, patterns;
    int groups;
    packed_item_t *item; /* [items] */
    size_t *first;       /* [packs + 1] first item of the pack */
    size_t *codes_of;    /* [packs] number of codes */
    uint8_t *codes;      /* [packs][patterns] */
    uint8_t *group;      /* [patterns] ascending */
    double *weight;      /* [patterns] persons who answered so */
    size_t *begin;       /* [groups + 1] first pattern of the group */
    size_t *whole;       /* [groups] first pattern of the group that misses an answer: the complete ones stand first */
} pack_t;

/* answers[person * items + item], negative where missing; group_of[person] or NULL for one group.
 * categories[item] is above every answer to the item. Memory from `arena`. */
bool pack_make(pack_t *pack, arena_t *arena, const int8_t *answers, size_t persons, size_t items, const int *categories,
               const int *group_of, int groups, err_t *err);

static inline int pack_option(const pack_t *pack, size_t pattern, size_t item)
{
    const packed_item_t *at = &pack->item[item];
    return (int)(pack->codes[at->pack * pack->patterns + pattern] / at->radix) % at->options;
}

#endif
