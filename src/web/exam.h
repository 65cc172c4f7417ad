/* The pages of exams: forms, the exam room, the report, outcomes of real examinations. */
#ifndef TITER_WEB_EXAM_H
#define TITER_WEB_EXAM_H

#include "web/web.h"

#include <stddef.h>

const web_route_t *exam_routes(size_t *count);        /* without keys */
const web_route_t *exam_report_routes(size_t *count); /* after the end */
const web_route_t *items_routes(size_t *count);       /* instructor's side */

/* The browser, as the events of a sitting name it: changes by another one are refused until it takes over. */
const char *exam_device(const request_t *request);

#endif
