/* Analyzer care, stores and downtime, truth included. Tables come from content/lab/care; the state lies
 * in struct shift. What is hidden: the cause of an alarm, the temperature between two looks, a slip. */
#ifndef TITER_LAB_CARE_PRIVATE_H
#define TITER_LAB_CARE_PRIVATE_H

#include "lab/care.h"

enum {
    CARE_SLOT = 7, /* of lab->ext */
    CARE_TABLE_READINGS = 32,
    CARE_SHIFTS_MAX = 4,
    CARE_ALARMS_MAX = 24,
    CARE_CAUSES_MAX = 6,
    CARE_CROSSOVERS_MAX = 16,
    CARE_LOADS_MAX = 32,
    CARE_ENGINEER = 31, /* bit of cures: only the visit helps */
};

typedef struct {
    const char *id, *name, *unit;
    bench_t bench;
    int decimals;
    double usual, spread, low, high;
    struct {
        const char *by; /* an analyzer fault, or "alarm/cause" */
        double value;
    } shifts[CARE_SHIFTS_MAX];
    int shift_count;
} care_reading_t;

typedef struct {
    const char *text;
    care_step_kind_t kind;
    int reading; /* -1 */
    const char *choices[CARE_CHOICES_MAX];
    int choice_count;
} care_step_t;

typedef struct {
    const char *sop;
    care_step_t steps[CARE_STEPS_MAX];
    int count;
} care_list_def_t;

typedef struct {
    const char *id, *name, *holds;
    double usual, swing, low, high, humidity_low, humidity_high;
} care_unit_t;

typedef struct {
    const char *id, *advice;
    uint32_t cures; /* bit per step */
} care_cause_t;

typedef struct {
    const char *id, *code, *message, *manual;
    bench_t bench;
    bool stops;
    bool wanted[VERIFY_KINDS];
    int answer_min, engineer_min;
    struct {
        const char *id, *text;
        int minutes;
    } steps[CARE_ALARM_STEPS_MAX];
    int step_count;
    care_cause_t causes[CARE_CAUSES_MAX];
    int cause_count;
} care_alarm_t;

typedef struct {
    care_reading_t readings[CARE_TABLE_READINGS];
    int reading_count;
    care_list_def_t lists[BENCH_COUNT][CARE_LISTS];
    care_unit_t units[CARE_UNITS_MAX];
    int unit_count;
    care_alarm_t alarms[CARE_ALARMS_MAX];
    int alarm_count;
} care_tables_t;

static inline const care_tables_t *care_tables(const lab_t *lab)
{
    return lab->ext[CARE_SLOT];
}

bool care_load(lab_t *lab, const source_t *content, err_t *err);
int care_alarm_find(const lab_t *lab, const char *id);
int care_cause_find(const lab_t *lab, int alarm, const char *id);
int care_unit_find(const lab_t *lab, const char *id);

/* ---- the state ---- */

typedef struct {
    bool due, before;         /* `before`: signed by the shift before */
    int32_t signed_s, seen_s; /* seen: when the readings had last been opened at the signature */
    bool acceptable;
    char written[CARE_STEPS_MAX][16];
    double value[CARE_STEPS_MAX], panel[CARE_STEPS_MAX]; /* what was written, what stood there; NAN */
} care_sheet_t;

enum {
    CARE_ENTRIES_BEFORE = 6, /* of earlier shifts in the log */
    CARE_ENTRY_STEP_S = 12 * 3600,
    CARE_LOG_BEGINS_S = -CARE_ENTRIES_BEFORE * CARE_ENTRY_STEP_S
};

typedef struct {
    int32_t at_s;
    int8_t unit, action;  /* action -1: a reading */
    double value, second; /* second: of this shift's entries only */
    double was, was_most; /* what the display showed */
    int32_t looked_s;
    char initials[8];
} care_log_t;

typedef struct {
    int16_t alarm, cause, plant; /* alarm -1: none yet */
    int32_t at_s, busy_until_s, fixed_s, cleared_s, returned_s, service_s, engineer_s;
    int8_t tried[CARE_ALARM_STEPS_MAX];
    int32_t done_s[VERIFY_KINDS];
    double compare_pct;
    int32_t answered_s; /* first thing done about it */
    bool out_of_use;
} line_alarm_t;

typedef struct {
    int16_t line, analyte, old_lot, new_lot;
    int32_t at_s, compared_s, judged_s;
    uint8_t state;
    int16_t specimens;
    double mean_old, mean_new;
    int16_t plant; /* whose lot it is, -1 */
} crossover_t;

typedef struct {
    int16_t line, analyte, lot;
    int32_t at_s;
    bool expired, warm, known; /* known: marked for quarantine before */
} care_load_t;

typedef struct {
    uint8_t kind;
    int32_t specimen, at_s, ready_s, entered_s, checked_s;
    int16_t analyte;
    double value, entered;
    int32_t result; /* made by the entry; -1 */
    bool agreed, doubled;
} paper_t;

typedef struct care_state {
    care_sheet_t sheets[SHIFT_LINES][CARE_LISTS];
    int32_t panel_s[SHIFT_LINES];
    int32_t unit_looked_s[CARE_UNITS_MAX];
    int32_t memory_cleared_s[CARE_UNITS_MAX];
    bool quarantined[CARE_UNITS_MAX];
    care_log_t log[CARE_LOGS_MAX];
    int log_count;
    int32_t excursion_end_s[SCENARIO_PLANTS_MAX]; /* ended by hand; NEVER */
    line_alarm_t alarms[SHIFT_LINES];
    crossover_t crossovers[CARE_CROSSOVERS_MAX];
    int crossover_count;
    care_load_t loads[CARE_LOADS_MAX];
    int load_count;
    paper_t papers[CARE_PAPER_MAX];
    int paper_count;
    int32_t lis_down_s, lis_back_s;
    int32_t declared_s[SHIFT_LINES + 1];
    int32_t told_s[SHIFT_LINES + 1][WARD_GROUPS];
} care_state_t;

#endif
