/* How fast the laboratory runs without a face: careful shifts in a row on one core, results a second,
 * CPU time. And what a stored shift costs to open again. Prints one line a measurement.
 * Usage: bench_shift [SCENARIO...] */
#include "app/app.h"
#include "base/content.h"
#include "lab/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SHIFTS = 300 };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void record(void *context, int32_t at_s, const action_t *action)
{
    text_t *out = context;
    text_t data;
    text_init(&data, 64 * 1024);
    app_action_json(&data, action);
    text_addf(out, "{\"seq\":1,\"kind\":\"act\",\"at_ms\":1,\"data\":{\"t\":%d,%s}\n", (int)at_s, data.data + 1);
    text_free(&data);
}

static void bench_careful(const lab_t *lab, const char *id, int shifts)
{
    shift_t *shift;
    err_t err = {0};
    const scenario_t *scenario = scenario_find(lab, id);
    if (!scenario || !shift_start(&shift, lab, scenario, 1, MODE_ASSESS, &err)) return;
    long results = 0;
    double start = cpu_s();
    for (int i = 0; i < shifts; i++) {
        if (!shift_restart(shift, scenario, (uint64_t)i + 1, MODE_ASSESS, &err)) return;
        pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), NULL, NULL, &err);
        results += shift_result_count(shift);
    }
    double took = cpu_s() - start;
    printf("careful shifts, %s: %.2f M results/s (%.2f ms a shift, %ld results each)\n", id,
           (double)results / took / 1e6, took / shifts * 1e3, results / shifts);
    shift_free(shift);
}

static void bench_open(const lab_t *lab)
{
    shift_t *shift, *again;
    err_t err = {0};
    text_t events;
    text_init(&events, 16 * 1024 * 1024);
    text_add(&events, "{\"seq\":1,\"kind\":\"start\",\"at_ms\":1,\"data\":{\"scenario\":\"long-night\",\"seed\":"
                      "\"3\",\"mode\":\"assess\",\"titer\":3}}\n");
    if (!shift_start(&shift, lab, scenario_find(lab, "long-night"), 3, MODE_ASSESS, &err)) return;
    pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), record, &events, &err);
    double start = cpu_s();
    int times = 20;
    for (int i = 0; i < times; i++) {
        if (!app_shift_fold(lab, events.data, events.length, &again, &err)) {
            printf("%s\n", err.text);
            return;
        }
        shift_free(again);
    }
    printf("opening an eight-hour shift of %d actions: %.2f ms, %zu bytes of events\n", (int)shift_action_count(shift),
           (cpu_s() - start) / times * 1e3, events.length);
    shift_free(shift);
    text_free(&events);
}

int main(int argc, char **argv)
{
    lab_t *lab;
    err_t err = {0};
    double start = cpu_s();
    if (!lab_open(&lab, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    printf("loading the laboratory: %.1f ms\n", (cpu_s() - start) * 1e3);
    for (int i = 1; i < argc; i++) bench_careful(lab, argv[i], SHIFTS);
    if (argc == 1) {
        bench_careful(lab, "long-night", SHIFTS);
        bench_careful(lab, "full-day", SHIFTS);
        bench_careful(lab, "whole-house", SHIFTS);
        bench_open(lab);
    }
    lab_close(lab);
    return 0;
}
