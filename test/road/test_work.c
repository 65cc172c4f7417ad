/* Pay and outlook, interviews, résumé, ladder: the content loads, says what its sources say, and comes out as promised.
 */
#include "base/content.h"
#include "road/interview.h"
#include "road/ladder.h"
#include "road/outlook.h"
#include "road/resume.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { ARENA = 64 * 1024 * 1024 };

static void numbers_of_their_release(void **state)
{
    (void)state;
    arena_t *arena = arena_new(ARENA);
    outlook_t o;
    err_t err = {0};
    const outlook_pay_t *ranked[80];
    if (!outlook_load(&o, arena, content_source(), &err)) fail_msg("%s", err.text);
    int job = outlook_job(&o, "technician");
    assert_int_equal(outlook_pay(&o, job, "US", "May 2022")->median, 57380); /* often told as of May 2023 */
    assert_int_equal(outlook_pay(&o, job, "US", "May 2023")->median, 60780);
    assert_int_equal(outlook_newest(&o, job, "us")->median, 62930);
    assert_string_equal(outlook_newest(&o, job, "TN")->period, "May 2025");
    const outlook_projection_t *p = outlook_projection(&o, job);
    assert_string_equal(p->cycle, "2024-34");
    assert_int_equal(p->openings, 22600);
    assert_true(fabs(p->percent - 1.7) < 1e-9);
    for (int i = 0; i < o.projection_count; i++)
        if (o.projections[i].job == job)
            assert_int_not_equal(o.projections[i].openings, 22700); /* no release says so */
    assert_int_equal(outlook_ranked(&o, job, ranked, 80), 51);      /* states and the District of Columbia */
    for (int i = 1; i < 51; i++) assert_true(ranked[i - 1]->median >= ranked[i]->median);
    for (int i = 0; i < 51; i++) assert_non_null(outlook_license(&o, ranked[i]->place));
    assert_string_equal(outlook_license_asked(outlook_license(&o, "TN"), &o.jobs[job]), "yes");
    assert_string_equal(outlook_license_asked(outlook_license(&o, "TN"), &o.jobs[outlook_job(&o, "phlebotomist")]),
                        "no");
    assert_string_equal(outlook_license_asked(outlook_license(&o, "GA"), &o.jobs[job]), "disputed");
    for (int i = 0; i < o.pay_count; i++) {
        const outlook_pay_t *q = &o.pay[i];
        if (q->p10 != OUTLOOK_NOT_GIVEN) assert_true(q->p10 <= q->p25 && q->p25 <= q->median);
        if (q->p90 != OUTLOOK_NOT_GIVEN) assert_true(q->median <= q->p75 && q->p75 <= q->p90);
    }
    assert_true(o.misquote_count >= 3);
    arena_free(arena);
}

static void questions_enough(void **state)
{
    (void)state;
    arena_t *arena = arena_new(ARENA);
    interview_t all;
    err_t err = {0};
    int kinds[4] = {0};
    if (!interview_load(&all, arena, content_source(), &err)) fail_msg("%s", err.text);
    assert_true(all.ask_count >= 40);
    for (int i = 0; i < all.ask_count; i++) {
        kinds[all.asks[i].kind]++;
        assert_true(all.asks[i].show_count >= 3 && all.asks[i].weak[0]);
        assert_int_equal(interview_find(&all, all.asks[i].id), i);
    }
    for (int k = 0; k < 4; k++) assert_true(kinds[k] >= 2);
    arena_free(arena);
}

static resume_t sample(void)
{
    resume_t r = {.name = "Ines “Iny” Okafor",
                  .label = "MLT(ASCP)",
                  .email = "ines@example.org",
                  .phone = "",
                  .city = "Madison",
                  .region = "WI",
                  .summary = "Two\nlines",
                  .education_hours = "30 hours",
                  .show = {true, true, true, false},
                  .show_skills = true,
                  .show_education_hours = true};
    r.entries[RESUME_EDUCATION][0] = (resume_entry_t){"A.A.S., MLT", "State college", "2024-08", "2026-05", "NAACLS"};
    r.entries[RESUME_ROTATIONS][0] = (resume_entry_t){"Hematology", "Lakeside", "2026-01", "2026-03", "XN-1000, 240 h"};
    r.entries[RESUME_WORK][0] = (resume_entry_t){"Barista", "Café", "2022", "present", ""};
    r.entries[RESUME_CERTIFICATES][0] = (resume_entry_t){"MLT(ASCP)", "ASCP BOC", "2026-07-01", "", ""};
    for (int s = 0; s < RESUME_SECTIONS; s++) r.entry_count[s] = 1;
    r.skills[r.skill_count++] = (resume_skill_t){"Chemistry bench, simulated", "3 shifts", "90 % of 300"};
    return r;
}

static void resume_there_and_back(void **state)
{
    (void)state;
    arena_t *arena = arena_new(ARENA);
    resume_t r = sample(), again;
    text_t one, two;
    err_t err = {0};
    text_init(&one, 100000);
    text_init(&two, 100000);
    resume_write(&r, &one);
    if (!resume_read(&again, arena, one.data, one.length, &err)) fail_msg("%s", err.text);
    resume_write(&again, &two);
    assert_string_equal(one.data, two.data);
    assert_string_equal(again.entries[RESUME_WORK][0].place, "Café");
    assert_false(again.show[RESUME_WORK]);
    r.entries[RESUME_WORK][0].from = "soon";
    assert_false(resume_check(&r, &err));
    assert_non_null(strstr(err.text, "soon"));
    text_free(&one);
    text_free(&two);
    arena_free(arena);
}

/* What the schema of JSON Resume 1.0.0 asks of what is written here. */
static void json_resume(void **state)
{
    (void)state;
    resume_t r = sample();
    text_t out;
    text_init(&out, 100000);
    resume_export(&r, &out);
    json_t *root = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *basics = json_object_get(root, "basics"), *work = json_object_get(root, "work");
    assert_string_equal(json_string_value(json_object_get(basics, "name")), "Ines “Iny” Okafor");
    assert_string_equal(json_string_value(json_object_get(json_object_get(basics, "location"), "city")), "Madison");
    assert_null(json_object_get(basics, "phone"));
    assert_int_equal(json_array_size(work), 1); /* the rotation; other work is not chosen */
    assert_string_equal(json_string_value(json_object_get(json_array_get(work, 0), "position")), "Hematology");
    assert_string_equal(json_string_value(json_object_get(json_array_get(work, 0), "endDate")), "2026-03");
    const json_t *school = json_array_get(json_object_get(root, "education"), 0);
    assert_string_equal(json_string_value(json_object_get(school, "institution")), "State college");
    assert_true(json_is_array(json_object_get(school, "courses")));
    const json_t *certificate = json_array_get(json_object_get(root, "certificates"), 0);
    assert_string_equal(json_string_value(json_object_get(certificate, "date")), "2026-07-01");
    assert_null(json_object_get(certificate, "endDate"));
    const json_t *skill = json_array_get(json_object_get(root, "skills"), 0);
    assert_non_null(strstr(json_string_value(json_object_get(skill, "name")), "simulated"));
    assert_true(json_is_array(json_object_get(skill, "keywords")));
    r.show_skills = false;
    text_clear(&out);
    resume_export(&r, &out);
    assert_null(strstr(out.data, "simulated"));
    json_decref(root);
    text_free(&out);
}

static void a_step_of_the_ladder(void **state)
{
    (void)state;
    static const char json[] =
        "{\"application_date\":\"2026-06-01\",\"degree\":{\"level\":\"associate\",\"accredited\":true,\"country\":"
        "\"US\","
        "\"awarded\":\"2026-05-15\"},\"programs\":[{\"kind\":\"MLT\",\"accreditors\":[\"NAACLS\"],\"completed\":"
        "\"2026-05-15\"}]}";
    arena_t *arena = arena_new(ARENA);
    rules_t rules;
    ladder_t ladder;
    record_t record, unknown = record_unknown();
    const route_result_t *best;
    int32_t today;
    err_t err = {0};
    assert_true(day_make(2026, 6, 1, &today));
    if (!rules_load(&rules, arena, content_source(), &err) ||
        !ladder_load(&ladder, arena, content_source(), &rules, &err) ||
        !record_read(&record, arena, json, sizeof json - 1, &err))
        fail_msg("%s", err.text);
    assert_true(ladder.count >= 8);
    assert_true(ladder_step(&rules, &record, "ASCP-MLT", today, arena, &best, &err));
    assert_non_null(best);
    outcome_t known = best->outcome;
    assert_true(known == OUTCOME_QUALIFIES || known == OUTCOME_POSSIBLE);
    assert_true(ladder_step(&rules, &unknown, "ASCP-MLT", today, arena, &best, &err));
    assert_int_equal(best->outcome, OUTCOME_POSSIBLE); /* nothing known: cannot be told */
    for (int i = 0; i < ladder.count; i++)
        for (int g = 0; g < ladder.rungs[i].goal_count; g++)
            assert_true(ladder_step(&rules, &record, ladder.rungs[i].goals[g], today, arena, &best, &err));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_of_their_release), cmocka_unit_test(questions_enough),
                                       cmocka_unit_test(resume_there_and_back), cmocka_unit_test(json_resume),
                                       cmocka_unit_test(a_step_of_the_ladder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
