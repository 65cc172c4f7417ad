/* The words of the hematology bench: what the counter's flags and modes are called, on its print and in full.
 * Vocabulary of analyzers; names after the colon in an alias are those of the review rules. */
#include "lab/hematology.h"

#include <string.h>

typedef struct {
    const char *name, *words, *rule; /* rule: its name in the review rules, or NULL */
} flag_words_t;

static const flag_words_t FLAGS[CF_COUNT] = {
    [CF_LEUKOCYTOSIS] = {"LEUKOCYTOSIS", "White cells high", NULL},
    [CF_LEUKOPENIA] = {"LEUKOPENIA", "White cells low", NULL},
    [CF_NEUTROPHILIA] = {"NEUTROPHILIA", "Neutrophils high", NULL},
    [CF_NEUTROPENIA] = {"NEUTROPENIA", "Neutrophils low", NULL},
    [CF_LYMPHOCYTOSIS] = {"LYMPHOCYTOSIS", "Lymphocytes high", NULL},
    [CF_LYMPHOPENIA] = {"LYMPHOPENIA", "Lymphocytes low", NULL},
    [CF_MONOCYTOSIS] = {"MONOCYTOSIS", "Monocytes high", NULL},
    [CF_EOSINOPHILIA] = {"EOSINOPHILIA", "Eosinophils high", NULL},
    [CF_BASOPHILIA] = {"BASOPHILIA", "Basophils high", NULL},
    [CF_ANEMIA] = {"ANEMIA", "Hemoglobin low", NULL},
    [CF_ERYTHROCYTOSIS] = {"ERYTHROCYTOSIS", "Hemoglobin high", NULL},
    [CF_MICROCYTOSIS] = {"MICROCYTOSIS", "Red cells small", NULL},
    [CF_MACROCYTOSIS] = {"MACROCYTOSIS", "Red cells large", NULL},
    [CF_ANISOCYTOSIS] = {"ANISOCYTOSIS", "Red cells of uneven size", NULL},
    [CF_HYPOCHROMIA] = {"HYPOCHROMIA", "Red cells pale", NULL},
    [CF_THROMBOCYTOPENIA] = {"THROMBOCYTOPENIA", "Platelets low", NULL},
    [CF_THROMBOCYTOSIS] = {"THROMBOCYTOSIS", "Platelets high", NULL},
    [CF_NRBC_PRESENT] = {"NRBC", "Nucleated red cells present", NULL},
    [CF_IG_PRESENT] = {"IG", "Immature granulocytes above the limit", NULL},
    [CF_RETIC_HIGH] = {"RETIC_HIGH", "Reticulocytes high", NULL},
    [CF_BLASTS] = {"BLASTS?", "Blasts?", "BLAST"},
    [CF_IMM_GRAN] = {"IMM_GRAN?", "Immature granulocytes?", "IG"},
    [CF_LEFT_SHIFT] = {"LEFT_SHIFT?", "Left shift?", "LEFT_SHIFT"},
    [CF_ATYPICAL_LYMPH] = {"ATYPICAL_LYMPH?", "Variant lymphocytes?", "VARIANT_LYMPH"},
    [CF_ABN_LYMPH] = {"ABN_LYMPH?", "Abnormal lymphocytes?", "ABN_LYMPH"},
    [CF_NRBC] = {"NRBC?", "Nucleated red cells?", "NRBC"},
    [CF_LYSE_RESIST] = {"RBC_LYSE_RESIST", "Lyse-resistant red cells", "LYSE_RESIST"},
    [CF_PLT_CLUMPS] = {"PLT_CLUMPS?", "Platelet clumps?", "PLT_CLUMP"},
    [CF_GIANT_PLT] = {"GIANT_PLT", "Giant platelets", NULL},
    [CF_RBC_AGGLUT] = {"RBC_AGGLUT?", "Red cell agglutination?", "RBC_AGGLUT"},
    [CF_RBC_FRAG] = {"RBC_FRAG?", "Red cell fragments?", "RBC_FRAG"},
    [CF_DIMORPHIC] = {"DIMORPHIC", "Two red cell populations", NULL},
    [CF_HGB_INTERF] = {"HGB_INTERF", "Hemoglobin: turbidity?", NULL},
    [CF_IRON_DEF] = {"IRON_DEF?", "Iron deficiency?", "IRON_DEF"},
    [CF_HGB_DEFECT] = {"HGB_DEFECT?", "Hemoglobin defect?", "HGB_DEFECT"},
    [CF_WBC_ABN_SCATTER] = {"WBC_ABN_SCATTER", "White cell scattergram abnormal", NULL},
    [CF_RBC_ABN_DIST] = {"RBC_ABN_DIST", "Red cell histogram abnormal", NULL},
    [CF_PLT_ABN_DIST] = {"PLT_ABN_DIST", "Platelet histogram abnormal", NULL},
    [CF_RETIC_ABN] = {"RETIC_ABN", "Reticulocyte pattern abnormal", NULL},
    [CF_VOTE_OUT] = {"VOTE-OUT", "Counts did not agree: no result", "VOTE_OUT"},
    [CF_SHORT_SAMPLE] = {"SHORT_SAMPLE", "Aspiration: short sample", NULL},
    [CF_OVER_RANGE] = {"OVER_RANGE", "Above the measuring range", NULL},
    [CF_FLOW] = {"FLOW_ERROR", "Flow error", NULL},
    [CF_BACKGROUND] = {"BACKGROUND", "Background high", NULL},
    [CF_HGB_BLANK] = {"HGB_BLANK", "Hemoglobin blank", NULL},
    [CF_REAGENT] = {"REAGENT_LOW", "Reagent low", NULL},
    [CF_TEMPERATURE] = {"TEMP", "Temperature", NULL},
};

const char *count_flag_name(int flag)
{
    return (unsigned)flag < CF_COUNT ? FLAGS[flag].name : "?";
}

const char *count_flag_words(int flag)
{
    return (unsigned)flag < CF_COUNT ? FLAGS[flag].words : "?";
}

flag_class_t count_flag_class(int flag)
{
    return flag < CF_BLASTS ? FLAG_DEFINITIVE : flag < CF_VOTE_OUT ? FLAG_SUSPECT : FLAG_SYSTEM;
}

static bool same(const char *word, const char *name, size_t length)
{
    return word != NULL && strlen(word) == length && memcmp(word, name, length) == 0;
}

/* The names of the review rules come first: there NRBC and IG are the suspect flags. */
int count_flag_find(const char *name, size_t length)
{
    for (int i = 0; i < CF_COUNT; i++)
        if (same(FLAGS[i].rule, name, length)) return i;
    for (int i = 0; i < CF_COUNT; i++) {
        size_t n = strlen(FLAGS[i].name);
        if (same(FLAGS[i].name, name, length)) return i;
        if (FLAGS[i].name[n - 1] == '?' && n == length + 1 && memcmp(FLAGS[i].name, name, length) == 0) return i;
    }
    return -1;
}

static const struct {
    const char *id, *words;
} MODES[COUNTER_MODES] = {
    [COUNTER_NORMAL] = {"normal", "as usual"},
    [COUNTER_WARMED] = {"warmed", "warmed to 37 C"},
    [COUNTER_PLASMA_REPLACED] = {"plasma_replaced", "plasma replaced by saline"},
    [COUNTER_DILUTED] = {"diluted", "diluted, multiplied back"},
    [COUNTER_CITRATE] = {"citrate", "citrate blood, counts times 1.1"},
    [COUNTER_OPTICAL_PLT] = {"optical_plt", "platelets by fluorescence"},
    [COUNTER_EXTENDED_LYSE] = {"extended_lyse", "extended lysis"},
    [COUNTER_REST] = {"rest", "prediluted and left to stand"},
    [COUNTER_SPUN_HCT] = {"spun_hct", "spun hematocrit"},
    [COUNTER_REMIXED] = {"remixed", "mixed again"},
    [COUNTER_VORTEXED] = {"vortexed", "vortexed for two minutes"},
    [COUNTER_NRBC] = {"nrbc", "nucleated red cells counted apart"},
};

const char *counter_mode_id(counter_mode_t mode)
{
    return (unsigned)mode < COUNTER_MODES ? MODES[mode].id : "?";
}

const char *counter_mode_words(counter_mode_t mode)
{
    return (unsigned)mode < COUNTER_MODES ? MODES[mode].words : "?";
}

int counter_mode_find(const char *id)
{
    for (int i = 0; i < COUNTER_MODES; i++)
        if (strcmp(MODES[i].id, id) == 0) return i;
    return -1;
}

double count_curve_low(count_curve_t curve)
{
    (void)curve;
    return 0;
}

double count_curve_high(count_curve_t curve)
{
    static const double HIGH[COUNT_CURVES] = {[CURVE_RBC] = 384, [CURVE_PLT] = 40, [CURVE_WBC] = 384};
    return (unsigned)curve < COUNT_CURVES ? HIGH[curve] : 0;
}
