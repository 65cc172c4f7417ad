/* titer irt score: ability of every person of a table of responses. */
#include "exam/ability.h"
#include "exam_input.h"

#include <string.h>

/* An SE above this is as good as none. */
#define SE_SHOWN_MAX 1e6

static const char HELP[] =
    "usage: titer irt score --items items.csv [--method eap|map|wle|mle] [--quad 61] [--range 6] [--in responses.csv]\n"
    "       [--prior-mean 0] [--prior-sd 1] [--json]\n"
    "\n"
    "Prints person,theta,se for every row of a table of responses (standard input, or --in): the header names the\n"
    "items, each row is one person, answers are whole numbers from 0, empty where there is none.\n"
    "\n"
    "  --items    id,model,a,b1,b2,...,c; models rasch, 2pl, 3pl, pcm, gpcm, grm; metric a(theta - b), D = 1\n"
    "  --method   eap (default): posterior mean; map: posterior mode; both under a normal prior, N(0,1) unless\n"
    "             --prior-mean or --prior-sd; wle: Warm's weighted likelihood; mle: maximum likelihood. Where mle is\n"
    "             infinite (all answers the highest or all the lowest) theta is the bound of --range and se is empty\n"
    "  --quad     number of equally spaced nodes of eap; --range R puts them on [-R, R]\n"
    "\n"
    "example: titer irt score --items items.csv --method eap --in responses.csv\n";

typedef struct {
    const char *items, *method, *quad, *range, *in, *mean, *sd;
    bool json;
} asked_t;

static bool read_options(const asked_t *asked, ability_options_t *options, err_t *err)
{
    int64_t nodes = 61;
    *options = ability_defaults();
    if (asked->method && !ability_method_from_name(asked->method, &options->method))
        return err_set(err, ERR_INPUT, "--method is eap, map, wle or mle; found \"%.40s\"", asked->method);
    if (!args_int("--quad", asked->quad, ABILITY_NODES_MIN, ABILITY_NODES_MAX, &nodes, err)) return false;
    if (!exam_number("--range", asked->range, 0.001, IRT_LOCATION_MAX, &options->range, err) ||
        !exam_number("--prior-mean", asked->mean, -IRT_LOCATION_MAX, IRT_LOCATION_MAX, &options->mean, err) ||
        !exam_number("--prior-sd", asked->sd, 0.001, IRT_LOCATION_MAX, &options->sd, err))
        return false;
    options->nodes = (int)nodes;
    return ability_options_check(options, err);
}

/* Ability of one person; eap by the table, the others answer by answer. */
typedef struct {
    ability_options_t options;
    ability_grid_t grid; /* eap only */
    ability_scan_t scan; /* the others */
    irt_answer_t *answers;
    double *posterior, *weight;
} scorer_t;

static ability_t score_person(scorer_t *scorer, const items_t *items, const int *item_of, const int8_t *given, size_t n)
{
    size_t count = 0;
    if (scorer->options.method != ABILITY_EAP) {
        for (size_t i = 0; i < n; i++)
            if (given[i] != RESPONSE_MISSING)
                scorer->answers[count++] = (irt_answer_t){&items->items[item_of[i]], given[i]};
        return ability_estimate_scanned(&scorer->scan, scorer->answers, count, &scorer->options);
    }
    memcpy(scorer->posterior, scorer->grid.prior, (size_t)scorer->grid.nodes * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        if (given[i] == RESPONSE_MISSING) continue;
        const double *row = ability_row(&scorer->grid, (size_t)item_of[i], given[i]);
        for (int q = 0; q < scorer->grid.nodes; q++) scorer->posterior[q] += row[q];
    }
    return ability_eap(&scorer->grid, scorer->posterior, scorer->weight);
}

static bool scorer_open(scorer_t *scorer, arena_t *arena, const items_t *items, size_t columns, err_t *err)
{
    bool eap = scorer->options.method == ABILITY_EAP;
    if (eap ? !ability_grid(&scorer->grid, arena, items->items, items->count, &scorer->options, err)
            : !ability_scan(&scorer->scan, arena, items->items, items->count, err))
        return false;
    scorer->answers = arena_array(arena, columns, sizeof *scorer->answers);
    scorer->posterior = arena_array(arena, ABILITY_NODES_MAX, sizeof(double));
    scorer->weight = arena_array(arena, ABILITY_NODES_MAX, sizeof(double));
    return (scorer->answers && scorer->posterior && scorer->weight) || err_set(err, ERR_MEMORY, "out of memory");
}

static void write_person(text_t *out, size_t person, const ability_t *ability, bool json)
{
    static const char *const states[] = {"found", "lowest", "highest", "unknown"};
    bool has_se = ability->se < SE_SHOWN_MAX;
    text_addf(out, json ? "%s{\"person\":%zu,\"theta\":" : "%s%zu,", json && person ? ",\n" : "", person + 1);
    text_add_fixed(out, ability->theta, 6);
    text_add(out, json ? ",\"se\":" : ",");
    if (has_se)
        text_add_fixed(out, ability->se, 6);
    else if (json)
        text_add(out, "null");
    if (json)
        text_addf(out, ",\"state\":\"%s\"}", states[ability->state]);
    else
        text_add_char(out, '\n');
}

/* What a number alone does not say, on the side. */
typedef struct {
    size_t persons, unbounded, unknown, narrow;
} notes_t;

static void note(notes_t *notes, const ability_t *ability, const scorer_t *scorer)
{
    notes->persons++;
    notes->unbounded += ability->state == ABILITY_LOWEST || ability->state == ABILITY_HIGHEST;
    notes->unknown += ability->state == ABILITY_UNKNOWN;
    notes->narrow += scorer->options.method == ABILITY_EAP && ability->se < 0.6 * scorer->grid.step;
}

static void say_notes(cli_t *cli, const notes_t *notes)
{
    static const char name[] = "titer irt score";
    if (notes->unbounded)
        fprintf(cli->err, "%s: %zu of %zu persons have no finite estimate; theta is the bound of --range\n", name,
                notes->unbounded, notes->persons);
    if (notes->unknown)
        fprintf(cli->err, "%s: %zu of %zu persons gave no answer; theta is the prior mean, which says nothing\n", name,
                notes->unknown, notes->persons);
    if (notes->narrow)
        fprintf(cli->err, "%s: %zu of %zu persons are measured more finely than the nodes stand apart; raise --quad\n",
                name, notes->narrow, notes->persons);
}

static bool score_all(cli_t *cli, scorer_t *scorer, const items_t *items, const responses_t *responses, bool json,
                      arena_t *arena, text_t *out, err_t *err)
{
    const int *item_of;
    notes_t notes = {0};
    if (!responses_match(responses, items, arena, &item_of, err) ||
        !scorer_open(scorer, arena, items, responses->items, err))
        return false;
    text_add(out, json ? "[" : "person,theta,se\n");
    for (size_t p = 0; p < responses->persons; p++) {
        ability_t ability =
            score_person(scorer, items, item_of, responses->answers + p * responses->items, responses->items);
        note(&notes, &ability, scorer);
        write_person(out, p, &ability, json);
    }
    if (json) text_add(out, "]\n");
    say_notes(cli, &notes);
    return true;
}

static bool score(cli_t *cli, const asked_t *asked, arena_t *arena, text_t *out, err_t *err)
{
    scorer_t scorer = {0};
    items_t items;
    responses_t responses;
    return read_options(asked, &scorer.options, err) && exam_items(cli, arena, asked->items, &items, err) &&
           exam_responses(cli, arena, asked->in, &responses, err) &&
           score_all(cli, &scorer, &items, &responses, asked->json, arena, out, err) && exam_write(cli, out, err);
}

int cmd_irt_score(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {
        {"--items", &asked.items, NULL}, {"--method", &asked.method, NULL}, {"--quad", &asked.quad, NULL},
        {"--range", &asked.range, NULL}, {"--in", &asked.in, NULL},         {"--prior-mean", &asked.mean, NULL},
        {"--prior-sd", &asked.sd, NULL}, {"--json", NULL, &asked.json},     {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    text_t out;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer irt score", &err);
    if (args.help || args.count != 0) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    arena_t *arena = arena_new(EXAM_ARENA_MAX);
    text_init(&out, EXAM_OUTPUT_MAX);
    bool good = (arena || err_set(&err, ERR_MEMORY, "out of memory")) && score(cli, &asked, arena, &out, &err);
    text_free(&out);
    arena_free(arena);
    return good ? CLI_OK : args_fail(cli, "titer irt score", &err);
}
