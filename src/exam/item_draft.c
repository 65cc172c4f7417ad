/* Drafts of items: see exam/item_draft.h. The file is written one field a line, so that the line of a complaint tells
 * the field it belongs to. */
#include "exam/item_draft.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Fields of one text, in the order of the file. */
typedef struct {
    const char *name;
    size_t at;
    bool needed;
} field_t;

#define FIELD(name, needed)                                                                                            \
    {                                                                                                                  \
#name, offsetof(item_draft_t, name), needed                                                                    \
    }
static const field_t head_fields[] = {FIELD(id, true),         FIELD(type, true),          FIELD(area, true),
                                      FIELD(subarea, true),    FIELD(objective, true),     FIELD(level, true),
                                      FIELD(difficulty, true), FIELD(difficulty_sd, true), FIELD(source, true),
                                      FIELD(as_of, true),      FIELD(stem, true)};
static const field_t answer_fields[] = {FIELD(value, true), FIELD(tolerance, true), FIELD(unit, false),
                                        FIELD(decimals, true)};
static const field_t picture_fields[] = {FIELD(draw, true), FIELD(seed, false), FIELD(alt, false)};
static const field_t count_fields[] = {FIELD(counts, true), FIELD(times, false)};
#undef FIELD
enum {
    PICTURE_FIELDS = sizeof picture_fields / sizeof *picture_fields,
    COUNT_FIELDS = sizeof count_fields / sizeof *count_fields,
    HEAD_FIELDS = sizeof head_fields / sizeof *head_fields,
    ANSWER_FIELDS = sizeof answer_fields / sizeof *answer_fields
};

static const char **slot(item_draft_t *draft, const field_t *field)
{
    return (const char **)(void *)((char *)draft + field->at);
}

static const char *get(const item_draft_t *draft, const field_t *field)
{
    const char *text;
    memcpy(&text, (const char *)draft + field->at, sizeof text);
    return text;
}

void item_draft_init(item_draft_t *draft)
{
    *draft =
        (item_draft_t){.lesson = "", .why = "", .set = "", .set_text = "", .enemies = "", .data = "", .version = 1};
    for (size_t i = 0; i < HEAD_FIELDS; i++) *slot(draft, &head_fields[i]) = "";
    for (size_t i = 0; i < ANSWER_FIELDS; i++) *slot(draft, &answer_fields[i]) = "";
    for (size_t i = 0; i < PICTURE_FIELDS; i++) *slot(draft, &picture_fields[i]) = "";
    for (size_t i = 0; i < COUNT_FIELDS; i++) *slot(draft, &count_fields[i]) = "";
    for (int i = 0; i < ITEM_PARTS_MAX; i++)
        draft->part[i] = (item_draft_part_t){.text = "", .right = "", .why = "", .value = ""};
}

int item_draft_type(const item_draft_t *draft)
{
    for (int i = 0; i < ITEM_TYPES; i++)
        if (strcmp(draft->type, item_type_word((item_type_t)i)) == 0) return i;
    return -1;
}

bool item_draft_pictured(const item_draft_t *draft)
{
    return draft->draw[0] || draft->data[0] || draft->alt[0];
}

bool item_draft_picture(const item_draft_t *draft, item_picture_t *picture)
{
    int64_t seed = 0;
    if (!draft->draw[0] || (draft->seed[0] && !text_to_int(draft->seed, strlen(draft->seed), &seed)) || seed < 0)
        return false;
    *picture = (item_picture_t){.draw = draft->draw, .seed = (uint64_t)seed, .data = draft->data, .alt = draft->alt};
    return strlen(draft->data) <= ITEM_DATA_MAX;
}

static bool is_number(int type)
{
    return type >= 0 && item_is_number((item_type_t)type);
}

/* ---- from an item ---- */

static const char *number(arena_t *arena, double value, int decimals)
{
    char text[32];
    size_t length = text_fixed(text, value, decimals);
    const char *copy = arena_text(arena, text, length);
    return copy ? copy : "";
}

/* With as many decimals as it needs, at most nine. */
static const char *shortest(arena_t *arena, double value)
{
    char text[32];
    double back;
    for (int decimals = 0; decimals < 9; decimals++) {
        size_t length = text_fixed(text, value, decimals);
        if (text_to_double(text, length, &back) && back >= value && back <= value)
            return number(arena, value, decimals);
    }
    return number(arena, value, 9);
}

static const char *joined(arena_t *arena, const char *list, const char *id)
{
    size_t length = strlen(list), more = strlen(id);
    char *out = arena_alloc(arena, length + more + 2);
    if (!out) return list;
    memcpy(out, list, length);
    if (length > 0) out[length++] = ' ';
    memcpy(out + length, id, more + 1);
    return out;
}

void item_draft_of(item_draft_t *draft, arena_t *arena, const item_t *item)
{
    bool numeric = item_is_number(item->type);
    item_draft_init(draft);
    draft->id = item->id;
    draft->lesson = item->lesson;
    draft->type = item_type_word(item->type);
    draft->area = item->area;
    draft->subarea = item->subarea;
    draft->objective = item->objective;
    draft->level = item_level_word(item->level);
    draft->difficulty = shortest(arena, item->difficulty);
    draft->difficulty_sd = shortest(arena, item->difficulty_sd);
    draft->source = item->source;
    draft->as_of = item->as_of;
    draft->stem = item->stem;
    draft->why = item->why;
    draft->set = item->set ? item->set : "";
    draft->set_text = item->set_text ? item->set_text : "";
    for (int i = 0; i < item->enemies; i++) draft->enemies = joined(arena, draft->enemies, item->enemy[i]);
    draft->programs = item->programs;
    draft->version = item->version;
    if (numeric) {
        draft->value = shortest(arena, item->value);
        draft->tolerance = shortest(arena, item->tolerance);
        draft->unit = item->unit;
        draft->decimals = number(arena, item->decimals, 0);
    }
    if (item->picture.draw) {
        char seed[24];
        snprintf(seed, sizeof seed, "%llu", (unsigned long long)item->picture.seed);
        const char *kept = arena_text(arena, seed, strlen(seed));
        draft->draw = item->picture.draw;
        draft->seed = kept ? kept : "";
        draft->data = item->picture.data;
        draft->alt = item->picture.alt ? item->picture.alt : "";
    }
    if (item->type == ITEM_COUNT) {
        draft->counts = item->counts;
        draft->times = item->times < 1 || item->times > 1 ? shortest(arena, item->times) : "";
    }
    draft->parts = item->parts;
    for (int i = 0; i < item->parts; i++)
        draft->part[i] = (item_draft_part_t){.text = item->part[i].text,
                                             .right = item->part[i].right,
                                             .why = item->part[i].why,
                                             .value = numeric ? shortest(arena, item->part[i].value) : "",
                                             .key = item->part[i].key};
}

/* ---- writing ---- */

typedef struct {
    text_t *out;
    int line;
    char (*field)[ITEM_DRAFT_FIELD_MAX]; /* of line i + 1; may be NULL */
} writing_t;

static void end_line(writing_t *w, const char *field)
{
    text_add_char(w->out, '\n');
    if (w->field && w->line < ITEM_DRAFT_LINES_MAX) snprintf(w->field[w->line], ITEM_DRAFT_FIELD_MAX, "%s", field);
    w->line++;
}

static void put(writing_t *w, const char *before, const char *key, const char *text, const char *field)
{
    text_add(w->out, before);
    text_add(w->out, key);
    text_add(w->out, ": ");
    text_add_json(w->out, text);
    end_line(w, field);
}

static bool blank(const item_draft_part_t *part)
{
    return !part->text[0] && !part->right[0] && !part->why[0] && !part->value[0];
}

/* "p3.why" */
static void put_part(writing_t *w, bool first, const char *key, const char *text, int number_of, const char *name)
{
    char field[ITEM_DRAFT_FIELD_MAX];
    snprintf(field, sizeof field, "p%d.%s", number_of, name);
    put(w, first ? "      - " : "        ", key, text, field);
}

static void put_parts(writing_t *w, const item_draft_t *draft, int type)
{
    static const char *const lists[ITEM_TYPES] = {"options",  "options", "steps",    "pairs",
                                                  "mistakes", "options", "mistakes", "options"};
    bool any = false;
    for (int i = 0; i < draft->parts; i++) any = any || !blank(&draft->part[i]);
    if (!any) return;
    text_addf(w->out, "    %s:", lists[type]);
    end_line(w, "parts");
    for (int i = 0; i < draft->parts; i++) {
        const item_draft_part_t *part = &draft->part[i];
        if (blank(part)) continue;
        if (is_number(type))
            put_part(w, true, "value", part->value, i, "value");
        else
            put_part(w, true, type == ITEM_MATCH ? "left" : "text", part->text, i, "text");
        if (type == ITEM_MATCH) put_part(w, false, "right", part->right, i, "right");
        if (part->key && strcmp(lists[type], "options") == 0) {
            text_add(w->out, "        key: true");
            end_line(w, "parts");
        }
        put_part(w, false, "why", part->why, i, "why");
    }
}

/* The lines of data as a block; blanks at their ends say nothing, and what no file can hold is a blank. */
static void put_data(writing_t *w, const char *data)
{
    text_add(w->out, "      data: |2"); /* as many blanks more than its key, whatever the first line begins with */
    end_line(w, "data");
    while (*data) {
        size_t length = strcspn(data, "\n");
        text_add(w->out, "        ");
        for (size_t i = 0; i < length; i++)
            text_add_char(w->out, (unsigned char)data[i] < 0x20 || data[i] == 0x7f ? ' ' : data[i]);
        end_line(w, "data");
        data += length + (data[length] == '\n');
    }
}

static void put_picture(writing_t *w, const item_draft_t *draft, int type)
{
    if (!item_draft_pictured(draft)) return;
    text_addf(w->out, "    %s:", type == ITEM_NEXT ? "screen" : "picture");
    end_line(w, "draw");
    for (size_t i = 0; i < PICTURE_FIELDS; i++)
        if (picture_fields[i].needed || get(draft, &picture_fields[i])[0])
            put(w, "      ", picture_fields[i].name, get(draft, &picture_fields[i]), picture_fields[i].name);
    if (draft->data[0]) put_data(w, draft->data);
}

/* enemies: ["L60-02", "L60-07"] */
static void put_enemies(writing_t *w, const char *ids)
{
    static const char between[] = " ,\t\r\n";
    int count = 0;
    for (ids += strspn(ids, between); *ids; ids += strspn(ids, between)) {
        char id[ITEM_NAME_MAX + 1];
        size_t length = strcspn(ids, between);
        snprintf(id, sizeof id, "%.*s", (int)length, ids);
        text_add(w->out, count++ ? ", " : "    enemies: [");
        text_add_json(w->out, id);
        ids += length;
    }
    if (count == 0) return;
    text_add_char(w->out, ']');
    end_line(w, "enemies");
}

bool item_draft_whole_why(int type)
{
    return type == ITEM_ORDER || type == ITEM_MATCH || is_number(type);
}

static void write_file(const item_draft_t *draft, writing_t *w)
{
    static const char *const programs[] = {"PBT", "MLA", "MLT"};
    int type = item_draft_type(draft);
    bool any = false;
    put(w, "", "lesson", draft->lesson, "lesson");
    if (draft->set[0]) {
        text_add(w->out, "sets:");
        end_line(w, "set");
        put(w, "  - ", "id", draft->set, "set");
        put(w, "    ", "text", draft->set_text, "set");
    }
    text_add(w->out, "items:");
    end_line(w, "");
    for (size_t i = 0; i < HEAD_FIELDS; i++)
        put(w, i == 0 ? "  - " : "    ", head_fields[i].name, get(draft, &head_fields[i]), head_fields[i].name);
    text_add(w->out, "    programs: [");
    for (int i = 0; i < 3; i++) {
        if (!(draft->programs & (1u << i))) continue;
        text_addf(w->out, "%s%s", any ? ", " : "", programs[i]);
        any = true;
    }
    text_add(w->out, "]");
    end_line(w, "programs");
    if (draft->set[0]) put(w, "    ", "set", draft->set, "set");
    put_enemies(w, draft->enemies);
    text_addf(w->out, "    state: draft\n    version: %d", draft->version);
    w->line++;
    end_line(w, "");
    put_picture(w, draft, type);
    if (type < 0) return;
    if (is_number(type)) {
        text_add(w->out, "    answer:");
        end_line(w, "value");
        for (size_t i = 0; i < ANSWER_FIELDS; i++)
            put(w, "      ", answer_fields[i].name, get(draft, &answer_fields[i]), answer_fields[i].name);
        for (size_t i = 0; i < COUNT_FIELDS && type == ITEM_COUNT; i++)
            if (count_fields[i].needed || get(draft, &count_fields[i])[0])
                put(w, "      ", count_fields[i].name, get(draft, &count_fields[i]), count_fields[i].name);
    }
    put_parts(w, draft, type);
    if (draft->why[0] && item_draft_whole_why(type)) put(w, "    ", "why", draft->why, "why");
}

void item_draft_write(const item_draft_t *draft, text_t *file)
{
    writing_t w = {.out = file};
    write_file(draft, &w);
}

/* ---- reading ---- */

static const char *text_of(yaml_item_t *map, const char *key)
{
    const yaml_item_t *node = map && map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
    return node && node->kind == YAML_SCALAR ? node->text : "";
}

static void read_parts(item_draft_t *draft, yaml_item_t *map)
{
    static const char *const lists[] = {"options", "steps", "pairs", "mistakes"};
    yaml_item_t *list = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !list; i++) list = yaml_get(map, lists[i]);
    for (yaml_item_t *node = list && list->kind == YAML_LIST ? list->first : NULL;
         node && draft->parts < ITEM_PARTS_MAX; node = node->next) {
        const char *key = text_of(node, "key"), *left = text_of(node, "left");
        draft->part[draft->parts++] = (item_draft_part_t){.text = left[0] ? left : text_of(node, "text"),
                                                          .right = text_of(node, "right"),
                                                          .why = text_of(node, "why"),
                                                          .value = text_of(node, "value"),
                                                          .key = strcmp(key, "true") == 0 || strcmp(key, "yes") == 0};
    }
}

bool item_draft_read(item_draft_t *draft, arena_t *arena, const char *bytes, size_t length, err_t *err)
{
    yaml_t yaml;
    int64_t version;
    item_draft_init(draft);
    if (!yaml_read(&yaml, arena, "item", (const unsigned char *)bytes, length, err)) return false;
    yaml_item_t *list = yaml.root->kind == YAML_MAP ? yaml_get(yaml.root, "items") : NULL;
    yaml_item_t *map = list && list->kind == YAML_LIST ? list->first : NULL;
    if (!map || map->kind != YAML_MAP) return err_set(err, ERR_INPUT, "This is not a file of one item.");
    draft->lesson = text_of(yaml.root, "lesson");
    for (size_t i = 0; i < HEAD_FIELDS; i++) *slot(draft, &head_fields[i]) = text_of(map, head_fields[i].name);
    yaml_item_t *answer = yaml_get(map, "answer"), *programs = yaml_get(map, "programs");
    for (size_t i = 0; i < ANSWER_FIELDS; i++) *slot(draft, &answer_fields[i]) = text_of(answer, answer_fields[i].name);
    for (yaml_item_t *node = programs ? programs->first : NULL; node; node = node->next)
        if (node->kind == YAML_SCALAR) draft->programs |= item_programs(node->text);
    for (size_t i = 0; i < COUNT_FIELDS; i++) *slot(draft, &count_fields[i]) = text_of(answer, count_fields[i].name);
    yaml_item_t *picture = yaml_get(map, yaml_get(map, "screen") ? "screen" : "picture");
    for (size_t i = 0; i < PICTURE_FIELDS; i++)
        *slot(draft, &picture_fields[i]) = text_of(picture, picture_fields[i].name);
    draft->data = text_of(picture, "data");
    draft->why = text_of(map, "why");
    yaml_item_t *sets = yaml_get(yaml.root, "sets"), *enemies = yaml_get(map, "enemies");
    draft->set = text_of(map, "set");
    draft->set_text = draft->set[0] && sets && sets->kind == YAML_LIST ? text_of(sets->first, "text") : "";
    for (yaml_item_t *node = enemies ? enemies->first : NULL; node; node = node->next)
        if (node->kind == YAML_SCALAR) draft->enemies = joined(arena, draft->enemies, node->text);
    const char *written = text_of(map, "version");
    if (text_to_int(written, strlen(written), &version) && version >= 1 && version <= 999)
        draft->version = (int)version;
    read_parts(draft, map);
    return true;
}

/* ---- checking ---- */

typedef struct {
    item_complaint_t *list;
    int count, errors;
    arena_t *arena;
} checking_t;

static void complain(checking_t *in, const char *field, bool warning, const char *text)
{
    if (in->count == ITEM_COMPLAINTS_MAX) return;
    item_complaint_t *c = &in->list[in->count++];
    const char *copy = arena_text(in->arena, text, strlen(text));
    snprintf(c->field, sizeof c->field, "%s", field);
    c->text = copy ? copy : "memory is out";
    c->warning = warning;
    in->errors += !warning;
}

static bool has(const checking_t *in, const char *field)
{
    for (int i = 0; i < in->count; i++)
        if (strcmp(in->list[i].field, field) == 0) return true;
    return false;
}

static void check_picture(checking_t *in, const item_draft_t *draft, int type)
{
    bool screen = type == ITEM_NEXT, needed = type == ITEM_HOTSPOT || type == ITEM_COUNT || screen;
    if (type == ITEM_COUNT && !draft->counts[0]) complain(in, "counts", false, "counts is empty; say what is counted");
    if (!needed && !item_draft_pictured(draft)) return;
    if (!draft->draw[0])
        complain(in, "draw", false, screen ? "choose the bench of the screen" : "choose what is drawn");
    if (!screen && !draft->seed[0]) complain(in, "seed", false, "seed is empty; write a number, such as 7");
    if (!screen && !draft->alt[0])
        complain(in, "alt", false, "write in a sentence what is to be seen, for those who cannot see the picture");
}

/* What was not written, all of it at once: the reader stops at the first. */
static void check_empty(checking_t *in, const item_draft_t *draft)
{
    char field[ITEM_DRAFT_FIELD_MAX], text[120];
    int type = item_draft_type(draft);
    for (size_t i = 0; i < HEAD_FIELDS; i++) {
        snprintf(text, sizeof text, "%s is empty; write it", head_fields[i].name);
        if (head_fields[i].needed && !get(draft, &head_fields[i])[0]) complain(in, head_fields[i].name, false, text);
    }
    if (!draft->programs) complain(in, "programs", false, "tick at least one program");
    for (size_t i = 0; is_number(type) && i < ANSWER_FIELDS; i++) {
        snprintf(text, sizeof text, "%s is empty; write it", answer_fields[i].name);
        if (answer_fields[i].needed && !get(draft, &answer_fields[i])[0])
            complain(in, answer_fields[i].name, false, text);
    }
    check_picture(in, draft, type);
    if ((is_number(type) || type == ITEM_ORDER) && !draft->why[0]) complain(in, "why", false, "why is empty; write it");
    for (int i = 0; i < draft->parts; i++) {
        const item_draft_part_t *part = &draft->part[i];
        const char *first = is_number(type) ? part->value : part->text;
        if (blank(part)) continue;
        snprintf(field, sizeof field, "p%d.%s", i, is_number(type) ? "value" : "text");
        if (!first[0]) complain(in, field, false, "this is empty; write it, or empty the rest of its row");
        snprintf(field, sizeof field, "p%d.right", i);
        if (type == ITEM_MATCH && !part->right[0])
            complain(in, field, false, "this is empty; write what belongs to it");
        snprintf(field, sizeof field, "p%d.why", i);
        if (!part->why[0]) complain(in, field, false, "why is empty; every part has its rationale");
    }
}

/* A complaint about a part that does not begin with the name of its key is about the whole list. */
static const char *place_of(const char *field, const char *text)
{
    static const char *const keys[] = {"text", "left", "right", "why", "value"};
    if (field[0] != 'p' || field[1] < '0' || field[1] > '9') return field;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strncmp(text, keys[i], strlen(keys[i])) == 0) return field;
    return "parts";
}

/* Which line of the data (from 1) stands on a line of the file; 0: none of them. */
static int data_line(char field[][ITEM_DRAFT_FIELD_MAX], int line)
{
    int data = 0;
    if (line < 1 || line > ITEM_DRAFT_LINES_MAX || strcmp(field[line - 1], "data") != 0) return 0;
    while (line - 1 - data >= 0 && strcmp(field[line - 1 - data], "data") == 0) data++;
    return data - 1; /* the first is the key */
}

bool item_draft_check(const item_draft_t *draft, const bank_t *bank, arena_t *arena, item_complaint_t *list, int *count,
                      int *errors, err_t *err)
{
    static const char name[] = "item";
    char field[ITEM_DRAFT_LINES_MAX][ITEM_DRAFT_FIELD_MAX] = {{0}};
    checking_t in = {.list = list, .arena = arena};
    const finding_t *findings;
    bank_t *fork;
    text_t file;
    err_t refused = {0};
    *count = *errors = 0;
    if (!bank_fork(&fork, bank, err)) return false;
    text_init(&file, 2 * ITEM_DRAFT_BYTES_MAX);
    writing_t w = {.out = &file, .field = field};
    write_file(draft, &w);
    check_empty(&in, draft);
    bool ok = !file.failed;
    if (!ok)
        err_set(err, ERR_LIMIT, "The item is longer than %d KB.", 2 * ITEM_DRAFT_BYTES_MAX / 1024);
    else if (bank_renew(fork, name, (const unsigned char *)file.data, file.length, STATE_DRAFT, &refused))
        bank_check_item(fork, bank_find(fork, draft->id));
    else if (refused.code != ERR_INPUT)
        ok = err_set(err, refused.code, "%s", refused.text);
    for (size_t i = 0, n = ok ? bank_findings(fork, &findings) : 0; i < n; i++) {
        const finding_t *f = &findings[i];
        const char *at = f->line > 0 && f->line <= ITEM_DRAFT_LINES_MAX ? field[f->line - 1] : "";
        bool rule = refused.code == ERR_NONE; /* rules name the line of the item, which says nothing of the field */
        at = rule ? "" : place_of(at, f->text);
        char words[ERR_TEXT_MAX];
        int line = data_line(field, f->line);
        if (line > 0) snprintf(words, sizeof words, "line %d: %.300s", line, f->text);
        if (rule || !at[0] || !has(&in, at))
            complain(&in, at, f->kind == FINDING_WARNING, line > 0 && !rule ? words : f->text);
    }
    text_free(&file);
    bank_close(fork);
    *count = in.count;
    *errors = in.errors;
    return ok;
}
