/* What lab_t is made of. Private files add their own tables through `ext`. */
#ifndef TITER_LAB_PRIVATE_H
#define TITER_LAB_PRIVATE_H

#include "base/base.h"
#include "lab/catalog.h"

enum { LAB_ARENA_LIMIT = 64 * 1024 * 1024, LAB_EXT_SLOTS = 8 };

struct patient_model;
struct cells_model;
struct counter_model;

struct lab {
    arena_t *arena;
    int analyte_count;
    analyte_t analytes[LAB_MAX_ANALYTES];
    struct patient_model *patients; /* patient_model.h */
    const float *normal;            /* normal.h */
    struct review *review;          /* lab/review.h; owned */
    struct cells_model *cells;      /* cells_model.h */
    struct counter_model *counter;  /* counter_model.h */
    void *ext[LAB_EXT_SLOTS];       /* tables of other private files; allocated from `arena` */
};

/* The analyte of an index that is known to be one. */
static inline const analyte_t *analyte_at(const lab_t *lab, int index)
{
    return &lab->analytes[index];
}

/* Reads one table of content/lab/ into the lab's arena. */
bool lab_table(lab_t *lab, const source_t *content, const char *path, csv_t *table, err_t *err);

#endif
