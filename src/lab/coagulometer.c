/* From plasma to print. Three steps: what the tube did to the plasma, what was done about it, what the
 * instrument makes of it.
 *
 * The tube's effects are those of content/lab/coagulation/faults.csv, design values all:
 *   short fill f < 0.9   aPTT (1 + 1.2 (0.9 - f)), PT (1 + 0.5 (0.9 - f)); amounts diluted by the citrate
 *   high hematocrit      citrate per plasma as in a tube filled (1 - Hct) / 0.55 of nominal; at most the
 *                        table's 20 % for PT, 30 % for aPTT
 *   heparin              aPTT exp(1.6 U), thrombin time exp(9 U) (the forward model)
 *   EDTA                 factors V and VIII times 0.5 to 0.1; PT 1.15, aPTT 1.3 beyond that (conditions.csv)
 *   age t > 4 h          aPTT (1 + 0.01 (t - 4)); factor VIII exp(-0.02 t) in its assay
 *   cold whole blood     factor VIII and VWF times 0.6
 *   clot                 fibrinogen used up, V, VIII, II with it, VII up: no clot
 *   hemolysis            imprecision doubled; the optical curve fails from 200 mg/dL
 *   lipemia, icterus     no result by light beyond the blank limit
 * The table gives no size for platelets left behind, for the loss of heparin on the cells, and for
 * direct Xa inhibitors as a fault (those: the multipliers of rivaroxaban); the choices stand below by name.
 *
 * The instrument: INR = (PT / MNPT) ^ ISI with what its computer holds, while the reagent answers by what is
 * true; Clauss fibrinogen with its re-dilutions; factor assays at three dilutions; optical or mechanical. */
#include "coagulometer.h"

#include "fault_tables.h"

#include <assert.h>
#include <string.h>

static const double USUAL_HCT = 0.45, HIGH_HCT = 0.55, ENOUGH_FILL = 0.9;
static const double EDTA_FULL =
    0.05;                            /* share of EDTA blood from which the table's effect is there; a trace does less */
static const double PINK_MG_DL = 40; /* free hemoglobin that doubles the imprecision; less does less */
static const double CLOT_SEEN = 0.3; /* share; the needle is blocked */
static const double LIPEMIC_MG_DL = 500, ICTERIC_MG_DL = 20, RED_MG_DL = 200; /* light cannot read on */
static const double FLUSH_IU_ML = 10;                                         /* heparin in a line's flush */
static const double ON_CELLS_LOSS_H = 0.1, ON_CELLS_FREE_H = 1;               /* heparin to platelet factor 4 */
static const double PLATELETS_ALLOWED = 10, PLATELETS_HALF = 200, PLATELETS_MOST = 0.5;
static const double PARALLEL = 1.2; /* highest over lowest reading */

/* ---- the tube ---- */

tube_effect_t coag_tube_effect(const char *fault_id)
{
    static const struct {
        const char *id;
        tube_effect_t effect;
    } EFFECTS[] = {
        {"UNDERFILL_COAG", TUBE_FILL},
        {"HIGH_HCT", TUBE_HEMATOCRIT},
        {"SERUM_COAG", TUBE_CLOT},
        {"EDTA_COAG", TUBE_EDTA},
        {"HEP_CONTAM", TUBE_HEPARIN},
        {"HEMOLYSIS_COAG", TUBE_HEMOLYSIS},
        {"LIP_COAG", TUBE_LIPEMIA},
        {"PPP_FAIL", TUBE_PLATELETS},
        {"AGED_COAG", TUBE_AGE},
        {"COLD_ACT", TUBE_COLD},
        {"DOAC", TUBE_DRUG},
        {"edta_contam", TUBE_EDTA},
        {"line_draw_heparin", TUBE_FLUSH},
        {"haemolysis", TUBE_HEMOLYSIS},
        {"lipaemia", TUBE_LIPEMIA},
        {"icterus", TUBE_ICTERUS},
        {"delayed_sep", TUBE_AGE},
        {"cold_unseparated", TUBE_COLD},
        {"iv_contam", TUBE_DILUTION},
        {"short_sample", TUBE_SHORT},
    };
    for (size_t i = 0; i < sizeof EFFECTS / sizeof *EFFECTS; i++)
        if (strcmp(EFFECTS[i].id, fault_id) == 0) return EFFECTS[i].effect;
    return TUBE_NOTHING;
}

coag_tube_t coag_tube(void)
{
    return (coag_tube_t){.fill = 1, .hematocrit = USUAL_HCT};
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

void coag_tube_add(const lab_t *lab, const specimen_fault_t *fault, coag_tube_t *tube)
{
    double x = (double)fault->severity;
    if (!(x > 0)) return;
    assert(fault->kind >= 0 && fault->kind < fault_tables(lab)->kind_count);
    switch ((tube_effect_t)fault_tables(lab)->kinds[fault->kind].clotting) {
    case TUBE_NOTHING:
        break;
    case TUBE_FILL:
        tube->fill = least(tube->fill, most(1 - x, 0.05));
        break;
    case TUBE_HEMATOCRIT:
        tube->hematocrit = most(tube->hematocrit, least(x, 0.85));
        break;
    case TUBE_CLOT:
        tube->clotted = least(tube->clotted + x, 1);
        break;
    case TUBE_EDTA:
        tube->edta = least(tube->edta + x, 1);
        break;
    case TUBE_HEPARIN:
        tube->heparin += x;
        break;
    case TUBE_FLUSH:
        tube->heparin += FLUSH_IU_ML * x;
        tube->dilution = 1 - (1 - tube->dilution) * (1 - least(x, 0.95));
        break;
    case TUBE_HEMOLYSIS:
        tube->free_hemoglobin += x;
        break;
    case TUBE_LIPEMIA:
        tube->triglycerides += x;
        break;
    case TUBE_ICTERUS:
        tube->bilirubin += x;
        break;
    case TUBE_PLATELETS:
        tube->platelets = most(tube->platelets, x);
        break;
    case TUBE_AGE:
        tube->hours = most(tube->hours, x);
        tube->on_cells_h = most(tube->on_cells_h, x);
        break;
    case TUBE_COLD:
        tube->cold = true;
        break;
    case TUBE_DRUG:
        tube->xa_drug = most(tube->xa_drug, x);
        break;
    case TUBE_DILUTION:
        tube->dilution = 1 - (1 - tube->dilution) * (1 - least(x, 0.95));
        break;
    case TUBE_SHORT:
        tube->short_sample |= x >= 0.3;
        break;
    }
}

static void dilute(clotting_t *p, double keep)
{
    for (int f = 0; f < FACTOR_COUNT; f++) p->factor[f] *= keep;
    p->fibrinogen *= keep;
    p->fibrinogen_antigen *= keep;
    p->ufh *= keep;
    p->lmwh *= keep;
    p->drug_xa *= keep;
    p->lupus *= keep;
    p->inhibitor_bu *= keep;
    p->d_dimer *= keep;
    p->antithrombin *= keep;
    p->protein_c *= keep;
    p->protein_s *= keep;
    p->vwf_antigen *= keep;
    p->vwf_activity *= keep;
}

/* More citrate for the plasma than the reagent's calcium is made for. */
static void citrate(const coag_tube_t *tube, coag_specimen_t *s)
{
    if (tube->hematocrit > HIGH_HCT) {
        double as_fill = (1 - tube->hematocrit) / (1 - USUAL_HCT), lack = most(ENOUGH_FILL - as_fill, 0);
        s->aptt_mul *= least(1 + 1.2 * lack, 1.3);
        s->pt_mul *= least(1 + 0.5 * lack, 1.2);
    }
    if (tube->fill < ENOUGH_FILL) {
        s->aptt_mul *= 1 + 1.2 * (ENOUGH_FILL - tube->fill);
        s->pt_mul *= 1 + 0.5 * (ENOUGH_FILL - tube->fill);
        double plasma = 9 * (1 - USUAL_HCT); /* parts of it to one part of citrate */
        s->quantity *= tube->fill * plasma / (tube->fill * plasma + 1) / (plasma / (plasma + 1));
    }
}

static void clot_in_tube(double share, clotting_t *p)
{
    p->fibrinogen = p->fibrinogen * (1 - share) + 10 * share; /* the table's row: 10 mg/dL left */
    p->factor[FACTOR_5] *= 1 - 0.8 * share;
    p->factor[FACTOR_8] *= 1 - 0.8 * share;
    p->factor[FACTOR_2] *= 1 - 0.8 * share;
    p->factor[FACTOR_7] *= 1 + 0.4 * share;
}

static void in_the_tube(const coag_tube_t *tube, coag_specimen_t *s)
{
    clotting_t *p = &s->plasma;
    if (tube->dilution > 0) dilute(p, 1 - tube->dilution);
    p->ufh += tube->heparin;
    if (tube->xa_drug > 0) { /* rivaroxaban at its peak: PT 1.5, aPTT 1.3, anti-Xa above the range */
        p->drug_pt *= exact_pow(1.5, tube->xa_drug);
        p->drug_aptt *= exact_pow(1.3, tube->xa_drug);
        p->drug_xa += 2.5 * tube->xa_drug;
    }
    if (tube->edta > 0) {
        double part = least(tube->edta / EDTA_FULL, 1), left = 1 - part * (0.5 + 0.4 * tube->edta);
        p->factor[FACTOR_5] *= left;
        p->factor[FACTOR_8] *= left;
        s->pt_mul *= 1 + 0.15 * part;
        s->aptt_mul *= 1 + 0.3 * part;
    }
    if (tube->cold) {
        p->factor[FACTOR_8] *= 0.6;
        p->vwf_antigen *= 0.6;
        p->vwf_activity *= 0.6;
    }
    if (tube->hours > 4) {
        s->aptt_mul *= 1 + 0.01 * (tube->hours - 4);
        s->factor_8_mul *= exact_exp(-0.02 * tube->hours);
    }
    if (tube->on_cells_h > ON_CELLS_FREE_H && p->ufh > 0)
        p->ufh *= exact_exp(-ON_CELLS_LOSS_H * (tube->on_cells_h - ON_CELLS_FREE_H));
    if (tube->platelets > PLATELETS_ALLOWED) {
        double kept = 1 - least((tube->platelets - PLATELETS_ALLOWED) / PLATELETS_HALF, PLATELETS_MOST);
        p->lupus *= kept;
        p->ufh *= kept;
    }
    if (tube->clotted > 0) clot_in_tube(tube->clotted, p);
    s->noise = 1 + least(tube->free_hemoglobin / PINK_MG_DL, 1);
    citrate(tube, s);
}

/* The normal pool takes half of what the citrate did. */
static void mix(coag_specimen_t *s, double hours)
{
    s->plasma = clot_mix(&s->plasma, 0.5, hours);
    s->pt_mul = exact_sqrt(s->pt_mul);
    s->aptt_mul = exact_sqrt(s->aptt_mul);
    s->free_hemoglobin *= 0.5;
    s->triglycerides *= 0.5;
    s->bilirubin *= 0.5;
}

void coag_specimen(const clotting_t *plasma, const coag_tube_t *tube, coag_treatment_t treatment, coag_specimen_t *s)
{
    coag_tube_t held = *tube;
    if (treatment == COAG_ADJUSTED_CITRATE) held.hematocrit = USUAL_HCT, held.fill = 1;
    if (treatment == COAG_DOUBLE_SPUN) held.platelets = 0;
    if (treatment == COAG_ULTRACENTRIFUGED) held.triglycerides = 0;
    *s = (coag_specimen_t){.plasma = *plasma,
                           .pt_mul = 1,
                           .aptt_mul = 1,
                           .quantity = 1,
                           .factor_8_mul = 1,
                           .noise = 1,
                           .free_hemoglobin = held.free_hemoglobin,
                           .triglycerides = held.triglycerides,
                           .bilirubin = held.bilirubin,
                           .clot = held.clotted >= CLOT_SEEN,
                           .short_sample = held.short_sample || held.fill < 0.2};
    in_the_tube(&held, s);
    if (treatment == COAG_HEPARINASE) s->plasma = clot_heparinase(&s->plasma);
    if (treatment == COAG_ADSORBED) s->plasma = clot_adsorb(&s->plasma);
    if (treatment == COAG_MIXED || treatment == COAG_INCUBATED_CONTROL) mix(s, 0);
    if (treatment == COAG_MIXED_INCUBATED) mix(s, 2);
}

/* ---- the analyzer ---- */

void coagulometer_init(const lab_t *lab, coag_method_t method, coagulometer_t *machine)
{
    *machine = (coagulometer_t){.method = method,
                                .reagents = clot_reagents(),
                                .isi_true = 1,
                                .isi_used = 1,
                                .mnpt_true = CLOT_MNPT,
                                .mnpt_used = CLOT_MNPT};
    for (int t = 0; t < COAG_TESTS; t++) {
        const analyte_t *a = lab_analyte(lab, coag_analyte(lab, (coag_test_t)t));
        machine->gain[t] = 1;
        machine->cv[t] = a->qc_cv_pct[0] > 0 ? a->qc_cv_pct[0] / 100 : 0.03;
        machine->low[t] = a->amr_low;
        machine->high[t] = a->amr_high;
    }
}

const char *coag_flag_words(uint32_t flag)
{
    static const char *const WORDS[COAG_FLAGS] = {"no clot",
                                                  "slow onset",
                                                  "curve abnormal",
                                                  "lipemia",
                                                  "icterus",
                                                  "hemolysis",
                                                  "clot in tube or low sample",
                                                  "above the measuring range",
                                                  "below the measuring range",
                                                  "re-diluted",
                                                  "dilutions not parallel"};
    for (int i = 0; i < COAG_FLAGS; i++)
        if (flag == 1u << i) return WORDS[i];
    return "?";
}

static bool is_time(coag_test_t test)
{
    return test == COAG_PT || test == COAG_INR || test == COAG_APTT || test == COAG_TT || test == COAG_REPT;
}

/* By a clot: what light or a ball sees. The others are read by color or turbidity, always by light. */
static bool by_clot(coag_test_t test)
{
    return is_time(test) || test == COAG_FIB || test == COAG_PS || test == COAG_DRVVT || coag_test_factor(test) >= 0;
}

/* Seconds as this lot of thromboplastin gives them: the ratio of ISI 1, to the power 1/ISI, times its MNPT. */
static double pt_seconds(const coagulometer_t *m, const coag_specimen_t *s)
{
    double pt = clot_pt(&s->plasma, &m->reagents) * s->pt_mul;
    if (m->isi_true == 1) return pt * (m->mnpt_true / CLOT_MNPT);
    return pt - pt == 0 ? m->mnpt_true * exact_pow(pt / CLOT_MNPT, 1 / m->isi_true) : pt;
}

static double factor_assay(const coag_specimen_t *s, coag_test_t test, coag_result_t *result)
{
    static const double DILUTIONS[3] = {10, 20, 40};
    int factor = coag_test_factor(test);
    double lowest = 1e9, highest = 0;
    for (int i = 0; i < 3; i++) {
        double x = 100 * s->quantity * clot_factor_assay(&s->plasma, (factor_t)factor, DILUTIONS[i]);
        if (factor == FACTOR_8) x *= s->factor_8_mul;
        result->dilution[i] = x;
        lowest = least(lowest, x);
        highest = most(highest, x);
    }
    if (highest > PARALLEL * lowest && highest > 1) result->flags |= COAG_NOT_PARALLEL;
    return result->flags & COAG_NOT_PARALLEL ? result->dilution[2] : result->dilution[0];
}

/* The reading before gain and imprecision. */
static double reading(const coagulometer_t *m, const coag_specimen_t *s, coag_test_t test, coag_result_t *result)
{
    const clotting_t *p = &s->plasma;
    switch (test) {
    case COAG_PT:
    case COAG_INR:
        return pt_seconds(m, s);
    case COAG_APTT:
        return clot_aptt(p, &m->reagents) * s->aptt_mul;
    case COAG_TT:
        return clot_tt(p);
    case COAG_REPT:
        return clot_reptilase(p);
    case COAG_DRVVT:
        return clot_drvvt(p);
    case COAG_FIB:
        return s->quantity * p->fibrinogen;
    case COAG_DDIMER:
        return s->quantity * p->d_dimer;
    case COAG_ANTIXA_UFH:
    case COAG_ANTIXA_LMWH:
        return s->quantity * (p->ufh + p->lmwh + p->drug_xa);
    case COAG_AT:
        return 100 * s->quantity * p->antithrombin;
    case COAG_PC:
        return 100 * s->quantity * p->protein_c;
    case COAG_PS:
        return 100 * s->quantity * p->protein_s;
    case COAG_VWFAG:
        return 100 * s->quantity * p->vwf_antigen;
    case COAG_VWFACT:
        return 100 * s->quantity * p->vwf_activity;
    default:
        return factor_assay(s, test, result);
    }
}

/* Clauss: 1:10 reads 80 to 400 mg/dL; above, 1:20; below, 1:5. */
static void clauss(coag_result_t *result)
{
    if (result->value > 400 || result->value < 80) result->flags |= COAG_REDILUTED;
}

static uint32_t seen(const coagulometer_t *m, const coag_specimen_t *s, coag_test_t test, double value)
{
    uint32_t flags = 0;
    bool light = m->method == COAG_OPTICAL || !by_clot(test);
    if (s->clot || s->short_sample) flags |= COAG_CLOT_IN_TUBE;
    if (light && s->triglycerides > LIPEMIC_MG_DL) flags |= COAG_LIPEMIC;
    if (light && s->bilirubin > ICTERIC_MG_DL) flags |= COAG_ICTERIC;
    if (light && s->free_hemoglobin >= RED_MG_DL) flags |= COAG_HEMOLYZED | (is_time(test) ? COAG_CURVE_ABNORMAL : 0);
    if (is_time(test)) {
        double wait = test == COAG_APTT ? CLOT_APTT_MAX : CLOT_PT_MAX;
        if (!(value < wait))
            flags |= COAG_NO_CLOT | COAG_ABOVE;
        else if (s->plasma.fibrinogen < 100)
            flags |= COAG_SLOW_ONSET;
        if (s->clot && value < wait) flags |= COAG_CURVE_ABNORMAL;
    }
    return flags;
}

static void into_range(const coagulometer_t *m, coag_test_t test, coag_result_t *result)
{
    if (result->value > m->high[test]) {
        result->value = m->high[test];
        result->flags |= COAG_ABOVE;
    } else if (result->value < m->low[test]) {
        result->value = m->low[test];
        result->flags |= COAG_BELOW;
    }
}

void coag_run(const coagulometer_t *m, const coag_specimen_t *s, const coag_test_t *tests, int count, rng_t *rng,
              coag_result_t *results)
{
    double pt = 0;
    bool pt_run = false;
    for (int i = 0; i < count; i++) {
        coag_test_t test = tests[i];
        coag_result_t *r = &results[i];
        *r = (coag_result_t){0};
        bool of_pt = test == COAG_PT || test == COAG_INR;
        if (of_pt && pt_run) {
            r->value = pt;
        } else {
            int timed = of_pt ? COAG_PT : (int)test;
            double z = rng ? rng_normal(rng) : 0;
            r->value = reading(m, s, test, r) * m->gain[timed] * (1 + m->cv[timed] * s->noise * z);
        }
        if (of_pt && !pt_run) {
            pt = r->value;
            pt_run = true;
        }
        r->flags |= seen(m, s, test, r->value);
        if (test == COAG_FIB) clauss(r);
        if (is_time(test)) r->value = least(r->value, test == COAG_APTT ? CLOT_APTT_MAX : CLOT_PT_MAX);
        if (test == COAG_INR) r->value = clot_inr(r->value, m->mnpt_used, m->isi_used) * m->gain[COAG_INR];
        into_range(m, test, r);
        /* light that cannot read prints no number; nor does a sample that was not there */
        bool blind = (r->flags & (COAG_LIPEMIC | COAG_ICTERIC)) != 0 || s->short_sample;
        if (blind || (is_time(test) && (r->flags & COAG_HEMOLYZED))) r->value = (double)__builtin_nan("");
    }
}

void coag_curve(const coagulometer_t *m, const coag_specimen_t *s, coag_test_t test, double last, clot_point_t *points,
                int count)
{
    coag_result_t none = {0};
    assert(is_time(test));
    double seconds = reading(m, s, test, &none);
    double haze = s->triglycerides / 2000 + s->free_hemoglobin / 4000 + s->bilirubin / 200;
    clot_curve(seconds, s->plasma.fibrinogen * (s->clot ? 0.6 : 1), haze, last, points, count);
}

void coagulometer_show(const lab_t *lab, const patient_t *patient, const specimen_fault_t *fault, double *values)
{
    coag_tube_t tube = coag_tube();
    coag_specimen_t specimen;
    coagulometer_t machine;
    clotting_t plasma;
    coag_test_t tests[COAG_TESTS];
    coag_result_t results[COAG_TESTS];
    if (fault != NULL && fault_tables(lab)->kinds[fault->kind].clotting == TUBE_NOTHING) return;
    clotting_at(lab, patient, 0, &plasma);
    if (fault != NULL) coag_tube_add(lab, fault, &tube);
    coag_specimen(&plasma, &tube, COAG_PLAIN, &specimen);
    coagulometer_init(lab, COAG_OPTICAL, &machine);
    for (int t = 0; t < COAG_TESTS; t++) {
        tests[t] = (coag_test_t)t;
        machine.low[t] = 0; /* the effect is shown, not how the print is cut */
        machine.high[t] = 1e9;
    }
    coag_run(&machine, &specimen, tests, COAG_TESTS, NULL, results);
    for (int t = 0; t < COAG_TESTS; t++) values[coag_analyte(lab, (coag_test_t)t)] = results[t].value;
}
