/* What the debrief's pages show: words and numbers ready to print. Plain text only, so that
 * templates need not know where it came from. */
#ifndef TITER_WEB_DEBRIEF_VIEW_H
#define TITER_WEB_DEBRIEF_VIEW_H

#include "web/frame.h"

enum {
    DEBRIEF_MOMENTS = 3, /* the most costly ones, shown in full */
    DEBRIEF_CARDS = 3,
    DEBRIEF_PLAN_LINES = DEBRIEF_CARDS + 2,
    DEBRIEF_DAYS = 6,
    DEBRIEF_CRITICALS = 10, /* critical failures listed first */
    DEBRIEF_RATED = 8,      /* competencies to rate before the score */
    DEBRIEF_REMARKS = 12,
    DEBRIEF_PARTS = 7,       /* of the score */
    DEBRIEF_COMPARED = 16,   /* rows of the comparison with the careful run */
    DEBRIEF_SEEN_ROWS = 120, /* rows of seen and true at one minute */
    DEBRIEF_STEP_MIN = 15,
};

typedef struct {
    frame_t frame;
    const char *id, *title;
    const char *reaction, *rating; /* as typed, or NULL */
    const char *wrong;             /* what is wrong with the rating, or NULL */
    const char *mode;
    struct {
        const char *name, *field, *typed;
    } each[DEBRIEF_RATED];
    int each_count;
} reflect_t;

typedef struct {
    int number;
    int kind; /* plan_kind_t */
    const char *name, *text, *answer, *scenario_id, *title, *mode, *minutes;
    int days; /* until a card comes */
    bool card, retry;
    const char *kept; /* the day it is due; NULL: not kept */
} debrief_plan_line_t;

typedef struct {
    int days;
    const char *day;
    bool chosen;
} debrief_day_t;

typedef struct {
    const char *name, *day, *text, *grade; /* grade: by hand, or NULL */
} debrief_remark_t;

typedef struct {
    const char *name, *lost, *expert_lost, *evidence;
} debrief_part_t;

typedef struct {
    const char *kind, *harm, *chip; /* chip: "crit", "warn", "info" */
    const char *points, *at, *since, *seen, *truth, *text;
    const char *accession, *specimen_href; /* NULL: not about a specimen */
    const char *at_href;
    const char *expert; /* what the careful run did at the same moment, or NULL */
} debrief_moment_t;

typedef struct {
    const char *accession, *href, *test, *reported, *in_patient, *in_tube, *unit, *state;
    const char *si[4]; /* reported, in patient, in tube, unit: in SI units when asked for, else NULL */
    bool apart;        /* beyond the allowable total error */
} debrief_seen_t;

typedef struct {
    const char *what, *where, *at, *verdict, *cue;
    bool caught;
} debrief_plant_t;

typedef struct {
    const char *name, *you, *expert;
} debrief_compared_t;

typedef struct {
    const char *priority, *n, *median, *p90, *target, *late, *verdict;
} debrief_turnaround_t;

typedef struct {
    const char *name, *element, *observations, *verdict, *hits, *false_alarms, *said;
} debrief_competence_t;

typedef struct {
    const char *name, *at_href;
    bool current;
} debrief_stop_t;

typedef struct {
    frame_t frame;
    const char *id, *title, *mode, *seed, *date, *scenario_id, *mode_word;
    const char *score, *expert_score, *self_rating, *reaction, *prevalence;
    debrief_part_t parts[DEBRIEF_PARTS];
    int part_count;
    /* the minute */
    int at_min, length_min, picture_width, picture_height;
    const char *at_clock, *end_clock, *picture_href, *png_href, *picture_alt;
    const char *back_href, *forward_href, *previous_href, *next_href; /* NULL at an end */
    bool all;                                                         /* every result, not only those apart */
    const char *all_href;
    debrief_seen_t *seen;
    int seen_count, seen_left, resulted, apart;
    /* findings */
    debrief_moment_t *moments;                     /* all, most costly first; moment_count of them in full */
    int moment_count, finding_count, severe_count; /* severe: critical failures */
    debrief_compared_t compared[DEBRIEF_COMPARED];
    int compared_count;
    const char *expert_missing; /* why there is no careful run to compare with, or NULL */
    debrief_plant_t *planted;
    int planted_count, came_count, caught_count;
    int judged; /* specimens with a verdict: below `minimum` the score says nothing */
    const char *hits, *hit_rate, *false_alarms, *false_rate, *d_prime, *bias, *bias_words;
    debrief_turnaround_t turnaround[3];
    int turnaround_count;
    const char *criticals, *sops, *records;
    const char *stat_in_rack; /* or NULL */
    debrief_competence_t *competencies;
    int competence_count, minimum;
    /* plan */
    debrief_plan_line_t plan[DEBRIEF_PLAN_LINES];
    int plan_count;
    debrief_day_t days[DEBRIEF_DAYS];
    const char *retry_day;
    /* said afterward */
    debrief_remark_t remarks[DEBRIEF_REMARKS];
    int remark_count;
    const char *grade;                                    /* the newest one by hand, or NULL */
    const char *remark_name, *remark_text, *remark_grade; /* as typed, after a refusal */
    const char *remark_wrong;
    const debrief_moment_t *critical[DEBRIEF_CRITICALS];
    int critical_count;
    const char *hints;
} debrief_page_t;

typedef struct {
    const char *at, *treatment, *test, *value;
} debrief_study_t;

typedef struct {
    frame_t frame;
    const char *id, *title;
    const char *accession, *patient, *place, *collected, *arrived, *state, *tube, *truth, *panels;
    debrief_seen_t *rows;
    int row_count;
    debrief_moment_t *moments;
    int moment_count;
    const char *mode, *film; /* film: what a colleague saw, or NULL */
    debrief_study_t *studies;
    int study_count;
} debrief_specimen_page_t;

/* Whether that number was typed. */
bool reflect_is(const char *typed, size_t number);

/* Nothing of a shift that is not over; a sentence and the way back. */
typedef struct {
    frame_t frame;
    const char *id;
} debrief_closed_t;

#endif
