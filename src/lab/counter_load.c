/* Reads the counter's tables of content/lab/hematology/: interferences.csv (what there is and which mode takes it
 * away), interference_effects.csv (what each does to a channel), counter.csv (imprecision, limits, thresholds of
 * flags). An effect of an interference that has no size of its own, because its size is a quantity of the blood, works
 * in every tube; the others take the severity of the specimen fault, or of the trait of the blood, of their id. */
#include "cells_model.h"
#include "counter_model.h"
#include "fault_tables.h"

#include <stdlib.h>
#include <string.h>

static const char *const CHANNELS[CHANNEL_COUNT] = {"WBC",  "RBC",  "HGB",  "MCV",   "RDW",   "PLT",
                                                    "MPV",  "NRBC", "NEUT", "LYMPH", "MONO",  "EOS",
                                                    "BASO", "IG",   "RET",  "IRF",   "RETHE", "IPF"};
static const char *const DRIVERS[DRIVER_COUNT] = {
    "severity",  "lysed",   "dextrose",        "settled",         "floated", "one", "hours", "triglycerides",
    "bilirubin", "glucose", "sodium_from_140", "free_hemoglobin", "wbc",     "rbc", "nrbc"};
static const char *const MODELS[] = {"mul", "add", "decay", "mix"};

static int word_of(const char *const *words, int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0) return i;
    return -1;
}

static bool text(const csv_t *table, size_t row, const char *name, const char **value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err)) return false;
    *value = csv_text(table, row, column);
    return true;
}

static bool number(const csv_t *table, size_t row, const char *name, double otherwise, double *value, err_t *err)
{
    int column;
    return csv_need(table, name, &column, err) && csv_double_or(table, row, column, otherwise, value, err);
}

static bool one_of(const csv_t *table, size_t row, const char *name, const char *const *words, int count,
                   uint8_t *value, err_t *err)
{
    const char *word;
    if (!text(table, row, name, &word, err)) return false;
    int found = word_of(words, count, word);
    *value = (uint8_t)found;
    return found >= 0 || csv_fail(table, row, err, "%s is \"%.40s\"; \"%s\" or \"%s\" would do", name, word, words[0],
                                  words[count - 1]);
}

/* ---- interferences ---- */

static bool add_mode(void *context, const char *part)
{
    interference_t *interference = context;
    int mode = counter_mode_find(part);
    if (mode < 0) return false;
    interference->resolved |= 1U << mode;
    return true;
}

static bool read_interferences(lab_t *lab, counter_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/hematology/interferences.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        const char *resolved;
        if (model->interference_count == COUNT_KINDS_MAX - 64)
            return csv_fail(&table, row, err, "too many interferences");
        interference_t *one = &model->interferences[model->interference_count++];
        if (!text(&table, row, "fault_id", &one->id, err) || !text(&table, row, "resolved_by", &resolved, err))
            return false;
        if (!fault_parts(lab, resolved, add_mode, one, err))
            return csv_fail(&table, row, err, "resolved_by is like \"warmed;plasma_replaced\"; found \"%.60s\"",
                            resolved);
        one->kind = (int16_t)fault_find(lab, one->id);
        one->trait = -1;
        for (int t = 0; t < TRAIT_COUNT; t++)
            if (strcmp(trait_id((trait_t)t), one->id) == 0) {
                one->trait = (int8_t)t;
                model->trait_kind[t] = one->kind;
            }
    }
    return true;
}

/* The interference of that id; one without a row (a chemistry kind with effects of its own) gets an empty one. */
static int interference_of(const lab_t *lab, counter_model_t *model, const char *id)
{
    for (int i = 0; i < model->interference_count; i++)
        if (strcmp(model->interferences[i].id, id) == 0) return i;
    int kind = fault_find(lab, id);
    if (kind < 0 || model->interference_count == COUNT_KINDS_MAX) return -1;
    model->interferences[model->interference_count] = (interference_t){id, 0, (int16_t)kind, -1};
    return model->interference_count++;
}

/* ---- effects ---- */

static bool read_effect(const lab_t *lab, counter_model_t *model, const csv_t *table, size_t row,
                        count_effect_t *effect, err_t *err)
{
    const char *id, *times;
    double none = (double)__builtin_inf(), per;
    if (!text(table, row, "fault_id", &id, err) || !text(table, row, "times", &times, err) ||
        !one_of(table, row, "channel", CHANNELS, CHANNEL_COUNT, &effect->channel, err) ||
        !one_of(table, row, "model", MODELS, 4, &effect->model, err) ||
        !one_of(table, row, "driver", DRIVERS, DRIVER_COUNT, &effect->driver, err) ||
        !number(table, row, "coefficient", 0, &effect->c, err) ||
        !number(table, row, "low", effect->c, &effect->low, err) ||
        !number(table, row, "high", effect->c, &effect->high, err) ||
        !number(table, row, "cold_coefficient", effect->c, &effect->cold, err) ||
        !number(table, row, "from", 0, &effect->from, err) || !number(table, row, "above", 0, &effect->above, err) ||
        !number(table, row, "per", 1, &per, err) || !number(table, row, "limit", none, &effect->limit, err) ||
        !number(table, row, "tau_h", 0, &effect->tau_h, err))
        return false;
    if (!(per > 0)) return csv_fail(table, row, err, "per must be above 0");
    if (!(effect->low <= effect->c && effect->c <= effect->high))
        return csv_fail(table, row, err, "low and high must have the coefficient between them");
    effect->per = 1 / per;
    int factor = times[0] ? word_of(DRIVERS, DRIVER_COUNT, times) : DRIVER_ONE;
    if (factor < DRIVER_QUANTITY) return csv_fail(table, row, err, "times is \"%.40s\"; use rbc or nrbc", times);
    effect->times = (uint8_t)factor;
    int interference = interference_of(lab, model, id);
    if (interference < 0) return csv_fail(table, row, err, "there is no interference or fault \"%.40s\"", id);
    effect->interference = (int16_t)interference;
    effect->kind = effect->driver < DRIVER_QUANTITY ? model->interferences[interference].kind : (int16_t)-1;
    if (effect->driver < DRIVER_QUANTITY && effect->kind < 0)
        return csv_fail(table, row, err, "%.40s is no fault of the specimen, so it has no severity", id);
    return true;
}

/* Effects of every tube first, then by kind of fault, each group in the order of the file. */
static void sort_effects(counter_model_t *model)
{
    static const int ALL = -1;
    count_effect_t sorted[COUNT_EFFECTS_MAX];
    int n = 0;
    for (int kind = ALL; kind < COUNT_KINDS_MAX; kind++) {
        if (kind >= 0) model->first[kind] = (int16_t)n;
        for (int i = 0; i < model->effect_count; i++)
            if (model->effects[i].kind == kind) sorted[n++] = model->effects[i];
        if (kind == ALL)
            model->permanent_count = n;
        else
            model->count[kind] = (int16_t)(n - model->first[kind]);
    }
    memcpy(model->effects, sorted, sizeof *sorted * (size_t)n);
}

static bool read_effects(lab_t *lab, counter_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/hematology/interference_effects.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (model->effect_count == COUNT_EFFECTS_MAX)
            return csv_fail(&table, row, err, "more than %d effects", (int)COUNT_EFFECTS_MAX);
        if (!read_effect(lab, model, &table, row, &model->effects[model->effect_count], err)) return false;
        model->effect_count++;
    }
    sort_effects(model);
    return true;
}

/* Faults that put a quantity into the blood or the tube. */
static void find_roles(const lab_t *lab, counter_model_t *model)
{
    static const struct {
        const char *id;
        role_t role;
    } rows[] = {{"LIPAEMIA", ROLE_TRIGLYCERIDES},
                {"ICTERUS", ROLE_BILIRUBIN},
                {"HYPERGLY", ROLE_GLUCOSE},
                {"HYPERNA", ROLE_SODIUM},
                {"HEM_VIVO", ROLE_FREE_HEMOGLOBIN},
                {"HIGH_WBC", ROLE_WBC},
                {"thrombocytosis", ROLE_PLT},
                {"OLD", ROLE_HOURS},
                {"delayed_sep", ROLE_HOURS},
                {"hot_transport", ROLE_HOURS},
                {"cold_unseparated", ROLE_HOURS_COLD},
                {"iv_contam", ROLE_FLUID},
                {"CLOT", ROLE_CLOT},
                {"short_sample", ROLE_CLOT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int kind = fault_find(lab, rows[i].id);
        if (kind >= 0) model->role[kind] = (uint8_t)rows[i].role;
    }
}

/* What infusion fluids do beside diluting: fat, and the swelling of dextrose in water. */
static void find_fluids(const lab_t *lab, counter_model_t *model)
{
    const fault_tables_t *tables = fault_tables(lab);
    int fat = tables->triglycerides, glucose = lab_analyte_find(lab, "glucose"),
        sodium = lab_analyte_find(lab, "sodium");
    for (int i = 0; i < tables->fluid_count && i < 64; i++) {
        const double *content = tables->fluids[i].content;
        if (fat >= 0 && content[fat] > 0) model->fluid_triglycerides[i] = content[fat];
        if (glucose >= 0 && sodium >= 0) model->dextrose[i] = content[glucose] > 2000 && !(content[sodium] > 20);
    }
}

/* ---- figures ---- */

#define FIGURE(parameter, member)                                                                                      \
    {                                                                                                                  \
        parameter, offsetof(counter_model_t, member)                                                                   \
    }

static const struct {
    const char *parameter;
    size_t offset;
} FIGURES[] = {FIGURE("events", figure.events),
               FIGURE("spun_factor", figure.spun_factor),
               FIGURE("mpv_calibrated_h", figure.mpv_calibrated),
               FIGURE("doublets", figure.doublets),
               FIGURE("background_wbc", figure.background[0]),
               FIGURE("background_rbc", figure.background[1]),
               FIGURE("background_hgb", figure.background[2]),
               FIGURE("background_plt", figure.background[3]),
               FIGURE("flag_red_beyond", figure.red_beyond),
               FIGURE("flag_red_small", figure.red_small),
               FIGURE("flag_red_valley", figure.red_valley),
               FIGURE("flag_red_width", figure.red_width),
               FIGURE("flag_plt_foot", figure.plt_foot),
               FIGURE("flag_plt_giant", figure.plt_giant),
               FIGURE("flag_clumps", figure.clumps),
               FIGURE("flag_low_white", figure.low_white),
               FIGURE("flag_blasts", figure.blasts),
               FIGURE("flag_blasts_count", figure.blasts_count),
               FIGURE("flag_ig", figure.ig),
               FIGURE("flag_left", figure.left),
               FIGURE("flag_variant", figure.variant),
               FIGURE("flag_clone", figure.clone),
               FIGURE("flag_nrbc", figure.nrbc),
               FIGURE("flag_trough", figure.trough),
               FIGURE("flag_odd", figure.odd),
               FIGURE("flag_turbidity", figure.turbidity),
               FIGURE("flag_mchc", figure.mchc),
               FIGURE("cv_rdw", cv[CHANNEL_RDW]),
               FIGURE("cv_mpv", cv[CHANNEL_MPV]),
               FIGURE("cv_neut", cv[CHANNEL_NEUT]),
               FIGURE("cv_lymph", cv[CHANNEL_LYMPH]),
               FIGURE("cv_mono", cv[CHANNEL_MONO]),
               FIGURE("cv_eos", cv[CHANNEL_EOS]),
               FIGURE("cv_baso", cv[CHANNEL_BASO]),
               FIGURE("cv_ig", cv[CHANNEL_IG]),
               FIGURE("cv_irf", cv[CHANNEL_IRF]),
               FIGURE("cv_rethe", cv[CHANNEL_RETHE]),
               FIGURE("cv_ipf", cv[CHANNEL_IPF])};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

static bool read_figures(lab_t *lab, counter_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    bool seen[FIGURE_COUNT] = {false};
    if (!lab_table(lab, content, "lab/hematology/counter.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        const char *parameter;
        double value;
        if (!text(&table, row, "parameter", &parameter, err) || !number(&table, row, "value", 0, &value, err))
            return false;
        int i = 0;
        while (i < FIGURE_COUNT && strcmp(FIGURES[i].parameter, parameter) != 0) i++;
        if (i == FIGURE_COUNT) return csv_fail(&table, row, err, "the counter has no figure \"%.40s\"", parameter);
        if (!(value > 0)) return csv_fail(&table, row, err, "%s must be above 0", parameter);
        if (strncmp(parameter, "cv_", 3) == 0) value /= 100;
        memcpy((char *)model + FIGURES[i].offset, &value, sizeof value);
        seen[i] = true;
    }
    for (int i = 0; i < FIGURE_COUNT; i++)
        if (!seen[i]) return err_set(err, ERR_INPUT, "%s has no row \"%s\"", table.file, FIGURES[i].parameter);
    double h = model->figure.mpv_calibrated; /* MPV_EDTA at that age */
    model->figure.mpv_calibrated = 1.0;
    for (int i = 0; i < model->permanent_count; i++) {
        const count_effect_t *e = &model->effects[i];
        if (e->channel != CHANNEL_MPV || e->model != EFFECT_MUL) continue;
        double dose = e->driver == DRIVER_HOURS ? h * e->per : 1;
        if (e->tau_h > 0) dose *= 1 - exact_exp(-h / e->tau_h);
        model->figure.mpv_calibrated *= 1 + e->c * dose;
    }
    return true;
}

/* ---- limits and reach ---- */

static void find_limits(const lab_t *lab, counter_model_t *model)
{
    for (int i = 0; i < HEMA_COUNT; i++) {
        const analyte_t *a = lab_analyte(lab, lab->cells->analyte[i]);
        model->limit_low[i] = a->ri_low[0] < a->ri_low[1] ? a->ri_low[0] : a->ri_low[1];
        model->limit_high[i] = a->ri_high[0] > a->ri_high[1] ? a->ri_high[0] : a->ri_high[1];
    }
}

static void reach(const lab_t *lab, counter_model_t *model, int flag, const char *ids)
{
    char id[16];
    while (*ids) {
        size_t n = strcspn(ids, " ");
        memcpy(id, ids, n);
        id[n] = 0;
        analyte_set_add(&model->reach[flag], lab_analyte_find(lab, id));
        ids += n + (ids[n] == ' ');
    }
}

static void find_reach(const lab_t *lab, counter_model_t *model)
{
    static const char DIFF[] = "NEUTA NEUTP LYMPHA LYMPHP MONOA MONOP EOSA EOSP BASOA BASOP IGP IGA",
                      RED[] = "RBC HCT MCV MCH MCHC RDWCV RDWSD", WHITE[] = "WBC", PLATELETS[] = "PLT MPV IPF",
                      ALL[] = "WBC RBC HGB HCT MCV MCH MCHC RDWCV RDWSD PLT MPV";
    static const struct {
        int flag;
        const char *ids, *more;
    } rows[] = {{CF_LEUKOCYTOSIS, WHITE, ""},
                {CF_LEUKOPENIA, WHITE, ""},
                {CF_NEUTROPHILIA, "NEUTA NEUTP", ""},
                {CF_NEUTROPENIA, "NEUTA NEUTP", ""},
                {CF_LYMPHOCYTOSIS, "LYMPHA LYMPHP", ""},
                {CF_LYMPHOPENIA, "LYMPHA LYMPHP", ""},
                {CF_MONOCYTOSIS, "MONOA MONOP", ""},
                {CF_EOSINOPHILIA, "EOSA EOSP", ""},
                {CF_BASOPHILIA, "BASOA BASOP", ""},
                {CF_ANEMIA, "HGB", ""},
                {CF_ERYTHROCYTOSIS, "HGB", ""},
                {CF_MICROCYTOSIS, "MCV", ""},
                {CF_MACROCYTOSIS, "MCV", ""},
                {CF_ANISOCYTOSIS, "RDWCV RDWSD", ""},
                {CF_HYPOCHROMIA, "MCHC", ""},
                {CF_THROMBOCYTOPENIA, "PLT", ""},
                {CF_THROMBOCYTOSIS, "PLT", ""},
                {CF_NRBC_PRESENT, "NRBCP", ""},
                {CF_IG_PRESENT, "IGP IGA", ""},
                {CF_RETIC_HIGH, "RETP RETA", ""},
                {CF_BLASTS, DIFF, ""},
                {CF_IMM_GRAN, "NEUTA NEUTP IGP IGA", ""},
                {CF_LEFT_SHIFT, "NEUTA NEUTP", ""},
                {CF_ATYPICAL_LYMPH, "LYMPHA LYMPHP MONOA MONOP", ""},
                {CF_ABN_LYMPH, "LYMPHA LYMPHP", ""},
                {CF_NRBC, WHITE, "NRBCP LYMPHA LYMPHP"},
                {CF_LYSE_RESIST, WHITE, DIFF},
                {CF_PLT_CLUMPS, PLATELETS, WHITE},
                {CF_GIANT_PLT, PLATELETS, ""},
                {CF_RBC_AGGLUT, RED, ""},
                {CF_RBC_FRAG, PLATELETS, "RBC RDWCV RDWSD"},
                {CF_DIMORPHIC, "MCV RDWCV RDWSD", ""},
                {CF_HGB_INTERF, "HGB MCH MCHC", ""},
                {CF_IRON_DEF, "MCV MCH", ""},
                {CF_HGB_DEFECT, "MCV MCH", ""},
                {CF_WBC_ABN_SCATTER, DIFF, ""},
                {CF_RBC_ABN_DIST, "MCV RDWCV RDWSD", ""},
                {CF_PLT_ABN_DIST, PLATELETS, ""},
                {CF_RETIC_ABN, "RETP RETA IRF RETHE", ""},
                {CF_VOTE_OUT, "WBC RBC PLT", "HCT MCH MCHC MPV"},
                {CF_SHORT_SAMPLE, ALL, DIFF},
                {CF_OVER_RANGE, "WBC RBC HGB HCT PLT", ""},
                {CF_FLOW, ALL, DIFF},
                {CF_BACKGROUND, "WBC RBC HGB PLT", ""},
                {CF_HGB_BLANK, "HGB MCH MCHC", ""},
                {CF_REAGENT, ALL, DIFF},
                {CF_TEMPERATURE, ALL, DIFF}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reach(lab, model, rows[i].flag, rows[i].ids);
        reach(lab, model, rows[i].flag, rows[i].more);
    }
}

bool counter_load(lab_t *lab, const source_t *content, err_t *err)
{
    counter_model_t *model = arena_alloc(lab->arena, sizeof *model);
    if (model == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the counter");
    lab->counter = model;
    memset(model->trait_kind, 0xff, sizeof model->trait_kind);
    if (fault_tables(lab)->kind_count > COUNT_KINDS_MAX)
        return err_set(err, ERR_LIMIT, "the counter knows at most %d kinds of fault", (int)COUNT_KINDS_MAX);
    if (!read_interferences(lab, model, content, err) || !read_effects(lab, model, content, err) ||
        !read_figures(lab, model, content, err))
        return false;
    static const char *const plasma[4] = {"glucose", "sodium", "triglycerides", "bili_total"};
    for (int i = 0; i < 4; i++) model->plasma[i] = (int16_t)lab_analyte_find(lab, plasma[i]);
    find_roles(lab, model);
    find_fluids(lab, model);
    find_limits(lab, model);
    find_reach(lab, model);
    counter_fill_gates(model);
    return true;
}

/* ---- questions ---- */

uint32_t counter_resolutions(const lab_t *lab, int fault_kind)
{
    const counter_model_t *model = counter_model(lab);
    for (int i = 0; i < model->interference_count; i++)
        if (model->interferences[i].kind == fault_kind && fault_kind >= 0) return model->interferences[i].resolved;
    return 0;
}

void counter_flag_reach(const lab_t *lab, int flag, analyte_set_t *out)
{
    *out = (unsigned)flag < CF_COUNT ? counter_model(lab)->reach[flag] : (analyte_set_t){{0}};
}

int counter_trait_fault(const lab_t *lab, trait_t trait)
{
    return (unsigned)trait < TRAIT_COUNT ? counter_model(lab)->trait_kind[trait] : -1;
}
