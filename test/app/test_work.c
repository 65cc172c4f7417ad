/* Applications, résumé, skills and interview practice over a real store and the real laboratory. */
#include "app/applications.h"
#include "app/interview.h"
#include "app/record.h"
#include "app/resume.h"
#include "app/work.h"
#include "base/content.h"
#include "world.h"

#include <math.h>

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

static application_t sample(const char *employer)
{
    return (application_t){.id = "",
                           .employer = employer,
                           .title = "MLT, nights",
                           .place = "",
                           .pay = "",
                           .notes = "",
                           .state = APPLICATION_SENT,
                           .deadline = "",
                           .next_day = "",
                           .next = ""};
}

static application_t *list_of(world_t *w, int *count)
{
    application_t *list;
    err_t err = {0};
    if (!app_applications(w->app, w->arena, &list, count, &err)) fail_msg("%s", err.text);
    return list;
}

static void an_application_is_followed(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX], other[APP_ID_MAX], same[APP_ID_MAX];
    err_t err = {0};
    int count;
    application_t a = sample("Lakeside, “East”");
    assert_true(app_application_save(w->app, &a, "r", id, &err));
    assert_true(app_application_save(w->app, &a, "r", other, &err)); /* the same request again */
    w->now += 1000;
    a.id = id, a.state = APPLICATION_INTERVIEW, a.next_day = "2027-02-01", a.next = "Interview";
    assert_true(app_application_save(w->app, &a, "", same, &err));
    assert_string_equal(same, id);
    application_t closed = sample("Closed");
    closed.state = APPLICATION_REJECTED;
    assert_true(app_application_save(w->app, &closed, "", other, &err));
    app_close(w->app);
    open_app(w);
    application_t *list = list_of(w, &count);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].employer, "Lakeside, “East”"); /* what is open comes first */
    assert_int_equal(list[0].step_count, 2);
    assert_int_equal(list[0].steps[0].state, APPLICATION_SENT);
    text_t out;
    text_init(&out, 10000);
    applications_calendar(&out, list, count, w->now);
    assert_non_null(strstr(out.data, "DTSTART;VALUE=DATE:20270201"));
    assert_non_null(strstr(out.data, "Lakeside\\, "));
    assert_null(strstr(out.data, "Closed"));
    text_free(&out);
    assert_true(app_application_remove(w->app, id, &err));
    assert_false(app_application_remove(w->app, id, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    list_of(w, &count);
    assert_int_equal(count, 1);
}

static void what_is_wrong_is_refused(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    err_t err = {0};
    application_t a = sample("");
    assert_false(app_application_save(w->app, &a, "", id, &err));
    a = sample("X"), a.next_day = "2027-02-30";
    assert_false(app_application_save(w->app, &a, "", id, &err));
    a = sample("X"), a.next_day = "spring 2027"; /* a calendar needs a day */
    assert_false(app_application_save(w->app, &a, "", id, &err));
    a = sample("X"), a.id = "nobody";
    assert_false(app_application_save(w->app, &a, "", id, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void charts_are_fresh_and_the_same_again(void **state)
{
    world_t *w = *state;
    int faults = 0, found = 0, false_alarms = 0;
    err_t err = {0};
    enum { SEEDS = 300 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        practice_chart_t one, two;
        practice_chart_answer_t answer;
        memset(&one, 0, sizeof one);
        memset(&two, 0, sizeof two);
        if (!app_practice_chart(w->app, seed, &one, &err) || !app_practice_chart(w->app, seed, &two, &err) ||
            !app_practice_chart_answer(w->app, seed, &answer, &err))
            fail_msg("%s", err.text);
        assert_string_equal(one.name, two.name);
        for (int run = 0; run < PRACTICE_RUNS; run++)
            for (int level = 0; level < one.levels; level++) {
                assert_true(isfinite(one.z[run][level]));
                assert_true(!(one.z[run][level] < two.z[run][level]) && !(one.z[run][level] > two.z[run][level]));
            }
        assert_true(one.levels == 2);
        faults += answer.fault;
        found += answer.fault && answer.rejected >= answer.from;
        false_alarms += !answer.fault && answer.rejected > 0;
        if (answer.fault) assert_true(answer.from > 1 && answer.from <= PRACTICE_RUNS && answer.name[0]);
        if (answer.rejected) assert_true(answer.rules[0]);
    }
    print_message("%d of %d charts with a fault, rejected after its start in %d; %d false alarms\n", faults, SEEDS,
                  found, false_alarms);
    assert_true(faults > SEEDS * 6 / 10 && faults < SEEDS * 9 / 10 && found > faults / 2);
}

static void cases_are_spoilt_or_not(void **state)
{
    world_t *w = *state;
    int faults = 0;
    err_t err = {0};
    enum { SEEDS = 60 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        practice_case_t shown;
        practice_case_answer_t answer;
        double most = 0;
        if (!app_practice_case(w->app, seed, &shown, &err) || !app_practice_case_answer(w->app, seed, &answer, &err))
            fail_msg("%s", err.text);
        assert_int_equal(shown.count, 17);
        for (int i = 0; i < shown.count; i++) most = fmax(most, fabs(shown.values[i].value / answer.before[i] - 1));
        assert_int_equal(answer.fault, most > 1e-9);
        faults += answer.fault;
    }
    assert_true(faults > SEEDS / 2 && faults < SEEDS);
}

static void skills_come_from_finished_shifts(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    app_skills_t skills;
    resume_t r;
    err_t err = {0};
    assert_true(app_skills(w->app, w->arena, &skills, &err));
    assert_int_equal(skills.shifts, 0);
    assert_int_equal(skills.bench[0].last_ms, 0);
    assert_true(app_shift_create(w->app, "morning-run", 7, MODE_PRACTICE, id, &err));
    action_t action = action_make(ACT_HAND_OVER);
    strcpy(action.text, "Nothing pending.");
    assert_true(app_act(w->app, id, &action, "", &err));
    assert_true(app_reflect(w->app, id, "It went.", 50, NULL, &err));
    assert_true(app_skills(w->app, w->arena, &skills, &err));
    assert_int_equal(skills.shifts, 1);
    int seen = 0;
    for (int c = 0; c < APP_COMPETENCES; c++) {
        const app_skill_t *s = &skills.competence[c];
        seen += s->shifts;
        if (s->shifts == 0) continue;
        assert_string_equal(s->evidence, id);
        assert_int_equal(s->last_ms, w->now);
        assert_int_equal(s->assessed, 0);
    }
    assert_true(seen > 0);
    resume_t own = {.name = "Ines", .show = {true, true, true, true}, .show_skills = true};
    assert_true(app_resume_save(w->app, &own, "", &err));
    assert_true(app_resume(w->app, w->arena, &r, &err));
    assert_string_equal(r.name, "Ines");
    for (int i = 0; i < r.skill_count; i++) assert_non_null(strstr(r.skills[i].level, "simulated"));
    own.entries[0][0] = (resume_entry_t){"x", "", "yesterday", "", ""};
    own.entry_count[0] = 1;
    assert_false(app_resume_save(w->app, &own, "", &err));
}

static void enter_record(world_t *w, const char *section, const char *const pairs[][2], int count, char id[APP_ID_MAX])
{
    const char *values[APP_RECORD_FIELDS] = {NULL};
    record_wrong_t wrong;
    int s = app_record_section_find(section);
    for (int i = 0; i < count; i++)
        for (int f = 0; f < app_record_section(s)->count; f++)
            if (strcmp(app_record_section(s)->fields[f].key, pairs[i][0]) == 0) values[f] = pairs[i][1];
    if (!app_record_enter(w->app, APP_RECORD_ME, s, values, "", id, &wrong)) fail_msg("%s", wrong.err.text);
}

static void read_resume(world_t *w, resume_t *r)
{
    err_t err = {0};
    arena_reset(w->arena);
    if (!app_resume(w->app, w->arena, r, &err)) fail_msg("%s", err.text);
}

static void the_record_comes_into_the_resume(void **state)
{
    world_t *w = *state;
    char degree[APP_ID_MAX], none[APP_ID_MAX], job[APP_ID_MAX], certificate[APP_ID_MAX], license[APP_ID_MAX];
    const resume_entry_t *shown[RESUME_SHOWN_MAX];
    resume_t r;
    err_t err = {0};
    enter_record(w, "degrees", (const char *const[][2]){{"level", "none"}}, 1, none);
    enter_record(w, "degrees",
                 (const char *const[][2]){{"level", "associate"},
                                          {"field", "medical_laboratory_technology"},
                                          {"school", "State college"},
                                          {"awarded", "spring 2024"}},
                 4, degree);
    enter_record(w, "jobs",
                 (const char *const[][2]){{"setting", "clinical_lab"},
                                          {"employer", "Lakeside"},
                                          {"areas", "chemistry,hematology"},
                                          {"start", "2024-07"},
                                          {"end", "present"},
                                          {"note", "secret"}},
                 6, job);
    enter_record(w, "certificates",
                 (const char *const[][2]){{"id", "ASCP-MLT"}, {"number", "4711"}, {"status", "valid"}}, 3, certificate);
    enter_record(w, "licenses", (const char *const[][2]){{"state", "CA"}, {"level", "technician"}}, 2, license);
    enter_record(w, "person", (const char *const[][2]){{"name", "Ines Okafor"}}, 1, none);
    enter_record(w, "military", (const char *const[][2]){{"kind", "laboratory"}, {"weeks", "52"}}, 2, none);
    read_resume(w, &r);
    assert_string_equal(r.name, "Ines Okafor");
    assert_int_equal(r.given_count, 5); /* "no diploma yet" is nothing to show */
    assert_int_equal(resume_shown(&r, RESUME_EDUCATION, shown), 2);
    assert_string_equal(shown[1]->title, "Laboratory (military training)");
    assert_string_equal(shown[1]->details, "Weeks: 52");
    assert_string_equal(shown[0]->title, "Associate degree, Medical laboratory technology");
    assert_string_equal(shown[0]->to, "spring 2024");
    assert_int_equal(resume_shown(&r, RESUME_CERTIFICATES, shown), 2);
    assert_non_null(strstr(shown[1]->title, "California license, Technician"));
    assert_int_equal(resume_shown(&r, RESUME_WORK, shown), 1);
    assert_string_equal(shown[0]->title, "Clinical laboratory"); /* no title of it is known */
    assert_string_equal(shown[0]->details, "Areas you worked in: Chemistry, Hematology");
    r.left_out[r.left_out_count++] = job;
    r.entries[RESUME_EDUCATION][0] = (resume_entry_t){"Phlebotomy course", "", "2019", "", ""};
    r.entry_count[RESUME_EDUCATION] = 1;
    assert_true(app_resume_save(w->app, &r, "", &err));
    read_resume(w, &r);
    assert_int_equal(resume_shown(&r, RESUME_WORK, shown), 0);
    assert_int_equal(resume_shown(&r, RESUME_EDUCATION, shown), 3); /* the record first, then what was typed */
    assert_string_equal(shown[2]->title, "Phlebotomy course");
    text_t out;
    text_init(&out, 100000);
    resume_export(&r, &out);
    assert_non_null(strstr(out.data, "\"endDate\":\"2024\"")); /* the schema has no seasons */
    assert_null(strstr(out.data, "Lakeside"));
    assert_null(strstr(out.data, "4711"));
    assert_null(strstr(out.data, "secret"));
    text_free(&out);
    assert_true(app_record_withdraw(w->app, APP_RECORD_ME, degree, "", &err));
    read_resume(w, &r);
    assert_int_equal(resume_shown(&r, RESUME_EDUCATION, shown), 2);
}

static void a_record_larger_than_a_resume(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    const resume_entry_t *shown[RESUME_SHOWN_MAX];
    resume_t r;
    for (int i = 0; i < RESUME_GIVEN_MAX; i++)
        enter_record(w, "jobs", (const char *const[][2]){{"setting", "clinical_lab"}}, 1, id);
    enter_record(w, "certificates", (const char *const[][2]){{"id", "ASCP-MLT"}}, 1, id);
    read_resume(w, &r);
    assert_int_equal(r.given_count, RESUME_GIVEN_MAX);
    assert_int_equal(r.given_more, 1);
    assert_int_equal(resume_shown(&r, RESUME_CERTIFICATES, shown), 1); /* what matters most comes first */
    assert_int_equal(resume_shown(&r, RESUME_WORK, shown), RESUME_GIVEN_MAX - 1);
}

static void the_ladder_opens(void **state)
{
    world_t *w = *state;
    app_ladder_t l;
    err_t err = {0};
    arena_t *arena = arena_new(32 * 1024 * 1024);
    if (!app_ladder(w->app, arena, &l, &err)) fail_msg("%s", err.text);
    assert_true(l.ladder.count > 0);
    arena_free(arena);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(an_application_is_followed),          CASE(what_is_wrong_is_refused),
        CASE(charts_are_fresh_and_the_same_again), CASE(cases_are_spoilt_or_not),
        CASE(skills_come_from_finished_shifts),    CASE(the_record_comes_into_the_resume),
        CASE(a_record_larger_than_a_resume),       CASE(the_ladder_opens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
