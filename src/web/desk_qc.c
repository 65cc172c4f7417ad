/* The QC board, and one test of it: chart, table, decision, look-back. */
#include "desk_view.h"

#include "desk_bench.html.h"
#include "draw/lj.h"
#include "lab/month.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHART_POINTS = 30, CHANGED_MAX = 64 };

/* SD from the mean, level by level: "+0.3  -0.9". */
static const char *z_words(const desk_t *d, int levels, const double *z)
{
    const char *line = "";
    for (int i = 0; i < levels; i++) line = words(d->arena, "%s%s%+.1f", line, i ? "  " : "", z[i]);
    return line;
}

static void fill_slot(const desk_t *d, int line, int analyte, qc_row_t *row, int slot)
{
    static const char *const kinds[] = {"plain", "warn", "ok", "crit", "warn"};
    qc_view_t qc;
    qc_point_view_t last;
    row->line[slot] = line_name(line);
    row->href[slot] = words(d->arena, "/shift/%s/qc/%d/%s", d->id, line + 1, lab_analyte(d->lab, analyte)->id);
    row->state[slot] = row->kind[slot] = row->z[slot] = "";
    row->worst[slot] = NAN;
    if (!shift_qc(d->shift, line, analyte, &qc) || !shift_qc_point(d->shift, line, analyte, qc.points - 1, &last))
        return;
    row->state[slot] = qc_state_word((int)qc.state);
    row->kind[slot] = kinds[qc.state];
    row->z[slot] = z_words(d, qc.levels, last.z);
    double worst = 0; /* the farthest sorts first */
    for (int i = 0; i < qc.levels; i++) worst = fmin(worst, -fabs(last.z[i]));
    row->worst[slot] = worst;
}

/* False when no analyzer in use controls the test. */
static bool fill_row(const desk_t *d, int analyte, qc_row_t *row)
{
    *row = (qc_row_t){.bench = bench_name(lab_analyte(d->lab, analyte)->bench),
                      .test = lab_analyte(d->lab, analyte)->name,
                      .worst = {NAN, NAN}};
    int slot = 0;
    for (int line = 0; line < SHIFT_LINES && slot < BOARD_SLOTS; line++) {
        qc_view_t qc;
        if (shift_qc(d->shift, line, analyte, &qc)) fill_slot(d, line, analyte, row, slot++);
    }
    return slot > 0;
}

static void fill_runs(board_t *p)
{
    for (int line = 0; line < SHIFT_LINES; line++) {
        int32_t runs[8], times[8];
        int n = shift_qc_runs(p->d->shift, line, runs, times, 8);
        for (int i = n - 1; i >= 0; i--) {
            int open = 0;
            for (int a = 0; a < lab_analyte_count(p->d->lab); a++) {
                qc_view_t qc;
                qc_point_view_t last;
                if (shift_qc(p->d->shift, line, a, &qc) && shift_qc_point(p->d->shift, line, a, qc.points - 1, &last))
                    open += last.run == runs[i] && last.decision == VERDICT_NONE;
            }
            if (open == 0) continue;
            p->runs[p->run_count].line = line;
            p->runs[p->run_count].run = runs[i];
            p->runs[p->run_count].name = line_name(line);
            p->runs[p->run_count].when = words_clock(p->d->arena, p->d->shift, times[i]);
            p->runs[p->run_count++].open = words(p->d->arena, "%d tests not judged", open);
        }
    }
}

static const column_t board_columns[] = {
    COLUMN(qc_row_t, "bench", "Bench", bench), /* only where there is more than one */
    COLUMN(qc_row_t, "test", "Test", test),
    COLUMN(qc_row_t, "an1", "Analyzer", state[0]),
    {"z1", "Last, by level", offsetof(qc_row_t, z[0]), offsetof(qc_row_t, worst[0]), false, false},
    COLUMN(qc_row_t, "an2", "The other", state[1]),
    {"z2", "Last, by level", offsetof(qc_row_t, z[1]), offsetof(qc_row_t, worst[1]), false, false},
};

static void get_board(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_QC, "QC board", &d)) return;
    board_t page = {.d = &d};
    page.rows = arena_array(d.arena, LAB_MAX_ANALYTES, sizeof *page.rows);
    for (int a = 0; page.rows && a < lab_analyte_count(d.lab); a++) {
        page.count += fill_row(&d, a, &page.rows[page.count]);
    }
    for (int i = 1; page.rows && i < page.count; i++) page.benches |= page.rows[i].bench != page.rows[0].bench;
    const column_t *columns = page.benches ? board_columns : board_columns + 1;
    table_init(&page.table, request, columns, (int)(sizeof board_columns / sizeof *board_columns) - !page.benches,
               NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    fill_runs(&page);
    page.months_due = month_due(d.shift, NULL, 0);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "qc-board.csv"))
        board_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- one test ---- */

static bool which_test(const desk_t *d, const request_t *request, int *line, int *analyte)
{
    const char *number = request_route(request, "line"), *test = request_route(request, "test");
    qc_view_t qc;
    bool digit = number && number[0] >= '1' && number[0] < '1' + SHIFT_LINES && number[1] == '\0';
    *line = digit ? number[0] - '1' : 0;
    *analyte = test ? lab_analyte_find(d->lab, test) : -1;
    return digit && *analyte >= 0 && shift_qc(d->shift, *line, *analyte, &qc);
}

/* Control values are shown in one unit: SI where it was asked for and differs. */
static bool in_si(const desk_t *d, const analyte_t *about)
{
    return d->frame.si && words_has_si(about);
}

static const char *shown(const desk_t *d, const analyte_t *about, double value)
{
    if (!in_si(d, about)) return words_fixed(d->arena, value, about->decimals + 1);
    return words_fixed(d->arena, analyte_si(about, value), words_si_decimals(about) + 1);
}

static lj_level_t chart_level(const desk_t *d, const analyte_t *about, const qc_view_t *qc, int level)
{
    static const char *const names[SHIFT_QC_LEVELS] = {"level 1", "level 2", "level 3"};
    double mean = qc->mean[level], sd = qc->sd[level];
    if (!in_si(d, about)) return (lj_level_t){names[level], mean, sd, about->decimals + 1};
    double si = analyte_si(about, mean);
    return (lj_level_t){names[level], si, analyte_si(about, mean + sd) - si, words_si_decimals(about) + 1};
}

static int fill_chart(const desk_t *d, int line, int analyte, lj_chart_t *chart, lj_point_t *points)
{
    qc_view_t qc;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    shift_qc(d->shift, line, analyte, &qc);
    int first = qc.points > CHART_POINTS ? qc.points - CHART_POINTS : 0, n = 0;
    for (int i = first; i < qc.points; i++) {
        qc_point_view_t v;
        if (!shift_qc_point(d->shift, line, analyte, i, &v)) continue;
        lj_judged_t judged = (lj_judged_t)v.decision;
        points[n++] = (lj_point_t){.run = v.run,
                                   .time = words_clock(d->arena, d->shift, v.at_s),
                                   .z = {v.z[0], v.z[1], v.z[2]},
                                   .marks = v.marks,
                                   .judged = {judged, judged, judged}};
    }
    *chart = (lj_chart_t){.unit = words_unit(d->arena, in_si(d, about) ? about->si_unit : about->unit),
                          .level_count = qc.levels,
                          .points = points,
                          .point_count = n};
    for (int level = 0; level < qc.levels; level++) chart->levels[level] = chart_level(d, about, &qc, level);
    return n;
}

const char *desk_qc_marks(arena_t *arena, uint32_t marks)
{
    static const struct {
        uint32_t mark;
        const char *words;
    } all[] = {
        {QC_MARK_LOT, "new lot"},       {QC_MARK_CALIBRATION, "calibrated"},  {QC_MARK_MAINTENANCE, "maintenance"},
        {QC_MARK_NEW_VIAL, "new vial"}, {QC_MARK_CONTROL, "new control lot"}, {QC_MARK_LIMITS, "new limits"}};
    const char *said = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (marks & all[i].mark) said = words(arena, "%s%s%s", said, said[0] ? ", " : "", all[i].words);
    return said;
}

static void fill_points(qc_test_t *p, int line, int analyte)
{
    static const char *const decisions[] = {"not judged", "in control", "warning", "rejected"};
    arena_t *a = p->d->arena;
    qc_view_t qc;
    const analyte_t *about = lab_analyte(p->d->lab, analyte);
    shift_qc(p->d->shift, line, analyte, &qc);
    p->levels = qc.levels;
    p->points = arena_array(a, (size_t)qc.points + 1, sizeof *p->points);
    for (int i = qc.points - 1; p->points && i >= 0; i--) {
        qc_point_view_t v;
        if (!shift_qc_point(p->d->shift, line, analyte, i, &v)) continue;
        p->points[p->point_count++] = (qc_point_row_t){.run = words(a, "%d", v.run),
                                                       .when = words_clock(a, p->d->shift, v.at_s),
                                                       .v1 = shown(p->d, about, v.value[0]),
                                                       .z1 = words(a, "%+.1f", v.z[0]),
                                                       .v2 = shown(p->d, about, v.value[1]),
                                                       .z2 = words(a, "%+.1f", v.z[1]),
                                                       .v3 = qc.levels > 2 ? shown(p->d, about, v.value[2]) : NULL,
                                                       .z3 = qc.levels > 2 ? words(a, "%+.1f", v.z[2]) : NULL,
                                                       .decision = decisions[v.decision],
                                                       .marks = desk_qc_marks(a, v.marks)};
    }
    qc_point_view_t last;
    if (!shift_qc_point(p->d->shift, line, analyte, qc.points - 1, &last)) return;
    p->run = last.run;
    p->to_judge = last.run > 0 && last.decision == VERDICT_NONE;
}

/* A point of the chart by key or touch: what the chart shows of it, and the way to its row. */
static void fill_areas(qc_test_t *p, const lj_chart_t *chart, int line, int analyte, int first)
{
    static const char *const judged[] = {"not judged", "in control", "warning", "rejected"};
    const analyte_t *test = lab_analyte(p->d->lab, analyte);
    p->areas = arena_array(p->d->arena, CHART_POINTS * SHIFT_QC_LEVELS, sizeof *p->areas);
    for (int i = 0; p->areas && i < chart->point_count; i++)
        for (int level = 0; level < chart->level_count; level++) {
            const lj_point_t *point = &chart->points[i];
            const lj_level_t *about = &chart->levels[level];
            draw_box_t box;
            qc_point_view_t v;
            if (!shift_qc_point(p->d->shift, line, analyte, first + i, &v)) continue;
            if (!draw_lj_place(chart, (draw_look_t){.format = DRAW_SVG}, level, i, &box)) continue;
            p->areas[p->area_count++] = (point_area_t){
                .left = (int)box.x,
                .top = (int)box.y,
                .right = (int)(box.x + box.width + 0.5),
                .bottom = (int)(box.y + box.height + 0.5),
                .run = point->run,
                .says = words(p->d->arena, "Run %d, %s, %s: %s, %+.1f SD, %s", point->run, point->time, about->name,
                              shown(p->d, test, v.value[level]), point->z[level], judged[point->judged[level]])};
        }
}

bool desk_qc_verdict(const shift_t *shift, int line, int analyte, qc_verdict_t *verdict)
{
    qc_view_t qc;
    qc_rules_t rules = {0};
    qc_history_t history;
    static const uint8_t levels[SHIFT_QC_LEVELS] = {1, 2, 3};
    *verdict = (qc_verdict_t){0};
    if (!shift_qc(shift, line, analyte, &qc) || !qc_rules_parse("1-2s,1-3s,2-2s,R-4s,4-1s,10-x", &rules, NULL))
        return false;
    qc_history_init(&history);
    for (int i = 0; i < qc.points; i++) {
        qc_point_view_t v;
        if (!shift_qc_point(shift, line, analyte, i, &v)) return false;
        if (v.marks & QC_MARKS_ANEW) qc_history_init(&history);
        qc_judge_run(&rules, &history, v.z, levels, SHIFT_QC_LEVELS, verdict);
    }
    return qc.points > 0;
}

/* A hint: what the multirule says of the points on the page. */
static const char *coach_words(const desk_t *d, int line, int analyte)
{
    qc_verdict_t verdict;
    if (!d->hint || !desk_qc_verdict(d->shift, line, analyte, &verdict)) return NULL;
    if (verdict.count == 0) return "Hint: no rule is broken by the last run.";
    return words(d->arena, "Hint: the last run breaks %s%s%s.", qc_rule_name((qc_rule_t)verdict.rules[0]),
                 verdict.count > 1 ? " and " : "", verdict.count > 1 ? qc_rule_name((qc_rule_t)verdict.rules[1]) : "");
}

/* Whose results of this test went out since the last good control. */
static void fill_look_back(qc_test_t *p, int line, int analyte)
{
    const desk_t *d = p->d;
    int32_t released[SHIFT_BATCH_MAX];
    int32_t n = shift_since_good_qc(d->shift, line, analyte, released, SHIFT_BATCH_MAX);
    p->since = (int)n;
    p->look_back = arena_array(d->arena, SHIFT_BATCH_MAX, sizeof *p->look_back);
    for (int32_t i = 0; p->look_back && i < n && i < SHIFT_BATCH_MAX; i++) {
        result_view_t v;
        specimen_view_t s;
        if (!shift_result(d->shift, released[i], &v) || !shift_specimen(d->shift, v.specimen, &s)) continue;
        p->look_back[p->look_back_count++] =
            (look_back_row_t){.accession = words(d->arena, "%s", s.accession),
                              .href = words(d->arena, "/shift/%s/specimen/%s", d->id, s.accession),
                              .patient = words(d->arena, "%s, %s", s.order.family, s.order.given),
                              .value = desk_value(d, &v),
                              .when = words_clock(d->arena, d->shift, v.released_s)};
    }
}

/* Repeats of released results of this test that wait for a decision. */
static void fill_changed(qc_test_t *p, int line, int analyte)
{
    arena_t *a = p->d->arena;
    p->changed = arena_array(a, CHANGED_MAX, sizeof *p->changed);
    for (int32_t i = 0; p->changed && i < shift_result_count(p->d->shift) && p->changed_count < CHANGED_MAX; i++) {
        result_view_t old, repeat;
        specimen_view_t s;
        if (!shift_result(p->d->shift, i, &old) || old.analyte != analyte || old.line != line ||
            old.state != RESULT_RELEASED || old.replaced_by < 0 || old.amended)
            continue;
        if (!shift_result(p->d->shift, old.replaced_by, &repeat) || repeat.state != RESULT_HELD ||
            !shift_specimen(p->d->shift, old.specimen, &s))
            continue;
        p->changed[p->changed_count++] = (result_row_t){.index = i,
                                                        .old = words(a, "%s: %s", s.accession, desk_value(p->d, &old)),
                                                        .amount = desk_value(p->d, &repeat),
                                                        .value = words(a, "%s", repeat.text)};
    }
}

static void get_test(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int line, analyte;
    if (!desk_open(web, request, response, TAB_QC, "Control chart", &d)) return;
    if (!which_test(&d, request, &line, &analyte)) {
        response_error(response, 404, "There are no controls of that test on that line.");
        desk_close(web, &d);
        return;
    }
    const analyte_t *about = lab_analyte(d.lab, analyte);
    qc_view_t qc;
    lj_chart_t chart;
    lj_point_t points[CHART_POINTS];
    text_t says;
    shift_qc(d.shift, line, analyte, &qc);
    qc_test_t page = {
        .d = &d, .line = line, .test = about->id, .title = words(d.arena, "%s · %s", about->name, line_name(line))};
    page.facts = words(d.arena, "control lot %s · %s", qc.lot, qc_state_word((int)qc.state));
    page.unit = words_unit(d.arena, in_si(&d, about) ? about->si_unit : about->unit);
    page.month = words(d.arena, "/shift/%s/month/%d/%s", d.id, line + 1, about->id);
    page.chart = words(d.arena, "/shift/%s/chart/%d/%s?n=%d%s", d.id, line + 1, about->id,
                       qc.points + shift_action_count(d.shift), in_si(&d, about) ? "&units=si" : "");
    fill_chart(&d, line, analyte, &chart, points);
    text_init(&says, 2000);
    fill_areas(&page, &chart, line, analyte, qc.points - chart.point_count);
    draw_lj_describe(&says, &chart);
    page.chart_text = words(d.arena, "%s", says.data ? says.data : "");
    text_free(&says);
    double average = shift_moving_average_z(d.shift, line, analyte);
    page.average = isnan(average)
                       ? "Patient moving average: fewer than 20 results yet."
                       : words(d.arena, "Patient moving average: %+.2f of the patients' SD from its target.", average);
    page.hint = coach_words(&d, line, analyte);
    fill_look_back(&page, line, analyte);
    fill_points(&page, line, analyte);
    fill_changed(&page, line, analyte);
    page.rules = desk_codes(&d, CODE_QC_RULE, &page.rule_count);
    page.causes = desk_codes(&d, CODE_QC_CAUSE, &page.cause_count);
    page.fixes = desk_codes(&d, CODE_QC_ACTION, &page.fix_count);
    page.amends = desk_codes(&d, CODE_AMEND_REASON, &page.amend_count);
    desk_key(&d, "a", "In control");
    desk_key(&d, "w", "Warning");
    desk_key(&d, "r", "Reject");
    qc_test_page(response_html(response), &page);
    desk_close(web, &d);
}

static void get_chart(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int line, analyte;
    err_t err = {0};
    if (!desk_open(web, request, response, TAB_QC, "Chart", &d)) return;
    if (!which_test(&d, request, &line, &analyte)) {
        response_error(response, 404, "There are no controls of that test on that line.");
    } else {
        lj_chart_t chart;
        lj_point_t points[CHART_POINTS];
        fill_chart(&d, line, analyte, &chart, points);
        if (!draw_lj(response_body(response, "image/svg+xml"), &chart, desk_look(request), &err))
            response_failed(response, &err);
    }
    desk_close(web, &d);
}

const web_route_t *desk_qc_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/qc", get_board},
                                         {"GET", "/shift/:id/qc/:line/:test", get_test},
                                         {"GET", "/shift/:id/chart/:line/:test", get_chart}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
