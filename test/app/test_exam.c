/* Sittings over a real store and a clock that the test turns: what a candidate relies on. */
#include "room.h"

#include <math.h>

static const char THERE[] = "another-browser";

/* ---- */

static void an_adaptive_sitting_survives_being_killed(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], at40[64] = "";
    begin(w, "mlt-adaptive", 1, 0, id);
    for (int n = 0; n < 100; n++) {
        app_room_t *room = look(w, id, -1);
        assert_int_equal(room->question.n, n);
        assert_int_equal(room->answered, n);
        if (n == 40) snprintf(at40, sizeof at40, "%.60s", room->question.stem);
        if (n == 40 || n == 70) { /* killed between two answers */
            app_close(w->app);
            open_app(w);
            room = look(w, id, -1);
            assert_int_equal(room->question.n, n);
            if (n == 40) assert_int_equal(strncmp(room->question.stem, at40, strlen(at40)), 0);
        }
        w->now += 20000;
        answer(w, id, n);
    }
    app_room_t *room = look(w, id, -1);
    assert_int_equal(room->state, ROOM_REVIEW);
    assert_true(room->may_go_back);
    end(w, id);
    app_report_t *r = report(w, id);
    assert_int_equal(r->report.items, 100);
    assert_int_equal(r->report.unanswered, 0);
    for (int i = 0; i < r->sitting.count; i++) /* no item twice */
        for (int k = 0; k < i; k++) assert_string_not_equal(r->sitting.entry[i].id, r->sitting.entry[k].id);
    int n = 0;
    for (int a = 0; a < r->report.area_count; a++) { /* the outline holds where the bank can meet it */
        n += r->report.areas[a].items;
        const form_share_t *share = &r->sitting.form.shares[a];
        assert_true(r->report.areas[a].items >= share->low - 1 && r->report.areas[a].items <= share->high + 1);
    }
    assert_int_equal(n, 100);
    assert_true(r->report.se > 0.15 && r->report.se < 0.4);
    report_done(w, r);
}

static void review_changes_the_answer_and_not_the_items(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "pbt-adaptive", 1, 0, id);
    for (int n = 0; n < 80; n++) {
        if (n == 3) { /* no way back before the end */
            room_act_t back = {.kind = ROOM_FLAG, .n = 1, .on = true};
            assert_false(app_room_act(w->app, id, HERE, &back, "", &err));
            assert_int_equal(err.code, ERR_STATE);
        }
        answer(w, id, n);
    }
    char before[80][APP_ID_MAX * 2];
    app_room_t *room = look(w, id, 0);
    for (int n = 0; n < 80; n++) snprintf(before[n], sizeof before[n], "%.40s", look(w, id, n)->question.stem);
    room = look(w, id, 5);
    room_act_t act = first_answer(&room->question);
    if (act.count == 1) act.chosen[0] = 1;
    assert_true(app_room_act(w->app, id, HERE, &act, "", &err));
    for (int n = 0; n < 80; n++)
        assert_int_equal(strncmp(look(w, id, n)->question.stem, before[n], strlen(before[n])), 0);
    end(w, id);
    app_report_t *r = report(w, id);
    assert_int_equal(r->report.changed, 1);
    report_done(w, r);
}

static void the_clock_follows_its_rule(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "mlt-fixed", 1.5, 1, id); /* 240 minutes x 1.5 */
    assert_int_equal(look(w, id, 0)->left_ms, 360 * MINUTE);
    w->now += 30 * MINUTE; /* a closed lid counts */
    assert_int_equal(look(w, id, 0)->left_ms, 330 * MINUTE);
    w->now -= 10 * MINUTE; /* a clock set back moves nothing */
    assert_int_equal(look(w, id, 0)->left_ms, 330 * MINUTE);
    room_act_t on = {.kind = ROOM_BREAK_ON, .n = -1}, off = {.kind = ROOM_BREAK_OFF, .n = -1};
    assert_true(app_room_act(w->app, id, HERE, &on, "", &err));
    w->now += 45 * MINUTE;
    assert_int_equal(look(w, id, 0)->state, ROOM_BREAK);
    assert_true(app_room_act(w->app, id, HERE, &off, "", &err));
    assert_int_equal(look(w, id, 0)->left_ms, 330 * MINUTE);
    assert_false(app_room_act(w->app, id, HERE, &on, "", &err)); /* there was one break */
    answer(w, id, 0);
    app_close(w->app);
    w->now += 600 * MINUTE; /* the program stood still: two minutes of it count */
    open_app(w);
    assert_int_equal(look(w, id, 0)->left_ms, 328 * MINUTE);
    w->now += 400 * MINUTE;
    app_room_t *room = look(w, id, 0);
    assert_int_equal(room->state, ROOM_OVER);
    assert_true(room->timed_out);
    room_act_t late = {.kind = ROOM_ANSWER, .n = 1, .count = 1, .number = "1"};
    assert_false(app_room_act(w->app, id, HERE, &late, "", &err));
    app_report_t *r = report(w, id);
    assert_int_equal(r->sitting.end, END_TIME);
    assert_int_equal(r->report.answered, 1);
    assert_int_equal(r->report.unanswered, r->report.items - 1);
    assert_true(r->sitting.away_ms == 598 * MINUTE);
    report_done(w, r);
}

static void one_device_at_a_time(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    app_room_t room;
    begin(w, "mlt-fixed", 1, 0, id);
    answer(w, id, 0);
    assert_true(app_room(w->app, id, THERE, 1, w->arena, &room, &err));
    assert_true(room.elsewhere);
    room_act_t act = first_answer(&room.question);
    assert_false(app_room_act(w->app, id, THERE, &act, "", &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    room_act_t take = {.kind = ROOM_TAKE, .n = -1};
    assert_true(app_room_act(w->app, id, THERE, &take, "", &err));
    assert_true(app_room(w->app, id, THERE, 1, w->arena, &room, &err));
    assert_false(room.elsewhere);
    act = first_answer(&room.question);
    assert_true(app_room_act(w->app, id, THERE, &act, "", &err));
    assert_true(look(w, id, 1)->elsewhere);
    assert_int_equal(look(w, id, 1)->answered, 2);
}

static void a_repeated_request_is_one_answer(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "mlt-fixed", 1, 0, id);
    room_act_t act = first_answer(&look(w, id, 0)->question);
    assert_true(app_room_act(w->app, id, HERE, &act, "r1", &err));
    int64_t seq = look(w, id, 0)->seq;
    assert_true(app_room_act(w->app, id, HERE, &act, "r1", &err));
    assert_int_equal(look(w, id, 0)->seq, seq);
    begin(w, "mlt-adaptive", 1, 0, id); /* where the item is not to be answered any more, it was all the same */
    act = first_answer(&look(w, id, 0)->question);
    assert_true(app_room_act(w->app, id, HERE, &act, "r1", &err));
    seq = look(w, id, -1)->seq;
    assert_true(app_room_act(w->app, id, HERE, &act, "r1", &err));
    assert_int_equal(look(w, id, -1)->seq, seq);
    assert_int_equal(look(w, id, -1)->answered, 1);
    room_act_t stop = {.kind = ROOM_END, .n = -1};
    assert_true(app_room_act(w->app, id, HERE, &stop, "r2", &err));
    assert_true(app_room_act(w->app, id, HERE, &stop, "r2", &err));
}

static void marks_flags_strikes_and_notes_are_kept(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "mlt-fixed", 1, 0, id);
    int n = 0;
    while (strcmp(look(w, id, n)->question.type, "single") != 0) n++;
    room_act_t acts[] = {{.kind = ROOM_FLAG, .n = n, .on = true},
                         {.kind = ROOM_STRIKE, .n = n, .place = 2},
                         {.kind = ROOM_MARK, .n = n, .from = 2, .to = 6},
                         {.kind = ROOM_NOTE, .n = n, .text = "7 x 8 = 56"}};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (!app_room_act(w->app, id, HERE, &acts[i], "", &err)) fail_msg("%s", err.text);
    app_close(w->app);
    open_app(w);
    app_room_t *room = look(w, id, n);
    assert_true(room->question.flagged && room->question.part[2].struck && room->question.marks == 1);
    assert_int_equal(room->question.mark[0].from, 2);
    assert_string_equal(room->note, "7 x 8 = 56");
    assert_false(
        app_room_act(w->app, id, HERE, &(room_act_t){.kind = ROOM_MARK, .n = n, .from = 9, .to = 99999}, "", &err));
    assert_false(app_room_act(w->app, id, HERE, &(room_act_t){.kind = ROOM_ANSWER, .n = n, .count = 1, .chosen = {7}},
                              "", &err));
}

static void nothing_is_told_before_its_time(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], tutor[APP_ID_MAX];
    err_t err = {0};
    app_report_t *r = calloc(1, sizeof *r);
    begin(w, "mlt-fixed", 1, 0, id);
    answer(w, id, 0);
    assert_false(app_report(w->app, id, r, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_false(app_tutor(w->app, id, 0, r, &err));
    begin(w, "mlt-practice", 1, 0, tutor);
    assert_false(app_tutor(w->app, tutor, 0, r, &err));
    answer(w, tutor, 0);
    assert_true(app_tutor(w->app, tutor, 0, r, &err));
    app_report_leave(w->app, r);
    assert_false(app_tutor(w->app, tutor, 1, r, &err));
    text_t out;
    text_init(&out, 1 << 20);
    assert_true(app_sitting_export(w->app, id, &out, &err)); /* nor does the stream tell */
    assert_null(strstr(out.data, "credit"));
    assert_null(strstr(out.data, "wrong"));
    text_free(&out);
    report_done(w, r);
}

static void a_spoiled_item_counts_for_nobody(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "pbt-practice", 1, 0, id);
    for (int n = 0; n < 20; n++) answer(w, id, n);
    end(w, id);
    app_report_t *before = report(w, id);
    int k = 0;
    while (sitting_right(&before->sitting.entry[k])) k++;
    assert_false(app_item_void(w->app, "L99-99", 0, "no such item", &err));
    assert_false(app_item_void(w->app, before->sitting.entry[k].id, 0, "", &err));
    assert_true(app_item_void(w->app, before->sitting.entry[k].id, 0, "two right options", &err));
    app_report_t *after = report(w, id);
    assert_int_equal(after->report.items, before->report.items - 1);
    assert_int_equal(after->report.voided, 1);
    assert_int_equal(after->report.right, before->report.right);
    assert_true(after->report.score > before->report.score); /* one wrong answer less */
    app_sitting_t listed;
    int count;
    assert_true(app_sitting_list(w->app, &listed, 1, &count, &err)); /* the list says what the report says */
    assert_true(listed.score == after->report.score && listed.se == after->report.se);
    assert_true(app_sitting_list(w->app, &listed, 1, &count, &err)); /* also from memory */
    assert_true(listed.score == after->report.score);
    /* nobody is given it any more; a sitting that has it in another version would count it */
    char spoiled[SITTING_ITEM_ID], other[APP_ID_MAX];
    sitting_base(before->sitting.entry[k].id, spoiled);
    for (uint64_t seed = 1; seed < 6; seed++) {
        app_sitting_start_t start = {.form = "pbt-practice", .factor = 1, .seed = seed};
        w->now += MINUTE;
        assert_true(app_sitting_create(w->app, &start, HERE, other, &err));
        end(w, other);
        app_report_t *r = report(w, other);
        for (int i = 0; i < r->sitting.count; i++) assert_int_not_equal(strcmp(r->sitting.entry[i].id, spoiled), 0);
        report_done(w, r);
    }
    report_done(w, before);
    report_done(w, after);
}

/* A void names the version that is spoiled: a mended one counts. */
static void another_version_still_counts(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "pbt-practice", 1, 0, id);
    end(w, id);
    app_report_t *r = report(w, id);
    assert_true(app_item_void(w->app, r->sitting.entry[0].id, r->sitting.entry[0].version + 1, "wrong key", &err));
    app_report_t *after = report(w, id);
    assert_int_equal(after->report.voided, 0);
    report_done(w, after);
    assert_true(app_item_void(w->app, r->sitting.entry[0].id, r->sitting.entry[0].version, "wrong key", &err));
    after = report(w, id);
    assert_int_equal(after->report.voided, 1);
    report_done(w, after);
    report_done(w, r);
}

/* More sittings than a list has place for: the newest stand in it. */
static void the_list_keeps_the_newest(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    app_sitting_t list[3];
    int count;
    char id[7][APP_ID_MAX];
    for (int i = 0; i < 7; i++) {
        app_sitting_start_t start = {.items = 1, .minutes = 5, .factor = 1};
        w->now += MINUTE;
        assert_true(app_sitting_create(w->app, &start, HERE, id[i], &err));
        end(w, id[i]);
    }
    assert_true(app_sitting_list(w->app, list, 3, &count, &err));
    assert_int_equal(count, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(list[i].id, id[6 - i]);
        assert_true(list[i].over && list[i].items == 1);
    }
}

/* What an item has already is no change and no event; the pad goes with every act. */
static void the_same_answer_is_no_change(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    begin(w, "mlt-fixed", 1, 0, id);
    room_act_t act = first_answer(&look(w, id, 0)->question);
    act.text = "7 x 8";
    assert_true(app_room_act(w->app, id, HERE, &act, "", &err));
    app_room_t *room = look(w, id, 0);
    assert_string_equal(room->note, "7 x 8");
    assert_int_equal(room->question.answers, 1);
    int64_t seq = room->seq;
    assert_true(app_room_act(w->app, id, HERE, &act, "", &err));
    room_act_t note = {.kind = ROOM_NOTE, .n = 0};
    assert_true(app_room_act(w->app, id, HERE, &note, "", &err)); /* no pad is no empty pad */
    room = look(w, id, 0);
    assert_true(room->seq == seq && room->question.answers == 1);
    assert_string_equal(room->note, "7 x 8");
    end(w, id);
    app_report_t *r = report(w, id);
    assert_int_equal(r->report.changed, 0);
    report_done(w, r);
}

static void mistakes_come_back_until_they_are_right(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], quiz[APP_ID_MAX];
    err_t err = {0};
    app_sitting_start_t mistakes = {.mistakes = true, .items = 60, .minutes = 30, .factor = 1};
    assert_false(app_sitting_create(w->app, &mistakes, HERE, quiz, &err)); /* none yet */
    begin(w, "pbt-practice", 1, 0, id);
    for (int n = 0; n < 20; n++) answer(w, id, n);
    end(w, id);
    app_report_t *r = report(w, id);
    int wrong = r->report.items - r->report.right;
    report_done(w, r);
    w->now += MINUTE;
    assert_true(app_sitting_create(w->app, &mistakes, HERE, quiz, &err));
    assert_int_equal(look(w, quiz, -1)->items, wrong);
    app_sitting_t list[4];
    int count;
    assert_true(app_sitting_list(w->app, list, 4, &count, &err));
    assert_int_equal(count, 2);
    assert_string_equal(list[0].title, "Mistakes only");
    assert_true(list[1].over && list[1].answered == 20 && list[1].score == list[1].score);
}

/* Somebody of known ability, many times: the measure is about right, its interval holds, and the outline is met. */
static void the_measure_finds_the_ability(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    const bank_t *bank;
    static sitting_t s; /* one at a time; large */
    sitting_plan_t *plan;
    exam_forms_t *forms = calloc(1, sizeof *forms);
    arena_t *arena = arena_new(ARENA);
    assert_true(app_bank(w->app, &bank, &err));
    if (!forms_read(forms, bank, &w->content, arena, &err)) fail_msg("%s", err.text);
    const exam_form_t *form = form_find(forms, "pbt-adaptive");
    if (!sitting_plan(&plan, bank, form, false, &err)) fail_msg("%s", err.text);
    enum { SITTINGS = 60 };
    int inside = 0;
    double error = 0;
    for (uint64_t seed = 1; seed <= SITTINGS; seed++) {
        double theta = -1.5 + 3.0 * (double)(seed % 7) / 6;
        rng_t rng = rng_at(seed, 1, 0, 0);
        report_t r;
        assert_true(sitting_begin(&s, bank, form, seed, 1, 0, 0, &err));
        for (int n = 0; n < form->items; n++) {
            int next = -1;
            if (!sitting_choose(plan, &s, NULL, &next, &err)) fail_msg("%s", err.text);
            const item_t *item = bank_item(bank, (size_t)next);
            assert_true(sitting_give(&s, item->id, item->version, &err));
            bool right = rng_chance(&rng, 1 / (1 + exp(item->difficulty - theta)));
            int key = item_key(item);
            item_answer_t a = {.count = 1, .chosen = {right ? key : (key + 1) % item->parts}};
            assert_true(sitting_answer(&s, n, &a, SURE_UNSAID, &err));
        }
        assert_true(sitting_finish(&s, END_ASKED, &err));
        assert_true(report_make(&s, &r, &err));
        inside += r.low <= 500 + 100 * theta && 500 + 100 * theta <= r.high;
        error += r.ability.theta - theta;
    }
    assert_true(inside >= SITTINGS * 88 / 100);
    assert_true(fabs(error / SITTINGS) < 0.15);
    sitting_plan_free(plan);
    arena_free(arena);
    free(forms);
}

/* A picture is told by the number of its entry and a tag of this sitting; what was not given yet is not shown. */
static void pictures_belong_to_what_was_given(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], other[APP_ID_MAX], tag[EXHIBIT_TAG_MAX];
    err_t err = {0};
    text_t svg;
    int kinds = 0;
    app_sitting_start_t start = {.pictures = true, .exam = true, .items = 60, .minutes = 60, .factor = 1, .seed = 7};
    if (!app_sitting_create(w->app, &start, HERE, id, &err)) fail_msg("%s", err.text);
    char first[EXHIBIT_TAG_MAX] = "";
    for (int n = 0; n < 60; n++) {
        const app_question_t *q = &look(w, id, n)->question;
        bool hot = strcmp(q->type, "hotspot") == 0, count = strcmp(q->type, "count") == 0;
        assert_true(q->exhibit.there && q->exhibit.drawn == (strcmp(q->type, "next") != 0));
        assert_int_equal(q->exhibit.place_count, hot ? q->parts : 0);
        kinds |= hot ? 1 : count ? 2 : q->exhibit.drawn ? 4 : 8;
        if (n == 0) memcpy(first, q->exhibit.tag, sizeof first);
        text_init(&svg, 8 << 20);
        bool drawn = app_room_picture(w->app, id, n, false, &svg, tag, &err);
        assert_true(drawn == q->exhibit.drawn);
        if (drawn) assert_string_equal(tag, q->exhibit.tag);
        if (!drawn) assert_int_equal(err.code, ERR_NOT_FOUND);
        text_free(&svg);
        answer(w, id, n);
    }
    assert_int_equal(kinds, 15);
    /* the same items in another sitting: other tags */
    if (!app_sitting_create(w->app, &start, HERE, other, &err)) fail_msg("%s", err.text);
    assert_string_not_equal(look(w, other, 0)->question.exhibit.tag, first);
    text_init(&svg, 8 << 20);
    assert_false(app_room_picture(w->app, id, 60, false, &svg, tag, &err));
    assert_false(app_room_picture(w->app, id, -1, false, &svg, tag, &err));
    /* one after another: what comes later is not shown */
    start.exam = false;
    if (!app_sitting_create(w->app, &start, HERE, other, &err)) fail_msg("%s", err.text);
    for (int n = 1; n < 60; n++) assert_false(app_room_picture(w->app, other, n, false, &svg, tag, &err));
    assert_int_equal(svg.length, 0);
    text_free(&svg);
}

/* The place that is named right gets the credit, and so does the right number. */
static void places_and_counts_are_scored(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], again[APP_ID_MAX];
    err_t err = {0};
    app_sitting_start_t start = {.pictures = true, .exam = true, .items = 60, .minutes = 60, .factor = 1, .seed = 8};
    if (!app_sitting_create(w->app, &start, HERE, id, &err)) fail_msg("%s", err.text);
    end(w, id);
    app_report_t *keys = report(w, id);
    if (!app_sitting_create(w->app, &start, HERE, again, &err)) fail_msg("%s", err.text);
    int types[ITEM_TYPES] = {0};
    for (int n = 0; n < 60; n++) {
        const sitting_entry_t *entry = &keys->sitting.entry[n];
        room_act_t act = right_answer(entry, n);
        types[entry->item->type]++;
        if (!app_room_act(w->app, again, HERE, &act, "", &err)) fail_msg("%s: %s", entry->id, err.text);
    }
    assert_true(types[ITEM_HOTSPOT] > 0 && types[ITEM_COUNT] > 0 && types[ITEM_NEXT] > 0);
    end(w, again);
    app_report_t *r = report(w, again);
    assert_int_equal(r->report.items, 60);
    assert_int_equal(r->report.right, 60);
    report_done(w, r);
    report_done(w, keys);
}

static void outcomes_are_kept_with_consent_only(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    char id[APP_ID_MAX];
    app_outcome_t list[4];
    int count;
    assert_false(app_outcome_add(w->app, "ASCP MLT", "2026-11-20", 1, -1, false, id, &err));
    assert_false(app_outcome_add(w->app, "ASCP MLT", "20.11.2026", 1, -1, true, id, &err));
    assert_true(app_outcome_add(w->app, "ASCP MLT", "2026-11-20", 1, 512, true, id, &err));
    assert_true(app_outcome_list(w->app, list, 4, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].score, 512);
    assert_true(app_outcome_withdraw(w->app, id, &err));
    assert_true(app_outcome_list(w->app, list, 4, &count, &err));
    assert_int_equal(count, 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(an_adaptive_sitting_survives_being_killed),
                                       CASE(review_changes_the_answer_and_not_the_items),
                                       CASE(the_clock_follows_its_rule),
                                       CASE(one_device_at_a_time),
                                       CASE(a_repeated_request_is_one_answer),
                                       CASE(marks_flags_strikes_and_notes_are_kept),
                                       CASE(nothing_is_told_before_its_time),
                                       CASE(a_spoiled_item_counts_for_nobody),
                                       CASE(another_version_still_counts),
                                       CASE(the_list_keeps_the_newest),
                                       CASE(the_same_answer_is_no_change),
                                       CASE(mistakes_come_back_until_they_are_right),
                                       CASE(the_measure_finds_the_ability),
                                       CASE(pictures_belong_to_what_was_given),
                                       CASE(places_and_counts_are_scored),
                                       CASE(outcomes_are_kept_with_consent_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
