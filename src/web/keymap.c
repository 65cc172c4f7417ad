/* Keys by another key: see web/keymap.h. */
#include "web/keymap.h"

#include <string.h>

static int place_of(char key)
{
    const char *at = key ? strchr(KEYMAP_KEYS, key) : NULL;
    return at ? (int)(at - KEYMAP_KEYS) : -1;
}

bool keymap_read(const char *text, char map[KEYMAP_TEXT])
{
    bool from[KEYMAP_COUNT] = {false}, to[KEYMAP_COUNT] = {false};
    size_t length = text ? strlen(text) : 0;
    bool good = length > 0 && length < KEYMAP_TEXT && length % 2 == 0;
    for (size_t i = 0; good && i < length; i += 2) {
        int key = place_of(text[i]), pressed = place_of(text[i + 1]);
        good = key >= 0 && pressed >= 0 && !from[key] && !to[pressed];
        if (good) from[key] = to[pressed] = true;
    }
    good = good && memcmp(from, to, sizeof from) == 0; /* the keys change places among themselves */
    map[0] = '\0';
    if (good) memcpy(map, text, length + 1);
    return good;
}

char keymap_pressed(const char *map, char key)
{
    for (const char *pair = map; pair && pair[0] && pair[1]; pair += 2)
        if (pair[0] == key) return pair[1];
    return key;
}

bool keymap_make(const char wanted[KEYMAP_COUNT], char map[KEYMAP_TEXT], err_t *err)
{
    int of[KEYMAP_COUNT], by[KEYMAP_COUNT]; /* pressed for a key; the key that one presses it for */
    for (int i = 0; i < KEYMAP_COUNT; i++) of[i] = by[i] = -1;
    for (int i = 0; i < KEYMAP_COUNT; i++) {
        if (!wanted[i] || wanted[i] == KEYMAP_KEYS[i]) continue;
        int pressed = place_of(wanted[i]);
        if (pressed < 0)
            return err_set(err, ERR_INPUT, "Choose a letter, or one of . / ? - = [ ] for %c.", KEYMAP_KEYS[i]);
        if (by[pressed] >= 0)
            return err_set(err, ERR_INPUT, "The key %c is chosen for %c and for %c. Choose another for one of them.",
                           wanted[i], KEYMAP_KEYS[by[pressed]], KEYMAP_KEYS[i]);
        of[i] = pressed;
        by[pressed] = i;
    }
    for (int i = 0; i < KEYMAP_COUNT; i++) {
        if (of[i] >= 0) continue;
        int pressed = i;
        while (by[pressed] >= 0) pressed = by[pressed]; /* taken: to where the taker came from, and on */
        of[i] = pressed;
        by[pressed] = i;
    }
    char *to = map;
    for (int i = 0; i < KEYMAP_COUNT; i++)
        if (of[i] != i) *to++ = KEYMAP_KEYS[i], *to++ = KEYMAP_KEYS[of[i]];
    *to = '\0';
    return true;
}
