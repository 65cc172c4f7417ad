/* What a family asks of the laboratory before its arithmetic: a control series that breaks exactly the planted rule,
 * a panel with a specimen fault, the clotting times of a plasma. */
#include "family_private.h"

#include <string.h>

static const double LIMITS[] = {0, 1, 2, 2.5, 3, 3.5}; /* no printed value stands exactly on a limit */

static bool on_a_limit(double z)
{
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++)
        if (exact_abs(exact_abs(z) - LIMITS[i]) < 0.05) return true;
    return exact_abs(z) > 6;
}

/* Draws every value as it is printed, to one decimal: the trainee and the judge see the same. */
static bool draw_series(making_t *m, const plant_t *plant)
{
    const family_t *f = m->family;
    double side = rng_chance(&m->rng, 0.5) ? 1 : -1;
    for (int run = 0; run < f->runs; run++)
        for (int level = 0; level < f->levels; level++) {
            bool bent = run + 1 >= plant->from && (plant->level == 0 || plant->level == level + 1);
            double z = rng_normal(&m->rng);
            z = bent ? z * plant->sd + side * plant->shift : z * 0.8;
            m->z[run * f->levels + level] = exact_round(z, 1);
        }
    for (int i = 0; i < f->runs * f->levels; i++)
        if (on_a_limit(m->z[i])) return false;
    return true;
}

made_t family_series(making_t *m)
{
    const family_t *f = m->family;
    const family_source_t *source = m->families->source;
    const plant_t *plant = &f->plant[(int)m->value[f->by]];
    family_verdict_t v;
    if (!draw_series(m, plant)) return MADE_NOT_YET;
    if (!source->judge(source->self, f->rules, f->levels, f->runs, m->z, &v, m->err)) return MADE_WRONG;
    bool none = strcmp(plant->rule, "none") == 0, warning = strcmp(plant->rule, "1-2s") == 0;
    if (v.rejected_yet || v.rejecting > 1) return MADE_NOT_YET;
    if (none ? v.reject || v.warn : strcmp(v.rule, plant->rule) != 0 || v.reject == warning) return MADE_NOT_YET;
    m->value[f->plant_at] = v.reject;
    m->value[f->plant_at + 1] = v.warn;
    m->value[f->plant_at + 2] = v.systematic;
    return MADE;
}

made_t family_panel(making_t *m)
{
    const family_t *f = m->family;
    const family_source_t *source = m->families->source;
    const fault_case_t *fault = &f->fault[(int)m->value[f->by]];
    double severity = rng_uniform(&m->rng);
    uint64_t person = rng_u64(&m->rng);
    severity = fault->low + severity * (fault->high - fault->low);
    if (!source->fault(source->self, fault->fault, fault->fluid, severity, person, f->row, f->rows, m->row, m->err))
        return MADE_WRONG;
    for (int i = 0; i < f->rows; i++) {
        family_row_t *row = &m->row[i];
        if (!(exact_abs(row->value) < 1e6) || !(exact_abs(row->before) < 1e6)) return MADE_NOT_YET;
        row->value = exact_round(row->value, row->decimals);
        row->before = exact_round(row->before, row->decimals);
        m->value[f->rows_at + 2 * i] = row->value;
        m->value[f->rows_at + 2 * i + 1] = row->before;
    }
    return !fault->needs || expr_value(&fault->need, m->value) != 0 ? MADE : MADE_NOT_YET;
}
