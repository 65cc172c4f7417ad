/* What a rotation is measured by, as content under content/road: departments, procedures that are counted,
 * competencies of a program, behaviors of an evaluation, hours that programs ask. Every row has source and date. */
#ifndef TITER_ROAD_ROTATION_RULES_H
#define TITER_ROAD_ROTATION_RULES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"

#include <stdbool.h>

enum {
    DEPARTMENTS_MAX = 16,
    PROCEDURES_MAX = 120,
    COMPETENCIES_MAX = 200,
    BEHAVIORS_MAX = 16,
    REQUIREMENTS_MAX = 200,
    PROGRAMS = 3,
    ELEMENTS = 6,
};

/* The six elements of competency assessment, 42 CFR 493.1413(b)(8) and 493.1451(b)(8). */
const char *element_words(int element); /* 0..5 */

typedef struct {
    const char *id, *title, *bench; /* bench: of this laboratory ("chemistry"), or "" */
} department_t;

typedef struct {
    const char *id, *department, *title;
} procedure_t;

typedef struct {
    const char *id, *program, *area, *department, *text, *source, *as_of, *confidence;
    unsigned elements; /* bit i: element i */
    const char *bench; /* competence of the debrief whose observations stand beside, or "" */
} competency_t;

typedef struct {
    const char *id, *text;
} behavior_t;

/* A line of what a program asks: hours in a department or in several together ("hematology+urinalysis"), hours in all
 * (key "total"), or a count of a procedure. */
typedef struct {
    const char *id, *title, *program, *key, *source, *as_of, *confidence;
    bool is_count;
    double amount;
} requirement_t;

typedef struct {
    department_t departments[DEPARTMENTS_MAX];
    procedure_t procedures[PROCEDURES_MAX];
    competency_t competencies[COMPETENCIES_MAX];
    behavior_t behaviors[BEHAVIORS_MAX];
    requirement_t requirements[REQUIREMENTS_MAX];
    int department_count, procedure_count, competency_count, behavior_count, requirement_count;
} rotation_rules_t;

/* Texts stay in `arena` and `source`. Errors name file, line and remedy; a row without source or date does not load. */
bool rotation_rules_read(rotation_rules_t *rules, arena_t *arena, const source_t *source, err_t *err);
/* Index, or -1. */
int rotation_department(const rotation_rules_t *rules, const char *id);
int rotation_procedure(const rotation_rules_t *rules, const char *id);
int rotation_behavior(const rotation_rules_t *rules, const char *id);
const competency_t *rotation_competency_of(const rotation_rules_t *rules, const char *id); /* or NULL */
extern const char *const rotation_programs[PROGRAMS];                                      /* "pbt", "mla", "mlt" */
const char *rotation_program_title(const char *program);                                   /* NULL: not one of them */

#endif
