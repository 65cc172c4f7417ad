/* How real examinations went: kept with consent, taken back at any time. The stream "outcome/<id>": `outcome`
 * {"exam","date","passed","score","consent"}, `withdraw`. */
#include "app/exam.h"
#include "app/road.h"
#include "private.h"
#include "road/when.h"

#include <stdio.h>
#include <string.h>

static bool is_date(const char *date, int32_t *day)
{
    int y, m, d;
    char rest;
    return strlen(date) == 10 && sscanf(date, "%4d-%2d-%2d%c", &y, &m, &d, &rest) == 3 && y >= 1990 &&
           day_make(y, m, d, day);
}

bool app_outcome_add(app_t *app, const char *exam, const char *date, int passed, int score, bool consent,
                     char id[APP_ID_MAX], err_t *err)
{
    char name[64];
    int32_t day;
    text_t payload;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!consent) return err_set(err, ERR_INPUT, "Nothing is kept without your consent: tick it, or leave the page.");
    if (!exam[0] || strlen(exam) >= sizeof((app_outcome_t *)0)->exam)
        return err_set(err, ERR_INPUT, "Choose the examination.");
    if (!is_date(date, &day)) return err_set(err, ERR_INPUT, "Write the date as 2026-11-27.");
    if (day > app_today(app) + 1) /* it may be tomorrow somewhere */
        return err_set(err, ERR_INPUT, "That day is still to come. Write it down when you have the result.");
    if (passed != 0 && passed != 1) return err_set(err, ERR_INPUT, "Choose whether it was passed.");
    if (score < -1 || score > 999) return err_set(err, ERR_INPUT, "A score is 0 to 999, or empty.");
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"exam\":");
    text_add_json(&payload, exam);
    text_addf(&payload, ",\"date\":\"%s\",\"passed\":%d,\"score\":%d,\"consent\":1}", date, passed, score);
    app_make_id(app, id);
    snprintf(name, sizeof name, "outcome/%s", id);
    bool ok =
        store_append(app->store, name, 0, "outcome", app_now_ms(app), payload.data, payload.length, "", NULL, err);
    text_free(&payload);
    return ok;
}

bool app_outcome_withdraw(app_t *app, const char *id, err_t *err)
{
    char name[64];
    int64_t last = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    snprintf(name, sizeof name, "outcome/%s", id);
    if (!store_last(app->store, name, &last, err)) return false;
    if (last == 0) return err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    return store_append(app->store, name, last, "withdraw", app_now_ms(app), "{}", 2, "", NULL, err);
}

typedef struct {
    app_outcome_t *list;
    int max, count;
} outcomes_t;

static bool take_outcome(void *context, const char *key, const char *value)
{
    outcomes_t *in = context;
    json_t *row = json_loads(value, 0, NULL);
    const char *exam = json_string_value(json_object_get(row, "exam")),
               *date = json_string_value(json_object_get(row, "date"));
    if (row && in->count < in->max && strlen(key) < APP_ID_MAX) {
        app_outcome_t *o = &in->list[in->count++];
        *o = (app_outcome_t){.passed = (int)json_integer_value(json_object_get(row, "passed")),
                             .score = (int)json_integer_value(json_object_get(row, "score")),
                             .at_ms = json_integer_value(json_object_get(row, "at_ms"))};
        snprintf(o->id, sizeof o->id, "%s", key);
        snprintf(o->exam, sizeof o->exam, "%s", exam ? exam : "");
        snprintf(o->date, sizeof o->date, "%s", date ? date : "");
    }
    json_decref(row);
    return true;
}

bool app_outcome_list(app_t *app, app_outcome_t *list, int max, int *count, err_t *err)
{
    outcomes_t in = {list, max, 0};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_rows(app->store, "outcome", "", take_outcome, &in, err)) return false;
    *count = in.count;
    return true;
}
