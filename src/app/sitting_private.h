/* A sitting on its way: the fold and what is appended to it. */
#ifndef TITER_APP_SITTING_PRIVATE_H
#define TITER_APP_SITTING_PRIVATE_H

#include "app/exam_report.h"
#include "app/families.h"
#include "app/pictures.h"
#include "exam/rating.h"
#include "private.h"

/* The bank as it is at a time: the content's items and families, the newer versions that instructors put in use, and
 * difficulties as far as they were known (ratings.c). It follows from the events before that time alone, so the edition
 * that a sitting began with can be made again after any change. It stays as it is while somebody holds it. */
typedef struct {
    int holders;
    int64_t from_ms, until_ms; /* it is the bank of sittings that began from..until - 1 */
    bank_t *bank;
    sitting_plan_t *plans[FORMS_MAX]; /* of the adaptive forms */
    bool *recent;                     /* [bank_count] given in the last days, as of recent_ms; NULL: not asked yet */
    int64_t recent_ms;
} edition_t;

enum { EDITIONS_KEPT = 4, SEAT_SHOWN_MAX = FORM_ITEMS_MAX + SITTING_FRESH_MAX, VOIDS_MAX = 4000, RESCORED_MAX = 4000 };

/* A spoiled item; version 0: in any. */
typedef struct {
    char id[SITTING_ITEM_ID];
    int version;
    int64_t at_ms;
} voided_t;

typedef struct {
    voided_t *list; /* [VOIDS_MAX] */
    int count;
    int64_t seq; /* of the newest */
} voids_t;

/* The measure of a sitting without what was voided after its end, as of that void. */
typedef struct {
    char id[APP_ID_MAX];
    int64_t seq;
    double score, se;
} rescored_t;

/* What exams need of the content; read when somebody first asks for it (exam.c). */
struct exams {
    pthread_mutex_t lock;
    bool open;
    arena_t *arena;
    bank_t *bank; /* of the content alone; editions share its items, so it stays */
    exam_forms_t forms;
    families_t *families;
    app_laboratory_t laboratory; /* that the families ask */
    family_source_t source;
    picture_source_t pictures;
    edition_t *kept[EDITIONS_KEPT]; /* used last first */
    rescored_t rescored[RESCORED_MAX];
    int rescored_count;
};

/* exam.c */
bool exams_open(app_t *app, err_t *err);
/* The newest edition, or that of sittings that began at a time, held until exams_leave (NULL is left in peace). */
bool exams_enter(app_t *app, edition_t **edition, err_t *err);
bool exams_enter_at(app_t *app, int64_t at_ms, edition_t **edition, err_t *err);
void exams_leave(app_t *app, edition_t *edition);
/* An item was put in use or taken out: who enters from now on gets a new edition. */
void exams_changed(app_t *app);
/* Whether an event of that time belongs to the edition of `at_ms`; either way it bounds the edition's time. */
bool edition_takes(edition_t *edition, int64_t event_ms, int64_t at_ms);
/* The plan of an adaptive form, made when first needed. */
bool exams_plan(app_t *app, edition_t *edition, const exam_form_t *form, const sitting_plan_t **plan, err_t *err);
/* Marks the items that sittings of the last days gave ([bank_count], zeroed by the caller); `wrong`: instead those that
 * were wrong when they were last answered. */
bool exams_past(app_t *app, const bank_t *bank, bool wrong, bool *marks, err_t *err);
/* Whether a finished sitting gave that item. */
bool exams_gave(app_t *app, const char *item, bool *gave, err_t *err);
/* Items that sittings of the last days gave, looked up once a minute and after each end of a sitting, since every
 * answer of an adaptive form asks; `marks` [bank_count]. */
bool exams_recent(app_t *app, edition_t *edition, bool *marks, err_t *err);
void exams_ended(app_t *app);

/* items.c: renews in the bank of an edition what was put in use up to `at_ms`, in the order in which it was. What
 * changed last before and first after that bounds the time of the edition. */
bool items_renew(app_t *app, edition_t *edition, int64_t at_ms, err_t *err);

/* sitting_voids.c */
bool voids_read(app_t *app, voids_t *voids, err_t *err);
void voids_free(voids_t *voids);
/* Was an item that this `end` event names voided after it? */
bool voids_after(const voids_t *voids, const json_t *end, int64_t end_ms);
/* Takes what was voided up to `at_ms` out of use in the edition. */
bool voids_withdraw(app_t *app, edition_t *edition, int64_t at_ms, err_t *err);
/* The measure of that finished sitting as its report has it now. */
bool voids_rescore(app_t *app, const voids_t *voids, app_sitting_t *sitting, err_t *err);

/* ratings.c: takes over what calibrations and answers told of difficulties: calibrations up to `at_ms`, answers of
 * sittings that were over before that day (UTC) began. */
bool ratings_apply(app_t *app, edition_t *edition, int64_t at_ms, err_t *err);

typedef struct {
    app_t *app;
    edition_t *edition;   /* held; the newest, which has every version that was given */
    int64_t as_of_ms;     /* of the edition that the sitting began with: it chooses */
    arena_t *variants;    /* computed items */
    const item_t **shown; /* [SEAT_SHOWN_MAX] in `variants`: those that the events hold as they were shown */
    int shown_count;
    bool ended; /* there is an end among the events */
    char id[APP_ID_MAX];
    char form_id[FORM_ID_MAX], title[APP_TITLE_MAX], program[16], credential[24];
    char device[APP_DEVICE_MAX]; /* that acted last */
    int64_t seq, saved_ms;
    const char *request; /* looked for among the events; "" for none */
    bool repeated;       /* and found: it was done before */
    bool mistakes;       /* a quiz of items that were wrong */
    sitting_t s;
} seat_t;

/* Folds the stream. Voided items are marked. `request`: tells whether an event has it. */
bool seat_load(app_t *app, const char *id, const char *request, seat_t **seat, err_t *err);
void seat_free(seat_t *seat);
/* An item as it is given at place n: "id",version,difficulty,sd; of a family a variant by the sitting's seed. */
void seat_given(text_t *out, const item_t *item, uint64_t seed, int n);
void seat_variant(char id[SITTING_ITEM_ID], const char *family, uint64_t seed, int n, int fresh);
/* shown.c: keeps computed items that were given and are not among the events yet; a sitting that is over stays as it
 * is. Call it before somebody sees one. */
bool seat_show(seat_t *seat, err_t *err);
/* shown.c: takes such an event into the seat (the context), other kinds pass. */
bool seat_take_shown(void *context, const store_event_t *event);
/* Begins a payload with the device: {"d":"...", ready for more members. */
void seat_payload(text_t *out, const char *device);
/* Closes the payload and appends it at `at_ms`; frees the text. ERR_CONFLICT: somebody was faster, load again. */
bool seat_append(seat_t *seat, const char *kind, text_t *payload, int64_t at_ms, const char *request, err_t *err);
/* Moves the clock to now: says that the program was stopped, if it was, and that the time is up, if it is. */
bool seat_clock(seat_t *seat, err_t *err);
/* Appends the end with what lists and later sittings want to know of it. */
bool seat_end(seat_t *seat, sitting_end_t why, const char *device, const char *request, err_t *err);
/* The item that an adaptive form gives next, as a member of a payload (,"next":["L60-03",1,0.40,1.00]); nothing when it
 * is full. */
bool seat_next(seat_t *seat, text_t *payload, err_t *err);

#endif
