/* The debrief: the one door in the wall between truth and sight. It opens only for a shift that
 * is over. Every decision is judged on what was visible when it was made, and weighted by harm. */
#ifndef TITER_LAB_DEBRIEF_H
#define TITER_LAB_DEBRIEF_H

#include "lab/pilot.h"
#include "lab/shift.h"

enum {
    DEBRIEF_FINDINGS = 2000, /* decisions worth talking about */
    DEBRIEF_PLANTS = 32,
    DEBRIEF_COMPETENCIES = 16,
    DEBRIEF_MINIMUM_OBSERVATIONS = 5, /* below: "too few to say" */
};

typedef enum { HARM_NONE, HARM_MINOR, HARM_MODERATE, HARM_SEVERE } harm_t;

typedef enum {
    FINDING_HARMFUL_RELEASE, /* a result went out wrong, and a cue was there */
    FINDING_CAUGHT,          /* a wrong result was stopped, or amended in time */
    FINDING_UNKNOWABLE,      /* wrong, but nothing visible said so: not counted */
    FINDING_WRONG_REJECTION, /* a good specimen sent back */
    FINDING_RIGHT_REJECTION,
    FINDING_UNFIT_TAKEN,   /* a tube that leaks, is past its date or has no collection time, and results went out */
    FINDING_UNFIT_SETTLED, /* the ward was asked for what was missing */
    FINDING_CRITICAL_LATE, /* a true critical not called in time, or without a right read-back */
    FINDING_CRITICAL_CALLED,
    FINDING_QC_MISSED, /* a fault ran on though the controls showed it */
    FINDING_QC_CAUGHT,
    FINDING_QC_FALSE_ALARM, /* a rejected run with nothing wrong and no rule broken */
    FINDING_NEEDLESS_CALL,
    FINDING_NEEDLESS_REPEAT,
    FINDING_LATE_RESULT,
    FINDING_BLANK_RECORD, /* a reason, comment or log left empty */
    FINDING_PHONE,        /* a reply out of scope or without identifiers */
    FINDING_WORKUP_DONE,
    FINDING_WORKUP_MISSED, /* what the blood asked for was not done */
    FINDING_SURVEY_PASSED,
    FINDING_SURVEY_FAILED, /* a proficiency specimen off its target, not reported, or treated unlike a patient's */
    /* analyzer care, stores and downtime */
    FINDING_CARE_DONE,         /* done as it should be */
    FINDING_CARE_UNSIGNED,     /* a list or log that was due */
    FINDING_CARE_INVENTED,     /* signed without looking, or other values than the display's */
    FINDING_CARE_OUT_OF_RANGE, /* signed as acceptable */
    FINDING_CARE_EXCURSION,    /* of a refrigerator, not dealt with */
    FINDING_CARE_STOCK,        /* expired or warm bottle; a lot without its crossover */
    FINDING_CARE_ALARM,        /* not looked after */
    FINDING_CARE_UNVERIFIED,   /* patients before the checks after a repair */
    FINDING_CARE_DOWNTIME,     /* no log, wards not told, STAT left waiting */
    FINDING_CARE_ENTRY,        /* slip, double or missing entry */
    FINDING_CARE_FALSE,        /* alarm about something that was good */
    /* what hands did with a tube */
    FINDING_TUBE_DONE,     /* as it should be */
    FINDING_TUBE_SPIN,     /* run after a spin that was too short or too slow */
    FINDING_TUBE_LABEL,    /* a fresh label without comparing, or on a tube that is nobody's; a tube left unread */
    FINDING_TUBE_ADD_ON,   /* a test added to a tube that is too old for it, refused for none, or left unanswered */
    FINDING_TUBE_ALIQUOT,  /* one that nobody can tell whose it is */
    FINDING_TUBE_UNSTORED, /* finished tubes on the bench at the end */
    /* reviews of the month of controls */
    FINDING_REVIEW_DONE,
    FINDING_REVIEW_WRONG,    /* limits signed that hide what the controls show */
    FINDING_REVIEW_MISSED,   /* not signed; kept though plainly wrong; a month that moves signed as in order */
    FINDING_REVIEW_NEEDLESS, /* a cause is looked for where there is none */
    FINDING_KINDS
} finding_kind_t;

typedef struct {
    finding_kind_t kind;
    harm_t harm;
    int32_t at_s;                                       /* when it was decided, or should have been */
    int32_t visible_s;                                  /* since when the cue could be seen; INT32_MIN: never */
    int32_t specimen, result, line, analyte, run, call; /* -1: none */
    double seen, truth;                                 /* numbers to show side by side; NAN: none */
    double points;                                      /* lost (positive) */
    char text[240];                                     /* one sentence: what happened, why, what the cue was */
} finding_t;

/* One planted thing and what became of it. */
typedef struct {
    const char *what; /* "EDTA contamination", "Chloride electrode drift" */
    char where[64];   /* "26-1042", "AN-1 chloride" */
    int32_t at_s;
    bool came; /* before the end of the shift: else it says nothing */
    bool caught;
    int32_t caught_s;
    char cue[160]; /* what could be seen, and since when */
} planted_t;

/* In the order in which a debrief lists them. */
typedef enum {
    COMPETENCE_ACCEPTANCE,
    COMPETENCE_RELEASE,
    COMPETENCE_CRITICALS,
    COMPETENCE_CONTROLS,
    COMPETENCE_UPKEEP,
    COMPETENCE_PLANTED,
    COMPETENCE_PROBLEMS,
    COMPETENCE_TELEPHONE,
    COMPETENCE_COUNT
} competence_t;
const char *competence_name(competence_t competence);    /* "Specimen acceptance" */
const char *competence_element(competence_t competence); /* of 42 CFR 493.1451(b)(8) */
/* The word of event files: "acceptance". */
const char *competence_word(competence_t competence);

/* Decisions on the specimens of one bench. */
typedef struct {
    int released, harmful, hits, misses, false_alarms, correct_passes;
} bench_tally_t;

typedef struct {
    const char *name;    /* "Specimen acceptance" */
    const char *element; /* which of the six elements of US competency assessment (42 CFR 493.1451(b)(8)) */
    int observations, right;
    int hits, misses, false_alarms, correct_passes; /* signal detection */
} competency_t;

typedef struct {
    int n;
    double median_min, p90_min, target_min;
    int late;
} turnaround_t;

typedef struct {
    double score; /* 0..100 */
    struct {
        double safety, quality_control, criticals, over_reaction, turnaround, records, care;
    } lost; /* points by part */
    int specimens, results, released, amended, harmful_releases, harmful_by_severity[4];
    int criticals_due, criticals_called_in_time;
    int qc_faults, qc_detected, qc_false_rejections, qc_runs;
    int rejected_right, rejected_wrong;
    int hits, misses, false_alarms, correct_passes;
    double d_prime, bias;       /* NAN below the minimum of observations; log-linear correction (Hautus 1995) */
    turnaround_t turnaround[3]; /* by priority_t */
    struct {
        int tubes, longest_min;
        int32_t longest; /* specimen, -1: none */
    } stat_in_rack;      /* STAT tubes in a rack while the STAT port had room, and others were sampled before them */
    int sop_opened, actions, needless_calls;
    finding_t *findings;
    int finding_count; /* most costly first; owned by the debrief */
    planted_t planted[DEBRIEF_PLANTS];
    int planted_count;
    competency_t competency[DEBRIEF_COMPETENCIES];
    int competency_count;
    bench_tally_t bench[BENCH_COUNT];
    bool drill; /* prevalence of faults: drill (many) or real life (few) */
} debrief_t;

/* ERR_STATE while the shift is not over. Free with debrief_free. */
bool debrief_make(const shift_t *shift, debrief_t **debrief, err_t *err);
void debrief_free(debrief_t *debrief);

/* Seen and true side by side at one minute: everything of a specimen's result as it stood then. */
typedef struct {
    int32_t result;
    double reported, truth_in_patient, truth_in_tube; /* conventional units; NAN: not yet */
    bool released;
} seen_true_t;
int debrief_specimen_at(const shift_t *shift, int32_t specimen, int32_t at_s, seen_true_t *rows, int max, err_t *err);

/* What was really in the tube, in words ("hemolysis, free Hb 310 mg/dL"); "" when nothing was wrong. */
bool debrief_specimen_truth(const shift_t *shift, int32_t specimen, text_t *out, err_t *err);

/* The careful autopilot on the same scenario and seed, judged, and the shift as it worked it (free with shift_free). */
bool debrief_expert(const shift_t *shift, debrief_t **debrief, shift_t **worked, err_t *err);

/* Scenario check: runs the autopilots on `seeds` seeds and says whether the scenario is solvable
 * (careful scores at least SCENARIO_SOLVABLE) and fair (careful beats every naive pilot by 25 on at
 * least 95 % of seeds when something is planted; within 5 of accept-all when nothing is). */
enum { SCENARIO_SOLVABLE = 70, SCENARIO_MARGIN = 25, SCENARIO_QUIET_MARGIN = 5 };
typedef struct {
    int seeds;
    double mean[PILOT_COUNT], low[PILOT_COUNT]; /* mean and 5th percentile of the score */
    double beaten[PILOT_COUNT];                 /* share of seeds on which careful leads by the margin */
    double caught[DEBRIEF_PLANTS];              /* share of seeds on which careful caught that planted thing */
    double overlooked[DEBRIEF_PLANTS];          /* share of seeds on which accept-all came to harm by it */
    int planted_count;
    bool planted, solvable, fair;
    char why[240];
} scenario_verdict_t;
bool debrief_check_scenario(const lab_t *lab, const scenario_t *scenario, int seeds, scenario_verdict_t *verdict,
                            err_t *err);

#endif
