/* See kernel.h. */
#include "kernel.h"

#include "base/exact.h"

#include <string.h>

/* Two doubles: what every 64-bit machine adds at once. Compilers do not see by themselves that rows do not overlap. */
typedef double pair_t __attribute__((vector_size(16), aligned(8), may_alias));
enum { PAIRS = KERNEL_LANE / 2 };

static const double CUT = -45.0; /* e^-45 = 3e-20 is nothing beside 1 in a double */

/* Four packs at a time: a row of sums is read and written once for four rows of the tables. */
static void add_four(const double *const pages[4], const uint8_t *codes, size_t stride, size_t rows, size_t width,
                     double *restrict out)
{
    for (size_t row = 0; row < rows; row++, out += width) {
        const double *restrict t0 = pages[0] + codes[row] * width;
        const double *restrict t1 = pages[1] + codes[stride + row] * width;
        const double *restrict t2 = pages[2] + codes[2 * stride + row] * width;
        const double *restrict t3 = pages[3] + codes[3 * stride + row] * width;
        for (size_t q = 0; q < width; q++) out[q] += (t0[q] + t1[q]) + (t2[q] + t3[q]);
    }
}

void kernel_sum(const double *const *pages, size_t packs, const uint8_t *codes, size_t stride, size_t rows,
                size_t lanes, double *out)
{
    const size_t width = lanes * KERNEL_LANE;
    size_t pack = 0;
    memset(out, 0, rows * width * sizeof *out);
    for (; pack + 4 <= packs; pack += 4) add_four(pages + pack, codes + pack * stride, stride, rows, width, out);
    for (; pack < packs; pack++)
        for (size_t row = 0; row < rows; row++) {
            const double *restrict t = pages[pack] + codes[pack * stride + row] * width;
            double *restrict to = out + row * width;
            for (size_t q = 0; q < width; q++) to[q] += t[q];
        }
}

/* e^x of one lane, -45 <= x <= 0, 0 below: x = k ln 2 + r, Taylor polynomial of degree 11 (error below 1e-14). */
static void exp_lane(double *restrict x)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: after adding it, the low bits are the whole number k */
    for (int i = 0; i < KERNEL_LANE; i++) {
        double at = x[i] < CUT ? CUT : x[i];
        double t = at * 1.4426950408889634 + magic, k = t - magic;
        double r = (at - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
        double p = r * (1.0 / 39916800) + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1.0;
        p = p * r + 1.0;
        uint64_t up, bits;
        memcpy(&up, &t, sizeof up);
        memcpy(&bits, &p, sizeof bits);
        bits += up << 52;
        memcpy(&p, &bits, sizeof p);
        x[i] = x[i] < CUT ? 0.0 : p;
    }
}

double kernel_posterior(double *row, const double *prior, double weight, size_t lanes, kernel_window_t *window)
{
    double best[KERNEL_LANE], total = 0;
    size_t first = lanes, last = 0;
    for (int i = 0; i < KERNEL_LANE; i++) best[i] = row[i] + prior[i];
    for (size_t lane = 0; lane < lanes; lane++)
        for (size_t i = 0; i < KERNEL_LANE; i++) {
            double at = row[lane * KERNEL_LANE + i] + prior[lane * KERNEL_LANE + i];
            row[lane * KERNEL_LANE + i] = at;
            best[i] = at > best[i] ? at : best[i];
        }
    double most = best[0];
    for (int i = 1; i < KERNEL_LANE; i++) most = best[i] > most ? best[i] : most;
    for (size_t lane = 0; lane < lanes; lane++) {
        double *at = row + lane * KERNEL_LANE, part = 0;
        int near = 0;
        for (int i = 0; i < KERNEL_LANE; i++) {
            at[i] -= most;
            near |= at[i] >= CUT;
        }
        if (!near) {
            memset(at, 0, KERNEL_LANE * sizeof *at);
            continue;
        }
        exp_lane(at);
        for (int i = 0; i < KERNEL_LANE; i++) part += at[i];
        if (first == lanes) first = lane;
        last = lane + 1;
        total += part;
    }
    *window = (kernel_window_t){(uint16_t)first, (uint16_t)last};
    const double scale = weight / total;
    for (size_t q = first * KERNEL_LANE; q < last * KERNEL_LANE; q++) row[q] *= scale;
    return most + exact_log(total);
}

void kernel_count(const double *h, const kernel_window_t *windows, const uint8_t *codes, size_t rows, size_t lanes,
                  double *page)
{
    const size_t width = lanes * KERNEL_LANE;
    for (size_t row = 0; row < rows; row++) {
        const pair_t *from = (const pair_t *)(const void *)(h + row * width);
        pair_t *to = (pair_t *)(void *)(page + codes[row] * width);
        for (size_t q = windows[row].first * PAIRS; q < windows[row].last * PAIRS; q += PAIRS) {
            to[q] += from[q];
            to[q + 1] += from[q + 1];
            to[q + 2] += from[q + 2];
            to[q + 3] += from[q + 3];
        }
    }
}
