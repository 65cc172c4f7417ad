/* Reads the tables of the patient model: margins (distribution.csv for healthy people,
 * population.csv for everyone), the joint distribution (copula.csv) and the ages (ages.csv), and
 * works out which values depend on which. The model itself: patient.c. */
#include "patient_model.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* Normal scores of the 2.5, 10, 25, 50, 75, 90 and 97.5 percentiles. */
static const double KNOT_SCORE[KNOTS] = {-1.959963984540054, -1.2815515655446004, -0.6744897501960817, 0.0,
                                         0.6744897501960817, 1.2815515655446004,  1.959963984540054};

static const char *const KNOT_COLUMN[KNOTS] = {"p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"};

/* The part of the variance that comes and goes within a person. CVi is believed, the width of
 * the whole distribution is believed, the rest is between persons; never more than 90 % is within. */
static void split_variance(margin_t *margin, double cvi, double cv_total)
{
    double within = cvi > 0 && cv_total > 0 ? cvi * cvi / (cv_total * cv_total) : 0.1;
    if (within > 0.9) within = 0.9;
    margin->within = exact_sqrt(within);
    margin->between = exact_sqrt(1.0 - within);
}

static void plain_margin(margin_t *margin, double center, double spread)
{
    for (int i = 0; i < KNOTS - 1; i++) {
        margin->piece[i].at = center;
        margin->piece[i].slope = spread;
    }
}

/* Each piece is the line through its two knots; the outer pieces go on as they were. */
static void knotted_margin(margin_t *margin, const double knots[KNOTS])
{
    for (int i = 0; i < KNOTS - 1; i++) {
        double slope = (knots[i + 1] - knots[i]) / (KNOT_SCORE[i + 1] - KNOT_SCORE[i]);
        margin->piece[i].slope = slope;
        margin->piece[i].at = knots[i] - slope * KNOT_SCORE[i];
    }
}

static bool find_margin(const lab_t *lab, const csv_t *table, size_t row, int *analyte, int *sex, err_t *err)
{
    int id_column, sex_column;
    if (!csv_need(table, "analyte_id", &id_column, err) || !csv_need(table, "sex", &sex_column, err)) return false;
    const char *id = csv_text(table, row, id_column), *letter = csv_text(table, row, sex_column);
    *analyte = lab_analyte_find(lab, id);
    if (*analyte < 0)
        return csv_fail(table, row, err, "analyte \"%s\" is not in lab/analytes.csv; did you mean %s?", id,
                        lab_analyte_nearest(lab, id));
    if (strcmp(letter, "F") != 0 && strcmp(letter, "M") != 0)
        return csv_fail(table, row, err, "sex is \"%s\"; use F or M", letter);
    *sex = letter[0] == 'M' ? SEX_MALE : SEX_FEMALE;
    return true;
}

static bool find_scale(const csv_t *table, size_t row, scale_t *scale, bool *derived, err_t *err)
{
    int column;
    if (!csv_need(table, "scale", &column, err)) return false;
    const char *text = csv_text(table, row, column);
    *derived = strcmp(text, "derived") == 0;
    if (*derived || strcmp(text, "zero") == 0) {
        *scale = SCALE_ZERO;
    } else if (strcmp(text, "normal") == 0) {
        *scale = SCALE_NORMAL;
    } else if (strcmp(text, "lognormal") == 0) {
        *scale = SCALE_LOGNORMAL;
    } else if (strcmp(text, "mirrored") == 0) {
        *scale = SCALE_MIRRORED;
    } else {
        return csv_fail(table, row, err, "scale is \"%s\"; use normal, lognormal, mirrored, derived or zero", text);
    }
    return true;
}

static bool read_number(const csv_t *table, size_t row, const char *name, double otherwise, double *value, err_t *err)
{
    int column;
    return csv_need(table, name, &column, err) && csv_double_or(table, row, column, otherwise, value, err);
}

static bool healthy_margin(const csv_t *table, size_t row, double cvi, margin_t *margin, err_t *err)
{
    double center, spread;
    if (!read_number(table, row, "center", -1, &center, err) || !read_number(table, row, "spread", -1, &spread, err))
        return false;
    if (!(spread > 0) || !(center > 0)) return csv_fail(table, row, err, "center and spread must be above 0");
    double cv_total = spread;
    if (margin->scale == SCALE_NORMAL) cv_total = spread / center;
    if (margin->scale == SCALE_LOGNORMAL) center = exact_log(center);
    if (margin->scale == SCALE_MIRRORED) { /* 100 minus a log-normal; a high score is a high value */
        if (!(center < 100)) return csv_fail(table, row, err, "a mirrored center must be below 100");
        center = exact_log(100.0 - center);
        plain_margin(margin, center, -spread);
    } else {
        plain_margin(margin, center, spread);
    }
    split_variance(margin, cvi, cv_total);
    return true;
}

static bool read_distribution(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/distribution.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        int analyte, sex;
        bool derived;
        scale_t scale;
        if (!find_margin(lab, &table, row, &analyte, &sex, err) || !find_scale(&table, row, &scale, &derived, err))
            return false;
        margin_t *margin = &model->margins[POPULATION_HEALTHY][sex][analyte];
        margin->scale = scale;
        double cvi_pct;
        if (!read_number(&table, row, "within_cvi_pct", -1, &cvi_pct, err)) return false;
        if (cvi_pct > 0) model->cvi[analyte] = cvi_pct / 100.0; /* truer than the catalog's reported CVi */
        if (!read_number(&table, row, "floor", 0, &margin->low, err) ||
            !read_number(&table, row, "ceiling", 1e9, &margin->high, err))
            return false;
        if (derived) analyte_set_add(&model->calculated, analyte);
        if (scale != SCALE_ZERO) {
            if (!healthy_margin(&table, row, model->cvi[analyte], margin, err)) return false;
            analyte_set_add(&model->drawn, analyte);
        }
    }
    memcpy(model->margins[POPULATION_GENERAL], model->margins[POPULATION_HEALTHY],
           sizeof model->margins[POPULATION_GENERAL]);
    return true;
}

/* Where the general population differs from healthy people: its own percentiles. */
static bool read_population(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/population.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        int analyte, sex;
        bool derived;
        scale_t scale;
        if (!find_margin(lab, &table, row, &analyte, &sex, err) || !find_scale(&table, row, &scale, &derived, err))
            return false;
        if ((scale != SCALE_NORMAL && scale != SCALE_LOGNORMAL) || !analyte_set_has(&model->drawn, analyte))
            return csv_fail(&table, row, err, "only an analyte that is drawn (scale normal or lognormal) may be here");
        double knots[KNOTS], last = 0;
        for (int i = 0; i < KNOTS; i++) {
            if (!read_number(&table, row, KNOT_COLUMN[i], -1, &knots[i], err)) return false;
            if (!(knots[i] > last)) return csv_fail(&table, row, err, "percentiles must rise and be above 0");
            last = knots[i];
        }
        double cv_total = exact_log(knots[4] / knots[2]) / (KNOT_SCORE[4] - KNOT_SCORE[2]);
        if (scale == SCALE_LOGNORMAL)
            for (int i = 0; i < KNOTS; i++) knots[i] = exact_log(knots[i]);
        margin_t *margin = &model->margins[POPULATION_GENERAL][sex][analyte];
        margin->scale = scale;
        knotted_margin(margin, knots);
        split_variance(margin, model->cvi[analyte], cv_total);
    }
    return true;
}

/* --- joint distribution --- */

static int copula_row_of(patient_model_t *model, int analyte)
{
    if (model->copula_row[analyte] >= 0) return model->copula_row[analyte];
    if (model->copula_count == COPULA_MAX) return -1;
    model->copula_analyte[model->copula_count] = (int16_t)analyte;
    model->copula_row[analyte] = (int16_t)model->copula_count;
    return model->copula_count++;
}

static bool cholesky(double r[COPULA_MAX][COPULA_MAX], int n)
{
    for (int j = 0; j < n; j++) {
        double d = r[j][j];
        for (int k = 0; k < j; k++) d -= r[j][k] * r[j][k];
        if (!(d > 1e-9)) return false;
        r[j][j] = exact_sqrt(d);
        for (int i = j + 1; i < n; i++) {
            double s = r[i][j];
            for (int k = 0; k < j; k++) s -= r[i][k] * r[j][k];
            r[i][j] = s / r[j][j];
        }
        for (int i = 0; i < j; i++) r[i][j] = 0;
    }
    return true;
}

static bool copula_cell(const lab_t *lab, patient_model_t *model, const csv_t *table, size_t row, err_t *err)
{
    int column[3], analyte[2], at[2];
    double r;
    if (!csv_need(table, "population", &column[0], err) || !csv_need(table, "a", &column[1], err) ||
        !csv_need(table, "b", &column[2], err) || !read_number(table, row, "r", 2, &r, err))
        return false;
    const char *population = csv_text(table, row, column[0]);
    bool healthy = strcmp(population, "healthy") == 0;
    if (!healthy && strcmp(population, "general") != 0)
        return csv_fail(table, row, err, "population is \"%s\"; use healthy or general", population);
    for (int i = 0; i < 2; i++) {
        const char *id = csv_text(table, row, column[i + 1]);
        analyte[i] = lab_analyte_find(lab, id);
        if (analyte[i] < 0 || !analyte_set_has(&model->drawn, analyte[i]))
            return csv_fail(table, row, err, "\"%s\" is not an analyte that is drawn", id);
        at[i] = copula_row_of(model, analyte[i]);
        if (at[i] < 0) return csv_fail(table, row, err, "more than %d correlated analytes", (int)COPULA_MAX);
    }
    if (!(r >= -1.0 && r <= 1.0)) return csv_fail(table, row, err, "r must be -1 to 1");
    if (at[0] == at[1]) r = 1.0; /* a row with itself only fixes the order */
    int which = healthy ? POPULATION_HEALTHY : POPULATION_GENERAL;
    model->factor[which][at[0]][at[1]] = r;
    model->factor[which][at[1]][at[0]] = r;
    return true;
}

static bool read_copula(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    memset(model->copula_row, 0xff, sizeof model->copula_row);
    if (!lab_table(lab, content, "lab/copula.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!copula_cell(lab, model, &table, row, err)) return false;
    for (int which = 0; which < POPULATION_COUNT; which++) {
        for (int i = 0; i < model->copula_count; i++) model->factor[which][i][i] = 1.0;
        if (!cholesky(model->factor[which], model->copula_count))
            return err_set(err, ERR_INPUT,
                           "lab/copula.csv: the %s correlations contradict one another (matrix not positive "
                           "definite); run tools/calibrate_population",
                           which == POPULATION_HEALTHY ? "healthy" : "general");
        for (int i = 0; i < model->copula_count; i++)
            for (int j = 0; j <= i; j++) {
                four_t *at = &model->bands[which][i / SCORE_BAND][j];
                (*at)[i % SCORE_BAND] = (float)model->factor[which][i][j];
            }
    }
    return true;
}

/* --- ages --- */

static bool read_ages(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/ages.csv", &table, err)) return false;
    double total[SETTING_COUNT] = {0};
    for (size_t row = 0; row < table.rows; row++) {
        int column;
        double low, high, weight, female;
        setting_t setting;
        if (!csv_need(&table, "setting", &column, err)) return false;
        if (!setting_find(csv_text(&table, row, column), &setting))
            return csv_fail(&table, row, err, "no setting is called \"%s\"", csv_text(&table, row, column));
        if (!read_number(&table, row, "age_low", -1, &low, err) ||
            !read_number(&table, row, "age_high", -1, &high, err) ||
            !read_number(&table, row, "weight", -1, &weight, err) ||
            !read_number(&table, row, "female_fraction", -1, &female, err))
            return false;
        setting_model_t *m = &model->settings[setting];
        if (!(low >= PATIENT_AGE_LOW && high >= low && high <= PATIENT_AGE_HIGH && weight >= 0) ||
            !(female >= 0 && female <= 1) || m->band_count == MAX_BANDS)
            return csv_fail(&table, row, err, "ages run from %d to %d, weights from 0, at most %d bands",
                            (int)PATIENT_AGE_LOW, (int)PATIENT_AGE_HIGH, (int)MAX_BANDS);
        total[setting] += weight;
        m->female = female;
        m->bands[m->band_count++] = (age_band_t){(int)low, (int)high, total[setting]};
    }
    for (int s = 0; s < SETTING_COUNT; s++) {
        if (!(total[s] > 0))
            return err_set(err, ERR_INPUT, "lab/ages.csv has no ages for %s", setting_name((setting_t)s));
        for (int b = 0; b < model->settings[s].band_count; b++) model->settings[s].bands[b].upto /= total[s];
    }
    return true;
}

/* --- what depends on what --- */

typedef struct {
    const char *id;
    size_t offset;
} name_slot;

#define NAME(member)                                                                                                   \
    {                                                                                                                  \
#member, offsetof(named_t, member)                                                                             \
    }

static const name_slot NAMED[] = {
    NAME(sodium),      NAME(potassium),  NAME(chloride),     NAME(co2),        NAME(anion_gap),     NAME(bun),
    NAME(creatinine),  NAME(glucose),    NAME(calcium),      NAME(ica),        NAME(total_protein), NAME(albumin),
    NAME(globulin),    NAME(bili_total), NAME(bili_direct),  NAME(iron),       NAME(tibc),          NAME(transferrin),
    NAME(tsat),        NAME(ph_art),     NAME(pco2_art),     NAME(hco3_calc),  NAME(base_excess),   NAME(osmolality),
    NAME(cholesterol), NAME(hdl),        NAME(ldl_calc),     NAME(ldl_direct), NAME(triglycerides), NAME(crp),
    NAME(hscrp),       NAME(ethanol),    NAME(egfr),         NAME(spe_alb),    NAME(spe_a1),        NAME(spe_a2),
    NAME(spe_beta),    NAME(spe_gamma),  NAME(u_creatinine), NAME(u_protein),  NAME(u_pcr),
};

static bool find_named(const lab_t *lab, patient_model_t *model, err_t *err)
{
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++) {
        int index = lab_analyte_find(lab, NAMED[i].id);
        if (index < 0)
            return err_set(err, ERR_INPUT, "lab/analytes.csv must have %s: the identities of the blood need it",
                           NAMED[i].id);
        memcpy((char *)&model->at + NAMED[i].offset, &index, sizeof index);
    }
    return true;
}

static void depend(patient_model_t *model, int on_what, const int *others, int count)
{
    for (int i = 0; i < count; i++) {
        assert(others[i] >= 0);
        analyte_set_add(&model->depends[on_what], others[i]);
        analyte_set_join(&model->depends[on_what], &model->depends[others[i]]);
    }
}

#define DEPEND(what, ...)                                                                                              \
    depend(model, what, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/* In topological order: what is depended on comes first. */
static void find_dependencies(patient_model_t *model)
{
    const named_t *at = &model->at;
    for (int i = 0; i < LAB_MAX_ANALYTES; i++) analyte_set_add(&model->depends[i], i);
    DEPEND(at->sodium, at->glucose);
    DEPEND(at->anion_gap, at->albumin, at->sodium, at->co2);
    DEPEND(at->chloride, at->anion_gap);
    DEPEND(at->total_protein, at->albumin);
    DEPEND(at->globulin, at->total_protein);
    DEPEND(at->calcium, at->albumin);
    DEPEND(at->bili_direct, at->bili_total);
    DEPEND(at->pco2_art, at->co2, at->ph_art);
    DEPEND(at->ph_art, at->pco2_art);
    DEPEND(at->hco3_calc, at->ph_art);
    DEPEND(at->base_excess, at->hco3_calc);
    DEPEND(at->ica, at->calcium, at->ph_art);
    DEPEND(at->osmolality, at->sodium, at->bun, at->ethanol, SLOT_OSMOL_GAP);
    DEPEND(at->cholesterol, at->hdl, at->triglycerides);
    DEPEND(at->ldl_direct, at->cholesterol);
    DEPEND(at->ldl_calc, at->cholesterol);
    DEPEND(at->transferrin, at->tibc);
    DEPEND(at->tsat, at->iron, at->tibc);
    DEPEND(at->hscrp, at->crp);
    DEPEND(at->egfr, at->creatinine);
    DEPEND(at->u_protein, at->u_creatinine);
    DEPEND(at->u_pcr, at->u_protein);
    DEPEND(at->u_protein, at->u_pcr);
    DEPEND(at->spe_alb, at->globulin, at->spe_a1, at->spe_a2, at->spe_beta, at->spe_gamma);
    const int fractions[] = {at->spe_a1, at->spe_a2, at->spe_beta, at->spe_gamma};
    for (int i = 0; i < 4; i++) DEPEND(fractions[i], at->spe_alb);
}

/* From total protein and albumin, whose scores have r = 0.38 in NHANES. */
static void globulin_of_health(patient_model_t *model)
{
    const margin_t *tp = &model->margins[POPULATION_HEALTHY][SEX_FEMALE][model->at.total_protein];
    const margin_t *alb = &model->margins[POPULATION_HEALTHY][SEX_FEMALE][model->at.albumin];
    double a = tp->piece[0].slope, b = alb->piece[0].slope;
    model->globulin_mean = tp->piece[0].at - alb->piece[0].at;
    model->globulin_sd = exact_sqrt(a * a + b * b - 2 * 0.38 * a * b);
}

/* Hidden or derived variables that have a score of their own. */
static void hidden_margins(patient_model_t *model)
{
    const int hidden[] = {SLOT_OSMOL_GAP, model->at.spe_alb, model->at.transferrin};
    for (int i = 0; i < 3; i++) {
        analyte_set_add(&model->drawn, hidden[i]);
        for (int p = 0; p < POPULATION_COUNT; p++)
            for (int sex = 0; sex < 2; sex++) {
                margin_t *margin = &model->margins[p][sex][hidden[i]];
                margin->scale = SCALE_ZERO; /* the value is worked out where it is used */
                split_variance(margin, 0, 0);
            }
    }
}

/* The copula's rows come first, in whole bands, then every other drawn variable; last, what the slots weigh. */
static void place_scores(patient_model_t *model)
{
    model->joined = (model->copula_count + SCORE_BAND - 1) / SCORE_BAND * SCORE_BAND;
    int next = model->joined;
    for (int i = 0; i < LAB_MAX_ANALYTES; i++)
        if (analyte_set_has(&model->drawn, i))
            model->slot[i] = (uint8_t)(model->copula_row[i] >= 0 ? model->copula_row[i] : next++);
    assert(next <= SCORE_SLOTS);
    for (int p = 0; p < POPULATION_COUNT; p++)
        for (int sex = 0; sex < 2; sex++)
            for (int i = 0; i < LAB_MAX_ANALYTES; i++) {
                if (!analyte_set_has(&model->drawn, i)) continue;
                model->weights[p][sex].between[model->slot[i]] = (float)model->margins[p][sex][i].between;
                model->weights[p][sex].within[model->slot[i]] = (float)model->margins[p][sex][i].within;
            }
}

/* Quantiles at the middles of equal steps, scaled to variance 1. */
static void fill_normal_table(float *table)
{
    double squares = 0;
    for (int i = 0; i < NORMAL_TABLE; i++) {
        double z = exact_normal_quantile((i + 0.5) / NORMAL_TABLE);
        squares += z * z;
    }
    double scale = 1.0 / exact_sqrt(squares / NORMAL_TABLE);
    for (int i = 0; i < NORMAL_TABLE; i++) table[i] = (float)(scale * exact_normal_quantile((i + 0.5) / NORMAL_TABLE));
}

bool patient_model_load(lab_t *lab, const source_t *content, err_t *err)
{
    patient_model_t *model = arena_alloc(lab->arena, sizeof *model);
    if (model == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the patient model");
    lab->patients = model;
    for (int i = 0; i < lab->analyte_count; i++)
        model->cvi[i] = lab->analytes[i].cvi_pct > 0 ? lab->analytes[i].cvi_pct / 100.0 : 0.03;
    fill_normal_table(model->normal);
    lab->normal = model->normal;
    model->age_factor[0] = 1.0;
    for (int age = 1; age <= PATIENT_AGE_HIGH; age++) model->age_factor[age] = model->age_factor[age - 1] * 0.9938;
    if (!find_named(lab, model, err) || !read_distribution(lab, model, content, err)) return false;
    globulin_of_health(model);
    hidden_margins(model);
    find_dependencies(model);
    if (!read_population(lab, model, content, err) || !read_copula(lab, model, content, err) ||
        !read_ages(lab, model, content, err) || !patient_conditions_load(lab, model, content, err))
        return false;
    place_scores(model);
    analyte_set_t everything = {{0}};
    for (int i = 0; i < lab->analyte_count; i++) analyte_set_add(&everything, i);
    patient_plan(lab, &everything, &model->all);
    return true;
}
