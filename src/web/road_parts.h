/* What the two files of the road's pages share. */
#ifndef TITER_WEB_ROAD_PARTS_H
#define TITER_WEB_ROAD_PARTS_H

#include "page_words.h"
#include "road_view.h"

/* The record of the learner, changed by the what-if of the request; `plain` unchanged. */
typedef struct {
    app_t *app;
    arena_t *arena;
    record_t plain, record;
    what_if_t what;
    pace_t pace;
    int32_t today;
} road_request_t;

bool road_begin(road_request_t *road, web_t *web, const request_t *request, err_t *err);
bool road_route_row(road_request_t *road, const goal_t *goal, const route_t *route, route_row_t *row, err_t *err);
bool road_goal_row(road_request_t *road, const goal_t *goal, goal_row_t *row, err_t *err);
/* The route of that id and its goal; NULL when there is none. */
const route_t *road_find_route(const rules_t *rules, const char *id, const goal_t **goal);
const char *road_day(arena_t *arena, int32_t day);
/* The what-if as it stands in the address, "&hours=6&...". */
const char *road_query(const request_t *request, arena_t *arena);
/* What was asked but for the pace and the day of application, as names and values: for the hidden fields of a form. */
road_choice_t *road_kept_fields(const request_t *request, arena_t *arena, int *count);

#endif
