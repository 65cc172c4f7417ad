/* titer: one program, many subcommands. This file only chooses. */
#include "base/content.h"
#include "cli.h"

#include <string.h>

#ifndef TITER_VERSION
#define TITER_VERSION "0"
#endif

typedef struct {
    const char *name, *second, *what;
    int (*run)(cli_t *cli, int argc, char **argv);
} command_t;

static const command_t commands[] = {
    {"serve", NULL, "the laboratory in the browser, on this machine", cmd_serve},
    {"scenario", NULL, "list, show and check scenarios", cmd_scenario},
    {"shift", NULL, "run, list, export and replay shifts", cmd_shift},
    {"lab", "sample", "true values of a drawn population, as CSV", cmd_lab_sample},
    {"lab", "fault", "one fault, analyte by analyte, before and after", cmd_lab_fault},
    {"qc", NULL, "judge control runs, power of rules", cmd_qc},
    {"hematology", NULL, "which counts must be looked at (review rules)", cmd_hematology},
    {"exam", NULL, "mock examinations: list, take, export", cmd_exam},
    {"item", NULL, "the item bank: list, show, check, generate, export, import", cmd_item},
    {"outcomes", NULL, "a program's outcome measures by its accreditor's rules", cmd_outcomes},
    {"ce", NULL, "continuing education: what counts, what is missing, the shortest way", cmd_ce},
    {"outlook", NULL, "what the work pays, by state, and how many places there are", cmd_outlook},
    {"calc", NULL, "the formulas of the bench", cmd_calc},
    {"coag", NULL, "clotting times of a plasma, its curve, its mixing study", cmd_coag},
    {"cat", "run", "an adaptive test replayed on complete responses", cmd_cat_run},
    {"cat", "simulate", "what a design of adaptive tests does", cmd_cat_simulate},
    {"irt", "calibrate", "item parameters from responses", cmd_irt_calibrate},
    {"irt", "ctt", "classical statistics of items and test", cmd_irt_ctt},
    {"irt", "dif", "items that are harder for one group", cmd_irt_dif},
    {"irt", "fit", "do the items describe the answers", cmd_irt_fit},
    {"irt", "link", "one calibration on the scale of another", cmd_irt_link},
    {"irt", "score", "ability from responses to calibrated items", cmd_irt_score},
    {"record", NULL, "your record: export, import", cmd_record},
    {"plan", "find", "the best way from a record to a goal", cmd_plan_find},
    {"plan", NULL, "which ways to a certificate or license are open to a record", cmd_plan},
    {"license", NULL, "what each state asks", cmd_license},
    {"backup", NULL, "copy the data to one file, while serving", cmd_backup},
    {"restore", NULL, "put a backup in place", cmd_restore},
    {"rebuild", NULL, "compute the lists again from the events", cmd_rebuild},
};

static int help(FILE *out)
{
    fputs("titer: a flight simulator for the clinical laboratory\n\nusage: titer COMMAND [ARGUMENTS]\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-10s %-9s %s\n", commands[i].name, commands[i].second ? commands[i].second : "",
                commands[i].what);
    fputs("\n`titer COMMAND --help` shows an example of each. Exit codes: 0 done, 1 the answer is no or it\n"
          "could not be done, 2 the command line or the input is wrong.\n\n"
          "example: titer shift run --scenario morning-run --seed 7 --policy careful --json\n",
          out);
    return CLI_OK;
}

/* What begins with one word: `titer irt --help`. */
static int help_family(const char *name)
{
    printf("usage: titer %s WHAT [ARGUMENTS]\n\n", name);
    const command_t *last = NULL;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0) {
            last = &commands[i];
            printf("  %-10s %s\n", last->second, last->what);
        }
    printf("\nexample: titer %s %s --help\n", last->name, last->second);
    return CLI_OK;
}

static int choose(int argc, char **argv)
{
    cli_t cli = {.in = stdin, .out = stdout, .err = stderr, .content = content_source()};
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(argc < 2 ? stderr : stdout), argc < 2 ? CLI_USAGE : CLI_OK;
    if (strcmp(argv[1], "--version") == 0) {
        printf("titer %s\n", TITER_VERSION);
        return CLI_OK;
    }
    const command_t *family = NULL; /* the first word is right */
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const command_t *c = &commands[i];
        if (strcmp(argv[1], c->name) != 0) continue;
        if (!c->second) return c->run(&cli, argc - 2, argv + 2);
        family = c;
        if (argc > 2 && strcmp(argv[2], c->second) == 0) return c->run(&cli, argc - 3, argv + 3);
    }
    if (family && argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
        return help_family(family->name);
    if (family)
        fprintf(stderr, "titer %s: say what, as in `titer %s %s --help`; `titer --help` lists them all\n", family->name,
                family->name, family->second);
    else
        fprintf(stderr, "titer: there is no command \"%.40s\"; `titer --help` lists them\n", argv[1]);
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    int code = choose(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    fputs("titer: the answer could not be written; is the disk full?\n", stderr);
    return code == CLI_OK ? CLI_FAILED : code;
}
