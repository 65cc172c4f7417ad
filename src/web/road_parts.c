/* From rules and record to rows of words. */
#include "road_parts.h"

#include "app/record.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *chip, *mark;
} finding_looks[] = {{"crit", "✗"}, {"info", "?"}, {"warn", "!"}, {"ok", "✓"}};

const char *road_day(arena_t *arena, int32_t day)
{
    char text[WHEN_TEXT_MAX];
    when_write(when_day(day), text);
    return words(arena, "%s", text);
}

/* ---- the what-if ---- */

static const char *const query_names[] = {"subject0", "hours0", "subject1", "hours1",  "subject2",
                                          "hours2",   "degree", "field",    "program", "accreditor",
                                          "setting",  "months", "week",     "apply",   "credits"};

static const char *asked(const request_t *request, const char *name)
{
    const char *value = request_query(request, name);
    return value != NULL && value[0] != '\0' && strlen(value) < RECORD_TOKEN_MAX ? value : NULL;
}

const char *road_query(const request_t *request, arena_t *arena)
{
    text_t out;
    text_init(&out, 2000);
    for (size_t i = 0; i < sizeof query_names / sizeof *query_names; i++) {
        const char *value = asked(request, query_names[i]);
        if (value == NULL) continue;
        text_addf(&out, "&%s=", query_names[i]);
        for (const char *c = value; *c; c++)
            text_addf(&out, strchr("&=%+ #\"<>", *c) || (unsigned char)*c >= 0x80 ? "%%%02X" : "%c", (unsigned char)*c);
    }
    const char *query = out.data != NULL && !out.failed ? words(arena, "%s", out.data) : "";
    text_free(&out);
    return query;
}

road_choice_t *road_kept_fields(const request_t *request, arena_t *arena, int *count)
{
    static const char *const pace[] = {"week", "credits", "apply"};
    enum { NAMES = sizeof query_names / sizeof *query_names };
    road_choice_t *kept = arena_array(arena, NAMES, sizeof *kept);
    *count = 0;
    for (size_t i = 0; kept != NULL && i < NAMES; i++) {
        const char *value = asked(request, query_names[i]);
        bool own = false;
        for (size_t k = 0; k < sizeof pace / sizeof *pace; k++) own = own || strcmp(pace[k], query_names[i]) == 0;
        if (value != NULL && !own) kept[(*count)++] = (road_choice_t){query_names[i], value, false};
    }
    return kept;
}

static void read_what_if(road_request_t *road, const request_t *request)
{
    road->what = (what_if_t){.apply = when_unknown()};
    for (size_t i = 0; i < WHAT_IF_HOURS; i++) {
        char name[12];
        snprintf(name, sizeof name, "subject%zu", i);
        road->what.hours[i].subject = asked(request, name);
        snprintf(name, sizeof name, "hours%zu", i);
        const char *hours = asked(request, name);
        if (hours == NULL || road->what.hours[i].subject == NULL || !amount_read(hours, &road->what.hours[i].milli))
            road->what.hours[i].milli = 0;
    }
    road->what.degree = asked(request, "degree");
    if (road->what.degree != NULL && level_from_word(road->what.degree) == LEVEL_UNKNOWN) road->what.degree = NULL;
    road->what.field = asked(request, "field");
    road->what.program = asked(request, "program");
    road->what.accreditor = asked(request, "accreditor");
    road->what.setting = asked(request, "setting");
    road->what.months = request_query_int(request, "months", 0, 240, 0);
    road->what.hours_per_week = request_query_int(request, "week", 1, PACE_HOURS_MAX, 40);
    const char *apply = asked(request, "apply");
    if (apply != NULL && (!when_read(apply, &road->what.apply, NULL) || !when_is_day(road->what.apply)))
        road->what.apply = when_unknown();
    road->pace =
        (pace_t){(int)road->what.hours_per_week, (int)request_query_int(request, "credits", 1, PACE_CREDITS_MAX, 6)};
}

bool road_begin(road_request_t *road, web_t *web, const request_t *request, err_t *err)
{
    *road = (road_request_t){.app = web_app(web), .arena = request->arena};
    road->today = app_today(road->app);
    read_what_if(road, request);
    if (!app_record(road->app, road->arena, &road->plain, err)) return false;
    road->record = road->plain;
    return app_what_if(road->app, &road->what, road->arena, &road->record, err);
}

const route_t *road_find_route(const rules_t *rules, const char *id, const goal_t **goal)
{
    for (size_t g = 0; id != NULL && g < rules->count; g++)
        for (size_t i = 0; i < rules->goals[g].count; i++)
            if (strcmp(rules->goals[g].routes[i].id, id) == 0) {
                *goal = &rules->goals[g];
                return &rules->goals[g].routes[i];
            }
    return NULL;
}

/* ---- rows ---- */

static void add_row(route_row_t *row, int depth, verdict_t verdict, const char *says)
{
    finding_t finding = verdict_finding(verdict);
    row->conditions[row->count++] =
        (condition_row_t){.depth = depth < ROAD_DEPTH_CLASSES ? depth : ROAD_DEPTH_CLASSES - 1,
                          .finding = finding_word(finding),
                          .chip = finding_looks[finding].chip,
                          .mark = finding_looks[finding].mark,
                          .says = says,
                          .far_of = ""};
}

static void add_node(road_request_t *road, const node_t *node, const route_result_t *result, int depth,
                     route_row_t *row)
{
    verdict_t verdict = node_verdict(node, result);
    if (node->kind == NODE_LEAF) {
        const leaf_result_t *leaf = &result->leaves[node->index];
        text_t far_of;
        add_row(row, depth, verdict, leaf->leaf->says);
        condition_row_t *line = &row->conditions[row->count - 1];
        line->id = leaf->leaf->id;
        line->proof = leaf_proof(leaf->leaf->kind);
        text_init(&far_of, 200);
        how_far(leaf->leaf, &leaf->measure, &far_of);
        if (far_of.data != NULL) line->far_of = words(road->arena, "%s", far_of.data);
        text_free(&far_of);
        if (leaf->leaf->disputed) line->says = words(road->arena, "%s (sources differ on this)", line->says);
        return;
    }
    if (depth > 0 || node->kind == NODE_ANY) {
        add_row(row, depth, verdict, node->kind == NODE_ANY ? "One of these is enough:" : "All of these together:");
        row->conditions[row->count - 1].group = true;
        depth++;
    }
    size_t closest = node->kind == NODE_ANY && verdict.best == VALUE_MISSING ? node_closest(node, result) : node->count;
    for (size_t i = 0; i < node->count; i++) {
        int at = row->count;
        add_node(road, &node->children[i], result, depth, row);
        if (i == closest && at < row->count)
            row->conditions[at].says = words(road->arena, "%s (closest to done)", row->conditions[at].says);
    }
}

static size_t node_lines(const node_t *node)
{
    size_t lines = 1;
    for (size_t i = 0; i < node->count; i++) lines += node_lines(&node->children[i]);
    return lines;
}

static const char *left_of(road_request_t *road, const route_result_t *result)
{
    int counts[4] = {0};
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++)
        if (result->leaves[i].stands) counts[verdict_finding(result->leaves[i].verdict)]++;
    text_t out;
    text_init(&out, 200);
    for (int f = 0; f < FINDING_MET; f++)
        if (counts[f] > 0) text_addf(&out, "%s%d %s", out.length ? ", " : "", counts[f], finding_word((finding_t)f));
    const char *left = out.data != NULL ? words(road->arena, "%s", out.data) : "";
    text_free(&out);
    return left;
}

static const char *outcome_title(const route_result_t *result)
{
    static const char *const titles[] = {"does not meet yet", "needs review", "cannot tell", "appears to meet"};
    if (result->route->status == ROUTE_DISCONTINUED) return "closed";
    return result->route->status == ROUTE_UNREAD ? "not read" : titles[result->outcome];
}

static bool lacks(const route_result_t *result, leaf_kind_t kind)
{
    for (size_t i = 0; result->leaves != NULL && i < result->route->leaves; i++)
        if (result->leaves[i].stands && result->leaves[i].leaf->kind == kind &&
            verdict_finding(result->leaves[i].verdict) == FINDING_MISSING)
            return true;
    return false;
}

/* What is missing takes of a week, at the pace of the person. */
static const char *hours_of(road_request_t *road, const route_result_t *result)
{
    enum { HOURS_A_CREDIT = 3 }; /* a week, in class and at home: this program's assumption */
    bool work = lacks(result, LEAF_EXPERIENCE) || lacks(result, LEAF_WORK_HOURS);
    bool credit = lacks(result, LEAF_SEMESTER_HOURS) || lacks(result, LEAF_COURSE), degree = lacks(result, LEAF_DEGREE);
    bool program = lacks(result, LEAF_PROGRAM) || lacks(result, LEAF_TRAINING_HOURS);
    const char *text = "";
    if (result->route->status != ROUTE_OPEN) return "–";
    if (work) text = words(road->arena, "work: %d", road->pace.hours_per_week);
    if (credit || degree)
        text = words(road->arena, "%s%sstudy: about %d (%d credits a half-year, %d hours a credit)", text,
                     text[0] ? "; " : "", HOURS_A_CREDIT * road->pace.credits_per_term, road->pace.credits_per_term,
                     HOURS_A_CREDIT);
    if (program) text = words(road->arena, "%s%sprogram: as its school says", text, text[0] ? "; " : "");
    if (text[0]) return text;
    return result->outcome == OUTCOME_QUALIFIES ? "none" : "unknown: nothing with known hours is missing";
}

static void add_facts(road_request_t *road, const route_result_t *result, route_row_t *row, err_t *err)
{
    const credential_t *c = credential_find(app_licenses(road->app), result->goal->id);
    steps_t steps;
    row->fee = row->exam = row->time = "unknown";
    row->hours = hours_of(road, result);
    row->fee_note = "";
    if (c != NULL && c->fee_usd[0]) {
        row->fee = words(road->arena, "%s US dollars", c->fee_usd);
        row->fee_note = words(road->arena, "as of %s, confidence %s; check before you pay", c->as_of, c->confidence);
    }
    if (c != NULL && c->questions[0])
        row->exam = words(road->arena, "%s, %s items%s%s", c->format[0] ? c->format : "form unknown", c->questions,
                          c->minutes[0] ? ", minutes: " : "", c->minutes);
    if (result->outcome == OUTCOME_QUALIFIES) row->time = "nothing more to do before applying";
    if (result->route->status != ROUTE_OPEN || result->outcome == OUTCOME_QUALIFIES ||
        !steps_make(&road->record, result, road->today, road->pace, road->arena, &steps, err))
        return;
    enum { MONTH_DAYS = 30 };
    int months = (steps.earliest - road->today + MONTH_DAYS - 1) / MONTH_DAYS;
    if (steps.undated == 0)
        row->time = words(road->arena, "about %d months at your pace", months);
    else if (months > 0)
        row->time = words(road->arena, "at least %d months at your pace; conditions without a known length: %zu",
                          months, steps.undated);
    else
        row->time = words(road->arena, "unknown; conditions without a known length: %zu", steps.undated);
}

bool road_route_row(road_request_t *road, const goal_t *goal, const route_t *route, route_row_t *row, err_t *err)
{
    static const char *const chips[] = {"crit", "warn", "info", "ok"};
    static const char *const marks[] = {"✗", "!", "?", "✓"};
    route_result_t result, plain;
    if (!evaluate_route(&road->record, goal, route, road->today, road->arena, &result, err) ||
        !evaluate_route(&road->plain, goal, route, road->today, road->arena, &plain, err))
        return false;
    bool open = route->status == ROUTE_OPEN;
    *row = (route_row_t){.id = route->id,
                         .goal = goal->id,
                         .body = goal->body,
                         .summary = route->summary,
                         .outcome = outcome_title(&result),
                         .chip = open ? chips[result.outcome] : "plain",
                         .mark = open ? marks[result.outcome] : "–",
                         .source = route->source[0],
                         .as_of = route->as_of,
                         .confidence = route->confidence,
                         .review_by = road_day(road->arena, route->review_by),
                         .notes = route->notes,
                         .left = left_of(road, &result),
                         .incomplete = open && !route->complete,
                         .open = open};
    while (route->notes[row->note_count] != NULL) row->note_count++;
    if (result.outcome != plain.outcome) row->before = outcome_title(&plain);
    add_facts(road, &result, row, err);
    if (!open) return true;
    row->conditions = arena_array(road->arena, node_lines(route->requires) + 2, sizeof *row->conditions);
    if (row->conditions == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    add_node(road, route->requires, &result, 0, row);
    if (result.canada)
        add_row(row, 0, (verdict_t){VALUE_REVIEW, VALUE_REVIEW},
                "Canadians applying here need a CMA-accredited program");
    return true;
}

bool road_goal_row(road_request_t *road, const goal_t *goal, goal_row_t *row, err_t *err)
{
    const credential_t *c = credential_find(app_licenses(road->app), goal->id);
    const license_t *state = goal->state != NULL ? licenses_find(app_licenses(road->app), goal->state) : NULL;
    *row = (goal_row_t){.id = goal->id,
                        .title = c != NULL       ? c->title
                                 : state != NULL ? state->jurisdiction
                                                 : "Testing personnel",
                        .kind = goal_kind_word(goal->kind),
                        .body = goal->body,
                        .notes = goal->notes,
                        .count = (int)goal->count};
    while (goal->notes[row->note_count] != NULL) row->note_count++;
    row->routes = arena_array(road->arena, goal->count + 1, sizeof *row->routes);
    if (row->routes == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (size_t i = 0; i < goal->count; i++) {
        if (!road_route_row(road, goal, &goal->routes[i], &row->routes[i], err)) return false;
        row->met += strcmp(row->routes[i].mark, "✓") == 0;
    }
    return true;
}
