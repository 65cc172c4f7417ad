/* See samples.h. Numbers come from the named random streams, so the pictures are the same each time. */
#include "samples.h"
#include "base/exact.h"
#include "base/rng.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct samples {
    lj_point_t runs[30], judged[30], many[LJ_MAX_POINTS], plain[30], cells[12][30];
    char times[LJ_MAX_POINTS][8];
    lj_chart_t lj, one, phone, busy, none, youden;
    lj_cell_t cell[12];
    lj_overview_t overview;
    spark_t spark, spark_times, spark_flat;
    trend_point_t trend_points[3];
    trend_chart_t trend, trend_one;
    map_tile_t map_tiles[4];
    us_map_t map;
    move_row_t move_rows[3];
    moves_chart_t moves;
    pay_row_t pay_rows[3];
    pay_chart_t pay;
    need_row_t need_rows[3];
    need_chart_t need;
    bars_chart_t bars;
    study_chart_band_t bands[8];
    double exposure[900];
    study_chart_area_t areas[5];
    study_chart_step_t steps[14];
    study_chart_t study, study_bare;
    rotor_picture_t rotor;
    course_row_t course_rows[3];
    course_chart_t course;
    tube_picture_t tubes[10];
    racks_rack_t rack[4];
    racks_picture_t racks;
    timeline_event_t events[260];
    char labels[260][24];
    timeline_chart_t timeline;
    seen_point_t points[14];
    seen_chart_t seen;
    double minutes[3][90];
    turnaround_chart_t turnaround;
    queue_point_t load[120];
    queue_chart_t queue;
    detect_chart_t detect, competencies;
    roc_chart_t roc;
    paper_block_t blocks[80];
    bench_samples_t *bench;
};

static void add(sample_t *list, int *count, const char *name, picture_kind_t kind, const void *input, double width,
                double low, double high, const char *describe)
{
    assert(*count < SAMPLE_MAX);
    list[(*count)++] = (sample_t){name, {.kind = kind, .any = input}, width, low, high, describe};
}

static void make_runs(samples_t *s, lj_point_t *points, int count, uint32_t stream)
{
    for (int i = 0; i < count; i++) {
        rng_t rng = rng_at(7, stream, (uint64_t)i, 0);
        text_clock(s->times[i], (int64_t)((22 + i * 4) % 24) * 3600 + 720);
        points[i] = (lj_point_t){.run = i + 1, .time = s->times[i]};
        for (int l = 0; l < LJ_MAX_LEVELS; l++)
            points[i].z[l] = rng_normal(&rng) * 0.8 + (i > 22 && i < 30 ? (i - 22) * 0.28 : 0);
    }
}

static void make_lj(samples_t *s)
{
    make_runs(s, s->runs, 30, 1);
    s->runs[4].z[1] = (double)__builtin_nan("");
    s->runs[9].marks = LJ_MARK_CALIBRATION;
    s->runs[12].marks = LJ_MARK_MAINTENANCE;
    s->runs[23].marks = LJ_MARK_LOT | LJ_MARK_CALIBRATION;
    for (int i = 0; i < 30; i++) s->judged[i] = s->plain[i] = s->runs[i];
    for (int i = 0; i < 29; i++)
        for (int l = 0; l < 2; l++) s->judged[i].judged[l] = LJ_IN_CONTROL;
    s->judged[26].judged[0] = s->judged[26].judged[1] = LJ_WARNING;
    s->judged[28].judged[0] = s->judged[28].judged[1] = LJ_REJECT;
    s->judged[28].z[0] = 4.4;
    s->judged[28].z[1] = 2.9;
    s->judged[29].z[0] = 1.24;
    s->judged[29].z[1] = -0.44;
    for (int i = 0; i < 30; i++) s->plain[i].marks = 0;
    make_runs(s, s->many, LJ_MAX_POINTS, 2);
    for (int i = 20; i < 30; i++) s->many[i].marks = 1u << (i % 4);
    s->many[63].marks = LJ_MARK_MAINTENANCE;
    s->lj = (lj_chart_t){.title = "Potassium \u00b7 AN-1",
                         .unit = "mmol/L",
                         .level_count = 2,
                         .levels = {{"level 1", 3.20, 0.06, 2}, {"level 2", 5.60, 0.08, 2}},
                         .points = s->judged,
                         .point_count = 30};
    s->one = s->lj;
    s->one.level_count = 1;
    s->one.levels[0] = s->lj.levels[1];
    s->one.points = s->plain;
    s->one.focus = 27;
    s->phone = s->one;
    s->phone.points = s->judged;
    s->busy = s->lj;
    s->busy.level_count = 3;
    s->busy.levels[2] = (lj_level_t){"level 3", 7.1, 0.11, 2};
    s->busy.points = s->many;
    s->busy.point_count = LJ_MAX_POINTS;
    s->none = s->one;
    s->none.point_count = s->none.focus = 0;
    s->none.title = NULL;
    s->youden = s->lj;
    static const char *const names[12] = {"Sodium",    "Potassium",  "Chloride", "Bicarbonate",
                                          "Calcium",   "Creatinine", "Glucose",  "Urea nitrogen",
                                          "Magnesium", "Phosphate",  "ALT",      "Troponin T, high sensitivity"};
    for (int i = 0; i < 12; i++) {
        make_runs(s, s->cells[i], 30, 100 + (uint32_t)i);
        s->cell[i] =
            (lj_cell_t){names[i], i % 3 ? "22:40" : "not reviewed", i % 3 ? TONE_OK : TONE_PLAIN, 2, s->cells[i], 30};
    }
    s->cells[2][29].judged[0] = LJ_WARNING;
    s->cells[5][20].judged[1] = LJ_REJECT;
    s->cell[5].state = "rejected";
    s->cell[5].tone = TONE_CRIT;
    s->cell[10].state = "overdue";
    s->cell[10].tone = TONE_WARN;
    s->cell[11].point_count = 0;
    s->overview = (lj_overview_t){s->cell, 12, 0};
}

static void make_tubes(samples_t *s)
{
    tube_picture_t base = {.cap = "gold",
                           .additive = "clot activator + gel",
                           .volume = "5 mL",
                           .gel = true,
                           .fill = 0.95,
                           .label = TUBE_LABEL_STRAIGHT,
                           .name = "OKAFOR, Ines",
                           .id = "MRN 0048213",
                           .birth = "1957-03-02",
                           .accession = "26-1042"};
    for (int i = 0; i < 10; i++) s->tubes[i] = base;
    s->tubes[1].spun = true;
    s->tubes[2].spun = true;
    s->tubes[2].serum = TUBE_SERUM_RED;
    s->tubes[2].label = TUBE_LABEL_CROOKED;
    s->tubes[3].spun = true;
    s->tubes[3].serum = TUBE_SERUM_PINK | TUBE_SERUM_MILKY;
    s->tubes[3].fibrin = true;
    s->tubes[4] = (tube_picture_t){.cap = "lavender",
                                   .additive = "K2EDTA",
                                   .volume = "4 mL",
                                   .fill = 0.55,
                                   .clot = true,
                                   .label = TUBE_LABEL_NONE,
                                   .expiry = "EXP 2026-01"};
    s->tubes[5] = (tube_picture_t){.cap = "light green",
                                   .additive = "lithium heparin",
                                   .volume = "4 mL",
                                   .fill = 1.0,
                                   .spun = true,
                                   .serum = TUBE_SERUM_ICTERIC,
                                   .leak = true,
                                   .label = TUBE_LABEL_STRAIGHT,
                                   .name = "MBEKI-WINTERBOTTOM, Alexandrina",
                                   .id = "MRN 0048213",
                                   .birth = "1957-03-02",
                                   .accession = "26-1044"};
    s->tubes[6].small = true;
    s->tubes[7].small = s->tubes[7].spun = true;
    s->tubes[8] = s->tubes[4];
    s->tubes[8].small = true;
    s->tubes[8].label = TUBE_LABEL_CROOKED;
    s->tubes[9] =
        (tube_picture_t){.cap = "light blue", .additive = "3.2 % citrate", .volume = "2.7 mL", .small = false};
}

static void make_study(samples_t *s)
{
    static const double at[8] = {-2.25, -1.75, -1.125, -0.375, 0.375, 1.125, 1.75, 2.25};
    static const unsigned people[8] = {0, 44, 160, 271, 276, 165, 45, 20};
    for (int i = 0; i < 8; i++)
        s->bands[i] = (study_chart_band_t){at[i], people[i], -0.03 * at[i] + (i % 2 ? 0.01 : -0.01),
                                           0.28 + 0.03 * at[i] * at[i], 0.27 + 0.02 * at[i] * at[i]};
    for (int i = 0; i < 900; i++) s->exposure[i] = i < 120 ? 0.25 : i < 700 ? 0.25 * exact_exp(-(i - 120) / 150.0) : 0;
    s->areas[0] = (study_chart_area_t){"chemistry", 20, 25, 23.1, 20, 25};
    s->areas[1] = (study_chart_area_t){"hematology", 20, 25, 21.4, 20, 24};
    s->areas[2] = (study_chart_area_t){"blood bank and transfusion practice", 15, 20, 17, 17, 17};
    s->areas[3] = (study_chart_area_t){"laboratory operations", 5, 10, 11.2, 8, 13};
    s->areas[4] = (study_chart_area_t){NULL, 5, 5, 5, 5, 5};
    for (int i = 0; i < 14; i++)
        s->steps[i] = (study_chart_step_t){(i - 6.5) * 0.25, 50, (unsigned)(i < 7 ? 50 - 3 * i : 9 + 3 * i)};
    s->steps[0].people = s->steps[0].right = 0;
    s->study = (study_chart_t){"What this design of adaptive tests does",
                               "981 people, seed 1, 900 items, mean length 100.0",
                               s->bands,
                               8,
                               s->exposure,
                               900,
                               0.25,
                               s->areas,
                               5,
                               s->steps,
                               14};
    s->study_bare = (study_chart_t){.bands = s->bands + 3, .band_count = 2, .exposure = s->exposure, .item_count = 1};
}

static void make_shift(samples_t *s)
{
    static const char *const words[4][3] = {{"26-1042 STAT", "26-1037", "26-1044"},
                                            {"run 27", "run 28", "run 29"},
                                            {"ED 4", "5 West", "ICU"},
                                            {"verified", "rejected", "amended"}};
    for (int i = 0; i < 260; i++) {
        rng_t rng = rng_at(3, 5, (uint64_t)i, 0);
        int lane = i % 9 == 0 ? 1 : i % 11 == 0 ? 2 : i % 2 ? 0 : 3;
        int32_t at = i * 28800 / 262 + (int32_t)rng_below(&rng, 60);
        snprintf(s->labels[i], sizeof s->labels[i], "%s", words[lane][i % 3]);
        s->events[i] =
            (timeline_event_t){at, lane == 0 ? at + 600 + (int32_t)rng_below(&rng, 1800) : 0, lane,
                               lane == 0 ? TONE_PLAIN : (draw_tone_t)rng_below(&rng, TONE_COUNT), s->labels[i]};
    }
    s->timeline = (timeline_chart_t){
        "Night alone", 28800, 79200, true, 15240, 4, {"Specimens", "QC", "Calls", "Decisions"}, s->events, 260};
    for (int i = 0; i < 14; i++)
        s->points[i] =
            (seen_point_t){i * 2000 + 600,
                           i < 5 || i > 7 ? 4.1 + (i > 7 ? 0.32 * (i - 7) : 0.05 * (i % 3)) : (double)__builtin_nan(""),
                           4.1 + 0.04 * (i % 4)};
    s->seen = (seen_chart_t){"Potassium, 26-1042", "mmol/L", 1, 28800, 79200, true, 15240, 3.5, 5.1, s->points, 14};
    static const double targets[3] = {30, 60, 120};
    static const char *const names[3] = {"STAT", "Urgent", "Routine"};
    s->turnaround = (turnaround_chart_t){.title = "Turnaround by priority", .group_count = 3};
    for (int g = 0; g < 3; g++) {
        for (int i = 0; i < 90; i++) {
            rng_t rng = rng_at(9, (uint32_t)g, (uint64_t)i, 0);
            s->minutes[g][i] = targets[g] * 0.45 + rng_exponential(&rng, targets[g] * 0.25);
        }
        s->turnaround.groups[g] = (turnaround_group_t){names[g], targets[g], s->minutes[g], 20 + 35 * g};
    }
    s->minutes[0][3] = 170;
    for (int i = 0; i < 120; i++) {
        rng_t rng = rng_at(11, 1, (uint64_t)i, 0);
        s->load[i] = (queue_point_t){i * 240, (int)rng_below(&rng, 5) + (i > 30 && i < 60 ? (60 - i) / 2 : 0),
                                     (int)rng_below(&rng, 12)};
    }
    s->queue = (queue_chart_t){"AN-1", 28800, 79200, s->load, 120};
    s->detect = (detect_chart_t){"Results released",
                                 "Results with an error",
                                 "Results without",
                                 "Stopped",
                                 "Released",
                                 5,
                                 1,
                                 {{"All decisions", 18, 3, 9, 240}}};
    s->competencies = (detect_chart_t){"By competency",
                                       "with a fault",
                                       "without",
                                       NULL,
                                       NULL,
                                       5,
                                       4,
                                       {{"Specimen acceptance", 7, 2, 3, 64},
                                        {"Result review", 11, 1, 6, 176},
                                        {"Quality control", 2, 1, 0, 22},
                                        {"Critical calls", 6, 0, 1, 9}}};
    s->roc = (roc_chart_t){{"you", 18, 3, 9, 240}, true, {"careful", 20, 1, 12, 237}, "careful run, same seed"};
}

samples_t *samples_make(sample_t list[SAMPLE_MAX], int *count)
{
    samples_t *s = calloc(1, sizeof *s);
    assert(s);
    make_lj(s);
    make_tubes(s);
    s->rack[0] = (racks_rack_t){.places = 8, .place[1] = {RACKS_SAMPLING, "gold", "26-1042", true}};
    s->rack[1] = (racks_rack_t){.number = 3,
                                .places = 5,
                                .needle = true,
                                .place = {{RACKS_DONE, "gold", "26-1003", false},
                                          {RACKS_TESTING, "lavender", "26-1004", false},
                                          {RACKS_PASSED, NULL, NULL, false},
                                          {RACKS_FREE, NULL, NULL, false},
                                          {RACKS_WAITING, "light green", "26-1007", true}}};
    s->rack[2] = (racks_rack_t){.number = 1, .places = 5, .place[0] = {.state = RACKS_WAITING}};
    s->rack[3] = (racks_rack_t){.number = 2, .places = 5};
    s->racks = (racks_picture_t){"AN-1", s->rack, 4};
    make_shift(s);
    double nan = (double)__builtin_nan("");
    s->spark = (spark_t){{4.1, 4.0, 3.9, 4.1, 7.9}, {0}, 5, 3.5, 5.1, "mmol/L", 1, true};
    s->spark_times = (spark_t){{142, 118, 99, 131}, {0, 20, 22, 70}, 4, nan, 99, "mg/dL", 0, false};
    s->trend_points[0] = (trend_point_t){41.5, 70};
    s->trend_points[1] = (trend_point_t){66, nan};
    s->trend_points[2] = (trend_point_t){83, 80};
    s->trend = (trend_chart_t){s->trend_points, 3};
    s->trend_one = (trend_chart_t){s->trend_points, 1};
    s->map_tiles[0] = (map_tile_t){"CA", MAP_YES};
    s->map_tiles[1] = (map_tile_t){"GA", MAP_DEPENDS};
    s->map_tiles[2] = (map_tile_t){"GU", MAP_UNKNOWN};
    s->map_tiles[3] = (map_tile_t){"TX", MAP_NO};
    s->map = (us_map_t){"License for laboratory personnel", s->map_tiles, 4};
    s->pay_rows[0] = (pay_row_t){"California", 45000, 60000, 84310, 101000, 130000, false};
    s->pay_rows[1] = (pay_row_t){"Tennessee", 37800, 46860, 62070, 78720, 87210, true};
    s->pay_rows[2] = (pay_row_t){"Alabama", nan, nan, 49440, nan, nan, false};
    s->pay = (pay_chart_t){s->pay_rows, 3, 62930, "median of the United States"};
    s->move_rows[0] = (move_row_t){"L12-03", -0.4, 1.96, 0.31, 0.3};
    s->move_rows[1] = (move_row_t){"L07-11", 1.2, 1.7, 1.05, 0.28};
    s->move_rows[2] = (move_row_t){"anion-gap", 0, 2, 0, 0};
    s->moves = (moves_chart_t){s->move_rows, 3, "difficulty, logits"};
    s->need_rows[0] = (need_row_t){"Florida", "5 missing by 2028-08-31", 24, 12, 7, 0, false};
    s->need_rows[1] = (need_row_t){"HIV/AIDS", "1 missing", 1, 0, 0, 0.5, true};
    s->need_rows[2] = (need_row_t){"Hawaii", "none asked", 0, 0, 0, 0, false};
    s->need = (need_chart_t){s->need_rows, 3};
    static const bar_t bars[] = {
        {"Realistic", "work with hands", 31}, {"Artistic", NULL, 0}, {"Conventional", "keep order by rules", 40}};
    s->bars = (bars_chart_t){bars, 3, 40};
    make_study(s);
    s->rotor = (rotor_picture_t){.display = "8 min", .below = "10 min at 1300 g", .count = 24};
    for (int i = 0; i < 6; i++) {
        s->rotor.place[i] = i < 5 ? ROTOR_TUBE : ROTOR_BALANCE;
        s->rotor.cap[i] = i < 3 ? "gold" : "light green";
    }
    s->course_rows[0] = (course_row_t){"Program", "day 60 to 180", 0, 0, 60, 180};
    s->course_rows[1] = (course_row_t){"Work at a hospital of a long name, by day", "day 210", 1, 10, 210, 210};
    s->course_rows[2] = (course_row_t){"Exam", "day 240 to 270", 2, 210, 240, 270};
    s->course = (course_chart_t){{"Study", "Work", "Waiting"},
                                 3,
                                 s->course_rows,
                                 3,
                                 0,
                                 270,
                                 {{0, "2026-12"}, {120, "2027-04"}, {270, "2027-09"}},
                                 3};
    s->spark_flat = (spark_t){{0, 0}, {0}, 2, nan, nan, NULL, 0, false};
    *count = 0;
    add(list, count, "lj", PICTURE_LJ, &s->lj, 0, 0.005, 0.75,
        "Levey\u2013Jennings chart, Potassium \u00b7 AN-1, of 30 runs, level 1: last value +1.2 SD; level 2: last "
        "value \u22120.4 SD; lines at mean and 1, 2, 3 SD; marks: C calibrated at run 10, M maintenance at run 13, L "
        "new lot, C calibrated at run 24; judged in control 53, warning 2, reject 2, not judged 2.");
    add(list, count, "lj_one", PICTURE_LJ, &s->one, 0, 0.005, 0.75,
        "Levey\u2013Jennings chart, Potassium \u00b7 AN-1, of 30 runs, level 2: last value +0.9 SD; lines at mean and "
        "1, 2, 3 SD.");
    add(list, count, "lj_phone", PICTURE_LJ, &s->phone, 360, 0.005, 0.75, NULL);
    add(list, count, "lj_busy", PICTURE_LJ, &s->busy, 0, 0.005, 0.75, NULL);
    add(list, count, "lj_none", PICTURE_LJ, &s->none, 0, 0.005, 0.75,
        "Levey\u2013Jennings chart of 0 runs, level 2: no values; lines at mean and 1, 2, 3 SD.");
    add(list, count, "youden", PICTURE_YOUDEN, &s->youden, 0, 0.005, 0.75,
        "Two-level plot of 29 runs, level 1 across and level 2 up; last run 30 at +1.2 and \u22120.4 SD; squares at 1, "
        "2, 3 SD; judged in control 53, warning 2, reject 2, not judged 2.");
    add(list, count, "overview", PICTURE_LJ_OVERVIEW, &s->overview, 0, 0.005, 0.75, NULL);
    add(list, count, "overview_phone", PICTURE_LJ_OVERVIEW, &s->overview, 360, 0.005, 0.75, NULL);
    add(list, count, "spark", PICTURE_SPARK, &s->spark, 0, 0.005, 0.75,
        "5 results: 4.1, 4.0, 3.9, 4.1, 7.9 mmol/L; interval 3.5 to 5.1.");
    add(list, count, "spark_times", PICTURE_SPARK, &s->spark_times, 0, 0.005, 0.75,
        "4 results: 142, 118, 99, 131 mg/dL; interval up to 99.");
    add(list, count, "spark_flat", PICTURE_SPARK, &s->spark_flat, 0, 0.005, 0.75, NULL);
    add(list, count, "trend", PICTURE_TREND, &s->trend, 0, 0.005, 0.75,
        "Scores of 3 shifts, oldest first: 42 (own rating 70), 66, 83 (own rating 80).");
    add(list, count, "trend_phone", PICTURE_TREND, &s->trend, 360, 0.005, 0.75, NULL);
    add(list, count, "map", PICTURE_MAP, &s->map, 0, 0.005, 0.75,
        "License for laboratory personnel. Required: CA; Depends: GA; Unknown: GU; Not required: 1 others.");
    add(list, count, "trend_one", PICTURE_TREND, &s->trend_one, 0, 0.005, 0.75, NULL);
    add(list, count, "pay", PICTURE_PAY, &s->pay, 0, 0.005, 0.75,
        "Pay a year in 3 places: medians from $49440 (Alabama) to $84310 (California); Tennessee $62070; median of the "
        "United States $62930.");
    add(list, count, "pay_phone", PICTURE_PAY, &s->pay, 360, 0.005, 0.75, NULL);
    add(list, count, "moves", PICTURE_MOVES, &s->moves, 0, 0.005, 0.75,
        "3 values before and after, 1 up, 1 down; the largest change is L12-03, \u22120.40 to +0.31.");
    add(list, count, "moves_phone", PICTURE_MOVES, &s->moves, 360, 0.005, 0.75, NULL);
    add(list, count, "need", PICTURE_NEED, &s->need, 0, 0.005, 0.75,
        "Needed and done: Florida, 12.00 verified and 7.00 declared of 24.00; HIV/AIDS, 0.00 verified and 0.00 "
        "declared "
        "of 1.00; Hawaii, 0.00 verified and 0.00 declared of 0.00.");
    add(list, count, "rotor", PICTURE_ROTOR, &s->rotor, 0, 0.005, 0.95,
        "Rotor of 24 places: 5 tubes, 1 balance tube; the display says 8 min, 10 min at 1300 g.");
    add(list, count, "course", PICTURE_COURSE, &s->course, 0, 0.005, 0.75,
        "3 steps in time. Study: Program, done day 60 to 180. Work: Work at a hospital of a long name, by day, done "
        "day "
        "210. Waiting: Exam, done day 240 to 270.");
    add(list, count, "course_paper", PICTURE_COURSE, &s->course, 720, 0.005, 0.75, NULL);
    add(list, count, "need_phone", PICTURE_NEED, &s->need, 360, 0.005, 0.75, NULL);
    add(list, count, "bars", PICTURE_BARS, &s->bars, 0, 0.005, 0.75,
        "Bars from 0 to 40: Realistic 31, Artistic 0, Conventional 40.");
    add(list, count, "bars_phone", PICTURE_BARS, &s->bars, 340, 0.005, 0.75, NULL);
    add(list, count, "study", PICTURE_STUDY, &s->study, 0, 0.005, 0.75, NULL);
    add(list, count, "study_bare", PICTURE_STUDY, &s->study_bare, 0, 0.005, 0.75,
        "By true ability: \u22120.38 bias +0.02, RMSE 0.28, stated error 0.27; +0.38 bias \u22120.02, RMSE 0.28, "
        "stated error 0.27. "
        "Greatest exposure of 1 items: 0.250.");
    add(list, count, "tube_0", PICTURE_TUBE, &s->tubes[0], 0, 0.005, 0.75,
        "Tube with gold cap, clot activator + gel; filled to 95 % of the line; blood, not spun; label straight: "
        "OKAFOR, Ines, MRN 0048213, 1957-03-02, 26-1042.");
    add(list, count, "tube_1", PICTURE_TUBE, &s->tubes[1], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_2", PICTURE_TUBE, &s->tubes[2], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_3", PICTURE_TUBE, &s->tubes[3], 0, 0.005, 0.75,
        "Tube with gold cap, clot activator + gel; filled to 95 % of the line; spun, cells below the gel, above them "
        "pink and cloudy white with strands; label straight: OKAFOR, Ines, MRN 0048213, 1957-03-02, 26-1042.");
    add(list, count, "tube_4", PICTURE_TUBE, &s->tubes[4], 0, 0.005, 0.75,
        "Tube with lavender cap, K2EDTA; filled to 55 % of the line; blood, not spun, with a clot; no label; EXP "
        "2026-01.");
    add(list, count, "tube_5", PICTURE_TUBE, &s->tubes[5], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_6", PICTURE_TUBE, &s->tubes[6], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_7", PICTURE_TUBE, &s->tubes[7], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_8", PICTURE_TUBE, &s->tubes[8], 0, 0.005, 0.75, NULL);
    add(list, count, "tube_9", PICTURE_TUBE, &s->tubes[9], 0, 0.005, 0.75,
        "Tube with light blue cap, 3.2 % citrate; empty; no label.");
    add(list, count, "racks", PICTURE_RACKS, &s->racks, 0, 0.005, 0.75,
        "Deck of AN-1. STAT port: place 2 26-1042 STAT, gold cap, being sampled. Rack 3, at the needle: place 1 "
        "26-1003, "
        "gold cap, done; place 2 26-1004, lavender cap, tests running; place 5 26-1007 STAT, light green cap, waiting. "
        "Rack 1: place 1 without a label, clear cap, waiting. Rack 2: empty.");
    add(list, count, "racks_phone", PICTURE_RACKS, &s->racks, 340, 0.005, 0.75, NULL);
    add(list, count, "timeline", PICTURE_TIMELINE, &s->timeline, 0, 0.005, 0.75,
        "Timeline from 22:00 to 06:00: Specimens 105, QC 29, Calls 21, Decisions 105; cursor at 02:14.");
    add(list, count, "timeline_phone", PICTURE_TIMELINE, &s->timeline, 360, 0.005, 0.75, NULL);
    add(list, count, "seen", PICTURE_SEEN, &s->seen, 0, 0.005, 0.75,
        "Seen and true values, Potassium, 26-1042: 11 seen, last 6.0 mmol/L; 14 true, last 4.1 mmol/L.");
    add(list, count, "seen_phone", PICTURE_SEEN, &s->seen, 340, 0.005, 0.75, NULL);
    add(list, count, "turnaround", PICTURE_TURNAROUND, &s->turnaround, 0, 0.005, 0.75,
        "Minutes to result by priority: STAT 19 of 20 within 30 minutes; Urgent 46 of 55 within 60 minutes; Routine 77 "
        "of 90 within 120 minutes.");
    add(list, count, "queue", PICTURE_QUEUE, &s->queue, 0, 0.005, 0.75,
        "Load of AN-1 over time: at most 16 tubes waiting and 11 on the analyzer.");
    add(list, count, "detect", PICTURE_DETECT, &s->detect, 0, 0.005, 0.75, NULL);
    add(list, count, "competencies", PICTURE_DETECT, &s->competencies, 0, 0.005, 0.75, NULL);
    add(list, count, "roc", PICTURE_ROC, &s->roc, 0, 0.005, 0.75,
        "Hits against false alarms, you: hits 84 %, false alarms 4 %, d\u2032 2.8; careful run, same seed: hits 93 %, "
        "false alarms 5 %, d\u2032 3.1.");
    s->bench = bench_samples_make(list, count);
    return s;
}

void samples_free(samples_t *samples)
{
    if (samples) bench_samples_free(samples->bench);
    free(samples);
}

/* ---- the debrief page ---- */

void samples_paper(const samples_t *samples, paper_t *paper, bool longer)
{
    static const char *const fields[] = {
        "Trainee", "R. Halvorsen", "Scenario", "Night alone: chloride electrode drifting through the night",
        "Mode",    "Practice",     "Score",    "71 of 100"};
    static const char *const cells[] = {
        "02:14",
        "Potassium 7.9 released on 26-1042; calcium 1.2 stood beside it. The cue: K2EDTA carried over.",
        "7.9",
        "4.1",
        "18.0",
        "03:40",
        "Chloride control, level 2, eight on one side; run accepted.",
        "112",
        "108",
        "9.5",
        "05:05",
        "Critical glucose called after 41 minutes; target 30.",
        "38",
        "38",
        "4.0"};
    samples_t *s = (samples_t *)(uintptr_t)samples; /* the blocks are filled in place */
    int n = 0;
    s->blocks[n++] = (paper_block_t){.kind = PAPER_FIELDS, .table = {.columns = 2, .rows = 4, .cells = fields}};
    s->blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "The three most costly moments"};
    s->blocks[n++] = (paper_block_t){.kind = PAPER_TABLE,
                                     .table = {.columns = 5,
                                               .rows = 3,
                                               .names = {"Time", "What happened", "Seen", "True", "Points"},
                                               .cells = cells,
                                               .right = {false, false, true, true, true}}};
    s->blocks[n++] = (paper_block_t){.kind = PAPER_PICTURE,
                                     .picture = {.kind = PICTURE_TIMELINE, .timeline = &s->timeline},
                                     .text = "The shift. Bars are specimens from arrival to result."};
    s->blocks[n++] = (paper_block_t){
        .kind = PAPER_PICTURE, .picture = {.kind = PICTURE_DETECT, .detect = &s->competencies}, .width = 0.66};
    s->blocks[n++] =
        (paper_block_t){.kind = PAPER_PICTURE, .picture = {.kind = PICTURE_ROC, .roc = &s->roc}, .width = 0.34};
    s->blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Plan"};
    s->blocks[n++] = (paper_block_t){
        .kind = PAPER_TEXT,
        .text = "1. Look at calcium and ALP whenever potassium is high and the person is well.\n2. Five-minute drill: "
                "eight on one side.\n3. Night alone again, on a fresh seed, before March 12."};
    for (int i = 0; longer && i < 6; i++) {
        s->blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Control charts"};
        s->blocks[n++] = (paper_block_t){
            .kind = PAPER_PICTURE, .picture = {.kind = PICTURE_LJ, .lj = &s->lj}, .text = "Potassium, both levels."};
    }
    *paper = (paper_t){.size = PAPER_LETTER,
                       .title = "Debrief",
                       .subtitle = "Night alone \u00b7 22:00 to 06:00",
                       .date = "2026-03-01",
                       .version = "2026.1",
                       .seed = "1042",
                       .note = "Synthetic patients. For training only.",
                       .blocks = s->blocks,
                       .block_count = n,
                       .one_page = !longer};
}
