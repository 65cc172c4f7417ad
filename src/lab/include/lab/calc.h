/* The formulas of the bench, by id: what each needs, and its value. Names, units, decimals, domain
 * and worked examples are content (lab/formulas.csv); the arithmetic is code (calc_formulas.c).
 * No formula decides anything: a shift, a page or the command line asks and shows. */
#ifndef TITER_LAB_CALC_H
#define TITER_LAB_CALC_H

#include "base/err.h"
#include "base/source.h"

#include <stdbool.h>

enum { CALC_INPUTS_MAX = 6, CALC_DECIMALS_MAX = 6 };

typedef struct calc calc_t;

/* Reads lab/formulas.csv and lab/martin_hopkins.csv; every formula in the code must have its row. */
bool calc_open(calc_t **calc, const source_t *content, err_t *err);
void calc_close(calc_t *calc);

/* What is known of a formula. Text lives as long as the calc_t. */
typedef struct {
    const char *id, *name, *expression, *input_units, *unit, *domain, *source;
    const char *example; /* "na=140 cl=104 hco3=24" */
    int inputs, decimals;
    const char *input[CALC_INPUTS_MAX]; /* names */
} calc_view_t;

int calc_count(const calc_t *calc);
void calc_view(const calc_t *calc, int formula, calc_view_t *view);
/* Index of the formula of that id; -1 with err naming the nearest. */
int calc_find(const calc_t *calc, const char *id, err_t *err);

/* An input as written: name "scr", text "1.0"; sex is M or F. */
typedef struct {
    const char *name, *text;
} calc_input_t;

typedef struct {
    double value;   /* as computed */
    double rounded; /* to `decimals`, from the exact binary value, a tie to the even digit */
    int decimals;
    const char *unit;
} calc_result_t;

/* Computes. The sentence in err names a missing, unknown, repeated or impossible input, says what it
 * may be, and shows the example. */
bool calc_run(const calc_t *calc, int formula, const calc_input_t *inputs, int count, calc_result_t *result,
              err_t *err);

/* Rounds the exact value of x to 0..9 decimals, a tie to the even digit, as tables are printed. */
double calc_round(double x, int decimals);

#endif
