/* How each chemistry test is read, and how a method fails far above its measuring range.
 *
 * Depletion: a falling rate uses up a coenzyme. Where the content says from which activity on it is gone before the
 * read window opens (AST, ALT: from the composition of published reagents), nothing is left to fall: the number is
 * next to nothing, and the absorbance at the window's start gives it away, so the analyzer flags it. Between the top
 * of the range and that activity it sees the bend and prints ">".
 *
 * Hook: in antigen excess both antibodies of a one-step sandwich are taken by different molecules; by the law of mass
 * action the sandwiches that are left fall as one over the antigen (Rodbard et al., Immunochemistry 1978;15:77-82).
 * The published hook limit is where the reading comes back into the measuring range, so beyond it
 *     reading = top of the range x limit / true.
 * Nothing flags it. A method without a published figure has neither law (the column is empty).
 *
 * Serum in the cuvette: hemoglobin and bilirubin by spectra.csv, straight between its points; turbidity by
 * mu_s = 3.873e8 nm^-2.397 per mm for Intralipid 20 % (Michels et al., Opt Express 2008;16:5907, 350 to 900 nm), which
 * is what a photometer loses at most. */
#include "reaction_private.h"

#include <string.h>

static const char *const kinds[REACTION_KINDS] = {"unknown", "endpoint",    "two-point", "rate",
                                                  "ise",     "immunoassay", "calculated"};

const char *reaction_kind_words(reaction_kind_t kind)
{
    static const char *const words[REACTION_KINDS] = {
        "not recorded", "end point", "two-point (fixed time)", "rate", "ion-selective electrode",
        "immunoassay",  "calculated"};
    return (unsigned)kind < REACTION_KINDS ? words[kind] : "";
}

const reaction_method_t *lab_reaction(const lab_t *lab, int analyte)
{
    const reaction_table_t *table = reactions(lab);
    if (!table || analyte < 0 || analyte >= LAB_MAX_ANALYTES || !table->of[analyte].given) return NULL;
    return &table->of[analyte].method;
}

/* ---- laws ---- */

double reaction_turned(const lab_t *lab, int analyte, double x, uint32_t *flags)
{
    const reaction_t *reaction = &reactions(lab)->of[analyte];
    if (x > reaction->hook_from) return analyte_at(lab, analyte)->amr_high * reaction->hook_from / x;
    if (x > reaction->spent_from) {
        *flags |= FLAG_DEPLETION;
        return 0;
    }
    return x;
}

static void absorptivity(const reaction_table_t *table, double nm, double *hemoglobin, double *bilirubin)
{
    const spectrum_point_t *p = table->spectrum;
    int last = table->spectrum_count - 1, i = 0;
    if (nm < p[0].nm) nm = p[0].nm;
    if (nm > p[last].nm) nm = p[last].nm;
    while (i + 1 < last && nm > p[i + 1].nm) i++;
    double share = (nm - p[i].nm) / (p[i + 1].nm - p[i].nm);
    *hemoglobin = p[i].hemoglobin + share * (p[i + 1].hemoglobin - p[i].hemoglobin);
    *bilirubin = p[i].bilirubin + share * (p[i + 1].bilirubin - p[i].bilirubin);
}

static double serum_at(const reaction_table_t *table, int nm, double hemolysis, double icterus, double lipemia)
{
    static const double HEME_MMOL_PER_MG_DL = 0.01 / 16.114; /* a quarter of 64,458 g/mol */
    static const double BILIRUBIN_MMOL_PER_MG_DL = 0.0171;
    static const double INTRALIPID_20_MG_DL = 20000, PER_MM_TO_A_PER_CM = 10 / 2.302585092994046;
    double hemoglobin, bilirubin;
    absorptivity(table, nm, &hemoglobin, &bilirubin);
    double turbid = 3.873e8 * exact_pow(nm, -2.397) / INTRALIPID_20_MG_DL * PER_MM_TO_A_PER_CM;
    return hemolysis * HEME_MMOL_PER_MG_DL * hemoglobin + icterus * BILIRUBIN_MMOL_PER_MG_DL * bilirubin +
           lipemia * turbid;
}

double reaction_serum(const reaction_table_t *table, int main_nm, int second_nm, double hemolysis, double icterus,
                      double lipemia)
{
    double absorbed = serum_at(table, main_nm, hemolysis, icterus, lipemia);
    return second_nm ? absorbed - serum_at(table, second_nm, hemolysis, icterus, lipemia) : absorbed;
}

/* ---- reading out ---- */

/* Least-squares slope a minute between two seconds. */
static double slope_per_min(const double *absorbance, int from_s, int to_s)
{
    double n = 0, t_sum = 0, a_sum = 0, tt = 0, ta = 0;
    for (int i = from_s / REACTION_STEP_S; i <= to_s / REACTION_STEP_S; i++) {
        double t = (double)i * REACTION_STEP_S / 60;
        n += 1, t_sum += t, a_sum += absorbance[i], tt += t * t, ta += t * absorbance[i];
    }
    return (n * ta - t_sum * a_sum) / (n * tt - t_sum * t_sum);
}

static double mean_of(const double *absorbance, int from_s, int to_s)
{
    double sum = 0;
    int n = 0;
    for (int i = from_s / REACTION_STEP_S; i <= to_s / REACTION_STEP_S; i++, n++) sum += absorbance[i];
    return sum / n;
}

double reaction_read(const reaction_method_t *method, const double absorbance[REACTION_POINTS])
{
    enum { BLANK_S = 30 };
    double read;
    switch (method->kind) {
    case REACTION_ENDPOINT: /* against the blank: sample and first reagent, just before the start */
        read = mean_of(absorbance, method->from_s, method->to_s) -
               mean_of(absorbance, method->start_s - BLANK_S, method->start_s - REACTION_STEP_S);
        break;
    case REACTION_TWO_POINT:
        read = absorbance[method->to_s / REACTION_STEP_S] - absorbance[method->from_s / REACTION_STEP_S];
        break;
    case REACTION_RATE:
        read = slope_per_min(absorbance, method->from_s, method->to_s);
        break;
    default:
        return (double)__builtin_nan("");
    }
    return method->falls ? -read : read;
}

/* Four-parameter logistic of slope 1: rising to ten times the top of the range, or falling by half in its middle. */
double reaction_signal(const lab_t *lab, int analyte, double concentration)
{
    static const double GROUND = 500, FULL = 1e6;
    const reaction_method_t *method = lab_reaction(lab, analyte);
    if (!method || method->kind != REACTION_IMMUNOASSAY) return (double)__builtin_nan("");
    const analyte_t *about = analyte_at(lab, analyte);
    if (method->falls) return GROUND + FULL / (1 + concentration / exact_sqrt(about->amr_low * about->amr_high));
    return GROUND + FULL * concentration / (concentration + 10 * about->amr_high);
}

/* ---- loading ---- */

typedef struct {
    const csv_t *table;
    size_t row;
    err_t *err;
} place_t;

static bool number(const place_t *line, const char *name, double otherwise, double least, double most, double *value)
{
    int column;
    if (!csv_need(line->table, name, &column, line->err) ||
        !csv_double_or(line->table, line->row, column, otherwise, value, line->err))
        return false;
    if (csv_text(line->table, line->row, column)[0] == '\0') return true;
    return (*value >= least && *value <= most) ||
           csv_fail(line->table, line->row, line->err, "%s is a number from %g to %g; found %g", name, least, most,
                    *value);
}

static bool second_of(const place_t *line, const char *name, int *second)
{
    double value;
    if (!number(line, name, 0, REACTION_STEP_S, REACTION_END_S, &value)) return false;
    *second = (int)value;
    return (double)*second == value && *second % REACTION_STEP_S == 0
               ? true
               : csv_fail(line->table, line->row, line->err, "%s is a multiple of %d seconds; found %g", name,
                          REACTION_STEP_S, value);
}

static const char *field(const place_t *line, const char *name)
{
    int column;
    return csv_need(line->table, name, &column, line->err) ? csv_text(line->table, line->row, column) : NULL;
}

/* What a method read by a photometer needs. */
static bool check_photometry(const place_t *line, const reaction_t *r, const analyte_t *about)
{
    const reaction_method_t *m = &r->method;
    double minutes = (double)(m->to_s - m->start_s) / 60;
    double swing = m->kind == REACTION_RATE ? r->top * minutes : r->top;
    if (m->main_nm == 0)
        return csv_fail(line->table, line->row, line->err, "a photometer reads at a wavelength: give main_nm");
    if (!(r->top > 0) || !(r->part > 0) || !(about->amr_high > 0))
        return csv_fail(line->table, line->row, line->err,
                        "give top_a and part, and a measuring range in analytes.csv: the factor follows from them");
    if (m->start_s < 60 || m->from_s < m->start_s || m->to_s < m->from_s + 2 * REACTION_STEP_S)
        return csv_fail(line->table, line->row, line->err,
                        "the reaction starts at 60 s or later and is read after it over two steps of %d s at least",
                        REACTION_STEP_S);
    if (m->falls && swing > r->reagent + 1e-3)
        return csv_fail(line->table, line->row, line->err,
                        "the absorbance falls by %.3f at the top of the range, and the reagents have only %.3f: raise "
                        "reagent_a or lower top_a",
                        swing, r->reagent);
    return true;
}

static bool check_laws(const place_t *line, const reaction_t *r, const analyte_t *about)
{
    bool spent = r->spent_from < (double)__builtin_inf(), hook = r->hook_from < (double)__builtin_inf();
    if (spent && !(r->method.kind == REACTION_RATE && r->method.falls))
        return csv_fail(line->table, line->row, line->err, "spent_from is for a rate that falls: leave it empty");
    if (hook && !(r->method.kind == REACTION_IMMUNOASSAY && !r->method.falls))
        return csv_fail(line->table, line->row, line->err, "hook_from is for a sandwich: leave it empty");
    if ((spent && !(r->spent_from >= 2 * about->amr_high)) || (hook && !(r->hook_from >= 2 * about->amr_high)))
        return csv_fail(line->table, line->row, line->err,
                        "a method fails far above its measuring range only: twice %g at least", about->amr_high);
    return true;
}

static bool read_numbers(const place_t *line, reaction_t *r)
{
    double none = (double)__builtin_inf(), main_nm, second_nm, most = 1e12;
    if (!number(line, "main_nm", 0, 300, 800, &main_nm) || !number(line, "second_nm", 0, 300, 800, &second_nm) ||
        !second_of(line, "start_s", &r->method.start_s) || !second_of(line, "from_s", &r->method.from_s) ||
        !second_of(line, "to_s", &r->method.to_s) || !number(line, "top_a", 0, 0.01, 3, &r->top) ||
        !number(line, "reagent_a", 0, 0, 3, &r->reagent) || !number(line, "part", 0, 0.001, 0.5, &r->part) ||
        !number(line, "cal_low", 0, 1e-6, most, &r->standard_low) ||
        !number(line, "cal_high", 0, 1e-6, most, &r->standard_high) ||
        !number(line, "spent_from", none, 1e-6, most, &r->spent_from) ||
        !number(line, "hook_from", none, 1e-6, most, &r->hook_from))
        return false;
    r->method.main_nm = (int)main_nm;
    r->method.second_nm = (int)second_nm;
    return true;
}

static bool read_method(const place_t *line, reaction_t *r, const analyte_t *about)
{
    const char *kind = field(line, "kind"), *direction = field(line, "direction");
    r->method.principle = field(line, "principle");
    r->method.source = field(line, "source");
    if (!kind || !direction || !r->method.principle || !r->method.source) return false;
    int k = 0;
    while (k < REACTION_KINDS && strcmp(kinds[k], kind) != 0) k++;
    if (k == REACTION_KINDS)
        return csv_fail(line->table, line->row, line->err,
                        "kind is endpoint, two-point, rate, ise, immunoassay, calculated or unknown; found \"%.40s\"",
                        kind);
    r->method.kind = (reaction_kind_t)k;
    bool photometer = k == REACTION_ENDPOINT || k == REACTION_TWO_POINT || k == REACTION_RATE;
    r->method.falls = strcmp(direction, "down") == 0;
    if ((photometer || k == REACTION_IMMUNOASSAY) && !r->method.falls && strcmp(direction, "up") != 0)
        return csv_fail(line->table, line->row, line->err, "direction is up or down; found \"%.40s\"", direction);
    if (!r->method.principle[0] || !r->method.source[0])
        return csv_fail(line->table, line->row, line->err, "say the principle in words and where it is from");
    if (!read_numbers(line, r) || !check_laws(line, r, about)) return false;
    if (photometer) return check_photometry(line, r, about);
    if (k == REACTION_ISE && !(r->standard_low > 0 && r->standard_low < r->standard_high))
        return csv_fail(line->table, line->row, line->err, "an electrode has two standards: cal_low below cal_high");
    if (k == REACTION_IMMUNOASSAY && !(about->amr_low > 0 && about->amr_low < about->amr_high))
        return csv_fail(line->table, line->row, line->err,
                        "an immunoassay needs a measuring range from above 0 in analytes.csv");
    return true;
}

static bool read_spectrum(lab_t *lab, reaction_table_t *table, const source_t *content, err_t *err)
{
    csv_t csv;
    if (!lab_table(lab, content, "lab/spectra.csv", &csv, err)) return false;
    if (csv.rows < 2 || csv.rows > SPECTRUM_MAX)
        return err_set(err, ERR_INPUT, "%s: a spectrum has 2 to %d rows", csv.file, SPECTRUM_MAX);
    for (size_t row = 0; row < csv.rows; row++) {
        place_t line = {&csv, row, err};
        spectrum_point_t *p = &table->spectrum[row];
        if (!number(&line, "nm", 0, 300, 800, &p->nm) || !number(&line, "hemoglobin", 0, 0, 1000, &p->hemoglobin) ||
            !number(&line, "bilirubin", 0, 0, 1000, &p->bilirubin))
            return false;
        if (p->nm <= (row ? p[-1].nm : 0)) return csv_fail(&csv, row, err, "wavelengths stand in rising order");
    }
    table->spectrum_count = (int)csv.rows;
    return true;
}

bool reaction_load(lab_t *lab, const source_t *content, err_t *err)
{
    reaction_table_t *table = arena_alloc(lab->arena, sizeof *table);
    csv_t csv;
    if (!table) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    for (int a = 0; a < LAB_MAX_ANALYTES; a++)
        table->turns[a] = table->of[a].spent_from = table->of[a].hook_from = (double)__builtin_inf();
    if (!read_spectrum(lab, table, content, err) || !lab_table(lab, content, "lab/reactions.csv", &csv, err))
        return false;
    for (size_t row = 0; row < csv.rows; row++) {
        place_t line = {&csv, row, err};
        const char *id = field(&line, "analyte");
        if (!id) return false;
        int a = lab_analyte_find(lab, id);
        if (a < 0 || analyte_at(lab, a)->bench != BENCH_CHEMISTRY)
            return csv_fail(&csv, row, err, "there is no chemistry test \"%.40s\"; did you mean \"%s\"?", id,
                            lab_analyte_nearest(lab, id));
        reaction_t *r = &table->of[a];
        if (r->given) return csv_fail(&csv, row, err, "%s has a row already", id);
        if (!read_method(&line, r, analyte_at(lab, a))) return false;
        r->given = true;
        table->turns[a] = r->spent_from < r->hook_from ? r->spent_from : r->hook_from;
    }
    for (int a = 0; a < lab_analyte_count(lab); a++)
        if (analyte_at(lab, a)->bench == BENCH_CHEMISTRY && analyte_at(lab, a)->measured && !table->of[a].given)
            return err_set(err, ERR_INPUT,
                           "%s: %s is measured and has no row: add one, of kind unknown where the method is not known",
                           csv.file, analyte_at(lab, a)->id);
    lab->ext[REACTION_SLOT] = table;
    return true;
}
