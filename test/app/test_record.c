/* One record: the fold, corrections, what is refused, documents, files out and in, deletion for good. */
#include "app/record.h"
#include "base/content.h"
#include "base/rng.h"
#include "world.h"

#include <sqlite3.h>
#include <sys/wait.h>

enum { ROUND_TRIPS = 2000 };

static int setup(void **state)
{
    *state = world_open(*content_source());
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

/* ---- helpers ---- */

typedef struct {
    const char *key, *value;
} pair_t;

/* Values by field from pairs that end with a NULL key. */
static void fill(const char **values, int section, const pair_t *pairs)
{
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < APP_RECORD_FIELDS; i++) values[i] = NULL;
    for (; pairs->key; pairs++) {
        int field = 0;
        while (field < s->count && strcmp(s->fields[field].key, pairs->key) != 0) field++;
        assert_true(field < s->count);
        values[field] = pairs->value;
    }
}

static bool enter(world_t *w, const char *section, const pair_t *pairs, char id[APP_ID_MAX], record_wrong_t *wrong)
{
    const char *values[APP_RECORD_FIELDS];
    int s = app_record_section_find(section);
    assert_true(s >= 0);
    fill(values, s, pairs);
    return app_record_enter(w->app, APP_RECORD_ME, s, values, "", id, wrong);
}

#define ENTER(w, section, id, ...)                                                                                     \
    do {                                                                                                               \
        record_wrong_t why_;                                                                                           \
        if (!enter(w, section, (const pair_t[]){__VA_ARGS__, {NULL, NULL}}, id, &why_)) fail_msg("%s", why_.err.text); \
    } while (0)

static void entries_of(world_t *w, app_entries_t *record)
{
    err_t err;
    arena_reset(w->arena);
    if (!app_record_entries(w->app, APP_RECORD_ME, w->arena, record, &err)) fail_msg("%s", err.text);
}

static void record_of(world_t *w, record_t *record)
{
    err_t err;
    arena_reset(w->arena);
    if (!app_record(w->app, w->arena, record, &err)) fail_msg("%s", err.text);
}

/* The file without the line that tells when it was made. */
static char *json_of(world_t *w)
{
    text_t out;
    err_t err;
    text_init(&out, APP_RECORD_FILE);
    if (!app_record_json(w->app, APP_RECORD_ME, &out, &err)) fail_msg("%s", err.text);
    return out.data;
}

/* ---- entering and correcting ---- */

static void what_is_entered_stands_and_is_corrected_by_appending(void **state)
{
    world_t *w = *state;
    app_entries_t record;
    char id[APP_ID_MAX];
    const char *values[APP_RECORD_FIELDS];
    record_wrong_t wrong;
    ENTER(w, "jobs", id, {"setting", "clinical_lab"}, {"start", "  spring 2019 "}, {"employer", "St. Example"});
    entries_of(w, &record);
    assert_int_equal(record.count, 1);
    const app_entry_t *e = app_record_find(&record, id, NULL);
    int jobs = app_record_section_find("jobs");
    assert_int_equal(e->section, jobs);
    assert_string_equal(e->values[5], "spring 2019");
    int64_t seq = e->seq;
    w->now += 60000;
    fill(values, jobs, (const pair_t[]){{"setting", "phlebotomy"}, {"start", "2019-03"}, {NULL, NULL}});
    assert_true(app_record_correct(w->app, APP_RECORD_ME, id, seq, values, "again", &wrong));
    assert_true(app_record_correct(w->app, APP_RECORD_ME, id, seq, values, "again", &wrong)); /* a repeat */
    assert_false(app_record_correct(w->app, APP_RECORD_ME, id, seq, values, "late", &wrong));
    assert_int_equal(wrong.err.code, ERR_STATE);
    entries_of(w, &record);
    e = app_record_find(&record, id, NULL);
    assert_int_equal(e->corrections, 1);
    assert_string_equal(e->values[2], "phlebotomy");
    assert_string_equal(e->values[0], "");
    assert_int_equal(e->step_count, 2);
    assert_string_equal(e->steps[0].values[0], "St. Example");
    assert_string_equal(e->steps[1].values[5], "2019-03");
    assert_int_equal(e->steps[1].at_ms - e->steps[0].at_ms, 60000);
    /* the same after the program was closed */
    app_close(w->app);
    open_app(w);
    entries_of(w, &record);
    assert_int_equal(app_record_find(&record, id, NULL)->step_count, 2);
    err_t err;
    assert_true(app_record_withdraw(w->app, APP_RECORD_ME, id, "", &err));
    assert_false(app_record_withdraw(w->app, APP_RECORD_ME, id, "", &err));
    entries_of(w, &record);
    assert_true(record.entries[0].withdrawn);
    assert_int_equal(record.entries[0].step_count, 3);
}

static void wrong_fields_are_told_and_nothing_is_kept(void **state)
{
    world_t *w = *state;
    static const struct {
        const char *section, *key, *value, *key2, *value2, *says;
    } cases[] = {
        {"degrees", "school", "Somewhere", NULL, NULL, "Degree: choose one"},
        {"degrees", "level", "bachelors", NULL, NULL, "choose from the list"},
        {"degrees", "level", "bachelor", "awarded", "31 June 2019", "Awarded: "},
        {"degrees", "level", "bachelor", "awarded", "2019-02-30", "Awarded: "},
        {"credits", "subject", "biology", "hours", "-3", "Hours of credit: a number"},
        {"credits", "subject", "biology", "hours", "sixty", "Hours of credit: a number"},
        {"credits", "subject", "biology", "hours", "1.2345", "three decimals"},
        {"jobs", "setting", "clinical_lab", "areas", "chemistry,chemistry", "twice"},
        {"jobs", "setting", "clinical_lab", "areas", "chemistry,", "comma"},
        {"jobs", "setting", "clinical_lab", "end", "now", "To: "},
        {"jobs", "setting", "clinical_lab", "title", "two\nlines", "control character"},
        {"statements", "statement", "has spaces", "answer", "yes", "without spaces"},
        {"exams", "exam", "   ", NULL, NULL, "Nothing is filled in"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[APP_ID_MAX];
        record_wrong_t wrong;
        const pair_t pairs[] = {{cases[i].key, cases[i].value}, {cases[i].key2, cases[i].value2}, {NULL, NULL}};
        assert_false(enter(w, cases[i].section, pairs, id, &wrong));
        if (!strstr(wrong.err.text, cases[i].says)) fail_msg("case %zu says \"%s\"", i, wrong.err.text);
    }
    char long_text[APP_RECORD_TEXT + 2], id[APP_ID_MAX];
    record_wrong_t wrong;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_false(
        enter(w, "courses", (const pair_t[]){{"subject", "biology"}, {"title", long_text}, {NULL, NULL}}, id, &wrong));
    assert_int_equal(wrong.field, 1);
    app_entries_t record;
    entries_of(w, &record);
    assert_int_equal(record.seq, 0);
}

static void limits_are_kept(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    record_wrong_t wrong;
    for (int i = 0; i < APP_RECORD_SECTION_MAX; i++) ENTER(w, "courses", id, {"subject", "biology"});
    assert_false(enter(w, "courses", (const pair_t[]){{"subject", "biology"}, {NULL, NULL}}, id, &wrong));
    assert_int_equal(wrong.err.code, ERR_LIMIT);
    ENTER(w, "person", id, {"state", "CA"});
    assert_false(enter(w, "person", (const pair_t[]){{"state", "NV"}, {NULL, NULL}}, id, &wrong));
    assert_int_equal(wrong.err.code, ERR_STATE);
}

static void a_repeated_request_enters_once(void **state)
{
    world_t *w = *state;
    char first[APP_ID_MAX], second[APP_ID_MAX];
    record_wrong_t wrong;
    const char *values[APP_RECORD_FIELDS];
    int section = app_record_section_find("draws");
    fill(values, section, (const pair_t[]){{"kind", "venipuncture"}, {"count", "30"}, {NULL, NULL}});
    assert_true(app_record_enter(w->app, APP_RECORD_ME, section, values, "r1", first, &wrong));
    assert_true(app_record_enter(w->app, APP_RECORD_ME, section, values, "r1", second, &wrong));
    assert_string_equal(first, second);
    app_entries_t record;
    entries_of(w, &record);
    assert_int_equal(record.count, 1);
}

/* ---- what rules see ---- */

static void rules_see_what_was_entered_and_unknown_is_not_none(void **state)
{
    world_t *w = *state;
    record_t r;
    char id[APP_ID_MAX];
    err_t err;
    record_of(w, &r);
    assert_false(r.jobs.known || r.degree.known || r.semester_hours.known || r.draws.known || r.age.known);
    ENTER(w, "person", id, {"birth", "1999-12"}, {"state", "CA"}, {"professions", "RN,LPN"});
    ENTER(w, "degrees", id, {"level", "associate"}, {"awarded", "2021"}, {"accredited", "yes"});
    ENTER(w, "credits", id, {"subject", "biology"}, {"hours", "8"}, {"unit", "semester"}, {"completed", "2020"});
    ENTER(w, "credits", id, {"subject", "biology"}, {"hours", "4.5"}, {"unit", "semester"}, {"completed", "2021-05"});
    ENTER(w, "credits", id, {"subject", "chemistry"}, {"unit", "semester"}, {"completed", "2019"});
    ENTER(w, "credits", id, {"subject", "chemistry"}, {"hours", "9"}, {"unit", "quarter"}, {"completed", "2019"});
    ENTER(w, "jobs", id, {"setting", "clinical_lab"}, {"areas", "chemistry,hematology"}, {"start", "spring 2019"},
          {"end", "present"}, {"hours_per_week", "37.5"}, {"lab", "us"});
    ENTER(w, "programs", id, {"kind", "MLT"}, {"accreditors", "NAACLS,ABHES"}, {"clinical", "600"}, {"biology", "6"});
    ENTER(w, "certificates", id, {"id", "ASCP-MLT"}, {"status", "valid"}, {"expires", "2027-06"});
    assert_true(app_record_none(w->app, APP_RECORD_ME, app_record_section_find("draws"), true, "", &err));
    assert_true(app_record_none(w->app, APP_RECORD_ME, app_record_section_find("military"), true, "", &err));
    assert_false(app_record_none(w->app, APP_RECORD_ME, app_record_section_find("jobs"), true, "", &err));
    record_of(w, &r);
    assert_true(r.age.known && r.age.milli == 27000); /* the clock of the test stands in January 2027 */
    assert_string_equal(r.state, "CA");
    assert_int_equal(r.professional_education.count, 2);
    assert_int_equal(r.degree.items[0].level, LEVEL_ASSOCIATE);
    assert_int_equal(r.degree.items[0].accredited, TRI_YES);
    assert_int_equal(r.degree.items[0].evaluated, TRI_UNKNOWN);
    assert_true(amounts_get(&r.semester_hours, "biology").known);
    assert_int_equal(amounts_get(&r.semester_hours, "biology").milli, 12500);
    assert_false(amounts_get(&r.semester_hours, "chemistry").known); /* one part is not known */
    assert_int_equal(amounts_get(&r.quarter_hours, "chemistry").milli, 9000);
    when_t may;
    assert_true(when_read("2021-05", &may, NULL));
    assert_int_equal(r.coursework_completed.last, may.last);
    assert_true(r.jobs.items[0].ongoing && tokens_have(&r.jobs.items[0].areas, "hematology"));
    assert_int_equal(r.jobs.items[0].hours_per_week.milli, 37500);
    assert_false(when_is_day(r.jobs.items[0].start));
    assert_int_equal(amounts_get(&r.programs.items[0].hours, "clinical").milli, 600000);
    assert_false(amounts_get(&r.programs.items[0].hours, "didactic").known);
    assert_int_equal(amounts_get(&r.programs.items[0].science_hours, "biology").milli, 6000);
    assert_true(r.military.known && r.military.count == 0);
    assert_true(amounts_get(&r.draws, "venipuncture").known && amounts_get(&r.draws, "venipuncture").milli == 0);
    assert_false(r.exams_passed.known);
    /* who enters one has not none any more */
    ENTER(w, "draws", id, {"kind", "venipuncture"}, {"count", "100"});
    record_of(w, &r);
    assert_int_equal(amounts_get(&r.draws, "venipuncture").milli, 100000);
    assert_false(amounts_get(&r.draws, "skin_puncture").known);
}

static void a_birthday_known_in_part_gives_an_age_only_when_sure(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    record_t r;
    ENTER(w, "person", id, {"birth", "2008"}); /* 18 or 19 in January 2027 */
    record_of(w, &r);
    assert_false(r.age.known);
}

/* ---- files ---- */

/* A value that the field takes, or "". */
static void random_value(world_t *w, const record_field_t *field, rng_t *rng, char *out, size_t size)
{
    static const char *const dates[] = {"2019-05-03", "2019-05", "2019", "spring 2019", "Fall 2020", "unknown"};
    static const char *const texts[] = {"St. Example", "=1+1", "Straße \"Süd\", 2", "a\\b", "<b>", "日本", "-"};
    int count;
    const record_word_t *words = app_record_words(w->app, field, &count);
    out[0] = '\0';
    if (!field->needed && rng_below(rng, 3) == 0) return;
    switch (field->kind) {
    case RECORD_FIELD_NUMBER:
        snprintf(out, size, "%d.%d", (int)rng_below(rng, 2000), (int)rng_below(rng, 1000));
        break;
    case RECORD_FIELD_END:
        if (rng_below(rng, 3) == 0) {
            snprintf(out, size, "present");
            break;
        }
        __attribute__((fallthrough));
    case RECORD_FIELD_DATE:
        snprintf(out, size, "%s", dates[rng_below(rng, 6)]);
        break;
    case RECORD_FIELD_CHOICE:
        snprintf(out, size, "%s", words[rng_below(rng, (uint32_t)count)].token);
        break;
    case RECORD_FIELD_SEVERAL: {
        int at = (int)rng_below(rng, (uint32_t)count);
        snprintf(out, size, at + 1 < count ? "%s,%s" : "%s", words[at].token, words[at + 1 < count ? at + 1 : 0].token);
        break;
    }
    case RECORD_FIELD_TOKEN:
        snprintf(out, size, "rule.%d", (int)rng_below(rng, 100));
        break;
    case RECORD_FIELD_NOTE:
        snprintf(out, size, "two\nlines %d", (int)rng_below(rng, 100));
        break;
    default:
        snprintf(out, size, "%s", texts[rng_below(rng, 7)]);
    }
}

/* A record file of random entries, built without the program that is tested. */
static void random_file(world_t *w, rng_t *rng, text_t *out)
{
    int count = 1 + (int)rng_below(rng, 12);
    bool has[APP_RECORD_SECTIONS] = {0};
    text_clear(out);
    text_add(out, "{\"titer_record\":1,\"entries\":[");
    for (int i = 0; i < count; i++) {
        int section = (int)rng_below(rng, (uint32_t)app_record_section_count());
        const record_section_t *s = app_record_section(section);
        if (s->single && has[section]) section = app_record_section_find("degrees"), s = app_record_section(section);
        has[section] = true;
        text_addf(out, "%s{\"id\":\"e%d\",\"section\":\"%s\",\"fields\":{", i ? "," : "", i, s->key);
        bool any = false;
        for (int f = 0; f < s->count; f++) {
            char value[200];
            random_value(w, &s->fields[f], rng, value, sizeof value);
            if (!value[0] && f == s->count - 1 && !any) snprintf(value, sizeof value, "yes");
            if (!value[0]) continue;
            text_addf(out, "%s\"%s\":", any ? "," : "", s->fields[f].key);
            text_add_json(out, value);
            any = true;
        }
        text_add(out, "}}");
    }
    text_add(out, "],\"none\":[");
    bool first = true;
    for (int s = 0; s < app_record_section_count(); s++) {
        if (has[s] || rng_below(rng, 4) != 0) continue;
        text_addf(out, "%s\"%s\"", first ? "" : ",", app_record_section(s)->key);
        first = false;
    }
    text_add(out, "]}");
    assert_false(out->failed);
}

static bool import(world_t *w, const char *owner, const char *json, app_import_t *plan, err_t *err)
{
    arena_reset(w->arena);
    return app_record_import(w->app, owner, json, strlen(json), w->arena, plan, err);
}

/* Entries and what is said of sections, as text. */
static void what_stands(world_t *w, const char *owner, text_t *out)
{
    app_entries_t record;
    err_t err;
    text_clear(out);
    arena_reset(w->arena);
    if (!app_record_entries(w->app, owner, w->arena, &record, &err)) fail_msg("%s", err.text);
    for (int i = 0; i < record.count; i++) {
        const app_entry_t *e = &record.entries[i];
        text_addf(out, "%s %s", e->id, app_record_section(e->section)->key);
        for (int f = 0; f < APP_RECORD_FIELDS; f++) text_addf(out, "|%s", e->values[f]);
        text_add_char(out, '\n');
    }
    for (int s = 0; s < app_record_section_count(); s++)
        if (record.none[s]) text_addf(out, "none %s\n", app_record_section(s)->key);
    record_t applicant;
    if (!app_record_make(w->app, &record, 20000, w->arena, &applicant, &err)) fail_msg("%s", err.text);
    record_write(&applicant, out);
    /* what is made is well-formed: its own reader takes it */
    record_t again;
    text_t json;
    text_init(&json, RECORD_BYTES_MAX);
    record_write(&applicant, &json);
    if (!record_read(&again, w->arena, json.data, json.length, &err)) fail_msg("%s\n%s", err.text, json.data);
    text_free(&json);
}

static void files_make_the_round_trip(void **state)
{
    world_t *w = *state;
    rng_t rng = rng_at(20261127, 1, 0, 0);
    text_t file, first, second, out;
    text_init(&file, APP_RECORD_FILE);
    text_init(&first, APP_RECORD_FILE);
    text_init(&second, APP_RECORD_FILE);
    for (int i = 0; i < ROUND_TRIPS; i++) {
        app_import_t plan;
        err_t err;
        char a[APP_ID_MAX], b[APP_ID_MAX];
        snprintf(a, sizeof a, "a%d", i);
        snprintf(b, sizeof b, "b%d", i);
        random_file(w, &rng, &file);
        if (!import(w, a, file.data, &plan, &err)) fail_msg("%s\n%s", err.text, file.data);
        assert_int_equal(plan.added, plan.count);
        what_stands(w, a, &first);
        text_init(&out, APP_RECORD_FILE);
        assert_true(app_record_json(w->app, a, &out, &err));
        if (!import(w, b, out.data, &plan, &err)) fail_msg("%s\n%s", err.text, out.data);
        what_stands(w, b, &second);
        assert_string_equal(first.data, second.data);
        /* and once more changes nothing */
        assert_true(import(w, b, out.data, &plan, &err));
        assert_int_equal(plan.added + plan.corrected + plan.none_count, 0);
        text_free(&out);
    }
    text_free(&file);
    text_free(&first);
    text_free(&second);
}

static void malformed_files_are_refused_with_their_path(void **state)
{
    world_t *w = *state;
    static const char *const cases[][2] = {
        {"", "not JSON"},
        {"[]", "not a record file"},
        {"{\"titer_record\":2,\"entries\":[]}", "not a record file"},
        {"{\"titer_record\":1}", "entries: "},
        {"{\"titer_record\":1,\"entries\":[],\"entries\":[]}", "not JSON"},
        {"{\"titer_record\":1,\"entries\":[],\"more\":1}", "more: "},
        {"{\"titer_record\":1,\"entries\":[1]}", "entries[0]: "},
        {"{\"titer_record\":1,\"entries\":[{}]}", "entries[0].id"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"A/B\"}]}", "entries[0].id"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"x\"}]}", "entries[0].section"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"jobs\"}]}", "entries[0].fields"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"jobs\",\"fields\":{\"x\":\"y\"}}]}",
         "entries[0].fields.x"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"jobs\",\"fields\":{\"title\":1}}]}",
         "entries[0].fields.title"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"jobs\",\"fields\":{\"setting\":\"phlebotomy\","
         "\"start\":\"soon\"}}]}",
         "entries[0].fields.start: From: "},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"exams\",\"fields\":{\"exam\":\"x\"}},{\"id\":"
         "\"a\",\"section\":\"exams\",\"fields\":{\"exam\":\"x\"}}]}",
         "entries[1].id"},
        {"{\"titer_record\":1,\"entries\":[],\"none\":[\"nothing\"]}", "none[0]"},
        {"{\"titer_record\":1,\"entries\":[{\"id\":\"a\",\"section\":\"person\",\"fields\":{\"state\":\"CA\"}},{\"id\":"
         "\"b\",\"section\":\"person\",\"fields\":{\"state\":\"NV\"}}]}",
         "there is room for 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        app_import_t plan;
        err_t err = {0};
        assert_false(import(w, APP_RECORD_ME, cases[i][0], &plan, &err));
        if (!strstr(err.text, cases[i][1])) fail_msg("case %zu says \"%s\"", i, err.text);
    }
    app_entries_t record;
    entries_of(w, &record);
    assert_int_equal(record.seq, 0);
}

static void an_import_cut_off_is_nothing(void **state)
{
    world_t *w = *state;
    app_entries_t record;
    char id[APP_ID_MAX];
    static const char part[] = "{\"part\":1,\"of\":2,\"entries\":[{\"id\":\"a\",\"section\":\"exams\",\"fields\":{"
                               "\"exam\":\"x\"}}],\"none\":[]}";
    assert_true(store_append(app_store(w->app), "record/me", 0, "import", 1, part, sizeof part - 1, "", NULL, NULL));
    entries_of(w, &record);
    assert_int_equal(record.count, 0);
    ENTER(w, "exams", id, {"exam", "y"});
    static const char rest[] = "{\"part\":2,\"of\":2,\"entries\":[],\"none\":[]}";
    assert_true(store_append(app_store(w->app), "record/me", 2, "import", 1, rest, sizeof rest - 1, "", NULL, NULL));
    entries_of(w, &record);
    assert_int_equal(record.count, 1);
}

static void a_large_file_needs_several_events_and_counts_whole(void **state)
{
    world_t *w = *state;
    static const char *const kinds[] = {"courses", "military", "exams", "letters"};
    text_t file;
    app_import_t plan;
    err_t err;
    char note[APP_RECORD_NOTE + 1];
    memset(note, 'n', sizeof note - 1);
    note[sizeof note - 1] = '\0';
    text_init(&file, APP_RECORD_FILE);
    text_add(&file, "{\"titer_record\":1,\"entries\":[");
    for (int i = 0; i < 256; i++)
        text_addf(&file, "%s{\"id\":\"e%d\",\"section\":\"%s\",\"fields\":{%s\"note\":\"%s\"}}", i ? "," : "", i,
                  kinds[i % 4],
                  i % 4 == 0   ? "\"subject\":\"biology\","
                  : i % 4 == 3 ? "\"target\":\"other\","
                               : "",
                  note);
    text_add(&file, "]}");
    if (!import(w, APP_RECORD_ME, file.data, &plan, &err)) fail_msg("%s", err.text);
    text_free(&file);
    app_entries_t record;
    entries_of(w, &record);
    assert_int_equal(record.count, 256);
    assert_true(record.seq > 3);
}

static void tables_hold_no_formula(void **state)
{
    world_t *w = *state;
    char id[APP_ID_MAX];
    text_t out;
    err_t err;
    ENTER(w, "jobs", id, {"setting", "phlebotomy"}, {"employer", "=HYPERLINK(\"x\")"}, {"title", "a, \"b\""});
    text_init(&out, APP_RECORD_FILE);
    assert_true(app_record_csv(w->app, APP_RECORD_ME, &out, &err));
    assert_non_null(strstr(out.data, ",employer,\"'=HYPERLINK(\"\"x\"\")\","));
    assert_non_null(strstr(out.data, ",title,\"a, \"\"b\"\"\","));
    assert_non_null(strstr(out.data, ",setting,phlebotomy,Phlebotomy,2027-01-15T08:00:00Z,"));
    text_free(&out);
}

/* ---- documents ---- */

static char *make_pdf(size_t length, const char *marker)
{
    char *bytes = malloc(length);
    assert_non_null(bytes);
    for (size_t i = 0; i < length; i++) bytes[i] = (char)(i * 7 + i / 256);
    memcpy(bytes, "%PDF-1.7\n", 9);
    memcpy(bytes + length - strlen(marker), marker, strlen(marker));
    return bytes;
}

static void documents_come_back_as_they_were(void **state)
{
    world_t *w = *state;
    char entry[APP_ID_MAX], id[APP_ID_MAX], again[APP_ID_MAX];
    app_document_t document;
    app_entries_t record;
    text_t out;
    err_t err;
    ENTER(w, "degrees", entry, {"level", "associate"});
    static const size_t sizes[] = {30, STORE_PAYLOAD_MAX, STORE_PAYLOAD_MAX + 1, 3000001};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *bytes = make_pdf(sizes[i], "END");
        if (!app_document_add(w->app, APP_RECORD_ME, entry, "my scan.pdf", bytes, sizes[i], i ? "" : "r", id, &err))
            fail_msg("%s", err.text);
        if (i == 0) {
            assert_true(app_document_add(w->app, APP_RECORD_ME, entry, "my scan.pdf", bytes, 30, "r", again, &err));
            assert_string_equal(id, again);
        }
        text_init(&out, APP_DOCUMENT_BYTES);
        if (!app_document_read(w->app, APP_RECORD_ME, id, &document, &out, &err)) fail_msg("%s", err.text);
        assert_int_equal(out.length, sizes[i]);
        assert_memory_equal(out.data, bytes, sizes[i]);
        assert_string_equal(document.type, "application/pdf");
        assert_string_equal(document.name, "my scan.pdf");
        text_free(&out);
        free(bytes);
    }
    entries_of(w, &record);
    assert_int_equal(record.document_count, 4);
    assert_int_equal(record.entries[0].documents, 4);
    assert_false(app_record_withdraw(w->app, APP_RECORD_ME, entry, "", &err));
    assert_non_null(strstr(err.text, "remove them first"));
}

static void documents_come_in_again_by_their_hash(void **state)
{
    world_t *w = *state;
    static const char pdf[] = "%PDF-1.4 diploma", other[] = "%PDF-1.4 another";
    const char *values[APP_RECORD_FIELDS] = {"associate"};
    char entry[APP_ID_MAX], id[APP_ID_MAX];
    record_wrong_t wrong;
    app_entries_t record;
    app_import_t plan;
    int attached;
    err_t err = {0};
    text_t file;
    if (!app_record_enter(w->app, "a", app_record_section_find("degrees"), values, "", entry, &wrong))
        fail_msg("%s", wrong.err.text);
    assert_true(app_document_add(w->app, "a", entry, "diploma.pdf", pdf, sizeof pdf - 1, "", id, &err));
    text_init(&file, APP_RECORD_FILE);
    assert_true(app_record_json(w->app, "a", &file, &err));
    if (!import(w, "b", file.data, &plan, &err)) fail_msg("%s", err.text);
    assert_int_equal(plan.documents, 1);
    assert_true(app_record_import_document(w->app, "b", &plan, other, sizeof other - 1, &attached, &err));
    assert_int_equal(attached, 0); /* not one that the file names */
    assert_true(app_record_import_document(w->app, "b", &plan, pdf, sizeof pdf - 1, &attached, &err));
    assert_int_equal(attached, 1);
    assert_true(app_record_import_document(w->app, "b", &plan, pdf, sizeof pdf - 1, &attached, &err));
    assert_int_equal(attached, 0); /* it is here already */
    assert_true(app_record_entries(w->app, "b", w->arena, &record, &err));
    assert_int_equal(record.document_count, 1);
    assert_string_equal(record.documents[0].name, "diploma.pdf");
    assert_string_equal(record.entries[record.documents[0].entry].id, entry);
    text_free(&file);
}

static void what_is_no_document_is_refused(void **state)
{
    world_t *w = *state;
    char entry[APP_ID_MAX], id[APP_ID_MAX];
    err_t err;
    app_entries_t record;
    int64_t seq;
    ENTER(w, "degrees", entry, {"level", "associate"});
    static const struct {
        const char *bytes;
        size_t length;
    } wrong[] = {{"", 0},     {"<html><script>", 14}, {"<svg onload=x>", 14}, {"MZ\x90", 3},
                 {"%PDF", 4}, {"RIFF1234WAVE", 12},   {"GIF89a", 6},          {"\x89PNG", 4}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(
            app_document_add(w->app, APP_RECORD_ME, entry, "scan.pdf", wrong[i].bytes, wrong[i].length, "", id, &err));
        assert_int_equal(err.code, ERR_INPUT);
    }
    char *large = make_pdf(APP_DOCUMENT_BYTES + 1, "END");
    assert_false(app_document_add(w->app, APP_RECORD_ME, entry, "x", large, APP_DOCUMENT_BYTES + 1, "", id, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(app_document_add(w->app, APP_RECORD_ME, "nosuch", "x", large, 100, "", id, &err));
    free(large);
    entries_of(w, &record);
    assert_int_equal(record.document_count, 0);
    assert_true(store_last(app_store(w->app), "record/me", &seq, NULL));
    assert_int_equal(seq, 1);
    assert_string_equal(app_document_type("\x89PNG\r\n\x1a\nxx", 10), "image/png");
    assert_string_equal(app_document_type("\xff\xd8\xff\xe0xx", 6), "image/jpeg");
    assert_string_equal(app_document_type("RIFF1234WEBPVP8 ", 16), "image/webp");
    assert_string_equal(app_document_type("\0\0\0\x18"
                                          "ftypheic1234",
                                          16),
                        "image/heic");
    assert_string_equal(app_document_type("\0\0\0\x18"
                                          "ftypheix1234",
                                          16),
                        "image/heic");
    assert_string_equal(app_document_type("\0\0\0\x18"
                                          "ftypmif11234",
                                          16),
                        "image/heif");
    assert_null(app_document_type("\0\0\0\x18"
                                  "ftypisom1234",
                                  16)); /* a film */
    assert_null(app_document_type("\0\0\0\x18"
                                  "ftyphei",
                                  11));
}

static void meddle(world_t *w, const char *sql)
{
    char file[100], *why = NULL;
    sqlite3 *db;
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s", why);
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
}

static void a_changed_byte_is_noticed(void **state)
{
    world_t *w = *state;
    char entry[APP_ID_MAX], id[APP_ID_MAX];
    app_document_t document;
    text_t out;
    err_t err;
    ENTER(w, "degrees", entry, {"level", "associate"});
    char *bytes = make_pdf(1000, "END");
    assert_true(app_document_add(w->app, APP_RECORD_ME, entry, "a", bytes, 1000, "", id, &err));
    free(bytes);
    app_close(w->app);
    meddle(w, "UPDATE batch SET events = CAST(substr(events, 1, 500) || x'00' || substr(events, 502) AS BLOB) WHERE "
              "instr(events, CAST('chunk' AS BLOB)) > 0");
    open_app(w);
    text_init(&out, APP_DOCUMENT_BYTES);
    assert_false(app_document_read(w->app, APP_RECORD_ME, id, &document, &out, &err));
    assert_non_null(strstr(err.text, "not what was stored"));
    assert_int_equal(out.length, 0);
    text_free(&out);
}

static bool folder_has(const world_t *w, const char *text)
{
    char command[200];
    snprintf(command, sizeof command, "grep -qaF '%s' %s/*", text, w->dir);
    int status = system(command);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void what_is_removed_is_gone(void **state)
{
    world_t *w = *state;
    char entry[APP_ID_MAX], keep[APP_ID_MAX], id[APP_ID_MAX], other[APP_ID_MAX];
    app_entries_t record;
    err_t err;
    ENTER(w, "degrees", entry, {"level", "associate"}, {"school", "MARKER-SCHOOL"});
    ENTER(w, "degrees", keep, {"level", "bachelor"});
    char *bytes = make_pdf(200000, "MARKER-FIRST"), *more = make_pdf(5000, "MARKER-SECOND");
    assert_true(app_document_add(w->app, APP_RECORD_ME, entry, "a", bytes, 200000, "", id, &err));
    assert_true(app_document_add(w->app, APP_RECORD_ME, keep, "b", more, 5000, "", other, &err));
    free(bytes);
    free(more);
    assert_true(folder_has(w, "MARKER-FIRST") && folder_has(w, "MARKER-SECOND"));
    if (!app_document_remove(w->app, APP_RECORD_ME, id, "", &err)) fail_msg("%s", err.text);
    assert_false(folder_has(w, "MARKER-FIRST"));
    assert_true(folder_has(w, "MARKER-SECOND"));
    assert_false(app_document_remove(w->app, APP_RECORD_ME, id, "", &err));
    entries_of(w, &record);
    assert_int_equal(record.document_count, 1);
    assert_int_equal(record.entries[0].step_count, 3); /* entered, attached, removed */
    assert_true(folder_has(w, "MARKER-SCHOOL"));
    if (!app_record_erase(w->app, APP_RECORD_ME, &err)) fail_msg("%s", err.text);
    assert_false(folder_has(w, "MARKER-SECOND"));
    assert_false(folder_has(w, "MARKER-SCHOOL"));
    entries_of(w, &record);
    assert_int_equal(record.count, 0);
    assert_true(app_record_erase(w->app, APP_RECORD_ME, &err));
}

/* As a kill between the chunks and `attach`, or between `detach` and the erasing, leaves it. */
static void what_a_kill_left_of_a_document_goes_at_the_next_opening(void **state)
{
    world_t *w = *state;
    char entry[APP_ID_MAX], id[APP_ID_MAX];
    int64_t seq;
    err_t err;
    ENTER(w, "degrees", entry, {"level", "associate"});
    char *bytes = make_pdf(5000, "MARKER-KEPT");
    assert_true(app_document_add(w->app, APP_RECORD_ME, entry, "a", bytes, 5000, "", id, &err));
    free(bytes);
    static const char begin[] =
        "{\"owner\":\"me\",\"name\":\"x\",\"type\":\"application/pdf\",\"bytes\":9,\"sha256\":\"\"}";
    store_t *store = app_store(w->app);
    assert_true(store_append(store, "document/cut", 0, "begin", 1, begin, sizeof begin - 1, "", NULL, NULL));
    assert_true(store_append(store, "document/cut", 1, "chunk", 1, "MARKER-CUT", 10, "", NULL, NULL));
    app_close(w->app);
    assert_true(folder_has(w, "MARKER-CUT"));
    open_app(w);
    assert_true(store_last(app_store(w->app), "document/cut", &seq, NULL));
    assert_int_equal(seq, 0);
    assert_false(folder_has(w, "MARKER-CUT"));
    assert_true(folder_has(w, "MARKER-KEPT"));
    char *json = json_of(w);
    assert_non_null(strstr(json, "\"documents\":[{\"name\":\"a\",\"type\":\"application/pdf\",\"bytes\":5000,"));
    free(json);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_entered_stands_and_is_corrected_by_appending),
        CASE(wrong_fields_are_told_and_nothing_is_kept),
        CASE(limits_are_kept),
        CASE(a_repeated_request_enters_once),
        CASE(rules_see_what_was_entered_and_unknown_is_not_none),
        CASE(a_birthday_known_in_part_gives_an_age_only_when_sure),
        CASE(files_make_the_round_trip),
        CASE(malformed_files_are_refused_with_their_path),
        CASE(an_import_cut_off_is_nothing),
        CASE(a_large_file_needs_several_events_and_counts_whole),
        CASE(tables_hold_no_formula),
        CASE(documents_come_back_as_they_were),
        CASE(documents_come_in_again_by_their_hash),
        CASE(what_is_no_document_is_refused),
        CASE(a_changed_byte_is_noticed),
        CASE(what_is_removed_is_gone),
        CASE(what_a_kill_left_of_a_document_goes_at_the_next_opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
