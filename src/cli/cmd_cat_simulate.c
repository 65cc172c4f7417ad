/* titer cat simulate: what a design of adaptive tests does, by simulation. */
#include "cat_options.h"
#include "cat_plots.h"
#include "exam/study.h"

static const char HELP[] =
    "usage: titer cat simulate --items items.csv --n N --length L [--blueprint FILE] [--select M] [--exposure X]\n"
    "       [--exposure-method restricted|sympson-hetter] --seed N [--mean 0] [--sd 1] [--ability ...] [--min-length "
    "M]\n"
    "       [--stop-se X] [--cut THETA] [--confidence C] [--rule R] [--delta D] [--at-cut] [--plots FILE] [--json]\n"
    "\n"
    "Gives N drawn people the adaptive test and compares the estimates with the truth: bias, root mean square error\n"
    "and standard error, also by bands of true ability; how the bank is used (exposure of items, overlap of tests,\n"
    "unused items); how the blueprint is met; and, with --cut, how many decisions are right.\n"
    "\n"
    "  --n           people, one after another; --mean and --sd are those of their abilities\n"
    "  --exposure    no item in a larger share of the tests than this. restricted (default) leaves out what has been "
    "used\n"
    "                too often so far; sympson-hetter finds probabilities in simulations beforehand, and keeps the "
    "limit\n"
    "                within sampling error. The blueprint comes first: `yielded` counts where the limit had to give "
    "way\n"
    "  --plots       also writes a page of plots to FILE, which ends in .svg, .pdf or .png: bias, RMSE and standard "
    "errors\n"
    "                by ability, exposure of the items, content against the blueprint, right decisions around the "
    "cut\n";

static const char EXAMPLE[] =
    "\nexample: titer cat simulate --items items.csv --n 1000 --length 100 --exposure 0.25 --seed 1 --json\n";

enum { TUNE_PEOPLE = 1000, TUNE_ROUNDS = 20 };

typedef struct {
    cat_asked_t cat;
    const char *n, *exposure, *method, *mean, *sd, *plots;
} asked_t;

/* ---- the answer, one name and number after another, for people or as JSON ---- */

static void put(text_t *out, bool json, const char *name, double value, int decimals)
{
    text_addf(out, json ? ",\"%s\":" : "%-24s ", name);
    text_add_fixed(out, value, decimals);
    if (!json) text_add_char(out, '\n');
}

static void write_bands(text_t *out, const study_t *study, bool json)
{
    text_add(out, json ? ",\n\"bands\":[" : "\n  ability         people     bias     rmse       se   length\n");
    for (int b = 0; b < STUDY_BANDS; b++) {
        const study_band_t *band = &study->bands[b];
        bool first = b == 0, last = b == STUDY_BANDS - 1;
        char low[32], high[32], bias[32], rmse[32], se[32], length[32];
        text_fixed(low, band->low, 2);
        text_fixed(high, band->high, 2);
        text_fixed(bias, band->bias, json ? 6 : 3);
        text_fixed(rmse, band->rmse, json ? 6 : 3);
        text_fixed(se, band->se, json ? 6 : 3);
        text_fixed(length, band->mean_length, json ? 3 : 1);
        if (json)
            text_addf(
                out, "%s\n {\"low\":%s,\"high\":%s,\"people\":%u,\"bias\":%s,\"rmse\":%s,\"se\":%s,\"mean_length\":%s}",
                first ? "" : ",", first ? "null" : low, last ? "null" : high, band->people, bias, rmse, se, length);
        else
            text_addf(out, "  %5s .. %5s %8u %8s %8s %8s %8s\n", first ? "" : low, last ? "" : high, band->people, bias,
                      rmse, se, length);
    }
    text_add(out, json ? "]" : "\n");
}

static void write_exposure(text_t *out, const study_t *study, bool json)
{
    if (json) text_add(out, ",\n\"exposure\":{\"items_by_tenth\":[");
    for (int d = 0; json && d < STUDY_DECILES; d++) text_addf(out, "%s%u", d ? "," : "", study->exposure_deciles[d]);
    if (json) text_add_char(out, ']');
    put(out, json, json ? "max" : "exposure, greatest", study->exposure_max, 6);
    put(out, json, json ? "mean" : "exposure, mean", study->exposure_mean, 6);
    put(out, json, json ? "sd" : "exposure, SD", study->exposure_sd, 6);
    put(out, json, json ? "unused_share" : "items never used", study->unused_share, 6);
    put(out, json, json ? "yielded" : "limit yielded", study->yielded, 0);
    if (json) text_add_char(out, '}');
    put(out, json, "overlap", study->overlap, 6);
}

static void write_content(text_t *out, const study_t *study, const cat_setup_t *setup, bool json)
{
    const quotas_t *quotas = cat_quotas(setup->bank);
    if (!setup->blueprint.file) return;
    text_add(out, json ? ",\n\"blueprint\":{\"areas\":["
                       : "\n  area                        quota        mean    least  most\n");
    for (int a = 0; a < setup->blueprint.areas; a++) {
        char mean[32];
        text_fixed(mean, study->area_mean[a], 3);
        if (json) {
            text_add(out, a ? ",\n {\"area\":" : "\n {\"area\":");
            text_add_json(out, setup->blueprint.area[a].name);
            text_addf(out, ",\"low\":%d,\"high\":%d,\"mean\":%s,\"least\":%d,\"most\":%d}", quotas->low[a],
                      quotas->high[a], mean, study->area_least[a], study->area_most[a]);
        } else {
            text_addf(out, "  %-24s %4d .. %-4d %9s %6d %6d\n", setup->blueprint.area[a].name, quotas->low[a],
                      quotas->high[a], mean, study->area_least[a], study->area_most[a]);
        }
    }
    if (json) text_addf(out, "],\"rounded\":%s", quotas->rounded ? "true" : "false");
    if (!json && quotas->rounded)
        text_add(out, "  (no whole numbers lie within the percentages: quotas are rounded out)\n");
    put(out, json, json ? "violations" : "tests outside quotas", study->quota_violations, 0);
    put(out, json, json ? "largest_error" : "largest distance", study->quota_distance, 0);
    if (json) text_add_char(out, '}');
}

/* JSON only; for people there is the plot. */
static void write_steps(text_t *out, const study_t *study)
{
    text_add(out, ",\n\"around_cut\":[");
    for (int s = 0; s < STUDY_STEPS; s++) {
        const study_step_t *step = &study->steps[s];
        char low[32], high[32];
        text_fixed(low, step->low, 2);
        text_fixed(high, step->high, 2);
        text_addf(out, "%s\n {\"low\":%s,\"high\":%s,\"people\":%u,\"right\":%u}", s ? "," : "", s ? low : "null",
                  s + 1 < STUDY_STEPS ? high : "null", step->people, step->right);
    }
    text_add_char(out, ']');
}

static void write_decisions(text_t *out, const study_t *study, const cat_setup_t *setup, bool json)
{
    double n = study->people, able = study->able, unable = n - able;
    if (!setup->design.has_cut) return;
    text_add(out, json ? ",\n\"classification\":{\"cut\":" : "\n");
    if (json) text_add_fixed(out, setup->design.cut, 6);
    put(out, json, json ? "accuracy" : "right decisions", study->right / n, 6);
    put(out, json, json ? "truly_above" : "truly above the mark", able / n, 6);
    put(out, json, json ? "false_pass_rate" : "passed, of those below", unable > 0 ? study->false_pass / unable : 0, 6);
    put(out, json, json ? "false_fail_rate" : "failed, of those above", able > 0 ? study->false_fail / able : 0, 6);
    if (json) write_steps(out, study);
    put(out, json, json ? "decided_early" : "decided by the rule", study->decided / n, 6);
    if (json) text_add_char(out, '}');
}

static void write_study(text_t *out, const study_t *study, const cat_setup_t *setup, bool json)
{
    if (json)
        text_addf(out, "{\"n\":%u,\"seed\":%lld,\"select\":\"%s\",\"ability\":\"%s\"", study->people,
                  (long long)setup->seed, cat_select_name(setup->design.select),
                  ability_method_name(setup->design.ability.method));
    else
        text_addf(out, "%-24s %u\n", "people", study->people);
    put(out, json, json ? "mean_length" : "length, mean", study->mean_length, 3);
    put(out, json, json ? "shortest" : "length, shortest", study->shortest, 0);
    put(out, json, json ? "longest" : "length, longest", study->longest, 0);
    put(out, json, "bias", study->bias, 6);
    put(out, json, "rmse", study->rmse, 6);
    put(out, json, json ? "se" : "standard error", study->se, 6);
    put(out, json, "correlation", study->correlation, 6);
    put(out, json, json ? "unbounded" : "infinite estimates", study->unbounded, 0);
    if (json) text_add(out, ",\n\"stopped\":{");
    for (int s = CAT_STOP_LENGTH; s <= CAT_STOP_ITEMS; s++)
        text_addf(out, json ? "%s\"%s\":%u" : "%sstopped by %-13s %u\n", json && s > CAT_STOP_LENGTH ? "," : "",
                  cat_stop_name((cat_stop_t)s), study->stops[s]);
    if (json) text_add_char(out, '}');
    write_bands(out, study, json);
    write_exposure(out, study, json);
    write_content(out, study, setup, json);
    write_decisions(out, study, setup, json);
    if (json) text_add(out, "}\n");
}

/* ---- the study ---- */

static bool read_exposure(const asked_t *asked, cat_exposure_t *method, double *r_max, err_t *err)
{
    *method = asked->exposure ? CAT_EXPOSURE_RESTRICTED : CAT_EXPOSURE_NONE;
    *r_max = 1;
    if (!exam_number("--exposure", asked->exposure, 0.001, 1, r_max, err)) return false;
    if (!asked->method) return true;
    if (!asked->exposure) return err_set(err, ERR_INPUT, "--exposure-method needs the limit, as in --exposure 0.25");
    if (text_equal(asked->method, "sympson-hetter"))
        *method = CAT_EXPOSURE_SYMPSON_HETTER;
    else if (!text_equal(asked->method, "restricted"))
        return err_set(err, ERR_INPUT, "--exposure-method is restricted or sympson-hetter; found \"%.40s\"",
                       asked->method);
    return true;
}

static bool read_plan(const asked_t *asked, study_plan_t *plan, err_t *err)
{
    int64_t people = 0;
    if (!asked->n) return err_set(err, ERR_INPUT, "say how many people with --n, as in --n 1000");
    if (!asked->cat.length)
        return err_set(err, ERR_INPUT, "say how long the test is with --length, as in --length 100");
    if (!asked->cat.seed) return err_set(err, ERR_INPUT, "name the random numbers with --seed, as in --seed 1");
    *plan = (study_plan_t){.mean = 0, .sd = 1};
    if (!args_int("--n", asked->n, 1, STUDY_PEOPLE_MAX, &people, err) ||
        !exam_number("--mean", asked->mean, -10, 10, &plan->mean, err) ||
        !exam_number("--sd", asked->sd, 0, 10, &plan->sd, err))
        return false;
    plan->people = (uint32_t)people;
    return true;
}

static bool simulate(cli_t *cli, arena_t *arena, const asked_t *asked, text_t *out, err_t *err)
{
    cat_setup_t setup;
    study_plan_t plan;
    study_t study;
    cat_use_t use;
    cat_exposure_t method;
    double r_max, reached;
    if (!cat_plots_check(asked->plots, err) || !read_plan(asked, &plan, err) ||
        !read_exposure(asked, &method, &r_max, err) || !cat_set_up(cli, arena, &asked->cat, &setup, err) ||
        !cat_use(&use, arena, setup.bank, method, r_max, err))
        return false;
    plan.seed = (uint64_t)setup.seed;
    use.planned = plan.people;
    if (method == CAT_EXPOSURE_SYMPSON_HETTER) {
        study_plan_t draft = plan;
        draft.people = TUNE_PEOPLE;
        if (!study_tune(&use, arena, setup.bank, &draft, TUNE_ROUNDS, &reached, err)) return false;
    }
    if (!study_run(&study, arena, setup.bank, &plan, &use, NULL, NULL, err)) return false;
    if (asked->plots && !cat_plots(asked->plots, arena, &setup, &study, r_max, err)) return false;
    write_study(out, &study, &setup, asked->cat.json);
    return exam_write(cli, out, err);
}

int cmd_cat_simulate(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    arg_t table[CAT_OPTIONS + 7] = {{NULL, NULL, NULL}};
    int rows = cat_option_rows(&asked.cat, table);
    table[rows++] = (arg_t){"--n", &asked.n, NULL};
    table[rows++] = (arg_t){"--exposure", &asked.exposure, NULL};
    table[rows++] = (arg_t){"--exposure-method", &asked.method, NULL};
    table[rows++] = (arg_t){"--mean", &asked.mean, NULL};
    table[rows++] = (arg_t){"--sd", &asked.sd, NULL};
    table[rows++] = (arg_t){"--plots", &asked.plots, NULL};
    args_t args;
    err_t err = {0};
    text_t out;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer cat simulate", &err);
    if (args.help || args.count != 0) {
        fprintf(args.help ? cli->out : cli->err, "%s%s%s", HELP, CAT_OPTIONS_HELP, EXAMPLE);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    arena_t *arena = arena_new(EXAM_ARENA_MAX);
    text_init(&out, EXAM_OUTPUT_MAX);
    bool good = (arena || err_set(&err, ERR_MEMORY, "out of memory")) && simulate(cli, arena, &asked, &out, &err);
    text_free(&out);
    arena_free(arena);
    return good ? CLI_OK : args_fail(cli, "titer cat simulate", &err);
}
