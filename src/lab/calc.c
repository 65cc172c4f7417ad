/* Formulas: joins the arithmetic (calc_formulas.c) to the content that describes it, and stands
 * between a person's input and the arithmetic: every name, number and domain is checked here, so
 * that a formula never sees what it is not made for. */
#include "calc_private.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/exact.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALC_MEMORY = 1 << 20, EXAMPLE_MAX = 200, NAMES_MAX = 200 };

static const calc_chapter_t *const CHAPTERS[] = {&CALC_GENERAL, &CALC_HEMATOLOGY, &CALC_COAGULATION, &CALC_RELATIONS};

static int formula_count(void)
{
    int count = 0;
    for (size_t i = 0; i < sizeof CHAPTERS / sizeof *CHAPTERS; i++) count += CHAPTERS[i]->count;
    return count;
}

static const calc_formula_t *formula_at(int index)
{
    const calc_chapter_t *const *chapter = CHAPTERS;
    assert(index >= 0 && index < formula_count());
    while (index >= (*chapter)->count) index -= (*chapter++)->count;
    return &(*chapter)->formulas[index];
}

struct calc {
    arena_t *arena;
    calc_view_t *views; /* [formula_count()], in the order of the code */
    martin_table_t martin;
};

/* ---- content ---- */

static bool read_table(csv_t *table, arena_t *arena, const source_t *content, const char *path, err_t *err)
{
    const source_file_t *file = source_find(content, path);
    if (!file) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content", path);
    return csv_read(table, arena, path, file->bytes, file->length, err);
}

static bool load_martin(calc_t *calc, const source_t *content, err_t *err)
{
    static const char *const columns[MARTIN_NON_HDL_BANDS] = {"non_hdl_below_100", "non_hdl_100_129", "non_hdl_130_159",
                                                              "non_hdl_160_189",   "non_hdl_190_219", "non_hdl_220_up"};
    csv_t table;
    int from, column;
    if (!read_table(&table, calc->arena, content, "lab/martin_hopkins.csv", err) ||
        !csv_need(&table, "tg_min_mg_dl", &from, err))
        return false;
    if (table.rows != MARTIN_TG_BANDS)
        return err_set(err, ERR_INPUT, "lab/martin_hopkins.csv has %zu rows; the table has %d", table.rows,
                       (int)MARTIN_TG_BANDS);
    for (size_t row = 0; row < table.rows; row++) {
        double *tg = &calc->martin.tg_from_mg_dl[row];
        if (!csv_double(&table, row, from, tg, err)) return false;
        if (row > 0 && *tg <= tg[-1]) return csv_fail(&table, row, err, "tg_min_mg_dl must rise from row to row");
        for (int i = 0; i < MARTIN_NON_HDL_BANDS; i++) {
            double *factor = &calc->martin.factor[row][i];
            if (!csv_need(&table, columns[i], &column, err) || !csv_double(&table, row, column, factor, err))
                return false;
            if (!(*factor > 0)) return csv_fail(&table, row, err, "a factor must be above 0");
        }
    }
    return true;
}

/* "na=140; cl=104" becomes "na=140 cl=104", as one types it. */
static const char *as_typed(arena_t *arena, const char *example)
{
    char *out = arena_text(arena, example, strlen(example));
    if (!out) return NULL;
    size_t n = 0;
    for (const char *p = example; *p; p++)
        if (*p != ';') out[n++] = *p;
    out[n] = 0;
    return out;
}

static bool describe(calc_t *calc, const csv_t *table, size_t row, const calc_formula_t *formula, calc_view_t *view,
                     err_t *err)
{
    static const char *const columns[] = {"name", "expression", "input_units", "output_unit", "valid_domain", "source"};
    const char *text[6];
    int column;
    for (int i = 0; i < 6; i++) {
        if (!csv_need(table, columns[i], &column, err)) return false;
        text[i] = csv_text(table, row, column);
    }
    *view = (calc_view_t){.id = formula->id,
                          .name = text[0],
                          .expression = text[1],
                          .input_units = text[2],
                          .unit = text[3],
                          .domain = text[4],
                          .source = text[5]};
    int64_t decimals;
    if (!csv_need(table, "decimals", &column, err) || !csv_int(table, row, column, &decimals, err)) return false;
    if (decimals < 0 || decimals > CALC_DECIMALS_MAX)
        return csv_fail(table, row, err, "decimals must be 0 to %d", (int)CALC_DECIMALS_MAX);
    view->decimals = (int)decimals;
    if (!csv_need(table, "example1_inputs", &column, err)) return false;
    view->example = as_typed(calc->arena, csv_text(table, row, column));
    if (!view->example) return err_set(err, ERR_MEMORY, "the formulas do not fit into memory");
    while (formula->needs[view->inputs].name) {
        view->input[view->inputs] = formula->needs[view->inputs].name;
        view->inputs++;
    }
    return true;
}

static bool load_formulas(calc_t *calc, const source_t *content, err_t *err)
{
    csv_t table;
    int id;
    if (!read_table(&table, calc->arena, content, "lab/formulas.csv", err) || !csv_need(&table, "formula_id", &id, err))
        return false;
    calc->views = arena_array(calc->arena, (size_t)formula_count(), sizeof *calc->views);
    if (!calc->views) return err_set(err, ERR_MEMORY, "the formulas do not fit into memory");
    for (size_t row = 0; row < table.rows; row++) {
        const char *asked = csv_text(&table, row, id);
        int i = 0;
        while (i < formula_count() && strcmp(formula_at(i)->id, asked) != 0) i++;
        if (i == formula_count())
            return csv_fail(&table, row, err, "there is no arithmetic for the formula \"%.60s\"", asked);
        if (calc->views[i].id) return csv_fail(&table, row, err, "the formula \"%.60s\" stands here twice", asked);
        if (!describe(calc, &table, row, formula_at(i), &calc->views[i], err)) return false;
    }
    for (int i = 0; i < formula_count(); i++)
        if (!calc->views[i].id)
            return err_set(err, ERR_INPUT, "lab/formulas.csv has no row for \"%s\"", formula_at(i)->id);
    return true;
}

bool calc_open(calc_t **out, const source_t *content, err_t *err)
{
    calc_t *calc = calloc(1, sizeof *calc);
    *out = NULL;
    if (calc) calc->arena = arena_new(CALC_MEMORY);
    if (!calc || !calc->arena) {
        calc_close(calc);
        return err_set(err, ERR_MEMORY, "the formulas do not fit into memory");
    }
    if (!load_martin(calc, content, err) || !load_formulas(calc, content, err)) {
        calc_close(calc);
        return false;
    }
    *out = calc;
    return true;
}

void calc_close(calc_t *calc)
{
    if (!calc) return;
    arena_free(calc->arena);
    free(calc);
}

int calc_count(const calc_t *calc)
{
    (void)calc;
    return formula_count();
}

void calc_view(const calc_t *calc, int formula, calc_view_t *view)
{
    assert(formula >= 0 && formula < formula_count());
    *view = calc->views[formula];
}

/* ---- finding ---- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a && small(*a) == small(*b)) a++, b++;
    return *a == 0 && *b == 0;
}

/* Edits that turn one id into another (Levenshtein), for ids of usual length. */
static int distance(const char *a, const char *b)
{
    enum { LENGTH = 40 };
    size_t n = strlen(a), m = strlen(b);
    if (n >= LENGTH || m >= LENGTH) return LENGTH;
    int row[LENGTH];
    for (size_t j = 0; j <= m; j++) row[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int best = diagonal + (small(a[i - 1]) != small(b[j - 1]));
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

/* Other names by which the relations of hematology are known. */
static const char *own_name(const char *id)
{
    static const char *const names[][2] = {{"dimorph", "dimorph_mcv"},
                                           {"citrate_hct", "citrate_volume"},
                                           {"hemo", "hemocytometer"},
                                           {"rumke", "rumke_low"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (same_but_for_case(id, names[i][0])) return names[i][1];
    return id;
}

int calc_find(const calc_t *calc, const char *asked, err_t *err)
{
    (void)calc;
    const char *id = own_name(asked);
    int nearest = 0, least = 1000;
    for (int i = 0; i < formula_count(); i++) {
        int d = distance(id, formula_at(i)->id);
        if (same_but_for_case(id, formula_at(i)->id)) return i;
        if (d < least) {
            least = d;
            nearest = i;
        }
    }
    err_set(err, ERR_NOT_FOUND, "there is no formula \"%.60s\"; did you mean %s? `titer calc list` names them all", id,
            formula_at(nearest)->id);
    return -1;
}

/* ---- running ---- */

/* A number as short as it can be said: 18, 0.1, 2.152, 1000000000. */
static const char *plain_number(double value, char out[32])
{
    int decimals = 0;
    while (decimals < 6 && calc_round(value, decimals) != value) decimals++;
    text_fixed(out, value, decimals);
    return out;
}

static bool read_input(const calc_view_t *view, const calc_need_t *need, const char *text, double *value, err_t *err)
{
    char low[32], high[32];
    if (need->kind == INPUT_SEX) {
        *value = same_but_for_case(text, "f");
        if (*value > 0 || same_but_for_case(text, "m")) return true;
        return err_set(err, ERR_INPUT, "sex is \"%.60s\"; write sex=M or sex=F", text);
    }
    if (!text_to_double(text, strlen(text), value) || *value - *value != 0)
        return err_set(err, ERR_INPUT, "%s is \"%.60s\"; it must be a number, as in %s", need->name, text,
                       view->example);
    bool good = *value <= need->high && (need->kind == INPUT_ABOVE ? *value > need->low : *value >= need->low);
    if (need->kind == INPUT_WHOLE) good = good && exact_floor(*value) == *value;
    if (good) return true;
    const char *domain = view->domain[0] ? view->domain : "none stated";
    if (need->high >= 1e9)
        return err_set(err, ERR_INPUT, "%s is %.40s; it must be a usual quantity %s %s (domain: %s)", need->name, text,
                       need->kind == INPUT_ABOVE ? "above" : "from", plain_number(need->low, low), domain);
    return err_set(err, ERR_INPUT, "%s is %.40s; it must be %s%s %s, at most %s (domain: %s)", need->name, text,
                   need->kind == INPUT_WHOLE ? "a whole number " : "", need->kind == INPUT_ABOVE ? "above" : "from",
                   plain_number(need->low, low), plain_number(need->high, high), domain);
}

/* Which input is called `name`: exactly, or but for its case. */
static int input_named(const calc_formula_t *formula, const char *name)
{
    for (int i = 0; formula->needs[i].name; i++)
        if (strcmp(formula->needs[i].name, name) == 0) return i;
    for (int i = 0; formula->needs[i].name; i++)
        if (same_but_for_case(formula->needs[i].name, name)) return i;
    return -1;
}

static void list_names(const calc_view_t *view, const bool *given, char out[NAMES_MAX])
{
    size_t n = 0;
    out[0] = 0;
    for (int i = 0; i < view->inputs; i++)
        if (!given || !given[i]) n += (size_t)snprintf(out + n, NAMES_MAX - n, "%s%s", n ? ", " : "", view->input[i]);
}

bool calc_run(const calc_t *calc, int at, const calc_input_t *inputs, int count, calc_result_t *result, err_t *err)
{
    assert(at >= 0 && at < formula_count());
    const calc_formula_t *formula = formula_at(at);
    const calc_view_t *view = &calc->views[at];
    double in[CALC_INPUTS_MAX] = {0};
    bool given[CALC_INPUTS_MAX] = {false};
    char names[NAMES_MAX];
    *result = (calc_result_t){.decimals = view->decimals, .unit = view->unit};
    for (int i = 0; i < count; i++) {
        int which = input_named(formula, inputs[i].name);
        if (which < 0) {
            list_names(view, NULL, names);
            return err_set(err, ERR_INPUT, "%s has no input \"%.60s\"; it needs %s, as in: titer calc %s %s", view->id,
                           inputs[i].name, names, view->id, view->example);
        }
        if (given[which]) return err_set(err, ERR_INPUT, "%s is given twice; give it once", view->input[which]);
        given[which] = true;
        if (!read_input(view, &formula->needs[which], inputs[i].text, &in[which], err)) return false;
    }
    list_names(view, given, names);
    if (names[0])
        return err_set(err, ERR_INPUT, "%s still needs %s, as in: titer calc %s %s", view->id, names, view->id,
                       view->example);
    if (!formula->compute(in, &calc->martin, &result->value, err)) return false;
    if (!(exact_abs(result->value) < 1e15))
        return err_set(err, ERR_INPUT,
                       "these inputs give no usable number; check them against the example: titer calc %s %s", view->id,
                       view->example);
    result->rounded = calc_round(result->value, view->decimals);
    return true;
}

/* x * 10^decimals as a rounded product and its exact rest (Dekker 1971), so that 3.475, whose binary
 * value lies below it, goes down, and 1.125, which is exact, goes to the even digit. */
double calc_round(double x, int decimals)
{
    static const double powers[10] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    assert(decimals >= 0 && decimals <= 9);
    double scale = powers[decimals], a = exact_abs(x), product = a * scale;
    if (!(product < 4e15)) return x;
    double split = 134217729.0; /* 2^27 + 1 */
    double t = split * a, ah = t - (t - a), al = a - ah;
    t = split * scale;
    double sh = t - (t - scale), sl = scale - sh;
    double rest = ((ah * sh - product) + ah * sl + al * sh) + al * sl;
    double whole = exact_floor(product), above = (product - whole - 0.5) + rest;
    bool odd = whole - 2 * exact_floor(whole / 2) > 0.5;
    if (above > 0 || (above == 0 && odd)) whole += 1;
    return x < 0 && whole > 0 ? -(whole / scale) : whole / scale;
}
