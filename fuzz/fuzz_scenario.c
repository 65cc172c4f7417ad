/* Scenario files from strangers: read, and when one is accepted, a quarter of an hour of it is worked. And as a form:
 * what can be read into a draft is written, read again and written as the same bytes, and its check comes to an end;
 * what scenario_read accepts and the form knows, it accepts as the form writes it. */
#include "base/content.h"
#include "lab/draft.h"
#include "lab/lab.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA = 8 * 1024 * 1024 };

static const lab_t *laboratory(void)
{
    static lab_t *lab;
    err_t err;
    if (!lab && !lab_open(&lab, content_source(), &err)) abort();
    return lab;
}

static void as_form(const char *bytes, size_t size, bool accepted)
{
    arena_t *arena = arena_new(ARENA);
    static draft_t draft, again;
    static draft_mistake_t mistakes[DRAFT_MISTAKES_MAX];
    text_t one, two;
    err_t err;
    text_init(&one, 2 * DRAFT_FILE_MAX);
    text_init(&two, 2 * DRAFT_FILE_MAX);
    if (draft_read(&draft, arena, "fuzz", bytes, size, &err) && draft_write(&draft, &one, &err)) {
        if (!draft_read(&again, arena, "again", one.data, one.length, &err) || !draft_write(&again, &two, &err))
            abort();
        if (one.length != two.length || memcmp(one.data, two.data, one.length) != 0) abort();
        int count = draft_check(laboratory(), &draft, mistakes);
        scenario_t *scenario = NULL;
        bool right = scenario_read(laboratory(), "form", (const unsigned char *)one.data, one.length, &scenario, &err);
        if ((accepted && !right) || (draft_value(&draft, DRAFT_ROOT, 0, "id")[0] && right != (count == 0))) abort();
        scenario_free(scenario);
    }
    text_free(&one);
    text_free(&two);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scenario_t *scenario;
    shift_t *shift;
    err_t err;
    bool accepted = scenario_read(laboratory(), "fuzz.yaml", data, size, &scenario, &err);
    as_form((const char *)data, size, accepted);
    if (!accepted) return 0;
    if (shift_start(&shift, laboratory(), scenario, 1, MODE_PRACTICE, &err)) {
        pilot_run(shift, PILOT_CAREFUL, 900, NULL, NULL, &err);
        shift_keep(shift, scenario);
        scenario = NULL;
        shift_free(shift);
    }
    scenario_free(scenario);
    return 0;
}
