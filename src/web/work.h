/* The pages of the stages Work and Keep current. The application behind web_app is an app_t; tables are static. */
#ifndef TITER_WEB_WORK_H
#define TITER_WEB_WORK_H

#include "web/web.h"

#include <stddef.h>

const web_route_t *ledger_routes(size_t *count);
const web_route_t *ledger_file_routes(size_t *count);
const web_route_t *ledger_zip_routes(size_t *count);
const web_route_t *work_apply_routes(size_t *count);
const web_route_t *work_interview_routes(size_t *count);
const web_route_t *work_resume_routes(size_t *count);
const web_route_t *work_ladder_routes(size_t *count);
const web_route_t *work_outlook_routes(size_t *count);

#endif
