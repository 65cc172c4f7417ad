/* A blood count, from tube to print. The model, in order:
 *
 * 1. Tube. Faults of the specimen and traits of the blood become effects on channels, each row of
 *    content/lab/hematology/interference_effects.csv one effect; a mode that resolves an interference leaves its
 *    effects out. Age works through the rows of OLD in every tube.
 * 2. Scene (counter_scene): the readings that a noiseless instrument would give, and the densities of red cells,
 *    platelets and white cells behind them.
 * 3. Instrument. Carry-over, background, gain and offset by channel, a partly blocked aperture, imprecision from the
 *    control material (CV by level) or counter.csv; the differential adds the sampling of its events.
 * 4. Print. HCT, MCH, MCHC, RDW-SD and the absolute counts are calculated as on an impedance counter. Marks and
 *    definitive flags by limits, flags of patterns by features of the densities (counter_flags.c).
 *
 * Everything is a function of the tube's seed and the number of the run. Sources: the rows of the tables. */
#include "cells_model.h"
#include "counter_model.h"
#include "normal.h"

#include <assert.h>
#include <string.h>

enum { DOMAIN_SPREAD = 0x43535044, DOMAIN_RUN = 0x4352554e, DOMAIN_TUBE = 0x43545542 };

static const double NORMAL_GLUCOSE = 95, NORMAL_SODIUM = 140, NORMAL_TRIGLYCERIDES = 110, NORMAL_BILIRUBIN = 0.6;

plasma_t counter_plasma(const lab_t *lab, const double *values)
{
    double x[4];
    for (int i = 0; i < 4; i++) {
        int a = counter_model(lab)->plasma[i];
        x[i] = a >= 0 && values[a] > 0 ? values[a] : (double)__builtin_nan("");
    }
    return (plasma_t){x[0], x[1], x[2], x[3], 0};
}

counter_state_t counter_clean(void)
{
    counter_state_t state = {.imprecision = 1};
    for (int c = 0; c < CHANNEL_COUNT; c++) state.gain[c] = 1;
    return state;
}

void counter_follow(counter_state_t *state, const count_t *count)
{
    memcpy(state->before, count->raw, sizeof state->before);
}

/* ---- the tube ---- */

typedef struct {
    const counter_model_t *model;
    const count_tube_t *tube;
    counter_scene_t *scene;
    uint32_t mode;
    double quantity[DRIVER_COUNT];
    bool cold;
    double mixed; /* MCV over that of the red cells alone */
} mixing_t;

static double known(double value, double otherwise)
{
    return value == value ? value : otherwise;
}

static double higher(double a, double b)
{
    return a > b ? a : b;
}

/* Quantities of the blood, those that the faults put into it included. */
static void quantities(mixing_t *mixing)
{
    const count_tube_t *tube = mixing->tube;
    const cells_t *cells = tube->cells;
    double *q = mixing->quantity, *x = mixing->scene->x;
    double hours = tube->age_h > 0 ? tube->age_h : 0, free_hemoglobin = tube->plasma.free_hemoglobin;
    mixing->cold = tube->cold;
    q[DRIVER_ONE] = 1;
    q[DRIVER_TRIGLYCERIDES] = known(tube->plasma.triglycerides, NORMAL_TRIGLYCERIDES);
    q[DRIVER_BILIRUBIN] = known(tube->plasma.bilirubin, NORMAL_BILIRUBIN);
    q[DRIVER_GLUCOSE] = known(tube->plasma.glucose, NORMAL_GLUCOSE);
    q[DRIVER_SODIUM] = known(tube->plasma.sodium, NORMAL_SODIUM);
    for (int i = 0; i < tube->fault_count; i++) {
        const specimen_fault_t *fault = &tube->faults[i];
        double s = (double)fault->severity;
        if (!(s > 0)) continue;
        switch ((role_t)mixing->model->role[fault->kind]) {
        case ROLE_TRIGLYCERIDES:
            q[DRIVER_TRIGLYCERIDES] = higher(q[DRIVER_TRIGLYCERIDES], s);
            break;
        case ROLE_BILIRUBIN:
            q[DRIVER_BILIRUBIN] = higher(q[DRIVER_BILIRUBIN], s);
            break;
        case ROLE_GLUCOSE:
            q[DRIVER_GLUCOSE] = higher(q[DRIVER_GLUCOSE], s);
            break;
        case ROLE_SODIUM:
            q[DRIVER_SODIUM] = s;
            break;
        case ROLE_FREE_HEMOGLOBIN:
            free_hemoglobin = higher(free_hemoglobin, s);
            break;
        case ROLE_WBC:
            x[CHANNEL_WBC] = higher(x[CHANNEL_WBC], s);
            break;
        case ROLE_PLT:
            x[CHANNEL_PLT] = higher(x[CHANNEL_PLT], s);
            break;
        case ROLE_HOURS_COLD:
            mixing->cold = true;
            hours += s;
            break;
        case ROLE_HOURS:
            hours += s;
            break;
        case ROLE_FLUID: {
            double f = s > 1 ? 1 : s;
            int fluid = fault->fluid >= 0 && fault->fluid < 64 ? fault->fluid : 0;
            q[DRIVER_TRIGLYCERIDES] = (1 - f) * q[DRIVER_TRIGLYCERIDES] + f * mixing->model->fluid_triglycerides[fluid];
            break;
        }
        case ROLE_CLOT:
            mixing->scene->clotted = true;
            break;
        case ROLE_NONE:
            break;
        }
    }
    q[DRIVER_HOURS] = hours;
    q[DRIVER_WBC] = x[CHANNEL_WBC];
    q[DRIVER_RBC] = x[CHANNEL_RBC];
    q[DRIVER_NRBC] = cells->nrbc;
    q[DRIVER_FREE_HEMOGLOBIN] = free_hemoglobin / 1000 * (1 - cells->hct / 100);
    q[DRIVER_SODIUM] -= NORMAL_SODIUM;
}

/* Red cells over well mixed blood where the needle dips into a settled tube; white cells and platelets the inverse. */
static double settled(uint64_t seed, double s)
{
    rng_t rng = rng_at(seed, DOMAIN_TUBE, 1, 0);
    return rng_chance(&rng, 0.5) ? 1 + 0.7 * s : 1 - 0.6 * s;
}

static double driver_value(const mixing_t *mixing, const count_effect_t *effect, const specimen_fault_t *fault)
{
    double s = fault != NULL ? (double)fault->severity : 0;
    switch ((driver_t)effect->driver) {
    case DRIVER_SEVERITY:
        return s;
    case DRIVER_LYSED: {
        const cells_t *cells = mixing->tube->cells;
        return s / 1000 * (1 - cells->hct / 100) / cells->hgb;
    }
    case DRIVER_DEXTROSE:
        return fault != NULL && fault->fluid >= 0 && fault->fluid < 64 && mixing->model->dextrose[fault->fluid] ? s : 0;
    case DRIVER_SETTLED:
        return settled(mixing->tube->seed, s > 1 ? 1 : s) - 1;
    case DRIVER_FLOATED:
        return 1 / settled(mixing->tube->seed, s > 1 ? 1 : s) - 1;
    default:
        return mixing->quantity[effect->driver];
    }
}

static double coefficient(const mixing_t *mixing, const count_effect_t *effect)
{
    double c = mixing->cold ? effect->cold : effect->c;
    if (!(effect->low < effect->high)) return c;
    int which = (int)(effect - mixing->model->effects);
    rng_t rng = rng_at(mixing->tube->seed, DOMAIN_SPREAD, (uint64_t)which, 0);
    double u = 2 * rng_uniform(&rng) - 1;
    return c + (u < 0 ? u * (c - effect->low) : u * (effect->high - c));
}

/* A part of what was added is remembered by its nature, for the densities. */
static void remember(mixing_t *mixing, const count_effect_t *effect, double before, double after)
{
    counter_scene_t *scene = mixing->scene;
    double change = after - before;
    if (effect->model == EFFECT_ADD && effect->channel == CHANNEL_HGB && effect->driver != DRIVER_FREE_HEMOGLOBIN)
        scene->turbidity += change;
    if (effect->model == EFFECT_ADD && effect->channel == CHANNEL_PLT) scene->small += change;
    if (effect->channel != CHANNEL_WBC) return;
    if (effect->times == DRIVER_NRBC)
        scene->nuclei += change;
    else if (effect->model == EFFECT_ADD && effect->tau_h > 0)
        scene->clumps += change;
    else if (effect->model == EFFECT_ADD)
        scene->unlysed += change;
}

static void apply(mixing_t *mixing, const count_effect_t *effect, const specimen_fault_t *fault)
{
    if (mixing->mode & mixing->model->interferences[effect->interference].resolved) return;
    double driver = driver_value(mixing, effect, fault), dose = (driver - effect->above) * effect->per;
    bool either_way =
        effect->driver == DRIVER_SODIUM || effect->driver == DRIVER_SETTLED || effect->driver == DRIVER_FLOATED;
    if (driver < effect->from && !either_way) return;
    if (dose < 0 && !either_way) return;
    if (dose > effect->limit) dose = effect->limit;
    if (effect->times != DRIVER_ONE) dose *= mixing->quantity[effect->times];
    if (effect->tau_h > 0) dose *= 1 - exact_exp(-mixing->quantity[DRIVER_HOURS] / effect->tau_h);
    if (dose == 0) return;
    double c = coefficient(mixing, effect), *x = &mixing->scene->x[effect->channel], before = *x;
    switch ((count_model_t)effect->model) {
    case EFFECT_MUL:
        *x *= 1 + c * dose;
        break;
    case EFFECT_ADD:
        *x += c * dose;
        break;
    case EFFECT_DECAY:
        *x *= exact_exp(c * dose);
        break;
    case EFFECT_MIX:
        *x = (*x * mixing->scene->x[CHANNEL_RBC] + c * dose) / (mixing->scene->x[CHANNEL_RBC] + dose);
        mixing->mixed = *x / before;
        break;
    }
    if (*x < 0) *x = 0;
    remember(mixing, effect, before, *x);
}

static void apply_kind(mixing_t *mixing, const specimen_fault_t *fault)
{
    const counter_model_t *model = mixing->model;
    for (int i = 0; i < model->count[fault->kind]; i++)
        apply(mixing, &model->effects[model->first[fault->kind] + i], fault);
}

static void readings(const cells_t *cells, double x[CHANNEL_COUNT])
{
    double part[PARTS];
    cells_five_part(cells, part);
    x[CHANNEL_WBC] = cells->wbc;
    x[CHANNEL_RBC] = cells->rbc;
    x[CHANNEL_HGB] = cells->hgb;
    x[CHANNEL_MCV] = cells->mcv;
    x[CHANNEL_RDW] = cells->rdw_cv;
    x[CHANNEL_PLT] = cells->plt;
    x[CHANNEL_MPV] = cells->mpv;
    x[CHANNEL_NRBC] = cells->nrbc;
    for (int i = 0; i < PARTS; i++) x[CHANNEL_NEUT + i] = part[i];
    x[CHANNEL_IG] = cells->pct[CELL_META] + cells->pct[CELL_MYELO] + cells->pct[CELL_PROMY];
    x[CHANNEL_RET] = cells->retp;
    x[CHANNEL_IRF] = cells->irf;
    x[CHANNEL_RETHE] = cells->rethe;
    x[CHANNEL_IPF] = cells->ipf;
}

/* Red cells as parts of a density: their populations, pairs, agglutinates, fragments, white cells among them. */
static void red_density(mixing_t *mixing, double agglutinated, double fragments, double swollen)
{
    counter_scene_t *scene = mixing->scene;
    const cells_t *cells = mixing->tube->cells;
    double pairs = mixing->model->figure.doublets + 0.27 * agglutinated, triples = 0.04 * agglutinated;
    double white = scene->x[CHANNEL_RBC] > 0 && mixing->quantity[DRIVER_WBC] >= 50
                       ? mixing->quantity[DRIVER_WBC] / 1000 / scene->x[CHANNEL_RBC]
                       : 0;
    double single = 1 - pairs - triples - fragments - white, mode = cells->mcv * swollen;
    scene->red_parts = 0;
    for (int i = 0; i < cells->populations; i++)
        scene->red[scene->red_parts++] =
            (part_t){single * cells->red[i].share, cells->red[i].mean * swollen, cells->red[i].sd * swollen};
    double sd = cells->rdw_cv / 100 * mode;
    scene->red[scene->red_parts++] = (part_t){pairs, 2 * mode, 1.42 * sd};
    if (triples > 0) scene->red[scene->red_parts++] = (part_t){triples, 3 * mode, 1.73 * sd};
    if (fragments > 0) scene->red[scene->red_parts++] = (part_t){fragments, 30, 9};
    if (white > 0) scene->red[scene->red_parts++] = (part_t){white, 250, 40};
    scene->red_mode = mode;
}

/* Parts that differ by the mode of the run. */
static void finish_mode(mixing_t *mixing, counter_mode_t mode)
{
    double *x = mixing->scene->x;
    if (mode == COUNTER_CITRATE) { /* nine parts of blood, one of citrate, and the usual factor */
        x[CHANNEL_WBC] *= 0.9 * 1.1;
        x[CHANNEL_PLT] *= 0.9 * 1.1;
    }
}

void counter_scene(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                   counter_scene_t *scene)
{
    const counter_model_t *model = counter_model(lab);
    mixing_t mixing = {.model = model, .tube = tube, .scene = scene, .mode = 1U << mode, .mixed = 1};
    double agglutinated = 0, fragments = 0;
    memset(scene, 0, sizeof *scene);
    readings(tube->cells, scene->x);
    quantities(&mixing);
    for (int i = 0; i < model->permanent_count; i++) apply(&mixing, &model->effects[i], NULL);
    specimen_fault_t inborn[TRAIT_COUNT + 1];
    int count = 0;
    for (int t = 0; t < TRAIT_COUNT; t++)
        if (tube->cells->trait[t] > 0 && model->trait_kind[t] >= 0)
            inborn[count++] = (specimen_fault_t){model->trait_kind[t], -1, (float)tube->cells->trait[t]};
    for (int i = 0; i < count + tube->fault_count; i++) {
        const specimen_fault_t *fault = i < count ? &inborn[i] : &tube->faults[i - count];
        if (!(fault->severity > 0)) continue;
        apply_kind(&mixing, fault);
        bool resolved = (counter_resolutions(lab, fault->kind) & mixing.mode) != 0;
        double s = (double)fault->severity;
        if (fault->kind == model->trait_kind[TRAIT_COLD_AGG] && !resolved) agglutinated = higher(agglutinated, s);
        if (fault->kind == model->trait_kind[TRAIT_GIANT_PLT] && !resolved) scene->giant = higher(scene->giant, s);
        if (fault->kind == model->trait_kind[TRAIT_SMALL_RBC]) fragments = higher(fragments, 4 * s);
    }
    if (state->nrbc_counted > 0 && mode != COUNTER_NRBC) {
        scene->nuclei += scene->x[CHANNEL_WBC] * state->nrbc_counted * tube->cells->nrbc / 100;
        scene->x[CHANNEL_WBC] += scene->nuclei;
    }
    finish_mode(&mixing, mode);
    double hours = mixing.quantity[DRIVER_HOURS];
    scene->aged = mixing.cold ? (hours - 48) / 24 : (hours - 24) / 24;
    scene->aged = scene->aged < 0 ? 0 : scene->aged > 1 ? 1 : scene->aged;
    scene->x[CHANNEL_MPV] /= model->figure.mpv_calibrated;
    scene->hct = scene->x[CHANNEL_RBC] * tube->cells->mcv / 10;
    if (agglutinated > 0) scene->hct = tube->cells->hct;
    if (fragments > 0.15) fragments = 0.15;
    double swollen = scene->x[CHANNEL_MCV] / tube->cells->mcv / (1 + 0.35 * agglutinated) / mixing.mixed;
    red_density(&mixing, agglutinated, fragments, swollen > 0.5 && swollen < 2 ? swollen : 1);
    scene->plt_sigma = 0.55; /* analyzer.md section 2 */
    scene->plt_mu = exact_log(higher(scene->x[CHANNEL_MPV], 2)) - scene->plt_sigma * scene->plt_sigma / 2;
    memcpy(scene->pct, tube->cells->pct, sizeof scene->pct);
    scene->clone = tube->cells->clone;
    double clot = 0;
    for (int i = 0; i < tube->fault_count; i++)
        if (model->role[tube->faults[i].kind] == ROLE_CLOT) clot = higher(clot, (double)tube->faults[i].severity);
    rng_t rng = rng_at(tube->seed, DOMAIN_TUBE, 2, 0);
    scene->vote_out = clot > 0.3 && rng_chance(&rng, clot);
}

/* ---- the instrument ---- */

/* CV at a level, between those of the controls; constant beyond them. */
static double cv_at(const lab_t *lab, channel_t channel, hema_t which, double x)
{
    const counter_model_t *model = counter_model(lab);
    if (model->cv[channel] > 0) return model->cv[channel];
    const analyte_t *analyte = lab_analyte(lab, lab->cells->analyte[which]);
    int levels = analyte_qc_levels(analyte);
    for (int l = 0; l < levels; l++) {
        double t = analyte->qc_target[l];
        if (x > t) continue;
        if (l == 0) return analyte->qc_cv_pct[0] / 100;
        double t0 = analyte->qc_target[l - 1], a = analyte->qc_cv_pct[l - 1], b = analyte->qc_cv_pct[l];
        return (a + (b - a) * (x - t0) / (t - t0)) / 100;
    }
    return levels > 0 ? analyte->qc_cv_pct[levels - 1] / 100 : 0.02;
}

static const hema_t PRINTED[CHANNEL_COUNT] = {HEMA_WBC,   HEMA_RBC,   HEMA_HGB,   HEMA_MCV,    HEMA_RDWCV, HEMA_PLT,
                                              HEMA_MPV,   HEMA_NRBCP, HEMA_NEUTP, HEMA_LYMPHP, HEMA_MONOP, HEMA_EOSP,
                                              HEMA_BASOP, HEMA_IGP,   HEMA_RETP,  HEMA_IRF,    HEMA_RETHE, HEMA_IPF};

static bool is_class(int channel)
{
    return channel >= CHANNEL_NEUT && channel <= CHANNEL_BASO;
}

/* Lymphocytes are what a counter takes debris of the size of small cells for. */
static void misread_classes(counter_scene_t *scene)
{
    double false_cells = scene->clumps + scene->unlysed + scene->nuclei, wbc = scene->x[CHANNEL_WBC];
    if (!(false_cells > 0) || !(wbc > 0)) return;
    double f = false_cells / wbc;
    if (f > 0.95) f = 0.95;
    for (int c = CHANNEL_NEUT; c <= CHANNEL_BASO; c++) scene->x[c] *= 1 - f;
    scene->x[CHANNEL_IG] *= 1 - f;
    scene->x[CHANNEL_LYMPH] += 100 * f;
}

int counter_channel_analyte(const lab_t *lab, channel_t channel)
{
    return lab->cells->analyte[PRINTED[channel]];
}

/* What the needle kept of the blood before: counts and hemoglobin add up; sizes and shares mix, each by the number of
 * the cells that it is about. */
static double carried(const counter_scene_t *scene, const counter_state_t *state, int c)
{
    double x = scene->x[c], k = state->carryover;
    if (!(k > 0)) return x;
    if (c == CHANNEL_WBC || c == CHANNEL_RBC || c == CHANNEL_HGB || c == CHANNEL_PLT) return x + k * state->before[c];
    bool red = c == CHANNEL_MCV || c == CHANNEL_RDW || c == CHANNEL_RET || c == CHANNEL_IRF || c == CHANNEL_RETHE;
    int of = red ? CHANNEL_RBC : c == CHANNEL_MPV || c == CHANNEL_IPF ? CHANNEL_PLT : CHANNEL_WBC;
    double own = scene->x[of], other = k * state->before[of];
    return own + other > 0 ? (own * x + other * state->before[c]) / (own + other) : x;
}

static void measure(const lab_t *lab, const counter_scene_t *scene, const counter_state_t *state, rng_t *rng,
                    double raw[CHANNEL_COUNT])
{
    double events = counter_model(lab)->figure.events * scene->x[CHANNEL_WBC] / 7;
    if (events > counter_model(lab)->figure.events) events = counter_model(lab)->figure.events;
    if (events < 20) events = 20;
    double blocked = 1;
    if (state->aperture > 0) blocked = 1 + 0.3 * state->aperture * (2 * rng_uniform(rng) - 1);
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        double x = carried(scene, state, c);
        if (c == CHANNEL_RBC || c == CHANNEL_PLT || c == CHANNEL_WBC) x *= blocked;
        double sd = cv_at(lab, (channel_t)c, PRINTED[c], x) * x;
        if (is_class(c) || c == CHANNEL_IG) sd = exact_sqrt(sd * sd + x * (100 - x) / events);
        double z = normal_next(lab, rng);
        x = (x + state->imprecision * sd * z) * state->gain[c] + state->offset[c] + state->background[c];
        raw[c] = x < 0 ? 0 : x;
    }
    double sum = 0;
    for (int c = CHANNEL_NEUT; c <= CHANNEL_BASO; c++) sum += raw[c];
    if (sum > 0)
        for (int c = CHANNEL_NEUT; c <= CHANNEL_BASO; c++) raw[c] *= 100 / sum;
}

/* ---- the print ---- */

static void calculate(const lab_t *lab, const counter_scene_t *scene, counter_mode_t mode, count_t *out)
{
    double *v = out->value;
    const double *raw = out->raw;
    for (int c = 0; c < CHANNEL_COUNT; c++) v[PRINTED[c]] = raw[c];
    v[HEMA_HCT] = raw[CHANNEL_RBC] * raw[CHANNEL_MCV] / 10;
    if (mode == COUNTER_SPUN_HCT) {
        v[HEMA_HCT] = scene->hct * counter_model(lab)->figure.spun_factor;
        if (raw[CHANNEL_RBC] > 0) v[HEMA_MCV] = v[HEMA_HCT] * 10 / raw[CHANNEL_RBC];
    }
    v[HEMA_MCH] = raw[CHANNEL_RBC] > 0 ? raw[CHANNEL_HGB] * 10 / raw[CHANNEL_RBC] : 0;
    v[HEMA_MCHC] = v[HEMA_HCT] > 0 ? raw[CHANNEL_HGB] * 100 / v[HEMA_HCT] : 0;
    v[HEMA_RDWSD] = 3.588 * raw[CHANNEL_MCV] * raw[CHANNEL_RDW] / 100;
    static const hema_t share[] = {HEMA_NEUTP, HEMA_LYMPHP, HEMA_MONOP, HEMA_EOSP, HEMA_BASOP, HEMA_IGP};
    static const hema_t count[] = {HEMA_NEUTA, HEMA_LYMPHA, HEMA_MONOA, HEMA_EOSA, HEMA_BASOA, HEMA_IGA};
    for (int i = 0; i < 6; i++) v[count[i]] = raw[CHANNEL_WBC] * v[share[i]] / 100;
    v[HEMA_RETA] = raw[CHANNEL_RET] / 100 * raw[CHANNEL_RBC];
    v[HEMA_ESR] = (double)__builtin_nan("");
    out->mark[HEMA_ESR] = MARK_NOT_MEASURED;
}

static void blank(count_t *out, hema_t which, mark_t mark)
{
    out->value[which] = (double)__builtin_nan("");
    out->mark[which] = (uint8_t)mark;
}

static void blank_all(count_t *out, const hema_t *which, int count, mark_t mark)
{
    for (int i = 0; i < count; i++) blank(out, which[i], mark);
}

static const hema_t DIFFERENTIAL[] = {HEMA_NEUTA, HEMA_NEUTP, HEMA_LYMPHA, HEMA_LYMPHP, HEMA_MONOA, HEMA_MONOP,
                                      HEMA_EOSA,  HEMA_EOSP,  HEMA_BASOA,  HEMA_BASOP,  HEMA_IGP,   HEMA_IGA};
static const hema_t OF_RED_CELLS[] = {HEMA_HCT, HEMA_MCH, HEMA_MCHC, HEMA_RETA};

/* Outside the measuring range, and what hangs on a count that has no value. */
static void check_range(const lab_t *lab, counter_mode_t mode, count_t *out)
{
    static const hema_t ranged[] = {HEMA_WBC, HEMA_RBC, HEMA_HGB, HEMA_HCT, HEMA_PLT};
    for (size_t i = 0; i < sizeof ranged / sizeof *ranged; i++) {
        const analyte_t *analyte = lab_analyte(lab, lab->cells->analyte[ranged[i]]);
        double x = out->value[ranged[i]];
        if (x > analyte->amr_high && mode != COUNTER_DILUTED) {
            blank(out, ranged[i], MARK_OVER);
            out->flags |= count_flag_bit(CF_OVER_RANGE);
        } else if (x < analyte->amr_low) {
            out->mark[ranged[i]] = MARK_UNDER;
        }
    }
    bool no_wbc = out->value[HEMA_WBC] != out->value[HEMA_WBC], few = out->value[HEMA_WBC] < 0.2;
    if (no_wbc || few) blank_all(out, DIFFERENTIAL, 12, MARK_VOTE_OUT);
    if (out->value[HEMA_RBC] != out->value[HEMA_RBC]) blank_all(out, OF_RED_CELLS, 4, MARK_VOTE_OUT);
}

static void vote_out(const counter_scene_t *scene, const counter_state_t *state, rng_t *rng, count_t *out)
{
    bool blocked = state->aperture > 0 && rng_chance(rng, 0.8 * state->aperture);
    if (scene->clotted) out->flags |= count_flag_bit(CF_SHORT_SAMPLE);
    if (!scene->vote_out && !blocked) return;
    static const hema_t counts[] = {HEMA_WBC, HEMA_RBC, HEMA_PLT, HEMA_MPV, HEMA_IPF};
    blank_all(out, counts, 5, MARK_VOTE_OUT);
    out->flags |= count_flag_bit(CF_VOTE_OUT);
}

static void mode_reports(counter_mode_t mode, count_t *out)
{
    if (mode == COUNTER_CITRATE)
        for (int i = 0; i < HEMA_COUNT; i++)
            if (i != HEMA_PLT && i != HEMA_MPV && i != HEMA_WBC) blank(out, (hema_t)i, MARK_NOT_MEASURED);
}

static void doubt(count_t *out, const hema_t *which, int count)
{
    for (int i = 0; i < count; i++)
        if (out->mark[which[i]] == MARK_NONE) out->mark[which[i]] = MARK_DOUBT;
}

/* The asterisk: what a flag of a pattern makes doubtful. */
static void mark_doubt(const lab_t *lab, count_t *out)
{
    const counter_model_t *model = counter_model(lab);
    if ((out->flags >> CF_BLASTS) == 0) return;
    for (int f = CF_BLASTS; f <= CF_RETIC_ABN; f++) {
        if (!(out->flags >> f & 1)) continue;
        for (int i = 0; i < HEMA_COUNT; i++) {
            hema_t which = (hema_t)i;
            if (analyte_set_has(&model->reach[f], lab->cells->analyte[i])) doubt(out, &which, 1);
        }
    }
}

/* Numbers outside the widest adult limits. */
static uint64_t definitive_flags(const lab_t *lab, const count_t *out)
{
    static const struct {
        hema_t which;
        int8_t low, high; /* -1: none */
    } rows[] = {{HEMA_WBC, CF_LEUKOPENIA, CF_LEUKOCYTOSIS},
                {HEMA_NEUTA, CF_NEUTROPENIA, CF_NEUTROPHILIA},
                {HEMA_LYMPHA, CF_LYMPHOPENIA, CF_LYMPHOCYTOSIS},
                {HEMA_MONOA, -1, CF_MONOCYTOSIS},
                {HEMA_EOSA, -1, CF_EOSINOPHILIA},
                {HEMA_BASOA, -1, CF_BASOPHILIA},
                {HEMA_HGB, CF_ANEMIA, CF_ERYTHROCYTOSIS},
                {HEMA_MCV, CF_MICROCYTOSIS, CF_MACROCYTOSIS},
                {HEMA_RDWCV, -1, CF_ANISOCYTOSIS},
                {HEMA_MCHC, CF_HYPOCHROMIA, -1},
                {HEMA_PLT, CF_THROMBOCYTOPENIA, CF_THROMBOCYTOSIS},
                {HEMA_NRBCP, -1, CF_NRBC_PRESENT},
                {HEMA_IGP, -1, CF_IG_PRESENT},
                {HEMA_RETA, -1, CF_RETIC_HIGH}};
    const counter_model_t *model = counter_model(lab);
    uint64_t flags = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double x = out->value[rows[i].which];
        if (rows[i].low >= 0 && x < model->limit_low[rows[i].which]) flags |= count_flag_bit(rows[i].low);
        if (rows[i].high >= 0 && x > model->limit_high[rows[i].which]) flags |= count_flag_bit(rows[i].high);
    }
    return flags;
}

/* Patterns in the numbers themselves. */
static uint64_t number_flags(const lab_t *lab, const count_t *out)
{
    const double *v = out->value;
    uint64_t flags = 0;
    bool micro = v[HEMA_MCV] < 80 && v[HEMA_RBC] > 0;
    if (micro && v[HEMA_RDWCV] > 15 && v[HEMA_MCV] / v[HEMA_RBC] > 13) flags |= count_flag_bit(CF_IRON_DEF);
    if (micro && v[HEMA_MCV] / v[HEMA_RBC] < 13) flags |= count_flag_bit(CF_HGB_DEFECT); /* MENTZER */
    if (v[HEMA_MCHC] > counter_model(lab)->figure.mchc) flags |= count_flag_bit(CF_HGB_INTERF);
    return flags;
}

/* An empty run above its limits is the instrument's to say. */
static uint64_t background_flag(const lab_t *lab, const counter_state_t *state)
{
    static const channel_t rinsed[4] = {CHANNEL_WBC, CHANNEL_RBC, CHANNEL_HGB, CHANNEL_PLT};
    for (int i = 0; i < 4; i++)
        if (state->background[rinsed[i]] > counter_model(lab)->figure.background[i])
            return count_flag_bit(CF_BACKGROUND);
    return 0;
}

void counter_run(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                 uint64_t run, count_t *out)
{
    assert((unsigned)mode < COUNTER_MODES && tube->cells != NULL);
    counter_scene_t scene;
    counter_scene(lab, tube, mode, state, &scene);
    misread_classes(&scene);
    rng_t rng = rng_at(tube->seed, DOMAIN_RUN, run, (uint64_t)mode);
    memset(out->mark, 0, sizeof out->mark);
    measure(lab, &scene, state, &rng, out->raw);
    calculate(lab, &scene, mode, out);
    out->flags = state->system | background_flag(lab, state) | counter_pattern_flags(lab, &scene, tube, run);
    if (scene.nuclei == 0 && out->raw[CHANNEL_NRBC] >= 1) out->mark[HEMA_WBC] = MARK_CORRECTED;
    if (scene.aged > 0.9) blank_all(out, DIFFERENTIAL, 12, MARK_VOTE_OUT);
    vote_out(&scene, state, &rng, out);
    check_range(lab, mode, out);
    mode_reports(mode, out);
    out->flags |= definitive_flags(lab, out) | number_flags(lab, out);
    mark_doubt(lab, out);
    if (!(state->imprecision > 0)) return;
    for (int i = 0; i < HEMA_COUNT; i++) {
        double x = out->value[i];
        if (x == x) out->value[i] = exact_round(x, analyte_at(lab, lab->cells->analyte[i])->decimals);
    }
}

void counter_values(const lab_t *lab, const count_t *count, double *values)
{
    for (int i = 0; i < HEMA_COUNT; i++) values[lab->cells->analyte[i]] = count->value[i];
}

void counter_case(const lab_t *lab, const count_t *count, review_case_t *out)
{
    for (int i = 0; i < HEMA_COUNT; i++) {
        int a = lab->cells->analyte[i];
        out->value[a] = count->mark[i] == MARK_OVER ? (double)__builtin_inf() : count->value[i];
        if (count->mark[i] == MARK_VOTE_OUT) out->no_value[a >> 6] |= (uint64_t)1 << (a & 63);
    }
    out->flags |= count->flags;
}
