/* Spoiled items: voided for all, given to nobody any more, and the measures of sittings that had them computed again.
 *
 * The list of sittings reads each measure from the `end` event. Where an item was voided after that end, the sitting is
 * folded again, once while the program runs: what comes out is kept in memory under the newest void. */
#include "sitting_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool app_item_void(app_t *app, const char *item, int version, const char *why, err_t *err)
{
    int64_t last;
    char base[SITTING_ITEM_ID];
    text_t payload;
    edition_t *edition;
    sitting_base(item, base);
    item = base;
    if (!exams_enter(app, &edition, err)) return false;
    bool there = bank_find(edition->bank, item) != NULL; /* a family as a whole, by its id */
    exams_leave(app, edition);
    if (!there && !exams_gave(app, item, &there, err)) return false; /* it has left the bank */
    if (!there) return err_set(err, ERR_NOT_FOUND, "There is no item \"%.20s\".", item);
    if (!why[0]) return err_set(err, ERR_INPUT, "Say why the item is spoiled.");
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"item\":");
    text_add_json(&payload, item);
    text_addf(&payload, ",\"version\":%d,\"why\":", version);
    text_add_json(&payload, why);
    text_add_char(&payload, '}');
    bool ok = !payload.failed || err_set(err, ERR_LIMIT, "That reason is too long.");
    ok = ok && store_last(app->store, "exam/void", &last, err) &&
         store_append(app->store, "exam/void", last, "void", app_now_ms(app), payload.data, payload.length, "", NULL,
                      err);
    text_free(&payload);
    if (ok) exams_changed(app); /* who begins from now on is not given it */
    return ok;
}

/* ---- what is voided ---- */

static bool take_void(void *context, const store_event_t *event)
{
    voids_t *voids = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *item = json_string_value(json_object_get(row, "item"));
    if (item && strlen(item) < SITTING_ITEM_ID && voids->count < VOIDS_MAX) {
        voided_t *v = &voids->list[voids->count++];
        *v = (voided_t){.version = (int)json_integer_value(json_object_get(row, "version")), .at_ms = event->at_ms};
        memcpy(v->id, item, strlen(item) + 1);
    }
    json_decref(row);
    voids->seq = event->seq;
    return true;
}

bool voids_read(app_t *app, voids_t *voids, err_t *err)
{
    *voids = (voids_t){.count = 0};
    voids->list = calloc(VOIDS_MAX, sizeof *voids->list);
    if (!voids->list) return err_set(err, ERR_MEMORY, "There is not enough memory for the list of spoiled items.");
    if (store_read(app->store, "exam/void", 1, take_void, voids, err)) return true;
    voids_free(voids);
    return false;
}

void voids_free(voids_t *voids)
{
    free(voids->list);
    voids->list = NULL;
}

bool voids_after(const voids_t *voids, const json_t *end, int64_t end_ms)
{
    const json_t *versions = json_object_get(end, "versions");
    size_t k;
    json_t *id;
    for (int i = 0; i < voids->count; i++) {
        const voided_t *v = &voids->list[i];
        if (v->at_ms < end_ms) continue;
        json_array_foreach(json_object_get(end, "given"), k, id)
        {
            const char *given = json_string_value(id);
            if (given && strcmp(given, v->id) == 0 &&
                (v->version == 0 || json_integer_value(json_array_get(versions, k)) == v->version))
                return true;
        }
    }
    return false;
}

bool voids_withdraw(app_t *app, edition_t *edition, int64_t at_ms, err_t *err)
{
    voids_t voids;
    if (!app->store) return true;
    if (!voids_read(app, &voids, err)) return false;
    bool ok = true;
    for (int i = 0; ok && i < voids.count; i++) {
        const voided_t *v = &voids.list[i];
        if (!edition_takes(edition, v->at_ms, at_ms)) continue;
        for (size_t k = 0; ok && k < bank_count(edition->bank); k++) {
            const item_t *item = bank_item(edition->bank, k);
            if (strcmp(item->id, v->id) == 0 && (v->version == 0 || v->version == item->version))
                ok = bank_withdraw(edition->bank, k, err);
        }
    }
    voids_free(&voids);
    return ok;
}

/* ---- measures again ---- */

static rescored_t *find_rescored(exams_t *e, const char *id)
{
    for (int i = 0; i < e->rescored_count; i++)
        if (strcmp(e->rescored[i].id, id) == 0) return &e->rescored[i];
    return NULL;
}

static bool rescore(app_t *app, const char *id, rescored_t *out, err_t *err)
{
    seat_t *seat;
    report_t *report = calloc(1, sizeof *report);
    if (!report) return err_set(err, ERR_MEMORY, "There is not enough memory for the list.");
    bool ok = seat_load(app, id, "", &seat, err);
    if (ok) {
        ok = report_make(&seat->s, report, err);
        out->score = report->score;
        out->se = report->se;
        seat_free(seat);
    }
    free(report);
    return ok;
}

bool voids_rescore(app_t *app, const voids_t *voids, app_sitting_t *sitting, err_t *err)
{
    exams_t *e = app->exams;
    rescored_t now = {.seq = voids->seq};
    memcpy(now.id, sitting->id, sizeof now.id);
    pthread_mutex_lock(&e->lock);
    const rescored_t *known = find_rescored(e, sitting->id);
    bool fresh = known && known->seq == voids->seq;
    if (fresh) now = *known;
    pthread_mutex_unlock(&e->lock);
    if (!fresh) {
        if (!rescore(app, sitting->id, &now, err)) return false;
        pthread_mutex_lock(&e->lock);
        rescored_t *place = find_rescored(e, sitting->id);
        if (!place && e->rescored_count < RESCORED_MAX) place = &e->rescored[e->rescored_count++];
        if (place) *place = now;
        pthread_mutex_unlock(&e->lock);
    }
    sitting->score = now.score;
    sitting->se = now.se;
    return true;
}
