/* What the page of the bank's calibration shows. Instructor's side. */
#ifndef TITER_WEB_ITEMS_CALIBRATION_VIEW_H
#define TITER_WEB_ITEMS_CALIBRATION_VIEW_H

#include "web/frame.h"
#include "web/table.h"

typedef struct {
    const char *id, *answers_text, *right_text, *author_text, *now_text, *state, *after_text, *change_text, *infit_text,
        *outfit_text, *fit;
    double answers, right, author, now, after, change, infit, outfit; /* NAN: not known, sorted last */
} calibration_row_t;

typedef struct {
    const char *when, *who, *items, *answers, *persons, *moved, *largest;
} calibration_past_row_t;

typedef struct {
    frame_t frame;
    table_t table;
    calibration_row_t *rows;
    int count;
    bool ready, looked;
    int least;
    const char *said, *alike, *missing, *persons, *mark, *typed_name;
    const char *chart_href, *chart_alt, *chart_note; /* href NULL: none */
    int chart_width, chart_height;
    calibration_past_row_t *past;
    int past_count;
} calibration_page_t;

#endif
