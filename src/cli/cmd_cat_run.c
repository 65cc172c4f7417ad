/* titer cat run: an adaptive test replayed on complete responses. */
#include "cat_options.h"

#include <string.h>

static const char HELP[] =
    "usage: titer cat run --items items.csv --responses full.csv [--select mfi|kl|stratified|progressive|randomesque]\n"
    "       [--ability eap|map|wle|mle] [--length L] [--min-length M] [--stop-se X] [--cut THETA --confidence 0.95]\n"
    "       [--rule interval|sprt|posterior] [--delta D] [--at-cut] [--blueprint FILE] [--seed N] [--json]\n"
    "\n"
    "Gives each person of a table of responses the adaptive test that their answers would have led to, starting at\n"
    "theta = 0. Prints every step (item, response, theta and its standard error after it), the decision, and why the\n"
    "test stopped: length, se, decision, or items (none was left). An item that a person has not answered is not "
    "given\n"
    "to that person.\n"
    "\n";

static const char EXAMPLE[] =
    "\nexample: titer cat run --items items.csv --responses full.csv --length 30 --cut 0 --confidence 0.95 --json\n";

static void write_json(text_t *out, const items_t *items, size_t person, const cat_view_t *view)
{
    text_addf(out, "%s{\"person\":%zu,\"steps\":[", person ? ",\n" : "", person + 1);
    for (int i = 0; i < view->count; i++) {
        const cat_step_t *step = &view->steps[i];
        text_add(out, i ? ",\n  {\"item\":" : "\n  {\"item\":");
        text_add_json(out, items->items[step->item].id);
        text_addf(out, ",\"response\":%d,\"theta\":", step->response);
        cat_number(out, step->theta, true);
        text_add(out, ",\"se\":");
        cat_number(out, step->se, true);
        text_add_char(out, '}');
    }
    text_addf(out, "],\n \"length\":%d,\"theta\":", view->count);
    cat_number(out, view->ability.theta, true);
    text_add(out, ",\"se\":");
    cat_number(out, view->ability.se, true);
    text_addf(out, ",\"finite\":%s,\"stopped\":\"%s\",\"decision\":",
              view->ability.state == ABILITY_FOUND ? "true" : "false", cat_stop_name(view->stop));
    if (view->decision == CAT_UNDECIDED)
        text_add(out, "null}");
    else
        text_addf(out, "\"%s\"}", cat_decision_name(view->decision));
}

/* One row a step; the last of a person carries the estimate of the whole test, the decision and why it stopped. */
static void write_csv(text_t *out, const items_t *items, size_t person, const cat_view_t *view)
{
    for (int i = 0; i < view->count; i++) {
        const cat_step_t *step = &view->steps[i];
        bool last = i + 1 == view->count;
        text_addf(out, "%zu,%d,", person + 1, i + 1);
        text_add_csv(out, items->items[step->item].id);
        text_addf(out, ",%d,", step->response);
        cat_number(out, last ? view->ability.theta : step->theta, false);
        text_add_char(out, ',');
        cat_number(out, last ? view->ability.se : step->se, false);
        text_addf(out, ",%s,%s\n", last ? cat_decision_name(view->decision) : "",
                  last ? cat_stop_name(view->stop) : "");
    }
}

/* answers [items of the bank]: RESPONSE_MISSING where the table has no column or an empty field. */
static bool replay(cat_sitting_t *sitting, const cat_setup_t *setup, size_t person, const int8_t *answers, bool *usable,
                   err_t *err)
{
    err_t why = {0};
    for (size_t i = 0; i < setup->items.count; i++) usable[i] = answers[i] != RESPONSE_MISSING;
    if (!cat_begin(sitting, (uint64_t)setup->seed, person, usable, NULL, &why))
        return err_set(err, why.code, "person %zu: %s; are answers missing?", person + 1, why.text);
    for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting)) cat_answer(sitting, answers[item]);
    return true;
}

static bool run(cli_t *cli, arena_t *arena, const cat_asked_t *asked, const char *path, text_t *out, err_t *err)
{
    cat_setup_t setup;
    responses_t responses;
    const int *item_of;
    cat_sitting_t *sitting;
    if (!path) return err_set(err, ERR_INPUT, "name the table of complete responses with --responses full.csv");
    if (!cat_set_up(cli, arena, asked, &setup, err) || !exam_responses(cli, arena, path, &responses, err) ||
        !responses_match(&responses, &setup.items, arena, &item_of, err) ||
        !cat_sitting(&sitting, arena, setup.bank, err))
        return false;
    int8_t *answers = arena_array(arena, setup.items.count, sizeof *answers);
    bool *usable = arena_array(arena, setup.items.count, sizeof *usable);
    if (!answers || !usable) return err_set(err, ERR_MEMORY, "out of memory");
    memset(answers, RESPONSE_MISSING, setup.items.count);
    text_add(out, asked->json ? "[" : "person,step,item,response,theta,se,decision,stopped\n");
    for (size_t person = 0; person < responses.persons; person++) {
        for (size_t column = 0; column < responses.items; column++)
            answers[item_of[column]] = responses.answers[person * responses.items + column];
        if (!replay(sitting, &setup, person, answers, usable, err)) return false;
        cat_view_t view = cat_view(sitting);
        if (asked->json)
            write_json(out, &setup.items, person, &view);
        else
            write_csv(out, &setup.items, person, &view);
    }
    if (asked->json) text_add(out, "]\n");
    return exam_write(cli, out, err);
}

int cmd_cat_run(cli_t *cli, int argc, char **argv)
{
    cat_asked_t asked = {0};
    const char *responses = NULL;
    arg_t table[CAT_OPTIONS + 2] = {{NULL, NULL, NULL}};
    int rows = cat_option_rows(&asked, table);
    table[rows] = (arg_t){"--responses", &responses, NULL};
    args_t args;
    err_t err = {0};
    text_t out;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer cat run", &err);
    if (args.help || args.count != 0) {
        fprintf(args.help ? cli->out : cli->err, "%s%s%s", HELP, CAT_OPTIONS_HELP, EXAMPLE);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    arena_t *arena = arena_new(EXAM_ARENA_MAX);
    text_init(&out, EXAM_OUTPUT_MAX);
    bool good = (arena || err_set(&err, ERR_MEMORY, "out of memory")) && run(cli, arena, &asked, responses, &out, &err);
    text_free(&out);
    arena_free(arena);
    return good ? CLI_OK : args_fail(cli, "titer cat run", &err);
}
