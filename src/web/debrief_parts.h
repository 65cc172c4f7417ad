/* Between the files of the debrief's pages. These files are the only ones of this room on whose path
 * lab/debrief.h is; each starts from debrief_load_t, which exists only for a shift that is over and
 * whose trainee has rated it first. */
#ifndef TITER_WEB_DEBRIEF_PARTS_H
#define TITER_WEB_DEBRIEF_PARTS_H

#include "app/app.h"
#include "debrief_view.h"
#include "draw/paper.h"
#include "draw/picture.h"
#include "lab/debrief.h"
#include "page_words.h"

typedef struct {
    const request_t *request;
    arena_t *arena;
    app_t *app;
    app_visit_t visit;
    const shift_t *shift; /* of the visit */
    const lab_t *lab;
    const char *id;
    bool si;       /* SI units beside the conventional ones */
    int32_t end_s; /* when it was over */
    debrief_t *debrief;
    app_reflection_t reflection;
} debrief_load_t;

/* The whole report but its frame; `expert` and the shift it `worked` may be NULL with `why` saying why. */
bool debrief_fill(debrief_page_t *page, debrief_load_t *load, const debrief_t *expert, const shift_t *worked,
                  const char *why, err_t *err);
/* What the careful run did about the same thing: "06:12 rejected (hemolyzed)". */
const char *debrief_expert_words(const debrief_load_t *load, const shift_t *worked, const finding_t *finding);
/* After the moments. */
bool debrief_fill_plan(debrief_page_t *page, const debrief_load_t *load, err_t *err);
/* Keeps a line of the page's plan. */
bool debrief_keep(const debrief_page_t *page, const debrief_load_t *load, int number, int days, err_t *err);
/* The minute asked for (?at=), else that of the most costly moment. */
int debrief_minute(const debrief_load_t *load);
/* The first whole minute that shows what happened at that second. */
int debrief_minute_of(const debrief_load_t *load, int32_t at_s);
bool debrief_fill_seen(debrief_page_t *page, const debrief_load_t *load, err_t *err);
debrief_moment_t debrief_moment_of(const debrief_load_t *load, const finding_t *finding);
bool debrief_fill_specimen(debrief_specimen_page_t *page, const debrief_load_t *load, int32_t specimen, err_t *err);
/* The name of a planted fault; of what has none in the tables, its words. */
const char *debrief_plant_words(const debrief_load_t *load, const char *what);
/* Its words are in the arena; events of lanes in order. */
bool debrief_timeline(timeline_chart_t *chart, const debrief_load_t *load, int at_min, err_t *err);
bool debrief_paper(text_t *out, const debrief_page_t *page, const debrief_load_t *load, paper_size_t size, err_t *err);

#endif
