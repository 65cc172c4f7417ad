/* The care of analyzers by an autopilot: one thing at a time, between other work. Sight alone. */
#ifndef TITER_LAB_PILOT_CARE_H
#define TITER_LAB_PILOT_CARE_H

#include "lab/care.h"
#include "lab/pilot.h"

/* Does an action; false when it was refused. */
typedef bool (*pilot_try_fn)(void *context, const action_t *action);

typedef struct {
    bool panel[SHIFT_LINES], mended[SHIFT_LINES], controls[SHIFT_LINES], unit_done[CARE_UNITS_MAX];
    int32_t refused_s[ACT_COUNT]; /* not again before the next minute */
} pilot_care_t;

/* True when something was done. */
bool pilot_care_step(pilot_care_t *care, const shift_t *shift, pilot_t pilot, pilot_try_fn act, void *context);

#endif
