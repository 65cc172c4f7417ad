/* What the pages around a shift show: home, briefing, history, about. */
#ifndef TITER_WEB_HOME_VIEW_H
#define TITER_WEB_HOME_VIEW_H

#include "app/app.h"
#include "lab/scenario.h"
#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *id, *title, *summary, *level, *length, *load;
    shift_mode_t mode;      /* chosen in its form */
    const char *typed_seed; /* after a refusal, or NULL */
    bool open;              /* stands open */
    int group;              /* of scenario_groups */
} scenario_card_t;

/* Where the shift is worked: a bench_t, or more than one. */
typedef struct {
    const char *id, *title;
    int count;
} scenario_group_t;
enum { SCENARIO_GROUPS = BENCH_COUNT + 1 };

typedef struct {
    const char *id, *title, *scenario_id, *mode, *href, *verb;
    const char *minutes; /* "41 of 150 min" */
    double score_number; /* NAN before the debrief */
    double action_number;
    const char *started, *saved, *actions_text, *score, *state, *seed;
    int actions;
    bool over, scored;
} shift_card_t;

enum { PLAN_DUE_SHOWN = 5 };

/* A line of the plan; see app/app.h. */
typedef struct {
    const char *shift, *kind, *title, *text, *answer, *due, *scenario_id, *mode, *record;
    long long number;
    bool card, is_due;
} plan_row_t;

typedef struct {
    frame_t frame;
    const char *first_id; /* scenario of the first shift; NULL: there is none */
    scenario_card_t *scenarios;
    int scenario_count;
    scenario_group_t groups[SCENARIO_GROUPS];
    scenario_card_t *own; /* authored here */
    int own_count;
    shift_card_t *open;
    int open_count, past_count;
    plan_row_t *due; /* the first of what is due */
    int due_count, due_all, plan_count;
} home_t;

typedef struct {
    frame_t frame;
    plan_row_t *rows;
    int count, due_count;
} plan_page_t;

enum { HISTORY_COMPETENCES = 8, HISTORY_BENCHES = 3, HISTORY_MODES = 3 };

typedef struct {
    shift_card_t card; /* first: what it shows of the shift itself */
    const char *own, *grade, *hints, *number;
    double own_number, grade_number, hint_number, order;
} past_row_t;

/* Pooled over shifts; "too few to say" below the minimum of observations. */
typedef struct {
    const char *name, *shifts, *observations, *right, *own, *hits, *false_alarms;
} pooled_row_t;

typedef struct {
    frame_t frame;
    past_row_t *shifts;
    int count;
    table_t table;
    bool cut;                 /* older ones are not listed */
    const char *show, *shown; /* the filter: "", a mode, a bench; its words */
    int shift_count, summed, drills, minimum, unsummed;
    const char *hints, *criticals, *late;
    pooled_row_t competences[HISTORY_COMPETENCES], benches[HISTORY_BENCHES], modes[HISTORY_MODES];
    const char *trend_href, *trend_alt; /* NULL: nothing to draw yet */
    int trend_width, trend_height;
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

shift_card_t shift_card(arena_t *arena, const shift_summary_t *summary);
/* Whether the filter is that word. */
bool history_is(const history_t *page, const char *value);
/* What is due of the plan, for the home page. */
bool plan_due(home_t *page, app_t *app, arena_t *arena, int64_t now_ms, err_t *err);

#endif
