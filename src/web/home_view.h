/* What the pages around a shift show: home, briefing, history, about. */
#ifndef TITER_WEB_HOME_VIEW_H
#define TITER_WEB_HOME_VIEW_H

#include "lab/scenario.h"
#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *id, *title, *summary, *level, *length, *load;
    shift_mode_t mode;      /* chosen in its form */
    const char *typed_seed; /* after a refusal, or NULL */
    bool open;              /* "More" stands open */
} scenario_card_t;

typedef struct {
    const char *id, *title, *scenario_id, *mode, *href, *verb;
    const char *minutes; /* "41 of 150 min" */
    double score_number; /* NAN before the debrief */
    double action_number;
    const char *started, *saved, *actions_text, *score, *state, *seed;
    int actions;
    bool over, scored;
} shift_card_t;

typedef struct {
    frame_t frame;
    const char *first_id; /* scenario of the first shift; NULL: there is none */
    scenario_card_t *scenarios;
    int scenario_count;
    scenario_card_t *own; /* authored here */
    int own_count;
    shift_card_t *open;
    int open_count, past_count;
} home_t;

typedef struct {
    frame_t frame;
    shift_card_t *shifts;
    int count;
    table_t table;
    bool cut; /* older ones are not listed */
} history_t;

typedef struct {
    const char *id, *title;
} sop_link_t;

typedef struct {
    frame_t frame;
    const char *id, *title, *role, *staffing, *starts, *length, *load, *mode, *mode_rules;
    const char *briefing[SCENARIO_BRIEFING_MAX];
    int briefing_count;
    sop_link_t sops[SCENARIO_SOPS_MAX];
    int sop_count;
    bool assess, begun, over;
    const char *now; /* clock of the shift */
} briefing_t;

typedef struct {
    frame_t frame;
} about_t;

#endif
