/* What the quality control and formula tests share: reading a case file, and a cmocka group of one. */
#ifndef TITER_TEST_QC_TEST_H
#define TITER_TEST_QC_TEST_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The folder of the case files: TITER_TEST_DATA, else test/lab below the working folder. */
static inline char *test_read(const char *name, size_t *length)
{
    const char *folder = getenv("TITER_TEST_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "test/lab", name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be opened; set TITER_TEST_DATA to the folder test/lab", path);
    text_t text;
    text_init(&text, 4u << 20);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) text_add_n(&text, buffer, n);
    fclose(file);
    assert_false(text.failed);
    *length = text.length;
    return text.data; /* free() */
}

#endif
