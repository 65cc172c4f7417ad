/* Sight of the tray: centrifuges that run, the age of tubes, orders of one more test. */
#include "shift_private.h"

#include <math.h>

const char *storage_name(storage_t store)
{
    static const char *const names[STORE_COUNT] = {"room temperature", "2 to 8 °C", "-20 °C"};
    return (unsigned)store < STORE_COUNT ? names[store] : "";
}

bool shift_tube_age(const shift_t *shift, int32_t specimen, int analyte, tube_age_t *age)
{
    if (specimen < 0 || specimen >= shift->specimen_count) return false;
    const specimen_t *s = &shift->specimens[specimen];
    if (s->state == SPECIMEN_COMING) return false;
    age->kept = (storage_t)s->kept;
    age->hours = s->time_missing ? NAN : (double)(shift->now_s - s->collected_s) / 3600.0;
    age->limit_h = lab_stability_h(shift->lab, analyte, age->kept);
    age->too_old = age->hours > age->limit_h;
    return true;
}

int shift_add_ons(const shift_t *shift, add_on_view_t views[ADD_ONS_MAX])
{
    int n = 0;
    for (int i = 0; i < shift->add_on_count; i++) {
        const add_on_t *order = &shift->add_ons[i];
        if (order->state == ADD_ON_TO_COME) continue;
        views[n++] = (add_on_view_t){.specimen = order->specimen,
                                     .at_s = order->at_s,
                                     .decided_s = order->decided_s,
                                     .analyte = order->analyte,
                                     .state = (add_on_state_t)order->state};
    }
    return n;
}

bool shift_centrifuge(const shift_t *shift, int which, centrifuge_view_t *view)
{
    if (which < 0 || which >= CENTRIFUGES || shift->centrifuges[which].until_s <= shift->now_s) return false;
    const centrifuge_t *run = &shift->centrifuges[which];
    *view = (centrifuge_view_t){.program = run->program,
                                .minutes = run->minutes,
                                .started_s = run->started_s,
                                .until_s = run->started_s + run->minutes * 60,
                                .balance_tube = run->balance_tube};
    for (int32_t i = 0; i < shift->arrived && view->count < CENTRIFUGE_PLACES; i++) {
        int32_t index = shift->by_arrival[i];
        const specimen_t *specimen = &shift->specimens[index];
        if (specimen->state == SPECIMEN_SPINNING && specimen->centrifuge == which)
            view->specimens[view->count++] = index;
    }
    return true;
}
