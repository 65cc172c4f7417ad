/* A picture on its way from lines of data to what draw draws. */
#ifndef TITER_APP_PICTURES_PRIVATE_H
#define TITER_APP_PICTURES_PRIVATE_H

#include "app/pictures.h"
#include "base/rng.h"
#include "draw/picture.h"

enum { DATA_LINES_MAX = 80, DATA_FIELDS_MAX = 8, REGIONS_MAX = 12, PICTURE_DOMAIN = 9500, PICTURE_MEMORY = 4 << 20 };

/* "shift: 0 | 12 | 2.4" */
typedef struct {
    const char *key;
    int line, count;
    const char *field[DATA_FIELDS_MAX];
} data_line_t;

/* A key that a kind knows, and how many fields it takes. */
typedef struct {
    const char *key;
    int least, most;
} data_key_t;

typedef struct {
    const char *name;
    double at[4]; /* by kind: run and level; from and to; left, low, right, high */
} region_t;

typedef struct {
    const lab_t *lab;
    arena_t *arena;
    err_t *err;
    rng_t rng;
    int wrong; /* line of the data that a complaint is about; 0: none */
    data_line_t line[DATA_LINES_MAX];
    int lines;
    picture_t picture; /* made of memory of the arena; kind PICTURE_KINDS: a screen */
    double width;      /* 0: its own */
    region_t region[REGIONS_MAX];
    int regions;
    app_exhibit_t *seen; /* its words are filled; never NULL */
} making_t;

/* ---- pictures.c ---- */

/* Says what is wrong with a line; always false. */
bool making_fail(making_t *m, const data_line_t *line, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool making_memory(making_t *m);
/* Every line has a key of the list and as many fields as it takes (list ended by a NULL key). */
bool making_keys(making_t *m, const char *kind, const data_key_t *keys);
/* The next line of that key after *at (begin with -1); NULL: no more. */
const data_line_t *making_next(const making_t *m, const char *key, int *at);
/* Its only line; NULL: there is none. */
const data_line_t *making_only(const making_t *m, const char *key);
/* The first field of that key, or `absent`. */
const char *making_words(const making_t *m, const char *key, const char *absent);
bool making_number(making_t *m, const data_line_t *line, int field, double low, double high, double *value);
bool making_int(making_t *m, const data_line_t *line, int field, int low, int high, int *value);
/* Optional number: `absent` when there is no such line. */
bool making_number_or(making_t *m, const char *key, double low, double high, double absent, double *value);
/* Reads the lines "region: NAME | numbers"; `numbers` 2 or 4. */
bool making_regions(making_t *m, int numbers);
/* printf into the arena. */
const char *making_text(making_t *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A signed number with the true minus, or a dash when it is none. */
const char *making_signed(making_t *m, double value, int decimals);
const char *making_fixed(making_t *m, double value, int decimals);
/* A table beside the picture; cells are filled by the caller. */
exhibit_table_t *making_table(making_t *m, const char *title, int columns, int rows, const char *const *heads);
void making_line(making_t *m, const char *label, const char *text, bool message);

/* pictures.c: for a moment, with its own memory; the picture is made by making_make. */
making_t *making_new(const lab_t *lab, err_t *err);
void making_free(making_t *m);
bool making_make(making_t *m, const item_picture_t *picture);
/* Where a place lies, by its kind's numbers. */
bool making_box(const making_t *m, const double at[4], draw_box_t *box);

/* ---- kinds ---- */

bool make_lj(making_t *m);
bool make_youden(making_t *m);
bool make_log(making_t *m);
bool make_trend(making_t *m);
bool make_histogram(making_t *m);
bool make_scatter(making_t *m);
bool make_film(making_t *m);
bool make_chamber(making_t *m);
bool make_clot(making_t *m);
bool make_mixing(making_t *m);
bool make_parallel(making_t *m);
bool make_tube(making_t *m);
bool make_screen(making_t *m, const char *bench);
/* How many of `what` a film or a chamber shows. */
bool count_field(making_t *m, const char *what, int *count);

#endif
