/* Stores: the two lots of a reagent, their expiry, and the crossover from one to the other. A bottle may be
 * loaded whatever its date or its storage; a lot that is new on a line is compared with the old one on patient
 * specimens (CH-014). The comparison measures each specimen with both lots:
 *     value = tube * (1 + bias) * effect of the lot + sd * noise */
#include "shift_private.h"

#include <math.h>

enum { COMPARE_S = 900, EXPIRED_PERCENT = 8, WARM_S = 4 * 3600 };

/* The lots in use stand in the first unit of units.csv, the next ones in the second. */
int care_lot_unit(const shift_t *shift, int line, int analyte, int lot)
{
    return lot == shift->assays[line][analyte].next_lot ? 1 : 0;
}

int32_t care_lot_expires_day(const shift_t *shift, int line, int analyte, int lot)
{
    rng_t rng =
        rng_at(shift->seed, DRAW_CARE, 5000 + (uint64_t)line * LAB_MAX_ANALYTES + (uint64_t)analyte, (uint64_t)lot);
    double u = rng_uniform(&rng);
    int32_t days = 20 + (int32_t)rng_below(&rng, 200);
    bool old = lot != shift->assays[line][analyte].next_lot;
    /* of the lot in use a forgotten bottle may stand behind the others */
    return old && u * 100 < EXPIRED_PERCENT ? -(int32_t)(1 + days % 9) : days;
}

/* `with`: as the line measures now; else without the fault of a new lot. */
double care_remeasure(const shift_t *shift, int32_t index, int a, int line, bool with)
{
    const specimen_t *specimen = &shift->specimens[index];
    int slot = specimen_slot(specimen, a);
    if (slot < 0 || specimen->values < 0 || !shift->assays[line][a].used) return NAN;
    const analyte_t *analyte = lab_analyte(shift->lab, a);
    rng_t rng = rng_at(shift->seed, DRAW_CARE, 9000 + (uint64_t)index * LAB_MAX_ANALYTES + (uint64_t)a, with);
    double x = specimen_tube(shift, specimen)[slot] * shift->assays[line][a].bias;
    analyzer_effect_t effect;
    line_effect(shift, line, a, shift->now_s, &effect);
    if (with && effect.affects) x = x * effect.patient_mul + effect.patient_add;
    x += line_sd(analyte, x) * rng_normal(&rng);
    return x < 0 ? 0 : exact_round(x, analyte->decimals);
}

bool care_compare_list(const shift_t *shift, const action_t *action, err_t *err)
{
    if (action->count < CARE_COMPARE_MIN)
        return err_set(err, ERR_INPUT, "Compare with at least %d patient specimens.", CARE_COMPARE_MIN);
    for (int32_t i = 0; i < action->count; i++) {
        int32_t index = action->list[i];
        if (index < 0 || index >= shift->specimen_count || shift->specimens[index].values < 0)
            return err_set(err, ERR_STATE, "Choose specimens that were measured in this shift.");
        if (shift->specimens[index].bench != (int)line_bench(action->line))
            return err_set(err, ERR_INPUT, "%s does not run the tests of that tube.", line_name(action->line));
        for (int32_t k = 0; k < i; k++)
            if (action->list[k] == index) return err_set(err, ERR_INPUT, "Name each specimen once.");
    }
    return true;
}

crossover_t *care_crossover_of(shift_t *shift, int line, int analyte)
{
    for (int i = shift->care.crossover_count - 1; i >= 0; i--)
        if (shift->care.crossovers[i].line == line && shift->care.crossovers[i].analyte == analyte)
            return &shift->care.crossovers[i];
    return NULL;
}

static crossover_t *new_lot(shift_t *shift, int line, int analyte, int old_lot, int lot, int plant)
{
    care_state_t *care = &shift->care;
    if (care->crossover_count == CARE_CROSSOVERS_MAX) return NULL;
    crossover_t *c = &care->crossovers[care->crossover_count++];
    *c = (crossover_t){.line = (int16_t)line,
                       .analyte = (int16_t)analyte,
                       .old_lot = (int16_t)old_lot,
                       .new_lot = (int16_t)lot,
                       .at_s = shift->now_s,
                       .compared_s = NEVER,
                       .judged_s = NEVER,
                       .state = LOT_CHANGED,
                       .mean_old = NAN,
                       .mean_new = NAN,
                       .plant = (int16_t)plant};
    return c;
}

bool care_load_bottle(shift_t *shift, const action_t *action, err_t *err)
{
    care_state_t *care = &shift->care;
    assay_t *assay = &shift->assays[action->line][action->analyte];
    int lot = action->code <= 0 ? assay->next_lot : action->code;
    if (lot != assay->lot && lot != assay->next_lot)
        return err_set(err, ERR_INPUT, "There is no bottle of lot R%d in the store.", lot);
    int unit = care_lot_unit(shift, action->line, action->analyte, lot);
    bool warm = false;
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        warm =
            warm || (plant->kind == PLANT_REFRIGERATOR && plant->unit == unit && shift->now_s > plant->at_s + WARM_S);
    }
    if (care->load_count < CARE_LOADS_MAX)
        care->loads[care->load_count++] =
            (care_load_t){.line = (int16_t)action->line,
                          .analyte = (int16_t)action->analyte,
                          .lot = (int16_t)lot,
                          .at_s = shift->now_s,
                          .expired = care_lot_expires_day(shift, action->line, action->analyte, lot) < 0,
                          .warm = warm,
                          .known = care->quarantined[unit]};
    if (lot != assay->lot) new_lot(shift, action->line, action->analyte, assay->lot, lot, -1);
    assay->lot = (int16_t)lot;
    return true;
}

void care_bottle_on_board(shift_t *shift, int line, int analyte)
{
    const care_load_t *load = shift->care.load_count ? &shift->care.loads[shift->care.load_count - 1] : NULL;
    int kind = analyzer_fault_find(shift->lab, "reagent_deterioration");
    if (!load || load->line != line || load->analyte != analyte || load->at_s != shift->now_s) return;
    if (!(load->warm || load->expired) || kind < 0 || !analyzer_fault_in_scope(shift->lab, kind, analyte)) return;
    analyzer_fault_t fault = {.kind = (int16_t)kind, .analyte = (int16_t)analyte, .severity = 1};
    care_add_fault(shift, &fault, line, shift->now_s, -1);
}

/* The analyzer goes over to the bottle of the next lot by itself. */
static void lot_change(shift_t *shift, int line, int32_t index)
{
    const plant_t *plant = &shift->scenario->plants[index];
    assay_t *assay = &shift->assays[line][plant->analyte];
    new_lot(shift, line, plant->analyte, assay->lot, assay->next_lot, index);
    assay->lot = assay->next_lot;
    assay->lot_since_s = shift->now_s;
    assay->next_marks |= QC_MARK_LOT;
    if (plant->analyzer.kind >= 0) care_add_fault(shift, &plant->analyzer, line, shift->now_s, index);
    notice_push(shift, NOTICE_ALARM, -1, line, plant->analyte, -1, -1, CARE_NOTICE + CARE_EVENT_LOT);
}

void care_stock_event(shift_t *shift, int line, int32_t what, int32_t about)
{
    if (what == CARE_EVENT_LOT) {
        lot_change(shift, line, about);
        return;
    }
    crossover_t *c = &shift->care.crossovers[about];
    if (c->state == LOT_COMPARING) c->state = LOT_COMPARED;
    c->compared_s = shift->now_s;
    notice_push(shift, NOTICE_ALARM, -1, line, c->analyte, -1, -1, CARE_NOTICE + what);
}

static bool compare_lot(shift_t *shift, const action_t *action, crossover_t *c, err_t *err)
{
    if (!care_compare_list(shift, action, err)) return false;
    if (care_alarm_on(shift, action->line)) return err_set(err, ERR_STATE, "The analyzer has stopped with an alarm.");
    double old_sum = 0, new_sum = 0;
    int n = 0;
    for (int32_t i = 0; i < action->count; i++) {
        double was = care_remeasure(shift, action->list[i], c->analyte, c->line, false);
        double is = care_remeasure(shift, action->list[i], c->analyte, c->line, true);
        if (was != was) continue;
        old_sum += was;
        new_sum += is;
        n++;
    }
    if (n < CARE_COMPARE_MIN)
        return err_set(err, ERR_STATE, "Only %d of these specimens have the test: at least %d are needed.", n,
                       CARE_COMPARE_MIN);
    c->mean_old = old_sum / n;
    c->mean_new = new_sum / n;
    c->specimens = (int16_t)n;
    c->state = LOT_COMPARING;
    return event_push(shift, shift->now_s + COMPARE_S, EVENT_CARE, c->line, CARE_EVENT_COMPARED,
                      (int32_t)(c - shift->care.crossovers));
}

/* Back to the old lot: what the new one did wrong ends with it. */
static void refuse_lot(shift_t *shift, crossover_t *c)
{
    assay_t *assay = &shift->assays[c->line][c->analyte];
    assay->lot = c->old_lot;
    assay->lot_since_s = shift->now_s;
    assay->next_marks |= QC_MARK_LOT;
    for (int i = 0; i < shift->line_fault_count; i++) {
        line_fault_t *fault = &shift->line_faults[i];
        if (c->plant >= 0 && fault->plant == c->plant && fault->cured_s == NEVER) fault->cured_s = shift->now_s;
    }
}

bool care_stock_act(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    crossover_t *c = action->analyte < 0 ? NULL : care_crossover_of(shift, action->line, action->analyte);
    if (!c) return err_set(err, ERR_STATE, "No new lot of that test has gone into use on this line.");
    if (c->state == LOT_ACCEPTED || c->state == LOT_REFUSED)
        return err_set(err, ERR_STATE, "That crossover is signed.");
    if (action->kind == ACT_COMPARE_LOT) return compare_lot(shift, action, c, err);
    if (action->code != 0 && action->code != 1)
        return err_set(err, ERR_INPUT, "Decide: use the new lot, or go back to the old one.");
    c->state = action->code == 1 ? LOT_ACCEPTED : LOT_REFUSED;
    c->judged_s = shift->now_s;
    if (c->state == LOT_REFUSED) refuse_lot(shift, c);
    return true;
}
