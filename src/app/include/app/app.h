/* app: one function for each thing a person can do. Joins the cores to the store and decides
 * who may. Nothing here knows of HTTP or of terminals.
 *
 * A shift is the stream "shift/<id>": its first event is `start`, then `act`, `clock`, `reaction`,
 * `rating` ... in order. Live shifts are kept in memory, folded from their stream; at most
 * APP_LIVE_SHIFTS, the least recently visited is let go and folded again when asked for.
 *
 * The clock: simulated time runs at `speed` while somebody is there. Each visit moves it by the
 * wall time since the visit before, at most APP_ABSENCE_MS of it, times the speed; so a closed lid
 * pauses the shift, except in Assess, which cannot be paused: there all of the time counts, also while
 * the program was stopped. A wall clock that goes back moves nothing. */
#ifndef TITER_APP_APP_H
#define TITER_APP_APP_H

#include "base/base.h"
#include "lab/calc.h"
#include "lab/lab.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    APP_ID_MAX = 24, /* bytes of the id of a shift or an authored scenario with its zero */
    APP_TITLE_MAX = 124,
    APP_LIVE_SHIFTS = 256,
    APP_ABSENCE_MS = 20000,
    APP_MAX_SPEED = 30,
    APP_LIST_MAX = 200,
    APP_SCENARIO_MAX = 24 * 1024, /* bytes of an authored scenario's file */
    APP_NOTE_MAX = 2000,
    APP_COMPETENCES = 8, /* of a debrief, in its order */
    APP_RATING_MAX = 10, /* "how many of ten were right" */
    APP_REMARKS_MAX = 12,
    APP_REMARK_MAX = 400,
    APP_NAME_MAX = 60,
    APP_HISTORY_MAX = 2000, /* shifts that a history looks back on */
    APP_PLAN_MAX = 1000,
    APP_PLAN_TEXT_MAX = 400,
    APP_PLAN_DAYS_MAX = 60,
};

typedef struct app app_t;

typedef struct {
    const char *data_dir; /* NULL: no store (pure command-line use of the laboratory) */
    bool read_only;       /* look only, also while a server runs */
    const source_t *content;
    int64_t (*now_ms)(void *clock);  /* wall clock in milliseconds */
    uint64_t (*random)(void *clock); /* for ids and seeds that nobody chose */
    void *clock;
} app_options_t;

bool app_open(app_t **app, const app_options_t *options, err_t *err);
void app_close(app_t *app);
const lab_t *app_lab(const app_t *app);
const source_t *app_content(const app_t *app);
/* The formulas of the bench. */
const calc_t *app_calc(const app_t *app);
store_t *app_store(app_t *app);

/* ---- shifts ---- */

typedef struct {
    char id[APP_ID_MAX];
    char scenario_id[SCENARIO_ID_MAX + 1]; /* of the built-in or authored scenario */
    char title[APP_TITLE_MAX];
    shift_mode_t mode;
    uint64_t seed;
    int64_t started_ms, saved_ms;
    int32_t at_s, length_s;
    bool over;
    double score; /* NAN before the debrief */
    int actions;
} shift_summary_t;

/* `scenario_id`: of a built-in scenario, or of an authored one, which is started as its newest version; its text
 * goes into the first event, so that the shift stays what it was when the scenario changes. seed 0: one is chosen. */
bool app_shift_create(app_t *app, const char *scenario_id, uint64_t seed, shift_mode_t mode, char id[APP_ID_MAX],
                      err_t *err);
bool app_shift_list(app_t *app, shift_summary_t *list, int max, int *count, err_t *err);

/* A visit holds the shift still (a lock) between app_visit and app_leave: keep it short. */
typedef struct {
    const shift_t *shift;
    shift_summary_t summary;
    double speed;          /* 0 = paused */
    int64_t saved_ms;      /* wall time of the last saved event */
    int64_t seq;           /* number of the last saved event */
    int hints;             /* asked for so far */
    const char *hint_page; /* the page of the last one; "" */
    void *private_live;
} app_visit_t;

bool app_visit(app_t *app, const char *id, app_visit_t *visit, err_t *err);
/* As app_visit, but does not count as being there and does not move the clock. */
bool app_peek(app_t *app, const char *id, app_visit_t *visit, err_t *err);
void app_leave(app_t *app, app_visit_t *visit);

/* One action at the present minute, durable when it returns true. `request` (may be "") makes a
 * repeated request harmless: the same request again answers true and does nothing. */
bool app_act(app_t *app, const char *id, const action_t *action, const char *request, err_t *err);
/* speed 0 pauses; in Assess neither pause nor skip. */
bool app_set_speed(app_t *app, const char *id, double speed, const char *request, err_t *err);
/* To the next thing that happens. */
bool app_skip(app_t *app, const char *id, const char *request, err_t *err);

/* Practice only: a hint was asked for on that page. It is on record and counted. */
bool app_hint(app_t *app, const char *id, const char *page, err_t *err);

/* ---- after the end ----
 *
 * One line of reaction and a self-rating, whole (0..100) and by competency (0..APP_RATING_MAX; -1: not rated; NULL:
 * none), before the score is shown. The event keeps the summary of the shift with it, so that no list computes it
 * again. Remarks of an instructor are added after it; a grade by hand stands beside the computed score. */
bool app_reflect(app_t *app, const char *id, const char *reaction, int self_rating, const int *by_competence,
                 err_t *err);

typedef struct {
    int64_t at_ms;
    char name[APP_NAME_MAX + 1];
    char text[APP_REMARK_MAX + 1];
    int grade; /* 0..100; -1: a comment only */
} app_remark_t;

typedef struct {
    bool done;
    char reaction[APP_NOTE_MAX];
    int self_rating;
    int by_competence[APP_COMPETENCES]; /* -1: not rated */
    app_remark_t remarks[APP_REMARKS_MAX];
    int remark_count;
} app_reflection_t;
bool app_reflection(app_t *app, const char *id, app_reflection_t *reflection, err_t *err);
/* A comment needs a name; a grade (0..100, or -1 for none) needs its reason in `text` too. */
bool app_remark(app_t *app, const char *id, const char *name, const char *text, int grade, err_t *err);

/* ---- the plan: what a debrief leaves behind ---- */

typedef enum { PLAN_CARD, PLAN_DRILL, PLAN_RETRY, PLAN_KINDS } plan_kind_t;

typedef struct {
    char shift[APP_ID_MAX]; /* whose debrief it comes from */
    int64_t number;         /* of its event there */
    plan_kind_t kind;
    char text[APP_PLAN_TEXT_MAX + 1];   /* of a card: its question; else what it trains */
    char answer[APP_PLAN_TEXT_MAX + 1]; /* of a card: what happened */
    char scenario_id[SCENARIO_ID_MAX + 1];
    char title[APP_TITLE_MAX]; /* of that scenario */
    shift_mode_t mode;
    int64_t kept_ms, due_ms;
    int answers, known; /* how often a card was answered, and known */
    bool done;          /* a drill or re-try that was begun, a card laid aside */
} app_plan_t;

/* `days` from now until it is due (0..APP_PLAN_DAYS_MAX). `line` gives kind, text, answer, scenario and mode. */
bool app_plan_keep(app_t *app, const char *id, const app_plan_t *line, int days, err_t *err);
/* A card that was known comes back after twice the time (1, 2, 4 ... days), one that was not after a day; `aside`
 * ends it. A drill or re-try is done by being begun: `aside` as well. */
bool app_plan_answer(app_t *app, const char *id, int64_t number, bool known, bool aside, err_t *err);
/* What is not done, soonest first; with `done` all of it. */
bool app_plan_list(app_t *app, bool done, app_plan_t *list, int max, int *count, err_t *err);

/* ---- history: what finished shifts add up to, from what was stored at their end ---- */

typedef struct {
    int observations, right, hits, misses, false_alarms, correct_passes;
} app_tally_t;

typedef struct {
    shift_summary_t shift; /* first: lists share their code */
    bool summed;           /* the debrief was opened, the rest is known */
    bool drill;
    int hints, self_rating, grade; /* grade by hand: -1 none */
    int by_competence[APP_COMPETENCES];
    app_tally_t competence[APP_COMPETENCES];
    app_tally_t bench[BENCH_COUNT]; /* observations: results released; right: those without harm */
    int criticals_due, criticals_called, late;
} app_past_t;

/* Newest first. `list` is the caller's (an app_past_t is about 1 KB). */
bool app_history(app_t *app, app_past_t *list, int max, int *count, err_t *err);

typedef struct {
    int shifts, hints, criticals_due, criticals_called, late;
    app_tally_t competence[APP_COMPETENCES];
    int rated[APP_COMPETENCES]; /* shifts in which it was rated, and the sum */
    int rating_sum[APP_COMPETENCES];
    app_tally_t bench[BENCH_COUNT];
} app_pool_t;
void app_pool_add(app_pool_t *pool, const app_past_t *past);
const char *app_competence_name(int competence);
int app_competence_minimum(void); /* observations below which nothing is said */

/* The stream as lines of JSON, for `titer shift export`; and a fold of such lines without a store.
 * `whole`: with the text of an authored scenario, which tells what is planted; else only once the shift is over. */
bool app_shift_export(app_t *app, const char *id, bool whole, text_t *jsonl, err_t *err);
bool app_shift_fold(const lab_t *lab, const char *jsonl, size_t length, shift_t **shift, err_t *err);

/* JSON of an action and back (event payloads; short keys, only what is given). */
void app_action_json(text_t *out, const action_t *action);
bool app_action_parse(const char *json, size_t length, action_t *action, err_t *err);

/* ---- scenarios that an instructor writes ----
 *
 * A scenario is the stream "scenario/<id>": `version` events, each with the whole file, which was read and accepted;
 * `draft` events, which keep unfinished work; `remove` takes it off the list (shifts worked in it stay). */

typedef struct {
    char id[APP_ID_MAX];
    char title[APP_TITLE_MAX], draft_title[APP_TITLE_MAX]; /* of the version; of the draft, when it is newer */
    char name[SCENARIO_ID_MAX + 1];                        /* the `id` key of the file */
    char summary[320], level[8];
    shift_mode_t mode;
    int32_t length_s;
    int specimens;
    int version;     /* newest that can be played; 0: none yet */
    bool unfinished; /* a draft is newer */
    int64_t changed_ms, seq;
} app_scenario_t;

/* Newest first. */
bool app_scenario_list(app_t *app, app_scenario_t *list, int max, int *count, err_t *err);
/* What was saved last, draft or version (`version` 0), or that version: its text is added to `text` (may be NULL). */
bool app_scenario_get(app_t *app, const char *id, int version, app_scenario_t *scenario, text_t *text, err_t *err);
/* Its versions, the newest first. */
bool app_scenario_versions(app_t *app, const char *id, app_scenario_t *list, int max, int *count, err_t *err);
/* A first save makes the id; later ones name the `seq` they began from and are refused (ERR_CONFLICT) when
 * somebody saved in between. What scenario_read refuses is kept as a draft: `version` is 0 and `why` says why.
 * The same text again changes nothing. `title` names a draft in lists. */
bool app_scenario_create(app_t *app, const char *title, const char *text, size_t length, char id[APP_ID_MAX],
                         int *version, err_t *why, err_t *err);
bool app_scenario_save(app_t *app, const char *id, int64_t seq, const char *title, const char *text, size_t length,
                       int *version, err_t *why, err_t *err);
bool app_scenario_remove(app_t *app, const char *id, err_t *err);

bool app_healthy(app_t *app, err_t *err);
/* Drops and recomputes the projections. */
bool app_rebuild(app_t *app, err_t *err);

#endif
