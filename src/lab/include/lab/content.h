/* What the laboratory has in writing: procedures, coded reasons, panels, places. */
#ifndef TITER_LAB_CONTENT_H
#define TITER_LAB_CONTENT_H

#include "lab/catalog.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *id, *title, *version, *effective, *review_due, *keywords, *sources;
    const char *markdown; /* body without the front matter */
    size_t length;
} sop_t;

int lab_sop_count(const lab_t *lab);
const sop_t *lab_sop(const lab_t *lab, int index); /* sorted by id */
const sop_t *lab_sop_find(const lab_t *lab, const char *id);
/* Case-insensitive words, all of them found in id, title, keywords or body; indexes, best first. */
int lab_sop_search(const lab_t *lab, const char *words, int *found, int max);

typedef enum {
    CODE_REJECT_REASON,
    CODE_ACCEPT_COMMENT,
    CODE_CANCEL_REASON,
    CODE_RESULT_COMMENT,
    CODE_QC_CAUSE,
    CODE_QC_ACTION,
    CODE_AMEND_REASON,
    CODE_QC_RULE,
    CODE_CORRECTION,
    CODE_KINDS
} code_kind_t;

typedef struct {
    const char *code, *text;
} code_t;

int lab_code_count(const lab_t *lab, code_kind_t kind);
const code_t *lab_code(const lab_t *lab, code_kind_t kind, int index);
int lab_code_find(const lab_t *lab, code_kind_t kind, const char *code); /* -1 */

typedef struct {
    const char *id, *name, *tube;
    uint64_t tests[ANALYTE_WORDS];
} panel_t;

int lab_panel_count(const lab_t *lab);
const panel_t *lab_panel(const lab_t *lab, int index);
int lab_panel_find(const lab_t *lab, const char *id);

typedef struct {
    const char *id, *name, *color, *additive; /* "sst", "Serum separator", "gold", "clot activator + gel" */
    int clot_min;                             /* minutes to clot before the spin; 0: plasma */
    bool spin;
} tube_t;

int lab_tube_count(const lab_t *lab);
const tube_t *lab_tube(const lab_t *lab, int index);
int lab_tube_find(const lab_t *lab, const char *id);

/* Everything of the laboratory from the content: catalog, faults, procedures, scenarios.
 * The one entrance: callers use this, not the loaders of the parts. */
bool lab_open(lab_t **lab, const source_t *content, err_t *err);
void lab_close(lab_t *lab);

#endif
