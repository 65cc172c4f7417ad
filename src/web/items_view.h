/* What the pages of items show: the list, an item with its key, its form. Instructor's side. */
#ifndef TITER_WEB_ITEMS_VIEW_H
#define TITER_WEB_ITEMS_VIEW_H

#include "exhibit.h"
#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *value, *text;
    bool chosen;
} item_choice_t;

typedef struct {
    const char *id, *stem, *lesson, *area, *type, *programs, *state, *version, *given_text, *right_text, *changed;
    double difficulty, given, right; /* right: percent; NAN below one answer */
    const char *difficulty_text;
} item_row_t;

typedef struct {
    const char *name, *label;
    item_choice_t *choices;
    int count;
} item_filter_t;

enum { ITEM_FILTERS = 5 };

typedef struct {
    frame_t frame;
    table_t table;
    item_row_t *rows;
    int count;
    item_filter_t filters[ITEM_FILTERS];
    const char *sort; /* stays with the filters; NULL: none */
    const char *export_href;
} item_list_t;

typedef struct {
    const char *text, *right, *why, *mark; /* mark: "key", "1." */
    bool key;
} item_part_row_t;

typedef struct {
    const char *when, *what, *href; /* href: that version; NULL */
} item_event_row_t;

typedef struct {
    const char *value, *label;
} item_step_t;

typedef struct {
    frame_t frame;
    const char *id, *about, *enemies, *stem, *type, *why, *facts, *state, *statistics, *rating, *unit, *answer,
        *version_note;
    bool has_version, draft, reviewable, single, several, order, match, numeric;
    const char **shown; /* as the candidate sees them */
    const char **rights;
    int shown_count;
    item_part_row_t *parts;
    int part_count;
    item_event_row_t *events;
    int event_count;
    item_step_t steps[2];
    int step_count;
    const char *typed_name, *typed_answer, *typed_resolution;
    const char **warnings;
    int warning_count;
    int shown_version; /* an old one; 0: the newest */
    app_exhibit_t seen;
    exhibit_view_t exhibit;
} item_page_t;

typedef enum { ITEM_LINE, ITEM_AREA, ITEM_SELECT } item_input_t;

typedef struct {
    item_input_t input;
    const char *name, *label, *value, *hint, *wrong; /* wrong: a sentence, or NULL */
    item_choice_t *choices;
    int choice_count, max;
} item_field_t;

typedef struct {
    const char *legend;
    const char *key_name; /* a tick for the key, or NULL */
    bool key;
    item_field_t fields[3];
    int count;
} item_form_part_t;

typedef struct {
    const char *href, *text;
    bool warning;
} item_mistake_t;

/* A line of a picture's data. */
typedef struct {
    int number; /* from 1 */
    const char *key_name, *value_name, *value;
    item_choice_t *keys;
    int key_count;
} item_data_row_t;

enum { ITEM_FORM_FIELDS = 16, ITEM_DATA_ROWS = 80, PICTURE_KINDS_SHOWN = 40 };

typedef struct {
    frame_t frame;
    const char *id, *title, *action; /* id: NULL for a new one */
    int64_t seq;
    item_field_t author;
    item_field_t head[ITEM_FORM_FIELDS], answer[ITEM_FORM_FIELDS];
    int head_count, answer_count;
    item_choice_t programs[3];
    const char *set, *set_text; /* the case; "" or NULL: none */
    const char *programs_wrong, *parts_wrong, *parts_hint;
    item_form_part_t *parts;
    int part_count;
    item_mistake_t *mistakes;
    int mistake_count, error_count;
    bool pictured, screen, places; /* the picture's part stands there; of a screen; of a hotspot item */
    item_field_t kind, seed, alt;
    const char *data_wrong, *preview_wrong;
    item_data_row_t *data;
    int data_count;
    const char **names; /* of its places */
    int name_count;
    app_exhibit_t seen;
    exhibit_view_t preview;
} item_form_t;

#endif
