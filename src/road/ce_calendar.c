/* Deadlines and the steps of the shortest way as a calendar file. */
#include "road/calendar.h"
#include "road/ce.h"

#include <stdio.h>

static void deadline_event(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *r, int64_t stamp_ms)
{
    static const int remind[] = {90, 30, 7};
    const ce_held_t *held = &ledger->held[r->held];
    const ce_rule_t *rule = &ce->rules[held->rule];
    char uid[120], summary[200], details[400], when[WHEN_TEXT_MAX];
    if (when_is_unknown(r->deadline) || r->state == CE_NONE_ASKED) return;
    snprintf(uid, sizeof uid, "deadline-%d-%.60s@titer", (int)r->deadline.first, held->id);
    snprintf(summary, sizeof summary, "Continuing education due: %.100s", rule->title);
    when_write(r->deadline, when);
    snprintf(details, sizeof details, "State: %s.\n%sCheck with the body before you pay.", ce_state_word(r->state),
             when_is_day(r->deadline) ? "" : "The deadline is known only in part: this is its earliest day.\n");
    calendar_event(out,
                   &(calendar_event_t){.uid = uid,
                                       .summary = summary,
                                       .details = details,
                                       .day = r->deadline.first,
                                       .remind_days = remind,
                                       .remind_count = 3},
                   stamp_ms);
}

static void step_event(text_t *out, const ce_t *ce, const ce_step_t *s, int64_t stamp_ms)
{
    static const int remind[] = {30, 7};
    const char *topic = s->topic < 0 ? "any topic of laboratory practice" : ce->topics[s->topic].title;
    char uid[120], summary[200];
    snprintf(uid, sizeof uid, "step-%d-%.60s@titer", (int)s->by, s->topic < 0 ? "any" : ce->topics[s->topic].id);
    snprintf(summary, sizeof summary, "%d hour%s done by today: %.100s", (int)s->hours, s->hours == 1 ? "" : "s",
             topic);
    calendar_event(
        out,
        &(calendar_event_t){.uid = uid, .summary = summary, .day = s->by, .remind_days = remind, .remind_count = 2},
        stamp_ms);
}

void ce_calendar(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results, const ce_plan_t *plan,
                 int64_t stamp_ms)
{
    calendar_begin(out, "Continuing education");
    for (int i = 0; i < ledger->held_count; i++) deadline_event(out, ce, ledger, &results[i], stamp_ms);
    for (int i = 0; i < plan->step_count; i++) step_event(out, ce, &plan->steps[i], stamp_ms);
    calendar_end(out);
}
