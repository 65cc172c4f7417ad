/* Tables of a bank, computed once for a design: bounds of the items' information by cell of theta, sorted, so that the
 * most informative item is found without looking at all; integrals for Kullback-Leibler; strata by slope. */
#include "cat_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const double CELL_STEP = 0.1, CELL_FIRST = -6.0;

int cat_cell(double theta)
{
    double at = exact_floor((theta - CELL_FIRST) / CELL_STEP);
    return at < 0 ? 0 : at > CAT_CELLS - 3 ? CAT_CELLS - 1 : (int)at + 1;
}

static void cell_ends(int cell, double *low, double *high)
{
    *low = cell == 0 ? -ABILITY_SEARCH : CELL_FIRST + (cell - 1) * CELL_STEP;
    *high = cell == CAT_CELLS - 1 ? ABILITY_SEARCH : CELL_FIRST + cell * CELL_STEP;
}

/* A bound of the information on [low, high]. With two categories there is one maximum, at `peak`: exact. Otherwise the
 * largest of samples at distance h, and h^2/8 times a bound of the second derivative: the information of gpcm is
 * a^2 Var(k), its second derivative a^4 times a fourth cumulant, which is below (categories - 1)^4 / 8; that of grm
 * bends less. */
static double information_bound(const irt_item_t *item, double peak, double low, double high)
{
    enum { SAMPLES = 8 };
    if (item->categories == 2 && peak >= low && peak <= high) return irt_information(item, peak);
    double most = 0, step = (high - low) / SAMPLES, reach = item->a * item->a * step * (item->categories - 1);
    for (int i = 0; i <= SAMPLES; i++) {
        if (item->categories == 2 && i > 0 && i < SAMPLES) continue;
        double information = irt_information(item, low + i * step);
        if (information > most) most = information;
    }
    if (item->categories == 2) return most;
    double range = (item->categories - 1) * (item->categories - 1);
    double widest =
        item->a * item->a * range; /* no information is larger: |d log p/d theta| is at most a (categories - 1) */
    double bound = most + reach * reach * range / 64;
    return bound < widest ? bound : widest;
}

static int by_bound(const void *a, const void *b)
{
    const ranked_t *x = a, *y = b;
    if (x->bound < y->bound) return 1;
    if (x->bound > y->bound) return -1;
    return (x->item > y->item) - (x->item < y->item);
}

static bool rank_items(cat_bank_t *bank, arena_t *arena, err_t *err)
{
    size_t count = bank->items->count;
    ranked_t *ranked = arena_array(arena, count * CAT_CELLS, sizeof *ranked);
    double *peak = arena_array(arena, count, sizeof *peak);
    if (!ranked || !peak) return err_set(err, ERR_MEMORY, "the tables of %zu items do not fit into memory", count);
    for (size_t i = 0; i < count; i++) peak[i] = irt_most_informative_theta(&bank->items->items[i]);
    for (int cell = 0; cell < CAT_CELLS; cell++) {
        ranked_t *row = ranked + (size_t)cell * count;
        double low, high;
        cell_ends(cell, &low, &high);
        for (size_t i = 0; i < count; i++) /* the factor is for the rounding to float */
            row[i] = (ranked_t){(float)(1.000001 * information_bound(&bank->items->items[i], peak[i], low, high)),
                                (uint16_t)i};
        qsort(row, count, sizeof *row, by_bound);
    }
    bank->ranked = ranked;
    bank->peak = peak;
    return true;
}

/* For each item and category the pair log p and its integral, at every node: the integral by Hermite's rule, which
 * uses the slopes (error h^5/720 times the fourth derivative). */
static bool integrate_items(cat_bank_t *bank, arena_t *arena, err_t *err)
{
    size_t count = bank->items->count, categories = (size_t)bank->grid.categories;
    const double h = 2.0 * CAT_KL_HALF / (CAT_KL_NODES - 1);
    bank->kl = arena_array(arena, count * categories * CAT_KL_NODES * 2, sizeof(double));
    if (!bank->kl) return err_set(err, ERR_MEMORY, "the tables of %zu items do not fit into memory", count);
    for (size_t i = 0; i < count; i++) {
        const irt_item_t *item = &bank->items->items[i];
        double last[IRT_CATEGORIES_MAX] = {0}, slope[IRT_CATEGORIES_MAX] = {0}, sum[IRT_CATEGORIES_MAX] = {0};
        for (int node = 0; node < CAT_KL_NODES; node++) {
            double log_p[IRT_CATEGORIES_MAX], theta = -CAT_KL_HALF + node * h;
            irt_point_t point;
            irt_point(item, theta, &point);
            irt_log_probabilities(item, theta, log_p);
            for (int k = 0; k < item->categories; k++) {
                if (node > 0) sum[k] += h / 2 * (last[k] + log_p[k]) + h * h / 12 * (slope[k] - point.l1[k]);
                last[k] = log_p[k];
                slope[k] = point.l1[k];
                double *pair = bank->kl + ((i * categories + (size_t)k) * CAT_KL_NODES + (size_t)node) * 2;
                pair[0] = log_p[k];
                pair[1] = sum[k];
            }
        }
    }
    return true;
}

typedef struct {
    double peak, slope;
    int item, area;
} stratum_key_t;

static int by_peak(const void *a, const void *b)
{
    const stratum_key_t *x = a, *y = b;
    if (x->area != y->area) return x->area < y->area ? -1 : 1;
    if (x->peak < y->peak) return -1;
    if (x->peak > y->peak) return 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int by_slope(const void *a, const void *b)
{
    const stratum_key_t *x = a, *y = b;
    if (x->slope < y->slope) return -1;
    if (x->slope > y->slope) return 1;
    return (x->item > y->item) - (x->item < y->item);
}

/* Within each area, blocks of neighbors in difficulty; the flattest item of a block goes to stratum 0, and so on. */
static bool stratify(cat_bank_t *bank, arena_t *arena, err_t *err)
{
    size_t count = bank->items->count, strata = (size_t)bank->design.strata;
    stratum_key_t *keys = arena_array(arena, count, sizeof *keys);
    bank->stratum = arena_array(arena, count, sizeof *bank->stratum);
    if (!keys || !bank->stratum)
        return err_set(err, ERR_MEMORY, "the tables of %zu items do not fit into memory", count);
    for (size_t i = 0; i < count; i++)
        keys[i] = (stratum_key_t){bank->peak[i], bank->items->items[i].a, (int)i, bank->blueprint->area_of[i]};
    qsort(keys, count, sizeof *keys, by_peak);
    for (size_t from = 0; from < count;) {
        size_t n = 1;
        while (n < strata && from + n < count && keys[from + n].area == keys[from].area) n++;
        qsort(keys + from, n, sizeof *keys, by_slope);
        for (size_t k = 0; k < n; k++) bank->stratum[keys[from + k].item] = (uint8_t)(k * strata / n);
        from += n;
    }
    return true;
}

/* Shares of a test that lie within the percentages and sum to 1: each area's middle, moved toward an end. */
static void set_shares(cat_bank_t *bank)
{
    const blueprint_t *blueprint = bank->blueprint;
    double sum = 0, room_up = 0, room_down = 0;
    for (int a = 0; a < blueprint->areas; a++) {
        double low = blueprint->area[a].percent_min / 100, high = blueprint->area[a].percent_max / 100;
        bank->share[a] = (low + high) / 2;
        sum += bank->share[a];
        room_up += high - bank->share[a];
        room_down += bank->share[a] - low;
    }
    double move = sum < 1 && room_up > 0 ? (1 - sum) / room_up : sum > 1 && room_down > 0 ? (1 - sum) / room_down : 0;
    for (int a = 0; a < blueprint->areas; a++)
        bank->share[a] += move * (blueprint->area[a].percent_max - blueprint->area[a].percent_min) / 200;
}

/* Says what the bank lacks. */
static bool refuse_bank(const cat_bank_t *bank, const content_t *content, err_t *err)
{
    const blueprint_t *blueprint = bank->blueprint;
    for (int a = 0; a < blueprint->areas; a++) {
        int there = content->single[a];
        for (int b = 0; b < bank->units.bridges; b++) there += content->bridge_open[b * blueprint->areas + a] > 0;
        if (there < bank->quotas.low[a])
            return err_set(
                err, ERR_INPUT,
                "a test of %d items needs at least %d of the area %s, and the bank has %d that do not exclude one "
                "another; add items or shorten the test",
                bank->length, bank->quotas.low[a], blueprint->area[a].name, there);
    }
    return err_set(
        err, ERR_INPUT,
        "no test of %d items meets the blueprint with these items (areas, enemies); add items or shorten the test",
        bank->length);
}

static bool check_length(cat_bank_t *bank, arena_t *arena, err_t *err)
{
    content_t content;
    int units = bank->units.units;
    bank->length = bank->design.length_max;
    if (bank->length == 0) bank->length = units < TEST_LENGTH_MAX ? units : TEST_LENGTH_MAX;
    if (bank->length > units)
        return err_set(err, ERR_INPUT, "a test of %d items cannot be made of a bank of %d%s; shorten it or add items",
                       bank->length, units, bank->blueprint->groups ? " that do not exclude one another" : "");
    if (bank->design.length_min > bank->length)
        return err_set(err, ERR_INPUT, "the least length, %d, is above the greatest, %d", bank->design.length_min,
                       bank->length);
    blueprint_quotas(bank->blueprint, bank->length, &bank->quotas);
    if (!content_make(&content, arena, &bank->units, err)) return false;
    content_begin(&content, NULL, bank->length, &bank->quotas);
    return content_feasible(&content) || refuse_bank(bank, &content, err);
}

bool cat_bank(cat_bank_t **out, arena_t *arena, const items_t *items, const blueprint_t *blueprint,
              const cat_design_t *design, err_t *err)
{
    assert(blueprint->items == items->count && items->count <= ITEMS_MAX);
    cat_bank_t *bank = arena_alloc(arena, sizeof *bank);
    if (!bank) return err_set(err, ERR_MEMORY, "the bank does not fit into memory");
    if (!cat_design_check(design, err)) return false;
    bank->items = items;
    bank->blueprint = blueprint;
    bank->design = *design;
    set_shares(bank);
    if (!units_make(&bank->units, arena, blueprint, err) || !check_length(bank, arena, err) ||
        !ability_grid(&bank->grid, arena, items->items, items->count, &design->ability, err) ||
        !rank_items(bank, arena, err))
        return false;
    if (design->select == CAT_KL && !integrate_items(bank, arena, err)) return false;
    if (design->select == CAT_STRATIFIED && !stratify(bank, arena, err)) return false;
    *out = bank;
    return true;
}

const quotas_t *cat_quotas(const cat_bank_t *bank)
{
    return &bank->quotas;
}

int cat_length(const cat_bank_t *bank)
{
    return bank->length;
}
