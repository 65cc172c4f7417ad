/* Reads the rules. Which keys a kind of condition has, must have and may have is a table; the values go by type. */
#include "road/rules.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { RULES_PATH_MAX = 300, FULL_TIME_HOURS = 35 /* a week, g.fte */, WEEK_HOURS = 168 };

typedef struct {
    arena_t *arena;
    err_t *err;
    const char *file;
    char path[RULES_PATH_MAX];
    size_t leaves; /* of the route that is being read */
    const char **ids;
    size_t id_count; /* of conditions and routes of this file */
} loader_t;

static bool wrong(const loader_t *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(const loader_t *l, const char *format, ...)
{
    char what[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return err_set(l->err, ERR_INPUT, "%s: %s: %s", l->file, l->path[0] ? l->path : "the whole", what);
}

static size_t enter(loader_t *l, const char *key, size_t index)
{
    size_t length = strlen(l->path);
    if (key != NULL)
        snprintf(l->path + length, sizeof l->path - length, "%s%.30s", length ? "." : "", key);
    else
        snprintf(l->path + length, sizeof l->path - length, "[%zu]", index);
    return length;
}

static void leave(loader_t *l, size_t length)
{
    l->path[length] = '\0';
}

static void *room(const loader_t *l, size_t count, size_t size)
{
    void *at = arena_array(l->arena, count + 1, size);
    if (at == NULL) err_set(l->err, ERR_LIMIT, "%s: the rules are larger than the room set aside for them.", l->file);
    return at;
}

static bool keep(const loader_t *l, const char *text, const char **to)
{
    *to = arena_text(l->arena, text, strlen(text));
    return *to != NULL || err_set(l->err, ERR_LIMIT, "%s: the rules are larger than the room set aside.", l->file);
}

/* ---- values ---- */

static bool get_text(loader_t *l, const json_t *object, const char *key, bool may_be_empty, const char **to)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    if (text == NULL || (text[0] == '\0' && !may_be_empty))
        return wrong(l, "\"%s\" is missing; it is a text in quotes.", key);
    return keep(l, text, to);
}

/* A list of texts, ended by NULL; a key that is not there is an empty list. */
static bool get_texts(loader_t *l, const json_t *object, const char *key, const char *const **to)
{
    const json_t *list = json_object_get(object, key);
    size_t count = json_array_size(list);
    if (list != NULL && !json_is_array(list)) return wrong(l, "\"%s\" is a list of texts.", key);
    const char **texts = room(l, count, sizeof *texts);
    if (texts == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || text[0] == '\0') return wrong(l, "\"%s\"[%zu] is a text in quotes.", key, i);
        if (!keep(l, text, &texts[i])) return false;
    }
    *to = texts;
    return true;
}

static bool get_sources(loader_t *l, const json_t *object, const char *const **to)
{
    if (!get_texts(l, object, "source", to)) return false;
    return (*to)[0] != NULL || wrong(l, "a rule needs its source: \"source\": [\"https://...\"].");
}

/* Ids of conditions and routes are how a person and a script speak of them: none may stand for two things. */
static bool new_id(loader_t *l, const char *id)
{
    for (size_t i = 0; i < l->id_count; i++)
        if (strcmp(l->ids[i], id) == 0) return wrong(l, "the id \"%.60s\" is taken already.", id);
    if (l->id_count == RULES_IDS_MAX) return wrong(l, "a file has at most %d ids.", RULES_IDS_MAX);
    l->ids[l->id_count++] = id;
    return true;
}

static bool get_day(loader_t *l, const json_t *object, const char *key, int32_t *to)
{
    const char *text = json_string_value(json_object_get(object, key));
    when_t when;
    if (text == NULL || !when_read(text, &when, NULL) || !when_is_day(when))
        return wrong(l, "\"%s\" is missing; it is a day such as \"2026-11-22\".", key);
    *to = when.first;
    return true;
}

static bool get_confidence(loader_t *l, const json_t *object, const char **to)
{
    if (!get_text(l, object, "confidence", false, to)) return false;
    if (strcmp(*to, "high") == 0 || strcmp(*to, "medium") == 0 || strcmp(*to, "low") == 0) return true;
    return wrong(l, "\"confidence\" is high, medium or low.");
}

/* ---- conditions ---- */

typedef enum {
    KEY_ID,
    KEY_WORD,
    KEY_AMOUNT,
    KEY_YEARS,
    KEY_DAY,
    KEY_TOKENS,
    KEY_FLAG,
    KEY_STATUS,
    KEY_LEVEL
} key_type_t;
typedef struct {
    const char *key;
    key_type_t type;
    size_t offset;
} leaf_key_t;

#define K(key_, type_, member)                                                                                         \
    {                                                                                                                  \
        .key = key_, .type = KEY_##type_, .offset = offsetof(leaf_t, member)                                           \
    }
static const leaf_key_t leaf_keys[] = {
    K("id", ID, id),
    K("says", ID, says),
    K("min", AMOUNT, min),
    K("min_weeks", AMOUNT, min),
    K("semesters", AMOUNT, min),
    K("fte_years", AMOUNT, fte_years),
    K("full_time_hours", AMOUNT, full_time),
    K("within_years", YEARS, within_years),
    K("before", DAY, before),
    K("fields", TOKENS, any),
    K("kinds", TOKENS, any),
    K("program_kinds", TOKENS, any),
    K("settings", TOKENS, any),
    K("any", TOKENS, any),
    K("accreditors", TOKENS, labs),
    K("labs", TOKENS, labs),
    K("areas_all", TOKENS, areas),
    K("subject", WORD, word),
    K("kind", WORD, word),
    K("level", WORD, word),
    K("target", WORD, word),
    K("fact", WORD, word),
    K("focus", WORD, word2),
    K("accepted_by", WORD, word2),
    K("status", STATUS, valid_only),
    K("accredited", FLAG, accredited),
    K("credits_accepted_by_college", FLAG, credits_accepted),
    K("occupation_held", FLAG, occupation_held),
    K("any_amount", FLAG, any_amount),
    K("disputed", FLAG, disputed),
    K("window_unread", FLAG, window_unread),
};
enum { LEAF_KEYS = sizeof leaf_keys / sizeof *leaf_keys };
static const leaf_key_t level_key = K("min", LEVEL, level); /* what "min" is to a degree */

/* Keys with a blank before and after each, so that one can be looked for. */
typedef struct {
    const char *word, *must, *may;
} leaf_shape_t;
static const leaf_shape_t leaf_shapes[LEAF_KINDS] = {
    [LEAF_DEGREE] = {"degree", " min ", " fields within_years accredited "},
    [LEAF_SEMESTER_HOURS] = {"semester_hours", " subject min ", " within_years accredited "},
    [LEAF_COURSE] = {"course", " subject semesters ", " "},
    [LEAF_PROGRAM] = {"program", " kinds accreditors within_years ", " "},
    [LEAF_TRAINING_HOURS] = {"training_hours", " program_kinds kind min ", " "},
    [LEAF_EXPERIENCE] = {"experience", " settings areas_all labs fte_years within_years ",
                         " any_amount before window_unread full_time_hours "},
    [LEAF_WORK_HOURS] = {"work_hours", " settings min within_years ", " focus "},
    [LEAF_CERTIFICATE] = {"certificate", " any status ", " "},
    [LEAF_MILITARY] = {"military_training", " min_weeks within_years ",
                       " kind credits_accepted_by_college occupation_held "},
    [LEAF_DRAWS] = {"draws", " kind min ", " "},
    [LEAF_AGE] = {"age", " min ", " "},
    [LEAF_PROFESSIONAL_EDUCATION] = {"professional_education", " kinds ", " "},
    [LEAF_LAB_ORIENTATION] = {"lab_orientation", " ", " "},
    [LEAF_EXAM_PASSED] = {"exam_passed", " level accepted_by ", " "},
    [LEAF_ELIGIBLE_FOR] = {"eligible_for", " target ", " "},
    [LEAF_STATE_LICENSE] = {"state_licence", " level ", " "},
    [LEAF_FOREIGN_DEGREE] = {"foreign_degree_evaluated", " ", " within_years "},
    [LEAF_STATED] = {"stated", " fact ", " "},
};

const char *leaf_kind_word(leaf_kind_t kind)
{
    assert(kind < LEAF_KINDS);
    return leaf_shapes[kind].word;
}

static bool has_key(const char *list, const char *key)
{
    char with_blanks[48];
    snprintf(with_blanks, sizeof with_blanks, " %.40s ", key);
    return strstr(list, with_blanks) != NULL;
}

static bool read_tokens(loader_t *l, const char *key, const json_t *value, tokens_t *to)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > RECORD_ITEMS_MAX)
        return wrong(l, "\"%s\" is a list of at most 64 words.", key);
    *to = (tokens_t){true, count, room(l, count, sizeof *to->items)};
    if (to->items == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        const char *word = json_string_value(json_array_get(value, i));
        if (word == NULL || word[0] == '\0' || strlen(word) >= RECORD_TOKEN_MAX)
            return wrong(l, "\"%s\"[%zu] is a word of at most 63 bytes.", key, i);
        if (!keep(l, word, &to->items[i])) return false;
    }
    return true;
}

/* Amounts of rules are decimals such as 0.5; three places are enough, more are refused. */
static bool read_amount(const loader_t *l, const char *key, const json_t *value, int64_t *to)
{
    double number = json_number_value(value);
    if (json_is_number(value) && number >= 0.0 && number <= (double)RECORD_AMOUNT_MAX) {
        *to = (int64_t)(number * 1000.0 + 0.5);
        double back = (double)*to / 1000.0;
        if (!(back < number || back > number)) return true;
    }
    return wrong(l, "\"%s\" is a number of at most three decimals.", key);
}

static bool read_years(const loader_t *l, const char *key, const json_t *value, int64_t *to)
{
    *to = 0;
    if (json_is_null(value)) return true;
    *to = json_integer_value(value);
    return (json_is_integer(value) && *to >= 1 && *to <= RULES_YEARS_MAX) ||
           wrong(l, "\"%s\" is a whole number of years from 1 to %d, or null for any time.", key, RULES_YEARS_MAX);
}

static bool read_level(const loader_t *l, const json_t *value, level_t *to)
{
    *to = json_is_string(value) ? level_from_word(json_string_value(value)) : LEVEL_UNKNOWN;
    return *to != LEVEL_UNKNOWN ||
           wrong(l, "\"min\" is none, high_school, associate, three_year_bachelor, bachelor, master or doctoral.");
}

static bool read_key(loader_t *l, const leaf_key_t *key, const json_t *object, const json_t *value, leaf_t *leaf)
{
    void *to = (char *)leaf + key->offset;
    const char *text = json_string_value(value);
    switch (key->type) {
    case KEY_ID:
    case KEY_WORD:
        return get_text(l, object, key->key, false, to);
    case KEY_AMOUNT:
        return read_amount(l, key->key, value, to);
    case KEY_YEARS:
        return read_years(l, key->key, value, to);
    case KEY_DAY:
        return get_day(l, object, key->key, to);
    case KEY_TOKENS:
        return read_tokens(l, key->key, value, to);
    case KEY_LEVEL:
        return read_level(l, value, to);
    case KEY_FLAG:
        *(bool *)to = json_is_true(value);
        return json_is_boolean(value) || wrong(l, "\"%s\" is true or false.", key->key);
    case KEY_STATUS:
        *(bool *)to = text != NULL && strcmp(text, "valid") == 0;
        return *(bool *)to || (text != NULL && strcmp(text, "any") == 0) || wrong(l, "\"status\" is valid or any.");
    }
    return false;
}

static bool read_leaf(loader_t *l, json_t *object, leaf_t *leaf)
{
    const char *p = json_string_value(json_object_get(object, "p"));
    const leaf_shape_t *shape = NULL;
    for (size_t i = 0; p != NULL && i < LEAF_KINDS; i++)
        if (strcmp(leaf_shapes[i].word, p) == 0) {
            shape = &leaf_shapes[i];
            leaf->kind = (leaf_kind_t)i;
        }
    if (shape == NULL) return wrong(l, "no kind of condition is called \"%.40s\".", p ? p : "");
    leaf->full_time = (int64_t)FULL_TIME_HOURS * 1000;
    leaf->before = DAY_LAST;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const leaf_key_t *key = NULL;
        if (strcmp(name, "p") == 0) continue;
        bool common = has_key(" id says disputed ", name);
        if (!common && !has_key(shape->must, name) && !has_key(shape->may, name))
            return wrong(l, "a condition \"%s\" has no key \"%.40s\".", p, name);
        for (size_t i = 0; i < LEAF_KEYS && key == NULL; i++)
            if (strcmp(leaf_keys[i].key, name) == 0) key = &leaf_keys[i];
        if (leaf->kind == LEAF_DEGREE && strcmp(name, "min") == 0) key = &level_key;
        assert(key != NULL);
        if (!read_key(l, key, object, value, leaf)) return false;
    }
    for (size_t i = 0; i < LEAF_KEYS; i++)
        if (has_key(shape->must, leaf_keys[i].key) && json_object_get(object, leaf_keys[i].key) == NULL)
            return wrong(l, "a condition \"%s\" needs \"%s\".", p, leaf_keys[i].key);
    if (leaf->id == NULL || leaf->says == NULL) return wrong(l, "a condition needs \"id\" and \"says\".");
    if (!new_id(l, leaf->id)) return false;
    if (leaf->full_time == 0 || leaf->full_time > (int64_t)WEEK_HOURS * 1000 ||
        leaf->fte_years > (int64_t)RULES_YEARS_MAX * 1000)
        return wrong(l, "\"full_time_hours\" is above 0 and at most %d, \"fte_years\" at most %d.", WEEK_HOURS,
                     RULES_YEARS_MAX);
    return true;
}

static bool read_node(loader_t *l, json_t *object, int depth, node_t *node)
{
    if (!json_is_object(object)) return wrong(l, "is all_of, any_of or a condition, in { }.");
    if (depth > RULES_DEPTH_MAX) return wrong(l, "conditions stand at most %d deep.", RULES_DEPTH_MAX);
    json_t *all = json_object_get(object, "all_of"), *any = json_object_get(object, "any_of");
    if (all == NULL && any == NULL) {
        leaf_t *leaf = room(l, 1, sizeof *leaf);
        *node = (node_t){.kind = NODE_LEAF, .leaf = leaf, .index = l->leaves++};
        if (l->leaves > RULES_LEAVES_MAX) return wrong(l, "a route has at most %d conditions.", RULES_LEAVES_MAX);
        return leaf != NULL && read_leaf(l, object, leaf);
    }
    json_t *list = all != NULL ? all : any;
    size_t count = json_array_size(list);
    if (json_object_size(object) != 1 || count == 0 || count > RULES_NODES_MAX)
        return wrong(l, "holds either all_of or any_of, a list of 1 to %d conditions, and nothing else.",
                     RULES_NODES_MAX);
    *node = (node_t){.kind = all != NULL ? NODE_ALL : NODE_ANY, .count = count};
    if ((node->children = room(l, count, sizeof *node->children)) == NULL) return false;
    size_t before = enter(l, all != NULL ? "all_of" : "any_of", 0);
    for (size_t i = 0; i < count; i++) {
        size_t at = enter(l, NULL, i);
        if (!read_node(l, json_array_get(list, i), depth + 1, &node->children[i])) return false;
        leave(l, at);
    }
    leave(l, before);
    return true;
}

/* ---- routes and goals ---- */

static const char *const statuses[] = {"open", "discontinued", "unread"};
static const char *const goal_keys[] = {"credential", "licence", "federal"};
static const char *const goal_words[] = {"credential", "state license", "federal floor"};

const char *route_status_word(route_status_t status)
{
    assert(status <= ROUTE_UNREAD);
    return statuses[status];
}

const char *goal_kind_word(goal_kind_t kind)
{
    assert(kind <= GOAL_FEDERAL);
    return goal_words[kind];
}

static bool read_status(const loader_t *l, const json_t *object, route_status_t *to)
{
    const char *word = json_string_value(json_object_get(object, "status"));
    for (size_t i = 0; word != NULL && i < sizeof statuses / sizeof *statuses; i++)
        if (strcmp(statuses[i], word) == 0) return *to = (route_status_t)i, true;
    return wrong(l, "\"status\" is open, discontinued or unread.");
}

static bool read_route(loader_t *l, const json_t *object, route_t *route)
{
    if (!json_is_object(object)) return wrong(l, "a route is an object in { }.");
    if (!get_text(l, object, "id", false, &route->id) || !get_text(l, object, "number", true, &route->number) ||
        !get_text(l, object, "summary", false, &route->summary) || !get_texts(l, object, "notes", &route->notes))
        return false;
    if (!new_id(l, route->id) || !get_sources(l, object, &route->source)) return false;
    if (!get_text(l, object, "as_of", false, &route->as_of) || !get_confidence(l, object, &route->confidence) ||
        !get_day(l, object, "review_by", &route->review_by) || !read_status(l, object, &route->status))
        return false;
    const json_t *complete = json_object_get(object, "complete");
    if (!json_is_boolean(complete)) return wrong(l, "\"complete\" is true or false.");
    route->complete = json_is_true(complete);
    json_t *requires = json_object_get(object, "requires");
    if ((route->status == ROUTE_OPEN) != json_is_object(requires))
        return wrong(l, "an open route has \"requires\", one that is closed or was not read has null.");
    if (route->status != ROUTE_OPEN) return true;
    node_t *root = room(l, 1, sizeof *root);
    size_t at = enter(l, "requires", 0);
    l->leaves = 0;
    if (root == NULL || !read_node(l, requires, 1, root)) return false;
    leave(l, at);
    route->requires = root;
    route->leaves = l->leaves;
    return true;
}

static bool read_goal(loader_t *l, const json_t *object, goal_kind_t kind, rules_t *rules)
{
    goal_t goal = {.kind = kind};
    if (rules->count == RULES_GOALS_MAX) return wrong(l, "at most %d goals are held.", RULES_GOALS_MAX);
    if (!json_is_object(object)) return wrong(l, "a goal is an object in { }.");
    if (!get_text(l, object, goal_keys[kind], false, &goal.id) || !get_text(l, object, "body", false, &goal.body) ||
        !get_texts(l, object, "notes", &goal.notes))
        return false;
    if (kind == GOAL_STATE && !get_text(l, object, "state", false, &goal.state)) return false;
    if (rules_goal(rules, goal.id) != NULL) return wrong(l, "there is a goal \"%.40s\" already.", goal.id);
    const json_t *list = json_object_get(object, "routes");
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > RULES_ROUTES_MAX)
        return wrong(l, "\"routes\" is a list of at most %d routes.", RULES_ROUTES_MAX);
    route_t *routes = room(l, count, sizeof *routes);
    if (routes == NULL) return false;
    size_t before = enter(l, "routes", 0);
    for (size_t i = 0; i < count; i++) {
        size_t at = enter(l, NULL, i);
        if (!read_route(l, json_array_get(list, i), &routes[i])) return false;
        leave(l, at);
    }
    leave(l, before);
    goal.routes = routes;
    goal.count = count;
    rules->goals[rules->count++] = goal;
    rules->routes += count;
    return true;
}

static bool read_global(loader_t *l, const json_t *list, rules_t *rules)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > RULES_GOALS_MAX) return wrong(l, "\"global_rules\" is a list.");
    global_rule_t *all = room(l, rules->global_count + count, sizeof *all);
    if (all == NULL) return false;
    if (rules->global_count > 0) memcpy(all, rules->global, rules->global_count * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(list, i);
        global_rule_t *rule = &all[rules->global_count + i];
        size_t before = enter(l, "global_rules", 0);
        enter(l, NULL, i);
        if (!json_is_object(object)) return wrong(l, "a rule is an object in { }.");
        if (!get_text(l, object, "id", false, &rule->id) || !get_text(l, object, "body", false, &rule->body) ||
            !get_text(l, object, "rule", false, &rule->rule) || !get_text(l, object, "as_of", false, &rule->as_of) ||
            !get_confidence(l, object, &rule->confidence) || !get_sources(l, object, &rule->source))
            return false;
        leave(l, before);
    }
    rules->global = all;
    rules->global_count += count;
    return true;
}

static bool read_goals(loader_t *l, const json_t *root, const char *key, goal_kind_t kind, rules_t *rules)
{
    const json_t *list = json_object_get(root, key);
    if (list == NULL) return true;
    if (!json_is_array(list)) return wrong(l, "\"%s\" is a list.", key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t before = enter(l, key, 0);
        enter(l, NULL, i);
        if (!read_goal(l, json_array_get(list, i), kind, rules)) return false;
        leave(l, before);
    }
    return true;
}

static bool global_holds(const rules_t *rules, const char *id, const char *body)
{
    for (size_t i = 0; i < rules->global_count; i++)
        if (strcmp(rules->global[i].id, id) == 0 && strcmp(rules->global[i].body, body) == 0) return true;
    return false;
}

/* Two general rules add to what a route says; the others are how conditions of every route are understood. */
static void apply_global(rules_t *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        goal_t *goal = &rules->goals[i];
        goal->program_science = global_holds(rules, "g.program_science", goal->body);
        bool named = strcmp(goal->id, "ASCP-MLS") == 0 || strcmp(goal->id, "ASCP-CT") == 0;
        goal->canada_program = named && global_holds(rules, "g.canada3", goal->body);
    }
}

bool rules_read(rules_t *rules, arena_t *arena, const char *file, const char *bytes, size_t length, err_t *err)
{
    loader_t l = {.arena = arena, .err = err, .file = file};
    if (length > RULES_BYTES_MAX) return wrong(&l, "has more than %d bytes.", RULES_BYTES_MAX);
    if ((l.ids = room(&l, RULES_IDS_MAX, sizeof *l.ids)) == NULL) return false;
    if (rules->goals == NULL && (rules->goals = room(&l, RULES_GOALS_MAX, sizeof *rules->goals)) == NULL) return false;
    json_error_t bad;
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &bad);
    if (root == NULL) return err_set(err, ERR_INPUT, "%s:%d: is not JSON: %s.", file, bad.line, bad.text);
    int32_t read = 0;
    bool done = json_is_object(root) || wrong(&l, "is an object in { }.");
    done = done && (json_integer_value(json_object_get(root, "schema_version")) == 1 ||
                    wrong(&l, "\"schema_version\" is 1; this program knows no other."));
    done = done && get_day(&l, root, "read", &read) && read_global(&l, json_object_get(root, "global_rules"), rules) &&
           read_goals(&l, root, "credentials", GOAL_CREDENTIAL, rules) &&
           read_goals(&l, root, "state_licences", GOAL_STATE, rules) &&
           read_goals(&l, root, "federal", GOAL_FEDERAL, rules);
    json_decref(root);
    if (!done) return false;
    if (read > rules->read) rules->read = read;
    apply_global(rules);
    return true;
}

bool rules_load(rules_t *rules, arena_t *arena, const source_t *content, err_t *err)
{
    static const char *const files[] = {"road/routes.json", "road/federal.json"};
    *rules = (rules_t){0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const source_file_t *file = source_find(content, files[i]);
        if (file == NULL) return err_set(err, ERR_NOT_FOUND, "content/%s is not there.", files[i]);
        if (!rules_read(rules, arena, file->path, (const char *)file->bytes, file->length, err)) return false;
    }
    return true;
}

const goal_t *rules_goal(const rules_t *rules, const char *id)
{
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->goals[i].id, id) == 0) return &rules->goals[i];
    return NULL;
}
