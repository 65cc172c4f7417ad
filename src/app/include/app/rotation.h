/* Rotation: the day's log, skills and evaluations, and how a preceptor signs them without an account. The state is
 * road/rotation.h, folded from the streams "rotation/me" and "rotation/places" and kept in memory; every call here is
 * durable when it returns true.
 *
 * Signing. A one-time link carries a token of 128 random bits; only its hash is kept. It opens one version of one
 * thing, once, until it expires. A paper sheet carries a code of 60 bits to be typed in. A PIN (Argon2id) signs on a
 * shared computer. Wrong tokens, codes and PINs are written to "rotation/guard" and counted, also over a restart: by
 * client, by PIN, and in all; above the limits nothing is even looked at. */
#ifndef TITER_APP_ROTATION_H
#define TITER_APP_ROTATION_H

#include "app/app.h"
#include "road/outcomes.h"
#include "road/rotation.h"

enum {
    APP_TOKEN_MAX = 28,  /* 26 letters and digits of base 32, and the zero */
    APP_LINK_HOURS = 72, /* a link is good for */
    APP_SHEET_DAYS = 60, /* a paper sheet's code */
    APP_GUESS_WINDOW_MS = 15 * 60 * 1000,
    APP_GUESSES_CLIENT = 5, /* wrong ones within the window: of one client */
    APP_GUESSES_PIN = 5,    /* against one PIN */
    APP_GUESSES_ALL = 30,   /* of everybody together */
    APP_PIN_MIN = 6,
    APP_PIN_MAX = 12,
    APP_COHORT_MAX = 60 * 1024, /* bytes of a cohort's table */
};

/* The state, held still until app_rotation_leave: keep it short. */
bool app_rotation(app_t *app, const rotation_t **state, err_t *err);
void app_rotation_leave(app_t *app);

/* ---- the learner ---- */

bool app_rotation_program(app_t *app, const char *program, const char *requirement, const char *name, err_t *err);
/* Hours that one's own school asks in a department; 0 takes them back. */
bool app_rotation_require(app_t *app, const char *department, double hours, err_t *err);

typedef struct {
    const char *id; /* made by the browser: 8 to 40 letters, digits, '-'. The same once more does nothing */
    int32_t day;
    int in_min, out_min, breaks_min;
    const char *site, *department, *reflection;
    const rotation_count_t *work;
    int work_count;
    bool no_patient; /* the writer says that what looks like a patient's identifier is none */
} app_entry_t;

/* Refused (ERR_INPUT) with a sentence; ERR_STATE: the text looks like it names a patient. ERR_CONFLICT: the id is
 * taken by other content, or the hours overlap with another entry. */
bool app_rotation_enter(app_t *app, const app_entry_t *entry, err_t *err);
/* A new version of an entry; the signed one stays. `entry->id` is the request. */
bool app_rotation_correct(app_t *app, const char *what, const app_entry_t *entry, const char *reason, err_t *err);

typedef struct {
    const char *id, *competency, *site, *comment;
    int self;
    bool no_patient;
} app_skill_t;
bool app_rotation_skill(app_t *app, const app_skill_t *skill, err_t *err);

enum { BEHAVIOR_UNANSWERED = -2 }; /* RATING_NONE: not seen */

typedef struct {
    const char *id, *site, *department, *comment;
    bool final, no_patient;
    const signed char *self; /* [BEHAVIORS_MAX] */
} app_evaluation_t;
bool app_rotation_evaluate(app_t *app, const app_evaluation_t *evaluation, err_t *err);

/* A link's token (`paper`: a sheet's code) for the present version. It is told here and never again. */
bool app_rotation_ask(app_t *app, const char *what, bool paper, char token[APP_TOKEN_MAX], int64_t *expires_ms,
                      err_t *err);

/* ---- the preceptor ---- */

typedef struct {
    const char *name, *role, *comment;
    int rating;                   /* of a skill */
    const signed char *behaviors; /* [BEHAVIORS_MAX] of an evaluation */
    bool no_patient;
    bool returned; /* not signed: given back with the comment as a note */
} app_sign_t;

/* Is this token good? `client` names who asks, for the limits. On true the state is held: app_rotation_leave. */
bool app_rotation_link(app_t *app, const char *token, const char *client, const rotation_t **state,
                       const rotation_item_t **item, err_t *err);
/* `receipt`: the signature's link in the chain ("" when it was given back). */
bool app_rotation_sign_link(app_t *app, const char *token, const char *client, const app_sign_t *sign,
                            char receipt[ROTATION_HASH_TEXT], err_t *err);
/* Name and role are the PIN's. */
bool app_rotation_sign_pin(app_t *app, const char *what, const char *pin_id, const char *pin, const char *client,
                           const app_sign_t *sign, char receipt[ROTATION_HASH_TEXT], err_t *err);
/* Added to a record, signed or not; changes nothing of it. */
bool app_rotation_note(app_t *app, const char *what, const char *name, const char *text, bool no_patient,
                       const char *request, err_t *err);
bool app_rotation_pin(app_t *app, const char *name, const char *role, const char *pin, const char *again, err_t *err);
/* Needs the PIN. */
bool app_rotation_pin_off(app_t *app, const char *pin_id, const char *pin, const char *client, err_t *err);

/* ---- places ---- */

bool app_rotation_site(app_t *app, const char *name, err_t *err);
typedef struct {
    const char *site, *department, *from, *to, *days; /* "07:00"; days "MTWTF.." */
    int32_t first, last;
    int capacity;
} app_slot_t;
bool app_rotation_slot(app_t *app, const app_slot_t *slot, err_t *err);
/* Refused above the capacity, or when the student is elsewhere on such a day. */
bool app_rotation_place(app_t *app, const char *slot, const char *student, bool away, err_t *err);
bool app_rotation_site_view(app_t *app, const char *site, const int scores[ROTATION_SITE_QUESTIONS],
                            const char *comment, bool no_patient, err_t *err);

/* ---- the director ---- */

/* The rules by which it counts, from the content. */
bool app_outcome_rules(app_t *app, arena_t *arena, outcome_rules_t *rules, err_t *err);
/* The table is read first; what cannot be read is not kept. */
bool app_cohort_save(app_t *app, const char *csv, size_t length, err_t *err);
/* The newest one; count 0 when there is none. */
bool app_cohort(app_t *app, arena_t *arena, cohort_t *cohort, err_t *err);

#endif
