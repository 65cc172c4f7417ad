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
                                "staffing: \"You\"\nstart: \"06:00\"\nminutes: 720\nbackground: 0\n"
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

static err_t last;

static bool act(shift_t *shift, action_t action)
{
    last = (err_t){0};
    return shift_act(shift, &action, &last);
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
    ok(findings(c.shift, FINDING_WRONG_REJECTION, NULL) == 1,
       "a label that can be replaced is no reason to draw again");
    end(&c);
}

/* ---- the store, and one more test ---- */

static int findings_of(shift_t *shift, finding_kind_t kind)
{
    return findings(shift, kind, NULL);
}

static const char WARD[] = "reception: trainee\nhandling: track\nspecimens: 0\npending: 8\n";

/* Accepted, run by the track, all released by hand. */
static void all_done(case_t *c)
{
    int32_t list[60];
    received(c, list, 60);
    for (int step = 0; step < 60; step++) {
        shift_advance(c->shift, c->shift->now_s + 120);
        for (int line = 0; line < SHIFT_LINES; line++) {
            action_t judge = action_make(ACT_ACCEPT_QC_RUN);
            judge.line = line;
            judge.run = 1;
            act(c->shift, judge);
        }
        int32_t held[64], n = shift_held(c->shift, held, 64);
        for (int32_t i = 0; i < n; i++) {
            action_t verify = on_list(ACT_VERIFY, &held[i], 1);
            act(c->shift, verify);
        }
    }
}

static void test_store(const lab_t *lab)
{
    int32_t list[3] = {0, 1, 2};
    case_t c = begin(lab, WARD, "", 6);
    action_t put = on_list(ACT_STORE, list, 3);
    put.code = STORE_COLD;
    refused(c.shift, put, "have been run");
    all_done(&c);
    ok(tube(c.shift, 0)->state == SPECIMEN_DONE, "the tubes are done");
    put.code = STORE_COUNT;
    refused(c.shift, put, "Choose where");
    put.code = STORE_COLD;
    ok(act(c.shift, put), "three go into the store");
    specimen_view_t v;
    ok(shift_specimen(c.shift, 1, &v) && v.store == STORE_COLD && v.store_rack == 1 && v.store_place == 2,
       "in the order given, and the page says where");
    refused(c.shift, put, "in the store already");
    refused(c.shift, on_one(ACT_INSPECT, 1), "Take it out first");
    refused(c.shift, on_one(ACT_LABEL, 1), "Take it out first");
    action_t rerun = on_list(ACT_RERUN, &tube(c.shift, 1)->first_result, 1);
    refused(c.shift, rerun, "Take it out first");
    ok(act(c.shift, on_list(ACT_TAKE_OUT, list + 1, 1)), "one is taken out");
    refused(c.shift, on_list(ACT_TAKE_OUT, list + 1, 1), "not in the store");
    put.code = STORE_FROZEN;
    put.list[0] = 1;
    put.count = 1;
    ok(act(c.shift, put) && shift_specimen(c.shift, 1, &v) && v.store == STORE_FROZEN && v.store_place == 1,
       "and stored elsewhere");
    end(&c);
}

/* Of one tube: every value of its tests in patient and tube. */
static int values_of(const shift_t *shift, int32_t index, double out[2 * LAB_MAX_ANALYTES])
{
    const specimen_t *s = &shift->specimens[index];
    for (int a = 0; a < 2 * LAB_MAX_ANALYTES; a++) out[a] = -1;
    int n = 0;
    for (int a = 0; a < lab_analyte_count(shift->lab); a++) {
        int slot = specimen_slot(s, a);
        if (slot < 0 || s->values < 0) continue;
        out[2 * a] = specimen_truth(shift, s)[slot];
        out[2 * a + 1] = specimen_tube(shift, s)[slot];
        n++;
    }
    return n;
}

static void test_add_on(const lab_t *lab)
{
    static double before[2 * LAB_MAX_ANALYTES], after[2 * LAB_MAX_ANALYTES];
    for (uint64_t seed = 1; seed <= 12; seed++) {
        case_t c = begin(lab, "reception: trainee\nhandling: track\nspecimens: 0\npending: 8\n",
                         seed % 2 ? "" : CROOKED, seed);
        all_done(&c);
        for (int32_t s = 0; s < c.shift->specimen_count; s++) {
            if (tube(c.shift, s)->state != SPECIMEN_DONE) continue;
            int wanted = -1;
            for (int a = 0; a < lab_analyte_count(lab) && wanted < 0; a++)
                if (tests_has(c.shift->menu, a) && !tests_has(tube(c.shift, s)->tests, a) &&
                    lab_analyte(lab, a)->bench == BENCH_CHEMISTRY && (a + (int)seed) % 3 == 0)
                    wanted = a;
            int n = values_of(c.shift, s, before);
            int32_t results = c.shift->result_count;
            action_t add = on_one(ACT_ADD_ON, s);
            add.analyte = wanted;
            if (!ok(act(c.shift, add), last.text)) continue;
            ok(values_of(c.shift, s, after) == n + 1, "one value more");
            bool same = true;
            for (int a = 0; a < lab_analyte_count(lab); a++) /* bit by bit: NaN as well */
                same = same && (a == wanted || memcmp(before + 2 * a, after + 2 * a, 2 * sizeof *before) == 0);
            ok(same, "and the others stay as they were");
            shift_advance(c.shift, c.shift->now_s + 20 * 60);
            ok(shift_specimen_result(c.shift, s, wanted) >= results, "its result comes from that tube");
            refused(c.shift, add, "on the order already");
        }
        end(&c);
    }
}

static const char OLD_TUBE[] =
    "  - {kind: add_on, at: \"0:10\", panel: bmp, analyte: hs_tni, collected_minutes_before: 1620}\n";
static const char GOOD_TUBE[] =
    "  - {kind: add_on, at: \"0:10\", panel: bmp, analyte: hs_tni, collected_minutes_before: 600}\n";

static void test_orders(const lab_t *lab)
{
    int troponin = lab_analyte_find(lab, "hs_tni");
    int32_t first = 0;
    for (int k = 0; k < 5; k++) {
        bool old = k < 2, add = k == 0 || k == 2, nothing = k == 4;
        case_t c = begin(lab, MANUAL, old ? OLD_TUBE : GOOD_TUBE, 7);
        specimen_view_t v;
        tube_age_t age;
        add_on_view_t orders[ADD_ONS_MAX];
        ok(shift_specimen(c.shift, 0, &v) && v.store == STORE_COLD && v.state == SPECIMEN_DONE,
           "the night left a tube in the store");
        ok(shift_add_ons(c.shift, orders) == 0, "nothing is ordered yet");
        action_t decline = on_one(ACT_DECLINE, 0), take = on_one(ACT_ADD_ON, 0);
        decline.analyte = take.analyte = troponin;
        refused(c.shift, decline, "No such test waits");
        shift_advance(c.shift, 11 * 60);
        ok(shift_add_ons(c.shift, orders) == 1 && orders[0].analyte == troponin && orders[0].state == ADD_ON_OPEN,
           "then it is");
        ok(shift_tube_age(c.shift, 0, troponin, &age) && age.limit_h == 24 && age.too_old == old,
           "24 hours at 2 to 8 degrees");
        if (add) {
            refused(c.shift, take, "Take it out first");
            ok(act(c.shift, on_list(ACT_TAKE_OUT, &first, 1)) && act(c.shift, take), "taken out and added");
            shift_advance(c.shift, c.shift->now_s + 25 * 60);
            ok(shift_specimen_result(c.shift, 0, troponin) >= 0, "it ran");
        } else if (!nothing) {
            ok(act(c.shift, decline), "refused");
            ok(c.shift->specimen_count == 2 && tests_has(tube(c.shift, 1)->tests, troponin) &&
                   tube(c.shift, 1)->test_count == 1,
               "and drawn anew, for that test alone");
            refused(c.shift, decline, "No such test waits");
        }
        bool right = !nothing && add != old;
        shift_advance(c.shift, c.shift->length_s);
        ok(findings_of(c.shift, FINDING_TUBE_ADD_ON) == !right && findings_of(c.shift, FINDING_TUBE_DONE) == right,
           "and the debrief knows which was right");
        end(&c);
    }
}

static void test_unstored(const lab_t *lab)
{
    int32_t list[8], first;
    for (int stored = 0; stored < 2; stored++) {
        case_t c = begin(lab, "reception: trainee\nhandling: manual\nspecimens: 0\npending: 4\n", "", 8);
        int n = received(&c, list, 4);
        shift_advance(c.shift, 40 * 60);
        act(c.shift, on_list(ACT_SPIN, list, n));
        shift_advance(c.shift, 55 * 60);
        action_t load = on_list(ACT_LOAD, list, n);
        load.line = 0;
        ok(act(c.shift, load), "four tubes run");
        shift_advance(c.shift, 70 * 60);
        all_done(&c);
        for (int i = 0; stored && i < n; i++) {
            first = list[i];
            action_t put = on_list(ACT_STORE, &first, 1);
            put.code = STORE_COLD;
            ok(act(c.shift, put), "stored");
        }
        ok(findings_of(c.shift, FINDING_TUBE_UNSTORED) == !stored, "what lies about at the end is found");
        end(&c);
    }
}

/* ---- aliquots ---- */

/* Two received and spun tubes of a panel that has calculated tests, at the bench. */
static case_t spun_pair(const lab_t *lab, uint64_t seed)
{
    int32_t list[2];
    case_t c = begin(lab, MANUAL,
                     "  - {kind: critical, at: \"0:00\", panel: bmp, analyte: sodium, value: 141, "
                     "collected_minutes_before: 60}\n"
                     "  - {kind: critical, at: \"0:00\", panel: bmp, analyte: sodium, value: 139, "
                     "collected_minutes_before: 60}\n",
                     seed);
    ok(received(&c, list, 2) == 2, "two tubes");
    act(c.shift, on_list(ACT_SPIN, list, 2));
    shift_advance(c.shift, c.shift->now_s + 11 * 60);
    return c;
}

static action_t pour(int32_t specimen, const lab_t *lab, const char *first, const char *second)
{
    action_t action = on_one(ACT_ALIQUOT, specimen);
    if (first) action.list[action.count++] = lab_analyte_find(lab, first);
    if (second) action.list[action.count++] = lab_analyte_find(lab, second);
    return action;
}

static void test_aliquot(const lab_t *lab)
{
    int glucose = lab_analyte_find(lab, "glucose"), creatinine = lab_analyte_find(lab, "creatinine"),
        egfr = lab_analyte_find(lab, "egfr");
    case_t c = spun_pair(lab, 9);
    uint64_t before[ANALYTE_WORDS];
    memcpy(before, tube(c.shift, 0)->tests, sizeof before);
    refused(c.shift, pour(0, lab, "sodium", NULL), "would be parted");
    refused(c.shift, pour(0, lab, "hs_tni", NULL), "not measured from this tube");
    ok(act(c.shift, pour(0, lab, "glucose", "creatinine")), "two tests are poured off");
    int32_t cup = 2;
    specimen_view_t v;
    ok(shift_specimen(c.shift, cup, &v) && v.parent == 0 && v.state == SPECIMEN_SPUN, "the cup knows its tube");
    ok(strcmp(v.order.mrn, "") != 0 && v.label_mrn[0] == '\0', "and has no label");
    ok(tests_has(tube(c.shift, cup)->tests, glucose) && tests_has(tube(c.shift, cup)->tests, egfr) &&
           !tests_has(tube(c.shift, 0)->tests, creatinine),
       "what is calculated from them goes along");
    bool parted = true;
    for (int w = 0; w < ANALYTE_WORDS; w++)
        parted = parted && (tube(c.shift, 0)->tests[w] ^ tube(c.shift, cup)->tests[w]) == before[w];
    ok(parted, "every test is in one of the two");
    refused(c.shift, pour(cup, lab, NULL, NULL), "an aliquot already");
    action_t load = on_list(ACT_LOAD, &cup, 1);
    load.line = 1;
    ok(act(c.shift, load), "it is loaded");
    shift_advance(c.shift, c.shift->now_s + 120);
    ok(tube(c.shift, cup)->unread_s != NEVER, "and not read");
    ok(act(c.shift, on_one(ACT_LABEL, cup)), "until it has a label");
    ok(act(c.shift, load), "then it is");
    int32_t first = 0;
    load = on_list(ACT_LOAD, &first, 1);
    load.line = 0;
    ok(act(c.shift, load), "the first tube goes on the other line");
    shift_advance(c.shift, c.shift->now_s + 30 * 60);
    int32_t g = shift_specimen_result(c.shift, cup, glucose);
    ok(g >= 0 && c.shift->results[g].line == 1, "its result is of that line");
    ok(shift_specimen_result(c.shift, 0, glucose) < 0, "and the first tube has none");
    ok(findings_of(c.shift, FINDING_TUBE_DONE) == 1 && findings_of(c.shift, FINDING_TUBE_ALIQUOT) == 0 &&
           findings_of(c.shift, FINDING_TUBE_LABEL) == 0,
       "labeled before the next: as it should be");
    end(&c);

    c = spun_pair(lab, 10); /* the same blood, poured or not */
    case_t whole = spun_pair(lab, 10);
    act(c.shift, pour(0, lab, "glucose", NULL));
    world_prepare(c.shift, 2);
    world_prepare(whole.shift, 0);
    ok(specimen_tube(c.shift, tube(c.shift, 2))[0] ==
           specimen_tube(whole.shift, tube(whole.shift, 0))[specimen_slot(tube(whole.shift, 0), glucose)],
       "the same value in the cup as in the tube");
    end(&whole);
    ok(act(c.shift, pour(1, lab, NULL, NULL)), "a second cup, to be kept");
    act(c.shift, on_one(ACT_LABEL, 2));
    ok(findings_of(c.shift, FINDING_TUBE_ALIQUOT) == 2, "two of two people side by side without labels: nobody's");
    end(&c);

    c = spun_pair(lab, 11);
    ok(act(c.shift, pour(0, lab, NULL, NULL)), "one cup");
    ok(findings_of(c.shift, FINDING_TUBE_ALIQUOT) == 1, "that never got a label");
    end(&c);

    static const char kept[] =
        "  - {kind: add_on, at: \"0:05\", panel: bmp, aliquot: yes, collected_minutes_before: 300}\n";
    for (int frozen = 0; frozen < 2; frozen++) {
        c = begin(lab, MANUAL, kept, 12);
        first = 0;
        shift_advance(c.shift, 6 * 60);
        refused(c.shift, pour(0, lab, NULL, NULL), "Take it out first");
        act(c.shift, on_list(ACT_TAKE_OUT, &first, 1));
        refused(c.shift, on_one(ACT_DECLINE, 0), "Say which test");
        ok(act(c.shift, pour(0, lab, NULL, NULL)), "poured");
        ok(act(c.shift, on_one(ACT_LABEL, 1)), "labeled");
        int32_t second = 1;
        action_t put = on_list(ACT_STORE, &second, 1);
        put.code = frozen ? STORE_FROZEN : STORE_COLD;
        ok(act(c.shift, put), "stored");
        ok(findings_of(c.shift, FINDING_TUBE_ADD_ON) == !frozen, "at -20 degrees, as it was ordered");
        end(&c);
    }
}

/* ---- no tube is in two places, whatever hands do ---- */

static bool places_hold(const shift_t *shift)
{
    static uint8_t seen[STORE_COUNT][STORE_RACKS * STORE_PLACES];
    int in_store = 0, taken = 0, in_deck[SHIFT_MAX_SPECIMENS] = {0};
    memset(seen, 0, sizeof seen);
    for (int line = 0; line < SHIFT_LINES; line++) {
        const deck_t *deck = &shift->lines[line].deck;
        for (int p = 0; p < STAT_PLACES; p++)
            if (deck->stat[p]) in_deck[deck->stat[p] - 1]++;
        for (int r = 0; r < DECK_RACKS; r++)
            for (int p = 0; p < RACK_PLACES; p++)
                if (deck->racks[r].tube[p]) in_deck[deck->racks[r].tube[p] - 1]++;
    }
    for (int32_t i = 0; i < shift->specimen_count; i++) {
        const specimen_t *s = &shift->specimens[i];
        if (in_deck[i] != (s->place > 0) || (s->state == SPECIMEN_QUEUED && in_deck[i] != 1)) return false;
        bool in_hand = s->state == SPECIMEN_TRAY || s->state == SPECIMEN_RECEIVED || s->state == SPECIMEN_SPINNING ||
                       s->state == SPECIMEN_SPUN;
        if (in_hand && in_deck[i]) return false;
        if (s->store < 0) continue;
        if (in_deck[i]) return false;
        in_store++;
        if (seen[s->store][s->store_at]++) return false;
        if (!(shift->stored[s->store][s->store_at / STORE_PLACES] >> (s->store_at % STORE_PLACES) & 1)) return false;
        if (s->state != SPECIMEN_DONE && s->state != SPECIMEN_RESULTED && s->state != SPECIMEN_REJECTED) return false;
    }
    for (int s = 0; s < STORE_COUNT; s++)
        for (int r = 0; r < STORE_RACKS; r++) taken += tests_bits(shift->stored[s][r]);
    for (int c = 0; c < CENTRIFUGES; c++) {
        centrifuge_view_t run;
        if (shift_centrifuge(shift, c, &run) && run.count > CENTRIFUGE_PLACES) return false;
    }
    return taken == in_store;
}

static void test_places(const lab_t *lab)
{
    static const action_kind_t kinds[] = {ACT_INSPECT, ACT_ACCEPT,    ACT_REJECT,    ACT_SPIN,
                                          ACT_LOAD,    ACT_LABEL,     ACT_STORE,     ACT_TAKE_OUT,
                                          ACT_ADD_ON,  ACT_MOVE_LINE, ACT_LOOK_TUBE, ACT_ALIQUOT};
    for (uint64_t seed = 1; seed <= 30; seed++) {
        case_t c = begin(lab, seed % 2 ? LOADED : WARD, seed % 3 ? CROOKED : GOOD_TUBE, seed);
        rng_t rng = rng_at(seed, 9001, 0, 0);
        int done = 0;
        bool right = true;
        for (int step = 0; step < 600 && !shift_over(c.shift) && right; step++) {
            action_t action = action_make(kinds[rng_below(&rng, sizeof kinds / sizeof *kinds)]);
            int n = shift_specimen_count(c.shift);
            action.specimen = (int32_t)rng_below(&rng, (uint32_t)n + 1);
            action.count = 1 + (int32_t)rng_below(&rng, 4);
            for (int32_t i = 0; i < action.count; i++) action.list[i] = (int32_t)rng_below(&rng, (uint32_t)n + 1);
            action.line = (int32_t)rng_below(&rng, 2);
            action.analyte = (int32_t)rng_below(&rng, (uint32_t)lab_analyte_count(lab));
            action.code = (int32_t)rng_below(&rng, 4) - 1;
            action.run = (int32_t)rng_below(&rng, 3);
            action.number = (int32_t)rng_below(&rng, 12);
            done += act(c.shift, action);
            right = places_hold(c.shift);
            shift_advance(c.shift, c.shift->now_s + (int32_t)rng_below(&rng, 40));
        }
        ok(right, "every tube is in one place");
        ok(done > 20, "hands did something");
        end(&c);
    }
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
    test_store(lab);
    test_add_on(lab);
    test_orders(lab);
    test_unstored(lab);
    test_aliquot(lab);
    test_places(lab);
    lab_close(lab);
    printf("%d checks, %d wrong\n", checks, wrong);
    return wrong != 0;
}
