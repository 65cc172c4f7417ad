/* What the hematology and coagulation benches show of an open specimen, beside its results. */
#ifndef TITER_WEB_DESK_CELLS_H
#define TITER_WEB_DESK_CELLS_H

#include "desk.h"
#include "lab/calc.h"

typedef struct {
    const char *src, *alt, *name, *href; /* href: larger, or small again */
    bool large;
} bench_picture_t;

/* What can be done with the tube; key: the digit that presses it, or "". */
typedef struct {
    const char *code, *text, *key;
} bench_way_t;

/* A formula of the bench with its inputs: as typed, else as measured. */
typedef struct {
    const char *id, *name, *expression, *units, *said; /* said: its value, or what is missing; NULL: not asked */
    choice_t inputs[CALC_INPUTS_MAX];                  /* name, value */
    int input_count;
} bench_check_t;

typedef struct {
    const char *when, *what, *value;
} bench_study_t;

typedef struct {
    desk_t *d;
    bool shown, count; /* hematology; else coagulation */
    const char *accession, *index, *mode, *busy, *film, *pool, *lot;
    const char **flags; /* "Platelet clumps?" */
    int flag_count;
    choice_t *rules; /* criterion, action */
    int rule_count;
    bench_picture_t *pictures;
    int picture_count;
    bench_study_t *studies;
    int study_count;
    bench_check_t *checks;
    int check_count;
    bool checked;
    bench_way_t *treatments, *study_ways; /* value: code; text with its minutes */
    int treatment_count, study_way_count;
    choice_t *tests, *held, *corrections; /* to add; to correct; formulas */
    int test_count, held_count, correction_count;
} bench_part_t;

/* Fills what there is of the specimen; part->shown is false for chemistry and before anything was run. */
void desk_bench_part(desk_t *desk, int32_t specimen, bench_part_t *part);

/* The formulas that are worked by hand at the bench. */
void desk_checks_fill(bench_part_t *part, int32_t specimen, bench_t bench);

#endif
