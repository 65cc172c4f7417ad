/* Which items may be given so that the whole test meets its quotas. Exact, not a heuristic:
 *
 * A test is a choice of units (an item, or one of a group of enemies), each filling one place of an area, with
 * low <= places of an area <= high and a fixed sum. That is a flow from units through areas. It can be completed if
 *   1. every area's shortfall below `low` can be filled at once: by units of that area alone, and what they cannot
 *      fill by bridges, each used once (a matching, grown by augmenting paths);
 *   2. the shortfalls together do not exceed the places that are left;
 *   3. the places that are left do not exceed what all areas can take below `high` (the same matching, grown on).
 * Growing a matching never empties a place that was filled, so 1 stays true while 3 is tried; and every number of
 * places between the two is possible by leaving units out. An item is admitted if the test could be completed after it.
 * What is not admitted once is never admitted later in the same sitting. */
#include "cat_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool units_make(units_t *units, arena_t *arena, const blueprint_t *blueprint, err_t *err)
{
    int items = (int)blueprint->items, groups = blueprint->groups;
    *units = (units_t){.blueprint = blueprint, .units = groups};
    units->unit_of = arena_array(arena, blueprint->items + 1, sizeof(int));
    units->home = arena_array(arena, blueprint->items + (size_t)groups + 1, sizeof(int));
    units->first = arena_array(arena, blueprint->items + (size_t)groups + 2, sizeof(int));
    units->own = arena_array(arena, blueprint->items + 1, sizeof(int));
    if (!units->unit_of || !units->home || !units->first || !units->own)
        return err_set(err, ERR_MEMORY, "the bank does not fit into memory");
    for (int i = 0; i < items; i++)
        units->unit_of[i] = blueprint->group_of[i] >= 0 ? blueprint->group_of[i] : units->units++;
    for (int i = 0; i < items; i++) units->first[units->unit_of[i] + 1]++;
    for (int u = 0; u < units->units; u++) units->first[u + 1] += units->first[u];
    for (int i = items - 1; i >= 0; i--) { /* home counts down the places that are left, then is set */
        int u = units->unit_of[i];
        units->own[units->first[u + 1] - 1 - units->home[u]++] = i;
    }
    for (int u = 0; u < units->units; u++) {
        int home = blueprint->area_of[units->own[units->first[u]]];
        for (int k = units->first[u]; k < units->first[u + 1]; k++)
            if (blueprint->area_of[units->own[k]] != home) {
                home = -1 - units->bridges++;
                break;
            }
        units->home[u] = home;
    }
    return true;
}

bool content_make(content_t *content, arena_t *arena, const units_t *units, err_t *err)
{
    size_t areas = (size_t)units->blueprint->areas, bridges = (size_t)units->bridges + 1;
    *content = (content_t){.units = units};
    content->open = arena_array(arena, units->blueprint->items + 1, sizeof(bool));
    content->open_in = arena_array(arena, (size_t)units->units + 1, sizeof(int));
    content->bridge_open = arena_array(arena, bridges * areas, sizeof(int));
    content->taken = arena_array(arena, bridges, sizeof(int));
    return (content->open && content->open_in && content->bridge_open && content->taken) ||
           err_set(err, ERR_MEMORY, "the bank does not fit into memory");
}

static int *bridge_cell(content_t *content, int unit, int area)
{
    return &content->bridge_open[(-1 - content->units->home[unit]) * content->units->blueprint->areas + area];
}

void content_reopen(content_t *content, int item)
{
    int unit = content->units->unit_of[item], area = content->units->blueprint->area_of[item];
    assert(!content->open[item]);
    content->open[item] = true;
    if (content->units->home[unit] < 0)
        ++*bridge_cell(content, unit, area);
    else if (content->open_in[unit] == 0)
        content->single[area]++;
    content->open_in[unit]++;
}

void content_close(content_t *content, int item)
{
    int unit = content->units->unit_of[item], area = content->units->blueprint->area_of[item];
    assert(content->open[item]);
    content->open[item] = false;
    content->open_in[unit]--;
    if (content->units->home[unit] < 0)
        --*bridge_cell(content, unit, area);
    else if (content->open_in[unit] == 0)
        content->single[area]--;
}

void content_give(content_t *content, int item)
{
    const units_t *units = content->units;
    int unit = units->unit_of[item];
    for (int k = units->first[unit]; k < units->first[unit + 1]; k++)
        if (content->open[units->own[k]]) content_close(content, units->own[k]);
    content->count[units->blueprint->area_of[item]]++;
    content->given++;
}

void content_begin(content_t *content, const bool *usable, int length, const quotas_t *quotas)
{
    const blueprint_t *blueprint = content->units->blueprint;
    content->quotas = *quotas;
    content->length = length;
    content->given = 0;
    memset(content->count, 0, sizeof content->count);
    memset(content->single, 0, sizeof content->single);
    memset(content->open, 0, blueprint->items * sizeof(bool));
    memset(content->open_in, 0, (size_t)content->units->units * sizeof(int));
    memset(content->bridge_open, 0, (size_t)(content->units->bridges * blueprint->areas) * sizeof(int));
    for (size_t i = 0; i < blueprint->items; i++)
        if (!usable || usable[i]) content_reopen(content, (int)i);
}

/* Finds a bridge for one more place of `area`, moving others on where that helps; taken[b] is the area that bridge b
 * fills, plus 1. `barred`: a bridge that is not there, -1 none. An area need be visited once a round: its places are
 * alike, so the depth is at most the number of areas. */
static bool augment(content_t *content, int area, int barred)
{
    int areas = content->units->blueprint->areas, bridges = content->units->bridges;
    if (content->seen[area] == content->round) return false;
    content->seen[area] = content->round;
    for (int b = 0; b < bridges; b++) {
        if (b == barred || content->bridge_open[b * areas + area] == 0 || content->taken[b] == area + 1) continue;
        if (content->taken[b] == 0 || augment(content, content->taken[b] - 1, barred)) {
            content->taken[b] = area + 1;
            return true;
        }
    }
    return false;
}

/* The flow, after `more` items of `area` (-1: none) have been given that took single units each (bridge < 0) or, one
 * alone, the bridge. */
static bool completes(content_t *content, int area, int more, int bridge)
{
    int areas = content->units->blueprint->areas, left = content->length - content->given - (area >= 0 ? more : 0);
    int need = 0, room = 0, spare[AREAS_MAX];
    if (left < 0) return false;
    if (content->units->bridges) memset(content->taken, 0, (size_t)content->units->bridges * sizeof(int));
    for (int a = 0; a < areas; a++) {
        int given = a == area ? more : 0;
        int count = content->count[a] + given, single = content->single[a] - (bridge < 0 ? given : 0);
        int low = content->quotas.low[a] - count, high = content->quotas.high[a] - count;
        if (high < 0) return false;
        if (low > 0) need += low;
        int filled = single < high ? single : high;
        for (; filled < low; filled++) {
            content->round++;
            if (!augment(content, a, bridge)) return false;
        }
        room += filled;
        spare[a] = high - filled;
    }
    for (int a = 0; a < areas && room < left && content->units->bridges; a++)
        for (; spare[a] > 0 && room < left; spare[a]--) {
            content->round++;
            if (!augment(content, a, bridge)) break;
            room++;
        }
    return need <= left && left <= room;
}

bool content_feasible(content_t *content)
{
    return completes(content, -1, 0, -1);
}

bool content_admits(content_t *content, int item)
{
    int home = content->units->home[content->units->unit_of[item]];
    return completes(content, content->units->blueprint->area_of[item], 1, home < 0 ? -1 - home : -1);
}

bool content_admits_area(content_t *content, int area)
{
    return content_admits_many(content, area, 1);
}

bool content_admits_many(content_t *content, int area, int count)
{
    return content->single[area] >= count && completes(content, area, count, -1);
}

bool content_may_stop(const content_t *content)
{
    const blueprint_t *blueprint = content->units->blueprint;
    quotas_t quotas;
    blueprint_quotas(blueprint, content->given, &quotas);
    for (int a = 0; a < blueprint->areas; a++)
        if (content->count[a] < quotas.low[a] || content->count[a] > quotas.high[a]) return false;
    return true;
}
