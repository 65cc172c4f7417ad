/* Sight of the hematology and coagulation benches: what the counter prints and draws, what a colleague sees on a film,
 * studies and clot curves. With shift_view.c, care_view.c and reaction_view.c the only place where private state
 * becomes a view. */
#include "shift_private.h"

#include <math.h>
#include <string.h>

static const specimen_t *counted(const shift_t *shift, int32_t specimen)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return NULL;
    const specimen_t *s = &shift->specimens[specimen];
    return s->bench == BENCH_HEMATOLOGY && s->runs > 0 ? s : NULL;
}

bool shift_count(const shift_t *shift, int32_t specimen, count_view_t *view)
{
    const specimen_t *s = counted(shift, specimen);
    if (!s) return false;
    *view = (count_view_t){
        .flags = s->count_flags, .review = s->review, .mode = (counter_mode_t)s->count_mode, .runs = s->runs};
    return true;
}

bool shift_count_curve(const shift_t *shift, int32_t specimen, count_curve_t curve, float bins[COUNT_BINS])
{
    const specimen_t *s = counted(shift, specimen);
    cells_t cells;
    count_tube_t tube;
    counter_state_t state;
    if (!s) return false;
    count_tube(shift, specimen, s->counted_s, &cells, &tube);
    count_state(shift, s->line < 0 ? line_for(shift, BENCH_HEMATOLOGY) : s->line, s->counted_s, &state);
    counter_histogram(shift->lab, &tube, (counter_mode_t)s->count_mode, &state, s->runs - 1u, curve, bins);
    return true;
}

int shift_count_dots(const shift_t *shift, int32_t specimen, int most, count_dot_t *dots)
{
    const specimen_t *s = counted(shift, specimen);
    cells_t cells;
    count_tube_t tube;
    counter_state_t state;
    if (!s) return 0;
    count_tube(shift, specimen, s->counted_s, &cells, &tube);
    count_state(shift, s->line < 0 ? line_for(shift, BENCH_HEMATOLOGY) : s->line, s->counted_s, &state);
    return counter_scatter(shift->lab, &tube, (counter_mode_t)s->count_mode, &state, s->runs - 1u, most, dots);
}

/* A trait of the blood, or the same thing in this tube alone. */
static double trait_of(const shift_t *shift, const specimen_t *s, trait_t trait)
{
    double most = cells_trait(shift->lab, &shift->persons[s->blood_person].model, trait);
    int kind = counter_trait_fault(shift->lab, trait);
    for (int i = 0; i < s->fault_count; i++)
        if (kind >= 0 && s->faults[i].kind == kind && (double)s->faults[i].severity > most)
            most = (double)s->faults[i].severity;
    return most;
}

static bool has_fault(const shift_t *shift, const specimen_t *s, const char *id)
{
    if (s->fault_count == 0) return false; /* mostly: no name is looked up */
    int kind = fault_find(shift->lab, id);
    for (int i = 0; i < s->fault_count; i++)
        if (kind >= 0 && s->faults[i].kind == kind) return true;
    return false;
}

static void sees(text_t *out, const char *words)
{
    if (out->length) text_add(out, " ");
    text_add(out, words);
}

static void sees_cells(text_t *out, const cells_t *cells)
{
    static const struct {
        cell_kind_t kind;
        double least;
        const char *one;
    } kinds[] = {{CELL_BLAST, 0.5, "Blasts"},
                 {CELL_PROMY, 0.5, "Promyelocytes"},
                 {CELL_MYELO, 1, "Myelocytes"},
                 {CELL_META, 1, "Metamyelocytes"},
                 {CELL_BAND, 10, "Bands"},
                 {CELL_VLYMPH, 5, "Reactive lymphocytes"},
                 {CELL_PROLYMPH, 5, "Prolymphocytes"},
                 {CELL_PLASMA, 1, "Plasma cells"},
                 {CELL_OTHER, 2, "Abnormal lymphoid cells"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        double percent = cells->pct[kinds[i].kind];
        if (percent < kinds[i].least) continue;
        sees(out, kinds[i].one);
        text_add(out, " about ");
        text_add_fixed(out, percent < 1 ? 1 : percent, 0);
        text_add(out, " %.");
    }
    if (cells->nrbc >= 1) {
        sees(out, "Nucleated red cells about ");
        text_add_fixed(out, cells->nrbc, 0);
        text_add(out, " per 100 white cells.");
    }
}

/* Estimated over ten fields at about 1 platelet a field for 20 x 10^3/uL (wedge film; differential facts, section 4):
 * a reader agrees with the truth within a fifth. */
static void sees_platelets(text_t *out, const shift_t *shift, int32_t index, double platelets)
{
    rng_t rng = rng_at(shift->seed, DRAW_STUDY, (uint64_t)index, 1u << 20);
    double noise = rng_normal(&rng), estimate = platelets * (1 + 0.08 * noise);
    sees(out, "Platelet estimate ");
    text_add_fixed(out, 10 * exact_round(estimate / 10, 0), 0);
    text_add(out, " x 10^3/uL where they lie single.");
}

static const double CLUMPS_SHOW =
    0.1; /* fraction of the platelets in clumps or around neutrophils that a reader sees */

bool shift_film_clumps(const shift_t *shift, int32_t specimen)
{
    const specimen_t *s = counted(shift, specimen);
    return s && s->film_s != NEVER &&
           (trait_of(shift, s, TRAIT_EDTA_CLUMP) > CLUMPS_SHOW || trait_of(shift, s, TRAIT_SATELLITE) > CLUMPS_SHOW);
}

bool shift_film(const shift_t *shift, int32_t specimen, text_t *out)
{
    const specimen_t *s = counted(shift, specimen);
    if (!s || s->film_s == NEVER) return false;
    cells_t cells;
    count_tube_t tube;
    count_tube(shift, specimen, s->counted_s, &cells, &tube);
    if (trait_of(shift, s, TRAIT_COLD_AGG) > 0.1) sees(out, "Red cells lie in clumps: agglutination.");
    if (trait_of(shift, s, TRAIT_EDTA_CLUMP) > CLUMPS_SHOW) sees(out, "Platelet clumps at the feathered edge.");
    if (trait_of(shift, s, TRAIT_SATELLITE) > CLUMPS_SHOW) sees(out, "Platelets ring the neutrophils: satellitism.");
    if (trait_of(shift, s, TRAIT_GIANT_PLT) > 0.1) sees(out, "Giant platelets.");
    if (trait_of(shift, s, TRAIT_SMALL_RBC) > 0.003) sees(out, "Fragmented or very small red cells.");
    if (trait_of(shift, s, TRAIT_PARAPROT) > 0.2) sees(out, "Rouleaux on a blue background.");
    if (trait_of(shift, s, TRAIT_SMUDGE) > 0.1) sees(out, "Many smudge cells.");
    if (trait_of(shift, s, TRAIT_LYSE_RES) > 0.5) sees(out, "Target cells or other red cells that resist lysis.");
    if (has_fault(shift, s, "BACT_FUNGI")) sees(out, "Bacteria or yeasts between the cells.");
    if (has_fault(shift, s, "CLOT")) sees(out, "Fibrin strands, few platelets: the specimen has clotted.");
    if (has_fault(shift, s, "OLD")) sees(out, "Smudged and vacuolated cells, crenated red cells: old blood.");
    if (cells.populations > 1) sees(out, "Two red cell populations.");
    sees_cells(out, &cells);
    sees_platelets(out, shift, specimen, cells.plt);
    return true;
}

double shift_bull_pct(const shift_t *shift, int which)
{
    if (which < 0 || which >= BULL_TESTS || shift->bull[which].batches == 0) return NAN;
    return 100 * (shift->bull[which].average / count_bull_plan(which)->target - 1);
}

/* ---- coagulation ---- */

void shift_inr_lot(const shift_t *shift, double *isi, double *mnpt_s)
{
    int line = 0;
    for (int i = 0; i < SHIFT_LINES; i++)
        if (line_bench(i) == BENCH_COAGULATION) line = i;
    clot_entered(shift, line, shift->now_s, isi, mnpt_s);
}

void shift_inr_box(const shift_t *shift, double *isi, double *mnpt_s)
{
    *isi = shift->coagulometer.isi_true;
    *mnpt_s = shift->coagulometer.mnpt_true;
}

int shift_studies(const shift_t *shift, int32_t specimen, study_view_t *views, int max)
{
    int n = 0;
    for (int32_t i = 0; i < shift->study_count && n < max; i++) {
        const study_t *study = &shift->studies[i];
        if (study->specimen != specimen) continue;
        study_view_t *view = &views[n++];
        *view = (study_view_t){.at_s = study->at_s,
                               .analyte = study->analyte,
                               .treatment = (treatment_t)study->treatment,
                               .value = study->value,
                               .below_or_above = study->sign};
        char number[32];
        if (study->value == study->value) {
            size_t length = text_fixed(number, study->value, lab_analyte(shift->lab, study->analyte)->decimals);
            memcpy(view->text, number, length < 15 ? length + 1 : 16);
        } else {
            memcpy(view->text, "no clot", 8);
        }
    }
    return n;
}

bool shift_normal_pool(const shift_t *shift, int analyte, double *mean_s, double *high_s)
{
    int test = analyte < 0 ? -1 : coag_test_of(shift->lab, analyte);
    if (test != COAG_PT && test != COAG_APTT && test != COAG_TT) return false;
    clotting_t pool = clot_normal_pool();
    clot_reagents_t reagents = clot_reagents();
    *mean_s = test == COAG_PT     ? clot_pt(&pool, &reagents)
              : test == COAG_APTT ? clot_aptt(&pool, &reagents)
                                  : clot_tt(&pool);
    *high_s = lab_analyte(shift->lab, analyte)->ri_high[SEX_MALE];
    return true;
}

bool shift_clot_curve(const shift_t *shift, int32_t specimen, int analyte, clot_point_t *points, int count)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return false;
    const specimen_t *s = &shift->specimens[specimen];
    int test = analyte < 0 ? -1 : coag_test_of(shift->lab, analyte);
    if (s->bench != BENCH_COAGULATION || s->runs == 0 || test < 0) return false;
    if (test == COAG_INR) test = COAG_PT;
    if (test != COAG_PT && test != COAG_APTT && test != COAG_TT && test != COAG_REPT) return false;
    coag_specimen_t cup;
    clot_specimen(shift, specimen, s->counted_s, COAG_PLAIN, &cup);
    coag_curve(&shift->coagulometer, &cup, (coag_test_t)test,
               lab_analyte(shift->lab, coag_analyte(shift->lab, (coag_test_t)test))->amr_high, points, count);
    return true;
}
