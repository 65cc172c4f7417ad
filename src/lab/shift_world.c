/* The world of a shift before anybody acts: who is ill, whose blood is in which tube, when it
 * comes, and what is planted. Arrivals are a Poisson number spread over the hours by the setting's
 * profile (content/lab/arrivals.csv); orders by content/lab/panels.csv; natural faults at the rates
 * of content/lab/preanalytic_rates.csv times the scenario's `background`. */
#include "content_private.h"
#include "natural.h"
#include "patient_noise.h"
#include "roles.h"
#include "shift_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { PERSON_TRIES = 48, SWAP_SHOWS = 3, MRN_BASE = 1000000 };

static const double SWAP_MARGIN = 1.2;

static const lab_content_t *content_of(const shift_t *shift)
{
    return lab_content(shift->lab);
}

int specimen_slot(const specimen_t *specimen, int analyte)
{
    if (!tests_has(specimen->tests, analyte)) return -1;
    int word = analyte >> 6;
    uint64_t below = specimen->tests[word] & ((1ULL << (analyte & 63)) - 1);
    return specimen->tests_below[word] + tests_bits(below);
}

void specimen_count_tests(specimen_t *specimen)
{
    specimen->test_count = 0;
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        specimen->tests_below[w] = (uint8_t)specimen->test_count;
        specimen->test_count = (int16_t)(specimen->test_count + tests_bits(specimen->tests[w]));
    }
}

/* ---- people ---- */

static void person_name(shift_t *shift, person_t *person, int32_t index)
{
    const lab_content_t *content = content_of(shift);
    rng_t rng = rng_at(shift->seed, DRAW_PERSON, (uint64_t)index, 0);
    int sex = person->model.sex;
    person->family = content->family[rng_below(&rng, (uint32_t)content->family_count)];
    person->given = content->given[sex][rng_below(&rng, (uint32_t)content->given_count[sex])];
    /* consecutive from a drawn start: never twice in one shift */
    rng_t base = rng_at(shift->seed, DRAW_PERSON, 0, 1);
    person->mrn = MRN_BASE + (int32_t)((rng_below(&base, 8000000) + (uint32_t)index * 7919u) % 8999999u);
    person->birth_month = (int16_t)(1 + rng_below(&rng, 12));
    person->birth_day = (int16_t)(1 + rng_below(&rng, 28));
    /* The laboratory's year is fixed, so that ages do not depend on any clock. Birthdays up to the
     * shift's date (November 24, 2026) have passed. */
    bool passed = person->birth_month < 11 || (person->birth_month == 11 && person->birth_day <= 24);
    person->birth_year = (int16_t)(2026 - person->model.age_y - (passed ? 0 : 1));
}

static void person_priors(shift_t *shift, person_t *person, int32_t index, double first_h)
{
    rng_t rng = rng_at(shift->seed, DRAW_PERSON, (uint64_t)index, 2);
    static const double with_history[SETTING_COUNT] = {0.2, 0.45, 0.35, 0.85, 0.95};
    static const double step_h[SETTING_COUNT] = {2000, 900, 500, 24, 12};
    setting_t setting = (setting_t)person->model.setting;
    double at = first_h;
    if (at <= 0 && !rng_chance(&rng, with_history[setting])) return;
    if (at <= 0) at = step_h[setting] * (0.6 + 0.6 * rng_uniform(&rng));
    int count = 1 + (int)rng_below(&rng, SHIFT_PRIORS);
    for (int i = 0; i < count; i++) {
        person->prior_hours[person->priors++] = (float)at;
        at += step_h[setting] * (0.8 + 0.4 * rng_uniform(&rng));
    }
}

static int32_t person_add(shift_t *shift, setting_t setting, const patient_request_t *request,
                          const patient_plan_t *plan, double prior_h, int attempt)
{
    if (shift->person_count == PERSONS_MAX) return -1;
    int32_t index = shift->person_count;
    person_t *person = &shift->persons[index];
    person->forced_analyte = -1;
    person->priors = 0;
    person->request = *request;
    person->key = (uint64_t)index + (uint64_t)attempt * 100003u;
    patient_draw_some(shift->lab, setting, request, shift->seed, person->key, plan, &person->model);
    person_name(shift, person, index);
    person_priors(shift, person, index, prior_h);
    shift->person_count++;
    return index;
}

void person_complete(shift_t *shift, int32_t index)
{
    person_t *person = &shift->persons[index];
    patient_draw(shift->lab, (setting_t)person->model.setting, &person->request, shift->seed, person->key,
                 &person->model);
}

/* ---- orders ---- */

static void specimen_take_panel(const shift_t *shift, specimen_t *specimen, int panel)
{
    const lab_content_t *content = content_of(shift);
    if (specimen->panel_count == 4) return;
    for (int i = 0; i < specimen->panel_count; i++)
        if (specimen->panels[i] == panel) return;
    specimen->panels[specimen->panel_count++] = (int16_t)panel;
    for (int w = 0; w < ANALYTE_WORDS; w++) specimen->tests[w] |= content->panels[panel].tests[w];
    if (specimen->panel_count > 1) return;
    specimen->tube_ordered = specimen->tube = (int16_t)content->panel_tube[panel];
    specimen->bench = (uint8_t)content->panel_bench[panel];
}

static bool panel_staffed(const shift_t *shift, int panel)
{
    return shift->scenario->benches & (1u << lab_content(shift->lab)->panel_bench[panel]);
}

static void orders_start(shift_t *shift)
{
    const lab_content_t *content = content_of(shift);
    for (int s = 0; s < SETTING_COUNT; s++)
        for (int i = 0; i < content->panel_count; i++) {
            orders_t *orders = &shift->orders[s];
            double weight = content->panel_weights[i].primary[s];
            if (!panel_staffed(shift, i) || !(weight > 0)) continue;
            orders->panel[orders->count] = (int16_t)i;
            orders->weight[orders->count++] = weight;
            orders->total += weight;
        }
}

static void specimen_order(const shift_t *shift, specimen_t *specimen, int main_panel, rng_t *rng)
{
    const lab_content_t *content = content_of(shift);
    setting_t setting = (setting_t)specimen->setting;
    if (main_panel < 0) {
        const orders_t *orders = &shift->orders[setting];
        double u = rng_uniform(rng) * orders->total;
        for (int i = 0; i < orders->count && u >= 0; i++) {
            u -= orders->weight[i];
            main_panel = orders->panel[i];
        }
        assert(main_panel >= 0); /* every bench has a panel that is ordered by itself in every setting */
    }
    specimen_take_panel(shift, specimen, main_panel);
    /* one number says which panel is the first that goes with it, if any; the next, which of those that follow */
    double u = rng_uniform(rng), none = 1;
    for (int i = 0; i < content->panel_count; i++) {
        if (content->panel_tube[i] != specimen->tube_ordered) continue;
        none *= 1 - content->panel_weights[i].extra[setting];
        if (u < none) continue;
        specimen_take_panel(shift, specimen, i);
        u = rng_uniform(rng);
        none = 1;
    }
    specimen_count_tests(specimen);
}

static priority_t draw_priority(setting_t setting, rng_t *rng)
{
    static const double stat[SETTING_COUNT] = {0, 0.01, 0.7, 0.1, 0.5};
    static const double urgent[SETTING_COUNT] = {0, 0.04, 0.2, 0.15, 0.3};
    double u = rng_uniform(rng);
    if (u < stat[setting]) return PRIORITY_STAT;
    return u < stat[setting] + urgent[setting] ? PRIORITY_URGENT : PRIORITY_ROUTINE;
}

static double draw_transport_min(setting_t setting, rng_t *rng)
{
    static const double least[SETTING_COUNT] = {20, 15, 6, 12, 8};
    static const double mean[SETTING_COUNT] = {15, 12, 7, 12, 8};
    double minutes = least[setting] + rng_exponential(rng, mean[setting]);
    return minutes > 60 ? 60 : minutes;
}

static int draw_place(const shift_t *shift, setting_t setting, rng_t *rng)
{
    const lab_content_t *content = content_of(shift);
    int fit = 0, at = 0;
    for (int i = 0; i < content->place_count; i++) fit += content->places[i].setting == setting;
    if (fit == 0) return 0;
    int of_these = (int)rng_below(rng, (uint32_t)fit);
    for (;; at++)
        if (content->places[at].setting == setting && of_these-- == 0) return at;
}

specimen_t *specimen_new(shift_t *shift, setting_t setting, int32_t arrive_s)
{
    if (shift->specimen_count == SHIFT_MAX_SPECIMENS) return NULL;
    specimen_t *specimen = &shift->specimens[shift->specimen_count++];
    *specimen = (specimen_t){.setting = (uint8_t)setting,
                             .arrive_s = arrive_s,
                             .line = -1,
                             .fill = 1.0f,
                             .h_index = NAN,
                             .i_index = NAN,
                             .l_index = NAN,
                             .received_s = NEVER,
                             .spin_s = NEVER,
                             .spun_s = NEVER,
                             .loaded_s = NEVER,
                             .sampled_s = NEVER,
                             .resulted_s = NEVER,
                             .inspected_s = NEVER,
                             .looked_s = NEVER,
                             .opened_s = NEVER,
                             .film_s = NEVER,
                             .treated_s = NEVER,
                             .centrifuge = -1,
                             .store = -1,
                             .parent = -1,
                             .stored_s = NEVER,
                             .spin_program = -1,
                             .compared_s = NEVER,
                             .unread_s = NEVER,
                             .relabeled_s = NEVER,
                             .reject_code = -1,
                             .accept_code = -1,
                             .decided_s = NEVER,
                             .first_result = -1,
                             .last_result = -1,
                             .recollect_of = -1,
                             .replaced_by = -1,
                             .plant = -1,
                             .values = -1};
    return specimen;
}

void specimen_due(specimen_t *specimen)
{
    static const int32_t minutes[3] = {240, 120, 60};
    specimen->due_s = specimen->arrive_s + minutes[specimen->priority] * 60;
}

void specimen_add_fault(shift_t *shift, specimen_t *specimen, specimen_fault_t fault)
{
    fault_cues_t cues;
    fault_cues(shift->lab, &fault, &cues);
    if (fault_of_label(shift->lab, &fault)) {
        specimen->cues_before |= cues.before_spin;
        return;
    }
    if (specimen->fault_count == SPECIMEN_FAULTS_MAX) return;
    specimen->faults[specimen->fault_count++] = fault;
    specimen->cues_before |= cues.before_spin;
    specimen->cues_after |= cues.after_spin;
    if (cues.before_spin & LOOK_FILL_LOW) specimen->fill = 0.45f;
    if (cues.before_spin & LOOK_NO_TIME) specimen->time_missing = true;
    tube_effect_t effect = coag_tube_effect(fault_id(shift->lab, fault.kind));
    if (effect == TUBE_HEPARIN || effect == TUBE_FLUSH) specimen->line_draw = true; /* where it comes from */
    const char *in_hand = fault_tube(shift->lab, &fault);
    int tube = in_hand ? lab_tube_find(shift->lab, in_hand) : -1;
    if (tube >= 0) specimen->tube = (int16_t)tube;
}

/* What a tube asks of the blood beside its tests. */
enum {
    EXTRAS_NONE,
    EXTRAS_SERUM = 3, /* the look of serum and the displaced plasma water: bilirubin, triglycerides, total protein */
    EXTRAS_COUNT = 5, /* ... and what misleads the counter: glucose, sodium */
    EXTRAS_MASK = 7,
    DRAW_CELLS = 8, /* for drawing a person: cells and plasma will be asked too */
    DRAW_CLOTTING = 16
};

static void plan_make(const shift_t *shift, const uint64_t tests[ANALYTE_WORDS], int extras, patient_plan_t *plan)
{
    analyte_set_t wanted;
    memcpy(wanted.bits, tests, sizeof wanted.bits);
    const lab_roles_t *roles = lab_roles(shift->lab);
    const int always[] = {roles->bili_total, roles->triglycerides, roles->total_protein, roles->glucose, roles->sodium};
    for (int i = 0; i < (extras & EXTRAS_MASK); i++)
        if (always[i] >= 0) analyte_set_add(&wanted, always[i]);
    patient_plan(shift->lab, &wanted, plan);
    if (extras & DRAW_CELLS) {
        plan->cells = true;
        analyte_set_join(&plan->need, cells_analytes(shift->lab));
    }
    if (extras & DRAW_CLOTTING) {
        plan->clotting = true;
        analyte_set_join(&plan->need, coag_analytes(shift->lab));
    }
}

static size_t plan_slot(const uint64_t tests[ANALYTE_WORDS], int extras)
{
    uint64_t mixed = (uint64_t)extras;
    for (int w = 0; w < ANALYTE_WORDS; w++) mixed = rng_mix(mixed ^ tests[w]);
    return (size_t)(mixed % PLANS_KEPT);
}

/* The plan of a set of tests: kept from when such an order was seen, or made now. */
static const patient_plan_t *plan_with(const shift_t *shift, const uint64_t tests[ANALYTE_WORDS], int extras)
{
    kept_plan_t *kept = &shift->plans[plan_slot(tests, extras)];
    if (kept->extras != extras || memcmp(kept->tests, tests, sizeof kept->tests) != 0) {
        memcpy(kept->tests, tests, sizeof kept->tests);
        kept->extras = extras;
        plan_make(shift, tests, extras, &kept->plan);
    }
    return &kept->plan;
}

/* Whatever the bench. */
static const patient_plan_t *plan_for(const shift_t *shift, const uint64_t tests[ANALYTE_WORDS])
{
    const analyte_set_t *counted = cells_analytes(shift->lab);
    uint64_t counts = 0;
    for (int w = 0; w < ANALYTE_WORDS; w++) counts |= tests[w] & counted->bits[w];
    return plan_with(shift, tests, counts ? EXTRAS_COUNT : EXTRAS_SERUM);
}

/* One draw: the tubes of one person that are taken together, one after the other in shift->specimens. */
typedef struct {
    setting_t setting;
    int32_t arrive_s;
    int panel, priority; /* -1: drawn */
    const int *with;     /* panels of other tubes that must be there */
    int with_count;
    const patient_request_t *request;
    double prior_h, transport_min; /* 0: drawn; negative: drawn */
    int attempt;                   /* another person for the same order */
} draw_t;

/* A count tube that is old was collected that long ago: its order says so, and age does the rest in any tube. */
static bool is_age(const shift_t *shift, specimen_t *specimen, specimen_fault_t fault)
{
    if (fault.kind != lab_roles(shift->lab)->fault_old || specimen->bench != BENCH_HEMATOLOGY) return false;
    specimen->collected_s = specimen->arrive_s - (int32_t)((double)fault.severity * 3600.0);
    return true;
}

/* Natural faults, as often as in life times `background`. */
static void specimen_nature(shift_t *shift, int32_t index, int32_t first, int32_t tubes)
{
    double scale = shift->scenario->background;
    if (scale <= 0) return;
    specimen_t *specimen = &shift->specimens[index];
    rng_t rng = rng_at(shift->seed, DRAW_FAULT, (uint64_t)index, 0);
    natural_fault_t drawn[SPECIMEN_FAULTS_MAX];
    int n = fault_draw_natural(shift->lab, (bench_t)specimen->bench, (setting_t)specimen->setting, scale, &rng, drawn,
                               SPECIMEN_FAULTS_MAX - 1);
    for (int i = 0; i < n; i++) {
        if (is_age(shift, specimen, drawn[i].fault)) continue;
        for (int32_t t = first; t < first + tubes; t++)
            if (t == index || drawn[i].every_tube) specimen_add_fault(shift, &shift->specimens[t], drawn[i].fault);
        /* a tube that waited on its cells was collected that long ago, and its order says so */
        bool aged = coag_tube_effect(fault_id(shift->lab, drawn[i].fault.kind)) == TUBE_AGE;
        if (drawn[i].fault.kind == lab_roles(shift->lab)->fault_delay || aged)
            specimen->collected_s = specimen->arrive_s - (int32_t)((double)drawn[i].fault.severity * 3600.0);
    }
}

static specimen_t *tube_for(shift_t *shift, const draw_t *draw, int32_t first, int panel)
{
    int wanted = lab_content(shift->lab)->panel_tube[panel];
    for (int32_t t = first; t < shift->specimen_count; t++)
        if (shift->specimens[t].tube_ordered == wanted) return &shift->specimens[t];
    return specimen_new(shift, draw->setting, draw->arrive_s);
}

/* What goes to the other benches of this shift from the same draw. */
static void order_companions(shift_t *shift, const draw_t *draw, int32_t first)
{
    const lab_content_t *content = content_of(shift);
    rng_t rng = rng_at(shift->seed, DRAW_COMPANION, (uint64_t)first, 0);
    uint32_t others = shift->scenario->benches & ~(1u << shift->specimens[first].bench);
    double u = rng_uniform(&rng), none = 1; /* as in specimen_order */
    for (int i = 0; i < content->panel_count; i++) {
        if (!(others >> content->panel_bench[i] & 1)) continue;
        none *= 1 - content->panel_weights[i].extra[draw->setting];
        bool taken = u >= none;
        if (taken) {
            u = rng_uniform(&rng);
            none = 1;
        }
        for (int w = 0; w < draw->with_count; w++) taken = taken || draw->with[w] == i;
        if (!taken) continue;
        specimen_t *specimen = tube_for(shift, draw, first, i);
        if (!specimen) return;
        specimen_take_panel(shift, specimen, i);
        specimen_count_tests(specimen);
    }
}

/* What a person must be able to answer for: all tubes of the draw together. Cells and plasma have no set-points of
 * their own, so that the plans differ by chemistry alone. */
static const patient_plan_t *plan_draw(const shift_t *shift, int32_t first)
{
    const analyte_set_t *cells = cells_analytes(shift->lab), *plasma = coag_analytes(shift->lab);
    uint64_t tests[ANALYTE_WORDS] = {0}, counts = 0, clots = 0;
    for (int32_t t = first; t < shift->specimen_count; t++)
        for (int w = 0; w < ANALYTE_WORDS; w++) tests[w] |= shift->specimens[t].tests[w];
    for (int w = 0; w < ANALYTE_WORDS; w++) {
        counts |= tests[w] & cells->bits[w];
        clots |= tests[w] & plasma->bits[w];
        tests[w] &= ~(cells->bits[w] | plasma->bits[w]);
    }
    int extras = counts ? EXTRAS_COUNT | DRAW_CELLS : EXTRAS_SERUM;
    return plan_with(shift, tests, clots ? extras | DRAW_CLOTTING : extras);
}

/* Returns how many tubes; the first is at *first. 0: no room. */
static int32_t draw_make(shift_t *shift, const draw_t *draw, int32_t *first)
{
    specimen_t *specimen = specimen_new(shift, draw->setting, draw->arrive_s);
    if (!specimen) return 0;
    *first = (int32_t)(specimen - shift->specimens);
    rng_t rng = rng_at(shift->seed, DRAW_SPECIMEN, (uint64_t)*first, 0);
    specimen_order(shift, specimen, draw->panel, &rng);
    specimen->priority = (uint8_t)(draw->priority < 0 ? (int)draw_priority(draw->setting, &rng) : draw->priority);
    specimen->location = (int16_t)draw_place(shift, draw->setting, &rng);
    double transport = draw_transport_min(draw->setting, &rng);
    if (draw->transport_min >= 0) transport = draw->transport_min;
    specimen->collected_s = draw->arrive_s - (int32_t)(transport * 60);
    specimen->line_draw = (draw->setting == SETTING_ICU && rng_chance(&rng, 0.5)) ||
                          (draw->setting == SETTING_ED && rng_chance(&rng, 0.3));
    specimen->fill = (float)(0.85 + 0.15 * rng_uniform(&rng));
    if (shift->scenario->benches & (shift->scenario->benches - 1)) order_companions(shift, draw, *first);
    int32_t person =
        person_add(shift, draw->setting, draw->request, plan_draw(shift, *first), draw->prior_h, draw->attempt);
    if (person < 0) {
        shift->specimen_count = *first;
        return 0;
    }
    shift->persons[person].first_tube = *first;
    for (int32_t t = *first; t < shift->specimen_count; t++) {
        specimen_t *tube = &shift->specimens[t];
        tube->order_person = tube->label_person = tube->blood_person = person;
        tube->next_tube = t + 1 < shift->specimen_count ? t + 1 : -1;
        if (t > *first) {
            tube->priority = specimen->priority;
            tube->location = specimen->location;
            tube->collected_s = specimen->collected_s;
            tube->line_draw = specimen->line_draw;
            tube->fill = (float)(0.92 + 0.08 * rng_uniform(&rng));
        }
        specimen_due(tube);
    }
    return shift->specimen_count - *first;
}

/* ---- arrivals ---- */

static int32_t draw_arrival(const shift_t *shift, setting_t setting, rng_t *rng)
{
    const lab_content_t *content = content_of(shift);
    int first = shift->scenario->view.start_clock_s / 3600;
    int hours = (shift->length_s + 3599) / 3600;
    double total = 0;
    for (int h = 0; h < hours; h++) total += content->arrivals[setting][(first + h) % 24];
    double u = rng_uniform(rng) * total;
    int hour = 0;
    for (; hour < hours - 1; hour++) {
        u -= content->arrivals[setting][(first + hour) % 24];
        if (u < 0) break;
    }
    int32_t at = hour * 3600 + (int32_t)(rng_uniform(rng) * 3600.0);
    /* nothing arrives in the last twentieth: a shift's end is for finishing */
    int32_t last = shift->length_s - shift->length_s / 20;
    return at < last ? at : (int32_t)(rng_uniform(rng) * last);
}

static setting_t draw_setting(const shift_t *shift, rng_t *rng)
{
    double total = 0;
    for (int i = 0; i < SETTING_COUNT; i++) total += shift->scenario->mix[i];
    double u = rng_uniform(rng) * total;
    for (int i = 0; i < SETTING_COUNT - 1; i++) {
        u -= shift->scenario->mix[i];
        if (u < 0) return (setting_t)i;
    }
    return SETTING_ICU;
}

static void make_arrivals(shift_t *shift)
{
    rng_t rng = rng_at(shift->seed, DRAW_WORLD, 0, 0);
    uint32_t coming = rng_poisson(&rng, shift->scenario->mean_specimens);
    patient_request_t any = patient_any();
    for (uint32_t i = 0; i < coming + (uint32_t)shift->scenario->pending; i++) {
        rng_t draw = rng_at(shift->seed, DRAW_ARRIVAL, i, 0);
        setting_t setting = draw_setting(shift, &draw);
        int32_t at = i < coming ? draw_arrival(shift, setting, &draw) : -(int32_t)(rng_uniform(&draw) * 900.0);
        draw_t order = {
            .setting = setting, .arrive_s = at, .panel = -1, .priority = -1, .request = &any, .transport_min = -1};
        int32_t first, tubes = draw_make(shift, &order, &first);
        if (tubes == 0) return;
        for (int32_t t = first; t < first + tubes; t++) specimen_nature(shift, t, first, tubes);
    }
}

/* ---- what is planted ---- */

static draw_t plant_draw(const plant_t *plant, const patient_request_t *request)
{
    return (draw_t){.setting = plant->setting,
                    .arrive_s = plant->kind == PLANT_ADD_ON ? 0 : plant->at_s, /* at: of the order */
                    .panel = plant->panel,
                    .priority = (int)plant->priority,
                    .with = plant->with,
                    .with_count = plant->with_count,
                    .request = request,
                    .prior_h = plant->prior_h,
                    .transport_min = plant->collected_before_min};
}

static patient_request_t plant_request(const plant_t *plant)
{
    patient_request_t request = patient_any();
    request.sex = plant->sex;
    request.age_low = plant->age_low;
    request.age_high = plant->age_high;
    request.healthy = plant->healthy;
    request.cells = (int16_t)(plant->cells + 1);
    request.clotting = (int16_t)(plant->clotting + 1);
    if (plant->condition >= 0) {
        request.forced[0] = (int16_t)plant->condition;
        request.forced_count = 1;
        request.only_forced = true;
    }
    return request;
}

/* What the scenario set of a person's blood. */
static void force_value(const shift_t *shift, const person_t *person, double hour, double *values)
{
    if (person->forced_analyte < 0 || hour <= -12) return;
    if (analyte_at(shift->lab, person->forced_analyte)->bench == BENCH_HEMATOLOGY) {
        cells_t cells;
        cells_at(shift->lab, &person->model, hour, &cells);
        cells_force(shift->lab, &cells, person->forced_analyte, person->forced_value);
        cells_values(shift->lab, &cells, values);
    }
    values[person->forced_analyte] = person->forced_value;
}

static void specimen_values_at(const shift_t *shift, const person_t *person, double hour, const patient_plan_t *plan,
                               double *values)
{
    patient_values_some(shift->lab, &person->model, hour, plan, values);
    force_value(shift, person, hour, values);
}

/* How many tests that tell one person from another would fail their delta check, both ways, if `a`'s blood were
 * reported under `b`'s history; of all tests where the order has none of those. A margin is kept for the days between
 * the two draws and for imprecision. */
static int swap_shows(shift_t *shift, int32_t a, int32_t b, const uint64_t tests[ANALYTE_WORDS])
{
    const patient_plan_t *plan = plan_for(shift, tests);
    const uint64_t *marks = lab_roles(shift->lab)->identity_marks;
    double va[LAB_MAX_ANALYTES], vb[LAB_MAX_ANALYTES];
    specimen_values_at(shift, &shift->persons[a], 0, plan, va);
    specimen_values_at(shift, &shift->persons[b], 0, plan, vb);
    int shows = 0, all = 0, marked = 0;
    for (int i = tests_next(tests, 0); i >= 0; i = tests_next(tests, i + 1)) {
        const analyte_t *analyte = analyte_at(shift->lab, i);
        if (analyte->derived || !tests_has(lab_roles(shift->lab)->identity_marks, i)) continue;
        double change = exact_abs(va[i] - vb[i]);
        double base = va[i] > vb[i] ? va[i] : vb[i]; /* the stricter of the two directions */
        bool fails = (analyte->delta == DELTA_PCT && change > SWAP_MARGIN * analyte->delta_limit / 100 * base) ||
                     (analyte->delta == DELTA_ABS && change > SWAP_MARGIN * analyte->delta_limit);
        all += fails;
        shows += fails && tests_has(marks, i);
        marked += tests_has(marks, i);
    }
    return marked > 0 ? shows : all;
}

static void exchange(shift_t *shift, specimen_t *first, specimen_t *second, int number)
{
    second->location = first->location;
    for (int w = 0; w < ANALYTE_WORDS; w++) second->tests[w] = first->tests[w] |= second->tests[w];
    for (int i = 0; i < second->panel_count; i++) specimen_take_panel(shift, first, second->panels[i]);
    for (int i = 0; i < first->panel_count; i++) specimen_take_panel(shift, second, first->panels[i]);
    specimen_count_tests(first);
    specimen_count_tests(second);
    first->blood_person = second->order_person;
    second->blood_person = first->order_person;
    first->plant = second->plant = (int16_t)number;
}

static void plant_swap(shift_t *shift, int number, const plant_t *plant)
{
    patient_request_t request = plant_request(plant);
    draw_t draw = plant_draw(plant, &request);
    int32_t a, b = 0, tubes = draw_make(shift, &draw, &a);
    if (tubes == 0) return;
    if (plant->other_condition >= 0) request.forced[0] = (int16_t)plant->other_condition;
    draw.arrive_s += 60;
    /* another person until the exchange can be seen; if none will do, the one in whom most of it can */
    int best = 0, most = -1;
    for (int tries = 0; tries <= PERSON_TRIES; tries++) {
        int32_t persons = shift->person_count, specimens = shift->specimen_count;
        draw.attempt = tries < PERSON_TRIES ? tries : best;
        if (draw_make(shift, &draw, &b) == 0) return;
        person_complete(shift, shift->specimens[b].order_person);
        int shows = swap_shows(shift, shift->specimens[a].order_person, shift->specimens[b].order_person,
                               shift->specimens[a].tests);
        if (shows >= SWAP_SHOWS || tries == PERSON_TRIES) break;
        if (shows > most) most = shows, best = tries;
        shift->person_count = persons;
        shift->specimen_count = specimens;
    }
    int32_t others = shift->specimen_count - b;
    person_complete(shift, shift->specimens[a].order_person);
    /* same ward, same round, same orders for the tubes that both have */
    for (int32_t t = 0; t < tubes; t++)
        for (int32_t u = 0; u < others; u++)
            if (shift->specimens[a + t].tube_ordered == shift->specimens[b + u].tube_ordered)
                exchange(shift, &shift->specimens[a + t], &shift->specimens[b + u], number);
}

static void plant_label(shift_t *shift, specimen_t *specimen)
{
    /* the label of the person whose tube was made just before, or of nobody when there is none */
    specimen->label_person = specimen->order_person > 0 ? specimen->order_person - 1 : -1;
    specimen->blood_person = specimen->label_person < 0 ? specimen->order_person : specimen->label_person;
    if (specimen->label_person < 0)
        specimen->cues_before |= LOOK_NO_LABEL;
    else
        person_complete(shift, specimen->blood_person); /* drawn for the tests of another order */
}

static void plant_one(shift_t *shift, int number)
{
    const plant_t *plant = &shift->scenario->plants[number];
    if (plant->kind >= PLANT_REFRIGERATOR) return; /* no specimen: care_start */
    if (plant->kind == PLANT_ANALYZER) {
        if (shift->line_fault_count == LINE_FAULTS_MAX) return;
        line_fault_t *fault = &shift->line_faults[shift->line_fault_count++];
        *fault = (line_fault_t){.fault = plant->analyzer,
                                .line = (int16_t)plant->line,
                                .plant = (int16_t)number,
                                .onset_s = plant->at_s,
                                .cured_s = NEVER};
        return;
    }
    if (plant->kind == PLANT_SWAP) {
        plant_swap(shift, number, plant);
        return;
    }
    patient_request_t request = plant_request(plant);
    draw_t draw = plant_draw(plant, &request);
    int32_t first, tubes = draw_make(shift, &draw, &first);
    if (tubes == 0) return;
    specimen_t *specimen = &shift->specimens[first];
    specimen->plant = (int16_t)number;
    for (int32_t t = first; plant->kind == PLANT_PATIENT && t < first + tubes; t++)
        shift->specimens[t].plant = (int16_t)number;
    /* a clotting time that puzzles is new: had it been long before, somebody would have found out why */
    if (plant->kind == PLANT_PATIENT && plant->clotting >= 0 && plant->prior_h <= 0)
        shift->persons[specimen->order_person].priors = 0;
    if (plant->kind == PLANT_LABEL) plant_label(shift, specimen);
    if (plant->kind == PLANT_ADD_ON) {
        for (int32_t t = first; t < first + tubes; t++) shift->specimens[t].from_before = true;
        specimen->panel_count = 1; /* none that has the test already */
        memcpy(specimen->tests, lab_content(shift->lab)->panels[plant->panel].tests, sizeof specimen->tests);
        specimen_count_tests(specimen);
        tray_plan_order(shift, first, plant->analyte, plant->at_s, number);
    }
    if (plant->kind == PLANT_CRITICAL) {
        person_t *person = &shift->persons[specimen->order_person];
        person->forced_analyte = (int16_t)plant->analyte;
        person->forced_value = plant->value;
        if (plant->analyte >= 0) tests_add(specimen->tests, plant->analyte);
        specimen_count_tests(specimen);
        person_complete(shift, specimen->order_person);
    }
    if (plant->kind != PLANT_SPECIMEN || plant->fault.kind < 0) return;
    for (int32_t t = first; t < first + (plant->every_tube ? tubes : 1); t++) {
        if (!is_age(shift, &shift->specimens[t], plant->fault))
            specimen_add_fault(shift, &shift->specimens[t], plant->fault);
        shift->specimens[t].plant = (int16_t)number;
    }
}

/* ---- the tube's values, when they are first needed ---- */

static void tube_faults(shift_t *shift, specimen_t *specimen, int32_t index, const double *other, double *values)
{
    if (specimen->parent >= 0) index = specimen->parent; /* the same blood */
    rng_t rng = rng_at(shift->seed, DRAW_FAULT, (uint64_t)index, 1);
    fault_hil(shift->lab, specimen->faults, specimen->fault_count, values, &rng, &specimen->hil);
    int delay = lab_roles(shift->lab)->fault_delay;
    bool delayed = false;
    for (int i = 0; i < specimen->fault_count; i++) {
        rng_t draw = rng_at(shift->seed, DRAW_FAULT, (uint64_t)index, (uint64_t)(i + 2));
        fault_apply_specimen(shift->lab, &specimen->faults[i], &draw, other, values);
        delayed = delayed || specimen->faults[i].kind == delay;
    }
    /* every tube waits on its cells until it is spun; below half an hour nothing measurable happens */
    int32_t until = specimen->spun_s == NEVER || specimen->short_spin ? shift->now_s : specimen->spun_s;
    double hours = (double)(until - specimen->collected_s) / 3600.0;
    bool cells = lab_tube(shift->lab, specimen->tube)->spin;
    if (!delayed && cells && delay >= 0 && hours > 0.75) {
        rng_t draw = rng_at(shift->seed, DRAW_FAULT, (uint64_t)index, 9);
        specimen_fault_t waiting = {.kind = (int16_t)delay, .fluid = -1, .severity = (float)hours};
        fault_apply_specimen(shift->lab, &waiting, &draw, NULL, values);
    }
}

/* The stream of the noise of a person's earlier results, by analyte and number. */
static uint64_t prior_stream(const shift_t *shift, int32_t person)
{
    return rng_at(shift->seed, DRAW_PRIOR, (uint64_t)person, 0).state;
}

static double prior_value(const shift_t *shift, uint64_t stream, int analyte, int number, double truth)
{
    const analyte_t *about = analyte_at(shift->lab, analyte);
    if (about->derived || about->decimals < 0) return truth;
    double noise = (double)normal_at(shift->lab->patients, stream, (uint64_t)(analyte + number * LAB_MAX_ANALYTES));
    double value = truth + line_sd(about, truth) * noise;
    if (value < 0) value = 0;
    return exact_round(value, about->decimals);
}

double world_prior(const shift_t *shift, int32_t index, int analyte, int number)
{
    const person_t *person = &shift->persons[index];
    if (number < 0 || number >= person->priors) return NAN;
    uint64_t tests[ANALYTE_WORDS] = {0};
    tests_add(tests, analyte);
    const patient_plan_t *plan = plan_for(shift, tests);
    double values[LAB_MAX_ANALYTES];
    patient_values_some(shift->lab, &person->model, -(double)person->prior_hours[number], plan, values);
    return prior_value(shift, prior_stream(shift, index), analyte, number, values[analyte]);
}

/* The values of the tests, side by side. */
static void compact(const uint64_t tests[ANALYTE_WORDS], const double *values, double *out)
{
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = tests[w]; left != 0; left &= left - 1) *out++ = values[64 * w + __builtin_ctzll(left)];
}

/* The values of a tube of hematology or coagulation in a person at an hour. Cells or plasma give what they measure;
 * chemistry is asked for the extras alone, and for tests that a scenario added to such a tube. */
static void bench_values(const shift_t *shift, const specimen_t *specimen, const person_t *person, double hour,
                         int extras, blood_kept_t *blood, double *values)
{
    bool count = specimen->bench == BENCH_HEMATOLOGY;
    const analyte_set_t *own = count ? cells_analytes(shift->lab) : coag_analytes(shift->lab);
    uint64_t rest[ANALYTE_WORDS], any = (uint64_t)extras;
    for (int w = 0; w < ANALYTE_WORDS; w++) any |= rest[w] = specimen->tests[w] & ~own->bits[w];
    if (any) patient_values_some(shift->lab, &person->model, hour, plan_with(shift, rest, extras), values);
    if (count) {
        cells_at(shift->lab, &person->model, hour, &blood->cells);
        cells_values(shift->lab, &blood->cells, values);
    } else {
        analyte_set_t tests;
        memcpy(tests.bits, specimen->tests, sizeof tests.bits);
        clotting_at_some(shift->lab, &person->model, hour, &tests, &blood->plasma);
        clotting_values_some(shift->lab, &blood->plasma, &tests, values);
    }
}

/* The order's person when the tube was drawn and (`before`) at the last result, and the person whose blood is in it
 * where that is another; not yet what the scenario or a fault did. */
typedef struct {
    double now[LAB_MAX_ANALYTES], other[LAB_MAX_ANALYTES], before[LAB_MAX_ANALYTES];
} drawn_t;

static void drawn_values(shift_t *shift, int32_t index, drawn_t *drawn)
{
    specimen_t *specimen = &shift->specimens[index];
    const person_t *order = &shift->persons[specimen->order_person], *blood = &shift->persons[specimen->blood_person];
    double hour[2] = {(double)specimen->collected_s / 3600.0, order->priors > 0 ? -(double)order->prior_hours[0] : 0};
    if (specimen->bench == BENCH_CHEMISTRY) {
        const patient_plan_t *plan = plan_for(shift, specimen->tests);
        if (order->priors > 0)
            patient_values_twice(shift->lab, &order->model, hour, plan, (double *const[2]){drawn->now, drawn->before});
        else
            patient_values_some(shift->lab, &order->model, hour[0], plan, drawn->now);
        if (blood != order) patient_values_some(shift->lab, &blood->model, hour[0], plan, drawn->other);
        return;
    }
    blood_kept_t another;
    int extras = specimen->bench == BENCH_HEMATOLOGY ? EXTRAS_COUNT : EXTRAS_NONE;
    if (order->priors > 0) bench_values(shift, specimen, order, hour[1], EXTRAS_NONE, &another, drawn->before);
    if (blood != order) bench_values(shift, specimen, order, hour[0], extras, &another, drawn->now);
    blood_kept_t *kept = blood_kept(shift, index);
    bench_values(shift, specimen, blood, hour[0], extras, kept, blood == order ? drawn->now : drawn->other);
    kept->specimen = index + 1;
}

void world_prepare(shift_t *shift, int32_t index)
{
    specimen_t *specimen = &shift->specimens[index];
    if (specimen->prepared) return;
    specimen->prepared = true;
    int32_t n = specimen->test_count;
    if (shift->value_count + n > SHIFT_VALUES_MAX) return;
    specimen->values = shift->value_count;
    shift->value_count += n;
    double *truth = shift->values + 3 * specimen->values, *tube = truth + n, *prior = tube + n;
    memset(specimen_newest_by_slot(shift, specimen), 0xff, (size_t)n * sizeof *shift->newest); /* -1 everywhere */

    const person_t *order = &shift->persons[specimen->order_person], *blood = &shift->persons[specimen->blood_person];
    double hour = (double)specimen->collected_s / 3600.0;
    drawn_t drawn;
    memset(drawn.now, 0, sizeof drawn.now);
    if (blood != order) memset(drawn.other, 0, sizeof drawn.other);
    drawn_values(shift, index, &drawn);
    force_value(shift, order, hour, drawn.now);
    for (int f = 0; f < specimen->fault_count; f++) fault_apply_truth(shift->lab, &specimen->faults[f], drawn.now);
    compact(specimen->tests, drawn.now, truth);
    double *in_tube = drawn.now;
    if (blood != order) {
        force_value(shift, blood, hour, drawn.other);
        in_tube = drawn.other;
    }
    if (specimen->bench == BENCH_HEMATOLOGY) specimen->plasma = counter_plasma(shift->lab, in_tube);
    /* what faults do to counts and clots is the counter's and the coagulometer's to know */
    if (specimen->bench == BENCH_CHEMISTRY) tube_faults(shift, specimen, index, NULL, in_tube);
    compact(specimen->tests, in_tube, tube);

    if (order->priors == 0) {
        for (int i = 0; i < n; i++) prior[i] = NAN;
        return;
    }
    uint64_t stream = prior_stream(shift, specimen->order_person);
    for (int w = 0; w < ANALYTE_WORDS; w++)
        for (uint64_t left = specimen->tests[w]; left != 0; left &= left - 1) {
            int t = 64 * w + __builtin_ctzll(left);
            *prior++ = prior_value(shift, stream, t, 0, drawn.before[t]);
        }
}

bool world_make(shift_t *shift, err_t *err)
{
    orders_start(shift);
    /* planted things first, so that their places do not depend on the number of arrivals */
    for (int i = 0; i < shift->scenario->plant_count; i++) plant_one(shift, i);
    make_arrivals(shift);
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        int32_t at = shift->specimens[i].arrive_s;
        if (!event_push(shift, at < 0 ? 0 : at, EVENT_ARRIVE, -1, i, 0))
            return err_set(err, ERR_LIMIT, "The scenario asks for more specimens than a shift can hold (%d).",
                           SHIFT_MAX_SPECIMENS);
    }
    return true;
}
