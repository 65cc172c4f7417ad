/* What the pages of continuing education show. */
#ifndef TITER_WEB_LEDGER_VIEW_H
#define TITER_WEB_LEDGER_VIEW_H

#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *name, *needed, *verified, *declared, *possible, *missing, *state, *tone;
} ledger_need_t;

typedef struct {
    const char *id, *title, *unit, *start, *deadline, *left, *state, *tone, *number, *source, *late, *audit, *counts,
        *notes;
    ledger_need_t *needs;
    int need_count;
    const char *const *remarks;
    int remark_count;
    struct {
        const char *title, *counts, *amount, *why, *tone;
    } * lines;
    int line_count;
    bool asked; /* anything at all */
} ledger_card_t;

typedef struct {
    const char *hours, *topic, *when, *serves;
} ledger_step_t;

typedef struct {
    const char *id, *date, *title, *provider, *kind, *amount, *topics, *proof, *state, *tone, *counts, *record, *href;
    double date_number, amount_number;
} ledger_row_t;

typedef struct {
    frame_t frame;
    ledger_card_t *cards;
    int card_count;
    ledger_step_t *steps;
    int step_count;
    const char *plan_said, *left_out; /* left_out: NULL */
    ledger_row_t *rows;
    int count;
    table_t table;
    const char *chart_href, *chart_alt;
    int chart_width, chart_height;
} ledger_page_t;

typedef struct {
    const char *id, *title;
    bool chosen;
} ledger_choice_t;

typedef struct {
    const char *id, *name, *entry; /* entry: of the record, that it is attached to */
    bool chosen;
} ledger_document_t;

/* The form of an obligation or of an activity, with what was typed. */
typedef struct {
    frame_t frame;
    const char *id; /* "": a new one */
    ledger_choice_t *choices, *topics;
    int choice_count, topic_count;
    const char *start, *deadline, *number;
    bool first;
    const char *date, *title, *provider, *hours, *semester_hours, *quarter_hours, *proof, *verified_by;
    const char *entered;
    ledger_document_t *documents;
    int document_count;
} ledger_form_t;

#endif
