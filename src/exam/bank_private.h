/* What the files of the bank share among themselves. */
#ifndef TITER_EXAM_BANK_PRIVATE_H
#define TITER_EXAM_BANK_PRIVATE_H

#include "exam/bank.h"

enum {
    BANK_OUTLINES_MAX = 200,
    BANK_SHARES_MAX = 100,
    BANK_PICTURES_MAX = 60,
    BANK_OBJECTIVES_MAX = 2000,
    BANK_CREDENTIAL_MAX = 12
};

typedef struct {
    const char *area, *subarea;
} bank_area_t;

typedef struct {
    const char *id;
    unsigned programs;
    int module, objectives;
    const char *name;
    size_t first; /* of its objectives in bank->objectives */
} bank_lesson_t;

/* Which area of an outline an area (subarea "": all of it) counts for. */
typedef struct {
    const char *area, *subarea, *credential, *outline;
} bank_outline_t;

/* The published share of an outline's area, percent; NAN: not published. */
typedef struct {
    const char *credential, *area;
    double low, high;
} bank_share_t;

typedef struct {
    const char *draw, *shows;
    bool screen;
} bank_picture_t;

typedef struct {
    const char *item;
    int version;
    bool agrees, resolved;
    int line;
} bank_review_t;

/* A case that items of one file are asked on. */
typedef struct {
    const char *id, *text, *file;
    int line;
} bank_set_t;

struct bank {
    arena_t *arena;
    const picture_source_t *drawn_by; /* NULL: nobody */
    bank_area_t areas[BANK_AREAS_MAX];
    bank_lesson_t lessons[BANK_LESSONS_MAX];
    bank_outline_t outlines[BANK_OUTLINES_MAX];
    bank_share_t shares[BANK_SHARES_MAX];
    bank_picture_t pictures[BANK_PICTURES_MAX];
    const char *objectives[BANK_OBJECTIVES_MAX];
    size_t objective_count;
    bank_review_t *reviews;
    size_t area_count, lesson_count, outline_count, share_count, picture_count, review_count;
    item_t **items;
    size_t count;
    bank_set_t *sets;
    size_t set_count;
    const item_t *heads; /* of families, which may be enemies as items are */
    size_t head_count;
    item_t **past; /* versions that newer ones replaced */
    size_t past_count;
    bool renewing; /* an id that is there already is a newer version */
    finding_t *findings;
    size_t finding_count, error_count;
};

static const char BANK_REVIEWS[] = "items/reviews.csv";

/* Adds a finding; after BANK_FINDINGS_MAX they are only counted. Always returns true, so that reading goes on. */
bool bank_say(bank_t *bank, finding_kind_t kind, const char *file, int line, const char *item, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
const bank_lesson_t *bank_lesson_of(const bank_t *bank, const char *lesson);
bool bank_load_catalog(bank_t *bank, const source_t *content, err_t *err);

/* Reads what families share with items: lesson, type, programs, area, objective, level, difficulty, source, stem. */
bool bank_read_head(const bank_t *bank, const yaml_t *yaml, yaml_item_t *map, item_t *item, err_t *err);

/* The list `enemies:` of an item or a family, whose id is known by now. */
bool bank_read_enemies(const yaml_t *yaml, yaml_item_t *map, item_t *item, err_t *err);

/* The rules of one item that its format does not say (bank_rules.c). */
void bank_rules(bank_t *bank, const item_t *item);
/* Rules over many items (bank_whole.c), near-duplicates (bank_near.c). */
void bank_whole_rules(bank_t *bank, bool whole);
bool bank_near_rules(bank_t *bank, err_t *err);
/* Sets and enemies (bank_sets.c). `whole`: an id that is not here is nowhere. */
void bank_set_rules(bank_t *bank, bool whole);
/* Whether the enemies of an item by itself are known (an item that is not here may be written elsewhere). */
void bank_enemy_rules(bank_t *bank, const item_t *item);

/* ---- words (bank_words.c) ---- */

enum { WORD_MAX = 40 };

/* The next word from *text on, in small letters, at most WORD_MAX - 1 bytes of it; false at the end. Letters, digits
 * and bytes above 0x7f make words; an apostrophe or a hyphen inside a word is left out. */
bool word_next(const char **text, char word[WORD_MAX]);
/* Whether the text has this word (small letters) by itself. */
bool word_in(const char *text, const char *word);
/* Whether these words follow one another in the text ("all of the above"). */
bool words_in(const char *text, const char *words);
/* Where the text begins with a number ("<5", "1,200"): its value and what follows it; NULL when it does not. */
const char *word_number(const char *text, double *value);

#endif
