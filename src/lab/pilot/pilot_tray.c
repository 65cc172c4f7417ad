/* Autopilots with a tube in the hand: what speaks against it, the centrifuges, labels that were not read, the store. */
#include "pilot_private.h"

#include "lab/tray.h"

#include <string.h>

static bool label_agrees(const specimen_view_t *v)
{
    size_t family = strlen(v->order.family);
    return strcmp(v->label_mrn, v->order.mrn) == 0 && strncmp(v->label_name, v->order.family, family) == 0;
}

int pilot_reception_reason(const pilot_state_t *p, const specimen_view_t *v)
{
    if (v->look & LOOK_NO_LABEL) return p->reject_unlabeled;
    if (!label_agrees(v)) return p->reject_label;
    if (strcmp(v->tube, v->ordered_tube) != 0) return p->reject_tube;
    return -1;
}

void pilot_spin(pilot_state_t *p)
{
    const lab_t *lab = shift_lab(p->shift);
    action_t runs[SPIN_PROGRAMS_MAX];
    int programs = lab_spin_program_count(lab);
    if (programs > SPIN_PROGRAMS_MAX) programs = SPIN_PROGRAMS_MAX;
    for (int i = 0; i < programs; i++) runs[i] = action_make(ACT_SPIN);
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_state(p->shift, s) != SPECIMEN_RECEIVED || !shift_specimen_facts(p->shift, s, &v)) continue;
        int tube = lab_tube_find(lab, v.ordered_tube), program = lab_tube_program(lab, tube);
        const tube_t *about = lab_tube(lab, tube);
        bool clotted = !about || v.collected_s + about->clot_min * 60 <= shift_now_s(p->shift);
        if (program < 0) program = 0;
        if ((clotted || p->pilot != PILOT_CAREFUL) && runs[program].count < CENTRIFUGE_PLACES)
            runs[program].list[runs[program].count++] = s;
    }
    for (int i = 0; i < programs; i++)
        if (runs[i].count) pilot_try(p, &runs[i]);
}

/* Compared with the order, then a label that can be read; what does not agree is sent back. */
void pilot_unread(pilot_state_t *p, int32_t specimen)
{
    specimen_view_t v;
    if (shift_specimen_state(p->shift, specimen) != SPECIMEN_SPUN) return;
    if (p->pilot == PILOT_REJECT_ALL) {
        pilot_reject(p, specimen, p->reject_other);
        return;
    }
    if (p->pilot == PILOT_CAREFUL) {
        action_t inspect = pilot_on_specimen(ACT_INSPECT, specimen);
        inspect.count = 0;
        if (!pilot_try(p, &inspect) || !shift_specimen(p->shift, specimen, &v)) return;
        int reason = pilot_reception_reason(p, &v);
        if (reason >= 0) {
            pilot_reject(p, specimen, reason);
            return;
        }
    }
    action_t label = pilot_on_specimen(ACT_LABEL, specimen);
    label.count = 0;
    if (!pilot_try(p, &label)) return;
    pilot_push(p, (todo_t){.kind = TODO_LOAD});
}

/* Poured off, labeled at once, frozen. The last that came is the cup. */
static void keep_aliquot(pilot_state_t *p, int32_t specimen)
{
    action_t pour = pilot_on_specimen(ACT_ALIQUOT, specimen);
    pour.count = 0;
    if (!pilot_try(p, &pour)) return;
    int32_t cup = -1;
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_facts(p->shift, s, &v) && v.parent == specimen) cup = s;
    }
    if (cup < 0) return;
    action_t label = pilot_on_specimen(ACT_LABEL, cup), put = pilot_on_specimen(ACT_STORE, cup);
    label.count = 0;
    put.code = STORE_FROZEN;
    if (p->pilot == PILOT_CAREFUL) pilot_try(p, &label);
    pilot_try(p, &put);
}

/* By the table of the procedure: what is too old is drawn again. */
void pilot_order(pilot_state_t *p, int32_t specimen, int analyte)
{
    tube_age_t age;
    specimen_view_t v;
    action_t decline = pilot_on_specimen(ACT_DECLINE, specimen), add = pilot_on_specimen(ACT_ADD_ON, specimen);
    decline.analyte = add.analyte = analyte;
    decline.count = add.count = 0;
    bool careful =
        p->pilot == PILOT_CAREFUL && analyte >= 0 && shift_tube_age(p->shift, specimen, analyte, &age) && age.too_old;
    if (careful || p->pilot == PILOT_REJECT_ALL) {
        pilot_try(p, &decline);
        return;
    }
    action_t out = pilot_on_specimen(ACT_TAKE_OUT, specimen);
    if (shift_specimen(p->shift, specimen, &v) && v.store >= 0) pilot_try(p, &out);
    if (analyte < 0)
        keep_aliquot(p, specimen);
    else
        pilot_try(p, &add);
}

void pilot_store(pilot_state_t *p)
{
    action_t action = action_make(ACT_STORE);
    action.code = STORE_COLD;
    for (int32_t i = 0; i < shift_specimen_count(p->shift); i++) {
        specimen_view_t v;
        int32_t s = shift_arrived_specimen(p->shift, i);
        if (shift_specimen_state(p->shift, s) == SPECIMEN_DONE && shift_specimen_facts(p->shift, s, &v) &&
            v.store < 0 && v.position == 0)
            action.list[action.count++] = s;
        if (action.count < SHIFT_BATCH_MAX) continue;
        pilot_try(p, &action);
        action.count = 0;
    }
    if (action.count) pilot_try(p, &action);
}
