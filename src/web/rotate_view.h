/* What the pages of a rotation show. */
#ifndef TITER_WEB_ROTATE_VIEW_H
#define TITER_WEB_ROTATE_VIEW_H

#include "app/rotation.h"
#include "web/frame.h"
#include "web/table.h"

typedef struct {
    frame_t frame;
    const char *tab; /* href of the page's own tab */
} rotate_frame_t;

typedef struct {
    const char *id, *text;
    bool chosen;
} option_t;

typedef struct {
    const char *id, *text;
    int chosen; /* BEHAVIOR_UNANSWERED, RATING_NONE, 0..5 */
} behavior_row_t;

/* ---- log ---- */

typedef struct {
    const char *id, *title, *value;
} count_field_t;

typedef struct {
    const char *title;
    bool open;
    const count_field_t *fields;
    int count;
} count_group_t;

typedef struct {
    rotate_frame_t r;
    const char *action, *what; /* what: the entry that is corrected, or NULL */
    const char *day, *in, *out, *breaks, *site, *reflection, *reason;
    const char *request; /* kept over a refusal; NULL: a new one */
    option_t *departments, *sites;
    int department_count, site_count;
    count_group_t groups[DEPARTMENTS_MAX];
    int group_count;
    bool ask_patient; /* show the box "names nobody" */
} log_page_t;

/* ---- lists ---- */

typedef struct {
    const char *id, *href, *day, *site, *department, *in, *out, *breaks, *hours, *work, *state, *by, *marks,
        *state_kind;
    double hours_number;
    bool waits;
} entry_row_t;

typedef struct {
    rotate_frame_t r;
    table_t table;
    entry_row_t *rows;
    int count;
} entries_page_t;

typedef struct {
    const char *title, *href, *since, *mailto;
} waiting_row_t;

typedef struct {
    const char *id, *title, *required, *is_signed, *waiting, *missing, *own;
    double share_signed, share_waiting; /* of the requirement, percent, together at most 100 */
    bool has_required, done;
} hours_row_t;

typedef struct {
    const char *title, *asked, *is_signed, *waiting;
} done_row_t;

typedef struct {
    rotate_frame_t r;
    hours_row_t hours[DEPARTMENTS_MAX + 1]; /* the last one: all together */
    int hour_count;
    done_row_t *done;
    int done_count;
    waiting_row_t *waiting;
    int waiting_count;
    int complete, competencies, remediation, days, days_without_hands, unsound, unread, entry_count;
    const char *name, *program, *program_title, *requirement_title, *requirement_source, *head, *reminder;
    option_t *requirements, *programs, *departments;
    int requirement_count, program_count, department_count;
} overview_page_t;

/* ---- one item ---- */

typedef struct {
    const char *name, *value;
} pair_t;

typedef struct {
    const char *text, *self, *preceptor;
} beside_row_t;

enum { ITEM_PAIRS_MAX = 64 };

typedef struct {
    item_kind_t kind;
    const char *id, *title;
    pair_t pairs[ITEM_PAIRS_MAX]; /* what is signed */
    int pair_count;
    bool is_signed, sound;
    const char *by, *role, *when, *how, *comment, *receipt; /* of the signature */
    const char *self, *rating, *self_comment;               /* of a skill, once it is signed */
    beside_row_t beside[BEHAVIORS_MAX];                     /* of an evaluation, once it is signed */
    int beside_count;
    const char *earlier; /* an earlier version was signed: by whom, and its receipt; or NULL */
    int versions;
} item_view_t;

typedef struct {
    const char *name, *when, *text;
} note_row_t;

typedef struct {
    rotate_frame_t r;
    item_view_t item;
    note_row_t *notes;
    int note_count, pin_count;
    const char *note_name, *note_text; /* after a refusal */
    bool ask_patient;
    /* after a link was made */
    const char *link, *qr, *expires, *mailto;
} item_page_t;

/* ---- the preceptor's page ---- */

typedef struct {
    rotate_frame_t r;
    const char *action, *heading, *student;
    item_view_t item;
    behavior_row_t behaviors[BEHAVIORS_MAX];
    int behavior_count, rating; /* rating: RATING_NONE while nothing is chosen */
    option_t *pins;             /* sign by PIN; NULL: by link */
    int pin_count;
    const char *name, *role, *comment, *notice_kind, *notice, *receipt, *back;
    bool paper, ask_patient, done, returned;
} sign_page_t;

typedef struct {
    rotate_frame_t r;
    const char *notice, *code;
} code_page_t;

typedef struct {
    const char *id, *name, *role, *since;
} pin_row_t;

typedef struct {
    rotate_frame_t r;
    pin_row_t *rows;
    int count;
    const char *name, *role;
} pins_page_t;

/* ---- competencies and evaluations ---- */

typedef struct {
    const char *id, *area, *department, *text, *state, *state_kind, *self, *rating, *by, *href, *elements, *source,
        *bench;
    bool waits, new_area;
} skill_row_t;

typedef struct {
    const char *text;
    int tagged, complete;
    double share;
} element_row_t;

typedef struct {
    rotate_frame_t r;
    table_t table;
    skill_row_t *rows;
    int count, complete, all;
    element_row_t elements[ELEMENTS];
    const char *program_title;
} skills_page_t;

typedef struct {
    rotate_frame_t r;
    const char *id, *text, *site, *comment, *request, *elements, *bench, *source;
    int self;
    bool ask_patient;
    skill_row_t *past;
    int past_count;
} skill_page_t;

typedef struct {
    rotate_frame_t r;
    behavior_row_t behaviors[BEHAVIORS_MAX];
    int behavior_count;
    option_t *departments;
    int department_count;
    const char *site, *comment, *request;
    bool final, ask_patient;
    waiting_row_t *past;
    int past_count;
} evaluations_page_t;

/* ---- places ---- */

typedef struct {
    const char *id, *site, *department, *dates, *days, *hours, *students;
    int capacity, placed;
} slot_row_t;

typedef struct {
    const char *name;
    int answers;
    const char *scores[ROTATION_SITE_QUESTIONS]; /* NULL below five answers */
    const char *const *comments;
    int comment_count;
} site_row_t;

typedef struct {
    rotate_frame_t r;
    option_t *sites, *departments;
    int site_count, department_count;
    slot_row_t *slots;
    int slot_count;
    site_row_t *rows;
    const char *questions[ROTATION_SITE_QUESTIONS], *days[7]; /* days: Monday first */
    bool ask_patient;
} places_page_t;

/* ---- outcomes ---- */

typedef struct {
    const char *year, *rate, *counts, *href;
    bool pooled, provisional;
} cohort_cell_t;

typedef struct {
    const char *title, *accreditor, *pooled_rate, *pooled_counts, *threshold, *verdict, *verdict_kind, *href, *span,
        *numerator, *denominator, *standard, *source, *as_of;
    double share, threshold_share;
    bool provisional, has_rate, has_threshold;
    cohort_cell_t *years;
    int year_count;
} cohort_row_t;

typedef struct {
    rotate_frame_t r;
    cohort_row_t *rows;
    int count, persons;
    const char *csv; /* what was typed, after a refusal */
} cohort_page_t;

typedef struct {
    const char *id, *cohort, *counted, *why, *times;
} person_row_t;

typedef struct {
    rotate_frame_t r;
    table_t table;
    const char *title, *figure, *rule;
    person_row_t *rows;
    int count;
} persons_page_t;

#endif
