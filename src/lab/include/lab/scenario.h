/* Scenarios: what a shift is about. The public face tells only what a trainee may know
 * before starting; what is planted stays in private headers until the debrief. */
#ifndef TITER_LAB_SCENARIO_H
#define TITER_LAB_SCENARIO_H

#include "base/base.h"
#include "lab/catalog.h"

#include <stdbool.h>
#include <stdint.h>

enum { SCENARIO_BRIEFING_MAX = 8, SCENARIO_SOPS_MAX = 12, SCENARIO_ID_MAX = 48 };

typedef enum { MODE_COACH, MODE_PRACTICE, MODE_ASSESS, MODE_COUNT } shift_mode_t;

/* "practice": the word of files, forms and events; and the mode of a word, -1 for any other (NULL too). */
const char *shift_mode_word(shift_mode_t mode);
int shift_mode_from_word(const char *word);

typedef struct scenario scenario_t;

typedef struct {
    const char *id, *title, *summary; /* summary: one line without a hint */
    const char *role, *staffing;
    const char *briefing[SCENARIO_BRIEFING_MAX]; /* paragraphs */
    int briefing_count;
    const char *sops[SCENARIO_SOPS_MAX]; /* procedures worth opening: those of the bench, not of the answer */
    int sop_count;
    int32_t start_clock_s; /* second of the day at which the shift begins */
    int32_t length_s;
    shift_mode_t mode; /* the mode it was written for */
    const char *level; /* "first", "core", "hard" */
    int specimens;     /* expected load, about */
    uint32_t benches;  /* bit 1 << bench_t: those in use */
} scenario_view_t;

/* Reads and validates one scenario file; every complaint names file, line and remedy. The scenario has
 * its own memory: `bytes` may go. It must outlive the shifts that run it (shift_keep hands it over). */
bool scenario_read(const lab_t *lab, const char *file, const unsigned char *bytes, size_t length, scenario_t **scenario,
                   err_t *err);
void scenario_free(scenario_t *scenario);
void scenario_view(const scenario_t *scenario, scenario_view_t *view);

/* Tubes are spun and loaded by hand (no automation track), as the briefing says. */
bool scenario_is_manual(const scenario_t *scenario);

/* The scenarios that came with the content, sorted by their `order` key. */
int scenario_count(const lab_t *lab);
const scenario_t *scenario_get(const lab_t *lab, int index);
/* By id, or NULL. */
const scenario_t *scenario_find(const lab_t *lab, const char *id);

#endif
