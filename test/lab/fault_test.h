/* For the fault tests: the laboratory with its fault tables, and a check that counts and speaks. */
#ifndef TITER_TEST_FAULT_TEST_H
#define TITER_TEST_FAULT_TEST_H

#include "base/content.h"
#include "check.h"
#include "counter.h"
#include "fault.h"
#include "fault_tables.h"
#include "lab_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_FILES = 400, TEST_FILE_MAX = 1 << 20 };

typedef struct {
    source_file_t files[TEST_FILES]; /* the program's own content, each file ended by a zero */
    source_t source;
    arena_t *arena;
    lab_t *lab;
} fixture_t;

static inline unsigned char *read_whole(arena_t *arena, const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = arena_alloc(arena, TEST_FILE_MAX);
    if (file == NULL || bytes == NULL) {
        printf("cannot read %s\n", path);
        exit(1);
    }
    *length = fread(bytes, 1, TEST_FILE_MAX - 1, file);
    fclose(file);
    return bytes;
}

static void bench_open(fixture_t *bench)
{
    err_t err = {0};
    const source_t *own = content_source();
    bench->arena = arena_new((size_t)TEST_FILE_MAX * 64);
    if (own->count > TEST_FILES || bench->arena == NULL) exit(1);
    for (size_t i = 0; i < own->count; i++) {
        unsigned char *bytes = arena_alloc(bench->arena, own->files[i].length + 1);
        if (bytes == NULL) exit(1);
        memcpy(bytes, own->files[i].bytes, own->files[i].length);
        bench->files[i] = (source_file_t){own->files[i].path, bytes, own->files[i].length};
    }
    bench->source = (source_t){bench->files, own->count};
    if (!lab_load(&bench->lab, &bench->source, &err) || !fault_load(bench->lab, &bench->source, &err) ||
        !counter_load(bench->lab, &bench->source, &err)) {
        printf("%s\n", err.text);
        exit(1);
    }
}

static void bench_close(fixture_t *bench)
{
    lab_free(bench->lab);
    arena_free(bench->arena);
}

static inline int analyte(const fixture_t *bench, const char *id)
{
    int a = lab_analyte_find(bench->lab, id);
    if (a < 0) {
        printf("no analyte %s\n", id);
        exit(1);
    }
    return a;
}

#endif
