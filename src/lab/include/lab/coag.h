/* Clotting as arithmetic: from a plasma to the seconds that its clotting tests take, the curve an optical
 * instrument sees, and the mixing study. Knows no patient; the plasma is whatever the caller says it is.
 * Model and its confidence: clotting_model.c. */
#ifndef TITER_LAB_COAG_H
#define TITER_LAB_COAG_H

#include "base/err.h"

#include <stdbool.h>

typedef enum {
    FACTOR_2,
    FACTOR_5,
    FACTOR_7,
    FACTOR_8,
    FACTOR_9,
    FACTOR_10,
    FACTOR_11,
    FACTOR_12,
    FACTOR_PK,   /* prekallikrein */
    FACTOR_HMWK, /* high molecular weight kininogen */
    FACTOR_13,
    FACTOR_COUNT
} factor_t;

/* What is in the plasma. Fractions: 1 is 100 % of normal. */
typedef struct {
    /* What the clotting tests feel: the activity as a share of this person's own healthy activity. The healthy
     * spread between persons is in own_* below, so that it is not counted twice. */
    double factor[FACTOR_COUNT];
    double level[FACTOR_COUNT];            /* this person's healthy activity; measured activity = factor * level */
    double fibrinogen, fibrinogen_antigen; /* mg/dL: that clots; all of it */
    double ufh, lmwh;                      /* heparins, IU/mL */
    double lupus;                          /* lupus anticoagulant: the aPTT takes (1 + lupus) times as long */
    double inhibitor_bu;                   /* time-dependent inhibitor of factor VIII, Bethesda units */
    double drug_pt, drug_aptt, drug_tt;    /* direct anticoagulants: times as long; 1: none */
    double drug_xa;                        /* what they read as in a heparin-calibrated anti-Xa, IU/mL */
    double fibrin_tt;                      /* thrombin and reptilase time: faulty fibrinogen, split products; 1: none */
    double own_pt, own_aptt, own_tt, own_drvvt, own_reptilase; /* this person's own speed; 1: typical */
    double d_dimer;                                            /* ug/mL FEU */
    double antithrombin, protein_c, protein_s, vwf_antigen, vwf_activity;
} clotting_t;

/* The reagents of a lot, as they differ from those the model describes (all 1). */
typedef struct {
    double aptt_factors; /* sensitivity of the aPTT to factors: 0.8 to 1.5 */
    double aptt_lupus;   /* ... and to lupus anticoagulant: 0, a reagent that does not see it */
    bool neutralizes;    /* the PT reagent holds heparin up to 1 IU/mL back */
} clot_reagents_t;

clot_reagents_t clot_reagents(void);

/* The reference: pooled normal plasma, everything at 100 %, fibrinogen 300 mg/dL. */
clotting_t clot_normal_pool(void);

enum { CLOT_APTT_MAX = 200, CLOT_PT_MAX = 150, CLOT_TT_MAX = 150 }; /* an instrument stops waiting here, seconds */

/* Seconds until a clot; infinite: there will be none (fibrinogen below 20 mg/dL). Not cut at the maxima. */
double clot_pt(const clotting_t *plasma, const clot_reagents_t *reagents);
double clot_aptt(const clotting_t *plasma, const clot_reagents_t *reagents);
double clot_tt(const clotting_t *plasma);
double clot_reptilase(const clotting_t *plasma);
/* The normalized ratio of the dilute Russell viper venom time, screen over confirm. */
double clot_drvvt(const clotting_t *plasma);
/* (PT / MNPT) ^ ISI. */
double clot_inr(double pt, double mnpt, double isi);
enum { CLOT_MNPT = 12 };

/* One-stage assay: what a dilution 1:`dilution` in deficient plasma reads as, after multiplication (1 = 100 %).
 * Factors II, V, VII and X by PT, VIII, IX, XI and XII by aPTT; others are refused (NaN). */
double clot_factor_assay(const clotting_t *plasma, factor_t factor, double dilution);

/* ---- mixing ---- */

/* `part` of the plasma (0.5 in a 1:1 mix, 0.8 in 4:1), the rest normal pool, then `hours` at 37 C together. */
clotting_t clot_mix(const clotting_t *plasma, double part, double hours);
/* What heparinase leaves; what an adsorbent for direct anticoagulants leaves. */
clotting_t clot_heparinase(const clotting_t *plasma);
clotting_t clot_adsorb(const clotting_t *plasma);
/* What an inhibitor of `bu` Bethesda units leaves of factor VIII after `hours` (two: the definition). */
double clot_bethesda_residual(double bu, double hours);
/* 100 (mix - pool) / patient. */
double clot_rosner_index(double patient, double mix, double pool);
/* 100 (patient - mix) / (patient - pool): Chang. 100 when the patient is not above the pool. */
double clot_percent_correction(double patient, double mix, double pool);

typedef enum {
    MIX_NOT_PROLONGED, /* nothing to correct */
    MIX_CORRECTS,      /* a deficiency */
    MIX_PARTLY,        /* between the limits */
    MIX_NOT_CORRECTED, /* lupus anticoagulant, heparin, direct anticoagulant, strong inhibitor */
    MIX_TIME_DEPENDENT /* corrects at once, not after incubation: factor VIII inhibitor */
} mix_verdict_t;

typedef enum { MIX_BY_APTT, MIX_BY_PT } mix_test_t;

typedef struct {
    double patient, pool;      /* seconds, cut where an instrument stops */
    double upper;              /* limit of normal */
    double immediate;          /* the mix, at once */
    double incubated, control; /* 2 h at 37 C together; apart, then mixed */
    double rosner, correction; /* of the immediate mix */
    double incubation_pct;     /* how much longer than the control */
    mix_verdict_t verdict;
} mix_study_t;

void clot_mix_study(const clotting_t *plasma, const clot_reagents_t *reagents, mix_test_t test, double part,
                    mix_study_t *study);
/* The verdict of measured seconds (the same rules). */
mix_verdict_t clot_mix_verdict(const mix_study_t *study);
const char *clot_mix_words(mix_verdict_t verdict);

/* First thoughts by what is prolonged: PT, aPTT, TT (the decision table). */
const char *clot_first_thoughts(bool pt_long, bool aptt_long, bool tt_long);

/* ---- the curve ---- */

typedef struct {
    double second, signal; /* 0: clear plasma; 1: the clot of 400 mg/dL fibrinogen */
} clot_point_t;

/* Optical signal over time of a test that clots at `seconds` (infinite: a flat line), `count` points to `last` s. */
void clot_curve(double seconds, double fibrinogen, double turbidity, double last, clot_point_t *points, int count);

/* ---- words ---- */

/* "viii", "VIII", "8", "F8", "pk", "hmwk", "xiii"; -1 when unknown. */
int factor_find(const char *word);
/* "VIII". */
const char *factor_name(factor_t factor);
/* Reads "vii=0.3,x=0.5" (fractions of normal) into the plasma. */
bool clot_read_factors(const char *list, clotting_t *plasma, err_t *err);

#endif
