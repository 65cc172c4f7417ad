/* What the debrief says of the work around the results: the telephone, the time, the records. See debrief.c. */
#include "content_private.h"
#include "debrief_private.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void debrief_calls(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int32_t i = 0; i < shift->call_count; i++) {
        const call_t *call = &shift->calls[i];
        finding_t *f = NULL;
        if (!call->incoming && call->state != CALL_NO_ANSWER && call->result >= 0 &&
            !shift->results[call->result].critical) {
            w->debrief->needless_calls++;
            f = debrief_finding(w->debrief, FINDING_NEEDLESS_CALL, call->at_s);
            if (f)
                snprintf(f->text, sizeof f->text,
                         "The ward was called about a result that is not on the critical list.");
            if (f) f->points = w->weights.needless_call;
        } else if (call->incoming && call->state == CALL_DONE && !call->in_scope) {
            f = debrief_finding(w->debrief, FINDING_PHONE, call->at_s);
            const script_t *script = &lab_content(shift->lab)->scripts[call->script];
            if (f)
                snprintf(f->text, sizeof f->text, "%s%.180s",
                         call->given_without_identifiers ? "A result was given without two identifiers. " : "",
                         script->debrief);
            if (f) f->points = w->weights.phone;
        } else if (call->incoming && call->state == CALL_LOST && call->ended_s != NEVER) {
            f = debrief_finding(w->debrief, FINDING_PHONE, call->at_s);
            if (f) snprintf(f->text, sizeof f->text, "The telephone rang and nobody answered.");
            if (f) f->points = w->weights.phone / 2;
        }
        if (f) f->call = i;
        if (f) f->specimen = call->specimen;
    }
}

/* Has anything of it gone out? */
static bool went_out(const shift_t *shift, const specimen_t *specimen)
{
    for (int32_t r = specimen->first_result; r >= 0; r = shift->results[r].next)
        if (shift->results[r].state == RESULT_RELEASED) return true;
    return false;
}

/* What the eye saw at reception, and what was done about it (procedures CH-001 and CH-002). */
void debrief_unfit(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *s = &shift->specimens[i];
        uint32_t look = s->cues_before & (LOOK_LEAK | LOOK_EXPIRED_TUBE | LOOK_NO_TIME);
        if (!look || s->state == SPECIMEN_COMING || s->state == SPECIMEN_REJECTED) continue;
        bool settled = look == LOOK_NO_TIME && !s->time_missing;
        if (!settled && !went_out(shift, s)) continue;
        specimen_view_t view;
        finding_t *f =
            debrief_finding(w->debrief, settled ? FINDING_UNFIT_SETTLED : FINDING_UNFIT_TAKEN, s->received_s);
        if (!f || !shift_specimen(shift, i, &view)) return;
        f->specimen = i;
        f->visible_s = s->arrive_s;
        if (!settled) {
            f->harm = look == LOOK_NO_TIME ? HARM_MINOR : HARM_MODERATE;
            f->points = w->weights.harm[f->harm];
            w->debrief->misses++;
        }
        snprintf(f->text, sizeof f->text,
                 settled            ? "%s: the collection time was missing; the ward was asked for it."
                 : look & LOOK_LEAK ? "%s leaked and was run all the same. Do not wipe and run (CH-002)."
                 : look & LOOK_EXPIRED_TUBE
                     ? "%s: the tube was past its date: vacuum and additive are not assured (CH-002)."
                     : "%s was run without a collection time. Hold it and call (CH-001).",
                 view.accession);
    }
}

/* Nothing but its collection time is missing: no reason to draw again. */
bool debrief_only_time(const shift_t *shift, int32_t index)
{
    const specimen_t *s = &shift->specimens[index];
    return s->cues_before == LOOK_NO_TIME && s->fault_count == 1 && s->blood_person == s->order_person &&
           s->label_person == s->order_person;
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Others were sampled on its line while it waited. */
static bool was_overtaken(const shift_t *shift, const specimen_t *s, int32_t until_s)
{
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *other = &shift->specimens[i];
        if (other != s && other->line == s->line && other->priority != PRIORITY_STAT &&
            other->sampled_s > s->loaded_s && other->sampled_s < until_s)
            return true;
    }
    return false;
}

/* What a STAT tube lost in a rack: the STAT port had room, and routine went first. */
static void stat_in_racks(work_t *w)
{
    const shift_t *shift = w->shift;
    w->debrief->stat_in_rack.longest = -1;
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *s = &shift->specimens[i];
        if (!s->stat_in_rack || s->loaded_s == NEVER) continue;
        int32_t until = s->sampled_s >= s->loaded_s ? s->sampled_s : shift->ended_s;
        int minutes = (until - s->loaded_s + 30) / 60;
        if (!was_overtaken(shift, s, until)) continue;
        w->debrief->stat_in_rack.tubes++;
        if (w->debrief->stat_in_rack.longest >= 0 && minutes <= w->debrief->stat_in_rack.longest_min) continue;
        w->debrief->stat_in_rack.longest = i;
        w->debrief->stat_in_rack.longest_min = minutes;
    }
}

void debrief_turnaround(work_t *w)
{
    static const double target[3] = {240, 120, 60};
    const shift_t *shift = w->shift;
    stat_in_racks(w);
    for (int priority = 0; priority < 3; priority++) {
        double minutes[SHIFT_MAX_SPECIMENS];
        int n = 0, late = 0;
        for (int32_t i = 0; i < shift->specimen_count; i++) {
            const specimen_t *s = &shift->specimens[i];
            if (s->priority != priority || s->state == SPECIMEN_COMING || s->state == SPECIMEN_REJECTED ||
                s->from_before)
                continue;
            int32_t out = NEVER;
            for (int32_t r = s->first_result; r >= 0; r = shift->results[r].next)
                if (shift->results[r].state == RESULT_RELEASED && shift->results[r].released_s > out)
                    out = shift->results[r].released_s;
            bool closed = s->state == SPECIMEN_DONE && out != NEVER;
            if (closed) minutes[n++] = (double)(out - s->arrive_s) / 60;
            late += closed ? out > s->due_s : s->due_s < shift->ended_s && s->state != SPECIMEN_DONE;
        }
        qsort(minutes, (size_t)n, sizeof *minutes, by_double);
        turnaround_t *t = &w->debrief->turnaround[priority];
        *t = (turnaround_t){.n = n,
                            .target_min = target[priority],
                            .late = late,
                            .median_min = n ? minutes[n / 2] : NAN,
                            .p90_min = n ? minutes[(n * 9) / 10 < n ? (n * 9) / 10 : n - 1] : NAN};
        w->late += late * (priority == PRIORITY_STAT ? 2 : 1);
        w->timed += n * (priority == PRIORITY_STAT ? 2 : 1);
    }
}

void debrief_records(work_t *w)
{
    const shift_t *shift = w->shift;
    for (int line = 0; line < SHIFT_LINES; line++)
        if (shift->lines[line].used && shift->lines[line].start_up_s == NEVER) w->blank_records++;
    if (!shift->handed_over) w->blank_records++;
    for (int32_t i = 0; i < shift->log_count; i++) w->debrief->sop_opened += shift->log[i].kind == ACT_OPEN_SOP;
    if (w->blank_records == 0) return;
    finding_t *f = debrief_finding(w->debrief, FINDING_BLANK_RECORD, shift->ended_s);
    if (!f) return;
    f->points = w->blank_records * w->weights.blank_record;
    snprintf(f->text, sizeof f->text,
             "%d entries were left blank: start-up logs, causes of rejected controls, or the hand-over note.",
             w->blank_records);
}
