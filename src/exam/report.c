/* The report of a sitting; see report.h. */
#include "exam/report.h"

#include "base/exact.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const double SLIP_CHANCE = 0.7, GAP_CHANCE = 0.5, SURE_SHOULD = 0.9;

irt_item_t sitting_model(const item_t *item)
{
    irt_item_t model = {.model = IRT_RASCH, .categories = 2, .a = 1, .b = {item->difficulty}};
    size_t n = strlen(item->id) < IRT_ID_MAX ? strlen(item->id) : IRT_ID_MAX;
    memcpy(model.id, item->id, n);
    return model;
}

double report_chance(const sitting_entry_t *entry, double theta)
{
    return entry->item ? irt_logistic(theta - entry->difficulty) : 0;
}

static bool counts(const sitting_entry_t *entry)
{
    return entry->item && !entry->voided;
}

/* ---- the measure ---- */

static bool measure(const sitting_t *s, report_t *r, err_t *err)
{
    irt_item_t *models = calloc(FORM_ITEMS_MAX, sizeof *models);
    irt_answer_t *answers = calloc(FORM_ITEMS_MAX, sizeof *answers);
    ability_options_t options = ability_defaults();
    double variance = 0;
    size_t n = 0;
    if (!models || !answers) {
        free(models);
        free(answers);
        return err_set(err, ERR_MEMORY, "There is not enough memory for the report.");
    }
    for (int i = 0; i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        if (!counts(entry)) continue;
        models[n] = sitting_model(entry->item);
        models[n].b[0] = entry->difficulty;
        answers[n] = (irt_answer_t){&models[n], sitting_right(entry)};
        variance += entry->difficulty_sd * entry->difficulty_sd;
        n++;
    }
    r->ability = ability_estimate(answers, n, &options);
    /* The mean of n difficulties, each with its own error, is uncertain by sqrt(sum sd^2) / n. */
    double common = n ? exact_sqrt(variance) / (double)n : 0;
    r->se = exact_sqrt(r->ability.se * r->ability.se + common * common);
    r->score = 500 + 100 * r->ability.theta;
    r->low = r->score - 196 * r->se;
    r->high = r->score + 196 * r->se;
    free(models);
    free(answers);
    return true;
}

/* ---- areas, time, certainty ---- */

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void times(const sitting_t *s, report_t *r)
{
    int64_t list[FORM_ITEMS_MAX];
    int n = 0;
    r->used_ms = s->used_ms;
    for (int i = 0; i < s->count; i++)
        if (s->entry[i].answered) list[n++] = s->entry[i].spent_ms;
    if (n == 0) return;
    qsort(list, (size_t)n, sizeof *list, by_time);
    r->median_ms = list[n / 2];
    for (int i = 0; i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        r->quick_wrong +=
            counts(entry) && entry->answered && !sitting_right(entry) && entry->spent_ms * 2 < r->median_ms;
    }
}

static void tally(const sitting_t *s, report_t *r)
{
    r->area_count = s->form.share_count;
    for (int a = 0; a < r->area_count; a++) r->areas[a].area = s->form.shares[a].area;
    for (int i = 0; i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        r->voided += entry->voided;
        if (!counts(entry)) continue;
        bool right = sitting_right(entry);
        double chance = report_chance(entry, r->ability.theta);
        r->items++;
        r->answered += entry->answered;
        r->right += right;
        r->credit += entry->answered ? entry->credit : 0;
        r->changed += entry->changes > 0;
        if (entry->answered) {
            r->said[entry->sure]++;
            r->said_right[entry->sure] += right;
            r->slips += !right && chance >= SLIP_CHANCE;
            r->gaps += !right && chance < GAP_CHANCE;
        }
        int a = form_area(&s->form, s->bank, entry->item);
        if (a < 0) continue;
        r->areas[a].items++;
        r->areas[a].right += right;
        r->areas[a].credit += entry->answered ? entry->credit : 0;
        r->areas[a].expected += chance;
        r->areas[a].spent_ms += entry->spent_ms;
    }
    r->unanswered = r->items - r->answered;
    for (int a = 0; a < r->area_count; a++) r->areas[a].lightly = r->areas[a].items < REPORT_LEAST;
    int sure = r->said[SURE_YES];
    /* 1.96 standard errors below nine in ten */
    double limit = sure ? SURE_SHOULD - 1.96 * exact_sqrt(SURE_SHOULD * (1 - SURE_SHOULD) / sure) : 0;
    r->overconfident = sure >= REPORT_SURE_LEAST && (double)r->said_right[SURE_YES] / sure < limit;
}

/* ---- what would help most ---- */

static int by_worth(const void *a, const void *b)
{
    const report_objective_t *x = a, *y = b;
    if (x->worth != y->worth) return x->worth > y->worth ? -1 : 1;
    return strcmp(x->objective, y->objective);
}

/* An objective is worth the share of its area, spread over the items of the area, times what was missed. */
static bool objectives(const sitting_t *s, report_t *r, err_t *err)
{
    report_objective_t *all = calloc(FORM_ITEMS_MAX, sizeof *all);
    int n = 0;
    if (!all) return err_set(err, ERR_MEMORY, "There is not enough memory for the report.");
    for (int i = 0; i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        int a = counts(entry) ? form_area(&s->form, s->bank, entry->item) : -1, k = 0;
        if (a < 0) continue;
        while (k < n && strcmp(all[k].objective, entry->item->objective) != 0) k++;
        if (k == n)
            all[n++] = (report_objective_t){.objective = entry->item->objective,
                                            .words = bank_objective_words(s->bank, entry->item->objective),
                                            .lesson = entry->item->lesson};
        double share = (s->form.shares[a].low + s->form.shares[a].high) / 2;
        all[k].items++;
        all[k].wrong += !sitting_right(entry);
        all[k].worth += share / r->areas[a].items * (1 - (entry->answered ? entry->credit : 0));
    }
    qsort(all, (size_t)n, sizeof *all, by_worth);
    for (int i = 0; i < n && i < REPORT_OBJECTIVES_MAX && all[i].wrong > 0; i++)
        r->objectives[r->objective_count++] = all[i];
    free(all);
    return true;
}

bool report_make(const sitting_t *s, report_t *r, err_t *err)
{
    *r = (report_t){0};
    if (s->state != SITTING_OVER) return err_set(err, ERR_STATE, "The report comes after the end of the sitting.");
    if (!measure(s, r, err)) return false;
    tally(s, r);
    times(s, r);
    return objectives(s, r, err);
}

compare_t report_compare(double score, double se, double earlier, double earlier_se)
{
    double limit = 196 * exact_sqrt(se * se + earlier_se * earlier_se);
    return score - earlier > limit ? COMPARE_BETTER : earlier - score > limit ? COMPARE_WORSE : COMPARE_SAME;
}
