/* What the templates of reception's bench and store show. Plain text only. */
#ifndef TITER_WEB_DESK_TRAY_VIEW_H
#define TITER_WEB_DESK_TRAY_VIEW_H

#include "desk_view.h"
#include "lab/tray.h"

typedef struct {
    const char *name, *display, *program, *picture, *picture_text;
    bool runs;
    specimen_row_t *rows;
    int count;
    bool balance_tube;
} rotor_card_t;

typedef struct {
    desk_t *d;
    desk_tab_link_t views[DESK_TRAY_VIEWS];
    specimen_row_t *to_spin, *to_load, *unread;
    int to_spin_count, to_load_count, unread_count;
    rotor_card_t centrifuges[CENTRIFUGES];
    choice_t programs[SPIN_PROGRAMS_MAX], lines[SHIFT_LINES];
    int program_count, line_count;
} bench_page_t;

typedef struct {
    int32_t index;
    const char *accession, *href, *patient, *tube, *tests, *where, *stored, *drawn;
    double rank; /* order in the store */
} stored_row_t;

typedef struct {
    int32_t specimen;
    const char *accession, *href, *patient, *tests, *drawn, *where, *test, *analyte, *ordered, *state,
        *hand;      /* analyte NULL: an aliquot is asked for; hand: where the tube is taken in hand */
    bool open, out; /* out: on the bench */
} order_row_t;

typedef struct {
    desk_t *d;
    desk_tab_link_t views[DESK_TRAY_VIEWS];
    order_row_t orders[ADD_ONS_MAX];
    specimen_row_t *done;
    stored_row_t *stored;
    table_t table;
    int order_count, done_count, stored_count;
    choice_t stores[STORE_COUNT];
} store_page_t;

#endif
