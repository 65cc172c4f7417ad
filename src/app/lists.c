/* Lists of shifts from the projection, and the export of one. */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin_summary(const app_t *app, const json_t *row, shift_summary_t *s)
{
    const char *id = json_string_value(json_object_get(row, "scenario"));
    const char *title = json_string_value(json_object_get(row, "title")); /* of an authored one */
    const scenario_t *scenario = scenario_find(app->lab, id ? id : "");
    scenario_view_t view = {.id = id && title ? id : "", .title = title ? title : "(a scenario that is not here)"};
    view.length_s = (int32_t)json_integer_value(json_object_get(row, "minutes")) * 60;
    if (scenario) scenario_view(scenario, &view);
    snprintf(s->scenario_id, sizeof s->scenario_id, "%s", view.id);
    snprintf(s->title, sizeof s->title, "%s", view.title);
    s->length_s = view.length_s;
    s->mode = codec_mode(json_string_value(json_object_get(row, "mode")));
    const char *seed = json_string_value(json_object_get(row, "seed"));
    s->seed = seed ? strtoull(seed, NULL, 10) : 0;
    s->started_ms = s->saved_ms = json_integer_value(json_object_get(row, "at_ms"));
}

static shift_summary_t *item(const shift_listing_t *in, int i)
{
    return (shift_summary_t *)(void *)(in->list + in->stride * (size_t)i);
}

/* A new item; when the list is full the oldest makes room. */
static shift_summary_t *new_item(shift_listing_t *in)
{
    if (in->count == in->max) {
        int oldest = 0;
        for (int i = 1; i < in->count; i++)
            if (item(in, i)->started_ms < item(in, oldest)->started_ms) oldest = i;
        in->count--;
        if (oldest != in->count) memcpy(item(in, oldest), item(in, in->count), in->stride);
    }
    shift_summary_t *s = item(in, in->count++);
    memset(s, 0, in->stride);
    s->score = NAN;
    return s;
}

static void take_later(const shift_listing_t *in, shift_summary_t *s, const char *which, const json_t *row)
{
    const char *kind = json_string_value(json_object_get(row, "kind"));
    const json_t *score = json_object_get(row, "score");
    if (in->more) in->more(s, which, row);
    if (!json_object_get(row, "seq")) return;
    s->saved_ms = json_integer_value(json_object_get(row, "at_ms"));
    s->at_s = (int32_t)json_integer_value(json_object_get(row, "t"));
    s->actions = (int)json_integer_value(json_object_get(row, "seq")) - 1;
    s->over = s->over || (kind && (strcmp(kind, "end") == 0 || strcmp(kind, "reflect") == 0)) ||
              (s->length_s > 0 && s->at_s >= s->length_s);
    if (json_is_number(score)) s->score = json_number_value(score);
}

static bool take_row(void *context, const char *key, const char *value)
{
    shift_listing_t *in = context;
    const char *slash = strchr(key, '/');
    json_t *row = json_loads(value, 0, NULL);
    size_t n = slash ? (size_t)(slash - key) : 0;
    if (!row || n == 0 || n >= APP_ID_MAX) {
        json_decref(row);
        return true;
    }
    if (strcmp(slash, "/1-start") == 0) {
        shift_summary_t *s = new_item(in);
        memcpy(s->id, key, n);
        begin_summary(in->app, row, s);
    } else if (in->count > 0) {
        shift_summary_t *s = item(in, in->count - 1);
        if (strncmp(s->id, key, n) == 0 && s->id[n] == '\0') take_later(in, s, slash + 1, row);
    }
    json_decref(row);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const shift_summary_t *x = a, *y = b;
    if (x->started_ms != y->started_ms) return x->started_ms > y->started_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

bool listing_run(shift_listing_t *in, err_t *err)
{
    in->count = 0;
    if (!in->app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_rows(in->app->store, "shift", "", take_row, in, err)) return false;
    qsort(in->list, (size_t)in->count, in->stride, newest_first);
    return true;
}

bool app_shift_list(app_t *app, shift_summary_t *list, int max, int *count, err_t *err)
{
    shift_listing_t in = {.app = app, .list = (char *)list, .stride = sizeof *list, .max = max};
    bool ok = listing_run(&in, err);
    *count = in.count;
    return ok;
}

typedef struct {
    text_t *out;
    bool whole;
} exporting_t;

static bool export_event(void *context, const store_event_t *event)
{
    exporting_t *to = context;
    text_t *out = to->out;
    text_addf(out, "{\"seq\":%lld,\"kind\":\"%s\",\"at_ms\":%lld,\"data\":", (long long)event->seq, event->kind,
              (long long)event->at_ms);
    bool bare = !to->whole && strcmp(event->kind, "start") == 0;
    if (!bare || !codec_without_text(out, event->payload, event->length))
        text_add_n(out, event->payload, event->length);
    text_add(out, "}\n");
    return !out->failed;
}

bool app_shift_export(app_t *app, const char *id, bool whole, text_t *jsonl, err_t *err)
{
    char name[64];
    int64_t last;
    exporting_t to = {jsonl, whole};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (strlen(id) >= APP_ID_MAX) return err_set(err, ERR_NOT_FOUND, "There is no such shift.");
    snprintf(name, sizeof name, "shift/%s", id);
    if (!store_last(app->store, name, &last, err)) return false;
    if (last == 0) return err_set(err, ERR_NOT_FOUND, "There is no shift \"%s\". `titer shift list` shows them.", id);
    if (!whole) {
        app_visit_t visit;
        if (!app_peek(app, id, &visit, err)) return false;
        to.whole = shift_over(visit.shift);
        app_leave(app, &visit);
    }
    if (store_read(app->store, name, 1, export_event, &to, err)) return true;
    return jsonl->failed ? err_set(err, ERR_LIMIT, "The shift is too long to export at once.") : false;
}
