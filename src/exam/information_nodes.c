/* Posterior covariances of the score, for any curve and any pattern of missing answers: the second part of Louis'
 * identity in information.c. The scores of the items a pattern answered are functions on its few nodes that matter; in
 * a basis of polynomials that are orthonormal under its posterior, their covariance is a sum of outer products, which
 * soon becomes negligible because the posterior is narrow where there are many items. */
#include "base/exact.h"
#include "fit_private.h"
#include "parallel.h"

#include <string.h>

enum { RANK_MAX = 24, RANK_STEP = 4, STRIPE = 16, SLOTS_MIN = 8, SLOTS_MAX = 512 };
static const size_t SLOT_BYTES = (size_t)16 << 20;
static const size_t WORK_BYTES_MAX = (size_t)1 << 30;
static const double NEGLIGIBLE = 1e-8; /* share of a basis function below which the rest is left out */

/* What one pattern takes off: sum over rank of v v'. */
typedef struct {
    size_t active;      /* parameters that its answers speak of */
    int rank;           /* a multiple of RANK_STEP */
    int *index;         /* [active] ascending */
    const double **row; /* [active] scores over nodes */
    double *v;          /* [rank][active] */
} slot_t;

typedef struct {
    fit_t *fit;
    double *j;
    size_t n, first, count; /* patterns in the slots, as places in `list` */
    size_t *list;           /* patterns of the chunk to take */
    size_t chunk;           /* first pattern of the chunk */
    slot_t *slots;
    double **scores;     /* [items] [category][free parameter][width] */
    double *group_score; /* [parameters of groups][width] */
} nodes_t;

static void item_scores(void *context, size_t item, int thread)
{
    (void)thread;
    const nodes_t *job = context;
    const fit_t *fit = job->fit;
    const size_t width = fit->e.width, first = fit->item_first[item], count = fit->item_first[item + 1] - first;
    for (size_t q = 0; q < fit->e.nodes && count > 0; q++) {
        curve_point_t point;
        curve_point(&fit->curves[item], fit->e.theta[q], &point);
        for (size_t k = 0; k < (size_t)fit->curves[item].categories; k++)
            for (size_t m = 0; m < count; m++)
                job->scores[item][(k * count + m) * width + q] = point.score[k][fit->free[first + m].local];
    }
}

/* basis[m][q] = h(q) p_m(q), m = 1 .. : Gram and Schmidt on 1, t, t^2, ... under the weights h, twice for the digits.
 */
static int make_basis(const double *h, const double *theta, size_t nodes, double basis[RANK_MAX][CALIBRATE_NODES_MAX])
{
    double p[RANK_MAX + 1][CALIBRATE_NODES_MAX];
    int rank = 0;
    for (size_t q = 0; q < nodes; q++) p[0][q] = 1;
    while (rank < RANK_MAX && rank + 1 < (int)nodes) {
        double *next = p[rank + 1], before = 0, norm = 0;
        for (size_t q = 0; q < nodes; q++) {
            next[q] = (theta[q] - theta[nodes / 2]) * p[rank][q];
            before += h[q] * next[q] * next[q];
        }
        for (int pass = 0; pass < 2; pass++)
            for (int m = 0; m <= rank; m++) {
                double along = 0;
                for (size_t q = 0; q < nodes; q++) along += h[q] * p[m][q] * next[q];
                for (size_t q = 0; q < nodes; q++) next[q] -= along * p[m][q];
            }
        for (size_t q = 0; q < nodes; q++) norm += h[q] * next[q] * next[q];
        if (!(norm > 1e-20 * before)) break;
        norm = 1 / exact_sqrt(norm);
        for (size_t q = 0; q < nodes; q++) {
            next[q] *= norm;
            basis[rank][q] = h[q] * next[q];
        }
        rank++;
    }
    return rank;
}

/* The scores of the parameters that the pattern's answers speak of, as rows over nodes; answers how many. */
static size_t list_scores(const nodes_t *job, size_t s, int *index, const double **row)
{
    const fit_t *fit = job->fit;
    const size_t width = fit->e.width, group = fit->data->group[s];
    size_t active = 0;
    for (size_t i = 0; i < fit->data->items; i++) {
        const size_t first = fit->item_first[i], count = fit->item_first[i + 1] - first;
        int option = count ? pack_option(fit->data, s, i) : 0;
        if (option >= fit->data->item[i].categories) continue;
        for (size_t m = 0; m < count; m++) {
            row[active] = job->scores[i] + ((size_t)option * count + m) * width;
            index[active++] = (int)(first + m);
        }
    }
    for (size_t m = fit->group_first[group]; m < fit->group_first[group + 1]; m++) {
        row[active] = job->group_score + (m - fit->group_first[0]) * width;
        index[active++] = (int)m;
    }
    return active;
}

static void fill_slot(void *context, size_t task, int thread)
{
    (void)thread;
    const nodes_t *job = context;
    const fit_t *fit = job->fit;
    const estep_t *e = &fit->e;
    const size_t s = job->list[job->first + task], row = s - job->chunk;
    slot_t *slot = &job->slots[task];
    double basis[RANK_MAX][CALIBRATE_NODES_MAX], h[CALIBRATE_NODES_MAX], norms = 0;
    const double *from = e->h + row * e->width, weight = fit->data->weight[s];
    size_t begin = e->windows[row].first * KERNEL_LANE, end = e->windows[row].last * KERNEL_LANE;
    while (begin < end && from[begin] < 1e-14 * weight) begin++;
    while (end > begin && from[end - 1] < 1e-14 * weight) end--;
    for (size_t q = begin; q < end; q++) h[q - begin] = from[q] / weight;
    int rank = make_basis(h, e->theta + begin, end - begin, basis);
    slot->active = list_scores(job, s, slot->index, slot->row);
    for (slot->rank = 0; slot->rank < rank; slot->rank++) {
        double *v = slot->v + (size_t)slot->rank * slot->active, norm = 0;
        const double *b = basis[slot->rank], root = exact_sqrt(weight);
        for (size_t a = 0; a < slot->active; a++) {
            double sum = 0;
            for (size_t q = begin; q < end; q++) sum += b[q - begin] * slot->row[a][q];
            v[a] = root * sum;
            norm += sum * sum;
        }
        norms += norm;
        if (norm < NEGLIGIBLE * norms) break;
    }
    for (; slot->rank % RANK_STEP; slot->rank++)
        memset(slot->v + (size_t)slot->rank * slot->active, 0, slot->active * sizeof *slot->v);
}

/* sum[b] += v[r][a] v[r][b] for four rows r. */
static void add_products(const double *v, size_t active, size_t a, double *restrict sum)
{
    const double *v0 = v, *v1 = v0 + active, *v2 = v1 + active, *v3 = v2 + active;
    const double s0 = v0[a], s1 = v1[a], s2 = v2[a], s3 = v3[a];
    for (size_t b = 0; b <= a; b++) sum[b] += (s0 * v0[b] + s1 * v1[b]) + (s2 * v2[b] + s3 * v3[b]);
}

/* Rows [task * STRIPE, + STRIPE) of J, lower triangle, from all slots. */
static void take_off(void *context, size_t task, int thread)
{
    (void)thread;
    const nodes_t *job = context;
    double sum[CALIBRATE_ERRORS_MAX];
    for (size_t k = 0; k < job->count; k++) {
        const slot_t *slot = &job->slots[k];
        size_t a = 0;
        while (a < slot->active && (size_t)slot->index[a] < task * STRIPE) a++;
        for (; a < slot->active && (size_t)slot->index[a] < (task + 1) * STRIPE; a++) {
            memset(sum, 0, (a + 1) * sizeof *sum);
            for (int r = 0; r < slot->rank; r += RANK_STEP)
                add_products(slot->v + (size_t)r * slot->active, slot->active, a, sum);
            double *row = job->j + (size_t)slot->index[a] * job->n;
            for (size_t b = 0; b <= a; b++) row[slot->index[b]] -= sum[b];
        }
    }
}

static void take_chunk(nodes_t *job, size_t first, size_t count, size_t listed, size_t slots)
{
    estep_t *e = &job->fit->e;
    job->chunk = first;
    estep_posteriors(e, first, count);
    for (job->first = 0; job->first < listed; job->first += job->count) {
        job->count = listed - job->first < slots ? listed - job->first : slots;
        parallel_run(e->threads, job->count, fill_slot, job);
        parallel_run(e->threads, (job->n + STRIPE - 1) / STRIPE, take_off, job);
    }
}

/* All working memory in one arena; *slots is how many patterns are taken at a time. */
static bool allocate(nodes_t *job, arena_t *arena, size_t *slots)
{
    const fit_t *fit = job->fit;
    const size_t n = job->n, items = fit->data->items, each = n * (RANK_MAX * sizeof(double) + 16);
    *slots = SLOT_BYTES / each < SLOTS_MIN ? SLOTS_MIN : SLOT_BYTES / each > SLOTS_MAX ? SLOTS_MAX : SLOT_BYTES / each;
    job->list = arena_array(arena, ESTEP_CHUNK, sizeof *job->list);
    job->slots = arena_array(arena, *slots, sizeof *job->slots);
    job->scores = arena_array(arena, items, sizeof *job->scores);
    job->group_score = arena_array(arena, n - fit->group_first[0] + 1, fit->e.width * sizeof *job->group_score);
    bool good = job->list && job->slots && job->scores && job->group_score;
    for (size_t i = 0; i < items && good; i++) {
        size_t count = fit->item_first[i + 1] - fit->item_first[i];
        job->scores[i] =
            arena_array(arena, (size_t)fit->curves[i].categories * count + 1, fit->e.width * sizeof **job->scores);
        good = job->scores[i];
    }
    for (size_t k = 0; k < *slots && good; k++) {
        slot_t *slot = &job->slots[k];
        slot->index = arena_array(arena, n, sizeof *slot->index);
        slot->row = arena_array(arena, n, sizeof *slot->row);
        slot->v = arena_array(arena, n, RANK_MAX * sizeof *slot->v);
        good = slot->index && slot->row && slot->v;
    }
    return good;
}

static void group_scores(nodes_t *job)
{
    const fit_t *fit = job->fit;
    double score[2][CALIBRATE_NODES_MAX];
    for (int g = 0; g < fit->data->groups; g++) {
        fit_group_scores(fit, g, score[0], score[1]);
        for (size_t m = fit->group_first[g]; m < fit->group_first[g + 1]; m++)
            memcpy(job->group_score + (m - fit->group_first[0]) * fit->e.width, score[fit->free[m].local],
                   fit->e.nodes * sizeof *job->group_score);
    }
}

bool information_by_nodes(fit_t *fit, double *information, bool incomplete_only, err_t *err)
{
    nodes_t job = {.fit = fit, .j = information, .n = fit->parameters};
    const pack_t *data = fit->data;
    size_t slots = 0, left = 0;
    for (int g = 0; g < data->groups; g++)
        left += data->begin[g + 1] - (incomplete_only ? data->whole[g] : data->begin[g]);
    if (left == 0 || job.n == 0) return true;
    arena_t *arena = arena_new(WORK_BYTES_MAX);
    bool good = (arena && allocate(&job, arena, &slots)) ||
                err_set(err, ERR_MEMORY, "the information matrix does not fit into memory");
    if (good) {
        parallel_run(fit->e.threads, data->items, item_scores, &job);
        group_scores(&job);
    }
    for (size_t first = 0; first < data->patterns && good; first += ESTEP_CHUNK) {
        size_t count = data->patterns - first < ESTEP_CHUNK ? data->patterns - first : ESTEP_CHUNK, listed = 0;
        for (size_t s = first; s < first + count; s++)
            if (!incomplete_only || s >= data->whole[data->group[s]]) job.list[listed++] = s;
        if (listed) take_chunk(&job, first, count, listed, slots);
    }
    arena_free(arena);
    return good;
}
