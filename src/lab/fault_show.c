/* One fault on one drawn patient, before and after: for `titer lab fault` and for teaching. The
 * patient is an outpatient of the model (patient.c); the demonstration is of the fault at full growth,
 * without measurement error, so that it shows the transformation and nothing else. Anion gap and
 * globulin are computed from the values beside them, as the laboratory's computer would. */
#include "coagulometer.h"
#include "fault_tables.h"

#include "counter.h"
#include "lab/shift.h"
#include "patient.h"

#include <string.h>

enum { DRAW_SHOW = 900, SHOWN_RUNS = 16 };

int lab_fault_count(const lab_t *lab)
{
    const fault_tables_t *tables = fault_tables(lab);
    return tables->kind_count + tables->analyzer_count;
}

bool lab_fault(const lab_t *lab, int index, fault_view_t *view)
{
    const fault_tables_t *tables = fault_tables(lab);
    if (index < 0 || index >= lab_fault_count(lab)) return false;
    if (index < tables->kind_count) {
        const specimen_kind_t *kind = &tables->kinds[index];
        *view = (fault_view_t){.id = kind->id,
                               .name = kind->name,
                               .severity = kind->severity_name,
                               .unit = kind->unit,
                               .low = kind->low,
                               .high = kind->high,
                               .usual = kind->usual,
                               .clue = kind->clue,
                               .by_fluid = kind->by_fluid};
        return true;
    }
    const analyzer_kind_t *kind = &tables->analyzers[index - tables->kind_count];
    *view = (fault_view_t){.id = kind->id,
                           .name = kind->name,
                           .analyzer = true,
                           .severity = "times the usual size",
                           .unit = "x",
                           .low = kind->two_sided ? -10 : 0,
                           .high = 10,
                           .usual = 1,
                           .one_assay = kind->one_assay,
                           .clue = kind->clue};
    return true;
}

int lab_fault_find(const lab_t *lab, const char *id)
{
    int kind = fault_find(lab, id);
    if (kind >= 0) return kind;
    kind = analyzer_fault_find(lab, id);
    return kind < 0 ? -1 : fault_tables(lab)->kind_count + kind;
}

/* Letters that must be added, dropped or changed; words are cut at 31 letters. */
static int distance(const char *a, const char *b)
{
    int row[32];
    int n = (int)strnlen(b, 31);
    for (int j = 0; j <= n; j++) row[j] = j;
    for (int i = 1; a[i - 1] && i <= 31; i++) {
        int corner = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

const char *lab_fault_nearest(const lab_t *lab, const char *id)
{
    const char *best = "";
    int least = 1000;
    for (int i = 0; i < lab_fault_count(lab); i++) {
        fault_view_t view;
        lab_fault(lab, i, &view);
        int d = distance(id, view.id);
        if (d < least) least = d, best = view.id;
    }
    return best;
}

int lab_fluid_count(const lab_t *lab)
{
    return fault_tables(lab)->fluid_count;
}

bool lab_fluid(const lab_t *lab, int index, fluid_view_t *view)
{
    if (index < 0 || index >= lab_fluid_count(lab)) return false;
    const fluid_t *fluid = &fault_tables(lab)->fluids[index];
    *view = (fluid_view_t){fluid->id, fluid->name};
    return true;
}

int lab_fluid_find(const lab_t *lab, const char *id)
{
    return fault_fluid_find(lab, id);
}

/* ---- the demonstration ---- */

static void derive(const lab_t *lab, double *values)
{
    int na = lab_analyte_find(lab, "sodium"), cl = lab_analyte_find(lab, "chloride"),
        co2 = lab_analyte_find(lab, "co2");
    int tp = lab_analyte_find(lab, "total_protein"), alb = lab_analyte_find(lab, "albumin");
    int gap = lab_analyte_find(lab, "anion_gap"), globulin = lab_analyte_find(lab, "globulin");
    if (gap >= 0 && na >= 0 && cl >= 0 && co2 >= 0) values[gap] = values[na] - values[cl] - values[co2];
    if (globulin >= 0 && tp >= 0 && alb >= 0) values[globulin] = values[tp] - values[alb];
}

/* Of a blood count every number that the counter prints. */
static bool is_shown(const lab_t *lab, int a)
{
    const analyte_t *analyte = lab_analyte(lab, a);
    if (analyte->bench == BENCH_HEMATOLOGY) return analyte->measured;
    return !analyte->derived || strcmp(analyte->id, "anion_gap") == 0 || strcmp(analyte->id, "globulin") == 0;
}

/* What a noiseless counter prints of the patient's blood, two hours after it was drawn, with and without the fault. */
static void count_on(const lab_t *lab, const patient_t *patient, const specimen_fault_t *fault, uint64_t seed,
                     const double *chemistry, const counter_state_t *state, uint64_t run, count_t *count)
{
    cells_t cells;
    cells_at(lab, patient, 0, &cells);
    count_tube_t tube = {.cells = &cells,
                         .plasma = counter_plasma(lab, chemistry),
                         .faults = fault,
                         .fault_count = fault != NULL,
                         .age_h = 2,
                         .seed = seed};
    counter_run(lab, &tube, COUNTER_NORMAL, state, run, count);
}

static counter_state_t noiseless(void)
{
    counter_state_t state = counter_clean();
    state.imprecision = 0;
    return state;
}

static void show_count(const lab_t *lab, const patient_t *patient, const specimen_fault_t *fault, uint64_t seed,
                       const double *chemistry, double *values)
{
    count_t count;
    counter_state_t state = noiseless();
    count_on(lab, patient, fault, seed, chemistry, &state, 0, &count);
    counter_values(lab, &count, values);
}

/* The tube on a counter with a fault, as a shift bends its channels; what is carried over is of `before`, the tube that
 * was measured before it. */
static void show_line_count(const lab_t *lab, const patient_t *patient, const analyzer_fault_t *fault, bool each,
                            uint64_t seed, const double *chemistry, const patient_t *before, double *values)
{
    counter_state_t state = noiseless();
    analyzer_fault_t one = *fault;
    bool carries = false;
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        analyzer_effect_t effect;
        int a = counter_channel_analyte(lab, (channel_t)c);
        if (a < 0) continue;
        if (each) one.analyte = (int16_t)a;
        analyzer_fault_effect(lab, &one, a, 0, &effect);
        if (!effect.affects) continue;
        state.gain[c] *= effect.patient_mul;
        state.offset[c] += effect.patient_add;
        carries |= (effect.flags & FLAG_CARRY_OVER) != 0;
        if (effect.flags & FLAG_APERTURE) state.aperture = 0.5;
    }
    count_t count, other;
    if (carries) {
        counter_state_t clean = noiseless();
        count_on(lab, before, NULL, seed, chemistry, &clean, 0, &other);
        state.carryover = COUNT_CARRY_OVER_PCT / 100.0;
        for (int c = 0; c < CHANNEL_COUNT; c++) state.before[c] = other.raw[c];
    }
    double counted[LAB_MAX_ANALYTES];
    memcpy(counted, values, sizeof counted);
    for (uint64_t run = 0; run < SHOWN_RUNS; run++) { /* a blocked aperture often gives no number at all */
        count_on(lab, patient, NULL, seed, chemistry, &state, run, &count);
        if (!(count.flags & count_flag_bit(CF_VOTE_OUT))) break;
    }
    counter_values(lab, &count, counted);
    for (int a = 0; a < lab_analyte_count(lab); a++)
        if (lab_analyte(lab, a)->bench == BENCH_HEMATOLOGY && counted[a] == counted[a]) values[a] = counted[a];
}

static bool check_severity(const fault_view_t *view, double severity, err_t *err)
{
    if (severity == 0 || (severity >= view->low && severity <= view->high)) return true;
    char low[32], high[32], usual[32];
    text_fixed(low, view->low, view->low == exact_floor(view->low) ? 0 : 3);
    text_fixed(high, view->high, view->high == exact_floor(view->high) ? 0 : 3);
    text_fixed(usual, view->usual, view->usual == exact_floor(view->usual) ? 0 : 3);
    return err_set(err, ERR_INPUT, "The severity of %s is %s (%s), from %s to %s; %s is usual.", view->id,
                   view->severity, view->unit, low, high, usual);
}

static void apply_analyzer(const lab_t *lab, const analyzer_fault_t *fault, double *values, fault_row_t *row)
{
    analyzer_effect_t effect;
    analyzer_fault_effect(lab, fault, row->analyte, 0, &effect);
    row->sd_mul = effect.sd_mul;
    row->outlier_prob = effect.affects ? effect.spike_prob : 0;
    row->outlier_sd = row->outlier_prob > 0 ? effect.spike_z : 0;
    const analyte_t *analyte = lab_analyte(lab, row->analyte);
    row->controlled = effect.affects && analyte->qc_target[0] > 0 && analyte->qc_target[1] > 0;
    for (int level = 0; level < FAULT_QC_LEVELS; level++) row->qc_z[level] = effect.qc_z[level];
    if (!effect.affects || analyte->bench == BENCH_HEMATOLOGY) return; /* counts: show_line_count */
    double x = values[row->analyte] * effect.patient_mul + effect.patient_add;
    values[row->analyte] = x < 0 ? 0 : x;
}

bool fault_show(const lab_t *lab, const fault_show_t *show, fault_row_t rows[LAB_MAX_ANALYTES], int *count, err_t *err)
{
    fault_view_t view;
    patient_t patient, stranger;
    double before[LAB_MAX_ANALYTES] = {0}, other[LAB_MAX_ANALYTES] = {0}, after[LAB_MAX_ANALYTES];
    *count = 0;
    if (!lab_fault(lab, show->fault, &view)) return err_set(err, ERR_NOT_FOUND, "There is no such fault.");
    if (!check_severity(&view, show->severity, err)) return false;
    if (show->analyte >= lab_analyte_count(lab)) return err_set(err, ERR_NOT_FOUND, "There is no such analyte.");
    patient_draw(lab, SETTING_OUTPATIENT, NULL, show->seed, 1, &stranger);
    patient_values(lab, &stranger, 0, other);
    patient_draw(lab, SETTING_OUTPATIENT, NULL, show->seed, 0, &patient);
    patient_values(lab, &patient, 0, before);
    coagulometer_show(lab, &patient, NULL, before);
    derive(lab, before);
    derive(lab, other);
    double blood[LAB_MAX_ANALYTES];
    memcpy(blood, before, sizeof blood);
    show_count(lab, &patient, NULL, show->seed, blood, before);
    show_count(lab, &stranger, NULL, show->seed, other, other);
    memcpy(after, before, sizeof after);
    for (int a = 0; a < lab_analyte_count(lab); a++)
        if (is_shown(lab, a)) rows[(*count)++] = (fault_row_t){.analyte = a, .before = before[a], .sd_mul = 1};

    int kinds = fault_tables(lab)->kind_count;
    if (view.analyzer) {
        analyzer_fault_t fault = {.kind = (int16_t)(show->fault - kinds),
                                  .analyte = (int16_t)show->analyte,
                                  .severity = (float)show->severity};
        for (int i = 0; i < *count; i++) {
            /* a fault of one assay with none named is shown on each that it may strike */
            if (view.one_assay && show->analyte < 0) fault.analyte = (int16_t)rows[i].analyte;
            apply_analyzer(lab, &fault, after, &rows[i]);
        }
        bool each = view.one_assay && show->analyte < 0;
        show_line_count(lab, &patient, &fault, each, show->seed, blood, &stranger, after);
    } else {
        rng_t rng = rng_at(show->seed, DRAW_SHOW, 0, 0);
        specimen_fault_t fault = {
            .kind = (int16_t)show->fault, .fluid = (int16_t)show->fluid, .severity = (float)show->severity};
        fault_apply_specimen(lab, &fault, &rng, other, after);
        coagulometer_show(lab, &patient, &fault, after);
        if (!fault_tables(lab)->kinds[fault.kind].exchanges_blood)
            show_count(lab, &patient, &fault, show->seed, blood, after);
    }
    derive(lab, after);
    for (int i = 0; i < *count; i++) rows[i].after = after[rows[i].analyte];
    return true;
}
