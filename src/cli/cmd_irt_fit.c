/* titer irt fit: do calibrated items describe the answers? */
#include "exam/model_fit.h"
#include "exam_input.h"
#include "exam_output.h"

#include <math.h>
#include <string.h>

static const double LZ_FLAG = -1.645; /* one-sided 5 % of a normal variable */
enum { FLAGGED_SHOWN = 20 };

static const char HELP[] =
    "usage: titer irt fit --items items.csv [--in responses.csv] [--method eap|map|wle|mle] [--mean M] [--variance V]\n"
    "                     [--quad 61] [--range 6] [--known] [--json]\n"
    "\n"
    "Infit and outfit of every item at the abilities of --method (default eap; mle leaves out persons who have none),\n"
    "S-X2 of the shares at each total score, and lz of every person (below -1.645: an unusual pattern).\n"
    "\n"
    "  --mean, --variance   of ability, N(0,1) unless said otherwise; rasch and pcm calibrate the variance\n"
    "  --known              the items were not calibrated on these answers: S-X2 keeps its degrees of freedom\n"
    "\n"
    "example: titer irt fit --items items.csv --in responses.csv\n";

typedef struct {
    const char *items, *in, *method, *mean, *variance, *quad, *range;
    bool known, json;
} asked_t;

static bool read_options(const asked_t *asked, ability_options_t *options, err_t *err)
{
    int64_t nodes = 61;
    double variance = 1;
    *options = ability_defaults();
    if (asked->method && !ability_method_from_name(asked->method, &options->method))
        return err_set(err, ERR_INPUT, "--method is eap, map, wle or mle; found \"%.40s\"", asked->method);
    if (!args_int("--quad", asked->quad, ABILITY_NODES_MIN, ABILITY_NODES_MAX, &nodes, err) ||
        !exam_number("--range", asked->range, 1, IRT_LOCATION_MAX, &options->range, err) ||
        !exam_number("--mean", asked->mean, -10, 10, &options->mean, err) ||
        !exam_number("--variance", asked->variance, 0.001, 100, &variance, err))
        return false;
    options->sd = exact_sqrt(variance);
    options->nodes = (int)nodes;
    return ability_options_check(options, err);
}

static double or_none(bool there, double value)
{
    return there ? value : (double)NAN;
}

static void write_json(text_t *out, const responses_t *responses, const model_fit_t *fit,
                       const ability_options_t *options)
{
    text_addf(out, "{\"method\":\"%s\",\"persons\":%zu,\"complete\":%zu,\"items\":[",
              ability_method_name(options->method), responses->persons, fit->complete);
    for (size_t i = 0; i < responses->items; i++) {
        const item_fit_t *f = &fit->items[i];
        text_add(out, i ? ",\n{\"id\":" : "\n{\"id\":");
        text_add_json(out, responses->names[i]);
        text_addf(out, ",\"n\":%zu", f->persons);
        exam_json(out, false, "outfit", or_none(f->persons, f->outfit));
        exam_json(out, false, "outfit_z", or_none(f->persons, f->outfit_z));
        exam_json(out, false, "infit", or_none(f->persons, f->infit));
        exam_json(out, false, "infit_z", or_none(f->persons, f->infit_z));
        exam_json(out, false, "s_x2", or_none(f->has_score_fit, f->s_x2));
        text_addf(out, ",\"s_x2_df\":%d", f->s_x2_df);
        exam_json(out, false, "s_x2_p", or_none(f->has_score_fit, f->s_x2_p));
        text_add_char(out, '}');
    }
    text_add(out, "],\"person_fit\":[");
    for (size_t p = 0; p < responses->persons; p++) {
        const person_fit_t *f = &fit->persons[p];
        text_addf(out, "%s{\"person\":%zu", p ? ",\n" : "\n", p + 1);
        exam_json(out, false, "theta", or_none(f->answers, f->ability.theta));
        exam_json(out, false, "outfit", or_none(f->answers, f->outfit));
        exam_json(out, false, "infit", or_none(f->answers, f->infit));
        exam_json(out, false, "lz", or_none(f->answers, f->lz));
        text_add_char(out, '}');
    }
    text_add(out, "]}\n");
}

static void write_table(text_t *out, const responses_t *responses, const model_fit_t *fit,
                        const ability_options_t *options)
{
    size_t judged = 0, flagged = 0;
    text_addf(out, "abilities by %s; S-X2 on %zu of %zu persons, who answered everything\n\n",
              ability_method_name(options->method), fit->complete, responses->persons);
    text_add(out, "item                 n   infit      z  outfit      z      S-X2  df       p\n");
    for (size_t i = 0; i < responses->items; i++) {
        const item_fit_t *f = &fit->items[i];
        text_addf(out, "%-14s %7zu", responses->names[i], f->persons);
        exam_cell(out, or_none(f->persons, f->infit), 8, 3);
        exam_cell(out, or_none(f->persons, f->infit_z), 7, 2);
        exam_cell(out, or_none(f->persons, f->outfit), 8, 3);
        exam_cell(out, or_none(f->persons, f->outfit_z), 7, 2);
        exam_cell(out, or_none(f->has_score_fit, f->s_x2), 10, 2);
        text_addf(out, "%4d", f->s_x2_df);
        exam_cell(out, or_none(f->has_score_fit, f->s_x2_p), 8, 4);
        text_add_char(out, '\n');
    }
    for (size_t p = 0; p < responses->persons; p++) {
        judged += fit->persons[p].answers > 0;
        flagged += fit->persons[p].answers > 0 && fit->persons[p].lz < LZ_FLAG;
    }
    text_addf(out, "\n%zu of %zu persons have lz below -1.645%s\n", flagged, judged, flagged ? "; the first are" : "");
    for (size_t p = 0, shown = 0; p < responses->persons && shown < FLAGGED_SHOWN; p++) {
        const person_fit_t *f = &fit->persons[p];
        if (f->answers == 0 || !(f->lz < LZ_FLAG)) continue;
        text_addf(out, "person %7zu  theta", p + 1);
        exam_cell(out, f->ability.theta, 8, 3);
        text_add(out, "  lz");
        exam_cell(out, f->lz, 8, 2);
        text_add_char(out, '\n');
        shown++;
    }
}

static bool run(cli_t *cli, const void *given, arena_t *arena, text_t *out, bool *no, err_t *err)
{
    const asked_t *asked = given;
    ability_options_t options;
    items_t items;
    responses_t responses;
    const int *item_of;
    model_fit_t fit;
    (void)no;
    if (!read_options(asked, &options, err) || !exam_items(cli, arena, asked->items, &items, err) ||
        !exam_responses(cli, arena, asked->in, &responses, err) ||
        !responses_match(&responses, &items, arena, &item_of, err))
        return false;
    const int *known = asked->known ? arena_array(arena, responses.items, sizeof *known) : NULL;
    if (asked->known && !known) return err_set(err, ERR_MEMORY, "out of memory");
    if (!model_fit(&fit, arena, &responses, &items, item_of, known, &options, err)) return false;
    if (asked->json)
        write_json(out, &responses, &fit, &options);
    else
        write_table(out, &responses, &fit, &options);
    return true;
}

int cmd_irt_fit(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const exam_command_t command = {"titer irt fit", HELP, run};
    const arg_t table[] = {{"--items", &asked.items, NULL},       {"--in", &asked.in, NULL},
                           {"--method", &asked.method, NULL},     {"--mean", &asked.mean, NULL},
                           {"--variance", &asked.variance, NULL}, {"--quad", &asked.quad, NULL},
                           {"--range", &asked.range, NULL},       {"--known", NULL, &asked.known},
                           {"--json", NULL, &asked.json},         {NULL, NULL, NULL}};
    return exam_run(cli, argc, argv, &command, table, &asked);
}
