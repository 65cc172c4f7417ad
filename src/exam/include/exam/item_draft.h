/* An item while somebody writes it: its fields as they were typed, right or wrong, with their form as a file of the
 * bank (content/items/README.md) and what is still wrong with them. */
#ifndef TITER_EXAM_ITEM_DRAFT_H
#define TITER_EXAM_ITEM_DRAFT_H

#include "exam/bank.h"

enum {
    ITEM_DRAFT_BYTES_MAX = 24 * 1024, /* of its file */
    ITEM_DRAFT_FIELD_MAX = 20,
    ITEM_DRAFT_LINES_MAX = 200,
    ITEM_COMPLAINTS_MAX = 40,
};

typedef struct {
    const char *text, *right, *why, *value; /* as in item_part_t; value: of a mistake */
    bool key;
} item_draft_part_t;

/* No text is NULL; what was not written is "". */
typedef struct {
    const char *id, *lesson, *type, *area, *subarea, *objective, *level, *difficulty, *difficulty_sd, *source, *as_of,
        *stem, *why, *value, *tolerance, *unit, *decimals;
    const char *draw, *seed, *data, *alt; /* its picture, or the screen of a `next` item */
    const char *counts, *times;           /* of a count item */
    const char *set, *set_text; /* the case it is asked on; carried along, written in the file of its lesson */
    const char *enemies;        /* ids with spaces between */
    unsigned programs;          /* PROGRAM_... */
    int version;
    int parts;
    item_draft_part_t part[ITEM_PARTS_MAX];
} item_draft_t;

/* A complaint: of a field ("stem", "p2.why", "parts": the list, "": the whole item). */
typedef struct {
    char field[ITEM_DRAFT_FIELD_MAX];
    const char *text;
    bool warning; /* asks for a second look; the item is taken all the same */
} item_complaint_t;

/* An empty draft. */
void item_draft_init(item_draft_t *draft);
/* The type of a draft; -1 when it has none. */
int item_draft_type(const item_draft_t *draft);
/* Whether it has a picture or a screen, or begins to have one. */
bool item_draft_pictured(const item_draft_t *draft);
/* The picture of a draft as its file would have it; false while its seed is no number or it has no kind. */
bool item_draft_picture(const item_draft_t *draft, item_picture_t *picture);
/* Whether items of the type have a rationale of the whole. */
bool item_draft_whole_why(int type);
/* An item as a draft to look at or to go on with. */
void item_draft_of(item_draft_t *draft, arena_t *arena, const item_t *item);
/* Reads what item_draft_write wrote, or any file of one item, leniently: what is not there is "". */
bool item_draft_read(item_draft_t *draft, arena_t *arena, const char *bytes, size_t length, err_t *err);
/* Appends the file. Parts in which nothing was written are left out. */
void item_draft_write(const item_draft_t *draft, text_t *file);
/* What is wrong with it, in the words of the bank's reader and rules: fills `list` (of ITEM_COMPLAINTS_MAX) and says
 * how many of them are errors. False only when memory is out. */
bool item_draft_check(const item_draft_t *draft, const bank_t *bank, arena_t *arena, item_complaint_t *list, int *count,
                      int *errors, err_t *err);

#endif
