/* Keys by another key: what a person presses in place of the key that a page names. A map is text of
 * pairs, the key as it came and the key pressed for it ("vwwv"): short enough for a cookie and for an
 * attribute of the page. Keys that may change are those of KEYMAP_KEYS; each of them is always pressed by
 * exactly one key, so no verb is lost and none has two. */
#ifndef TITER_WEB_KEYMAP_H
#define TITER_WEB_KEYMAP_H

#include "base/err.h"

#include <stdbool.h>

#define KEYMAP_KEYS "abcdefghijklmnopqrstuvwxyz./?-=[]"
enum { KEYMAP_COUNT = sizeof KEYMAP_KEYS - 1, KEYMAP_TEXT = 2 * KEYMAP_COUNT + 1 };

/* The map of a cookie; false, and no pair in `map`, where it is none. */
bool keymap_read(const char *text, char map[KEYMAP_TEXT]);
/* The key that is pressed for `key`. */
char keymap_pressed(const char *map, char key);
/* `wanted[i]` is what shall be pressed for KEYMAP_KEYS[i]: 0 where nothing is said. A key that another takes goes where
 * the other came from. False, with a sentence, for a key that cannot be chosen or that two want. */
bool keymap_make(const char wanted[KEYMAP_COUNT], char map[KEYMAP_TEXT], err_t *err);

#endif
