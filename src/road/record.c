/* The applicant record as JSON. One table of fields for each kind of object serves reader and writer, so that they
 * cannot disagree; a new part of the record is a row here and a member in record.h. */
#include "road/record.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { PATH_MAX_BYTES = 120 };

typedef enum {
    FIELD_TEXT,
    FIELD_TOKEN,
    FIELD_WHEN,
    FIELD_END, /* a date or "present"; `ongoing` stands at `other` */
    FIELD_TRI,
    FIELD_LEVEL,
    FIELD_AMOUNT,
    FIELD_TOKENS,
    FIELD_AMOUNTS,
    FIELD_ANSWERS,
    FIELD_LIST,
    FIELD_ONE_OR_LIST, /* one object or a list of them */
} field_kind_t;

typedef struct shape shape_t;
typedef struct {
    const char *key;
    field_kind_t kind;
    size_t offset, other;
    const shape_t *of; /* lists: what an element is */
} field_t;

struct shape {
    const field_t *fields;
    size_t count, size;
    bool bare; /* an element may be its first field's token alone, its second being 1 */
};

/* Every RECORD_LIST has this layout. */
typedef RECORD_LIST(void) list_t;

#define F(type, kind_, member)                                                                                         \
    {                                                                                                                  \
        .key = #member, .kind = FIELD_##kind_, .offset = offsetof(type, member)                                        \
    }
#define LIST_OF(kind_, member, shape_)                                                                                 \
    {                                                                                                                  \
        .key = #member, .kind = FIELD_##kind_, .offset = offsetof(record_t, member), .of = &(shape_)                   \
    }
#define SHAPE(name, type, bare_)                                                                                       \
    static const shape_t name##_shape = {name##_fields, sizeof name##_fields / sizeof *name##_fields, sizeof(type),    \
                                         bare_}

static const field_t degree_fields[] = {F(degree_t, LEVEL, level),   F(degree_t, TOKEN, field),
                                        F(degree_t, WHEN, awarded),  F(degree_t, TRI, accredited),
                                        F(degree_t, TOKEN, country), F(degree_t, TRI, evaluated)};
SHAPE(degree, degree_t, false);
static const field_t course_fields[] = {F(course_t, TOKEN, subject), F(course_t, AMOUNT, semesters)};
SHAPE(course, course_t, true);
static const field_t program_fields[] = {F(program_t, TOKEN, kind), F(program_t, TOKENS, accreditors),
                                         F(program_t, WHEN, completed), F(program_t, AMOUNTS, hours),
                                         F(program_t, AMOUNTS, science_hours)};
SHAPE(program, program_t, false);
static const field_t job_fields[] = {
    F(job_t, TOKEN, setting),
    F(job_t, TOKENS, areas),
    F(job_t, WHEN, start),
    {.key = "end", .kind = FIELD_END, .offset = offsetof(job_t, end), .other = offsetof(job_t, ongoing)},
    F(job_t, AMOUNT, hours_per_week),
    F(job_t, TOKEN, lab)};
SHAPE(job, job_t, false);
static const field_t work_hours_fields[] = {F(work_hours_t, TOKEN, setting), F(work_hours_t, AMOUNT, hours),
                                            F(work_hours_t, AMOUNTS, focus), F(work_hours_t, WHEN, from),
                                            F(work_hours_t, WHEN, to)};
SHAPE(work_hours, work_hours_t, false);
static const field_t certificate_fields[] = {F(certificate_t, TOKEN, id), F(certificate_t, TOKEN, status),
                                             F(certificate_t, WHEN, expires)};
SHAPE(certificate, certificate_t, false);
static const field_t military_fields[] = {F(military_t, AMOUNT, weeks), F(military_t, WHEN, completed),
                                          F(military_t, TRI, credits_accepted_by_college),
                                          F(military_t, TRI, occupation_held), F(military_t, TOKEN, kind)};
SHAPE(military, military_t, false);
static const field_t exam_fields[] = {F(exam_passed_t, TOKEN, level), F(exam_passed_t, TOKENS, accepted_by)};
SHAPE(exam, exam_passed_t, false);
static const field_t license_fields[] = {F(state_license_t, TOKEN, state), F(state_license_t, TOKEN, level),
                                         F(state_license_t, TOKEN, status)};
SHAPE(license, state_license_t, false);
static const field_t record_fields[] = {F(record_t, TEXT, id),
                                        F(record_t, TEXT, name),
                                        F(record_t, TEXT, note),
                                        F(record_t, WHEN, application_date),
                                        F(record_t, AMOUNT, age),
                                        LIST_OF(ONE_OR_LIST, degree, degree_shape),
                                        F(record_t, AMOUNTS, semester_hours),
                                        F(record_t, AMOUNTS, quarter_hours),
                                        F(record_t, WHEN, coursework_completed),
                                        LIST_OF(LIST, courses, course_shape),
                                        LIST_OF(LIST, programs, program_shape),
                                        LIST_OF(LIST, jobs, job_shape),
                                        LIST_OF(LIST, work_hours, work_hours_shape),
                                        LIST_OF(LIST, certificates, certificate_shape),
                                        LIST_OF(LIST, military, military_shape),
                                        F(record_t, AMOUNTS, draws),
                                        F(record_t, TOKENS, professional_education),
                                        F(record_t, TRI, lab_orientation),
                                        LIST_OF(LIST, exams_passed, exam_shape),
                                        LIST_OF(LIST, state_licences, license_shape),
                                        F(record_t, TOKENS, eligible_for),
                                        F(record_t, ANSWERS, statements),
                                        F(record_t, TOKEN, state)};
SHAPE(record, record_t, false);

/* ---- words and amounts ---- */

static const char *const levels[] = {NULL,       "none",   "high_school", "associate", "three_year_bachelor",
                                     "bachelor", "master", "doctoral"};
enum { LEVELS = sizeof levels / sizeof *levels };

const char *level_word(level_t level)
{
    assert((size_t)level < LEVELS);
    return levels[level];
}

level_t level_from_word(const char *word)
{
    for (size_t i = 1; i < LEVELS; i++)
        if (strcmp(levels[i], word) == 0) return (level_t)i;
    return LEVEL_UNKNOWN;
}

bool amount_read(const char *text, int64_t *milli)
{
    int64_t whole = 0, part = 0;
    int digits = 0, decimals = 0;
    for (; isdigit((unsigned char)*text); text++, digits++)
        if ((whole = whole * 10 + (*text - '0')) > RECORD_AMOUNT_MAX) return false;
    if (*text == '.')
        for (text++; isdigit((unsigned char)*text) && decimals < 3; text++, decimals++)
            part = part * 10 + (*text - '0');
    for (int i = decimals; i < 3; i++) part *= 10;
    if (*text != '\0' || digits == 0 || whole * 1000 + part > (int64_t)RECORD_AMOUNT_MAX * 1000) return false;
    *milli = whole * 1000 + part;
    return true;
}

void amount_write(int64_t milli, char out[static AMOUNT_TEXT_MAX])
{
    assert(milli >= 0); /* sums may be larger than any one amount */
    int length = snprintf(out, AMOUNT_TEXT_MAX, "%lld.%03d", (long long)(milli / 1000), (int)(milli % 1000));
    while (out[length - 1] == '0') length--;
    if (out[length - 1] == '.') length--;
    out[length] = '\0';
}

amount_t amounts_get(const amounts_t *amounts, const char *name)
{
    for (size_t i = 0; i < amounts->count; i++)
        if (strcmp(amounts->items[i].name, name) == 0) return amounts->items[i].amount;
    return (amount_t){0};
}

tri_t answers_get(const answers_t *answers, const char *name)
{
    for (size_t i = 0; i < answers->count; i++)
        if (strcmp(answers->items[i].name, name) == 0) return answers->items[i].answer;
    return TRI_UNKNOWN;
}

bool tokens_have(const tokens_t *tokens, const char *token)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (strcmp(tokens->items[i], token) == 0) return true;
    return false;
}

/* ---- everything unknown ---- */

static void forget(const shape_t *shape, void *object)
{
    memset(object, 0, shape->size);
    for (size_t i = 0; i < shape->count; i++) {
        const field_t *f = &shape->fields[i];
        if (f->kind == FIELD_WHEN || f->kind == FIELD_END) {
            when_t unknown = when_unknown();
            memcpy((char *)object + f->offset, &unknown, sizeof unknown);
        }
    }
}

record_t record_unknown(void)
{
    record_t record;
    forget(&record_shape, &record);
    return record;
}

/* ---- reading ---- */

typedef struct {
    arena_t *arena;
    err_t *err;
    char path[PATH_MAX_BYTES];
} reader_t;

static bool wrong(const reader_t *r, const char *what)
{
    return err_set(r->err, ERR_INPUT, "%s: %s", r->path[0] ? r->path : "the record", what);
}

static bool no_memory(const reader_t *r)
{
    return err_set(r->err, ERR_LIMIT, "%s: the record is larger than the room set aside for it.", r->path);
}

/* Adds a step to the path; gives its former length back for `leave`. */
static size_t enter(reader_t *r, const char *key, size_t index)
{
    size_t length = strlen(r->path);
    if (key != NULL)
        snprintf(r->path + length, sizeof r->path - length, "%s%.40s", length ? "." : "", key);
    else
        snprintf(r->path + length, sizeof r->path - length, "[%zu]", index);
    return length;
}

static void leave(reader_t *r, size_t length)
{
    r->path[length] = '\0';
}

static bool is_token(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= RECORD_TOKEN_MAX) return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && strchr("_-.", text[i]) == NULL) return false;
    return true;
}

static bool copy(const reader_t *r, const char *text, const char **to)
{
    *to = arena_text(r->arena, text, strlen(text));
    return *to != NULL || no_memory(r);
}

static bool read_token(const reader_t *r, const json_t *value, const char **to)
{
    if (!json_is_string(value) || !is_token(json_string_value(value)))
        return wrong(r, "is a word of letters, digits and _ - . such as \"clinical_lab\", at most 63 of them.");
    return copy(r, json_string_value(value), to);
}

static bool read_text(const reader_t *r, const json_t *value, const char **to)
{
    if (!json_is_string(value) || json_string_length(value) >= RECORD_TEXT_MAX)
        return wrong(r, "is a text of at most 499 bytes.");
    return copy(r, json_string_value(value), to);
}

static bool read_when(const reader_t *r, const json_t *value, when_t *to)
{
    err_t why = {0};
    if (!json_is_string(value)) return wrong(r, "is a date in quotes, such as \"2019-05-03\" or \"2019-05\".");
    return when_read(json_string_value(value), to, &why) || wrong(r, why.text);
}

/* A number that has at most three decimals. Anything finer is refused rather than rounded: the double nearest to a
 * decimal of three decimals is the one that this division gives, both being rounded correctly. */
static bool read_amount(const reader_t *r, const json_t *value, amount_t *to)
{
    static const char bad[] = "is a number from 0 to 1000000 with at most three decimals.";
    if (!json_is_number(value)) return wrong(r, bad);
    double number = json_number_value(value);
    if (!(number >= 0.0 && number <= (double)RECORD_AMOUNT_MAX)) return wrong(r, bad);
    int64_t milli = (int64_t)(number * 1000.0 + 0.5);
    double back = (double)milli / 1000.0;
    if (back < number || back > number) return wrong(r, bad);
    *to = (amount_t){true, milli};
    return true;
}

static bool read_tri(const reader_t *r, const json_t *value, tri_t *to)
{
    if (!json_is_boolean(value)) return wrong(r, "is true or false (or left out where unknown).");
    *to = json_is_true(value) ? TRI_YES : TRI_NO;
    return true;
}

static bool read_level(const reader_t *r, const json_t *value, level_t *to)
{
    *to = json_is_string(value) ? level_from_word(json_string_value(value)) : LEVEL_UNKNOWN;
    return *to != LEVEL_UNKNOWN ||
           wrong(r, "is none, high_school, associate, three_year_bachelor, bachelor, master or doctoral.");
}

static bool read_tokens(reader_t *r, const json_t *value, tokens_t *to)
{
    if (!json_is_array(value) || json_array_size(value) > RECORD_ITEMS_MAX)
        return wrong(r, "is a list of at most 64 words.");
    *to = (tokens_t){true, 0, arena_array(r->arena, json_array_size(value) + 1, sizeof *to->items)};
    if (to->items == NULL) return no_memory(r);
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t at = enter(r, NULL, i);
        if (!read_token(r, json_array_get(value, i), &to->items[i])) return false;
        leave(r, at);
        to->count++;
    }
    return true;
}

/* A map of names; `one` reads the value into the element after its name. */
static bool read_map(reader_t *r, json_t *value, bool amounts, list_t *to)
{
    if (!json_is_object(value) || json_object_size(value) > RECORD_ITEMS_MAX)
        return wrong(r, "is an object of at most 64 names with their values.");
    size_t size = amounts ? sizeof(named_amount_t) : sizeof(named_answer_t);
    to->known = true;
    to->items = arena_array(r->arena, json_object_size(value) + 1, size);
    if (to->items == NULL) return no_memory(r);
    const char *name;
    json_t *item;
    json_object_foreach(value, name, item)
    {
        size_t at = enter(r, name, 0);
        if (!is_token(name)) return wrong(r, "a name is letters, digits and _ - . only.");
        if (!json_is_null(item)) {
            void *element = (char *)to->items + to->count * size;
            const char **named = amounts ? &((named_amount_t *)element)->name : &((named_answer_t *)element)->name;
            if (!copy(r, name, named)) return false;
            if (amounts ? !read_amount(r, item, &((named_amount_t *)element)->amount)
                        : !read_tri(r, item, &((named_answer_t *)element)->answer))
                return false;
            to->count++;
        }
        leave(r, at);
    }
    return true;
}

static bool read_object(reader_t *r, const shape_t *shape, json_t *value, void *to);

static bool read_list(reader_t *r, const field_t *field, json_t *value, list_t *to)
{
    const shape_t *of = field->of;
    bool one = field->kind == FIELD_ONE_OR_LIST && json_is_object(value);
    if (!one && !json_is_array(value)) return wrong(r, "is a list.");
    size_t count = one ? 1 : json_array_size(value);
    if (count > RECORD_ITEMS_MAX) return wrong(r, "has more than 64 elements.");
    to->known = true;
    to->items = arena_array(r->arena, count + 1, of->size);
    if (to->items == NULL) return no_memory(r);
    for (size_t i = 0; i < count; i++, to->count++) {
        size_t at = one ? strlen(r->path) : enter(r, NULL, i);
        if (!read_object(r, of, one ? value : json_array_get(value, i), (char *)to->items + i * of->size)) return false;
        leave(r, at);
    }
    return true;
}

static bool read_field(reader_t *r, const field_t *field, json_t *value, void *object)
{
    void *to = (char *)object + field->offset;
    switch (field->kind) {
    case FIELD_TEXT:
        return read_text(r, value, to);
    case FIELD_TOKEN:
        return read_token(r, value, to);
    case FIELD_WHEN:
        return read_when(r, value, to);
    case FIELD_END:
        if (json_is_string(value) && strcmp(json_string_value(value), "present") == 0)
            return *(bool *)((char *)object + field->other) = true;
        return read_when(r, value, to);
    case FIELD_TRI:
        return read_tri(r, value, to);
    case FIELD_LEVEL:
        return read_level(r, value, to);
    case FIELD_AMOUNT:
        return read_amount(r, value, to);
    case FIELD_TOKENS:
        return read_tokens(r, value, to);
    case FIELD_AMOUNTS:
        return read_map(r, value, true, to);
    case FIELD_ANSWERS:
        return read_map(r, value, false, to);
    case FIELD_LIST:
    case FIELD_ONE_OR_LIST:
        return read_list(r, field, value, to);
    }
    return false;
}

static bool read_bare(const reader_t *r, const shape_t *shape, const json_t *value, void *to)
{
    amount_t one = {true, 1000};
    memcpy((char *)to + shape->fields[1].offset, &one, sizeof one);
    return read_token(r, value, (const char **)((char *)to + shape->fields[0].offset));
}

static bool read_object(reader_t *r, const shape_t *shape, json_t *value, void *to)
{
    forget(shape, to);
    if (shape->bare && json_is_string(value)) return read_bare(r, shape, value, to);
    if (!json_is_object(value)) return wrong(r, "is an object in { }.");
    const char *key;
    json_t *item;
    json_object_foreach(value, key, item)
    {
        const field_t *field = NULL;
        size_t at = enter(r, key, 0);
        for (size_t i = 0; i < shape->count && field == NULL; i++)
            if (strcmp(shape->fields[i].key, key) == 0) field = &shape->fields[i];
        if (field == NULL) return wrong(r, "a record has no such key; a word misspelled would count as unknown.");
        if (!json_is_null(item) && !read_field(r, field, item, to)) return false;
        leave(r, at);
    }
    return true;
}

bool record_read(record_t *record, arena_t *arena, const char *bytes, size_t length, err_t *err)
{
    *record = record_unknown();
    if (length > RECORD_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "A record has at most %d bytes; this one has %zu.", RECORD_BYTES_MAX, length);
    json_error_t bad;
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &bad);
    if (root == NULL) return err_set(err, ERR_INPUT, "The record is not JSON: line %d: %s.", bad.line, bad.text);
    reader_t r = {.arena = arena, .err = err};
    bool done = read_object(&r, &record_shape, root, record);
    json_decref(root);
    if (!done) *record = record_unknown();
    return done;
}

/* ---- writing ---- */

static void write_object(text_t *out, const shape_t *shape, const void *object);

static void write_amount(text_t *out, amount_t amount)
{
    char text[AMOUNT_TEXT_MAX];
    amount_write(amount.milli, text);
    text_add(out, text);
}

static void write_when(text_t *out, when_t when)
{
    char text[WHEN_TEXT_MAX];
    when_write(when, text);
    text_add_json(out, text);
}

static void write_map(text_t *out, bool amounts, const list_t *list)
{
    text_add_char(out, '{');
    for (size_t i = 0; i < list->count; i++) {
        const named_amount_t *amount = amounts ? (const named_amount_t *)list->items + i : NULL;
        const named_answer_t *answer = amounts ? NULL : (const named_answer_t *)list->items + i;
        if (i > 0) text_add(out, ", ");
        text_add_json(out, amounts ? amount->name : answer->name);
        text_add(out, ": ");
        if (amounts)
            write_amount(out, amount->amount);
        else
            text_add(out, answer->answer == TRI_YES ? "true" : "false");
    }
    text_add_char(out, '}');
}

static void write_tokens(text_t *out, const tokens_t *tokens)
{
    text_add_char(out, '[');
    for (size_t i = 0; i < tokens->count; i++) {
        if (i > 0) text_add(out, ", ");
        text_add_json(out, tokens->items[i]);
    }
    text_add_char(out, ']');
}

static void write_list(text_t *out, const field_t *field, const list_t *list)
{
    bool one = field->kind == FIELD_ONE_OR_LIST && list->count == 1;
    if (!one) text_add_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) text_add(out, ", ");
        write_object(out, field->of, (const char *)list->items + i * field->of->size);
    }
    if (!one) text_add_char(out, ']');
}

static bool is_known(const field_t *field, const void *object)
{
    const void *at = (const char *)object + field->offset;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TOKEN:
        return *(const char *const *)at != NULL;
    case FIELD_WHEN:
        return !when_is_unknown(*(const when_t *)at);
    case FIELD_END:
        return *(const bool *)((const char *)object + field->other) || !when_is_unknown(*(const when_t *)at);
    case FIELD_TRI:
        return *(const tri_t *)at != TRI_UNKNOWN;
    case FIELD_LEVEL:
        return *(const level_t *)at != LEVEL_UNKNOWN;
    case FIELD_AMOUNT:
        return ((const amount_t *)at)->known;
    case FIELD_TOKENS:
        return ((const tokens_t *)at)->known;
    case FIELD_AMOUNTS:
    case FIELD_ANSWERS:
    case FIELD_LIST:
    case FIELD_ONE_OR_LIST:
        return ((const list_t *)at)->known;
    }
    return false;
}

static void write_field(text_t *out, const field_t *field, const void *object)
{
    const void *at = (const char *)object + field->offset;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TOKEN:
        text_add_json(out, *(const char *const *)at);
        break;
    case FIELD_WHEN:
        write_when(out, *(const when_t *)at);
        break;
    case FIELD_END:
        if (*(const bool *)((const char *)object + field->other))
            text_add(out, "\"present\"");
        else
            write_when(out, *(const when_t *)at);
        break;
    case FIELD_TRI:
        text_add(out, *(const tri_t *)at == TRI_YES ? "true" : "false");
        break;
    case FIELD_LEVEL:
        text_add_json(out, level_word(*(const level_t *)at));
        break;
    case FIELD_AMOUNT:
        write_amount(out, *(const amount_t *)at);
        break;
    case FIELD_TOKENS:
        write_tokens(out, at);
        break;
    case FIELD_AMOUNTS:
        write_map(out, true, at);
        break;
    case FIELD_ANSWERS:
        write_map(out, false, at);
        break;
    case FIELD_LIST:
    case FIELD_ONE_OR_LIST:
        write_list(out, field, at);
        break;
    }
}

static void write_object(text_t *out, const shape_t *shape, const void *object)
{
    bool lines = shape == &record_shape, first = true;
    text_add_char(out, '{');
    for (size_t i = 0; i < shape->count; i++) {
        if (!is_known(&shape->fields[i], object)) continue;
        if (!first) text_add(out, lines ? "," : ", ");
        if (lines) text_add(out, "\n  ");
        first = false;
        text_addf(out, "\"%s\": ", shape->fields[i].key);
        write_field(out, &shape->fields[i], object);
    }
    text_add(out, lines && !first ? "\n}" : "}");
}

void record_write(const record_t *record, text_t *out)
{
    write_object(out, &record_shape, record);
    text_add_char(out, '\n');
}
