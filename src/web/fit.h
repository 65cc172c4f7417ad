/* The pages of the stage Fit: "Is this career for me?" */
#ifndef TITER_WEB_FIT_H
#define TITER_WEB_FIT_H

#include "web/web.h"

const web_route_t *fit_routes(size_t *count);
const web_route_t *fit_result_routes(size_t *count);

#endif
