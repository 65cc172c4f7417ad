/* Reads content/lab/care: readings of the analyzers, checklists, storage units and alarms. */
#include "base/base.h"
#include "lab_private.h"
#include "shift_private.h"

#include <math.h>
#include <string.h>

static const char *const bench_words[] = {"chemistry", "hematology", "coagulation", NULL};
static const char *const list_words[] = {"daily", "weekly", "monthly", NULL};
static const char *const kind_words[] = {"value", "choice", "tick", NULL};
static const char *const verify_words[] = {"function", "calibration", "controls", "patients", NULL};
static const char *const yes_words[] = {"no", "yes", NULL};

static bool csv_word(const csv_t *t, size_t row, int column, const char *const *words, int *value, err_t *err)
{
    for (*value = 0; words[*value]; ++*value)
        if (strcmp(words[*value], csv_text(t, row, column)) == 0) return true;
    return csv_fail(t, row, err, "%s cannot be \"%.40s\"", t->names[column], csv_text(t, row, column));
}

/* The next part of "a|b|c" copied into the arena; NULL at the end. */
static const char *next_part(arena_t *arena, const char **text, char mark)
{
    if (!**text) return NULL;
    size_t length = 0;
    while ((*text)[length] && (*text)[length] != mark) length++;
    char *copy = arena_alloc(arena, length + 1);
    if (!copy) return NULL;
    memcpy(copy, *text, length);
    copy[length] = '\0';
    *text += length + ((*text)[length] == mark);
    return copy;
}

static bool read_shifts(lab_t *lab, const csv_t *t, size_t row, int column, care_reading_t *reading, err_t *err)
{
    const char *rest = csv_text(t, row, column), *part;
    while ((part = next_part(lab->arena, &rest, ';')) != NULL) {
        const char *colon = strchr(part, ':');
        double value;
        if (!colon || !text_to_double(colon + 1, strlen(colon + 1), &value))
            return csv_fail(t, row, err, "shifts is a list such as \"water_quality:5.2\"; found \"%.40s\"", part);
        if (reading->shift_count == CARE_SHIFTS_MAX)
            return csv_fail(t, row, err, "at most %d shifts of one reading", CARE_SHIFTS_MAX);
        const char *whole = part;
        const char *by = next_part(lab->arena, &whole, ':');
        if (!by) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
        if (!strchr(by, '/') && analyzer_fault_find(lab, by) < 0)
            return csv_fail(t, row, err, "there is no analyzer fault \"%.40s\"", by);
        reading->shifts[reading->shift_count].by = by;
        reading->shifts[reading->shift_count++].value = value;
    }
    return true;
}

static bool load_readings(lab_t *lab, care_tables_t *care, const source_t *source, err_t *err)
{
    static const char *const names[] = {"reading", "bench", "name", "unit",   "decimals", "usual",
                                        "spread",  "low",   "high", "shifts", "source"};
    csv_t t;
    int c[sizeof names / sizeof *names];
    if (!lab_table(lab, source, "lab/care/readings.csv", &t, err)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!csv_need(&t, names[i], &c[i], err)) return false;
    for (size_t row = 0; row < t.rows; row++) {
        int bench;
        int64_t decimals;
        if (care->reading_count == CARE_TABLE_READINGS)
            return csv_fail(&t, row, err, "at most %d readings", CARE_TABLE_READINGS);
        care_reading_t *r = &care->readings[care->reading_count++];
        if (!csv_word(&t, row, c[1], bench_words, &bench, err) || !csv_int(&t, row, c[4], &decimals, err) ||
            !csv_double(&t, row, c[5], &r->usual, err) || !csv_double(&t, row, c[6], &r->spread, err) ||
            !csv_double_or(&t, row, c[7], NAN, &r->low, err) || !csv_double_or(&t, row, c[8], NAN, &r->high, err) ||
            !read_shifts(lab, &t, row, c[9], r, err))
            return false;
        if (decimals < 0 || decimals > 4) return csv_fail(&t, row, err, "decimals is 0 to 4");
        r->id = csv_text(&t, row, c[0]);
        r->bench = (bench_t)bench;
        r->name = csv_text(&t, row, c[2]);
        r->unit = csv_text(&t, row, c[3]);
        r->decimals = (int)decimals;
    }
    return true;
}

static int reading_find(const care_tables_t *care, const char *id)
{
    for (int i = 0; i < care->reading_count; i++)
        if (strcmp(care->readings[i].id, id) == 0) return i;
    return -1;
}

static bool load_lists(lab_t *lab, care_tables_t *care, const source_t *source, err_t *err)
{
    static const char *const names[] = {"bench", "list", "text", "kind", "reading", "choices", "sop", "source"};
    csv_t t;
    int c[sizeof names / sizeof *names];
    if (!lab_table(lab, source, "lab/care/checklists.csv", &t, err)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!csv_need(&t, names[i], &c[i], err)) return false;
    for (size_t row = 0; row < t.rows; row++) {
        int bench, list, kind;
        if (!csv_word(&t, row, c[0], bench_words, &bench, err) || !csv_word(&t, row, c[1], list_words, &list, err) ||
            !csv_word(&t, row, c[3], kind_words, &kind, err))
            return false;
        care_list_def_t *def = &care->lists[bench][list];
        if (def->count == CARE_STEPS_MAX)
            return csv_fail(&t, row, err, "a checklist has at most %d steps", CARE_STEPS_MAX);
        care_step_t *step = &def->steps[def->count++];
        *step = (care_step_t){.text = csv_text(&t, row, c[2]), .kind = (care_step_kind_t)kind, .reading = -1};
        def->sop = csv_text(&t, row, c[6]);
        if (step->kind == CARE_VALUE) {
            step->reading = reading_find(care, csv_text(&t, row, c[4]));
            if (step->reading < 0 || care->readings[step->reading].bench != (bench_t)bench)
                return csv_fail(&t, row, err, "the analyzers of this bench have no reading \"%.40s\"",
                                csv_text(&t, row, c[4]));
        }
        const char *rest = csv_text(&t, row, c[5]), *part;
        while (step->kind == CARE_CHOICE && (part = next_part(lab->arena, &rest, '|')) != NULL)
            if (step->choice_count < CARE_CHOICES_MAX) step->choices[step->choice_count++] = part;
        if (step->kind == CARE_CHOICE && step->choice_count < 2)
            return csv_fail(&t, row, err, "a choice offers two or more, such as \"clean|dusty\": the good one first");
    }
    return true;
}

static bool load_units(lab_t *lab, care_tables_t *care, const source_t *source, err_t *err)
{
    static const char *const names[] = {"unit", "name", "holds",        "usual",         "swing",
                                        "low",  "high", "humidity_low", "humidity_high", "source"};
    csv_t t;
    int c[sizeof names / sizeof *names];
    if (!lab_table(lab, source, "lab/care/units.csv", &t, err)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!csv_need(&t, names[i], &c[i], err)) return false;
    for (size_t row = 0; row < t.rows; row++) {
        if (care->unit_count == CARE_UNITS_MAX) return csv_fail(&t, row, err, "at most %d units", CARE_UNITS_MAX);
        care_unit_t *u = &care->units[care->unit_count++];
        u->id = csv_text(&t, row, c[0]);
        u->name = csv_text(&t, row, c[1]);
        u->holds = csv_text(&t, row, c[2]);
        if (!csv_double(&t, row, c[3], &u->usual, err) || !csv_double(&t, row, c[4], &u->swing, err) ||
            !csv_double(&t, row, c[5], &u->low, err) || !csv_double(&t, row, c[6], &u->high, err) ||
            !csv_double_or(&t, row, c[7], NAN, &u->humidity_low, err) ||
            !csv_double_or(&t, row, c[8], NAN, &u->humidity_high, err))
            return false;
        if (!(u->low < u->usual && u->usual < u->high))
            return csv_fail(&t, row, err, "low, usual and high of a unit stand in this order");
    }
    return care->unit_count > 0 || err_set(err, ERR_INPUT, "lab/care/units.csv:1: there is no unit");
}

/* ---- alarms ---- */

static bool read_steps(const yaml_t *yaml, yaml_item_t *node, care_alarm_t *alarm, err_t *err)
{
    yaml_item_t *list = yaml_get(node, "steps");
    if (!list || list->kind != YAML_LIST || !list->first)
        return yaml_fail(yaml, node, err, "an alarm needs steps: a list of {id, text, minutes}");
    for (yaml_item_t *item = list->first; item; item = item->next) {
        int64_t minutes = 0;
        if (alarm->step_count == CARE_ALARM_STEPS_MAX)
            return yaml_fail(yaml, item, err, "an alarm has at most %d steps", CARE_ALARM_STEPS_MAX);
        int at = alarm->step_count++;
        if (!yaml_text(yaml, item, "id", &alarm->steps[at].id, err) ||
            !yaml_text(yaml, item, "text", &alarm->steps[at].text, err) ||
            !yaml_int(yaml, item, "minutes", 1, 240, &minutes, err))
            return false;
        alarm->steps[at].minutes = (int)minutes;
    }
    return true;
}

static int step_find(const care_alarm_t *alarm, const char *id)
{
    if (strcmp(id, "engineer") == 0) return CARE_ENGINEER;
    for (int i = 0; i < alarm->step_count; i++)
        if (strcmp(alarm->steps[i].id, id) == 0) return i;
    return -1;
}

static bool read_causes(const yaml_t *yaml, yaml_item_t *node, care_alarm_t *alarm, err_t *err)
{
    yaml_item_t *list = yaml_get(node, "causes");
    if (!list || list->kind != YAML_LIST || !list->first)
        return yaml_fail(yaml, node, err, "an alarm needs causes: a list of {id, cured_by, advice}");
    for (yaml_item_t *item = list->first; item; item = item->next) {
        if (alarm->cause_count == CARE_CAUSES_MAX)
            return yaml_fail(yaml, item, err, "an alarm has at most %d causes", CARE_CAUSES_MAX);
        care_cause_t *cause = &alarm->causes[alarm->cause_count++];
        if (!yaml_text(yaml, item, "id", &cause->id, err) || !yaml_text(yaml, item, "advice", &cause->advice, err))
            return false;
        yaml_item_t *cures = yaml_get(item, "cured_by");
        for (yaml_item_t *word = cures && cures->kind == YAML_LIST ? cures->first : NULL; word; word = word->next) {
            int step = word->kind == YAML_SCALAR ? step_find(alarm, word->text) : -1;
            word->used = true;
            if (step < 0) return yaml_fail(yaml, word, err, "cured_by names steps of this alarm, or engineer");
            cause->cures |= 1u << step;
        }
        if (!cause->cures) return yaml_fail(yaml, item, err, "a cause that nothing cures cannot be worked");
    }
    return true;
}

static bool read_alarm(const yaml_t *yaml, yaml_item_t *node, care_alarm_t *alarm, err_t *err)
{
    int bench, stops, wanted;
    int64_t answer, engineer;
    if (!yaml_text(yaml, node, "id", &alarm->id, err) || !yaml_choice(yaml, node, "bench", bench_words, &bench, err) ||
        !yaml_text(yaml, node, "code", &alarm->code, err) || !yaml_text(yaml, node, "message", &alarm->message, err) ||
        !yaml_text(yaml, node, "manual", &alarm->manual, err) ||
        !yaml_choice(yaml, node, "stops", yes_words, &stops, err) ||
        !yaml_int(yaml, node, "answer_minutes", 1, 120, &answer, err) ||
        !yaml_int(yaml, node, "engineer_minutes", 10, 1440, &engineer, err) || !read_steps(yaml, node, alarm, err) ||
        !read_causes(yaml, node, alarm, err))
        return false;
    alarm->bench = (bench_t)bench;
    alarm->stops = stops == 1;
    alarm->answer_min = (int)answer;
    alarm->engineer_min = (int)engineer;
    yaml_item_t *verify = yaml_get(node, "verify");
    for (yaml_item_t *word = verify && verify->kind == YAML_LIST ? verify->first : NULL; word; word = word->next) {
        word->used = true;
        for (wanted = 0; verify_words[wanted] && word->kind == YAML_SCALAR; wanted++)
            if (strcmp(verify_words[wanted], word->text) == 0) break;
        if (word->kind != YAML_SCALAR || !verify_words[wanted])
            return yaml_fail(yaml, word, err, "verify lists function, calibration, controls and patients");
        alarm->wanted[wanted] = true;
    }
    return true;
}

static bool load_alarms(lab_t *lab, care_tables_t *care, const source_t *source, err_t *err)
{
    const source_file_t *file = source_find(source, "lab/care/alarms.yaml");
    yaml_t yaml;
    const char *ignored;
    if (!file) return err_set(err, ERR_INPUT, "The content has no lab/care/alarms.yaml.");
    if (!yaml_read(&yaml, lab->arena, file->path, file->bytes, file->length, err)) return false;
    if (!yaml.root || yaml.root->kind != YAML_MAP)
        return err_set(err, ERR_INPUT, "lab/care/alarms.yaml:1: the file is a map with source, as_of and alarms");
    yaml_item_t *list = yaml_get(yaml.root, "alarms");
    if (!list || list->kind != YAML_LIST) return yaml_fail(&yaml, yaml.root, err, "the file needs alarms: a list");
    if (!yaml_text(&yaml, yaml.root, "source", &ignored, err) || !yaml_text(&yaml, yaml.root, "as_of", &ignored, err) ||
        !yaml_text(&yaml, yaml.root, "confidence", &ignored, err))
        return false;
    for (yaml_item_t *node = list->first; node; node = node->next) {
        if (care->alarm_count == CARE_ALARMS_MAX)
            return yaml_fail(&yaml, node, err, "at most %d alarms", CARE_ALARMS_MAX);
        if (!read_alarm(&yaml, node, &care->alarms[care->alarm_count++], err)) return false;
    }
    return yaml_no_unused(&yaml, yaml.root, err);
}

bool care_load(lab_t *lab, const source_t *source, err_t *err)
{
    care_tables_t *care = arena_alloc(lab->arena, sizeof *care);
    if (!care) return err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    lab->ext[CARE_SLOT] = care;
    return load_readings(lab, care, source, err) && load_lists(lab, care, source, err) &&
           load_units(lab, care, source, err) && load_alarms(lab, care, source, err);
}

int care_alarm_find(const lab_t *lab, const char *id)
{
    const care_tables_t *care = care_tables(lab);
    for (int i = 0; i < care->alarm_count; i++)
        if (strcmp(care->alarms[i].id, id) == 0) return i;
    return -1;
}

int care_cause_find(const lab_t *lab, int alarm, const char *id)
{
    const care_alarm_t *about = &care_tables(lab)->alarms[alarm];
    for (int i = 0; i < about->cause_count; i++)
        if (strcmp(about->causes[i].id, id) == 0) return i;
    return -1;
}

int care_unit_find(const lab_t *lab, const char *id)
{
    const care_tables_t *care = care_tables(lab);
    for (int i = 0; i < care->unit_count; i++)
        if (strcmp(care->units[i].id, id) == 0) return i;
    return -1;
}
