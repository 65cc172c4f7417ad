/* A résumé: what a person wrote of themselves, and what their record shows. As JSON Resume (schema 1.0.0,
 * jsonresume.org) and back from the program's own JSON. Simulated work is always called simulated. */
#ifndef TITER_ROAD_RESUME_H
#define TITER_ROAD_RESUME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

enum {
    RESUME_ENTRIES_MAX = 8, /* typed, of a section */
    RESUME_TEXT_MAX = 200,
    RESUME_LONG_MAX = 1200,
    RESUME_SKILLS_MAX = 16,
    RESUME_GIVEN_MAX = 64, /* entries of the record that come in */
    RESUME_ID_MAX = 63,    /* bytes of such an entry's id */
    RESUME_SHOWN_MAX = RESUME_GIVEN_MAX + RESUME_ENTRIES_MAX,
};

typedef enum { RESUME_CERTIFICATES, RESUME_EDUCATION, RESUME_ROTATIONS, RESUME_WORK, RESUME_SECTIONS } resume_section_t;
const char *resume_section_word(resume_section_t section);  /* "education" */
const char *resume_section_title(resume_section_t section); /* "Education" */

/* Days as 2026, 2026-05 or 2026-05-31; "" not given; `to` may be "present". Of the record also "spring 2019". */
typedef struct {
    const char *title, *place, *from, *to, *details;
} resume_entry_t;

/* An entry of the record: not written here, shown unless its id is among those left out. */
typedef struct {
    const char *id;
    resume_section_t section;
    resume_entry_t entry;
    bool left_out;
} resume_given_t;

/* What the record shows: not written by the person. */
typedef struct {
    const char *name;     /* "Chemistry bench, simulated" */
    const char *level;    /* "12 shifts, last 2026-11-27" */
    const char *evidence; /* "84 % of 300 results released without harm" */
} resume_skill_t;

typedef struct resume {
    const char *name, *label, *email, *phone, *city, *region, *summary;
    resume_entry_t entries[RESUME_SECTIONS][RESUME_ENTRIES_MAX];
    int entry_count[RESUME_SECTIONS];
    bool show[RESUME_SECTIONS], show_skills, show_education_hours; /* what is chosen to be shown */
    resume_skill_t skills[RESUME_SKILLS_MAX];
    int skill_count;
    resume_given_t given[RESUME_GIVEN_MAX]; /* in the order of the record */
    int given_count;
    int given_more;                         /* how many more the record has */
    const char *left_out[RESUME_GIVEN_MAX]; /* ids of entries of the record that are not to be shown */
    int left_out_count;
    const char *education_hours; /* "22 hours of continuing education since ..."; "" */
} resume_t;

/* The person's own part as JSON and back; entries without a title are left out. */
void resume_write(const resume_t *resume, text_t *out);
bool resume_read(resume_t *resume, arena_t *arena, const char *json, size_t length, err_t *err);
/* What is wrong with it, or true: limits, days. */
bool resume_check(const resume_t *resume, err_t *err);
/* Takes in an entry of the record, or counts it when there is no more room. */
void resume_give(resume_t *resume, const char *id, resume_section_t section, const resume_entry_t *entry);
/* What a section shows: of the record what is not left out, then what was typed. 0 when the section is not shown. */
int resume_shown(const resume_t *resume, resume_section_t section,
                 const resume_entry_t *shown[static RESUME_SHOWN_MAX]);
/* JSON Resume of what is chosen. A date that the schema has no form for becomes its year, or is left out. */
void resume_export(const resume_t *resume, text_t *out);

#endif
