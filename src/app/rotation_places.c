/* Sites, slots with their capacity, who is placed where; what learners say of a site; the director's cohort table, the
 * stream "cohort/main": `table` {"csv"}. */
#include "rotation_private.h"

#include "road/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool append_place(app_t *app, const char *kind, text_t *payload, bool ok, err_t *err)
{
    text_add_char(payload, '}');
    ok = ok && rotations_append(app, true, kind, app_now_ms(app), payload, "", err);
    text_free(payload);
    app_rotation_leave(app);
    return ok;
}

bool app_rotation_site(app_t *app, const char *name, err_t *err)
{
    const rotation_t *r;
    char id[APP_ID_MAX];
    text_t payload;
    bool ok = true;
    if (!rotation_check_words(name, "the name of the site", 2, ROTATION_NAME_MAX, err) || !app_rotation(app, &r, err))
        return false;
    for (int i = 0; ok && i < r->site_count; i++)
        if (strcasecmp(r->sites[i].name, name) == 0) ok = err_set(err, ERR_CONFLICT, "This site is on the list.");
    text_init(&payload, APP_JSON_MAX);
    app_make_id(app, id);
    text_addf(&payload, "{\"id\":\"%s\"", id);
    rotation_add_text(&payload, "name", name);
    return append_place(app, "site", &payload, ok, err);
}

static bool is_time(const char *text)
{
    int h, m;
    char rest;
    return strlen(text) == 5 && sscanf(text, "%2d:%2d%c", &h, &m, &rest) == 2 && h >= 0 && h < 24 && m >= 0 && m < 60;
}

bool app_rotation_slot(app_t *app, const app_slot_t *s, err_t *err)
{
    const rotation_t *r;
    char id[APP_ID_MAX];
    text_t payload;
    if (s->first < DAY_FIRST || s->last > DAY_LAST || s->first > s->last)
        return err_set(err, ERR_INPUT, "Write the first and the last day as 2026-11-27, the first not after the last.");
    if (!is_time(s->from) || !is_time(s->to)) return err_set(err, ERR_INPUT, "Write the hours as 07:00.");
    if (strlen(s->days) != 7 || strspn(s->days, ".") == 7) return err_set(err, ERR_INPUT, "Tick at least one weekday.");
    if (s->capacity < 1 || s->capacity > 100) return err_set(err, ERR_INPUT, "The capacity is 1 to 100 students.");
    if (!app_rotation(app, &r, err)) return false;
    bool ok = rotation_site(r, s->site) != NULL || err_set(err, ERR_INPUT, "Choose a site of the list.");
    ok = ok && (rotation_department(r->rules, s->department) >= 0 || err_set(err, ERR_INPUT, "Choose the department."));
    text_init(&payload, APP_JSON_MAX);
    app_make_id(app, id);
    text_addf(&payload, "{\"id\":\"%s\",\"first\":%d,\"last\":%d,\"capacity\":%d", id, (int)s->first, (int)s->last,
              s->capacity);
    rotation_add_text(&payload, "site", s->site);
    rotation_add_text(&payload, "department", s->department);
    rotation_add_text(&payload, "from", s->from);
    rotation_add_text(&payload, "to", s->to);
    rotation_add_text(&payload, "days", s->days);
    return append_place(app, "slot", &payload, ok, err);
}

/* On one day of the week and the calendar at both? */
static bool collide(const rotation_slot_t *a, const rotation_slot_t *b)
{
    int32_t first = a->first > b->first ? a->first : b->first, last = a->last < b->last ? a->last : b->last;
    for (int32_t day = first; day <= last && day < first + 7; day++) {
        int weekday = (int)(((day % 7) + 7 + 3) % 7); /* 1970-01-01 was a Thursday; 0 is Monday */
        if (a->days[weekday] != '.' && b->days[weekday] != '.' && strcmp(a->from, b->to) < 0 &&
            strcmp(b->from, a->to) < 0)
            return true;
    }
    return false;
}

static bool may_place(const rotation_t *r, const rotation_slot_t *slot, const char *student, err_t *err)
{
    if (slot->placed >= slot->capacity)
        return err_set(err, ERR_STATE, "This place takes %d at a time and is full.", slot->capacity);
    for (int i = 0; i < r->placed_count; i++) {
        if (strcmp(r->placed[i].student, student) != 0) continue;
        const rotation_slot_t *other = rotation_slot(r, r->placed[i].slot);
        if (other == slot) return err_set(err, ERR_CONFLICT, "%s has this place already.", student);
        if (other != NULL && collide(slot, other))
            return err_set(err, ERR_CONFLICT, "%s is at another place on one of these days at that hour.", student);
    }
    return true;
}

bool app_rotation_place(app_t *app, const char *slot_id, const char *student, bool away, err_t *err)
{
    const rotation_t *r;
    text_t payload;
    if (!rotation_check_words(student, "the student's code", 1, ROTATION_ID_MAX, err)) return false;
    if (strchr(student, ' ') != NULL) return err_set(err, ERR_INPUT, "A student is a code without blanks, not a name.");
    if (!app_rotation(app, &r, err)) return false;
    const rotation_slot_t *slot = rotation_slot(r, slot_id);
    bool ok = slot != NULL || err_set(err, ERR_NOT_FOUND, "There is no such place.");
    ok = ok && (away || may_place(r, slot, student, err));
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"v\":1");
    rotation_add_text(&payload, "slot", slot_id);
    rotation_add_text(&payload, "student", student);
    return append_place(app, away ? "unplace" : "place", &payload, ok, err);
}

bool app_rotation_site_view(app_t *app, const char *site, const int scores[ROTATION_SITE_QUESTIONS],
                            const char *comment, bool no_patient, err_t *err)
{
    const rotation_t *r;
    text_t payload;
    for (int i = 0; i < ROTATION_SITE_QUESTIONS; i++)
        if (scores[i] < 1 || scores[i] > 5) return err_set(err, ERR_INPUT, "Answer every line with 1 to 5.");
    if (!rotation_check_words(comment, "the comment", 0, ROTATION_TEXT_MAX, err) ||
        !rotation_check_patient(comment, no_patient, err) || !app_rotation(app, &r, err))
        return false;
    bool ok = rotation_site(r, site) != NULL || err_set(err, ERR_INPUT, "Choose a site of the list.");
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"scores\":[");
    for (int i = 0; i < ROTATION_SITE_QUESTIONS; i++) text_addf(&payload, "%s%d", i > 0 ? "," : "", scores[i]);
    text_add_char(&payload, ']');
    rotation_add_text(&payload, "site", site);
    rotation_add_text(&payload, "comment", comment);
    return append_place(app, "site-view", &payload, ok, err);
}

/* ---- cohorts ---- */

static const char COHORT[] = "cohort/main";

bool app_outcome_rules(app_t *app, arena_t *arena, outcome_rules_t *rules, err_t *err)
{
    return outcome_rules_read(rules, arena, app->options.content, err);
}

bool app_cohort_save(app_t *app, const char *csv, size_t length, err_t *err)
{
    cohort_t cohort;
    int64_t last;
    text_t payload;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (length > APP_COHORT_MAX)
        return err_set(err, ERR_LIMIT, "A table kept here has at most %d KB; `titer outcomes` reads larger ones.",
                       APP_COHORT_MAX / 1024);
    arena_t *arena = arena_new(8 * 1024 * 1024);
    if (arena == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this table.");
    bool ok = cohort_read(&cohort, arena, "table", (const unsigned char *)csv, length, err);
    arena_free(arena);
    text_init(&payload, STORE_PAYLOAD_MAX);
    text_add(&payload, "{\"csv\":");
    text_add_json(&payload, csv);
    text_add_char(&payload, '}');
    if (ok && payload.failed) ok = err_set(err, ERR_LIMIT, "The table is too long to be kept.");
    ok = ok && store_last(app->store, COHORT, &last, err) &&
         store_append(app->store, COHORT, last, "table", app_now_ms(app), payload.data, payload.length, "", NULL, err);
    text_free(&payload);
    return ok;
}

typedef struct {
    arena_t *arena;
    char *csv;
} table_t;

static bool take_table(void *context, const store_event_t *event)
{
    table_t *in = context;
    json_t *json = json_loadb(event->payload, event->length, 0, NULL);
    const char *csv = json_string_value(json_object_get(json, "csv"));
    if (csv != NULL) in->csv = arena_text(in->arena, csv, strlen(csv));
    json_decref(json);
    return true;
}

bool app_cohort(app_t *app, arena_t *arena, cohort_t *cohort, err_t *err)
{
    table_t in = {arena, NULL};
    int64_t last;
    *cohort = (cohort_t){0};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_last(app->store, COHORT, &last, err)) return false;
    if (last == 0) return true;
    if (!store_read(app->store, COHORT, last, take_table, &in, err)) return false;
    return in.csv == NULL || cohort_read(cohort, arena, "table", (const unsigned char *)in.csv, strlen(in.csv), err);
}
