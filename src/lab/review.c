/* Reads the review rules and asks them of counts: one at a time, or every row of a table. */
#include "review_private.h"

#include "base/base.h"

#include <stdlib.h>
#include <string.h>

enum { REVIEW_MEMORY = 8 * 1024 * 1024, REVIEW_CSV_MEMORY = 256 * 1024 * 1024 };

static const char PATH[] = "lab/hematology/review_rules.csv";

static bool read_rule(review_t *review, const csv_t *table, size_t row, err_t *err)
{
    static const char *const columns[] = {"parameter", "criterion", "action", "machine"};
    review_rule_t *rule = &review->rules[review->count];
    const char **into[] = {&rule->parameter, &rule->criterion, &rule->action, &rule->machine};
    int column;
    int64_t number;
    if (review->count == REVIEW_RULES_MAX)
        return csv_fail(table, row, err, "there are more than %d rules", (int)REVIEW_RULES_MAX);
    if (!csv_need(table, "rule", &column, err) || !csv_int(table, row, column, &number, err)) return false;
    if (number < 1 || number > 9999) return csv_fail(table, row, err, "a rule's number is 1 to 9999");
    rule->number = (int)number;
    for (int i = 0; i < review->count; i++)
        if (review->rules[i].number == rule->number)
            return csv_fail(table, row, err, "rule %d stands here twice", rule->number);
    for (int i = 0; i < 4; i++) {
        if (!csv_need(table, columns[i], &column, err)) return false;
        *into[i] = csv_text(table, row, column);
    }
    err_t why = {0};
    if (!review_compile(review->lab, rule->machine, &review->codes[review->count], &why))
        return csv_fail(table, row, err, "machine %s", why.text);
    review->count++;
    return true;
}

bool review_open(review_t **out, const lab_t *lab, const source_t *content, err_t *err)
{
    *out = NULL;
    const source_file_t *file = source_find(content, PATH);
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content; restore it", PATH);
    review_t *review = calloc(1, sizeof *review);
    if (review != NULL) review->arena = arena_new(REVIEW_MEMORY);
    if (review == NULL || review->arena == NULL) {
        review_close(review);
        return err_set(err, ERR_MEMORY, "not enough memory for the review rules");
    }
    review->lab = lab;
    csv_t table;
    bool good = csv_read(&table, review->arena, PATH, file->bytes, file->length, err);
    for (size_t row = 0; good && row < table.rows; row++) good = read_rule(review, &table, row, err);
    if (!good) {
        review_close(review);
        return false;
    }
    *out = review;
    return true;
}

void review_close(review_t *review)
{
    if (review == NULL) return;
    if (review->arena != NULL) arena_free(review->arena);
    free(review);
}

int review_count(const review_t *review)
{
    return review->count;
}

const review_rule_t *review_rule(const review_t *review, int index)
{
    return index >= 0 && index < review->count ? &review->rules[index] : NULL;
}

void review_case_clear(review_case_t *what)
{
    double none = (double)__builtin_nan("");
    what->sex = -1;
    what->age = what->age_h = what->since_h = none;
    what->first = true;
    what->confirmed = false;
    what->flags = 0;
    memset(what->no_value, 0, sizeof what->no_value);
    memset(what->value, 0xff, sizeof what->value); /* all bits set is a NAN */
    memset(what->previous, 0xff, sizeof what->previous);
}

static uint32_t needs_met(const review_case_t *what)
{
    uint64_t tried = 0;
    for (int w = 0; w < ANALYTE_WORDS; w++) tried |= what->no_value[w];
    return (uint32_t)(what->first ? REVIEW_FIRST : REVIEW_REPEAT) | (what->confirmed ? (uint32_t)REVIEW_CONFIRMED : 0) |
           (tried != 0 ? (uint32_t)REVIEW_NO_VALUE : 0);
}

uint64_t review_hits(const review_t *review, const review_case_t *what)
{
    uint64_t hits = 0;
    uint32_t met = needs_met(what);
    for (int i = 0; i < review->count; i++) {
        const review_code_t *code = &review->codes[i];
        uint32_t flag = what->flags & code->flags ? (uint32_t)REVIEW_FLAG : 0;
        if ((code->needs & ~(met | flag)) == 0 && review_run(review->lab, code, what)) hits |= (uint64_t)1 << i;
    }
    return hits;
}

/* ---- tables ---- */

typedef enum {
    COLUMN_VALUE,
    COLUMN_PREVIOUS,
    COLUMN_SEX,
    COLUMN_AGE,
    COLUMN_AGE_H,
    COLUMN_SINCE,
    COLUMN_FIRST,
    COLUMN_CONFIRMED,
    COLUMN_FLAGS,
    COLUMN_ID
} column_kind_t;

typedef struct {
    column_kind_t kind;
    int analyte;
} column_t;

static bool find_column(const review_t *review, const char *file, const char *name, column_t *column, err_t *err)
{
    static const struct {
        const char *name;
        column_kind_t kind;
    } words[] = {{"sex", COLUMN_SEX},       {"age", COLUMN_AGE},     {"age_h", COLUMN_AGE_H},
                 {"since_h", COLUMN_SINCE}, {"first", COLUMN_FIRST}, {"confirmed", COLUMN_CONFIRMED},
                 {"flags", COLUMN_FLAGS},   {"id", COLUMN_ID}};
    column->analyte = -1;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, name) == 0) {
            column->kind = words[i].kind;
            return true;
        }
    bool previous = strncmp(name, "prev_", 5) == 0;
    column->kind = previous ? COLUMN_PREVIOUS : COLUMN_VALUE;
    column->analyte = lab_analyte_find(review->lab, previous ? name + 5 : name);
    if (column->analyte >= 0 && lab_analyte(review->lab, column->analyte)->bench == BENCH_HEMATOLOGY) return true;
    return err_set(
        err, ERR_INPUT,
        "%s:1: there is no column \"%.40s\"; columns are ids of hematology (WBC, MCV), prev_ and such an id, "
        "sex, age, age_h, since_h, first, confirmed, flags and id",
        file, name);
}

static bool read_yes(const csv_t *table, size_t row, int column, bool *value, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (text[0] == 0) return true;
    if ((text[0] != '0' && text[0] != '1') || text[1] != 0)
        return csv_fail(table, row, err, "%s is \"%.20s\"; write 0 or 1", table->names[column], text);
    *value = text[0] == '1';
    return true;
}

static bool read_sex(const csv_t *table, size_t row, int column, int *sex, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (text[0] == 0) return true;
    bool female = strcmp(text, "F") == 0 || strcmp(text, "f") == 0,
         male = strcmp(text, "M") == 0 || strcmp(text, "m") == 0;
    if (!female && !male) return csv_fail(table, row, err, "sex is \"%.20s\"; write F or M", text);
    *sex = female ? SEX_FEMALE : SEX_MALE;
    return true;
}

static bool read_flags(const csv_t *table, size_t row, int column, uint64_t *flags, err_t *err)
{
    const char *at = csv_text(table, row, column);
    while (*at) {
        size_t n = strcspn(at, " ;");
        if (n > 0) {
            int flag = count_flag_find(at, n);
            if (flag < 0) return csv_fail(table, row, err, "there is no flag \"%.*s\"", (int)(n < 40 ? n : 40), at);
            *flags |= count_flag_bit(flag);
        }
        at += n + (at[n] != 0);
    }
    return true;
}

static bool read_value(const csv_t *table, size_t row, int column, int analyte, review_case_t *what, err_t *err)
{
    const char *text = csv_text(table, row, column);
    if (strcmp(text, "---") == 0) {
        what->no_value[analyte >> 6] |= (uint64_t)1 << (analyte & 63);
        return true;
    }
    if (strcmp(text, "+++") == 0) {
        what->value[analyte] = (double)__builtin_inf();
        return true;
    }
    return csv_double_or(table, row, column, what->value[analyte], &what->value[analyte], err);
}

static bool read_cell(const csv_t *table, size_t row, int c, const column_t *column, review_case_t *what,
                      const char **id, err_t *err)
{
    switch (column->kind) {
    case COLUMN_VALUE:
        return read_value(table, row, c, column->analyte, what, err);
    case COLUMN_PREVIOUS:
        return csv_double_or(table, row, c, what->previous[column->analyte], &what->previous[column->analyte], err);
    case COLUMN_SEX:
        return read_sex(table, row, c, &what->sex, err);
    case COLUMN_AGE:
        return csv_double_or(table, row, c, what->age, &what->age, err);
    case COLUMN_AGE_H:
        return csv_double_or(table, row, c, what->age_h, &what->age_h, err);
    case COLUMN_SINCE:
        return csv_double_or(table, row, c, what->since_h, &what->since_h, err);
    case COLUMN_FIRST:
        return read_yes(table, row, c, &what->first, err);
    case COLUMN_CONFIRMED:
        return read_yes(table, row, c, &what->confirmed, err);
    case COLUMN_FLAGS:
        return read_flags(table, row, c, &what->flags, err);
    case COLUMN_ID:
        *id = csv_text(table, row, c);
        return true;
    }
    return false;
}

static bool review_rows(const review_t *review, const csv_t *table, review_row_fn row_fn, void *context, err_t *err)
{
    column_t columns[CSV_MAX_COLUMNS];
    review_case_t what;
    for (size_t c = 0; c < table->columns; c++)
        if (!find_column(review, table->file, table->names[c], &columns[c], err)) return false;
    for (size_t row = 0; row < table->rows; row++) {
        const char *id = "";
        review_case_clear(&what);
        for (size_t c = 0; c < table->columns; c++)
            if (!read_cell(table, row, (int)c, &columns[c], &what, &id, err)) return false;
        if (!row_fn(context, table->lines[row], id, review_hits(review, &what))) return true;
    }
    return true;
}

bool review_csv(const review_t *review, const char *file, const unsigned char *bytes, size_t length, review_row_fn row,
                void *context, err_t *err)
{
    csv_t table;
    arena_t *arena = arena_new(REVIEW_CSV_MEMORY);
    if (arena == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the table");
    bool good = csv_read(&table, arena, file, bytes, length, err) && review_rows(review, &table, row, context, err);
    arena_free(arena);
    return good;
}
