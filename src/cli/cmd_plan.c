/* titer plan check: every way to a certificate, a license or the federal floor, against an applicant record.
 * titer plan goals: what there is to plan for.
 * titer license show: what a state asks. */
#include "args.h"
#include "road/evaluate.h"
#include "road/license.h"
#include "road/plan.h"

#include <string.h>
#include <time.h>

enum { PLAN_ARENA_MAX = 64 * 1024 * 1024, PLAN_OUTPUT_MAX = 16 * 1024 * 1024, DAY_SECONDS = 86400 };

static const char HELP[] =
    "usage: titer plan check --record RECORD.json [--goal ID] [--on DAY] [--json]\n"
    "       titer plan goals [--json]\n"
    "\n"
    "check holds an applicant record (\"-\" for standard input) against every route of every goal, or of one, and "
    "says\n"
    "of each what is met, missing, in need of review, or cannot be told. What the record leaves out, or has as null, "
    "is\n"
    "unknown; an empty list is none. Windows are counted back from the record's application_date; where it has none,\n"
    "from --on, or from today. Outcomes: qualifies (appears to meet; the board decides), possible (something is "
    "unknown,\n"
    "or the rule was not read completely), review (only doubtful conditions are left), fails.\n"
    "\n"
    "goals lists certificates, state licenses and the federal floor, each with its number of routes, then work in\n"
    "a state, for `titer plan find`.\n"
    "\n"
    "example: titer plan check --record record.json --goal ASCP-MLT --json\n"
    "example: echo '{\"degree\": {\"level\": \"associate\", \"accredited\": true}}' | titer plan check --record -\n";

static const char LICENSE_HELP[] =
    "usage: titer license show STATE [--json]\n"
    "       titer license list [--json]\n"
    "\n"
    "show prints what a state or territory (by its two letters or its name) asks of laboratory personnel and of\n"
    "phlebotomists: titles, exams, fees, renewal, continuing education, agency, source and date. What was not read is\n"
    "\"unknown\" (null in JSON), never \"none\". list prints one line a jurisdiction.\n"
    "\n"
    "example: titer license show CA\n";

typedef struct {
    const char *record, *goal, *on;
    bool json;
} asked_t;

typedef struct {
    arena_t *arena;
    text_t out, input;
    rules_t rules;
    licenses_t licenses;
} planning_t;

static bool begin(cli_t *cli, planning_t *plan, err_t *err)
{
    *plan = (planning_t){.arena = arena_new(PLAN_ARENA_MAX)};
    text_init(&plan->out, PLAN_OUTPUT_MAX);
    text_init(&plan->input, RECORD_BYTES_MAX);
    if (plan->arena == NULL) return err_set(err, ERR_MEMORY, "out of memory");
    return rules_load(&plan->rules, plan->arena, cli->content, err) &&
           licenses_load(&plan->licenses, plan->arena, cli->content, err);
}

static int end(cli_t *cli, const char *command, planning_t *plan, bool good, err_t *err)
{
    if (good && plan->out.failed) good = err_set(err, ERR_MEMORY, "out of memory");
    if (good && (fwrite(plan->out.data, 1, plan->out.length, cli->out) != plan->out.length || fflush(cli->out) != 0))
        good = err_set(err, ERR_IO, "the answer could not be written");
    text_free(&plan->out);
    text_free(&plan->input);
    arena_free(plan->arena);
    return good ? CLI_OK : args_fail(cli, command, err);
}

/* ---- check ---- */

static bool read_today(const asked_t *asked, int32_t *day, err_t *err)
{
    when_t when;
    *day = (int32_t)(time(NULL) / DAY_SECONDS);
    if (asked->on == NULL) return true;
    if (!when_read(asked->on, &when, err)) return false;
    if (!when_is_day(when)) return err_set(err, ERR_INPUT, "--on is a day, such as 2026-11-22");
    *day = when.first;
    return true;
}

static void add_condition(const leaf_result_t *leaf, text_t *out)
{
    text_addf(out, "    %-12s %s", finding_word(verdict_finding(leaf->verdict)), leaf->leaf->says);
    if (leaf->measure.measured && verdict_finding(leaf->verdict) != FINDING_MET) {
        text_add(out, " (");
        how_far(leaf->leaf, &leaf->measure, out);
        text_add_char(out, ')');
    }
    text_addf(out, " [%s]\n", leaf->leaf->id);
}

static void add_closest(const node_t *node, const route_result_t *result, text_t *out)
{
    for (size_t i = 0; i < node->count; i++) add_closest(&node->children[i], result, out);
    if (node->kind != NODE_ANY || node_verdict(node, result).best > VALUE_MISSING) return;
    const node_t *closest = &node->children[node_closest(node, result)];
    while (closest->kind != NODE_LEAF) closest = &closest->children[0];
    text_addf(out, "    one of %zu alternatives is enough; the closest to done begins with [%s]\n", node->count,
              closest->leaf->id);
}

static void add_result(const route_result_t *result, text_t *out)
{
    const route_t *route = result->route;
    text_addf(out, "\n  %s: %s\n", route->id, outcome_says(result));
    text_addf(out, "    %s\n", route->summary);
    for (size_t i = 0; result->leaves != NULL && i < route->leaves; i++) add_condition(&result->leaves[i], out);
    if (result->leaves != NULL) add_closest(route->requires, result, out);
    if (result->canada)
        text_add(out, "    needs review Canadians applying here need a CMA-accredited program [g.canada3]\n");
    if (route->status == ROUTE_OPEN && !route->complete)
        text_add(out, "    the text of this route was not read completely\n");
    text_addf(out, "    source: %s (as of %s, confidence %s)\n", route->source[0], route->as_of, route->confidence);
}

static void add_json(const record_t *record, const route_result_t *results, size_t count, int32_t today, text_t *out)
{
    char text[WHEN_TEXT_MAX];
    bool given = !when_is_unknown(record->application_date);
    when_write(given ? record->application_date : when_day(today), text);
    text_addf(out,
              "{\"counted_back_from\":\"%s\",\"application_date_known\":%s,\"says\":\"the board decides; check with "
              "the body before you pay\",\"routes\":[",
              text, given ? "true" : "false");
    for (size_t i = 0; i < count; i++) {
        text_add(out, i > 0 ? ",\n" : "\n");
        route_result_json(&results[i], out);
    }
    text_add(out, "\n]}\n");
}

static void add_words(const record_t *record, const route_result_t *results, size_t count, int32_t today, text_t *out)
{
    char text[WHEN_TEXT_MAX];
    bool given = !when_is_unknown(record->application_date);
    when_write(given ? record->application_date : when_day(today), text);
    text_addf(out, "Windows are counted back from %s%s. The board decides; check with the body before you pay.\n", text,
              given ? "" : " (the record has no application date)");
    for (size_t i = 0; i < count; i++) {
        const goal_t *goal = results[i].goal;
        if (i == 0 || results[i - 1].goal != goal)
            text_addf(out, "\n%s (%s, %s)\n", goal->id, goal_kind_word(goal->kind), goal->body);
        add_result(&results[i], out);
    }
}

static bool check(cli_t *cli, const asked_t *asked, planning_t *plan, err_t *err)
{
    record_t record;
    route_result_t *results;
    size_t count;
    int32_t today;
    if (asked->record == NULL) return err_set(err, ERR_INPUT, "say which record, as in --record record.json");
    const goal_t *goal = asked->goal ? rules_goal(&plan->rules, asked->goal) : NULL;
    if (asked->goal != NULL && goal == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no goal \"%.40s\"; `titer plan goals` lists them", asked->goal);
    if (!read_today(asked, &today, err) || !args_file(cli, asked->record, RECORD_BYTES_MAX, &plan->input, err) ||
        !record_read(&record, plan->arena, plan->input.data ? plan->input.data : "", plan->input.length, err) ||
        !evaluate_all(&plan->rules, &record, goal, today, plan->arena, &results, &count, err))
        return false;
    (asked->json ? add_json : add_words)(&record, results, count, today, &plan->out);
    return true;
}

/* ---- goals ---- */

static void add_goal(const goal_t *goal, const credential_t *credential, bool json, text_t *out)
{
    size_t open = 0;
    for (size_t i = 0; i < goal->count; i++) open += goal->routes[i].status == ROUTE_OPEN;
    const char *title = credential ? credential->title : goal->kind == GOAL_STATE ? goal->state : "";
    if (!json) {
        text_addf(out, "%-18s %-14s %zu of %zu routes open  %s, %s\n", goal->id, goal_kind_word(goal->kind), open,
                  goal->count, goal->body, title);
        return;
    }
    text_add(out, "{\"id\":");
    text_add_json(out, goal->id);
    text_addf(out, ",\"kind\":\"%s\",\"routes\":%zu,\"open\":%zu,\"body\":", goal_kind_word(goal->kind), goal->count,
              open);
    text_add_json(out, goal->body);
    text_add(out, ",\"title\":");
    text_add_json(out, title);
    text_add_char(out, '}');
}

/* Work in a state, as `titer plan find` takes it. */
static bool add_work_goals(cli_t *cli, bool json, planning_t *plan, err_t *err)
{
    plans_t *plans;
    if (!plans_load(&plans, plan->arena, cli->content, &plan->rules, &plan->licenses, err)) return false;
    for (size_t i = plan->rules.count; i < plan_goal_count(plans); i++) {
        plan_goal_t goal;
        if (!plan_goal(plans, i, plan->arena, &goal)) return err_set(err, ERR_MEMORY, "out of memory");
        if (!json) {
            text_addf(&plan->out, "%-18s %-14s %s\n", goal.id, "work", goal.title);
            continue;
        }
        text_add(&plan->out, ",\n{\"id\":");
        text_add_json(&plan->out, goal.id);
        text_add(&plan->out, ",\"kind\":\"work\",\"routes\":null,\"open\":null,\"body\":null,\"title\":");
        text_add_json(&plan->out, goal.title);
        text_add_char(&plan->out, '}');
    }
    return true;
}

static bool goals(cli_t *cli, const asked_t *asked, planning_t *plan, err_t *err)
{
    if (asked->json) text_add_char(&plan->out, '[');
    for (size_t i = 0; i < plan->rules.count; i++) {
        const goal_t *goal = &plan->rules.goals[i];
        if (asked->json && i > 0) text_add(&plan->out, ",\n");
        add_goal(goal, credential_find(&plan->licenses, goal->id), asked->json, &plan->out);
    }
    if (!add_work_goals(cli, asked->json, plan, err)) return false;
    if (asked->json) text_add(&plan->out, "]\n");
    return true;
}

int cmd_plan(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--record", &asked.record, NULL},
                           {"--goal", &asked.goal, NULL},
                           {"--on", &asked.on, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer plan", &err);
    if (args.help) return fputs(HELP, cli->out) < 0 ? CLI_FAILED : CLI_OK;
    bool is_check = args.count == 1 && strcmp(args.words[0], "check") == 0;
    if (!is_check && !(args.count == 1 && strcmp(args.words[0], "goals") == 0)) return fputs(HELP, cli->err), CLI_USAGE;
    planning_t plan;
    bool good =
        begin(cli, &plan, &err) && (is_check ? check(cli, &asked, &plan, &err) : goals(cli, &asked, &plan, &err));
    return end(cli, "titer plan", &plan, good, &err);
}

/* ---- licenses ---- */

static void add_license(const license_t *license, text_t *out)
{
    char day[WHEN_TEXT_MAX];
    text_addf(out, "%s (%s)\nLicense: laboratory personnel %s, phlebotomy %s.\n", license->jurisdiction, license->code,
              need_word(license->personnel_need), need_word(license->phlebotomy_need));
    for (size_t i = 0; i < license_column_count; i++) {
        const char *text = license_text(license, &license_columns[i]);
        text_addf(out, "\n%s:\n  %s\n", license_columns[i].heading, text[0] ? text : "unknown (not read)");
    }
    if (strcmp(license->kind, "federal") != 0)
        text_addf(out, "\nBy when, laboratory personnel:\n  %s\nBy when, phlebotomy:\n  %s\n",
                  license_by_when(license->personnel_need), license_by_when(license->phlebotomy_need));
    if (license->agency_url[0] == '\0')
        text_addf(out, "\nTo ask: %s, %s\n", license_agencies_title, license_agencies_url);
    when_write(when_day(license->review_by), day);
    text_addf(out,
              "\nSource: %s\nAs of: %s; confidence: %s; to be read again by %s.\nThe board decides; check with it "
              "before you pay.\n",
              license->source[0] ? license->source : "none found", license->as_of,
              license->confidence[0] ? license->confidence : "none", day);
}

static bool show(const asked_t *asked, const char *state, planning_t *plan, err_t *err)
{
    const license_t *license = licenses_find(&plan->licenses, state);
    if (license == NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no state or territory \"%.40s\"; `titer license list` lists them",
                       state);
    if (asked->json) {
        license_json(license, &plan->rules, &plan->out);
        text_add_char(&plan->out, '\n');
    } else
        add_license(license, &plan->out);
    return true;
}

static bool list(const asked_t *asked, planning_t *plan)
{
    if (asked->json) text_add_char(&plan->out, '[');
    for (size_t i = 0; i < plan->licenses.count; i++) {
        const license_t *l = &plan->licenses.items[i];
        if (asked->json) {
            if (i > 0) text_add(&plan->out, ",\n");
            license_json(l, &plan->rules, &plan->out);
        } else
            text_addf(&plan->out, "%s  personnel %-12s  phlebotomy %-12s  %s\n", l->code, need_word(l->personnel_need),
                      need_word(l->phlebotomy_need), l->jurisdiction);
    }
    if (asked->json) text_add(&plan->out, "]\n");
    return true;
}

int cmd_license(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--json", NULL, &asked.json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer license", &err);
    if (args.help) return fputs(LICENSE_HELP, cli->out) < 0 ? CLI_FAILED : CLI_OK;
    bool is_show = args.count == 2 && strcmp(args.words[0], "show") == 0;
    if (!is_show && !(args.count == 1 && strcmp(args.words[0], "list") == 0))
        return fputs(LICENSE_HELP, cli->err), CLI_USAGE;
    planning_t plan;
    bool good = begin(cli, &plan, &err) && (is_show ? show(&asked, args.words[1], &plan, &err) : list(&asked, &plan));
    return end(cli, "titer license", &plan, good, &err);
}
