/* Checks by hand at the hematology and coagulation benches: formulas of lab/calc.h with what was measured filled in.
 * Nothing is computed before somebody asks, and no answer is judged. */
#include "desk_cells.h"

#include "lab/bench.h"

#include <string.h>

enum { STUDIES_SEEN = 32 };

static const char *const of_count[] = {"rule3_2", "mchc_id", "wbc_corr", "hgb_plasma_blank", "caput", "ret_corr", NULL};
static const char *const of_clotting[] = {"inr", "aptt_ratio", "rosner_index", "percent_correction", "citrate_volume",
                                          NULL};

static const char *measured(const desk_t *d, int32_t specimen, int analyte)
{
    result_view_t v;
    int32_t at = analyte < 0 ? -1 : shift_specimen_result(d->shift, specimen, analyte);
    if (at < 0 || !shift_result(d->shift, at, &v) || v.value != v.value || v.below_or_above != 0) return "";
    return words(d->arena, "%s", v.text);
}

/* The clotting time that was mixed last, else the aPTT. */
static int mixed(const desk_t *d, int32_t specimen, const char **mix)
{
    study_view_t studies[STUDIES_SEEN];
    int n = shift_studies(d->shift, specimen, studies, STUDIES_SEEN);
    *mix = "";
    for (int i = n - 1; i >= 0; i--) {
        if (studies[i].treatment != TREAT_MIX || studies[i].value != studies[i].value) continue;
        *mix = words(d->arena, "%s", studies[i].text);
        return studies[i].analyte;
    }
    return lab_analyte_find(d->lab, "APTT");
}

/* What the bench knows of an input; "": it is the trainee's to find. */
static const char *known(const desk_t *d, int32_t specimen, const char *input)
{
    static const struct {
        const char *input, *analyte;
    } results[] = {{"hgb", "HGB"}, {"hct", "HCT"},  {"wbc", "WBC"}, {"nrbc", "NRBCP"},
                   {"plt", "PLT"}, {"ret", "RETP"}, {"pt", "PT"},   {"aptt", "APTT"}};
    double mean = 0, high, isi, mnpt;
    const char *mix;
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (strcmp(input, results[i].input) == 0)
            return measured(d, specimen, lab_analyte_find(d->lab, results[i].analyte));
    int analyte = mixed(d, specimen, &mix), aptt = lab_analyte_find(d->lab, "APTT");
    shift_inr_lot(d->shift, &isi, &mnpt);
    if (strcmp(input, "isi") == 0) return words_fixed(d->arena, isi, 2);
    if (strcmp(input, "mnpt") == 0) return words_fixed(d->arena, mnpt, 1);
    if (strcmp(input, "mix") == 0) return mix;
    if (strcmp(input, "patient") == 0) return measured(d, specimen, analyte);
    if (strcmp(input, "mean") == 0 && shift_normal_pool(d->shift, aptt, &mean, &high))
        return words_fixed(d->arena, mean, 1);
    if (strcmp(input, "npp") == 0 && shift_normal_pool(d->shift, analyte, &mean, &high))
        return words_fixed(d->arena, mean, 1);
    return "";
}

static const char *worked(const desk_t *d, int formula, const bench_check_t *check)
{
    calc_input_t inputs[CALC_INPUTS_MAX];
    calc_result_t result;
    err_t err = {0};
    int given = 0;
    for (int i = 0; i < check->input_count; i++)
        if (!check->inputs[i].text[0])
            return words(d->arena, "Fill in %s.", check->inputs[i].value);
        else
            inputs[given++] = (calc_input_t){check->inputs[i].value, check->inputs[i].text};
    if (!calc_run(d->calc, formula, inputs, given, &result, &err)) return words(d->arena, "%s", err.text);
    return words(d->arena, "= %s %s", words_fixed(d->arena, result.rounded, result.decimals),
                 words_unit(d->arena, result.unit));
}

void desk_checks_fill(bench_part_t *p, int32_t specimen, bench_t bench)
{
    const desk_t *d = p->d;
    const char *const *ids = bench == BENCH_HEMATOLOGY ? of_count : of_clotting;
    const char *asked = request_query(d->request, "calc");
    enum { CHECKS = sizeof of_count / sizeof *of_count };
    p->checks = arena_array(d->arena, CHECKS, sizeof *p->checks);
    for (int i = 0; p->checks && ids[i]; i++) {
        calc_view_t v;
        int formula = calc_find(d->calc, ids[i], NULL);
        if (formula < 0) continue;
        calc_view(d->calc, formula, &v);
        bench_check_t *check = &p->checks[p->check_count++];
        *check = (bench_check_t){.id = v.id, .name = v.name, .expression = v.expression, .units = v.input_units};
        bool now = asked && strcmp(asked, v.id) == 0;
        for (int k = 0; k < v.inputs; k++) {
            const char *typed = now ? request_query(d->request, v.input[k]) : NULL;
            check->inputs[check->input_count++] =
                (choice_t){v.input[k], typed ? typed : known(d, specimen, v.input[k])};
        }
        if (now) check->said = worked(d, formula, check);
        p->checked |= now;
    }
}
