/* Half-known days: what may be written, which days it stands for, and the calendar under it. */
#include "road/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int32_t day(int y, int m, int d)
{
    int32_t number;
    assert_true(day_make(y, m, d, &number));
    return number;
}

static void what_may_be_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int first[3], last[3];
    } cases[] = {
        {"2019-05-03", {2019, 5, 3}, {2019, 5, 3}},
        {"2020-02", {2020, 2, 1}, {2020, 2, 29}},
        {"1900-02", {1900, 2, 1}, {1900, 2, 28}},
        {"2019", {2019, 1, 1}, {2019, 12, 31}},
        {"spring 2019", {2019, 1, 1}, {2019, 6, 30}},
        {"summer 2019", {2019, 5, 1}, {2019, 9, 30}},
        {"fall 2019", {2019, 8, 1}, {2019, 12, 31}},
        {"winter 2019", {2018, 12, 1}, {2019, 3, 31}},
        {"2019-05-03..2019-06-02", {2019, 5, 3}, {2019, 6, 2}},
        {"unknown", {1900, 1, 1}, {2199, 12, 31}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        when_t when, again;
        char text[WHEN_TEXT_MAX];
        assert_true(when_read(cases[i].text, &when, NULL));
        assert_int_equal(when.first, day(cases[i].first[0], cases[i].first[1], cases[i].first[2]));
        assert_int_equal(when.last, day(cases[i].last[0], cases[i].last[1], cases[i].last[2]));
        when_write(when, text);
        assert_string_equal(text, cases[i].text);
        assert_true(when_read(text, &again, NULL));
    }
    when_t fall, autumn, unknown;
    assert_true(when_read("Fall 2019", &fall, NULL) && when_read("autumn 2019", &autumn, NULL));
    assert_memory_equal(&fall, &autumn, sizeof fall);
    assert_true(when_read("", &unknown, NULL) && when_is_unknown(unknown));
}

static void what_may_not(void **state)
{
    (void)state;
    static const char *const bad[] = {"2019-02-29",
                                      "2019-13",
                                      "1899",
                                      "2200-01-01",
                                      "19-5-3",
                                      "May 2019",
                                      "spring",
                                      "spring 20190",
                                      "2019-05-03 x",
                                      "winter 1900",
                                      "2019-5",
                                      "03/05/2019",
                                      "2019-05-03..2019-05-02"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        when_t when;
        err_t err = {0};
        assert_false(when_read(bad[i], &when, &err));
        assert_int_equal(err.code, ERR_INPUT);
        assert_non_null(strstr(err.text, bad[i]));
    }
}

static void every_day_follows_the_one_before(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(1900, 1, 1), DAY_FIRST);
    assert_int_equal(day(2199, 12, 31), DAY_LAST);
    int32_t number = DAY_FIRST;
    for (int y = 1900; y <= 2199; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= 31; d++) {
                int32_t made;
                if (!day_make(y, m, d, &made)) continue;
                assert_int_equal(made, number);
                int back[3];
                day_split(number++, &back[0], &back[1], &back[2]);
                assert_true(back[0] == y && back[1] == m && back[2] == d);
            }
    assert_int_equal(number, DAY_LAST + 1);
}

static void the_same_day_of_another_year(void **state)
{
    (void)state;
    assert_int_equal(day_add_years(day(2024, 2, 29), -5), day(2019, 2, 28));
    assert_int_equal(day_add_years(day(2024, 2, 29), 4), day(2028, 2, 29));
    assert_int_equal(day_add_months(day(2025, 1, 31), 1), day(2025, 2, 28));
    assert_int_equal(day_add_months(day(2025, 3, 15), -3), day(2024, 12, 15));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_may_be_written), cmocka_unit_test(what_may_not),
                                       cmocka_unit_test(every_day_follows_the_one_before),
                                       cmocka_unit_test(the_same_day_of_another_year)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
