/* A candidate at a sitting of the test world: begins, looks, answers, ends, reads the report. The items of the bank are
 * taken as in use, whatever their state of review. */
#ifndef TITER_TEST_APP_ROOM_H
#define TITER_TEST_APP_ROOM_H

#include "app/exam_report.h"
#include "base/content.h"
#include "world.h"

static const char HERE[] = "this-browser";
static const int64_t MINUTE = 60000;
enum { ARENA = 4 * 1024 * 1024 };

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig"; /* it keeps what it read of the fonts until the process ends */
}

/* "state: draft" and "state: reviewed" read "state: in_use". */
static inline source_file_t in_use(const source_file_t *file)
{
    char *text = malloc(file->length + 1), *out = malloc(2 * file->length + 1);
    assert_true(text && out);
    memcpy(text, file->bytes, file->length);
    text[file->length] = '\0';
    size_t n = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        bool state = strncmp(line, "    state: ", 11) == 0;
        const char *from = state ? "    state: in_use\n" : line;
        size_t size = state ? strlen(from) : length;
        memcpy(out + n, from, size);
        n += size;
        line += length;
    }
    free(text);
    return (source_file_t){.path = file->path, .bytes = (unsigned char *)out, .length = n};
}

static inline bool is_item_file(const char *path)
{
    size_t n = strlen(path);
    return strncmp(path, "items/", 6) == 0 && strncmp(path, "items/families/", 15) != 0 && n > 5 &&
           strcmp(path + n - 5, ".yaml") == 0;
}

static inline source_t in_use_content(void)
{
    const source_t *whole = content_source();
    source_file_t *files = calloc(whole->count, sizeof *files);
    assert_non_null(files);
    for (size_t i = 0; i < whole->count; i++)
        files[i] = is_item_file(whole->files[i].path) ? in_use(&whole->files[i]) : whole->files[i];
    return (source_t){files, whole->count};
}

static inline int setup(void **state)
{
    *state = world_open(in_use_content());
    return 0;
}

static inline int teardown(void **state)
{
    source_t content = ((world_t *)*state)->content;
    world_close(*state);
    for (size_t i = 0; i < content.count; i++)
        if (is_item_file(content.files[i].path)) free((void *)(uintptr_t)content.files[i].bytes);
    free((void *)(uintptr_t)content.files);
    return 0;
}

static inline void begin(world_t *w, const char *form, double factor, int breaks, char id[APP_ID_MAX])
{
    err_t err = {0};
    app_sitting_start_t start = {.form = form, .factor = factor, .breaks = breaks, .seed = 7};
    if (!app_sitting_create(w->app, &start, HERE, id, &err)) fail_msg("%s", err.text);
}

static inline app_room_t *look(world_t *w, const char *id, int n)
{
    static app_room_t room; /* one test at a time */
    err_t err = {0};
    arena_reset(w->arena);
    if (!app_room(w->app, id, HERE, n, w->arena, &room, &err)) fail_msg("%s", err.text);
    return &room;
}

/* Answers as somebody who always takes the first thing there is. */
static inline room_act_t first_answer(const app_question_t *q)
{
    room_act_t act = {.kind = ROOM_ANSWER, .n = q->n, .number = "12", .sure = 2};
    if (strcmp(q->type, "numeric") == 0 || strcmp(q->type, "count") == 0) return act;
    act.count = strcmp(q->type, "order") == 0 || strcmp(q->type, "match") == 0 ? q->parts : 1;
    for (int i = 0; i < act.count; i++) act.chosen[i] = i;
    return act;
}

/* The answer that the key asks for, in places as they are shown. */
static inline room_act_t right_answer(const sitting_entry_t *entry, int n)
{
    static char number[40];
    item_answer_t r = {.count = 0};
    room_act_t act = {.kind = ROOM_ANSWER, .n = n, .number = number};
    const item_t *item = entry->item;
    if (item_is_number(item->type)) {
        snprintf(number, sizeof number, "%.*f", item->decimals, item->value);
        return act;
    }
    if (item->type == ITEM_ORDER || item->type == ITEM_MATCH)
        for (int i = 0; i < item->parts; i++) r.chosen[r.count++] = i;
    else
        for (int i = 0; i < item->parts; i++)
            if (item->part[i].key) r.chosen[r.count++] = i;
    if (item->type == ITEM_MATCH) { /* chosen[place of left] = place of right */
        sitting_entry_t copy = *entry;
        sitting_to_places(&copy, &r);
        act.count = item->parts;
        memcpy(act.chosen, r.chosen, sizeof act.chosen);
        return act;
    }
    sitting_to_places(entry, &r);
    act.count = r.count;
    memcpy(act.chosen, r.chosen, sizeof act.chosen);
    return act;
}

static inline void answer(world_t *w, const char *id, int n)
{
    err_t err = {0};
    app_room_t *room = look(w, id, n);
    room_act_t act = first_answer(&room->question);
    if (!app_room_act(w->app, id, HERE, &act, "", &err)) fail_msg("item %d: %s", n + 1, err.text);
}

static inline void end(world_t *w, const char *id)
{
    err_t err = {0};
    room_act_t act = {.kind = ROOM_END, .n = -1};
    if (!app_room_act(w->app, id, HERE, &act, "", &err)) fail_msg("%s", err.text);
}

static inline app_report_t *report(world_t *w, const char *id)
{
    err_t err = {0};
    app_report_t *r = calloc(1, sizeof *r);
    assert_non_null(r);
    if (!app_report(w->app, id, r, &err)) fail_msg("%s", err.text);
    return r;
}

static inline void report_done(world_t *w, app_report_t *r)
{
    app_report_leave(w->app, r);
    free(r);
}

#endif
