/* Inside the formulas: a formula is a function of its inputs in the order of its table entry. */
#ifndef TITER_LAB_CALC_PRIVATE_H
#define TITER_LAB_CALC_PRIVATE_H

#include "lab/calc.h"

enum { MARTIN_TG_BANDS = 30, MARTIN_NON_HDL_BANDS = 6 };

/* Factors by triglycerides (rows, from their lower bound) and non-HDL cholesterol (columns). */
typedef struct {
    double tg_from_mg_dl[MARTIN_TG_BANDS];
    double factor[MARTIN_TG_BANDS][MARTIN_NON_HDL_BANDS];
} martin_table_t;

typedef enum { INPUT_RANGE, INPUT_ABOVE, INPUT_WHOLE, INPUT_SEX } input_kind_t;

typedef struct {
    const char *name; /* NULL ends the list */
    input_kind_t kind;
    double low, high; /* ABOVE: low itself is refused */
} calc_need_t;

typedef struct {
    const char *id;
    /* Inputs in the order of `needs`, sex as 1 for F and 0 for M. May refuse inputs that do not fit together. */
    bool (*compute)(const double *in, const martin_table_t *martin, double *value, err_t *err);
    calc_need_t needs[CALC_INPUTS_MAX + 1];
} calc_formula_t;

#define NEED_RANGE(name, low, high)                                                                                    \
    {                                                                                                                  \
        name, INPUT_RANGE, low, high                                                                                   \
    }
#define NEED_OVER(name, low, high)                                                                                     \
    {                                                                                                                  \
        name, INPUT_ABOVE, low, high                                                                                   \
    }
#define NEED_WHOLE(name, low, high)                                                                                    \
    {                                                                                                                  \
        name, INPUT_WHOLE, low, high                                                                                   \
    }

/* The formulas of one file; calc.c lists the chapters. */
typedef struct {
    const calc_formula_t *formulas;
    int count;
} calc_chapter_t;

extern const calc_chapter_t CALC_GENERAL, CALC_HEMATOLOGY, CALC_COAGULATION, CALC_RELATIONS;

#endif
