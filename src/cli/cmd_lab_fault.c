/* titer lab fault: what can go wrong with a specimen or an analyzer, and what each does to a patient's
 * results, analyte by analyte, before and after.
 *
 *   titer lab fault list [--json]
 *   titer lab fault edta_contam --severity 0.05 --seed 7 [--json]
 *   titer lab fault iv_contam --fluid d5w --severity 0.1
 *   titer lab fault electrode_drift --analyte chloride --severity 2 */
#include "cli.h"
#include "lab/content.h"
#include "lab/fault.h"

#include <string.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, TEXT_LIMIT = 4 * 1024 * 1024 };

static const char HELP[] =
    "usage: titer lab fault list [--json]\n"
    "       titer lab fault FAULT [--severity X] [--fluid ID] [--analyte ID] [--seed N] [--all] [--json]\n"
    "\n"
    "Shows one fault on one drawn outpatient, without measurement error: every analyte before and after.\n"
    "  FAULT          an id of `titer lab fault list`, such as edta_contam or cal_shift\n"
    "  --severity X   in the unit of the fault (default: its usual severity); 0 changes nothing\n"
    "  --fluid ID     for iv_contam: the fluid, as in the list (default ns, 0.9 % saline)\n"
    "  --analyte ID   for analyzer faults: this test only\n"
    "  --seed N       the same seed gives the same patient (default 1)\n"
    "  --all          also the analytes that do not change\n"
    "  --json         as JSON, always with every analyte\n"
    "\n"
    "example: titer lab fault iv_contam --fluid d5w --severity 0.1 --seed 7\n";

typedef struct {
    const char *fault, *fluid, *analyte;
    bool json, all, help, severity_given;
    double severity;
    int64_t seed;
} asked_t;

static bool take(const char *name, const char *value, asked_t *asked, err_t *err)
{
    if (text_equal(name, "--fluid")) {
        asked->fluid = value;
    } else if (text_equal(name, "--analyte")) {
        asked->analyte = value;
    } else if (text_equal(name, "--severity")) {
        asked->severity_given = true;
        if (!text_to_double(value, strlen(value), &asked->severity))
            return err_set(err, ERR_INPUT, "--severity is \"%.60s\"; give a number", value);
    } else if (text_equal(name, "--seed")) {
        if (!text_to_int(value, strlen(value), &asked->seed) || asked->seed < 0)
            return err_set(err, ERR_INPUT, "--seed is \"%.60s\"; give a whole number from 0", value);
    } else {
        return err_set(err, ERR_INPUT, "there is no option \"%s\"; see titer lab fault --help", name);
    }
    return true;
}

static bool read_options(int argc, char **argv, asked_t *asked, err_t *err)
{
    for (int i = 0; i < argc; i++) {
        char name[32];
        if (text_equal(argv[i], "--json")) {
            asked->json = true;
        } else if (text_equal(argv[i], "--all")) {
            asked->all = true;
        } else if (text_equal(argv[i], "--help") || text_equal(argv[i], "-h")) {
            asked->help = true;
        } else if (strncmp(argv[i], "--", 2) != 0) {
            if (asked->fault != NULL)
                return err_set(err, ERR_INPUT, "one fault at a time: \"%.60s\" or \"%.60s\"?", asked->fault, argv[i]);
            asked->fault = argv[i];
        } else {
            const char *equals = strchr(argv[i], '=');
            size_t length = equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
            if (length >= sizeof name)
                return err_set(err, ERR_INPUT, "\"%.60s\" is not an option; see titer lab fault --help", argv[i]);
            memcpy(name, argv[i], length);
            name[length] = 0;
            const char *value = equals != NULL ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
            if (value == NULL) return err_set(err, ERR_INPUT, "%s needs a value; see titer lab fault --help", name);
            if (!take(name, value, asked, err)) return false;
        }
    }
    if (asked->fault == NULL && !asked->help)
        return err_set(err, ERR_INPUT, "say which fault, or list; see titer lab fault --help");
    return true;
}

/* ---- the list ---- */

/* As few decimals as show the number, up to `most`. */
static void add_short(text_t *text, double value, int most)
{
    int decimals = 0;
    while (decimals < most && exact_abs(exact_round(value, decimals) - value) > 1e-9 * (1 + exact_abs(value)))
        decimals++;
    text_add_fixed(text, value, decimals);
}

static void list_json(const lab_t *lab, text_t *text)
{
    text_add(text, "{\"faults\":[");
    for (int i = 0; i < lab_fault_count(lab); i++) {
        fault_view_t view;
        lab_fault(lab, i, &view);
        text_add(text, i ? ",{\"id\":" : "{\"id\":");
        text_add_json(text, view.id);
        text_add(text, ",\"name\":");
        text_add_json(text, view.name);
        text_addf(text, ",\"of\":\"%s\",\"severity\":", view.analyzer ? "analyzer" : "specimen");
        text_add_json(text, view.severity);
        text_add(text, ",\"unit\":");
        text_add_json(text, view.unit);
        text_add(text, ",\"low\":");
        add_short(text, view.low, 4);
        text_add(text, ",\"high\":");
        add_short(text, view.high, 4);
        text_add(text, ",\"usual\":");
        add_short(text, view.usual, 4);
        text_addf(text, ",\"by_fluid\":%s,\"one_assay\":%s,\"clue\":", view.by_fluid ? "true" : "false",
                  view.one_assay ? "true" : "false");
        text_add_json(text, view.clue);
        text_add(text, "}");
    }
    text_add(text, "],\"fluids\":[");
    for (int i = 0; i < lab_fluid_count(lab); i++) {
        fluid_view_t fluid;
        lab_fluid(lab, i, &fluid);
        text_add(text, i ? ",{\"id\":" : "{\"id\":");
        text_add_json(text, fluid.id);
        text_add(text, ",\"name\":");
        text_add_json(text, fluid.name);
        text_add(text, "}");
    }
    text_add(text, "]}\n");
}

static void list_text(const lab_t *lab, text_t *text)
{
    bool analyzers = false;
    text_add(text, "of the specimen\n");
    for (int i = 0; i < lab_fault_count(lab); i++) {
        fault_view_t view;
        lab_fault(lab, i, &view);
        if (view.analyzer && !analyzers) text_add(text, "\nof the analyzer or its controls\n");
        analyzers = view.analyzer;
        text_addf(text, "  %-24s %s\n  %-24s   %s, %s: ", view.id, view.name, "", view.severity, view.unit);
        add_short(text, view.low, 4);
        text_add(text, " to ");
        add_short(text, view.high, 4);
        text_add(text, ", usual ");
        add_short(text, view.usual, 4);
        text_add(text, view.one_assay ? ", one test at a time\n" : "\n");
    }
    text_add(text, "\nfluids for iv_contam\n");
    for (int i = 0; i < lab_fluid_count(lab); i++) {
        fluid_view_t fluid;
        lab_fluid(lab, i, &fluid);
        text_addf(text, "  %-24s %s\n", fluid.id, fluid.name);
    }
}

/* ---- one fault ---- */

static bool changed(const fault_row_t *row)
{
    bool absent = row->before != row->before && row->after != row->after;
    if ((row->after != row->before && !absent) || row->sd_mul != 1 || row->outlier_prob > 0) return true;
    for (int level = 0; level < FAULT_QC_LEVELS && row->controlled; level++)
        if (row->qc_z[level] != 0) return true;
    return false;
}

static double change_pct(const fault_row_t *row)
{
    return row->before != 0 ? (row->after - row->before) / exact_abs(row->before) * 100 : 0;
}

static int decimals_of(const analyte_t *analyte)
{
    return analyte->decimals + 2;
}

/* A JSON number, or null where the patient has no such value. */
static void add_json_number(text_t *text, double value, int decimals)
{
    if (value == value)
        text_add_fixed(text, value, decimals);
    else
        text_add(text, "null");
}

static void show_json(const lab_t *lab, const fault_show_t *show, const fault_row_t *rows, int count, text_t *text)
{
    fault_view_t view;
    fluid_view_t fluid;
    lab_fault(lab, show->fault, &view);
    text_add(text, "{\"fault\":");
    text_add_json(text, view.id);
    text_add(text, ",\"severity\":");
    add_short(text, show->severity, 6);
    text_add(text, ",\"unit\":");
    text_add_json(text, view.unit);
    if (view.by_fluid && lab_fluid(lab, show->fluid < 0 ? lab_fluid_find(lab, "ns") : show->fluid, &fluid)) {
        text_add(text, ",\"fluid\":");
        text_add_json(text, fluid.id);
    }
    text_addf(text, ",\"seed\":%llu,\"analytes\":[", (unsigned long long)show->seed);
    for (int i = 0; i < count; i++) {
        const analyte_t *analyte = lab_analyte(lab, rows[i].analyte);
        text_add(text, i ? ",{\"id\":" : "{\"id\":");
        text_add_json(text, analyte->id);
        text_add(text, ",\"unit\":");
        text_add_json(text, analyte->unit);
        text_add(text, ",\"before\":");
        add_json_number(text, rows[i].before, decimals_of(analyte));
        text_add(text, ",\"after\":");
        add_json_number(text, rows[i].after, decimals_of(analyte));
        text_add(text, ",\"change_pct\":");
        add_json_number(text, change_pct(&rows[i]), 2);
        if (view.analyzer) {
            text_add(text, ",\"qc_z\":");
            for (int level = 0; level < FAULT_QC_LEVELS && rows[i].controlled; level++) {
                text_add(text, level ? "," : "[");
                text_add_fixed(text, rows[i].qc_z[level], 2);
            }
            text_add(text, rows[i].controlled ? "],\"sd_ratio\":" : "null,\"sd_ratio\":");
            text_add_fixed(text, rows[i].sd_mul, 2);
            text_add(text, ",\"outlier_prob\":");
            text_add_fixed(text, rows[i].outlier_prob, 3);
            text_add(text, ",\"outlier_sd\":");
            text_add_fixed(text, rows[i].outlier_sd, 2);
        }
        text_add(text, "}");
    }
    text_add(text, "]}\n");
}

/* A number right-aligned in `width`, with a plus sign where `sign` asks for it. */
static void add_number(text_t *text, double value, int decimals, bool sign, int width)
{
    char number[32];
    if (value == value)
        text_fixed(number, value, decimals);
    else
        memcpy(number, "none", sizeof "none");
    bool plus = sign && value > 0 && strspn(number, "0.") != strlen(number);
    text_addf(text, "%*s%s%s", width - (int)strlen(number) - plus > 0 ? width - (int)strlen(number) - plus : 0, "",
              plus ? "+" : "", number);
}

static void show_row(const lab_t *lab, const fault_row_t *row, bool analyzer, text_t *text)
{
    const analyte_t *analyte = lab_analyte(lab, row->analyte);
    text_addf(text, "%-18s %-12s", analyte->id, analyte->unit);
    add_number(text, row->before, analyte->decimals + 1, false, 12);
    add_number(text, row->after, analyte->decimals + 1, false, 12);
    add_number(text, row->after - row->before, analyte->decimals + 1, true, 12);
    add_number(text, change_pct(row), 1, true, 9);
    for (int level = 0; analyzer && row->controlled && level < FAULT_QC_LEVELS; level++)
        add_number(text, row->qc_z[level], 2, true, 8);
    if (analyzer && row->controlled) add_number(text, row->sd_mul, 2, false, 8);
    if (row->outlier_prob > 0) {
        text_add(text, "  ");
        text_add_fixed(text, row->outlier_prob * 100, 0);
        text_add(text, " % off by ");
        text_add_fixed(text, row->outlier_sd, 0);
        text_add(text, " SD");
    }
    text_add(text, "\n");
}

static void show_text(const lab_t *lab, const fault_show_t *show, const fault_row_t *rows, int count, bool all,
                      text_t *text)
{
    fault_view_t view;
    int same = 0;
    lab_fault(lab, show->fault, &view);
    text_addf(text, "%s\n%s: ", view.name, view.severity);
    add_short(text, show->severity, 6);
    text_addf(text, " %s, seed %llu\n", view.unit, (unsigned long long)show->seed);
    if (view.clue[0]) text_addf(text, "clue: %s\n", view.clue);
    text_addf(text, "\n%-18s %-12s%12s%12s%12s%9s%s\n", "analyte", "unit", "before", "after", "change", "%",
              view.analyzer ? "    QC z1      z2      z3    SD x  sporadic" : "");
    for (int i = 0; i < count; i++) {
        if (changed(&rows[i]) || all) show_row(lab, &rows[i], view.analyzer, text);
        same += !changed(&rows[i]);
    }
    if (!all && same) text_addf(text, "%d other analytes do not change (--all shows them)\n", same);
}

static bool resolve(const lab_t *lab, const asked_t *asked, fault_show_t *show, err_t *err)
{
    fault_view_t view;
    *show = (fault_show_t){.fluid = -1, .analyte = -1, .seed = (uint64_t)asked->seed};
    show->fault = lab_fault_find(lab, asked->fault);
    if (show->fault < 0)
        return err_set(err, ERR_NOT_FOUND,
                       "there is no fault \"%.60s\"; did you mean \"%s\"? `titer lab fault list` has all", asked->fault,
                       lab_fault_nearest(lab, asked->fault));
    lab_fault(lab, show->fault, &view);
    show->severity = asked->severity_given ? asked->severity : view.usual;
    if (asked->fluid != NULL) {
        if (!view.by_fluid) return err_set(err, ERR_INPUT, "%s takes no --fluid", view.id);
        show->fluid = lab_fluid_find(lab, asked->fluid);
        if (show->fluid < 0)
            return err_set(err, ERR_NOT_FOUND, "there is no fluid \"%.60s\"; `titer lab fault list` has all",
                           asked->fluid);
    }
    if (asked->analyte != NULL) {
        if (!view.analyzer) return err_set(err, ERR_INPUT, "%s is of the specimen and takes no --analyte", view.id);
        show->analyte = lab_analyte_find(lab, asked->analyte);
        if (show->analyte < 0)
            return err_set(err, ERR_NOT_FOUND, "there is no analyte \"%.60s\"; did you mean \"%s\"?", asked->analyte,
                           lab_analyte_nearest(lab, asked->analyte));
    }
    return true;
}

static bool answer(const lab_t *lab, const asked_t *asked, text_t *text, err_t *err)
{
    fault_show_t show;
    fault_row_t rows[LAB_MAX_ANALYTES];
    int count;
    if (text_equal(asked->fault, "list")) {
        if (asked->json)
            list_json(lab, text);
        else
            list_text(lab, text);
        return true;
    }
    if (!resolve(lab, asked, &show, err) || !fault_show(lab, &show, rows, &count, err)) return false;
    if (asked->json)
        show_json(lab, &show, rows, count, text);
    else
        show_text(lab, &show, rows, count, asked->all, text);
    return true;
}

/* `argv` holds what follows "lab fault". */
int cmd_lab_fault(cli_t *cli, int argc, char **argv)
{
    err_t err = {0};
    asked_t asked = {.seed = 1};
    if (!read_options(argc, argv, &asked, &err)) {
        fprintf(cli->err, "titer lab fault: %s\n", err.text);
        return EXIT_USAGE;
    }
    if (asked.help) {
        fputs(HELP, cli->out);
        return EXIT_DONE;
    }
    lab_t *lab = NULL;
    text_t text;
    text_init(&text, TEXT_LIMIT);
    int code = EXIT_FAILED;
    if (lab_open(&lab, cli->content, &err)) {
        if (!answer(lab, &asked, &text, &err)) {
            code = EXIT_USAGE;
        } else if (!text.failed && text.data != NULL && fputs(text.data, cli->out) >= 0 && fflush(cli->out) == 0) {
            code = EXIT_DONE;
        } else {
            err_set(&err, ERR_IO, "the answer could not be written; is the disk full?");
        }
        lab_close(lab);
    }
    if (code != EXIT_DONE) fprintf(cli->err, "titer lab fault: %s\n", err.text);
    text_free(&text);
    return code;
}
