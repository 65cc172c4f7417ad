/* Events as JSON and back: short keys, only what is given, so that an eight-hour shift stays small.
 *   start    {"scenario","seed","mode","titer"}; of an authored scenario also "version","minutes","title","text"
 *   act      {"t":seconds,"do":"accept",...}     t: the simulated second at which it was done
 *   clock    {"t","speed"}   skip  {"t"}         what moved the clock and is not an action
 *   hint     {"t","page"}                        asked for in Practice
 *   reflect  {"text","self","each","score","sum"}, remark, plan, answer: see after.c
 * The fold over them is all that a shift is. */
#include "private.h"

#include "lab/month.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *key;
    size_t offset;
    int32_t absent;
} int_key_t;

#define KEY(name, field, none)                                                                                         \
    {                                                                                                                  \
        name, offsetof(action_t, field), none                                                                          \
    }
static const int_key_t int_keys[] = {KEY("sp", specimen, -1), KEY("ln", line, -1),        KEY("an", analyte, -1),
                                     KEY("run", run, 0),      KEY("call", call, -1),      KEY("res", result, -1),
                                     KEY("code", code, -1),   KEY("n", number, 0),        KEY("rule", rule, -1),
                                     KEY("cause", cause, -1), KEY("fix", corrective, -1), KEY("rack", rack, 0),
                                     KEY("pos", position, 0)};

shift_mode_t codec_mode(const char *word)
{
    int mode = shift_mode_from_word(word);
    return mode < 0 ? MODE_PRACTICE : (shift_mode_t)mode;
}

static void limits_json(text_t *out, const char *key, const double values[SHIFT_QC_LEVELS])
{
    text_addf(out, ",\"%s\":[", key);
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        if (l) text_add_char(out, ',');
        text_add_fixed(out, values[l], 6);
    }
    text_add_char(out, ']');
}

void app_action_json(text_t *out, const action_t *a)
{
    text_add(out, "{\"do\":");
    text_add_json(out, action_word(a->kind));
    for (size_t i = 0; i < sizeof int_keys / sizeof *int_keys; i++) {
        int32_t value;
        memcpy(&value, (const char *)a + int_keys[i].offset, sizeof value);
        if (value != int_keys[i].absent) text_addf(out, ",\"%s\":%d", int_keys[i].key, (int)value);
    }
    if (a->verdict != VERDICT_NONE) text_addf(out, ",\"verdict\":%d", (int)a->verdict);
    if (a->error_type != ERROR_NOT_SAID) text_addf(out, ",\"error\":%d", (int)a->error_type);
    if (a->kind == ACT_AMEND || a->kind == ACT_CORRECT || a->value > 0 || a->value < 0) {
        text_add(out, ",\"v\":");
        text_add_fixed(out, a->value, 6);
    }
    if (a->kind == ACT_REVIEW_QC && a->code == REVIEW_SET) {
        limits_json(out, "mean", a->mean);
        limits_json(out, "sd", a->sd);
    }
    if (a->count > 0) {
        text_add(out, ",\"list\":[");
        for (int32_t i = 0; i < a->count; i++) text_addf(out, i ? ",%d" : "%d", (int)a->list[i]);
        text_add_char(out, ']');
    }
    if (a->text[0]) {
        text_add(out, ",\"text\":");
        text_add_json(out, a->text);
    }
    text_add_char(out, '}');
}

static bool read_int(const json_t *object, const char *key, int64_t low, int64_t high, int64_t absent, int64_t *value,
                     err_t *err)
{
    const json_t *item = json_object_get(object, key);
    *value = absent;
    if (!item) return true;
    if (!json_is_integer(item) || json_integer_value(item) < low || json_integer_value(item) > high)
        return err_set(err, ERR_INPUT, "In an event, \"%s\" is a whole number from %lld to %lld.", key, (long long)low,
                       (long long)high);
    *value = json_integer_value(item);
    return true;
}

static bool read_limits(const json_t *object, const char *key, double values[SHIFT_QC_LEVELS], err_t *err)
{
    const json_t *list = json_object_get(object, key);
    if (!list) return true;
    if (!json_is_array(list) || json_array_size(list) > SHIFT_QC_LEVELS)
        return err_set(err, ERR_INPUT, "In an event, \"%s\" holds at most %d numbers.", key, SHIFT_QC_LEVELS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!json_is_number(json_array_get(list, i)))
            return err_set(err, ERR_INPUT, "In an event, \"%s\" holds numbers.", key);
        values[i] = json_number_value(json_array_get(list, i));
    }
    return true;
}

static bool read_list(const json_t *object, action_t *action, err_t *err)
{
    const json_t *list = json_object_get(object, "list");
    if (!list) return true;
    if (!json_is_array(list) || json_array_size(list) > SHIFT_BATCH_MAX)
        return err_set(err, ERR_INPUT, "In an event, \"list\" holds at most %d numbers.", SHIFT_BATCH_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_integer(item) || json_integer_value(item) < 0 || json_integer_value(item) > SHIFT_MAX_RESULTS)
            return err_set(err, ERR_INPUT, "In an event, \"list\" holds whole numbers.");
        action->list[action->count++] = (int32_t)json_integer_value(item);
    }
    return true;
}

static bool read_action(const json_t *object, action_t *action, err_t *err)
{
    const char *word = json_string_value(json_object_get(object, "do"));
    int kind = word ? action_from_word(word) : -1;
    if (kind < 0)
        return err_set(err, ERR_INPUT, "In an event, \"do\" names an action; found \"%.40s\".", word ? word : "");
    *action = action_make((action_kind_t)kind);
    int64_t value;
    for (size_t i = 0; i < sizeof int_keys / sizeof *int_keys; i++) {
        if (!read_int(object, int_keys[i].key, -100000, 10000000, int_keys[i].absent, &value, err)) return false;
        int32_t narrow = (int32_t)value;
        memcpy((char *)action + int_keys[i].offset, &narrow, sizeof narrow);
    }
    if (!read_int(object, "verdict", 0, VERDICT_REJECT, 0, &value, err)) return false;
    action->verdict = (qc_decision_t)value;
    if (!read_int(object, "error", 0, ERROR_SYSTEMATIC, 0, &value, err)) return false;
    action->error_type = (error_type_t)value;
    const json_t *number = json_object_get(object, "v");
    if (number && !json_is_number(number)) return err_set(err, ERR_INPUT, "In an event, \"v\" is a number.");
    action->value = number ? json_number_value(number) : 0;
    const char *text = json_string_value(json_object_get(object, "text"));
    if (text && strlen(text) > SHIFT_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "A text has at most %d bytes.", SHIFT_TEXT_MAX);
    if (text) memcpy(action->text, text, strlen(text) + 1);
    return read_limits(object, "mean", action->mean, err) && read_limits(object, "sd", action->sd, err) &&
           read_list(object, action, err);
}

static json_t *parse(const char *json, size_t length, err_t *err)
{
    json_error_t problem;
    json_t *object = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    if (object && json_is_object(object)) return object;
    json_decref(object);
    err_set(err, ERR_INPUT, "An event is not a JSON object: %.120s.", object ? "it is another value" : problem.text);
    return NULL;
}

bool app_action_parse(const char *json, size_t length, action_t *action, err_t *err)
{
    json_t *object = parse(json, length, err);
    if (!object) return false;
    bool ok = read_action(object, action, err);
    json_decref(object);
    return ok;
}

void codec_start(text_t *out, const shift_t *shift, const authored_t *authored)
{
    scenario_view_t view;
    scenario_view(shift_scenario(shift), &view);
    text_add(out, "{\"scenario\":");
    text_add_json(out, authored->id ? authored->id : view.id);
    text_addf(out, ",\"seed\":\"%llu\",\"mode\":\"%s\",\"titer\":%d", (unsigned long long)shift_seed(shift),
              shift_mode_word(shift_mode(shift)), LAB_WORLD);
    if (authored->id) {
        text_addf(out, ",\"version\":%d,\"minutes\":%d,\"title\":", authored->version, (int)view.length_s / 60);
        text_add_json(out, view.title);
        text_add(out, ",\"text\":");
        text_add_json(out, authored->text);
    }
    text_add_char(out, '}');
}

bool codec_without_text(text_t *out, const char *json, size_t length)
{
    err_t err;
    json_t *object = parse(json, length, &err);
    if (object) json_object_del(object, "text");
    char *bare = object ? json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    if (bare) text_add(out, bare);
    free(bare);
    json_decref(object);
    return bare && !out->failed;
}

/* The scenario that a start event names: built in, or authored and told in the event; *own is to be freed. */
static const scenario_t *start_scenario(const lab_t *lab, const json_t *object, scenario_t **own, err_t *err)
{
    const char *id = json_string_value(json_object_get(object, "scenario"));
    const char *text = json_string_value(json_object_get(object, "text"));
    *own = NULL;
    if (text) {
        if (!scenario_read(lab, "scenario", (const unsigned char *)text, strlen(text), own, err)) return NULL;
        return *own;
    }
    const scenario_t *scenario = id ? scenario_find(lab, id) : NULL;
    if (scenario) return scenario;
    if (json_object_get(object, "version"))
        err_set(
            err, ERR_NOT_FOUND,
            "This file was exported while the shift ran, so the scenario is not in it. Export it again after the end.");
    else
        err_set(err, ERR_NOT_FOUND, "This shift was worked in the scenario \"%.60s\", which is not here.",
                id ? id : "");
    return NULL;
}

static bool fold_start(const lab_t *lab, live_t *live, const json_t *object, err_t *err)
{
    const char *seed = json_string_value(json_object_get(object, "seed"));
    int mode = shift_mode_from_word(json_string_value(json_object_get(object, "mode")));
    uint64_t number = 0;
    for (const char *c = seed ? seed : "x"; *c; c++) {
        if (*c < '0' || *c > '9') return err_set(err, ERR_INPUT, "The seed of a shift is a whole number in quotes.");
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (mode < 0) return err_set(err, ERR_INPUT, "The mode of a shift is coach, practice or assess.");
    if (json_integer_value(json_object_get(object, "titer")) != LAB_WORLD)
        return err_set(err, ERR_STATE,
                       "This shift was worked in another edition of the laboratory, in which the same seed made other "
                       "patients: this program cannot open it. What was saved at its end is in the history.");
    scenario_t *own;
    const scenario_t *scenario = start_scenario(lab, object, &own, err);
    if (!scenario || !shift_start(&live->shift, lab, scenario, number, (shift_mode_t)mode, err)) {
        scenario_free(own);
        return false;
    }
    if (own) shift_keep(live->shift, own);
    snprintf(live->authored, sizeof live->authored, "%s",
             own ? json_string_value(json_object_get(object, "scenario")) : "");
    return true;
}

bool codec_fold(const lab_t *lab, live_t *live, const char *kind, int64_t at_ms, const char *json, size_t length,
                err_t *err)
{
    json_t *object = parse(json, length, err);
    if (!object) return false;
    int64_t t = 0;
    bool ok = true, start = strcmp(kind, "start") == 0;
    if (start == (live->shift != NULL)) ok = err_set(err, ERR_INPUT, "A shift begins with exactly one start event.");
    ok = ok && (start || read_int(object, "t", 0, 86400, -1, &t, err));
    if (ok && start) ok = fold_start(lab, live, object, err);
    if (ok && !start && t >= 0) shift_advance(live->shift, (int32_t)t);
    if (ok && strcmp(kind, "act") == 0) {
        action_t action;
        ok = read_action(object, &action, err) && shift_act(live->shift, &action, err);
    }
    if (ok && strcmp(kind, "clock") == 0) {
        const json_t *speed = json_object_get(object, "speed");
        live->speed = json_is_number(speed) ? json_number_value(speed) : 0;
        if (!(live->speed >= 0 && live->speed <= APP_MAX_SPEED)) live->speed = 0;
    }
    if (ok) ok = after_fold(live, kind, at_ms, object, err);
    if (ok && start) live->started_ms = at_ms;
    live->saved_ms = at_ms;
    json_decref(object);
    return ok;
}

/* ---- a fold of exported lines, without a store ---- */

static bool fold_line(const lab_t *lab, live_t *live, const char *line, size_t length, err_t *err)
{
    json_t *object = parse(line, length, err);
    if (!object) return false;
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const json_t *at = json_object_get(object, "at_ms"), *data = json_object_get(object, "data");
    char *payload = json_is_object(data) ? json_dumps(data, JSON_COMPACT) : NULL;
    bool ok = kind && payload ? codec_fold(lab, live, kind, json_integer_value(at), payload, strlen(payload), err)
                              : err_set(err, ERR_INPUT, "Each line is {\"seq\",\"kind\",\"at_ms\",\"data\"}.");
    free(payload);
    json_decref(object);
    return ok;
}

bool app_shift_fold(const lab_t *lab, const char *jsonl, size_t length, shift_t **shift, err_t *err)
{
    *shift = NULL;
    live_t live = {0};
    if (length > APP_STREAM_MAX) return err_set(err, ERR_LIMIT, "The file is larger than a shift can be (16 MB).");
    size_t line = 1;
    for (size_t at = 0; at < length; line++) {
        const char *end = memchr(jsonl + at, '\n', length - at);
        size_t n = end ? (size_t)(end - jsonl) - at : length - at;
        err_t inner = {0};
        if (n > 0 && !fold_line(lab, &live, jsonl + at, n, &inner)) {
            shift_free(live.shift);
            return err_set(err, inner.code, "line %zu: %.300s", line, inner.text);
        }
        at += n + 1;
    }
    if (!live.shift) return err_set(err, ERR_INPUT, "The file has no events. Give one made by `titer shift export`.");
    *shift = live.shift;
    return true;
}
