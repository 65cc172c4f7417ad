/* For the fault tests: the laboratory with its fault tables, read from the content folder named on the
 * command line, and a check that counts and speaks. */
#ifndef TITER_TEST_FAULT_TEST_H
#define TITER_TEST_FAULT_TEST_H

#include "fault.h"
#include "fault_tables.h"
#include "lab_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            failures++;                                                                                                \
            printf("FAIL %s:%d: ", __FILE__, __LINE__);                                                                \
            printf(__VA_ARGS__);                                                                                       \
            printf("\n");                                                                                              \
        }                                                                                                              \
    } while (0)

static const char *const TEST_PATHS[] = {"lab/absurd_limits.csv",
                                         "lab/ages.csv",
                                         "lab/analytes.csv",
                                         "lab/analytic.csv",
                                         "lab/condition_effects.csv",
                                         "lab/conditions.csv",
                                         "lab/copula.csv",
                                         "lab/correlations.csv",
                                         "lab/distribution.csv",
                                         "lab/effect_links.csv",
                                         "lab/hil_limits.csv",
                                         "lab/iv_fluids.csv",
                                         "lab/modules.csv",
                                         "lab/nhanes_percentiles.csv",
                                         "lab/population.csv",
                                         "lab/preanalytic.csv",
                                         "lab/preanalytic_faults.csv",
                                         "lab/scopes.csv"};

enum { TEST_FILES = sizeof TEST_PATHS / sizeof *TEST_PATHS, TEST_FILE_MAX = 1 << 20 };

typedef struct {
    source_file_t files[TEST_FILES];
    source_t source;
    arena_t *arena;
    lab_t *lab;
} bench_t;

static unsigned char *read_whole(arena_t *arena, const char *path, size_t *length)
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

static void bench_open(bench_t *bench, const char *folder)
{
    err_t err = {0};
    bench->arena = arena_new((size_t)TEST_FILE_MAX * (TEST_FILES + 16));
    for (int i = 0; i < TEST_FILES; i++) {
        char path[1024];
        size_t length;
        snprintf(path, sizeof path, "%s/%s", folder, TEST_PATHS[i]);
        const unsigned char *bytes = read_whole(bench->arena, path, &length);
        bench->files[i] = (source_file_t){TEST_PATHS[i], bytes, length};
    }
    bench->source = (source_t){bench->files, TEST_FILES};
    if (!lab_load(&bench->lab, &bench->source, &err) || !fault_load(bench->lab, &bench->source, &err)) {
        printf("%s\n", err.text);
        exit(1);
    }
}

static void bench_close(bench_t *bench)
{
    lab_free(bench->lab);
    arena_free(bench->arena);
}

static inline int analyte(const bench_t *bench, const char *id)
{
    int a = lab_analyte_find(bench->lab, id);
    if (a < 0) {
        printf("no analyte %s\n", id);
        exit(1);
    }
    return a;
}

#endif
