/* Skills from finished shifts, and the stream "resume/me". */
#include "app/resume.h"
#include "app/ledger.h"
#include "record_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINE_MAX_BYTES = 1200 }; /* a title or details of a record's entry: a few fields */

static const char STREAM[] = "resume/me";
static const char *const bench_titles[BENCH_COUNT] = {"Chemistry", "Hematology", "Coagulation"};
static const char *const bench_instruments[BENCH_COUNT] = {"chemistry analyzer with immunoassay", "blood cell counter",
                                                           "coagulation analyzer"};

const char *resume_line(arena_t *arena, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    const char *copy = n < 0 ? NULL : arena_text(arena, line, strlen(line));
    return copy ? copy : "";
}

static void add(app_skill_t *skill, const app_past_t *past, const app_tally_t *t)
{
    if (t->observations == 0) return;
    skill->shifts++;
    skill->assessed += past->shift.mode == MODE_ASSESS;
    skill->tally.observations += t->observations, skill->tally.right += t->right;
    skill->tally.hits += t->hits, skill->tally.misses += t->misses;
    skill->tally.false_alarms += t->false_alarms, skill->tally.correct_passes += t->correct_passes;
    if (past->shift.saved_ms < skill->last_ms) return;
    skill->last_ms = past->shift.saved_ms;
    skill->evidence = past->shift.id;
}

bool app_skills(app_t *app, arena_t *arena, app_skills_t *skills, err_t *err)
{
    app_past_t *past = arena_array(arena, APP_HISTORY_MAX, sizeof *past);
    int count;
    *skills = (app_skills_t){0};
    if (!past) return err_set(err, ERR_MEMORY, "There is not enough memory for the record.");
    if (!app_history(app, past, APP_HISTORY_MAX, &count, err)) return false;
    for (int b = 0; b < BENCH_COUNT; b++)
        skills->bench[b] = (app_skill_t){.name = bench_titles[b], .instrument = bench_instruments[b], .evidence = ""};
    for (int c = 0; c < APP_COMPETENCES; c++)
        skills->competence[c] = (app_skill_t){.name = app_competence_name(c), .instrument = "", .evidence = ""};
    for (int i = 0; i < count; i++) {
        if (!past[i].summed) continue;
        skills->shifts++;
        for (int b = 0; b < BENCH_COUNT; b++) add(&skills->bench[b], &past[i], &past[i].bench[b]);
        for (int c = 0; c < APP_COMPETENCES; c++) add(&skills->competence[c], &past[i], &past[i].competence[c]);
    }
    return true;
}

/* ---- the résumé ---- */

static const char *day_of(arena_t *arena, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm t;
    char text[16];
    if (!gmtime_r(&seconds, &t) || strftime(text, sizeof text, "%Y-%m-%d", &t) == 0) return "";
    return resume_line(arena, "%s", text);
}

static void add_skill(resume_t *r, arena_t *arena, const app_skill_t *s, bool bench)
{
    if (s->tally.observations < app_competence_minimum() || r->skill_count == RESUME_SKILLS_MAX) return;
    int percent = (100 * s->tally.right + s->tally.observations / 2) / s->tally.observations;
    r->skills[r->skill_count++] = (resume_skill_t){
        .name = bench ? resume_line(arena, "%s bench (%s), simulated", s->name, s->instrument)
                      : resume_line(arena, "%s, in simulated shifts", s->name),
        .level = resume_line(arena, "%d simulated shift%s, last %s", s->shifts, s->shifts == 1 ? "" : "s",
                             day_of(arena, s->last_ms)),
        .evidence =
            resume_line(arena, bench ? "%d %% of %d results released without harm" : "%d %% right of %d observations",
                        percent, s->tally.observations)};
}

static bool add_record(app_t *app, arena_t *arena, resume_t *r, err_t *err)
{
    app_skills_t skills;
    app_ledger_t ledger;
    int64_t hours = 0;
    if (!app_skills(app, arena, &skills, err) || !app_ledger(app, arena, &ledger, err)) return false;
    for (int b = 0; b < BENCH_COUNT; b++) add_skill(r, arena, &skills.bench[b], true);
    for (int c = 0; c < APP_COMPETENCES; c++) add_skill(r, arena, &skills.competence[c], false);
    for (int i = 0; i < ledger.ledger.activity_count; i++)
        if (ledger.ledger.activities[i].hours > 0) hours += ledger.ledger.activities[i].hours;
    r->education_hours = hours < CE_UNIT ? ""
                                         : resume_line(arena, "%lld contact hour%s of continuing education on record",
                                                       (long long)(hours / CE_UNIT), hours / CE_UNIT == 1 ? "" : "s");
    return true;
}

/* ---- entries of the record ---- */

/* Which fields of a section of the record say what in a résumé. Numbers and notes stay at home. */
typedef struct {
    const char *section;
    resume_section_t to;
    const char *title[2], *after; /* `after` follows the first: "California license" */
    const char *fallback;         /* says the title when the others are empty */
    const char *place, *from, *end;
    const char *details[3];
} given_way_t;

static const given_way_t given_ways[] = {
    {"certificates", RESUME_CERTIFICATES, {"id", "name"}, "", "id", NULL, "issued", NULL, {"status", "expires"}},
    {"licenses",
     RESUME_CERTIFICATES,
     {"state", "level"},
     " license",
     "state",
     NULL,
     "issued",
     NULL,
     {"status", "expires"}},
    {"degrees", RESUME_EDUCATION, {"level", "field"}, "", "level", "school", NULL, "awarded", {NULL}},
    {"programs",
     RESUME_EDUCATION,
     {"kind", NULL},
     " program",
     "kind",
     "school",
     NULL,
     "completed",
     {"accreditors", "clinical"}},
    {"military",
     RESUME_EDUCATION,
     {"course", NULL},
     " (military training)",
     "kind",
     NULL,
     NULL,
     "completed",
     {"kind", "weeks", "occupation_held"}},
    {"jobs",
     RESUME_WORK,
     {"title", NULL},
     "",
     "setting",
     "employer",
     "start",
     "end",
     {"setting", "areas", "hours_per_week"}},
};

static const char *value_of(const app_entry_t *e, const char *key)
{
    int field = key ? record_field_find(app_record_section(e->section), key) : -1;
    return field < 0 ? "" : e->values[field];
}

static const char *said(const app_t *app, const app_entry_t *e, const char *key, arena_t *arena)
{
    const record_section_t *s = app_record_section(e->section);
    int field = key ? record_field_find(s, key) : -1;
    return field < 0 || !e->values[field][0] ? "" : app_record_say(app, &s->fields[field], e->values[field], arena);
}

/* "Associate degree, Medical laboratory technology"; "another one" is said only when nothing else is known. */
static const char *given_title(const app_t *app, const app_entry_t *e, const given_way_t *way, arena_t *arena)
{
    const char *title = "";
    for (int i = 0; i < 2; i++) {
        const char *words = said(app, e, way->title[i], arena);
        if (!words[0] || strcmp(value_of(e, way->title[i]), "other") == 0) continue;
        title = resume_line(arena, "%s%s%s%s", title, title[0] ? ", " : "", words, i == 0 ? way->after : "");
    }
    const char *fallback = said(app, e, way->fallback, arena);
    return title[0] || !fallback[0] ? title : resume_line(arena, "%s%s", fallback, way->after);
}

static const char *given_details(const app_t *app, const app_entry_t *e, const given_way_t *way, arena_t *arena)
{
    const record_section_t *s = app_record_section(e->section);
    const char *all = "";
    bool fell_back = !said(app, e, way->title[0], arena)[0];
    for (int i = 0; i < 3 && way->details[i]; i++) {
        const char *words = said(app, e, way->details[i], arena);
        if (!words[0] || (fell_back && strcmp(way->details[i], way->fallback) == 0)) continue;
        all = resume_line(arena, "%s%s%s: %s", all, all[0] ? "; " : "",
                          s->fields[record_field_find(s, way->details[i])].label, words);
    }
    return all;
}

static void give_section(const app_t *app, arena_t *arena, const app_entries_t *record, const given_way_t *way,
                         resume_t *r)
{
    int section = app_record_section_find(way->section);
    for (int i = 0; i < record->count; i++) {
        const app_entry_t *e = &record->entries[i];
        if (e->section != section || e->withdrawn || strcmp(value_of(e, way->fallback), "none") == 0) continue;
        resume_entry_t entry = {.title = given_title(app, e, way, arena),
                                .place = value_of(e, way->place),
                                .from = value_of(e, way->from),
                                .to = value_of(e, way->end),
                                .details = given_details(app, e, way, arena)};
        resume_give(r, e->id, way->to, &entry);
    }
}

static bool add_entries(app_t *app, arena_t *arena, resume_t *r, err_t *err)
{
    app_entries_t record;
    if (!app_record_entries(app, APP_RECORD_ME, arena, &record, err)) return false;
    for (size_t i = 0; i < sizeof given_ways / sizeof *given_ways; i++)
        give_section(app, arena, &record, &given_ways[i], r);
    int person = app_record_section_find("person");
    for (int i = 0; i < record.count; i++)
        if (!r->name[0] && record.entries[i].section == person && !record.entries[i].withdrawn)
            r->name = value_of(&record.entries[i], "name");
    return true;
}

/* ---- the stream ---- */

typedef struct {
    arena_t *arena;
    const char *json;
    size_t length;
    int64_t seq;
} last_t;

static bool take_last(void *context, const store_event_t *event)
{
    last_t *last = context;
    last->seq = event->seq;
    if (strcmp(event->kind, "save") != 0) return true;
    last->json = arena_text(last->arena, event->payload, event->length);
    last->length = event->length;
    return true;
}

bool app_resume(app_t *app, arena_t *arena, resume_t *resume, err_t *err)
{
    static const char empty[] = "{\"show\":[true,true,true,true,true,true]}";
    last_t last = {.arena = arena, .json = empty, .length = sizeof empty - 1};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_read(app->store, STREAM, 1, take_last, &last, err)) return false;
    if (!last.json) return err_set(err, ERR_MEMORY, "There is not enough memory for the résumé.");
    return resume_read(resume, arena, last.json, last.length, err) && add_entries(app, arena, resume, err) &&
           resume_add_rotations(app, arena, resume, err) && add_record(app, arena, resume, err);
}

bool app_resume_save(app_t *app, const resume_t *resume, const char *request, err_t *err)
{
    text_t out;
    int64_t seq = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!resume_check(resume, err) || !store_last(app->store, STREAM, &seq, err)) return false;
    text_init(&out, STORE_PAYLOAD_MAX);
    resume_write(resume, &out);
    bool ok = out.failed ? err_set(err, ERR_LIMIT, "The résumé is too long: shorten its details.")
                         : store_append(app->store, STREAM, seq, "save", app_now_ms(app), out.data, out.length, request,
                                        NULL, err);
    text_free(&out);
    return ok;
}
