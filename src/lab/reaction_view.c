/* Sight of one result's reaction: what the analyzer recorded while it read it. A pure function of the stored result,
 * its tube and the line's faults; nothing of it is kept, and nothing is computed before somebody asks.
 *
 * absorbance(t) = reagents + serum + disturbances + noise + k shape(t), with k such that the read-out of the whole is
 * what the number was made of: the curve and the result cannot disagree. A fault of the calibration is in the factor,
 * one of the computer behind the analyzer in neither. Sizes of blanks, jumps and noise are modeling choices; their
 * signs are those of content/lab/analytic.csv. */
#include "fault.h"
#include "normal.h"
#include "reaction_private.h"
#include "roles.h"
#include "shift_private.h"

#include <math.h>
#include <string.h>

static const double NERNST_MV = 61.5;      /* a decade of a univalent ion at 37 C: R T ln 10 / F */
static const double PHOTOMETER_END_A = 3;  /* more absorbance it does not tell apart */
static const double NOISE_A = 0.0005;      /* SD of one reading with a good lamp */
static const double LAMP_NOISE_A = 0.0025; /* for each multiple of the imprecision more */

enum { JUMP_POINTS = 3 };
static const double JUMP_A = 0.09; /* a bubble scatters, a scratch too */

/* What the line's faults of that moment do to a recording. */
typedef struct {
    double factor;   /* the calibration is off by it */
    double lis;      /* the computer made the number by it; the analyzer did not */
    double aged;     /* the reagent: a coenzyme has fallen apart, a color reagent has colored */
    double lift;     /* A that the water adds */
    double drift;    /* A a minute */
    double noise;    /* SD of a reading, A */
    double slope;    /* of the electrode, times */
    double shift_mv; /* of its potential */
    bool jumps;      /* readings may jump: see jumped */
} signs_t;

typedef enum {
    SIGN_NONE,
    SIGN_FACTOR,
    SIGN_LIS,
    SIGN_REAGENT,
    SIGN_LAMP,
    SIGN_JUMP,
    SIGN_WATER,
    SIGN_SLOPE,
    SIGN_REFERENCE
} sign_t;

static const struct {
    const char *fault;
    sign_t sign;
} signs_of[] = {{"cal_shift", SIGN_FACTOR},
                {"cal_lot", SIGN_FACTOR},
                {"calibrator_evap", SIGN_FACTOR},
                {"wrong_calibrator_value", SIGN_FACTOR},
                {"lis_unit", SIGN_LIS},
                {"wrong_dilution", SIGN_LIS},
                {"reagent_deterioration", SIGN_REAGENT},
                {"lamp_ageing", SIGN_LAMP},
                {"bubble", SIGN_JUMP},
                {"cuvette_dirty", SIGN_JUMP},
                {"water_quality", SIGN_WATER},
                {"electrode_drift", SIGN_SLOPE},
                {"reference_electrode", SIGN_REFERENCE}};

static void sign_add(signs_t *signs, sign_t sign, const analyzer_effect_t *effect, double size)
{
    switch (sign) {
    case SIGN_FACTOR:
        signs->factor *= effect->patient_mul;
        break;
    case SIGN_LIS:
        signs->lis *= effect->patient_mul;
        break;
    case SIGN_REAGENT:
        signs->aged += size;
        break;
    case SIGN_LAMP:
        signs->noise += LAMP_NOISE_A * (effect->sd_mul - 1);
        break;
    case SIGN_JUMP:
        signs->jumps = true;
        break;
    case SIGN_WATER:
        signs->lift += 0.03 * size;
        signs->drift += 0.001 * size;
        break;
    case SIGN_SLOPE:
        signs->slope *= effect->patient_mul;
        break;
    case SIGN_REFERENCE:
        signs->shift_mv += 4 * size;
        break;
    default:
        break;
    }
}

static void signs_of_line(const shift_t *shift, const result_t *r, signs_t *signs)
{
    *signs = (signs_t){.factor = 1, .lis = 1, .noise = NOISE_A, .slope = 1};
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        if (fault->line != r->line || r->measured_s < fault->onset_s ||
            (fault->cured_s != NEVER && r->measured_s >= fault->cured_s) || !tests_has(fault->affects, r->analyte))
            continue;
        analyzer_effect_t effect;
        double hours = (double)(r->measured_s - fault->onset_s) / 3600, growth = (double)fault->fault.growth_h;
        analyzer_fault_effect(shift->lab, &fault->fault, r->analyte, hours, &effect);
        double size = exact_abs((double)fault->fault.severity) * (growth > 0 && hours < growth ? hours / growth : 1);
        const char *id = analyzer_fault_id(shift->lab, fault->fault.kind);
        for (size_t k = 0; effect.affects && k < sizeof signs_of / sizeof *signs_of; k++)
            if (strcmp(signs_of[k].fault, id) == 0) sign_add(signs, signs_of[k].sign, &effect, size > 2 ? 2 : size);
    }
}

/* Did this very reading jump? The measuring's own numbers are drawn again. */
static bool jumped(const shift_t *shift, const result_t *r)
{
    analyzer_effect_t effect;
    line_effect(shift, r->line, r->analyte, r->measured_s, &effect);
    rng_t rng = line_noise(shift, r->specimen, r->run, r->analyte);
    normal_next(shift->lab, &rng);
    return effect.affects && effect.spike_prob > 0 && rng_chance(&rng, effect.spike_prob);
}

/* ---- photometry ---- */

/* The reaction after its start, as a share of an arbitrary whole. */
static double shape_at(const reaction_method_t *m, double second)
{
    double t = second - m->start_s;
    if (t <= 0) return 0;
    if (m->kind == REACTION_RATE) return t / 60 - 8.0 / 60 * (1 - exact_exp(-t / 8)); /* a short lag */
    return 1 - exact_exp(-t / (m->kind == REACTION_ENDPOINT ? 40 : 240));
}

/* Absorbance of the serum in the cuvette; where less was aspirated (severity: the fraction lost), of less. */
static double serum_of(const shift_t *shift, const result_t *r, const reaction_t *reaction)
{
    const specimen_t *s = &shift->specimens[r->specimen];
    double h = (double)s->hil.hemolysis_mg_dl, i = (double)s->hil.icterus_mg_dl, l = (double)s->hil.lipemia_mg_dl;
    double aspirated = 1;
    if (s->cleared && r->run > 0) l *= 0.02;
    for (int k = 0; k < s->fault_count; k++)
        if (s->faults[k].kind == lab_roles(shift->lab)->fault_short) aspirated *= 1 - (double)s->faults[k].severity;
    return reaction_serum(reactions(shift->lab), reaction->method.main_nm, reaction->method.second_nm, h, i, l) *
           reaction->part * (aspirated > 0 ? aspirated : 0) / r->dilution;
}

/* Of a rate, how much of the activity in the cup a reading sees (U/L): what uses up the reagent. */
static double in_cup(const shift_t *shift, const result_t *r)
{
    const specimen_t *s = &shift->specimens[r->specimen];
    if (s->values < 0) return r->raw;
    return specimen_tube(shift, s)[r->slot] / r->dilution * shift->assays[r->line][r->analyte].bias;
}

static double reagent_of(const reaction_t *reaction, const signs_t *signs)
{
    double aged = signs->aged > 2 ? 2 : signs->aged;
    return reaction->method.falls ? reaction->reagent * (1 - 0.15 * aged) : reaction->reagent + 0.06 * aged;
}

/* All but the reaction. Returns what is left of the absorbance when the reagent is used up. */
static double base_fill(const shift_t *shift, const result_t *r, const reaction_t *reaction, const signs_t *signs,
                        double *absorbance)
{
    const reaction_method_t *m = &reaction->method;
    rng_t rng = rng_at(shift->seed, DRAW_REACTION, (uint64_t)r->specimen * LAB_MAX_ANALYTES + (uint64_t)r->analyte,
                       r->run + 1u);
    double reagent = reagent_of(reaction, signs), serum = serum_of(shift, r, reaction) + signs->lift;
    if (serum > PHOTOMETER_END_A - reagent) serum = PHOTOMETER_END_A - reagent;
    bool jump = signs->jumps && jumped(shift, r);
    int at = (m->from_s + (int)rng_below(&rng, (uint32_t)(m->to_s - m->from_s))) / REACTION_STEP_S;
    for (int i = 0; i < REACTION_POINTS; i++) {
        double noise = normal_next(shift->lab, &rng);
        absorbance[i] = reagent + serum + signs->drift * i * REACTION_STEP_S / 60 + signs->noise * noise;
        if (jump && i >= at && i < at + JUMP_POINTS) absorbance[i] += JUMP_A;
    }
    return serum;
}

/* A falling rate of `per_min` ends where the coenzyme does. */
static double spent(const reaction_t *reaction, const signs_t *signs, double per_min, double minutes)
{
    double most = reagent_of(reaction, signs), gone = per_min * minutes;
    return gone < most ? gone : most;
}

static void photometry_fill(const shift_t *shift, const result_t *r, const reaction_t *reaction, const signs_t *signs,
                            reaction_view_t *view)
{
    const reaction_method_t *m = &reaction->method;
    double shape[REACTION_POINTS], plain = shift->lab->analytes[r->analyte].amr_high / reaction->top;
    double wanted = r->raw / signs->lis / (plain * signs->factor);
    bool depleted = r->flags & FLAG_DEPLETION, bent = m->kind == REACTION_RATE && m->falls && (depleted || r->sign > 0);
    double floor = base_fill(shift, r, reaction, signs, view->absorbance);
    double per_min = (depleted ? in_cup(shift, r) : r->raw) / plain;
    for (int i = 0; i < REACTION_POINTS; i++) {
        shape[i] = shape_at(m, (double)i * REACTION_STEP_S);
        if (bent) view->absorbance[i] -= spent(reaction, signs, per_min, shape[i]);
    }
    /* k by the read-outs of both parts, which add up; where nothing is left to read, the straight rest is small */
    if (!bent || depleted) {
        for (int i = 0; i < REACTION_POINTS; i++) shape[i] *= m->falls ? -1 : 1;
        double k = (wanted - reaction_read(m, view->absorbance)) / reaction_read(m, shape);
        for (int i = 0; i < REACTION_POINTS; i++) view->absorbance[i] += k * shape[i];
    }
    /* Above the range it may run out of reagent or of light; within it, of reagent after the reading. */
    for (int i = r->sign > 0 ? 0 : m->to_s / REACTION_STEP_S + 1; i < REACTION_POINTS; i++) {
        if (m->falls && view->absorbance[i] < floor) view->absorbance[i] = floor;
        if (view->absorbance[i] > PHOTOMETER_END_A) view->absorbance[i] = PHOTOMETER_END_A;
    }
    view->factor = plain * signs->factor;
    view->read = reaction_read(m, view->absorbance);
    if (r->sign == 0) view->number = view->factor * view->read * r->dilution;
}

/* ---- electrode, immunoassay ---- */

static void electrode_fill(const shift_t *shift, const result_t *r, const reaction_t *reaction, const signs_t *signs,
                           reaction_view_t *view)
{
    bool anion = reaction->method.falls;
    double low = reaction->standard_low, ten = 2.302585092994046;
    /* where zero lies is a matter of the electrode */
    rng_t rng = rng_at(shift->seed, DRAW_REACTION, (uint64_t)r->line, (uint64_t)r->analyte);
    double zero = 20 * rng_uniform(&rng) - 10;
    view->slope_mv = (anion ? -1 : 1) * NERNST_MV * (0.94 + 0.04 * rng_uniform(&rng)) * signs->slope;
    view->standards = 2;
    view->standard[0] = low;
    view->standard[1] = reaction->standard_high;
    for (int i = 0; i < 2; i++)
        view->signal[i] = zero + signs->shift_mv + view->slope_mv * exact_log(view->standard[i] / low) / ten;
    double x = r->raw / signs->lis;
    if (!(x > low / 1000)) x = low / 1000;
    view->read = view->signal[0] + view->slope_mv * exact_log(x / low) / ten;
    if (r->sign == 0)
        view->number = low * exact_exp((view->read - view->signal[0]) / view->slope_mv * ten) * r->dilution;
}

static void immunoassay_fill(const shift_t *shift, const result_t *r, const signs_t *signs, reaction_view_t *view)
{
    const analyte_t *about = analyte_at(shift->lab, r->analyte);
    double step = exact_pow(about->amr_high / about->amr_low, 1.0 / (REACTION_STANDARDS - 1)), x = about->amr_low;
    view->standards = REACTION_STANDARDS;
    for (int i = 0; i < REACTION_STANDARDS; i++, x *= step) {
        view->standard[i] = x;
        view->signal[i] = reaction_signal(shift->lab, r->analyte, x);
    }
    view->read = reaction_signal(shift->lab, r->analyte, r->raw / signs->lis);
    if (r->sign == 0) view->number = r->raw / signs->lis * r->dilution;
}

bool shift_reaction(const shift_t *shift, int32_t result, reaction_view_t *view)
{
    if (result < 0 || result >= shift->result_count) return false;
    const result_t *r = &shift->results[result];
    const reaction_table_t *table = reactions(shift->lab);
    if (!table->of[r->analyte].given || r->raw != r->raw) return false;
    const reaction_t *reaction = &table->of[r->analyte];
    *view = (reaction_view_t){.method = &reaction->method, .factor = NAN, .number = NAN, .slope_mv = NAN};
    signs_t signs;
    signs_of_line(shift, r, &signs);
    switch (reaction->method.kind) {
    case REACTION_ENDPOINT:
    case REACTION_TWO_POINT:
    case REACTION_RATE:
        photometry_fill(shift, r, reaction, &signs, view);
        return true;
    case REACTION_ISE:
        electrode_fill(shift, r, reaction, &signs, view);
        return true;
    case REACTION_IMMUNOASSAY:
        immunoassay_fill(shift, r, &signs, view);
        return true;
    default:
        return false;
    }
}
