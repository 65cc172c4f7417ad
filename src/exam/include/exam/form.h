/* Forms of an exam: how many items of which areas in how much time, and what a candidate may do. Forms are files,
 * content/exam/forms/ID.yaml; each says what it models and where that stands, and no form is a body's own algorithm. */
#ifndef TITER_EXAM_FORM_H
#define TITER_EXAM_FORM_H

#include "exam/bank.h"

enum { FORMS_MAX = 40, FORM_ITEMS_MAX = 250, FORM_AREAS_MAX = 20, FORM_ID_MAX = 40 };

typedef enum { FORM_ADAPTIVE, FORM_FIXED, FORM_KINDS } form_kind_t;

typedef enum {
    NAVIGATE_FREE,    /* to and fro, until the end */
    NAVIGATE_REVIEW,  /* forward; each item is answered before the next; at the end all may be reviewed and changed */
    NAVIGATE_FORWARD, /* forward only, each answer is final */
    NAVIGATIONS
} navigation_t;

/* The share of an area, percent of the items. */
typedef struct {
    const char *area;
    double low, high;
} form_share_t;

typedef struct {
    const char *id, *title, *summary;
    const char *models; /* "ASCP BOC MLT: ... Modelled, not the body's algorithm." */
    const char *source, *as_of;
    const char *credential; /* whose outline gives the areas: "ASCP-MLT" */
    unsigned program;       /* PROGRAM_...: items that are fit for it */
    form_kind_t kind;
    navigation_t navigation;
    int items, minutes;
    bool calculator, drawer; /* on screen; drawer: reference intervals */
    bool tutor;              /* the rationale comes after each answer */
    bool families;           /* computed items are admitted */
    form_share_t shares[FORM_AREAS_MAX];
    int share_count;
} exam_form_t;

typedef struct {
    exam_form_t forms[FORMS_MAX];
    int count;
} exam_forms_t;

const char *form_kind_word(form_kind_t kind);
const char *navigation_word(navigation_t navigation);

/* Reads exam/forms/ of the content into `arena`. Shares come from the outline of the bank (exam/blueprints.csv). A
 * complaint names file, line and remedy. */
bool forms_read(exam_forms_t *forms, const bank_t *bank, const source_t *content, arena_t *arena, err_t *err);
const exam_form_t *form_find(const exam_forms_t *forms, const char *id);

/* May the exam room show it: in use (`drafts`: or not yet reviewed)? */
bool form_shows(const item_t *item, bool drafts);
/* The share of an item's area in the form (index into shares), or -1 when the outline has no place for it. */
int form_area(const exam_form_t *form, const bank_t *bank, const item_t *item);
/* May the item stand in this form: its program, its area, its type, and what form_shows asks? */
bool form_admits(const exam_form_t *form, const bank_t *bank, const item_t *item, bool drafts);

/* Draws the items of a fixed form: each area gets its share (whole numbers within low and high that add up to
 * form->items; the middle of the range rounded, largest remainders first), items of an area by the seed, those that
 * `stale` marks [bank_count] only when nothing else is left. Fewer than asked when the bank has too few: *count says.
 * `order` [FORM_ITEMS_MAX] receives indices into the bank, areas mixed by the seed; a set comes whole and in its order,
 * enemies do not come together. */
bool form_draw(const exam_form_t *form, const bank_t *bank, uint64_t seed, const bool *stale, bool drafts, int *order,
               int *count, err_t *err);

/* The same choice for a quiz: of the items in `pool` (indices into the bank, in its order), at most `items`. `alone`:
 * items of a set may come by themselves. */
bool form_pick(const bank_t *bank, const int *pool, int pool_count, int items, uint64_t seed, bool alone, int *order,
               int *count, err_t *err);

#endif
