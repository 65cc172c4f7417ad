/* What an analyzer fault does to patients and controls. Each fault of analytic.csv is, for each
 * analyte of its scope, a straight line x + slope x + add that fault_analyzer_load.c lays so that the
 * controls move by the published number of their SD; patients move along the same line, so what the
 * control chart shows and what the patients get agree. Faults of the controls only, and of the patients
 * only, have one of the two lines. Beside the line: wider scatter, and single readings that jump. */
#include "fault_tables.h"

#include <assert.h>

static const analyzer_kind_t *kind_of(const lab_t *lab, int kind)
{
    const fault_tables_t *tables = fault_tables(lab);
    assert(kind >= 0 && kind < tables->analyzer_count);
    return &tables->analyzers[kind];
}

int analyzer_fault_find(const lab_t *lab, const char *id)
{
    const fault_tables_t *tables = fault_tables(lab);
    for (int i = 0; i < tables->analyzer_count; i++)
        if (fault_named(tables->analyzers[i].id, tables->analyzers[i].aliases, id)) return i;
    return -1;
}

const char *analyzer_fault_id(const lab_t *lab, int kind)
{
    return kind_of(lab, kind)->id;
}

bool analyzer_fault_one_assay(const lab_t *lab, int kind)
{
    return kind_of(lab, kind)->one_assay;
}

bool analyzer_fault_in_scope(const lab_t *lab, int kind, int analyte)
{
    return analyte >= 0 && analyte < LAB_MAX_ANALYTES && kind_of(lab, kind)->reach[analyte].affects;
}

double analyzer_fault_growth_h(const lab_t *lab, int kind)
{
    return kind_of(lab, kind)->growth_h;
}

/* Size of the fault at `hours` after onset: severity, with its sign only where the sign is free. */
static double grown(const analyzer_kind_t *kind, const analyzer_fault_t *fault, double hours)
{
    double severity = (double)fault->severity, growth = (double)fault->growth_h;
    if (!kind->two_sided && severity < 0) severity = -severity;
    if (hours < 0) return 0;
    return growth > 0 && hours < growth ? severity * (hours / growth) : severity;
}

static double not_below_zero(double x)
{
    return x < 0 ? 0 : x;
}

void analyzer_fault_effect(const lab_t *lab, const analyzer_fault_t *fault, int analyte, double hours,
                           analyzer_effect_t *out)
{
    *out = (analyzer_effect_t){.patient_mul = 1, .qc_mul = 1, .sd_mul = 1};
    const analyzer_kind_t *kind = kind_of(lab, fault->kind);
    assert(analyte >= 0 && analyte < LAB_MAX_ANALYTES);
    const reach_t *reach = &kind->reach[analyte];
    if (!reach->affects || (fault->analyte < 0 ? kind->one_assay : fault->analyte != analyte)) return;
    double size = grown(kind, fault, hours);
    if (size == 0) return;
    out->affects = true;
    out->patient_mul = not_below_zero(1 + reach->slope * size);
    out->patient_add = reach->add * size;
    out->qc_mul = 1 + reach->qc_slope * size; /* swapped controls mirror: may be below 0 */
    out->qc_add = reach->qc_add * size;
    for (int level = 0; level < 3; level++) out->qc_z[level] = reach->z[level] * size;
    double strength = exact_abs(size * (double)reach->weight);
    out->sd_mul = 1 + (kind->sd_mul - 1) * strength;
    out->spike_prob = kind->spike_prob * (strength > 1 ? 1 : strength);
    out->spike_z = kind->spike_sd;
    out->flags = kind->flags;
}

bool analyzer_fault_cured_by(const lab_t *lab, int kind, repair_t repair)
{
    return repair > REPAIR_NONE && repair < REPAIR_COUNT && (kind_of(lab, kind)->cures >> repair) & 1u;
}
