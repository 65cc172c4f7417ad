/* Family files: YAML in, compiled families out. Every complaint names file, line and what to write instead.
 * The format stands in content/items/README.md. */
#include "family_private.h"

#include <string.h>

enum { APART_PCT = 2 }; /* unless a family says otherwise */

typedef struct {
    families_t *families;
    const bank_t *catalog;
    yaml_t yaml;
    family_t *family;
    err_t *err;
} reading_t;

const char *const FAMILY_TIME_NAMES[FAMILY_TIMES] = {"pt", "inr", "aptt", "tt", "reptilase", "mix", "mix_incubated"};

/* A new name, which gets its value after all before it. */
static bool add_name(reading_t *in, const yaml_item_t *at, const char *name, int *index)
{
    names_t *names = &in->family->names;
    size_t length = strlen(name), good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (good != length || length == 0 || (name[0] >= '0' && name[0] <= '9'))
        return yaml_fail(&in->yaml, at, in->err, "a name has small letters, digits and _; found \"%.40s\"", name);
    if (names_find(names, name, length) >= 0)
        return yaml_fail(&in->yaml, at, in->err, "the name \"%.40s\" is used twice", name);
    if (names->count == FAMILY_VALUES_MAX)
        return yaml_fail(&in->yaml, at, in->err, "a family has at most %d names", (int)FAMILY_VALUES_MAX);
    names->name[names->count] = name;
    *index = names->count++;
    in->family->decimals[*index] = DECIMALS_AS_NEEDED;
    return true;
}

static bool read_expr(reading_t *in, const yaml_item_t *node, expr_t *expr)
{
    err_t why;
    if (node->kind != YAML_SCALAR) return yaml_fail(&in->yaml, node, in->err, "an expression is a single text");
    return expr_read(expr, node->text, &in->family->names, &why) ||
           yaml_fail(&in->yaml, node, in->err, "%.300s", why.text);
}

static bool need_expr(reading_t *in, yaml_item_t *map, const char *key, expr_t *expr)
{
    yaml_item_t *node = yaml_get(map, key);
    if (!node) return yaml_fail(&in->yaml, map, in->err, "the key \"%s\" is missing here: an expression", key);
    return read_expr(in, node, expr);
}

static bool need_words(reading_t *in, yaml_item_t *map, const char *key, const char **text)
{
    if (!yaml_text(&in->yaml, map, key, text, in->err)) return false;
    err_t why;
    if (!(*text)[strspn(*text, " \n")] || strlen(*text) > ITEM_STEM_MAX)
        return yaml_fail(&in->yaml, yaml_get(map, key), in->err, "%s has 1 to %d bytes", key, (int)ITEM_STEM_MAX);
    return family_words_check(in->family, *text, &why) ||
           yaml_fail(&in->yaml, yaml_get(map, key), in->err, "%.300s", why.text);
}

static int decimals_of(const char *text)
{
    const char *dot = strchr(text, '.');
    return dot ? (int)strlen(dot + 1) : 0;
}

static bool read_choices(reading_t *in, yaml_item_t *list, draw_t *draw)
{
    if (list->kind != YAML_LIST || list->count < 2 || list->count > FAMILY_CHOICES_MAX)
        return yaml_fail(&in->yaml, list, in->err, "of is a list of 2 to %d numbers", (int)FAMILY_CHOICES_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (node->kind != YAML_SCALAR ||
            !text_to_double(node->text, strlen(node->text), &draw->choice[draw->choices++]))
            return yaml_fail(&in->yaml, node, in->err, "of is a list of numbers, such as [1, 2, 5]");
        int decimals = decimals_of(node->text);
        if (decimals > draw->decimals) draw->decimals = decimals;
    }
    return true;
}

static bool read_range(reading_t *in, yaml_item_t *node, draw_t *draw)
{
    double to = 0;
    const char *step = NULL;
    if (!yaml_double(&in->yaml, node, "from", -1e9, 1e9, &draw->from, in->err) ||
        !yaml_double(&in->yaml, node, "to", -1e9, 1e9, &to, in->err) ||
        !yaml_double(&in->yaml, node, "step", 1e-6, 1e9, &draw->step, in->err) ||
        !yaml_text(&in->yaml, node, "step", &step, in->err))
        return false;
    double steps = exact_floor((to - draw->from) / draw->step + 1.5);
    if (!(steps >= 2 && steps <= 1000000))
        return yaml_fail(&in->yaml, node, in->err,
                         "from, to and step give 2 to 1,000,000 values; this gives fewer or more");
    draw->steps = (int)steps;
    draw->decimals = decimals_of(step);
    return true;
}

static bool read_draws(reading_t *in, yaml_item_t *map)
{
    yaml_item_t *list = yaml_get(map, "draw");
    if (!list || list->kind != YAML_MAP || list->count > FAMILY_DRAWS_MAX)
        return yaml_fail(&in->yaml, list ? list : map, in->err,
                         "draw has 1 to %d names, such as na: {from: 130, to: 150, step: 1}", (int)FAMILY_DRAWS_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next) {
        draw_t *draw = &in->family->draw[in->family->draws++];
        int64_t decimals;
        if (!add_name(in, node, node->key, &draw->at)) return false;
        node->used = true;
        yaml_item_t *of = yaml_get(node, "of");
        if (of ? !read_choices(in, of, draw) : !read_range(in, node, draw)) return false;
        for (yaml_item_t *n = of ? of->first : NULL; n; n = n->next) n->used = true;
        decimals = draw->decimals;
        if (!yaml_int_or(&in->yaml, node, "decimals", 0, ITEM_DECIMALS_MAX, &decimals, in->err)) return false;
        in->family->decimals[draw->at] = (int)decimals;
    }
    return true;
}

/* A value computed by an expression, or by a formula of the laboratory from named inputs. */
static bool read_let(reading_t *in, yaml_item_t *node)
{
    let_t *let = &in->family->let[in->family->lets];
    yaml_item_t *with = yaml_get(node, "with"), *formula = yaml_get(node, "formula");
    size_t count = formula && with && with->kind == YAML_MAP ? with->count : 1;
    if (count == 0 || count > FAMILY_INPUTS_MAX || (formula && (!with || with->kind != YAML_MAP)))
        return yaml_fail(&in->yaml, node, in->err, "with names 1 to %d inputs of the formula", (int)FAMILY_INPUTS_MAX);
    let->expr = arena_array(in->families->arena, count, sizeof *let->expr);
    if (!let->expr) return err_set(in->err, ERR_MEMORY, "the families do not fit into memory");
    if (!formula) {
        if (!read_expr(in, node, &let->expr[0])) return false;
    } else {
        if (!yaml_text(&in->yaml, node, "formula", &let->formula, in->err)) return false;
        for (yaml_item_t *input = with->first; input; input = input->next) {
            input->used = true;
            let->input[let->inputs] = input->key;
            if (!read_expr(in, input, &let->expr[let->inputs++])) return false;
        }
    }
    if (!add_name(in, node, node->key, &let->at)) return false;
    in->family->lets++;
    return true;
}

static bool read_lets(reading_t *in, yaml_item_t *map)
{
    yaml_item_t *list = yaml_get(map, "let");
    if (!list) return true;
    if (list->kind != YAML_MAP || list->count > FAMILY_LETS_MAX)
        return yaml_fail(&in->yaml, list, in->err, "let has at most %d names with an expression each",
                         (int)FAMILY_LETS_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next) {
        node->used = true;
        if (!read_let(in, node)) return false;
    }
    return true;
}

static bool read_needs(reading_t *in, yaml_item_t *map)
{
    yaml_item_t *list = yaml_get(map, "need");
    if (!list) return true;
    if (list->kind != YAML_LIST || list->count > FAMILY_NEEDS_MAX)
        return yaml_fail(&in->yaml, list, in->err, "need is a list of at most %d conditions", (int)FAMILY_NEEDS_MAX);
    for (yaml_item_t *node = list->first; node; node = node->next)
        if (!read_expr(in, node, &in->family->need[in->family->needs++])) return false;
    return true;
}

/* ---- providers ---- */

static bool get_list(reading_t *in, yaml_item_t *map, const char *key, size_t most, yaml_item_t **list)
{
    *list = yaml_get(map, key);
    if (!*list || (*list)->kind != YAML_LIST || (*list)->count == 0 || (*list)->count > most)
        return yaml_fail(&in->yaml, *list ? *list : map, in->err, "%s is a list of 1 to %zu entries", key, most);
    return true;
}

static bool read_by(reading_t *in, yaml_item_t *map)
{
    const char *by = NULL;
    if (!yaml_text(&in->yaml, map, "by", &by, in->err)) return false;
    in->family->by = names_find(&in->family->names, by, strlen(by));
    return in->family->by >= 0 || yaml_fail(&in->yaml, yaml_get(map, "by"), in->err,
                                            "by is a drawn name whose value is the number of the case, 0 first");
}

static bool read_series(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    yaml_item_t *node = yaml_get(map, "series"), *list;
    int64_t levels = 0, runs = 0, from, level;
    int at;
    const char *chart = NULL;
    if (!node) return true;
    if (!read_by(in, node) || !yaml_int(&in->yaml, node, "levels", 1, FAMILY_LEVELS_MAX, &levels, in->err) ||
        !yaml_int(&in->yaml, node, "runs", 1, FAMILY_RUNS_MAX, &runs, in->err) ||
        !yaml_text(&in->yaml, node, "rules", &f->rules, in->err) ||
        !yaml_text_or(&in->yaml, node, "chart", &chart, in->err) ||
        !get_list(in, node, "plants", FAMILY_PLANTS_MAX, &list))
        return false;
    f->levels = (int)levels;
    f->runs = (int)runs;
    f->chart = chart && strcmp(chart, "yes") == 0;
    for (yaml_item_t *p = list->first; p; p = p->next) {
        plant_t *plant = &f->plant[f->plants++];
        from = runs;
        level = 0;
        plant->sd = 1;
        if (!yaml_text(&in->yaml, p, "rule", &plant->rule, in->err) ||
            !yaml_double_or(&in->yaml, p, "shift", 0, 6, &plant->shift, in->err) ||
            !yaml_double_or(&in->yaml, p, "sd", 0.05, 4, &plant->sd, in->err) ||
            !yaml_int_or(&in->yaml, p, "from", 1, runs, &from, in->err) ||
            !yaml_int_or(&in->yaml, p, "level", 0, levels, &level, in->err))
            return false;
        plant->from = (int)from;
        plant->level = (int)level;
    }
    return add_name(in, node, "reject", &f->plant_at) && add_name(in, node, "warn", &at) &&
           add_name(in, node, "systematic", &at);
}

static bool read_panel(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    yaml_item_t *node = yaml_get(map, "panel"), *list;
    const char *history = NULL;
    int at;
    if (!node) return true;
    if (!read_by(in, node) || !yaml_text_or(&in->yaml, node, "history", &history, in->err) ||
        !get_list(in, node, "show", FAMILY_ROWS_MAX, &list))
        return false;
    f->history = history && strcmp(history, "yes") == 0;
    f->rows_at = f->names.count;
    for (yaml_item_t *row = list->first; row; row = row->next) {
        if (row->kind != YAML_SCALAR) return yaml_fail(&in->yaml, row, in->err, "show lists analytes");
        row->used = true;
        f->row[f->rows++] = row->text;
        char *before = arena_alloc(in->families->arena, strlen(row->text) + sizeof "_before");
        if (!before) return err_set(in->err, ERR_MEMORY, "the families do not fit into memory");
        memcpy(before, row->text, strlen(row->text));
        memcpy(before + strlen(row->text), "_before", sizeof "_before");
        if (!add_name(in, row, row->text, &at) || !add_name(in, row, before, &at)) return false;
    }
    if (!get_list(in, node, "faults", FAMILY_PLANTS_MAX, &list)) return false;
    for (yaml_item_t *c = list->first; c; c = c->next) {
        fault_case_t *fault = &f->fault[f->faults++];
        if (!yaml_text(&in->yaml, c, "fault", &fault->fault, in->err) ||
            !yaml_text_or(&in->yaml, c, "fluid", &fault->fluid, in->err) ||
            !yaml_double(&in->yaml, c, "low", 0, 1e6, &fault->low, in->err) ||
            !yaml_double(&in->yaml, c, "high", fault->low, 1e6, &fault->high, in->err))
            return false;
        fault->needs = yaml_get(c, "need") != NULL;
        if (fault->needs && !need_expr(in, c, "need", &fault->need)) return false;
    }
    return true;
}

static bool read_plasma(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    yaml_item_t *node = yaml_get(map, "plasma");
    int at;
    if (!node) return true;
    if (node->kind != YAML_MAP || node->count == 0 || node->count > FAMILY_PLASMA_MAX)
        return yaml_fail(&in->yaml, node, in->err, "plasma has 1 to %d parts, such as viii: level",
                         (int)FAMILY_PLASMA_MAX);
    f->plasma_expr = arena_array(in->families->arena, node->count, sizeof *f->plasma_expr);
    if (!f->plasma_expr) return err_set(in->err, ERR_MEMORY, "the families do not fit into memory");
    for (yaml_item_t *part = node->first; part; part = part->next) {
        part->used = true;
        f->plasma_name[f->plasma] = part->key;
        if (!read_expr(in, part, &f->plasma_expr[f->plasma++])) return false;
    }
    f->times_at = f->names.count;
    for (int i = 0; i < FAMILY_TIMES; i++) {
        if (!add_name(in, node, FAMILY_TIME_NAMES[i], &at)) return false;
        f->decimals[at] = 1;
    }
    return true;
}

/* ---- the answer ---- */

static bool read_number(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    yaml_item_t *answer = yaml_get(map, "answer"), *list;
    int64_t decimals = 0;
    const char *is_signed = NULL;
    if (!answer || answer->kind != YAML_MAP)
        return yaml_fail(&in->yaml, answer ? answer : map, in->err,
                         "a family has an answer: {is: na - cl, unit: mmol/L, decimals: 0}, or options");
    if (!need_expr(in, answer, "is", &f->answer_is) || !yaml_text(&in->yaml, answer, "unit", &f->unit, in->err) ||
        !yaml_int(&in->yaml, answer, "decimals", 0, ITEM_DECIMALS_MAX, &decimals, in->err) ||
        !yaml_text_or(&in->yaml, answer, "signed", &is_signed, in->err))
        return false;
    f->answer_decimals = (int)decimals;
    f->is_signed = is_signed && strcmp(is_signed, "yes") == 0;
    f->tolerance = 1;
    for (int i = 0; i < f->answer_decimals; i++) f->tolerance /= 10;
    f->apart_pct = APART_PCT;
    if (!yaml_double_or(&in->yaml, answer, "tolerance", 0, 1e9, &f->tolerance, in->err) ||
        !yaml_double_or(&in->yaml, answer, "apart_pct", 0, 50, &f->apart_pct, in->err))
        return false;
    int at;
    if (!add_name(in, answer, "answer", &at)) return false;
    f->decimals[at] = f->answer_decimals;
    if (!need_words(in, map, "why", &f->why) || !get_list(in, map, "mistakes", FAMILY_ANSWERS_MAX, &list)) return false;
    if (list->count < 3) return yaml_fail(&in->yaml, list, in->err, "a family has at least three mistakes");
    for (yaml_item_t *node = list->first; node; node = node->next) {
        answer_t *mistake = &f->answer[f->answers++];
        mistake->line = node->line;
        if (!need_expr(in, node, "is", &mistake->expr) || !need_words(in, node, "why", &mistake->why)) return false;
    }
    return true;
}

static bool read_options(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    yaml_item_t *list;
    int deciding = 0;
    f->why = "";
    if (!get_list(in, map, "options", FAMILY_ANSWERS_MAX, &list)) return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        answer_t *option = &f->answer[f->answers++];
        option->line = node->line;
        option->decides = yaml_get(node, "when") != NULL;
        deciding += option->decides;
        if (!need_words(in, node, "text", &option->text) || !need_words(in, node, "why", &option->why) ||
            (option->decides && !need_expr(in, node, "when", &option->expr)))
            return false;
    }
    if (f->answers < 3 || deciding < 2)
        return yaml_fail(&in->yaml, list, in->err, "options are at least three, two of them with a \"when\"");
    return true;
}

static bool check_cases(reading_t *in, yaml_item_t *map)
{
    const family_t *f = in->family;
    int cases = f->plants ? f->plants : f->faults;
    for (int i = 0; i < f->draws && cases; i++) {
        if (f->draw[i].at != f->by) continue;
        bool right = f->draw[i].choices == cases;
        for (int k = 0; k < f->draw[i].choices; k++) right = right && f->draw[i].choice[k] == k;
        if (!right)
            return yaml_fail(&in->yaml, map, in->err,
                             "the value of by is drawn of [0, 1, ...], one for each of the %d cases", cases);
    }
    return true;
}

static bool read_family(reading_t *in, yaml_item_t *map)
{
    family_t *f = in->family;
    if (map->kind != YAML_MAP) return yaml_fail(&in->yaml, map, in->err, "a family begins with \"- id: anion-gap\"");
    if (!yaml_text(&in->yaml, map, "id", &f->id, in->err) || !yaml_text(&in->yaml, map, "title", &f->title, in->err) ||
        !bank_read_head(in->catalog, &in->yaml, map, &f->head, in->err))
        return false;
    if (strspn(f->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(f->id) || !f->id[0] ||
        strlen(f->id) > FAMILY_ID_MAX)
        return yaml_fail(&in->yaml, yaml_get(map, "id"), in->err, "id has small letters, digits and -, at most %d",
                         (int)FAMILY_ID_MAX);
    if (families_find(in->families, f->id, NULL) >= 0)
        return yaml_fail(&in->yaml, yaml_get(map, "id"), in->err, "the family %s stands here twice", f->id);
    if (f->head.type != ITEM_SINGLE && f->head.type != ITEM_NUMERIC)
        return yaml_fail(&in->yaml, yaml_get(map, "type"), in->err, "a family is single or numeric");
    f->head.id = f->id;
    if (!bank_read_enemies(&in->yaml, map, &f->head, in->err)) return false;
    f->number = yaml_get(map, "options") == NULL;
    if (!f->number && f->head.type == ITEM_NUMERIC)
        return yaml_fail(&in->yaml, yaml_get(map, "type"), in->err, "a family with options is single");
    return read_draws(in, map) && read_series(in, map) && read_panel(in, map) && read_plasma(in, map) &&
           check_cases(in, map) && read_lets(in, map) && read_needs(in, map) && need_words(in, map, "stem", &f->stem) &&
           (f->number ? read_number(in, map) : read_options(in, map));
}

bool family_read_file(families_t *families, const bank_t *catalog, const source_file_t *file, err_t *err)
{
    reading_t in = {.families = families, .catalog = catalog, .err = err};
    if (!yaml_read(&in.yaml, families->arena, file->path, file->bytes, file->length, err)) return false;
    yaml_item_t *list = yaml_get(in.yaml.root, "families");
    if (!list || list->kind != YAML_LIST)
        return yaml_fail(&in.yaml, in.yaml.root, err, "a file has a list \"families:\"");
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (families->count == FAMILIES_MAX)
            return yaml_fail(&in.yaml, node, err, "there are at most %d families", (int)FAMILIES_MAX);
        in.family = arena_alloc(families->arena, sizeof *in.family);
        if (!in.family) return err_set(err, ERR_MEMORY, "the families do not fit into memory");
        *in.family = (family_t){.file = in.yaml.file, .line = node->line, .by = -1};
        in.family->head = (item_t){.file = in.yaml.file,
                                   .line = node->line,
                                   .why = "",
                                   .unit = "",
                                   .counts = "",
                                   .times = 1,
                                   .picture.data = "",
                                   .computed = true};
        node->used = true;
        if (!read_family(&in, node)) return false;
        families->family[families->count++] = in.family;
    }
    return yaml_no_unused(&in.yaml, in.yaml.root, err);
}
