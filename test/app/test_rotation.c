/* Rotation through app: sending again, merging, links that are good once, guessing, PINs, tampering with the file, and
 * all of it over a restart. */
#include "world.h"

#include "app/rotation.h"
#include "base/content.h"
#include "road/when.h"

#include <sqlite3.h>

enum { DAY = 20833 - 1 }; /* the day before the world's clock begins (2027-01-15) */

static world_t *w;

static int open_world(void **state)
{
    (void)state;
    w = world_open(*content_source());
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

static void restart(void)
{
    app_close(w->app);
    open_app(w);
}

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        err_t err_ = {0}, *e = &err_;                                                                                  \
        if (!(call)) fail_msg("%s", err_.text);                                                                        \
    } while (0)

#define REFUSED(wanted, words, call)                                                                                   \
    do {                                                                                                               \
        err_t err_ = {0}, *e = &err_;                                                                                  \
        if (call) fail_msg("was not refused");                                                                         \
        if (err_.code != (wanted) || strstr(err_.text, words) == NULL)                                                 \
            fail_msg("%s (%s)", err_.text, err_name(err_.code));                                                       \
    } while (0)

static app_entry_t a_day(const char *id, int in)
{
    static const rotation_count_t work[] = {{"chemistry-qc", 3}, {"critical-call", 1}};
    return (app_entry_t){.id = id,
                         .day = DAY,
                         .in_min = in,
                         .out_min = in + 120,
                         .breaks_min = 10,
                         .site = "Synthetic General",
                         .department = "chemistry",
                         .reflection = "Two levels, one repeat.",
                         .work = work,
                         .work_count = 2};
}

static int entries(void)
{
    const rotation_t *r;
    OK(app_rotation(w->app, &r, e));
    int n = r->entry_count;
    app_rotation_leave(w->app);
    return n;
}

static void enter(const char *id, int in)
{
    app_entry_t day = a_day(id, in);
    OK(app_rotation_enter(w->app, &day, e));
}

static app_sign_t preceptor(void)
{
    return (app_sign_t){.name = "P. Receptor", .role = "MLS", .comment = "", .rating = RATING_NONE};
}

static char receipt[ROTATION_HASH_TEXT];

static bool sign_link(const char *token, const char *client, err_t *e)
{
    app_sign_t s = preceptor();
    return app_rotation_sign_link(w->app, token, client, &s, receipt, e);
}

static void ask(const char *what, bool paper, char token[APP_TOKEN_MAX])
{
    int64_t expires;
    OK(app_rotation_ask(w->app, what, paper, token, &expires, e));
    assert_true(expires > w->now);
}

static void sent_again_is_the_same(void **state)
{
    (void)state;
    app_entry_t day = a_day("request-0001", 420), other = a_day("request-0001", 700);
    for (int i = 0; i < 3; i++) OK(app_rotation_enter(w->app, &day, e));
    assert_int_equal(entries(), 1);
    REFUSED(ERR_CONFLICT, "other content", app_rotation_enter(w->app, &other, e)); /* never silently dropped */
    restart();
    OK(app_rotation_enter(w->app, &day, e));
    enter("request-0002", 700);
    assert_int_equal(entries(), 2);
}

static void what_an_entry_must_be(void **state)
{
    (void)state;
    app_entry_t d = a_day("request-0001", 420);
    OK(app_rotation_enter(w->app, &d, e));
    app_entry_t overlap = a_day("request-0002", 500);
    REFUSED(ERR_CONFLICT, "overlap", app_rotation_enter(w->app, &overlap, e));
    app_entry_t night = a_day("request-0003", 1380), morning = a_day("request-0004", 0);
    night.out_min = 420;
    OK(app_rotation_enter(w->app, &night, e));
    morning.day = DAY + 1;
    REFUSED(ERR_CONFLICT, "overlap", app_rotation_enter(w->app, &morning, e)); /* the night reaches into it */
    app_entry_t ahead = a_day("request-0005", 420);
    ahead.day = DAY + 3;
    REFUSED(ERR_INPUT, "ahead", app_rotation_enter(w->app, &ahead, e));
    app_entry_t long_day = a_day("request-0006", 600);
    long_day.out_min = 590;
    REFUSED(ERR_INPUT, "more than 16 hours", app_rotation_enter(w->app, &long_day, e));
    app_entry_t rest = a_day("request-0007", 600);
    rest.breaks_min = 120;
    REFUSED(ERR_INPUT, "Breaks", app_rotation_enter(w->app, &rest, e));
    app_entry_t nowhere = a_day("request-0008", 600);
    nowhere.department = "cafeteria";
    REFUSED(ERR_INPUT, "department", app_rotation_enter(w->app, &nowhere, e));
    app_entry_t named = a_day("request-0009", 600);
    named.reflection = "MRN 0042117 was a short draw";
    REFUSED(ERR_STATE, "looks like a record", app_rotation_enter(w->app, &named, e));
    named.no_patient = true;
    OK(app_rotation_enter(w->app, &named, e));
    app_entry_t bad = a_day("x/../y", 800);
    REFUSED(ERR_INPUT, "number", app_rotation_enter(w->app, &bad, e));
    assert_int_equal(entries(), 3);
}

static void a_link_is_good_once(void **state)
{
    (void)state;
    char token[APP_TOKEN_MAX], second[APP_TOKEN_MAX];
    enter("request-0001", 420);
    enter("request-0002", 700);
    ask("request-0001", false, token);
    ask("request-0001", false, second);
    assert_int_equal(strlen(token), 26);
    assert_string_not_equal(token, second);
    restart(); /* only hashes were kept, and they are enough */
    OK(sign_link(token, "client", e));
    assert_int_equal(strlen(receipt), 64);
    REFUSED(ERR_DENIED, "was used", sign_link(token, "client", e));
    REFUSED(ERR_DENIED, "was used", sign_link(second, "client", e)); /* it is signed: no second signature */
    const rotation_t *r;
    OK(app_rotation(w->app, &r, e));
    assert_true(r->signature_count == 1 && r->unsound == 0);
    assert_string_equal(r->head, receipt);
    assert_string_equal(r->signatures[0].what, "request-0001");
    app_rotation_leave(w->app);
}

static void a_link_runs_out_and_dies_with_a_correction(void **state)
{
    (void)state;
    char late[APP_TOKEN_MAX], old[APP_TOKEN_MAX];
    enter("request-0001", 420);
    ask("request-0001", false, late);
    w->now += (int64_t)APP_LINK_HOURS * 3600000 - 1;
    const rotation_t *r;
    const rotation_item_t *item;
    OK(app_rotation_link(w->app, late, "client", &r, &item, e));
    assert_string_equal(item->id, "request-0001");
    app_rotation_leave(w->app);
    w->now += 1;
    REFUSED(ERR_DENIED, "has run out", sign_link(late, "client", e));
    ask("request-0001", false, old);
    app_entry_t again = a_day("request-0009", 480);
    OK(app_rotation_correct(w->app, "request-0001", &again, "came at eight", e));
    REFUSED(ERR_DENIED, "was corrected", sign_link(old, "client", e)); /* what was to be signed is not there any more */
}

static void guessing_is_limited(void **state)
{
    (void)state;
    char token[APP_TOKEN_MAX], wrong[APP_TOKEN_MAX] = "00000000000000000000000000", client[16];
    enter("request-0001", 420);
    ask("request-0001", false, token);
    for (int i = 0; i < APP_GUESSES_CLIENT; i++) REFUSED(ERR_DENIED, "no good link", sign_link(wrong, "one", e));
    REFUSED(ERR_LIMIT, "too many", sign_link(wrong, "one", e));
    REFUSED(ERR_LIMIT, "too many", sign_link(token, "one", e)); /* even the right one is not looked at */
    restart();
    REFUSED(ERR_LIMIT, "too many", sign_link(token, "one", e));      /* a restart forgets nothing */
    for (int i = 0; i < APP_GUESSES_ALL - APP_GUESSES_CLIENT; i++) { /* a new client each time */
        snprintf(client, sizeof client, "c%d", i);
        REFUSED(ERR_DENIED, "no good link", sign_link(wrong, client, e));
    }
    REFUSED(ERR_LIMIT, "too many", sign_link(token, "somebody", e));
    w->now += APP_GUESS_WINDOW_MS;
    OK(sign_link(token, "one", e));
}

static void pins(void **state)
{
    (void)state;
    const rotation_t *r;
    char id[APP_ID_MAX];
    app_sign_t s = preceptor();
    OK(app_rotation_program(w->app, "mlt", "rose-state-mlt", "Synthetic Student", e));
    enter("request-0001", 420);
    enter("request-0002", 700);
    REFUSED(ERR_INPUT, "digits", app_rotation_pin(w->app, "P. Receptor", "MLS", "12a456", "12a456", e));
    REFUSED(ERR_INPUT, "guessed", app_rotation_pin(w->app, "P. Receptor", "MLS", "123456", "123456", e));
    REFUSED(ERR_INPUT, "differ", app_rotation_pin(w->app, "P. Receptor", "MLS", "274951", "274952", e));
    REFUSED(ERR_DENIED, "themselves", app_rotation_pin(w->app, "synthetic student", "MLS", "274951", "274951", e));
    OK(app_rotation_pin(w->app, "P. Receptor", "MLS", "274951", "274951", e));
    restart();
    OK(app_rotation(w->app, &r, e));
    snprintf(id, sizeof id, "%s", r->pins[0].id);
    assert_null(strstr(r->pins[0].hash, "274951"));
    assert_non_null(strstr(r->pins[0].hash, "$argon2id$"));
    app_rotation_leave(w->app);
    OK(app_rotation_sign_pin(w->app, "request-0001", id, "274951", "client", &s, receipt, e));
    for (int i = 0; i < APP_GUESSES_PIN; i++) { /* each from another client */
        char client[16];
        snprintf(client, sizeof client, "c%d", i);
        REFUSED(ERR_DENIED, "not right",
                app_rotation_sign_pin(w->app, "request-0002", id, "274950", client, &s, receipt, e));
    }
    REFUSED(ERR_LIMIT, "too many",
            app_rotation_sign_pin(w->app, "request-0002", id, "274951", "other", &s, receipt, e));
    w->now += APP_GUESS_WINDOW_MS;
    OK(app_rotation_sign_pin(w->app, "request-0002", id, "274951", "other", &s, receipt, e));
    REFUSED(ERR_STATE, "signed already",
            app_rotation_sign_pin(w->app, "request-0002", id, "274951", "other", &s, receipt, e));
    OK(app_rotation_pin_off(w->app, id, "274951", "client", e));
    REFUSED(ERR_INPUT, "Choose your name",
            app_rotation_sign_pin(w->app, "request-0002", id, "274951", "other", &s, receipt, e));
}

static void skills(void **state)
{
    (void)state;
    char token[APP_TOKEN_MAX];
    app_skill_t skill = {.id = "request-0001", .competency = "mlt-qc", .site = "Synthetic General", .comment = ""};
    REFUSED(ERR_INPUT, "yourself first", app_rotation_skill(w->app, &skill, e));
    skill.self = 5;
    REFUSED(ERR_INPUT, "comment", app_rotation_skill(w->app, &skill, e));
    skill.self = 4;
    OK(app_rotation_skill(w->app, &skill, e));
    ask("request-0001", false, token);
    app_sign_t s = preceptor();
    REFUSED(ERR_INPUT, "Choose a rating",
            app_rotation_sign_link(w->app, token, "c", &s, receipt, e)); /* begins empty */
    s.rating = RATING_OBSERVED;
    REFUSED(ERR_INPUT, "needs a comment", app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    s.comment = "Watched two runs.";
    OK(app_rotation_sign_link(w->app, token, "c", &s, receipt, e)); /* a refusal did not use the link up */
    const rotation_t *r;
    skill_view_t view;
    OK(app_rotation(w->app, &r, e));
    rotation_competency(r, "mlt-qc", &view);
    assert_true(view.state == SKILL_SHORT && view.by->rating == RATING_OBSERVED && view.self_then == 4);
    app_rotation_leave(w->app);
}

static void paper_and_giving_back(void **state)
{
    (void)state;
    char code[APP_TOKEN_MAX], typed[40], token[APP_TOKEN_MAX];
    enter("request-0001", 420);
    enter("request-0002", 700);
    ask("request-0001", true, code);
    assert_int_equal(strlen(code), 12);
    snprintf(typed, sizeof typed, " %.4s-%.4s-%.4s", code, code + 4, code + 8);
    for (char *c = typed; *c != '\0'; c++) *c = *c == '0' ? 'O' : *c == '1' ? 'I' : *c; /* as hands write */
    OK(sign_link(typed, "client", e));
    ask("request-0002", false, token);
    app_sign_t s = preceptor();
    s.returned = true;
    REFUSED(ERR_INPUT, "what should be corrected", app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    s.comment = "We stopped at ten.";
    OK(app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    assert_string_equal(receipt, "");
    REFUSED(ERR_DENIED, "was used", sign_link(token, "client", e));
    const rotation_t *r;
    OK(app_rotation(w->app, &r, e));
    assert_true(r->signature_count == 1 && r->signatures[0].method == SIGN_PAPER && r->note_count == 1);
    app_rotation_leave(w->app);
}

static void evaluations(void **state)
{
    (void)state;
    char token[APP_TOKEN_MAX];
    signed char self[BEHAVIORS_MAX], by[BEHAVIORS_MAX];
    memset(self, BEHAVIOR_UNANSWERED, sizeof self);
    memset(by, BEHAVIOR_UNANSWERED, sizeof by);
    app_evaluation_t v = {
        .id = "request-0001", .site = "Synthetic General", .department = "chemistry", .comment = "", .self = self};
    REFUSED(ERR_INPUT, "Rate every line", app_rotation_evaluate(w->app, &v, e));
    memset(self, 3, sizeof self);
    self[1] = 5;
    REFUSED(ERR_INPUT, "needs a comment", app_rotation_evaluate(w->app, &v, e));
    self[1] = RATING_NONE; /* not seen */
    OK(app_rotation_evaluate(w->app, &v, e));
    ask("request-0001", false, token);
    app_sign_t s = preceptor();
    s.behaviors = by;
    REFUSED(ERR_INPUT, "Rate every line", app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    memset(by, 4, sizeof by);
    by[0] = RATING_REMEDIATION;
    REFUSED(ERR_INPUT, "needs a comment", app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    s.comment = "Late twice, told once.";
    OK(app_rotation_sign_link(w->app, token, "c", &s, receipt, e));
    OK(app_rotation_note(w->app, "request-0001", "Director", "Talked about it.", false, "note-1", e));
    OK(app_rotation_note(w->app, "request-0001", "Director", "Talked about it.", false, "note-1", e)); /* sent again */
    REFUSED(ERR_NOT_FOUND, "no such record", app_rotation_note(w->app, "nothing", "Director", "x", false, "n", e));
    const rotation_t *r;
    OK(app_rotation(w->app, &r, e));
    assert_true(r->signatures[0].behaviors[0] == RATING_REMEDIATION && r->evaluations[0].self[1] == RATING_NONE);
    assert_true(r->unsound == 0 && r->note_count == 1);
    app_rotation_leave(w->app);
}

/* Somebody opens the file with another program and changes the hours of a signed entry. */
static void tampering_with_the_file(void **state)
{
    (void)state;
    char token[APP_TOKEN_MAX], path[100];
    sqlite3 *db;
    enter("request-0001", 420);
    ask("request-0001", false, token);
    OK(sign_link(token, "client", e));
    app_close(w->app);
    snprintf(path, sizeof path, "%s/titer.db", w->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    static const char *const change[] = {
        "UPDATE batch SET events = CAST(replace(CAST(events AS TEXT), '\"out\":540', '\"out\":840') AS BLOB)",
        "UPDATE run SET events = CAST(replace(CAST(events AS TEXT), '\"out\":540', '\"out\":840') AS BLOB)"};
    for (int i = 0; i < 2; i++) assert_int_equal(sqlite3_exec(db, change[i], NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    open_app(w);
    const rotation_t *r;
    rotation_hours_t hours;
    OK(app_rotation(w->app, &r, e));
    assert_int_equal(r->entries[0].out_min, 840); /* the change is there */
    assert_int_equal(r->unsound, 1);              /* and found */
    rotation_hours(r, "total", &hours);
    assert_int_equal(hours.signed_min, 0);
    app_rotation_leave(w->app);
}

static void capacity(void **state)
{
    (void)state;
    const rotation_t *r;
    char site[APP_ID_MAX], slots[2][APP_ID_MAX];
    OK(app_rotation_site(w->app, "Synthetic General", e));
    REFUSED(ERR_CONFLICT, "on the list", app_rotation_site(w->app, "synthetic general", e));
    OK(app_rotation(w->app, &r, e));
    snprintf(site, sizeof site, "%s", r->sites[0].id);
    app_rotation_leave(w->app);
    app_slot_t slot = {site, "chemistry", "07:00", "15:30", "MTWTF..", DAY, DAY + 30, 1};
    OK(app_rotation_slot(w->app, &slot, e));
    slot.department = "hematology";
    slot.first = DAY + 28;
    slot.last = DAY + 60;
    OK(app_rotation_slot(w->app, &slot, e));
    slot.days = ".......";
    REFUSED(ERR_INPUT, "weekday", app_rotation_slot(w->app, &slot, e));
    OK(app_rotation(w->app, &r, e));
    for (int i = 0; i < 2; i++) snprintf(slots[i], sizeof slots[i], "%s", r->slots[i].id);
    app_rotation_leave(w->app);
    OK(app_rotation_place(w->app, slots[0], "S-1", false, e));
    REFUSED(ERR_STATE, "full", app_rotation_place(w->app, slots[0], "S-2", false, e));
    REFUSED(ERR_CONFLICT, "another place", app_rotation_place(w->app, slots[1], "S-1", false, e));
    OK(app_rotation_place(w->app, slots[0], "S-1", true, e));
    OK(app_rotation_place(w->app, slots[0], "S-2", false, e));
    OK(app_rotation_place(w->app, slots[1], "S-1", false, e));
}

static void cohort_table(void **state)
{
    (void)state;
    static const char csv[] = "id,cohort,final_half,graduated,exam,passed,placement\nA,2024,2024-01-10,2024-05-20,,,\n";
    cohort_t cohort;
    OK(app_cohort(w->app, w->arena, &cohort, e));
    assert_int_equal(cohort.count, 0);
    REFUSED(ERR_INPUT, "table", app_cohort_save(w->app, "id\n", 3, e));
    OK(app_cohort_save(w->app, csv, strlen(csv), e));
    restart();
    OK(app_cohort(w->app, w->arena, &cohort, e));
    assert_true(cohort.count == 1 && cohort.persons[0].cohort == 2024);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sent_again_is_the_same),
        TEST(what_an_entry_must_be),
        TEST(a_link_is_good_once),
        TEST(a_link_runs_out_and_dies_with_a_correction),
        TEST(guessing_is_limited),
        TEST(pins),
        TEST(skills),
        TEST(paper_and_giving_back),
        TEST(evaluations),
        TEST(tampering_with_the_file),
        TEST(capacity),
        TEST(cohort_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
