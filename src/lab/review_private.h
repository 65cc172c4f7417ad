/* A rule compiled: a short program over a stack of numbers, where 0 is false and anything else true. */
#ifndef TITER_LAB_REVIEW_PRIVATE_H
#define TITER_LAB_REVIEW_PRIVATE_H

#include "lab/review.h"

enum { REVIEW_STEPS = 96, REVIEW_STACK = 32 };

typedef enum {
    STEP_NUMBER,
    STEP_VALUE, /* of an analyte */
    STEP_UPPER, /* reference limits of an analyte for the sex */
    STEP_LOWER,
    STEP_AMR_HIGH,
    STEP_AMR_LOW,
    STEP_VALUE_LESS, /* of an analyte against a number: what most rules ask, in one step */
    STEP_VALUE_LESS_EQUAL,
    STEP_VALUE_GREATER,
    STEP_VALUE_GREATER_EQUAL,
    STEP_NO_VALUE,
    STEP_DELTA_FAIL,
    STEP_FLAG,
    STEP_WITHIN, /* the previous result is at most so many hours old */
    STEP_AGE,
    STEP_AGE_DAYS,
    STEP_AGE_H,
    STEP_FEMALE,
    STEP_MALE,
    STEP_FIRST,
    STEP_CONFIRMED,
    STEP_ADULT,
    STEP_CHILD,
    STEP_SUSPECT, /* any suspect flag but immature granulocytes and left shift */
    STEP_DIFF_MISSING,
    STEP_UNLESS_TRUE, /* the right side of || is skipped (index: how many steps), or the left one dropped ... */
    STEP_IF_TRUE,     /* ... or those of && */
    STEP_NOT,
    STEP_TRUTH, /* 0 or 1 */
    STEP_NEGATE,
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_LESS,
    STEP_LESS_EQUAL,
    STEP_GREATER,
    STEP_GREATER_EQUAL,
    STEP_EQUAL,
} step_kind_t;

typedef struct {
    uint8_t kind;
    int16_t index; /* analyte or flag */
    double number;
} step_t;

/* What most rules cannot be broken without. */
typedef enum {
    REVIEW_FIRST = 1 << 0,
    REVIEW_REPEAT = 1 << 1,
    REVIEW_CONFIRMED = 1 << 2,
    REVIEW_NO_VALUE = 1 << 3, /* some test was tried in vain */
    REVIEW_FLAG = 1 << 4,     /* one of `flags` is up */
} review_need_t;

typedef struct {
    uint32_t needs; /* bits of review_need_t */
    uint64_t flags;
    int count;
    step_t steps[REVIEW_STEPS];
} review_code_t;

/* Compiles `text`; err says at which place what was expected. */
bool review_compile(const lab_t *lab, const char *text, review_code_t *code, err_t *err);
/* Runs it. */
bool review_run(const lab_t *lab, const review_code_t *code, const review_case_t *what);

struct review {
    struct arena *arena;
    const lab_t *lab;
    int count;
    review_rule_t rules[REVIEW_RULES_MAX];
    review_code_t codes[REVIEW_RULES_MAX];
};

#endif
