/* The forward model of clotting: seconds from factor levels.
 *
 * L = -ln F (F kept within 0.004 and 2); each factor contributes s = a L + b L^2 below 100 %; the
 * contributions of a test are joined by a power mean (q = 0.65 for PT, 1.5 for aPTT) and enter the
 * exponent of 12 s or 30 s; fibrinogen and drugs multiply. The coefficients are a fit: the level at
 * which each single factor first prolongs a test (Burns 1993) and remembered times at 1 %; drug
 * multipliers are design values. Patterns hold, seconds are not evidence. Two factors at 75 % prolong
 * less than Burns found.
 *
 * Sources: facts of the laboratory (coagulation, sections 1 to 7); Burns 1993 (abstract); Rosner 1987
 * and Chang 2002 for the indexes; the Bethesda unit by definition (half of the factor VIII left after
 * 2 h). Lupus anticoagulant in a 1:1 mix keeps 0.85 of its strength, the middle of the
 * facts' range (so 0.5^0.2345; other mixes by the same power). */
#include "lab/coag.h"

#include "base/exact.h"
#include "base/text.h"

#include <string.h>

static const double FACTOR_LOW = 0.004, FACTOR_HIGH = 2.0, NO_CLOT_BELOW = 20.0;
static const double PT_NORMAL = 12.0, APTT_NORMAL = 30.0, TT_NORMAL = 15.0, REPTILASE_NORMAL = 18.0;
static const double UPPER_APTT = 35.0, UPPER_PT = 13.5; /* of the reference intervals */
static const double LUPUS_DILUTION = 0.23446525363702297, MIX_HANDLING_H = 0.1, INCUBATION_H = 2.0;

typedef struct {
    double a, b;
} response_t;

static const response_t APTT[FACTOR_COUNT] = {
    [FACTOR_8] = {.0697, .0299},  [FACTOR_9] = {.0734, .0273},  [FACTOR_11] = {.1564, .0129},
    [FACTOR_12] = {.0294, .0590}, [FACTOR_PK] = {.0563, .0396}, [FACTOR_HMWK] = {.0294, .0590},
    [FACTOR_10] = {.1061, .0182}, [FACTOR_5] = {.1937, -.0008}, [FACTOR_2] = {.1754, -.0078},
};
static const response_t PT[FACTOR_COUNT] = {
    [FACTOR_10] = {.0018, .0600},
    [FACTOR_5] = {.0018, .0600},
    [FACTOR_2] = {.0359, .0354},
    [FACTOR_7] = {.0099, .0541},
};

static double infinite(void)
{
    return (double)__builtin_inf();
}

clot_reagents_t clot_reagents(void)
{
    return (clot_reagents_t){1, 1, true};
}

clotting_t clot_normal_pool(void)
{
    clotting_t plasma = {.fibrinogen = 300, .fibrinogen_antigen = 300};
    for (int f = 0; f < FACTOR_COUNT; f++) plasma.factor[f] = plasma.level[f] = 1;
    plasma.drug_pt = plasma.drug_aptt = plasma.drug_tt = plasma.fibrin_tt = 1;
    plasma.own_pt = plasma.own_aptt = plasma.own_tt = plasma.own_drvvt = plasma.own_reptilase = 1;
    plasma.d_dimer = 0.3;
    plasma.antithrombin = plasma.protein_c = plasma.protein_s = plasma.vwf_antigen = plasma.vwf_activity = 1;
    return plasma;
}

/* What lacking factors add to the exponent. One alone needs no powers. */
static double lack_pt(const double *factor)
{
    static const int OF_PT[4] = {FACTOR_2, FACTOR_5, FACTOR_7, FACTOR_10};
    double sum = 0, only = 0;
    int lacking = 0;
    for (int i = 0; i < 4; i++) {
        double f = factor[OF_PT[i]];
        if (!(f < 1)) continue;
        double l = -exact_log(f < FACTOR_LOW ? FACTOR_LOW : f);
        only = l * (PT[OF_PT[i]].a + PT[OF_PT[i]].b * l);
        sum += exact_pow(only, 0.65);
        lacking++;
    }
    return lacking < 2 ? only : exact_pow(sum, 1.0 / 0.65);
}

static double lack_aptt(const double *factor, double sensitivity)
{
    double sum = 0, only = 0, short_of = 0;
    int lacking = 0;
    for (int i = 0; i < FACTOR_13; i++) {
        double f = factor[i];
        if (i == FACTOR_7) continue;
        if (f > 1 && i == FACTOR_8) short_of = -0.20 * exact_log(f > FACTOR_HIGH ? FACTOR_HIGH : f);
        if (!(f < 1)) continue;
        double l = -exact_log(f < FACTOR_LOW ? FACTOR_LOW : f);
        only = sensitivity * l * (APTT[i].a + APTT[i].b * l);
        sum += only * exact_sqrt(only);
        lacking++;
    }
    return (lacking < 2 ? only : exact_pow(sum, 1.0 / 1.5)) + short_of;
}

/* Fibrinogen in PT and aPTT: 1 at 300 mg/dL. */
static double slow_fibrin(double fibrinogen)
{
    double r = 100 / fibrinogen;
    return 1 + 0.15 * r * exact_sqrt(r) - 0.0289;
}

double clot_pt(const clotting_t *plasma, const clot_reagents_t *reagents)
{
    if (plasma->fibrinogen < NO_CLOT_BELOW) return infinite();
    double free = plasma->ufh - (reagents->neutralizes ? 1 : 0);
    double exponent = lack_pt(plasma->factor) + (free > 0 ? 0.6 * free : 0);
    double t = PT_NORMAL * plasma->own_pt * plasma->drug_pt * slow_fibrin(plasma->fibrinogen);
    return exponent == 0 ? t : t * exact_exp(exponent);
}

double clot_aptt(const clotting_t *plasma, const clot_reagents_t *reagents)
{
    if (plasma->fibrinogen < NO_CLOT_BELOW) return infinite();
    double exponent = lack_aptt(plasma->factor, reagents->aptt_factors) + 1.6 * plasma->ufh + 0.25 * plasma->lmwh;
    double t = APTT_NORMAL * plasma->own_aptt * plasma->drug_aptt * slow_fibrin(plasma->fibrinogen) *
               (1 + reagents->aptt_lupus * plasma->lupus);
    return exponent == 0 ? t : t * exact_exp(exponent);
}

static double fibrin_alone(double fibrinogen)
{
    return 1 + 0.35 * exact_pow(100 / fibrinogen, 1.3);
}

double clot_tt(const clotting_t *plasma)
{
    if (plasma->fibrinogen < NO_CLOT_BELOW) return infinite();
    return TT_NORMAL * plasma->own_tt * plasma->drug_tt * plasma->fibrin_tt * fibrin_alone(plasma->fibrinogen) *
           exact_exp(9 * plasma->ufh + 0.6 * plasma->lmwh);
}

/* Reptilase is no target of antithrombin or of thrombin inhibitors: fibrinogen alone. */
double clot_reptilase(const clotting_t *plasma)
{
    if (plasma->fibrinogen < NO_CLOT_BELOW) return infinite();
    return REPTILASE_NORMAL * plasma->own_reptilase * plasma->fibrin_tt * fibrin_alone(plasma->fibrinogen) /
           fibrin_alone(300);
}

/* Lupus at the table's strength (0.7) gives screen 1.6, confirm 1.05; a factor Xa inhibitor prolongs the screen
 * more than the confirm and so imitates it (direction from the facts, size by design: half of its effect on PT). */
double clot_drvvt(const clotting_t *plasma)
{
    double lupus = 1 + plasma->lupus / 0.7 * (1.6 / 1.05 - 1);
    double drug = plasma->drug_xa > 0 ? 1 + 0.5 * (plasma->drug_pt - 1) : 1;
    return plasma->own_drvvt * lupus * drug;
}

double clot_inr(double pt, double mnpt, double isi)
{
    double ratio = pt / mnpt;
    return isi == 1 || pt - pt != 0 ? ratio : exact_pow(ratio, isi);
}

/* In the cuvette the deficient plasma gives everything but the factor asked for; what disturbs is diluted as
 * well, so that its weight falls from dilution to dilution and the readings are not parallel. */
double clot_factor_assay(const clotting_t *plasma, factor_t factor, double dilution)
{
    bool by_pt = factor == FACTOR_2 || factor == FACTOR_5 || factor == FACTOR_7 || factor == FACTOR_10;
    bool by_aptt = factor == FACTOR_8 || factor == FACTOR_9 || factor == FACTOR_11 || factor == FACTOR_12;
    if (!by_pt && !by_aptt) return (double)__builtin_nan("");
    double true_level = plasma->factor[factor] * plasma->level[factor];
    if (!(true_level > 0)) return 0;
    const response_t *r = by_pt ? &PT[factor] : &APTT[factor];
    double l = exact_log(dilution / true_level), part = 1 / dilution, disturbed;
    if (by_pt) {
        disturbed = exact_log(plasma->drug_pt);
    } else {
        disturbed = exact_log(1 + part * plasma->lupus) + part * (1.6 * plasma->ufh + 0.25 * plasma->lmwh);
        disturbed += part * exact_log(plasma->drug_aptt);
    }
    if (by_pt) disturbed *= part;
    if (disturbed == 0) return true_level;
    /* read on the calibration curve of undisturbed dilutions: solve a L + b L^2 = y */
    double y = l * (r->a + r->b * l) + disturbed;
    double read = (exact_sqrt(r->a * r->a + 4 * r->b * y) - r->a) / (2 * r->b);
    return dilution * exact_exp(-read);
}

/* ---- mixing ---- */

double clot_bethesda_residual(double bu, double hours)
{
    return exact_exp(-bu * hours / INCUBATION_H * 0.69314718055994530942);
}

/* Between the plasma's x and the pool's. */
static double blend(double x, double pool, double part)
{
    return part * x + (1 - part) * pool;
}

clotting_t clot_mix(const clotting_t *plasma, double part, double hours)
{
    clotting_t mix = *plasma;
    for (int f = 0; f < FACTOR_COUNT; f++) {
        double activity = blend(plasma->factor[f] * plasma->level[f], 1, part);
        mix.factor[f] = blend(plasma->factor[f], 1, part);
        mix.level[f] = activity / mix.factor[f];
    }
    mix.inhibitor_bu = part * plasma->inhibitor_bu;
    mix.factor[FACTOR_8] *= clot_bethesda_residual(mix.inhibitor_bu, MIX_HANDLING_H + hours);
    mix.fibrinogen = blend(plasma->fibrinogen, 300, part);
    mix.fibrinogen_antigen = blend(plasma->fibrinogen_antigen, 300, part);
    mix.ufh = part * plasma->ufh;
    mix.lmwh = part * plasma->lmwh;
    mix.drug_xa = part * plasma->drug_xa;
    if (plasma->lupus > 0) mix.lupus = plasma->lupus * exact_pow(part, LUPUS_DILUTION);
    double *const times[] = {&mix.drug_pt,  &mix.drug_aptt, &mix.drug_tt,   &mix.fibrin_tt,    &mix.own_pt,
                             &mix.own_aptt, &mix.own_tt,    &mix.own_drvvt, &mix.own_reptilase};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) /* what multiplies a time: geometric */
        if (*times[i] != 1) *times[i] = exact_pow(*times[i], part);
    mix.d_dimer = blend(plasma->d_dimer, 0.3, part);
    mix.antithrombin = blend(plasma->antithrombin, 1, part);
    mix.protein_c = blend(plasma->protein_c, 1, part);
    mix.protein_s = blend(plasma->protein_s, 1, part);
    mix.vwf_antigen = blend(plasma->vwf_antigen, 1, part);
    mix.vwf_activity = blend(plasma->vwf_activity, 1, part);
    return mix;
}

clotting_t clot_heparinase(const clotting_t *plasma)
{
    clotting_t left = *plasma;
    left.ufh = left.lmwh = 0;
    return left;
}

clotting_t clot_adsorb(const clotting_t *plasma)
{
    clotting_t left = *plasma;
    left.drug_pt = left.drug_aptt = left.drug_tt = 1;
    left.drug_xa = 0;
    return left;
}

double clot_rosner_index(double patient, double mix, double pool)
{
    return 100 * (mix - pool) / patient;
}

double clot_percent_correction(double patient, double mix, double pool)
{
    return patient > pool ? 100 * (patient - mix) / (patient - pool) : 100;
}

/* Rosner: below 12 corrects, above 15 does not; between, Chang: above 70 corrects, below 58 does not. The
 * incubated mix is prolonged when it takes over 10 % longer than the control. */
mix_verdict_t clot_mix_verdict(const mix_study_t *study)
{
    if (study->patient <= study->upper) return MIX_NOT_PROLONGED;
    bool corrects = study->rosner<12, fails = study->rosner> 15;
    if (!corrects && !fails) {
        corrects = study->correction > 70;
        fails = study->correction < 58;
    }
    if (fails) return MIX_NOT_CORRECTED;
    if (study->incubation_pct > 10) return MIX_TIME_DEPENDENT;
    return corrects ? MIX_CORRECTS : MIX_PARTLY;
}

static double seconds_by(mix_test_t test, const clotting_t *plasma, const clot_reagents_t *reagents)
{
    double t = test == MIX_BY_PT ? clot_pt(plasma, reagents) : clot_aptt(plasma, reagents);
    double longest = test == MIX_BY_PT ? CLOT_PT_MAX : CLOT_APTT_MAX;
    return t < longest ? t : longest;
}

void clot_mix_study(const clotting_t *plasma, const clot_reagents_t *reagents, mix_test_t test, double part,
                    mix_study_t *study)
{
    clotting_t pool = clot_normal_pool(), at_once = clot_mix(plasma, part, 0);
    clotting_t later = clot_mix(plasma, part, INCUBATION_H);
    study->upper = test == MIX_BY_PT ? UPPER_PT : UPPER_APTT;
    study->patient = seconds_by(test, plasma, reagents);
    study->pool = seconds_by(test, &pool, reagents);
    study->immediate = seconds_by(test, &at_once, reagents);
    study->incubated = seconds_by(test, &later, reagents);
    study->control = study->immediate; /* apart for 2 h, then mixed: the inhibitor has had no time either */
    study->rosner = clot_rosner_index(study->patient, study->immediate, study->pool);
    study->correction = clot_percent_correction(study->patient, study->immediate, study->pool);
    study->incubation_pct = 100 * (study->incubated - study->control) / study->control;
    study->verdict = clot_mix_verdict(study);
}

const char *clot_mix_words(mix_verdict_t verdict)
{
    static const char *const WORDS[] = {
        [MIX_NOT_PROLONGED] = "not prolonged: there is nothing to correct",
        [MIX_CORRECTS] = "corrects: a factor is lacking",
        [MIX_PARTLY] = "corrects in part: repeat with 4 parts patient and 1 part pool",
        [MIX_NOT_CORRECTED] =
            "does not correct: lupus anticoagulant, heparin, direct anticoagulant or strong inhibitor",
        [MIX_TIME_DEPENDENT] = "corrects at once but not after incubation: factor VIII inhibitor"};
    return WORDS[verdict];
}

const char *clot_first_thoughts(bool pt_long, bool aptt_long, bool tt_long)
{
    static const char *const THOUGHTS[8] = {
        "platelets, mild von Willebrand disease, factor XIII, vessels, mild factor deficiency, alpha2-antiplasmin",
        "no row: thrombin time alone; suspect trace heparin, dabigatran or abnormal fibrinogen",
        "factor VIII, IX, XI, XII, prekallikrein, kininogen, lupus anticoagulant, von Willebrand disease",
        "heparin, therapeutic",
        "factor VII, early warfarin or vitamin K deficiency, early liver disease, apixaban or rivaroxaban",
        "no row: PT and thrombin time; suspect fibrinogen, and check the specimen",
        "factor X, V or II, severe vitamin K deficiency, warfarin, liver disease, lupus with low factor II",
        "low or abnormal fibrinogen, DIC, liver disease, high heparin, dabigatran"};
    return THOUGHTS[(pt_long ? 4 : 0) + (aptt_long ? 2 : 0) + (tt_long ? 1 : 0)];
}

/* ---- the curve ---- */

/* A logistic rise that is half done at the clotting time: the slower the clot, the slower its rise. Height by
 * fibrinogen. A drawing, not a measurement. */
void clot_curve(double seconds, double fibrinogen, double turbidity, double last, clot_point_t *points, int count)
{
    double height = fibrinogen / 400, width = 0.045 * seconds;
    for (int i = 0; i < count; i++) {
        double t = count > 1 ? last * i / (count - 1) : 0;
        double rise = seconds - seconds == 0 ? height / (1 + exact_exp((seconds - t) / width)) : 0;
        points[i] = (clot_point_t){t, turbidity + rise};
    }
}

/* ---- words ---- */

static const struct {
    const char *roman, *number;
} NAMES[FACTOR_COUNT] = {
    [FACTOR_2] = {"II", "2"},         [FACTOR_5] = {"V", "5"},      [FACTOR_7] = {"VII", "7"},
    [FACTOR_8] = {"VIII", "8"},       [FACTOR_9] = {"IX", "9"},     [FACTOR_10] = {"X", "10"},
    [FACTOR_11] = {"XI", "11"},       [FACTOR_12] = {"XII", "12"},  [FACTOR_PK] = {"PK", "PK"},
    [FACTOR_HMWK] = {"HMWK", "HMWK"}, [FACTOR_13] = {"XIII", "13"},
};

const char *factor_name(factor_t factor)
{
    return NAMES[factor].roman;
}

int factor_find(const char *word)
{
    char upper[8];
    size_t n = strnlen(word, sizeof upper);
    if (n == 0 || n == sizeof upper) return -1;
    for (size_t i = 0; i <= n; i++) upper[i] = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 'a' + 'A') : word[i];
    const char *bare = upper[0] == 'F' ? upper + 1 : upper;
    for (int f = 0; f < FACTOR_COUNT; f++)
        if (strcmp(bare, NAMES[f].roman) == 0 || strcmp(bare, NAMES[f].number) == 0) return f;
    return -1;
}

bool clot_read_factors(const char *list, clotting_t *plasma, err_t *err)
{
    bool given[FACTOR_COUNT] = {false};
    for (const char *at = list;; at++) {
        size_t length = strcspn(at, ","), name = strcspn(at, "=");
        char word[8];
        double value;
        if (name >= length || name >= sizeof word)
            return err_set(err, ERR_INPUT, "factors are like vii=0.3,x=0.5 (1 is normal); found \"%.40s\"", at);
        memcpy(word, at, name);
        word[name] = 0;
        int factor = factor_find(word);
        if (factor < 0)
            return err_set(err, ERR_INPUT,
                           "there is no factor \"%s\"; use ii, v, vii, viii, ix, x, xi, xii, pk, hmwk or xiii", word);
        if (given[factor])
            return err_set(err, ERR_INPUT, "factor %s is given twice; give it once", NAMES[factor].roman);
        if (!text_to_double(at + name + 1, length - name - 1, &value) || !(value >= 0 && value <= 3))
            return err_set(err, ERR_INPUT,
                           "factor %s is a fraction of normal from 0 to 3 (0.3 is 30 %%); found \"%.*s\"",
                           NAMES[factor].roman, (int)(length - name - 1 < 20 ? length - name - 1 : 20), at + name + 1);
        given[factor] = true;
        plasma->factor[factor] = value;
        at += length;
        if (*at == 0) return true;
    }
}
