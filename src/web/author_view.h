/* What the authoring pages show: the list of scenarios, the form of one, its preview, the import. */
#ifndef TITER_WEB_AUTHOR_VIEW_H
#define TITER_WEB_AUTHOR_VIEW_H

#include "lab/scenario.h"
#include "web/frame.h"

typedef struct {
    const char *value, *text;
    bool chosen;
} author_choice_t;

typedef enum { AUTHOR_LINE, AUTHOR_AREA, AUTHOR_SELECT, AUTHOR_CHECKS } author_input_t;

typedef struct {
    author_input_t input;
    const char *name, *id, *label, *hint, *value, *wrong; /* wrong: a sentence, or NULL */
    const char *described;                                /* ids of hint and complaint, or NULL */
    author_choice_t *choices;
    int choice_count, max, lines;
    bool required, number, wide, focus;
    bool folded; /* a long list of a row: behind a summary */
    int chosen;
} author_field_t;

typedef struct {
    const char *heading, *id;
    author_field_t *fields;
    int count;
} author_section_t;

/* A planted thing or a call. */
typedef struct {
    const char *part, *kind; /* "p3"; the hidden field of planted things, or NULL */
    const char *title, *help, *wrong;
    int number;
    bool open;
    author_field_t *fields;
    int count;
} author_row_t;

typedef struct {
    const char *href, *text;
} author_mistake_t;

typedef struct {
    int number;
    const char *date;
    bool newest;
} author_version_t;

typedef struct {
    frame_t frame;
    const char *id, *title;
    int64_t seq;
    int version;
    bool unfinished, focus_add;
    author_section_t *sections;
    int section_count;
    author_row_t *planted, *calls;
    int planted_count, call_count, planted_max, call_max;
    author_choice_t *kinds;
    int kind_count;
    author_mistake_t *mistakes;
    int mistake_count;
    author_version_t *versions; /* newest first */
    int version_count;
} author_form_t;

typedef struct {
    const char *id, *title, *state, *changed, *facts;
    bool playable;
    shift_mode_t mode;
} author_card_t;

typedef struct {
    frame_t frame;
    author_card_t *cards;
    int count;
    author_choice_t *models; /* to begin from a copy */
    int model_count;
} author_list_t;

typedef struct {
    frame_t frame;
    const char *text, *wrong; /* what was pasted and why it was refused */
    int line;                 /* of the complaint; 0: none */
    const char *line_text;
    int kilobytes;
} author_import_t;

/* ---- preview ---- */

typedef struct {
    const char *name, *help, *mean, *low, *lead;
    bool careful;
} author_pilot_t;

typedef struct {
    const char *test, *unit, *reported, *in_tube, *in_patient;
    bool differs;
} author_value_t;

typedef struct {
    const char *accession, *who;
    author_value_t *values;
    int count;
} author_specimen_t;

typedef struct {
    int number, seeds;
    const char *what, *when, *where, *cue, *share, *overlooked, *outcome;
    bool caught, weak; /* weak: seldom does harm, even to who accepts everything */
    author_specimen_t *specimens;
    int specimen_count;
} author_planted_t;

typedef struct {
    const char *hours;
    int count, stat;
} author_hour_t;

typedef struct {
    const char *name, *value;
} author_fact_t;

enum { AUTHOR_HOURS = 14, AUTHOR_FACTS = 12, AUTHOR_PILOTS = 8 };

typedef struct {
    frame_t frame;
    const char *id, *title, *why, *seed, *mode;
    int version, seeds, most; /* most: of one hour */
    int least, margin, quiet_margin;
    bool solvable, fair, anything_planted;
    author_pilot_t pilots[AUTHOR_PILOTS];
    int pilot_count;
    author_planted_t *planted;
    int planted_count;
    author_hour_t hours[AUTHOR_HOURS];
    int hour_count;
    author_fact_t facts[AUTHOR_FACTS];
    int fact_count;
} author_preview_t;

#endif
