/* What the parts of the rotation's fold share. */
#ifndef TITER_ROAD_ROTATION_PRIVATE_H
#define TITER_ROAD_ROTATION_PRIVATE_H

#include "road/rotation.h"

#include <jansson.h>

typedef struct {
    rotation_t *r;
    const rotation_event_t *event;
    json_t *json;
} fold_t;

/* Kept in the state's arena; "" when there is none. */
const char *fold_text(const fold_t *f, const char *key);
/* Clears *ok when there is no whole number in that range. */
int fold_int(const fold_t *f, const char *key, int least, int most, bool *ok);

/* rotation_places.c; false: not understood */
bool fold_site(fold_t *f);
bool fold_slot(fold_t *f);
bool fold_place(fold_t *f);
bool fold_unplace(fold_t *f);
bool fold_view(fold_t *f);

#endif
