/* The skills record and the résumé. Skills are the sum of finished shifts (app_history); the person's own part of the
 * résumé is the stream "resume/me", each `save` the whole of it. */
#ifndef TITER_APP_RESUME_H
#define TITER_APP_RESUME_H

#include "app/app.h"
#include "road/resume.h"

typedef struct {
    const char *name;       /* of the bench or the competency */
    const char *instrument; /* class of instrument; "" for a competency */
    int shifts, assessed;   /* with observations; of these in the mode Assess */
    app_tally_t tally;
    int64_t last_ms;      /* when it was last done; 0: never */
    const char *evidence; /* id of the shift of that day; "" */
} app_skill_t;

typedef struct {
    app_skill_t bench[BENCH_COUNT], competence[APP_COMPETENCES];
    int shifts;
} app_skills_t;
bool app_skills(app_t *app, arena_t *arena, app_skills_t *skills, err_t *err);

/* As it was last saved, with what the record here gives: degrees, programs, jobs, certificates and licenses by
 * themselves (but for those that were left out), skills, hours of continuing education, the name when none was typed. */
bool app_resume(app_t *app, arena_t *arena, resume_t *resume, err_t *err);
/* Saves the person's own part. */
bool app_resume_save(app_t *app, const resume_t *resume, const char *request, err_t *err);

#endif
