/* Answers of the laboratory to computed exam items. See app/families.h. */
#include "app/families.h"

#include "lab/coag.h"
#include "lab/fault.h"
#include "lab/qc.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 32, NUMBER_DECIMALS = 9 };

static bool formula(void *self, const char *id, const char *const *names, const double *values, int count,
                    double *value, err_t *err)
{
    const app_laboratory_t *laboratory = self;
    char text[FAMILY_INPUTS_MAX][NUMBER_BYTES];
    calc_input_t inputs[FAMILY_INPUTS_MAX];
    calc_result_t result;
    int which = calc_find(laboratory->calc, id, err);
    if (which < 0) return false;
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], "sex") == 0)
            memcpy(text[i], values[i] != 0 ? "F" : "M", 2);
        else
            text_fixed(text[i], values[i], NUMBER_DECIMALS);
        inputs[i] = (calc_input_t){names[i], text[i]};
    }
    if (!calc_run(laboratory->calc, which, inputs, count, &result, err)) return false;
    *value = result.value;
    return true;
}

static bool judge(void *self, const char *text, int levels, int runs, const double *z, family_verdict_t *verdict,
                  err_t *err)
{
    (void)self;
    qc_rules_t rules = {.mode = QC_MODE_COMPUTER};
    qc_history_t history;
    uint8_t level[FAMILY_LEVELS_MAX];
    *verdict = (family_verdict_t){0};
    if (!qc_rules_parse(text, &rules, err)) return false;
    for (int i = 0; i < levels; i++) level[i] = (uint8_t)(i + 1);
    qc_history_init(&history);
    for (int run = 0; run < runs; run++) {
        qc_verdict_t v;
        qc_judge_run(&rules, &history, z + run * levels, level, levels, &v);
        if (run + 1 < runs) {
            verdict->rejected_yet = verdict->rejected_yet || v.verdict == QC_VERDICT_REJECT;
            continue;
        }
        verdict->reject = v.verdict == QC_VERDICT_REJECT;
        verdict->warn = v.verdict == QC_VERDICT_WARN;
        for (int i = 0; i < v.count; i++) verdict->rejecting += v.rules[i] != QC_RULE_1_2S;
        if (v.count == 0) continue;
        verdict->systematic = qc_rule_is_systematic((qc_rule_t)v.rules[0]);
        snprintf(verdict->rule, sizeof verdict->rule, "%s", qc_rule_name((qc_rule_t)v.rules[0]));
    }
    return true;
}

/* The wider of the two sexes' limits: a panel does not say whose it is. */
static void limits(const analyte_t *a, family_row_t *row)
{
    row->low = a->ri_low[0] < a->ri_low[1] ? a->ri_low[0] : a->ri_low[1];
    row->high = a->ri_high[0] > a->ri_high[1] ? a->ri_high[0] : a->ri_high[1];
}

static bool fault(void *self, const char *id, const char *fluid, double severity, uint64_t seed,
                  const char *const *analytes, int count, family_row_t *rows, err_t *err)
{
    const lab_t *lab = ((const app_laboratory_t *)self)->lab;
    fault_row_t shown[LAB_MAX_ANALYTES];
    int shown_count;
    fault_show_t show = {
        .fault = lab_fault_find(lab, id), .fluid = -1, .analyte = -1, .severity = severity, .seed = seed};
    if (show.fault < 0) return err_set(err, ERR_NOT_FOUND, "there is no fault \"%.40s\"", id);
    if (fluid && (show.fluid = lab_fluid_find(lab, fluid)) < 0)
        return err_set(err, ERR_NOT_FOUND, "there is no infusion fluid \"%.40s\"", fluid);
    if (!fault_show(lab, &show, shown, &shown_count, err)) return false;
    for (int i = 0; i < count; i++) {
        int analyte = lab_analyte_find(lab, analytes[i]), k = 0;
        while (k < shown_count && shown[k].analyte != analyte) k++;
        if (analyte < 0 || k == shown_count)
            return err_set(err, ERR_NOT_FOUND, "a fault does not show the analyte \"%.40s\"", analytes[i]);
        const analyte_t *a = lab_analyte(lab, analyte);
        rows[i] = (family_row_t){.id = a->id,
                                 .name = a->name,
                                 .unit = a->unit,
                                 .value = shown[k].after,
                                 .before = shown[k].before,
                                 .decimals = a->decimals};
        limits(a, &rows[i]);
    }
    return true;
}

static bool plasma_part(clotting_t *plasma, const char *name, double value, err_t *err)
{
    const struct {
        const char *name;
        double *value;
    } parts[] = {{"fibrinogen", &plasma->fibrinogen},
                 {"ufh", &plasma->ufh},
                 {"lmwh", &plasma->lmwh},
                 {"lupus", &plasma->lupus},
                 {"inhibitor", &plasma->inhibitor_bu}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].name, name) == 0) {
            *parts[i].value = value;
            return true;
        }
    int factor = factor_find(name);
    if (factor < 0) return err_set(err, ERR_NOT_FOUND, "a plasma has no part \"%.40s\"", name);
    plasma->factor[factor] = value;
    return true;
}

static double at_most(double seconds, double limit)
{
    return seconds < limit ? seconds : limit;
}

static bool clot(void *self, const char *const *names, const double *values, int count, family_times_t *times,
                 err_t *err)
{
    (void)self;
    clotting_t plasma = clot_normal_pool();
    clot_reagents_t reagents = clot_reagents();
    mix_study_t study;
    for (int i = 0; i < count; i++)
        if (!plasma_part(&plasma, names[i], values[i], err)) return false;
    plasma.fibrinogen_antigen = plasma.fibrinogen;
    clot_mix_study(&plasma, &reagents, MIX_BY_APTT, 0.5, &study);
    times->pt = at_most(clot_pt(&plasma, &reagents), CLOT_PT_MAX);
    times->inr = clot_inr(times->pt, CLOT_MNPT, 1);
    times->aptt = at_most(clot_aptt(&plasma, &reagents), CLOT_APTT_MAX);
    times->tt = at_most(clot_tt(&plasma), CLOT_TT_MAX);
    times->reptilase = at_most(clot_reptilase(&plasma), CLOT_TT_MAX);
    times->mix = study.immediate;
    times->mix_incubated = study.incubated;
    return true;
}

void app_family_source(app_laboratory_t *laboratory, family_source_t *source)
{
    *source = (family_source_t){.self = laboratory, .formula = formula, .judge = judge, .fault = fault, .clot = clot};
}
