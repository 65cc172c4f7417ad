/* S-X2. For score r of the persons with complete answers and category z of item i, with S_r(q) the chance of score r at
 * node q and S^(-i) that of the other items' score,
 *   E_irz = N_r sum_q A_q P_iz(q) S^(-i)_(r-z)(q) / sum_q A_q S_r(q).
 * S by the recursion of Lord and Wingersky (1984). S^(-i) is built from the items before and those after i rather than
 * by division, which loses digits: prefix(i) combined with suffix(i) would cost a convolution, so the items are halved
 * again and again (leave-one-out by divide and conquer): I log I item steps at each node instead of I^2. */
#include "score_fit.h"

#include "base/exact.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCORES_MAX = 2000, DEPTH_MAX = 16 };

typedef struct {
    const items_t *items;
    const int *item_of;
    size_t columns, scores;          /* scores = highest + 1 */
    double theta, weight;            /* of the node at hand, A_q */
    double (*p)[IRT_CATEGORIES_MAX]; /* [columns] probabilities at the node */
    double *stack[DEPTH_MAX + 2];    /* [scores] a distribution at each depth */
    size_t *first;                   /* [columns + 1] where a column's cells start */
    double *seen, *expected;         /* [cells] r * categories + z */
    double *total;                   /* [scores] sum_q A_q S_r(q) */
} scores_t;

static int categories(const scores_t *s, size_t column)
{
    return s->items->items[s->item_of[column]].categories;
}

/* to <- the distribution of score `from` plus one more item. */
static void convolve(const scores_t *s, size_t column, size_t *highest, double *d)
{
    const double *p = s->p[column];
    const size_t last = (size_t)categories(s, column) - 1, top = *highest + last;
    for (size_t r = top + 1; r-- > 0;) {
        double sum = 0;
        for (size_t z = r > *highest ? r - *highest : 0; z <= last && z <= r; z++) sum += p[z] * d[r - z];
        d[r] = sum;
    }
    *highest = top;
}

/* d holds the score of all columns outside [from, to); adds to the expected cells of those inside. */
static void leave_one_out(const scores_t *s, size_t from, size_t to, int depth, size_t highest)
{
    double *d = s->stack[depth];
    if (to - from == 1) {
        double *cells = s->expected + s->first[from];
        const size_t k = (size_t)categories(s, from);
        for (size_t r = 0; r <= highest; r++)
            for (size_t z = 0; z < k; z++) cells[(r + z) * k + z] += s->weight * s->p[from][z] * d[r];
        return;
    }
    const size_t middle = from + (to - from) / 2;
    for (int half = 0; half < 2; half++) {
        double *next = s->stack[depth + 1];
        size_t top = highest;
        memset(next, 0, s->scores * sizeof *next);
        memcpy(next, d, (highest + 1) * sizeof *next);
        for (size_t i = half ? from : middle; i < (half ? middle : to); i++) convolve(s, i, &top, next);
        leave_one_out(s, half ? middle : from, half ? to : middle, depth + 1, top);
    }
}

static void add_node(scores_t *s)
{
    size_t highest = 0;
    double *d = s->stack[0];
    for (size_t i = 0; i < s->columns; i++) irt_probabilities(&s->items->items[s->item_of[i]], s->theta, s->p[i]);
    memset(d, 0, s->scores * sizeof *d);
    d[0] = 1;
    for (size_t i = 0; i < s->columns; i++) convolve(s, i, &highest, d);
    for (size_t r = 0; r < s->scores; r++) s->total[r] += s->weight * d[r];
    memset(d, 0, s->scores * sizeof *d);
    d[0] = 1;
    leave_one_out(s, 0, s->columns, 0, 0);
}

/* Expected shares become expected counts of the persons there are. */
static void count_persons(scores_t *s, const responses_t *responses, size_t *persons_of, size_t *complete)
{
    for (size_t p = 0; p < responses->persons; p++) {
        const int8_t *given = responses->answers + p * responses->items;
        size_t r = 0, i = 0;
        for (; i < s->columns && given[i] != RESPONSE_MISSING; i++) r += (size_t)given[i];
        if (i < s->columns) continue;
        persons_of[r]++;
        (*complete)++;
        for (i = 0; i < s->columns; i++) s->seen[s->first[i] + r * (size_t)categories(s, i) + (size_t)given[i]]++;
    }
    for (size_t i = 0; i < s->columns; i++)
        for (size_t r = 0; r < s->scores; r++)
            for (size_t z = 0; z < (size_t)categories(s, i); z++) {
                double *cell = &s->expected[s->first[i] + r * (size_t)categories(s, i) + z];
                *cell = s->total[r] > 0 ? *cell * (double)persons_of[r] / s->total[r] : 0;
            }
}

/* ---- sparse cells are merged ----
 * The rules are those of mirt (`itemfit`, mincell = 1), so that its statistics come out. In order: scores at which some
 * category is impossible join the nearest at which all are possible; a score of one person joins the next; in a score
 * with an expected count below 1 the smallest cell joins its smaller neighbor until none is left or two cells are;
 * cells move together, so that a column is then the n-th cell of a score and no longer a category; columns that hardly
 * occur join the one before; last, a score that still has a small cell joins its neighbor with fewer persons. */

typedef struct {
    double *seen, *expected; /* [rows][k]; expected 0: no cell there */
    size_t rows, k;
} cells_t;

static const double CELL_LEAST = 1;
static const double RARE_TOTAL = 0.1;  /* of a cell a score: what the last column must hold */
static const double RARE_SHARE = 0.05; /* of the scores: where any other column must occur */

static double persons_in(const cells_t *c, size_t row)
{
    double sum = 0;
    for (size_t z = 0; z < c->k; z++) sum += c->seen[row * c->k + z];
    return sum;
}

static void move_cell(cells_t *c, size_t from, size_t to)
{
    c->seen[to] += c->seen[from];
    c->expected[to] += c->expected[from];
    c->seen[from] = c->expected[from] = 0;
}

static void drop_row(cells_t *c, size_t row)
{
    const size_t at = row * c->k, after = (c->rows - row - 1) * c->k;
    memmove(c->seen + at, c->seen + at + c->k, after * sizeof *c->seen);
    memmove(c->expected + at, c->expected + at + c->k, after * sizeof *c->expected);
    c->rows--;
}

static void merge_rows(cells_t *c, size_t from, size_t to)
{
    for (size_t z = 0; z < c->k; z++) move_cell(c, from * c->k + z, to * c->k + z);
    drop_row(c, from);
}

static void merge_ends(cells_t *c)
{
    const size_t lowest = c->k - 1; /* the first row is score 1 */
    if (c->rows < 2 * lowest - 1) return;
    for (size_t i = 1; i < lowest; i++) merge_rows(c, 0, 1);
    for (size_t i = 1; i < lowest; i++) merge_rows(c, c->rows - 1, c->rows - 2);
}

static void merge_lone_persons(cells_t *c)
{
    for (size_t row = 0; row < c->rows;)
        if (persons_in(c, row) < 0.5)
            drop_row(c, row);
        else
            row++;
    for (size_t row = 0; row + 1 < c->rows;)
        if (persons_in(c, row) < 1.5)
            merge_rows(c, row, row + 1);
        else
            row++;
    if (c->rows > 1 && persons_in(c, c->rows - 1) < 1.5) merge_rows(c, c->rows - 1, c->rows - 2);
}

static void merge_across(cells_t *c)
{
    for (size_t row = 0; row < c->rows; row++) {
        double *seen = c->seen + row * c->k, *expected = c->expected + row * c->k;
        for (size_t left = c->k; left > 2; left--) {
            size_t least = 0;
            for (size_t z = 1; z < left; z++)
                if (expected[z] <= expected[least]) least = z;
            if (expected[least] >= CELL_LEAST) break;
            const bool down = least > 0 && (least + 1 == left || expected[least - 1] <= expected[least + 1]);
            move_cell(c, row * c->k + least, row * c->k + (down ? least - 1 : least + 1));
            memmove(seen + least, seen + least + 1, (left - least - 1) * sizeof *seen);
            memmove(expected + least, expected + least + 1, (left - least - 1) * sizeof *expected);
            seen[left - 1] = expected[left - 1] = 0;
        }
    }
}

static void merge_column(cells_t *c, size_t column)
{
    for (size_t row = 0; row < c->rows; row++) move_cell(c, row * c->k + column, row * c->k + column - 1);
}

static void merge_rare_columns(cells_t *c)
{
    size_t columns = c->k;
    for (; columns > 2; columns--) {
        double total = 0;
        for (size_t row = 0; row < c->rows; row++) total += c->expected[row * c->k + columns - 1];
        if (total >= CELL_LEAST * ceil((double)c->rows * RARE_TOTAL)) break;
        merge_column(c, columns - 1);
    }
    for (size_t column = columns - 1; column > 0; column--) {
        size_t there = 0;
        for (size_t row = 0; row < c->rows; row++) there += c->expected[row * c->k + column] > 0;
        if ((double)there < RARE_SHARE * (double)c->rows) merge_column(c, column);
    }
}

static void merge_down(cells_t *c)
{
    for (size_t row = 0; row < c->rows && c->rows > 1;) {
        bool small = false;
        for (size_t z = 0; z < c->k; z++) {
            const double e = c->expected[row * c->k + z];
            small = small || (e > 0 && e < CELL_LEAST);
        }
        if (!small) {
            row++;
            continue;
        }
        const bool up = row + 1 == c->rows || (row > 0 && persons_in(c, row - 1) <= persons_in(c, row + 1));
        merge_rows(c, row, up ? row - 1 : row + 1);
        row = 0;
    }
}

static void test_item(const scores_t *s, size_t column, int free_parameters, item_fit_t *fit)
{
    const size_t k = (size_t)categories(s, column);
    /* scores 0 and the highest say nothing: all who have them answered alike */
    cells_t c = {s->seen + s->first[column] + k, s->expected + s->first[column] + k, s->scores - 2, k};
    double x2 = 0;
    int cells = 0;
    merge_ends(&c);
    merge_lone_persons(&c);
    merge_across(&c);
    merge_rare_columns(&c);
    merge_down(&c);
    for (size_t i = 0; i < c.rows * k; i++) {
        const double e = c.expected[i];
        if (!(e > 0)) continue;
        x2 += (c.seen[i] - e) * (c.seen[i] - e) / e;
        cells++;
    }
    const int df = cells - (int)c.rows - free_parameters;
    fit->has_score_fit = c.rows > 1 && df > 0;
    fit->s_x2 = x2;
    fit->s_x2_df = df > 0 ? df : 0;
    fit->s_x2_p = fit->has_score_fit ? chi_square_above(x2, df) : 1;
}

static bool anybody_complete(const responses_t *responses)
{
    for (size_t p = 0; p < responses->persons; p++)
        if (!memchr(responses->answers + p * responses->items, RESPONSE_MISSING & 0xff, responses->items)) return true;
    return false;
}

static bool allocate(scores_t *s, arena_t *arena, size_t **persons_of)
{
    s->first = arena_array(arena, s->columns + 1, sizeof *s->first);
    s->p = arena_array(arena, s->columns, sizeof *s->p);
    s->total = arena_array(arena, s->scores, sizeof *s->total);
    *persons_of = arena_array(arena, s->scores, sizeof **persons_of);
    bool good = s->first && s->p && s->total && *persons_of;
    for (int d = 0; d < DEPTH_MAX + 2 && good; d++) {
        s->stack[d] = arena_array(arena, s->scores, sizeof *s->stack[d]);
        good = s->stack[d];
    }
    for (size_t i = 0; i < s->columns && good; i++)
        s->first[i + 1] = s->first[i] + s->scores * (size_t)categories(s, i);
    s->seen = good ? arena_array(arena, s->first[s->columns], sizeof *s->seen) : NULL;
    s->expected = good ? arena_array(arena, s->first[s->columns], sizeof *s->expected) : NULL;
    return s->seen && s->expected;
}

bool score_fit(model_fit_t *fit, const responses_t *responses, const items_t *items, const int *item_of,
               const int *free_parameters, const ability_options_t *options, err_t *err)
{
    scores_t s = {.items = items, .item_of = item_of, .columns = responses->items, .scores = 1};
    size_t *persons_of = NULL;
    for (size_t i = 0; i < s.columns; i++) s.scores += (size_t)categories(&s, i) - 1;
    /* left out: has_score_fit stays false */
    if (s.columns < 2 || s.scores > SCORES_MAX || !anybody_complete(responses)) return true;
    arena_t *arena = arena_new((size_t)2 << 30);
    bool good = (arena && allocate(&s, arena, &persons_of)) ||
                err_set(err, ERR_MEMORY, "the table of scores does not fit into memory");
    double total = 0;
    for (int pass = 0; pass < 2 && good; pass++)
        for (int q = 0; q < options->nodes; q++) {
            s.theta = -options->range + 2 * options->range * q / (options->nodes - 1);
            double z = (s.theta - options->mean) / options->sd, density = exact_exp(-z * z / 2);
            total += pass ? 0 : density;
            s.weight = density / total;
            if (pass && s.weight > 1e-14) add_node(&s);
        }
    if (good) {
        count_persons(&s, responses, persons_of, &fit->complete);
        for (size_t i = 0; i < s.columns && fit->complete > 0; i++)
            test_item(&s, i, free_parameters ? free_parameters[i] : model_fit_parameters(&items->items[item_of[i]]),
                      &fit->items[i]);
    }
    arena_free(arena);
    return good;
}
