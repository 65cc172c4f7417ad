/* Calendar files (RFC 5545): whole days with a reminder. A pure writer of text: no clock, no file. */
#ifndef TITER_ROAD_CALENDAR_H
#define TITER_ROAD_CALENDAR_H

#include "base/text.h"

#include <stdint.h>

enum { CALENDAR_FOLD = 75 }; /* octets of a line without its break */

typedef struct {
    const char *uid;               /* the same event keeps it, so that a second import replaces the first */
    const char *summary, *details; /* details: NULL or "" none; a line break starts a new line */
    int32_t day;                   /* days from 1970-01-01 */
    const int *remind_days;        /* so many days before; NULL: none */
    int remind_count;
} calendar_event_t;

/* `stamp_ms`: when the file is made (DTSTAMP), milliseconds from 1970. */
void calendar_begin(text_t *out, const char *name);
void calendar_event(text_t *out, const calendar_event_t *event, int64_t stamp_ms);
void calendar_end(text_t *out);
/* Has it an event? A file without one is no calendar (section 3.6): do not hand it out. */
bool calendar_has_events(const text_t *out);
/* One content line: folded at CALENDAR_FOLD octets and never inside a character of UTF-8; ends in CRLF. */
void calendar_line(text_t *out, const char *name, const char *value);
/* The value of a TEXT property: backslash, semicolon, comma and line break escaped; other control characters left
 * out. */
void calendar_escape(text_t *out, const char *text);

#endif
