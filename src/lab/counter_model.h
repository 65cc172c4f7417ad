/* The counter from inside: its tables, and the scene that one run puts before the detectors. Shared by counter*.c. */
#ifndef TITER_LAB_COUNTER_MODEL_H
#define TITER_LAB_COUNTER_MODEL_H

#include "counter.h"
#include "lab_private.h"

enum { COUNT_EFFECTS_MAX = 160, COUNT_KINDS_MAX = 160, RED_PARTS = 8 };

/* How an effect changes a channel x; dose is worked out from its driver. */
typedef enum {
    EFFECT_MUL,   /* x (1 + c dose) */
    EFFECT_ADD,   /* x + c dose */
    EFFECT_DECAY, /* x exp(c dose) */
    EFFECT_MIX,   /* volumes: (x RBC + c dose) / (RBC + dose) */
} count_model_t;

typedef enum {
    DRIVER_SEVERITY,
    DRIVER_LYSED,    /* severity in mg/dL of free hemoglobin as a fraction of the red cells */
    DRIVER_DEXTROSE, /* severity where the fluid is dextrose in water, else 0 */
    DRIVER_SETTLED,  /* how much richer in red cells an unmixed tube is where the needle is */
    DRIVER_FLOATED,  /* the same of white cells and platelets */
    DRIVER_QUANTITY, /* from here on: quantities of the blood, the same for all effects of a run */
    DRIVER_ONE = DRIVER_QUANTITY,
    DRIVER_HOURS,
    DRIVER_TRIGLYCERIDES,
    DRIVER_BILIRUBIN,
    DRIVER_GLUCOSE,
    DRIVER_SODIUM,
    DRIVER_FREE_HEMOGLOBIN,
    DRIVER_WBC,
    DRIVER_RBC,
    DRIVER_NRBC,
    DRIVER_COUNT
} driver_t;

typedef struct {
    int16_t interference; /* its resolutions apply */
    int16_t kind;         /* fault whose severity it takes; -1: every tube */
    uint8_t channel, model, driver;
    uint8_t times;           /* another driver, DRIVER_ONE: none */
    double c, low, high;     /* low < high: drawn between them, c the center */
    double cold;             /* c at 4 C */
    double from, above, per; /* dose = (driver - above) / per, 0 below `from` */
    double limit, tau_h;     /* at most limit; times 1 - exp(-hours / tau) where tau is above 0 */
} count_effect_t;

typedef struct {
    const char *id;
    uint32_t resolved; /* bit per mode */
    int16_t kind;      /* specimen fault of that id, or -1 */
    int8_t trait;      /* trait_t of that id, or -1 */
} interference_t;

/* Kinds that mean something to the counter beside their effects. */
typedef enum {
    ROLE_NONE,
    ROLE_TRIGLYCERIDES, /* severity is in the blood */
    ROLE_BILIRUBIN,
    ROLE_GLUCOSE,
    ROLE_SODIUM,
    ROLE_FREE_HEMOGLOBIN,
    ROLE_WBC,
    ROLE_PLT,
    ROLE_HOURS,
    ROLE_HOURS_COLD,
    ROLE_FLUID,
    ROLE_CLOT,
} role_t;

/* The clusters of the white cell scattergram and the gates of the instrument (counter_flags.c). */
typedef enum {
    CLUSTER_DEBRIS,
    CLUSTER_LYMPH,
    CLUSTER_MONO,
    CLUSTER_NEUT,
    CLUSTER_EOS,
    CLUSTER_BASO,
    CLUSTER_NRBC,
    CLUSTER_IG,
    CLUSTER_BAND,
    CLUSTER_VARIANT,
    CLUSTER_BLAST,
    CLUSTER_CLONE,
    CLUSTER_PLASMA,
    CLUSTER_CLUMP,
    CLUSTER_AGED,    /* neutrophils of an old tube */
    CLUSTER_UNLYSED, /* red cells that resist the lysis */
    CLUSTERS
} cluster_t;

typedef struct {
    double x, y, sx, sy;
} cluster_shape_t;

typedef enum {
    GATE_BLAST,
    GATE_IG,
    GATE_LEFT,
    GATE_VARIANT,
    GATE_CORE,
    GATE_CLUMP,
    GATE_LOW,
    GATE_TROUGH,
    GATES
} gate_t;

typedef struct counter_model {
    int effect_count, permanent_count; /* permanent ones come first */
    count_effect_t effects[COUNT_EFFECTS_MAX];
    int16_t first[COUNT_KINDS_MAX], count[COUNT_KINDS_MAX]; /* effects of a kind of fault */
    uint8_t role[COUNT_KINDS_MAX];
    int interference_count;
    interference_t interferences[COUNT_KINDS_MAX];
    int16_t trait_kind[TRAIT_COUNT];
    double cv[CHANNEL_COUNT]; /* of channels without controls; else 0 */
    struct {
        double events, spun_factor, mpv_calibrated, doublets;
        double background[4];
        double red_beyond, red_small, red_valley, red_width, plt_foot, plt_giant, clumps, low_white, blasts,
            blasts_count, ig, left, variant, clone, nrbc, trough, odd, turbidity, mchc;
    } figure;
    double limit_low[HEMA_COUNT], limit_high[HEMA_COUNT]; /* widest adult limits, for definitive flags */
    int16_t plasma[4];                                    /* glucose, sodium, triglycerides, bilirubin in the catalog */
    double fluid_triglycerides[64];
    bool dextrose[64];
    analyte_set_t reach[CF_COUNT];
    double gate[CLUSTERS][GATES]; /* share of a cluster that lies in a gate */
} counter_model_t;

/* A part of a density: normal in volume, or in its logarithm. */
typedef struct {
    double weight, mean, sd; /* weights of a curve sum to 1 */
} part_t;

/* What stands before the detectors in one run, without noise. */
typedef struct counter_scene {
    double x[CHANNEL_COUNT];        /* readings */
    double turbidity;               /* of x[HGB] */
    double clumps, unlysed, nuclei; /* counted as white cells, 10^3/uL */
    double aged;                    /* 0 fresh to 1: the scattergram of a day-old tube and more */
    bool clotted, vote_out;
    double hct;          /* true hematocrit of the tube, % (for a spun one) */
    double giant, small; /* fraction of platelets lost above the window; fragments counted, 10^3/uL */
    int red_parts;
    part_t red[RED_PARTS];
    double plt_mu, plt_sigma; /* of ln fL */
    double pct[CELL_KINDS];   /* of true white cells */
    double clone;
    double red_mode;
} counter_scene_t;

void counter_scene(const lab_t *lab, const count_tube_t *tube, counter_mode_t mode, const counter_state_t *state,
                   counter_scene_t *scene);
/* Densities over volume, per fL; the red cells have area 1. */
double counter_red_density(const counter_scene_t *scene, double volume);
double counter_platelet_density(const counter_scene_t *scene, double volume);
/* The flags of patterns: features of the densities against the figures. */
uint64_t counter_pattern_flags(const lab_t *lab, const counter_scene_t *scene, const count_tube_t *tube, uint64_t run);

extern const cluster_shape_t COUNT_CLUSTERS[CLUSTERS];
void counter_fill_gates(counter_model_t *model);
/* Events of each cluster, as fractions of all that are seen. */
void counter_clusters(const counter_scene_t *scene, double share[CLUSTERS]);

static inline const counter_model_t *counter_model(const lab_t *lab)
{
    return lab->counter;
}

#endif
