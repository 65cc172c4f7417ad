/* The rotor of a centrifuge from above: its places, what stands in them by the color of the cap, and the display. */
#ifndef TITER_DRAW_ROTOR_H
#define TITER_DRAW_ROTOR_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { ROTOR_SIDE = 260, ROTOR_MOST_PLACES = 48 };

typedef enum { ROTOR_EMPTY, ROTOR_TUBE, ROTOR_BALANCE } rotor_place_t;

typedef struct {
    const char *display; /* "8 min", or "stands" */
    const char *below;   /* "10 min at 1300 g"; NULL: nothing */
    int count;           /* places; tubes stand in opposite pairs, in the order given */
    rotor_place_t place[ROTOR_MOST_PLACES];
    const char *cap[ROTOR_MOST_PLACES]; /* color words of the tubes */
} rotor_picture_t;

bool draw_rotor(text_t *out, const rotor_picture_t *rotor, draw_look_t look, err_t *err);
void draw_rotor_describe(text_t *out, const rotor_picture_t *rotor);

#endif
