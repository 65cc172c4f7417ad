/* The monthly review of controls: cases of month.cases signed and debriefed; mean, SD and counts against numbers worked
 * by hand; new limits for later runs alone; replay; what the procedure says over many seeds; complaints about scenario
 * files. Usage: month_test month.cases SEEDS */
#include "base/content.h"
#include "debrief_private.h"
#include "lab/lab.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 400, SCENARIO_BYTES = 4000, CASE_SEED = 11 };

static int wrong, checks;

static bool ok(bool right, const char *what, const char *detail)
{
    checks++;
    if (right) return true;
    wrong++;
    printf("not ok: %s: %s\n", what, detail);
    return false;
}

static const char *const head =
    "id: month-case\ntitle: \"A case\"\nsummary: \"A case.\"\nrole: \"Technician\"\nstaffing: \"You\"\n"
    "start: \"13:00\"\nminutes: 120\nreception: assistant\nhandling: track\nspecimens: 4\nbackground: 0\n"
    "settings: {inpatient: 1}\nobjectives: [\"x\"]\nbriefing: [\"x\"]\ndate: \"2026-03-01\"\n";

static bool read_scenario(const lab_t *lab, const char *plants, scenario_t **scenario, err_t *err)
{
    char text[SCENARIO_BYTES];
    int n = snprintf(text, sizeof text, "%s%s%s", head, plants[0] ? "planted:\n" : "", plants);
    return scenario_read(lab, "case.yaml", (const unsigned char *)text, (size_t)n, scenario, err);
}

static shift_t *begin(const lab_t *lab, const char *plants, uint64_t seed)
{
    err_t err = {0};
    scenario_t *scenario = NULL;
    shift_t *shift = NULL;
    if (!read_scenario(lab, plants, &scenario, &err) || !shift_start(&shift, lab, scenario, seed, MODE_ASSESS, &err)) {
        printf("%s\n", err.text);
        exit(1);
    }
    shift_keep(shift, scenario);
    return shift;
}

static const char *plant_line(char out[200], const char *analyte, const char *rest)
{
    snprintf(out, 200, "  - {kind: month, at: \"0:00\", line: 1, analyte: %s, %s}\n", analyte, rest);
    return out;
}

static action_t review(const shift_t *shift, const char *test, review_decision_t decision)
{
    action_t action = action_make(ACT_REVIEW_QC);
    action.line = 0;
    action.analyte = lab_analyte_find(shift->lab, test);
    action.code = (int32_t)decision;
    strcpy(action.text, "AB: remark");
    return action;
}

/* ---- cases ---- */

static double number_of(const char *word, double own, double all, double assigned, double unit)
{
    double base = strncmp(word, "own", 3) == 0 ? own : strncmp(word, "all", 3) == 0 ? all : assigned;
    const char *more = strpbrk(word, "*+");
    if (word[0] == '-' || (word[0] >= '0' && word[0] <= '9')) return atof(word);
    if (!more) return base;
    return *more == '*' ? base * atof(more + 1) : base + unit * atof(more + 1);
}

static action_t case_action(const shift_t *shift, char *words, const char *text)
{
    static const char *const decisions[] = {"keep", "set", "investigate"};
    char *save = NULL, *test = strtok_r(words, " ", &save), *decision = strtok_r(NULL, " ", &save);
    action_t action = review(shift, test, REVIEW_KEEP);
    action.code = -1;
    for (int i = 0; i < 3; i++)
        if (strcmp(decision, decisions[i]) == 0) action.code = i;
    snprintf(action.text, sizeof action.text, "%s", text);
    char *levels = strtok_r(NULL, " ", &save), *mean = strtok_r(NULL, " ", &save), *sd = strtok_r(NULL, " ", &save);
    month_t month;
    if (!sd || !month_of(shift, 0, action.analyte, &month)) return action;
    for (const char *c = levels; *c; c++)
        if (*c > '0') action.number |= 1 << (*c - '1');
    for (int l = 0; l < month.levels; l++) {
        const month_level_t *v = &month.level[l];
        action.mean[l] = number_of(mean, v->mean, v->all_mean, v->assigned_mean, v->assigned_sd);
        action.sd[l] = number_of(sd, v->sd, v->all_sd, v->assigned_sd, v->assigned_sd);
    }
    return action;
}

static int count_kind(const debrief_t *d, finding_kind_t kind)
{
    int n = 0;
    for (int i = 0; i < d->finding_count; i++) n += d->findings[i].kind == kind;
    return n;
}

static char *trimmed(char *text)
{
    text += strspn(text, " ");
    for (size_t n = strlen(text); n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n'); n--) text[n - 1] = '\0';
    return text;
}

static void expect_line(const debrief_t *d, const char *rest, const char *name)
{
    static const struct {
        const char *word;
        finding_kind_t kind;
    } kinds[] = {{"DONE", FINDING_REVIEW_DONE},
                 {"WRONG", FINDING_REVIEW_WRONG},
                 {"MISSED", FINDING_REVIEW_MISSED},
                 {"NEEDLESS", FINDING_REVIEW_NEEDLESS}};
    char word[20], said[300];
    int count = 0;
    if (sscanf(rest, "%19s %d", word, &count) != 2) return;
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(word, kinds[i].word) != 0) continue;
        int found = count_kind(d, kinds[i].kind);
        snprintf(said, sizeof said, "%s, found %d", rest, found);
        ok(found == count, name, said);
        return;
    }
    ok(false, name, "unknown kind");
}

static void act_line(shift_t *shift, char *rest, bool refused, const char *name)
{
    err_t err = {0};
    char *text = strchr(rest, '|'), *sentence = text ? strchr(text + 1, '|') : NULL;
    if (!text) exit(1);
    *text++ = '\0';
    if (sentence) *sentence++ = '\0';
    action_t action = case_action(shift, rest, trimmed(text));
    uint64_t before = shift_hash(shift);
    bool done = shift_act(shift, &action, &err);
    ok(done != refused, name, err.text);
    if (refused && sentence) ok(strstr(err.text, trimmed(sentence)) != NULL, name, err.text);
    if (refused) ok(shift_hash(shift) == before, name, "a refused signature changed something");
}

typedef struct {
    char name[LINE_MAX_BYTES], plants[SCENARIO_BYTES];
    shift_t *shift;
    debrief_t *debrief;
} case_t;

static void case_end(case_t *c)
{
    debrief_free(c->debrief);
    shift_free(c->shift);
    *c = (case_t){0};
}

static void run_cases(const lab_t *lab, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE_MAX_BYTES];
    static case_t c;
    if (!file) exit(1);
    while (fgets(line, sizeof line, file)) {
        char *rest = strchr(line, ' ');
        if (line[0] == '#' || !rest) continue;
        *rest++ = '\0';
        trimmed(rest);
        if (strcmp(line, "case") == 0) {
            case_end(&c);
            snprintf(c.name, sizeof c.name, "%s", rest);
            continue;
        }
        if (strcmp(line, "plant") == 0) {
            size_t used = strlen(c.plants);
            snprintf(c.plants + used, sizeof c.plants - used, "  - %s\n", rest);
            continue;
        }
        if (!c.shift) c.shift = begin(lab, c.plants, CASE_SEED);
        if (strcmp(line, "expect") != 0) {
            act_line(c.shift, rest, strcmp(line, "refuse") == 0, c.name);
            continue;
        }
        err_t err = {0};
        shift_advance(c.shift, shift_length_s(c.shift));
        if (!c.debrief && !ok(debrief_make(c.shift, &c.debrief, &err), c.name, err.text)) exit(1);
        expect_line(c.debrief, rest, c.name);
    }
    case_end(&c);
    fclose(file);
}

/* ---- numbers worked by hand ---- */

static bool near(double x, double y)
{
    return exact_abs(x - y) < 1e-5;
}

/* Sodium, level 1, assigned 140 and 2 for the check. Nine runs of the lot, z: -1, 0, 1, 2.5, 0.5, -0.5 accepted; 5
 * rejected with its cause; 4 rejected without one; 0.25 not judged. Accepted: values 138 140 142 145 141 139, mean
 * 845/6 = 140.8333, squares about it 8.02778 + 0.69444 + 1.36111 + 17.36111 + 0.02778 + 3.36111 = 30.83333, SD =
 * sqrt(30.83333 / 5) = 2.483277. With the rejected runs, 150 and 148: mean 1143/8 = 142.875. Thirds of two: 139 and
 * 140. */
static void by_hand(const lab_t *lab)
{
    static const double z[] = {-1, 0, 5, 1, 2.5, 4, 0.5, -0.5, 0.25};
    char plant[200];
    shift_t *shift = begin(lab, plant_line(plant, "sodium", "state: stable, points: 9"), 3);
    int a = lab_analyte_find(lab, "sodium");
    assay_t *assay = &shift->assays[0][a];
    scenario_t *scenario = shift->own;
    for (int l = 0; l < 2; l++) { /* limits that are easy to count by, as if signed before the month */
        shift->months[0].mean[l] = 140;
        shift->months[0].sd[l] = 2;
    }
    shift->months[0].line = 0;
    shift->months[0].analyte = (int16_t)a;
    shift->months[0].levels = 3;
    shift->months[0].at_s = -100 * 86400;
    shift->months[0].log = INT32_MAX;
    shift->month_count = 1;
    for (int l = 0; l < 2; l++) assay->mean[l] = 140, assay->sd[l] = 2;
    for (int i = 0; i < 9; i++) {
        qc_point_t *p = qc_point_facts(shift, 0, a, MONTH_RUNS - 9 + i);
        p->z[0] = p->z[1] = (float)z[i];
        p->decision = z[i] > 3 ? VERDICT_REJECT : z[i] > 2 ? VERDICT_WARNING : VERDICT_IN_CONTROL;
        p->cause = z[i] > 4.5 ? (int16_t)lab_code_find(lab, CODE_QC_CAUSE, "control_vial")
                   : z[i] > 3 ? (int16_t)lab_code_find(lab, CODE_QC_CAUSE, "unknown")
                              : -1;
        if (i == 8) p->decision = VERDICT_NONE;
    }
    month_t m;
    ok(month_of(shift, 0, a, &m), "by hand", "month_of");
    const month_level_t *v = &m.level[0];
    ok(m.runs == 9 && m.accepted == 6 && m.rejected == 2 && m.caused == 1 && m.not_judged == 1, "by hand", "counts");
    ok(m.lot_began, "by hand", "the lot began in the month");
    ok(near(v->mean, 140.8333333) && near(v->sd, 2.4832774), "by hand", "mean and SD");
    ok(near(v->cv_pct, 1.7632739), "by hand", "CV: 100 x 2.4832774 / 140.8333333");
    ok(near(v->off_sd, 0.4166667) && near(v->sd_ratio, 1.2416387), "by hand", "beside the assigned");
    ok(near(v->all_mean, 142.875), "by hand", "mean with the rejected runs");
    ok(near(v->first_mean, 139) && near(v->last_mean, 140), "by hand", "thirds");
    ok(v->warnings == 1 && v->beyond == 2, "by hand", "beyond 2 SD: one accepted, one rejected without a cause");
    ok(month_advice(&m).few && month_advice(&m).decision == REVIEW_KEEP, "by hand", "too few");
    ok(!month_of(shift, 2, a, &m) && !month_of(shift, 0, -1, &m), "by hand", "no such controls");
    char day[11];
    month_day(shift, -29 * 86400, day);
    ok(strcmp(day, "2026-01-31") == 0, "a day", day);
    month_day(shift, -14 * 3600, day);
    ok(strcmp(day, "2026-02-28") == 0, "a day", day);
    scenario->year = 2024;
    ok((month_day(shift, -14 * 3600, day), strcmp(day, "2024-02-29") == 0), "a leap day", day);
    ok((month_day(shift, 11 * 3600, day), strcmp(day, "2024-03-02") == 0), "past midnight", day);
    shift_free(shift);
}

/* ---- from that minute on ---- */

static void limits_from_then_on(const lab_t *lab)
{
    shift_t *shift = begin(lab, "", 5);
    int a = lab_analyte_find(lab, "potassium");
    qc_point_view_t before[MONTH_RUNS], v;
    qc_view_t qc, old;
    err_t err = {0};
    shift_qc(shift, 0, a, &old);
    ok(!shift->assays[0][a].own_limits, "from then on", "nothing signed, nothing of its own");
    for (int i = 0; i < old.points; i++) shift_qc_point(shift, 0, a, i, &before[i]);
    action_t action = review(shift, "potassium", REVIEW_SET);
    action.number = 1 << 1;
    action.mean[1] = old.mean[1] + old.sd[1];
    action.sd[1] = old.sd[1] / 2;
    ok(shift_act(shift, &action, &err), "from then on", err.text);
    shift_qc(shift, 0, a, &qc);
    ok(near(qc.mean[1], action.mean[1]) && near(qc.sd[1], action.sd[1]), "from then on", "the limits hold");
    ok(near(qc.mean[0], old.mean[0]) && near(qc.sd[0], old.sd[0]), "from then on", "the other level has its own");
    for (int i = 0; i < old.points; i++) {
        shift_qc_point(shift, 0, a, i, &v);
        ok(near(v.z[1], before[i].z[1]) && near(v.value[1], before[i].value[1]), "from then on", "earlier points stay");
    }
    for (int runs = 0; runs < 2; runs++) {
        action_t run = action_make(ACT_RUN_QC);
        run.line = 0;
        run.analyte = a;
        ok(shift_act(shift, &run, &err), "from then on", err.text);
        shift_advance(shift, shift->now_s + 1200);
    }
    shift_qc(shift, 0, a, &qc);
    ok(qc.points == old.points + 2, "from then on", "two more points");
    for (int i = old.points; i < qc.points; i++) {
        shift_qc_point(shift, 0, a, i, &v);
        ok(near(v.value[1], action.mean[1] + action.sd[1] * v.z[1]), "from then on", "z by the new limits");
        ok(((v.marks & QC_MARK_LIMITS) != 0) == (i == old.points), "from then on", "the first of them is marked");
        /* the same run in a shift where nothing was signed reads the same */
        double truth = (v.value[1] - old.mean[1]) / old.sd[1];
        ok(exact_abs(truth) < 6, "from then on", "the value itself is that of the control");
    }
    ok(month_review_count(shift) == 1, "from then on", "one review");
    month_review_t r;
    ok(month_review(shift, 0, &r) && strcmp(r.initials, "AB") == 0 && strcmp(r.remark, "remark") == 0, "from then on",
       "who signed, and the remark");
    ok(near(r.old_mean[1], old.mean[1]) && near(r.mean[1], action.mean[1]), "from then on", "before and after");
    shift_free(shift);
}

/* The same run, signed for or not, gives the same value. */
static void values_are_the_controls_own(const lab_t *lab)
{
    double value[2];
    for (int signed_for = 0; signed_for < 2; signed_for++) {
        shift_t *shift = begin(lab, "", 8);
        int a = lab_analyte_find(lab, "glucose");
        err_t err = {0};
        qc_view_t qc;
        qc_point_view_t v;
        shift_qc(shift, 0, a, &qc);
        action_t action = review(shift, "glucose", signed_for ? REVIEW_SET : REVIEW_KEEP);
        action.number = signed_for;
        action.mean[0] = qc.mean[0] * 1.01;
        action.sd[0] = qc.sd[0] * 0.8;
        ok(shift_act(shift, &action, &err), "own value", err.text);
        action_t run = action_make(ACT_RUN_QC);
        run.line = 0;
        run.analyte = a;
        ok(shift_act(shift, &run, &err), "own value", err.text);
        shift_advance(shift, shift->now_s + 1200);
        shift_qc(shift, 0, a, &qc);
        shift_qc_point(shift, 0, a, qc.points - 1, &v);
        value[signed_for] = v.value[0];
        shift_free(shift);
    }
    ok(exact_abs(value[0] - value[1]) < 1e-4, "own value", "a signature moves limits, not controls");
}

/* ---- the same again ---- */

static uint64_t worked(const lab_t *lab, double mean)
{
    char plant[200];
    err_t err = {0};
    shift_t *shift = begin(lab, plant_line(plant, "sodium", "state: mean_off, by: 1.5, rejected: 2"), 21);
    action_t action = review(shift, "sodium", REVIEW_SET);
    action.number = 1;
    action.mean[0] = mean;
    action.sd[0] = 1.5;
    ok(shift_act(shift, &action, &err), "replay", err.text);
    shift_advance(shift, shift_length_s(shift));
    uint64_t hash = shift_hash(shift);
    shift_free(shift);
    return hash;
}

static void replays(const lab_t *lab)
{
    ok(worked(lab, 131) == worked(lab, 131), "replay", "the same actions, another state");
    ok(worked(lab, 131) != worked(lab, 131.5), "replay", "other limits, the same state");
}

/* Nobody opens the page: no point of earlier shifts is made. */
static void lazy(const lab_t *lab)
{
    shift_t *shift = begin(lab, "", 2);
    month_due_t due;
    int made = 0;
    ok(month_due(shift, &due, 1) == 0, "lazy", "nothing is due");
    for (int a = tests_next(shift->lines[0].tests, 0); a >= 0; a = tests_next(shift->lines[0].tests, a + 1))
        made += shift->unmade[a] != (1u << shift->history_runs) - 1;
    ok(made == 0 && shift->history_runs == 24, "lazy", "points were made");
    shift_free(shift);
}

/* ---- over many seeds ---- */

static void advice_over_seeds(const lab_t *lab, int seeds)
{
    static const struct {
        const char *plant;
        review_decision_t decision;
        double least; /* share of seeds */
    } rows[] = {{"state: stable", REVIEW_KEEP, 0.98},
                {"state: stable, rejected: 3", REVIEW_KEEP, 0.97},
                {"state: mean_off, by: 1.5, level: 2", REVIEW_SET, 0.95},
                {"state: sd_wide, by: 2.5", REVIEW_SET, 0.97},
                {"state: drift, by: 2.8", REVIEW_INVESTIGATE, 0.95},
                {"state: step, by: 2.2", REVIEW_INVESTIGATE, 0.95},
                {"state: imprecise, by: 2", REVIEW_INVESTIGATE, 0.95},
                {"state: mean_off, by: 2, points: 12", REVIEW_KEEP, 1}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int right = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            char plant[200];
            shift_t *shift =
                begin(lab, plant_line(plant, seed % 2 ? "sodium" : "calcium", rows[r].plant), (uint64_t)seed);
            month_t month;
            month_of(shift, 0, lab_analyte_find(lab, seed % 2 ? "sodium" : "calcium"), &month);
            right += month_advice(&month).decision == rows[r].decision;
            ok(month.accepted + month.rejected + month.not_judged == month.runs, rows[r].plant, "runs add up");
            shift_free(shift);
        }
        char said[100];
        snprintf(said, sizeof said, "%d of %d seeds", right, seeds);
        printf("%-36s %s\n", rows[r].plant, said);
        ok(right >= rows[r].least * seeds - 1, rows[r].plant, said);
    }
}

/* ---- scenario files ---- */

static void complaints(const lab_t *lab)
{
    static const struct {
        const char *plant, *says;
    } rows[] = {{"{kind: month, at: \"0:00\", line: 1, state: stable}", "name its analyte"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: WBC, state: stable}", "of another bench"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: odd}", "state"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: drift}", "by"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: drift, by: 0}", "state: stable"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: sd_wide, by: 9}", "by"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: stable, by: 1}", "by"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: stable, points: 40}", "points"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: stable, level: 3}", "2 levels"},
                {"{kind: month, at: \"0:00\", line: 3, analyte: WBC, state: stable}", "not in use"},
                {"{kind: month, at: \"0:00\", line: 1, analyte: sodium, state: stable}\n"
                 "  - {kind: month, at: \"0:00\", line: 1, analyte: sodium, state: stable}",
                 "once"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char plant[400];
        err_t err = {0};
        scenario_t *scenario = NULL;
        snprintf(plant, sizeof plant, "  - %s\n", rows[i].plant);
        bool read = read_scenario(lab, plant, &scenario, &err);
        ok(!read && strstr(err.text, rows[i].says) && strstr(err.text, "case.yaml:"), rows[i].plant, err.text);
        if (read) scenario_free(scenario);
    }
}

int main(int argc, char **argv)
{
    err_t err = {0};
    lab_t *lab = NULL;
    if (argc < 3 || !lab_open(&lab, content_source(), &err)) {
        printf("%s\n", err.text);
        return 1;
    }
    run_cases(lab, argv[1]);
    by_hand(lab);
    limits_from_then_on(lab);
    values_are_the_controls_own(lab);
    replays(lab);
    lazy(lab);
    complaints(lab);
    advice_over_seeds(lab, atoi(argv[2]));
    lab_close(lab);
    printf("%d checks, %d wrong\n", checks, wrong);
    return wrong > 0;
}
