/* What the tests of exam share: files of test data, and complaints that say what was found. */
#ifndef TITER_EXAM_TEST_H
#define TITER_EXAM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "exam/items.h"

/* A file below $TITER_TEST_DATA, whole; free it. */
static inline char *test_read(const char *name, size_t *length)
{
    const char *folder = getenv("TITER_TEST_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "test/exam", name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be read", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    bytes[size] = 0;
    *length = (size_t)size;
    return bytes;
}

/* A table of test data; its bytes are in the arena. */
static inline csv_t test_table(const char *name, arena_t *arena)
{
    size_t length;
    err_t err = {0};
    csv_t table;
    char *bytes = test_read(name, &length);
    if (!csv_read(&table, arena, name, (const unsigned char *)bytes, length, &err)) fail_msg("%s", err.text);
    free(bytes);
    return table;
}

static inline void near(const char *what, double found, double expected, double tolerance)
{
    if (!(exact_abs(found - expected) <= tolerance))
        fail_msg("%s: found %.9g, expected %.9g within %.2g", what, found, expected, tolerance);
}

#endif
