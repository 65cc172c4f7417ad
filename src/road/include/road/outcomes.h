/* A program's outcome measures as its accreditor counts them, from dates of persons.
 *
 * Three-year figures are made from pooled counts: the numerators of the years added, over the denominators added. The
 * mean of the years' percentages is expressly ruled out by NAACLS (standard II.B; sdmiramar.edu, augustahealth.com):
 * 1/1, 5/10 and 5/10 are 11/21 = 52 %, not 67 %. Each rate has its own denominator; every person stands behind each
 * figure with how it counted and why. */
#ifndef TITER_ROAD_OUTCOMES_H
#define TITER_ROAD_OUTCOMES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

enum { COHORT_PERSONS_MAX = 4000, COHORT_YEARS_MAX = 40, COHORT_ID_MAX = 40, OUTCOME_RULES_MAX = 12 };

typedef enum {
    PLACED_UNKNOWN,     /* "": not asked yet */
    PLACED_FIELD,       /* "placed" */
    PLACED_RELATED,     /* "related" */
    PLACED_STUDYING,    /* "studying" */
    PLACED_NOT,         /* "not-placed" */
    PLACED_NO_REPLY,    /* "no-reply" */
    PLACED_NOT_SEEKING, /* "not-seeking" */
    PLACED_UNAVAILABLE, /* "unavailable": health, military, incarceration, death, documented */
    PLACED_WORDS
} placed_t;

enum { NO_DAY = INT32_MIN };

typedef struct {
    const char *id; /* synthetic: never a name */
    int cohort;     /* year under which the program reports the person */
    int32_t enrolled, reentered, final_half, graduated, left, exam, passed, placed_on; /* days; NO_DAY: none */
    placed_t placement;
} cohort_person_t;

typedef struct {
    cohort_person_t *persons;
    int count;
} cohort_t;

/* CSV with a header. Needed: id, cohort, final_half, graduated, exam, passed, placement. Optional: enrolled, reentered,
 * left, placed_on. Days are written 2024-05-17. Errors name file, line, column and remedy. */
bool cohort_read(cohort_t *cohort, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                 err_t *err);

typedef enum {
    OUTCOME_CERTIFICATION,
    OUTCOME_GRADUATION,
    OUTCOME_PLACEMENT,
    OUTCOME_ATTRITION,
    OUTCOME_RETENTION,
    OUTCOME_MEASURES
} outcome_measure_t;
const char *outcome_measure_word(outcome_measure_t measure); /* "certification" */

typedef struct {
    const char *accreditor, *title, *numerator, *denominator, *standard, *source, *as_of, *confidence;
    outcome_measure_t measure;
    double threshold; /* percent; NAN: none was readable */
    int years;        /* pooled */
} outcome_rule_t;

typedef struct {
    outcome_rule_t rules[OUTCOME_RULES_MAX];
    int count;
} outcome_rules_t;
bool outcome_rules_read(outcome_rules_t *rules, arena_t *arena, const source_t *source, err_t *err);

typedef enum { COUNTED_NOT, COUNTED_BELOW, COUNTED_ABOVE } counted_t; /* not in it, in the denominator only, in both */
typedef struct {
    counted_t counted;
    int times;       /* in the denominator: 2 for who re-entered in a reporting year (ABHES retention) */
    bool open;       /* may still change: its window has not closed at `today` */
    const char *why; /* a sentence */
} outcome_person_t;

/* How a person counts for a rule in the year of the person's cohort (ABHES: in the reporting year that ends on 30 June
 * of `year`). `today` decides only what is still open. */
outcome_person_t outcome_of(const outcome_rule_t *rule, const cohort_person_t *person, int year, int32_t today);

typedef struct {
    int year, numerator, denominator, open; /* open: persons whose window has not closed: the year is provisional */
} outcome_year_t;

typedef struct {
    outcome_year_t years[COHORT_YEARS_MAX]; /* ascending */
    int year_count;
    int from;                         /* index of the first of the pooled years */
    int numerator, denominator, open; /* pooled over rule->years latest years */
} outcome_rate_t;

/* False when there are more years than COHORT_YEARS_MAX. */
bool outcome_compute(const outcome_rule_t *rule, const cohort_t *cohort, int32_t today, outcome_rate_t *outcome,
                     err_t *err);
/* 100 numerator / denominator; NAN when the denominator is 0. */
double outcome_rate(int numerator, int denominator);

#endif
