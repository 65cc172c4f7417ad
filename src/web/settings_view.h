/* What the page of settings shows. */
#ifndef TITER_WEB_SETTINGS_VIEW_H
#define TITER_WEB_SETTINGS_VIEW_H

#include "web/frame.h"

typedef struct {
    const char *name, *key, *pressed, *does;
    bool moved;
} setting_key_t;

typedef struct {
    frame_t frame;
    const char *back; /* the page one came from */
    setting_key_t *keys;
    int key_count;
} settings_t;

#endif
