/* What hands do with tubes: spins, labels, stores, added tests and aliquots, each verb by what it changes, what it
 * refuses and what the debrief says; and over many seeds and random hands that no tube is in two places. */
#include "base/content.h"
#include "debrief_private.h"
#include "lab/lab.h"
#include "lab/tray.h"
#include "shift_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCENARIO_BYTES = 4000 };

static int wrong, checks;

static bool ok(bool right, const char *what)
{
    checks++;
    if (right) return true;
    wrong++;
    printf("not ok: %s\n", what);
    return false;
}

static const char *const head = "id: tray-case\ntitle: \"A case\"\nsummary: \"A case.\"\nrole: \"Technician\"\n"
                                "staffing: \"You\"\nstart: \"06:00\"\nminutes: 240\nbackground: 0\n"
                                "settings: {inpatient: 1}\nobjectives: [\"x\"]\nbriefing: [\"x\"]\nqc_at: [\"0:05\"]\n";

typedef struct {
    scenario_t *scenario;
    shift_t *shift;
} case_t;

static case_t begin(const lab_t *lab, const char *keys, const char *plants, uint64_t seed)
{
    char text[SCENARIO_BYTES];
    err_t err = {0};
    case_t c = {0};
    int n = snprintf(text, sizeof text, "%s%s%s%s", head, keys, plants[0] ? "planted:\n" : "", plants);
    if (!scenario_read(lab, "case.yaml", (const unsigned char *)text, (size_t)n, &c.scenario, &err) ||
        !shift_start(&c.shift, lab, c.scenario, seed, MODE_ASSESS, &err)) {
        printf("%s\n", err.text);
        abort();
    }
    return c;
}

static void end(case_t *c)
{
    shift_free(c->shift);
    scenario_free(c->scenario);
    *c = (case_t){0};
}

static const char MANUAL[] = "reception: trainee\nhandling: manual\nspecimens: 0\n";

static bool act(shift_t *shift, action_t action)
{
    err_t err = {0};
    return shift_act(shift, &action, &err);
}

/* Refused, with that part of a sentence. */
static void refused(shift_t *shift, action_t action, const char *part)
{
    err_t err = {0};
    uint64_t before = shift_hash(shift);
    ok(!shift_act(shift, &action, &err), part);
    if (!ok(strstr(err.text, part) != NULL, part)) printf("  said: %s\n", err.text);
    ok(shift_hash(shift) == before, "a refused action changes nothing");
}

static action_t on_one(action_kind_t kind, int32_t specimen)
{
    action_t action = action_make(kind);
    action.specimen = specimen;
    return action;
}

static action_t on_list(action_kind_t kind, const int32_t *list, int count)
{
    action_t action = action_make(kind);
    action.count = count;
    memcpy(action.list, list, (size_t)count * sizeof *list);
    return action;
}

static specimen_t *tube(shift_t *shift, int32_t index)
{
    return &shift->specimens[index];
}

static int findings(shift_t *shift, finding_kind_t kind, harm_t *worst)
{
    err_t err = {0};
    debrief_t *d = NULL;
    int count = 0;
    shift_advance(shift, shift->length_s);
    if (!ok(debrief_make(shift, &d, &err), "the debrief opens")) return 0;
    for (int i = 0; i < d->finding_count; i++) {
        if (d->findings[i].kind != kind) continue;
        count++;
        if (worst && d->findings[i].harm > *worst) *worst = d->findings[i].harm;
    }
    debrief_free(d);
    return count;
}

/* ---- spins ---- */

static int32_t received(case_t *c, int32_t list[], int most)
{
    int n = 0;
    for (int32_t i = 0; i < c->shift->specimen_count && n < most; i++)
        if (tube(c->shift, i)->state == SPECIMEN_TRAY) list[n++] = i;
    for (int i = 0; i < n; i++) act(c->shift, on_list(ACT_ACCEPT, &list[i], 1));
    return n;
}

static const char LOADED[] = "reception: trainee\nhandling: manual\nspecimens: 0\npending: 60\n";

static void test_spin(const lab_t *lab)
{
    int32_t list[60];
    case_t c = begin(lab, LOADED, "", 3);
    int n = received(&c, list, 60);
    ok(n == 60, "sixty tubes wait");
    shift_advance(c.shift, 45 * 60);
    centrifuge_view_t run;
    ok(!shift_centrifuge(c.shift, 0, &run), "a centrifuge stands before anybody starts it");
    refused(c.shift, on_list(ACT_SPIN, list, 25), "holds 24");
    action_t plain = on_list(ACT_SPIN, list, 3);
    int32_t began = c.shift->now_s;
    ok(act(c.shift, plain), "program, minutes and balance need not be said");
    ok(shift_centrifuge(c.shift, 0, &run) && run.count == 3 && run.balance_tube && run.minutes == 10 &&
           run.until_s == began + 600,
       "then it is the program of the tubes, in balance");
    action_t second = on_list(ACT_SPIN, list + 3, 4);
    second.code = lab_spin_program_find(lab, "serum");
    second.number = 4;
    second.run = BALANCE_NONE;
    ok(act(c.shift, second), "an even load runs without a balance tube");
    refused(c.shift, on_list(ACT_SPIN, list + 7, 1), "Both centrifuges are running");
    refused(c.shift, on_list(ACT_SPIN, list, 1), "not spun yet");
    shift_advance(c.shift, began + 12 * 60);
    ok(tube(c.shift, list[0])->state == SPECIMEN_SPUN && !tube(c.shift, list[0])->short_spin, "ten minutes are enough");
    ok(tube(c.shift, list[3])->state == SPECIMEN_SPUN && tube(c.shift, list[3])->short_spin, "four are not");
    ok(!(shift_specimen_look(c.shift, list[3]) & LOOK_NOT_PACKED), "nobody has looked");
    act(c.shift, on_one(ACT_LOOK_TUBE, list[3]));
    ok(shift_specimen_look(c.shift, list[3]) & LOOK_NOT_PACKED, "the eye sees it");
    ok(act(c.shift, on_list(ACT_SPIN, list + 3, 2)), "and it is spun again");
    shift_advance(c.shift, c.shift->now_s + 11 * 60);
    ok(!tube(c.shift, list[3])->short_spin && !(shift_specimen_look(c.shift, list[3]) & LOOK_NOT_PACKED), "in full");
    action_t load = on_list(ACT_LOAD, list + 3, 4);
    load.line = 0;
    ok(act(c.shift, load), "all four are loaded");
    ok(findings(c.shift, FINDING_TUBE_SPIN, NULL) == 2, "the two that stayed short are found");
    end(&c);
}

static void test_balance(const lab_t *lab)
{
    int32_t list[3];
    case_t c = begin(lab, LOADED, "", 4);
    received(&c, list, 3);
    shift_advance(c.shift, 45 * 60);
    action_t odd = on_list(ACT_SPIN, list, 3);
    odd.run = BALANCE_NONE;
    int32_t began = c.shift->now_s;
    ok(act(c.shift, odd), "an odd load starts");
    shift_advance(c.shift, began + 119);
    ok(tube(c.shift, list[0])->state == SPECIMEN_SPINNING, "it runs up");
    int notices = 0;
    shift_advance(c.shift, began + 121);
    for (int32_t i = 0; i < shift_notice_count(c.shift); i++)
        notices += shift_notice(c.shift, i)->kind == NOTICE_SPUN && shift_notice(c.shift, i)->code == 1;
    ok(notices == 3 && tube(c.shift, list[2])->state == SPECIMEN_RECEIVED && tube(c.shift, list[2])->spun_s == NEVER,
       "and stops out of balance, nothing spun");
    centrifuge_view_t run;
    ok(!shift_centrifuge(c.shift, 0, &run), "and is free again");
    odd.run = BALANCE_TUBE;
    ok(act(c.shift, odd), "with a balance tube it runs");
    shift_advance(c.shift, c.shift->now_s + 11 * 60);
    ok(tube(c.shift, list[2])->state == SPECIMEN_SPUN, "to the end");
    odd = on_list(ACT_SPIN, list, 1);
    odd.run = BALANCE_COUNT;
    refused(c.shift, odd, "not spun yet");
    end(&c);
}

/* ---- labels ---- */

static const char CROOKED[] = "  - {kind: specimen, at: \"0:00\", panel: bmp, fault: label_unreadable, severity: 1, "
                              "collected_minutes_before: 60}\n";
static const char NOBODY[] = "  - {kind: label, at: \"0:00\", panel: bmp, collected_minutes_before: 60}\n";
static const char TRACK[] = "reception: trainee\nhandling: track\nspecimens: 0\n";

/* Accepted, spun and carried to the needle by the track. */
static int32_t comes_back(case_t *c)
{
    int32_t first = 0;
    act(c->shift, on_list(ACT_ACCEPT, &first, 1));
    shift_advance(c->shift, 30 * 60);
    ok(tube(c->shift, 0)->state == SPECIMEN_SPUN && tube(c->shift, 0)->unread_s != NEVER, "the tube came back unread");
    ok(tube(c->shift, 0)->first_result < 0, "without a result");
    return 0;
}

static void load_again(case_t *c)
{
    int32_t first = 0;
    action_t load = on_list(ACT_LOAD, &first, 1);
    load.line = 0;
    ok(act(c->shift, load), "it is loaded by hand");
    shift_advance(c->shift, c->shift->now_s + 40 * 60);
}

static void test_label(const lab_t *lab)
{
    harm_t worst = HARM_NONE;
    case_t c = begin(lab, TRACK, CROOKED, 5);
    comes_back(&c);
    ok(tube(c.shift, 0)->fault_count == 0, "nothing is wrong with the blood");
    load_again(&c);
    ok(tube(c.shift, 0)->first_result < 0, "unread it comes back again");
    act(c.shift, on_one(ACT_INSPECT, 0));
    ok(shift_specimen_look(c.shift, 0) & LOOK_LABEL_CROOKED, "the eye sees why");
    ok(act(c.shift, on_one(ACT_LABEL, 0)), "a fresh label");
    load_again(&c);
    ok(tube(c.shift, 0)->first_result >= 0, "is read");
    ok(findings(c.shift, FINDING_TUBE_DONE, NULL) == 1 && findings(c.shift, FINDING_TUBE_LABEL, NULL) == 0,
       "compared and relabeled: as it should be");
    end(&c);

    c = begin(lab, TRACK, CROOKED, 5);
    act(c.shift, on_one(ACT_INSPECT, 0)); /* before, but not since it came back */
    comes_back(&c);
    act(c.shift, on_one(ACT_LABEL, 0));
    load_again(&c);
    ok(findings(c.shift, FINDING_TUBE_LABEL, &worst) == 1 && worst == HARM_MINOR, "without comparing: found");
    end(&c);

    c = begin(lab, TRACK, CROOKED, 5);
    comes_back(&c);
    ok(findings(c.shift, FINDING_TUBE_LABEL, NULL) == 1, "left lying: found");
    end(&c);

    c = begin(lab, TRACK, NOBODY, 5);
    comes_back(&c);
    act(c.shift, on_one(ACT_INSPECT, 0));
    act(c.shift, on_one(ACT_LABEL, 0));
    specimen_view_t v;
    ok(shift_specimen(c.shift, 0, &v) && strcmp(v.label_mrn, v.order.mrn) == 0, "the printer prints the order");
    load_again(&c);
    worst = HARM_NONE;
    ok(findings(c.shift, FINDING_TUBE_LABEL, &worst) == 1 && worst == HARM_SEVERE, "a label for nobody's tube: severe");
    end(&c);

    c = begin(lab, MANUAL, CROOKED, 5);
    refused(c.shift, on_one(ACT_LABEL, 7), "no such specimen");
    act(c.shift, on_one(ACT_INSPECT, 0));
    ok(act(c.shift, on_one(ACT_LABEL, 0)), "also in the tray");
    int32_t first = 0;
    action_t reject = on_list(ACT_REJECT, &first, 1);
    reject.code = 0;
    act(c.shift, reject);
    refused(c.shift, on_one(ACT_LABEL, 0), "rejected");
    ok(findings(c.shift, FINDING_WRONG_REJECTION, NULL) == 1, "a label that can be replaced is no reason to draw again");
    end(&c);
}

int main(void)
{
    lab_t *lab;
    err_t err = {0};
    if (!lab_open(&lab, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    test_spin(lab);
    test_balance(lab);
    test_label(lab);
    lab_close(lab);
    printf("%d checks, %d wrong\n", checks, wrong);
    return wrong != 0;
}
