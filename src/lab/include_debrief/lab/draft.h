/* A scenario as a form: the same keys as the file, as rows of a table with words for people, and their values as
 * text, right or wrong. A draft keeps whatever was typed; draft_check says what is wrong where; draft_write makes
 * the file, always the same bytes for the same draft. On the path of the authoring pages alone: who writes a
 * scenario knows what is planted.
 *
 * A new key is a row of draft_tables.c, a new kind of planted thing too; its rules stay in scenario.c, which is
 * the only judge: draft_check asks it, and finds the field by the line it complains about. */
#ifndef TITER_LAB_DRAFT_H
#define TITER_LAB_DRAFT_H

#include "base/base.h"
#include "lab/catalog.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DRAFT_FIELDS_MAX = 64, /* keys of one group */
    DRAFT_ROWS_MAX = 32,
    DRAFT_KINDS_MAX = 16,
    DRAFT_MISTAKES_MAX = 40,
    DRAFT_FILE_MAX = 24 * 1024, /* bytes of a scenario file by form or import */
};

typedef enum {
    DRAFT_TEXT,   /* one line */
    DRAFT_LINES,  /* a list of texts: one a line */
    DRAFT_NUMBER, /* kept as typed */
    DRAFT_TIME,   /* "0:35" after the start, "06:00" of the day */
    DRAFT_TIMES,  /* a list of them: commas between */
    DRAFT_CHOICE, /* one of a list */
    DRAFT_CHOICES /* several of a list, one a line */
} draft_type_t;

typedef enum {
    LIST_NONE,
    LIST_LEVELS,
    LIST_MODES,
    LIST_RECEPTION,
    LIST_HANDLING,
    LIST_PREVALENCE,
    LIST_SEX,
    LIST_YES,
    LIST_PRIORITIES,
    LIST_SETTINGS,
    LIST_LINES,
    LIST_BENCHES,
    LIST_SPECIMEN_FAULTS,
    LIST_ANALYZER_FAULTS,
    LIST_FLUIDS,
    LIST_CONDITIONS,
    LIST_CELLS,
    LIST_CLOTTING,
    LIST_TREATMENTS,
    LIST_ANALYTES,
    LIST_PANELS,
    LIST_SCRIPTS,
    LIST_SOPS,
    LIST_PLANT_KINDS,
    LIST_CARE,
    LIST_UNITS,
    LIST_EXCURSIONS,
    LIST_MONTHS,
    LIST_ALARMS,
    LIST_PLANTED, /* the planted things of the draft itself, by number from 1: no list of the laboratory */
} draft_list_t;

typedef struct {
    const char *key;     /* in the file; "settings.ed": the key ed of the map settings */
    const char *section; /* heading that begins here, or NULL */
    const char *label, *hint;
    draft_type_t type;
    draft_list_t list;
    const char *blank;  /* what a new scenario or row begins with; NULL: empty */
    const char *sample; /* always right: stands in for a wrong value while the next mistake is looked for */
    bool required;
    int max;        /* bytes; 0: short */
    uint32_t kinds; /* planted things: bits of the kinds that ask for it; 0: all */
} draft_field_t;

typedef struct {
    const char *key; /* "planted"; "" for the scenario itself */
    const char *label;
    int max; /* rows */
    const draft_field_t *fields;
    int count;
} draft_group_t;

enum { DRAFT_ROOT, DRAFT_PLANTED, DRAFT_CALLS, DRAFT_GROUPS };

const draft_group_t *draft_group(int group);

typedef struct {
    const char *value, *text;
} draft_choice_t;

/* The index-th choice of a list of the laboratory; false behind the last. `text` lives in the arena. */
bool draft_choice(const lab_t *lab, draft_list_t list, int index, arena_t *arena, draft_choice_t *choice);
/* Plain words for a value of a list, or the value itself. */
const char *draft_choice_text(const lab_t *lab, draft_list_t list, const char *value, arena_t *arena);
/* The field's hint, with what the row knows more: the unit and range of the chosen fault. */
struct draft;
const char *draft_hint(const lab_t *lab, const struct draft *draft, int group, int row, int field, arena_t *arena);
/* What a kind of planted thing is, in a sentence. */
const char *draft_kind_help(const char *kind);

typedef struct {
    const char *values[DRAFT_FIELDS_MAX]; /* by field of the group; NULL: nothing */
} draft_row_t;

typedef struct draft {
    arena_t *arena; /* of the values */
    draft_row_t rows[DRAFT_GROUPS][DRAFT_ROWS_MAX];
    int count[DRAFT_GROUPS]; /* of the root: 1 */
} draft_t;

/* A new scenario: what stands in `blank` of each field. */
void draft_blank(draft_t *draft, arena_t *arena);
/* -1 when it is full. `kind` for planted things, else NULL. */
int draft_add(draft_t *draft, int group, const char *kind);
void draft_remove(draft_t *draft, int group, int row);
/* Does the form ask for this field in this row? A value that is there is always shown. */
bool draft_asks(const draft_t *draft, int group, int row, int field);
int draft_field(const draft_t *draft, int group, int row, const char *key);         /* -1 */
const char *draft_value(const draft_t *draft, int group, int row, const char *key); /* "" when empty */
bool draft_set(draft_t *draft, int group, int row, int field, const char *value);
/* A short name for the file from the title: "After eleven" is "after-eleven". */
void draft_name(draft_t *draft);

/* Any file with the keys of a scenario, whatever the values; every complaint names line and remedy. */
bool draft_read(draft_t *draft, arena_t *arena, const char *file, const char *bytes, size_t length, err_t *err);
/* The draft of a scenario that came with the laboratory. */
bool draft_read_built_in(draft_t *draft, arena_t *arena, const lab_t *lab, const char *id, err_t *err);
bool draft_write(const draft_t *draft, text_t *out, err_t *err);

typedef struct {
    int group, row, field; /* field 0 of a row: the row as a whole; group -1: the whole */
    char text[300];
} draft_mistake_t;

/* All mistakes that scenario_read would name one after the other; 0: it is right. */
int draft_check(const lab_t *lab, const draft_t *draft, draft_mistake_t mistakes[DRAFT_MISTAKES_MAX]);

#endif
