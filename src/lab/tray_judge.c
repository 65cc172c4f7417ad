/* What the debrief says of hands and tubes: spins, labels. See debrief.c. */
#include "content_private.h"
#include "debrief_private.h"
#include "shift_private.h"

#include <stdio.h>

enum { UNREAD_S = 30 * 60 };

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

void tray_judge(work_t *w)
{
    for (int32_t i = 0; i < w->shift->specimen_count; i++) {
        if (w->shift->specimens[i].state == SPECIMEN_COMING) continue;
        char name[12];
        debrief_accession(w->shift, i, name);
        judge_spin(w, i, name);
        judge_label(w, i, name);
    }
}
