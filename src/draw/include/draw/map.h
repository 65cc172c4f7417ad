/* A map of the states and territories of the United States as tiles of one size, each about where it lies. A tile says
 * by letter, frame and hatching what is asked there; color only repeats it. */
#ifndef TITER_DRAW_MAP_H
#define TITER_DRAW_MAP_H

#include "base/err.h"
#include "base/text.h"
#include "draw/look.h"

#include <stdbool.h>

enum { MAP_WIDTH = 720, MAP_HEIGHT = 640, MAP_TILES_MAX = 60 };

typedef enum { MAP_UNKNOWN, MAP_NO, MAP_DEPENDS, MAP_YES } map_say_t;
typedef struct {
    const char *code; /* two letters; one that has no place on the map is left out */
    map_say_t says;
} map_tile_t;

typedef struct {
    const char *title;
    const map_tile_t *tiles;
    int count; /* 1..MAP_TILES_MAX */
} us_map_t;

bool draw_us_map(text_t *out, const us_map_t *map, draw_look_t look, err_t *err);
/* "License required: CA, FL, ...; depends: GA, RI; unknown: GU, ...; not required: all others (39)." */
void draw_us_map_describe(text_t *out, const us_map_t *map);

#endif
