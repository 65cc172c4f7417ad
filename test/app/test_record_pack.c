/* The record as one ZIP: there and back with its ledger and documents, twice the same; archives that are damaged or
 * hostile are refused with a sentence and leave nothing behind. */
#include "app/ledger.h"
#include "base/content.h"
#include "wire/zip.h"
#include "world.h"

enum { PAPER = 3000 };

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

static void paper(char bytes[PAPER], char mark)
{
    for (int i = 0; i < PAPER; i++) bytes[i] = (char)(mark + i * i % 61);
    memcpy(bytes, "%PDF-1.4 ", 9);
}

/* A letter, an obligation, an activity whose certificate came with it, and one whose proof was removed. */
static void fill(world_t *w)
{
    char bytes[PAPER], entry[APP_ID_MAX], made[APP_ID_MAX], document[2][APP_ID_MAX];
    const char *letter[APP_RECORD_FIELDS] = {"Letter of St. Example"};
    record_wrong_t wrong;
    err_t err = {0};
    paper(bytes, 'a');
    assert_true(app_record_enter(w->app, APP_RECORD_ME, app_record_section_find("papers"), letter, "", entry, &wrong));
    assert_true(
        app_document_add(w->app, APP_RECORD_ME, entry, "letter of St. Example.pdf", bytes, PAPER, "", made, &err));
    assert_true(app_ledger_hold(
        w->app, "", &(app_held_t){.rule = "ca-laboratory", .start = "", .deadline = "2027-05-31", .number = ""}, "",
        made, &err));
    for (int i = 0; i < 2; i++) {
        paper(bytes, (char)('f' + i));
        if (!app_ledger_document(w->app, i ? "gone.pdf" : "certificate.pdf", bytes, PAPER, "", document[i], &err))
            fail_msg("%s", err.text);
        const char *const proofs[] = {document[i]};
        app_activity_t a = {.date = "2026-05",
                            .title = i ? "Safety" : "Malaria, “thick” films",
                            .provider = "",
                            .kind = "course",
                            .hours = "1.5",
                            .semester_hours = "",
                            .quarter_hours = "",
                            .proof = "",
                            .documents = proofs,
                            .document_count = 1};
        if (!app_ledger_enter(w->app, "", &a, "", made, &err)) fail_msg("%s", err.text);
    }
    assert_true(app_document_remove(w->app, APP_RECORD_ME, document[1], "", &err));
}

static text_t pack_of(world_t *w)
{
    text_t out;
    err_t err = {0};
    text_init(&out, 16 * 1024 * 1024);
    if (!app_record_pack(w->app, APP_RECORD_ME, &out, &err)) fail_msg("%s", err.text);
    return out;
}

static bool unpack(world_t *w, const text_t *zip, bool save, app_unpacked_t *done, err_t *err)
{
    arena_reset(w->arena);
    return app_record_unpack(w->app, APP_RECORD_ME, zip->data ? zip->data : "", zip->length, save, w->arena, done, err);
}

static void expect_counts(world_t *w, int entries, int documents, int activities)
{
    app_entries_t record;
    app_ledger_t l;
    err_t err = {0};
    arena_reset(w->arena);
    if (!app_record_entries(w->app, APP_RECORD_ME, w->arena, &record, &err)) fail_msg("%s", err.text);
    assert_int_equal(record.count, entries);
    assert_int_equal(record.document_count, documents);
    if (!app_ledger(w->app, w->arena, &l, &err)) fail_msg("%s", err.text);
    assert_int_equal(l.ledger.activity_count, activities);
}

static void there_and_back(void **state)
{
    world_t *w = *state, *other = world_open(*content_source());
    app_unpacked_t done;
    err_t err = {0};
    other->random = 77; /* another machine draws other ids */
    fill(w);
    text_t zip = pack_of(w);
    assert_true(app_is_archive(zip.data, zip.length));
    if (!unpack(other, &zip, false, &done, &err)) fail_msg("%s", err.text);
    assert_int_equal(done.record.added, 2);
    assert_int_equal(done.ledger.added, 3);
    expect_counts(other, 0, 0, 0); /* looking changes nothing */
    if (!unpack(other, &zip, true, &done, &err)) fail_msg("%s", err.text);
    assert_int_equal(done.attached, 2);
    expect_counts(other, 2, 2, 2);
    /* the ledger names its certificate as it is called here */
    app_entries_t record;
    app_ledger_t l;
    assert_true(app_record_entries(other->app, APP_RECORD_ME, other->arena, &record, &err));
    assert_true(app_ledger(other->app, other->arena, &l, &err));
    assert_string_equal(l.ledger.activities[0].documents[0], record.documents[1].id);
    assert_string_equal(record.documents[1].name, "certificate.pdf");
    char bytes[PAPER];
    app_document_t document;
    text_t read;
    text_init(&read, PAPER);
    paper(bytes, 'f');
    assert_true(app_document_read(other->app, APP_RECORD_ME, record.documents[1].id, &document, &read, &err));
    assert_memory_equal(read.data, bytes, PAPER);
    text_free(&read);
    /* again: all of it is here */
    if (!unpack(other, &zip, true, &done, &err)) fail_msg("%s", err.text);
    assert_int_equal(done.record.same + done.ledger.same, 5);
    assert_int_equal(done.attached, 0);
    expect_counts(other, 2, 2, 2);
    text_t again = pack_of(other);
    if (!unpack(w, &again, true, &done, &err)) fail_msg("%s", err.text);
    expect_counts(w, 2, 2, 2);
    text_free(&again);
    text_free(&zip);
    world_close(other);
}

static void what_is_deleted_is_nowhere(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    fill(w);
    if (!app_record_erase(w->app, APP_RECORD_ME, &err)) fail_msg("%s", err.text);
    expect_counts(w, 0, 0, 0);
    app_ledger_t l;
    assert_true(app_ledger(w->app, w->arena, &l, &err));
    assert_int_equal(l.ledger.held_count, 0);
}

/* Whichever bit is changed or wherever it is cut: refused, or what is in it is the same; and nothing is left. */
static void a_damaged_archive_leaves_nothing(void **state)
{
    world_t *w = *state, *other = world_open(*content_source());
    app_unpacked_t done;
    err_t err = {0};
    int refused = 0, tries = 0;
    fill(w);
    text_t zip = pack_of(w);
    for (size_t at = 0; at < zip.length; at += 7) {
        zip.data[at] = (char)(zip.data[at] ^ (1 << at % 8));
        bool taken = unpack(other, &zip, false, &done, &err);
        tries++;
        refused += !taken;
        assert_true(taken ? done.record.documents == 2 && done.record.added == 2 : err.text[0] != '\0');
        zip.data[at] = (char)(zip.data[at] ^ (1 << at % 8));
    }
    assert_true(refused > tries / 2);
    size_t whole = zip.length;
    for (zip.length = 0; zip.length < whole; zip.length += 101) assert_false(unpack(other, &zip, true, &done, &err));
    zip.length = whole;
    expect_counts(other, 0, 0, 0);
    assert_true(unpack(other, &zip, true, &done, &err));
    text_free(&zip);
    world_close(other);
}

typedef struct {
    zip_writer_t *to;
    const char *leave, *change; /* names of files, or NULL */
} copying_t;

static bool copy_file(void *context, const char *name, const char *bytes, size_t length, err_t *err)
{
    copying_t *c = context;
    if (c->leave && strcmp(name, c->leave) == 0) return true;
    bool change = c->change && strcmp(name, c->change) == 0;
    return zip_add(c->to, name, bytes, length - change, 0, err);
}

static void hostile(void **state)
{
    static const struct {
        const char *leave, *change, *name;
        size_t bytes;
        int times;
        const char *says;
    } cases[] = {
        {NULL, NULL, "../../etc/cron.d/x", 10, 1, "such a name is not taken"},
        {NULL, NULL, "/etc/passwd", 10, 1, "such a name is not taken"},
        {NULL, NULL, "documents/../x", 10, 1, "such a name is not taken"},
        {NULL, NULL, "documents/.x", 10, 1, "such a name is not taken"},
        {NULL, NULL, "documents\\x", 10, 1, ""},
        {NULL, NULL, "other/x.pdf", 10, 1, "which no export writes"},
        {NULL, NULL, "documents/99-x.pdf", 10, 1, "another hash"},
        {NULL, NULL, "documents/99-x.pdf", 400 * 1024 * 1024, 1, "larger than a file"},
        {NULL, NULL, "documents/%d.pdf", 9, 10000, "more than"},
        {NULL, NULL, "record.json", 10, 1, "twice"},
        {"record.json", NULL, NULL, 0, 0, "no record.json"},
        {"documents/01-letter-of-St.-Example.pdf", NULL, NULL, 0, 0, "none has its hash"},
        {NULL, "documents/01-letter-of-St.-Example.pdf", NULL, 0, 0, "none has its hash"},
        {NULL, "record.json", NULL, 0, 0, ""}, /* without its last line break it is the same */
        {NULL, "ledger.json", NULL, 0, 0, ""},
    };
    world_t *w = *state, *other = world_open(*content_source());
    app_unpacked_t done;
    err_t err = {0};
    fill(w);
    text_t zip = pack_of(w);
    char *zeros = calloc(1, 400 * 1024 * 1024); /* touched only as the writer reads it */
    assert_non_null(zeros);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const zip_limits_t wide = {200, 16 * 1024 * 1024, 64 * 1024 * 1024};
        text_t made;
        text_init(&made, 64 * 1024 * 1024);
        copying_t c = {zip_open(&made), cases[i].leave, cases[i].change};
        assert_true(zip_read(zip.data, zip.length, wide, copy_file, &c, &err));
        for (int k = 0; k < cases[i].times; k++) {
            char name[64];
            snprintf(name, sizeof name, "documents/%d.pdf", k);
            assert_true(
                zip_add(c.to, strchr(cases[i].name, '%') ? name : cases[i].name, zeros, cases[i].bytes, 0, &err));
        }
        assert_true(zip_close(c.to, &err));
        bool looks = cases[i].says[0] == '\0';
        bool taken = unpack(other, &made, !looks, &done, &err);
        if (!looks && (taken || !strstr(err.text, cases[i].says)))
            fail_msg("case %zu: %s", i, taken ? "taken" : err.text);
        text_free(&made);
    }
    expect_counts(other, 0, 0, 0);
    free(zeros);
    text_free(&zip);
    world_close(other);
}

static void names_stay_in_their_folder(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "record.json", "documents/01-a.b_c.pdf"};
    static const char *const bad[] = {"", "/a", "a//b", "a/", "..", "a/../b", ".a", "a/.b", "a\\b", "C:a", "a b", "ä"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(zip_name_is_safe(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(zip_name_is_safe(bad[i]));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {CASE(there_and_back), CASE(what_is_deleted_is_nowhere),
                                       CASE(a_damaged_archive_leaves_nothing), CASE(hostile),
                                       cmocka_unit_test(names_stay_in_their_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
