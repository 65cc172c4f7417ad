/* Pay and outlook: what the work pays, by state and year, how many places there are, what a license costs. All of it
 * is content (content/road), each row with its release; nothing is computed but ranks. */
#ifndef TITER_ROAD_OUTLOOK_H
#define TITER_ROAD_OUTLOOK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

enum { OUTLOOK_NOT_GIVEN = -1 };

typedef struct {
    const char *text, *as_of, *confidence;
} fact_source_t;

typedef struct {
    const char *soc, *id, *title, *note;
    bool contrast; /* another occupation, for comparison */
    fact_source_t source;
} outlook_job_t;

/* Dollars a year; OUTLOOK_NOT_GIVEN where the release was not read or gives none. */
typedef struct {
    const char *place, *name, *period, *note; /* place: "US" or the postal code of a state */
    int job;                                  /* index of jobs */
    int32_t employment, median, mean, p10, p25, p75, p90;
    fact_source_t source;
} outlook_pay_t;

typedef struct {
    int job;
    const char *cycle, *education, *note;
    int64_t base, projected, change, openings; /* people; openings a year; OUTLOOK_NOT_GIVEN */
    double percent;                            /* growth over ten years; NAN: not read */
    fact_source_t source;
} outlook_projection_t;

typedef struct {
    const char *code, *name;
    const char *personnel, *phlebotomy; /* a license is required: "yes", "no", "disputed", "" not read */
    const char *fees;                   /* US dollars, in words; "" not read */
    fact_source_t source;
} outlook_license_t;

typedef struct {
    const char *claim, *right;
    fact_source_t source;
} outlook_misquote_t;

typedef struct {
    const outlook_job_t *jobs;
    int job_count;
    const outlook_pay_t *pay;
    int pay_count;
    const outlook_projection_t *projections;
    int projection_count;
    const outlook_license_t *licenses;
    int license_count;
    const outlook_misquote_t *misquotes;
    int misquote_count;
} outlook_t;

/* Reads the tables; every row needs its source, day and confidence. Everything lives in `arena`. */
bool outlook_load(outlook_t *outlook, arena_t *arena, const source_t *content, err_t *err);
/* Index of the job by its id ("technician") or SOC code; -1. */
int outlook_job(const outlook_t *outlook, const char *name);
/* The newest pay of a place that was read, or NULL. */
const outlook_pay_t *outlook_newest(const outlook_t *outlook, int job, const char *place);
/* The pay of a place in a period, or NULL. */
const outlook_pay_t *outlook_pay(const outlook_t *outlook, int job, const char *place, const char *period);
/* The newest projection of a job, or NULL. */
const outlook_projection_t *outlook_projection(const outlook_t *outlook, int job);
const outlook_license_t *outlook_license(const outlook_t *outlook, const char *code);
/* Must this job have the state's license? As the table says it; NULL when the table has no such state. */
const char *outlook_license_asked(const outlook_license_t *license, const outlook_job_t *job);
/* The places (not US) with the newest pay of a job, highest median first; returns how many, at most `max`. */
int outlook_ranked(const outlook_t *outlook, int job, const outlook_pay_t **list, int max);

#endif
