/* Review rules: which counts a person must look at before they go out (the consensus rules of the International Society
 * for Laboratory Hematology, as data in content/lab/hematology/review_rules.csv). */
#ifndef TITER_LAB_REVIEW_H
#define TITER_LAB_REVIEW_H

#include "base/err.h"
#include "lab/catalog.h"
#include "lab/hematology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REVIEW_RULES_MAX = 64, REVIEW_EXPRESSION_MAX = 1000 };

typedef struct review review_t;

typedef struct {
    int number;
    const char *parameter, *criterion, *action, *machine;
} review_rule_t;

/* What a rule may ask about. Values are by catalog index; NAN: not reported. */
typedef struct {
    int sex;                          /* SEX_FEMALE, SEX_MALE, or -1: unknown, the wider limits count */
    double age;                       /* years; NAN: unknown, taken for an adult */
    double age_h;                     /* hours since collection; NAN: unknown, taken for fresh */
    double since_h;                   /* hours since the previous result; NAN: unknown, taken for within the window */
    bool first;                       /* the first sample of the patient */
    bool confirmed;                   /* the finding was confirmed before */
    uint64_t flags;                   /* bits of count_flag_t */
    uint64_t no_value[ANALYTE_WORDS]; /* tried, but without a result (vote-out) */
    double value[LAB_MAX_ANALYTES], previous[LAB_MAX_ANALYTES];
} review_case_t;

/* A case about which nothing is known: an adult's first sample. */
void review_case_clear(review_case_t *what);

bool review_open(review_t **review, const lab_t *lab, const source_t *content, err_t *err);
void review_close(review_t *review);
int review_count(const review_t *review);
const review_rule_t *review_rule(const review_t *review, int index);

/* The rules that the case breaks: bit per index. */
uint64_t review_hits(const review_t *review, const review_case_t *what);

/* Asks one expression, written as the rules are, of a case; false with err where it is not well formed. */
bool review_ask(const lab_t *lab, const char *expression, const review_case_t *what, bool *answer, err_t *err);

/* Every row of a CSV: columns by analyte id, prev_ID, sex, age, age_h, since_h, first, confirmed, flags (names between
 * spaces or semicolons), id. A value of --- is a vote-out, +++ above the measuring range. `row` is called for each;
 * false from it stops. */
typedef bool (*review_row_fn)(void *context, int line, const char *id, uint64_t hits);
bool review_csv(const review_t *review, const char *file, const unsigned char *bytes, size_t length, review_row_fn row,
                void *context, err_t *err);

#endif
