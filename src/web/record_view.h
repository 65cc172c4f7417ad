/* What the pages of the record show. */
#ifndef TITER_WEB_RECORD_VIEW_H
#define TITER_WEB_RECORD_VIEW_H

#include "web/frame.h"

#include <stdint.h>

/* ---- the overview ---- */

typedef struct {
    const char *id, *title, *sub;
    int documents, corrections;
} record_card_t;

typedef struct {
    const char *key, *title, *one, *about;
    record_card_t *cards;
    int count;
    bool none; /* said to have none */
    bool full; /* no more fit */
    bool single;
} record_part_t;

typedef struct {
    frame_t frame;
    record_part_t *parts;
    int part_count;
    int entries, documents, withdrawn;
    const char *megabytes; /* of documents */
} record_page_t;

/* ---- one entry ---- */

typedef struct {
    const char *label, *value;
} record_line_t;

typedef struct {
    const char *id, *name, *type, *size, *added;
    bool picture, telephone; /* shown in the page; or in the format of telephones, which is not */
} record_document_t;

typedef struct {
    const char *when, *what;
    record_line_t *lines;
    int count;
} record_step_t;

typedef struct {
    frame_t frame;
    const char *id, *section, *section_key, *title;
    bool withdrawn;
    record_line_t *lines;
    int count;
    record_document_t *documents;
    int document_count;
    record_step_t *steps;
    int step_count;
    const char *wrong;      /* an upload that was refused */
    const char *looks_like; /* a text that may name a patient, and what it looks like */
} record_entry_page_t;

/* ---- the form ---- */

typedef enum { RECORD_INPUT, RECORD_AREA, RECORD_SELECT, RECORD_CHECKS } record_input_t;

typedef struct {
    const char *value, *text;
    bool chosen;
} record_choice_t;

typedef struct {
    const char *key, *label, *hint, *value, *wrong, *mode; /* mode: of a small keyboard, or NULL */
    record_input_t input;
    bool needed, folded; /* folded: a long list of checks */
    record_choice_t *choices;
    int count, chosen;
} record_input_field_t;

typedef struct {
    frame_t frame;
    const char *title, *about, *action, *back, *wrong; /* wrong: of no single field */
    int64_t seq;
    record_input_field_t *fields;
    int count;
    bool corrects;
} record_form_page_t;

/* ---- import and deletion ---- */

typedef struct {
    const char *section, *title, *sub, *what;
} record_import_row_t;

typedef struct {
    frame_t frame;
    const char *wrong, *text; /* text: the file, to be sent again with the confirmation */
    int kilobytes;
    bool planned;
    record_import_row_t *rows;
    int count, added, corrected, same, none, documents;
    bool archive; /* a ZIP: it is sent again with the confirmation */
    int ledger_added, ledger_corrected, ledger_same;
} record_import_page_t;

typedef struct {
    frame_t frame;
    const char *wrong, *words; /* the words to be typed */
    int entries, documents;
} record_delete_page_t;

#endif
