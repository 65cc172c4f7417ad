/* titer plan find: the quickest, cheapest or easiest way from a record to a goal. */
#include "args.h"
#include "road/plan.h"

#include <string.h>
#include <time.h>

enum { FIND_ARENA_MAX = 64 * 1024 * 1024, HOURS_WEEK_MAX = 100, DAY_SECONDS = 86400 };
enum { BUDGET_MAX = 1000000, ANSWER_MONTHS_MAX = 24 };

static const char HELP[] =
    "usage: titer plan find --record RECORD.json --goal ID [--best time|cost|effort] [--hours N] [--working]\n"
    "                       [--budget USD] [--years N] [--answer-months LOW-HIGH] [--military] [--on DAY] [--json]\n"
    "\n"
    "Looks for the best way from an applicant record (\"-\" for standard input) to a goal: a certificate, license or\n"
    "federal floor of `titer plan goals`, or work in a state, as technician@FL, technologist@OH, phlebotomist@CA.\n"
    "Programs, courses, work, exams and licenses are put together; of all such plans the quickest is found (time, the\n"
    "default), the cheapest (cost) or the one with the fewest hours of study a week (effort), with dates, prices, "
    "what\n"
    "each step is needed for, what it assumes, and sources. Every step counts at its longest and dearest; a price "
    "that\n"
    "was not read never counts as low. --hours is how many hours of study a week there are; --working is the same as\n"
    "--hours 20, this program's assumption; --budget is the money there is, --years the time; --answer-months are the\n"
    "months from an application to its answer (1-3 without: this program's assumption); --military lets military\n"
    "training be part of it; --on is the day on which the plan begins, otherwise today.\n"
    "Exit code 1: no way was found.\n"
    "\n"
    "example: titer plan find --record record.json --goal technician@FL --best cost --json\n"
    "example: echo '{}' | titer plan find --record - --goal ASCP-MLT --hours 20\n";

typedef struct {
    const char *record, *goal, *best, *hours, *on, *budget, *years, *answer;
    bool json, military, working;
} asked_t;

/* "2-6" */
static bool read_answer(const char *text, plan_wish_t *wish, err_t *err)
{
    const char *dash = text ? strchr(text, '-') : NULL;
    int64_t low = 0, high = 0;
    if (text == NULL) return true;
    if (dash == NULL || !text_to_int(text, (size_t)(dash - text), &low) ||
        !text_to_int(dash + 1, strlen(dash + 1), &high) || low < 1 || high < low || high > ANSWER_MONTHS_MAX)
        return err_set(err, ERR_INPUT, "--answer-months is the shorter and the longer, from 1 to %d, such as 2-6",
                       ANSWER_MONTHS_MAX);
    wish->answer_low = (int)low;
    wish->answer_high = (int)high;
    return true;
}

static bool read_wish(const asked_t *asked, plan_wish_t *wish, err_t *err)
{
    when_t when;
    int64_t hours = asked->working ? PLAN_HOURS_WHILE_WORKING : 0, budget = 0, years = 0;
    *wish = (plan_wish_t){.military = asked->military, .today = (int32_t)(time(NULL) / DAY_SECONDS)};
    if (asked->best && !plan_best_read(asked->best, &wish->best))
        return err_set(err, ERR_INPUT, "--best is time, cost or effort");
    if (!args_int("--hours", asked->hours, 1, HOURS_WEEK_MAX, &hours, err)) return false;
    if (!args_int("--budget", asked->budget, 1, BUDGET_MAX, &budget, err) ||
        !args_int("--years", asked->years, 1, PATH_MONTHS_MAX / 12, &years, err) ||
        !read_answer(asked->answer, wish, err))
        return false;
    wish->hours_week_max = (int)hours;
    wish->cost_max = (int)budget;
    wish->months_max = (int)years * 12;
    if (asked->on == NULL) return true;
    if (!when_read(asked->on, &when, err)) return false;
    if (!when_is_day(when)) return err_set(err, ERR_INPUT, "--on is a day, such as 2026-11-22");
    wish->today = when.first;
    return true;
}

static bool find(cli_t *cli, const asked_t *asked, arena_t *arena, text_t *input, plan_t *plan, err_t *err)
{
    rules_t rules;
    licenses_t licenses;
    plans_t *plans;
    plan_wish_t wish;
    record_t record;
    if (arena == NULL) return err_set(err, ERR_MEMORY, "out of memory");
    if (asked->record == NULL || asked->goal == NULL)
        return err_set(err, ERR_INPUT, "say from what and to what, as in --record record.json --goal ASCP-MLT");
    return read_wish(asked, &wish, err) && rules_load(&rules, arena, cli->content, err) &&
           licenses_load(&licenses, arena, cli->content, err) &&
           plans_load(&plans, arena, cli->content, &rules, &licenses, err) &&
           args_file(cli, asked->record, RECORD_BYTES_MAX, input, err) &&
           record_read(&record, arena, input->data ? input->data : "", input->length, err) &&
           plan_find(plans, &record, asked->goal, &wish, arena, plan, err);
}

int cmd_plan_find(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--record", &asked.record, NULL},   {"--goal", &asked.goal, NULL},
                           {"--best", &asked.best, NULL},       {"--hours", &asked.hours, NULL},
                           {"--on", &asked.on, NULL},           {"--budget", &asked.budget, NULL},
                           {"--years", &asked.years, NULL},     {"--answer-months", &asked.answer, NULL},
                           {"--working", NULL, &asked.working}, {"--military", NULL, &asked.military},
                           {"--json", NULL, &asked.json},       {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    plan_t plan;
    text_t input, out;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer plan find", &err);
    if (args.help) return fputs(HELP, cli->out) < 0 ? CLI_FAILED : CLI_OK;
    if (args.count > 0) return fputs(HELP, cli->err), CLI_USAGE;
    arena_t *arena = arena_new(FIND_ARENA_MAX);
    text_init(&input, RECORD_BYTES_MAX);
    text_init(&out, PLAN_TEXT_LIMIT);
    bool ok = find(cli, &asked, arena, &input, &plan, &err);
    if (ok) (asked.json ? plan_json : plan_text)(&plan, &out);
    if (ok && asked.json) text_add_char(&out, '\n');
    if (ok && (out.failed || fwrite(out.data, 1, out.length, cli->out) != out.length))
        ok = err_set(&err, ERR_IO, "the answer could not be written");
    text_free(&input);
    text_free(&out);
    arena_free(arena);
    return ok ? plan.found ? CLI_OK : CLI_FAILED : args_fail(cli, "titer plan find", &err);
}
