/* What the careful autopilot does about tubes that are unfit by the look of them (procedures CH-001 and CH-002):
 * leaking and past its date go back; a missing collection time is asked for before the tube is accepted. */
#include "pilot_private.h"

int pilot_unfit_reason(pilot_state_t *p, const specimen_view_t *v)
{
    if (v->look & LOOK_LEAK) return pilot_code(p, CODE_REJECT_REASON, "leaking");
    if (v->look & LOOK_EXPIRED_TUBE) return pilot_code(p, CODE_REJECT_REASON, "expired_tube");
    return -1;
}

int pilot_ask_time(pilot_state_t *p, const specimen_view_t *v)
{
    if (!(v->look & LOOK_NO_TIME) || v->collected_s != INT32_MIN) return 0;
    action_t hold = pilot_on_specimen(ACT_HOLD, v->index);
    hold.count = 0;
    return pilot_try(p, &hold) ? pilot_code(p, CODE_ACCEPT_COMMENT, "time_by_phone") : 0;
}
