/* Answers of finished sittings and the difficulties that follow from them, shared by ratings.c (one answer after
 * another) and calibration.c (all at once). */
#ifndef TITER_APP_RATINGS_H
#define TITER_APP_RATINGS_H

#include "app/items.h"
#include "sitting_private.h"

/* A finished sitting: its answers as places in the bank. */
typedef struct {
    char id[APP_ID_MAX];
    int64_t at_ms;
    int count;
    struct {
        int item;
        bool right;
    } * answer;
} ended_t;

typedef struct {
    rating_t rating;
    int64_t since_ms; /* of its calibration; 0: none */
    int answers, right;
    bool voided;
} rated_t;

typedef struct {
    const bank_t *bank;
    arena_t *arena;
    rated_t *rated; /* [bank_count] */
    int *index;     /* open addressing by id: place in the bank, -1 free */
    size_t slots;
    ended_t *ended;
    int count;
    rating_t person;    /* somebody of whom nothing is known */
    int64_t until_ms;   /* later ends and voids do not count */
    int64_t at_ms;      /* later calibrations do not */
    edition_t *edition; /* NULL: of no edition, all calibrations count */
    bool full;
} ratings_t;

bool ratings_no_memory(err_t *err);
/* The bank with authors' difficulties: what was put in use, families, but no ratings. bank_close(edition->bank). */
bool ratings_plain_bank(app_t *app, edition_t *edition, err_t *err);
/* Authors' difficulties; arena_free(r->arena) even when it fails. */
bool ratings_begin(ratings_t *r, const bank_t *bank, err_t *err);
bool ratings_read(ratings_t *r, store_t *store, err_t *err);
void ratings_follow(ratings_t *r);

#endif
