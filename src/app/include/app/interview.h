/* Interview practice: the questions, and charts and cases that the laboratory draws from a seed. What is shown before
 * the answer and what is told after it are two functions; the first cannot tell what the second knows. */
#ifndef TITER_APP_INTERVIEW_H
#define TITER_APP_INTERVIEW_H

#include "app/app.h"
#include "base/arena.h"
#include "road/interview.h"

enum { PRACTICE_RUNS = 24, PRACTICE_LEVELS = 3, PRACTICE_VALUES_MAX = 40 };

bool app_interview(app_t *app, arena_t *arena, interview_t *interview, err_t *err);

/* A control chart: one test, its levels, PRACTICE_RUNS runs in SD from the mean. Whether anything is wrong, and what,
 * is drawn from the seed. */
typedef struct {
    const char *name, *unit;
    int levels, decimals;
    double mean[PRACTICE_LEVELS], sd[PRACTICE_LEVELS];
    double z[PRACTICE_RUNS][PRACTICE_LEVELS];
} practice_chart_t;
bool app_practice_chart(app_t *app, uint64_t seed, practice_chart_t *chart, err_t *err);

typedef struct {
    bool fault;       /* something was wrong */
    const char *name; /* of the fault */
    const char *clue; /* what tells it from others; "" */
    int from;         /* the run from which it acted, from 1 */
    int rejected;     /* the first run that the rules reject, from 1; 0: none */
    char rules[160];  /* broken there */
    bool systematic;  /* the first of these rules speaks of a systematic error */
} practice_chart_answer_t;
bool app_practice_chart_answer(app_t *app, uint64_t seed, practice_chart_answer_t *answer, err_t *err);

/* A panel of one patient, as an analyzer would print it. The specimen may have been spoilt, or not. */
typedef struct {
    struct {
        const char *name, *unit;
        double value, low, high; /* low, high: of the reference interval; NAN: none */
        int decimals;
    } values[PRACTICE_VALUES_MAX];
    int count;
} practice_case_t;
bool app_practice_case(app_t *app, uint64_t seed, practice_case_t *shown, err_t *err);

typedef struct {
    bool fault;
    const char *name, *clue;
    double before[PRACTICE_VALUES_MAX]; /* the same values of a good specimen */
} practice_case_answer_t;
bool app_practice_case_answer(app_t *app, uint64_t seed, practice_case_answer_t *answer, err_t *err);

#endif
