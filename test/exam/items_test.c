/* Tables of items and responses: read, written, refused with a line and a remedy; and bounded. */
#include "exam_test.h"

typedef struct {
    const char *text, *words;
} bad_t;

static const bad_t BAD_ITEMS[] = {
    {"", "t:1: the file is empty"},
    {"model,a,b1\n2pl,1,0\n", "\"id\" is missing"},
    {"id,a,b1\nq,1,0\n", "\"model\" is missing"},
    {"id,model,a\nq,2pl,1\n", "\"b1\" is missing"},
    {"id,model,a,b1\n", "no item below the header"},
    {"id,model,a,b1\n,2pl,1,0\n", "t:2: an id has 1 to 63 bytes"},
    {"id,model,a,b1\n0123456789012345678901234567890123456789012345678901234567890123,2pl,1,0\n", "t:2: an id"},
    {"id,model,a,b1\nq,4pl,1,0\n", "t:2: the model is rasch, 2pl, 3pl, pcm, gpcm or grm; found \"4pl\""},
    {"id,model,a,b1\nq,2pl,,0\n", "t:2: a is empty; 2pl needs a slope"},
    {"id,model,b1\nq,2pl,0\n", "t:2: a is empty"},
    {"id,model,a,b1\nq,2pl,x,0\n", "t:2: column a needs a number, found \"x\""},
    {"id,model,a,b1\nq,2pl,1,\n", "t:2: b1 is empty"},
    {"id,model,a,b1,b2,b3\nq,grm,1,0,,1\n", "t:2: b3 is given but b2 is empty"},
    {"id,model,a,b1,b2\nq,grm,1,1,0\n", "t:2: item q: the thresholds of grm must ascend"},
    {"id,model,a,b1,b2\nq,2pl,1,1,0\n", "t:2: item q: 2pl has one difficulty"},
    {"id,model,a,b1\nq,rasch,2,0\n", "t:2: item q: rasch has the slope 1"},
    {"id,model,a,b1,c\nq,2pl,1,0,0.2\n", "only 3pl"},
    {"id,model,a,b1\nq,2pl,-1,0\n", "turn the key"},
    {"id,model,a,b1\nq,2pl,1,nan\n", "needs a number"},
    {"id,model,a,b1\nq,2pl,1,0\nr,2pl,1,0\nq,2pl,1,1\n", "t:4: the item q was named before, on line 2"},
    {"id,model,a,b1\nq,2pl,1\n", "t:2: this row has 3 fields, the header names 4"},
    {"id,model,a,b1,b2,b3,b4,b5,b6,b7,b8,b9,b10,b11,b12,b13,b14,b15,b16\n", "at most 15 thresholds"},
};

static const bad_t BAD_RESPONSES[] = {
    {"", "t:1: the file is empty"},
    {"\n1,0\n", "column 1 has no name"},
    {"q1,\n1,0\n", "t:1: column 2 has no name"},
    {"q1,q1\n1,0\n", "the item \"q1\" has two columns"},
    {"q1,q2\n", "no person below the header"},
    {"q1,q2\n1,0\n1\n", "t:3: this row has 1 fields, the header names 2"},
    {"q1,q2\n1,0,1\n", "t:2: this row has 3 fields"},
    {"q1,q2\n1,x\n",
     "t:2: a response is a whole number from 0 to 15, or empty where there is none; column 2 has \"x\""},
    {"q1,q2\n1,-1\n", "column 2 has \"-1\""},
    {"q1,q2\n1,16\n", "column 2 has \"16\""},
    {"q1,q2\n1,1.0\n", "column 2 has \"1.0\""},
    {"q1,q2\n1, 1\n", "column 2 has \" 1\""},
    {"q1,q2\n1,NA\n", "column 2 has \"NA\""},
    {"q1,\"q\n2\"\n1,0\n1,\"0\n", "never closed"},
    {"\"a\nb,c\",d\n1,0\n", "line break"},
};

static bool read_bad(const bad_t *bad, bool responses, err_t *err)
{
    arena_t *arena = arena_new(1 << 20);
    items_t items;
    responses_t table;
    const unsigned char *bytes = (const unsigned char *)bad->text;
    bool good = responses ? responses_read(&table, arena, "t", bytes, strlen(bad->text), err)
                          : items_read(&items, arena, "t", bytes, strlen(bad->text), err);
    arena_free(arena);
    return good;
}

static void refused(void **state)
{
    (void)state;
    const size_t items = sizeof BAD_ITEMS / sizeof *BAD_ITEMS,
                 all = items + sizeof BAD_RESPONSES / sizeof *BAD_RESPONSES;
    for (size_t i = 0; i < all; i++) {
        const bad_t *bad = i < items ? &BAD_ITEMS[i] : &BAD_RESPONSES[i - items];
        err_t err = {0};
        if (read_bad(bad, i >= items, &err)) fail_msg("this was taken: %s", bad->text);
        if (!strstr(err.text, bad->words)) fail_msg("\"%s\" lacks \"%s\"", err.text, bad->words);
    }
}

/* What is written is read again, and written again as the same bytes. */
static void there_and_back(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 24);
    items_t items = test_items(arena, 500, 3, true), again;
    text_t first, second;
    err_t err = {0};
    memcpy(items.items[7].id, "a \"name\", with comma", 21);
    text_init(&first, 1 << 20);
    text_init(&second, 1 << 20);
    items_write(items.items, items.count, &first);
    if (!items_read(&again, arena, "t", (const unsigned char *)first.data, first.length, &err))
        fail_msg("%s", err.text);
    items_write(again.items, again.count, &second);
    assert_string_equal(first.data, second.data);
    assert_int_equal(again.count, items.count);
    for (size_t i = 0; i < items.count; i++) {
        assert_string_equal(again.items[i].id, items.items[i].id);
        assert_int_equal(again.items[i].model, items.items[i].model);
        assert_int_equal(again.items[i].categories, items.items[i].categories);
        near("a", again.items[i].a, items.items[i].a, 1e-9);
        near("b", again.items[i].b[items.items[i].categories - 2], items.items[i].b[items.items[i].categories - 2],
             1e-9);
    }
    assert_int_equal(items_find(&again, "i300"), 300);
    assert_int_equal(items_find(&again, "none"), -1);
    text_free(&first);
    text_free(&second);
    arena_free(arena);
}

static void responses(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbfi1,\"i0\",i2\r\n1,0,\r\n\r\n,\"2\",15\r\n,,\n0,0,0";
    static const int8_t expected[] = {1, 0, -1, -1, 2, 15, -1, -1, -1, 0, 0, 0};
    static const int lines[] = {2, 4, 5, 6};
    arena_t *arena = arena_new(1 << 20);
    items_t items = test_items(arena, 3, 3, false);
    responses_t table;
    const int *item_of;
    err_t err = {0};
    if (!responses_read(&table, arena, "t", (const unsigned char *)text, sizeof text - 1, &err))
        fail_msg("%s", err.text);
    assert_int_equal(table.persons, 4);
    assert_int_equal(table.items, 3);
    assert_memory_equal(table.answers, expected, sizeof expected);
    assert_memory_equal(table.lines, lines, sizeof lines);
    assert_false(responses_match(&table, &items, arena, &item_of, &err));
    assert_string_equal(err.text, "t:4: item i0 has the response 2; 2pl in drawn has 0 to 1");
    items.items[0] = items.items[2] = (irt_item_t){.id = "i0", .model = IRT_PCM, .categories = 16, .a = 1, .b = {0}};
    memcpy(items.items[2].id, "i2", 3);
    if (!responses_match(&table, &items, arena, &item_of, &err)) fail_msg("%s", err.text);
    assert_int_equal(item_of[0], 1);
    assert_int_equal(item_of[1], 0);
    assert_int_equal(item_of[2], 2);
    items.count = 2;
    assert_false(responses_match(&table, &items, arena, &item_of, &err));
    assert_non_null(strstr(err.text, "the item \"i2\" is not in drawn"));
    arena_free(arena);
}

/* Too large for the arena, too many columns: refused, never half read. */
static void bounded(void **state)
{
    (void)state;
    text_t text;
    responses_t table;
    err_t err = {0};
    text_init(&text, 1 << 24);
    for (int i = 0; i <= RESPONSES_ITEMS_MAX; i++) text_addf(&text, "%sq%d", i ? "," : "", i);
    text_add(&text, "\n");
    arena_t *arena = arena_new(1 << 26);
    assert_false(responses_read(&table, arena, "t", (const unsigned char *)text.data, text.length, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    arena_free(arena);
    text_clear(&text);
    text_add(&text, "q\n");
    for (int i = 0; i < 100000; i++) text_add(&text, "1\n");
    arena = arena_new(1 << 16);
    assert_false(responses_read(&table, arena, "t", (const unsigned char *)text.data, text.length, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    arena_free(arena);
    arena = arena_new(1 << 26);
    if (!responses_read(&table, arena, "t", (const unsigned char *)text.data, text.length, &err))
        fail_msg("%s", err.text);
    assert_int_equal(table.persons, 100000);
    arena_free(arena);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused), cmocka_unit_test(there_and_back),
                                       cmocka_unit_test(responses), cmocka_unit_test(bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
