/* The item bank: authored items read from content/items/, checked against the rules of the house
 * (content/items/README.md), and scored.
 *
 * A bank first learns the catalog (areas, objectives, outlines, reviews) and then reads files. A file that
 * cannot be read, or an item that breaks the format, becomes a finding with file, line and remedy; the rest
 * of the bank is read all the same. `bank_check` adds the findings of the rules that need more than one item. */
#ifndef TITER_EXAM_BANK_H
#define TITER_EXAM_BANK_H

#include "base/base.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ITEM_PARTS_MAX = 8, /* options, steps, pairs or mistakes of one item */
    ITEM_STEM_MAX = 1600,
    ITEM_WHY_MAX = 1200,
    ITEM_OPTION_MAX = 300,
    ITEM_SOURCE_MAX = 400,
    ITEM_DATA_MAX = 4000, /* of a picture or a screen */
    ITEM_ALT_MAX = 600,
    ITEM_DECIMALS_MAX = 6,
    BANK_FILE_ITEMS_MAX = 99, /* two digits of an item's number */
    BANK_ITEMS_MAX = 20000,
    BANK_PAST_MAX = 20000, /* versions that were replaced */
    BANK_FINDINGS_MAX = 4000,
    BANK_LESSONS_MAX = 200,
    BANK_AREAS_MAX = 300,
    BANK_SETS_MAX = 1000,
    SET_ITEMS_MAX = 6,     /* items on one case */
    ITEM_ENEMIES_MAX = 12, /* items that one item excludes */
    ITEM_NAME_MAX = 40,    /* of an id, also a family's */
};

typedef enum {
    ITEM_SINGLE,  /* one best answer */
    ITEM_SEVERAL, /* all that apply */
    ITEM_ORDER,
    ITEM_MATCH,
    ITEM_NUMERIC,
    ITEM_HOTSPOT, /* which place of a picture: options are places that the picture names */
    ITEM_COUNT,   /* how many in a picture: a number */
    ITEM_NEXT,    /* what to do next at a bench screen: one best answer */
    ITEM_TYPES
} item_type_t;

typedef enum { PROGRAM_PBT = 1, PROGRAM_MLA = 2, PROGRAM_MLT = 4 } item_program_t;
typedef enum { LEVEL_RECALL, LEVEL_INTERPRET, LEVEL_SOLVE, ITEM_LEVELS } item_level_t;
typedef enum { STATE_DRAFT, STATE_REVIEWED, STATE_IN_USE, STATE_RETIRED, ITEM_STATES } item_state_t;

const char *item_type_word(item_type_t type);
const char *item_level_word(item_level_t level);
const char *item_state_word(item_state_t state);

/* An option, a step, a pair or a usual wrong number. */
typedef struct {
    const char *text;  /* option, step, or left of a pair; "" for a mistake */
    const char *right; /* pair: what belongs to it; otherwise "" */
    const char *why;
    bool key;     /* option: it is (one of) the right one(s) */
    double value; /* mistake */
} item_part_t;

/* A picture or a screen that somebody else draws: what, from which seed, with which data. */
typedef struct {
    const char *draw; /* a kind of content/items/pictures.csv; NULL: no picture */
    uint64_t seed;
    const char *data; /* what it shows, in lines of its kind: "shift: 0 | 12 | 2.4"; "" */
    const char *alt;  /* what is to be seen, in its author's words; "" or NULL: what the drawing says of itself */
} item_picture_t;

typedef struct {
    const char *id, *file;
    int line;
    item_type_t type;
    unsigned programs; /* PROGRAM_... */
    const char *lesson, *area, *subarea, *objective;
    item_level_t level;
    double difficulty, difficulty_sd; /* logits */
    item_state_t state;
    int version;
    const char *source, *as_of, *stem;
    const char *why;            /* of the whole; "" where only the parts have one */
    const char *set, *set_text; /* the case that it is asked on, with the case's words; NULL: it stands alone */
    int enemies;
    const char *enemy[ITEM_ENEMIES_MAX]; /* ids of items and families that no test gives beside it */
    bool computed;                       /* a family: what its variants share, without parts; or such a variant */
    item_picture_t picture;
    int parts;
    item_part_t part[ITEM_PARTS_MAX]; /* order: in the right order; match: left and right belong together */
    double value, tolerance;          /* numeric and count */
    const char *unit;
    int decimals;
    const char *counts; /* count: what is counted, a name that the picture has for it; "" */
    double times;       /* count: the answer is the count times this */
} item_t;

/* The option that is the key of a single, hotspot or next item. */
int item_key(const item_t *item);
bool item_has_one_key(item_type_t type);
bool item_is_number(item_type_t type);

/* ---- the bank ---- */

typedef struct bank bank_t;

/* Pictures and screens are drawn by somebody else, who answers what the bank asks of them; each says what is wrong. */
typedef struct {
    const void *self;
    /* Can it be drawn from these data? `line` of the data (from 1) is wrong; 0: none in particular. */
    bool (*check)(const void *self, const item_picture_t *picture, int *line, err_t *err);
    /* Does it have a place of this name? */
    bool (*place)(const void *self, const item_picture_t *picture, const char *name, err_t *err);
    /* How many of these does it show? Counted in what is drawn, not told by the item. */
    bool (*count)(const void *self, const item_picture_t *picture, const char *what, int *count, err_t *err);
} picture_source_t;

typedef enum { FINDING_ERROR, FINDING_WARNING } finding_kind_t;

typedef struct {
    finding_kind_t kind;
    const char *file, *item; /* "" when it concerns the whole bank, or no one item */
    int line;                /* 0: none */
    const char *text;        /* what is wrong and what to write instead */
} finding_t;

/* An empty bank with the catalog of the content: items/areas.csv, items/outlines.csv, items/pictures.csv,
 * items/reviews.csv, exam/objectives.csv, exam/blueprints.csv. */
bool bank_open(bank_t **bank, const source_t *content, err_t *err);
void bank_close(bank_t *bank);
/* Who draws pictures: `source` must live as long as files are read. Without one their data are not looked at. */
void bank_pictures(bank_t *bank, const picture_source_t *source);
/* Reads every items/<subject>/Lnn.yaml of the content. False only when memory is out. */
bool bank_read_content(bank_t *bank, const source_t *content, err_t *err);
/* Reads one file. What is wrong with it becomes findings; false only when memory or a limit is reached. */
bool bank_read(bank_t *bank, const char *file, const unsigned char *bytes, size_t length, err_t *err);

/* A bank with the catalog and items of another one, which must live longer: for newer versions of some of them. */
bool bank_fork(bank_t **fork, const bank_t *bank, err_t *err);
/* Reads a file of one item as its newest version, in that state whatever the file says. An item of the same id gives
 * its place up and becomes a past version. Refuses, with the first complaint, what is not right. */
bool bank_renew(bank_t *bank, const char *file, const unsigned char *bytes, size_t length, item_state_t state,
                err_t *err);
/* The item in that version, also a past one; the newest version where there is no such one; NULL. */
const item_t *bank_find_version(const bank_t *bank, const char *id, int version);
/* Adds what the rules say of this one item by itself. */
void bank_check_item(bank_t *bank, const item_t *item);

/* Kinds of pictures and screens, one after another; false after the last. */
typedef struct {
    const char *draw, *shows;
    bool screen;
} bank_kind_view_t;
bool bank_kind_at(const bank_t *bank, size_t index, bank_kind_view_t *kind);
/* The catalog, one after another; false (NULL) after the last. */
bool bank_area_at(const bank_t *bank, size_t index, const char **area, const char **subarea);
const char *bank_lesson_at(const bank_t *bank, size_t index);

size_t bank_count(const bank_t *bank);
const item_t *bank_item(const bank_t *bank, size_t index);
/* The item of that id, or NULL. */
const item_t *bank_find(const bank_t *bank, const char *id);

/* Whether the catalog knows them; for families, whose items belong to the same catalog. */
bool bank_area_known(const bank_t *bank, const char *area, const char *subarea);
/* The programs of a lesson (0: there is no such lesson) and how many objectives it has. */
unsigned bank_lesson(const bank_t *bank, const char *lesson, int *objectives);
/* The area of an outline ("ASCP-MLT") that an item counts for; NULL when the outline has no place for it. */
const char *bank_outline(const bank_t *bank, const item_t *item, const char *credential);
/* The credentials whose outlines are known, one after another; NULL: there are no more. */
const char *bank_credential(const bank_t *bank, size_t index);
/* How many items can be taken so that each area of the credential's outline has its published share: the most, of those
 * that are `placed` in the outline. `limit`: the area of which there are too few for more; "" when all can be taken. */
int bank_in_proportion(const bank_t *bank, const char *credential, int *placed, const char **limit);
/* The published shares of an outline, percent of the items, one after another; false after the last. */
typedef struct {
    const char *area;
    double low, high;
} bank_share_view_t;
bool bank_share(const bank_t *bank, const char *credential, int index, bank_share_view_t *share);
/* The words of an objective ("L52.3"), and of a lesson ("L52"); "" when there is none. */
const char *bank_objective_words(const bank_t *bank, const char *objective);
const char *bank_lesson_words(const bank_t *bank, const char *lesson);
/* "PBT+MLT" to bits; 0 when it is not such a list. */
unsigned item_programs(const char *text);

/* Adds what the rules say of the items that were read. `whole`: the files are the whole bank, so that the coverage
 * of lessons and outlines is judged too. */
bool bank_check(bank_t *bank, bool whole, err_t *err);
/* Whether one of two items excludes the other. */
bool items_are_enemies(const item_t *a, const item_t *b);
/* Takes over what is known of an item's difficulty by now; the item of a bank that this one was forked from stays as it
 * is. False only when memory is out. */
bool bank_rate(bank_t *bank, size_t index, double difficulty, double difficulty_sd, err_t *err);
/* Takes an item of a fork out of use: a spoiled one is given to nobody any more. */
bool bank_withdraw(bank_t *bank, size_t index, err_t *err);
size_t bank_findings(const bank_t *bank, const finding_t **findings);
size_t bank_errors(const bank_t *bank);

/* The Flesch-Kincaid grade of a text: 0.39 words/sentences + 11.8 syllables/words - 15.59 (Kincaid et al. 1975). A run
 * of vowels is a syllable, but for a silent e at the end; a number or a word with a digit has one; no word counts more
 * than three, because the long words of the trade are what the learner is here to learn. */
double item_reading_grade(const char *text);

/* ---- answering ---- */

/* What somebody answered. single, hotspot, next: chosen[0]. several: the chosen options, in any order. order: the
 * steps (indices into part) in the order given. match: chosen[i] is the pair whose `right` was put beside pair i;
 * -1: none. numeric, count: value. */
typedef struct {
    int count;
    int chosen[ITEM_PARTS_MAX];
    double value;
    const char *unit; /* as written; NULL: the unit stands printed beside the box */
} item_answer_t;

/* Credit from 0 to 1; 1 means right.
 *   single, hotspot, next   1 for the key
 *   several                 (keys chosen - others chosen) / keys, not below 0
 *   order                   pairs of steps in the right order less pairs in the wrong one, over all pairs, not below 0
 *                           (Kendall's tau: guessing has expectation 0)
 *   match                   pairs put right / pairs
 *   numeric, count          1 within the tolerance (the limit included) and with the unit, if one was written
 * Refuses an answer that is not one to this item, with what it needs. */
bool item_score(const item_t *item, const item_answer_t *response, double *credit, err_t *err);
/* A number as people write it: "12,500", " 2.34 ", "-3". False when it is not one. */
bool item_number(const char *text, double *value);
/* The usual mistake that leads to this number; -1. */
int item_mistake(const item_t *item, double value);
/* Order in which the parts are shown: `shown[i]` is the part in place i. Options of numbers stay as they are; others
 * are shuffled by the seed; steps never come in their right order. */
void item_shuffle(const item_t *item, uint64_t seed, int shown[ITEM_PARTS_MAX]);

#endif
