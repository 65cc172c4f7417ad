/* titer irt ctt: classical statistics of items and test. */
#include "exam/ctt.h"
#include "exam_input.h"
#include "exam_output.h"

#include <string.h>

static const char HELP[] =
    "usage: titer irt ctt [--in responses.csv] [--key key.csv] [--missing leave-out|wrong] [--json]\n"
    "\n"
    "Difficulty p, item-total and item-rest correlation, what each option attracts, Cronbach's alpha and the standard\n"
    "error of measurement.\n"
    "\n"
    "  --key       id,key: answers are options 0, 1, ... and the key is the right one (otherwise answers are scores)\n"
    "  --missing   persons who miss an answer are left out (default), or get 0 for it\n"
    "\n"
    "example: titer irt ctt --in options.csv --key key.csv\n";

typedef struct {
    const char *in, *key, *missing;
    bool json;
} asked_t;

static bool read_key(cli_t *cli, arena_t *arena, const char *path, const responses_t *responses, const int **key,
                     err_t *err)
{
    const unsigned char *bytes;
    size_t length;
    csv_t table;
    int id, right;
    *key = NULL;
    if (!path) return true;
    if (!exam_bytes(cli, arena, path, EXAM_TABLE_BYTES_MAX, &bytes, &length, err) ||
        !csv_read(&table, arena, exam_shown(path), bytes, length, err) || !csv_need(&table, "id", &id, err) ||
        !csv_need(&table, "key", &right, err))
        return false;
    int *found = arena_array(arena, responses->items, sizeof *found);
    if (!found) return err_set(err, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < responses->items; i++) {
        size_t row = 0;
        int64_t option;
        while (row < table.rows && strcmp(csv_text(&table, row, id), responses->names[i]) != 0) row++;
        if (row == table.rows)
            return err_set(err, ERR_INPUT, "%s: there is no key of item %.63s", exam_shown(path), responses->names[i]);
        if (!csv_int(&table, row, right, &option, err)) return false;
        if (option < 0 || option >= IRT_CATEGORIES_MAX)
            return csv_fail(&table, row, err, "a key is an option from 0 to %d", IRT_CATEGORIES_MAX - 1);
        found[i] = (int)option;
    }
    *key = found;
    return true;
}

static void write_json(text_t *out, const responses_t *responses, const ctt_t *r)
{
    text_addf(out, "{\"persons\":%zu,\"left_out\":%zu", r->persons, r->left_out);
    exam_json(out, false, "mean", r->mean);
    exam_json(out, false, "sd", r->sd);
    exam_json(out, false, "alpha", r->alpha);
    exam_json(out, false, "sem", r->sem);
    text_add(out, ",\"items\":[");
    for (size_t i = 0; i < responses->items; i++) {
        const ctt_item_t *item = &r->items[i];
        text_add(out, i ? ",\n{\"id\":" : "\n{\"id\":");
        text_add_json(out, responses->names[i]);
        exam_json(out, false, "p", item->p);
        exam_json(out, false, "sd", item->sd);
        exam_json(out, false, "item_total", item->item_total);
        exam_json(out, false, "item_rest", item->item_rest);
        exam_json(out, false, "alpha_without", item->alpha_without);
        text_add(out, ",\"options\":[");
        for (int k = 0; k < item->options; k++) {
            const ctt_option_t *option = &item->option[k];
            text_addf(out, "%s{\"option\":%d,\"n\":%zu", k ? "," : "", k, option->n);
            exam_json(out, false, "share", option->share);
            exam_json(out, false, "mean_rest", option->mean_rest);
            exam_json(out, false, "rest", option->rest);
            text_add(out, item->key == k ? ",\"key\":true}" : "}");
        }
        text_add(out, "]}");
    }
    text_add(out, "]}\n");
}

static void write_table(text_t *out, const responses_t *responses, const ctt_t *r)
{
    text_addf(out, "%zu persons, %zu left out for missing answers\nmean", r->persons, r->left_out);
    exam_cell(out, r->mean, 8, 2);
    text_add(out, "  SD");
    exam_cell(out, r->sd, 8, 2);
    text_add(out, "  alpha");
    exam_cell(out, r->alpha, 7, 3);
    text_add(out, "  SEM");
    exam_cell(out, r->sem, 7, 2);
    text_add(out, "\n\nitem / option       n    p or share  item-total  item-rest  alpha without\n");
    for (size_t i = 0; i < responses->items; i++) {
        const ctt_item_t *item = &r->items[i];
        text_addf(out, "%-14s %7zu", responses->names[i], r->persons);
        exam_cell(out, item->p, 14, 3);
        exam_cell(out, item->item_total, 12, 3);
        exam_cell(out, item->item_rest, 11, 3);
        exam_cell(out, item->alpha_without, 15, 3);
        text_add_char(out, '\n');
        for (int k = 0; k < item->options && item->key >= 0; k++) {
            text_addf(out, "  %c%-11d %7zu", item->key == k ? '*' : ' ', k, item->option[k].n);
            exam_cell(out, item->option[k].share, 14, 3);
            exam_cell(out, item->option[k].rest, 23, 3);
            text_add_char(out, '\n');
        }
    }
}

static bool run(cli_t *cli, const void *given, arena_t *arena, text_t *out, bool *no, err_t *err)
{
    const asked_t *asked = given;
    responses_t responses;
    const int *key;
    ctt_t result;
    const bool wrong = asked->missing && strcmp(asked->missing, "wrong") == 0;
    (void)no;
    if (asked->missing && !wrong && strcmp(asked->missing, "leave-out") != 0)
        return err_set(err, ERR_INPUT, "--missing is leave-out or wrong; found \"%.40s\"", asked->missing);
    if (!exam_responses(cli, arena, asked->in, &responses, err) ||
        !read_key(cli, arena, asked->key, &responses, &key, err) || !ctt(&result, arena, &responses, key, wrong, err))
        return false;
    if (asked->json)
        write_json(out, &responses, &result);
    else
        write_table(out, &responses, &result);
    return true;
}

int cmd_irt_ctt(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const exam_command_t command = {"titer irt ctt", HELP, run};
    const arg_t table[] = {{"--in", &asked.in, NULL},
                           {"--key", &asked.key, NULL},
                           {"--missing", &asked.missing, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    return exam_run(cli, argc, argv, &command, table, &asked);
}
