/* titer calc: the formulas of the bench.
 *
 *   titer calc list [--json]
 *   titer calc FORMULA name=value ... [--json] */
#include "args.h"
#include "lab/calc.h"

#include <string.h>

enum { LIST_MAX = 1024 * 1024, NAME_MAX_LENGTH = 60 };

static const char HELP[] =
    "usage: titer calc list [--json]\n"
    "       titer calc FORMULA name=value ... [--json]\n"
    "\n"
    "Computes one formula from inputs in the units that `titer calc list` shows, and refuses inputs outside\n"
    "the formula's domain. sex is M or F.\n"
    "\n"
    "example: titer calc ckd_epi_2021 scr=1.0 age=50 sex=M\n";

static void list_json(const calc_t *calc, text_t *out)
{
    text_add_char(out, '[');
    for (int i = 0; i < calc_count(calc); i++) {
        calc_view_t v;
        calc_view(calc, i, &v);
        const struct {
            const char *key, *text;
        } parts[] = {
            {"formula", v.id}, {"name", v.name},     {"expression", v.expression}, {"input_units", v.input_units},
            {"unit", v.unit},  {"domain", v.domain}, {"example", v.example},       {"source", v.source}};
        text_add(out, i ? ",\n{" : "{");
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            text_addf(out, "\"%s\":", parts[k].key);
            text_add_json(out, parts[k].text);
            text_add_char(out, ',');
        }
        text_addf(out, "\"decimals\":%d,\"inputs\":[", v.decimals);
        for (int k = 0; k < v.inputs; k++) {
            if (k) text_add_char(out, ',');
            text_add_json(out, v.input[k]);
        }
        text_add(out, "]}");
    }
    text_add(out, "]\n");
}

static void list_text(const calc_t *calc, text_t *out)
{
    for (int i = 0; i < calc_count(calc); i++) {
        calc_view_t v;
        calc_view(calc, i, &v);
        text_addf(out, "%-18s %s%s%s%s\n", v.id, v.name, v.unit[0] ? " [" : "", v.unit, v.unit[0] ? "]" : "");
        text_addf(out, "                   titer calc %s %s\n", v.id, v.example);
        if (v.domain[0]) text_addf(out, "                   %s\n", v.domain);
    }
}

static bool compute(const calc_t *calc, const args_t *args, bool json, text_t *out, err_t *err)
{
    char names[ARGS_WORDS_MAX][NAME_MAX_LENGTH + 1];
    calc_input_t inputs[ARGS_WORDS_MAX];
    calc_result_t result;
    calc_view_t view;
    int formula = calc_find(calc, args->words[0], err), count = args->count - 1;
    if (formula < 0) return false;
    calc_view(calc, formula, &view);
    for (int i = 0; i < count; i++) {
        const char *word = args->words[i + 1];
        size_t length = strcspn(word, "=");
        if (!word[length] || length == 0 || length > NAME_MAX_LENGTH)
            return err_set(err, ERR_INPUT, "\"%.60s\" is not an input; write name=value, as in: titer calc %s %s", word,
                           view.id, view.example);
        memcpy(names[i], word, length);
        names[i][length] = 0;
        inputs[i] = (calc_input_t){names[i], word + length + 1};
    }
    if (!calc_run(calc, formula, inputs, count, &result, err)) return false;
    if (!json) {
        text_add_fixed(out, result.rounded, result.decimals);
        text_addf(out, "%s%s\n", result.unit[0] ? " " : "", result.unit);
        return true;
    }
    text_add(out, "{\"formula\":");
    text_add_json(out, view.id);
    text_add(out, ",\"value\":");
    text_add_fixed(out, result.rounded, result.decimals);
    text_add(out, ",\"unit\":");
    text_add_json(out, result.unit);
    text_addf(out, ",\"decimals\":%d}\n", result.decimals);
    return true;
}

int cmd_calc(cli_t *cli, int argc, char **argv)
{
    bool json = false;
    const arg_t table[] = {{"--json", NULL, &json}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer calc", &err);
    if (args.help || args.count == 0) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    calc_t *calc;
    if (!calc_open(&calc, cli->content, &err)) return args_fail(cli, "titer calc", &err);
    text_t out;
    text_init(&out, LIST_MAX);
    bool good = true;
    if (strcmp(args.words[0], "list") != 0)
        good = compute(calc, &args, json, &out, &err);
    else if (args.count > 1)
        good = err_set(&err, ERR_INPUT, "`titer calc list` takes no inputs; found \"%.60s\"", args.words[1]);
    else if (json)
        list_json(calc, &out);
    else
        list_text(calc, &out);
    if (good && (out.failed || fwrite(out.data, 1, out.length, cli->out) != out.length || fflush(cli->out) != 0))
        good = err_set(&err, ERR_IO, "the result could not be written");
    text_free(&out);
    calc_close(calc);
    return good ? CLI_OK : args_fail(cli, "titer calc", &err);
}
