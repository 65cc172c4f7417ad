/* A scenario with its secrets: what is planted and when. Private to lab. */
#ifndef TITER_LAB_SCENARIO_PRIVATE_H
#define TITER_LAB_SCENARIO_PRIVATE_H

#include "fault.h"
#include "lab/content.h"
#include "lab/scenario.h"
#include "lab/shift.h"
#include "patient.h"

enum {
    SCENARIO_PLANTS_MAX = 24,
    SCENARIO_CALLS_MAX = 32,
    SCENARIO_QC_TIMES_MAX = 16,
    SCENARIO_OBJECTIVES_MAX = 8,
    SCENARIO_WITH_MAX = 4,
    SCENARIO_EXPECTS_MAX = 4
};

typedef enum {
    PLANT_SPECIMEN,    /* one tube with a pre-analytic fault */
    PLANT_SWAP,        /* two patients' blood exchanged, labels and orders consistent */
    PLANT_LABEL,       /* tube label does not match the order (visible on inspection) */
    PLANT_CRITICAL,    /* a patient whose true value is critical */
    PLANT_ANALYZER,    /* an analyzer fault with onset and growth */
    PLANT_PATIENT,     /* blood that misleads or puzzles: nothing is wrong with the tube, but more has to be done */
    PLANT_PROFICIENCY, /* a survey specimen that looks like any other; its target is what is true of it */
    PLANT_ADD_ON,      /* a tube that is in the store; `at`: one more test is ordered on it */
    /* the care of analyzers: care_scenario.c */
    PLANT_REFRIGERATOR,
    PLANT_BREAKDOWN,
    PLANT_LIS_DOWN,
    PLANT_LOT,
    PLANT_MONTH, /* the month of a test's controls waits for its review: month.c */
} plant_kind_t;

typedef struct {
    plant_kind_t kind;
    int line_no;  /* in the file, for messages */
    int32_t at_s; /* arrival, or onset for analyzer faults (may be before the shift) */
    setting_t setting;
    priority_t priority;
    int panel; /* index, or -1: drawn */
    specimen_fault_t fault;
    double prior_h;              /* an earlier result this many hours before; 0: none */
    double collected_before_min; /* minutes between collection and arrival; < 0: drawn */
    int analyte;                 /* PLANT_CRITICAL, PLANT_ANALYZER, PLANT_ADD_ON; -1 none */
    double value;                /* PLANT_CRITICAL: the true value */
    int unanswered;              /* PLANT_CRITICAL: so many calls find nobody */
    int line;                    /* PLANT_ANALYZER: from 0 */
    analyzer_fault_t analyzer;
    int sex;               /* -1 drawn */
    int age_low, age_high; /* 0: drawn */
    int condition;         /* index or -1: drawn by setting */
    int other_condition;   /* PLANT_SWAP: of the other patient; -1: as `condition` */
    bool healthy;
    int cells, clotting;         /* condition of the cells, of clotting: index or -1 */
    int with[SCENARIO_WITH_MAX]; /* panels of other tubes of the same draw */
    int with_count;
    /* PLANT_PATIENT, PLANT_SPECIMEN: what a good technician would do: a treatment, or from TREAT_COUNT on a test added
     */
    int expects[SCENARIO_EXPECTS_MAX];
    int expect_count;
    bool aliquot;                       /* PLANT_ADD_ON: no test, but an aliquot to be kept */
    bool every_tube;                    /* the fault is in all tubes of the draw */
    int unit, alarm, cause;             /* of the care of analyzers; value: the peak of an excursion */
    int32_t duration_s;                 /* PLANT_REFRIGERATOR, PLANT_LIS_DOWN */
    int state, level, points, rejected; /* PLANT_MONTH: month_state_t; level from 1, 0 all; runs of the present lot, 0
                                           all; runs that were rejected. value: how much */
    uint64_t spoils[ANALYTE_WORDS];     /* PLANT_REFRIGERATOR: bottles on board of `line` that stood there */
} plant_t;

typedef struct {
    int32_t at_s;
    int script; /* index of the telephone script */
    int about;  /* index of the plant it is about, or -1: any specimen in the house */
} planned_call_t;

typedef struct {
    const char *text;
} objective_t;

struct scenario {
    arena_t *arena;
    scenario_view_t view;
    char file[128];
    const source_file_t *source; /* of a built-in one: its file in the content; else NULL */
    int order;
    bool assistant;    /* a colleague receives: everything that arrives is accepted after a few minutes */
    bool track;        /* automation track: accepted tubes are spun and loaded without hands */
    uint32_t benches;  /* bit 1 << bench_t: staffed by the trainee */
    bool drill;        /* many faults; false: as in life */
    double background; /* scale of the natural rates of pre-analytic faults, 0..10 */
    double mean_specimens;
    double mix[SETTING_COUNT]; /* weights of settings */
    int pending;               /* specimens already waiting at the start */
    int32_t qc_at_s[SCENARIO_QC_TIMES_MAX];
    int qc_times;
    double answer_probability, misread_probability;
    plant_t plants[SCENARIO_PLANTS_MAX];
    int plant_count;
    planned_call_t calls[SCENARIO_CALLS_MAX];
    int call_count;
    objective_t objectives[SCENARIO_OBJECTIVES_MAX];
    int objective_count;
    double random_calls; /* mean number of unplanned calls in the shift */
    bool care;           /* the trainee keeps the checklists, logs and stores of this shift */
    int year, month, day;
};

/* care_scenario.c */
bool scenario_care_keys(const yaml_t *yaml, yaml_item_t *root, scenario_t *scenario, err_t *err);
bool scenario_care_plant(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err);

#endif
