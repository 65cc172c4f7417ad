/* Reads the fault tables of content/lab/ and compiles them: every row of preanalytic.csv becomes one
 * effect on one analyte, a scope (`*serum`) one for each member that the fault does not name itself.
 * Scopes (scopes.csv) list analytes, or modules of modules.csv as `@photometry`. */
#include "coagulometer.h"
#include "fault_tables.h"

#include "lab/shift.h"

#include <stdlib.h>
#include <string.h>

/* ---- small readers ---- */

bool fault_parts(lab_t *lab, const char *text, fault_part_fn each, void *context, err_t *err)
{
    while (*text) {
        const char *end = strchr(text, ';');
        size_t length = end ? (size_t)(end - text) : strlen(text);
        const char *part = arena_text(lab->arena, text, length);
        if (part == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the fault tables");
        if (length > 0 && !each(context, part)) return false;
        text += length + (end != NULL);
    }
    return true;
}

typedef struct {
    const char **names;
    int count;
} alias_list_t;

static bool add_alias(void *context, const char *part)
{
    alias_list_t *list = context;
    if (list->count == ALIASES_MAX) return false;
    list->names[list->count++] = part;
    return true;
}

bool fault_aliases(lab_t *lab, const char *text, const char *aliases[ALIASES_MAX], err_t *err)
{
    alias_list_t list = {aliases, 0};
    return fault_parts(lab, text, add_alias, &list, err) ||
           err_set(err, ERR_LIMIT, "\"%s\": a fault has at most %d aliases", text, ALIASES_MAX);
}

bool fault_named(const char *id, const char *const aliases[ALIASES_MAX], const char *wanted)
{
    if (strcmp(id, wanted) == 0) return true;
    for (int i = 0; i < ALIASES_MAX && aliases[i] != NULL; i++)
        if (strcmp(aliases[i], wanted) == 0) return true;
    return false;
}

uint32_t fault_look(const char *word)
{
    static const struct {
        const char *word;
        uint32_t look;
    } words[] = {{"fill_low", LOOK_FILL_LOW},
                 {"clot", LOOK_CLOT},
                 {"leak", LOOK_LEAK},
                 {"pink", LOOK_PINK},
                 {"red", LOOK_RED},
                 {"milky", LOOK_MILKY},
                 {"yellow", LOOK_YELLOW},
                 {"fibrin", LOOK_FIBRIN},
                 {"short_sample", LOOK_SHORT_SAMPLE},
                 {"no_time", LOOK_NO_TIME},
                 {"label_crooked", LOOK_LABEL_CROOKED}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) return words[i].look;
    return strcmp(word, "expired") == 0 ? LOOK_EXPIRED_TUBE : 0;
}

/* ---- scopes ---- */

const double *fault_scope(const fault_tables_t *tables, const char *name)
{
    for (int i = 0; i < tables->scope_count; i++)
        if (strcmp(tables->scopes[i].name, name) == 0) return tables->scopes[i].weight;
    return NULL;
}

static scope_t *scope_at(fault_tables_t *tables, const char *name)
{
    for (int i = 0; i < tables->scope_count; i++)
        if (strcmp(tables->scopes[i].name, name) == 0) return &tables->scopes[i];
    if (tables->scope_count == SCOPES_MAX) return NULL;
    scope_t *scope = &tables->scopes[tables->scope_count++];
    scope->name = name;
    return scope;
}

/* Gives `weight` to every analyte of the module; how many there are. */
static int scope_module(const lab_t *lab, const csv_t *modules, const char *module, double weight, scope_t *scope)
{
    int id = csv_column(modules, "analyte"), word = csv_column(modules, "module"), found = 0;
    for (size_t row = 0; id >= 0 && word >= 0 && row < modules->rows; row++) {
        int a = lab_analyte_find(lab, csv_text(modules, row, id));
        if (a < 0 || strcmp(csv_text(modules, row, word), module) != 0) continue;
        scope->weight[a] = weight;
        found++;
    }
    return found;
}

static bool read_scopes(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table, modules;
    int name, member, weight_column;
    if (!lab_table(lab, content, "lab/modules.csv", &modules, err) ||
        !lab_table(lab, content, "lab/scopes.csv", &table, err) || !csv_need(&table, "scope", &name, err) ||
        !csv_need(&table, "member", &member, err) || !csv_need(&table, "weight", &weight_column, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        const char *word = csv_text(&table, row, member);
        double weight;
        scope_t *scope = scope_at(tables, csv_text(&table, row, name));
        if (scope == NULL) return csv_fail(&table, row, err, "there are more than %d scopes", SCOPES_MAX);
        if (!csv_double(&table, row, weight_column, &weight, err)) return false;
        if (word[0] == '@') {
            if (scope_module(lab, &modules, word + 1, weight, scope) == 0)
                return csv_fail(&table, row, err, "modules.csv has no analyte in module \"%s\"", word + 1);
            continue;
        }
        int a = lab_analyte_find(lab, word);
        if (a < 0)
            return csv_fail(&table, row, err, "there is no analyte \"%s\"; did you mean \"%s\"?", word,
                            lab_analyte_nearest(lab, word));
        scope->weight[a] = weight;
    }
    return true;
}

/* ---- fluids ---- */

static bool read_fluids(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    int id, name;
    if (!lab_table(lab, content, "lab/iv_fluids.csv", &table, err) || !csv_need(&table, "fluid_id", &id, err) ||
        !csv_need(&table, "name", &name, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (tables->fluid_count == FLUIDS_MAX) return csv_fail(&table, row, err, "at most %d fluids", FLUIDS_MAX);
        fluid_t *fluid = &tables->fluids[tables->fluid_count++];
        fluid->id = csv_text(&table, row, id);
        fluid->name = csv_text(&table, row, name);
        for (size_t column = 0; column < table.columns; column++) {
            int a = lab_analyte_find(lab, table.names[column]);
            if (a >= 0 && !csv_double_or(&table, row, (int)column, (double)__builtin_nan(""), &fluid->content[a], err))
                return false;
            if (a >= 0 && fluid->content[a] < 0)
                return csv_fail(&table, row, err, "%s cannot be below 0", table.names[column]);
        }
    }
    for (tables->saline = 0; tables->saline < tables->fluid_count; tables->saline++)
        if (strcmp(tables->fluids[tables->saline].id, "ns") == 0) return true;
    return err_set(err, ERR_INPUT, "lab/iv_fluids.csv needs the fluid \"ns\" (0.9 %% saline)");
}

/* ---- kinds of specimen fault ---- */

typedef struct {
    cue_t *cues;
    int count;
} cue_list_t;

/* "pink:40:200" : seen from 40 to below 200; an empty end: however severe. */
static bool add_cue(void *context, const char *part)
{
    cue_list_t *list = context;
    const char *from = strchr(part, ':'), *to = from ? strchr(from + 1, ':') : NULL;
    char word[24];
    if (to == NULL || list->count == CUES_MAX || (size_t)(from - part) >= sizeof word) return false;
    memcpy(word, part, (size_t)(from - part));
    word[from - part] = 0;
    cue_t *cue = &list->cues[list->count++];
    *cue = (cue_t){.look = fault_look(word), .to = (double)__builtin_inf()};
    if (!text_to_double(from + 1, (size_t)(to - from - 1), &cue->from)) return false;
    return cue->look != 0 && (to[1] == 0 || text_to_double(to + 1, strlen(to + 1), &cue->to));
}

static bool read_cues(lab_t *lab, const csv_t *table, size_t row, const char *column, cue_t *cues, int *count,
                      err_t *err)
{
    int at;
    cue_list_t list = {cues, 0};
    if (!csv_need(table, column, &at, err)) return false;
    if (!fault_parts(lab, csv_text(table, row, at), add_cue, &list, err))
        return csv_fail(table, row, err, "%s is like \"pink:40:200;red:200:\" (what is seen, from, to); found \"%s\"",
                        column, csv_text(table, row, at));
    *count = list.count;
    return true;
}

static bool read_number(const csv_t *table, size_t row, const char *name, double otherwise, double *value, err_t *err)
{
    int column;
    return csv_need(table, name, &column, err) && csv_double_or(table, row, column, otherwise, value, err);
}

static bool read_word(const csv_t *table, size_t row, const char *name, const char **value, err_t *err)
{
    int column;
    if (!csv_need(table, name, &column, err)) return false;
    *value = csv_text(table, row, column);
    return true;
}

static bool read_kind(lab_t *lab, const csv_t *table, size_t row, specimen_kind_t *kind, err_t *err)
{
    const char *aliases;
    double exchanges;
    if (!read_word(table, row, "fault_id", &kind->id, err) || !read_word(table, row, "aliases", &aliases, err) ||
        !read_word(table, row, "name", &kind->name, err) || !read_word(table, row, "clue", &kind->clue, err) ||
        !read_word(table, row, "severity_name", &kind->severity_name, err) ||
        !read_word(table, row, "severity_unit", &kind->unit, err) || !read_word(table, row, "tube", &kind->tube, err) ||
        !read_number(table, row, "severity_low", 0, &kind->low, err) ||
        !read_number(table, row, "severity_high", 0, &kind->high, err) ||
        !read_number(table, row, "severity_usual", 0, &kind->usual, err) ||
        !read_number(table, row, "tube_from", 0, &kind->tube_from, err) ||
        !read_number(table, row, "exchanges_blood", 0, &exchanges, err) ||
        !read_number(table, row, "hemolysis_per_unit", 0, &kind->hemolysis, err) ||
        !read_number(table, row, "icterus_per_unit", 0, &kind->icterus, err) ||
        !read_number(table, row, "lipemia_per_unit", 0, &kind->lipemia, err) ||
        !read_cues(lab, table, row, "cues_before_spin", kind->before, &kind->before_count, err) ||
        !read_cues(lab, table, row, "cues_after_spin", kind->after, &kind->after_count, err) ||
        !fault_aliases(lab, aliases, kind->aliases, err))
        return false;
    kind->exchanges_blood = exchanges > 0;
    kind->clotting = (uint8_t)coag_tube_effect(kind->id);
    kind->fixed_fluid = -1;
    if (kind->id[0] == 0) return csv_fail(table, row, err, "a fault needs an id");
    if (!(kind->low >= 0 && kind->low <= kind->usual && kind->usual <= kind->high))
        return csv_fail(table, row, err, "severity of %s: low, usual and high must rise from 0", kind->id);
    return true;
}

static bool add_kind(lab_t *lab, fault_tables_t *tables, const csv_t *table, size_t row, err_t *err)
{
    if (tables->kind_count == FAULTS_MAX) return csv_fail(table, row, err, "at most %d faults", FAULTS_MAX);
    specimen_kind_t *kind = &tables->kinds[tables->kind_count];
    if (!read_kind(lab, table, row, kind, err)) return false;
    if (fault_find(lab, kind->id) >= 0) return csv_fail(table, row, err, "%s is listed twice", kind->id);
    tables->kind_count++;
    return true;
}

static bool read_kinds(lab_t *lab, fault_tables_t *tables, const source_t *content, const char *path, err_t *err)
{
    csv_t table;
    if (!lab_table(lab, content, path, &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++)
        if (!add_kind(lab, tables, &table, row, err)) return false;
    return true;
}

/* Interferences of blood counts that are faults of a specimen; what they do is the counter's to know (counter.c). */
static bool read_count_kinds(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    const char *word;
    if (!lab_table(lab, content, "lab/hematology/interferences.csv", &table, err)) return false;
    for (size_t row = 0; row < table.rows; row++) {
        if (!read_word(&table, row, "kind", &word, err)) return false;
        bool specimen = strcmp(word, "specimen") == 0 || strcmp(word, "film") == 0;
        if (specimen && !add_kind(lab, tables, &table, row, err)) return false;
    }
    return true;
}

/* ---- effects ---- */

static int model_of(const char *word)
{
    static const struct {
        const char *word;
        model_t model;
    } words[] = {{"none", MODEL_NONE},
                 {"flag", MODEL_NONE},
                 {"add", MODEL_ADD},
                 {"pct", MODEL_PCT},
                 {"decay", MODEL_DECAY},
                 {"mul", MODEL_MUL},
                 {"mix", MODEL_MIX},
                 {"fluid", MODEL_FLUID},
                 {"table_add", MODEL_TABLE_ADD},
                 {"table_pct", MODEL_TABLE_PCT},
                 {"relax", MODEL_RELAX},
                 {"water_displacement", MODEL_WATER},
                 {"raise", MODEL_RAISE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) return (int)words[i].model;
    return -1;
}

static bool add_point(void *context, const char *part)
{
    fault_tables_t *tables = context;
    const char *colon = strchr(part, ':');
    if (colon == NULL || tables->point_count == POINTS_MAX) return false;
    point_t *point = &tables->points[tables->point_count++];
    return text_to_double(part, (size_t)(colon - part), &point->severity) &&
           text_to_double(colon + 1, strlen(colon + 1), &point->value);
}

static bool read_points(lab_t *lab, const csv_t *table, size_t row, fault_tables_t *tables, effect_t *effect,
                        err_t *err)
{
    const char *text;
    if (!read_word(table, row, "points", &text, err)) return false;
    effect->first_point = (int16_t)tables->point_count;
    if (!fault_parts(lab, text, add_point, tables, err))
        return csv_fail(table, row, err, "points are like \"4:0.2;8:1\" (severity:change); found \"%s\"", text);
    effect->points = (int16_t)(tables->point_count - effect->first_point);
    double last = 0;
    for (int i = 0; i < effect->points; i++) {
        const point_t *point = &tables->points[effect->first_point + i];
        if (!(point->severity > last)) return csv_fail(table, row, err, "points must rise in severity from above 0");
        last = point->severity;
    }
    bool tabular = effect->model == MODEL_TABLE_ADD || effect->model == MODEL_TABLE_PCT;
    if (tabular != (effect->points > 0))
        return csv_fail(table, row, err, "points belong to the models table_add and table_pct, which need them");
    return true;
}

static bool read_effect(lab_t *lab, const csv_t *table, size_t row, fault_tables_t *tables, effect_t *effect,
                        err_t *err)
{
    const char *word;
    double cv_pct, per, fixed = (double)__builtin_nan("");
    if (!read_word(table, row, "model", &word, err)) return false;
    int model = model_of(word);
    if (model < 0)
        return csv_fail(table, row, err,
                        "model is add, pct, decay, mul, mix, fluid, table_add, table_pct, relax, "
                        "water_displacement, raise, flag or none; found \"%s\"",
                        word);
    *effect = (effect_t){.model = (uint8_t)model};
    if (!read_number(table, row, "coefficient", 0, &effect->coefficient, err) ||
        !read_number(table, row, "low", fixed, &effect->low, err) ||
        !read_number(table, row, "high", fixed, &effect->high, err) ||
        !read_number(table, row, "cv_pct", 0, &cv_pct, err) || !read_number(table, row, "per", 1, &per, err) ||
        !read_number(table, row, "above", 0, &effect->above, err) ||
        !read_number(table, row, "limit", (double)__builtin_inf(), &effect->limit, err) ||
        !read_number(table, row, "target", 0, &effect->target, err))
        return false;
    bool ranged = effect->low == effect->low && effect->high == effect->high;
    if (!(per > 0)) return csv_fail(table, row, err, "per must be above 0");
    if (ranged ? !(effect->low <= effect->coefficient && effect->coefficient <= effect->high)
               : effect->low == effect->low || effect->high == effect->high)
        return csv_fail(table, row, err, "low and high are given together, with the coefficient between them");
    if (cv_pct < 0 || (cv_pct > 0 && !ranged))
        return csv_fail(table, row, err, "cv_pct is not negative and comes with low and high");
    if (model == MODEL_DECAY && !((ranged ? effect->low : effect->coefficient) > -100))
        return csv_fail(table, row, err, "a decay takes less than 100 %% a unit");
    effect->cv = cv_pct / 100;
    effect->dose_per_unit = 1 / per;
    return read_points(lab, table, row, tables, effect, err);
}

static bool effect_add(const csv_t *table, size_t row, fault_tables_t *tables, const effect_t *effect, int analyte,
                       err_t *err)
{
    if (tables->effect_count == EFFECTS_MAX) return csv_fail(table, row, err, "more than %d effects", EFFECTS_MAX);
    tables->effects[tables->effect_count] = *effect;
    tables->effects[tables->effect_count++].analyte = (int16_t)analyte;
    return true;
}

/* The effects of one row; `named` marks analytes that the fault names itself. */
static bool expand_row(lab_t *lab, const csv_t *table, size_t row, fault_tables_t *tables, const char *who,
                       const bool named[LAB_MAX_ANALYTES], err_t *err)
{
    effect_t effect;
    if (!read_effect(lab, table, row, tables, &effect, err)) return false;
    if (effect.model == MODEL_NONE) return true;
    if (who[0] != '*') return effect_add(table, row, tables, &effect, lab_analyte_find(lab, who), err);
    const double *scope = fault_scope(tables, who + 1);
    if (scope == NULL) return csv_fail(table, row, err, "scopes.csv has no scope \"%s\"", who + 1);
    for (int a = 0; a < lab_analyte_count(lab); a++)
        if (scope[a] > 0 && !named[a] && !effect_add(table, row, tables, &effect, a, err)) return false;
    return true;
}

static bool read_effects_of(lab_t *lab, const csv_t *table, fault_tables_t *tables, specimen_kind_t *kind, int fault,
                            int analyte, err_t *err)
{
    bool named[LAB_MAX_ANALYTES] = {false};
    for (size_t row = 0; row < table->rows; row++) {
        const char *who = csv_text(table, row, analyte);
        if (strcmp(csv_text(table, row, fault), kind->id) != 0 || who[0] == '*') continue;
        int a = lab_analyte_find(lab, who);
        if (a < 0)
            return csv_fail(table, row, err, "there is no analyte \"%s\"; did you mean \"%s\"?", who,
                            lab_analyte_nearest(lab, who));
        if (named[a]) return csv_fail(table, row, err, "%s of %s is listed twice", who, kind->id);
        named[a] = true;
    }
    kind->first_effect = tables->effect_count;
    for (size_t row = 0; row < table->rows; row++)
        if (strcmp(csv_text(table, row, fault), kind->id) == 0 &&
            !expand_row(lab, table, row, tables, csv_text(table, row, analyte), named, err))
            return false;
    kind->effects = tables->effect_count - kind->first_effect;
    return true;
}

static bool read_effects(lab_t *lab, fault_tables_t *tables, const source_t *content, err_t *err)
{
    csv_t table;
    int fault, analyte;
    if (!lab_table(lab, content, "lab/preanalytic.csv", &table, err) || !csv_need(&table, "fault_id", &fault, err) ||
        !csv_need(&table, "analyte_id", &analyte, err))
        return false;
    for (size_t row = 0; row < table.rows; row++) {
        bool known = false;
        for (int k = 0; k < tables->kind_count && !known; k++)
            known = strcmp(tables->kinds[k].id, csv_text(&table, row, fault)) == 0;
        if (!known)
            return csv_fail(&table, row, err, "preanalytic_faults.csv has no fault \"%s\"",
                            csv_text(&table, row, fault));
    }
    for (int k = 0; k < tables->kind_count; k++) {
        specimen_kind_t *kind = &tables->kinds[k];
        if (!read_effects_of(lab, &table, tables, kind, fault, analyte, err)) return false;
        for (int i = 0; i < kind->effects; i++)
            kind->by_fluid |= tables->effects[kind->first_effect + i].model == MODEL_FLUID;
    }
    return true;
}

bool fault_load(lab_t *lab, const source_t *content, err_t *err)
{
    fault_tables_t *tables = arena_alloc(lab->arena, sizeof *tables);
    if (tables == NULL) return err_set(err, ERR_MEMORY, "not enough memory for the fault tables");
    lab->ext[FAULT_SLOT] = tables;
    tables->bili_total = lab_analyte_find(lab, "bili_total");
    tables->triglycerides = lab_analyte_find(lab, "triglycerides");
    return read_scopes(lab, tables, content, err) && read_fluids(lab, tables, content, err) &&
           read_kinds(lab, tables, content, "lab/preanalytic_faults.csv", err) &&
           read_kinds(lab, tables, content, "lab/coagulation/faults.csv", err) &&
           read_count_kinds(lab, tables, content, err) && read_effects(lab, tables, content, err) &&
           analyzer_faults_load(lab, tables, content, err) && fault_limits_load(lab, tables, content, err);
}
