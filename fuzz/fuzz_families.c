/* Family files from strangers: read; what is accepted makes an item or says why not. The laboratory is one that answers
 * anything with numbers of the right kind. */
#include "base/content.h"
#include "exam/family.h"

#include <stdio.h>
#include <stdlib.h>

static bool formula(void *self, const char *id, const char *const *names, const double *values, int count,
                    double *value, err_t *err)
{
    (void)self, (void)id, (void)names, (void)err;
    *value = 1;
    for (int i = 0; i < count; i++) *value += values[i];
    return true;
}

static bool judge(void *self, const char *rules, int levels, int runs, const double *z, family_verdict_t *verdict,
                  err_t *err)
{
    (void)self, (void)rules, (void)err;
    double last = z[levels * runs - 1];
    *verdict = (family_verdict_t){.reject = last > 2 || last<-2, .rejecting = last> 2 || last < -2};
    snprintf(verdict->rule, sizeof verdict->rule, "%s", verdict->reject ? "2-2s" : "");
    return true;
}

static bool fault(void *self, const char *id, const char *fluid, double severity, uint64_t seed,
                  const char *const *analytes, int count, family_row_t *rows, err_t *err)
{
    (void)self, (void)id, (void)fluid, (void)err;
    for (int i = 0; i < count; i++)
        rows[i] = (family_row_t){.id = analytes[i],
                                 .name = analytes[i],
                                 .unit = "mg/dL",
                                 .value = severity + (double)(seed % 100),
                                 .before = (double)(seed % 100),
                                 .low = 1,
                                 .high = 9,
                                 .decimals = 1};
    return true;
}

static bool clot(void *self, const char *const *names, const double *values, int count, family_times_t *times,
                 err_t *err)
{
    (void)self, (void)names, (void)err;
    *times = (family_times_t){12, 1, 30, 16, 18, 32, 33};
    for (int i = 0; i < count; i++)
        if (values[i] > 0 && values[i] < 1) times->aptt += 10 / values[i];
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bank_t *bank;
    static const family_source_t source = {.formula = formula, .judge = judge, .fault = fault, .clot = clot};
    source_file_t file = {"items/families/fuzz.yaml", data, size};
    source_t content = {&file, 1};
    families_t *families;
    err_t err;
    if (!bank && !bank_open(&bank, content_source(), &err)) abort();
    if (!families_open(&families, &content, bank, &source, &err)) return 0;
    arena_t *arena = arena_new(1 << 20);
    for (int i = 0; i < families_count(families); i++) {
        family_item_t made;
        if (!family_make(families, i, 1, arena, &made, &err)) continue;
        if (made.item.parts < 3 || made.item.parts > ITEM_PARTS_MAX || !made.item.stem || !made.item.id) abort();
        arena_reset(arena);
    }
    arena_free(arena);
    families_close(families);
    return 0;
}
