/* See exam/link.h. */
#include "exam/link.h"

#include "base/exact.h"
#include "statistics.h"

#include <stdlib.h>
#include <string.h>

enum { NODES = 61, STEPS_MAX = 100 };
static const double RANGE = 6;

static const char *const NAMES[LINK_METHODS] = {"mean-sigma", "mean-mean", "haebara", "stocking-lord"};

const char *link_method_name(link_method_t method)
{
    return NAMES[method];
}

bool link_method_from_name(const char *name, link_method_t *method)
{
    for (int m = 0; m < LINK_METHODS; m++)
        if (strcmp(NAMES[m], name) == 0) {
            *method = (link_method_t)m;
            return true;
        }
    return false;
}

typedef struct {
    const irt_item_t *from, *to;
} pair_t;

static bool has_unit_slope(const irt_item_t *item)
{
    return item->model == IRT_RASCH || item->model == IRT_PCM;
}

static double mean_b(const irt_item_t *item)
{
    double sum = 0;
    for (int k = 0; k < item->categories - 1; k++) sum += item->b[k];
    return sum / (item->categories - 1);
}

/* ---- by moments ---- */

static void by_moments(const pair_t *pairs, size_t n, bool slopes, double *slope, double *shift)
{
    double sum[2] = {0}, square[2] = {0}, a[2] = {0}, count = 0;
    bool unit = true;
    for (size_t i = 0; i < n; i++) {
        unit = unit && has_unit_slope(pairs[i].from);
        a[0] += pairs[i].from->a;
        a[1] += pairs[i].to->a;
        for (int k = 0; k < pairs[i].from->categories - 1; k++) {
            const double b[2] = {pairs[i].from->b[k], pairs[i].to->b[k]};
            for (int s = 0; s < 2; s++) {
                sum[s] += b[s];
                square[s] += b[s] * b[s];
            }
            count++;
        }
    }
    const double from = square[0] - sum[0] * sum[0] / count, to = square[1] - sum[1] * sum[1] / count;
    *slope = unit ? 1 : slopes ? a[0] / a[1] : from > 0 && to > 0 ? exact_sqrt(to / from) : 1;
    *shift = (sum[1] - *slope * sum[0]) / count;
}

/* ---- by curves: Gauss and Newton on (slope, shift), damped ---- */

typedef struct {
    double square, g[2], h[3]; /* sum of squares; J'r; J'J as 00, 01, 11 */
} least_t;

/* One residual with its derivatives in slope and shift. */
static void add_residual(least_t *l, double weight, double r, double by_slope, double by_shift)
{
    l->square += weight * r * r;
    l->g[0] += weight * r * by_slope;
    l->g[1] += weight * r * by_shift;
    l->h[0] += weight * by_slope * by_slope;
    l->h[1] += weight * by_slope * by_shift;
    l->h[2] += weight * by_shift * by_shift;
}

static least_t compare_at(const pair_t *pairs, size_t n, bool whole_test, double slope, double shift)
{
    least_t l = {0};
    for (int q = 0; q < NODES; q++) {
        const double theta = -RANGE + 2 * RANGE * q / (NODES - 1), weight = exact_exp(-theta * theta / 2);
        const double at = (theta - shift) / slope; /* the same ability on the scale `from` */
        double r = 0, derivative = 0;
        for (size_t i = 0; i < n; i++) {
            irt_point_t from, to;
            irt_point(pairs[i].from, at, &from);
            irt_point(pairs[i].to, theta, &to);
            for (int k = 1; k < from.categories; k++) {
                const double off = from.p[k] - to.p[k], by = from.p[k] * from.l1[k];
                r += k * off;
                derivative += k * by;
                if (!whole_test) add_residual(&l, weight, off, -by * at / slope, -by / slope);
            }
        }
        if (whole_test) add_residual(&l, weight, r, -derivative * at / slope, -derivative / slope);
    }
    return l;
}

static void by_curves(const pair_t *pairs, size_t n, bool whole_test, double *slope, double *shift)
{
    double damping = 1e-3;
    bool unit = true;
    for (size_t i = 0; i < n; i++) unit = unit && has_unit_slope(pairs[i].from);
    least_t now = compare_at(pairs, n, whole_test, *slope, *shift);
    for (int step = 0; step < STEPS_MAX; step++) {
        const double h0 = now.h[0] * (1 + damping), h2 = now.h[2] * (1 + damping), h1 = unit ? 0 : now.h[1];
        const double determinant = h0 * h2 - h1 * h1;
        if (!(determinant > 0)) return;
        double by_slope = unit ? 0 : -(h2 * now.g[0] - h1 * now.g[1]) / determinant;
        double by_shift = unit ? -now.g[1] / h2 : -(h0 * now.g[1] - h1 * now.g[0]) / determinant;
        if (*slope + by_slope < *slope / 4) by_slope = -*slope / 2;
        least_t next = compare_at(pairs, n, whole_test, *slope + by_slope, *shift + by_shift);
        const bool better = next.square <= now.square;
        damping = better ? damping / 10 : damping * 10;
        if (better) {
            *slope += by_slope;
            *shift += by_shift;
            now = next;
        }
        if (exact_abs(by_slope) + exact_abs(by_shift) < 1e-10 || damping > 1e12) return;
    }
}

static void link_pairs(link_t *link, const pair_t *pairs, size_t n, link_method_t method)
{
    by_moments(pairs, n, method == LINK_MEAN_MEAN, &link->slope, &link->shift);
    if (method == LINK_HAEBARA || method == LINK_STOCKING_LORD)
        by_curves(pairs, n, method == LINK_STOCKING_LORD, &link->slope, &link->shift);
}

irt_item_t link_item(const link_t *link, const irt_item_t *item)
{
    irt_item_t out = *item;
    out.a = item->a / link->slope;
    for (int k = 0; k < item->categories - 1; k++) out.b[k] = link->slope * item->b[k] + link->shift;
    return out;
}

/* ---- common items and their drift ---- */

static bool find_common(link_t *link, arena_t *arena, const items_t *from, const items_t *to, err_t *err)
{
    link->items = arena_array(arena, from->count, sizeof *link->items);
    if (!link->items) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (size_t i = 0; i < from->count; i++) {
        const int at = items_find(to, from->items[i].id);
        if (at < 0) continue;
        const irt_item_t *a = &from->items[i], *b = &to->items[at];
        if (a->model != b->model || a->categories != b->categories)
            return err_set(err, ERR_INPUT, "item %s is %s with %d categories in %s and %s with %d in %s", a->id,
                           irt_model_name(a->model), a->categories, from->file, irt_model_name(b->model), b->categories,
                           to->file);
        link->items[link->count++] = (link_item_t){.from = i, .to = (size_t)at};
    }
    if (link->count < 2)
        return err_set(err, ERR_INPUT, "%s and %s have %zu items in common; a link needs at least 2", from->file,
                       to->file, link->count);
    return true;
}

/* Displacements of all common items; the spread is that of the items in use. Answers the worst that drifted, or count.
 */
static size_t find_drift(link_t *link, const items_t *from, const items_t *to, const link_drift_t *drift,
                         double *scratch)
{
    size_t used = 0, worst = link->count;
    for (size_t i = 0; i < link->count; i++) {
        link_item_t *item = &link->items[i];
        irt_item_t moved = link_item(link, &from->items[item->from]);
        item->displacement = mean_b(&moved) - mean_b(&to->items[item->to]);
        if (!item->dropped) scratch[used++] = item->displacement;
    }
    const double median = quantile(scratch, used, 0.5);
    const double spread = 0.74 * (quantile(scratch, used, 0.75) - quantile(scratch, used, 0.25));
    for (size_t i = 0; i < link->count; i++) {
        link_item_t *item = &link->items[i];
        const double off = item->displacement - median;
        item->robust_z = spread > 1e-12 ? off / spread : 0;
        item->drifted = exact_abs(item->robust_z) > drift->z && exact_abs(item->displacement) > drift->logits;
        if (item->drifted && !item->dropped &&
            (worst == link->count || exact_abs(off) > exact_abs(link->items[worst].displacement - median)))
            worst = i;
    }
    return worst;
}

bool link_scales(link_t *link, arena_t *arena, const items_t *from, const items_t *to, link_method_t method,
                 const link_drift_t *drift, err_t *err)
{
    *link = (link_t){0};
    if (!find_common(link, arena, from, to, err)) return false;
    pair_t *pairs = arena_array(arena, link->count, sizeof *pairs);
    double *scratch = arena_array(arena, link->count, sizeof *scratch);
    if (!pairs || !scratch) return err_set(err, ERR_MEMORY, "the items do not fit into memory");
    for (;;) {
        link->used = 0;
        for (size_t i = 0; i < link->count; i++)
            if (!link->items[i].dropped)
                pairs[link->used++] = (pair_t){&from->items[link->items[i].from], &to->items[link->items[i].to]};
        link_pairs(link, pairs, link->used, method);
        size_t worst = find_drift(link, from, to, drift, scratch);
        if (!drift->drop || worst == link->count || link->used <= 2) return true;
        link->items[worst].dropped = true;
    }
}
