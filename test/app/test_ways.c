/* Ways to a goal over a real store: three plans, same ones found out, their words, picture, calendar and paper. */
#include "app/record.h"
#include "app/ways.h"
#include "base/content.h"
#include "draw/picture.h"
#include "world.h"

/* fontconfig keeps what it read of the fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

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

static const ways_t *ways_of(world_t *w, const char *goal, int hours)
{
    ways_t *ways = arena_alloc(w->arena, sizeof *ways);
    plan_wish_t wish = {.hours_week_max = hours};
    err_t err = {0};
    assert_non_null(ways);
    assert_true(day_make(2026, 11, 27, &wish.today));
    if (!app_ways(w->app, goal, &wish, w->arena, ways, &err)) fail_msg("%s: %s", goal, err.text);
    return ways;
}

static void three_plans_and_the_same_once(void **state)
{
    const ways_t *ways = ways_of(*state, "ASCP-MLT", 0);
    assert_int_equal(ways->same[PATH_BEST_TIME], PATH_BEST_TIME);
    for (int b = 0; b < PATH_BESTS; b++) {
        const plan_t *p = &ways->plan[b], *first = &ways->plan[ways->same[b]];
        assert_true(p->found && p->best == (path_best_t)b);
        assert_true(ways->same[b] <= b);
        assert_int_equal(p->count, first->count);
        for (int i = 0; i < p->count; i++) assert_string_equal(p->step[i].title, first->step[i].title);
    }
    assert_true(ways->plan[PATH_BEST_TIME].end <= ways->plan[PATH_BEST_COST].end);
    assert_true(ways->plan[PATH_BEST_COST].cost_high <= ways->plan[PATH_BEST_TIME].cost_high ||
                ways->plan[PATH_BEST_COST].unknown_costs < ways->plan[PATH_BEST_TIME].unknown_costs);
    assert_true(ways->plan[PATH_BEST_EFFORT].hours_week <= ways->plan[PATH_BEST_TIME].hours_week);
}

/* As the record says: who holds the certificate needs nothing more for it. */
static void the_stored_record_is_asked(void **state)
{
    world_t *w = *state;
    assert_false(ways_of(w, "ASCP-PBT", 0)->plan[0].already);
    int section = app_record_section_find("certificates");
    const char *values[APP_RECORD_FIELDS] = {0};
    char id[APP_ID_MAX];
    record_wrong_t wrong;
    assert_true(section >= 0);
    for (int i = 0; i < app_record_section(section)->count; i++) {
        const char *key = app_record_section(section)->fields[i].key;
        values[i] = strcmp(key, "id") == 0 ? "ASCP-PBT" : strcmp(key, "status") == 0 ? "valid" : "";
    }
    if (!app_record_enter(w->app, APP_RECORD_ME, section, values, "r", id, &wrong)) fail_msg("%s", wrong.err.text);
    assert_true(ways_of(w, "ASCP-PBT", 0)->plan[0].already);
}

static void nothing_that_fits_is_said(void **state)
{
    world_t *w = *state;
    const ways_t *ways = ways_of(w, "technician@GU", 0);
    ways_t other;
    err_t err = {0};
    assert_false(ways->plan[0].found);
    assert_non_null(strstr(ways->plan[0].note, "not read"));
    assert_int_equal(ways->same[PATH_BEST_EFFORT], PATH_BEST_TIME);
    assert_false(app_ways(w->app, "technician@ZZ", &(plan_wish_t){0}, w->arena, &other, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void words_of_days_and_money(void **state)
{
    arena_t *a = ((world_t *)*state)->arena;
    assert_string_equal(way_cost(a, true, 500, 4600), "$500 to $4,600");
    assert_string_equal(way_cost(a, true, 1005, 1005), "$1,005");
    assert_string_equal(way_cost(a, false, 0, 0), "price not read");
    assert_string_equal(way_days(a, 0, 0), "1970-01-01");
    assert_string_equal(way_months(a, &(plan_t){.today = 0, .end_low = 31, .end = 365}), "1 to 12");
    assert_string_equal(way_months(a, &(plan_t){.today = 0}), "0");
    assert_string_equal(way_days(a, 0, 31), "1970-01-01 to 1970-02-01");
}

static void the_picture_has_every_step(void **state)
{
    world_t *w = *state;
    course_chart_t chart;
    err_t err = {0};
    const plan_t *plan = &ways_of(w, "technician@FL", 0)->plan[PATH_BEST_TIME];
    if (!way_chart(plan, w->arena, &chart, &err)) fail_msg("%s", err.text);
    assert_int_equal(chart.count, plan->count);
    assert_true(chart.tick_count >= 2 && chart.ticks[chart.tick_count - 1].day <= chart.last);
    for (int i = 0; i < plan->count; i++) {
        assert_int_equal(chart.rows[i].lane, plan->step[i].lane);
        if (strcmp(plan->step[i].kind, "exam") == 0) assert_int_equal(plan->step[i].lane, PATH_WAIT);
    }
    text_t out;
    text_init(&out, 100000);
    assert_true(draw_course(&out, &chart, (draw_look_t){.format = DRAW_SVG}, &err));
    text_clear(&out);
    draw_course_describe(&out, &chart);
    for (int i = 0; i < plan->count; i++) assert_non_null(strstr(out.data, plan->step[i].title));
    text_free(&out);
    plan_t empty = {.found = true, .already = true};
    assert_false(way_chart(&empty, w->arena, &chart, &err));
}

static int times(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) count++;
    return count;
}

static void the_calendar_has_begin_and_end_of_each_step(void **state)
{
    world_t *w = *state;
    const plan_t *plan = &ways_of(w, "phlebotomist@CA", 0)->plan[PATH_BEST_TIME];
    text_t out;
    char day[40];
    int year, month, date;
    text_init(&out, PLAN_TEXT_LIMIT);
    plan_calendar(plan, w->now, &out);
    assert_false(out.failed);
    assert_int_equal(times(out.data, "BEGIN:VEVENT"), 2 * plan->count + 1);
    assert_int_equal(times(out.data, "SUMMARY:Begin: "), plan->count);
    assert_int_equal(times(out.data, "SUMMARY:Goal: "), 1);
    day_split(plan->end, &year, &month, &date);
    snprintf(day, sizeof day, "DTSTART;VALUE=DATE:%04d%02d%02d", year, month, date);
    assert_non_null(strstr(out.data, day));
    text_clear(&out);
    plan_calendar(&ways_of(w, "technician@GU", 0)->plan[0], w->now, &out);
    assert_int_equal(times(out.data, "BEGIN:VEVENT"), 0);
    text_free(&out);
}

static void the_paper_is_a_pdf_found_or_not(void **state)
{
    world_t *w = *state;
    static const char *const goals[] = {"ASCP-MLS", "technician@GU", "CA-MLT"};
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
        for (int b = 0; b < PATH_BESTS; b++) {
            text_t out;
            err_t err = {0};
            arena_reset(w->arena);
            const ways_t *ways = ways_of(w, goals[i], 0);
            text_init(&out, DRAW_BYTES_LIMIT);
            if (!way_paper(&ways->plan[b], b == 0, &out, &err)) fail_msg("%s: %s", goals[i], err.text);
            assert_true(out.length > 2000 && memcmp(out.data, "%PDF-", 5) == 0);
            text_free(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_plans_and_the_same_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_stored_record_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_that_fits_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(words_of_days_and_money, setup, teardown),
        cmocka_unit_test_setup_teardown(the_picture_has_every_step, setup, teardown),
        cmocka_unit_test_setup_teardown(the_calendar_has_begin_and_end_of_each_step, setup, teardown),
        cmocka_unit_test_setup_teardown(the_paper_is_a_pdf_found_or_not, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
