/* Items that instructors write, and the items of the content beside them. Keys are on these paths; the pages of the
 * exam room do not have this header.
 *
 * A written item is the stream "item/<ID>": `version` events, each with the item as a file that the bank's reader
 * accepted; `draft` events, which keep unfinished text; `review` events (somebody answered it without its key); `state`
 * events. State goes draft -> reviewed -> in use -> retired, one step at a time, or back to draft; in use needs a
 * review of this version by another name than its author's, which agrees or has a resolution. A new version is a draft;
 * the one in use stays in use until the new one is. An item of the content gets newer versions the same way, under its
 * own id. */
#ifndef TITER_APP_ITEMS_H
#define TITER_APP_ITEMS_H

#include "app/app.h"
#include "exam/item_draft.h"

enum {
    APP_ITEM_ID_MAX = 24,
    APP_ITEM_STEM_SHOWN = 160,
    APP_ITEMS_MAX = 20000,
    APP_ITEM_EVENTS_MAX = 200, /* shown of one item, the newest */
    APP_ITEM_NOTE_MAX = 400,
    APP_SITTINGS_RATED_MAX = 200000,
    /* Answers that an item needs for its calibrated difficulty to be used. For Rasch difficulties that stay within half
     * a logit with 99 % confidence, Linacre (1994, Rasch Measurement Transactions 7:4, p. 328) has 108 persons where
     * the test suits them to 243 where it does not. Its standard error is then about 1 / sqrt(200 / 5) = 0.16 logits.
     */
    APP_CALIBRATION_LEAST = 200,
    APP_CALIBRATION_ITEMS_LEAST = 2,
};

typedef struct {
    char id[APP_ITEM_ID_MAX], lesson[8], type[12], area[24], subarea[32], level[12];
    char stem[APP_ITEM_STEM_SHOWN]; /* its beginning */
    char author[APP_NAME_MAX + 1];
    unsigned programs;
    double difficulty;  /* NAN: not written yet */
    item_state_t state; /* of the newest version */
    int version;        /* newest that was accepted; 0: none yet */
    int used;           /* version that exams use; 0: none */
    bool written;       /* there is a stream of it; else it is the content's alone */
    bool unfinished;    /* a draft is newer */
    bool reviewed;      /* by another name, agreed or resolved: it may be put in use */
    int64_t changed_ms, seq;
    int given, right; /* answers in sittings that are over */
} app_item_t;

/* All items, by id. `reviewed` is not told here. */
bool app_item_list(app_t *app, app_item_t *list, int max, int *count, err_t *err);
/* What was saved last, draft or version (`version` 0), or that version; its file is added to `file` (may be NULL). */
bool app_item_get(app_t *app, const char *id, int version, app_item_t *item, text_t *file, err_t *err);

/* What happened to an item, the newest first. */
typedef struct {
    char kind[12]; /* "version", "draft", "review", "state" */
    int64_t at_ms;
    int version;                        /* of the item at that time */
    char name[APP_NAME_MAX + 1];        /* author, reader, or who changed the state */
    char answer[APP_ITEM_NOTE_MAX + 1]; /* review: what the reader answered */
    char note[APP_ITEM_NOTE_MAX + 1];   /* review: the resolution; state: its word */
    bool agrees;
} app_item_event_t;
bool app_item_events(app_t *app, const char *id, app_item_event_t *list, int max, int *count, err_t *err);

/* A new item of the draft's lesson: under the draft's id when it has one that is free, else under the highest free
 * number of the lesson, since content counts from the lowest. */
bool app_item_create(app_t *app, const char *author, item_draft_t *draft, char id[APP_ITEM_ID_MAX], int *version,
                     err_t *err);
/* Saves a version when nothing is wrong with the draft, else a draft (`version` 0). `seq`: what it began from
 * (ERR_CONFLICT when somebody saved in between). The same text again changes nothing. A version needs its author. */
bool app_item_save(app_t *app, const char *id, int64_t seq, const char *author, item_draft_t *draft, int *version,
                   err_t *err);
/* Refuses steps that are not allowed, with what is missing. */
bool app_item_set_state(app_t *app, const char *id, item_state_t state, const char *name, err_t *err);
/* Of the newest version, when no draft is newer. A disagreement needs a resolution before the item can be used. */
bool app_item_review(app_t *app, const char *id, const char *name, const char *answer, bool agrees,
                     const char *resolution, err_t *err);

/* What finished sittings tell of an item, in the version that exams use (ratings.c says what counts and how). */
typedef struct {
    int answers, right, version;
    double author, author_sd; /* logits, as written */
    double difficulty, sd;    /* with all answers until now; sittings use those of finished days */
    int64_t calibrated_ms;    /* 0: never */
    bool voided;              /* its answers do not count */
} app_item_rating_t;
bool app_item_rating(app_t *app, const char *id, app_item_rating_t *rating, err_t *err);

/* ---- calibration from all answers at once (calibration.c says how) ---- */

/* An item that has answers, and what a calibration makes of it. */
typedef struct {
    char id[APP_ITEM_ID_MAX];
    int version, answers, right;
    bool taken, alike;        /* enough answers and not alike: its difficulty is taken over; all right, or all wrong */
    double author, author_sd; /* logits, as written: the prior */
    double before, before_sd; /* as they are now, with all answers until now */
    double after, se;         /* calibrated */
    double infit, outfit;     /* mean squares of its answers; 1 is as the model expects, NAN unknown */
} app_calibrated_t;

enum { APP_CALIBRATION_MARK_MAX = 64 };

typedef struct {
    bool enough;                         /* otherwise nothing was calibrated */
    int sittings, answered;              /* sittings that count; items with answers in them */
    int items;                           /* with enough answers, which are taken over */
    int alike;                           /* of those that would have been enough: all right, or all wrong */
    int most;                            /* answers that the item with most of them has */
    int answers, persons;                /* that went into it, of all items that have answers */
    double mean, sd;                     /* of the persons, on the scale that authors hold */
    char mark[APP_CALIBRATION_MARK_MAX]; /* of the answers that it is from */
} app_calibration_t;

/* Changes nothing. `list` may be NULL; the items with most answers first. `fit` false: counts alone, before and after
 * of no item. */
bool app_calibration_look(app_t *app, bool fit, app_calibration_t *out, app_calibrated_t *list, int max, int *count,
                          err_t *err);
/* Kept as an event under that name, so that its result is never computed again; sittings that begin from now on use it,
 * those before stay as they are. `mark`: what somebody has looked at, ERR_CONFLICT when answers came in since; NULL:
 * whatever there is. */
bool app_calibrate(app_t *app, const char *name, const char *mark, app_calibration_t *out, err_t *err);

/* Calibrations that were kept, the newest first. */
typedef struct {
    int64_t at_ms;
    char name[APP_NAME_MAX + 1]; /* "" of the command line */
    int items, answers, persons;
    double moved; /* mean distance from the difficulties before; NAN: not kept */
    double largest;
    char largest_id[APP_ITEM_ID_MAX];
} app_calibration_past_t;
bool app_calibration_history(app_t *app, app_calibration_past_t *list, int max, int *count, err_t *err);

#endif
