/* The path finder over the real rules: what people would be told, and that what they are told holds by the rules. */
#include "base/content.h"
#include "road/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    arena_t *arena, *scratch;
    rules_t rules;
    licenses_t licenses;
    plans_t *plans;
    int32_t today;
} world_t;

static int setup(void **state)
{
    world_t *w = calloc(1, sizeof *w);
    err_t err = {0};
    w->arena = arena_new((size_t)64 << 20);
    w->scratch = arena_new((size_t)16 << 20);
    if (!rules_load(&w->rules, w->arena, content_source(), &err) ||
        !licenses_load(&w->licenses, w->arena, content_source(), &err) ||
        !plans_load(&w->plans, w->arena, content_source(), &w->rules, &w->licenses, &err))
        fail_msg("%s", err.text);
    assert_true(day_make(2026, 11, 27, &w->today));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_t *w = *state;
    arena_free(w->arena);
    arena_free(w->scratch);
    free(w);
    return 0;
}

static plan_t find(world_t *w, const char *json, const char *goal, plan_wish_t wish)
{
    plan_t plan = {0};
    record_t record;
    err_t err = {0};
    wish.today = w->today;
    arena_reset(w->scratch);
    if (!record_read(&record, w->scratch, json, strlen(json), &err) ||
        !plan_find(w->plans, &record, goal, &wish, w->scratch, &plan, &err))
        fail_msg("%s: %s", goal, err.text);
    return plan;
}

static void assert_steps(const plan_t *plan, const char *const *ids, int count)
{
    for (int i = 0; i < count && i < plan->count; i++) assert_string_equal(plan->step[i].id, ids[i]);
    assert_int_equal(plan->count, count);
}

/* What is asked, and the steps that a person who knows the rules would answer. */
static void known_answers(void **state)
{
    static const struct {
        const char *record, *goal;
        path_best_t best;
        int count;
        const char *steps[PATH_PLAN_MAX];
    } cases[] = {
        {"{}", "ASCP-MLT", PATH_BEST_TIME, 2, {"MLT-AAS", "ASCP-MLT"}},
        {"{}", "ASCP-PBT", PATH_BEST_TIME, 2, {"PBT-PROGRAM", "ASCP-PBT"}},
        {"{}", "ASCP-MLS", PATH_BEST_COST, 2, {"BS-MLS", "ASCP-MLS"}},
        {"{}", "phlebotomist@CA", PATH_BEST_TIME, 3, {"PBT-CDPH", "AMT-RPT", "CA-CPT1"}},
        {"{\"degree\":{\"level\":\"bachelor\",\"field\":\"biology\",\"accredited\":true,\"awarded\":\"2020\","
         "\"country\":\"US\"},"
         "\"semester_hours\":{\"any\":120,\"biology\":30,\"chemistry\":20}}",
         "ASCP-MLS",
         PATH_BEST_TIME,
         2,
         {"MLS-4PLUS1", "ASCP-MLS"}},
        {"{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}],"
         "\"degree\":{\"level\":\"associate\",\"field\":\"medical_laboratory_technology\",\"accredited\":true}}",
         "ASCP-MLS",
         PATH_BEST_TIME,
         2,
         {"MLS-2PLUS2", "ASCP-MLS"}},
        {"{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}]}",
         "ASCP-PBT",
         PATH_BEST_TIME,
         1,
         {"ASCP-PBT"}},
        {"{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}],"
         "\"degree\":{\"level\":\"associate\",\"field\":\"medical_laboratory_technology\",\"accredited\":true}}",
         "technician@FL",
         PATH_BEST_TIME,
         1,
         {"FL-TECHNICIAN"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plan_t plan = find(*state, cases[i].record, cases[i].goal, (plan_wish_t){.best = cases[i].best});
        assert_true(plan.found && !plan.already);
        assert_steps(&plan, cases[i].steps, cases[i].count);
    }
}

static void who_has_it_needs_nothing(void **state)
{
    plan_t plan =
        find(*state,
             "{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}],\"degree\":{\"level\":\"associate\","
             "\"field\":\"medical_laboratory_technology\",\"accredited\":true}}",
             "technician@OH", (plan_wish_t){0});
    assert_true(plan.found && plan.already);
    assert_int_equal(plan.count, 0);
    assert_int_equal(plan.end, plan.today);
}

/* 'MLS within five years while working': half a week of study, beside a technician's work. */
static void study_beside_work(void **state)
{
    plan_t plan =
        find(*state,
             "{\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"}],\"degree\":{\"level\":\"associate\","
             "\"field\":\"medical_laboratory_technology\",\"accredited\":true}}",
             "technologist@OH", (plan_wish_t){.best = PATH_BEST_EFFORT, .hours_week_max = 20});
    assert_true(plan.found);
    assert_true(plan.hours_week <= 20);
    assert_true(plan.end <= day_add_years(plan.today, 5));
}

static void military_training_only_when_wanted(void **state)
{
    plan_t without = find(*state, "{}", "AAB-MLT", (plan_wish_t){.best = PATH_BEST_COST});
    for (int i = 0; i < without.count; i++) assert_string_not_equal(without.step[i].kind, "military");
    plan_t with = find(*state, "{}", "AAB-MLT", (plan_wish_t){.best = PATH_BEST_COST, .military = true});
    assert_string_equal(with.step[0].id, "ARMY-68K");
    assert_true(with.cost_high < without.cost_high);
}

static void what_was_not_read_is_said(void **state)
{
    plan_t guam = find(*state, "{}", "technician@GU", (plan_wish_t){0});
    assert_false(guam.found);
    assert_non_null(strstr(guam.note, "not read"));
    plan_t california = find(*state, "{}", "technologist@CA", (plan_wish_t){0});
    assert_false(california.found);
    assert_non_null(strstr(california.note, "too little"));
    plan_t georgia = find(*state, "{}", "technician@GA", (plan_wish_t){0});
    assert_true(georgia.found);
    assert_non_null(strstr(georgia.note, "disagree"));
    plan_t florida = find(*state, "{}", "technician@FL", (plan_wish_t){0});
    assert_true(florida.doubts > 0);
    assert_non_null(florida.step[florida.count - 1].doubt);
}

static void a_goal_that_is_none(void **state)
{
    world_t *w = *state;
    static const char *const none[] = {"",    "MLT",    "@", "technician@", "technician@XX", "technician@US",
                                       "@FL", "tech@FL"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        plan_t plan;
        err_t err = {0};
        record_t record = record_unknown();
        arena_reset(w->scratch);
        assert_false(plan_find(w->plans, &record, none[i], &(plan_wish_t){.today = w->today}, w->scratch, &plan, &err));
        assert_int_equal(err.code, ERR_NOT_FOUND);
    }
}

static void check_plan(const plan_t *plan)
{
    int cost = 0, unknown = 0;
    for (int i = 0; i < plan->count; i++) {
        const plan_step_t *s = &plan->step[i];
        assert_true(s->start >= plan->today && s->start_low <= s->start && s->end_low <= s->end && s->start < s->end);
        assert_true(s->end <= plan->end);
        assert_true(s->reason_count > 0); /* nothing is in a plan for nothing */
        assert_non_null(s->source);
        assert_non_null(s->as_of);
        assert_true(i == 0 || plan->step[i - 1].start <= s->start);
        cost += s->cost_known ? s->cost_high : 0;
        unknown += !s->cost_known;
    }
    assert_int_equal(cost, plan->cost_high);
    assert_int_equal(unknown, plan->unknown_costs);
}

/* Every goal has a plan or says why not; the quickest is not slower than the others, the cheapest not dearer. */
static void every_goal(void **state)
{
    world_t *w = *state;
    size_t goals = plan_goal_count(w->plans), found = 0;
    size_t looked = 0;
    for (size_t i = 0; i < goals; i += i < w->rules.count ? 1 : 6, looked++) { /* many states ask the same */
        plan_goal_t goal;
        plan_t plan[PATH_BESTS];
        arena_reset(w->scratch);
        assert_true(plan_goal(w->plans, i, w->scratch, &goal));
        for (path_best_t best = 0; best < PATH_BESTS; best++) {
            plan[best] = find(w, "{}", goal.id, (plan_wish_t){.best = best});
            assert_int_equal(plan[best].found, plan[0].found);
            assert_true(plan[best].found || plan[best].note);
            check_plan(&plan[best]);
        }
        if (!plan[0].found) continue;
        found++;
        assert_true(plan[PATH_BEST_TIME].doubts == plan[PATH_BEST_COST].doubts);
        assert_true(plan[PATH_BEST_TIME].end <= plan[PATH_BEST_COST].end);
        assert_true(plan[PATH_BEST_TIME].end <= plan[PATH_BEST_EFFORT].end);
        assert_true(plan[PATH_BEST_EFFORT].hours_week <= plan[PATH_BEST_TIME].hours_week);
        assert_true(plan[PATH_BEST_COST].unknown_costs <= plan[PATH_BEST_TIME].unknown_costs);
    }
    printf("# %zu of %zu goals looked at, %zu with a plan from nothing\n", looked, goals, found);
    assert_true(found > looked / 2);
}

/* Money, time, the months to an answer and one route alone are kept to, and said where nothing is left. */
static void what_one_has_is_kept_to(void **state)
{
    world_t *w = *state;
    plan_t free = find(w, "{}", "ASCP-MLT", (plan_wish_t){0});
    int dear = free.cost_high;
    int32_t end = free.end;
    plan_t cheap = find(w, "{}", "ASCP-MLT", (plan_wish_t){.cost_max = dear - 1});
    assert_true(!cheap.found || (cheap.cost_high < dear && cheap.end >= end));
    plan_t timely = find(w, "{}", "ASCP-MLT", (plan_wish_t){.best = PATH_BEST_EFFORT, .months_max = 48});
    assert_true(timely.found && timely.end <= day_add_months(w->today, 48));
    plan_t never = find(w, "{}", "ASCP-MLT", (plan_wish_t){.months_max = 3});
    assert_false(never.found);
    assert_non_null(strstr(never.note, "the time that you gave"));
    plan_t slow = find(w, "{}", "ASCP-PBT", (plan_wish_t){.answer_low = 6, .answer_high = 6});
    const plan_step_t *exam = &slow.step[slow.count - 1];
    assert_string_equal(exam->id, "ASCP-PBT");
    assert_int_equal(exam->end, day_add_months(w->today, 12)); /* six of the program, six of waiting */
    assert_non_null(strstr(exam->assumes[0], "as you asked"));
    plan_t fourth = find(w, "{}", "ASCP-MLT", (plan_wish_t){.route = "ASCP-MLT-4", .sets_max = 600});
    assert_true(fourth.found);
    assert_string_equal(fourth.step[fourth.count - 1].by, "ASCP-MLT-4");
}

/* Kept and told again, a plan is the same to the letter. */
static void told_again_it_is_the_same(void **state)
{
    world_t *w = *state;
    plan_wish_t wish = {.today = w->today, .best = PATH_BEST_COST};
    record_t record;
    plan_found_t found;
    plan_t plan;
    err_t err = {0};
    text_t text[2];
    arena_reset(w->scratch);
    assert_true(record_read(&record, w->scratch, "{}", 2, &err));
    assert_true(plan_search(w->plans, &record, "technician@FL", &wish, w->scratch, &found, &err));
    for (int i = 0; i < 2; i++) {
        text_init(&text[i], PLAN_TEXT_LIMIT);
        bool ok = i == 0 ? plan_find(w->plans, &record, "technician@FL", &wish, w->scratch, &plan, &err)
                         : plan_tell(w->plans, &record, "technician@FL", &wish, &found, w->scratch, &plan, &err);
        if (!ok) fail_msg("%s", err.text);
        plan_json(&plan, &text[i]);
    }
    assert_string_equal(text[0].data, text[1].data);
    for (int i = 0; i < 2; i++) text_free(&text[i]);
}

static void words_and_json(void **state)
{
    plan_t plan = find(*state, "{}", "technician@FL", (plan_wish_t){.best = PATH_BEST_COST});
    text_t words, json;
    text_init(&words, PLAN_TEXT_LIMIT);
    text_init(&json, PLAN_TEXT_LIMIT);
    plan_text(&plan, &words);
    plan_json(&plan, &json);
    assert_false(words.failed || json.failed);
    assert_non_null(strstr(words.data, "the cheapest"));
    assert_non_null(strstr(words.data, "board decides"));
    assert_null(strstr(words.data, "eligible"));
    assert_non_null(strstr(json.data, "\"best\":\"cost\""));
    assert_non_null(strstr(json.data, "\"taken_for_granted\":["));
    text_free(&words);
    text_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(who_has_it_needs_nothing),
        cmocka_unit_test(study_beside_work),
        cmocka_unit_test(military_training_only_when_wanted),
        cmocka_unit_test(what_was_not_read_is_said),
        cmocka_unit_test(a_goal_that_is_none),
        cmocka_unit_test(every_goal),
        cmocka_unit_test(what_one_has_is_kept_to),
        cmocka_unit_test(told_again_it_is_the_same),
        cmocka_unit_test(words_and_json),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
