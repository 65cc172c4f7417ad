/* The tables of content/road/fit. Every row has source, as-of date and confidence: a row without one is refused. */
#include "road/fit.h"

#include "base/csv.h"

#include <string.h>

typedef struct {
    csv_t table;
    int source, as_of;
} sheet_t;

static bool open_sheet(sheet_t *sheet, arena_t *arena, const source_t *source, const char *path, err_t *err)
{
    const source_file_t *file = source_find(source, path);
    int confidence;
    if (!file) return err_set(err, ERR_NOT_FOUND, "%s is missing: content is not complete.", path);
    if (!csv_read(&sheet->table, arena, path, file->bytes, file->length, err)) return false;
    if (!csv_need(&sheet->table, "source", &sheet->source, err) ||
        !csv_need(&sheet->table, "as_of", &sheet->as_of, err) ||
        !csv_need(&sheet->table, "confidence", &confidence, err))
        return false;
    for (size_t row = 0; row < sheet->table.rows; row++)
        if (!csv_text(&sheet->table, row, sheet->source)[0] || !csv_text(&sheet->table, row, sheet->as_of)[0] ||
            !csv_text(&sheet->table, row, confidence)[0])
            return csv_fail(&sheet->table, row, err,
                            "a fact needs source, as_of and confidence: say where it is from.");
    if (sheet->table.rows > FIT_ROWS_MAX)
        return csv_fail(&sheet->table, FIT_ROWS_MAX, err, "at most %d rows fit: drop some.", FIT_ROWS_MAX);
    return true;
}

/* Columns by name, all of them needed. */
static bool columns(const sheet_t *sheet, const char *const *names, int count, int *at, err_t *err)
{
    for (int i = 0; i < count; i++)
        if (!csv_need(&sheet->table, names[i], &at[i], err)) return false;
    return true;
}

static bool fraction(const sheet_t *sheet, size_t row, int column, double low, double high, double *value, err_t *err)
{
    if (!csv_double(&sheet->table, row, column, value, err)) return false;
    if (!(*value >= low && *value <= high))
        return csv_fail(&sheet->table, row, err, "%s lies outside %g to %g: mend it.", sheet->table.names[column], low,
                        high);
    return true;
}

static int scale_of(const char *letter)
{
    static const char letters[] = "RIASEC";
    const char *at = letter[0] && !letter[1] ? strchr(letters, letter[0]) : NULL;
    return at ? (int)(at - letters) : -1;
}

static bool read_scales(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[4];
    static const char *const names[] = {"scale", "name", "short", "about"};
    if (!open_sheet(&s, arena, source, "road/fit/scales.csv", err) || !columns(&s, names, 4, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++) {
        const char *letter = csv_text(&s.table, row, at[0]);
        if (scale_of(letter) != (int)row)
            return csv_fail(&s.table, row, err, "the six areas stand in the order R, I, A, S, E, C.");
        facts->scales[row] = (fit_scale_t){letter[0], csv_text(&s.table, row, at[1]), csv_text(&s.table, row, at[2]),
                                           csv_text(&s.table, row, at[3])};
    }
    if (s.table.rows != FIT_SCALES) return err_set(err, ERR_INPUT, "road/fit/scales.csv: six areas are needed.");
    return true;
}

static bool read_items(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[2], count[FIT_SCALES] = {0};
    static const char *const names[] = {"scale", "text"};
    if (!open_sheet(&s, arena, source, "road/fit/interest_items.csv", err) || !columns(&s, names, 2, at, err))
        return false;
    if (s.table.rows != FIT_ITEMS)
        return err_set(err, ERR_INPUT, "road/fit/interest_items.csv: the short form has %d items, not %zu.", FIT_ITEMS,
                       s.table.rows);
    for (size_t row = 0; row < s.table.rows; row++) {
        int scale = scale_of(csv_text(&s.table, row, at[0]));
        if (scale < 0) return csv_fail(&s.table, row, err, "scale is one of R, I, A, S, E, C.");
        facts->items[row] = (fit_item_t){csv_text(&s.table, row, at[1]), scale};
        if (++count[scale] > FIT_PER_SCALE)
            return csv_fail(&s.table, row, err, "an area has %d items: this is one too many.", FIT_PER_SCALE);
    }
    return true;
}

static bool read_occupations(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[7], value[FIT_SCALES];
    static const char *const names[] = {"onet_soc",          "title",   "group", "preparation", "about",
                                        "r_with_technician", "job_zone"};
    static const char *const areas[] = {"R", "I", "A", "S", "E", "C"};
    if (!open_sheet(&s, arena, source, "road/fit/occupations.csv", err) || !columns(&s, names, 7, at, err) ||
        !columns(&s, areas, FIT_SCALES, value, err))
        return false;
    for (size_t row = 0; row < s.table.rows; row++) {
        fit_occupation_t *o = &facts->occupations[row];
        int64_t zone;
        const char *group = csv_text(&s.table, row, at[2]);
        *o = (fit_occupation_t){.soc = csv_text(&s.table, row, at[0]),
                                .title = csv_text(&s.table, row, at[1]),
                                .preparation = csv_text(&s.table, row, at[3]),
                                .about = csv_text(&s.table, row, at[4]),
                                .family = strcmp(group, "family") == 0};
        if (!o->family && strcmp(group, "neighbor") != 0)
            return csv_fail(&s.table, row, err, "group is family or neighbor.");
        if (!fraction(&s, row, at[5], -1, 1, &o->r_technician, err) || !csv_int(&s.table, row, at[6], &zone, err))
            return false;
        if (zone < 1 || zone > 5) return csv_fail(&s.table, row, err, "job_zone is 1 to 5.");
        o->job_zone = (int)zone;
        for (int i = 0; i < FIT_SCALES; i++)
            if (!fraction(&s, row, value[i], 1, 7, &o->interest[i], err)) return false;
    }
    facts->occupation_count = (int)s.table.rows;
    return true;
}

static bool read_demands(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[4];
    static const char *const names[] = {"demand", "tasks", "asked", "usual"};
    if (!open_sheet(&s, arena, source, "road/fit/demands.csv", err) || !columns(&s, names, 4, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++)
        facts->demands[row] = (fit_demand_t){csv_text(&s.table, row, at[0]), csv_text(&s.table, row, at[1]),
                                             csv_text(&s.table, row, at[2]), csv_text(&s.table, row, at[3]),
                                             csv_text(&s.table, row, s.source)};
    facts->demand_count = (int)s.table.rows;
    return true;
}

static bool read_realities(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[3];
    static const char *const names[] = {"part", "text", "more"};
    if (!open_sheet(&s, arena, source, "road/fit/realities.csv", err) || !columns(&s, names, 3, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++)
        facts->realities[row] = (fit_reality_t){csv_text(&s.table, row, at[0]), csv_text(&s.table, row, at[1]),
                                                csv_text(&s.table, row, at[2]), csv_text(&s.table, row, s.source),
                                                csv_text(&s.table, row, s.as_of)};
    facts->reality_count = (int)s.table.rows;
    return true;
}

static bool read_targets(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[4];
    static const char *const names[] = {"sample", "measure", "words", "target"};
    if (!open_sheet(&s, arena, source, "road/fit/targets.csv", err) || !columns(&s, names, 4, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++) {
        fit_target_t *t = &facts->targets[row];
        *t = (fit_target_t){.sample = csv_text(&s.table, row, at[0]),
                            .measure = csv_text(&s.table, row, at[1]),
                            .words = csv_text(&s.table, row, at[2])};
        if (!fraction(&s, row, at[3], 0, 1000, &t->target, err)) return false;
    }
    facts->target_count = (int)s.table.rows;
    return true;
}

static bool read_tests(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[6];
    static const char *const names[] = {"test", "unit", "low", "high", "spread", "decimals"};
    if (!open_sheet(&s, arena, source, "road/fit/columns.csv", err) || !columns(&s, names, 6, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++) {
        fit_test_t *t = &facts->tests[row];
        int64_t decimals;
        *t = (fit_test_t){.name = csv_text(&s.table, row, at[0]), .unit = csv_text(&s.table, row, at[1])};
        if (!fraction(&s, row, at[2], 0.001, 10000, &t->low, err) ||
            !fraction(&s, row, at[3], t->low, 10000, &t->high, err) ||
            !fraction(&s, row, at[4], 0.001, 0.05, &t->spread, err) || !csv_int(&s.table, row, at[5], &decimals, err))
            return false;
        if (decimals < 0 || decimals > 3) return csv_fail(&s.table, row, err, "decimals is 0 to 3.");
        t->decimals = (int)decimals;
    }
    facts->test_count = (int)s.table.rows;
    return facts->test_count > 0 || err_set(err, ERR_INPUT, "road/fit/columns.csv: at least one test is needed.");
}

static bool read_names(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    sheet_t s;
    int at[2];
    static const char *const names[] = {"kind", "name"};
    if (!open_sheet(&s, arena, source, "road/fit/names.csv", err) || !columns(&s, names, 2, at, err)) return false;
    for (size_t row = 0; row < s.table.rows; row++) {
        const char *kind = csv_text(&s.table, row, at[0]), *name = csv_text(&s.table, row, at[1]);
        size_t length = strlen(name);
        if (length < 4 || length > 16)
            return csv_fail(&s.table, row, err, "a name has 4 to 16 letters, so that two can be exchanged in it.");
        if (strcmp(kind, "family") == 0)
            facts->family_names[facts->family_count++] = name;
        else if (strcmp(kind, "given") == 0)
            facts->given_names[facts->given_count++] = name;
        else
            return csv_fail(&s.table, row, err, "kind is family or given.");
    }
    return (facts->family_count > 0 && facts->given_count > 0) ||
           err_set(err, ERR_INPUT, "road/fit/names.csv: names of both kinds are needed.");
}

bool fit_facts_read(fit_facts_t *facts, arena_t *arena, const source_t *source, err_t *err)
{
    *facts = (fit_facts_t){0};
    return read_scales(facts, arena, source, err) && read_items(facts, arena, source, err) &&
           read_occupations(facts, arena, source, err) && read_demands(facts, arena, source, err) &&
           read_realities(facts, arena, source, err) && read_targets(facts, arena, source, err) &&
           read_tests(facts, arena, source, err) && read_names(facts, arena, source, err);
}

const fit_target_t *fit_target(const fit_facts_t *facts, const char *sample, const char *measure)
{
    for (int i = 0; i < facts->target_count; i++)
        if (strcmp(facts->targets[i].sample, sample) == 0 && strcmp(facts->targets[i].measure, measure) == 0)
            return &facts->targets[i];
    return NULL;
}
