/* What the debrief says of hands and tubes: spins, labels, added tests, what is left on the bench. See debrief.c. */
#include "content_private.h"
#include "debrief_private.h"
#include "shift_private.h"

#include <stdio.h>

enum { UNREAD_S = 30 * 60, ORDER_S = 60 * 60, STORE_GRACE_S = 15 * 60 };

/* A finding about one tube, its sentence still to be written; NULL when there are too many. */
static finding_t *about(work_t *w, finding_kind_t kind, int32_t specimen, int32_t at_s, int32_t visible_s,
                        double points)
{
    finding_t *f = debrief_finding(w->debrief, kind, at_s);
    if (!f) return NULL;
    f->specimen = specimen;
    f->visible_s = visible_s;
    f->points = points;
    f->harm = points >= w->weights.harm[HARM_SEVERE] ? HARM_SEVERE : points > 0 ? HARM_MINOR : HARM_NONE;
    return f;
}

static void judge_spin(work_t *w, int32_t index, const char *name)
{
    const specimen_t *s = &w->shift->specimens[index];
    if (!s->short_spin || s->first_result < 0) return;
    const spin_program_t *needs = lab_spin_program(w->shift->lab, lab_tube_program(w->shift->lab, s->tube)),
                         *had = lab_spin_program(w->shift->lab, s->spin_program);
    finding_t *f = about(w, FINDING_TUBE_SPIN, index, s->spin_s, s->spun_s, w->weights.tube_spin);
    if (f)
        snprintf(f->text, sizeof f->text,
                 "%s was spun %d min at %d g and run. Its tube needs %d min at %d g: cells were left in what stood "
                 "above them.",
                 name, s->spin_minutes, had->g, needs->minutes, needs->g);
}

static void judge_label(work_t *w, int32_t index, const char *name)
{
    const specimen_t *s = &w->shift->specimens[index];
    finding_t *f = NULL;
    if (s->parent >= 0) return; /* judge_aliquot */
    if (s->relabeled && s->label_person != s->order_person) {
        f = about(w, FINDING_TUBE_LABEL, index, s->relabeled_s, s->arrive_s, w->weights.harm[HARM_SEVERE]);
        if (f)
            snprintf(f->text, sizeof f->text,
                     s->label_person < 0 ? "%s had no label and was given one here: nobody knows whose blood it is."
                                         : "%s carried another person's label and was given the order's: the tube was "
                                           "made to fit.",
                     name);
    } else if (s->relabeled && s->label_unchecked) {
        f = about(w, FINDING_TUBE_LABEL, index, s->relabeled_s, s->relabeled_s, w->weights.tube_label);
        if (f)
            snprintf(f->text, sizeof f->text,
                     "%s was given a fresh label before its identifiers were compared with the order.", name);
    } else if (s->relabeled && s->unread_s != NEVER) {
        f = about(w, FINDING_TUBE_DONE, index, s->relabeled_s, s->unread_s, 0);
        if (f)
            snprintf(f->text, sizeof f->text, "%s was not read: compared, given a fresh label, and loaded again.",
                     name);
    }
    bool waits = s->unread_s != NEVER && !tray_readable(s) && s->state == SPECIMEN_SPUN;
    if (!waits || w->shift->ended_s - s->unread_s < UNREAD_S) return;
    f = about(w, FINDING_TUBE_LABEL, index, s->unread_s, s->unread_s, w->weights.tube_unread);
    if (f) snprintf(f->text, sizeof f->text, "%s came back unread, and nobody looked after it.", name);
}

static void judge_aliquot(work_t *w, int32_t index, const char *name)
{
    const specimen_t *s = &w->shift->specimens[index];
    if (s->parent < 0 || s->state == SPECIMEN_REJECTED) return;
    bool lost = s->mixed_up || !s->relabeled;
    char parent[12];
    debrief_accession(w->shift, s->parent, parent);
    finding_t *f = about(w, lost ? FINDING_TUBE_ALIQUOT : FINDING_TUBE_DONE, index, s->arrive_s, s->arrive_s,
                         lost ? w->weights.tube_aliquot : 0);
    if (!f) return;
    if (lost) f->harm = HARM_MODERATE;
    snprintf(f->text, sizeof f->text,
             s->mixed_up
                 ? "%s, poured off %s, stood unlabeled beside another patient's: nobody can tell which is whose."
             : lost ? "%s was poured off %s and never got a label."
                    : "%s was poured off %s and labeled before the next was poured.",
             name, parent);
}

/* ---- added tests ---- */

static double age_h(const specimen_t *s, int32_t at_s)
{
    return (double)(at_s - s->collected_s) / 3600.0;
}

/* Hours of a sentence: "26", "0.5". */
static const char *hours(double h, char out[32])
{
    text_fixed(out, h, h < 10 ? 1 : 0);
    return out;
}

static void judge_added(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int32_t i = 0; i < shift->log_count; i++) {
        const log_entry_t *entry = &shift->log[i];
        if (entry->kind != ACT_ADD_ON || entry->specimen < 0) continue;
        const specimen_t *s = &shift->specimens[entry->specimen];
        double limit = lab_stability_h(shift->lab, entry->analyte, (storage_t)s->kept), age = age_h(s, entry->at_s);
        if (!(age > limit)) continue; /* not known is not too old */
        char name[12], a[32], b[32];
        debrief_accession(shift, entry->specimen, name);
        finding_t *f = about(w, FINDING_TUBE_ADD_ON, entry->specimen, entry->at_s, entry->at_s, w->weights.tube_add_on);
        if (!f) return;
        f->harm = HARM_MODERATE;
        f->analyte = entry->analyte;
        snprintf(f->text, sizeof f->text,
                 "%s was added to %s, %s h after its draw; kept at %s it is good for %s h. Nobody knows what that "
                 "number says.",
                 lab_analyte(shift->lab, entry->analyte)->name, name, hours(age, a), storage_name((storage_t)s->kept),
                 hours(limit, b));
    }
}

static void judge_aliquot_order(work_t *w, const add_on_t *order, int32_t at)
{
    bool kept = order->state == ADD_ON_ADDED;
    char name[12];
    debrief_accession(w->shift, order->specimen, name);
    finding_t *f = about(w, kept ? FINDING_TUBE_DONE : FINDING_TUBE_ADD_ON, order->specimen, at, order->at_s,
                         kept ? 0 : w->weights.tube_order);
    if (f)
        snprintf(f->text, sizeof f->text,
                 kept ? "An aliquot of %s was to be kept at -20 °C, and stands there."
                      : "An aliquot of %s was to be kept at -20 °C, and does not stand there.",
                 name);
}

static void judge_order(work_t *w, const add_on_t *order)
{
    const shift_t *shift = w->shift;
    if (order->state == ADD_ON_TO_COME) return;
    bool open = order->state == ADD_ON_OPEN;
    if (open && shift->ended_s - order->at_s < ORDER_S) return;
    const specimen_t *s = &shift->specimens[order->specimen];
    int32_t at = open ? shift->ended_s : order->decided_s;
    if (order->analyte < 0) {
        judge_aliquot_order(w, order, at);
        return;
    }
    bool too_old = age_h(s, at) > lab_stability_h(shift->lab, order->analyte, (storage_t)s->kept);
    if (order->state == ADD_ON_ADDED && too_old) return; /* judge_added tells it */
    bool right = !open && (order->state == ADD_ON_DECLINED) == too_old;
    char name[12];
    debrief_accession(shift, order->specimen, name);
    finding_t *f = about(w, right ? FINDING_TUBE_DONE : FINDING_TUBE_ADD_ON, order->specimen, at, order->at_s,
                         right ? 0 : w->weights.tube_order);
    if (!f) return;
    f->analyte = order->analyte;
    const char *test = lab_analyte(shift->lab, order->analyte)->name;
    if (open)
        snprintf(f->text, sizeof f->text, "%s was ordered on %s, and nobody answered.", test, name);
    else if (order->state == ADD_ON_DECLINED)
        snprintf(f->text, sizeof f->text,
                 right ? "%s on %s: the tube was too old for it, and a new draw was asked for."
                       : "%s on %s was refused, but the tube was good for it: a patient is drawn twice.",
                 test, name);
    else
        snprintf(f->text, sizeof f->text, "%s was added to %s in time: no new draw.", test, name);
}

/* ---- what is left on the bench ---- */

static int32_t finished_s(const shift_t *shift, const specimen_t *s)
{
    int32_t last = s->resulted_s;
    for (int32_t r = s->first_result; r >= 0; r = shift->results[r].next) {
        const result_t *result = &shift->results[r];
        if (result->released_s > last) last = result->released_s;
        if (result->decided_s > last) last = result->decided_s;
    }
    return last;
}

/* By hand only: the sorter of an automation track keeps tubes in order. */
static void judge_unstored(work_t *w)
{
    const shift_t *shift = w->shift;
    int left = 0;
    for (int32_t i = 0; i < shift->specimen_count && !shift->scenario->track; i++) {
        const specimen_t *s = &shift->specimens[i];
        left += s->state == SPECIMEN_DONE && s->store < 0 && s->place == 0 &&
                shift->ended_s - finished_s(shift, s) >= STORE_GRACE_S;
    }
    if (left == 0) return;
    finding_t *f = about(w, FINDING_TUBE_UNSTORED, -1, shift->ended_s, shift->ended_s, w->weights.tube_unstored);
    if (!f) return;
    snprintf(f->text, sizeof f->text,
             left == 1 ? "One finished tube was left on the bench: who looks for it will not find it in the store."
                       : "%d finished tubes were left on the bench: who looks for one will not find it in the store.",
             left);
}

void tray_judge(work_t *w)
{
    judge_added(w);
    for (int i = 0; i < w->shift->add_on_count; i++) judge_order(w, &w->shift->add_ons[i]);
    judge_unstored(w);
    for (int32_t i = 0; i < w->shift->specimen_count; i++) {
        if (w->shift->specimens[i].state == SPECIMEN_COMING) continue;
        char name[12];
        debrief_accession(w->shift, i, name);
        judge_spin(w, i, name);
        judge_label(w, i, name);
        judge_aliquot(w, i, name);
    }
}
