/* Written items over a real store: drafts, versions, reviews, states, and the bank that exams use. */
#include "app/exam_report.h"
#include "app/items.h"
#include "base/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARENA = 4 * 1024 * 1024 };

typedef struct {
    char dir[64];
    app_t *app;
    int64_t now;
    uint64_t random;
    arena_t *arena;
    app_item_t *list;
} world_t;

static int64_t tell_time(void *clock)
{
    return ((world_t *)clock)->now += 1000;
}

static uint64_t draw(void *clock)
{
    world_t *w = clock;
    w->random = w->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return w->random >> 4;
}

static void open_app(world_t *w)
{
    err_t err = {0};
    app_options_t options = {
        .data_dir = w->dir, .content = content_source(), .now_ms = tell_time, .random = draw, .clock = w};
    if (!app_open(&w->app, &options, &err)) fail_msg("%s", err.text);
}

static int setup(void **state)
{
    world_t *w = calloc(1, sizeof *w);
    strcpy(w->dir, "/tmp/titer-items-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->now = 1800000000000;
    w->arena = arena_new(ARENA);
    w->list = calloc(APP_ITEMS_MAX, sizeof *w->list);
    open_app(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_t *w = *state;
    char command[100];
    app_close(w->app);
    arena_free(w->arena);
    free(w->list);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    int ignored = system(command);
    (void)ignored;
    free(w);
    return 0;
}

static void write_single(item_draft_t *draft)
{
    static const char *const names[] = {"Light blue", "Red", "Lavender", "Gray"};
    item_draft_init(draft);
    draft->lesson = "L38";
    draft->type = "single";
    draft->programs = PROGRAM_MLT;
    draft->area = "hematology";
    draft->subarea = "cell-counts";
    draft->objective = "L38.1";
    draft->level = "recall";
    draft->difficulty = "-0.5";
    draft->difficulty_sd = "1.0";
    draft->source = "A textbook: \"Tubes\", chapter #1";
    draft->as_of = "2026-11";
    draft->stem = "Which stopper has the tube\nthat blood counts are done from?";
    draft->parts = 4;
    for (int i = 0; i < 4; i++) {
        draft->part[i].text = names[i];
        draft->part[i].why = "A tube has the additive that its stopper's color tells.";
        draft->part[i].key = i == 2;
    }
}

static app_item_t get(world_t *w, const char *id)
{
    app_item_t item;
    err_t err = {0};
    if (!app_item_get(w->app, id, 0, &item, NULL, &err)) fail_msg("%s", err.text);
    return item;
}

static const app_item_t *listed(world_t *w, const char *id)
{
    err_t err = {0};
    int count;
    if (!app_item_list(w->app, w->list, APP_ITEMS_MAX, &count, &err)) fail_msg("%s", err.text);
    for (int i = 0; i < count; i++)
        if (strcmp(w->list[i].id, id) == 0) return &w->list[i];
    return NULL;
}

static void unfinished_text_is_kept_and_mended(void **state)
{
    world_t *w = *state;
    item_draft_t draft, again;
    char id[APP_ITEM_ID_MAX];
    int version;
    err_t err = {0};
    text_t file;
    write_single(&draft);
    draft.stem = "";
    draft.part[2].key = false;
    if (!app_item_create(w->app, "Ann", &draft, id, &version, &err)) fail_msg("%s", err.text);
    assert_int_equal(version, 0);
    assert_string_equal(id, "L38-99");
    app_item_t item;
    text_init(&file, ITEM_DRAFT_BYTES_MAX);
    assert_true(app_item_get(w->app, id, 0, &item, &file, &err));
    assert_true(item.unfinished && item.version == 0 && item.used == 0);
    assert_true(item_draft_read(&again, w->arena, file.data, file.length, &err));
    assert_string_equal(again.source, draft.source);
    assert_string_equal(again.part[1].text, "Red");
    item_complaint_t complaints[ITEM_COMPLAINTS_MAX];
    const bank_t *bank;
    int count, errors;
    assert_true(app_bank(w->app, &bank, &err));
    assert_true(item_draft_check(&again, bank, w->arena, complaints, &count, &errors, &err));
    bool stem = false;
    for (int i = 0; i < count; i++) stem = stem || strcmp(complaints[i].field, "stem") == 0;
    assert_true(stem && errors >= 1);
    write_single(&draft);
    assert_true(app_item_save(w->app, id, item.seq, "Ann", &draft, &version, &err));
    assert_int_equal(version, 1);
    assert_true(app_item_get(w->app, id, 1, &item, &file, &err));
    assert_string_equal(item.stem, draft.stem);
    /* somebody who began from the draft is told, the same text again changes nothing */
    draft.level = "solve";
    assert_false(app_item_save(w->app, id, 1, "Bea", &draft, &version, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    write_single(&draft);
    assert_true(app_item_save(w->app, id, 1, "Ann", &draft, &version, &err));
    assert_int_equal(version, 1);
    assert_int_equal(get(w, id).seq, item.seq);
    /* without its author's name it stays a draft */
    draft.level = "interpret";
    assert_true(app_item_save(w->app, id, item.seq, "", &draft, &version, &err));
    assert_int_equal(version, 0);
    assert_true(get(w, id).unfinished);
    text_free(&file);
}

static void two_keys_are_a_complaint_about_the_parts(void **state)
{
    world_t *w = *state;
    item_draft_t draft;
    item_complaint_t list[ITEM_COMPLAINTS_MAX];
    const bank_t *bank;
    int count, errors;
    err_t err = {0};
    write_single(&draft);
    draft.id = "L38-99";
    assert_true(app_bank(w->app, &bank, &err));
    assert_true(item_draft_check(&draft, bank, w->arena, list, &count, &errors, &err));
    if (errors) fail_msg("%s: %s", list[0].field, list[0].text);
    draft.part[0].key = true;
    assert_true(item_draft_check(&draft, bank, w->arena, list, &count, &errors, &err));
    assert_int_equal(errors, 1);
    assert_string_equal(list[0].field, "parts");
    assert_non_null(strstr(list[0].text, "exactly one option is the key"));
    write_single(&draft);
    draft.id = "L38-99";
    draft.subarea = "lipids";
    draft.part[1].text = "All of the above";
    assert_true(item_draft_check(&draft, bank, w->arena, list, &count, &errors, &err));
    assert_string_equal(list[0].field, "subarea"); /* rules of the house are judged when it can be read */
    draft.subarea = "cell-counts";
    assert_true(item_draft_check(&draft, bank, w->arena, list, &count, &errors, &err));
    assert_true(errors >= 1);
    assert_string_equal(list[0].field, "");
    assert_non_null(strstr(list[0].text, "all of the above"));
}

static void states_go_step_by_step_and_need_another_reader(void **state)
{
    world_t *w = *state;
    item_draft_t draft;
    char id[APP_ITEM_ID_MAX];
    int version, there = 0, count;
    app_area_t areas[40];
    err_t err = {0};
    write_single(&draft);
    assert_true(app_area_list(w->app, areas, 40, &count, &err));
    for (int i = 0; i < count; i++)
        if (strcmp(areas[i].area, "hematology") == 0) there = areas[i].items;
    assert_true(app_item_create(w->app, "Ann", &draft, id, &version, &err));
    assert_int_equal(version, 1);
    assert_false(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err));
    assert_true(app_item_set_state(w->app, id, STATE_REVIEWED, "Ann", &err));
    assert_true(app_item_review(w->app, id, "ANN", "3", true, "", &err));
    assert_false(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err)); /* her own review is none */
    assert_true(app_item_review(w->app, id, "Bea", "1", false, "", &err));
    assert_false(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err)); /* nor is an open disagreement */
    assert_true(app_item_review(w->app, id, "Cid", "1", false, "The stem says blood counts now.", &err));
    if (!app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err)) fail_msg("%s", err.text);
    assert_false(app_item_set_state(w->app, id, STATE_REVIEWED, "Ann", &err));
    assert_int_equal(get(w, id).used, 1);
    assert_int_equal(listed(w, id)->used, 1);
    assert_true(app_area_list(w->app, areas, 40, &count, &err));
    for (int i = 0; i < count; i++)
        if (strcmp(areas[i].area, "hematology") == 0) assert_int_equal(areas[i].items, there + 1);
    /* a newer version is a draft beside the one in use */
    draft.stem = "Which stopper has the tube that cells are counted from?";
    assert_true(app_item_save(w->app, id, get(w, id).seq, "Ann", &draft, &version, &err));
    assert_int_equal(version, 2);
    assert_true(app_item_set_state(w->app, id, STATE_REVIEWED, "Ann", &err));
    assert_false(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err)); /* its reviews were of version 1 */
    assert_int_equal(listed(w, id)->used, 1);
    assert_int_equal(listed(w, id)->state, STATE_REVIEWED);
    assert_true(app_item_review(w->app, id, "Bea", "3", true, "", &err));
    assert_true(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err));
    assert_true(app_item_set_state(w->app, id, STATE_RETIRED, "Ann", &err));
    assert_int_equal(get(w, id).used, 0);
    assert_true(app_area_list(w->app, areas, 40, &count, &err));
    for (int i = 0; i < count; i++)
        if (strcmp(areas[i].area, "hematology") == 0) assert_int_equal(areas[i].items, there);
    app_item_event_t events[20];
    assert_true(app_item_events(w->app, id, events, 20, &count, &err));
    assert_int_equal(count, 11);
    assert_string_equal(events[0].note, "retired");
    assert_string_equal(events[count - 1].kind, "version");
}

static int given_version(world_t *w, const char *sitting, const char *id)
{
    static app_report_t report;
    err_t err = {0};
    int version = 0;
    memset(&report, 0, sizeof report);
    if (!app_report(w->app, sitting, &report, &err)) fail_msg("%s", err.text);
    for (int i = 0; i < report.sitting.count; i++)
        if (strcmp(report.sitting.entry[i].id, id) == 0) version = report.sitting.entry[i].item->version;
    app_report_leave(w->app, &report);
    return version;
}

/* A quiz of all hematology holds the item; it keeps the version that it gave when a newer one is used. */
static void a_sitting_keeps_the_version_it_gave(void **state)
{
    world_t *w = *state;
    item_draft_t draft;
    app_item_t item;
    char sitting[APP_ID_MAX];
    const char *id = "L38-01"; /* of the content, in use */
    int version;
    err_t err = {0};
    text_t file;
    text_init(&file, ITEM_DRAFT_BYTES_MAX);
    assert_true(app_item_get(w->app, id, 0, &item, &file, &err));
    assert_false(item.written);
    assert_true(item_draft_read(&draft, w->arena, file.data, file.length, &err));
    int before = item.used;
    assert_true(before > 0);
    assert_false(app_item_set_state(w->app, id, STATE_DRAFT, "Ann", &err)); /* the content's own */
    app_sitting_start_t start = {
        .area = "hematology", .items = APP_QUIZ_MAX, .minutes = 60, .exam = true, .factor = 1, .seed = 1};
    for (start.seed = 1;; start.seed++) { /* until a quiz gives it */
        room_act_t end = {.kind = ROOM_END};
        assert_true(start.seed < 60);
        assert_true(app_sitting_create(w->app, &start, "here", sitting, &err));
        assert_true(app_room_act(w->app, sitting, "here", &end, "", &err));
        if (given_version(w, sitting, id) > 0) break;
    }
    draft.stem = "In the fourth month of gestation, which organ makes most of the blood cells?";
    assert_true(app_item_save(w->app, id, item.seq, "Ann", &draft, &version, &err));
    assert_int_equal(version, before + 1);
    assert_int_equal(get(w, id).used, before);
    assert_true(app_item_set_state(w->app, id, STATE_REVIEWED, "Ann", &err));
    assert_true(app_item_review(w->app, id, "Bea", "3", true, "", &err));
    static app_report_t held; /* a request that runs meanwhile */
    memset(&held, 0, sizeof held);
    assert_true(app_report(w->app, sitting, &held, &err));
    assert_true(app_item_set_state(w->app, id, STATE_IN_USE, "Ann", &err));
    assert_int_equal(given_version(w, sitting, id), before);
    for (int i = 0; i < held.sitting.count; i++) assert_true(held.sitting.entry[i].item->stem[0]);
    app_report_leave(w->app, &held);
    const app_item_t *row = listed(w, id);
    assert_int_equal(row->used, before + 1);
    assert_true(row->given >= 1 && row->right == 0);
    /* the same after the program was closed, and from the events alone */
    app_close(w->app);
    open_app(w);
    assert_true(app_rebuild(w->app, &err));
    assert_int_equal(given_version(w, sitting, id), before);
    assert_int_equal(listed(w, id)->used, before + 1);
    text_free(&file);
}

/* Every item of the content that can be written by form comes back as it was. */
static void the_content_survives_the_form(void **state)
{
    world_t *w = *state;
    const bank_t *bank;
    bank_t *fork;
    err_t err = {0};
    size_t tried = 0, pictures = 0;
    assert_true(app_bank(w->app, &bank, &err));
    assert_true(bank_fork(&fork, bank, &err));
    for (size_t i = 0; i < bank_count(bank); i += 7) {
        const item_t *item = bank_item(bank, i);
        item_draft_t draft, again;
        text_t file;
        arena_reset(w->arena);
        item_draft_of(&draft, w->arena, item);
        text_init(&file, ITEM_DRAFT_BYTES_MAX);
        item_draft_write(&draft, &file);
        if (!bank_renew(fork, item->id, (const unsigned char *)file.data, file.length, item->state, &err))
            fail_msg("%s: %s", item->id, err.text);
        const item_t *back = bank_find(fork, item->id);
        assert_ptr_not_equal(back, item);
        assert_ptr_equal(bank_find_version(fork, item->id, item->version), back);
        assert_string_equal(back->stem, item->stem);
        assert_int_equal(back->parts, item->parts);
        assert_int_equal(back->picture.draw != NULL, item->picture.draw != NULL);
        if (item->picture.draw) {
            pictures++;
            assert_string_equal(back->picture.draw, item->picture.draw);
            assert_string_equal(back->picture.data, item->picture.data);
            assert_true(back->picture.seed == item->picture.seed && back->times == item->times);
            assert_string_equal(back->counts, item->counts);
        }
        assert_int_equal(back->programs, item->programs);
        assert_true(back->difficulty == item->difficulty && back->value == item->value);
        for (int k = 0; k < item->parts; k++) {
            assert_string_equal(back->part[k].text, item->part[k].text);
            assert_string_equal(back->part[k].right, item->part[k].right);
            assert_string_equal(back->part[k].why, item->part[k].why);
            assert_true(back->part[k].key == item->part[k].key && back->part[k].value == item->part[k].value);
        }
        assert_true(item_draft_read(&again, w->arena, file.data, file.length, &err));
        assert_string_equal(again.stem, draft.stem);
        text_free(&file);
        tried++;
    }
    assert_true(tried > 100 && pictures > 5);
    bank_close(fork);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unfinished_text_is_kept_and_mended, setup, teardown),
        cmocka_unit_test_setup_teardown(two_keys_are_a_complaint_about_the_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(states_go_step_by_step_and_need_another_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sitting_keeps_the_version_it_gave, setup, teardown),
        cmocka_unit_test_setup_teardown(the_content_survives_the_form, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
