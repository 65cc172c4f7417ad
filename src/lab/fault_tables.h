/* The fault tables as they lie in memory, compiled at load so that applying a fault is one walk over
 * a short list. Shared by the fault_*.c files and hil.c only. */
#ifndef TITER_LAB_FAULT_TABLES_H
#define TITER_LAB_FAULT_TABLES_H

#include "fault.h"
#include "lab_private.h"

enum {
    FAULT_SLOT = 0, /* of lab->ext */
    FAULTS_MAX = 128,
    ANALYZER_FAULTS_MAX = 64,
    FLUIDS_MAX = 48,
    EFFECTS_MAX = 4096,
    POINTS_MAX = 1024,
    SCOPES_MAX = 48,
    CUES_MAX = 4,
    ALIASES_MAX = 4,
};

/* How a row of preanalytic.csv changes a value x. dose = (severity - above) / per, never below 0;
 * c is the row's coefficient after its spread. */
typedef enum {
    MODEL_NONE,      /* stated to be unchanged, or changed without a number (flag) */
    MODEL_ADD,       /* x + c dose, at most limit away */
    MODEL_PCT,       /* x (1 + c dose / 100), at most limit percent away */
    MODEL_DECAY,     /* x (1 + c / 100)^dose */
    MODEL_MUL,       /* x (1 + (c - 1) dose) */
    MODEL_MIX,       /* (1 - dose) x + dose c */
    MODEL_FLUID,     /* (1 - dose) x + dose fluid */
    MODEL_TABLE_ADD, /* x + c table(severity), piecewise linear from (0, 0), flat after the last point */
    MODEL_TABLE_PCT, /* the same in percent of x */
    MODEL_RELAX,     /* x + (target - x) c dose */
    MODEL_WATER,     /* x (1 + c dose): plasma water displaced, indirect ISE */
    MODEL_RAISE,     /* at least c dose: what is truly in such a patient */
} model_t;

typedef struct {
    double severity, value;
} point_t;

typedef struct {
    uint8_t model;
    int16_t analyte;
    int16_t first_point, points;
    double coefficient, low, high, cv; /* low, high: NAN when the coefficient is fixed; cv 0: by range */
    double above, dose_per_unit, limit, target;
} effect_t;

typedef struct {
    uint32_t look;   /* LOOK_ bit */
    double from, to; /* severities at which it is seen */
} cue_t;

typedef struct {
    const char *id, *name, *aliases[ALIASES_MAX], *severity_name, *unit, *tube, *clue;
    double low, high, usual, tube_from;
    double hemolysis, icterus, lipemia; /* index per unit of severity */
    bool exchanges_blood, by_fluid;
    uint8_t clotting; /* tube_effect_t of coagulometer.h */
    int fixed_fluid;  /* fluid of a fault that is not asked which; -1 */
    cue_t before[CUES_MAX], after[CUES_MAX];
    int before_count, after_count;
    int first_effect, effects;
} specimen_kind_t;

typedef struct {
    const char *id, *name;
    double content[LAB_MAX_ANALYTES]; /* 0 where the fluid has none; NAN where nobody knows */
} fluid_t;

/* Effect at severity 1 and full growth. */
typedef struct {
    bool affects;
    float weight;
    double slope, add; /* patients: x + slope x + add */
    double z[3];       /* controls */
    double qc_slope, qc_add;
} reach_t;

typedef struct {
    const char *id, *name, *aliases[ALIASES_MAX], *clue;
    bool one_assay, two_sided;
    double growth_h, sd_mul, spike_prob, spike_sd;
    uint32_t flags, cures; /* cures: bit per repair_t */
    reach_t reach[LAB_MAX_ANALYTES];
} analyzer_kind_t;

typedef struct {
    const char *name;
    double weight[LAB_MAX_ANALYTES]; /* 0: not in it; below 0: moved the other way */
} scope_t;

typedef struct fault_tables {
    int kind_count, analyzer_count, fluid_count, effect_count, point_count, scope_count;
    int saline; /* the usual fluid */
    int bili_total, triglycerides;
    specimen_kind_t kinds[FAULTS_MAX];
    analyzer_kind_t analyzers[ANALYZER_FAULTS_MAX];
    fluid_t fluids[FLUIDS_MAX];
    scope_t scopes[SCOPES_MAX];
    effect_t effects[EFFECTS_MAX];
    point_t points[POINTS_MAX];
    double hil[3][LAB_MAX_ANALYTES]; /* H, I, L */
    double absurd_low[LAB_MAX_ANALYTES], absurd_high[LAB_MAX_ANALYTES];
} fault_tables_t;

static inline const fault_tables_t *fault_tables(const lab_t *lab)
{
    return lab->ext[FAULT_SLOT];
}

/* fault_analyzer_load.c */
bool analyzer_faults_load(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err);
/* hil.c */
bool fault_limits_load(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err);

/* fault_load.c */
/* Calls `each` for every part of "a;b;c" (parts are copied into the lab's arena); stops at false. */
typedef bool (*fault_part_fn)(void *context, const char *part);
bool fault_parts(lab_t *lab, const char *text, fault_part_fn each, void *context, err_t *err);
bool fault_aliases(lab_t *lab, const char *text, const char *aliases[ALIASES_MAX], err_t *err);
/* The scope's weights, or NULL. */
const double *fault_scope(const fault_tables_t *tables, const char *name);
/* The bit of a word of LOOK_ or FLAG_, 0 when unknown. */
uint32_t fault_look(const char *word);
bool fault_named(const char *id, const char *const aliases[ALIASES_MAX], const char *wanted);

#endif
