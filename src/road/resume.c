/* A résumé as JSON: the program's own form of what was written, and JSON Resume 1.0.0 of what is chosen. */
#include "road/resume.h"
#include "road/when.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *title;
} sections[RESUME_SECTIONS] = {{"certificates", "Certification and licenses"},
                               {"education", "Education"},
                               {"rotations", "Clinical rotations"},
                               {"work", "Work"}};

const char *resume_section_word(resume_section_t section)
{
    return sections[section].word;
}
const char *resume_section_title(resume_section_t section)
{
    return sections[section].title;
}

typedef struct {
    const char *key;
    size_t at; /* of a const char * */
    size_t most;
} field_t;

static const field_t basics[] = {
    {"name", offsetof(resume_t, name), RESUME_TEXT_MAX},      {"label", offsetof(resume_t, label), RESUME_TEXT_MAX},
    {"email", offsetof(resume_t, email), RESUME_TEXT_MAX},    {"phone", offsetof(resume_t, phone), RESUME_TEXT_MAX},
    {"city", offsetof(resume_t, city), RESUME_TEXT_MAX},      {"region", offsetof(resume_t, region), RESUME_TEXT_MAX},
    {"summary", offsetof(resume_t, summary), RESUME_LONG_MAX}};
static const field_t entry_fields[] = {{"title", offsetof(resume_entry_t, title), RESUME_TEXT_MAX},
                                       {"place", offsetof(resume_entry_t, place), RESUME_TEXT_MAX},
                                       {"from", offsetof(resume_entry_t, from), RESUME_TEXT_MAX},
                                       {"to", offsetof(resume_entry_t, to), RESUME_TEXT_MAX},
                                       {"details", offsetof(resume_entry_t, details), RESUME_LONG_MAX}};
enum { BASICS = sizeof basics / sizeof *basics, ENTRY_FIELDS = sizeof entry_fields / sizeof *entry_fields };

static const char *get(const void *object, const field_t *field)
{
    const char *text;
    memcpy(&text, (const char *)object + field->at, sizeof text);
    return text ? text : "";
}

static void set(void *object, const field_t *field, const char *text)
{
    memcpy((char *)object + field->at, &text, sizeof text);
}

/* ---- the program's own form ---- */

static void pair(text_t *out, bool *first, const char *key, const char *value)
{
    if (value[0] == '\0') return;
    if (!*first) text_add_char(out, ',');
    *first = false;
    text_add_json(out, key);
    text_add_char(out, ':');
    text_add_json(out, value);
}

static void write_entries(const resume_t *r, int section, text_t *out)
{
    bool none = true;
    text_addf(out, ",\"%s\":[", sections[section].word);
    for (int i = 0; i < r->entry_count[section]; i++) {
        const resume_entry_t *e = &r->entries[section][i];
        bool first = true;
        if (get(e, &entry_fields[0])[0] == '\0') continue;
        text_add(out, none ? "{" : ",{");
        for (int f = 0; f < ENTRY_FIELDS; f++) pair(out, &first, entry_fields[f].key, get(e, &entry_fields[f]));
        text_add_char(out, '}');
        none = false;
    }
    text_add_char(out, ']');
}

void resume_write(const resume_t *r, text_t *out)
{
    bool first = true;
    text_add(out, "{\"basics\":{");
    for (int f = 0; f < BASICS; f++) pair(out, &first, basics[f].key, get(r, &basics[f]));
    text_add_char(out, '}');
    for (int s = 0; s < RESUME_SECTIONS; s++) write_entries(r, s, out);
    text_add(out, ",\"left_out\":[");
    for (int i = 0; i < r->left_out_count; i++) {
        if (i) text_add_char(out, ',');
        text_add_json(out, r->left_out[i]);
    }
    text_add(out, "],\"show\":[");
    for (int s = 0; s < RESUME_SECTIONS; s++) text_addf(out, "%s,", r->show[s] ? "true" : "false");
    text_addf(out, "%s,%s]}", r->show_skills ? "true" : "false", r->show_education_hours ? "true" : "false");
}

static bool text_of(arena_t *arena, const json_t *object, const field_t *field, void *to, err_t *err)
{
    const json_t *value = json_object_get(object, field->key);
    const char *copy = "";
    if (value && !json_is_string(value)) return err_set(err, ERR_INPUT, "In a résumé, \"%s\" is a text.", field->key);
    if (value && json_string_length(value) > field->most)
        return err_set(err, ERR_LIMIT, "In a résumé, \"%s\" has at most %zu bytes.", field->key, field->most);
    if (value) copy = arena_text(arena, json_string_value(value), json_string_length(value));
    if (!copy) return err_set(err, ERR_MEMORY, "There is not enough memory for the résumé.");
    set(to, field, copy);
    return true;
}

static bool read_entries(resume_t *r, arena_t *arena, const json_t *root, int section, err_t *err)
{
    const json_t *list = json_object_get(root, sections[section].word);
    size_t count = json_array_size(list);
    if (count > RESUME_ENTRIES_MAX)
        return err_set(err, ERR_LIMIT, "A résumé has at most %d entries in a section.", RESUME_ENTRIES_MAX);
    for (size_t i = 0; i < count; i++)
        for (int f = 0; f < ENTRY_FIELDS; f++)
            if (!text_of(arena, json_array_get(list, i), &entry_fields[f], &r->entries[section][i], err)) return false;
    r->entry_count[section] = (int)count;
    return true;
}

static bool read_left_out(resume_t *r, arena_t *arena, const json_t *list, err_t *err)
{
    size_t count = json_array_size(list);
    if (count > RESUME_GIVEN_MAX)
        return err_set(err, ERR_LIMIT, "A résumé leaves out at most %d entries of the record.", RESUME_GIVEN_MAX);
    for (size_t i = 0; i < count; i++) {
        const json_t *id = json_array_get(list, i);
        if (!json_is_string(id) || json_string_length(id) > RESUME_ID_MAX)
            return err_set(err, ERR_INPUT, "In a résumé, \"left_out\" is a list of ids.");
        const char *copy = arena_text(arena, json_string_value(id), json_string_length(id));
        if (!copy) return err_set(err, ERR_MEMORY, "There is not enough memory for the résumé.");
        r->left_out[r->left_out_count++] = copy;
    }
    return true;
}

bool resume_read(resume_t *r, arena_t *arena, const char *json, size_t length, err_t *err)
{
    json_error_t problem;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    *r = (resume_t){.education_hours = ""};
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, ERR_INPUT, "A résumé is a JSON object.");
    }
    bool ok = true;
    for (int f = 0; ok && f < BASICS; f++) ok = text_of(arena, json_object_get(root, "basics"), &basics[f], r, err);
    for (int s = 0; ok && s < RESUME_SECTIONS; s++) ok = read_entries(r, arena, root, s, err);
    ok = ok && read_left_out(r, arena, json_object_get(root, "left_out"), err);
    const json_t *show = json_object_get(root, "show");
    for (int s = 0; s < RESUME_SECTIONS; s++) r->show[s] = json_is_true(json_array_get(show, (size_t)s));
    r->show_skills = json_is_true(json_array_get(show, RESUME_SECTIONS));
    r->show_education_hours = json_is_true(json_array_get(show, RESUME_SECTIONS + 1));
    json_decref(root);
    return ok && resume_check(r, err);
}

/* ---- checks ---- */

static bool a_date(const char *text)
{
    when_t when;
    size_t n = strlen(text);
    return (n == 4 || n == 7 || n == 10) && when_read(text, &when, NULL);
}

static bool check_entry(const resume_entry_t *e, err_t *err)
{
    for (int f = 0; f < ENTRY_FIELDS; f++)
        if (strlen(get(e, &entry_fields[f])) > entry_fields[f].most)
            return err_set(err, ERR_LIMIT, "In a résumé, \"%s\" has at most %zu bytes.", entry_fields[f].key,
                           entry_fields[f].most);
    const char *from = e->from ? e->from : "", *to = e->to ? e->to : "";
    if (from[0] && !a_date(from))
        return err_set(err, ERR_INPUT, "A beginning is written 2026, 2026-05 or 2026-05-31; found \"%.40s\".", from);
    if (to[0] && strcmp(to, "present") != 0 && !a_date(to))
        return err_set(err, ERR_INPUT, "An end is written 2026, 2026-05, 2026-05-31 or \"present\"; found \"%.40s\".",
                       to);
    return true;
}

bool resume_check(const resume_t *r, err_t *err)
{
    for (int f = 0; f < BASICS; f++)
        if (strlen(get(r, &basics[f])) > basics[f].most)
            return err_set(err, ERR_LIMIT, "In a résumé, \"%s\" has at most %zu bytes.", basics[f].key, basics[f].most);
    for (int s = 0; s < RESUME_SECTIONS; s++)
        for (int i = 0; i < r->entry_count[s]; i++)
            if (!check_entry(&r->entries[s][i], err)) return false;
    for (int i = 0; i < r->left_out_count; i++)
        if (strlen(r->left_out[i]) > RESUME_ID_MAX)
            return err_set(err, ERR_INPUT, "The record has no entry \"%.40s\" to leave out.", r->left_out[i]);
    return true;
}

/* ---- entries of the record ---- */

void resume_give(resume_t *r, const char *id, resume_section_t section, const resume_entry_t *entry)
{
    if (r->given_count == RESUME_GIVEN_MAX) {
        r->given_more++;
        return;
    }
    resume_given_t *g = &r->given[r->given_count++];
    *g = (resume_given_t){.id = id, .section = section, .entry = *entry};
    for (int i = 0; i < r->left_out_count; i++) g->left_out = g->left_out || strcmp(r->left_out[i], id) == 0;
}

int resume_shown(const resume_t *r, resume_section_t section, const resume_entry_t *shown[static RESUME_SHOWN_MAX])
{
    int count = 0;
    if (!r->show[section]) return 0;
    for (int i = 0; i < r->given_count; i++)
        if (r->given[i].section == section && !r->given[i].left_out) shown[count++] = &r->given[i].entry;
    for (int i = 0; i < r->entry_count[section]; i++)
        if (get(&r->entries[section][i], &entry_fields[0])[0]) shown[count++] = &r->entries[section][i];
    return count;
}

/* ---- JSON Resume ---- */

typedef struct {
    const char *list;                 /* of the schema */
    const char *title, *place, *from; /* its names for them */
    bool has_end;
} way_t;

/* Rotations are work under supervision. */
static const way_t ways[RESUME_SECTIONS] = {{"certificates", "name", "issuer", "date", false},
                                            {"education", "area", "institution", "startDate", true},
                                            {"work", "position", "name", "startDate", true},
                                            {"work", "position", "name", "startDate", true}};

/* A date as the schema takes it: of "spring 2019" the year, where all its days lie in one year. */
static const char *schema_date(const char *text, char year[static 16])
{
    when_t when;
    int first, last, month, day;
    if (!text || !text[0] || a_date(text)) return text ? text : "";
    if (!when_read(text, &when, NULL) || when_is_unknown(when)) return "";
    day_split(when.first, &first, &month, &day);
    day_split(when.last, &last, &month, &day);
    if (first != last) return "";
    snprintf(year, 16, "%04d", first);
    return year;
}

static void export_entry(const resume_entry_t *e, const way_t *way, text_t *out)
{
    bool first = true;
    char from[16], to[16];
    text_add_char(out, '{');
    pair(out, &first, way->title, e->title ? e->title : "");
    pair(out, &first, way->place, e->place ? e->place : "");
    pair(out, &first, way->from, schema_date(e->from, from));
    if (way->has_end) pair(out, &first, "endDate", schema_date(e->to, to)); /* of "present": none */
    if (strcmp(way->list, "work") == 0) pair(out, &first, "summary", e->details ? e->details : "");
    if (strcmp(way->list, "education") == 0 && e->details && e->details[0]) {
        text_add(out, first ? "\"courses\":[" : ",\"courses\":[");
        text_add_json(out, e->details);
        text_add_char(out, ']');
    }
    text_add_char(out, '}');
}

static void export_list(const resume_t *r, const char *list, text_t *out)
{
    bool none = true;
    text_addf(out, ",\n\"%s\":[", list);
    for (int s = 0; s < RESUME_SECTIONS; s++) {
        const resume_entry_t *shown[RESUME_SHOWN_MAX];
        if (strcmp(ways[s].list, list) != 0) continue;
        int count = resume_shown(r, (resume_section_t)s, shown);
        for (int i = 0; i < count; i++) {
            if (!none) text_add_char(out, ',');
            export_entry(shown[i], &ways[s], out);
            none = false;
        }
    }
    text_add_char(out, ']');
}

void resume_export(const resume_t *r, text_t *out)
{
    bool first = true;
    text_add(out, "{\"$schema\":\"https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json\",\n"
                  "\"basics\":{");
    for (int f = 0; f < BASICS; f++)
        if (strcmp(basics[f].key, "city") != 0 && strcmp(basics[f].key, "region") != 0)
            pair(out, &first, basics[f].key, get(r, &basics[f]));
    text_add(out, first ? "\"location\":{" : ",\"location\":{");
    first = true;
    pair(out, &first, "city", r->city ? r->city : "");
    pair(out, &first, "region", r->region ? r->region : "");
    text_add(out, "}}");
    export_list(r, "work", out);
    export_list(r, "education", out);
    export_list(r, "certificates", out);
    text_add(out, ",\n\"skills\":[");
    for (int i = 0; r->show_skills && i < r->skill_count; i++) {
        first = true;
        text_add(out, i ? ",{" : "{");
        pair(out, &first, "name", r->skills[i].name);
        pair(out, &first, "level", r->skills[i].level);
        text_add(out, ",\"keywords\":[");
        text_add_json(out, r->skills[i].evidence);
        text_add(out, "]}");
    }
    text_add(out, "]");
    if (r->show_education_hours && r->education_hours[0]) {
        text_add(out, ",\n\"interests\":[{\"name\":\"Continuing education\",\"keywords\":[");
        text_add_json(out, r->education_hours);
        text_add(out, "]}]");
    }
    text_add(out, ",\n\"meta\":{\"version\":\"v1.0.0\"}}\n");
}
