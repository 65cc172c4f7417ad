/* An answer that is a calendar file (road/calendar.h). */
#ifndef TITER_WEB_CALENDAR_ANSWER_H
#define TITER_WEB_CALENDAR_ANSWER_H

#include "road/calendar.h"
#include "web/web.h"

/* The body to write it into. */
text_t *calendar_body(response_t *response);
/* Offers it as a file; without an event `nothing` is the answer: a calendar of nothing is none. */
void calendar_answer(response_t *response, const char *file_name, const char *nothing);

#endif
