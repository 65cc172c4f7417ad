/* Reads the conditions of the cells (conditions.csv) and the figures of the model (model.csv), both under
 * content/lab/hematology/, and prepares drawing: spreads are divided into what differs between persons and what moves
 * within one (CVi of the catalog), log-normal quantities are turned into logarithms. */
#include "cells_model.h"

#include "patient_model.h"

#include <string.h>

_Static_assert((int)CELLS_MAX_CHEMISTRY >= (int)MAX_CONDITIONS, "every condition of the chemistry has its ties");

/* ---- words ---- */

static const char *const KINDS[CELL_KINDS] = {"seg",    "band",     "meta",   "myelo", "promy", "blast", "lymph",
                                              "vlymph", "prolymph", "plasma", "mono",  "eos",   "baso",  "other"};
static const char *const TRAITS[TRAIT_COUNT] = {"COLD_AGG", "EDTA_CLUMP", "SATELLITE", "GIANT_PLT", "SMALL_RBC",
                                                "CRYO",     "PARAPROT",   "LYSE_RES",  "SMUDGE"};
static const char *const HEMA[HEMA_COUNT] = {"WBC",   "RBC",   "HGB",  "HCT",   "MCV",   "MCH",   "MCHC",   "RDWCV",
                                             "RDWSD", "PLT",   "MPV",  "NRBCP", "NEUTA", "NEUTP", "LYMPHA", "LYMPHP",
                                             "MONOA", "MONOP", "EOSA", "EOSP",  "BASOA", "BASOP", "IGP",    "IGA",
                                             "RETP",  "RETA",  "IRF",  "RETHE", "IPF",   "ESR"};

const char *cell_kind_id(cell_kind_t kind)
{
    return (unsigned)kind < CELL_KINDS ? KINDS[kind] : "?";
}

const char *trait_id(trait_t trait)
{
    return (unsigned)trait < TRAIT_COUNT ? TRAITS[trait] : "?";
}

const char *cells_hema_id(hema_t which)
{
    return (unsigned)which < HEMA_COUNT ? HEMA[which] : "?";
}

static int word_index(const char *const *words, int count, const char *text, size_t length)
{
    for (int i = 0; i < count; i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) return i;
    return -1;
}

/* ---- numbers ---- */

static bool number(const csv_t *table, size_t row, const char *name, double low, double high, double *value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err) || !csv_double(table, row, column, value, err)) return false;
    if (!(*value >= low && *value <= high)) return csv_fail(table, row, err, "%s must be %g to %g", name, low, high);
    return true;
}

/* 0 where the field is empty. */
static bool number_or_none(const csv_t *table, size_t row, const char *name, double high, double *value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err) || !csv_double_or(table, row, column, 0, value, err)) return false;
    return (*value >= 0 && *value <= high) || csv_fail(table, row, err, "%s must be 0 to %g", name, high);
}

static bool text(const csv_t *table, size_t row, const char *name, const char **value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err)) return false;
    *value = csv_text(table, row, column);
    return true;
}

/* A spread in two parts: `within` is what CVi says, at most seven tenths of the whole. */
static draw_t divide(double center, double spread, double within)
{
    const double MOST = 0.7;
    if (!(within <= MOST * spread)) within = MOST * spread;
    return (draw_t){center, exact_sqrt(spread * spread - within * within), within};
}

static double cvi_of(const lab_t *lab, hema_t which, double otherwise)
{
    const analyte_t *analyte = lab_analyte(lab, lab->cells->analyte[which]);
    return analyte->cvi_pct > 0 ? analyte->cvi_pct / 100 : otherwise;
}

/* mean and SD of a normal quantity */
static bool normal_draw(const lab_t *lab, const csv_t *table, size_t row, const char *name, const char *sd_name,
                        double high, hema_t which, draw_t *draw, err_t *err)
{
    double mean, sd;
    if (!number(table, row, name, 0.1, high, &mean, err) || !number(table, row, sd_name, 0, high, &sd, err))
        return false;
    *draw = divide(mean, sd, cvi_of(lab, which, 0.02) * mean);
    return true;
}

/* median and geometric SD of a log-normal one */
static bool geometric_draw(const lab_t *lab, const csv_t *table, size_t row, const char *name, const char *gsd_name,
                           double high, hema_t which, draw_t *draw, err_t *err)
{
    double median, gsd;
    if (!number(table, row, name, 0.01, high, &median, err) || !number(table, row, gsd_name, 1, 10, &gsd, err))
        return false;
    *draw = divide(exact_log(median), exact_log(gsd), cvi_of(lab, which, 0.05));
    return true;
}

/* mean and SD of a log-normal quantity: sigma^2 = ln(1 + (sd / mean)^2) */
static bool moments_draw(const lab_t *lab, const csv_t *table, size_t row, const char *name, const char *sd_name,
                         double high, hema_t which, draw_t *draw, err_t *err)
{
    double mean, sd;
    if (!number(table, row, name, 0.01, high, &mean, err) || !number(table, row, sd_name, 0, high, &sd, err))
        return false;
    double cv = sd / mean, variance = exact_log(1 + cv * cv);
    *draw = divide(exact_log(mean) - variance / 2, exact_sqrt(variance), cvi_of(lab, which, 0.05));
    return true;
}

/* ---- lists "name:number:number;..." ---- */

enum { LIST_MAX = 16 };

typedef struct {
    const char *name;
    size_t length;
    double a, b;
} item_t;

static bool read_list(const csv_t *table, size_t row, const char *column, int numbers, item_t items[LIST_MAX],
                      int *count, err_t *err)
{
    const char *at;
    *count = 0;
    if (!text(table, row, column, &at, err)) return false;
    while (*at) {
        size_t length = strcspn(at, ";"), name = strcspn(at, ":;");
        const char *rest = at + name, *end = at + length;
        item_t item = {at, name, 0, 0};
        double *into[2] = {&item.a, &item.b};
        bool good = *count < LIST_MAX && name > 0;
        for (int i = 0; i < numbers && good; i++) {
            good = rest < end && (*rest == ':' || *rest == '/');
            if (!good) break;
            size_t digits = strcspn(++rest, ":/;");
            good = text_to_double(rest, digits, into[i]);
            rest += digits;
        }
        if (!good || rest != end)
            return csv_fail(table, row, err, "%s is like \"%s\", at most %d parts; found \"%.60s\"", column,
                            numbers == 2 ? "seg:56/8;lymph:32/6" : "iron_def:0.65;ckd4:0.6", (int)LIST_MAX, at);
        items[(*count)++] = item;
        at = *end ? end + 1 : end;
    }
    return true;
}

/* ---- one condition ---- */

static bool read_classes(const lab_t *lab, const csv_t *table, size_t row, double share_within,
                         cells_condition_t *condition, err_t *err)
{
    static const struct {
        cell_kind_t kind;
        hema_t which;
    } known[] = {{CELL_LYMPH, HEMA_LYMPHP}, {CELL_MONO, HEMA_MONOP}, {CELL_EOS, HEMA_EOSP}, {CELL_BASO, HEMA_BASOP}};
    item_t items[LIST_MAX];
    int count;
    double sum = 0, most = 0;
    if (!read_list(table, row, "differential", 2, items, &count, err)) return false;
    for (int i = 0; i < count; i++) {
        int kind = word_index(KINDS, CELL_KINDS, items[i].name, items[i].length);
        if (kind < 0 || (condition->present >> kind & 1))
            return csv_fail(table, row, err, "differential: \"%.*s\" is no class, or is named twice",
                            (int)items[i].length, items[i].name);
        double within = share_within * items[i].b;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if ((int)known[k].kind == kind) within = cvi_of(lab, known[k].which, 0.1) * items[i].a;
        condition->classes[kind] = divide(items[i].a, items[i].b, within);
        condition->present |= 1U << kind;
        sum += items[i].a;
        if (items[i].a > most) {
            most = items[i].a;
            condition->largest = kind;
        }
    }
    return (sum > 97 && sum < 103) ||
           csv_fail(table, row, err, "the classes of the differential sum to %g; they must sum to 100", sum);
}

static bool read_traits(const csv_t *table, size_t row, cells_condition_t *condition, err_t *err)
{
    item_t items[LIST_MAX];
    int count;
    if (!read_list(table, row, "traits", 2, items, &count, err)) return false;
    for (int i = 0; i < count; i++) {
        int trait = word_index(TRAITS, TRAIT_COUNT, items[i].name, items[i].length);
        if (trait < 0)
            return csv_fail(table, row, err, "there is no trait \"%.*s\"", (int)items[i].length, items[i].name);
        condition->trait[trait] = (draw_t){items[i].a, items[i].b, 0};
        condition->traits |= 1U << trait;
    }
    return true;
}

static bool read_ties(const lab_t *lab, const csv_t *table, size_t row, cells_condition_t *condition, err_t *err)
{
    item_t items[LIST_MAX];
    int count;
    if (!read_list(table, row, "chemistry", 1, items, &count, err)) return false;
    if (count > CELLS_MAX_TIES) return csv_fail(table, row, err, "chemistry names more than %d", (int)CELLS_MAX_TIES);
    for (int i = 0; i < count; i++) {
        char id[64];
        size_t length = items[i].length < sizeof id - 1 ? items[i].length : sizeof id - 1;
        memcpy(id, items[i].name, length);
        id[length] = 0;
        int chemistry = lab_condition_find(lab, id);
        if (chemistry < 0) return csv_fail(table, row, err, "lab/conditions.csv has no condition \"%s\"", id);
        if (!(items[i].a > 0 && items[i].a <= 1)) return csv_fail(table, row, err, "a chance is above 0 and at most 1");
        condition->ties[condition->tie_count++] = (tie_t){(int16_t)chemistry, items[i].a};
    }
    return true;
}

static bool read_blood(const lab_t *lab, const csv_t *table, size_t row, cells_condition_t *c, err_t *err)
{
    return normal_draw(lab, table, row, "hgb", "hgb_sd", 25, HEMA_HGB, &c->hgb, err) &&
           normal_draw(lab, table, row, "mcv", "mcv_sd", 150, HEMA_MCV, &c->mcv, err) &&
           normal_draw(lab, table, row, "mchc", "mchc_sd", 40, HEMA_MCHC, &c->mchc, err) &&
           moments_draw(lab, table, row, "rdw", "rdw_sd", 40, HEMA_RDWCV, &c->rdw, err) &&
           geometric_draw(lab, table, row, "wbc", "wbc_gsd", 500, HEMA_WBC, &c->wbc, err) &&
           geometric_draw(lab, table, row, "plt", "plt_gsd", 3000, HEMA_PLT, &c->plt, err) &&
           normal_draw(lab, table, row, "mpv", "mpv_sd", 30, HEMA_MPV, &c->mpv, err) &&
           moments_draw(lab, table, row, "retp", "retp_sd", 40, HEMA_RETP, &c->retp, err) &&
           number(table, row, "nrbc", 0, 500, &c->nrbc_median, err);
}

static bool read_condition(lab_t *lab, const csv_t *table, size_t row, double share_within, err_t *err)
{
    static const char *const COLUMN[SETTING_COUNT] = {"weight_community", "weight_outpatient", "weight_ed",
                                                      "weight_inpatient", "weight_icu"};
    cells_model_t *model = lab->cells;
    const char *category, *blasts;
    double low, high, alone;
    if (model->count == CELLS_MAX_CONDITIONS)
        return csv_fail(table, row, err, "more than %d conditions", (int)CELLS_MAX_CONDITIONS);
    cells_condition_t *c = &model->conditions[model->count];
    if (!text(table, row, "condition_id", &c->id, err) || !text(table, row, "name", &c->name, err) ||
        !text(table, row, "category", &category, err) || !text(table, row, "blasts_as", &blasts, err))
        return false;
    if (cells_condition_find(lab, c->id) >= 0) return csv_fail(table, row, err, "%s is listed twice", c->id);
    for (int s = 0; s < SETTING_COUNT; s++)
        if (!number(table, row, COLUMN[s], 0, 1e6, &c->weight[s], err)) return false;
    if (!number(table, row, "age_low", 0, 120, &low, err) || !number(table, row, "age_high", low, 120, &high, err) ||
        !number(table, row, "female_weight", 0, 1, &c->sex_weight[SEX_FEMALE], err) ||
        !number(table, row, "male_weight", 0, 1, &c->sex_weight[SEX_MALE], err) ||
        !number(table, row, "alone", 0, 1, &alone, err) || !read_blood(lab, table, row, c, err) ||
        !read_classes(lab, table, row, share_within, c, err) || !read_traits(table, row, c, err) ||
        !read_ties(lab, table, row, c, err) || !number_or_none(table, row, "small_share", 0.9, &c->small_share, err) ||
        !number_or_none(table, row, "clone", 1, &c->clone, err) ||
        !number_or_none(table, row, "esr", 150, &c->esr_median, err) ||
        !number_or_none(table, row, "ipf", 60, &c->ipf_median, err) ||
        !number_or_none(table, row, "rethe", 50, &c->rethe_mean, err))
        return false;
    c->age_low = (int)low;
    c->age_high = (int)high;
    c->alone = alone > 0;
    c->normal = strcmp(category, "normal") == 0;
    c->blasts_as_lymph = strcmp(blasts, "lymph") == 0;
    if (!c->blasts_as_lymph && strcmp(blasts, "mono") != 0)
        return csv_fail(table, row, err, "blasts_as is \"%s\"; use mono or lymph", blasts);
    if (c->normal)
        for (int sex = 0; sex < 2; sex++)
            if (c->sex_weight[sex] > 0) model->normal[sex] = model->count;
    for (int s = 0; s < SETTING_COUNT; s++) model->total[s] += c->weight[s];
    model->count++;
    return true;
}

/* ---- the figures of the model ---- */

static bool figure(const csv_t *table, const char *name, double *value, err_t *err)
{
    int parameter, column;
    if (!csv_need(table, "parameter", &parameter, err) || !csv_need(table, "value", &column, err)) return false;
    for (size_t row = 0; row < table->rows; row++)
        if (strcmp(csv_text(table, row, parameter), name) == 0) return csv_double(table, row, column, value, err);
    return err_set(err, ERR_INPUT, "%s has no row \"%s\"", table->file, name);
}

/* L of L L' = R for the four red cell scores; the correlations that are not named are 0. */
static bool join_red_cells(const csv_t *table, cells_model_t *model, err_t *err)
{
    double r[4][4] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    if (!figure(table, "r_hgb_mcv", &r[SCORE_MCV][SCORE_HGB], err) ||
        !figure(table, "r_hgb_mchc", &r[SCORE_MCHC][SCORE_HGB], err) ||
        !figure(table, "r_mcv_mchc", &r[SCORE_MCHC][SCORE_MCV], err) ||
        !figure(table, "r_mcv_rdw", &r[SCORE_RDW][SCORE_MCV], err))
        return false;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j <= i; j++) {
            double s = r[i][j];
            for (int k = 0; k < j; k++) s -= model->factor[i][k] * model->factor[j][k];
            if (i == j && !(s > 1e-6))
                return err_set(err, ERR_INPUT, "%s: the red cell correlations contradict one another", table->file);
            model->factor[i][j] = i == j ? exact_sqrt(s) : s / model->factor[j][j];
        }
    return true;
}

static bool geometric_figure(const lab_t *lab, const csv_t *table, const char *median, const char *gsd, hema_t which,
                             draw_t *draw, err_t *err)
{
    double a, b;
    if (!figure(table, median, &a, err) || !figure(table, gsd, &b, err)) return false;
    if (!(a > 0 && b >= 1))
        return err_set(err, ERR_INPUT, "%s: %s and %s must be above 0 and 1", table->file, median, gsd);
    *draw = divide(exact_log(a), exact_log(b), cvi_of(lab, which, 0.1));
    return true;
}

static bool read_esr(const lab_t *lab, const csv_t *table, cells_model_t *model, err_t *err)
{
    static const char *const NAMES[2][2] = {{"esr_limit_f_young", "esr_limit_f_old"},
                                            {"esr_limit_m_young", "esr_limit_m_old"}};
    double gsd, limit;
    if (!figure(table, "esr_gsd", &gsd, err)) return false;
    if (!(gsd > 1)) return err_set(err, ERR_INPUT, "%s: esr_gsd must be above 1", table->file);
    model->esr_spread = divide(0, exact_log(gsd), cvi_of(lab, HEMA_ESR, 0.25));
    for (int sex = 0; sex < 2; sex++)
        for (int old = 0; old < 2; old++) {
            if (!figure(table, NAMES[sex][old], &limit, err)) return false;
            if (!(limit > 0)) return err_set(err, ERR_INPUT, "%s: %s must be above 0", table->file, NAMES[sex][old]);
            /* the limit is the 97.5th percentile */
            model->esr_median[sex][old] = exact_log(limit) - 1.959963984540054 * exact_log(gsd);
        }
    return true;
}

static bool read_figures(const lab_t *lab, const csv_t *table, cells_model_t *model, err_t *err)
{
    double mean, sd;
    if (!join_red_cells(table, model, err) || !figure(table, "r_wbc_lymph", &model->r_wbc_lymph, err) ||
        !figure(table, "mpv_plt_exponent", &model->mpv_exponent, err) ||
        !figure(table, "rdw_sd_factor", &model->rdw_sd_factor, err) ||
        !figure(table, "population_cv", &model->population_cv, err) ||
        !figure(table, "irf_ret_exponent", &model->irf_exponent, err) ||
        !figure(table, "rethe_per_mch", &model->rethe_per_mch, err) || !figure(table, "rethe_mean", &mean, err) ||
        !figure(table, "rethe_sd", &sd, err) ||
        !geometric_figure(lab, table, "ig_median", "ig_gsd", HEMA_IGP, &model->ig, err) ||
        !geometric_figure(lab, table, "irf_median_f", "irf_gsd_f", HEMA_IRF, &model->irf[SEX_FEMALE], err) ||
        !geometric_figure(lab, table, "irf_median_m", "irf_gsd_m", HEMA_IRF, &model->irf[SEX_MALE], err) ||
        !geometric_figure(lab, table, "ipf_median", "ipf_gsd", HEMA_IPF, &model->ipf, err) ||
        !read_esr(lab, table, model, err))
        return false;
    if (!(exact_abs(model->r_wbc_lymph) < 1))
        return err_set(err, ERR_INPUT, "%s: r_wbc_lymph must be within 1", table->file);
    model->own_wbc_lymph = exact_sqrt(1 - model->r_wbc_lymph * model->r_wbc_lymph);
    model->rethe = divide(mean, sd, cvi_of(lab, HEMA_RETHE, 0.02) * mean);
    return true;
}

/* What was drawn beside MCH and the platelet count leaves that much for the score of its own. */
static void finish(cells_model_t *model, double nrbc_gsd)
{
    for (int i = 0; i < model->count; i++) {
        cells_condition_t *c = &model->conditions[i];
        double plt = c->plt.between * c->plt.between + c->plt.within * c->plt.within;
        double slope = c->mpv.center * model->mpv_exponent, taken = slope * slope * plt;
        double left = c->mpv.between * c->mpv.between - taken;
        if (left > 0) c->mpv.between = exact_sqrt(left);
        if (c->nrbc_median > 0) c->nrbc = divide(exact_log(c->nrbc_median), exact_log(nrbc_gsd), 0.2);
    }
    for (int c = 0, n = 0; c < CELLS_MAX_CHEMISTRY; c++) {
        for (int i = 0; i < model->count; i++)
            for (int t = 0; t < model->conditions[i].tie_count; t++)
                if (model->conditions[i].ties[t].chemistry == c)
                    model->tied[n++] = (tied_t){(int16_t)i, model->conditions[i].ties[t].chance};
        model->first_tied[c + 1] = (int16_t)n;
    }
    for (int i = 0; i < model->count; i++) {
        const cells_condition_t *c = &model->conditions[i];
        if (c->normal || !c->alone) continue;
        model->alone[model->alone_count++] = (int16_t)i;
        for (int s = 0; s < SETTING_COUNT; s++) model->alone_most[s] += c->weight[s]; /* fit is at most 1 */
    }
    for (int sex = 0; sex < 2; sex++)
        model->ret_median[sex] = exact_exp(model->conditions[model->normal[sex]].retp.center);
}

bool cells_load(lab_t *lab, const source_t *content, err_t *err)
{
    csv_t table, figures;
    double share_within, nrbc_gsd;
    cells_model_t *model = arena_alloc(lab->arena, sizeof *model);
    if (model == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the cells");
    lab->cells = model;
    model->normal[0] = model->normal[1] = -1;
    for (int i = 0; i < HEMA_COUNT; i++) {
        int analyte = lab_analyte_find(lab, HEMA[i]);
        if (analyte < 0) return err_set(err, ERR_INPUT, "lab/hematology/analytes.csv must have %s", HEMA[i]);
        model->analyte[i] = (int16_t)analyte;
        analyte_set_add(&model->analytes, analyte);
    }
    if (!lab_table(lab, content, "lab/hematology/model.csv", &figures, err) ||
        !figure(&figures, "diff_within", &share_within, err) || !figure(&figures, "nrbc_gsd", &nrbc_gsd, err) ||
        !read_figures(lab, &figures, model, err) ||
        !lab_table(lab, content, "lab/hematology/conditions.csv", &table, err))
        return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!read_condition(lab, &table, row, share_within, err)) return false;
    if (model->normal[0] < 0 || model->normal[1] < 0)
        return err_set(err, ERR_INPUT, "%s needs a row of category normal for each sex", table.file);
    if (!(nrbc_gsd > 1)) return err_set(err, ERR_INPUT, "%s: nrbc_gsd must be above 1", figures.file);
    finish(model, nrbc_gsd);
    return true;
}

/* ---- names ---- */

int cells_analyte(const lab_t *lab, hema_t which)
{
    return (unsigned)which < HEMA_COUNT ? lab->cells->analyte[which] : -1;
}

const analyte_set_t *cells_analytes(const lab_t *lab)
{
    return &lab->cells->analytes;
}

int cells_condition_count(const lab_t *lab)
{
    return lab->cells->count;
}

const char *cells_condition_id(const lab_t *lab, int index)
{
    return index >= 0 && index < lab->cells->count ? lab->cells->conditions[index].id : "";
}

const char *cells_condition_name(const lab_t *lab, int index)
{
    return index >= 0 && index < lab->cells->count ? lab->cells->conditions[index].name : "";
}

int cells_condition_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab->cells->count; i++)
        if (strcmp(lab->cells->conditions[i].id, id) == 0) return i;
    return -1;
}

int cells_condition_chemistry(const lab_t *lab, int index)
{
    if (index < 0 || index >= lab->cells->count) return -1;
    const cells_condition_t *c = &lab->cells->conditions[index];
    int best = -1;
    for (int i = 0; i < c->tie_count; i++)
        if (best < 0 || c->ties[i].chance > c->ties[best].chance) best = i;
    return best < 0 ? -1 : c->ties[best].chemistry;
}

double cells_condition_fit(const lab_t *lab, int index, int sex, int age)
{
    if (index < 0 || index >= lab->cells->count) return 1;
    const cells_condition_t *c = &lab->cells->conditions[index];
    return age >= c->age_low && age <= c->age_high ? c->sex_weight[sex] : 0;
}
