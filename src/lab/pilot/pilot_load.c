/* Autopilots: the racks and STAT ports of the analyzers. */
#include "pilot_private.h"

/* The analyzer of the bench with the shortest queue that has room; -1: none. */
static int line_with_room(const pilot_state_t *p, bench_t bench, bool stat, int *room)
{
    int best = -1, least = 0;
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_view_t view;
        if (!shift_line(p->shift, line, &view) || view.bench != bench) continue;
        int free = stat ? view.stat_room : view.rack_room;
        if (free == 0 || (best >= 0 && view.queued >= least)) continue;
        best = line;
        least = view.queued;
        *room = free < SHIFT_BATCH_MAX ? free : SHIFT_BATCH_MAX;
    }
    return best;
}

/* Ready tubes go to the analyzer of their bench with the shortest queue, STAT ones first and into the STAT port. */
static void load_bench(pilot_state_t *p, bench_t bench, int stat)
{
    action_t action = action_make(ACT_LOAD);
    int room = 0;
    action.code = stat;
    action.line = line_with_room(p, bench, stat == 1, &room);
    if (action.line < 0 && stat == 1) { /* the STAT ports are full: into a rack, rather than nowhere */
        action.code = 0;
        action.line = line_with_room(p, bench, false, &room);
    }
    for (int32_t i = 0; i < shift_specimen_count(p->shift) && action.count < room; i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.bench == bench && v.state == SPECIMEN_SPUN &&
            v.unread_s == INT32_MIN && (v.priority == PRIORITY_STAT) == (stat == 1))
            action.list[action.count++] = s;
    }
    if (action.line >= 0 && action.count) pilot_try(p, &action);
}

void pilot_load(pilot_state_t *p)
{
    for (int stat = 1; stat >= 0; stat--)
        for (int bench = 0; bench < BENCH_COUNT; bench++) load_bench(p, (bench_t)bench, stat);
}
