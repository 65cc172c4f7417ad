/* A QR code's picture: quiet zone, the three finder patterns, nothing outside, label escaped, too long refused. What it
 * encodes is the library's; that the modules stand where they should is ours. */
#include "draw/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE_MAX = 200 };

typedef struct {
    int side;
    unsigned char dark[SIDE_MAX][SIDE_MAX];
} grid_t;

static void read_svg(const char *svg, grid_t *g)
{
    memset(g, 0, sizeof *g);
    const char *box = strstr(svg, "viewBox=\"0 0 "), *path = strstr(svg, "#000\" d=\"");
    assert_true(box != NULL && path != NULL);
    assert_int_equal(sscanf(box, "viewBox=\"0 0 %d", &g->side), 1);
    assert_in_range(g->side, 21 + 8, SIDE_MAX - 1);
    int x, y, run, back, used;
    for (const char *p = path + strlen("#000\" d=\""); *p != '"'; p += used) {
        used = 0;
        assert_int_equal(sscanf(p, "M%d %dh%dv1h-%dz%n", &x, &y, &run, &back, &used), 4);
        assert_true(used > 0 && run == back && run > 0 && x >= 4 && y >= 4 && x + run <= g->side - 4 &&
                    y < g->side - 4);
        for (int i = 0; i < run; i++) g->dark[y][x + i] = 1;
    }
}

static void assert_finder(const grid_t *g, int left, int top)
{
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 7; x++) {
            int ring = x == 0 || y == 0 || x == 6 || y == 6, heart = x > 1 && x < 5 && y > 1 && y < 5;
            assert_int_equal(g->dark[top + y][left + x], ring || heart);
        }
}

static void the_picture(void **state)
{
    (void)state;
    static grid_t g;
    text_t svg;
    text_init(&svg, 256 * 1024);
    assert_true(draw_qr(&svg, "http://127.0.0.1:8080/sign/0123456789abcdefghjkmnpqrs", "a <link> & \"more\"", NULL));
    assert_non_null(strstr(svg.data, "aria-label=\"a &lt;link&gt; &amp; &quot;more&quot;\""));
    read_svg(svg.data, &g);
    assert_int_equal((g.side - 8 - 17) % 4, 0); /* versions have 21, 25, 29 ... modules a side */
    assert_finder(&g, 4, 4);
    assert_finder(&g, g.side - 4 - 7, 4);
    assert_finder(&g, 4, g.side - 4 - 7);
    for (int i = 8; i < g.side - 8 - 8; i++) assert_int_equal(g.dark[4 + 6][4 + i], i % 2 == 0); /* the timing line */
    text_free(&svg);
}

static void what_is_refused(void **state)
{
    (void)state;
    char longer[QR_TEXT_MAX + 2];
    err_t err = {0};
    text_t svg;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    text_init(&svg, 256 * 1024);
    assert_false(draw_qr(&svg, longer, "", &err));
    assert_int_equal(err.code, ERR_LIMIT);
    longer[QR_TEXT_MAX] = '\0';
    assert_true(draw_qr(&svg, longer, "", NULL));
    text_free(&svg);
    text_init(&svg, 100); /* no room: said, not cut short */
    assert_false(draw_qr(&svg, "x", "", &err));
    text_free(&svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_picture), cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
