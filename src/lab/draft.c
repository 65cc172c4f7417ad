/* Drafts: rows of texts under the tables of draft_tables.c, read from and written to scenario files, and checked by
 * asking scenario.c again and again: each complaint names a line, the line belongs to a field, and a value that is
 * always right takes the wrong one's place until nothing is left to complain about. */
#include "lab/draft.h"

#include "draft_private.h"
#include "scenario_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 2000, NAME_MAX = 48 };

/* ---- rows and values ---- */

static uint32_t kind_of(const draft_t *draft, int group, int row)
{
    return group == DRAFT_PLANTED ? draft_kind_bit(draft->rows[group][row].values[0]) : 0;
}

bool draft_asks(const draft_t *draft, int group, int row, int field)
{
    const draft_field_t *f = &draft_group(group)->fields[field];
    const char *value = draft->rows[group][row].values[field];
    return (value && value[0]) || f->kinds == 0 || (f->kinds & kind_of(draft, group, row)) != 0;
}

int draft_field(const draft_t *draft, int group, int row, const char *key)
{
    const draft_group_t *g = draft_group(group);
    uint32_t kind = kind_of(draft, group, row);
    int any = -1;
    for (int i = 0; i < g->count; i++) {
        if (strcmp(g->fields[i].key, key) != 0) continue;
        if (g->fields[i].kinds == 0 || (g->fields[i].kinds & kind) != 0) return i;
        if (any < 0) any = i;
    }
    return any;
}

const char *draft_value(const draft_t *draft, int group, int row, const char *key)
{
    int field = draft_field(draft, group, row, key);
    const char *value = field < 0 ? NULL : draft->rows[group][row].values[field];
    return value ? value : "";
}

/* Bytes of a character that a file cannot hold as it is (controls, other line breaks, a byte order mark): 0 for all
 * others. */
static size_t odd_character(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    if (c[0] < 0x20 || c[0] == 0x7f) return 1;
    if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) return 2;                    /* U+0080 to U+009F */
    if (c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9)) return 3; /* U+2028, U+2029 */
    if (c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf) return 3;                   /* U+FEFF */
    if (c[0] == 0xef && c[1] == 0xbf && (c[2] == 0xbe || c[2] == 0xbf)) return 3; /* U+FFFE, U+FFFF */
    return 0;
}

/* One line loses its line breaks; lists lose empty lines and spaces around. NULL: memory is out. */
static char *tidy(arena_t *arena, const draft_field_t *field, const char *value)
{
    bool lines = field->type == DRAFT_LINES || field->type == DRAFT_CHOICES;
    char *out = arena_alloc(arena, strlen(value) + 1);
    size_t n = 0;
    if (!out) return NULL;
    for (const char *c = value; *c; c++) {
        bool line_end = *c == '\n' || *c == '\r';
        size_t odd = line_end ? 0 : odd_character(c);
        char put = line_end ? (lines ? '\n' : ' ') : odd > 0 ? ' ' : *c;
        if (odd > 1) c += odd - 1;
        if (put == ' ' && (n == 0 || out[n - 1] == '\n' || out[n - 1] == ' ')) continue;
        if (put == '\n') {
            while (n > 0 && out[n - 1] == ' ') n--;
            if (n == 0 || out[n - 1] == '\n') continue;
        }
        out[n++] = put;
    }
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\n')) n--;
    if (field->type == DRAFT_TIMES && strspn(out, ", ") >= n) n = 0;
    out[n] = '\0';
    return out;
}

bool draft_set(draft_t *draft, int group, int row, int field, const char *value)
{
    const draft_group_t *g = draft_group(group);
    assert(row >= 0 && row < draft->count[group] && field >= 0 && field < g->count);
    char *text = tidy(draft->arena, &g->fields[field], value);
    draft->rows[group][row].values[field] = text;
    return text != NULL;
}

int draft_add(draft_t *draft, int group, const char *kind)
{
    const draft_group_t *g = draft_group(group);
    if (draft->count[group] >= g->max) return -1;
    int row = draft->count[group]++;
    draft->rows[group][row] = (draft_row_t){0};
    if (kind) draft->rows[group][row].values[0] = kind;
    uint32_t bit = kind_of(draft, group, row);
    for (int i = 0; i < g->count; i++)
        if (g->fields[i].blank && (g->fields[i].kinds == 0 || (g->fields[i].kinds & bit) != 0))
            draft->rows[group][row].values[i] = g->fields[i].blank;
    return row;
}

void draft_remove(draft_t *draft, int group, int row)
{
    assert(row >= 0 && row < draft->count[group]);
    draft->count[group]--;
    for (int i = row; i < draft->count[group]; i++) draft->rows[group][i] = draft->rows[group][i + 1];
    if (group != DRAFT_PLANTED) return;
    /* calls speak of planted things by number */
    for (int i = 0; i < draft->count[DRAFT_CALLS]; i++) {
        int field = draft_field(draft, DRAFT_CALLS, i, "about"),
            about = atoi(draft_value(draft, DRAFT_CALLS, i, "about"));
        char number[16] = "";
        if (about > row + 1) snprintf(number, sizeof number, "%d", about - 1);
        if (about > row) draft_set(draft, DRAFT_CALLS, i, field, number);
    }
}

void draft_blank(draft_t *draft, arena_t *arena)
{
    *draft = (draft_t){.arena = arena};
    draft_add(draft, DRAFT_ROOT, NULL);
}

void draft_name(draft_t *draft)
{
    char name[NAME_MAX + 1];
    size_t n = 0;
    if (draft_value(draft, DRAFT_ROOT, 0, "id")[0]) return;
    for (const char *c = draft_value(draft, DRAFT_ROOT, 0, "title"); *c && n < NAME_MAX; c++) {
        char small = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9'))
            name[n++] = small;
        else if (*c != '\'' && n > 0 && name[n - 1] != '-')
            name[n++] = '-';
    }
    while (n > 0 && name[n - 1] == '-') n--;
    if (n == 0 && draft_value(draft, DRAFT_ROOT, 0, "title")[0]) { /* a title in another script */
        n = strlen("scenario");
        memcpy(name, "scenario", n);
    }
    name[n] = '\0';
    draft_set(draft, DRAFT_ROOT, 0, draft_field(draft, DRAFT_ROOT, 0, "id"), name);
}

/* ---- reading ---- */

static bool read_value(draft_t *draft, const yaml_t *yaml, int group, int row, const char *key, yaml_item_t *item,
                       err_t *err)
{
    int field = draft_field(draft, group, row, key);
    if (field < 0) {
        return yaml_fail(yaml, item, err,
                         "the form does not know the key \"%.60s\"; remove it, or work on the file itself", key);
    }
    const draft_field_t *f = &draft_group(group)->fields[field];
    if (item->kind == YAML_SCALAR)
        return draft_set(draft, group, row, field, item->text) ||
               err_set(err, ERR_MEMORY, "The scenario is too large.");
    bool list = f->type == DRAFT_LINES || f->type == DRAFT_TIMES || f->type == DRAFT_CHOICES;
    if (item->kind != YAML_LIST || !list)
        return yaml_fail(yaml, item, err, "%s is a single text, not a list or map", key);
    text_t joined;
    text_init(&joined, DRAFT_FILE_MAX);
    bool ok = true;
    for (yaml_item_t *part = item->first; part && ok; part = part->next) {
        ok = part->kind == YAML_SCALAR || yaml_fail(yaml, part, err, "each entry of %s is a text", key);
        if (part != item->first) text_add(&joined, f->type == DRAFT_TIMES ? ", " : "\n");
        for (const char *c = ok ? part->text : ""; *c; c++) text_add_char(&joined, *c == '\n' || *c == '\r' ? ' ' : *c);
    }
    ok = ok && ((!joined.failed && draft_set(draft, group, row, field, joined.data ? joined.data : "")) ||
                err_set(err, ERR_LIMIT, "The scenario is too large for the form."));
    text_free(&joined);
    return ok;
}

static bool read_rows(draft_t *draft, const yaml_t *yaml, int group, yaml_item_t *list, err_t *err)
{
    const draft_group_t *g = draft_group(group);
    if (list->kind == YAML_SCALAR && !list->text[0]) return true;
    if (list->kind != YAML_LIST) return yaml_fail(yaml, list, err, "%s is a list, each entry after \"- \"", g->key);
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (node->kind != YAML_MAP) return yaml_fail(yaml, node, err, "each entry of %s is a map of keys", g->key);
        if (draft->count[group] == g->max)
            return yaml_fail(yaml, node, err, "%s holds at most %d entries", g->key, g->max);
        int row = draft->count[group]++;
        draft->rows[group][row] = (draft_row_t){0};
        yaml_item_t *kind =
            group == DRAFT_PLANTED ? yaml_get(node, "kind") : NULL; /* first: it says which fields there are */
        if (kind && !read_value(draft, yaml, group, row, "kind", kind, err)) return false;
        for (yaml_item_t *item = node->first; item; item = item->next)
            if (item != kind && !read_value(draft, yaml, group, row, item->key, item, err)) return false;
    }
    return true;
}

static bool read_root(draft_t *draft, const yaml_t *yaml, err_t *err)
{
    yaml_item_t *root = yaml->root;
    if (!root || root->kind != YAML_MAP)
        return yaml_fail(yaml, root, err, "a scenario file is a map of keys; begin with \"id: my-scenario\"");
    for (yaml_item_t *item = root->first; item; item = item->next) {
        int group = DRAFT_ROOT;
        for (int g = 1; g < DRAFT_GROUPS; g++)
            if (strcmp(draft_group(g)->key, item->key) == 0) group = g;
        if (group != DRAFT_ROOT && !read_rows(draft, yaml, group, item, err)) return false;
        if (group == DRAFT_ROOT && item->kind != YAML_MAP && !read_value(draft, yaml, group, 0, item->key, item, err))
            return false;
        if (group == DRAFT_ROOT && item->kind == YAML_MAP)
            for (yaml_item_t *part = item->first; part; part = part->next) {
                char key[80];
                snprintf(key, sizeof key, "%.38s.%.38s", item->key, part->key);
                if (!read_value(draft, yaml, group, 0, key, part, err)) return false;
            }
    }
    return true;
}

bool draft_read(draft_t *draft, arena_t *arena, const char *file, const char *bytes, size_t length, err_t *err)
{
    yaml_t yaml;
    *draft = (draft_t){.arena = arena, .count = {[DRAFT_ROOT] = 1}};
    if (length > DRAFT_FILE_MAX)
        return err_set(err, ERR_LIMIT, "The scenario is larger than %d KB.", DRAFT_FILE_MAX / 1024);
    return yaml_read(&yaml, arena, file, (const unsigned char *)bytes, length, err) && read_root(draft, &yaml, err);
}

bool draft_read_built_in(draft_t *draft, arena_t *arena, const lab_t *lab, const char *id, err_t *err)
{
    const scenario_t *scenario = scenario_find(lab, id);
    if (!scenario || !scenario->source) return err_set(err, ERR_NOT_FOUND, "There is no scenario \"%.60s\".", id);
    const source_file_t *file = scenario->source;
    return draft_read(draft, arena, file->path, (const char *)file->bytes, file->length, err);
}

/* ---- writing ---- */

typedef struct {
    int8_t group;
    int16_t row, field;
} place_t;

typedef struct {
    const draft_t *draft;
    text_t *out;
    place_t *places; /* by line, from 1; NULL: not wanted */
    int line;
    bool all; /* required keys also when empty, for checking */
} writing_t;

static void end_line(writing_t *w, int group, int row, int field)
{
    text_add_char(w->out, '\n');
    if (w->places && w->line < LINES_MAX) w->places[w->line] = (place_t){(int8_t)group, (int16_t)row, (int16_t)field};
    w->line++;
}

/* A YAML text in double quotes; JSON's escapes are YAML's. */
static void put_text(text_t *out, const char *text, size_t length)
{
    text_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\') text_add_char(out, '\\');
        text_add_char(out, text[i]);
    }
    text_add_char(out, '"');
}

static bool is_word(const char *text)
{
    return text[0] && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] &&
           text[0] != '-';
}

static void put_scalar(text_t *out, const draft_field_t *field, const char *value)
{
    double number;
    bool bare = field->type == DRAFT_NUMBER ? text_to_double(value, strlen(value), &number)
                                            : field->type == DRAFT_CHOICE && is_word(value);
    if (bare || (strcmp(field->key, "id") == 0 && is_word(value)))
        text_add(out, value);
    else
        put_text(out, value, strlen(value));
}

/* [a, b] of what stands between separators. */
static void put_flow(text_t *out, const char *value, char separator, bool words)
{
    text_add_char(out, '[');
    for (const char *c = value, *end; *c; c = *end ? end + 1 : end) {
        while (*c == ' ') c++;
        end = strchr(c, separator);
        if (!end) end = c + strlen(c);
        size_t n = (size_t)(end - c);
        while (n > 0 && c[n - 1] == ' ') n--;
        if (n == 0) continue;
        if (out->length > 0 && out->data[out->length - 1] != '[') text_add(out, ", ");
        if (words)
            text_add_n(out, c, n);
        else
            put_text(out, c, n);
    }
    text_add_char(out, ']');
}

/* `indent` precedes the key; a list of texts is written below it. */
static void put_field(writing_t *w, int group, int row, int field, const char *indent)
{
    const draft_field_t *f = &draft_group(group)->fields[field];
    const char *value = w->draft->rows[group][row].values[field];
    if (!value) value = "";
    bool wanted = w->all && f->required && draft_asks(w->draft, group, row, field);
    if (!value[0] && !wanted) return;
    text_add(w->out, indent);
    text_add(w->out, f->key);
    text_add(w->out, ":");
    if (f->type == DRAFT_LINES && value[0]) {
        end_line(w, group, row, field);
        for (const char *c = value, *end; *c; c = *end ? end + 1 : end) {
            end = c + strcspn(c, "\n");
            text_add(w->out, "  - ");
            put_text(w->out, c, (size_t)(end - c));
            end_line(w, group, row, field);
        }
        return;
    }
    text_add_char(w->out, ' ');
    bool words = f->type == DRAFT_CHOICES;
    for (const char *c = value; *c && words; c++)
        words = *c == '\n' || (*c > ' ' && !strchr("\"\\'[]{},:#&*!|>%@`?-", *c)) || *c == '-';
    if (f->type == DRAFT_TIMES || f->type == DRAFT_CHOICES || f->type == DRAFT_LINES)
        put_flow(w->out, value, f->type == DRAFT_TIMES ? ',' : '\n', words);
    else
        put_scalar(w->out, f, value);
    end_line(w, group, row, field);
}

/* Fields "settings.ed", "settings.icu" ... from `first` on as one map on one line; returns the last. */
static int put_map(writing_t *w, int first)
{
    const draft_group_t *g = draft_group(DRAFT_ROOT);
    size_t n = strcspn(g->fields[first].key, ".");
    bool any = false;
    int i = first;
    text_addf(w->out, "%.*s: {", (int)n, g->fields[first].key);
    for (; i < g->count && strncmp(g->fields[i].key, g->fields[first].key, n + 1) == 0; i++) {
        const char *value = w->draft->rows[DRAFT_ROOT][0].values[i];
        if (!value || !value[0]) continue;
        text_addf(w->out, "%s%s: ", any ? ", " : "", g->fields[i].key + n + 1);
        put_scalar(w->out, &g->fields[i], value);
        any = true;
    }
    text_add_char(w->out, '}');
    end_line(w, DRAFT_ROOT, 0, first);
    return i - 1;
}

static void write_all(writing_t *w)
{
    const draft_group_t *root = draft_group(DRAFT_ROOT);
    w->line = 1;
    for (int i = 0; i < root->count; i++) {
        if (strchr(root->fields[i].key, '.'))
            i = put_map(w, i);
        else
            put_field(w, DRAFT_ROOT, 0, i, "");
    }
    for (int g = 1; g < DRAFT_GROUPS; g++) {
        if (w->draft->count[g] == 0) continue;
        text_addf(w->out, "%s:", draft_group(g)->key);
        end_line(w, g, -1, 0);
        for (int row = 0; row < w->draft->count[g]; row++) {
            int line = w->line;
            for (int i = 0; i < draft_group(g)->count; i++) put_field(w, g, row, i, w->line == line ? "  - " : "    ");
            if (w->line > line) continue;
            text_add(w->out, "  - {}");
            end_line(w, g, row, 0);
        }
    }
}

bool draft_write(const draft_t *draft, text_t *out, err_t *err)
{
    writing_t w = {.draft = draft, .out = out};
    size_t before = out->length;
    write_all(&w);
    if (out->failed || out->length - before > DRAFT_FILE_MAX)
        return err_set(err, ERR_LIMIT, "The scenario is larger than %d KB: shorten the texts.", DRAFT_FILE_MAX / 1024);
    return true;
}

/* ---- checking ---- */

/* "check:12: severity is a number ..." into 12 and the sentence. */
static int line_of(const char *text, const char **sentence)
{
    const char *colon = strchr(text, ':');
    int line = colon ? atoi(colon + 1) : 0;
    const char *rest = colon ? strstr(colon + 1, ": ") : NULL;
    *sentence = rest ? rest + 2 : text;
    return line;
}

/* On a line with several fields of a map: the one that the sentence begins with. */
static int sharpen(int field, const char *sentence)
{
    const draft_group_t *g = draft_group(DRAFT_ROOT);
    const char *dot = strchr(g->fields[field].key, '.');
    if (!dot) return field;
    size_t n = (size_t)(dot - g->fields[field].key) + 1, word = strcspn(sentence, " ");
    for (int i = field; i < g->count && strncmp(g->fields[i].key, g->fields[field].key, n) == 0; i++)
        if (strlen(g->fields[i].key + n) == word && strncmp(g->fields[i].key + n, sentence, word) == 0) return i;
    return field;
}

/* The sentence with the key at its beginning replaced by the label, and without a found "" of an empty field. */
static void say_mistake(draft_mistake_t *m, const draft_t *draft, const char *sentence)
{
    const draft_field_t *f = &draft_group(m->group)->fields[m->field];
    const char *key = strchr(f->key, '.') ? strchr(f->key, '.') + 1 : f->key,
               *value = draft->rows[m->group][m->row].values[m->field];
    size_t n = strlen(key);
    bool begins = strncmp(sentence, key, n) == 0 && sentence[n] == ' ';
    snprintf(m->text, sizeof m->text, "%.60s%.230s", begins ? f->label : "", begins ? sentence + n : sentence);
    char *found = strstr(m->text, "; found \"\"");
    if (found && (!value || !value[0]))
        snprintf(found, sizeof m->text - (size_t)(found - m->text), "; nothing is given yet.");
    if (m->text[0] >= 'a' && m->text[0] <= 'z') m->text[0] = (char)(m->text[0] - 'a' + 'A');
    n = strlen(m->text);
    if (n > 0 && n + 1 < sizeof m->text && !strchr(".?)", m->text[n - 1])) memcpy(m->text + n, ".", 2);
}

/* The row becomes one that is right: what it need not have goes, and with `all` what it needs is of the table. */
static void stand_in(draft_t *draft, int group, int row, bool all)
{
    const draft_group_t *g = draft_group(group);
    const char **values = draft->rows[group][row].values;
    if (group == DRAFT_PLANTED && kind_of(draft, group, row) == 0) values[0] = g->fields[0].sample;
    uint32_t kind = kind_of(draft, group, row);
    for (int i = group == DRAFT_PLANTED; i < g->count; i++) {
        bool needed = g->fields[i].required && (g->fields[i].kinds == 0 || (g->fields[i].kinds & kind) != 0);
        if (!needed || all) values[i] = needed ? g->fields[i].sample : NULL;
    }
}

/* Notes the complaint and mends the copy; false when nothing can be mended any more. */
static bool take(const draft_t *draft, draft_t *copy, const place_t *place, const char *sentence, draft_mistake_t *list,
                 int *count)
{
    draft_mistake_t *m = &list[*count];
    *m = (draft_mistake_t){.group = place->group, .row = place->row, .field = place->field};
    if (m->group == DRAFT_ROOT) m->field = sharpen(m->field, sentence);
    bool seen = false;
    for (int i = 0; i < *count; i++)
        seen = seen || (list[i].group == m->group && list[i].row == m->row && list[i].field == m->field);
    if (!seen) {
        say_mistake(m, draft, sentence);
        ++*count;
    }
    if (!seen && (m->group == DRAFT_ROOT || m->field > 0)) {
        copy->rows[m->group][m->row].values[m->field] = draft_group(m->group)->fields[m->field].sample;
        return true;
    }
    if (m->group == DRAFT_ROOT) return false;
    /* what is wrong in the row was said: first what it need not have goes, then the rest */
    draft_row_t before = copy->rows[m->group][m->row], *now = &copy->rows[m->group][m->row];
    stand_in(copy, m->group, m->row, false);
    if (memcmp(&before, now, sizeof before) == 0) stand_in(copy, m->group, m->row, true);
    return memcmp(&before, now, sizeof before) != 0;
}

int draft_check(const lab_t *lab, const draft_t *draft, draft_mistake_t mistakes[DRAFT_MISTAKES_MAX])
{
    draft_t *copy = malloc(sizeof *copy);
    place_t *places = calloc(LINES_MAX, sizeof *places);
    text_t text;
    int count = 0;
    text_init(&text, 2 * DRAFT_FILE_MAX);
    bool more = copy && places;
    if (more) *copy = *draft;
    int id = draft_field(draft, DRAFT_ROOT, 0, "id");
    if (more && !draft_value(draft, DRAFT_ROOT, 0, "id")[0]) /* made of the title, once there is one */
        copy->rows[DRAFT_ROOT][0].values[id] = draft_group(DRAFT_ROOT)->fields[id].sample;
    while (more && count < DRAFT_MISTAKES_MAX) {
        scenario_t *scenario = NULL;
        err_t err = {0};
        const char *sentence;
        writing_t w = {.draft = copy, .out = &text, .places = places, .all = true};
        text_clear(&text);
        write_all(&w);
        if (text.failed || w.line > LINES_MAX) break;
        bool right = scenario_read(lab, "form", (const unsigned char *)text.data, text.length, &scenario, &err);
        scenario_free(scenario);
        if (right) break;
        int line = line_of(err.text, &sentence);
        bool known = line > 0 && line < w.line && places[line].row >= 0;
        more = known && take(draft, copy, &places[line], sentence, mistakes, &count);
        if (!known) {
            mistakes[count] = (draft_mistake_t){.group = -1};
            snprintf(mistakes[count++].text, sizeof mistakes->text, "%.290s", sentence);
        }
    }
    free(copy);
    free(places);
    text_free(&text);
    return count;
}
