/* The pictures and bench screens of items: made from a kind, a seed and lines of data (content/items/README.md), drawn
 * by the room draw, with names, units and limits of the laboratory. The room exam declares what it asks of them
 * (picture_source_t); this joins the rooms. Whoever has this header can tell what a picture was made to show. */
#ifndef TITER_APP_PICTURES_H
#define TITER_APP_PICTURES_H

#include "app/exhibit.h"
#include "exam/bank.h"
#include "lab/catalog.h"

/* Fills `source`; `lab` must live as long as it is used. */
void app_picture_source(const lab_t *lab, picture_source_t *source);
/* What is seen of an item's picture or screen; texts live in `arena`. `shown[i]`: the part in place i, of a hotspot
 * item; NULL: as they stand. Nothing is `there` when the item has none. */
bool app_exhibit_of(const lab_t *lab, const item_t *item, const int *shown, arena_t *arena, app_exhibit_t *exhibit,
                    err_t *err);
/* Who writes a picture: the keys of its lines of data, in words (items/picture_keys.csv). */
enum { PICTURE_KEYS_MAX = 20 };
typedef struct {
    const char *key, *fields; /* "point", "level | run | SD" */
} picture_key_t;
/* None for a kind that there is not. */
bool app_picture_keys(const source_t *content, const char *draw, arena_t *arena, picture_key_t *list, int *count,
                      err_t *err);
/* What stands behind a name in a line "region: NAME | ..." for the part of the picture between two points, in pixels of
 * its own size: "60 | 85". Refuses a kind that has no places. */
bool app_picture_place(const lab_t *lab, const item_picture_t *picture, const double point[4], text_t *numbers,
                       err_t *err);

/* Adds the picture as SVG. Refuses a screen, and an item without a picture. */
bool app_exhibit_draw(const lab_t *lab, const item_t *item, bool dark, text_t *svg, err_t *err);

#endif
