/* Pictures along a time: control charts, a temperature log, the results of a person. */
#include "pictures_private.h"

#include "lab/qc.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { CHART_RUNS_LEAST = 2, CHART_RUNS_MAX = 60, PERSON_WIDTH = 420 };
static const double NOISE_MOST = 1.5; /* chance alone breaks no rule */
static const char RULES[] = "1-3s/2-2s/R-4s/4-1s/10-x";

/* ---- control charts ---- */

static const data_key_t LJ_KEYS[] = {{"title", 1, 1},  {"unit", 1, 1},  {"level", 1, 4}, {"runs", 1, 1},
                                     {"noise", 1, 1},  {"shift", 3, 4}, {"trend", 3, 3}, {"wide", 3, 3},
                                     {"point", 3, 3},  {"mark", 2, 2},  {"focus", 1, 1}, {"breaks", 1, 2},
                                     {"region", 3, 3}, {NULL, 0, 0}};

static bool read_levels(making_t *m, lj_chart_t *chart)
{
    int at = -1;
    for (const data_line_t *l; (l = making_next(m, "level", &at));) {
        if (chart->level_count == LJ_MAX_LEVELS)
            return making_fail(m, l, "a chart has at most %d levels", LJ_MAX_LEVELS);
        lj_level_t *level = &chart->levels[chart->level_count++];
        level->name = l->field[0];
        if (l->count == 1) continue;
        if (!making_number(m, l, 1, -1e6, 1e6, &level->mean) || !making_number(m, l, 2, 1e-6, 1e6, &level->sd) ||
            !making_int(m, l, 3, 0, 4, &level->decimals))
            return false;
    }
    return chart->level_count > 0 || making_fail(m, NULL, "a chart needs a line \"level: level 1\"");
}

/* Field 0: a level from 1, 0 for every one; field 1: a run. */
static bool level_and_run(making_t *m, const data_line_t *l, const lj_chart_t *chart, int *level, int *run)
{
    return making_int(m, l, 0, 0, chart->level_count, level) && making_int(m, l, 1, 1, chart->point_count, run);
}

static void bend(lj_point_t *points, const lj_chart_t *chart, int level, int from, int to, double step, double slope)
{
    for (int i = from - 1; i < to; i++)
        for (int k = 0; k < chart->level_count; k++)
            if (level == 0 || level == k + 1) points[i].z[k] += step + slope * (i - from + 2);
}

static bool plant(making_t *m, const lj_chart_t *chart, lj_point_t *points)
{
    int at = -1, level, run, to;
    double by;
    for (const data_line_t *l; (l = making_next(m, "wide", &at));) {
        if (!level_and_run(m, l, chart, &level, &run) || !making_number(m, l, 2, 0.1, 5, &by)) return false;
        for (int i = run - 1; i < chart->point_count; i++)
            for (int k = 0; k < chart->level_count; k++)
                if (level == 0 || level == k + 1) points[i].z[k] *= by;
    }
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "shift", &at));) {
        to = chart->point_count;
        if (!level_and_run(m, l, chart, &level, &run) || !making_number(m, l, 2, -6, 6, &by) ||
            (l->count == 4 && !making_int(m, l, 3, run, chart->point_count, &to)))
            return false;
        bend(points, chart, level, run, to, by, 0);
    }
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "trend", &at));) {
        if (!level_and_run(m, l, chart, &level, &run) || !making_number(m, l, 2, -2, 2, &by)) return false;
        bend(points, chart, level, run, chart->point_count, 0, by);
    }
    at = -1;
    for (const data_line_t *l; (l = making_next(m, "point", &at));) { /* level, run, SD */
        if (!level_and_run(m, l, chart, &level, &run) || !making_number(m, l, 2, -6, 6, &by)) return false;
        for (int k = 0; k < chart->level_count; k++)
            if (level == 0 || level == k + 1) points[run - 1].z[k] = by;
    }
    return true;
}

static bool read_marks(making_t *m, const lj_chart_t *chart, lj_point_t *points)
{
    static const struct {
        const char *word;
        unsigned bit;
    } known[] = {{"lot", LJ_MARK_LOT},
                 {"calibration", LJ_MARK_CALIBRATION},
                 {"maintenance", LJ_MARK_MAINTENANCE},
                 {"vial", LJ_MARK_NEW_VIAL}};
    int at = -1, run;
    for (const data_line_t *l; (l = making_next(m, "mark", &at));) {
        size_t k = 0;
        if (!making_int(m, l, 0, 1, chart->point_count, &run)) return false;
        while (k < sizeof known / sizeof *known && strcmp(known[k].word, l->field[1]) != 0) k++;
        if (k == sizeof known / sizeof *known)
            return making_fail(m, l, "a mark is lot, calibration, maintenance or vial; found \"%.40s\"", l->field[1]);
        points[run - 1].marks |= known[k].bit;
    }
    return true;
}

/* "breaks: 2-2s | 14": the first rule that rejects a run, and the run; "breaks: none". Judged as the laboratory does.
 */
static bool check_rules(making_t *m, const lj_chart_t *chart)
{
    const data_line_t *l = making_only(m, "breaks");
    if (!l) return true;
    qc_rules_t rules = {.mode = QC_MODE_COMPUTER};
    qc_history_t history;
    uint8_t level[LJ_MAX_LEVELS] = {1, 2, 3};
    int run = 0;
    if (!qc_rules_parse(RULES, &rules, m->err)) return false;
    if (l->count == 2 && !making_int(m, l, 1, 1, chart->point_count, &run)) return false;
    qc_history_init(&history);
    for (int i = 0; i < chart->point_count; i++) {
        qc_verdict_t v;
        qc_judge_run(&rules, &history, chart->points[i].z, level, chart->level_count, &v);
        if (v.verdict != QC_VERDICT_REJECT) continue;
        const char *name = qc_rule_name((qc_rule_t)v.rules[0]);
        if (i + 1 == run && strcmp(name, l->field[0]) == 0) return true;
        return making_fail(m, l, "run %d is the first that is rejected, by %s", i + 1, name);
    }
    return strcmp(l->field[0], "none") == 0 || making_fail(m, l, "no run is rejected by %s", RULES);
}

static bool lj_words(making_t *m, const lj_chart_t *chart)
{
    const char *heads[LJ_MAX_LEVELS + 2] = {"Run"};
    bool marked = false;
    for (int i = 0; i < chart->point_count; i++) marked = marked || chart->points[i].marks;
    for (int k = 0; k < chart->level_count; k++) heads[k + 1] = making_text(m, "%s, SD", chart->levels[k].name);
    int columns = chart->level_count + 1 + marked;
    if (marked) heads[columns - 1] = "Mark";
    exhibit_table_t *t = making_table(m, "Each value in SD from the mean", columns, chart->point_count, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < chart->point_count; i++) {
        static const char *const marks[] = {"new lot", "calibration", "maintenance", "new vial"};
        const char **row = t->cell + i * columns;
        row[0] = making_text(m, "%d", (int)chart->points[i].run);
        for (int k = 0; k < chart->level_count; k++) row[k + 1] = making_signed(m, chart->points[i].z[k], 1);
        for (int b = 0; b < 4; b++)
            if (chart->points[i].marks & 1u << b) row[columns - 1] = marks[b];
    }
    return true;
}

static bool read_chart(making_t *m, picture_kind_t kind)
{
    lj_chart_t *chart = arena_alloc(m->arena, sizeof *chart);
    const data_line_t *runs = making_only(m, "runs"), *focus = making_only(m, "focus");
    double noise;
    if (!chart) return making_memory(m);
    if (!making_keys(m, "a control chart", LJ_KEYS) || !read_levels(m, chart)) return false;
    if (!runs) return making_fail(m, NULL, "a chart needs a line \"runs: 20\"");
    if (!making_int(m, runs, 0, CHART_RUNS_LEAST, CHART_RUNS_MAX, &chart->point_count) ||
        !making_number_or(m, "noise", 0.1, 1.5, 0.7, &noise))
        return false;
    lj_point_t *points = arena_array(m->arena, (size_t)chart->point_count, sizeof *points);
    if (!points) return making_memory(m);
    chart->points = points;
    chart->title = making_words(m, "title", NULL);
    chart->unit = making_words(m, "unit", "");
    for (int i = 0; i < chart->point_count; i++) {
        points[i].run = i + 1;
        for (int k = 0; k < LJ_MAX_LEVELS; k++) {
            double z = rng_normal(&m->rng) * noise;
            points[i].z[k] = z > NOISE_MOST ? NOISE_MOST : z < -NOISE_MOST ? -NOISE_MOST : z;
        }
    }
    if (!plant(m, chart, points) || !read_marks(m, chart, points)) return false;
    for (int i = 0; i < chart->point_count; i++)
        for (int k = 0; k < chart->level_count; k++) points[i].z[k] = exact_round(points[i].z[k], 1);
    if (focus && !making_int(m, focus, 0, 1, chart->point_count, &chart->focus)) return false;
    m->picture = (picture_t){.kind = kind, .lj = chart};
    return making_regions(m, 2) && check_rules(m, chart) && lj_words(m, chart);
}

bool make_lj(making_t *m)
{
    return read_chart(m, PICTURE_LJ);
}

bool make_youden(making_t *m)
{
    return read_chart(m, PICTURE_YOUDEN);
}

/* ---- a temperature log ---- */

/* One reading an hour about `level`, with the bumps and without the gaps. */
static bool log_readings(making_t *m, log_chart_t *log, log_point_t *points, int hours, double level, double spread)
{
    double from, to, by;
    for (int h = 0; h < hours; h++) {
        double value = level + spread * (2 * rng_uniform(&m->rng) - 1);
        bool missing = false;
        int at = -1;
        for (const data_line_t *l; (l = making_next(m, "bump", &at));) {
            if (!making_number(m, l, 0, 0, hours, &from) || !making_number(m, l, 1, from, hours, &to) ||
                !making_number(m, l, 2, -40, 40, &by))
                return false;
            if (h >= from && h <= to) value += by;
        }
        at = -1;
        for (const data_line_t *l; (l = making_next(m, "gap", &at));) {
            if (!making_number(m, l, 0, 0, hours, &from) || !making_number(m, l, 1, from, hours, &to)) return false;
            missing = missing || (h >= from && h <= to);
        }
        if (!missing) points[log->point_count++] = (log_point_t){h, exact_round(value, 1)};
    }
    return true;
}

/* One reading an hour: "base: 4.2 | 0.3" with its spread, bumps "bump: from hour | to hour | degrees", gaps. */
bool make_log(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1},   {"unit", 1, 1}, {"days", 1, 1},
                                      {"allowed", 2, 2}, {"base", 2, 2}, {"bump", 3, 3},
                                      {"gap", 2, 2},     {"mark", 2, 2}, {NULL, 0, 0}};
    log_chart_t *log = arena_alloc(m->arena, sizeof *log);
    const data_line_t *days = making_only(m, "days"), *allowed = making_only(m, "allowed"),
                      *base = making_only(m, "base");
    double level, spread;
    if (!log) return making_memory(m);
    if (!making_keys(m, "a temperature log", keys)) return false;
    if (!days || !allowed || !base)
        return making_fail(m, NULL,
                           "a temperature log needs the lines days, allowed (low | high) and base (value | spread)");
    *log = (log_chart_t){.title = making_words(m, "title", "Temperature log"),
                         .unit = making_words(m, "unit", "°C"),
                         .decimals = 1,
                         .gap_hours = 2};
    if (!making_int(m, days, 0, 1, 7, &log->day_count) || !making_number(m, allowed, 0, -90, 60, &log->low) ||
        !making_number(m, allowed, 1, log->low + 0.1, 60, &log->high) || !making_number(m, base, 0, -90, 60, &level) ||
        !making_number(m, base, 1, 0, 5, &spread))
        return false;
    int hours = 24 * log->day_count;
    log_point_t *points = arena_array(m->arena, (size_t)hours, sizeof *points);
    if (!points) return making_memory(m);
    if (!log_readings(m, log, points, hours, level, spread)) return false;
    int at = -1;
    for (const data_line_t *l; (l = making_next(m, "mark", &at)) && log->mark_count < LOG_MAX_MARKS;) {
        log_mark_t *mark = &log->marks[log->mark_count++];
        mark->words = l->field[1];
        if (!making_number(m, l, 0, 0, hours, &mark->hour)) return false;
    }
    log->points = points;
    m->picture = (picture_t){.kind = PICTURE_LOG, .log = log};
    static const char *const heads[] = {"Day", "Hour", "Temperature"};
    exhibit_table_t *t = making_table(m, "Every second hour", 3, hours / 2, heads);
    if (!t) return making_memory(m);
    for (int i = 0; i < hours / 2; i++) {
        int k = 0;
        while (k < log->point_count && points[k].hour < 2 * i) k++;
        bool there = k < log->point_count && points[k].hour < 2 * i + 0.5;
        t->cell[3 * i] = making_text(m, "%d", 2 * i / 24 + 1);
        t->cell[3 * i + 1] = making_text(m, "%d:00", 2 * i % 24);
        t->cell[3 * i + 2] = there ? making_fixed(m, points[k].value, 1) : "no entry";
    }
    return true;
}

/* ---- the results of a person ---- */

bool make_trend(making_t *m)
{
    static const data_key_t keys[] = {{"title", 1, 1},    {"unit", 1, 1},   {"decimals", 1, 1},
                                      {"interval", 2, 2}, {"result", 2, 3}, {NULL, 0, 0}};
    spark_t *s = arena_alloc(m->arena, sizeof *s);
    const data_line_t *interval = making_only(m, "interval"), *decimals = making_only(m, "decimals");
    if (!s) return making_memory(m);
    if (!making_keys(m, "a trend of results", keys)) return false;
    *s = (spark_t){.unit = making_words(m, "unit", ""), .numbers = true, .low = NAN, .high = NAN};
    if (decimals && !making_int(m, decimals, 0, 0, 4, &s->decimals)) return false;
    if (interval &&
        (!making_number(m, interval, 0, -1e6, 1e6, &s->low) || !making_number(m, interval, 1, s->low, 1e6, &s->high)))
        return false;
    int at = -1;
    for (const data_line_t *l; (l = making_next(m, "result", &at)); s->count++) { /* hour | value | remark */
        if (s->count == SPARK_MAX_RESULTS)
            return making_fail(m, l, "a trend has at most %d results", SPARK_MAX_RESULTS);
        if (!making_number(m, l, 0, 0, 1e5, &s->hours[s->count]) ||
            !making_number(m, l, 1, -1e6, 1e6, &s->values[s->count]))
            return false;
    }
    static const char *const heads[] = {"Hours since the first", "Result", "Remark"};
    exhibit_table_t *t = making_table(m, making_words(m, "title", "Results"), 3, s->count, heads);
    if (!t) return making_memory(m);
    at = -1;
    for (int i = 0; i < s->count; i++) {
        const data_line_t *l = making_next(m, "result", &at);
        assert(l);
        t->cell[3 * i] = making_fixed(m, s->hours[i] - s->hours[0], 0);
        t->cell[3 * i + 1] = making_text(m, "%s %s", making_fixed(m, s->values[i], s->decimals), s->unit);
        t->cell[3 * i + 2] = l->count == 3 ? l->field[2] : "";
    }
    m->picture = (picture_t){.kind = PICTURE_SPARK, .spark = s};
    m->width = PERSON_WIDTH;
    return true;
}
