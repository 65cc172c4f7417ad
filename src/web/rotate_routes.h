/* The tables of routes of a rotation's pages; static. */
#ifndef TITER_WEB_ROTATE_ROUTES_H
#define TITER_WEB_ROTATE_ROUTES_H

#include "web/web.h"

#include <stddef.h>

const web_route_t *rotate_routes(size_t *count);
const web_route_t *rotate_sign_routes(size_t *count);
const web_route_t *rotate_skill_routes(size_t *count);
const web_route_t *rotate_place_routes(size_t *count);
const web_route_t *rotate_outcome_routes(size_t *count);

#endif
