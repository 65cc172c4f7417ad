/* Applications for work: the stream "applications/me". `save` enters an application or changes it (the whole of it,
 * with its id), `remove` takes it off the list. What it was before stays on record and makes its history. */
#ifndef TITER_APP_APPLICATIONS_H
#define TITER_APP_APPLICATIONS_H

#include "app/app.h"
#include "base/arena.h"

enum { APPLICATIONS_MAX = 300, APPLICATION_TEXT_MAX = 160, APPLICATION_NOTES_MAX = 2000, APPLICATION_STEPS_MAX = 12 };

typedef enum {
    APPLICATION_SAVED,
    APPLICATION_SENT,
    APPLICATION_INTERVIEW,
    APPLICATION_OFFER,
    APPLICATION_ACCEPTED,
    APPLICATION_DECLINED, /* by the person */
    APPLICATION_REJECTED, /* by the employer */
    APPLICATION_STATES
} application_state_t;
const char *application_word(application_state_t state);  /* "sent" */
const char *application_title(application_state_t state); /* "Sent" */
int application_from(const char *word);                   /* -1 */
/* Nothing more is to be done about it. */
bool application_closed(application_state_t state);

typedef struct {
    const char *id;
    const char *employer, *title, *place, *pay, *notes;
    application_state_t state;
    const char *deadline, *next_day, *next; /* days as 2026-11-27, or ""; what is to be done on next_day */
    struct {
        application_state_t state;
        int64_t at_ms;
    } steps[APPLICATION_STEPS_MAX]; /* when it came to each state, oldest first */
    int step_count;
    int64_t entered_ms, changed_ms;
} application_t;

/* What is open first, then by the next day to act on; everything lives in `arena`. */
bool app_applications(app_t *app, arena_t *arena, application_t **list, int *count, err_t *err);
/* id "" or NULL: a new one. Reads the texts, the state and the days of `application`; refuses with a sentence. */
bool app_application_save(app_t *app, const application_t *application, const char *request, char id[APP_ID_MAX],
                          err_t *err);
bool app_application_remove(app_t *app, const char *id, err_t *err);
/* Deadlines and next steps of what is open, as a calendar file. */
void applications_calendar(text_t *out, const application_t *list, int count, int64_t stamp_ms);

#endif
