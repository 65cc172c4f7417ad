/* titer irt link: puts one calibration on the scale of another by their common items. */
#include "exam/link.h"
#include "exam_input.h"
#include "exam_output.h"

#include <string.h>

static const char HELP[] =
    "usage: titer irt link --from new.csv --to bank.csv [--method stocking-lord|haebara|mean-sigma|mean-mean]\n"
    "                      [--z 1.645] [--logits 0.3] [--drop] [--out linked.csv] [--json]\n"
    "\n"
    "Finds theta_to = slope theta_from + shift from the items that both tables name, and how far each of them has\n"
    "drifted: its displacement after linking, and the robust z of that among the common items. An item has drifted "
    "when\n"
    "|z| is above --z and |displacement| above --logits. rasch and pcm keep the slope 1.\n"
    "\n"
    "  --drop   drifted items leave the link, the worst first, until none is left\n"
    "  --out    writes all items of --from on the scale of --to\n"
    "\n"
    "example: titer irt link --from new.csv --to bank.csv --drop --out linked.csv\n";

typedef struct {
    const char *from, *to, *method, *z, *logits, *out;
    bool drop, json;
} asked_t;

static void write_json(text_t *out, const items_t *from, const link_t *link, link_method_t method)
{
    text_addf(out, "{\"method\":\"%s\"", link_method_name(method));
    exam_json(out, false, "slope", link->slope);
    exam_json(out, false, "shift", link->shift);
    text_addf(out, ",\"common\":%zu,\"used\":%zu,\"items\":[", link->count, link->used);
    for (size_t i = 0; i < link->count; i++) {
        const link_item_t *item = &link->items[i];
        text_add(out, i ? ",\n{\"id\":" : "\n{\"id\":");
        text_add_json(out, from->items[item->from].id);
        exam_json(out, false, "displacement", item->displacement);
        exam_json(out, false, "robust_z", item->robust_z);
        text_addf(out, ",\"drifted\":%s,\"dropped\":%s}", item->drifted ? "true" : "false",
                  item->dropped ? "true" : "false");
    }
    text_add(out, "]}\n");
}

static void write_table(text_t *out, const items_t *from, const link_t *link, link_method_t method)
{
    text_addf(out, "%s: theta_to =", link_method_name(method));
    exam_cell(out, link->slope, 8, 4);
    text_add(out, " theta_from +");
    exam_cell(out, link->shift, 8, 4);
    text_addf(out, "  (%zu of %zu common items)\n\nitem             displacement  robust z\n", link->used, link->count);
    for (size_t i = 0; i < link->count; i++) {
        const link_item_t *item = &link->items[i];
        text_addf(out, "%-16s", from->items[item->from].id);
        exam_cell(out, item->displacement, 13, 3);
        exam_cell(out, item->robust_z, 10, 2);
        text_addf(out, "%s%s\n", item->drifted ? "  drifted" : "", item->dropped ? ", not used" : "");
    }
}

static bool write_linked(const link_t *link, const items_t *from, arena_t *arena, const char *path, err_t *err)
{
    irt_item_t *linked = arena_array(arena, from->count, sizeof *linked);
    text_t text;
    if (!linked) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (size_t i = 0; i < from->count; i++) linked[i] = link_item(link, &from->items[i]);
    text_init(&text, EXAM_OUTPUT_MAX);
    items_write(linked, from->count, &text);
    bool good = exam_save(path, &text, err);
    text_free(&text);
    return good;
}

static bool run(cli_t *cli, const void *given, arena_t *arena, text_t *out, bool *no, err_t *err)
{
    const asked_t *asked = given;
    items_t from, to;
    link_t link;
    link_method_t method = LINK_STOCKING_LORD;
    link_drift_t drift = {.z = 1.645, .logits = 0.3, .drop = asked->drop};
    (void)no;
    if (!asked->from || !asked->to)
        return err_set(err, ERR_INPUT, "name both tables of items: --from new.csv --to bank.csv");
    if (asked->method && !link_method_from_name(asked->method, &method))
        return err_set(err, ERR_INPUT, "--method is stocking-lord, haebara, mean-sigma or mean-mean; found \"%.40s\"",
                       asked->method);
    if (!exam_number("--z", asked->z, 0, 100, &drift.z, err) ||
        !exam_number("--logits", asked->logits, 0, 100, &drift.logits, err) ||
        !exam_items(cli, arena, asked->from, &from, err) || !exam_items(cli, arena, asked->to, &to, err) ||
        !link_scales(&link, arena, &from, &to, method, &drift, err))
        return false;
    if (asked->out && !write_linked(&link, &from, arena, asked->out, err)) return false;
    if (asked->json)
        write_json(out, &from, &link, method);
    else
        write_table(out, &from, &link, method);
    return true;
}

int cmd_irt_link(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const exam_command_t command = {"titer irt link", HELP, run};
    const arg_t table[] = {
        {"--from", &asked.from, NULL}, {"--to", &asked.to, NULL},         {"--method", &asked.method, NULL},
        {"--z", &asked.z, NULL},       {"--logits", &asked.logits, NULL}, {"--out", &asked.out, NULL},
        {"--drop", NULL, &asked.drop}, {"--json", NULL, &asked.json},     {NULL, NULL, NULL}};
    return exam_run(cli, argc, argv, &command, table, &asked);
}
