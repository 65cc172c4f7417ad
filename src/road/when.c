/* Half-known days. The calendar's arithmetic counts days of the 400-year cycle from 1 March of year 0 (Hinnant,
 * "chrono-compatible low-level date algorithms"), so that the leap day is the last of its year. */
#include "road/when.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DAYS_400 = 146097, DAYS_TO_1970 = 719468, YEAR_FIRST = 1900, YEAR_LAST = 2199 };

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

static int32_t day_number(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, of_era = y - era * 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

bool day_make(int year, int month, int day, int32_t *number)
{
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12) return false;
    if (day < 1 || day > month_days(year, month)) return false;
    *number = day_number(year, month, day);
    return true;
}

void day_split(int32_t number, int *year, int *month, int *day)
{
    assert(number >= -DAYS_TO_1970);
    int z = number + DAYS_TO_1970, era = z / DAYS_400, of_era = z - era * DAYS_400;
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * of_year + 2) / 153;
    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

int32_t day_add_months(int32_t number, int months)
{
    int year, month, day;
    day_split(number, &year, &month, &day);
    int all = year * 12 + month - 1 + months;
    year = all / 12;
    month = all % 12 + 1;
    int days = month_days(year, month);
    return day_number(year, month, day < days ? day : days);
}

int32_t day_add_years(int32_t number, int years)
{
    return day_add_months(number, 12 * years);
}

when_t when_day(int32_t day)
{
    return (when_t){day, day};
}
when_t when_unknown(void)
{
    return (when_t){DAY_FIRST, DAY_LAST};
}
bool when_is_day(when_t when)
{
    return when.first == when.last;
}
bool when_is_unknown(when_t when)
{
    return when.first == DAY_FIRST && when.last == DAY_LAST;
}

/* ---- seasons ---- */

typedef struct {
    const char *name;
    int first_month, last_month; /* of the year named; below 1: of the year before */
} season_t;

static const season_t seasons[] = {
    {"spring", 1, 6}, {"summer", 5, 9}, {"fall", 8, 12}, {"autumn", 8, 12}, {"winter", 0, 3}};

static when_t months(int year, int first, int last)
{
    int from = first < 1 ? year - 1 : year;
    return (when_t){day_number(from, first < 1 ? first + 12 : first, 1),
                    day_number(year, last, month_days(year, last))};
}

static bool season_read(const char *text, when_t *when)
{
    char name[8];
    int year, used = 0;
    if (sscanf(text, "%7[A-Za-z] %4d%n", name, &year, &used) != 2 || text[used] != '\0') return false;
    if (year <= YEAR_FIRST || year > YEAR_LAST) return false;
    for (size_t i = 0; i < sizeof seasons / sizeof *seasons; i++)
        if (strcasecmp(name, seasons[i].name) == 0)
            return *when = months(year, seasons[i].first_month, seasons[i].last_month), true;
    return false;
}

/* ---- text ---- */

/* Is `text` of the shape, where '0' stands for a digit? */
static bool shaped(const char *text, const char *shape)
{
    if (strlen(text) != strlen(shape)) return false;
    for (size_t i = 0; shape[i] != '\0'; i++)
        if (shape[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i]) return false;
    return true;
}

static int number_at(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) value = value * 10 + (text[i] - '0');
    return value;
}

static bool day_read(const char *text, int32_t *day)
{
    return day_make(number_at(text, 4), number_at(text + 5, 2), number_at(text + 8, 2), day);
}

static bool range_read(const char *text, when_t *when)
{
    when_t read;
    if (!shaped(text, "0000-00-00..0000-00-00")) return false;
    if (!day_read(text, &read.first) || !day_read(text + 12, &read.last) || read.first > read.last) return false;
    *when = read;
    return true;
}

bool when_read(const char *text, when_t *when, err_t *err)
{
    assert(text != NULL);
    *when = when_unknown();
    if (text[0] == '\0' || strcasecmp(text, "unknown") == 0) return true;
    bool day = shaped(text, "0000-00-00"), month = shaped(text, "0000-00"), year = shaped(text, "0000");
    if (day || month || year) {
        int y = number_at(text, 4), m = day || month ? number_at(text + 5, 2) : 1, d = day ? number_at(text + 8, 2) : 1;
        int32_t first;
        if (!day_make(y, m, d, &first))
            return err_set(err, ERR_INPUT, "%s is not a day from %d to %d in the calendar.", text, YEAR_FIRST,
                           YEAR_LAST);
        *when = day ? when_day(first) : month ? months(y, m, m) : months(y, 1, 12);
        return true;
    }
    if (season_read(text, when) || range_read(text, when)) return true;
    return err_set(err, ERR_INPUT,
                   "A date is written 2019-05-03, or 2019-05, 2019, \"spring 2019\" or \"unknown\"; \"%.40s\" is none "
                   "of these.",
                   text);
}

void when_write(when_t when, char out[static WHEN_TEXT_MAX])
{
    assert(when.first <= when.last);
    int y, m, d, last_y, last_m, last_d;
    day_split(when.first, &y, &m, &d);
    day_split(when.last, &last_y, &last_m, &last_d);
    bool whole = d == 1 && last_d == month_days(last_y, last_m); /* of months */
    if (when_is_unknown(when))
        snprintf(out, WHEN_TEXT_MAX, "unknown");
    else if (when_is_day(when))
        snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02d", y % 10000, m, d);
    else if (whole && y == last_y && m == 1 && last_m == 12)
        snprintf(out, WHEN_TEXT_MAX, "%04d", y % 10000);
    else if (whole && y == last_y && m == last_m)
        snprintf(out, WHEN_TEXT_MAX, "%04d-%02d", y % 10000, m);
    else {
        for (size_t i = 0; i < sizeof seasons / sizeof *seasons; i++) {
            when_t season = months(last_y, seasons[i].first_month, seasons[i].last_month);
            if (season.first != when.first || season.last != when.last) continue;
            snprintf(out, WHEN_TEXT_MAX, "%s %04d", seasons[i].name, last_y % 10000);
            return;
        }
        snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02d..%04d-%02d-%02d", y % 10000, m % 100, d % 100, last_y % 10000,
                 last_m % 100, last_d % 100);
    }
}
