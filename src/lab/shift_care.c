/* The care of analyzers in a shift: which checklists are due, what the readings pages show, the temperature
 * of refrigerators, freezer and room, and the signatures under all that.
 *
 * A reading is one draw a shift inside its limits, moved to the value that content/lab/care/readings.csv gives
 * for an analyzer fault or the cause of an alarm while that lasts. A unit swings around its usual temperature;
 * an excursion rises over a quarter of its time to its peak, stays, and falls within two hours of its end.
 * Displays remember the extremes since their memory was cleared, which is at every entry in the log. */
#include "roles.h"
#include "shift_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SWING_S = 2400, FALL_S = 7200, MEMORY_STEP_S = 600 };

/* ---- readings of an analyzer ---- */

static bool shown_by(const shift_t *shift, int line, const char *by)
{
    const char *slash = strchr(by, '/');
    if (slash) {
        const line_alarm_t *alarm = &shift->care.alarms[line];
        if (alarm->alarm < 0 || alarm->fixed_s != NEVER) return false;
        const care_alarm_t *about = &care_tables(shift->lab)->alarms[alarm->alarm];
        size_t length = (size_t)(slash - by);
        return strlen(about->id) == length && memcmp(about->id, by, length) == 0 &&
               strcmp(about->causes[alarm->cause].id, slash + 1) == 0;
    }
    for (int i = 0; i < shift->line_fault_count; i++) {
        const line_fault_t *fault = &shift->line_faults[i];
        if (fault->line == line && shift->now_s >= fault->onset_s && fault->cured_s == NEVER &&
            strcmp(analyzer_fault_id(shift->lab, fault->fault.kind), by) == 0)
            return true;
    }
    return false;
}

/* The chemistry page shows water, bath and lamp after the start-up: here stands the same. */
static bool start_up_reading(const shift_t *shift, int line, const char *id, double *value)
{
    rng_t rng = rng_at(shift->seed, DRAW_START_UP, (uint64_t)line, 0);
    double lamp = 120 + (double)rng_below(&rng, 500);
    start_up_readings_t readings = line_start_up(shift, line, &rng);
    if (strcmp(id, "water") == 0)
        *value = readings.water_mohm_cm;
    else if (strcmp(id, "bath") == 0)
        *value = readings.bath_c;
    else if (strcmp(id, "lamp") == 0)
        *value = lamp + readings.extra_lamp_hours;
    else
        return false;
    return true;
}

double care_reading_now(const shift_t *shift, int line, int index)
{
    const care_reading_t *reading = &care_tables(shift->lab)->readings[index];
    for (int i = 0; i < reading->shift_count; i++)
        if (shown_by(shift, line, reading->shifts[i].by)) return reading->shifts[i].value;
    double value;
    if (line_bench(line) == BENCH_CHEMISTRY && start_up_reading(shift, line, reading->id, &value)) return value;
    rng_t rng = rng_at(shift->seed, DRAW_CARE, (uint64_t)line * CARE_TABLE_READINGS + (uint64_t)index, 0);
    value = reading->usual + reading->spread * rng_normal(&rng);
    if (value < reading->low) value = reading->low;
    if (value > reading->high) value = reading->high;
    return exact_round(value, reading->decimals);
}

/* ---- temperatures ---- */

const plant_t *care_excursion(const shift_t *shift, int unit, int32_t at_s)
{
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind != PLANT_REFRIGERATOR || plant->unit != unit || at_s < plant->at_s) continue;
        int32_t end = shift->care.excursion_end_s[i];
        if (end == NEVER || end > plant->at_s + plant->duration_s) end = plant->at_s + plant->duration_s;
        if (at_s < end) return plant;
    }
    return NULL;
}

static double excursion_part(const shift_t *shift, int index, int32_t at_s)
{
    const plant_t *plant = &shift->scenario->plants[index];
    int32_t end = shift->care.excursion_end_s[index], ramp = plant->duration_s / 4;
    if (end == NEVER || end > plant->at_s + plant->duration_s) end = plant->at_s + plant->duration_s;
    if (at_s <= plant->at_s || at_s >= end + FALL_S) return 0;
    int32_t up_to = at_s < end ? at_s : end;
    double part = (double)(up_to - plant->at_s) / (ramp > 0 ? ramp : 1);
    if (part > 1) part = 1;
    return at_s <= end ? part : part * (1 - (double)(at_s - end) / FALL_S);
}

static double unit_swing(const care_unit_t *about, int32_t at_s)
{
    int32_t phase = at_s % SWING_S;
    if (phase < 0) phase += SWING_S;
    double wave = 4 * exact_abs((double)phase / SWING_S - 0.5) - 1; /* -1 .. 1 */
    return about->usual + about->swing * wave;
}

static int32_t memory_slot(int32_t at_s)
{
    return (at_s - (((at_s % MEMORY_STEP_S) + MEMORY_STEP_S) % MEMORY_STEP_S)) / MEMORY_STEP_S;
}

/* The swing in a slot of the memory, and what comes on top; before rounding. */
static double unit_value(const shift_t *shift, int unit, int32_t at_s, int32_t slot, double value)
{
    const care_unit_t *about = &care_tables(shift->lab)->units[unit];
    rng_t rng = rng_at(shift->seed, DRAW_CARE, 4000 + (uint64_t)unit, (uint64_t)(int64_t)slot);
    value += 0.3 * about->swing * (2 * rng_uniform(&rng) - 1); /* people open it */
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind == PLANT_REFRIGERATOR && plant->unit == unit)
            value += (plant->value - about->usual) * excursion_part(shift, i, at_s);
    }
    return value;
}

double care_unit_now(const shift_t *shift, int unit, int32_t at_s)
{
    double swing = unit_swing(&care_tables(shift->lab)->units[unit], at_s);
    return exact_round(unit_value(shift, unit, at_s, memory_slot(at_s), swing), 1);
}

void care_unit_extremes(const shift_t *shift, int unit, int32_t from_s, int32_t until_s, double *least, double *most)
{
    enum { STEPS = SWING_S / MEMORY_STEP_S };
    const care_unit_t *about = &care_tables(shift->lab)->units[unit];
    int32_t at = from_s, slot = memory_slot(at);
    double swing[STEPS];
    for (int i = 0; i < STEPS; i++) swing[i] = unit_swing(about, at + i * MEMORY_STEP_S);
    double low = unit_value(shift, unit, until_s, memory_slot(until_s), unit_swing(about, until_s)), high = low;
    for (int i = 0; at < until_s; at += MEMORY_STEP_S, slot++, i = (i + 1) % STEPS) {
        double value = unit_value(shift, unit, at, slot, swing[i]);
        if (value < low) low = value;
        if (value > high) high = value;
    }
    *least = exact_round(low, 1);
    *most = exact_round(high, 1);
}

double care_humidity(const shift_t *shift, int unit)
{
    rng_t rng = rng_at(shift->seed, DRAW_CARE, 1000 + (uint64_t)unit, 1);
    return exact_round(38 + 10 * rng_uniform(&rng), 0);
}

/* ---- the start ---- */

static int weekday(int y, int m, int d) /* 0 Sunday (Sakamoto) */
{
    static const int t[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    if (m < 3) y--;
    return (y + y / 4 - y / 100 + y / 400 + t[m - 1] + d) % 7;
}

void care_date(const shift_t *shift, text_t *out)
{
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    const scenario_t *s = shift->scenario;
    text_addf(out, "%s, %s %d, %d", days[weekday(s->year, s->month, s->day)], months[s->month - 1], s->day, s->year);
}

static void start_sheets(shift_t *shift)
{
    const scenario_t *s = shift->scenario;
    bool first = true;
    for (int line = 0; line < SHIFT_LINES; line++) {
        shift->care.panel_s[line] = NEVER;
        for (int list = 0; list < CARE_LISTS; list++) {
            care_sheet_t *sheet = &shift->care.sheets[line][list];
            *sheet = (care_sheet_t){.signed_s = NEVER, .seen_s = NEVER};
            bool day = list == CARE_DAILY || (list == CARE_WEEKLY && weekday(s->year, s->month, s->day) == 1) ||
                       (list == CARE_MONTHLY && s->day == 1);
            sheet->due = shift->lines[line].used && day;
            rng_t rng = rng_at(shift->seed, DRAW_CARE, 2000 + (uint64_t)line, (uint64_t)list);
            sheet->before = sheet->due && (!s->care || (!first && rng_chance(&rng, 0.3)));
            if (sheet->due && list == CARE_DAILY) first = false;
        }
    }
}

/* Entries of the shifts before, twelve hours apart; during an excursion nobody was there. What they say besides the
 * temperature is worked out when somebody reads them (care_log). */
static void start_log(shift_t *shift, int unit)
{
    static const char *const initials[] = {"MK", "JT", "LO", "PS"};
    care_state_t *care = &shift->care;
    care->memory_cleared_s[unit] = CARE_LOG_BEGINS_S;
    bool missed = false;
    for (int i = CARE_ENTRIES_BEFORE; i >= 1; i--) {
        rng_t rng = rng_at(shift->seed, DRAW_CARE, 3000 + (uint64_t)unit, (uint64_t)i);
        int32_t at = -i * CARE_ENTRY_STEP_S + 3600 - 60 * (int32_t)rng_below(&rng, 50);
        missed = missed || care_excursion(shift, unit, at) != NULL;
        if (missed) continue;
        care_log_t *entry = &care->log[care->log_count++];
        *entry = (care_log_t){.at_s = at, .unit = (int8_t)unit, .action = -1, .looked_s = at};
        entry->value = entry->was = care_unit_now(shift, unit, at);
        memcpy(entry->initials, initials[rng_below(&rng, 4)], 3);
        care->memory_cleared_s[unit] = at;
    }
}

/* Bottles that were warm for a while came on board: before the shift, an hour before its start at the latest. */
static void spoil(shift_t *shift, int index, const plant_t *plant)
{
    int32_t warm_s = plant->at_s + plant->duration_s / 4, loaded_s = warm_s < -3600 ? -3600 : warm_s;
    for (int a = tests_next(plant->spoils, 0); a >= 0; a = tests_next(plant->spoils, a + 1)) {
        analyzer_fault_t fault = plant->analyzer;
        fault.analyte = (int16_t)a;
        if (tests_has(shift->lines[plant->line].tests, a)) care_add_fault(shift, &fault, plant->line, loaded_s, index);
    }
}

int care_add_fault(shift_t *shift, const analyzer_fault_t *fault, int line, int32_t onset_s, int plant)
{
    if (shift->line_fault_count == LINE_FAULTS_MAX) return -1;
    int at = shift->line_fault_count++;
    shift->line_faults[at] = (line_fault_t){
        .fault = *fault, .line = (int16_t)line, .plant = (int16_t)plant, .onset_s = onset_s, .cured_s = NEVER};
    line_fault_reach(shift, at);
    return at;
}

void care_start(shift_t *shift)
{
    care_state_t *care = &shift->care;
    care->lis_down_s = care->lis_back_s = NEVER;
    for (int line = 0; line <= SHIFT_LINES; line++) {
        care->declared_s[line] = NEVER;
        for (int g = 0; g < WARD_GROUPS; g++) care->told_s[line][g] = NEVER;
    }
    for (int line = 0; line < SHIFT_LINES; line++) {
        line_alarm_t *alarm = &care->alarms[line];
        *alarm = (line_alarm_t){.alarm = -1, .cause = -1, .plant = -1};
    }
    start_sheets(shift);
    for (int i = 0; i < SCENARIO_PLANTS_MAX; i++) care->excursion_end_s[i] = NEVER;
    for (int unit = 0; unit < care_tables(shift->lab)->unit_count; unit++) {
        care->unit_looked_s[unit] = NEVER;
        start_log(shift, unit);
    }
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        int32_t at = plant->at_s > 0 ? plant->at_s : 1;
        if (plant->kind == PLANT_REFRIGERATOR) spoil(shift, i, plant);
        if (plant->kind == PLANT_BREAKDOWN && shift->lines[plant->line].used)
            event_push(shift, at, EVENT_CARE, plant->line, CARE_EVENT_BREAK, i);
        if (plant->kind == PLANT_LOT && tests_has(shift->lines[plant->line].tests, plant->analyte))
            event_push(shift, at, EVENT_CARE, plant->line, CARE_EVENT_LOT, i);
        if (plant->kind != PLANT_LIS_DOWN) continue;
        event_push(shift, at, EVENT_CARE, -1, CARE_EVENT_LIS, 1);
        event_push(shift, at + plant->duration_s, EVENT_CARE, -1, CARE_EVENT_LIS, 0);
    }
}

/* ---- signatures and entries ---- */

/* "3=16.4": the step's number and what is written for it. */
static bool write_step(shift_t *shift, int line, care_sheet_t *sheet, const care_list_def_t *def, const char *part,
                       size_t length, err_t *err)
{
    const char *equals = memchr(part, '=', length);
    int64_t step;
    if (!equals || !text_to_int(part, (size_t)(equals - part), &step) || step < 0 || step >= def->count)
        return err_set(err, ERR_INPUT,
                       "A checklist is written as \"0=16.4;1=37.0\": the step, then what stands there.");
    size_t n = length - (size_t)(equals + 1 - part);
    if (n == 0) return true;
    if (n >= sizeof sheet->written[0]) return err_set(err, ERR_LIMIT, "An entry has at most 15 characters.");
    const care_step_t *about = &def->steps[step];
    double value = 1;
    if (about->kind == CARE_VALUE && !text_to_double(equals + 1, n, &value))
        return err_set(err, ERR_INPUT, "%s: write a number, such as 16.4.", about->text);
    int64_t choice = 0;
    if (about->kind == CARE_CHOICE &&
        (!text_to_int(equals + 1, n, &choice) || choice < 0 || choice >= about->choice_count))
        return err_set(err, ERR_INPUT, "%s: choose from the list.", about->text);
    memcpy(sheet->written[step], equals + 1, n);
    sheet->written[step][n] = '\0';
    sheet->value[step] = about->kind == CARE_CHOICE ? (double)choice : value;
    if (about->kind == CARE_VALUE) sheet->panel[step] = care_reading_now(shift, line, about->reading);
    return true;
}

static bool sign_list(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_line(shift, action, err)) return false;
    if (action->number < 0 || action->number >= CARE_LISTS)
        return err_set(err, ERR_INPUT, "Choose a checklist: daily, weekly or monthly.");
    care_sheet_t *kept = &shift->care.sheets[action->line][action->number], sheet = *kept;
    if (kept->before) return err_set(err, ERR_STATE, "The shift before has signed that list.");
    if (kept->signed_s != NEVER) return err_set(err, ERR_STATE, "That list is signed. Write a note to correct it.");
    const care_list_def_t *def = &care_tables(shift->lab)->lists[line_bench(action->line)][action->number];
    for (int i = 0; i < CARE_STEPS_MAX; i++) sheet.value[i] = sheet.panel[i] = NAN;
    const char *rest = action->text;
    while (*rest) {
        size_t length = strcspn(rest, ";");
        if (length > 0 && !write_step(shift, action->line, &sheet, def, rest, length, err)) return false;
        rest += length + (rest[length] == ';');
    }
    sheet.signed_s = shift->now_s;
    sheet.seen_s = shift->care.panel_s[action->line];
    sheet.acceptable = action->code == 1;
    *kept = sheet;
    return true;
}

static bool need_unit(const shift_t *shift, const action_t *action, err_t *err)
{
    return (action->code >= 0 && action->code < care_tables(shift->lab)->unit_count) ||
           err_set(err, ERR_INPUT, "Choose a refrigerator, the freezer or the room.");
}

static care_log_t *log_entry(shift_t *shift, const action_t *action, err_t *err)
{
    if (shift->care.log_count == CARE_LOGS_MAX) {
        err_set(err, ERR_LIMIT, "The temperature log of this shift is full (%d entries).", CARE_LOGS_MAX);
        return NULL;
    }
    care_log_t *entry = &shift->care.log[shift->care.log_count++];
    *entry = (care_log_t){.at_s = shift->now_s,
                          .unit = (int8_t)action->code,
                          .action = -1,
                          .value = NAN,
                          .second = NAN,
                          .looked_s = shift->care.unit_looked_s[action->code]};
    entry->was = care_unit_now(shift, action->code, shift->now_s);
    double least;
    care_unit_extremes(shift, action->code, shift->care.memory_cleared_s[action->code], shift->now_s, &least,
                       &entry->was_most);
    return entry;
}

static bool log_unit(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_unit(shift, action, err)) return false;
    if (!(action->value >= -90 && action->value <= 90))
        return err_set(err, ERR_INPUT, "Write the temperature in degrees Celsius, such as 4.6.");
    if (!action->text[0]) return err_set(err, ERR_INPUT, "An entry needs your initials.");
    care_log_t *entry = log_entry(shift, action, err);
    if (!entry) return false;
    /* the display is read when one stands before it: a minute later it may have moved a little */
    if (entry->looked_s != NEVER) {
        double least;
        entry->was = care_unit_now(shift, action->code, entry->looked_s);
        care_unit_extremes(shift, action->code, shift->care.memory_cleared_s[action->code], entry->looked_s, &least,
                           &entry->was_most);
    }
    entry->value = action->value;
    entry->second = (double)action->number / 10;
    snprintf(entry->initials, sizeof entry->initials, "%.6s", action->text);
    shift->care.memory_cleared_s[action->code] = shift->now_s;
    return true;
}

static bool unit_do(shift_t *shift, const action_t *action, err_t *err)
{
    if (!need_unit(shift, action, err)) return false;
    if (action->number < 0 || action->number >= UNIT_ACTIONS)
        return err_set(err, ERR_INPUT, "Choose what to do about the unit.");
    care_log_t *entry = log_entry(shift, action, err);
    if (!entry) return false;
    entry->action = (int8_t)action->number;
    if (action->number == UNIT_QUARANTINE || action->number == UNIT_DISCARD)
        shift->care.quarantined[action->code] = true;
    for (int i = 0; i < shift->scenario->plant_count; i++) {
        const plant_t *plant = &shift->scenario->plants[i];
        if (plant->kind != PLANT_REFRIGERATOR || plant->unit != action->code || shift->now_s < plant->at_s) continue;
        bool ends = plant->cause == 0 ? action->number == UNIT_CLOSE_DOOR || action->number == UNIT_MOVE_STOCK
                                      : action->number == UNIT_MOVE_STOCK;
        if (ends && shift->care.excursion_end_s[i] == NEVER) shift->care.excursion_end_s[i] = shift->now_s;
    }
    return true;
}

bool care_act(shift_t *shift, const action_t *action, err_t *err)
{
    switch (action->kind) {
    case ACT_LOOK_PANEL:
        if (!need_line(shift, action, err)) return false;
        shift->care.panel_s[action->line] = shift->now_s;
        return true;
    case ACT_SIGN_LIST:
        return sign_list(shift, action, err);
    case ACT_LOOK_UNIT:
        if (!need_unit(shift, action, err)) return false;
        shift->care.unit_looked_s[action->code] = shift->now_s;
        return true;
    case ACT_LOG_UNIT:
        return log_unit(shift, action, err);
    case ACT_UNIT_DO:
        return unit_do(shift, action, err);
    default:
        return err_set(err, ERR_INPUT, "The care of analyzers does not know that action.");
    }
}

/* ---- what the state is called ---- */

static uint64_t hash_i(uint64_t hash, int64_t value)
{
    return hash_u64(hash, (uint64_t)value);
}

static uint64_t hash_number(uint64_t hash, double value)
{
    /* a millionth is enough for what is written by hand */
    return hash_i(hash, value == value ? (int64_t)(value * 1e6) : INT64_MIN);
}

uint64_t care_hash(const shift_t *shift, uint64_t hash)
{
    const care_state_t *care = &shift->care;
    for (int line = 0; line < SHIFT_LINES; line++) {
        for (int list = 0; list < CARE_LISTS; list++) {
            const care_sheet_t *sheet = &care->sheets[line][list];
            hash = hash_i(hash, sheet->signed_s);
            for (int i = 0; sheet->signed_s != NEVER && i < CARE_STEPS_MAX; i++)
                hash = hash_number(hash, sheet->value[i]);
        }
        const line_alarm_t *alarm = &care->alarms[line];
        hash = hash_i(hash, alarm->alarm * 1000LL + alarm->cause);
        hash = hash_i(hash, alarm->cleared_s);
        hash = hash_i(hash, alarm->returned_s);
    }
    for (int i = 0; i < care->log_count; i++) {
        hash = hash_i(hash, care->log[i].at_s * 16LL + care->log[i].action);
        hash = hash_number(hash, care->log[i].value);
        hash = hash_number(hash, care->log[i].was);
    }
    for (int i = 0; i < care->crossover_count; i++) {
        hash = hash_i(hash, care->crossovers[i].state);
        hash = hash_number(hash, care->crossovers[i].mean_new);
    }
    for (int i = 0; i < care->paper_count; i++) {
        hash = hash_number(hash, care->papers[i].value);
        hash = hash_number(hash, care->papers[i].entered);
        hash = hash_i(hash, care->papers[i].checked_s);
    }
    for (int line = 0; line <= SHIFT_LINES; line++) {
        hash = hash_i(hash, care->declared_s[line]);
        for (int g = 0; g < WARD_GROUPS; g++) hash = hash_i(hash, care->told_s[line][g]);
    }
    return hash;
}
