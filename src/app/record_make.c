/* From entries to the applicant record that rules are evaluated on (road/record.h). What nobody entered stays unknown;
 * "I have none of these" becomes none; an amount that is added up is unknown when one of its parts is. */
#include "record_private.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD_MEMORY = 16 * 1024 * 1024, DAY_MS = 86400000 };

typedef struct {
    const app_t *app;
    const app_entries_t *entries;
    arena_t *arena;
    bool failed; /* memory */
} make_t;

/* ---- one value ---- */

static const char *value_of(const app_entry_t *entry, const char *key)
{
    int field = record_field_find(app_record_section(entry->section), key);
    return field < 0 || !entry->values[field] ? "" : entry->values[field];
}

static const char *copy(make_t *m, const char *text)
{
    if (!text[0]) return NULL;
    const char *own = arena_text(m->arena, text, strlen(text));
    if (!own) m->failed = true;
    return own;
}

static const char *text_value(make_t *m, const app_entry_t *entry, const char *key)
{
    return copy(m, value_of(entry, key));
}

static when_t when_value(const app_entry_t *entry, const char *key)
{
    when_t when;
    return when_read(value_of(entry, key), &when, NULL) ? when : when_unknown();
}

static tri_t tri_value(const app_entry_t *entry, const char *key)
{
    const char *value = value_of(entry, key);
    return strcmp(value, "yes") == 0 ? TRI_YES : strcmp(value, "no") == 0 ? TRI_NO : TRI_UNKNOWN;
}

static amount_t amount_value(const app_entry_t *entry, const char *key)
{
    amount_t amount = {0};
    amount.known = amount_read(value_of(entry, key), &amount.milli);
    return amount;
}

static tokens_t tokens_value(make_t *m, const app_entry_t *entry, const char *key)
{
    const char *value = value_of(entry, key);
    tokens_t tokens = {0};
    if (!value[0]) return tokens;
    tokens = (tokens_t){true, 0, arena_array(m->arena, strlen(value) / 2 + 1, sizeof *tokens.items)};
    for (const char *at = value; tokens.items && *at;) {
        size_t n = strcspn(at, ",");
        tokens.items[tokens.count] = arena_text(m->arena, at, n);
        if (!tokens.items[tokens.count++]) m->failed = true;
        at += n + (at[n] == ',');
    }
    if (!tokens.items) m->failed = true;
    return tokens;
}

/* ---- lists ---- */

/* The entries of a section that stand. *known: there are some, or it was said that there are none. */
static const app_entry_t **standing(make_t *m, const char *key, size_t *count, bool *known)
{
    int section = app_record_section_find(key);
    const app_entry_t **list = arena_array(m->arena, (size_t)m->entries->count + 1, sizeof *list);
    *count = 0;
    for (int i = 0; list && i < m->entries->count; i++) {
        const app_entry_t *e = &m->entries->entries[i];
        if (e->section == section && !e->withdrawn) list[(*count)++] = e;
    }
    *known = *count > 0 || m->entries->none[section];
    if (!list) m->failed = true;
    return list;
}

/* Fills one list of the record: `entry` is each entry, `item` its element. */
#define EACH(list, key)                                                                                                \
    size_t n_##list;                                                                                                   \
    const app_entry_t **from_##list = standing(m, key, &n_##list, &r->list.known);                                     \
    r->list.items = arena_array(m->arena, n_##list + 1, sizeof *r->list.items);                                        \
    r->list.count = r->list.items ? n_##list : 0;                                                                      \
    if (!r->list.items) m->failed = true;                                                                              \
    for (size_t i = 0; from_##list && i < r->list.count; i++)

static void make_education(make_t *m, record_t *r)
{
    EACH(degree, "degrees")
    {
        const app_entry_t *e = from_degree[i];
        r->degree.items[i] = (degree_t){.level = level_from_word(value_of(e, "level")),
                                        .field = text_value(m, e, "field"),
                                        .awarded = when_value(e, "awarded"),
                                        .accredited = tri_value(e, "accredited"),
                                        .country = text_value(m, e, "country"),
                                        .evaluated = tri_value(e, "evaluated")};
    }
    EACH(courses, "courses")
    {
        const app_entry_t *e = from_courses[i];
        r->courses.items[i] =
            (course_t){.subject = text_value(m, e, "subject"), .semesters = amount_value(e, "semesters")};
    }
}

/* Named amounts of one entry, those that are filled in. */
static amounts_t own_amounts(make_t *m, const app_entry_t *entry, const char *const *keys, int count)
{
    amounts_t amounts = {false, 0, arena_array(m->arena, (size_t)count, sizeof *amounts.items)};
    if (!amounts.items) m->failed = true;
    for (int i = 0; amounts.items && i < count; i++) {
        amount_t amount = amount_value(entry, keys[i]);
        if (amount.known) amounts.items[amounts.count++] = (named_amount_t){keys[i], amount};
    }
    amounts.known = amounts.count > 0;
    return amounts;
}

static void make_programs(make_t *m, record_t *r)
{
    static const char *const kinds[] = {"didactic", "classroom", "clinical", "practical", "didactic_lab_fundamentals"};
    static const char *const sciences[] = {"biology", "chemistry"};
    EACH(programs, "programs")
    {
        const app_entry_t *e = from_programs[i];
        r->programs.items[i] = (program_t){.kind = text_value(m, e, "kind"),
                                           .accreditors = tokens_value(m, e, "accreditors"),
                                           .completed = when_value(e, "completed"),
                                           .hours = own_amounts(m, e, kinds, sizeof kinds / sizeof *kinds),
                                           .science_hours = own_amounts(m, e, sciences, 2)};
    }
    EACH(military, "military")
    {
        const app_entry_t *e = from_military[i];
        r->military.items[i] = (military_t){.weeks = amount_value(e, "weeks"),
                                            .completed = when_value(e, "completed"),
                                            .credits_accepted_by_college = tri_value(e, "credits_accepted_by_college"),
                                            .occupation_held = tri_value(e, "occupation_held"),
                                            .kind = text_value(m, e, "kind")};
    }
}

static void make_work(make_t *m, record_t *r)
{
    EACH(jobs, "jobs")
    {
        const app_entry_t *e = from_jobs[i];
        bool ongoing = strcmp(value_of(e, "end"), "present") == 0;
        r->jobs.items[i] = (job_t){.setting = text_value(m, e, "setting"),
                                   .areas = tokens_value(m, e, "areas"),
                                   .start = when_value(e, "start"),
                                   .end = ongoing ? when_unknown() : when_value(e, "end"),
                                   .ongoing = ongoing,
                                   .hours_per_week = amount_value(e, "hours_per_week"),
                                   .lab = text_value(m, e, "lab")};
    }
    EACH(work_hours, "work_hours")
    {
        const app_entry_t *e = from_work_hours[i];
        amount_t duties = amount_value(e, "duties");
        named_amount_t *focus = arena_array(m->arena, 1, sizeof *focus);
        if (focus) *focus = (named_amount_t){"clinical_laboratory_duties", duties};
        r->work_hours.items[i] = (work_hours_t){.setting = text_value(m, e, "setting"),
                                                .hours = amount_value(e, "hours"),
                                                .focus = {duties.known && focus, duties.known && focus ? 1 : 0, focus},
                                                .from = when_value(e, "from"),
                                                .to = when_value(e, "to")};
        if (!focus) m->failed = true;
    }
}

/* Who answers the same twice means the later answer. */
static void add_answer(make_t *m, answers_t *to, const app_entry_t *entry)
{
    const char *name = text_value(m, entry, "statement");
    size_t at = 0;
    if (!name) return;
    while (at < to->count && strcmp(to->items[at].name, name) != 0) at++;
    to->items[at] = (named_answer_t){name, tri_value(entry, "answer")};
    if (at == to->count) to->count++;
}

static void make_papers(make_t *m, record_t *r)
{
    EACH(certificates, "certificates")
    {
        const app_entry_t *e = from_certificates[i];
        r->certificates.items[i] = (certificate_t){
            .id = text_value(m, e, "id"), .status = text_value(m, e, "status"), .expires = when_value(e, "expires")};
    }
    EACH(exams_passed, "exams")
    {
        const app_entry_t *e = from_exams_passed[i];
        r->exams_passed.items[i] =
            (exam_passed_t){.level = text_value(m, e, "level"), .accepted_by = tokens_value(m, e, "accepted_by")};
    }
    EACH(state_licences, "licenses")
    {
        const app_entry_t *e = from_state_licences[i];
        r->state_licences.items[i] = (state_license_t){.state = text_value(m, e, "state"),
                                                       .level = text_value(m, e, "level"),
                                                       .status = text_value(m, e, "status")};
    }
    size_t count;
    const app_entry_t **letters = standing(m, "letters", &count, &r->eligible_for.known);
    r->eligible_for.items = arena_array(m->arena, count + 1, sizeof *r->eligible_for.items);
    for (size_t i = 0; letters && r->eligible_for.items && i < count; i++)
        r->eligible_for.items[r->eligible_for.count++] = text_value(m, letters[i], "target");
    const app_entry_t **said = standing(m, "statements", &count, &r->statements.known);
    r->statements.items = arena_array(m->arena, count + 1, sizeof *r->statements.items);
    for (size_t i = 0; said && r->statements.items && i < count; i++) add_answer(m, &r->statements, said[i]);
    if (!r->eligible_for.items || !r->statements.items) m->failed = true;
}

/* ---- sums by name ---- */

static named_amount_t *named(make_t *m, amounts_t *to, const char *name)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->items[i].name, name) == 0) return &to->items[i];
    const char *own = copy(m, name);
    if (!own) return NULL;
    to->items[to->count] = (named_amount_t){own, {.known = true}};
    return &to->items[to->count++];
}

static void add_amount(make_t *m, amounts_t *to, const char *name, amount_t amount)
{
    named_amount_t *sum = named(m, to, name);
    int64_t most = (int64_t)RECORD_AMOUNT_MAX * 1000;
    if (!sum) return;
    sum->amount.known = sum->amount.known && amount.known;
    sum->amount.milli = !sum->amount.known                        ? 0
                        : sum->amount.milli > most - amount.milli ? most
                                                                  : sum->amount.milli + amount.milli;
    to->known = true;
}

/* "I have none of these": zero under each name that there is. */
static void add_zeros(make_t *m, amounts_t *to, const char *section, const char *key)
{
    const record_section_t *s = app_record_section(app_record_section_find(section));
    int count;
    const record_word_t *words = app_record_words(m->app, &s->fields[record_field_find(s, key)], &count);
    for (int i = 0; i < count && i < RECORD_ITEMS_MAX; i++)
        add_amount(m, to, words[i].token, (amount_t){.known = true});
}

static bool sums(make_t *m, amounts_t *to)
{
    *to = (amounts_t){.items = arena_array(m->arena, RECORD_ITEMS_MAX * 2, sizeof *to->items)};
    if (!to->items) m->failed = true;
    return to->items != NULL;
}

static void make_amounts(make_t *m, record_t *r)
{
    size_t count;
    bool known, first = true;
    if (!sums(m, &r->semester_hours) || !sums(m, &r->quarter_hours) || !sums(m, &r->draws)) return;
    const app_entry_t **credits = standing(m, "credits", &count, &known);
    for (size_t i = 0; credits && i < count; i++) {
        bool quarter = strcmp(value_of(credits[i], "unit"), "quarter") == 0;
        when_t done = when_value(credits[i], "completed");
        add_amount(m, quarter ? &r->quarter_hours : &r->semester_hours, value_of(credits[i], "subject"),
                   amount_value(credits[i], "hours"));
        /* the last of them: not before the latest first day, not after the latest last day */
        if (first || done.first > r->coursework_completed.first) r->coursework_completed.first = done.first;
        if (first || done.last > r->coursework_completed.last) r->coursework_completed.last = done.last;
        first = false;
    }
    if (known && count == 0) add_zeros(m, &r->semester_hours, "credits", "subject");
    const app_entry_t **draws = standing(m, "draws", &count, &known);
    for (size_t i = 0; draws && i < count; i++)
        add_amount(m, &r->draws, value_of(draws[i], "kind"), amount_value(draws[i], "count"));
    if (known && count == 0) add_zeros(m, &r->draws, "draws", "kind");
}

/* ---- the person ---- */

/* Full years from a birthday to a day; a birth on 29 February is counted from the last of February. */
static int years(int32_t birth, int32_t today)
{
    int y, year, month, day;
    day_split(birth, &y, &month, &day);
    day_split(today, &year, &month, &day);
    int full = year - y;
    return day_add_years(birth, full) > today ? full - 1 : full;
}

static void make_person(make_t *m, record_t *r, int32_t today)
{
    size_t count;
    bool known;
    const app_entry_t **person = standing(m, "person", &count, &known);
    if (!person || count == 0) return;
    when_t birth = when_value(person[0], "birth");
    r->name = text_value(m, person[0], "name");
    r->state = text_value(m, person[0], "state");
    r->professional_education = tokens_value(m, person[0], "professions");
    r->lab_orientation = tri_value(person[0], "lab_orientation");
    if (!when_is_unknown(birth) && birth.last <= today && years(birth.first, today) == years(birth.last, today))
        r->age = (amount_t){true, (int64_t)years(birth.first, today) * 1000};
}

bool app_record_make(const app_t *app, const app_entries_t *entries, int32_t today, arena_t *arena, record_t *record,
                     err_t *err)
{
    make_t m = {.app = app, .entries = entries, .arena = arena};
    *record = record_unknown();
    make_person(&m, record, today);
    make_education(&m, record);
    make_amounts(&m, record);
    make_programs(&m, record);
    make_work(&m, record);
    make_papers(&m, record);
    return !m.failed || err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
}

bool app_record(app_t *app, arena_t *arena, record_t *record, err_t *err)
{
    app_entries_t entries;
    *record = record_unknown();
    if (!app_record_entries(app, APP_RECORD_ME, arena, &entries, err)) return false;
    int64_t day = app_now_ms(app) / DAY_MS;
    if (day < DAY_FIRST || day > DAY_LAST)
        return err_set(err, ERR_STATE, "The clock of this machine is wrong: set its date.");
    return app_record_make(app, &entries, (int32_t)day, arena, record, err);
}
