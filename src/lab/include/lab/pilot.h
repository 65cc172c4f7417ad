/* Autopilots: trainees made of rules, to check scenarios and to show an expert's run.
 * They compile against sight only. */
#ifndef TITER_LAB_PILOT_H
#define TITER_LAB_PILOT_H

#include "lab/shift.h"

typedef enum { PILOT_CAREFUL, PILOT_ACCEPT_ALL, PILOT_REJECT_ALL, PILOT_CALL_EVERYTHING, PILOT_COUNT } pilot_t;

/* "careful", "accept-all", "reject-all", "call-everything"; -1 when unknown. */
int pilot_from_word(const char *word);
const char *pilot_word(pilot_t pilot);

/* Works the shift to its end (or to `until_s` when that comes first). Every action goes through
 * shift_act; `record` (may be NULL) is told of each accepted action and its time. */
typedef void (*pilot_record_fn)(void *context, int32_t at_s, const action_t *action);
bool pilot_run(shift_t *shift, pilot_t pilot, int32_t until_s, pilot_record_fn record, void *context, err_t *err);

#endif
