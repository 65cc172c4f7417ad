/* The shift: what a trainee sees of it, and what a trainee can do.
 *
 * A shift is a pure function of (scenario, seed, actions). `shift_advance` lets the world run,
 * `shift_act` does one thing at the present minute; both together are the fold over its events:
 * advance(a) then advance(b) equals advance(b). All views here are *sight*: nothing in them
 * tells more than a technician would know at that minute. Truth is in private headers and,
 * after the end, in lab/debrief.h.
 *
 * Time is whole seconds since the start of the shift (negative: before it).
 * An action takes time of the trainee's own hands: the world moves on meanwhile. */
#ifndef TITER_LAB_SHIFT_H
#define TITER_LAB_SHIFT_H

#include "base/base.h"
#include "lab/catalog.h"
#include "lab/scenario.h"

#include <stdbool.h>
#include <stdint.h>

/* Which world a seed makes. Raised when the same seed and actions no longer give the same bytes, so that a shift that
 * was worked in another one is refused and not replayed as something that never was. */
enum { LAB_WORLD = 3 };

enum {
    SHIFT_MAX_SPECIMENS = 1000,
    SHIFT_MAX_RESULTS = 24000,
    SHIFT_MAX_ACTIONS = 20000, /* one more is refused */
    SHIFT_MAX_CALLS = 400,
    SHIFT_MAX_NOTES = 200,
    SHIFT_LINES = 4, /* AN-1 and AN-2 chemistry, HM-1 hematology, CG-1 coagulation; a scenario may use fewer */
    SHIFT_QC_LEVELS = ANALYTE_QC_LEVELS, /* what a test does not have is NAN */
    SHIFT_QC_POINTS = 64,                /* runs kept for a chart, oldest dropped */
    SHIFT_PRIORS = 4,                    /* earlier results shown */
    SHIFT_TEXT_MAX = 400,                /* bytes of a free text */
    SHIFT_BATCH_MAX = 64,                /* specimens or results in one action */
    DECK_RACKS = 20,                     /* racks that fit into the deck of an analyzer */
    RACK_PLACES = 5,                     /* tubes in a rack */
    STAT_PLACES = 8,                     /* tubes in the STAT port of an analyzer */
};

typedef struct shift shift_t;

/* ---- the life of a shift ---- */

bool shift_start(shift_t **shift, const lab_t *lab, const scenario_t *scenario, uint64_t seed, shift_mode_t mode,
                 err_t *err);
/* Begins another shift in the memory of this one (for many shifts in a row). */
bool shift_restart(shift_t *shift, const scenario_t *scenario, uint64_t seed, shift_mode_t mode, err_t *err);
/* The shift owns its scenario from now on and frees it with itself: for one that nobody else keeps. */
void shift_keep(shift_t *shift, scenario_t *scenario);
void shift_free(shift_t *shift);
int32_t shift_now_s(const shift_t *shift);
int32_t shift_length_s(const shift_t *shift);
int32_t shift_clock_s(const shift_t *shift, int32_t at_s); /* second of the day, 0..86399 */
shift_mode_t shift_mode(const shift_t *shift);
uint64_t shift_seed(const shift_t *shift);
const scenario_t *shift_scenario(const shift_t *shift);
const lab_t *shift_lab(const shift_t *shift);
/* Handed over, or time is up. */
bool shift_over(const shift_t *shift);
/* Lets the world run to `to_s` (never backward; stops at the end of the shift). */
void shift_advance(shift_t *shift, int32_t to_s);
/* When the next thing happens that the trainee would notice; shift_length_s when nothing more. */
int32_t shift_next_notice_s(const shift_t *shift);
/* A name for the whole state, the same on every machine. */
uint64_t shift_hash(const shift_t *shift);

/* ---- actions ---- */

typedef enum {
    ACT_NONE,
    /* reception */
    ACT_INSPECT, /* specimen: label, requisition and tube side by side */
    ACT_ACCEPT,  /* list of specimens; code = accept comment or 0 */
    ACT_REJECT,  /* list; code = reject reason; asks for a new specimen */
    ACT_HOLD,    /* specimen: put aside, call the ward to clarify */
    ACT_SPIN,    /* list: load one centrifuge; code = program, number = minutes, run = balance_t; see lab/tray.h */
    ACT_LOAD,   /* list; line; code 1 = STAT port, which also takes tubes that wait in a rack; rack, position: where the
                   first goes, the others after it, or 0: the next free place */
    ACT_UNLOAD, /* list of tubes that wait in a rack or a STAT port: back into the hand */
    ACT_ADD_ON, /* specimen, analyte */
    ACT_LABEL,  /* specimen: a fresh barcode label of its order is printed and put on */
    ACT_ALIQUOT,  /* specimen; list of analytes, or none: what goes along into a secondary tube */
    ACT_STORE,    /* list; code = storage_t: into the next free places of that store */
    ACT_TAKE_OUT, /* list: from the store back to the bench */
    ACT_DECLINE,  /* specimen, analyte: an added test is refused and a new draw asked for */
    /* chemistry bench */
    ACT_LOOK_TUBE, /* specimen: take the tube out and look (after the spin: serum, clot, fill) */
    ACT_START_UP,  /* line: daily start-up checks */
    ACT_RUN_QC,    /* line; analyte or -1 for all; code 1 = fresh vial */
    ACT_CALIBRATE, /* line, analyte; code = calibrator lot index */
    ACT_REAGENT,   /* line, analyte: load a new bottle; code = lot index */
    ACT_MAINTAIN,  /* line; code = maintenance_t */
    ACT_RERUN,     /* list of results */
    ACT_DILUTE,    /* result; number = factor (2..100) */
    ACT_BLANK,     /* specimen: clear lipemia (ultracentrifuge) and rerun */
    ACT_MOVE_LINE, /* list of specimens to the other line */
    ACT_TREAT,     /* specimen; code = treatment_t; analyte where the treatment asks for one */
    /* QC board */
    ACT_JUDGE_QC,      /* line, analyte, run; verdict, rule, error type, cause, corrective action; text */
    ACT_ACCEPT_QC_RUN, /* line, run: in control for everything not judged yet */
    ACT_LOOK_BACK,     /* line, analyte: list patients since the last good QC and repeat them */
    ACT_REVIEW_QC,     /* line, analyte; code = review_decision_t; to set limits: number = levels as bits, mean, sd;
                          text = "AB: remark", initials first; see lab/month.h */
    /* verification queue */
    ACT_VERIFY, /* list of results */
    ACT_HOLD_RESULT,
    ACT_CANCEL,  /* list of results; code = cancel reason */
    ACT_COMMENT, /* list of results; code = comment */
    ACT_CORRECT, /* held result; value; code = correction formula (coded) */
    ACT_AMEND,   /* result; value or rerun value; code = amend reason; text = who was told */
    /* phone */
    ACT_CALL,      /* specimen, result (critical) or -1; number = rung of the ladder */
    ACT_READ_BACK, /* call; code = read_back_t */
    ACT_ANSWER,    /* call */
    ACT_REPLY,     /* call; code = reply_t */
    /* analyzer care: see lab/care.h */
    ACT_LOOK_PANEL,  /* line: open the readings page */
    ACT_SIGN_LIST,   /* line; number = care_list_t; code 1 = acceptable, 0 = not; text = "0=16.4;1=37.02;..." */
    ACT_LOOK_UNIT,   /* code = unit */
    ACT_LOG_UNIT,    /* code = unit; value; number = highest since last time, or humidity, in tenths; text = initials */
    ACT_UNIT_DO,     /* code = unit; number = unit_action_t */
    ACT_COMPARE_LOT, /* line, analyte, list of five or more specimens: old lot against new */
    ACT_JUDGE_LOT,   /* line, analyte; code 1 = use it, 0 = back to the old lot */
    ACT_ALARM_STEP,  /* line; code = step of its alarm */
    ACT_SERVICE,     /* line: call service */
    ACT_CHECK_LINE,  /* line; code = VERIFY_ kind; for patients a list of specimens */
    ACT_RETURN_LINE, /* line: back to patients */
    ACT_DOWNTIME,    /* line, or -1 the LIS: begin the downtime log; the line leaves the track */
    ACT_TELL,        /* line or -1; code = ward_group_t, WARD_GROUPS = all; text = what was said */
    ACT_BACKUP,      /* list of specimens; code 0 = backup method here, 1 = send out */
    ACT_PAPER,       /* list of specimens: report by telephone and paper what is measured */
    ACT_ENTER,       /* number = row of the paper log; value as typed */
    ACT_CHECK_ENTRY, /* number = row; code 1 = agrees with the paper, 0 = struck out */
    /* the rest */
    ACT_OPEN_SOP,    /* text = procedure id */
    ACT_OPEN_RESULT, /* specimen: opened for review (what was looked at, and when) */
    ACT_NOTE,        /* text */
    ACT_HAND_OVER,   /* text; ends the shift */
    ACT_COUNT
} action_kind_t;

typedef enum { VERDICT_NONE, VERDICT_IN_CONTROL, VERDICT_WARNING, VERDICT_REJECT } qc_decision_t;
typedef enum { ERROR_NOT_SAID, ERROR_RANDOM, ERROR_SYSTEMATIC } error_type_t;
typedef enum { READ_BACK_RIGHT, READ_BACK_CORRECTED, READ_BACK_SKIPPED } read_back_t;
typedef enum {
    REPLY_ASK_IDENTIFIERS,
    REPLY_GIVE_RESULT,
    REPLY_LOOK_UP,
    REPLY_REFUSE,
    REPLY_PASS_ON,
    REPLY_PROMISE,
    REPLY_DO_IT,
    REPLY_COUNT
} reply_t;
typedef enum {
    MAINTAIN_CLEAN_PROBE,
    MAINTAIN_PRIME,
    MAINTAIN_ELECTRODE,
    MAINTAIN_REFERENCE,
    MAINTAIN_LAMP,
    MAINTAIN_CUVETTES,
    MAINTAIN_WATER,
    MAINTAIN_TEMPERATURE,
    MAINTAIN_SYRINGE,
    MAINTAIN_SERVICE,
    MAINTAIN_COUNT
} maintenance_t;

/* What can be done with a specimen of hematology or coagulation. Three kinds: another run in another manner, whose
 * results take the place of the first; a study, whose number is evidence and is not reported; another tube. */
typedef enum {
    TREAT_WARM,           /* 37 C, then run */
    TREAT_PLASMA,         /* plasma replaced by saline */
    TREAT_DILUTE_BLOOD,   /* diluted into the linear range */
    TREAT_OPTICAL_PLT,    /* platelets by fluorescence */
    TREAT_LYSE,           /* extended lyse */
    TREAT_REST,           /* prediluted and left to stand */
    TREAT_REMIX,          /* inverted 8 to 10 times */
    TREAT_VORTEX,         /* platelet clumps broken up */
    TREAT_NRBC,           /* nucleated red cells counted apart */
    TREAT_SPUN_HCT,       /* hematocrit by centrifuge: HCT, MCV and MCHC from it */
    TREAT_FILM,           /* a colleague scans a stained film: words, no numbers */
    TREAT_CITRATE_TUBE,   /* ask the ward for a citrate tube for the platelets */
    TREAT_MECHANICAL,     /* clot detection by a steel ball */
    TREAT_CLEAR_PLASMA,   /* ultracentrifuge */
    TREAT_DOUBLE_SPIN,    /* platelet-poor plasma */
    TREAT_HEPARINASE,     /* study: heparin neutralized */
    TREAT_MIX,            /* study: 1:1 with normal plasma, at once */
    TREAT_MIX_INCUBATED,  /* study: the same after 2 h at 37 C */
    TREAT_MIX_CONTROL,    /* study: incubated apart, then mixed */
    TREAT_ADSORB,         /* study: direct anticoagulant removed */
    TREAT_CITRATE_VOLUME, /* ask for a tube with citrate for the hematocrit */
    TREAT_COUNT
} treatment_t;

typedef struct {
    action_kind_t kind;
    int32_t specimen, line, analyte, run, call, result; /* -1: not given */
    int32_t code, number;
    int32_t rack, position; /* from 1; 0: not given */
    double value;
    double mean[SHIFT_QC_LEVELS], sd[SHIFT_QC_LEVELS]; /* of ACT_REVIEW_QC */
    qc_decision_t verdict;
    error_type_t error_type;
    int32_t rule, cause, corrective; /* indexes of the coded lists; -1 not given */
    int32_t count;
    int32_t list[SHIFT_BATCH_MAX]; /* specimens or results; written up to `count` */
    char text[SHIFT_TEXT_MAX + 1];
} action_t;

/* An action with nothing given. */
action_t action_make(action_kind_t kind);
/* The word used in event files for each kind ("accept"), and back (-1: unknown). */
const char *action_word(action_kind_t kind);
int action_from_word(const char *word);

/* Does one thing at the present minute. Refused (false, with a sentence) when the real system
 * would refuse it; a refused action changes nothing. */
bool shift_act(shift_t *shift, const action_t *action, err_t *err);
/* Hand time of an action in seconds, as it would take now. */
int32_t shift_action_seconds(const action_t *action);
int32_t shift_action_count(const shift_t *shift);

/* ---- notices: what was heard, seen on a screen or came through the hatch, in order ---- */

typedef enum {
    NOTICE_ARRIVED,   /* specimen */
    NOTICE_SPUN,      /* specimen(s) finished in a centrifuge; code 1: it stopped out of balance, nothing is spun */
    NOTICE_HELD,      /* specimen: results wait for review */
    NOTICE_RELEASED,  /* specimen: everything autoverified */
    NOTICE_QC,        /* line, run: controls are in */
    NOTICE_RING,      /* call */
    NOTICE_CALL_LOST, /* call: they gave up */
    NOTICE_ALARM,     /* line, code = alarm */
    NOTICE_LATE,      /* specimen passed its due time */
    NOTICE_DONE,      /* calibration, maintenance finished: line, analyte */
    NOTICE_AVERAGE,   /* line, analyte: patient moving average out of limits */
    NOTICE_STUDY,     /* specimen: a study or a film is ready */
    NOTICE_UNREAD,    /* specimen, line: the barcode was not read, the tube came back */
    NOTICE_ORDER,     /* specimen, analyte: one more test is ordered on a tube that is here */
} notice_kind_t;

typedef struct {
    int32_t at_s;
    notice_kind_t kind;
    int32_t specimen, line, analyte, run, call, code;
} notice_t;

int32_t shift_notice_count(const shift_t *shift);
const notice_t *shift_notice(const shift_t *shift, int32_t index);

/* ---- specimens ---- */

typedef enum { PRIORITY_ROUTINE, PRIORITY_URGENT, PRIORITY_STAT } priority_t;

typedef enum {
    SPECIMEN_COMING, /* not here yet: never shown */
    SPECIMEN_TRAY,   /* arrived, not looked at or decided */
    SPECIMEN_ON_HOLD,
    SPECIMEN_REJECTED,
    SPECIMEN_RECEIVED, /* accepted, may be clotting */
    SPECIMEN_SPINNING,
    SPECIMEN_SPUN,
    SPECIMEN_QUEUED, /* on a line, waiting */
    SPECIMEN_RUNNING,
    SPECIMEN_RESULTED, /* something is in; see the results */
    SPECIMEN_DONE,     /* everything released or canceled */
} specimen_state_t;

/* What the eye sees. Only set in a view when the trainee has looked. */
enum {
    LOOK_FILL_LOW = 1 << 0,
    LOOK_CLOT = 1 << 1,
    LOOK_LEAK = 1 << 2,
    LOOK_LABEL_CROOKED = 1 << 3,
    LOOK_NO_LABEL = 1 << 4,
    LOOK_PINK = 1 << 5,
    LOOK_RED = 1 << 6,
    LOOK_MILKY = 1 << 7,
    LOOK_YELLOW = 1 << 8,
    LOOK_FIBRIN = 1 << 9,
    LOOK_EXPIRED_TUBE = 1 << 10,
    LOOK_NO_TIME = 1 << 11,
    LOOK_SHORT_SAMPLE = 1 << 12,
    LOOK_NOT_PACKED = 1 << 13, /* after a spin that was too short or too slow: no clear layer */
};

typedef struct {
    const char *family, *given; /* of the person named in the order */
    char mrn[12];
    char birth[12]; /* YYYY-MM-DD */
    int age_y;
    char sex; /* 'F' or 'M' */
} person_view_t;

typedef struct {
    int32_t index;
    char accession[12]; /* "26-1042" */
    person_view_t order;
    const char *location;
    const char *ordered_tube; /* tube id the order asks for */
    priority_t priority;
    uint64_t tests[ANALYTE_WORDS];                                       /* bit set of analytes */
    int32_t collected_s, arrived_s, received_s, spun_s, loaded_s, due_s; /* INT32_MIN: not yet or not known */
    const char *collected_how; /* what the requisition says: "venipuncture", "line draw", ... */
    specimen_state_t state;
    int line;           /* or -1 */
    int rack, position; /* in the deck of that line; rack 0: its STAT port; position 0: in none */
    bench_t bench;
    bool inspected, looked_after_spin;
    /* known after ACT_INSPECT */
    char label_name[64], label_mrn[12], label_birth[12];
    const char *tube; /* the tube that is in the hand */
    double fill_fraction;
    uint32_t look; /* LOOK_ bits seen so far */
    /* known once measured: serum indices in mg/dL, NAN before */
    double h_index, i_index, l_index;
    int held, released, pending; /* results by state */
    int32_t reject_code, accept_code;
    int32_t recollect_of; /* index of the rejected specimen that this one replaces, or -1 */
    bool late;
    int32_t unread_s;               /* an analyzer did not read its barcode then, and no fresh label since; INT32_MIN */
    bool relabeled;                 /* carries a fresh label */
    int spin_program, spin_minutes; /* of its last spin in the centrifuge here; -1: none */
    int store, store_rack, store_place; /* storage_t and where in it, from 1; -1: not in a store */
    int32_t stored_s;                   /* INT32_MIN: never */
    int32_t parent;                     /* poured off that tube, or -1 */
} specimen_view_t;

int32_t shift_specimen_count(const shift_t *shift); /* arrived so far */
/* The index of the specimen that came `order`-th (0 first), or -1. */
int32_t shift_arrived_specimen(const shift_t *shift, int32_t order);
bool shift_specimen(const shift_t *shift, int32_t specimen, specimen_view_t *view);
/* All but what order and label say, for those who look at many. */
bool shift_specimen_facts(const shift_t *shift, int32_t specimen, specimen_view_t *view);
/* Its state alone; SPECIMEN_COMING also when there is none. */
specimen_state_t shift_specimen_state(const shift_t *shift, int32_t specimen);
/* Its bench alone; BENCH_CHEMISTRY also when there is none. */
bench_t shift_specimen_bench(const shift_t *shift, int32_t specimen);
/* What was seen of it so far (LOOK_ bits); 0 also when there is none. */
uint32_t shift_specimen_look(const shift_t *shift, int32_t specimen);
/* Both orders carry the same MRN. */
bool shift_same_patient(const shift_t *shift, int32_t specimen, int32_t other);
/* Adds the names of the ordered panels: "Basic metabolic panel, Magnesium". */
void shift_specimen_panels(const shift_t *shift, int32_t specimen, text_t *out);
/* By accession ("26-1042", or what a scanner sends), or -1. */
int32_t shift_find_accession(const shift_t *shift, const char *accession);

/* ---- results ---- */

typedef enum {
    RESULT_PENDING,
    RESULT_HELD,
    RESULT_RELEASED,
    RESULT_CANCELLED,
    RESULT_REPLACED /* by a rerun */
} result_state_t;

enum {
    HOLD_CRITICAL = 1 << 0,
    HOLD_DELTA = 1 << 1,
    HOLD_HEMOLYSIS = 1 << 2,
    HOLD_ICTERUS = 1 << 3,
    HOLD_LIPEMIA = 1 << 4,
    HOLD_RANGE = 1 << 5,
    HOLD_IMPLAUSIBLE = 1 << 6,
    HOLD_CONSISTENCY = 1 << 7,
    HOLD_FLAG = 1 << 8,
    HOLD_QC = 1 << 9,
    HOLD_SPECIMEN = 1 << 10,
    HOLD_AVERAGE = 1 << 11,
    HOLD_MANUAL = 1 << 12,
    HOLD_REVIEW = 1 << 13, /* a review rule of hematology */
    HOLD_COUNT = 14,
};
enum {
    FLAG_CLOT = 1 << 0,
    FLAG_SHORT = 1 << 1,
    FLAG_BUBBLE = 1 << 2,
    FLAG_LINEARITY = 1 << 3,
    FLAG_NOISE = 1 << 4,
    FLAG_CARRY_OVER = 1 << 5,
    FLAG_VOTE_OUT = 1 << 6,  /* the instrument gives no number */
    FLAG_COUNTER = 1 << 7,   /* a flag of the counter concerns it: see count_view_t */
    FLAG_CURVE = 1 << 8,     /* the clot curve is not as it should be */
    FLAG_DEPLETION = 1 << 9, /* the reagent was used up before the reading began */
    FLAG_APERTURE = 1 << 10, /* an aperture of the counter is partly blocked: never told, its effects are */
};

typedef struct {
    int32_t index;
    int32_t specimen;
    int analyte;
    int line;
    double value;                   /* as reported: rounded, dilution factor applied */
    char text[16];                  /* "4.1", "> 750", "< 2", "---" */
    int below_or_above;             /* -1 "<", +1 ">", 0 */
    double raw;                     /* what the analyzer measured */
    int dilution;                   /* 1 = undiluted */
    int32_t measured_s, released_s; /* INT32_MIN: not yet */
    result_state_t state;
    bool by_autoverification;
    uint32_t hold;  /* HOLD_ bits: why it was held */
    uint32_t flags; /* FLAG_ bits of the analyzer */
    char mark;      /* ' ', 'H', 'L' */
    bool critical;
    double prior;       /* last earlier result, NAN when none */
    double prior_hours; /* how long before */
    int32_t comment;    /* code index or -1 */
    int32_t rerun_of;   /* result index or -1 */
    int32_t replaced_by;
    bool amended;
    bool corrected; /* by a formula, before it went out: raw is what the analyzer gave */
    int32_t correction;
    double old_value;     /* before the amendment */
    bool withdrawn;       /* had gone out before its specimen was rejected: the ward was told not to use it */
    bool called;          /* documented critical call with read-back */
    int32_t repeat_due_s; /* a repeat is running until then; INT32_MIN: none */
    int qc_state;         /* qc_state_t of its test and line now */
} result_view_t;

int32_t shift_result_count(const shift_t *shift);
bool shift_result(const shift_t *shift, int32_t result, result_view_t *view);
/* Of a result only its state (RESULT_PENDING also when there is none), the result that it repeats (-1: none), the
 * reasons why it is held (HOLD_), what the analyzer flagged (FLAG_), whether it is critical. */
result_state_t shift_result_state(const shift_t *shift, int32_t result);
int32_t shift_result_rerun_of(const shift_t *shift, int32_t result);
uint32_t shift_result_hold(const shift_t *shift, int32_t result);
uint32_t shift_result_flags(const shift_t *shift, int32_t result);
bool shift_result_critical(const shift_t *shift, int32_t result);
/* All but the text, for those who look at many. */
bool shift_result_facts(const shift_t *shift, int32_t result, result_view_t *view);
/* Its analyte (-1: there is none), and of that only the value and the one of the last visit (NAN: none). */
int shift_result_analyte(const shift_t *shift, int32_t result);
void shift_result_value(const shift_t *shift, int32_t result, double *value, double *prior);
/* Newest result of that test on the specimen, or -1. */
int32_t shift_specimen_result(const shift_t *shift, int32_t specimen, int analyte);
/* Its value and the one of the last visit; NAN: none. */
void shift_specimen_value(const shift_t *shift, int32_t specimen, int analyte, double *value, double *prior);
/* Result indexes of a specimen (all runs, in order); returns how many, at most `max`. */
int32_t shift_specimen_results(const shift_t *shift, int32_t specimen, int32_t *results, int32_t max);
/* Those of them that are held, oldest first. */
int32_t shift_specimen_held(const shift_t *shift, int32_t specimen, int32_t *results, int32_t max);
/* One of those is critical: the queue shows the specimen first. */
bool shift_specimen_critical(const shift_t *shift, int32_t specimen);
/* Results now held for review, oldest first. */
int32_t shift_held(const shift_t *shift, int32_t *results, int32_t max);
/* Earlier results of the person in the order, newest first: values and hours before now. */
int shift_priors(const shift_t *shift, int32_t specimen, int analyte, double *values, double *hours, int max);
/* Words for one HOLD_ bit ("critical", "delta", ...). */
const char *hold_word(int bit);

/* ---- analyzers ---- */

typedef enum {
    LINE_READY,
    LINE_RUNNING,
    LINE_BUSY /* calibration, maintenance */,
    LINE_STOPPED,
    LINE_START_UP_DUE
} line_state_t;

typedef struct {
    const char *name; /* "AN-1" */
    bench_t bench;
    line_state_t state;
    int queued, running;
    int rack_room, stat_room; /* places of its racks and of its STAT port that can take a tube */
    int32_t free_s;           /* when a busy line is ready again */
    int32_t start_up_s;       /* last daily start-up, INT32_MIN: not done */
    int32_t last_qc_s;
    int32_t lamp_hours;
    double water_mohm_cm, bath_c; /* start-up readings; NAN before the start-up */
} line_view_t;

typedef struct {
    int lot; /* index of the reagent lot on board */
    char lot_name[12];
    int32_t lot_since_s;
    int tests_left;
    int32_t expires_s; /* on-board life */
    int32_t calibrated_s;
    char calibrator_lot[12], calibrator_lot_wanted[12]; /* loaded, and what the reagent insert asks for */
    double calibration_factor_change_pct;               /* against the one before */
    int next_lot;                                       /* lot index of the bottle in the fridge */
    char next_lot_name[12];
} assay_view_t;

/* False when the scenario does not use that line. */
bool shift_line(const shift_t *shift, int line, line_view_t *view);
/* "AN-1", "AN-2", "HM-1", "CG-1". */
const char *line_name(int line);
/* The other line that runs the same tests, or -1. */
int line_other(int line);
bool shift_assay(const shift_t *shift, int line, int analyte, assay_view_t *view);

/* The deck of an analyzer: the STAT port is sampled first, in the order in which it was filled, then the racks in the
 * order in which they went in, place after place. */
typedef enum {
    PLACE_FREE,
    PLACE_PASSED, /* empty, and the needle has gone by: it takes no tube before the rack comes out */
    PLACE_WAITING,
    PLACE_SAMPLING, /* the needle is in it */
    PLACE_TESTING,
    PLACE_DONE,
} place_state_t;

typedef struct {
    int32_t specimen; /* or -1 */
    place_state_t state;
    const char *tube; /* id of the tube that stands there: its cap can be seen; NULL */
} place_view_t;

enum { RACK_PLACES_MAX = RACK_PLACES > STAT_PLACES ? RACK_PLACES : STAT_PLACES };

typedef struct {
    int rack, places; /* places in it */
    int tubes;
    int turn; /* 1: the rack that went in first; 0: it is not in. The STAT port has none. */
    place_view_t place[RACK_PLACES_MAX];
} rack_view_t;

/* Rack 0 is the STAT port, 1 .. DECK_RACKS the racks. False when there is no such rack, or the scenario does not use
 * that line. */
bool shift_rack(const shift_t *shift, int line, int rack, rack_view_t *view);
/* "waiting", "being sampled", ... */
const char *place_word(place_state_t state);
enum { SPECIMEN_PLACE_MAX = 32 };
/* Where a tube stands: "AN-1, rack 3-5", "AN-1, STAT 2", "AN-1" when it has come out, "" before it was loaded. */
void specimen_place(const specimen_view_t *view, char text[SPECIMEN_PLACE_MAX]);

/* ---- quality control ---- */

typedef enum { QC_NONE, QC_NOT_REVIEWED, QC_ACCEPTED, QC_REJECTED, QC_OVERDUE } qc_state_t;

enum {
    QC_MARK_LOT = 1,
    QC_MARK_CALIBRATION = 2,
    QC_MARK_MAINTENANCE = 4,
    QC_MARK_NEW_VIAL = 8,
    QC_MARK_CONTROL = 16, /* first run of a new lot of controls */
    QC_MARK_LIMITS = 32,  /* first run by new mean and SD */
    /* the multirule looks back no further */
    QC_MARKS_ANEW = QC_MARK_LOT | QC_MARK_CALIBRATION | QC_MARK_MAINTENANCE | QC_MARK_CONTROL | QC_MARK_LIMITS
};

typedef struct {
    int32_t run; /* number of the run on that line */
    int32_t at_s;
    double value[SHIFT_QC_LEVELS], z[SHIFT_QC_LEVELS];
    uint32_t marks;
    qc_decision_t decision;
    int32_t decided_s, rule, cause, corrective;
    error_type_t error_type;
} qc_point_view_t;

typedef struct {
    int levels;
    double mean[SHIFT_QC_LEVELS], sd[SHIFT_QC_LEVELS];
    char lot[12];
    qc_state_t state;
    int points;
} qc_view_t;

bool shift_qc(const shift_t *shift, int line, int analyte, qc_view_t *view);
/* Of that only how many points there are (0 also without controls), or the state (QC_NONE without). */
int shift_qc_points(const shift_t *shift, int line, int analyte);
qc_state_t shift_qc_state(const shift_t *shift, int line, int analyte);
/* Point 0 is the oldest kept. */
bool shift_qc_point(const shift_t *shift, int line, int analyte, int point, qc_point_view_t *view);
/* Runs on a line during this shift (numbers for ACT_ACCEPT_QC_RUN), newest last. */
int shift_qc_runs(const shift_t *shift, int line, int32_t *runs, int32_t *times_s, int max);
/* Results released on that line for that test since its last accepted QC; newest last. */
int32_t shift_since_good_qc(const shift_t *shift, int line, int analyte, int32_t *results, int32_t max);
/* Patient moving average (EWMA of truncated results) in SD of the mean; NAN before 20 results. */
double shift_moving_average_z(const shift_t *shift, int line, int analyte);

/* ---- phone ---- */

typedef enum { CALL_RINGING, CALL_TALKING, CALL_NO_ANSWER, CALL_READ_BACK, CALL_DONE, CALL_LOST } call_state_t;

typedef struct {
    int32_t index;
    bool incoming;
    int32_t at_s, ended_s;
    call_state_t state;
    const char *place, *person, *role; /* who is on the line (outgoing: who answered) */
    const char *line;                  /* what they say now */
    const char *kind; /* what kind of request it is, once heard: "ask_result", "add_on", ...; "" before */
    int32_t specimen,
        result;         /* outgoing: what it is about; incoming: what it turns out to be about once identified, or -1 */
    int32_t rung;       /* outgoing: 0 nurse .. 3 director */
    char read_back[96]; /* what they read back, "" before */
    bool identifiers_asked;
    int32_t last_reply; /* reply_t or -1 */
    read_back_t read_back_decision;
} call_view_t;

int32_t shift_call_count(const shift_t *shift);
bool shift_call(const shift_t *shift, int32_t call, call_view_t *view);
const char *ladder_word(int rung);

/* ---- the record ---- */

typedef struct {
    int32_t at_s;
    action_kind_t kind;
    int32_t specimen, result, line, analyte, call, code;
    const char *text;
} log_view_t;

/* Every accepted action, in order. */
bool shift_log(const shift_t *shift, int32_t index, log_view_t *view);

#endif
