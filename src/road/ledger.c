/* A ledger of continuing education from JSON. Every key is known or refused; every message names its place. */
#include "road/ce.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    arena_t *arena;
    const ce_t *ce;
    err_t *err;
    char place[48]; /* "activities[2]" */
} reader_t;

static bool only_keys(const reader_t *in, json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) return err_set(in->err, ERR_INPUT, "%s is an object, {...}.", in->place);
    json_object_foreach(object, key, value)
    {
        const char *const *k = known;
        while (*k && strcmp(*k, key) != 0) k++;
        if (!*k)
            return err_set(in->err, ERR_INPUT, "%s has a key \"%.40s\" that a ledger does not know.", in->place, key);
    }
    return true;
}

static bool text_of(const reader_t *in, const json_t *object, const char *key, const char **text)
{
    const json_t *value = json_object_get(object, key);
    *text = "";
    if (!value || json_is_null(value)) return true;
    if (!json_is_string(value)) return err_set(in->err, ERR_INPUT, "%s.%s is a text in quotes.", in->place, key);
    if (json_string_length(value) > CE_TEXT_MAX)
        return err_set(in->err, ERR_LIMIT, "%s.%s has at most %d bytes.", in->place, key, CE_TEXT_MAX);
    *text = arena_text(in->arena, json_string_value(value), json_string_length(value));
    return *text || err_set(in->err, ERR_MEMORY, "There is not enough memory for the ledger.");
}

static bool date_of(const reader_t *in, const json_t *object, const char *key, when_t *when)
{
    const char *text;
    err_t why;
    if (!text_of(in, object, key, &text)) return false;
    if (when_read(text, when, &why)) return true;
    return err_set(in->err, ERR_INPUT, "%s.%s: %s", in->place, key, why.text);
}

/* A number or a text such as "1.5"; absent is CE_NOT_READ. */
static bool amount_of(const reader_t *in, const json_t *object, const char *key, int32_t *amount)
{
    const json_t *value = json_object_get(object, key);
    char text[64] = "";
    *amount = CE_NOT_READ;
    if (!value || json_is_null(value)) return true;
    if (json_is_number(value)) {
        double number = json_number_value(value);
        if (number >= 0 && number <= CE_HOURS_MAX) {
            double cents = number * CE_UNIT;
            *amount = (int32_t)(cents + 0.5);
            double off = cents - *amount;
            if (off < 1e-6 && off > -1e-6) return true;
        }
    } else if (json_is_string(value) && json_string_length(value) < sizeof text) {
        snprintf(text, sizeof text, "%s", json_string_value(value));
        if (ce_amount(text, amount)) return true;
    }
    return err_set(in->err, ERR_INPUT, "%s.%s is a number from 0 to %d with at most two decimals.", in->place, key,
                   CE_HOURS_MAX);
}

static bool flag_of(const reader_t *in, const json_t *object, const char *key, bool *flag)
{
    const json_t *value = json_object_get(object, key);
    *flag = json_is_true(value);
    return !value || json_is_boolean(value) || err_set(in->err, ERR_INPUT, "%s.%s is true or false.", in->place, key);
}

static bool topics_of(const reader_t *in, const json_t *object, const char *key, uint64_t *topics)
{
    const json_t *list = json_object_get(object, key);
    *topics = 0;
    if (!list || json_is_null(list)) return true;
    if (!json_is_array(list)) return err_set(in->err, ERR_INPUT, "%s.%s is a list, [...].", in->place, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        int topic = name ? ce_topic(in->ce, name) : -1;
        if (topic < 0)
            return err_set(in->err, ERR_INPUT,
                           "%s.%s[%zu]: \"%.40s\" is not a topic; topics are such as hematology, safety, quality (see "
                           "titer ce topics).",
                           in->place, key, i, name ? name : "");
        *topics |= UINT64_C(1) << topic;
    }
    return true;
}

static bool documents_of(const reader_t *in, const json_t *object, ce_activity_t *a)
{
    const json_t *list = json_object_get(object, "documents");
    if (!list || json_is_null(list)) return true;
    if (!json_is_array(list) || json_array_size(list) > CE_DOCUMENTS_MAX)
        return err_set(in->err, ERR_LIMIT, "%s.documents is a list of at most %d ids of documents.", in->place,
                       CE_DOCUMENTS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *id = json_array_get(list, i);
        if (!json_is_string(id) || json_string_length(id) > CE_TEXT_MAX)
            return err_set(in->err, ERR_INPUT, "%s.documents[%zu] is the id of a document, in quotes.", in->place, i);
        a->documents[i] = arena_text(in->arena, json_string_value(id), json_string_length(id));
        if (!a->documents[i]) return err_set(in->err, ERR_MEMORY, "There is not enough memory for the ledger.");
        a->document_count++;
    }
    return true;
}

static bool read_held(reader_t *in, json_t *object, int index, ce_held_t *held)
{
    static const char *const known[] = {
        "id",     "rule", "body", "state", "credential", "start", "deadline", "first", "license_categories",
        "number", NULL};
    const char *rule, *body, *state, *credential;
    snprintf(in->place, sizeof in->place, "held[%d]", index);
    if (!only_keys(in, object, known) || !text_of(in, object, "id", &held->id) || !text_of(in, object, "rule", &rule) ||
        !text_of(in, object, "body", &body) || !text_of(in, object, "state", &state) ||
        !text_of(in, object, "credential", &credential) || !text_of(in, object, "number", &held->number) ||
        !date_of(in, object, "start", &held->start) || !date_of(in, object, "deadline", &held->deadline) ||
        !flag_of(in, object, "first", &held->first) ||
        !topics_of(in, object, "license_categories", &held->license_topics))
        return false;
    held->rule = ce_rule(in->ce, rule[0] ? rule : body[0] ? body : state, credential);
    if (held->rule < 0 || (rule[0] && strcmp(in->ce->rules[held->rule].id, rule) != 0))
        return err_set(in->err, ERR_INPUT,
                       "%s: no rule of continuing education was read for %.60s %.60s; titer ce rules lists them.",
                       in->place,
                       rule[0]   ? rule
                       : body[0] ? body
                                 : state,
                       credential);
    held->rule_id = in->ce->rules[held->rule].id;
    if (!held->id[0]) held->id = held->rule_id;
    return true;
}

static bool read_activity(reader_t *in, json_t *object, int index, ce_activity_t *a)
{
    static const char *const known[] = {
        "id",         "date",  "title",     "provider",    "kind", "hours", "semester_hours", "quarter_hours",
        "categories", "proof", "documents", "verified_by", NULL};
    const char *kind;
    snprintf(in->place, sizeof in->place, "activities[%d]", index);
    if (!only_keys(in, object, known) || !text_of(in, object, "id", &a->id) ||
        !text_of(in, object, "title", &a->title) || !text_of(in, object, "provider", &a->provider) ||
        !text_of(in, object, "kind", &kind) || !text_of(in, object, "proof", &a->proof) ||
        !text_of(in, object, "verified_by", &a->verified_by) || !date_of(in, object, "date", &a->date) ||
        !amount_of(in, object, "hours", &a->hours) || !amount_of(in, object, "semester_hours", &a->semester_hours) ||
        !amount_of(in, object, "quarter_hours", &a->quarter_hours) ||
        !topics_of(in, object, "categories", &a->topics) || !documents_of(in, object, a))
        return false;
    if (!a->title[0]) return err_set(in->err, ERR_INPUT, "%s.title is missing: say what it was.", in->place);
    bool academic = a->semester_hours >= 0 || a->quarter_hours >= 0;
    int known_kind = kind[0] ? ce_kind_from(kind) : academic ? CE_ACADEMIC : CE_COURSE;
    if (known_kind < 0)
        return err_set(in->err, ERR_INPUT,
                       "%s.kind cannot be \"%.40s\"; it is course, in_service, academic, writing ...", in->place, kind);
    a->kind = (ce_kind_t)known_kind;
    if (academic && a->kind != CE_ACADEMIC)
        return err_set(in->err, ERR_INPUT, "%s: semester and quarter hours are of a college course (kind academic).",
                       in->place);
    if (a->verified_by[0] && !a->proof[0] && a->document_count == 0)
        return err_set(in->err, ERR_INPUT, "%s: what is verified has a proof; say which.", in->place);
    return true;
}

static bool list_of(const reader_t *in, const json_t *root, const char *key, int most, json_t **list, int *count)
{
    *list = json_object_get(root, key);
    *count = 0;
    if (!*list) return true;
    if (!json_is_array(*list)) return err_set(in->err, ERR_INPUT, "\"%s\" is a list, [...].", key);
    if (json_array_size(*list) > (size_t)most)
        return err_set(in->err, ERR_LIMIT, "A ledger has at most %d entries in \"%s\".", most, key);
    *count = (int)json_array_size(*list);
    return true;
}

static bool read_root(reader_t *in, json_t *root, ledger_t *ledger)
{
    static const char *const known[] = {"held", "activities", NULL};
    json_t *held, *activities;
    snprintf(in->place, sizeof in->place, "the ledger");
    if (!only_keys(in, root, known) || !list_of(in, root, "held", CE_HELD_MAX, &held, &ledger->held_count) ||
        !list_of(in, root, "activities", CE_ACTIVITIES_MAX, &activities, &ledger->activity_count))
        return false;
    ledger->held = arena_array(in->arena, (size_t)ledger->held_count + 1, sizeof *ledger->held);
    ledger->activities = arena_array(in->arena, (size_t)ledger->activity_count + 1, sizeof *ledger->activities);
    if (!ledger->held || !ledger->activities)
        return err_set(in->err, ERR_MEMORY, "There is not enough memory for the ledger.");
    for (int i = 0; i < ledger->held_count; i++)
        if (!read_held(in, json_array_get(held, (size_t)i), i, &ledger->held[i])) return false;
    for (int i = 0; i < ledger->activity_count; i++)
        if (!read_activity(in, json_array_get(activities, (size_t)i), i, &ledger->activities[i])) return false;
    return true;
}

bool ledger_read(ledger_t *ledger, arena_t *arena, const ce_t *ce, const char *json, size_t length, err_t *err)
{
    json_error_t problem;
    reader_t in = {.arena = arena, .ce = ce, .err = err};
    *ledger = (ledger_t){0};
    if (length > CE_JSON_MAX) return err_set(err, ERR_LIMIT, "A ledger has at most %d bytes.", CE_JSON_MAX);
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    if (!root) return err_set(err, ERR_INPUT, "The ledger is no JSON: line %d: %.120s.", problem.line, problem.text);
    bool ok = read_root(&in, root, ledger);
    json_decref(root);
    return ok;
}
