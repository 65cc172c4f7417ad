/* See exam/dif.h. */
#include "exam/dif.h"

#include "base/exact.h"
#include "dif_ordered.h"
#include "statistics.h"

#include <string.h>

/* One score: [group][right]. */
typedef struct {
    double n[2][2];
} stratum_t;

typedef struct {
    double up, down;                 /* sum A D / T, sum B C / T */
    double seen, expected, variance; /* of A */
    double spread;                   /* sum of Robins, Breslow and Greenland, needs alpha */
    double difference, weight;       /* of the standardized difference */
    int strata;
} sums_t;

/* Strata with an empty margin say nothing. */
static bool speaks(const stratum_t *s)
{
    const double(*n)[2] = s->n;
    return n[0][0] + n[0][1] > 0 && n[1][0] + n[1][1] > 0 && n[0][0] + n[1][0] > 0 && n[0][1] + n[1][1] > 0;
}

static void add_stratum(const stratum_t *s, sums_t *sums)
{
    const double a = s->n[0][1], b = s->n[0][0], c = s->n[1][1], d = s->n[1][0], t = a + b + c + d;
    if (a + b > 0 && c + d > 0) { /* the standardized difference needs both groups only */
        sums->difference += (c + d) * (c / (c + d) - a / (a + b));
        sums->weight += c + d;
    }
    if (!speaks(s)) return;
    sums->strata++;
    sums->up += a * d / t;
    sums->down += b * c / t;
    sums->seen += a;
    sums->expected += (a + b) * (a + c) / t;
    sums->variance += (a + b) * (c + d) * (a + c) * (b + d) / (t * t * (t - 1));
}

static void judge(const stratum_t *strata, size_t count, dif_item_t *item)
{
    sums_t sums = {0};
    double spread = 0;
    for (size_t m = 0; m < count; m++) add_stratum(&strata[m], &sums);
    item->strata = sums.strata;
    item->known = sums.up > 0 && sums.down > 0 && sums.variance > 0;
    if (!item->known) return;
    item->alpha = sums.up / sums.down;
    item->delta = -2.35 * exact_log(item->alpha);
    for (size_t m = 0; m < count; m++) {
        const double a = strata[m].n[0][1], b = strata[m].n[0][0], c = strata[m].n[1][1], d = strata[m].n[1][0];
        const double t = a + b + c + d;
        if (speaks(&strata[m])) spread += (a * d + item->alpha * b * c) * (a + d + item->alpha * (b + c)) / (t * t);
    }
    item->se_delta = 2.35 * exact_sqrt(spread / (2 * sums.up * sums.up));
    double off = exact_abs(sums.seen - sums.expected) - 0.5;
    item->chi_square = off > 0 ? off * off / sums.variance : 0;
    item->p = chi_square_above(item->chi_square, 1);
    item->standardized = sums.difference / sums.weight;
    const double size = exact_abs(item->delta);
    item->class = 'B';
    if (size < 1 || item->p >= 0.05) item->class = 'A';
    if (item->class == 'B' && size >= 1.5 && (size - 1) / item->se_delta > 1.645) item->class = 'C';
    item->large = item->class == 'C';
}

typedef struct {
    const responses_t *responses;
    const int *group_of;
    const bool *complete;
    int *score;                 /* [persons] of the items that match */
    stratum_t *strata;          /* [count], the highest score + 1 */
    ordered_stratum_t *ordered; /* [count], where some item has more than two categories */
    size_t count;
} matching_t;

/* The studied item is part of the score even when it has left that of the others. */
static void study(const matching_t *m, size_t item, dif_item_t *out)
{
    const bool two = out->categories == 2;
    if (two)
        memset(m->strata, 0, m->count * sizeof *m->strata);
    else
        memset(m->ordered, 0, m->count * sizeof *m->ordered);
    for (size_t p = 0; p < m->responses->persons; p++) {
        if (!m->complete[p]) continue;
        const int8_t answer = m->responses->answers[p * m->responses->items + item];
        const int at = m->score[p] + (out->purged ? answer : 0);
        *(two ? &m->strata[at].n[m->group_of[p]][answer] : &m->ordered[at].n[m->group_of[p]][answer]) += 1;
    }
    if (two)
        judge(m->strata, m->count, out);
    else
        dif_judge_ordered(m->ordered, m->count, out);
}

static void match(const matching_t *m, const dif_item_t *items)
{
    const responses_t *r = m->responses;
    for (size_t p = 0; p < r->persons; p++) {
        m->score[p] = 0;
        for (size_t i = 0; i < r->items && m->complete[p]; i++)
            if (!items[i].purged) m->score[p] += r->answers[p * r->items + i];
    }
}

/* Who answered everything, of which group they are, and the categories of the items. */
static void look(dif_t *dif, const matching_t *m, bool *complete)
{
    const responses_t *r = m->responses;
    for (size_t i = 0; i < r->items; i++) dif->items[i].categories = 2;
    for (size_t p = 0; p < r->persons; p++) {
        complete[p] = true;
        for (size_t i = 0; i < r->items; i++) {
            const int answer = r->answers[p * r->items + i];
            if (answer < 0) complete[p] = false;
            if (answer >= dif->items[i].categories) dif->items[i].categories = answer + 1;
        }
        dif->left_out += !complete[p];
        if (complete[p]) *(m->group_of[p] ? &dif->focal : &dif->reference) += 1;
    }
}

static bool open_strata(matching_t *m, arena_t *arena, const dif_t *dif, err_t *err)
{
    bool ordered = false;
    m->count = 1;
    for (size_t i = 0; i < m->responses->items; i++) {
        m->count += (size_t)dif->items[i].categories - 1;
        ordered = ordered || dif->items[i].categories > 2;
    }
    m->strata = arena_array(arena, m->count, sizeof *m->strata);
    m->ordered = arena_array(arena, ordered ? m->count : 1, sizeof *m->ordered);
    return (m->strata && m->ordered) || err_set(err, ERR_MEMORY, "the scores do not fit into memory");
}

bool dif_mantel_haenszel(dif_t *dif, arena_t *arena, const responses_t *responses, const int *group_of, bool purify,
                         err_t *err)
{
    const size_t persons = responses->persons, items = responses->items;
    bool *complete = arena_array(arena, persons, sizeof *complete);
    matching_t m = {.responses = responses, .group_of = group_of, .complete = complete};
    *dif = (dif_t){.items = arena_array(arena, items, sizeof *dif->items)};
    m.score = arena_array(arena, persons, sizeof *m.score);
    if (!complete || !dif->items || !m.score) return err_set(err, ERR_MEMORY, "the responses do not fit into memory");
    look(dif, &m, complete);
    if (dif->reference == 0 || dif->focal == 0)
        return err_set(err, ERR_INPUT, "%s: each group needs persons who answered every item; %zu and %zu did",
                       responses->file, dif->reference, dif->focal);
    if (!open_strata(&m, arena, dif, err)) return false;
    for (int pass = 0; pass <= purify; pass++) {
        match(&m, dif->items);
        for (size_t i = 0; i < items; i++) study(&m, i, &dif->items[i]);
        for (size_t i = 0; i < items && pass < purify; i++)
            dif->items[i].purged = dif->items[i].known && (dif->items[i].large || dif->items[i].class == 'B');
    }
    return true;
}
