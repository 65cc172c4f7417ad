/* A sitting: one person at one form. A pure fold over what happened: which items were given, what was answered, how the
 * time went by. Times are milliseconds of the wall clock, given by the caller.
 *
 * The clock: time runs from the start to the end, also while the page is closed or somewhere else. It stands still in a
 * break, and while the program itself was stopped: of such a stop at most SITTING_STOP_MS count. A clock that is set
 * back moves nothing; one that is set forward counts as time that went by.
 *
 * Questions are told without keys here; keys are for the report (report.h). */
#ifndef TITER_EXAM_SITTING_H
#define TITER_EXAM_SITTING_H

#include "exam/ability.h"
#include "exam/cat.h"
#include "exam/family.h"
#include "exam/form.h"

enum {
    SITTING_STOP_MS = 120000,
    SITTING_MARKS_MAX = 8, /* highlights of a stem */
    SITTING_NOTE_MAX = 2000,
    SITTING_BREAKS_MAX = 4,
    SITTING_ITEM_ID = 64,
    SITTING_FRESH_MAX = 100, /* variants thrown away in one sitting */
};

typedef enum { SURE_UNSAID, SURE_GUESS, SURE_THINK, SURE_YES, SURES } sure_t;

typedef struct {
    char id[SITTING_ITEM_ID]; /* of the item, also when it has left the bank; "anion-gap@7": computed, by seed */
    int version;
    const item_t *item;               /* NULL: no longer in the bank */
    double difficulty, difficulty_sd; /* as they were known when it was given */
    int shown[ITEM_PARTS_MAX];        /* part in place i */
    int rights[ITEM_PARTS_MAX];       /* match: whose `right` stands in place i */
    bool answered;
    item_answer_t response; /* in parts of the item, not in places */
    char unit[24];
    double credit; /* 0..1; known here, shown by nobody before its time */
    bool flagged, voided, seen;
    bool kept;       /* computed: as the events hold it, not computed again */
    unsigned struck; /* places that are struck out */
    sure_t sure;
    int changes; /* answers after the first that were others than the one before */
    int64_t spent_ms;
    int marks;
    struct {
        int from, to; /* bytes of the stem */
    } mark[SITTING_MARKS_MAX];
} sitting_entry_t;

typedef enum { SITTING_RUNNING, SITTING_REVIEW, SITTING_BREAK, SITTING_OVER } sitting_state_t;
typedef enum { END_NONE, END_ASKED, END_TIME } sitting_end_t;

typedef struct {
    const bank_t *bank;
    /* set after sitting_begin by who gives computed items; the arena keeps their texts */
    const families_t *families;
    arena_t *variants;
    const item_t *const *shown; /* computed items as they were shown, by id: these count, whatever the family is now */
    int shown_count;
    int fresh;        /* variants thrown away */
    exam_form_t form; /* with the length and minutes of this sitting */
    uint64_t seed;
    int64_t started_ms, last_ms; /* last_ms: of the newest thing that happened */
    int64_t used_ms, limit_ms;
    int64_t away_ms; /* not counted: stops of the program */
    sitting_state_t state;
    sitting_end_t end;
    int breaks, breaks_left;
    int current; /* entry that was shown last */
    int count;   /* entries so far; of a fixed form all of them */
    sitting_entry_t entry[FORM_ITEMS_MAX];
    char note[SITTING_NOTE_MAX];
} sitting_t;

/* Begins with the form; `factor` of the time (1 to 2.5) and breaks are an accommodation. */
bool sitting_begin(sitting_t *sitting, const bank_t *bank, const exam_form_t *form, uint64_t seed, double factor,
                   int breaks, int64_t at_ms, err_t *err);
/* The next item is given: by id, so that a fold needs no choice. Unknown ids stay as entries without an item. */
bool sitting_give(sitting_t *sitting, const char *id, int version, err_t *err);
/* Computes the item of such an id ("anion-gap@7") from its family as it is now. */
bool sitting_compute(const sitting_t *sitting, const char *id, arena_t *arena, family_item_t *made, err_t *err);
/* The difficulty of the entry given last as it was known then; without it the bank's of today counts. */
void sitting_rate(sitting_t *sitting, double difficulty, double difficulty_sd);
/* The id under which an item is drawn, rated and voided: without "@" and the seed of a variant. */
void sitting_base(const char *id, char base[SITTING_ITEM_ID]);
/* May the variant at entry n be thrown away: in a form with a tutor, before it is answered? */
bool sitting_may_renew(const sitting_t *sitting, int n, err_t *err);
/* Another variant of the same family takes its place. */
bool sitting_renew(sitting_t *sitting, int n, const char *id, err_t *err);

/* Time goes by until `at_ms`; `stopped`: the program was not running in between. Ends the sitting when its time is up
 * and returns true then. */
bool sitting_clock(sitting_t *sitting, int64_t at_ms, bool stopped);
int64_t sitting_left_ms(const sitting_t *sitting);

/* May entry n (from 0) be looked at and answered now? Says why not. */
bool sitting_may_look(const sitting_t *sitting, int n, err_t *err);
/* `response` in parts of the item. Refuses what is not an answer to it, and an entry that may not be answered now. An
 * item that has left the bank takes any answer and counts for nobody. */
bool sitting_answer(sitting_t *sitting, int n, const item_answer_t *response, sure_t sure, err_t *err);
/* Whether another item comes after entry n in the order of the form and may be shown. */
bool sitting_wants_next(const sitting_t *sitting);
void sitting_look(sitting_t *sitting, int n);
bool sitting_flag(sitting_t *sitting, int n, bool on, err_t *err);
bool sitting_strike(sitting_t *sitting, int n, int place, err_t *err); /* struck, or not any more */
/* Highlights bytes from..to of the stem; the same bytes again take the highlight away. */
bool sitting_mark(sitting_t *sitting, int n, int from, int to, err_t *err);
bool sitting_note(sitting_t *sitting, const char *text, err_t *err);
bool sitting_break(sitting_t *sitting, bool on, err_t *err);
bool sitting_finish(sitting_t *sitting, sitting_end_t why, err_t *err);
/* A spoiled item: it counts for nobody. `version`: of it; 0: in any. */
void sitting_void(sitting_t *sitting, const char *id, int version);

int sitting_answered(const sitting_t *sitting);
/* Places to parts: chosen[] as they stand on the page, to those of the item, and back. */
void sitting_to_parts(const sitting_entry_t *entry, item_answer_t *response);
void sitting_to_places(const sitting_entry_t *entry, item_answer_t *response);

/* ---- the next item of an adaptive form ---- */

/* Tables of a bank for one adaptive form; kept while the program runs. */
typedef struct sitting_plan sitting_plan_t;
bool sitting_plan(sitting_plan_t **plan, const bank_t *bank, const exam_form_t *form, bool drafts, err_t *err);
void sitting_plan_free(sitting_plan_t *plan);
/* The adaptive bank behind it, and the place in the item bank of its item `at`: for simulations. */
const cat_bank_t *sitting_plan_cat(const sitting_plan_t *plan);
int sitting_plan_item(const sitting_plan_t *plan, int at);
/* The item to give next (index into the bank), by what was answered so far; items of `stale` [bank_count] are
 * avoided where the outline can be met without them. -1 when the form is full. */
bool sitting_choose(const sitting_plan_t *plan, const sitting_t *sitting, const bool *stale, int *next, err_t *err);

/* Items are answered right or wrong for the measure: full credit is right. */
static inline int sitting_right(const sitting_entry_t *entry)
{
    return entry->answered && entry->credit > 0.999;
}
/* The item of the response model: Rasch with the provisional difficulty of the bank. */
irt_item_t sitting_model(const item_t *item);

#endif
