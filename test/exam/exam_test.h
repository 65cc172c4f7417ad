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

/* A bank of `count` drawn items in the arena: 2pl, or of all models. */
static inline items_t test_items(arena_t *arena, size_t count, uint64_t seed, bool all_models)
{
    items_t items = {.file = "drawn", .count = count};
    items.items = arena_array(arena, count, sizeof *items.items);
    assert_non_null(items.items);
    for (size_t i = 0; i < count; i++) {
        irt_item_t *item = &items.items[i];
        rng_t rng = rng_at(seed, 77, i, 0);
        *item = (irt_item_t){.model = IRT_2PL, .categories = 2};
        if (all_models) item->model = (irt_model_t)rng_below(&rng, IRT_MODELS);
        if (irt_model_is_polytomous(item->model)) item->categories = 2 + (int)rng_below(&rng, 4);
        snprintf(item->id, sizeof item->id, "i%zu", i);
        for (int k = 0; k < item->categories - 1; k++) item->b[k] = 1.2 * rng_normal(&rng);
        for (int k = 1; k < item->categories - 1 && item->model == IRT_GRM; k++)
            item->b[k] = item->b[k - 1] + 0.1 + rng_uniform(&rng);
        item->a = exact_exp(0.3 * rng_normal(&rng));
        if (item->model == IRT_RASCH || item->model == IRT_PCM) item->a = 1;
        if (item->model == IRT_3PL) item->c = 0.1 + 0.15 * rng_uniform(&rng);
        err_t err = {0};
        if (!irt_item_check(item, &err)) fail_msg("%s", err.text);
    }
    return items;
}

#endif
