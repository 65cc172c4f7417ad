/* Use cases over a real store and a clock that the test turns: what a learner relies on. */
#include "app/app.h"
#include "base/content.h"
#include "lab/month.h"
#include "world.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#ifdef __SANITIZE_ADDRESS__ /* which keeps what is freed for a while */
enum { GROWTH_KB = 512 * 1024 };
#else
enum { GROWTH_KB = 64 * 1024 };
#endif
enum { MILLION = 1000000 };

static int setup(void **state)
{
    *state = world_open(*content_source());
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static void create(world_t *w, const char *scenario, shift_mode_t mode, char id[APP_ID_MAX])
{
    err_t err = {0};
    if (!app_shift_create(w->app, scenario, 7, mode, id, &err)) fail_msg("%s", err.text);
}

static void act(world_t *w, const char *id, action_kind_t kind, int line, const char *request)
{
    err_t err = {0};
    action_t action = action_make(kind);
    action.line = line;
    strcpy(action.text, kind == ACT_NOTE || kind == ACT_HAND_OVER ? "a note" : "");
    if (!app_act(w->app, id, &action, request, &err)) fail_msg("%s", err.text);
}

static uint64_t state_of(world_t *w, const char *id, int32_t *at_s)
{
    app_visit_t visit;
    err_t err = {0};
    if (!app_peek(w->app, id, &visit, &err)) fail_msg("%s", err.text);
    uint64_t hash = shift_hash(visit.shift);
    *at_s = shift_now_s(visit.shift);
    app_leave(w->app, &visit);
    return hash;
}

static void a_shift_survives_a_restart(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    int32_t before, after;
    create(w, "morning-run", MODE_PRACTICE, id);
    act(w, id, ACT_START_UP, 0, "r1");
    act(w, id, ACT_START_UP, 1, "r2");
    act(w, id, ACT_NOTE, -1, "r3");
    uint64_t hash = state_of(w, id, &before);
    app_close(w->app);
    open_app(w);
    uint64_t again = state_of(w, id, &after);
    /* the hands' time of the last action comes back with it */
    assert_int_equal(before, after);
    assert_true(hash == again);
}

static void a_repeated_request_acts_once(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    create(w, "morning-run", MODE_PRACTICE, id);
    act(w, id, ACT_NOTE, -1, "same");
    act(w, id, ACT_NOTE, -1, "same");
    app_close(w->app);
    open_app(w);
    act(w, id, ACT_NOTE, -1, "same");
    app_visit_t visit;
    assert_true(app_peek(w->app, id, &visit, NULL));
    assert_int_equal(shift_action_count(visit.shift), 1);
    app_leave(w->app, &visit);
}

/* More requests than are remembered later: the stream still knows it, and memory does not run ahead of it. */
static void a_late_repetition_acts_once_too(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], request[16];
    int32_t before, after;
    create(w, "morning-run", MODE_PRACTICE, id);
    for (int i = 0; i < 100; i++) {
        snprintf(request, sizeof request, "r%d", i);
        act(w, id, ACT_NOTE, -1, request);
    }
    uint64_t hash = state_of(w, id, &before);
    act(w, id, ACT_NOTE, -1, "r0");
    assert_true(state_of(w, id, &after) == hash);
    assert_int_equal(before, after);
    act(w, id, ACT_NOTE, -1, "next");
    assert_true(state_of(w, id, &after) != hash);
}

/* The care of analyzers is events like everything else; figures below zero among them. */
static void care_survives_a_restart(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    int32_t before, after;
    err_t err = {0};
    create(w, "monday-first", MODE_PRACTICE, id);
    act(w, id, ACT_LOOK_PANEL, 0, "c1");
    action_t log = action_make(ACT_LOG_UNIT);
    log.code = 2;
    log.value = -23.5;
    log.number = -225;
    strcpy(log.text, "AB");
    if (!app_act(w->app, id, &log, "c2", &err)) fail_msg("%s", err.text);
    action_t sign = action_make(ACT_SIGN_LIST);
    sign.line = sign.number = 0;
    sign.code = 1;
    strcpy(sign.text, "0=16.4;1=37.02;5=1");
    if (!app_act(w->app, id, &sign, "c3", &err)) fail_msg("%s", err.text);
    uint64_t hash = state_of(w, id, &before);
    app_close(w->app);
    open_app(w);
    assert_true(hash == state_of(w, id, &after));
    assert_int_equal(before, after);
}

/* Limits of controls, typed with more decimals than an event keeps. */
static void a_signed_month_survives_a_restart(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    int32_t before, after;
    err_t err = {0};
    create(w, "last-of-the-month", MODE_PRACTICE, id);
    action_t sign = action_make(ACT_REVIEW_QC);
    sign.line = 0;
    sign.analyte = lab_analyte_find(app_lab(w->app), "potassium");
    sign.code = REVIEW_SET;
    sign.number = 2;
    sign.mean[1] = 6.43333333333;
    sign.sd[1] = 0.0712345678;
    strcpy(sign.text, "AB: limits of the accepted runs");
    if (!app_act(w->app, id, &sign, "m1", &err)) fail_msg("%s", err.text);
    act(w, id, ACT_RUN_QC, 0, "m2");
    uint64_t hash = state_of(w, id, &before);
    app_close(w->app);
    open_app(w);
    assert_true(hash == state_of(w, id, &after));
    assert_int_equal(before, after);
}

static int32_t minute_after(world_t *w, const char *id, int64_t passed_ms)
{
    app_visit_t visit;
    w->now += passed_ms;
    assert_true(app_visit(w->app, id, &visit, NULL));
    int32_t at = shift_now_s(visit.shift);
    app_leave(w->app, &visit);
    return at;
}

static void the_clock_runs_while_somebody_is_there(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    create(w, "morning-run", MODE_PRACTICE, id);
    assert_int_equal(minute_after(w, id, 5000), 0); /* paused until it is started */
    assert_true(app_set_speed(w->app, id, 6, "", &err));
    assert_int_equal(minute_after(w, id, 1000), 6);
    assert_int_equal(minute_after(w, id, 500), 9);
    int32_t long_away = minute_after(w, id, 3600000); /* a closed lid is a pause */
    assert_int_equal(long_away, 9 + 6 * APP_ABSENCE_MS / 1000);
    assert_int_equal(minute_after(w, id, -7200000), long_away); /* a clock that goes back moves nothing */
    assert_int_equal(minute_after(w, id, 1000), long_away + 6);
    assert_true(app_set_speed(w->app, id, 0, "", &err));
    assert_int_equal(minute_after(w, id, 1000), long_away + 6);
    assert_false(app_set_speed(w->app, id, 1000, "", &err));
}

static void assess_neither_pauses_nor_skips(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    create(w, "morning-run", MODE_ASSESS, id);
    assert_true(app_set_speed(w->app, id, 1, "", &err));
    assert_false(app_set_speed(w->app, id, 0, "", &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_false(app_skip(w->app, id, "", &err));
    assert_int_equal(minute_after(w, id, 5000), 5);
    assert_int_equal(minute_after(w, id, 120000), 125); /* a closed lid is no pause here */
    assert_int_equal(minute_after(w, id, -60000), 125);
    act(w, id, ACT_NOTE, -1, "a1");
    int32_t noted = minute_after(w, id, 0);
    app_close(w->app);
    w->now += 300000; /* nor is a stopped program */
    open_app(w);
    assert_int_equal(minute_after(w, id, 1000), noted + 301);
    w->now += (int64_t)365 * 24 * 3600 * 1000;
    app_visit_t visit;
    assert_true(app_visit(w->app, id, &visit, NULL));
    assert_true(shift_over(visit.shift)); /* over, and no more than over */
    assert_int_equal(shift_now_s(visit.shift), shift_length_s(visit.shift));
    app_leave(w->app, &visit);
}

static void skip_goes_to_the_next_thing(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    int32_t before, after;
    create(w, "morning-run", MODE_PRACTICE, id);
    state_of(w, id, &before);
    assert_true(app_skip(w->app, id, "s1", &err));
    state_of(w, id, &after);
    assert_true(after > before);
    assert_true(app_skip(w->app, id, "s1", &err)); /* repeated: nothing */
    int32_t same;
    state_of(w, id, &same);
    assert_int_equal(after, same);
}

static void reaction_comes_after_the_end_and_once(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    app_reflection_t reflection;
    create(w, "ordinary-sunday", MODE_PRACTICE, id);
    assert_false(app_reflect(w->app, id, "too early", 50, NULL, &err));
    assert_int_equal(err.code, ERR_STATE);
    act(w, id, ACT_HAND_OVER, -1, "end");
    assert_true(app_reflect(w->app, id, "calm", 70, NULL, &err));
    assert_true(app_reflect(w->app, id, "changed my mind", 10, NULL, &err));
    app_close(w->app);
    open_app(w);
    assert_true(app_reflection(w->app, id, &reflection, &err));
    assert_string_equal(reflection.reaction, "calm");
    assert_int_equal(reflection.self_rating, 70);
    shift_summary_t list[4];
    int count;
    assert_true(app_shift_list(w->app, list, 4, &count, &err));
    assert_int_equal(count, 1);
    assert_true(list[0].over);
    assert_true(list[0].score == list[0].score);
}

static void an_export_folds_to_the_same_state(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    text_t lines;
    shift_t *shift;
    int32_t at;
    create(w, "short-handed-night", MODE_PRACTICE, id);
    act(w, id, ACT_START_UP, 0, "a");
    assert_true(app_skip(w->app, id, "b", &err));
    act(w, id, ACT_NOTE, -1, "c");
    uint64_t hash = state_of(w, id, &at);
    text_init(&lines, 1024 * 1024);
    assert_true(app_shift_export(w->app, id, true, &lines, &err));
    assert_true(app_shift_fold(app_lab(w->app), lines.data, lines.length, &shift, &err));
    assert_true(shift_hash(shift) == hash);
    shift_free(shift);
    char *world = strstr(lines.data, "\"titer\":");
    assert_non_null(world);
    world[8] = '0'; /* a seed made other patients then */
    assert_false(app_shift_fold(app_lab(w->app), lines.data, lines.length, &shift, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_non_null(strstr(err.text, "another edition of the laboratory"));
    text_free(&lines);
}

static void wrong_ids_are_answered_with_a_sentence(void **state)
{
    world_t *w = *state;
    static const char *const ids[] = {"", "nothing", "../../etc/passwd", "ABC",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        app_visit_t visit;
        err_t err = {0};
        assert_false(app_visit(w->app, ids[i], &visit, &err));
        assert_int_equal(err.code, ERR_NOT_FOUND);
        assert_true(strlen(err.text) > 10);
    }
}

static void actions_are_bounded(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    action_t action = action_make(ACT_ACCEPT);
    create(w, "morning-run", MODE_PRACTICE, id);
    action.count = SHIFT_BATCH_MAX;
    for (int i = 0; i < SHIFT_BATCH_MAX; i++) action.list[i] = 1000000 + i;
    assert_false(app_act(w->app, id, &action, "", &err));
    action = action_make(ACT_NOTE);
    memset(action.text, 'x', SHIFT_TEXT_MAX);
    int saved = 0;
    while (saved < 1000 && app_act(w->app, id, &action, "", &err)) saved++;
    assert_true(saved >= 20 && saved < 1000); /* the notebook is full, or the shift is over: said, not crashed */
    assert_true(strlen(err.text) > 10);
}

static int64_t peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* A million of whatever costs nothing: taken up to the limit, then refused, in the same memory. */
static void a_million_actions_stay_within_bounds(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    shift_t *shift;
    const lab_t *lab = app_lab(w->app);
    action_t action = action_make(ACT_OPEN_SOP);
    strcpy(action.text, lab_sop(lab, 0)->id);
    assert_true(shift_start(&shift, lab, scenario_find(lab, "long-night"), 7, MODE_PRACTICE, &err));
    for (int i = 0; i < 100; i++) assert_true(shift_act(shift, &action, &err));
    int64_t before = peak_kb();
    int taken = 100;
    for (int i = 0; i < MILLION; i++) taken += shift_act(shift, &action, &err);
    assert_int_equal(taken, shift_action_count(shift));
    assert_in_range(taken, 100, SHIFT_MAX_ACTIONS);
    assert_true(strlen(err.text) > 10);
    shift_free(shift);

    create(w, "long-night", MODE_PRACTICE, id);
    action = action_make(ACT_NOTE);
    memset(action.text, 'x', SHIFT_TEXT_MAX - 1);
    taken = 0;
    for (int i = 0; i < MILLION; i++) taken += app_act(w->app, id, &action, "", &err);
    assert_in_range(taken, 20, 2000);
    assert_true(peak_kb() - before < GROWTH_KB);
}

static void every_action_is_written_and_read_back(void **state)
{
    (void)state;
    for (int kind = ACT_NONE + 1; kind < ACT_COUNT; kind++) {
        action_t a = action_make((action_kind_t)kind), b;
        text_t json;
        err_t err = {0};
        a.specimen = 3, a.line = 1, a.analyte = 17, a.run = -4, a.call = 2, a.result = 99, a.code = 5, a.number = 10;
        a.verdict = VERDICT_REJECT, a.error_type = ERROR_SYSTEMATIC, a.rule = 2, a.cause = 3, a.corrective = 4;
        a.list[0] = 7, a.list[1] = 8, a.count = 2;
        a.rack = 20, a.position = 3;
        a.value = kind == ACT_AMEND ? 4.25 : 0;
        if (kind == ACT_REVIEW_QC) a.code = REVIEW_SET, a.mean[1] = 6.471234, a.sd[1] = 0.067, a.mean[2] = -0.5;
        strcpy(a.text, "\"quoted\" \\ line\nand ü");
        text_init(&json, 4096);
        app_action_json(&json, &a);
        if (!app_action_parse(json.data, json.length, &b, &err)) fail_msg("%s: %s", json.data, err.text);
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.run, b.run);
        assert_int_equal(a.corrective, b.corrective);
        assert_int_equal(b.rack, 20);
        assert_int_equal(b.position, 3);
        assert_int_equal(b.count, 2);
        assert_int_equal(b.list[1], 8);
        assert_string_equal(a.text, b.text);
        assert_true(a.value == b.value);
        for (int l = 0; l < SHIFT_QC_LEVELS; l++) assert_true(a.mean[l] == b.mean[l] && a.sd[l] == b.sd[l]);
        text_free(&json);
    }
}

/* ---- scenarios that somebody writes ---- */

static const char half[] = "title: \"Half\"\nminutes: \"soon\"\n";
static const char written[] =
    "id: my-evening\n"
    "title: \"My evening\"\n"
    "summary: \"Evening draws.\"\n"
    "role: \"Technician\"\n"
    "staffing: \"Alone.\"\n"
    "briefing:\n  - \"Work.\"\n"
    "objectives:\n  - \"Compare.\"\n"
    "start: \"18:00\"\n"
    "minutes: 60\n"
    "specimens: 12\n"
    "settings: {inpatient: 1}\n"
    "planted:\n  - kind: specimen\n    fault: edta_contam\n    at: \"0:10\"\n    severity: 0.14\n";

static void with_minutes(char *text, size_t size, int minutes)
{
    const char *at = strstr(written, "minutes: 60");
    snprintf(text, size, "%.*sminutes: %d%s", (int)(at - written), written, minutes, at + strlen("minutes: 60"));
}

static void a_scenario_has_versions_and_shifts_keep_theirs(void **state)
{
    world_t *w = *state;
    err_t err = {0}, why = {0};
    char id[APP_ID_MAX], old[APP_ID_MAX], new[APP_ID_MAX], text[2000];
    app_scenario_t s, list[4];
    text_t out;
    int version, count;
    text_init(&out, APP_SCENARIO_MAX);
    assert_true(app_scenario_create(w->app, "My evening", written, strlen(written), id, &version, &why, &err));
    assert_int_equal(version, 1);
    create(w, id, MODE_PRACTICE, old);

    /* another version; an unfinished one; and somebody else's window */
    with_minutes(text, sizeof text, 90);
    assert_true(app_scenario_save(w->app, id, 1, "My evening", text, strlen(text), &version, &why, &err));
    assert_int_equal(version, 2);
    assert_true(app_scenario_save(w->app, id, 1, "My evening", text, strlen(text), &version, &why,
                                  &err)); /* the same: nothing new */
    assert_int_equal(version, 2);
    assert_false(app_scenario_save(w->app, id, 1, "x", written, strlen(written), &version, &why, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_true(app_scenario_save(w->app, id, 2, "Half", half, strlen(half), &version, &why, &err));
    assert_int_equal(version, 0);
    assert_non_null(strstr(why.text, ":1: the key \"id\" is missing"));
    create(w, id, MODE_PRACTICE, new); /* the newest that can be played */

    assert_true(app_scenario_get(w->app, id, 0, &s, &out, &err));
    assert_true(s.unfinished && s.version == 2 && s.seq == 3);
    assert_string_equal(out.data, half);
    assert_true(app_scenario_get(w->app, id, 1, &s, &out, &err));
    assert_string_equal(out.data, written);
    assert_false(app_scenario_get(w->app, id, 3, &s, NULL, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);

    for (int round = 0; round < 3; round++) { /* the list: as projected, after a rebuild, after a restart */
        if (round == 1) assert_true(app_rebuild(w->app, &err));
        if (round == 2) {
            app_close(w->app);
            open_app(w);
        }
        assert_true(app_scenario_list(w->app, list, 4, &count, &err));
        assert_int_equal(count, 1);
        assert_string_equal(list[0].id, id);
        assert_string_equal(list[0].title, "My evening");
        assert_string_equal(list[0].draft_title, "Half");
        assert_string_equal(list[0].name, "my-evening");
        assert_true(list[0].version == 2 && list[0].unfinished && list[0].length_s == 5400 && list[0].seq == 3);

        /* the shifts are what they were when they were started */
        shift_summary_t shifts[4];
        app_visit_t visit;
        assert_true(app_peek(w->app, old, &visit, &err));
        assert_int_equal(visit.summary.length_s, 3600);
        assert_string_equal(visit.summary.scenario_id, id);
        app_leave(w->app, &visit);
        assert_true(app_peek(w->app, new, &visit, &err));
        assert_int_equal(visit.summary.length_s, 5400);
        app_leave(w->app, &visit);
        assert_true(app_shift_list(w->app, shifts, 4, &count, &err));
        assert_int_equal(count, 2);
        for (int i = 0; i < 2; i++) {
            assert_string_equal(shifts[i].title, "My evening");
            assert_int_equal(shifts[i].length_s, strcmp(shifts[i].id, old) == 0 ? 3600 : 5400);
        }
    }

    assert_true(app_scenario_versions(w->app, id, list, 4, &count, &err));
    assert_true(count == 2 && list[0].version == 2 && list[1].version == 1 && list[1].seq == 1);
    assert_true(app_scenario_versions(w->app, id, list, 1, &count, &err)); /* too many: the newest */
    assert_true(count == 1 && list[0].version == 2);

    /* removed: off the list, the shifts stay */
    assert_true(app_scenario_remove(w->app, id, &err));
    assert_true(app_scenario_list(w->app, list, 4, &count, &err));
    assert_int_equal(count, 0);
    assert_false(app_scenario_get(w->app, id, 0, &s, NULL, &err));
    assert_false(app_shift_create(w->app, id, 7, MODE_PRACTICE, old, &err));
    int32_t at;
    assert_true(state_of(w, new, &at) != 0);
    text_free(&out);
}

/* What is planted leaves a running shift by no export; afterward, and for the owner of the data, the file is whole. */
static void an_export_of_a_running_shift_tells_nothing_planted(void **state)
{
    world_t *w = *state;
    err_t err = {0}, why = {0};
    char scenario[APP_ID_MAX], id[APP_ID_MAX];
    shift_t *shift;
    text_t lines;
    int version;
    text_init(&lines, 1 << 20);
    assert_true(app_scenario_create(w->app, "", written, strlen(written), scenario, &version, &why, &err));
    create(w, scenario, MODE_PRACTICE, id);
    act(w, id, ACT_START_UP, 0, "a1");
    int32_t at;
    uint64_t hash = state_of(w, id, &at);

    assert_true(app_shift_export(w->app, id, false, &lines, &err));
    assert_null(strstr(lines.data, "edta_contam"));
    assert_non_null(strstr(lines.data, "start-up"));
    assert_false(app_shift_fold(app_lab(w->app), lines.data, lines.length, &shift, &err));
    assert_non_null(strstr(err.text, "Export it again after the end"));

    text_clear(&lines);
    assert_true(app_shift_export(w->app, id, true, &lines, &err));
    assert_true(app_shift_fold(app_lab(w->app), lines.data, lines.length, &shift, &err));
    assert_true(shift_hash(shift) == hash);
    shift_free(shift);

    act(w, id, ACT_HAND_OVER, -1, "a2");
    text_clear(&lines);
    assert_true(app_shift_export(w->app, id, false, &lines, &err));
    assert_non_null(strstr(lines.data, "edta_contam"));
    text_free(&lines);
}

static void scenarios_are_bounded_and_ids_checked(void **state)
{
    world_t *w = *state;
    err_t err = {0}, why = {0};
    char id[APP_ID_MAX];
    app_scenario_t s;
    int version;
    char *large = malloc(APP_SCENARIO_MAX + 2);
    memset(large, '#', APP_SCENARIO_MAX + 1);
    large[APP_SCENARIO_MAX + 1] = '\0';
    assert_false(app_scenario_create(w->app, "", large, APP_SCENARIO_MAX + 1, id, &version, &why, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(app_scenario_create(w->app, "", "a\0b", 3, id, &version, &why, &err));
    large[APP_SCENARIO_MAX] = '\0'; /* the largest: quotes and line breaks double when they are written */
    memset(large, '"', APP_SCENARIO_MAX);
    assert_true(app_scenario_create(w->app, "", large, APP_SCENARIO_MAX, id, &version, &why, &err));
    assert_int_equal(version, 0);
    assert_false(app_shift_create(w->app, id, 7, MODE_PRACTICE, id, &err));
    assert_int_equal(err.code, ERR_STATE);
    static const char *const strangers[] = {"", "../x", "a/b", "A", "zzzzzzzzzzzz", "0123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        assert_false(app_scenario_get(w->app, strangers[i], 0, &s, NULL, &err));
        assert_int_equal(err.code, ERR_NOT_FOUND);
        assert_false(app_shift_create(w->app, strangers[i], 7, MODE_PRACTICE, id, &err));
    }
    free(large);
}

/* ---- after the end: hints, plan, remarks, history ---- */

static void finish(world_t *w, const char *id, int own, int first)
{
    err_t err = {0};
    int each[APP_COMPETENCES];
    for (int i = 0; i < APP_COMPETENCES; i++) each[i] = -1;
    each[0] = first;
    act(w, id, ACT_HAND_OVER, -1, "end");
    if (!app_reflect(w->app, id, "so it went", own, each, &err)) fail_msg("%s", err.text);
}

static void hints_are_counted_in_practice_only(void **state)
{
    world_t *w = *state;
    char practice[APP_ID_MAX], assess[APP_ID_MAX], coach[APP_ID_MAX];
    app_visit_t visit;
    err_t err = {0};
    create(w, "morning-run", MODE_PRACTICE, practice);
    create(w, "morning-run", MODE_ASSESS, assess);
    create(w, "morning-run", MODE_COACH, coach);
    assert_true(app_hint(w->app, practice, "/a", &err));
    assert_true(app_hint(w->app, practice, "/b", &err));
    assert_false(app_hint(w->app, assess, "/a", &err));
    assert_non_null(strstr(err.text, "In Assess"));
    assert_false(app_hint(w->app, coach, "/a", &err));
    app_close(w->app);
    open_app(w);
    assert_true(app_peek(w->app, practice, &visit, &err));
    assert_int_equal(visit.hints, 2);
    assert_string_equal(visit.hint_page, "/b");
    app_leave(w->app, &visit);
    assert_true(app_peek(w->app, assess, &visit, &err));
    assert_int_equal(visit.hints, 0);
    app_leave(w->app, &visit);
}

static void the_clock_is_not_slower_than_one(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    create(w, "morning-run", MODE_ASSESS, id);
    assert_true(app_set_speed(w->app, id, 1, "s1", &err));
    assert_false(app_set_speed(w->app, id, 0.5, "s2", &err));
    assert_false(app_set_speed(w->app, id, 0, "s3", &err));
    assert_false(app_skip(w->app, id, "s4", &err));
    assert_true(app_set_speed(w->app, id, 30, "s5", &err));
}

static void a_grade_by_hand_needs_its_reason(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    app_reflection_t r;
    app_past_t past[4];
    int count;
    create(w, "morning-run", MODE_PRACTICE, id);
    assert_false(app_remark(w->app, id, "R.", "too early", -1, &err)); /* the shift runs */
    finish(w, id, 40, 6);
    assert_false(app_remark(w->app, id, "R.", "", 80, &err));
    assert_non_null(strstr(err.text, "reason"));
    assert_false(app_remark(w->app, id, "", "well", -1, &err));
    assert_false(app_remark(w->app, id, "R.", "well", 101, &err));
    assert_true(app_remark(w->app, id, "R.", "well said", -1, &err));
    assert_true(app_remark(w->app, id, "R.", "for the note", 80, &err));
    app_close(w->app);
    open_app(w);
    assert_true(app_reflection(w->app, id, &r, &err));
    assert_int_equal(r.remark_count, 2);
    assert_int_equal(r.remarks[0].grade, -1);
    assert_int_equal(r.remarks[1].grade, 80);
    assert_string_equal(r.remarks[1].text, "for the note");
    assert_int_equal(r.by_competence[0], 6);
    assert_true(app_history(w->app, past, 4, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(past[0].grade, 80);
    assert_true(past[0].shift.score >= 0 && past[0].shift.score <= 100); /* the computed one stays */
    assert_true(past[0].shift.actions > 0);
}

static void a_card_known_waits_twice_as_long(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    app_plan_t card = {.kind = PLAN_CARD, .text = "Which cue?", .answer = "The delta."}, list[8];
    app_plan_t retry = {.kind = PLAN_RETRY, .text = "again", .scenario_id = "morning-run", .mode = MODE_ASSESS};
    const int64_t day = 24 * 3600 * 1000LL;
    int count;
    create(w, "morning-run", MODE_PRACTICE, id);
    assert_false(app_plan_keep(w->app, id, &card, 1, &err));
    finish(w, id, 40, -1);
    assert_false(app_plan_keep(w->app, id, &card, APP_PLAN_DAYS_MAX + 1, &err));
    assert_true(app_plan_keep(w->app, id, &card, 1, &err));
    assert_true(app_plan_keep(w->app, id, &retry, 7, &err));
    assert_true(app_plan_list(w->app, false, list, 8, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].kind, PLAN_CARD);
    assert_true(list[0].due_ms == w->now + day && list[1].due_ms == w->now + 7 * day);
    assert_int_equal(list[1].mode, MODE_ASSESS);
    int64_t n = list[0].number, m = list[1].number;
    static const struct {
        bool known;
        int days;
    } answers[] = {{true, 2}, {true, 4}, {false, 1}, {true, 2}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        w->now += day;
        assert_true(app_plan_answer(w->app, id, n, answers[i].known, false, &err));
        assert_true(app_plan_list(w->app, false, list, 8, &count, &err));
        const app_plan_t *line = list[0].number == n ? &list[0] : &list[1];
        assert_true(line->due_ms == w->now + answers[i].days * day);
    }
    assert_true(app_plan_answer(w->app, id, m, true, true, &err));
    assert_false(app_plan_answer(w->app, id, m, true, true, &err));
    assert_true(app_rebuild(w->app, &err));
    assert_true(app_plan_list(w->app, false, list, 8, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].answers, 4);
    assert_int_equal(list[0].known, 3);
    assert_true(app_plan_list(w->app, true, list, 8, &count, &err));
    assert_int_equal(count, 2);
}

/* 500 shifts, added up from what was stored: quick, and the same after the projections are computed again. */
static void history_of_many_shifts_is_quick(void **state)
{
    enum { SHIFTS = 500, MOST_MS = 400 };
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    int count;
    app_pool_t before = {0}, after = {0};
    app_past_t *past = calloc(SHIFTS + 1, sizeof *past);
    assert_non_null(past);
    for (int i = 0; i < SHIFTS; i++) {
        create(w, "morning-run", i % 2 ? MODE_COACH : MODE_PRACTICE, id);
        finish(w, id, i % 101, i % 11);
        w->now += 1000;
    }
    create(w, "morning-run", MODE_ASSESS, id); /* not over: listed, not added */
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    assert_true(app_history(w->app, past, SHIFTS + 1, &count, &err));
    for (int i = 0; i < count; i++) app_pool_add(&before, &past[i]);
    clock_gettime(CLOCK_MONOTONIC, &to);
    double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    print_message("history of %d shifts: %.1f ms\n", count, ms);
    assert_true(ms < MOST_MS);
    assert_int_equal(count, SHIFTS + 1);
    assert_int_equal(before.shifts, SHIFTS);
    assert_int_equal(before.rated[0], SHIFTS);
    assert_int_equal(before.competence[4].observations, 2 * SHIFTS); /* two lines in use, neither started up */
    assert_int_equal(before.competence[4].right, 0);
    assert_true(app_rebuild(w->app, &err));
    assert_true(app_history(w->app, past, SHIFTS + 1, &count, &err));
    for (int i = 0; i < count; i++) app_pool_add(&after, &past[i]);
    assert_memory_equal(&before, &after, sizeof before);
    free(past);
}

/* Well: the events can be read, and there is room for more. Asking leaves nothing behind. */
static void health_tells_whether_there_is_room(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    char probe[80], moved[80];
    struct rlimit before, small;
    snprintf(probe, sizeof probe, "%s/titer.probe", w->dir);
    snprintf(moved, sizeof moved, "%s-away", w->dir);
    assert_true(app_healthy(w->app, &err));
    assert_int_not_equal(access(probe, F_OK), 0);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1000; /* as a full disk: no file grows */
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool well = app_healthy(w->app, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(well);
    assert_non_null(strstr(err.text, "full"));
    assert_int_not_equal(access(probe, F_OK), 0);
    assert_int_equal(rename(w->dir, moved), 0);
    well = app_healthy(w->app, &err);
    assert_int_equal(rename(moved, w->dir), 0);
    assert_false(well);
    assert_non_null(strstr(err.text, "Nothing can be written"));
    assert_true(app_healthy(w->app, &err));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {CASE(a_shift_survives_a_restart),
                                       CASE(a_repeated_request_acts_once),
                                       CASE(a_late_repetition_acts_once_too),
                                       CASE(the_clock_runs_while_somebody_is_there),
                                       CASE(assess_neither_pauses_nor_skips),
                                       CASE(skip_goes_to_the_next_thing),
                                       CASE(reaction_comes_after_the_end_and_once),
                                       CASE(an_export_folds_to_the_same_state),
                                       CASE(wrong_ids_are_answered_with_a_sentence),
                                       CASE(actions_are_bounded),
                                       CASE(a_million_actions_stay_within_bounds),
                                       CASE(every_action_is_written_and_read_back),
                                       CASE(care_survives_a_restart),
                                       CASE(a_signed_month_survives_a_restart),
                                       CASE(a_scenario_has_versions_and_shifts_keep_theirs),
                                       CASE(an_export_of_a_running_shift_tells_nothing_planted),
                                       CASE(hints_are_counted_in_practice_only),
                                       CASE(the_clock_is_not_slower_than_one),
                                       CASE(a_grade_by_hand_needs_its_reason),
                                       CASE(a_card_known_waits_twice_as_long),
                                       CASE(history_of_many_shifts_is_quick),
                                       CASE(health_tells_whether_there_is_room),
                                       CASE(scenarios_are_bounded_and_ids_checked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
