/* Ledgers of continuing education: whatever is read can be counted, planned for and written as a calendar. */
#include "base/content.h"
#include "road/ce.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { TODAY = 20784 }; /* 2026-11-27 */
    arena_t *arena = arena_new(64 * 1024 * 1024);
    ce_t ce;
    ledger_t ledger;
    ce_result_t *results;
    ce_plan_t plan;
    err_t err;
    if (arena && ce_load(&ce, arena, content_source(), &err) &&
        ledger_read(&ledger, arena, &ce, (const char *)data, size, &err) &&
        ce_check(&results, arena, &ce, &ledger, TODAY, &err)) {
        for (int h = 0; h < ledger.held_count; h++) {
            assert(results[h].total.sure <= results[h].total.possible);
            assert(results[h].total.declared <= results[h].total.sure);
            assert(results[h].start.first <= results[h].start.last);
        }
        if (ce_plan(&plan, arena, &ce, &ledger, results, TODAY, &err)) {
            text_t out;
            text_init(&out, 16 * 1024 * 1024);
            assert(plan.hours <= plan.apart_hours);
            ce_calendar(&out, &ce, &ledger, results, &plan, 0);
            text_free(&out);
        }
    }
    arena_free(arena);
    return 0;
}
