/* Every authored item out to each format and in again: the same item, with its reasons, area, objective, level, source
 * and difficulty. */
#include "app/items_wire.h"
#include "base/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY = 256 * 1024 * 1024, FILE_MAX = 32 * 1024 * 1024, AUTHORED = 1575 };

typedef struct {
    bank_t *bank;
    arena_t *arena;
    item_draft_t *drafts;
    const wire_question_t **questions;
    int count;
} world_t;

static int setup(void **state)
{
    world_t *w = calloc(1, sizeof *w);
    err_t err = {0};
    w->arena = arena_new(MEMORY);
    if (!bank_open(&w->bank, content_source(), &err) || !bank_read_content(w->bank, content_source(), &err))
        fail_msg("%s", err.text);
    size_t count = bank_count(w->bank);
    w->drafts = arena_array(w->arena, count, sizeof *w->drafts);
    w->questions = arena_array(w->arena, count, sizeof *w->questions);
    for (size_t i = 0; i < count; i++) {
        item_draft_of(&w->drafts[w->count], w->arena, bank_item(w->bank, i));
        wire_question_t *q = arena_alloc(w->arena, sizeof *q);
        assert_true(app_item_to_wire(q, w->arena, &w->drafts[w->count]));
        w->questions[w->count++] = q;
    }
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_t *w = *state;
    bank_close(w->bank);
    arena_free(w->arena);
    free(w);
    return 0;
}

static int lines(const text_t *text)
{
    int n = 0;
    for (size_t i = 0; i < text->length; i++) n += text->data[i] == '\n';
    return n;
}

static void compare(const item_draft_t *before, item_draft_t *after)
{
    text_t a, b;
    text_init(&a, 2 * ITEM_DRAFT_BYTES_MAX);
    text_init(&b, 2 * ITEM_DRAFT_BYTES_MAX);
    after->version = before->version; /* the bank counts versions itself */
    item_draft_t held = *before;
    held.set = held.set_text = held.enemies = ""; /* the bank's own, which no format has a place for */
    item_draft_write(&held, &a);
    item_draft_write(after, &b);
    assert_string_equal(a.data, b.data);
    text_free(&a);
    text_free(&b);
}

/* What may be told as lost: nothing, but of ordering in GIFT where its reasons stand. */
static void check_lost(wire_format_t format, const world_t *w, const text_t *lost)
{
    if (format != WIRE_GIFT) {
        if (lost->length) fail_msg("%s", lost->data);
        return;
    }
    assert_int_equal(lines(lost), 1);
    for (int i = 0; i < w->count; i++) /* those with pictures are not there */
        if (!strstr(lost->data, w->questions[i]->id) != (w->questions[i]->kind != WIRE_ORDER))
            fail_msg("%s in %s", w->questions[i]->id, lost->data);
}

/* A picture is kept by this program's own table alone; the bank leaves such items out of the others. */
static world_t without_pictures(const world_t *w)
{
    world_t out = {.bank = w->bank};
    out.drafts = arena_array(w->arena, (size_t)w->count, sizeof *out.drafts);
    out.questions = arena_array(w->arena, (size_t)w->count, sizeof *out.questions);
    assert_true(out.drafts && out.questions);
    for (int i = 0; i < w->count; i++) {
        if (item_draft_pictured(&w->drafts[i])) continue;
        out.drafts[out.count] = w->drafts[i];
        out.questions[out.count++] = w->questions[i];
    }
    assert_true(out.count > 1000 && out.count + 80 < w->count);
    return out;
}

static void round_trip(world_t *all, wire_format_t format)
{
    const world_t some = without_pictures(all), *w = format == WIRE_CSV ? all : &some;
    text_t file, again, lost;
    wire_t wire;
    err_t err = {0};
    arena_t *arena = arena_new(MEMORY);
    text_init(&file, FILE_MAX);
    text_init(&again, FILE_MAX);
    text_init(&lost, FILE_MAX);
    wire_write(format, w->questions, w->count, &file, &lost);
    assert_false(file.failed);
    check_lost(format, w, &lost);
    assert_int_equal(wire_guess(file.data, file.length), format);
    if (!wire_read(&wire, arena, format, "export", file.data, file.length, &err)) fail_msg("%s", err.text);
    assert_int_equal(wire.count, w->count);
    for (int i = 0; i < wire.count; i++) {
        item_draft_t draft;
        app_import_row_t said = {0};
        if (!app_item_from_wire(&draft, arena, w->bank, wire.question[i], NULL, &said, &err))
            fail_msg("line %d: %s", wire.question[i]->line, err.text);
        if (said.count) fail_msg("line %d: %s", wire.question[i]->line, said.say[0]);
        compare(&w->drafts[i], &draft);
    }
    wire_write(format, (const wire_question_t *const *)wire.question, wire.count, &again, &lost);
    assert_int_equal(file.length, again.length);
    assert_memory_equal(file.data, again.data, file.length);
    text_free(&file);
    text_free(&again);
    text_free(&lost);
    arena_free(arena);
}

static void test_all_authored(void **state)
{
    world_t *w = *state;
    assert_true(w->count >= AUTHORED);
}

static void test_csv(void **state)
{
    round_trip(*state, WIRE_CSV);
}

static void test_gift(void **state)
{
    round_trip(*state, WIRE_GIFT);
}

static void test_moodle(void **state)
{
    round_trip(*state, WIRE_MOODLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_authored), cmocka_unit_test(test_csv),
                                       cmocka_unit_test(test_gift), cmocka_unit_test(test_moodle)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
