/* titer shift run | list | history | export | replay */
#include "app/app.h"
#include "args.h"
#include "clock.h"
#include "lab/debrief.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char HELP[] =
    "usage: titer shift run --scenario ID --seed N --policy careful|accept-all|reject-all|call-everything\n"
    "                       [--minutes M] [--json]\n"
    "       titer shift list [--data DIR] [--json]\n"
    "       titer shift history [--data DIR] [--json]\n"
    "       titer shift export ID [--data DIR] > shift.jsonl\n"
    "       titer shift replay shift.jsonl [--json]\n\n"
    "run works a whole shift by an autopilot and debriefs it; replay folds exported events to the same state;\n"
    "history adds up the competencies of all shifts whose debrief was opened.\n\n"
    "example: titer shift run --scenario long-night --seed 7 --policy careful --json\n"
    "example: titer shift list --json\n"
    "example: titer shift export 3k8v2m5qd0xa > shift.jsonl && titer shift replay shift.jsonl\n";

typedef struct {
    const char *scenario, *seed, *policy, *minutes, *data;
    bool json;
} asked_t;

static void write_json(FILE *out, const shift_t *shift, const char *policy, const debrief_t *d)
{
    scenario_view_t v;
    scenario_view(shift_scenario(shift), &v);
    fprintf(out, "{\"scenario\":\"%s\",\"seed\":%" PRIu64 ",\"policy\":", v.id, shift_seed(shift));
    if (policy)
        fprintf(out, "\"%s\"", policy);
    else
        fputs("null", out);
    fprintf(out, ",\"minutes\":%.1f,\"over\":%s,\"state_hash\":\"%016" PRIx64 "\"", shift_now_s(shift) / 60.0,
            shift_over(shift) ? "true" : "false", shift_hash(shift));
    fprintf(out, ",\"specimens\":%d,\"results\":%d,\"actions\":%d", (int)shift_specimen_count(shift),
            (int)shift_result_count(shift), (int)shift_action_count(shift));
    if (d) {
        fprintf(
            out,
            ",\"released\":%d,\"amended\":%d,\"harmful_releases\":%d,\"criticals\":{\"due\":%d,\"called_in_time\":%d}",
            d->released, d->amended, d->harmful_releases, d->criticals_due, d->criticals_called_in_time);
        fprintf(out,
                ",\"qc\":{\"faults\":%d,\"detected\":%d,\"false_rejections\":%d},\"specimens_rejected\":{\"right\":%d,"
                "\"wrong\":%d}",
                d->qc_faults, d->qc_detected, d->qc_false_rejections, d->rejected_right, d->rejected_wrong);
        fprintf(out,
                ",\"lost\":{\"safety\":%.1f,\"quality_control\":%.1f,\"criticals\":%.1f,\"over_reaction\":%.1f,"
                "\"turnaround\":%.1f,\"records\":%.1f,\"care\":%.1f}",
                d->lost.safety, d->lost.quality_control, d->lost.criticals, d->lost.over_reaction, d->lost.turnaround,
                d->lost.records, d->lost.care);
        fprintf(out, ",\"score\":%.1f", d->score);
    }
    fputs("}\n", out);
}

static void write_text(FILE *out, const shift_t *shift, const debrief_t *d)
{
    fprintf(out, "%d specimens, %d results, %d actions; state %016" PRIx64 "\n", (int)shift_specimen_count(shift),
            (int)shift_result_count(shift), (int)shift_action_count(shift), shift_hash(shift));
    if (!d) return;
    fprintf(out,
            "score %.1f: %d released, %d of them wrong with a cue to see; criticals called in time %d of %d; QC faults "
            "found %d of %d;\n"
            "specimens rejected rightly %d, wrongly %d\n",
            d->score, d->released, d->harmful_releases, d->criticals_called_in_time, d->criticals_due, d->qc_detected,
            d->qc_faults, d->rejected_right, d->rejected_wrong);
    for (int i = 0; i < d->finding_count && i < 5; i++)
        if (d->findings[i].points > 0) fprintf(out, "  -%4.1f  %s\n", d->findings[i].points, d->findings[i].text);
}

static int report(cli_t *cli, const shift_t *shift, const char *policy, bool json)
{
    debrief_t *debrief = NULL;
    err_t err = {0};
    if (shift_over(shift) && !debrief_make(shift, &debrief, &err)) return args_fail(cli, "titer shift", &err);
    if (json)
        write_json(cli->out, shift, policy, debrief);
    else
        write_text(cli->out, shift, debrief);
    debrief_free(debrief);
    return CLI_OK;
}

static int run(cli_t *cli, const lab_t *lab, const asked_t *asked)
{
    err_t err = {0};
    int64_t seed = 0, minutes = 0;
    const scenario_t *scenario = asked->scenario ? scenario_find(lab, asked->scenario) : NULL;
    int pilot = asked->policy ? pilot_from_word(asked->policy) : -1;
    if (!asked->scenario || !asked->seed || !asked->policy)
        err_set(&err, ERR_INPUT, "give --scenario, --seed and --policy; --help shows an example");
    else if (!scenario)
        err_set(&err, ERR_NOT_FOUND, "there is no scenario \"%.60s\"; `titer scenario list` shows them",
                asked->scenario);
    else if (pilot < 0)
        err_set(&err, ERR_INPUT, "--policy is careful, accept-all, reject-all or call-everything; found \"%.40s\"",
                asked->policy);
    if (err.code != ERR_NONE || !args_int("--seed", asked->seed, 0, 999999999999999, &seed, &err) ||
        !args_int("--minutes", asked->minutes, 1, 720, &minutes, &err))
        return args_fail(cli, "titer shift run", &err);
    shift_t *shift;
    if (!shift_start(&shift, lab, scenario, (uint64_t)seed, MODE_ASSESS, &err))
        return args_fail(cli, "titer shift run", &err);
    int32_t until = minutes > 0 ? (int32_t)minutes * 60 : shift_length_s(shift);
    bool ok = pilot_run(shift, (pilot_t)pilot, until, NULL, NULL, &err);
    if (ok && minutes > 0 && !shift_over(shift)) { /* a part of a shift is closed as it stands */
        action_t note = action_make(ACT_HAND_OVER);
        ok = shift_act(shift, &note, &err);
    }
    int code = ok ? report(cli, shift, asked->policy, asked->json) : args_fail(cli, "titer shift run", &err);
    shift_free(shift);
    return code;
}

static int replay(cli_t *cli, const lab_t *lab, const char *path, bool json)
{
    text_t file;
    err_t err = {0};
    shift_t *shift = NULL;
    if (!args_file(cli, path, 16 * 1024 * 1024, &file, &err)) return args_fail(cli, "titer shift replay", &err);
    bool ok = app_shift_fold(lab, file.data ? file.data : "", file.length, &shift, &err);
    text_free(&file);
    int code = ok ? report(cli, shift, NULL, json) : args_fail(cli, "titer shift replay", &err);
    shift_free(shift);
    return code;
}

static int list(cli_t *cli, app_t *app, bool json)
{
    shift_summary_t shifts[APP_LIST_MAX];
    int count;
    err_t err = {0};
    if (!app_shift_list(app, shifts, APP_LIST_MAX, &count, &err)) return args_fail(cli, "titer shift list", &err);
    if (json) fputc('[', cli->out);
    for (int i = 0; i < count; i++) {
        const shift_summary_t *s = &shifts[i];
        if (json) {
            fprintf(cli->out,
                    "%s{\"id\":\"%s\",\"scenario\":\"%s\",\"seed\":%" PRIu64
                    ",\"minute\":%d,\"over\":%s,\"actions\":%d,\"score\":",
                    i ? ",\n" : "", s->id, s->scenario_id, s->seed, (int)s->at_s / 60, s->over ? "true" : "false",
                    s->actions);
            if (isnan(s->score))
                fputs("null}", cli->out);
            else
                fprintf(cli->out, "%.1f}", s->score);
        } else {
            fprintf(cli->out, "%s  %-18s seed %-8" PRIu64 " minute %3d of %3d  %4d actions  %s\n", s->id,
                    s->scenario_id, s->seed, (int)s->at_s / 60, (int)s->length_s / 60, s->actions,
                    s->over ? "over" : "open");
        }
    }
    if (json)
        fputs("]\n", cli->out);
    else if (count == 0)
        fputs("No shift was worked yet. `titer serve` opens the laboratory.\n", cli->out);
    return CLI_OK;
}

static void tally_json(FILE *out, const char *name, const app_tally_t *t)
{
    fprintf(out,
            "{\"name\":\"%s\",\"observations\":%d,\"right\":%d,\"hits\":%d,\"misses\":%d,\"false_alarms\":%d,"
            "\"correct_passes\":%d}",
            name, t->observations, t->right, t->hits, t->misses, t->false_alarms, t->correct_passes);
}

static void tally_text(FILE *out, const char *name, const app_tally_t *t)
{
    fprintf(out, "%-30s %5d observations  ", name, t->observations);
    if (t->observations < app_competence_minimum())
        fputs("too few to say", out);
    else
        fprintf(out, "right %3.0f %%", 100.0 * t->right / t->observations);
    if (t->hits + t->misses + t->false_alarms + t->correct_passes > 0)
        fprintf(out, "  hits %d of %d, false alarms %d of %d", t->hits, t->hits + t->misses, t->false_alarms,
                t->false_alarms + t->correct_passes);
    fputc('\n', out);
}

static void write_history(cli_t *cli, const app_past_t *past, int count, const app_pool_t *pool, bool json)
{
    static const char *const benches[BENCH_COUNT] = {"chemistry", "hematology", "coagulation"};
    FILE *out = cli->out;
    if (json) {
        fprintf(out, "{\"shifts\":%d,\"debriefs\":%d,\"hints\":%d,\"competencies\":[", count, pool->shifts,
                pool->hints);
        for (int i = 0; i < APP_COMPETENCES; i++) {
            if (i) fputc(',', out);
            tally_json(out, app_competence_name(i), &pool->competence[i]);
        }
        fputs("],\"benches\":[", out);
        for (int b = 0; b < BENCH_COUNT; b++) {
            if (b) fputc(',', out);
            tally_json(out, benches[b], &pool->bench[b]);
        }
        fputs("],\"scores\":[", out);
        bool first = true;
        for (int i = count - 1; i >= 0; i--) {
            if (!past[i].summed) continue;
            fprintf(out, "%s{\"id\":\"%s\",\"score\":%.1f,\"own\":%d,\"hints\":%d}", first ? "" : ",", past[i].shift.id,
                    past[i].shift.score, past[i].self_rating, past[i].hints);
            first = false;
        }
        fputs("]}\n", out);
        return;
    }
    fprintf(out, "%d shifts, %d with an opened debrief; %d hints asked for\n", count, pool->shifts, pool->hints);
    for (int i = 0; i < APP_COMPETENCES; i++) tally_text(out, app_competence_name(i), &pool->competence[i]);
    for (int b = 0; b < BENCH_COUNT; b++) tally_text(out, benches[b], &pool->bench[b]);
}

static int history(cli_t *cli, app_t *app, bool json)
{
    int count;
    err_t err = {0};
    app_pool_t pool = {0};
    app_past_t *past = calloc(APP_HISTORY_MAX, sizeof *past);
    if (!past) err_set(&err, ERR_MEMORY, "There is not enough memory for the history.");
    if (!past || !app_history(app, past, APP_HISTORY_MAX, &count, &err)) {
        free(past);
        return args_fail(cli, "titer shift history", &err);
    }
    for (int i = 0; i < count; i++) app_pool_add(&pool, &past[i]);
    write_history(cli, past, count, &pool, json);
    free(past);
    return CLI_OK;
}

typedef enum { DATA_LIST, DATA_HISTORY, DATA_EXPORT } data_use_t;

static int with_data(cli_t *cli, const asked_t *asked, data_use_t use, const char *export_id)
{
    char dir[4096];
    err_t err = {0};
    app_t *app;
    if (!args_data_dir(asked->data, dir, sizeof dir, &err)) return args_fail(cli, "titer shift", &err);
    app_options_t options = {
        .data_dir = dir, .read_only = true, .content = cli->content, .now_ms = clock_now_ms, .random = clock_random};
    if (!app_open(&app, &options, &err)) return args_fail(cli, "titer shift", &err);
    int code = CLI_OK;
    if (use == DATA_HISTORY) {
        code = history(cli, app, asked->json);
    } else if (use == DATA_EXPORT) {
        text_t out;
        text_init(&out, 64 * 1024 * 1024);
        if (!app_shift_export(app, export_id, true, &out, &err))
            code = args_fail(cli, "titer shift export", &err);
        else
            fwrite(out.data, 1, out.length, cli->out);
        text_free(&out);
    } else {
        code = list(cli, app, asked->json);
    }
    app_close(app);
    return code;
}

int cmd_shift(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--scenario", &asked.scenario, NULL},
                           {"--seed", &asked.seed, NULL},
                           {"--policy", &asked.policy, NULL},
                           {"--minutes", &asked.minutes, NULL},
                           {"--data", &asked.data, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer shift", &err);
    const char *what = args.count > 0 ? args.words[0] : "";
    if (args.help) {
        fputs(HELP, cli->out);
        return CLI_OK;
    }
    if (args.count == 1 && strcmp(what, "list") == 0) return with_data(cli, &asked, DATA_LIST, NULL);
    if (args.count == 1 && strcmp(what, "history") == 0) return with_data(cli, &asked, DATA_HISTORY, NULL);
    if (args.count == 2 && strcmp(what, "export") == 0) return with_data(cli, &asked, DATA_EXPORT, args.words[1]);
    bool is_run = args.count == 1 && strcmp(what, "run") == 0,
         is_replay = args.count == 2 && strcmp(what, "replay") == 0;
    if (!is_run && !is_replay) {
        fputs(HELP, cli->err);
        return CLI_USAGE;
    }
    lab_t *lab;
    if (!lab_open(&lab, cli->content, &err)) return args_fail(cli, "titer shift", &err);
    int code = is_run ? run(cli, lab, &asked) : replay(cli, lab, args.words[1], asked.json);
    lab_close(lab);
    return code;
}
