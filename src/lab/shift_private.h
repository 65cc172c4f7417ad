/* The whole state of a shift, truth included. Private to lab: pages, command line and autopilots
 * compile without it.
 *
 * The world is made at the start from (scenario, seed): who comes, when, with what blood, and what
 * goes wrong. After that only two things move it: time (a queue of events) and actions. Every random
 * number is named by what it is for (rng_at with a DRAW_ domain and indexes), so that nothing the
 * trainee does can disturb what would have happened anyway. */
#ifndef TITER_LAB_SHIFT_PRIVATE_H
#define TITER_LAB_SHIFT_PRIVATE_H

#include "cells.h"
#include "coagulometer.h"
#include "content_private.h"
#include "counter.h"
#include "lab/bench.h"
#include "lab/content.h"
#include "lab/qc.h"
#include "lab/shift.h"
#include "lab/tray.h"
#include "lab_private.h"
#include "scenario_private.h"

#include "care_private.h"
#include "month_private.h"

#include <string.h>

/* Names of random streams. */
enum {
    DRAW_WORLD = 100,
    DRAW_ARRIVAL,
    DRAW_PERSON,
    DRAW_PATIENT,
    DRAW_SPECIMEN,
    DRAW_FAULT,
    DRAW_INDEX,
    DRAW_MEASURE,
    DRAW_PRIOR,
    DRAW_QC,
    DRAW_QC_HISTORY,
    DRAW_LINE,
    DRAW_PHONE,
    DRAW_SPIN,
    DRAW_START_UP,
    DRAW_COMPANION,
    DRAW_STUDY,
    DRAW_MONTH,
    DRAW_REACTION,
    DRAW_CARE = 180,
};

enum {
    PERSONS_MAX = SHIFT_MAX_SPECIMENS,
    SPECIMEN_FAULTS_MAX = 4,
    LINE_FAULTS_MAX = 8,
    EVENTS_MAX = 4096,
    EVENT_SLICES = 2048,
    NEVER = INT32_MIN,
    PLANS_KEPT = 1024,
};

typedef struct {
    patient_t model;
    patient_request_t request; /* what the model was drawn for: see person_complete */
    uint64_t key;
    int32_t first_tube; /* of those ordered; -1 none */
    const char *family, *given;
    int32_t mrn; /* printed as T9nnnnnnn */
    int16_t birth_year, birth_month, birth_day;
    float prior_hours[SHIFT_PRIORS]; /* hours before the shift's start, newest first */
    int8_t priors;
    int16_t forced_analyte; /* -1, or the analyte whose truth the scenario set */
    double forced_value;
} person_t;

typedef struct {
    int32_t order_person, label_person /* -1: no label */, blood_person;
    int32_t next_tube; /* of the same order_person, -1 */
    int16_t location;
    uint8_t priority, setting, state, bench;
    int8_t line;
    int16_t panels[4];
    int8_t panel_count;
    int16_t tube_ordered, tube;
    uint64_t tests[ANALYTE_WORDS];
    specimen_fault_t faults[SPECIMEN_FAULTS_MAX];
    int8_t fault_count;
    uint32_t cues_before, cues_after; /* LOOK_ bits that are there to be seen */
    uint32_t seen;                    /* LOOK_ bits that were looked at */
    float fill;
    hil_t hil;
    float h_index, i_index, l_index; /* measured; NAN before */
    int32_t collected_s, arrive_s, received_s, spin_s, spun_s, loaded_s, sampled_s, resulted_s, due_s;
    int32_t inspected_s, looked_s, opened_s; /* when; NEVER */
    bool prepared, stat_position, late_noted, line_draw, time_missing;
    bool unloaded;         /* taken out of a rack by hand: the track does not take it again */
    bool stat_in_rack;     /* a STAT order that went into a rack while the STAT port had room */
    int8_t rack, place;    /* in the deck of its line; rack 0: the STAT port; place 0: in none */
    bool blanked, cleared; /* sent to the ultracentrifuge; back from it */
    bool touched;          /* the trainee decided something about it by hand */
    int16_t reject_code, accept_code;
    int32_t decided_s;                     /* accept or reject */
    int32_t first_result, last_result;     /* chain, -1 none */
    int16_t in_state[RESULT_REPLACED + 1]; /* number of its results, by result_state_t */
    int32_t recollect_of, replaced_by;
    int16_t number; /* accession number, given in order of arrival so that it tells nothing; 0 before */
    int16_t plant;  /* index of the scenario's plant, -1 natural */
    int32_t values; /* place of its tests in shift->newest, a third of that of their numbers in ->values; -1 before */
    int16_t test_count;
    uint8_t tests_below[ANALYTE_WORDS]; /* number of tests in the words before this one: see count_tests */
    uint64_t count_flags, review;       /* of the last count: bits of count_flag_t; rules that it broke */
    int8_t count_mode;                  /* counter_mode_t of the last count */
    uint8_t runs;                       /* counts or clotting runs so far: other noise each time */
    bool citrate_blood;                 /* a count from citrate: platelets x 1.1 */
    bool citrate_adjusted;              /* citrate for the hematocrit */
    int32_t counted_s;                  /* the last count or clotting run */
    int32_t film_s, treated_s;          /* the film was read; something is done with the tube until then; NEVER */
    plasma_t plasma;                    /* around the cells: what misleads a counter */
    int8_t centrifuge, spin_program;    /* where it spins or was spun last; -1: not here, or on the track */
    int8_t spin_minutes;
    int8_t store, kept;                        /* storage_t; store -1: not in one; kept: where it was last */
    bool from_before;                          /* worked by the shift before, and stored */
    int32_t parent;                            /* poured off that tube; -1 */
    bool mixed_up;                             /* an aliquot that stood unlabeled beside another person's */
    int16_t store_at;                          /* rack times STORE_PLACES and place */
    int32_t stored_s;                          /* NEVER */
    bool short_spin;                           /* spun, and its cells are not packed */
    bool relabeled, label_unchecked;           /* has a fresh label; one was put on without comparing first */
    int32_t compared_s, unread_s, relabeled_s; /* NEVER; compared: label, order and tube side by side, last */
} specimen_t;

typedef struct {
    double value, raw, old_value;
    int32_t released_s, amended_s, decided_s;
    int32_t repeat_due_s;      /* a repeat is on the analyzer until then; NEVER */
    int32_t next, replaced_by; /* next result of the specimen, the run that took its place; -1 */
    uint32_t hold, flags;
    int16_t dilution, correction, comment;
    int8_t sign; /* -1 "<", +1 ">" */
    uint8_t state;
    bool automatic, critical, amended, called, delta_failed;
    bool corrected; /* by a formula while it was held */
    bool withdrawn; /* released, and the specimen was rejected afterward */
    char mark;
    int8_t line;
    uint16_t run;          /* 0 first, 1 first rerun, ... */
    int16_t analyte, slot; /* slot: place in the specimen's compact arrays */
    int32_t specimen, measured_s, rerun_of;
    int32_t qc_run; /* last QC run of line and analyte when measured, -1 */
} result_t;

typedef struct {
    int32_t run, at_s;
    float z[SHIFT_QC_LEVELS];
    float truth_z[SHIFT_QC_LEVELS]; /* the systematic part: for the debrief only */
    uint16_t marks;
    uint8_t decision, error_type;
    int16_t rule, cause, corrective;
    bool drawn; /* z is known: of earlier shifts' points, only once somebody looks (qc_point) */
    int32_t decided_s;
} qc_point_t;

typedef struct {
    bool used;
    bool own_limits; /* others than the catalog's, or a month is planted: see month_limits */
    int8_t levels;   /* of control */
    int16_t lot, next_lot;
    int32_t lot_since_s, calibrated_s, expires_s;
    int16_t calibrator_lot, calibrator_wanted;
    float factor_change_pct;
    int32_t tests_left;
    double bias; /* factor on what is measured */
    double mean[SHIFT_QC_LEVELS], sd[SHIFT_QC_LEVELS];
    qc_point_t *points;                            /* [SHIFT_QC_POINTS], shared allocation; read through qc_point */
    int32_t first_lot_since_s, first_calibrated_s; /* at the start: what the points of earlier shifts are marked by */
    int16_t point_count;
    int32_t newest_run; /* of the last point; 0: none */
    uint16_t next_marks;
    uint8_t qc_state;
    int32_t last_accepted_s, last_run_s;
    /* patient moving average */
    double ewma, average_target, average_squares, average_gain;
    int32_t averaged;
    bool average_alarm;
} assay_t;

typedef struct {
    analyzer_fault_t fault;
    int16_t line;
    int16_t plant;  /* -1: caused by an action */
    bool isi, mnpt; /* ISI or MNPT of another lot in the computer: patients get it through the formula of the INR */
    int32_t onset_s;
    int32_t cured_s; /* NEVER while it lasts */
    uint64_t affects[ANALYTE_WORDS];
} line_fault_t;

typedef struct {
    int32_t tube[RACK_PLACES]; /* specimen + 1; 0: none */
    int8_t passed;             /* places that the needle has gone by */
    int8_t waiting, undone;    /* tubes not sampled yet; those and others with tests still running */
    uint8_t done;              /* bit per place: its tests are done */
} rack_t;

/* See shift_rack.c. */
typedef struct {
    rack_t racks[DECK_RACKS];
    uint32_t racks_in;                /* bit per rack */
    int8_t order[DECK_RACKS];         /* the racks that are in, first in first */
    int8_t order_count, needle;       /* needle: place in `order` */
    int8_t stat_order[STAT_PLACES];   /* places of the STAT port that wait, as they were filled */
    int8_t stat_waiting, stat_tubes;  /* how many of them, and with those that were sampled */
    int32_t stat[STAT_PLACES];        /* specimen + 1; 0: none */
    int32_t sampled, sampled_until_s; /* the tube (specimen + 1) that the needle was in last */
} deck_t;

typedef struct {
    deck_t deck;
    int16_t queued;       /* tubes of it that were not sampled yet */
    int32_t free_s;       /* sampling probe free */
    int32_t busy_until_s; /* maintenance, calibration */
    int32_t start_up_s, last_qc_s;
    int32_t running;
    int32_t next_run;                   /* number of the next QC run */
    int32_t runs_at[64], runs_at_s[64]; /* numbers and times of this shift's QC runs */
    int16_t runs;
    uint64_t fault_mask[ANALYTE_WORDS];
    bool pump_armed;               /* an EVENT_SAMPLE is to come */
    bool used;                     /* in this scenario */
    uint64_t tests[ANALYTE_WORDS]; /* measured and controlled on it */
} line_t;

typedef struct {
    int32_t specimen, at_s;
    int16_t analyte;
    uint8_t treatment;
    int8_t sign;
    double value; /* NAN: no number */
    uint32_t flags;
} study_t;

typedef struct {
    bool incoming;
    uint8_t state;
    int32_t at_s, ended_s, specimen, result;
    int16_t script, rung, attempt, person_name;
    int16_t last_reply;
    bool identifiers_asked, wrong_read_back, in_scope, given_without_identifiers;
    uint8_t read_back;
    char read_back_text[96];
} call_t;

/* An order of one more test. */
typedef struct {
    int32_t specimen, at_s, decided_s;
    int16_t analyte, plant;
    uint8_t state; /* add_on_state_t */
} add_on_t;

/* One run of a centrifuge at the bench. */
typedef struct {
    int32_t started_s, until_s; /* until: it is free again */
    int8_t program, minutes, count;
    bool balance_tube;
} centrifuge_t;

typedef enum {
    EVENT_ARRIVE,
    EVENT_AUTO_RECEIVE,
    EVENT_SPUN,
    EVENT_SAMPLE,
    EVENT_RESULT,
    EVENT_QC_START,
    EVENT_QC_RESULT,
    EVENT_RING,
    EVENT_CALL_LOST,
    EVENT_LATE,
    EVENT_ONSET,
    EVENT_DONE,
    EVENT_QC_OVERDUE,
    EVENT_REPEAT,
    EVENT_TREAT,
    EVENT_REFLEX,
    EVENT_ORDER, /* a: of the added tests */
    EVENT_TRACK, /* the track offers a tube again */
    EVENT_CARE,  /* a: care_event_t, b: what it is about */
} event_kind_t;

typedef struct {
    int64_t key; /* at_s, then the order of planning: ties are first in, first out */
    int16_t kind, line;
    int32_t a, b;
    int32_t next; /* of its slice of time, or of the unused; -1 */
} event_t;

typedef struct {
    int32_t at_s, specimen, result, call;
    int16_t kind, line, analyte, code;
    int32_t text; /* offset in shift->texts, -1 none */
} log_entry_t;

/* What a common order needs of a patient; all zero: free. */
typedef struct {
    uint64_t tests[ANALYTE_WORDS];
    int extras; /* see plan_make */
    patient_plan_t plan;
} kept_plan_t;

/* What a tube of hematology or coagulation holds, kept from when it was prepared: it is run next, and often again. */
typedef struct {
    int32_t specimen; /* index + 1; 0: none */
    union {
        cells_t cells;
        clotting_t plasma;
    };
} blood_kept_t;
enum { BLOODS_KEPT = 32 };

/* Panels that are ordered by themselves in a setting, where their bench is staffed. */
typedef struct {
    int count;
    int16_t panel[PANELS_MAX];
    double weight[PANELS_MAX], total;
} orders_t;

enum { BULL_TESTS = 3 }; /* MCV, MCH, MCHC */

struct shift {
    /* Kept by shift_restart: the laboratory and room for the large arrays, whose entries are written whole when made.
     */
    const lab_t *lab;
    scenario_t *own; /* the scenario, when the shift is to free it; else NULL */
    arena_t *arena;
    person_t *persons;
    specimen_t *specimens; /* those to come as well; sorted by arrival */
    int32_t *by_arrival;   /* arrival order -> specimen */
    double *values;        /* compact: per specimen [3][test_count]: truth in the patient, in the tube, last prior */
    int32_t *newest;       /* beside it, [test_count]: newest result of the test, -1 */
    result_t *results;
    call_t *calls;
    study_t *studies;
    notice_t *notices;
    log_entry_t *log;
    char *texts;
    event_t *events;      /* [EVENTS_MAX] */
    qc_point_t *points;   /* [line][controlled test][SHIFT_QC_POINTS] */
    uint32_t *unmade;     /* [line][analyte]: bit per point of earlier shifts that nobody has asked for yet */
    kept_plan_t *plans;   /* [PLANS_KEPT], by a hash of the order; true of the laboratory */
    blood_kept_t *bloods; /* [BLOODS_KEPT], by the specimen's index */
    month_signed_t months[MONTH_REVIEWS_MAX];
    assay_t assays[SHIFT_LINES][LAB_MAX_ANALYTES]; /* all zero but those of the lines' tests */
    int32_t slice[EVENT_SLICES];                   /* first of a slice's events, where `slices` says that it has some */

    /* From here on cleared by shift_restart. */
    const scenario_t *scenario;
    uint64_t seed;
    shift_mode_t mode;
    int32_t now_s, length_s, ended_s;
    bool over, handed_over;
    int16_t control_lot;
    int32_t person_count, specimen_count, arrived; /* specimens known; already here */
    int32_t value_count, result_count;             /* value_count: tests that have their numbers */
    int32_t call_count, study_count, notice_count, log_count, text_used;

    orders_t orders[SETTING_COUNT];

    line_t lines[SHIFT_LINES];
    line_fault_t line_faults[LINE_FAULTS_MAX];
    int line_fault_count;
    uint64_t menu[ANALYTE_WORDS]; /* what the lines in use measure */

    double count_before[CHANNEL_COUNT]; /* what the counter had in its needle */
    coagulometer_t coagulometer;
    qc_bull_t bull[BULL_TESTS];

    /* what is to come, by slices of time: sorted chains of events, and a bit for each slice that has some */
    int32_t slice_bits, first_slice; /* one takes 2^slice_bits seconds; none before the first has any */
    uint64_t slices[EVENT_SLICES / 64];
    int32_t events_made, unused_event; /* entries of `events` that were in use; chain of those that are free again */
    int32_t event_count;
    uint32_t event_order;
    int32_t planned_calls_made;
    centrifuge_t centrifuges[CENTRIFUGES];
    uint64_t stored[STORE_COUNT][STORE_RACKS]; /* bit per place that is taken */
    add_on_t add_ons[ADD_ONS_MAX];
    int add_on_count;
    qc_rules_t rules;
    care_state_t care;
    int history_runs; /* of earlier shifts, one each history_step_s */
    int32_t history_step_s;
    bool month_planned;
    int month_count;
};

enum {
    STUDIES_MAX = 400,
    SHIFT_NOTICES_MAX = 8000,
    SHIFT_TEXTS_MAX = 64 * 1024,
    SHIFT_VALUES_MAX = SHIFT_MAX_SPECIMENS * 32
};

/* shift_world.c */
bool world_make(shift_t *shift, err_t *err);
/* Settles all analytes of a person (at the start only those ordered are drawn). */
void person_complete(shift_t *shift, int32_t person);
/* A new specimen of the same order, drawn well, that replaces `specimen`; -1 when there is no room. */
int32_t world_recollect(shift_t *shift, int32_t specimen);
/* Fills the compact truth, tube and prior values of a specimen just before it is measured. */
void world_prepare(shift_t *shift, int32_t specimen);
static inline const double *specimen_truth(const shift_t *shift, const specimen_t *specimen)
{
    return specimen->values < 0 ? NULL : shift->values + 3 * specimen->values;
}
static inline const double *specimen_tube(const shift_t *shift, const specimen_t *specimen)
{
    return specimen->values < 0 ? NULL : shift->values + 3 * specimen->values + specimen->test_count;
}
static inline const double *specimen_prior(const shift_t *shift, const specimen_t *specimen)
{
    return specimen->values < 0 ? NULL : shift->values + 3 * specimen->values + 2 * specimen->test_count;
}
void specimen_add_fault(shift_t *shift, specimen_t *specimen, specimen_fault_t fault);
/* Position of an analyte in a specimen's compact arrays, -1 when it is not ordered. */
int specimen_slot(const specimen_t *specimen, int analyte);
/* Its newest results, by slot; NULL before it is prepared. */
static inline int32_t *specimen_newest_by_slot(const shift_t *shift, const specimen_t *specimen)
{
    return specimen->values < 0 ? NULL : shift->newest + specimen->values;
}

/* An earlier result (0 newest) of a person, as it was reported. */
double world_prior(const shift_t *shift, int32_t person, int analyte, int number);

/* Where the blood of a specimen is kept, or another's that came later (`specimen` tells). */
static inline blood_kept_t *blood_kept(const shift_t *shift, int32_t specimen)
{
    return &shift->bloods[specimen % BLOODS_KEPT];
}

/* shift_time.c */
bool event_push(shift_t *shift, int32_t at_s, event_kind_t kind, int line, int32_t a, int32_t b);
void notice_push(shift_t *shift, notice_kind_t kind, int32_t specimen, int line, int analyte, int32_t run, int32_t call,
                 int code);

/* shift_line.c: what the analyzers do */
bench_t line_bench(int line);
/* The line of that bench with the shortest queue. */
int line_for(const shift_t *shift, bench_t bench);
void line_start(shift_t *shift);
/* Into the next free place; a STAT tube into a rack when the port is full. False when the deck is full. */
bool line_enqueue(shift_t *shift, int line, int32_t specimen, bool stat);
/* Into that place, or the next free one of that rack; see deck_fits. */
void line_enqueue_at(shift_t *shift, int line, int32_t specimen, int rack, int place);
/* By the automatic track, to the line of its bench with the shortest queue; round again while the deck is full. */
void line_track(shift_t *shift, int32_t specimen);
void line_on_sample(shift_t *shift, int line);
void line_on_result(shift_t *shift, int32_t specimen, int line, int32_t batch);

/* shift_rack.c: where tubes stand in an analyzer */
/* Places that can take a tube now. */
int deck_room(const shift_t *shift, int line, bool stat);
/* Can a load action put that many tubes where it says? */
bool deck_fits(const shift_t *shift, const action_t *action, int tubes, err_t *err);
bool deck_put(shift_t *shift, int line, int32_t specimen, bool stat);
/* Rack 0: the STAT port. Into `place` (from 0), or the next free one of a rack. There must be one: deck_fits. */
void deck_put_at(shift_t *shift, int line, int32_t specimen, int rack, int place);
/* The next tube in turn, which is sampled now. One must be waiting. */
int32_t deck_sample(shift_t *shift, int line);
/* Its tests are done. */
void deck_done(shift_t *shift, int line, int32_t specimen);
/* Takes out a tube that waits. */
/* The tube that was just under the needle is taken out of its place. */
void deck_give_back(shift_t *shift, int line, int32_t index);
void deck_leave(shift_t *shift, int32_t specimen);
uint64_t deck_hash(const shift_t *shift, uint64_t hash);

/* A result goes into another state. */
static inline void result_become(shift_t *shift, result_t *result, result_state_t state)
{
    int16_t *in_state = shift->specimens[result->specimen].in_state;
    in_state[result->state]--;
    in_state[state]++;
    result->state = (uint8_t)state;
}
/* Measures one test now on `line`, undiluted or diluted; appends a result (its index, or -1). */
int32_t line_measure(shift_t *shift, int32_t specimen, int analyte, int line, int dilution, int32_t rerun_of);
/* Puts a result on `line` again, `ready_s` from now at the earliest; the answer comes as an EVENT_REPEAT. */
bool line_repeat(shift_t *shift, int32_t result, int line, int dilution, int32_t ready_s);
void line_on_repeat(shift_t *shift, int32_t result, int line, int dilution);
/* Newest result of each test of a specimen, by analyte; -1 where none. */
static inline void specimen_newest(const shift_t *shift, const specimen_t *specimen, int32_t newest[LAB_MAX_ANALYTES])
{
    memset(newest, 0xff, LAB_MAX_ANALYTES * sizeof *newest); /* -1 everywhere */
    for (int32_t i = specimen->first_result; i >= 0; i = shift->results[i].next) newest[shift->results[i].analyte] = i;
}
void line_derive(shift_t *shift, int32_t specimen, int line);
/* Appends a result with nothing measured yet; the chain, the run and what it takes the place of follow. -1: full. */
int32_t result_add(shift_t *shift, int32_t specimen, int analyte, int line, int32_t rerun_of);
/* The same where the slot is known. */
int32_t result_add_at(shift_t *shift, int32_t specimen, int analyte, int slot, int line, int32_t rerun_of);
/* The number as it is printed: measuring range, dilution, decimals. */
void result_report(const shift_t *shift, result_t *result, double x);
/* The random numbers that a run of a test was measured with, noise first. */
rng_t line_noise(const shift_t *shift, int32_t specimen, uint16_t run, int analyte);
void line_effect(const shift_t *shift, int line, int analyte, int32_t at_s, analyzer_effect_t *effect);
/* The same without what the computer multiplies the INR with, which the coagulometer's formula does itself. */
void line_effect_measured(const shift_t *shift, int line, int analyte, int32_t at_s, analyzer_effect_t *effect);
/* ISI and mean normal PT in the computer of the line. */
void clot_entered(const shift_t *shift, int line, int32_t at_s, double *isi, double *mnpt_s);
/* The analytic SD at a value: a straight line through those of the first two controls, held at half the lower one. */
static inline double line_sd(const analyte_t *analyte, double value)
{
    double sd = analyte->sd_base + analyte->sd_slope * value;
    return sd < analyte->sd_least ? analyte->sd_least : sd;
}
void line_mask_faults(shift_t *shift);
typedef struct {
    double water_mohm_cm, bath_c;
    int32_t extra_lamp_hours;
} start_up_readings_t;
start_up_readings_t line_start_up(const shift_t *shift, int line, rng_t *rng);

/* shift_count.c: blood counts; shift_clot.c: clotting tests; shift_treat.c: what is done with their tubes */
void count_run(shift_t *shift, int32_t specimen, int line, counter_mode_t mode);
/* As it is at `at_s`. */
void count_tube(const shift_t *shift, int32_t specimen, int32_t at_s, cells_t *cells, count_tube_t *tube);
void count_state(const shift_t *shift, int line, int32_t at_s, counter_state_t *state);
double count_control_carry_over(const shift_t *shift, int analyte, int level);
void clot_holds(shift_t *shift, int32_t index, int32_t first);
void count_holds(shift_t *shift, int32_t specimen, int32_t first);
const qc_bull_plan_t *count_bull_plan(int which);
void count_start(shift_t *shift);
void clot_start(shift_t *shift);
/* `analyte` -1: every ordered test. */
void clot_run(shift_t *shift, int32_t specimen, int line, coag_method_t method, coag_treatment_t treatment,
              int analyte);
void clot_study(shift_t *shift, int32_t specimen, int analyte, treatment_t treatment);
void clot_specimen(const shift_t *shift, int32_t specimen, int32_t at_s, coag_treatment_t treatment,
                   coag_specimen_t *out);
void treat_on_event(shift_t *shift, int32_t specimen, int line, int32_t code);
void treat_on_reflex(shift_t *shift, int32_t specimen, int line, int analyte);
bool treat_act(shift_t *shift, const action_t *action, err_t *err);
/* Another tube of the same order, asked of the ward; -1 when there is no room. */
int32_t world_another_tube(shift_t *shift, int32_t specimen);
/* A new specimen, coming; NULL: no room. */
specimen_t *specimen_new(shift_t *shift, setting_t setting, int32_t arrive_s);
void specimen_due(specimen_t *specimen);
void specimen_count_tests(specimen_t *specimen);
/* Pours off a secondary tube without a label, with these tests of the parent's; -1: no room. */
int32_t world_aliquot(shift_t *shift, int32_t parent, const uint64_t tests[ANALYTE_WORDS]);
/* Adds to `tests` what is calculated from them alone; a calculated test whose parts would be parted, or -1. */
int world_parted(const shift_t *shift, int32_t parent, uint64_t tests[ANALYTE_WORDS]);
/* Of a tube that is still to come: it is ordered for this test alone. */
void world_only_test(shift_t *shift, int32_t specimen, int analyte);
/* Adds a test to a tube that has been run; its values are settled, its result is still to come. */
bool world_add_test(shift_t *shift, int32_t specimen, int analyte);

/* shift_verify.c: autoverification */
void verify_specimen(shift_t *shift, int32_t specimen, int32_t first);
void result_release(shift_t *shift, int32_t result, bool automatic);
void specimen_settle(shift_t *shift, int32_t specimen);

/* shift_qc.c */
void qc_history(shift_t *shift);
/* Point `index` of a test's controls: all but its values. */
qc_point_t *qc_point_facts(const shift_t *shift, int line, int analyte, int index);
/* The same, its values drawn. */
const qc_point_t *qc_point(const shift_t *shift, int line, int analyte, int index);
void qc_on_start(shift_t *shift, int line, int analyte, bool fresh_vial);
void qc_on_result(shift_t *shift, int line, int32_t run, int analyte);
void qc_on_overdue(shift_t *shift, int line, int32_t run);

/* When run `index` of earlier shifts was. */
int32_t qc_history_at(const shift_t *shift, int index);

/* month.c */
const plant_t *month_plant(const shift_t *shift, int line, int analyte);
bool month_planned(const scenario_t *scenario);
void month_history(shift_t *shift, int line, int analyte);
/* The limits of a level at a time: those signed before it, else those assigned to the lot, else the catalog's. */
void month_limits(const shift_t *shift, int line, int analyte, int level, int32_t at_s, double *mean, double *sd);
/* What is planted: systematic part in SD, multiple of the noise, a run that went wrong for a cause (SD). */
double month_moves(const shift_t *shift, const plant_t *plant, int level, int32_t at_s);
double month_scatters(const plant_t *plant, int level);
bool month_spoiled(const shift_t *shift, const plant_t *plant, int32_t run, double *by);
bool month_act(shift_t *shift, const action_t *action, err_t *err);

/* shift_phone.c */
void phone_plan(shift_t *shift);
void phone_on_ring(shift_t *shift, int32_t call);
void phone_on_lost(shift_t *shift, int32_t call);
bool phone_call(shift_t *shift, const action_t *action, err_t *err);
bool phone_read_back(shift_t *shift, const action_t *action, err_t *err);
bool phone_answer(shift_t *shift, const action_t *action, err_t *err);
bool phone_reply(shift_t *shift, const action_t *action, err_t *err);

/* shift_care.c, care_*.c: analyzer care, stores and downtime */
typedef enum {
    CARE_EVENT_BREAK, /* b: plant */
    CARE_EVENT_LIS,   /* b: 1 down, 0 back */
    CARE_EVENT_LOT,   /* b: plant */
    CARE_EVENT_STEP,  /* b: step of the alarm, or CARE_ENGINEER */
    CARE_EVENT_SERVICE,
    CARE_EVENT_COMPARED, /* b: crossover */
    CARE_EVENT_VERIFIED, /* b: VERIFY_ kind */
    CARE_EVENT_PAPER,    /* b: paper */
} care_event_t;
enum { CARE_NOTICE = CARE_NOTICE_ALARM }; /* code of NOTICE_ALARM: CARE_NOTICE + care_event_t */
void care_start(shift_t *shift);
void care_on_event(shift_t *shift, int line, int32_t what, int32_t about);
bool care_act(shift_t *shift, const action_t *action, err_t *err);
bool care_stock_act(shift_t *shift, const action_t *action, err_t *err);
bool care_alarm_act(shift_t *shift, const action_t *action, err_t *err);
bool care_downtime_act(shift_t *shift, const action_t *action, err_t *err);
uint64_t care_hash(const shift_t *shift, uint64_t hash);
bool care_stopped(const shift_t *shift, int line);
bool care_alarm_on(const shift_t *shift, int line); /* stopped, and not repaired yet */
/* What the readings page shows now; unit temperatures with what the display remembers. */
double care_reading_now(const shift_t *shift, int line, int reading);
/* shift_care.c, care_view.c */
double care_humidity(const shift_t *shift, int unit);
double care_unit_now(const shift_t *shift, int unit, int32_t at_s);
/* What the memory of a display shows at `until_s` when it was cleared at `from_s`. */
void care_unit_extremes(const shift_t *shift, int unit, int32_t from_s, int32_t until_s, double *least, double *most);
const plant_t *care_excursion(const shift_t *shift, int unit, int32_t at_s);
int32_t care_lot_expires_day(const shift_t *shift, int line, int analyte, int lot);
/* A bottle goes on board (ACT_REAGENT): code 0 is the next lot. False: there is no such lot. */
bool care_load_bottle(shift_t *shift, const action_t *action, err_t *err);
crossover_t *care_crossover_of(shift_t *shift, int line, int analyte);
/* Wrong from `onset` on, until repaired; -1: no room. */
int care_add_fault(shift_t *shift, const analyzer_fault_t *fault, int line, int32_t onset_s, int plant);
/* The paper says another number than the LIS does for this result. */
bool care_entry_slip(const shift_t *shift, int32_t result);
void care_stock_event(shift_t *shift, int line, int32_t what, int32_t about);
bool care_compare_list(const shift_t *shift, const action_t *action, err_t *err);
double care_remeasure(const shift_t *shift, int32_t specimen, int analyte, int line, bool with);
int care_lot_unit(const shift_t *shift, int line, int analyte, int lot);
/* A bottle that was warm or has expired goes wrong at once. */
void care_bottle_on_board(shift_t *shift, int line, int analyte);
int32_t care_controls_judged(const shift_t *shift, int line, int32_t since_s);
void line_resume(shift_t *shift, int line);
void line_fault_reach(shift_t *shift, int fault);

/* shift_bench.c: actions */
bool need_line(const shift_t *shift, const action_t *action, err_t *err);
bool reception_act(shift_t *shift, const action_t *action, err_t *err);
bool bench_act(shift_t *shift, const action_t *action, err_t *err);
bool board_act(shift_t *shift, const action_t *action, err_t *err);
bool queue_act(shift_t *shift, const action_t *action, err_t *err);
void reception_receive(shift_t *shift, int32_t specimen, bool by_trainee);
specimen_t *need_specimen(shift_t *shift, int32_t index, err_t *err);
bool need_list(const action_t *action, err_t *err);

/* shift_tray.c: what hands do with a tube */
bool tray_act(shift_t *shift, const action_t *action, err_t *err);
/* The track spins a tube by its program, from `start_s` on. */
void tray_track_spin(shift_t *shift, int32_t specimen, int32_t start_s);
enum { SPUN_WELL, SPUN_OUT_OF_BALANCE }; /* of EVENT_SPUN: b */
/* False with a sentence when it is in a store: it has to be taken out first. */
bool need_out(const specimen_t *specimen, err_t *err);
void tray_take_out(shift_t *shift, int32_t specimen);
/* At the start: worked and stored by the shift before. */
void tray_from_before(shift_t *shift, int32_t specimen);
/* A test ordered later on a tube of the plan; false: no room. */
bool tray_plan_order(shift_t *shift, int32_t specimen, int analyte, int32_t at_s, int plant);
void tray_on_order(shift_t *shift, int32_t add_on);
void tray_on_spun(shift_t *shift, int32_t specimen, int32_t how);
/* At the needle of a line: true when the barcode is not read and the tube goes back to the bench. */
bool tray_unread(shift_t *shift, int line, int32_t specimen);
static inline bool tray_readable(const specimen_t *specimen)
{
    return !(specimen->cues_before & (LOOK_LABEL_CROOKED | LOOK_NO_LABEL));
}

static inline bool tests_has(const uint64_t tests[ANALYTE_WORDS], int analyte)
{
    return (tests[analyte >> 6] >> (analyte & 63)) & 1u;
}

static inline void tests_add(uint64_t tests[ANALYTE_WORDS], int analyte)
{
    tests[analyte >> 6] |= 1ULL << (analyte & 63);
}

/* Number of set bits (the builtin is a library call where the machine's instruction is not assumed). */
static inline int tests_bits(uint64_t x)
{
    x -= (x >> 1) & 0x5555555555555555ULL;
    x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
    return (int)((x * 0x0101010101010101ULL) >> 56);
}

/* The next set bit at or after `from`, or -1. */
static inline int tests_next(const uint64_t tests[ANALYTE_WORDS], int from)
{
    for (int word = from >> 6; word < ANALYTE_WORDS; word++) {
        uint64_t bits = tests[word];
        if (word == from >> 6) bits &= ~0ULL << (from & 63);
        if (bits) return word * 64 + __builtin_ctzll(bits);
    }
    return -1;
}

#endif
