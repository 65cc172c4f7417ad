/* titer backup FILE | titer restore FILE | titer rebuild */
#include "app/app.h"
#include "args.h"
#include "clock.h"

#include <stdio.h>

/* Opens data that is there; makes none. */
static bool open_app(cli_t *cli, const char *data, char dir[4096], app_t **app, err_t *err)
{
    store_t *store;
    store_options_t look = {.read_only = true};
    if (!args_data_dir(data, dir, 4096, err) || !store_open(&store, dir, &look, err)) return false;
    store_close(store);
    app_options_t options = {.data_dir = dir, .content = cli->content, .now_ms = clock_now_ms, .random = clock_random};
    return app_open(app, &options, err);
}

/* A sentence for people, or {"key":"value",...} for programs; a second key may be NULL. */
static int tell(cli_t *cli, bool json, const char *sentence, const char *const pairs[4])
{
    text_t text;
    if (!json) {
        fprintf(cli->out, "%s\n", sentence);
        return CLI_OK;
    }
    text_init(&text, 64 * 1024);
    for (int i = 0; i < 4 && pairs[i]; i += 2) {
        text_addf(&text, i ? ",\"%s\":" : "{\"%s\":", pairs[i]);
        text_add_json(&text, pairs[i + 1]);
    }
    text_add_char(&text, '}');
    bool ok = !text.failed && fprintf(cli->out, "%s\n", text.data) > 0;
    text_free(&text);
    return ok ? CLI_OK : CLI_FAILED;
}

int cmd_backup(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    bool json = false;
    const arg_t table[] = {{"--data", &data, NULL}, {"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer backup", &err);
    if (args.help || args.count != 1) {
        fputs(
            "usage: titer backup FILE [--data DIR] [--json]\n\nCopies everything to one new file, also while a server "
            "runs.\n\nexample: titer backup monday.titer\n",
            args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    char dir[4096], sentence[4400];
    if (!args_data_dir(data, dir, sizeof dir, &err) || !store_backup_from(dir, args.words[0], &err))
        return args_fail(cli, "titer backup", &err);
    snprintf(sentence, sizeof sentence, "Saved to %s.", args.words[0]);
    return tell(cli, json, sentence, (const char *const[4]){"backup", args.words[0]});
}

int cmd_restore(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    bool replace = false, json = false;
    const arg_t table[] = {
        {"--data", &data, NULL}, {"--replace", NULL, &replace}, {"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    char dir[4096], aside[4400], sentence[9000];
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer restore", &err);
    if (args.help || args.count != 1) {
        fputs("usage: titer restore FILE [--replace] [--data DIR] [--json]\n\nPuts a backup in place. With --replace, "
              "what is "
              "there is moved aside and named.\n\nexample: titer restore monday.titer --replace\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    if (!args_data_dir(data, dir, sizeof dir, &err) ||
        !store_restore(args.words[0], dir, replace, aside, sizeof aside, &err))
        return args_fail(cli, "titer restore", &err);
    snprintf(sentence, sizeof sentence, "Restored to %s.%s%s", dir, aside[0] ? " The data that was there is now " : "",
             aside);
    return tell(cli, json, sentence, (const char *const[4]){"restored", dir, aside[0] ? "aside" : NULL, aside});
}

int cmd_rebuild(cli_t *cli, int argc, char **argv)
{
    const char *data = NULL;
    bool json = false;
    const arg_t table[] = {{"--data", &data, NULL}, {"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    char dir[4096];
    app_t *app;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer rebuild", &err);
    if (args.help || args.count != 0) {
        fputs("usage: titer rebuild [--data DIR] [--json]\n\nChecks the database in full and computes every list again "
              "from the "
              "events.\n\nexample: titer rebuild\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    if (!open_app(cli, data, dir, &app, &err)) return args_fail(cli, "titer rebuild", &err);
    bool ok = store_check(app_store(app), &err) && app_rebuild(app, &err);
    app_close(app);
    if (!ok) return args_fail(cli, "titer rebuild", &err);
    return tell(cli, json, "The database is sound; every list was computed again.",
                (const char *const[4]){"rebuilt", dir});
}
