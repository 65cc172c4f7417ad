/* titer scenario list | show ID | check FILE-or-ID */
#include "args.h"
#include "lab/debrief.h"
#include "lab/lab.h"

#include <string.h>

static const char HELP[] =
    "usage: titer scenario list [--json]\n"
    "       titer scenario show ID [--json]\n"
    "       titer scenario check FILE [--seeds N] [--json]\n\n"
    "check reads a scenario file, names file, line and remedy of what is wrong, runs the autopilots on N seeds\n"
    "(default 20) and says whether the scenario is solvable and fair. Exit code 1: it is not.\n\n"
    "example: titer scenario show long-night --json\n"
    "example: titer scenario check my-night.yaml\n";

static void write_json(text_t *out, const scenario_view_t *v, bool whole)
{
    text_add(out, "{\"id\":");
    text_add_json(out, v->id);
    text_add(out, ",\"title\":");
    text_add_json(out, v->title);
    text_add(out, ",\"summary\":");
    text_add_json(out, v->summary);
    text_addf(out, ",\"level\":\"%s\",\"mode\":\"%s\",\"minutes\":%d,\"specimens\":%d", v->level,
              shift_mode_word(v->mode), (int)v->length_s / 60, v->specimens);
    if (whole) {
        text_add(out, ",\"role\":");
        text_add_json(out, v->role);
        text_add(out, ",\"staffing\":");
        text_add_json(out, v->staffing);
        text_add(out, ",\"briefing\":[");
        for (int i = 0; i < v->briefing_count; i++) {
            if (i) text_add_char(out, ',');
            text_add_json(out, v->briefing[i]);
        }
        text_add(out, "],\"sops\":[");
        for (int i = 0; i < v->sop_count; i++) {
            if (i) text_add_char(out, ',');
            text_add_json(out, v->sops[i]);
        }
        text_add_char(out, ']');
    }
    text_add_char(out, '}');
}

static void list(cli_t *cli, const lab_t *lab, bool json)
{
    text_t out;
    text_init(&out, 1024 * 1024);
    if (json) text_add_char(&out, '[');
    for (int i = 0; i < scenario_count(lab); i++) {
        scenario_view_t v;
        scenario_view(scenario_get(lab, i), &v);
        if (json && i) text_add(&out, ",\n");
        if (json)
            write_json(&out, &v, false);
        else
            text_addf(&out, "%-18s %-6s %4d min  %s\n", v.id, v.level, (int)v.length_s / 60, v.title);
    }
    if (json) text_add(&out, "]\n");
    fputs(out.data ? out.data : "", cli->out);
    text_free(&out);
}

static int show(cli_t *cli, const lab_t *lab, const char *id, bool json)
{
    const scenario_t *scenario = scenario_find(lab, id);
    if (!scenario) {
        fprintf(cli->err, "titer scenario: there is no scenario \"%.60s\"; `titer scenario list` shows them\n", id);
        return CLI_USAGE;
    }
    scenario_view_t v;
    scenario_view(scenario, &v);
    if (json) {
        text_t out;
        text_init(&out, 64 * 1024);
        write_json(&out, &v, true);
        fprintf(cli->out, "%s\n", out.data);
        text_free(&out);
        return CLI_OK;
    }
    fprintf(cli->out, "%s\n%s\n\n%s. %s\n", v.title, v.summary, v.role, v.staffing);
    for (int i = 0; i < v.briefing_count; i++) fprintf(cli->out, "%s\n", v.briefing[i]);
    fprintf(cli->out, "\n%d minutes, about %d specimens, written for %s.\nProcedures at hand:", (int)v.length_s / 60,
            v.specimens, shift_mode_word(v.mode));
    for (int i = 0; i < v.sop_count; i++) fprintf(cli->out, " %s", v.sops[i]);
    fputs("\n", cli->out);
    return CLI_OK;
}

static void print_verdict(cli_t *cli, const scenario_verdict_t *v, bool json)
{
    if (json) {
        fprintf(cli->out, "{\"solvable\":%s,\"fair\":%s,\"planted\":%s,\"seeds\":%d,\"why\":\"%s\",\"policies\":{",
                v->solvable ? "true" : "false", v->fair ? "true" : "false", v->planted ? "true" : "false", v->seeds,
                v->why);
        for (int p = 0; p < PILOT_COUNT; p++)
            fprintf(cli->out, "%s\"%s\":{\"mean\":%.1f,\"p5\":%.1f,\"led_by_margin\":%.3f}", p ? "," : "",
                    pilot_word((pilot_t)p), v->mean[p], v->low[p], v->beaten[p]);
        fputs("}}\n", cli->out);
        return;
    }
    for (int p = 0; p < PILOT_COUNT; p++)
        fprintf(cli->out, "%-16s scores %5.1f on average, %5.1f at the 5th percentile\n", pilot_word((pilot_t)p),
                v->mean[p], v->low[p]);
    fprintf(cli->out, "solvable: %s\nfair: %s\n%s%s", v->solvable ? "yes" : "no", v->fair ? "yes" : "no", v->why,
            v->why[0] ? "\n" : "");
}

static int check(cli_t *cli, const lab_t *lab, const char *path, int seeds, bool json)
{
    text_t file;
    err_t err = {0};
    scenario_t *scenario = NULL;
    scenario_verdict_t verdict;
    if (!args_file(cli, path, YAML_MAX_BYTES, &file, &err)) return args_fail(cli, "titer scenario check", &err);
    bool ok =
        scenario_read(lab, path, (const unsigned char *)(file.data ? file.data : ""), file.length, &scenario, &err) &&
        debrief_check_scenario(lab, scenario, seeds, &verdict, &err);
    text_free(&file);
    if (ok) print_verdict(cli, &verdict, json);
    scenario_free(scenario);
    if (!ok) return args_fail(cli, "titer scenario check", &err);
    return verdict.solvable && verdict.fair ? CLI_OK : CLI_FAILED;
}

int cmd_scenario(cli_t *cli, int argc, char **argv)
{
    bool json = false;
    const char *seeds_text = NULL;
    const arg_t table[] = {{"--json", NULL, &json}, {"--seeds", &seeds_text, NULL}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    int64_t seeds = 20;
    if (!args_read(argc, argv, table, &args, &err) || !args_int("--seeds", seeds_text, 1, 2000, &seeds, &err))
        return args_fail(cli, "titer scenario", &err);
    bool is_list = args.count == 1 && strcmp(args.words[0], "list") == 0,
         is_show = args.count == 2 && strcmp(args.words[0], "show") == 0;
    bool is_check = args.count == 2 && strcmp(args.words[0], "check") == 0;
    if (args.help || !(is_list || is_show || is_check)) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    lab_t *lab;
    if (!lab_open(&lab, cli->content, &err)) return args_fail(cli, "titer scenario", &err);
    int code = CLI_OK;
    if (is_list)
        list(cli, lab, json);
    else if (is_show)
        code = show(cli, lab, args.words[1], json);
    else
        code = check(cli, lab, args.words[1], (int)seeds, json);
    lab_close(lab);
    return code;
}
