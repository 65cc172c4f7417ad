/* History: what finished shifts add up to. Each shift's figures were stored once, in its reflect event, and stand in
 * the rows of the projection "shift"; nothing is replayed here. Observations are added, never averaged: a shift with
 * many counts for more than one with few. */
#include "private.h"

#include <string.h>

static int number_at(const json_t *array, size_t i)
{
    json_int_t value = json_integer_value(json_array_get(array, i));
    return value < 0 ? 0 : value > 1000000 ? 1000000 : (int)value;
}

static app_tally_t tally_of(const json_t *array)
{
    return (app_tally_t){.observations = number_at(array, 0),
                         .right = number_at(array, 1),
                         .hits = number_at(array, 2),
                         .misses = number_at(array, 3),
                         .false_alarms = number_at(array, 4),
                         .correct_passes = number_at(array, 5)};
}

static void take_sum(app_past_t *past, const json_t *row, const json_t *sum)
{
    const json_t *each = json_object_get(row, "each"), *criticals = json_object_get(sum, "criticals");
    past->summed = true;
    past->self_rating = (int)json_integer_value(json_object_get(row, "self"));
    past->hints = (int)json_integer_value(json_object_get(sum, "hints"));
    past->drill = json_integer_value(json_object_get(sum, "drill")) != 0;
    past->late = (int)json_integer_value(json_object_get(sum, "late"));
    past->criticals_due = number_at(criticals, 0);
    past->criticals_called = number_at(criticals, 1);
    for (size_t i = 0; i < APP_COMPETENCES; i++) {
        const json_t *rating = json_array_get(each, i);
        past->by_competence[i] = json_is_integer(rating) ? (int)json_integer_value(rating) : -1;
        past->competence[i] = tally_of(json_object_get(json_object_get(sum, "c"), after_competence_word((int)i)));
    }
    for (size_t b = 0; b < BENCH_COUNT; b++) past->bench[b] = tally_of(json_array_get(json_object_get(sum, "b"), b));
}

static void take_more(void *item, const char *which, const json_t *row)
{
    app_past_t *past = item;
    const json_t *sum = json_object_get(row, "sum"), *grade = json_object_get(row, "grade");
    if (strcmp(which, "3-reflect") == 0 && json_is_object(sum)) {
        past->grade = -1;
        take_sum(past, row, sum);
    }
    if (strcmp(which, "4-grade") == 0 && json_is_integer(grade)) past->grade = (int)json_integer_value(grade);
}

bool app_history(app_t *app, app_past_t *list, int max, int *count, err_t *err)
{
    shift_listing_t in = {.app = app, .list = (char *)list, .stride = sizeof *list, .max = max, .more = take_more};
    bool ok = listing_run(&in, err);
    *count = in.count;
    return ok;
}

static void add_tally(app_tally_t *to, const app_tally_t *from)
{
    to->observations += from->observations;
    to->right += from->right;
    to->hits += from->hits;
    to->misses += from->misses;
    to->false_alarms += from->false_alarms;
    to->correct_passes += from->correct_passes;
}

void app_pool_add(app_pool_t *pool, const app_past_t *past)
{
    if (!past->summed) return;
    pool->shifts++;
    pool->hints += past->hints;
    pool->late += past->late;
    pool->criticals_due += past->criticals_due;
    pool->criticals_called += past->criticals_called;
    for (int i = 0; i < APP_COMPETENCES; i++) {
        add_tally(&pool->competence[i], &past->competence[i]);
        if (past->by_competence[i] < 0) continue;
        pool->rated[i]++;
        pool->rating_sum[i] += past->by_competence[i];
    }
    for (int b = 0; b < BENCH_COUNT; b++) add_tally(&pool->bench[b], &past->bench[b]);
}
