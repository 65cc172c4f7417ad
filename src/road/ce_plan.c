/* The shortest way: what is still missing, as a covering program (cover.h).
 *
 * Time from today on is cut where a period begins or a deadline passes; between two cuts an hour counts for the same
 * obligations, so a stretch stands for all of its days, and a stretch whose obligations are all open in another one
 * is not needed. A column is an hour of one topic (or of any laboratory topic) in one stretch; a row is what an
 * obligation still lacks, in all or of a topic. The cost is hours first; among equal ways the one with the fewest
 * hours of a prescribed topic. Only what counts for certain is taken as done. */
#include "road/ce.h"
#include "road/cover.h"

#include <stdlib.h>
#include <string.h>

enum { CUTS_MAX = 2 * CE_HELD_MAX + 2, HOUR_COST = 10000 };

typedef struct {
    int held, topic; /* topic -1: the total */
} row_t;

typedef struct {
    int topic, from, by; /* topic -1: any of laboratory practice */
} column_t;

typedef struct {
    const ce_t *ce;
    const ledger_t *ledger;
    const ce_result_t *results;
    int32_t today;
    uint32_t planned; /* obligations in this program */
    cover_t cover;
    row_t rows[COVER_ROWS_MAX];
    column_t columns[COVER_COLUMNS_MAX];
    int32_t from[CUTS_MAX], by[CUTS_MAX]; /* stretches */
    uint32_t open[CUTS_MAX];              /* obligations in whose period the whole stretch lies */
    int stretches;
} program_t;

static int32_t lacking(const ce_need_t *n)
{
    return n->need == CE_NOT_READ || n->sure >= n->need ? 0 : n->need - n->sure;
}

static bool lacks(const ce_result_t *r)
{
    bool any = lacking(&r->total) > 0 || r->total.need == CE_NOT_READ;
    for (int i = 0; i < r->least_count; i++) any = any || lacking(&r->least[i]) > 0;
    return any;
}

static bool can_plan(const program_t *p, int held)
{
    const ce_result_t *r = &p->results[held];
    const ce_rule_t *rule = &p->ce->rules[p->ledger->held[held].rule];
    if (r->total.need == CE_NOT_READ || rule->per_hour <= 0) return false;
    return !when_is_unknown(r->deadline) && !when_is_unknown(r->start) && r->deadline.first >= p->today &&
           r->start.last <= r->deadline.first;
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void cut_time(program_t *p)
{
    int32_t cuts[CUTS_MAX];
    int count = 0;
    cuts[count++] = p->today;
    for (int h = 0; h < p->ledger->held_count; h++) {
        const ce_result_t *r = &p->results[h];
        if (!(p->planned >> h & 1)) continue;
        if (r->start.last > p->today) cuts[count++] = r->start.last;
        cuts[count++] = r->deadline.first + 1;
    }
    qsort(cuts, (size_t)count, sizeof *cuts, by_day);
    p->stretches = 0;
    for (int i = 0; i + 1 < count; i++) {
        int32_t from = cuts[i], by = cuts[i + 1] - 1;
        uint32_t open = 0;
        if (by < from) continue;
        for (int h = 0; h < p->ledger->held_count; h++) {
            const ce_result_t *r = &p->results[h];
            if ((p->planned >> h & 1) && r->start.last <= from && r->deadline.first >= by) open |= UINT32_C(1) << h;
        }
        p->from[p->stretches] = from, p->by[p->stretches] = by, p->open[p->stretches++] = open;
    }
    for (int i = 0; i < p->stretches; i++) /* of stretches one inside the other only the wider is needed */
        for (int k = 0; k < p->stretches; k++)
            if (i != k && p->open[k] && (p->open[i] & ~p->open[k]) == 0 && (p->open[i] != p->open[k] || k < i))
                p->open[i] = 0;
}

static bool add_row(program_t *p, int held, int topic, int32_t need, err_t *err)
{
    if (need <= 0) return true;
    if (p->cover.rows == COVER_ROWS_MAX)
        return err_set(err, ERR_LIMIT, "A plan is made for at most %d requirements at once.", COVER_ROWS_MAX);
    p->cover.need[p->cover.rows] = need;
    p->rows[p->cover.rows++] = (row_t){held, topic};
    return true;
}

static bool add_rows(program_t *p, err_t *err)
{
    for (int h = 0; h < p->ledger->held_count; h++) {
        const ce_result_t *r = &p->results[h];
        if (!(p->planned >> h & 1)) continue;
        if (!add_row(p, h, -1, lacking(&r->total), err)) return false;
        for (int i = 0; i < r->least_count; i++)
            if (!add_row(p, h, r->least[i].topic, lacking(&r->least[i]), err)) return false;
    }
    return true;
}

/* What an hour of that topic gives to the row, were it inside the period. */
static int32_t gives(const program_t *p, const row_t *row, int topic)
{
    const ce_rule_t *rule = &p->ce->rules[p->ledger->held[row->held].rule];
    bool laboratory = topic < 0 || p->ce->topics[topic].laboratory == CE_YES;
    if (rule->only_laboratory && !laboratory) return 0;
    return row->topic < 0 || row->topic == topic ? rule->per_hour : 0;
}

static bool add_columns(program_t *p, err_t *err)
{
    for (int topic = -1; topic < p->ce->topic_count; topic++) {
        bool asked = topic < 0;
        for (int r = 0; r < p->cover.rows; r++) asked = asked || p->rows[r].topic == topic;
        for (int s = 0; asked && s < p->stretches; s++) {
            if (!p->open[s]) continue;
            if (p->cover.columns == COVER_COLUMNS_MAX)
                return err_set(err, ERR_LIMIT, "The obligations have too many different periods for one plan.");
            int c = p->cover.columns++;
            p->columns[c] = (column_t){topic, p->from[s], p->by[s]};
            p->cover.cost[c] = HOUR_COST + (topic >= 0);
            for (int r = 0; r < p->cover.rows; r++)
                p->cover.gives[c][r] = p->open[s] >> p->rows[r].held & 1 ? gives(p, &p->rows[r], topic) : 0;
        }
    }
    return true;
}

static bool solve(program_t *p, uint32_t planned, cover_answer_t *answer, err_t *err)
{
    memset(&p->cover, 0, sizeof p->cover);
    p->planned = planned;
    cut_time(p);
    if (!add_rows(p, err) || !add_columns(p, err)) return false;
    return cover_solve(&p->cover, answer) ||
           err_set(err, ERR_STATE, "What is missing cannot be met by hours of any kind that counts for certain.");
}

static int32_t hours_of(const program_t *p, const cover_answer_t *answer)
{
    int32_t sum = 0;
    for (int c = 0; c < p->cover.columns; c++) sum += answer->x[c];
    return sum;
}

static bool write_steps(ce_plan_t *plan, arena_t *arena, const program_t *p, const cover_answer_t *answer)
{
    plan->steps = arena_array(arena, (size_t)p->cover.columns + 1, sizeof *plan->steps);
    if (!plan->steps) return false;
    for (int c = 0; c < p->cover.columns; c++) {
        if (answer->x[c] == 0) continue;
        ce_step_t *step = &plan->steps[plan->step_count++];
        *step = (ce_step_t){p->columns[c].topic, answer->x[c], p->columns[c].from, p->columns[c].by, 0};
        for (int r = 0; r < p->cover.rows; r++)
            if (p->cover.gives[c][r] > 0) step->serves |= UINT32_C(1) << p->rows[r].held;
    }
    return true;
}

bool ce_plan(ce_plan_t *plan, arena_t *arena, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results,
             int32_t today, err_t *err)
{
    program_t *p = arena_alloc(arena, sizeof *p);
    cover_answer_t *answer = arena_alloc(arena, sizeof *answer);
    uint32_t planned = 0;
    *plan = (ce_plan_t){0};
    if (!p || !answer) return err_set(err, ERR_MEMORY, "There is not enough memory for the plan.");
    *p = (program_t){.ce = ce, .ledger = ledger, .results = results, .today = today};
    for (int h = 0; h < ledger->held_count; h++) {
        if (!lacks(&results[h])) continue;
        if (can_plan(p, h))
            planned |= UINT32_C(1) << h;
        else
            plan->left_out |= UINT32_C(1) << h;
    }
    for (int h = 0; h < ledger->held_count; h++) {
        if (!(planned >> h & 1)) continue;
        if (!solve(p, UINT32_C(1) << h, answer, err)) return false;
        plan->apart_hours += hours_of(p, answer);
    }
    if (!solve(p, planned, answer, err)) return false;
    plan->hours = hours_of(p, answer);
    plan->proved = answer->proved;
    return write_steps(plan, arena, p, answer) || err_set(err, ERR_MEMORY, "There is not enough memory for the plan.");
}
