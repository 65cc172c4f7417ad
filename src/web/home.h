/* The pages around a shift: home, briefing, history, about; and, once it is over, its debrief; and
 * the pages on which scenarios are written. */
#ifndef TITER_WEB_HOME_H
#define TITER_WEB_HOME_H

#include "web/web.h"

#include <stddef.h>

/* The application behind web_app is an app_t (app/app.h). The tables are static. */
const web_route_t *home_routes(size_t *count);
const web_route_t *settings_routes(size_t *count);
const web_route_t *history_routes(size_t *count);
const web_route_t *plan_routes(size_t *count);
const web_route_t *debrief_routes(size_t *count);
const web_route_t *author_routes(size_t *count);

#endif
