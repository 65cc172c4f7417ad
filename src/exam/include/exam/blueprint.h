/* The content of a test: areas with their shares, which item belongs where, and which items exclude one another.
 *
 *   area,percent_min,percent_max        one row an area
 *                                       an empty line
 *   item,area[,set][,enemies]           one row an item; or the same columns in the table of items
 *
 * set: items of one set stand on a common text or picture and are given one after another, as far as the quotas leave
 * room; no other item comes between them. enemies: the name of a group of items of which a test takes at most one. */
#ifndef TITER_EXAM_BLUEPRINT_H
#define TITER_EXAM_BLUEPRINT_H

#include "exam/items.h"

enum { AREAS_MAX = 64, CONTENT_NAME_MAX = 80, TEST_LENGTH_MAX = 5000 };

typedef struct {
    const char *name;
    double percent_min, percent_max;
} area_t;

typedef struct {
    const char *file; /* NULL where there is no blueprint: one area, 0 to 100 % */
    int areas;
    area_t area[AREAS_MAX];
    size_t items;
    const int *area_of;  /* [items] */
    const int *set_of;   /* [items] place of the set, -1 none */
    const int *group_of; /* [items] place of the group of enemies, -1 none */
    int sets, groups;
} blueprint_t;

/* Items per area of a whole test. */
typedef struct {
    int low[AREAS_MAX], high[AREAS_MAX];
    bool rounded; /* no whole numbers lie within the percentages: a share was rounded out to the next one */
} quotas_t;

/* No areas, no sets, no enemies. */
bool blueprint_none(blueprint_t *blueprint, arena_t *arena, const items_t *items, err_t *err);
/* Every item of the bank must have an area of the blueprint. */
bool blueprint_read(blueprint_t *blueprint, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                    const items_t *items, err_t *err);
/* Whole numbers of items within the percentages of a test of `length` items. Where none can be (three thirds of a test
 * of 100), shares are rounded out to the next whole number. */
void blueprint_quotas(const blueprint_t *blueprint, int length, quotas_t *quotas);

#endif
