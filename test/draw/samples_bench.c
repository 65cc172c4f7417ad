/* Samples of the pictures of cells and clots. Shapes are made of normal and lognormal humps drawn at their places, with
 * noise from the named random streams. */
#include "base/exact.h"
#include "base/rng.h"
#include "samples.h"

#include <assert.h>
#include <stdlib.h>

enum { BINS = 180, POINTS = 3000, COARSE = 24, SECONDS = 401, DAYS = 14, READINGS = 61, STANDARDS = 6 };

struct bench_samples {
    float rbc[BINS], normal[BINS], plt[BINS], clumps[BINS], wbc[BINS], coarse[COARSE];
    histogram_t histograms[6];
    scatter_point_t points[POINTS], full[SCATTER_MAX_POINTS];
    scatter_t scatters[4];
    curve_point_t run[4][SECONDS];
    clot_curve_t clots[4];
    mixing_t mixing, mixing_short;
    parallelism_t parallel, inhibitor;
    log_point_t entries[3 * DAYS];
    const char *days[DAYS];
    log_chart_t log, log_none;
    double absorbance[READINGS];
    reaction_chart_t reaction, flat;
    standard_point_t line[2], curve[STANDARDS], standards[STANDARDS];
    standards_chart_t electrode, immunoassay;
};

/* Adds a normal hump (of the logarithm if `in_log`) of `share` to the bins. */
static void hump(float *bins, int count, double first, double last, double share, double mean, double sd, bool in_log)
{
    for (int i = 0; i < count; i++) {
        double v = first + (last - first) * i / (count - 1);
        if (in_log && v <= 0) continue;
        double z = in_log ? (exact_log(v) - exact_log(mean)) / sd : (v - mean) / sd;
        bins[i] += (float)(share * 1000 * exact_exp(-z * z / 2));
    }
}

static void make_histograms(bench_samples_t *s)
{
    hump(s->normal, BINS, 0, 250, 1, 89, 11.6, false);
    hump(s->normal, BINS, 0, 250, 0.015, 178, 16, false);
    hump(s->rbc, BINS, 0, 250, 0.62, 70, 8, false);
    hump(s->rbc, BINS, 0, 250, 1, 97, 8.5, false);
    hump(s->rbc, BINS, 0, 250, 0.06, 30, 14, false);
    hump(s->plt, BINS, 0, 40, 1, 7.4, 0.5, true);
    hump(s->clumps, BINS, 0, 40, 1, 7.4, 0.55, true);
    for (int i = 0; i < 8; i++)
        hump(s->clumps, BINS, 0, 40, 0.05 + 0.03 * (i % 3), 18 + i * 2.9, 0.55 + 0.1 * (i % 2), false);
    hump(s->wbc, BINS, 0, 450, 0.55, 68, 14, false);
    hump(s->wbc, BINS, 0, 450, 0.12, 125, 30, false);
    hump(s->wbc, BINS, 0, 450, 1, 250, 46, false);
    hump(s->coarse, COARSE, 20, 160, 1, 89, 11.6, false);
    histogram_t rbc = {.title = "RBC",
                       .axis = "cell volume, fL",
                       .bins = s->normal,
                       .bin_count = BINS,
                       .first = 0,
                       .last = 250,
                       .line_count = 2,
                       .lines = {{36, "lower line"}, {200, "upper line"}}};
    s->histograms[0] = rbc;
    s->histograms[1] = rbc;
    s->histograms[1].bins = s->rbc;
    s->histograms[1].reference = s->normal;
    s->histograms[1].reference_name = "normal specimen";
    s->histograms[2] = s->histograms[1];
    s->histograms[2].small = true;
    s->histograms[3] = (histogram_t){.title = "PLT",
                                     .axis = "cell volume, fL",
                                     .bins = s->clumps,
                                     .bin_count = BINS,
                                     .last = 40,
                                     .reference = s->plt,
                                     .reference_name = "normal specimen",
                                     .line_count = 2,
                                     .lines = {{2, "lower line"}, {20, "upper line"}}};
    s->histograms[4] = (histogram_t){.title = "WBC",
                                     .bins = s->wbc,
                                     .bin_count = BINS,
                                     .last = 450,
                                     .line_count = 3,
                                     .lines = {{35, NULL}, {95, NULL}, {160, NULL}},
                                     .small = true};
    s->histograms[5] =
        (histogram_t){.title = "24 bins", .bins = s->coarse, .bin_count = COARSE, .first = 20, .last = 160};
}

typedef struct {
    double share, x, y, sd_x, sd_y, lean; /* lean: how far x follows y */
    uint8_t class_index;
} cloud_t;

static void make_cloud_points(scatter_point_t *points, int count, const cloud_t *clouds, int cloud_count, uint32_t name)
{
    for (int i = 0; i < count; i++) {
        rng_t rng = rng_at(21, name, (uint64_t)i, 0);
        double at = rng_uniform(&rng);
        int c = 0;
        while (c < cloud_count - 1 && at > clouds[c].share) at -= clouds[c++].share;
        double u = rng_normal(&rng), v = rng_normal(&rng);
        double x = clouds[c].x + clouds[c].sd_x * (u + clouds[c].lean * v), y = clouds[c].y + clouds[c].sd_y * v;
        points[i] = (scatter_point_t){(uint8_t)(x < 0     ? 0
                                                : x > 255 ? 255
                                                          : x),
                                      (uint8_t)(y < 0     ? 0
                                                : y > 255 ? 255
                                                          : y),
                                      clouds[c].class_index};
    }
}

static void make_scatters(bench_samples_t *s)
{
    static const cloud_t clouds[] = {{0.50, 145, 70, 20, 12, 0.1, 0}, {0.28, 60, 75, 10, 10, 0.1, 1},
                                     {0.08, 95, 110, 15, 15, 0.5, 2}, {0.04, 200, 60, 12, 10, 0, 3},
                                     {0.04, 165, 118, 20, 16, 0, 4},  {0.06, 12, 18, 8, 10, 0.3, SCATTER_NOT_TOLD}};
    make_cloud_points(s->points, POINTS, clouds, 6, 1);
    make_cloud_points(s->full, SCATTER_MAX_POINTS, clouds, 6, 2);
    s->scatters[0] = (scatter_t){.title = "Differential channel",
                                 .x_axis = "side scatter (granularity)",
                                 .y_axis = "side fluorescence (nucleic acid)",
                                 .points = s->points,
                                 .point_count = POINTS,
                                 .class_count = 5,
                                 .classes = {{"neutrophils", SCATTER_DOT, INK_INFO},
                                             {"lymphocytes", SCATTER_DASH, INK_CRIT},
                                             {"monocytes", SCATTER_CROSS, INK_OK},
                                             {"eosinophils", SCATTER_RING, INK_WARN},
                                             {"IG region", SCATTER_PLUS, INK_BRAND}},
                                 .labels = true};
    s->scatters[1] = s->scatters[0];
    s->scatters[1].small = true;
    s->scatters[1].labels = false;
    s->scatters[2] = s->scatters[0];
    s->scatters[2].class_count = 0;
    s->scatters[2].labels = false;
    s->scatters[2].points = s->full;
    s->scatters[2].point_count = SCATTER_MAX_POINTS;
    s->scatters[2].gate_count = 2;
    s->scatters[2].gates[0] = (scatter_gate_t){"region A", 4, {35, 85, 85, 35}, {45, 45, 105, 105}};
    s->scatters[2].gates[1] = (scatter_gate_t){"region B", 5, {98, 190, 210, 190, 98}, {35, 30, 60, 105, 95}};
    s->scatters[3] = s->scatters[2];
    s->scatters[3].small = true;
    s->scatters[3].gate_count = 0;
    s->scatters[3].point_count = 60;
}

static void make_run(curve_point_t *points, uint32_t name, double span, double clot, double steep, double rise)
{
    for (int i = 0; i < SECONDS; i++) {
        rng_t rng = rng_at(23, name, (uint64_t)i, 0);
        double t = span * i / (SECONDS - 1);
        points[i] = (curve_point_t){t, 12 + rise / (1 + exact_exp(-(t - clot) / steep)) + 0.25 * rng_normal(&rng)};
    }
}

static void make_clots(bench_samples_t *s)
{
    double nan = (double)__builtin_nan("");
    make_run(s->run[0], 1, 60, 32.4, 1.6, 70);
    make_run(s->run[1], 2, 60, 33.1, 1.7, 66);
    make_run(s->run[2], 3, 200, 500, 3, 70);
    make_run(s->run[3], 4, 120, 71, 9, 22);
    s->clots[0] = (clot_curve_t){.title = "aPTT \u00b7 26-1042",
                                 .signal = "optical signal, % of full scale",
                                 .limit_s = 200,
                                 .full = 100,
                                 .run_count = 1,
                                 .runs = {{"run 1", s->run[0], SECONDS, 32.4, 12}}};
    s->clots[1] = s->clots[0];
    s->clots[1].run_count = 2;
    s->clots[1].runs[1] = (clot_run_t){"repeat", s->run[3], SECONDS, 68.2, nan};
    s->clots[2] = s->clots[0];
    s->clots[2].runs[0] = (clot_run_t){"run 1", s->run[2], SECONDS, nan, 12};
    s->clots[3] = s->clots[0];
    s->clots[3].small = true;
    s->clots[3].run_count = 2;
    s->clots[3].runs[1] = (clot_run_t){"run 2", s->run[1], SECONDS, 33.1, nan};
    s->mixing = (mixing_t){
        .title = "Mixing study, aPTT \u00b7 26-1042",
        .low = 25,
        .high = 35,
        .row_count = 5,
        .rows = {{"patient", 78.4, false, false},
                 {"normal pool", 29.8, false, false},
                 {"1:1 mix, immediate", 33.9, false, true},
                 {"1:1 mix, incubated 2 h", 52.6, false, true},
                 {"incubated apart, then mixed", 35.2, false, true}},
        .word_count = 2,
        .words = {"Index of circulating anticoagulant, immediate: 5.2", "Incubated mix against its control: +17.4 s"}};
    s->mixing_short = (mixing_t){.low = nan,
                                 .high = nan,
                                 .row_count = 3,
                                 .rows = {{"patient", 200, true, false},
                                          {"normal pool", 29.8, false, false},
                                          {"1:1 mix, immediate", nan, false, true}}};
}

static void make_lines(bench_samples_t *s)
{
    s->parallel = (parallelism_t){.title = "Factor VIII, one-stage \u00b7 26-1042",
                                  .y_axis = "activity read from the curve, %",
                                  .decimals = 1,
                                  .line_count = 2,
                                  .lines = {{"reference", 4, {{10, 100}, {20, 50.5}, {40, 24.8}, {80, 12.6}}},
                                            {"patient", 4, {{10, 31}, {20, 15.4}, {40, 7.9}, {80, 3.9}}}}};
    s->inhibitor = s->parallel;
    s->inhibitor.line_count = 3;
    s->inhibitor.lines[1] = (parallel_line_t){"patient", 4, {{10, 22}, {20, 18}, {40, 14}, {80, 11.2}}};
    s->inhibitor.lines[2] = (parallel_line_t){"control plasma", 3, {{10, 41}, {20, 20.2}, {40, 10.4}}};
    static const char *const names[DAYS] = {"Mar 1", "Mar 2", "Mar 3",  "Mar 4",  "Mar 5",  "Mar 6",  "Mar 7",
                                            "Mar 8", "Mar 9", "Mar 10", "Mar 11", "Mar 12", "Mar 13", "Mar 14"};
    int n = 0;
    for (int d = 0; d < DAYS; d++) {
        s->days[d] = names[d];
        for (int k = 0; k < 3; k++) {
            rng_t rng = rng_at(29, 1, (uint64_t)d, (uint64_t)k);
            double noise = rng_normal(&rng);
            if (d == 5 || d == 6) continue; /* the weekend */
            double warm = d == 9 && k > 0 ? 5.1 - 2.2 * (k - 1) : 0;
            s->entries[n++] = (log_point_t){24 * d + 7 + 8 * k, 4.6 + 0.5 * noise + warm};
        }
    }
    s->log = (log_chart_t){.title = "Reagent refrigerator R-2",
                           .unit = "\u00b0C",
                           .decimals = 1,
                           .day_count = DAYS,
                           .days = s->days,
                           .low = 2,
                           .high = 8,
                           .gap_hours = 14,
                           .points = s->entries,
                           .point_count = n,
                           .mark_count = 3,
                           .marks = {{24 * 9 + 15.2, "Door found ajar; reagents moved to R-1"},
                                     {24 * 9 + 21, "Engineer called"},
                                     {24 * 12 + 9, "Probe calibrated"}}};
    s->log_none = s->log;
    s->log_none.title = NULL;
    s->log_none.days = NULL;
    s->log_none.day_count = 31;
    s->log_none.point_count = s->log_none.mark_count = 0;
}

/* A rate that falls from 300 s on, and a sample on an electrode's line and on an immunoassay's curve. */
static void make_reactions(bench_samples_t *s)
{
    rng_t rng = rng_at(7, 1, 2, 3);
    for (int i = 0; i < READINGS; i++)
        s->absorbance[i] = 1.6 - (i > 30 ? 0.02 * (i - 30) : 0) + 0.0005 * rng_normal(&rng);
    s->reaction = (reaction_chart_t){.title = "Aspartate aminotransferase \u00b7 26-1042",
                                     .signal = "absorbance, 340 less 700 nm",
                                     .absorbance = s->absorbance,
                                     .count = READINGS,
                                     .step_s = 10,
                                     .from_s = 360,
                                     .to_s = 540,
                                     .added_count = 2,
                                     .added = {{0, "sample and first reagent"}, {300, "second reagent"}}};
    s->flat = s->reaction;
    s->flat.title = s->flat.signal = NULL;
    s->flat.added_count = 0;
    s->flat.count = 30;
    s->flat.from_s = 60;
    s->flat.to_s = 290;
    for (int i = 0; i < STANDARDS; i++) {
        double x = 0.5 * exact_pow(5.25, i);
        s->standards[i] = s->curve[i] = (standard_point_t){x, 500 + 1e6 * x / (x + 20000)};
    }
    s->line[0] = (standard_point_t){3, 2};
    s->line[1] = (standard_point_t){7, 24.1};
    s->electrode = (standards_chart_t){.title = "Potassium",
                                       .x_axis = "mmol/L",
                                       .y_axis = "potential, mV",
                                       .x_decimals = 1,
                                       .y_decimals = 1,
                                       .standards = s->line,
                                       .standard_count = 2,
                                       .line = s->line,
                                       .line_count = 2,
                                       .sample_x = 4.2,
                                       .sample_y = 10.8};
    s->immunoassay = (standards_chart_t){.x_axis = "ng/mL",
                                         .y_axis = "signal",
                                         .log_signal = true,
                                         .x_decimals = 1,
                                         .standards = s->standards,
                                         .standard_count = STANDARDS,
                                         .line = s->curve,
                                         .line_count = STANDARDS,
                                         .sample_x = (double)__builtin_nan(""),
                                         .sample_y = 130000};
}

static void add(sample_t *list, int *count, const char *name, picture_kind_t kind, const void *input, double width,
                const char *describe)
{
    assert(*count < SAMPLE_MAX);
    list[(*count)++] = (sample_t){name, {.kind = kind, .any = input}, width, 0.005, 0.75, describe};
}

bench_samples_t *bench_samples_make(sample_t list[SAMPLE_MAX], int *count)
{
    bench_samples_t *s = calloc(1, sizeof *s);
    assert(s);
    make_histograms(s);
    make_scatters(s);
    make_clots(s);
    make_lines(s);
    make_reactions(s);
    add(list, count, "histogram", PICTURE_HISTOGRAM, &s->histograms[0], 0,
        "Histogram of volumes, RBC: 1 peak at 89 fL; lower line at 36 fL: 0.0 % of events below, 100.0 % above, the "
        "curve there at 0 % of its peak; upper line at 200 fL: 99.8 % of events below, 0.2 % above, the curve there at "
        "1 % of its peak; at 0 fL on the base line; at 250 fL on the base line.");
    add(list, count, "histogram_two", PICTURE_HISTOGRAM, &s->histograms[1], 0, NULL);
    add(list, count, "histogram_small", PICTURE_HISTOGRAM, &s->histograms[2], 0, NULL);
    add(list, count, "histogram_plt", PICTURE_HISTOGRAM, &s->histograms[3], 0, NULL);
    add(list, count, "histogram_wbc", PICTURE_HISTOGRAM, &s->histograms[4], 0, NULL);
    add(list, count, "histogram_few", PICTURE_HISTOGRAM, &s->histograms[5], 0, NULL);
    add(list, count, "histogram_phone", PICTURE_HISTOGRAM, &s->histograms[1], 340, NULL);
    add(list, count, "scatter", PICTURE_SCATTER, &s->scatters[0], 0,
        "Scattergram, Differential channel of 3000 events, side scatter (granularity) across, side fluorescence "
        "(nucleic acid) up, each 0 to 255; neutrophils 1437 (47.9 %), middle at 145 across, 69 up; lymphocytes 878 "
        "(29.3 %), middle at 59 across, 74 up; monocytes 253 (8.4 %), middle at 94 across, 109 up; eosinophils 133 "
        "(4.4 %), middle at 200 across, 61 up; IG region 124 (4.1 %), middle at 162 across, 117 up; without a class "
        "175 (5.8 %), middle at 12 across, 17 up.");
    add(list, count, "scatter_small", PICTURE_SCATTER, &s->scatters[1], 0, NULL);
    add(list, count, "scatter_plain", PICTURE_SCATTER, &s->scatters[2], 0,
        "Scattergram, Differential channel of 4000 events, side scatter (granularity) across, side fluorescence "
        "(nucleic acid) up, each 0 to 255; densest around 12 across, 20 up; 148 across, 68 up; 60 across, 76 up.");
    add(list, count, "scatter_few", PICTURE_SCATTER, &s->scatters[3], 0, NULL);
    add(list, count, "scatter_phone", PICTURE_SCATTER, &s->scatters[0], 320, NULL);
    add(list, count, "clot", PICTURE_CLOT, &s->clots[0], 0,
        "Clot curve, aPTT \u00b7 26-1042, optical signal, % of full scale over 60 seconds; run 1: clot at 32.4 s, "
        "signal 12.0 at the start and 81.8 at the end.");
    add(list, count, "clot_two", PICTURE_CLOT, &s->clots[1], 0, NULL);
    add(list, count, "clot_none", PICTURE_CLOT, &s->clots[2], 0,
        "Clot curve, aPTT \u00b7 26-1042, optical signal, % of full scale over 200 seconds; run 1: no clot detected "
        "within 200 s, signal 12.1 at the start and 11.8 at the end.");
    add(list, count, "clot_small", PICTURE_CLOT, &s->clots[3], 0, NULL);
    add(list, count, "mixing", PICTURE_MIXING, &s->mixing, 0,
        "Mixing study, aPTT \u00b7 26-1042: patient 78.4 s; normal pool 29.8 s; 1:1 mix, immediate 33.9 s; 1:1 mix, "
        "incubated 2 h 52.6 s; incubated apart, then mixed 35.2 s; reference interval 25.0 to 35.0 s; Index of "
        "circulating anticoagulant, immediate: 5.2; Incubated mix against its control: +17.4 s.");
    add(list, count, "mixing_short", PICTURE_MIXING, &s->mixing_short, 0,
        "Mixing study: patient no clot in 200 s; normal pool 29.8 s; 1:1 mix, immediate not done.");
    add(list, count, "mixing_phone", PICTURE_MIXING, &s->mixing, 340, NULL);
    add(list, count, "parallel", PICTURE_PARALLEL, &s->parallel, 0, NULL);
    add(list, count, "parallel_not", PICTURE_PARALLEL, &s->inhibitor, 0,
        "Factor VIII, one-stage \u00b7 26-1042: activity read from the curve, % against dilution, both scales "
        "logarithmic; reference 100.0 at 1:10, 50.5 at 1:20, 24.8 at 1:40, 12.6 at 1:80 (times 0.50 for each "
        "doubling); patient 22.0 at 1:10, 18.0 at 1:20, 14.0 at 1:40, 11.2 at 1:80 (times 0.80 for each doubling); "
        "control plasma 41.0 at 1:10, 20.2 at 1:20, 10.4 at 1:40 (times 0.50 for each doubling).");
    add(list, count, "parallel_phone", PICTURE_PARALLEL, &s->inhibitor, 340, NULL);
    add(list, count, "log", PICTURE_LOG, &s->log, 0,
        "Log over 14 days, Reagent refrigerator R-2: 36 entries from 3.4 to 10.6 \u00b0"
        "C; allowed 2.0 to 8.0; 0 below, 1 above; 1 gap, 56 hours in all; day 10: Door found ajar; reagents moved to "
        "R-1; day 10: Engineer called; day 13: Probe calibrated.");
    add(list, count, "log_none", PICTURE_LOG, &s->log_none, 0, "Log over 31 days: 0 entries; 1 gap, 744 hours in all.");
    add(list, count, "log_phone", PICTURE_LOG, &s->log, 360, NULL);
    add(list, count, "reaction", PICTURE_REACTION, &s->reaction, 0,
        "Reaction curve, Aspartate aminotransferase \u00b7 26-1042, absorbance, 340 less 700 nm over 600 seconds; "
        "sample "
        "and first reagent at 0 s 1.600; second reagent at 300 s 1.601; reading begins at 360 s 1.480; reading ends at "
        "540 s 1.119.");
    add(list, count, "reaction_flat", PICTURE_REACTION, &s->flat, 0, NULL);
    add(list, count, "reaction_phone", PICTURE_REACTION, &s->reaction, 340, NULL);
    add(list, count, "standards", PICTURE_STANDARDS, &s->electrode, 0,
        "Standards, Potassium, potential, mV against mmol/L; standard 3.0 gives 2.0; standard 7.0 gives 24.1; the "
        "sample gives 10.8, which is 4.2.");
    add(list, count, "standards_beyond", PICTURE_STANDARDS, &s->immunoassay, 0, NULL);
    add(list, count, "standards_phone", PICTURE_STANDARDS, &s->immunoassay, 340, NULL);
    return s;
}

void bench_samples_free(bench_samples_t *samples)
{
    free(samples);
}
