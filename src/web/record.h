/* The pages of the record: what a person has learned, done and passed. */
#ifndef TITER_WEB_RECORD_H
#define TITER_WEB_RECORD_H

#include "record_view.h"
#include "web/web.h"

#include "app/record.h"

const web_route_t *record_routes(size_t *count);
const web_route_t *record_file_routes(size_t *count);

/* The page of an entry; `wrong` tells of an upload that was refused, or NULL. */
void record_show_entry(web_t *web, const request_t *request, response_t *response, const char *id, const char *wrong);

#endif
