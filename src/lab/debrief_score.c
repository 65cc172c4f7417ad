/* Weights of the score, competencies, the expert's run, the truth of a specimen, and the check of
 * a scenario. Competencies are tied to the six elements of US competency assessment
 * (42 CFR 493.1451(b)(8)); below a minimum of observations nothing is said. */
#include "content_private.h"
#include "debrief_private.h"
#include "roles.h"
#include "shift_private.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE_SLOT = 4, SEEDS_MAX = 2000 };

typedef struct {
    const char *part;
    size_t offset;
} weight_name_t;

#define WEIGHT(name)                                                                                                   \
    {                                                                                                                  \
#name, offsetof(weights_t, name)                                                                               \
    }
static const weight_name_t weight_names[] = {
    {"harm_minor", offsetof(weights_t, harm) + sizeof(double) * HARM_MINOR},
    {"harm_moderate", offsetof(weights_t, harm) + sizeof(double) * HARM_MODERATE},
    {"harm_severe", offsetof(weights_t, harm) + sizeof(double) * HARM_SEVERE},
    WEIGHT(wrong_rejection),
    WEIGHT(critical),
    WEIGHT(needless_call),
    WEIGHT(phone),
    WEIGHT(workup),
    WEIGHT(survey),
    WEIGHT(qc_missed),
    WEIGHT(qc_harm),
    WEIGHT(qc_harm_cap),
    WEIGHT(false_rejection),
    WEIGHT(blank_record),
    WEIGHT(tube_spin),
    WEIGHT(tube_label),
    WEIGHT(tube_unread),
    WEIGHT(tube_add_on),
    WEIGHT(tube_order),
    WEIGHT(tube_aliquot),
    WEIGHT(tube_unstored),
    WEIGHT(safety_cap),
    WEIGHT(qc_cap),
    WEIGHT(critical_cap),
    WEIGHT(over_cap),
    WEIGHT(record_cap),
    WEIGHT(turnaround_cap),
    WEIGHT(care_unsigned),
    WEIGHT(care_invented),
    WEIGHT(care_out_of_range),
    WEIGHT(care_excursion),
    WEIGHT(care_stock),
    WEIGHT(care_alarm),
    WEIGHT(care_unverified),
    WEIGHT(care_downtime),
    WEIGHT(care_entry),
    WEIGHT(care_false),
    WEIGHT(care_cap),
    WEIGHT(review_wrong),
    WEIGHT(review_missed),
    WEIGHT(review_unsigned),
    WEIGHT(review_needless)};

const weights_t *score_weights(const lab_t *lab)
{
    return lab->ext[SCORE_SLOT];
}

bool score_load(lab_t *lab, const source_t *content, err_t *err)
{
    weights_t *weights = arena_alloc(lab->arena, sizeof *weights);
    csv_t table;
    int part, points;
    if (!weights) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    if (!lab_table(lab, content, "lab/score.csv", &table, err) || !csv_need(&table, "part", &part, err) ||
        !csv_need(&table, "points", &points, err))
        return false;
    uint64_t found = 0;
    for (size_t row = 0; row < table.rows; row++) {
        double value;
        size_t i = 0, count = sizeof weight_names / sizeof *weight_names;
        if (!csv_double(&table, row, points, &value, err)) return false;
        while (i < count && strcmp(weight_names[i].part, csv_text(&table, row, part)) != 0) i++;
        if (i == count) return csv_fail(&table, row, err, "the score has no part \"%s\"", csv_text(&table, row, part));
        memcpy((char *)weights + weight_names[i].offset, &value, sizeof value);
        found |= 1ULL << i;
    }
    for (size_t i = 0; i < sizeof weight_names / sizeof *weight_names; i++)
        if (!(found & (1ULL << i)))
            return err_set(err, ERR_INPUT, "lab/score.csv:1: the part \"%s\" is missing", weight_names[i].part);
    lab->ext[SCORE_SLOT] = weights;
    return true;
}

/* ---- competencies ---- */

static const struct {
    const char *word, *name, *element;
} competences[COMPETENCE_COUNT] = {
    [COMPETENCE_ACCEPTANCE] = {"acceptance", "Specimen acceptance", "1 direct observation of routine performance"},
    [COMPETENCE_RELEASE] = {"release", "Review and release of results",
                            "2 monitoring, recording and reporting of results"},
    [COMPETENCE_CRITICALS] = {"criticals", "Critical values", "2 monitoring, recording and reporting of results"},
    [COMPETENCE_CONTROLS] = {"controls", "Quality control",
                             "3 review of worksheets, quality control and maintenance records"},
    [COMPETENCE_UPKEEP] = {"upkeep", "Start-up and maintenance",
                           "4 direct observation of instrument maintenance and function checks"},
    [COMPETENCE_PLANTED] = {"planted", "Planted specimens",
                            "5 previously analyzed specimens, blind or proficiency samples"},
    [COMPETENCE_PROBLEMS] = {"problems", "Problem solving", "6 assessment of problem solving skills"},
    [COMPETENCE_TELEPHONE] = {"telephone", "Telephone", "2 monitoring, recording and reporting of results"},
};

const char *competence_name(competence_t c)
{
    return competences[c].name;
}

const char *competence_element(competence_t c)
{
    return competences[c].element;
}

const char *competence_word(competence_t c)
{
    return competences[c].word;
}

static competency_t *competency(debrief_t *d, competence_t which)
{
    competency_t *c = &d->competency[which];
    *c = (competency_t){.name = competences[which].name, .element = competences[which].element};
    return c;
}

static int count_of(const debrief_t *d, finding_kind_t kind)
{
    int n = 0;
    for (int i = 0; i < d->finding_count; i++) n += d->findings[i].kind == kind;
    return n;
}

void debrief_competencies(work_t *w)
{
    debrief_t *d = w->debrief;
    static_assert((int)COMPETENCE_COUNT <= (int)DEBRIEF_COMPETENCIES, "room for every competency");
    d->competency_count = COMPETENCE_COUNT;
    competency_t *c = competency(d, COMPETENCE_ACCEPTANCE);
    c->hits = d->rejected_right;
    c->false_alarms = d->rejected_wrong;
    c->misses = count_of(d, FINDING_HARMFUL_RELEASE);
    c->correct_passes = d->correct_passes;
    int hands_right = count_of(d, FINDING_TUBE_DONE),
        hands = hands_right + count_of(d, FINDING_TUBE_SPIN) + count_of(d, FINDING_TUBE_LABEL) +
                count_of(d, FINDING_TUBE_ADD_ON) + count_of(d, FINDING_TUBE_ALIQUOT);
    c->observations = c->hits + c->misses + c->false_alarms + c->correct_passes + hands;
    c->right = c->hits + c->correct_passes + hands_right;

    c = competency(d, COMPETENCE_RELEASE);
    c->hits = count_of(d, FINDING_CAUGHT);
    c->misses = count_of(d, FINDING_HARMFUL_RELEASE);
    c->correct_passes = d->correct_passes;
    c->observations = c->hits + c->misses + c->correct_passes;
    c->right = c->hits + c->correct_passes;

    c = competency(d, COMPETENCE_CRITICALS);
    c->observations = d->criticals_due;
    c->right = d->criticals_called_in_time;

    c = competency(d, COMPETENCE_CONTROLS);
    c->hits = d->qc_detected;
    c->misses = d->qc_faults - d->qc_detected;
    c->false_alarms = d->qc_false_rejections;
    c->observations = d->qc_runs + w->reviews_judged;
    c->right = d->qc_runs - c->misses - c->false_alarms + w->reviews_right;

    c = competency(d, COMPETENCE_UPKEEP);
    for (int line = 0; line < SHIFT_LINES; line++) {
        c->observations += w->shift->lines[line].used;
        c->right += w->shift->lines[line].start_up_s != NEVER;
    }
    c->observations += w->care_seen;
    c->right += w->care_right;

    c = competency(d, COMPETENCE_PLANTED);
    for (int i = 0; i < d->planted_count; i++) {
        c->right += d->planted[i].came && d->planted[i].caught;
        c->observations += d->planted[i].came;
    }

    c = competency(d, COMPETENCE_PROBLEMS);
    c->hits = d->hits + d->qc_detected;
    c->misses = d->misses + d->qc_faults - d->qc_detected;
    c->false_alarms = d->false_alarms;
    c->observations = c->hits + c->misses + c->false_alarms;
    c->right = c->hits;

    c = competency(d, COMPETENCE_TELEPHONE);
    for (int32_t i = 0; i < w->shift->call_count; i++) {
        const call_t *call = &w->shift->calls[i];
        if (!call->incoming || call->at_s > w->shift->ended_s) continue;
        c->observations++;
        c->right += call->state == CALL_DONE && call->in_scope;
    }
}

/* ---- truth, minute by minute ---- */

static bool must_be_over(const shift_t *shift, err_t *err)
{
    return shift->over || err_set(err, ERR_STATE, "The debrief opens when the shift is handed over or its time is up.");
}

int debrief_specimen_at(const shift_t *shift, int32_t specimen, int32_t at_s, seen_true_t *rows, int max, err_t *err)
{
    if (!must_be_over(shift, err) || specimen < 0 || specimen >= shift->specimen_count) return 0;
    const specimen_t *s = &shift->specimens[specimen];
    int n = 0;
    for (int32_t r = s->first_result; r >= 0 && n < max; r = shift->results[r].next) {
        const result_t *result = &shift->results[r];
        if (result->measured_s > at_s) continue;
        int slot = result->slot;
        bool before = result->amended && at_s < result->amended_s;
        rows[n++] = (seen_true_t){.result = r,
                                  .reported = before ? result->old_value : result->value,
                                  .truth_in_patient = s->values < 0 ? NAN : specimen_truth(shift, s)[slot],
                                  .truth_in_tube = s->values < 0 ? NAN : specimen_tube(shift, s)[slot],
                                  .released = result->released_s != NEVER && result->released_s <= at_s};
    }
    return n;
}

bool debrief_specimen_truth(const shift_t *shift, int32_t specimen, text_t *out, err_t *err)
{
    if (!must_be_over(shift, err)) return false;
    if (specimen < 0 || specimen >= shift->specimen_count)
        return err_set(err, ERR_NOT_FOUND, "There is no such specimen.");
    const specimen_t *s = &shift->specimens[specimen];
    if (s->blood_person != s->order_person) {
        const person_t *person = &shift->persons[s->blood_person];
        text_addf(out, "The blood in this tube was that of %s, %s. ", person->family, person->given);
    }
    if (s->parent >= 0)
        text_add(out, "It was poured off another tube. ");
    else if (s->label_person < 0)
        text_add(out, "The tube had no label. ");
    else if (s->label_person != s->order_person)
        text_add(out, "The label named another person. ");
    for (int i = 0; i < s->fault_count; i++) {
        fault_view_t view;
        if (!lab_fault(shift->lab, lab_fault_find(shift->lab, fault_id(shift->lab, s->faults[i].kind)), &view))
            continue;
        text_addf(out, "%s: ", view.name);
        text_add_fixed(out, (double)s->faults[i].severity, 2);
        text_addf(out, " %s. ", view.unit ? view.unit : "");
    }
    const person_t *person = &shift->persons[s->order_person];
    for (int i = 0; i < person->model.n_conditions; i++)
        text_addf(out, "The patient has: %s. ", lab_condition_name(shift->lab, person->model.condition[i]));
    return !out->failed || err_set(err, ERR_LIMIT, "The description is too long.");
}

bool debrief_expert(const shift_t *shift, debrief_t **debrief, shift_t **worked, err_t *err)
{
    *debrief = NULL;
    *worked = NULL;
    if (!must_be_over(shift, err)) return false;
    shift_t *again;
    if (!shift_start(&again, shift->lab, shift->scenario, shift->seed, shift->mode, err)) return false;
    if (!pilot_run(again, PILOT_CAREFUL, shift->length_s, NULL, NULL, err) || !debrief_make(again, debrief, err)) {
        shift_free(again);
        return false;
    }
    *worked = again;
    return true;
}

/* ---- is a scenario solvable and fair? ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool pilot_score(const lab_t *lab, const scenario_t *scenario, uint64_t seed, pilot_t pilot, double *score,
                        scenario_verdict_t *v, err_t *err)
{
    shift_t *shift;
    debrief_t *debrief = NULL;
    if (!shift_start(&shift, lab, scenario, seed, MODE_ASSESS, err)) return false;
    bool ok = pilot_run(shift, pilot, shift->length_s, NULL, NULL, err) && debrief_make(shift, &debrief, err);
    if (ok) *score = debrief->score;
    if (ok) v->planted_count = debrief->planted_count;
    for (int i = 0; ok && i < debrief->planted_count; i++) {
        bool caught = debrief->planted[i].caught;
        if (pilot == PILOT_CAREFUL && caught) v->caught[i] += 1.0 / v->seeds;
        if (pilot == PILOT_ACCEPT_ALL && !caught) v->overlooked[i] += 1.0 / v->seeds;
    }
    debrief_free(debrief);
    shift_free(shift);
    return ok;
}

bool debrief_check_scenario(const lab_t *lab, const scenario_t *scenario, int seeds, scenario_verdict_t *v, err_t *err)
{
    *v = (scenario_verdict_t){.seeds = seeds, .planted = scenario->plant_count > 0};
    if (seeds < 1 || seeds > SEEDS_MAX) return err_set(err, ERR_INPUT, "Check with 1 to %d seeds.", SEEDS_MAX);
    double *scores = calloc((size_t)seeds * PILOT_COUNT, sizeof *scores);
    if (!scores) return err_set(err, ERR_MEMORY, "There is not enough memory for the check.");
    for (int p = 0; p < PILOT_COUNT; p++)
        for (int i = 0; i < seeds; i++)
            if (!pilot_score(lab, scenario, (uint64_t)i + 1, (pilot_t)p, &scores[p * seeds + i], v, err)) {
                free(scores);
                return false;
            }
    v->fair = true;
    for (int p = 0; p < PILOT_COUNT; p++) {
        for (int i = 0; i < seeds; i++) {
            v->mean[p] += scores[p * seeds + i] / seeds;
            double lead = scores[i] - scores[p * seeds + i];
            bool quiet = p == PILOT_ACCEPT_ALL && !v->planted;
            v->beaten[p] += (quiet ? lead >= -SCENARIO_QUIET_MARGIN : lead >= SCENARIO_MARGIN) ? 1.0 / seeds : 0;
        }
        bool judged = p != PILOT_CAREFUL && (v->planted || p == PILOT_ACCEPT_ALL);
        if (judged && v->beaten[p] < 0.95 - 1e-9 && v->fair) {
            v->fair = false;
            snprintf(v->why, sizeof v->why,
                     "The careful autopilot does not lead %s by enough: on %.0f %% of seeds, 95 %% are needed.",
                     pilot_word((pilot_t)p), 100 * v->beaten[p]);
        }
    }
    for (int p = 0; p < PILOT_COUNT; p++) {
        qsort(scores + p * seeds, (size_t)seeds, sizeof *scores, by_value);
        v->low[p] = scores[p * seeds + seeds / 20];
    }
    v->solvable = v->mean[PILOT_CAREFUL] >= SCENARIO_SOLVABLE;
    if (!v->solvable)
        snprintf(v->why, sizeof v->why,
                 "The careful autopilot scores %.0f on average; a solvable scenario gives it at least %d.",
                 v->mean[PILOT_CAREFUL], SCENARIO_SOLVABLE);
    free(scores);
    return true;
}
