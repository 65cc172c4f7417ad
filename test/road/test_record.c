/* The applicant record: unknown is not none, the same bytes come back, and complaints name the path. */
#include "road/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool read(record_t *record, arena_t *arena, const char *json, err_t *err)
{
    return record_read(record, arena, json, strlen(json), err);
}

static const char whole[] =
    "{\n"
    "  \"id\": \"r-1\",\n"
    "  \"name\": \"A \\\"quoted\\\" name\",\n"
    "  \"note\": \"n\",\n"
    "  \"application_date\": \"2026-11-22\",\n"
    "  \"age\": 24,\n"
    "  \"degree\": {\"level\": \"associate\", \"field\": \"medical_laboratory_technology\", \"awarded\": \"2024-05\", "
    "\"accredited\": true, \"country\": \"US\", \"evaluated\": false},\n"
    "  \"semester_hours\": {\"any\": 59.5, \"biology\": 0},\n"
    "  \"quarter_hours\": {\"chemistry\": 7.125},\n"
    "  \"coursework_completed\": \"spring 2024\",\n"
    "  \"courses\": [{\"subject\": \"microbiology\", \"semesters\": 1}],\n"
    "  \"programs\": [{\"kind\": \"MLT\", \"accreditors\": [\"NAACLS\"], \"completed\": \"2024-05-31\", \"hours\": "
    "{\"didactic\": 200}, \"science_hours\": {\"chemistry\": 4}}],\n"
    "  \"jobs\": [{\"setting\": \"clinical_lab\", \"areas\": [\"chemistry\"], \"start\": \"2024-06-01\", \"end\": "
    "\"present\", \"hours_per_week\": 20, \"lab\": \"us\"}],\n"
    "  \"work_hours\": [],\n"
    "  \"certificates\": [{\"id\": \"ASCP-MLT\", \"status\": \"valid\", \"expires\": \"2027\"}],\n"
    "  \"military\": [{\"weeks\": 52, \"completed\": \"2020\", \"credits_accepted_by_college\": true, "
    "\"occupation_held\": true, \"kind\": \"medical_laboratory\"}],\n"
    "  \"draws\": {\"venipuncture\": 100},\n"
    "  \"professional_education\": [],\n"
    "  \"lab_orientation\": true,\n"
    "  \"exams_passed\": [{\"level\": \"technician\", \"accepted_by\": [\"CA\", \"NY\"]}],\n"
    "  \"state_licences\": [{\"state\": \"CA\", \"level\": \"technician\", \"status\": \"valid\"}],\n"
    "  \"eligible_for\": [\"CA-CLS-exam\"],\n"
    "  \"statements\": {\"serving\": false},\n"
    "  \"state\": \"CA\"\n"
    "}\n";

static void the_same_bytes_come_back(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    static const char *const same[] = {whole, "{}\n", "{\n  \"degree\": []\n}\n", "{\n  \"jobs\": [{}, {}]\n}\n",
                                       "{\n  \"semester_hours\": {}\n}\n"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        record_t record;
        err_t err = {0};
        text_t out;
        text_init(&out, 1 << 16);
        if (!read(&record, arena, same[i], &err)) fail_msg("%s", err.text);
        record_write(&record, &out);
        assert_string_equal(out.data, same[i]);
        text_free(&out);
    }
    arena_free(arena);
}

static void unknown_is_not_none(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    record_t record;
    assert_true(read(&record, arena, "{\"jobs\": [], \"programs\": null, \"draws\": {\"venipuncture\": null}}", NULL));
    assert_true(record.jobs.known && record.jobs.count == 0);
    assert_false(record.programs.known || record.certificates.known || record.age.known);
    assert_true(when_is_unknown(record.application_date));
    assert_true(record.draws.known);
    assert_false(amounts_get(&record.draws, "venipuncture").known);
    assert_true(record.lab_orientation == TRI_UNKNOWN);
    assert_true(read(&record, arena, "{\"semester_hours\": {\"biology\": 0}, \"courses\": [\"microbiology\"]}", NULL));
    amount_t biology = amounts_get(&record.semester_hours, "biology");
    assert_true(biology.known && biology.milli == 0);
    assert_true(record.courses.items[0].semesters.milli == 1000);
    assert_true(read(&record, arena, "{\"degree\": [{\"level\": \"bachelor\"}, {\"level\": \"associate\"}]}", NULL));
    assert_true(record.degree.count == 2 && record.degree.items[1].level == LEVEL_ASSOCIATE);
    arena_free(arena);
}

static void complaints_name_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{\"jobs\": [{}, {}, {\"start\": \"2019-13\"}]}", "jobs[2].start: "},
        {"{\"jobs\": [{\"start\": 2019}]}", "jobs[0].start: is a date in quotes"},
        {"{\"degree\": {\"level\": \"masters\"}}", "degree.level: is none, high_school"},
        {"{\"degree\": [{}, {\"accredited\": \"yes\"}]}", "degree[1].accredited: is true or false"},
        {"{\"semester_hours\": {\"biology\": 59.9999}}", "semester_hours.biology: is a number"},
        {"{\"semester_hours\": {\"biology\": -1}}", "semester_hours.biology: is a number"},
        {"{\"semester_hours\": {\"biology\": 59.99999999999999}}", "semester_hours.biology: is a number"},
        {"{\"semester_hours\": 60}", "semester_hours: is an object"},
        {"{\"semster_hours\": {}}", "semster_hours: a record has no such key"},
        {"{\"programs\": [{\"accreditors\": \"NAACLS\"}]}", "programs[0].accreditors: is a list"},
        {"{\"programs\": [{\"accreditors\": [\"two words\"]}]}", "programs[0].accreditors[0]: is a word"},
        {"{\"state\": \"\"}", "state: is a word"},
        {"{\"jobs\": {}}", "jobs: is a list"},
        {"{\"jobs\": [1]}", "jobs[0]: is an object"},
        {"{\"age\": 1, \"age\": 2}", "line 1: duplicate object key"},
        {"{\"age\": 1", "is not JSON: line 1"},
        {"[]", "the record: is an object"},
    };
    arena_t *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        record_t record;
        err_t err = {0};
        assert_false(read(&record, arena, cases[i].json, &err));
        if (strstr(err.text, cases[i].says) == NULL) fail_msg("%s gave: %s", cases[i].json, err.text);
    }
    arena_free(arena);
}

static void limits_hold(void **state)
{
    (void)state;
    arena_t *arena = arena_new(1 << 20);
    record_t record;
    err_t err = {0};
    text_t jobs;
    text_init(&jobs, 1 << 20);
    text_add(&jobs, "{\"jobs\": [{}");
    for (int i = 1; i < RECORD_ITEMS_MAX; i++) text_add(&jobs, ",{}");
    text_add(&jobs, "]}");
    assert_true(read(&record, arena, jobs.data, &err));
    jobs.length -= 2;
    text_add(&jobs, ",{}]}");
    assert_false(read(&record, arena, jobs.data, &err));
    assert_non_null(strstr(err.text, "jobs: has more than 64"));
    while (jobs.length <= RECORD_BYTES_MAX) text_add(&jobs, "                ");
    assert_false(read(&record, arena, jobs.data, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    text_free(&jobs);
    arena_t *small = arena_new(200);
    assert_false(read(&record, small, whole, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(record.jobs.known);
    arena_free(small);
    arena_free(arena);
}

static void amounts_are_exact(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "59", "59.5", "0.125", "1000000"};
    static const char *const bad[] = {"", ".5", "-1", "1.2345", "1e3", "1000000.001", "12 ", "99999999999999999999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t milli;
        char text[AMOUNT_TEXT_MAX];
        assert_true(amount_read(good[i], &milli));
        amount_write(milli, text);
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t milli;
        assert_false(amount_read(bad[i], &milli));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_come_back), cmocka_unit_test(unknown_is_not_none),
        cmocka_unit_test(complaints_name_the_path), cmocka_unit_test(limits_hold),
        cmocka_unit_test(amounts_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
