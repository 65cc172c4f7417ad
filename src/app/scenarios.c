/* Scenarios that an instructor writes: streams of whole files, each either read and accepted (`version`) or kept as it
 * is (`draft`). The projection "scenario" has one row for the newest of each, without the text.
 *   version  {"version","name","title","summary","level","mode","minutes","specimens","text"}
 *   draft    {"title","text"}     remove  {} */
#include "private.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool stream_name(char name[64], const char *id, err_t *err)
{
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no scenario \"%.60s\".", id);
    snprintf(name, 64, "scenario/%s", id);
    return true;
}

/* ---- the list ---- */

void scenarios_project(const store_event_t *event, store_rows_t *rows)
{
    char version[STORE_NAME_MAX + 16], draft[STORE_NAME_MAX + 16];
    text_t value;
    const char *id = event->stream + strlen("scenario/");
    bool is_version = strcmp(event->kind, "version") == 0, removed = strcmp(event->kind, "remove") == 0;
    snprintf(version, sizeof version, "%s/1-version", id);
    snprintf(draft, sizeof draft, "%s/2-draft", id);
    text_init(&value, APP_JSON_MAX);
    text_addf(&value, "{\"at_ms\":%lld,\"seq\":%lld", (long long)event->at_ms, (long long)event->seq);
    text_t bare;
    text_init(&bare, APP_JSON_MAX);
    if (codec_without_text(&bare, event->payload, event->length) && bare.length > 2) {
        text_add_char(&value, ',');
        text_add_n(&value, bare.data + 1, bare.length - 1);
    } else {
        text_add_char(&value, '}');
    }
    text_free(&bare);
    if (is_version || removed) store_put(rows, "scenario", draft, NULL);
    if (removed) store_put(rows, "scenario", version, NULL);
    if (!removed && !value.failed) store_put(rows, "scenario", is_version ? version : draft, value.data);
    text_free(&value);
}

static void copy_text(char *to, size_t size, const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    if (text) snprintf(to, size, "%s", text);
}

static void take(app_scenario_t *s, const json_t *row)
{
    s->seq = json_integer_value(json_object_get(row, "seq"));
    s->changed_ms = json_integer_value(json_object_get(row, "at_ms"));
    s->unfinished = !json_object_get(row, "version");
    copy_text(s->unfinished ? s->draft_title : s->title, sizeof s->title, row, "title");
    if (s->unfinished) return;
    s->version = (int)json_integer_value(json_object_get(row, "version"));
    copy_text(s->name, sizeof s->name, row, "name");
    copy_text(s->summary, sizeof s->summary, row, "summary");
    copy_text(s->level, sizeof s->level, row, "level");
    s->length_s = (int32_t)json_integer_value(json_object_get(row, "minutes")) * 60;
    s->specimens = (int)json_integer_value(json_object_get(row, "specimens"));
    int mode = shift_mode_from_word(json_string_value(json_object_get(row, "mode")));
    s->mode = mode < 0 ? MODE_PRACTICE : (shift_mode_t)mode;
}

typedef struct {
    app_scenario_t *list;
    int max, count;
} listing_t;

static bool take_row(void *context, const char *key, const char *value)
{
    listing_t *in = context;
    const char *slash = strchr(key, '/');
    size_t n = slash ? (size_t)(slash - key) : APP_ID_MAX;
    json_t *row = n < APP_ID_MAX ? json_loads(value, 0, NULL) : NULL;
    bool same =
        in->count > 0 && strlen(in->list[in->count - 1].id) == n && strncmp(in->list[in->count - 1].id, key, n) == 0;
    if (row && !same && in->count < in->max) {
        in->list[in->count] = (app_scenario_t){0};
        memcpy(in->list[in->count++].id, key, n);
        same = true;
    }
    if (row && same) take(&in->list[in->count - 1], row);
    json_decref(row);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const app_scenario_t *x = a, *y = b;
    if (x->changed_ms != y->changed_ms) return x->changed_ms > y->changed_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

bool app_scenario_list(app_t *app, app_scenario_t *list, int max, int *count, err_t *err)
{
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    listing_t in = {.list = list, .max = max};
    if (!store_rows(app->store, "scenario", "", take_row, &in, err)) return false;
    qsort(list, (size_t)in.count, sizeof *list, newest_first);
    *count = in.count;
    return true;
}

/* ---- one of them ---- */

typedef struct {
    int wanted; /* version; 0: the last saved */
    app_scenario_t *scenario;
    text_t *text;
    bool found, removed;
} reading_t;

static bool take_event(void *context, const store_event_t *event)
{
    reading_t *in = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *text = json_string_value(json_object_get(row, "text"));
    in->removed = strcmp(event->kind, "remove") == 0;
    bool done = in->wanted > 0 && in->found;
    if (text && !done) {
        take(in->scenario, row);
        in->scenario->seq = event->seq;
        in->scenario->changed_ms = event->at_ms;
        in->found = in->wanted == 0 || (!in->scenario->unfinished && in->scenario->version == in->wanted);
        if (in->found && in->text) {
            text_clear(in->text);
            text_add(in->text, text);
        }
    }
    json_decref(row);
    return true;
}

bool app_scenario_get(app_t *app, const char *id, int version, app_scenario_t *scenario, text_t *text, err_t *err)
{
    char name[64];
    *scenario = (app_scenario_t){0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!stream_name(name, id, err)) return false;
    reading_t in = {.wanted = version, .scenario = scenario, .text = text};
    if (!store_read(app->store, name, 1, take_event, &in, err)) return false;
    if (!in.found || in.removed)
        return err_set(err, ERR_NOT_FOUND,
                       version ? "There is no such version of this scenario."
                               : "There is no such scenario. It may have been removed.");
    snprintf(scenario->id, sizeof scenario->id, "%s", id);
    return !(text && text->failed) || err_set(err, ERR_LIMIT, "The scenario is too long.");
}

static bool take_version(void *context, const store_event_t *event)
{
    listing_t *in = context;
    if (strcmp(event->kind, "version") != 0) return true;
    if (in->count == in->max)
        memmove(in->list, in->list + 1, (size_t)--in->count * sizeof *in->list); /* the oldest goes */
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    app_scenario_t *s = &in->list[in->count++];
    *s = (app_scenario_t){0};
    take(s, row);
    s->seq = event->seq;
    s->changed_ms = event->at_ms;
    json_decref(row);
    return true;
}

static int highest_first(const void *a, const void *b)
{
    const app_scenario_t *x = a, *y = b;
    return (x->version < y->version) - (x->version > y->version);
}

bool app_scenario_versions(app_t *app, const char *id, app_scenario_t *list, int max, int *count, err_t *err)
{
    char name[64];
    listing_t in = {.list = list, .max = max};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!stream_name(name, id, err) || !store_read(app->store, name, 1, take_version, &in, err)) return false;
    qsort(list, (size_t)in.count, sizeof *list, highest_first);
    *count = in.count;
    return true;
}

/* ---- saving ---- */

static void write_version(text_t *out, const scenario_view_t *v, int version)
{
    text_addf(out, "{\"version\":%d,\"name\":", version);
    text_add_json(out, v->id);
    text_add(out, ",\"title\":");
    text_add_json(out, v->title);
    text_add(out, ",\"summary\":");
    text_add_json(out, v->summary);
    text_addf(out, ",\"level\":\"%s\",\"mode\":\"%s\",\"minutes\":%d,\"specimens\":%d,", v->level,
              shift_mode_word(v->mode), (int)v->length_s / 60, v->specimens);
}

static bool append(app_t *app, const char *id, int64_t seq, int version, const char *title, const char *file,
                   size_t length, int *made, err_t *why, err_t *err)
{
    char name[64];
    scenario_t *scenario = NULL;
    text_t payload;
    text_init(&payload, APP_START_MAX);
    *made = 0;
    *why = (err_t){0};
    if (!stream_name(name, id, err)) return false;
    if (scenario_read(app->lab, "scenario", (const unsigned char *)file, length, &scenario, why)) {
        scenario_view_t view;
        scenario_view(scenario, &view);
        write_version(&payload, &view, version);
        *made = version;
    } else {
        text_add(&payload, "{\"title\":");
        text_add_json(&payload, title);
        text_add_char(&payload, ',');
    }
    scenario_free(scenario);
    text_add(&payload, "\"text\":");
    text_add_json(&payload, file);
    text_add_char(&payload, '}');
    bool ok = payload.failed
                  ? err_set(err, ERR_LIMIT, "The scenario is larger than %d KB: shorten it.", APP_SCENARIO_MAX / 1024)
                  : store_append(app->store, name, seq, *made ? "version" : "draft",
                                 app->options.now_ms(app->options.clock), payload.data, payload.length, "", NULL, err);
    text_free(&payload);
    return ok;
}

static bool check_size(const char *text, size_t length, err_t *err)
{
    if (length > APP_SCENARIO_MAX)
        return err_set(err, ERR_LIMIT, "A scenario has at most %d KB; this one has %zu.", APP_SCENARIO_MAX / 1024,
                       length / 1024 + 1);
    if (strlen(text) != length) return err_set(err, ERR_INPUT, "The text holds a zero byte.");
    return true;
}

bool app_scenario_create(app_t *app, const char *title, const char *text, size_t length, char id[APP_ID_MAX],
                         int *version, err_t *why, err_t *err)
{
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!check_size(text, length, err)) return false;
    app_make_id(app, id);
    return append(app, id, 0, 1, title, text, length, version, why, err);
}

bool app_scenario_save(app_t *app, const char *id, int64_t seq, const char *title, const char *text, size_t length,
                       int *version, err_t *why, err_t *err)
{
    app_scenario_t last;
    text_t before;
    if (!check_size(text, length, err)) return false;
    text_init(&before, APP_SCENARIO_MAX + 1);
    bool ok = app_scenario_get(app, id, 0, &last, &before, err);
    bool same = ok && before.length == length && memcmp(before.data, text, length) == 0;
    text_free(&before);
    *version = last.version;
    *why = (err_t){0};
    if (!ok || (same && !last.unfinished)) return ok;
    if (!same && seq != last.seq)
        return err_set(err, ERR_CONFLICT, "This scenario was saved in another window in the meantime.");
    if (same) { /* unfinished still; the content of the program may have changed, so it is read again */
        scenario_t *scenario = NULL;
        *version = 0;
        if (!scenario_read(app->lab, "scenario", (const unsigned char *)text, length, &scenario, why)) return true;
        scenario_free(scenario);
    }
    return append(app, id, last.seq, last.version + 1, title, text, length, version, why, err);
}

bool app_scenario_remove(app_t *app, const char *id, err_t *err)
{
    app_scenario_t last;
    char name[64];
    if (!app_scenario_get(app, id, 0, &last, NULL, err) || !stream_name(name, id, err)) return false;
    return store_append(app->store, name, last.seq, "remove", app->options.now_ms(app->options.clock), "{}", 2, "",
                        NULL, err);
}
