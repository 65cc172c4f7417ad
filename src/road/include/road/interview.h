/* Practice for interviews: themes, questions, and what a good answer shows (content/road/interview.yaml). */
#ifndef TITER_ROAD_INTERVIEW_H
#define TITER_ROAD_INTERVIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "road/outlook.h"

enum { INTERVIEW_SHOWS_MAX = 6, INTERVIEW_QUESTIONS_MAX = 200 };

typedef enum { ASK_TECHNICAL, ASK_BEHAVIOR, ASK_CHART, ASK_CASE } ask_kind_t;

typedef struct {
    const char *id, *ask, *weak;
    ask_kind_t kind;
    const char *shows[INTERVIEW_SHOWS_MAX];
    int show_count;
    int theme;
} ask_t;

typedef struct {
    const char *id, *title;
    int first, count; /* of its questions */
} ask_theme_t;

typedef struct {
    const ask_theme_t *themes;
    int theme_count;
    const ask_t *asks;
    int ask_count;
    fact_source_t source;
} interview_t;

bool interview_load(interview_t *interview, arena_t *arena, const source_t *content, err_t *err);
int interview_find(const interview_t *interview, const char *id); /* -1 */

#endif
