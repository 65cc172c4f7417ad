/* Exams: forms, sittings, and what a candidate sees of a question. No key, no credit and no measure stands in this
 * header: whoever includes it alone (the pages of the exam room) cannot tell them. Reports: app/exam_report.h.
 *
 * A sitting is the stream "sitting/<id>": `start` (form, seed, accommodation, the items of a fixed form), `answer`
 * (with the next item of an adaptive form in the same event, so that one durable append is all), `look`, `flag`,
 * `strike`, `mark`, `note`, `renew` (other numbers for a computed item), `break`, `tick` (once a minute),
 * `stop` (the program was not running), `take` (another device goes on), `end`.
 * Nothing is kept in memory between requests: a sitting is folded from its stream each time, so a killed program loses
 * nothing.
 *
 * One device at a time: a change by another one than the last is refused until `take` says that it goes on there. */
#ifndef TITER_APP_EXAM_H
#define TITER_APP_EXAM_H

#include "app/app.h"
#include "app/exhibit.h"
#include "base/arena.h"

enum { APP_PARTS_MAX = 8, APP_SITTING_ITEMS_MAX = 250, APP_QUIZ_MAX = 60, APP_DEVICE_MAX = 24, APP_MARKS_MAX = 8 };

/* ---- forms ---- */

typedef struct {
    const char *id, *title, *summary, *models, *source, *as_of;
    const char *kind, *navigation; /* "adaptive", "review" */
    int items, minutes;
    int there; /* items of the bank that fit */
    bool calculator, drawer, tutor;
} app_form_t;

/* Texts live in the program. False only when the content cannot be read; says why. */
bool app_form_list(app_t *app, app_form_t *list, int max, int *count, err_t *err);

/* Areas of the bank with the number of items in use, for a quiz. */
typedef struct {
    const char *area;
    int items;
} app_area_t;
bool app_area_list(app_t *app, app_area_t *list, int max, int *count, err_t *err);

/* ---- sittings ---- */

typedef struct {
    char id[APP_ID_MAX];
    char form[48], title[APP_TITLE_MAX];
    int64_t started_ms, saved_ms;
    int answered, items;
    bool over;
    double score, se; /* NAN before the end: of the projection, written by the `end` event */
} app_sitting_t;

bool app_sitting_list(app_t *app, app_sitting_t *list, int max, int *count, err_t *err);

typedef struct {
    const char *form;   /* NULL: a quiz */
    const char *area;   /* quiz: "chemistry"; NULL: all */
    bool mistakes;      /* quiz: only items that were wrong when answered last */
    bool pictures;      /* quiz: only items with a picture or a bench screen */
    bool exam;          /* quiz: exam manners; else the rationale comes after each answer */
    int items, minutes; /* quiz */
    double factor;      /* of the time, 1 to 2.5 */
    int breaks;         /* 0 to 4 */
    uint64_t seed;      /* 0: one is chosen */
} app_sitting_start_t;

/* The clock begins with it. */
bool app_sitting_create(app_t *app, const app_sitting_start_t *start, const char *device, char id[APP_ID_MAX],
                        err_t *err);

/* ---- what the candidate sees ---- */

typedef struct {
    const char *text, *right; /* option, step or left side; match: what stands in this place on the right */
    int chosen; /* several, single: 1 when chosen; order: its rank (0 first) or -1; match: place of the right side, or
                   -1 */
    bool struck;
} app_part_t;

typedef struct {
    int n;                       /* from 0 */
    const char *type;            /* "single", "several", "order", "match", "numeric", "hotspot", "count", "next" */
    const char *about;           /* the case that it and its neighbors are asked on; "" */
    int about_first, about_last; /* entries on that case */
    const char *stem, *unit;
    app_exhibit_t exhibit; /* the picture or the screen beside it */
    const char *number;    /* numeric, count: as answered; "" */
    int decimals, parts;
    app_part_t part[APP_PARTS_MAX];
    bool answered, flagged, gone; /* gone: the item has left the bank */
    bool may_renew;               /* its numbers are drawn: others may be asked for */
    int answers;                  /* how often it was answered, each time otherwise */
    int sure;                     /* 0 unsaid, 1 a guess, 2 think so, 3 sure */
    int marks;
    struct {
        int from, to;
    } mark[APP_MARKS_MAX];
} app_question_t;

typedef enum { ROOM_RUNNING, ROOM_REVIEW, ROOM_BREAK, ROOM_OVER } room_state_t;

typedef struct {
    char id[APP_ID_MAX];
    app_form_t form;
    room_state_t state;
    int64_t seq, saved_ms;
    int64_t left_ms, limit_ms;
    int count, items, answered, flagged; /* count: given so far; items: of the whole form */
    int current, breaks_left;
    bool elsewhere; /* another device had it last */
    bool may_go_back, timed_out;
    const char *note;
    unsigned char entry[APP_SITTING_ITEMS_MAX]; /* ROOM_ANSWERED, ROOM_FLAGGED, ROOM_SEEN */
    app_question_t question;                    /* entry `n` as asked for, or the current one */
} app_room_t;
enum { ROOM_ANSWERED = 1, ROOM_FLAGGED = 2, ROOM_SEEN = 4 };

/* The room at entry n (-1: where it was). Moves the clock; ends the sitting when its time is up. Texts live in `arena`.
 */
bool app_room(app_t *app, const char *id, const char *device, int n, arena_t *arena, app_room_t *room, err_t *err);

/* The picture of entry n as SVG, when that entry may be looked at; its tag, as the exhibit of that question has it. */
bool app_room_picture(app_t *app, const char *id, int n, bool dark, text_t *svg, char tag[EXHIBIT_TAG_MAX], err_t *err);

typedef enum {
    ROOM_ANSWER,
    ROOM_FLAG,
    ROOM_STRIKE,
    ROOM_MARK,
    ROOM_RENEW, /* other numbers for a computed item */
    ROOM_NOTE,
    ROOM_BREAK_ON,
    ROOM_BREAK_OFF,
    ROOM_TAKE,
    ROOM_END,
    ROOM_ACTS
} room_act_kind_t;

typedef struct {
    room_act_kind_t kind;
    int n;
    int count, chosen[APP_PARTS_MAX]; /* answer, in places as shown: order: the place that comes first, second ...;
                                         match: for each left side the place of its right side, -1 none */
    const char *number;               /* numeric: as typed */
    int sure;
    int place, from, to; /* strike; mark */
    bool on;             /* flag */
    const char *text;    /* the note pad; with any other act too, NULL: as it was */
} room_act_t;

/* Durable when it returns true. The same `request` again does nothing and answers true, and so does the answer that an
 * item has already. */
bool app_room_act(app_t *app, const char *id, const char *device, const room_act_t *act, const char *request,
                  err_t *err);

/* The calculator on the screen (exam/calculator.h). */
bool app_calculate(const char *text, double *value, err_t *err);

/* ---- outcomes of real examinations ---- */

typedef struct {
    char id[APP_ID_MAX];
    char exam[48], date[12];
    int passed;    /* 1, 0 */
    int score;     /* as the body reported it; -1 not told */
    int64_t at_ms; /* when it was entered */
} app_outcome_t;
/* Kept only with consent, withdrawn at any time; used for nothing but to calibrate the chance of passing. */
bool app_outcome_add(app_t *app, const char *exam, const char *date, int passed, int score, bool consent,
                     char id[APP_ID_MAX], err_t *err);
bool app_outcome_withdraw(app_t *app, const char *id, err_t *err);
bool app_outcome_list(app_t *app, app_outcome_t *list, int max, int *count, err_t *err);

#endif
