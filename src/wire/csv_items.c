/* Questions as one table, for spreadsheets: a row is a question, its parts stand beside one another.
 *
 *   id,type,stem,why,value,tolerance,unit,decimals,lesson,...,as_of,draw,...,times,tags,text_1,right_1,key_1,why_1,...
 *
 * type is single, several, order, match or numeric, or hotspot, count or next, which have a picture or a screen; key_N
 * is "yes" beside a right option; of a numeric question text_N is a number that a usual mistake leads to. Only type and
 * stem must be there; columns may stand in any order. */
#include "wire_private.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CSV_PARTS = 8, CSV_MAX_FIELD = 16 };

static const char *const kind_words[] = {"single", "several", "order", "match", "numeric"};
static const struct {
    const char *word;
    wire_kind_t kind;
} own_types[] = {{"hotspot", WIRE_SINGLE}, {"count", WIRE_NUMERIC}, {"next", WIRE_SINGLE}};
enum { OWN_TYPES = sizeof own_types / sizeof *own_types };
static const char *const head[] = {"id", "type", "stem", "why", "value", "tolerance", "unit", "decimals"};
static const char *const own_head[WIRE_OWN] = {"draw", "seed", "data", "alt", "counts", "times"};
static const char *const part_head[] = {"text", "right", "key", "why"};
enum { HEAD = sizeof head / sizeof *head, PART_HEAD = sizeof part_head / sizeof *part_head };

/* ---- reading ---- */

typedef struct {
    wire_reading_t *in;
    csv_t table;
    int column[HEAD], fact[WIRE_KEYS], own[WIRE_OWN], tags;
    int part[WIRE_PARTS_MAX][PART_HEAD]; /* -1: there is no such column */
} table_t;

static int part_column(const csv_t *table, const char *name, int i)
{
    char text[CSV_MAX_FIELD];
    snprintf(text, sizeof text, "%s_%d", name, i + 1);
    return csv_column(table, text);
}

/* Names a column that nobody asks for, which is more likely misspelled than meant to be passed over. */
static void note_unknown(table_t *t)
{
    bool known[CSV_MAX_COLUMNS] = {false};
    for (int i = 0; i < HEAD; i++)
        if (t->column[i] >= 0) known[t->column[i]] = true;
    for (int i = 0; i < WIRE_KEYS; i++)
        if (t->fact[i] >= 0) known[t->fact[i]] = true;
    for (int i = 0; i < WIRE_OWN; i++)
        if (t->own[i] >= 0) known[t->own[i]] = true;
    for (int i = 0; i < WIRE_PARTS_MAX; i++)
        for (int k = 0; k < PART_HEAD; k++)
            if (t->part[i][k] >= 0) known[t->part[i][k]] = true;
    if (t->tags >= 0) known[t->tags] = true;
    for (size_t i = 0; i < t->table.columns && !t->in->wire->note; i++)
        if (!known[i])
            t->in->wire->note = wire_say(t->in,
                                         "the column \"%.40s\" is not known and was passed over; the columns are "
                                         "those of an export",
                                         t->table.names[i]);
}

static bool find_columns(table_t *t, err_t *err)
{
    for (int i = 0; i < HEAD; i++) t->column[i] = csv_column(&t->table, head[i]);
    for (int i = 0; i < WIRE_KEYS; i++) t->fact[i] = csv_column(&t->table, wire_key_word((wire_key_t)i));
    for (int i = 0; i < WIRE_OWN; i++) t->own[i] = csv_column(&t->table, own_head[i]);
    for (int i = 0; i < WIRE_PARTS_MAX; i++)
        for (int k = 0; k < PART_HEAD; k++) t->part[i][k] = part_column(&t->table, part_head[k], i);
    t->tags = csv_column(&t->table, "tags");
    note_unknown(t);
    int needed;
    return csv_need(&t->table, "type", &needed, err) && csv_need(&t->table, "stem", &needed, err);
}

static const char *cell(table_t *t, wire_question_t *q, size_t row, int column)
{
    const char *text = column >= 0 ? csv_text(&t->table, row, column) : "";
    return wire_plain(t->in, q, MARKUP_PLAIN, text, strlen(text));
}

static bool is_yes(const char *text)
{
    static const char *const words[] = {"yes", "y", "x", "true", "1", NULL};
    for (int i = 0; words[i]; i++)
        if (strcasecmp(text, words[i]) == 0) return true;
    return false;
}

static void read_parts(table_t *t, wire_question_t *q, size_t row)
{
    for (int i = 0; i < WIRE_PARTS_MAX; i++) {
        const char *text[PART_HEAD];
        bool any = false;
        for (int k = 0; k < PART_HEAD; k++) {
            text[k] = cell(t, q, row, t->part[i][k]);
            any = any || text[k][0];
        }
        if (!any) continue;
        bool key = is_yes(text[2]);
        if (text[2][0] && !key && strcasecmp(text[2], "no") != 0 && strcmp(text[2], "0") != 0 &&
            strcasecmp(text[2], "false") != 0)
            q->refused = wire_say(t->in, "key_%d is yes, or empty; found \"%.40s\"", i + 1, text[2]);
        q->part[q->parts++] =
            (wire_part_t){.text = text[0], .right = text[1], .feedback = text[3], .percent = key ? 100 : 0};
    }
}

static void read_tags(table_t *t, wire_question_t *q, size_t row)
{
    const char *text = cell(t, q, row, t->tags);
    while (*text) {
        size_t n = strcspn(text, ";");
        while (n && *text == ' ') text++, n--;
        if (n && q->tags < WIRE_TAGS_MAX) q->tag[q->tags++] = wire_copy(t->in, q, text, n);
        text += n + (text[n] == ';');
    }
}

static void read_type(table_t *t, wire_question_t *q, const char *type)
{
    int kind = 0, own = 0;
    while (kind < WIRE_OTHER && strcasecmp(type, kind_words[kind]) != 0) kind++;
    while (own < OWN_TYPES && strcasecmp(type, own_types[own].word) != 0) own++;
    q->kind = own < OWN_TYPES ? own_types[own].kind : (wire_kind_t)kind;
    if (own < OWN_TYPES) q->type = own_types[own].word;
    if (q->kind == WIRE_OTHER)
        q->refused = wire_say(
            t->in, "type is single, several, order, match, numeric, hotspot, count or next; found \"%.40s\"", type);
}

static void read_row(table_t *t, size_t row)
{
    wire_question_t *q = wire_add(t->in, t->table.lines[row]);
    if (!q) return;
    const char **const to[HEAD] = {&q->id, NULL, &q->stem, &q->why, &q->value, &q->tolerance, &q->unit, &q->decimals};
    const char *type = cell(t, q, row, t->column[1]);
    for (int i = 0; i < HEAD; i++)
        if (to[i]) *to[i] = cell(t, q, row, t->column[i]);
    for (int i = 0; i < WIRE_KEYS; i++) q->fact[i] = cell(t, q, row, t->fact[i]);
    for (int i = 0; i < WIRE_OWN; i++) q->own[i] = cell(t, q, row, t->own[i]);
    read_type(t, q, type);
    read_tags(t, q, row);
    read_parts(t, q, row);
    const char **const numbers[] = {&q->value, &q->tolerance};
    for (int i = 0; i < 2 && q->kind == WIRE_NUMERIC; i++) {
        const char *number = (*numbers[i])[0] ? wire_number(t->in, *numbers[i]) : "";
        if (!number && !q->refused)
            q->refused = wire_say(t->in, "%s is a number; found \"%.40s\"", i ? "tolerance" : "value", *numbers[i]);
        if (number) *numbers[i] = number;
    }
    wire_finish(t->in, q);
}

bool wire_csv_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err)
{
    table_t t = {.in = in};
    if (!csv_read(&t.table, in->arena, in->file, (const unsigned char *)bytes, length, err) || !find_columns(&t, err))
        return false;
    for (size_t row = 0; row < t.table.rows && in->wire->count < WIRE_QUESTIONS_MAX && !in->full; row++)
        read_row(&t, row);
    if (t.table.rows > WIRE_QUESTIONS_MAX)
        in->wire->note = wire_say(in, "only the first %d rows were read; divide the table", WIRE_QUESTIONS_MAX);
    return true;
}

/* ---- writing ---- */

static void put(text_t *out, const char *text)
{
    if (out->length && out->data[out->length - 1] != '\n') text_add_char(out, ',');
    text_add_csv(out, text);
}

static void put_head(text_t *out)
{
    char name[CSV_MAX_FIELD];
    for (int i = 0; i < HEAD; i++) put(out, head[i]);
    for (int i = 0; i < WIRE_KEYS; i++) put(out, wire_key_word((wire_key_t)i));
    for (int i = 0; i < WIRE_OWN; i++) put(out, own_head[i]);
    put(out, "tags");
    for (int i = 0; i < CSV_PARTS; i++)
        for (int k = 0; k < PART_HEAD; k++) {
            snprintf(name, sizeof name, "%s_%d", part_head[k], i + 1);
            put(out, name);
        }
    text_add(out, "\r\n");
}

static void put_row(text_t *out, const wire_question_t *q, text_t *lost)
{
    const char *const texts[HEAD] = {
        q->id,      q->type[0] ? q->type : kind_words[q->kind], q->stem, q->why, q->value, q->tolerance, q->unit,
        q->decimals};
    text_t tags;
    text_init(&tags, WIRE_TEXT_MAX);
    for (int i = 0; i < q->tags; i++) text_addf(&tags, "%s%s", i ? ";" : "", q->tag[i]);
    text_add_csv(out, texts[0]);
    for (int i = 1; i < HEAD; i++) {
        text_add_char(out, ',');
        text_add_csv(out, texts[i]);
    }
    for (int i = 0; i < WIRE_KEYS; i++) {
        text_add_char(out, ',');
        text_add_csv(out, q->fact[i]);
    }
    for (int i = 0; i < WIRE_OWN; i++) {
        text_add_char(out, ',');
        text_add_csv(out, q->own[i]);
    }
    text_add_char(out, ',');
    text_add_csv(out, tags.data ? tags.data : "");
    for (int i = 0; i < CSV_PARTS; i++) {
        const wire_part_t none = {.text = "", .right = "", .feedback = ""}, *p = i < q->parts ? &q->part[i] : &none;
        const char *const cells[PART_HEAD] = {p->text, p->right, p->percent > 0 ? "yes" : "", p->feedback};
        for (int k = 0; k < PART_HEAD; k++) {
            text_add_char(out, ',');
            text_add_csv(out, cells[k]);
        }
    }
    text_add(out, "\r\n");
    if (q->parts > CSV_PARTS)
        wire_lose(lost, q, "the table has room for %d answers; %d were left out", (int)CSV_PARTS, q->parts - CSV_PARTS);
    text_free(&tags);
}

void wire_csv_write(const wire_question_t *const *questions, int count, text_t *out, text_t *lost)
{
    put_head(out);
    for (int i = 0; i < count; i++)
        if (questions[i]->kind == WIRE_OTHER)
            wire_lose(lost, questions[i], "left out: %s",
                      questions[i]->refused ? questions[i]->refused : "the table has no question of its kind");
        else
            put_row(out, questions[i], lost);
}
