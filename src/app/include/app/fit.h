/* The stage Fit: its facts, and what a person chose to keep of it. Nothing is kept unless app_fit_keep is called, which
 * pages do only after consent. */
#ifndef TITER_APP_FIT_H
#define TITER_APP_FIT_H

#include "app/app.h"
#include "road/fit.h"

enum { APP_FIT_KEPT_MAX = 50 };

/* One run: answers of the interest profile and attempts at the samples; what was not done is empty. */
typedef struct {
    int64_t at_ms; /* when it was kept */
    char answers[FIT_ITEMS + 1];
    fit_attempt_t attempts[FIT_SAMPLES];
} app_fit_t;

/* The facts, read from the content into `arena`; NULL with err. */
const fit_facts_t *app_fit_facts(const app_t *app, arena_t *arena, err_t *err);
/* Appends to the stream fit/me. A request id that was seen before changes nothing. ERR_LIMIT after APP_FIT_KEPT_MAX. */
bool app_fit_keep(app_t *app, const app_fit_t *run, const char *request, err_t *err);
/* What was kept, newest first. */
bool app_fit_kept(app_t *app, app_fit_t list[APP_FIT_KEPT_MAX], int *count, err_t *err);
/* Deletes all of it for good (store_erase). */
bool app_fit_forget(app_t *app, err_t *err);

#endif
