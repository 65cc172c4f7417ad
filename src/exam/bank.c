/* The bank as a place: its catalog, its items, its findings. See bank.h. */
#include "bank_private.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BANK_MEMORY = 256 * 1024 * 1024, REVIEWS_MAX = 100000 };

static const char *const type_words[ITEM_TYPES] = {"single",  "several", "order", "match",
                                                   "numeric", "hotspot", "count", "next"};
static const char *const level_words[ITEM_LEVELS] = {"recall", "interpret", "solve"};
static const char *const state_words[ITEM_STATES] = {"draft", "reviewed", "in_use", "retired"};

const char *item_type_word(item_type_t type)
{
    assert((unsigned)type < ITEM_TYPES);
    return type_words[type];
}

const char *item_level_word(item_level_t level)
{
    assert((unsigned)level < ITEM_LEVELS);
    return level_words[level];
}

const char *item_state_word(item_state_t state)
{
    assert((unsigned)state < ITEM_STATES);
    return state_words[state];
}

bool item_has_one_key(item_type_t type)
{
    return type == ITEM_SINGLE || type == ITEM_HOTSPOT || type == ITEM_NEXT;
}

bool item_is_number(item_type_t type)
{
    return type == ITEM_NUMERIC || type == ITEM_COUNT;
}

int item_key(const item_t *item)
{
    assert(item_has_one_key(item->type));
    int i = 0;
    while (!item->part[i].key) i++;
    assert(i < item->parts);
    return i;
}

unsigned item_programs(const char *text)
{
    static const char *const words[] = {"PBT", "MLA", "MLT"};
    unsigned programs = 0;
    while (*text) {
        size_t length = strcspn(text, "+");
        int i = 0;
        while (i < 3 && (strlen(words[i]) != length || strncmp(words[i], text, length) != 0)) i++;
        if (i == 3) return 0;
        programs |= 1u << i;
        text += length + (text[length] == '+');
    }
    return programs;
}

/* ---- findings ---- */

bool bank_say(bank_t *bank, finding_kind_t kind, const char *file, int line, const char *item, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    bank->error_count += kind == FINDING_ERROR;
    if (bank->finding_count == BANK_FINDINGS_MAX) return true;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *kept = arena_text(bank->arena, text, strlen(text)), *name = arena_text(bank->arena, item, strlen(item));
    bank->findings[bank->finding_count++] = (finding_t){
        .kind = kind, .file = file, .line = line, .item = name ? name : "", .text = kept ? kept : "memory is out"};
    return true;
}

size_t bank_findings(const bank_t *bank, const finding_t **findings)
{
    *findings = bank->findings;
    return bank->finding_count;
}

size_t bank_errors(const bank_t *bank)
{
    return bank->error_count;
}

/* ---- catalog ---- */

typedef struct {
    bank_t *bank;
    csv_t table;
    err_t *err;
} loading_t;

/* Opens a table and finds its columns (names ended by NULL). */
static bool table_open(loading_t *in, const source_t *content, const char *path, const char *const *names, int *column)
{
    const source_file_t *file = source_find(content, path);
    if (!file) return err_set(in->err, ERR_NOT_FOUND, "%s is missing from the content", path);
    if (!csv_read(&in->table, in->bank->arena, path, file->bytes, file->length, in->err)) return false;
    for (int i = 0; names[i]; i++)
        if (!csv_need(&in->table, names[i], &column[i], in->err)) return false;
    return true;
}

static bool full(loading_t *in, size_t row, size_t count, size_t max)
{
    if (count < max) return false;
    csv_fail(&in->table, row, in->err, "the table has more than %zu entries", max);
    return true;
}

static bool load_areas(loading_t *in, const source_t *content)
{
    int c[2];
    if (!table_open(in, content, "items/areas.csv", (const char *const[]){"area", "subarea", NULL}, c)) return false;
    for (size_t row = 0; row < in->table.rows; row++) {
        bank_area_t area = {csv_text(&in->table, row, c[0]), csv_text(&in->table, row, c[1])};
        if (!area.area[0] || !area.subarea[0])
            return csv_fail(&in->table, row, in->err, "an area and a subarea are needed");
        if (bank_area_known(in->bank, area.area, area.subarea))
            return csv_fail(&in->table, row, in->err, "%.40s, %.40s stands here twice", area.area, area.subarea);
        if (full(in, row, in->bank->area_count, BANK_AREAS_MAX)) return false;
        in->bank->areas[in->bank->area_count++] = area;
    }
    return true;
}

static bool load_lessons(loading_t *in, const source_t *content)
{
    int c[6];
    if (!table_open(
            in, content, "exam/objectives.csv",
            (const char *const[]){"lesson_id", "module_no", "programs", "objective_no", "lesson", "objective", NULL},
            c))
        return false;
    for (size_t row = 0; row < in->table.rows; row++) {
        const char *id = csv_text(&in->table, row, c[0]);
        bank_lesson_t *last = in->bank->lesson_count ? &in->bank->lessons[in->bank->lesson_count - 1] : NULL;
        int64_t module, number;
        if (!csv_int(&in->table, row, c[1], &module, in->err) || !csv_int(&in->table, row, c[3], &number, in->err))
            return false;
        if (!last || strcmp(last->id, id) != 0) {
            if (bank_lesson_of(in->bank, id))
                return csv_fail(&in->table, row, in->err, "the objectives of %.20s stand in two places", id);
            if (full(in, row, in->bank->lesson_count, BANK_LESSONS_MAX)) return false;
            last = &in->bank->lessons[in->bank->lesson_count++];
            *last = (bank_lesson_t){id,
                                    item_programs(csv_text(&in->table, row, c[2])),
                                    (int)module,
                                    0,
                                    csv_text(&in->table, row, c[4]),
                                    in->bank->objective_count};
            if (!last->programs) return csv_fail(&in->table, row, in->err, "programs are PBT, MLA and MLT joined by +");
        }
        if (number != ++last->objectives)
            return csv_fail(&in->table, row, in->err, "objective_no must be %d here", last->objectives);
        if (full(in, row, in->bank->objective_count, BANK_OBJECTIVES_MAX)) return false;
        in->bank->objectives[in->bank->objective_count++] = csv_text(&in->table, row, c[5]);
    }
    return true;
}

static bool load_outlines(loading_t *in, const source_t *content)
{
    int c[4];
    if (!table_open(in, content, "items/outlines.csv",
                    (const char *const[]){"area", "subarea", "credential", "outline_area", NULL}, c))
        return false;
    for (size_t row = 0; row < in->table.rows; row++) {
        bank_outline_t o = {csv_text(&in->table, row, c[0]), csv_text(&in->table, row, c[1]),
                            csv_text(&in->table, row, c[2]), csv_text(&in->table, row, c[3])};
        bool known = !o.area[0] || bank_area_known(in->bank, o.area, o.subarea[0] ? o.subarea : NULL);
        if (!known) return csv_fail(&in->table, row, in->err, "items/areas.csv has no %.40s %.40s", o.area, o.subarea);
        bool published = strcmp(o.outline, "unknown") == 0;
        for (size_t i = 0; i < in->bank->share_count && !published; i++)
            published = strcmp(in->bank->shares[i].credential, o.credential) == 0 &&
                        strcmp(in->bank->shares[i].area, o.outline) == 0;
        if (!published)
            return csv_fail(&in->table, row, in->err, "exam/blueprints.csv has no area \"%.80s\" of %.20s", o.outline,
                            o.credential);
        if (full(in, row, in->bank->outline_count, BANK_OUTLINES_MAX)) return false;
        in->bank->outlines[in->bank->outline_count++] = o;
    }
    return true;
}

static bool load_shares(loading_t *in, const source_t *content)
{
    int c[5];
    double none = (double)__builtin_nan("");
    if (!table_open(in, content, "exam/blueprints.csv",
                    (const char *const[]){"credential_id", "area", "subarea", "percent_min", "percent_max", NULL}, c))
        return false;
    for (size_t row = 0; row < in->table.rows; row++) {
        bank_share_t s = {.credential = csv_text(&in->table, row, c[0]), .area = csv_text(&in->table, row, c[1])};
        if (csv_text(&in->table, row, c[2])[0]) continue; /* subareas have no share */
        if (!csv_double_or(&in->table, row, c[3], none, &s.low, in->err) ||
            !csv_double_or(&in->table, row, c[4], none, &s.high, in->err))
            return false;
        if (s.low > s.high || s.low < 0 || s.high > 100)
            return csv_fail(&in->table, row, in->err, "percent_min and percent_max are 0 to 100, the smaller first");
        if (full(in, row, in->bank->share_count, BANK_SHARES_MAX)) return false;
        in->bank->shares[in->bank->share_count++] = s;
    }
    return true;
}

static bool load_pictures(loading_t *in, const source_t *content)
{
    int c[3];
    if (!table_open(in, content, "items/pictures.csv", (const char *const[]){"draw", "use", "shows", NULL}, c))
        return false;
    for (size_t row = 0; row < in->table.rows; row++) {
        const char *use = csv_text(&in->table, row, c[1]);
        bool screen = strcmp(use, "screen") == 0;
        if (!screen && strcmp(use, "picture") != 0)
            return csv_fail(&in->table, row, in->err, "use is picture or screen; found \"%.40s\"", use);
        if (full(in, row, in->bank->picture_count, BANK_PICTURES_MAX)) return false;
        in->bank->pictures[in->bank->picture_count++] =
            (bank_picture_t){csv_text(&in->table, row, c[0]), csv_text(&in->table, row, c[2]), screen};
    }
    return true;
}

static bool load_reviews(loading_t *in, const source_t *content)
{
    int c[7];
    if (!table_open(in, content, BANK_REVIEWS,
                    (const char *const[]){"item", "version", "reader", "answer", "agrees", "resolution", "as_of", NULL},
                    c))
        return false;
    if (full(in, 0, in->table.rows, REVIEWS_MAX)) return false;
    in->bank->reviews = arena_array(in->bank->arena, in->table.rows + 1, sizeof *in->bank->reviews);
    if (!in->bank->reviews) return err_set(in->err, ERR_MEMORY, "the reviews do not fit into memory");
    for (size_t row = 0; row < in->table.rows; row++) {
        int64_t version;
        const char *agrees = csv_text(&in->table, row, c[4]);
        if (!csv_int(&in->table, row, c[1], &version, in->err)) return false;
        if (version < 1 || version > 999) return csv_fail(&in->table, row, in->err, "version is 1 to 999");
        if (strcmp(agrees, "yes") != 0 && strcmp(agrees, "no") != 0)
            return csv_fail(&in->table, row, in->err, "agrees is yes or no; found \"%.40s\"", agrees);
        for (int i = 0; i < 7; i++)
            if (i != 5 && !csv_text(&in->table, row, c[i])[0])
                return csv_fail(&in->table, row, in->err, "only the resolution may be empty");
        in->bank->reviews[in->bank->review_count++] = (bank_review_t){.item = csv_text(&in->table, row, c[0]),
                                                                      .version = (int)version,
                                                                      .agrees = agrees[0] == 'y',
                                                                      .resolved = csv_text(&in->table, row, c[5])[0],
                                                                      .line = in->table.lines[row]};
    }
    return true;
}

bool bank_load_catalog(bank_t *bank, const source_t *content, err_t *err)
{
    loading_t in = {.bank = bank, .err = err};
    return load_areas(&in, content) && load_lessons(&in, content) && load_shares(&in, content) &&
           load_outlines(&in, content) && load_pictures(&in, content) && load_reviews(&in, content);
}

bool bank_open(bank_t **out, const source_t *content, err_t *err)
{
    bank_t *bank = calloc(1, sizeof *bank);
    *out = NULL;
    if (bank) bank->arena = arena_new(BANK_MEMORY);
    if (bank && bank->arena) {
        bank->items = arena_array(bank->arena, BANK_ITEMS_MAX, sizeof *bank->items);
        bank->findings = arena_array(bank->arena, BANK_FINDINGS_MAX, sizeof *bank->findings);
        bank->sets = arena_array(bank->arena, BANK_SETS_MAX, sizeof *bank->sets);
    }
    if (!bank || !bank->items || !bank->findings || !bank->sets) {
        bank_close(bank);
        return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
    }
    if (!bank_load_catalog(bank, content, err)) {
        bank_close(bank);
        return false;
    }
    *out = bank;
    return true;
}

void bank_close(bank_t *bank)
{
    if (!bank) return;
    arena_free(bank->arena);
    free(bank);
}

void bank_pictures(bank_t *bank, const picture_source_t *source)
{
    bank->drawn_by = source;
}

/* ---- looking ---- */

bool bank_area_known(const bank_t *bank, const char *area, const char *subarea)
{
    for (size_t i = 0; i < bank->area_count; i++)
        if (strcmp(bank->areas[i].area, area) == 0 && (!subarea || strcmp(bank->areas[i].subarea, subarea) == 0))
            return true;
    return false;
}

const bank_lesson_t *bank_lesson_of(const bank_t *bank, const char *lesson)
{
    for (size_t i = 0; i < bank->lesson_count; i++)
        if (strcmp(bank->lessons[i].id, lesson) == 0) return &bank->lessons[i];
    return NULL;
}

unsigned bank_lesson(const bank_t *bank, const char *lesson, int *objectives)
{
    const bank_lesson_t *known = bank_lesson_of(bank, lesson);
    *objectives = known ? known->objectives : 0;
    return known ? known->programs : 0;
}

size_t bank_count(const bank_t *bank)
{
    return bank->count;
}

const item_t *bank_item(const bank_t *bank, size_t index)
{
    assert(index < bank->count);
    return bank->items[index];
}

const item_t *bank_find(const bank_t *bank, const char *id)
{
    for (size_t i = 0; i < bank->count; i++)
        if (strcmp(bank->items[i]->id, id) == 0) return bank->items[i];
    return NULL;
}

bool bank_read_content(bank_t *bank, const source_t *content, err_t *err)
{
    size_t count, first = source_under(content, "items/", &count);
    for (size_t i = first; i < first + count; i++) {
        const source_file_t *file = &content->files[i];
        const char *folder = file->path + strlen("items/"), *name = strchr(folder, '/');
        size_t length = strlen(file->path);
        if (!name || strncmp(folder, "families/", 9) == 0) continue;
        if (length < 5 || strcmp(file->path + length - 5, ".yaml") != 0) continue;
        if (!bank_read(bank, file->path, file->bytes, file->length, err)) return false;
    }
    return true;
}

const char *bank_lesson_words(const bank_t *bank, const char *lesson)
{
    const bank_lesson_t *found = bank_lesson_of(bank, lesson);
    return found ? found->name : "";
}

const char *bank_objective_words(const bank_t *bank, const char *objective)
{
    char lesson[8];
    size_t n = strcspn(objective, ".");
    if (!objective[n] || n >= sizeof lesson) return "";
    memcpy(lesson, objective, n);
    lesson[n] = '\0';
    const bank_lesson_t *found = bank_lesson_of(bank, lesson);
    int number = atoi(objective + n + 1);
    return found && number >= 1 && number <= found->objectives ? bank->objectives[found->first + (size_t)number - 1]
                                                               : "";
}

bool bank_share(const bank_t *bank, const char *credential, int index, bank_share_view_t *share)
{
    for (size_t i = 0; i < bank->share_count; i++) {
        const bank_share_t *s = &bank->shares[i];
        if (strcmp(s->credential, credential) != 0 || s->low != s->low || index-- > 0) continue;
        *share = (bank_share_view_t){s->area, s->low, s->high};
        return true;
    }
    return false;
}
