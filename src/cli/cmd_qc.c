/* titer qc judge: what the control rules say of runs in a table.
 * titer qc power: how often they would say it. */
#include "args.h"
#include "lab/qc.h"

#include <stdlib.h>
#include <string.h>

enum { JUDGE_OUTPUT_MAX = 256 * 1024 * 1024, JUDGE_ARENA_MAX = 512 * 1024 * 1024 };
static const int64_t TRIALS_MAX = 1000000000000;

static const char HELP[] =
    "usage: titer qc judge [--levels L] --rules R,R [--mode computer|manual] [--json] < runs.csv\n"
    "       titer qc power --rules R,R --levels L [--replicates K] --runs R --shift SD [--sd-ratio X]\n"
    "                      --trials N --seed N [--mode computer|manual] [--json]\n"
    "\n"
    "judge reads a table with the columns run,level,z (a file may be named instead of standard input) and\n"
    "prints for every run accept, warn or reject and the rules broken. Look-back uses the accepted runs of\n"
    "the table: a rejected run does not count toward the rules of later ones. An empty z is a missing control.\n"
    "\n"
    "power simulates runs in which every control carries a shift (in SD) or a widened SD, and prints the\n"
    "probability that the last of R such runs is rejected. A run measures each of L levels K times; for\n"
    "L = 4 and 6 without --replicates, a run is 2 levels twice and 3 levels twice.\n"
    "\n"
    "  --rules    1-2s 1-2.5s 1-3s 1-3.5s 2-2s R-4s R-4s-range 2of3-2s 3-1s 4-1s 6-x 8-x 9-x 10-x 12-x 7-T,\n"
    "             with commas or slashes. 1-2s only warns; in power it counts where it is the only rule\n"
    "  --mode     computer (default): every rule, every run; manual: only runs with a control beyond 2 SD\n"
    "\n"
    "example: titer qc power --rules 1-3s,2-2s,R-4s,4-1s --levels 2 --runs 2 --shift 2 --trials 1000000 --seed 1\n"
    "example: printf 'run,level,z\\n1,1,2.3\\n1,2,2.1\\n' | titer qc judge --levels 2 --rules 1-3s,2-2s,R-4s\n";

typedef struct {
    const char *rules, *levels, *mode, *runs, *shift, *sd_ratio, *trials, *seed, *replicates;
    bool json;
} asked_t;

static bool read_number(const char *name, const char *text, double *value, err_t *err)
{
    if (!text || text_to_double(text, strlen(text), value)) return true;
    return err_set(err, ERR_INPUT, "%s is a number; found \"%.40s\"", name, text);
}

static bool read_rules(const asked_t *asked, qc_rules_t *rules, err_t *err)
{
    *rules = (qc_rules_t){0};
    if (!asked->rules) return err_set(err, ERR_INPUT, "say which rules, as in --rules 1-3s,2-2s,R-4s");
    if (asked->mode && strcmp(asked->mode, "manual") == 0)
        rules->mode = QC_MODE_MANUAL;
    else if (asked->mode && strcmp(asked->mode, "computer") != 0)
        return err_set(err, ERR_INPUT, "--mode is computer or manual; found \"%.40s\"", asked->mode);
    return qc_rules_parse(asked->rules, rules, err);
}

/* ---- judge ---- */

typedef struct {
    int64_t run;
    double z;
    size_t order;
    uint8_t level;
} control_t;

static int by_run(const void *a, const void *b)
{
    const control_t *x = a, *y = b;
    if (x->run != y->run) return x->run < y->run ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool read_controls(const csv_t *table, int64_t levels, control_t *controls, err_t *err)
{
    int run, level, z;
    if (!csv_need(table, "run", &run, err) || !csv_need(table, "level", &level, err) || !csv_need(table, "z", &z, err))
        return false;
    for (size_t row = 0; row < table->rows; row++) {
        control_t *c = &controls[row];
        int64_t at;
        c->order = row;
        if (!csv_int(table, row, run, &c->run, err) || !csv_int(table, row, level, &at, err)) return false;
        if (at < 1 || at > levels)
            return csv_fail(table, row, err, "level %lld is not one of the levels 1 to %lld (--levels)", (long long)at,
                            (long long)levels);
        c->level = (uint8_t)at;
        if (!csv_double_or(table, row, z, (double)__builtin_nan(""), &c->z, err)) return false;
        if (csv_text(table, row, z)[0] && c->z - c->z != 0)
            return csv_fail(table, row, err, "z must be a finite number");
    }
    return true;
}

/* Levels in their order when each was measured once; replicates stay as measured. */
static void order_run(control_t *controls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (controls[i].level == controls[j].level) return;
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && controls[j].level < controls[j - 1].level; j--) {
            control_t swap = controls[j];
            controls[j] = controls[j - 1];
            controls[j - 1] = swap;
        }
}

static void write_verdict(text_t *out, int64_t run, const qc_verdict_t *verdict, bool json, bool first)
{
    static const char *const words[] = {"accept", "warn", "reject"};
    if (json)
        text_addf(out, "%s{\"run\":%lld,\"verdict\":\"%s\",\"rules\":[", first ? "" : ",\n", (long long)run,
                  words[verdict->verdict]);
    else
        text_addf(out, "%6lld  %-7s", (long long)run, words[verdict->verdict]);
    for (int i = 0; i < verdict->count; i++)
        text_addf(out, json ? "%s\"%s\"" : "%s %s", json && i ? "," : "", qc_rule_name((qc_rule_t)verdict->rules[i]));
    text_add(out, json ? "]}" : "\n");
}

static bool judge_all(const csv_t *table, control_t *controls, const qc_rules_t *rules, bool json, text_t *out,
                      err_t *err)
{
    qc_history_t history;
    qc_history_init(&history);
    qsort(controls, table->rows, sizeof *controls, by_run);
    text_add(out, json ? "[" : "   run  verdict  rules\n");
    for (size_t i = 0; i < table->rows;) {
        double z[QC_CONTROLS_MAX];
        uint8_t level[QC_CONTROLS_MAX];
        size_t n = 1;
        while (i + n < table->rows && controls[i + n].run == controls[i].run) n++;
        if (n > QC_CONTROLS_MAX)
            return csv_fail(table, controls[i + QC_CONTROLS_MAX].order, err,
                            "run %lld has %zu controls; a run holds at most %d", (long long)controls[i].run, n,
                            (int)QC_CONTROLS_MAX);
        order_run(controls + i, n);
        for (size_t k = 0; k < n; k++) {
            z[k] = controls[i + k].z;
            level[k] = controls[i + k].level;
        }
        qc_verdict_t verdict;
        qc_judge_run(rules, &history, z, level, (int)n, &verdict);
        write_verdict(out, controls[i].run, &verdict, json, i == 0);
        i += n;
    }
    if (json) text_add(out, "]\n");
    return !out->failed || err_set(err, ERR_LIMIT, "the verdicts do not fit into memory; judge fewer runs at a time");
}

static bool judge(cli_t *cli, const asked_t *asked, const char *path, err_t *err)
{
    qc_rules_t rules;
    int64_t levels = QC_LEVELS_MAX;
    if (!read_rules(asked, &rules, err) || !args_int("--levels", asked->levels, 1, QC_LEVELS_MAX, &levels, err))
        return false;
    text_t input, out;
    if (!args_file(cli, path, CSV_MAX_BYTES, &input, err)) return false;
    text_init(&out, JUDGE_OUTPUT_MAX);
    arena_t *arena = arena_new(JUDGE_ARENA_MAX);
    csv_t table;
    control_t *controls = NULL;
    bool good = arena || err_set(err, ERR_MEMORY, "out of memory");
    good = good && csv_read(&table, arena, strcmp(path, "-") == 0 ? "standard input" : path,
                            (const unsigned char *)(input.data ? input.data : ""), input.length, err);
    if (good) {
        controls = arena_array(arena, table.rows + 1, sizeof *controls);
        good = controls || err_set(err, ERR_MEMORY, "out of memory");
    }
    good = good && read_controls(&table, levels, controls, err) &&
           judge_all(&table, controls, &rules, asked->json, &out, err);
    if (good && (fwrite(out.data, 1, out.length, cli->out) != out.length || fflush(cli->out) != 0))
        good = err_set(err, ERR_IO, "the verdicts could not be written");
    text_free(&out);
    text_free(&input);
    arena_free(arena);
    return good;
}

/* ---- power ---- */

static bool read_power(const asked_t *asked, qc_power_t *power, err_t *err)
{
    int64_t levels = 2, replicates = 0, runs = 1, trials = 100000, seed = 1;
    *power = (qc_power_t){.shift_sd = 0, .sd_ratio = 1};
    if (!read_rules(asked, &power->rules, err) ||
        !args_int("--levels", asked->levels, 1, QC_LEVELS_MAX, &levels, err) ||
        !args_int("--replicates", asked->replicates, 1, QC_CONTROLS_MAX, &replicates, err) ||
        !args_int("--runs", asked->runs, 1, QC_POWER_RUNS_MAX, &runs, err) ||
        !args_int("--trials", asked->trials, 1, TRIALS_MAX, &trials, err) ||
        !args_int("--seed", asked->seed, 0, INT64_MAX, &seed, err) ||
        !read_number("--shift", asked->shift, &power->shift_sd, err) ||
        !read_number("--sd-ratio", asked->sd_ratio, &power->sd_ratio, err))
        return false;
    if (replicates == 0) {
        if (levels == 5)
            return err_set(
                err, ERR_INPUT,
                "a run of 5 controls is 5 levels (--levels 5 --replicates 1) or 1 level (--levels 1 --replicates 5)");
        replicates = levels > 3 ? 2 : 1; /* N = 4: 2 levels twice; N = 6: 3 levels twice */
        levels /= replicates;
    }
    power->levels = (int)levels;
    power->replicates = (int)replicates;
    power->runs = (int)runs;
    power->trials = (uint64_t)trials;
    power->seed = (uint64_t)seed;
    return true;
}

static void write_power(cli_t *cli, const qc_power_t *power, const qc_power_result_t *result, bool json)
{
    char rules[QC_RULES_TEXT_MAX], p[32], error[32], shift[32], ratio[32];
    qc_rules_text(&power->rules, rules);
    text_fixed(p, result->p_reject, json ? 9 : 4);
    text_fixed(error, result->standard_error, json ? 9 : 4);
    text_fixed(shift, power->shift_sd, 4);
    text_fixed(ratio, power->sd_ratio, 4);
    if (json)
        fprintf(cli->out,
                "{\"p_reject\":%s,\"standard_error\":%s,\"rules\":\"%s\",\"levels\":%d,\"replicates\":%d,\"runs\":%d,"
                "\"shift_sd\":%s,"
                "\"sd_ratio\":%s,\"mode\":\"%s\",\"trials\":%llu,\"seed\":%llu,\"rejected\":%llu,\"controls\":%llu}\n",
                p, error, rules, power->levels, power->replicates, power->runs, shift, ratio,
                power->rules.mode == QC_MODE_MANUAL ? "manual" : "computer", (unsigned long long)power->trials,
                (unsigned long long)power->seed, (unsigned long long)result->rejected,
                (unsigned long long)result->controls);
    else
        fprintf(cli->out,
                "%s rejects run %d of %d with probability %s (standard error %s)\n"
                "%d level(s), each measured %d time(s) a run; shift %s SD, SD x %s; %llu trials, seed %llu\n",
                rules, power->runs, power->runs, p, error, power->levels, power->replicates, shift, ratio,
                (unsigned long long)power->trials, (unsigned long long)power->seed);
}

static bool power(cli_t *cli, const asked_t *asked, err_t *err)
{
    qc_power_t plan;
    qc_power_result_t result;
    if (!read_power(asked, &plan, err) || !qc_power(&plan, &result, err)) return false;
    write_power(cli, &plan, &result, asked->json);
    return fflush(cli->out) == 0 || err_set(err, ERR_IO, "the result could not be written");
}

int cmd_qc(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--rules", &asked.rules, NULL},
                           {"--levels", &asked.levels, NULL},
                           {"--mode", &asked.mode, NULL},
                           {"--runs", &asked.runs, NULL},
                           {"--shift", &asked.shift, NULL},
                           {"--sd-ratio", &asked.sd_ratio, NULL},
                           {"--trials", &asked.trials, NULL},
                           {"--seed", &asked.seed, NULL},
                           {"--replicates", &asked.replicates, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer qc", &err);
    bool is_judge = args.count >= 1 && args.count <= 2 && strcmp(args.words[0], "judge") == 0;
    bool is_power = args.count == 1 && strcmp(args.words[0], "power") == 0;
    if (args.help || !(is_judge || is_power)) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    if (is_judge && !judge(cli, &asked, args.count == 2 ? args.words[1] : "-", &err))
        return args_fail(cli, "titer qc judge", &err);
    if (is_power && !power(cli, &asked, &err)) return args_fail(cli, "titer qc power", &err);
    return CLI_OK;
}
