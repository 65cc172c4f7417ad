/* Forms with a file, well-formed and not. */
#include "web/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIELDS = 4, TEXTS = 1000 };

#define PART(name, value) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, file, value)                                                                                   \
    "--b\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file                                       \
    "\"\r\nContent-Type: text/html\r\n\r\n" value "\r\n"

typedef struct {
    const char *body;
    size_t length;
    int fields;               /* -1: refused */
    const char *first, *file; /* value of the first field; "name=content" of the file, or NULL */
} case_t;

#define CASE(body, ...)                                                                                                \
    {                                                                                                                  \
        body, sizeof(body) - 1, __VA_ARGS__                                                                            \
    }
static const case_t cases[] = {
    CASE("--b--\r\n", 0, NULL, NULL),
    CASE("--b--", 0, NULL, NULL),
    CASE(PART("a", "one") "--b--\r\n", 1, "one", NULL),
    CASE(PART("a", "") PART("b", "x") "--b--\r\n", 2, "", NULL),
    CASE(PART("a", "two\r\nlines\r\n-b") "--b--\r\n", 1, "two\r\nlines\r\n-b", NULL),
    CASE(FILE_PART("f", "a.pdf", "12\r\n--c\0\xff") "--b--\r\n", 0, NULL, "a.pdf=9"),
    CASE(FILE_PART("f", "../../etc/passwd", "x") "--b--\r\n", 0, NULL, "passwd=1"),
    CASE(FILE_PART("f", "C:\\scans\\a b.pdf", "") "--b--\r\n", 0, NULL, "a b.pdf=0"),
    CASE(FILE_PART("f", "", "") "--b--\r\n", 0, NULL, "=0"),
    CASE("--b\r\ncontent-disposition:form-data; name=\"a\"\r\nX: y\r\n\r\nv\r\n--b--", 1, "v", NULL),
    CASE("", -1, NULL, NULL),
    CASE("--c--\r\n", -1, NULL, NULL),
    CASE("before\r\n--b--\r\n", -1, NULL, NULL),
    CASE(PART("a", "one"), -1, NULL, NULL),
    CASE(PART("a", "one") "--b", -1, NULL, NULL),
    CASE(PART("a", "one") "--b--\r\nafter", -1, NULL, NULL),
    CASE("--b\r\n\r\nno head\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: form-data; name=\"a\"; other=\"b\"\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: form-data; name=\"a\x01\"\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE("--b\r\nContent-Disposition: form-data; name=\"\xc3(\"\r\n\r\nx\r\n--b--\r\n", -1, NULL, NULL),
    CASE(PART("a", "zero\0byte") "--b--\r\n", -1, NULL, NULL),
    CASE(PART("a", "\xff") "--b--\r\n", -1, NULL, NULL),
    CASE(FILE_PART("f", "a", "x") FILE_PART("g", "b", "y") "--b--\r\n", -1, NULL, NULL),
    CASE(PART("a", "1") PART("a", "2") PART("a", "3") PART("a", "4") PART("a", "5") "--b--\r\n", -1, NULL, NULL),
};

static void bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const case_t *c = &cases[i];
        arena_t *arena = arena_new(1 << 20);
        char *body = malloc(c->length + 1); /* its own block, so that the sanitizer sees a step beyond it */
        memcpy(body, c->body, c->length);
        params_t form;
        upload_t file;
        err_t err = {0};
        bool ok = multipart_parse(&form, &file, arena, "b", body, c->length, FIELDS, TEXTS, &err);
        if (ok != (c->fields >= 0)) fail_msg("case %zu: %s", i, ok ? "was read" : err.text);
        if (ok) {
            assert_int_equal(form.count, c->fields);
            if (c->first) assert_string_equal(form.items[0].value, c->first);
            char is[400];
            snprintf(is, sizeof is, "%s=%zu", file.name ? file.name : "", file.length);
            if (c->file) assert_string_equal(is, c->file);
            assert_int_equal(file.field != NULL, c->file != NULL);
        } else {
            assert_true(strlen(err.text) > 20);
        }
        free(body);
        arena_free(arena);
    }
}

static void boundaries(void **state)
{
    (void)state;
    static const char *const types[][2] = {
        {"multipart/form-data; boundary=----WebKitFormBoundaryAbC", "----WebKitFormBoundaryAbC"},
        {"Multipart/Form-Data;boundary=\"a b\"", NULL},
        {"multipart/form-data; boundary=\"a:b\"", "a:b"},
        {"multipart/form-data; boundary=\"a:b", NULL},
        {"multipart/form-data; boundary=", NULL},
        {"multipart/form-data", NULL},
        {"multipart/mixed; boundary=a", NULL},
        {"multipart/form-data; boundary=a; charset=x", NULL},
        {"multipart/form-data; boundary=a\r\nb", NULL},
        {"multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", NULL},
    };
    arena_t *arena = arena_new(1 << 16);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        err_t err = {0};
        const char *boundary = multipart_boundary(arena, types[i][0], &err);
        if (types[i][1] == NULL) {
            assert_null(boundary);
            assert_true(strlen(err.text) > 20);
        } else {
            assert_non_null(boundary);
            assert_string_equal(boundary, types[i][1]);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bodies), cmocka_unit_test(boundaries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
