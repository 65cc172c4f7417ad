/* See estep.h. Posteriors are shared out by patterns, counts by packs: every number is summed by one thread in one
 * order. */
#include "estep.h"

#include "base/exact.h"
#include "parallel.h"

#include <assert.h>
#include <string.h>

enum {
    BLOCK = 128,       /* patterns a task of posteriors */
    COUNT_ROWS = 1024, /* patterns of which the posteriors stay in the cache while packs are counted */
};
static const double LOG_SQRT_2PI = 0.91893853320467274178;
static const double NEVER = -1e6; /* log prior of the nodes that only fill a lane */

bool estep_make(estep_t *e, arena_t *arena, const pack_t *data, int nodes, double range, int threads, err_t *err)
{
    *e = (estep_t){.data = data, .threads = threads, .nodes = (size_t)nodes};
    e->lanes = (e->nodes + KERNEL_LANE - 1) / KERNEL_LANE;
    e->width = e->lanes * KERNEL_LANE;
    size_t codes = 0, chunk = data->patterns < ESTEP_CHUNK ? data->patterns : ESTEP_CHUNK;
    for (size_t k = 0; k < data->packs; k++) codes += data->codes_of[k];
    double *pages = arena_array(arena, codes, 2 * e->width * sizeof *pages);
    e->theta = arena_array(arena, e->width, sizeof *e->theta);
    e->log_prior = arena_array(arena, (size_t)data->groups, e->width * sizeof *e->log_prior);
    e->group_count = arena_array(arena, (size_t)data->groups, e->width * sizeof *e->group_count);
    e->page = arena_array(arena, data->packs, sizeof *e->page);
    e->count = arena_array(arena, data->packs, sizeof *e->count);
    e->log_marginal = arena_array(arena, data->patterns, sizeof *e->log_marginal);
    e->h = arena_array(arena, chunk, e->width * sizeof *e->h);
    e->windows = arena_array(arena, chunk, sizeof *e->windows);
    if (!pages || !e->theta || !e->log_prior || !e->group_count || !e->page || !e->count || !e->log_marginal || !e->h ||
        !e->windows)
        return err_set(err, ERR_MEMORY, "the tables of the calibration do not fit into memory");
    for (size_t k = 0; k < data->packs; k++) {
        e->page[k] = pages;
        e->count[k] = pages + data->codes_of[k] * e->width;
        pages += 2 * data->codes_of[k] * e->width;
    }
    for (size_t q = 0; q < e->nodes; q++) e->theta[q] = -range + 2.0 * range * (double)q / (double)(e->nodes - 1);
    return true;
}

double estep_set_prior(estep_t *e, int group, double mean, double sd)
{
    double *log_prior = e->log_prior + (size_t)group * e->width, total = 0;
    const double constant = exact_log((e->theta[1] - e->theta[0]) / sd) - LOG_SQRT_2PI;
    for (size_t q = 0; q < e->width; q++) {
        double z = (e->theta[q] - mean) / sd;
        log_prior[q] = q < e->nodes ? constant - z * z / 2.0 : NEVER;
        total += exact_exp(log_prior[q]);
    }
    return exact_log(total);
}

/* ---- tables ---- */

typedef struct {
    estep_t *e;
    const curve_t *curves;
} tables_t;

static void make_table(void *context, size_t pack, int thread)
{
    (void)thread;
    const tables_t *job = context;
    const estep_t *e = job->e;
    double *page = e->page[pack];
    const size_t width = e->width;
    memset(page, 0, e->data->codes_of[pack] * width * sizeof *page);
    for (size_t i = e->data->first[pack]; i < e->data->first[pack + 1]; i++) {
        const packed_item_t *item = &e->data->item[i];
        for (size_t q = 0; q < e->nodes; q++) {
            double log_p[IRT_CATEGORIES_MAX + 1];
            curve_log(&job->curves[i], e->theta[q], log_p);
            log_p[item->categories] = 0; /* a missing answer says nothing */
            for (int k = item->options - 1; k >= 0; k--)
                for (size_t code = 0; code < item->radix; code++)
                    page[((size_t)k * item->radix + code) * width + q] = page[code * width + q] + log_p[k];
        }
    }
}

void estep_tables(estep_t *e, const curve_t *curves)
{
    tables_t job = {e, curves};
    parallel_run(e->threads, e->data->packs, make_table, &job);
}

/* ---- posteriors ---- */

typedef struct {
    estep_t *e;
    size_t first, count;
} range_t;

static void block_posteriors(void *context, size_t task, int thread)
{
    (void)thread;
    const range_t *range = context;
    estep_t *e = range->e;
    const pack_t *data = e->data;
    size_t from = task * BLOCK, rows = range->count - from < BLOCK ? range->count - from : BLOCK;
    double *h = e->h + from * e->width;
    kernel_sum((const double *const *)e->page, data->packs, data->codes + range->first + from, data->patterns, rows,
               e->lanes, h);
    for (size_t row = 0; row < rows; row++) {
        size_t s = range->first + from + row;
        e->log_marginal[s] = kernel_posterior(h + row * e->width, e->log_prior + data->group[s] * e->width,
                                              data->weight[s], e->lanes, &e->windows[from + row]);
    }
}

void estep_posteriors(estep_t *e, size_t first, size_t count)
{
    range_t range = {e, first, count};
    assert(count <= ESTEP_CHUNK);
    parallel_run(e->threads, (count + BLOCK - 1) / BLOCK, block_posteriors, &range);
}

/* ---- counts ---- */

typedef struct {
    const estep_t *e;
    size_t first, count, share;
    double **into;
} counting_t;

/* Each task counts `share` packs, block of patterns by block, while their posteriors are in the cache. */
static void count_packs(void *context, size_t task, int thread)
{
    (void)thread;
    const counting_t *job = context;
    const estep_t *e = job->e;
    const pack_t *data = e->data;
    size_t begin = task * job->share, end = begin + job->share < data->packs ? begin + job->share : data->packs;
    for (size_t from = 0; from < job->count; from += COUNT_ROWS) {
        size_t rows = job->count - from < COUNT_ROWS ? job->count - from : COUNT_ROWS;
        for (size_t k = begin; k < end; k++)
            kernel_count(e->h + from * e->width, e->windows + from,
                         data->codes + k * data->patterns + job->first + from, rows, e->lanes, job->into[k]);
    }
}

void estep_count(const estep_t *e, size_t first, size_t count, double **into)
{
    counting_t job = {e, first, count, 8, into};
    parallel_run(e->threads, (e->data->packs + job.share - 1) / job.share, count_packs, &job);
}

void estep_clear(const estep_t *e, double **count)
{
    for (size_t k = 0; k < e->data->packs; k++) memset(count[k], 0, e->data->codes_of[k] * e->width * sizeof *count[k]);
}

double estep_run(estep_t *e, const curve_t *curves)
{
    const pack_t *data = e->data;
    double log_likelihood = 0;
    estep_tables(e, curves);
    estep_clear(e, e->count);
    memset(e->group_count, 0, (size_t)data->groups * e->width * sizeof *e->group_count);
    for (size_t first = 0; first < data->patterns; first += ESTEP_CHUNK) {
        size_t count = data->patterns - first < ESTEP_CHUNK ? data->patterns - first : ESTEP_CHUNK;
        estep_posteriors(e, first, count);
        estep_count(e, first, count, e->count);
        kernel_count(e->h, e->windows, data->group + first, count, e->lanes, e->group_count);
    }
    for (size_t s = 0; s < data->patterns; s++) log_likelihood += data->weight[s] * e->log_marginal[s];
    return log_likelihood;
}

void estep_item_counts(const estep_t *e, double *const *count, size_t item, double *r)
{
    const packed_item_t *at = &e->data->item[item];
    const double *page = count[at->pack];
    memset(r, 0, (size_t)at->options * e->width * sizeof *r);
    for (size_t code = 0; code < e->data->codes_of[at->pack]; code++) {
        double *to = r + code / at->radix % (size_t)at->options * e->width;
        for (size_t q = 0; q < e->width; q++) to[q] += page[code * e->width + q];
    }
}
