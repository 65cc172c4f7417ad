/* Reads the catalog of analytes (one table a bench, all of the same columns) and answers questions about it.
 * The table was compiled from public method sheets, survey means and textbooks; every row carries
 * its source and confidence. */
#include "cells.h"
#include "clotting.h"
#include "lab_private.h"
#include "patient_model.h"

#include <math.h>
#include <string.h>

bool lab_table(lab_t *lab, const source_t *content, const char *path, csv_t *table, err_t *err)
{
    const source_file_t *file = source_find(content, path);
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content; restore it", path);
    return csv_read(table, lab->arena, path, file->bytes, file->length, err);
}

/* What one column fills in. Order is that of the checks below, not of the file. */
typedef struct {
    const char *column;
    size_t offset;
} number_column;

#define AT(column, member)                                                                                             \
    {                                                                                                                  \
        column, offsetof(analyte_t, member)                                                                            \
    }

static const number_column NUMBERS[] = {
    AT("si_factor", si_factor),
    AT("ri_f_low", ri_low[SEX_FEMALE]),
    AT("ri_f_high", ri_high[SEX_FEMALE]),
    AT("ri_m_low", ri_low[SEX_MALE]),
    AT("ri_m_high", ri_high[SEX_MALE]),
    AT("critical_low", critical_low),
    AT("critical_high", critical_high),
    AT("amr_low", amr_low),
    AT("amr_high", amr_high),
    AT("cvi_pct", cvi_pct),
    AT("cvg_pct", cvg_pct),
    AT("qc1_target", qc_target[0]),
    AT("qc1_cv_pct", qc_cv_pct[0]),
    AT("qc2_target", qc_target[1]),
    AT("qc2_cv_pct", qc_cv_pct[1]),
    AT("qc3_target", qc_target[2]),
    AT("qc3_cv_pct", qc_cv_pct[2]),
    AT("bias_pct", bias_pct),
    AT("tea_pct", tea_pct),
    AT("tea_abs", tea_abs),
    AT("delta_limit", delta_limit),
    AT("delta_window_h", delta_window_h),
};

static const number_column TEXTS[] = {
    AT("id", id),
    AT("name", name),
    AT("panel", panel),
    AT("loinc", loinc),
    AT("unit", unit),
    AT("si_unit", si_unit),
    AT("tube", tube),
    AT("specimen", specimen),
    AT("method", method),
    AT("source", source),
    AT("confidence", confidence),
};

static bool read_delta(const csv_t *table, size_t row, int column, analyte_t *analyte, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (strcmp(text, "none") == 0) {
        analyte->delta = DELTA_NONE;
    } else if (strcmp(text, "abs") == 0) {
        analyte->delta = DELTA_ABS;
    } else if (strcmp(text, "pct") == 0) {
        analyte->delta = DELTA_PCT;
    } else {
        return csv_fail(table, row, err, "delta_kind is \"%s\"; use none, abs or pct", text);
    }
    if (analyte->delta != DELTA_NONE && !(analyte->delta_limit > 0 && analyte->delta_window_h > 0))
        return csv_fail(table, row, err, "a delta check needs delta_limit and delta_window_h above 0");
    return true;
}

static bool read_whole(const csv_t *table, size_t row, const char *name, int64_t low, int64_t high, int64_t *value,
                       err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err) || !csv_int(table, row, column, value, err)) return false;
    if (*value < low || *value > high)
        return csv_fail(table, row, err, "%s must be %d to %d", name, (int)low, (int)high);
    return true;
}

static bool check_analyte(const csv_t *table, size_t row, const lab_t *lab, const analyte_t *analyte, err_t *err)
{
    if (analyte->id[0] == 0) return csv_fail(table, row, err, "an analyte needs an id");
    if (lab_analyte_find(lab, analyte->id) >= 0)
        return csv_fail(table, row, err, "analyte %s is listed twice; remove one row", analyte->id);
    for (int sex = 0; sex < 2; sex++)
        if (analyte->ri_low[sex] > analyte->ri_high[sex])
            return csv_fail(table, row, err, "the reference interval of %s is upside down", analyte->id);
    if (analyte->amr_low > analyte->amr_high)
        return csv_fail(table, row, err, "the measuring range of %s is upside down", analyte->id);
    return true;
}

/* The analytic SD: a straight line through those of the first two controls, held at half the lower one. */
static void lay_sd(analyte_t *analyte)
{
    double s1 = analyte->qc_sd[0], s2 = analyte->qc_sd[1], t1 = analyte->qc_target[0], t2 = analyte->qc_target[1];
    analyte->sd_base = analyte->sd_slope = analyte->sd_least = 0;
    if (!(s1 > 0)) return;
    analyte->sd_base = analyte->sd_least = s1;
    if (!(s2 > 0) || t2 <= t1) return;
    analyte->sd_slope = (s2 - s1) / (t2 - t1);
    analyte->sd_base = s1 - analyte->sd_slope * t1;
    analyte->sd_least = 0.5 * (s1 < s2 ? s1 : s2);
}

static bool read_analyte(const csv_t *table, size_t row, const lab_t *lab, analyte_t *analyte, err_t *err)
{
    int column;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        if (!csv_need(table, TEXTS[i].column, &column, err)) return false;
        const char *text = csv_text(table, row, column);
        memcpy((char *)analyte + TEXTS[i].offset, &text, sizeof text);
    }
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        double value;
        if (!csv_need(table, NUMBERS[i].column, &column, err) ||
            !csv_double_or(table, row, column, __builtin_nan(""), &value, err))
            return false;
        memcpy((char *)analyte + NUMBERS[i].offset, &value, sizeof value);
    }
    for (int level = 0; level < ANALYTE_QC_LEVELS; level++)
        analyte->qc_sd[level] = analyte->qc_target[level] * analyte->qc_cv_pct[level] / 100;
    lay_sd(analyte);
    int64_t decimals, derived, measured;
    if (!read_whole(table, row, "decimals", 0, 6, &decimals, err) ||
        !read_whole(table, row, "derived", 0, 1, &derived, err) ||
        !read_whole(table, row, "measured", 0, 1, &measured, err))
        return false;
    analyte->decimals = (int)decimals;
    analyte->derived = derived == 1;
    analyte->measured = measured == 1;
    if (!csv_need(table, "delta_kind", &column, err)) return false;
    return read_delta(table, row, column, analyte, err) && check_analyte(table, row, lab, analyte, err);
}

static const struct {
    const char *path, *name;
} BENCHES[BENCH_COUNT] = {[BENCH_CHEMISTRY] = {"lab/analytes.csv", "chemistry"},
                          [BENCH_HEMATOLOGY] = {"lab/hematology/analytes.csv", "hematology"},
                          [BENCH_COAGULATION] = {"lab/coagulation/analytes.csv", "coagulation"}};

const char *bench_name(bench_t bench)
{
    return (unsigned)bench < BENCH_COUNT ? BENCHES[bench].name : "?";
}

int analyte_qc_levels(const analyte_t *analyte)
{
    if (!(analyte->qc_target[0] > 0) || !(analyte->qc_target[1] > 0)) return 0;
    return analyte->qc_target[2] > 0 ? 3 : 2;
}

static bool read_bench(lab_t *lab, const source_t *content, bench_t bench, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, BENCHES[bench].path, &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (lab->analyte_count == LAB_VISIBLE_ANALYTES)
            return csv_fail(&table, row, err, "there are more than %d analytes in all", (int)LAB_VISIBLE_ANALYTES);
        analyte_t *analyte = &lab->analytes[lab->analyte_count];
        if (!read_analyte(&table, row, lab, analyte, err)) return false;
        analyte->bench = bench;
        lab->analyte_count++;
    }
    return true;
}

static bool read_analytes(lab_t *lab, const source_t *content, err_t *err)
{
    for (int bench = 0; bench < BENCH_COUNT; bench++)
        if (!read_bench(lab, content, (bench_t)bench, err)) return false;
    if (lab->analyte_count == 0) return err_set(err, ERR_INPUT, "lab/analytes.csv has no rows");
    return true;
}

bool lab_load(lab_t **out, const source_t *content, err_t *err)
{
    *out = NULL;
    arena_t *arena = arena_new(LAB_ARENA_LIMIT);
    lab_t *lab = arena == NULL ? NULL : arena_alloc(arena, sizeof *lab);
    if (lab == NULL) {
        if (arena != NULL) arena_free(arena);
        return err_set(err, ERR_MEMORY, "not enough memory for the laboratory's tables");
    }
    lab->arena = arena;
    if (!read_analytes(lab, content, err) || !patient_model_load(lab, content, err) || !cells_load(lab, content, err) ||
        !clotting_load(lab, content, err)) {
        arena_free(arena);
        return false;
    }
    *out = lab;
    return true;
}

void lab_free(lab_t *lab)
{
    if (lab != NULL) arena_free(lab->arena);
}

int lab_analyte_count(const lab_t *lab)
{
    return lab->analyte_count;
}

double analyte_si(const analyte_t *analyte, double value)
{
    if (strcmp(analyte->id, "hba1c") == 0) return (value - 2.152) / 0.09148;
    return analyte->si_factor > 0 ? value * analyte->si_factor : NAN;
}

const analyte_t *lab_analyte(const lab_t *lab, int index)
{
    return index >= 0 && index < lab->analyte_count ? &lab->analytes[index] : NULL;
}

int lab_analyte_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab->analyte_count; i++) /* most differ in the first letter */
        if (lab->analytes[i].id[0] == id[0] && strcmp(lab->analytes[i].id, id) == 0) return i;
    return -1;
}

/* Levenshtein distance; identifiers are short, longer ones count as far away. */
static int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST) return 1000;
    int row[LONGEST + 1];
    for (size_t j = 0; j <= nb; j++) row[j] = (int)j;
    for (size_t i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            int best = change < row[j] + 1 ? change : row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[nb];
}

static bool same_but_for_case(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a,
             y = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;
        if (x != y) return false;
    }
    return *a == *b;
}

const char *lab_analyte_nearest(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab->analyte_count; i++)
        if (same_but_for_case(id, lab->analytes[i].id)) return lab->analytes[i].id;
    int best = -1, least = 1 << 20;
    for (int i = 0; i < lab->analyte_count; i++) {
        int distance = 2 * edit_distance(id, lab->analytes[i].id);
        if (strncmp(id, lab->analytes[i].id, 3) == 0) distance -= 1; /* the same beginning breaks ties */
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best < 0 ? "" : lab->analytes[best].id;
}

static const char *const SETTING_NAMES[SETTING_COUNT] = {"community", "outpatient", "ed", "inpatient", "icu"};

const char *setting_name(setting_t setting)
{
    return (unsigned)setting < SETTING_COUNT ? SETTING_NAMES[setting] : "?";
}

bool setting_find(const char *name, setting_t *setting)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (strcmp(SETTING_NAMES[i], name) == 0) {
            *setting = (setting_t)i;
            return true;
        }
    return false;
}
