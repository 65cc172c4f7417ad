/* The checklist of a route. Days of work follow the rule's own arithmetic (a year is 365 days of full time); credit
 * follows the person's pace in half-years of 182 days; the last good day of a window is searched by asking the rule. */
#include "road/steps.h"
#include "road/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TERM_DAYS = 182, WEEK_DAYS = 7 };

typedef struct {
    const record_t *record;
    const route_result_t *result;
    int32_t today;
    pace_t pace;
    steps_t *steps;
} maker_t;

static int64_t up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* Days that what is missing takes, -1 when nothing says. */
static int64_t days_left(const leaf_t *leaf, const measure_t *m, pace_t pace)
{
    int64_t left = m->need - m->least, weekly = (int64_t)pace.hours_per_week * 1000;
    if (!m->measured || left <= 0) return -1;
    switch (leaf->kind) {
    case LEAF_EXPERIENCE:
        if (weekly > leaf->full_time) weekly = leaf->full_time;
        return up(left * FTE_YEAR_DAYS * leaf->full_time, weekly * 1000);
    case LEAF_WORK_HOURS:
        return up(left * WEEK_DAYS, weekly);
    case LEAF_SEMESTER_HOURS:
        return up(left * TERM_DAYS, (int64_t)pace.credits_per_term * 1000);
    case LEAF_AGE:
        return left * FTE_YEAR_DAYS / 1000;
    default:
        return -1;
    }
}

/* The last day on which a windowed condition that holds today still holds. */
static int32_t holds_until(const maker_t *m, const leaf_t *leaf)
{
    measure_t measure;
    int32_t good = m->today, bad = day_add_years(m->today, (int)leaf->within_years) + 2;
    if (bad > DAY_LAST) return STEP_DAY_UNKNOWN;
    if (leaf_evaluate(m->record, m->result->goal, leaf, when_day(bad), &measure).worst == VALUE_MET)
        return STEP_DAY_UNKNOWN;
    while (good + 1 < bad) {
        int32_t middle = good + (bad - good) / 2;
        bool holds = leaf_evaluate(m->record, m->result->goal, leaf, when_day(middle), &measure).worst == VALUE_MET;
        *(holds ? &good : &bad) = middle;
    }
    return good;
}

static void add_leaf(maker_t *m, const leaf_result_t *leaf)
{
    step_t step = {.leaf = leaf->leaf, .finding = verdict_finding(leaf->verdict), .day = STEP_DAY_UNKNOWN};
    measure_t measure;
    text_t far_of;
    if (step.finding == FINDING_MET) {
        verdict_t now = leaf_evaluate(m->record, m->result->goal, leaf->leaf, when_day(m->today), &measure);
        if (leaf->leaf->within_years == 0 || now.worst != VALUE_MET) return;
        step.until = true;
        step.day = holds_until(m, leaf->leaf);
        if (step.day == STEP_DAY_UNKNOWN) return;
    } else {
        int64_t days = days_left(leaf->leaf, &leaf->measure, m->pace);
        if (days >= 0 && days < DAY_LAST - m->today) step.day = m->today + (int32_t)days;
        if (step.day == STEP_DAY_UNKNOWN)
            m->steps->undated++;
        else if (step.day > m->steps->earliest)
            m->steps->earliest = step.day;
    }
    text_init(&far_of, sizeof step.far_of);
    how_far(leaf->leaf, &leaf->measure, &far_of);
    if (far_of.data != NULL) snprintf(step.far_of, sizeof step.far_of, "%s", far_of.data);
    text_free(&far_of);
    m->steps->items[m->steps->count++] = step;
}

static void add_node(maker_t *m, const node_t *node)
{
    if (node->kind == NODE_LEAF) {
        add_leaf(m, &m->result->leaves[node->index]);
        return;
    }
    finding_t finding = verdict_finding(node_verdict(node, m->result));
    if (node->kind == NODE_ANY && finding != FINDING_MET) {
        add_node(m, &node->children[node_closest(node, m->result)]);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        bool met = verdict_finding(node_verdict(&node->children[i], m->result)) == FINDING_MET;
        if (node->kind == NODE_ALL || met) add_node(m, &node->children[i]);
        if (node->kind == NODE_ANY && met) break; /* one that holds is enough */
    }
}

bool steps_make(const record_t *record, const route_result_t *result, int32_t today, pace_t pace, arena_t *arena,
                steps_t *steps, err_t *err)
{
    assert(pace.hours_per_week >= 1 && pace.credits_per_term >= 1);
    *steps = (steps_t){.earliest = today};
    steps->items = arena_array(arena, result->route->leaves + 1, sizeof *steps->items);
    if (steps->items == NULL) return err_set(err, ERR_LIMIT, "There is no room for the steps of the route.");
    maker_t m = {record, result, today, pace, steps};
    if (result->leaves != NULL) add_node(&m, result->route->requires);
    return true;
}

/* ---- calendar ---- */

static void add_event(text_t *out, const step_t *step, const route_result_t *result, int64_t stamp_ms)
{
    enum { UID_MAX = 160, SUMMARY_MAX = 1000, DETAILS_MAX = 4000 };
    static const int remind[] = {30, 7};
    char uid[UID_MAX];
    text_t summary, details;
    text_init(&summary, SUMMARY_MAX);
    text_init(&details, DETAILS_MAX);
    snprintf(uid, sizeof uid, "%s-%s@titer", result->route->id, step->leaf->id);
    text_addf(&summary, "%s: %s", result->route->id, step->until ? "last day to apply with " : "earliest day for ");
    text_add(&summary, step->leaf->says);
    text_add(&details,
             "Computed from your record and your pace. The board decides; check with the body before you pay.\n");
    text_addf(&details, "Source: %s (as of %s)", result->route->source[0], result->route->as_of);
    out->failed = out->failed || summary.failed || details.failed;
    if (!out->failed)
        calendar_event(out,
                       &(calendar_event_t){.uid = uid,
                                           .summary = summary.data,
                                           .details = details.data,
                                           .day = step->day,
                                           .remind_days = remind,
                                           .remind_count = 2},
                       stamp_ms);
    text_free(&summary);
    text_free(&details);
}

void steps_calendar(const steps_t *steps, const route_result_t *result, int64_t stamp_ms, text_t *out)
{
    calendar_begin(out, result->route->id);
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].day != STEP_DAY_UNKNOWN) add_event(out, &steps->items[i], result, stamp_ms);
    calendar_end(out);
}
