/* The input deck of an analyzer as one stands before it: racks with their tubes in the colors of their caps, the STAT
 * port apart. The state of each tube has a shape and a letter, an urgent order a frame: nothing is told by color alone.
 */
#ifndef TITER_DRAW_RACKS_H
#define TITER_DRAW_RACKS_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum {
    RACKS_WIDTH = 860,
    RACKS_MAX = 32,       /* racks in one picture, and the STAT port */
    RACKS_PLACES_MAX = 8, /* places in a rack or in the STAT port */
};

typedef enum {
    RACKS_FREE,
    RACKS_PASSED, /* empty, and the needle has gone by */
    RACKS_WAITING,
    RACKS_SAMPLING,
    RACKS_TESTING,
    RACKS_DONE,
    RACKS_STATES
} racks_state_t;

typedef struct {
    racks_state_t state;
    const char *cap;       /* color word of its cap, as draw/tube.h knows it */
    const char *accession; /* written on the tube's label; NULL: none */
    bool stat;             /* a STAT order */
} racks_place_t;

typedef struct {
    int number; /* 0: the STAT port */
    int places;
    bool needle; /* the needle is at it */
    racks_place_t place[RACKS_PLACES_MAX];
} racks_rack_t;

typedef struct {
    const char *name; /* of the analyzer */
    const racks_rack_t *racks;
    int count;
} racks_picture_t;

bool draw_racks(text_t *out, const racks_picture_t *racks, draw_look_t look, err_t *err);
void draw_racks_describe(text_t *out, const racks_picture_t *racks);

#endif
