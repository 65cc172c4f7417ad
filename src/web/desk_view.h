/* What the templates of a running shift show. Plain text only. */
#ifndef TITER_WEB_DESK_VIEW_H
#define TITER_WEB_DESK_VIEW_H

#include "desk.h"
#include "desk_cells.h"
#include "desk_racks.h"
#include "draw/look.h"
#include "web/table.h"

typedef struct {
    desk_t *d;
    specimen_row_t *rows;
    int count;
    const char *show; /* "all", "stat", "late" or NULL */
    table_t table;
} worklist_t;

typedef struct {
    const char *label, *order, *tube; /* what the order says, what is on the tube */
} compare_t;

typedef struct {
    desk_t *d;
    desk_tab_link_t views[DESK_TRAY_VIEWS];
    specimen_row_t *tray;
    int tray_count;
    bool open, inspected, in_tray, in_hand, spun;
    const char *parent; /* the tube that it was poured off, or NULL */
    choice_t *pours;    /* tests that may go into an aliquot: index, name */
    int pour_count;
    bool pour;
    const char *unread; /* when the analyzer did not read its barcode, or NULL */
    specimen_row_t at;
    compare_t *compare;
    int compare_count;
    const char *picture, *picture_text, *collected;
    const char *next;                          /* the next tube of the tray, or NULL */
    choice_t *reasons, *comments, *companions; /* companions: other tubes of the same draw */
    int reason_count, comment_count, companion_count;
} reception_t;

typedef struct {
    int32_t index;
    const char *test, *value, *mark, *unit, *interval, *prior, *trend, *trend_points, *qc, *qc_kind, *why, *state,
        *when;
    const char *group;   /* head of the rows that begin here ("Red cells"), or NULL */
    uint32_t hold;       /* HOLD_ bits */
    const char *raw;     /* what a diluted run read, or NULL */
    const char *ago;     /* how long before the earlier result was ("17 h"), or NULL */
    const char *comment; /* or NULL */
    const char *curve;   /* the page of its reaction curve, or NULL */
    bool critical, held, released, amended;
    const char *old, *amount;                /* amount: value with unit, and in SI units when asked for */
    const char *si, *si_interval, *si_prior; /* the same in SI units, when asked for; NULL: none */
} result_row_t;

typedef struct {
    desk_t *d;
    specimen_row_t *held;
    int held_count;
    bool open;
    specimen_row_t at;
    const char *facts; /* "F 67 · ED 4 · serum, gold top" */
    const char *times;
    result_row_t *results;
    int result_count;
    frame_chip_t *reasons;
    int reason_count;
    const char *container, *collected, *indices, *clotting, *next;
    const char *bench_href, *bench_title; /* the page of its bench, or NULL */
    const char *place;                    /* in the deck of an analyzer, or NULL */
    bool in_rack;                         /* and waits there */
    const char *blood;                    /* coagulation: fill, and the hematocrit of the same patient; or NULL */
    choice_t *companions;                 /* other tubes of the same draw: href, words */
    int companion_count;
    moment_t *moments;
    int moment_count;
    choice_t *cancels, *comments, *amends, *rejects, *tests;
    int cancel_count, comment_count, amend_count, reject_count, test_count, released_count, held_results;
    bool tick_all; /* asked for by the trainee */
    const char *tick_href;
    bool plasma;        /* is spun: has indices */
    bench_part_t bench; /* hematology, coagulation */
    const char *hint;   /* or NULL */
} queue_page_t;

enum { REACTION_FACTS = 12, REACTION_ROWS = 20 };

typedef struct {
    const char *at, *value, *what;
} reaction_row_t;

typedef struct {
    desk_t *d;
    specimen_row_t at;
    const char *test, *measured, *back, *principle, *source;
    const char *src, *alt, *none; /* none: why there is no curve, or NULL */
    int dilution;
    choice_t facts[REACTION_FACTS]; /* name, value */
    int fact_count;
    const char *heads[3];
    reaction_row_t rows[REACTION_ROWS];
    int row_count;
} reaction_page_t;

typedef struct {
    const char *test, *id, *lot, *since, *left, *expires, *calibrated, *calibrator, *wanted, *change, *state,
        *state_kind, *href, *next; /* next: lot of the bottle in the refrigerator */
} assay_row_t;

typedef struct {
    const char *name, *state, *queue, *start_up, *readings, *last_qc, *lamp;
    bool start_up_due;
    int line;
    assay_row_t *assays;
    choice_t maintenance[MAINTAIN_COUNT];
    int assay_count, maintenance_count;
    deck_part_t deck;
} line_card_t;

typedef struct {
    desk_t *d;
    line_card_t lines[SHIFT_LINES]; /* those in use */
    int line_count;
} chemistry_t;

enum { BOARD_SLOTS = 2 };

typedef struct {
    /* on the analyzer of its bench, and on the other one where there are two */
    const char *bench, *test, *line[BOARD_SLOTS], *href[BOARD_SLOTS], *state[BOARD_SLOTS], *kind[BOARD_SLOTS],
        *z[BOARD_SLOTS];
    double worst[BOARD_SLOTS]; /* SD farthest from the mean, of the last run; for sorting */
} qc_row_t;

typedef struct {
    desk_t *d;
    qc_row_t *rows;
    int count;
    bool benches; /* more than one in use */
    table_t table;
    struct {
        int line, run;
        const char *name, *when, *open;
    } runs[SHIFT_LINES * 8];
    int run_count, months_due; /* tests whose month waits for its review */
} board_t;

typedef struct {
    const char *run, *when, *z1, *z2, *z3, *v1, *v2, *v3, *marks, *decision;
} qc_point_row_t;

typedef struct {
    const char *accession, *href, *patient, *value, *when;
} look_back_row_t;

typedef struct {
    int left, top, right, bottom, run;
    const char *says;
} point_area_t;

typedef struct {
    desk_t *d;
    const char *title, *test, *chart, *chart_text, *facts, *unit, *average, *hint, *month;
    int line, run;
    bool to_judge, can_look_back;
    qc_point_row_t *points;
    point_area_t *areas; /* of the picture, so that every point can be reached by key */
    int point_count, area_count, since, levels;
    choice_t *rules, *causes, *fixes, *amends;
    int rule_count, cause_count, fix_count, amend_count;
    look_back_row_t *look_back; /* the newest of `since` */
    int look_back_count;
    result_row_t *changed; /* repeats of released results that wait */
    int changed_count;
} qc_test_t;

typedef struct {
    int32_t index;
    const char *when, *who, *what, *value, *state, *said, *read_back_word;
    bool ringing, talking, read_back;
    double at_s; /* for sorting */
} call_row_t;

typedef struct {
    result_row_t result;
    int32_t specimen;
    const char *accession, *href, *patient, *place, *collected, *tried;
} critical_row_t;

typedef struct {
    desk_t *d;
    call_row_t *calls;
    int call_count;
    call_row_t *log; /* the same, sorted and filtered */
    int log_count;
    table_t table;
    critical_row_t *criticals; /* released or held criticals, newest first */
    int critical_count;
    const char *about; /* accession that was asked for, or NULL */
    choice_t ladder[4];
} phone_page_t;

typedef struct {
    const char *id, *title, *href;
} sop_row_t;

typedef struct {
    desk_t *d;
    const char *query;
    sop_row_t *rows;
    int count;
    bool open;
    sop_view_t sop;
} sops_page_t;

typedef struct {
    desk_t *d;
    specimen_row_t *pending;
    int pending_count;
    const char *qc, *calls, *care;
} handover_t;

/* Other tubes of the same draw: address, and words for the link. */
choice_t *desk_companions(const desk_t *d, const specimen_view_t *s, int *count);
/* The analyzer with its tests. */
void desk_line_card(const desk_t *d, int line, line_card_t *card);
/* An open specimen with its results and what is said of it; of the queue, `newest_only`. */
void desk_open_specimen(queue_page_t *p, int32_t index, bool newest_only);
/* The same for review: with the coded lists, the hint and the keys. */
void desk_review_fill(queue_page_t *p, int32_t index, const request_t *request);

/* Pictures follow the color scheme of the page (?scheme=dark). */
draw_look_t desk_look(const request_t *request);
/* A value with its unit, and in SI units behind it when asked for: "7.83 mg/dL (692 µmol/L)". */
const char *desk_value(const desk_t *d, const result_view_t *v);
/* One result for a table. */
void desk_result_row(const desk_t *d, const result_view_t *v, char sex, result_row_t *row);

#endif
