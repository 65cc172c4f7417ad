/* See study.h. Exposure and overlap follow Chen, Ankenmann & Spray (2003): with A_i sittings that gave item i,
 * overlap = sum A_i (A_i - 1) / (N (N - 1) L), L the mean length. */
#include "exam/study.h"

#include "cat_private.h"

#include <assert.h>
#include <string.h>

/* Ends of the bands of true ability: the outer ones are open. */
static const double BAND_ENDS[STUDY_BANDS + 1] = {-1e9, -2, -1.5, -0.75, 0, 0.75, 1.5, 2, 1e9};

static const double STEP_WIDTH = 0.25; /* logits, of decisions around the mark */

typedef struct {
    double error, square, se_square, length;
    uint32_t n, finite;
} sums_t;

typedef struct {
    const cat_bank_t *bank;
    study_t *study;
    sums_t all, band[STUDY_BANDS];
    double truth, truth_square, estimate, estimate_square, product;
    double length;
    uint64_t area[AREAS_MAX];
    uint32_t *given; /* [items] in this study */
} tally_t;

static void add_error(sums_t *sums, const cat_view_t *view, double truth)
{
    double error = view->ability.theta - truth;
    sums->n++;
    sums->error += error;
    sums->square += error * error;
    sums->length += view->count;
    if (view->ability.state != ABILITY_FOUND || view->ability.se - view->ability.se != 0) return;
    sums->finite++;
    sums->se_square += view->ability.se * view->ability.se;
}

static void add_content(tally_t *tally, const cat_view_t *view)
{
    const blueprint_t *blueprint = tally->bank->blueprint;
    study_t *study = tally->study;
    int count[AREAS_MAX] = {0}, worst = 0;
    for (int i = 0; i < view->count; i++) {
        count[blueprint->area_of[view->steps[i].item]]++;
        tally->given[view->steps[i].item]++;
    }
    quotas_t quotas = tally->bank->quotas;
    if (view->count != tally->bank->length) blueprint_quotas(blueprint, view->count, &quotas);
    for (int a = 0; a < blueprint->areas; a++) {
        int off = count[a] < quotas.low[a] ? quotas.low[a] - count[a] : count[a] - quotas.high[a];
        if (off > worst) worst = off;
        tally->area[a] += (uint64_t)count[a];
        if (study->people == 1 || count[a] < study->area_least[a]) study->area_least[a] = count[a];
        if (study->people == 1 || count[a] > study->area_most[a]) study->area_most[a] = count[a];
    }
    study->quota_violations += worst > 0;
    if (worst > study->quota_distance) study->quota_distance = worst;
}

static void add_sitting(tally_t *tally, const cat_view_t *view, double truth)
{
    study_t *study = tally->study;
    double theta = view->ability.theta;
    int band = 0;
    while (truth >= BAND_ENDS[band + 1]) band++;
    study->people++;
    add_error(&tally->all, view, truth);
    add_error(&tally->band[band], view, truth);
    tally->truth += truth;
    tally->truth_square += truth * truth;
    tally->estimate += theta;
    tally->estimate_square += theta * theta;
    tally->product += truth * theta;
    if (study->people == 1 || view->count < study->shortest) study->shortest = view->count;
    if (view->count > study->longest) study->longest = view->count;
    study->stops[view->stop]++;
    study->unbounded += view->ability.state != ABILITY_FOUND;
    add_content(tally, view);
    if (!tally->bank->design.has_cut) return;
    int step = (int)exact_floor((truth - tally->bank->design.cut) / STEP_WIDTH) + STUDY_STEPS / 2;
    study_step_t *at = &study->steps[step < 0 ? 0 : step >= STUDY_STEPS ? STUDY_STEPS - 1 : step];
    bool able = truth > tally->bank->design.cut, pass = view->decision == CAT_PASS;
    study->decided += view->stop == CAT_STOP_DECISION;
    study->able += able;
    study->right += able == pass;
    at->people++;
    at->right += able == pass;
    study->false_pass += pass && !able;
    study->false_fail += able && !pass;
}

static void finish_errors(const sums_t *sums, double *bias, double *rmse, double *se, double *length)
{
    double n = sums->n > 0 ? sums->n : 1;
    *bias = sums->error / n;
    *rmse = exact_sqrt(sums->square / n);
    *se = sums->finite > 0 ? exact_sqrt(sums->se_square / sums->finite) : 0;
    *length = sums->length / n;
}

static void finish_exposure(tally_t *tally)
{
    study_t *study = tally->study;
    size_t items = tally->bank->items->count;
    double n = study->people, pairs = 0, square = 0, unused = 0;
    for (size_t i = 0; i < items; i++) {
        double given = tally->given[i], share = given / n;
        int decile = given > 0 ? (int)-exact_floor(-share * 10 + 1e-9) : 0;
        if (share > study->exposure_max) study->exposure_max = share;
        study->exposure_mean += share / (double)items;
        square += share * share / (double)items;
        unused += tally->given[i] == 0;
        study->exposure_deciles[decile < 1 && given > 0 ? 1 : decile]++;
        pairs += given * (given - 1);
    }
    double variance = square - study->exposure_mean * study->exposure_mean;
    study->exposure_sd = exact_sqrt(variance > 0 ? variance : 0);
    study->unused_share = unused / (double)items;
    study->overlap = study->people > 1 && study->mean_length > 0 ? pairs / (n * (n - 1) * study->mean_length) : 0;
}

static void finish(tally_t *tally)
{
    study_t *study = tally->study;
    double n = study->people;
    finish_errors(&tally->all, &study->bias, &study->rmse, &study->se, &study->mean_length);
    for (int b = 0; b < STUDY_BANDS; b++) {
        study_band_t *band = &study->bands[b];
        band->low = BAND_ENDS[b];
        band->high = BAND_ENDS[b + 1];
        band->people = tally->band[b].n;
        finish_errors(&tally->band[b], &band->bias, &band->rmse, &band->se, &band->mean_length);
    }
    double truths = tally->truth_square - tally->truth * tally->truth / n;
    double estimates = tally->estimate_square - tally->estimate * tally->estimate / n;
    double both = tally->product - tally->truth * tally->estimate / n;
    study->correlation = truths > 0 && estimates > 0 ? both / exact_sqrt(truths * estimates) : 0;
    for (int a = 0; a < tally->bank->blueprint->areas; a++) study->area_mean[a] = (double)tally->area[a] / n;
    for (int s = 0; s < STUDY_STEPS; s++) {
        study->steps[s].low = s > 0 ? (s - STUDY_STEPS / 2) * STEP_WIDTH : BAND_ENDS[0];
        study->steps[s].high = s + 1 < STUDY_STEPS ? (s + 1 - STUDY_STEPS / 2) * STEP_WIDTH : BAND_ENDS[STUDY_BANDS];
    }
    study->given = tally->given;
    finish_exposure(tally);
}

static double draw_truth(const study_plan_t *plan, uint64_t person)
{
    rng_t rng = rng_at(plan->seed, CAT_DOMAIN_PERSON, person, 0);
    return plan->mean + plan->sd * rng_normal(&rng);
}

static int draw_response(const irt_item_t *item, double theta, uint64_t seed, uint64_t person, int place)
{
    double p[IRT_CATEGORIES_MAX];
    rng_t rng = rng_at(seed, CAT_DOMAIN_RESPONSE, person, (uint64_t)place);
    double u = rng_uniform(&rng);
    int response = 0;
    irt_probabilities(item, theta, p);
    for (int k = item->categories - 1; k > 0 && response == 0; k--) { /* from the top: a high draw is a good answer */
        u -= p[k];
        if (u < 0) response = k;
    }
    return response;
}

static bool play(cat_sitting_t *sitting, const study_plan_t *plan, uint64_t person, double truth, cat_use_t *use,
                 err_t *err)
{
    const items_t *items = sitting->bank->items;
    if (!cat_begin(sitting, plan->seed, person, NULL, use, err)) return false;
    for (int item = cat_next(sitting); item >= 0; item = cat_next(sitting))
        cat_answer(sitting, draw_response(&items->items[item], truth, plan->seed, person, item));
    return true;
}

static bool check_plan(const study_plan_t *plan, err_t *err)
{
    if (plan->people < 1 || plan->people > STUDY_PEOPLE_MAX)
        return err_set(err, ERR_INPUT, "a study has 1 to %d people", STUDY_PEOPLE_MAX);
    if (!(plan->sd >= 0 && plan->sd <= IRT_LOCATION_MAX) || !(exact_abs(plan->mean) <= IRT_LOCATION_MAX))
        return err_set(err, ERR_INPUT, "abilities have a mean within 50 logits of 0 and an SD of 0 to 50");
    return true;
}

bool study_run(study_t *study, arena_t *arena, const cat_bank_t *bank, const study_plan_t *plan, cat_use_t *use,
               study_watch_t *watch, void *context, err_t *err)
{
    cat_sitting_t *sitting;
    *study = (study_t){0};
    tally_t tally = {.bank = bank, .study = study};
    if (!check_plan(plan, err) || !cat_sitting(&sitting, arena, bank, err)) return false;
    tally.given = arena_array(arena, bank->items->count, sizeof(uint32_t));
    if (!tally.given) return err_set(err, ERR_MEMORY, "the counts of the study do not fit into memory");
    uint32_t yielded = use ? use->yielded : 0;
    for (uint64_t person = 0; person < plan->people; person++) {
        double truth = draw_truth(plan, person);
        if (!play(sitting, plan, person, truth, use, err)) return false;
        cat_view_t view = cat_view(sitting);
        add_sitting(&tally, &view, truth);
        if (watch) watch(context, &view, truth);
    }
    study->yielded = use ? use->yielded - yielded : 0;
    finish(&tally);
    return true;
}

static double greatest_exposure(const cat_use_t *use, const cat_bank_t *bank, uint32_t people)
{
    uint32_t most = 0;
    for (size_t i = 0; i < bank->items->count; i++)
        if (use->administered[i] > most) most = use->administered[i];
    return (double)most / people;
}

bool study_tune(cat_use_t *use, arena_t *arena, const cat_bank_t *bank, const study_plan_t *plan, int rounds,
                double *reached, err_t *err)
{
    static const double CLOSE = 0.01;
    assert(use->method == CAT_EXPOSURE_SYMPSON_HETTER);
    cat_sitting_t *sitting;
    if (!check_plan(plan, err) || !cat_sitting(&sitting, arena, bank, err)) return false;
    *reached = 1;
    for (int round = 0; round<rounds && * reached> use->r_max + CLOSE; round++) {
        study_plan_t draw = *plan;
        rng_t rng = rng_at(plan->seed, CAT_DOMAIN_TUNE, (uint64_t)round, 0);
        draw.seed = rng_u64(&rng); /* other people in each round, and others than those of the study */
        cat_use_reset(use, bank);
        for (uint64_t person = 0; person < draw.people; person++)
            if (!play(sitting, &draw, person, draw_truth(&draw, person), use, err)) return false;
        *reached = greatest_exposure(use, bank, draw.people);
        if (*reached <= use->r_max + CLOSE) break; /* these parameters are good: they stay */
        for (size_t i = 0; i < bank->items->count; i++) {
            double selected = (double)use->selected[i] / draw.people;
            use->parameter[i] = selected > use->r_max ? use->r_max / selected : 1;
        }
    }
    cat_use_reset(use, bank);
    return true;
}
