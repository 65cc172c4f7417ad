/* Reads content/road: see rotation_rules.h. */
#include "road/rotation_rules.h"

#include "base/csv.h"

#include <string.h>

const char *const rotation_programs[PROGRAMS] = {"pbt", "mla", "mlt"};

const char *rotation_program_title(const char *program)
{
    static const char *const titles[PROGRAMS] = {"Phlebotomy technician", "Medical laboratory assistant",
                                                 "Medical laboratory technician"};
    for (int i = 0; i < PROGRAMS; i++)
        if (strcmp(program, rotation_programs[i]) == 0) return titles[i];
    return NULL;
}

const char *element_words(int element)
{
    static const char *const words[ELEMENTS] = {"direct observation of routine testing",
                                                "recording and reporting of results",
                                                "review of worksheets, quality control and maintenance records",
                                                "direct observation of maintenance and function checks",
                                                "previously analyzed, blind or proficiency specimens",
                                                "problem solving"};
    return element >= 0 && element < ELEMENTS ? words[element] : "";
}

/* ---- one table ---- */

enum { COLUMNS_MAX = 12 };

typedef struct {
    csv_t csv;
    arena_t *arena;
    int column[COLUMNS_MAX];
} table_t;

static const char *const provenance[] = {"source", "as_of", "confidence"};
static const char *const confidences[] = {"high", "medium", "low", "policy"};

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0) return true;
    return false;
}

/* Opens it and finds the columns: those named, then source, as_of and confidence, which every row must have. */
static bool open_table(table_t *t, const source_t *source, const char *path, const char *const *names, int count,
                       size_t rows_max, err_t *err)
{
    const source_file_t *file = source_find(source, path);
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content.", path);
    if (!csv_read(&t->csv, t->arena, path, file->bytes, file->length, err)) return false;
    if (t->csv.rows > rows_max)
        return err_set(err, ERR_LIMIT, "%s has %zu rows; at most %zu are read.", path, t->csv.rows, rows_max);
    for (int i = 0; i < count + 3; i++)
        if (!csv_need(&t->csv, i < count ? names[i] : provenance[i - count], &t->column[i], err)) return false;
    for (size_t row = 0; row < t->csv.rows; row++) {
        for (int i = 0; i < 2; i++)
            if (csv_text(&t->csv, row, t->column[count + i])[0] == '\0')
                return csv_fail(&t->csv, row, err, "%s is empty: a rule without source and date is not read",
                                provenance[i]);
        if (!is_one_of(csv_text(&t->csv, row, t->column[count + 2]), confidences, 4))
            return csv_fail(&t->csv, row, err, "confidence is high, medium, low or policy");
        if (csv_text(&t->csv, row, t->column[0])[0] == '\0')
            return csv_fail(&t->csv, row, err, "%s is empty", names[0]);
    }
    return true;
}

static const char *cell(const table_t *t, size_t row, int column)
{
    return csv_text(&t->csv, row, t->column[column]);
}

static bool twice(const table_t *t, size_t row, int known, err_t *err)
{
    return known < 0 || csv_fail(&t->csv, row, err, "\"%s\" is there twice", cell(t, row, 0));
}

/* ---- the tables ---- */

static bool read_departments(rotation_rules_t *rules, table_t *t, const source_t *source, err_t *err)
{
    static const char *const names[] = {"id", "title", "bench"};
    if (!open_table(t, source, "road/departments.csv", names, 3, DEPARTMENTS_MAX, err)) return false;
    for (size_t i = 0; i < t->csv.rows; i++) {
        if (!twice(t, i, rotation_department(rules, cell(t, i, 0)), err)) return false;
        rules->departments[rules->department_count++] = (department_t){cell(t, i, 0), cell(t, i, 1), cell(t, i, 2)};
    }
    return true;
}

/* `may_be_empty`: the row belongs to no department. */
static bool department_known(const rotation_rules_t *rules, const table_t *t, size_t row, const char *id,
                             bool may_be_empty, err_t *err)
{
    if (rotation_department(rules, id) >= 0 || (may_be_empty && id[0] == '\0')) return true;
    return csv_fail(&t->csv, row, err, "there is no department \"%.40s\" in road/departments.csv", id);
}

static bool read_procedures(rotation_rules_t *rules, table_t *t, const source_t *source, err_t *err)
{
    static const char *const names[] = {"id", "department", "title"};
    if (!open_table(t, source, "road/procedures.csv", names, 3, PROCEDURES_MAX, err)) return false;
    for (size_t i = 0; i < t->csv.rows; i++) {
        if (!twice(t, i, rotation_procedure(rules, cell(t, i, 0)), err) ||
            !department_known(rules, t, i, cell(t, i, 1), false, err))
            return false;
        rules->procedures[rules->procedure_count++] = (procedure_t){cell(t, i, 0), cell(t, i, 1), cell(t, i, 2)};
    }
    return true;
}

static bool read_elements(const table_t *t, size_t row, const char *text, unsigned *elements, err_t *err)
{
    *elements = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == ' ') continue;
        if (*c < '1' || *c > '6') return csv_fail(&t->csv, row, err, "elements are numbers from 1 to 6, as in \"1 5\"");
        *elements |= 1u << (*c - '1');
    }
    return *elements != 0 || csv_fail(&t->csv, row, err, "a competency names at least one of the six elements");
}

static bool read_competencies(rotation_rules_t *rules, table_t *t, const source_t *source, const char *program,
                              const char *path, err_t *err)
{
    static const char *const names[] = {"id", "area", "department", "competency", "elements", "bench"};
    if (!open_table(t, source, path, names, 6, (size_t)(COMPETENCIES_MAX - rules->competency_count), err)) return false;
    for (size_t i = 0; i < t->csv.rows; i++) {
        competency_t c = {.id = cell(t, i, 0),
                          .program = program,
                          .area = cell(t, i, 1),
                          .department = cell(t, i, 2),
                          .text = cell(t, i, 3),
                          .bench = cell(t, i, 5),
                          .source = cell(t, i, 6),
                          .as_of = cell(t, i, 7),
                          .confidence = cell(t, i, 8)};
        if (rotation_competency_of(rules, c.id) != NULL) return twice(t, i, 0, err);
        if (!department_known(rules, t, i, c.department, true, err) ||
            !read_elements(t, i, cell(t, i, 4), &c.elements, err))
            return false;
        rules->competencies[rules->competency_count++] = c;
    }
    return true;
}

static bool read_behaviors(rotation_rules_t *rules, table_t *t, const source_t *source, err_t *err)
{
    static const char *const names[] = {"id", "text"};
    if (!open_table(t, source, "road/behaviors.csv", names, 2, BEHAVIORS_MAX, err)) return false;
    for (size_t i = 0; i < t->csv.rows; i++) {
        if (!twice(t, i, rotation_behavior(rules, cell(t, i, 0)), err)) return false;
        rules->behaviors[rules->behavior_count++] = (behavior_t){cell(t, i, 0), cell(t, i, 1)};
    }
    return true;
}

/* "hematology+urinalysis": hours that may be worked in either. */
static bool departments_known(const rotation_rules_t *rules, const char *key)
{
    char id[64];
    for (const char *c = key;; c++) {
        size_t n = strcspn(c, "+");
        if (n == 0 || n >= sizeof id) return false;
        memcpy(id, c, n);
        id[n] = '\0';
        if (rotation_department(rules, id) < 0) return false;
        c += n;
        if (*c == '\0') return true;
    }
}

static bool read_requirements(rotation_rules_t *rules, table_t *t, const source_t *source, err_t *err)
{
    static const char *const names[] = {"requirement", "title", "program", "key", "amount"};
    if (!open_table(t, source, "road/rotation_hours.csv", names, 5, REQUIREMENTS_MAX, err)) return false;
    for (size_t i = 0; i < t->csv.rows; i++) {
        const char *key = cell(t, i, 3);
        bool is_count = strncmp(key, "count:", 6) == 0;
        requirement_t r = {.id = cell(t, i, 0),
                           .title = cell(t, i, 1),
                           .program = cell(t, i, 2),
                           .key = is_count ? key + 6 : key,
                           .is_count = is_count,
                           .source = cell(t, i, 5),
                           .as_of = cell(t, i, 6),
                           .confidence = cell(t, i, 7)};
        bool known = is_count ? rotation_procedure(rules, r.key) >= 0
                              : strcmp(key, "total") == 0 || departments_known(rules, key);
        if (!known)
            return csv_fail(&t->csv, i, err,
                            "key is \"total\", departments with + between them, or \"count:\" and a procedure");
        if (rotation_program_title(r.program) == NULL) return csv_fail(&t->csv, i, err, "program is pbt, mla or mlt");
        if (!csv_double(&t->csv, i, t->column[4], &r.amount, err)) return false;
        if (!(r.amount > 0 && r.amount <= 10000)) return csv_fail(&t->csv, i, err, "amount is above 0, at most 10000");
        rules->requirements[rules->requirement_count++] = r;
    }
    return true;
}

bool rotation_rules_read(rotation_rules_t *rules, arena_t *arena, const source_t *source, err_t *err)
{
    static const char *const paths[PROGRAMS] = {"road/competencies_pbt.csv", "road/competencies_mla.csv",
                                                "road/competencies_mlt.csv"};
    table_t t = {.arena = arena};
    memset(rules, 0, sizeof *rules);
    if (!read_departments(rules, &t, source, err) || !read_procedures(rules, &t, source, err) ||
        !read_behaviors(rules, &t, source, err) || !read_requirements(rules, &t, source, err))
        return false;
    for (int i = 0; i < PROGRAMS; i++)
        if (!read_competencies(rules, &t, source, rotation_programs[i], paths[i], err)) return false;
    return true;
}

/* ---- finding ---- */

int rotation_department(const rotation_rules_t *rules, const char *id)
{
    for (int i = 0; i < rules->department_count; i++)
        if (strcmp(rules->departments[i].id, id) == 0) return i;
    return -1;
}

int rotation_procedure(const rotation_rules_t *rules, const char *id)
{
    for (int i = 0; i < rules->procedure_count; i++)
        if (strcmp(rules->procedures[i].id, id) == 0) return i;
    return -1;
}

int rotation_behavior(const rotation_rules_t *rules, const char *id)
{
    for (int i = 0; i < rules->behavior_count; i++)
        if (strcmp(rules->behaviors[i].id, id) == 0) return i;
    return -1;
}

const competency_t *rotation_competency_of(const rotation_rules_t *rules, const char *id)
{
    for (int i = 0; i < rules->competency_count; i++)
        if (strcmp(rules->competencies[i].id, id) == 0) return &rules->competencies[i];
    return NULL;
}
