/* Every scenario is solvable and fair: where something is planted, the careful autopilot leads each
 * naive one by at least 25 points on at least 95 of 100 seeds; on the quiet day it is at most 5
 * points below accepting everything. And a shift is its events: the careful run, folded again from
 * its actions, has the same name for its state, at any size of step. No briefing points at what is
 * planted. Usage: scenarios [SEEDS] */
#include "base/content.h"
#include "lab/debrief.h"
#include "lab/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACTIONS_MAX = 8000 };

typedef struct {
    int32_t at_s;
    action_t action;
} taken_t;

typedef struct {
    taken_t *list;
    int count;
} recording_t;

static void record(void *context, int32_t at_s, const action_t *action)
{
    recording_t *r = context;
    if (r->count < ACTIONS_MAX) r->list[r->count++] = (taken_t){at_s, *action};
}

static int check_fair(const lab_t *lab, const scenario_t *scenario, int seeds)
{
    scenario_view_t view;
    scenario_verdict_t v;
    err_t err = {0};
    scenario_view(scenario, &view);
    bool ok = debrief_check_scenario(lab, scenario, seeds, &v, &err);
    printf("%-18s careful %5.1f  accept-all %5.1f  reject-all %5.1f  call-everything %5.1f  led %.2f %.2f %.2f  %s%s\n",
           view.id, v.mean[0], v.mean[1], v.mean[2], v.mean[3], v.beaten[1], v.beaten[2], v.beaten[3],
           ok ? v.why : err.text, ok && v.solvable && v.fair ? "ok" : " WRONG");
    return !(ok && v.solvable && v.fair);
}

/* Replays a recording in steps of `step` seconds between the actions. */
static uint64_t replay(const lab_t *lab, const scenario_t *scenario, uint64_t seed, const recording_t *r, int32_t step)
{
    shift_t *shift;
    err_t err = {0};
    if (!shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err)) return 0;
    for (int i = 0; i < r->count; i++) {
        while (shift_now_s(shift) + step < r->list[i].at_s) shift_advance(shift, shift_now_s(shift) + step);
        shift_advance(shift, r->list[i].at_s);
        if (!shift_act(shift, &r->list[i].action, &err)) printf("refused at %d: %s\n", (int)r->list[i].at_s, err.text);
    }
    shift_advance(shift, shift_length_s(shift));
    uint64_t hash = shift_hash(shift);
    shift_free(shift);
    return hash;
}

static int check_replay(const lab_t *lab, const scenario_t *scenario, uint64_t seed)
{
    recording_t r = {.list = calloc(ACTIONS_MAX, sizeof *r.list)};
    shift_t *shift;
    err_t err = {0};
    int wrong = 1;
    if (r.list && shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err)) {
        pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), record, &r, &err);
        uint64_t hash = shift_hash(shift);
        int32_t reopened = 0; /* what was sent back stays so, though slower tests of it were still running */
        log_view_t entry;
        specimen_view_t v;
        for (int32_t i = 0; shift_log(shift, i, &entry); i++)
            reopened +=
                entry.kind == ACT_REJECT && shift_specimen(shift, entry.specimen, &v) && v.state != SPECIMEN_REJECTED;
        if (reopened) printf("seed %llu: %d rejected specimens came back\n", (unsigned long long)seed, (int)reopened);
        wrong =
            reopened || hash != replay(lab, scenario, seed, &r, 100000) || hash != replay(lab, scenario, seed, &r, 7);
        shift_free(shift);
    }
    free(r.list);
    if (wrong) printf("seed %llu: the replay differs\n", (unsigned long long)seed);
    return wrong;
}

/* The benches of a scenario: those whose lines are in use. */
static unsigned benches_of(const lab_t *lab, const scenario_t *scenario)
{
    shift_t *shift;
    err_t err = {0};
    unsigned benches = 0;
    if (!shift_start(&shift, lab, scenario, 1, MODE_ASSESS, &err)) return 0;
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_view_t view;
        if (shift_line(shift, line, &view)) benches |= 1u << view.bench;
    }
    shift_free(shift);
    return benches;
}

/* The procedures in the briefing must not point at what is planted: all scenarios of one role at the same benches name
 * the same. */
static int check_no_hint(const lab_t *lab, int index)
{
    scenario_view_t first, view;
    unsigned benches = benches_of(lab, scenario_get(lab, index));
    scenario_view(scenario_get(lab, index), &view);
    for (int i = 0; i <= index; i++) {
        scenario_view(scenario_get(lab, i), &first);
        if (strcmp(first.role, view.role) == 0 && benches_of(lab, scenario_get(lab, i)) == benches) break;
    }
    bool same = view.sop_count == first.sop_count;
    for (int i = 0; same && i < view.sop_count; i++) same = strcmp(view.sops[i], first.sops[i]) == 0;
    if (!same) printf("%s: its procedures differ from those of %s: a hint\n", view.id, first.id);
    return !same;
}

/* On shifts as in life, critical results are as rare as laboratories report: between 0.2 % of results (all patients of
 * large laboratories) and 2 % (median of 121 institutions; CAP Q-Probes, CAP Today, February 2008). */
static int check_criticals(const lab_t *lab, const char *id)
{
    enum { SEEDS = 10 };
    double results = 0, criticals = 0;
    err_t err = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        shift_t *shift;
        if (!shift_start(&shift, lab, scenario_find(lab, id), seed, MODE_ASSESS, &err)) return 1;
        pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), NULL, NULL, &err);
        for (int32_t i = 0; i < shift_result_count(shift); i++) {
            result_view_t v;
            if (!shift_result(shift, i, &v) || v.rerun_of >= 0) continue;
            results += 1;
            criticals += v.critical;
        }
        shift_free(shift);
    }
    bool rare = criticals >= 0.002 * results && criticals <= 0.02 * results;
    printf("%-18s %.2f %% of %.0f results are critical%s\n", id, results > 0 ? 100 * criticals / results : 0, results,
           rare ? "" : " WRONG");
    return !rare;
}

int main(int argc, char **argv)
{
    int seeds = argc > 1 ? atoi(argv[1]) : 100, wrong = 0;
    lab_t *lab;
    err_t err = {0};
    if (!lab_open(&lab, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    for (int i = 0; i < scenario_count(lab); i++) {
        wrong += check_fair(lab, scenario_get(lab, i), seeds);
        wrong += check_no_hint(lab, i);
        for (uint64_t seed = 1; seed <= 3; seed++) wrong += check_replay(lab, scenario_get(lab, i), seed);
    }
    wrong += check_criticals(lab, "full-day") + check_criticals(lab, "whole-house");
    lab_close(lab);
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
