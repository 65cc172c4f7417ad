/* Items in bulk over a real store: what an import keeps, mends, leaves and refuses, and that it comes out again. */
#include "app/exam_report.h"
#include "app/items_wire.h"
#include "base/content.h"
#include "world.h"

enum { ARENA = 128 * 1024 * 1024, ROWS = 200, FILE_BYTES = 8 * 1024 * 1024 };

/* What was imported, and how it is to be. */
typedef struct {
    app_import_row_t rows[ROWS];
    app_import_t how;
    int done;
} desk_t;

static desk_t *desk(const world_t *w)
{
    return w->own;
}

static int setup(void **state)
{
    world_t *w = world_open(*content_source());
    w->step = 1000;
    arena_free(w->arena);
    w->arena = arena_new(ARENA); /* for whole files */
    w->own = calloc(1, sizeof(desk_t));
    assert_true(w->arena && w->own);
    desk(w)->how = (app_import_t){.author = "Ann Author", .save = true};
    const char **fact = desk(w)->how.fact;
    fact[WIRE_LESSON] = "L60";
    fact[WIRE_OBJECTIVE] = "L60.1";
    fact[WIRE_LEVEL] = "recall";
    fact[WIRE_DIFFICULTY] = "0.0";
    fact[WIRE_SOURCE] = "A textbook";
    fact[WIRE_AS_OF] = "2026-11";
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    free(((world_t *)*state)->own);
    world_close(*state);
    return 0;
}

static const char GOOD[] = "$CATEGORY: $course$/top/chemistry/lipids\n\n"
                           "Which lipid do chylomicrons carry the most of?{=Triglyceride#Packed in the bowel."
                           "~Cholesterol#A small part.~Phospholipid#The shell.~Bile acid#It stays in the bowel.}\n\n";

static void import(world_t *w, wire_format_t format, const char *text, err_t *err)
{
    wire_t wire;
    arena_reset(w->arena);
    *err = (err_t){0};
    if (!wire_read(&wire, w->arena, format, "FILE", text, strlen(text), err)) fail_msg("%s", err->text);
    assert_true(wire.count <= ROWS);
    if (!app_items_import(w->app, w->arena, &wire, &desk(w)->how, desk(w)->rows, &desk(w)->done, err) &&
        err->code != ERR_INPUT)
        fail_msg("%s", err->text);
}

static bool says(const world_t *w, int row, const char *words)
{
    for (int i = 0; i < desk(w)->rows[row].count; i++)
        if (strstr(desk(w)->rows[row].say[i], words)) return true;
    return false;
}

static app_item_t item_of(world_t *w, const char *id)
{
    app_item_t item;
    err_t err;
    if (!app_item_get(w->app, id, 0, &item, NULL, &err)) fail_msg("%s", err.text);
    return item;
}

static void a_check_saves_nothing(void **state)
{
    world_t *w = *state;
    err_t err;
    desk(w)->how.save = false;
    desk(w)->how.author = "";
    import(w, WIRE_GIFT, GOOD, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_ACCEPTED);
    assert_int_equal(desk(w)->rows[0].count, 0);
    assert_false(app_item_get(w->app, "L60-99", 0, &(app_item_t){0}, NULL, &err));
    desk(w)->how.save = true;
    import(w, WIRE_GIFT, GOOD, &err);
    assert_int_equal(desk(w)->done, 0);
    assert_non_null(strstr(err.text, "Write who is the author"));
}

static void what_is_right_becomes_a_draft_version(void **state)
{
    world_t *w = *state;
    err_t err;
    import(w, WIRE_GIFT, GOOD, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_ACCEPTED);
    assert_string_equal(desk(w)->rows[0].id, "L60-99");
    app_item_t item = item_of(w, "L60-99");
    assert_int_equal(item.version, 1);
    assert_int_equal(item.state, STATE_DRAFT);
    assert_int_equal(item.used, 0);
    assert_false(item.reviewed);
    assert_string_equal(item.area, "chemistry");
    assert_string_equal(item.subarea, "lipids");
    assert_string_equal(item.author, "Ann Author");
    assert_false(app_item_set_state(w->app, "L60-99", STATE_IN_USE, "Ann Author", &err)); /* nobody reviewed it */
}

static void what_is_wrong_is_told_and_kept_or_refused(void **state)
{
    world_t *w = *state;
    err_t err;
    import(w, WIRE_GIFT,
           "No reasons?{=a ~b ~c}\n\n"
           "Describe it.{}\n\n"
           "// [tag:lesson:L999]\nWhich?{=a#1 ~b#2 ~c#3}\n\n"
           "Many{~%50%1#w ~%50%2#w ~3#w ~4#w ~5#w ~6#w ~7#w ~8#w ~9#w}\n\n"
           "Half? {=a#1 ~%50%b#2 ~c#3 ####All of it}\n\n"
           "// [id:L60-70]\nTwice?{=a#1 ~b#2 ~c#3}\n\n"
           "// [id:L60-70]\nTwice again?{=a#1 ~b#2 ~c#3}\n",
           &err);
    assert_int_equal(desk(w)->done, 7);
    const app_import_outcome_t expected[] = {APP_IMPORT_UNFINISHED, APP_IMPORT_REFUSED,    APP_IMPORT_REFUSED,
                                             APP_IMPORT_REFUSED,    APP_IMPORT_UNFINISHED, APP_IMPORT_UNFINISHED,
                                             APP_IMPORT_REFUSED};
    for (int i = 0; i < 7; i++) assert_int_equal(desk(w)->rows[i].outcome, expected[i]);
    assert_true(says(w, 0, "answer 2: why is empty"));
    assert_true(says(w, 1, "it is an essay question"));
    assert_true(says(w, 2, "there is no lesson \"L999\""));
    assert_true(says(w, 3, "it has 9 answers; an item has at most 8"));
    assert_true(says(w, 4, "part of the credit") && says(w, 4, "its general feedback was left out"));
    assert_true(says(w, 5, "area is empty"));
    assert_string_equal(desk(w)->rows[5].id, "L60-70");
    assert_true(says(w, 6, "another question of this file has the name L60-70"));
    app_item_t item = item_of(w, desk(w)->rows[0].id);
    assert_true(item.unfinished && item.version == 0);
    desk(w)->how.fact[WIRE_LESSON] = "";
    import(w, WIRE_GIFT, "Which?{=a#1 ~b#2 ~c#3}\n", &err);
    assert_true(desk(w)->rows[0].outcome == APP_IMPORT_REFUSED && says(w, 0, "does not say which lesson"));
}

/* An item that is here already: refused, taken as a newer version, or as a new item, as was asked. */
static void what_is_here_already(void **state)
{
    world_t *w = *state;
    err_t err;
    text_t file, lost;
    int count;
    text_init(&file, FILE_BYTES);
    text_init(&lost, FILE_BYTES);
    app_items_choice_t choice = {.ids = "L60-01"};
    assert_true(app_items_export(w->app, &choice, WIRE_MOODLE, &file, &lost, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(lost.length, 0);
    import(w, WIRE_MOODLE, file.data, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_SAME);
    assert_false(item_of(w, "L60-01").written);
    const char *level = strstr(file.data, "difficulty:");
    assert_non_null(level);
    text_t other; /* the same file with another difficulty */
    text_init(&other, FILE_BYTES);
    text_add_n(&other, file.data, (size_t)(level - file.data));
    text_addf(&other, "difficulty:1.5%s", strchr(level, '<'));
    import(w, WIRE_MOODLE, other.data, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_REFUSED);
    assert_true(says(w, 0, "L60-01 is in this bank with other words"));
    desk(w)->how.known = APP_KNOWN_VERSION;
    import(w, WIRE_MOODLE, other.data, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_ACCEPTED);
    app_item_t item = item_of(w, "L60-01");
    assert_true(item.written && item.version == 2 && item.state == STATE_DRAFT && item.used == 1);
    desk(w)->how.known = APP_KNOWN_NEW;
    import(w, WIRE_MOODLE, other.data, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_ACCEPTED);
    assert_string_equal(desk(w)->rows[0].id, "L60-99");
    text_free(&file);
    text_free(&lost);
    text_free(&other);
}

/* A file whose questions have no names, imported again, also after an import that did not come to its end. */
static void without_names_nothing_comes_twice(void **state)
{
    static const char SECOND[] = "Second?{=a#x ~b#y ~c#z}\n\n", FIRST[] = "First?{=a#x ~b#y ~c#z}\n\n",
                      OTHER[] = "First?{=a#x ~b#y ~d#z}\n\n";
    world_t *w = *state;
    char text[400];
    err_t err;
    desk(w)->how.fact[WIRE_LESSON] = "L60";
    import(w, WIRE_GIFT, FIRST, &err); /* interrupted after the first */
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_UNFINISHED);
    snprintf(text, sizeof text, "%s%s%s%s", FIRST, SECOND, OTHER, SECOND);
    import(w, WIRE_GIFT, text, &err);
    assert_int_equal(desk(w)->rows[0].outcome, APP_IMPORT_SAME);
    assert_string_equal(desk(w)->rows[0].id, "L60-99");
    assert_string_equal(desk(w)->rows[1].id, "L60-98");
    assert_string_equal(desk(w)->rows[2].id, "L60-97"); /* one answer is another */
    assert_int_equal(desk(w)->rows[3].outcome, APP_IMPORT_REFUSED);
    assert_true(says(w, 3, "the same question stands on line 3 of this file"));
    import(w, WIRE_GIFT, text, &err);
    for (int i = 0; i < 3; i++) assert_int_equal(desk(w)->rows[i].outcome, APP_IMPORT_SAME);
    desk(w)->how.known = APP_KNOWN_NEW; /* asked for */
    import(w, WIRE_GIFT, FIRST, &err);
    assert_string_equal(desk(w)->rows[0].id, "L60-96");
}

/* What a check says would be kept is kept: a lesson has 99 numbers. */
static void a_check_knows_how_much_fits(void **state)
{
    world_t *w = *state;
    err_t err;
    text_t text;
    int kept[2] = {0};
    text_init(&text, FILE_BYTES);
    for (int i = 0; i < 110; i++) text_addf(&text, "Question %d?{=a#x ~b#y ~c#z}\n\n", i);
    desk(w)->how.fact[WIRE_LESSON] = "L60";
    for (int save = 0; save < 2; save++) {
        desk(w)->how.save = save == 1;
        import(w, WIRE_GIFT, text.data, &err);
        assert_int_equal(desk(w)->done, 110);
        for (int i = 0; i < desk(w)->done; i++) kept[save] += desk(w)->rows[i].outcome == APP_IMPORT_UNFINISHED;
        assert_true(says(w, 109, "The lesson L60 has all of its 99 items."));
    }
    assert_int_equal(kept[0], kept[1]);
    assert_true(kept[0] > 40 && kept[0] < 99);
    text_free(&text);
}

/* What was imported goes out and comes back, in every format; an unfinished draft as well. */
static void out_and_in_again(void **state)
{
    world_t *w = *state;
    err_t err;
    import(w, WIRE_GIFT, GOOD, &err);
    import(w, WIRE_GIFT, "No reasons?{=a ~b ~c}\n", &err);
    for (int format = 0; format < WIRE_FORMATS; format++) {
        text_t file, lost;
        int count;
        text_init(&file, FILE_BYTES);
        text_init(&lost, FILE_BYTES);
        app_items_choice_t choice = {.lesson = "L60", .state = "draft"};
        assert_true(app_items_export(w->app, &choice, (wire_format_t)format, &file, &lost, &count, &err));
        assert_int_equal(count, 2);
        import(w, (wire_format_t)format, file.data, &err);
        for (int i = 0; i < count; i++)
            if (desk(w)->rows[i].outcome != APP_IMPORT_SAME)
                fail_msg("format %d: %s: %s", format, desk(w)->rows[i].id, desk(w)->rows[i].say[0]);
        text_free(&file);
        text_free(&lost);
    }
    app_items_choice_t nothing = {.area = "cooking"};
    text_t file, lost;
    int count;
    text_init(&file, FILE_BYTES);
    text_init(&lost, FILE_BYTES);
    assert_false(app_items_export(w->app, &nothing, WIRE_CSV, &file, &lost, &count, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_check_saves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_right_becomes_a_draft_version, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_told_and_kept_or_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_here_already, setup, teardown),
        cmocka_unit_test_setup_teardown(without_names_nothing_comes_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(a_check_knows_how_much_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(out_and_in_again, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
