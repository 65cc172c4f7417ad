/* A record file, as somebody's import: whatever it is, it is refused with a sentence or read within the limits, and
 * nothing is saved. The data folder is empty and opened once. */
#include "app/record.h"
#include "base/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t no_time(void *clock)
{
    (void)clock;
    return 1800000000000;
}

static uint64_t no_chance(void *clock)
{
    (void)clock;
    return 4;
}

static app_t *app;
static char dir[] = "/tmp/titer-fuzz-import-XXXXXX";

static void clean_up(void)
{
    char command[80];
    app_close(app);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    int ignored = system(command);
    (void)ignored;
}

static app_t *open_once(void)
{
    static source_t content;
    if (app != NULL) return app;
    content = *content_source();
    app_options_t options = {.content = &content, .now_ms = no_time, .random = no_chance};
    options.data_dir = mkdtemp(dir);
    if (options.data_dir == NULL || !app_open(&app, &options, NULL)) abort();
    atexit(clean_up);
    return app;
}

static void check(const app_import_t *plan)
{
    if (plan->count > APP_RECORD_ENTRIES || plan->added != plan->count || plan->corrected != 0) abort();
    for (int i = 0; i < plan->count; i++) {
        const record_section_t *section = app_record_section(plan->entries[i].section);
        for (int f = 0; f < section->count; f++)
            if (!app_record_check(app, &section->fields[f], plan->entries[i].values[f], NULL)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    app_import_t plan;
    err_t err = {0};
    int64_t seq = 0;
    if (arena == NULL) return 0;
    if (app_record_import_plan(open_once(), APP_RECORD_ME, (const char *)data, size, arena, &plan, &err))
        check(&plan);
    else if (err.text[0] == '\0')
        abort();
    if (!store_last(app_store(app), "record/me", &seq, NULL) || seq != 0) abort();
    arena_free(arena);
    return 0;
}
