/* What every subcommand is given. A subcommand is one function in one file, cmd_NAME.c; it reads
 * `in`, writes `out`, explains itself on `err` and answers with an exit code. */
#ifndef TITER_CLI_CLI_H
#define TITER_CLI_CLI_H

#include "base/base.h"

#include <stdio.h>

/* Exit codes, the same for every subcommand (see titer(1)). */
enum {
    CLI_OK = 0,
    CLI_FAILED = 1, /* the answer is no: a scenario that is not fair, a file that cannot be written */
    CLI_USAGE = 2,  /* the command line is wrong, or what was given cannot be read */
};

typedef struct {
    FILE *in, *out, *err;
    const source_t *content;
} cli_t;

int cmd_lab_sample(cli_t *cli, int argc, char **argv);
int cmd_lab_fault(cli_t *cli, int argc, char **argv);
int cmd_outlook(cli_t *cli, int argc, char **argv);
int cmd_qc(cli_t *cli, int argc, char **argv);
int cmd_calc(cli_t *cli, int argc, char **argv);
int cmd_ce(cli_t *cli, int argc, char **argv);
int cmd_coag(cli_t *cli, int argc, char **argv);
int cmd_exam(cli_t *cli, int argc, char **argv);
int cmd_hematology(cli_t *cli, int argc, char **argv);
int cmd_cat_run(cli_t *cli, int argc, char **argv);
int cmd_cat_simulate(cli_t *cli, int argc, char **argv);
int cmd_irt_calibrate(cli_t *cli, int argc, char **argv);
int cmd_irt_ctt(cli_t *cli, int argc, char **argv);
int cmd_irt_dif(cli_t *cli, int argc, char **argv);
int cmd_irt_fit(cli_t *cli, int argc, char **argv);
int cmd_irt_link(cli_t *cli, int argc, char **argv);
int cmd_irt_score(cli_t *cli, int argc, char **argv);
int cmd_item(cli_t *cli, int argc, char **argv);
int cmd_outcomes(cli_t *cli, int argc, char **argv);
int cmd_license(cli_t *cli, int argc, char **argv);
int cmd_plan(cli_t *cli, int argc, char **argv);
int cmd_record(cli_t *cli, int argc, char **argv);
int cmd_plan_find(cli_t *cli, int argc, char **argv);
int cmd_scenario(cli_t *cli, int argc, char **argv);
int cmd_shift(cli_t *cli, int argc, char **argv);
int cmd_serve(cli_t *cli, int argc, char **argv);
int cmd_backup(cli_t *cli, int argc, char **argv);
int cmd_restore(cli_t *cli, int argc, char **argv);
int cmd_rebuild(cli_t *cli, int argc, char **argv);

#endif
