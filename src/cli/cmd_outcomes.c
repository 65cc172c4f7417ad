/* titer outcomes: a program's outcome measures as its accreditor counts them. */
#include "args.h"
#include "clock.h"
#include "road/outcomes.h"
#include "road/when.h"

#include <math.h>
#include <string.h>

enum { IN_MAX = 4 * 1024 * 1024, ARENA_MAX = 64 * 1024 * 1024 };

static const char HELP[] =
    "usage: titer outcomes --in cohort.csv [--accreditor naacls|abhes] [--today DAY] [--persons] [--json]\n"
    "\n"
    "Reads a table of persons with the columns id, cohort, final_half, graduated, exam, passed, placement and, where\n"
    "known, enrolled, reentered, left, placed_on; days are written 2024-05-17, exam is the first attempt. Prints each\n"
    "measure by year and pooled over the years that its rule names: counts are added, percentages are never averaged.\n"
    "\n"
    "  --accreditor  whose rules (default naacls; abhes: retention by reporting year, placement)\n"
    "  --today       decides what is still open and so provisional (default: the day it is, in UTC)\n"
    "  --persons     every person behind every figure, with how it counted and why\n"
    "\n"
    "example: titer outcomes --in cohort.csv --json\n";

typedef struct {
    const char *in, *accreditor, *today;
    bool persons, json;
} asked_t;

static void add_rate(text_t *out, int numerator, int denominator)
{
    if (denominator > 0)
        text_add_fixed(out, outcome_rate(numerator, denominator), 2);
    else
        text_add(out, "null");
}

static void json_persons(text_t *out, const outcome_rule_t *rule, const cohort_t *cohort, int year, int32_t today)
{
    static const char *const words[] = {"no", "denominator", "both"};
    bool first = true;
    text_add(out, ",\"persons\":[");
    for (int i = 0; i < cohort->count; i++) {
        const cohort_person_t *p = &cohort->persons[i];
        if (rule->measure != OUTCOME_RETENTION && p->cohort != year) continue;
        outcome_person_t c = outcome_of(rule, p, year, today);
        text_addf(out, "%s\n   {\"id\":", first ? "" : ",");
        text_add_json(out, p->id);
        text_addf(out, ",\"counted\":\"%s\",\"times\":%d,\"open\":%s,\"why\":", words[c.counted], c.times,
                  c.open ? "true" : "false");
        text_add_json(out, c.why);
        text_add_char(out, '}');
        first = false;
    }
    text_add_char(out, ']');
}

static void json_rule(text_t *out, const outcome_rule_t *rule, const outcome_rate_t *o, const cohort_t *cohort,
                      const asked_t *asked, int32_t today)
{
    text_addf(out,
              "{\"accreditor\":\"%s\",\"measure\":\"%s\",\"pooled\":{\"years\":%d,\"numerator\":%d,\"denominator\":%d,"
              "\"rate\":",
              rule->accreditor, outcome_measure_word(rule->measure), o->year_count - o->from, o->numerator,
              o->denominator);
    add_rate(out, o->numerator, o->denominator);
    text_addf(out, ",\"provisional\":%s}", o->open > 0 ? "true" : "false");
    text_add(out, ",\"threshold\":");
    if (isnan(rule->threshold))
        text_add(out, "null");
    else
        text_add_fixed(out, rule->threshold, 0);
    text_add(out, ",\"source\":");
    text_add_json(out, rule->source);
    text_addf(out, ",\"as_of\":\"%s\",\"years\":[", rule->as_of);
    for (int y = 0; y < o->year_count; y++) {
        const outcome_year_t *v = &o->years[y];
        text_addf(out, "%s\n  {\"year\":%d,\"numerator\":%d,\"denominator\":%d,\"rate\":", y ? "," : "", v->year,
                  v->numerator, v->denominator);
        add_rate(out, v->numerator, v->denominator);
        text_addf(out, ",\"pooled\":%s,\"provisional\":%s", y >= o->from ? "true" : "false",
                  v->open > 0 ? "true" : "false");
        if (asked->persons) json_persons(out, rule, cohort, v->year, today);
        text_add_char(out, '}');
    }
    text_add(out, "]}");
}

static void print_rate(cli_t *cli, int numerator, int denominator)
{
    char rate[32] = "-";
    if (denominator > 0) text_fixed(rate, outcome_rate(numerator, denominator), 1);
    fprintf(cli->out, "%4d / %-4d %6s%s", numerator, denominator, rate, denominator > 0 ? " %" : "");
}

static void print_rule(cli_t *cli, const outcome_rule_t *rule, const outcome_rate_t *o, const cohort_t *cohort,
                       const asked_t *asked, int32_t today)
{
    static const char *const words[] = {"not counted", "below only", "above and below"};
    fprintf(cli->out, "%s (%s)\n  %s / %s\n", rule->title, rule->accreditor, rule->numerator, rule->denominator);
    for (int y = 0; y < o->year_count; y++) {
        const outcome_year_t *v = &o->years[y];
        fprintf(cli->out, "  %d%s    ", v->year, y >= o->from ? " *" : "  ");
        print_rate(cli, v->numerator, v->denominator);
        fprintf(cli->out, "%s\n", v->open > 0 ? "  provisional" : "");
        for (int i = 0; asked->persons && i < cohort->count; i++) {
            const cohort_person_t *p = &cohort->persons[i];
            if (rule->measure != OUTCOME_RETENTION && p->cohort != v->year) continue;
            outcome_person_t c = outcome_of(rule, p, v->year, today);
            fprintf(cli->out, "      %-16s %-15s %s\n", p->id, words[c.counted], c.why);
        }
    }
    fputs("  pooled *  ", cli->out);
    print_rate(cli, o->numerator, o->denominator);
    if (!isnan(rule->threshold) && o->denominator > 0)
        fprintf(cli->out, "  %s (at least %.0f %%)",
                outcome_rate(o->numerator, o->denominator) >= rule->threshold ? "met" : "below", rule->threshold);
    fprintf(cli->out, "%s\n\n", o->open > 0 ? "  provisional" : "");
}

static bool read_asked(cli_t *cli, const asked_t *asked, text_t *file, int32_t *today, err_t *err)
{
    when_t when;
    *today = (int32_t)(clock_now_ms(NULL) / 86400000);
    if (asked->today != NULL) {
        if (!when_read(asked->today, &when, err)) return false;
        if (!when_is_day(when)) return err_set(err, ERR_INPUT, "--today is a day, as in --today 2026-11-27");
        *today = when.first;
    }
    if (asked->in == NULL) return err_set(err, ERR_INPUT, "say which table, as in --in cohort.csv");
    return args_file(cli, asked->in, IN_MAX, file, err);
}

static bool run(cli_t *cli, const asked_t *asked, const text_t *file, int32_t today, arena_t *arena, err_t *err)
{
    outcome_rules_t rules;
    cohort_t cohort;
    text_t out;
    int shown = 0;
    const char *accreditor = asked->accreditor != NULL ? asked->accreditor : "naacls";
    if (arena == NULL) return err_set(err, ERR_MEMORY, "there is not enough memory for this table");
    if (!outcome_rules_read(&rules, arena, cli->content, err) ||
        !cohort_read(&cohort, arena, asked->in, (const unsigned char *)(file->data ? file->data : ""), file->length,
                     err))
        return false;
    text_init(&out, 64 * 1024 * 1024);
    text_add_char(&out, '[');
    for (int i = 0; i < rules.count; i++) {
        outcome_rate_t o;
        if (strcmp(rules.rules[i].accreditor, accreditor) != 0) continue;
        if (!outcome_compute(&rules.rules[i], &cohort, today, &o, err)) return text_free(&out), false;
        if (asked->json && shown > 0) text_add(&out, ",\n");
        if (asked->json)
            json_rule(&out, &rules.rules[i], &o, &cohort, asked, today);
        else
            print_rule(cli, &rules.rules[i], &o, &cohort, asked, today);
        shown++;
    }
    text_add(&out, "]\n");
    bool ok = shown > 0 || err_set(err, ERR_INPUT, "--accreditor is naacls or abhes; found \"%.20s\"", accreditor);
    ok = ok && (!out.failed || err_set(err, ERR_LIMIT, "the answer is too long: leave --persons out"));
    if (ok && asked->json) fputs(out.data, cli->out);
    text_free(&out);
    return ok;
}

int cmd_outcomes(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    args_t args;
    err_t err = {0};
    text_t file = {0};
    int32_t today;
    const arg_t table[] = {{"--in", &asked.in, NULL},       {"--accreditor", &asked.accreditor, NULL},
                           {"--today", &asked.today, NULL}, {"--persons", NULL, &asked.persons},
                           {"--json", NULL, &asked.json},   {NULL, NULL, NULL}};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer outcomes", &err);
    if (args.help) return fputs(HELP, cli->out), CLI_OK;
    if (args.count > 0) {
        err_set(&err, ERR_INPUT, "\"%.40s\" is not expected; the table is named with --in", args.words[0]);
        return args_fail(cli, "titer outcomes", &err);
    }
    arena_t *arena = arena_new(ARENA_MAX);
    bool ok = read_asked(cli, &asked, &file, &today, &err) && run(cli, &asked, &file, today, arena, &err);
    text_free(&file);
    arena_free(arena);
    return ok ? CLI_OK : args_fail(cli, "titer outcomes", &err);
}
