/* The rules in memory, and the record as it would be. Nothing here is stored. */
#include "app/road.h"

#include "private.h"

#include <stdlib.h>
#include <string.h>

enum { ROAD_MEMORY = 16 * 1024 * 1024, DAY_MS = 86400000, MONTH_DAYS = 30 };

struct road {
    arena_t *arena;
    rules_t rules;
    licenses_t licenses;
    plans_t *plans;
    way_cache_t *ways;
    tokens_t areas; /* every area that a rule asks for */
};

static bool add_areas(road_t *road, const node_t *node, err_t *err)
{
    for (size_t i = 0; i < node->count; i++)
        if (!add_areas(road, &node->children[i], err)) return false;
    if (node->kind != NODE_LEAF) return true;
    for (size_t i = 0; i < node->leaf->areas.count; i++) {
        if (tokens_have(&road->areas, node->leaf->areas.items[i])) continue;
        if (road->areas.count == RECORD_ITEMS_MAX)
            return err_set(err, ERR_LIMIT, "The rules name too many areas of work.");
        road->areas.items[road->areas.count++] = node->leaf->areas.items[i];
    }
    return true;
}

bool road_open(road_t **out, const source_t *content, err_t *err)
{
    road_t *road = calloc(1, sizeof *road);
    *out = road;
    if (road) road->arena = arena_new(ROAD_MEMORY);
    if (road && road->arena) road->areas.items = arena_array(road->arena, RECORD_ITEMS_MAX, sizeof *road->areas.items);
    if (road) road->ways = way_cache_new();
    if (!road || !road->areas.items || !road->ways)
        return err_set(err, ERR_MEMORY, "There is not enough memory to start.");
    road->areas.known = true;
    if (!rules_load(&road->rules, road->arena, content, err) ||
        !licenses_load(&road->licenses, road->arena, content, err) ||
        !plans_load(&road->plans, road->arena, content, &road->rules, &road->licenses, err))
        return false;
    for (size_t g = 0; g < road->rules.count; g++)
        for (size_t i = 0; i < road->rules.goals[g].count; i++) {
            const node_t *node = road->rules.goals[g].routes[i].requires;
            if (node && !add_areas(road, node, err)) return false;
        }
    return true;
}

void road_close(road_t *road)
{
    if (road && road->arena) arena_free(road->arena);
    if (road) way_cache_free(road->ways);
    free(road);
}

const rules_t *app_rules(const app_t *app)
{
    return &app->road->rules;
}

const licenses_t *app_licenses(const app_t *app)
{
    return &app->road->licenses;
}

const plans_t *app_plans(const app_t *app)
{
    return app->road->plans;
}

way_cache_t *road_ways(const app_t *app)
{
    return app->road->ways;
}

int32_t app_today(const app_t *app)
{
    int64_t now = app->options.now_ms ? app->options.now_ms(app->options.clock) : 0;
    return (int32_t)(now / DAY_MS);
}

/* ---- what if ---- */

bool what_if_asks(const what_if_t *what)
{
    bool hours = false;
    for (size_t i = 0; i < WHAT_IF_HOURS; i++) hours = hours || what->hours[i].milli > 0;
    return hours || what->degree || what->program || (what->setting && what->months > 0) ||
           !when_is_unknown(what->apply);
}

static bool no_room(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
}

/* A copy of a list with one more element of `size` at its end; *last is that element. What was unknown beside it stays
 * unknown. */
static bool grow(arena_t *arena, size_t *count, void *items_at, size_t size, void **last, err_t *err)
{
    void *old, *items = arena_array(arena, *count + 1, size);
    memcpy(&old, items_at, sizeof old);
    if (!items) return no_room(err);
    if (*count > 0) memcpy(items, old, *count * size);
    memcpy(items_at, &items, sizeof items);
    *last = (char *)items + *count * size;
    *count += 1;
    return true;
}
#define GROW(list, last) grow(arena, &(list)->count, &(list)->items, sizeof *(list)->items, (void **)(last), err)

static bool add_hours(amounts_t *hours, const char *subject, int64_t milli, arena_t *arena, err_t *err)
{
    named_amount_t *last = NULL;
    amounts_t before = *hours;
    if (!GROW(hours, &last)) return false;
    *last = (named_amount_t){subject, {true, milli}};
    for (size_t i = 0; i < before.count; i++) {
        if (strcmp(hours->items[i].name, subject) != 0) continue;
        hours->items[i].amount.milli += milli;
        hours->items[i].amount.known = true;
        hours->count--;
    }
    return true;
}

static bool add_work(const app_t *app, const what_if_t *what, when_t day, arena_t *arena, record_t *record, err_t *err)
{
    job_t *job = NULL;
    if (!GROW(&record->jobs, &job)) return false;
    record->jobs.known = true; /* years are only added up of a known list */
    *job = (job_t){.setting = what->setting,
                   .areas = app->road->areas,
                   .start = when_day(day.first - (int32_t)what->months * MONTH_DAYS - (int32_t)what->months / 2),
                   .end = day,
                   .hours_per_week = {true, what->hours_per_week * 1000},
                   .lab = "us"};
    return true;
}

bool app_what_if(const app_t *app, const what_if_t *what, arena_t *arena, record_t *record, err_t *err)
{
    if (!when_is_unknown(what->apply)) record->application_date = what->apply;
    when_t day = when_is_unknown(record->application_date) ? when_day(app_today(app)) : record->application_date;
    day = when_day(day.first);
    for (size_t i = 0; i < WHAT_IF_HOURS; i++) {
        const char *subject = what->hours[i].subject;
        int64_t milli = what->hours[i].milli;
        if (!subject || milli <= 0) continue;
        if (!add_hours(&record->semester_hours, subject, milli, arena, err)) return false;
        bool sum = amounts_get(&record->semester_hours, "any").known && strcmp(subject, "any") != 0;
        if (sum && !add_hours(&record->semester_hours, "any", milli, arena, err)) return false;
    }
    if (what->degree) {
        degree_t *degree = NULL;
        if (!GROW(&record->degree, &degree)) return false;
        *degree = (degree_t){level_from_word(what->degree), what->field, day, TRI_YES, "US", TRI_UNKNOWN};
    }
    if (what->program) {
        program_t *program = NULL;
        if (!GROW(&record->programs, &program)) return false;
        *program = (program_t){.kind = what->program, .completed = day};
        program->accreditors = (tokens_t){what->accreditor != NULL, what->accreditor != NULL, NULL};
        program->accreditors.items = arena_array(arena, 1, sizeof *program->accreditors.items);
        if (!program->accreditors.items) return no_room(err);
        program->accreditors.items[0] = what->accreditor;
    }
    return !what->setting || what->months <= 0 || add_work(app, what, day, arena, record, err);
}
