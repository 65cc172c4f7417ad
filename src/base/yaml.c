/* YAML by libyaml's events into a tree that remembers its lines. See yaml.h. */
#include "base/yaml.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { NEAR_MAX = 64 };

typedef struct {
    yaml_t *yaml;
    arena_t *arena;
    err_t *err;
    yaml_parser_t parser;
    int nodes;
} builder_t;

static bool fail_line(builder_t *b, size_t line, const char *what)
{
    return err_set(b->err, ERR_INPUT, "%s:%zu: %s", b->yaml->file, line, what);
}

static bool next_event(builder_t *b, yaml_event_t *event)
{
    if (yaml_parser_parse(&b->parser, event)) return true;
    const char *problem = b->parser.problem ? b->parser.problem : "this is not YAML";
    return err_set(b->err, ERR_INPUT, "%s:%zu: %s; check the indentation and the quotes here", b->yaml->file,
                   b->parser.problem_mark.line + 1, problem);
}

static yaml_item_t *node_new(builder_t *b, yaml_kind kind, const yaml_event_t *event)
{
    if (b->nodes == YAML_MAX_NODES) {
        fail_line(b, event->start_mark.line + 1, "the file has too many entries");
        return NULL;
    }
    b->nodes++;
    yaml_item_t *node = arena_alloc(b->arena, sizeof *node);
    if (!node) {
        fail_line(b, event->start_mark.line + 1, "the file is too large for memory");
        return NULL;
    }
    node->kind = kind;
    node->line = (int)event->start_mark.line + 1;
    return node;
}

static bool build(builder_t *b, yaml_event_t *event, int depth, yaml_item_t **out);

static void adopt(yaml_item_t *parent, yaml_item_t **last, yaml_item_t *child)
{
    if (*last)
        (*last)->next = child;
    else
        parent->first = child;
    *last = child;
    parent->count++;
}

static bool build_list(builder_t *b, yaml_item_t *list, int depth)
{
    yaml_item_t *last = NULL, *child;
    for (;;) {
        yaml_event_t event;
        if (!next_event(b, &event)) return false;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        bool ok = end || build(b, &event, depth + 1, &child);
        yaml_event_delete(&event);
        if (!ok || end) return ok;
        adopt(list, &last, child);
    }
}

static bool build_map(builder_t *b, yaml_item_t *map, int depth)
{
    yaml_item_t *last = NULL, *child;
    for (;;) {
        yaml_event_t event;
        if (!next_event(b, &event)) return false;
        bool end = event.type == YAML_MAPPING_END_EVENT, ok = true;
        const char *key = NULL;
        size_t line = event.start_mark.line + 1;
        if (!end && event.type != YAML_SCALAR_EVENT) ok = fail_line(b, line, "a key must be a plain word");
        if (!end && ok) {
            key = arena_text(b->arena, (const char *)event.data.scalar.value, event.data.scalar.length);
            if (!key || memchr(event.data.scalar.value, 0, event.data.scalar.length))
                ok = fail_line(b, line, "this key cannot be read");
        }
        yaml_event_delete(&event);
        if (end || !ok) return ok;
        for (yaml_item_t *c = map->first; c; c = c->next)
            if (strcmp(c->key, key) == 0)
                return err_set(b->err, ERR_INPUT, "%s:%zu: the key \"%.60s\" stands here twice", b->yaml->file, line,
                               key);
        if (!next_event(b, &event)) return false;
        ok = build(b, &event, depth + 1, &child);
        yaml_event_delete(&event);
        if (!ok) return false;
        child->key = key;
        child->line = (int)line;
        adopt(map, &last, child);
    }
}

static bool build(builder_t *b, yaml_event_t *event, int depth, yaml_item_t **out)
{
    size_t line = event->start_mark.line + 1;
    if (depth > YAML_MAX_DEPTH) return fail_line(b, line, "this is nested too deeply");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor || event->data.scalar.tag)
            return fail_line(b, line, "anchors and tags are not used here; write the value out");
        if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
            return fail_line(b, line, "a text has a zero byte");
        *out = node_new(b, YAML_SCALAR, event);
        if (!*out) return false;
        (*out)->text = arena_text(b->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
        return (*out)->text || fail_line(b, line, "the file is too large for memory");
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor || event->data.sequence_start.tag)
            return fail_line(b, line, "anchors and tags are not used here; write the value out");
        *out = node_new(b, YAML_LIST, event);
        return *out && build_list(b, *out, depth);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor || event->data.mapping_start.tag)
            return fail_line(b, line, "anchors and tags are not used here; write the value out");
        *out = node_new(b, YAML_MAP, event);
        return *out && build_map(b, *out, depth);
    case YAML_ALIAS_EVENT:
        return fail_line(b, line, "aliases (*name) are not used here; write the value out");
    default:
        return fail_line(b, line, "a value is missing here");
    }
}

static bool read_document(builder_t *b)
{
    for (int documents = 0;;) {
        yaml_event_t event;
        if (!next_event(b, &event)) return false;
        yaml_event_type_t type = event.type;
        bool ok = true;
        if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1)
            ok = fail_line(b, event.start_mark.line + 1, "one file holds one document");
        if (ok && (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT ||
                   type == YAML_ALIAS_EVENT))
            ok = build(b, &event, 0, &b->yaml->root);
        yaml_event_delete(&event);
        if (!ok) return false;
        if (type == YAML_STREAM_END_EVENT) break;
    }
    return b->yaml->root || fail_line(b, 1, "the file is empty");
}

bool yaml_read(yaml_t *yaml, arena_t *arena, const char *file, const unsigned char *bytes, size_t length, err_t *err)
{
    *yaml = (yaml_t){.file = file};
    if (length > YAML_MAX_BYTES) return err_set(err, ERR_LIMIT, "%s:1: the file is larger than 1 MB", file);
    builder_t b = {.yaml = yaml, .arena = arena, .err = err};
    if (!yaml_parser_initialize(&b.parser))
        return err_set(err, ERR_MEMORY, "There is not enough memory to read %s.", file);
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, bytes, length);
    bool ok = read_document(&b);
    yaml_parser_delete(&b.parser);
    return ok;
}

yaml_item_t *yaml_get(yaml_item_t *map, const char *key)
{
    if (!map || map->kind != YAML_MAP) return NULL;
    for (yaml_item_t *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0) {
            child->used = true;
            return child;
        }
    return NULL;
}

bool yaml_fail(const yaml_t *yaml, const yaml_item_t *at, err_t *err, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return err_set(err, ERR_INPUT, "%s:%d: %s", yaml->file, at ? at->line : 1, text);
}

bool yaml_text_or(const yaml_t *yaml, yaml_item_t *map, const char *key, const char **value, err_t *err)
{
    yaml_item_t *node = yaml_get(map, key);
    if (!node) return true;
    if (node->kind != YAML_SCALAR) return yaml_fail(yaml, node, err, "%s is a single text, not a list or map", key);
    *value = node->text;
    return true;
}

static bool missing(const yaml_t *yaml, yaml_item_t *map, const char *key, err_t *err)
{
    if (yaml_get(map, key)) return false;
    yaml_fail(yaml, map, err, "the key \"%s\" is missing here", key);
    return true;
}

bool yaml_text(const yaml_t *yaml, yaml_item_t *map, const char *key, const char **value, err_t *err)
{
    return !missing(yaml, map, key, err) && yaml_text_or(yaml, map, key, value, err);
}

bool yaml_int_or(const yaml_t *yaml, yaml_item_t *map, const char *key, int64_t low, int64_t high, int64_t *value,
                 err_t *err)
{
    const char *text = NULL;
    int64_t number;
    if (!yaml_text_or(yaml, map, key, &text, err)) return false;
    if (!text) return true;
    if (!text_to_int(text, strlen(text), &number) || number < low || number > high)
        return yaml_fail(yaml, yaml_get(map, key), err, "%s is a whole number from %lld to %lld; found \"%.40s\"", key,
                         (long long)low, (long long)high, text);
    *value = number;
    return true;
}

bool yaml_int(const yaml_t *yaml, yaml_item_t *map, const char *key, int64_t low, int64_t high, int64_t *value,
              err_t *err)
{
    return !missing(yaml, map, key, err) && yaml_int_or(yaml, map, key, low, high, value, err);
}

bool yaml_double_or(const yaml_t *yaml, yaml_item_t *map, const char *key, double low, double high, double *value,
                    err_t *err)
{
    const char *text = NULL;
    double number;
    if (!yaml_text_or(yaml, map, key, &text, err)) return false;
    if (!text) return true;
    if (!text_to_double(text, strlen(text), &number) || !(number >= low && number <= high))
        return yaml_fail(yaml, yaml_get(map, key), err, "%s is a number from %g to %g; found \"%.40s\"", key, low, high,
                         text);
    *value = number;
    return true;
}

bool yaml_double(const yaml_t *yaml, yaml_item_t *map, const char *key, double low, double high, double *value,
                 err_t *err)
{
    return !missing(yaml, map, key, err) && yaml_double_or(yaml, map, key, low, high, value, err);
}

/* Levenshtein distance of two short words. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strnlen(a, NEAR_MAX), m = strnlen(b, NEAR_MAX), row[NEAR_MAX + 1];
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

bool yaml_choice(const yaml_t *yaml, yaml_item_t *map, const char *key, const char *const *names, int *value,
                 err_t *err)
{
    const char *text = NULL;
    if (!yaml_text(yaml, map, key, &text, err)) return false;
    char list[200] = "";
    size_t used = 0, best = NEAR_MAX;
    const char *nearest = "";
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *value = i;
            return true;
        }
        int wrote = snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", names[i]);
        if (wrote > 0 && used + (size_t)wrote < sizeof list) used += (size_t)wrote;
        size_t away = distance(names[i], text);
        if (away < best) {
            best = away;
            nearest = names[i];
        }
    }
    return yaml_fail(yaml, yaml_get(map, key), err, "%s is one of %s; found \"%.40s\" (did you mean \"%s\"?)", key,
                     list, text, nearest);
}

static bool unknown_key(const yaml_t *yaml, const yaml_item_t *map, const yaml_item_t *child, err_t *err)
{
    char known[240] = "";
    size_t used = 0;
    for (const yaml_item_t *c = map->first; c; c = c->next) {
        if (!c->used) continue;
        int wrote = snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", c->key);
        if (wrote > 0 && used + (size_t)wrote < sizeof known) used += (size_t)wrote;
    }
    return yaml_fail(yaml, child, err,
                     "unknown key \"%.60s\"; correct its spelling or take it out (understood beside it: %s)",
                     child->key, known[0] ? known : "none");
}

bool yaml_no_unused(const yaml_t *yaml, const yaml_item_t *node, err_t *err)
{
    if (node->kind == YAML_SCALAR) return true;
    for (const yaml_item_t *child = node->first; child; child = child->next) {
        if (node->kind == YAML_MAP && !child->used) {
            return unknown_key(yaml, node, child, err);
        }
        if (!yaml_no_unused(yaml, child, err)) return false;
    }
    return true;
}
