/* The rules of continuing education as data: reading content/road/ce.csv and ce_topics.csv. An empty field was not
 * read in its source; it never means "none". */
#include "road/ce.h"
#include "base/csv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word, *title;
} kinds[CE_KINDS] = {
    [CE_COURSE] = {"course", "Course, seminar or webinar with a certificate"},
    [CE_IN_SERVICE] = {"in_service", "Structured training by the employer or a vendor"},
    [CE_ACADEMIC] = {"academic", "College course"},
    [CE_STAFF_MEETING] = {"staff_meeting", "Routine staff meeting"},
    [CE_ORIENTATION] = {"orientation", "Orientation to a job"},
    [CE_CPR] = {"cpr", "CPR or first aid"},
    [CE_GENERAL_SAFETY] = {"general_safety", "Yearly safety training of the institution"},
    [CE_BOARD_MEETING] = {"board_meeting", "Meeting of a board, by telephone"},
    [CE_EMPLOYMENT] = {"employment", "Employment"},
    [CE_WRITING] = {"writing", "Writing or publishing"},
    [CE_TEACHING] = {"teaching", "Teaching or presenting"},
    [CE_SERVICE] = {"service", "Committee or board service"},
};

const char *ce_kind_word(ce_kind_t kind)
{
    return kinds[kind].word;
}
const char *ce_kind_title(ce_kind_t kind)
{
    return kinds[kind].title;
}
int ce_kind_from(const char *word)
{
    for (int k = 0; k < CE_KINDS; k++)
        if (strcmp(kinds[k].word, word) == 0) return k;
    return -1;
}

const char *ce_state_word(ce_state_t state)
{
    static const char *const names[] = {"met", "missing", "cannot tell", "none asked"};
    return names[state];
}

bool ce_amount(const char *text, int32_t *amount)
{
    int whole = 0, used = 0;
    char cents[3] = "";
    if (sscanf(text, "%4d%n", &whole, &used) != 1 || used > 4 || text[0] == '-' || text[0] == '+' || text[0] == ' ')
        return false;
    text += used;
    if (*text == '.') {
        int length = 0;
        if (sscanf(text + 1, "%2[0-9]%n", cents, &length) != 1 || text[1 + length] != '\0') return false;
    } else if (*text != '\0') {
        return false;
    }
    if (whole > CE_HOURS_MAX) return false;
    *amount = whole * CE_UNIT;
    if (cents[0]) *amount += (cents[0] - '0') * 10;
    if (cents[0] && cents[1]) *amount += cents[1] - '0';
    return true;
}

/* ---- fields ---- */

typedef struct {
    const ce_t *ce;
    const csv_t *table;
    size_t row;
    err_t *err;
} reading_t;

static bool field(const reading_t *in, const char *column, const char **text)
{
    int c;
    if (!csv_need(in->table, column, &c, in->err)) return false;
    *text = csv_text(in->table, in->row, c);
    return true;
}

static bool amount_field(const reading_t *in, const char *column, int32_t *amount)
{
    const char *text;
    if (!field(in, column, &text)) return false;
    *amount = CE_NOT_READ;
    return text[0] == '\0' || ce_amount(text, amount) ||
           csv_fail(in->table, in->row, in->err,
                    "%s is a number such as 24 or 0.5, or empty when it was not read; found \"%.20s\"", column, text);
}

static bool flag_field(const reading_t *in, const char *column, const char *set, bool *flag)
{
    const char *text;
    if (!field(in, column, &text)) return false;
    *flag = strcmp(text, set) == 0;
    return true;
}

/* The next "name:number" of a list with semicolons; *done when there is none. */
static bool next_pair(const reading_t *in, const char **at, char name[32], char number[16], bool *done)
{
    int used = 0;
    *done = **at == '\0';
    if (*done) return true;
    if (sscanf(*at, "%31[a-z_]:%15[0-9.%]%n", name, number, &used) != 2 || ((*at)[used] != '\0' && (*at)[used] != ';'))
        return csv_fail(in->table, in->row, in->err, "a list is written name:number;name:number; found \"%.40s\"", *at);
    *at += used + ((*at)[used] == ';');
    return true;
}

static bool least_field(const reading_t *in, const char *column, ce_least_t *list, int *count)
{
    const char *at;
    char name[32], number[16];
    bool done;
    *count = 0;
    if (!field(in, column, &at)) return false;
    for (;;) {
        if (!next_pair(in, &at, name, number, &done)) return false;
        if (done) return true;
        int topic = ce_topic(in->ce, name);
        if (topic < 0) return csv_fail(in->table, in->row, in->err, "%s is not a topic of road/ce_topics.csv", name);
        if (*count == CE_LEAST_MAX)
            return csv_fail(in->table, in->row, in->err, "a rule has at most %d minimums", CE_LEAST_MAX);
        list[*count].topic = topic;
        if (!ce_amount(number, &list[(*count)++].amount))
            return csv_fail(in->table, in->row, in->err, "%s is no amount", number);
    }
}

static bool most_field(const reading_t *in, ce_rule_t *rule)
{
    const char *at;
    char name[32], number[16];
    bool done;
    int percent, used;
    for (int k = 0; k < CE_KINDS; k++) rule->kind_most_percent[k] = CE_NOT_READ;
    if (!field(in, "kind_maximums", &at)) return false;
    for (;;) {
        if (!next_pair(in, &at, name, number, &done)) return false;
        if (done) return true;
        int kind = ce_kind_from(name);
        if (kind < 0 || sscanf(number, "%3d%%%n", &percent, &used) != 1 || number[used] || percent > 100)
            return csv_fail(in->table, in->row, in->err, "kind_maximums is written academic:50%%; found \"%s:%s\"",
                            name, number);
        rule->kind_most_percent[kind] = percent;
    }
}

static bool kinds_field(const reading_t *in, const char *column, bool set[CE_KINDS])
{
    const char *at;
    if (!field(in, column, &at)) return false;
    while (*at) {
        char name[32];
        int used = 0;
        if (sscanf(at, "%31[a-z_]%n", name, &used) != 1 || ce_kind_from(name) < 0)
            return csv_fail(in->table, in->row, in->err, "%s names kinds of activity; found \"%.40s\"", column, at);
        set[ce_kind_from(name)] = true;
        at += used + (at[used] == ';');
    }
    return true;
}

static bool choice_field(const reading_t *in, const char *column, const char *const names[], int count, int *value)
{
    const char *text;
    if (!field(in, column, &text)) return false;
    for (*value = 0; *value < count; ++*value)
        if (strcmp(text, names[*value]) == 0) return true;
    return csv_fail(in->table, in->row, in->err, "%s cannot be \"%.20s\"", column, text);
}

static bool source_fields(const reading_t *in, fact_source_t *s)
{
    if (!field(in, "source", &s->text) || !field(in, "as_of", &s->as_of) || !field(in, "confidence", &s->confidence))
        return false;
    return (s->text[0] && s->as_of[0] && s->confidence[0]) ||
           csv_fail(in->table, in->row, in->err, "a rule needs its source, the day it is of and its confidence");
}

/* ---- tables ---- */

static bool open_table(csv_t *table, arena_t *arena, const source_t *content, const char *path, err_t *err)
{
    const source_file_t *file = source_find(content, path);
    if (!file) return err_set(err, ERR_NOT_FOUND, "The content has no %s.", path);
    return csv_read(table, arena, path, file->bytes, file->length, err);
}

static bool read_topics(ce_t *ce, arena_t *arena, const source_t *content, err_t *err)
{
    static const char *const sure[] = {"no", "yes", ""};
    csv_t t;
    if (!open_table(&t, arena, content, "road/ce_topics.csv", err)) return false;
    ce_topic_t *list = arena_array(arena, t.rows + 1, sizeof *list);
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for the topics.");
    if (t.rows > CE_TOPICS_MAX) return err_set(err, ERR_LIMIT, "%s has more than %d topics.", t.file, CE_TOPICS_MAX);
    for (size_t i = 0; i < t.rows; i++) {
        reading_t in = {ce, &t, i, err};
        int laboratory;
        if (!field(&in, "id", &list[i].id) || !field(&in, "title", &list[i].title) ||
            !choice_field(&in, "laboratory", sure, 3, &laboratory) || !source_fields(&in, &list[i].source))
            return false;
        list[i].laboratory = (ce_tri_t)laboratory;
    }
    ce->topics = list;
    ce->topic_count = (int)t.rows;
    return true;
}

static bool read_rule(const reading_t *in, ce_rule_t *r)
{
    static const char *const reads[] = {"", "none", "some", "all"}, *const windows[] = {"cycle", "calendar_before"};
    int read, window;
    int32_t years;
    const char *const names[] = {"id",   "title",      "body",   "state", "credentials", "unit",
                                 "ends", "first_says", "counts", "late",  "audit",       "notes"};
    const char **const texts[] = {&r->id,   &r->title,      &r->body,   &r->state, &r->credentials, &r->unit,
                                  &r->ends, &r->first_says, &r->counts, &r->late,  &r->audit,       &r->notes};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!field(in, names[i], texts[i])) return false;
    if (!amount_field(in, "cycle_years", &years) || !amount_field(in, "total", &r->total) ||
        !amount_field(in, "each_license_category", &r->each_license_category) ||
        !amount_field(in, "per_hour", &r->per_hour) || !amount_field(in, "per_semester_hour", &r->per_semester_hour) ||
        !amount_field(in, "per_quarter_hour", &r->per_quarter_hour) ||
        !amount_field(in, "first_total", &r->first_total))
        return false;
    r->cycle_years = years == CE_NOT_READ ? CE_NOT_READ : years / CE_UNIT;
    if (r->each_license_category == CE_NOT_READ) r->each_license_category = 0;
    if (!least_field(in, "minimums", r->least, &r->least_count) ||
        !least_field(in, "first_minimums", r->first_least, &r->first_least_count) || !most_field(in, r) ||
        !kinds_field(in, "counts_kinds", r->counted) || !kinds_field(in, "excludes", r->excluded) ||
        !flag_field(in, "only_laboratory", "1", &r->only_laboratory) ||
        !flag_field(in, "carry_over", "no", &r->carries_nothing) ||
        !choice_field(in, "minimums_read", reads, 4, &read) || !choice_field(in, "window", windows, 2, &window) ||
        !source_fields(in, &r->source))
        return false;
    r->least_read = (ce_read_t)read;
    r->calendar_before = window == 1;
    if (r->calendar_before && r->cycle_years < 1)
        return csv_fail(in->table, in->row, in->err, "a window of calendar years needs cycle_years");
    return true;
}

bool ce_load(ce_t *ce, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    *ce = (ce_t){0};
    if (!read_topics(ce, arena, content, err) || !open_table(&t, arena, content, "road/ce.csv", err)) return false;
    ce_rule_t *list = arena_array(arena, t.rows + 1, sizeof *list);
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for the rules.");
    for (size_t i = 0; i < t.rows; i++) {
        reading_t in = {ce, &t, i, err};
        if (!read_rule(&in, &list[i])) return false;
    }
    ce->rules = list;
    ce->rule_count = (int)t.rows;
    return true;
}

int ce_topic(const ce_t *ce, const char *id)
{
    for (int i = 0; i < ce->topic_count; i++)
        if (strcmp(ce->topics[i].id, id) == 0) return i;
    return -1;
}

/* Is `name` one of the names in "A; B; C"? */
static bool named(const char *list, const char *name)
{
    size_t n = strlen(name);
    while (*list) {
        size_t length = strcspn(list, ";");
        if (length == n && strncasecmp(list, name, n) == 0) return true;
        list += length;
        while (*list == ';' || *list == ' ') list++;
    }
    return false;
}

int ce_rule(const ce_t *ce, const char *body_or_state, const char *credential)
{
    int only = -1, count = 0;
    for (int i = 0; i < ce->rule_count; i++) {
        const ce_rule_t *r = &ce->rules[i];
        if (strcmp(r->id, body_or_state) == 0) return i;
        bool place = r->state[0] && strcasecmp(r->state, body_or_state) == 0;
        bool body = r->body[0] && (strcasecmp(r->body, body_or_state) == 0 ||
                                   (strcmp(r->body, "ASCP BOC") == 0 && strcasecmp(body_or_state, "ASCP") == 0));
        if (!place && !body) continue;
        if (credential[0] && named(r->credentials, credential)) return i;
        only = i;
        count++;
    }
    /* a state that has one rule for everybody has it for every title; a body certifies only what it names */
    bool everybody =
        count == 1 && (!credential[0] || strcmp(ce->rules[only].credentials, "any laboratory license") == 0);
    return everybody ? only : -1;
}
