/* titer hematology: which counts a person must look at before they go out.
 *
 *   titer hematology review [FILE] [--json]
 *   titer hematology rules [--json] */
#include "args.h"
#include "lab/content.h"
#include "lab/review.h"

#include <string.h>

enum { INPUT_LIMIT = 64 * 1024 * 1024, OUTPUT_LIMIT = 256 * 1024 * 1024 };

static const char HELP[] =
    "usage: titer hematology review [FILE] [--json]\n"
    "       titer hematology rules [--json]\n"
    "\n"
    "review reads counts as CSV (standard input without FILE) and says which review rules each row breaks.\n"
    "  columns   ids of hematology such as WBC, HGB, MCV, PLT, NEUTA; prev_WBC and so on for the previous\n"
    "            result; sex (F or M), age in years, age_h and since_h in hours, first and confirmed (0 or 1),\n"
    "            flags (PLT_CLUMPS? BLASTS? ..., with spaces between), id. All are optional.\n"
    "  values    --- is a vote-out, +++ is above the measuring range, an empty field was not measured\n"
    "rules lists the rules.\n"
    "\n"
    "example: printf 'id,WBC,PLT,first\\nA1,2.1,88,1\\n' | titer hematology review\n";

typedef struct {
    const review_t *review;
    text_t *out;
    bool json, any;
} report_t;

static void rule_json(const review_rule_t *rule, text_t *out)
{
    text_addf(out, "{\"rule\":%d,\"parameter\":", rule->number);
    text_add_json(out, rule->parameter);
    text_add(out, ",\"criterion\":");
    text_add_json(out, rule->criterion);
    text_add(out, ",\"action\":");
    text_add_json(out, rule->action);
    text_add_char(out, '}');
}

static bool report_row(void *context, int line, const char *id, uint64_t hits)
{
    report_t *report = context;
    text_t *out = report->out;
    bool first = true;
    if (report->json) {
        text_addf(out, "%s{\"line\":%d,\"id\":", report->any ? ",\n" : "", line);
        text_add_json(out, id);
        text_add(out, ",\"rules\":[");
    } else {
        text_addf(out, "line %d%s%s: ", line, id[0] ? " " : "", id);
        if (hits == 0) text_add(out, "no rule\n");
    }
    for (int i = 0; i < review_count(report->review); i++) {
        if (!(hits >> i & 1)) continue;
        const review_rule_t *rule = review_rule(report->review, i);
        if (report->json) {
            if (!first) text_add_char(out, ',');
            rule_json(rule, out);
        } else {
            text_addf(out, "%srule %d, %s %s: %s\n", first ? "" : "    ", rule->number, rule->parameter,
                      rule->criterion, rule->action);
        }
        first = false;
    }
    if (report->json) text_add(out, "]}");
    report->any = true;
    return !out->failed;
}

static bool run_review(cli_t *cli, const args_t *args, report_t *report, err_t *err)
{
    text_t input;
    const char *path = args->count > 1 ? args->words[1] : "-";
    if (args->count > 2) return err_set(err, ERR_INPUT, "one file at a time; found \"%.60s\" too", args->words[2]);
    if (!args_file(cli, path, INPUT_LIMIT, &input, err)) return false;
    if (report->json) text_add(report->out, "{\"rows\":[");
    bool good = review_csv(report->review, strcmp(path, "-") == 0 ? "standard input" : path,
                           (const unsigned char *)(input.data != NULL ? input.data : ""), input.length, report_row,
                           report, err);
    if (report->json) text_add(report->out, "]}\n");
    text_free(&input);
    return good;
}

static bool run_rules(const args_t *args, report_t *report, err_t *err)
{
    if (args->count > 1) return err_set(err, ERR_INPUT, "rules takes no file; found \"%.60s\"", args->words[1]);
    for (int i = 0; i < review_count(report->review); i++) {
        const review_rule_t *rule = review_rule(report->review, i);
        if (report->json) {
            text_add(report->out, i == 0 ? "[" : ",\n");
            rule_json(rule, report->out);
        } else {
            text_addf(report->out, "%3d  %s %s: %s\n     %s\n", rule->number, rule->parameter, rule->criterion,
                      rule->action, rule->machine);
        }
    }
    if (report->json) text_add(report->out, "]\n");
    return true;
}

static bool run(cli_t *cli, const args_t *args, report_t *report, err_t *err)
{
    if (strcmp(args->words[0], "review") == 0) return run_review(cli, args, report, err);
    if (strcmp(args->words[0], "rules") == 0) return run_rules(args, report, err);
    return err_set(err, ERR_INPUT, "there is no \"%.40s\"; review or rules", args->words[0]);
}

int cmd_hematology(cli_t *cli, int argc, char **argv)
{
    bool json = false;
    const arg_t table[] = {{"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer hematology", &err);
    if (args.help || args.count == 0) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    lab_t *lab;
    review_t *review = NULL;
    text_t out;
    text_init(&out, OUTPUT_LIMIT);
    if (!lab_open(&lab, cli->content, &err)) return args_fail(cli, "titer hematology", &err);
    bool good = review_open(&review, lab, cli->content, &err);
    report_t report = {.review = review, .out = &out, .json = json};
    good = good && run(cli, &args, &report, &err);
    if (good && (out.failed || (out.length > 0 && fwrite(out.data, 1, out.length, cli->out) != out.length) ||
                 fflush(cli->out) != 0))
        good = err_set(&err, ERR_IO, "the answer could not be written; is the disk full?");
    text_free(&out);
    review_close(review);
    lab_close(lab);
    return good ? CLI_OK : args_fail(cli, "titer hematology", &err);
}
