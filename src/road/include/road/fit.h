/* "Is this career for me?": interests, three timed work samples, facts about the work. Pure functions; nothing is kept.
 *
 * Interests: the O*NET Interest Profiler short form, 60 items, each 0 (strongly dislike) to 4 (strongly like), ten to
 * an area, a scale is their sum, 0 to 40. Occupations are matched by the shape of the profile: the Pearson correlation
 * of the six scores with the occupation's six interest values. No norms, no cut-offs: none were published for this
 * form.
 *
 * Work samples: made from a seed together with their keys; scored for speed and accuracy. Nothing here is a norm. */
#ifndef TITER_ROAD_FIT_H
#define TITER_ROAD_FIT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FIT_ITEMS = 60,
    FIT_SCALES = 6, /* Realistic, Investigative, Artistic, Social, Enterprising, Conventional: in this order */
    FIT_PER_SCALE = FIT_ITEMS / FIT_SCALES,
    FIT_ANSWER_MAX = 4,
    FIT_SCALE_MAX = FIT_PER_SCALE * FIT_ANSWER_MAX,
    FIT_BLOCKS = 5, /* pages of twelve, two of each area, as O*NET presents them */
    FIT_BLOCK_ITEMS = FIT_ITEMS / FIT_BLOCKS,
    FIT_ROWS_MAX = 80, /* of any table of facts */
};

/* ---- facts: content/road/fit ---- */

typedef struct {
    const char *text;
    int scale;
} fit_item_t;

typedef struct {
    char letter;
    const char *name, *brief, *about;
} fit_scale_t;

typedef struct {
    const char *soc, *title, *preparation, *about;
    bool family; /* of the laboratory; else a neighbor for contrast */
    int job_zone;
    double interest[FIT_SCALES]; /* 1 to 7 */
    double r_technician;         /* as the table says it, for the test of the arithmetic */
} fit_occupation_t;

typedef struct {
    const char *name, *tasks, *asked, *usual, *source;
} fit_demand_t;

typedef struct {
    const char *part; /* "day", "leave", "twice", "closer", "show" */
    const char *text, *more, *source, *as_of;
} fit_reality_t;

typedef struct {
    const char *sample, *measure, *words;
    double target;
} fit_target_t;

/* Of the columns: where its values lie and how much they vary, both only for the exercise. */
typedef struct {
    const char *name, *unit;
    double low, high, spread;
    int decimals;
} fit_test_t;

typedef struct {
    fit_item_t items[FIT_ITEMS];
    fit_scale_t scales[FIT_SCALES];
    fit_occupation_t occupations[FIT_ROWS_MAX];
    fit_demand_t demands[FIT_ROWS_MAX];
    fit_reality_t realities[FIT_ROWS_MAX];
    fit_target_t targets[FIT_ROWS_MAX];
    fit_test_t tests[FIT_ROWS_MAX];
    const char *family_names[FIT_ROWS_MAX], *given_names[FIT_ROWS_MAX];
    int occupation_count, demand_count, reality_count, target_count, test_count, family_count, given_count;
} fit_facts_t;

/* Reads content/road/fit into `arena`. Messages name file, line and remedy. */
bool fit_facts_read(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err);
/* The target of a sample's measure, or NULL. */
const fit_target_t *fit_target(const fit_facts_t *facts, const char *sample, const char *measure);

/* ---- interests ---- */

typedef enum {
    FIT_SHAPE_OPEN,   /* items are unanswered: no scores */
    FIT_SHAPE_FLAT,   /* all six the same: no correlation exists */
    FIT_SHAPE_NARROW, /* highest and lowest differ by less than one step of the answers per item: read with caution */
    FIT_SHAPE_CLEAR,
} fit_shape_t;

typedef struct {
    int score[FIT_SCALES]; /* 0 to 40; of what was answered while the shape is open */
    int answered;
    fit_shape_t shape;
} fit_profile_t;

/* `answers`: FIT_ITEMS characters '0' to '4', anything else is unanswered. */
void fit_profile(const fit_facts_t *facts, const char *answers, fit_profile_t *profile);
/* Pearson's r of two sets of six; NAN when one of them is flat. */
double fit_correlation(const double a[FIT_SCALES], const double b[FIT_SCALES]);

typedef struct {
    const fit_occupation_t *occupation;
    double r;
    double r_low, r_high; /* what r could have been had any one answer been one step different */
} fit_match_t;

/* Matches with all occupations, highest r first (ties in the order of the table). 0 while open or flat. */
int fit_matches(const fit_facts_t *facts, const fit_profile_t *profile, fit_match_t matches[FIT_ROWS_MAX]);

/* ---- work samples: shared ---- */

typedef enum { FIT_LABELS, FIT_ODD, FIT_PROCEDURE, FIT_SAMPLES } fit_sample_t;
enum {
    FIT_GRACE_S = 5, /* on the way between the person and this program */
    FIT_ANSWERS_MAX = 200,
    FIT_SEED_MAX = 999999999,
};

/* One attempt at a sample as a page carries it: "SEED.ELAPSED.EXTRA.ANSWERS". */
typedef struct {
    uint32_t seed;                     /* 1 to FIT_SEED_MAX; 0: not attempted */
    int elapsed_s;                     /* from the start of the form to its answer */
    int extra;                         /* percent of the time: 100, 150 or 200 */
    char answers[FIT_ANSWERS_MAX + 1]; /* one character a question; of the procedure texts divided by '~' */
} fit_attempt_t;

const char *fit_sample_word(fit_sample_t sample); /* "labels", "odd", "procedure" */
int fit_sample_limit_s(fit_sample_t sample, int extra);
/* "" and NULL give an attempt with seed 0. False for anything that fit_attempt_write would not write. */
bool fit_attempt_read(fit_sample_t sample, const char *text, fit_attempt_t *attempt);
void fit_attempt_write(text_t *out, const fit_attempt_t *attempt);
bool fit_extra_valid(int64_t extra);

/* ---- label pairs ---- */

enum {
    FIT_PAIRS_EVEN = 24, /* half of them differ */
    FIT_PAIRS_RARE = 50, /* few differ, as at work */
    FIT_PAIRS = FIT_PAIRS_EVEN + FIT_PAIRS_RARE,
    FIT_RARE_DIFFER = 2,
    FIT_FIELDS = 4,
};

typedef enum { FIT_FIELD_NAME, FIT_FIELD_NUMBER, FIT_FIELD_BIRTH, FIT_FIELD_CAP, FIT_AGREE } fit_field_t;

typedef struct {
    char label[FIT_FIELDS][40], order[FIT_FIELDS][40];
    fit_field_t differs; /* the one field in which they differ, or FIT_AGREE */
} fit_pair_t;

void fit_labels_make(const fit_facts_t *facts, uint32_t seed, fit_pair_t pairs[FIT_PAIRS]);

/* Signal detection: a pair that differs is the signal. */
typedef struct {
    int hits, missed, false_alarms, passes;
} fit_detection_t;

typedef struct {
    int answered, right, wrong, net;                          /* net: right minus wrong, so that guessing costs */
    fit_detection_t all, even, rare, rare_first, rare_second; /* halves of the rare block, by place */
    double per_min;                                           /* answered, a minute */
    double d_prime, criterion; /* of all; log-linear correction (Hautus 1995); NAN without both kinds */
    bool late;
} fit_labels_score_t;

/* `answers`: 's' same, 'd' differs, '-' not reached. */
void fit_labels_score(const fit_pair_t pairs[FIT_PAIRS], const fit_attempt_t *attempt, fit_labels_score_t *score);

/* ---- the odd one in a column ---- */

enum { FIT_COLUMNS = 16, FIT_COLUMN_ROWS = 10, FIT_COLUMNS_NONE = 4, FIT_NONE = -1 };

typedef struct {
    const fit_test_t *test;
    char value[FIT_COLUMN_ROWS][16];
    double number[FIT_COLUMN_ROWS];
    int odd; /* row, or FIT_NONE */
} fit_column_t;

void fit_odd_make(const fit_facts_t *facts, uint32_t seed, fit_column_t columns[FIT_COLUMNS]);

typedef struct {
    int answered, right, wrong, net;
    int missed;       /* an odd one was there, "none" was said */
    int wrong_row;    /* an odd one was there, another was named */
    int false_alarms; /* none was there, one was named */
    double per_min;
    bool late;
} fit_odd_score_t;

/* `answers`: '0' to '9' the row, 'n' none, '-' not reached. */
void fit_odd_score(const fit_column_t columns[FIT_COLUMNS], const fit_attempt_t *attempt, fit_odd_score_t *score);

/* ---- the ten-step procedure ---- */

enum { FIT_STEPS = 10, FIT_TUBES = 6, FIT_STEP_MAX = 240, FIT_ENTRY_MAX = 16 };

typedef struct {
    char accession[12], time[8], volume[8];
    const char *cap, *priority;
} fit_tube_t;

typedef struct {
    char rack[8];
    fit_tube_t tubes[FIT_TUBES]; /* positions 1 to 6 */
    char step[FIT_STEPS][FIT_STEP_MAX];
    char key[FIT_STEPS][FIT_ENTRY_MAX + 1]; /* the one entry that is right, to the letter */
} fit_procedure_t;

void fit_procedure_make(uint32_t seed, fit_procedure_t *procedure);

typedef struct {
    int answered, right, wrong;
    bool ok[FIT_STEPS];
    double per_min;
    bool late;
} fit_procedure_score_t;

void fit_procedure_score(const fit_procedure_t *procedure, const fit_attempt_t *attempt, fit_procedure_score_t *score);
/* Adds an entry to an attempt's answers: trimmed, cut at FIT_ENTRY_MAX, what is not plain ASCII or is '~' as '?'. */
void fit_procedure_entry(fit_attempt_t *attempt, int step, const char *entry);
/* The entry of a step in an attempt, into `out`. */
void fit_procedure_said(const fit_attempt_t *attempt, int step, char out[FIT_ENTRY_MAX + 1]);

#endif
