/* See exam/dif.h. Given the margins of a score (n_F of N persons focal, n_k of them in category k), the focal counts
 * F_k are multivariate hypergeometric: E F_k = n_F n_k / N,   Cov(F_j, F_k) = n_R n_F (N n_j [j = k] - n_j n_k) / (N^2
 * (N - 1)). Mantel's statistic is that of sum k F_k, the generalized one that of the vector, both summed over the
 * scores. */
#include "dif_ordered.h"

#include "base/exact.h"
#include "statistics.h"

#include <string.h>

typedef struct {
    int k, strata;
    double off[IRT_CATEGORIES_MAX];                            /* sum F - E F */
    double covariance[IRT_CATEGORIES_MAX][IRT_CATEGORIES_MAX]; /* its covariance */
    double difference, weight;                                 /* of the standardized difference */
    double persons, sum, square;                               /* of the scores of all */
} sums_t;

static void add_stratum(const ordered_stratum_t *s, sums_t *sums)
{
    double group[2] = {0}, mean[2] = {0}, all[IRT_CATEGORIES_MAX];
    int answered = 0;
    for (int k = 0; k < sums->k; k++) {
        all[k] = s->n[0][k] + s->n[1][k];
        answered += all[k] > 0;
        sums->persons += all[k];
        sums->sum += k * all[k];
        sums->square += (double)k * k * all[k];
        for (int g = 0; g < 2; g++) {
            group[g] += s->n[g][k];
            mean[g] += k * s->n[g][k];
        }
    }
    if (!(group[0] > 0 && group[1] > 0)) return;
    sums->difference += group[1] * (mean[1] / group[1] - mean[0] / group[0]);
    sums->weight += group[1];
    if (answered < 2) return; /* all answered alike */
    const double n = group[0] + group[1], scale = group[0] * group[1] / (n * n * (n - 1));
    sums->strata++;
    for (int j = 0; j < sums->k; j++) {
        sums->off[j] += s->n[1][j] - group[1] * all[j] / n;
        for (int k = 0; k < sums->k; k++)
            sums->covariance[j][k] += scale * ((j == k ? n * all[j] : 0) - all[j] * all[k]);
    }
}

/* off' covariance^-1 off over all categories but the last that occurs, by Gaussian elimination without pivots: what is
 * left of a covariance matrix is one again, so a pivot of 0 belongs to a category that the others determine. */
static double quadratic_form(const sums_t *sums, int *df)
{
    double a[IRT_CATEGORIES_MAX][IRT_CATEGORIES_MAX], r[IRT_CATEGORIES_MAX], sum = 0;
    memcpy(a, sums->covariance, sizeof a);
    memcpy(r, sums->off, sizeof r);
    *df = 0;
    for (int j = 0; j < sums->k; j++) {
        if (!(a[j][j] > 1e-9 * sums->covariance[j][j])) continue;
        sum += r[j] * r[j] / a[j][j];
        (*df)++;
        for (int i = j + 1; i < sums->k; i++) {
            const double f = a[i][j] / a[j][j];
            r[i] -= f * r[j];
            for (int k = j + 1; k < sums->k; k++) a[i][k] -= f * a[j][k];
        }
    }
    return sum;
}

static const double SIZE_LARGE = 0.25;

void dif_judge_ordered(const ordered_stratum_t *strata, size_t count, dif_item_t *item)
{
    sums_t sums = {.k = item->categories};
    double off = 0, variance = 0;
    for (size_t m = 0; m < count; m++) add_stratum(&strata[m], &sums);
    for (int j = 0; j < sums.k; j++) {
        off += j * sums.off[j];
        for (int k = 0; k < sums.k; k++) variance += j * k * sums.covariance[j][k];
    }
    const double mean = sums.persons > 0 ? sums.sum / sums.persons : 0;
    const double spread = sums.persons > 1 ? (sums.square - sums.sum * mean) / (sums.persons - 1) : 0;
    item->strata = sums.strata;
    item->known = sums.strata > 0 && variance > 0 && spread > 0;
    if (!item->known) return;
    item->chi_square = off * off / variance;
    item->p = chi_square_above(item->chi_square, 1);
    item->general = quadratic_form(&sums, &item->general_df);
    item->general_p = chi_square_above(item->general, item->general_df);
    item->standardized = sums.difference / sums.weight;
    item->size = item->standardized / exact_sqrt(spread);
    item->large = item->p < 0.05 && exact_abs(item->size) >= SIZE_LARGE;
}
