/* The readers of strangers' bytes, against params.cases; and bytes at random, which must be refused
 * or read, never more. */
#include "base/rng.h"
#include "base/text.h"
#include "web/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAIRS_MAX = 4, PARTS_MAX = 4, LINE_MAX_BYTES = 1000, RANDOM_ROUNDS = 20000 };

static const char *cases_path;

static size_t unescape(char *text)
{
    size_t n = 0;
    for (char *p = text; *p != '\0';) {
        unsigned byte;
        if (p[0] == '\\' && p[1] == 'x' && sscanf(p + 2, "%2x", &byte) == 1) {
            text[n++] = (char)byte;
            p += 4;
        } else {
            text[n++] = *p++;
        }
    }
    text[n] = '\0';
    return n;
}

static void write_pairs(text_t *out, const params_t *params)
{
    for (size_t i = 0; i < params->count; i++) {
        if (i > 0) text_add_char(out, '|');
        text_add(out, params->items[i].name);
        text_add_char(out, '=');
        text_add(out, params->items[i].value);
    }
}

static void read_split(text_t *out, arena_t *arena, const char *input, size_t length)
{
    const char *parts[PARTS_MAX];
    size_t count;
    if (!path_split(arena, input, length, parts, PARTS_MAX, &count, NULL)) {
        text_add(out, "refused");
    } else if (count == 0 || count > PARTS_MAX) {
        text_add_int(out, (int64_t)count);
    } else {
        for (size_t i = 0; i < count; i++) {
            if (i > 0) text_add_char(out, '|');
            text_add(out, parts[i]);
        }
    }
}

static void run_case(const char *kind, const char *input, size_t length, text_t *out)
{
    arena_t *arena = arena_new(1 << 20);
    params_t params;
    text_add(out, "");
    if (strcmp(kind, "form") == 0) {
        if (params_parse(&params, arena, input, length, PAIRS_MAX, NULL))
            write_pairs(out, &params);
        else
            text_add(out, "refused");
    } else if (strcmp(kind, "cookie") == 0) {
        if (params_cookies(&params, arena, input, PAIRS_MAX, NULL))
            write_pairs(out, &params);
        else
            text_add(out, "refused");
    } else if (strcmp(kind, "path") == 0) {
        const char *path = path_decode(arena, input, length, NULL);
        text_add(out, path == NULL ? "refused" : path);
    } else if (strcmp(kind, "split") == 0) {
        read_split(out, arena, input, length);
    } else if (strcmp(kind, "utf8") == 0) {
        text_add(out, text_is_utf8(input, length) ? "yes" : "no");
    } else if (strcmp(kind, "gzip") == 0) {
        text_add(out, accepts_encoding(input, "gzip") ? "yes" : "no");
    } else {
        fail_msg("unknown kind %s", kind);
    }
    arena_free(arena);
}

static void test_cases(void **state)
{
    (void)state;
    FILE *file = fopen(cases_path, "r");
    assert_non_null(file);
    char line[LINE_MAX_BYTES];
    int number = 0, run = 0, wrong = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        char *input = strchr(line, '\t');
        assert_non_null(input);
        *input++ = '\0';
        char *expected = strchr(input, '\t');
        assert_non_null(expected);
        *expected++ = '\0';
        size_t length = unescape(input);
        unescape(expected);
        if (strcmp(expected, "refused-name") == 0) *expected = '\0';
        text_t out;
        text_init(&out, 10000);
        run_case(line, input, length, &out);
        const char *got = out.data == NULL ? "" : out.data;
        if (strcmp(got, expected) != 0) {
            print_error("%s:%d: expected \"%s\", got \"%s\"\n", cases_path, number, expected, got);
            wrong++;
        }
        text_free(&out);
        run++;
    }
    fclose(file);
    assert_true(run > 60);
    assert_int_equal(wrong, 0);
}

static void test_repeats(void **state)
{
    (void)state;
    arena_t *arena = arena_new(100000);
    params_t params;
    const char *text = "rule=1-3s&x=1&rule=2-2s";
    assert_true(params_parse(&params, arena, text, strlen(text), 10, NULL));
    assert_string_equal(params_get(&params, "rule"), "1-3s");
    assert_string_equal(params_nth(&params, "rule", 1), "2-2s");
    assert_null(params_nth(&params, "rule", 2));
    assert_null(params_get(&params, "rul"));
    arena_free(arena);
}

static void test_memory_limit(void **state)
{
    (void)state;
    arena_t *arena = arena_new(64);
    params_t params;
    char text[4000];
    memset(text, 'a', sizeof text);
    err_t err = {0};
    assert_false(params_parse(&params, arena, text, sizeof text, 10, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    arena_free(arena);
}

static void test_random_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "ab=&%+;/ 0F\xC3\xA9\0\x7f\xff\n";
    rng_t rng = rng_at(7, 1, 2, 3);
    arena_t *arena = arena_new(1 << 20);
    for (int i = 0; i < RANDOM_ROUNDS; i++) {
        char text[64];
        size_t n = rng_below(&rng, 40);
        for (size_t k = 0; k < n; k++) text[k] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
        char *exact = malloc(n + 1); /* exact size: the sanitizer sees a read past the end */
        assert_non_null(exact);
        memcpy(exact, text, n);
        params_t params;
        if (params_parse(&params, arena, exact, n, PAIRS_MAX, NULL))
            for (size_t k = 0; k < params.count; k++)
                assert_true(text_is_utf8(params.items[k].value, strlen(params.items[k].value)));
        path_decode(arena, exact, n, NULL);
        exact[n] = '\0';
        params_cookies(&params, arena, exact, PAIRS_MAX, NULL);
        accepts_encoding(exact, "gzip");
        free(exact);
        arena_reset(arena);
    }
    arena_free(arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    cases_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
