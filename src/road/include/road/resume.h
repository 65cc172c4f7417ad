/* A résumé: what a person wrote of themselves, and what their record shows. As JSON Resume (schema 1.0.0,
 * jsonresume.org) and back from the program's own JSON. Simulated work is always called simulated. */
#ifndef TITER_ROAD_RESUME_H
#define TITER_ROAD_RESUME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

enum { RESUME_ENTRIES_MAX = 8, RESUME_TEXT_MAX = 200, RESUME_LONG_MAX = 1200, RESUME_SKILLS_MAX = 16 };

typedef enum { RESUME_CERTIFICATES, RESUME_EDUCATION, RESUME_ROTATIONS, RESUME_WORK, RESUME_SECTIONS } resume_section_t;
const char *resume_section_word(resume_section_t section);  /* "education" */
const char *resume_section_title(resume_section_t section); /* "Education" */

/* Days as 2026, 2026-05 or 2026-05-31; "" not given; `to` may be "present". */
typedef struct {
    const char *title, *place, *from, *to, *details;
} resume_entry_t;

/* What the record shows: not written by the person. */
typedef struct {
    const char *name;     /* "Chemistry bench, simulated" */
    const char *level;    /* "12 shifts, last 2026-11-27" */
    const char *evidence; /* "84 % of 300 results released without harm" */
} resume_skill_t;

typedef struct {
    const char *name, *label, *email, *phone, *city, *region, *summary;
    resume_entry_t entries[RESUME_SECTIONS][RESUME_ENTRIES_MAX];
    int entry_count[RESUME_SECTIONS];
    bool show[RESUME_SECTIONS], show_skills, show_education_hours; /* what is chosen to be shown */
    resume_skill_t skills[RESUME_SKILLS_MAX];
    int skill_count;
    const char *education_hours; /* "22 hours of continuing education since ..."; "" */
} resume_t;

/* The person's own part as JSON and back; entries without a title are left out. */
void resume_write(const resume_t *resume, text_t *out);
bool resume_read(resume_t *resume, arena_t *arena, const char *json, size_t length, err_t *err);
/* What is wrong with it, or true: limits, days. */
bool resume_check(const resume_t *resume, err_t *err);
/* JSON Resume of what is chosen. */
void resume_export(const resume_t *resume, text_t *out);

#endif
