/* The deck of an analyzer on the page of its bench: a picture, the same as a table, and the forms to load, take out and
 * move tubes. */
#ifndef TITER_WEB_DESK_RACKS_H
#define TITER_WEB_DESK_RACKS_H

#include "desk.h"

typedef struct {
    int32_t index;
    const char *place, *accession, *href, *name, *priority, *cap, *state, *since;
    bool stat, waits;
} deck_row_t;

typedef struct {
    const char *line_name, *picture, *alt, *room;
    const char *other; /* the analyzer that tubes can be moved to, or NULL */
    const char *none;  /* why nothing can be loaded, or NULL */
    int line, width, height, waiting;
    deck_row_t *rows; /* tubes in the deck: STAT port, then racks as they went in */
    specimen_row_t *ready;
    choice_t racks[DECK_RACKS], places[RACK_PLACES_MAX]; /* racks that have room */
    int row_count, ready_count, rack_count;
} deck_part_t;

void desk_deck_fill(const desk_t *desk, int line, deck_part_t *part);

#endif
