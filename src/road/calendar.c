/* Calendar files; see calendar.h. Sections are of RFC 5545. */
#include "road/calendar.h"
#include "road/when.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 16 * 1024 };

void calendar_escape(text_t *out, const char *text) /* 3.3.11 */
{
    for (; *text; text++) {
        if (*text == '\\' || *text == ';' || *text == ',') text_add_char(out, '\\');
        if (*text == '\n')
            text_add(out, "\\n");
        else if ((unsigned char)*text >= ' ' && *text != 127)
            text_add_char(out, *text);
    }
}

static void folded(text_t *out, const char *line) /* 3.1 */
{
    size_t length = strlen(line), room = CALENDAR_FOLD;
    while (length > room) {
        size_t n = room;
        while (n > 0 && ((unsigned char)line[n] & 0xC0) == 0x80) n--; /* not inside a character */
        if (n == 0) n = room;                                         /* no UTF-8: anywhere will do */
        text_add_n(out, line, n);
        text_add(out, "\r\n ");
        line += n, length -= n;
        room = CALENDAR_FOLD - 1; /* the blank that begins the line counts */
    }
    text_add(out, line);
    text_add(out, "\r\n");
}

void calendar_line(text_t *out, const char *name, const char *value)
{
    text_t line;
    text_init(&line, VALUE_MAX);
    text_add(&line, name);
    text_add_char(&line, ':');
    text_add(&line, value);
    if (line.failed || !line.data)
        out->failed = true;
    else
        folded(out, line.data);
    text_free(&line);
}

static void text_line(text_t *out, const char *name, const char *text)
{
    text_t value;
    text_init(&value, VALUE_MAX);
    calendar_escape(&value, text);
    if (value.failed)
        out->failed = true;
    else
        calendar_line(out, name, value.data ? value.data : "");
    text_free(&value);
}

static void day_text(char out[16], int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    snprintf(out, 16, "%04d%02d%02d", y % 10000, m % 100, d % 100);
}

void calendar_begin(text_t *out, const char *name)
{
    text_add(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Titer//Titer//EN\r\nCALSCALE:GREGORIAN\r\n"
                  "METHOD:PUBLISH\r\n");
    text_line(out, "X-WR-CALNAME", name);
}

void calendar_event(text_t *out, const calendar_event_t *event, int64_t stamp_ms)
{
    char day[16], stamp[32];
    int64_t seconds = stamp_ms / 1000, days = seconds / 86400, of_day = seconds % 86400;
    day_text(day, (int32_t)days);
    snprintf(stamp, sizeof stamp, "%sT%02d%02d%02dZ", day, (int)(of_day / 3600), (int)(of_day / 60 % 60),
             (int)(of_day % 60));
    text_add(out, "BEGIN:VEVENT\r\n");
    text_line(out, "UID", event->uid);
    calendar_line(out, "DTSTAMP", stamp);
    day_text(day, event->day);
    calendar_line(out, "DTSTART;VALUE=DATE", day);
    day_text(day, event->day + 1); /* 3.6.1: the end is the first day that is no longer in it */
    calendar_line(out, "DTEND;VALUE=DATE", day);
    text_line(out, "SUMMARY", event->summary);
    if (event->details && event->details[0]) text_line(out, "DESCRIPTION", event->details);
    text_add(out, "TRANSP:TRANSPARENT\r\n");
    for (int i = 0; i < event->remind_count; i++) {
        snprintf(stamp, sizeof stamp, "-P%dD", event->remind_days[i]);
        text_add(out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
        text_line(out, "DESCRIPTION", event->summary);
        calendar_line(out, "TRIGGER", stamp);
        text_add(out, "END:VALARM\r\n");
    }
    text_add(out, "END:VEVENT\r\n");
}

void calendar_end(text_t *out)
{
    text_add(out, "END:VCALENDAR\r\n");
}

bool calendar_has_events(const text_t *out)
{
    return out->data && strstr(out->data, "BEGIN:VEVENT\r\n") != NULL;
}
