/* Routes of the pages of the road: rules against the record, the path finder, licenses by state. */
#ifndef TITER_WEB_ROAD_H
#define TITER_WEB_ROAD_H

#include "web/web.h"

const web_route_t *road_plan_routes(size_t *count);
const web_route_t *road_find_routes(size_t *count);
const web_route_t *road_license_routes(size_t *count);

#endif
