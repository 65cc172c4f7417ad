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
/* What an action was, told afterward: "accepted", "looked at". */
const char *action_said(action_kind_t kind);
/* "2 h 30 min". */
const char *words_length(arena_t *arena, int32_t seconds);
/* "Practice". */
const char *mode_title(shift_mode_t mode);

#endif
