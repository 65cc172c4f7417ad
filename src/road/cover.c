/* Branch and bound over a covering program.
 *
 * At a node a column is dropped when another one is at least as good for every unmet row and not dearer; then the row
 * with the fewest columns is served, one column after the other: a column that was tried is closed for its later
 * siblings, so no selection is met twice. A row with one column left is filled at once.
 * The bound: of unmet rows no two of which share a column, the costs add up; each is at least its need times the
 * cheapest price of a unit. Rows are taken greedily, dearest first. It is never more than the true rest. */
#include "road/cover.h"

#include <assert.h>
#include <string.h>

typedef struct {
    const cover_t *cover;
    cover_answer_t *best;
    bool found;
    int32_t x[COVER_COLUMNS_MAX];
    int64_t cost;
    int nodes;
} search_t;

typedef struct {
    int32_t need[COVER_ROWS_MAX];
    bool open[COVER_COLUMNS_MAX];
} node_t;

static int64_t ceiling(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* j is at least as good as k wherever something is missing. */
static bool dominates(const cover_t *c, const node_t *n, int j, int k)
{
    if (c->cost[j] > c->cost[k]) return false;
    bool same = c->cost[j] == c->cost[k];
    for (int r = 0; r < c->rows; r++) {
        if (n->need[r] <= 0) continue;
        if (c->gives[j][r] < c->gives[k][r]) return false;
        same = same && c->gives[j][r] == c->gives[k][r];
    }
    return !same || j < k;
}

static void drop_dominated(const cover_t *c, node_t *n)
{
    for (int k = 0; k < c->columns; k++) {
        if (!n->open[k]) continue;
        bool useful = false;
        for (int r = 0; r < c->rows && !useful; r++) useful = n->need[r] > 0 && c->gives[k][r] > 0;
        for (int j = 0; useful && j < c->columns; j++) useful = j == k || !n->open[j] || !dominates(c, n, j, k);
        n->open[k] = useful;
    }
}

/* The least that row r can still cost; -1: nothing gives to it. */
static int64_t row_bound(const cover_t *c, const node_t *n, int r)
{
    int64_t least = -1;
    for (int k = 0; k < c->columns; k++) {
        if (!n->open[k] || c->gives[k][r] <= 0) continue;
        int64_t bound = ceiling((int64_t)n->need[r] * c->cost[k], c->gives[k][r]);
        if (least < 0 || bound < least) least = bound;
    }
    return least;
}

static bool share_column(const cover_t *c, const node_t *n, int r, int s)
{
    for (int k = 0; k < c->columns; k++)
        if (n->open[k] && c->gives[k][r] > 0 && c->gives[k][s] > 0) return true;
    return false;
}

/* A bound on the rest, and the row to serve next; -1: some row cannot be met. */
static int64_t rest_bound(const cover_t *c, const node_t *n, int *next)
{
    int64_t bounds[COVER_ROWS_MAX], sum = 0;
    int fewest = COVER_COLUMNS_MAX + 1, taken[COVER_ROWS_MAX], count = 0;
    *next = -1;
    for (int r = 0; r < c->rows; r++) {
        bounds[r] = 0;
        if (n->need[r] <= 0) continue;
        if ((bounds[r] = row_bound(c, n, r)) < 0) return -1;
        int columns = 0;
        for (int k = 0; k < c->columns; k++) columns += n->open[k] && c->gives[k][r] > 0;
        if (columns < fewest || (columns == fewest && bounds[r] > bounds[*next])) fewest = columns, *next = r;
    }
    for (;;) { /* the dearest row that shares no column with those taken */
        int dearest = -1;
        for (int r = 0; r < c->rows; r++) {
            bool apart = bounds[r] > 0 && (dearest < 0 || bounds[r] > bounds[dearest]);
            for (int i = 0; apart && i < count; i++) apart = r != taken[i] && !share_column(c, n, r, taken[i]);
            if (apart) dearest = r;
        }
        if (dearest < 0) return sum;
        taken[count++] = dearest;
        sum += bounds[dearest];
    }
}

static void keep(search_t *s)
{
    if (s->found && s->cost >= s->best->cost) return;
    s->found = true;
    s->best->cost = s->cost;
    memcpy(s->best->x, s->x, sizeof s->x);
}

/* How much a column does for its cost, in thousandths; what is more than needed does not count. */
static int64_t worth(const cover_t *c, const node_t *n, int k)
{
    int64_t sum = 0;
    for (int r = 0; r < c->rows; r++) {
        if (n->need[r] <= 0) continue;
        sum += c->gives[k][r] < n->need[r] ? c->gives[k][r] : n->need[r];
    }
    return sum * 1000 / c->cost[k];
}

static void search(search_t *s, const node_t *from);

static void take(search_t *s, const node_t *n, int k, int32_t times)
{
    node_t child = *n;
    for (int r = 0; r < s->cover->rows; r++) {
        int64_t left = (int64_t)child.need[r] - (int64_t)s->cover->gives[k][r] * times;
        child.need[r] = left > 0 ? (int32_t)left : 0;
    }
    s->x[k] += times;
    s->cost += (int64_t)s->cover->cost[k] * times;
    search(s, &child);
    s->cost -= (int64_t)s->cover->cost[k] * times;
    s->x[k] -= times;
}

static void search(search_t *s, const node_t *from)
{
    const cover_t *c = s->cover;
    node_t n = *from;
    int row;
    if (s->nodes >= COVER_NODES_MAX) return;
    s->nodes++;
    drop_dominated(c, &n);
    int64_t bound = rest_bound(c, &n, &row);
    if (bound < 0 || (s->found && s->cost + bound >= s->best->cost)) return;
    if (row < 0) {
        keep(s);
        return;
    }
    int list[COVER_COLUMNS_MAX], count = 0;
    for (int k = 0; k < c->columns; k++)
        if (n.open[k] && c->gives[k][row] > 0) list[count++] = k;
    for (int i = 1; i < count; i++) /* the most useful first */
        for (int k = i; k > 0 && worth(c, &n, list[k]) > worth(c, &n, list[k - 1]); k--) {
            int swap = list[k];
            list[k] = list[k - 1];
            list[k - 1] = swap;
        }
    if (count == 1) {
        take(s, &n, list[0], (int32_t)ceiling(n.need[row], c->gives[list[0]][row]));
        return;
    }
    for (int i = 0; i < count; i++) {
        take(s, &n, list[i], 1);
        n.open[list[i]] = false;
    }
}

bool cover_solve(const cover_t *cover, cover_answer_t *answer)
{
    assert(cover->rows >= 0 && cover->rows <= COVER_ROWS_MAX);
    assert(cover->columns >= 0 && cover->columns <= COVER_COLUMNS_MAX);
    search_t s = {.cover = cover, .best = answer};
    node_t root;
    memset(answer, 0, sizeof *answer);
    memset(&root, 0, sizeof root);
    for (int r = 0; r < cover->rows; r++) root.need[r] = cover->need[r] > 0 ? cover->need[r] : 0;
    for (int k = 0; k < cover->columns; k++) {
        assert(cover->cost[k] >= 1 && cover->cost[k] <= COVER_VALUE_MAX);
        root.open[k] = true;
    }
    search(&s, &root);
    answer->nodes = s.nodes;
    answer->proved = s.nodes < COVER_NODES_MAX;
    return s.found;
}
