/* Keys by another key: every key is pressed by one key and stands for one verb, whatever is asked for. */
#include "web/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool make(const char *pairs, char map[KEYMAP_TEXT], err_t *err)
{
    char wanted[KEYMAP_COUNT] = {0};
    for (const char *p = pairs; *p; p += 2) wanted[strchr(KEYMAP_KEYS, p[0]) - KEYMAP_KEYS] = p[1];
    return keymap_make(wanted, map, err);
}

static void test_made(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *made;
    } cases[] = {{"", ""},           {"vv", ""}, {"vw", "vwwv"}, /* w goes where v was */
                 {"vwwv", "vwwv"},                               /* said so outright */
                 {"vwwr", "rvvwwr"},                             /* r goes where v was */
                 {"vyrv", "rvvyyr"},                             /* y, that is free, takes r */
                 {"nj.,", NULL},                                 /* a comma cannot be chosen */
                 {"vwrw", NULL},                                 /* two want w */
                 {"/s", "s//s"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char map[KEYMAP_TEXT], again[KEYMAP_TEXT];
        err_t err = {0};
        assert_int_equal(make(cases[i].wanted, map, &err), cases[i].made != NULL);
        if (!cases[i].made) {
            assert_non_null(strstr(err.text, "hoose"));
            continue;
        }
        assert_string_equal(map, cases[i].made);
        assert_int_equal(keymap_read(map, again), map[0] != '\0');
        assert_string_equal(again, map);
    }
}

/* Any wishes that do not contradict one another make a permutation that grants them. */
static void test_permutation(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int round = 0; round < 5000; round++) {
        char wanted[KEYMAP_COUNT] = {0}, map[KEYMAP_TEXT];
        bool taken[KEYMAP_COUNT] = {false}, seen[128] = {false};
        for (int n = 0; n < 12; n++) {
            random = random * 1664525u + 1013904223u;
            int key = (int)(random >> 8) % KEYMAP_COUNT, pressed = (int)(random >> 16) % KEYMAP_COUNT;
            if (wanted[key] || taken[pressed] || key == pressed) continue;
            wanted[key] = KEYMAP_KEYS[pressed];
            taken[pressed] = true;
        }
        assert_true(keymap_make(wanted, map, NULL));
        for (int i = 0; i < KEYMAP_COUNT; i++) {
            char pressed = keymap_pressed(map, KEYMAP_KEYS[i]);
            if (wanted[i]) assert_int_equal(pressed, wanted[i]);
            assert_non_null(strchr(KEYMAP_KEYS, pressed));
            assert_false(seen[(int)pressed]);
            seen[(int)pressed] = true;
        }
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",     "-",    "v",    "vw",   "vwwvv",
        "vwww", "v,,v", "VWWV", "vvvv", "abbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabbaabba"};
    char map[KEYMAP_TEXT];
    assert_false(keymap_read(NULL, map));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(keymap_read(bad[i], map));
        assert_string_equal(map, "");
    }
    assert_int_equal(keymap_pressed("", 'v'), 'v');
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_made), cmocka_unit_test(test_permutation),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
