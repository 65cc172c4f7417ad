/* titer irt dif: items that are harder for one group than for another of the same ability. */
#include "exam/dif.h"
#include "exam_groups.h"
#include "exam_input.h"
#include "exam_output.h"

#include <math.h>
#include <string.h>

static const char HELP[] =
    "usage: titer irt dif --group groups.csv [--reference LABEL] [--purify] [--in responses.csv] [--json]\n"
    "\n"
    "Mantel-Haenszel statistics of every item between two groups, matched by total score. The table of groups has the\n"
    "column group and one row a person, in the order of the responses. delta is on the scale of the Educational\n"
    "Testing Service: below 0, the item is harder for the focal group. Class A negligible, B moderate, C large.\n"
    "Of items with more categories: Mantel's chi-square, the standardized difference of mean scores (below 0, harder "
    "for\n"
    "the focal group), the same in SDs of the item, and the generalized statistic, which asks for any difference. "
    "Large\n"
    "is a significant difference of .25 SD or more (a limit of NAEP); there are no classes for them.\n"
    "Persons who miss an answer are left out.\n"
    "\n"
    "  --reference   the label of the reference group (otherwise the first person's)\n"
    "  --purify      items of class B and C, and large ones, leave the matching score of the others, once\n"
    "\n"
    "example: titer irt dif --in responses.csv --group groups.csv --purify\n";

typedef struct {
    const char *group, *reference, *in;
    bool purify, json;
} asked_t;

static void write_json(text_t *out, const responses_t *responses, const groups_t *groups, const dif_t *dif)
{
    text_add(out, "{\"reference\":");
    text_add_json(out, groups->label[0]);
    text_add(out, ",\"focal\":");
    text_add_json(out, groups->label[1]);
    text_addf(out, ",\"n_reference\":%zu,\"n_focal\":%zu,\"left_out\":%zu,\"items\":[", dif->reference, dif->focal,
              dif->left_out);
    for (size_t i = 0; i < responses->items; i++) {
        const dif_item_t *d = &dif->items[i];
        const double none = (double)NAN;
        text_add(out, i ? ",\n{\"id\":" : "\n{\"id\":");
        text_add_json(out, responses->names[i]);
        const bool two = d->known && d->categories == 2, more = d->known && !two;
        text_addf(out, ",\"categories\":%d", d->categories);
        exam_json(out, false, "alpha", two ? d->alpha : none);
        exam_json(out, false, "delta", two ? d->delta : none);
        exam_json(out, false, "se_delta", two ? d->se_delta : none);
        exam_json(out, false, "size", more ? d->size : none);
        exam_json(out, false, "general", more ? d->general : none);
        exam_json(out, false, "general_df", more ? d->general_df : none);
        exam_json(out, false, "general_p", more ? d->general_p : none);
        exam_json(out, false, "chi_square", d->known ? d->chi_square : none);
        exam_json(out, false, "p", d->known ? d->p : none);
        exam_json(out, false, "standardized", d->known ? d->standardized : none);
        if (two)
            text_addf(out, ",\"class\":\"%c\"", d->class);
        else
            text_add(out, ",\"class\":null");
        text_addf(out, ",\"large\":%s", d->large ? "true" : "false");
        text_addf(out, ",\"strata\":%d,\"purged\":%s}", d->strata, d->purged ? "true" : "false");
    }
    text_add(out, "]}\n");
}

/* Items of two categories, or of more. */
static void write_rows(text_t *out, const responses_t *responses, const dif_t *dif, bool two)
{
    bool any = false;
    for (size_t i = 0; i < responses->items; i++) {
        const dif_item_t *d = &dif->items[i];
        if ((d->categories == 2) != two) continue;
        if (!any)
            text_add(out, two ? "\nitem               alpha   delta     (se)  chi-sq       p  std diff  class\n"
                              : "\nitem             std diff   in SD  Mantel       p general  df       p  large\n");
        any = true;
        text_addf(out, "%-16s", responses->names[i]);
        if (!d->known) {
            text_add(out, "  nothing to compare\n");
            continue;
        }
        exam_cell(out, two ? d->alpha : d->standardized, 8 + !two, 3);
        exam_cell(out, two ? d->delta : d->size, 8, 2);
        if (two) exam_cell(out, d->se_delta, 9, 2);
        exam_cell(out, d->chi_square, 8, 2);
        exam_cell(out, d->p, 8, 4);
        if (two) {
            exam_cell(out, d->standardized, 10, 3);
        } else {
            exam_cell(out, d->general, 8, 2);
            exam_cell(out, d->general_df, 4, 0);
            exam_cell(out, d->general_p, 8, 4);
        }
        if (two)
            text_addf(out, "  %c", d->class);
        else
            text_add(out, d->large ? "  yes" : "  no");
        text_add(out, d->purged ? " (not in the score of the others)\n" : "\n");
    }
}

static void write_table(text_t *out, const responses_t *responses, const groups_t *groups, const dif_t *dif)
{
    text_addf(out, "reference %s (%zu persons), focal %s (%zu); %zu left out for missing answers\n", groups->label[0],
              dif->reference, groups->label[1], dif->focal, dif->left_out);
    write_rows(out, responses, dif, true);
    write_rows(out, responses, dif, false);
}

static bool run(cli_t *cli, const void *given, arena_t *arena, text_t *out, bool *no, err_t *err)
{
    const asked_t *asked = given;
    responses_t responses;
    groups_t groups;
    dif_t dif;
    (void)no;
    if (!asked->group) return err_set(err, ERR_INPUT, "name the table of groups with --group groups.csv");
    if (!exam_responses(cli, arena, asked->in, &responses, err) ||
        !exam_groups(cli, arena, asked->group, responses.persons, 2, asked->reference, &groups, err))
        return false;
    if (groups.count != 2)
        return err_set(err, ERR_INPUT, "%s has one group; two are compared", exam_shown(asked->group));
    if (!dif_mantel_haenszel(&dif, arena, &responses, groups.of, asked->purify, err)) return false;
    if (asked->json)
        write_json(out, &responses, &groups, &dif);
    else
        write_table(out, &responses, &groups, &dif);
    return true;
}

int cmd_irt_dif(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const exam_command_t command = {"titer irt dif", HELP, run};
    const arg_t table[] = {{"--group", &asked.group, NULL}, {"--reference", &asked.reference, NULL},
                           {"--in", &asked.in, NULL},       {"--purify", NULL, &asked.purify},
                           {"--json", NULL, &asked.json},   {NULL, NULL, NULL}};
    return exam_run(cli, argc, argv, &command, table, &asked);
}
