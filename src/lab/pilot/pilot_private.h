/* What the files of the autopilots share. They know only what a trainee sees. */
#ifndef TITER_LAB_PILOT_PRIVATE_H
#define TITER_LAB_PILOT_PRIVATE_H

#include "lab/bench.h"
#include "lab/content.h"
#include "lab/fault.h"
#include "lab/pilot.h"
#include "lab/qc.h"
#include "pilot_care.h"

enum {
    TODO_MAX = 2048,
    TODO_RANKS = 8,
    TRACKED_MAX = SHIFT_LINES * LAB_MAX_ANALYTES,
    STEP_S = 60,
    CALL_TRIES = 8,
    REVIEW_MAX = 256,   /* results of one specimen */
    LOOK_BACK_RUNS = 14 /* 10-x needs ten, some of them rejected */
};

typedef enum {
    TODO_TRAY,
    TODO_SPIN,
    TODO_LOAD,
    TODO_REVIEW,
    TODO_QC,
    TODO_PHONE,
    TODO_CRITICAL,
    TODO_FIX,
    TODO_UNREAD,
    TODO_ORDER
} todo_kind_t;

typedef struct {
    todo_kind_t kind;
    int32_t specimen, line, run, call, analyte, result, not_before_s, tries;
    int next;    /* of its rank, or of those not in use; -1 */
    bool urgent; /* a critical result waits */
} todo_t;

/* How far the careful pilot has come with a test whose controls were rejected. */
typedef struct {
    int8_t stage;         /* 0 in control; then the steps of fix_step */
    int8_t level_pattern; /* +1 both high, -1 both low, 2 opposite, 0 other */
    int32_t rejected_run;
    bool look_back_due;
} trouble_t;

typedef struct {
    shift_t *shift;
    pilot_t pilot;
    pilot_record_fn record;
    void *context;
    err_t *err;
    bool failed, manual;
    int32_t until_s, seen_notices;
    int first_todo[TODO_RANKS], *todo_end[TODO_RANKS]; /* of `todo`: lines by rank; -1: none */
    int unused_todo, todos_made;
    trouble_t trouble[SHIFT_LINES][LAB_MAX_ANALYTES];
    bool primed[SHIFT_LINES][LAB_MAX_ANALYTES]; /* `history` has begun */
    uint8_t reruns[SHIFT_MAX_RESULTS / 8];      /* results already repeated once */
    uint32_t treated[SHIFT_MAX_SPECIMENS];      /* bit per treatment_t that was tried */
    int infused_count;
    qc_rules_t rules;
    int reject_hemolyzed, reject_contaminated, reject_infused, reject_label, reject_unlabeled, reject_tube,
        reject_other, cancel_other;
    int comment_repeat, amend_qc;
    int potassium, sodium, chloride, calcium, albumin, total_protein, glucose; /* tests by their index, -1: none */
    int wbc, hgb, hct, plt, mcv, mch, mchc, rdw_cv, nrbc, aptt, inr, fib, anti_xa;
    struct {
        int stage;  /* steps of the corrective sequence that were taken on the counter */
        bool waits; /* controls are being run after the last of them */
    } counter;
    pilot_care_t care;
    /* what is written before it is read: not cleared */
    int32_t infused[SHIFT_MAX_SPECIMENS]; /* rejected as diluted by an infusion */
    todo_t todo[TODO_MAX];
    qc_history_t history[SHIFT_LINES][LAB_MAX_ANALYTES];
} pilot_state_t;

/* Tries an action; a refusal is no failure (the world may have moved on). */
bool pilot_try(pilot_state_t *p, const action_t *action);
bool pilot_done(const pilot_state_t *p);
/* An action on one specimen, or on one result. */
static inline action_t pilot_on_specimen(action_kind_t kind, int32_t specimen)
{
    action_t action = action_make(kind);
    action.specimen = action.list[0] = specimen;
    action.count = 1;
    return action;
}
static inline action_t pilot_on_result(action_kind_t kind, int32_t result)
{
    action_t action = action_make(kind);
    action.result = action.list[0] = result;
    action.count = 1;
    return action;
}
void pilot_reject(pilot_state_t *p, int32_t specimen, int reason);
/* The code by which an unfit tube goes back, or -1. */
int pilot_unfit_reason(pilot_state_t *p, const specimen_view_t *v);
/* Asks the ward for a collection time that is missing; the accept comment that tells it, else 0. */
int pilot_ask_time(pilot_state_t *p, const specimen_view_t *v);
void pilot_cancel(pilot_state_t *p, int32_t result, const char *reason);
void pilot_verify(pilot_state_t *p, int32_t result);
void pilot_review_result(pilot_state_t *p, const specimen_view_t *s, int32_t index);
void pilot_push(pilot_state_t *p, todo_t todo);
void pilot_call_critical(pilot_state_t *p, int32_t specimen, int32_t result, int tries);
/* A repeat of a result that has gone out: amended when it changed beyond the allowable error. False: it stands, and
 * the repeat is not needed. */
bool pilot_settle_repeat(pilot_state_t *p, int32_t old_index, int32_t fresh_index);
/* Tells the ward of what is critical and held, before a work-up that takes long. */
void pilot_call_criticals(pilot_state_t *p, int32_t specimen);
/* Another tube of the same draw was sent back as diluted by an infusion. */
bool pilot_draw_infused(const pilot_state_t *p, const specimen_view_t *v);
int pilot_code(const pilot_state_t *p, code_kind_t kind, const char *word);

/* pilot_tray.c: tubes in the hand */
/* Received and clotted tubes go into a free centrifuge, those of one program together. */
void pilot_spin(pilot_state_t *p);
/* Whether something speaks against the tube before the spin: the reason to send it back, or -1. */
int pilot_reception_reason(const pilot_state_t *p, const specimen_view_t *v);
/* An order of one more test on a tube that is in the store. */
void pilot_order(pilot_state_t *p, int32_t specimen, int analyte);
/* All finished tubes into the store. */
void pilot_store(pilot_state_t *p);
/* A tube whose barcode was not read. */
void pilot_unread(pilot_state_t *p, int32_t specimen);
/* pilot_load.c */
/* What is ready goes into the STAT ports and the racks. */
void pilot_load(pilot_state_t *p);

/* pilot_bench.c: specimens of hematology and coagulation */
void pilot_review_count(pilot_state_t *p, const specimen_view_t *v);
bool pilot_line_is_counter(const pilot_state_t *p, int line);
/* One step of the corrective sequence of the counter; once for all tests that were rejected together. */
void pilot_counter_fix(pilot_state_t *p, int line);
/* All controls of a run were judged: go on with the patients, or with the mending. */
void pilot_counter_judged(pilot_state_t *p, int line);
void pilot_review_clot(pilot_state_t *p, const specimen_view_t *v);

#endif
