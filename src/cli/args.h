/* Reading a command line against a table of options. */
#ifndef TITER_CLI_ARGS_H
#define TITER_CLI_ARGS_H

#include "cli.h"

enum { ARGS_WORDS_MAX = 8 };

typedef struct {
    const char *name;   /* "--seed" */
    const char **value; /* where the text goes; NULL for a flag */
    bool *flag;
} arg_t;

typedef struct {
    const char *words[ARGS_WORDS_MAX]; /* what is not an option */
    int count;
    bool help;
} args_t;

/* Table ended by name NULL. Accepts --name value and --name=value, and --help. The error names the nearest option. */
bool args_read(int argc, char **argv, const arg_t *table, args_t *args, err_t *err);
/* A whole number within [low, high]; `text` NULL leaves *value. */
bool args_int(const char *name, const char *text, int64_t low, int64_t high, int64_t *value, err_t *err);
/* Prints the sentence and answers CLI_USAGE or CLI_FAILED by its code. */
int args_fail(cli_t *cli, const char *command, const err_t *err);
/* The folder of --data, else $XDG_DATA_HOME/titer, else $HOME/.local/share/titer. */
bool args_data_dir(const char *given, char *dir, size_t size, err_t *err);
/* A whole file (at most `limit` bytes), "-" for standard input; free with text_free. */
bool args_file(cli_t *cli, const char *path, size_t limit, text_t *text, err_t *err);

#endif
