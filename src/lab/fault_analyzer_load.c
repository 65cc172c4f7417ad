/* Reads analytic.csv and lays, for each fault and analyte, the straight line by which a reading is
 * bent, from the numbers that the table gives for the controls:
 *   line          through the errors z1 SD1 at control 1 and z2 SD2 at control 2
 *   constant      the same amount everywhere: z1 SD1
 *   proportional  one percentage, such that the mean z of both controls is the given one
 *   percent       the percentage itself; the same for every analyte (dilution, temperature)
 *   swap          each control reads the other's value (controls only)
 *   none          no shift; scatter or single readings
 * Where the table gives a range, its middle is severity 1. */
#include "fault_tables.h"

#include "lab/shift.h"

#include <stdio.h>
#include <string.h>

typedef enum { SHAPE_LINE, SHAPE_CONSTANT, SHAPE_PROPORTIONAL, SHAPE_PERCENT, SHAPE_SWAP, SHAPE_NONE, SHAPES } shape_t;

static const char *const SHAPE_WORDS[SHAPES] = {"line", "constant", "proportional", "percent", "swap", "none"};

static const char *const REPAIR_WORDS[REPAIR_COUNT] = {"",
                                                       "calibrate",
                                                       "recalibrate_right_lot",
                                                       "new_reagent",
                                                       "new_qc_vial",
                                                       "replace_electrode",
                                                       "replace_reference",
                                                       "replace_lamp",
                                                       "clean_probe",
                                                       "prime",
                                                       "fix_water",
                                                       "cuvettes",
                                                       "temperature",
                                                       "syringe",
                                                       "retarget_qc",
                                                       "lis",
                                                       "service"};

int repair_find(const char *word)
{
    for (int i = 1; i < REPAIR_COUNT; i++)
        if (strcmp(REPAIR_WORDS[i], word) == 0) return i;
    return -1;
}

typedef struct {
    shape_t shape;
    double z[3], pct;
    bool patients, controls;
    const double *scope;
} shift_row_t;

/* An even middle of "<name>_low" and "<name>_high"; `otherwise` when both are empty. */
static bool read_middle(const csv_t *table, size_t row, const char *name, double otherwise, double *value, err_t *err)
{
    char low_name[32], high_name[32];
    int low_column, high_column;
    double low, high;
    snprintf(low_name, sizeof low_name, "%s_low", name);
    snprintf(high_name, sizeof high_name, "%s_high", name);
    if (!csv_need(table, low_name, &low_column, err) || !csv_need(table, high_name, &high_column, err) ||
        !csv_double_or(table, row, low_column, otherwise, &low, err) ||
        !csv_double_or(table, row, high_column, otherwise, &high, err))
        return false;
    if (low > high) return csv_fail(table, row, err, "%s is above %s", low_name, high_name);
    *value = (low + high) / 2;
    return true;
}

static bool read_double(const csv_t *table, size_t row, const char *name, double *value, err_t *err)
{
    int column;
    return csv_need(table, name, &column, err) && csv_double_or(table, row, column, 0, value, err);
}

static bool read_text(const csv_t *table, size_t row, const char *name, const char **value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err)) return false;
    *value = csv_text(table, row, column);
    return true;
}

static bool add_repair(void *context, const char *word)
{
    int repair = repair_find(word);
    if (repair < 0) return false;
    *(uint32_t *)context |= 1u << repair;
    return true;
}

static bool add_flag(void *context, const char *word)
{
    static const char *const words[] = {"clot", "short", "bubble", "linearity", "noise", "carry_over", "aperture"};
    static const uint32_t flags[] = {FLAG_CLOT,  FLAG_SHORT,      FLAG_BUBBLE,  FLAG_LINEARITY,
                                     FLAG_NOISE, FLAG_CARRY_OVER, FLAG_APERTURE};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *(uint32_t *)context |= flags[i];
            return true;
        }
    return false;
}

/* ---- the lines ---- */

typedef struct {
    double target[2], sd[2];
    bool controlled;
} controls_t;

static controls_t controls_of(const analyte_t *analyte)
{
    controls_t controls = {.controlled = true};
    for (int level = 0; level < 2; level++) {
        controls.target[level] = analyte->qc_target[level];
        controls.sd[level] = analyte->qc_sd[level];
        if (!(controls.sd[level] > 0)) controls.controlled = false;
    }
    if (controls.target[0] == controls.target[1]) controls.controlled = false;
    return controls;
}

/* The line of weight 1; false when it needs controls that the analyte does not have. */
static bool lay_line(const shift_row_t *shift, const controls_t *controls, double *slope, double *add)
{
    *slope = *add = 0;
    if (shift->shape == SHAPE_PERCENT) *slope = shift->pct / 100;
    if (shift->shape == SHAPE_PERCENT || shift->shape == SHAPE_NONE) return true;
    if (!controls->controlled) return false;
    double t1 = controls->target[0], t2 = controls->target[1], s1 = controls->sd[0], s2 = controls->sd[1];
    switch (shift->shape) {
    case SHAPE_LINE:
        *slope = (shift->z[1] * s2 - shift->z[0] * s1) / (t2 - t1);
        *add = shift->z[0] * s1 - *slope * t1;
        break;
    case SHAPE_CONSTANT:
        *add = shift->z[0] * s1;
        break;
    case SHAPE_PROPORTIONAL:
        *slope = (shift->z[0] + shift->z[1]) / (t1 / s1 + t2 / s2);
        break;
    case SHAPE_SWAP:
        *slope = -2, *add = t1 + t2;
        break; /* x becomes t1 + t2 - x */
    case SHAPE_PERCENT:
    case SHAPE_NONE:
    case SHAPES:
        break;
    }
    return true;
}

static void lay_reach(const shift_row_t *shift, const analyte_t *analyte, double weight, reach_t *reach)
{
    controls_t controls = controls_of(analyte);
    double slope, add;
    if (!lay_line(shift, &controls, &slope, &add)) return;
    reach->affects = true;
    reach->weight = (float)weight;
    if (shift->patients) reach->slope = weight * slope, reach->add = weight * add;
    if (!shift->controls) return;
    reach->qc_slope = weight * slope;
    reach->qc_add = weight * add;
    for (int level = 0; level < 2 && controls.controlled; level++)
        reach->z[level] = (reach->qc_slope * controls.target[level] + reach->qc_add) / controls.sd[level];
    /* no catalog target for a third level: as the table says for a line, else as level 2 */
    reach->z[2] = shift->shape == SHAPE_LINE ? weight * shift->z[2] : reach->z[1];
}

/* ---- rows ---- */

static bool read_shape(const csv_t *table, size_t row, const fault_tables_t *tables, shift_row_t *shift, err_t *err)
{
    const char *shape, *reach, *scope;
    if (!read_text(table, row, "shape", &shape, err) || !read_text(table, row, "reach", &reach, err) ||
        !read_text(table, row, "scope", &scope, err) || !read_middle(table, row, "l1", 0, &shift->z[0], err) ||
        !read_middle(table, row, "l2", 0, &shift->z[1], err) ||
        !read_middle(table, row, "l3", shift->z[1], &shift->z[2], err) ||
        !read_middle(table, row, "pct", 0, &shift->pct, err))
        return false;
    int found = 0;
    while (found < SHAPES && strcmp(SHAPE_WORDS[found], shape) != 0) found++;
    if (found == SHAPES)
        return csv_fail(table, row, err, "shape is line, constant, proportional, percent, swap or none; found \"%s\"",
                        shape);
    shift->shape = (shape_t)found;
    shift->controls = strcmp(reach, "patient") != 0;
    shift->patients = strcmp(reach, "qc") != 0;
    if (shift->controls && shift->patients && strcmp(reach, "both") != 0)
        return csv_fail(table, row, err, "reach is both, qc or patient; found \"%s\"", reach);
    shift->scope = fault_scope(tables, scope);
    return shift->scope != NULL || csv_fail(table, row, err, "scopes.csv has no scope \"%s\"", scope);
}

static bool read_fault(lab_t *lab, const csv_t *table, size_t row, const fault_tables_t *tables, analyzer_kind_t *kind,
                       err_t *err)
{
    const char *aliases, *flags, *cures;
    double one_assay, two_sided;
    shift_row_t shift;
    if (!read_shape(table, row, tables, &shift, err) || !read_text(table, row, "fault_id", &kind->id, err) ||
        !read_text(table, row, "name", &kind->name, err) || !read_text(table, row, "clue", &kind->clue, err) ||
        !read_text(table, row, "aliases", &aliases, err) || !read_text(table, row, "flags", &flags, err) ||
        !read_text(table, row, "cured_by", &cures, err) || !read_double(table, row, "one_assay", &one_assay, err) ||
        !read_double(table, row, "two_sided", &two_sided, err) ||
        !read_double(table, row, "growth_h", &kind->growth_h, err) ||
        !read_middle(table, row, "sd_mul", 1, &kind->sd_mul, err) ||
        !read_double(table, row, "spike_prob", &kind->spike_prob, err) ||
        !read_double(table, row, "spike_sd", &kind->spike_sd, err) || !fault_aliases(lab, aliases, kind->aliases, err))
        return false;
    if (kind->id[0] == 0) return csv_fail(table, row, err, "a fault needs an id");
    if (!(kind->growth_h >= 0) || !(kind->sd_mul >= 1) || !(kind->spike_prob >= 0 && kind->spike_prob <= 1))
        return csv_fail(table, row, err, "growth_h is 0 or more, sd_mul 1 or more, spike_prob 0 to 1");
    kind->one_assay = one_assay > 0;
    kind->two_sided = two_sided > 0;
    if (!fault_parts(lab, flags, add_flag, &kind->flags, err))
        return csv_fail(table, row, err,
                        "flags are clot, short, bubble, linearity, noise, carry_over, aperture; found \"%s\"", flags);
    if (!fault_parts(lab, cures, add_repair, &kind->cures, err))
        return csv_fail(table, row, err, "cured_by names an unknown repair: \"%s\"", cures);
    for (int a = 0; a < lab_analyte_count(lab); a++) {
        const analyte_t *analyte = lab_analyte(lab, a);
        if (shift.scope[a] != 0 && !analyte->derived) lay_reach(&shift, analyte, shift.scope[a], &kind->reach[a]);
    }
    return true;
}

bool analyzer_faults_load(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/analytic.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (tables->analyzer_count == ANALYZER_FAULTS_MAX)
            return csv_fail(&table, row, err, "at most %d analyzer faults", ANALYZER_FAULTS_MAX);
        analyzer_kind_t *kind = &tables->analyzers[tables->analyzer_count];
        if (!read_fault(lab, &table, row, tables, kind, err)) return false;
        if (analyzer_fault_find(lab, kind->id) >= 0 || fault_find(lab, kind->id) >= 0)
            return csv_fail(&table, row, err, "%s is listed twice", kind->id);
        tables->analyzer_count++;
    }
    return true;
}
