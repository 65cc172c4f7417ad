/* The E-step of Bock and Aitkin (1981): for each pattern of answers s its posterior over the nodes,
 *   h_s(q) = A_q prod_i P(x_si | X_q) / P_s,  P_s = sum_q A_q prod_i P(x_si | X_q),
 * the marginal log-likelihood sum_s f_s log P_s, and the expected counts r_ikq = sum_s f_s [x_si = k] h_s(q). */
#ifndef TITER_EXAM_ESTEP_H
#define TITER_EXAM_ESTEP_H

#include "curve.h"
#include "kernel.h"
#include "pack.h"

enum { ESTEP_CHUNK = 8192 }; /* patterns whose posteriors are held at once */

typedef struct {
    const pack_t *data;
    int threads;
    size_t nodes, lanes, width; /* width = lanes * KERNEL_LANE >= nodes */
    double *theta;              /* [nodes] equally spaced */
    double *log_prior;          /* [groups][width] log A_q of each group */
    double **page;              /* [packs] log-likelihood of each code: [codes][width] */
    double **count;             /* [packs] expected count of each code: [codes][width] */
    double *group_count;        /* [groups][width] expected persons of the group at the node */
    double *log_marginal;       /* [patterns] log P_s */
    double *h;                  /* [ESTEP_CHUNK][width] f_s h_s(q) of the chunk at hand */
    kernel_window_t *windows;   /* [ESTEP_CHUNK] */
} estep_t;

bool estep_make(estep_t *e, arena_t *arena, const pack_t *data, int nodes, double range, int threads, err_t *err);
/* A_q is the normal density at X_q times the step between nodes; answers log sum A_q, 0 but for what the nodes do not
 * reach. Left as it is, the likelihood grows by what mean and SD bring to the nodes, as that of the whole line does. */
double estep_set_prior(estep_t *e, int group, double mean, double sd);
/* The tables of log-likelihoods; every curve must be proper. */
void estep_tables(estep_t *e, const curve_t *curves);
/* Posteriors of the patterns [first, first + count), count <= ESTEP_CHUNK, into h and windows; needs the tables. */
void estep_posteriors(estep_t *e, size_t first, size_t count);
/* Tables, posteriors and counts; answers the log-likelihood. The same to the bit for any number of threads. */
double estep_run(estep_t *e, const curve_t *curves);
/* Adds up the rows of a table of counts by option of one item: r[option][width]. */
void estep_item_counts(const estep_t *e, double *const *count, size_t item, double *r);
/* Clears a table of counts, and adds the posteriors at hand to it. */
void estep_clear(const estep_t *e, double **count);
void estep_count(const estep_t *e, size_t first, size_t count, double **into);

#endif
