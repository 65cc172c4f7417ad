/* What an app is made of. One mutex guards the table of live shifts; each live shift has its own,
 * held from app_visit to app_leave. Lock order: table, then shift, never the other way. */
#ifndef TITER_APP_PRIVATE_H
#define TITER_APP_PRIVATE_H

#include "app/app.h"

#include <jansson.h>
#include <pthread.h>

enum {
    APP_REQUESTS_KEPT = 64,
    APP_REQUEST_MAX = 40,
    APP_JSON_MAX = 16 * 1024,
    APP_REFLECT_MAX = 2 * APP_JSON_MAX,
    APP_PAGE_MAX = 120,
    APP_START_MAX = 60 * 1024,
    APP_STREAM_MAX = 16 * 1024 * 1024
};

typedef struct {
    char id[APP_ID_MAX];
    bool used;
    int holders; /* visits waiting or in: not let go while above 0 */
    pthread_mutex_t lock;
    shift_t *shift;
    char authored[APP_ID_MAX]; /* id of the authored scenario it was started from; "": built in */
    double speed;
    int64_t seq;                              /* last saved event */
    int64_t started_ms, saved_ms, visited_ms; /* visited: for the clock; 0 not yet */
    uint64_t used_count;                      /* for letting go of the least recently visited */
    double carry_s;                           /* part of a second not yet given to the clock */
    app_reflection_t reflection;
    int hints; /* asked for, in Practice */
    char hint_page[APP_PAGE_MAX];
    char requests[APP_REQUESTS_KEPT][APP_REQUEST_MAX]; /* the last accepted request ids */
    int request_next;
    bool failed; /* an append failed midway: fold again before the next use */
} live_t;

typedef struct exams exams_t;         /* sitting_private.h */
typedef struct rotations rotations_t; /* rotation_private.h */
typedef struct record_words record_words_t;
typedef struct road road_t;

struct app {
    app_options_t options;
    int64_t opened_ms; /* when the program began */
    exams_t *exams;
    rotations_t *rotations;
    record_words_t *record_words;
    road_t *road;
    lab_t *lab;
    calc_t *calc;
    store_t *store;
    pthread_mutex_t table_lock;
    live_t *live; /* [APP_LIVE_SHIFTS] */
    uint64_t uses;
};

/* What the first event of a shift says of an authored scenario. */
typedef struct {
    const char *id, *text; /* NULL: built in */
    int version;
} authored_t;

/* codec.c: event payloads */
void codec_start(text_t *out, const shift_t *shift, const authored_t *authored);
/* The payload without the text of an authored scenario, which tells what is planted. */
bool codec_without_text(text_t *out, const char *json, size_t length);
bool codec_fold(const lab_t *lab, live_t *live, const char *kind, int64_t at_ms, const char *json, size_t length,
                err_t *err);

/* codec.c: the mode of an event's word; practice where an old event has none */
shift_mode_t codec_mode(const char *word);

/* after.c: rows of the projections "plan" and "remark" (true: that was all); the fold of what comes after the end */
bool after_project(const store_event_t *event, store_rows_t *rows);
const char *after_competence_word(int competence); /* as the events call it */
bool after_fold(live_t *live, const char *kind, int64_t at_ms, const json_t *object, err_t *err);

/* lists.c: summaries of shifts from the rows, each the first member of an item of `stride` bytes */
typedef struct {
    const app_t *app;
    char *list;
    size_t stride;
    int max, count;
    void (*more)(void *item, const char *row, const json_t *object); /* the other rows; may be NULL */
} shift_listing_t;
bool listing_run(shift_listing_t *in, err_t *err);

/* app.c */
int64_t app_now_ms(const app_t *app);
bool app_payload_at(text_t *payload, const live_t *live); /* begins {"t":now, */
void app_make_id(app_t *app, char id[APP_ID_MAX]);
bool app_id_is_well_formed(const char *id);

/* record_sections.c: the words that the fields of a record offer */
bool record_words_open(record_words_t **words, const source_t *content, err_t *err);
void record_words_close(record_words_t *words);
/* road.c: the rules; also after a failure, close */
bool road_open(road_t **road, const source_t *content, err_t *err);
void road_close(road_t *road);
/* ways.c: what searches for plans have found, made with the rules */
typedef struct way_cache way_cache_t;
way_cache_t *way_cache_new(void); /* NULL: memory */
void way_cache_free(way_cache_t *cache);
way_cache_t *road_ways(const app_t *app);

/* resume.c: a line of the résumé; "" when memory is out */
const char *resume_line(arena_t *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* resume_rotations.c: the entries of the section of clinical rotations */
struct resume;
bool resume_add_rotations(app_t *app, arena_t *arena, struct resume *resume, err_t *err);

/* exam.c: made with the app, filled when somebody first asks */
exams_t *exams_new(void);
void exams_free(exams_t *exams);

/* rotation.c: as exams */
rotations_t *rotations_new(void);
void rotations_free(rotations_t *rotations);

/* sitting.c: rows of the projections "sitting" and "outcome" */
bool sitting_project(const store_event_t *event, store_rows_t *rows);

/* items.c: rows of the projection "item" */
void items_project(const store_event_t *event, store_rows_t *rows);

/* scenarios.c: rows of the projection "scenario" */
void scenarios_project(const store_event_t *event, store_rows_t *rows);

/* live.c */
bool live_find(app_t *app, const char *id, live_t **live, err_t *err); /* locked */
void live_leave(app_t *app, live_t *live);
void live_clock(app_t *app, live_t *live);
void live_end(app_t *app, live_t *live);
bool live_append(app_t *app, live_t *live, const char *kind, const text_t *payload, const char *request, err_t *err);
bool live_knows(const live_t *live, const char *request);

#endif
