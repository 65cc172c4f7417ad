/* See blueprint.h. */
#include "exam/blueprint.h"

#include "base/csv.h"
#include "base/exact.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Names become places in order of first appearance; a sorted index finds them. */
typedef struct {
    const char *name;
    size_t item;
} label_t;

static int by_label(const void *a, const void *b)
{
    const label_t *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->item > y->item) - (x->item < y->item);
}

/* places[i] is the number of the group that names[i] spells, -1 where it is empty; returns how many groups, -1 when
 * memory is out. Groups are numbered in alphabetical order. */
static int number_labels(const char *const *names, size_t count, int *places, arena_t *arena)
{
    label_t *labels = arena_array(arena, count + 1, sizeof *labels);
    size_t n = 0;
    int groups = 0;
    if (!labels) return -1;
    for (size_t i = 0; i < count; i++) {
        places[i] = -1;
        if (names && names[i] && names[i][0]) labels[n++] = (label_t){names[i], i};
    }
    qsort(labels, n, sizeof *labels, by_label);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(labels[i].name, labels[i - 1].name) != 0) groups++;
        places[labels[i].item] = groups - 1;
    }
    return groups;
}

static bool out_of_memory(const char *file, err_t *err)
{
    return err_set(err, ERR_MEMORY, "%s does not fit into memory", file);
}

/* The three columns of the items, by place in the bank, as texts. */
typedef struct {
    const char **area, **set, **enemies;
} texts_t;

static bool join(blueprint_t *to, arena_t *arena, const items_t *items, const texts_t *texts, err_t *err)
{
    int *area_of = arena_array(arena, items->count, sizeof(int));
    int *set_of = arena_array(arena, items->count, sizeof(int));
    int *group_of = arena_array(arena, items->count, sizeof(int));
    if (!area_of || !set_of || !group_of) return out_of_memory(items->file, err);
    for (size_t i = 0; i < items->count; i++) {
        const char *name = texts->area ? texts->area[i] : NULL;
        if (!name || !name[0])
            return err_set(err, ERR_INPUT,
                           "%s: the item %s has no area; give it one there or in a column area of %s, or take it out",
                           to->file, items->items[i].id, items->file);
        while (area_of[i] < to->areas && strcmp(to->area[area_of[i]].name, name) != 0) area_of[i]++;
        if (area_of[i] == to->areas)
            return err_set(err, ERR_INPUT,
                           "%s: the item %s is of the area \"%.80s\", which the blueprint does not name", to->file,
                           items->items[i].id, name);
    }
    to->sets = number_labels(texts->set, items->count, set_of, arena);
    to->groups = number_labels(texts->enemies, items->count, group_of, arena);
    if (to->sets < 0 || to->groups < 0) return out_of_memory(items->file, err);
    to->items = items->count;
    to->area_of = area_of;
    to->set_of = set_of;
    to->group_of = group_of;
    return true;
}

bool blueprint_none(blueprint_t *blueprint, arena_t *arena, const items_t *items, err_t *err)
{
    *blueprint = (blueprint_t){.areas = 1, .area = {{"all", 0, 100}}};
    texts_t texts = {arena_array(arena, items->count, sizeof(char *)), NULL, NULL};
    if (!texts.area) return out_of_memory(items->file, err);
    for (size_t i = 0; i < items->count; i++) texts.area[i] = "all";
    return join(blueprint, arena, items, &texts, err);
}

static bool read_areas(blueprint_t *to, const csv_t *table, err_t *err)
{
    int name, min, max;
    double least = 0, most = 0;
    if (!csv_need(table, "area", &name, err) || !csv_need(table, "percent_min", &min, err) ||
        !csv_need(table, "percent_max", &max, err))
        return false;
    if (table->rows == 0 || table->rows > AREAS_MAX)
        return err_set(err, ERR_INPUT, "%s: a blueprint has 1 to %d areas; found %zu", table->file, AREAS_MAX,
                       table->rows);
    for (size_t row = 0; row < table->rows; row++) {
        area_t *area = &to->area[row];
        area->name = csv_text(table, row, name);
        if (!area->name[0] || strlen(area->name) > CONTENT_NAME_MAX)
            return csv_fail(table, row, err, "an area has a name of 1 to %d bytes", CONTENT_NAME_MAX);
        for (size_t i = 0; i < row; i++)
            if (strcmp(to->area[i].name, area->name) == 0)
                return csv_fail(table, row, err, "the area %s was named before, on line %d", area->name,
                                table->lines[i]);
        if (!csv_double(table, row, min, &area->percent_min, err) ||
            !csv_double(table, row, max, &area->percent_max, err))
            return false;
        if (!(area->percent_min >= 0 && area->percent_min <= area->percent_max && area->percent_max <= 100))
            return csv_fail(table, row, err,
                            "percent_min and percent_max are percentages, the first not above the second");
        least += area->percent_min;
        most += area->percent_max;
    }
    to->areas = (int)table->rows;
    if (least > 100.0 + 1e-6)
        return err_set(err, ERR_INPUT, "%s: percent_min add up to more than 100; lower some", table->file);
    if (most < 100.0 - 1e-6)
        return err_set(err, ERR_INPUT, "%s: percent_max add up to less than 100; raise some", table->file);
    return true;
}

static int by_id(const void *a, const void *b)
{
    const label_t *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* The second table: spreads its rows over the bank. */
static bool read_mapping(const csv_t *table, arena_t *arena, const items_t *items, texts_t *texts, err_t *err)
{
    int item, area, set = csv_column(table, "set"), enemies = csv_column(table, "enemies");
    if (!csv_need(table, "item", &item, err) || !csv_need(table, "area", &area, err)) return false;
    label_t *ids = arena_array(arena, items->count, sizeof *ids);
    *texts =
        (texts_t){arena_array(arena, items->count, sizeof(char *)), arena_array(arena, items->count, sizeof(char *)),
                  arena_array(arena, items->count, sizeof(char *))};
    if (!ids || !texts->area || !texts->set || !texts->enemies) return out_of_memory(table->file, err);
    for (size_t i = 0; i < items->count; i++) ids[i] = (label_t){items->items[i].id, i};
    qsort(ids, items->count, sizeof *ids, by_id);
    for (size_t row = 0; row < table->rows; row++) {
        label_t key = {csv_text(table, row, item), 0};
        const label_t *found = bsearch(&key, ids, items->count, sizeof *ids, by_id);
        if (!found)
            return csv_fail(table, row, err, "the item \"%.80s\" is not in %s; take the row out", key.name,
                            items->file);
        if (texts->area[found->item]) return csv_fail(table, row, err, "the item %s has two rows", key.name);
        texts->area[found->item] = csv_text(table, row, area);
        if (set >= 0) texts->set[found->item] = csv_text(table, row, set);
        if (enemies >= 0) texts->enemies[found->item] = csv_text(table, row, enemies);
    }
    return true;
}

/* Moves `first` to end before the first empty line and `second` to begin behind it. */
static void split_tables(const csv_cursor_t *whole, csv_cursor_t *first, csv_cursor_t *second)
{
    const unsigned char *b = whole->bytes;
    *first = *second = *whole;
    second->at = whole->length;
    int line = whole->line;
    bool empty = true, begun = false; /* so far on this line; was there any line that is not empty? */
    for (size_t i = whole->at; i < whole->length; i++) {
        if (b[i] != '\n') {
            if (b[i] != '\r') empty = false;
            continue;
        }
        line++;
        if (empty && begun) {
            first->length = i;
            second->at = i + 1;
            second->line = line;
            return;
        }
        begun = begun || !empty;
        empty = true;
    }
}

bool blueprint_read(blueprint_t *blueprint, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                    const items_t *items, err_t *err)
{
    csv_cursor_t whole, first, second;
    csv_t areas, mapping;
    texts_t texts = {items->area, items->set, items->enemies};
    *blueprint = (blueprint_t){.file = file};
    if (!csv_begin(&whole, file, bytes, length, err)) return false;
    split_tables(&whole, &first, &second);
    if (!csv_more(&first)) return err_set(err, ERR_INPUT, "%s: the table of areas is missing", file);
    if (!csv_read_rest(&areas, arena, &first, err) || !read_areas(blueprint, &areas, err)) return false;
    if (csv_more(&second) &&
        (!csv_read_rest(&mapping, arena, &second, err) || !read_mapping(&mapping, arena, items, &texts, err)))
        return false;
    return join(blueprint, arena, items, &texts, err);
}

static bool possible(const blueprint_t *blueprint, int length, const quotas_t *quotas)
{
    int least = 0, most = 0;
    for (int a = 0; a < blueprint->areas; a++) {
        if (quotas->low[a] > quotas->high[a]) return false;
        least += quotas->low[a];
        most += quotas->high[a];
    }
    return least <= length && length <= most;
}

void blueprint_quotas(const blueprint_t *blueprint, int length, quotas_t *quotas)
{
    static const double SLACK = 1e-6; /* a share that is a whole number but for rounding is that number */
    assert(length >= 0 && length <= TEST_LENGTH_MAX);
    quotas->rounded = false;
    for (int a = 0; a < blueprint->areas; a++) {
        double low = blueprint->area[a].percent_min * length / 100,
               high = blueprint->area[a].percent_max * length / 100;
        quotas->low[a] = (int)-exact_floor(-(low - SLACK));
        quotas->high[a] = (int)exact_floor(high + SLACK);
        if (quotas->low[a] <= quotas->high[a]) continue;
        quotas->low[a] = (int)exact_floor(low + SLACK);
        quotas->high[a] = (int)-exact_floor(-(high - SLACK));
        quotas->rounded = true;
    }
    if (possible(blueprint, length, quotas)) return;
    quotas->rounded = true;
    for (int a = 0; a < blueprint->areas; a++) {
        quotas->low[a] = (int)exact_floor(blueprint->area[a].percent_min * length / 100 + SLACK);
        quotas->high[a] = (int)-exact_floor(-(blueprint->area[a].percent_max * length / 100 - SLACK));
    }
    assert(possible(blueprint, length, quotas));
}
