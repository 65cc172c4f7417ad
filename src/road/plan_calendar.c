/* A plan as a calendar file: when each step begins at the earliest, by when it is done at the latest, and the goal. */
#include "road/calendar.h"
#include "road/plan.h"

#include <stdio.h>

enum { UID_MAX = 160, SUMMARY_LIMIT = 1000, DETAILS_LIMIT = 16000 };

typedef struct {
    text_t *out;
    int64_t stamp_ms;
    text_t summary, details;
} calendar_t;

static void event(calendar_t *c, const char *uid, int32_t day)
{
    static const int remind[] = {30, 7};
    calendar_event(c->out,
                   &(calendar_event_t){.uid = uid,
                                       .summary = c->summary.data ? c->summary.data : "",
                                       .details = c->details.data,
                                       .day = day,
                                       .remind_days = remind,
                                       .remind_count = 2},
                   c->stamp_ms);
    if (c->summary.failed || c->details.failed) c->out->failed = true;
    text_clear(&c->summary);
    text_clear(&c->details);
}

static void step_details(const plan_step_t *step, text_t *details)
{
    for (int i = 0; i < step->reason_count; i++)
        text_addf(details, "%s: %s\n", i == 0 ? "Needed for" : "and for", step->reasons[i]);
    if (step->by) text_addf(details, "By route %s\n", step->by);
    if (step->doubt) text_addf(details, "In doubt: %s\n", step->doubt);
    if (step->source && step->source[0]) text_addf(details, "Source: %s (as of %s)\n", step->source[0], step->as_of);
}

static void step_events(calendar_t *c, const plan_t *plan, const plan_step_t *step)
{
    char uid[UID_MAX], early[WHEN_TEXT_MAX];
    snprintf(uid, sizeof uid, "plan-%s-%s-%s-begin@titer", plan->goal, plan_best_word(plan->best), step->id);
    text_addf(&c->summary, "Begin: %s", step->title);
    step_details(step, &c->details);
    event(c, uid, step->start_low);
    snprintf(uid, sizeof uid, "plan-%s-%s-%s-end@titer", plan->goal, plan_best_word(plan->best), step->id);
    when_write(when_day(step->end_low), early);
    text_addf(&c->summary, "Done at the latest: %s", step->title);
    text_addf(&c->details, "At the earliest on %s\n", early);
    step_details(step, &c->details);
    event(c, uid, step->end);
}

void plan_calendar(const plan_t *plan, int64_t stamp_ms, text_t *out)
{
    calendar_t c = {.out = out, .stamp_ms = stamp_ms};
    char uid[UID_MAX];
    text_init(&c.summary, SUMMARY_LIMIT);
    text_init(&c.details, DETAILS_LIMIT);
    calendar_begin(out, plan->title ? plan->title : plan->goal);
    for (int i = 0; i < plan->count; i++) step_events(&c, plan, &plan->step[i]);
    if (plan->found) {
        snprintf(uid, sizeof uid, "plan-%s-%s@titer", plan->goal, plan_best_word(plan->best));
        text_addf(&c.summary, "Goal: %s", plan->title);
        for (const char *const *taken = plan_taken_for_granted(); *taken; taken++)
            text_addf(&c.details, "%s\n", *taken);
        event(&c, uid, plan->end);
    }
    calendar_end(out);
    text_free(&c.summary);
    text_free(&c.details);
}
