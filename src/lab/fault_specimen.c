/* What a pre-analytic fault does to the blood. The models (models of the kind "so much per unit of
 * severity", mixing with a fluid, tables over time, displacement of plasma water) and their
 * coefficients are rows of preanalytic.csv, compiled by fault_load.c; this file applies them.
 *
 * Coefficients differ between patients: where the row gives a CV the coefficient is drawn normal
 * about its center and kept in its range, where it gives a range alone the center is the median of
 * the draw and the ends are its bounds. One uniform or normal number a row, whatever the values, so
 * that the rest of a specimen's numbers do not move when a test is added. */
#include "fault_tables.h"
#include "lab/shift.h"

#include <assert.h>
#include <string.h>

static double draw_coefficient(const effect_t *effect, rng_t *rng)
{
    double c = effect->coefficient;
    if (effect->cv > 0) {
        c *= 1 + effect->cv * rng_normal(rng);
        if (c < effect->low) c = effect->low;
        if (c > effect->high) c = effect->high;
    } else if (effect->low < effect->high) {
        double u = 2 * rng_uniform(rng) - 1;
        c += u < 0 ? u * (c - effect->low) : u * (effect->high - c);
    }
    return c;
}

/* Piecewise linear from (0, 0) through the points, flat after the last. */
static double table_at(const point_t *points, int count, double severity)
{
    point_t last = {0, 0};
    for (int i = 0; i < count; i++) {
        if (severity <= points[i].severity)
            return last.value +
                   (points[i].value - last.value) * (severity - last.severity) / (points[i].severity - last.severity);
        last = points[i];
    }
    return last.value;
}

static double within(double change, double limit)
{
    if (change > limit) return limit;
    return change < -limit ? -limit : change;
}

static double share(double dose)
{
    return dose > 1 ? 1 : dose;
}

/* The value in the tube of one whose value in the patient is x. */
static double change(const fault_tables_t *tables, const effect_t *effect, const fluid_t *fluid, double c,
                     double severity, double x)
{
    double dose = (severity - effect->above) * effect->dose_per_unit;
    if (dose <= 0) return x;
    const point_t *points = tables->points + effect->first_point;
    double f;
    switch ((model_t)effect->model) {
    case MODEL_NONE:
        return x;
    case MODEL_ADD:
        return x + within(c * dose, effect->limit);
    case MODEL_PCT:
        return x * (1 + within(c * dose, effect->limit) / 100);
    case MODEL_DECAY:
        return x * exact_exp(dose * exact_log(1 + c / 100));
    case MODEL_MUL:
        return x * (1 + (c - 1) * dose);
    case MODEL_MIX:
        f = share(dose);
        return (1 - f) * x + f * c;
    case MODEL_FLUID:
        f = share(dose), c = fluid->content[effect->analyte];
        return c == c ? (1 - f) * x + f * c : x;
    case MODEL_TABLE_ADD:
        return x + c * table_at(points, effect->points, severity);
    case MODEL_TABLE_PCT:
        return x * (1 + c * table_at(points, effect->points, severity) / 100);
    case MODEL_RELAX:
        return x + (effect->target - x) * share(c * dose);
    case MODEL_WATER:
        return x * (1 + c * dose);
    case MODEL_RAISE:
        return x < c * dose ? c * dose : x;
    }
    return x;
}

static const fluid_t *fluid_of(const fault_tables_t *tables, const specimen_kind_t *kind, const specimen_fault_t *fault)
{
    int fluid = kind->by_fluid && fault->fluid >= 0 ? fault->fluid : kind->fixed_fluid;
    return &tables->fluids[fluid < 0 || fluid >= tables->fluid_count ? tables->saline : fluid];
}

static const specimen_kind_t *kind_of(const lab_t *lab, int kind)
{
    const fault_tables_t *tables = fault_tables(lab);
    assert(kind >= 0 && kind < tables->kind_count);
    return &tables->kinds[kind];
}

void fault_apply_specimen(const lab_t *lab, const specimen_fault_t *fault, rng_t *rng, const double *other,
                          double *values)
{
    const fault_tables_t *tables = fault_tables(lab);
    const specimen_kind_t *kind = kind_of(lab, fault->kind);
    double severity = (double)fault->severity;
    if (!(severity > 0)) return;
    if (kind->exchanges_blood) {
        if (other != NULL) memcpy(values, other, sizeof *values * LAB_MAX_ANALYTES);
        return;
    }
    const fluid_t *fluid = fluid_of(tables, kind, fault);
    const effect_t *effect = tables->effects + kind->first_effect;
    for (const effect_t *end = effect + kind->effects; effect < end; effect++) {
        double c = draw_coefficient(effect, rng);
        double *x = &values[effect->analyte];
        double changed = change(tables, effect, fluid, c, severity, *x);
        *x = changed < 0 ? 0 : changed;
    }
}

void fault_apply_truth(const lab_t *lab, const specimen_fault_t *fault, double *values)
{
    const fault_tables_t *tables = fault_tables(lab);
    const specimen_kind_t *kind = kind_of(lab, fault->kind);
    for (int i = 0; i < kind->effects; i++) {
        const effect_t *effect = &tables->effects[kind->first_effect + i];
        if (effect->model != MODEL_RAISE) continue;
        double *x = &values[effect->analyte];
        *x = change(tables, effect, NULL, effect->coefficient, (double)fault->severity, *x);
    }
}

/* ---- the eye ---- */

static uint32_t cues_at(const cue_t *cues, int count, double severity)
{
    uint32_t look = 0;
    for (int i = 0; i < count; i++)
        if (severity >= cues[i].from && severity < cues[i].to) look |= cues[i].look;
    return look;
}

void fault_cues(const lab_t *lab, const specimen_fault_t *fault, fault_cues_t *cues)
{
    const specimen_kind_t *kind = kind_of(lab, fault->kind);
    cues->before_spin = cues_at(kind->before, kind->before_count, (double)fault->severity);
    cues->after_spin = cues_at(kind->after, kind->after_count, (double)fault->severity);
}

bool fault_of_label(const lab_t *lab, const specimen_fault_t *fault)
{
    if (fault->kind < 0) return false;
    const specimen_kind_t *kind = kind_of(lab, fault->kind);
    return kind->before_count == 1 && kind->before[0].look == LOOK_LABEL_CROOKED;
}

const char *fault_tube(const lab_t *lab, const specimen_fault_t *fault)
{
    const specimen_kind_t *kind = kind_of(lab, fault->kind);
    return kind->tube[0] && (double)fault->severity >= kind->tube_from ? kind->tube : NULL;
}

/* ---- names ---- */

int fault_find(const lab_t *lab, const char *id)
{
    const fault_tables_t *tables = fault_tables(lab);
    for (int i = 0; i < tables->kind_count; i++)
        if (fault_named(tables->kinds[i].id, tables->kinds[i].aliases, id)) return i;
    return -1;
}

const char *fault_id(const lab_t *lab, int kind)
{
    return kind_of(lab, kind)->id;
}

int fault_fluid_find(const lab_t *lab, const char *id)
{
    const fault_tables_t *tables = fault_tables(lab);
    for (int i = 0; i < tables->fluid_count; i++)
        if (strcmp(tables->fluids[i].id, id) == 0) return i;
    return -1;
}
