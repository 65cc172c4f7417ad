/* People, places and the telephone, from content/lab/people.csv and content/lab/phone.yaml. */
#include "content_private.h"
#include "lab_private.h"

#include <string.h>

static bool add_name(const csv_t *t, size_t row, const char **names, int *count, int column, err_t *err)
{
    if (*count == NAMES_MAX) return csv_fail(t, row, err, "at most %d names of one kind", NAMES_MAX);
    names[(*count)++] = csv_text(t, row, column);
    return true;
}

bool content_load_people(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    csv_t t;
    int kind, name, sex, setting, phone;
    if (!lab_table(lab, source, "lab/people.csv", &t, err) || !csv_need(&t, "kind", &kind, err) ||
        !csv_need(&t, "name", &name, err) || !csv_need(&t, "sex", &sex, err) ||
        !csv_need(&t, "setting", &setting, err) || !csv_need(&t, "phone", &phone, err))
        return false;
    for (size_t row = 0; row < t.rows; row++) {
        const char *word = csv_text(&t, row, kind);
        if (strcmp(word, "family") == 0) {
            if (!add_name(&t, row, content->family, &content->family_count, name, err)) return false;
        } else if (strcmp(word, "given") == 0) {
            int s = csv_text(&t, row, sex)[0] == 'M' ? SEX_MALE : SEX_FEMALE;
            if (!add_name(&t, row, content->given[s], &content->given_count[s], name, err)) return false;
        } else if (strcmp(word, "place") == 0) {
            if (content->place_count == PLACES_MAX) return csv_fail(&t, row, err, "at most %d places", PLACES_MAX);
            place_t *place = &content->places[content->place_count++];
            *place = (place_t){.name = csv_text(&t, row, name), .phone = csv_text(&t, row, phone)};
            if (!setting_find(csv_text(&t, row, setting), &place->setting))
                return csv_fail(&t, row, err, "a place needs a setting: community, outpatient, ed, inpatient or icu");
        }
    }
    bool enough = content->family_count && content->given_count[SEX_FEMALE] && content->given_count[SEX_MALE] &&
                  content->place_count;
    return enough ||
           err_set(err, ERR_INPUT, "lab/people.csv:1: family names, given names of both sexes and places are needed");
}

static const char *const reply_words[REPLY_COUNT + 1] = {
    "ask_identifiers", "give_result", "look_up", "refuse_politely", "pass_on", "promise_callback", "do_it", NULL};

static bool read_scope(const yaml_t *yaml, yaml_item_t *debrief, script_t *script, err_t *err)
{
    yaml_item_t *list = yaml_get(debrief, "in_scope");
    if (!list || list->kind != YAML_LIST)
        return yaml_fail(yaml, debrief, err, "debrief needs in_scope: a list of replies");
    for (yaml_item_t *item = list->first; item; item = item->next) {
        int reply = 0;
        while (reply_words[reply] && (item->kind != YAML_SCALAR || strcmp(reply_words[reply], item->text) != 0))
            reply++;
        if (reply == REPLY_COUNT) return yaml_fail(yaml, item, err, "there is no reply of that name");
        item->used = true;
        script->in_scope[reply] = true;
    }
    return true;
}

static const char *const needs_words[] = {"nothing", "rejection", "critical_call", "released_result", NULL};

static const char *const bench_words[] = {"chemistry", "hematology", "coagulation", NULL};

static bool read_script(const yaml_t *yaml, yaml_item_t *node, script_t *script, err_t *err)
{
    const char *about = "false", *why = "";
    if (!yaml_text(yaml, node, "id", &script->id, err) || !yaml_text(yaml, node, "kind", &script->kind, err) ||
        !yaml_text(yaml, node, "role", &script->role, err) ||
        !yaml_text(yaml, node, "opening", &script->opening, err) ||
        !yaml_text(yaml, node, "identifiers", &script->identifiers, err) ||
        !yaml_text_or(yaml, node, "about_result", &about, err))
        return false;
    script->about_result = strcmp(about, "true") == 0;
    if (!yaml_choice(yaml, node, "needs", needs_words, &script->needs, err)) return false;
    if (script->needs != NEEDS_NOTHING && !script->about_result)
        return yaml_fail(yaml, node, err, "a call that needs something is about a specimen: say about_result: true");
    script->bench = -1;
    if (yaml_get(node, "bench") && !yaml_choice(yaml, node, "bench", bench_words, &script->bench, err)) return false;
    script->place = "";
    yaml_item_t *places = yaml_get(node, "places"), *gives = yaml_get(node, "gives");
    if (places && places->first && places->first->kind == YAML_SCALAR) script->place = places->first->text;
    script->gives = gives ? (int)gives->count : 0;
    yaml_item_t *replies = yaml_get(node, "replies");
    for (int i = 0; replies && i < REPLY_COUNT; i++)
        if (!yaml_text_or(yaml, replies, reply_words[i], &script->reply[i], err)) return false;
    yaml_item_t *debrief = yaml_get(node, "debrief");
    if (!debrief) return yaml_fail(yaml, node, err, "a script needs debrief: {in_scope: [...], why: ...}");
    if (!yaml_text(yaml, debrief, "why", &why, err)) return false;
    script->debrief = why;
    return read_scope(yaml, debrief, script, err);
}

static bool read_said(const yaml_t *yaml, yaml_item_t *outgoing, const char *key, lab_content_t *content,
                      said_kind_t kind, err_t *err)
{
    yaml_item_t *list = yaml_get(outgoing, key);
    if (!list || list->kind != YAML_LIST || !list->first)
        return yaml_fail(yaml, outgoing, err, "outgoing needs %s: a list of sentences", key);
    for (yaml_item_t *item = list->first; item && content->said_count[kind] < SAID_MAX; item = item->next) {
        if (item->kind != YAML_SCALAR) return yaml_fail(yaml, item, err, "each entry of %s is a sentence", key);
        content->said[kind][content->said_count[kind]++] = item->text;
    }
    return true;
}

bool content_load_phone(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    const source_file_t *file = source_find(source, "lab/phone.yaml");
    if (!file) return err_set(err, ERR_INPUT, "The content has no lab/phone.yaml.");
    yaml_t yaml;
    if (!yaml_read(&yaml, lab->arena, file->path, file->bytes, file->length, err)) return false;
    yaml_item_t *scripts = yaml_get(yaml.root, "scripts"), *outgoing = yaml_get(yaml.root, "outgoing");
    if (!scripts || scripts->kind != YAML_LIST || !outgoing)
        return yaml_fail(&yaml, yaml.root, err, "the file needs scripts and outgoing");
    for (yaml_item_t *node = scripts->first; node; node = node->next) {
        if (content->script_count == SCRIPTS_MAX) return yaml_fail(&yaml, node, err, "at most %d scripts", SCRIPTS_MAX);
        if (!read_script(&yaml, node, &content->scripts[content->script_count++], err)) return false;
    }
    static const char *const keys[SAID_KINDS] = {"answer", "busy", "nobody", "read_back_right", "corrected", "thanks"};
    for (int kind = 0; kind < SAID_KINDS; kind++)
        if (!read_said(&yaml, outgoing, keys[kind], content, (said_kind_t)kind, err)) return false;
    return true;
}
