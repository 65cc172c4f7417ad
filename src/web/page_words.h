/* Words and numbers for pages, made in the request's arena. None returns NULL: when memory is out, "". */
#ifndef TITER_WEB_PAGE_WORDS_H
#define TITER_WEB_PAGE_WORDS_H

#include "base/arena.h"
#include "lab/shift.h"

#include <stdint.h>

const char *words(arena_t *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A number with its decimals; "–" for NAN. */
const char *words_fixed(arena_t *arena, double value, int decimals);
/* The clock of the shift at a second of it, "06:12"; "–" for INT32_MIN. */
const char *words_clock(arena_t *arena, const shift_t *shift, int32_t at_s);
/* "2026-03-01 14:05" in the machine's own time zone. */
const char *words_date(arena_t *arena, int64_t wall_ms);
const char *words_day(arena_t *arena, int64_t wall_ms);
/* A UCUM unit for reading: "mL/min/{1.73_m2}" is "mL/min/1.73 m2", "m[IU]/L" is "mIU/L", "10*3/uL" is "10³/µL". */
const char *words_unit(arena_t *arena, const char *unit);
/* A sentence of the laboratory with its units for reading. */
const char *words_readable(arena_t *arena, const char *text);
/* The same value in SI units: number and unit, the number alone, its decimals (about as many digits as the conventional
 * number has). NULL where the unit is the same, where there is no SI unit, and for NAN. `sign` as in "> 750": -1, 0, 1.
 */
const char *words_si(arena_t *arena, const analyte_t *about, double value, int sign);
const char *words_si_number(arena_t *arena, const analyte_t *about, double value);
bool words_has_si(const analyte_t *about);
int words_si_decimals(const analyte_t *about);
/* What an action was, told afterward: "accepted", "looked at". */
const char *action_said(action_kind_t kind);
/* "2 h 30 min". */
const char *words_length(arena_t *arena, int32_t seconds);
/* "Practice". */
const char *mode_title(shift_mode_t mode);

#endif
