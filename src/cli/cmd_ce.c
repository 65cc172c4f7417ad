/* titer ce: continuing education. check: what a ledger meets and lacks, and the shortest way; rules, topics: what is
 * known. */
#include "args.h"
#include "clock.h"
#include "road/calendar.h"
#include "road/ce.h"

#include <stdio.h>
#include <string.h>

enum { CE_ARENA_MAX = 64 * 1024 * 1024, CE_OUTPUT_MAX = 16 * 1024 * 1024, MS_PER_DAY = 86400000 };

static const char HELP[] =
    "usage: titer ce check --ledger ledger.json [--today 2026-11-27] [--json | --calendar]\n"
    "       titer ce rules [--json]\n"
    "       titer ce topics\n"
    "\n"
    "check reads one ledger of activities (\"-\": standard input) and says for every obligation held what is needed,\n"
    "what counts, what is missing and by when; then the least set of whole hours that meets all of it. Days may be\n"
    "known in part (\"2026-05\", \"spring 2026\", \"unknown\"); what then depends on the missing part is \"cannot "
    "tell\".\n"
    "--calendar writes deadlines and steps as a calendar file.\n"
    "\n"
    "The ledger is an object with two lists:\n"
    "  held        {\"id\", \"rule\" or \"body\" or \"state\", \"credential\", \"start\", \"deadline\", \"first\",\n"
    "               \"license_categories\", \"number\"}: one obligation each; rules are listed by titer ce rules\n"
    "  activities  {\"id\", \"date\", \"title\", \"provider\", \"kind\", \"hours\", \"semester_hours\", "
    "\"quarter_hours\",\n"
    "               \"categories\", \"proof\", \"documents\", \"verified_by\"}: categories as listed by titer ce topics\n"
    "\n"
    "example: echo '{\"held\":[{\"state\":\"CA\",\"credential\":\"MLT\",\"deadline\":\"2027-05-31\"}],\n"
    "         \"activities\":[{\"date\":\"2026-03\",\"title\":\"Malaria smears\",\"hours\":1.5}]}' | titer ce check "
    "--ledger -\n";

static void day(text_t *out, int32_t number)
{
    char text[WHEN_TEXT_MAX];
    when_write(when_day(number), text);
    text_add(out, text);
}

static void amount(text_t *out, int32_t value)
{
    if (value == CE_NOT_READ) {
        text_add(out, "not read");
        return;
    }
    text_add_fixed(out, (double)value / CE_UNIT, value % CE_UNIT == 0 ? 0 : value % 10 == 0 ? 1 : 2);
}

static void json_amount(text_t *out, const char *key, int32_t value)
{
    text_addf(out, ",\"%s\":", key);
    if (value == CE_NOT_READ)
        text_add(out, "null");
    else
        amount(out, value);
}

static void json_text(text_t *out, const char *key, const char *value)
{
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, value);
}

static void json_when(text_t *out, const char *key, when_t when)
{
    char text[WHEN_TEXT_MAX];
    when_write(when, text);
    json_text(out, key, text);
}

static int32_t missing(const ce_need_t *n)
{
    return n->need == CE_NOT_READ ? CE_NOT_READ : n->sure >= n->need ? 0 : n->need - n->sure;
}

/* ---- JSON ---- */

static void json_need(text_t *out, const ce_t *ce, const ce_need_t *n)
{
    text_add(out, "{\"topic\":");
    if (n->topic < 0)
        text_add(out, "null");
    else
        text_add_json(out, ce->topics[n->topic].id);
    json_amount(out, "needed", n->need);
    json_amount(out, "done", n->sure);
    json_amount(out, "declared", n->declared);
    json_amount(out, "verified", n->sure - n->declared);
    json_amount(out, "possible", n->open_ended ? CE_NOT_READ : n->possible);
    json_amount(out, "missing", missing(n));
    json_text(out, "state", ce_state_word(n->state));
    text_add_char(out, '}');
}

static void json_lines(text_t *out, const ledger_t *ledger, const ce_result_t *r)
{
    static const char *const words[] = {"no", "yes", "cannot tell"};
    text_add(out, ",\"activities\":[");
    for (int i = 0; i < ledger->activity_count; i++) {
        text_addf(out, "%s{\"activity\":%d", i ? ",\n   " : "", i);
        json_text(out, "title", ledger->activities[i].title);
        json_text(out, "counts", words[r->lines[i].counts]);
        json_amount(out, "amount", r->lines[i].amount);
        json_text(out, "why", r->lines[i].why);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void json_result(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *r)
{
    const ce_held_t *held = &ledger->held[r->held];
    const ce_rule_t *rule = &ce->rules[held->rule];
    text_add(out, "{\"id\":");
    text_add_json(out, held->id);
    json_text(out, "rule", rule->id);
    json_text(out, "title", rule->title);
    json_text(out, "body", rule->body[0] ? rule->body : rule->state);
    json_text(out, "unit", rule->unit);
    json_when(out, "start", r->start);
    json_when(out, "deadline", r->deadline);
    text_addf(out, ",\"overdue\":%s", r->overdue ? "true" : "false");
    json_text(out, "state", ce_state_word(r->state));
    text_add(out, ",\"total\":");
    json_need(out, ce, &r->total);
    text_add(out, ",\"categories\":[");
    for (int i = 0; i < r->least_count; i++) {
        if (i) text_add_char(out, ',');
        json_need(out, ce, &r->least[i]);
    }
    text_add(out, "],\"remarks\":[");
    for (int i = 0; i < r->remark_count; i++) {
        if (i) text_add_char(out, ',');
        text_add_json(out, r->remarks[i]);
    }
    text_add_char(out, ']');
    json_lines(out, ledger, r);
    json_text(out, "source", rule->source.text);
    json_text(out, "as_of", rule->source.as_of);
    json_text(out, "confidence", rule->source.confidence);
    text_add_char(out, '}');
}

static void json_ids(text_t *out, const char *key, const ledger_t *ledger, uint32_t set)
{
    bool first = true;
    text_addf(out, ",\"%s\":[", key);
    for (int h = 0; h < ledger->held_count; h++) {
        if (!(set >> h & 1)) continue;
        if (!first) text_add_char(out, ',');
        text_add_json(out, ledger->held[h].id);
        first = false;
    }
    text_add_char(out, ']');
}

static void json_plan(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_plan_t *plan)
{
    text_addf(out, "{\"hours\":%d,\"hours_if_met_apart\":%d,\"proved\":%s,\"steps\":[", (int)plan->hours,
              (int)plan->apart_hours, plan->proved ? "true" : "false");
    for (int i = 0; i < plan->step_count; i++) {
        const ce_step_t *s = &plan->steps[i];
        text_addf(out, "%s{\"hours\":%d", i ? ",\n  " : "", (int)s->hours);
        json_text(out, "topic", s->topic < 0 ? "any" : ce->topics[s->topic].id);
        json_when(out, "from", when_day(s->from));
        json_when(out, "by", when_day(s->by));
        json_ids(out, "serves", ledger, s->serves);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
    json_ids(out, "left_out", ledger, plan->left_out);
    text_add_char(out, '}');
}

static void write_json(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results,
                       const ce_plan_t *plan, int32_t today)
{
    text_add(out, "{\"today\":\"");
    day(out, today);
    text_add(out, "\",\n\"obligations\":[");
    for (int i = 0; i < ledger->held_count; i++) {
        if (i) text_add(out, ",\n ");
        json_result(out, ce, ledger, &results[i]);
    }
    text_add(out, "],\n\"plan\":");
    json_plan(out, ce, ledger, plan);
    text_add(out, "}\n");
}

/* ---- words ---- */

static void write_need(text_t *out, const ce_t *ce, const ce_need_t *n, const char *unit)
{
    text_addf(out, "  %-36s needed ", n->topic < 0 ? "all together" : ce->topics[n->topic].title);
    amount(out, n->need);
    text_add(out, ", done ");
    amount(out, n->sure);
    text_addf(out, " %s", unit);
    if (n->declared > 0) {
        text_add(out, " (declared only: ");
        amount(out, n->declared);
        text_add_char(out, ')');
    }
    if (n->open_ended)
        text_add(out, ", more may count");
    else if (n->possible > n->sure) {
        text_add(out, ", at most ");
        amount(out, n->possible);
    }
    if (missing(n) > 0) {
        text_add(out, ", missing ");
        amount(out, missing(n));
    }
    text_addf(out, ": %s\n", ce_state_word(n->state));
}

static void write_result(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *r)
{
    static const char *const words[] = {"no", "yes", "cannot tell"};
    const ce_held_t *held = &ledger->held[r->held];
    const ce_rule_t *rule = &ce->rules[held->rule];
    char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];
    when_write(r->start, from);
    when_write(r->deadline, to);
    text_addf(out, "%s (%s): %s\n  from %s, deadline %s%s\n", held->id, rule->title, ce_state_word(r->state), from, to,
              r->overdue ? " (over)" : "");
    write_need(out, ce, &r->total, rule->unit);
    for (int i = 0; i < r->least_count; i++) write_need(out, ce, &r->least[i], rule->unit);
    for (int i = 0; r->state != CE_NONE_ASKED && i < ledger->activity_count; i++) {
        const ce_line_t *l = &r->lines[i];
        text_addf(out, "    %-11s ", words[l->counts]);
        if (l->counts != CE_NO && l->amount != CE_NOT_READ) amount(out, l->amount);
        text_addf(out, "  %s: %s\n", ledger->activities[i].title, l->why);
    }
    for (int i = 0; i < r->remark_count; i++) text_addf(out, "  ! %s\n", r->remarks[i]);
    text_addf(out, "  [%s; %s; confidence %s]\n\n", rule->source.text, rule->source.as_of, rule->source.confidence);
}

static void write_ids(text_t *out, const ledger_t *ledger, uint32_t set)
{
    for (int h = 0; h < ledger->held_count; h++)
        if (set >> h & 1) text_addf(out, " %s", ledger->held[h].id);
}

static void write_plan(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_plan_t *plan)
{
    text_addf(out, "The shortest way: %d hour%s", (int)plan->hours, plan->hours == 1 ? "" : "s");
    if (plan->apart_hours > plan->hours) text_addf(out, " (each alone: %d)", (int)plan->apart_hours);
    text_add(out, plan->proved ? "\n" : "; that fewer are not enough was not proved\n");
    for (int i = 0; i < plan->step_count; i++) {
        const ce_step_t *s = &plan->steps[i];
        text_addf(out, "  %3d h  ", (int)s->hours);
        day(out, s->from);
        text_add(out, " to ");
        day(out, s->by);
        text_addf(out, "  %s, for", s->topic < 0 ? "any topic of laboratory practice" : ce->topics[s->topic].title);
        write_ids(out, ledger, s->serves);
        text_add_char(out, '\n');
    }
    if (plan->left_out) {
        text_add(out, "  no plan can be made for");
        write_ids(out, ledger, plan->left_out);
        text_add(out, ": the rule or the period is not known, or the deadline is over\n");
    }
    text_add(out, "Whether a body takes the provider is not checked. Check with the body before you pay.\n");
}

static void write_text(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results,
                       const ce_plan_t *plan)
{
    for (int i = 0; i < ledger->held_count; i++) write_result(out, ce, ledger, &results[i]);
    if (ledger->held_count == 0) text_add(out, "The ledger holds no obligation.\n");
    write_plan(out, ce, ledger, plan);
}

/* ---- rules and topics ---- */

static void write_rules(text_t *out, const ce_t *ce, bool json)
{
    for (int i = 0; i < ce->rule_count; i++) {
        const ce_rule_t *r = &ce->rules[i];
        if (!json) {
            text_addf(out, "%-15s %-9s ", r->id, r->body[0] ? r->body : r->state);
            amount(out, r->total);
            if (r->cycle_years == CE_NOT_READ)
                text_addf(out, " %s, cycle not read: %s\n", r->unit, r->credentials);
            else
                text_addf(out, " %s in %d years: %s\n", r->unit, (int)r->cycle_years, r->credentials);
            continue;
        }
        text_add(out, i ? ",\n {\"id\":" : "[{\"id\":");
        text_add_json(out, r->id);
        json_text(out, "body", r->body);
        json_text(out, "state", r->state);
        json_text(out, "credentials", r->credentials);
        json_amount(out, "cycle_years", r->cycle_years == CE_NOT_READ ? CE_NOT_READ : r->cycle_years * CE_UNIT);
        json_amount(out, "total", r->total);
        json_text(out, "unit", r->unit);
        json_text(out, "counts", r->counts);
        json_text(out, "late", r->late);
        json_text(out, "audit", r->audit);
        json_text(out, "notes", r->notes);
        json_text(out, "source", r->source.text);
        json_text(out, "as_of", r->source.as_of);
        json_text(out, "confidence", r->source.confidence);
        text_add_char(out, '}');
    }
    if (json) text_add(out, "]\n");
}

static void write_topics(text_t *out, const ce_t *ce)
{
    for (int i = 0; i < ce->topic_count; i++) text_addf(out, "%-18s %s\n", ce->topics[i].id, ce->topics[i].title);
}

/* ---- the command ---- */

typedef struct {
    const char *ledger, *today;
    bool json, calendar;
} asked_t;

static bool check(cli_t *cli, const asked_t *asked, arena_t *arena, const ce_t *ce, text_t *out, err_t *err)
{
    text_t file;
    ledger_t ledger;
    ce_result_t *results;
    ce_plan_t plan;
    int64_t now_ms = clock_now_ms(NULL);
    when_t today = when_day((int32_t)(now_ms / MS_PER_DAY));
    if (!asked->ledger) return err_set(err, ERR_INPUT, "say which ledger, as in --ledger ledger.json");
    if (asked->today && (!when_read(asked->today, &today, err) || !when_is_day(today)))
        return err_set(err, ERR_INPUT, "--today is a day, as in 2026-11-27; found \"%.40s\"", asked->today);
    if (!args_file(cli, asked->ledger, CE_JSON_MAX, &file, err)) return false;
    bool ok = ledger_read(&ledger, arena, ce, file.data ? file.data : "", file.length, err);
    text_free(&file);
    if (!ok || !ce_check(&results, arena, ce, &ledger, today.first, err) ||
        !ce_plan(&plan, arena, ce, &ledger, results, today.first, err))
        return false;
    if (asked->calendar)
        ce_calendar(out, ce, &ledger, results, &plan, now_ms);
    else if (asked->json)
        write_json(out, ce, &ledger, results, &plan, today.first);
    else
        write_text(out, ce, &ledger, results, &plan);
    return true;
}

static bool answer(cli_t *cli, const asked_t *asked, const args_t *args, arena_t *arena, text_t *out, err_t *err)
{
    ce_t ce;
    const char *word = args->count > 0 ? args->words[0] : "";
    if (args->count > 1) return err_set(err, ERR_INPUT, "\"%.40s\" is one word too many", args->words[1]);
    if (!ce_load(&ce, arena, cli->content, err)) return false;
    if (strcmp(word, "check") == 0) {
        if (!check(cli, asked, arena, &ce, out, err)) return false;
    } else if (strcmp(word, "rules") == 0)
        write_rules(out, &ce, asked->json);
    else if (strcmp(word, "topics") == 0)
        write_topics(out, &ce);
    else
        return err_set(err, ERR_INPUT, "say what: check, rules or topics; found \"%.40s\"", word);
    return !out->failed || err_set(err, ERR_MEMORY, "there is not enough memory");
}

int cmd_ce(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--ledger", &asked.ledger, NULL},
                           {"--today", &asked.today, NULL},
                           {"--json", NULL, &asked.json},
                           {"--calendar", NULL, &asked.calendar},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "ce", &err);
    if (args.help) return fputs(HELP, cli->out), CLI_OK;
    arena_t *arena = arena_new(CE_ARENA_MAX);
    text_t out;
    text_init(&out, CE_OUTPUT_MAX);
    bool ok =
        arena ? answer(cli, &asked, &args, arena, &out, &err) : err_set(&err, ERR_MEMORY, "there is not enough memory");
    if (ok) fputs(out.data ? out.data : "", cli->out);
    text_free(&out);
    arena_free(arena);
    return ok ? CLI_OK : args_fail(cli, "ce", &err);
}
