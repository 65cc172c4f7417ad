/* Live shifts: folded from their stream when first asked for, kept while they are used. */
#include "private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const lab_t *lab;
    live_t *live;
    err_t *err;
} fold_t;

static bool fold_event(void *context, const store_event_t *event)
{
    fold_t *fold = context;
    if (!codec_fold(fold->lab, fold->live, event->kind, event->at_ms, event->payload, event->length, fold->err))
        return false;
    fold->live->seq = event->seq;
    if (event->request[0]) {
        live_t *live = fold->live;
        snprintf(live->requests[live->request_next], APP_REQUEST_MAX, "%s", event->request);
        live->request_next = (live->request_next + 1) % APP_REQUESTS_KEPT;
    }
    return true;
}

/* Folds the stream of `live->id` afresh. */
static bool live_load(app_t *app, live_t *live, err_t *err)
{
    char name[64];
    snprintf(name, sizeof name, "shift/%s", live->id);
    shift_free(live->shift);
    live->shift = NULL;
    live->speed = 0;
    live->seq = 0;
    live->visited_ms = 0;
    live->request_next = 0;
    live->carry_s = 0;
    live->failed = false;
    memset(live->requests, 0, sizeof live->requests);
    memset(&live->reflection, 0, sizeof live->reflection);
    live->hints = 0;
    live->hint_page[0] = '\0';
    fold_t fold = {.lab = app->lab, .live = live, .err = err};
    if (!store_read(app->store, name, 1, fold_event, &fold, err)) return false;
    if (!live->shift) return err_set(err, ERR_NOT_FOUND, "There is no such shift.");
    if (shift_mode(live->shift) == MODE_ASSESS) live->visited_ms = live->saved_ms; /* it went on meanwhile */
    return true;
}

/* The slot of `id`, or a free one, or the one least recently used that nobody holds. Table locked. */
static live_t *slot_for(app_t *app, const char *id)
{
    live_t *best = NULL;
    for (int i = 0; i < APP_LIVE_SHIFTS; i++) {
        live_t *live = &app->live[i];
        if (live->used && strcmp(live->id, id) == 0) return live;
        if (live->holders > 0) continue;
        if (!best || (best->used && (!live->used || live->used_count < best->used_count))) best = live;
    }
    if (!best) return NULL;
    shift_free(best->shift);
    best->shift = NULL;
    best->used = true;
    snprintf(best->id, sizeof best->id, "%s", id);
    return best;
}

bool live_find(app_t *app, const char *id, live_t **out, err_t *err)
{
    pthread_mutex_lock(&app->table_lock);
    live_t *live = slot_for(app, id);
    if (live) {
        live->holders++;
        live->used_count = ++app->uses;
    }
    pthread_mutex_unlock(&app->table_lock);
    if (!live)
        return err_set(err, ERR_LIMIT, "Too many shifts are open at this moment (%d). Try again in a minute.",
                       APP_LIVE_SHIFTS);
    pthread_mutex_lock(&live->lock);
    if ((!live->shift || live->failed) && !live_load(app, live, err)) {
        shift_free(live->shift);
        live->shift = NULL;
        live_leave(app, live);
        return false;
    }
    *out = live;
    return true;
}

void live_leave(app_t *app, live_t *live)
{
    pthread_mutex_unlock(&live->lock);
    pthread_mutex_lock(&app->table_lock);
    live->holders--;
    if (live->holders == 0 && !live->shift) live->used = false;
    pthread_mutex_unlock(&app->table_lock);
}

/* Saves that the shift is over, so that it stays over after a restart; if that fails the next visit tries again. */
void live_end(app_t *app, live_t *live)
{
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"t\":%d}", (int)shift_now_s(live->shift));
    live_append(app, live, "end", &payload, "", NULL);
    text_free(&payload);
}

/* Moves simulated time by the wall time since the visit before (see app.h). */
void live_clock(app_t *app, live_t *live)
{
    int64_t now = app->options.now_ms(app->options.clock);
    int64_t passed = live->visited_ms ? now - live->visited_ms : 0;
    live->visited_ms = now;
    if (passed <= 0 || live->speed <= 0 || shift_over(live->shift)) return;
    if (passed > APP_ABSENCE_MS && shift_mode(live->shift) != MODE_ASSESS) passed = APP_ABSENCE_MS;
    double left = (double)(shift_length_s(live->shift) - shift_now_s(live->shift)) + 1;
    live->carry_s += (double)passed / 1000.0 * live->speed;
    if (live->carry_s > left) live->carry_s = left;
    int32_t whole = (int32_t)live->carry_s;
    live->carry_s -= whole;
    if (whole > 0) shift_advance(live->shift, shift_now_s(live->shift) + whole);
    if (!shift_over(live->shift)) return;
    live_end(app, live);
}

bool live_knows(const live_t *live, const char *request)
{
    if (!request || !request[0]) return false;
    for (int i = 0; i < APP_REQUESTS_KEPT; i++)
        if (strcmp(live->requests[i], request) == 0) return true;
    return false;
}

bool live_append(app_t *app, live_t *live, const char *kind, const text_t *payload, const char *request, err_t *err)
{
    char name[64];
    snprintf(name, sizeof name, "shift/%s", live->id);
    int64_t now = app->options.now_ms(app->options.clock), seq;
    char kept[APP_REQUEST_MAX] = "";
    if (request) snprintf(kept, sizeof kept, "%s", request);
    if (payload->failed) return err_set(err, ERR_LIMIT, "That is too long to be saved.");
    if (!store_append(app->store, name, live->seq, kind, now, payload->data, payload->length, kept, &seq, err)) {
        live->failed = true; /* what was done in memory did not become durable */
        return false;
    }
    if (seq <= live->seq) { /* repeated after more requests than are kept: saved once, so not done again here */
        live->failed = true;
        return true;
    }
    live->seq = seq;
    live->saved_ms = now;
    if (kept[0]) {
        memcpy(live->requests[live->request_next], kept, sizeof kept);
        live->request_next = (live->request_next + 1) % APP_REQUESTS_KEPT;
    }
    return true;
}
