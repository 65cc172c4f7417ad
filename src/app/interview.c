/* Charts and cases for interview practice. The laboratory says what a fault does to controls and to a drawn patient
 * (fault_show); here a seed chooses which, and from which run on. One in five has nothing wrong. */
#include "app/interview.h"
#include "base/rng.h"
#include "lab/fault.h"
#include "lab/qc.h"
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DOMAIN_CHART = 9101, DOMAIN_CASE = 9102, DOMAIN_NOISE = 9103, FROM_FIRST = 9, FROM_SPAN = 7, FINE_OF = 5 };

bool app_interview(app_t *app, arena_t *arena, interview_t *interview, err_t *err)
{
    return interview_load(interview, arena, app->options.content, err);
}

/* ---- charts ---- */

static const char *const chart_tests[] = {"sodium", "potassium", "chloride", "glucose", "creatinine", "calcium", "alt"};
static const char *const chart_faults[] = {"cal_shift", "drift", "reagent_deterioration", "bubble", "pipette_wear"};

typedef struct {
    int analyte, fault, from; /* fault -1: none; from: index of the first run with it */
    bool grows;               /* little by little, not at once */
    fault_row_t row;
} chart_plan_t;

static bool plan_chart(const lab_t *lab, uint64_t seed, chart_plan_t *plan, err_t *err)
{
    rng_t rng = rng_at(seed, DOMAIN_CHART, 0, 0);
    fault_row_t rows[LAB_MAX_ANALYTES];
    int count = 0;
    *plan = (chart_plan_t){.fault = -1, .from = PRACTICE_RUNS, .row = {.sd_mul = 1}};
    plan->analyte = lab_analyte_find(lab, chart_tests[rng_below(&rng, sizeof chart_tests / sizeof *chart_tests)]);
    uint32_t which = rng_below(&rng, sizeof chart_faults / sizeof *chart_faults);
    bool fine = rng_below(&rng, FINE_OF) == 0;
    int from = FROM_FIRST + (int)rng_below(&rng, FROM_SPAN);
    if (plan->analyte < 0) return err_set(err, ERR_STATE, "The catalog lacks a test that charts are drawn of.");
    if (fine) return true;
    fault_show_t show = {.fault = lab_fault_find(lab, chart_faults[which]),
                         .fluid = -1,
                         .analyte = plan->analyte,
                         .severity = 1,
                         .seed = seed};
    if (show.fault < 0) return err_set(err, ERR_STATE, "The laboratory has no fault \"%s\".", chart_faults[which]);
    if (!fault_show(lab, &show, rows, &count, err)) return false;
    for (int i = 0; i < count; i++) {
        if (rows[i].analyte != plan->analyte || !rows[i].controlled) continue;
        plan->row = rows[i];
        plan->fault = show.fault;
        plan->from = from;
        plan->grows =
            strcmp(chart_faults[which], "drift") == 0 || strcmp(chart_faults[which], "reagent_deterioration") == 0;
    }
    return true;
}

/* The share of the fault at that run: all at once, or in equal steps to the last run. */
static double share(const chart_plan_t *plan, int run)
{
    if (run < plan->from) return 0;
    return plan->grows ? (double)(run - plan->from + 1) / (PRACTICE_RUNS - plan->from) : 1;
}

static void draw_runs(const chart_plan_t *plan, uint64_t seed, int levels, double z[PRACTICE_RUNS][PRACTICE_LEVELS])
{
    for (int run = 0; run < PRACTICE_RUNS; run++) {
        rng_t rng = rng_at(seed, DOMAIN_NOISE, (uint64_t)run, 0);
        double part = share(plan, run);
        for (int level = 0; level < PRACTICE_LEVELS; level++) {
            double noise = rng_normal(&rng), chance = rng_uniform(&rng), side = rng_uniform(&rng);
            z[run][level] = (double)NAN;
            if (level >= levels) continue;
            double sd = 1 + (plan->row.sd_mul - 1) * part;
            z[run][level] = noise * sd + plan->row.qc_z[level] * part;
            if (chance < plan->row.outlier_prob * part) z[run][level] += (side < 0.5 ? -1 : 1) * plan->row.outlier_sd;
        }
    }
}

static int levels_of(const analyte_t *a)
{
    int levels = analyte_qc_levels(a);
    return levels > 2 ? 2 : levels; /* two are enough to talk about */
}

bool app_practice_chart(app_t *app, uint64_t seed, practice_chart_t *chart, err_t *err)
{
    chart_plan_t plan;
    if (!plan_chart(app->lab, seed, &plan, err)) return false;
    const analyte_t *a = lab_analyte(app->lab, plan.analyte);
    *chart = (practice_chart_t){.name = a->name, .unit = a->unit, .levels = levels_of(a), .decimals = a->decimals};
    for (int level = 0; level < chart->levels; level++) {
        chart->mean[level] = a->qc_target[level];
        chart->sd[level] = a->qc_sd[level];
    }
    draw_runs(&plan, seed, chart->levels, chart->z);
    return true;
}

bool app_practice_chart_answer(app_t *app, uint64_t seed, practice_chart_answer_t *answer, err_t *err)
{
    static const uint8_t numbers[PRACTICE_LEVELS] = {1, 2, 3};
    chart_plan_t plan;
    practice_chart_t chart;
    qc_rules_t rules = {.mode = QC_MODE_COMPUTER};
    qc_history_t history;
    *answer = (practice_chart_answer_t){.name = "", .clue = ""};
    if (!plan_chart(app->lab, seed, &plan, err) || !app_practice_chart(app, seed, &chart, err) ||
        !qc_rules_parse("1-3s,2-2s,R-4s,4-1s,10-x", &rules, err))
        return false;
    fault_view_t fault;
    if (plan.fault >= 0 && lab_fault(app->lab, plan.fault, &fault)) {
        answer->fault = true;
        answer->name = fault.name;
        answer->clue = fault.clue;
        answer->from = plan.from + 1;
    }
    qc_history_init(&history);
    for (int run = 0; run < PRACTICE_RUNS && answer->rejected == 0; run++) {
        qc_verdict_t verdict;
        qc_judge_run(&rules, &history, chart.z[run], numbers, chart.levels, &verdict);
        if (verdict.verdict != QC_VERDICT_REJECT) continue;
        answer->rejected = run + 1;
        answer->systematic = verdict.count > 0 && qc_rule_is_systematic((qc_rule_t)verdict.rules[0]);
        for (int i = 0; i < verdict.count; i++) {
            size_t used = strlen(answer->rules);
            snprintf(answer->rules + used, sizeof answer->rules - used, "%s%s", i ? ", " : "",
                     qc_rule_name((qc_rule_t)verdict.rules[i]));
        }
    }
    return true;
}

/* ---- cases ---- */

static const char *const case_tests[] = {
    "sodium",    "potassium",     "chloride", "co2", "glucose", "bun", "creatinine", "calcium", "magnesium",
    "phosphorus", "total_protein", "albumin",  "alp", "alt",     "ast", "ldh",        "ck"};
static const char *const case_faults[] = {"haemolysis",
                                          "edta_contam",
                                          "iv_contam",
                                          "delayed_sep",
                                          "citrate_contam",
                                          "cold_unseparated",
                                          "fluoride_oxalate_contam"};

typedef struct {
    int fault; /* -1: none */
    fault_row_t rows[LAB_MAX_ANALYTES];
    int count;
} case_plan_t;

static bool plan_case(const lab_t *lab, uint64_t seed, case_plan_t *plan, err_t *err)
{
    rng_t rng = rng_at(seed, DOMAIN_CASE, 0, 0);
    uint32_t which = rng_below(&rng, sizeof case_faults / sizeof *case_faults);
    double strength = 1 + rng_uniform(&rng);
    bool fine = rng_below(&rng, FINE_OF) == 0;
    fault_view_t fault;
    fault_show_t show = {.fault = lab_fault_find(lab, case_faults[which]), .fluid = -1, .analyte = -1, .seed = seed};
    if (!lab_fault(lab, show.fault, &fault))
        return err_set(err, ERR_STATE, "The laboratory has no fault \"%s\".", case_faults[which]);
    plan->fault = fine ? -1 : show.fault;
    show.severity = fine ? 0 : fault.usual * strength;
    if (show.severity > fault.high) show.severity = fault.high;
    return fault_show(lab, &show, plan->rows, &plan->count, err);
}

static const fault_row_t *row_of(const lab_t *lab, const case_plan_t *plan, const char *id)
{
    int analyte = lab_analyte_find(lab, id);
    for (int i = 0; i < plan->count; i++)
        if (plan->rows[i].analyte == analyte) return &plan->rows[i];
    return NULL;
}

bool app_practice_case(app_t *app, uint64_t seed, practice_case_t *shown, err_t *err)
{
    case_plan_t plan;
    *shown = (practice_case_t){0};
    if (!plan_case(app->lab, seed, &plan, err)) return false;
    for (size_t i = 0; i < sizeof case_tests / sizeof *case_tests; i++) {
        const fault_row_t *row = row_of(app->lab, &plan, case_tests[i]);
        if (!row) continue;
        const analyte_t *a = lab_analyte(app->lab, row->analyte);
        int n = shown->count++;
        shown->values[n].name = a->name, shown->values[n].unit = a->unit;
        shown->values[n].value = row->after, shown->values[n].decimals = a->decimals;
        shown->values[n].low = fmin(a->ri_low[0], a->ri_low[1]);
        shown->values[n].high = fmax(a->ri_high[0], a->ri_high[1]);
    }
    return true;
}

bool app_practice_case_answer(app_t *app, uint64_t seed, practice_case_answer_t *answer, err_t *err)
{
    case_plan_t plan;
    fault_view_t fault;
    int n = 0;
    *answer = (practice_case_answer_t){.name = "", .clue = ""};
    if (!plan_case(app->lab, seed, &plan, err)) return false;
    for (size_t i = 0; i < sizeof case_tests / sizeof *case_tests; i++) {
        const fault_row_t *row = row_of(app->lab, &plan, case_tests[i]);
        if (row) answer->before[n++] = row->before;
    }
    if (plan.fault >= 0 && lab_fault(app->lab, plan.fault, &fault)) {
        answer->fault = true;
        answer->name = fault.name;
        answer->clue = fault.clue;
    }
    return true;
}
