/* The options that both commands of adaptive tests have. */
#ifndef TITER_CLI_CAT_OPTIONS_H
#define TITER_CLI_CAT_OPTIONS_H

#include "exam/cat.h"
#include "exam_input.h"

typedef struct {
    const char *items, *blueprint, *select, *ability, *length, *min_length, *stop_se, *cut, *confidence, *rule, *delta,
        *seed;
    bool at_cut, json;
} cat_asked_t;

enum { CAT_OPTIONS = 14 };

/* Appends the rows of these options to a table; returns how many. */
int cat_option_rows(cat_asked_t *asked, arg_t *rows);
/* What they mean, for the help of both. */
extern const char CAT_OPTIONS_HELP[];

/* Reads items and blueprint and computes the bank of the design. */
typedef struct {
    items_t items;
    blueprint_t blueprint;
    cat_design_t design;
    cat_bank_t *bank;
    int64_t seed;
} cat_setup_t;

bool cat_set_up(cli_t *cli, arena_t *arena, const cat_asked_t *asked, cat_setup_t *setup, err_t *err);
/* A number with six decimals; `null` in JSON and nothing in CSV where it is infinite. */
void cat_number(text_t *out, double value, bool json);

#endif
