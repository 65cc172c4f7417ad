/* The page that the template test shows. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *name;
    double potassium_mmol_l;
    bool late;
    uint64_t big;
} fixture_row_t;

typedef struct {
    const char *title, *missing;
    const fixture_row_t *rows;
    int count;
    const char *svg;
} fixture_t;

#endif
