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
/* Adds the picture as SVG. Refuses a screen, and an item without a picture. */
bool app_exhibit_draw(const lab_t *lab, const item_t *item, bool dark, text_t *svg, err_t *err);

#endif
