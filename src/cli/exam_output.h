/* Numbers in the answers of the commands of measurement, and the frame that these commands share. */
#ifndef TITER_CLI_EXAM_OUTPUT_H
#define TITER_CLI_EXAM_OUTPUT_H

#include "args.h"

/* A number with nine decimals, null where it is not finite. */
void exam_value(text_t *out, double value);
/* ,"name":value; without the comma when `first`. */
void exam_json(text_t *out, bool first, const char *name, double value);
/* Right-aligned in `width` columns, "-" where it is not finite. */
void exam_cell(text_t *out, double value, int width, int decimals);

/* Writes a text to a file of that name, replacing what is there. */
bool exam_save(const char *path, const text_t *text, err_t *err);

/* A command that answers with a text: reads the options, runs with an arena, writes, frees. `asked` is what the table's
 * options fill in. The answer is CLI_OK, or CLI_FAILED when `run` set *no. */
typedef struct {
    const char *name, *help;
    bool (*run)(cli_t *cli, const void *asked, arena_t *arena, text_t *out, bool *no, err_t *err);
} exam_command_t;

int exam_run(cli_t *cli, int argc, char **argv, const exam_command_t *command, const arg_t *table, const void *asked);

#endif
