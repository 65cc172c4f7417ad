/* What the pages of exams show. Nothing here knows a key: see app/exam.h. */
#ifndef TITER_WEB_EXAM_VIEW_H
#define TITER_WEB_EXAM_VIEW_H

#include "app/exam.h"
#include "exhibit.h"
#include "web/frame.h"

enum {
    EXAM_FORMS_SHOWN = 40,
    EXAM_AREAS_SHOWN = 40,
    EXAM_SEGMENTS = 2 * APP_MARKS_MAX + 1,
    EXAM_PHRASES = 40,
    EXAM_ROWS_SHOWN = 20
};

typedef struct {
    const char *id, *title, *started, *answered, *score, *href;
    bool over;
} sitting_row_t;

typedef struct {
    frame_t frame;
    app_form_t *forms;
    app_area_t *areas;
    sitting_row_t *rows;
    int form_count, area_count, count, open; /* open: of the rows, which stand first */
    const char *typed_items, *typed_minutes;
} exam_list_t;

typedef struct {
    const char *text;
    bool marked;
} stem_part_t;

/* A piece of the stem between two marks of punctuation, to be highlighted by a button. */
typedef struct {
    const char *text;
    int from, to;
    bool marked;
} phrase_t;

typedef struct {
    const char *href, *text, *says;
    bool current, answered, flagged;
} grid_cell_t;

typedef struct {
    frame_t frame;
    app_room_t room;
    stem_part_t *stem;
    int stem_count;
    exhibit_view_t exhibit;
    grid_cell_t *grid;
    int grid_count;
    const char *act, *place, *left, *soon, *soon_at, *next, *list, *calc, *calc_said;
    bool single, several, order, match, numeric, hotspot, answer_last, tutor_done, show_list, confirm;
    bool free, previous, clock_hidden; /* free: to and fro; what is chosen is kept by moving on */
    const char *letter[APP_PARTS_MAX];
    phrase_t *phrases;
    int phrase_count;
    int unanswered;
    /* practice forms: reference intervals */
    const char **intervals;
    int interval_count;
    const char *about; /* how the case is introduced; NULL: there is none */
} exam_room_t;

typedef struct {
    const char *id, *exam, *date, *result, *score, *entered;
} outcome_row_t;

typedef struct {
    frame_t frame;
    outcome_row_t *rows;
    int count;
    const char *date, *score;
} outcomes_page_t;

#endif
