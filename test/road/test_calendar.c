/* Calendar files: folding, escaping, and a whole file as it must be. */
#include "road/calendar.h"
#include "road/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *escaped;
    } cases[] = {{"plain", "plain"},
                 {"a,b;c\\d", "a\\,b\\;c\\\\d"},
                 {"two\nlines", "two\\nlines"},
                 {"\r\ttab\x7f", "tab"},
                 {"µmol/L: “x”", "µmol/L: “x”"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_t out;
        text_init(&out, 1000);
        calendar_escape(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].escaped);
        text_free(&out);
    }
}

/* Undoes folding and says whether every line is short enough and ends in CRLF. */
static void unfold(const char *folded, char *plain)
{
    size_t n = 0;
    while (*folded) {
        const char *end = strstr(folded, "\r\n");
        assert_non_null(end);
        assert_true(end - folded <= CALENDAR_FOLD);
        assert_null(memchr(folded, '\n', (size_t)(end - folded)));
        assert_true(((unsigned char)folded[0] & 0xC0) != 0x80);
        bool more = folded[0] == ' ';
        if (more) {
            n -= 2;
            assert_true(((unsigned char)folded[1] & 0xC0) != 0x80); /* no character is cut */
        }
        memcpy(plain + n, folded + more, (size_t)(end - folded) - more);
        n += (size_t)(end - folded) - more;
        memcpy(plain + n, "\r\n", 2);
        n += 2;
        folded = end + 2;
    }
    plain[n] = '\0';
}

static void folds(void **state)
{
    (void)state;
    char value[400], wanted[500], plain[500];
    for (size_t length = 0; length < 300; length++)
        for (int wide = 0; wide < 2; wide++) {
            size_t n = 0;
            while (n + 3 < length) { /* letters of one byte and of three */
                memcpy(value + n, wide ? "€" : "abc", 3);
                n += 3;
            }
            while (n < length) value[n++] = 'x';
            value[n] = '\0';
            text_t out;
            text_init(&out, 4000);
            calendar_line(&out, "SUMMARY", value);
            strcpy(wanted, "SUMMARY:");
            strcat(wanted, value);
            strcat(wanted, "\r\n");
            unfold(out.data, plain);
            assert_string_equal(plain, wanted);
            text_free(&out);
        }
}

static void a_whole_file(void **state)
{
    (void)state;
    static const int remind[] = {30};
    int32_t day;
    text_t out;
    assert_true(day_make(2026, 12, 31, &day));
    text_init(&out, 4000);
    calendar_begin(&out, "Plan");
    calendar_event(&out,
                   &(calendar_event_t){.uid = "1@titer",
                                       .summary = "Renew, in time",
                                       .details = "a\nb",
                                       .day = day,
                                       .remind_days = remind,
                                       .remind_count = 1},
                   1764230401000);
    calendar_end(&out);
    assert_string_equal(
        out.data,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Titer//Titer//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
        "X-WR-CALNAME:Plan\r\nBEGIN:VEVENT\r\nUID:1@titer\r\nDTSTAMP:20251127T080001Z\r\n"
        "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:Renew\\, in time\r\n"
        "DESCRIPTION:a\\nb\r\nTRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n"
        "DESCRIPTION:Renew\\, in time\r\nTRIGGER:-P30D\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(escapes), cmocka_unit_test(folds),
                                       cmocka_unit_test(a_whole_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
