/* Moodle XML (docs.moodle.org, "Moodle XML format"; checked against Moodle's own reader and writer,
 * question/format/xml, and that of its ordering questions): <quiz> with <question type="...">, texts in <text>, marked
 * up as the format attribute beside them says.
 *
 * The parser fetches nothing and expands nothing: a document type, where entities come from, ends the reading. */
#include "wire_private.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    wire_reading_t *in;
    const char *category;
    bool doctype;
    int error_line; /* of the first complaint of the parser; 0: none */
    char error[120];
} moodle_t;

/* ---- the tree ---- */

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNode *child(const xmlNode *node, const char *name)
{
    for (xmlNode *c = node ? node->children : NULL; c; c = c->next)
        if (is_named(c, name)) return c;
    return NULL;
}

/* The text directly inside a node, CDATA included; its elements are passed over. */
static const char *content(moodle_t *m, const xmlNode *node, size_t *length)
{
    size_t n = 0;
    *length = 0;
    for (const xmlNode *c = node ? node->children : NULL; c; c = c->next)
        if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) n += strlen((const char *)c->content);
    char *text = arena_alloc(m->in->arena, n + 1);
    if (!text) {
        m->in->full = true;
        return "";
    }
    for (const xmlNode *c = node ? node->children : NULL; c; c = c->next) {
        if (c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE) continue;
        size_t piece = strlen((const char *)c->content);
        memcpy(text + *length, c->content, piece);
        *length += piece;
    }
    return text;
}

static bool attribute(const xmlNode *node, const char *name, char *value, size_t size)
{
    xmlChar *text = node ? xmlGetProp(node, (const xmlChar *)name) : NULL;
    bool fits = text && strlen((const char *)text) < size;
    if (fits) snprintf(value, size, "%s", (const char *)text);
    xmlFree(text);
    return fits;
}

static markup_t markup_of(const xmlNode *node, markup_t otherwise)
{
    static const char *const words[] = {"plain_text", "html", "moodle_auto_format", "markdown"};
    char value[24];
    for (int i = 0; attribute(node, "format", value, sizeof value) && i < 4; i++)
        if (strcmp(value, words[i]) == 0) return (markup_t)i;
    return otherwise;
}

/* The text of a node: in its <text>, or, in older files, directly inside. */
static const char *text_of(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t otherwise)
{
    size_t length;
    const xmlNode *text = child(node, "text");
    const char *raw = content(m, text ? text : node, &length);
    return wire_plain(m->in, q, markup_of(node, otherwise), raw, length);
}

static const char *word_of(moodle_t *m, wire_question_t *q, const xmlNode *node, const char *name)
{
    return text_of(m, q, child(node, name), MARKUP_PLAIN);
}

static double percent_of(const xmlNode *answer)
{
    char value[40];
    double percent;
    bool read = attribute(answer, "fraction", value, sizeof value) && text_to_double(value, strlen(value), &percent);
    return read && percent >= -100 && percent <= 100 ? percent : 0;
}

/* ---- kinds ---- */

static void read_options(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    for (const xmlNode *answer = node->children; answer; answer = answer->next) {
        if (!is_named(answer, "answer")) continue;
        wire_part_t *part = wire_part(m->in, q);
        if (!part) return;
        part->text = text_of(m, q, answer, markup);
        part->feedback = text_of(m, q, child(answer, "feedback"), markup);
        part->percent = percent_of(answer);
    }
    if (q->parts < 2) q->refused = "it has fewer than two answers";
}

static void read_choice(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    const char *single = word_of(m, q, node, "single");
    bool several = strcmp(single, "false") == 0 || strcmp(single, "0") == 0;
    q->kind = several ? WIRE_SEVERAL : WIRE_SINGLE;
    read_options(m, q, node, markup);
}

static void read_truth(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    q->kind = WIRE_SINGLE;
    read_options(m, q, node, markup);
    for (int i = 0; i < q->parts; i++) {
        if (strcmp(q->part[i].text, "true") == 0) q->part[i].text = "True";
        if (strcmp(q->part[i].text, "false") == 0) q->part[i].text = "False";
    }
}

static void read_steps(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    q->kind = WIRE_ORDER;
    read_options(m, q, node, markup);
    for (int i = 0; i < q->parts; i++) q->part[i].percent = 0; /* it counts the steps there */
}

static void read_pairs(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    q->kind = WIRE_MATCH;
    for (const xmlNode *pair = node->children; pair; pair = pair->next) {
        if (!is_named(pair, "subquestion")) continue;
        const char *left = text_of(m, q, pair, markup), *right = text_of(m, q, child(pair, "answer"), MARKUP_PLAIN);
        if (!left[0]) {
            wire_note(q, "an answer that belongs to nothing was left out");
            continue;
        }
        wire_part_t *part = wire_part(m->in, q);
        if (!part) return;
        part->text = left;
        part->right = right;
    }
    if (q->parts < 2) q->refused = "it has fewer than two pairs";
}

static void read_unit(moodle_t *m, wire_question_t *q, const xmlNode *node)
{
    int units = 0;
    for (const xmlNode *unit = child(node, "units") ? child(node, "units")->children : NULL; unit; unit = unit->next) {
        if (!is_named(unit, "unit")) continue;
        const char *factor = word_of(m, q, unit, "multiplier");
        double value = 1;
        text_to_double(factor, strlen(factor), &value);
        if (units == 0 || (value >= 1 && value <= 1)) q->unit = word_of(m, q, unit, "unit_name");
        units++;
    }
    if (units > 1) wire_note(q, "of several units only the first was kept");
}

static void read_number(moodle_t *m, wire_question_t *q, const xmlNode *answer, markup_t markup, bool *found)
{
    const char *text = text_of(m, q, answer, MARKUP_PLAIN), *tolerance = word_of(m, q, answer, "tolerance");
    const char *feedback = text_of(m, q, child(answer, "feedback"), markup);
    double percent = percent_of(answer);
    if (strcmp(text, "*") == 0) {
        wire_note(q, "the feedback for every other number was left out");
        return;
    }
    const char *value = wire_number(m->in, text);
    const char *give = tolerance[0] ? wire_number(m->in, tolerance) : "0";
    if (!value || !give) {
        q->refused = wire_say(m->in, "\"%.40s\" is no number", value ? tolerance : text);
        return;
    }
    if (percent >= 100 && !*found) {
        *found = true;
        q->value = value;
        q->tolerance = give;
        q->why = feedback;
    } else if (percent > 0) {
        wire_note(q, "a second right number, or one for part of the credit, was left out");
    } else {
        wire_part_t *part = wire_part(m->in, q);
        if (part) part->text = value;
        if (part) part->feedback = feedback;
    }
}

static void read_numbers(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup)
{
    bool found = false;
    q->kind = WIRE_NUMERIC;
    for (const xmlNode *answer = node->children; answer && !q->refused; answer = answer->next)
        if (is_named(answer, "answer")) read_number(m, q, answer, markup, &found);
    if (!found && !q->refused) q->refused = "no number has the full credit";
    read_unit(m, q, node);
}

typedef struct {
    const char *type;
    void (*read)(moodle_t *m, wire_question_t *q, const xmlNode *node, markup_t markup);
    const char *refused;
} kind_t;

static const kind_t kinds[] = {
    {"multichoice", read_choice, NULL},
    {"truefalse", read_truth, NULL},
    {"matching", read_pairs, NULL},
    {"match", read_pairs, NULL},
    {"numerical", read_numbers, NULL},
    {"ordering", read_steps, NULL},
    {"shortanswer", NULL, "its answer is a typed word, and words are not scored here; make options of it"},
    {"essay", NULL, "it is an essay question, which nobody but a person can score; make options of it"},
    {"description", NULL, "it is a text for reading and no question"},
    {"cloze", NULL, "questions with several gaps (cloze) are not read; make a question of each gap"},
    {"multianswer", NULL, "questions with several gaps (cloze) are not read; make a question of each gap"},
    {"calculated", NULL, "calculated questions are not read; write it as a number with its answer"},
};

/* ---- a question ---- */

static bool has_file(const xmlNode *node, int depth)
{
    for (const xmlNode *c = node->children; c; c = c->next) {
        if (is_named(c, "file") || is_named(c, "image_base64")) return true;
        if (c->type == XML_ELEMENT_NODE && depth > 0 && has_file(c, depth - 1)) return true;
    }
    return false;
}

static void read_tags(moodle_t *m, wire_question_t *q, const xmlNode *node)
{
    const xmlNode *tags = child(node, "tags");
    for (const xmlNode *tag = tags ? tags->children : NULL; tag; tag = tag->next)
        if (is_named(tag, "tag")) wire_tag(q, text_of(m, q, tag, MARKUP_PLAIN));
}

static void read_kind(moodle_t *m, wire_question_t *q, const xmlNode *node, const char *type, markup_t markup)
{
    size_t i = 0;
    q->kind = WIRE_OTHER;
    while (i < sizeof kinds / sizeof *kinds && strcmp(type, kinds[i].type) != 0) i++;
    if (i == sizeof kinds / sizeof *kinds)
        q->refused = wire_say(m->in,
                              "questions of the kind \"%.40s\" are not read; make options, pairs, steps or a "
                              "number of it",
                              type);
    else if (kinds[i].refused)
        q->refused = kinds[i].refused;
    else
        kinds[i].read(m, q, node, markup);
}

static void read_question(moodle_t *m, const xmlNode *node)
{
    char type[48] = "";
    wire_question_t nobody;
    wire_question_init(&nobody);
    attribute(node, "type", type, sizeof type);
    if (strcmp(type, "category") == 0) {
        m->category = text_of(m, &nobody, child(node, "category"), MARKUP_PLAIN);
        return;
    }
    wire_question_t *q = wire_add(m->in, (int)xmlGetLineNo(node));
    if (!q) return;
    const xmlNode *stem = child(node, "questiontext");
    markup_t markup = markup_of(stem, MARKUP_HTML);
    q->category = m->category;
    q->title = word_of(m, q, node, "name");
    q->id = word_of(m, q, node, "idnumber");
    q->stem = text_of(m, q, stem, MARKUP_HTML);
    read_tags(m, q, node);
    if (has_file(node, 4))
        wire_note(q, "a picture was left out: pictures are not imported; say in words what it showed");
    read_kind(m, q, node, type, markup);
    const char *first = q->why;
    wire_split(m->in, q, text_of(m, q, child(node, "generalfeedback"), markup));
    if (first[0]) q->why = q->why[0] ? wire_say(m->in, "%s\n%s", first, q->why) : first;
    wire_finish(m->in, q);
}

/* ---- the file ---- */

static void refuse_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxt *parser = context;
    moodle_t *m = parser->_private;
    (void)name, (void)external, (void)system;
    m->doctype = true;
    xmlStopParser(parser);
}

/* The first complaint; what follows it are its consequences. */
static void keep_error(void *context, xmlError *error)
{
    const xmlParserCtxt *parser = context;
    moodle_t *m = parser->_private;
    if (m->error_line || error->level < XML_ERR_ERROR) return;
    m->error_line = error->line > 0 ? error->line : 1;
    snprintf(m->error, sizeof m->error, "%.*s", (int)(error->message ? strcspn(error->message, "\n") : 0),
             error->message ? error->message : "");
}

static bool parse_failed(const moodle_t *m, err_t *err)
{
    const char *file = m->in->file;
    if (m->doctype)
        return err_set(err, ERR_INPUT,
                       "%s: the file has a document type (<!DOCTYPE ...>), which Moodle never writes; remove it", file);
    return err_set(err, ERR_INPUT, "%s:%d: this is not well-formed XML (%s); export it from Moodle again", file,
                   m->error_line ? m->error_line : 1, m->error);
}

bool wire_moodle_read(wire_reading_t *in, const char *bytes, size_t length, err_t *err)
{
    moodle_t m = {.in = in, .category = ""};
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser) return err_set(err, ERR_MEMORY, "%s: there is not enough memory to read it", in->file);
    parser->_private = &m;
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->serror = keep_error;
    /* in particular not XML_PARSE_NOENT, XML_PARSE_DTDLOAD, XML_PARSE_XINCLUDE, XML_PARSE_HUGE */
    xmlDoc *document =
        xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    const xmlNode *root = document && !m.doctype ? xmlDocGetRootElement(document) : NULL;
    bool ok = root != NULL || parse_failed(&m, err);
    if (ok && !is_named(root, "quiz"))
        ok = err_set(err, ERR_INPUT,
                     "%s: this is XML, but not Moodle's: it begins with <%.40s> and not with <quiz>; in Moodle export "
                     "questions as \"Moodle XML format\"",
                     in->file, (const char *)root->name);
    for (const xmlNode *node = ok ? root->children : NULL; node && !in->wire->note && !in->full; node = node->next)
        if (is_named(node, "question")) read_question(&m, node);
    xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    return ok;
}
