/* The rules against records by hand (cases.json): name, base record, what is changed in it, route, outcome, and what
 * is missing, needs review and cannot be told. Then what the loader refuses, and what is said for people. */
#include "base/content.h"
#include "road/evaluate.h"
#include "road/license.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { ARENA_MAX = 16 * 1024 * 1024, TODAY = 20779 /* 2026-11-22 */ };

static const char *cases_path;

static void listed(const route_result_t *result, finding_t finding, text_t *out)
{
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++)
        if (result->leaves[i].stands && verdict_finding(result->leaves[i].verdict) == finding)
            text_addf(out, "%s ", result->leaves[i].leaf->id);
    if (finding == FINDING_REVIEW && result->canada) text_add(out, "g.canada3 ");
}

static bool list_is(const json_t *want, const route_result_t *result, finding_t finding, const char *name)
{
    text_t got, wanted;
    text_init(&got, 10000);
    text_init(&wanted, 10000);
    text_add(&got, "");
    text_add(&wanted, "");
    listed(result, finding, &got);
    for (size_t i = 0; i < json_array_size(want); i++)
        text_addf(&wanted, "%s ", json_string_value(json_array_get(want, i)));
    const char *g = got.data ? got.data : "", *w = wanted.data ? wanted.data : "";
    bool same = strcmp(g, w) == 0;
    if (!same) printf("%s: %s: %s, expected %s\n", name, finding_word(finding), g, w);
    text_free(&got);
    text_free(&wanted);
    return same;
}

static bool case_holds(const rules_t *rules, const json_t *bases, const json_t *one)
{
    const char *name = json_string_value(json_array_get(one, 0)), *route_id = json_string_value(json_array_get(one, 3));
    const char *outcome = json_string_value(json_array_get(one, 4));
    json_t *record_json = json_deep_copy(json_object_get(bases, json_string_value(json_array_get(one, 1))));
    assert_non_null(record_json);
    assert_int_equal(json_object_update(record_json, json_array_get(one, 2)), 0);
    char *text = json_dumps(record_json, 0);
    arena_t *arena = arena_new(ARENA_MAX);
    record_t record;
    err_t err = {0};
    bool good = record_read(&record, arena, text, strlen(text), &err), found = false;
    if (!good) printf("%s: %s\n", name, err.text);
    for (size_t g = 0; good && g < rules->count; g++)
        for (size_t i = 0; i < rules->goals[g].count; i++) {
            route_result_t result;
            if (strcmp(rules->goals[g].routes[i].id, route_id) != 0) continue;
            found = true;
            good = evaluate_route(&record, &rules->goals[g], &rules->goals[g].routes[i], TODAY, arena, &result, &err);
            bool same = strcmp(outcome_word(result.outcome), outcome) == 0;
            if (!same) printf("%s: %s, expected %s\n", name, outcome_word(result.outcome), outcome);
            good = good && same && list_is(json_array_get(one, 5), &result, FINDING_MISSING, name) &&
                   list_is(json_array_get(one, 6), &result, FINDING_REVIEW, name) &&
                   list_is(json_array_get(one, 7), &result, FINDING_CANNOT_TELL, name);
        }
    if (good && !found) printf("%s: no route %s\n", name, route_id);
    json_decref(record_json);
    free(text);
    arena_free(arena);
    return good && found;
}

static void records_by_hand(void **state)
{
    (void)state;
    json_error_t bad;
    err_t err = {0};
    json_t *root = json_load_file(cases_path, JSON_REJECT_DUPLICATES, &bad);
    if (root == NULL) fail_msg("%s:%d: %s", cases_path, bad.line, bad.text);
    arena_t *arena = arena_new(ARENA_MAX);
    rules_t rules;
    if (!rules_load(&rules, arena, content_source(), &err)) fail_msg("%s", err.text);
    json_t *cases = json_object_get(root, "cases");
    size_t wrong = 0;
    assert_true(json_array_size(cases) > 100);
    for (size_t i = 0; i < json_array_size(cases); i++)
        wrong += !case_holds(&rules, json_object_get(root, "bases"), json_array_get(cases, i));
    assert_int_equal(wrong, 0);
    json_decref(root);
    arena_free(arena);
}

/* ---- what does not load ---- */

#define ROUTE(more)                                                                                                    \
    "{\"schema_version\":1,\"read\":\"2026-11-22\",\"global_rules\":[],\"credentials\":[{\"credential\":\"X\","        \
    "\"body\":\"B\",\"routes\":[{\"id\":\"X-1\",\"number\":\"1\",\"summary\":\"s\"," more "}]}]}"
#define REST                                                                                                           \
    "\"status\":\"open\",\"complete\":true,\"source\":[\"u\"],\"as_of\":\"2026\",\"confidence\":\"high\",\"review_"    \
    "by\":"                                                                                                            \
    "\"2027-11-22\""

static void rules_that_do_not_load(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{", "x.json:1: is not JSON"},
        {"[]", "x.json: the whole: is an object"},
        {"{\"schema_version\":2}", "\"schema_version\" is 1"},
        {"{\"schema_version\":1}", "\"read\" is missing"},
        {ROUTE("\"status\":\"open\",\"complete\":true,\"as_of\":\"2026\",\"confidence\":\"high\",\"review_by\":"
               "\"2027-11-22\",\"requires\":{\"id\":\"a\",\"p\":\"age\",\"min\":18,\"says\":\"s\"}"),
         "x.json: credentials[0].routes[0]: a rule needs its source"},
        {ROUTE("\"status\":\"open\",\"complete\":true,\"source\":[\"u\"],\"confidence\":\"high\",\"review_by\":"
               "\"2027-11-22\",\"requires\":{\"id\":\"a\",\"p\":\"age\",\"min\":18,\"says\":\"s\"}"),
         "\"as_of\" is missing"},
        {ROUTE("\"status\":\"open\",\"complete\":true,\"source\":[\"u\"],\"as_of\":\"2026\",\"confidence\":\"sure\","
               "\"review_by\":\"2027-11-22\""),
         "\"confidence\" is high, medium or low"},
        {ROUTE("\"status\":\"open\",\"complete\":true,\"source\":[\"u\"],\"as_of\":\"2026\",\"confidence\":\"low\""),
         "\"review_by\" is missing"},
        {ROUTE(REST ",\"requires\":null"), "an open route has \"requires\""},
        {ROUTE(REST ",\"requires\":{\"all_of\":[]}"), "routes[0].requires: holds either all_of or any_of"},
        {ROUTE(REST ",\"requires\":{\"all_of\":[{\"id\":\"a\",\"p\":\"luck\",\"says\":\"s\"}]}"),
         "credentials[0].routes[0].requires.all_of[0]: no kind of condition is called \"luck\""},
        {ROUTE(REST ",\"requires\":{\"any_of\":[{\"id\":\"a\",\"p\":\"age\",\"says\":\"s\"}]}"),
         "requires.any_of[0]: a condition \"age\" needs \"min\""},
        {ROUTE(REST ",\"requires\":{\"id\":\"a\",\"p\":\"age\",\"min\":18,\"kinds\":[\"x\"],\"says\":\"s\"}"),
         "a condition \"age\" has no key \"kinds\""},
        {ROUTE(REST ",\"requires\":{\"p\":\"age\",\"min\":18,\"says\":\"s\"}"), "needs \"id\" and \"says\""},
        {ROUTE(REST ",\"requires\":{\"id\":\"a\",\"p\":\"age\",\"min\":18.00001,\"says\":\"s\"}"),
         "at most three decimals"},
        {ROUTE(REST ",\"requires\":{\"id\":\"a\",\"p\":\"degree\",\"min\":\"phd\",\"says\":\"s\"}"),
         "\"min\" is none, high"},
        {ROUTE(REST ",\"requires\":{\"all_of\":[{\"id\":\"a\",\"p\":\"age\",\"min\":1,\"says\":\"s\"},"
                    "{\"id\":\"a\",\"p\":\"age\",\"min\":2,\"says\":\"s\"}]}"),
         "requires.all_of[1]: the id \"a\" is taken already"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena_t *arena = arena_new(ARENA_MAX);
        rules_t rules = {0};
        err_t err = {0};
        assert_false(rules_read(&rules, arena, "x.json", cases[i].json, strlen(cases[i].json), &err));
        if (strstr(err.text, cases[i].says) == NULL) fail_msg("expected \"%s\", got: %s", cases[i].says, err.text);
        arena_free(arena);
    }
    static const char good[] = ROUTE(REST ",\"requires\":{\"id\":\"a\",\"p\":\"age\",\"min\":18,\"says\":\"s\"}");
    arena_t *arena = arena_new(ARENA_MAX), *small = arena_new(300);
    rules_t rules = {0}, none = {0};
    err_t err = {0};
    assert_true(rules_read(&rules, arena, "x.json", good, strlen(good), &err));
    assert_false(rules_read(&rules, arena, "x.json", good, strlen(good), &err)); /* the same goal twice */
    assert_false(rules_read(&none, small, "x.json", good, strlen(good), &err));
    assert_int_equal(err.code, ERR_LIMIT);
    arena_free(small);
    arena_free(arena);
}

static void tables_that_do_not_load(void **state)
{
    (void)state;
    static const char head[] =
        "code,jurisdiction,kind,personnel_license_required,phlebotomy_license_required,titles_and_levels,"
        "certifications_accepted,state_exam,state_specific_courses,temporary_or_trainee_permit,renewal_cycle_years,"
        "ce_hours_per_cycle,ce_topics,background_check,agency,agency_url,fees_usd,source,as_of,confidence,notes,review_"
        "by\n";
    static const struct {
        const char *row, *says;
    } rows[] = {{"AL,Alabama,state,no,no,,,,,,,,,,,,,,undated,low,,2027-11-22\n", "road/licensure.csv:2: AL says"},
                {"AL,Alabama,state,no,no,,,,,,,,,,,,,u,,low,,2027-11-22\n", "needs source, as_of and confidence"},
                {"AL,Alabama,state,no,no,,,,,,,,,,,,,u,2026,low,,\n", "review_by is the day"}};
    const source_file_t *credentials = source_find(content_source(), "road/credentials.csv");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1000];
        snprintf(text, sizeof text, "%s%s", head, rows[i].row);
        source_file_t files[2] = {*credentials, {"road/licensure.csv", (const unsigned char *)text, strlen(text)}};
        source_t source = {files, 2};
        arena_t *arena = arena_new(ARENA_MAX);
        licenses_t licenses;
        err_t err = {0};
        assert_false(licenses_load(&licenses, arena, &source, &err));
        if (strstr(err.text, rows[i].says) == NULL) fail_msg("expected \"%s\", got: %s", rows[i].says, err.text);
        arena_free(arena);
    }
}

static void every_state_has_its_row(void **state)
{
    (void)state;
    arena_t *arena = arena_new(ARENA_MAX);
    licenses_t licenses;
    rules_t rules;
    err_t err = {0};
    if (!licenses_load(&licenses, arena, content_source(), &err)) fail_msg("%s", err.text);
    assert_true(rules_load(&rules, arena, content_source(), &err));
    assert_int_equal(licenses.count, 57); /* the federal floor, 50 states, the District, 5 territories */
    assert_int_equal(licenses_find(&licenses, "ca")->personnel_need, NEED_YES);
    assert_int_equal(licenses_find(&licenses, "Guam")->personnel_need, NEED_UNKNOWN);
    assert_int_equal(licenses_find(&licenses, "GA")->personnel_need, NEED_DEPENDS);
    assert_int_equal(licenses_find(&licenses, "WA")->phlebotomy_need, NEED_YES);
    assert_null(licenses_find(&licenses, "ZZ"));
    for (size_t i = 0; i < rules.count; i++)
        if (rules.goals[i].state != NULL) assert_non_null(licenses_find(&licenses, rules.goals[i].state));
    arena_free(arena);
}

/* ---- words ---- */

static void how_far_is_cut_and_never_rounded(void **state)
{
    (void)state;
    static const struct {
        leaf_kind_t kind;
        measure_t measure;
        const char *says;
    } cases[] = {
        {LEAF_SEMESTER_HOURS, {true, 59000, 59000, 60000}, "59 of 60 semester hours"},
        {LEAF_EXPERIENCE, {true, 1400, 1400, 2000}, "1.4 of 2 FTE years"},
        {LEAF_EXPERIENCE, {true, 1999, 1999, 2000}, "1.999 of 2 FTE years"},
        {LEAF_DRAWS, {true, 0, -1, 100000}, "not known, of 100 collections"},
        {LEAF_WORK_HOURS, {true, 5000, -1, 100000}, "at least 5 of 100 hours"},
        {LEAF_AGE, {true, 17000, 17000, 18000}, "17 of 18 years of age"},
        {LEAF_COURSE, {true, 500, 1500, 1000}, "between 0.5 and 1.5 of 1 semesters"},
        {LEAF_STATED, {0}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        leaf_t leaf = {.kind = cases[i].kind};
        text_t out;
        text_init(&out, 1000);
        how_far(&leaf, &cases[i].measure, &out);
        assert_string_equal(out.data ? out.data : "", cases[i].says);
        text_free(&out);
    }
}

/* 59 hours are closer than no degree at all; the closest alternative is named. */
static void the_closest_alternative(void **state)
{
    (void)state;
    static const char json[] =
        "{\"degree\": {\"level\": \"none\"}, \"semester_hours\": {\"any\": 59}, \"programs\": []}";
    arena_t *arena = arena_new(ARENA_MAX);
    rules_t rules;
    record_t record;
    route_result_t result;
    assert_true(rules_load(&rules, arena, content_source(), NULL));
    assert_true(record_read(&record, arena, json, strlen(json), NULL));
    const goal_t *goal = rules_goal(&rules, "ASCP-MLT");
    assert_true(evaluate_route(&record, goal, &goal->routes[0], TODAY, arena, &result, NULL));
    const node_t *any = &goal->routes[0].requires->children[0];
    assert_string_equal(any->children[node_closest(any, &result)].leaf->id, "m1.h60");
    text_t out;
    text_init(&out, 100000);
    route_result_json(&result, &out);
    assert_non_null(
        strstr(out.data, "\"alternatives\":[{\"of\":[[\"m1.assoc\"],[\"m1.h60\"]],\"closest\":[\"m1.h60\"]}]"));
    assert_non_null(strstr(out.data, "\"how_far\":\"59 of 60 semester hours\""));
    json_error_t bad;
    json_t *parsed = json_loads(out.data, 0, &bad);
    assert_non_null(parsed);
    json_decref(parsed);
    text_free(&out);
    arena_free(arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    cases_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_by_hand),         cmocka_unit_test(rules_that_do_not_load),
        cmocka_unit_test(tables_that_do_not_load), cmocka_unit_test(every_state_has_its_row),
        cmocka_unit_test(the_closest_alternative), cmocka_unit_test(how_far_is_cut_and_never_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
