/* titer record export | import FILE */
#include "app/ledger.h"
#include "app/record.h"
#include "args.h"
#include "clock.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { OUT_MAX = 110 * 1024 * 1024, ARENA_BYTES = 16 * 1024 * 1024, DATE_MAX = 16, FOLDER_MAX = 1000 };

static const char HELP[] =
    "usage: titer record export [--format zip|json|csv|pdf] [--out FILE] [--documents FOLDER] [--data DIR]\n"
    "       titer record import FILE [--documents FOLDER] [--dry-run] [--data DIR] [--json]\n"
    "\n"
    "export writes your record: zip has everything, the ledger and the bytes of all documents too; json the record "
    "with\n"
    "its history (documents by name, size and hash), csv one row a field, pdf what stands. --out makes a new file; "
    "without it the record goes to the standard output.\n"
    "--documents also writes each document into that folder, which must be there, as ID-NAME; their hashes are "
    "checked.\n"
    "import takes in a file that export wrote (zip or json), whole or not at all; --dry-run only says what would "
    "change. Entries "
    "that\n"
    "are here already are corrected. --documents attaches from that folder the files that the record names by their "
    "hash.\n"
    "Not while a server has the data open.\n"
    "\n"
    "example: titer record export --format pdf --out record.pdf\n"
    "example: titer record import record.json --dry-run\n";

typedef struct {
    const char *data, *format, *out, *documents;
    bool dry, json;
} asked_t;

static bool open_app(cli_t *cli, const asked_t *asked, bool read_only, app_t **app, err_t *err)
{
    char dir[4096];
    app_options_t options = {.data_dir = dir,
                             .read_only = read_only,
                             .content = cli->content,
                             .now_ms = clock_now_ms,
                             .random = clock_random};
    return args_data_dir(asked->data, dir, sizeof dir, err) && app_open(app, &options, err);
}

/* ---- export ---- */

static bool write_out(cli_t *cli, const char *name, const text_t *text, err_t *err)
{
    FILE *file = name ? fopen(name, "wbx") : cli->out;
    if (!file)
        return err_set(err, ERR_IO, "%s cannot be made: %s. An export never replaces a file.", name, strerror(errno));
    bool ok = fwrite(text->data, 1, text->length, file) == text->length && fflush(file) == 0;
    if (name) ok = fclose(file) == 0 && ok;
    if (!ok && name) remove(name);
    return ok || err_set(err, ERR_IO, "%s could not be written: %s.", name ? name : "The record", strerror(errno));
}

static bool make_text(app_t *app, const char *format, text_t *text, err_t *err)
{
    char date[DATE_MAX];
    time_t now = (time_t)(clock_now_ms(NULL) / 1000);
    struct tm day;
    localtime_r(&now, &day);
    strftime(date, sizeof date, "%Y-%m-%d", &day);
    if (strcmp(format, "zip") == 0) return app_record_pack(app, APP_RECORD_ME, text, err);
    if (strcmp(format, "json") == 0) return app_record_json(app, APP_RECORD_ME, text, err);
    if (strcmp(format, "csv") == 0) return app_record_csv(app, APP_RECORD_ME, text, err);
    return app_record_paper(app, APP_RECORD_ME, false, date, text, err);
}

/* ID-NAME, with nothing in it that a shell or a folder would take for more than a name. */
static void file_name(char *path, size_t size, const char *folder, const app_document_t *document)
{
    int n = snprintf(path, size, "%s/%s-%s", folder, document->id, document->name);
    size_t from = strlen(folder) + 1;
    for (size_t i = from; n > 0 && i < size && path[i]; i++) {
        unsigned char c = (unsigned char)path[i];
        if (c < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", c)) path[i] = '-';
    }
}

static bool write_documents(cli_t *cli, app_t *app, const char *folder, err_t *err)
{
    app_entries_t record;
    arena_t *arena = arena_new(ARENA_BYTES);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    bool ok = app_record_entries(app, APP_RECORD_ME, arena, &record, err);
    for (int i = 0; ok && i < record.document_count; i++) {
        app_document_t document;
        char path[4096 + APP_DOCUMENT_NAME];
        text_t bytes;
        text_init(&bytes, APP_DOCUMENT_BYTES);
        ok = app_document_read(app, APP_RECORD_ME, record.documents[i].id, &document, &bytes, err);
        if (ok) file_name(path, sizeof path, folder, &document);
        ok = ok && write_out(cli, path, &bytes, err);
        text_free(&bytes);
    }
    arena_free(arena);
    return ok;
}

static bool export(cli_t *cli, const asked_t *asked, err_t *err)
{
    const char *format = asked->format ? asked->format : "json";
    app_t *app = NULL;
    text_t text;
    if (strcmp(format, "zip") != 0 && strcmp(format, "json") != 0 && strcmp(format, "csv") != 0 &&
        strcmp(format, "pdf") != 0)
        return err_set(err, ERR_INPUT, "--format is zip, json, csv or pdf; found \"%.40s\".", format);
    text_init(&text, OUT_MAX);
    bool ok = open_app(cli, asked, true, &app, err) && make_text(app, format, &text, err) &&
              (!asked->documents || write_documents(cli, app, asked->documents, err)) &&
              write_out(cli, asked->out, &text, err);
    text_free(&text);
    app_close(app);
    return ok;
}

/* ---- import ---- */

/* The files of the folder that the record names; others are left alone. */
static bool attach_documents(cli_t *cli, app_t *app, const char *folder, const app_import_t *plan, int *attached,
                             err_t *err)
{
    struct dirent *entry;
    DIR *files = opendir(folder);
    if (!files) return err_set(err, ERR_IO, "The folder %s cannot be read: %s.", folder, strerror(errno));
    bool ok = true;
    for (int seen = 0; ok && (entry = readdir(files)) != NULL && seen < FOLDER_MAX; seen++) {
        char path[4096 + sizeof entry->d_name];
        struct stat about;
        text_t bytes;
        int here = 0;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > APP_DOCUMENT_BYTES) continue;
        text_init(&bytes, 0);
        ok = args_file(cli, path, APP_DOCUMENT_BYTES, &bytes, err) &&
             app_record_import_document(app, APP_RECORD_ME, plan, bytes.data ? bytes.data : "", bytes.length, &here,
                                        err);
        *attached += here;
        text_free(&bytes);
    }
    closedir(files);
    return ok;
}

static void tell(cli_t *cli, const asked_t *asked, const app_import_t *plan, int attached)
{
    if (asked->json)
        fprintf(cli->out,
                "{\"new\":%d,\"corrected\":%d,\"same\":%d,\"none\":%d,\"documents_not_in_the_file\":%d,"
                "\"documents_attached\":%d,\"saved\":%s}\n",
                plan->added, plan->corrected, plan->same, plan->none_count, plan->documents, attached,
                asked->dry ? "false" : "true");
    else
        fprintf(cli->out, "%s%d new, %d corrected, %d the same as here.%s\n", asked->dry ? "It would be: " : "",
                plan->added, plan->corrected, plan->same,
                plan->documents && !asked->documents
                    ? " Documents are not in the file: give their folder by --documents, or attach them again."
                    : "");
    if (!asked->json && asked->documents && !asked->dry)
        fprintf(cli->out, "%d of %d documents attached; what was here already stays.\n", attached, plan->documents);
}

static void tell_archive(cli_t *cli, const asked_t *asked, const app_unpacked_t *done)
{
    const char *would = asked->dry ? "It would be: " : "";
    if (asked->json)
        fprintf(cli->out,
                "{\"new\":%d,\"corrected\":%d,\"same\":%d,\"none\":%d,\"documents\":%d,\"documents_attached\":%d,"
                "\"ledger\":{\"new\":%d,\"corrected\":%d,\"same\":%d},\"saved\":%s}\n",
                done->record.added, done->record.corrected, done->record.same, done->record.none_count,
                done->record.documents, done->attached, done->ledger.added, done->ledger.corrected, done->ledger.same,
                asked->dry ? "false" : "true");
    else
        fprintf(
            cli->out,
            "%s%d new, %d corrected, %d the same as here; %d documents, %d of them attached now; of the ledger %d new, "
            "%d corrected, %d the same.\n",
            would, done->record.added, done->record.corrected, done->record.same, done->record.documents,
            done->attached, done->ledger.added, done->ledger.corrected, done->ledger.same);
}

static bool import_archive(cli_t *cli, const asked_t *asked, app_t *app, const text_t *file, arena_t *arena, err_t *err)
{
    app_unpacked_t done;
    if (asked->documents) return err_set(err, ERR_INPUT, "A ZIP brings its documents itself: leave --documents away.");
    if (!app_record_unpack(app, APP_RECORD_ME, file->data, file->length, !asked->dry, arena, &done, err)) return false;
    tell_archive(cli, asked, &done);
    return true;
}

static bool import(cli_t *cli, const asked_t *asked, const char *name, err_t *err)
{
    app_t *app = NULL;
    app_import_t plan;
    int attached = 0;
    text_t text;
    arena_t *arena = arena_new(ARENA_BYTES);
    text_init(&text, 0);
    bool ok = arena || err_set(err, ERR_MEMORY, "There is not enough memory to read the file.");
    ok = ok && args_file(cli, name, OUT_MAX, &text, err) && open_app(cli, asked, false, &app, err);
    if (ok && app_is_archive(text.data ? text.data : "", text.length)) {
        ok = import_archive(cli, asked, app, &text, arena, err);
        app_close(app);
        text_free(&text);
        arena_free(arena);
        return ok;
    }
    ok = ok && (asked->dry ? app_record_import_plan : app_record_import)(app, APP_RECORD_ME, text.data ? text.data : "",
                                                                         text.length, arena, &plan, err);
    if (ok && asked->documents && !asked->dry) ok = attach_documents(cli, app, asked->documents, &plan, &attached, err);
    if (ok) tell(cli, asked, &plan, attached);
    app_close(app);
    text_free(&text);
    arena_free(arena);
    return ok;
}

int cmd_record(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--data", &asked.data, NULL},
                           {"--format", &asked.format, NULL},
                           {"--out", &asked.out, NULL},
                           {"--dry-run", NULL, &asked.dry},
                           {"--documents", &asked.documents, NULL},
                           {"--json", NULL, &asked.json},
                           {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer record", &err);
    bool exports = args.count == 1 && strcmp(args.words[0], "export") == 0;
    bool imports = args.count == 2 && strcmp(args.words[0], "import") == 0;
    if (args.help || (!exports && !imports)) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    bool ok = exports ? export(cli, &asked, &err) : import(cli, &asked, args.words[1], &err);
    return ok ? CLI_OK : args_fail(cli, "titer record", &err);
}
