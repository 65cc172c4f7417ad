/* See cat_options.h. */
#include "cat_options.h"

#include <string.h>

const char CAT_OPTIONS_HELP[] =
    "  --items       id,model,a,b1,b2,...,c as for `titer irt score`\n"
    "  --select      mfi (default): most information; kl: Kullback-Leibler; stratified: by rising slope;\n"
    "                progressive: from chance to information; randomesque: one of the 5 most informative\n"
    "  --ability     eap (default), map, wle or mle\n"
    "  --length      items of the longest test; without it, as many as there are\n"
    "  --min-length  no early stop before (default 1)\n"
    "  --stop-se     stop when the standard error is at most this\n"
    "  --cut         the pass mark in logits: every test ends in pass or fail\n"
    "  --confidence  stop when the decision is this sure (0.95): by --rule interval (default; estimate and standard\n"
    "                error, one-sided) or --rule posterior\n"
    "  --rule sprt   stop by Wald's test of cut + delta against cut - delta (--delta, default 0.3; both error rates\n"
    "                are 1 - confidence, default 0.05)\n"
    "  --at-cut      select items for the cut instead of the estimate\n"
    "  --blueprint   a table area,percent_min,percent_max; then, after an empty line, item,area[,set][,enemies]; or "
    "these\n"
    "                columns in the table of items. Items of one set follow one another; a test takes one item of "
    "each\n"
    "                group of enemies\n"
    "  --seed        names the random choices (default 1)\n";

int cat_option_rows(cat_asked_t *asked, arg_t *rows)
{
    const arg_t table[CAT_OPTIONS] = {
        {"--items", &asked->items, NULL},           {"--blueprint", &asked->blueprint, NULL},
        {"--select", &asked->select, NULL},         {"--ability", &asked->ability, NULL},
        {"--length", &asked->length, NULL},         {"--min-length", &asked->min_length, NULL},
        {"--stop-se", &asked->stop_se, NULL},       {"--cut", &asked->cut, NULL},
        {"--confidence", &asked->confidence, NULL}, {"--rule", &asked->rule, NULL},
        {"--delta", &asked->delta, NULL},           {"--seed", &asked->seed, NULL},
        {"--at-cut", NULL, &asked->at_cut},         {"--json", NULL, &asked->json}};
    memcpy(rows, table, sizeof table);
    return CAT_OPTIONS;
}

static bool read_rule(const cat_asked_t *asked, cat_design_t *design, err_t *err)
{
    design->has_cut = asked->cut != NULL;
    design->at_cut = asked->at_cut;
    if (!exam_number("--cut", asked->cut, -IRT_LOCATION_MAX, IRT_LOCATION_MAX, &design->cut, err) ||
        !exam_number("--confidence", asked->confidence, 0.501, 0.9999, &design->confidence, err) ||
        !exam_number("--delta", asked->delta, 0.001, 5, &design->delta, err))
        return false;
    if (!design->has_cut && (asked->rule || asked->confidence || asked->at_cut))
        return err_set(err, ERR_INPUT, "a decision needs the pass mark: give --cut THETA, in logits");
    design->alpha = design->beta = 1 - design->confidence;
    if (asked->confidence) design->rule = CAT_RULE_INTERVAL;
    return !asked->rule || cat_rule_from_name(asked->rule, &design->rule) ||
           err_set(err, ERR_INPUT, "--rule is interval, sprt, posterior or none; found \"%.40s\"", asked->rule);
}

static bool read_design(const cat_asked_t *asked, cat_design_t *design, err_t *err)
{
    int64_t length = 0, min_length = 1;
    *design = cat_defaults();
    if (asked->select && !cat_select_from_name(asked->select, &design->select))
        return err_set(err, ERR_INPUT, "--select is mfi, kl, stratified, progressive or randomesque; found \"%.40s\"",
                       asked->select);
    if (asked->ability && !ability_method_from_name(asked->ability, &design->ability.method))
        return err_set(err, ERR_INPUT, "--ability is eap, map, wle or mle; found \"%.40s\"", asked->ability);
    if (!args_int("--length", asked->length, 1, TEST_LENGTH_MAX, &length, err) ||
        !args_int("--min-length", asked->min_length, 1, TEST_LENGTH_MAX, &min_length, err) ||
        !exam_number("--stop-se", asked->stop_se, 0.001, 10, &design->stop_se, err) || !read_rule(asked, design, err))
        return false;
    design->length_max = (int)length;
    design->length_min = (int)min_length;
    return cat_design_check(design, err);
}

static bool read_blueprint(cli_t *cli, arena_t *arena, const char *path, cat_setup_t *setup, err_t *err)
{
    const unsigned char *bytes;
    size_t length;
    if (!path) return blueprint_none(&setup->blueprint, arena, &setup->items, err);
    return exam_bytes(cli, arena, path, EXAM_TABLE_BYTES_MAX, &bytes, &length, err) &&
           blueprint_read(&setup->blueprint, arena, exam_shown(path), bytes, length, &setup->items, err);
}

bool cat_set_up(cli_t *cli, arena_t *arena, const cat_asked_t *asked, cat_setup_t *setup, err_t *err)
{
    setup->seed = 1;
    return read_design(asked, &setup->design, err) &&
           args_int("--seed", asked->seed, 0, INT64_MAX, &setup->seed, err) &&
           exam_items(cli, arena, asked->items, &setup->items, err) &&
           read_blueprint(cli, arena, asked->blueprint, setup, err) &&
           cat_bank(&setup->bank, arena, &setup->items, &setup->blueprint, &setup->design, err);
}

void cat_number(text_t *out, double value, bool json)
{
    if (value - value == 0 && exact_abs(value) < 1e6)
        text_add_fixed(out, value, 6);
    else if (json)
        text_add(out, "null");
}
