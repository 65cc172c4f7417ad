/* Calibration of the bank by the answers of this installation: Rasch, marginal maximum likelihood with a prior for each
 * item (exam/calibrate.h), its author's difficulty and SD. All items that have answers take part, since adaptive tests
 * choose the next item by answers to any of them; leaving some out would bias the others. Taken over are those with
 * APP_CALIBRATION_LEAST answers, not all alike. The persons' mean and SD are free: authors' difficulties hold the
 * scale.
 *
 * The prior is the author's, not what ratings.c has made of it: that has seen these answers already, and they would
 * count twice.
 *
 * Fit: infit and outfit at Warm's weighted likelihood abilities, whose mean squares stay near 1 in tests of 20 items
 * and more; S-X2 needs persons who answered every item, and there are none in a bank.
 *
 * Kept in the event stream "exam/calibration": {"items":[[id,version,difficulty,se,answers,before,before_sd,infit,
 * outfit],..],"answers","persons","mean","sd","by"}, the last two of an item null where not known; more than CHUNK
 * items in further events of the same time. Older events have five values of an item and no mean. */
#include "ratings.h"

#include "exam/calibrate.h"
#include "exam/model_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1000, CALIBRATION_TEXT_MAX = STORE_PAYLOAD_MAX };

typedef struct {
    ratings_t r;
    edition_t plain;
    int *column; /* [bank_count] of the table; -1: no answers */
    int *item;   /* [columns] */
    bool *taken; /* [columns] */
    size_t columns;
    responses_t table;
    calibration_t result;
    model_fit_t fit;
    app_calibration_t *out;
} batch_t;

static bool choose_items(batch_t *b, err_t *err)
{
    const size_t n = bank_count(b->r.bank);
    app_calibration_t *out = b->out;
    b->column = arena_array(b->r.arena, n + 1, sizeof *b->column);
    b->item = arena_array(b->r.arena, n + 1, sizeof *b->item);
    b->taken = arena_array(b->r.arena, n + 1, sizeof *b->taken);
    if (!b->column || !b->item || !b->taken) return ratings_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const rated_t *item = &b->r.rated[i];
        b->column[i] = -1;
        if (item->answers == 0) continue;
        const bool alike = item->right == 0 || item->right == item->answers;
        const bool many = item->answers >= APP_CALIBRATION_LEAST;
        if (item->answers > out->most) out->most = item->answers;
        out->answers += item->answers;
        out->alike += many && alike;
        out->items += many && !alike;
        b->column[i] = (int)b->columns;
        b->taken[b->columns] = many && !alike;
        b->item[b->columns++] = (int)i;
    }
    out->answered = (int)b->columns;
    out->enough = out->items >= APP_CALIBRATION_ITEMS_LEAST;
    return true;
}

/* One row a sitting that has an answer to one of the items. */
static bool fill_table(batch_t *b, err_t *err)
{
    const ratings_t *r = &b->r;
    const char **names = arena_array(r->arena, b->columns + 1, sizeof *names);
    int8_t *answers = arena_array(r->arena, (size_t)r->count * b->columns + 1, sizeof *answers);
    int *lines = arena_array(r->arena, (size_t)r->count + 1, sizeof *lines);
    if (!names || !answers || !lines) return ratings_no_memory(err);
    for (size_t c = 0; c < b->columns; c++) names[c] = bank_item(r->bank, (size_t)b->item[c])->id;
    size_t persons = 0;
    for (int s = 0; s < r->count; s++) {
        int8_t *row = answers + persons * b->columns;
        bool any = false;
        memset(row, RESPONSE_MISSING, b->columns);
        for (int k = 0; k < r->ended[s].count; k++) {
            int column = b->column[r->ended[s].answer[k].item];
            if (column < 0) continue;
            row[column] = r->ended[s].answer[k].right;
            any = true;
        }
        if (any) lines[persons++] = s + 1;
    }
    b->table = (responses_t){"the sittings", persons, b->columns, names, answers, lines};
    b->out->persons = (int)persons;
    return true;
}

static bool calibrate_table(batch_t *b, err_t *err)
{
    calibrate_options_t options = calibrate_defaults(IRT_RASCH);
    prior_t *priors = arena_array(b->r.arena, b->columns + 1, sizeof *priors);
    if (!priors) return ratings_no_memory(err);
    for (size_t c = 0; c < b->columns; c++) {
        const item_t *item = bank_item(b->r.bank, (size_t)b->item[c]);
        priors[c] = (prior_t){item->difficulty, item->difficulty_sd};
    }
    options.difficulty_of = priors;
    if (!calibrate(&b->result, b->r.arena, &b->table, &options, err)) return false;
    if (!b->result.converged || !b->result.errors)
        return err_set(err, ERR_STATE, "The calibration did not come to an end; nothing was changed.");
    for (size_t c = 0; c < b->columns; c++)
        if (!(b->result.items[c].se_b[0] > 0))
            return err_set(err, ERR_STATE, "The answers do not determine the difficulty of %s; nothing was changed.",
                           b->table.names[c]);
    b->out->mean = b->result.groups[0].mean;
    b->out->sd = b->result.groups[0].sd;
    return true;
}

static bool fit_table(batch_t *b, err_t *err)
{
    ability_options_t options = ability_defaults();
    irt_item_t *items = arena_array(b->r.arena, b->columns + 1, sizeof *items);
    int *item_of = arena_array(b->r.arena, b->columns + 1, sizeof *item_of);
    if (!items || !item_of) return ratings_no_memory(err);
    for (size_t c = 0; c < b->columns; c++) {
        items[c] = b->result.items[c].item;
        item_of[c] = (int)c;
    }
    const items_t bank = {.file = "the calibration", .items = items, .count = b->columns};
    options.method = ABILITY_WLE;
    return model_fit(&b->fit, b->r.arena, &b->table, &bank, item_of, NULL, &options, err);
}

static bool mark_answers(app_t *app, const batch_t *b, err_t *err)
{
    int64_t last;
    if (!store_last(app->store, "exam/calibration", &last, err)) return false;
    snprintf(b->out->mark, sizeof b->out->mark, "%d-%d-%lld", b->out->sittings, b->out->answers, (long long)last);
    return true;
}

/* With `fit`, and where there is enough, calibrated. batch_end in any case. */
static bool batch_begin(batch_t *b, app_t *app, bool fit, app_calibration_t *out, err_t *err)
{
    *b = (batch_t){.out = out};
    *out = (app_calibration_t){.mean = NAN, .sd = NAN};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!ratings_plain_bank(app, &b->plain, err) || !ratings_begin(&b->r, b->plain.bank, err) ||
        !ratings_read(&b->r, app->store, err))
        return false;
    ratings_follow(&b->r);
    out->sittings = b->r.count;
    if (!choose_items(b, err) || !mark_answers(app, b, err)) return false;
    if (!fit || !out->enough) return true;
    return fill_table(b, err) && calibrate_table(b, err) && fit_table(b, err);
}

static void batch_end(batch_t *b)
{
    arena_free(b->r.arena);
    bank_close(b->plain.bank);
}

static app_calibrated_t calibrated(const batch_t *b, size_t column)
{
    const item_t *item = bank_item(b->r.bank, (size_t)b->item[column]);
    const rated_t *rated = &b->r.rated[b->item[column]];
    app_calibrated_t c = {.version = item->version,
                          .answers = rated->answers,
                          .right = rated->right,
                          .taken = b->taken[column],
                          .alike = rated->right == 0 || rated->right == rated->answers,
                          .author = item->difficulty,
                          .author_sd = item->difficulty_sd,
                          .before = rated->rating.mean,
                          .before_sd = rated->rating.sd,
                          .after = NAN,
                          .se = NAN,
                          .infit = NAN,
                          .outfit = NAN};
    snprintf(c.id, sizeof c.id, "%s", item->id);
    if (!b->result.items) return c;
    c.after = b->result.items[column].item.b[0];
    c.se = b->result.items[column].se_b[0];
    if (b->fit.items[column].persons == 0) return c;
    c.infit = b->fit.items[column].infit;
    c.outfit = b->fit.items[column].outfit;
    return c;
}

static int by_answers(const void *a, const void *b)
{
    const app_calibrated_t *x = a, *y = b;
    if (x->answers != y->answers) return x->answers > y->answers ? -1 : 1;
    return strcmp(x->id, y->id);
}

bool app_calibration_look(app_t *app, bool fit, app_calibration_t *out, app_calibrated_t *list, int max, int *count,
                          err_t *err)
{
    batch_t b;
    *count = 0;
    bool ok = batch_begin(&b, app, fit, out, err);
    if (ok && list && b.columns > (size_t)max)
        ok = err_set(err, ERR_LIMIT, "%zu items have answers; %d can be shown.", b.columns, max);
    for (size_t c = 0; ok && list && c < b.columns; c++) list[(*count)++] = calibrated(&b, c);
    if (*count > 1) qsort(list, (size_t)*count, sizeof *list, by_answers);
    batch_end(&b);
    return ok;
}

/* ---- keeping ---- */

static void add_value(text_t *payload, double value, int decimals)
{
    if (isnan(value))
        text_add(payload, ",null");
    else {
        text_add_char(payload, ',');
        text_add_fixed(payload, value, decimals);
    }
}

static void add_item(text_t *payload, const app_calibrated_t *c, bool first)
{
    text_addf(payload, "%s[\"%s\",%d", first ? "" : ",", c->id, c->version);
    add_value(payload, c->after, 4);
    add_value(payload, c->se, 4);
    text_addf(payload, ",%d", c->answers);
    add_value(payload, c->before, 4);
    add_value(payload, c->before_sd, 4);
    add_value(payload, c->infit, 3);
    add_value(payload, c->outfit, 3);
    text_add_char(payload, ']');
}

static bool keep_chunk(app_t *app, const batch_t *b, const char *name, int64_t now, size_t *at, int64_t *last,
                       err_t *err)
{
    text_t payload;
    int items = 0;
    text_init(&payload, CALIBRATION_TEXT_MAX);
    text_add(&payload, "{\"items\":[");
    for (; *at < b->columns && items < CHUNK; (*at)++) {
        const app_calibrated_t c = calibrated(b, *at);
        if (c.taken) add_item(&payload, &c, items++ == 0);
    }
    text_addf(&payload, "],\"answers\":%d,\"persons\":%d,\"mean\":", b->out->answers, b->out->persons);
    text_add_fixed(&payload, b->out->mean, 4);
    text_add(&payload, ",\"sd\":");
    text_add_fixed(&payload, b->out->sd, 4);
    text_add(&payload, ",\"by\":");
    text_add_json(&payload, name);
    text_add_char(&payload, '}');
    bool ok = payload.failed ? err_set(err, ERR_LIMIT, "The calibration is too long to be saved.")
              : items == 0   ? true
                             : store_append(app->store, "exam/calibration", *last, "calibration", now, payload.data,
                                            payload.length, "", last, err);
    text_free(&payload);
    return ok;
}

static bool keep(app_t *app, const batch_t *b, const char *name, err_t *err)
{
    int64_t last, now = app_now_ms(app);
    bool ok = store_last(app->store, "exam/calibration", &last, err);
    for (size_t at = 0; ok && at < b->columns;) ok = keep_chunk(app, b, name, now, &at, &last, err);
    return ok;
}

bool app_calibrate(app_t *app, const char *name, const char *mark, app_calibration_t *out, err_t *err)
{
    batch_t b;
    bool ok = batch_begin(&b, app, false, out, err);
    if (ok && mark && strcmp(mark, out->mark) != 0)
        ok = err_set(err, ERR_CONFLICT, "Answers came in, or somebody calibrated, since you looked. Look again.");
    ok = ok && (!out->enough || (fill_table(&b, err) && calibrate_table(&b, err) && fit_table(&b, err)));
    if (ok && out->enough) {
        ok = keep(app, &b, name, err);
        exams_changed(app);
    }
    batch_end(&b);
    return ok;
}

/* ---- history ---- */

typedef struct {
    app_calibration_past_t *list; /* oldest first while it is read */
    int max, count, known;        /* known: items of the newest whose difficulty before is kept */
} past_t;

static bool take_past(void *context, const store_event_t *event)
{
    past_t *past = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL), *item;
    const char *by = json_string_value(json_object_get(row, "by"));
    size_t k;
    if (past->count == 0 || past->list[past->count - 1].at_ms != event->at_ms) {
        if (past->count == past->max) { /* the oldest makes room */
            memmove(past->list, past->list + 1, (size_t)(past->max - 1) * sizeof *past->list);
            past->count--;
        }
        past->list[past->count++] =
            (app_calibration_past_t){.at_ms = event->at_ms,
                                     .answers = (int)json_integer_value(json_object_get(row, "answers")),
                                     .persons = (int)json_integer_value(json_object_get(row, "persons")),
                                     .moved = NAN};
        snprintf(past->list[past->count - 1].name, sizeof past->list->name, "%s", by ? by : "");
        past->known = 0;
    }
    app_calibration_past_t *now = &past->list[past->count - 1];
    json_array_foreach(json_object_get(row, "items"), k, item)
    {
        const json_t *before = json_array_get(item, 5);
        const char *id = json_string_value(json_array_get(item, 0));
        now->items++;
        if (!json_is_number(before)) continue;
        const double distance = fabs(json_number_value(json_array_get(item, 2)) - json_number_value(before));
        now->moved = past->known == 0 ? distance : now->moved + (distance - now->moved) / (past->known + 1);
        past->known++;
        if (distance >= now->largest) {
            now->largest = distance;
            snprintf(now->largest_id, sizeof now->largest_id, "%s", id ? id : "");
        }
    }
    json_decref(row);
    return true;
}

bool app_calibration_history(app_t *app, app_calibration_past_t *list, int max, int *count, err_t *err)
{
    past_t past = {.list = list, .max = max};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_read(app->store, "exam/calibration", 1, take_past, &past, err)) return false;
    for (int i = 0; i < past.count / 2; i++) {
        const app_calibration_past_t swap = list[i];
        list[i] = list[past.count - 1 - i];
        list[past.count - 1 - i] = swap;
    }
    *count = past.count;
    return true;
}
