/* What answers tell of the difficulty of items. Computed from the events of finished sittings whenever an edition of
 * the bank is made or statistics are looked at; nothing of it is kept but calibrations, which are events of the stream
 * "exam/calibration": {"items":[[id,version,difficulty,se,answers],..],"answers","persons","shift"}.
 *
 * Counted is each answer of a sitting that is over to an item in the version that the bank has, but for voided items,
 * entries left open (not reached is not wrong), and quizzes of mistakes, whose items were chosen by their answers. Each
 * sitting counts as a person of unknown ability, N(0, 1): rating.h moves person and item answer by answer, sittings in
 * the order of their ends. A calibration starts its items anew; answers from before it are in it already.
 *
 * Batch calibration: Rasch, marginal maximum likelihood (exam/calibrate.h), of items with CALIBRATION_LEAST answers.
 * The scale is kept by mean/mean linking: the calibrated difficulties have the mean that the same items had before. */
#include "app/items.h"
#include "sitting_private.h"

#include "exam/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENDS_MAX = APP_SITTINGS_RATED_MAX,
    CHUNK = 1000, /* items of one calibration event */
    CALIBRATION_TEXT_MAX = STORE_PAYLOAD_MAX,
    CALIBRATION_BYTES = 512 * 1024 * 1024,
};

/* A finished sitting: its answers as places in the bank. */
typedef struct {
    char id[APP_ID_MAX];
    int64_t at_ms;
    int count;
    struct {
        int item;
        bool right;
    } * answer;
} ended_t;

typedef struct {
    rating_t rating;
    int64_t since_ms; /* of its calibration; 0: none */
    int answers, right;
    bool voided;
} rated_t;

typedef struct {
    const bank_t *bank;
    arena_t *arena;
    rated_t *rated; /* [bank_count] */
    int *index;     /* open addressing by id: place in the bank, -1 free */
    size_t slots;
    ended_t *ended;
    int count;
    int64_t until_ms;   /* later ends and voids do not count */
    int64_t at_ms;      /* later calibrations do not */
    edition_t *edition; /* NULL: of no edition, all calibrations count */
    bool full;
} ratings_t;

/* ---- reading ---- */

static size_t slot_of(const ratings_t *r, const char *id)
{
    size_t at = (size_t)hash_bytes(HASH_START, id, strlen(id)) & (r->slots - 1);
    while (r->index[at] >= 0 && strcmp(bank_item(r->bank, (size_t)r->index[at])->id, id) != 0)
        at = (at + 1) & (r->slots - 1);
    return at;
}

static int find(const ratings_t *r, const char *id)
{
    return id ? r->index[slot_of(r, id)] : -1;
}

static bool is_open(const json_t *open, size_t n)
{
    size_t k;
    json_t *place;
    json_array_foreach(open, k, place)
    {
        if (json_integer_value(place) == (json_int_t)n) return true;
    }
    return false;
}

/* The answers that count. `wrong` has the ids of `given` that were wrong, in the same order. */
static bool take_answers(ratings_t *r, ended_t *ended, const json_t *row)
{
    const json_t *given = json_object_get(row, "given"), *wrong = json_object_get(row, "wrong"),
                 *versions = json_object_get(row, "versions"), *open = json_object_get(row, "open");
    size_t k, w = 0;
    json_t *id;
    ended->answer = arena_array(r->arena, json_array_size(given) + 1, sizeof *ended->answer);
    if (!ended->answer) return false;
    json_array_foreach(given, k, id)
    {
        const char *text = json_string_value(id), *missed = json_string_value(json_array_get(wrong, w));
        bool right = !text || !missed || strcmp(text, missed) != 0;
        int at = find(r, text);
        w += !right;
        if (at < 0 || is_open(open, k)) continue;
        if (json_integer_value(json_array_get(versions, k)) != bank_item(r->bank, (size_t)at)->version) continue;
        ended->answer[ended->count].item = at;
        ended->answer[ended->count++].right = right;
    }
    return true;
}

static bool take_end(void *context, const char *key, const char *value)
{
    ratings_t *r = context;
    size_t n = strcspn(key, "/");
    if (strcmp(key + n, "/3-end") != 0 || n >= APP_ID_MAX) return true;
    json_t *row = json_loads(value, 0, NULL);
    int64_t at_ms = json_integer_value(json_object_get(row, "at_ms"));
    if (row && at_ms < r->until_ms && !json_is_true(json_object_get(row, "mistakes"))) {
        r->full = r->count == ENDS_MAX;
        if (!r->full) {
            ended_t *ended = &r->ended[r->count++];
            *ended = (ended_t){.at_ms = at_ms};
            memcpy(ended->id, key, n);
            r->full = !take_answers(r, ended, row);
        }
    }
    json_decref(row);
    return !r->full;
}

static bool take_void(void *context, const store_event_t *event)
{
    ratings_t *r = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    int at = find(r, json_string_value(json_object_get(row, "item")));
    int64_t version = json_integer_value(json_object_get(row, "version")); /* 0: any */
    if (at >= 0 && event->at_ms < r->until_ms && (!version || version == bank_item(r->bank, (size_t)at)->version))
        r->rated[at].voided = true;
    json_decref(row);
    return true;
}

static bool take_calibration(void *context, const store_event_t *event)
{
    ratings_t *r = context;
    if (r->edition && !edition_takes(r->edition, event->at_ms, r->at_ms)) return true;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL), *item;
    size_t k;
    json_array_foreach(json_object_get(row, "items"), k, item)
    {
        int at = find(r, json_string_value(json_array_get(item, 0)));
        double sd = json_number_value(json_array_get(item, 3));
        if (at < 0 || !(sd > 0)) continue;
        if (json_integer_value(json_array_get(item, 1)) != bank_item(r->bank, (size_t)at)->version) continue;
        r->rated[at].rating = (rating_t){json_number_value(json_array_get(item, 2)), sd};
        r->rated[at].since_ms = event->at_ms;
    }
    json_decref(row);
    return true;
}

static int by_end(const void *a, const void *b)
{
    const ended_t *x = a, *y = b;
    if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

static bool no_memory(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for the difficulties of items.");
}

static bool begin(ratings_t *r, const bank_t *bank, err_t *err)
{
    size_t n = bank_count(bank);
    *r = (ratings_t){.bank = bank, .slots = 64, .until_ms = INT64_MAX, .at_ms = INT64_MAX};
    while (r->slots < 2 * n + 2) r->slots *= 2;
    r->arena = arena_new(CALIBRATION_BYTES);
    if (!r->arena) return no_memory(err);
    r->rated = arena_array(r->arena, n + 1, sizeof *r->rated);
    r->index = arena_array(r->arena, r->slots, sizeof *r->index);
    r->ended = arena_array(r->arena, ENDS_MAX, sizeof *r->ended);
    if (!r->rated || !r->index || !r->ended) return no_memory(err);
    for (size_t i = 0; i < r->slots; i++) r->index[i] = -1;
    for (size_t i = 0; i < n; i++) {
        const item_t *item = bank_item(bank, i);
        r->index[slot_of(r, item->id)] = (int)i;
        r->rated[i].rating = (rating_t){item->difficulty, item->difficulty_sd};
    }
    return true;
}

static bool read_all(ratings_t *r, store_t *store, err_t *err)
{
    if (!store_read(store, "exam/void", 1, take_void, r, err) ||
        !store_read(store, "exam/calibration", 1, take_calibration, r, err) ||
        !store_rows(store, "sitting", "", take_end, r, err))
        return false;
    if (r->full)
        return err_set(err, ERR_LIMIT, "Difficulties follow the answers of at most %d sittings.", (int)ENDS_MAX);
    qsort(r->ended, (size_t)r->count, sizeof *r->ended, by_end);
    return true;
}

/* ---- following answers ---- */

static void follow(ratings_t *r)
{
    for (int s = 0; s < r->count; s++) {
        rating_t person = {0, 1};
        for (int k = 0; k < r->ended[s].count; k++) {
            bool right = r->ended[s].answer[k].right;
            rated_t *item = &r->rated[r->ended[s].answer[k].item];
            rating_t before = item->rating;
            if (item->voided) continue;
            item->answers++;
            item->right += right;
            if (r->ended[s].at_ms > item->since_ms) item->rating = rating_of_item(before, person, right);
            person = rating_of_person(person, before, right);
        }
    }
}

bool ratings_apply(app_t *app, edition_t *edition, int64_t at_ms, err_t *err)
{
    static const int64_t DAY_MS = 24 * 3600 * 1000LL;
    ratings_t r;
    if (!app->store) return true;
    bool ok = begin(&r, edition->bank, err);
    r.until_ms = at_ms - at_ms % DAY_MS;
    r.at_ms = at_ms;
    r.edition = edition;
    ok = ok && read_all(&r, app->store, err);
    if (ok) follow(&r);
    for (size_t i = 0; ok && i < bank_count(edition->bank); i++)
        if (r.rated[i].answers > 0 || r.rated[i].since_ms > 0)
            ok = bank_rate(edition->bank, i, r.rated[i].rating.mean, r.rated[i].rating.sd, err);
    arena_free(r.arena);
    return ok;
}

/* The bank with authors' difficulties: what was put in use, families, but no ratings. */
static bool plain_bank(app_t *app, edition_t *edition, err_t *err)
{
    *edition = (edition_t){.until_ms = INT64_MAX};
    return exams_open(app, err) && bank_fork(&edition->bank, app->exams->bank, err) &&
           items_renew(app, edition, INT64_MAX, err) && families_join(app->exams->families, edition->bank, err);
}

bool app_item_rating(app_t *app, const char *id, app_item_rating_t *out, err_t *err)
{
    ratings_t r = {0};
    edition_t plain = {0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    bool ok = plain_bank(app, &plain, err) && begin(&r, plain.bank, err) && read_all(&r, app->store, err);
    int at = ok ? find(&r, id) : -1;
    if (ok && at < 0) ok = err_set(err, ERR_NOT_FOUND, "There is no item \"%.40s\".", id);
    if (ok) {
        const item_t *item = bank_item(plain.bank, (size_t)at);
        follow(&r);
        *out = (app_item_rating_t){.answers = r.rated[at].answers,
                                   .right = r.rated[at].right,
                                   .version = item->version,
                                   .author = item->difficulty,
                                   .author_sd = item->difficulty_sd,
                                   .difficulty = r.rated[at].rating.mean,
                                   .sd = r.rated[at].rating.sd,
                                   .calibrated_ms = r.rated[at].since_ms,
                                   .voided = r.rated[at].voided};
    }
    arena_free(r.arena);
    bank_close(plain.bank);
    return ok;
}

/* ---- batch calibration ---- */

typedef struct {
    int *column; /* [bank_count] of the table; -1: not calibrated */
    int *item;   /* [columns] */
    int columns;
    responses_t table;
} table_t;

/* Items with enough answers, not all alike. */
static bool choose_items(const ratings_t *r, table_t *t, app_calibration_t *out, err_t *err)
{
    size_t n = bank_count(r->bank);
    t->column = arena_array(r->arena, n + 1, sizeof *t->column);
    t->item = arena_array(r->arena, n + 1, sizeof *t->item);
    if (!t->column || !t->item) return no_memory(err);
    out->most = -1;
    for (size_t i = 0; i < n; i++) {
        const rated_t *item = &r->rated[i];
        t->column[i] = -1;
        out->answered += item->answers > 0;
        if (item->answers > out->most) out->most = item->answers;
        if (item->answers < APP_CALIBRATION_LEAST) continue;
        if (item->right == 0 || item->right == item->answers) {
            out->alike++;
            continue;
        }
        t->column[i] = t->columns;
        t->item[t->columns++] = (int)i;
    }
    out->items = t->columns;
    return true;
}

/* One row a sitting that has an answer to one of the items. */
static bool fill_table(const ratings_t *r, table_t *t, err_t *err)
{
    size_t columns = (size_t)t->columns;
    const char **names = arena_array(r->arena, columns + 1, sizeof *names);
    int8_t *answers = arena_array(r->arena, (size_t)r->count * columns + 1, sizeof *answers);
    int *lines = arena_array(r->arena, (size_t)r->count + 1, sizeof *lines);
    if (!names || !answers || !lines) return no_memory(err);
    for (size_t c = 0; c < columns; c++) names[c] = bank_item(r->bank, (size_t)t->item[c])->id;
    size_t persons = 0;
    for (int s = 0; s < r->count; s++) {
        int8_t *row = answers + persons * columns;
        bool any = false;
        memset(row, RESPONSE_MISSING, columns);
        for (int k = 0; k < r->ended[s].count; k++) {
            int column = t->column[r->ended[s].answer[k].item];
            if (column < 0) continue;
            row[column] = r->ended[s].answer[k].right;
            any = true;
        }
        if (any) lines[persons++] = s + 1;
    }
    t->table = (responses_t){"the sittings", persons, columns, names, answers, lines};
    return true;
}

static bool fit(const ratings_t *r, table_t *t, calibration_t *result, app_calibration_t *out, err_t *err)
{
    calibrate_options_t options = calibrate_defaults(IRT_RASCH);
    double sum = 0;
    if (!fill_table(r, t, err) || !calibrate(result, r->arena, &t->table, &options, err)) return false;
    if (!result->converged || !result->errors)
        return err_set(err, ERR_STATE, "The calibration did not come to an end; nothing was changed.");
    for (int c = 0; c < t->columns; c++) {
        rated_t before = r->rated[t->item[c]];
        if (!(result->items[c].se_b[0] > 0))
            return err_set(err, ERR_STATE, "The answers do not determine the difficulty of %s; nothing was changed.",
                           t->table.names[c]);
        sum += before.rating.mean - result->items[c].item.b[0];
        out->answers += before.answers;
    }
    out->shift = sum / t->columns;
    out->persons = (int)t->table.persons;
    out->sd = result->groups[0].sd;
    return true;
}

static bool keep(app_t *app, const ratings_t *r, const table_t *t, const calibration_t *result,
                 const app_calibration_t *out, err_t *err)
{
    int64_t last, now = app_now_ms(app);
    bool ok = store_last(app->store, "exam/calibration", &last, err);
    for (int from = 0; ok && from < t->columns; from += CHUNK) {
        text_t payload;
        text_init(&payload, CALIBRATION_TEXT_MAX);
        text_add(&payload, "{\"items\":[");
        for (int c = from; c < t->columns && c < from + CHUNK; c++) {
            const item_t *item = bank_item(r->bank, (size_t)t->item[c]);
            text_addf(&payload, "%s[\"%s\",%d,", c > from ? "," : "", item->id, item->version);
            text_add_fixed(&payload, result->items[c].item.b[0] + out->shift, 4);
            text_add_char(&payload, ',');
            text_add_fixed(&payload, result->items[c].se_b[0], 4);
            text_addf(&payload, ",%d]", r->rated[t->item[c]].answers);
        }
        text_addf(&payload, "],\"answers\":%d,\"persons\":%d,\"shift\":", out->answers, out->persons);
        text_add_fixed(&payload, out->shift, 4);
        text_add_char(&payload, '}');
        ok = payload.failed ? err_set(err, ERR_LIMIT, "The calibration is too long to be saved.")
                            : store_append(app->store, "exam/calibration", last, "calibration", now, payload.data,
                                           payload.length, "", &last, err);
        text_free(&payload);
    }
    return ok;
}

bool app_calibrate(app_t *app, bool save, app_calibration_t *out, err_t *err)
{
    ratings_t r = {0};
    edition_t plain = {0};
    table_t t = {0};
    calibration_t result;
    *out = (app_calibration_t){0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    bool ok = plain_bank(app, &plain, err) && begin(&r, plain.bank, err) && read_all(&r, app->store, err);
    if (ok) {
        follow(&r);
        out->sittings = r.count;
        ok = choose_items(&r, &t, out, err);
    }
    out->enough = ok && t.columns >= APP_CALIBRATION_ITEMS_LEAST;
    if (out->enough) {
        ok = fit(&r, &t, &result, out, err);
        if (ok && save) {
            ok = keep(app, &r, &t, &result, out, err);
            exams_changed(app);
        }
    }
    arena_free(r.arena);
    bank_close(plain.bank);
    return ok;
}
