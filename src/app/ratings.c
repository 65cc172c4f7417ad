/* What answers tell of the difficulty of items. Computed from the events of finished sittings whenever an edition of
 * the bank is made or statistics are looked at; nothing of it is kept but calibrations (calibration.c).
 *
 * Counted is each answer of a sitting that is over to an item in the version that the bank has, but for voided items,
 * entries left open (not reached is not wrong), and quizzes of mistakes, whose items were chosen by their answers. Each
 * sitting counts as a person of unknown ability, N(0, 1), or as the persons of the last calibration were: rating.h
 * moves person and item answer by answer, sittings in the order of their ends. A calibration starts its items anew;
 * answers from before it are in it already. */
#include "ratings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDS_MAX = APP_SITTINGS_RATED_MAX, RATINGS_BYTES = 512 * 1024 * 1024 };

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
    const double sd = json_number_value(json_object_get(row, "sd"));
    if (sd > 0) r->person = (rating_t){json_number_value(json_object_get(row, "mean")), sd};
    json_decref(row);
    return true;
}

static int by_end(const void *a, const void *b)
{
    const ended_t *x = a, *y = b;
    if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

bool ratings_no_memory(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for the difficulties of items.");
}

bool ratings_begin(ratings_t *r, const bank_t *bank, err_t *err)
{
    size_t n = bank_count(bank);
    *r = (ratings_t){.bank = bank, .slots = 64, .until_ms = INT64_MAX, .at_ms = INT64_MAX, .person = {0, 1}};
    while (r->slots < 2 * n + 2) r->slots *= 2;
    r->arena = arena_new(RATINGS_BYTES);
    if (!r->arena) return ratings_no_memory(err);
    r->rated = arena_array(r->arena, n + 1, sizeof *r->rated);
    r->index = arena_array(r->arena, r->slots, sizeof *r->index);
    r->ended = arena_array(r->arena, ENDS_MAX, sizeof *r->ended);
    if (!r->rated || !r->index || !r->ended) return ratings_no_memory(err);
    for (size_t i = 0; i < r->slots; i++) r->index[i] = -1;
    for (size_t i = 0; i < n; i++) {
        const item_t *item = bank_item(bank, i);
        r->index[slot_of(r, item->id)] = (int)i;
        r->rated[i].rating = (rating_t){item->difficulty, item->difficulty_sd};
    }
    return true;
}

bool ratings_read(ratings_t *r, store_t *store, err_t *err)
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

void ratings_follow(ratings_t *r)
{
    for (int s = 0; s < r->count; s++) {
        rating_t person = r->person;
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
    bool ok = ratings_begin(&r, edition->bank, err);
    r.until_ms = at_ms - at_ms % DAY_MS;
    r.at_ms = at_ms;
    r.edition = edition;
    ok = ok && ratings_read(&r, app->store, err);
    if (ok) ratings_follow(&r);
    for (size_t i = 0; ok && i < bank_count(edition->bank); i++)
        if (r.rated[i].answers > 0 || r.rated[i].since_ms > 0)
            ok = bank_rate(edition->bank, i, r.rated[i].rating.mean, r.rated[i].rating.sd, err);
    arena_free(r.arena);
    return ok;
}

bool ratings_plain_bank(app_t *app, edition_t *edition, err_t *err)
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
    bool ok =
        ratings_plain_bank(app, &plain, err) && ratings_begin(&r, plain.bank, err) && ratings_read(&r, app->store, err);
    int at = ok ? find(&r, id) : -1;
    if (ok && at < 0) ok = err_set(err, ERR_NOT_FOUND, "There is no item \"%.40s\".", id);
    if (ok) {
        const item_t *item = bank_item(plain.bank, (size_t)at);
        ratings_follow(&r);
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
