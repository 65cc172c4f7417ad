/* Words of the hematology bench that pages and command line may know: flags of the counter, its modes, its pictures. */
#ifndef TITER_LAB_HEMATOLOGY_H
#define TITER_LAB_HEMATOLOGY_H

#include "lab/catalog.h"

#include <stdint.h>

/* Bits of a count's flags, by position. */
typedef enum {
    /* definitive: a number is outside its limit */
    CF_LEUKOCYTOSIS,
    CF_LEUKOPENIA,
    CF_NEUTROPHILIA,
    CF_NEUTROPENIA,
    CF_LYMPHOCYTOSIS,
    CF_LYMPHOPENIA,
    CF_MONOCYTOSIS,
    CF_EOSINOPHILIA,
    CF_BASOPHILIA,
    CF_ANEMIA,
    CF_ERYTHROCYTOSIS,
    CF_MICROCYTOSIS,
    CF_MACROCYTOSIS,
    CF_ANISOCYTOSIS,
    CF_HYPOCHROMIA,
    CF_THROMBOCYTOPENIA,
    CF_THROMBOCYTOSIS,
    CF_NRBC_PRESENT,
    CF_IG_PRESENT,
    CF_RETIC_HIGH,
    /* suspect: a pattern that asks for eyes */
    CF_BLASTS,
    CF_IMM_GRAN,
    CF_LEFT_SHIFT,
    CF_ATYPICAL_LYMPH,
    CF_ABN_LYMPH,
    CF_NRBC,
    CF_LYSE_RESIST,
    CF_PLT_CLUMPS,
    CF_GIANT_PLT,
    CF_RBC_AGGLUT,
    CF_RBC_FRAG,
    CF_DIMORPHIC,
    CF_HGB_INTERF,
    CF_IRON_DEF,
    CF_HGB_DEFECT,
    CF_WBC_ABN_SCATTER,
    CF_RBC_ABN_DIST,
    CF_PLT_ABN_DIST,
    CF_RETIC_ABN,
    /* system */
    CF_VOTE_OUT,
    CF_SHORT_SAMPLE,
    CF_OVER_RANGE,
    CF_FLOW,
    CF_BACKGROUND,
    CF_HGB_BLANK,
    CF_REAGENT,
    CF_TEMPERATURE,
    CF_COUNT
} count_flag_t;

typedef enum { FLAG_DEFINITIVE, FLAG_SUSPECT, FLAG_SYSTEM } flag_class_t;

/* "PLT_CLUMPS?", as the instrument prints it; "?" for no flag. */
const char *count_flag_name(int flag);
/* "Platelet clumps?", in words. */
const char *count_flag_words(int flag);
flag_class_t count_flag_class(int flag);
/* By printed name, with or without a question mark, or by a name of the review rules (PLT_CLUMP, BLAST); -1. */
int count_flag_find(const char *name, size_t length);

static inline uint64_t count_flag_bit(int flag)
{
    return (uint64_t)1 << flag;
}

/* How the counter is run: each mode takes some interferences away. */
typedef enum {
    COUNTER_NORMAL,
    COUNTER_WARMED,          /* at 37 C */
    COUNTER_PLASMA_REPLACED, /* by the same volume of saline */
    COUNTER_DILUTED,         /* within linearity, multiplied back */
    COUNTER_CITRATE,         /* blood drawn into citrate, counts x 1.1 */
    COUNTER_OPTICAL_PLT,     /* platelets by fluorescence */
    COUNTER_EXTENDED_LYSE,
    COUNTER_REST,     /* prediluted in isotonic diluent and left to stand */
    COUNTER_SPUN_HCT, /* hematocrit by centrifuge: HCT, MCV and MCHC from it */
    COUNTER_REMIXED,  /* after 8 to 10 inversions */
    COUNTER_VORTEXED, /* platelet clumps broken up for two minutes */
    COUNTER_NRBC,     /* nucleated red cells counted apart */
    COUNTER_MODES
} counter_mode_t;

const char *counter_mode_id(counter_mode_t mode);    /* "warmed" */
const char *counter_mode_words(counter_mode_t mode); /* "warmed to 37 C" */
int counter_mode_find(const char *id);

typedef enum { CURVE_RBC, CURVE_PLT, CURVE_WBC, COUNT_CURVES } count_curve_t;
enum { COUNT_BINS = 128 };
/* Volumes at the ends of a curve, fL: bins are equal steps between. */
double count_curve_low(count_curve_t curve);
double count_curve_high(count_curve_t curve);

/* A point of the white cell scattergram: side scatter and side fluorescence, 0-255. */
typedef struct {
    uint8_t ssc, sfl;
    uint8_t cluster; /* where the instrument puts it: count_cluster_t */
} count_dot_t;

typedef enum {
    DOT_DEBRIS,
    DOT_LYMPH,
    DOT_MONO,
    DOT_NEUT,
    DOT_EOS,
    DOT_BASO,
    DOT_IG,
    DOT_BLAST,
    DOT_CLASSES
} count_cluster_t;

#endif
