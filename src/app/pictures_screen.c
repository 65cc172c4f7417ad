/* A bench screen that stands still: what a technician sees at a moment of a shift. Names, units, reference intervals
 * and flags are the laboratory's own (catalog.h), so a screen cannot show other limits than the benches do. */
#include "pictures_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RESULT_COLUMNS = 5, CONTROL_COLUMNS = 4 };

static const data_key_t KEYS[] = {{"time", 1, 1},   {"patient", 2, 3}, {"fact", 2, 2},
                                  {"result", 2, 4}, {"control", 4, 4}, {"columns", 2, 8},
                                  {"row", 1, 8},    {"message", 2, 2}, {NULL, 0, 0}};

static int lines_of(const making_t *m, const char *key)
{
    int at = -1, count = 0;
    while (making_next(m, key, &at)) count++;
    return count;
}

/* ---- results ---- */

static bool is_number(const char *text, double *value)
{
    return text_to_double(text, strlen(text), value);
}

static bool beyond_delta(const analyte_t *a, double value, double before)
{
    double change = exact_abs(value - before);
    if (a->delta == DELTA_ABS) return change > a->delta_limit;
    return a->delta == DELTA_PCT && before > 0 && change * 100 > a->delta_limit * before;
}

/* As the benches flag: H or L outside of the interval, critical, delta. */
static const char *flags_of(making_t *m, const analyte_t *a, int sex, const char *value, const char *before,
                            const char *remark)
{
    double v, b;
    bool known = is_number(value, &v);
    const char *side = !known ? "" : v > a->ri_high[sex] ? "H" : v < a->ri_low[sex] ? "L" : "";
    bool critical = known && (v >= a->critical_high || v <= a->critical_low);
    bool delta = known && is_number(before, &b) && beyond_delta(a, v, b);
    return making_text(m, "%s%s%s%s%s%s", side, critical ? (side[0] ? ", critical" : "critical") : "",
                       delta && (side[0] || critical) ? ", " : "", delta ? "delta" : "",
                       remark[0] && (side[0] || critical || delta) ? "; " : "", remark);
}

static const char *interval_of(making_t *m, const analyte_t *a, int sex)
{
    double low = a->ri_low[sex], high = a->ri_high[sex];
    if (isfinite(low) && isfinite(high))
        return making_text(m, "%s to %s", making_fixed(m, low, a->decimals), making_fixed(m, high, a->decimals));
    if (isfinite(high)) return making_text(m, "to %s", making_fixed(m, high, a->decimals));
    return isfinite(low) ? making_text(m, "from %s", making_fixed(m, low, a->decimals)) : "";
}

/* UCUM as people read it. */
static const char *unit_of(making_t *m, const char *unit)
{
    if (!unit) return "";
    if (strcmp(unit, "10*3/uL") == 0) return "10³/µL";
    if (strcmp(unit, "10*6/uL") == 0) return "10⁶/µL";
    char *copy = arena_text(m->arena, unit, strlen(unit)), *to = copy;
    for (const char *from = copy; from && *from; from++)
        if (!strchr("{}[]", *from)) *to++ = *from == '_' ? ' ' : *from;
    if (to) *to = '\0';
    return copy ? copy : "";
}

static const analyte_t *analyte_of(making_t *m, const data_line_t *l)
{
    int a = lab_analyte_find(m->lab, l->field[0]);
    if (a >= 0) return lab_analyte(m->lab, a);
    const char *near = lab_analyte_nearest(m->lab, l->field[0]);
    making_fail(m, l, "the laboratory has no test \"%.40s\"%s%s", l->field[0], near ? "; did you mean " : "",
                near ? near : "");
    return NULL;
}

static bool results(making_t *m, int sex)
{
    static const char *const heads[] = {"Test", "Result", "Flags", "Before", "Reference interval"};
    int count = lines_of(m, "result"), at = -1;
    if (count == 0) return true;
    exhibit_table_t *t = making_table(m, "Results", RESULT_COLUMNS, count, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < count; i++) {
        const data_line_t *l = making_next(m, "result", &at);
        const analyte_t *a = l ? analyte_of(m, l) : NULL;
        if (!a) return false;
        const char **cell = t->cell + i * RESULT_COLUMNS, *before = l->count > 2 ? l->field[2] : "-";
        double value;
        bool known = is_number(l->field[1], &value);
        if (known && exact_abs(exact_round(value, a->decimals) - value) > 1e-9 * (1 + exact_abs(value)))
            return making_fail(m, l, "%s is reported with %d decimals", a->name, a->decimals);
        cell[0] = making_text(m, "%s", a->name);
        const char *unit = unit_of(m, a->unit);
        cell[1] = known ? making_text(m, "%s\u00a0%s", making_fixed(m, value, a->decimals), unit) : l->field[1];
        cell[2] = flags_of(m, a, sex, l->field[1], before, l->count > 3 ? l->field[3] : "");
        cell[3] = strcmp(before, "-") == 0 ? "" : before;
        cell[4] = interval_of(m, a, sex);
    }
    return true;
}

/* ---- the rest ---- */

static bool controls(making_t *m)
{
    static const char *const heads[] = {"Control", "Level", "SD from the mean", "State"};
    int count = lines_of(m, "control"), at = -1;
    if (count == 0) return true;
    exhibit_table_t *t = making_table(m, "Quality control", CONTROL_COLUMNS, count, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < count; i++) {
        double z;
        const data_line_t *l = making_next(m, "control", &at);
        const analyte_t *a = l ? analyte_of(m, l) : NULL;
        if (!a || !making_number(m, l, 2, -9, 9, &z)) return false;
        const char **cell = t->cell + i * CONTROL_COLUMNS;
        cell[0] = making_text(m, "%s", a->name);
        cell[1] = l->field[1];
        cell[2] = making_signed(m, z, 1);
        cell[3] = l->field[3];
    }
    return true;
}

/* "columns: Title | first head | second head", then its rows. */
static bool tables(making_t *m)
{
    for (int i = 0; i < m->lines; i++) {
        const data_line_t *l = &m->line[i];
        if (strcmp(l->key, "row") == 0)
            return making_fail(m, l, "a row follows a line \"columns: Title | head | head\"");
        if (strcmp(l->key, "columns") != 0) continue;
        int rows = 0;
        while (i + 1 + rows < m->lines && strcmp(m->line[i + 1 + rows].key, "row") == 0) rows++;
        exhibit_table_t *t = making_table(m, l->field[0], l->count - 1, rows, l->field + 1);
        if (!t) return making_fail(m, l, "a screen has at most %d tables", (int)EXHIBIT_TABLES_MAX);
        for (int r = 0; r < rows; r++) {
            const data_line_t *row = &m->line[i + 1 + r];
            if (row->count != t->columns)
                return making_fail(m, row, "this row has %d fields; its table has %d columns", row->count, t->columns);
            for (int c = 0; c < t->columns; c++) t->cell[r * t->columns + c] = row->field[c];
        }
        i += rows;
    }
    return true;
}

static bool patient(making_t *m, int *sex)
{
    const data_line_t *l = making_only(m, "patient");
    *sex = SEX_FEMALE;
    if (!l)
        return lines_of(m, "result") == 0 ||
               making_fail(m, NULL, "results need a line \"patient: woman | 64 | 5 East\" for their intervals");
    int age;
    bool man = strcmp(l->field[0], "man") == 0;
    if (!man && strcmp(l->field[0], "woman") != 0)
        return making_fail(m, l, "a patient is a woman or a man; found \"%.40s\"", l->field[0]);
    if (!making_int(m, l, 1, 18, 110, &age)) return false;
    *sex = man ? SEX_MALE : SEX_FEMALE;
    making_line(
        m, "Patient",
        making_text(m, "%s, %d%s%s", l->field[0], age, l->count > 2 ? ", " : "", l->count > 2 ? l->field[2] : ""),
        false);
    return true;
}

bool make_screen(making_t *m, const char *bench)
{
    static const struct {
        const char *id, *title;
    } benches[] = {{"chemistry", "Chemistry"},
                   {"hematology", "Hematology"},
                   {"coagulation", "Coagulation"},
                   {"reception", "Reception"}};
    size_t b = 0;
    int sex, at = -1;
    while (b < sizeof benches / sizeof *benches && strcmp(benches[b].id, bench) != 0) b++;
    if (b == sizeof benches / sizeof *benches) return making_fail(m, NULL, "there is no bench \"%.40s\"", bench);
    if (!making_keys(m, "a bench screen", KEYS)) return false;
    if (m->lines == 0)
        return making_fail(m, NULL, "a bench screen needs lines of data, such as \"message: Ward 4 | ...\"");
    const char *time = making_words(m, "time", "");
    m->seen->title = making_text(m, "%s%s%s", benches[b].title, time[0] ? ", " : "", time);
    if (!patient(m, &sex)) return false;
    for (const data_line_t *l; (l = making_next(m, "fact", &at));) making_line(m, l->field[0], l->field[1], false);
    if (!results(m, sex) || !controls(m) || !tables(m)) return false;
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "message", &at));) making_line(m, l->field[0], l->field[1], true);
    m->seen->alt = "A bench screen.";
    return true;
}
