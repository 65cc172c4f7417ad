/* What a record is made of: sections, their fields, the words they offer, and what each field takes. Another field is a
 * row here (and a line in record_make.c when rules ask for it); another word is a row of content/road/record_words.csv.
 */
#include "record_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE_HINT "A day, a month, a year or a season: 2019-05-03, 2019-05, 2019, spring 2019. Empty: not known."
#define NOTE                                                                                                           \
    {                                                                                                                  \
        .key = "note", .label = "Note", .kind = RECORD_FIELD_NOTE                                                      \
    }

static const record_field_t person[] = {
    {.key = "name", .label = "Name, as on your papers", .kind = RECORD_FIELD_TEXT},
    {.key = "birth", .label = "Born", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "state", .label = "State you live or want to work in", .kind = RECORD_FIELD_CHOICE, .words = "state"},
    {.key = "professions",
     .label = "Another health profession",
     .kind = RECORD_FIELD_SEVERAL,
     .words = "health_profession"},
    {.key = "lab_orientation",
     .label = "Orientation in a laboratory",
     .hint = "Some routes for nurses and others ask for it.",
     .kind = RECORD_FIELD_CHOICE,
     .words = "answer"},
};
static const record_field_t degrees[] = {
    {.key = "level", .label = "Degree", .kind = RECORD_FIELD_CHOICE, .words = "degree_level", .needed = true},
    {.key = "field", .label = "In", .kind = RECORD_FIELD_CHOICE, .words = "field"},
    {.key = "school", .label = "School", .kind = RECORD_FIELD_TEXT},
    {.key = "country", .label = "Country", .kind = RECORD_FIELD_CHOICE, .words = "country"},
    {.key = "awarded", .label = "Awarded", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "accredited", .label = "Accredited school", .kind = RECORD_FIELD_CHOICE, .words = "answer"},
    {.key = "evaluated",
     .label = "Judged by a transcript evaluation agency",
     .hint = "For a degree from outside the United States.",
     .kind = RECORD_FIELD_CHOICE,
     .words = "answer"},
    NOTE,
};
static const record_field_t credits[] = {
    {.key = "subject",
     .label = "Subject",
     .hint = "Enter \"all subjects together\" as a line of its own: it is not the sum of the others.",
     .kind = RECORD_FIELD_CHOICE,
     .words = "subject",
     .needed = true},
    {.key = "hours",
     .label = "Hours of credit",
     .hint = "0 when you have none. Empty: not known.",
     .kind = RECORD_FIELD_NUMBER},
    {.key = "unit", .label = "Counted in", .kind = RECORD_FIELD_CHOICE, .words = "credit_unit", .needed = true},
    {.key = "school", .label = "School", .kind = RECORD_FIELD_TEXT},
    {.key = "completed", .label = "Last of them completed", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t courses[] = {
    {.key = "subject", .label = "Subject", .kind = RECORD_FIELD_CHOICE, .words = "course", .needed = true},
    {.key = "title", .label = "Title of the course", .kind = RECORD_FIELD_TEXT},
    {.key = "semesters", .label = "Semesters", .kind = RECORD_FIELD_NUMBER},
    {.key = "school", .label = "School", .kind = RECORD_FIELD_TEXT},
    NOTE,
};
static const record_field_t programs[] = {
    {.key = "kind", .label = "Program", .kind = RECORD_FIELD_CHOICE, .words = "program_kind", .needed = true},
    {.key = "school", .label = "School or hospital", .kind = RECORD_FIELD_TEXT},
    {.key = "accreditors", .label = "Accredited or approved by", .kind = RECORD_FIELD_SEVERAL, .words = "accreditor"},
    {.key = "completed", .label = "Completed", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "didactic", .label = "Didactic clock hours", .kind = RECORD_FIELD_NUMBER},
    {.key = "classroom", .label = "Classroom clock hours", .kind = RECORD_FIELD_NUMBER},
    {.key = "clinical", .label = "Clinical clock hours", .kind = RECORD_FIELD_NUMBER},
    {.key = "practical", .label = "Practical clock hours", .kind = RECORD_FIELD_NUMBER},
    {.key = "didactic_lab_fundamentals",
     .label = "Didactic clock hours of laboratory fundamentals",
     .kind = RECORD_FIELD_NUMBER},
    {.key = "biology",
     .label = "Biology inside it, semester hours",
     .hint = "Only what is not under credits.",
     .kind = RECORD_FIELD_NUMBER},
    {.key = "chemistry", .label = "Chemistry inside it, semester hours", .kind = RECORD_FIELD_NUMBER},
    NOTE,
};
static const record_field_t jobs[] = {
    {.key = "employer", .label = "Employer", .kind = RECORD_FIELD_TEXT},
    {.key = "title", .label = "Title", .kind = RECORD_FIELD_TEXT},
    {.key = "setting", .label = "Setting", .kind = RECORD_FIELD_CHOICE, .words = "setting", .needed = true},
    {.key = "lab", .label = "Where", .kind = RECORD_FIELD_CHOICE, .words = "lab"},
    {.key = "areas", .label = "Areas you worked in", .kind = RECORD_FIELD_SEVERAL, .words = "area"},
    {.key = "start", .label = "From", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "end", .label = "To", .hint = "A date as above, or: present", .kind = RECORD_FIELD_END},
    {.key = "hours_per_week", .label = "Hours a week", .kind = RECORD_FIELD_NUMBER},
    NOTE,
};
static const record_field_t work_hours[] = {
    {.key = "setting", .label = "Setting", .kind = RECORD_FIELD_CHOICE, .words = "setting", .needed = true},
    {.key = "hours", .label = "Clock hours", .kind = RECORD_FIELD_NUMBER},
    {.key = "duties", .label = "Of them at clinical laboratory duties", .kind = RECORD_FIELD_NUMBER},
    {.key = "from", .label = "From", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "to", .label = "To", .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t certificates[] = {
    {.key = "id", .label = "Certificate", .kind = RECORD_FIELD_CHOICE, .words = "certificate", .needed = true},
    {.key = "name", .label = "Its name, when it is another one", .kind = RECORD_FIELD_TEXT},
    {.key = "number", .label = "Number", .kind = RECORD_FIELD_TEXT, .number_of_own = true},
    {.key = "status", .label = "Standing", .kind = RECORD_FIELD_CHOICE, .words = "standing"},
    {.key = "issued", .label = "Issued", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "expires", .label = "Valid until", .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t licenses[] = {
    {.key = "state", .label = "State", .kind = RECORD_FIELD_CHOICE, .words = "state", .needed = true},
    {.key = "level", .label = "Level", .kind = RECORD_FIELD_CHOICE, .words = "level"},
    {.key = "number", .label = "Number", .kind = RECORD_FIELD_TEXT, .number_of_own = true},
    {.key = "status", .label = "Standing", .kind = RECORD_FIELD_CHOICE, .words = "standing"},
    {.key = "issued", .label = "Issued", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "expires", .label = "Valid until", .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t military[] = {
    {.key = "course", .label = "Course", .kind = RECORD_FIELD_TEXT},
    {.key = "kind", .label = "Kind", .kind = RECORD_FIELD_CHOICE, .words = "military_kind"},
    {.key = "weeks", .label = "Weeks", .kind = RECORD_FIELD_NUMBER},
    {.key = "completed", .label = "Completed", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    {.key = "credits_accepted_by_college",
     .label = "A college took its credits",
     .kind = RECORD_FIELD_CHOICE,
     .words = "answer"},
    {.key = "occupation_held",
     .label = "Held the occupation Medical Laboratory Specialist",
     .kind = RECORD_FIELD_CHOICE,
     .words = "answer"},
    NOTE,
};
static const record_field_t draws[] = {
    {.key = "kind", .label = "Kind", .kind = RECORD_FIELD_CHOICE, .words = "draw", .needed = true},
    {.key = "count",
     .label = "How many succeeded",
     .hint = "Only a number, nothing about patients. Several lines of one kind are added up.",
     .kind = RECORD_FIELD_NUMBER},
    {.key = "place", .label = "Where", .kind = RECORD_FIELD_TEXT},
    {.key = "date", .label = "Until", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t exams[] = {
    {.key = "exam", .label = "Exam", .kind = RECORD_FIELD_TEXT},
    {.key = "level", .label = "Level", .kind = RECORD_FIELD_CHOICE, .words = "level"},
    {.key = "accepted_by", .label = "States that accept it", .kind = RECORD_FIELD_SEVERAL, .words = "state"},
    {.key = "passed", .label = "Passed", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t letters[] = {
    {.key = "target", .label = "Letter", .kind = RECORD_FIELD_CHOICE, .words = "letter", .needed = true},
    {.key = "date", .label = "Dated", .hint = DATE_HINT, .kind = RECORD_FIELD_DATE},
    NOTE,
};
static const record_field_t statements[] = {
    {.key = "statement",
     .label = "What the rule asks",
     .hint = "The name that a rule gives it: letters, digits and _ - .",
     .kind = RECORD_FIELD_TOKEN,
     .needed = true},
    {.key = "answer", .label = "Your answer", .kind = RECORD_FIELD_CHOICE, .words = "answer", .needed = true},
    NOTE,
};
static const record_field_t papers[] = {
    {.key = "what", .label = "What it is", .kind = RECORD_FIELD_TEXT, .needed = true},
    NOTE,
};

#define SECTION(key_, title_, one_, about_)                                                                            \
    {                                                                                                                  \
        .key = #key_, .title = title_, .one = one_, .about = about_, .fields = key_,                                   \
        .count = sizeof key_ / sizeof *key_                                                                            \
    }
static const record_section_t sections[] = {
    {.key = "person",
     .title = "You",
     .one = "your details",
     .about = "Age and state, where a rule asks for them.",
     .fields = person,
     .count = sizeof person / sizeof *person,
     .single = true},
    SECTION(degrees, "Degrees", "a degree", "Diplomas and degrees, the high school diploma too."),
    SECTION(credits, "Credits by subject", "credits", "College credits as the transcript counts them."),
    SECTION(courses, "Single courses", "a course",
            "Where a rule names a course, such as one semester of microbiology."),
    SECTION(programs, "Programs", "a program",
            "Certificate and degree programs of the laboratory, with accreditor and hours."),
    SECTION(jobs, "Work", "a job", "Each job with its setting, areas, dates and hours a week."),
    SECTION(work_hours, "Work in clock hours", "clock hours", "Where a body counts hours, not years."),
    SECTION(certificates, "Certificates", "a certificate",
            "National certificates, and whether their upkeep is in order."),
    SECTION(licenses, "Licenses", "a license", "State licenses, held or lapsed."),
    SECTION(military, "Military training", "a training", "Laboratory or phlebotomy courses of the armed forces."),
    SECTION(draws, "Draws", "draws", "Punctures that were counted."),
    SECTION(exams, "Exams passed", "an exam", "Exams without a certificate in hand, such as a state's own."),
    SECTION(letters, "Letters of eligibility", "a letter", "What a body or state said in writing that you may sit."),
    SECTION(statements, "Other answers", "an answer", "What a rule asked that stands nowhere else."),
    SECTION(papers, "Other documents", "a place for documents",
            "For what proves none of the above. Certificates of continuing education come here by themselves."),
};
static_assert(sizeof sections / sizeof *sections <= APP_RECORD_SECTIONS, "room for what is said of a section");

int app_record_section_count(void)
{
    return sizeof sections / sizeof *sections;
}

const record_section_t *app_record_section(int section)
{
    assert(section >= 0 && section < app_record_section_count());
    return &sections[section];
}

int app_record_section_find(const char *key)
{
    for (int i = 0; i < app_record_section_count(); i++)
        if (strcmp(sections[i].key, key) == 0) return i;
    return -1;
}

int record_field_find(const record_section_t *section, const char *key)
{
    for (int i = 0; i < section->count; i++)
        if (strcmp(section->fields[i].key, key) == 0) return i;
    return -1;
}

/* ---- words ---- */

enum { WORDS_MEMORY = 256 * 1024 };

typedef struct {
    const char *name;
    int first, count;
} word_list_t;

struct record_words {
    arena_t *arena;
    record_word_t *words;
    word_list_t *lists;
    int list_count;
};

static bool is_token(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    return n > 0 && n < RECORD_TOKEN_MAX && text[n] == '\0';
}

static const word_list_t *find_list(const record_words_t *words, const char *name)
{
    for (int i = 0; i < words->list_count; i++)
        if (strcmp(words->lists[i].name, name) == 0) return &words->lists[i];
    return NULL;
}

static bool take_words(record_words_t *w, const csv_t *table, const int columns[3], err_t *err)
{
    for (size_t i = 0; i < table->rows; i++) {
        const char *list = csv_text(table, i, columns[0]), *token = csv_text(table, i, columns[1]);
        const char *words = csv_text(table, i, columns[2]);
        word_list_t *last = w->list_count > 0 ? &w->lists[w->list_count - 1] : NULL;
        bool same = last && strcmp(last->name, list) == 0;
        if (!is_token(token) || !words[0])
            return csv_fail(table, i, err, "a token is letters, digits and _ - . and has words; found \"%.40s\"",
                            token);
        if (!same && find_list(w, list))
            return csv_fail(table, i, err, "the words of \"%.40s\" stand together; move this row to the others", list);
        for (int k = same ? last->first : (int)i; k < (int)i; k++)
            if (strcmp(w->words[k].token, token) == 0)
                return csv_fail(table, i, err, "\"%.40s\" is there twice; remove one", token);
        if (!same) w->lists[w->list_count++] = (word_list_t){.name = list, .first = (int)i};
        w->lists[w->list_count - 1].count++;
        w->words[i] = (record_word_t){token, words};
    }
    for (int s = 0; s < app_record_section_count(); s++)
        for (int f = 0; f < sections[s].count; f++)
            if (sections[s].fields[f].words && !find_list(w, sections[s].fields[f].words))
                return err_set(err, ERR_INPUT, "%s: the list \"%s\" is missing; add its rows", table->file,
                               sections[s].fields[f].words);
    return true;
}

bool record_words_open(record_words_t **out, const source_t *content, err_t *err)
{
    static const char path[] = "road/record_words.csv";
    *out = NULL;
    record_words_t *w = calloc(1, sizeof *w);
    if (w) w->arena = arena_new(WORDS_MEMORY);
    if (!w || !w->arena) {
        record_words_close(w);
        return err_set(err, ERR_MEMORY, "There is not enough memory to start.");
    }
    const source_file_t *file = source_find(content, path);
    csv_t table;
    int columns[3];
    bool ok = file || err_set(err, ERR_NOT_FOUND, "%s is missing from the content.", path);
    ok = ok && csv_read(&table, w->arena, path, file->bytes, file->length, err) &&
         csv_need(&table, "list", &columns[0], err) && csv_need(&table, "token", &columns[1], err) &&
         csv_need(&table, "words", &columns[2], err);
    if (ok) {
        w->words = arena_array(w->arena, table.rows + 1, sizeof *w->words);
        w->lists = arena_array(w->arena, table.rows + 1, sizeof *w->lists);
        ok = w->words && w->lists ? take_words(w, &table, columns, err)
                                  : err_set(err, ERR_MEMORY, "There is not enough memory to start.");
    }
    if (!ok) {
        record_words_close(w);
        return false;
    }
    *out = w;
    return true;
}

void record_words_close(record_words_t *w)
{
    if (!w) return;
    arena_free(w->arena);
    free(w);
}

const record_word_t *app_record_words(const app_t *app, const record_field_t *field, int *count)
{
    const word_list_t *list = field->words ? find_list(app->record_words, field->words) : NULL;
    *count = list ? list->count : 0;
    return list ? &app->record_words->words[list->first] : NULL;
}

/* The words of a token of `length` bytes, or NULL. */
static const char *find_word(const app_t *app, const record_field_t *field, const char *token, size_t length)
{
    int count;
    const record_word_t *words = app_record_words(app, field, &count);
    for (int i = 0; i < count; i++)
        if (strlen(words[i].token) == length && memcmp(words[i].token, token, length) == 0) return words[i].words;
    return NULL;
}

const char *app_record_say(const app_t *app, const record_field_t *field, const char *value, arena_t *arena)
{
    if (!field->words) return value;
    text_t text;
    text_init(&text, APP_JSON_MAX);
    for (const char *at = value; *at;) {
        size_t n = strcspn(at, ",");
        const char *words = find_word(app, field, at, n);
        if (text.length > 0) text_add(&text, ", ");
        if (words)
            text_add(&text, words);
        else
            text_add_n(&text, at, n);
        at += n + (at[n] == ',');
    }
    const char *said = arena_text(arena, text.data ? text.data : "", text.length);
    text_free(&text);
    return said ? said : value;
}

const char *app_record_title(const app_t *app, int section, const char *const *values, arena_t *arena)
{
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < s->count; i++)
        if (values[i] && values[i][0] && s->fields[i].kind != RECORD_FIELD_NOTE)
            return app_record_say(app, &s->fields[i], values[i], arena);
    return s->title;
}

const char *app_record_rest(const app_t *app, int section, const char *const *values, arena_t *arena)
{
    const record_section_t *s = app_record_section(section);
    bool titled = false;
    text_t rest;
    text_init(&rest, APP_JSON_MAX);
    for (int i = 0; i < s->count; i++) {
        const record_field_t *f = &s->fields[i];
        if (!values[i] || !values[i][0] || f->kind == RECORD_FIELD_NOTE) continue;
        if (titled) {
            /* a number and a yes need the name of what they are */
            bool bare = f->kind == RECORD_FIELD_NUMBER || (f->words && strcmp(f->words, "answer") == 0);
            if (rest.length > 0) text_add(&rest, " · ");
            if (bare) text_addf(&rest, "%s: ", f->label);
            text_add(&rest, app_record_say(app, f, values[i], arena));
        }
        titled = true;
    }
    const char *said = rest.data ? arena_text(arena, rest.data, rest.length) : "";
    text_free(&rest);
    return said ? said : "";
}

/* ---- what a field takes ---- */

static bool check_words(const app_t *app, const record_field_t *field, const char *value, err_t *err)
{
    bool several = field->kind == RECORD_FIELD_SEVERAL;
    for (const char *at = value; *at;) {
        size_t n = several ? strcspn(at, ",") : strlen(at);
        if (!find_word(app, field, at, n))
            return err_set(err, ERR_INPUT, "%s: choose from the list; \"%.*s\" is not in it.", field->label,
                           (int)(n < 60 ? n : 60), at);
        for (const char *before = value; before < at; before += strcspn(before, ",") + 1)
            if (strncmp(before, at, n) == 0 && before[n] == ',')
                return err_set(err, ERR_INPUT, "%s: \"%.*s\" is there twice.", field->label, (int)n, at);
        at += n;
        if (*at == ',' && !*++at) return err_set(err, ERR_INPUT, "%s: a comma stands at the end.", field->label);
    }
    return true;
}

static bool check_date(const record_field_t *field, const char *value, err_t *err)
{
    when_t when;
    err_t why;
    if (field->kind == RECORD_FIELD_END && strcmp(value, "present") == 0) return true;
    return when_read(value, &when, &why) || err_set(err, ERR_INPUT, "%s: %.300s", field->label, why.text);
}

static bool check_text(const record_field_t *field, const char *value, err_t *err)
{
    for (const unsigned char *c = (const unsigned char *)value; *c; c++)
        if (*c < ' ' && !(field->kind == RECORD_FIELD_NOTE && (*c == '\n' || *c == '\r' || *c == '\t')))
            return err_set(err, ERR_INPUT, "%s: it holds a control character. Type it anew.", field->label);
    return true;
}

bool app_record_check(const app_t *app, const record_field_t *field, const char *value, err_t *err)
{
    int64_t milli;
    size_t most = field->kind == RECORD_FIELD_NOTE ? APP_RECORD_NOTE : APP_RECORD_TEXT;
    if (!value[0])
        return !field->needed ||
               err_set(err, ERR_INPUT, field->words ? "%s: choose one." : "%s: this one is needed.", field->label);
    if (strlen(value) > most)
        return err_set(err, ERR_LIMIT, "%s: at most %zu letters; this has %zu.", field->label, most, strlen(value));
    switch (field->kind) {
    case RECORD_FIELD_NUMBER:
        return amount_read(value, &milli) ||
               err_set(err, ERR_INPUT, "%s: a number such as 40 or 37.5, at most three decimals, without a unit.",
                       field->label);
    case RECORD_FIELD_DATE:
    case RECORD_FIELD_END:
        return check_date(field, value, err);
    case RECORD_FIELD_CHOICE:
    case RECORD_FIELD_SEVERAL:
        return check_words(app, field, value, err);
    case RECORD_FIELD_TOKEN:
        return is_token(value) ||
               err_set(err, ERR_INPUT, "%s: letters, digits and _ - . without spaces.", field->label);
    default:
        return check_text(field, value, err);
    }
}

bool record_check_all(const app_t *app, int section, const char *const *values, record_wrong_t *wrong)
{
    *wrong = (record_wrong_t){.field = -1};
    const record_section_t *s = app_record_section(section);
    bool any = false;
    for (int i = 0; i < s->count; i++) {
        wrong->field = i;
        if (!app_record_check(app, &s->fields[i], values[i] ? values[i] : "", &wrong->err)) return false;
        any = any || (values[i] && values[i][0]);
    }
    wrong->field = -1;
    return any ||
           err_set(&wrong->err, ERR_INPUT, "Nothing is filled in. Fill in what you know; the rest may stay empty.");
}
