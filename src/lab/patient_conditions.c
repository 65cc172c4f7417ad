/* Reads the conditions (conditions.csv), what they do (condition_effects.csv) and which of their
 * effects move together (effect_links.csv), and prepares drawing them.
 *
 * Weights are expected patients per 1000 in a setting. They are spread over sex and age by each
 * condition's demographic window, so that the setting as a whole keeps its weights. The weight of
 * `healthy` is the share of patients without any disease; the others have one to three. Traits
 * (kind `state`: prediabetes, Gilbert syndrome, low vitamin D) may go with either. */
#include "patient_model.h"

#include <string.h>

static bool number(const csv_t *table, size_t row, const char *name, double low, double high, double *value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err) || !csv_double(table, row, column, value, err)) return false;
    if (!(*value >= low && *value <= high)) return csv_fail(table, row, err, "%s must be %g to %g", name, low, high);
    return true;
}

static bool text(const csv_t *table, size_t row, const char *name, const char **value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err)) return false;
    *value = csv_text(table, row, column);
    return true;
}

static int group_of(patient_model_t *model, const char *group)
{
    for (int i = 0; i < model->condition_count; i++)
        if (strcmp(model->conditions[i].group, group) == 0) return model->conditions[i].group_index;
    return model->group_count++;
}

static bool read_condition(patient_model_t *model, const csv_t *table, size_t row, err_t *err)
{
    static const char *const COLUMN[SETTING_COUNT] = {"weight_community", "weight_outpatient", "weight_ed",
                                                      "weight_inpatient", "weight_icu"};
    condition_t condition = {0};
    const char *kind;
    double low, high;
    if (!text(table, row, "condition_id", &condition.id, err) || !text(table, row, "name", &condition.name, err) ||
        !text(table, row, "group", &condition.group, err) || !text(table, row, "kind", &kind, err))
        return false;
    for (int s = 0; s < SETTING_COUNT; s++)
        if (!number(table, row, COLUMN[s], 0, 1000, &condition.weight[s], err)) return false;
    if (strcmp(kind, "healthy") == 0) {
        for (int s = 0; s < SETTING_COUNT; s++) model->settings[s].healthy_weight = condition.weight[s] / 1000.0;
        return true;
    }
    condition.state = strcmp(kind, "state") == 0;
    if (!condition.state && strcmp(kind, "disease") != 0)
        return csv_fail(table, row, err, "kind is \"%s\"; use healthy, disease or state", kind);
    if (!number(table, row, "age_low", 0, 120, &low, err) || !number(table, row, "age_high", low, 120, &high, err) ||
        !number(table, row, "outside_age", 0, 1, &condition.outside_age, err) ||
        !number(table, row, "female_weight", 0, 100, &condition.sex_weight[SEX_FEMALE], err) ||
        !number(table, row, "male_weight", 0, 100, &condition.sex_weight[SEX_MALE], err))
        return false;
    condition.age_low = (int)low;
    condition.age_high = (int)high;
    if (model->condition_count == MAX_CONDITIONS)
        return csv_fail(table, row, err, "more than %d conditions", (int)MAX_CONDITIONS);
    condition.group_index = group_of(model, condition.group);
    model->conditions[model->condition_count++] = condition;
    return true;
}

static bool find_op(const char *name, uint8_t *op)
{
    static const char *const NAMES[] = {"set", "setln", "mul", "add"};
    for (uint8_t i = 0; i < 4; i++)
        if (strcmp(NAMES[i], name) == 0) {
            *op = i;
            return true;
        }
    return false;
}

static bool read_effect(const lab_t *lab, patient_model_t *model, const csv_t *table, size_t row, err_t *err)
{
    const char *id, *analyte, *op;
    effect_t effect = {.link = -1, .own_r = 1.0};
    if (!text(table, row, "condition_id", &id, err) || !text(table, row, "analyte_id", &analyte, err) ||
        !text(table, row, "op", &op, err) || !number(table, row, "value", -1e6, 1e6, &effect.value, err) ||
        !number(table, row, "spread", 0, 1e6, &effect.spread, err))
        return false;
    int c = lab_condition_find(lab, id), a = lab_analyte_find(lab, analyte);
    if (c < 0) return csv_fail(table, row, err, "condition \"%s\" is not in lab/conditions.csv", id);
    if (a < 0)
        return csv_fail(table, row, err, "analyte \"%s\" is not in lab/analytes.csv; did you mean %s?", analyte,
                        lab_analyte_nearest(lab, analyte));
    if (!find_op(op, &effect.op)) return csv_fail(table, row, err, "op is \"%s\"; use set, setln, mul or add", op);
    if ((effect.op == OP_SETLN || effect.op == OP_MUL) && !(effect.value > 0))
        return csv_fail(table, row, err, "%s needs a value above 0", op);
    if (effect.op == OP_SETLN || effect.op == OP_MUL) effect.value = exact_log(effect.value);
    if (a == model->at.hscrp) a = model->at.crp; /* one protein, one true value */
    if (a == model->at.osmolality && effect.op == OP_ADD) {
        a = SLOT_OSMOL_GAP; /* the extra osmolal gap */
    } else if (analyte_set_has(&model->calculated, a) && a != model->at.u_pcr) {
        return csv_fail(table, row, err, "%s is calculated from other analytes; move those", analyte);
    }
    effect.analyte = (int16_t)a;
    condition_t *condition = &model->conditions[c];
    if (condition->effect_count == MAX_EFFECTS)
        return csv_fail(table, row, err, "%s has more than %d effects", id, (int)MAX_EFFECTS);
    condition->effects[condition->effect_count++] = effect;
    analyte_set_add(&condition->touches, effect.analyte);
    return true;
}

/* set and setln first, then mul, then add; file order within each. Says where the last two begin. */
static void sort_effects(condition_t *condition)
{
    static const int PHASE[] = {0, 0, 1, 2};
    for (int i = 1; i < condition->effect_count; i++) {
        effect_t effect = condition->effects[i];
        int j = i;
        for (; j > 0 && PHASE[condition->effects[j - 1].op] > PHASE[effect.op]; j--)
            condition->effects[j] = condition->effects[j - 1];
        condition->effects[j] = effect;
    }
    int i = 0;
    while (i < condition->effect_count && condition->effects[i].op <= OP_SETLN) i++;
    condition->first_mul = i;
    while (i < condition->effect_count && condition->effects[i].op == OP_MUL) i++;
    condition->first_add = i;
}

static bool reaches(const condition_t *condition, int from, int target)
{
    for (int at = from, steps = 0; at >= 0 && steps <= MAX_EFFECTS; at = condition->effects[at].link, steps++)
        if (at == target) return true;
    return false;
}

static int effect_on(const condition_t *condition, int analyte)
{
    for (int i = 0; i < condition->effect_count; i++)
        if (condition->effects[i].analyte == analyte) return i;
    return -1;
}

static bool read_link(const lab_t *lab, patient_model_t *model, const csv_t *table, size_t row, err_t *err)
{
    const char *id, *with;
    double r;
    if (!text(table, row, "analyte_id", &id, err) || !text(table, row, "shares_with", &with, err) ||
        !number(table, row, "r", -1, 1, &r, err))
        return false;
    int a = lab_analyte_find(lab, id), b = lab_analyte_find(lab, with);
    if (a < 0 || b < 0) return csv_fail(table, row, err, "\"%s\" is not in lab/analytes.csv", a < 0 ? id : with);
    for (int c = 0; c < model->condition_count; c++) {
        condition_t *condition = &model->conditions[c];
        int from = effect_on(condition, a), to = effect_on(condition, b);
        if (from < 0 || to < 0 || condition->effects[from].link >= 0) continue;
        if (reaches(condition, to, from)) continue; /* the two are already joined the other way */
        condition->effects[from].link = (int16_t)to;
        condition->effects[from].link_r = r;
        condition->effects[from].own_r = exact_sqrt(1.0 - r * r);
    }
    return true;
}

double condition_fit(const condition_t *condition, int sex, int age)
{
    bool inside = age >= condition->age_low && age <= condition->age_high;
    return condition->sex_weight[sex] * (inside ? 1.0 : condition->outside_age);
}

/* Walker's method, by Vose's stable construction. */
static void build_picks(pick_table_t *table, const double *rates, const int *which, int count)
{
    double scaled[MAX_CONDITIONS];
    int small[MAX_CONDITIONS], large[MAX_CONDITIONS], smalls = 0, larges = 0;
    table->count = count;
    table->rate = 0;
    for (int i = 0; i < count; i++) table->rate += rates[i];
    for (int i = 0; i < count; i++) {
        scaled[i] = table->rate > 0 ? rates[i] * count / table->rate : 1.0;
        table->self[i] = (uint8_t)which[i];
        if (scaled[i] < 1.0) {
            small[smalls++] = i;
        } else {
            large[larges++] = i;
        }
    }
    while (smalls > 0 && larges > 0) {
        int s = small[--smalls], l = large[larges - 1];
        table->keep[s] = (float)scaled[s];
        table->other[s] = (uint8_t)which[l];
        scaled[l] -= 1.0 - scaled[s];
        if (scaled[l] < 1.0) {
            larges--;
            small[smalls++] = l;
        }
    }
    while (larges > 0) table->keep[large[--larges]] = 1.0f;
    while (smalls > 0) table->keep[small[--smalls]] = 1.0f;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* How much a weight of the whole setting is multiplied in one stratum: fit / mean fit. */
static double mean_fit(const setting_model_t *setting, const condition_t *condition)
{
    double sum = 0, before = 0;
    for (int b = 0; b < setting->band_count; b++) {
        const age_band_t *band = &setting->bands[b];
        int age = (band->age_low + band->age_high) / 2;
        sum += (band->upto - before) * (setting->female * condition_fit(condition, SEX_FEMALE, age) +
                                        (1 - setting->female) * condition_fit(condition, SEX_MALE, age));
        before = band->upto;
    }
    return sum;
}

static void build_stratum(const patient_model_t *model, int s, int sex, int age, const double *means,
                          double disease_mean, stratum_t *stratum)
{
    double rates[MAX_CONDITIONS];
    int which[MAX_CONDITIONS];
    for (int state = 0; state < 2; state++) {
        int count = 0;
        for (int c = 0; c < model->condition_count; c++) {
            const condition_t *condition = &model->conditions[c];
            if (condition->state != (state == 1) || !(means[c] > 0)) continue;
            double rate = condition->weight[s] / 1000.0 * condition_fit(condition, sex, age) / means[c];
            if (!(rate > 0)) continue;
            rates[count] = clamp(rate, 0, 0.9);
            which[count++] = c;
        }
        build_picks(state ? &stratum->state : &stratum->disease, rates, which, count);
    }
    /* the share without disease falls where the rates are higher, and keeps its mean */
    double rate = stratum->disease.rate, healthy = model->settings[s].healthy_weight;
    stratum->sick = 0;
    if (rate > 0) stratum->sick = healthy > 0 ? 1.0 - exact_pow(healthy, rate / disease_mean) : 1.0;
    double each = stratum->sick > 0 ? clamp(rate / stratum->sick, 1, 3) : 1;
    stratum->extra = (each - 1) / 2;
    stratum->state_chance = clamp(stratum->state.rate / (3.0 - clamp(rate, 0, 2.5)), 0, 0.95);
}

static bool build_strata(lab_t *lab, patient_model_t *model, err_t *err)
{
    for (int s = 0; s < SETTING_COUNT; s++) {
        setting_model_t *setting = &model->settings[s];
        double means[MAX_CONDITIONS], disease_mean = 0;
        for (int c = 0; c < model->condition_count; c++) {
            means[c] = mean_fit(setting, &model->conditions[c]);
            if (!model->conditions[c].state && means[c] > 0) disease_mean += model->conditions[c].weight[s] / 1000.0;
        }
        if (!(disease_mean > 0))
            return err_set(err, ERR_INPUT, "lab/conditions.csv: no disease has a weight in %s",
                           setting_name((setting_t)s));
        setting->strata = arena_array(lab->arena, (size_t)setting->band_count * 2, sizeof *setting->strata);
        if (setting->strata == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the conditions");
        for (int sex = 0; sex < 2; sex++)
            for (int b = 0; b < setting->band_count; b++) {
                int age = (setting->bands[b].age_low + setting->bands[b].age_high) / 2;
                build_stratum(model, s, sex, age, means, disease_mean, &setting->strata[sex * setting->band_count + b]);
            }
    }
    return true;
}

bool patient_conditions_load(lab_t *lab, patient_model_t *model, const source_t *content, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, "lab/conditions.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!read_condition(model, &table, row, err)) return false;
    if (!lab_table(lab, content, "lab/condition_effects.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!read_effect(lab, model, &table, row, err)) return false;
    for (int c = 0; c < model->condition_count; c++) sort_effects(&model->conditions[c]);
    if (!lab_table(lab, content, "lab/effect_links.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!read_link(lab, model, &table, row, err)) return false;
    return build_strata(lab, model, err);
}

int lab_condition_count(const lab_t *lab)
{
    return lab->patients->condition_count;
}

const char *lab_condition_id(const lab_t *lab, int index)
{
    return index >= 0 && index < lab->patients->condition_count ? lab->patients->conditions[index].id : "";
}

const char *lab_condition_name(const lab_t *lab, int index)
{
    return index >= 0 && index < lab->patients->condition_count ? lab->patients->conditions[index].name : "";
}

int lab_condition_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab->patients->condition_count; i++)
        if (strcmp(lab->patients->conditions[i].id, id) == 0) return i;
    return -1;
}
