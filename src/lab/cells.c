/* What circulates: red cells, white cells, platelets of one patient at one hour. The model, in order:
 *
 * 1. Condition. Forced, or implied by a condition of the chemistry, or drawn by setting, sex and age from those that
 *    leave no trace in chemistry; else healthy blood. One table of means and SDs serves health and disease.
 * 2. Scores. Each quantity has a standard normal score between persons and one within the person, a smooth function of
 *    the hour (patient_noise.h). Hemoglobin, MCV, MCHC and RDW are joined by one matrix, white cells and lymphocytes
 *    by one coefficient (model.csv tells which).
 * 3. Values. HGB, MCV, MCHC, MPV and the classes of the differential are normal, RDW, WBC, PLT, reticulocytes
 *    log-normal. Every class but the largest is drawn, the largest takes the remainder (DIFF_DRAW); where nothing would
 *    remain the others are scaled to 95 %, for a smooth function of the hour cannot draw again. MPV falls with the
 *    platelet count (MPV_PLT).
 * 4. Identities. RBC, HCT, MCH and RDW-SD follow exactly; RDW of two populations is that of their mixture.
 *
 * Sources: the rows of content/lab/hematology/model.csv and conditions.csv. */
#include "cells_model.h"
#include "clotting.h"

#include "patient_noise.h"

#include <assert.h>
#include <string.h>

enum { DOMAIN_CELLS = 0x43454c4c, WITHIN_BANDS = (SCORE_TRAIT + SCORE_BAND - 1) / SCORE_BAND };

/* ---- which condition ---- */

/* The first tie that comes true, in the order of the patient's conditions. */
static int implied(const lab_t *lab, const patient_t *patient, rng_t *rng)
{
    const cells_model_t *model = lab->cells;
    for (int i = 0; i < patient->n_conditions; i++) {
        double u = rng_uniform(rng);
        int last = model->first_tied[patient->condition[i] + 1];
        for (int t = model->first_tied[patient->condition[i]]; t < last; t++) {
            const tied_t *tied = &model->tied[t];
            if (!(cells_condition_fit(lab, tied->cells, patient->sex, patient->age_y) > 0)) continue;
            u -= tied->chance;
            if (u < 0) return tied->cells;
        }
    }
    return -1;
}

/* By weight, among those that occur without a trace in chemistry; most often none. */
static int drawn(const lab_t *lab, const patient_t *patient, rng_t *rng)
{
    const cells_model_t *model = lab->cells;
    double u = rng_uniform(rng) * model->total[patient->setting];
    if (u > model->alone_most[patient->setting]) return -1;
    for (int i = 0; i < model->alone_count; i++) {
        int c = model->alone[i];
        u -= model->conditions[c].weight[patient->setting] * cells_condition_fit(lab, c, patient->sex, patient->age_y);
        if (u < 0) return c;
    }
    return -1;
}

void cells_choose(const lab_t *lab, const patient_request_t *request, patient_t *patient)
{
    patient->cells = -1;
    if (request != NULL && request->cells > 0) {
        assert(request->cells <= lab->cells->count);
        const cells_condition_t *forced = &lab->cells->conditions[request->cells - 1];
        patient->cells = forced->normal ? (int16_t)-1 : (int16_t)(request->cells - 1);
        return;
    }
    if (patient->healthy) return;
    rng_t rng = rng_at(patient->key, DOMAIN_CELLS, 0, 0);
    int c = implied(lab, patient, &rng);
    if (c < 0 && !(request != NULL && request->only_forced)) c = drawn(lab, patient, &rng);
    patient->cells = (int16_t)c;
}

/* ---- scores ---- */

typedef struct {
    float between[SCORE_COUNT], within[WITHIN_BANDS * SCORE_BAND]; /* traits do not move within a person */
} scores_t;

static void join(const cells_model_t *model, float *score)
{
    double e[4] = {(double)score[0], (double)score[1], (double)score[2], (double)score[3]};
    for (int i = 0; i < 4; i++) {
        double sum = 0;
        for (int j = 0; j <= i; j++) sum += model->factor[i][j] * e[j];
        score[i] = (float)sum;
    }
}

/* Between persons only those of the bits `asked`, the first four included: each is a number of its own. Within the
 * person so many bands of them. */
static void draw_scores(const lab_t *lab, const patient_t *patient, uint64_t asked, int bands, double hour,
                        scores_t *scores)
{
    uint64_t stream = stream_of(patient->key, STREAM_CELLS);
    moment_t moment = moment_at(patient->key, STREAM_CELLS_WITHIN, hour);
    for (; asked != 0; asked &= asked - 1) {
        int i = __builtin_ctzll(asked);
        scores->between[i] = normal_at(lab->patients, stream, (uint64_t)i);
    }
    for (int band = 0; band < bands; band++) {
        four_t four = moment_four(&moment, lab->patients->normal, band);
        memcpy(&scores->within[band * SCORE_BAND], &four, sizeof four);
    }
    join(lab->cells, scores->between);
    join(lab->cells, scores->within);
}

static double value(const draw_t *draw, const scores_t *scores, int score)
{
    return draw->center + draw->between * (double)scores->between[score] + draw->within * (double)scores->within[score];
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* ---- values ---- */

static void red_cells(const cells_model_t *model, const cells_condition_t *c, const scores_t *scores, cells_t *out)
{
    out->hgb = clip(value(&c->hgb, scores, SCORE_HGB), 2.0, 24.0);
    out->mcv = clip(value(&c->mcv, scores, SCORE_MCV), 45.0, 150.0);
    out->mchc = clip(value(&c->mchc, scores, SCORE_MCHC), 22.0, 39.5);
    out->rdw_cv = clip(exact_exp(value(&c->rdw, scores, SCORE_RDW)), 10.0, 40.0);
    double sd = out->rdw_cv / 100 * out->mcv, each = model->population_cv * out->mcv;
    out->populations = c->small_share > 0 && sd > each ? 2 : 1;
    out->red[0] = (red_population_t){1, out->mcv, sd};
    if (out->populations == 2) { /* DIMORPH: the moments of the mixture are those that were drawn */
        double f = c->small_share, apart = exact_sqrt((sd * sd - each * each) / (f * (1 - f)));
        out->red[0] = (red_population_t){f, out->mcv - (1 - f) * apart, each};
        out->red[1] = (red_population_t){1 - f, out->mcv + f * apart, each};
    }
}

/* A condition of clotting that uses platelets up or lacks them (DIC, liver failure, dilution) brings the median down to
 * its own, where the cells' condition does not say less. */
static double used_up(double typical, double log_center)
{
    return typical < 150 && exact_log(typical) < log_center ? exact_log(typical) - log_center : 0;
}

static void platelets(const cells_model_t *model, const cells_condition_t *c, double typical, const scores_t *scores,
                      cells_t *out)
{
    double log_plt = value(&c->plt, scores, SCORE_PLT) + used_up(typical, c->plt.center);
    out->plt = clip(exact_exp(log_plt), 1.0, 4000.0);
    double mpv = c->mpv.center * exact_exp(model->mpv_exponent * (log_plt - c->plt.center));
    mpv += value(&(draw_t){0, c->mpv.between, c->mpv.within}, scores, SCORE_MPV);
    out->mpv = clip(mpv, 5.0, 25.0);
    double ipf = value(&model->ipf, scores, SCORE_IPF);
    if (c->ipf_median > 0) ipf += exact_log(c->ipf_median) - model->ipf.center;
    out->ipf = clip(exact_exp(ipf), 0.1, 70.0);
}

static void differential(const cells_model_t *model, const cells_condition_t *c, const scores_t *scores, cells_t *out)
{
    double sum = 0;
    uint32_t granular = 1U << CELL_META | 1U << CELL_MYELO | 1U << CELL_PROMY;
    memset(out->pct, 0, sizeof out->pct);
    for (int k = 0; k < CELL_KINDS; k++) {
        if (!(c->present >> k & 1) || k == c->largest) continue;
        double between = (double)scores->between[SCORE_CLASS + k], within = (double)scores->within[SCORE_CLASS + k];
        if (k == CELL_LYMPH) {
            between = model->r_wbc_lymph * (double)scores->between[SCORE_WBC] + model->own_wbc_lymph * between;
            within = model->r_wbc_lymph * (double)scores->within[SCORE_WBC] + model->own_wbc_lymph * within;
        }
        double x = c->classes[k].center + c->classes[k].between * between + c->classes[k].within * within;
        out->pct[k] = x < 0 ? 0 : x;
        sum += out->pct[k];
    }
    if ((c->present & granular) == 0) { /* everyone has a few */
        out->pct[CELL_META] = clip(exact_exp(value(&model->ig, scores, SCORE_CLASS + CELL_META)), 0, 20);
        sum += out->pct[CELL_META];
    }
    const double MOST = 95;
    if (sum > MOST) {
        for (int k = 0; k < CELL_KINDS; k++) out->pct[k] *= MOST / sum;
        sum = 0;
        for (int k = 0; k < CELL_KINDS; k++) sum += out->pct[k];
    }
    out->pct[c->largest] = 100 - sum;
}

static void reticulocytes(const cells_model_t *model, const cells_condition_t *c, const patient_t *patient,
                          const scores_t *scores, cells_t *out)
{
    out->retp = clip(exact_exp(value(&c->retp, scores, SCORE_RETP)), 0.05, 60.0);
    double irf = value(&model->irf[patient->sex], scores, SCORE_IRF);
    double typical = exact_exp(c->retp.center), above = typical / model->ret_median[patient->sex];
    if (above > 1.3) irf += model->irf_exponent * exact_log(above);
    out->irf = clip(exact_exp(irf), 0.2, 80.0);
    /* health's spread is part MCH, part its own: the part of MCH is taken from the condition's typical cell */
    double typical_mch = c->mcv.center * c->mchc.center / 100;
    double mean = c->rethe_mean > 0 ? c->rethe_mean : model->rethe.center + model->rethe_per_mch * (typical_mch - 30.0);
    if (c->normal) mean = model->rethe.center;
    mean += value(&(draw_t){0, model->rethe.between, model->rethe.within}, scores, SCORE_RETHE);
    out->rethe = clip(mean, 12.0, 50.0);
}

static void sedimentation(const cells_model_t *model, const cells_condition_t *c, const patient_t *patient,
                          const scores_t *scores, cells_t *out)
{
    double center = c->esr_median > 0 ? exact_log(c->esr_median) : model->esr_median[patient->sex][patient->age_y > 50];
    out->esr = clip(exact_exp(center + value(&model->esr_spread, scores, SCORE_ESR)), 0.3, 150.0);
}

void cells_derive(const lab_t *lab, cells_t *cells)
{
    cells->mch = cells->mcv * cells->mchc / 100;
    cells->hct = 100 * cells->hgb / cells->mchc;
    cells->rbc = 10 * cells->hgb / cells->mch;
    cells->rdw_sd = lab->cells->rdw_sd_factor * cells->mcv * cells->rdw_cv / 100;
}

static const cells_condition_t *condition_of(const cells_model_t *model, const patient_t *patient)
{
    bool known = patient->cells >= 0 && patient->cells < model->count;
    return &model->conditions[known ? patient->cells : model->normal[patient->sex]];
}

void cells_red_at(const lab_t *lab, const patient_t *patient, double hour, cells_t *out)
{
    scores_t scores;
    draw_scores(lab, patient, (1ULL << SCORE_BAND) - 1, 1, hour, &scores);
    red_cells(lab->cells, condition_of(lab->cells, patient), &scores, out);
    cells_derive(lab, out);
}

/* A trait from its score. */
static double trait_value(const cells_condition_t *c, trait_t trait, float between)
{
    static const double most[TRAIT_COUNT] = {[TRAIT_COLD_AGG] = 0.8, [TRAIT_GIANT_PLT] = 0.6}; /* 0: no limit */
    double x = c->trait[trait].center + c->trait[trait].between * (double)between;
    if (x < 0) return 0;
    return most[trait] > 0 && x > most[trait] ? most[trait] : x;
}

double cells_trait(const lab_t *lab, const patient_t *patient, trait_t trait)
{
    const cells_condition_t *c = condition_of(lab->cells, patient);
    if (!(c->traits >> trait & 1)) return 0;
    uint64_t stream = stream_of(patient->key, STREAM_CELLS);
    return trait_value(c, trait, normal_at(lab->patients, stream, (uint64_t)(SCORE_TRAIT + trait)));
}

void cells_at(const lab_t *lab, const patient_t *patient, double hour, cells_t *out)
{
    const cells_model_t *model = lab->cells;
    const cells_condition_t *c = condition_of(model, patient);
    const uint64_t meta = 1ULL << (SCORE_CLASS + CELL_META);
    uint64_t asked =
        ((1ULL << SCORE_CLASS) - 1) | meta | (uint64_t)c->present << SCORE_CLASS | (uint64_t)c->traits << SCORE_TRAIT;
    scores_t scores;
    draw_scores(lab, patient, asked, WITHIN_BANDS, hour, &scores);
    red_cells(model, c, &scores, out);
    cells_derive(lab, out);
    platelets(model, c, clotting_platelets(lab, patient->clotting), &scores, out);
    out->wbc = clip(exact_exp(value(&c->wbc, &scores, SCORE_WBC)), 0.05, 800.0);
    out->nrbc = c->nrbc_median > 0 ? clip(exact_exp(value(&c->nrbc, &scores, SCORE_NRBC)), 0, 800.0) : 0;
    differential(model, c, &scores, out);
    reticulocytes(model, c, patient, &scores, out);
    sedimentation(model, c, patient, &scores, out);
    out->clone = c->clone;
    out->blasts_as_lymph = c->blasts_as_lymph;
    for (int t = 0; t < TRAIT_COUNT; t++)
        out->trait[t] = c->traits >> t & 1 ? trait_value(c, (trait_t)t, scores.between[SCORE_TRAIT + t]) : 0;
}

/* ---- as analytes ---- */

/* A counter has five classes: immature granulocytes go with neutrophils, plasma cells and abnormal lymphoid cells with
 * lymphocytes, blasts where their kind lies. */
void cells_five_part(const cells_t *cells, double out[PARTS])
{
    const double *p = cells->pct;
    double lymph = p[CELL_LYMPH] + p[CELL_VLYMPH] + p[CELL_PROLYMPH] + p[CELL_PLASMA] + p[CELL_OTHER];
    double mono = p[CELL_MONO];
    if (cells->blasts_as_lymph)
        lymph += p[CELL_BLAST];
    else
        mono += p[CELL_BLAST];
    out[PART_LYMPH] = lymph;
    out[PART_MONO] = mono;
    out[PART_EOS] = p[CELL_EOS];
    out[PART_BASO] = p[CELL_BASO];
    out[PART_NEUT] = 100 - (lymph + mono + p[CELL_EOS] + p[CELL_BASO]);
}

void cells_numbers(const cells_t *cells, double out[HEMA_COUNT])
{
    double part[PARTS];
    const double *p = cells->pct;
    cells_five_part(cells, part);
    out[HEMA_WBC] = cells->wbc;
    out[HEMA_RBC] = cells->rbc;
    out[HEMA_HGB] = cells->hgb;
    out[HEMA_HCT] = cells->hct;
    out[HEMA_MCV] = cells->mcv;
    out[HEMA_MCH] = cells->mch;
    out[HEMA_MCHC] = cells->mchc;
    out[HEMA_RDWCV] = cells->rdw_cv;
    out[HEMA_RDWSD] = cells->rdw_sd;
    out[HEMA_PLT] = cells->plt;
    out[HEMA_MPV] = cells->mpv;
    out[HEMA_NRBCP] = cells->nrbc;
    static const hema_t share[PARTS] = {HEMA_NEUTP, HEMA_LYMPHP, HEMA_MONOP, HEMA_EOSP, HEMA_BASOP};
    static const hema_t count[PARTS] = {HEMA_NEUTA, HEMA_LYMPHA, HEMA_MONOA, HEMA_EOSA, HEMA_BASOA};
    for (int i = 0; i < PARTS; i++) {
        out[share[i]] = part[i];
        out[count[i]] = cells->wbc * part[i] / 100;
    }
    out[HEMA_IGP] = p[CELL_META] + p[CELL_MYELO] + p[CELL_PROMY];
    out[HEMA_IGA] = cells->wbc * out[HEMA_IGP] / 100;
    out[HEMA_RETP] = cells->retp;
    out[HEMA_RETA] = cells->retp / 100 * cells->rbc;
    out[HEMA_IRF] = cells->irf;
    out[HEMA_RETHE] = cells->rethe;
    out[HEMA_IPF] = cells->ipf;
    out[HEMA_ESR] = cells->esr;
}

void cells_values(const lab_t *lab, const cells_t *cells, double *values)
{
    const int16_t *analyte = lab->cells->analyte;
    double numbers[HEMA_COUNT];
    cells_numbers(cells, numbers);
    for (int i = 0; i < HEMA_COUNT; i++) values[analyte[i]] = numbers[i];
}

void cells_force(const lab_t *lab, cells_t *cells, int analyte, double value)
{
    if (analyte < 0) return;
    if (analyte == cells_analyte(lab, HEMA_WBC)) cells->wbc = value;
    if (analyte == cells_analyte(lab, HEMA_PLT)) cells->plt = value;
    if (analyte == cells_analyte(lab, HEMA_HGB)) cells->hgb = value;
    cells_derive(lab, cells);
}
