/* Use cases; see app.h. */
#include "record_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t app_now_ms(const app_t *app)
{
    return app->options.now_ms(app->options.clock);
}

/* Projection "shift": how every shift began and what was last saved of it, for lists. */
static void project(void *context, const store_event_t *event, store_rows_t *rows)
{
    (void)context;
    if (strncmp(event->stream, "scenario/", 9) == 0) scenarios_project(event, rows);
    if (strncmp(event->stream, "document/", 9) == 0) documents_project(event, rows);
    if (strncmp(event->stream, "item/", 5) == 0) {
        items_project(event, rows);
        return;
    }
    if (sitting_project(event, rows)) return;
    if (strncmp(event->stream, "shift/", 6) != 0) return;
    if (after_project(event, rows)) return;
    char key[STORE_NAME_MAX + 16];
    text_t value;
    text_init(&value, APP_REFLECT_MAX);
    bool start = strcmp(event->kind, "start") == 0;
    bool whole = start || strcmp(event->kind, "reflect") == 0;
    snprintf(key, sizeof key, "%s/%s", event->stream + 6, start ? "1-start" : whole ? "3-reflect" : "2-last");
    text_addf(&value, "{\"at_ms\":%lld,\"seq\":%lld,\"kind\":\"%s\",", (long long)event->at_ms, (long long)event->seq,
              event->kind);
    if (whole && event->length > 1) {
        text_t bare; /* lists need no scenario */
        text_init(&bare, APP_JSON_MAX);
        if (start && codec_without_text(&bare, event->payload, event->length))
            text_add_n(&value, bare.data + 1, bare.length - 1);
        else
            text_add_n(&value, event->payload + 1, event->length - 1);
        text_free(&bare);
    } else { /* the simulated second is the first key of every other event */
        const char *t = event->length > 5 && strncmp(event->payload, "{\"t\":", 5) == 0 ? event->payload + 5 : "0";
        text_add(&value, "\"t\":");
        while (*t >= '0' && *t <= '9') text_add_char(&value, *t++);
        text_add_char(&value, '}');
    }
    if (!value.failed) store_put(rows, "shift", key, value.data);
    text_free(&value);
}

static bool open_store(app_t *app, err_t *err)
{
    store_options_t options = {.project = project, .read_only = app->options.read_only};
    return store_open(&app->store, app->options.data_dir, &options, err) &&
           (app->options.read_only || documents_sweep(app, err));
}

bool app_open(app_t **out, const app_options_t *options, err_t *err)
{
    *out = NULL;
    app_t *app = calloc(1, sizeof *app);
    if (app) app->live = calloc(APP_LIVE_SHIFTS, sizeof *app->live);
    if (app) app->exams = exams_new();
    if (app) app->rotations = rotations_new();
    if (!app || !app->live || !app->exams || !app->rotations) {
        if (app) exams_free(app->exams);
        if (app) rotations_free(app->rotations);
        if (app) free(app->live);
        free(app);
        return err_set(err, ERR_MEMORY, "There is not enough memory to start.");
    }
    app->options = *options;
    app->opened_ms = options->now_ms ? options->now_ms(options->clock) : 0;
    pthread_mutex_init(&app->table_lock, NULL);
    for (int i = 0; i < APP_LIVE_SHIFTS; i++) pthread_mutex_init(&app->live[i].lock, NULL);
    if (!lab_open(&app->lab, options->content, err) || !calc_open(&app->calc, options->content, err) ||
        !record_words_open(&app->record_words, options->content, err) ||
        !road_open(&app->road, options->content, err) || (options->data_dir && !open_store(app, err))) {
        app_close(app);
        return false;
    }
    *out = app;
    return true;
}

void app_close(app_t *app)
{
    if (!app) return;
    for (int i = 0; i < APP_LIVE_SHIFTS; i++) {
        shift_free(app->live[i].shift);
        pthread_mutex_destroy(&app->live[i].lock);
    }
    pthread_mutex_destroy(&app->table_lock);
    exams_free(app->exams);
    rotations_free(app->rotations);
    record_words_close(app->record_words);
    road_close(app->road);
    if (app->store) store_close(app->store);
    calc_close(app->calc);
    lab_close(app->lab);
    free(app->live);
    free(app);
}

const source_t *app_content(const app_t *app)
{
    return app->options.content;
}

const lab_t *app_lab(const app_t *app)
{
    return app->lab;
}

const calc_t *app_calc(const app_t *app)
{
    return app->calc;
}

store_t *app_store(app_t *app)
{
    return app->store;
}

/* ---- ids: 13 letters and digits, from 65 random bits or so ---- */

void app_make_id(app_t *app, char id[APP_ID_MAX])
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's base 32 */
    uint64_t bits = app->options.random(app->options.clock);
    for (int i = 0; i < 12; i++, bits >>= 5) id[i] = letters[bits & 31];
    id[12] = '\0';
}

bool app_id_is_well_formed(const char *id)
{
    size_t n = strlen(id);
    if (n == 0 || n >= APP_ID_MAX) return false;
    for (const char *c = id; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))) return false;
    return true;
}

/* ---- finding, visiting, leaving ---- */

static void summary_of(const live_t *live, shift_summary_t *s)
{
    scenario_view_t view;
    scenario_view(shift_scenario(live->shift), &view);
    *s = (shift_summary_t){.mode = shift_mode(live->shift),
                           .seed = shift_seed(live->shift),
                           .started_ms = live->started_ms,
                           .saved_ms = live->saved_ms,
                           .at_s = shift_now_s(live->shift),
                           .length_s = shift_length_s(live->shift),
                           .over = shift_over(live->shift),
                           .score = NAN,
                           .actions = shift_action_count(live->shift)};
    snprintf(s->scenario_id, sizeof s->scenario_id, "%s", live->authored[0] ? live->authored : view.id);
    snprintf(s->title, sizeof s->title, "%s", view.title);
    memcpy(s->id, live->id, sizeof s->id);
}

static bool enter(app_t *app, const char *id, bool there, app_visit_t *visit, err_t *err)
{
    live_t *live;
    *visit = (app_visit_t){0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such shift.");
    if (!live_find(app, id, &live, err)) return false;
    if (there) live_clock(app, live);
    *visit = (app_visit_t){.shift = live->shift,
                           .speed = live->speed,
                           .saved_ms = live->saved_ms,
                           .seq = live->seq,
                           .hints = live->hints,
                           .hint_page = live->hint_page,
                           .private_live = live};
    summary_of(live, &visit->summary);
    return true;
}

bool app_visit(app_t *app, const char *id, app_visit_t *visit, err_t *err)
{
    return enter(app, id, true, visit, err);
}

bool app_peek(app_t *app, const char *id, app_visit_t *visit, err_t *err)
{
    return enter(app, id, false, visit, err);
}

void app_leave(app_t *app, app_visit_t *visit)
{
    live_leave(app, visit->private_live);
    visit->private_live = NULL;
    visit->shift = NULL;
}

/* ---- use cases ---- */

/* The authored scenario of that id as its newest version; the text stays with the caller. */
static bool find_authored(app_t *app, const char *id, text_t *text, authored_t *authored, scenario_t **scenario,
                          err_t *err)
{
    app_scenario_t known;
    if (!app_scenario_get(app, id, 0, &known, NULL, err)) return false;
    if (known.version == 0)
        return err_set(err, ERR_STATE, "This scenario is not finished: open it, mend what is marked and save it.");
    if (!app_scenario_get(app, id, known.version, &known, text, err) ||
        !scenario_read(app->lab, known.name, (const unsigned char *)text->data, text->length, scenario, err))
        return false;
    *authored = (authored_t){id, text->data, known.version};
    return true;
}

static bool start_shift(app_t *app, const char *scenario_id, uint64_t seed, shift_mode_t mode, text_t *payload,
                        err_t *err)
{
    const scenario_t *built_in = scenario_find(app->lab, scenario_id);
    scenario_t *own = NULL;
    authored_t authored = {0};
    shift_t *shift = NULL;
    text_t text;
    text_init(&text, APP_SCENARIO_MAX);
    bool ok = built_in || find_authored(app, scenario_id, &text, &authored, &own, err);
    ok = ok && shift_start(&shift, app->lab, built_in ? built_in : own, seed, mode, err);
    if (ok) codec_start(payload, shift, &authored);
    shift_free(shift);
    scenario_free(own);
    text_free(&text);
    return ok;
}

bool app_shift_create(app_t *app, const char *scenario_id, uint64_t seed, shift_mode_t mode, char id[APP_ID_MAX],
                      err_t *err)
{
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (mode < 0 || mode >= MODE_COUNT) return err_set(err, ERR_INPUT, "Choose a mode: coach, practice or assess.");
    if (seed == 0) seed = 1 + app->options.random(app->options.clock) % 999999;
    text_t payload;
    text_init(&payload, APP_START_MAX);
    bool ok = start_shift(app, scenario_id, seed, mode, &payload, err);
    if (ok && payload.failed) ok = err_set(err, ERR_LIMIT, "The scenario is too large to start.");
    if (ok) {
        app_make_id(app, id);
        char name[64];
        snprintf(name, sizeof name, "shift/%s", id);
        ok = store_append(app->store, name, 0, "start", app_now_ms(app), payload.data, payload.length, "", NULL, err);
    }
    text_free(&payload);
    return ok;
}

bool app_payload_at(text_t *payload, const live_t *live)
{
    text_init(payload, APP_JSON_MAX);
    text_addf(payload, "{\"t\":%d,", (int)shift_now_s(live->shift));
    return !payload->failed;
}

bool app_act(app_t *app, const char *id, const action_t *action, const char *request, err_t *err)
{
    app_visit_t visit;
    if (!app_visit(app, id, &visit, err)) return false;
    live_t *live = visit.private_live;
    bool known = live_knows(live, request), ok = known;
    text_t payload = {0}, inner;
    if (!known && app_payload_at(&payload, live)) {
        text_init(&inner, APP_JSON_MAX);
        app_action_json(&inner, action);
        if (inner.data) text_add(&payload, inner.data + 1); /* without its brace */
        /* done first in memory, then saved; when saving fails the memory is folded again from the stream */
        ok = shift_act(live->shift, action, err);
        if (ok && !live_append(app, live, "act", &payload, request, err)) ok = false;
        if (ok && shift_over(live->shift)) live_end(app, live);
        text_free(&inner);
    }
    text_free(&payload);
    app_leave(app, &visit);
    return ok;
}

bool app_set_speed(app_t *app, const char *id, double speed, const char *request, err_t *err)
{
    if (speed != 0 && !(speed >= 1 && speed <= APP_MAX_SPEED))
        return err_set(err, ERR_INPUT, "The clock runs at 1 to %d times, or is paused.", APP_MAX_SPEED);
    app_visit_t visit;
    if (!app_visit(app, id, &visit, err)) return false;
    live_t *live = visit.private_live;
    bool ok = true;
    if (speed == 0 && live->speed > 0 && shift_mode(live->shift) == MODE_ASSESS)
        ok = err_set(err, ERR_STATE, "In Assess the clock cannot be paused.");
    if (shift_over(live->shift)) ok = err_set(err, ERR_STATE, "This shift is over. Its debrief is open.");
    if (ok && speed != live->speed && !live_knows(live, request)) {
        text_t payload;
        app_payload_at(&payload, live);
        text_add(&payload, "\"speed\":");
        text_add_fixed(&payload, speed, 2);
        text_add_char(&payload, '}');
        ok = live_append(app, live, "clock", &payload, request, err);
        if (ok) live->speed = speed;
        text_free(&payload);
    }
    app_leave(app, &visit);
    return ok;
}

bool app_skip(app_t *app, const char *id, const char *request, err_t *err)
{
    app_visit_t visit;
    if (!app_visit(app, id, &visit, err)) return false;
    live_t *live = visit.private_live;
    bool ok = true;
    if (shift_mode(live->shift) == MODE_ASSESS)
        ok = err_set(err, ERR_STATE, "In Assess there is no skipping: the wait is part of the work.");
    if (shift_over(live->shift)) ok = err_set(err, ERR_STATE, "This shift is over. Its debrief is open.");
    if (ok && !live_knows(live, request)) {
        int32_t to = shift_next_notice_s(live->shift);
        shift_advance(live->shift, to > shift_now_s(live->shift) ? to : shift_now_s(live->shift) + 1);
        text_t payload;
        app_payload_at(&payload, live);
        text_add(&payload, "\"skip\":1}");
        ok = live_append(app, live, "skip", &payload, request, err);
        text_free(&payload);
    }
    app_leave(app, &visit);
    return ok;
}

bool app_healthy(app_t *app, err_t *err)
{
    int64_t seq;
    return !app->store || store_last(app->store, "shift/none", &seq, err);
}

bool app_rebuild(app_t *app, err_t *err)
{
    return app->store ? store_rebuild(app->store, err) : err_set(err, ERR_STATE, "No data folder is open.");
}
