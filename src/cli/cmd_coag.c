/* titer coag: clotting as arithmetic, for a plasma that is spelled out on the command line.
 *
 *   titer coag curve --factors vii=0.3 [--fibrinogen 300] [--heparin 0] [--lupus 0] [--test aptt] [--json]
 *   titer coag mix --factors viii=0.02 [--inhibitor 8] [--json] */
#include "args.h"
#include "lab/coag.h"

#include <string.h>

enum { OUT_MAX = 256 * 1024, POINTS = 61 };

static const char HELP[] =
    "usage: titer coag curve [PLASMA] [--test pt|aptt|tt] [--isi X] [--mnpt S] [--json]\n"
    "       titer coag mix   [PLASMA] [--test pt|aptt] [--parts N] [--json]\n"
    "\n"
    "From a plasma to the seconds of PT, aPTT and thrombin time, with the curve of one of them; and its\n"
    "mixing study by aPTT or PT, 1:1 or N parts to 1 of the pool: at once, after 2 h at 37 C, the control, with\n"
    "Rosner index and percent correction.\n"
    "PLASMA, where it is not normal:\n"
    "  --factors LIST     fractions of normal: vii=0.3,x=0.5 (ii v vii viii ix x xi xii pk hmwk xiii)\n"
    "  --fibrinogen N     mg/dL (default 300)\n"
    "  --heparin U        unfractionated heparin, IU/mL; --lmwh U: low molecular weight heparin\n"
    "  --lupus S          lupus anticoagulant: the aPTT takes (1 + S) times as long\n"
    "  --inhibitor BU     inhibitor of factor VIII, Bethesda units\n"
    "The model is a fit that keeps patterns; its seconds are no evidence about a reagent.\n"
    "\n"
    "example: titer coag curve --factors vii=0.3,x=0.5 --test pt\n"
    "example: titer coag mix --factors viii=0.01 --inhibitor 8 --json\n";

typedef struct {
    const char *factors, *fibrinogen, *heparin, *lmwh, *lupus, *inhibitor, *test, *isi, *mnpt, *parts;
    bool json;
} asked_t;

static bool number(const char *name, const char *text, double low, double high, double *value, err_t *err)
{
    char from[32], to[32];
    if (text == NULL) return true;
    if (text_to_double(text, strlen(text), value) && *value >= low && *value <= high) return true;
    text_fixed(from, low, low < 1 && low > 0 ? 1 : 0);
    text_fixed(to, high, 0);
    return err_set(err, ERR_INPUT, "%s is a number from %s to %s; found \"%.40s\"", name, from, to, text);
}

static bool read_plasma(const asked_t *asked, clotting_t *plasma, err_t *err)
{
    *plasma = clot_normal_pool();
    if (asked->factors != NULL && !clot_read_factors(asked->factors, plasma, err)) return false;
    if (!number("--fibrinogen", asked->fibrinogen, 0, 2000, &plasma->fibrinogen, err) ||
        !number("--heparin", asked->heparin, 0, 10, &plasma->ufh, err) ||
        !number("--lmwh", asked->lmwh, 0, 10, &plasma->lmwh, err) ||
        !number("--lupus", asked->lupus, 0, 5, &plasma->lupus, err) ||
        !number("--inhibitor", asked->inhibitor, 0, 10000, &plasma->inhibitor_bu, err))
        return false;
    plasma->fibrinogen_antigen = plasma->fibrinogen;
    return true;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static const char *tenths(double value, char out[32])
{
    text_fixed(out, value, 1);
    return out;
}

/* "12.0 s", ">150 s", "no clot". */
static void add_seconds(text_t *out, double seconds, double longest)
{
    char number[32];
    if (seconds - seconds != 0)
        text_add(out, "no clot");
    else if (seconds > longest)
        text_addf(out, ">%d s", (int)longest);
    else
        text_addf(out, "%s s", tenths(seconds, number));
}

static void add_json_seconds(text_t *out, const char *key, double seconds, double longest)
{
    bool clots = seconds - seconds == 0;
    text_addf(out, "\"%s\":", key);
    if (clots)
        text_add_fixed(out, least(seconds, longest), 1);
    else
        text_add(out, "null");
    text_addf(out, ",\"%s_state\":\"%s\",", key, !clots ? "no clot" : seconds > longest ? "above" : "measured");
}

typedef struct {
    double pt, aptt, tt, inr, shown; /* seconds; of the test whose curve is asked for */
    const char *test, *thoughts;
} times_t;

static bool times(const asked_t *asked, const clotting_t *plasma, times_t *t, err_t *err)
{
    double isi = 1, mnpt = CLOT_MNPT;
    clot_reagents_t reagents = clot_reagents();
    if (!number("--isi", asked->isi, 0.5, 3, &isi, err) || !number("--mnpt", asked->mnpt, 5, 30, &mnpt, err))
        return false;
    t->pt = clot_pt(plasma, &reagents);
    t->aptt = clot_aptt(plasma, &reagents);
    t->tt = clot_tt(plasma);
    t->inr = clot_inr(t->pt, mnpt, isi);
    t->test = asked->test != NULL ? asked->test : "aptt";
    t->shown = text_equal(t->test, "pt") ? t->pt : text_equal(t->test, "tt") ? t->tt : t->aptt;
    if (!text_equal(t->test, "pt") && !text_equal(t->test, "tt") && !text_equal(t->test, "aptt"))
        return err_set(err, ERR_INPUT, "--test is pt, aptt or tt; found \"%.40s\"", t->test);
    t->thoughts = t->pt > 13.5 || t->aptt > 35 || t->tt > 19
                      ? clot_first_thoughts(t->pt > 13.5, t->aptt > 35, t->tt > 19)
                      : "all within the usual intervals";
    return true;
}

static void curve_json(const times_t *t, const clot_point_t *points, text_t *out)
{
    text_add_char(out, '{');
    add_json_seconds(out, "pt_s", t->pt, CLOT_PT_MAX);
    add_json_seconds(out, "aptt_s", t->aptt, CLOT_APTT_MAX);
    add_json_seconds(out, "tt_s", t->tt, CLOT_TT_MAX);
    text_add(out, "\"inr\":");
    if (t->pt <= CLOT_PT_MAX)
        text_add_fixed(out, t->inr, 2);
    else
        text_add(out, "null");
    text_add(out, ",\"first_thoughts\":");
    text_add_json(out, t->thoughts);
    text_addf(out, ",\"curve\":{\"test\":\"%s\",\"points\":[", t->test);
    for (int i = 0; i < POINTS; i++) {
        text_add(out, i ? ",[" : "[");
        text_add_fixed(out, points[i].second, 2);
        text_add_char(out, ',');
        text_add_fixed(out, points[i].signal, 4);
        text_add_char(out, ']');
    }
    text_add(out, "]}}\n");
}

static void curve_text(const times_t *t, const clot_point_t *points, text_t *out)
{
    text_add(out, "PT    ");
    add_seconds(out, t->pt, CLOT_PT_MAX);
    text_add(out, "   INR ");
    if (t->pt <= CLOT_PT_MAX)
        text_add_fixed(out, t->inr, 2);
    else
        text_add(out, "none");
    text_add(out, "\naPTT  ");
    add_seconds(out, t->aptt, CLOT_APTT_MAX);
    text_add(out, "\nTT    ");
    add_seconds(out, t->tt, CLOT_TT_MAX);
    text_addf(out, "\nfirst thoughts: %s\n\n%8s %8s   (%s)\n", t->thoughts, "second", "signal", t->test);
    for (int i = 0; i < POINTS; i += 3) {
        char second[32], signal[32];
        text_fixed(second, points[i].second, 1);
        text_fixed(signal, points[i].signal, 3);
        text_addf(out, "%8s %8s   %.*s\n", second, signal, (int)least(points[i].signal * 40, 60),
                  "############################################################");
    }
}

static bool curve(const asked_t *asked, const clotting_t *plasma, text_t *out, err_t *err)
{
    clot_point_t points[POINTS];
    times_t t = {0};
    if (!times(asked, plasma, &t, err)) return false;
    double last = t.shown - t.shown == 0 ? least(2 * t.shown, 400) : 100;
    clot_curve(t.shown, plasma->fibrinogen, 0, last, points, POINTS);
    if (asked->json)
        curve_json(&t, points, out);
    else
        curve_text(&t, points, out);
    return true;
}

static bool mix(const asked_t *asked, const clotting_t *plasma, text_t *out, err_t *err)
{
    double parts = 1;
    if (asked->isi != NULL || asked->mnpt != NULL)
        return err_set(err, ERR_INPUT, "--isi and --mnpt belong to titer coag curve");
    if (asked->test != NULL && !text_equal(asked->test, "pt") && !text_equal(asked->test, "aptt"))
        return err_set(err, ERR_INPUT, "--test of a mixing study is pt or aptt; found \"%.40s\"", asked->test);
    if (!number("--parts", asked->parts, 1, 9, &parts, err)) return false;
    clot_reagents_t reagents = clot_reagents();
    mix_study_t m;
    mix_test_t test = asked->test != NULL && text_equal(asked->test, "pt") ? MIX_BY_PT : MIX_BY_APTT;
    clot_mix_study(plasma, &reagents, test, parts / (parts + 1), &m);
    const struct {
        const char *key, *label;
        double value;
    } rows[] = {{"patient_s", "patient", m.patient},
                {"pool_s", "normal pool", m.pool},
                {"immediate_s", "mix, at once", m.immediate},
                {"incubated_s", "mix, 2 h at 37 C", m.incubated},
                {"control_s", "control, 2 h apart", m.control},
                {"rosner_index", "Rosner index", m.rosner},
                {"percent_correction", "percent correction", m.correction},
                {"incubation_pct", "incubated over control, %", m.incubation_pct}};
    if (asked->json) text_add_char(out, '{');
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text_addf(out, asked->json ? "\"%s\":" : "%-28s", asked->json ? rows[i].key : rows[i].label);
        text_add_fixed(out, rows[i].value, 1);
        text_add_char(out, asked->json ? ',' : '\n');
    }
    double tt = clot_tt(plasma);
    const char *caution = tt > 19 && plasma->fibrinogen >= 100
                              ? "the thrombin time is long: exclude heparin and thrombin inhibitors first"
                              : "";
    if (asked->json) {
        text_add(out, "\"verdict\":");
        text_add_json(out, clot_mix_words(m.verdict));
        text_add(out, ",\"caution\":");
        text_add_json(out, caution);
        text_add(out, "}\n");
    } else {
        text_addf(out, "%s\n%s%s", clot_mix_words(m.verdict), caution, caution[0] ? "\n" : "");
    }
    return true;
}

int cmd_coag(cli_t *cli, int argc, char **argv)
{
    asked_t asked = {0};
    const arg_t table[] = {{"--factors", &asked.factors, NULL}, {"--fibrinogen", &asked.fibrinogen, NULL},
                           {"--heparin", &asked.heparin, NULL}, {"--lmwh", &asked.lmwh, NULL},
                           {"--lupus", &asked.lupus, NULL},     {"--inhibitor", &asked.inhibitor, NULL},
                           {"--test", &asked.test, NULL},       {"--isi", &asked.isi, NULL},
                           {"--mnpt", &asked.mnpt, NULL},       {"--parts", &asked.parts, NULL},
                           {"--json", NULL, &asked.json},       {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer coag", &err);
    if (args.help || args.count == 0) {
        fputs(HELP, args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    clotting_t plasma;
    text_t out;
    text_init(&out, OUT_MAX);
    bool good = read_plasma(&asked, &plasma, &err);
    if (good && args.count > 1)
        good = err_set(&err, ERR_INPUT, "one word at a time: \"%.40s\" is not an option", args.words[1]);
    else if (good && strcmp(args.words[0], "curve") == 0)
        good = curve(&asked, &plasma, &out, &err);
    else if (good && strcmp(args.words[0], "mix") == 0)
        good = mix(&asked, &plasma, &out, &err);
    else if (good)
        good = err_set(&err, ERR_INPUT, "say curve or mix; found \"%.40s\"", args.words[0]);
    if (good && (out.failed || fwrite(out.data, 1, out.length, cli->out) != out.length || fflush(cli->out) != 0))
        good = err_set(&err, ERR_IO, "the result could not be written");
    text_free(&out);
    return good ? CLI_OK : args_fail(cli, "titer coag", &err);
}
