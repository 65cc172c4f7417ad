/* Asks the search for the best plan, with conditions judged on the record of the day, and tells what each step is for.
 */
#include "plan_private.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TARGETS_MAX = 2, SCRATCH_BYTES = 256 * 1024, SEARCH_BYTES = 48 * 1024 * 1024 };

/* What the goal consists of: holding a certificate or license, or meeting rules by a record. */
typedef struct {
    const goal_t *goal;
    bool hold;
} target_t;

typedef struct {
    const plans_t *plans;
    sim_t *sim;
    arena_t *scratch;
    const goal_t *steps;             /* whose routes are what steps ask */
    const path_step_t *path_steps;   /* beside the options */
    const char *const *answer_notes; /* what exams and licenses assume */
    target_t target[TARGETS_MAX];
    int targets;
    bool lenient; /* of rules that a record must meet */
    bool military;
    bool failed; /* memory */
} finding_plan_t;

static bool good_enough(outcome_t outcome, bool lenient)
{
    return outcome == OUTCOME_QUALIFIES || (lenient && outcome != OUTCOME_FAILS);
}

static void join(path_set_t *to, const path_set_t *from)
{
    for (size_t i = 0; i < sizeof to->bits / sizeof *to->bits; i++) to->bits[i] |= from->bits[i];
}

static bool node_good(const node_t *node, const route_result_t *result, bool lenient)
{
    verdict_t v = node_verdict(node, result);
    return lenient ? v.best > VALUE_MISSING : v.worst == VALUE_MET;
}

/* Of several conditions that all must hold, those that help one that does not are enough, and the fewest are best; of
 * alternatives, what helps any. With `every`, all that touches any condition. */
static path_set_t help(const finding_plan_t *f, const node_t *node, const route_result_t *result, bool lenient,
                       bool every)
{
    if (node->kind == NODE_LEAF) {
        const touch_t *touch = plans_touch(f->plans, node->leaf);
        return f->military ? touch->options : touch->civilian;
    }
    path_set_t all = {0}, fewest = {0};
    bool first = true;
    for (size_t i = 0; i < node->count; i++) {
        if (!every && node_good(&node->children[i], result, lenient)) continue;
        path_set_t one = help(f, &node->children[i], result, lenient, every);
        join(&all, &one);
        if (first || path_set_size(&one) < path_set_size(&fewest)) fewest = one;
        first = false;
    }
    return node->kind == NODE_ALL && !every ? fewest : all;
}

static bool meets_route(finding_plan_t *f, const record_t *record, const goal_t *goal, const route_t *route,
                        bool lenient, bool every, path_set_t *helpful)
{
    route_result_t result;
    if (route->status != ROUTE_OPEN) return false;
    arena_reset(f->scratch);
    if (!evaluate_route(record, goal, route, record->application_date.first, f->scratch, &result, NULL))
        return f->failed = true, false;
    bool good = good_enough(result.outcome, lenient);
    if (helpful && (!good || every)) {
        path_set_t more = help(f, route->requires, &result, lenient, every);
        join(helpful, &more);
    }
    return good;
}

/* The first route that is met; with `every` the others are asked as well for what helps them. */
static const route_t *meets(finding_plan_t *f, const record_t *record, const goal_t *goal, bool lenient, bool every,
                            path_set_t *helpful)
{
    const route_t *met = NULL;
    for (size_t i = 0; i < goal->count && (met == NULL || every); i++)
        if (meets_route(f, record, goal, &goal->routes[i], lenient, every, helpful) && met == NULL)
            met = &goal->routes[i];
    return met;
}

static bool holds(const record_t *record, const goal_t *goal)
{
    for (size_t i = 0; goal->kind == GOAL_CREDENTIAL && i < record->certificates.count; i++) {
        const certificate_t *c = &record->certificates.items[i];
        if (c->id && c->status && strcmp(c->id, goal->id) == 0 && strcmp(c->status, "valid") == 0) return true;
    }
    return false;
}

static bool holds_target(finding_plan_t *f, const record_t *record, const goal_t *goal, const path_placed_t *done,
                         int count, path_set_t *helpful)
{
    if (holds(record, goal)) return true;
    for (int i = 0; i < count; i++)
        if (f->plans->options[done[i].step].goal == goal) return true;
    for (int i = 0; helpful && i < f->plans->count; i++)
        if (f->plans->options[i].goal == goal) path_set_add(helpful, i);
    return false;
}

/* Of a goal of two parts, one that is not met is enough to look at. */
static bool meets_goal(finding_plan_t *f, const record_t *record, const path_placed_t *done, int count, bool every,
                       path_set_t *helpful)
{
    bool all = true;
    for (int i = 0; i < f->targets && (all || every); i++) {
        const target_t *t = &f->target[i];
        bool one = t->hold ? holds_target(f, record, t->goal, done, count, helpful)
                           : meets(f, record, t->goal, f->lenient, every, helpful) != NULL;
        all = all && one;
    }
    return all;
}

static bool met(void *context, const path_placed_t *done, int count, int need, int now, bool every, path_set_t *helpful)
{
    finding_plan_t *f = context;
    const record_t *record = sim_record(f->sim, done, count, now);
    const option_t *option = need == PATH_GOAL ? NULL : &f->plans->options[need];
    path_set_t may = {0}, *wanted = helpful ? &may : NULL;
    bool all = option == NULL         ? meets_goal(f, record, done, count, every, wanted)
               : option->goal != NULL ? meets(f, record, option->goal, option->lenient, every, wanted) != NULL
                                      : meets_route(f, record, f->steps, option->route, false, every, wanted);
    if (helpful && (!all || every)) join(helpful, &may);
    return all;
}

/* ---- goals ---- */

static const struct {
    const char *level, *title, *work;
    bool phlebotomy;
} levels[PLAN_LICENSE_LEVELS] = {{"technician", "technician", "WORK-TECHNICIAN", false},
                                 {"technologist", "technologist", "WORK-TECHNOLOGIST", false},
                                 {"phlebotomist", "phlebotomist", "WORK-PHLEBOTOMIST", true}};

static bool is_work_state(const license_t *state)
{
    return strcmp(state->kind, "federal") != 0;
}

static size_t work_states(const plans_t *plans)
{
    size_t count = 0;
    for (size_t i = 0; i < plans->licenses->count; i++) count += is_work_state(&plans->licenses->items[i]);
    return count;
}

size_t plan_goal_count(const plans_t *plans)
{
    return plans->rules->count + PLAN_LICENSE_LEVELS * work_states(plans);
}

static const char *words(arena_t *arena, const char *a, const char *b, const char *c)
{
    char text[ERR_TEXT_MAX];
    int n = snprintf(text, sizeof text, "%s%s%s", a, b, c);
    return arena_text(arena, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

static const char *goal_title(const plans_t *plans, const goal_t *goal, arena_t *arena)
{
    const credential_t *c = credential_find(plans->licenses, goal->id);
    if (c != NULL) return words(arena, c->post_nominal, ", ", c->title);
    return words(arena, goal->id, ", ", goal->body);
}

static const char *work_goal_title(size_t level, const license_t *state, arena_t *arena)
{
    return words(arena, words(arena, "work as a ", levels[level].title, ""), " in ", state->jurisdiction);
}

bool plan_goal(const plans_t *plans, size_t index, arena_t *arena, plan_goal_t *goal)
{
    assert(index < plan_goal_count(plans));
    if (index < plans->rules->count) {
        snprintf(goal->id, sizeof goal->id, "%s", plans->rules->goals[index].id);
        return (goal->title = goal_title(plans, &plans->rules->goals[index], arena)) != NULL;
    }
    index -= plans->rules->count;
    size_t level = index / work_states(plans), at = index % work_states(plans), i = 0;
    for (; !is_work_state(&plans->licenses->items[i]) || at > 0; i++) at -= is_work_state(&plans->licenses->items[i]);
    const license_t *state = &plans->licenses->items[i];
    snprintf(goal->id, sizeof goal->id, "%s@%s", levels[level].level, state->code);
    return (goal->title = work_goal_title(level, state, arena)) != NULL;
}

/* The license of that level in that state, by the rules or by what was read of it; NULL when nothing was. */
static const goal_t *license_goal(const plans_t *plans, const char *level, const char *state)
{
    for (int i = 0; i < plans->count; i++) {
        const option_t *o = &plans->options[i];
        if (o->kind != OPTION_LICENSE || strcmp(o->goal->state, state) != 0) continue;
        if (strcmp(o->adds->state_licences.items[0].level, level) == 0) return o->goal;
    }
    return NULL;
}

static bool aim_at_work(finding_plan_t *f, size_t level, const license_t *state, plan_t *plan, bool *none)
{
    need_t need = levels[level].phlebotomy ? state->phlebotomy_need : state->personnel_need;
    const goal_t *license = license_goal(f->plans, levels[level].level, state->code);
    *none = true;
    if (need == NEED_UNKNOWN && license == NULL) {
        plan->note = "Whether this state asks for a license was not read: ask its health department before you plan.";
        return true;
    }
    if (need == NEED_YES && license == NULL) {
        plan->note =
            "This state asks for a license, and too little of its text was read to plan for it: ask the board.";
        return true;
    }
    if (need == NEED_DEPENDS)
        plan->note = "Lists disagree whether this state asks for a license: ask its health department.";
    *none = false;
    if (need == NEED_YES) f->target[f->targets++] = (target_t){license, true};
    const goal_t *work = rules_goal(&f->plans->own, levels[level].work);
    if (work != NULL) f->target[f->targets++] = (target_t){work, false};
    return true;
}

static bool aim(finding_plan_t *f, const char *id, arena_t *arena, plan_t *plan, bool *none, err_t *err)
{
    const goal_t *goal = rules_goal(f->plans->rules, id);
    const char *at = strchr(id, '@');
    *none = false;
    if (goal != NULL) {
        plan->title = goal_title(f->plans, goal, arena);
        f->target[f->targets++] = (target_t){goal, goal->kind != GOAL_FEDERAL};
        return true;
    }
    for (size_t i = 0; at != NULL && i < PLAN_LICENSE_LEVELS; i++) {
        const license_t *state = licenses_find(f->plans->licenses, at + 1);
        if (strncmp(levels[i].level, id, (size_t)(at - id)) != 0 || levels[i].level[at - id] != '\0') continue;
        if (state == NULL || !is_work_state(state)) break;
        plan->title = work_goal_title(i, state, arena);
        return aim_at_work(f, i, state, plan, none);
    }
    return err_set(err, ERR_NOT_FOUND,
                   "There is no goal \"%.40s\"; `titer plan goals` lists them, for example ASCP-MLT or technician@FL.",
                   id);
}

/* ---- what a step is for ---- */

/* What is finished by month `now` without step `but`. */
static int without(const path_plan_t *found, int but, int now, path_placed_t *done)
{
    int n = 0;
    for (int i = 0; i < found->count; i++)
        if (i != but && found->placed[i].end <= now) done[n++] = found->placed[i];
    return n;
}

static void tell_reasons(finding_plan_t *f, const path_plan_t *found, int at, plan_t *plan)
{
    plan_step_t *step = &plan->step[at];
    path_placed_t done[PATH_PLAN_MAX];
    for (int i = 0; i < found->count && step->reason_count < PLAN_REASONS_MAX; i++) {
        const path_placed_t *later = &found->placed[i];
        if (i == at || later->start < found->placed[at].end) continue;
        int n = without(found, at, later->start, done);
        if (met(f, done, n, later->step, later->start, false, NULL)) continue;
        step->reasons[step->reason_count++] = plan->step[i].title;
    }
    int n = without(found, at, found->value.months, done);
    if (step->reason_count < PLAN_REASONS_MAX && !met(f, done, n, PATH_GOAL, found->value.months, false, NULL))
        step->reasons[step->reason_count++] = plan->title;
}

static void tell_step(finding_plan_t *f, const path_plan_t *found, int at, plan_step_t *to)
{
    const path_placed_t *placed = &found->placed[at];
    const option_t *option = &f->plans->options[placed->step];
    const path_step_t *step = &f->path_steps[placed->step];
    *to = (plan_step_t){.title = option->title,
                        .kind = option->kind_word,
                        .start = sim_day(f->sim, placed->start),
                        .end = sim_day(f->sim, placed->end),
                        .start_low = sim_day(f->sim, placed->start_low),
                        .end_low = sim_day(f->sim, placed->end_low),
                        .hours_week = step->hours_week,
                        .lane = step->lane,
                        .cost_known = step->cost_known,
                        .cost_low = step->cost_low,
                        .cost_high = step->cost_high};
    const route_t *route = option->route;
    if (option->goal != NULL) {
        path_placed_t done[PATH_PLAN_MAX];
        int n = without(found, at, placed->start, done);
        route = meets(f, sim_record(f->sim, done, n, placed->start), option->goal, option->lenient, false, NULL);
        to->by = route != NULL ? route->id : NULL;
        to->assumes = f->answer_notes;
    } else {
        to->assumes = route->notes;
    }
    to->id = option->goal != NULL ? option->goal->id : route->id;
    if (option->lenient) to->doubt = "Not all of this rule was read: ask the body or the board before you pay.";
    if (route == NULL) return;
    to->source = route->source;
    to->as_of = route->as_of;
    to->confidence = route->confidence;
}

static void tell(finding_plan_t *f, const path_plan_t *found, plan_t *plan)
{
    plan->found = true;
    plan->already = found->count == 0;
    plan->count = found->count;
    plan->end = sim_day(f->sim, found->value.months);
    plan->end_low = sim_day(f->sim, found->months_low);
    plan->cost_low = found->cost_low;
    plan->cost_high = found->value.cost_high;
    plan->unknown_costs = found->value.unknown_costs;
    plan->hours_week = found->value.hours_week;
    plan->doubts = found->value.doubts + (f->lenient && !plan->already);
    for (int i = 0; i < found->count; i++) tell_step(f, found, i, &plan->step[i]);
    for (int i = 0; i < found->count; i++) tell_reasons(f, found, i, plan);
}

/* ---- the two halves ---- */

static bool no_room(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory to look for a plan.");
}

/* The steps, with the months to an answer as the wish has them. */
static bool wished_steps(finding_plan_t *f, const plan_wish_t *wish, arena_t *arena)
{
    f->path_steps = f->plans->steps;
    if (wish->answer_high == 0) return true;
    path_step_t *steps = arena_array(arena, (size_t)f->plans->count + 1, sizeof *steps);
    if (steps == NULL) return false;
    memcpy(steps, f->plans->steps, (size_t)f->plans->count * sizeof *steps);
    for (int i = 0; i < f->plans->count; i++) {
        if (f->plans->options[i].goal == NULL) continue;
        steps[i].months_low = wish->answer_low;
        steps[i].months_high = wish->answer_high;
    }
    f->path_steps = steps;
    return true;
}

/* Everything that both halves need; `none`: the goal cannot be planned for, and the plan's note says why. */
static bool begin(finding_plan_t *f, const plans_t *plans, const record_t *record, const char *goal,
                  const plan_wish_t *wish, arena_t *arena, plan_t *plan, bool *none, err_t *err)
{
    assert(wish->answer_low <= wish->answer_high && wish->answer_high <= PATH_MONTHS_MAX / 2);
    assert(wish->answer_high == 0 || wish->answer_low >= 1);
    *f = (finding_plan_t){.plans = plans, .military = wish->military, .steps = rules_goal(&plans->own, "STEPS")};
    *plan = (plan_t){.goal = words(arena, goal, "", ""), .best = wish->best, .today = wish->today};
    f->sim = sim_new(plans, record, wish->today, arena);
    if (plan->goal == NULL || f->sim == NULL || !wished_steps(f, wish, arena)) return no_room(err);
    if (!aim(f, goal, arena, plan, none, err)) return false;
    return (f->scratch = arena_new(SCRATCH_BYTES)) != NULL || no_room(err);
}

static bool search(finding_plan_t *f, const plan_wish_t *wish, plan_found_t *found, err_t *err)
{
    path_problem_t problem = {.steps = f->path_steps,
                              .count = f->plans->count,
                              .met = met,
                              .context = f,
                              .hours_week_max = wish->hours_week_max,
                              .cost_max = wish->cost_max,
                              .months_max = wish->months_max};
    arena_t *memory = arena_new(SEARCH_BYTES);
    if (memory == NULL) return no_room(err);
    bool ok = path_search(&problem, wish->best, memory, &found->path, err);
    if (ok && !found->path.found && !f->lenient) { /* rules that only leave a doubt are better than nothing */
        f->lenient = true;
        arena_reset(memory);
        ok = path_search(&problem, wish->best, memory, &found->path, err);
    }
    found->lenient = f->lenient;
    arena_free(memory);
    return ok && f->failed ? no_room(err) : ok;
}

bool plan_search(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish,
                 arena_t *arena, plan_found_t *found, err_t *err)
{
    finding_plan_t f;
    plan_t plan;
    *found = (plan_found_t){0};
    if (!begin(&f, plans, record, goal, wish, arena, &plan, &found->none, err)) return false;
    bool ok = found->none || search(&f, wish, found, err);
    if (!ok && err->code == ERR_LIMIT) ok = found->limit = true;
    arena_free(f.scratch);
    return ok;
}

/* What the steps of exams and licenses assume, where the wish says otherwise than this program. */
static bool wished_notes(finding_plan_t *f, const plan_wish_t *wish, arena_t *arena)
{
    f->answer_notes = f->plans->application_notes;
    if (wish->answer_high == 0 || f->answer_notes[0] == NULL) return true;
    size_t count = 0;
    while (f->answer_notes[count] != NULL) count++;
    const char **notes = arena_array(arena, count + 1, sizeof *notes);
    if (notes == NULL) return false;
    memcpy(notes, f->answer_notes, (count + 1) * sizeof *notes);
    char text[ERR_TEXT_MAX];
    snprintf(text, sizeof text, "From application to result or license %d to %d months: as you asked.",
             wish->answer_low, wish->answer_high);
    f->answer_notes = notes;
    return (notes[0] = words(arena, text, "", "")) != NULL;
}

bool plan_tell(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish,
               const plan_found_t *found, arena_t *arena, plan_t *plan, err_t *err)
{
    finding_plan_t f;
    bool none;
    if (!begin(&f, plans, record, goal, wish, arena, plan, &none, err)) return false;
    assert(none == found->none);
    bool ok = wished_notes(&f, wish, arena) || no_room(err);
    f.lenient = found->lenient;
    plan->sets = found->path.sets;
    plan->cut = found->path.cut;
    if (ok && found->limit)
        plan->note = "There are too many ways to this goal; say more of what you want, for example the hours a week "
                     "that you have.";
    else if (ok && found->path.found)
        tell(&f, &found->path, plan);
    else if (ok && !none)
        plan->note = "No way was found among the programs, exams, work and licenses that this program knows, within "
                     "the hours a week, the money and the time that you gave.";
    if (ok && f.failed) ok = no_room(err);
    arena_free(f.scratch);
    return ok;
}

bool plan_find(const plans_t *plans, const record_t *record, const char *goal, const plan_wish_t *wish, arena_t *arena,
               plan_t *plan, err_t *err)
{
    plan_found_t found;
    return plan_search(plans, record, goal, wish, arena, &found, err) &&
           plan_tell(plans, record, goal, wish, &found, arena, plan, err);
}
