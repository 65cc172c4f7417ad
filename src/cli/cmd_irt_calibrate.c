/* titer irt calibrate: item parameters from a table of responses. */
#include "exam/calibrate.h"
#include "exam_groups.h"
#include "exam_input.h"
#include "exam_output.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const char HELP[] =
    "usage: titer irt calibrate --model rasch|2pl|3pl|pcm|gpcm|grm [--in responses.csv] [--out items.csv] [--json]\n"
    "                           [--quad 61] [--range 6] [--tol 1e-4] [--threads N] [--guess-prior MEAN,SD|none]\n"
    "                           [--slope-prior MEAN,SD] [--difficulty-prior MEAN,SD] [--fix-guess C]\n"
    "                           [--anchors items.csv] [--group groups.csv] [--reference LABEL]\n"
    "\n"
    "Fits items by marginal maximum likelihood and prints their parameters with standard errors. The table of "
    "responses\n"
    "(standard input, or --in) names the items in its header; each row is one person, answers are whole numbers from "
    "0,\n"
    "empty where there is none. Metric a(theta - b), D = 1; ability is N(0,1), for rasch and pcm N(0, variance).\n"
    "\n"
    "  --quad, --range   equally spaced nodes on [-range, range]\n"
    "  --tol             stops when the Newton step of every parameter is smaller\n"
    "  --guess-prior     normal prior of logit c (3pl: -1.4,0.5 unless said otherwise)\n"
    "  --slope-prior     normal prior of ln a; --difficulty-prior of b\n"
    "  --fix-guess       c of every item, given\n"
    "  --anchors         items whose parameters are given and stay; mean and variance of ability are then free\n"
    "  --group           a table with the column group, one row a person: each group has its own mean and variance;\n"
    "                    --reference names the one that sets the scale (otherwise the first person's)\n"
    "  --out             writes the items as `titer irt score --items` reads them\n"
    "\n"
    "example: titer irt calibrate --model 2pl --in responses.csv --out items.csv\n";

typedef struct {
    const char *model, *quad, *range, *tol, *threads, *guess_prior, *slope_prior, *difficulty_prior, *fix_guess;
    const char *anchors, *group, *reference, *in, *out;
    bool json;
} asked_t;

static bool read_prior(const char *name, const char *text, prior_t *prior, err_t *err)
{
    if (!text) return true;
    const char *comma = strchr(text, ',');
    if (strcmp(text, "none") == 0) {
        *prior = (prior_t){0};
        return true;
    }
    if (comma && text_to_double(text, (size_t)(comma - text), &prior->mean) &&
        text_to_double(comma + 1, strlen(comma + 1), &prior->sd) && prior->sd > 0)
        return true;
    return err_set(err, ERR_INPUT, "%s is MEAN,SD with an SD above 0, or none; found \"%.40s\"", name, text);
}

static bool read_options(const asked_t *asked, calibrate_options_t *options, err_t *err)
{
    irt_model_t model;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t nodes = 61, threads = cores < 1 ? 1 : cores > 16 ? 16 : cores;
    if (!asked->model || !irt_model_from_name(asked->model, &model))
        return err_set(err, ERR_INPUT, "--model is rasch, 2pl, 3pl, pcm, gpcm or grm; found \"%.40s\"",
                       asked->model ? asked->model : "");
    *options = calibrate_defaults(model);
    if (!args_int("--quad", asked->quad, CALIBRATE_NODES_MIN, CALIBRATE_NODES_MAX, &nodes, err) ||
        !args_int("--threads", asked->threads, 1, CALIBRATE_THREADS_MAX, &threads, err) ||
        !exam_number("--range", asked->range, 1, 20, &options->range, err) ||
        !read_prior("--guess-prior", asked->guess_prior, &options->guess, err) ||
        !read_prior("--slope-prior", asked->slope_prior, &options->slope, err) ||
        !read_prior("--difficulty-prior", asked->difficulty_prior, &options->difficulty, err))
        return false;
    if (asked->tol && (!text_to_double(asked->tol, strlen(asked->tol), &options->tolerance)))
        return err_set(err, ERR_INPUT, "--tol is a number from 1e-9 to 0.1; found \"%.40s\"", asked->tol);
    options->nodes = (int)nodes;
    options->threads = (int)threads;
    return true;
}

/* Which items are given: those of --anchors in full, with --fix-guess the c of the others. */
static bool read_fixed(cli_t *cli, arena_t *arena, const asked_t *asked, const responses_t *responses,
                       calibrate_options_t *options, err_t *err)
{
    double guess = 0;
    items_t anchors = {0};
    size_t found = 0;
    if (!asked->anchors && !asked->fix_guess) return true;
    if (asked->fix_guess && options->model != IRT_3PL) return err_set(err, ERR_INPUT, "--fix-guess is for --model 3pl");
    if (!exam_number("--fix-guess", asked->fix_guess, 0, IRT_GUESS_MAX, &guess, err)) return false;
    if (asked->anchors && !exam_items(cli, arena, asked->anchors, &anchors, err)) return false;
    irt_item_t *start = arena_array(arena, responses->items, sizeof *start);
    calibrate_fix_t *fix = arena_array(arena, responses->items, sizeof *fix);
    if (!start || !fix) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (size_t i = 0; i < responses->items; i++) {
        int at = anchors.count ? items_find(&anchors, responses->names[i]) : -1;
        start[i] = (irt_item_t){.model = options->model, .categories = 2, .a = 1, .c = guess};
        fix[i] = asked->fix_guess ? CALIBRATE_FIX_GUESS : CALIBRATE_FREE;
        if (at < 0) continue;
        start[i] = anchors.items[at];
        fix[i] = CALIBRATE_FIX_ALL;
        found++;
    }
    if (asked->anchors && found == 0)
        return err_set(err, ERR_INPUT, "no item of %s has a column in %s", anchors.file, responses->file);
    options->start = start;
    options->fix = fix;
    return true;
}

static void write_json_item(text_t *out, const calibrated_item_t *c)
{
    const irt_item_t *item = &c->item;
    const double none = (double)NAN;
    const bool slope = !c->fixed && item->model != IRT_RASCH && item->model != IRT_PCM;
    text_add(out, "{\"id\":");
    text_add_json(out, item->id);
    text_addf(out, ",\"model\":\"%s\"", irt_model_name(item->model));
    for (int pass = 0; pass < 2; pass++) { /* the parameters, then their errors */
        if (pass) text_add(out, ",\"se\":{");
        exam_json(out, pass == 1, "a", !pass ? item->a : slope ? c->se_a : none);
        text_add(out, ",\"b\":[");
        for (int k = 0; k < item->categories - 1; k++) {
            if (k) text_add_char(out, ',');
            exam_value(out, !pass ? item->b[k] : c->fixed ? none : c->se_b[k]);
        }
        text_add_char(out, ']');
        exam_json(out, false, "c", !pass ? item->c : c->se_c > 0 ? c->se_c : none);
    }
    text_addf(out, "},\"fixed\":%s}", c->fixed ? "true" : "false");
}

static void write_json_group(text_t *out, const calibration_t *result, const groups_t *groups, int g)
{
    const calibrated_group_t *group = &result->groups[g];
    text_add(out, g ? ",{\"group\":" : "{\"group\":");
    if (groups->count)
        text_add_json(out, groups->label[g]);
    else
        text_add(out, "null");
    text_addf(out, ",\"persons\":%zu", group->persons);
    exam_json(out, false, "mean", group->mean);
    exam_json(out, false, "sd", group->sd);
    exam_json(out, false, "se_mean", group->mean_free && result->errors ? group->se_mean : (double)NAN);
    exam_json(out, false, "se_variance", group->sd_free && result->errors ? group->se_variance : (double)NAN);
    text_add_char(out, '}');
}

static void write_json(text_t *out, const calibration_t *result, const groups_t *groups)
{
    const calibrated_group_t *first = &result->groups[0];
    text_add_char(out, '{');
    exam_json(out, true, "loglik", result->log_likelihood);
    exam_json(out, false, "logprior", result->log_prior);
    text_addf(out, ",\"iterations\":%d,\"converged\":%s", result->iterations, result->converged ? "true" : "false");
    exam_json(out, false, "variance", first->sd * first->sd);
    exam_json(out, false, "se_variance", first->sd_free && result->errors ? first->se_variance : (double)NAN);
    text_addf(out, ",\"persons\":%zu,\"patterns\":%zu,\"parameters\":%zu,\"at_bound\":%zu", result->persons,
              result->patterns, result->parameters, result->at_bound);
    exam_json(out, false, "end_share", result->end_share);
    text_add(out, ",\"groups\":[");
    for (int g = 0; g < result->group_count; g++) write_json_group(out, result, groups, g);
    text_add(out, "],\"items\":[");
    for (size_t i = 0; i < result->count; i++) {
        text_add(out, i ? ",\n" : "\n");
        write_json_item(out, &result->items[i]);
    }
    text_add(out, "]}\n");
}

static void add_pair(text_t *out, double value, double error)
{
    char number[32], se[32];
    text_fixed(number, value, 3);
    text_fixed(se, error, 3);
    if (error > 0)
        text_addf(out, " %8s (%s)", number, se);
    else
        text_addf(out, " %8s       ", number);
}

static void write_table(text_t *out, const calibration_t *result, const groups_t *groups)
{
    text_add(out, "log-likelihood ");
    text_add_fixed(out, result->log_likelihood, 4);
    text_add(out, ", log-prior ");
    text_add_fixed(out, result->log_prior, 4);
    text_addf(out, ", %zu parameters\n%zu persons, %zu patterns, %d evaluations, %s\n", result->parameters,
              result->persons, result->patterns, result->iterations, result->converged ? "converged" : "NOT converged");
    for (int g = 0; g < result->group_count; g++) {
        const calibrated_group_t *group = &result->groups[g];
        text_addf(out, "ability of %s: mean", groups->count ? groups->label[g] : "all");
        add_pair(out, group->mean, group->se_mean);
        text_add(out, ", variance");
        add_pair(out, group->sd * group->sd, group->se_variance);
        text_add_char(out, '\n');
    }
    text_add(out, "\nitem                    a (se)            b (se) ...           c (se)\n");
    for (size_t i = 0; i < result->count; i++) {
        const calibrated_item_t *c = &result->items[i];
        text_addf(out, "%-16s", c->item.id);
        add_pair(out, c->item.a, c->se_a);
        for (int k = 0; k < c->item.categories - 1; k++) add_pair(out, c->item.b[k], c->se_b[k]);
        if (c->item.model == IRT_3PL) add_pair(out, c->item.c, c->se_c);
        text_add(out, c->fixed ? "  anchored\n" : "\n");
    }
}

static bool write_items(const calibration_t *result, arena_t *arena, const char *path, err_t *err)
{
    text_t out;
    irt_item_t *items = arena_array(arena, result->count, sizeof *items);
    if (!items) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (size_t i = 0; i < result->count; i++) items[i] = result->items[i].item;
    text_init(&out, EXAM_OUTPUT_MAX);
    items_write(items, result->count, &out);
    bool good = exam_save(path, &out, err);
    text_free(&out);
    return good;
}

static void warn(cli_t *cli, const calibration_t *result)
{
    if (!result->converged)
        fprintf(cli->err, "titer irt calibrate: not converged after %d evaluations; do not use these parameters\n",
                result->iterations);
    if (result->end_share > 1e-4)
        fputs("titer irt calibrate: ability reaches the end of the nodes; give a larger --range and more --quad\n",
              cli->err);
    if (result->at_bound)
        fprintf(
            cli->err,
            "titer irt calibrate: %zu parameters are at their bound and have no error; the answers do not determine "
            "them\n",
            result->at_bound);
    if (!result->errors)
        fprintf(cli->err, "titer irt calibrate: no standard errors above %d free parameters\n", CALIBRATE_ERRORS_MAX);
    for (size_t i = 0; i < result->count; i++)
        if (result->items[i].item.a < 0)
            fprintf(cli->err, "titer irt calibrate: item %s has a negative slope; is its key right?\n",
                    result->items[i].item.id);
}

static bool run(cli_t *cli, const void *given, arena_t *arena, text_t *out, bool *no, err_t *err)
{
    const asked_t *asked = given;
    calibrate_options_t options;
    calibration_t result;
    responses_t responses;
    groups_t groups = {0};
    if (!read_options(asked, &options, err) || !exam_responses(cli, arena, asked->in, &responses, err) ||
        !read_fixed(cli, arena, asked, &responses, &options, err))
        return false;
    if (asked->group) {
        if (!exam_groups(cli, arena, asked->group, responses.persons, CALIBRATE_GROUPS_MAX, asked->reference, &groups,
                         err))
            return false;
        options.group_of = groups.of;
        options.groups = groups.count;
    }
    if (!calibrate(&result, arena, &responses, &options, err)) return false;
    if (asked->out && !write_items(&result, arena, asked->out, err)) return false;
    if (asked->json)
        write_json(out, &result, &groups);
    else
        write_table(out, &result, &groups);
    warn(cli, &result);
    *no = !result.converged;
    return true;
}

int cmd_irt_calibrate(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const exam_command_t command = {"titer irt calibrate", HELP, run};
    const arg_t table[] = {{"--model", &asked.model, NULL},
                           {"--quad", &asked.quad, NULL},
                           {"--range", &asked.range, NULL},
                           {"--tol", &asked.tol, NULL},
                           {"--threads", &asked.threads, NULL},
                           {"--guess-prior", &asked.guess_prior, NULL},
                           {"--slope-prior", &asked.slope_prior, NULL},
                           {"--difficulty-prior", &asked.difficulty_prior, NULL},
                           {"--fix-guess", &asked.fix_guess, NULL},
                           {"--anchors", &asked.anchors, NULL},
                           {"--group", &asked.group, NULL},
                           {"--reference", &asked.reference, NULL},
                           {"--in", &asked.in, NULL},
                           {"--out", &asked.out, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    return exam_run(cli, argc, argv, &command, table, &asked);
}
