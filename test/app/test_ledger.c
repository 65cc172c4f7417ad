/* The ledger of continuing education over a real store: entering, correcting, verifying, and after a restart. */
#include "app/ledger.h"
#include "app/record.h"
#include "base/content.h"
#include "world.h"

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

static app_ledger_t look(world_t *w)
{
    app_ledger_t l;
    err_t err = {0};
    if (!app_ledger(w->app, w->arena, &l, &err)) fail_msg("%s", err.text);
    return l;
}

static void hold(world_t *w, const char *rule, const char *deadline, char id[APP_ID_MAX])
{
    err_t err = {0};
    if (!app_ledger_hold(w->app, "", &(app_held_t){.rule = rule, .start = "", .deadline = deadline, .number = ""}, "",
                         id, &err))
        fail_msg("%s", err.text);
}

static bool enter(world_t *w, const char *id, const char *hours, const char *proof, const char *request,
                  char made[APP_ID_MAX], err_t *err)
{
    app_activity_t a = {.date = "2026-12-01",
                        .title = "Malaria, “thick” films",
                        .provider = "",
                        .kind = "course",
                        .hours = hours,
                        .semester_hours = "",
                        .quarter_hours = "",
                        .proof = proof};
    return app_ledger_enter(w->app, id, &a, request, made, err);
}

/* The world's clock stands at 2027-01-15. */
static void entered_once_counted_everywhere(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], made[APP_ID_MAX];
    err_t err = {0};
    hold(w, "ca-laboratory", "2027-05-31", id);
    hold(w, "ascp-mlt-mls", "2028-03-31", id);
    assert_true(enter(w, "", "1.5", "", "r1", made, &err));
    app_ledger_t l = look(w);
    assert_int_equal(l.ledger.held_count, 2);
    assert_int_equal(l.results[0].total.sure, 150);
    assert_int_equal(l.results[1].total.sure, 150);
    assert_int_equal(l.results[1].total.declared, 150);
    assert_int_equal(l.plan.hours, 35); /* 34.5 points of ASCP; California's 22.5 among them */
    assert_true(app_ledger_drop(w->app, id, &err));
    assert_int_equal(look(w).ledger.held_count, 1);
    assert_false(app_ledger_drop(w->app, id, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void a_correction_takes_its_place_and_is_counted(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], made[APP_ID_MAX];
    err_t err = {0};
    hold(w, "ca-laboratory", "2027-05-31", id);
    assert_true(enter(w, "", "1.5", "certificate 4711", "", made, &err));
    assert_true(app_ledger_verify(w->app, made, "J. Ruiz", &err));
    assert_string_equal(look(w).ledger.activities[0].verified_by, "J. Ruiz");
    assert_int_equal(look(w).results[0].total.declared, 0);
    assert_true(enter(w, made, "2", "certificate 4711", "", id, &err));
    assert_string_equal(id, made);
    app_close(w->app);
    open_app(w);
    app_ledger_t l = look(w);
    assert_int_equal(l.ledger.activity_count, 1);
    assert_int_equal(l.ledger.activities[0].hours, 200);
    assert_string_equal(l.ledger.activities[0].verified_by, ""); /* what was verified is not what it is now */
    assert_int_equal(l.entries[0].corrections, 1);
    assert_true(app_ledger_strike(w->app, made, "entered twice", &err));
    assert_int_equal(look(w).ledger.activity_count, 0);
}

static void what_is_wrong_is_refused_and_leaves_nothing(void **state)
{
    world_t *w = *state;
    char made[APP_ID_MAX];
    err_t err = {0};
    assert_false(enter(w, "", "many", "", "", made, &err));
    assert_non_null(strstr(err.text, "hours"));
    assert_false(enter(w, "none", "1", "", "", made, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(app_ledger_hold(w->app, "", &(app_held_t){.rule = "", .start = "", .deadline = "", .number = ""}, "",
                                 made, &err));
    assert_false(app_ledger_hold(w->app, "",
                                 &(app_held_t){.rule = "ca-laboratory", .start = "", .deadline = "soon", .number = ""},
                                 "", made, &err));
    assert_true(enter(w, "", "1", "", "", made, &err));
    assert_false(app_ledger_verify(w->app, made, "J. Ruiz", &err)); /* no proof */
    assert_int_equal(err.code, ERR_STATE);
    assert_false(app_ledger_verify(w->app, made, "", &err));
    assert_false(app_ledger_strike(w->app, made, "", &err));
    assert_int_equal(look(w).ledger.activity_count, 1);
}

/* A certificate in the record with a document attached. */
static void attach(world_t *w, char document[APP_ID_MAX])
{
    static const char pdf[] = "%PDF-1.4 proof";
    const char *values[APP_RECORD_FIELDS] = {"ASCP-MLT"};
    char entry[APP_ID_MAX];
    record_wrong_t wrong;
    err_t err = {0};
    if (!app_record_enter(w->app, APP_RECORD_ME, app_record_section_find("certificates"), values, "", entry, &wrong))
        fail_msg("%s", wrong.err.text);
    if (!app_document_add(w->app, APP_RECORD_ME, entry, "proof.pdf", pdf, sizeof pdf - 1, "", document, &err))
        fail_msg("%s", err.text);
}

static bool enter_proven(world_t *w, const char *id, const char *const *documents, int count, char made[APP_ID_MAX],
                         err_t *err)
{
    app_activity_t a = {.date = "2026-12-01",
                        .title = "Malaria",
                        .provider = "",
                        .kind = "course",
                        .hours = "1",
                        .semester_hours = "",
                        .quarter_hours = "",
                        .proof = "",
                        .documents = documents,
                        .document_count = count};
    return app_ledger_enter(w->app, id, &a, "", made, err);
}

static void documents_of_the_record_are_proofs(void **state)
{
    world_t *w = *state;
    char made[APP_ID_MAX], document[APP_ID_MAX];
    err_t err = {0};
    attach(w, document);
    const char *const proofs[CE_DOCUMENTS_MAX + 1] = {document, document, "x", "y", "z"};
    assert_false(enter_proven(w, "", proofs, 2, made, &err)); /* twice the same */
    assert_int_equal(err.code, ERR_INPUT);
    assert_false(enter_proven(w, "", proofs + 2, 1, made, &err)); /* not of the record */
    assert_int_equal(err.code, ERR_INPUT);
    assert_false(enter_proven(w, "", proofs, CE_DOCUMENTS_MAX + 1, made, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(look(w).ledger.activity_count, 0);
    assert_true(enter_proven(w, "", proofs, 1, made, &err));
    assert_true(app_ledger_verify(w->app, made, "J. Ruiz", &err)); /* a document is a proof, without words */
    arena_reset(w->arena);
    app_close(w->app);
    open_app(w);
    app_ledger_t l = look(w);
    assert_int_equal(l.ledger.activities[0].document_count, 1);
    assert_string_equal(l.ledger.activities[0].documents[0], document);
    assert_string_equal(l.ledger.activities[0].verified_by, "J. Ruiz");
    assert_true(app_document_remove(w->app, APP_RECORD_ME, document, "", &err));
    arena_reset(w->arena);
    assert_int_equal(look(w).ledger.activities[0].document_count, 1); /* what was said of it stays on record */
    assert_false(enter_proven(w, made, proofs, 1, made, &err));       /* it cannot be chosen again */
}

static void a_repeated_request_enters_once(void **state)
{
    world_t *w = *state;
    char made[APP_ID_MAX];
    err_t err = {0};
    assert_true(enter(w, "", "1", "", "same", made, &err));
    assert_true(enter(w, "", "1", "", "same", made, &err));
    assert_int_equal(look(w).ledger.activity_count, 1);
}

static void the_export_is_read_back(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    text_t out;
    ce_t ce;
    ledger_t ledger;
    hold(w, "fl-technician", "2028", id);
    assert_true(enter(w, "", "1.25", "certificate", "", id, &err));
    text_init(&out, 100000);
    assert_true(app_ledger_export(w->app, &out, &err));
    assert_true(ce_load(&ce, w->arena, content_source(), &err));
    if (!ledger_read(&ledger, w->arena, &ce, out.data, out.length, &err)) fail_msg("%s", err.text);
    assert_int_equal(ledger.activities[0].hours, 125);
    assert_string_equal(ledger.activities[0].title, "Malaria, “thick” films");
    text_free(&out);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {CASE(entered_once_counted_everywhere),
                                       CASE(a_correction_takes_its_place_and_is_counted),
                                       CASE(what_is_wrong_is_refused_and_leaves_nothing),
                                       CASE(documents_of_the_record_are_proofs),
                                       CASE(a_repeated_request_enters_once),
                                       CASE(the_export_is_read_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
