/* Serum indices (hemolysis, icterus, lipemia) and the limits that autoverification lays on them and
 * on values that no living patient has.
 *
 * Every serum has a little free hemoglobin (log-normal, median 8 mg/dL, at most 30); a
 * fault adds its own. The icteric index is the bilirubin itself (1 index = 1 mg/dL). The lipemic index
 * follows triglycerides loosely: clear serum below 150 mg/dL, above it 0.4 mg/dL Intralipid
 * equivalent per mg/dL with wide scatter; after a lipid infusion or in a
 * frankly lipemic serum nearly mg for mg. Limits: hil_limits.csv, absurd_limits.csv. */
#include "fault_tables.h"
#include "normal.h"

#include <assert.h>
#include <string.h>

static double given_or(const double *values, int analyte, double otherwise)
{
    double x = analyte < 0 ? 0 : values[analyte];
    return x > 0 ? x : otherwise; /* also when NAN */
}

void fault_hil(const lab_t *lab, const specimen_fault_t *faults, int count, const double *values, rng_t *rng,
               hil_t *out)
{
    const fault_tables_t *tables = fault_tables(lab);
    double hemoglobin = 8 * exact_exp(0.45 * normal_next(lab, rng));
    if (hemoglobin > 30) hemoglobin = 30;
    double bilirubin = given_or(values, tables->bili_total, 0.6);
    double fat = given_or(values, tables->triglycerides, 110);
    double turbid = exact_exp(0.3 * normal_next(lab, rng)), near = exact_exp(0.12 * normal_next(lab, rng));
    double lipid = (4 + (fat > 150 ? 0.4 * (fat - 150) : 0)) * turbid;
    for (int i = 0; i < count; i++) {
        assert(faults[i].kind >= 0 && faults[i].kind < tables->kind_count);
        const specimen_kind_t *kind = &tables->kinds[faults[i].kind];
        double severity = (double)faults[i].severity;
        hemoglobin += kind->hemolysis * severity;
        if (kind->icterus * severity > bilirubin) bilirubin = kind->icterus * severity;
        if (kind->lipemia * severity * near > lipid) lipid = kind->lipemia * severity * near;
        if (kind->by_fluid && tables->triglycerides >= 0 && faults[i].fluid >= 0) {
            double infused = tables->fluids[faults[i].fluid].content[tables->triglycerides];
            double f = severity > 1 ? 1 : severity;
            bilirubin *= 1 - f;
            lipid = (1 - f) * lipid + (infused > 0 ? f * infused * near : 0);
        }
    }
    *out = (hil_t){(float)hemoglobin, (float)bilirubin, (float)lipid};
}

double hil_limit(const lab_t *lab, int analyte, char index)
{
    assert(analyte >= 0 && analyte < LAB_MAX_ANALYTES && (index == 'H' || index == 'I' || index == 'L'));
    return fault_tables(lab)->hil[index == 'H' ? 0 : index == 'I' ? 1 : 2][analyte];
}

double absurd_low(const lab_t *lab, int analyte)
{
    assert(analyte >= 0 && analyte < LAB_MAX_ANALYTES);
    return fault_tables(lab)->absurd_low[analyte];
}

double absurd_high(const lab_t *lab, int analyte)
{
    assert(analyte >= 0 && analyte < LAB_MAX_ANALYTES);
    return fault_tables(lab)->absurd_high[analyte];
}

/* ---- loading ---- */

static bool read_hil(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    int id, index, limit;
    if (!lab_table(lab, content, "lab/hil_limits.csv", &table, err) || !csv_need(&table, "analyte_id", &id, err) ||
        !csv_need(&table, "index", &index, err) || !csv_need(&table, "limit_mg_dl", &limit, err))
        return false;
    for (int i = 0; i < 3; i++)
        for (int a = 0; a < LAB_MAX_ANALYTES; a++) tables->hil[i][a] = (double)__builtin_inf();
    for (size_t row = 0; row < table.rows; row++) {
        const char *word = csv_text(&table, row, index), *name = csv_text(&table, row, id);
        double value;
        if (strlen(word) != 1 || strchr("HIL", word[0]) == NULL)
            return csv_fail(&table, row, err, "index is H, I or L; found \"%s\"", word);
        if (!csv_double(&table, row, limit, &value, err)) return false;
        if (!(value > 0)) return csv_fail(&table, row, err, "a limit is above 0; found %g", value);
        double *limits = tables->hil[word[0] == 'H' ? 0 : word[0] == 'I' ? 1 : 2];
        if (strcmp(name, "*") == 0) {
            for (int a = 0; a < LAB_MAX_ANALYTES; a++) limits[a] = value;
            continue;
        }
        int a = lab_analyte_find(lab, name);
        if (a < 0)
            return csv_fail(&table, row, err, "there is no analyte \"%s\"; did you mean \"%s\"?", name,
                            lab_analyte_nearest(lab, name));
        limits[a] = value;
    }
    return true;
}

static bool read_absurd(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    int id, low, high;
    double none = (double)__builtin_inf();
    if (!lab_table(lab, content, "lab/absurd_limits.csv", &table, err) || !csv_need(&table, "analyte_id", &id, err) ||
        !csv_need(&table, "low", &low, err) || !csv_need(&table, "high", &high, err))
        return false;
    for (int a = 0; a < LAB_MAX_ANALYTES; a++) tables->absurd_low[a] = -none, tables->absurd_high[a] = none;
    for (size_t row = 0; row < table.rows; row++) {
        const char *name = csv_text(&table, row, id);
        int a = lab_analyte_find(lab, name);
        if (a < 0)
            return csv_fail(&table, row, err, "there is no analyte \"%s\"; did you mean \"%s\"?", name,
                            lab_analyte_nearest(lab, name));
        if (!csv_double_or(&table, row, low, -none, &tables->absurd_low[a], err) ||
            !csv_double_or(&table, row, high, none, &tables->absurd_high[a], err))
            return false;
        if (!(tables->absurd_low[a] < tables->absurd_high[a]))
            return csv_fail(&table, row, err, "the limits of %s are upside down", name);
    }
    return true;
}

bool fault_limits_load(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    return read_hil(lab, tables, content, err) && read_absurd(lab, tables, content, err);
}
