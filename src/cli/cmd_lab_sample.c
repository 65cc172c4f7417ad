/* titer lab sample: true values of drawn patients as CSV, for people who study the model.
 *
 *   titer lab sample --n 1000 --setting community --seed 1 --analytes sodium,potassium,chloride
 *
 * Header `sex,age,a,b,c`, one patient a row, conventional units; or one JSON object a patient. */
#include "cli.h"
#include "lab/sample.h"

#include <string.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const char HELP[] =
    "usage: titer lab sample --n N --setting S [--healthy] [--sex F|M] [--age A-B] --seed N --analytes a,b,c [--json]\n"
    "\n"
    "Draws N patients and writes their true values as CSV: sex,age and a column an analyte.\n"
    "  --n N          how many patients (1 to 1000000000)\n"
    "  --setting S    community, outpatient, ed, inpatient or icu (default community)\n"
    "  --healthy      healthy reference adults, without conditions\n"
    "  --sex F|M      only women, only men\n"
    "  --age A-B      only these ages, 18-100\n"
    "  --seed N       the same seed gives the same patients (default 1)\n"
    "  --analytes L   ids as in the catalog, with commas; `all` for every one\n"
    "  --json         one JSON object a line and patient\n"
    "\n"
    "example: titer lab sample --n 1000 --setting ed --seed 7 --analytes sodium,potassium,chloride\n";

typedef struct {
    const char *list; /* of analytes */
    bool help, json;
} asked_t;

static bool read_ages(const char *text, sample_t *sample, err_t *err)
{
    const char *dash = strchr(text, '-');
    int64_t low, high;
    if (dash == NULL || !text_to_int(text, (size_t)(dash - text), &low) ||
        !text_to_int(dash + 1, strlen(dash + 1), &high) || low < SAMPLE_AGE_LOW || high > SAMPLE_AGE_HIGH || low > high)
        return err_set(err, ERR_INPUT, "--age is \"%s\"; write two ages from %d to %d, the lower first, as in 40-60",
                       text, (int)SAMPLE_AGE_LOW, (int)SAMPLE_AGE_HIGH);
    sample->age_low = (int)low;
    sample->age_high = (int)high;
    return true;
}

static bool read_whole(const char *name, const char *text, int64_t low, int64_t high, uint64_t *out, err_t *err)
{
    int64_t value;
    if (!text_to_int(text, strlen(text), &value) || value < low || value > high)
        return err_set(err, ERR_INPUT, "%s is \"%s\"; give a whole number from %lld to %lld", name, text,
                       (long long)low, (long long)high);
    *out = (uint64_t)value;
    return true;
}

static bool take(const char *name, const char *value, sample_t *sample, asked_t *asked, err_t *err)
{
    if (text_equal(name, "--n")) return read_whole(name, value, 1, 1000000000, &sample->count, err);
    if (text_equal(name, "--seed")) return read_whole(name, value, 0, INT64_MAX, &sample->seed, err);
    if (text_equal(name, "--age")) return read_ages(value, sample, err);
    if (text_equal(name, "--analytes")) {
        asked->list = value;
        return true;
    }
    if (text_equal(name, "--setting")) {
        if (setting_find(value, &sample->setting)) return true;
        return err_set(err, ERR_INPUT, "--setting is \"%s\"; use community, outpatient, ed, inpatient or icu", value);
    }
    if (text_equal(name, "--sex")) {
        if (!text_equal(value, "F") && !text_equal(value, "M"))
            return err_set(err, ERR_INPUT, "--sex is \"%s\"; use F or M, or leave it out for both", value);
        sample->sex = value[0] == 'M' ? SEX_MALE : SEX_FEMALE;
        return true;
    }
    return err_set(err, ERR_INPUT, "there is no option \"%s\"; see titer lab sample --help", name);
}

static bool read_options(int argc, char **argv, sample_t *sample, asked_t *asked, err_t *err)
{
    for (int i = 0; i < argc; i++) {
        char name[32];
        const char *equals = strchr(argv[i], '=');
        size_t length = equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        if (text_equal(argv[i], "--healthy")) {
            sample->healthy = true;
            continue;
        }
        if (text_equal(argv[i], "--json")) {
            asked->json = true;
            continue;
        }
        if (text_equal(argv[i], "--help") || text_equal(argv[i], "-h")) {
            asked->help = true;
            return true;
        }
        if (length >= sizeof name || strncmp(argv[i], "--", 2) != 0)
            return err_set(err, ERR_INPUT, "\"%.100s\" is not an option; see titer lab sample --help", argv[i]);
        memcpy(name, argv[i], length);
        name[length] = 0;
        const char *value = equals != NULL ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
        if (value == NULL) return err_set(err, ERR_INPUT, "%s needs a value; see titer lab sample --help", name);
        if (!take(name, value, sample, asked, err)) return false;
    }
    if (asked->list == NULL) return err_set(err, ERR_INPUT, "say which analytes, as in --analytes sodium,potassium");
    if (sample->count == 0) return err_set(err, ERR_INPUT, "say how many patients, as in --n 1000");
    return true;
}

static bool choose_analytes(const lab_t *lab, const char *list, sample_t *sample, err_t *err)
{
    if (!text_equal(list, "all")) return sample_analytes(lab, list, sample, err);
    sample->analyte_count = lab_analyte_count(lab);
    for (int i = 0; i < sample->analyte_count; i++) sample->analytes[i] = i;
    return true;
}

static bool to_file(void *context, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, context) == length;
}

/* The table as it comes, cell by cell, to lines of JSON. No cell of it needs quotes but the sex. */
enum { COLUMNS_MAX = LAB_MAX_ANALYTES + 2, CELL_MAX = 64 };

typedef struct {
    FILE *out;
    bool head; /* the names were read */
    int column;
    size_t used;
    char cell[CELL_MAX], names[COLUMNS_MAX][CELL_MAX];
} json_rows_t;

static void end_cell(json_rows_t *rows)
{
    rows->cell[rows->used] = '\0';
    rows->used = 0;
    if (!rows->head) {
        memcpy(rows->names[rows->column], rows->cell, CELL_MAX);
        return;
    }
    const char *quote = rows->column == 0 ? "\"" : "";
    fprintf(rows->out, "%c\"%s\":%s%s%s", rows->column == 0 ? '{' : ',', rows->names[rows->column], quote,
            rows->cell[0] ? rows->cell : "null", quote);
}

static bool to_json(void *context, const char *bytes, size_t length)
{
    json_rows_t *rows = context;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != ',' && bytes[i] != '\n') {
            if (rows->used + 1 == CELL_MAX) return false;
            rows->cell[rows->used++] = bytes[i];
            continue;
        }
        if (rows->column == COLUMNS_MAX) return false;
        end_cell(rows);
        rows->column++;
        if (bytes[i] == ',') continue;
        if (rows->head) fputs("}\n", rows->out);
        rows->head = true;
        rows->column = 0;
    }
    return !ferror(rows->out);
}

static bool write_sample(cli_t *cli, const lab_t *lab, const sample_t *sample, bool json, err_t *err)
{
    json_rows_t rows = {.out = cli->out};
    if (!(json ? sample_write(lab, sample, to_json, &rows, err) : sample_write(lab, sample, to_file, cli->out, err)))
        return false;
    return fflush(cli->out) == 0 || err_set(err, ERR_IO, "the table could not be written; is the disk full?");
}

/* `argv` holds what follows "lab sample". */
int cmd_lab_sample(cli_t *cli, int argc, char **argv)
{
    err_t err = {0};
    asked_t asked = {0};
    sample_t sample = {.sex = -1, .seed = 1};
    if (!read_options(argc, argv, &sample, &asked, &err)) {
        fprintf(cli->err, "titer lab sample: %s\n", err.text);
        return EXIT_USAGE;
    }
    if (asked.help) {
        fputs(HELP, cli->out);
        return EXIT_DONE;
    }
    lab_t *lab = NULL;
    int code = EXIT_FAILED;
    if (lab_load(&lab, cli->content, &err)) {
        if (!choose_analytes(lab, asked.list, &sample, &err)) {
            code = EXIT_USAGE;
        } else if (write_sample(cli, lab, &sample, asked.json, &err)) {
            code = EXIT_DONE;
        }
    }
    if (code != EXIT_DONE) fprintf(cli->err, "titer lab sample: %s\n", err.text);
    lab_free(lab);
    return code;
}
