/* Calendar files as answers; see calendar_answer.h. */
#include "calendar_answer.h"

text_t *calendar_body(response_t *response)
{
    return response_body(response, "text/calendar; charset=utf-8");
}

void calendar_answer(response_t *response, const char *file_name, const char *nothing)
{
    if (calendar_has_events(calendar_body(response)))
        response_download(response, file_name);
    else
        response_error(response, 409, "%s", nothing);
}
