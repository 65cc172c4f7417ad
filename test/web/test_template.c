/* A compiled template against the exact bytes it must give; and its speed on a page of 200 rows. */
#include "fixture.html.h"
#include "web/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { ROWS = 200, ROUNDS = 20 };

static void test_bytes(void **state)
{
    (void)state;
    fixture_row_t rows[] = {{"O'Brien & <b>", 4.25, true, 1}, {"ok", -0.04, false, UINT64_MAX}};
    fixture_t page = {"<script>\"x\"&'", NULL, rows, 2, "<svg/>"};
    text_t out;
    text_init(&out, 100000);
    fixture_page(&out, &page);
    assert_string_equal(
        out.data, "<h1 title=\"&lt;script&gt;&quot;x&quot;&amp;&#39;\">&lt;script&gt;&quot;x&quot;&amp;&#39;</h1>\n"
                  "<ol>\n"
                  "<li class=\"late\">O&#39;Brien &amp; &lt;b&gt; 4.3 1</li>\n"
                  "<li>ok 0.0 18446744073709551615 (last)</li>\n"
                  "</ol>\n"
                  "<b>0</b><b>1</b><b>2</b>\n"
                  "<a href=\"/x/%3Cscript%3E%22x%22%26%27?q=a%20b\">\"quoted\" \\ back ?\?= slash</a>\n"
                  "<pre>\n  kept\n    1\n</pre>\n"
                  "<svg/>");
    text_clear(&out);
    fixture_nothing(&out);
    assert_int_equal(out.length, 0);
    text_free(&out);
}

static void test_branches(void **state)
{
    (void)state;
    fixture_row_t row = {"x", 1, false, 0};
    fixture_t page = {"t", "m", &row, 0, NULL};
    text_t out;
    text_init(&out, 100000);
    fixture_page(&out, &page);
    assert_non_null(strstr(out.data, "<h1 title=\"t\">tm</h1>\n<p>none</p>\n<b>0"));
    page.count = 1;
    text_clear(&out);
    fixture_page(&out, &page);
    assert_non_null(strstr(out.data, "<p>one</p>"));
    page.count = -5; /* a negative count loops over nothing */
    text_clear(&out);
    fixture_page(&out, &page);
    assert_non_null(strstr(out.data, "<ol>\n</ol>"));
    text_free(&out);
}

static void test_limit(void **state)
{
    (void)state;
    fixture_t page = {"t", NULL, NULL, 0, NULL};
    text_t out;
    text_init(&out, 10);
    fixture_page(&out, &page);
    assert_true(out.failed);
    text_free(&out);
}

static void test_speed(void **state)
{
    (void)state;
    static fixture_row_t rows[ROWS];
    for (int i = 0; i < ROWS; i++) rows[i] = (fixture_row_t){"LINDQVIST, Aron", 4.5 + i, i % 2 == 0, (uint64_t)i};
    fixture_t page = {"Worklist", NULL, rows, ROWS, NULL};
    text_t out;
    text_init(&out, 1 << 20);
    struct timespec from, to;
    double best_ms = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        text_clear(&out);
        clock_gettime(CLOCK_MONOTONIC, &from);
        fixture_page(&out, &page);
        clock_gettime(CLOCK_MONOTONIC, &to);
        double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        if (ms < best_ms) best_ms = ms;
    }
    print_message("%d rows, %zu bytes: %.3f ms\n", ROWS, out.length, best_ms);
    assert_true(best_ms < 5); /* well under 1 ms without sanitizers */
    text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
