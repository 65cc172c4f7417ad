/* The care of analyzers: cases of care.cases worked and debriefed; every cause of every alarm against every
 * step; readings of a sound analyzer inside their limits; complaints about scenario files that say why.
 * Usage: care_test care.cases */
#include "base/content.h"
#include "debrief_private.h"
#include "lab/lab.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 400, SCENARIO_BYTES = 4000 };

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
    "id: care-case\ntitle: \"A case\"\nsummary: \"A case.\"\nrole: \"Technician\"\n"
    "staffing: \"You\"\nstart: \"06:00\"\nminutes: 240\nreception: assistant\n"
    "handling: track\nspecimens: 60\npending: 6\nbackground: 0\nsettings: {ed: 3, inpatient: 5}\n"
    "objectives: [\"x\"]\nbriefing: [\"x\"]\nqc_at: [\"0:05\"]\n";

/* Of the cases: one in which a STAT tube waits at the line that stands still. */
enum { CASE_SEED = 6 };

static shift_t *begin(const lab_t *lab, const char *care, const char *plants, uint64_t seed, scenario_t **scenario)
{
    char text[SCENARIO_BYTES];
    err_t err = {0};
    shift_t *shift = NULL;
    int n = snprintf(text, sizeof text, "%s%s%s%s", head, care, plants[0] ? "planted:\n" : "", plants);
    if (!scenario_read(lab, "case.yaml", (const unsigned char *)text, (size_t)n, scenario, &err) ||
        !shift_start(&shift, lab, *scenario, seed, MODE_ASSESS, &err))
        printf("%s\n", err.text);
    return shift;
}

/* ---- the cases ---- */

static const struct {
    const char *word;
    finding_kind_t kind;
} kinds[] = {{"DONE", FINDING_CARE_DONE},           {"UNSIGNED", FINDING_CARE_UNSIGNED},
             {"INVENTED", FINDING_CARE_INVENTED},   {"OUT_OF_RANGE", FINDING_CARE_OUT_OF_RANGE},
             {"EXCURSION", FINDING_CARE_EXCURSION}, {"STOCK", FINDING_CARE_STOCK},
             {"ALARM", FINDING_CARE_ALARM},         {"UNVERIFIED", FINDING_CARE_UNVERIFIED},
             {"DOWNTIME", FINDING_CARE_DOWNTIME},   {"ENTRY", FINDING_CARE_ENTRY},
             {"FALSE", FINDING_CARE_FALSE},         {"SLIP", FINDING_KINDS}}; /* an entry that says "was typed as" */

static void true_text(const shift_t *shift, int line, int list, char *out, size_t size)
{
    care_sheet_view_t sheet;
    care_reading_view_t panel[CARE_READINGS_MAX];
    if (!care_sheet(shift, line, (care_list_t)list, &sheet)) return;
    int n = care_panel(shift, line, panel, CARE_READINGS_MAX);
    for (int i = 0; i < sheet.count; i++) {
        char number[32] = "1";
        int reading = care_step_reading(shift, line, (care_list_t)list, i);
        if (sheet.steps[i].kind == CARE_CHOICE) strcpy(number, "0");
        if (sheet.steps[i].kind == CARE_VALUE && reading >= 0 && reading < n)
            text_fixed(number, panel[reading].value, panel[reading].decimals);
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%d=%s", used ? ";" : "", i, number);
    }
}

static void read_key(const shift_t *shift, char *word, action_t *action)
{
    char *equals = strchr(word, '=');
    if (!equals) return;
    *equals = '\0';
    const char *text = equals + 1;
    if (strcmp(word, "line") == 0) action->line = atoi(text);
    if (strcmp(word, "code") == 0) action->code = atoi(text);
    if (strcmp(word, "run") == 0) action->run = atoi(text);
    if (strcmp(word, "number") == 0) action->number = atoi(text);
    if (strcmp(word, "an") == 0) action->analyte = lab_analyte_find(shift->lab, text);
    if (strcmp(word, "value") == 0)
        action->value = strcmp(text, "paper") == 0 ? shift->care.papers[action->number].value : atof(text);
    if (strcmp(word, "list") == 0 && strcmp(text, "queued") != 0) action->list[action->count++] = atoi(text);
    if (strcmp(word, "list") == 0 && strcmp(text, "queued") == 0)
        for (int32_t i = 0; i < shift->specimen_count && action->count == 0; i++)
            if (shift->specimens[i].state == SPECIMEN_QUEUED || shift->specimens[i].state == SPECIMEN_SPUN)
                action->list[action->count++] = i;
    if (strcmp(word, "text") == 0 && strcmp(text, "true") != 0) snprintf(action->text, sizeof action->text, "%s", text);
    if (strcmp(word, "text") == 0 && strcmp(text, "true") == 0)
        true_text(shift, action->line, action->number, action->text, sizeof action->text);
}

/* "MINUTE WORD key=value ..."; a list of queued tubes waits until there is one. */
static bool act_line(shift_t *shift, char *line, err_t *err)
{
    char *save = NULL, *minute = strtok_r(line, " ", &save), *word = strtok_r(NULL, " ", &save);
    int kind = word ? action_from_word(word) : -1;
    if (kind < 0) return err_set(err, ERR_INPUT, "the case has an unknown word \"%s\"", word ? word : "");
    shift_advance(shift, atoi(minute) * 60);
    action_t action = action_make((action_kind_t)kind);
    for (char *key = strtok_r(NULL, " ", &save); key; key = strtok_r(NULL, " ", &save)) {
        bool queued = strcmp(key, "list=queued") == 0;
        read_key(shift, key, &action);
        for (int tries = 0; queued && action.count == 0 && tries < 90; tries++) {
            char again[] = "list=queued";
            shift_advance(shift, shift->now_s + 20);
            read_key(shift, again, &action);
        }
    }
    return shift_act(shift, &action, err);
}

static int count_kind(const debrief_t *d, finding_kind_t kind)
{
    int n = 0;
    for (int i = 0; i < d->finding_count; i++)
        n += kind == FINDING_KINDS
                 ? d->findings[i].kind == FINDING_CARE_ENTRY && strstr(d->findings[i].text, "was typed as") != NULL
                 : d->findings[i].kind == kind;
    return n;
}

typedef struct {
    const lab_t *lab;
    char name[LINE_MAX_BYTES], plants[SCENARIO_BYTES];
    shift_t *shift;
    scenario_t *scenario;
    debrief_t *debrief;
} case_t;

static void case_end(case_t *c)
{
    debrief_free(c->debrief);
    shift_free(c->shift);
    scenario_free(c->scenario);
    *c = (case_t){.lab = c->lab};
}

static void case_line(case_t *c, char *line)
{
    err_t err = {0};
    if (strncmp(line, "case ", 5) == 0) {
        case_end(c);
        snprintf(c->name, sizeof c->name, "%s", line + 5);
        return;
    }
    if (strncmp(line, "plant ", 6) == 0) {
        size_t used = strlen(c->plants);
        snprintf(c->plants + used, sizeof c->plants - used, "  - %s\n", line + 6);
        return;
    }
    if (!c->shift) c->shift = begin(c->lab, "care: trainee\n", c->plants, CASE_SEED, &c->scenario);
    if (!ok(c->shift != NULL, c->name, "the case can be read")) return;
    if (strncmp(line, "do ", 3) == 0) ok(act_line(c->shift, line + 3, &err), c->name, err.text);
    if (strncmp(line, "refuse ", 7) == 0) {
        char *bar = strstr(line, " | ");
        *bar = '\0';
        bool done = act_line(c->shift, line + 7, &err);
        ok(!done && strstr(err.text, bar + 3), c->name, done ? "it was not refused" : err.text);
    }
    char kind[32];
    int wanted = -1;
    if (sscanf(line, "expect %31s %d", kind, &wanted) < 1) return;
    shift_advance(c->shift, c->shift->length_s);
    if (!c->debrief && !ok(debrief_make(c->shift, &c->debrief, &err), c->name, err.text)) return;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].word, kind) != 0) continue;
        int n = count_kind(c->debrief, kinds[i].kind);
        char detail[100];
        snprintf(detail, sizeof detail, "%s: %d found, %d expected", kind, n, wanted);
        ok(wanted < 0 ? n > 0 : n == wanted, c->name, detail);
    }
}

static void run_cases(const lab_t *lab, const char *path)
{
    FILE *file = fopen(path, "r");
    case_t c = {.lab = lab};
    char line[LINE_MAX_BYTES];
    if (!ok(file != NULL, path, "cannot be read")) return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#') case_line(&c, line);
    }
    case_end(&c);
    fclose(file);
}

/* ---- every alarm ---- */

static void check_alarms(const lab_t *lab)
{
    static const char *const lines[BENCH_COUNT] = {"1", "3", "4"};
    const care_tables_t *care = care_tables(lab);
    for (int i = 0; i < care->alarm_count; i++)
        for (int cause = 0; cause < care->alarms[i].cause_count; cause++)
            for (int step = 0; step < care->alarms[i].step_count; step++) {
                const care_alarm_t *alarm = &care->alarms[i];
                char plants[300];
                scenario_t *scenario = NULL;
                int line = atoi(lines[alarm->bench]) - 1;
                snprintf(plants, sizeof plants, "  - {kind: breakdown, at: \"0:05\", line: %s, alarm: %s, cause: %s}\n",
                         lines[alarm->bench], alarm->id, alarm->causes[cause].id);
                shift_t *shift =
                    begin(lab, "care: trainee\nbenches: [chemistry, hematology, coagulation]\n", plants, 3, &scenario);
                if (!shift) { /* this bench has no patients yet in this program */
                    scenario_free(scenario);
                    continue;
                }
                action_t action = action_make(ACT_ALARM_STEP);
                err_t err = {0};
                action.line = line;
                action.code = step;
                shift_advance(shift, 600);
                if (ok(shift_act(shift, &action, &err), alarm->id, err.text)) {
                    shift_advance(shift, 600 + (alarm->steps[step].minutes + 2) * 60);
                    bool cures = alarm->causes[cause].cures & (1u << step);
                    ok((shift->care.alarms[line].cleared_s != NEVER) == cures, alarm->id, alarm->steps[step].id);
                    ok(care_stopped(shift, line) == alarm->stops, alarm->id, "stopped until it is returned");
                }
                shift_free(shift);
                scenario_free(scenario);
            }
}

/* ---- readings and units of a sound laboratory ---- */

static void check_sound(const lab_t *lab)
{
    const care_tables_t *care = care_tables(lab);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        scenario_t *scenario = NULL;
        shift_t *shift = begin(lab, "care: trainee\n", "", seed, &scenario);
        if (!ok(shift != NULL, "a sound shift", "starts")) return;
        care_reading_view_t panel[CARE_READINGS_MAX];
        ok(care_panel(shift, 0, panel, CARE_READINGS_MAX) == 0, "the readings page", "is empty until it is opened");
        for (int i = 0; i < care->reading_count; i++) {
            const care_reading_t *r = &care->readings[i];
            double value = care_reading_now(shift,
                                            r->bench == BENCH_CHEMISTRY    ? 0
                                            : r->bench == BENCH_HEMATOLOGY ? 2
                                                                           : 3,
                                            i);
            ok(!(value < r->low) && !(value > r->high), r->id, "inside its limits when nothing is wrong");
        }
        for (int unit = 0; unit < care->unit_count; unit++) {
            double least, most;
            care_unit_view_t view;
            care_unit_extremes(shift, unit, shift->care.memory_cleared_s[unit], 7200, &least, &most);
            ok(least >= care->units[unit].low && most <= care->units[unit].high, care->units[unit].id,
               "inside its limits");
            ok(care_unit(shift, unit, &view) && view.now != view.now && view.most != view.most, care->units[unit].id,
               "shows nothing until somebody stands before it");
        }
        shift_free(shift);
        scenario_free(scenario);
    }
}

/* A bottle past its date can be loaded; it is found, and it measures wrong. */
static void check_expired(const lab_t *lab)
{
    int expired = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        scenario_t *scenario = NULL;
        shift_t *shift = begin(lab, "care: trainee\n", "", seed, &scenario);
        if (!ok(shift != NULL, "a sound shift", "starts")) return;
        int found = -1;
        for (int a = tests_next(shift->lines[0].tests, 0); a >= 0 && found < 0;
             a = tests_next(shift->lines[0].tests, a + 1))
            if (care_lot_expires_day(shift, 0, a, shift->assays[0][a].lot) < 0) found = a;
        if (found >= 0) {
            action_t action = action_make(ACT_REAGENT);
            err_t err = {0};
            debrief_t *debrief = NULL;
            action.line = 0;
            action.analyte = found;
            action.code = shift->assays[0][found].lot;
            ok(shift_act(shift, &action, &err), "an expired bottle", err.text);
            shift_advance(shift, shift->length_s);
            if (ok(debrief_make(shift, &debrief, &err), "an expired bottle", err.text))
                ok(count_kind(debrief, FINDING_CARE_STOCK) == 1, "an expired bottle", "is found once");
            debrief_free(debrief);
        }
        expired += found >= 0;
        shift_free(shift);
        scenario_free(scenario);
    }
    ok(expired > 10, "an expired bottle", "stands on most shelves: else nothing was tested");
}

/* ---- complaints ---- */

static void check_complaints(const lab_t *lab)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"care: sometimes\n", "care"},
        {"date: \"30.11.2026\"\n", "such as \"2026-11-30\""},
        {"planted:\n  - {kind: refrigerator, at: \"0:10\", unit: r9, peak: 12, hours: 4, cause: door}\n", "no unit"},
        {"planted:\n  - {kind: refrigerator, at: \"0:10\", unit: r1, peak: 5, hours: 4, cause: door}\n",
         "outside the limits"},
        {"planted:\n  - {kind: breakdown, at: \"0:10\", line: 1, alarm: hm_vacuum, cause: trap}\n",
         "does not have that alarm"},
        {"planted:\n  - {kind: breakdown, at: \"0:10\", line: 1, alarm: an_probe, cause: gremlin}\n", "no cause"},
        {"planted:\n  - {kind: breakdown, at: \"0:10\", line: 1, alarm: an_probe, cause: bent}\n"
         "  - {kind: breakdown, at: \"0:40\", line: 1, alarm: an_bath, cause: level}\n",
         "once a shift"},
        {"planted:\n  - {kind: lot, at: \"0:10\", line: 1, fault: cal_lot}\n", "analyte"},
        {"planted:\n  - {kind: lis_down, at: \"0:10\", minutes: 2}\n", "minutes"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[SCENARIO_BYTES];
        err_t err = {0};
        scenario_t *scenario = NULL;
        int n = snprintf(text, sizeof text, "%s%s", head, bad[i].text);
        bool read = scenario_read(lab, "bad.yaml", (const unsigned char *)text, (size_t)n, &scenario, &err);
        ok(!read && strstr(err.text, bad[i].says) && strstr(err.text, "bad.yaml:"), bad[i].text,
           read ? "was read" : err.text);
        scenario_free(scenario);
    }
}

int main(int argc, char **argv)
{
    lab_t *lab;
    err_t err = {0};
    if (argc != 2 || !lab_open(&lab, content_source(), &err)) {
        printf("usage: care_test care.cases %s\n", err.text);
        return 2;
    }
    run_cases(lab, argv[1]);
    check_alarms(lab);
    check_sound(lab);
    check_expired(lab);
    check_complaints(lab);
    lab_close(lab);
    printf("%d checks, %d wrong\n", checks, wrong);
    return wrong != 0;
}
