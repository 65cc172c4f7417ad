/* titer item list | show ID | draw ID | check [FILE-or-FOLDER ...] | families | generate FAMILY --seed N [--count K];
 * export and import are in cmd_item_wire.c */
#include "cmd_item.h"

#include "app/families.h"
#include "app/items.h"
#include "app/pictures.h"
#include "args.h"
#include "clock.h"
#include "exam/bank.h"
#include "exhibit_text.h"
#include "lab/lab.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CHECK_SEEDS = 20,
    COUNT_MAX = 100000,
    ITEM_MEMORY = 1024 * 1024,
    OUTPUT_MAX = 64 * 1024 * 1024,
    PATH_BYTES = 1024,
    FILES_MAX = 2000,
    DEPTH_MAX = 4
};

static const char HELP[] =
    "usage: titer item list [--json]\n"
    "       titer item show ID [--statistics [--data DIR]] [--json]\n"
    "       titer item draw ID\n"
    "       titer item check [FILE|FOLDER ...] [--json]\n"
    "       titer item families [--json]\n"
    "       titer item generate FAMILY [--seed N] [--count K] [--json]\n"
    "       titer item export ... | import ...   (`titer item export --help`)\n"
    "\n"
    "check reads item files (without an argument: the bank inside the program) and names file, line and remedy of\n"
    "what breaks the rules of content/items/README.md. Warnings ask for a second look. Exit code 1: there is an "
    "error.\n"
    "\n"
    "draw writes the picture of an item as SVG; show has it in words. --statistics tells what finished sittings say of "
    "the item's difficulty (a family: of all its variants).\n"
    "\n"
    "example: titer item check content/items/chemistry\n"
    "example: titer item generate anion-gap --seed 7\n";

/* ---- JSON ---- */

static void pair(text_t *out, const char *key, const char *value)
{
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, value);
}

static void number(text_t *out, const char *key, double value, int decimals)
{
    text_addf(out, ",\"%s\":", key);
    text_add_fixed(out, value, decimals);
}

static void programs_json(text_t *out, unsigned programs)
{
    static const char *const words[] = {"PBT", "MLA", "MLT"};
    bool first = true;
    text_add(out, ",\"programs\":[");
    for (int i = 0; i < 3; i++)
        if (programs & 1u << i) {
            text_addf(out, "%s\"%s\"", first ? "" : ",", words[i]);
            first = false;
        }
    text_add_char(out, ']');
}

static void part_json(text_t *out, const item_t *item, const item_part_t *part)
{
    text_add(out, "{\"why\":");
    text_add_json(out, part->why);
    if (item_is_number(item->type))
        number(out, "value", part->value, item->decimals);
    else
        pair(out, item->type == ITEM_MATCH ? "left" : "text", part->text);
    if (item->type == ITEM_MATCH) pair(out, "right", part->right);
    if (item_has_one_key(item->type) || item->type == ITEM_SEVERAL)
        text_addf(out, ",\"key\":%s", part->key ? "true" : "false");
    text_add_char(out, '}');
}

static void head_json(text_t *out, const item_t *item)
{
    text_add(out, "{\"id\":");
    text_add_json(out, item->id);
    pair(out, "type", item_type_word(item->type));
    pair(out, "lesson", item->lesson);
    programs_json(out, item->programs);
    pair(out, "area", item->area);
    pair(out, "subarea", item->subarea);
    pair(out, "objective", item->objective);
    pair(out, "level", item_level_word(item->level));
    number(out, "difficulty", item->difficulty, 2);
    number(out, "difficulty_sd", item->difficulty_sd, 2);
    pair(out, "state", item_state_word(item->state));
    text_addf(out, ",\"version\":%d", item->version);
    pair(out, "stem", item->stem);
}

static void item_json(text_t *out, const item_t *item)
{
    head_json(out, item);
    pair(out, "source", item->source);
    pair(out, "as_of", item->as_of);
    if (item->why[0]) pair(out, "why", item->why);
    if (item->set) pair(out, "set", item->set);
    if (item->set) pair(out, "set_text", item->set_text);
    for (int i = 0; i < item->enemies; i++) {
        text_add(out, i ? "," : ",\"enemies\":[");
        text_add_json(out, item->enemy[i]);
        if (i + 1 == item->enemies) text_add_char(out, ']');
    }
    if (item->picture.draw) {
        text_add(out, ",\"picture\":{\"draw\":");
        text_add_json(out, item->picture.draw);
        text_addf(out, ",\"seed\":%llu", (unsigned long long)item->picture.seed);
        if (item->picture.data[0]) pair(out, "data", item->picture.data);
        text_add_char(out, '}');
    }
    if (item->type == ITEM_COUNT) pair(out, "counts", item->counts);
    if (item_is_number(item->type)) {
        text_add(out, ",\"answer\":{\"value\":");
        text_add_fixed(out, item->value, item->decimals);
        number(out, "tolerance", item->tolerance, ITEM_DECIMALS_MAX);
        pair(out, "unit", item->unit);
        text_addf(out, ",\"decimals\":%d}", item->decimals);
    }
    text_add(out, item_is_number(item->type) ? ",\"mistakes\":[" : ",\"parts\":[");
    for (int i = 0; i < item->parts; i++) {
        if (i) text_add_char(out, ',');
        part_json(out, item, &item->part[i]);
    }
    text_add(out, "]}\n");
}

/* ---- text ---- */

static void item_text(text_t *out, const item_t *item, const app_exhibit_t *exhibit)
{
    text_addf(out, "%s  %s, %s: %s, %s, %s, difficulty ", item->id, item_type_word(item->type), item->area,
              item->subarea, item->objective, item_level_word(item->level));
    text_add_fixed(out, item->difficulty, 1);
    text_addf(out, ", %s, version %d\n\n%s%s%s\n\n", item_state_word(item->state), item->version,
              item->set ? item->set_text : "", item->set ? "\n\n" : "", item->stem);
    if (exhibit) exhibit_text(out, exhibit);
    if (item->type == ITEM_COUNT) text_addf(out, "Counted: %s\n", item->counts);
    if (item_is_number(item->type)) {
        text_add(out, "= ");
        text_add_fixed(out, item->value, item->decimals);
        text_addf(out, " %s (within ", item->unit);
        text_add_fixed(out, item->tolerance, item->decimals);
        text_add(out, ")\n");
    }
    for (int i = 0; i < item->parts; i++) {
        const item_part_t *part = &item->part[i];
        if (item_is_number(item->type)) {
            text_add(out, "  ");
            text_add_fixed(out, part->value, item->decimals);
        } else if (item->type == ITEM_ORDER) {
            text_addf(out, "%d %s", i + 1, part->text);
        } else {
            text_addf(out, "%c %s%s%s", part->key ? '*' : '-', part->text, part->right[0] ? " = " : "", part->right);
        }
        text_addf(out, "\n      %s\n", part->why);
    }
    if (item->why[0]) text_addf(out, "\n%s\n", item->why);
    for (int i = 0; i < item->enemies; i++)
        text_addf(out, "%s%s%s", i ? " " : "\nNever in one test with ", item->enemy[i],
                  i + 1 == item->enemies ? "\n" : "");
    text_addf(out, "\nSource: %s (as of %s)\n", item->source, item->as_of);
}

static void list(const bank_t *bank, bool json, text_t *out)
{
    if (json) text_add_char(out, '[');
    for (size_t i = 0; i < bank_count(bank); i++) {
        const item_t *item = bank_item(bank, i);
        if (json) {
            text_add(out, i ? ",\n" : "");
            head_json(out, item);
            text_add_char(out, '}');
        } else {
            text_addf(out, "%-8s %-8s %-12s %-9s %-8s %.90s\n", item->id, item_type_word(item->type), item->area,
                      item_level_word(item->level), item_state_word(item->state), item->stem);
        }
    }
    if (json) text_add(out, "]\n");
}

/* ---- check ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

typedef struct {
    char *files[FILES_MAX];
    int count;
} paths_t;

static bool add_path(paths_t *paths, const char *path, err_t *err)
{
    if (paths->count == FILES_MAX) return err_set(err, ERR_LIMIT, "more than %d files are too many", FILES_MAX);
    paths->files[paths->count] = strdup(path);
    return paths->files[paths->count++] || err_set(err, ERR_MEMORY, "out of memory");
}

/* Every .yaml file below a folder except families/, or the file itself. */
static bool find_paths(paths_t *paths, const char *path, int depth, err_t *err)
{
    struct stat info;
    char name[PATH_BYTES];
    if (stat(path, &info) != 0) return err_set(err, ERR_NOT_FOUND, "%s cannot be read; is the name right?", path);
    if (!S_ISDIR(info.st_mode)) return add_path(paths, path, err);
    DIR *dir = depth < DEPTH_MAX ? opendir(path) : NULL;
    if (!dir) return err_set(err, ERR_NOT_FOUND, "the folder %s cannot be read, or is too deep", path);
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "families") == 0) continue;
        if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name)
            good = err_set(err, ERR_LIMIT, "a name below %s is too long", path);
        else if (stat(name, &info) == 0 && S_ISDIR(info.st_mode))
            good = find_paths(paths, name, depth + 1, err);
        else if (length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0)
            good = add_path(paths, name, err);
    }
    closedir(dir);
    return good;
}

static bool read_paths(cli_t *cli, bank_t *bank, const args_t *args, err_t *err)
{
    paths_t *paths = calloc(1, sizeof *paths);
    bool good = paths || err_set(err, ERR_MEMORY, "out of memory");
    for (int i = 1; good && i < args->count; i++) good = find_paths(paths, args->words[i], 0, err);
    if (good) qsort(paths->files, (size_t)paths->count, sizeof *paths->files, by_name);
    if (good && paths->count == 0) good = err_set(err, ERR_NOT_FOUND, "there is no .yaml file there");
    for (int i = 0; good && i < paths->count; i++) {
        text_t file;
        good = args_file(cli, paths->files[i], YAML_MAX_BYTES, &file, err);
        if (!good) break;
        good = bank_read(bank, paths->files[i], (const unsigned char *)(file.data ? file.data : ""), file.length, err);
        text_free(&file);
    }
    for (int i = 0; paths && i < paths->count; i++) free(paths->files[i]);
    free(paths);
    return good;
}

static void findings_json(const bank_t *bank, text_t *out)
{
    const finding_t *found;
    size_t count = bank_findings(bank, &found);
    text_addf(out, "{\"items\":%zu,\"errors\":%zu,\"findings\":[", bank_count(bank), bank_errors(bank));
    for (size_t i = 0; i < count; i++) {
        text_addf(out, "%s{\"kind\":\"%s\"", i ? ",\n" : "", found[i].kind == FINDING_ERROR ? "error" : "warning");
        pair(out, "file", found[i].file);
        text_addf(out, ",\"line\":%d", found[i].line);
        pair(out, "item", found[i].item);
        pair(out, "text", found[i].text);
        text_add_char(out, '}');
    }
    text_add(out, "],\"outlines\":[");
    const char *credential, *limit;
    for (size_t i = 0; (credential = bank_credential(bank, i)); i++) {
        int placed, taken = bank_in_proportion(bank, credential, &placed, &limit);
        text_addf(out, "%s{\"credential\":\"%s\",\"items\":%d,\"in_proportion\":%d", i ? "," : "", credential, placed,
                  taken);
        pair(out, "limit", limit);
        text_add_char(out, '}');
    }
    text_add(out, "]}\n");
}

static void findings_text(const bank_t *bank, bool whole, text_t *out)
{
    const finding_t *found;
    size_t count = bank_findings(bank, &found);
    for (size_t i = 0; i < count; i++) {
        text_add(out, found[i].file[0] ? found[i].file : "the bank");
        if (found[i].line) text_addf(out, ":%d", found[i].line);
        text_addf(out, ": %s%s%s%s\n", found[i].kind == FINDING_ERROR ? "" : "warning: ", found[i].item,
                  found[i].item[0] ? ": " : "", found[i].text);
    }
    if (count == BANK_FINDINGS_MAX) text_add(out, "(there are more; mend these first)\n");
    const char *credential, *limit;
    for (size_t i = 0; whole && (credential = bank_credential(bank, i)); i++) {
        int placed, taken = bank_in_proportion(bank, credential, &placed, &limit);
        if (placed == 0) continue;
        text_addf(out, "%s: %d of %d items can be taken in the outline's proportions", credential, taken, placed);
        text_addf(out, limit[0] ? "; what limits them: %s\n" : "%s\n", limit);
    }
    text_addf(out, "%zu items, %zu errors, %zu warnings\n", bank_count(bank), bank_errors(bank),
              count - (bank_errors(bank) < count ? bank_errors(bank) : count));
}

/* ---- families ---- */

/* The families of the content with the laboratory that they ask. */
typedef struct {
    lab_t *lab;
    calc_t *calc;
    app_laboratory_t laboratory;
    family_source_t source;
    families_t *families;
} computed_t;

static bool computed_open(computed_t *c, cli_t *cli, const bank_t *bank, err_t *err)
{
    *c = (computed_t){0};
    if (!lab_open(&c->lab, cli->content, err) || !calc_open(&c->calc, cli->content, err)) return false;
    c->laboratory = (app_laboratory_t){c->lab, c->calc};
    app_family_source(&c->laboratory, &c->source);
    return families_open(&c->families, cli->content, bank, &c->source, err);
}

static void computed_close(computed_t *c)
{
    families_close(c->families);
    calc_close(c->calc);
    lab_close(c->lab);
}

static void list_families(const families_t *families, bool json, text_t *out)
{
    for (int i = 0; i < families_count(families); i++) {
        family_view_t v;
        families_view(families, i, &v);
        if (!json) {
            text_addf(out, "%-32s %-8s %-12s %-9s %s\n", v.id, item_type_word(v.head.type), v.head.area,
                      item_level_word(v.head.level), v.title);
            continue;
        }
        text_add(out, i ? ",\n{\"family\":" : "[{\"family\":");
        text_add_json(out, v.id);
        pair(out, "title", v.title);
        pair(out, "type", item_type_word(v.head.type));
        pair(out, "area", v.head.area);
        pair(out, "subarea", v.head.subarea);
        pair(out, "objective", v.head.objective);
        pair(out, "level", item_level_word(v.head.level));
        text_add_char(out, '}');
    }
    if (json) text_add(out, families_count(families) ? "]\n" : "[]\n");
}

static bool generate(const families_t *families, const char *id, int64_t seed, int64_t count, bool json, text_t *out,
                     err_t *err)
{
    int family = families_find(families, id, err);
    arena_t *arena = arena_new(ITEM_MEMORY);
    bool good = family >= 0 && (arena || err_set(err, ERR_MEMORY, "out of memory"));
    for (int64_t i = 0; good && i < count; i++) {
        family_item_t made;
        arena_reset(arena);
        good = family_make(families, family, (uint64_t)(seed + i), arena, &made, err);
        if (!good) break;
        if (json)
            item_json(out, &made.item);
        else
            item_text(out, &made.item, NULL);
    }
    arena_free(arena);
    return good;
}

typedef struct {
    const char *seed, *count, *data;
    bool json, statistics;
} asked_t;

static bool compute(cli_t *cli, const bank_t *bank, const args_t *args, const asked_t *asked, text_t *out, err_t *err)
{
    computed_t c;
    int64_t seed = 1, count = 1;
    if (!args_int("--seed", asked->seed, 0, INT64_MAX - COUNT_MAX, &seed, err) ||
        !args_int("--count", asked->count, 1, COUNT_MAX, &count, err))
        return false;
    bool good = computed_open(&c, cli, bank, err);
    if (good && args->count == 1)
        list_families(c.families, asked->json, out);
    else if (good)
        good = generate(c.families, args->words[1], seed, count, asked->json, out, err);
    computed_close(&c);
    return good;
}

/* Families are known as enemies of items in any case; they are checked themselves with the whole bank. */
static bool check_all(cli_t *cli, bank_t *bank, bool whole, err_t *err)
{
    computed_t c;
    bool good = computed_open(&c, cli, bank, err) && families_enlist(c.families, bank, err) &&
                bank_check(bank, whole, err) && (!whole || families_check(c.families, bank, CHECK_SEEDS, err));
    computed_close(&c);
    return good;
}

static bool check(cli_t *cli, bank_t *bank, const args_t *args, bool json, text_t *out, err_t *err)
{
    bool whole = args->count == 1;
    if (whole ? !bank_read_content(bank, cli->content, err) : !read_paths(cli, bank, args, err)) return false;
    if (!check_all(cli, bank, whole, err)) return false;
    if (json)
        findings_json(bank, out);
    else
        findings_text(bank, whole, out);
    return true;
}

/* The item of the content, and what stands beside it. */
static bool show(cli_t *cli, bank_t *bank, const lab_t *lab, const char *id, bool draws, bool json, text_t *out,
                 err_t *err)
{
    if (!bank_read_content(bank, cli->content, err)) return false;
    const item_t *item = bank_find(bank, id);
    if (!item) return err_set(err, ERR_NOT_FOUND, "there is no item \"%.40s\"; `titer item list` has all", id);
    if (draws) return app_exhibit_draw(lab, item, false, out, err);
    if (json) {
        item_json(out, item);
        return true;
    }
    arena_t *arena = arena_new(ITEM_MEMORY);
    app_exhibit_t *exhibit = arena ? arena_alloc(arena, sizeof *exhibit) : NULL;
    bool good =
        exhibit ? app_exhibit_of(lab, item, NULL, arena, exhibit, err) : err_set(err, ERR_MEMORY, "out of memory");
    if (good) item_text(out, item, exhibit);
    arena_free(arena);
    return good;
}

static void rating_json(text_t *out, const char *id, const app_item_rating_t *r)
{
    text_add(out, "{\"id\":");
    text_add_json(out, id);
    text_addf(out, ",\"version\":%d,\"answers\":%d,\"right\":%d", r->version, r->answers, r->right);
    number(out, "difficulty", r->difficulty, 3);
    number(out, "sd", r->sd, 3);
    number(out, "author", r->author, 3);
    number(out, "author_sd", r->author_sd, 3);
    text_addf(out, ",\"calibrated\":%s,\"voided\":%s}\n", r->calibrated_ms > 0 ? "true" : "false",
              r->voided ? "true" : "false");
}

static void rating_text(text_t *out, const char *id, const app_item_rating_t *r)
{
    text_addf(out, "%s, version %d: %d answers in finished sittings, %d right.\nDifficulty ", id, r->version,
              r->answers, r->right);
    text_add_fixed(out, r->difficulty, 2);
    text_add(out, " +- ");
    text_add_fixed(out, r->sd, 2);
    text_addf(out, " logits%s; its author said ", r->calibrated_ms > 0 ? ", calibrated" : "");
    text_add_fixed(out, r->author, 2);
    text_add(out, " +- ");
    text_add_fixed(out, r->author_sd, 2);
    text_add(out, r->voided ? ". It is voided: its answers do not count.\n" : ".\n");
}

static bool statistics(cli_t *cli, const char *id, const asked_t *asked, text_t *out, err_t *err)
{
    char dir[PATH_BYTES];
    app_t *app = NULL;
    app_item_rating_t rating;
    app_options_t options = {
        .read_only = true, .content = cli->content, .data_dir = dir, .now_ms = clock_now_ms, .random = clock_random};
    if (!args_data_dir(asked->data, dir, sizeof dir, err) || !app_open(&app, &options, err)) return false;
    bool ok = app_item_rating(app, id, &rating, err);
    if (ok) (asked->json ? rating_json : rating_text)(out, id, &rating);
    app_close(app);
    return ok;
}

int cmd_item(cli_t *cli, int argc, char **argv)
{
    if (argc > 0 && (strcmp(argv[0], "export") == 0 || strcmp(argv[0], "import") == 0))
        return cmd_item_wire(cli, argc, argv);
    asked_t asked = {0};
    const arg_t table[] = {{"--json", NULL, &asked.json},   {"--statistics", NULL, &asked.statistics},
                           {"--data", &asked.data, NULL},   {"--seed", &asked.seed, NULL},
                           {"--count", &asked.count, NULL}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer item", &err);
    const char *word = args.count ? args.words[0] : "";
    bool is_list = args.count == 1 && strcmp(word, "list") == 0, is_draw = args.count == 2 && strcmp(word, "draw") == 0;
    bool is_show = is_draw || (args.count == 2 && strcmp(word, "show") == 0);
    bool is_check = strcmp(word, "check") == 0;
    bool is_computed =
        (args.count == 1 && strcmp(word, "families") == 0) || (args.count == 2 && strcmp(word, "generate") == 0);
    if (args.help || !(is_list || is_show || is_check || is_computed)) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    bank_t *bank;
    lab_t *lab = NULL;
    picture_source_t pictures;
    if (!bank_open(&bank, cli->content, &err)) return args_fail(cli, "titer item", &err);
    text_t out;
    text_init(&out, OUTPUT_MAX);
    bool good = !(is_check || (is_show && !asked.statistics)) || lab_open(&lab, cli->content, &err);
    app_picture_source(lab, &pictures);
    if (lab) bank_pictures(bank, &pictures);
    good = !good                         ? false
           : is_check                    ? check(cli, bank, &args, asked.json, &out, &err)
           : is_show && asked.statistics ? statistics(cli, args.words[1], &asked, &out, &err)
           : is_show                     ? show(cli, bank, lab, args.words[1], is_draw, asked.json, &out, &err)
           : is_computed                 ? compute(cli, bank, &args, &asked, &out, &err)
                                         : bank_read_content(bank, cli->content, &err);
    if (good && is_list) list(bank, asked.json, &out);
    if (good && (out.failed || fwrite(out.data ? out.data : "", 1, out.length, cli->out) != out.length ||
                 fflush(cli->out) != 0))
        good = err_set(&err, ERR_IO, "the answer could not be written");
    text_free(&out);
    int code = !good ? args_fail(cli, "titer item", &err) : is_check && bank_errors(bank) ? CLI_FAILED : CLI_OK;
    bank_close(bank);
    lab_close(lab);
    return code;
}
