/* See items.h. Items go through csv_read; responses, which may be wide and long, field by field. */
#include "exam/items.h"

#include "base/csv.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int id, model, a, c, b[IRT_CATEGORIES_MAX - 1];
    int thresholds; /* columns b1 .. b_thresholds */
} columns_t;

static bool find_columns(const csv_t *table, columns_t *at, err_t *err)
{
    if (!csv_need(table, "id", &at->id, err) || !csv_need(table, "model", &at->model, err) ||
        !csv_need(table, "b1", &at->b[0], err))
        return false;
    at->a = csv_column(table, "a");
    at->c = csv_column(table, "c");
    at->thresholds = 1;
    while (at->thresholds < IRT_CATEGORIES_MAX - 1) {
        char name[16];
        snprintf(name, sizeof name, "b%d", at->thresholds + 1);
        at->b[at->thresholds] = csv_column(table, name);
        if (at->b[at->thresholds] < 0) break;
        at->thresholds++;
    }
    char name[16];
    snprintf(name, sizeof name, "b%d", at->thresholds + 1);
    if (csv_column(table, name) >= 0)
        return err_set(err, ERR_LIMIT, "%s:1: an item has at most %d thresholds; take out the column %s", table->file,
                       IRT_CATEGORIES_MAX - 1, name);
    return true;
}

static bool optional(const csv_t *table, size_t row, int column, double otherwise, double *value, err_t *err)
{
    *value = otherwise;
    return column < 0 || csv_double_or(table, row, column, otherwise, value, err);
}

static bool read_thresholds(const csv_t *table, size_t row, const columns_t *at, irt_item_t *item, err_t *err)
{
    int count = 0;
    for (int k = 0; k < at->thresholds; k++) {
        if (!csv_text(table, row, at->b[k])[0]) continue;
        if (count < k)
            return csv_fail(table, row, err, "b%d is given but b%d is empty; thresholds fill from the left", k + 1, k);
        if (!csv_double(table, row, at->b[k], &item->b[k], err)) return false;
        count++;
    }
    if (count == 0) return csv_fail(table, row, err, "b1 is empty; an item needs its difficulty");
    item->categories = count + 1;
    return true;
}

static bool read_item(const csv_t *table, size_t row, const columns_t *at, irt_item_t *item, err_t *err)
{
    const char *id = csv_text(table, row, at->id), *model = csv_text(table, row, at->model);
    err_t why = {0};
    if (!id[0] || strlen(id) > IRT_ID_MAX)
        return csv_fail(table, row, err, "an id has 1 to %d bytes; found \"%.70s\"", IRT_ID_MAX, id);
    memcpy(item->id, id, strlen(id) + 1);
    if (!irt_model_from_name(model, &item->model))
        return csv_fail(table, row, err, "the model is rasch, 2pl, 3pl, pcm, gpcm or grm; found \"%.40s\"", model);
    bool unit = item->model == IRT_RASCH || item->model == IRT_PCM;
    if (!unit && (at->a < 0 || !csv_text(table, row, at->a)[0]))
        return csv_fail(table, row, err, "a is empty; %s needs a slope (rasch and pcm have the slope 1)",
                        irt_model_name(item->model));
    if (!optional(table, row, at->a, 1, &item->a, err) || !optional(table, row, at->c, 0, &item->c, err) ||
        !read_thresholds(table, row, at, item, err))
        return false;
    return irt_item_check(item, &why) || csv_fail(table, row, err, "item %.63s: %s", id, why.text);
}

/* Names with their places, sorted, to find doubles and partners. */
typedef struct {
    const char *name;
    int place;
} name_t;

static int by_name(const void *a, const void *b)
{
    const name_t *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int name_place(const name_t *names, size_t count, const char *name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(names[middle].name, name);
        if (order == 0) return names[middle].place;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static bool item_names(const items_t *items, arena_t *arena, name_t **names, err_t *err)
{
    *names = arena_array(arena, items->count + 1, sizeof **names);
    if (!*names) return err_set(err, ERR_MEMORY, "%s: the items do not fit into memory", items->file);
    for (size_t i = 0; i < items->count; i++) (*names)[i] = (name_t){items->items[i].id, (int)i};
    qsort(*names, items->count, sizeof **names, by_name);
    return true;
}

/* The texts of a column that need not be there. */
static bool keep_column(const csv_t *table, const char *name, arena_t *arena, const char ***texts, err_t *err)
{
    int column = csv_column(table, name);
    if (column < 0) return true;
    *texts = arena_array(arena, table->rows, sizeof **texts);
    if (!*texts) return err_set(err, ERR_MEMORY, "%s: the items do not fit into memory", table->file);
    for (size_t row = 0; row < table->rows; row++) (*texts)[row] = csv_text(table, row, column);
    return true;
}

bool items_read(items_t *items, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    csv_t table;
    columns_t at;
    name_t *names;
    *items = (items_t){.file = file};
    if (!csv_read(&table, arena, file, bytes, length, err) || !find_columns(&table, &at, err)) return false;
    if (table.rows == 0) return err_set(err, ERR_INPUT, "%s: there is no item below the header", file);
    if (table.rows > ITEMS_MAX)
        return err_set(err, ERR_LIMIT, "%s: %zu items; a bank holds at most %d", file, table.rows, ITEMS_MAX);
    items->items = arena_array(arena, table.rows, sizeof *items->items);
    if (!items->items) return err_set(err, ERR_MEMORY, "%s: the items do not fit into memory", file);
    for (; items->count < table.rows; items->count++)
        if (!read_item(&table, items->count, &at, &items->items[items->count], err)) return false;
    if (!item_names(items, arena, &names, err)) return false;
    for (size_t i = 1; i < items->count; i++)
        if (strcmp(names[i].name, names[i - 1].name) == 0)
            return csv_fail(&table, (size_t)names[i].place, err, "the item %s was named before, on line %d",
                            names[i].name, table.lines[names[i - 1].place]);
    return keep_column(&table, "area", arena, &items->area, err) &&
           keep_column(&table, "set", arena, &items->set, err) &&
           keep_column(&table, "enemies", arena, &items->enemies, err);
}

int items_find(const items_t *items, const char *id)
{
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].id, id) == 0) return (int)i;
    return -1;
}

void items_write(const irt_item_t *items, size_t count, text_t *out)
{
    int thresholds = 1;
    bool guess = false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].categories - 1 > thresholds) thresholds = items[i].categories - 1;
        guess = guess || items[i].model == IRT_3PL;
    }
    text_add(out, "id,model,a");
    for (int k = 1; k <= thresholds; k++) text_addf(out, ",b%d", k);
    text_add(out, guess ? ",c\n" : "\n");
    for (size_t i = 0; i < count; i++) {
        text_add_csv(out, items[i].id);
        text_addf(out, ",%s,", irt_model_name(items[i].model));
        text_add_fixed(out, items[i].a, 9);
        for (int k = 0; k < thresholds; k++) {
            text_add_char(out, ',');
            if (k < items[i].categories - 1) text_add_fixed(out, items[i].b[k], 9);
        }
        if (guess) text_add_char(out, ',');
        if (items[i].model == IRT_3PL) text_add_fixed(out, items[i].c, 9);
        text_add_char(out, '\n');
    }
}

/* ---- responses ---- */

static bool read_names(csv_cursor_t *in, responses_t *to, arena_t *arena, err_t *err)
{
    size_t commas = 0;
    for (size_t i = in->at; i < in->length && in->bytes[i] != '\n'; i++) commas += in->bytes[i] == ',';
    if (commas >= RESPONSES_ITEMS_MAX)
        return err_set(err, ERR_LIMIT, "%s:1: the header names %zu items; at most %d", in->file, commas + 1,
                       RESPONSES_ITEMS_MAX);
    to->names = arena_array(arena, commas + 1, sizeof *to->names);
    name_t *sorted = arena_array(arena, commas + 1, sizeof *sorted);
    if (!to->names || !sorted) return err_set(err, ERR_MEMORY, "%s: the names do not fit into memory", in->file);
    for (bool end = false; !end; to->items++) {
        /* a quoted name may hold a line feed; its commas were not counted */
        if (to->items > commas) return err_set(err, ERR_INPUT, "%s:1: an item name holds a line break", in->file);
        if (!csv_field(in, arena, &to->names[to->items], &end, err)) return false;
        if (!to->names[to->items][0])
            return err_set(err, ERR_INPUT, "%s:1: column %zu has no name; the first row names the items", in->file,
                           to->items + 1);
        sorted[to->items] = (name_t){to->names[to->items], (int)to->items};
    }
    qsort(sorted, to->items, sizeof *sorted, by_name);
    for (size_t i = 1; i < to->items; i++)
        if (strcmp(sorted[i].name, sorted[i - 1].name) == 0)
            return err_set(err, ERR_INPUT, "%s:1: the item \"%.80s\" has two columns", in->file, sorted[i].name);
    return true;
}

static bool read_answer(const char *bytes, size_t length, int8_t *answer)
{
    int value = RESPONSE_MISSING;
    if (length > 2) return false;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') return false;
        value = (value < 0 ? 0 : value * 10) + (bytes[i] - '0');
    }
    *answer = (int8_t)value;
    return value < IRT_CATEGORIES_MAX;
}

static bool read_person(csv_cursor_t *in, const responses_t *to, int8_t *answers, err_t *err)
{
    int line = in->line;
    size_t column = 0;
    for (bool end = false; !end; column++) {
        const char *bytes;
        size_t length;
        int8_t answer;
        if (!csv_plain(in, &bytes, &length, &end, err)) return false;
        if (!read_answer(bytes, length, &answer))
            return err_set(err, ERR_INPUT,
                           "%s:%d: a response is a whole number from 0 to %d, or empty where there is none; "
                           "column %zu has \"%.*s\"",
                           in->file, line, IRT_CATEGORIES_MAX - 1, column + 1, length > 40 ? 40 : (int)length, bytes);
        if (column < to->items) answers[column] = answer;
    }
    return column == to->items || err_set(err, ERR_INPUT, "%s:%d: this row has %zu fields, the header names %zu",
                                          in->file, line, column, to->items);
}

bool responses_read(responses_t *responses, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                    err_t *err)
{
    csv_cursor_t in;
    *responses = (responses_t){.file = file};
    if (!csv_begin(&in, file, bytes, length, err) || !read_names(&in, responses, arena, err)) return false;
    size_t most = 1; /* persons: no more than lines, and a row is no shorter than its commas */
    for (size_t i = in.at; i < length; i++) most += bytes[i] == '\n';
    size_t fit = (length - in.at) / responses->items + 1;
    if (fit < most) most = fit;
    int8_t *answers = arena_array(arena, most, responses->items);
    int *lines = arena_array(arena, most, sizeof *lines);
    if (!answers || !lines) return err_set(err, ERR_MEMORY, "%s: the responses do not fit into memory", file);
    while (csv_more(&in)) {
        if (responses->persons == RESPONSES_PERSONS_MAX || responses->persons == most)
            return err_set(err, ERR_LIMIT, "%s:%d: more than %zu persons; give them in several files", file, in.line,
                           responses->persons);
        lines[responses->persons] = in.line;
        if (!read_person(&in, responses, answers + responses->persons * responses->items, err)) return false;
        responses->persons++;
    }
    if (responses->persons == 0) return err_set(err, ERR_INPUT, "%s: there is no person below the header", file);
    responses->answers = answers;
    responses->lines = lines;
    return true;
}

bool responses_match(const responses_t *responses, const items_t *items, arena_t *arena, const int **item_of,
                     err_t *err)
{
    name_t *names;
    int *found = arena_array(arena, responses->items, sizeof *found);
    if (!found) return err_set(err, ERR_MEMORY, "%s: the names do not fit into memory", responses->file);
    if (!item_names(items, arena, &names, err)) return false;
    for (size_t column = 0; column < responses->items; column++) {
        found[column] = name_place(names, items->count, responses->names[column]);
        if (found[column] < 0)
            return err_set(err, ERR_INPUT, "%s:1: the item \"%.80s\" is not in %s; take its column out or add the item",
                           responses->file, responses->names[column], items->file);
    }
    for (size_t person = 0; person < responses->persons; person++)
        for (size_t column = 0; column < responses->items; column++) {
            int answer = responses->answers[person * responses->items + column];
            const irt_item_t *item = &items->items[found[column]];
            if (answer >= item->categories)
                return err_set(err, ERR_INPUT, "%s:%d: item %s has the response %d; %s in %s has 0 to %d",
                               responses->file, responses->lines[person], item->id, answer, irt_model_name(item->model),
                               items->file, item->categories - 1);
        }
    *item_of = found;
    return true;
}
