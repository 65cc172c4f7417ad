/* History across shifts: competencies with all their observations, the trend of scores, hits and false alarms, by bench
 * and by mode; the shifts themselves as a table. One filter for all of it. Everything comes from what was stored when
 * each debrief was opened (app_history); nothing is replayed. */
#include "home.h"

#include "app/app.h"
#include "draw/paper.h"
#include "draw/picture.h"
#include "home_view.h"
#include "page_words.h"

#include "history.html.h"

#include <math.h>
#include <string.h>

enum { BLOCKS_MAX = 12 };

static const char *const bench_words[BENCH_COUNT] = {"chemistry", "hematology", "coagulation"};
static const char *const bench_titles[BENCH_COUNT] = {"Chemistry", "Hematology", "Coagulation"};

typedef struct {
    arena_t *arena;
    app_past_t *past; /* that pass the filter, newest first */
    int count, all;
    bool cut;
    const char *show, *shown;
    app_pool_t pool, modes[MODE_COUNT];
} record_t;

/* ---- the filter ---- */

static bool passes(const app_past_t *past, const char *show)
{
    if (show[0] == '\0') return true;
    int mode = shift_mode_from_word(show);
    if (mode >= 0) return past->shift.mode == (shift_mode_t)mode;
    for (int b = 0; b < BENCH_COUNT; b++)
        if (strcmp(show, bench_words[b]) == 0) return past->summed && past->bench[b].observations > 0;
    return true;
}

static void read_filter(record_t *r, const request_t *request)
{
    const char *show = request_query(request, "show");
    int mode = shift_mode_from_word(show);
    r->show = "";
    r->shown = "all shifts";
    if (mode >= 0) {
        r->show = shift_mode_word((shift_mode_t)mode);
        r->shown = words(r->arena, "shifts in %s", mode_title((shift_mode_t)mode));
    }
    for (int b = 0; show != NULL && b < BENCH_COUNT; b++)
        if (strcmp(show, bench_words[b]) == 0) {
            r->show = bench_words[b];
            r->shown = words(r->arena, "shifts with results of %s", bench_words[b]);
        }
}

static bool read_record(record_t *r, web_t *web, const request_t *request, err_t *err)
{
    memset(r, 0, sizeof *r);
    r->arena = request->arena;
    read_filter(r, request);
    r->past = arena_array(r->arena, APP_HISTORY_MAX, sizeof *r->past);
    if (r->past == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_history(web_app(web), r->past, APP_HISTORY_MAX, &r->all, err)) return false;
    r->cut = r->all == APP_HISTORY_MAX;
    for (int i = 0; i < r->all; i++) {
        if (!passes(&r->past[i], r->show)) continue;
        if (r->count != i) r->past[r->count] = r->past[i];
        const app_past_t *past = &r->past[r->count++];
        app_pool_add(&r->pool, past);
        app_pool_add(&r->modes[past->shift.mode], past);
    }
    return true;
}

/* ---- words ---- */

static const char *share(arena_t *arena, int part, int whole)
{
    if (whole == 0) return "–";
    if (whole < app_competence_minimum()) return words(arena, "too few to say (%d of %d)", part, whole);
    return words(arena, "%s %% (%d of %d)", words_fixed(arena, 100.0 * part / whole, 0), part, whole);
}

static pooled_row_t pooled(arena_t *arena, const char *name, int shifts, const app_tally_t *t)
{
    return (pooled_row_t){
        .name = name,
        .shifts = words(arena, "%d", shifts),
        .observations = words(arena, "%d", t->observations),
        .right = share(arena, t->right, t->observations),
        .hits = share(arena, t->hits, t->hits + t->misses),
        .false_alarms = share(arena, t->false_alarms, t->false_alarms + t->correct_passes),
        .own = "–",
    };
}

static void fill_pooled(history_t *page, const record_t *r)
{
    arena_t *a = r->arena;
    for (int i = 0; i < APP_COMPETENCES; i++) {
        int shifts = 0;
        for (int k = 0; k < r->count; k++) shifts += r->past[k].summed && r->past[k].competence[i].observations > 0;
        page->competences[i] = pooled(a, app_competence_name(i), shifts, &r->pool.competence[i]);
        if (r->pool.rated[i] > 0)
            page->competences[i].own =
                words(a, "%s of 10 (n %d)", words_fixed(a, (double)r->pool.rating_sum[i] / r->pool.rated[i], 1),
                      r->pool.rated[i]);
    }
    for (int b = 0; b < BENCH_COUNT; b++) {
        int shifts = 0;
        for (int k = 0; k < r->count; k++) shifts += r->past[k].summed && r->past[k].bench[b].observations > 0;
        page->benches[b] = pooled(a, bench_titles[b], shifts, &r->pool.bench[b]);
    }
    for (int m = 0; m < MODE_COUNT; m++) {
        app_tally_t sum = {0};
        for (int b = 0; b < BENCH_COUNT; b++) {
            const app_tally_t *t = &r->modes[m].bench[b];
            sum.observations += t->observations, sum.right += t->right, sum.hits += t->hits, sum.misses += t->misses;
            sum.false_alarms += t->false_alarms, sum.correct_passes += t->correct_passes;
        }
        page->modes[m] = pooled(a, mode_title((shift_mode_t)m), r->modes[m].shifts, &sum);
        page->modes[m].own = words(a, "%d", r->modes[m].hints);
    }
}

static void fill_rows(history_t *page, const record_t *r)
{
    for (int i = 0; i < r->count; i++) {
        const app_past_t *p = &r->past[i];
        bool graded = p->summed && p->grade >= 0;
        page->shifts[i] = (past_row_t){
            .card = shift_card(r->arena, &p->shift),
            .own = p->summed ? words(r->arena, "%d", p->self_rating) : "–",
            .grade = graded ? words(r->arena, "%d", p->grade) : "–",
            .hints = p->summed ? words(r->arena, "%d", p->hints) : "–",
            .own_number = p->summed ? (double)p->self_rating : (double)NAN,
            .grade_number = graded ? (double)p->grade : (double)NAN,
            .hint_number = p->summed ? (double)p->hints : (double)NAN,
        };
        page->drills += p->summed && p->drill;
        page->unsummed += p->shift.over && !p->summed;
    }
    page->count = page->shift_count = r->count;
    page->summed = r->pool.shifts;
    page->cut = r->cut;
    page->show = r->show;
    page->shown = r->shown;
    page->minimum = app_competence_minimum();
    page->hints = words(r->arena, "%d", r->pool.hints);
    page->criticals = share(r->arena, r->pool.criticals_called, r->pool.criticals_due);
    page->late = words(r->arena, "%d", r->pool.late);
}

/* ---- the trend: the newest shifts that have a score, oldest first ---- */

static bool trend_of(const record_t *r, trend_chart_t *chart)
{
    trend_point_t *points = arena_array(r->arena, TREND_MAX_SHIFTS, sizeof *points);
    int count = 0;
    for (int i = 0; points != NULL && i < r->count && count < TREND_MAX_SHIFTS; i++) {
        const app_past_t *p = &r->past[i];
        if (!p->summed || isnan(p->shift.score)) continue;
        points[count++] = (trend_point_t){p->shift.score, p->self_rating};
    }
    for (int i = 0; i < count / 2; i++) {
        trend_point_t other = points[i];
        points[i] = points[count - 1 - i];
        points[count - 1 - i] = other;
    }
    *chart = (trend_chart_t){points, count};
    return count > 0;
}

static void fill_trend(history_t *page, const record_t *r)
{
    trend_chart_t chart;
    text_t alt;
    if (!trend_of(r, &chart)) return;
    page->trend_href = words(r->arena, "/history/trend.svg?show=%s", r->show);
    page->trend_width = TREND_WIDTH;
    page->trend_height = TREND_HEIGHT;
    text_init(&alt, 8192);
    draw_trend_describe(&alt, &chart);
    page->trend_alt = alt.data != NULL ? words(r->arena, "%s", alt.data) : "Scores of shifts";
    text_free(&alt);
}

static void trend_svg(web_t *web, const request_t *request, response_t *response)
{
    record_t r;
    trend_chart_t chart;
    err_t err;
    const char *scheme = request_query(request, "scheme");
    draw_look_t look = {.format = DRAW_SVG,
                        .scheme = scheme != NULL && strcmp(scheme, "dark") == 0 ? DRAW_DARK : DRAW_LIGHT};
    if (!read_record(&r, web, request, &err))
        response_failed(response, &err);
    else if (!trend_of(&r, &chart))
        response_error(response, 404, "There is no score to draw yet: open the debrief of a shift first.");
    else if (!draw_trend(response_body(response, draw_media_type(DRAW_SVG)), &chart, look, &err))
        response_failed(response, &err);
}

/* ---- the page and its files ---- */

bool history_is(const history_t *page, const char *value)
{
    return strcmp(page->show, value) == 0;
}

static const column_t columns[] = {
    COLUMN(past_row_t, "shift", "Shift", card.title),
    COLUMN(past_row_t, "started", "Started", card.started),
    COLUMN(past_row_t, "mode", "Mode", card.mode),
    COLUMN(past_row_t, "done", "Done", card.minutes),
    COLUMN_BY(past_row_t, "actions", "Actions", card.actions_text, card.action_number),
    COLUMN_BY(past_row_t, "score", "Score", card.score, card.score_number),
    COLUMN_BY(past_row_t, "own", "Own rating", own, own_number),
    COLUMN_BY(past_row_t, "grade", "Grade by hand", grade, grade_number),
    COLUMN_BY(past_row_t, "hints", "Hints", hints, hint_number),
    COLUMN(past_row_t, "seed", "Seed", card.seed),
};

static bool fill(history_t *page, record_t *r, web_t *web, const request_t *request, err_t *err)
{
    if (!read_record(r, web, request, err)) return false;
    page->shifts = arena_array(r->arena, (size_t)r->count + 1, sizeof *page->shifts);
    if (page->shifts == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    fill_rows(page, r);
    fill_pooled(page, r);
    fill_trend(page, r);
    return true;
}

static void history(web_t *web, const request_t *request, response_t *response)
{
    history_t page = {0};
    record_t r;
    err_t err;
    frame_init(&page.frame, request, "History");
    page.frame.main_class = "wide";
    if (!fill(&page, &r, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), "show");
    page.count = table_arrange(&page.table, request, page.shifts, page.count, sizeof *page.shifts);
    if (!table_csv(&page.table, request, response, page.shifts, sizeof *page.shifts, "history.csv"))
        history_page(response_html(response), &page);
}

static void csv_row(text_t *out, const char *group, const char *name, int shifts, const app_tally_t *t)
{
    text_addf(out, "%s,", group);
    text_add_csv(out, name);
    text_addf(out, ",%d,%d,%d,%d,%d,%d,%d\r\n", shifts, t->observations, t->right, t->hits, t->misses, t->false_alarms,
              t->correct_passes);
}

static void competencies_csv(web_t *web, const request_t *request, response_t *response)
{
    record_t r;
    err_t err;
    if (!read_record(&r, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    text_t *out = response_body(response, "text/csv; charset=utf-8");
    text_add(out, "group,name,shifts,observations,right,hits,misses,false_alarms,correct_passes\r\n");
    for (int i = 0; i < APP_COMPETENCES; i++)
        csv_row(out, "competency", app_competence_name(i), r.pool.shifts, &r.pool.competence[i]);
    for (int b = 0; b < BENCH_COUNT; b++) csv_row(out, "bench", bench_titles[b], r.pool.shifts, &r.pool.bench[b]);
    response_download(response, "competencies.csv");
}

static bool table_block(paper_block_t *block, arena_t *arena, const pooled_row_t *rows, int count, const char *name,
                        const char *observed)
{
    enum { COLUMNS = 6 };
    const char **c = arena_array(arena, (size_t)count * COLUMNS, sizeof *c);
    if (c == NULL) return false;
    for (int i = 0; i < count; i++) {
        const char *cells[COLUMNS] = {rows[i].name,  rows[i].shifts, rows[i].observations,
                                      rows[i].right, rows[i].hits,   rows[i].false_alarms};
        memcpy(&c[COLUMNS * i], cells, sizeof cells);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = COLUMNS,
                                       .rows = count,
                                       .names = {name, "Shifts", observed, "Right", "Hits", "False alarms"},
                                       .cells = c,
                                       .right = {false, true, true}}};
    return true;
}

static void paper(web_t *web, const request_t *request, response_t *response)
{
    history_t page = {0};
    record_t r;
    trend_chart_t chart;
    err_t err;
    if (!fill(&page, &r, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    paper_block_t blocks[BLOCKS_MAX] = {0};
    int n = 0;
    const char *size = request_query(request, "size");
    blocks[n++] = (paper_block_t){
        .kind = PAPER_TEXT,
        .text =
            words(r.arena,
                  "%d shifts (%s), %d with an opened debrief, %d of them drills (faults many, on purpose). Hints asked "
                  "for: %s. Critical values called in time: %s. Specimens late: %s.",
                  page.shift_count, page.shown, page.summed, page.drills, page.hints, page.criticals, page.late)};
    if (trend_of(&r, &chart))
        blocks[n++] = (paper_block_t){.kind = PAPER_PICTURE, .picture = {.kind = PICTURE_TREND, .trend = &chart}};
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Competencies"};
    bool ok = table_block(&blocks[n++], r.arena, page.competences, APP_COMPETENCES, "Competency", "Observations");
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "By bench and by mode"};
    ok = ok && table_block(&blocks[n++], r.arena, page.benches, BENCH_COUNT, "Bench", "Results released") &&
         table_block(&blocks[n++], r.arena, page.modes, MODE_COUNT, "Mode", "Results released");
    blocks[n++] = (paper_block_t){
        .kind = PAPER_TEXT,
        .text = words(r.arena,
                      "Below %d observations there is no verdict. Hits are faults stopped, false alarms good work "
                      "stopped. Simulated work; it proves nothing at a real bench.",
                      page.minimum)};
    paper_t sheet = {.size = size != NULL && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = "History of shifts",
                     .subtitle = page.shown,
                     .date = words_day(r.arena, request->now_ms),
                     .note = "Synthetic patients. For training only.",
                     .blocks = blocks,
                     .block_count = n,
                     .one_page = true};
    if (!ok) err_set(&err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!ok || !draw_paper(response_body(response, "application/pdf"), &sheet, NULL, &err))
        response_failed(response, &err);
    else
        response_download(response, "history.pdf");
}

static const web_route_t routes[] = {
    {"GET", "/history", history},
    {"GET", "/history.pdf", paper},
    {"GET", "/history/competencies.csv", competencies_csv},
    {"GET", "/history/trend.svg", trend_svg},
};

const web_route_t *history_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
