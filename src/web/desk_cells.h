/* What the hematology and coagulation benches show of an open specimen, beside its results. */
#ifndef TITER_WEB_DESK_CELLS_H
#define TITER_WEB_DESK_CELLS_H

#include "desk.h"

typedef struct {
    const char *src, *alt;
    int width, height;
} bench_picture_t;

typedef struct {
    const char *when, *what, *value;
} bench_study_t;

typedef struct {
    desk_t *d;
    bool shown, count; /* hematology; else coagulation */
    const char *accession, *index, *mode, *busy, *film, *pool, *checks;
    const char **flags; /* "Platelet clumps?" */
    int flag_count;
    choice_t *rules; /* criterion, action */
    int rule_count;
    bench_picture_t *pictures;
    int picture_count;
    bench_study_t *studies;
    int study_count;
    choice_t *treatments, *study_ways; /* value: code; text with its minutes */
    int treatment_count, study_way_count;
    choice_t *tests, *held, *corrections, *companions; /* to add; to correct; formulas; other tubes: href, words */
    int test_count, held_count, correction_count, companion_count;
} bench_part_t;

/* Fills what there is of the specimen; part->shown is false for chemistry and before anything was run. */
void desk_bench_part(desk_t *desk, int32_t specimen, bench_part_t *part);

#endif
