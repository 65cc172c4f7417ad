/* One sample of every picture, with everything in it that the picture can show. */
#ifndef TITER_TEST_DRAW_SAMPLES_H
#define TITER_TEST_DRAW_SAMPLES_H

#include "draw/draw.h"

typedef struct {
    const char *name;
    picture_t picture;
    double width;             /* 0: its own */
    double ink_low, ink_high; /* share of pixels that are not ground, in the light scheme */
    const char *describe;     /* the whole sentence */
} sample_t;

enum { SAMPLE_MAX = 90 };

typedef struct samples samples_t;
/* Fills `list` and returns how many; what they point to lives until samples_free. */
samples_t *samples_make(sample_t list[SAMPLE_MAX], int *count);
void samples_free(samples_t *samples);
/* Those of cells and clots are added to the list by samples_make. */
typedef struct bench_samples bench_samples_t;
bench_samples_t *bench_samples_make(sample_t list[SAMPLE_MAX], int *count);
void bench_samples_free(bench_samples_t *samples);
/* The debrief page, long or short. */
void samples_paper(const samples_t *samples, paper_t *paper, bool longer);

#endif
