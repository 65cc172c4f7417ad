/* Forms: reading them, and drawing the items of a fixed one. See form.h. */
#include "exam/form.h"

#include "base/rng.h"
#include "base/yaml.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DRAW_FORM = 9200, DRAW_ORDER, DRAW_QUIZ };

static const char *const kind_words[] = {"adaptive", "fixed", NULL};
static const char *const navigation_words[] = {"free", "review", "forward", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};

const char *form_kind_word(form_kind_t kind)
{
    return kind_words[kind];
}

const char *navigation_word(navigation_t navigation)
{
    return navigation_words[navigation];
}

static bool read_flag(const yaml_t *yaml, yaml_item_t *root, const char *key, bool *flag, err_t *err)
{
    int value;
    if (!yaml_choice(yaml, root, key, yes_no, &value, err)) return false;
    *flag = value == 1;
    return true;
}

static bool read_shares(const yaml_t *yaml, const bank_t *bank, exam_form_t *form, err_t *err)
{
    double low = 0, high = 0;
    bank_share_view_t share;
    for (int i = 0; bank_share(bank, form->credential, i, &share); i++) {
        if (form->share_count == FORM_AREAS_MAX)
            return yaml_fail(yaml, yaml->root, err, "an outline has at most %d areas", FORM_AREAS_MAX);
        form->shares[form->share_count++] = (form_share_t){share.area, share.low, share.high};
        low += share.low;
        high += share.high;
    }
    if (form->share_count == 0)
        return yaml_fail(yaml, yaml_get(yaml->root, "outline"), err,
                         "exam/blueprints.csv has no shares of \"%.40s\"; name a credential that has them",
                         form->credential);
    /* published shares are rounded */
    if (low > 100.5 || high < 99.5)
        return yaml_fail(yaml, yaml_get(yaml->root, "outline"), err,
                         "the shares of %.40s cannot add up to 100 %% (%.1f to %.1f)", form->credential, low, high);
    return true;
}

static bool read_form(exam_form_t *form, const bank_t *bank, const source_file_t *file, arena_t *arena, err_t *err)
{
    yaml_t yaml;
    const char *program = "";
    int kind = 0, navigation = 0;
    int64_t items = 0, minutes = 0;
    *form = (exam_form_t){0};
    if (!yaml_read(&yaml, arena, file->path, file->bytes, file->length, err)) return false;
    yaml_item_t *root = yaml.root;
    if (!yaml_text(&yaml, root, "id", &form->id, err) || !yaml_text(&yaml, root, "title", &form->title, err) ||
        !yaml_text(&yaml, root, "summary", &form->summary, err) ||
        !yaml_text(&yaml, root, "models", &form->models, err) ||
        !yaml_text(&yaml, root, "source", &form->source, err) || !yaml_text(&yaml, root, "as_of", &form->as_of, err) ||
        !yaml_text(&yaml, root, "outline", &form->credential, err) ||
        !yaml_text(&yaml, root, "program", &program, err) ||
        !yaml_choice(&yaml, root, "kind", kind_words, &kind, err) ||
        !yaml_choice(&yaml, root, "navigation", navigation_words, &navigation, err) ||
        !yaml_int(&yaml, root, "items", 1, FORM_ITEMS_MAX, &items, err) ||
        !yaml_int(&yaml, root, "minutes", 1, 600, &minutes, err) ||
        !read_flag(&yaml, root, "calculator", &form->calculator, err) ||
        !read_flag(&yaml, root, "drawer", &form->drawer, err) || !read_flag(&yaml, root, "tutor", &form->tutor, err) ||
        !read_flag(&yaml, root, "families", &form->families, err) || !yaml_no_unused(&yaml, root, err))
        return false;
    form->kind = (form_kind_t)kind;
    form->navigation = (navigation_t)navigation;
    form->items = (int)items;
    form->minutes = (int)minutes;
    form->program = item_programs(program);
    size_t length = strlen(form->id);
    if (length == 0 || length >= FORM_ID_MAX || strspn(form->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        return yaml_fail(&yaml, yaml_get(root, "id"), err, "an id has small letters, digits and hyphens");
    if (!form->program) return yaml_fail(&yaml, yaml_get(root, "program"), err, "a program is PBT, MLA or MLT");
    if (form->kind == FORM_ADAPTIVE && form->navigation == NAVIGATE_FREE)
        return yaml_fail(&yaml, yaml_get(root, "navigation"), err,
                         "an adaptive form goes forward: say review or forward");
    return read_shares(&yaml, bank, form, err);
}

bool forms_read(exam_forms_t *forms, const bank_t *bank, const source_t *content, arena_t *arena, err_t *err)
{
    size_t count, first = source_under(content, "exam/forms/", &count);
    forms->count = 0;
    for (size_t i = first; i < first + count; i++) {
        if (forms->count == FORMS_MAX) return err_set(err, ERR_LIMIT, "There are at most %d forms.", FORMS_MAX);
        exam_form_t *form = &forms->forms[forms->count];
        if (!read_form(form, bank, &content->files[i], arena, err)) return false;
        if (form_find(forms, form->id))
            return err_set(err, ERR_INPUT, "%s:1: there is a form \"%s\" already", content->files[i].path, form->id);
        forms->count++;
    }
    return true;
}

const exam_form_t *form_find(const exam_forms_t *forms, const char *id)
{
    for (int i = 0; i < forms->count; i++)
        if (strcmp(forms->forms[i].id, id) == 0) return &forms->forms[i];
    return NULL;
}

int form_area(const exam_form_t *form, const bank_t *bank, const item_t *item)
{
    const char *area = bank_outline(bank, item, form->credential);
    for (int i = 0; area && i < form->share_count; i++)
        if (strcmp(form->shares[i].area, area) == 0) return i;
    return -1;
}

bool form_shows(const item_t *item, bool drafts)
{
    return item->state == STATE_IN_USE || (drafts && item->state != STATE_RETIRED);
}

bool form_admits(const exam_form_t *form, const bank_t *bank, const item_t *item, bool drafts)
{
    bool fits = form->kind == FORM_FIXED || item_has_one_key(item->type); /* right or wrong, as the model has it */
    if (item->computed && !form->families) return false;
    return form_shows(item, drafts) && fits && (item->programs & form->program) && form_area(form, bank, item) >= 0;
}

/* ---- drawing ---- */

/* Whole numbers for the areas: the middle of each range, rounded down, then one more for the largest remainders, as far
 * as the range and what is there allow. */
static void quotas(const exam_form_t *form, const int *there, int *quota)
{
    double middle[FORM_AREAS_MAX], sum = 0;
    int given = 0;
    for (int i = 0; i < form->share_count; i++) sum += (form->shares[i].low + form->shares[i].high) / 2;
    for (int i = 0; i < form->share_count; i++) {
        middle[i] = form->items * (form->shares[i].low + form->shares[i].high) / 2 / sum;
        quota[i] = (int)middle[i] < there[i] ? (int)middle[i] : there[i];
        given += quota[i];
    }
    while (given < form->items) {
        int best = -1;
        for (int i = 0; i < form->share_count; i++)
            if (quota[i] < there[i] && (best < 0 || middle[i] - quota[i] > middle[best] - quota[best])) best = i;
        if (best < 0) return; /* nothing is left anywhere */
        quota[best]++;
        given++;
    }
}

/* A set, or an item by itself: `count` items that follow one another in the pool. */
typedef struct {
    int first, count;
} unit_t;

typedef struct {
    const bank_t *bank;
    const bool *stale;
    const int *pool;
    unit_t *taken; /* [FORM_ITEMS_MAX] in places of `items` */
    int taken_count;
    int items[FORM_ITEMS_MAX], item_count;
} drawing_t;

static void mix(unit_t *list, int count, rng_t *rng)
{
    for (int i = count - 1; i > 0; i--) {
        int k = (int)rng_below(rng, (uint32_t)i + 1);
        unit_t swapped = list[i];
        list[i] = list[k];
        list[k] = swapped;
    }
}

static bool same_set(const item_t *a, const item_t *b)
{
    return a->set && b->set && strcmp(a->set, b->set) == 0;
}

static int units_of(const drawing_t *in, int pool_count, bool alone, unit_t *unit)
{
    int units = 0;
    for (int i = 0; i < pool_count; i++) {
        const item_t *item = bank_item(in->bank, (size_t)in->pool[i]);
        if (i > 0 && !alone && same_set(bank_item(in->bank, (size_t)in->pool[i - 1]), item))
            unit[units - 1].count++;
        else
            unit[units++] = (unit_t){i, 1};
    }
    return units;
}

static bool is_stale(const drawing_t *in, const unit_t *unit)
{
    for (int i = 0; in->stale && i < unit->count; i++)
        if (in->stale[in->pool[unit->first + i]]) return true;
    return false;
}

static bool has_enemy(const drawing_t *in, const unit_t *unit)
{
    for (int i = 0; i < unit->count; i++) {
        const item_t *item = bank_item(in->bank, (size_t)in->pool[unit->first + i]);
        for (int k = 0; item->enemies > 0 && k < in->item_count; k++)
            if (items_are_enemies(item, bank_item(in->bank, (size_t)in->items[k]))) return true;
    }
    return false;
}

/* Takes units in their order until `wanted` items are there: fresh ones first, whole, without enemies. */
static void take(drawing_t *in, const unit_t *unit, int units, int wanted)
{
    for (int old = 0; old < 2; old++)
        for (int u = 0; u < units && wanted > 0; u++) {
            if (is_stale(in, &unit[u]) != (old == 1) || unit[u].count > wanted || has_enemy(in, &unit[u])) continue;
            assert(in->item_count + unit[u].count <= FORM_ITEMS_MAX);
            in->taken[in->taken_count++] = (unit_t){in->item_count, unit[u].count};
            for (int i = 0; i < unit[u].count; i++) in->items[in->item_count++] = in->pool[unit[u].first + i];
            wanted -= unit[u].count;
        }
}

/* What was taken, mixed by the seed. */
static void lay_out(drawing_t *in, uint64_t seed, int *order, int *count)
{
    rng_t rng = rng_at(seed, DRAW_ORDER, 0, 0);
    mix(in->taken, in->taken_count, &rng);
    *count = 0;
    for (int u = 0; u < in->taken_count; u++)
        for (int i = 0; i < in->taken[u].count; i++) order[(*count)++] = in->items[in->taken[u].first + i];
}

bool form_draw(const exam_form_t *form, const bank_t *bank, uint64_t seed, const bool *stale, bool drafts, int *order,
               int *count, err_t *err)
{
    size_t n = bank_count(bank);
    unit_t taken[FORM_ITEMS_MAX], *unit = calloc(n + 1, sizeof *unit);
    int *pool = calloc(n + 1, sizeof *pool), *area_of = calloc(n + 1, sizeof *area_of);
    int there[FORM_AREAS_MAX] = {0}, quota[FORM_AREAS_MAX];
    drawing_t in = {.bank = bank, .stale = stale, .pool = pool, .taken = taken};
    *count = 0;
    bool ok = (unit && pool && area_of) || err_set(err, ERR_MEMORY, "There is not enough memory to draw the items.");
    for (size_t i = 0; ok && i < n; i++) {
        const item_t *item = bank_item(bank, i);
        area_of[i] = form_admits(form, bank, item, drafts) ? form_area(form, bank, item) : -1;
        if (area_of[i] >= 0) there[area_of[i]]++;
    }
    if (ok) quotas(form, there, quota);
    for (int area = 0; ok && area < form->share_count; area++) {
        int found = 0;
        rng_t rng = rng_at(seed, DRAW_FORM, (uint64_t)area, 0);
        for (size_t i = 0; i < n; i++)
            if (area_of[i] == area) pool[found++] = (int)i;
        int units = units_of(&in, found, false, unit);
        mix(unit, units, &rng);
        take(&in, unit, units, quota[area]);
    }
    if (ok) lay_out(&in, seed, order, count);
    free(unit);
    free(pool);
    free(area_of);
    if (!ok || *count > 0) return ok;
    return err_set(err, ERR_STATE, "The item bank has no item in use that fits \"%s\" yet.", form->title);
}

bool form_pick(const bank_t *bank, const int *pool, int pool_count, int items, uint64_t seed, bool alone, int *order,
               int *count, err_t *err)
{
    unit_t taken[FORM_ITEMS_MAX], *unit = calloc((size_t)pool_count + 1, sizeof *unit);
    drawing_t in = {.bank = bank, .pool = pool, .taken = taken};
    assert(items <= FORM_ITEMS_MAX);
    *count = 0;
    if (!unit) return err_set(err, ERR_MEMORY, "There is not enough memory to draw the items.");
    rng_t rng = rng_at(seed, DRAW_QUIZ, 0, 0);
    int units = units_of(&in, pool_count, alone, unit);
    mix(unit, units, &rng);
    take(&in, unit, units, items);
    lay_out(&in, seed, order, count);
    free(unit);
    return true;
}
