/* See args.h. */
#include "args.h"

#include <stdlib.h>
#include <string.h>

static size_t distance(const char *a, const char *b)
{
    size_t row[40], n = strnlen(a, 38), m = strnlen(b, 38);
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

static bool unknown(const char *given, const arg_t *table, err_t *err)
{
    const char *nearest = "--help";
    size_t best = 99;
    for (const arg_t *arg = table; arg->name; arg++)
        if (distance(arg->name, given) < best) {
            best = distance(arg->name, given);
            nearest = arg->name;
        }
    return err_set(err, ERR_INPUT, "there is no option \"%.40s\" (did you mean %s?); --help shows an example", given,
                   nearest);
}

bool args_read(int argc, char **argv, const arg_t *table, args_t *args, err_t *err)
{
    *args = (args_t){0};
    for (int i = 0; i < argc; i++) {
        const char *given = argv[i];
        if (strcmp(given, "--help") == 0 || strcmp(given, "-h") == 0) {
            args->help = true;
            continue;
        }
        if (strncmp(given, "--", 2) != 0) {
            if (args->count == ARGS_WORDS_MAX)
                return err_set(err, ERR_INPUT, "too many words: \"%.40s\"; --help shows an example", given);
            args->words[args->count++] = given;
            continue;
        }
        size_t length = strcspn(given, "=");
        const arg_t *arg = table;
        while (arg->name && (strlen(arg->name) != length || strncmp(arg->name, given, length) != 0)) arg++;
        if (!arg->name) return unknown(given, table, err);
        if (arg->flag) {
            *arg->flag = true;
        } else if (given[length] == '=') {
            *arg->value = given + length + 1;
        } else if (++i < argc) {
            *arg->value = argv[i];
        } else {
            return err_set(err, ERR_INPUT, "%s needs a value; --help shows an example", arg->name);
        }
    }
    return true;
}

bool args_int(const char *name, const char *text, int64_t low, int64_t high, int64_t *value, err_t *err)
{
    int64_t number;
    if (!text) return true;
    if (!text_to_int(text, strlen(text), &number) || number < low || number > high)
        return err_set(err, ERR_INPUT, "%s is a whole number from %lld to %lld; found \"%.40s\"", name, (long long)low,
                       (long long)high, text);
    *value = number;
    return true;
}

int args_fail(cli_t *cli, const char *command, const err_t *err)
{
    fprintf(cli->err, "%s: %s\n", command, err->text);
    return err->code == ERR_INPUT || err->code == ERR_NOT_FOUND ? CLI_USAGE : CLI_FAILED;
}

bool args_data_dir(const char *given, char *dir, size_t size, err_t *err)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int n;
    if (given)
        n = snprintf(dir, size, "%s", given);
    else if (data && data[0] == '/')
        n = snprintf(dir, size, "%s/titer", data);
    else if (home && home[0] == '/')
        n = snprintf(dir, size, "%s/.local/share/titer", home);
    else
        return err_set(err, ERR_INPUT, "there is no home folder; say where the data is with --data DIR");
    return (n > 0 && (size_t)n < size) || err_set(err, ERR_INPUT, "the name of the data folder is empty or too long");
}

bool args_file(cli_t *cli, const char *path, size_t limit, text_t *text, err_t *err)
{
    FILE *file = strcmp(path, "-") == 0 ? cli->in : fopen(path, "rb");
    char buffer[16384];
    size_t n;
    text_init(text, limit);
    if (!file) return err_set(err, ERR_NOT_FOUND, "%s cannot be read; is the name right?", path);
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0) text_add_n(text, buffer, n);
    bool ok = !ferror(file) && !text->failed;
    if (file != cli->in) fclose(file);
    if (!ok) {
        text_free(text);
        return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes, or is a folder", path, limit);
    }
    return true;
}
