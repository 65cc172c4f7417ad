/* What the readers make of files, from the case files beside this one. A case is
 *
 *   === NAME
 *   the file
 *   ---
 *   what was read, as `show` writes it, or "error: " and a part of the sentence
 *
 * In the file, <NUL> <TAB> <BAD> <BOM> stand for bytes that an editor would not keep. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CASES_MAX_BYTES = 256 * 1024 };

static char *read_cases(const char *name)
{
    char path[500];
    char *text = calloc(1, CASES_MAX_BYTES);
    snprintf(path, sizeof path, "%s/%s", getenv("TITER_TEST_DATA"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, CASES_MAX_BYTES - 1, file);
    assert_true(n > 0 && n < CASES_MAX_BYTES - 1);
    fclose(file);
    return text;
}

static void show(text_t *out, const wire_t *wire)
{
    static const char *const kinds[] = {"single", "several", "order", "match", "numeric", "other"};
    if (wire->note) text_addf(out, "file: %s\n", wire->note);
    for (int i = 0; i < wire->count; i++) {
        const wire_question_t *q = wire->question[i];
        const struct {
            const char *name, *text;
        } texts[] = {{"id", q->id},
                     {"title", q->title},
                     {"category", q->category},
                     {"stem", q->stem},
                     {"why", q->why},
                     {"value", q->value},
                     {"tolerance", q->tolerance},
                     {"unit", q->unit},
                     {"decimals", q->decimals}};
        text_addf(out, "%d line %d %s\n", q->number, q->line, kinds[q->kind]);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            if (texts[k].text[0]) text_addf(out, "%s: %s\n", texts[k].name, texts[k].text);
        for (int k = 0; k < WIRE_KEYS; k++)
            if (q->fact[k][0]) text_addf(out, "%s: %s\n", wire_key_word((wire_key_t)k), q->fact[k]);
        for (int k = 0; k < q->tags; k++) text_addf(out, "tag: %s\n", q->tag[k]);
        for (int k = 0; k < q->parts; k++) {
            text_add(out, "* ");
            text_add_fixed(out, q->part[k].percent, 0);
            text_addf(out, " %s", q->part[k].text);
            if (q->part[k].right[0]) text_addf(out, " -> %s", q->part[k].right);
            if (q->part[k].feedback[0]) text_addf(out, " # %s", q->part[k].feedback);
            text_add_char(out, '\n');
        }
        for (int k = 0; k < q->notes; k++) text_addf(out, "note: %s\n", q->note[k]);
        if (q->refused) text_addf(out, "refused: %s\n", q->refused);
    }
}

static void unmask(text_t *file, const char *from, const char *to)
{
    static const struct {
        const char *mask, *bytes;
        size_t length;
    } masks[] = {{"<NUL>", "\0", 1}, {"<TAB>", "\t", 1}, {"<BAD>", "\xff", 1}, {"<BOM>", "\xef\xbb\xbf", 3}};
    while (from < to) {
        size_t i = 0, n = sizeof masks / sizeof *masks;
        while (i < n && strncmp(from, masks[i].mask, strlen(masks[i].mask)) != 0) i++;
        text_add_n(file, i < n ? masks[i].bytes : from, i < n ? masks[i].length : 1);
        from += i < n ? strlen(masks[i].mask) : 1;
    }
}

static int run(wire_format_t format, const char *name, const text_t *file, const char *expected)
{
    wire_t wire;
    text_t shown;
    err_t err = {0};
    arena_t *arena = arena_new(WIRE_MEMORY_MAX);
    text_init(&shown, 1024 * 1024);
    bool ok = wire_read(&wire, arena, format, "FILE", file->data ? file->data : "", file->length, &err), good;
    if (ok) show(&shown, &wire);
    if (strncmp(expected, "error: ", 7) == 0) {
        size_t n = strcspn(expected + 7, "\n");
        good = !ok && memmem(err.text, strlen(err.text), expected + 7, n);
    } else {
        good = ok && shown.data && strcmp(shown.data, expected) == 0;
    }
    if (!good)
        print_error("%s:\n--- expected\n%s--- found\n%s%s\n", name, expected,
                    ok ? shown.data : "error: ", ok ? "" : err.text);
    text_free(&shown);
    arena_free(arena);
    return good ? 0 : 1;
}

static void run_file(wire_format_t format, const char *cases, int least)
{
    char *text = read_cases(cases), *at = text;
    int count = 0, bad = 0;
    while ((at = strstr(at, "=== "))) {
        char name[120], *body = strchr(at, '\n') + 1, *middle = strstr(body, "\n---\n"), *end = strstr(body, "\n=== ");
        assert_non_null(middle);
        assert_true(!end || middle < end);
        snprintf(name, sizeof name, "%s: %.*s", cases, (int)(body - at - 5), at + 4);
        char *expected = strndup(middle + 5, end ? (size_t)(end + 1 - (middle + 5)) : strlen(middle + 5));
        text_t file;
        text_init(&file, CASES_MAX_BYTES);
        unmask(&file, body, middle + 1);
        bad += run(format, name, &file, expected);
        count++;
        free(expected);
        text_free(&file);
        at = end ? end + 1 : body + strlen(body);
    }
    free(text);
    assert_true(count >= least);
    assert_int_equal(bad, 0);
}

static void test_gift(void **state)
{
    (void)state;
    run_file(WIRE_GIFT, "gift.cases", 20);
}

static void test_moodle(void **state)
{
    (void)state;
    run_file(WIRE_MOODLE, "moodle.cases", 12);
}

static void test_csv(void **state)
{
    (void)state;
    run_file(WIRE_CSV, "csv.cases", 6);
}

/* ---- limits, which no case file should have to hold ---- */

static bool read_text(const text_t *file, wire_format_t format, wire_t *wire, arena_t *arena, err_t *err)
{
    assert_false(file->failed);
    return wire_read(wire, arena, format, "FILE", file->data, file->length, err);
}

static void test_limits(void **state)
{
    (void)state;
    arena_t *arena = arena_new(WIRE_MEMORY_MAX);
    text_t file;
    wire_t wire;
    err_t err = {0};
    text_init(&file, 2 * WIRE_BYTES_MAX);
    for (int i = 0; i < WIRE_QUESTIONS_MAX + 5; i++) text_add(&file, "Q {=a ~b}\n\n");
    assert_true(read_text(&file, WIRE_GIFT, &wire, arena, &err));
    assert_int_equal(wire.count, WIRE_QUESTIONS_MAX);
    assert_non_null(strstr(wire.note, "only the first 5000 questions"));
    arena_reset(arena);
    text_clear(&file);
    text_add(&file, "Q {=a ");
    for (int i = 0; i < WIRE_PARTS_MAX; i++) text_add(&file, "~b ");
    text_add(&file, "}\n\nLong ");
    for (int i = 0; i < WIRE_TEXT_MAX; i++) text_add_char(&file, 'x');
    text_add(&file, " {=a ~b}\n\nGood {=a ~b}\n");
    assert_true(read_text(&file, WIRE_GIFT, &wire, arena, &err));
    assert_int_equal(wire.count, 3);
    assert_non_null(strstr(wire.question[0]->refused, "more than 24 answers"));
    assert_non_null(strstr(wire.question[1]->refused, "longer than 16384 bytes"));
    assert_null(wire.question[2]->refused);
    arena_reset(arena);
    text_clear(&file);
    for (int i = 0; i <= WIRE_BYTES_MAX / 16; i++) text_add(&file, "sixteen bytes..\n");
    for (int f = 0; f < WIRE_FORMATS; f++) {
        assert_false(read_text(&file, (wire_format_t)f, &wire, arena, &err));
        assert_non_null(strstr(err.text, "larger than 8 MB"));
    }
    text_free(&file);
    arena_free(arena);
}

/* What a format cannot hold is told, by the name of the question. */
static void test_told_losses(void **state)
{
    (void)state;
    wire_question_t pair, step, tag, other, parts;
    const wire_question_t *all[] = {&pair, &step, &tag, &other, &parts};
    text_t file, lost;
    text_init(&file, 1024 * 1024);
    text_init(&lost, 1024 * 1024);
    for (int i = 0; i < 5; i++) wire_question_init((wire_question_t *)(uintptr_t)all[i]);
    pair.kind = WIRE_MATCH, pair.id = "pair", pair.stem = "S", pair.parts = 2;
    pair.part[0].text = "a -> b", pair.part[0].right = "c", pair.part[1].text = "d", pair.part[1].right = "e";
    step.kind = WIRE_ORDER, step.id = "step", step.stem = "S", step.parts = 2;
    step.part[0].text = "// not a comment", step.part[1].text = "then {this}";
    tag.kind = WIRE_SINGLE, tag.id = "tag", tag.stem = "S", tag.parts = 2, tag.part[0].text = "a";
    tag.part[1].text = "b", tag.tags = 1;
    tag.tag[0] = "a tag that has more characters than Moodle would ever keep of one";
    other.id = "other", other.kind = WIRE_OTHER, other.refused = "it has no type yet";
    parts = pair, parts.id = "parts", parts.part[0].feedback = "one", parts.part[0].text = "same";
    parts.part[1].text = "same", parts.part[1].feedback = "two\nsame: three";
    wire_write(WIRE_GIFT, all, 5, &file, &lost);
    const char *const told[] = {"pair: \"->\" parts the sides", "step: a step of an ordering question",
                                "tag: Moodle cuts or changes the tag", "other: left out: it has no type yet",
                                "parts: its reasons are in the general feedback"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (!strstr(lost.data, told[i])) fail_msg("not told: %s in\n%s", told[i], lost.data);
    text_clear(&lost);
    parts.kind = WIRE_SINGLE, parts.parts = WIRE_PARTS_MAX;
    wire_write(WIRE_CSV, all, 5, &file, &lost);
    assert_non_null(strstr(lost.data, "parts: the table has room for 8 answers; 16 were left out"));
    text_free(&file);
    text_free(&lost);
}

static void test_guess(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        wire_format_t format;
    } cases[] = {{"\xef\xbb\xbf \n<?xml version=\"1.0\"?><quiz/>", WIRE_MOODLE},
                 {"type,stem\nsingle,\"{a}\"\n", WIRE_CSV},
                 {"Which stem, a or b?{=a ~b}\n", WIRE_GIFT},
                 {"plain text\n", WIRE_CSV},
                 {"", WIRE_CSV}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(wire_guess(cases[i].text, strlen(cases[i].text)), cases[i].format);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gift),        cmocka_unit_test(test_moodle),
                                       cmocka_unit_test(test_csv),         cmocka_unit_test(test_limits),
                                       cmocka_unit_test(test_told_losses), cmocka_unit_test(test_guess)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
