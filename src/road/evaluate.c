/* Folds conditions into the outcome of a route, and finds what stands between the person and the route. */
#include "road/evaluate.h"

#include <assert.h>
#include <string.h>

/* A disputed condition is a doubtful extra demand in all_of: failing it alone needs review; in any_of a doubtful extra
 * option: meeting it alone needs review. */
static verdict_t soften(verdict_t v, node_kind_t parent)
{
    if (parent == NODE_ANY) {
        if (v.worst == VALUE_MET) v.worst = VALUE_REVIEW;
        if (v.best == VALUE_MET) v.best = VALUE_REVIEW;
    } else {
        if (v.worst == VALUE_MISSING) v.worst = VALUE_REVIEW;
        if (v.best == VALUE_MISSING) v.best = VALUE_REVIEW;
    }
    return v;
}

static void judge_leaves(const record_t *record, const node_t *node, node_kind_t parent, when_t day,
                         route_result_t *result)
{
    if (node->kind != NODE_LEAF) {
        for (size_t i = 0; i < node->count; i++) judge_leaves(record, &node->children[i], node->kind, day, result);
        return;
    }
    leaf_result_t *leaf = &result->leaves[node->index];
    leaf->leaf = node->leaf;
    leaf->verdict = leaf_evaluate(record, result->goal, node->leaf, day, &leaf->measure);
    if (node->leaf->disputed) leaf->verdict = soften(leaf->verdict, parent);
}

verdict_t node_verdict(const node_t *node, const route_result_t *result)
{
    if (node->kind == NODE_LEAF) return result->leaves[node->index].verdict;
    bool all = node->kind == NODE_ALL;
    verdict_t v = {all ? VALUE_MET : VALUE_MISSING, all ? VALUE_MET : VALUE_MISSING};
    for (size_t i = 0; i < node->count; i++) {
        verdict_t part = node_verdict(&node->children[i], result);
        if (all ? part.worst < v.worst : part.worst > v.worst) v.worst = part.worst;
        if (all ? part.best < v.best : part.best > v.best) v.best = part.best;
    }
    return v;
}

finding_t verdict_finding(verdict_t v)
{
    if (v.best == VALUE_MISSING) return FINDING_MISSING;
    if (v.worst == VALUE_MISSING) return FINDING_CANNOT_TELL;
    return v.worst == VALUE_MET ? FINDING_MET : FINDING_REVIEW;
}

/* Marks what stands in the way: of an any_of that failed, all alternatives; of one that is open, those still in play.
 */
static void mark(const node_t *node, route_result_t *result)
{
    verdict_t v = node_verdict(node, result);
    if (v.worst == VALUE_MET) return;
    if (node->kind == NODE_LEAF) result->leaves[node->index].stands = true;
    for (size_t i = 0; i < node->count; i++) {
        bool in_play = node_verdict(&node->children[i], result).best > VALUE_MISSING;
        if (node->kind == NODE_ALL || v.best == VALUE_MISSING || in_play) mark(&node->children[i], result);
    }
}

/* ---- the closest alternative ---- */

enum { GAP_MISSING = 1000, GAP_CANNOT_TELL = 500, GAP_REVIEW = 100 };

static int64_t leaf_gap(const leaf_result_t *leaf)
{
    const measure_t *m = &leaf->measure;
    switch (verdict_finding(leaf->verdict)) {
    case FINDING_MET:
        return 0;
    case FINDING_REVIEW:
        return GAP_REVIEW;
    case FINDING_CANNOT_TELL:
        return GAP_CANNOT_TELL;
    case FINDING_MISSING:
        break;
    }
    if (!m->measured || m->need == 0 || m->least >= m->need) return GAP_MISSING;
    return GAP_MISSING - m->least * (GAP_MISSING - GAP_CANNOT_TELL) / m->need;
}

static int64_t node_gap(const node_t *node, const route_result_t *result)
{
    if (node->kind == NODE_LEAF) return leaf_gap(&result->leaves[node->index]);
    int64_t gap = 0;
    for (size_t i = 0; i < node->count; i++) {
        int64_t part = node_gap(&node->children[i], result);
        if (node->kind == NODE_ALL)
            gap += part;
        else if (i == 0 || part < gap)
            gap = part;
    }
    return gap;
}

size_t node_closest(const node_t *node, const route_result_t *result)
{
    assert(node->kind == NODE_ANY);
    size_t closest = 0;
    for (size_t i = 1; i < node->count; i++)
        if (node_gap(&node->children[i], result) < node_gap(&node->children[closest], result)) closest = i;
    return closest;
}

/* ---- routes ---- */

/* g.canada3: Canadians applying here need a CMA-accredited program. The record knows where a degree is from, not who is
 * Canadian, so this only asks for review. */
static bool canada_doubt(const record_t *record, const goal_t *goal)
{
    bool canadian = false;
    for (size_t i = 0; goal->canada_program && i < record->degree.count; i++) {
        const char *country = record->degree.items[i].country;
        if (country != NULL && (strcmp(country, "Canada") == 0 || strcmp(country, "canada") == 0 ||
                                strcmp(country, "CA") == 0 || strcmp(country, "CAN") == 0))
            canadian = true;
    }
    for (size_t i = 0; i < record->programs.count; i++)
        if (tokens_have(&record->programs.items[i].accreditors, "CMA")) canadian = false;
    return canadian;
}

static outcome_t outcome_of(verdict_t v, bool complete)
{
    switch (verdict_finding(v)) {
    case FINDING_MISSING:
        return OUTCOME_FAILS;
    case FINDING_CANNOT_TELL:
        return OUTCOME_POSSIBLE;
    case FINDING_REVIEW:
        return OUTCOME_REVIEW;
    case FINDING_MET:
        break;
    }
    return complete ? OUTCOME_QUALIFIES : OUTCOME_POSSIBLE;
}

bool evaluate_route(const record_t *record, const goal_t *goal, const route_t *route, int32_t today, arena_t *arena,
                    route_result_t *result, err_t *err)
{
    *result = (route_result_t){.goal = goal, .route = route, .outcome = OUTCOME_FAILS};
    if (route->status != ROUTE_OPEN) return true;
    result->leaves = arena_array(arena, route->leaves, sizeof *result->leaves);
    if (result->leaves == NULL)
        return err_set(err, ERR_LIMIT, "There is no room for what the rules say of the record.");
    when_t day = when_is_unknown(record->application_date) ? when_day(today) : record->application_date;
    judge_leaves(record, route->requires, NODE_ALL, day, result);
    verdict_t verdict = node_verdict(route->requires, result);
    result->canada = canada_doubt(record, goal);
    if (result->canada) {
        if (verdict.worst == VALUE_MET) verdict.worst = VALUE_REVIEW;
        if (verdict.best == VALUE_MET) verdict.best = VALUE_REVIEW;
    }
    result->outcome = outcome_of(verdict, route->complete);
    mark(route->requires, result);
    return true;
}

bool evaluate_all(const rules_t *rules, const record_t *record, const goal_t *goal, int32_t today, arena_t *arena,
                  route_result_t **results, size_t *count, err_t *err)
{
    size_t room = goal != NULL ? goal->count : rules->routes;
    *count = 0;
    if ((*results = arena_array(arena, room + 1, sizeof **results)) == NULL)
        return err_set(err, ERR_LIMIT, "There is no room for what the rules say of the record.");
    for (size_t g = 0; g < rules->count; g++) {
        const goal_t *one = &rules->goals[g];
        if (goal != NULL && one != goal) continue;
        for (size_t i = 0; i < one->count; i++)
            if (!evaluate_route(record, one, &one->routes[i], today, arena, &(*results)[(*count)++], err)) return false;
    }
    return true;
}
