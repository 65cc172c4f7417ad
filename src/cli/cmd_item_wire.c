/* titer item export | import: items in bulk, to and from other people's formats. */
#include "app/items_wire.h"
#include "args.h"
#include "clock.h"
#include "cmd_item.h"

#include <string.h>

enum { OUT_MAX = 64 * 1024 * 1024, LOST_MAX = 8 * 1024 * 1024, PATH_BYTES = 4096, IMPORT_ARENA = 256 * 1024 * 1024 };

static const char HELP[] =
    "usage: titer item export --format csv|gift|moodle [--area A] [--lesson L] [--type T] [--state S]\n"
    "                         [--programs P] [--id ID,ID] [--out FILE] [--data DIR]\n"
    "       titer item import [--format csv|gift|moodle] FILE [--check] [--author NAME] [--existing "
    "refuse|version|new]\n"
    "                         [--lesson L] [--objective O] [--area A] [--subarea S] [--level L] [--difficulty D]\n"
    "                         [--programs P] [--source TEXT] [--as-of MONTH] [--data DIR] [--json]\n"
    "\n"
    "export writes the chosen items, each as it was saved last, and tells on standard error what the format has no "
    "place\n"
    "for. import says of each question what would be refused or mended and why, and keeps the others as drafts, which\n"
    "somebody else reviews before exams use them; --check only says so. What a file does not say of its questions\n"
    "(lesson, area, level, source, ...) is taken from the options. An item that is here already is refused, unless\n"
    "--existing says that it is a newer version of it, or a new item. Exit code 1: a question was refused.\n"
    "\n"
    "example: titer item export --format moodle --area chemistry --out chemistry.xml\n"
    "example: titer item import quiz.txt --lesson L52 --author \"A. Smith\" --check\n";

typedef struct {
    const char *format, *area, *lesson, *type, *state, *programs, *id, *out, *data, *author, *existing, *objective,
        *subarea, *level, *difficulty, *source, *as_of;
    bool check, json;
} asked_t;

static bool read_format(const char *word, wire_format_t *format, err_t *err)
{
    *format = word ? wire_format(word) : WIRE_FORMATS;
    return *format < WIRE_FORMATS ||
           err_set(err, ERR_INPUT, "--format is csv, gift or moodle%s%.40s", word ? "; found " : "", word ? word : "");
}

/* With its data; where there are none and none are written, with the content alone. */
static bool open_app(cli_t *cli, const asked_t *asked, bool writes, app_t **app, err_t *err)
{
    char dir[PATH_BYTES];
    err_t ignored;
    app_options_t options = {
        .read_only = !writes, .content = cli->content, .now_ms = clock_now_ms, .random = clock_random, .data_dir = dir};
    if (!args_data_dir(asked->data, dir, sizeof dir, err)) return false;
    if (app_open(app, &options, writes ? err : &ignored)) return true;
    options.data_dir = NULL;
    return !writes && app_open(app, &options, err);
}

/* ---- export ---- */

static bool write_file(cli_t *cli, const char *path, const text_t *out, err_t *err)
{
    FILE *file = path ? fopen(path, "wb") : cli->out;
    if (!file) return err_set(err, ERR_IO, "%s cannot be written; is the folder there?", path);
    bool ok = fwrite(out->data, 1, out->length, file) == out->length && fflush(file) == 0;
    if (path && fclose(file) != 0) ok = false;
    return ok || err_set(err, ERR_IO, "%s could not be written", path ? path : "the answer");
}

static bool export(cli_t *cli, const asked_t *asked, err_t *err)
{
    wire_format_t format;
    app_t *app = NULL;
    text_t out, lost;
    int count = 0;
    app_items_choice_t choice = {.area = asked->area,
                                 .lesson = asked->lesson,
                                 .type = asked->type,
                                 .state = asked->state,
                                 .ids = asked->id,
                                 .programs = asked->programs ? item_programs(asked->programs) : 0};
    if (!read_format(asked->format, &format, err)) return false;
    if (asked->programs && !choice.programs)
        return err_set(err, ERR_INPUT, "--programs is PBT, MLA, MLT or several with +; found %.40s", asked->programs);
    if (!open_app(cli, asked, false, &app, err)) return false;
    text_init(&out, OUT_MAX);
    text_init(&lost, LOST_MAX);
    bool ok =
        app_items_export(app, &choice, format, &out, &lost, &count, err) && write_file(cli, asked->out, &out, err);
    if (ok && lost.length) fwrite(lost.data, 1, lost.length, cli->err);
    if (ok && asked->out) fprintf(cli->out, "%d items in %s\n", count, asked->out);
    text_free(&out);
    text_free(&lost);
    app_close(app);
    return ok;
}

/* ---- import ---- */

static void row_json(text_t *out, const app_import_row_t *row)
{
    text_addf(out, "{\"number\":%d,\"line\":%d,\"outcome\":\"%s\",\"id\":", row->number, row->line,
              app_import_word(row->outcome));
    text_add_json(out, row->id);
    text_add(out, ",\"question\":");
    text_add_json(out, row->what);
    text_add(out, ",\"says\":[");
    for (int i = 0; i < row->count; i++) {
        if (i) text_add_char(out, ',');
        text_add_json(out, row->say[i]);
    }
    text_add(out, "]}");
}

static void row_text(text_t *out, const char *file, const app_import_row_t *row)
{
    text_addf(out, "%s:%d: question %d, %s%s%s: %s\n", file, row->line, row->number, app_import_word(row->outcome),
              row->id[0] ? " " : "", row->id, row->what);
    for (int i = 0; i < row->count; i++) text_addf(out, "    %s\n", row->say[i]);
}

static void tell(text_t *out, const char *file, const wire_t *wire, const app_import_row_t *rows, int done, bool json,
                 bool saved)
{
    int counts[APP_IMPORT_OUTCOMES] = {0};
    for (int i = 0; i < done; i++) counts[rows[i].outcome]++;
    if (json) {
        text_addf(out, "{\"saved\":%s", saved ? "true" : "false");
        for (int i = 0; i < APP_IMPORT_OUTCOMES; i++)
            text_addf(out, ",\"%s\":%d", app_import_word((app_import_outcome_t)i), counts[i]);
        text_add(out, ",\"note\":");
        text_add_json(out, wire->note ? wire->note : "");
        text_add(out, ",\"questions\":[");
        for (int i = 0; i < done; i++) {
            text_add(out, i ? ",\n" : "\n");
            row_json(out, &rows[i]);
        }
        text_add(out, "]}\n");
        return;
    }
    for (int i = 0; i < done; i++) row_text(out, file, &rows[i]);
    if (wire->note) text_addf(out, "%s: %s\n", file, wire->note);
    text_addf(out, "%d accepted, %d unfinished, %d here already, %d refused%s\n", counts[APP_IMPORT_ACCEPTED],
              counts[APP_IMPORT_UNFINISHED], counts[APP_IMPORT_SAME], counts[APP_IMPORT_REFUSED],
              saved ? "" : "; nothing was saved");
}

static bool read_how(const asked_t *asked, app_import_t *how, err_t *err)
{
    int known = 0;
    *how = (app_import_t){.author = asked->author ? asked->author : "", .save = !asked->check};
    while (asked->existing && known < APP_KNOWN_WAYS &&
           strcmp(asked->existing, app_known_word((app_known_t)known)) != 0)
        known++;
    if (known == APP_KNOWN_WAYS)
        return err_set(err, ERR_INPUT, "--existing is refuse, version or new; found %.40s", asked->existing);
    how->known = (app_known_t)known;
    const struct {
        wire_key_t key;
        const char *text;
    } facts[] = {
        {WIRE_LESSON, asked->lesson},     {WIRE_OBJECTIVE, asked->objective}, {WIRE_AREA, asked->area},
        {WIRE_SUBAREA, asked->subarea},   {WIRE_LEVEL, asked->level},         {WIRE_DIFFICULTY, asked->difficulty},
        {WIRE_PROGRAMS, asked->programs}, {WIRE_SOURCE, asked->source},       {WIRE_AS_OF, asked->as_of}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) how->fact[facts[i].key] = facts[i].text;
    if (!asked->check && !how->author[0])
        return err_set(err, ERR_INPUT, "--author names who wrote or imports the items; --check saves nothing");
    return true;
}

static bool import(cli_t *cli, const asked_t *asked, const char *path, bool *refused, err_t *err)
{
    wire_format_t format = WIRE_FORMATS;
    app_import_t how;
    wire_t wire;
    text_t file = {0}, out;
    app_t *app = NULL;
    int done = 0;
    if (asked->format && !read_format(asked->format, &format, err)) return false;
    if (!read_how(asked, &how, err) || !args_file(cli, path, WIRE_BYTES_MAX, &file, err)) return false;
    if (!asked->format) format = wire_guess(file.data ? file.data : "", file.length);
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    arena_t *arena = arena_new(IMPORT_ARENA);
    text_init(&out, OUT_MAX);
    bool ok = arena != NULL || err_set(err, ERR_MEMORY, "out of memory");
    ok = ok && wire_read(&wire, arena, format, name, file.data ? file.data : "", file.length, err) &&
         open_app(cli, asked, how.save, &app, err);
    app_import_row_t *rows = ok ? arena_array(arena, (size_t)wire.count, sizeof *rows) : NULL;
    if (ok && !rows) ok = err_set(err, ERR_MEMORY, "out of memory");
    ok = ok && app_items_import(app, arena, &wire, &how, rows, &done, err);
    if (rows && done) tell(&out, name, &wire, rows, done, asked->json, how.save);
    for (int i = 0; i < done; i++) *refused = *refused || rows[i].outcome == APP_IMPORT_REFUSED;
    if (out.length && (fwrite(out.data, 1, out.length, cli->out) != out.length || fflush(cli->out) != 0) && ok)
        ok = err_set(err, ERR_IO, "the answer could not be written");
    if (app) app_close(app);
    text_free(&out);
    text_free(&file);
    arena_free(arena);
    return ok;
}

int cmd_item_wire(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--format", &asked.format, NULL},
                           {"--area", &asked.area, NULL},
                           {"--lesson", &asked.lesson, NULL},
                           {"--type", &asked.type, NULL},
                           {"--state", &asked.state, NULL},
                           {"--programs", &asked.programs, NULL},
                           {"--id", &asked.id, NULL},
                           {"--out", &asked.out, NULL},
                           {"--data", &asked.data, NULL},
                           {"--author", &asked.author, NULL},
                           {"--existing", &asked.existing, NULL},
                           {"--objective", &asked.objective, NULL},
                           {"--subarea", &asked.subarea, NULL},
                           {"--level", &asked.level, NULL},
                           {"--difficulty", &asked.difficulty, NULL},
                           {"--source", &asked.source, NULL},
                           {"--as-of", &asked.as_of, NULL},
                           {"--check", NULL, &asked.check},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    bool refused = false;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer item", &err);
    const char *word = args.count ? args.words[0] : "";
    bool exports = args.count == 1 && strcmp(word, "export") == 0,
         imports = args.count == 2 && strcmp(word, "import") == 0;
    if (args.help || !(exports || imports)) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    bool ok = exports ? export(cli, &asked, &err) : import(cli, &asked, args.words[1], &refused, &err);
    return !ok ? args_fail(cli, "titer item", &err) : refused ? CLI_FAILED : CLI_OK;
}
