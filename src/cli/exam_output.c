/* See exam_output.h. */
#include "exam_output.h"

#include "exam_input.h"

void exam_value(text_t *out, double value)
{
    if (value - value == 0)
        text_add_fixed(out, value, 9);
    else
        text_add(out, "null");
}

void exam_json(text_t *out, bool first, const char *name, double value)
{
    text_addf(out, first ? "\"%s\":" : ",\"%s\":", name);
    exam_value(out, value);
}

void exam_cell(text_t *out, double value, int width, int decimals)
{
    char number[32] = "-";
    if (value - value == 0) text_fixed(number, value, decimals);
    text_addf(out, "%*s", width, number);
}

bool exam_save(const char *path, const text_t *text, err_t *err)
{
    FILE *file = fopen(path, "wb");
    bool good = file && !text->failed && fwrite(text->data, 1, text->length, file) == text->length;
    if (file && fclose(file) != 0) good = false;
    return good || err_set(err, ERR_IO, "%s cannot be written; is the folder there and the disk not full?", path);
}

int exam_run(cli_t *cli, int argc, char **argv, const exam_command_t *command, const arg_t *table, const void *asked)
{
    args_t args;
    err_t err = {0};
    text_t out;
    bool no = false;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, command->name, &err);
    if (args.help || args.count != 0) {
        fputs(command->help, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    arena_t *arena = arena_new(EXAM_ARENA_MAX);
    text_init(&out, EXAM_OUTPUT_MAX);
    bool good = (arena || err_set(&err, ERR_MEMORY, "out of memory")) &&
                command->run(cli, asked, arena, &out, &no, &err) && exam_write(cli, &out, &err);
    text_free(&out);
    arena_free(arena);
    if (!good) return args_fail(cli, command->name, &err);
    return no ? CLI_FAILED : CLI_OK;
}
