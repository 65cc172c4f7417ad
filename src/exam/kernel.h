/* The three loops in which calibration spends its time. Rows of doubles over quadrature nodes are padded to whole
 * lanes, so that a compiler turns the loops into vector instructions of whatever machine it builds for. */
#ifndef TITER_EXAM_KERNEL_H
#define TITER_EXAM_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { KERNEL_LANE = 8 }; /* doubles */

/* The lanes of a row that are not all zero: [first, last). */
typedef struct {
    uint16_t first, last;
} kernel_window_t;

/* out[row] = sum over packs of pages[pack][code of the row], rows of `lanes` lanes.
 * The code of row r in pack p is codes[p * stride + r]. */
void kernel_sum(const double *const *pages, size_t packs, const uint8_t *codes, size_t stride, size_t rows,
                size_t lanes, double *out);
/* row <- weight * exp(row + prior) / s, with s = sum exp(row + prior); answers log s. What is less than e^-45 of the
 * largest term becomes 0. */
double kernel_posterior(double *row, const double *prior, double weight, size_t lanes, kernel_window_t *window);
/* page[codes[r]] += h[r], within the windows. */
void kernel_count(const double *h, const kernel_window_t *windows, const uint8_t *codes, size_t rows, size_t lanes,
                  double *page);

#endif
