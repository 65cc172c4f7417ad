/* Ways from the stored record to a goal; see ways.h. */
#include "app/ways.h"

#include "app/record.h"
#include "app/road.h"
#include "draw/paper.h"
#include "private.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAY_MEMORY = 4 * 1024 * 1024, TICK_MONTHS_MAX = 12 * 80, COLUMNS = 5, THOUSAND = 1000, BLOCKS_FIRST = 8 };

static bool no_room(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for these plans.");
}

/* "" when memory is out, which the next allocation tells. */
static const char *say(arena_t *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *say(arena_t *arena, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(list);
    return text ? text : "";
}

/* ---- what was found ---- */

/* A search is a function of the record, the goal and the wish: what it found is kept under a hash of the three, so that
 * nothing has to be told when the record changes. Round robin: the oldest goes first. */
enum { KEPT = 64 };

typedef struct {
    unsigned char key[crypto_generichash_BYTES];
    bool used;
    plan_found_t found;
} kept_t;

struct way_cache {
    pthread_mutex_t lock;
    kept_t kept[KEPT];
    int next;
};

way_cache_t *way_cache_new(void)
{
    way_cache_t *cache = calloc(1, sizeof *cache);
    if (cache && pthread_mutex_init(&cache->lock, NULL) != 0) free(cache), cache = NULL;
    return cache;
}

void way_cache_free(way_cache_t *cache)
{
    if (cache) pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static bool make_key(const record_t *record, const char *goal, const plan_wish_t *w,
                     unsigned char key[static crypto_generichash_BYTES])
{
    text_t text;
    text_init(&text, RECORD_BYTES_MAX);
    record_write(record, &text);
    text_addf(&text, "\n%s %d %d %d %d %d %d %d %ld", goal, (int)w->best, w->hours_week_max, w->cost_max, w->months_max,
              w->answer_low, w->answer_high, w->military, (long)w->today);
    bool ok = !text.failed;
    if (ok) crypto_generichash(key, crypto_generichash_BYTES, (const unsigned char *)text.data, text.length, NULL, 0);
    text_free(&text);
    return ok;
}

static bool recall(way_cache_t *cache, const unsigned char *key, plan_found_t *found)
{
    bool there = false;
    pthread_mutex_lock(&cache->lock);
    for (int i = 0; i < KEPT && !there; i++) {
        there = cache->kept[i].used && memcmp(cache->kept[i].key, key, sizeof cache->kept[i].key) == 0;
        if (there) *found = cache->kept[i].found;
    }
    pthread_mutex_unlock(&cache->lock);
    return there;
}

static void keep(way_cache_t *cache, const unsigned char *key, const plan_found_t *found)
{
    pthread_mutex_lock(&cache->lock);
    kept_t *kept = &cache->kept[cache->next];
    cache->next = (cache->next + 1) % KEPT;
    memcpy(kept->key, key, sizeof kept->key);
    kept->found = *found;
    kept->used = true;
    pthread_mutex_unlock(&cache->lock);
}

/* ---- the plans ---- */

static bool find(app_t *app, const record_t *record, const char *goal, const plan_wish_t *wish, arena_t *arena,
                 plan_t *plan, err_t *err)
{
    unsigned char key[crypto_generichash_BYTES];
    plan_found_t found;
    const plans_t *plans = app_plans(app);
    bool hashed = make_key(record, goal, wish, key);
    if (!hashed || !recall(road_ways(app), key, &found)) {
        if (!plan_search(plans, record, goal, wish, arena, &found, err)) return false;
        if (hashed) keep(road_ways(app), key, &found);
    }
    return plan_tell(plans, record, goal, wish, &found, arena, plan, err);
}

bool app_way(app_t *app, const char *goal, const plan_wish_t *wish, arena_t *arena, plan_t *plan, err_t *err)
{
    record_t record;
    return app_record(app, arena, &record, err) && find(app, &record, goal, wish, arena, plan, err);
}

static bool same_plan(const plan_t *a, const plan_t *b)
{
    if (a->found != b->found || a->count != b->count || a->end != b->end || a->end_low != b->end_low) return false;
    for (int i = 0; i < a->count; i++) {
        const plan_step_t *x = &a->step[i], *y = &b->step[i];
        if (strcmp(x->id, y->id) != 0 || strcmp(x->title, y->title) != 0 || x->start != y->start || x->end != y->end ||
            x->hours_week != y->hours_week)
            return false;
    }
    return true;
}

bool app_ways(app_t *app, const char *goal, const plan_wish_t *wish, arena_t *arena, ways_t *ways, err_t *err)
{
    record_t record;
    if (!app_record(app, arena, &record, err)) return false;
    for (int b = 0; b < PATH_BESTS; b++) {
        plan_wish_t one = *wish;
        one.best = (path_best_t)b;
        if (!find(app, &record, goal, &one, arena, &ways->plan[b], err)) return false;
        ways->same[b] = 0;
        while (!same_plan(&ways->plan[ways->same[b]], &ways->plan[b])) ways->same[b]++;
    }
    return true;
}

/* ---- words ---- */

const char *way_best_says(path_best_t best)
{
    static const char *const says[PATH_BESTS] = {"the quickest", "the cheapest", "the easiest to combine"};
    return says[best];
}

static const char *day_text(arena_t *arena, int32_t day)
{
    char text[WHEN_TEXT_MAX];
    when_write(when_day(day), text);
    return say(arena, "%s", text);
}

const char *way_days(arena_t *arena, int32_t low, int32_t high)
{
    if (low == high) return day_text(arena, low);
    return say(arena, "%s to %s", day_text(arena, low), day_text(arena, high));
}

static const char *dollars(arena_t *arena, int amount)
{
    if (amount < THOUSAND) return say(arena, "$%d", amount);
    return say(arena, "$%d,%03d", amount / THOUSAND, amount % THOUSAND);
}

const char *way_cost(arena_t *arena, bool known, int low, int high)
{
    if (!known) return "price not read";
    if (low == high) return dollars(arena, low);
    return say(arena, "%s to %s", dollars(arena, low), dollars(arena, high));
}

/* ---- the picture ---- */

/* First days of months or years, few enough to be read. */
static void add_ticks(course_chart_t *chart, arena_t *arena)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120};
    enum { TICKS_READABLE = 6, DAYS_A_MONTH = 30 };
    int months = (chart->last - chart->first) / DAYS_A_MONTH, at = 0, year, month, day;
    while (at + 1 < (int)(sizeof steps / sizeof *steps) && months / steps[at] > TICKS_READABLE) at++;
    day_split(chart->first, &year, &month, &day);
    month = steps[at] < 12 ? (month - 1) / steps[at] * steps[at] + 1 : 1;
    int32_t first;
    if (!day_make(year, month, 1, &first)) return;
    for (int m = 0; m < TICK_MONTHS_MAX && chart->tick_count < COURSE_MAX_TICKS; m += steps[at]) {
        int32_t tick = day_add_months(first, m);
        if (tick > chart->last) break;
        if (tick < chart->first) continue;
        day_split(tick, &year, &month, &day);
        chart->ticks[chart->tick_count++] =
            (course_tick_t){tick, steps[at] < 12 ? say(arena, "%04d-%02d", year, month) : say(arena, "%04d", year)};
    }
}

bool way_chart(const plan_t *plan, arena_t *arena, course_chart_t *chart, err_t *err)
{
    course_row_t *rows = arena_array(arena, PATH_PLAN_MAX, sizeof *rows);
    if (rows == NULL) return no_room(err);
    if (plan->count == 0) return err_set(err, ERR_NOT_FOUND, "This plan has no step to draw.");
    *chart = (course_chart_t){.lanes = {[PATH_STUDY] = "Study", [PATH_WORK] = "Work", [PATH_WAIT] = "Waiting"},
                              .lane_count = PATH_LANES,
                              .rows = rows,
                              .count = plan->count,
                              .first = plan->today,
                              .last = plan->today + 1};
    for (int i = 0; i < plan->count; i++) {
        const plan_step_t *s = &plan->step[i];
        rows[i] = (course_row_t){.name = s->title,
                                 .said = way_days(arena, s->end_low, s->end),
                                 .lane = (int)s->lane,
                                 .start = s->start_low,
                                 .end_low = s->end_low,
                                 .end = s->end};
        if (s->end > chart->last) chart->last = s->end;
    }
    add_ticks(chart, arena);
    return true;
}

/* ---- paper ---- */

static const char *lines(arena_t *arena, const char *before, const char *name, const char *const *list)
{
    for (; list && *list; list++) before = say(arena, "%s\n%s: %s", before, name, *list);
    return before;
}

static const char *step_says(arena_t *arena, const plan_step_t *s, int number)
{
    const char *text = say(arena, "%d. %s", number, s->title);
    for (int i = 0; i < s->reason_count; i++) text = say(arena, "%s\nNeeded for: %s", text, s->reasons[i]);
    if (s->by) text = say(arena, "%s\nBy route %s", text, s->by);
    if (s->doubt) text = say(arena, "%s\nIn doubt: %s", text, s->doubt);
    text = lines(arena, text, "Assumes", s->assumes);
    text = lines(arena, text, "Source", s->source);
    return s->as_of ? say(arena, "%s\nAs of %s; confidence %s", text, s->as_of, s->confidence) : text;
}

static const char *summary(arena_t *arena, const plan_t *p)
{
    if (p->already) return "The record appears to meet this today; the board decides.";
    if (!p->found) return p->note ? p->note : "No plan was found.";
    const char *text = say(arena, "Of all plans %s. Done %s. Cost: %s", way_best_says(p->best),
                           way_days(arena, p->end_low, p->end), way_cost(arena, true, p->cost_low, p->cost_high));
    if (p->unknown_costs > 0) text = say(arena, "%s, and prices that were not read: %d", text, p->unknown_costs);
    text = say(arena, "%s. At most %d hours of study a week.", text, p->hours_week);
    return p->note ? say(arena, "%s\n%s", text, p->note) : text;
}

static bool steps_table(const plan_t *plan, arena_t *arena, paper_block_t *block, err_t *err)
{
    const char **cells = arena_array(arena, PATH_PLAN_MAX * COLUMNS, sizeof *cells);
    if (cells == NULL) return no_room(err);
    for (int i = 0; i < plan->count; i++) {
        const plan_step_t *s = &plan->step[i];
        const char *row[COLUMNS] = {say(arena, "%d. %s", i + 1, s->title), way_days(arena, s->start_low, s->start),
                                    way_days(arena, s->end_low, s->end),
                                    way_cost(arena, s->cost_known, s->cost_low, s->cost_high),
                                    s->hours_week > 0 ? say(arena, "%d", s->hours_week) : ""};
        memcpy(cells + (size_t)i * COLUMNS, row, sizeof row);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = COLUMNS,
                                       .rows = plan->count,
                                       .names = {"Step", "Begins", "Done", "Price", "h/week"},
                                       .cells = cells,
                                       .right = {[4] = true},
                                       .share = {0.36, 0.19, 0.19, 0.17, 0.09}}};
    return true;
}

static bool lay_out(const plan_t *plan, bool a4, arena_t *arena, text_t *out, err_t *err)
{
    paper_block_t blocks[PATH_PLAN_MAX + BLOCKS_FIRST] = {0};
    course_chart_t chart;
    int n = 0;
    blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = summary(arena, plan)};
    if (plan->count > 0) {
        if (!way_chart(plan, arena, &chart, err)) return false;
        blocks[n++] =
            (paper_block_t){.kind = PAPER_PICTURE, .picture = {.kind = PICTURE_COURSE, .course = &chart}, .width = 1};
        if (!steps_table(plan, arena, &blocks[n++], err)) return false;
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "What each step is for, and where it was read"};
        for (int i = 0; i < plan->count; i++)
            blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = step_says(arena, &plan->step[i], i + 1)};
    }
    const char *taken = "";
    for (const char *const *t = plan_taken_for_granted(); *t; t++)
        taken = say(arena, "%s%s%s", taken, taken[0] ? "\n" : "", *t);
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Taken for granted"};
    blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = taken};
    paper_t sheet = {.size = a4 ? PAPER_A4 : PAPER_LETTER,
                     .title = say(arena, "Plan: %s", plan->title ? plan->title : plan->goal),
                     .subtitle = say(arena, "Begins on %s", day_text(arena, plan->today)),
                     .date = day_text(arena, plan->today),
                     .note = "The board decides. Check with the body before you pay.",
                     .blocks = blocks,
                     .block_count = n};
    return draw_paper(out, &sheet, NULL, err);
}

bool way_paper(const plan_t *plan, bool a4, text_t *out, err_t *err)
{
    arena_t *arena = arena_new(WAY_MEMORY);
    if (arena == NULL) return no_room(err);
    bool ok = lay_out(plan, a4, arena, out, err);
    arena_free(arena);
    return ok;
}
