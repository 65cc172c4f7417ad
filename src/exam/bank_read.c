/* Item files: YAML in, items out. One item's fault is a finding and leaves the others as they are. The format
 * stands in content/items/README.md. */
#include "bank_private.h"

#include <stdio.h>
#include <string.h>

static const char *const types[] = {"single", "several", "order", "match", "numeric", "hotspot", "count", "next", NULL};
static const char *const levels[] = {"recall", "interpret", "solve", NULL};
static const char *const states[] = {"draft", "reviewed", "in_use", "retired", NULL};

typedef struct {
    const bank_t *bank;
    yaml_t yaml;
    const char *lesson;
    const bank_lesson_t *known;
    size_t first_set; /* of the file, in the bank's sets */
    err_t err;
} reading_t;

/* A text that somebody will read: of one to max bytes, without control characters or markup. */
static bool get_words(reading_t *in, yaml_item_t *map, const char *key, size_t max, const char **text)
{
    if (!yaml_text(&in->yaml, map, key, text, &in->err)) return false;
    const yaml_item_t *node = yaml_get(map, key);
    for (const char *c = *text; *c; c++) {
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f)
            return yaml_fail(&in->yaml, node, &in->err, "%s holds a control character or a tab; remove it", key);
        if ((*c == '<' || (*c == '&' && c[1] != ' ')) && strchr("/bisupdBISUPD#", c[1]) && c[1] &&
            strchr(c, *c == '<' ? '>' : ';'))
            return yaml_fail(&in->yaml, node, &in->err, "%s looks like HTML at \"%.12s\"; write plain text", key, c);
        if (*c == '*' && c[1] == '*')
            return yaml_fail(&in->yaml, node, &in->err, "%s looks like Markdown (**); write plain text", key);
    }
    if (!(*text)[strspn(*text, " \n")]) return yaml_fail(&in->yaml, node, &in->err, "%s is empty; write it", key);
    if (strlen(*text) > max)
        return yaml_fail(&in->yaml, node, &in->err, "%s has at most %zu bytes; this one has %zu", key, max,
                         strlen(*text));
    return true;
}

static bool get_words_or(reading_t *in, yaml_item_t *map, const char *key, size_t max, const char **text)
{
    return !yaml_get(map, key) || get_words(in, map, key, max, text);
}

/* The list under `key` of `least` to ITEM_PARTS_MAX maps. */
static bool get_list(reading_t *in, yaml_item_t *map, const char *key, size_t least, size_t most, yaml_item_t **list)
{
    *list = yaml_get(map, key);
    if (!*list || (*list)->kind != YAML_LIST || (*list)->count < least || (*list)->count > most)
        return yaml_fail(&in->yaml, *list ? *list : map, &in->err, "this item needs %s: a list of %zu to %zu entries",
                         key, least, most);
    for (yaml_item_t *part = (*list)->first; part; part = part->next)
        if (part->kind != YAML_MAP)
            return yaml_fail(&in->yaml, part, &in->err, "an entry of %s has keys, such as text and why", key);
    return true;
}

static bool get_flag(reading_t *in, yaml_item_t *map, const char *key, bool *value)
{
    const char *text = NULL;
    if (!yaml_text_or(&in->yaml, map, key, &text, &in->err) || !text) return !text && !yaml_get(map, key);
    *value = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    if (*value || strcmp(text, "false") == 0 || strcmp(text, "no") == 0) return true;
    return yaml_fail(&in->yaml, yaml_get(map, key), &in->err, "%s is true, or is left out; found \"%.40s\"", key, text);
}

static bool read_options(reading_t *in, yaml_item_t *map, item_t *item)
{
    bool several = item->type == ITEM_SEVERAL;
    yaml_item_t *list;
    int keys = 0;
    if (!get_list(in, map, "options",
                  several                      ? 4
                  : item->type == ITEM_HOTSPOT ? 2
                                               : 3,
                  several                      ? 6
                  : item->type == ITEM_HOTSPOT ? ITEM_PARTS_MAX
                                               : 4,
                  &list))
        return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        item_part_t *part = &item->part[item->parts++];
        *part = (item_part_t){.text = "", .right = "", .why = ""};
        if (!get_words(in, node, "text", ITEM_OPTION_MAX, &part->text) || !get_flag(in, node, "key", &part->key) ||
            !get_words(in, node, "why", ITEM_WHY_MAX, &part->why))
            return false;
        keys += part->key;
        for (int i = 0; i < item->parts - 1; i++)
            if (strcmp(item->part[i].text, part->text) == 0)
                return yaml_fail(&in->yaml, node, &in->err, "two options say \"%.60s\"; change one", part->text);
    }
    if (several && (keys < 2 || keys == item->parts))
        return yaml_fail(&in->yaml, list, &in->err,
                         "several options are keys (\"key: true\"), at least two and not all; this item has %d", keys);
    if (!several && keys != 1)
        return yaml_fail(&in->yaml, list, &in->err, "exactly one option is the key (\"key: true\"); this item has %d",
                         keys);
    return true;
}

static bool read_steps(reading_t *in, yaml_item_t *map, item_t *item)
{
    yaml_item_t *list;
    if (!get_list(in, map, "steps", 4, 6, &list) || !get_words(in, map, "why", ITEM_WHY_MAX, &item->why)) return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        item_part_t *part = &item->part[item->parts++];
        *part = (item_part_t){.text = "", .right = "", .why = ""};
        if (!get_words(in, node, "text", ITEM_OPTION_MAX, &part->text) ||
            !get_words(in, node, "why", ITEM_WHY_MAX, &part->why))
            return false;
        for (int i = 0; i < item->parts - 1; i++)
            if (strcmp(item->part[i].text, part->text) == 0)
                return yaml_fail(&in->yaml, node, &in->err, "two steps say \"%.60s\"; change one", part->text);
    }
    return true;
}

static bool read_pairs(reading_t *in, yaml_item_t *map, item_t *item)
{
    yaml_item_t *list;
    if (!get_list(in, map, "pairs", 3, 6, &list) || !get_words_or(in, map, "why", ITEM_WHY_MAX, &item->why))
        return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        item_part_t *part = &item->part[item->parts++];
        *part = (item_part_t){.text = "", .right = "", .why = ""};
        if (!get_words(in, node, "left", ITEM_OPTION_MAX, &part->text) ||
            !get_words(in, node, "right", ITEM_OPTION_MAX, &part->right) ||
            !get_words(in, node, "why", ITEM_WHY_MAX, &part->why))
            return false;
        for (int i = 0; i < item->parts - 1; i++)
            if (strcmp(item->part[i].text, part->text) == 0)
                return yaml_fail(&in->yaml, node, &in->err, "two pairs have \"%.60s\" on the left; change one",
                                 part->text);
    }
    return true;
}

static bool read_number(reading_t *in, yaml_item_t *map, item_t *item)
{
    yaml_item_t *answer = yaml_get(map, "answer"), *list = NULL;
    int64_t decimals = 0;
    if (!answer || answer->kind != YAML_MAP)
        return yaml_fail(&in->yaml, answer ? answer : map, &in->err,
                         "this item needs answer: {value: 2.34, tolerance: 0.02, unit: \"\", decimals: 2}");
    if (!yaml_double(&in->yaml, answer, "value", -1e12, 1e12, &item->value, &in->err) ||
        !yaml_double(&in->yaml, answer, "tolerance", 0, 1e12, &item->tolerance, &in->err) ||
        !yaml_text(&in->yaml, answer, "unit", &item->unit, &in->err) ||
        !yaml_int(&in->yaml, answer, "decimals", 0, ITEM_DECIMALS_MAX, &decimals, &in->err))
        return false;
    item->decimals = (int)decimals;
    if (item->type == ITEM_COUNT && (!yaml_text(&in->yaml, answer, "counts", &item->counts, &in->err) ||
                                     !yaml_double_or(&in->yaml, answer, "times", 1e-6, 1e9, &item->times, &in->err)))
        return false;
    if (exact_abs(exact_round(item->value, item->decimals) - item->value) > 1e-9 * (1 + exact_abs(item->value)))
        return yaml_fail(&in->yaml, yaml_get(answer, "value"), &in->err,
                         "the value has more decimals than the %d it says; round it", item->decimals);
    if (!get_words(in, map, "why", ITEM_WHY_MAX, &item->why)) return false;
    if (item->type == ITEM_COUNT && !yaml_get(map, "mistakes")) return true;
    if (!get_list(in, map, "mistakes", 1, ITEM_PARTS_MAX, &list)) return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        item_part_t *part = &item->part[item->parts];
        *part = (item_part_t){.text = "", .right = "", .why = ""};
        if (!yaml_double(&in->yaml, node, "value", -1e12, 1e12, &part->value, &in->err) ||
            !get_words(in, node, "why", ITEM_WHY_MAX, &part->why))
            return false;
        if (exact_abs(part->value - item->value) <= item->tolerance)
            return yaml_fail(&in->yaml, node, &in->err, "this mistake is within the tolerance of the right answer");
        item->parts++;
    }
    return true;
}

static bool read_picture(reading_t *in, yaml_item_t *map, item_t *item)
{
    bool needs = item->type == ITEM_HOTSPOT || item->type == ITEM_COUNT || item->type == ITEM_NEXT;
    bool screen = item->type == ITEM_NEXT;
    const char *key = screen ? "screen" : "picture";
    yaml_item_t *picture = yaml_get(map, key);
    int64_t seed = 0;
    if (!picture && !needs) return true;
    if (!picture || picture->kind != YAML_MAP)
        return yaml_fail(&in->yaml, picture ? picture : map, &in->err, "this item needs %s: {draw: %s, seed: 7}", key,
                         screen ? "bench-chemistry" : "lj");
    if (!yaml_text(&in->yaml, picture, "draw", &item->picture.draw, &in->err) ||
        !(screen ? yaml_int_or : yaml_int)(&in->yaml, picture, "seed", 0, INT64_MAX, &seed, &in->err) ||
        !yaml_text_or(&in->yaml, picture, "data", &item->picture.data, &in->err) ||
        (!screen && !get_words_or(in, picture, "alt", ITEM_ALT_MAX, &item->picture.alt)))
        return false;
    if (strlen(item->picture.data) > ITEM_DATA_MAX)
        return yaml_fail(&in->yaml, yaml_get(picture, "data"), &in->err, "data has at most %d bytes; this one has %zu",
                         (int)ITEM_DATA_MAX, strlen(item->picture.data));
    item->picture.seed = (uint64_t)seed;
    char known[200] = "";
    size_t used = 0;
    for (size_t i = 0; i < in->bank->picture_count; i++) {
        const bank_picture_t *p = &in->bank->pictures[i];
        if (p->screen != screen) continue;
        if (strcmp(p->draw, item->picture.draw) == 0) return true;
        int wrote = snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", p->draw);
        if (wrote > 0 && used + (size_t)wrote < sizeof known) used += (size_t)wrote;
    }
    return yaml_fail(&in->yaml, yaml_get(picture, "draw"), &in->err, "draw is one of %s; found \"%.40s\"", known,
                     item->picture.draw);
}

/* The case of the item, one of its file. */
static bool read_set(reading_t *in, yaml_item_t *map, item_t *item)
{
    if (!yaml_get(map, "set")) return true;
    if (!yaml_text(&in->yaml, map, "set", &item->set, &in->err)) return false;
    for (size_t i = in->first_set; i < in->bank->set_count; i++) {
        if (strcmp(in->bank->sets[i].id, item->set) != 0) continue;
        item->set_text = in->bank->sets[i].text;
        return true;
    }
    return yaml_fail(&in->yaml, yaml_get(map, "set"), &in->err, "\"sets:\" of this file has no case \"%.40s\"",
                     item->set);
}

/* "L60-02", or a family's name; a family's items have the enemies of their family. */
static bool read_enemy(const yaml_t *yaml, yaml_item_t *node, item_t *item, err_t *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *id = node->kind == YAML_SCALAR ? node->text : "";
    size_t at = strcspn(id, "@");
    if (id[at])
        return yaml_fail(yaml, node, err, "name the family, \"%.*s\": its items share its enemies", (int)at, id);
    if (!id[0] || strcmp(id, item->id) == 0 || strspn(id + (id[0] == 'L'), letters) != strlen(id + (id[0] == 'L')))
        return yaml_fail(yaml, node, err, "an enemy is the id of another item or family, such as L60-02 or anion-gap");
    node->used = true;
    for (int i = 0; i < item->enemies; i++)
        if (strcmp(item->enemy[i], id) == 0) return yaml_fail(yaml, node, err, "%.40s is named twice", id);
    item->enemy[item->enemies++] = id;
    return true;
}

bool bank_read_enemies(const yaml_t *yaml, yaml_item_t *map, item_t *item, err_t *err)
{
    yaml_item_t *list = yaml_get(map, "enemies");
    if (!list) return true;
    list->used = true;
    if (list->kind != YAML_LIST || list->count == 0 || list->count > ITEM_ENEMIES_MAX)
        return yaml_fail(yaml, list, err, "enemies is a list of 1 to %d ids, such as [L60-02, anion-gap]",
                         (int)ITEM_ENEMIES_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next)
        if (!read_enemy(yaml, node, item, err)) return false;
    return true;
}

/* A complaint about data names their line in the file: those of a block begin below its key. */
static bool data_fail(reading_t *in, yaml_item_t *picture, int line, const err_t *why)
{
    yaml_item_t at = {.line = picture->line};
    const yaml_item_t *data = yaml_get(picture, "data");
    if (data) at.line = data->line + (strchr(data->text, '\n') ? line : 0);
    return yaml_fail(&in->yaml, &at, &in->err, "%s", why->text);
}

static bool check_count(reading_t *in, yaml_item_t *map, const item_t *item)
{
    const picture_source_t *by = in->bank->drawn_by;
    err_t why = {0};
    int count = 0;
    const yaml_item_t *answer = yaml_get(map, "answer");
    if (!by->count(by->self, &item->picture, item->counts, &count, &why))
        return yaml_fail(&in->yaml, answer, &in->err, "%s", why.text);
    double counted = exact_round(count * item->times, item->decimals);
    if (exact_abs(counted - item->value) <= 1e-9 * (1 + exact_abs(counted))) return true;
    return yaml_fail(&in->yaml, answer, &in->err, "the picture shows %d (%s), so the value is %.*f; found %.*f", count,
                     item->counts, item->decimals, counted, item->decimals, item->value);
}

/* What is drawn can be drawn, has the places that are asked for, and shows as many as the item says. */
static bool check_picture(reading_t *in, yaml_item_t *map, const item_t *item)
{
    const picture_source_t *by = in->bank->drawn_by;
    err_t why = {0};
    int line = 0;
    yaml_item_t *picture = yaml_get(map, item->type == ITEM_NEXT ? "screen" : "picture");
    if (!by || !picture) return true;
    if (!by->check(by->self, &item->picture, &line, &why)) return data_fail(in, picture, line, &why);
    const yaml_item_t *option = item->type == ITEM_HOTSPOT ? yaml_get(map, "options")->first : NULL;
    for (int i = 0; option; option = option->next, i++)
        if (!by->place(by->self, &item->picture, item->part[i].text, &why))
            return yaml_fail(&in->yaml, option, &in->err, "%s", why.text);
    return item->type != ITEM_COUNT || check_count(in, map, item);
}

static bool read_programs(reading_t *in, yaml_item_t *map, item_t *item)
{
    yaml_item_t *list = yaml_get(map, "programs");
    if (!list || list->kind != YAML_LIST || list->count == 0)
        return yaml_fail(&in->yaml, list ? list : map, &in->err, "programs is a list such as [PBT, MLA, MLT]");
    for (yaml_item_t *node = list->first; node; node = node->next) {
        unsigned program = node->kind == YAML_SCALAR ? item_programs(node->text) : 0;
        if (!program)
            return yaml_fail(&in->yaml, node, &in->err, "a program is PBT, MLA or MLT; found \"%.40s\"",
                             node->kind == YAML_SCALAR ? node->text : "a list");
        if (!(program & in->known->programs))
            return yaml_fail(&in->yaml, node, &in->err, "%s does not belong to the program %s; take it out", in->lesson,
                             node->text);
        item->programs |= program;
    }
    return true;
}

/* "2026-11". */
static bool is_month(const char *text)
{
    for (int i = 0; i < 7; i++)
        if (i == 4 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
    return !text[7] && text[5] <= '1' && !(text[5] == '1' && text[6] > '2') && !(text[5] == '0' && text[6] == '0');
}

static bool read_place(reading_t *in, yaml_item_t *map, item_t *item)
{
    size_t length = strlen(in->lesson);
    int64_t number;
    if (!yaml_text(&in->yaml, map, "area", &item->area, &in->err) ||
        !yaml_text(&in->yaml, map, "subarea", &item->subarea, &in->err) ||
        !yaml_text(&in->yaml, map, "objective", &item->objective, &in->err) ||
        !yaml_text(&in->yaml, map, "as_of", &item->as_of, &in->err) ||
        !get_words(in, map, "source", ITEM_SOURCE_MAX, &item->source))
        return false;
    if (!bank_area_known(in->bank, item->area, NULL))
        return yaml_fail(&in->yaml, yaml_get(map, "area"), &in->err, "items/areas.csv has no area \"%.40s\"",
                         item->area);
    if (!bank_area_known(in->bank, item->area, item->subarea))
        return yaml_fail(&in->yaml, yaml_get(map, "subarea"), &in->err,
                         "%s has no subarea \"%.40s\"; items/areas.csv lists them", item->area, item->subarea);
    if (strncmp(item->objective, in->lesson, length) != 0 || item->objective[length] != '.' ||
        !text_to_int(item->objective + length + 1, strlen(item->objective + length + 1), &number) || number < 1 ||
        number > in->known->objectives)
        return yaml_fail(&in->yaml, yaml_get(map, "objective"), &in->err, "objective is %s.1 to %s.%d; found \"%.40s\"",
                         in->lesson, in->lesson, in->known->objectives, item->objective);
    if (!is_month(item->as_of))
        return yaml_fail(&in->yaml, yaml_get(map, "as_of"), &in->err,
                         "as_of is a month such as 2026-11; found \"%.40s\"", item->as_of);
    return true;
}

static bool read_head(reading_t *in, yaml_item_t *map, item_t *item)
{
    int type = 0, level = 0, state = 0;
    int64_t version = 0;
    if (!yaml_choice(&in->yaml, map, "type", types, &type, &in->err) || !read_programs(in, map, item) ||
        !read_place(in, map, item) || !yaml_choice(&in->yaml, map, "level", levels, &level, &in->err) ||
        !yaml_double(&in->yaml, map, "difficulty", -3, 3, &item->difficulty, &in->err) ||
        !yaml_double(&in->yaml, map, "difficulty_sd", 0.05, 2, &item->difficulty_sd, &in->err) ||
        !yaml_choice(&in->yaml, map, "state", states, &state, &in->err) ||
        !yaml_int(&in->yaml, map, "version", 1, 999, &version, &in->err) ||
        !get_words(in, map, "stem", ITEM_STEM_MAX, &item->stem))
        return false;
    item->type = (item_type_t)type;
    item->level = (item_level_t)level;
    item->state = (item_state_t)state;
    item->version = (int)version;
    return read_picture(in, map, item);
}

bool bank_read_head(const bank_t *bank, const yaml_t *yaml, yaml_item_t *map, item_t *item, err_t *err)
{
    reading_t in = {.bank = bank, .yaml = *yaml};
    bool ok = yaml_text(yaml, map, "lesson", &in.lesson, &in.err);
    in.known = ok ? bank_lesson_of(bank, in.lesson) : NULL;
    if (ok && !in.known)
        ok =
            yaml_fail(yaml, yaml_get(map, "lesson"), &in.err, "exam/objectives.csv has no lesson \"%.40s\"", in.lesson);
    ok = ok && read_head(&in, map, item);
    item->lesson = in.lesson;
    if (!ok && err) *err = in.err;
    return ok;
}

/* The lesson, a hyphen, two digits; not used before. */
static bool read_id(reading_t *in, yaml_item_t *map, item_t *item)
{
    size_t length = strlen(in->lesson);
    if (!yaml_text(&in->yaml, map, "id", &item->id, &in->err)) return false;
    const char *rest = item->id + length;
    if (strncmp(item->id, in->lesson, length) != 0 || rest[0] != '-' || rest[1] < '0' || rest[1] > '9' ||
        rest[2] < '0' || rest[2] > '9' || rest[3])
        return yaml_fail(&in->yaml, yaml_get(map, "id"), &in->err,
                         "id is the lesson and two digits, such as %s-01; found \"%.40s\"", in->lesson, item->id);
    const item_t *other = in->bank->renewing ? NULL : bank_find(in->bank, item->id);
    return !other || yaml_fail(&in->yaml, yaml_get(map, "id"), &in->err,
                               "%s stands at %s:%d already; take the next number", item->id, other->file, other->line);
}

static bool read_item(reading_t *in, yaml_item_t *map, item_t *item)
{
    if (map->kind != YAML_MAP)
        return yaml_fail(&in->yaml, map, &in->err, "an item begins with \"- id: %s-01\"", in->lesson);
    if (!read_id(in, map, item) || !read_head(in, map, item) || !read_set(in, map, item) ||
        !bank_read_enemies(&in->yaml, map, item, &in->err))
        return false;
    bool ok = item->type == ITEM_ORDER     ? read_steps(in, map, item)
              : item->type == ITEM_MATCH   ? read_pairs(in, map, item)
              : item_is_number(item->type) ? read_number(in, map, item)
                                           : read_options(in, map, item);
    return ok && check_picture(in, map, item) && yaml_no_unused(&in->yaml, map, &in->err);
}

/* The message without the "file:line: " that the finding says by itself. */
static bool say_err(bank_t *bank, const reading_t *in, const char *item)
{
    size_t length = strlen(in->yaml.file);
    const char *text = in->err.text;
    int line = 0;
    if (strncmp(text, in->yaml.file, length) == 0 && text[length] == ':') {
        text += length + 1;
        for (; *text >= '0' && *text <= '9'; text++) line = line * 10 + (*text - '0');
        while (*text == ':' || *text == ' ') text++;
    }
    return bank_say(bank, FINDING_ERROR, in->yaml.file, line, item, "%s", text);
}

static bool read_lesson(reading_t *in)
{
    if (in->yaml.root->kind != YAML_MAP)
        return yaml_fail(&in->yaml, in->yaml.root, &in->err,
                         "a file begins with \"lesson: L52\" and has a list \"items:\"");
    if (!yaml_text(&in->yaml, in->yaml.root, "lesson", &in->lesson, &in->err)) return false;
    in->known = bank_lesson_of(in->bank, in->lesson);
    if (!in->known)
        return yaml_fail(&in->yaml, yaml_get(in->yaml.root, "lesson"), &in->err,
                         "exam/objectives.csv has no lesson \"%.40s\"", in->lesson);
    const char *slash = strrchr(in->yaml.file, '/'), *name = slash ? slash + 1 : in->yaml.file;
    size_t length = strlen(in->lesson);
    if (strstr(name, ".yaml") && (strncmp(name, in->lesson, length) != 0 || strcmp(name + length, ".yaml") != 0))
        return yaml_fail(&in->yaml, yaml_get(in->yaml.root, "lesson"), &in->err, "a file of %s is named %s.yaml",
                         in->lesson, in->lesson);
    return true;
}

/* "L60-A": the lesson and a capital letter. */
static bool read_case(reading_t *in, yaml_item_t *node, bank_set_t *set)
{
    size_t length = strlen(in->lesson);
    *set = (bank_set_t){.file = in->yaml.file, .line = node->line};
    if (node->kind != YAML_MAP) return yaml_fail(&in->yaml, node, &in->err, "a case has the keys id and text");
    if (!yaml_text(&in->yaml, node, "id", &set->id, &in->err) ||
        !get_words(in, node, "text", ITEM_STEM_MAX, &set->text))
        return false;
    const char *rest = set->id + length;
    if (strncmp(set->id, in->lesson, length) != 0 || rest[0] != '-' || rest[1] < 'A' || rest[1] > 'Z' || rest[2])
        return yaml_fail(&in->yaml, yaml_get(node, "id"), &in->err,
                         "id is the lesson and a capital letter, such as %s-A; found \"%.40s\"", in->lesson, set->id);
    for (size_t i = in->first_set; i < in->bank->set_count; i++)
        if (strcmp(in->bank->sets[i].id, set->id) == 0)
            return yaml_fail(&in->yaml, node, &in->err, "there is a case %s already; take the next letter", set->id);
    return yaml_no_unused(&in->yaml, node, &in->err);
}

static bool read_cases(bank_t *bank, reading_t *in)
{
    yaml_item_t *list = yaml_get(in->yaml.root, "sets");
    in->first_set = bank->set_count;
    if (!list) return true;
    if (list->kind != YAML_LIST || list->count == 0 || list->count > BANK_SETS_MAX - bank->set_count)
        return yaml_fail(&in->yaml, list, &in->err, "sets is a list of cases, at most %d in a bank",
                         (int)BANK_SETS_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next) {
        bank_set_t set;
        node->used = true;
        if (!read_case(in, node, &set)) return false;
        bank->sets[bank->set_count++] = set;
    }
    return true;
}

static bool read_items(bank_t *bank, reading_t *in, err_t *err)
{
    if (!read_cases(bank, in)) say_err(bank, in, "");
    yaml_item_t *list = yaml_get(in->yaml.root, "items");
    if (!list || list->kind != YAML_LIST || list->count == 0 || list->count > BANK_FILE_ITEMS_MAX) {
        yaml_fail(&in->yaml, list ? list : in->yaml.root, &in->err, "items is a list of 1 to %d items",
                  (int)BANK_FILE_ITEMS_MAX);
        return say_err(bank, in, "");
    }
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (bank->count == BANK_ITEMS_MAX)
            return err_set(err, ERR_LIMIT, "a bank holds at most %d items", (int)BANK_ITEMS_MAX);
        item_t *item = arena_alloc(bank->arena, sizeof *item);
        if (!item) return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
        *item = (item_t){.id = "",
                         .file = in->yaml.file,
                         .line = node->line,
                         .lesson = in->lesson,
                         .why = "",
                         .unit = "",
                         .counts = "",
                         .times = 1,
                         .picture = {.data = ""}};
        if (read_item(in, node, item))
            bank->items[bank->count++] = item;
        else
            say_err(bank, in, item->id);
        node->used = true;
    }
    for (yaml_item_t *key = in->yaml.root->first; key; key = key->next)
        if (!key->used)
            bank_say(bank, FINDING_ERROR, in->yaml.file, key->line, "",
                     "unknown key \"%.60s\"; a file has the keys lesson, sets and items", key->key);
    return true;
}

bool bank_read(bank_t *bank, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    reading_t in = {.bank = bank};
    const char *name = arena_text(bank->arena, file, strlen(file));
    if (!name) return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
    in.yaml.file = name;
    if (!yaml_read(&in.yaml, bank->arena, name, bytes, length, &in.err) || !read_lesson(&in))
        return say_err(bank, &in, "");
    return read_items(bank, &in, err);
}
