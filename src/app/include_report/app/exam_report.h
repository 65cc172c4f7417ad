/* After the end of a sitting: the report, the items with their keys and rationales, voiding, and the bank itself. This
 * header shows keys; the pages of the exam room do not have it on their path. */
#ifndef TITER_APP_EXAM_REPORT_H
#define TITER_APP_EXAM_REPORT_H

#include "app/exam.h"
#include "exam/report.h"

enum { APP_EARLIER_MAX = 8 };

typedef struct {
    sitting_t sitting; /* large: keep it in an arena or on the heap */
    char form_id[FORM_ID_MAX], title[APP_TITLE_MAX], credential[24];
    report_t report;
    /* earlier sittings of the same form that are over, the newest first */
    int earlier_count;
    app_sitting_t earlier[APP_EARLIER_MAX];
    void *private_edition;     /* the bank that `sitting` points into */
    arena_t *private_variants; /* and its computed items */
} app_report_t;

/* Refuses a sitting that is not over. What was filled is given back with app_report_leave. */
bool app_report(app_t *app, const char *id, app_report_t *report, err_t *err);
/* With a tutor: entry n, once it is answered. Otherwise only after the end. Only `sitting` is filled. */
bool app_tutor(app_t *app, const char *id, int n, app_report_t *report, err_t *err);
/* Gives back what app_report or app_tutor filled; harmless after either failed on a zeroed report. */
void app_report_leave(app_t *app, app_report_t *report);
/* A spoiled item counts for nobody from now on, in no sitting, and is given to nobody: reports and lists are computed
 * again from the events. Of a computed item the whole family, also when it is in the bank no more. `version`: that one
 * alone, so that a mended one counts; 0: all. */
bool app_item_void(app_t *app, const char *item, int version, const char *why, err_t *err);
/* The bank of the content, opened when it is first asked for: its catalog, and its items without what was written since
 * (app/items.h). Lives as long as the app. */
bool app_bank(app_t *app, const bank_t **bank, err_t *err);
/* The stream as lines of JSON. Computed items as they were shown, which have their keys, are withheld until the end. */
bool app_sitting_export(app_t *app, const char *id, text_t *jsonl, err_t *err);

#endif
