/* What the page of the path finder shows. */
#ifndef TITER_WEB_ROAD_FIND_VIEW_H
#define TITER_WEB_ROAD_FIND_VIEW_H

#include "app/ways.h"
#include "road_view.h"

enum { FIND_LEVELS = 3 };

typedef struct {
    int number;
    const char *title, *lane, *cost, *hours;           /* hours: "20 h of study a week", "" none */
    const char *begins_low, *begins, *done_low, *done; /* days; `begins` and `done` are NULL when they are the same */
    const char *const *reasons;
    int reason_count;
    const char *by;
    bool by_known; /* there is a page of that route */
    const char *doubt;
    const char *const *assumes, *const *source; /* each ended by NULL */
    const char *as_of, *confidence;
} find_step_t;

typedef struct {
    const char *id, *heading; /* "The quickest and the cheapest" */
    const char *done, *cost, *hours, *note;
    int unread, doubts, count;
    find_step_t *steps;
    const char *best, *chart_href, *chart_alt;
    int chart_width, chart_height;
    const char *calendar_href, *paper_href;
} find_plan_t;

typedef struct {
    frame_t frame;
    /* the form, as it was typed */
    road_choice_t *goals, *states;
    road_choice_t levels[FIND_LEVELS];
    int goal_count, state_count;
    const char *hours, *start, *budget, *years, *answer_low, *answer_high;
    const char *ours_hours, *ours_low, *ours_high; /* what this program assumes */
    bool military, working;
    /* a sentence, or NULL */
    const char *wrong_goal, *wrong_state, *wrong_hours, *wrong_start, *wrong_budget, *wrong_years, *wrong_answer;
    /* the answer */
    bool asked, already;
    const char *title, *begins, *note;
    find_plan_t plans[PATH_BESTS];
    int count;
    const char *const *assumed, *const *taken; /* ended by NULL: what was asked or is ours; what every plan takes */
} find_page_t;

/* Of a list that ends with NULL, or is NULL. */
static inline int find_length(const char *const *list)
{
    int count = 0;
    while (list != NULL && list[count] != NULL) count++;
    return count;
}

#endif
