/* Sittings: their events and the fold over them. The stream "sitting/<id>":
 *   start
 * {"d","form","title","program","outline","kind","nav","items","minutes","calc","drawer","tutor","seed","factor",
 *            "breaks","as_of","given":[[id,version,difficulty,sd],..]}      of an adaptive form only the first item
 *   answer  {"d","n","p":[parts],"v","x","u","s"[,"next":[id,version,difficulty,sd]]}
 *   renew   {"d","n","id"}: other numbers for a computed item
 *   shown   {"d","items":[..]}: computed items that were given, whole (shown.c)
 *   look {"d","n"}   flag {"d","n","on"}   strike {"d","n","place"}   mark {"d","n","from","to"}   note {"d","text"}
 *   break   {"d","on"}   take {"d"}   tick {"d"}: time went by   stop {"d"}: the program was not running until now
 *   end     {"d","why","score","se","right","items","given":[ids],"wrong":[ids],"versions":[..],"open":[places]
 *            [,"mistakes"]}        ids of families without seeds; open: given and not answered
 * Time goes by from event to event (sitting_clock). Spoiled items are the stream "exam/void": {"item","version","why"};
 * version 0: any. */
#include "sitting_private.h"

#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARIANTS_BYTES = 4 * 1024 * 1024, DRAW_VARIANT = 9410, VARIANT_SEEDS = 999999 };

static const char *const why_words[] = {"", "asked", "time"};

/* ---- projection: rows of a sitting for lists ---- */

static void put_row(store_rows_t *rows, const char *table, const char *key, const store_event_t *event)
{
    text_t value;
    text_init(&value, APP_REFLECT_MAX);
    text_addf(&value, "{\"at_ms\":%lld,\"seq\":%lld,\"kind\":\"%s\",", (long long)event->at_ms, (long long)event->seq,
              event->kind);
    if (event->length > 1) text_add_n(&value, event->payload + 1, event->length - 1);
    if (!value.failed) store_put(rows, table, key, value.data);
    text_free(&value);
}

bool sitting_project(const store_event_t *event, store_rows_t *rows)
{
    char key[STORE_NAME_MAX + 16];
    if (strncmp(event->stream, "outcome/", 8) == 0) {
        bool withdrawn = strcmp(event->kind, "withdraw") == 0;
        snprintf(key, sizeof key, "%s", event->stream + 8);
        if (withdrawn)
            store_put(rows, "outcome", key, NULL);
        else
            put_row(rows, "outcome", key, event);
        return true;
    }
    if (strncmp(event->stream, "sitting/", 8) != 0) return strcmp(event->stream, "exam/void") == 0;
    bool start = strcmp(event->kind, "start") == 0, end = strcmp(event->kind, "end") == 0;
    bool answer = strcmp(event->kind, "answer") == 0;
    if (!start && !end && !answer) return true;
    snprintf(key, sizeof key, "%s/%s", event->stream + 8, start ? "1-start" : end ? "3-end" : "2-answer");
    put_row(rows, "sitting", key, event);
    return true;
}

typedef struct {
    app_sitting_t *list;
    int max, count, at; /* at: whose rows come now; -1: it has no place */
    voids_t voids;
    bool *again; /* its measure is to be computed again */
} listing_t;

static void copy_text(char *to, size_t size, const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    if (text) snprintf(to, size, "%s", text);
}

/* A new place, or that of the oldest sitting when this one is newer. */
static int place_for(listing_t *in, int64_t started_ms)
{
    int oldest = 0;
    if (in->count < in->max) return in->count++;
    for (int i = 1; i < in->count; i++)
        if (in->list[i].started_ms < in->list[oldest].started_ms) oldest = i;
    return in->count > 0 && in->list[oldest].started_ms < started_ms ? oldest : -1;
}

static bool take_row(void *context, const char *key, const char *value)
{
    listing_t *in = context;
    const char *slash = strchr(key, '/');
    size_t n = slash ? (size_t)(slash - key) : APP_ID_MAX;
    json_t *row = n < APP_ID_MAX ? json_loads(value, 0, NULL) : NULL;
    if (row && strcmp(slash, "/1-start") == 0) {
        in->at = place_for(in, json_integer_value(json_object_get(row, "at_ms")));
        if (in->at < 0) {
            json_decref(row);
            return true;
        }
        app_sitting_t *s = &in->list[in->at];
        in->again[in->at] = false;
        *s = (app_sitting_t){.score = NAN, .se = NAN};
        memcpy(s->id, key, n);
        copy_text(s->form, sizeof s->form, row, "form");
        copy_text(s->title, sizeof s->title, row, "title");
        s->started_ms = s->saved_ms = json_integer_value(json_object_get(row, "at_ms"));
        s->items = (int)json_integer_value(json_object_get(row, "items"));
    } else if (row && in->at >= 0) {
        app_sitting_t *s = &in->list[in->at];
        if (strncmp(s->id, key, n) == 0 && !s->id[n]) {
            s->saved_ms = json_integer_value(json_object_get(row, "at_ms"));
            s->over = strcmp(slash, "/3-end") == 0;
            if (s->over) {
                s->answered = (int)json_integer_value(json_object_get(row, "answered"));
                s->score = json_number_value(json_object_get(row, "score"));
                s->se = json_number_value(json_object_get(row, "se"));
                in->again[in->at] = voids_after(&in->voids, row, s->saved_ms);
            } else {
                s->answered = (int)json_integer_value(json_object_get(row, "a"));
            }
        }
    }
    json_decref(row);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const app_sitting_t *x = a, *y = b;
    if (x->started_ms != y->started_ms) return x->started_ms > y->started_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

bool app_sitting_list(app_t *app, app_sitting_t *list, int max, int *count, err_t *err)
{
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    listing_t in = {.list = list, .max = max, .at = -1};
    if (!voids_read(app, &in.voids, err)) return false;
    in.again = calloc((size_t)max + 1, sizeof *in.again);
    bool ok = in.again || err_set(err, ERR_MEMORY, "There is not enough memory for the list.");
    ok = ok && store_rows(app->store, "sitting", "", take_row, &in, err);
    for (int i = 0; ok && i < in.count; i++)
        if (in.again[i]) ok = voids_rescore(app, &in.voids, &list[i], err);
    free(in.again);
    voids_free(&in.voids);
    if (!ok) return false;
    qsort(list, (size_t)in.count, sizeof *list, newest_first);
    *count = in.count;
    return true;
}

/* ---- the fold ---- */

static int64_t whole(const json_t *row, const char *key, int64_t absent)
{
    const json_t *item = json_object_get(row, key);
    return json_is_integer(item) ? json_integer_value(item) : absent;
}

/* [id, version, difficulty, sd]; sittings from before there were difficulties have none. */
static bool fold_given(seat_t *seat, const json_t *given, err_t *err)
{
    const char *id = json_string_value(json_array_get(given, 0));
    const json_t *difficulty = json_array_get(given, 2), *sd = json_array_get(given, 3);
    if (!sitting_give(&seat->s, id ? id : "", (int)json_integer_value(json_array_get(given, 1)), err)) return false;
    if (difficulty && sd) sitting_rate(&seat->s, json_number_value(difficulty), json_number_value(sd));
    return true;
}

static bool fold_start(seat_t *seat, const json_t *row, int64_t at_ms, err_t *err)
{
    exam_form_t form = {.share_count = 0};
    bank_share_view_t share;
    copy_text(seat->form_id, sizeof seat->form_id, row, "form");
    copy_text(seat->title, sizeof seat->title, row, "title");
    copy_text(seat->program, sizeof seat->program, row, "program");
    copy_text(seat->credential, sizeof seat->credential, row, "outline");
    form.id = seat->form_id;
    form.title = seat->title;
    form.credential = seat->credential;
    form.program = item_programs(seat->program);
    form.kind = whole(row, "kind", 1) == FORM_ADAPTIVE ? FORM_ADAPTIVE : FORM_FIXED;
    int64_t navigation = whole(row, "nav", 0);
    form.navigation = navigation >= 0 && navigation < NAVIGATIONS ? (navigation_t)navigation : NAVIGATE_FREE;
    form.items = (int)whole(row, "items", 1);
    form.minutes = (int)whole(row, "minutes", 1);
    form.calculator = json_is_true(json_object_get(row, "calc"));
    form.drawer = json_is_true(json_object_get(row, "drawer"));
    form.tutor = json_is_true(json_object_get(row, "tutor"));
    if (form.items < 1 || form.items > FORM_ITEMS_MAX || form.minutes < 1)
        return err_set(err, ERR_INPUT, "The sitting's first event is damaged.");
    while (form.share_count < FORM_AREAS_MAX &&
           bank_share(seat->edition->bank, form.credential, form.share_count, &share))
        form.shares[form.share_count++] = (form_share_t){share.area, share.low, share.high};
    const char *seed = json_string_value(json_object_get(row, "seed"));
    if (!sitting_begin(&seat->s, seat->edition->bank, &form, seed ? strtoull(seed, NULL, 10) : 0,
                       json_number_value(json_object_get(row, "factor")), (int)whole(row, "breaks", 0), at_ms, err))
        return false;
    seat->as_of_ms = whole(row, "as_of", at_ms);
    seat->mistakes = json_is_true(json_object_get(row, "mistakes"));
    seat->s.families = seat->app->exams->families;
    seat->s.variants = seat->variants;
    seat->s.shown = seat->shown;
    seat->s.shown_count = seat->shown_count;
    size_t i;
    json_t *given;
    json_array_foreach(json_object_get(row, "given"), i, given)
    {
        if (!fold_given(seat, given, err)) return false;
    }
    sitting_look(&seat->s, 0);
    return true;
}

static bool fold_answer(seat_t *seat, const json_t *row, err_t *err)
{
    item_answer_t r = {.value = json_number_value(json_object_get(row, "v")),
                       .unit = json_string_value(json_object_get(row, "u"))};
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(row, "p"), i, part)
    {
        if (r.count < ITEM_PARTS_MAX) r.chosen[r.count++] = (int)json_integer_value(part);
    }
    int64_t sure = whole(row, "s", 0);
    int n = (int)whole(row, "n", -1);
    const json_t *next = json_object_get(row, "next");
    if (!sitting_answer(&seat->s, n, &r, sure >= 0 && sure < SURES ? (sure_t)sure : SURE_UNSAID, err)) return false;
    if (json_is_string(next)) { /* from before there were difficulties */
        if (!sitting_give(&seat->s, json_string_value(next), (int)whole(row, "nv", 1), err)) return false;
    } else if (next && !fold_given(seat, next, err)) {
        return false;
    }
    if (next) sitting_look(&seat->s, seat->s.count - 1);
    return true;
}

static bool fold_row(seat_t *seat, const char *kind, const json_t *row, err_t *err)
{
    sitting_t *s = &seat->s;
    int n = (int)whole(row, "n", -1);
    const char *text = json_string_value(json_object_get(row, "text"));
    if (strcmp(kind, "answer") == 0) return fold_answer(seat, row, err);
    if (strcmp(kind, "flag") == 0) return sitting_flag(s, n, json_is_true(json_object_get(row, "on")), err);
    if (strcmp(kind, "strike") == 0) return sitting_strike(s, n, (int)whole(row, "place", -1), err);
    if (strcmp(kind, "mark") == 0)
        return sitting_mark(s, n, (int)whole(row, "from", -1), (int)whole(row, "to", -1), err);
    if (strcmp(kind, "renew") == 0) {
        const char *id = json_string_value(json_object_get(row, "id"));
        return sitting_renew(s, n, id ? id : "", err);
    }
    if (strcmp(kind, "note") == 0) return sitting_note(s, text ? text : "", err);
    if (strcmp(kind, "break") == 0) return sitting_break(s, json_is_true(json_object_get(row, "on")), err);
    if (strcmp(kind, "look") == 0) sitting_look(s, n);
    if (strcmp(kind, "end") == 0) seat->ended = true;
    if (strcmp(kind, "end") == 0 && s->state != SITTING_OVER) {
        const char *why = json_string_value(json_object_get(row, "why"));
        return sitting_finish(s, why && strcmp(why, "time") == 0 ? END_TIME : END_ASKED, err);
    }
    return true; /* take, tick, stop, shown: their time has gone by */
}

typedef struct {
    seat_t *seat;
    err_t *err;
    bool ok;
} folding_t;

static bool fold_event(void *context, const store_event_t *event)
{
    folding_t *in = context;
    seat_t *seat = in->seat;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *device = json_string_value(json_object_get(row, "d"));
    if (strcmp(event->kind, "start") == 0) {
        in->ok = fold_start(seat, row, event->at_ms, in->err);
    } else if (in->ok) {
        sitting_clock(&seat->s, event->at_ms, strcmp(event->kind, "stop") == 0);
        in->ok = fold_row(seat, event->kind, row, in->err);
    }
    if (device) snprintf(seat->device, sizeof seat->device, "%s", device);
    seat->seq = event->seq;
    seat->saved_ms = event->at_ms;
    seat->repeated =
        seat->repeated || (seat->request[0] && event->request && strcmp(event->request, seat->request) == 0);
    json_decref(row);
    return in->ok;
}

static bool take_void(void *context, const store_event_t *event)
{
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *item = json_string_value(json_object_get(row, "item"));
    if (item) sitting_void(context, item, (int)whole(row, "version", 0));
    json_decref(row);
    return true;
}

bool seat_load(app_t *app, const char *id, const char *request, seat_t **out, err_t *err)
{
    char name[64];
    *out = NULL;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such sitting.");
    seat_t *seat = calloc(1, sizeof *seat);
    if (!seat) return err_set(err, ERR_MEMORY, "There is not enough memory for the sitting.");
    seat->app = app;
    seat->variants = arena_new(VARIANTS_BYTES);
    if (seat->variants) seat->shown = arena_array(seat->variants, SEAT_SHOWN_MAX, sizeof *seat->shown);
    if (!seat->shown) {
        arena_free(seat->variants);
        free(seat);
        return err_set(err, ERR_MEMORY, "There is not enough memory for the sitting.");
    }
    seat->request = request;
    if (!exams_enter(app, &seat->edition, err)) {
        seat_free(seat);
        return false;
    }
    snprintf(seat->id, sizeof seat->id, "%s", id);
    snprintf(name, sizeof name, "sitting/%s", id);
    folding_t in = {seat, err, true};
    bool ok = store_read(app->store, name, 1, seat_take_shown, seat, err) &&
              store_read(app->store, name, 1, fold_event, &in, err) && in.ok &&
              store_read(app->store, "exam/void", 1, take_void, &seat->s, err);
    if (ok && seat->seq == 0) ok = err_set(err, ERR_NOT_FOUND, "There is no such sitting.");
    if (ok)
        *out = seat;
    else
        seat_free(seat);
    return ok;
}

void seat_free(seat_t *seat)
{
    exams_leave(seat->app, seat->edition);
    arena_free(seat->variants);
    free(seat);
}

/* ---- appending ---- */

void seat_payload(text_t *out, const char *device)
{
    text_init(out, APP_JSON_MAX);
    text_add(out, "{\"d\":");
    text_add_json(out, device);
}

bool seat_append(seat_t *seat, const char *kind, text_t *payload, int64_t at_ms, const char *request, err_t *err)
{
    char name[64];
    snprintf(name, sizeof name, "sitting/%s", seat->id);
    text_add_char(payload, '}');
    bool ok = !payload->failed || err_set(err, ERR_LIMIT, "That is too long to be saved.");
    ok = ok && store_append(seat->app->store, name, seat->seq, kind, at_ms, payload->data, payload->length, request,
                            &seat->seq, err);
    if (ok) seat->saved_ms = at_ms;
    text_free(payload);
    return ok;
}

bool seat_clock(seat_t *seat, err_t *err)
{
    app_t *app = seat->app;
    int64_t now = app_now_ms(app);
    sitting_t *s = &seat->s;
    text_t payload;
    if (s->state == SITTING_OVER) return true;
    if (s->last_ms < app->opened_ms && app->opened_ms <= now) {
        seat_payload(&payload, seat->device);
        if (!seat_append(seat, "stop", &payload, app->opened_ms, "", err)) return false;
        if (sitting_clock(s, app->opened_ms, true)) return seat_end(seat, END_TIME, seat->device, "", err);
    }
    return sitting_clock(s, now, false) ? seat_end(seat, END_TIME, seat->device, "", err) : true;
}

/* What was given, what was wrong, what was left open, for lists, later sittings and difficulties. */
static void add_answers(text_t *out, const seat_t *seat)
{
    const sitting_t *s = &seat->s;
    char base[SITTING_ITEM_ID];
    for (int wrong = 0; wrong < 2; wrong++) {
        int n = 0;
        text_add(out, wrong ? ",\"wrong\":[" : ",\"given\":[");
        for (int i = 0; i < s->count; i++) {
            if (wrong && sitting_right(&s->entry[i])) continue;
            sitting_base(s->entry[i].id, base);
            text_addf(out, "%s\"%s\"", n++ ? "," : "", base);
        }
        text_add_char(out, ']');
    }
    text_add(out, ",\"versions\":[");
    for (int i = 0; i < s->count; i++) text_addf(out, "%s%d", i ? "," : "", s->entry[i].version);
    text_add(out, "],\"open\":[");
    for (int i = 0, n = 0; i < s->count; i++)
        if (!s->entry[i].answered) text_addf(out, "%s%d", n++ ? "," : "", i);
    text_add(out, seat->mistakes ? "],\"mistakes\":true" : "]");
}

bool seat_end(seat_t *seat, sitting_end_t why, const char *device, const char *request, err_t *err)
{
    sitting_t *s = &seat->s;
    text_t payload;
    if (!seat_show(seat, err) || (s->state != SITTING_OVER && !sitting_finish(s, why, err))) return false;
    report_t *report = calloc(1, sizeof *report);
    if (!report) return err_set(err, ERR_MEMORY, "There is not enough memory for the report.");
    bool ok = report_make(s, report, err);
    if (ok) {
        seat_payload(&payload, device);
        text_addf(&payload, ",\"why\":\"%s\",\"answered\":%d,\"items\":%d,\"right\":%d,\"score\":", why_words[why],
                  report->answered, report->items, report->right);
        text_add_fixed(&payload, report->score, 1);
        text_add(&payload, ",\"se\":");
        text_add_fixed(&payload, report->se, 4);
        add_answers(&payload, seat);
        ok = seat_append(seat, "end", &payload, app_now_ms(seat->app), request, err);
        exams_ended(seat->app);
    }
    free(report);
    return ok;
}

void seat_variant(char id[SITTING_ITEM_ID], const char *family, uint64_t seed, int n, int fresh)
{
    rng_t rng = rng_at(seed, DRAW_VARIANT, (uint64_t)n, (uint64_t)fresh);
    snprintf(id, SITTING_ITEM_ID, "%s@%u", family, 1 + rng_below(&rng, VARIANT_SEEDS));
}

void seat_given(text_t *out, const item_t *item, uint64_t seed, int n)
{
    char id[SITTING_ITEM_ID];
    snprintf(id, sizeof id, "%s", item->id);
    if (item->computed) seat_variant(id, item->id, seed, n, 0);
    text_addf(out, "\"%s\",%d,", id, item->version);
    text_add_fixed(out, item->difficulty, 4);
    text_add_char(out, ',');
    text_add_fixed(out, item->difficulty_sd, 4);
}

bool seat_next(seat_t *seat, text_t *payload, err_t *err)
{
    const sitting_plan_t *plan;
    edition_t *edition;
    int next = -1;
    if (seat->s.form.kind != FORM_ADAPTIVE || !sitting_wants_next(&seat->s)) return true;
    if (!exams_enter_at(seat->app, seat->as_of_ms, &edition, err)) return false;
    bool *stale = calloc(bank_count(edition->bank) + 1, sizeof *stale);
    bool ok = stale || err_set(err, ERR_MEMORY, "There is not enough memory to choose an item.");
    ok = ok && exams_plan(seat->app, edition, &seat->s.form, &plan, err) &&
         exams_recent(seat->app, edition, stale, err) && sitting_choose(plan, &seat->s, stale, &next, err);
    free(stale);
    if (ok && next >= 0) {
        text_add(payload, ",\"next\":[");
        seat_given(payload, bank_item(edition->bank, (size_t)next), seat->s.seed, seat->s.count);
        text_add_char(payload, ']');
    }
    exams_leave(seat->app, edition);
    return ok;
}
