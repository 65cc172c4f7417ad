/* Evaluates records, one JSON object a line on standard input, against the rules of the program; prints for each every
 * condition and outcome, for the second implementation (brute.py) to agree with. */
#include "base/content.h"
#include "road/evaluate.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024, TODAY = 20779 /* 2026-11-22 */ };

static void print(const route_result_t *result)
{
    printf("%s %s", result->route->id, outcome_word(result->outcome));
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++)
        printf(" %s=%d%d%s", result->leaves[i].leaf->id, (int)result->leaves[i].verdict.worst,
               (int)result->leaves[i].verdict.best, result->leaves[i].stands ? "!" : "");
    putchar('\n');
}

int main(void)
{
    static char line[RECORD_BYTES_MAX];
    arena_t *forever = arena_new(ARENA_MAX), *arena = arena_new(ARENA_MAX);
    rules_t rules;
    err_t err = {0};
    if (!rules_load(&rules, forever, content_source(), &err)) return fprintf(stderr, "%s\n", err.text), 1;
    while (fgets(line, sizeof line, stdin) != NULL) {
        record_t record;
        route_result_t *results;
        size_t count;
        arena_reset(arena);
        if (!record_read(&record, arena, line, strlen(line), &err) ||
            !evaluate_all(&rules, &record, NULL, TODAY, arena, &results, &count, &err))
            return fprintf(stderr, "%s\n", err.text), 1;
        for (size_t i = 0; i < count; i++) print(&results[i]);
        putchar('\n');
    }
    arena_free(arena);
    arena_free(forever);
    return 0;
}
