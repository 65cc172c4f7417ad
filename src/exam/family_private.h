/* What the files of the families share among themselves. */
#ifndef TITER_EXAM_FAMILY_PRIVATE_H
#define TITER_EXAM_FAMILY_PRIVATE_H

#include "bank_private.h"
#include "exam/family.h"

enum {
    FAMILIES_MAX = 600,
    FAMILY_DRAWS_MAX = 24,
    FAMILY_CHOICES_MAX = 24,
    FAMILY_LETS_MAX = 24,
    FAMILY_NEEDS_MAX = 8,
    FAMILY_ANSWERS_MAX = 8, /* mistakes, or options */
    FAMILY_PLANTS_MAX = 10,
    EXPR_NODES_MAX = 96,
    EXPR_DEPTH_MAX = 24,
};

/* ---- expressions (family_expr.c) ---- */

typedef enum {
    OP_NUMBER,
    OP_NAME,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_POW,
    OP_NEG,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_EQ,
    OP_NE,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_SQRT,
    OP_LN,
    OP_LOG10,
    OP_EXP,
    OP_ABS,
    OP_FLOOR,
    OP_ROUND,
    OP_MIN,
    OP_MAX,
    OP_IF
} expr_op_t;

/* In postfix order. */
typedef struct {
    int count;
    struct {
        uint8_t op;
        int16_t name;
        double number;
    } node[EXPR_NODES_MAX];
} expr_t;

/* The names that a family's expressions may use, in the order in which they get their values. */
typedef struct {
    int count;
    const char *name[FAMILY_VALUES_MAX];
} names_t;

/* Reads `+ - * / ^`, comparisons, `and or not`, sqrt ln log10 exp abs floor round(x, decimals) min max
 * if(condition, then, else), numbers and names. The error says what was not understood. */
bool expr_read(expr_t *expr, const char *text, const names_t *names, err_t *err);
/* Truth is 1 or 0. Equal means within 1e-9 of each other's size. */
double expr_value(const expr_t *expr, const double *values);
int names_find(const names_t *names, const char *name, size_t length);

/* ---- a family ---- */

typedef struct {
    int at; /* in the values */
    int decimals;
    double from, step;
    int steps;   /* of a range; 0: choices */
    int choices; /* of the list */
    double choice[FAMILY_CHOICES_MAX];
} draw_t;

typedef struct {
    int at;
    const char *formula; /* NULL: expr[0] */
    int inputs;
    const char *input[FAMILY_INPUTS_MAX];
    expr_t *expr; /* [1] or [inputs] */
} let_t;

typedef struct {
    const char *text, *why;
    bool decides; /* has a condition */
    expr_t expr;  /* a mistake's value, or when the option is the key */
    int line;
} answer_t;

/* How one kind of trouble is put into a control series. */
typedef struct {
    const char *rule; /* what the last run must be rejected for; "1-2s": a warning; "none": nothing */
    double shift, sd;
    int from, level; /* first run with it; the level that has it, 0: all */
} plant_t;

typedef struct {
    const char *fault, *fluid;
    double low, high; /* of its severity */
    expr_t need;
    bool needs;
} fault_case_t;

typedef struct {
    const char *id, *title, *file;
    int line;
    item_t head;
    names_t names;
    int decimals[FAMILY_VALUES_MAX]; /* with how many each value is printed, or DECIMALS_AS_NEEDED */
    int draws, lets, needs, answers;
    draw_t draw[FAMILY_DRAWS_MAX];
    let_t let[FAMILY_LETS_MAX];
    expr_t need[FAMILY_NEEDS_MAX];
    const char *stem, *why;
    bool number; /* the answer is a number; otherwise an option is decided */
    bool is_signed;
    expr_t answer_is;
    const char *unit;
    int answer_decimals;
    double tolerance, apart_pct; /* options differ by at least so much of the greater */
    answer_t answer[FAMILY_ANSWERS_MAX];
    /* which of the cases below is at hand: a drawn value, 0 first; -1: none of the providers has cases */
    int by;
    int plants, levels, runs, plant_at;
    const char *rules;
    bool chart;
    plant_t plant[FAMILY_PLANTS_MAX];
    int faults, rows, rows_at;
    fault_case_t fault[FAMILY_PLANTS_MAX];
    const char *row[FAMILY_ROWS_MAX];
    bool history; /* the panel prints earlier values */
    int plasma, times_at;
    const char *plasma_name[FAMILY_PLASMA_MAX];
    expr_t *plasma_expr;
} family_t;

struct families {
    arena_t *arena;
    const family_source_t *source;
    family_t **family;
    int count;
};

extern const char *const FAMILY_TIME_NAMES[FAMILY_TIMES];
enum { DECIMALS_AS_NEEDED = -1 }; /* as few as show the number, at most two */

bool family_read_file(families_t *families, const bank_t *catalog, const source_file_t *file, err_t *err);

/* ---- making (family_make.c, family_series.c, family_words.c) ---- */

typedef struct {
    const families_t *families;
    const family_t *family;
    uint64_t seed;
    arena_t *arena;
    rng_t rng;
    double value[FAMILY_VALUES_MAX];
    double z[FAMILY_RUNS_MAX * FAMILY_LEVELS_MAX];
    family_row_t row[FAMILY_ROWS_MAX];
    err_t *err;
} making_t;

typedef enum { MADE, MADE_NOT_YET, MADE_WRONG } made_t;

/* Draws a control series with the trouble of the case and lets it be judged. */
made_t family_series(making_t *making);
/* Draws a panel with the fault of the case. */
made_t family_panel(making_t *making);
/* Replaces {name}, {name:2}, {name:,}, {name:one|two}, {series} and {panel}; NULL when memory is out. */
const char *family_words(const making_t *making, const char *text);
/* Whether every {name} of the text is known; the error names the one that is not. */
bool family_words_check(const family_t *family, const char *text, err_t *err);
/* "1,200" or "0.45" with its unit. */
void family_number(text_t *out, double value, int decimals, const char *unit);

#endif
