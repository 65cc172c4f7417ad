/* Calibration of a 2PL against the machine's limit of matrix multiplication, and how it grows.
 *
 * An E-step written as matrices is two products a cycle: (persons x items)(items x nodes) for the likelihoods, and
 * (items x persons)(persons x nodes) for the expected counts. They are timed here with OpenBLAS, where it is there, in
 * the same run and of the same shape. usage: bench_irt [THREADS] */
#include "base/rng.h"
#include "exam/calibrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#ifdef HAVE_OPENBLAS
#include <cblas.h>
#endif

enum { ITEMS = 500, PERSONS = 20000, NODES = 61 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double resident_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static responses_t make(arena_t *arena, size_t items, size_t persons)
{
    int8_t *answers = arena_array(arena, persons, items);
    irt_item_t *truth = arena_array(arena, items, sizeof *truth);
    const char **names = arena_array(arena, items, sizeof *names);
    for (size_t i = 0; i < items; i++) {
        rng_t rng = rng_at(1, 1, i, 0);
        snprintf(truth[i].id, sizeof truth[i].id, "i%zu", i);
        truth[i].a = exact_exp(0.1 + 0.3 * rng_normal(&rng));
        truth[i].b[0] = rng_normal(&rng);
        names[i] = truth[i].id;
    }
    for (size_t p = 0; p < persons; p++) {
        rng_t rng = rng_at(1, 2, p, 0);
        double theta = rng_normal(&rng);
        for (size_t i = 0; i < items; i++)
            answers[p * items + i] =
                (int8_t)rng_chance(&rng, 1 / (1 + exact_exp(-truth[i].a * (theta - truth[i].b[0]))));
    }
    return (responses_t){"simulated", persons, items, names, answers, arena_array(arena, persons, sizeof(int))};
}

typedef struct {
    double seconds;
    int evaluations;
} took_t;

static took_t measure(size_t items, size_t persons, int nodes, int threads)
{
    arena_t *arena = arena_new((size_t)1 << 30);
    calibration_t c;
    err_t err = {0};
    responses_t r = make(arena, items, persons);
    calibrate_options_t options = calibrate_defaults(IRT_2PL);
    options.nodes = nodes;
    options.threads = threads;
    double start = now();
    if (!calibrate(&c, arena, &r, &options, &err) || !c.converged) {
        fprintf(stderr, "bench_irt: %s\n", err.text[0] ? err.text : "not converged");
        exit(1);
    }
    took_t took = {now() - start, c.iterations};
    arena_free(arena);
    return took;
}

#ifdef HAVE_OPENBLAS
/* Seconds of both products, the best of three. */
static double multiply_double(void)
{
    double *x = calloc((size_t)PERSONS * ITEMS, sizeof *x), *p = calloc(ITEMS * NODES, sizeof *p);
    double *l = calloc((size_t)PERSONS * NODES, sizeof *l), best = 1e9;
    for (int i = 0; i < 4; i++) {
        double start = now();
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, PERSONS, NODES, ITEMS, 1, x, ITEMS, p, NODES, 0, l,
                    NODES);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, ITEMS, NODES, PERSONS, 1, x, ITEMS, l, NODES, 0, p, NODES);
        if (i > 0 && now() - start < best) best = now() - start; /* the first one wakes the threads */
    }
    free(x);
    free(p);
    free(l);
    return best;
}

static double multiply_single(void)
{
    float *x = calloc((size_t)PERSONS * ITEMS, sizeof *x), *p = calloc(ITEMS * NODES, sizeof *p);
    float *l = calloc((size_t)PERSONS * NODES, sizeof *l);
    double best = 1e9;
    for (int i = 0; i < 4; i++) {
        double start = now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, PERSONS, NODES, ITEMS, 1, x, ITEMS, p, NODES, 0, l,
                    NODES);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, ITEMS, NODES, PERSONS, 1, x, ITEMS, l, NODES, 0, p, NODES);
        if (i > 0 && now() - start < best) best = now() - start;
    }
    free(x);
    free(p);
    free(l);
    return best;
}

static void compare(took_t took, int threads)
{
    openblas_set_num_threads(threads);
    double d = multiply_double(), s = multiply_single();
    printf("the two products of one E-step: %.1f ms in double, %.1f ms in single precision\n", 1e3 * d, 1e3 * s);
    printf("calibration per evaluation: %.1f ms; %.2f times double, %.2f times single\n",
           1e3 * took.seconds / took.evaluations, took.seconds / took.evaluations / d,
           took.seconds / took.evaluations / s);
}
#else
static void compare(took_t took, int threads)
{
    (void)threads;
    printf("calibration per evaluation: %.1f ms (without OpenBLAS there is nothing to compare it with)\n",
           1e3 * took.seconds / took.evaluations);
}
#endif

static void growth(const char *what, const size_t items[3], const size_t persons[3], const int nodes[3], int threads)
{
    printf("%s:", what);
    for (int i = 0; i < 3; i++) {
        took_t took = measure(items[i], persons[i], nodes[i], threads);
        printf("  %zu x %zu x %d %.3f s (%d evaluations)", items[i], persons[i], nodes[i], took.seconds,
               took.evaluations);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    const int threads = argc > 1 ? atoi(argv[1]) : 2;
    if (threads < 1 || threads > CALIBRATE_THREADS_MAX) return 2;
    took_t took = measure(ITEMS, PERSONS, NODES, threads);
    printf(
        "2PL, %d items x %d persons, %d nodes, to 1e-4, %d threads: %.2f s, %d evaluations, errors included; %.0f MB\n",
        ITEMS, PERSONS, NODES, threads, took.seconds, took.evaluations, resident_mb());
    compare(took, threads);
    growth("persons", (const size_t[]){ITEMS, ITEMS, ITEMS}, (const size_t[]){PERSONS / 4, PERSONS / 2, PERSONS},
           (const int[]){NODES, NODES, NODES}, threads);
    growth("items", (const size_t[]){ITEMS / 4, ITEMS / 2, ITEMS}, (const size_t[]){PERSONS, PERSONS, PERSONS},
           (const int[]){NODES, NODES, NODES}, threads);
    growth("nodes", (const size_t[]){ITEMS, ITEMS, ITEMS}, (const size_t[]){PERSONS, PERSONS, PERSONS},
           (const int[]){31, 61, 121}, threads);
    return 0;
}
