/* The stage Fit, kept by consent: stream fit/me, one event a run; see app/fit.h.
 *   run   {"interests","labels","odd","procedure"}: the texts in which pages carry a run */
#include "app/fit.h"

#include "private.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char stream[] = "fit/me";

const fit_facts_t *app_fit_facts(const app_t *app, arena_t *arena, err_t *err)
{
    fit_facts_t *facts = arena_alloc(arena, sizeof *facts);
    if (!facts) {
        err_set(err, ERR_MEMORY, "There is not enough memory for the facts of the fit check.");
        return NULL;
    }
    return fit_facts_read(facts, arena, app->options.content, err) ? facts : NULL;
}

static bool store_open_for(const app_t *app, err_t *err)
{
    return app->store || err_set(err, ERR_STATE, "No data folder is open.");
}

static void run_json(text_t *out, const app_fit_t *run)
{
    text_add(out, "{\"interests\":");
    text_add_json(out, run->answers);
    for (int i = 0; i < FIT_SAMPLES; i++) {
        text_t attempt;
        text_init(&attempt, APP_JSON_MAX);
        fit_attempt_write(&attempt, &run->attempts[i]);
        text_addf(out, ",\"%s\":", fit_sample_word((fit_sample_t)i));
        text_add_json(out, attempt.data ? attempt.data : "");
        out->failed = out->failed || attempt.failed;
        text_free(&attempt);
    }
    text_add_char(out, '}');
}

bool app_fit_keep(app_t *app, const app_fit_t *run, const char *request, err_t *err)
{
    int64_t last;
    text_t payload;
    if (!store_open_for(app, err) || !store_last(app->store, stream, &last, err)) return false;
    if (last >= APP_FIT_KEPT_MAX)
        return err_set(err, ERR_LIMIT, "%d runs are kept already: delete them first.", APP_FIT_KEPT_MAX);
    text_init(&payload, APP_JSON_MAX);
    run_json(&payload, run);
    bool ok = payload.failed ? err_set(err, ERR_MEMORY, "There is not enough memory to keep this.")
                             : store_append(app->store, stream, last, "run", app_now_ms(app), payload.data,
                                            payload.length, request ? request : "", NULL, err);
    text_free(&payload);
    return ok;
}

typedef struct {
    app_fit_t *list;
    int count;
} listing_t;

static bool take(void *context, const store_event_t *event)
{
    listing_t *in = context;
    json_t *object = json_loadb(event->payload, event->length, 0, NULL);
    const char *answers = json_string_value(json_object_get(object, "interests"));
    if (in->count < APP_FIT_KEPT_MAX && answers && strlen(answers) <= FIT_ITEMS) {
        app_fit_t *run = &in->list[in->count];
        *run = (app_fit_t){.at_ms = event->at_ms};
        memcpy(run->answers, answers, strlen(answers) + 1);
        bool ok = true;
        for (int i = 0; i < FIT_SAMPLES; i++)
            ok = fit_attempt_read((fit_sample_t)i,
                                  json_string_value(json_object_get(object, fit_sample_word((fit_sample_t)i))),
                                  &run->attempts[i]) &&
                 ok;
        in->count += ok;
    }
    json_decref(object);
    return true;
}

bool app_fit_kept(app_t *app, app_fit_t list[APP_FIT_KEPT_MAX], int *count, err_t *err)
{
    listing_t in = {.list = list};
    *count = 0;
    if (!store_open_for(app, err) || !store_read(app->store, stream, 1, take, &in, err)) return false;
    for (int i = 0; i < in.count / 2; i++) {
        app_fit_t other = list[i];
        list[i] = list[in.count - 1 - i];
        list[in.count - 1 - i] = other;
    }
    *count = in.count;
    return true;
}

bool app_fit_forget(app_t *app, err_t *err)
{
    const char *const streams[] = {stream};
    return store_open_for(app, err) && store_erase(app->store, streams, 1, err);
}
