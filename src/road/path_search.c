/* The search for the best plan: sets from the goal backward, then their place in time. The method is in path.h. */
#include "road/path.h"

#include <assert.h>
#include <string.h>

typedef struct {
    signed short steps[PATH_PLAN_MAX]; /* in the order in which they were needed: the last one comes first in time */
    int count;
    bool whole;              /* placed in time: nothing is missing */
    path_value_t own, value; /* of its steps; of any plan that contains them, at least */
    path_plan_t *plan;       /* of a whole one */
} node_t;

enum { PACES_MAX = 24, NEVER = 1 << 28 };

typedef struct {
    const path_problem_t *problem;
    path_best_t best;
    int months_max, cut;
    arena_t *arena;
    node_t **heap; /* [PATH_QUEUE_MAX], the best on top */
    int heap_count;
    path_set_t *seen; /* [SEEN_SLOTS], an empty slot has no bit set */
    int seen_count;
    bool relevant[PATH_STEPS_MAX];
    path_value_t least[PATH_STEPS_MAX]; /* what no plan with that step stays under, part by part */
    int pace[PACES_MAX], paces; /* hours a week that some step asks, rising from 0; none when they are too many */
    int months[PACES_MAX][PATH_STEPS_MAX]; /* least months when no step asks more hours than that */
    err_t *err;
} search_t;

enum { SEEN_SLOTS = 131072 }; /* a power of two above twice PATH_QUEUE_MAX */
static_assert(SEEN_SLOTS > 2 * PATH_QUEUE_MAX, "the table of sets must stay half empty");

static int order(int a, int b)
{
    return (a > b) - (a < b);
}

int path_compare(const path_value_t *a, const path_value_t *b, path_best_t best)
{
    int doubts = order(a->doubts, b->doubts), months = order(a->months, b->months);
    int unknown = order(a->unknown_costs, b->unknown_costs), cost = order(a->cost_high, b->cost_high);
    int hours = order(a->hours_week, b->hours_week);
    int ways[PATH_BESTS][4] = {[PATH_BEST_TIME] = {months, unknown, cost, hours},
                               [PATH_BEST_COST] = {unknown, cost, months, hours},
                               [PATH_BEST_EFFORT] = {hours, months, unknown, cost}};
    int result = doubts;
    for (int i = 0; result == 0 && i < 4; i++) result = ways[best][i];
    return result != 0 ? result : order(a->steps, b->steps);
}

/* ---- the queue, and the sets that were in it ---- */

static bool before(const search_t *s, const node_t *a, const node_t *b)
{
    int way = path_compare(&a->value, &b->value, s->best);
    if (way != 0 || a->whole != b->whole) return way != 0 ? way < 0 : a->whole;
    return path_compare(&a->own, &b->own, s->best) > 0; /* the one that is nearer to being whole */
}

static bool push(search_t *s, const node_t *node)
{
    if (s->heap_count == PATH_QUEUE_MAX || s->seen_count == PATH_QUEUE_MAX)
        return err_set(s->err, ERR_LIMIT,
                       "There are too many ways to this goal; say more of what you want, for example "
                       "the hours a week that you have.");
    node_t *kept = arena_alloc(s->arena, sizeof *kept);
    if (kept == NULL) return err_set(s->err, ERR_MEMORY, "There is not enough memory to look for a plan.");
    *kept = *node;
    int i = s->heap_count++;
    for (; i > 0 && before(s, kept, s->heap[(i - 1) / 2]); i = (i - 1) / 2) s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = kept;
    return true;
}

static node_t *pop(search_t *s)
{
    node_t *top = s->heap[0], *last = s->heap[--s->heap_count];
    int i = 0;
    for (int child = 1; child < s->heap_count; child = 2 * i + 1) {
        if (child + 1 < s->heap_count && before(s, s->heap[child + 1], s->heap[child])) child++;
        if (!before(s, s->heap[child], last)) break;
        s->heap[i] = s->heap[child];
        i = child;
    }
    s->heap[i] = last;
    return top;
}

/* True when the set was not seen before; it is now. The queue's limit keeps the table half empty. */
static bool is_new(search_t *s, const node_t *node)
{
    path_set_t set = {0};
    uint64_t hash = 0;
    for (int i = 0; i < node->count; i++) path_set_add(&set, node->steps[i]);
    for (size_t i = 0; i < sizeof set.bits / sizeof *set.bits; i++)
        hash = (hash ^ set.bits[i]) * UINT64_C(0x9E3779B97F4A7C15), hash ^= hash >> 29;
    static const path_set_t empty;
    for (size_t slot = hash % SEEN_SLOTS;; slot = (slot + 1) % SEEN_SLOTS) {
        if (memcmp(&s->seen[slot], &set, sizeof set) == 0) return false;
        if (memcmp(&s->seen[slot], &empty, sizeof set) != 0) continue;
        s->seen[slot] = set;
        s->seen_count++;
        return true;
    }
}

/* ---- judging ---- */

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* What the set costs whatever its order: a lane does one thing at a time. `own`: without what is still to come. */
static path_value_t judge_own(const search_t *s, const node_t *node)
{
    path_value_t value = {.steps = node->count};
    int lane[PATH_LANES] = {0};
    for (int i = 0; i < node->count; i++) {
        const path_step_t *step = &s->problem->steps[node->steps[i]];
        value.doubts += step->doubtful;
        value.unknown_costs += !step->cost_known;
        value.cost_high += step->cost_known ? step->cost_high : 0;
        value.hours_week = most(value.hours_week, step->hours_week);
        lane[step->lane] =
            step->lane == PATH_WAIT ? most(lane[PATH_WAIT], step->months_high) : lane[step->lane] + step->months_high;
    }
    for (int i = 0; i < PATH_LANES; i++) value.months = most(value.months, lane[i]);
    return value;
}

/* Hours come first: at the hours that the set asks at least, only steps of no more hours can help; where they do not
 * suffice, more hours are needed. */
static void judge_pace(const search_t *s, const node_t *node, path_value_t *value)
{
    for (int p = 0; p < s->paces; p++) {
        int months = 0;
        if (s->pace[p] < value->hours_week) continue;
        for (int i = 0; i < node->count; i++) months = most(months, s->months[p][node->steps[i]]);
        if (months >= NEVER || months > s->months_max) continue;
        value->hours_week = s->pace[p];
        value->months = most(value->months, months);
        return;
    }
    if (s->paces > 0) value->months = NEVER;
}

/* What no plan that contains the set stays under. */
static path_value_t judge(const search_t *s, const node_t *node)
{
    path_value_t value = judge_own(s, node);
    int own_unknown = value.unknown_costs;
    for (int i = 0; i < node->count; i++) {
        const path_value_t *least = &s->least[node->steps[i]];
        value.doubts = most(value.doubts, least->doubts);
        value.months = most(value.months, least->months);
        value.hours_week = most(value.hours_week, least->hours_week);
        value.unknown_costs = most(value.unknown_costs, least->unknown_costs);
        if (own_unknown == 0) value.cost_high = most(value.cost_high, least->cost_high);
    }
    if (s->best == PATH_BEST_EFFORT) judge_pace(s, node, &value);
    return value;
}

/* ---- lower bounds ---- */

typedef enum { PART_MONTHS, PART_DOUBTS, PART_UNKNOWN, PART_COST, PART_HOURS, PARTS } part_t;

/* A part of the judgment when the step is taken at `level` of it. */
static int raise_part(const path_step_t *step, part_t part, int level)
{
    switch (part) {
    case PART_MONTHS:
        return level + step->months_high;
    case PART_DOUBTS:
        return level + step->doubtful;
    case PART_UNKNOWN:
        return level + !step->cost_known;
    case PART_COST:
        return level + (step->cost_known ? step->cost_high : 0);
    case PART_HOURS:
    case PARTS:
        break;
    }
    return most(level, step->hours_week);
}

static int *part_of(path_value_t *value, part_t part)
{
    int *const parts[PARTS] = {&value->months, &value->doubts, &value->unknown_costs, &value->cost_high,
                               &value->hours_week};
    return parts[part];
}

/* Level by level: what is met by all that a lower level reaches, lanes and bases being no matter, is reached next. */
static void relax(search_t *s, part_t part, int hours_max, int *least)
{
    const path_problem_t *problem = s->problem;
    path_placed_t done[PATH_STEPS_MAX];
    bool begun[PATH_STEPS_MAX] = {false};
    for (int i = 0; i < problem->count; i++) least[i] = NEVER;
    for (int level = 0; level < NEVER;) {
        int count = 0, now = part == PART_MONTHS ? level : 0, next = NEVER;
        bool again = false;
        for (int i = 0; i < problem->count; i++)
            if (least[i] <= level)
                done[count++] = (path_placed_t){.step = i, .start = now - problem->steps[i].months_high, .end = now};
        for (int i = 0; i < problem->count; i++) {
            if (!s->relevant[i] || problem->steps[i].hours_week > hours_max) continue;
            if (!begun[i] && problem->met(problem->context, done, count, i, now, false, NULL)) {
                begun[i] = true;
                least[i] = raise_part(&problem->steps[i], part, level);
                again = again || least[i] == level;
            }
            if (begun[i] && least[i] > level && least[i] < next) next = least[i];
        }
        if (!again) level = next;
    }
}

/* Steps that may change the goal, or what such a step asks, and so on. */
static void find_relevant(search_t *s)
{
    const path_problem_t *problem = s->problem;
    path_set_t helpful = {0};
    problem->met(problem->context, NULL, 0, PATH_GOAL, 0, true, &helpful);
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < problem->count; i++) {
            if (s->relevant[i] || !path_set_has(&helpful, i)) continue;
            s->relevant[i] = more = true;
            problem->met(problem->context, NULL, 0, i, 0, true, &helpful);
        }
    }
}

/* The hours a week that relevant steps ask, rising from 0. */
static void find_paces(search_t *s)
{
    s->pace[s->paces++] = 0;
    for (int i = 0; i < s->problem->count; i++) {
        int hours = s->problem->steps[i].hours_week, at = s->paces;
        while (at > 0 && s->pace[at - 1] > hours) at--;
        if (!s->relevant[i] || (at > 0 && s->pace[at - 1] == hours)) continue;
        if (s->paces == PACES_MAX) {
            s->paces = 0;
            return;
        }
        memmove(&s->pace[at + 1], &s->pace[at], (size_t)(s->paces - at) * sizeof *s->pace);
        s->pace[at] = hours;
        s->paces++;
    }
}

static void find_bounds(search_t *s)
{
    int limit = s->problem->hours_week_max > 0 ? s->problem->hours_week_max : NEVER, least[PATH_STEPS_MAX];
    find_relevant(s);
    for (part_t part = 0; part < PARTS; part++) {
        relax(s, part, limit, least);
        for (int i = 0; i < s->problem->count; i++) *part_of(&s->least[i], part) = least[i];
    }
    if (s->best != PATH_BEST_EFFORT) return;
    find_paces(s);
    for (int p = 0; p < s->paces; p++) relax(s, PART_MONTHS, s->pace[p] < limit ? s->pace[p] : limit, s->months[p]);
}

/* Ways to think of a set as just finished: today; when its longest lane would be through; and so with its work back to
 * back. A need that is met in none of them, whatever the order, lacks something. */
enum { TODAY, LATER, IN_ROW, VIEWS };

static void just_finished(const search_t *s, const node_t *node, int view, path_placed_t *done)
{
    int now = view == TODAY ? 0 : node->own.months, work = now;
    for (int i = 0; i < node->count; i++) {
        const path_step_t *step = &s->problem->steps[node->steps[i]];
        bool in_row = view == IN_ROW && step->lane == PATH_WORK;
        int end = in_row ? work : now;
        done[i] = (path_placed_t){.step = node->steps[i], .start = end - step->months_high, .end = end};
        if (in_row) work = done[i].start;
    }
}

typedef struct {
    path_placed_t done[VIEWS][PATH_PLAN_MAX];
    int count, now[VIEWS], views; /* of one piece of work, IN_ROW is LATER */
} seen_t;

static bool met_somehow(const search_t *s, const seen_t *seen, int need, path_set_t *helpful)
{
    for (int view = 0; view < seen->views; view++)
        if (s->problem->met(s->problem->context, seen->done[view], seen->count, need, seen->now[view], false, helpful))
            return true;
    return false;
}

/* Needs that the whole set does not meet: each asks for a step more, so the one with the fewest helpers is enough. */
static bool unmet(const search_t *s, const node_t *node, const seen_t *all, path_set_t *helpful)
{
    int fewest = PATH_STEPS_MAX + 1;
    for (int i = -1; i < node->count; i++) {
        path_set_t may = {0};
        if (met_somehow(s, all, i < 0 ? PATH_GOAL : node->steps[i], &may) || path_set_size(&may) >= fewest) continue;
        fewest = path_set_size(&may);
        *helpful = may;
    }
    return fewest <= PATH_STEPS_MAX;
}

/* What the set lacks even then: false when nothing, else the steps of which any plan that contains the set has one.
 * Steps that only meet each other's needs go round in a circle: some other step must come first, a helper of any of
 * them. */
static bool missing(const search_t *s, const node_t *node, path_set_t *helpful)
{
    seen_t all = {.count = node->count}, done = {.count = 0};
    bool met[PATH_PLAN_MAX] = {false};
    int works = 0;
    for (int i = 0; i < node->count; i++) works += s->problem->steps[node->steps[i]].lane == PATH_WORK;
    all.views = done.views = works > 1 ? VIEWS : IN_ROW;
    for (int view = 0; view < all.views; view++) {
        just_finished(s, node, view, all.done[view]);
        all.now[view] = done.now[view] = view == TODAY ? 0 : node->own.months;
    }
    memset(helpful, 0, sizeof *helpful);
    if (unmet(s, node, &all, helpful)) return true;
    for (int before_this = -1; before_this < done.count;) {
        before_this = done.count;
        for (int i = all.count - 1; i >= 0; i--) {
            if (met[i] || !met_somehow(s, &done, node->steps[i], NULL)) continue;
            met[i] = true;
            for (int view = 0; view < all.views; view++) done.done[view][done.count] = all.done[view][i];
            done.count++;
        }
    }
    for (int i = 0; i < all.count; i++)
        if (!met[i]) met_somehow(s, &done, node->steps[i], helpful);
    return done.count < all.count;
}

/* ---- placing in time ---- */

enum { EXACT_PLACES = 5, BEEN_SLOTS = 1024 }; /* of up to so many steps every order is tried */

typedef struct {
    const search_t *search;
    path_placed_t placed[PATH_PLAN_MAX];
    int count, steps;
    bool used[PATH_PLAN_MAX];
    int best_end; /* found so far */
    path_placed_t best[PATH_PLAN_MAX];
    int least; /* no order can end before */
    int been_count;
    uint64_t been[BEEN_SLOTS];
} placing_t;

static bool met_at(const placing_t *p, int need, int month)
{
    path_placed_t done[PATH_PLAN_MAX];
    int count = 0;
    for (int i = 0; i < p->count; i++)
        if (p->placed[i].end <= month) done[count++] = p->placed[i];
    return p->search->problem->met(p->search->problem->context, done, count, need, month, false, NULL);
}

/* The first month from which the lane is free and what the step asks is met; -1: never, with what is placed. */
static int earliest(const placing_t *p, int step, bool many)
{
    const path_problem_t *problem = p->search->problem;
    int free = 0, times[PATH_PLAN_MAX + 1], count = 0;
    if (problem->steps[step].lane != PATH_WAIT)
        for (int i = 0; i < p->count; i++)
            if (problem->steps[p->placed[i].step].lane == problem->steps[step].lane && p->placed[i].end > free)
                free = p->placed[i].end;
    times[count++] = free;
    for (int i = 0; i < p->count; i++) {
        int at = p->placed[i].end, k = count;
        if (at <= free) continue;
        for (; k > 1 && times[k - 1] > at; k--) times[k] = times[k - 1];
        times[k] = at;
        count++;
    }
    if (many && !met_at(p, step, times[count - 1])) return -1; /* what all of them do not meet, some do not */
    for (int i = 0; i < count; i++)
        if (met_at(p, step, times[i])) return times[i];
    return -1;
}

/* The first month of every step that is not placed. What the last step changed is only what needs its lane, and what
 * may begin after its end. */
static void find_starts(const placing_t *p, const node_t *node, const int *before, int *starts)
{
    const path_step_t *steps = p->search->problem->steps;
    const path_placed_t *last = p->count > 0 ? &p->placed[p->count - 1] : NULL;
    for (int i = 0; i < node->count; i++) {
        if (p->used[i]) continue;
        path_lane_t lane = steps[node->steps[i]].lane;
        bool same =
            before && before[i] >= 0 && before[i] <= last->end && (lane == PATH_WAIT || lane != steps[last->step].lane);
        starts[i] = same ? before[i] : earliest(p, node->steps[i], node->count > EXACT_PLACES);
    }
}

/* Of many steps most orders come to the same: what is still to come depends on which steps are placed, when their lanes
 * are free, and what ends from now on. (What ended before counts as done either way; only a rule's window, which is
 * counted in years, could tell the months apart.) True when such a state was seen before; it is now. */
static bool been_here(placing_t *p, const node_t *node)
{
    int now = p->placed[p->count - 1].start, lane[PATH_LANES] = {0};
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < node->count; i++) hash = (hash ^ (uint64_t)p->used[i]) * 1099511628211u;
    for (int k = 0; k < node->count; k++)
        for (int i = 0; i < p->count; i++) {
            if (p->placed[i].step != node->steps[k]) continue;
            path_lane_t which = p->search->problem->steps[node->steps[k]].lane;
            lane[which] = most(lane[which], p->placed[i].end);
            hash = (hash ^ (uint64_t)(p->placed[i].end >= now ? p->placed[i].end : -1)) * 1099511628211u;
        }
    for (int i = 0; i < PATH_LANES; i++) hash = (hash ^ (uint64_t)lane[i]) * 1099511628211u;
    hash = (hash ^ (uint64_t)now) * 1099511628211u;
    hash += hash == 0; /* 0 is an empty slot */
    for (size_t slot = hash % BEEN_SLOTS;; slot = (slot + 1) % BEEN_SLOTS) {
        if (p->been[slot] == hash) return true;
        if (p->been[slot] != 0) continue;
        if (p->been_count < BEEN_SLOTS / 2) p->been[slot] = hash, p->been_count++;
        return false;
    }
}

/* When the set could end at the earliest, the lanes being filled without a gap. */
static int could_end(const placing_t *p, const node_t *node, int end)
{
    int lane[PATH_LANES] = {0};
    for (int i = 0; i < p->count; i++) {
        path_lane_t which = p->search->problem->steps[p->placed[i].step].lane;
        lane[which] = most(lane[which], p->placed[i].end);
    }
    for (int i = 0; i < node->count; i++) {
        const path_step_t *step = &p->search->problem->steps[node->steps[i]];
        if (!p->used[i] && step->lane != PATH_WAIT) lane[step->lane] += step->months_high;
    }
    return most(end, most(lane[PATH_STUDY], lane[PATH_WORK]));
}

/* Every order in which starts do not go back: any schedule can be written so. */
static void place(placing_t *p, const node_t *node, int end, const int *before_starts)
{
    const path_problem_t *problem = p->search->problem;
    if (p->count == node->count) {
        if (!met_at(p, PATH_GOAL, end)) return;
        p->best_end = end;
        memcpy(p->best, p->placed, sizeof p->best);
        return;
    }
    if (could_end(p, node, end) >= p->best_end) return;
    if (node->count > EXACT_PLACES && p->count > 0 && been_here(p, node)) return;
    const path_placed_t *last = p->count > 0 ? &p->placed[p->count - 1] : NULL;
    int starts[PATH_PLAN_MAX];
    find_starts(p, node, before_starts, starts);
    for (int i = 0; i < node->count && p->best_end > p->least; i++) {
        if (p->used[i]) continue;
        int step = node->steps[i], start = starts[i];
        if (start < 0 || (last && (start < last->start || (start == last->start && step < last->step)))) continue;
        int stop = start + problem->steps[step].months_high, until = stop > end ? stop : end;
        if (until >= p->best_end) continue;
        p->placed[p->count++] = (path_placed_t){.step = step, .start = start, .end = stop};
        p->used[i] = true;
        place(p, node, until, starts);
        p->used[i] = false;
        p->count--;
    }
}

/* The same order with every step at its shortest: when it could be over at the earliest. */
static void place_low(const search_t *s, path_plan_t *plan)
{
    for (int i = 0; i < plan->count; i++) {
        path_placed_t *now = &plan->placed[i];
        for (int k = 0; k < i; k++) {
            const path_placed_t *earlier = &plan->placed[k];
            if (earlier->end <= now->start && earlier->end_low > now->start_low) now->start_low = earlier->end_low;
        }
        now->end_low = now->start_low + s->problem->steps[now->step].months_low;
        if (now->end_low > plan->months_low) plan->months_low = now->end_low;
    }
}

/* ---- the search ---- */

static bool expand(search_t *s, const node_t *node, const path_set_t *helpful)
{
    const path_problem_t *problem = s->problem;
    for (int step = 0; step < problem->count; step++) {
        if (!path_set_has(helpful, step)) continue;
        if (problem->hours_week_max > 0 && problem->steps[step].hours_week > problem->hours_week_max) continue;
        bool taken = false;
        for (int i = 0; i < node->count; i++)
            taken = taken || problem->steps[node->steps[i]].base == problem->steps[step].base;
        if (taken || (problem->cost_max > 0 && s->least[step].cost_high > problem->cost_max)) continue;
        if (node->count == PATH_PLAN_MAX) {
            s->cut++;
            return true;
        }
        node_t next = *node;
        next.steps[next.count++] = (signed short)step;
        next.own = judge_own(s, &next);
        next.value = judge(s, &next);
        if (next.value.months > s->months_max || !is_new(s, &next)) continue;
        if (problem->cost_max > 0 && next.own.cost_high > problem->cost_max) continue;
        if (!push(s, &next)) return false;
    }
    return true;
}

/* A set that lacks nothing becomes a whole plan, unless time forbids every order of it (a window closes). More steps
 * may mend that, or bring the goal nearer: whatever helps any of its needs. */
static bool finish(search_t *s, node_t *node)
{
    const path_problem_t *problem = s->problem;
    path_set_t helpful = {0};
    placing_t *p = arena_alloc(s->arena, sizeof *p);
    path_plan_t *plan = arena_alloc(s->arena, sizeof *plan);
    if (p == NULL || plan == NULL) return err_set(s->err, ERR_MEMORY, "There is not enough memory to look for a plan.");
    *p = (placing_t){.search = s, .best_end = s->months_max + 1, .least = node->value.months};
    place(p, node, 0, NULL);
    problem->met(problem->context, NULL, 0, PATH_GOAL, 0, true, &helpful);
    for (int i = 0; i < node->count; i++) problem->met(problem->context, NULL, 0, node->steps[i], 0, true, &helpful);
    if (!expand(s, node, &helpful)) return false;
    if (p->best_end > s->months_max) return true;
    *plan = (path_plan_t){.found = true, .count = node->count};
    memcpy(plan->placed, p->best, sizeof plan->placed);
    plan->value = node->own;
    plan->value.months = p->best_end;
    for (int i = 0; i < node->count; i++) {
        const path_step_t *step = &problem->steps[node->steps[i]];
        plan->cost_low += step->cost_known ? step->cost_low : 0;
    }
    place_low(s, plan);
    node->whole = true;
    node->plan = plan;
    node->value = plan->value;
    return push(s, node);
}

bool path_search(const path_problem_t *problem, path_best_t best, arena_t *arena, path_plan_t *plan, err_t *err)
{
    assert(problem->count >= 0 && problem->count <= PATH_STEPS_MAX);
    search_t s = {.problem = problem, .best = best, .arena = arena, .err = err};
    s.months_max = problem->months_max > 0 ? problem->months_max : PATH_MONTHS_MAX;
    assert(s.months_max <= PATH_MONTHS_MAX);
    s.heap = arena_array(arena, PATH_QUEUE_MAX, sizeof(node_t *));
    s.seen = arena_array(arena, SEEN_SLOTS, sizeof *s.seen);
    *plan = (path_plan_t){0};
    if (s.heap == NULL || s.seen == NULL)
        return err_set(err, ERR_MEMORY, "There is not enough memory to look for a plan.");
    find_bounds(&s);
    node_t start = {0};
    if (!push(&s, &start)) return false;
    while (s.heap_count > 0) {
        node_t *node = pop(&s);
        path_set_t helpful;
        plan->sets++;
        if (node->whole) {
            int sets = plan->sets;
            *plan = *node->plan;
            plan->sets = sets;
            plan->cut = s.cut;
            return true;
        }
        if (missing(&s, node, &helpful) ? !expand(&s, node, &helpful) : !finish(&s, node)) return false;
    }
    plan->cut = s.cut;
    return true;
}
