/* The keys of a scenario file that are about the care of the analyzers, and the planted things of that kind:
 *   refrigerator  an excursion of a unit: at, unit, peak, hours, cause (door, compressor), spoils, line
 *   breakdown     an alarm of a line: at, line, alarm, cause; leaves, analyte, severity: wrong after the repair
 *   lis_down      at, minutes
 *   lot           a bottle of a new lot goes into use: at, line, analyte, fault, severity
 *   month         a test's controls wait for their review: at, line, analyte, state, by, level, points, rejected */
#include "scenario_private.h"
#include "shift_private.h"

#include <math.h>
#include <string.h>

static const char *const care_words[] = {"done", "trainee", NULL};
static const char *const excursion_words[] = {"door", "compressor", NULL};

/* "2026-11-30" into the numbers of a date. */
static bool read_date(const char *text, int *year, int *month, int *day)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return false;
    *year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    *month = (text[5] - '0') * 10 + (text[6] - '0');
    *day = (text[8] - '0') * 10 + (text[9] - '0');
    return *month >= 1 && *month <= 12 && *day >= 1 && *day <= days[*month - 1];
}

bool scenario_care_keys(const yaml_t *yaml, yaml_item_t *root, scenario_t *s, err_t *err)
{
    const char *date = "2026-11-24"; /* the laboratory's day: ages are counted to it */
    int care = 0;
    if (yaml_get(root, "care") && !yaml_choice(yaml, root, "care", care_words, &care, err)) return false;
    if (!yaml_text_or(yaml, root, "date", &date, err)) return false;
    s->care = care == 1;
    if (!read_date(date, &s->year, &s->month, &s->day))
        return yaml_fail(yaml, yaml_get(root, "date"), err, "date is a day such as \"2026-11-30\"; found \"%.40s\"",
                         date);
    return true;
}

static bool read_refrigerator(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err)
{
    const char *unit;
    double hours, severity = 1;
    int64_t line = 1;
    if (!yaml_text(yaml, node, "unit", &unit, err) || !yaml_double(yaml, node, "peak", -60, 60, &plant->value, err) ||
        !yaml_double(yaml, node, "hours", 0.5, 336, &hours, err) ||
        !yaml_choice(yaml, node, "cause", excursion_words, &plant->cause, err) ||
        !yaml_double_or(yaml, node, "severity", 0, 20, &severity, err) ||
        !yaml_int_or(yaml, node, "line", 1, SHIFT_LINES, &line, err))
        return false;
    plant->unit = care_unit_find(lab, unit);
    if (plant->unit < 0) return yaml_fail(yaml, yaml_get(node, "unit"), err, "there is no unit \"%.40s\"", unit);
    const care_unit_t *about = &care_tables(lab)->units[plant->unit];
    if (plant->value >= about->low && plant->value <= about->high)
        return yaml_fail(yaml, yaml_get(node, "peak"), err, "peak lies outside the limits of the unit (%g to %g)",
                         about->low, about->high);
    plant->duration_s = (int32_t)(hours * 3600);
    plant->line = (int)line - 1;
    yaml_item_t *spoils = yaml_get(node, "spoils");
    for (yaml_item_t *word = spoils && spoils->kind == YAML_LIST ? spoils->first : NULL; word; word = word->next) {
        int a = word->kind == YAML_SCALAR ? lab_analyte_find(lab, word->text) : -1;
        int kind = analyzer_fault_find(lab, "reagent_deterioration");
        word->used = true;
        if (a < 0 || kind < 0 || !analyzer_fault_in_scope(lab, kind, a))
            return yaml_fail(yaml, word, err, "spoils lists tests whose reagent stood there");
        tests_add(plant->spoils, a);
        plant->analyzer = (analyzer_fault_t){.kind = (int16_t)kind, .severity = (float)severity};
    }
    return true;
}

static bool read_wrong(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, const char *key, plant_t *plant,
                       err_t *err)
{
    const char *word = NULL;
    double severity = 1;
    if (!yaml_text_or(yaml, node, key, &word, err) || !yaml_double_or(yaml, node, "severity", -20, 20, &severity, err))
        return false;
    if (!word) return true;
    int kind = analyzer_fault_find(lab, word);
    if (kind < 0) return yaml_fail(yaml, yaml_get(node, key), err, "there is no analyzer fault \"%.60s\"", word);
    if (analyzer_fault_one_assay(lab, kind) && !analyzer_fault_in_scope(lab, kind, plant->analyte))
        return yaml_fail(yaml, node, err, "\"%.60s\" is of one test: name its analyte", word);
    plant->analyzer =
        (analyzer_fault_t){.kind = (int16_t)kind, .analyte = (int16_t)plant->analyte, .severity = (float)severity};
    return true;
}

static bool read_breakdown(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err)
{
    const char *alarm, *cause;
    int64_t line = 1;
    if (!yaml_text(yaml, node, "alarm", &alarm, err) || !yaml_text(yaml, node, "cause", &cause, err) ||
        !yaml_int(yaml, node, "line", 1, SHIFT_LINES, &line, err) || !read_wrong(lab, yaml, node, "leaves", plant, err))
        return false;
    plant->line = (int)line - 1;
    plant->alarm = care_alarm_find(lab, alarm);
    if (plant->alarm < 0)
        return yaml_fail(yaml, yaml_get(node, "alarm"), err, "content/lab/care/alarms.yaml has no alarm \"%.40s\"",
                         alarm);
    if (care_tables(lab)->alarms[plant->alarm].bench != line_bench(plant->line))
        return yaml_fail(yaml, node, err, "%s does not have that alarm", line_name(plant->line));
    plant->cause = care_cause_find(lab, plant->alarm, cause);
    return plant->cause >= 0 ||
           yaml_fail(yaml, yaml_get(node, "cause"), err, "that alarm has no cause \"%.40s\"", cause);
}

static bool read_lot(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err)
{
    int64_t line = 1;
    if (!yaml_int(yaml, node, "line", 1, SHIFT_LINES, &line, err) || !read_wrong(lab, yaml, node, "fault", plant, err))
        return false;
    plant->line = (int)line - 1;
    return plant->analyte >= 0 || yaml_fail(yaml, node, err, "a new lot is of one test: name its analyte");
}

static bool on_menu(const lab_t *lab, int analyte)
{
    for (int p = 0; p < lab_panel_count(lab); p++)
        if (tests_has(lab_panel(lab, p)->tests, analyte)) return true;
    return false;
}

static bool read_month(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err)
{
    static const char *const states[] = {"stable", "mean_off", "sd_wide", "drift", "step", "imprecise", NULL};
    static const struct {
        double low, high;
    } by[MONTH_STATES] = {{0, 0}, {-4, 4}, {1.5, 5}, {-5, 5}, {-4, 4}, {1.2, 3}};
    int64_t line = 1, level = 0, points = 0, rejected = 0;
    plant->value = 0;
    if (!yaml_int(yaml, node, "line", 1, SHIFT_LINES, &line, err) ||
        !yaml_choice(yaml, node, "state", states, &plant->state, err) ||
        (plant->state != MONTH_STABLE &&
         !yaml_double(yaml, node, "by", by[plant->state].low, by[plant->state].high, &plant->value, err)) ||
        !yaml_int_or(yaml, node, "level", 1, SHIFT_QC_LEVELS, &level, err) ||
        !yaml_int_or(yaml, node, "points", 5, MONTH_RUNS - 1, &points, err) ||
        !yaml_int_or(yaml, node, "rejected", 0, 4, &rejected, err))
        return false;
    const analyte_t *about = plant->analyte < 0 ? NULL : lab_analyte(lab, plant->analyte);
    if (!about || about->bench != line_bench((int)line - 1) || !on_menu(lab, plant->analyte) || about->derived ||
        analyte_qc_levels(about) == 0)
        return yaml_fail(yaml, yaml_get(node, "analyte") ? yaml_get(node, "analyte") : node, err,
                         "a month is of one test that has controls on its line: name its analyte, such as sodium on "
                         "line 1; %s is of another bench or has none",
                         line_name((int)line - 1));
    if (level > analyte_qc_levels(about))
        return yaml_fail(yaml, yaml_get(node, "level"), err, "%s has %d levels of controls", about->name,
                         analyte_qc_levels(about));
    if (yaml_get(node, "by") && !(plant->value < 0 || plant->value > 0))
        return yaml_fail(yaml, yaml_get(node, "by"), err,
                         "by is how much, in SD or as a ratio; without any, leave the "
                         "key out and write \"state: stable\"");
    plant->line = (int)line - 1;
    plant->level = (int)level;
    plant->points = (int)points;
    plant->rejected = (int)rejected;
    return true;
}

bool scenario_care_plant(const lab_t *lab, const yaml_t *yaml, yaml_item_t *node, plant_t *plant, err_t *err)
{
    int64_t minutes = 0;
    switch (plant->kind) {
    case PLANT_REFRIGERATOR:
        return read_refrigerator(lab, yaml, node, plant, err);
    case PLANT_BREAKDOWN:
        return read_breakdown(lab, yaml, node, plant, err);
    case PLANT_LOT:
        return read_lot(lab, yaml, node, plant, err);
    case PLANT_MONTH:
        return read_month(lab, yaml, node, plant, err);
    default:
        if (!yaml_int(yaml, node, "minutes", 5, 720, &minutes, err)) return false;
        plant->duration_s = (int32_t)minutes * 60;
        return true;
    }
}
