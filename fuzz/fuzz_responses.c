/* Tables of responses: every answer that is read is a category that some item can have. */
#include "exam/items.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    responses_t table;
    err_t err;
    if (arena && responses_read(&table, arena, "fuzz.csv", data, size, &err)) {
        assert(table.items > 0 && table.persons > 0);
        for (size_t i = 0; i < table.items * table.persons; i++)
            assert(table.answers[i] >= RESPONSE_MISSING && table.answers[i] < IRT_CATEGORIES_MAX);
        for (size_t i = 1; i < table.persons; i++) assert(table.lines[i] > table.lines[i - 1]);
    }
    arena_free(arena);
    return 0;
}
