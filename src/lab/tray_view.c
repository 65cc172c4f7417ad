/* Sight of the tray: centrifuges that run. */
#include "shift_private.h"

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
