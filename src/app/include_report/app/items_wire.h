/* Items in bulk: out to other people's formats and in again (wire/wire.h). Instructor's side: keys are on these paths.
 */
#ifndef TITER_APP_ITEMS_WIRE_H
#define TITER_APP_ITEMS_WIRE_H

#include "app/items.h"
#include "wire/wire.h"

enum { APP_IMPORT_SAYS_MAX = ITEM_COMPLAINTS_MAX + WIRE_NOTES_MAX + 2, APP_IMPORT_STEM_SHOWN = 100 };

/* ---- out ---- */

/* Which items; what is "" or 0 does not choose. */
typedef struct {
    const char *area, *lesson, *type, *state;
    unsigned programs; /* any of them */
    const char *ids;   /* "L52-01,L52-07" */
} app_items_choice_t;

/* Appends a file of the chosen items, each as it was saved last, and to `lost` a line for everything that the format
 * has no place for. Without an open data folder: the items of the content. ERR_NOT_FOUND when none is chosen. */
bool app_items_export(app_t *app, const app_items_choice_t *choice, wire_format_t format, text_t *out, text_t *lost,
                      int *count, err_t *err);

/* ---- in ---- */

/* What to do with an item whose id is in this bank already. */
typedef enum { APP_KNOWN_REFUSE, APP_KNOWN_VERSION, APP_KNOWN_NEW, APP_KNOWN_WAYS } app_known_t;
/* "refuse", "version", "new" */
const char *app_known_word(app_known_t known);

typedef struct {
    const char *author;          /* an accepted item needs one to become a version */
    const char *fact[WIRE_KEYS]; /* for items that say nothing of it themselves; NULL or "": nothing */
    app_known_t known;
    bool save; /* otherwise it is only told what would be done */
} app_import_t;

typedef enum {
    APP_IMPORT_ACCEPTED,   /* nothing is wrong with it: a new version, in the state draft */
    APP_IMPORT_UNFINISHED, /* kept as unfinished text, with what is still wrong */
    APP_IMPORT_SAME,       /* this bank has it in these words */
    APP_IMPORT_REFUSED,    /* not kept; the first sentence says why */
    APP_IMPORT_OUTCOMES
} app_import_outcome_t;
/* "accepted", "unfinished", "same", "refused" */
const char *app_import_word(app_import_outcome_t outcome);

typedef struct {
    app_import_outcome_t outcome;
    char id[APP_ITEM_ID_MAX]; /* that it has, or got; "" while it has none */
    int number, line;         /* of the question in its file */
    const char *what;         /* the beginning of its stem or its title */
    int count;
    const char *say[APP_IMPORT_SAYS_MAX]; /* what is wrong, what was left out */
} app_import_row_t;

/* One row a question (`rows` of wire->count); texts are in `arena`. Imported items are drafts and meet the checks that
 * written ones meet. False when it could not be done at all; what was saved before then is told by *done rows. Without
 * an open data folder it can only be told, against the content. */
bool app_items_import(app_t *app, arena_t *arena, const wire_t *wire, const app_import_t *how, app_import_row_t *rows,
                      int *done, err_t *err);

/* ---- one item, for both ---- */

/* False when memory is out. */
bool app_item_to_wire(wire_question_t *question, arena_t *arena, const item_draft_t *draft);
/* False, with the reason in `err`, for what no item can be. `said` gets what was left out. */
bool app_item_from_wire(item_draft_t *draft, arena_t *arena, const bank_t *bank, const wire_question_t *question,
                        const char *const fact[WIRE_KEYS], app_import_row_t *said, err_t *err);

#endif
