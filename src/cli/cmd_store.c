/* titer backup FILE | titer restore FILE | titer rebuild */
#include "app/app.h"
#include "args.h"
#include "clock.h"

#include <string.h>

static bool open_app(cli_t *cli, const char *data, app_t **app, err_t *err)
{
    char dir[4096];
    if (!args_data_dir(data, dir, sizeof dir, err)) return false;
    app_options_t options = {.data_dir = dir, .content = cli->content, .now_ms = clock_now_ms, .random = clock_random};
    return app_open(app, &options, err);
}

int cmd_backup(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    const arg_t table[] = {{"--data", &data, NULL}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer backup", &err);
    if (args.help || args.count != 1) {
        fputs("usage: titer backup FILE [--data DIR]\n\nCopies everything to one new file, also while a server "
              "runs.\n\nexample: titer backup monday.titer\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    char dir[4096];
    if (!args_data_dir(data, dir, sizeof dir, &err) || !store_backup_from(dir, args.words[0], &err))
        return args_fail(cli, "titer backup", &err);
    fprintf(cli->out, "Saved to %s.\n", args.words[0]);
    return CLI_OK;
}

int cmd_restore(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    bool replace = false;
    const arg_t table[] = {{"--data", &data, NULL}, {"--replace", NULL, &replace}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    char dir[4096], aside[4400];
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer restore", &err);
    if (args.help || args.count != 1) {
        fputs("usage: titer restore FILE [--replace] [--data DIR]\n\nPuts a backup in place. With --replace, what is "
              "there is moved aside and named.\n\nexample: titer restore monday.titer --replace\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    if (!args_data_dir(data, dir, sizeof dir, &err) ||
        !store_restore(args.words[0], dir, replace, aside, sizeof aside, &err))
        return args_fail(cli, "titer restore", &err);
    fprintf(cli->out, "Restored to %s.%s%s\n", dir, aside[0] ? " The data that was there is now " : "", aside);
    return CLI_OK;
}

int cmd_rebuild(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    const arg_t table[] = {{"--data", &data, NULL}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    app_t *app;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer rebuild", &err);
    if (args.help || args.count != 0) {
        fputs("usage: titer rebuild [--data DIR]\n\nChecks the database in full and computes every list again from the "
              "events.\n\nexample: titer rebuild\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    if (!open_app(cli, data, &app, &err)) return args_fail(cli, "titer rebuild", &err);
    bool ok = store_check(app_store(app), &err) && app_rebuild(app, &err);
    app_close(app);
    if (!ok) return args_fail(cli, "titer rebuild", &err);
    fputs("The database is sound; every list was computed again.\n", cli->out);
    return CLI_OK;
}
