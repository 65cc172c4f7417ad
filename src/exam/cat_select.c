/* Which item next. All rules see the same candidates: what the content admits, and, where a set of items is open, only
 * what is left of it. Ties go to the item that comes first in the bank. */
#include "cat_private.h"

#include <assert.h>

/* Candidates of one step. */
typedef struct {
    cat_sitting_t *sitting;
    double theta;          /* where to look */
    double due[AREAS_MAX]; /* how many items each area is behind its share, -1 .. 1 */
    double due_most;       /* of the areas that are admitted */
    bool area_open[AREAS_MAX];
    int set;         /* only items of this set; -1: any */
    bool cut;        /* a set may begin that cannot be given whole */
    uint64_t chance; /* names the random numbers of progressive in this step */
} field_t;

/* With whole sets: is the item the next of its set, and, where it would begin it, is there room for all of it? */
static bool set_allows(const field_t *field, int item)
{
    content_t *content = &field->sitting->content;
    const blueprint_t *blueprint = field->sitting->bank->blueprint;
    int set = blueprint->set_of[item], open = 0, all = 0;
    for (int i = 0; i < (int)blueprint->items; i++) {
        if (blueprint->set_of[i] != set) continue;
        if (content->open[i] && open++ == 0 && i != item) return false;
        all++;
    }
    if (field->set >= 0 || field->cut) return true;
    return open == all && content_admits_many(content, blueprint->area_of[item], all);
}

static bool is_candidate(const field_t *field, int item)
{
    content_t *content = &field->sitting->content;
    const blueprint_t *blueprint = field->sitting->bank->blueprint;
    if (!content->open[item] || (field->set >= 0 && blueprint->set_of[item] != field->set)) return false;
    if (field->sitting->bank->design.whole_sets && blueprint->set_of[item] >= 0 && !set_allows(field, item))
        return false;
    if (content->units->home[content->units->unit_of[item]] >= 0) return field->area_open[blueprint->area_of[item]];
    return content_admits(content, item);
}

/* The set of the last item, while something of it may follow. */
static int open_set(field_t *field)
{
    const cat_sitting_t *sitting = field->sitting;
    const blueprint_t *blueprint = sitting->bank->blueprint;
    if (sitting->count == 0 || blueprint->sets == 0) return -1;
    field->set = blueprint->set_of[sitting->steps[sitting->count - 1].item];
    for (size_t i = 0; field->set >= 0 && i < blueprint->items; i++)
        if (is_candidate(field, (int)i)) return field->set;
    return -1;
}

static void lay_out(field_t *field, cat_sitting_t *sitting, uint64_t chance, bool cut)
{
    const cat_bank_t *bank = sitting->bank;
    const cat_design_t *design = &bank->design;
    *field = (field_t){.sitting = sitting, .due_most = -1, .set = -1, .cut = cut, .chance = chance};
    field->theta = design->at_cut ? design->cut : sitting->ability.theta;
    for (int a = 0; a < bank->blueprint->areas; a++) {
        double due = bank->share[a] * (sitting->count + 1) - sitting->content.count[a];
        field->due[a] = due > 1 ? 1 : due < -1 ? -1 : due;
        field->area_open[a] = content_admits_area(&sitting->content, a);
        bool reachable = field->area_open[a] || bank->units.bridges > 0;
        if (reachable && field->due[a] > field->due_most) field->due_most = field->due[a];
    }
    field->set = open_set(field);
}

/* ---- by information: mfi, randomesque, progressive ---- */

enum { BEST_MAX = 64 };

typedef struct {
    int item[BEST_MAX];
    double score[BEST_MAX];
    int count, wanted;
} best_t;

static bool ahead(double score, int item, double other, int other_item)
{
    return score > other || (!(score < other) && item < other_item);
}

static void offer(best_t *best, int item, double score)
{
    int at = best->count;
    if (best->count == best->wanted) {
        if (!ahead(score, item, best->score[at - 1], best->item[at - 1])) return;
        at--;
    } else {
        best->count++;
    }
    for (; at > 0 && ahead(score, item, best->score[at - 1], best->item[at - 1]); at--) {
        best->score[at] = best->score[at - 1];
        best->item[at] = best->item[at - 1];
    }
    best->score[at] = score;
    best->item[at] = item;
}

/* Walks the items of theta's cell from the largest bound down; score = weight I + chance + bonus of the area. Stops
 * where no later item can reach the best found, so the result is that of looking at all of them. */
static void by_information(field_t *field, double weight, best_t *best)
{
    const cat_bank_t *bank = field->sitting->bank;
    const ranked_t *row = bank->ranked + (size_t)cat_cell(field->theta) * bank->items->count;
    double largest = -1, content = bank->design.content_weight;
    for (size_t r = 0; r < bank->items->count; r++) {
        int item = row[r].item;
        double bound = (double)row[r].bound;
        double last = best->count == best->wanted ? best->score[best->count - 1] : -1e300;
        if (largest >= 0 && weight * bound + (1 - weight) * largest + content * largest * field->due_most < last) break;
        if (!is_candidate(field, item)) continue;
        if (largest < 0) largest = bound;
        double extra = content * largest * field->due[bank->blueprint->area_of[item]];
        if (weight < 1) { /* progressive: the chance of this item in this step, whatever the order of asking */
            rng_t rng = rng_at(field->chance, CAT_DOMAIN_SELECT, (uint64_t)item, 0);
            extra += (1 - weight) * largest * rng_uniform(&rng);
        }
        if (weight * bound + extra < last) continue;
        offer(best, item, weight * irt_information(&bank->items->items[item], field->theta) + extra);
    }
}

static int choose_by_information(field_t *field, rng_t *rng)
{
    const cat_sitting_t *sitting = field->sitting;
    const cat_design_t *design = &sitting->bank->design;
    best_t best = {.wanted = design->select == CAT_RANDOMESQUE ? design->randomesque : 1};
    double weight = 1;
    if (design->select == CAT_PROGRESSIVE)
        weight = exact_pow((double)sitting->count / sitting->content.length, design->acceleration);
    by_information(field, weight, &best);
    if (best.count == 0) return -1;
    return best.item[best.count > 1 ? rng_below(rng, (uint32_t)best.count) : 0];
}

/* ---- by Kullback-Leibler information ---- */

/* The integral of log p_k from the left end to theta: cubic Hermite between nodes, log p being its slope. */
static double integral_to(const double *pairs, double theta)
{
    const double h = 2.0 * CAT_KL_HALF / (CAT_KL_NODES - 1);
    double at = (theta + CAT_KL_HALF) / h;
    int node = (int)exact_floor(at);
    if (node > CAT_KL_NODES - 2) node = CAT_KL_NODES - 2;
    double t = at - node, u = 1 - t;
    const double *p = pairs + (size_t)node * 2;
    return (1 + 2 * t) * u * u * p[1] + t * u * u * h * p[0] + t * t * (3 - 2 * t) * p[3] - t * t * u * h * p[2];
}

/* sum_k p_k(theta) [width log p_k(theta) - integral of log p_k]. */
static double kl_index(const cat_bank_t *bank, int item, double theta, double low, double high)
{
    const irt_item_t *it = &bank->items->items[item];
    double log_p[IRT_CATEGORIES_MAX], sum = 0;
    irt_log_probabilities(it, theta, log_p);
    for (int k = 0; k < it->categories; k++) {
        const double *pairs = bank->kl + ((size_t)item * (size_t)bank->grid.categories + (size_t)k) * CAT_KL_NODES * 2;
        double inside = integral_to(pairs, high) - integral_to(pairs, low);
        sum += exact_exp(log_p[k]) * ((high - low) * log_p[k] - inside);
    }
    return sum > 0 ? sum : 0; /* it is not negative, but for rounding */
}

static int choose_by_kl(field_t *field)
{
    static const double WIDTH = 3.0;
    const cat_bank_t *bank = field->sitting->bank;
    double *index = field->sitting->index, most = 0, best = 0;
    int n = field->sitting->count > 0 ? field->sitting->count : 1, chosen = -1;
    double half = WIDTH / exact_sqrt(n), theta = field->theta;
    if (theta > CAT_KL_HALF) theta = CAT_KL_HALF;
    if (theta < -CAT_KL_HALF) theta = -CAT_KL_HALF;
    double low = theta - half > -CAT_KL_HALF ? theta - half : -CAT_KL_HALF;
    double high = theta + half < CAT_KL_HALF ? theta + half : CAT_KL_HALF;
    for (int i = 0; i < (int)bank->items->count; i++) {
        index[i] = is_candidate(field, i) ? kl_index(bank, i, theta, low, high) : -1;
        if (index[i] > most) most = index[i];
    }
    for (int i = 0; i < (int)bank->items->count; i++) {
        if (index[i] < 0) continue;
        double score = index[i] + bank->design.content_weight * most * field->due[bank->blueprint->area_of[i]];
        if (chosen >= 0 && score <= best) continue;
        chosen = i;
        best = score;
    }
    return chosen;
}

/* ---- stratified ---- */

static int choose_in_stratum(field_t *field)
{
    const cat_bank_t *bank = field->sitting->bank;
    int strata = bank->design.strata, stage = field->sitting->count * strata / field->sitting->content.length;
    int chosen = -1, chosen_off = 0;
    double best = 0;
    for (int i = 0; i < (int)bank->items->count; i++) {
        if (!is_candidate(field, i)) continue;
        int off = bank->stratum[i] - stage; /* an empty stratum sends to the nearest one, steeper ones first */
        off = off < 0 ? -2 * off : off > 0 ? 2 * off - 1 : 0;
        double score = bank->design.content_weight * field->due[bank->blueprint->area_of[i]] -
                       exact_abs(bank->peak[i] - field->theta);
        if (chosen >= 0 && (off > chosen_off || (off == chosen_off && score <= best))) continue;
        chosen = i;
        chosen_off = off;
        best = score;
    }
    return chosen;
}

/* ---- the choice ---- */

/* Sympson-Hetter: is the selected item given? Setting it aside must leave a test that can be completed. */
static bool is_given(cat_sitting_t *sitting, int item, rng_t *rng)
{
    cat_use_t *use = sitting->use;
    if (!use || use->method != CAT_EXPOSURE_SYMPSON_HETTER) return true;
    use->selected[item]++;
    if (rng_chance(rng, use->parameter[item])) return true;
    content_close(&sitting->content, item);
    if (content_feasible(&sitting->content)) return false;
    content_reopen(&sitting->content, item);
    use->yielded++;
    return true;
}

int cat_choose(cat_sitting_t *sitting)
{
    cat_select_t select = sitting->bank->design.select;
    rng_t rng = rng_at(sitting->seed, CAT_DOMAIN_SELECT, sitting->person, (uint64_t)sitting->count);
    uint64_t chance = rng_u64(&rng);
    for (bool cut = !sitting->bank->design.whole_sets;;) {
        field_t field;
        lay_out(&field, sitting, chance, cut);
        int item = select == CAT_KL           ? choose_by_kl(&field)
                   : select == CAT_STRATIFIED ? choose_in_stratum(&field)
                                              : choose_by_information(&field, &rng);
        if (item < 0 && !cut) { /* the quotas leave room for part of a set only */
            cut = true;
            continue;
        }
        if (item < 0 || is_given(sitting, item, &rng)) return item;
    }
}
