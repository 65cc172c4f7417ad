/* What the debrief's pages show: words and numbers ready to print. Plain text only, so that
 * templates need not know where it came from. */
#ifndef TITER_WEB_DEBRIEF_VIEW_H
#define TITER_WEB_DEBRIEF_VIEW_H

#include "web/frame.h"

enum {
    DEBRIEF_MOMENTS = 3, /* the most costly ones, shown in full */
    DEBRIEF_PLAN_LINES = 3,
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
} reflect_t;

typedef struct {
    const char *name, *lost, *expert_lost, *evidence;
} debrief_part_t;

typedef struct {
    const char *kind, *harm, *chip; /* chip: "crit", "warn", "info" */
    const char *points, *at, *since, *seen, *truth, *text;
    const char *accession, *specimen_href; /* NULL: not about a specimen */
    const char *at_href;
} debrief_moment_t;

typedef struct {
    const char *accession, *href, *test, *reported, *in_patient, *in_tube, *unit, *state;
    bool apart; /* beyond the allowable total error */
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
    const char *name, *element, *observations, *verdict, *hits, *false_alarms;
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
    int planted_count, caught_count;
    const char *hits, *hit_rate, *false_alarms, *false_rate, *d_prime, *bias, *bias_words;
    debrief_turnaround_t turnaround[3];
    int turnaround_count;
    const char *criticals, *sops, *records;
    debrief_competence_t *competencies;
    int competence_count, minimum;
    /* plan */
    const char *card_text, *drill_title, *drill_href, *retry_day;
} debrief_page_t;

typedef struct {
    frame_t frame;
    const char *id, *title;
    const char *accession, *patient, *place, *collected, *arrived, *state, *tube, *truth, *panels;
    debrief_seen_t *rows;
    int row_count;
    debrief_moment_t *moments;
    int moment_count;
} debrief_specimen_page_t;

/* Nothing of a shift that is not over; a sentence and the way back. */
typedef struct {
    frame_t frame;
    const char *id;
} debrief_closed_t;

#endif
