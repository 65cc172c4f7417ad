/* For the patient tests: the program's own content, its tables read by name, and a check that counts and speaks. */
#ifndef TITER_TEST_PATIENT_CONTENT_H
#define TITER_TEST_PATIENT_CONTENT_H

#include "base/content.h"
#include "check.h"
#include "patient_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_FILES = 400, TEST_FILE_MAX = 1 << 20 };

typedef struct {
    source_file_t files[TEST_FILES];
    source_t source;
    arena_t *arena;
} content_t;

/* A copy that a test may change: each file ends with a zero. */
static void content_open(content_t *content)
{
    const source_t *own = content_source();
    content->arena = arena_new((size_t)TEST_FILE_MAX * 64);
    if (own->count > TEST_FILES || content->arena == NULL) exit(1);
    for (size_t i = 0; i < own->count; i++) {
        unsigned char *bytes = arena_alloc(content->arena, own->files[i].length + 1);
        if (bytes == NULL) exit(1);
        memcpy(bytes, own->files[i].bytes, own->files[i].length);
        content->files[i] = (source_file_t){own->files[i].path, bytes, own->files[i].length};
    }
    content->source = (source_t){content->files, own->count};
}

static inline csv_t content_table(content_t *content, const char *path)
{
    csv_t table;
    err_t err;
    const source_file_t *file = source_find(&content->source, path);
    if (file == NULL || !csv_read(&table, content->arena, path, file->bytes, file->length, &err)) {
        printf("cannot read %s\n", path);
        exit(1);
    }
    return table;
}

static inline const char *content_text(const csv_t *table, size_t row, const char *column)
{
    int c = csv_column(table, column);
    if (c < 0) {
        printf("%s has no column %s\n", table->file, column);
        exit(1);
    }
    return csv_text(table, row, c);
}

static inline double content_number(const csv_t *table, size_t row, const char *column)
{
    const char *text = content_text(table, row, column);
    double value;
    if (!text_to_double(text, strlen(text), &value)) {
        printf("%s:%d: %s is not a number\n", table->file, table->lines[row], column);
        exit(1);
    }
    return value;
}

static inline lab_t *content_lab(const content_t *content)
{
    lab_t *lab;
    err_t err;
    if (!lab_load(&lab, &content->source, &err)) {
        printf("%s\n", err.text);
        exit(1);
    }
    return lab;
}

static inline void content_close(content_t *content)
{
    arena_free(content->arena);
}

#endif
