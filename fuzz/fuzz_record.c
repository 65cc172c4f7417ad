/* An applicant record from outside: read, written, read again to the same bytes, held against every rule. */
#include "base/content.h"
#include "road/evaluate.h"

#include <assert.h>
#include <string.h>

enum { ARENA_MAX = 32 * 1024 * 1024, TODAY = 20779 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    static arena_t *forever;
    static rules_t rules;
    record_t record, again;
    err_t err = {0};
    if (forever == NULL) {
        forever = arena_new(ARENA_MAX);
        bool loaded = rules_load(&rules, forever, content_source(), &err);
        assert(loaded);
    }
    arena_t *arena = arena_new(ARENA_MAX);
    if (record_read(&record, arena, (const char *)bytes, length, &err)) {
        text_t first, second;
        route_result_t *results;
        size_t count;
        text_init(&first, ARENA_MAX);
        text_init(&second, ARENA_MAX);
        record_write(&record, &first);
        bool read = first.length > RECORD_BYTES_MAX || record_read(&again, arena, first.data, first.length, &err);
        assert(read);
        if (first.length <= RECORD_BYTES_MAX) {
            record_write(&again, &second);
            assert(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
        }
        bool judged = evaluate_all(&rules, &record, NULL, TODAY, arena, &results, &count, &err);
        for (size_t i = 0; judged && i < count; i++) {
            for (size_t k = 0; results[i].leaves != NULL && k < results[i].route->leaves; k++)
                assert(results[i].leaves[k].verdict.worst <= results[i].leaves[k].verdict.best);
            text_clear(&second);
            route_result_json(&results[i], &second);
        }
        text_free(&first);
        text_free(&second);
    } else
        assert(err.text[0] != '\0');
    arena_free(arena);
    return 0;
}
