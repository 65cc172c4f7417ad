/* Scenario files: YAML in, a validated scenario out. Every complaint names file, line and what to
 * write instead; an unknown key is a complaint too. The format is described in
 * content/lab/scenarios/README.md. */
#include "cells.h"
#include "clotting.h"
#include "content_private.h"
#include "lab/bench.h"
#include "roles.h"
#include "scenario_private.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    SCENARIO_ARENA_LIMIT = 4 * 1024 * 1024,
    SCENARIO_FIRST_S = -86400 * 14,
    SCENARIO_WORDS_MAX = 120,    /* bytes of a title, a role */
    SCENARIO_SENTENCE_MAX = 300, /* of the summary, the staffing */
    SCENARIO_PARAGRAPH_MAX = 1000,
    SCENARIO_VALUE_MAX = 100000,
};

typedef struct {
    const lab_t *lab;
    yaml_t yaml;
    scenario_t *scenario;
    err_t *err;
} reading_t;

static const char *const mode_words[] = {"coach", "practice", "assess", NULL};
static const char *const level_words[] = {"first", "core", "hard", NULL};
static const char *const priority_words[] = {"routine", "urgent", "stat", NULL};
static const char *const setting_words[] = {"community", "outpatient", "ed", "inpatient", "icu", NULL};
static const char *const plant_words[] = {"specimen",    "swap",   "label",        "critical",  "analyzer", "patient",
                                          "proficiency", "add_on", "refrigerator", "breakdown", "lis_down", "lot",
                                          "month",       NULL};
static const char *const reception_words[] = {"trainee", "assistant", NULL};
static const char *const handling_words[] = {"manual", "track", NULL};
static const char *const prevalence_words[] = {"drill", "real-life", NULL};
static const char *const bench_words[] = {"chemistry", "hematology", "coagulation", NULL};
static const char *const sex_words[] = {"F", "M", NULL};

/* "06:30" -> seconds; with a sign, hours and minutes relative to the start: "+1:30", "-36:00". */
static bool read_span(const char *text, bool clock, int32_t *seconds)
{
    int sign = 1;
    if (*text == '+' || *text == '-') {
        if (clock) return false;
        sign = *text++ == '-' ? -1 : 1;
    }
    int hours = 0, minutes = 0, digits = 0;
    while (*text >= '0' && *text <= '9' && digits < 4) hours = hours * 10 + (*text++ - '0'), digits++;
    if (digits == 0 || *text++ != ':') return false;
    for (digits = 0; *text >= '0' && *text <= '9' && digits < 3; digits++) minutes = minutes * 10 + (*text++ - '0');
    if (digits != 2 || *text || minutes > 59 || (clock && hours > 23)) return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool get_span(reading_t *in, yaml_item_t *map, const char *key, bool required, int32_t *seconds)
{
    const char *text = NULL;
    if (required ? !yaml_text(&in->yaml, map, key, &text, in->err) : !yaml_text_or(&in->yaml, map, key, &text, in->err))
        return false;
    if (!text) return true;
    if (!read_span(text, false, seconds) || *seconds < SCENARIO_FIRST_S)
        return yaml_fail(&in->yaml, yaml_get(map, key), in->err,
                         "%s is hours and minutes after the start, such as \"0:45\" or \"-6:00\"; found \"%.40s\"", key,
                         text);
    return true;
}

/* A text that somebody will read: not empty, not longer than its place. */
static bool check_words(reading_t *in, yaml_item_t *node, const char *key, int max)
{
    for (const char *c = node->text; *c; c++)
        if (((unsigned char)*c < 0x20 && !strchr("\t\r\n", *c)) || *c == 0x7f)
            return yaml_fail(&in->yaml, node, in->err, "%s holds a control character; remove it", key);
    if (!node->text[strspn(node->text, " \t\r\n")])
        return yaml_fail(&in->yaml, node, in->err, "%s is empty; write a text", key);
    if (strlen(node->text) > (size_t)max)
        return yaml_fail(&in->yaml, node, in->err, "%s has at most %d bytes; this one has %zu", key, max,
                         strlen(node->text));
    return true;
}

static bool get_words(reading_t *in, yaml_item_t *map, const char *key, int max, const char **text)
{
    return yaml_text(&in->yaml, map, key, text, in->err) && check_words(in, yaml_get(map, key), key, max);
}

static bool get_flag(reading_t *in, yaml_item_t *map, const char *key, bool *value)
{
    const char *text = NULL;
    if (!yaml_text_or(&in->yaml, map, key, &text, in->err)) return false;
    if (!text) return true;
    *value = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (*value || strcmp(text, "no") == 0 || strcmp(text, "false") == 0) return true;
    return yaml_fail(&in->yaml, yaml_get(map, key), in->err, "%s is yes or no; found \"%.40s\"", key, text);
}

static bool get_choice_or(reading_t *in, yaml_item_t *map, const char *key, const char *const *words, int *value)
{
    return yaml_get(map, key) ? yaml_choice(&in->yaml, map, key, words, value, in->err) : true;
}

static const char FAULT_LIST[] = "`titer lab fault list` has all";

/* The index that `find` gives for the word under `key`; -1 stays when the key is absent. `where` says
 * where the right words stand. */
static bool get_name(reading_t *in, yaml_item_t *map, const char *key, int (*find)(const lab_t *, const char *),
                     const char *what, const char *where, int *index)
{
    const char *text = NULL;
    if (!yaml_text_or(&in->yaml, map, key, &text, in->err)) return false;
    if (!text) return true;
    *index = find(in->lab, text);
    if (*index >= 0) return true;
    return yaml_fail(&in->yaml, yaml_get(map, key), in->err, "there is no %s \"%.60s\"; %s", what, text, where);
}

static bool read_texts(reading_t *in, yaml_item_t *map, const char *key, const char **texts, int max, int *count)
{
    yaml_item_t *list = yaml_get(map, key);
    if (!list) return true;
    if (list->kind != YAML_LIST)
        return yaml_fail(&in->yaml, list, in->err, "%s is a list of texts, one a line after \"- \"", key);
    for (yaml_item_t *item = list->first; item; item = item->next) {
        if (item->kind != YAML_SCALAR) return yaml_fail(&in->yaml, item, in->err, "each entry of %s is a text", key);
        if (*count == max) return yaml_fail(&in->yaml, item, in->err, "%s holds at most %d entries", key, max);
        if (!check_words(in, item, key, SCENARIO_PARAGRAPH_MAX)) return false;
        item->used = true;
        texts[(*count)++] = item->text;
    }
    return true;
}

static yaml_item_t *list_or(yaml_item_t *root, const char *key)
{
    yaml_item_t *list = yaml_get(root, key);
    return list ? list : root;
}

static bool read_view(reading_t *in, yaml_item_t *root)
{
    scenario_t *s = in->scenario;
    scenario_view_t *v = &s->view;
    const char *start = NULL;
    int64_t minutes = 0, order = 100;
    int mode = MODE_PRACTICE, level = 1;
    if (!get_words(in, root, "id", SCENARIO_ID_MAX, &v->id) ||
        !get_words(in, root, "title", SCENARIO_WORDS_MAX, &v->title) ||
        !get_words(in, root, "summary", SCENARIO_SENTENCE_MAX, &v->summary) ||
        !get_words(in, root, "role", SCENARIO_WORDS_MAX, &v->role) ||
        !get_words(in, root, "staffing", SCENARIO_SENTENCE_MAX, &v->staffing) ||
        !yaml_text(&in->yaml, root, "start", &start, in->err) ||
        !yaml_int(&in->yaml, root, "minutes", 10, 720, &minutes, in->err) ||
        !yaml_int_or(&in->yaml, root, "order", 0, 10000, &order, in->err) ||
        !get_choice_or(in, root, "mode", mode_words, &mode) || !get_choice_or(in, root, "level", level_words, &level) ||
        !read_texts(in, root, "briefing", v->briefing, SCENARIO_BRIEFING_MAX, &v->briefing_count) ||
        !read_texts(in, root, "sops", v->sops, SCENARIO_SOPS_MAX, &v->sop_count))
        return false;
    for (const char *c = v->id; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-'))
            return yaml_fail(&in->yaml, yaml_get(root, "id"), in->err,
                             "id uses small letters, digits and '-', such as \"morning-run\"");
    if (!read_span(start, true, &v->start_clock_s))
        return yaml_fail(&in->yaml, yaml_get(root, "start"), in->err,
                         "start is a time of day such as \"22:30\"; found \"%.40s\"", start);
    for (int i = 0; i < v->sop_count; i++)
        if (!lab_sop_find(in->lab, v->sops[i]))
            return yaml_fail(&in->yaml, yaml_get(root, "sops"), in->err,
                             "the binder has no procedure \"%.40s\"; the ids stand in lab/sop, such as CH-001",
                             v->sops[i]);
    if (v->briefing_count == 0)
        return yaml_fail(&in->yaml, list_or(root, "briefing"), in->err,
                         "a scenario needs a briefing: a list of one to %d paragraphs", SCENARIO_BRIEFING_MAX);
    v->length_s = (int32_t)minutes * 60;
    v->mode = (shift_mode_t)mode;
    v->level = level_words[level];
    s->order = (int)order;
    return true;
}

static bool read_load(reading_t *in, yaml_item_t *root)
{
    scenario_t *s = in->scenario;
    int reception = 0, handling = 0, prevalence = 0;
    int64_t pending = 0;
    s->answer_probability = 0.9;
    s->misread_probability = 0.06;
    if (!yaml_double(&in->yaml, root, "specimens", 0, 450, &s->mean_specimens, in->err) ||
        !yaml_int_or(&in->yaml, root, "pending", 0, 60, &pending, in->err) ||
        !yaml_double_or(&in->yaml, root, "background", 0, 10, &s->background, in->err) ||
        !yaml_double_or(&in->yaml, root, "answer_probability", 0, 1, &s->answer_probability, in->err) ||
        !yaml_double_or(&in->yaml, root, "misread_probability", 0, 1, &s->misread_probability, in->err) ||
        !yaml_double_or(&in->yaml, root, "random_calls", 0, 40, &s->random_calls, in->err) ||
        !get_choice_or(in, root, "reception", reception_words, &reception) ||
        !get_choice_or(in, root, "handling", handling_words, &handling) ||
        !get_choice_or(in, root, "prevalence", prevalence_words, &prevalence) ||
        !scenario_care_keys(&in->yaml, root, s, in->err))
        return false;
    s->pending = (int)pending;
    s->assistant = reception == 1;
    s->track = handling == 1;
    s->drill = prevalence == 0;
    s->view.specimens = (int)(s->mean_specimens + 0.5) + s->pending;
    const char *benches[BENCH_COUNT];
    int bench_count = 0;
    if (!read_texts(in, root, "benches", benches, BENCH_COUNT, &bench_count)) return false;
    for (int i = 0; i < bench_count; i++) {
        int bench = 0;
        while (bench_words[bench] && strcmp(bench_words[bench], benches[i]) != 0) bench++;
        if (!bench_words[bench])
            return yaml_fail(&in->yaml, yaml_get(root, "benches"), in->err,
                             "a bench is chemistry, hematology or coagulation; found \"%.40s\"", benches[i]);
        s->benches |= 1u << bench;
    }
    if (s->benches == 0) s->benches = 1u << BENCH_CHEMISTRY;
    yaml_item_t *mix = yaml_get(root, "settings");
    if (!mix || mix->kind != YAML_MAP)
        return yaml_fail(&in->yaml, mix ? mix : root, in->err,
                         "settings gives weights, such as {ed: 3, inpatient: 5, icu: 1, outpatient: 2}");
    double total = 0;
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (!yaml_double_or(&in->yaml, mix, setting_words[i], 0, 1000, &s->mix[i], in->err)) return false;
        total += s->mix[i];
    }
    if (!(total > 0)) return yaml_fail(&in->yaml, mix, in->err, "at least one setting needs a weight above 0");
    yaml_item_t *times = yaml_get(root, "qc_at");
    if (!times) return true;
    if (times->kind != YAML_LIST)
        return yaml_fail(&in->yaml, times, in->err,
                         "qc_at is a list of times after the start, such as [\"0:10\", \"4:00\"]");
    for (yaml_item_t *item = times->first; item; item = item->next) {
        item->used = true;
        if (s->qc_times == SCENARIO_QC_TIMES_MAX)
            return yaml_fail(&in->yaml, item, in->err, "qc_at holds at most %d times", SCENARIO_QC_TIMES_MAX);
        int32_t at;
        if (item->kind != YAML_SCALAR || !read_span(item->text, false, &at) || at < 0 || at >= s->view.length_s)
            return yaml_fail(&in->yaml, item, in->err, "a QC time lies within the shift, such as \"1:30\"");
        s->qc_at_s[s->qc_times++] = at;
    }
    return true;
}

static bool read_patient(reading_t *in, yaml_item_t *node, plant_t *plant)
{
    int64_t low = 0, high = 0;
    if (!get_flag(in, node, "healthy", &plant->healthy) || !get_choice_or(in, node, "sex", sex_words, &plant->sex) ||
        !yaml_int_or(&in->yaml, node, "age_from", PATIENT_AGE_LOW, PATIENT_AGE_HIGH, &low, in->err) ||
        !yaml_int_or(&in->yaml, node, "age_to", PATIENT_AGE_LOW, PATIENT_AGE_HIGH, &high, in->err) ||
        !get_name(in, node, "condition", lab_condition_find, "condition", "the ids stand in lab/conditions.csv",
                  &plant->condition) ||
        !get_name(in, node, "other_condition", lab_condition_find, "condition", "the ids stand in lab/conditions.csv",
                  &plant->other_condition) ||
        !get_name(in, node, "cells", cells_condition_find, "condition of the cells",
                  "the ids stand in lab/hematology/conditions.csv", &plant->cells) ||
        !get_name(in, node, "clotting", clotting_find, "condition of clotting",
                  "the ids stand in lab/coagulation/conditions.csv", &plant->clotting))
        return false;
    if ((low != 0) != (high != 0) || low > high)
        return yaml_fail(&in->yaml, yaml_get(node, low ? "age_from" : "age_to"), in->err,
                         "give both age_from and age_to, the smaller first");
    plant->age_low = (int)low;
    plant->age_high = (int)high;
    return true;
}

/* Within the range that the fault's table gives. */
static bool check_severity(reading_t *in, yaml_item_t *node, const char *fault, double severity)
{
    fault_view_t known;
    if (!lab_fault(in->lab, lab_fault_find(in->lab, fault), &known) ||
        (severity >= known.low && severity <= known.high))
        return true;
    return yaml_fail(&in->yaml, yaml_get(node, "severity"), in->err,
                     "severity of this fault is %s (%s), a number from %g to %g, usually %g; found \"%.40s\"",
                     known.severity, known.unit, known.low, known.high, known.usual, yaml_get(node, "severity")->text);
}

static bool read_fault(reading_t *in, yaml_item_t *node, plant_t *plant)
{
    int kind = -1;
    double severity = 0;
    if (!get_name(in, node, "fault", fault_find, "pre-analytic fault", FAULT_LIST, &kind)) return false;
    if (kind < 0)
        return yaml_fail(&in->yaml, node, in->err,
                         "a planted specimen names its fault, such as \"fault: edta_contam\"");
    if (!yaml_double(&in->yaml, node, "severity", 0, 100000, &severity, in->err)) return false;
    if (!check_severity(in, node, fault_id(in->lab, kind), severity)) return false;
    plant->fault = (specimen_fault_t){.kind = (int16_t)kind, .fluid = -1, .severity = (float)severity};
    int fluid = -1;
    if (!get_name(in, node, "fluid", lab_fluid_find, "IV fluid", FAULT_LIST, &fluid)) return false;
    plant->fault.fluid = (int16_t)fluid;
    return true;
}

static bool read_analyzer(reading_t *in, yaml_item_t *node, plant_t *plant)
{
    int kind = -1;
    int64_t line = 1;
    double severity = 1, growth = 0;
    if (!get_name(in, node, "fault", analyzer_fault_find, "analyzer fault", FAULT_LIST, &kind)) return false;
    if (kind < 0)
        return yaml_fail(&in->yaml, node, in->err,
                         "a planted analyzer fault names it, such as \"fault: electrode_drift\"");
    if (plant->analyte < 0 && analyzer_fault_one_assay(in->lab, kind))
        return yaml_fail(&in->yaml, node, in->err,
                         "this fault is of one assay: name the test, such as \"analyte: chloride\"");
    if (plant->analyte >= 0 && !analyzer_fault_in_scope(in->lab, kind, plant->analyte))
        return yaml_fail(&in->yaml, yaml_get(node, "analyte"), in->err, "this fault does not touch the test %s",
                         lab_analyte(in->lab, plant->analyte)->id);
    if (!yaml_int(&in->yaml, node, "line", 1, SHIFT_LINES, &line, in->err) ||
        !yaml_double(&in->yaml, node, "severity", -20, 20, &severity, in->err) ||
        !yaml_double_or(&in->yaml, node, "growth_hours", 0, 1000, &growth, in->err))
        return false;
    bool there = false;
    for (int a = 0; a < lab_analyte_count(in->lab); a++)
        there = there || ((plant->analyte < 0 || plant->analyte == a) && analyzer_fault_in_scope(in->lab, kind, a) &&
                          lab_analyte(in->lab, a)->bench == line_bench((int)line - 1));
    if (!there)
        return yaml_fail(&in->yaml, yaml_get(node, "line") ? yaml_get(node, "line") : node, in->err,
                         "%s measures nothing that this fault touches; lines 1 and 2 are of chemistry, 3 is the "
                         "blood counter, 4 the coagulation analyzer",
                         line_name((int)line - 1));
    if (yaml_get(node, "severity") && !check_severity(in, node, analyzer_fault_id(in->lab, kind), severity))
        return false;
    plant->line = (int)line - 1;
    plant->analyzer = (analyzer_fault_t){.kind = (int16_t)kind,
                                         .analyte = (int16_t)plant->analyte,
                                         .severity = (float)severity,
                                         .growth_h = (float)growth};
    return true;
}

static bool check_critical(reading_t *in, yaml_item_t *node, const plant_t *plant)
{
    if (plant->analyte < 0 || plant->value != plant->value)
        return yaml_fail(
            &in->yaml, node, in->err,
            "a critical patient needs analyte and value, such as \"analyte: potassium\" and \"value: 7.1\"");
    double low = absurd_low(in->lab, plant->analyte), high = absurd_high(in->lab, plant->analyte);
    if (plant->value >= low && plant->value <= high) return true;
    return yaml_fail(&in->yaml, yaml_get(node, "value"), in->err,
                     "no living patient has %s %g: give a number from %g to %g",
                     lab_analyte(in->lab, plant->analyte)->id, plant->value, low > 0 ? low : 0,
                     high < SCENARIO_VALUE_MAX ? high : SCENARIO_VALUE_MAX);
}

/* A tube of the shift before, on which a test is ordered that is run from it and was not on its order. */
static bool check_add_on(reading_t *in, yaml_item_t *node, const plant_t *plant)
{
    if (plant->panel < 0 || (plant->analyte < 0) != plant->aliquot || plant->collected_before_min < 60 ||
        plant->at_s < 0)
        return yaml_fail(
            &in->yaml, node, in->err,
            "an added test needs panel, analyte (or aliquot: yes) and collected_minutes_before (60 or more), such as "
            "\"panel: bmp\", \"analyte: hs_tni\" and \"collected_minutes_before: 1800\"; at is not before "
            "the start");
    const lab_content_t *content = lab_content(in->lab);
    if (plant->aliquot)
        return content->panel_bench[plant->panel] != BENCH_HEMATOLOGY ||
               yaml_fail(&in->yaml, yaml_get(node, "panel"), in->err, "blood is not poured off: take another panel");
    if (tests_has(content->panels[plant->panel].tests, plant->analyte))
        return yaml_fail(&in->yaml, yaml_get(node, "analyte"), in->err, "that test is in the panel already");
    if (lab_analyte(in->lab, plant->analyte)->bench != content->panel_bench[plant->panel])
        return yaml_fail(&in->yaml, yaml_get(node, "analyte"), in->err, "that test is run at another bench");
    return true;
}

/* What has to be done with the blood of a patient: words of treatments, or tests to be added. */
static bool read_expects(reading_t *in, yaml_item_t *node, plant_t *plant)
{
    const char *words[SCENARIO_EXPECTS_MAX];
    if (!read_texts(in, node, "expects", words, SCENARIO_EXPECTS_MAX, &plant->expect_count)) return false;
    for (int i = 0; i < plant->expect_count; i++) {
        int t = 0;
        while (t < TREAT_COUNT && strcmp(treatment_word((treatment_t)t), words[i]) != 0) t++;
        int test = t < TREAT_COUNT ? -1 : lab_analyte_find(in->lab, words[i]);
        if (t == TREAT_COUNT && (test < 0 || lab_analyte(in->lab, test)->bench == BENCH_CHEMISTRY))
            return yaml_fail(&in->yaml, yaml_get(node, "expects"), in->err,
                             "nothing that can be done with a tube is called \"%.40s\"; use words such as film or mix, "
                             "or a test to be added, such as F8",
                             words[i]);
        plant->expects[i] = test < 0 ? t : TREAT_COUNT + test;
    }
    if (plant->kind == PLANT_PATIENT && plant->cells < 0 && plant->clotting < 0)
        return yaml_fail(&in->yaml, node, in->err,
                         "a planted patient has a condition: \"cells: CAD\" or \"clotting: LA\"");
    return true;
}

static bool read_plant(reading_t *in, yaml_item_t *node)
{
    scenario_t *s = in->scenario;
    if (node->kind != YAML_MAP)
        return yaml_fail(&in->yaml, node, in->err, "each planted thing is a map that begins with \"- kind: specimen\"");
    if (s->plant_count == SCENARIO_PLANTS_MAX)
        return yaml_fail(&in->yaml, node, in->err, "a scenario plants at most %d things", SCENARIO_PLANTS_MAX);
    plant_t *plant = &s->plants[s->plant_count];
    *plant = (plant_t){.line_no = node->line,
                       .setting = SETTING_INPATIENT,
                       .panel = -1,
                       .analyte = -1,
                       .sex = -1,
                       .condition = -1,
                       .other_condition = -1,
                       .cells = -1,
                       .clotting = -1,
                       .collected_before_min = -1,
                       .analyzer = {.kind = -1},
                       .fault = {.kind = -1, .fluid = -1}};
    int kind = 0, setting = SETTING_INPATIENT, priority = PRIORITY_ROUTINE;
    if (!yaml_choice(&in->yaml, node, "kind", plant_words, &kind, in->err) ||
        !get_span(in, node, "at", true, &plant->at_s) ||
        !get_name(in, node, "analyte", lab_analyte_find, "analyte", "the ids stand in lab/analytes.csv",
                  &plant->analyte))
        return false;
    plant->kind = (plant_kind_t)kind;
    if (plant->at_s >= s->view.length_s)
        return yaml_fail(&in->yaml, node, in->err, "this happens after the end of the shift (%d minutes)",
                         (int)(s->view.length_s / 60));
    if (kind == PLANT_ANALYZER) {
        if (!read_analyzer(in, node, plant)) return false;
        s->plant_count++;
        return true;
    }
    if (kind >= PLANT_REFRIGERATOR) {
        if (!scenario_care_plant(in->lab, &in->yaml, node, plant, in->err)) return false;
        for (int i = 0; kind == PLANT_BREAKDOWN && i < s->plant_count; i++)
            if (s->plants[i].kind == PLANT_BREAKDOWN && s->plants[i].line == plant->line)
                return yaml_fail(&in->yaml, node, in->err, "a line breaks down once a shift");
        for (int i = 0; kind == PLANT_MONTH && i < s->plant_count; i++)
            if (s->plants[i].kind == PLANT_MONTH && s->plants[i].line == plant->line &&
                s->plants[i].analyte == plant->analyte)
                return yaml_fail(&in->yaml, node, in->err, "the month of a test on a line stands in the file once");
        if (kind == PLANT_MONTH && !(s->benches & (1u << line_bench(plant->line))))
            return yaml_fail(&in->yaml, node, in->err, "%s is not in use: add its bench to benches",
                             line_name(plant->line));
        s->plant_count++;
        return true;
    }
    const char *with[SCENARIO_WITH_MAX];
    int64_t unanswered = 0;
    double prior = 0, before = -1, value = NAN;
    if (!get_choice_or(in, node, "setting", setting_words, &setting) ||
        !get_choice_or(in, node, "priority", priority_words, &priority) ||
        !get_name(in, node, "panel", lab_panel_find, "panel", "the ids stand in lab/panels.csv", &plant->panel) ||
        !yaml_double_or(&in->yaml, node, "earlier_result_hours", 0.5, 20000, &prior, in->err) ||
        !yaml_double_or(&in->yaml, node, "collected_minutes_before", 0, 2880, &before, in->err) ||
        !yaml_double_or(&in->yaml, node, "value", 0, SCENARIO_VALUE_MAX, &value, in->err) ||
        !yaml_int_or(&in->yaml, node, "unanswered_calls", 0, 10, &unanswered, in->err) ||
        !get_flag(in, node, "every_tube", &plant->every_tube) || !get_flag(in, node, "aliquot", &plant->aliquot) ||
        !read_texts(in, node, "with", with, SCENARIO_WITH_MAX, &plant->with_count) || !read_patient(in, node, plant))
        return false;
    for (int i = 0; i < plant->with_count; i++) {
        plant->with[i] = lab_panel_find(in->lab, with[i]);
        if (plant->with[i] < 0)
            return yaml_fail(&in->yaml, yaml_get(node, "with"), in->err, "there is no panel \"%.60s\"", with[i]);
    }
    plant->setting = (setting_t)setting;
    plant->priority = (priority_t)priority;
    plant->prior_h = prior;
    plant->collected_before_min = before;
    plant->value = value;
    plant->unanswered = (int)unanswered;
    if (kind == PLANT_SPECIMEN && !read_fault(in, node, plant)) return false;
    if ((kind == PLANT_SPECIMEN || kind == PLANT_PATIENT) && !read_expects(in, node, plant)) return false;
    if (kind == PLANT_ADD_ON && !check_add_on(in, node, plant)) return false;
    if (kind == PLANT_CRITICAL && !check_critical(in, node, plant)) return false;
    if (kind == PLANT_SWAP && prior <= 0)
        return yaml_fail(
            &in->yaml, node, in->err,
            "without earlier_result_hours nobody could notice a swap: give the age of the earlier results, such as 20");
    s->plant_count++;
    return true;
}

static int script_find(const lab_t *lab, const char *id)
{
    const lab_content_t *content = lab_content(lab);
    for (int i = 0; i < content->script_count; i++)
        if (strcmp(content->scripts[i].id, id) == 0) return i;
    return -1;
}

static bool read_calls(reading_t *in, yaml_item_t *root)
{
    yaml_item_t *list = yaml_get(root, "calls");
    scenario_t *s = in->scenario;
    if (!list) return true;
    if (list->kind != YAML_LIST) return yaml_fail(&in->yaml, list, in->err, "calls is a list of {at, script} entries");
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (s->call_count == SCENARIO_CALLS_MAX)
            return yaml_fail(&in->yaml, node, in->err, "a scenario plans at most %d calls", SCENARIO_CALLS_MAX);
        planned_call_t *call = &s->calls[s->call_count++];
        int64_t about = 0;
        call->script = -1;
        if (node->kind != YAML_MAP || !get_span(in, node, "at", true, &call->at_s))
            return node->kind == YAML_MAP
                       ? false
                       : yaml_fail(&in->yaml, node, in->err, "a call is a map: {at: \"0:30\", script: ask_result_ed}");
        if (!get_name(in, node, "script", script_find, "telephone script", "the ids stand in lab/phone.yaml",
                      &call->script))
            return false;
        if (call->script < 0)
            return yaml_fail(&in->yaml, node, in->err, "a call names its script (content/lab/phone.yaml)");
        if (!yaml_int_or(&in->yaml, node, "about", 1, SCENARIO_PLANTS_MAX, &about, in->err)) return false;
        call->about = (int)about - 1;
        if (about > s->plant_count)
            return yaml_fail(&in->yaml, node, in->err, "about counts the planted things from 1 to %d", s->plant_count);
        if (call->at_s < 0 || call->at_s >= s->view.length_s)
            return yaml_fail(&in->yaml, node, in->err, "the call comes outside the shift");
    }
    return true;
}

static bool read_all(reading_t *in)
{
    yaml_item_t *root = in->yaml.root;
    if (!root || root->kind != YAML_MAP)
        return yaml_fail(&in->yaml, root, in->err, "a scenario file is a map of keys; begin with \"id: my-scenario\"");
    if (!read_view(in, root) || !read_load(in, root)) return false;
    yaml_item_t *plants = yaml_get(root, "planted");
    if (plants && plants->kind != YAML_LIST && !(plants->kind == YAML_SCALAR && !plants->text[0]))
        return yaml_fail(&in->yaml, plants, in->err, "planted is a list, each entry beginning with \"- kind: ...\"");
    for (yaml_item_t *node = plants && plants->kind == YAML_LIST ? plants->first : NULL; node; node = node->next)
        if (!read_plant(in, node)) return false;
    if (!read_calls(in, root)) return false;
    const char *texts[SCENARIO_OBJECTIVES_MAX];
    if (!read_texts(in, root, "objectives", texts, SCENARIO_OBJECTIVES_MAX, &in->scenario->objective_count))
        return false;
    for (int i = 0; i < in->scenario->objective_count; i++) in->scenario->objectives[i].text = texts[i];
    if (in->scenario->objective_count == 0)
        return yaml_fail(&in->yaml, list_or(root, "objectives"), in->err,
                         "a scenario needs objectives: what the trainee should be able to do afterward");
    return yaml_no_unused(&in->yaml, root, in->err);
}

const char *shift_mode_word(shift_mode_t mode)
{
    return mode_words[mode];
}

int shift_mode_from_word(const char *word)
{
    for (int i = 0; word && i < MODE_COUNT; i++)
        if (strcmp(word, mode_words[i]) == 0) return i;
    return -1;
}

bool scenario_read(const lab_t *lab, const char *file, const unsigned char *bytes, size_t length, scenario_t **out,
                   err_t *err)
{
    *out = NULL;
    arena_t *arena = arena_new(SCENARIO_ARENA_LIMIT);
    scenario_t *scenario = arena ? arena_alloc(arena, sizeof *scenario) : NULL;
    if (!scenario) {
        arena_free(arena);
        return err_set(err, ERR_MEMORY, "There is not enough memory to read %s.", file);
    }
    scenario->arena = arena;
    snprintf(scenario->file, sizeof scenario->file, "%s", file);
    err_t inner = {0};
    reading_t in = {.lab = lab, .scenario = scenario, .err = &inner};
    if (!yaml_read(&in.yaml, arena, scenario->file, bytes, length, &inner) || !read_all(&in)) {
        if (err) *err = inner;
        arena_free(arena);
        return false;
    }
    *out = scenario;
    return true;
}

void scenario_free(scenario_t *scenario)
{
    if (scenario) arena_free(scenario->arena);
}

void scenario_view(const scenario_t *scenario, scenario_view_t *view)
{
    *view = scenario->view;
    view->benches = scenario->benches;
}

bool scenario_is_manual(const scenario_t *scenario)
{
    return !scenario->track;
}

int scenario_count(const lab_t *lab)
{
    return lab_content(lab)->scenario_count;
}

const scenario_t *scenario_get(const lab_t *lab, int index)
{
    const lab_content_t *content = lab_content(lab);
    return index >= 0 && index < content->scenario_count ? content->scenarios[index] : NULL;
}

const scenario_t *scenario_find(const lab_t *lab, const char *id)
{
    const lab_content_t *content = lab_content(lab);
    for (int i = 0; i < content->scenario_count; i++)
        if (strcmp(content->scenarios[i]->view.id, id) == 0) return content->scenarios[i];
    return NULL;
}
