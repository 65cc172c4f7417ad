/* What the pages of the stage Fit show. A run is carried in the address of every page: nothing of it is kept. */
#ifndef TITER_WEB_FIT_VIEW_H
#define TITER_WEB_FIT_VIEW_H

#include "app/fit.h"
#include "draw/bars.h"
#include "web/frame.h"

enum { FIT_STAGES = 7 };

typedef struct {
    const char *name, *href;
    bool done, current;
} fit_stage_t;

typedef struct {
    frame_t frame;
    const fit_facts_t *facts;
    app_fit_t run;
    int extra;                     /* percent of time for the next sample */
    const char *text[FIT_SAMPLES]; /* the attempts as carried; "" when there is none */
    const char *query;             /* "a=...&labels=..." */
    fit_stage_t stages[FIT_STAGES];
    const char *next; /* the stage after this one */
} fit_page_t;

typedef struct {
    const char *text;
    int number, answer; /* number from 1; answer -1: none */
    bool missed;
} fit_item_row_t;

typedef struct {
    fit_page_t base;
    int block; /* from 1 */
    fit_item_row_t rows[FIT_BLOCK_ITEMS];
    int missing;
} fit_interests_t;

typedef struct {
    fit_page_t base;
    fit_sample_t sample;
    uint32_t seed;
    int64_t started_ms;
    int limit_s, left_s;
    const char *limit;
    bool running;
    fit_pair_t *pairs;
    fit_column_t *columns;
    fit_procedure_t *procedure;
} fit_sample_page_t;

typedef struct {
    const char *title, *r, *range, *technician, *preparation, *about;
} fit_match_row_t;

typedef struct {
    const char *name, *value, *target;
} fit_line_t;

enum { FIT_LINES_MAX = 10 };

typedef struct {
    const char *title, *note, *again;
    bool done, late, extra;
    fit_line_t lines[FIT_LINES_MAX];
    int count;
} fit_sample_card_t;

typedef struct {
    const char *name, *about, *words;
    int score;
} fit_scale_row_t;

typedef struct {
    const char *when, *interests, *sample[FIT_SAMPLES];
} fit_kept_row_t;

typedef struct {
    fit_page_t base;
    fit_profile_t profile;
    fit_scale_row_t scales[FIT_SCALES];
    bar_t bars[FIT_SCALES];
    const char *picture, *alt;
    int picture_width, picture_height;
    fit_match_row_t family[FIT_ROWS_MAX], neighbors[FIT_ROWS_MAX];
    int family_count, neighbor_count;
    fit_sample_card_t cards[FIT_SAMPLES];
    fit_kept_row_t kept[APP_FIT_KEPT_MAX];
    int kept_count;
    bool something; /* there is something to keep or print */
} fit_result_t;

/* The facts of one part of realities.csv. */
bool fit_is_part(const fit_reality_t *reality, const char *part);

/* fit.c: a page with the run of its request; false and an answer when the address cannot be read. */
bool fit_page_begin(fit_page_t *page, app_t *app, const request_t *request, response_t *response, const char *title,
                    int stage);
/* fit_result.c: everything of the result, for the page and for paper. */
bool fit_result_fill(fit_result_t *page, app_t *app, const request_t *request, err_t *err);

#endif
