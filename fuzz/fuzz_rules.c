/* A file of rules from outside. */
#include "road/evaluate.h"

#include <assert.h>

enum { ARENA_MAX = 32 * 1024 * 1024, TODAY = 20779 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    arena_t *arena = arena_new(ARENA_MAX);
    rules_t rules = {0};
    err_t err = {0};
    if (rules_read(&rules, arena, "fuzz.json", (const char *)bytes, length, &err)) {
        record_t record = record_unknown();
        route_result_t *results;
        size_t count;
        bool judged = evaluate_all(&rules, &record, NULL, TODAY, arena, &results, &count, &err);
        for (size_t i = 0; judged && i < count; i++) {
            text_t out;
            text_init(&out, ARENA_MAX);
            route_result_json(&results[i], &out);
            text_free(&out);
        }
    } else
        assert(err.text[0] != '\0');
    arena_free(arena);
    return 0;
}
