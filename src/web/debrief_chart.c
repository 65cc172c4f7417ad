/* The timeline of a shift that is over, in five lanes: what came, controls, telephone, decisions, and what
 * was planted. The last lane is truth, which is why this picture is made here and not on a bench. */
#include "debrief_parts.h"

#include <string.h>

enum { LANE_SPECIMENS, LANE_CONTROLS, LANE_PHONE, LANE_DECISIONS, LANE_PLANTED, LANES };

const char *debrief_plant_words(const debrief_load_t *load, const char *what)
{
    fault_view_t view;
    if (what == NULL || what[0] == '\0') return "Something planted";
    int fault = lab_fault_find(load->lab, what);
    if (fault >= 0 && lab_fault(load->lab, fault, &view)) return view.name;
    char name[80];
    size_t length = strlen(what);
    if (length >= sizeof name) length = sizeof name - 1;
    for (size_t i = 0; i < length; i++) name[i] = what[i] == '_' ? ' ' : what[i];
    name[length] = '\0';
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = (char)(name[0] - 'a' + 'A');
    return words(load->arena, "%s", name);
}

static void add(timeline_event_t *events, int *count, const debrief_load_t *load, timeline_event_t event)
{
    if (*count == TIMELINE_MAX_EVENTS) return;
    if (event.at_s < 0) event.at_s = 0;
    if (event.at_s > load->end_s) return;
    if (event.until_s > load->end_s) event.until_s = load->end_s;
    int at = (*count)++;
    for (; at > 0 && events[at - 1].at_s > event.at_s; at--) events[at] = events[at - 1];
    events[at] = event;
}

static void add_notices(timeline_event_t *events, int *count, const debrief_load_t *load)
{
    for (int32_t i = 0; i < shift_notice_count(load->shift); i++) {
        const notice_t *n = shift_notice(load->shift, i);
        timeline_event_t e = {.at_s = n->at_s, .tone = TONE_PLAIN};
        switch (n->kind) {
        case NOTICE_ARRIVED:
            e.lane = LANE_SPECIMENS;
            break;
        case NOTICE_LATE:
            e.lane = LANE_SPECIMENS, e.tone = TONE_WARN;
            break;
        case NOTICE_QC:
            e.lane = LANE_CONTROLS;
            break;
        case NOTICE_AVERAGE:
            e.lane = LANE_CONTROLS, e.tone = TONE_WARN;
            break;
        case NOTICE_ALARM:
            e.lane = LANE_CONTROLS, e.tone = TONE_WARN;
            break;
        case NOTICE_RING:
            e.lane = LANE_PHONE;
            break;
        case NOTICE_CALL_LOST:
            e.lane = LANE_PHONE, e.tone = TONE_WARN;
            break;
        default:
            continue;
        }
        add(events, count, load, e);
    }
}

static draw_tone_t finding_tone(const finding_t *f)
{
    switch (f->kind) {
    case FINDING_CAUGHT:
    case FINDING_RIGHT_REJECTION:
    case FINDING_UNFIT_SETTLED:
    case FINDING_CRITICAL_CALLED:
    case FINDING_QC_CAUGHT:
    case FINDING_WORKUP_DONE:
    case FINDING_SURVEY_PASSED:
    case FINDING_CARE_DONE:
    case FINDING_REVIEW_DONE:
        return TONE_OK;
    case FINDING_UNKNOWABLE:
        return TONE_INFO;
    default:
        return f->harm >= HARM_MODERATE ? TONE_CRIT : TONE_WARN;
    }
}

/* Findings first: should a long shift have more than the picture takes, arrivals are left out. */
static void add_findings(timeline_event_t *events, int *count, const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    for (int i = 0; i < d->finding_count; i++) {
        const finding_t *f = &d->findings[i];
        const char *label = NULL;
        if (i < DEBRIEF_MOMENTS && f->points > 0)
            label = words(load->arena, "−%s", words_fixed(load->arena, f->points, 0));
        add(events, count, load,
            (timeline_event_t){.at_s = f->at_s, .lane = LANE_DECISIONS, .tone = finding_tone(f), .label = label});
    }
    for (int i = 0; i < d->planted_count; i++) {
        const planted_t *p = &d->planted[i];
        int32_t until = p->caught ? p->caught_s : 0;
        add(events, count, load,
            (timeline_event_t){.at_s = p->at_s,
                               .until_s = until,
                               .lane = LANE_PLANTED,
                               .tone = p->caught ? TONE_OK : TONE_WARN,
                               .label = debrief_plant_words(load, p->what)});
    }
}

bool debrief_timeline(timeline_chart_t *chart, const debrief_load_t *load, int at_min, err_t *err)
{
    timeline_event_t *events = arena_array(load->arena, TIMELINE_MAX_EVENTS, sizeof *events);
    if (events == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this picture.");
    int count = 0;
    add_findings(events, &count, load);
    add_notices(events, &count, load);
    *chart = (timeline_chart_t){
        .length_s = load->end_s > 0 ? load->end_s : 1,
        .clock_s = shift_clock_s(load->shift, 0),
        .has_cursor = true,
        .cursor_s = at_min * 60,
        .lane_count = LANES,
        .lanes = {"Specimens", "Controls", "Telephone", "Decisions", "Planted"},
        .events = events,
        .event_count = count,
    };
    return true;
}
