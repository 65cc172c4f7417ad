/* The form of a scenario, from the tables of lab/draft.h: what is posted becomes a draft, and a draft the fields,
 * rows and complaints of the page. Nothing here knows a key of the file by name, but for the title of a row. */
#include "author.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 256 };

static const char group_letters[DRAFT_GROUPS] = {'\0', 'p', 'c'};

/* The name of a field in the form: "title", "p3.severity". */
static void field_name(char name[64], int group, int row, const char *key)
{
    if (group == DRAFT_ROOT)
        snprintf(name, 64, "%s", key);
    else
        snprintf(name, 64, "%c%d.%s", group_letters[group], row, key);
}

/* ---- posted -> draft ---- */

static bool take_field(const request_t *request, draft_t *draft, int group, int row, int field)
{
    const draft_field_t *f = &draft_group(group)->fields[field];
    char name[64];
    field_name(name, group, row, f->key);
    const char *value = params_get(&request->form, name);
    if (f->type != DRAFT_CHOICES || value == NULL) return value == NULL || draft_set(draft, group, row, field, value);
    text_t several;
    text_init(&several, DRAFT_FILE_MAX);
    for (size_t i = 0; (value = params_nth(&request->form, name, i)) != NULL; i++) {
        text_add(&several, value);
        text_add_char(&several, '\n');
    }
    bool ok = !several.failed && draft_set(draft, group, row, field, several.data);
    text_free(&several);
    return ok;
}

static bool take_row(const request_t *request, draft_t *draft, int group, int row)
{
    const draft_group_t *g = draft_group(group);
    bool ok = true;
    for (int i = 0; ok && i < g->count; i++)
        if (draft_field(draft, group, row, g->fields[i].key) == i) ok = take_field(request, draft, group, row, i);
    return ok;
}

bool author_posted(const request_t *request, draft_t *draft, err_t *err)
{
    *draft = (draft_t){.arena = request->arena, .count = {[DRAFT_ROOT] = 1}};
    bool ok = take_row(request, draft, DRAFT_ROOT, 0);
    for (int g = 1; g < DRAFT_GROUPS; g++)
        for (int row = 0; ok && row < draft_group(g)->max; row++) {
            char first[64];
            field_name(first, g, row, draft_group(g)->fields[0].key);
            const char *value = params_get(&request->form, first);
            if (value == NULL) break;
            draft->rows[g][row] = (draft_row_t){.values = {value}}; /* the kind says which fields follow */
            draft->count[g] = row + 1;
            ok = take_row(request, draft, g, row);
        }
    return ok ||
           err_set(err, ERR_LIMIT, "The scenario is larger than %d KB: shorten the texts.", DRAFT_FILE_MAX / 1024);
}

/* ---- draft -> page ---- */

typedef struct {
    const lab_t *lab;
    const draft_t *draft;
    arena_t *arena;
    draft_mistake_t *mistakes;
    int mistake_count;
    const char *open;
} filling_t;

const char *author_planted_words(const lab_t *lab, const draft_t *draft, int row, arena_t *arena)
{
    const char *kind = draft_value(draft, DRAFT_PLANTED, row, "kind");
    const char *text = draft_choice_text(lab, LIST_PLANT_KINDS, kind, arena), *detail = "", *test = "";
    static const struct {
        const char *key;
        draft_list_t list;
    } telling[] = {{"fault", LIST_SPECIMEN_FAULTS}, {"fault", LIST_ANALYZER_FAULTS}};
    for (size_t i = 0; i < sizeof telling / sizeof *telling && !detail[0]; i++) {
        const char *value = draft_value(draft, DRAFT_PLANTED, row, telling[i].key);
        const char *words_of = draft_choice_text(lab, telling[i].list, value, arena);
        if (value[0] && words_of != value) detail = words_of;
    }
    int analyte = lab_analyte_find(lab, draft_value(draft, DRAFT_PLANTED, row, "analyte"));
    if (analyte >= 0) test = lab_analyte(lab, analyte)->name;
    int shown = (int)strcspn(detail, "("); /* without unit and range */
    while (shown > 0 && detail[shown - 1] == ' ') shown--;
    const char *value = draft_value(draft, DRAFT_PLANTED, row, "value");
    return words(arena, "%s%s%.*s%s%s%s%s", text, detail[0] || test[0] ? ": " : "", shown, detail,
                 detail[0] && test[0] ? ", " : "", test, test[0] && value[0] ? " " : "", test[0] ? value : "");
}

static const char *mistake_at(const filling_t *in, int group, int row, int field)
{
    for (int i = 0; i < in->mistake_count; i++)
        if (in->mistakes[i].group == group && in->mistakes[i].row == row && in->mistakes[i].field == field)
            return in->mistakes[i].text;
    return NULL;
}

static bool is_among(const char *lines, const char *value)
{
    size_t n = strlen(value);
    for (const char *c = lines; *c;) {
        size_t m = strcspn(c, "\n");
        if (m == n && memcmp(c, value, n) == 0) return true;
        c += m + (c[m] == '\n');
    }
    return false;
}

static void add_choice(author_field_t *field, const char *value, const char *text, bool chosen)
{
    if (field->choice_count < CHOICES_MAX)
        field->choices[field->choice_count++] = (author_choice_t){value, text, chosen};
}

/* Those chosen come first in a list of several, in their own order; a value that the list does not have stays. */
static bool fill_choices(const filling_t *in, author_field_t *field, const draft_field_t *f, const char *value)
{
    draft_choice_t choice;
    field->choices = arena_array(in->arena, CHOICES_MAX, sizeof *field->choices);
    if (!field->choices) return false;
    if (f->type == DRAFT_CHOICES) {
        for (const char *c = value; *c;) {
            size_t n = strcspn(c, "\n");
            const char *one = words(in->arena, "%.*s", (int)n, c);
            add_choice(field, one, draft_choice_text(in->lab, f->list, one, in->arena), true);
            field->chosen++;
            c += n + (c[n] == '\n');
        }
        for (int i = 0; draft_choice(in->lab, f->list, i, in->arena, &choice); i++)
            if (!is_among(value, choice.value)) add_choice(field, choice.value, choice.text, false);
        return true;
    }
    if (!f->required || !value[0])
        add_choice(field, "", f->list == LIST_PLANTED ? "Any specimen in the house" : "Choose", false);
    if (!f->required && f->list != LIST_PLANTED) field->choices[0].text = "As usual";
    bool known = !value[0];
    for (int i = 0; f->list == LIST_PLANTED && i < in->draft->count[DRAFT_PLANTED]; i++) {
        const char *number = words(in->arena, "%d", i + 1);
        bool chosen = strcmp(number, value) == 0;
        add_choice(field, number,
                   words(in->arena, "%d. %s", i + 1, author_planted_words(in->lab, in->draft, i, in->arena)), chosen);
        known = known || chosen;
    }
    for (int i = 0; draft_choice(in->lab, f->list, i, in->arena, &choice); i++) {
        bool chosen = strcmp(choice.value, value) == 0;
        add_choice(field, choice.value, choice.text, chosen);
        known = known || chosen;
    }
    if (!known) add_choice(field, value, words(in->arena, "%s (as in the file)", value), true);
    return true;
}

static int count_lines(const char *value)
{
    int lines = 1, run = 0;
    for (const char *c = value; *c; c++, run++)
        if (*c == '\n' || run >= 70) lines++, run = 0;
    return lines;
}

static bool fill_field(const filling_t *in, author_field_t *field, int group, int row, int index)
{
    const draft_field_t *f = &draft_group(group)->fields[index];
    const char *value = in->draft->rows[group][row].values[index];
    char name[64];
    field_name(name, group, row, f->key);
    if (!value) value = "";
    *field = (author_field_t){.name = words(in->arena, "%s", name),
                              .id = words(in->arena, "f-%s", name),
                              .label = f->label,
                              .hint = draft_hint(in->lab, in->draft, group, row, index, in->arena),
                              .value = value,
                              .wrong = mistake_at(in, group, row, index),
                              .required = f->required,
                              .number = f->type == DRAFT_NUMBER,
                              .max = f->max > 0 ? f->max : 20,
                              .wide = f->max > 48};
    field->described = field->hint && field->wrong ? words(in->arena, "%s-hint %s-wrong", field->id, field->id)
                       : field->hint               ? words(in->arena, "%s-hint", field->id)
                       : field->wrong              ? words(in->arena, "%s-wrong", field->id)
                                                   : NULL;
    if (f->type == DRAFT_LINES) {
        field->input = AUTHOR_AREA;
        field->lines = count_lines(value) + 1 < 3 ? 3 : count_lines(value) + 1;
    }
    if (f->type == DRAFT_CHOICE) field->input = AUTHOR_SELECT;
    if (f->type == DRAFT_CHOICES) {
        field->input = AUTHOR_CHECKS;
        field->wide = true;
        field->folded = group != DRAFT_ROOT;
    }
    bool list = f->type == DRAFT_CHOICE || f->type == DRAFT_CHOICES;
    return !list || fill_choices(in, field, f, value);
}

static bool fill_sections(const filling_t *in, author_form_t *page)
{
    const draft_group_t *g = draft_group(DRAFT_ROOT);
    author_field_t *fields = arena_array(in->arena, (size_t)g->count, sizeof *fields);
    page->sections = arena_array(in->arena, (size_t)g->count, sizeof *page->sections);
    if (!fields || !page->sections) return false;
    author_section_t *section = NULL;
    int names = 0; /* fields before the first heading are for the file: they come last */
    while (names < g->count && !g->fields[names].section) names++;
    for (int i = names; i < g->count; i++) {
        if (g->fields[i].section) {
            section = &page->sections[page->section_count];
            *section = (author_section_t){.heading = g->fields[i].section,
                                          .id = words(in->arena, "section-%d", page->section_count),
                                          .fields = &fields[i]};
            page->section_count++;
        }
        if (!fill_field(in, &fields[i], DRAFT_ROOT, 0, i)) return false;
        section->count++;
    }
    page->sections[page->section_count++] =
        (author_section_t){.heading = "File", .id = "section-file", .fields = fields, .count = names};
    for (int i = 0; i < names; i++)
        if (!fill_field(in, &fields[i], DRAFT_ROOT, 0, i)) return false;
    return true;
}

static bool fill_row(const filling_t *in, author_row_t *to, int group, int row)
{
    const draft_group_t *g = draft_group(group);
    const char *at = draft_value(in->draft, group, row, "at");
    to->part = words(in->arena, "%c%d", group_letters[group], row);
    to->number = row + 1;
    to->open = in->open != NULL && strcmp(in->open, to->part) == 0;
    bool focus = to->open;
    to->fields = arena_array(in->arena, (size_t)g->count, sizeof *to->fields);
    if (!to->fields) return false;
    if (group == DRAFT_PLANTED) {
        to->kind = in->draft->rows[group][row].values[0];
        to->help = draft_kind_help(to->kind);
        to->wrong = mistake_at(in, group, row, 0);
        to->title =
            words(in->arena, "%s · %s", at[0] ? at : "–", author_planted_words(in->lab, in->draft, row, in->arena));
    } else {
        const char *script = draft_value(in->draft, group, row, "script");
        to->title = words(in->arena, "%s · %s", at[0] ? at : "–",
                          script[0] ? draft_choice_text(in->lab, LIST_SCRIPTS, script, in->arena) : "A call");
    }
    for (int i = group == DRAFT_PLANTED; i < g->count; i++) {
        if (!draft_asks(in->draft, group, row, i)) continue;
        author_field_t *field = &to->fields[to->count++];
        if (!fill_field(in, field, group, row, i)) return false;
        field->focus = focus;
        focus = false;
        to->open = to->open || field->wrong != NULL;
    }
    to->open = to->open || to->wrong != NULL;
    return true;
}

static bool fill_rows(const filling_t *in, author_row_t **rows, int *count, int group)
{
    *count = in->draft->count[group];
    *rows = arena_array(in->arena, DRAFT_ROWS_MAX, sizeof **rows);
    bool ok = *rows != NULL;
    for (int i = 0; ok && i < *count; i++) ok = fill_row(in, &(*rows)[i], group, i);
    return ok;
}

static bool fill_mistakes(const filling_t *in, author_form_t *page)
{
    page->mistakes = arena_array(in->arena, DRAFT_MISTAKES_MAX, sizeof *page->mistakes);
    if (!page->mistakes) return false;
    for (int i = 0; i < in->mistake_count; i++) {
        const draft_mistake_t *m = &in->mistakes[i];
        author_mistake_t *to = &page->mistakes[page->mistake_count++];
        to->text = m->text;
        to->href = "#main";
        if (m->group < 0) continue;
        char name[64];
        const char *key = draft_group(m->group)->fields[m->field].key;
        field_name(name, m->group, m->row, key);
        to->href = words(in->arena, "#f-%s", name);
        if (m->group == DRAFT_PLANTED) to->text = words(in->arena, "Planted %d: %s", m->row + 1, m->text);
        if (m->group == DRAFT_PLANTED && m->field == 0) to->href = words(in->arena, "#p%d", m->row);
        if (m->group == DRAFT_CALLS) to->text = words(in->arena, "Call %d: %s", m->row + 1, m->text);
    }
    return true;
}

bool author_fill(author_form_t *page, const lab_t *lab, const draft_t *draft, bool check, const char *open,
                 arena_t *arena, err_t *err)
{
    filling_t in = {.lab = lab, .draft = draft, .arena = arena, .open = open};
    in.mistakes = arena_array(arena, DRAFT_MISTAKES_MAX, sizeof *in.mistakes);
    if (in.mistakes && check) in.mistake_count = draft_check(lab, draft, in.mistakes);
    page->planted_max = draft_group(DRAFT_PLANTED)->max;
    page->call_max = draft_group(DRAFT_CALLS)->max;
    page->focus_add = open != NULL && strcmp(open, "planted") == 0;
    page->kinds = arena_array(arena, DRAFT_KINDS_MAX, sizeof *page->kinds);
    bool ok = in.mistakes && page->kinds && fill_sections(&in, page) &&
              fill_rows(&in, &page->planted, &page->planted_count, DRAFT_PLANTED) &&
              fill_rows(&in, &page->calls, &page->call_count, DRAFT_CALLS) && fill_mistakes(&in, page);
    draft_choice_t kind;
    for (int i = 0; ok && i < DRAFT_KINDS_MAX && draft_choice(lab, LIST_PLANT_KINDS, i, arena, &kind); i++)
        page->kinds[page->kind_count++] = (author_choice_t){kind.value, kind.text, false};
    return ok || err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
}
