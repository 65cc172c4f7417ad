/* What every page of a running shift begins with: the visit, the frame with its tabs, alerts and
 * clock, and words for what the pages show. Learner's side: only sight (lab/lab.h). */
#ifndef TITER_WEB_DESK_H
#define TITER_WEB_DESK_H

#include "app/app.h"
#include "page_words.h"
#include "web/frame.h"
#include "web/web.h"

enum { DESK_TABS = 11, DESK_ALERTS = 10, DESK_KEYS = 16 };

/* The index of the word in a coded list, for select boxes. */
typedef struct {
    const char *value, *text;
} choice_t;

typedef struct {
    const char *clock, *text;
} moment_t;

/* A procedure opened, as HTML. */
typedef struct {
    const char *id, *title, *version, *html, *sources;
} sop_view_t;

typedef struct {
    frame_t frame;
    frame_shift_t frame_shift;
    frame_tab_t tabs[DESK_TABS];
    frame_chip_t alerts[DESK_ALERTS];
    frame_key_t keys[DESK_KEYS];
    const char *id;          /* of the shift */
    const char *act;         /* where forms go */
    const char *back;        /* this page, for the forms' `back` field */
    const char *here;        /* this page without its query */
    bool hint;               /* hints are shown: in Coach always, in Practice on the page that asked last */
    const char *hint_action; /* asks for one, on record; NULL when it cannot be asked for */
    /* the drawer: desk_drawer_fill */
    sop_view_t sop; /* opened beside the work (?sop=), or id NULL */
    choice_t *sops;
    moment_t *notes;
    int sop_count, note_count, care_open; /* lists and logs that are due and blank */
    const request_t *request;
    app_visit_t visit;
    const shift_t *shift;
    const lab_t *lab;
    const calc_t *calc;
    arena_t *arena;
} desk_t;

typedef enum {
    TAB_WORKLIST,
    TAB_RECEPTION,
    TAB_CHEMISTRY,
    TAB_HEMATOLOGY,
    TAB_COAGULATION,
    TAB_QC,
    TAB_VERIFICATION,
    TAB_PHONE,
    TAB_CARE,
    TAB_SOPS,
    TAB_HANDOVER,
    TAB_NONE = -1
} desk_tab_t;

/* Visits the shift of the route's :id; answers and returns false when there is none, or when it is over
 * (then the way leads to the debrief). After the page is written: desk_close. */
bool desk_open(web_t *web, const request_t *request, response_t *response, desk_tab_t tab, const char *title,
               desk_t *desk);
void desk_close(web_t *web, desk_t *desk);
/* A notice in words; NULL for what is not told, and for arrivals. */
const char *desk_notice_words(const notice_t *notice);
/* Messages since the page of messages was opened. */
int desk_unread(const desk_t *desk);
void desk_key(desk_t *desk, const char *keys, const char *does);

typedef struct {
    int32_t index;
    const char *accession, *href, *name, *who; /* "OKAFOR, Ines", "F 67" */
    const char *bench;                         /* "hematology" */
    const char *priority, *location, *tube, *tests, *received, *due, *state, *flags;
    double priority_rank, due_min; /* for sorting; due_min NAN when nothing is due */
    bool stat, late, current, waiting;
} specimen_row_t;

void desk_specimen_row(const desk_t *desk, int32_t specimen, specimen_row_t *row);
const char *desk_tests(const desk_t *desk, int32_t specimen);
const char *desk_interval(const desk_t *desk, const analyte_t *analyte, char sex);
const char *state_word(specimen_state_t state);
const char *qc_state_word(int state);
/* What was typed into that field ("text", "value") of a form that was refused; else "". */
const char *desk_typed(const desk_t *desk, const char *kind, const char *name);
/* Reception has three views: the tray, the bench with its centrifuges, the store. */
enum { DESK_TRAY_VIEWS = 3 };
typedef struct {
    const char *label, *href;
    int count; /* -1: none */
    bool current;
} desk_tab_link_t;
void desk_tray_tabs(const desk_t *desk, int current, desk_tab_link_t views[DESK_TRAY_VIEWS]);
/* Fields of the bench's forms that are asked for and were left open. */
bool desk_tray_form(const request_t *request, action_t *action, err_t *err);
const web_route_t *desk_tray_routes(size_t *count);
/* Fills what pages/desk_parts.html's desk_drawer shows. */
void desk_drawer_fill(desk_t *desk, const request_t *request);
/* False when the binder has no such procedure. */
bool desk_sop(const desk_t *desk, const char *id, sop_view_t *view);
choice_t *desk_codes(const desk_t *desk, code_kind_t kind, int *count);

/* Each file of pages gives its table of routes; pages.c joins them. */
const web_route_t *desk_routes(size_t *count);
const web_route_t *desk_list_routes(size_t *count);
const web_route_t *desk_queue_routes(size_t *count);
const web_route_t *desk_bench_routes(size_t *count);
const web_route_t *desk_qc_routes(size_t *count);
const web_route_t *desk_month_routes(size_t *count);
const web_route_t *desk_message_routes(size_t *count);
const web_route_t *desk_care_routes(size_t *count);
const web_route_t *desk_cells_routes(size_t *count);
const web_route_t *desk_counts_routes(size_t *count);
const web_route_t *desk_rack_routes(size_t *count);
const web_route_t *desk_reaction_routes(size_t *count);
/* An analyzer of that bench is in use. */
bool desk_bench_used(const shift_t *shift, bench_t bench);
/* The page of the bench ("hematology"); NULL for what is no tab of this shift. */
const char *desk_bench_path(const shift_t *shift, bench_t bench);
/* In Coach: a sentence about an action that one would question, from what can be seen before it is done; or NULL. */
const char *desk_coach(arena_t *arena, const shift_t *shift, const action_t *action);
/* What the laboratory's multirule says of the last run of a test; false without one. */
bool desk_qc_verdict(const shift_t *shift, int line, int analyte, qc_verdict_t *verdict);
/* "new lot, calibrated": the marks of a control's point. */
const char *desk_qc_marks(arena_t *arena, uint32_t marks);
/* Decision, new limits and signature of the page of a month. */
bool desk_month_form(const request_t *request, action_t *action, err_t *err);
/* Fields of the care page's forms that stand in one action together: a checklist's entries, a second reading. */
bool desk_care_form(const request_t *request, action_t *action, err_t *err);

#endif
