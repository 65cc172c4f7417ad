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
    memset(plan, 0, sizeof *plan);
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = wanted->bits[w]; left != 0; left &= left - 1) {
            int i = 64 * w + __builtin_ctzll(left);
            const analyte_t *analyte = lab_analyte(lab, i);
            analyte_set_join(&plan->need, &model->depends[i]);
            plan->cells |= analyte != NULL && analyte->bench == BENCH_HEMATOLOGY;
        }
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        for (uint64_t left = plan->need.bits[w] & model->drawn.bits[w]; left != 0; left &= left - 1) {
            int i = 64 * w + __builtin_ctzll(left), slot = model->slot[i];
            plan->values[plan->value_count++] = (uint8_t)i;
            if (slot >= model->joined)
                plan->own[plan->own_count++] = (uint8_t)slot;
            else
                plan->bands |= 1u << slot / SCORE_BAND;
        }
        for (uint64_t left = plan->need.bits[w]; left != 0; left &= left - 1) {
            const analyte_t *analyte = lab_analyte(lab, 64 * w + __builtin_ctzll(left));
            plan->clotting |= analyte != NULL && analyte->bench == BENCH_COAGULATION;
        }
    }
    while (plan->bands >> plan->drawn_bands != 0) plan->drawn_bands++;
}

/* Joins independent scores: z = L e, by those bands of copula rows that the plan needs. */
static void join_scores(const patient_model_t *model, bool healthy, const patient_plan_t *plan, const four_t *e,
                        float *scores)
{
    int population = healthy ? POPULATION_HEALTHY : POPULATION_GENERAL;
    for (uint32_t left = plan->bands; left != 0; left &= left - 1) {
        int band = __builtin_ctz(left);
        const four_t *at = model->bands[population][band];
        four_t even = {0, 0, 0, 0}, odd = {0, 0, 0, 0};
        for (int j = 0; j <= band; j++, at += SCORE_BAND) {
            const four_t x = e[j];
            even += at[0] * (four_t){x[0], x[0], x[0], x[0]};
            odd += at[1] * (four_t){x[1], x[1], x[1], x[1]};
            even += at[2] * (four_t){x[2], x[2], x[2], x[2]};
            odd += at[3] * (four_t){x[3], x[3], x[3], x[3]};
        }
        even += odd;
        memcpy(&scores[SCORE_BAND * band], &even, sizeof even);
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
    uint64_t stream = stream_of(out->key, STREAM_SETPOINT), at = stream;
    four_t e[COPULA_MAX / SCORE_BAND];
    for (int band = 0; band < plan->drawn_bands; band++) {
        float four[SCORE_BAND];
        for (int i = 0; i < SCORE_BAND; i++) four[i] = normal_of(model->normal, rng_mix(at += GOLDEN));
        memcpy(&e[band], four, sizeof four);
    }
    join_scores(model, out->healthy, plan, e, out->setpoint);
    for (int k = 0; k < plan->own_count; k++) out->setpoint[plan->own[k]] = normal_at(model, stream, plan->own[k]);
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

/* What a condition does to an analyte, its person-bound noise drawn: the value for set, else the factor or the summand.
 */
typedef struct {
    int16_t analyte;
    uint8_t op;
    double x;
} touch_t;

typedef struct {
    int sets, count; /* sets come first */
    analyte_set_t analytes;
    touch_t touch[PATIENT_MAX_CONDITIONS * MAX_EFFECTS];
} touches_t;

typedef struct {
    const patient_model_t *model;
    const patient_t *patient;
    const patient_plan_t *plan;
    double *v;
    float within[SCORE_SLOTS];
    double base[LAB_MAX_ANALYTES]; /* before the conditions; filled only when there are any */
} blood_t;

static bool needed(const blood_t *blood, int analyte)
{
    return analyte_set_has(&blood->plan->need, analyte);
}

static void within_scores(blood_t *blood, double hour)
{
    const patient_plan_t *plan = blood->plan;
    const float *normal = blood->model->normal;
    moment_t moment = moment_at(blood->patient->key, STREAM_WITHIN, hour);
    four_t e[COPULA_MAX / SCORE_BAND], four = {0, 0, 0, 0};
    for (int band = 0; band < plan->drawn_bands; band++) e[band] = moment_four(&moment, normal, band);
    join_scores(blood->model, blood->patient->healthy, plan, e, blood->within);
    for (int k = 0, last = -1; k < plan->own_count; k++) {
        int slot = plan->own[k], band = slot / SCORE_BAND;
        if (band != last) four = moment_four(&moment, normal, band);
        last = band;
        blood->within[slot] = four[slot % SCORE_BAND];
    }
}

void patient_scores(const lab_t *lab, const patient_t *patient, uint64_t which, double hour, uint32_t asked,
                    float *between, float *within)
{
    uint64_t stream = stream_of(patient->key, which);
    moment_t moment = moment_at(patient->key, which, hour);
    for (int first = 0; asked >> first != 0; first += SCORE_BAND) {
        if (!(asked >> first & ((1u << SCORE_BAND) - 1))) continue;
        four_t four = moment_four(&moment, lab->patients->normal, first / SCORE_BAND);
        for (int i = first; i < first + SCORE_BAND; i++) {
            if (!(asked >> i & 1)) continue;
            between[i] = normal_at(lab->patients, stream, (uint64_t)i);
            within[i] = four[i - first];
        }
    }
}

/* The piece of a margin that a score lies in. */
static const float BOUND[KNOTS - 2] = {-1.28155157f, -0.674489750f, 0.0f, 0.674489750f, 1.28155157f};

static inline double margin_value(const margin_t *margin, int piece, float score)
{
    double z = (double)score, y = margin->piece[piece].at + margin->piece[piece].slope * z, x;
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

static int piece_of(float z)
{
    int piece = 0;
    for (int b = 0; b < KNOTS - 2; b++) piece += z > BOUND[b];
    return piece;
}

/* The globulin zones of the strip rise and fall together, with globulin. */
static void baseline_zones(blood_t *blood, const margin_t *margins, const float *z)
{
    const double TOGETHER = 0.93, APART = 0.36755951898978;
    const named_t *at = &blood->model->at;
    const int zone[4] = {at->spe_a1, at->spe_a2, at->spe_beta, at->spe_gamma};
    double globulin = blood->v[at->total_protein] - blood->v[at->albumin];
    double common = (globulin - blood->model->globulin_mean) / blood->model->globulin_sd;
    common = common < -4.0 ? -4.0 : common > 4.0 ? 4.0 : common;
    for (int k = 0; k < 4; k++) {
        float score = (float)(TOGETHER * common + APART * (double)z[blood->model->slot[zone[k]]]);
        blood->v[zone[k]] = margin_value(&margins[zone[k]], piece_of(score), score);
    }
}

static void baseline(blood_t *blood)
{
    const patient_t *patient = blood->patient;
    const patient_model_t *model = blood->model;
    const patient_plan_t *plan = blood->plan;
    int population = patient->healthy ? POPULATION_HEALTHY : POPULATION_GENERAL;
    const margin_t *margins = model->margins[population][patient->sex];
    const weights_t *weights = &model->weights[population][patient->sex];
    float z[SCORE_SLOTS];
    int32_t piece[SCORE_SLOTS];
    for (uint32_t left = plan->bands; left != 0; left &= left - 1) {
        int first = SCORE_BAND * __builtin_ctz(left);
        four_t between, own, within, moved;
        memcpy(&between, &weights->between[first], sizeof between);
        memcpy(&own, &patient->setpoint[first], sizeof own);
        memcpy(&within, &weights->within[first], sizeof within);
        memcpy(&moved, &blood->within[first], sizeof moved);
        four_t score = between * own + within * moved;
        four_int_t above = {0, 0, 0, 0};
        for (int b = 0; b < KNOTS - 2; b++) above -= score > (four_t){BOUND[b], BOUND[b], BOUND[b], BOUND[b]};
        memcpy(&z[first], &score, sizeof score);
        memcpy(&piece[first], &above, sizeof above);
    }
    for (int k = 0; k < plan->own_count; k++) {
        int slot = plan->own[k];
        z[slot] = weights->between[slot] * patient->setpoint[slot] + weights->within[slot] * blood->within[slot];
        piece[slot] = piece_of(z[slot]);
    }
    for (int k = 0; k < plan->value_count; k++) {
        int i = plan->values[k], slot = model->slot[i];
        blood->v[i] = margin_value(&margins[i], piece[slot], z[slot]);
    }
    if (needed(blood, model->at.spe_alb)) baseline_zones(blood, margins, z);
}

/* Person-bound noise of one effect; effects of one cause share it. */
static double effect_score(const patient_model_t *model, const condition_t *condition, uint64_t stream, int effect)
{
    const effect_t *e = &condition->effects[effect];
    double own = (double)normal_at(model, stream, (uint64_t)effect);
    return e->link < 0 ? own : e->link_r * effect_score(model, condition, stream, e->link) + e->own_r * own;
}

static void add_touches(const patient_model_t *model, const patient_t *patient, const patient_plan_t *plan, int which,
                        int first, int end, touches_t *out)
{
    const condition_t *condition = &model->conditions[which];
    uint64_t stream = stream_of(patient->key, STREAM_CONDITION + 1 + (uint64_t)which);
    for (int i = first; i < end; i++) {
        const effect_t *e = &condition->effects[i];
        if (!analyte_set_has(&plan->need, e->analyte)) continue;
        double x = e->value + e->spread * effect_score(model, condition, stream, i);
        if (e->op == OP_SETLN || e->op == OP_MUL) x = exact_exp(x);
        out->touch[out->count++] = (touch_t){e->analyte, e->op, x};
    }
}

/* In the order of their taking effect: every set, then every factor, then every summand. */
static void find_touches(const patient_model_t *model, const patient_t *patient, const patient_plan_t *plan,
                         touches_t *out)
{
    int bearing[PATIENT_MAX_CONDITIONS], count = 0; /* on something that is needed */
    out->count = 0;
    out->analytes = (analyte_set_t){{0}};
    for (int i = 0; i < patient->n_conditions; i++) {
        const analyte_set_t *touches = &model->conditions[patient->condition[i]].touches;
        uint64_t both = 0;
        for (int w = 0; w < ANALYTE_WORDS; w++) both |= touches->bits[w] & plan->need.bits[w];
        if (both) bearing[count++] = patient->condition[i];
        analyte_set_join(&out->analytes, touches);
    }
    for (int i = 0; i < count; i++) {
        const condition_t *condition = &model->conditions[bearing[i]];
        add_touches(model, patient, plan, bearing[i], 0, condition->first_mul, out);
    }
    out->sets = out->count;
    for (int i = 0; i < count; i++) {
        const condition_t *condition = &model->conditions[bearing[i]];
        add_touches(model, patient, plan, bearing[i], condition->first_mul, condition->first_add, out);
    }
    for (int i = 0; i < count; i++) {
        const condition_t *condition = &model->conditions[bearing[i]];
        add_touches(model, patient, plan, bearing[i], condition->first_add, condition->effect_count, out);
    }
}

/* Of two conditions that set one value the one that moves it farther wins. */
static void apply_sets(blood_t *blood, const touches_t *touches)
{
    const patient_model_t *model = blood->model;
    analyte_set_t done = {{0}};
    for (int i = 0; i < touches->sets; i++) {
        int a = touches->touch[i].analyte;
        double x = touches->touch[i].x;
        if (analyte_set_has(&model->drawn, a)) { /* drugs, ratios have no noise of their own */
            double sway = 1.0 + model->cvi[a] * (double)blood->within[model->slot[a]];
            x *= sway < 0.3 ? 0.3 : sway;
        }
        if (analyte_set_has(&done, a) && exact_abs(x - blood->base[a]) < exact_abs(blood->v[a] - blood->base[a]))
            continue;
        blood->v[a] = x;
        analyte_set_add(&done, a);
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

static void apply_conditions(blood_t *blood, const touches_t *touches)
{
    const patient_plan_t *plan = blood->plan;
    for (int k = 0; k < plan->value_count; k++) blood->base[plan->values[k]] = blood->v[plan->values[k]];
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = plan->need.bits[w] & ~blood->model->drawn.bits[w]; left != 0; left &= left - 1) {
            int a = 64 * w + __builtin_ctzll(left);
            blood->base[a] = blood->v[a];
        }
    apply_sets(blood, touches);
    for (int i = touches->sets; i < touches->count; i++) {
        const touch_t *touch = &touches->touch[i];
        if (touch->op == OP_MUL)
            blood->v[touch->analyte] *= touch->x;
        else
            blood->v[touch->analyte] += touch->x;
    }
    keep_within_limits(blood, &touches->analytes);
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

static double setpoint_of(const blood_t *blood, int analyte)
{
    return (double)blood->patient->setpoint[blood->model->slot[analyte]];
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
    double albumin_zone = v[at->albumin] * (1.0 + 0.012 * setpoint_of(blood, at->spe_alb)), sum = 0;
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
        v[at->transferrin] = v[at->tibc] / 1.25 * (1.0 + 0.03 * setpoint_of(blood, at->transferrin));
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

static void values_at(const lab_t *lab, const patient_t *patient, double hour, const patient_plan_t *plan,
                      const touches_t *touches, double *values)
{
    blood_t blood;
    blood.model = lab->patients;
    blood.patient = patient;
    blood.plan = plan;
    blood.v = values;
    within_scores(&blood, hour);
    for (int w = 0; w < ANALYTE_WORDS; w++) /* what is not drawn starts at nothing: drugs, poisons */
        for (uint64_t left = plan->need.bits[w] & ~lab->patients->drawn.bits[w]; left != 0; left &= left - 1)
            values[64 * w + __builtin_ctzll(left)] = 0.0;
    baseline(&blood);
    if (patient->n_conditions > 0) {
        const named_t *at = &lab->patients->at;
        if (needed(&blood, at->u_pcr)) values[at->u_pcr] = 1000.0 * values[at->u_protein] / values[at->u_creatinine];
        apply_conditions(&blood, touches);
        follow_conditions(&blood);
    }
    identities(&blood);
    if (plan->clotting) clotting_patient_values(lab, patient, hour, &plan->need, values);
    if (plan->cells) {
        cells_t cells;
        cells_at(lab, patient, hour, &cells);
        cells_values(lab, &cells, values);
    }
}

void patient_values_some(const lab_t *lab, const patient_t *patient, double hour, const patient_plan_t *plan,
                         double *values)
{
    touches_t touches;
    for (int w = 0; w < ANALYTE_WORDS; w++) assert((plan->need.bits[w] & ~patient->settled.bits[w]) == 0);
    find_touches(lab->patients, patient, plan, &touches);
    values_at(lab, patient, hour, plan, &touches, values);
}

void patient_values_twice(const lab_t *lab, const patient_t *patient, const double hour[2], const patient_plan_t *plan,
                          double *const values[2])
{
    touches_t touches;
    for (int w = 0; w < ANALYTE_WORDS; w++) assert((plan->need.bits[w] & ~patient->settled.bits[w]) == 0);
    find_touches(lab->patients, patient, plan, &touches);
    for (int i = 0; i < 2; i++) values_at(lab, patient, hour[i], plan, &touches, values[i]);
}

void patient_values(const lab_t *lab, const patient_t *patient, double hour, double *values)
{
    for (int i = 0; i < LAB_MAX_ANALYTES; i++) values[i] = 0.0;
    patient_values_some(lab, patient, hour, &lab->patients->all, values);
}
