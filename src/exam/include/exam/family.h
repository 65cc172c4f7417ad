/* Computed items. A family is a template: numbers drawn by seed, a key that is computed, distractors that are the
 * usual mistakes computed from the same numbers. The same family and seed give the same item everywhere.
 *
 * Families are data (content/items/families/, format in content/items/README.md). Where one needs the laboratory
 * (a formula of its calculator, its multirule judge, a fault of a specimen, clotting times), it asks through
 * `family_source_t`, which whoever joins the rooms provides. */
#ifndef TITER_EXAM_FAMILY_H
#define TITER_EXAM_FAMILY_H

#include "exam/bank.h"

enum {
    FAMILY_ID_MAX = ITEM_NAME_MAX,
    FAMILY_VALUES_MAX = 80, /* named numbers of one item */
    FAMILY_INPUTS_MAX = 8,  /* of one formula */
    FAMILY_RUNS_MAX = 12,   /* of a control series */
    FAMILY_LEVELS_MAX = 3,
    FAMILY_ROWS_MAX = 24, /* of a panel */
    FAMILY_PLASMA_MAX = 16,
    FAMILY_TIMES = 7,
};

/* What the rules say of the last run of a control series. */
typedef struct {
    bool reject, warn, systematic;
    char rule[16];     /* the rule that rejects, or "1-2s" for a warning; "" when nothing is broken */
    int rejecting;     /* how many rules reject the last run */
    bool rejected_yet; /* an earlier run was rejected */
} family_verdict_t;

typedef struct {
    const char *id, *name, *unit;
    double value, before, low, high; /* low or high NAN: the reference interval has no such end */
    int decimals;
} family_row_t;

/* Times of a plasma, seconds (cut where an instrument stops); mixes are 1:1 with normal plasma by the aPTT. */
typedef struct {
    double pt, inr, aptt, tt, reptilase, mix, mix_incubated;
} family_times_t;

typedef struct {
    void *self;
    /* The formula of that id of the laboratory's calculator, not rounded. */
    bool (*formula)(void *self, const char *id, const char *const *names, const double *values, int count,
                    double *value, err_t *err);
    /* z[run * levels + level]; rules such as "1-3s/2-2s/R-4s". */
    bool (*judge)(void *self, const char *rules, int levels, int runs, const double *z, family_verdict_t *verdict,
                  err_t *err);
    /* One drawn person's results before and after a specimen fault: one row for each of the `count` analytes asked. */
    bool (*fault)(void *self, const char *fault, const char *fluid, double severity, uint64_t seed,
                  const char *const *analytes, int count, family_row_t *rows, err_t *err);
    /* Clotting of a plasma: each name is a factor ("viii", a share of normal), "fibrinogen" (mg/dL), "ufh", "lmwh"
     * (IU/mL), "lupus" (times as long) or "inhibitor" (Bethesda units); what is not named is normal. */
    bool (*clot)(void *self, const char *const *names, const double *values, int count, family_times_t *times,
                 err_t *err);
} family_source_t;

typedef struct families families_t;

/* Reads items/families/ of the content. `catalog` knows areas and lessons; `source` must live as long. The first
 * fault ends it, with file, line and remedy. */
bool families_open(families_t **families, const source_t *content, const bank_t *catalog, const family_source_t *source,
                   err_t *err);
void families_close(families_t *families);

typedef struct {
    const char *id, *title, *file;
    int line;
    item_t head; /* what all its items share: type, lesson, area ... */
} family_view_t;

int families_count(const families_t *families);
void families_view(const families_t *families, int family, family_view_t *view);
/* Tells the bank the families' names, so that its checks know them as enemies of items; they must live as long. */
bool families_enlist(const families_t *families, bank_t *bank, err_t *err);
/* Adds the head of each family to the bank as a computed item, id and version the family's: so forms are drawn, and
 * difficulties kept, by family. */
bool families_join(const families_t *families, bank_t *bank, err_t *err);
/* Index, or -1 with err naming the nearest. */
int families_find(const families_t *families, const char *id, err_t *err);

typedef struct {
    item_t item; /* its id is the family's, "@" and the seed */
    int values;  /* the named numbers that made it */
    const char *name[FAMILY_VALUES_MAX];
    double value[FAMILY_VALUES_MAX];
    int levels, runs; /* of its control series, if any */
    double z[FAMILY_RUNS_MAX * FAMILY_LEVELS_MAX];
} family_item_t;

/* Makes the item of a seed. Texts live in `arena`. Fails when the family's conditions leave no numbers for it. */
bool family_make(const families_t *families, int family, uint64_t seed, arena_t *arena, family_item_t *made,
                 err_t *err);

/* Makes `seeds` items of each family and adds what the rules of single items say of them to the bank's findings, and
 * where the keys stand over all of them. */
bool families_check(const families_t *families, bank_t *bank, int seeds, err_t *err);

#endif
