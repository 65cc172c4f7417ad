/* The patients: who they are and what is really in their blood. The model, in order:
 *
 * 1. Person. Sex and age by setting (ages.csv); up to three conditions by weight, sex and age
 *    (patient_conditions.c). `healthy` asks for a healthy reference person without conditions.
 * 2. Set-points. Each analyte has a standard normal score between persons; the scores of some
 *    forty analytes are joined by a Gaussian copula (copula.csv, through its Cholesky factor), one
 *    matrix for healthy people, one for the general population.
 * 3. Time. A second score, within the person, moves smoothly: value noise on two lattices (8 hours
 *    and 4 days), scaled so that its variance is 1 at every instant, joined by the same matrix. Any
 *    hour can be asked in any order. CVi of analytes.csv fixes its share of the variance.
 * 4. Margins. Score to value: normal or log-normal for healthy people (distribution.csv), through
 *    the percentiles of population.csv for everyone (calibrated so that, with the conditions drawn
 *    at community weights, NHANES 2017-2018 comes out).
 * 5. Conditions. set and setln, then mul, then add, each with its own person-bound noise; effects of
 *    one cause share their noise (effect_links.csv). Values that are set still vary by CVi.
 * 6. Identities. What follows from other values is worked out last and exactly.
 *
 * Sources: the facts named in each table; identities from correlations.csv (structural rows). */
#include "cells.h"
#include "clotting.h"
#include "patient_model.h"
#include "patient_noise.h"

#include <assert.h>
#include <string.h>

enum { DOMAIN_PERSON = 0x50455253 };

/* Measured minus calculated osmolality in health (struct_osm: about N(-4, 2)). */
static const double OSMOL_GAP_MEAN = -4.4, OSMOL_GAP_SD = 2.0;

/* --- the plan --- */

void patient_plan(const lab_t *lab, const analyte_set_t *wanted, patient_plan_t *plan)
{
    const patient_model_t *model = lab->patients;
    analyte_set_t rows = {{0}}; /* variables of the copula rows that enter */
    memset(plan, 0, sizeof *plan);
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = wanted->bits[w]; left != 0; left &= left - 1) {
            int i = 64 * w + __builtin_ctzll(left);
            const analyte_t *analyte = lab_analyte(lab, i);
            analyte_set_join(&plan->need, &model->depends[i]);
            plan->cells |= analyte != NULL && analyte->bench == BENCH_HEMATOLOGY;
        }
    for (int r = 0; r < model->copula_count; r++)
        if (analyte_set_has(&plan->need, model->copula_analyte[r])) {
            plan->rows = r + 1;
            plan->needed_rows[plan->row_count++] = (uint8_t)r;
            plan->bands |= 1u << r / COPULA_BAND;
        }
    for (int r = 0; r < plan->rows; r++) analyte_set_add(&rows, model->copula_analyte[r]);
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        uint64_t values = plan->need.bits[w] & model->drawn.bits[w];
        for (uint64_t left = values; left != 0; left &= left - 1)
            plan->values[plan->value_count++] = (uint8_t)(64 * w + __builtin_ctzll(left));
        for (uint64_t left = values | rows.bits[w]; left != 0; left &= left - 1)
            plan->scores[plan->score_count++] = (uint8_t)(64 * w + __builtin_ctzll(left));
        for (uint64_t left = plan->need.bits[w]; left != 0; left &= left - 1) {
            const analyte_t *analyte = lab_analyte(lab, 64 * w + __builtin_ctzll(left));
            plan->clotting |= analyte != NULL && analyte->bench == BENCH_COAGULATION;
        }
    }
}

/* Joins independent scores: z = L e, by those bands of copula rows that the plan needs. */
static void join_scores(const patient_model_t *model, int population, const patient_plan_t *plan, double *scores)
{
    pair_t e[COPULA_MAX];
    for (int j = 0; j < plan->rows; j++) {
        double score = scores[model->copula_analyte[j]];
        e[j] = (pair_t){score, score};
    }
    for (int j = plan->rows; j % COPULA_BAND != 0; j++) e[j] = (pair_t){0, 0};
    double z[COPULA_MAX];
    for (uint32_t left = plan->bands; left != 0; left &= left - 1) {
        int band = __builtin_ctz(left);
        const joint_t *at = model->bands[population][band];
        joint_t sum = {{0}, {0}};
        for (int j = 0; j < COPULA_BAND * (band + 1); j += COPULA_BAND)
            for (int c = j; c < j + COPULA_BAND; c++) {
                sum.low += at[c].low * e[c];
                sum.high += at[c].high * e[c];
            }
        memcpy(&z[COPULA_BAND * band], &sum, sizeof sum);
    }
    for (int k = 0; k < plan->row_count; k++) {
        int i = plan->needed_rows[k];
        scores[model->copula_analyte[i]] = z[i];
    }
}

/* --- the person --- */

static int draw_age(const setting_model_t *setting, const patient_request_t *request, rng_t *rng)
{
    bool limited = request->age_high > 0;
    for (int attempt = 0; attempt < 64; attempt++) {
        double u = rng_uniform(rng);
        int b = 0;
        while (b + 1 < setting->band_count && u > setting->bands[b].upto) b++;
        const age_band_t *band = &setting->bands[b];
        int age = band->age_low + (int)rng_below(rng, (uint32_t)(band->age_high - band->age_low + 1));
        if (!limited || (age >= request->age_low && age <= request->age_high)) return age;
    }
    return request->age_low + (int)rng_below(rng, (uint32_t)(request->age_high - request->age_low + 1));
}

/* Sex and age, by rejection where the conditions that must be there ask for some of them. */
static void draw_person(const lab_t *lab, setting_t setting, const patient_request_t *request, rng_t *rng,
                        patient_t *out)
{
    const patient_model_t *model = lab->patients;
    const setting_model_t *place = &model->settings[setting];
    for (int attempt = 0; attempt < 200; attempt++) {
        int sex = rng_chance(rng, place->female) ? SEX_FEMALE : SEX_MALE;
        if (request->sex >= 0) sex = request->sex;
        out->sex = (uint8_t)sex;
        out->age_y = (uint8_t)draw_age(place, request, rng);
        double fit = 1;
        for (int i = 0; i < request->forced_count; i++) {
            const condition_t *condition = &model->conditions[request->forced[i]];
            double most = condition->sex_weight[0] > condition->sex_weight[1] ? condition->sex_weight[0]
                                                                              : condition->sex_weight[1];
            fit *= condition_fit(condition, sex, out->age_y) / most;
        }
        if (request->cells > 0) fit *= cells_condition_fit(lab, request->cells - 1, sex, out->age_y);
        if (fit >= 1 || rng_chance(rng, fit)) return;
    }
}

static int pick(const pick_table_t *table, rng_t *rng)
{
    uint64_t u = rng_u64(rng);
    uint64_t scaled = (u >> 32) * (uint64_t)table->count;
    int slot = (int)(scaled >> 32);
    float rest = (float)(uint32_t)(scaled & 0xffffff00U) * (1.0f / 4294967296.0f);
    return rest < table->keep[slot] ? table->self[slot] : table->other[slot];
}

/* Adds a condition unless another of its group is there. */
static void add_condition(const patient_model_t *model, const pick_table_t *table, rng_t *rng, patient_t *out)
{
    for (int attempt = 0; attempt < 8; attempt++) {
        int c = pick(table, rng);
        bool clash = false;
        for (int i = 0; i < out->n_conditions; i++)
            clash |= model->conditions[out->condition[i]].group_index == model->conditions[c].group_index;
        if (clash) continue;
        out->condition[out->n_conditions++] = (int16_t)c;
        return;
    }
}

static void draw_conditions(const patient_model_t *model, const patient_request_t *request, rng_t *rng, patient_t *out)
{
    enum { MOST = 3 };
    for (int i = 0; i < request->forced_count && i < PATIENT_MAX_CONDITIONS; i++)
        out->condition[out->n_conditions++] = request->forced[i];
    if (request->healthy || request->only_forced) return;
    const setting_model_t *setting = &model->settings[out->setting];
    int b = 0;
    while (b + 1 < setting->band_count && out->age_y > setting->bands[b].age_high) b++;
    const stratum_t *stratum = &setting->strata[out->sex * setting->band_count + b];
    if (out->n_conditions < MOST && rng_chance(rng, stratum->sick)) {
        int diseases = 1 + rng_chance(rng, stratum->extra) + rng_chance(rng, stratum->extra);
        for (int i = 0; i < diseases && out->n_conditions < MOST; i++)
            add_condition(model, &stratum->disease, rng, out);
    }
    if (stratum->state.count > 0)
        for (int slot = out->n_conditions; slot < MOST; slot++)
            if (rng_chance(rng, stratum->state_chance)) add_condition(model, &stratum->state, rng, out);
}

static void settle(const patient_model_t *model, const patient_plan_t *plan, patient_t *out)
{
    uint64_t stream = stream_of(out->key, STREAM_SETPOINT);
    for (int k = 0; k < plan->score_count; k++) {
        int i = plan->scores[k];
        out->setpoint[i] = normal_at(model, stream, (uint64_t)i);
    }
    join_scores(model, out->healthy ? POPULATION_HEALTHY : POPULATION_GENERAL, plan, out->setpoint);
    out->settled = plan->need;
}

void patient_draw_some(const lab_t *lab, setting_t setting, const patient_request_t *request, uint64_t seed,
                       uint64_t index, const patient_plan_t *plan, patient_t *out)
{
    const patient_request_t any = patient_any();
    const patient_model_t *model = lab->patients;
    if (request == NULL) request = &any;
    assert((unsigned)setting < SETTING_COUNT);
    rng_t rng = rng_at(seed, DOMAIN_PERSON, (uint64_t)setting, index);
    out->setting = (uint8_t)setting;
    out->healthy = request->healthy;
    out->n_conditions = 0;
    memset(out->condition, 0xff, sizeof out->condition); /* -1: none */
    out->key = rng_u64(&rng);
    draw_person(lab, setting, request, &rng, out);
    draw_conditions(model, request, &rng, out);
    settle(model, plan, out);
    out->cells = out->clotting = -1;
    if (plan->cells || plan->clotting) { /* each bears on the other */
        cells_choose(lab, request, out);
        clotting_choose(lab, request, out);
    }
}

void patient_draw(const lab_t *lab, setting_t setting, const patient_request_t *request, uint64_t seed, uint64_t index,
                  patient_t *out)
{
    memset(out, 0, sizeof *out);
    patient_draw_some(lab, setting, request, seed, index, &lab->patients->all, out);
}

/* --- the values --- */

typedef struct {
    const patient_model_t *model;
    const patient_t *patient;
    const patient_plan_t *plan;
    double *v;
    double within[LAB_MAX_ANALYTES];
    double base[LAB_MAX_ANALYTES]; /* before the conditions; filled only when there are any */
} blood_t;

static bool needed(const blood_t *blood, int analyte)
{
    return analyte_set_has(&blood->plan->need, analyte);
}

/* One mixed number serves four neighbors: 12 bits of each 16 look up a normal quantile. */
static void within_scores(blood_t *blood, double hour)
{
    const patient_plan_t *plan = blood->plan;
    const float *normal = blood->model->normal;
    moment_t moment = moment_at(blood->patient->key, STREAM_WITHIN, hour);
    uint64_t h[4] = {0};
    int four = -1;
    for (int k = 0; k < plan->score_count; k++) {
        int i = plan->scores[k];
        if (i >> 2 != four) {
            four = i >> 2;
            for (int c = 0; c < 4; c++) h[c] = rng_mix(moment.corner[c] + (uint64_t)(four + 1) * GOLDEN);
        }
        int shift = 16 * (i & 3);
        const double *w = moment.weight;
        double fast = w[0] * (double)normal[(h[0] >> shift) & (NORMAL_TABLE - 1)] +
                      w[1] * (double)normal[(h[1] >> shift) & (NORMAL_TABLE - 1)];
        double slow = w[2] * (double)normal[(h[2] >> shift) & (NORMAL_TABLE - 1)] +
                      w[3] * (double)normal[(h[3] >> shift) & (NORMAL_TABLE - 1)];
        blood->within[i] = fast + slow;
    }
    join_scores(blood->model, blood->patient->healthy ? POPULATION_HEALTHY : POPULATION_GENERAL, plan, blood->within);
}

void patient_scores(const lab_t *lab, const patient_t *patient, uint64_t which, double hour, int count, double *between,
                    double *within)
{
    const float *normal = lab->patients->normal;
    uint64_t stream = stream_of(patient->key, which), h[4] = {0};
    moment_t moment = moment_at(patient->key, which, hour);
    const double *w = moment.weight;
    for (int i = 0; i < count; i++) {
        if ((i & 3) == 0)
            for (int c = 0; c < 4; c++) h[c] = rng_mix(moment.corner[c] + (uint64_t)((i >> 2) + 1) * GOLDEN);
        int shift = 16 * (i & 3);
        double fast = w[0] * (double)normal[(h[0] >> shift) & (NORMAL_TABLE - 1)] +
                      w[1] * (double)normal[(h[1] >> shift) & (NORMAL_TABLE - 1)];
        double slow = w[2] * (double)normal[(h[2] >> shift) & (NORMAL_TABLE - 1)] +
                      w[3] * (double)normal[(h[3] >> shift) & (NORMAL_TABLE - 1)];
        between[i] = normal_at(lab->patients, stream, (uint64_t)i);
        within[i] = fast + slow;
    }
}

static inline double margin_value(const margin_t *margin, double z)
{
    int piece = (z > -1.2815515655446004) + (z > -0.6744897501960817) + (z > 0.0) + (z > 0.6744897501960817) +
                (z > 1.2815515655446004);
    double y = margin->at[piece] + margin->slope[piece] * z, x;
    switch (margin->scale) {
    case SCALE_NORMAL:
        x = y;
        break;
    case SCALE_LOGNORMAL:
        x = exact_exp(y);
        break;
    case SCALE_MIRRORED:
        x = 100.0 - exact_exp(y);
        break;
    default:
        return z; /* hidden: the score itself */
    }
    return x < margin->low ? margin->low : x > margin->high ? margin->high : x;
}

/* The globulin zones of the strip rise and fall together, with globulin. */
static void baseline_zones(blood_t *blood, const margin_t *margins)
{
    const double TOGETHER = 0.93, APART = 0.36755951898978;
    const named_t *at = &blood->model->at;
    const int zone[4] = {at->spe_a1, at->spe_a2, at->spe_beta, at->spe_gamma};
    double globulin = blood->v[at->total_protein] - blood->v[at->albumin];
    double common = (globulin - blood->model->globulin_mean) / blood->model->globulin_sd;
    common = common < -4.0 ? -4.0 : common > 4.0 ? 4.0 : common;
    for (int k = 0; k < 4; k++) {
        const margin_t *margin = &margins[zone[k]];
        double own = margin->between * blood->patient->setpoint[zone[k]] + margin->within * blood->within[zone[k]];
        blood->v[zone[k]] = margin_value(margin, TOGETHER * common + APART * own);
    }
}

static void baseline(blood_t *blood)
{
    const patient_t *patient = blood->patient;
    const margin_t *margins =
        blood->model->margins[patient->healthy ? POPULATION_HEALTHY : POPULATION_GENERAL][patient->sex];
    const patient_plan_t *plan = blood->plan;
    for (int k = 0; k < plan->value_count; k++) {
        int i = plan->values[k];
        const margin_t *margin = &margins[i];
        double z = margin->between * patient->setpoint[i] + margin->within * blood->within[i];
        blood->v[i] = margin_value(margin, z);
    }
    if (needed(blood, blood->model->at.spe_alb)) baseline_zones(blood, margins);
}

/* Person-bound noise of one effect; effects of one cause share it. */
static double effect_score(const patient_model_t *model, const condition_t *condition, uint64_t stream, int effect)
{
    const effect_t *e = &condition->effects[effect];
    double own = normal_at(model, stream, (uint64_t)effect);
    return e->link < 0 ? own : e->link_r * effect_score(model, condition, stream, e->link) + e->own_r * own;
}

static double set_value(const blood_t *blood, const effect_t *e, double score)
{
    double x = e->value + e->spread * score;
    if (e->op == OP_SETLN) x = exact_exp(x);
    if (!analyte_set_has(&blood->model->drawn, e->analyte)) return x; /* drugs, ratios: no noise of their own */
    double sway = 1.0 + blood->model->cvi[e->analyte] * blood->within[e->analyte];
    return x * (sway < 0.3 ? 0.3 : sway);
}

/* Of two conditions that set one value the one that moves it farther wins. */
static void apply_sets(blood_t *blood, const condition_t *condition, uint64_t stream, analyte_set_t *done)
{
    for (int i = 0; i < condition->first_mul; i++) {
        const effect_t *e = &condition->effects[i];
        int a = e->analyte;
        if (!needed(blood, a)) continue;
        double x = set_value(blood, e, effect_score(blood->model, condition, stream, i));
        if (analyte_set_has(done, a) && exact_abs(x - blood->base[a]) < exact_abs(blood->v[a] - blood->base[a]))
            continue;
        blood->v[a] = x;
        analyte_set_add(done, a);
    }
}

static void apply_shifts(blood_t *blood, const condition_t *condition, uint64_t stream, op_t op)
{
    int first = op == OP_MUL ? condition->first_mul : condition->first_add;
    int end = op == OP_MUL ? condition->first_add : condition->effect_count;
    for (int i = first; i < end; i++) {
        const effect_t *e = &condition->effects[i];
        if (!needed(blood, e->analyte)) continue;
        double y = e->value + e->spread * effect_score(blood->model, condition, stream, i);
        if (op == OP_MUL) {
            blood->v[e->analyte] *= exact_exp(y);
        } else {
            blood->v[e->analyte] += y;
        }
    }
}

static void keep_within_limits(blood_t *blood, const analyte_set_t *touched)
{
    const margin_t *margins = blood->model->margins[POPULATION_GENERAL][blood->patient->sex];
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = touched->bits[w] & blood->plan->need.bits[w]; left != 0; left &= left - 1) {
            int i = 64 * w + __builtin_ctzll(left);
            if (i == SLOT_OSMOL_GAP) continue;
            double x = blood->v[i];
            if (x < margins[i].low) blood->v[i] = margins[i].low;
            if (margins[i].high > 0 && x > margins[i].high) blood->v[i] = margins[i].high;
        }
}

static void apply_conditions(blood_t *blood)
{
    const patient_t *patient = blood->patient;
    uint64_t stream[PATIENT_MAX_CONDITIONS];
    analyte_set_t done = {{0}}, touched = {{0}};
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = blood->plan->need.bits[w]; left != 0; left &= left - 1) {
            int a = 64 * w + __builtin_ctzll(left);
            blood->base[a] = blood->v[a];
        }
    for (int i = 0; i < patient->n_conditions; i++) {
        const condition_t *condition = &blood->model->conditions[patient->condition[i]];
        stream[i] = stream_of(patient->key, STREAM_CONDITION + 1 + (uint64_t)patient->condition[i]);
        apply_sets(blood, condition, stream[i], &done);
        analyte_set_join(&touched, &condition->touches);
    }
    for (op_t op = OP_MUL; op <= OP_ADD; op++)
        for (int i = 0; i < patient->n_conditions; i++)
            apply_shifts(blood, &blood->model->conditions[patient->condition[i]], stream[i], op);
    keep_within_limits(blood, &touched);
}

/* A condition of the patient that touches `what` but not `unless` (-1: nothing). */
static bool touched(const blood_t *blood, int what, int unless)
{
    bool found = false;
    for (int i = 0; i < blood->patient->n_conditions; i++) {
        const analyte_set_t *touches = &blood->model->conditions[blood->patient->condition[i]].touches;
        if (!analyte_set_has(touches, what)) continue;
        if (unless >= 0 && analyte_set_has(touches, unless)) return false;
        found = true;
    }
    return found;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Physiology that follows from what the conditions did, where they do not state it themselves. */
static void follow_conditions(blood_t *blood)
{
    const named_t *at = &blood->model->at;
    double *v = blood->v, *base = blood->base;
    bool albumin_moved = needed(blood, at->albumin) && touched(blood, at->albumin, -1);
    if (albumin_moved && needed(blood, at->calcium) && touched(blood, at->albumin, at->calcium))
        v[at->calcium] += 0.8 * (v[at->albumin] - base[at->albumin]); /* struct_ca_alb */
    if (albumin_moved && needed(blood, at->anion_gap) && touched(blood, at->albumin, at->anion_gap)) {
        v[at->anion_gap] += 2.5 * (least(v[at->albumin], 4.0) - least(base[at->albumin], 4.0)); /* struct_ag_alb */
        if (v[at->anion_gap] < 1.0) v[at->anion_gap] = 1.0;
    }
    if (needed(blood, at->sodium) && touched(blood, at->glucose, at->sodium)) { /* struct_na_glu */
        double glucose = v[at->glucose], over = glucose > 100 ? glucose - 100 : 0;
        v[at->sodium] -= 0.016 * least(over, 300) + (glucose > 400 ? 0.024 * (glucose - 400) : 0);
    }
}

/* pH, pCO2 and bicarbonate: two of them are known, Henderson-Hasselbalch gives the third. */
static void blood_gas(blood_t *blood)
{
    const double LN10 = 2.302585092994045684, PK = 6.103, SOLUBILITY = 0.0307;
    const named_t *at = &blood->model->at;
    double *v = blood->v;
    double hco3 = SOLUBILITY * v[at->pco2_art] * exact_exp((v[at->ph_art] - PK) * LN10);
    bool stated = false;
    for (int i = 0; i < blood->patient->n_conditions; i++) {
        const analyte_set_t *touches = &blood->model->conditions[blood->patient->condition[i]].touches;
        stated |= analyte_set_has(touches, at->co2) && analyte_set_has(touches, at->ph_art) &&
                  analyte_set_has(touches, at->pco2_art);
    }
    if (stated || touched(blood, at->co2, -1)) {
        if (stated) {
            hco3 = v[at->co2] - SOLUBILITY * v[at->pco2_art] - 0.5;
        } else { /* bicarbonate follows total CO2; breathing compensates (struct_winter) */
            double change = v[at->co2] - blood->base[at->co2];
            hco3 += change;
            v[at->pco2_art] += (change < 0 ? 1.2 : 0.7) * change;
            if (v[at->pco2_art] < 8.0) v[at->pco2_art] = 8.0;
        }
        if (hco3 < 1.5) hco3 = 1.5;
        double ph = PK + exact_log(hco3 / (SOLUBILITY * v[at->pco2_art])) / LN10;
        if (ph < 6.7 || ph > 7.85) {
            ph = ph < 6.7 ? 6.7 : 7.85;
            hco3 = SOLUBILITY * v[at->pco2_art] * exact_exp((ph - PK) * LN10);
        }
        v[at->ph_art] = ph;
    }
    if (needed(blood, at->hco3_calc)) v[at->hco3_calc] = hco3;
    if (needed(blood, at->base_excess)) /* Siggaard-Andersen at hemoglobin 14 g/dL */
        v[at->base_excess] = (1 - 0.014 * 14) * ((hco3 - 24.8) + (1.43 * 14 + 7.7) * (v[at->ph_art] - 7.40));
}

static void electrolytes(blood_t *blood)
{
    const named_t *at = &blood->model->at;
    double *v = blood->v;
    if (needed(blood, at->anion_gap)) { /* struct_ag: chloride is what remains */
        double chloride = v[at->sodium] - v[at->co2] - v[at->anion_gap];
        if (chloride < 55.0) {
            v[at->anion_gap] += chloride - 55.0;
            chloride = v[at->sodium] - v[at->co2] - v[at->anion_gap];
        }
        if (needed(blood, at->chloride)) v[at->chloride] = chloride;
    }
    if (needed(blood, at->osmolality)) { /* struct_osm */
        bool sick = blood->patient->n_conditions > 0;
        double score = sick ? blood->base[SLOT_OSMOL_GAP] : v[SLOT_OSMOL_GAP];
        double gap = OSMOL_GAP_MEAN + OSMOL_GAP_SD * score + (sick ? v[SLOT_OSMOL_GAP] - score : 0.0);
        if (gap < -14.0) gap = -14.0;
        v[at->osmolality] = 2.0 * v[at->sodium] + v[at->glucose] / 18.0 + v[at->bun] / 2.8 + v[at->ethanol] / 3.7 + gap;
    }
    if (needed(blood, at->ph_art)) {
        double before = blood->patient->n_conditions > 0 ? blood->base[at->ph_art] : v[at->ph_art];
        blood_gas(blood);
        /* struct_ca_ica: ionized calcium follows total calcium, albumin and pH */
        if (needed(blood, at->ica) && blood->patient->n_conditions > 0 && !touched(blood, at->ica, -1)) {
            double total = v[at->calcium] - blood->base[at->calcium];
            double bound = 0.8 * (v[at->albumin] - blood->base[at->albumin]);
            v[at->ica] += 0.53 * 0.2495 * (total - bound) - 0.45 * (v[at->ph_art] - before);
            if (v[at->ica] < 0.4) v[at->ica] = 0.4;
        }
    }
}

static void proteins(blood_t *blood)
{
    const named_t *at = &blood->model->at;
    double *v = blood->v;
    if (!needed(blood, at->total_protein)) return;
    if (v[at->total_protein] < v[at->albumin] + 0.8) v[at->total_protein] = v[at->albumin] + 0.8;
    double globulin = v[at->total_protein] - v[at->albumin];
    if (needed(blood, at->globulin)) v[at->globulin] = globulin;
    if (!needed(blood, at->spe_alb)) return;
    /* struct_spe: the zones of the strip sum to total protein */
    const int zone[4] = {at->spe_a1, at->spe_a2, at->spe_beta, at->spe_gamma};
    double albumin_zone = v[at->albumin] * (1.0 + 0.012 * blood->patient->setpoint[at->spe_alb]), sum = 0;
    if (albumin_zone > v[at->total_protein] - 0.5) albumin_zone = v[at->total_protein] - 0.5;
    for (int i = 0; i < 4; i++) sum += v[zone[i]];
    double rest = v[at->total_protein] - albumin_zone;
    for (int i = 0; i < 4; i++) v[zone[i]] *= rest / sum;
    v[at->spe_alb] = v[at->total_protein] - (v[zone[0]] + v[zone[1]] + v[zone[2]] + v[zone[3]]);
}

static void lipids_and_iron(blood_t *blood)
{
    const named_t *at = &blood->model->at;
    double *v = blood->v;
    if (needed(blood, at->cholesterol)) { /* struct_ldl; VLDL is TG/5 up to 400 mg/dL, then richer in TG */
        double tg = v[at->triglycerides], vldl = tg <= 400 ? tg / 5.0 : 80.0 + 0.1 * (tg - 400);
        double rest = v[at->hdl] + vldl;
        if (v[at->cholesterol] < rest + 15.0) v[at->cholesterol] = rest + 15.0;
        if (needed(blood, at->ldl_direct)) v[at->ldl_direct] = v[at->cholesterol] - v[at->hdl] - vldl;
        if (needed(blood, at->ldl_calc)) /* Friedewald is not valid above 400 */
            v[at->ldl_calc] = tg <= 400 ? v[at->cholesterol] - v[at->hdl] - vldl : (double)__builtin_nan("");
    }
    if (needed(blood, at->transferrin))
        v[at->transferrin] = v[at->tibc] / 1.25 * (1.0 + 0.03 * blood->patient->setpoint[at->transferrin]);
    if (needed(blood, at->tsat)) v[at->tsat] = 100.0 * v[at->iron] / v[at->tibc];
}

/* CKD-EPI 2021, creatinine. */
static double egfr(const patient_model_t *model, const patient_t *patient, double creatinine)
{
    bool female = patient->sex == SEX_FEMALE;
    double ratio = creatinine / (female ? 0.7 : 0.9);
    double power = ratio < 1 ? (female ? -0.241 : -0.302) : -1.200;
    return 142.0 * exact_pow(ratio, power) * model->age_factor[patient->age_y] * (female ? 1.012 : 1.0);
}

static void identities(blood_t *blood)
{
    const named_t *at = &blood->model->at;
    double *v = blood->v;
    electrolytes(blood);
    proteins(blood);
    lipids_and_iron(blood);
    if (needed(blood, at->bili_direct)) v[at->bili_direct] = least(v[at->bili_direct], 0.95 * v[at->bili_total]);
    if (needed(blood, at->hscrp)) v[at->hscrp] = v[at->crp];
    if (needed(blood, at->egfr)) v[at->egfr] = egfr(blood->model, blood->patient, v[at->creatinine]);
    if (needed(blood, at->u_pcr)) { /* struct_upr */
        if (touched(blood, at->u_pcr, -1)) {
            v[at->u_protein] = v[at->u_pcr] * v[at->u_creatinine] / 1000.0;
        } else {
            v[at->u_pcr] = 1000.0 * v[at->u_protein] / v[at->u_creatinine];
        }
    }
}

void patient_values_some(const lab_t *lab, const patient_t *patient, double hour, const patient_plan_t *plan,
                         double *values)
{
    blood_t blood;
    blood.model = lab->patients;
    blood.patient = patient;
    blood.plan = plan;
    blood.v = values;
    for (int w = 0; w < ANALYTE_WORDS; w++) assert((plan->need.bits[w] & ~patient->settled.bits[w]) == 0);
    within_scores(&blood, hour);
    for (int w = 0; w < ANALYTE_WORDS; w++) /* what is not drawn starts at nothing: drugs, poisons */
        for (uint64_t left = plan->need.bits[w] & ~lab->patients->drawn.bits[w]; left != 0; left &= left - 1)
            values[64 * w + __builtin_ctzll(left)] = 0.0;
    baseline(&blood);
    if (patient->n_conditions > 0) {
        const named_t *at = &lab->patients->at;
        if (needed(&blood, at->u_pcr)) values[at->u_pcr] = 1000.0 * values[at->u_protein] / values[at->u_creatinine];
        apply_conditions(&blood);
        follow_conditions(&blood);
    }
    identities(&blood);
    if (plan->clotting) clotting_patient_values(lab, patient, hour, values);
    if (plan->cells) {
        cells_t cells;
        cells_at(lab, patient, hour, &cells);
        cells_values(lab, &cells, values);
    }
}

void patient_values(const lab_t *lab, const patient_t *patient, double hour, double *values)
{
    for (int i = 0; i < LAB_MAX_ANALYTES; i++) values[i] = 0.0;
    patient_values_some(lab, patient, hour, &lab->patients->all, values);
}
