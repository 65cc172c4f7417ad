/* What was found, in words and as JSON. */
#include "road/evaluate.h"

#include <assert.h>
#include <string.h>

const char *outcome_word(outcome_t outcome)
{
    static const char *const words[] = {"fails", "review", "possible", "qualifies"};
    assert(outcome <= OUTCOME_QUALIFIES);
    return words[outcome];
}

const char *finding_word(finding_t finding)
{
    static const char *const words[] = {"missing", "cannot tell", "needs review", "met"};
    assert(finding <= FINDING_MET);
    return words[finding];
}

const char *outcome_says(const route_result_t *result)
{
    if (result->route->status == ROUTE_DISCONTINUED) return "closed; it takes no applications";
    if (result->route->status == ROUTE_UNREAD) return "its text was not read; ask the body";
    switch (result->outcome) {
    case OUTCOME_QUALIFIES:
        return "appears to meet; the board decides";
    case OUTCOME_POSSIBLE:
        return "cannot tell; it may meet, and the board decides";
    case OUTCOME_REVIEW:
        return "needs review; sources differ on what is left, and the board decides";
    case OUTCOME_FAILS:
        break;
    }
    return "does not appear to meet yet; the board decides";
}

static const char *unit_of(const leaf_t *leaf)
{
    switch (leaf->kind) {
    case LEAF_SEMESTER_HOURS:
        return "semester hours";
    case LEAF_EXPERIENCE:
        return "FTE years";
    case LEAF_COURSE:
        return "semesters";
    case LEAF_TRAINING_HOURS:
    case LEAF_WORK_HOURS:
        return "hours";
    case LEAF_DRAWS:
        return "collections";
    case LEAF_AGE:
        return "years of age";
    default:
        return "";
    }
}

void how_far(const leaf_t *leaf, const measure_t *m, text_t *out)
{
    char least[AMOUNT_TEXT_MAX], need[AMOUNT_TEXT_MAX], most[AMOUNT_TEXT_MAX];
    if (!m->measured) return;
    amount_write(m->least, least);
    amount_write(m->need, need);
    if (m->most == m->least)
        text_addf(out, "%s of %s %s", least, need, unit_of(leaf));
    else if (m->most < 0 && m->least > 0)
        text_addf(out, "at least %s of %s %s", least, need, unit_of(leaf));
    else if (m->most < 0)
        text_addf(out, "not known, of %s %s", need, unit_of(leaf));
    else {
        amount_write(m->most, most);
        text_addf(out, "between %s and %s of %s %s", least, most, need, unit_of(leaf));
    }
}

const char *leaf_proof(leaf_kind_t kind)
{
    switch (kind) {
    case LEAF_DEGREE:
    case LEAF_SEMESTER_HOURS:
    case LEAF_COURSE:
        return "transcript, straight from the school";
    case LEAF_FOREIGN_DEGREE:
        return "transcript evaluation, straight from the agency";
    case LEAF_PROGRAM:
    case LEAF_TRAINING_HOURS:
        return "completion certificate or letter of the program";
    case LEAF_EXPERIENCE:
    case LEAF_WORK_HOURS:
        return "employer's letter with dates, hours and areas";
    case LEAF_CERTIFICATE:
        return "proof of the certificate from its body";
    case LEAF_EXAM_PASSED:
        return "score report from the exam's body";
    case LEAF_MILITARY:
        return "military training record or transcript";
    case LEAF_DRAWS:
        return "signed count of collections";
    case LEAF_STATE_LICENSE:
        return "verification from the other state";
    case LEAF_AGE:
        return "proof of age";
    case LEAF_PROFESSIONAL_EDUCATION:
        return "license or completion certificate of the profession";
    case LEAF_LAB_ORIENTATION:
        return "letter of the laboratory";
    case LEAF_ELIGIBLE_FOR:
        return "letter of the body";
    case LEAF_STATED:
        return "the laboratory's own records";
    case LEAF_KINDS:
        break;
    }
    return "";
}

/* ---- JSON ---- */

static void add_key(text_t *out, const char *key)
{
    text_addf(out, ",\"%s\":", key);
}

static void add_pair(text_t *out, const char *key, const char *value)
{
    add_key(out, key);
    text_add_json(out, value);
}

static void add_texts(text_t *out, const char *key, const char *const *texts)
{
    add_key(out, key);
    text_add_char(out, '[');
    for (size_t i = 0; texts[i] != NULL; i++) {
        if (i > 0) text_add_char(out, ',');
        text_add_json(out, texts[i]);
    }
    text_add_char(out, ']');
}

static void add_standing(text_t *out, const char *key, const route_result_t *result, finding_t finding)
{
    bool first = true;
    add_key(out, key);
    text_add_char(out, '[');
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++) {
        const leaf_result_t *leaf = &result->leaves[i];
        if (!leaf->stands || verdict_finding(leaf->verdict) != finding) continue;
        if (!first) text_add_char(out, ',');
        first = false;
        text_add_json(out, leaf->leaf->id);
    }
    if (finding == FINDING_REVIEW && result->canada) text_add(out, first ? "\"g.canada3\"" : ",\"g.canada3\"");
    text_add_char(out, ']');
}

static void add_conditions(text_t *out, const route_result_t *result)
{
    add_key(out, "conditions");
    text_add_char(out, '[');
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++) {
        const leaf_result_t *leaf = &result->leaves[i];
        text_add(out, i > 0 ? ",{\"id\":" : "{\"id\":");
        text_add_json(out, leaf->leaf->id);
        add_pair(out, "finding", finding_word(verdict_finding(leaf->verdict)));
        add_pair(out, "says", leaf->leaf->says);
        if (leaf->measure.measured) {
            text_t words;
            text_init(&words, 200);
            how_far(leaf->leaf, &leaf->measure, &words);
            if (words.data != NULL) add_pair(out, "how_far", words.data);
            text_free(&words);
        }
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void add_ids(const node_t *node, const route_result_t *result, bool *first, text_t *out)
{
    for (size_t i = 0; i < node->count; i++) add_ids(&node->children[i], result, first, out);
    if (node->kind != NODE_LEAF) return;
    if (!*first) text_add_char(out, ',');
    *first = false;
    text_add_json(out, node->leaf->id);
}

static void add_alternative(const node_t *node, const route_result_t *result, text_t *out)
{
    bool first = true;
    text_add_char(out, '[');
    add_ids(node, result, &first, out);
    text_add_char(out, ']');
}

/* Every any_of that failed: its alternatives, each as the conditions in it, and the closest. */
static void add_alternatives(const node_t *node, const route_result_t *result, bool *first, text_t *out)
{
    if (node->kind == NODE_ANY && node_verdict(node, result).best == VALUE_MISSING) {
        text_add(out, *first ? "{\"of\":[" : ",{\"of\":[");
        *first = false;
        for (size_t i = 0; i < node->count; i++) {
            if (i > 0) text_add_char(out, ',');
            add_alternative(&node->children[i], result, out);
        }
        text_add(out, "],\"closest\":");
        add_alternative(&node->children[node_closest(node, result)], result, out);
        text_add_char(out, '}');
    }
    for (size_t i = 0; i < node->count; i++) add_alternatives(&node->children[i], result, first, out);
}

void route_result_json(const route_result_t *result, text_t *out)
{
    const route_t *route = result->route;
    int year, month, day;
    text_add(out, "{\"id\":");
    text_add_json(out, route->id);
    add_pair(out, "goal", result->goal->id);
    add_pair(out, "body", result->goal->body);
    add_pair(out, "outcome", outcome_word(result->outcome));
    add_standing(out, "missing", result, FINDING_MISSING);
    add_standing(out, "needs_review", result, FINDING_REVIEW);
    add_standing(out, "cannot_tell", result, FINDING_CANNOT_TELL);
    add_pair(out, "status", route_status_word(route->status));
    text_addf(out, ",\"complete\":%s", route->complete ? "true" : "false");
    add_pair(out, "says", outcome_says(result));
    add_pair(out, "summary", route->summary);
    add_conditions(out, result);
    add_key(out, "alternatives");
    text_add_char(out, '[');
    bool first = true;
    if (route->requires != NULL && result->leaves != NULL) add_alternatives(route->requires, result, &first, out);
    text_add_char(out, ']');
    add_texts(out, "notes", route->notes);
    add_texts(out, "source", route->source);
    add_pair(out, "as_of", route->as_of);
    add_pair(out, "confidence", route->confidence);
    day_split(route->review_by, &year, &month, &day);
    text_addf(out, ",\"review_by\":\"%04d-%02d-%02d\"}", year, month, day);
}
