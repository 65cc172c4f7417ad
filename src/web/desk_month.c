/* The month of controls: all tests of a line as numbers, one test with its chart, its signature, and its print. */
#include "desk_month_view.h"

#include "desk_month.html.h"
#include "draw/lj.h"
#include "draw/paper.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEVEL_COLUMNS = 10, POINT_COLUMNS_MAX = 10, SIGNED_COLUMNS = 5, BLOCKS_MAX = 12 };

static const char *counted(const desk_t *d, int n)
{
    return words(d->arena, "%d", n);
}

static const char *fixed_or(const desk_t *d, double value, int decimals)
{
    return value != value ? "–" : words_fixed(d->arena, value, decimals);
}

static const char *signed_or(const desk_t *d, double value)
{
    return value != value ? "–" : words(d->arena, "%+.2f", value);
}

/* "11-03": short enough for an axis. */
static const char *short_day(const desk_t *d, int32_t at_s)
{
    char day[11];
    month_day(d->shift, at_s, day);
    return words(d->arena, "%s", day + 5);
}

static const char *long_day(const desk_t *d, int32_t at_s)
{
    char day[11];
    month_day(d->shift, at_s, day);
    return words(d->arena, "%s", day);
}

/* ---- all tests of a line ---- */

#define NUMBERED(key, label, field, number, right)                                                                     \
    {                                                                                                                  \
        key, label, offsetof(month_row_t, field), offsetof(month_row_t, number), right, false                          \
    }
static const column_t list_columns[] = {NUMBERED("test", "Test", test, test_order, false),
                                        NUMBERED("level", "Level", level, level_n, true),
                                        COLUMN(month_row_t, "state", "Review", state),
                                        COLUMN_BY(month_row_t, "runs", "Accepted", runs, runs_n),
                                        COLUMN_BY(month_row_t, "apart", "Kept apart", apart, apart_n),
                                        COLUMN_BY(month_row_t, "mean", "Mean", mean, mean_n),
                                        COLUMN_BY(month_row_t, "sd", "SD", sd, sd_n),
                                        COLUMN_BY(month_row_t, "cv", "CV %", cv, cv_n),
                                        COLUMN_BY(month_row_t, "assigned", "Assigned mean", assigned_mean, mean_n),
                                        COLUMN_BY(month_row_t, "assigned-sd", "Assigned SD", assigned_sd, sd_n),
                                        COLUMN_BY(month_row_t, "off", "Difference, SD", off, off_n),
                                        COLUMN_BY(month_row_t, "ratio", "SD / assigned", ratio, ratio_n),
                                        COLUMN_BY(month_row_t, "beyond", "Beyond 2 SD", warnings, warnings_n)};

static const char *state_words(const desk_t *d, int line, int analyte, const month_t *m)
{
    month_review_t r;
    for (int i = month_review_count(d->shift) - 1; i >= 0; i--)
        if (month_review(d->shift, i, &r) && r.line == line && r.analyte == analyte)
            return words(d->arena, "signed %s", words_clock(d->arena, d->shift, r.at_s));
    return m->due ? "to sign" : "not due";
}

static void add_rows(month_list_t *p, int line, int analyte, int order)
{
    const desk_t *d = p->d;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    month_t m;
    if (!month_of(d->shift, line, analyte, &m) || (p->only_due && !m.due)) return;
    for (int l = 0; l < m.levels; l++) {
        const month_level_t *v = &m.level[l];
        p->rows[p->count++] =
            (month_row_t){.test = about->name,
                          .href = words(d->arena, "/shift/%s/month/%d/%s", d->id, line + 1, about->id),
                          .level = counted(d, l + 1),
                          .level_n = l + 1,
                          .state = state_words(d, line, analyte, &m),
                          .first = l == 0,
                          .due = m.due,
                          .runs = counted(d, m.accepted),
                          .apart = counted(d, m.rejected + m.not_judged),
                          .mean = fixed_or(d, v->mean, about->decimals + 1),
                          .sd = fixed_or(d, v->sd, about->decimals + 2),
                          .cv = fixed_or(d, v->cv_pct, 1),
                          .assigned_mean = fixed_or(d, v->assigned_mean, about->decimals + 1),
                          .assigned_sd = fixed_or(d, v->assigned_sd, about->decimals + 2),
                          .off = signed_or(d, v->off_sd),
                          .ratio = fixed_or(d, v->sd_ratio, 2),
                          .warnings = counted(d, v->warnings),
                          .test_order = order,
                          .runs_n = m.accepted,
                          .apart_n = m.rejected + m.not_judged,
                          .mean_n = v->mean,
                          .sd_n = v->sd,
                          .cv_n = v->cv_pct,
                          .off_n = v->off_sd,
                          .ratio_n = v->sd_ratio,
                          .warnings_n = v->warnings};
    }
}

static void fill_lines(month_list_t *p, int line)
{
    line_view_t view;
    for (int i = 0; i < SHIFT_LINES; i++)
        if (shift_line(p->d->shift, i, &view))
            p->lines[p->line_count++] =
                (month_line_t){line_name(i), words(p->d->arena, "/shift/%s/month/%d", p->d->id, i + 1), i == line};
}

/* Of the address: a line in use; without one the first where something is due, or the first. -1: there is no such. */
static int which_line(const desk_t *d, const request_t *request)
{
    const char *number = request_route(request, "line");
    line_view_t view;
    month_due_t due;
    if (number) {
        bool digit = number[0] >= '1' && number[0] < '1' + SHIFT_LINES && number[1] == '\0';
        return digit && shift_line(d->shift, number[0] - '1', &view) ? number[0] - '1' : -1;
    }
    if (month_due(d->shift, &due, 1) > 0) return due.line;
    for (int i = 0; i < SHIFT_LINES; i++)
        if (shift_line(d->shift, i, &view)) return i;
    return -1;
}

static void get_list(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_QC, "Month of controls", &d)) return;
    int line = which_line(&d, request);
    month_list_t page = {.d = &d, .line = line < 0 ? "" : line_name(line)};
    if (line < 0) {
        response_error(response, 404, "There is no such analyzer in this shift.");
        desk_close(web, &d);
        return;
    }
    page.due = month_due(d.shift, NULL, 0);
    page.only_due = text_equal(request_query(request, "show"), "due");
    page.show_all = words(d.arena, "/shift/%s/month/%d", d.id, line + 1);
    page.show_due = words(d.arena, "%s?show=due", page.show_all);
    fill_lines(&page, line);
    page.rows = arena_array(d.arena, LAB_MAX_ANALYTES * SHIFT_QC_LEVELS, sizeof *page.rows);
    for (int a = 0; page.rows && a < lab_analyte_count(d.lab); a++) add_rows(&page, line, a, a);
    table_init(&page.table, request, list_columns, (int)(sizeof list_columns / sizeof *list_columns), "show");
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "month.csv"))
        month_list_page(response_html(response), &page);
    desk_close(web, &d);
}

/* ---- one test ---- */

static bool which_test(const desk_t *d, const request_t *request, int *line, int *analyte, month_t *month)
{
    const char *test = request_route(request, "test");
    *line = which_line(d, request);
    *analyte = test ? lab_analyte_find(d->lab, test) : -1;
    return *line >= 0 && month_of(d->shift, *line, *analyte, month);
}

static void fill_chart(const desk_t *d, int line, int analyte, lj_chart_t *chart, lj_point_t *points)
{
    static const char *const names[SHIFT_QC_LEVELS] = {"level 1", "level 2", "level 3"};
    const analyte_t *about = lab_analyte(d->lab, analyte);
    qc_view_t qc;
    shift_qc(d->shift, line, analyte, &qc);
    *chart = (lj_chart_t){.unit = words_unit(d->arena, about->unit), .level_count = qc.levels, .points = points};
    for (int l = 0; l < qc.levels; l++)
        chart->levels[l] = (lj_level_t){names[l], qc.mean[l], qc.sd[l], about->decimals + 1};
    for (int i = 0; i < qc.points && i < LJ_MAX_POINTS; i++) {
        qc_point_view_t v;
        if (!shift_qc_point(d->shift, line, analyte, i, &v)) continue;
        lj_judged_t judged = (lj_judged_t)v.decision;
        points[chart->point_count++] = (lj_point_t){.run = v.run,
                                                    .time = short_day(d, v.at_s),
                                                    .z = {v.z[0], v.z[1], v.z[2]},
                                                    .marks = v.marks,
                                                    .judged = {judged, judged, judged}};
    }
}

static void fill_levels(month_page_t *p, const month_t *m, int decimals)
{
    const desk_t *d = p->d;
    p->levels = m->levels;
    for (int l = 0; l < m->levels; l++) {
        const month_level_t *v = &m->level[l];
        const char *mean = words(d->arena, "mean_%d", l + 1), *sd = words(d->arena, "sd_%d", l + 1);
        p->level[l] = (month_level_row_t){.level = counted(d, l + 1),
                                          .mean = fixed_or(d, v->mean, decimals + 1),
                                          .sd = fixed_or(d, v->sd, decimals + 2),
                                          .cv = fixed_or(d, v->cv_pct, 1),
                                          .assigned_mean = fixed_or(d, v->assigned_mean, decimals + 1),
                                          .assigned_sd = fixed_or(d, v->assigned_sd, decimals + 2),
                                          .off = signed_or(d, v->off_sd),
                                          .ratio = fixed_or(d, v->sd_ratio, 2),
                                          .warnings = counted(d, v->warnings),
                                          .beyond = counted(d, v->beyond),
                                          .first = fixed_or(d, v->first_mean, decimals + 1),
                                          .last = fixed_or(d, v->last_mean, decimals + 1),
                                          .mean_field = mean,
                                          .sd_field = sd,
                                          .mean_typed = desk_typed(d, "review-qc", mean),
                                          .sd_typed = desk_typed(d, "review-qc", sd)};
    }
}

static void fill_points(month_page_t *p, int line, int analyte, int decimals)
{
    static const char *const decisions[] = {"not judged", "in control", "warning", "rejected"};
    const desk_t *d = p->d;
    qc_view_t qc;
    shift_qc(d->shift, line, analyte, &qc);
    p->points = arena_array(d->arena, (size_t)qc.points + 1, sizeof *p->points);
    for (int i = qc.points - 1; p->points && i >= 0; i--) {
        qc_point_view_t v;
        if (!shift_qc_point(d->shift, line, analyte, i, &v)) continue;
        const code_t *cause = v.cause >= 0 ? lab_code(d->lab, CODE_QC_CAUSE, v.cause) : NULL;
        month_point_row_t *row = &p->points[p->point_count++];
        *row = (month_point_row_t){.run = counted(d, v.run),
                                   .when = long_day(d, v.at_s),
                                   .marks = desk_qc_marks(d->arena, v.marks),
                                   .decision = decisions[v.decision],
                                   .cause = cause                          ? cause->text
                                            : v.decision == VERDICT_REJECT ? "none written"
                                                                           : ""};
        for (int l = 0; l < qc.levels; l++) {
            row->level[l].value = words_fixed(d->arena, v.value[l], decimals + 1);
            row->level[l].z = words(d->arena, "%+.1f", v.z[l]);
        }
    }
}

/* "level 2: mean 5.60 → 5.72, SD 0.080 → 0.084". */
static const char *limits_words(const desk_t *d, const month_review_t *r, int decimals)
{
    const char *said = "";
    for (int l = 0; l < SHIFT_QC_LEVELS; l++) {
        if (!(r->levels >> l & 1)) continue;
        said =
            words(d->arena, "%s%slevel %d: mean %s → %s, SD %s → %s", said, said[0] ? "; " : "", l + 1,
                  words_fixed(d->arena, r->old_mean[l], decimals + 1), words_fixed(d->arena, r->mean[l], decimals + 1),
                  words_fixed(d->arena, r->old_sd[l], decimals + 2), words_fixed(d->arena, r->sd[l], decimals + 2));
    }
    return said[0] ? said : "unchanged";
}

static void fill_signed(month_page_t *p, int line, int analyte, int decimals)
{
    const desk_t *d = p->d;
    month_review_t r;
    p->signed_rows = arena_array(d->arena, MONTH_REVIEWS_MAX, sizeof *p->signed_rows);
    for (int i = 0; p->signed_rows && month_review(d->shift, i, &r); i++)
        if (r.line == line && r.analyte == analyte)
            p->signed_rows[p->signed_count++] = (month_signed_row_t){.when = words_clock(d->arena, d->shift, r.at_s),
                                                                     .decision = review_decision_word(r.decision),
                                                                     .limits = limits_words(d, &r, decimals),
                                                                     .who = words(d->arena, "%s", r.initials),
                                                                     .remark = words(d->arena, "%s", r.remark),
                                                                     .points = counted(d, r.points)};
}

static const char *hint_words(const desk_t *d, const month_t *m)
{
    if (!d->hint) return NULL;
    month_advice_t advice = month_advice(m);
    if (advice.scatters) return "Hint: more values lie beyond 2 SD than chance brings, and their mean stands in place.";
    if (advice.few) return "Hint: count the accepted runs of the present control lot.";
    if (advice.moves) return "Hint: the first and the last third of the month do not agree.";
    return advice.decision == REVIEW_SET ? "Hint: the month is stable. Does what is assigned fit it, level by level?"
                                         : "Hint: the month is stable, and its limits fit.";
}

static void fill_page(month_page_t *p, int line, int analyte, const month_t *m)
{
    const desk_t *d = p->d;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    qc_view_t qc;
    month_due_t next;
    shift_qc(d->shift, line, analyte, &qc);
    const char *base = words(d->arena, "/shift/%s/month", d->id);
    p->title = words(d->arena, "%s · %s · month of controls", about->name, line_name(line));
    p->test = about->id;
    p->line = line;
    p->due = m->due;
    p->list = words(d->arena, "%s/%d", base, line + 1);
    p->letter = words(d->arena, "%s-print/%d/%s", base, line + 1, about->id);
    p->a4 = words(d->arena, "%s?size=a4", p->letter);
    p->sop = words(d->arena, "/shift/%s/sops/CH-029", d->id);
    if (month_due(d->shift, &next, 1) > 0 && (next.line != line || next.analyte != analyte))
        p->next = words(d->arena, "%s/%d/%s", base, next.line + 1, lab_analyte(d->lab, next.analyte)->id);
    p->facts = words(d->arena, "control lot %s, %s %s", qc.lot, m->lot_began ? "new since" : "since before",
                     long_day(d, m->since_s));
    p->unit = words_unit(d->arena, about->unit);
    p->counts = words(d->arena,
                      "%d runs of this control lot: %d accepted; kept apart %d rejected or with a cause that was found "
                      "(%d with such a cause) and %d not judged.",
                      m->runs, m->accepted, m->rejected, m->caused, m->not_judged);
    fill_levels(p, m, about->decimals);
    fill_points(p, line, analyte, about->decimals);
    fill_signed(p, line, analyte, about->decimals);
    p->hint = hint_words(d, m);
    p->initials = desk_typed(d, "review-qc", "initials");
    p->remark = desk_typed(d, "review-qc", "remark");
    const char *decision = desk_typed(d, "review-qc", "decision");
    p->decision = decision[0] >= '0' && decision[0] < '0' + REVIEW_DECISIONS ? decision[0] - '0' : -1;
}

static void get_test(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int line, analyte;
    month_t month;
    if (!desk_open(web, request, response, TAB_QC, "Month of controls", &d)) return;
    if (!which_test(&d, request, &line, &analyte, &month)) {
        response_error(response, 404, "There are no controls of that test on that line.");
        desk_close(web, &d);
        return;
    }
    month_page_t page = {.d = &d};
    lj_chart_t chart;
    lj_point_t points[LJ_MAX_POINTS];
    text_t says;
    fill_page(&page, line, analyte, &month);
    fill_chart(&d, line, analyte, &chart, points);
    text_init(&says, 4000);
    draw_lj_describe(&says, &chart);
    page.chart_text = words(d.arena, "%s", says.data ? says.data : "");
    text_free(&says);
    page.chart = words(d.arena, "/shift/%s/month-chart/%d/%s?n=%d", d.id, line + 1, page.test,
                       chart.point_count + shift_action_count(d.shift));
    month_test_page(response_html(response), &page);
    desk_close(web, &d);
}

static void get_chart(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int line, analyte;
    month_t month;
    err_t err = {0};
    if (!desk_open(web, request, response, TAB_QC, "Chart", &d)) return;
    if (!which_test(&d, request, &line, &analyte, &month)) {
        response_error(response, 404, "There are no controls of that test on that line.");
    } else {
        lj_chart_t chart;
        lj_point_t points[LJ_MAX_POINTS];
        fill_chart(&d, line, analyte, &chart, points);
        if (!draw_lj(response_body(response, "image/svg+xml"), &chart, desk_look(request), &err))
            response_failed(response, &err);
    }
    desk_close(web, &d);
}

/* ---- the print ---- */

static const char **cells(const desk_t *d, int rows, int columns)
{
    return arena_array(d->arena, (size_t)rows * (size_t)columns + 1, sizeof(const char *));
}

static bool level_block(const month_page_t *p, paper_block_t *block)
{
    const char **c = cells(p->d, p->levels, LEVEL_COLUMNS);
    for (int l = 0; c && l < p->levels; l++) {
        const month_level_row_t *v = &p->level[l];
        const char *row[LEVEL_COLUMNS] = {
            v->level,       v->mean, v->sd,    v->cv,       v->assigned_mean,
            v->assigned_sd, v->off,  v->ratio, v->warnings, words(p->d->arena, "%s / %s", v->first, v->last)};
        memcpy(c + l * LEVEL_COLUMNS, row, sizeof row);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = LEVEL_COLUMNS,
                                       .rows = p->levels,
                                       .names = {"Level", "Mean", "SD", "CV %", "Assigned mean", "Assigned SD",
                                                 "Diff., SD", "SD / assigned", "Beyond 2 SD", "First / last third"},
                                       .cells = c,
                                       .right = {true, true, true, true, true, true, true, true, true, true}}};
    return c != NULL;
}

static bool signed_block(const month_page_t *p, paper_block_t *block)
{
    const char **c = cells(p->d, p->signed_count, SIGNED_COLUMNS);
    for (int i = 0; c && i < p->signed_count; i++) {
        const month_signed_row_t *r = &p->signed_rows[i];
        const char *row[SIGNED_COLUMNS] = {r->when, r->decision, r->limits, r->who, r->remark};
        memcpy(c + i * SIGNED_COLUMNS, row, sizeof row);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = SIGNED_COLUMNS,
                                       .rows = p->signed_count,
                                       .names = {"Signed", "Decision", "Limits", "Initials", "Remark"},
                                       .cells = c,
                                       .share = {0.09, 0.2, 0.36, 0.1, 0.25}}};
    return c != NULL;
}

static bool point_block(const month_page_t *p, paper_block_t *block)
{
    int columns = 2 * p->levels + 4;
    const char **c = cells(p->d, p->point_count, columns);
    *block = (paper_block_t){
        .kind = PAPER_TABLE,
        .table = {.columns = columns, .rows = p->point_count, .names = {"Run", "Day"}, .cells = c, .right = {true}}};
    for (int l = 0; l < p->levels; l++) {
        block->table.names[2 + 2 * l] = words(p->d->arena, "Level %d", l + 1);
        block->table.names[3 + 2 * l] = "SD";
        block->table.right[2 + 2 * l] = block->table.right[3 + 2 * l] = true;
    }
    block->table.names[columns - 2] = "Marks";
    block->table.names[columns - 1] = "Decision, cause";
    for (int i = 0; c && i < p->point_count; i++) {
        const month_point_row_t *r = &p->points[i];
        const char **row = c + i * columns;
        row[0] = r->run;
        row[1] = r->when;
        for (int l = 0; l < p->levels; l++) {
            row[2 + 2 * l] = r->level[l].value;
            row[3 + 2 * l] = r->level[l].z;
        }
        row[columns - 2] = r->marks;
        row[columns - 1] = words(p->d->arena, "%s%s%s", r->decision, r->cause[0] ? ": " : "", r->cause);
    }
    return c != NULL;
}

static bool print(const month_page_t *p, const request_t *request, const lj_chart_t *chart, text_t *out, err_t *err)
{
    paper_block_t blocks[BLOCKS_MAX] = {0};
    arena_t *a = p->d->arena;
    const char *size = request_query(request, "size");
    int n = 0;
    blocks[n++] =
        (paper_block_t){.kind = PAPER_TEXT, .text = words(a, "%s; unit %s\n%s", p->facts, p->unit, p->counts)};
    bool ok = level_block(p, &blocks[n++]);
    blocks[n++] = (paper_block_t){.kind = PAPER_PICTURE, .picture = {.kind = PICTURE_LJ, .lj = chart}};
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Signature"};
    if (p->signed_count > 0)
        ok = signed_block(p, &blocks[n++]) && ok;
    else
        blocks[n++] = (paper_block_t){
            .kind = PAPER_TEXT,
            .text = "Not signed.\n\nDecision ______________________   Initials __________   Date __________"};
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Runs, newest first"};
    ok = point_block(p, &blocks[n++]) && ok;
    paper_t paper = {.size = size && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = p->title,
                     .subtitle = words(a, "Month to %s", long_day(p->d, shift_now_s(p->d->shift))),
                     .date = words_day(a, request->now_ms),
                     .version = words(a, "%d", LAB_WORLD),
                     .seed = words(a, "%llu", (unsigned long long)shift_seed(p->d->shift)),
                     .note = "Synthetic controls. For training only.",
                     .blocks = blocks,
                     .block_count = n};
    if (!ok) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    return draw_paper(out, &paper, NULL, err);
}

static void get_print(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int line, analyte;
    month_t month;
    err_t err = {0};
    if (!desk_open(web, request, response, TAB_QC, "Month of controls", &d)) return;
    if (!which_test(&d, request, &line, &analyte, &month)) {
        response_error(response, 404, "There are no controls of that test on that line.");
    } else {
        month_page_t page = {.d = &d};
        lj_chart_t chart;
        lj_point_t points[LJ_MAX_POINTS];
        fill_page(&page, line, analyte, &month);
        fill_chart(&d, line, analyte, &chart, points);
        if (print(&page, request, &chart, response_body(response, "application/pdf"), &err))
            response_download(response, words(d.arena, "month-%s-%s.pdf", line_name(line), page.test));
        else
            response_failed(response, &err);
    }
    desk_close(web, &d);
}

/* ---- the form ---- */

static bool form_limits(const request_t *request, action_t *action, int level, err_t *err)
{
    const char *mean = request_form(request, words(request->arena, "mean_%d", level + 1)),
               *sd = request_form(request, words(request->arena, "sd_%d", level + 1));
    bool any = mean && mean[0], both = any && sd && sd[0];
    if (!any && !(sd && sd[0])) return true;
    if (action->code != REVIEW_SET)
        return err_set(
            err, ERR_INPUT,
            "New limits were typed for level %d, but the decision is not to set them. Choose \"Set new mean and "
            "SD\", or empty the fields.",
            level + 1);
    if (!both || !text_to_double(mean, strlen(mean), &action->mean[level]) ||
        !text_to_double(sd, strlen(sd), &action->sd[level]))
        return err_set(err, ERR_INPUT, "Level %d: mean and SD are numbers, such as 140.2 and 1.05; both are needed.",
                       level + 1);
    action->number |= 1 << level;
    return true;
}

bool desk_month_form(const request_t *request, action_t *action, err_t *err)
{
    if (action->kind != ACT_REVIEW_QC) return true;
    const char *decision = request_form(request, "decision"), *initials = request_form(request, "initials"),
               *remark = request_form(request, "remark");
    bool digit = decision && decision[0] >= '0' && decision[0] <= '9' && decision[1] == '\0';
    action->code = digit ? decision[0] - '0' : -1;
    action->number = 0;
    if (action->code < 0)
        return err_set(err, ERR_INPUT,
                       "Choose a decision: keep the limits, set new mean and SD, or investigate and change nothing.");
    for (int l = 0; l < SHIFT_QC_LEVELS; l++)
        if (!form_limits(request, action, l, err)) return false;
    int n = snprintf(action->text, sizeof action->text, "%s%s%s", initials ? initials : "",
                     remark && remark[0] ? ": " : "", remark ? remark : "");
    return n < (int)sizeof action->text ||
           err_set(err, ERR_LIMIT, "The remark is longer than %d bytes.", SHIFT_TEXT_MAX);
}

const web_route_t *desk_month_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/month", get_list},
                                         {"GET", "/shift/:id/month/:line", get_list},
                                         {"GET", "/shift/:id/month/:line/:test", get_test},
                                         {"GET", "/shift/:id/month-chart/:line/:test", get_chart},
                                         {"GET", "/shift/:id/month-print/:line/:test", get_print}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
