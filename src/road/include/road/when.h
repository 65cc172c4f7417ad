/* Days that may be known only in part: "2019-05-03", "2019-05", "2019", "spring 2019", "" (unknown).
 *
 * A `when_t` is the set of days on which it may have been: everything from `first` to `last`, both inclusive.
 * Rules compare sets, so that a half-known date answers "cannot tell" exactly where the missing half matters. */
#ifndef TITER_ROAD_WHEN_H
#define TITER_ROAD_WHEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WHEN_TEXT_MAX = 32, /* bytes of a date as text with its zero */
    DAY_FIRST = -25567, /* 1900-01-01: the earliest day that a record may name */
    DAY_LAST = 84005,   /* 2199-12-31 */
};

/* Days are counted from 1970-01-01 in the Gregorian calendar. */
typedef struct {
    int32_t first, last; /* first <= last */
} when_t;

/* Reads what a person writes: a day, a month, a year, a season with its year (spring, summer, fall or autumn,
 * winter), "unknown" or nothing. Of a season the widest months that schools call so: spring January to June, summer
 * May to September, fall August to December, winter December of the year before to March. */
bool when_read(const char *text, when_t *when, err_t *err);
/* The shortest text that when_read takes back to the same days, "unknown" for all days. */
void when_write(when_t when, char out[static WHEN_TEXT_MAX]);
when_t when_day(int32_t day);
when_t when_unknown(void);
bool when_is_day(when_t when);
bool when_is_unknown(when_t when);

/* The day's number; false when the calendar has no such day or it is outside DAY_FIRST..DAY_LAST. */
bool day_make(int year, int month, int day, int32_t *number);
void day_split(int32_t number, int *year, int *month, int *day);
/* The same day of another year or month; the last day of the month where it has no such day (29 February). */
int32_t day_add_months(int32_t number, int months);
int32_t day_add_years(int32_t number, int years);

#endif
