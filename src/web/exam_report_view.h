/* What the report of a sitting shows, and an item with its key and rationales. */
#ifndef TITER_WEB_EXAM_REPORT_VIEW_H
#define TITER_WEB_EXAM_REPORT_VIEW_H

#include "app/exam_report.h"
#include "exhibit.h"
#include "web/frame.h"

typedef struct {
    const char *area, *right, *expected, *minutes, *note;
} area_row_t;

typedef struct {
    const char *words, *missed, *lesson;
} objective_row_t;

typedef struct {
    const char *n, *href, *what, *said, *mark; /* mark: "right", "wrong", ... */
    const char *chance;                        /* "0.72" */
    const char *minutes;
} answer_row_t;

typedef struct {
    const char *when, *score, *compared, *href;
} earlier_row_t;

typedef struct {
    frame_t frame;
    const char *id, *title, *score, *interval, *counted, *ended, *time, *away, *sure, *slips, *changed;
    double low_at, at, high_at; /* of the bar, 0..100 */
    area_row_t *areas;
    objective_row_t *objectives;
    answer_row_t *answers;
    earlier_row_t *earlier;
    int area_count, objective_count, answer_count, earlier_count;
    bool too_few, extreme;
} exam_report_t;

typedef struct {
    const char *text, *why, *mark; /* "right answer, yours" */
    bool key, chosen;
} why_row_t;

typedef struct {
    frame_t frame;
    const char *id, *place, *about, *stem, *lead, *yours, *right, *why, *source, *objective, *back, *next, *level;
    why_row_t *rows;
    int count;
    bool over, voided;
    bool again; /* its numbers were not kept: computed again */
    int version;
    const char *item;
    app_exhibit_t seen;
    exhibit_view_t exhibit;
} exam_item_t;

#endif
