/* Reads the clotting conditions (content/lab/coagulation/conditions.csv) and takes the healthy spread of
 * each test from the catalog: a reference interval holds the middle 95 % of healthy people, so its ends
 * give center and spread; CVi gives the part of the variance that comes and goes within a person. PT, aPTT, TT
 * and fibrinogen have the spread that the facts state. */
#include "clotting_tables.h"

#include "cells.h"
#include "fault_tables.h"

#include <string.h>

static const char PATH[] = "lab/coagulation/conditions.csv";

static const char *const TEST_IDS[COAG_TESTS] = {
    [COAG_PT] = "PT",
    [COAG_INR] = "INR",
    [COAG_APTT] = "APTT",
    [COAG_TT] = "TT",
    [COAG_FIB] = "FIB",
    [COAG_DDIMER] = "DDIMER",
    [COAG_AT] = "AT",
    [COAG_PC] = "PC",
    [COAG_PS] = "PS",
    [COAG_F2] = "F2",
    [COAG_F5] = "F5",
    [COAG_F7] = "F7",
    [COAG_F8] = "F8",
    [COAG_F9] = "F9",
    [COAG_F10] = "F10",
    [COAG_F11] = "F11",
    [COAG_F12] = "F12",
    [COAG_VWFAG] = "VWFAG",
    [COAG_VWFACT] = "VWFACT",
    [COAG_DRVVT] = "DRVVT",
    [COAG_REPT] = "REPT",
    [COAG_ANTIXA_UFH] = "ANTIXA_UFH",
    [COAG_ANTIXA_LMWH] = "ANTIXA_LMWH",
};

static bool find_tests(const lab_t *lab, clotting_tables_t *tables, err_t *err)
{
    memset(tables->test, 0xff, sizeof tables->test);
    for (int t = 0; t < COAG_TESTS; t++) {
        int a = lab_analyte_find(lab, TEST_IDS[t]);
        if (a < 0 || lab->analytes[a].bench != BENCH_COAGULATION)
            return err_set(err, ERR_INPUT, "lab/coagulation/analytes.csv must have %s", TEST_IDS[t]);
        tables->analyte[t] = (int16_t)a;
        tables->test[a] = (int8_t)t;
        analyte_set_add(&tables->analytes, a);
    }
    return true;
}

/* ---- healthy spread ---- */

typedef enum { BY_INTERVAL, BY_INTERVAL_LOG, BY_UPPER_LOG, STATED, STATED_LOG, NOT_DRAWN } spread_t;

/* Stated: the facts' personal factors of the three times, and fibrinogen N(300, 50). */
static const struct {
    spread_t kind;
    double center, spread;
} SPREADS[COAG_TESTS] = {
    [COAG_PT] = {STATED_LOG, 0.016, 0.052},
    [COAG_INR] = {NOT_DRAWN, 0, 0},
    [COAG_APTT] = {STATED_LOG, -0.014, 0.084},
    [COAG_TT] = {STATED_LOG, 0, 0.075},
    [COAG_FIB] = {STATED, 300, 50},
    [COAG_DDIMER] = {BY_UPPER_LOG, 0, 0},
    [COAG_ANTIXA_UFH] = {NOT_DRAWN, 0, 0},
    [COAG_ANTIXA_LMWH] = {NOT_DRAWN, 0, 0},
    [COAG_AT] = {BY_INTERVAL, 0, 0},
    [COAG_PC] = {BY_INTERVAL, 0, 0},
    [COAG_PS] = {BY_INTERVAL, 0, 0},
    [COAG_F2] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F5] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F7] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F8] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F9] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F10] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F11] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_F12] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_VWFAG] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_VWFACT] = {BY_INTERVAL_LOG, 0, 0},
    [COAG_DRVVT] = {BY_INTERVAL, 0, 0},
    [COAG_REPT] = {BY_INTERVAL, 0, 0},
};

static void healthy_spread(const lab_t *lab, clotting_tables_t *tables, int sex, int test)
{
    static const double Z = 1.959963984540054;
    const analyte_t *a = &lab->analytes[tables->analyte[test]];
    double low = a->ri_low[sex], high = a->ri_high[sex], center = SPREADS[test].center, spread = SPREADS[test].spread;
    double cvi = a->cvi_pct > 0 ? a->cvi_pct / 100 : 0, cvg = a->cvg_pct > 0 ? a->cvg_pct / 100 : 0;
    spread_t kind = SPREADS[test].kind;
    if (kind == BY_INTERVAL) {
        center = 0.5 * (low + high);
        spread = 0.5 * (high - low) / Z;
    } else if (kind == BY_INTERVAL_LOG) {
        center = 0.5 * exact_log(low * high);
        spread = 0.5 * exact_log(high / low) / Z;
    } else if (kind == BY_UPPER_LOG) {
        spread = exact_sqrt(cvi * cvi + cvg * cvg);
        center = exact_log(high) - Z * spread;
    }
    bool log = kind == BY_INTERVAL_LOG || kind == BY_UPPER_LOG || kind == STATED_LOG;
    double cv = log ? spread : center > 0 ? spread / center : 0;
    double within = cvi > 0 && cv > 0 ? cvi * cvi / (cv * cv) : 0.1;
    if (within > 0.9) within = 0.9;
    tables->healthy[sex][test].center = center;
    tables->healthy[sex][test].spread = spread;
    tables->healthy[sex][test].log = log;
    tables->healthy[sex][test].within = exact_sqrt(within);
    tables->healthy[sex][test].between = exact_sqrt(1 - within);
}

/* ---- conditions ---- */

static bool number_of(const csv_t *table, size_t row, const char *name, double low, double high, double *value,
                      err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err) || !csv_double(table, row, column, value, err)) return false;
    if (*value >= low && *value <= high) return true;
    char from[32], to[32];
    text_fixed(from, low, 2);
    text_fixed(to, high, 2);
    return csv_fail(table, row, err, "%s must be %s to %s", name, from, to);
}

static bool add_factor(void *context, const char *part)
{
    clotting_t *plasma = context;
    const char *colon = strchr(part, ':');
    char word[8];
    double percent;
    if (colon == NULL || (size_t)(colon - part) >= sizeof word) return false;
    memcpy(word, part, (size_t)(colon - part));
    word[colon - part] = 0;
    int factor = factor_find(word);
    if (factor < 0 || !text_to_double(colon + 1, strlen(colon + 1), &percent)) return false;
    if (!(percent >= 0 && percent <= 300)) return false;
    plasma->factor[factor] = percent / 100;
    return true;
}

static bool read_drug(const csv_t *table, size_t row, clotting_condition_t *condition, err_t *err)
{
    int column;
    double tt;
    clotting_t *p = &condition->plasma;
    if (!csv_need(table, "drug", &column, err) || !number_of(table, row, "pt_multiplier", 0.5, 10, &p->drug_pt, err) ||
        !number_of(table, row, "aptt_multiplier", 0.5, 10, &p->drug_aptt, err) ||
        !number_of(table, row, "tt_multiplier", 0.5, 20, &tt, err) ||
        !number_of(table, row, "anti_xa_equivalent_iu_ml", 0, 20, &p->drug_xa, err))
        return false;
    const char *drug = csv_text(table, row, column);
    condition->thrombin_drug = strcmp(drug, "thrombin") == 0;
    if (!condition->thrombin_drug && strcmp(drug, "xa") != 0 && drug[0] != 0)
        return csv_fail(table, row, err, "drug is \"%.40s\"; use xa, thrombin or nothing", drug);
    *(condition->thrombin_drug ? &p->drug_tt : &p->fibrin_tt) = tt;
    return true;
}

static bool read_condition(lab_t *lab, const csv_t *table, size_t row, clotting_condition_t *condition, err_t *err)
{
    int id, name, factors;
    double percent[5];
    clotting_t *p = &condition->plasma;
    *p = clot_normal_pool();
    if (!csv_need(table, "condition_id", &id, err) || !csv_need(table, "name", &name, err) ||
        !csv_need(table, "factors_pct", &factors, err) ||
        !number_of(table, row, "fibrinogen_mg_dl", 0, 2000, &p->fibrinogen, err) ||
        !number_of(table, row, "fibrinogen_antigen_mg_dl", 0, 2000, &p->fibrinogen_antigen, err) ||
        !number_of(table, row, "heparin_iu_ml", 0, 10, &p->ufh, err) ||
        !number_of(table, row, "lmwh_iu_ml", 0, 10, &p->lmwh, err) ||
        !number_of(table, row, "lupus", 0, 5, &p->lupus, err) ||
        !number_of(table, row, "inhibitor_bu", 0, 10000, &p->inhibitor_bu, err) ||
        !number_of(table, row, "d_dimer_ug_ml", 0, 1000, &p->d_dimer, err) ||
        !number_of(table, row, "antithrombin_pct", 0, 300, &percent[0], err) ||
        !number_of(table, row, "protein_c_pct", 0, 300, &percent[1], err) ||
        !number_of(table, row, "protein_s_pct", 0, 300, &percent[2], err) ||
        !number_of(table, row, "vwf_antigen_pct", 0, 1000, &percent[3], err) ||
        !number_of(table, row, "vwf_ratio", 0, 2, &percent[4], err) ||
        !number_of(table, row, "platelets_10_9_l", 0, 5000, &condition->platelets, err) ||
        !number_of(table, row, "spread", 0, 0.5, &condition->spread, err) || !read_drug(table, row, condition, err))
        return false;
    condition->id = csv_text(table, row, id);
    condition->name = csv_text(table, row, name);
    p->antithrombin = percent[0] / 100;
    p->protein_c = percent[1] / 100;
    p->protein_s = percent[2] / 100;
    p->vwf_antigen = percent[3] / 100;
    p->vwf_activity = p->vwf_antigen * percent[4];
    if (condition->id[0] == 0) return csv_fail(table, row, err, "a condition needs an id");
    if (!fault_parts(lab, csv_text(table, row, factors), add_factor, p, err))
        return csv_fail(table, row, err, "factors_pct is like \"F7:30;F10:65\" (0 to 300 %%); found \"%.60s\"",
                        csv_text(table, row, factors));
    for (int s = 0; s < SETTING_COUNT; s++) {
        static const char *const WEIGHTS[SETTING_COUNT] = {"weight_community", "weight_outpatient", "weight_ed",
                                                           "weight_inpatient", "weight_icu"};
        if (!number_of(table, row, WEIGHTS[s], 0, 100000, &condition->weight[s], err)) return false;
    }
    return true;
}

typedef struct {
    const lab_t *lab;
    clotting_tables_t *tables;
    int clotting;
    bool cells; /* ids of the conditions of the cells, else of chemistry */
} implied_reader_t;

/* "sepsis:0.2" */
static bool add_implied(void *context, const char *part)
{
    implied_reader_t *reader = context;
    clotting_tables_t *tables = reader->tables;
    const char *colon = strchr(part, ':');
    char id[64];
    if (colon == NULL || (size_t)(colon - part) >= sizeof id || tables->implied_count == IMPLIED_MAX) return false;
    memcpy(id, part, (size_t)(colon - part));
    id[colon - part] = 0;
    implied_t *implied = &tables->implied[tables->implied_count++];
    implied->clotting = (int16_t)reader->clotting;
    implied->with =
        (int16_t)(reader->cells ? cells_condition_find(reader->lab, id) : lab_condition_find(reader->lab, id));
    implied->cells = reader->cells;
    if (implied->with >= CLOTTING_WITH_MAX) return false;
    if (implied->with >= 0) tables->implies[implied->cells][implied->with] = true;
    return implied->with >= 0 && text_to_double(colon + 1, strlen(colon + 1), &implied->chance) &&
           implied->chance > 0 && implied->chance <= 1;
}

static bool read_conditions(lab_t *lab, clotting_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    int implied, by_cells;
    if (!lab_table(lab, content, PATH, &table, err) || !csv_need(&table, "implied_by", &implied, err) ||
        !csv_need(&table, "implied_by_cells", &by_cells, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (tables->count == CLOTTING_MAX)
            return csv_fail(&table, row, err, "at most %d clotting conditions", (int)CLOTTING_MAX);
        clotting_condition_t *condition = &tables->conditions[tables->count];
        if (!read_condition(lab, &table, row, condition, err)) return false;
        if (clotting_find(lab, condition->id) >= 0)
            return csv_fail(&table, row, err, "%s is listed twice", condition->id);
        implied_reader_t reader = {lab, tables, tables->count, false};
        if (!fault_parts(lab, csv_text(&table, row, implied), add_implied, &reader, err))
            return csv_fail(&table, row, err,
                            "implied_by is like \"cirrhosis:0.7;sepsis:0.2\" (ids of lab/conditions.csv, chance above "
                            "0 to 1); found \"%.80s\"",
                            csv_text(&table, row, implied));
        reader.cells = true;
        if (!fault_parts(lab, csv_text(&table, row, by_cells), add_implied, &reader, err))
            return csv_fail(
                &table, row, err,
                "implied_by_cells is like \"DIC:0.95\" (ids of lab/hematology/conditions.csv, chance above 0 "
                "to 1); found \"%.80s\"",
                csv_text(&table, row, by_cells));
        tables->count++;
    }
    tables->normal = clotting_find(lab, "NORMAL");
    if (tables->normal < 0) return err_set(err, ERR_INPUT, "%s needs the row NORMAL", PATH);
    return true;
}

static bool shares(clotting_tables_t *tables, err_t *err)
{
    for (int s = 0; s < SETTING_COUNT; s++) {
        double sum = 0;
        for (int c = 0; c < tables->count; c++) tables->upto[s][c] = sum += tables->conditions[c].weight[s];
        if (!(sum > 0)) return err_set(err, ERR_INPUT, "%s has no weights for %s", PATH, setting_name((setting_t)s));
        for (int c = 0; c < tables->count; c++) tables->upto[s][c] /= sum;
    }
    for (int w = 0; w < tables->implied_count; w++) {
        double sum = 0;
        for (int i = 0; i < tables->implied_count; i++)
            if (tables->implied[i].with == tables->implied[w].with &&
                tables->implied[i].cells == tables->implied[w].cells)
                sum += tables->implied[i].chance;
        if (sum > 1.0001)
            return err_set(err, ERR_INPUT, "%s: the chances that go with one condition sum to more than 1 (%s)", PATH,
                           tables->conditions[tables->implied[w].clotting].id);
    }
    return true;
}

bool clotting_load(lab_t *lab, const source_t *content, err_t *err)
{
    clotting_tables_t *tables = arena_alloc(lab->arena, sizeof *tables);
    if (tables == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the clotting conditions");
    lab->ext[CLOTTING_SLOT] = tables;
    if (!find_tests(lab, tables, err) || !read_conditions(lab, tables, content, err) || !shares(tables, err))
        return false;
    for (int sex = 0; sex < 2; sex++)
        for (int test = 0; test < COAG_TESTS; test++) healthy_spread(lab, tables, sex, test);
    return true;
}
