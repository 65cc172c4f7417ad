/* Analyzer care, stores and downtime as a trainee sees them: checklists with an analyzer's readings,
 * temperature logs, lots on the shelf, alarms with their manual, and what is written on paper while a line or
 * the LIS is down. Sight only, like lab/shift.h; the actions are ACT_ kinds of that header. */
#ifndef TITER_LAB_CARE_H
#define TITER_LAB_CARE_H

#include "lab/shift.h"

/* Codes of NOTICE_ALARM (1: controls not reviewed in time). */
typedef enum {
    CARE_NOTICE_ALARM = 10,
    CARE_NOTICE_LIS, /* down, or back */
    CARE_NOTICE_LOT,
    CARE_NOTICE_STEP, /* a step is finished, or the engineer was there */
    CARE_NOTICE_SERVICE,
    CARE_NOTICE_COMPARED,
    CARE_NOTICE_CHECKED,
    CARE_NOTICE_PAPER,
} care_notice_t;

enum {
    CARE_STEPS_MAX = 12,   /* of one checklist */
    CARE_READINGS_MAX = 8, /* of one analyzer */
    CARE_UNITS_MAX = 6,
    CARE_CHOICES_MAX = 4,
    CARE_LOGS_MAX = 64,
    CARE_ALARM_STEPS_MAX = 6,
    CARE_LOTS = 2,        /* of one reagent: the one on board and the next */
    CARE_COMPARE_MIN = 5, /* patient specimens of a comparison */
    CARE_PAPER_MAX = 200,
};

typedef enum { CARE_DAILY, CARE_WEEKLY, CARE_MONTHLY, CARE_LISTS } care_list_t;
typedef enum { CARE_VALUE, CARE_CHOICE, CARE_TICK } care_step_kind_t;

/* False when the scenario leaves the care of the analyzers to others: nothing is due then. */
bool care_on(const shift_t *shift);
/* "Monday, November 30, 2026". */
void care_date(const shift_t *shift, text_t *out);

typedef struct {
    const char *text;
    care_step_kind_t kind;
    const char *unit;                      /* of a value */
    double low, high;                      /* NAN: no limit */
    const char *choices[CARE_CHOICES_MAX]; /* the first is the good one */
    int choice_count, decimals;
    const char *written; /* what was written at the signature; "" before, or left blank */
} care_step_view_t;

typedef struct {
    const char *name, *sop; /* "daily", "CH-026" */
    bool due, signed_before;
    int32_t signed_s; /* INT32_MIN: not signed by this shift */
    bool acceptable;  /* as signed */
    care_step_view_t steps[CARE_STEPS_MAX];
    int count;
} care_sheet_view_t;

bool care_sheet(const shift_t *shift, int line, care_list_t list, care_sheet_view_t *view);

typedef struct {
    const char *name, *unit;
    double value, low, high;
    int decimals;
} care_reading_view_t;

/* The readings page of an analyzer: empty until it was opened (ACT_LOOK_PANEL), then what it shows now. */
int care_panel(const shift_t *shift, int line, care_reading_view_t *readings, int max);
/* The reading that step `step` of a list asks for, as an index into care_panel, or -1. */
int care_step_reading(const shift_t *shift, int line, care_list_t list, int step);

/* ---- refrigerators, freezer, room ---- */

typedef enum {
    UNIT_CLOSE_DOOR,
    UNIT_MOVE_STOCK, /* to the other refrigerator, facilities called */
    UNIT_QUARANTINE, /* stock marked: not for use until it was assessed */
    UNIT_DISCARD,
    UNIT_ADJUST,
    UNIT_ACTIONS
} unit_action_t;
const char *unit_action_word(unit_action_t action);

typedef struct {
    const char *name, *holds;
    double low, high;
    bool humidity;
    double humidity_low, humidity_high;
    bool looked;               /* below: after ACT_LOOK_UNIT, as it was then */
    double now, least, most;   /* degrees Celsius; extremes since the memory was last cleared */
    double humidity_now;       /* percent; NAN */
    const char *seen;          /* what stands before you */
    bool log_due, quarantined; /* the entry of this shift is missing; stock is marked */
} care_unit_view_t;

int care_unit_count(const shift_t *shift);
bool care_unit(const shift_t *shift, int unit, care_unit_view_t *view);

typedef struct {
    int32_t at_s; /* may be before the shift */
    int unit;
    double value, second; /* second: highest in the memory, or humidity; NAN: not written */
    const char *initials;
    int action; /* unit_action_t or -1: a reading */
} care_log_view_t;

/* Entries of one unit, oldest first, earlier shifts' as well. */
int care_log(const shift_t *shift, int unit, care_log_view_t *entries, int max);

/* ---- stores ---- */

typedef struct {
    int lot;
    char name[12];
    int32_t expires_day; /* days from the date of the shift: negative, expired */
    bool on_board;
    const char *unit; /* where it stands */
} care_lot_view_t;

/* Lots of a test's reagent: on board and on the shelf. */
int care_lots(const shift_t *shift, int line, int analyte, care_lot_view_t *lots, int max);

typedef enum { LOT_CHANGED, LOT_COMPARING, LOT_COMPARED, LOT_ACCEPTED, LOT_REFUSED } lot_state_t;
typedef struct {
    int line, analyte;
    char old_lot[12], new_lot[12];
    int32_t at_s;
    lot_state_t state;
    int specimens;
    double mean_old, mean_new, difference_pct, allowed_pct; /* NAN before */
} care_crossover_view_t;
int care_crossovers(const shift_t *shift, care_crossover_view_t *list, int max);

/* ---- alarms ---- */

enum { VERIFY_FUNCTION, VERIFY_CALIBRATION, VERIFY_CONTROLS, VERIFY_PATIENTS, VERIFY_KINDS };
const char *care_verify_word(int kind);
typedef enum { ALARM_NONE, ALARM_ACTIVE, ALARM_CLEARED, ALARM_RETURNED } alarm_state_t;

typedef struct {
    const char *text;
    int minutes;
    int tried; /* times */
} care_alarm_step_t;

typedef struct {
    int line;
    const char *code, *message, *manual;
    alarm_state_t state;
    bool stops, out_of_use;                                                   /* taken out of the track */
    int32_t at_s, busy_until_s, cleared_s, returned_s, service_s, engineer_s; /* INT32_MIN: not */
    const char *advice; /* from service; "" before they called back */
    care_alarm_step_t steps[CARE_ALARM_STEPS_MAX];
    int step_count;
    bool wanted[VERIFY_KINDS]; /* what the procedure asks before patients */
    int32_t done_s[VERIFY_KINDS];
    double compare_pct; /* largest mean difference of the patient comparison; NAN */
} care_alarm_view_t;

/* Has any line had an alarm? */
bool care_alarmed(const shift_t *shift);
/* The newest alarm of a line; false when it had none. */
bool care_alarm(const shift_t *shift, int line, care_alarm_view_t *view);

/* ---- downtime ---- */

typedef enum { WARD_ED, WARD_ICU, WARD_SURGERY, WARD_FLOORS, WARD_CLINICS, WARD_GROUPS } ward_group_t;
const char *ward_group_word(ward_group_t group);

typedef enum { PAPER_REPORT, PAPER_BACKUP, PAPER_SENT_OUT } paper_kind_t;
typedef struct {
    int index;
    paper_kind_t kind;
    int32_t specimen, at_s, ready_s; /* ready: the paper is back */
    int analyte;                     /* one row a test; -1: the report of a whole specimen */
    double value;                    /* on the paper; NAN: not back */
    double entered;                  /* typed into the LIS; NAN */
    int32_t entered_s, checked_s;
} care_paper_view_t;

typedef struct {
    bool lis_down;
    int32_t lis_since_s, lis_back_s; /* INT32_MIN: was not down; not back */
    bool declared[SHIFT_LINES + 1];  /* by line; last: the LIS */
    int32_t declared_s[SHIFT_LINES + 1];
    int32_t told_s[SHIFT_LINES + 1][WARD_GROUPS];
    int papers;
} care_downtime_view_t;

void care_downtime(const shift_t *shift, care_downtime_view_t *view);
/* Its lis_down alone. */
bool care_lis_down(const shift_t *shift);
bool care_paper(const shift_t *shift, int index, care_paper_view_t *view);

#endif
